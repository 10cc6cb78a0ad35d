"""Word documents (.docx): every table as it would be printed, tracked changes counted as accepted."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple

from lxml import etree

from riskdata.readers.grid import (
    Cell,
    Grid,
    Note,
    Spans,
    Title,
    noted,
    raised,
    read_blocks,
    struck,
    take_notes,
)
from riskdata.readers.limits import attribute, is_layout, local, open_zip, parse_xml, refusal

# Text that is not printed: deleted or moved away, and what older programs show instead of a shape.
_NOT_PRINTED = ("del", "moveFrom", "Fallback", "instrText", "delText", "rPr", "pPr", "sdtPr")
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
_REFERENCES = {
    "footnoteReference": ("footnotes", "footnote"),
    "endnoteReference": ("endnotes", "footnote"),
    "commentReference": ("comments", "cell_comment"),
}
_NOT_IN_CELL = {"txbxContent", "del", "moveFrom", "Fallback"}
_OFF = ("0", "false", "none")
_PROMPTS = ("placeholdertext", "platshållartext", "platshllartext")  # the style of an empty field
_ALT_LETTERS = 60  # a longer text of a picture describes it: it is no icon


def read(content: bytes, name: str) -> list[Grid]:
    """Return every table as a grid "tabell 1", …; text above it as rows of one cell, numbered 0.

    ``numbers`` are table rows, counted on from table to table, so that each tells one row of the
    document. A check box is ☑ or ☐, a list's number stands before its text.
    Notes: ``struck_…`` (see ``grid``), ``deleted_text``, ``deleted_row``, ``placeholder``,
    ``hidden_text``, ``footnote``, ``cell_comment``, ``icon_read``, ``icon_unread``,
    ``outside_table`` (text that is no title).
    Raises ReadError when the document is damaged or has no table.
    """
    with open_zip(content, name) as archive:
        grids = _Document(archive, name).read()
    if not grids:
        raise refusal(name, "no_table_word")
    return grids


class _Document:
    """A document's parts, and what of its text is printed."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self.archive, self.name = archive, name
        self.numbering = _Numbering(self._part("numbering"), self.styles)

    def read(self) -> list[Grid]:
        """Return a grid for each table, below what stands in the page headers."""
        headers = sorted(p[5:-4] for p in self.archive.namelist() if p.startswith("word/header"))
        lines = [self._paragraph(p) for h in headers for p in self._part(h).iter("{*}p")]
        texts = dict.fromkeys(take_notes(line)[0].strip() for line in lines)
        above = [Title(text, 0, "page_header") for text in texts if text]
        return read_blocks([*above, *self._blocks(self._part("document"))])

    def _part(self, part: str) -> etree._Element:
        path = f"word/{part}.xml"
        if path not in self.archive.namelist():
            return etree.Element("none")
        return parse_xml(self.archive.read(path), self.name)

    @cached_property
    def styles(self) -> dict[str, etree._Element]:
        """The document's styles by their id."""
        return {attribute(s, "styleId"): s for s in self._part("styles").iterfind("{*}style")}

    @cached_property
    def asides(self) -> dict[str, dict[str, str]]:
        """The texts of footnotes, endnotes and comments by their kind and number."""
        return {
            kind: {
                attribute(e, "id"): " ".join("".join(e.itertext("{*}t")).split())
                for e in self._part(kind)
            }
            for kind in ("footnotes", "endnotes", "comments")
        }

    # -- blocks ----------------------------------------------------------------------------------

    def _blocks(self, element: etree._Element) -> Iterator[Title | Note | Grid]:
        """Give the tables and the text of the paragraphs outside them, in order."""
        for child in element:
            tag = local(child)
            if tag == "tbl" and not is_layout(child, "{*}tbl", ("{*}tc",)):
                yield self._read_table(child)
            elif tag == "altChunk":
                yield from self._chunk(attribute(child, "id"))
            elif tag == "p":
                boxes = [b for b in child.iter("{*}txbxContent") if b.find(".//{*}tbl") is not None]
                text, notes = take_notes("" if boxes else self._paragraph(child))
                yield from ((0, rule, seen) for rule, seen in notes)
                if text.strip():
                    yield Title(text.strip(), *self._level(child))
                for box in boxes:
                    if next(box.iterancestors("{*}Fallback"), None) is None:
                        yield from self._blocks(box)
            elif tag not in _NOT_PRINTED:  # content controls, custom XML, layout tables
                yield from self._blocks(child)

    def _chunk(self, link: str) -> list[Grid]:
        """Return the grids of a document that is kept inside this one."""
        from riskdata.readers.sandbox import read_content

        links = parse_xml(self.archive.read("word/_rels/document.xml.rels"), self.name)
        target = next((attribute(e, "Target") for e in links if attribute(e, "Id") == link), "")
        path = posixpath.normpath(posixpath.join("/word", target)).lstrip("/")
        return read_content(self.archive.read(path), self.name)

    def _level(self, paragraph: etree._Element) -> tuple[int, str]:
        """Return the level of a heading, and what kind of text a paragraph is."""
        key = _value(paragraph, "{*}pPr/{*}pStyle")
        style = self.styles.get(key, paragraph)
        named = _value(style, "{*}name", key).lower()
        if numbered := re.fullmatch(r"(?:heading|rubrik).*(\d)", named):
            return int(numbered[1]), "heading"
        outlines = [_value(e, "{*}pPr/{*}outlineLvl") for e in (paragraph, style)]
        if "0" <= (outlines[0] or outlines[1]) < "9":
            return int(outlines[0] or outlines[1]) + 1, "heading"
        return 0, {"title": "title", "rubrik": "title", "caption": "caption"}.get(named, "text")

    # -- tables ----------------------------------------------------------------------------------

    def _read_table(self, table: etree._Element) -> Grid:
        spans = Spans()
        rows = [row for row in table.iter("{*}tr") if next(row.iterancestors("{*}tbl")) is table]
        for number, row in enumerate(rows, 1):
            cells, notes = self._cells(row)
            if row.find("{*}trPr/{*}del") is None:
                spans.add_row(number, cells)
                spans.notes += [(number, *note) for note in notes]
            else:
                text = " | ".join(cell.text for cell in cells if cell.text.strip())
                spans.notes.append((number, "deleted_row", text))
        return spans.grid()

    def _cells(self, row: etree._Element) -> tuple[list[Cell], list[tuple[str, str]]]:
        """Return a row's cells, and what is seen in them as (rule, text)."""
        at = int(_value(row, "{*}trPr/{*}gridBefore", "0"))
        cells, seen = [], []
        for cell in row.iter("{*}tc"):
            if next(cell.iterancestors("{*}tr")) is not row:
                continue
            merge = cell.find("{*}tcPr/{*}vMerge")
            across = int(_value(cell, "{*}tcPr/{*}gridSpan", "1"))
            state = "" if merge is None else attribute(merge, "val", "continue")
            is_blank = state == "continue" and not "".join(cell.itertext("{*}t"))
            text, notes = take_notes("" if is_blank else self._cell(cell))
            cells.append(Cell(text.strip("\n"), 1, across, at, state))
            seen += notes
            at += across
        return cells, seen

    def _cell(self, cell: etree._Element) -> str:
        """Return the text of a cell; one bullet alone is no list and is left out."""
        paragraphs = []
        for p in cell.iter("{*}p"):
            between = takewhile(lambda element: element is not cell, p.iterancestors())
            if _NOT_IN_CELL.isdisjoint(map(local, between)):
                paragraphs.append(self._paragraph(p))
        if sum(text.startswith("• ") for text in paragraphs) == 1:
            paragraphs = [text.removeprefix("• ") for text in paragraphs]
        return "\n".join(paragraphs)

    # -- text ------------------------------------------------------------------------------------

    def _paragraph(self, paragraph: etree._Element) -> str:
        """Return the printed text of a paragraph, after the number or bullet of its list."""
        about = next((c for c in paragraph.iterancestors("{*}sdt") if _state(c)), None)
        text = "".join(self._texts(paragraph) if about is None else self._control(about))
        return self.numbering.label(paragraph) + text if take_notes(text)[0].strip() else text

    def _texts(self, element: etree._Element) -> Iterator[str]:
        """Give the printed text of a paragraph or a run, with what else is seen in it as notes."""
        for child in element:
            tag = local(child)
            if tag == "t":
                yield child.text or ""
            elif tag in _SIGNS:
                yield _SIGNS[tag]
            elif tag == "sym":  # a sign of a font such as Wingdings: how ticks are often made
                yield chr(int(attribute(child, "char", "F0B7"), 16))
            elif tag == "sdt":
                yield from self._control(child)
            elif tag == "r":
                yield self._run(child)
            elif tag == "fldChar":
                yield _form_field(child)
            elif tag in ("drawing", "pict"):
                yield from self._picture(child)
            elif tag in _REFERENCES:
                kind, rule = _REFERENCES[tag]
                yield noted(rule, self.asides[kind].get(attribute(child, "id"), ""))
            elif tag == "del":
                yield noted("deleted_text", "".join(child.itertext("{*}delText")))
            elif tag not in _NOT_PRINTED and tag != "p":  # a text box's paragraphs: see _cell
                yield from self._texts(child)

    def _control(self, control: etree._Element) -> Iterator[str]:
        """Give the text of a content control: a box's state, nothing of an empty one's prompt."""
        state = _state(control)
        if state == "placeholder":
            yield noted(state, "".join(control.itertext("{*}t")))
        else:
            yield from [state] if state else self._texts(control)

    def _run(self, run: etree._Element) -> str:
        text = "".join(self._texts(run))
        key = _value(run, "{*}rPr/{*}rStyle")
        style = key.lower()
        if _is_on(run, "vanish") or style in _PROMPTS:
            return noted("placeholder" if style in _PROMPTS else "hidden_text", text)
        looks = run, self.styles.get(key, run)
        if any(_is_on(look, kind) for look in looks for kind in ("strike", "dstrike")):
            return struck(text)
        is_raised = _value(run, "{*}rPr/{*}vertAlign") == "superscript"
        return raised(text) if is_raised else text

    def _picture(self, picture: etree._Element) -> Iterator[str]:
        """Give the text of an icon, or of a text box."""
        boxes = [b for b in picture.iter("{*}txbxContent")]
        told = picture.find(".//{*}docPr")
        alt = "" if told is None else attribute(told, "descr") or attribute(told, "title")
        if boxes:
            yield " ".join("".join(self._texts(p)) for box in boxes for p in box.iter("{*}p"))
        elif alt and len(alt) <= _ALT_LETTERS:
            yield noted("icon_read", alt) + alt
        elif next(picture.iterancestors("{*}tc"), None) is not None:
            yield noted("icon_unread", alt or "bild")


class _Level(NamedTuple):
    """A level of a list: its first number, the form of its numbers, what stands about them."""

    start: int
    form: str
    text: str


class _Numbering:
    """The numbers and bullets that Word puts before paragraphs, counted through the document."""

    def __init__(self, part: etree._Element, styles: dict[str, etree._Element]) -> None:
        self.styles = styles
        self.counts: dict[str, dict[int, int]] = {}
        abstract = {attribute(a, "abstractNumId"): a for a in part.iterfind("{*}abstractNum")}
        self.lists = {attribute(n, "numId"): _list(n, abstract) for n in part.iterfind("{*}num")}

    def label(self, paragraph: etree._Element) -> str:
        """Return what stands before a paragraph ("1.2 "), and count it; "" outside of lists."""
        number, at = self._place(paragraph)
        key, levels = self.lists.get(number, ("", {}))
        if at not in levels or levels[at].form == "none":
            return ""
        text = levels[at].text
        if levels[at].form == "bullet":
            is_sign = len(text) == 1 and "\uf000" <= text != "\uf0b7"  # a tick of a font, say
            return f"{text} " if is_sign else "• "
        counts = {n: count for n, count in self.counts.get(key, {}).items() if n <= at}
        counts[at] = counts[at] + 1 if at in counts else levels[at].start
        self.counts[key] = counts
        for n in levels:
            printed = _printed(counts.get(n, levels[n].start), levels[n].form)
            text = text.replace(f"%{n + 1}", printed)
        return f"{text} " if text else ""

    def _place(self, paragraph: etree._Element) -> tuple[str, int]:
        """Return the list and the level of a paragraph, its own or those of its style."""
        about, path = paragraph, "{*}pPr/{*}pStyle"
        number = level = ""
        for _ in range(10):  # styles that are based on each other
            number = number or _value(about, "{*}pPr/{*}numPr/{*}numId")
            level = level or _value(about, "{*}pPr/{*}numPr/{*}ilvl")
            about, path = self.styles.get(_value(about, path)), "{*}basedOn"
            if number or about is None:
                break
        return number, int(level or 0)


def _list(num: etree._Element, abstract: dict) -> tuple[str, dict[int, _Level]]:
    """Return whose numbers a list goes on with, itself where it begins anew, and its levels."""
    key = _value(num, "{*}abstractNumId")
    changed = num.findall("{*}lvlOverride")
    starts = {attribute(each, "ilvl"): _value(each, "{*}startOverride") for each in changed}
    levels = {}
    for each in [
        *abstract.get(key, num).iterfind("{*}lvl"),
        *num.iterfind("{*}lvlOverride/{*}lvl"),
    ]:
        at = attribute(each, "ilvl")
        start = starts.get(at) or _value(each, "{*}start", "1")
        form, text = _value(each, "{*}numFmt", "decimal"), _value(each, "{*}lvlText")
        levels[int(at)] = _Level(int(start), form, text)
    return attribute(num, "numId") if any(starts.values()) else key, levels


def _printed(number: int, form: str) -> str:
    """Return a list's number in its form.

    >>> _printed(4, "lowerRoman"), _printed(2, "upperLetter"), _printed(3, "decimalZero")
    ('iv', 'B', '03')
    """
    from pdfminer.utils import format_int_alpha, format_int_roman

    if form.endswith("Letter"):
        text = format_int_alpha(number)
    elif form.endswith("Roman"):
        text = format_int_roman(number)
    else:
        text = f"{number:02}" if form == "decimalZero" else str(number)
    return text.upper() if form.startswith("upper") else text


def _state(control: etree._Element) -> str:
    """Return what a content control shows: ☑, ☐, placeholder; "" where it shows its text."""
    settings = control.find("{*}sdtPr")
    if settings is None:
        return ""
    box, prompt = settings.find("{*}checkbox"), settings.find("{*}showingPlcHdr")
    if box is not None:
        return "☐" if _value(box, "{*}checked", "0") in _OFF else "☑"
    shows = prompt is not None and attribute(prompt, "val", "1") not in _OFF
    return "placeholder" if shows else ""


def _form_field(begin: etree._Element) -> str:
    """Return the state of an old form's check box or drop-down, which no text of it tells."""
    box, choices = begin.find("{*}ffData/{*}checkBox"), begin.find("{*}ffData/{*}ddList")
    if box is not None:
        checked = box.find("{*}checked")
        default = _value(box, "{*}default", "0")
        is_off = (default if checked is None else attribute(checked, "val", "1")) in _OFF
        return "☐" if is_off else "☑"
    if choices is None:
        return ""
    chosen = int(_value(choices, "{*}result", _value(choices, "{*}default", "0")))
    entries = [attribute(entry, "val") for entry in choices.iterfind("{*}listEntry")]
    return "".join(entries[chosen : chosen + 1])


def _is_on(run: etree._Element, kind: str) -> bool:
    setting = run.find(f"{{*}}rPr/{{*}}{kind}")
    return setting is not None and attribute(setting, "val", "1") not in _OFF


def _value(element: etree._Element, path: str, default: str = "") -> str:
    found = element.find(path)
    return default if found is None else attribute(found, "val", default)
