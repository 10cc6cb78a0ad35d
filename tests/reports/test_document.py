"""The Word report can be read by everybody, looks as the municipality wants, and names nobody."""

import re
import time
import zipfile

import docx
import pandas as pd
import pytest
from docx.oxml.ns import qn

from riskdata.charts.risks import plot_risk_matrix
from riskdata.errors import ManualError
from riskdata.reports.document import save_document
from riskdata.reports.printed import Points, Table, printed
from riskdata.tables.schema import frame


def save(path, **choices):
    risks = frame("risks", [{"likelihood": 3, "consequence": 4, "event": "Elavbrott"}] * 40)
    rows = printed(risks, ["event", "likelihood", "consequence"])
    contents = {
        "title": "Risker och åtgärder",
        "period": "2025-VB",
        "board": "Socialnämnden",
        "key_figures": ["Riskregistret har 40 risker."],
        "charts": [plot_risk_matrix(risks)],
        "tables": [Table("Riskerna", rows, "Så läses den.")],
        "appendix": [Points("Vad som är osäkert", ["Riskgränsen är ett antagande."])],
    }
    return save_document(path, **{**contents, **choices})


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """A report with one chart and one long table."""
    return save(tmp_path_factory.mktemp("report") / "rapport.docx")


@pytest.fixture(scope="module")
def document(path):
    return docx.Document(str(path))


def styles(document):
    return [p.style.name for p in document.paragraphs if p.text]


def test_every_picture_has_its_chart_s_text_alternative(document):
    """Whoever does not see a chart is told what it shows."""
    described = [shape._inline.docPr for shape in document.inline_shapes]
    assert len(described) == 1
    assert (
        described[0].get("descr").startswith("Riskmatris") and len(described[0].get("descr")) > 60
    )


def test_pictures_are_as_wide_as_the_text(document):
    """16 cm is what the charts' letters are made for."""
    assert round(document.inline_shapes[0].width.cm, 1) == 16


def test_every_table_has_a_header_row_that_is_repeated(document):
    """Over a page break, and aloud, each cell still has its head."""
    for table in document.tables:
        head, *rest = table._tbl.tr_lst
        assert head.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblLook")).get(qn("w:firstRow")) == "1"
        assert all(row.trPr.find(qn("w:tblHeader")) is None for row in rest)


def test_no_row_is_split_between_pages(document):
    """Half a row on each page is hard to read."""
    rows = [row for table in document.tables for row in table._tbl.tr_lst]
    assert len(rows) == 41 and all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)


def test_headings_are_headings_in_order(document):
    """Key figures, charts, tables, appendix: a reader jumps between them."""
    headings = [(s, p.text) for p in document.paragraphs if (s := p.style.name).startswith("Head")]
    assert headings == [
        ("Heading 1", "Nyckeltal"),
        ("Heading 1", "Diagram"),
        ("Heading 1", "Tabeller"),
        ("Heading 2", "Riskerna"),
        ("Heading 1", "Bilaga: lagningar och osäkerheter"),
        ("Heading 2", "Vad som är osäkert"),
    ]


def test_a_chart_has_a_caption_with_finding_and_source(document):
    """The caption is one in Word's eyes, and numbers itself."""
    caption = next(p for p in document.paragraphs if p.style.name == "Caption")
    text = "".join(t.text for t in caption._p.iter(qn("w:t")))
    assert text.startswith("Figur 1. 40 av 40 risker når riskgränsen 12. Källa:")
    assert caption._p.find(qn("w:fldSimple")).get(qn("w:instr")).startswith("SEQ Figur")


def test_title_and_language_are_said(document):
    """A screen reader speaks Swedish and says what is open."""
    properties = document.core_properties
    assert properties.title == "Risker och åtgärder: Socialnämnden, 2025-VB"
    assert properties.language == "sv-SE"
    languages = {e.get(qn("w:val")) for e in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"sv-SE"}


def test_an_english_report_is_english(tmp_path):
    """No heading is left in the other language."""
    document = docx.Document(str(save(tmp_path / "report.docx", charts=[], language="en")))
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 1"] == [
        "Key figures",
        "Tables",
        "Appendix: repairs and uncertainties",
    ]
    assert document.core_properties.language == "en-GB"


def test_the_page_is_a4(document):
    """A printer in Sweden has no Letter."""
    page = document.sections[0]
    assert (round(page.page_width.cm, 1), round(page.page_height.cm, 1)) == (21, 29.7)


def test_a_wide_table_has_a_page_across(tmp_path):
    """Nine columns upright would be a letter wide; what follows stands upright again."""
    wide = Table("Bred", pd.DataFrame({f"Kolumn {n}": ["text"] for n in range(9)}))
    document = docx.Document(str(save(tmp_path / "r.docx", tables=[wide])))
    across = [page.page_width > page.page_height for page in document.sections]
    assert across == [False, True, False]


def test_columns_fill_the_page_and_hold_their_longest_word(tmp_path):
    """A long word in a narrow column is not broken while there is room for it."""
    rows = pd.DataFrame({"A": ["1"], "B": ["internkontrollplanen"], "C": ["ord " * 60]})
    document = docx.Document(str(save(tmp_path / "r.docx", tables=[Table("T", rows)])))
    widths = [column.width.cm for column in document.tables[0].columns]
    assert widths[1] > 4 and abs(sum(widths) - 16) < 0.1 and widths[2] > widths[1] > widths[0]


def test_a_table_without_rows_is_said_in_words(tmp_path):
    """An empty grid says nothing."""
    empty = Table("Riskerna", pd.DataFrame(), "Ingen risk når gränsen.")
    document = docx.Document(str(save(tmp_path / "r.docx", tables=[empty])))
    assert not document.tables and "Ingen risk når gränsen." in [
        p.text for p in document.paragraphs
    ]


def test_the_same_contents_give_the_same_bytes(path, tmp_path):
    """Two runs can be compared by their files."""
    time.sleep(2.1)
    assert save(tmp_path / "rapport.docx").read_bytes() == path.read_bytes()


def test_no_moment_is_kept_in_the_file(path):
    """Neither in the properties nor in the parts."""
    with zipfile.ZipFile(path) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not re.search(rb"dcterms:(created|modified)", parts.read("docProps/core.xml"))


@pytest.fixture
def template(tmp_path):
    """A municipality's template: its own font, header and text, and no style for captions."""
    own = docx.Document()
    own.styles["Heading 1"].font.name = "Ekvalla Sans"
    own.styles.element.remove(own.styles["Caption"].element)
    own.sections[0].header.paragraphs[0].text = "Ekvalla kommun"
    own.add_paragraph("Skriv din rapport här")
    own.save(tmp_path / "template.docx")
    return tmp_path / "template.docx"


def test_a_template_gives_its_styles_and_header(template, tmp_path):
    """The report looks as the municipality's own."""
    document = docx.Document(str(save(tmp_path / "r.docx", template=template)))
    assert document.styles["Heading 1"].font.name == "Ekvalla Sans"
    assert document.sections[0].header.paragraphs[0].text == "Ekvalla kommun"


def test_a_template_s_text_is_not_used(template, tmp_path):
    """What a template tells its writer is not for a committee."""
    document = docx.Document(str(save(tmp_path / "r.docx", template=template)))
    assert "Skriv din rapport här" not in [p.text for p in document.paragraphs]


def test_a_style_that_a_template_lacks_is_added(template, tmp_path):
    """A template that has no captions gets them."""
    assert "Caption" in styles(docx.Document(str(save(tmp_path / "r.docx", template=template))))


def test_a_template_is_given_the_report_s_language(template, tmp_path):
    """A template made with an English Word makes no English report."""
    document = docx.Document(str(save(tmp_path / "r.docx", template=template)))
    languages = {e.get(qn("w:val")) for e in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"sv-SE"}


def test_a_template_that_is_no_word_file_is_told_so(tmp_path):
    """An old .doc under a new name is a common slip."""
    (tmp_path / "template.docx").write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(ManualError, match="Spara mallen på nytt i Word som .docx"):
        save(tmp_path / "r.docx", template=tmp_path / "template.docx")
