"""The pages in Chromium: axe-core finds no fault, and nothing is fetched.

Skipped where Chromium or axe-core is missing. axe-core comes by ``npm install --prefix
tests/browser``; another place for either is said by CHROMIUM and AXE.
"""

import os
import shutil
from pathlib import Path

import nbformat.v4 as v4
import pandas as pd
import pytest

from riskdata.charts.risks import plot_risk_matrix, plot_risk_values
from riskdata.reports.committee import committee_report
from riskdata.reports.page import report_page, save_page
from riskdata.reports.printed import Points, Table
from riskdata.tables.schema import frame
from tests.committee_data import BOARD, HOSTILE, make_data

HERE = Path(__file__).parent
AXE = Path(os.environ.get("AXE", HERE / "node_modules" / "axe-core" / "axe.min.js"))
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
RISKS = frame("risks", [{"likelihood": 3, "consequence": 4, "event": text} for text in HOSTILE])

pytestmark = [
    pytest.mark.skipif(
        not CHROMIUM, reason="Chromium finns inte på datorn (eller säg var: CHROMIUM)"
    ),
    pytest.mark.skipif(
        not AXE.is_file(), reason="axe-core saknas: npm install --prefix tests/browser (eller AXE)"
    ),
]


@pytest.fixture(scope="module")
def browser():
    """Chromium, as the system has it."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright är inte installerat")
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=root)
        yield opened
        opened.close()


def look_at(browser, path):
    """Return what axe-core finds wrong with a page, and what the page asked for beside itself."""
    page, asked = browser.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.evaluate(AXE.read_text("utf-8"))
    faults = page.evaluate("axe.run()")["violations"]
    said = [(fault["id"], node["html"]) for fault in faults for node in fault["nodes"]]
    page.close()
    return said, [url for url in asked if not url.startswith(("file:", "data:"))]


def shown(value):
    html = {"text/html": value._repr_html_(), "text/plain": repr(value)}
    return v4.new_output("execute_result", html, execution_count=1)


def of_a_notebook(path):
    """Save a page of each kind of output that the notebooks have."""
    report = committee_report(make_data(), period="2025-VB", board=BOARD, folder=path.parent)
    outputs = [
        plot_risk_matrix(RISKS), plot_risk_values(RISKS), RISKS,
        Table("Risker", pd.DataFrame({"Risk": HOSTILE}), "Så läses den."), report.key_figures,
        report.highest_risks, report.chart("change_counts"), report.unfinished_activities,
    ]  # fmt: skip
    cells = [v4.new_markdown_cell("# Hur stora är riskerna?\n\n- ett\n- två")]
    for number, output in enumerate(outputs):
        cells.append(v4.new_markdown_cell(f"## Fråga {number}\n\nSå läses den: `kod`."))
        cells.append(v4.new_code_cell("x", outputs=[shown(output)]))
    return save_page(v4.new_notebook(cells=cells), path)


def of_a_report(path):
    """Save the page that a browser makes a PDF of."""
    rows = Table("Högst", pd.DataFrame({"Risk": HOSTILE}))
    page = report_page(
        title="Risker", period="2025-VB", board=BOARD, key_figures=["6 risker."],
        charts=[plot_risk_matrix(RISKS)], tables=[rows], appendix=[Points("Osäkert", HOSTILE)],
    )  # fmt: skip
    path.write_text(page, "utf-8")
    return path


def of_nothing(path):
    """Save a page of charts and tables that are empty."""
    none = frame("risks")
    outputs = [plot_risk_matrix(none), Table("Risker", pd.DataFrame(), "Inga."), Points("", [])]
    cells = [v4.new_code_cell("x", outputs=[shown(output)]) for output in outputs]
    return save_page(v4.new_notebook(cells=cells), path, language="en")


@pytest.mark.parametrize("make", [of_a_notebook, of_a_report, of_nothing])
def test_a_page_has_no_fault_and_asks_for_nothing(browser, tmp_path, make):
    """Everybody can read it, everywhere, and nothing in a cell is run."""
    assert look_at(browser, make(tmp_path / "sida.html")) == ([], [])


def test_the_checker_sees_a_fault(browser, tmp_path):
    """A page that is wrong is told to be: else the other tests would say nothing."""
    path = tmp_path / "fel.html"
    path.write_text("<html><body><img src='data:,'></body></html>", "utf-8")
    assert {"image-alt", "html-has-lang", "document-title"} <= {
        f for f, _ in look_at(browser, path)[0]
    }
