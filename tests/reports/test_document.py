"""The Word report can be read by everybody, and looks as the municipality wants."""

import io

import docx
import pandas as pd
import pytest
from docx.oxml.ns import qn

from riskdata.charts.risks import plot_risk_matrix
from riskdata.errors import ManualError
from riskdata.reports.chapters import Chapter
from riskdata.reports.document import make_document
from riskdata.reports.printed import Points, Table
from riskdata.tables.schema import frame
from tests.make_template import make

FIELDS = {"titel": "Risker", "nämnd": "Socialnämnden", "period": "2025-VB", "datum": "2026-02-03"}
ROWS = Table(
    "Riskerna", pd.DataFrame({"Risk": ["Elavbrott"] * 40, "Riskvärde": ["12"] * 40}), "Så."
)


def draw(*parts, findings=("En av två.",), **choices):
    """Return a document of one chapter, opened."""
    chapter = Chapter("Hur många?", findings, parts)
    usual = {"fields": FIELDS, "summary": ["Mest är nytt."], "chapters": [chapter]}
    return docx.Document(io.BytesIO(make_document(**{**usual, **choices})))


@pytest.fixture(scope="module")
def drawn():
    """A document with a chart, a table and a list."""
    risks = frame("risks", [{"likelihood": 3, "consequence": 4, "event": "Elavbrott"}] * 4)
    return draw(plot_risk_matrix(risks), ROWS, Points("Osäkert", ["Gränsen är antagen."]))


def styles(document):
    return [(p.style.name, p.text) for p in document.paragraphs if p.text]


def test_every_picture_has_its_chart_s_text_alternative(drawn):
    """Whoever does not see a chart is told what it shows."""
    (shape,) = drawn.inline_shapes
    assert shape._inline.docPr.get("descr").startswith("Riskmatris")


def test_a_picture_is_as_wide_as_the_text_but_no_page_for_itself(drawn):
    """A chart that doesn't fit on a page leaves little of it blank: a third is the most it takes."""
    (shape,) = drawn.inline_shapes
    assert 12.8 <= shape.width.cm <= 16 and shape.height.cm <= 0.36 * 25


def test_every_table_has_a_header_row_that_is_repeated(drawn):
    """Over a page break, and aloud, each cell still has its head."""
    head, *rest = drawn.tables[0]._tbl.tr_lst
    assert head.trPr.find(qn("w:tblHeader")) is not None
    assert drawn.tables[0]._tbl.tblPr.find(qn("w:tblLook")).get(qn("w:firstRow")) == "1"
    assert all(row.trPr.find(qn("w:tblHeader")) is None for row in rest)


def test_no_row_is_split_between_pages(drawn):
    """Half a row on each page is hard to read."""
    rows = drawn.tables[0]._tbl.tr_lst
    assert len(rows) == 41 and all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)


def test_a_heading_stays_with_what_it_heads(drawn):
    """Headings, a table's note, its first rows and a picture are kept with what comes next."""
    kept = [p for p in drawn.paragraphs if p.paragraph_format.keep_with_next]
    texts = [p.text for p in kept]
    assert {"Hur många?", "Riskerna", "Så.", "Osäkert", ""} <= set(texts)  # "": the picture
    cells = [
        row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in drawn.tables[0].rows
    ]
    assert all(cells[:2]) and not any(cells[2:-2])


def test_a_chart_has_a_caption_with_finding_and_source(drawn):
    """The caption is one in Word's eyes, and numbers itself."""
    caption = next(p for p in drawn.paragraphs if p.style.name == "Caption")
    text = "".join(t.text for t in caption._p.iter(qn("w:t")))
    assert text.startswith("Figur 1. ") and "Källa:" in text
    assert caption._p.find(qn("w:fldSimple")).get(qn("w:instr")).startswith("SEQ Figur")


def test_fields_of_the_template_are_filled_in(document):
    """Title, board, period, date, reference line and proposed decision stand on the first page."""
    said = [text for _, text in styles(document)]
    assert said[:3] == [
        "Risker och åtgärder",
        "Socialnämnden, 2025-VB (verksamhetsberättelsen 2025)",
        "Datum: 2026-02-03    Diarienummer: anges när ärendet diarieförs",
    ]
    assert "Förslag till beslut" in said and not any("{" in text for text in said)


def test_the_five_key_sentences_stand_before_the_chapters(document, report):
    """What matters most is read first."""
    said = [text for style, text in styles(document) if style == "List Bullet"]
    assert 1 < len(report.summary.sentences) <= 5
    assert said[: len(report.summary.sentences)] == report.summary.sentences


def test_each_question_has_its_answer_under_it(document):
    """A heading, a sentence with the number, then chart and table."""
    said = styles(document)
    at = said.index(("Heading 1", "Hur stora är riskerna?"))
    assert said[at + 1][1].startswith("3 av 6 risker når riskgränsen 12")


def test_title_and_language_are_said(document):
    """A screen reader speaks Swedish and says what is open."""
    properties = document.core_properties
    assert properties.title.startswith("Risker och åtgärder: Socialnämnden, 2025-VB")
    languages = {e.get(qn("w:val")) for e in document.styles.element.iter(qn("w:lang"))}
    assert properties.language == "sv-SE" and languages == {"sv-SE"}


def test_an_english_report_marks_its_swedish_quotations():
    """A screen reader doesn't read Swedish as if it were English."""
    table = Table(
        "Risks",
        pd.DataFrame({"Event": ["Elavbrott"], "Value": ["12"]}),
        "",
        "en",
        frozenset({"Event"}),
    )
    document = draw(table, findings=["Why “Elavbrott” again?"], language="en")
    marked = [
        "".join(t.text for t in run.iter(qn("w:t")))
        for run in document.element.body.iter(qn("w:r"))
        if run.find(f"{qn('w:rPr')}/{qn('w:lang')}") is not None
    ]
    assert document.core_properties.language == "en-GB"
    assert [text for text in marked if text] == ["“Elavbrott”", "Elavbrott"]


def test_the_page_is_a4(drawn):
    """A printer in Sweden has no Letter."""
    page = drawn.sections[0]
    assert (round(page.page_width.cm, 1), round(page.page_height.cm, 1)) == (21, 29.7)


def test_columns_fill_the_page_and_the_longest_text_has_the_widest():
    """A long word is not broken while there is room for it."""
    rows = pd.DataFrame({"A": ["1"], "B": ["internkontrollplanen"], "C": ["ord " * 60]})
    widths = [column.width.cm for column in draw(Table("T", rows)).tables[0].columns]
    assert widths[1] > 4 and abs(sum(widths) - 16) < 0.1 and widths[2] > widths[1] > widths[0]


def test_a_table_without_rows_is_said_in_words():
    """An empty grid says nothing."""
    document = draw(Table("Riskerna", pd.DataFrame(), "Ingen risk når gränsen."))
    assert not document.tables and ("Normal", "Ingen risk når gränsen.") in styles(document)


def test_the_shipped_template_is_what_its_script_makes():
    """The file and how it is made are not two things."""
    from riskdata.reports.document import HOUSE

    made, kept = docx.Document(io.BytesIO(make())), docx.Document(str(HOUSE))
    assert [p.text for p in made.paragraphs] == [p.text for p in kept.paragraphs]
    assert made.styles.element.xml == kept.styles.element.xml


@pytest.fixture
def template(tmp_path):
    """A municipality's template: its own font, header and text, and no style for captions."""
    own = docx.Document()
    own.styles["Heading 1"].font.name = "Ekvalla Sans"
    own.styles.element.remove(own.styles["Caption"].element)
    own.sections[0].header.paragraphs[0].text = "Ekvalla kommun, {nämnd}"
    own.add_paragraph("Skriv din rapport här")
    own.save(tmp_path / "template.docx")
    return tmp_path / "template.docx"


def test_a_template_gives_its_styles_and_header(template):
    """The report looks as the municipality's own, with the fields in its header filled in."""
    document = draw(ROWS, template=template)
    assert document.styles["Heading 1"].font.name == "Ekvalla Sans"
    assert document.sections[0].header.paragraphs[0].text == "Ekvalla kommun, Socialnämnden"


def test_a_template_that_says_nothing_of_the_report_lends_only_its_looks(template):
    """What a template tells its writer is not for a committee."""
    said = [text for _, text in styles(draw(ROWS, template=template))]
    assert "Skriv din rapport här" not in said and said[0] == "Risker"


def test_a_template_s_own_text_stands_round_the_report(tmp_path):
    """Where {rapport} stands the report stands; a field parted by Word is one field all the same."""
    own = docx.Document()
    own.add_paragraph("Tjänsteskrivelse")
    parted = own.add_paragraph("För {näm")
    parted.add_run("nd}")
    own.add_paragraph("{rapport}")
    own.add_paragraph("Skickas till revisionen")
    own.save(tmp_path / "template.docx")
    said = [text for _, text in styles(draw(template=tmp_path / "template.docx"))]
    assert said == [
        "Tjänsteskrivelse", "För Socialnämnden", "Hur många?", "En av två.", "Skickas till revisionen",
    ]  # fmt: skip


def test_a_style_that_a_template_lacks_is_added_in_its_typeface(template):
    """A template that has no table style gets one, without a typeface of its own."""
    document = draw(ROWS, template=template)
    assert document.tables[0].style.name == "Riskdata tabell"
    cell = document.styles["Riskdata cell"].element
    assert cell.find(f"{qn('w:rPr')}/{qn('w:rFonts')}") is None


def test_a_template_that_is_no_word_file_is_told_so(tmp_path):
    """An old .doc under a new name is a common slip."""
    (tmp_path / "template.docx").write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(ManualError, match="Spara mallen på nytt i Word som .docx"):
        draw(template=tmp_path / "template.docx")
