"""The tables that people keep by hand in data/manual, as Excel or an editor leaves them."""

import csv
import io
from pathlib import Path

from riskdata.errors import ManualError, ReadError
from riskdata.readers.text import decode, find_delimiter
from riskdata.words.spelling import clean_space


def read_table(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the rows of a CSV in data/manual, each with its line number as "line"; [] without a file.

    Commas or semicolons, UTF-8 or Windows-1252, columns in any order.
    Raises ManualError when a column is missing or the file cannot be read.
    """
    if not path.exists():
        return []
    try:
        printed = decode(path.read_bytes(), path.name)
    except ReadError as fault:
        raise ManualError(f"data/manual/{fault}") from fault
    first = printed.split("\n", 1)[0]
    delimiter = (
        "," if first.count(",") >= first.count(";") and "\t" not in first else find_delimiter(first)
    )
    reader = csv.DictReader(io.StringIO(printed), delimiter=delimiter)
    missing = [name for name in columns if name not in map(clean_space, reader.fieldnames or [])]
    if missing:
        raise ManualError(
            f"data/manual/{path.name}: kolumnen {', '.join(missing)} saknas; filen har "
            f"{', '.join(reader.fieldnames or ['inga kolumner'])}. Första raden ska vara: {','.join(columns)}"
        )
    rows = []
    for row in reader:
        texts = {
            clean_space(k): clean_space(v or "")
            for k, v in row.items()
            if isinstance(v, str | None) and k
        }
        if any(texts.values()):
            rows.append(texts | {"line": str(reader.line_num)})
    return rows
