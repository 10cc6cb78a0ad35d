"""The tables that people keep by hand in data/manual: read as Excel leaves them, a line added or taken."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

from riskdata.errors import ManualError, ReadError
from riskdata.readers.text import BOMS, decode, find_delimiter
from riskdata.words.spelling import clean_space


def read_table(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the rows of a CSV in data/manual, each with its line number as "line"; [] without a file.

    Commas or semicolons, UTF-8 or Windows-1252, columns in any order.
    Raises ManualError when a column is missing or the file cannot be read.
    """
    if not path.exists():
        return []
    printed = _read(path)
    records = list(_records(printed))
    header = [clean_space(cell) for cell in records[0][0]] if records else []
    missing = [name for name in columns if name not in header]
    if missing:
        raise ManualError(
            f"data/manual/{path.name}: kolumnen {', '.join(missing)} saknas; filen har "
            f"{', '.join(header) or 'inga kolumner'}. Första raden ska vara: {','.join(columns)}"
        )
    return [
        _named(header, cells) | {"line": str(last)}
        for cells, _, last in records[1:]
        if any(map(clean_space, cells))
    ]


def add_line(path: Path, row: dict[str, str], columns: tuple[str, ...]) -> None:
    """Add a line to a CSV in data/manual, which is made if it is not there.

    What stands in the file is left as it is: its letters, its delimiter, the order of its columns.
    Raises ManualError when the file lacks one of the columns or cannot be read.
    """
    read_table(path, columns)
    printed = _read(path) if path.exists() and path.stat().st_size else ""
    if not printed:
        printed, header = f"{','.join(columns)}\r\n", list(columns)
    else:
        header = [clean_space(cell) for cell in next(_records(printed))[0]]
    newline = "\r\n" if "\r\n" in printed else "\n"
    text = io.StringIO()
    writer = csv.writer(text, delimiter=_delimiter(printed), lineterminator=newline)
    writer.writerow([clean_space(str(row.get(name, ""))) for name in header])
    ended = printed if printed.endswith("\n") else printed + newline
    _write(path, ended + text.getvalue())


def remove_line(path: Path, row: dict[str, str], columns: tuple[str, ...]) -> bool:
    """Take away the last line that says just this, and return whether there was one.

    The other lines are left as they are.
    """
    if not path.exists():
        return False
    printed = _read(path)
    lines, records = list(io.StringIO(printed, newline="")), list(_records(printed))
    header = [clean_space(cell) for cell in records[0][0]]
    wanted = {name: clean_space(str(row.get(name, ""))) for name in columns}
    for cells, first, last in reversed(records[1:]):
        said = _named(header, cells)
        if {name: said.get(name, "") for name in columns} == wanted:
            _write(path, "".join([*lines[: first - 1], *lines[last:]]))
            return True
    return False


def _read(path: Path) -> str:
    try:
        return decode(path.read_bytes(), path.name)
    except ReadError as fault:
        raise ManualError(f"data/manual/{fault}") from fault


def _write(path: Path, printed: str) -> None:
    """Write a file whole or not at all, in the encoding that it has; a new one as Excel reads it."""
    old = path.read_bytes() if path.exists() else BOMS[2][0]
    encoding = next((e for bom, e in BOMS if old.startswith(bom)), "utf-8")
    if encoding == "utf-8" and not _fits(old.decode, encoding):
        encoding = "cp1252" if _fits(printed.encode, "cp1252") else "utf-8-sig"
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(printed.encode(encoding))
    new.replace(path)


def _fits(convert: Callable[[str], object], encoding: str) -> bool:
    try:
        convert(encoding)
    except UnicodeError:
        return False
    return True


def _records(printed: str) -> Iterator[tuple[list[str], int, int]]:
    """Yield the cells of each record, with its first and its last line."""
    reader = csv.reader(io.StringIO(printed, newline=""), delimiter=_delimiter(printed))
    first = 1
    for cells in reader:
        yield cells, first, reader.line_num
        first = reader.line_num + 1


def _delimiter(printed: str) -> str:
    first = printed.split("\n", 1)[0]
    commas = first.count(",") >= first.count(";") and "\t" not in first
    return "," if commas else find_delimiter(first)


def _named(header: list[str], cells: list[str]) -> dict[str, str]:
    texts = [clean_space(cell) for cell in cells]
    return dict(zip(header, [*texts, *[""] * (len(header) - len(texts))], strict=False))
