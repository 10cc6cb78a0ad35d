"""The tidy tables, declared once: each column with its type, its allowed values and what it means."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from riskdata.words.periods import in_order
from riskdata.words.vocabulary import vocabulary

if TYPE_CHECKING:
    import pandas as pd

TEXT, NUMBER, LIST = "str", "Int64", "object"

DECISIONS = ("control_plan", "risk_analysis", "accept")
STATUSES = ("finished", "ongoing", "recurring", "not_started", "delayed", "cancelled", "unknown")
KINDS = ("register", "follow_up", "plan")
SEVERITIES = ("error", "question", "note")
CHANGES = ("new", "raised", "lowered", "unchanged", "unknown", "gone")
VERDICTS = ("finished", "unfinished", "cancelled", "unknown")


_OPEN = {"decision": "decisions", "status": "statuses", "outcome": "outcomes"}


@dataclass(frozen=True)
class Column:
    """One column: its name, dtype, its codes in their order (empty: any text) and its meaning.

    A municipality's own codes (vocabulary.toml) stand after those that are declared.
    """

    name: str
    dtype: str
    meaning: str
    allowed: tuple[str, ...] = ()


_WHERE = (
    Column("board", TEXT, "the board (nämnd)"),
    Column("period", TEXT, "year and report, as 2025-VB"),
    Column("year", NUMBER, "the calendar year of the period"),
)
_FILE = Column("source_file", TEXT, "the export, relative to data/raw")
_SOURCE = (
    _FILE,
    Column("source_row", NUMBER, "1-based line, sheet row or table row of the export"),
)

TABLES: dict[str, tuple[Column, ...]] = {
    "risks": (
        Column("risk_id", TEXT, "one risk of one board and period"),
        *_WHERE,
        Column("goal_code", TEXT, "number of the council's goal, as 1.3"),
        Column("goal", TEXT, "the council's goal, without its number"),
        Column("indicator", TEXT, "the indicator that the risk stands under"),
        Column("process", TEXT, "the (essential) process"),
        Column("way_of_working", TEXT, "arbetssätt"),
        Column("event", TEXT, "the unwanted event: the risk itself"),
        Column("likelihood", NUMBER, "step on the likelihood scale; missing where not printed"),
        Column("consequence", NUMBER, "step on the consequence scale; missing where not printed"),
        Column("risk_value", NUMBER, "as printed, else likelihood × consequence (see account)"),
        Column("level", TEXT, "the board's word for the risk (Hög, Röd), as printed"),
        Column("likelihood_after", NUMBER, "step on the likelihood scale, with measures"),
        Column("consequence_after", NUMBER, "step on the consequence scale, with measures"),
        Column("risk_value_after", NUMBER, "the value with measures, as printed"),
        Column("decision", TEXT, "what the board decided to do with the risk", DECISIONS),
        Column("responsible", LIST, "the owners of the risk, as printed"),
        *_SOURCE,
    ),
    "activities": (
        Column("activity_id", TEXT, "one activity of one board and period"),
        Column("risk_id", TEXT, "the risk that it answers"),
        *_WHERE,
        Column("goal_code", TEXT, "number of the council's goal"),
        Column("indicator", TEXT, "the indicator that it stands under"),
        Column("process", TEXT, "the process that it stands under"),
        Column("event", TEXT, "the text of its risk"),
        Column("activity", TEXT, "the measure (åtgärd, aktivitet)"),
        Column("status", TEXT, "what its mark says; unknown where the mark is lost", STATUSES),
        Column("mark", TEXT, "the status word or glyph as printed"),
        Column("outcome", TEXT, "what a control showed: a code of [outcomes]"),
        Column("due_date", TEXT, "when it shall be done: 2025-12-31, else as printed"),
        Column("description", TEXT, "beskrivning"),
        Column("comment", TEXT, "the latest comment"),
        Column("responsible", LIST, "the people responsible, as printed"),
        *_SOURCE,
    ),
    "account": (
        *_SOURCE,
        Column("column", TEXT, "the tidy column that it concerns"),
        Column("rule", TEXT, "what was done; the words are in vocabulary.toml [labels]"),
        Column("before", TEXT, "as printed"),
        Column("after", TEXT, "as it stands in the tidy table"),
        Column("proof", TEXT, "why it must be so, as 3×4=12; empty where there is no proof"),
    ),
    "unread": (
        *_SOURCE,
        Column("text", TEXT, "the printed cells, joined by |"),
        Column("reason", TEXT, "why they could not be placed"),
    ),
    "cells": (
        _FILE,
        Column("printed", NUMBER, "cells with text in it"),
        Column("placed", NUMBER, "those found again in risks or activities"),
        Column("noted", NUMBER, "those found again in account only"),
        Column("unread", NUMBER, "those found again in unread only"),
    ),
    "findings": (
        Column("severity", TEXT, "how grave", SEVERITIES),
        Column("check", TEXT, "which check; the words are in vocabulary.toml [labels]"),
        Column("board", TEXT, "the board (nämnd)"),
        Column("period", TEXT, "year and report"),
        Column("risk_id", TEXT, "the risk, if it concerns one"),
        Column("activity_id", TEXT, "the activity, if it concerns one"),
        *_SOURCE,
        Column("message", TEXT, "what a person should know, in Swedish"),
        Column("evidence", TEXT, "the printed words or numbers that it rests on"),
    ),
    "sources": (
        _FILE,
        Column("sha256", TEXT, "of its bytes"),
        Column("kind", TEXT, "what it is", KINDS),
        Column("layout", TEXT, "the layout that it was read by"),
        Column("guessed", NUMBER, "columns whose field was guessed; 0 where every header is known"),
        Column("board", TEXT, "the board (nämnd)"),
        Column("period", TEXT, "year and report"),
        Column("printed_rows", NUMBER, "data rows printed"),
        Column("risks", NUMBER, "rows it gave in risks"),
        Column("activities", NUMBER, "rows it gave in activities"),
        Column("repairs", NUMBER, "rows in account that mended something"),
        Column(
            "set_aside", NUMBER, "printed rows that are no data: headers, headings, totals, texts"
        ),
        Column("unused_columns", NUMBER, "printed columns that are read as nothing"),
        Column("unread", NUMBER, "rows in unread"),
        Column("problem", TEXT, "why it could not be read; missing when it was"),
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

    >>> codes("risks", "decision")
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
    ['accept', 'egen']
    """
    import pandas as pd

    own = sorted(set(values.dropna().unique()) - set(codes))
    return values.astype(pd.CategoricalDtype([*codes, *own], ordered=True))
