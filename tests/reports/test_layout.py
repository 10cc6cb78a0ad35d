"""The report's pages, measured as LibreOffice prints them: with the house's template and another's."""

import shutil

import docx
import pdfplumber
import pytest
from docx.shared import Cm

import riskdata as rd
from riskdata.reports.committee import committee_report
from riskdata.reports.programs import save_pdfs

FOOT = 2.2 / 2.54 * 72  # points: the margin below, in which the page number stands
MOST_BLANK = 0.33
pytestmark = pytest.mark.skipif(
    not shutil.which("soffice"), reason="LibreOffice finns inte på datorn"
)


def make_template(path):
    """A municipality's template: a letterhead, its own typeface, larger headings."""
    own = docx.Document()
    own.sections[0].top_margin = Cm(3.5)
    own.sections[0].header.paragraphs[0].text = "Ekvalla kommun"
    own.styles["Normal"].font.name = "DejaVu Serif"
    own.save(path)


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory, cleaned_sample):
    """A year's report in the house's template and a tertial's in a municipality's, of the sample."""
    home = shutil.copytree(cleaned_sample, tmp_path_factory.mktemp("layout") / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        data = rd.load()
        year = committee_report(data, period="2025-VB", board="Socialnämnden")
        documents = [year.save(pdf=False).files[0]]
        make_template(home / "data" / "manual" / "template.docx")
        tertial = committee_report(data, period="2025-T1", board="Barn- och utbildningsnämnden")
        documents.append(tertial.save(pdf=False).files[0])
        made, _ = save_pdfs(documents)
    opened = [pdfplumber.open(path) for path in made]
    yield opened
    for pdf in opened:
        pdf.close()


def used(page):
    """Return where on a page the last text or picture ends, as a share of the text's height."""
    height, top = float(page.height) - FOOT, min(word["top"] for word in page.extract_words())
    ends = [word["bottom"] for word in page.extract_words()] + [i["bottom"] for i in page.images]
    return (max(end for end in ends if end < height + 5) - top) / (height - top)


def test_no_page_but_the_last_is_blank_by_more_than_a_third(pdfs):
    """No page for one small chart, none that waits for a table."""
    for pdf in pdfs:
        shares = [round(1 - used(page), 2) for page in pdf.pages[:-1]]
        assert max(shares) <= MOST_BLANK, shares


def test_no_heading_stands_last_on_a_page(pdfs):
    """A heading without what it heads says nothing."""
    for pdf in pdfs:
        for page in pdf.pages:
            below = float(page.height) - FOOT
            lines = [line for line in page.extract_text_lines() if line["bottom"] < below]
            pictures = [image["bottom"] for image in page.images]
            last = max(lines, key=lambda line: line["bottom"])
            large = last["chars"][0]["size"] > 11.5 and "Bold" in last["chars"][0]["fontname"]
            assert not large or max(pictures, default=0) > last["bottom"], last["text"]


def test_every_figure_has_its_caption_on_its_page(pdfs):
    """The picture and "Figur 3" are read together."""
    for pdf in pdfs:
        for page in pdf.pages:
            captions = [t for t in page.extract_text().splitlines() if t.startswith("Figur ")]
            assert len(page.images) == len(captions)


def test_the_five_sentences_and_the_decision_are_on_the_first_page(pdfs):
    """Who reads one page has read what matters."""
    for pdf in pdfs:
        first = pdf.pages[0].extract_text()
        assert "Det viktigaste" in first and "Förslag till beslut" in first
