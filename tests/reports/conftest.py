"""One report, made once, that many tests look at."""

import docx
import pytest
from openpyxl import load_workbook

from riskdata.reports.committee import committee_report
from tests.committee_data import BOARD, make_data


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """An empty project, worked in while the session's reports are made."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "data" / "raw").mkdir(parents=True)
    return folder


@pytest.fixture(scope="session")
def report(home):
    """The report of the later period."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        made = committee_report(make_data(), period="2025-VB", board=BOARD, date="2026-02-03")
        made.chapters  # noqa: B018 (drawn here, once)
        return made


@pytest.fixture(scope="session")
def saved(report, home):
    """Its files, without a PDF; ``saved.files`` are their paths."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        return report.save(pdf=False)


@pytest.fixture(scope="session")
def document(saved):
    """Its Word file."""
    return docx.Document(str(next(p for p in saved.files if p.suffix == ".docx")))


@pytest.fixture(scope="session")
def book(saved):
    """Its workbook."""
    return load_workbook(next(p for p in saved.files if p.suffix == ".xlsx"))
