"""The charts of activities: how far they have come in each period, and where they are not finished."""

from __future__ import annotations

from typing import Unpack

import pandas as pd

from riskdata.charts.chart import Chart
from riskdata.charts.marks import largest, leader, legend, ranked, stacked_bars
from riskdata.charts.risks import group_names
from riskdata.charts.sheet import How, Sheet, open_sheet, periods_of, require, require_one_period

OUTCOMES = ["finished", "unfinished", "overdue", "cancelled", "unknown"]
WORST_FIRST = ["unfinished", "overdue", "unknown", "finished", "cancelled"]


def plot_tertials(activities: pd.DataFrame, **how: Unpack[How]) -> Chart:
    """Return a bar for each period: how many activities are finished, unfinished, overdue, unknown.

    Parameters
    ----------
    activities : what ``unfinished`` returns (``verdict``, ``board``, ``period``; with
        ``overdue_days``, those past their due date are a piece apart)
    ax, title, note, language : as in :func:`riskdata.plot_risk_matrix`

    >>> from riskdata.tables.schema import frame
    >>> åtgärder = frame("activities", [{"period": "2025-T1"}] * 3)
    >>> plot_tertials(åtgärder.assign(verdict=["unfinished", "finished", "unknown"])).title
    '2025-T1 är 1 av 3 åtgärder avslutad och 1 inte; för 1 går det inte att säga'
    """
    require(activities, "verdict", "board", "period")
    with open_sheet("tertials", activities, **how) as sheet:
        periods = periods_of(activities)
        table = pd.crosstab(activities.period.astype("str"), _outcome(activities))
        table = table.reindex(periods, columns=OUTCOMES, fill_value=0)
        data = table.rename_axis("period").reset_index()
        if table.empty:
            return sheet.empty(data)
        stacked_bars(sheet, table, table.sum(axis="columns"))
        now, everything = table.iloc[-1], sheet.count("activities", table.iloc[-1].sum())
        undone = {"undone": int(now.unfinished + now.overdue), "period": periods[-1]}
        return sheet.chart(
            sheet.word(".title", n=now.finished, all=everything, **undone) + _unknown(sheet, now),
            data,
            sheet.word(".overdue", n=now.overdue) if "overdue_days" in activities else "",
            legend=legend(sheet, table),
            periods=sheet.count("periods", len(periods)),
        )


def plot_unfinished_by_group(
    activities: pd.DataFrame, by: str = "process", **how: Unpack[How]
) -> Chart:
    """Return how many activities of each process or goal are unfinished, unknown and finished.

    The twelve with most unfinished have a row each, the others are one row.

    Parameters
    ----------
    activities : what ``unfinished`` returns, of one period
    by : "process" or "goal"
    ax, title, note, language : as in :func:`riskdata.plot_risk_matrix`

    >>> from riskdata.tables.schema import frame
    >>> åtgärder = frame("activities", [{"process": "Inköp"}] * 3)
    >>> bedömda = åtgärder.assign(verdict=["unfinished", "finished", "unknown"])
    >>> plot_unfinished_by_group(bedömda).title
    '1 av 3 åtgärder är inte avslutad; för 1 går det inte att säga'
    """
    groups = group_names(activities, by)
    require(activities, "verdict", "board", "period", "process", "goal_code")
    require_one_period(activities)
    with open_sheet(f"unfinished_by_{by}", activities, **how) as sheet:
        table = pd.crosstab(groups, _outcome(activities))
        table = table.reindex(columns=WORST_FIRST, fill_value=0)
        table = ranked(table, _undone(table), table.sum(axis="columns"))
        undone, totals = _undone(table), table.sum(axis="columns")
        named, name, most = sum(table.index != ""), leader(undone), undone.max()
        if not named:  # the export prints no such column
            return sheet.empty(table.reset_index())
        shown = largest(sheet, table)
        stacked_bars(sheet, shown, sheet.shares(_undone(shown), shown.sum(axis="columns")))
        everything = sheet.count("activities", totals.sum())
        return sheet.chart(
            sheet.word(".title", n=undone.sum(), all=everything) + _unknown(sheet, table.sum()),
            table.reset_index(),
            sheet.word(".largest", name=name, n=most, of=totals[name]) if name and most else "",
            legend=legend(sheet, table),
            all=everything,
            groups=sheet.count(by, named),
        )


def _outcome(activities: pd.DataFrame) -> pd.Series:
    """Return what has become of each activity: one of OUTCOMES."""
    outcome = activities.verdict.astype("object").fillna("unknown")
    late = activities.get("overdue_days", pd.Series(pd.NA, activities.index)).notna()
    return outcome.mask((outcome == "unfinished") & late, "overdue")


def _undone(table: pd.DataFrame) -> pd.Series:
    return table.unfinished + table.overdue


def _unknown(sheet: Sheet, counts: pd.Series) -> str:
    return sheet.word("say.cannot_tell", n=counts.unknown) if counts.unknown else ""
