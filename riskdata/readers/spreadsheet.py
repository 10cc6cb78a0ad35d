"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods): every sheet, its merged ranges, and what it hides.

The values come from calamine, which is quick. What it does not tell (hidden rows and columns,
struck-through text, error values, raised footnote signs, notes on cells) comes from openpyxl, which
is asked only where the XML holds any of it.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from riskdata.readers.grid import Grid, Merge, Note, Title, with_titles, without_blank_rows
from riskdata.readers.limits import CELLS, attribute, check_extent, open_zip, parse_xml, protected

LOOKED_AT = 250_000  # cells that openpyxl is asked about: some five seconds

# What the XML of a sheet, its styles or its shared texts holds where openpyxl must be asked.
_SHEET = re.compile(
    rb"hidden=[\"'](?:1|true)|\bt=[\"']e[\"']"
    rb"|<(?:\w+:)?oddHeader>"
    rb"(?:&amp;(?:&quot;.*?&quot;|\"[^\"]*\"|K[0-9A-F]{6}|[A-Z]|\d+))*[^<&]"
)
_FONTS = re.compile(
    rb"<(?:\w+:)?(?:strike|vertAlign)\b(?!\s+val=[\"'](?:0|false|baseline|subscript))"
)
_FORMATS = re.compile(
    rb"numFmtId=\"(?:9|10|16|17)\"|formatCode=\"(?:;;;|[^\"]*%|d{1,2}[-/. \\]+m{1,4}[;\"])"
)
_UNUSED = re.compile(rb"<(?:\w+:)?cellStyleXfs\b.*?</(?:\w+:)?cellStyleXfs>", re.DOTALL)
# A formula of which no value is stored: t="str" is a stored text, an empty one too.
_NO_VALUE = re.compile(
    rb"<(?:\w+:)?c r=\"([A-Z]+)(\d+)\"(?![^>]*\bt=\"str\")[^>]*>\s*<(?:\w+:)?f\b"
    rb"(?:[^>]*/>|[^<]*</(?:\w+:)?f>)\s*(?:</|<(?:\w+:)?v\s*/>|<(?:\w+:)?v></)(?!(?:\w+:)?v>\d)"
)
# A cell's reference so far off that the sheet's size must be counted: all others together reach
# over 9 999 rows and 702 columns, which is less than CELLS.
_FAR = re.compile(rb"r=[\"'](?:[A-Z]{3}|[A-Z]*\d{5})")
_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Z]+)(\d+)[\"'][^>]*(?<!/)>")
_CODE = re.compile(r"[1-9]\d?\.\d{1,2}(?![.\d])")
_SHORT_DATE = re.compile(r"[dm]{1,4}\W+[dm]{1,4}(;@)?$")


@dataclass
class _Seen:
    """What is known of a sheet beside its values; positions are 0-based (row, column)."""

    hidden_rows: list[int] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    struck: dict[tuple[int, int], str] = field(default_factory=dict)  # "": the whole cell
    shown: dict[tuple[int, int], str] = field(default_factory=dict)  # what a cell prints instead
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    titles: list[Title] = field(default_factory=list)


@dataclass
class _Book:
    sheets: dict[str, _Seen] = field(default_factory=dict)
    titles: list[Title] = field(default_factory=list)  # of text boxes: on the first sheet
    notes: list[Note] = field(default_factory=list)
    ticks: bool = False  # whether its truth values are shown as check boxes


def read(content: bytes, name: str) -> list[Grid]:
    """Return every sheet as a grid; ``numbers`` are sheet rows, rows without text are left out.

    Numbers and dates come as text: 12, 1.1, 2024-05-01; error values as they stand (#REF!).
    Notes (.xlsx and .xlsm; of .ods only what is hidden): ``hidden_sheet``, ``hidden_row``,
    ``hidden_column``, ``struck_through``, ``footnote``, ``cell_comment``, ``error_cell``,
    ``formula_without_value``, ``code_as_date``, ``icon_set``, ``icon_unread``, ``not_looked_at``.
    Raises ReadError when it is damaged, asks for a password or stretches too far.
    """
    import python_calamine as calamine

    seen = _look(content, name)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except calamine.PasswordError as fault:
        raise protected(name) from fault
    grids = [_grid(book, n, seen, name) for n in range(len(book.sheet_names))]
    if grids and (seen.titles or seen.notes):
        first = replace(grids[0], notes=(*seen.notes, *grids[0].notes))
        grids[0] = with_titles(first, seen.titles)
    return grids


def _grid(book, n: int, seen_of: _Book, name: str) -> Grid:
    sheet = book.get_sheet_by_index(n)
    seen = seen_of.sheets.get(sheet.name) or _Seen()
    if sheet.total_height * sheet.total_width > CELLS:
        check_extent(sheet.total_height, sheet.total_width, name, f"bladet ”{sheet.name}”")
    cells = sheet.to_python(skip_empty_area=False)
    text = _as_tick if seen_of.ticks else _text
    printed = [[cell if type(cell) is str else text(cell) for cell in row] for row in cells]
    notes = [*seen.notes, *_turned_codes(cells, printed)]
    for (row, column), shown in seen.shown.items():
        if row < len(printed) and column < len(printed[row]):
            printed[row][column] = shown
    notes += _notes(printed, seen)
    if str(book.sheets_metadata[n].visible) != "SheetVisibleEnum.Visible":
        notes.insert(0, (0, "hidden_sheet", sheet.name))
    ranges = seen.merges or [(*a, *b) for a, b in sheet.merged_cell_ranges or ()]
    grid = Grid(
        printed,
        list(range(1, len(printed) + 1)),
        sheet.name,
        _merges(ranges, printed),
        tuple(notes),
        frozenset(seen.hidden),
    )
    return with_titles(without_blank_rows(grid), seen.titles)


def _merges(ranges: list[tuple], printed: list[list[str]]) -> tuple[Merge, ...]:
    """Return the ranges that hold text, cut at the sheet's last row."""
    return tuple(
        Merge(top, left, min(bottom, len(printed) - 1), right)
        for top, left, bottom, right in ranges
        if top < len(printed) and left < len(printed[top]) and printed[top][left]
    )


def _notes(printed: list[list[str]], seen: _Seen) -> Iterator[Note]:
    for number in seen.hidden_rows:
        if number <= len(printed) and any(printed[number - 1]):
            yield number, "hidden_row", " | ".join(filter(str.strip, printed[number - 1]))
    for column in sorted(seen.hidden):
        filled = (n for n, row in enumerate(printed) if "".join(row[column : column + 1]).strip())
        if (first := next(filled, None)) is not None:
            yield first + 1, "hidden_column", f"kolumn {_letters(column)}: {printed[first][column]}"
    for (row, column), text in seen.struck.items():
        if row < len(printed) and column < len(printed[row]) and printed[row][column]:
            yield row + 1, "struck_through", text or printed[row][column]


def _turned_codes(cells: list[list], printed: list[list[str]]) -> Iterator[Note]:
    """Note each date in a column of codes such as 1.2, of which a sheet makes dates."""
    dates = [(r, c) for r, row in enumerate(cells) for c, v in enumerate(row) if _is_date(v)]
    for column in {c for _, c in dates}:
        texts = [row[column] for row in printed if column < len(row)]
        codes = sum(bool(_CODE.match(text)) for text in texts)
        if codes >= sum(c == column for _, c in dates):
            for row in (r for r, c in dates if c == column):
                yield _as_code(row, cells[row][column], printed[row][column])


def _as_code(row: int, date: dt.date, text: str) -> Note:
    return row + 1, "code_as_date", f"{text} (kan ha varit {date.day}.{date.month})"


def _is_date(value: object) -> bool:
    return isinstance(value, dt.date)


def print_number(number: float) -> str:
    """Return a number with the 15 digits that a sheet keeps, without those that it does not have.

    >>> print_number(12.0), print_number(1.1), print_number(6.000000000000001)
    ('12', '1.1', '6')
    """
    return f"{number:.15g}"


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


def _as_tick(cell: object) -> str:
    return ("☑" if cell else "☐") if isinstance(cell, bool) else _text(cell)


# -- what calamine does not tell -----------------------------------------------------------------


def _look(content: bytes, name: str) -> _Book:
    """Return what is seen of a workbook beside its values, once its size is known to be safe."""
    if not content.startswith(b"PK"):
        return _Book()  # a .xls has at most 65 536 rows of 256 cells
    with open_zip(content, name) as archive:
        parts = archive.namelist()
        if "content.xml" in parts:
            return _Book(_look_at_ods(archive, name))
        if "xl/workbook.xml" not in parts:
            return _Book()
        sheets = [archive.read(p) for p in parts if re.match(r"xl/worksheets/[^/]+\.xml$", p)]
        texts = [archive.read(p) for p in ("xl/styles.xml", "xl/sharedStrings.xml") if p in parts]
        archive.read("xl/workbook.xml")  # checks that it is whole
        for xml in sheets:
            _check_size(xml, name)
        book = _Book(ticks=_has(archive, "xl/featurePropertyBag/", b"Checkbox"))
        book.titles = _text_boxes(archive, name)
        boxes = sum(b"CheckBox" in archive.read(p) for p in parts if p.startswith("xl/ctrlProps/"))
        book.notes = [(0, "icon_unread", f"{boxes} kryssrutor ovanpå cellerna")] if boxes else []
        if any(b"iconSet" in xml for xml in sheets):
            book.notes.append((0, "icon_set", "ikoner som villkorsstyrd formatering visar"))
    asked = [any(map(pattern.search, sheets)) for pattern in (_SHEET, _FONTS, _NO_VALUE)]
    asked += [_FONTS.search(xml) or _FORMATS.search(_UNUSED.sub(b"", xml)) for xml in texts]
    if any(asked) or any(part.startswith("xl/comments") for part in parts):
        _ask_openpyxl(book, content, sheets)
    return book


def _has(archive: zipfile.ZipFile, folder: str, word: bytes) -> bool:
    return any(word in archive.read(p) for p in archive.namelist() if p.startswith(folder))


def _check_size(xml: bytes, name: str) -> None:
    """Stop at a sheet with a cell so far off that its empty ones would fill the memory."""
    if b"<!ENTITY" in xml[:4096]:
        parse_xml(xml, name)
    if _FAR.search(xml):
        reach = [(int(cell[2]), _column(cell[1])) for cell in _CELL.finditer(xml)]
        rows, columns = (
            (max(each, default=0) for each in zip(*reach, strict=True)) if reach else (0, 0)
        )
        check_extent(rows, columns, name, "ett blad")


def _text_boxes(archive: zipfile.ZipFile, name: str) -> list[Title]:
    """Return the texts of the boxes that lie over the sheets."""
    drawings = [p for p in archive.namelist() if re.match(r"xl/drawings/[^/]+\.xml$", p)]
    bodies = [b for p in drawings for b in parse_xml(archive.read(p), name).iter("{*}txBody")]
    texts = [
        "".join(part.itertext("{*}t")) for body in bodies for part in body.iterfind("{*}p")
    ]  # fmt: skip
    return [Title(text.strip()) for text in texts if text.strip()]


def _ask_openpyxl(book: _Book, content: bytes, sheets: list[bytes]) -> None:
    """Add what openpyxl tells of each sheet; what it cannot open is noted as not looked at."""
    import openpyxl

    if sum(xml.count(b"<c ") for xml in sheets) > LOOKED_AT:
        book.notes.append((0, "not_looked_at", f"bladen har fler än {LOOKED_AT} celler"))
        return
    try:
        opened = openpyxl.load_workbook(io.BytesIO(content), data_only=True, rich_text=True)
        book.sheets = {sheet.title: _sheet(sheet) for sheet in opened.worksheets}
    except MemoryError:
        raise
    except Exception as fault:  # openpyxl is stricter than Excel and calamine about what it opens
        book.notes.append((0, "not_looked_at", f"{type(fault).__name__}: {fault}"[:80]))
        return
    if any(map(_NO_VALUE.search, sheets)):
        formulas = openpyxl.load_workbook(io.BytesIO(content))
        for sheet in opened.worksheets:
            book.sheets[sheet.title].notes += _without_value(sheet, formulas[sheet.title])


def _sheet(sheet) -> _Seen:
    seen = _Seen()
    rows, columns = sheet.row_dimensions, sheet.column_dimensions
    seen.hidden_rows = sorted(n for n, row in rows.items() if row.hidden)
    for letter, column in columns.items():
        if column.hidden:
            first = column.min or _column(letter.encode())
            seen.hidden |= set(range(first - 1, min(column.max or first, sheet.max_column)))
    header = [
        part.text for part in (sheet.oddHeader.left, sheet.oddHeader.center, sheet.oddHeader.right)
    ]
    seen.titles = [Title(t.strip(), 0, "page_header") for t in header if t and "&" not in t]
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None or cell.has_style:
                _add_cell(seen, cell)
            if cell.comment:
                seen.notes.append((cell.row, "cell_comment", cell.comment.text))
    return seen


def _add_cell(seen: _Seen, cell) -> None:
    """Add what openpyxl sees in a cell beside its value."""
    at, value = (cell.row - 1, cell.column - 1), cell.value
    if cell.data_type == "e":
        seen.shown[at] = value
        seen.notes.append((cell.row, "error_cell", f"{cell.coordinate}: {value}"))
    elif cell.is_date and _is_date(value) and _SHORT_DATE.match(cell.number_format):
        seen.notes.append(_as_code(at[0], value, _text(value).partition(" ")[0]))
    elif isinstance(value, float | int) and "%" in cell.number_format:
        seen.shown[at] = f"{print_number(value * 100)} %"
    elif cell.number_format == ";;;" and value is not None:
        seen.notes.append((cell.row, "hidden_text", f"{cell.coordinate}: {value}"))
    if cell.font and cell.font.strike:
        seen.struck[at] = ""
    if not isinstance(value, list):  # of runs of letters with fonts of their own
        return
    runs = [(str(run), getattr(run, "font", None)) for run in value]
    struck = "".join(text for text, font in runs if font and font.strike)
    raised = [text for text, font in runs if font and font.vertAlign == "superscript"]
    if struck:
        seen.struck[at] = struck
    if raised and len(raised) < len(runs):
        kept = (text for text, font in runs if not font or font.vertAlign != "superscript")
        seen.shown[at] = "".join(kept)
        seen.notes += [(cell.row, "footnote", sign.strip()) for sign in raised]


def _without_value(values, formulas) -> Iterator[Note]:
    for row in formulas.iter_rows():
        for cell in row:
            if cell.data_type == "f" and values[cell.coordinate].value is None:
                yield cell.row, "formula_without_value", f"{cell.coordinate}: {cell.value}"


def _look_at_ods(archive: zipfile.ZipFile, name: str) -> dict[str, _Seen]:
    """Return the merged ranges, hidden rows and hidden columns of each OpenDocument sheet."""
    tables: dict[str, _Seen] = {}
    seen, rows, columns, last, column = _Seen(), 0, 0, 0, 0
    tags = ("{*}table-row", "{*}table", "{*}table-column")
    xml = io.BytesIO(archive.read("content.xml"))
    parsed = etree.iterparse(
        xml, tag=tags, resolve_entities=False, no_network=True, huge_tree=False
    )
    for _, element in parsed:
        tag = etree.QName(element).localname
        is_hidden = attribute(element, "visibility", "visible") != "visible"
        if tag == "table":
            sheet = attribute(element, "name")
            check_extent(rows, columns, name, f"bladet ”{sheet}”")
            tables[sheet] = seen
            seen, rows, columns, last, column = _Seen(), 0, 0, 0, 0
        elif tag == "table-column":
            first, column = column, column + int(attribute(element, "number-columns-repeated", "1"))
            seen.hidden |= set(range(first, min(column, 1000))) if is_hidden else set()
        else:
            reach, merges = _ods_row(element, last)
            seen.hidden_rows += [last + 1] if is_hidden else []
            last += int(attribute(element, "number-rows-repeated", "1"))
            rows, columns = (last, max(columns, reach)) if reach else (rows, columns)
            seen.merges += merges
            element.clear()
    return tables


def _ods_row(row: etree._Element, number: int) -> tuple[int, list[tuple[int, int, int, int]]]:
    """Return how far a row's text reaches, and the merged ranges that begin in it."""
    at, reach, merges = 0, 0, []
    for cell in row.iter("{*}table-cell", "{*}covered-table-cell"):
        down = int(attribute(cell, "number-rows-spanned", "1"))
        across = int(attribute(cell, "number-columns-spanned", "1"))
        if down > 1 or across > 1:
            merges.append((number, at, number + down - 1, at + across - 1))
        at += int(attribute(cell, "number-columns-repeated", "1"))
        if len(cell) or cell.get("value"):
            reach = at
    return reach, merges


def _column(letters: bytes) -> int:
    """Return the 1-based column of A, B, … XFD."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _letters(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(column + 1)
