"""Which files need not be read again: those for which all that decides what they give is the same."""

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from riskdata.errors import ChoiceError
from riskdata.exports.export import digest
from riskdata.pool import Task
from riskdata.tables.schema import OF_FILES
from riskdata.tables.store import read_keys, read_tables
from riskdata.words.vocabulary import Vocabulary

READERS = ("python-calamine", "lxml", "pdfplumber", "python-docx")


class Past:
    """The tables of the last run, and for each file the key of what they were made of."""

    def __init__(self, clean: Path) -> None:
        self.keys = read_keys(clean)
        try:
            self.tables = read_tables(clean) if self.keys else {}
        except ChoiceError:
            self.keys, self.tables = {}, {}
        rows = self.tables["sources"] if self.tables else pd.DataFrame({"problem": []})
        good = rows[rows.problem.isna()].astype(object).where(rows.notna(), None)
        self._sources = {row["source_file"]: row for row in good.to_dict("records")}

    def source(self, task: Task, vocab: Vocabulary) -> dict | None:
        """Return a file's row of sources, if the file would give the same again."""
        known = self.keys.get(task.name)
        same = known is not None and known == key(task, digest(task.path), vocab)
        return self._sources.get(task.name) if same else None

    def rows(self, names: Iterable[str]) -> dict[str, pd.DataFrame]:
        """Return the rows of these files in every table."""
        kept = set(names)
        return {
            table: self.tables[table][self.tables[table].source_file.isin(kept)]
            for table in (OF_FILES if kept else ())
        }


def key(task: Task, digest: str | None, vocab: Vocabulary) -> str:
    """Return a text that changes with anything that decides what a file gives.

    Its bytes (digest), its row of sources.csv, its corrections, the vocabulary and the program.
    """
    told = [task.name, digest, task.own, [repr(c) for c in task.corrections], _context(vocab)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


@cache
def _context(vocab: Vocabulary) -> str:
    words = json.dumps(vocab.words, default=str)
    return hashlib.sha256(f"{_program()} {words}".encode()).hexdigest()


@cache
def _program() -> str:
    """Return a digest of the package's own files and the readers' versions."""
    here = Path(__file__).parent
    files = sorted(p for p in here.rglob("*") if p.suffix in (".py", ".toml", ".csv"))
    digest = hashlib.sha256(" ".join(map(version, READERS)).encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()
