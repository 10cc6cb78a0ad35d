"""The tidy tables as Arrow has them: made of exports' rows, joined, and turned into DataFrames and back."""

from collections.abc import Iterable
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from riskdata.tables import schema

if TYPE_CHECKING:
    import pandas as pd

TYPES = {
    schema.TEXT: pa.string(),
    schema.NUMBER: pa.int64(),
    schema.LIST: pa.list_(pa.string()),
}


def types(table: str) -> pa.Schema:
    """Return the columns of a tidy table with Arrow's types."""
    return pa.schema([(column.name, TYPES[column.dtype]) for column in schema.TABLES[table]])


def from_exports(table: str, exports: Iterable[tuple[dict, list[dict] | list[tuple]]]) -> pa.Table:
    """Return the rows of several exports as one tidy table.

    exports: of each what all its rows have in common (column → value, the same columns in each),
    and its rows: the other columns by name, or in their order.

    >>> made = from_exports("unread", [({"source_file": "a.txt"}, [(3, "Sida 2", "okänd")])])
    >>> made.to_pylist()
    [{'source_file': 'a.txt', 'source_row': 3, 'text': 'Sida 2', 'reason': 'okänd'}]
    """
    of_table, filled = types(table), [(common, rows) for common, rows in exports if rows]
    if not filled:
        return of_table.empty_table()
    shared, every = filled[0][0], list(chain.from_iterable(rows for _, rows in filled))
    belongs = np.repeat(np.arange(len(filled)), [len(rows) for _, rows in filled])
    own = [name for name in of_table.names if name not in shared]
    rows = map(itemgetter(*own), every) if isinstance(every[0], dict) else every
    values = dict(zip(own, zip(*rows, strict=True), strict=True))
    columns = [
        pa.array([common[column.name] for common, _ in filled], column.type).take(pa.array(belongs))
        if column.name in shared
        else pa.array(values[column.name], column.type)
        for column in of_table
    ]
    return pa.Table.from_arrays(columns, schema=of_table)


def from_frame(table: str, rows: "pd.DataFrame") -> pa.Table:
    """Return a tidy table of pandas."""
    return pa.Table.from_pandas(rows, types(table), preserve_index=False).replace_schema_metadata()


def to_frame(table: str, rows: pa.Table) -> "pd.DataFrame":
    """Return a tidy table with the dtypes of ``riskdata.tables.schema``."""
    import pandas as pd

    dtypes = {column.name: column.dtype for column in schema.TABLES[table]}
    lists = {name: rows[name].to_pylist() for name, dtype in dtypes.items() if dtype == schema.LIST}
    flat = rows.drop_columns(list(lists))
    made = flat.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    return made.assign(**lists).reindex(columns=list(dtypes)).astype(dtypes)


def join(table: str, parts: Iterable[pa.Table]) -> pa.Table:
    """Return parts of a tidy table as one, in their order."""
    return pa.concat_tables([types(table).empty_table(), *parts]).combine_chunks()
