"""data/clean on disk: all tables written whole or not at all, and read back."""

import hashlib
import json
import shutil
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from riskdata.errors import ChoiceError, RiskdataError
from riskdata.tables import arrow, schema

if TYPE_CHECKING:
    import pyarrow as pa

_NEW, _READY = ".new", "ready"  # where tables are written, and the file that says all of them are
_LINES = 50_000  # of CSV that are made at a time
_KEYS = ".keys.json"  # what the tables were made of, and the tables' own digests


def write_tables(
    tables: Iterable[tuple[str, pd.DataFrame]], clean: Path, keys: dict[str, str] | None = None
) -> None:
    """Write every tidy table as Parquet and CSV; a crash at any moment leaves the old or the new.

    tables: the name of each, and the table; one is written while the next is made. keys: for each
    file, what its rows were made of (see ``riskdata.reuse``).

    All files are first written in a folder of their own; once that is complete they are moved, and
    a run that was killed among the moves is finished by the next one that reads or writes.
    Raises RiskdataError when the disk is full or may not be written to; the old tables are left.
    """
    try:
        clean.mkdir(parents=True, exist_ok=True)
        finish_writing(clean)
        new = clean / _NEW
        new.mkdir()
        with ThreadPoolExecutor(2) as threads:  # Arrow's work waits for no other thread
            list(threads.map(lambda made: _write_table(*made, new), tables))
        _write_keys(keys or {}, new)
        (new / _READY).touch()
    except OSError as fault:
        shutil.rmtree(clean / _NEW, ignore_errors=True)
        raise _not_written(clean, fault) from fault
    try:
        finish_writing(clean)
    except OSError as fault:  # a table open in Excel on Windows: the next run moves the rest
        raise _not_written(clean, fault) from fault


def _not_written(clean: Path, fault: OSError) -> RiskdataError:
    return RiskdataError(
        f"{clean}: tabellerna gick inte att skriva ({fault.strerror or fault}). Är disken full, så "
        "frigör plats (de gamla tabellerna ligger kvar); är en tabell öppen i Excel, så stäng den. "
        "Kör sedan igen."
    )


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
    if (clean / _NEW / _READY).exists():
        finish_writing(clean)
    missing = [name for name in schema.TABLES if not (clean / f"{name}.parquet").exists()]
    if missing:
        raise ChoiceError(
            f"{clean}: här finns inga städade tabeller ({', '.join(missing)} saknas). Lägg exporterna i "
            "data/raw och kör riskdata clean, eller anteckningsboken 01-clean."
        )
    return {name: _read_table(name, clean) for name in schema.TABLES}


def read_keys(clean: Path) -> dict[str, str]:
    """Return what each file's rows were made of; {} when the tables have been touched since."""
    try:
        told = json.loads((clean / _KEYS).read_text("utf-8"))
        return told["files"] if told["tables"] == _digests(clean) else {}
    except (OSError, ValueError, KeyError):
        return {}


def _write_keys(keys: dict[str, str], folder: Path) -> None:
    told = json.dumps({"tables": _digests(folder), "files": keys}, ensure_ascii=False, indent=0)
    (folder / _KEYS).write_text(told, encoding="utf-8")


def _digests(folder: Path) -> dict[str, str]:
    files = [folder / f"{name}.parquet" for name in schema.TABLES]
    return {file.stem: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def _write_table(name: str, table: pd.DataFrame, folder: Path) -> None:
    import pyarrow.parquet as pq  # late: a command that only reads one file has no use for it

    rows = arrow.from_frame(name, table)
    pq.write_table(rows, folder / f"{name}.parquet", compression="zstd")
    with (folder / f"{name}.csv").open("wb") as file:
        file.write(f"\ufeff{','.join(rows.column_names)}\r\n".encode())
        for lines in rows.to_batches(max_chunksize=_LINES):
            file.write(_csv_lines(lines))


def _csv_lines(rows: "pa.RecordBatch") -> "pa.Buffer":
    """Return rows as lines of CSV; Arrow's own writer can only quote every text, or none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lines = pc.binary_join_element_wise(*map(_csv_cells, rows.columns), ",")
    ended = pc.binary_join_element_wise(lines, "", "\r\n")
    whole = pa.ListArray.from_arrays([0, len(ended)], ended)
    return pc.binary_join(whole, "")[0].as_buffer()


def _csv_cells(column: "pa.Array") -> "pa.Array":
    """Return cells as they stand in a CSV: quoted where they must be, lists joined by a semicolon.

    An apostrophe is put before what Excel would run as a formula.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_integer(column.type):
        return pc.fill_null(column.cast(pa.string()), "")
    texts = pc.binary_join(column, "; ") if pa.types.is_list(column.type) else column
    texts = pc.fill_null(texts, "")
    formula = pc.match_substring_regex(texts, r"^[=+\-@\t\r]")
    if pc.any(formula).as_py():
        texts = pc.if_else(formula, pc.binary_join_element_wise("'", texts, ""), texts)
    quoted = pc.match_substring_regex(texts, '[,"\r\n]')
    if pc.any(quoted).as_py():
        doubled = pc.replace_substring(texts, '"', '""')
        texts = pc.if_else(quoted, pc.binary_join_element_wise('"', doubled, '"', ""), texts)
    return texts


def _read_table(name: str, folder: Path) -> pd.DataFrame:
    import pyarrow.parquet as pq

    return arrow.to_frame(name, pq.read_table(folder / f"{name}.parquet"))
