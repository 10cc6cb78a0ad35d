"""Measures each figure beside its limit or rival, in one run: make bench.

    python -m benchmarks.run [--files N] [--rows N] [--national MUNICIPALITIES]

Prints a table and, unless only a part is asked for, writes it to benchmarks/results.md. Times are
wall times: the median of five pairs where the work is short, else of one run. A ratio holds on a
busy machine, a time does not.
"""

import argparse
import json
import math
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random

import pandas as pd
import python_calamine

from benchmarks import generate, report
from riskdata.analysis.checks import check_tables
from riskdata.analysis.links import link_risks
from riskdata.clean import CHUNK, Task, read_batch
from riskdata.comments import read_comments
from riskdata.tables import schema

RESULTS = Path(__file__).with_name("results.md")
ROOT = Path(__file__).parents[1]
MUNICIPALITIES, EACH = 290, 10 * 3 * 15  # and its exports: ten boards, fifteen years
NOWHERE = Path("no-such-folder")
Row = tuple[str, str, str, str, str]  # what, measured, beside what, ratio, floor


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--files", type=int, default=2000, help="spreadsheets, and texts")
    told.add_argument("--rows", type=int, default=1_000_000, help="risks to check")
    told.add_argument("--national", type=int, default=6, help="municipalities of 290")
    told.add_argument("--only", default="", help="the part to measure: starts, texts, …")
    asked = told.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        parts = {
            "starts": lambda: starts(here),
            "texts": lambda: texts(here, asked.files),
            "spreadsheets": lambda: spreadsheets(here, asked.files),
            "rows": lambda: [*comments(), *links(), *checks(asked.rows)],
            "report": lambda: report.whole(here),
            "where": lambda: report.where(here),
            "sample": lambda: report.sample(here),
            "national": lambda: national(here, asked.national),
        }
        for name, part in parts.items():
            for row in part() if asked.only in ("", name) else ():
                print(" | ".join(row), flush=True)
                rows.append(row)
    if not asked.only:
        RESULTS.write_text(_table(rows), "utf-8")


# What a command costs before it does anything


def starts(folder: Path) -> Iterator[Row]:
    """Yield the starting times beside that of pandas, in turn, five times."""
    generate.write_texts(folder / "one", generate.registers(1))
    (export,) = (folder / "one").iterdir()
    python, command = sys.executable, str(Path(sys.executable).with_name("riskdata"))
    rival = [python, "-c", "import pandas"]
    for what, asked, floor in (
        ("`import riskdata`", [python, "-c", "import riskdata"], 1.1),
        ("`riskdata --help`", [command, "--help"], 0.5),
        ("`riskdata check` on one text file", [command, "check", str(export)], 2.0),
    ):
        pairs = [(_run(asked), _run(rival)) for _ in range(5)]
        yield _row(what, pairs, "`import pandas`", f"≤ {floor}")


# Cleaning


def texts(folder: Path, count: int) -> Iterator[Row]:
    """Yield how fast text exports are read, by one process and into data/clean."""
    raw = folder / "texts"
    generate.write_texts(raw, generate.registers(count))
    files = sorted(raw.iterdir())
    tasks = [Task(f.name, f, {}, ()) for f in files]
    chunks = [tasks[n : n + CHUNK] for n in range(0, count, CHUNK)]  # as a process reads them
    busy = statistics.median(_busy(partial(read_batch, c, NOWHERE)) / len(c) for c in chunks)
    speed = f"{generate.RISKS / busy:,.0f} risks per second of one core".replace(",", " ")
    yield f"read {count} text exports", speed, "", "", "≥ 20 000"
    whole = _clean(raw, folder / "clean-texts")
    by_hand = _time(lambda: [_text_by_hand(f) for f in files])
    yield _row(
        f"clean {count} text exports", [(by_hand, whole)], "pandas by hand (its time ÷ ours)"
    )
    again = _clean(raw, folder / "clean-texts")
    yield _row("the same again, nothing changed", [(again, whole)], "the first time")


def spreadsheets(folder: Path, count: int) -> Iterator[Row]:
    """Yield how fast workbooks are cleaned, beside their bare cells and beside pandas by hand."""
    raw = folder / "workbooks"
    raw.mkdir()
    for name, grid in generate.registers(count):
        (raw / f"{name}.xlsx").write_bytes(generate.workbook(grid))
    files = sorted(raw.iterdir())
    pairs = [
        (_clean(raw, folder / f"clean-{n}"), _time(lambda: [_bare(f) for f in files]))
        for n in range(5)
    ]
    yield _row(f"clean {count} workbooks", pairs, "their bare cells", "≤ 3")
    one = _clean(raw, folder / "clean-one", workers=1)
    yield _row("the same by one process", [(one, pairs[-1][1])], "their bare cells")
    by_hand = _time(lambda: [_workbook_by_hand(f) for f in files])
    rivals = [(by_hand, whole) for whole, _ in pairs]
    yield _row("the same, by hand", rivals, "pandas by hand ÷ ours", "≥ 5")


def _clean(raw: Path, clean: Path, workers: int | None = None) -> float:
    command = [sys.executable, "-m", "benchmarks.clean", str(raw), str(clean)]
    command += [str(workers)] if workers else []
    told = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=3600)
    return float(told.stdout)


def _bare(file: Path) -> None:
    sheet = python_calamine.CalamineWorkbook.from_path(file).get_sheet_by_index(0)
    sheet.to_python(skip_empty_area=False)
    _ = sheet.merged_cell_ranges


def _workbook_by_hand(file: Path) -> pd.DataFrame:
    return _by_hand(pd.read_excel(file, engine="openpyxl"))


def _text_by_hand(file: Path) -> pd.DataFrame:
    return _by_hand(pd.read_csv(file, sep="\t", skiprows=2))


def _by_hand(table: pd.DataFrame) -> pd.DataFrame:
    """Return what a person would get without this package: filled down and split, nothing mended."""
    groups = list(table.columns[:3])
    table[groups] = table[groups].ffill()
    for axis in ("Sannolikhet", "Konsekvens"):
        table[axis] = table[axis].astype("str").str.extract(r"^(\d)", expand=False)
    words = table["Status/Åtgärd"].astype("str").str.split(" ", n=1, expand=True)
    return table.assign(status=words[0])


# Tables


def comments() -> Iterator[Row]:
    """Yield the time of reading comments, and how it grows."""
    sizes = (1_000, 10_000, 100_000)
    times = [_time(partial(read_comments, _activities(n))) for n in sizes]
    yield _grown("read comments", sizes, times)


def links() -> Iterator[Row]:
    """Yield the time of linking two years, in boards of about sixty risks each."""
    sizes = (60, 2_000, 20_000)
    times = [_time(partial(link_risks, _two_years(n), "2024-VB", "2025-VB")) for n in sizes]
    yield _grown("link years", sizes, times)


def checks(count: int) -> Iterator[Row]:
    """Yield the time of every check over registers of many boards."""
    sizes = (count // 100, count // 10, count)
    empty = [schema.frame(name) for name in ("account", "sources")]
    none = schema.frame("activities")
    times = [_time(partial(check_tables, _register(n), none, *empty)) for n in sizes]
    yield _grown("check risks", sizes, times)


def _activities(count: int) -> pd.DataFrame:
    made: list[dict] = []
    for n in range(math.ceil(count / generate.ACTIVITIES)):
        made += generate.activities(Random(n))
    where = {"period": "2024-VB", "source_file": "a.txt"}
    return schema.frame("activities", [row | where for row in made[:count]])


def _register(count: int, period: str = "2024-VB") -> pd.DataFrame:
    made = []
    for n in range(math.ceil(count / generate.RISKS)):
        where = {"board": f"Nämnd {n}", "period": period, "source_file": f"{n}.txt"}
        rows = generate.risks(Random(n))
        made += [
            r | where | {"source_row": i, "risk_id": f"{period}-{n}-{i}"}
            for i, r in enumerate(rows)
        ]
    return schema.frame("risks", made[:count])


def _two_years(count: int) -> pd.DataFrame:
    return pd.concat([_register(count, "2024-VB"), _register(count, "2025-VB")], ignore_index=True)


# The country


def national(folder: Path, most: int) -> Iterator[Row]:
    """Yield time, memory and size of 1, a third of and all of so many municipalities."""
    sizes, taken = sorted({1, max(most // 3, 1), most}), []
    for count in sizes:
        places = [folder / f"{count}" / f"{n}" for n in range(count)]
        for n, place in enumerate(places):
            generate.write_texts(place / "raw", generate.municipality(n))
        taken.append(_country(places))
    exports = most * EACH
    what = f"{most} of {MUNICIPALITIES} municipalities"
    yield _grown(f"{what}: processor time", sizes, [t["cpu"] for t in taken], "≤ 1.05")
    each = 1000 * taken[-1]["cpu"] / exports
    yield f"{what}: an export, with all questions", f"{each:.1f} ms of one core", "", "", "≤ 13.8"
    yield f"{what}: memory of all processes", f"{taken[-1]['peak']:.0f} MB", "", "", "≤ 8 GB"
    size = sum(f.stat().st_size for place in places for f in place.glob("clean/*.parquet"))
    whole = MUNICIPALITIES / most
    yield (
        f"{what}: Parquet",
        f"{size / 1e6:.1f} MB",
        "the country",
        f"{size * whole / 1e6:.0f} MB",
        "",
    )
    minutes = taken[-1]["seconds"] / 60
    country = f"{minutes * whole:.0f} min"
    yield f"{what}: time", f"{minutes:.2f} min", "the country, if it grows so", country, "≤ 15 min"
    for place in places:
        shutil.rmtree(place / "clean")
    dask = _country(["--dask", *places])
    yield _row(f"{what}: by dask", [(dask["seconds"], taken[-1]["seconds"])], "by processes")


def _country(asked: list[Path | str]) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.country", *map(str, asked)]
    told = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=3600)
    return json.loads(told.stdout)


# Measuring


def _time(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _busy(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _run(command: list[str], folder: Path = ROOT) -> float:
    return _time(
        lambda: subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=3600)
    )


def _row(what: str, pairs: list[tuple[float, float]], beside: str, floor: str = "") -> Row:
    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    return what, f"{ours:.2f} s", f"{beside}: {theirs:.2f} s", f"{ratio:.2f}", floor


def _grown(what: str, sizes: tuple[int, ...], times: list[float], floor: str = "") -> Row:
    """Return a row with the time at each size, and the exponent over the last step."""
    told = ", ".join(f"{n}: {t:.2f} s" for n, t in zip(sizes, times, strict=True))
    exponent = math.log(times[-1] / times[-2]) / math.log(sizes[-1] / sizes[-2])
    return what, told, "growth, last step", f"exponent {exponent:.2f}", floor


def _table(rows: list[Row]) -> str:
    head = ("figure", "measured", "beside", "ratio", "floor")
    lines = [head, ("---",) * 5, *rows]
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    load = f"load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    return "\n".join([
        "# Measured by `make bench`", "", f"{machine}, pandas {pd.__version__}, {load}.", "",
        *("| " + " | ".join(line) + " |" for line in lines), "",
    ])  # fmt: skip


if __name__ == "__main__":
    main()
