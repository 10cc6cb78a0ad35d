"""A report as a Word file that everybody can read, in the house's template or a municipality's own."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from riskdata.charts.chart import Chart
from riskdata.errors import ManualError
from riskdata.reports.printed import QUOTATION, Points, Table
from riskdata.words.language import check_language, sentence, word

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table as WordTable
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

    from riskdata.reports.chapters import Chapter

LANGUAGES = {"sv": "sv-SE", "en": "en-GB"}
HOUSE = Path(__file__).with_name("template.docx")  # made by tests/make_template.py
TABLE, CELL, HEAD = "Riskdata tabell", "Riskdata cell", "Riskdata rubrikcell"
REPORT, SUMMARY = "{rapport}", "{sammanfattning}"  # fields that become several paragraphs
FIELD = re.compile(r"\{(\w+)\}")
PICTURE = 16  # cm
TALLEST = 0.34  # of the text's height: a picture that doesn't fit leaves no more of a page blank
SMALLEST = 0.8  # of a picture's width: its letters are still read
KEPT = 2  # rows that stay on a page with the row after
NARROWEST = 4  # letters that a column has room for
LETTER, PADDING = 72_000, 130_000  # of a table's text: 2 mm and 3.6 mm, in Word's units
BOLD = 1.1  # how much wider a letter of a heading is


def make_document(
    *,
    fields: dict[str, str],
    summary: Sequence[str],
    chapters: Sequence[Chapter],
    language: str = "sv",
    template: Path | str | None = None,
) -> bytes:
    """Return a report as a Word file: what the template says, its fields filled in, then chapters.

    Headings are headings, each picture has its text alternative, each table a header row that is
    marked and repeated and rows that stay whole, and the file says its title and its language. A
    heading stays with what it heads, a picture with its caption.

    Parameters
    ----------
    fields : what the template's fields are filled with, as {"titel": "Risker och åtgärder"}
    summary : the sentences of its field {sammanfattning}
    chapters : of its field {rapport}
    language : "sv" or "en"
    template : a Word file whose styles, page and headers are used. Its text is used where {rapport}
        stands in it; else the shipped template's text is set in its styles.

    Raises
    ------
    ManualError
        For a template that is no Word file.
    """
    check_language(language)
    document = _open(template)
    _name(document, f"{fields['titel']}: {fields['nämnd']}, {fields['period']}", language)
    rest = _cut_at(document, REPORT)
    _fill(document, fields, summary, language)
    writer = _Writer(document, language)
    for chapter in chapters:
        writer.add_chapter(chapter)
    for element in rest:
        document.element.body.insert(len(document.element.body) - 1, element)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _open(template: Path | str | None) -> Document:
    """Return a template with its text, or with the shipped one's where it says nothing of a report."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    house = docx.Document(str(HOUSE))
    if template is None:
        return house
    try:
        document = docx.Document(str(template))
    except (PackageNotFoundError, ValueError, KeyError) as fault:
        raise ManualError(
            f"{template}: filen går inte att läsa som Word-dokument ({fault}). Spara mallen på "
            "nytt i Word som .docx (inte .dotx eller .doc), eller ta bort den; den är frivillig."
        ) from fault
    if not any(REPORT in paragraph.text for paragraph in document.paragraphs):
        for element in list(document.element.body):
            if not element.tag.endswith("}sectPr"):
                document.element.body.remove(element)
        for paragraph in house.paragraphs:
            document.add_paragraph(paragraph.text, _style(document, paragraph.style.name))
    return document


def _cut_at(document: Document, field: str) -> list:
    """Take away the paragraph of a field and what comes after it; return the latter."""
    elements = [e for e in document.element.body if not e.tag.endswith("}sectPr")]
    texts = ["".join(e.itertext()) for e in elements]
    at = next(n for n, text in enumerate(texts) if field in text)
    for element in elements[at:]:
        document.element.body.remove(element)
    return elements[at + 1 :]


def _fill(document: Document, fields: dict, summary: Sequence[str], language: str) -> None:
    """Fill in the fields of a document, its tables, headers and footers."""
    for paragraph in _paragraphs(document):
        if paragraph.text.strip() == SUMMARY:
            for text in summary:
                added = paragraph.insert_paragraph_before(style=paragraph.style)
                _write(added, text, language)
            paragraph._p.getparent().remove(paragraph._p)
        elif FIELD.search(paragraph.text):
            _fill_in(paragraph, fields)


def _paragraphs(document: Document) -> Iterator[Paragraph]:
    """Yield every paragraph of the text and of headers and footers, those in tables too."""
    from docx.oxml.ns import qn
    from docx.text.paragraph import Paragraph

    kinds = ("header", "footer", "first_page_header", "first_page_footer")
    beside = [getattr(section, kind) for section in document.sections for kind in kinds]
    parts = [part._element for part in beside if not part.is_linked_to_previous]
    for part in [*parts, document.element.body]:
        yield from (Paragraph(p, document._body) for p in list(part.iter(qn("w:p"))))


def _fill_in(paragraph: Paragraph, fields: dict[str, str]) -> None:
    """Fill in a paragraph's fields; one that Word has parted into several runs is joined first."""
    runs = paragraph.runs
    if not all(_whole(run.text) for run in runs):
        runs[0].text = "".join(run.text for run in runs)
        for run in runs[1:]:
            run._r.getparent().remove(run._r)
    for run in paragraph.runs:
        if FIELD.search(run.text):
            run.text = FIELD.sub(lambda field: fields.get(field[1].lower(), field[0]), run.text)


def _whole(text: str) -> bool:
    return text.count("{") == text.count("}")


def _name(document: Document, title: str, language: str) -> None:
    """Say the title and the language of a document, for programs that read it aloud."""
    from docx.oxml.ns import qn

    properties = document.core_properties
    properties.title, properties.language = title, LANGUAGES[language]
    properties.author = properties.last_modified_by = "riskdata"
    properties.comments = properties.subject = properties.keywords = ""
    _set_default_language(document, LANGUAGES[language])
    for said in document.styles.element.iter(qn("w:lang")):
        said.set(qn("w:val"), LANGUAGES[language])
    for said in document.settings.element.iter(qn("w:themeFontLang")):
        said.set(qn("w:val"), LANGUAGES[language])


def _set_default_language(document: Document, language: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    place = document.styles.element
    for tag in ("w:docDefaults", "w:rPrDefault", "w:rPr", "w:lang"):
        inner = place.find(qn(tag))
        if inner is None:
            inner = OxmlElement(tag)
            place.insert(0, inner) if tag != "w:lang" else place.append(inner)
        place = inner
    place.set(qn("w:val"), language)


def _style(document: Document, name: str) -> str:
    """Return the name of a style, after seeing to it that a template has it.

    One that is taken from the shipped template has no typeface of its own: it follows the
    municipality's.
    """
    if name not in document.styles:
        import docx
        from docx.oxml.ns import qn

        own = copy.deepcopy(docx.Document(str(HOUSE)).styles[name].element)
        for fonts in list(own.iter(qn("w:rFonts"))):
            fonts.getparent().remove(fonts)
        document.styles.element.append(own)
        base = own.find(qn("w:basedOn"))
        if base is not None and base.get(qn("w:val")) not in {s.style_id for s in document.styles}:
            own.remove(base)
    return name


class _Writer:
    """Adds chapters to the end of a document, and numbers its figures."""

    def __init__(self, document: Document, language: str) -> None:
        self.document, self.language, self.numbers = document, language, count(1)

    def add_chapter(self, chapter: Chapter) -> None:
        self._paragraph(chapter.title, "Heading 1")
        if chapter.findings:
            self._paragraph(" ".join(chapter.findings), "Normal")
        for part in chapter.parts:
            self._add(part)

    def _add(self, part: Chart | Table | Points) -> None:
        if isinstance(part, Chart):
            self._add_chart(part)
        elif isinstance(part, Table):
            self._add_table(part)
        else:
            if part.title:
                self._paragraph(part.title, "Heading 2")
            for text in part.sentences or [word("report.nothing", self.language)]:
                self._paragraph(text, "List Bullet")

    def _paragraph(self, text: str, style: str, *, kept: bool = False) -> Paragraph:
        paragraph = self.document.add_paragraph(style=_style(self.document, style))
        _write(paragraph, text, self.language)
        if kept or style.startswith("Heading"):  # a municipality's heading may not say so
            paragraph.paragraph_format.keep_with_next = True
        return paragraph

    def _room(self) -> tuple[int, int]:
        """Return the width and the height of the text, in Word's units."""
        page = self.document.sections[-1]
        width = page.page_width - page.left_margin - page.right_margin
        return width, page.page_height - page.top_margin - page.bottom_margin

    def _add_chart(self, chart: Chart) -> None:
        paragraph = self._paragraph("", "Normal", kept=True)
        shape = paragraph.add_run().add_picture(io.BytesIO(chart.picture()))
        width, height = self._size(shape.width, shape.height)
        shape.width, shape.height = width, height
        shape._inline.docPr.set("descr", chart.alt)
        shape._inline.docPr.set("title", chart.title)
        kind = word("report.figure", chart.language)
        caption = self._paragraph(f"{kind} ", "Caption")
        _add_field(caption, f"SEQ {kind} \\* ARABIC", str(next(self.numbers)))
        _write(caption, f". {sentence(chart.title)} {chart.source}", self.language)

    def _size(self, width: int, height: int) -> tuple[int, int]:
        """Return how large a picture is drawn: 16 cm wide or what the page has room for."""
        from docx.shared import Cm

        across, down = self._room()
        wide = min(Cm(PICTURE), across)
        scale = min(1.0, max(SMALLEST, TALLEST * down / (height * wide / width)))
        return int(wide * scale), int(height * wide / width * scale)

    def _add_table(self, table: Table) -> None:
        if table.title:
            self._paragraph(table.title, "Heading 2")
        if table.note:
            self._paragraph(table.note, "Normal", kept=not table.rows.empty)
        if table.rows.empty:
            return
        heads, rows = list(table.rows.columns), table.rows.to_numpy().tolist()
        drawn = self.document.add_table(1 + len(rows), len(heads), _style(self.document, TABLE))
        drawn.autofit = False
        _mark_head(drawn, table.title)
        widths = _widths(heads, rows, self._room()[0])
        foreign = [head in table.quoted for head in heads]
        for number, cells in enumerate([heads, *rows]):
            style = _style(self.document, HEAD if number == 0 else CELL)
            kept = number < KEPT or number == len(rows) - 1
            row = list(drawn.rows[number].cells)
            for cell, text, width, swedish in zip(row, cells, widths, foreign, strict=True):
                cell.width = width
                self._fill_cell(cell, text, style, kept=kept, swedish=swedish and number > 0)
        for column, width in zip(drawn.columns, widths, strict=True):
            column.width = width
        self._paragraph("", CELL)

    def _fill_cell(self, cell: _Cell, text: str, style: str, *, kept: bool, swedish: bool) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.style = style
        paragraph.paragraph_format.keep_with_next = kept
        if swedish:
            _mark_swedish(paragraph.add_run(text))
        else:
            _write(paragraph, text, self.language)


def _write(paragraph: Paragraph, text: str, language: str) -> None:
    """Write a text; in another language than Swedish, what it quotes is marked as Swedish."""
    if language == "sv":
        paragraph.add_run(text)
        return
    for piece in filter(None, QUOTATION.split(text)):
        run = paragraph.add_run(piece)
        if QUOTATION.fullmatch(piece):
            _mark_swedish(run)


def _mark_swedish(run: object) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    language = OxmlElement("w:lang")
    language.set(qn("w:val"), LANGUAGES["sv"])
    run._r.get_or_add_rPr().append(language)


def _add_field(paragraph: Paragraph, code: str, shown: str) -> None:
    """Add a field that Word counts by itself, with what it shows until then."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = shown
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _mark_head(drawn: WordTable, title: str) -> None:
    """Mark the first row as the header, repeated on each page, and no row to be split."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for number, row in enumerate(drawn._tbl.tr_lst):
        kept = row.get_or_add_trPr()
        kept.append(OxmlElement("w:cantSplit"))
        if number == 0:
            kept.append(OxmlElement("w:tblHeader"))
    look = drawn._tbl.tblPr.find(qn("w:tblLook"))
    kept = {"firstRow": "1", "firstColumn": "0", "noHBand": "1", "noVBand": "1", "val": "0620"}
    for name, value in kept.items():
        look.set(qn(f"w:{name}"), value)
    named = OxmlElement("w:tblCaption")
    named.set(qn("w:val"), title)
    drawn._tbl.tblPr.append(named)


def _widths(heads: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """Return how wide columns are: the longest text has the widest, each its longest word.

    What is over when every column has room for its words goes to those with long texts, by how
    many letters a usual text of theirs has.
    """
    columns = list(zip(heads, *rows, strict=True))
    needed = [
        LETTER * max(NARROWEST, BOLD * _longest_word(head), *map(_longest_word, texts)) + PADDING
        for head, *texts in columns
    ]
    if sum(needed) >= room:
        return [int(room * n / sum(needed)) for n in needed]  # not even the words have room
    wanted = [LETTER * _usual_length(texts) for texts in columns]
    free = room - sum(needed)
    share = [max(0, want - need) for want, need in zip(wanted, needed, strict=True)]
    total = sum(share) or len(share)
    share = share if any(share) else [1] * len(share)
    return [int(need + free * part / total) for need, part in zip(needed, share, strict=True)]


def _usual_length(texts: Sequence[str]) -> int:
    """Return how many letters a text of a column has: of different texts, for a repeated one is short."""
    different = sorted({len(text) for text in texts[1:]}, reverse=True)
    longest = different[: max(1, len(different) // 3)] or [0]
    repeated = len(set(texts[1:])) / max(len(texts) - 1, 1)
    return int(sum(longest) / len(longest) * max(repeated, 0.6))


def _longest_word(text: str) -> int:
    return max(map(len, text.split()), default=0)
