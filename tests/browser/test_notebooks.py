"""The notebooks as an analyst meets them: in JupyterLab, in a browser."""

import re
from importlib.resources import files

import pytest
from playwright.sync_api import Locator, expect

import riskdata as rd
from tests.browser.conftest import PROJECT

pytestmark = pytest.mark.browser

NOTEBOOKS = sorted(path.name for path in (PROJECT / "notebooks").glob("[0-9]*.ipynb"))
GUESSED = (
    "Verksamhet\tVad kan gå fel\tS\tK\tRisktal\tGör vi så här\n"
    "Inköp\tKöp görs utan avtal\t3\t4\t12\tBara koll\n"
    "Inköp\tFakturor betalas två gånger\t2\t3\t6\tAcceptera\n"
    "Bemanning\tPersonal saknas under sommaren\t4\t4\t16\tBara koll\n"
)
STATUS = "[role=status]:not(.dt-info)"
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


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


def test_filter_and_search_are_followed_by_matrix_and_list(explorer):
    """Another board gives other counts; words that stand nowhere leave no row and no button."""
    before = explorer.locator(STATUS).inner_text()
    explorer.get_by_label("Nämnd", exact=True).select_option("Socialnämnden")
    expect(explorer.locator(STATUS)).not_to_have_text(before)
    explorer.get_by_label("Sök ord", exact=True).fill("finnsinteialls")
    expect(explorer.get_by_role("cell", name="Inga rader")).to_be_visible()
    expect(_cells(explorer)).to_have_count(0)


def test_matrix_and_list_stand_beside_each_other_on_a_laptop(explorer):
    """At 1366 × 768 a press on a cell changes what can be seen without scrolling."""
    explorer.page.set_viewport_size({"width": 1366, "height": 768})
    explorer.page.evaluate(
        "() => window.jupyterapp.commands.execute('application:toggle-left-area')"
    )
    explorer.evaluate("shown => shown.scrollIntoView({block: 'start'})")
    matrix, rows = explorer.locator(".widget-gridbox").first, explorer.locator("table").first
    assert matrix.bounding_box()["x"] < rows.bounding_box()["x"]
    assert rows.bounding_box()["y"] + 100 < 768


def test_round_by_keyboard(explorer, project):
    """Choose a cell, open a row, see its years and its printed row, save the view: no mouse."""
    cell = _cells(explorer).first
    n = cell.inner_text()
    cell.focus()
    cell.press("Enter")
    expect(explorer.locator(STATUS)).to_contain_text(re.compile(rf"^{n} risk"))
    opener = explorer.get_by_label("Öppna", exact=True)
    opener.focus()
    opener.press("ArrowDown")
    expect(explorer.locator("caption", has_text="Risken genom åren")).to_be_visible()
    expect(explorer.get_by_text("Så står det i filen")).to_be_visible()
    explorer.get_by_role("button", name="Spara vyn").press("Enter")
    said = explorer.get_by_text(re.compile("Vyn är sparad i reports/"))
    expect(said).to_be_visible()
    folder = project / re.search("i (reports/.*?):", said.inner_text())[1]
    assert {"riskmatris.png", "urval.xlsx"} <= {p.name for p in folder.iterdir()}


def test_row_opens_by_mouse(explorer):
    """A press on a row shows what is behind it."""
    explorer.locator("tbody tr td").first.click()
    expect(explorer.locator("caption", has_text="Risken genom åren")).to_be_visible()


def test_table_sorts_and_pages_in_swedish(explorer):
    """A press on a heading sorts; the texts around the table are Swedish."""
    expect(explorer.get_by_text(re.compile("Rad 1 till 6 av")).first).to_be_visible()
    heading = explorer.get_by_role("columnheader", name="Riskvärde").last
    heading.click()
    expect(heading).to_have_attribute("aria-sort", "ascending")


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (683, 384)], ids=["laptop", "200 %"])
def test_explorer_has_no_accessibility_fault(explorer, width, height):
    """axe-core finds nothing wrong with the widget itself, on a laptop and enlarged to twice the size."""
    page = explorer.page
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate(AXE)
    explorer.evaluate("shown => shown.id = 'explorer'")
    faults = page.evaluate("axe.run('#explorer')")["violations"]
    assert [(f["id"], node["html"]) for f in faults for node in f["nodes"]] == []
    cell = _cells(explorer).first
    cell.scroll_into_view_if_needed()
    expect(cell).to_be_in_viewport()


def test_link_is_decided_by_a_button_and_undone(cleaned, lab, project):
    """By keyboard: a press writes a line of links.csv with date and answer, another takes it away."""
    path = project / "data" / "manual" / "links.csv"
    lab.open("03-compare-years.ipynb")
    assert lab.run_all() == []
    lab.page.get_by_role("button", name="Samma risk").first.press("Enter")
    undo = lab.page.get_by_role("button", name="Ångra").first
    expect(undo).to_be_enabled()
    assert ",same," in path.read_text("utf-8-sig").replace(";", ",")
    undo.press("Enter")
    expect(undo).to_be_disabled()
    assert ",same," not in path.read_text("utf-8-sig").replace(";", ",")


def test_person_overrules_a_verdict_and_the_numbers_follow(cleaned, lab, project):
    """A doubted tick that somebody calls finished is one unfinished activity less, run anew."""
    path = project / "data" / "manual" / "verdicts.csv"
    lab.open("04-unfinished-activities.ipynb")
    assert lab.run_all() == []
    before = _unfinished(lab)
    lab.page.get_by_label("Skäl").first.fill("Protokollet visar att den är gjord.")
    lab.page.get_by_role("button", name="Avslutad", exact=True).first.press("Enter")
    expect(lab.page.get_by_role("button", name="Ångra").first).to_be_enabled()
    assert "Protokollet visar" in path.read_text("utf-8-sig")
    try:
        assert lab.run_all() == []
        assert _unfinished(lab) == before - 1
    finally:
        path.unlink()


def test_guess_is_changed_saved_and_known_from_then_on(cleaned, project, lab):
    """By keyboard: a column is told, the first rows follow, its words are asked about; then no more is."""
    raw, layouts = project / "data" / "raw", project / "data" / "manual" / "layouts.toml"
    before = layouts.read_bytes()
    first = raw / "2025-VB Kulturnämnden - egen lista.txt"
    first.write_text(GUESSED, "utf-8")
    lab.open("01-clean.ipynb")
    assert lab.run_all() == []
    form = lab.page.locator(
        ".widget-vbox", has=lab.page.get_by_role("heading", name=first.name)
    ).last
    expect(form.get_by_text("Köp görs utan avtal · Fakturor betalas två gånger")).to_be_visible()
    expect(form.get_by_role("columnheader", name="Hantering")).to_have_count(0)
    menu = form.get_by_label("Gör vi så här", exact=True)
    menu.focus()
    menu.press_sequentially("Hantering")
    expect(form.get_by_role("columnheader", name="Hantering")).to_be_visible()
    expect(menu).to_be_focused()
    form.get_by_label("Hantering: ”Bara koll”", exact=True).select_option("Inte med")
    form.get_by_role("button", name="Spara").press("Enter")
    expect(form.get_by_text("Sparat i layouts.toml")).to_be_visible()
    assert '"Gör vi så här" = "decision"' in layouts.read_text("utf-8")
    second = raw / "2026-VB Kulturnämnden - egen lista.txt"
    second.write_text(GUESSED.replace("Bemanning", "Personal"), "utf-8")
    try:
        assert lab.run_all() == []
        expect(lab.page.get_by_text("Att bekräfta: 0 filer")).to_be_visible()
        rows = rd.load().select(board="Kulturnämnden").risks
        assert rows.groupby("period", observed=True).size().to_dict() == {
            "2025-VB": 3,
            "2026-VB": 3,
        }
    finally:
        for made in (first, second):
            made.unlink()
        layouts.write_bytes(before)


def _unfinished(lab) -> int:
    """Return how many activities notebook 04 concludes are unfinished."""
    said = [str(out) for cell in lab.outputs() for out in cell if "Ogjorda i" in str(out)]
    return int(re.search(r"Ogjorda i [^:]*: (\d+) av", said[0])[1])


def _cells(explorer: Locator) -> Locator:
    return explorer.locator(".widget-gridbox button:enabled")
