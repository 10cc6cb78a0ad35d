"""The tables that people keep by hand in data/manual: read as Excel leaves them, a line added or taken."""

import csv
import io
from itertools import zip_longest
from pathlib import Path

from riskdata.errors import ManualError, ReadError
from riskdata.readers.text import BOMS, decode, find_delimiter
from riskdata.words.spelling import clean_space


def read_table(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the rows of a CSV in data/manual, each with its line number as "line"; [] without a file.

    Commas or semicolons, UTF-8 or Windows-1252, columns in any order.
    Raises ManualError when a column is missing or the file cannot be read.
    """
    return _parse(_read(path), path, columns)[1] if path.exists() else []


def add_line(path: Path, row: dict[str, str], columns: tuple[str, ...]) -> str:
    """Add a line to a CSV in data/manual, which is made if it is not there, and return it as written.

    What stands in the file is left as it is: its letters, its delimiter, the order of its columns.
    Raises ManualError when the file lacks one of the columns or cannot be read.
    """
    printed = _read(path) or f"{','.join(columns)}\r\n"
    header, _ = _parse(printed, path, columns)
    newline = "\r\n" if "\r\n" in printed else "\n"
    text = io.StringIO()
    writer = csv.writer(text, delimiter=_delimiter(printed), lineterminator=newline)
    writer.writerow([clean_space(str(row.get(name, ""))) for name in header])
    _write(path, (printed if printed.endswith("\n") else printed + newline) + text.getvalue())
    return text.getvalue()


def remove_line(path: Path, line: str) -> bool:
    """Take away the last line that is just as ``add_line`` wrote it, and return whether there was one."""
    before, found, after = _read(path).rpartition(f"\n{line}")
    if found:
        _write(path, f"{before}\n{after}")
    return bool(found)


def _parse(
    printed: str, path: Path, columns: tuple[str, ...]
) -> tuple[list[str], list[dict[str, str]]]:
    """Return the header, and the rows that say anything, each with the line that it ends on."""
    reader = csv.reader(io.StringIO(printed, newline=""), delimiter=_delimiter(printed))
    header = [clean_space(cell) for cell in next(reader, [])]
    if missing := [name for name in columns if name not in header]:
        raise ManualError(
            f"data/manual/{path.name}: kolumnen {', '.join(missing)} saknas; filen har "
            f"{', '.join(header) or 'inga kolumner'}. Första raden ska vara: {','.join(columns)}"
        )
    rows = []
    for texts in ([clean_space(cell) for cell in cells] for cells in reader):
        if any(texts):
            row = dict(zip_longest(header, texts[: len(header)], fillvalue=""))
            rows.append(row | {"line": str(reader.line_num)})
    return header, rows


def _read(path: Path) -> str:
    try:
        return decode(path.read_bytes(), path.name) if path.exists() and path.stat().st_size else ""
    except ReadError as fault:
        raise ManualError(f"data/manual/{fault}") from fault


def _write(path: Path, printed: str) -> None:
    """Write a file whole or not at all, in the encoding that it has; a new one as Excel reads it."""
    old = path.read_bytes() if path.exists() else BOMS[2][0]
    encoding = next((e for bom, e in BOMS if old.startswith(bom)), "utf-8")
    try:
        old.decode(encoding)
    except UnicodeDecodeError:
        same = printed.encode("cp1252", "replace").decode("cp1252") == printed
        encoding = "cp1252" if same else "utf-8-sig"
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(printed.encode(encoding))
    new.replace(path)


def _delimiter(printed: str) -> str:
    first = printed.split("\n", 1)[0]
    commas = first.count(",") >= first.count(";") and "\t" not in first
    return "," if commas else find_delimiter(first)
