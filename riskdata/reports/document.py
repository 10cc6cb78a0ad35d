"""Key figures, charts and tables as a Word report that everybody can read."""

from __future__ import annotations

import copy
import io
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from riskdata.charts.chart import Chart
from riskdata.errors import ManualError
from riskdata.reports.printed import Points, Table
from riskdata.reports.undated import save_same_bytes
from riskdata.words.language import check_language, sentence, word

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table as WordTable
    from docx.table import _Cell, _Row
    from docx.text.paragraph import Paragraph

LANGUAGES = {"sv": "sv-SE", "en": "en-GB"}
PICTURE = 16  # cm
A4 = (21, 29.7)  # cm
MARGIN = 2.5  # cm
WIDE = 6  # columns: a table with more has a page across
KEPT = 2  # rows that stay on a page with the row after
TEXT = 9  # points, in tables
NARROWEST = 4  # letters that a column has room for
LETTER, PADDING = 72_000, 160_000  # of a table's text: 2 mm and 4.4 mm, in Word's units


def save_document(
    path: Path | str,
    *,
    title: str,
    period: str,
    board: str,
    key_figures: Sequence[str],
    charts: Sequence[Chart],
    tables: Sequence[Table],
    appendix: Sequence[Table | Points],
    changed: Sequence[str] = (),
    language: str = "sv",
    template: Path | str | None = None,
) -> Path:
    """Save a report as a Word file: title, key figures, charts, tables and an appendix.

    Headings are headings, each picture has its text alternative, each table a header row that is
    marked and repeated and rows that stay whole, and the file says its title and its language. The
    same contents give the same bytes.

    Parameters
    ----------
    path : of the file, ending in .docx
    title, period, board : what stands at its top
    key_figures, changed : sentences; the second about what changed since the last run
    charts : what ``plot_`` functions return
    tables, appendix : for readers, see ``riskdata.reports.printed``
    language : "sv" or "en"
    template : a Word file whose styles, page and headers are used; its text is not

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    ManualError
        For a template that is no Word file.

    Examples
    --------
    >>> import tempfile
    >>> save_document(Path(tempfile.mkdtemp()) / "rapport.docx", title="Risker", period="2025-VB",
    ...     board="Socialnämnden", key_figures=["Riskregistret har 2 risker."], charts=[],
    ...     tables=[], appendix=[]).name
    'rapport.docx'
    """
    check_language(language)
    document = _open(template, language)
    _name(document, f"{title}: {board}, {period}", language)
    document.add_paragraph(title, _style(document, "Title"))
    subtitle = word("report.subtitle", language, board=board, period=period)
    document.add_paragraph(subtitle, _style(document, "Subtitle"))
    numbers = count(1)
    parts = {
        "key_figures": [Points("", key_figures)],
        "changed": [Points("", changed)],
        "charts": charts,
        "tables": tables,
        "appendix": appendix,
    }
    for name, items in parts.items():
        if name == "key_figures" or any(_has_content(item) for item in items):
            document.add_paragraph(word(f"report.{name}", language), _style(document, "Heading 1"))
            for item in items:
                _add(document, item, numbers)
    made = io.BytesIO()
    document.save(made)
    save_same_bytes(made.getvalue(), Path(path))
    return Path(path)


def _has_content(item: Chart | Table | Points) -> bool:
    return not isinstance(item, Points) or bool(item.sentences)


def _add(document: Document, item: Chart | Table | Points, numbers: Iterator[int]) -> None:
    if isinstance(item, Chart):
        _add_chart(document, item, next(numbers))
        return
    if item.title:
        document.add_paragraph(item.title, _style(document, "Heading 2"))
    if isinstance(item, Points):
        for text in item.sentences or [word("report.nothing", item.language)]:
            document.add_paragraph(text, _style(document, "List Bullet"))
    else:
        _add_table(document, item)


def _open(template: Path | str | None, language: str) -> Document:
    """Return an empty document, with a template's styles and page or with the house's own."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    if template is None:
        document = docx.Document()
        _set_page(document)
        _set_styles(document)
        _add_page_number(document, language)
        return document
    try:
        document = docx.Document(str(template))
    except (PackageNotFoundError, ValueError, KeyError) as fault:
        raise ManualError(
            f"{template}: filen går inte att läsa som Word-dokument ({fault}). Spara mallen på "
            "nytt i Word som .docx (inte .dotx eller .doc), eller ta bort den; den är frivillig."
        ) from fault
    for element in list(document.element.body):
        if not element.tag.endswith("}sectPr"):
            document.element.body.remove(element)
    return document


def _set_page(document: Document) -> None:
    from docx.shared import Cm

    page = document.sections[0]
    page.page_width, page.page_height = map(Cm, A4)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(MARGIN)


def _set_styles(document: Document) -> None:
    """Give python-docx's own styles one typeface, and colours with enough contrast."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    sizes = {
        "Normal": 11, "List Bullet": 11, "Caption": TEXT, "Title": 24, "Subtitle": 13,
        "Heading 1": 16, "Heading 2": 13,
    }  # fmt: skip
    for name, size in sizes.items():
        font = document.styles[name].font
        font.size, font.name, font.italic = Pt(size), "Calibri", False
        font.color.rgb = RGBColor(0x1A, 0x1A, 0x1A)
        fonts = font.element.rPr.rFonts
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    document.styles["Caption"].font.bold = False
    document.styles["Heading 1"].paragraph_format.space_before = Pt(18)
    document.styles["Heading 2"].paragraph_format.space_before = Pt(14)


def _add_page_number(document: Document, language: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    foot = document.sections[0].footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run(f"{word('report.page', language)} ")
    _add_field(foot, "PAGE", "1")


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

    styles = document.styles.element
    place = styles
    for tag in ("w:docDefaults", "w:rPrDefault", "w:rPr", "w:lang"):
        found = place.find(qn(tag))
        if found is None:
            found = OxmlElement(tag)
            place.insert(0, found) if tag != "w:lang" else place.append(found)
        place = found
    place.set(qn("w:val"), language)


def _style(document: Document, name: str) -> str:
    """Return the name of a style, after seeing to it that a template has it."""
    if name not in document.styles:
        import docx

        own = docx.Document().styles[name].element
        document.styles.element.append(copy.deepcopy(own))
    return name


def _add_chart(document: Document, chart: Chart, number: int) -> None:
    picture = document.add_paragraph()
    picture.paragraph_format.keep_with_next = True
    shape = picture.add_run().add_picture(io.BytesIO(chart.picture()), width=_text_width(document))
    described = shape._inline.docPr
    described.set("descr", chart.alt)
    described.set("title", chart.title)
    kind = word("report.figure", chart.language)
    caption = document.add_paragraph(f"{kind} ", _style(document, "Caption"))
    _add_field(caption, f"SEQ {kind} \\* ARABIC", str(number))
    caption.add_run(f". {sentence(chart.title)} {chart.source}")


def _text_width(document: Document) -> int:
    """Return the width for a picture: 16 cm, or what a template's page has room for."""
    from docx.shared import Cm

    page = document.sections[-1]
    return min(Cm(PICTURE), page.page_width - page.left_margin - page.right_margin)


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


def _add_table(document: Document, table: Table) -> None:
    wide = len(table.rows.columns) > WIDE
    if wide:
        _turn_page(document, across=True)
    if table.note:
        document.add_paragraph(table.note)
    if not table.rows.empty:
        _draw_table(document, table)
        document.add_paragraph()
    if wide:
        _turn_page(document, across=False)


def _turn_page(document: Document, *, across: bool) -> None:
    from docx.enum.section import WD_ORIENT, WD_SECTION

    page = document.add_section(WD_SECTION.NEW_PAGE)
    long, short = max(page.page_width, page.page_height), min(page.page_width, page.page_height)
    page.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = (long, short) if across else (short, long)


def _draw_table(document: Document, table: Table) -> None:
    page = document.sections[-1]
    room = page.page_width - page.left_margin - page.right_margin
    heads, rows = list(table.rows.columns), table.rows.to_numpy().tolist()
    drawn = document.add_table(1 + len(rows), len(heads), _style(document, "Table Grid"))
    drawn.autofit = False
    _mark_head(drawn, table.title)
    widths = _widths(heads, rows, room)
    for number, cells in enumerate([heads, *rows]):
        _fill_row(drawn.rows[number], cells, widths, bold=number == 0, kept=number < KEPT)
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = width


def _mark_head(drawn: WordTable, title: str) -> None:
    """Mark the first row as the header, repeated on each page, and no row to be split."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for number, row in enumerate(drawn._tbl.tr_lst):
        kept = row.get_or_add_trPr()
        kept.append(OxmlElement("w:cantSplit"))
        if number == 0:
            kept.append(OxmlElement("w:tblHeader"))
    _set_lines(drawn)
    look = drawn._tbl.tblPr.find(qn("w:tblLook"))
    kept = {"firstRow": "1", "firstColumn": "0", "noHBand": "1", "noVBand": "1", "val": "0620"}
    for name, value in kept.items():
        look.set(qn(f"w:{name}"), value)
    named = OxmlElement("w:tblCaption")
    named.set(qn("w:val"), title)
    drawn._tbl.tblPr.append(named)


def _set_lines(drawn: WordTable) -> None:
    """Draw thin lines between the rows only, and leave some air round the texts."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    lines, air = OxmlElement("w:tblBorders"), OxmlElement("w:tblCellMar")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        kind = "single" if side in ("top", "bottom", "insideH") else "nil"
        for name, value in {"val": kind, "sz": "4", "space": "0", "color": "8C8C8C"}.items():
            line.set(qn(f"w:{name}"), value)
        lines.append(line)
    for side, width in {"top": "40", "left": "85", "bottom": "40", "right": "85"}.items():
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), width)
        margin.set(qn("w:type"), "dxa")
        air.append(margin)
    look = drawn._tbl.tblPr.find(qn("w:tblLook"))
    look.addprevious(lines)
    layout = drawn._tbl.tblPr.find(qn("w:tblLayout"))
    look.addprevious(layout)  # the order that Word wants: lines, layout, margins
    look.addprevious(air)


def _fill_row(
    row: _Row, cells: Sequence[str], widths: Sequence[int], *, bold: bool, kept: bool
) -> None:
    from docx.shared import Pt

    for cell, text, width in zip(row.cells, cells, widths, strict=True):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(1)
        paragraph.paragraph_format.keep_with_next = kept
        run = paragraph.add_run(text)
        run.font.size, run.bold = Pt(TEXT), bold
        if bold:
            _shade(cell)


def _shade(cell: _Cell) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    for name, value in {"val": "clear", "color": "auto", "fill": "E8E8E8"}.items():
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _widths(heads: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """Return how wide columns are: by how much they hold, but with room for their longest word."""
    columns = list(zip(heads, *rows, strict=True))
    needed = [LETTER * max(NARROWEST, *map(_longest_word, texts)) + PADDING for texts in columns]
    held = [sum(map(len, texts)) for texts in columns]
    widths = [room * n // sum(needed) for n in needed]  # where not even the words have room
    free = list(range(len(columns))) if sum(needed) < room else []
    while free:
        left = room - sum(w for x, w in enumerate(widths) if x not in free)
        shares = {x: left * held[x] // sum(held[y] for y in free) for x in free}
        widths = [shares.get(x, width) for x, width in enumerate(widths)]
        short = [x for x in free if shares[x] < needed[x]]
        widths = [needed[x] if x in short else width for x, width in enumerate(widths)]
        free = [x for x in free if x not in short] if short else []
    return widths


def _longest_word(text: str) -> int:
    return max(map(len, text.split()), default=0)
