"""Web pages with tables, as many systems save under the name .xls; also inside a .mht file."""

import email
import email.policy
import re
from collections.abc import Iterator

from lxml import etree

from riskdata.readers.grid import (
    COLUMNS,
    Cell,
    Grid,
    is_layout,
    lay_out,
    local,
    noted,
    parse_html,
    raised,
    read_blocks,
    refusal,
    struck,
    take_notes,
)
from riskdata.readers.text import decode

_BEGINS, _ENDS = re.compile(r"<table\b", re.I), re.compile(r"</table\b", re.I)
_NO_MARKUP = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1", re.I | re.S)
_SPACE = re.compile("[ \t\r\n\f]+")
_EDGE = re.compile("^[ \t]*[\r\n][ \t\r\n]*|[ \t\r\n]*[\r\n][ \t]*$")
_CONTROL = re.compile("[\0-\x08\x0b-\x1f]")
_SKIPPED = ("script", "style", "head", "title", "template", "noscript", "datalist", "")
_BLOCKS = ("p", "div", "li", "tr", "dt", "dd", "legend", "address", *(f"h{n}" for n in range(1, 7)))
_PARTED = ("td", "th", "table", "caption", *_BLOCKS)  # outside of a cell
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
_ICON = "\ufdd5"  # stands behind an icon's text, which no space parts from the next
_BESIDE_ICON = re.compile(rf"{_ICON}(?=[^\s{_ICON}])")


def read(content: bytes, name: str) -> list[Grid]:
    """Return every table as a grid; text above a table comes as rows of one cell, numbered 0.

    ``numbers`` are table rows, counted on from table to table. What a cell prints stays (8,5);
    a form's controls say what is chosen in them, icons their text.
    Notes: ``hidden_row``, ``hidden_text``, ``struck_…`` (see ``grid``), ``footnote``, ``placeholder``,
    ``icon_read``, ``icon_unread``, ``outside_table`` (text that is no title).
    Raises ReadError when there is no table or its letters are of no known encoding.
    """
    pages = [content]
    if not content.lstrip(b"\xef\xbb\xbf\xfe\xff\0 \t\r\n").startswith(b"<"):  # a .mht file
        message = email.message_from_bytes(content, policy=email.policy.default)
        parts = [part for part in message.walk() if part.get_content_type() == "text/html"]
        pages = [part.get_payload(decode=True) or b"" for part in parts]
    grids = [grid for page in pages for grid in _read_page(page, name)]
    if not grids:
        raise refusal(name, "no_table_html")
    return grids


def _read_page(content: bytes, name: str) -> list[Grid]:
    printed = decode(content, name)
    marked = _NO_MARKUP.sub("", printed)
    if len(_BEGINS.findall(marked)) > len(_ENDS.findall(marked)):
        raise refusal(name, "damaged", why=" (en tabell avslutas aldrig)")
    page = parse_html(printed, name)
    looks = dict(_CLASS_RULE.findall("".join(style.text or "" for style in page.iter("style"))))
    for element in list(page.iter("*")):
        own = [looks[c] for c in element.get("class", "").split() if c in looks] if looks else []
        if own:
            element.set("style", ";".join([*own, element.get("style", "")]))
        _show(element)
    if page.find(".//table") is None:
        for listed in list(page.iter("dl")):
            _lay_out_terms(listed)
    return read_blocks(_blocks(page))


def _lay_out_terms(listed: etree._Element) -> None:
    """Make a list of terms a table: a row for each term, with what is said of it beside."""
    terms, row = list(listed.iter("dt", "dd")), None
    listed.tag, listed[:] = "table", []
    for term in terms:
        if row is None or term.tag == "dt":
            row = etree.SubElement(listed, "tr")
        term.tag = "td"
        row.append(term)


# -- what a browser shows ------------------------------------------------------------------------


def _show(element: etree._Element) -> None:
    """Put what a browser shows of an element in its place; what it hides becomes a note."""
    tag, shown = element.tag, None
    if tag in ("div", "span", "ul", "li"):
        element.tag = _ROLES.get(element.get("role", ""), tag)
    if tag not in ("tr", "table", "body", "html") and _is_hidden(element):
        element.tag = "hidden" if element.tag in ("td", "th") else element.tag  # it is no column
        shown = noted("hidden_text", _text(element))
    elif tag == "input":
        kind = element.get("type", "text").lower()
        shown = "" if kind in _UNPRINTED else element.get("value", "")
        if kind in ("checkbox", "radio"):
            shown = "☐ " if element.get("checked") is None else "☑ "
    elif tag == "select":
        shown = _chosen(element)
    elif tag == "svg" or (tag in ("img", "i", "span") and not _text(element).strip()):
        icon = element.get("alt") or element.get("title") or element.get("aria-label")
        icon = _text(element).strip() or icon or ""
        unread = noted("icon_unread", tag) if tag in ("img", "svg") else ""
        shown = noted("icon_read", icon) + icon + _ICON if icon else unread
    elif tag == "sup":
        shown = raised(_text(element))
    if shown is not None:
        element[:] = []
        element.text = _CONTROL.sub("", shown)


def _text(element: etree._Element) -> str:
    return "".join(element.itertext())


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
    return element.tag in ("s", "strike", "del") or bool(_STRUCK.search(element.get("style") or ""))


def _chosen(select: etree._Element) -> str:
    """Return the chosen option, or the first one, as a browser does; an empty one is a prompt."""
    options = list(select.iter("option"))
    chosen = [option for option in options if option.get("selected") is not None]
    if not chosen and select.get("multiple") is None:
        chosen = options[:1]
    shown = ", ".join(_text(option).strip() for option in chosen)
    is_prompt = len(chosen) == 1 and chosen[0].get("value") == ""
    return noted("placeholder", shown) if is_prompt else shown


# -- tables and the texts above them -------------------------------------------------------------


def _blocks(page: etree._Element) -> Iterator[str | Grid]:
    """Give the page's tables of data, and the blocks of text outside them, in order."""
    pending: list[str] = []
    for part in [*_pieces(page), "\v"]:
        if isinstance(part, str) and part != "\v":
            pending.append(part)
            continue
        text = _BESIDE_ICON.sub(" ", take_notes("".join(pending))[0]).replace(_ICON, "")
        yield from filter(None, [_SPACE.sub(" ", text).strip()])
        if not isinstance(part, str):
            yield _table(part)
        pending = []


def _pieces(element: etree._Element, *, in_cell: bool = False) -> Iterator[str | etree._Element]:
    """Give the texts and tables; where a browser breaks the line, "\\v". In a cell tables are text."""
    tag = local(element)
    if tag in _SKIPPED:
        return
    if tag == "table" and not in_cell and not is_layout(element, "table", ("td", "th")):
        captions = [piece for e in element.iterfind("caption") for piece in _pieces(e)]
        yield from ["\v", *captions, "\v", element]
        return
    is_block = tag in (_BLOCKS if in_cell else _PARTED)
    if is_block or tag == "br":
        yield "\v"
    yield _bullet(element) if in_cell and tag == "li" else ""
    yield element.text or ""
    for child in element:
        pieces = _pieces(child, in_cell=in_cell)
        yield from [struck("".join(pieces))] if in_cell and _is_struck(child) else pieces
        yield " " if in_cell and child.tag in ("td", "th") else ""
        yield child.tail or ""
    if is_block:
        yield "\v"


def _table(table: etree._Element) -> Grid:
    rows, notes = [], []
    lines = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    lines.sort(key=lambda row: local(row.getparent()) == "tfoot")  # a foot is shown last
    for number, row in enumerate(lines, 1):
        cells = []
        for cell in row.iterchildren("td", "th", "hidden"):
            text, seen = _cell(cell)
            notes += [(number, *note) for note in seen]
            if cell.tag != "hidden":
                inner = [*cell.iter("table")]
                nested = _table(inner[0]) if len(inner) == 1 else None
                cells.append(
                    Cell(text, _span(cell, "rowspan"), _span(cell, "colspan"), None, nested)
                )
        rows.append((number, cells))
        if _is_hidden(row):
            texts = filter(str.strip, (cell.text for cell in cells))
            notes.append((number, "hidden_row", " | ".join(texts)))
    return lay_out(rows, notes)


def _span(cell: etree._Element, name: str) -> int:
    """Return how far a cell stretches; what is no number counts as 1, as in a browser."""
    printed = (cell.get(name) or "").strip()
    return min(max(int(printed), 1), COLUMNS) if re.fullmatch("[0-9]{1,9}", printed) else 1


def _cell(cell: etree._Element) -> tuple[str, list[tuple[str, str]]]:
    """Return a cell's text as a browser shows it, but for a single space before or after it.

    That one may be what a lost mark left; spaces beside a line break in the file are only layout.
    """
    text = "".join(_pieces(cell, in_cell=True))
    is_struck = _is_struck(cell) or _is_struck(cell.getparent())
    text, notes = take_notes(struck(text) if is_struck else text)
    text = _BESIDE_ICON.sub(" ", text).replace(_ICON, "")
    text = re.sub(" ?\v+ ?", "\n", _SPACE.sub(" ", _EDGE.sub("", text)))
    return text.strip("\n"), notes


def _bullet(item: etree._Element) -> str:
    """Return what a browser shows before an item of a list that has several."""
    items = list(item.itersiblings("li", preceding=True)), list(item.itersiblings("li"))
    if not any(items) or "none" in item.getparent().get("style", ""):
        return ""
    return f"{len(items[0]) + 1}. " if local(item.getparent()) == "ol" else "• "
