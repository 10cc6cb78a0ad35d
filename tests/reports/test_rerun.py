"""Notebooks are run for a period and a board, become pages, and say where they stopped."""

import os
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from unittest.mock import Mock

import nbformat
import pytest

import riskdata as rd
import riskdata.reports.programs
from riskdata.reports.programs import ARGUMENTS, USED, Kernels
from riskdata.reports.rerun import finish, list_runs, rerun


@pytest.fixture
def notebooks(cleaned_project, monkeypatch):
    """Return a function that writes a notebook with cells of code under a heading; one kernel is enough."""
    monkeypatch.setattr("riskdata.reports.programs.AT_ONCE", 1)
    quick = [argument.replace(USED, "os") for argument in ARGUMENTS]
    monkeypatch.setattr("riskdata.reports.programs.ARGUMENTS", quick)
    (cleaned_project / "notebooks").mkdir()

    def write(name: str, *sources: str, **metadata) -> None:
        parameters = nbformat.v4.new_code_cell(
            "period = None\nboard = None\nlanguage = 'sv'", metadata={"tags": ["parameters"]}
        )
        heading = nbformat.v4.new_markdown_cell("# Hur många?\n\n## Är det många?")
        cells = [heading, parameters, *map(nbformat.v4.new_code_cell, sources)]
        book = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
        nbformat.write(book, cleaned_project / "notebooks" / f"{name}.ipynb")

    return write


def test_page_is_made_with_the_choices_of_the_run(notebooks, project):
    """The cell after the parameters holds the run's own; the page shows results, not code."""
    notebooks("01-first", "board + ' ' + period")
    folders = rerun(list_runs(rd.load(), board="Socialnämnden"))
    assert folders == [project / "reports" / "2025-VB" / "Socialnämnden"]
    page = (folders[0] / "01-hur-manga.html").read_text("utf-8")
    assert "Socialnämnden 2025-VB" in page
    assert "board +" not in page
    assert 'lang="sv"' in page


def test_each_cell_is_told(notebooks):
    """A progress bar hears of every cell of code, the run's own choices among them."""
    notebooks("01-first", "1", "2")
    told = []
    runs = list_runs(rd.load())
    rerun(runs, on_cell=lambda: told.append(1))
    assert len(told) == sum(run.cells for run in runs) == 4


def test_failure_names_notebook_cell_and_reason(notebooks):
    """A notebook that stops is named, with the heading and the line that it stopped at."""
    notebooks("01-first", "1", "data = 1 / 0")
    with pytest.raises(rd.RiskdataError, match=r"01-first(?s:.)*Är det många(?s:.)*ZeroDivision"):
        rerun(list_runs(rd.load()))


@pytest.fixture(params=["forked", "started"])
def ways(request, monkeypatch) -> str:
    """Have kernels forked from a process that has imported, or each started by itself."""
    if request.param == "started":
        monkeypatch.setattr("riskdata.reports.programs.FORKS", False)
    elif not riskdata.reports.programs.FORKS:
        pytest.skip("this system does not fork")
    return request.param


def test_killed_kernel_is_told(notebooks, ways):
    """A notebook whose kernel is ended by somebody is named; nothing waits for ever."""
    notebooks("01-first", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(rd.RiskdataError, match="01-first stannade"):
        rerun(list_runs(rd.load()))


def test_nothing_of_a_notebook_is_left_to_the_next(notebooks, ways):
    """Notebooks may share a kernel, but no names."""
    notebooks("01-first", "'left' in globals()")
    notebooks("02-second", "left = 1")
    folders = rerun(list_runs(rd.load()))
    assert "False" in (folders[0] / "01-hur-manga.html").read_text("utf-8")


def test_figure_is_shown(notebooks, ways):
    """Matplotlib shows its figures on the page, however the kernel came to be."""
    notebooks("01-first", "import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    folders = rerun(list_runs(rd.load()))
    assert "data:image/png" in (folders[0] / "01-hur-manga.html").read_text("utf-8")


@pytest.mark.skipif(not riskdata.reports.programs.FORKS, reason="this system does not fork")
def test_page_is_made_here_where_the_helper_has_ended(notebooks, project):
    """A helper that somebody has ended is no fault: the page is made by the command itself."""
    notebooks("01-first", "board")
    with Kernels() as kernels:
        with suppress(BrokenExecutor):
            kernels._helper.submit(os._exit, 1).result(60)
        rerun(list_runs(rd.load()), kernels=kernels)
    page = project / "reports" / "2025-VB" / "Socialnämnden" / "01-hur-manga.html"
    assert "Socialnämnden" in page.read_text("utf-8")


@pytest.mark.skipif(not riskdata.reports.programs.FORKS, reason="this system does not fork")
def test_kernel_is_started_where_none_can_be_forked(notebooks, monkeypatch):
    """A system that refuses a fork gets an ordinary kernel, and the same page."""
    monkeypatch.setattr("riskdata.reports.programs.Fork", Mock(side_effect=OSError))
    notebooks("01-first", "board")
    folders = rerun(list_runs(rd.load()))
    assert "Socialnämnden" in (folders[0] / "01-hur-manga.html").read_text("utf-8")


def test_kernel_that_does_not_start_is_told(notebooks, monkeypatch):
    """A kernel that ends at once, as where Jupyter is broken, is said in words."""
    monkeypatch.setattr(
        "riskdata.reports.programs.ARGUMENTS", ["--IPKernelApp.no_such_choice=1", "--bad"]
    )
    notebooks("01-first", "1")
    with pytest.raises(rd.RiskdataError, match="Jupyter startade inte"):
        rerun(list_runs(rd.load()))


def test_interactive_notebook_is_left_out(notebooks):
    """What only works with a kernel is no page."""
    notebooks("01-first", "1")
    notebooks("02-second", "1", interactive=True)
    assert [run.name for run in list_runs(rd.load())] == ["01-first"]


def test_names_are_not_on_the_page(notebooks):
    """Whoever is responsible in the tables is not named on a page."""
    notebooks("01-first", "'Maja Lind har planen'")
    folders = rerun(list_runs(rd.load()))
    assert "Maja Lind" not in (folders[0] / "01-hur-manga.html").read_text("utf-8")


@pytest.mark.parametrize("choice", [{"period": "1999-VB"}, {"board": "Okänd"}, {"language": "de"}])
def test_choice_without_data_is_refused_before_anything_runs(notebooks, choice):
    """A period, board or language that there isn't is answered with those there are."""
    notebooks("01-first", "1")
    with pytest.raises(rd.RiskdataError, match="2025-VB|Socialnämnden|sv"):
        list_runs(rd.load(), **choice)


def test_notebook_without_data_becomes_no_page(notebooks):
    """With one year only there is nothing to compare: that is said, and the other pages are made."""
    notebooks("01-first", "import riskdata as rd\nrd.load().before(period)")
    notebooks("02-second", "1")
    said = []
    folders = rerun(list_runs(rd.load()), on_skip=said.append)
    assert [path.name for path in folders[0].iterdir()] == ["02-hur-manga.html"]
    assert "inget riskregister före 2025-VB" in said[0]


def test_pages_lead_to_each_other(notebooks, project):
    """From all periods to one, to a board, to its pages, and back."""
    notebooks("01-first", "1")
    runs = list_runs(rd.load())
    folders = rerun(runs)
    start = finish(rd.load(), runs)
    assert start == project / "reports" / "2025-VB" / "index.html"
    assert 'href="01-hur-manga.html"' in (folders[0] / "index.html").read_text("utf-8")
    assert "Socialn%C3%A4mnden/index.html" in start.read_text("utf-8")
    assert "2025-VB/index.html" in (project / "reports" / "index.html").read_text("utf-8")
