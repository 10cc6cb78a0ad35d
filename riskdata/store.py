"""data/clean on disk: all tables written whole or not at all, and read back."""

import shutil
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from riskdata import schema
from riskdata.errors import ChoiceError

_NEW, _READY = ".new", "ready"  # where tables are written, and the file that says all of them are
_ARROW = {schema.TEXT: pa.string(), schema.NUMBER: pa.int64(), schema.LIST: pa.list_(pa.string())}


def write_tables(tables: dict[str, pd.DataFrame], clean: Path) -> None:
    """Write every tidy table as Parquet and CSV; a crash at any moment leaves the old or the new.

    All files are first written in a folder of their own; once that is complete they are moved, and
    a run that was killed among the moves is finished by the next one that reads or writes.
    """
    clean.mkdir(parents=True, exist_ok=True)
    finish_writing(clean)
    new = clean / _NEW
    new.mkdir()
    for name, table in tables.items():
        _write_table(name, table, new)
    (new / _READY).touch()
    finish_writing(clean)


def finish_writing(clean: Path) -> None:
    """Move tables that are complete but not yet in their place; throw half written ones away."""
    new = clean / _NEW
    if (new / _READY).exists():
        for file in sorted(new.iterdir()):
            if file.name != _READY:
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


def _write_table(name: str, table: pd.DataFrame, folder: Path) -> None:
    fields = [pa.field(c.name, _ARROW[c.dtype]) for c in schema.TABLES[name]]
    arrow = pa.Table.from_pandas(table, pa.schema(fields), preserve_index=False)
    pq.write_table(arrow.replace_schema_metadata(), folder / f"{name}.parquet", compression="zstd")
    lists = [c.name for c in schema.TABLES[name] if c.dtype == schema.LIST]
    flat = table.assign(**{c: table[c].map("; ".join) for c in lists})
    flat.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\r\n")


def _read_table(name: str, folder: Path) -> pd.DataFrame:
    table = pq.read_table(folder / f"{name}.parquet").to_pandas()
    lists = [c.name for c in schema.TABLES[name] if c.dtype == schema.LIST]
    table = table.assign(**{c: [list(names) for names in table[c]] for c in lists})
    return table.astype({c.name: c.dtype for c in schema.TABLES[name]})
