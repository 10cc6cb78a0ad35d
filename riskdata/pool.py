"""Reads many exports: here, in other processes, or on a cluster, with the same result."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from riskdata.exports.corrections import Correction
from riskdata.exports.export import Export, read_export_file
from riskdata.readers import sandbox
from riskdata.tables.schema import OF_FILES
from riskdata.uncollected import nothing_collected
from riskdata.words.vocabulary import Vocabulary, read_vocabulary

if TYPE_CHECKING:
    import pyarrow as pa

CHUNK = 50  # files that a process reads at a time
ENOUGH = 400  # files: with fewer, starting processes takes longer than it saves


@dataclass(frozen=True)
class Found:
    """What several files gave: the rows of ``sources``, and each other table of schema.OF_FILES."""

    sources: list[dict]
    tables: dict[str, "pa.Table"]


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
) -> list[Found]:
    """Return what the files give, in the order of the tasks, whoever reads them.

    Without an executor, many files are read by processes of this machine and few by this one.
    With one, each of its workers must see the files and ``manual`` under the same paths.
    """
    if executor is None and len(tasks) < ENOUGH:
        return [read_chunk(progress(tasks), manual)]
    pool = executor or make_pool(_processors())
    try:
        found = _or_here(_read_by(pool, tasks, manual), tasks, manual)
        return _as_they_come(found, progress(tasks))
    finally:
        if pool is not executor:
            pool.shutdown(wait=False, cancel_futures=True)  # its processes end by themselves


def make_pool(workers: int) -> Executor:
    """Return an executor of that many processes for reading; for one worker, of this process itself.

    A file that kills its reader kills them; what they have not read is then read by this process.
    """
    if workers <= 1:
        return ThreadPoolExecutor(1)
    # Processes that start afresh: a copy of one with threads in it may hang.
    return ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=sandbox.become_one
    )


def read_chunk(tasks: Iterable[Task], manual: Path) -> Found:
    """Return what some files give; whatever is wrong with one stands in its source."""
    vocab = read_vocabulary(manual)
    with nothing_collected():
        return gather([_read(task, vocab) for task in tasks])


def gather(exports: list[Export]) -> Found:
    """Return what exports give, table by table."""
    from riskdata.tables import arrow

    tables = {
        table: arrow.from_exports(
            table, [(e.where(table), rows) for e in exports if (rows := getattr(e, table))]
        )
        for table in OF_FILES
    }
    return Found([export.source for export in exports], tables)


def _read(task: Task, vocab: Vocabulary) -> Export:
    return read_export_file(task.path, task.name, vocab, own=task.own, corrections=task.corrections)


def _read_by(executor: Executor, tasks: list[Task], manual: Path) -> Iterator[Found]:
    chunks = [tasks[n : n + CHUNK] for n in range(0, len(tasks), CHUNK)]
    waiting = [executor.submit(read_chunk, chunk, manual.absolute()) for chunk in chunks]
    for n, future in enumerate(waiting):
        waiting[n] = None  # what has been handed on need not be kept twice
        yield future.result()


def _or_here(found: Iterator[Found], tasks: list[Task], manual: Path) -> Iterator[Found]:
    """Yield what processes found; once they have broken down, what this one finds."""
    done = 0
    try:
        for chunk in found:
            yield chunk
            done += len(chunk.sources)
    except BrokenExecutor:
        for task in tasks[done:]:
            yield read_chunk([task], manual)


def _as_they_come(found: Iterator[Found], ticked: Iterable[Task]) -> list[Found]:
    """Return what was found, a file of ``ticked`` taken for each file that has been read."""
    every, files = [], 0
    for done, _ in enumerate(ticked):
        if done == files:
            every.append(next(found))
            files += len(every[-1].sources)
    return every


def _processors() -> int:
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1
