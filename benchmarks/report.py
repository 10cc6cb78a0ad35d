"""Measures a report: whole, beside the imports that nobody is spared, and where its time goes."""

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path

import pandas as pd
import psutil

import riskdata as rd
from benchmarks import generate
from riskdata.clean import Task, read_batch
from riskdata.reports.committee import Committee
from riskdata.reports.document import make_document
from riskdata.reports.programs import USED, Kernels, save_pdfs
from riskdata.reports.rerun import Run, list_runs, rerun
from riskdata.reports.workbook import make_workbook

ROOT = Path(__file__).parents[1]
IMPORTS = [sys.executable, "-c", "import pandas, seaborn, sklearn, docx, openpyxl"]
COMMAND = [str(Path(sys.executable).with_name("riskdata")), "report"]
BOARD = "Socialnämnden"
YEARS = ("2022", "2023", "2024")
Row = tuple[str, str, str, str, str]  # what, measured, beside what, ratio, floor


def whole(folder: Path) -> Iterator[Row]:
    """Yield the time of warm reports, in turn with the imports (B), three times."""
    sample, ten = _project(folder / "sample"), _ten_boards(folder / "ten")
    one, no_office = [*COMMAND, "--board", BOARD], {"PATH": str(Path(sys.executable).parent)}
    yield from _compared("one board's report, warm", one, sample, {}, "≤ 5")
    yield from _compared("the same without PDF", one, sample, no_office, "≤ 3.5")
    yield from _compared("ten boards' report, warm", COMMAND, ten, {}, "≤ 25", most=1500)


def _compared(
    what: str, command: list[str], folder: Path, changed: dict, floor: str, most: int = 0
) -> Iterator[Row]:
    _run(command, folder, changed)  # so that data/clean and every cache is warm
    runs = [(_run(command, folder, changed), _run(IMPORTS, folder, {})) for _ in range(3)]
    ratio = statistics.median(ours[0] / base[0] for ours, base in runs)
    ours, base = (statistics.median(side[0] for side in sides) for sides in zip(*runs, strict=True))
    yield what, f"{ours:.1f} s", f"B, the imports: {base:.2f} s", f"{ratio:.1f} B", floor
    if most:
        peak = max(ours[1] for ours, _ in runs)
        yield f"{what}: memory of all processes", f"{peak:.0f} MB", "", "", f"≤ {most} MB"


def _run(command: list[str], folder: Path, changed: dict[str, str]) -> tuple[float, float]:
    """Return the seconds that a command takes, and the most memory that it and its own have, in MB."""
    started, most = time.perf_counter(), 0
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | changed
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while process.poll() is None:
        most = max(most, _memory(process.pid))
        time.sleep(0.2)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} in {folder}: exit {process.returncode}")
    return time.perf_counter() - started, most / 1e6


def _memory(pid: int) -> int:
    try:
        top = psutil.Process(pid)
        return sum(_own_memory(p) for p in (top, *top.children(recursive=True)))
    except psutil.Error:  # it has just ended
        return 0


def _own_memory(process: psutil.Process) -> int:
    """Return what a process has; what it shares with others is told of each in part, where it can be."""
    memory = process.memory_full_info()
    return getattr(memory, "pss", memory.uss)


def where(folder: Path) -> Iterator[Row]:
    """Yield where the time of one board's report goes, step by step, each by itself."""
    project = _project(folder / "steps")
    with chdir(project):
        rd.clean_folder()
        yield _step(
            "imports of a kernel",
            lambda: _run([sys.executable, "-c", f"import {USED}"], project, {}),
        )
        yield _step("clean, nothing new", rd.clean_folder)
        data = rd.load()
        runs = list_runs(data, board=BOARD)
        with Kernels() as kernels:
            rerun(runs[:1], kernels=kernels)  # until its kernels answer
            rerun(runs, kernels=kernels)
        yield from (_of_run(run) for run in runs)
        report = rd.committee_report(data, board=BOARD)
        yield _step("the report's tables and charts", lambda: list(report.chapters))
        yield from _charts(report)
        fields = {"titel": report.title, "nämnd": BOARD, "period": report.period}
        yield _step("Word", lambda: make_document(
            fields=fields, summary=report.summary.sentences, chapters=report.chapters
        ))  # fmt: skip
        yield _step("workbook", lambda: make_workbook(
            report.data, changes=report.changes, activities=report.activities
        ))  # fmt: skip
        document = next((project / "reports").rglob("*.docx"))
        yield _step("PDF", lambda: save_pdfs([document]))


def _charts(report: Committee) -> Iterator[Row]:
    """Yield the processor time of each chart of a report, drawn and shown in a notebook."""
    of_risks = (rd.plot_risk_matrix, rd.plot_risk_values, rd.plot_decision_by_value)
    tables = {
        **dict.fromkeys((*of_risks, rd.plot_by_group), report.register),
        **dict.fromkeys((rd.plot_change_bridge, rd.plot_changes), report.changes),
        rd.plot_values_by_year: report.risks,
        rd.plot_tertials: report.followed,
        rd.plot_unfinished_by_group: report.activities,
    }
    for plot, table in tables.items():
        plot(table)._repr_html_()  # first use apart
        started = time.process_time()
        plot(table)._repr_html_()
        spent = time.process_time() - started
        yield f"where: chart {plot.__name__}", f"{spent:.2f} s", "", "", "≤ 0.4"


def _step(what: str, work: Callable[[], object]) -> Row:
    started = time.perf_counter()
    work()
    return f"where: {what}", f"{time.perf_counter() - started:.2f} s", "", "", ""


def _of_run(run: Run) -> Row:
    """Return the time that a notebook's cells took in a kernel that had imported everything."""
    times = [
        pd.Timestamp(done["shell.execute_reply"]) - pd.Timestamp(done["iopub.execute_input"])
        for cell in run.notebook.cells
        if (done := cell.metadata.get("execution", {})).get("shell.execute_reply")
    ]
    return (
        f"where: cells of {run.name}",
        f"{sum(t.total_seconds() for t in times):.2f} s",
        "",
        "",
        "",
    )


def sample(folder: Path) -> Iterator[Row]:
    """Yield the time of reading the sample's files, per printed row, by the kind of file."""
    project, times = _project(folder / "shapes"), {}
    with chdir(project):
        sources = rd.clean_folder().sources
        rows = sources.groupby(sources.source_file.str.split("#").str[0]).printed_rows.sum()
        for name, printed in rows.items():
            task = Task(name, project / "data" / "raw" / name, {}, ())
            started = time.process_time()
            read_batch([task], project / "data" / "manual")
            taken = time.process_time() - started
            times.setdefault(Path(name).suffix, []).append(1000 * taken / printed)
    for kind, each in sorted(times.items()):
        low, middle, high = min(each), statistics.median(each), max(each)
        said = f"{middle:.2f} ms a row ({low:.2f}–{high:.2f}, {len(each)} files)"
        yield f"read the sample's {kind}", said, "", "", ""


def _project(folder: Path) -> Path:
    """Return a copy of the project with its sample."""
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    shutil.copytree(ROOT / "data", folder / "data")
    return folder


def _ten_boards(folder: Path) -> Path:
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    kept = (pair for pair in generate.municipality(0) if pair[0].startswith(YEARS))
    generate.write_texts(folder / "data" / "raw", kept)
    return folder
