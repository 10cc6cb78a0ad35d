"""Makes the README's pictures in docs/ from the sample: run it in the project when they are to be new."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import riskdata as rd

DOCS = Path(__file__).parents[1] / "docs"


def make() -> None:
    """Save two charts and the first page of the report of Socialnämnden, 2025-VB."""
    with tempfile.TemporaryDirectory() as work:
        data = rd.clean_folder(clean=Path(work) / "clean")
        report = rd.committee_report(
            data, period="2025-VB", board="Socialnämnden", folder=Path(work), date="2026-02-03"
        )
        for name, file in {"risk_matrix": "risk-matrix", "changes": "changes"}.items():
            saved = report.charts()[name].save(work, file)
            shutil.copyfile(saved["png"], DOCS / f"{file}.png")
        pdf = next(path for path in report.save(charts=[]).files if path.suffix == ".pdf")
        first = ["-f", "1", "-l", "1", "-singlefile", "-r", "80", "-png"]
        subprocess.run(["pdftoppm", *first, pdf, DOCS / "report-page"], check=True)


if __name__ == "__main__":
    make()
