"""The questions about activities: what is unfinished or overdue, what was promised, and for how long."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

import pandas as pd

from riskdata.analysis.decisions import with_verdicts
from riskdata.analysis.links import link_steps
from riskdata.comments import read_comments
from riskdata.tables.schema import VERDICTS, ordered
from riskdata.words.periods import due, in_order, period_key, reports_on_work
from riskdata.words.vocabulary import vocabulary

_LINKED = ["activity_id", "followed_in", "activity_later", "certainty"]
PROMISE_COLUMNS = [
    *("activity_id", "board", "period", "activity", "evidence", "promised", *_LINKED[1:], "outcome")
]
ERROR, OVERRULE, FLOOR = 0.95, 0.7, 0.5  # probabilities of what a comment says: see ``unfinished``
# Outcomes of promises, in the order in which they are listed.
OUTCOMES = ("not_found", "open", "cancelled", "unknown", "not_due", "kept")


def unfinished(activities: pd.DataFrame, *, overrule: float = OVERRULE) -> pd.DataFrame:
    """Return the activities with what is finished, what is not, why, and what is overdue.

    The mark and the comment weigh together so; the status as printed is never changed:

    - an open mark (ongoing, not started, delayed): unfinished, whatever the comment says, for it
      tells what is done so far;
    - a cancelled mark: cancelled;
    - a tick (finished, recurring): finished, unless the comment says with a probability of at least
      ``overrule`` that it is not done, goes on or was dropped;
    - a lost mark: what the comment says; unknown where it says nothing, or is read with a
      probability below 0.5;
    - what a person has decided in data/manual/verdicts.csv stands over mark and comment.

    What a comment says of done and not done is defined at ``riskdata.comments.Reading``. In
    a register the description is read in the comment's place, for "goes on next year" alone.

    Parameters
    ----------
    activities : the tidy table.
    overrule : the probability, 0 to 1, from which a comment overrules a tick. At 0.95 an overruled
        tick is also an error in the findings.

    Returns
    -------
    The same rows with ``verdict`` (finished, unfinished, cancelled, unknown; ordered), ``reason``
    (status, person, or what the comment says: ``riskdata.comments.REASONS``), ``evidence``
    (the sentence quoted) and ``probability`` (0 to 1, of the comment's verdict), both missing where
    the status decides, and ``overdue_days`` (days past the printed due date, on the last day of the
    period; missing unless it is unfinished and past).

    Raises
    ------
    ManualError : the comment of a verdict in verdicts.csv is no longer the printed one.

    >>> from riskdata.tables.schema import frame
    >>> activities = frame("activities", [
    ...     {"status": "finished", "period": "2024-VB", "comment": "Rutinen har inte införts."}])
    >>> unfinished(activities)[["status", "verdict", "reason"]].values.tolist()
    [['finished', 'unfinished', 'comment_not_done']]
    """
    read = read_comments(activities)
    judged = with_verdicts(judge(activities, read, overrule))
    judged = judged.assign(verdict=ordered(judged.verdict, VERDICTS))
    return judged.assign(overdue_days=overdue_days(judged))


def overdue_days(judged: pd.DataFrame) -> pd.Series:
    """Return how many days what is unfinished is past its due date, on the last day of its period."""
    days = pd.to_datetime(judged.due_date, format="%Y-%m-%d", errors="coerce")
    late = (last_days(judged.period) - days).dt.days
    return late.where((judged.verdict == "unfinished") & (late > 0)).astype("Int64")


def last_days(periods: pd.Series) -> pd.Series:
    """Return the last day that each period covers; missing for a plan, in which nothing is overdue."""
    last = {
        period: pd.Timestamp(*period_key(period)[:2], 1) + pd.offsets.MonthEnd()
        for period in filter(reports_on_work, periods.dropna().unique())
    }
    return pd.to_datetime(periods.astype("object").map(last))


def judge(activities: pd.DataFrame, read: pd.DataFrame, overrule: float = OVERRULE) -> pd.DataFrame:
    """Return what ``unfinished`` returns, given what ``read_comments`` has read of each activity."""
    by_mark = by_status(activities.status)
    denied = denies(by_mark, read) & (read.probability >= overrule)
    doubtful = by_mark.isna() & (read.probability < FLOOR)
    said = by_mark.isna() | denied | (by_mark == read.verdict)
    verdict = read.verdict.where(said, by_mark).mask(doubtful, "unknown")
    reason = read.reason.where(said, "status").mask(doubtful, "comment_silent")
    return activities.assign(
        verdict=verdict.astype("str"),
        reason=reason.astype("str"),
        evidence=read.evidence.where(said & (verdict != "unknown")).astype("str"),
        probability=read.probability.where(said),
    )


def denies(by_mark: pd.Series, read: pd.DataFrame) -> pd.Series:
    """Return where a tick stands beside a comment which says that it is not done."""
    return (by_mark == "finished") & read.verdict.isin(["unfinished", "cancelled"])


def by_status(status: pd.Series) -> pd.Series:
    """Return what each status alone says: finished, unfinished, cancelled, or missing."""
    counts = vocabulary().counts("statuses").items()
    known = {code: counted for code, counted in counts if counted in VERDICTS[:-1]}
    return status.astype("object").map(known).astype("str")


def promises(activities: pd.DataFrame) -> pd.DataFrame:
    """Return what comments put off to a later period, and what became of it.

    Whether a promise was kept is read in the board's first follow-up at or after the promised
    period; the activity is found there by its text (``link_activities``).

    activities : the tidy table, any number of boards and periods.

    Returns
    -------
    DataFrame with one row per promise: activity_id, board, period, activity, evidence (the
    sentence), promised (as 2025-T1, or 2025 for some time in the year), followed_in (the period
    looked in), activity_later and certainty (its id there, and of the link), outcome: ``kept``,
    ``open``, ``unknown`` (it comes back, but nobody says how it went), ``cancelled``, ``not_found``
    or ``not_due`` (no such follow-up yet). The newest period first, in it what was not kept.

    >>> from riskdata.tables.schema import frame
    >>> activities = frame("activities", [
    ...     {"activity_id": "a", "board": "Socialnämnden", "period": "2024-VB", "status": "unknown",
    ...      "activity": "Rutin för inköp", "comment": "Uppdateras våren 2025."}])
    >>> promises(activities)[["promised", "outcome"]].values.tolist()
    [['2025-T1', 'not_due']]
    """
    read = read_comments(activities)
    made = activities.assign(promised=read.later, evidence=read.promise)[read.later.notna()]
    reported = _reports_by_board(activities)
    rows = zip(made.board, made.promised, made.period, strict=True)
    find = cache(_follow_up)  # most promises of a period are of the same one
    followed = [find(reported.get(board, ()), *told) for board, *told in rows]
    made = made.assign(followed_in=pd.Series(followed, index=made.index, dtype="str"))
    steps = made[["period", "followed_in"]].dropna().drop_duplicates()
    made = made.merge(_links(activities, steps.to_numpy()), how="left", on=_LINKED[:2])
    judged = with_verdicts(judge(activities, read)).set_index("activity_id").verdict
    judged = judged[~judged.index.duplicated(keep="last")]
    outcome = made.activity_later.map(judged).replace({"finished": "kept", "unfinished": "open"})
    outcome = outcome.where(made.activity_later.notna(), "not_found")
    outcome = outcome.where(made.followed_in.notna(), "not_due").astype("str")
    newest = made.period.astype("object").map(in_order(activities.period)[::-1].index)
    made = made.assign(outcome=outcome, newest=newest, kept=outcome.map(OUTCOMES.index))
    return made.sort_values(["newest", "kept"], kind="stable")[PROMISE_COLUMNS]


def persistence(activities: pd.DataFrame) -> pd.DataFrame:
    """Return the activities with how many follow-ups in a row they have been unfinished.

    An activity is followed from each of its board's follow-ups to the next that there is, by its
    text (``link_activities``); plans (VP) are passed over. A finished or unknown verdict ends the
    row.

    activities: the tidy table, any number of boards and periods.

    Returns
    -------
    What ``unfinished`` returns with ``periods_unfinished`` (0 for what is not unfinished, 1 for
    the first time) and ``unfinished_since`` (the first period of the row; missing at 0).

    >>> from riskdata.tables.schema import frame
    >>> activities = frame("activities", [
    ...     {"activity_id": "a", "board": "Socialnämnden", "period": "2024-T1",
    ...      "status": "ongoing"}])
    >>> persistence(activities).periods_unfinished.tolist()
    [1]
    """
    judged = unfinished(activities)
    steps = {step for ps in _reports_by_board(activities).values() for step in pairwise(ps)}
    links = _links(activities, steps)
    earlier = dict(zip(links.activity_later, links.activity_id, strict=True))
    streaks: dict[str, tuple[int, str | None]] = {}
    place = in_order(judged.period).index
    for row in sorted(judged.itertuples(), key=lambda row: place(row.period)):
        before, since = streaks.get(earlier.get(row.activity_id), (0, None))
        still = row.verdict == "unfinished"
        streaks[row.activity_id] = (before + 1, since or row.period) if still else (0, None)
    counted = [streaks[activity] for activity in judged.activity_id]
    return judged.assign(
        periods_unfinished=pd.array([n for n, _ in counted], dtype="Int64"),
        unfinished_since=pd.array([since for _, since in counted], dtype="str"),
    )


def _reports_by_board(activities: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return board → its periods that report on work done, in order."""
    return {
        board: tuple(filter(reports_on_work, in_order(periods.unique())))
        for board, periods in activities.groupby("board").period
    }


def _follow_up(periods: tuple[str, ...], promised: str, made_in: str) -> str | None:
    """Return the first follow-up, after the one with the promise, that tells of the promised period."""
    made, awaited = period_key(made_in), due(promised)
    return next((period for period in periods if made < period_key(period) >= awaited), None)


def _links(activities: pd.DataFrame, steps: Iterable[Sequence[str]]) -> pd.DataFrame:
    """Return activity_id, followed_in, activity_later and certainty for pairs of periods."""
    columns = {"activity_before": "activity_id", "activity_after": "activity_later"}
    steps = sorted(map(tuple, steps))
    both = zip(steps, link_steps(activities, steps), strict=True)
    links = [some.assign(followed_in=after) for (_, after), some in both]
    none = pd.DataFrame(columns=_LINKED, dtype="str")
    return pd.concat([none, *(some.rename(columns=columns)[_LINKED] for some in links)])
