"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods): every sheet, with its merged ranges."""

import datetime as dt
import io

from riskdata.readers import opendocument, workbook
from riskdata.readers.faults import protected
from riskdata.readers.grid import Grid, Merge
from riskdata.readers.limits import CELLS, check_extent, open_zip
from riskdata.readers.spans import without_blank_rows
from riskdata.readers.workbook import Seen


def read(content: bytes, name: str) -> list[Grid]:
    """Return every sheet as a grid; ``numbers`` are sheet rows, rows without text are left out.

    Notes: ``hidden_sheet``, ``hidden_row`` and ``struck_through`` (.xlsx and .xlsm; of .ods only
    hidden rows). Numbers and dates come as text: 12, 1.1, 2024-05-01.
    Raises ReadError when it is damaged, asks for a password or stretches too far.
    """
    import python_calamine as calamine

    seen = _look(content, name)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except calamine.PasswordError as fault:
        raise protected(name) from fault
    return [_grid(book, n, seen, name) for n in range(len(book.sheet_names))]


def _look(content: bytes, name: str) -> dict[str, Seen]:
    """Return what calamine does not tell about each sheet, once its size is known to be safe."""
    if not content.startswith(b"PK"):
        return {}  # a .xls has at most 65 536 rows of 256 cells
    with open_zip(content, name) as archive:
        parts = archive.namelist()
        if "content.xml" in parts:
            seen = opendocument.look(archive)
        elif "xl/workbook.xml" in parts:
            seen = workbook.look(archive, name)
        else:
            return {}
    for sheet, found in seen.items():
        check_extent(found.rows, found.columns, name, f"bladet ”{sheet}”")
    return seen


def _grid(book, n: int, all_seen: dict[str, Seen], name: str) -> Grid:
    sheet = book.get_sheet_by_index(n)
    seen = all_seen.get(sheet.name, Seen())
    if sheet.total_height * sheet.total_width > CELLS:
        check_extent(sheet.total_height, sheet.total_width, name, f"bladet ”{sheet.name}”")
    cells = sheet.to_python(skip_empty_area=False)
    printed = [[cell if type(cell) is str else _text(cell) for cell in row] for row in cells]
    ranges = seen.merges or [(*a, *b) for a, b in sheet.merged_cell_ranges or ()]
    notes = _notes(printed, seen)
    if str(book.sheets_metadata[n].visible) != "SheetVisibleEnum.Visible":
        notes.insert(0, (0, "hidden_sheet", sheet.name))
    numbers = list(range(1, len(printed) + 1))
    merges = _merges(ranges, printed)
    return without_blank_rows(Grid(printed, numbers, sheet.name, merges, tuple(notes)))


def _merges(ranges: list[tuple], printed: list[list[str]]) -> tuple[Merge, ...]:
    """Return the ranges that hold text, cut at the sheet's last row."""
    return tuple(
        Merge(top, left, min(bottom, len(printed) - 1), right)
        for top, left, bottom, right in ranges
        if top < len(printed) and left < len(printed[top]) and printed[top][left]
    )


def _notes(printed: list[list[str]], seen: Seen) -> list[tuple[int, str, str]]:
    notes = [
        (number, "hidden_row", " | ".join(filter(str.strip, printed[number - 1])))
        for number in seen.hidden
        if number <= len(printed) and any(printed[number - 1])
    ]
    return notes + [
        (row + 1, "struck_through", text or printed[row][column])
        for (row, column), text in seen.struck.items()
        if row < len(printed) and column < len(printed[row]) and printed[row][column]
    ]


def print_number(number: float) -> str:
    """Return a number without the decimals that it does not have.

    >>> print_number(12.0), print_number(1.1)
    ('12', '1.1')
    """
    whole = number.is_integer() and abs(number) < 1e15
    return str(int(number)) if whole else repr(number)


def _text(cell: object) -> str:
    """Return a cell that is no text as one, as a sheet prints it when its format is left alone."""
    if isinstance(cell, bool):
        return "SANT" if cell else "FALSKT"
    if isinstance(cell, float):
        return print_number(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    return str(cell)
