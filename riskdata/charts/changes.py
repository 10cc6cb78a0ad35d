"""The charts of several periods: two compared risk by risk, and all years."""

from __future__ import annotations

from itertools import pairwise
from typing import Unpack

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.lines import Line2D

from riskdata.charts.chart import Chart
from riskdata.charts.marks import (
    PAD,
    band_legend,
    draw_cells,
    lay_rows,
    legend,
    limit_key,
    stacked_bars,
    value_notes,
    write_beside,
)
from riskdata.charts.sheet import GAP, How, Sheet, open_sheet, periods_of, read_scale, require
from riskdata.charts.style import (
    DARK,
    INK,
    LIMIT_LINE,
    PAPER,
    RULE,
    TEXT,
    text_height,
    text_width,
)
from riskdata.errors import ChoiceError
from riskdata.words.language import series, word
from riskdata.words.vocabulary import COLOURS

CHANGES = ("raised", "new", "lowered", "gone", "unchanged", "unknown")
KEPT = ["raised", "lowered", "unchanged", "unknown"]
ENDS = ("before", "after")
VALUES, PERIODS = ([f"{column}_{end}" for end in ENDS] for column in ("risk_value", "period"))
TEXTS = [f"{column}_{end}" for column in ("event", "process") for end in ENDS]
_DOT = {"marker": "o", "markersize": 6, "color": INK, "markeredgecolor": INK, "linestyle": "none"}
DOTS = {"before": {**_DOT, "markerfacecolor": PAPER}, "after": {**_DOT, "markerfacecolor": DARK}}
RISK = ["board", "thread_id"]
TICKS = 18  # points: least distance between numbers on the axis
ROW = 17  # points: height of a row of counts
DARKEST = 8  # risks: where no count is larger, this would be the darkest
COUNT, VALUE = 84, 46  # points: greatest width of a cell with a count, and with a risk's value
NAMES = 0.5  # the share of the width that the names of risks may take
ARROW, MINUS = "\N{RIGHTWARDS ARROW}", "\N{MINUS SIGN}"
NOTHING = "\N{EN DASH}"  # in the register, without a value


def plot_changes(changes: pd.DataFrame, *, limit: int | None = None, **how: Unpack[How]) -> Chart:
    """Return the risk value of each risk before and after, one row per risk, grouped by change.

    For fewer rows, hand it some: ``changes[changes.change != "unchanged"]``. A value that the
    scale does not have is written at the end of its row and noted.

    Parameters
    ----------
    changes : what ``compare`` returns (``board``, ``change``, ``event_before``, ``event_after``,
        ``process_before``, ``process_after``, ``risk_value_before``, ``risk_value_after``,
        ``period_before``, ``period_after``)
    limit, ax, title, note, language : as in :func:`riskdata.plot_risk_matrix`

    >>> from riskdata.analysis.changes import compare
    >>> from riskdata.tables.schema import frame
    >>> två = [{"risk_id": "a", "period": "2024-VB"}, {"risk_id": "b", "period": "2025-VB"}]
    >>> risker = frame("risks", två).assign(board="Socialnämnden", event="Elavbrott")
    >>> risker["risk_value"] = [9, 12]
    >>> plot_changes(compare(risker, "2024-VB", "2025-VB")).title
    '1 risk: 1 höjd'
    """
    require(changes, "board", "change", *PERIODS, *TEXTS, *VALUES)
    scale, named = read_scale(changes, limit), _named(changes)
    with open_sheet("changes", changes, scale, periods=[*named.values()], **how) as sheet:
        data = _ordered(changes)[["risk", "change", *VALUES]]
        if data.empty or scale.mixed:
            return sheet.empty(data)
        _draw_changes(sheet, data)
        dots = [Line2D([], [], label=named[end], **dot) for end, dot in DOTS.items()]
        phrases = _phrases(sheet, data.change)
        counts = series([phrases[kind] for kind in data.change.unique()], sheet.language)
        converted = int(changes.converted.sum()) if "converted" in changes else 0
        printed = pd.concat([data[side] for side in VALUES]).dropna()
        everything = sheet.count("risks", len(data))
        return sheet.chart(
            sheet.word(".title", all=everything, counts=counts),
            data,
            legend=[*dots, limit_key(sheet)],
            notes=[*sheet.note_of("converted", converted), *value_notes(sheet, printed)],
            all=everything,
            **named,
        )


def plot_change_bridge(changes: pd.DataFrame, **how: Unpack[How]) -> Chart:
    """Return how the risks before became those after: less what is gone, with what is new.

    The last bar is divided into the new risks and those that are raised, lowered and unchanged.

    Parameters
    ----------
    changes : what ``compare`` returns (``board``, ``change``, ``period_before``, ``period_after``)
    ax, title, note, language : as in :func:`riskdata.plot_risk_matrix`

    >>> perioder = {"period_before": "2024-VB", "period_after": "2025-VB"}
    >>> ändringar = pd.DataFrame({"change": ["raised", "new", "gone"]}).assign(**perioder)
    >>> plot_change_bridge(ändringar.assign(board="Socialnämnden")).title
    'Från 2 risker till 2: 1 borta, 1 ny, 1 höjd och 0 sänkta'
    """
    require(changes, "board", "change", *PERIODS)
    named = _named(changes)
    with open_sheet("change_bridge", changes, periods=[*named.values()], **how) as sheet:
        n = changes.change.value_counts().reindex(list(CHANGES), fill_value=0)
        n = pd.Series({"before": len(changes) - n.new, **n, "after": len(changes) - n.gone})
        data = n.rename_axis("change").reset_index(name="count")
        if changes.empty:
            return sheet.empty(data)
        _draw_bridge(sheet, n, named)
        everything = sheet.count("risks", n.before)
        return sheet.chart(
            sheet.word(".title", all=everything, after=n.after, **_phrases(sheet, changes.change)),
            data,
            sheet.word(".detail", n=n.unchanged),
            legend=legend(sheet, n[[*KEPT, "new", "gone"]].to_frame().T),
            notes=sheet.note_of("not_compared", n.unknown),
            **named,
        )


def plot_values_by_year(
    history: pd.DataFrame, *, limit: int | None = None, **how: Unpack[How]
) -> Chart:
    """Return how many risks have each value in each period, and how many reach the limit.

    Under each period stands how many of its risks reach the limit. A line parts two periods that
    were judged on different scales.

    Parameters
    ----------
    history : what ``history`` returns, or the rows of several registers (``board``, ``period``,
        ``risk_value``)
    limit, ax, title, note, language : as in :func:`riskdata.plot_risk_matrix`

    >>> år = pd.DataFrame({"board": "Socialnämnden", "period": ["2024-VB", "2025-VB", "2025-VB"],
    ...                    "risk_value": pd.array([9, 12, 16], "Int64")})
    >>> plot_values_by_year(år).title
    'Riskgränsen 12 nås av 0 av 1 risk 2024-VB och 2 av 2 risker 2025-VB'
    """
    require(history, "board", "period", "risk_value")
    scale, periods = read_scale(history, limit), periods_of(history)
    with open_sheet("values_by_year", history, scale, **how) as sheet:
        valued = history.dropna(subset=["risk_value"])
        table = pd.crosstab(valued.risk_value.astype(int), valued.period.astype("str"))
        every = sorted({*scale.values, *table.index}, reverse=True)
        table = table.reindex(index=every, columns=periods, fill_value=0).rename_axis("risk_value")
        if valued.empty or scale.mixed:
            return sheet.empty(table.reset_index())
        high = table[table.index >= scale.limit].sum()
        totals = history.period.astype("str").value_counts()[periods]
        under = zip(periods, sheet.shares(high, totals), strict=True)
        _draw_counts(sheet, table, list(map("\n".join, under)))
        ends = [
            sheet.word(".end", period=p, n=high[p], all=sheet.count("risks", totals[p]))
            for p in dict.fromkeys([periods[0], periods[-1]])
        ]
        return sheet.chart(
            sheet.word(".title", limit=scale.limit, ends=series(ends, sheet.language)),
            table.reset_index(),
            legend=[limit_key(sheet)],
            notes=[
                *value_notes(sheet, history.risk_value),
                *_mark_new_scales(sheet, history, periods),
            ],
            periods=sheet.count("periods", len(periods)),
        )


def plot_largest_risks(
    history: pd.DataFrame,
    *,
    period: str | None = None,
    most: int = 15,
    limit: int | None = None,
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
    limit, ax, title, note, language : as in :func:`riskdata.plot_risk_matrix`

    Raises
    ------
    ChoiceError : for a period that the history does not have.

    >>> år = pd.DataFrame({
    ...     "board": "Socialnämnden", "thread_id": "a", "period": ["2024-VB", "2025-VB"],
    ...     "event": "Elavbrott", "process": "Drift", "risk_value": pd.array([9, 12], "Int64")})
    >>> plot_largest_risks(år).title
    '1 av 1 risk med högst värde 2025-VB når riskgränsen 12; sedan 2024-VB är 1 höjd, 0 sänkta och 0 nya'
    """
    require(history, *RISK, "period", "event", "process", "risk_value")
    scale, periods = read_scale(history, limit), periods_of(history)
    if period and period not in periods:
        raise ChoiceError(word("errors.no_period", period=period, known=", ".join(periods)))
    periods = periods[: periods.index(period) + 1] if period else periods
    with open_sheet("largest_risks", history, scale, periods=periods, **how) as sheet:
        values, there, valued = _largest(history, periods, most)
        data = values.reset_index()
        if values.empty or scale.mixed:
            return sheet.empty(data)
        _draw_risks(sheet, values, there)
        some = {"n": len(values), "all": sheet.count("risks", valued), "period": periods[-1]}
        left_out = [sheet.word(".left_out", **some)] if valued > len(values) else []
        return sheet.chart(
            _since(sheet, values, there),
            data,
            legend=band_legend(sheet),
            notes=[*left_out, *_mark_new_scales(sheet, history, periods)],
            all=sheet.count("risks", len(values)),
            periods=sheet.count("periods", len(periods)),
            period=periods[-1],
        )


def _named(changes: pd.DataFrame) -> dict[str, str]:
    return {end: name for end in ENDS for name in changes[f"period_{end}"].dropna().unique()[:1]}


def _phrases(sheet: Sheet, change: pd.Series) -> dict[str, str]:
    """Return the number of each kind of change in words: "1 ny", "3 sänkta"."""
    counts = change.value_counts()
    return {code: sheet.word(f"changed.{code}", n=counts.get(code, 0)) for code in CHANGES}


def _ordered(changes: pd.DataFrame) -> pd.DataFrame:
    """Sort by kind of change, then by the value that counts, highest first."""
    event, process = (
        changes[f"{text}_after"].fillna(changes[f"{text}_before"]) for text in ("event", "process")
    )
    before, after = (changes[side] for side in VALUES)
    order = {
        "kind": changes.change.astype("object").map(CHANGES.index),
        "size": -after.fillna(before).fillna(0),
        "start": before.fillna(0),
        "risk": with_twins_told_apart(event, process).fillna(""),
    }
    return changes.astype({"change": "object"}).assign(**order).sort_values([*order])


def with_twins_told_apart(event: pd.Series, process: pd.Series) -> pd.Series:
    """Return each risk's event; with its process where several risks have the same event."""
    twin = event.duplicated(keep=False) & process.notna()
    return event.mask(twin, event + " (" + process + ")")


def _draw_changes(sheet: Sheet, data: pd.DataFrame) -> None:
    """Draw each risk's value before and after as dots on a line, under headings of the changes."""
    kinds, ax, top = data.change.reset_index(drop=True), sheet.ax, sheet.scale.values[-1]
    counts = kinds.value_counts()
    first = kinds[~kinds.duplicated()]
    headings = {n: f"{sheet.word(f'headings.{kind}')}: {counts[kind]}" for n, kind in first.items()}
    beside = [_step_text(sheet, row) for row in data.itertuples()]
    middles, _ = lay_rows(sheet, data.risk, beside, high=10, gap=4, share=NAMES, headings=headings)
    ax.set_xlim(0, top + 1)
    ends = data[VALUES].astype("float").where(data[VALUES] <= top).assign(y=middles)
    both = ends.dropna()
    ax.hlines(both.y, *(both[side] for side in VALUES), color=INK, linewidth=1.2, zorder=2)
    for end, dot in DOTS.items():
        ax.plot(ends[f"risk_value_{end}"], ends.y, zorder=3, **dot)
    write_beside(sheet, beside, [top + 1] * len(beside), middles)
    apart = next((n for n in (2, 4, 5, 10) if n * sheet.room / (top + 1) > TICKS), top)
    ax.xaxis.tick_top()
    ax.set_xticks(range(apart, top + 1, apart))
    ax.grid(axis="x", color=RULE, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.axvline(sheet.scale.limit, **LIMIT_LINE)
    sheet.above = TEXT + GAP


def _step_text(sheet: Sheet, row: tuple) -> str:
    both = (row.risk_value_before, row.risk_value_after)
    ends = [sheet.word("say.none") if pd.isna(value) else str(value) for value in both]
    return {"new": ends[1], "gone": ends[0]}.get(row.change, f" {ARROW} ".join(ends))


def _draw_bridge(sheet: Sheet, n: pd.Series, periods: dict[str, str]) -> None:
    """Draw the steps of a bridge, each from where it starts, in its pieces."""
    kept = n.before - n.gone
    steps = {
        periods["before"]: n[["before"]],
        sheet.word("headings.gone"): n[["gone"]],
        sheet.word("headings.new"): n[["new"]],
        periods["after"]: n[[*KEPT, "new"]],
    }
    table = pd.DataFrame(steps).T[["before", "gone", *KEPT, "new"]].fillna(0)
    gone, new = f"{MINUS}{n.gone}" if n.gone else 0, f"+{n.new}" if n.new else 0
    stacked_bars(sheet, table, [n.before, gone, new, n.after], start=[0, kept, kept, 0])
    sheet.ax.axvline(kept, color=INK, linewidth=0.8, linestyle=(0, (2, 2)), zorder=0)


def _draw_counts(sheet: Sheet, table: pd.DataFrame, names: list[str]) -> None:
    """Draw how many risks have each value in each period, the more the darker."""
    counts, rows = table.to_numpy(), list(map(str, table.index))
    shades = LinearSegmentedColormap.from_list("house", COLOURS, N=101)
    cells = np.where(counts, np.ceil(100 * counts / max(counts.max(), DARKEST)), np.nan)
    colours = [to_hex(shades(percent)) for percent in range(101)]
    draw_cells(sheet, cells, counts.astype("str"), colours, names, rows, outline=PAPER)
    sheet.ax.set_ylabel(sheet.heading("risk_value"), size=TEXT)
    sheet.ax.axhline((table.index >= sheet.scale.limit).sum(), **{**LIMIT_LINE, "zorder": 3})
    sheet.height, sheet.below = ROW * len(rows), max(map(text_height, names)) + 2 * PAD
    sheet.left = max(map(text_width, rows)) + 2 * PAD + 2 * TEXT
    sheet.right = max(sheet.room - COUNT * len(names), 0)


def _mark_new_scales(sheet: Sheet, history: pd.DataFrame, periods: list[str]) -> list[str]:
    """Draw a line between two periods where a board's scale was changed; return the notes on it."""
    boards, others, notes = history.board.dropna().unique(), sheet.scale.vocab.other_scales, []
    scales = [[others.get(k) for k in (p, *(f"{b} {p}" for b in boards))] for p in periods]
    for n, (before, after) in enumerate(pairwise(periods), 1):
        if scales[n - 1] != scales[n]:
            sheet.ax.axvline(n, color=INK, linewidth=2, zorder=4)
            notes.append(sheet.word("say.scale_changed", before=before, after=after))
    return notes


def _largest(
    history: pd.DataFrame, periods: list[str], most: int
) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Return the largest risks' values in each period, whether they were there, and of how many."""
    rows = history[history.period.isin(periods)].astype({"period": "str"})
    rows = rows.assign(seen=rows.groupby(RISK).period.transform("size"), there=True)
    now = rows[rows.period.isin(periods[-1:])].dropna(subset=["risk_value"])
    first = now.sort_values(["risk_value", "seen"], ascending=False, kind="stable").head(most)
    names = with_twins_told_apart(first.event, first.process).fillna("").rename("risk")
    wanted = {"index": pd.MultiIndex.from_frame(first[RISK]), "columns": periods}
    values, there = (
        rows.pivot(index=RISK, columns="period", values=part).reindex(**wanted).set_axis(names)
        for part in ("risk_value", "there")
    )
    return values, there.notna(), len(now)


def _draw_risks(sheet: Sheet, values: pd.DataFrame, there: pd.DataFrame) -> None:
    _, edges = lay_rows(sheet, values.index, high=ROW, gap=4, share=NAMES)
    off = sheet.scale.values[-1] + 1  # what the scale does not have has no colour
    colours = [sheet.scale.colour(value) for value in range(off + 1)]
    numbers = values.astype("float").fillna(off).clip(0, off).where(there)
    texts = values.astype("object").map(str, "ignore").fillna(NOTHING)
    sheet.right = max(sheet.room - VALUE * len(values.columns), 0)
    narrow = max(map(text_width, values)) > sheet.room / len(values.columns) - PAD
    periods = [period.replace("-", "-\n") if narrow else period for period in values]
    sheet.ax.xaxis.tick_top()
    draw_cells(sheet, numbers.to_numpy(), texts.to_numpy(), colours, periods, edges=edges)
    sheet.above = max(map(text_height, periods)) + 2 * PAD


def _since(sheet: Sheet, values: pd.DataFrame, there: pd.DataFrame) -> str:
    """Say how many of the risks are high, and how many have risen, fallen and come since last."""
    (*earlier, period), limit = values.columns, sheet.scale.limit
    high, every = int((values[period] >= limit).sum()), sheet.count("risks", len(values))
    said = {"n": high, "all": every, "period": period, "limit": limit}
    if not earlier:
        return sheet.word(".title_one", **said)
    step = values[period] - values[earlier[-1]]
    new = (~there[earlier[-1]]).sum()
    moved = {"raised": (step > 0).sum(), "lowered": (step < 0).sum(), "new": new}
    said |= {code: sheet.word(f"changed.{code}", n=n) for code, n in moved.items()}
    return sheet.word(".title", before=earlier[-1], **said)
