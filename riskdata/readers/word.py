"""Word documents (.docx): every table as it would be printed, tracked changes counted as accepted."""

import posixpath
import zipfile
from collections.abc import Iterator
from itertools import takewhile

from lxml import etree

from riskdata.readers.grid import (
    Cell,
    Grid,
    Note,
    attribute,
    is_layout,
    lay_out,
    local,
    noted,
    open_zip,
    parse_xml,
    raised,
    read_blocks,
    refusal,
    struck,
    take_notes,
)

# Text that is not printed: deleted or moved away, and what older programs show instead of a shape.
_NOT_PRINTED = ("del", "moveFrom", "Fallback", "instrText", "delText", "rPr", "pPr", "sdtPr")
_NOT_IN_CELL = {"txbxContent", "del", "moveFrom", "Fallback"}
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
_REFERENCES = {
    "footnoteReference": ("footnotes", "footnote"),
    "endnoteReference": ("endnotes", "footnote"),
    "commentReference": ("comments", "cell_comment"),
}
_OFF = ("0", "false", "none")
_PROMPTS = ("placeholdertext", "platshållartext", "platshllartext")  # the style of an empty field
_ALT_LETTERS = 60  # a longer text of a picture describes it: it is no icon
_BASES = 10  # styles that are based on each other


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
        self.parts: dict[str, etree._Element] = {}
        self.styles = {attribute(s, "styleId"): s for s in self.part("styles").iterfind("{*}style")}
        self.numbering = _Numbering(self.part("numbering"), self.styles)

    def read(self) -> list[Grid]:
        """Return a grid for each table, below what stands in the page headers."""
        headers = sorted(p[5:-4] for p in self.archive.namelist() if p.startswith("word/header"))
        lines = [self._paragraph(p) for h in headers for p in self.part(h).iter("{*}p")]
        above = dict.fromkeys(take_notes(line)[0].strip() for line in lines)
        return read_blocks([*filter(None, above), *self._blocks(self.part("document"))])

    def part(self, part: str) -> etree._Element:
        """Return the root of a part, an empty one where the document has none."""
        if part not in self.parts:
            path, root = f"word/{part}.xml", etree.Element("none")
            if path in self.archive.namelist():
                root = parse_xml(self.archive.read(path), self.name)
            self.parts[part] = root
        return self.parts[part]

    # -- texts and tables in order ---------------------------------------------------------------

    def _blocks(self, element: etree._Element) -> Iterator[str | Note | Grid]:
        """Give the tables, the text of the paragraphs outside them and notes on it, in order."""
        for child in element:
            tag = local(child)
            if tag == "tbl" and not is_layout(child, "{*}tbl", ("{*}tc",)):
                yield self._table(child)
            elif tag == "altChunk":
                yield from self._chunk(attribute(child, "id"))
            elif tag == "p":
                boxes = [b for b in child.iter("{*}txbxContent") if b.find(".//{*}tbl") is not None]
                text, notes = take_notes("" if boxes else self._paragraph(child))
                yield from ((0, rule, seen) for rule, seen in notes)
                yield from filter(None, [text.strip()])
                for box in boxes:
                    if next(box.iterancestors("{*}Fallback"), None) is None:
                        yield from self._blocks(box)
            elif tag not in _NOT_PRINTED:  # content controls, custom XML, layout tables
                yield from self._blocks(child)

    def _chunk(self, link: str) -> list[Grid]:
        """Return the grids of a document that is kept inside this one."""
        from riskdata.readers import read_content

        links = parse_xml(self.archive.read("word/_rels/document.xml.rels"), self.name)
        target = next((attribute(e, "Target") for e in links if attribute(e, "Id") == link), "")
        path = posixpath.normpath(posixpath.join("/word", target)).lstrip("/")
        return read_content(self.archive.read(path), self.name)

    def _table(self, table: etree._Element) -> Grid:
        rows: list[tuple[int, list[Cell]]] = []
        notes: list[Note] = []
        begun: dict[int | None, Cell] = {}  # column → the cell that one below may go on with
        lines = [row for row in table.iter("{*}tr") if next(row.iterancestors("{*}tbl")) is table]
        for number, row in enumerate(lines, 1):
            cells, states, seen = self._cells(row)
            if row.find("{*}trPr/{*}del") is not None:
                text = " | ".join(cell.text for cell in cells if cell.text.strip())
                notes.append((number, "deleted_row", text))
                continue
            above, begun = begun, {}
            for cell, state in zip(cells, states, strict=True):
                if state == "continue" and cell.column in above:
                    begun[cell.column] = above[cell.column]
                    begun[cell.column].down += 1
                elif state == "restart":
                    begun[cell.column] = cell
            rows.append((number, cells))
            notes += [(number, *note) for note in seen]
        return lay_out(rows, notes)

    def _cells(self, row: etree._Element) -> tuple[list[Cell], list[str], list[tuple[str, str]]]:
        """Return a row's cells, how each is merged with one below or above, what is seen in them."""
        at = int(_value(row, "{*}trPr/{*}gridBefore", "0"))
        cells, states, seen = [], [], []
        for cell in row.iter("{*}tc"):
            if next(cell.iterancestors("{*}tr")) is not row:
                continue
            merge = cell.find("{*}tcPr/{*}vMerge")
            states.append("" if merge is None else attribute(merge, "val", "continue"))
            is_blank = states[-1] == "continue" and not "".join(cell.itertext("{*}t"))
            text, notes = take_notes("" if is_blank else self._cell(cell))
            across = int(_value(cell, "{*}tcPr/{*}gridSpan", "1"))
            inner = [*cell.iter("{*}tbl")]
            cells.append(
                Cell(
                    text.strip("\n"),
                    1,
                    across,
                    at,
                    self._table(inner[0]) if len(inner) == 1 else None,
                )
            )
            seen += notes
            at += across
        return cells, states, seen

    # -- text ------------------------------------------------------------------------------------

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
                (part, rule), own = _REFERENCES[tag], attribute(child, "id")
                asides = (aside for aside in self.part(part) if attribute(aside, "id") == own)
                yield noted(rule, "".join(text for a in asides for text in a.itertext("{*}t")))
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
        text, style = "".join(self._texts(run)), _value(run, "{*}rPr/{*}rStyle")
        if style.lower() in _PROMPTS:
            return noted("placeholder", text)
        if _is_on(run.find("{*}rPr/{*}vanish")):
            return noted("hidden_text", text)
        looks = run, self.styles.get(style, run)
        strikes = [look.find(f"{{*}}rPr/{{*}}{s}") for look in looks for s in ("strike", "dstrike")]
        if any(map(_is_on, strikes)):
            return struck(text)
        return raised(text) if _value(run, "{*}rPr/{*}vertAlign") == "superscript" else text

    def _picture(self, picture: etree._Element) -> Iterator[str]:
        """Give the text of an icon, or of a text box."""
        boxes = list(picture.iter("{*}txbxContent"))
        told = picture.find(".//{*}docPr")
        alt = "" if told is None else attribute(told, "descr") or attribute(told, "title")
        if boxes:
            yield " ".join("".join(self._texts(p)) for box in boxes for p in box.iter("{*}p"))
        elif alt and len(alt) <= _ALT_LETTERS:
            yield noted("icon_read", alt) + alt
        elif next(picture.iterancestors("{*}tc"), None) is not None:
            yield noted("icon_unread", alt or "bild")


class _Numbering:
    """The numbers and bullets that Word puts before paragraphs, counted through the document."""

    def __init__(self, part: etree._Element, styles: dict[str, etree._Element]) -> None:
        self.styles = styles
        self.counts: dict[str, dict[int, int]] = {}  # a list's → level → its latest number
        self.lists: dict[str, tuple[str, dict, dict]] = {}
        abstract = {attribute(a, "abstractNumId"): a for a in part.iterfind("{*}abstractNum")}
        for num in part.iterfind("{*}num"):
            number, key = attribute(num, "numId"), _value(num, "{*}abstractNumId")
            own = num.findall("{*}lvlOverride")
            every = [
                *abstract.get(key, num).iterfind("{*}lvl"),
                *num.iterfind("{*}lvlOverride/{*}lvl"),
            ]
            levels = {int(attribute(e, "ilvl")): e for e in every}
            starts = {int(attribute(e, "ilvl")): _value(e, "{*}startOverride") for e in own}
            counted_with = number if any(starts.values()) else key  # one may begin anew
            self.lists[number] = counted_with, levels, starts

    def label(self, paragraph: etree._Element) -> str:
        """Return what stands before a paragraph ("1.2 "), and count it; "" outside of lists."""
        number, at = self._place(paragraph)
        key, levels, starts = self.lists.get(number, ("", {}, {}))
        forms = {n: _value(level, "{*}numFmt", "decimal") for n, level in levels.items()}
        if forms.get(at, "none") == "none":
            return ""
        text = _value(levels[at], "{*}lvlText")
        if forms[at] == "bullet":
            is_sign = len(text) == 1 and "\uf000" <= text != "\uf0b7"  # a tick of a font, say
            return f"{text} " if is_sign else "• "
        counts = {n: count for n, count in self.counts.get(key, {}).items() if n <= at}
        self.counts[key] = counts
        for n, level in levels.items():
            first = int(starts.get(n) or _value(level, "{*}start", "1"))
            if n == at:
                counts[n] = counts.get(n, first - 1) + 1
            text = text.replace(f"%{n + 1}", _printed(counts.get(n, first), forms[n]))
        return f"{text} " if text else ""

    def _place(self, paragraph: etree._Element) -> tuple[str, int]:
        """Return the list and the level of a paragraph, its own or those of its style."""
        about, path = paragraph, "{*}pPr/{*}pStyle"
        number = level = ""
        for _ in range(_BASES):
            number = number or _value(about, "{*}pPr/{*}numPr/{*}numId")
            level = level or _value(about, "{*}pPr/{*}numPr/{*}ilvl")
            about, path = self.styles.get(_value(about, path)), "{*}basedOn"
            if number or about is None:
                break
        return number, int(level or 0)


def _printed(number: int, form: str) -> str:
    """Return a list's number in its form.

    >>> _printed(4, "lowerRoman"), _printed(2, "upperLetter"), _printed(3, "decimalZero")
    ('iv', 'B', '03')
    """
    from pdfminer.utils import format_int_alpha, format_int_roman

    if form.endswith(("Letter", "Roman")):
        text = (format_int_alpha if form.endswith("Letter") else format_int_roman)(number)
        return text.upper() if form.startswith("upper") else text
    return f"{number:02}" if form == "decimalZero" else str(number)


# -- what a setting says -------------------------------------------------------------------------


def _state(control: etree._Element) -> str:
    """Return what a content control shows: ☑, ☐, placeholder; "" where it shows its text."""
    if (box := control.find("{*}sdtPr/{*}checkbox")) is not None:
        return "☐" if _value(box, "{*}checked", "0") in _OFF else "☑"
    return "placeholder" if _is_on(control.find("{*}sdtPr/{*}showingPlcHdr")) else ""


def _form_field(begin: etree._Element) -> str:
    """Return the state of an old form's check box or drop-down, which no text of it tells."""
    if (box := begin.find("{*}ffData/{*}checkBox")) is not None:
        checked = box.find("{*}checked")
        is_on = _value(box, "{*}default", "0") not in _OFF if checked is None else _is_on(checked)
        return "☑" if is_on else "☐"
    if (choices := begin.find("{*}ffData/{*}ddList")) is None:
        return ""
    chosen = int(_value(choices, "{*}result", _value(choices, "{*}default", "0")))
    entries = [attribute(entry, "val") for entry in choices.iterfind("{*}listEntry")]
    return "".join(entries[chosen : chosen + 1])


def _is_on(setting: etree._Element | None) -> bool:
    return setting is not None and attribute(setting, "val", "1") not in _OFF


def _value(element: etree._Element, path: str, default: str = "") -> str:
    found = element.find(path)
    return default if found is None else attribute(found, "val", default)
