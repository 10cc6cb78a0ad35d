"""The charts of activities: their status in each period, what is not finished, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from riskdata.charts.bars import Heading, lay_rows, legend, stacked_bars
from riskdata.charts.chart import Chart
from riskdata.charts.risks import group_names, require_group
from riskdata.charts.sheet import Sheet, open_sheet
from riskdata.charts.subject import require, require_one_period, source_line
from riskdata.tables.schema import STATUSES
from riskdata.words.language import label, sentence
from riskdata.words.periods import period_key

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VERDICTS = ("unfinished", "unknown", "finished")
STREAK = "periods_unfinished"


def plot_status_by_period(
    activities: pd.DataFrame, *, ax: Axes | None = None, language: str = "sv", width: str = "full"
) -> Chart:
    """Return the number of activities of each status in each period, the unknown ones apart.

    Every period says its total, and how many have a known and how many an unknown status. The
    statuses are those that the marks say; no comment is read.

    Parameters
    ----------
    activities : rows of the table ``activities`` (``status``, ``board``, ``period``)
    ax, language, width : as in :func:`riskdata.plot_risk_matrix`

    Examples
    --------
    >>> from riskdata.tables.schema import frame
    >>> status = ["finished", "ongoing", "unknown"]
    >>> aktiviteter = frame("activities", [{"period": "2025-T1", "status": s} for s in status])
    >>> plot_status_by_period(aktiviteter).title
    '2 av 3 aktiviteter har känd status 2025-T1 och 1 okänd'
    """
    require(activities, ["status", "board", "period"])
    with open_sheet(ax, width=width, language=language) as sheet:
        counts = _statuses_by_period(sheet, activities)
        data = counts.rename_axis("period").reset_index()
        source = source_line(activities, language)
        if activities.empty:
            return sheet.empty("status_by_period", data, source)
        said = [_said_of_period(sheet, *row) for row in counts.iterrows()]
        _draw_periods(sheet, counts, said)
        title = sheet.word("status_by_period.title", n=counts.known.iloc[-1], **said[-1])
        finished = counts.finished.iloc[-1] if "finished" in counts else 0
        periods = sheet.word("count.periods", n=len(counts))
        return sheet.chart(
            title=title,
            subtitle=sheet.word("status_by_period.subtitle"),
            alt=[
                sheet.word("status_by_period.alt", periods=periods),
                sentence(title),
                sheet.word("status_by_period.detail", n=finished, **said[-1]),
                source,
            ],
            data=data,
            source=source,
        )


def plot_unfinished_by_group(
    activities: pd.DataFrame,
    by: str = "process",
    *,
    ax: Axes | None = None,
    language: str = "sv",
    width: str = "full",
) -> Chart:
    """Return how many activities of each process or goal are unfinished, unknown and finished.

    Parameters
    ----------
    activities : what ``unfinished`` returns, of one period (``verdict``, ``board``, ``period``,
        and ``process`` or ``goal_code``)
    by : "process" or "goal"
    ax, language, width : as in :func:`riskdata.plot_risk_matrix`

    Examples
    --------
    >>> from riskdata.tables.schema import frame
    >>> aktiviteter = frame("activities", [{"process": "Inköp"}] * 3)
    >>> bedömda = aktiviteter.assign(verdict=["unfinished", "finished", "unknown"])
    >>> plot_unfinished_by_group(bedömda).title
    '1 av 3 aktiviteter är inte avslutad; för 1 är det okänt'
    """
    require_group(by)
    require(activities, ["verdict", "board", "period", "process", "goal_code"])
    require_one_period(activities)
    chart = f"unfinished_by_{by}"
    with open_sheet(ax, width=width, language=language) as sheet:
        table = _verdicts_by_group(activities, by)
        data = table.rename_axis(columns=None).reset_index()
        source = source_line(activities, language)
        if table.empty:
            return sheet.empty(chart, data, source)
        names = [name or sheet.word(f"{chart}.no_group") for name in table.index]
        totals = table.sum(axis="columns")
        beside = [
            sheet.word(f"{chart}.beside", n=n, of=of)
            for n, of in zip(table.unfinished, totals, strict=True)
        ]
        rows = lay_rows(sheet, names, beside=beside)
        stacked_bars(sheet, rows, table, beside=beside, longest=totals.max())
        everything = sheet.word("count.activities", n=totals.sum())
        n, unknown = table.unfinished.sum(), table.unknown.sum()
        title = sheet.word(f"{chart}.title", n=n, all=everything, unknown=unknown)
        groups = sheet.word(f"count.{by}", n=sum(name != "" for name in table.index))
        return sheet.chart(
            title=title,
            subtitle=sheet.word(f"{chart}.subtitle"),
            alt=[
                sheet.word(f"{chart}.alt", all=everything, groups=groups),
                sentence(title),
                _largest(sheet, chart, table),
                source,
            ],
            data=data,
            source=source,
            legend=legend({c: label(c, language) for c in VERDICTS if table[c].any()}, sheet.width),
        )


def plot_persistence(
    activities: pd.DataFrame, *, ax: Axes | None = None, language: str = "sv", width: str = "full"
) -> Chart:
    """Return how many activities have been unfinished for one, two, three … periods in a row.

    Parameters
    ----------
    activities : one row per activity with ``periods_unfinished``, the number of periods in a row,
        up to and with its own, in which it has been unfinished (``board``, ``period``); those that
        have 0 or none are left out
    ax, language, width : as in :func:`riskdata.plot_risk_matrix`

    Examples
    --------
    >>> from riskdata.tables.schema import frame
    >>> aktiviteter = frame("activities", [{"period": "2025-VB"}] * 3)
    >>> plot_persistence(aktiviteter.assign(periods_unfinished=[1, 3, 3])).title
    '2 av 3 aktiviteter har varit oavslutade i minst två perioder i rad'
    """
    require(activities, [STREAK, "board", "period"])
    require_one_period(activities)
    with open_sheet(ax, width=width, language=language) as sheet:
        streaks = activities[STREAK].dropna().astype(int)
        counts = streaks[streaks > 0].value_counts().sort_index(ascending=False)
        table = pd.DataFrame({"count": counts})
        data = table.rename_axis("periods").reset_index()
        source = source_line(activities, language)
        if table.empty:
            return sheet.empty("persistence", data, source)
        names = [sheet.word("persistence.row", n=n) for n in counts.index]
        numbers = [str(n) for n in counts]
        rows = lay_rows(sheet, names, beside=numbers)
        stacked_bars(sheet, rows, table, beside=numbers, longest=counts.max(), inside=False)
        everything = sheet.word("count.activities", n=counts.sum())
        n = int(counts[counts.index > 1].sum())
        title = sheet.word("persistence.title", n=n, all=everything)
        return sheet.chart(
            title=title,
            subtitle=sheet.word("persistence.subtitle"),
            alt=[
                sheet.word("persistence.alt", all=everything),
                sentence(title),
                sheet.word("persistence.longest", n=counts.iloc[0], longest=names[0]),
                source,
            ],
            data=data,
            source=source,
        )


def _statuses_by_period(sheet: Sheet, activities: pd.DataFrame) -> pd.DataFrame:
    """Count the statuses that occur, the unknown, the known and all, for each period in order."""
    period = activities.period.astype("object").fillna(sheet.word("say.missing"))
    counts = pd.crosstab(period, activities.status.astype("object").fillna("unknown"))
    counts = counts.loc[sorted(counts.index, key=_order)]
    known = [code for code in STATUSES if code in counts and code != "unknown"]
    unknown = counts.get("unknown", pd.Series(0, counts.index))
    sums = {"known": counts[known].sum(axis=1), "total": counts.sum(axis=1)}
    return counts[known].assign(unknown=unknown, **sums)


def _order(period: str) -> tuple:
    return period_key(period) if "-" in period else (0, 0)


def _said_of_period(sheet: Sheet, period: str, counts: pd.Series) -> dict[str, str]:
    return {
        "period": period,
        "all": sheet.word("count.activities", n=counts.total),
        "known": str(counts.known),
        "unknown": str(counts.unknown),
    }


def _draw_periods(sheet: Sheet, counts: pd.DataFrame, said: list[dict[str, str]]) -> None:
    """Draw a block for each period: its totals in words, then a bar for each status."""
    codes = [code for code in counts.columns if code not in ("known", "total")]
    names = [label(code, sheet.language) for code in codes]
    heads = [Heading(sheet.word("status_by_period.heading", **words)) for words in said]
    labels = [row for head in heads for row in (head, *names)]
    long = counts[codes].reset_index(drop=True).stack().reset_index(drop=True)
    unknown = pd.Series([code == "unknown" for code in codes] * len(counts))
    table = pd.DataFrame({"count": long.where(~unknown, 0), "unknown": long.where(unknown, 0)})
    numbers = [str(n) for n in long]
    rows = lay_rows(sheet, labels, beside=numbers)
    stacked_bars(sheet, rows, table, beside=numbers, longest=long.max(), inside=False)


def _largest(sheet: Sheet, chart: str, table: pd.DataFrame) -> str:
    """Say which group has most unfinished; nothing where several have, or one without a name."""
    most = table[table.unfinished == table.unfinished.max()]
    if len(most) > 1 or not most.unfinished.iloc[0] or not most.index[0]:
        return ""
    of = most.iloc[0].sum()
    return sheet.word(f"{chart}.largest", name=most.index[0], n=most.unfinished.iloc[0], of=of)


def _verdicts_by_group(activities: pd.DataFrame, by: str) -> pd.DataFrame:
    """Count the verdicts of each group; most unfinished first, unnamed last."""
    named = activities if "goal" in activities else activities.assign(goal="")
    table = pd.crosstab(group_names(named, by).rename("group"), activities.verdict)
    table = table.reindex(columns=list(VERDICTS), fill_value=0)
    order = sorted(
        table.index, key=lambda g: (g == "", -table.unfinished[g], -table.loc[g].sum(), g)
    )
    return table.loc[order]
