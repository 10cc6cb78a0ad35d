"""The charts of all years: how many risks have each value, and the largest risks through the years."""

from __future__ import annotations

from itertools import pairwise
from typing import Unpack

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.patches import Rectangle

from riskdata.charts.bars import PAD, lay_rows, limit_key
from riskdata.charts.chart import Chart
from riskdata.charts.fitting import block_width, text_height, text_width
from riskdata.charts.matrices import band_legend
from riskdata.charts.risks import impossible, with_twins_told_apart
from riskdata.charts.scale import Scale, read_scale
from riskdata.charts.sheet import How, Sheet, open_sheet, periods_of, require
from riskdata.charts.style import DARK, INK, LIGHT, LIMIT_LINE, MEDIUM, PALE, PAPER, TEXT, ink_on
from riskdata.errors import ChoiceError
from riskdata.words.language import heading, series

ROW = 17  # points: height of a row of counts
DARKEST = 8  # risks: where no count is larger, this would be the darkest
COUNT, VALUE = 84, 46  # points: greatest width of a cell with a count, and with a risk's value
NAMES = 0.5  # the share of the width that the names of risks may take
NOTHING = "\N{EN DASH}"  # in the register, without a value
RISK = ["board", "thread_id"]


def plot_values_by_year(
    history: pd.DataFrame, *, limit: int | None = None, ax: Axes | None = None, **how: Unpack[How]
) -> Chart:
    """Return how many risks have each value in each period, and how many reach the limit.

    Under each period stands how many of its risks reach the limit. A line parts two periods that
    were judged on different scales.

    Parameters
    ----------
    history : what ``history`` returns, or the rows of several registers (``board``, ``period``,
        ``risk_value``)
    limit, ax, title, note, language, width : as in :func:`riskdata.plot_risk_matrix`

    Examples
    --------
    >>> år = pd.DataFrame({"board": "Socialnämnden", "period": ["2024-VB", "2025-VB", "2025-VB"],
    ...                    "risk_value": pd.array([9, 12, 16], "Int64")})
    >>> plot_values_by_year(år).title
    'Riskgränsen 12 nås av 0 av 1 risk 2024-VB och 2 av 2 risker 2025-VB'
    """
    require(history, "board", "period", "risk_value")
    scale, periods = read_scale(history, limit), periods_of(history)
    with open_sheet("values_by_year", history, ax, scale, **how) as sheet:
        table = _values_by_period(history, scale, periods)
        if not table.to_numpy().any() or scale.mixed:
            return sheet.empty(table.reset_index(), mixed=scale.mixed)
        high = (
            (history.risk_value >= scale.limit).fillna(False).groupby(history.period.astype("str"))
        )
        reaching = {period: (high.sum()[period], high.size()[period]) for period in periods}
        under = [f"{p}\n{sheet.word('say.of', n=n, of=str(of))}" for p, (n, of) in reaching.items()]
        _draw_counts(sheet, table, under, scale.limit)
        ends = [
            sheet.word(".end", period=period, n=n, all=sheet.count("risks", of))
            for period, (n, of) in reaching.items()
            if period in (periods[0], periods[-1])
        ]
        return sheet.chart(
            sheet.word(".title", limit=scale.limit, ends=series(ends, sheet.language)),
            table.reset_index(),
            legend=[limit_key(sheet, scale.limit)],
            notes=[
                *sheet.note_of("valueless", int(history.risk_value.isna().sum())),
                *impossible(sheet, scale, history.risk_value),
                *_mark_new_scales(sheet, history, scale, periods),
            ],
            periods=sheet.count("periods", len(periods)),
        )


def plot_largest_risks(
    history: pd.DataFrame,
    *,
    period: str | None = None,
    most: int = 15,
    limit: int | None = None,
    ax: Axes | None = None,
    **how: Unpack[How],
) -> Chart:
    """Return the largest risks of a period and what each was valued at before, one row per risk.

    A cell is empty where the risk was not in the register, and has a dash where it had no value.

    Parameters
    ----------
    history : what ``history`` returns (``board``, ``thread_id``, ``period``, ``event``,
        ``process``, ``risk_value``)
    period : whose largest risks; the newest, where not given
    most : how many risks; of equals, those that have been in the register longest come first
    limit, ax, title, note, language, width : as in :func:`riskdata.plot_risk_matrix`

    Raises
    ------
    ChoiceError
        For a period that the history does not have.

    Examples
    --------
    >>> år = pd.DataFrame({
    ...     "board": "Socialnämnden", "thread_id": "a", "period": ["2024-VB", "2025-VB"],
    ...     "event": "Elavbrott", "process": "Drift", "risk_value": pd.array([9, 12], "Int64")})
    >>> plot_largest_risks(år).title
    '1 av 1 risk med högst värde 2025-VB når riskgränsen 12; sedan 2024-VB är 1 höjd, 0 sänkta och 0 nya'
    """
    require(history, *RISK, "period", "event", "process", "risk_value")
    scale, periods = read_scale(history, limit), _until(periods_of(history), period)
    with open_sheet("largest_risks", history, ax, scale, periods=periods, **how) as sheet:
        risks, valued = _largest(history, periods, most)
        values, there = _through_periods(history, risks, periods)
        data = values.assign(risk=risks.name.to_numpy())[["risk", *periods]]
        if risks.empty or scale.mixed:
            return sheet.empty(data, mixed=scale.mixed)
        _draw_risks(sheet, data.risk.tolist(), values, there, scale)
        left_out = {"n": len(risks), "all": sheet.count("risks", valued), "period": periods[-1]}
        return sheet.chart(
            _since(sheet, values, there, scale.limit),
            data,
            legend=band_legend(sheet, scale),
            notes=[
                *([sheet.word(".left_out", **left_out)] if valued > len(risks) else []),
                *_mark_new_scales(sheet, history, scale, periods),
            ],
            all=sheet.count("risks", len(risks)),
            periods=sheet.count("periods", len(periods)),
            period=periods[-1],
        )


def _values_by_period(history: pd.DataFrame, scale: Scale, periods: list[str]) -> pd.DataFrame:
    valued = history.dropna(subset=["risk_value"])
    table = pd.crosstab(valued.risk_value.astype(int), valued.period.astype("str"))
    every = sorted({*scale.values, *table.index}, reverse=True)
    return table.reindex(index=every, columns=periods, fill_value=0).rename_axis("risk_value")


def _draw_counts(sheet: Sheet, table: pd.DataFrame, names: list[str], limit: int) -> None:
    import seaborn as sns  # late: it takes as long to load as all the rest

    most = max(table.to_numpy().max(), DARKEST)
    colours = LinearSegmentedColormap.from_list("house", [PALE, LIGHT, MEDIUM, DARK])
    sns.heatmap(
        table, mask=table == 0, ax=sheet.ax, cmap=colours, vmin=0, vmax=most, cbar=False, annot=True, fmt="d",
        linewidths=1, linecolor=PAPER, annot_kws={"size": TEXT},
    )  # fmt: skip
    rows = list(map(str, table.index))
    for text in sheet.ax.texts:  # seaborn's own choice of black or white has less contrast
        text.set_color(ink_on(to_hex(colours(int(text.get_text()) / most))))
    sheet.ax.set_xticks([n + 0.5 for n in range(len(names))], names, linespacing=1.2)
    sheet.ax.set_yticks([n + 0.5 for n in range(len(rows))], rows, rotation=0)
    sheet.ax.set_xlabel("")
    sheet.ax.set_ylabel(heading("risk_value", sheet.language, sheet.board), size=TEXT)
    sheet.ax.tick_params(length=0)
    sheet.ax.axhline(int((table.index >= limit).sum()), **{**LIMIT_LINE, "zorder": 3})
    sheet.height, sheet.below = ROW * len(rows), max(map(text_height, names)) + 2 * PAD
    sheet.left = max(map(block_width, rows)) + 2 * PAD + 2 * TEXT
    sheet.right = max(sheet.room - COUNT * len(names), 0)


def _mark_new_scales(
    sheet: Sheet, history: pd.DataFrame, scale: Scale, periods: list[str]
) -> list[str]:
    """Draw a line between two periods where a board's scale was changed; return the notes on it."""
    boards, notes = history.board.dropna().unique(), []
    keys = {period: [period, *(f"{board} {period}" for board in boards)] for period in periods}
    scales = {p: [scale.vocab.other_scales.get(key) for key in keys[p]] for p in periods}
    for n, (before, after) in enumerate(pairwise(periods), 1):
        if scales[before] != scales[after]:
            sheet.ax.axvline(n, color=INK, linewidth=2, zorder=4)
            notes.append(sheet.word("say.scale_changed", before=before, after=after))
    return notes


def _until(periods: list[str], period: str | None) -> list[str]:
    """Return the periods up to the one that was asked for."""
    if period is not None and period not in periods:
        raise ChoiceError(f"Perioden ”{period}” finns inte. Välj en av: {', '.join(periods)}.")
    return periods[: periods.index(period) + 1] if period else periods


def _largest(history: pd.DataFrame, periods: list[str], most: int) -> tuple[pd.DataFrame, int]:
    """Return the largest risks of the last period, and how many have a value in it."""
    rows = history[history.period.isin(periods)]
    rows = rows.assign(seen=rows.groupby(RISK).period.transform("size"))
    now = rows[rows.period == periods[-1]] if periods else rows
    now = now.dropna(subset=["risk_value"])
    now = now.sort_values(["risk_value", "seen"], ascending=False, kind="stable").head(most)
    valued = int(history.risk_value[history.period.isin(periods[-1:])].notna().sum())
    return now.assign(name=with_twins_told_apart(now.event, now.process)), valued


def _through_periods(
    history: pd.DataFrame, risks: pd.DataFrame, periods: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return each risk's value in each period, and whether it was there, in the risks' order."""
    rows = history.astype({"period": "str"}).assign(there=True).set_index([*RISK, "period"])
    wanted = {"index": pd.MultiIndex.from_frame(risks[RISK]), "columns": periods}
    values = rows.risk_value.unstack("period").reindex(**wanted)
    return values, rows.there.unstack("period").reindex(**wanted).notna()


def _draw_risks(
    sheet: Sheet, names: list[str], values: pd.DataFrame, there: pd.DataFrame, scale: Scale
) -> None:
    rows = lay_rows(sheet, names, high=ROW, gap=4, share=NAMES)
    for y, tall, row, known in zip(
        rows.middles, rows.heights, values.to_numpy("object"), there.to_numpy(), strict=True
    ):
        for column, value in ((n, value) for n, value in enumerate(row) if known[n]):
            colour = PAPER if pd.isna(value) else scale.colour(int(value))
            box = {"facecolor": colour, "edgecolor": INK, "linewidth": 0.6}
            sheet.ax.add_patch(Rectangle((column + 0.04, y - tall / 2 + 1), 0.92, tall - 2, **box))
            text = NOTHING if pd.isna(value) else str(value)
            ink = {"color": ink_on(colour), "ha": "center", "va": "center_baseline"}
            sheet.ax.text(column + 0.5, y, text, **ink)
    sheet.right = max(sheet.room - VALUE * len(values.columns), 0)
    room = sheet.room / len(values.columns) - PAD
    narrow = any(text_width(period) > room for period in values)
    periods = [period.replace("-", "-\n") if narrow else period for period in values]
    sheet.ax.xaxis.tick_top()
    sheet.ax.set_xlim(0, len(periods))
    sheet.ax.set_xticks([n + 0.5 for n in range(len(periods))], periods)
    sheet.ax.tick_params(length=0)
    sheet.above = max(map(text_height, periods)) + 2 * PAD


def _since(sheet: Sheet, values: pd.DataFrame, there: pd.DataFrame, limit: int) -> str:
    """Say how many of the risks are high, and how many have risen, fallen and come since last."""
    period = values.columns[-1]
    high = int((values[period] >= limit).sum())
    words = {"n": high, "all": sheet.count("risks", len(values)), "period": period, "limit": limit}
    if values.shape[1] < 2:
        return sheet.word(".title_one", **words)
    before = values.columns[-2]
    step = values[period] - values[before]
    moved = {"raised": (step > 0).sum(), "lowered": (step < 0).sum(), "new": (~there[before]).sum()}
    said = {code: sheet.word(f"changed.{code}", n=n) for code, n in moved.items()}
    return sheet.word(".title", before=before, **said, **words)
