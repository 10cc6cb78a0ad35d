"""Excel's XML format of 2003 (SpreadsheetML), often under the name .xls or .xml."""

from lxml import etree

from riskdata.readers.grid import Grid
from riskdata.readers.limits import check_extent
from riskdata.readers.spans import Cell, Spans
from riskdata.readers.spreadsheet import print_number
from riskdata.readers.xml import attribute, parse_xml


def read(content: bytes, name: str) -> list[Grid]:
    """Return every sheet as a grid; ``numbers`` are sheet rows.

    Notes: ``hidden_sheet``, ``hidden_row``, ``struck_through`` (whole cells).
    Raises ReadError when it is damaged, declares entities or stretches too far.
    """
    root = parse_xml(content, name)
    struck = {attribute(style, "ID") for style in root.iter("{*}Style") if _is_struck(style)}
    return [_sheet(sheet, struck, name) for sheet in root.iterfind("{*}Worksheet")]


def _sheet(sheet: etree._Element, struck: set[str], name: str) -> Grid:
    spans, number = Spans(), 0
    if sheet.findtext("{*}WorksheetOptions/{*}Visible", "").startswith("SheetHidden"):
        spans.notes.append((0, "hidden_sheet", attribute(sheet, "Name")))
    for row in sheet.iterfind("{*}Table/{*}Row"):
        number = int(attribute(row, "Index", str(number + 1)))
        cells = _cells(row)
        check_extent(number, 1, name, f"bladet ”{attribute(sheet, 'Name')}”")
        spans.add_row(number, cells)
        spans.notes += _notes(number, row, struck)
        number += int(attribute(row, "Span", "0"))
    return spans.grid(attribute(sheet, "Name"))


def _cells(row: etree._Element) -> list[Cell]:
    cells, at = [], 0
    for cell in row.iterfind("{*}Cell"):
        at = int(attribute(cell, "Index", str(at + 1))) - 1
        across = int(attribute(cell, "MergeAcross", "0")) + 1
        down = int(attribute(cell, "MergeDown", "0")) + 1
        cells.append(Cell(_text(cell), down, across, at))
        at += across
    return cells


def _text(cell: etree._Element) -> str:
    data = cell.find("{*}Data")
    if data is None:
        return ""
    text = "".join(data.itertext())
    match attribute(data, "Type"):
        case "Number":
            return print_number(float(text))
        case "DateTime":
            return text.partition(".")[0].replace("T", " ").removesuffix(" 00:00:00")
        case "Boolean":
            return "SANT" if text == "1" else "FALSKT"
    return text


def _notes(number: int, row: etree._Element, struck: set[str]) -> list[tuple[int, str, str]]:
    cells = [(attribute(cell, "StyleID"), _text(cell)) for cell in row.iterfind("{*}Cell")]
    notes = []
    if attribute(row, "Hidden") == "1":
        notes.append((number, "hidden_row", " | ".join(t for _, t in cells if t.strip())))
    return notes + [(number, "struck_through", t) for style, t in cells if style in struck and t]


def _is_struck(style: etree._Element) -> bool:
    return any(attribute(font, "StrikeThrough") == "1" for font in style.iter("{*}Font"))
