"""The tidy tables, declared once: each column with its type, and the order of its codes."""

from collections.abc import Iterable

import pandas as pd

from riskdata.words.periods import in_order
from riskdata.words.vocabulary import vocabulary

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
    *("decision_split", "name_turned", "box_read"),
)
_OPEN = dict(decision="decisions", status="statuses", outcome="outcomes")  # in vocabulary.toml
_ORDERED = ("period", *_OPEN, "kind", "severity")  # columns that are ordered categoricals
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


def names(table: str) -> list[str]:
    """Return the column names of a tidy table, in order."""
    return [*TABLES[table]]


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
    orders = {name: codes(name) for name in ordered_columns(table)}
    if "period" in orders:
        orders["period"] = in_order(made.period.dropna().unique())
    return made.assign(**{name: ordered(made[name], order) for name, order in orders.items()})


def ordered_columns(table: str) -> list[str]:
    """Return the columns of a tidy table that are ordered categoricals."""
    return [name for name in TABLES[table] if name in _ORDERED]


def codes(column: str) -> tuple[str, ...]:
    """Return the codes of a column in their order, with a municipality's own; none of free text.

    >>> codes("decision")[:3]
    ('control_plan', 'risk_analysis', 'accept')
    """
    if column not in _OPEN:
        return {"kind": KINDS, "severity": SEVERITIES}.get(column, ())
    known = tuple(code for code in vocabulary().codes(_OPEN[column]) if code != "unknown")
    return (*known, "unknown") if column == "status" else known


def ordered(values: pd.Series, codes: Iterable[str]) -> pd.Series:
    """Return texts as an ordered categorical; those that are no code come after the codes.

    >>> ordered(pd.Series(["egen", "new"]), CHANGES).cat.categories.tolist()[-2:]
    ['gone', 'egen']
    """
    own = sorted(set(values.dropna().unique()) - set(codes))
    return values.astype(pd.CategoricalDtype([*codes, *own], ordered=True))
