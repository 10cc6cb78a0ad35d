"""The rows that answer a question, in the order in which a reader wants them."""

import pandas as pd

from riskdata.exports.account import REPAIRS
from riskdata.tables import schema
from riskdata.tables.data import Data
from riskdata.words.periods import period_key
from riskdata.words.vocabulary import vocabulary

# The checks that weigh a comment against its mark.
COMMENT_CHECKS = (
    "contradiction",
    "closed_but_continues",
    "question",
    "twin_marks",
    "no_follow_up",
    "doubtful_comment",
)


def choose_periods(
    data: Data, period: str | None, before: str | None, *, board: str | None = None
) -> tuple[str, str]:
    """Return two periods with registers to compare: the one asked for or the newest, and one before.

    Without ``before``, the nearest earlier register of the same kind of report (VB with VB) is
    taken, else the nearest of any kind. Raises ChoiceError when there is no earlier register.
    """
    period = data.newest(board=board, kind="register", until=period)
    if before:
        return period, data.newest(board=board, kind="register", until=before)
    return period, data.before(period, board=board)


def choose_followed(
    data: Data, period: str | None, *, board: str | None = None
) -> tuple[pd.DataFrame, str]:
    """Return the activities that are followed up to a period, and the newest period among them.

    They are those of the follow-ups; of a board without any, the measures of its registers.
    Raises ChoiceError when there is none as early as that.
    """
    followed = data.followed(period, board=board)
    return followed, max(followed.period, key=period_key)


def highest(risks: pd.DataFrame, *, limit: int | None = None) -> pd.DataFrame:
    """Return the risks at or above the limit (the vocabulary's, if none is given), largest first.

    >>> highest(schema.frame("risks", [{"risk_value": 9}, {"risk_value": 16}])).risk_value.tolist()
    [16]
    """
    high = risks[(risks.risk_value >= (limit or vocabulary().limit)).fillna(False)]
    return high.sort_values("risk_value", ascending=False, kind="stable", ignore_index=True)


def up_to(table: pd.DataFrame, period: str) -> pd.DataFrame:
    """Return the rows of a table whose period is not later than the one given."""
    latest = period_key(period)
    return table[table.period.map(lambda p: period_key(p) <= latest).astype("bool")]


def work_list(activities: pd.DataFrame) -> pd.DataFrame:
    """Return what is unfinished, by the value of its risk and then by how long it has been so.

    activities: what ``unfinished`` returns, with risk_value and periods_unfinished where known.
    """
    left = activities[activities.verdict == "unfinished"]
    by = [c for c in ("risk_value", "periods_unfinished") if c in left]
    return left.sort_values(
        by, ascending=False, na_position="last", kind="stable", ignore_index=True
    )


def about_comments(findings: pd.DataFrame) -> pd.DataFrame:
    """Return the findings in which a comment and its mark disagree or leave a question, gravest first."""
    found = findings[findings.check.isin(COMMENT_CHECKS)]
    order = found.severity.map(schema.SEVERITIES.index)
    return found.iloc[order.argsort(kind="stable")].reset_index(drop=True)


def longest_high(history: pd.DataFrame, period: str) -> pd.DataFrame:
    """Return the risks of a period that have been at or above the limit for more than one register."""
    now = history[(history.period == period) & (history.in_a_row > 1)]
    return now.sort_values(
        ["in_a_row", "risk_value"], ascending=False, kind="stable", ignore_index=True
    )


def unproven(account: pd.DataFrame) -> pd.DataFrame:
    """Return the repairs for which the account has no proof."""
    bare = account.rule.isin(REPAIRS) & (account.proof.fillna("") == "")
    return account[bare].reset_index(drop=True)


def count_repairs(account: pd.DataFrame) -> pd.DataFrame:
    """Return how often each rule mended a printed cell, and how often with a proof.

    account: with the columns rule and proof. Returns the columns rule, repairs, proven; what is only
    kept in the account (headers, unknown columns) is no repair.

    >>> account = pd.DataFrame({"rule": ["value_split", "title"], "proof": ["3×4=12", ""]})
    >>> count_repairs(account).values.tolist()
    [['value_split', 1, 1]]
    """
    repairs = account[account.rule.isin(REPAIRS)]
    proven = (repairs.proof.fillna("") != "").groupby(repairs.rule).sum()
    counts = repairs.rule.value_counts()
    table = pd.DataFrame({"repairs": counts, "proven": proven.reindex(counts.index)})
    return table.rename_axis("rule").reset_index().astype({"proven": "int64"})


def count_findings(findings: pd.DataFrame) -> pd.DataFrame:
    """Return how many findings each check gave: columns severity, check, findings; gravest first."""
    order = pd.Categorical(findings.severity, schema.SEVERITIES, ordered=True)
    counts = findings.assign(severity=order).groupby(["severity", "check"], observed=True).size()
    return counts.rename("findings").reset_index().astype({"severity": "str"})


def count_changes(changes: pd.DataFrame) -> pd.DataFrame:
    """Return how many risks of each board are new, gone, raised, lowered or unchanged.

    changes: what ``compare`` returns. One row per board, with before and after.
    """
    counts = changes.groupby(["board", "change"]).size().unstack(fill_value=0)
    kinds = [k for k in ("new", "gone", "raised", "lowered", "unchanged", "unknown") if k in counts]
    counts = counts[kinds]
    after = counts.drop(columns="gone", errors="ignore").sum(axis="columns")
    before = counts.drop(columns="new", errors="ignore").sum(axis="columns")
    counts.insert(0, "before", before)
    counts["after"] = after
    return counts.rename_axis(columns=None).reset_index()
