"""The tidy tables: each column with its type, the order of its codes, and the tables as files."""

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pyarrow as pa

from riskdata.errors import ChoiceError, RiskdataError
from riskdata.words.language import word
from riskdata.words.periods import in_order
from riskdata.words.vocabulary import LISTS, Vocabulary, vocabulary

TEXT, NUMBER, LIST = "str", "Int64", "object"

KINDS = ("register", "follow_up", "plan")
SEVERITIES = ("error", "question", "note")
CHANGES = ("new", "raised", "lowered", "unchanged", "unknown", "gone")
VERDICTS = ("finished", "unfinished", "cancelled", "unknown")
# Rules of the account that repair something; the others say where a cell went, or ask.
REPAIRS = (
    *("header_spelling", "filled_down", "merged_range", "from_heading", "merged_over_page"),
    *("value_split", "cell_split", "row_shifted", "name_moved", "activities_split"),
    *("line_rejoined", "text_joined", "row_joined", "word_joined", "hyphen_joined"),
    *("text_doubled", "escape_read", "ditto_filled", "continued_mark", "same_risk"),
    *("value_computed", "label_kept", "date_added", "correction", "double_encoding"),
    *("columns_told", "process_told", "not_parted", "serial_date", "year_filled"),
    *("decision_split", "name_turned"),
)
ORDERED = ("period", *LISTS, "kind", "severity")  # columns that are ordered categoricals
_NUMBERS = (
    *("year", "source_row", "likelihood", "consequence", "risk_value", "likelihood_after"),
    *("consequence_after", "risk_value_after", "guessed", "printed", "placed", "noted", "unread"),
    *("printed_rows", "risks", "activities", "repairs", "set_aside", "unused_columns"),
)


def _columns(names: str) -> dict[str, str]:
    """Return column → type: text, unless its name is that of a number or a list."""
    types = dict.fromkeys(_NUMBERS, NUMBER) | dict.fromkeys(("responsible", "kinds"), LIST)
    return {name: types.get(name, TEXT) for name in names.split()}


# Table → column → type. What each column means is told in [meanings] of sv.toml (``Data.columns``).
TABLES: dict[str, dict[str, str]] = {
    # one risk of one board and period
    "risks": _columns(
        "risk_id board period year goal_code goal indicator process way_of_working event likelihood "
        "consequence risk_value level likelihood_after consequence_after risk_value_after decision "
        "responsible source_file source_row"
    ),
    # one measure or activity of one board and period
    "activities": _columns(
        "activity_id risk_id board period year goal_code indicator process event activity status "
        "mark outcome due_date description comment responsible source_file source_row"
    ),
    # one thing done to a printed cell
    "account": _columns("source_file source_row column rule before after proof"),
    # one printed row or cell that could not be placed
    "unread": _columns("source_file source_row text reason"),
    # one file: where its printed cells went, and how many were noted as each kind
    "cells": _columns("source_file printed placed noted unread kinds"),
    # one thing that a person should look at
    "findings": _columns(
        "severity check board period risk_id activity_id source_file source_row message evidence"
    ),
    # one file, or one of several exports in it
    "sources": _columns(
        "source_file sha256 kind layout guessed board period printed_rows risks activities repairs "
        "set_aside unused_columns unread problem"
    ),
}
OF_FILES = ("risks", "activities", "account", "unread", "cells")  # each row comes of one file


def frame(table: str, rows: list[dict] | pd.DataFrame = ()) -> pd.DataFrame:
    """Return rows as a tidy table: its columns in order, with its types; what is absent is missing.

    Periods and columns of codes are ordered categoricals: they sort, count and draw in the order
    of time, or of the codes.

    >>> made = frame("risks", [{"period": "2025-VB", "likelihood": 3}, {"period": "2025-T1"}])
    >>> made.period.max(), made.likelihood.tolist()
    ('2025-VB', [3, <NA>])
    """
    types = TABLES[table]
    if isinstance(rows, pd.DataFrame):
        made = rows.reindex(columns=[*types])
    else:
        made = pd.DataFrame(rows if len(rows) else None, columns=[*types], dtype="object")
    other = [n for n, dtype in zip(types, made.dtypes, strict=True) if dtype != types[n]]
    made = made.assign(**{name: made[name].astype(types[name]) for name in other})
    for name in (name for name, dtype in types.items() if dtype == LIST):
        lists = [list(value) if hasattr(value, "__len__") else [] for value in made[name]]
        made = made.assign(**{name: pd.Series(lists, made.index, dtype=LIST)})
    orders = {name: codes(name) for name in types if name in ORDERED}
    if "period" in orders:
        orders["period"] = in_order(made.period.dropna().unique())
    return made.assign(**{name: ordered(made[name], order) for name, order in orders.items()})


def codes(column: str) -> tuple[str, ...]:
    """Return the codes of a column in their order, with a municipality's own; none of free text.

    >>> codes("decision")[:3]
    ('control_plan', 'risk_analysis', 'accept')
    """
    if column not in LISTS:
        return {"kind": KINDS, "severity": SEVERITIES}.get(column, ())
    known = tuple(code for code in vocabulary().codes(LISTS[column]) if code != "unknown")
    return (*known, "unknown") if column == "status" else known


def ordered(values: pd.Series, codes: Iterable[str]) -> pd.Series:
    """Return texts as an ordered categorical; those that are no code come after the codes.

    >>> ordered(pd.Series(["egen", "new"]), CHANGES).cat.categories.tolist()[-2:]
    ['gone', 'egen']
    """
    own = sorted(set(values.dropna().unique()) - set(codes))
    return values.astype(pd.CategoricalDtype([*codes, *own], ordered=True))


# -- the tables on disk: written whole or not at all, by one run at a time, and read back --------

_NEW, _READY = ".new", "ready"  # where tables are written, and the file that says all of them are
_KEYS = ".keys.json"  # what the tables were made of, and the tables' own digests
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a text begins that a spreadsheet would calculate
_TYPES = {TEXT: pa.string(), NUMBER: pa.int64(), LIST: pa.list_(pa.string())}


@contextmanager
def one_run(folder: Path) -> Iterator[None]:
    """Keep a folder to this run: a lock that the system lets go of, however the run ends.

    Where a file system has no locks there is none. Raises RiskdataError when another run has it.
    """
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as fault:
        raise RiskdataError(word("errors.cleaning", folder=str(folder))) from fault
    except (NotImplementedError, OSError):
        pass
    try:
        yield
    finally:
        lock.release()


def write_tables(
    tables: Iterable[tuple[str, pd.DataFrame]], clean: Path, keys: dict[str, str] | None = None
) -> None:
    """Write every tidy table as Parquet and CSV; a crash at any moment leaves the old or the new.

    keys: for each file, what its rows were made of (see ``riskdata.clean``). All files are first
    written in a folder of their own; once that is complete they are moved, and a run that was killed
    among the moves is finished by the next one that reads or writes. Raises RiskdataError when the
    disk is full or may not be written to; the old tables are left.
    """
    new = clean / _NEW
    try:
        clean.mkdir(parents=True, exist_ok=True)
        finish_writing(clean)
        new.mkdir()
        for name, table in tables:
            _write_table(name, table, new)
        told = {"tables": _digests(new), "csv": _digests(new, ".csv"), "files": keys or {}}
        (new / _KEYS).write_text(json.dumps(told, ensure_ascii=False, indent=0), encoding="utf-8")
        (new / _READY).touch()
        finish_writing(clean)
    except OSError as fault:
        if not (new / _READY).exists():  # else one is open in Excel: the next run moves the rest
            shutil.rmtree(new, ignore_errors=True)
        said = {"folder": str(clean), "fault": fault.strerror or str(fault)}
        raise RiskdataError(word("errors.not_written", **said)) from fault


def finish_writing(clean: Path) -> None:
    """Move tables that are complete but not yet in their place; throw half written ones away."""
    new = clean / _NEW
    if (new / _READY).exists():
        for file in sorted(new.iterdir()):
            if file.name != _READY:
                with suppress(FileNotFoundError):  # another reader has just moved it
                    file.replace(clean / file.name)
    shutil.rmtree(new, ignore_errors=True)


def read_tables(clean: Path) -> dict[str, pd.DataFrame]:
    """Return every tidy table of a folder; ChoiceError when nothing has been cleaned yet."""
    import pyarrow.parquet as pq

    if (clean / _NEW / _READY).exists():
        finish_writing(clean)
    missing = [name for name in TABLES if not (clean / f"{name}.parquet").exists()]
    if missing:
        raise ChoiceError(
            f"{clean}: här finns inga städade tabeller ({', '.join(missing)} saknas). Lägg exporterna i "
            "data/raw och kör riskdata clean, eller anteckningsboken 01-clean."
        )
    tables = {name: pq.read_table(clean / f"{name}.parquet") for name in TABLES}
    if any(table.column_names != [*TABLES[name]] for name, table in tables.items()):
        raise ChoiceError(
            f"{clean}: tabellerna är gjorda av en annan version av programmet. Kör riskdata clean."
        )
    return {name: to_frame(name, table) for name, table in tables.items()}


def load_tables(clean: Path) -> dict[str, pd.DataFrame]:
    """Return what ``read_tables`` does, without reading again what has not been written since."""
    written = (
        f.stat().st_mtime_ns
        for f in (clean / _NEW / _READY, *sorted(clean.glob("*.parquet")))
        if f.exists()
    )
    tables = _loaded(clean.resolve(), tuple(written), vocabulary())
    return {name: _apart(name, table) for name, table in tables.items()}


def _apart(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table that shares with another nothing which can be changed in it: its lists are new."""
    lists = [column for column, dtype in TABLES[name].items() if dtype == LIST]
    return table.assign(**{column: table[column].map(list) for column in lists})


@lru_cache(maxsize=1)  # a report's notebooks load the same tables, one after the other
def _loaded(clean: Path, _written: tuple[int, ...], _codes: Vocabulary) -> dict[str, pd.DataFrame]:
    return read_tables(clean)


def read_keys(clean: Path) -> dict[str, str]:
    """Return what each file's rows were made of; {} when the tables have been touched since."""
    written = _as_written(clean)
    return written["files"] if written.get("tables") == _digests(clean) else {}


def is_untouched(clean: Path) -> bool:
    """Return whether each CSV is as it was written: a person may have saved one anew."""
    return _as_written(clean).get("csv") == _digests(clean, ".csv")


def _as_written(clean: Path) -> dict[str, dict[str, str]]:
    try:
        return json.loads((clean / _KEYS).read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _digests(folder: Path, suffix: str = ".parquet") -> dict[str, str]:
    files = [folder / f"{name}{suffix}" for name in TABLES]
    return {f.stem: hashlib.sha256(f.read_bytes()).hexdigest() for f in files if f.exists()}


def _write_table(name: str, table: pd.DataFrame, folder: Path) -> None:
    """Write a table twice; in the CSV lists are joined by a semicolon, and no text is a formula."""
    import pyarrow.parquet as pq

    rows = pa.Table.from_pandas(table, _arrow_schema(name), preserve_index=False)
    path = folder / f"{name}.parquet"
    pq.write_table(rows.replace_schema_metadata(), path, compression="zstd")
    for column, dtype in TABLES[name].items():
        if dtype != NUMBER:
            cells = table[column].map("; ".join) if dtype == LIST else table[column]
            table = table.assign(**{column: cells.astype("object").map(no_formula)})
    path = path.with_suffix(".csv")
    table.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def no_formula(cell: object) -> object:
    """Return a cell so that a spreadsheet takes a text as text: an apostrophe before = + - or @."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def from_exports(table: str, exports: Iterable[tuple[dict, list[dict] | list[tuple]]]) -> pa.Table:
    """Return the rows of several exports as one tidy table.

    exports: of each what all its rows have in common (column → value), and its rows: the other
    columns by name, or in their order.
    """
    columns = {name: [] for name in TABLES[table]}
    for common, some in exports:
        own = [name for name in columns if name not in common]
        rows = (map(row.get, own) if isinstance(row, dict) else row for row in some)
        for name, values in zip(own, zip(*rows, strict=True), strict=bool(some)):  # no rows: none
            columns[name] += values
        for name, value in common.items():
            columns[name] += [value] * len(some)
    return pa.table(columns, _arrow_schema(table))


def to_frame(table: str, *parts: pa.Table) -> pd.DataFrame:
    """Return parts of a tidy table as one, in their order, with their dtypes."""
    rows = pa.concat_tables([_arrow_schema(table).empty_table(), *parts]).combine_chunks()
    return frame(table, rows.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get))


def _arrow_schema(table: str) -> pa.Schema:
    return pa.schema([(name, _TYPES[dtype]) for name, dtype in TABLES[table].items()])
