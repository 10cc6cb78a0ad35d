"""The key figures of a period and board: one number a question, its sentence, and what is unusual."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from riskdata.analysis.activities import by_status
from riskdata.tables.schema import CHANGES
from riskdata.words.language import word
from riskdata.words.vocabulary import vocabulary

COLUMNS = ["key", "value", "of", "before", "of_before", "text"]
ALWAYS = ("high", "unfinished")  # the state of the risks and of the work: told whatever they are
WANTED_NONE = (  # figures that are nought when all is well
    "high_outside", "left_plan", "unfinished", "overdue", "unknown", "contradicted", "not_kept",
)  # fmt: skip
MOVING = ("new", "raised", "gone")  # changes that are news by themselves
NOTHING = pd.DataFrame()


@dataclass(frozen=True)
class Figure:
    """A count: its key, of how many, and what else its sentence is filled with."""

    key: str
    value: int
    of: int | None = None
    words: dict = field(default_factory=dict)

    def sentence(self, language: str = "sv") -> str:
        """Return the figure in words; in words of its own where the whole is a single thing."""
        form = "key_figures.single" if self.of == 1 else "key_figures"
        values = {"n": int(self.value), "of": int(self.of or 0), **self.words}
        return word(f"{form}.{self.key}", language, **values)


def is_high(risks: pd.DataFrame) -> pd.Series:
    """Return which risks reach their limit, by the printed value."""
    return (risks.risk_value >= vocabulary().limits(risks.board)).fillna(False).astype("bool")


def is_planned(decisions: pd.Series) -> pd.Series:
    """Return which decisions put their risk in the control plan, as the vocabulary says."""
    return decisions.isin(vocabulary().in_plan)


def left_plan(changes: pd.DataFrame) -> pd.Series:
    """Return which risks have left the control plan without having got a lower value."""
    left = is_planned(changes.decision_before) & ~is_planned(changes.decision_after)
    kept = changes.change.isin(["raised", "unchanged"])
    return left & kept & changes.decision_after.notna()


def is_doubted(activities: pd.DataFrame) -> pd.Series:
    """Return which activities are marked as finished while the comment says that they are not."""
    return by_status(activities.status).eq("finished") & activities.verdict.eq("unfinished")


def is_overdue(activities: pd.DataFrame) -> pd.Series:
    """Return which activities are unfinished and past the date that is printed for them."""
    return activities.overdue_days.notna()


def tells_of_work(activities: pd.DataFrame) -> bool:
    """Return whether any mark, status or comment is printed: if not, nobody asks what is finished."""
    marked = activities.status.notna() & activities.status.ne("unknown")
    return bool(marked.any() or activities[["mark", "comment"]].notna().any(axis=None))


def key_figures(
    risks: pd.DataFrame,
    changes: pd.DataFrame,
    activities: pd.DataFrame,
    promises: pd.DataFrame,
    *,
    before: Mapping[str, tuple[str, Figure]] | None = None,
    language: str = "sv",
) -> pd.DataFrame:
    """Return a row for each count: ``key``, ``value``, ``of`` how many, the same before, ``text``.

    changes, activities, promises: what ``compare``, ``unfinished`` and ``promises`` return; before:
    the same figures by key, each with the earlier period that it is of. Nothing is counted of a
    column that no row prints: without decisions nothing is said of the control plan.

    >>> from riskdata.tables.schema import frame
    >>> risks = frame("risks", [{"risk_value": value} for value in (12, 6)])
    >>> key_figures(risks, NOTHING, NOTHING, NOTHING).text[1]
    '1 av 2 risker når riskgränsen 12.'
    """
    rows = []
    for figure in count(risks, changes, activities, promises):
        text, shares = figure.sentence(language), (None, None)
        if figure.key in (before or {}):
            period, old = before[figure.key]
            form, shares = "was_of" if (old.of or 0) > 1 else "was", (old.value, old.of)
            was = {"before": period, "n": int(old.value), "of": int(old.of or 0)}
            text = f"{text.removesuffix('.')}; {word(f'key_figures.{form}', language, **was)}."
        rows.append((figure.key, figure.value, figure.of, *shares, text))
    types = {**dict.fromkeys(COLUMNS, "Int64"), "key": "str", "text": "str"}
    return pd.DataFrame(rows, columns=COLUMNS).astype(types)


def count(
    risks: pd.DataFrame = NOTHING,
    changes: pd.DataFrame = NOTHING,
    activities: pd.DataFrame = NOTHING,
    promises: pd.DataFrame = NOTHING,
) -> list[Figure]:
    """Return the figures without what they were before; see ``key_figures``."""
    tables = {_risks: risks, _changes: changes, _activities: activities, _promises: promises}
    return [figure for of, table in tables.items() if len(table) for figure in of(table)]


def _risks(risks: pd.DataFrame) -> Iterator[Figure]:
    high, planned = is_high(risks), is_planned(risks.decision)
    limits = vocabulary().limits(risks.board).unique()
    yield Figure("risks", len(risks))
    off = (risks.risk_value != risks.likelihood * risks.consequence).fillna(False).sum()
    if risks.risk_value.notna().any():
        key = "high" if len(limits) == 1 else "high_own"
        yield Figure(key, high.sum(), risks.risk_value.notna().sum(), {"limit": int(limits[0])})
    if off:
        yield Figure("not_product", off)
    if risks.decision.notna().any():
        yield Figure("control_plan", planned.sum(), len(risks))
        if high.any():
            yield Figure("high_outside", (high & ~planned).sum(), high.sum())


def _changes(changes: pd.DataFrame) -> Iterator[Figure]:
    before = {"before": str(changes.period_before.iloc[0])}
    counts = changes.change.astype("str").value_counts()
    for kind in CHANGES:
        n, other = counts.get(kind, 0), counts.get("new" if kind == "gone" else "gone", 0)
        if n or kind != "unknown":
            key = "not_compared" if kind == "unknown" else kind
            yield Figure(key, n, len(changes) - other, before)
    if changes.decision_before.notna().any() and changes.decision_after.notna().any():
        planned = is_planned(changes.decision_before).sum()
        yield Figure("left_plan", left_plan(changes).sum(), planned, before)
    asked = changes.certainty.eq("ask").sum()
    if asked:
        yield Figure("ask", asked, None, before)


def _activities(activities: pd.DataFrame) -> Iterator[Figure]:
    of, verdicts = len(activities), activities.verdict.astype("str").value_counts()
    yield Figure("activities", of)
    if not tells_of_work(activities):
        return
    for verdict in ("finished", "unfinished", "unknown", "cancelled"):
        if verdict in verdicts or verdict != "cancelled":
            yield Figure(verdict, verdicts.get(verdict, 0), of)
    if activities.due_date.notna().any():
        yield Figure("overdue", is_overdue(activities).sum(), of)
    ticked = by_status(activities.status).eq("finished").sum()
    if ticked:
        yield Figure("contradicted", is_doubted(activities).sum(), ticked)


def _promises(promises: pd.DataFrame) -> Iterator[Figure]:
    due = promises.outcome.isin(["kept", "open"]).sum()
    if due:
        yield Figure("not_kept", promises.outcome.eq("open").sum(), due)


def most_unusual(figures: pd.DataFrame, n: int = 5) -> list[str]:
    """Return the sentences of the n figures that a reader should know first, the most unusual first.

    A figure is unusual by how far its share of the whole lies from its share in the period before;
    where there is none, from nought for what should be nought (WANTED_NONE); new, raised and gone
    risks by their share. How many risks reach the limit and how many activities are unfinished is
    told always; a nought that was nought never.
    """
    value, of, old, old_of = (figures[c].astype("Float64") for c in COLUMNS[1:-1])
    share, before = (value / of.mask(of == 0)).fillna(0), old / old_of.mask(old_of == 0)
    wanted, moving = figures.key.isin(WANTED_NONE), figures.key.isin(MOVING)
    always = figures.key.isin(ALWAYS)
    expected = before.mask(moving | (before.isna() & wanted), 0.0)
    judged = moving | wanted | always | figures.key.eq("high_own")
    unusual = (share - expected).abs().where(judged).fillna(0).astype("float")
    ranked = figures.assign(unusual=unusual, always=always)
    ranked = ranked.sort_values(["always", "unusual"], ascending=False, kind="stable")
    told = ranked[ranked.always | ranked.unusual.gt(0)].head(n).sort_index()
    return told.sort_values("unusual", ascending=False, kind="stable").text.tolist()


def print_key_figures(figures: pd.DataFrame, language: str = "sv") -> str:
    """Return key figures as the text of a file: a line each, with nothing of when it was made."""
    heads = {key: word(f"columns.{key}", language).lower() for key in ("key", "value", "text")}
    lines = figures[list(heads)].rename(columns=heads)
    return lines.to_csv(sep="\t", index=False, lineterminator="\n")
