"""Makes the pictures in docs/ from the sample: make pictures, when they are to be new."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import riskdata as rd
from riskdata.reports.rerun import list_runs, rerun

BOARD, PERIOD = "Socialnämnden", "2025-VB"
NOTEBOOKS = ("02", "03", "04")  # of docs/varje-tertial.md
WIDE, HIGH = 1000, 1150  # pixels of a page that are shown

DOCS = Path(__file__).parents[1] / "docs"


def make() -> None:
    """Save two charts and the first page of the report of Socialnämnden, 2025-VB."""
    with tempfile.TemporaryDirectory() as work:
        data = rd.clean_folder(clean=Path(work) / "clean")
        report = rd.committee_report(
            data, period="2025-VB", board="Socialnämnden", date="2026-02-03"
        )
        for name, file in {"risk_matrix": "risk-matrix", "changes": "changes"}.items():
            saved = report.charts()[name].save(work, file)
            shutil.copyfile(saved["png"], DOCS / f"{file}.png")
        pdf = next(path for path in report.save().files if path.suffix == ".pdf")
        first = ["-f", "1", "-l", "1", "-singlefile", "-r", "80", "-png"]
        subprocess.run(["pdftoppm", *first, pdf, DOCS / "report-page"], check=True)


def make_pages() -> None:
    """Save the beginning of notebooks' pages, as a browser shows them."""
    from playwright.sync_api import sync_playwright

    runs = [
        run for run in list_runs(rd.refresh(), period=PERIOD, board=BOARD)
        if run.name.startswith(NOTEBOOKS)
    ]  # fmt: skip
    rerun(runs)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": WIDE, "height": HIGH})
        for run in runs:
            page.goto(run.page.resolve().as_uri())
            page.screenshot(path=DOCS / f"varje-tertial-{run.name[:2]}.png")
        browser.close()


if __name__ == "__main__":
    make()
    make_pages()
