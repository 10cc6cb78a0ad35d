"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods): every sheet, its merged ranges, and what it hides.

The values come from calamine, which is quick. What it does not tell (hidden rows and columns,
struck-through text, error values, raised footnote signs, notes on cells) comes from openpyxl, which
is asked only where the XML holds any of it.
"""

import colorsys
import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import reduce

from lxml import etree

from riskdata.readers.grid import (
    COLUMNS,
    Grid,
    Merge,
    Note,
    attribute,
    check_extent,
    open_zip,
    parse_xml,
    raised,
    refusal,
    struck,
    take_notes,
    with_titles,
    without_blank_rows,
)

LOOKED_AT = 250_000  # cells that openpyxl is asked about: some five seconds

_LOOKED_INTO = re.compile(
    r"content\.xml|xl/(workbook|styles|sharedStrings|comments.*"
    r"|(worksheets|drawings|ctrlProps|featurePropertyBag)/[^/]+)\.xml$"
)
# What of the XML is there for openpyxl to see: hidden parts, errors, formulas, printed headers,
# fonts, formats and notes. Where it asks once too often, that costs only time.
_SEEN = re.compile(
    rb"hidden=[\"'](?:1|true)|\bt=[\"']e[\"']|<(?:\w+:)?(?:f[ >/]|oddHeader>|strike|vertAlign|comment )"
    rb"|numFmtId=\"(?:9|10|16|17)\"|formatCode=\"(?:;;;|[^\"]*%|d{1,2}[-/. \\]+m{1,4}[;\"])"
)
_FILL = re.compile(rb"<fgColor rgb=[\"'](\w{6,8})[\"']")
_HUES = (
    (20, "Röd"),
    (40, "Orange"),
    (70, "Gul"),
    (170, "Grön"),
    (260, "Blå"),
    (340, ""),
    (361, "Röd"),
)
_PALE = 0.2  # saturation: what has less is grey
_ROW = 3  # printed cells: so many make a row of data
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Z]+)(\d+)[\"'][^>]*(?<!/)>")
_CODE = re.compile(r"[1-9]\d?\.\d{1,2}(?![.\d])")
_SHORT_DATE = re.compile(r"[dm]{1,4}\W+[dm]{1,4}(;@)?$")


@dataclass
class _Seen:
    """What is known of a sheet beside its values; positions are 0-based (row, column)."""

    hidden_rows: list[int] = field(default_factory=list)  # their numbers
    hidden: set[int] = field(default_factory=set)
    shown: dict[tuple[int, int], str] = field(default_factory=dict)  # what a cell prints instead
    merges: list[Merge] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)


def read(content: bytes, name: str) -> list[Grid]:
    """Return every sheet as a grid; ``numbers`` are sheet rows, rows without text are left out.

    Numbers and dates come as text: 12, 1.1, 2024-05-01; error values as they stand (#REF!).
    Notes (.xlsx and .xlsm; of .ods only what is hidden): ``hidden_sheet``, ``hidden_row``,
    ``hidden_column``, ``struck_…``, ``footnote``, ``cell_comment``, ``error_cell``,
    ``formula_without_value``, ``code_as_date``, ``icon_set``, ``icon_unread``, ``not_looked_at``.
    Raises ReadError when it is damaged, asks for a password or stretches too far.
    """
    import python_calamine as calamine

    parts: dict[str, bytes] = {}
    if content.startswith(b"PK"):  # else an .xls, which has at most 65 536 rows of 256 cells
        with open_zip(content, name) as archive:
            parts = {p: archive.read(p) for p in archive.namelist() if _LOOKED_INTO.match(p)}
    boxes, notes, sheets = _look(content, parts, name)
    has_boxes = any(b"Checkbox" in xml for part, xml in parts.items() if "PropertyBag" in part)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except calamine.PasswordError as fault:
        raise refusal(name, "protected") from fault
    grids = []
    for sheet, about in zip(book.sheet_names, book.sheets_metadata, strict=True):
        seen = sheets.get(sheet, _Seen())
        if str(about.visible) != "SheetVisibleEnum.Visible":
            seen.notes.append((0, "hidden_sheet", sheet))
        grids.append(_grid(book.get_sheet_by_name(sheet), seen, has_boxes, name))
    if grids and (notes or boxes):  # what is known of the whole workbook is told on its first sheet
        grids[0] = with_titles(replace(grids[0], notes=(*notes, *grids[0].notes)), boxes)
    return grids


def _grid(sheet, seen: _Seen, has_boxes: bool, name: str) -> Grid:
    check_extent(sheet.total_height, sheet.total_width, name, f"bladet ”{sheet.name}”")
    cells = sheet.to_python(skip_empty_area=False)
    printed = [
        [cell if type(cell) is str else _text(cell, as_box=has_boxes) for cell in row]
        for row in cells
    ]
    codes = list(_turned_codes(cells, printed))
    for (row, column), shown in sorted(seen.shown.items()):
        if row < len(printed) and column < len(printed[row]):
            printed[row][column], notes = take_notes(shown)
            seen.notes += [(row + 1, *note) for note in notes]
    every = seen.merges or [Merge(*a, *b) for a, b in sheet.merged_cell_ranges or ()]
    merges = [
        merge._replace(bottom=min(merge.bottom, len(printed) - 1))
        for merge in every
        if any(cell for row in printed[merge.top :][:1] for cell in row[merge.left :][:1])
    ]
    numbers = list(range(1, len(printed) + 1))
    notes = (*seen.notes, *codes, *_hidden(printed, seen))
    grid = Grid(printed, numbers, sheet.name, (*merges,), notes, frozenset(seen.hidden))
    return with_titles(without_blank_rows(grid), seen.titles)


def _hidden(printed: list[list[str]], seen: _Seen) -> Iterator[Note]:
    for number in seen.hidden_rows:
        if number <= len(printed) and any(printed[number - 1]):
            yield number, "hidden_row", " | ".join(filter(str.strip, printed[number - 1]))
    for column in sorted(seen.hidden):
        from openpyxl.utils import get_column_letter  # late: it takes longer than most files

        cells = ((n, "".join(row[column : column + 1])) for n, row in enumerate(printed, 1))
        number, text = next((cell for cell in cells if cell[1].strip()), (0, ""))
        if number:
            yield number, "hidden_column", f"kolumn {get_column_letter(column + 1)}: {text}"


def _turned_codes(cells: list[list], printed: list[list[str]]) -> Iterator[Note]:
    """Note each date in a column of codes such as 1.2, of which a sheet makes dates."""
    dates: dict[int, list[int]] = {}  # column → rows
    for r, row in enumerate(cells):
        for c, cell in enumerate(row):
            if isinstance(cell, dt.date):
                dates.setdefault(c, []).append(r)
    for column, rows in dates.items():
        texts = (row[column] for row in printed if column < len(row))
        if sum(bool(_CODE.match(text)) for text in texts) >= len(rows):
            for row in rows:
                yield _as_code(row + 1, cells[row][column], printed[row][column])


def _as_code(number: int, date: dt.date, text: str) -> Note:
    return number, "code_as_date", f"{text} (kan ha varit {date.day}.{date.month})"


def print_number(number: float) -> str:
    """Return a number with the 15 digits that a sheet keeps, without those that it does not have.

    >>> print_number(12.0), print_number(1.1), print_number(6.000000000000001)
    ('12', '1.1', '6')
    """
    return f"{number:.15g}"


def _text(cell: object, *, as_box: bool = False) -> str:
    """Return a cell as a text, as a sheet prints it when its format is left alone."""
    if isinstance(cell, bool):
        return ("☐☑"[cell]) if as_box else ("FALSKT", "SANT")[cell]
    if isinstance(cell, float):
        return print_number(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ").removesuffix(" 00:00:00")
    return cell.isoformat() if isinstance(cell, (dt.date, dt.time)) else str(cell)


# -- what calamine does not tell -----------------------------------------------------------------


def _look(
    content: bytes, parts: dict[str, bytes], name: str
) -> tuple[list[str], list[Note], dict[str, _Seen]]:
    """Return what is seen of a workbook beside its values, once its size is known to be safe.

    Returned are the texts of boxes over the sheets, notes, and what is seen of each sheet.
    """
    if "content.xml" in parts:
        return [], [], _look_at_ods(parts["content.xml"], name)
    sheets = [xml for part, xml in parts.items() if part.startswith("xl/worksheets/")]
    for xml in sheets:
        _check_size(xml, name)
    drawings = [xml for part, xml in parts.items() if part.startswith("xl/drawings/")]
    bodies = [body for xml in drawings for body in parse_xml(xml, name).iter("{*}txBody")]
    texts = ("".join(p.itertext("{*}t")).strip() for body in bodies for p in body.iterfind("{*}p"))
    notes: list[Note] = []
    boxes = sum(b"CheckBox" in xml for part, xml in parts.items() if "/ctrlProps/" in part)
    if boxes:
        notes.append((0, "icon_unread", f"{boxes} kryssrutor ovanpå cellerna"))
    if any(b"iconSet" in xml for xml in sheets):
        notes.append((0, "icon_set", "ikoner som villkorsstyrd formatering visar"))
    told = re.compile("xl/(worksheets|styles|sharedStrings|comments)")
    seen = {}
    colours = {*map(_colour, map(bytes.decode, _FILL.findall(parts.get("xl/styles.xml", b""))))}
    coloured = len(colours - {""}) > 1
    if coloured or any(_SEEN.search(xml) for part, xml in parts.items() if told.match(part)):
        try:
            seen = _ask_openpyxl(content, sheets)
        except MemoryError:
            raise
        except Exception as fault:  # openpyxl is stricter than Excel about what it opens
            notes.append((0, "not_looked_at", f"{type(fault).__name__}: {fault}"[:80]))
    return [*filter(None, texts)], notes, seen


def _check_size(xml: bytes, name: str) -> None:
    """Stop at a sheet with a cell so far off that its empty ones would fill the memory."""
    if b"<!ENTITY" in xml[:4096]:
        parse_xml(xml, name)
    cells = {*_CELL.findall(xml)} or {(b"", b"0")}
    row, column = max(int(row) for _, row in cells), max(cells, key=lambda c: (len(c[0]), c[0]))[0]
    check_extent(row, reduce(lambda n, letter: n * 26 + letter - 64, column, 0), name, "ett blad")


def _ask_openpyxl(content: bytes, sheets: list[bytes]) -> dict[str, _Seen]:
    """Return what openpyxl tells of each sheet."""
    import openpyxl

    if sum(xml.count(b"<c ") for xml in sheets) > LOOKED_AT:
        raise ValueError(f"bladen har fler än {LOOKED_AT} celler")
    opened = openpyxl.load_workbook(io.BytesIO(content), data_only=True, rich_text=True)
    seen = {sheet.title: _look_at(sheet) for sheet in opened.worksheets}
    if any(map(_FORMULA.search, sheets)):
        formulas = openpyxl.load_workbook(io.BytesIO(content))
        for sheet in opened.worksheets:
            seen[sheet.title].notes += _without_value(sheet, formulas[sheet.title])
    return seen


def _look_at(sheet) -> _Seen:
    seen = _Seen()
    seen.hidden_rows = sorted(n for n, row in sheet.row_dimensions.items() if row.hidden)
    for column in sheet.column_dimensions.values():
        if column.hidden:
            last = min(column.max or column.min, sheet.max_column)
            seen.hidden |= set(range(column.min - 1, last))
    about = sheet.oddHeader
    header = [part.text or "" for part in (about.left, about.center, about.right)]
    seen.titles = [text.strip() for text in header if text and "&" not in text]
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None:
                _look_at_cell(seen, cell)
            if cell.comment:
                seen.notes.append((cell.row, "cell_comment", cell.comment.text))
    for column in sheet.iter_cols():
        seen.shown |= _of_colours(sheet, column)
    return seen


def _of_colours(sheet, column) -> dict[tuple[int, int], str]:
    """Return the colours of a column that says nothing else under its heading, in rows of data."""
    last = max((cell.row for cell in column if cell.value is not None), default=len(column))
    filled = {
        (cell.row - 1, cell.column - 1): colour
        for cell in column[last:]
        if cell.fill.patternType == "solid" and (colour := _colour(cell.fill.fgColor.rgb))
    }
    texts = [sum(cell.value is not None for cell in sheet[row + 1]) for row, _ in filled]
    several = len({*filled.values()}) > 1
    return filled if several and min(texts) >= _ROW else {}


def _colour(rgb: object) -> str:
    """Return the name of a colour written as FF92D050 or 92D050; "" for a grey, or a theme's.

    >>> _colour("FF92D050"), _colour("FFC000"), _colour("FFEEEEEE")
    ('Grön', 'Gul', '')
    """
    if not isinstance(rgb, str) or not re.fullmatch("[0-9A-Fa-f]{6,8}", rgb):
        return ""
    hue, saturation, _ = colorsys.rgb_to_hsv(*(part / 255 for part in bytes.fromhex(rgb[-6:])))
    return next(name for end, name in _HUES if hue * 360 < end) if saturation > _PALE else ""


def _look_at_cell(seen: _Seen, cell) -> None:
    """Add what openpyxl sees in a cell beside its value."""
    value, shown, is_struck = cell.value, None, bool(cell.font and cell.font.strike)
    if cell.data_type == "e":
        shown = value
        seen.notes.append((cell.row, "error_cell", f"{cell.coordinate}: {value}"))
    elif isinstance(value, dt.date) and _SHORT_DATE.match(cell.number_format):
        seen.notes.append(_as_code(cell.row, value, _text(value).partition(" ")[0]))
    elif isinstance(value, float | int) and "%" in cell.number_format:
        shown = f"{print_number(value * 100)} %"
    elif cell.number_format == ";;;":
        seen.notes.append((cell.row, "hidden_text", f"{cell.coordinate}: {value}"))
    if isinstance(value, list):  # of runs of letters, some with fonts of their own
        shown = "".join(_run(run, is_struck=is_struck) for run in value)
    elif is_struck:
        shown = struck(shown or _text(value))
    if shown is not None:
        seen.shown[cell.row - 1, cell.column - 1] = shown


def _run(run, *, is_struck: bool) -> str:
    """Return a run of letters, with how it looks."""
    font, text = getattr(run, "font", None), str(run)
    if font and font.vertAlign == "superscript":
        return raised(text)
    return struck(text) if (font.strike if font else is_struck) else text


def _without_value(values, formulas) -> Iterator[Note]:
    for row in formulas.iter_rows():
        for cell in row:
            value = values[cell.coordinate]  # a stored text that is empty is of another type
            if cell.data_type == "f" and value.value is None and value.data_type == "n":
                yield cell.row, "formula_without_value", f"{cell.coordinate}: {cell.value}"


def _look_at_ods(xml: bytes, name: str) -> dict[str, _Seen]:
    """Return the merged ranges, hidden rows and hidden columns of each OpenDocument sheet."""
    sheets: dict[str, _Seen] = {}
    for table in parse_xml(xml, name).iter("{*}table"):
        sheet, reach = attribute(table, "name"), (0, 0)
        seen = sheets[sheet] = _Seen()
        for left, right, is_hidden, _ in _placed(table, "column"):
            seen.hidden |= set(range(left, min(right, COLUMNS))) if is_hidden else set()
        for top, last, is_hidden, row in _placed(table, "row"):
            seen.hidden_rows += [top + 1] if is_hidden else []
            for left, right, _, cell in _placed(row, "cell", "columns"):
                spans = (f"number-{along}-spanned" for along in ("rows", "columns"))
                down, across = (int(attribute(cell, span, "1")) for span in spans)
                if down > 1 or across > 1:
                    seen.merges.append(Merge(top, left, top + down - 1, left + across - 1))
                reach = (last, max(reach[1], right)) if len(cell) else reach
        check_extent(*reach, name, f"bladet ”{sheet}”")
    return sheets


def _placed(
    parent: etree._Element, tag: str, along: str = ""
) -> Iterator[tuple[int, int, bool, etree._Element]]:
    """Give the rows, columns or cells of a table: where each begins and ends, if it is hidden."""
    end = 0
    for element in parent.iter(f"{{*}}table-{tag}", f"{{*}}covered-table-{tag}"):
        times = int(attribute(element, f"number-{along or tag + 's'}-repeated", "1"))
        begin, end = end, end + times
        yield begin, end, attribute(element, "visibility", "visible") != "visible", element
