"""The pages in Chromium: axe-core finds no fault, and nothing is fetched."""

from importlib.resources import files

import nbformat.v4 as v4
import pandas as pd
import pytest

from riskdata.charts.risks import plot_risk_matrix, plot_risk_values
from riskdata.reports.committee import committee_report
from riskdata.reports.page import save_overview, save_page
from riskdata.reports.printed import Points, Table
from riskdata.tables.schema import frame
from tests.committee_data import BOARD, HOSTILE, make_data

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RISKS = frame("risks", [{"likelihood": 3, "consequence": 4, "event": text} for text in HOSTILE])

pytestmark = pytest.mark.browser


def look_at(chromium, path):
    """Return what axe-core finds wrong with a page, and what the page asked for beside itself."""
    page, asked = chromium.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.evaluate(AXE)
    faults = page.evaluate("axe.run()")["violations"]
    said = [(fault["id"], node["html"]) for fault in faults for node in fault["nodes"]]
    page.close()
    return said, [url for url in asked if not url.startswith(("file:", "data:"))]


def shown(value):
    html = {"text/html": value._repr_html_(), "text/plain": repr(value)}
    return v4.new_output("execute_result", html, execution_count=1)


def of_a_notebook(path):
    """Save a page of each kind of output that the notebooks have."""
    report = committee_report(make_data(), period="2025-VB", board=BOARD)
    outputs = [
        plot_risk_matrix(RISKS), plot_risk_values(RISKS), RISKS,
        Table("Risker", pd.DataFrame({"Risk": HOSTILE}), "Så läses den."), report.key_figures,
        *report.chapters,
    ]  # fmt: skip
    cells = [v4.new_markdown_cell("# Hur stora är riskerna?\n\n- ett\n- två")]
    for number, output in enumerate(outputs):
        cells.append(v4.new_markdown_cell(f"## Fråga {number}\n\nSå läses den: `kod`."))
        cells.append(v4.new_code_cell("x", outputs=[shown(output)]))
    return save_page(v4.new_notebook(cells=cells), path, where=f"{BOARD}, 2025-VB")


def of_boards(path):
    """Save the page of a period with its boards side by side."""
    (path.parent / "data" / "raw").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(path.parent)
        return save_overview(make_data(), "2025-VB")


def of_nothing(path):
    """Save a page of charts and tables that are empty."""
    none = frame("risks")
    outputs = [plot_risk_matrix(none), Table("Risker", pd.DataFrame(), "Inga."), Points("", [])]
    cells = [v4.new_code_cell("x", outputs=[shown(output)]) for output in outputs]
    return save_page(v4.new_notebook(cells=cells), path, language="en")


@pytest.mark.parametrize("make", [of_a_notebook, of_boards, of_nothing])
def test_a_page_has_no_fault_and_asks_for_nothing(chromium, tmp_path, make):
    """Everybody can read it, everywhere, and nothing in a cell is run."""
    assert look_at(chromium, make(tmp_path / "sida.html")) == ([], [])


def test_the_checker_sees_a_fault(chromium, tmp_path):
    """A page that is wrong is told to be: else the other tests would say nothing."""
    path = tmp_path / "fel.html"
    path.write_text("<html><body><img src='data:,'></body></html>", "utf-8")
    assert {"image-alt", "html-has-lang", "document-title"} <= {
        f for f, _ in look_at(chromium, path)[0]
    }


@pytest.mark.parametrize("make", [of_a_notebook, of_boards])
def test_nothing_scrolls_sideways_on_a_telephone(chromium, tmp_path, make):
    """At 390 pixels all of a page is as wide as the screen (WCAG 1.4.10)."""
    page = chromium.new_page(viewport={"width": 390, "height": 800})
    page.goto(make(tmp_path / "sida.html").as_uri())
    wide = page.evaluate("[...document.querySelectorAll('body, .table')].map(e => e.scrollWidth)")
    page.close()
    assert max(wide) <= 390
