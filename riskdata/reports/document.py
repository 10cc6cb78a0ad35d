"""A report as a Word file that everybody can read, in the house's template or a municipality's own."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph

from riskdata.charts.chart import Chart
from riskdata.errors import ManualError
from riskdata.reports.printed import QUOTATION, TAGS, Table
from riskdata.words.language import sentence, word

if TYPE_CHECKING:
    from riskdata.reports.chapters import Chapter

HOUSE = Path(__file__).with_name("template.docx")  # made by tests/make_template.py
TABLE, CELL, HEAD = "Riskdata tabell", "Riskdata cell", "Riskdata rubrikcell"
PARAGRAPHS = (
    "Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "List Bullet", "Caption", CELL, HEAD,
)  # fmt: skip
REPORT, SUMMARY = "{rapport}", "{sammanfattning}"  # fields that become several paragraphs
FIELD = re.compile(r"\{(\w+)\}")
PICTURE = 16  # cm
TALLEST = 0.32  # of the text's height: a picture that doesn't fit leaves no more of a page blank
SMALLEST = 0.8  # of a picture's width: its letters are still read
KEPT = 2  # rows that stay on a page with the row after
NARROWEST, LONGEST = 4, 20  # letters that a column has room for; the name of a file may break
LETTER, PADDING = 72_000, 130_000  # of a table's text: 2 mm and 3.6 mm, in Word's units
BOLD = 1.1  # how much wider a letter of a heading is


def make_document(
    *,
    fields: dict[str, str],
    summary: Sequence[str],
    chapters: Sequence[Chapter],
    language: str = "sv",
    template: Path | None = None,
) -> bytes:
    """Return a report as a Word file: what the template says, its fields filled in, then chapters.

    fields: what the template's are filled with, as {"titel": "Risker och åtgärder"}; summary and
    chapters stand for {sammanfattning} and {rapport}. template: a Word file whose styles, page and
    headers are used, if it is there; its text too, where {rapport} stands in it. Raises ManualError
    for one that is no Word file.
    """
    document = _open(template)
    _name(document, f"{fields['titel']}: {fields['nämnd']}, {fields['period']}", language)
    _fill(document, fields, summary, language)
    place = next(p for p in document.paragraphs if REPORT in p.text)
    writer = _Writer(document, place, language)
    for chapter in chapters:
        writer.add_chapter(chapter)
    place._p.getparent().remove(place._p)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _open(template: Path | None) -> Document:
    """Return a template with its text, or with the shipped one's where it says nothing of a report."""
    house = docx.Document(str(HOUSE))
    if not (template and template.is_file()):
        return house
    try:
        document = docx.Document(str(template))
    except (PackageNotFoundError, ValueError, KeyError) as fault:
        said = word("errors.template", file=str(template), fault=str(fault))
        raise ManualError(said) from fault
    _lend_styles(house, document)
    if not any(REPORT in paragraph.text for paragraph in document.paragraphs):
        document._body.clear_content()
        for paragraph in house.paragraphs:
            document.add_paragraph(paragraph.text, paragraph.style.name)
    return document


def _lend_styles(house: Document, document: Document) -> None:
    """Give a template the styles that it lacks, without a typeface: they follow its own."""
    for name in (*PARAGRAPHS, TABLE):
        if name not in document.styles:
            style = copy.deepcopy(house.styles[name].element)
            known = [own.style_id for own in document.styles]
            bases = [base for base in style.xpath("./w:basedOn") if base.val not in known]
            for element in [*style.xpath(".//w:rFonts"), *bases]:
                element.getparent().remove(element)
            document.styles.element.append(style)


def _name(document: Document, title: str, language: str) -> None:
    """Say the title and the language of a document, for programs that read it aloud."""
    properties = document.core_properties
    properties.title, properties.language = title, TAGS[language]
    properties.author = properties.last_modified_by = "riskdata"
    properties.comments = properties.subject = properties.keywords = ""
    usual = document.styles["Normal"].element.get_or_add_rPr()
    for said in usual.xpath("./w:lang"):
        usual.remove(said)
    usual.append(_element("lang", TAGS[language]))
    for part in (document.styles, document.settings):
        for said in part.element.iter(qn("w:lang"), qn("w:themeFontLang")):
            said.set(qn("w:val"), TAGS[language])


def _element(name: str, value: str | None = None) -> BaseOxmlElement:
    """Return one of those elements of Word that python-docx has no name for."""
    return OxmlElement(f"w:{name}", {qn("w:val"): value} if value else None)


def _fill(document: Document, fields: dict, summary: Sequence[str], language: str) -> None:
    kinds = (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)
    linked = [part for part in document.part.rels.values() if part.reltype in kinds]
    for part in [*(part.target_part.element for part in linked), document.element.body]:
        for element in list(part.iter(qn("w:p"))):
            paragraph = Paragraph(element, document._body)
            if paragraph.text.strip() == SUMMARY:
                for text in summary:
                    _write(paragraph.insert_paragraph_before(style=paragraph.style), text, language)
                element.getparent().remove(element)
            elif FIELD.search(paragraph.text):
                _fill_in(paragraph, fields)


def _fill_in(paragraph: Paragraph, fields: dict[str, str]) -> None:
    """Fill in a paragraph's fields; one that Word has parted into several runs is joined first."""
    first, *others = paragraph.runs
    if any(run.text.count("{") != run.text.count("}") for run in [first, *others]):
        first.text = "".join(run.text for run in [first, *others])
        for run in others:
            run._r.getparent().remove(run._r)
    for run in paragraph.runs:
        if FIELD.search(run.text):
            run.text = FIELD.sub(lambda field: fields.get(field[1].lower(), field[0]), run.text)


class _Writer:
    """Adds chapters to a document, before one of its paragraphs, and numbers its figures."""

    def __init__(self, document: Document, place: Paragraph, language: str) -> None:
        self.document, self.place, self.language = document, place, language
        self.numbers = count(1)
        known = document.part.get_style_id  # it looks through all styles, so it is asked once
        self.styles = {name: known(name, WD_STYLE_TYPE.PARAGRAPH) for name in PARAGRAPHS}
        page = document.sections[-1]
        self.width = page.page_width - page.left_margin - page.right_margin  # of the text
        self.height = page.page_height - page.top_margin - page.bottom_margin

    def add_chapter(self, chapter: Chapter) -> None:
        self._add(chapter.title, "Heading 1")
        if chapter.findings:
            self._add(" ".join(chapter.findings))
        for part in chapter.parts:
            if isinstance(part, Chart):
                self._add_chart(part)
                continue
            if part.title:
                self._add(part.title, "Heading 2")
            if isinstance(part, Table):
                self._add_table(part)
            else:
                for text in part.sentences or [word("report.nothing", self.language)]:
                    self._add(text, "List Bullet")

    def _add(self, text: str, style: str = "Normal", *, kept: bool = False) -> Paragraph:
        paragraph = self.place.insert_paragraph_before()
        paragraph._p.style = self.styles[style]
        _write(paragraph, text, self.language)
        if kept or style.startswith("Heading"):  # a municipality's heading may not say so
            paragraph.paragraph_format.keep_with_next = True
        return paragraph

    def _add_chart(self, chart: Chart) -> None:
        """Add a picture, 16 cm wide or what the page has room for, and its caption."""
        shape = self._add("", kept=True).add_run().add_picture(io.BytesIO(chart.picture()))
        width = min(Cm(PICTURE), self.width)
        height = shape.height * width / shape.width
        scale = min(1.0, max(SMALLEST, TALLEST * self.height / height))
        shape.width, shape.height = int(width * scale), int(height * scale)
        shape._inline.docPr.set("descr", chart.alt)
        shape._inline.docPr.set("title", chart.title)
        kind = word("report.figure", chart.language)
        caption = self._add(f"{kind} ", "Caption")
        shown = caption.add_run(str(next(self.numbers)))._r  # until Word has counted by itself
        field = OxmlElement("w:fldSimple", {qn("w:instr"): f"SEQ {kind} \\* ARABIC"})
        shown.addprevious(field)
        field.append(shown)
        _write(caption, f". {sentence(chart.title)} {chart.source}", self.language)

    def _add_table(self, table: Table) -> None:
        if table.note:
            self._add(table.note, kept=not table.rows.empty)
        if table.rows.empty:
            return
        heads = list(table.rows)
        texts = [heads, *table.rows.to_numpy().tolist()]
        drawn = self.document.add_table(len(texts), len(heads), TABLE)
        self.place._p.addprevious(drawn._tbl)
        _mark_head(drawn, table.title)
        widths = _widths(texts, self.width)
        for column, width in zip(drawn.columns, widths, strict=True):
            column.width = width
        for number, (row, line) in enumerate(zip(drawn.rows, texts, strict=True)):
            for cell, text, head, width in zip(row.cells, line, heads, widths, strict=True):
                cell.width, paragraph = width, cell.paragraphs[0]
                paragraph._p.style = self.styles[CELL if number else HEAD]
                kept = number < KEPT or number == len(texts) - 2
                paragraph.paragraph_format.keep_with_next = kept
                swedish = number > 0 and head in table.quoted
                _write(paragraph, text, self.language, swedish=swedish)
        self._add("", CELL)


def _write(paragraph: Paragraph, text: str, language: str, *, swedish: bool = False) -> None:
    """Write a text; in another language than Swedish, what it quotes is marked as Swedish."""
    for piece in [text] if swedish or language == "sv" else filter(None, QUOTATION.split(text)):
        run = paragraph.add_run(piece)
        if swedish or (language != "sv" and QUOTATION.fullmatch(piece)):
            run._r.get_or_add_rPr().append(_element("lang", TAGS["sv"]))


def _mark_head(drawn: WordTable, title: str) -> None:
    """Mark the first row as the header, repeated on each page, and no row to be split."""
    drawn.autofit, table = False, drawn._tbl
    for row in table.tr_lst:
        row.get_or_add_trPr().append(_element("cantSplit"))
    table.tr_lst[0].trPr.append(_element("tblHeader"))
    for name, value in {"firstColumn": "0", "noHBand": "1", "val": "0620"}.items():
        table.tblPr.find(qn("w:tblLook")).set(qn(f"w:{name}"), value)
    table.tblPr.append(_element("tblCaption", title))


def _widths(texts: Sequence[Sequence[str]], room: int) -> list[int]:
    """Return how wide columns are: each its longest word, and the rest to those with long texts."""
    needed, wanted = [], []
    for head, *cells in zip(*texts, strict=True):
        words = [word for cell in cells for word in cell.split()]
        longest = max([NARROWEST, *(BOLD * len(w) for w in head.split()), *map(len, words)])
        longest = min(longest, LONGEST)
        needed.append(LETTER * longest + PADDING)
        wanted.append(max(1, LETTER * max(map(len, cells)) - needed[-1]))
    rest = max(0, room - sum(needed))
    widths = [n + rest * want / sum(wanted) for n, want in zip(needed, wanted, strict=True)]
    return [int(room * width / sum(widths)) for width in widths]
