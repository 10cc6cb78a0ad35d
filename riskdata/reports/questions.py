"""What a committee may want to ask, told from its own figures: each question names a risk or activity."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import pandas as pd

from riskdata.reports.key_figures import in_plan, is_doubted, is_high, is_overdue, left_plan
from riskdata.reports.printed import coded_value
from riskdata.words.language import series, word

if TYPE_CHECKING:
    from riskdata.reports.committee import Committee

MOST = 7  # questions: more are not asked at a meeting
NAMED = 3  # risks or activities in one question; the tables have them all


def ask(report: Committee) -> list[str]:
    """Return the questions, those about the largest risks first, then about work not done."""
    return list(islice((*_of_risks(report), *_of_work(report)), MOST))


def _of_risks(report: Committee) -> Iterator[str]:
    risks = report.register
    if risks.empty:
        return
    high, decided = is_high(risks), risks.decision.notna().any()
    outside = _by_value(risks[high & ~in_plan(risks)])
    if decided and len(outside):
        yield _say(report, "outside", outside.event)
    if decided:
        yield from _differently(report)
    yield from _of_changes(report)


def _differently(report: Committee) -> Iterator[str]:
    """Yield the largest value that some risks have in the plan and others not, above the limit."""
    risks = report.register[is_high(report.register)]
    planned = in_plan(risks).groupby(risks.risk_value).agg(["sum", "size"])
    mixed = planned[planned["sum"].between(1, planned["size"] - 1)]
    if len(mixed):
        value, (n, of) = int(mixed.index[-1]), mixed.iloc[-1]
        yield word("questions.differently", report.language, value=value, n=n, of=of)


def _of_changes(report: Committee) -> Iterator[str]:
    changes = report.changes
    if changes.empty:
        return
    left = _by_value(changes[left_plan(changes)], "risk_value_after")
    if len(left):
        yield _say(report, "left_plan", left.event_after)
    raised = changes[changes.change.astype("str").eq("raised")]
    now_high = report.register[is_high(report.register)].risk_id
    raised = _by_value(raised[raised.risk_after.isin(now_high)], "risk_value_after")
    if len(raised):
        yield _say(report, "raised", raised.event_after)
    limit = report.register[is_high(report.register)].risk_value.min()
    gone = changes[changes.change.astype("str").eq("gone") & changes.risk_value_before.ge(limit)]
    if len(gone):
        gone = _by_value(gone, "risk_value_before")
        yield _say(report, "gone", gone.event_before, before=str(changes.period_before.iloc[0]))


def _of_work(report: Committee) -> Iterator[str]:
    work = report.activities
    if work.empty:
        return
    late = work[is_overdue(work)]
    if len(late):
        yield _say(report, "overdue", _by_value(late).activity)
    old = work[work.periods_unfinished.gt(1).fillna(False)]
    if len(old):
        oldest = old[old.periods_unfinished == old.periods_unfinished.max()]
        yield _say(
            report, "oldest", _by_value(oldest).activity, since=str(oldest.unfinished_since.iloc[0])
        )
    doubted = _by_value(work[is_doubted(work)])
    if len(doubted):
        row = doubted.iloc[0]
        status = coded_value("status", row.status, report.language).lower()
        yield word(
            "questions.doubted", report.language, n=len(doubted), activity=_short(row.activity),
            status=status, evidence=row.evidence,
        )  # fmt: skip
    broken = report.promises[report.promises.outcome.astype("str").eq("open")]
    if len(broken):
        row = broken.iloc[0]
        yield word(
            "questions.not_kept", report.language, activity=_short(row.activity),
            period=row.period, promised=row.promised,
        )  # fmt: skip
    lost = work[work.verdict.astype("str").eq("unknown")]
    if len(lost):
        yield _say(report, "unknown", _by_value(lost).activity)


def _by_value(rows: pd.DataFrame, column: str = "risk_value") -> pd.DataFrame:
    return rows.sort_values(column, ascending=False, na_position="last", kind="stable")


def _say(report: Committee, key: str, texts: pd.Series, **values: object) -> str:
    """Return a question about some texts, of which the first few are named."""
    texts = texts.dropna()
    named = [f"”{_short(text)}”" for text in texts.drop_duplicates().head(NAMED)]
    names = series(named, report.language) if len(texts) <= NAMED else ", ".join(named)
    form = "questions" if len(texts) <= NAMED else "questions_many"
    return word(f"{form}.{key}", report.language, n=len(texts), names=names, **values)


def _short(text: str) -> str:
    return text.strip().rstrip(".")
