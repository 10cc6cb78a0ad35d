"""Web pages with tables, as many systems save under the name .xls; also inside a .mht file."""

import email
import email.policy
import re
from collections.abc import Iterator

from lxml import etree

from riskdata.errors import ReadError
from riskdata.readers.faults import damaged
from riskdata.readers.grid import Grid
from riskdata.readers.limits import COLUMNS
from riskdata.readers.spans import Cell, Spans, read_blocks
from riskdata.readers.text import BOMS, decode
from riskdata.readers.xml import local, parse_html

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_BEGINS, _ENDS = re.compile(r"<table\b", re.I), re.compile(r"</table\b", re.I)
_SPACE = re.compile("[ \t\r\n\f]+")
_EDGE = re.compile("^[ \t]*[\r\n][ \t\r\n]*|[ \t\r\n]*[\r\n][ \t]*$")
_SKIPPED = ("script", "style", "head", "title", "template", "noscript")
_BLOCKS = ("p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6")
_STRUCK = ("s", "strike", "del")
_HIDDEN = re.compile(r"display\s*:\s*none")
_LINE_THROUGH = re.compile(r"text-decoration[^;]*line-through")


def read(content: bytes, name: str) -> list[Grid]:
    """Return every table as a grid; text above a table comes as rows of one cell, numbered 0.

    ``numbers`` are table rows, counted on from table to table. What a cell prints stays (8,5).
    Notes: ``hidden_row``, ``struck_through``, ``outside_table`` (text that is no title).
    Raises ReadError when there is no table or its letters are of no known encoding.
    """
    is_page = content.lstrip(b"\xef\xbb\xbf\xfe\xff\0 \t\r\n").startswith(b"<")
    pages = [content] if is_page else _parts(content)
    grids = [grid for page in pages for grid in _read_page(page, name)]
    if not grids:
        raise ReadError(
            f"{name}: filen är en webbsida utan tabell (kanske en inloggningssida eller ett "
            "felmeddelande). Öppna den i en webbläsare och se efter; exportera sedan på nytt."
        )
    return grids


def _parts(content: bytes) -> list[bytes]:
    """Return the web pages inside a .mht file."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    pages = [part for part in message.walk() if part.get_content_type() == "text/html"]
    return [part.get_payload(decode=True) or b"" for part in pages]


def _read_page(content: bytes, name: str) -> list[Grid]:
    printed = _decode(content, name)
    if len(_BEGINS.findall(printed)) > len(_ENDS.findall(printed)):
        raise damaged(name, "en tabell avslutas aldrig")
    return read_blocks(_walk(parse_html(printed, name)), _add_table)


def _decode(content: bytes, name: str) -> str:
    """Return the page's text: by its byte order mark or the charset that it names, else as text."""
    named = _CHARSET.search(content[:4096])
    if named and not any(content.startswith(bom) for bom, _ in BOMS):
        try:
            return content.decode(named[1].decode())
        except (LookupError, UnicodeDecodeError):
            pass  # what it names is not what it is: tell by its letters instead
    return decode(content, name)


def _walk(element: etree._Element) -> Iterator[str | etree._Element]:
    """Give the page's tables of data, and the blocks of text outside them, in order."""
    pending: list[str] = []
    for part in _pieces(element):
        if isinstance(part, str) and part != "\n":
            pending.append(part)
            continue
        text = _SPACE.sub(" ", "".join(pending)).strip()
        pending = []
        if text:
            yield text
        if not isinstance(part, str):
            yield part
    text = _SPACE.sub(" ", "".join(pending)).strip()
    if text:
        yield text


def _pieces(element: etree._Element) -> Iterator[str | etree._Element]:
    tag = local(element)
    if tag in _SKIPPED or not tag:
        return
    if tag == "table" and not _is_layout(element):
        yield element
        return
    if tag in _BLOCKS or tag in ("br", "td", "th", "table"):
        yield "\n"
    yield element.text or ""
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""
    if tag in _BLOCKS or tag in ("td", "th", "table"):
        yield "\n"


def _is_layout(table: etree._Element) -> bool:
    """Return whether a table only puts other tables in place: most of its cells are theirs."""
    inner = [t for t in table.iter("table") if t is not table]
    theirs = sum(1 for t in inner for _ in t.iter("td", "th"))
    return 2 * theirs > sum(1 for _ in table.iter("td", "th"))


def _add_table(table: etree._Element, spans: Spans, last: int) -> None:
    """Add the rows of a table, numbered from the last one on."""
    for number, row in enumerate(_rows(table), last + 1):
        cells = [cell for cell in row if local(cell) in ("td", "th")]
        texts = [_cell_text(cell) for cell in cells]
        reach = [(_span(cell, "rowspan"), _span(cell, "colspan")) for cell in cells]
        spans.add_row(number, [Cell(t, *r) for t, r in zip(texts, reach, strict=True)])
        spans.notes += _notes(number, row, cells, texts)


def _rows(table: etree._Element) -> list[etree._Element]:
    return [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]


def _span(cell: etree._Element, name: str) -> int:
    """Return how far a cell stretches; what is no number counts as 1, as in a browser."""
    printed = cell.get(name, "1").strip()
    return min(max(int(printed), 1), COLUMNS) if re.fullmatch("[0-9]{1,9}", printed) else 1


def _cell_text(cell: etree._Element) -> str:
    """Return a cell's text as a browser shows it, but for a single space before or after it.

    That one may be what a lost mark left; spaces beside a line break in the file are only layout.
    """
    text = _EDGE.sub("", "".join(_texts(cell)))
    text = _SPACE.sub(" ", text)
    return re.sub(" ?\v+ ?", "\n", text).strip("\n")


def _texts(element: etree._Element) -> Iterator[str]:
    tag = local(element)
    if tag in _SKIPPED or not tag:
        return
    if tag in _BLOCKS or tag == "br":
        yield "\v"
    yield element.text or ""
    for child in element:
        yield from _texts(child)
        yield child.tail or ""
    if tag in _BLOCKS:
        yield "\v"


def _notes(
    number: int, row: etree._Element, cells: list[etree._Element], texts: list[str]
) -> list[tuple[int, str, str]]:
    notes = []
    if _HIDDEN.search(row.get("style", "")):
        notes.append((number, "hidden_row", " | ".join(filter(str.strip, texts))))
    for cell in cells:
        struck = [e for e in cell.iter("*") if local(e) in _STRUCK or _is_struck(e)]
        notes += [(number, "struck_through", "".join(_texts(e)).strip()) for e in struck]
    return notes


def _is_struck(element: etree._Element) -> bool:
    return bool(_LINE_THROUGH.search(element.get("style", "")))
