"""The charts of activities: how far they have come in each period, and where they are not finished."""

from __future__ import annotations

from typing import Unpack

import pandas as pd
from matplotlib.axes import Axes

from riskdata.charts.bars import Heading, largest, legend, stacked_bars
from riskdata.charts.chart import Chart
from riskdata.charts.risks import MOST, group_labels, group_names, require_group
from riskdata.charts.sheet import How, Sheet, open_sheet, periods_of, require, require_one_period
from riskdata.errors import ChoiceError
from riskdata.words.vocabulary import vocabulary

OUTCOMES = ["finished", "unfinished", "overdue", "cancelled", "unknown"]
BY = {"mark": ["mark"], "verdict": ["verdict"], "both": ["mark", "verdict"]}


def plot_tertials(
    activities: pd.DataFrame, by: str = "verdict", *, ax: Axes | None = None, **how: Unpack[How]
) -> Chart:
    """Return a bar for each period: how many activities are finished, unfinished, overdue, unknown.

    Parameters
    ----------
    activities : what ``unfinished`` returns, of one period or several (``status``, ``verdict``,
        ``board``, ``period``; with ``overdue_days``, those past their due date are a piece apart)
    by : "verdict" counts mark and comment together, "mark" the marks alone, "both" has a bar each
    ax, title, note, language, width : as in :func:`riskdata.plot_risk_matrix`

    Raises
    ------
    ChoiceError
        For another ``by``, or a table of another kind.

    Examples
    --------
    >>> from riskdata.tables.schema import frame
    >>> åtgärder = frame("activities", [{"period": "2025-T1", "status": "finished"}] * 3)
    >>> plot_tertials(åtgärder.assign(verdict=["unfinished", "finished", "unknown"])).title
    '2025-T1 är 1 av 3 åtgärder avslutad och 1 inte; för 1 går det inte att säga'
    """
    require(activities, "status", "verdict", "board", "period")
    if by not in BY:
        raise ChoiceError(f"by=”{by}” finns inte. Välj en av: {', '.join(BY)}.")
    with open_sheet("tertials", activities, ax, **how) as sheet:
        counts = {way: _by_period(activities, way) for way in BY[by]}
        periods = periods_of(activities)
        rows = [(period, way) for period in periods for way in BY[by]]
        table = pd.DataFrame([counts[way].loc[period] for period, way in rows], columns=OUTCOMES)
        data = table.assign(
            period=[p for p, _ in rows], by=[sheet.word(f".by_{w}") for _, w in rows]
        )
        data = data[["period", "by", *OUTCOMES]]
        if table.empty:
            return sheet.empty(data)
        labels = [
            label
            for period in periods
            for label in ([period] if by != "both" else
                          [Heading(period), *(sheet.word(f".row_{way}") for way in BY[by])])
        ]  # fmt: skip
        stacked_bars(sheet, labels, table, list(map(str, table.sum(axis="columns"))))
        now = table.iloc[-1]
        overdue = sheet.word(".overdue", n=now.overdue) if "overdue_days" in activities else ""
        undone = {"undone": int(now.unfinished + now.overdue), "period": periods[-1]}
        everything = sheet.count("activities", now.sum())
        return sheet.chart(
            sheet.word(".title", n=now.finished, all=everything, **undone) + _unknown(sheet, now),
            data,
            overdue,
            legend=legend(sheet, table),
            periods=sheet.count("periods", len(periods)),
            way=sheet.word(f".by_{by}"),
        )


def plot_unfinished_by_group(
    activities: pd.DataFrame,
    by: str = "process",
    *,
    most: int = MOST,
    ax: Axes | None = None,
    **how: Unpack[How],
) -> Chart:
    """Return how many activities of each process or goal are unfinished, unknown and finished.

    Parameters
    ----------
    activities : what ``unfinished`` returns, of one period (``verdict``, ``board``, ``period``,
        and ``process`` or ``goal_code``)
    by : "process" or "goal"
    most : so many of those with most unfinished have a row each; the others are one row
    ax, title, note, language, width : as in :func:`riskdata.plot_risk_matrix`

    Examples
    --------
    >>> from riskdata.tables.schema import frame
    >>> åtgärder = frame("activities", [{"process": "Inköp"}] * 3)
    >>> bedömda = åtgärder.assign(verdict=["unfinished", "finished", "unknown"])
    >>> plot_unfinished_by_group(bedömda).title
    '1 av 3 åtgärder är inte avslutad; för 1 går det inte att säga'
    """
    require_group(by)
    require(activities, "verdict", "board", "period", "process", "goal_code")
    require_one_period(activities)
    with open_sheet(f"unfinished_by_{by}", activities, ax, **how) as sheet:
        table = _by_group(activities, by)
        if not any(table.index):  # the export prints no such column
            return sheet.empty(table.reset_index())
        shown, others = largest(table, most)
        undone, totals = _undone(shown), shown.sum(axis="columns")
        both = zip(undone, totals, strict=True)
        beside = [sheet.word("say.of", n=n, of=str(of)) for n, of in both]
        stacked_bars(sheet, group_labels(sheet, shown.index, others), shown, beside)
        everything = sheet.count("activities", totals.sum())
        title = sheet.word(".title", n=undone.sum(), all=everything)
        return sheet.chart(
            title + _unknown(sheet, table.sum()),
            table.reset_index(),
            _most_unfinished(sheet, table),
            legend=legend(sheet, table),
            all=everything,
            groups=sheet.count(by, int((table.index != "").sum())),
        )


def _by_period(activities: pd.DataFrame, way: str) -> pd.DataFrame:
    """Count the outcomes of each period, by the marks or by the verdicts."""
    table = pd.crosstab(activities.period.astype("str"), _outcome(activities, way))
    return table.reindex(columns=OUTCOMES, fill_value=0)


def _by_group(activities: pd.DataFrame, by: str) -> pd.DataFrame:
    """Count the outcomes of each group; most unfinished first, unnamed last."""
    named = activities if "goal" in activities else activities.assign(goal="")
    table = pd.crosstab(group_names(named, by), _outcome(activities, "verdict"))
    table = table.reindex(columns=["unfinished", "overdue", "unknown", "finished", "cancelled"],
                          fill_value=0)  # fmt: skip
    undone = _undone(table)
    order = sorted(table.index, key=lambda g: (g == "", -undone[g], -table.loc[g].sum(), g))
    return table.loc[order]


def _outcome(activities: pd.DataFrame, way: str) -> pd.Series:
    """Return what has become of each activity: one of OUTCOMES."""
    outcome = activities["status" if way == "mark" else way].astype("object")
    if way == "mark":
        outcome = outcome.map(lambda code: vocabulary().counts_as("statuses", code), "ignore")
    outcome = outcome.where(outcome.isin(OUTCOMES), "unknown")
    if "overdue_days" not in activities:
        return outcome
    late = activities.overdue_days.gt(0).fillna(False).astype("bool")
    return outcome.mask(late & (outcome == "unfinished"), "overdue")


def _undone(table: pd.DataFrame) -> pd.Series:
    return table.unfinished + table.overdue


def _unknown(sheet: Sheet, counts: pd.Series) -> str:
    """Say for how many nobody can tell; nothing where there are none."""
    return sheet.word("say.cannot_tell", n=counts.unknown) if counts.unknown else ""


def _most_unfinished(sheet: Sheet, table: pd.DataFrame) -> str:
    """Say which group has most unfinished; nothing where several have, or one without a name."""
    undone = _undone(table)
    most = table[undone == undone.max()]
    if len(most) > 1 or not undone.max() or not most.index[0]:
        return ""
    return sheet.word(".largest", name=most.index[0], n=undone.max(), of=most.iloc[0].sum())
