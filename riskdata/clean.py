"""data/raw → data/clean: cleaned, loaded, and made anew when what they were made of has changed."""

import gc
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor
from contextlib import nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from riskdata import folders
from riskdata.errors import ChoiceError, RiskdataError
from riskdata.exports.export import Correction, digest, read_corrections, read_export_file
from riskdata.shapes.headings import layouts
from riskdata.shapes.sources import file_of, list_exports, of_file, read_sources
from riskdata.tables import schema
from riskdata.tables.data import Data
from riskdata.words.language import word
from riskdata.words.vocabulary import read_vocabulary, vocabulary

CHUNK = 50  # files that a process reads at a time
ENOUGH = 400  # files: with fewer, starting processes takes longer than it saves
READERS = ("python-calamine", "lxml", "pdfplumber", "python-docx")
TABLES = ("sources", *schema.OF_FILES)  # that reading gives; the findings come of them
_MANUAL = "data/manual"  # the key of all that people keep by hand, among those of the files
Parts = list[dict[str, pa.Table]]  # the TABLES of some files each


class Task(NamedTuple):
    """One file to read, with what data/manual says of it."""

    name: str
    path: Path
    own: dict[str, tuple[str, str]]
    corrections: tuple[Correction, ...]


def load(clean: Path | str | None = None) -> Data:
    """Return the tidy tables of data/clean; a notebook is told when data/raw has changed since.

    Raises ChoiceError when nothing has been cleaned yet.
    """
    data = Data(**schema.load_tables(Path(clean or folders.clean())))
    if clean is None and "ipykernel" in sys.modules and not _is_fresh():
        from IPython.display import Markdown, display

        display(Markdown(f"**{word('stale.stale')}**"))
    return data


def refresh() -> Data:
    """Return the tables of data/clean, cleaned anew where data/raw or data/manual has changed since.

    A file that could not be read is tried again. Raises what ``clean_folder`` raises.
    """
    return (_is_fresh() and _all_read(folders.clean())) or clean_folder()


def _is_fresh() -> bool:
    """Return whether data/clean was made of just what is there now, by just this program."""
    made = schema.read_keys(folders.clean())
    return bool(made) and folders.raw().is_dir() and made == _keys(_tasks(folders.raw()))


def _all_read(clean: Path) -> Data | None:
    """Return the tables of a folder, unless some file could not be read."""
    data = Data(**schema.load_tables(clean))
    return data if data.sources.problem.isna().all() else None


def read_export(
    path: Path | str,
    board: str | None = None,
    period: str | None = None,
    *,
    manual: Path | str | None = None,
) -> Data:
    """Return the tidy tables of one file; nothing is written.

    board and period: where given, they count before what the file says.
    Raises a RiskdataError that says what is wrong with the file and what to do.
    """
    path, manual = Path(path), Path(manual or folders.manual())
    raw, file = folders.raw().resolve(), path.resolve()  # sources.csv names it from data/raw
    name = file.relative_to(raw).as_posix() if file.is_relative_to(raw) else path.name
    with folders.using(manual):
        task = _task(name, path, read_sources(manual), read_corrections(manual, vocabulary()))
        told = zip((board, period), task.own[""], strict=True)
        task.own[""] = tuple(given or stated for given, stated in told)
        tables = _join([read_batch([task], manual)])
        problems = tables["sources"].problem.dropna()
        if len(problems):
            raise RiskdataError("\n".join(problems))
        return Data(**tables, findings=_check(tables))


def clean_folder(
    raw: Path | str | None = None,
    manual: Path | str | None = None,
    clean: Path | str | None = None,
    *,
    executor: Executor | None = None,
) -> Data:
    """Clean every export in a folder, write data/clean, and return the tables.

    A file that cannot be read has its reason in ``sources.problem``; the others are cleaned. One
    that has not changed since the last run, nor anything that is said of it, is not read again;
    where nothing at all has changed, nor the written tables, they are returned.

    Parameters
    ----------
    raw, manual, clean : folders; those of the project, where not given.
    executor : reads the files, as dask's ``Client.get_executor(pure=False)``; its workers must see
        the folders under the same paths. Without one, many files are read by processes (so a script
        must do this below ``if __name__ == "__main__"``).

    Raises
    ------
    ChoiceError : the folder holds no export at all; data/clean is then left as it is.
    ManualError, VocabularyError : a file in data/manual is wrong.
    RiskdataError : another run cleans to the same folder, or the tables cannot be written.
    """
    raw, manual = Path(raw or folders.raw()), Path(manual or folders.manual())
    clean = Path(clean or folders.clean())
    with folders.using(manual):
        layouts(vocabulary())  # a fault in the user's own stops the run before anything is written
        tasks = _tasks(raw) if raw.is_dir() else []
        if not tasks:
            raise ChoiceError(word("errors.empty_folder", folder=str(raw)))
        with schema.one_run(clean):
            keys = _keys(tasks)
            same = schema.read_keys(clean) == keys and schema.is_untouched(clean)
            if same and (data := _all_read(clean)):
                return data
            kept, known = _unchanged(clean, keys)
            parts = read_many([t for t in tasks if t.name not in known], manual, executor=executor)
            tables = _in_order(_join(parts, kept if known else None), [task.name for task in tasks])
            missing = _missing_files(read_corrections(manual, vocabulary()), {*keys})
            tables["sources"] = schema.frame("sources", pd.concat([tables["sources"], missing]))
            tables["findings"] = _check(tables, every=True)
            schema.write_tables(tables.items(), clean, keys)
    return Data(**tables)


# -- what is read, and what need not be ------------------------------------------------------------


def _tasks(raw: Path) -> list[Task]:
    told = read_sources(folders.manual()), read_corrections(folders.manual(), vocabulary())
    return [_task(name, path.absolute(), *told) for name, path in list_exports(raw)]


def _task(name: str, path: Path, own: dict, corrections: list[Correction]) -> Task:
    of_it = tuple(correction for correction in corrections if correction.file == name)
    return Task(name, path, of_file(own, name), of_it)


def _keys(tasks: list[Task]) -> dict[str, str]:
    """Return for each file a digest of what its rows are made of; for data/manual, of what findings rest on.

    A file's: its bytes, what data/manual says of it, the vocabulary, and the program with its readers.
    """
    from importlib.metadata import version  # late, as what starts processes: few need either

    here = Path(__file__).parent
    files = sorted(p for p in here.rglob("*") if p.suffix in (".py", ".toml", ".csv"))
    program = _digest(*map(version, READERS), *(file.read_bytes() for file in files))
    words = _digest(json.dumps(vocabulary().words, default=str))
    by_hand = sorted(p for p in folders.manual().glob("*.*") if p.is_file())
    return {
        t.name: _digest(program, words, t.name, digest(t.path), t.own, t.corrections) for t in tasks
    } | {_MANUAL: _digest(*(said for p in by_hand for said in (p.name, p.read_bytes())))}


def _digest(*said: object) -> str:
    made = hashlib.sha256()
    for each in said:
        made.update(each if isinstance(each, bytes) else repr(each).encode())
    return made.hexdigest()


def _unchanged(clean: Path, keys: dict[str, str]) -> tuple[dict[str, pd.DataFrame], set[str]]:
    """Return the last run's tables of the files that would give the same again, and their names."""
    made, tables = schema.read_keys(clean), {name: schema.frame(name) for name in TABLES}
    with suppress(ChoiceError):  # of another version
        tables = schema.read_tables(clean) if made else tables
    sources = tables["sources"]
    files = sources.source_file.map(partial(file_of, files=made))
    fine = sources.problem.isna().groupby(files).transform("all")  # what failed is tried again
    fine &= files.map(made) == files.map(keys)
    kept = sources.source_file[fine]
    tables = {name: tables[name][tables[name].source_file.isin(kept)] for name in TABLES}
    return tables, {*files[fine]}


def read_many(tasks: list[Task], manual: Path, *, executor: Executor | None = None) -> Parts:
    """Return what the files give, in the order of the tasks, whoever reads them.

    A progress bar is shown in a notebook and on a terminal.
    """
    from tqdm.auto import tqdm

    by_others = executor or len(tasks) >= ENOUGH
    size, parts = CHUNK if by_others else 1, []
    chunks = [tasks[n : n + size] for n in range(0, len(tasks), size)]
    read = partial(read_batch, manual=manual.absolute())
    # Processes that start afresh: a copy of one with threads in it may hang.
    own = None
    if by_others and not executor:  # seldom looked for waste: what a file needs goes with it
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        seldom = {"initializer": gc.set_threshold, "initargs": (50_000,)}
        own = ProcessPoolExecutor(mp_context=get_context("spawn"), **seldom)
    with own or nullcontext(executor) as pool:
        batches = _by_others(pool, read, chunks) if pool else map(read, chunks)
        bar = tqdm(total=len(tasks), desc="Städar", unit="fil", disable=None, leave=False)
        for chunk, part in zip(chunks, batches, strict=True):
            parts.append(part)
            bar.update(len(chunk))
        bar.close()
    return parts


def _by_others(executor: Executor, read: Callable, chunks: list[list[Task]]) -> Iterator[dict]:
    """Yield what processes read of each chunk; once they have broken down, what this one reads."""
    done = 0
    try:
        for part in executor.map(read, chunks):
            yield part
            done += 1
    except BrokenExecutor:
        yield from map(read, chunks[done:])


def read_batch(tasks: Iterable[Task], manual: Path) -> dict[str, pa.Table]:
    """Return the TABLES of some files; whatever is wrong with one stands in its source."""
    vocab, exports = read_vocabulary(manual), []
    for name, path, own, corrections in tasks:
        exports += read_export_file(path, name, vocab, own=own, corrections=corrections)
    rows = {
        name: [(e.where(name), some) for e in exports if (some := getattr(e, name))]
        for name in schema.OF_FILES
    }
    rows["sources"] = [({}, [export.source for export in exports])]
    return {name: schema.from_exports(name, rows[name]) for name in TABLES}


# -- what they give, together ----------------------------------------------------------------------


def _join(parts: Parts, kept: dict[str, pd.DataFrame] | None = None) -> dict[str, pd.DataFrame]:
    """Return the tables of what was read, below those that are kept."""
    tables = {name: schema.to_frame(name, *(part[name] for part in parts)) for name in TABLES}
    if not kept:
        return tables
    return {name: schema.frame(name, pd.concat([kept[name], tables[name]])) for name in TABLES}


def _in_order(tables: dict[str, pd.DataFrame], files: list[str]) -> dict[str, pd.DataFrame]:
    """Return the tables in the order of the files, without the rows of what could not be used."""
    sources = tables["sources"]
    of_file = sources.source_file.map(partial(file_of, files={*files}))
    order = of_file.map({file: n for n, file in enumerate(files)}).argsort(kind="stable")
    sources = _refuse_copies(sources.assign(file=of_file).iloc[order].reset_index(drop=True))
    used = sources.source_file[sources.problem.isna()]
    place = {source: n for n, source in enumerate(used)}
    ordered = {"sources": sources}
    for name in schema.OF_FILES:
        table = tables[name][tables[name].source_file.isin(used)]
        order = table.source_file.map(place).argsort(kind="stable")
        ordered[name] = table.iloc[order].reset_index(drop=True)
    return ordered


def _refuse_copies(sources: pd.DataFrame) -> pd.DataFrame:
    """Keep one of several files with the same bytes: else everything in them counts twice."""
    sources = sources.assign(original=sources.groupby("sha256").file.transform("first"))
    is_read = sources.problem.isna().groupby(sources.file).transform("any")
    copied = sources.original.notna() & (sources.original != sources.file) & is_read
    copies = sources.loc[copied, ["file", "original", "sha256"]].drop_duplicates("file")
    both = zip(copies.file, copies.original, strict=True)
    said = [word("errors.copied_file", file=file, original=original) for file, original in both]
    copies = copies.assign(source_file=copies.file, problem=said)
    return schema.frame("sources", pd.concat([sources[~copied], copies]).sort_index())


def _missing_files(corrections: list[Correction], names: set[str]) -> pd.DataFrame:
    """Return a problem for each file that corrections.csv speaks of and the folder does not hold."""
    lines: dict[str, list[str]] = {}
    for correction in corrections:
        if correction.file not in names:
            lines.setdefault(correction.file, []).append(str(correction.line))
    said = [word("errors.corrected_file", file=f, lines=", ".join(n)) for f, n in lines.items()]
    return schema.frame("sources", pd.DataFrame({"source_file": [*lines], "problem": said}))


def _check(tables: dict[str, pd.DataFrame], *, every: bool = False) -> pd.DataFrame:
    """Return the findings; every: of all exports, so that a decision about none of them is one too."""
    from riskdata.analysis.checks import check_decisions, check_tables  # late: workers only read

    given = (tables[name] for name in ("risks", "activities", "account", "sources"))
    findings = check_tables(*given)
    if every:
        decided = check_decisions(tables["risks"], tables["activities"])
        findings = schema.frame("findings", pd.concat([findings, decided], ignore_index=True))
    return findings
