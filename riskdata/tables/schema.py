"""The tidy tables, declared once: each column with its type and its codes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from riskdata.words.periods import in_order
from riskdata.words.vocabulary import vocabulary

if TYPE_CHECKING:
    import pandas as pd

TEXT, NUMBER, LIST = "str", "Int64", "object"

DECISIONS = (
    *("control_plan", "risk_analysis", "accept"),
    *("treat", "reduce", "monitor", "transfer", "avoid"),
)
STATUSES = (
    "finished",
    "ongoing",
    "recurring",
    "not_started",
    "delayed",
    "not_finished",
    "cancelled",
    "unknown",
)
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
    *("columns_told", "process_told", "not_parted", "serial_date", "name_turned"),
)


_OPEN = {"decision": "decisions", "status": "statuses", "outcome": "outcomes"}


@dataclass(frozen=True)
class Column:
    """One column: its name, dtype, and codes in their order (empty: any text).

    A municipality's own codes (vocabulary.toml) stand after those that are declared. What each
    column means is told in [meanings] of sv.toml and en.toml (``Data.columns``).
    """

    name: str
    dtype: str = TEXT
    allowed: tuple[str, ...] = ()


_NUMBERS = {
    *("year", "source_row", "likelihood", "consequence", "risk_value"),
    *("likelihood_after", "consequence_after", "risk_value_after"),
}
_LISTS = {"responsible"}
_CODES = {"decision": DECISIONS, "status": STATUSES, "kind": KINDS, "severity": SEVERITIES}


def _columns(names: str, numbers: str = "") -> tuple[Column, ...]:
    """Return the columns of a table: texts, unless their name is that of a number or a list."""
    dtypes = dict.fromkeys([*_NUMBERS, *numbers.split()], NUMBER) | dict.fromkeys(_LISTS, LIST)
    return tuple(
        Column(name, dtypes.get(name, TEXT), _CODES.get(name, ()))
        for name in f"{names} {numbers}".split()
    )


_WHERE, _SOURCE = "board period year", "source_file source_row"

TABLES: dict[str, tuple[Column, ...]] = {
    # one risk of one board and period
    "risks": _columns(
        f"risk_id {_WHERE} goal_code goal indicator process way_of_working event likelihood "
        "consequence risk_value level likelihood_after consequence_after risk_value_after decision "
        f"responsible {_SOURCE}"
    ),
    # one measure or activity of one board and period
    "activities": _columns(
        f"activity_id risk_id {_WHERE} goal_code indicator process event activity status mark outcome "
        f"due_date description comment responsible {_SOURCE}"
    ),
    # one thing done to a printed cell
    "account": _columns(f"{_SOURCE} column rule before after proof"),
    # one printed row or cell that could not be placed
    "unread": _columns(f"{_SOURCE} text reason"),
    # one file: where its printed cells went, and how many were noted as each kind
    "cells": (*_columns("source_file", "printed placed noted unread"), Column("kinds", LIST)),
    # one thing that a person should look at
    "findings": _columns(
        f"severity check board period risk_id activity_id {_SOURCE} message evidence"
    ),
    # one file, or one of several exports in it
    "sources": (
        *_columns("source_file sha256 kind layout", "guessed"),
        *_columns(
            "board period", "printed_rows risks activities repairs set_aside unused_columns unread"
        ),
        Column("problem"),
    ),
}


OF_FILES = ("risks", "activities", "account", "unread", "cells")  # each row comes of one file


def names(table: str) -> list[str]:
    """Return the column names of a tidy table, in order.

    >>> names("unread")
    ['source_file', 'source_row', 'text', 'reason']
    """
    return [column.name for column in TABLES[table]]


def frame(table: str, rows: "list[dict] | pd.DataFrame" = ()) -> "pd.DataFrame":
    """Return rows as a tidy table: its columns in order, with its types; what is absent is missing.

    Periods and columns of codes are ordered categoricals: they sort, count and draw in the order
    of time, or of the codes.

    >>> frame("risks", [{"event": "Rutiner följs inte", "likelihood": 3}]).likelihood.tolist()
    [3]
    >>> rows = [{"period": "2025-VB"}, {"period": "2025-T1"}]
    >>> frame("activities", rows).period.max()
    '2025-VB'
    """
    import pandas as pd  # late: processes that read files do without it

    types = {column.name: column.dtype for column in TABLES[table]}
    if isinstance(rows, pd.DataFrame):
        made = rows.reindex(columns=list(types)).astype(types)
    else:
        made = pd.DataFrame(rows if len(rows) else None, columns=list(types), dtype="object")
        made = made.astype(types)
    lists = [name for name, dtype in types.items() if dtype == LIST]
    made = made.assign(**{name: _listed(made[name]) for name in lists})
    return in_their_order(made, {name: codes(table, name) for name in ordered_columns(table)})


def _listed(values: "pd.Series") -> "pd.Series":
    """Return lists, empty where there is none."""
    import pandas as pd

    lists = [list(value) if hasattr(value, "__len__") else [] for value in values]
    return pd.Series(lists, values.index, dtype=LIST)


def ordered_columns(table: str) -> list[str]:
    """Return the columns of a tidy table that are ordered categoricals.

    >>> ordered_columns("risks")
    ['period', 'decision']
    """
    coded = {"period", *_OPEN}
    return [c.name for c in TABLES[table] if c.allowed or c.name in coded]


def codes(table: str, column: str) -> tuple[str, ...]:
    """Return the codes of a column in their order; a municipality's own stand last.

    >>> codes("risks", "decision")[:3]
    ('control_plan', 'risk_analysis', 'accept')
    """
    declared = next(c.allowed for c in TABLES[table] if c.name == column)
    known = vocabulary().codes(_OPEN[column]) if column in _OPEN else ()
    return (*(c for c in known if c != "unknown"), *(c for c in declared if c not in known))


def in_their_order(
    table: "pd.DataFrame", codes: dict[str, tuple[str, ...]], periods: Iterable[str] = ()
) -> "pd.DataFrame":
    """Return a table with its periods and its columns of codes as ordered categoricals.

    codes: column → codes in their order; a value that is none of them comes after them, so that
    nothing is lost. periods: others that are to be known too, as those of all of a board's tables.

    >>> import pandas as pd
    >>> table = pd.DataFrame({"change": ["unchanged", "new"]})
    >>> in_their_order(table, {"change": CHANGES}).sort_values("change").change.tolist()
    ['new', 'unchanged']
    """
    known = {name: list(order) for name, order in codes.items()}
    for name in table.columns:
        if name == "period" or name.startswith("period_"):
            known[name] = in_order([*periods, *table[name].dropna().unique()])
    return table.assign(**{n: ordered(table[n], order) for n, order in known.items() if n in table})


def ordered(values: "pd.Series", codes: Iterable[str]) -> "pd.Series":
    """Return texts as an ordered categorical; those that are no code come after the codes.

    >>> import pandas as pd
    >>> ordered(pd.Series(["egen", "accept"]), DECISIONS).cat.categories.tolist()[-2:]
    ['avoid', 'egen']
    """
    import pandas as pd

    own = sorted(set(values.dropna().unique()) - set(codes))
    return values.astype(pd.CategoricalDtype([*codes, *own], ordered=True))
