"""Web pages with tables, as many systems save under the name .xls; also inside a .mht file."""

import email
import email.policy
import re
from collections.abc import Iterator

from lxml import etree

from riskdata.readers.grid import (
    Cell,
    Grid,
    Spans,
    Title,
    noted,
    raised,
    read_blocks,
    struck,
    take_notes,
)
from riskdata.readers.limits import COLUMNS, is_layout, local, parse_html, refusal
from riskdata.readers.text import decode

_BEGINS, _ENDS = re.compile(r"<table\b", re.I), re.compile(r"</table\b", re.I)
_NO_MARKUP = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1", re.I | re.S)
_SPACE = re.compile("[ \t\r\n\f]+")
_EDGE = re.compile("^[ \t]*[\r\n][ \t\r\n]*|[ \t\r\n]*[\r\n][ \t]*$")
_SKIPPED = ("script", "style", "head", "title", "template", "noscript", "datalist")
_CELLS = ("td", "th", "li", "p", "div", "table")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = ("p", "div", "li", "tr", "dt", "dd", "legend", "address", *_HEADINGS)
_UNPRINTED = ("hidden", "submit", "button", "image", "reset")  # kinds of controls
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?![.\d])",
    re.I,
)
_STRUCK = re.compile(r"text-decoration[^;]*line-through", re.I)
_CLASS_RULE = re.compile(r"\.([\w-]+)\s*\{([^}]*)")
_UNSEEN = re.compile(r"\b(?:sr-only|visually-hidden|screen-reader-text)\b")  # but read out
_ROLES = {"table": "table", "grid": "table", "treegrid": "table", "row": "tr"} | dict.fromkeys(
    ("cell", "gridcell", "columnheader", "rowheader"), "td"
)


def read(content: bytes, name: str) -> list[Grid]:
    """Return every table as a grid; text above a table comes as rows of one cell, numbered 0.

    ``numbers`` are table rows, counted on from table to table. What a cell prints stays (8,5);
    a form's controls say what is chosen in them, icons their text.
    Notes: ``hidden_row``, ``hidden_text``, ``struck_…`` (see ``grid``), ``footnote``, ``placeholder``,
    ``icon_read``, ``icon_unread``, ``outside_table`` (text that is no title).
    Raises ReadError when there is no table or its letters are of no known encoding.
    """
    is_page = content.lstrip(b"\xef\xbb\xbf\xfe\xff\0 \t\r\n").startswith(b"<")
    pages = [content] if is_page else _parts(content)
    grids = [grid for page in pages for grid in _read_page(page, name)]
    if not grids:
        raise refusal(name, "no_table_html")
    return grids


def _parts(content: bytes) -> list[bytes]:
    """Return the web pages inside a .mht file."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    pages = [part for part in message.walk() if part.get_content_type() == "text/html"]
    return [part.get_payload(decode=True) or b"" for part in pages]


def _read_page(content: bytes, name: str) -> list[Grid]:
    printed = decode(content, name)
    marked = _NO_MARKUP.sub("", printed)
    if len(_BEGINS.findall(marked)) > len(_ENDS.findall(marked)):
        raise refusal(name, "damaged", why=" (en tabell avslutas aldrig)")
    page = parse_html(printed, name)
    _add_styles(page)
    for element in list(page.iter("*")):
        _show(element)
    return read_blocks(_walk(page))


# -- what a browser shows ------------------------------------------------------------------------


def _add_styles(page: etree._Element) -> None:
    """Give each element the style of its classes beside its own."""
    styles = "".join(style.text or "" for style in page.iter("style"))
    looks = dict(_CLASS_RULE.findall(styles))
    for element in page.iter("*") if looks else ():
        own = [looks[name] for name in element.get("class", "").split() if name in looks]
        if own:
            element.set("style", ";".join([*own, element.get("style", "")]))


def _show(element: etree._Element) -> None:
    """Put what a browser shows of an element in its place; what it hides becomes a note."""
    tag = element.tag
    if tag in ("div", "span", "ul", "li"):
        element.tag = _ROLES.get(element.get("role", ""), tag)
    if tag not in ("tr", "table", "body", "html") and _is_hidden(element):
        element.tag = "hidden" if element.tag in ("td", "th") else element.tag  # it is no column
        _put(element, noted("hidden_text", _text(element)))
    elif tag == "input":
        kind = element.get("type", "text").lower()
        box = "☐ " if element.get("checked") is None else "☑ "
        shown = "" if kind in _UNPRINTED else element.get("value", "")
        _put(element, box if kind in ("checkbox", "radio") else shown)
    elif tag == "select":
        _select(element)
    elif tag in ("img", "svg", "i", "span") and not _text(element).strip():
        icon = element.get("alt") or element.get("title") or element.get("aria-label") or ""
        unread = noted("icon_unread", tag) if tag in ("img", "svg") else ""
        beside = " " if icon and _text_follows(element) else ""
        _put(element, noted("icon_read", icon) + icon + beside if icon else unread)
    elif tag == "svg":
        _put(element, noted("icon_read", icon := _text(element).strip()) + icon)
    elif tag == "sup":
        _put(element, raised(_text(element)))


def _text(element: etree._Element) -> str:
    return "".join(element.itertext())


def _text_follows(element: etree._Element) -> bool:
    """Return whether a text goes on where an element of a line ends, without a space between."""
    while not element.tail and element.getnext() is None and local(element) not in _CELLS:
        if (element := element.getparent()) is None:
            return False
    return local(element) not in _CELLS and bool((element.tail or "")[:1].strip())


def _put(element: etree._Element, text: str) -> None:
    element[:] = []
    element.text = re.sub("[\0-\x08\x0b-\x1f]", "", text)


def _is_hidden(element: etree._Element) -> bool:
    if element.get("hidden") is not None or _HIDDEN.search(element.get("style", "")):
        return True
    if not _UNSEEN.search(element.get("class", "")):
        return False
    cell = next(element.iterancestors("td", "th"), None)  # the only words that say what an icon is
    return cell is None or _words(cell) != _words(element)


def _words(element: etree._Element) -> list[str]:
    return take_notes(" ".join(element.itertext()))[0].split()


def _is_struck(element: etree._Element) -> bool:
    style = element.get("style")
    return element.tag in ("s", "strike", "del") or bool(style and _STRUCK.search(style))


def _select(element: etree._Element) -> None:
    """Show the chosen option, or the first one, as a browser does; an empty one is a prompt."""
    options = list(element.iter("option"))
    chosen = [option for option in options if option.get("selected") is not None]
    if not chosen and element.get("multiple") is None:
        chosen = options[:1]
    shown = ", ".join(_text(option).strip() for option in chosen)
    is_prompt = len(chosen) == 1 and chosen[0].get("value") == ""
    _put(element, noted("placeholder", shown) if is_prompt else shown)


# -- tables and the texts above them -------------------------------------------------------------


def _walk(page: etree._Element) -> Iterator[Title | Grid]:
    """Give the page's tables of data, and the blocks of text outside them, in order."""
    pending: list[str] = []
    level = 0
    for part, part_level in [*_pieces(page), ("\v", 0)]:
        if isinstance(part, str) and part != "\v":
            pending.append(part)
            level = part_level if part.strip() else level
            continue
        text, _ = take_notes("".join(pending))
        if text := _SPACE.sub(" ", text).strip():
            yield Title(text, max(level, 0), {0: "text", -1: "caption"}.get(level, "heading"))
        if not isinstance(part, str):
            yield _read_table(part)
        pending = []


def _pieces(
    element: etree._Element, level: int = 0, *, in_cell: bool = False
) -> Iterator[tuple[str | etree._Element, int]]:
    """Give texts with the level of the heading that they stand in, -1 in a caption; and tables.

    Where a browser breaks the line, a text is "\\v". In a cell tables are text too.
    """
    tag = local(element)
    if tag in _SKIPPED or not tag:
        return
    if tag == "table" and not in_cell and not is_layout(element, "table", ("td", "th")):
        captions = [piece for e in element.iterfind("caption") for piece in _pieces(e, -1)]
        yield from [("\v", 0), *captions, ("\v", 0), (element, 0)]
        return
    level = int(tag[1]) if tag in _HEADINGS else level
    is_block = tag in _BLOCKS or (not in_cell and tag in ("td", "th", "table", "caption"))
    if is_block or tag == "br":
        yield "\v", level
    yield _bullet(element) if in_cell and tag == "li" else "", level
    yield element.text or "", level
    for child in element:
        pieces = _pieces(child, level, in_cell=in_cell)
        if in_cell and _is_struck(child):
            pieces = [(struck("".join(text for text, _ in pieces)), level)]
        yield from pieces
        yield " " if in_cell and local(child) in ("td", "th") else "", level
        yield child.tail or "", level
    if is_block:
        yield "\v", level


def _read_table(table: etree._Element) -> Grid:
    spans = Spans()
    for number, row in enumerate(_rows(table), 1):
        cells = []
        for cell in row.iterchildren("td", "th", "hidden"):
            text, notes = _read_cell(cell)
            spans.notes += [(number, *note) for note in notes]
            reach = _span(cell, "rowspan"), _span(cell, "colspan")
            cells += [Cell(text, *reach)] if cell.tag != "hidden" else []
        spans.add_row(number, cells)
        if _is_hidden(row):
            texts = filter(str.strip, (cell.text for cell in cells))
            spans.notes.append((number, "hidden_row", " | ".join(texts)))
    return spans.grid()


def _rows(table: etree._Element) -> list[etree._Element]:
    """Return a table's rows, those of its foot last."""
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    return sorted(rows, key=lambda row: local(row.getparent()) == "tfoot")


def _span(cell: etree._Element, name: str) -> int:
    """Return how far a cell stretches; what is no number counts as 1, as in a browser."""
    printed = (cell.get(name) or "").strip()
    return min(max(int(printed), 1), COLUMNS) if re.fullmatch("[0-9]{1,9}", printed) else 1


def _read_cell(cell: etree._Element) -> tuple[str, list[tuple[str, str]]]:
    """Return a cell's text as a browser shows it, but for a single space before or after it.

    That one may be what a lost mark left; spaces beside a line break in the file are only layout.
    """
    text = "".join(text for text, _ in _pieces(cell, in_cell=True))
    is_struck = _is_struck(cell) or _is_struck(cell.getparent())
    text, notes = take_notes(struck(text) if is_struck else text)
    text = re.sub(" ?\v+ ?", "\n", _SPACE.sub(" ", _EDGE.sub("", text)))
    return text.strip("\n"), notes


def _bullet(item: etree._Element) -> str:
    """Return what a browser shows before an item of a list that has several."""
    items = list(item.itersiblings("li", preceding=True)), list(item.itersiblings("li"))
    if not any(items) or "none" in item.getparent().get("style", ""):
        return ""
    return f"{len(items[0]) + 1}. " if local(item.getparent()) == "ol" else "• "
