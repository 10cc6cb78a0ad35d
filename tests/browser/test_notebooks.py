"""The notebooks as an analyst meets them: in JupyterLab, in a browser."""

import re

import pytest
from playwright.sync_api import Locator, expect

import riskdata as rd
from tests.browser.conftest import PROJECT

pytestmark = pytest.mark.browser

NOTEBOOKS = sorted(path.name for path in (PROJECT / "notebooks").glob("[0-9]*.ipynb"))
STATUS = "[role=status]"


@pytest.fixture
def cleaned(project, monkeypatch) -> None:
    """See to it that data/clean is there and new, as after 01-clean."""
    monkeypatch.chdir(project)
    rd.refresh()


@pytest.fixture
def explorer(cleaned, lab) -> Locator:
    """Return 06-explore when it has been run."""
    lab.open("06-explore.ipynb")
    assert lab.run_all() == []
    shown = lab.page.locator(".jp-OutputArea .widget-vbox").first
    expect(shown.get_by_role("button", name="Spara vyn")).to_be_visible()
    expect(_pictures(shown)).to_have_count(2)
    return shown


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_runs_from_top_to_bottom(cleaned, lab, name):
    """A notebook opens with outputs cleared; Run All ends without an error and shows something."""
    lab.open(name)
    assert not any(lab.outputs())
    assert lab.run_all() == []
    assert any(lab.outputs())


def test_notebook_says_what_to_do_when_nothing_is_cleaned(project, lab):
    """Without data/clean a notebook stops with one sentence, and no lines of code."""
    for file in (project / "data" / "clean").glob("*"):
        file.unlink()
    lab.open("02-risk-values.ipynb")
    fault = lab.run_all()[0]
    assert "kör riskdata clean, eller anteckningsboken 01-clean" in fault["evalue"]
    assert fault["traceback"] == [fault["evalue"]]


def test_notebook_says_that_the_tables_are_old(cleaned, project, lab):
    """When data/raw has changed since it was cleaned, a notebook says so, and goes on."""
    (project / "data" / "manual" / "anteckning.txt").write_text("nytt", "utf-8")
    lab.open("02-risk-values.ipynb")
    assert lab.run_all() == []
    expect(lab.page.get_by_text("har ändrats sedan tabellerna städades")).to_be_visible()


def test_filter_is_followed_by_chart_and_table(explorer):
    """Another board gives another count, other pictures and other rows."""
    before = [picture.get_attribute("src") for picture in _pictures(explorer).all()]
    rows = _rows(explorer)
    explorer.get_by_label("Nämnd", exact=True).select_option("Socialnämnden")
    expect(_pictures(explorer).first).not_to_have_attribute("src", before[0])
    expect(_pictures(explorer).last).not_to_have_attribute("src", before[1])
    expect(explorer.locator(STATUS).first).to_contain_text("Urvalet har")
    assert 0 < _rows(explorer) < rows


def test_search_is_followed_by_the_table(explorer):
    """Words that stand nowhere leave no row, and the matrix no button to choose."""
    explorer.get_by_label("Sök ord", exact=True).fill("finnsinteialls")
    expect(explorer.get_by_role("cell", name="Inga rader")).to_be_visible()
    expect(_cells(explorer)).to_have_count(0)


def test_cell_of_the_matrix_is_chosen_by_keyboard(explorer):
    """Enter on a cell lists its risks with activities and sources."""
    cell = _cells(explorer).first
    n = cell.inner_text()
    cell.focus()
    cell.press("Enter")
    expect(explorer.get_by_role("heading", name="Risker i rutan")).to_be_visible()
    expect(explorer.get_by_label("Ruta i matrisen")).to_have_value(re.compile("."))
    named = explorer.get_by_label("Ruta i matrisen").locator("option:checked").inner_text()
    assert re.search(rf": {n} risk", named.replace("\xa0", " "))
    expect(explorer.get_by_role("columnheader", name="Bedömning").first).to_be_visible()


def test_view_is_saved_and_says_where(explorer, project):
    """The button leaves charts and tables in reports/, and says in which folder."""
    explorer.get_by_role("button", name="Spara vyn").click()
    said = explorer.get_by_text(re.compile("Vyn är sparad i reports/"))
    expect(said).to_be_visible()
    folder = project / re.search("i (reports/.*?):", said.inner_text())[1]
    assert {"riskmatris.png", "risker.csv", "urval.txt"} <= {p.name for p in folder.iterdir()}


def test_table_sorts_and_pages_in_swedish(explorer):
    """A press on a heading sorts; the texts around the table are Swedish."""
    expect(explorer.get_by_text(re.compile("Rad 1 till 10 av")).first).to_be_visible()
    expect(explorer.get_by_text("Sök i tabellen:").last).to_be_visible()
    heading = explorer.get_by_role("columnheader", name="Riskvärde").last
    heading.click()
    expect(heading).to_have_attribute("aria-sort", "ascending")


def _pictures(explorer: Locator) -> Locator:
    return explorer.locator("figure img")


def _cells(explorer: Locator) -> Locator:
    return explorer.locator(".widget-gridbox button:enabled")


def _rows(explorer: Locator) -> int:
    said = explorer.get_by_text(re.compile("Rad 1 till")).last.inner_text()
    return int(re.search(r"av ([\d\s]+)", said)[1].replace("\xa0", "").replace(" ", ""))
