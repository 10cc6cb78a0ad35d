"""Killed at any moment, a cleaning leaves the old tables or the new ones, whole.

Run as a program it does the killing: one process, with all modules loaded, forks a cleaning, kills
it after a random time, and looks at what is left, 50 times.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from tests.conftest import LONG, REGISTER

KILLS = 50 if LONG else 5
ROWS = 60 if LONG else 20
FILES = tuple(f"2025-VB {name}nämnden.txt" for name in ("Social", "Kultur", "Teknik", "Miljö"))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_kills_leave_old_or_new_tables_whole(tmp_path):
    """After each kill at a random moment every table is of one and the same run."""
    (tmp_path / "data" / "raw").mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, "-m", "tests.tables.test_kill", str(tmp_path)],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    kills = json.loads(done.stdout)
    assert len(kills) == KILLS
    assert {found for found, _, _ in kills} <= {"whole"}
    # Else the moments missed what they are to try: some before the tables change, some after.
    # A few kills on a busy machine may all fall on one side of it.
    assert not LONG or {kept == meant for _, kept, meant in kills} == {True, False}


def write_exports(folder: Path, version: int) -> None:
    """Write the exports of a version: the number stands in every text of every table."""
    for name in FILES:
        lines = [REGISTER]
        for n in range(ROWS):
            text = f"Version {version} {name[8:12]} {n}"
            lines.append(
                f"1.1 Mål\t{text} P\t{text} S\t{text} H\t3\t4\t12 Acceptera\tAvslutad {text}\t"
            )
        (folder / "data" / "raw" / name).write_text("\n".join(lines), encoding="utf-8")


def clean(folder: Path) -> None:
    from riskdata.clean import clean_folder

    clean_folder(*(folder / "data" / name for name in ("raw", "manual", "clean")))


def look(folder: Path) -> str:
    """Return the version that the tables are of, or what is wrong with them."""
    from riskdata.tables.schema import read_tables

    tables = read_tables(folder / "data" / "clean")
    texts = [*tables["risks"].event, *tables["activities"].activity]
    texts += [t for t in tables["account"].after if t.startswith("Version")]
    versions = {text.split()[1] for text in texts}
    rows = len(FILES) * ROWS
    lengths = [len(tables[name]) for name in ("risks", "activities", "sources")]
    if len(versions) != 1 or lengths != [rows, rows, len(FILES)]:
        return f"mixed {sorted(versions)} {lengths}"
    csv = (folder / "data" / "clean" / "risks.csv").read_text("utf-8-sig")
    return versions.pop() if csv.count("\n") == rows + 1 else "csv cut"


def in_child(work, after: float | None = None) -> tuple[str, float]:
    """Return what work returns in a forked process, and how long it took; "" if it was killed."""
    receive, send = os.pipe()
    begun = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            os.write(send, str(work()).encode())
        except BaseException as fault:
            os.write(send, f"{type(fault).__name__}: {fault}"[:500].encode())
        os._exit(0)
    os.close(send)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(receive, encoding="utf-8", errors="replace") as answer:
        return answer.read(), time.monotonic() - begun


def kill_many(folder: Path) -> list[tuple[str, str, str]]:
    """Return for each kill what was found, the version of the tables and the one being written."""
    import pyarrow.parquet  # noqa: F401 - what all the forks use is loaded once
    import scipy.optimize  # noqa: F401
    import sklearn.feature_extraction.text  # noqa: F401

    import riskdata.analysis.checks
    import riskdata.clean  # noqa: F401

    write_exports(folder, 0)
    in_child(lambda: clean(folder))
    write_exports(folder, 1)
    _, seconds = in_child(lambda: clean(folder))
    rng = Random(6)
    # From halfway, as the tables are written last: some before they change, some after.
    moments = [seconds * (0.5 + 0.7 * (n + rng.random()) / KILLS) for n in range(KILLS)]
    kept, found = "1", []
    for version, moment in enumerate(rng.sample(moments, KILLS), 2):
        write_exports(folder, version)
        in_child(lambda: clean(folder), after=moment)
        left, _ = in_child(lambda: look(folder))
        whole = "whole" if left in (kept, str(version)) else left
        found.append((whole, left, str(version)))
        kept = left
    return found


if __name__ == "__main__":
    print(json.dumps(kill_many(Path(sys.argv[1]))))
