"""A folder of exports ↔ data/clean."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import tee
from pathlib import Path

import pandas as pd

from riskdata import folders
from riskdata.analysis.checks import check_tables
from riskdata.errors import ChoiceError, RiskdataError
from riskdata.exports.corrections import Correction, read_corrections
from riskdata.exports.export import read_export_file
from riskdata.exports.layouts import layouts
from riskdata.exports.sources import list_exports, read_sources
from riskdata.pool import Found, Task, gather, read_many
from riskdata.progress_line import in_notebook, tell
from riskdata.reuse import Past, key
from riskdata.tables import arrow, schema
from riskdata.tables.one_run import one_run
from riskdata.tables.store import read_tables, write_tables
from riskdata.uncollected import nothing_collected
from riskdata.words.language import label, word
from riskdata.words.periods import period_key
from riskdata.words.vocabulary import Vocabulary, read_vocabulary


@dataclass(frozen=True)
class Data:
    """The tidy tables, each a DataFrame with the columns that ``riskdata.tables.schema`` declares."""

    risks: pd.DataFrame
    activities: pd.DataFrame
    account: pd.DataFrame
    unread: pd.DataFrame
    cells: pd.DataFrame
    findings: pd.DataFrame
    sources: pd.DataFrame

    @property
    def boards(self) -> list[str]:
        """Every board there is data for."""
        return sorted(self._read.board.unique())

    @property
    def periods(self) -> list[str]:
        """Every period there is data for, oldest first."""
        return sorted(self._read.period.unique(), key=period_key)

    @property
    def _read(self) -> pd.DataFrame:
        return self.sources[self.sources.problem.isna()]

    def select(
        self, *, period: str | None = None, board: str | None = None, kind: str | None = None
    ) -> "Data":
        """Return the rows of one period, one board, one kind ("register", "follow_up"), or any of these.

        Raises ChoiceError when there is no such period, board or kind; it names those there are.
        """
        _check_choice("perioden", period, self.periods)
        _check_choice("nämnden", board, self.boards)
        _check_choice("slaget", kind, list(schema.KINDS))
        kept = self._read
        for column, value in (("period", period), ("board", board), ("kind", kind)):
            kept = kept if value is None else kept[kept[column] == value]
        files = set(kept.source_file)
        return Data(**{name: t[t.source_file.isin(files)] for name, t in self.tables().items()})

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return every table by its name."""
        return {name: getattr(self, name) for name in schema.TABLES}

    def newest(
        self, *, board: str | None = None, kind: str | None = None, until: str | None = None
    ) -> str:
        """Return the newest period that there is data for, no later than ``until``.

        Raises ChoiceError when there is none.
        """
        found = self.select(board=board, kind=kind).periods
        if until is not None:
            _check_choice("perioden", until, self.periods)
            found = [p for p in found if period_key(p) <= period_key(until)]
        if not found:
            what = label(kind) if kind else "alla slag"
            raise ChoiceError(
                f"Det finns ingen export ({what}) för {board or 'någon nämnd'}"
                f"{f' till och med {until}' if until else ''}. Lägg den i data/raw och städa om."
            )
        return found[-1]

    def _repr_html_(self) -> str:
        return self.sources._repr_html_()


def load(clean: Path | str | None = None) -> Data:
    """Return the tidy tables of data/clean; a notebook is told when data/raw has changed since.

    Raises ChoiceError when nothing has been cleaned yet.
    """
    data = Data(**read_tables(Path(clean) if clean else folders.clean()))
    if clean is None and in_notebook():
        _tell_if_stale()
    return data


def refresh(*, progress: Callable[[Iterable], Iterable] = iter) -> Data:
    """Return the tables of data/clean, cleaned anew where data/raw or data/manual has changed since.

    Raises what ``clean_folder`` raises.
    """
    if is_fresh(folders.raw(), folders.manual(), folders.clean()):
        return load()
    return clean_folder(progress=progress)


def _tell_if_stale() -> None:
    if not is_fresh(folders.raw(), folders.manual(), folders.clean()):
        tell(word("stale.stale"))


def is_fresh(raw: Path, manual: Path, clean: Path) -> bool:
    """Return whether data/clean was made of just the files that are there now, and after them."""
    table = clean / "sources.parquet"
    if not table.exists():
        return False
    made = table.stat().st_mtime
    files = [path for _, path in list_exports(raw)] if raw.is_dir() else []
    own = list(manual.glob("*")) if manual.is_dir() else []
    known = set(read_tables(clean)["sources"].source_file)
    same = known == {name for name, _ in list_exports(raw)} if files else False
    return same and all(
        path.stat().st_mtime <= made for path in (*files, *own, manual, raw) if path.exists()
    )


def read_export(
    path: Path | str,
    board: str | None = None,
    period: str | None = None,
    *,
    manual: Path | None = None,
) -> Data:
    """Return the tidy tables of one file; nothing is written.

    board and period: where given, they count before what the file says.
    Raises a RiskdataError that says what is wrong with the file and what to do.
    """
    path, manual = Path(path), manual or folders.manual()
    vocab = read_vocabulary(manual)
    own = read_sources(manual).get(path.name, ("", ""))
    own = (board or own[0], period or own[1])
    export = read_export_file(
        path, path.name, vocab, own=own, corrections=tuple(read_corrections(manual, vocab))
    )
    if export.source.get("problem"):
        raise RiskdataError(export.source["problem"])
    return Data(**dict(assemble([export.source], [gather([export])], vocab)))


def clean_folder(
    raw: Path | None = None,
    manual: Path | None = None,
    clean: Path | None = None,
    *,
    progress: Callable[[Iterable], Iterable] = iter,
    executor: Executor | None = None,
) -> Data:
    """Clean every export in a folder, write data/clean, and return the tables.

    A file that cannot be read has its reason in ``sources.problem``; the others are cleaned. One
    that has not changed since the last run, nor anything that is said of it, is not read again.
    progress: wraps the list of files to read while they are read, as a progress bar does.
    executor: reads the files, as dask's ``Client.get_executor(pure=False)``; without one, many
    files are read by processes (so a script must do this below ``if __name__ == "__main__"``).
    Raises ChoiceError when the folder holds no export at all (data/clean is then left as it is),
    ManualError or VocabularyError when a file in data/manual is wrong, RiskdataError when another
    run cleans to the same folder or the tables cannot be written (the old ones are then left).
    """
    raw, manual = raw or folders.raw(), manual or folders.manual()
    files = list_exports(raw) if raw.is_dir() else []
    if not files:
        raise ChoiceError(
            f"{raw}: mappen finns inte eller är tom. Lägg exporterna där och kör igen."
        )
    clean = clean or folders.clean()
    with one_run(clean):
        made, keys = _clean_files(files, manual, Past(clean), progress, executor)
        made, kept = tee(made)
        with nothing_collected():
            write_tables(made, clean, keys)
        return Data(**dict(kept))


def _clean_files(
    files: list[tuple[str, Path]],
    manual: Path,
    past: Past,
    progress: Callable[[Iterable], Iterable],
    executor: Executor | None,
) -> tuple[Iterator[tuple[str, pd.DataFrame]], dict[str, str]]:
    """Return the tables, and for each file the key of what its rows were made of."""
    vocab = read_vocabulary(manual)
    layouts(vocab)  # a fault in the user's own stops the run here, before anything is written
    own, corrections = read_sources(manual), tuple(read_corrections(manual, vocab))
    tasks = [
        Task(name, path.absolute(), own.get(name, ("", "")), _of_file(corrections, name))
        for name, path in files
    ]
    known = {task.name: past.source(task, vocab) for task in tasks}
    new = [task for task in tasks if not known[task.name]]
    found = read_many(new, manual, executor=executor, progress=progress)
    fresh = (source for part in found for source in part.sources)
    sources = [known[task.name] or next(fresh) for task in tasks]
    keys = {t.name: key(t, s["sha256"], vocab) for t, s in zip(tasks, sources, strict=True)}
    sources = _refuse_copies(sources)
    kept = [s["source_file"] for s in sources if s is known[s["source_file"]]]
    sources += _missing_files(corrections, set(keys))
    return assemble(sources, found, vocab, past.rows(kept)), keys


def _of_file(corrections: tuple[Correction, ...], name: str) -> tuple[Correction, ...]:
    return tuple(c for c in corrections if c.file == name)


def assemble(
    sources: list[dict],
    found: list[Found],
    vocab: Vocabulary,
    kept: dict[str, pd.DataFrame] | None = None,
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the name and rows of each table of many files; last the findings of every check.

    sources: of every file; rows of one that has a problem are left out. kept: rows of files that
    were not read again; they take their place in the order of the sources.
    """
    place = {source["source_file"]: n for n, source in enumerate(sources)}
    refused = {source["source_file"] for source in sources if source.get("problem")}
    rows = {"sources": schema.frame("sources", sources)}
    yield from rows.items()
    for name in schema.OF_FILES:
        table = arrow.to_frame(name, arrow.join(name, [part.tables[name] for part in found]))
        table = table[~table.source_file.isin(refused)] if refused else table
        if kept:
            table = pd.concat([kept[name], table])
            table = table.iloc[table.source_file.map(place).argsort(kind="stable")]
        rows[name] = table.reset_index(drop=True)
        yield name, rows[name]
    checked = (rows[name] for name in ("risks", "activities", "account", "sources"))
    yield "findings", check_tables(*checked, vocab=vocab)


def _refuse_copies(sources: list[dict]) -> list[dict]:
    """Keep one of several files with the same bytes: else everything in them counts twice."""
    first: dict[str, str] = {}
    kept = []
    for source in sources:
        same, name = source["sha256"], source["source_file"]
        original = first.setdefault(same, name) if same else name
        if original != name and not source.get("problem"):
            problem = f"{name}: filen är en kopia av {original}. Ta bort den ena ur data/raw."
            source = {"source_file": name, "sha256": same, "problem": problem}
        kept.append(source)
    return kept


def _missing_files(corrections: tuple[Correction, ...], names: set[str]) -> list[dict]:
    """Return a problem for each file that corrections.csv speaks of and the folder does not hold."""
    lines: dict[str, list[int]] = {}
    for correction in corrections:
        if correction.file not in names:
            lines.setdefault(correction.file, []).append(correction.line)
    return [
        {
            "source_file": name,
            "problem": f"{name}: filen finns inte i data/raw, men data/manual/corrections.csv rättar den "
            f"(rad {', '.join(map(str, rows))}). Ta bort raderna eller lägg tillbaka filen.",
        }
        for name, rows in lines.items()
    ]  # fmt: skip


def _check_choice(what: str, value: str | None, known: list[str]) -> None:
    if value is not None and value not in known:
        raise ChoiceError(
            f"{what} ”{value}” finns inte i data/clean. Det som finns: {', '.join(known)}."
        )
