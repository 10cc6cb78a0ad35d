"""data/raw → data/clean: cleaned, loaded, and made anew when what they were made of has changed."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path

import pandas as pd

from riskdata import folders
from riskdata.analysis.checks import check_decisions, check_tables
from riskdata.errors import ChoiceError, RiskdataError
from riskdata.exports.corrections import Correction, read_corrections
from riskdata.exports.export import read_export_file
from riskdata.pool import Batch, Past, Task, gather, read_many
from riskdata.shapes.layouts import layouts
from riskdata.shapes.sources import file_of, list_exports, of_file, read_sources
from riskdata.tables import schema, store
from riskdata.tables.data import Data
from riskdata.words.vocabulary import Vocabulary, read_vocabulary

_MANUAL = "data/manual"  # the key of all that people keep by hand, among those of the files


def load(clean: Path | str | None = None) -> Data:
    """Return the tidy tables of data/clean; a notebook is told when data/raw has changed since.

    Raises ChoiceError when nothing has been cleaned yet.
    """
    data = Data(**store.read_tables(Path(clean) if clean else folders.clean()))
    if clean is None and _in_notebook():
        _tell_if_stale()
    return data


def refresh() -> Data:
    """Return the tables of data/clean, cleaned anew where data/raw or data/manual has changed since.

    A file that could not be read is tried again. Raises what ``clean_folder`` raises.
    """
    if is_fresh(folders.raw(), folders.manual(), folders.clean()):
        data = Data(**store.read_tables(folders.clean()))
        if data.sources.problem.isna().all():
            return data
    return clean_folder()


def _tell_if_stale() -> None:
    from IPython.display import Markdown, display

    from riskdata.words.language import word

    if not is_fresh(folders.raw(), folders.manual(), folders.clean()):
        display(Markdown(f"**{word('stale.stale')}**"))


def _in_notebook() -> bool:
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    return getattr(get_ipython(), "kernel", None) is not None


def is_fresh(raw: Path, manual: Path, clean: Path) -> bool:
    """Return whether data/clean was made of just what is there now, by just this program."""
    made = store.read_keys(clean)
    if not made or not raw.is_dir():
        return False
    vocab = read_vocabulary(manual)
    return made == _keys(_tasks(raw, manual, vocab), manual, vocab)


def _tasks(raw: Path, manual: Path, vocab: Vocabulary) -> list[Task]:
    own, corrections = read_sources(manual), read_corrections(manual, vocab)
    return [
        Task(name, path.absolute(), of_file(own, name),
             tuple(c for c in corrections if c.file == name))
        for name, path in list_exports(raw)
    ]  # fmt: skip


def _keys(tasks: list[Task], manual: Path, vocab: Vocabulary) -> dict[str, str]:
    """Return for each file what its rows are made of, and for data/manual what findings rest on."""
    by_hand = hashlib.sha256()
    for path in sorted(p for p in manual.glob("*.*") if p.is_file()):
        by_hand.update(path.name.encode() + path.read_bytes())
    return {task.name: task.key(vocab) for task in tasks} | {_MANUAL: by_hand.hexdigest()}


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
    name, vocab = _name_in_raw(path), read_vocabulary(manual)
    own = of_file(read_sources(manual), name)
    own[""] = tuple(given or told for given, told in zip((board, period), own[""], strict=True))
    corrections = tuple(read_corrections(manual, vocab))
    batch = gather(read_export_file(path, name, vocab, own=own, corrections=corrections))
    if problems := [source["problem"] for source in batch.sources if source.get("problem")]:
        raise RiskdataError("\n".join(problems))
    with folders.using(manual):
        tables = dict(_assemble(batch.sources, [batch], vocab))
        return Data(**tables, findings=_check(tables, vocab, manual))


def _name_in_raw(path: Path) -> str:
    """Return a file's name as sources.csv has it: from data/raw, where it lies there."""
    raw, file = folders.raw().resolve(), path.resolve()
    return file.relative_to(raw).as_posix() if file.is_relative_to(raw) else path.name


def clean_folder(
    raw: Path | str | None = None,
    manual: Path | str | None = None,
    clean: Path | str | None = None,
    *,
    executor: Executor | None = None,
) -> Data:
    """Clean every export in a folder, write data/clean, and return the tables.

    A file that cannot be read has its reason in ``sources.problem``; the others are cleaned. One
    that has not changed since the last run, nor anything that is said of it, is not read again.
    executor: reads the files, as dask's ``Client.get_executor(pure=False)``; without one, many
    files are read by processes (so a script must do this below ``if __name__ == "__main__"``).
    Raises ChoiceError when the folder holds no export at all (data/clean is then left as it is),
    ManualError or VocabularyError when a file in data/manual is wrong, RiskdataError when another
    run cleans to the same folder or the tables cannot be written (the old ones are then left).
    """
    raw, manual = Path(raw or folders.raw()), Path(manual or folders.manual())
    clean = Path(clean or folders.clean())
    vocab = read_vocabulary(manual)
    layouts(vocab)  # a fault in the user's own stops the run here, before anything is written
    tasks = _tasks(raw, manual, vocab) if raw.is_dir() else []
    if not tasks:
        raise ChoiceError(
            f"{raw}: mappen finns inte eller är tom. Lägg exporterna där och kör igen."
        )
    with folders.using(manual), store.one_run(clean):
        keys = _keys(tasks, manual, vocab)
        tables = dict(_read(tasks, keys, manual, Past(clean), vocab, executor))
        tables["findings"] = _check(tables, vocab, manual, every=True)
        store.write_tables(tables.items(), clean, keys)
        return Data(**tables)


def _read(
    tasks: list[Task],
    keys: dict[str, str],
    manual: Path,
    past: Past,
    vocab: Vocabulary,
    executor: Executor | None,
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Return the tables; the rows of files that would give the same again are those of the last run."""
    of_file = {task.name: past.sources(task.name, keys[task.name]) for task in tasks}
    known = {source["source_file"] for sources in of_file.values() for source in sources}
    batches = read_many([t for t in tasks if not of_file[t.name]], manual, executor=executor)
    for source in (source for batch in batches for source in batch.sources):
        of_file[file_of(source["source_file"], of_file)].append(source)
    sources = _refuse_copies(of_file)
    kept = [s["source_file"] for s in sources if not s.get("problem")]
    sources += _missing_files(read_corrections(manual, vocab), set(of_file))
    return _assemble(sources, batches, vocab, past.rows(known.intersection(kept)))


def _assemble(
    sources: list[dict],
    batches: list[Batch],
    vocab: Vocabulary,
    kept: dict[str, pd.DataFrame] | None = None,
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the name and rows of each table of many files, but for the findings.

    sources: of every file; rows of one that has a problem are left out. kept: rows of files that
    were not read again; they take their place in the order of the sources.
    """
    place = {source["source_file"]: n for n, source in enumerate(sources)}
    refused = {source["source_file"] for source in sources if source.get("problem")}
    rows = {"sources": schema.frame("sources", sources)}
    yield from rows.items()
    for name in schema.OF_FILES:
        table = store.to_frame(name, store.join(name, [batch.tables[name] for batch in batches]))
        table = table[~table.source_file.isin(refused)] if refused else table
        if kept:
            table = schema.frame(name, pd.concat([kept[name], table]))
            table = table.iloc[table.source_file.map(place).argsort(kind="stable")]
        rows[name] = table.reset_index(drop=True)
        yield name, rows[name]


def _check(
    tables: dict[str, pd.DataFrame], vocab: Vocabulary, manual: Path, *, every: bool = False
) -> pd.DataFrame:
    """Return the findings; every: of all exports, so that a decision about none of them is one too."""
    risks, activities, account, sources = (
        tables[name] for name in ("risks", "activities", "account", "sources")
    )
    found = check_tables(risks, activities, account, sources, vocab=vocab, manual_folder=manual)
    if every:
        found = pd.concat([found, check_decisions(risks, activities, manual)], ignore_index=True)
    return schema.frame("findings", found)


def _refuse_copies(of_file: dict[str, list[dict]]) -> list[dict]:
    """Keep one of several files with the same bytes: else everything in them counts twice."""
    first: dict[str, str] = {}
    kept = []
    for name, sources in of_file.items():
        same, is_read = sources[0]["sha256"], not all(s.get("problem") for s in sources)
        original = first.setdefault(same, name) if same else name
        if original != name and is_read:
            problem = f"{name}: filen är en kopia av {original}. Ta bort den ena ur data/raw."
            sources = [{"source_file": name, "sha256": same, "problem": problem}]
        kept += sources
    return kept


def _missing_files(corrections: list[Correction], names: set[str]) -> list[dict]:
    """Return a problem for each file that corrections.csv speaks of and the folder does not hold."""
    lines: dict[str, list[str]] = {}
    for correction in corrections:
        if correction.file not in names:
            lines.setdefault(correction.file, []).append(str(correction.line))
    return [
        {
            "source_file": name,
            "problem": f"{name}: filen finns inte i data/raw, men data/manual/corrections.csv rättar den "
            f"(rad {', '.join(rows)}). Ta bort raderna eller lägg tillbaka filen.",
        }
        for name, rows in lines.items()
    ]
