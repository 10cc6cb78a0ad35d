"""Reads many exports: here, in other processes, or on a cluster, with the same result."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from riskdata.corrections import Correction
from riskdata.exports import Export, read_export_file
from riskdata.uncollected import nothing_collected
from riskdata.vocabulary import read_vocabulary

CHUNK = 50  # files that a process reads at a time
ENOUGH = 400  # files: with fewer, starting processes takes longer than it saves


@dataclass(frozen=True)
class Task:
    """One file to read, with what data/manual says of it."""

    name: str
    path: Path
    own: tuple[str, str]
    corrections: tuple[Correction, ...]


def read_many(
    tasks: list[Task],
    manual: Path,
    *,
    executor: Executor | None = None,
    progress: Callable[[Iterable], Iterable] = iter,
) -> list[Export]:
    """Return what each file gives, in the order of the tasks, whoever reads them.

    Without an executor, many files are read by processes of this machine and few by this one.
    With one, each of its workers must see the files and ``manual`` under the same paths.
    """
    if executor is None and len(tasks) < ENOUGH:
        return [read_chunk([task], manual)[0] for task in progress(tasks)]
    if executor is not None:
        found = _read_by(executor, tasks, manual)
        return [next(found) for _ in progress(tasks)]
    with make_pool(_processors()) as pool:
        found = _or_here(_read_by(pool, tasks, manual), tasks, manual)
        return [next(found) for _ in progress(tasks)]


def make_pool(workers: int) -> Executor:
    """Return an executor of that many processes; for one worker, of this process itself."""
    if workers <= 1:
        return ThreadPoolExecutor(1)
    # Processes that start afresh: a copy of one with threads in it may hang.
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


def read_chunk(tasks: list[Task], manual: Path) -> list[Export]:
    """Return what some files give; whatever is wrong with one stands in its source."""
    vocab = read_vocabulary(manual)
    with nothing_collected():
        return [
            read_export_file(t.path, t.name, vocab, own=t.own, corrections=t.corrections)
            for t in tasks
        ]


def _read_by(executor: Executor, tasks: list[Task], manual: Path) -> Iterator[Export]:
    chunks = [tasks[n : n + CHUNK] for n in range(0, len(tasks), CHUNK)]
    waiting = [executor.submit(read_chunk, chunk, manual.absolute()) for chunk in chunks]
    for n, future in enumerate(waiting):
        waiting[n] = None  # what has been handed on need not be kept twice
        yield from future.result()


def _or_here(found: Iterator[Export], tasks: list[Task], manual: Path) -> Iterator[Export]:
    """Yield what processes found; once they have broken down, what this one finds."""
    done = 0
    try:
        for export in found:
            yield export
            done += 1
    except BrokenProcessPool:
        for task in tasks[done:]:
            yield read_chunk([task], manual)[0]


def _processors() -> int:
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1
