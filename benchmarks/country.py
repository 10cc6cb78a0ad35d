"""Cleans a country, a folder per municipality, and asks the questions of each and of all.

    python -m benchmarks.country [--dask] FOLDER…

Each folder holds ``raw`` and gets ``clean``. Two processes, or two workers of dask, share the
folders. Prints as JSON what it took: seconds, processor seconds, MB and risks.
"""

import gc
import json
import os
import re
import resource
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

import pandas as pd

import riskdata as rd


def clean_municipality(folder: Path) -> tuple[int, dict]:
    """Clean a folder in this process and ask of it what is unfinished and what has changed.

    Return which process did it, and what that one has used so far.
    """
    gc.set_threshold(50_000)  # as the command does
    _ask_of(folder)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return os.getpid(), {"cpu": used.ru_utime + used.ru_stime, "peak": _peak()}


def _peak() -> float:
    """Return the most memory that this process has had, in MB.

    Linux tells it of the program; what it tells of its use of resources begins with what the
    process that started it had.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _ask_of(folder: Path) -> None:
    with ThreadPoolExecutor(1) as here:
        data = rd.clean_folder(folder / "raw", folder / "manual", folder / "clean", executor=here)
    rd.unfinished(data.activities)
    risks = data.select(kind="register").risks
    boards = risks.groupby("period").board.agg(set).loc[data.select(kind="register").periods]
    for (before, had), (after, has) in pairwise(boards.items()):
        rd.compare(risks[risks.board.isin(had & has)], before, after)


def ask(folders: list[Path]) -> pd.DataFrame:
    """Return how many risks of each year and decision are high, of all as one table on disk."""
    from pyarrow import dataset

    risks = dataset.dataset([str(folder / "clean" / "risks.parquet") for folder in folders])
    high = risks.to_table(["year", "decision"], filter=dataset.field("risk_value") >= 12)
    return high.group_by(["year", "decision"]).aggregate([([], "count_all")]).to_pandas()


@contextmanager
def two_by_dask() -> Iterator[Executor]:
    """Yield an executor of two dask workers on this machine, as a cluster's would be."""
    from dask.distributed import Client, LocalCluster

    alone = {"host": "127.0.0.1", "dashboard_address": None}
    with LocalCluster(n_workers=2, threads_per_worker=1, **alone) as cluster, Client(cluster) as c:
        yield c.get_executor(pure=False)


def main(folders: list[Path], *, dask: bool) -> None:
    started = time.perf_counter()
    two_processes = ProcessPoolExecutor(2, mp_context=get_context("spawn"))
    with two_by_dask() if dask else two_processes as two:
        processes = dict(two.map(clean_municipality, folders))  # the last of each counts
    answer = ask(folders)
    own = resource.getrusage(resource.RUSAGE_SELF)
    told = {
        "seconds": time.perf_counter() - started,
        "cpu": own.ru_utime + own.ru_stime + sum(used["cpu"] for used in processes.values()),
        "peak": _peak() + sum(used["peak"] for used in processes.values()),
        "high": int(answer.count_all.sum()),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    asked = sys.argv[1:]
    main([Path(a) for a in asked if a != "--dask"], dask="--dask" in asked)
