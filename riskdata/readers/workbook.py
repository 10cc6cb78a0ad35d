"""What an Excel workbook's XML says beside its values: sizes, hidden rows, struck-through text."""

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field

from lxml import etree

from riskdata.readers.limits import CELLS
from riskdata.readers.xml import attribute, parse_xml

# A row's or cell's reference so far off that the sheet's size must be counted: all others together
# reach over 9 999 rows and 702 columns, which is less than CELLS.
_FAR = re.compile(rb"r=[\"'](?:[A-Z]{3}|[A-Z]*\d{5})")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_NUMBER = re.compile(rb"\br=[\"'](\d+)")
_HIDDEN = re.compile(rb"\bhidden=[\"'](?:1|true)")
_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Z]+)(\d+)[\"'][^>]*(?<!/)>")
_TWO_LETTERS = re.compile(rb"\br=[\"']([A-Z]{2,3})\d")
_OFF = ("0", "false")


@dataclass(frozen=True)
class Seen:
    """What is known of a sheet beside its values.

    rows, columns: how far its cells reach, 0 where that is plainly not too far;
    hidden: 1-based numbers of its hidden rows;
    struck: 0-based (row, column) → the struck-through text, "" for the whole cell;
    merges: 0-based (top, left, bottom, right), where the reader of values does not tell them.
    """

    rows: int = 0
    columns: int = 0
    hidden: list[int] = field(default_factory=list)
    struck: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)


def look(archive: zipfile.ZipFile, name: str) -> dict[str, Seen]:
    """Return what is seen of each sheet, by the sheet's name."""
    styles, strings = _struck_styles(archive, name), _struck_strings(archive, name)
    return {
        sheet: _look_at_sheet(archive.read(part), styles, strings)
        for sheet, part in _sheets(archive, name).items()
        if part in archive.namelist()
    }


def _sheets(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    """Return each sheet's name and the part that holds it."""
    links = {
        attribute(link, "Id"): attribute(link, "Target")
        for link in _part(archive, "xl/_rels/workbook.xml.rels", name)
    }
    sheets = _part(archive, "xl/workbook.xml", name).iter("{*}sheet")
    return {attribute(s, "name"): _path(links.get(attribute(s, "id"), "")) for s in sheets}


def _path(target: str) -> str:
    """Return a part's name as the zip file has it: a link tells it from xl/ on, or from the top."""
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _look_at_sheet(xml: bytes, styles: set[int], strings: dict[int, str]) -> Seen:
    rows, columns = _outer_extent(xml) if _FAR.search(xml) else (0, 0)
    if rows * columns > CELLS:  # perhaps only formatted: see which cells hold anything
        rows, columns = _inner_extent(xml)
    struck = _struck_cells(xml, styles, strings) if b"strike" in xml or styles or strings else {}
    return Seen(rows, columns, _hidden_rows(xml), struck)


def _outer_extent(xml: bytes) -> tuple[int, int]:
    """Return how many rows and columns a sheet has at most (26 columns if they are fewer)."""
    numbers = (_NUMBER.search(row[1]) for row in _ROW.finditer(xml))
    letters = {cell[1] for cell in _TWO_LETTERS.finditer(xml)}
    rows = max((int(n[1]) for n in numbers if n), default=0)
    return rows, max(map(_column, letters), default=25) + 1


def _inner_extent(xml: bytes) -> tuple[int, int]:
    """Return how far the cells reach that hold anything."""
    rows, letters = 0, set()
    for cell in _CELL.finditer(xml):
        letters.add(cell[1])
        rows = max(rows, int(cell[2]))
    return rows, max(map(_column, letters), default=-1) + 1


def _hidden_rows(xml: bytes) -> list[int]:
    if b"hidden=" not in xml:
        return []
    hidden, last = [], 0
    for row in _ROW.finditer(xml):
        number = _NUMBER.search(row[1])
        last = int(number[1]) if number else last + 1
        if _HIDDEN.search(row[1]):
            hidden.append(last)
    return hidden


def _struck_styles(archive: zipfile.ZipFile, name: str) -> set[int]:
    """Return the cell formats whose font is struck through."""
    root = _part(archive, "xl/styles.xml", name, holding=b"strike")
    fonts = [_has_strike(font) for font in root.iterfind("{*}fonts/{*}font")]
    formats = root.iterfind("{*}cellXfs/{*}xf")
    chosen = [int(attribute(xf, "fontId", "0")) for xf in formats]
    return {n for n, font in enumerate(chosen) if font < len(fonts) and fonts[font]}


def _struck_strings(archive: zipfile.ZipFile, name: str) -> dict[int, str]:
    """Return the struck-through part of each shared text that has one."""
    strings = _part(archive, "xl/sharedStrings.xml", name, holding=b"strike").iterfind("{*}si")
    found = {n: _struck_runs(string) for n, string in enumerate(strings)}
    return {n: text for n, text in found.items() if text}


def _struck_cells(
    xml: bytes, styles: set[int], strings: dict[int, str]
) -> dict[tuple[int, int], str]:
    struck = {}
    cells = etree.iterparse(
        io.BytesIO(xml), tag="{*}c", resolve_entities=False, no_network=True, huge_tree=False
    )
    for _, cell in cells:
        place = re.fullmatch("([A-Z]+)([0-9]+)", cell.get("r", ""))
        text = _struck_runs(cell) or strings.get(_shared(cell), "")
        if place and (text or int(cell.get("s", "0")) in styles):
            struck[int(place[2]) - 1, _column(place[1].encode())] = text
        cell.clear()
    return struck


def _shared(cell: etree._Element) -> int:
    value = cell.findtext("{*}v", "")
    return int(value) if cell.get("t") == "s" and value.isdigit() else -1


def _struck_runs(element: etree._Element) -> str:
    runs = element.iter("{*}r")
    return "".join(run.findtext("{*}t") or "" for run in runs if _has_strike(run))


def _has_strike(element: etree._Element) -> bool:
    return any(attribute(s, "val", "1") not in _OFF for s in element.iter("{*}strike"))


def _part(archive: zipfile.ZipFile, part: str, name: str, holding: bytes = b"") -> etree._Element:
    """Return the root of a part; an empty one where it is missing or does not hold some bytes."""
    xml = archive.read(part) if part in archive.namelist() else b""
    return parse_xml(xml, name) if xml and holding in xml else etree.Element("none")


def _column(letters: bytes) -> int:
    """Return the 0-based column of A, B, … XFD."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
