"""Many exports: read here, in other processes or on a cluster, and not again where nothing has changed."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from riskdata.exports.corrections import Correction
from riskdata.exports.export import Export, digest, read_export_file
from riskdata.shapes.sources import file_of
from riskdata.tables.schema import OF_FILES
from riskdata.words.vocabulary import Vocabulary, read_vocabulary

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

CHUNK = 50  # files that a process reads at a time
ENOUGH = 400  # files: with fewer, starting processes takes longer than it saves
READERS = ("python-calamine", "lxml", "pdfplumber", "python-docx")


@dataclass(frozen=True)
class Batch:
    """What several files gave: the rows of ``sources``, and each other table of schema.OF_FILES."""

    sources: list[dict]
    tables: dict[str, "pa.Table"]


@dataclass(frozen=True)
class Task:
    """One file to read, with what data/manual says of it."""

    name: str
    path: Path
    own: dict[str, tuple[str, str]]
    corrections: tuple[Correction, ...]

    def key(self, vocab: Vocabulary) -> str:
        """Return a text that changes with anything that decides what the file gives.

        Its bytes, its row of sources.csv, its corrections, the vocabulary and the program.
        """
        told = [self.name, digest(self.path), self.own, [repr(c) for c in self.corrections]]
        return hashlib.sha256(json.dumps([*told, _context(vocab)]).encode()).hexdigest()


def read_many(tasks: list[Task], manual: Path, *, executor: Executor | None = None) -> list[Batch]:
    """Return what the files give, in the order of the tasks, whoever reads them.

    A progress bar is shown in a notebook and on a terminal. Without an executor, many files are
    read by processes of this machine and few by this one. With one, each of its workers must see
    the files and ``manual`` under the same paths.
    """
    from tqdm.auto import tqdm

    if not tasks:
        return []
    with tqdm(total=len(tasks), desc="Städar", unit="fil", disable=None, leave=False) as bar:
        batches = []
        for batch in _batches(tasks, manual, executor):
            batches.append(batch)
            bar.update(len(batch.sources))
    return batches


def _batches(tasks: list[Task], manual: Path, executor: Executor | None) -> Iterator[Batch]:
    if executor is None and len(tasks) < ENOUGH:
        yield from (read_batch([task], manual) for task in tasks)
        return
    pool = executor or make_pool(_processors())
    try:
        yield from _or_here(_read_by(pool, tasks, manual), tasks, manual)
    finally:
        if pool is not executor:
            pool.shutdown(wait=False, cancel_futures=True)  # its processes end by themselves


def make_pool(workers: int) -> Executor:
    """Return an executor of that many processes for reading; for one worker, of this process itself."""
    if workers <= 1:
        return ThreadPoolExecutor(1)
    # Processes that start afresh: a copy of one with threads in it may hang.
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


def read_batch(tasks: Iterable[Task], manual: Path) -> Batch:
    """Return what some files give; whatever is wrong with one stands in its source."""
    vocab = read_vocabulary(manual)
    return gather([
        export
        for t in tasks
        for export in read_export_file(
            t.path, t.name, vocab, own=t.own, corrections=t.corrections
        )
    ])  # fmt: skip


def gather(exports: list[Export]) -> Batch:
    """Return what exports give, table by table."""
    from riskdata.tables import store

    tables = {
        table: store.from_exports(
            table, [(e.where(table), rows) for e in exports if (rows := getattr(e, table))]
        )
        for table in OF_FILES
    }
    return Batch([export.source for export in exports], tables)


def _read_by(executor: Executor, tasks: list[Task], manual: Path) -> Iterator[Batch]:
    chunks = [tasks[n : n + CHUNK] for n in range(0, len(tasks), CHUNK)]
    waiting = [executor.submit(read_batch, chunk, manual.absolute()) for chunk in chunks]
    for n, future in enumerate(waiting):
        waiting[n] = None  # what has been handed on need not be kept twice
        yield future.result()


def _or_here(batches: Iterator[Batch], tasks: list[Task], manual: Path) -> Iterator[Batch]:
    """Yield what processes read; once they have broken down, what this one reads."""
    done = 0
    try:
        for batch in batches:
            yield batch
            done += len(batch.sources)
    except BrokenExecutor:
        yield from (read_batch([task], manual) for task in tasks[done:])


def _processors() -> int:
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


class Past:
    """The tables of the last run, and for each file the key of what they were made of."""

    def __init__(self, clean: Path) -> None:
        from riskdata.errors import ChoiceError
        from riskdata.tables.store import read_keys, read_tables

        self.keys = read_keys(clean)
        self.tables: dict[str, pd.DataFrame] = {}
        try:
            self.tables = read_tables(clean) if self.keys else {}
        except ChoiceError:
            self.keys = {}
        self._sources: dict[str, list[dict]] = {}
        for row in self._rows():
            self._sources.setdefault(file_of(row["source_file"], self.keys), []).append(row)

    def _rows(self) -> list[dict]:
        if not self.tables:
            return []
        rows = self.tables["sources"].astype(object)
        return rows.where(rows.notna(), None).to_dict("records")

    def sources(self, name: str, key: str) -> list[dict]:
        """Return a file's rows of sources, if all were read and would be the same again; else none."""
        known = self._sources.get(name, []) if self.keys.get(name) == key else []
        return [] if any(isinstance(row["problem"], str) for row in known) else known

    def rows(self, names: Iterable[str]) -> dict[str, "pd.DataFrame"]:
        """Return the rows of these files in every table."""
        kept = set(names)
        return {
            table: self.tables[table][self.tables[table].source_file.isin(kept)]
            for table in (OF_FILES if kept else ())
        }


@cache
def _context(vocab: Vocabulary) -> str:
    words = json.dumps(vocab.words, default=str)
    return hashlib.sha256(f"{_program()} {words}".encode()).hexdigest()


@cache
def _program() -> str:
    """Return a digest of the package's own files and the readers' versions."""
    here = Path(__file__).parent
    files = sorted(p for p in here.rglob("*") if p.suffix in (".py", ".toml", ".csv"))
    made = hashlib.sha256(" ".join(map(version, READERS)).encode())
    for file in files:
        made.update(file.read_bytes())
    return made.hexdigest()
