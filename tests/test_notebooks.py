"""Every notebook runs from top to bottom on the sample, says numbers, and follows its definitions."""

import re
import shutil
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

import riskdata as rd
from riskdata import folders
from riskdata.reports.programs import Kernels
from riskdata.reports.rerun import Run, list_runs, rerun
from riskdata.words.vocabulary import vocabulary
from tests.conftest import LONG

USUAL = 5  # steps of the shipped scale
BOARD = "Socialnämnden"
OTHERS = ("Barn- och utbildningsnämnden",) if LONG else ()


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory, cleaned_sample) -> Path:
    """Return a copy of the project's notebooks and exports, cleaned."""
    return shutil.copytree(cleaned_sample, tmp_path_factory.mktemp("project") / "copy")


@pytest.fixture(scope="module")
def kernels(cleaned) -> Iterator[Kernels]:
    """Start the kernels that all of the runs here share."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cleaned)
        with Kernels() as started:
            yield started


def of_other_scale() -> str:
    """Return a board of the sample whose scale is not the shipped one."""
    boards = rd.load().boards
    steps = {b: len(vocabulary().for_board(b).scale_labels("likelihood")) for b in boards}
    return next((b for b, n in steps.items() if n != USUAL), "") or pytest.skip("no such board")


@pytest.fixture(scope="module", params=[BOARD, "", *OTHERS])
def ran(cleaned, kernels, request) -> list[Run]:
    """Return the notebooks when they have been run for a board; "" is the one with its own scale."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cleaned)
        board = request.param or of_other_scale()
        runs = list_runs(rd.load(), board=board, interactive=True)
        skipped: list[str] = []
        rerun(runs, kernels=kernels, on_skip=skipped.append)
        assert skipped == []
        assert len(runs) == len(list((folders.root() / "notebooks").glob("*.ipynb")))
    return runs


def said(cell) -> str:
    """Return what a cell of code says last, where it is a sentence."""
    texts = [out.data.get("text/markdown", "") for out in cell.get("outputs", ()) if "data" in out]
    return texts[-1] if texts else ""


def test_notebooks_run_from_top_to_bottom(ran):
    """None of the notebooks stops, and each becomes a page."""
    assert all(run.page.is_file() for run in ran)


def test_each_question_ends_in_a_sentence_with_a_number(ran):
    """Under each heading, what is said last is a sentence with a number, from code."""
    for run in ran:
        headings = [n for n, c in enumerate(run.notebook.cells) if c.source.startswith("## ")]
        for start, end in zip(headings, [*headings[1:], len(run.notebook.cells)], strict=True):
            last = run.notebook.cells[end - 1]
            heading = run.notebook.cells[start].source.splitlines()[0]
            assert re.search(r"\d", said(last)), f"{run.name}: {heading}"


def test_no_page_shows_tags(ran):
    """What is put together of several parts is escaped once: a reader sees no markup as text."""
    for run in ran:
        text = html.document_fromstring(run.page.read_text("utf-8")).text_content()
        assert not re.search(r"</?[a-z]+[^<>]*>", text), run.page.name


def test_nothing_is_written_beside_the_answers(ran):
    """No warning, and no object that shows itself as code."""
    for run in ran:
        outputs = [out for cell in run.notebook.cells for out in cell.get("outputs", ())]
        assert [out.text for out in outputs if out.output_type == "stream"] == []
        plain = [o.data["text/plain"] for o in outputs if list(o.get("data", {})) == ["text/plain"]]
        assert plain == []


@pytest.fixture
def rerun_with(cleaned, kernels, monkeypatch):
    """Return a function that runs a notebook with a line in another's place, and what it then says."""

    def run(name: str, old: str, new: str) -> str:
        monkeypatch.chdir(cleaned)
        runs = list_runs(rd.load(), board=BOARD)
        chosen = next(r for r in runs if r.name.startswith(name))
        notebook = deepcopy(chosen.notebook)
        cells = [cell for cell in notebook.cells if old in cell.source]
        assert len(cells) == 1
        cells[0].source = cells[0].source.replace(old, new)
        page = cleaned / "changed.html"
        rerun([replace(chosen, notebook=notebook, page=page)], kernels=kernels)
        return " ".join(html.document_fromstring(page.read_text("utf-8")).text_content().split())

    return run


def test_another_limit_is_one_line(rerun_with):
    """Whoever changes what is high in notebook 02 gets other conclusions, tables and charts."""
    text = rerun_with(
        "02",
        'registers["limit"] = rd.vocabulary().limits(registers.board)',
        'registers["limit"] = 16',
    )
    risks = rd.load().select(board=BOARD, kind="register").risks
    now = risks[risks.period == risks.period.max()]
    high = now[now.risk_value >= 16]
    outside = (~high.decision.isin(rd.vocabulary().in_plan)).sum()
    assert f"Riskgränsen nås av {len(high)} av {len(now)} risker" in text
    assert f"{len(high)} höga → {len(high)} med beslut att läsa" in text
    assert f"{outside} utanför planen" in text
    assert f"{len(high)} av {len(now)} risker når riskgränsen 16" in text


def test_another_definition_of_unfinished_is_one_line(rerun_with):
    """Whoever counts the unknown as unfinished in notebook 04 gets it everywhere."""
    text = rerun_with("04", 'followed.verdict == "unfinished"', 'followed.verdict != "finished"')
    followed = rd.unfinished(rd.load().followed(board=BOARD))
    counts = (
        (followed.verdict != "finished").groupby(followed.period.astype("str")).agg(["sum", "size"])
    )
    now = counts.iloc[-1]
    assert f"Ogjorda i {counts.index[-1]}: {now['sum']} av {now['size']} åtgärder." in text
    assert all(f"{period} {n} av {size}" in text for period, n, size in counts.itertuples())


def test_no_code_is_shown_to_a_reader(ran):
    """A page says Avslutad, never finished: each code has its word."""
    codes = {*vocabulary().codes("statuses"), *vocabulary().codes("decisions"), "unfinished"}
    for run in ran:
        if run.name.startswith("06"):
            continue
        text = html.document_fromstring(run.page.read_text("utf-8")).find("body").text_content()
        assert codes.isdisjoint(re.findall(r"[a-z_]+", text)), run.name
