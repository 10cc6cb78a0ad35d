"""Web pages with tables, as many systems save under the name .xls; also inside a .mht file."""

import email
import email.policy
import re
from collections.abc import Iterator

from lxml import etree

from riskdata.readers.grid import RAISED, Cell, Grid, Note, Spans, Title, read_blocks
from riskdata.readers.limits import COLUMNS, is_layout, local, parse_html, refusal
from riskdata.readers.text import BOMS, decode

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_BEGINS, _ENDS = re.compile(r"<table\b", re.I), re.compile(r"</table\b", re.I)
_NO_MARKUP = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1", re.I | re.S)
_SPACE = re.compile("[ \t\r\n\f]+")
_EDGE = re.compile("^[ \t]*[\r\n][ \t\r\n]*|[ \t\r\n]*[\r\n][ \t]*$")
_SKIPPED = ("script", "style", "head", "title", "template", "noscript", "datalist")
_CELLS = ("td", "th", "li", "p", "div", "table")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = ("p", "div", "li", "tr", "dt", "dd", "legend", "address", *_HEADINGS)
_UNPRINTED = ("hidden", "submit", "button", "image", "reset")  # kinds of controls
_STRUCK = ("s", "strike", "del")
_HIDDEN = (
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?![.\d])"
)
_IS_HIDDEN = re.compile(_HIDDEN, re.I)
_HIDING_RULE = re.compile(r"\.([\w-]+)\s*\{[^}]*(?:" + _HIDDEN + ")", re.I)
_UNSEEN = re.compile(r"\b(?:sr-only|visually-hidden|screen-reader-text)\b")  # but read out
_LINE_THROUGH = re.compile(r"text-decoration[^;]*line-through")
_FOOTNOTE = re.compile(r"\[?[\d*†‡a-z]{1,2}\]?\)?")
_ROLES = {"table": "table", "grid": "table", "treegrid": "table", "row": "tr"} | dict.fromkeys(
    ("cell", "gridcell", "columnheader", "rowheader"), "td"
)
_NOTE = "riskdata-"  # an attribute that tells of a rule what was seen


def read(content: bytes, name: str) -> list[Grid]:
    """Return every table as a grid; text above a table comes as rows of one cell, numbered 0.

    ``numbers`` are table rows, counted on from table to table. What a cell prints stays (8,5);
    a form's controls say what is chosen in them, icons their text.
    Notes: ``hidden_row``, ``hidden_text``, ``struck_through``, ``footnote``, ``placeholder``,
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
    printed = _decode(content, name)
    marked = _NO_MARKUP.sub("", printed)
    if len(_BEGINS.findall(marked)) > len(_ENDS.findall(marked)):
        raise refusal(name, "damaged", why=" (en tabell avslutas aldrig)")
    page = parse_html(printed, name)
    hiding = {
        rule[1] for style in page.iter("style") for rule in _HIDING_RULE.finditer(style.text or "")
    }
    for element in list(page.iter("*")):
        _show(element, hiding)
    return read_blocks(_walk(page), _read_table)


def _decode(content: bytes, name: str) -> str:
    """Return the page's text: by its byte order mark or the charset that it names, else as text."""
    named = _CHARSET.search(content[:4096])
    if named and not any(content.startswith(bom) for bom, _ in BOMS):
        try:
            return content.decode(named[1].decode())
        except (LookupError, UnicodeDecodeError):
            pass  # what it names is not what it is: tell by its letters instead
    return decode(content, name)


# -- what a browser shows ------------------------------------------------------------------------


def _show(element: etree._Element, hiding: set[str]) -> None:
    """Put what a browser shows of an element in its place; what it hides is kept as a note."""
    tag = element.tag
    element.tag = (
        _ROLES.get(element.get("role", ""), tag) if tag in ("div", "span", "ul", "li") else tag
    )
    if tag not in ("tr", "table", "body", "html") and _is_hidden(element, hiding):
        _put(element, "", "hidden_text", "".join(element.itertext()))
    elif tag == "input":
        kind = element.get("type", "text").lower()
        box = "☐ " if element.get("checked") is None else "☑ "
        shown = "" if kind in _UNPRINTED else element.get("value", "")
        _put(element, box if kind in ("checkbox", "radio") else shown)
    elif tag == "select":
        _select(element)
    elif tag in ("img", "svg", "i", "span") and not "".join(element.itertext()).strip():
        icon = element.get("alt") or element.get("title") or element.get("aria-label") or ""
        unread = "icon_unread" if tag in ("img", "svg") else ""
        beside = " " if icon and _text_follows(element) else ""
        _put(element, icon + beside, "icon_read" if icon else unread, icon or tag)
    elif tag == "svg":
        _put(element, text := "".join(element.itertext()).strip(), "icon_read", text)
    elif tag == "sup" and _FOOTNOTE.fullmatch(sign := "".join(element.itertext()).strip()):
        digits = sign.strip("[]()")
        _put(element, digits.translate(RAISED) if digits.isdigit() else "")
        if not digits.isdigit():
            element.set(f"{_NOTE}footnote", sign)


def _text_follows(element: etree._Element) -> bool:
    """Return whether a text goes on where an element of a line ends, without a space between."""
    while not element.tail and element.getnext() is None and local(element) not in _CELLS:
        if (element := element.getparent()) is None:
            return False
    return local(element) not in _CELLS and bool((element.tail or "")[:1].strip())


def _put(element: etree._Element, text: str, rule: str = "", seen: str = "") -> None:
    tail = element.tail
    notes = {key: value for key, value in element.attrib.items() if key in ("colspan", "rowspan")}
    element.clear()
    element.text, element.tail = text, tail
    element.attrib.update(notes)
    if rule and seen.strip():
        element.set(
            f"{_NOTE}{rule}", _SPACE.sub(" ", re.sub("[\0-\x08\x0b-\x1f]", "", seen)).strip()
        )


def _is_hidden(element: etree._Element, hiding: set[str]) -> bool:
    told = element.get("hidden") is not None or _IS_HIDDEN.search(element.get("style", ""))
    classes = element.get("class", "")
    if told or not hiding.isdisjoint(classes.split()):
        return True
    if not _UNSEEN.search(classes):
        return False
    cell = next(element.iterancestors("td", "th"), None)  # the only words that say what an icon is
    return cell is None or _words(cell) != _words(element)


def _words(element: etree._Element) -> list[str]:
    return " ".join(element.itertext()).split()


def _select(element: etree._Element) -> None:
    """Show the chosen option, or the first one, as a browser does; an empty one is a prompt."""
    options = list(element.iter("option"))
    chosen = [option for option in options if option.get("selected") is not None]
    if not chosen and element.get("multiple") is None:
        chosen = options[:1]
    texts = ["".join(option.itertext()).strip() for option in chosen]
    if len(chosen) == 1 and chosen[0].get("value") == "":
        _put(element, "", "placeholder", texts[0])
    else:
        _put(element, ", ".join(texts))


# -- tables and the texts above them -------------------------------------------------------------


def _walk(page: etree._Element) -> Iterator[Title | etree._Element]:
    """Give the page's tables of data, and the blocks of text outside them, in order."""
    pending: list[str] = []
    level = 0
    for part, part_level in [*_pieces(page), ("\v", 0)]:
        if isinstance(part, str) and part != "\v":
            pending.append(part)
            level = part_level if part.strip() else level
            continue
        if text := _SPACE.sub(" ", "".join(pending)).strip():
            yield Title(text, max(level, 0), {0: "text", -1: "caption"}.get(level, "heading"))
        if not isinstance(part, str):
            yield part
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
        yield from _pieces(child, level, in_cell=in_cell)
        yield " " if in_cell and local(child) in ("td", "th") else "", level
        yield child.tail or "", level
    if is_block:
        yield "\v", level


def _read_table(table: etree._Element) -> Grid:
    spans = Spans()
    for number, row in enumerate(_rows(table), 1):
        cells = [
            c for c in row if local(c) in ("td", "th") and c.get(f"{_NOTE}hidden_text") is None
        ]
        texts = [_cell_text(cell) for cell in cells]
        reach = [(_span(cell, "rowspan"), _span(cell, "colspan")) for cell in cells]
        spans.add_row(number, [Cell(t, *r) for t, r in zip(texts, reach, strict=True)])
        spans.notes += _notes(number, row, cells, texts)
    return spans.grid()


def _rows(table: etree._Element) -> list[etree._Element]:
    """Return a table's rows, those of its foot last."""
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    return sorted(rows, key=lambda row: local(row.getparent()) == "tfoot")


def _span(cell: etree._Element, name: str) -> int:
    """Return how far a cell stretches; what is no number counts as 1, as in a browser."""
    printed = cell.get(name, "1").strip()
    return min(max(int(printed), 1), COLUMNS) if re.fullmatch("[0-9]{1,9}", printed) else 1


def _cell_text(cell: etree._Element) -> str:
    """Return a cell's text as a browser shows it, but for a single space before or after it.

    That one may be what a lost mark left; spaces beside a line break in the file are only layout.
    """
    text = _EDGE.sub("", "".join(text for text, _ in _pieces(cell, in_cell=True)))
    return re.sub(" ?\v+ ?", "\n", _SPACE.sub(" ", text)).strip("\n")


def _bullet(item: etree._Element) -> str:
    """Return what a browser shows before an item of a list that has several."""
    items = list(item.itersiblings("li", preceding=True)), list(item.itersiblings("li"))
    if not any(items) or "none" in item.getparent().get("style", ""):
        return ""
    return f"{len(items[0]) + 1}. " if local(item.getparent()) == "ol" else "• "


def _notes(
    number: int, row: etree._Element, cells: list[etree._Element], texts: list[str]
) -> Iterator[Note]:
    if _is_hidden(row, set()):
        yield number, "hidden_row", " | ".join(filter(str.strip, texts))
    for element in row.iter("*"):
        for key, seen in element.attrib.items():
            if key.startswith(_NOTE):
                yield number, key.removeprefix(_NOTE), seen
    for cell in cells:
        for e in cell.iter("*"):
            if local(e) in _STRUCK or _LINE_THROUGH.search(e.get("style", "")):
                text = "".join(text for text, _ in _pieces(e, in_cell=True))
                yield number, "struck_through", text.strip()
