"""Every notebook runs from top to bottom on the sample, for each of its boards."""

import shutil
from pathlib import Path

import pytest

import riskdata as rd
from riskdata import folders
from riskdata.reports.rerun import list_runs, rerun

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory) -> Path:
    """Return a copy of the project's notebooks and exports, cleaned."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("data/raw", "data/manual", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        rd.clean_folder()
    return folder


@pytest.mark.parametrize("board", ["Socialnämnden"])
def test_notebooks_run_from_top_to_bottom(cleaned, monkeypatch, board):
    """None of the notebooks stops, and each becomes a page."""
    monkeypatch.chdir(cleaned)
    runs = list_runs(rd.load(), board=board, interactive=True)
    assert len(runs) == len(list((folders.root() / "notebooks").glob("*.ipynb")))
    skipped: list[str] = []
    rerun(runs, on_skip=skipped.append)
    assert skipped == []
    assert all(run.page.is_file() for run in runs)
