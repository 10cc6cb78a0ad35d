"""The key figures of a period and board: one number a question, its sentence, and what is unusual."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from riskdata.analysis.changes import CHANGES
from riskdata.words.language import word
from riskdata.words.vocabulary import vocabulary

COLUMNS = ["key", "value", "of", "before", "of_before", "text"]
ALWAYS = ("high", "unfinished")  # the state of the risks and of the work: told whatever they are
WANTED_NONE = (  # figures that are nought when all is well
    "high_outside", "left_plan", "unfinished", "overdue", "unknown", "contradicted", "not_kept",
)  # fmt: skip
MOVING = ("new", "raised", "gone")  # changes that are news by themselves
_SAID = {"unknown": "not_compared"}  # of changes; the other kinds are called by their own name


@dataclass(frozen=True)
class Figure:
    """A count: its key, of how many, what its sentence is filled with, and the same before."""

    key: str
    value: int
    of: int | None = None
    words: dict | None = None


def counts_as(codes: pd.Series, table: str, meaning: object) -> pd.Series:
    """Return which codes count as something, as their owner says (vocabulary.toml).

    >>> counts_as(pd.Series(["control_plan", "accept"]), "decisions", True).tolist()
    [True, False]
    """
    return codes.astype("object").map(lambda code: vocabulary().counts_as(table, code) == meaning)


def limits(risks: pd.DataFrame) -> pd.Series:
    """Return the risk limit of each risk: its board's own, else the project's."""
    return vocabulary().limits(risks.board)


def is_high(risks: pd.DataFrame) -> pd.Series:
    """Return which risks reach their limit, by the printed value."""
    return (risks.risk_value >= limits(risks)).fillna(False).astype("bool")


def in_plan(risks: pd.DataFrame) -> pd.Series:
    """Return which risks the board decided to have in its control plan."""
    return counts_as(risks.decision, "decisions", True)


def is_doubted(activities: pd.DataFrame) -> pd.Series:
    """Return which activities are marked as finished while the comment says that they are not."""
    ticked = counts_as(activities.status, "statuses", "finished")
    return ticked & activities.verdict.eq("unfinished")


def key_figures(
    risks: pd.DataFrame,
    changes: pd.DataFrame,
    activities: pd.DataFrame,
    promises: pd.DataFrame,
    *,
    before: dict[str, Figure] | None = None,
    since: dict[str, str] | None = None,
    language: str = "sv",
) -> pd.DataFrame:
    """Return the key figures of a register and a follow-up. They are counts, never averages.

    Nothing is counted of a column that no row prints: without decisions nobody is told how many
    risks are in the control plan, without due dates nothing is overdue.

    Parameters
    ----------
    risks : of the register
    changes : what ``compare`` returns
    activities : what ``unfinished`` returns; promises : what ``promises`` returns, of this period
    before : the same figures of the period before, by key; since : which period that was, by key
    language : of the sentences

    Returns
    -------
    DataFrame
        ``key``, ``value``, ``of`` (of how many; missing where the whole is meant), ``before`` and
        ``of_before`` (the same in the period before) and ``text``, a sentence with the number.

    Examples
    --------
    >>> from riskdata.tables.schema import frame
    >>> risks = frame("risks", [{"risk_value": value} for value in (12, 6)])
    >>> nothing = pd.DataFrame()
    >>> key_figures(risks, nothing, nothing, nothing).text[1]
    '1 av 2 risker når riskgränsen 12.'
    """
    counted = count(risks, changes, activities, promises)
    rows = [_row(figure, before or {}, since or {}, language) for figure in counted]
    numbers = dict.fromkeys(COLUMNS[1:-1], "Int64")
    return pd.DataFrame(rows, columns=COLUMNS).astype({**numbers, "key": "str", "text": "str"})


def count(
    risks: pd.DataFrame, changes: pd.DataFrame, activities: pd.DataFrame, promises: pd.DataFrame
) -> list[Figure]:
    """Return the figures without their sentences; see ``key_figures``."""
    return [*_risks(risks), *_changes(changes), *_activities(activities), *_promises(promises)]


def most_unusual(figures: pd.DataFrame, n: int = 5) -> list[str]:
    """Return the sentences of the n figures that a reader should know first, the most unusual first.

    How unusual a figure is, is how far its share of the whole lies from what one would expect. That
    is its share in the period before; where there is none, nought for what should be nought (high
    risks outside the control plan, unfinished, overdue, unknown, doubted, not kept). New, raised
    and gone risks are unusual by their share. A nought that was nought before is no news. How many
    risks reach the limit and how many activities are unfinished is told always.

    >>> figures = pd.DataFrame([("unknown", 0, 9, None, None, "A"), ("overdue", 3, 9, 0, 9, "B"),
    ...     ("unfinished", 4, 9, 4, 9, "C")], columns=COLUMNS).convert_dtypes()
    >>> most_unusual(figures)
    ['B', 'C']
    """
    unusual = pd.Series([_unusual(row) for row in figures.itertuples()], figures.index, "float64")
    always = figures.key.isin(ALWAYS)
    order = unusual.where(unusual > 0).dropna().sort_values(ascending=False, kind="stable").index
    others = [i for i in order if not always[i]][: n - always.sum()]
    told = figures.index[always].union(pd.Index(others, dtype=figures.index.dtype))
    return figures.text[unusual[told].sort_values(ascending=False, kind="stable").index].tolist()


def print_key_figures(figures: pd.DataFrame, language: str = "sv") -> str:
    """Return key figures as the text of a file: a line each, with nothing of when it was made."""
    heads = {key: word(f"columns.{key}", language).lower() for key in ("key", "value", "text")}
    lines = figures[list(heads)].rename(columns=heads)
    return lines.to_csv(sep="\t", index=False, lineterminator="\n")


def changed_since(old_text: str | None, new: pd.DataFrame, *, language: str = "sv") -> list[str]:
    """Return what has changed in the key figures since an earlier file of them, in sentences.

    old_text: what ``print_key_figures`` gave; empty or None where there was no earlier run.

    >>> now = pd.DataFrame([("risks", 3, "Registret har 3 risker.")], columns=["key", "value", "text"])
    >>> changed_since("nyckel\\tvärde\\ttext\\nrisks\\t2\\tRegistret har 2 risker.\\n", now)
    ['Registret har 3 risker. Vid förra körningen var det 2.']
    """
    if not old_text:
        return []
    lines = csv.reader(io.StringIO(old_text), delimiter="\t")
    old = {key: (value, text) for key, value, text in list(lines)[1:]}
    said = []
    for row in new.itertuples():
        value, _ = old.pop(row.key, (None, None))
        if value is None:
            said.append(word("changed_since.new", language, text=row.text))
        elif value != str(row.value):
            said.append(word("changed_since.other", language, text=row.text, before=int(value)))
    return said + [word("changed_since.gone", language, text=text) for _, text in old.values()]


def _risks(risks: pd.DataFrame) -> Iterator[Figure]:
    if risks.empty:
        return
    yield Figure("risks", len(risks))
    valued, decided = risks.risk_value.notna(), risks.decision.notna().any()
    high, limit = is_high(risks), limits(risks).unique()
    key, said = ("high", {"limit": int(limit[0])}) if len(limit) == 1 else ("high_own", {})
    if valued.any():
        yield Figure(key, high.sum(), valued.sum(), said)
    if decided:
        yield Figure("control_plan", in_plan(risks).sum(), len(risks))
    if decided and high.any():
        yield Figure("high_outside", (high & ~in_plan(risks)).sum(), high.sum())


def _changes(changes: pd.DataFrame) -> Iterator[Figure]:
    if changes.empty:
        return
    before = {"before": str(changes.period_before.iloc[0])}
    counts = changes.change.astype("str").value_counts()
    later = len(changes) - counts.get("gone", 0)
    for kind in CHANGES:
        if kind in counts or kind not in _SAID:
            of = len(changes) - counts.get("new", 0) if kind == "gone" else later
            yield Figure(_SAID.get(kind, kind), counts.get(kind, 0), of, before)
    left = left_plan(changes)
    if changes.decision_before.notna().any() and changes.decision_after.notna().any():
        planned = counts_as(changes.decision_before, "decisions", True).sum()
        yield Figure("left_plan", left.sum(), planned, before)
    if changes.certainty.astype("str").eq("ask").any():
        yield Figure("ask", changes.certainty.astype("str").eq("ask").sum(), None, before)


def left_plan(changes: pd.DataFrame) -> pd.Series:
    """Return which risks have left the control plan without having got a lower value."""
    planned, plan = (
        counts_as(changes[f"decision_{side}"], "decisions", True) for side in ("before", "after")
    )
    kept = changes.change.astype("str").isin(["raised", "unchanged"])
    return planned & ~plan & kept & changes.decision_after.notna()


def _activities(activities: pd.DataFrame) -> Iterator[Figure]:
    if activities.empty:
        return
    of, verdicts = len(activities), activities.verdict.astype("str")
    yield Figure("activities", of)
    if not tells_of_work(activities):
        return
    for verdict in ("finished", "unfinished", "unknown", "cancelled"):
        n = verdicts.eq(verdict).sum()
        if n or verdict != "cancelled":
            yield Figure(verdict, n, of)
    if "due_date" in activities and activities.due_date.notna().any():
        yield Figure("overdue", is_overdue(activities).sum(), of)
    ticked = counts_as(activities.status, "statuses", "finished").sum()
    if ticked:
        yield Figure("contradicted", is_doubted(activities).sum(), ticked)


def tells_of_work(activities: pd.DataFrame) -> bool:
    """Return whether any mark, status or comment is printed: if not, nobody asks what is finished."""
    marked = activities.status.notna() & activities.status.astype("object").ne("unknown")
    printed = [activities[c].notna().any() for c in ("mark", "comment") if c in activities]
    return bool(marked.any() or any(printed))


def is_overdue(activities: pd.DataFrame) -> pd.Series:
    """Return which activities are unfinished and past the date that is printed for them."""
    if "overdue_days" not in activities:
        return pd.Series(False, activities.index)
    return activities.overdue_days.gt(0).fillna(False).astype("bool")


def _promises(promises: pd.DataFrame) -> Iterator[Figure]:
    if promises.empty:
        return
    outcome = promises.outcome.astype("str")
    due = outcome.isin(["kept", "open"]).sum()
    if due:
        yield Figure("not_kept", outcome.eq("open").sum(), due)


def _row(figure: Figure, before: dict, since: dict, language: str) -> tuple:
    old = before.get(figure.key)
    text = _sentence(figure, language)
    if old is not None and figure.key in since:
        was = {"before": since[figure.key], "n": old.value, "of": old.of or 0}
        kind = "was_of" if (old.of or 0) > 1 else "was"
        text = f"{text.removesuffix('.')}; {word(f'key_figures.{kind}', language, **was)}."
    shares = (old.value, old.of) if old else (None, None)
    return (figure.key, figure.value, figure.of, *shares, text)


def _sentence(figure: Figure, language: str) -> str:
    """Return the sentence of a figure; one of its own where the whole is a single thing."""
    values = {"n": int(figure.value), "of": int(figure.of or 0), **(figure.words or {})}
    form = "key_figures.single" if figure.of == 1 else "key_figures"
    return word(f"{form}.{figure.key}", language, **values)


def _unusual(row: tuple) -> float:
    """Return how far a figure's share lies from the expected one; see ``most_unusual``."""
    share = row.value / row.of if pd.notna(row.of) and row.of else 0.0
    if row.key in MOVING:
        return share
    if row.key not in (*WANTED_NONE, *ALWAYS, "high_own"):
        return 0.0
    if pd.notna(row.of_before) and row.of_before:
        return abs(share - row.before / row.of_before)
    return share if row.key in WANTED_NONE else 0.0
