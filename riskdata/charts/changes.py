"""The charts of two periods compared: what is new, gone, raised, lowered and unchanged."""

from __future__ import annotations

from typing import Unpack

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from riskdata.charts.bars import Heading, at_end, bar, base_line, lay_rows, legend, limit_key
from riskdata.charts.chart import Chart
from riskdata.charts.risks import impossible, with_twins_told_apart
from riskdata.charts.scale import Scale, read_scale
from riskdata.charts.sheet import GAP, How, Sheet, open_sheet, require
from riskdata.charts.style import BEFORE_DOT, DOT, FILLS, INK, LIMIT_LINE, RULE, TEXT
from riskdata.words.language import series

CHANGES = ("raised", "new", "lowered", "gone", "unchanged", "unknown")
KEPT = ("raised", "lowered", "unchanged", "unknown")
VALUES = ["risk_value_before", "risk_value_after"]
TEXTS = ["event_before", "event_after", "process_before", "process_after"]
TICKS = 18  # points: least distance between numbers on the axis
NAMES = 0.5  # the share of the width that the names of risks may take
ARROW, MINUS = "\N{RIGHTWARDS ARROW}", "\N{MINUS SIGN}"


def plot_changes(
    changes: pd.DataFrame, *, limit: int | None = None, ax: Axes | None = None, **how: Unpack[How]
) -> Chart:
    """Return the risk value of each risk before and after, one row per risk, grouped by change.

    For fewer rows, hand it some: ``changes[changes.change != "unchanged"]``. A value that the
    scale does not have is written at the end of its row and noted.

    Parameters
    ----------
    changes : what ``compare`` returns (``board``, ``change``, ``event_before``, ``event_after``,
        ``process_before``, ``process_after``, ``risk_value_before``, ``risk_value_after``; the
        names of the periods from ``period_before`` and ``period_after`` where they are there)
    limit, ax, title, note, language, width : as in :func:`riskdata.plot_risk_matrix`

    Examples
    --------
    >>> plot_changes(changes_example()).title
    '3 risker: 1 höjd, 1 ny och 1 oförändrad'
    """
    require(changes, "board", "change", *TEXTS, *VALUES)
    scale, named = read_scale(changes, limit), _named(changes)
    with open_sheet("changes", changes, ax, scale, periods=named, **how) as sheet:
        data = _ordered(changes)[["risk", "change", *VALUES]]
        if data.empty or scale.mixed:
            return sheet.empty(data, mixed=scale.mixed)
        _draw_changes(sheet, data, scale)
        periods = _periods(sheet, named)
        printed = pd.concat([data[side] for side in VALUES])
        converted = int(changes.converted.sum()) if "converted" in changes else 0
        kinds, phrases = set(data.change), _phrases(sheet, data.change)
        counts = series([phrases[kind] for kind in CHANGES if kind in kinds], sheet.language)
        everything = sheet.count("risks", len(data))
        return sheet.chart(
            sheet.word(".title", all=everything, counts=counts),
            data,
            legend=_dot_legend(sheet, periods, scale),
            notes=[*sheet.note_of("converted", converted), *impossible(sheet, scale, printed)],
            all=everything,
            **periods,
        )


def plot_change_bridge(
    changes: pd.DataFrame, *, ax: Axes | None = None, **how: Unpack[How]
) -> Chart:
    """Return how the risks before became those after: less what is gone, with what is new.

    The last bar is divided into the new risks and those that are raised, lowered and unchanged.

    Parameters
    ----------
    changes : what ``compare`` returns (``board``, ``change``)
    ax, title, note, language, width : as in :func:`riskdata.plot_risk_matrix`

    Examples
    --------
    >>> plot_change_bridge(changes_example()).title
    'Från 2 risker till 3: 0 borta, 1 ny, 1 höjd och 0 sänkta'
    """
    require(changes, "board", "change")
    named = _named(changes)
    with open_sheet("change_bridge", changes, ax, periods=named, **how) as sheet:
        n = {code: int((changes.change == code).sum()) for code in CHANGES}
        before, after = len(changes) - n["new"], len(changes) - n["gone"]
        data = pd.DataFrame(
            [("before", before), *n.items(), ("after", after)], columns=["change", "count"]
        )
        if changes.empty:
            return sheet.empty(data)
        periods = _periods(sheet, named)
        _draw_bridge(sheet, n, periods)
        everything = sheet.count("risks", before)
        return sheet.chart(
            sheet.word(".title", all=everything, after=after, **_phrases(sheet, changes.change)),
            data,
            sheet.word(".detail", n=n["unchanged"]),
            legend=legend(sheet, pd.DataFrame([n])[[*KEPT, "new", "gone"]]),
            notes=sheet.note_of("not_compared", n["unknown"]),
            **periods,
        )


def changes_example() -> pd.DataFrame:
    """Return three risks compared, as ``compare`` returns them, for the examples here."""
    columns = ["board", "change", *TEXTS, *VALUES]
    board, process = "Socialnämnden", "Inköp"
    rows = [
        (board, "raised", "A", "A", process, process, 9, 12),
        (board, "unchanged", "B", "B", process, process, 12, 12),
        (board, "new", None, "C", None, process, None, 6),
    ]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(VALUES, "Int64"))


def _named(changes: pd.DataFrame) -> list[str]:
    """Return the names of the periods, earlier first, where the table has them."""
    columns = [name for name in ("period_before", "period_after") if name in changes]
    return [name for column in columns for name in changes[column].dropna().unique()[:1]]


def _periods(sheet: Sheet, named: list[str]) -> dict[str, str]:
    words = [sheet.word("say.before"), sheet.word("say.after")]
    return dict(zip(("before", "after"), named if len(named) == 2 else words, strict=True))


def _ordered(changes: pd.DataFrame) -> pd.DataFrame:
    """Sort by kind of change, then by the value that counts, highest first."""
    names = [
        changes[f"{text}_after"].fillna(changes[f"{text}_before"]) for text in ("event", "process")
    ]
    kinds = changes.change.astype("object")
    value = changes.risk_value_after.fillna(changes.risk_value_before).fillna(0)
    rows = changes.assign(
        risk=with_twins_told_apart(*names), change=kinds, kind=kinds.map(CHANGES.index),
        size=-value, start=changes.risk_value_before.fillna(0),
    )  # fmt: skip
    return rows.sort_values(["kind", "size", "start", "risk"])


def _phrases(sheet: Sheet, change: pd.Series) -> dict[str, str]:
    """Return the number of each kind of change in words: "1 ny", "3 sänkta"."""
    counts = change.value_counts()
    return {code: sheet.word(f"changed.{code}", n=counts.get(code, 0)) for code in CHANGES}


def _draw_changes(sheet: Sheet, data: pd.DataFrame, scale: Scale) -> None:
    beside = [_step_text(sheet, row) for row in data.itertuples()]
    labels = []
    for kind, rows in data.groupby("change", sort=False):
        labels += [Heading(f"{sheet.word(f'headings.{kind}')}: {len(rows)}"), *rows.risk]
    rows = lay_rows(sheet, labels, high=10, gap=4, share=NAMES, beside=beside)
    top = max(scale.values)
    sheet.ax.set_xlim(0, top + 1)
    ends = data[VALUES].astype("float").where(data[VALUES] <= top).assign(y=rows.middles)
    both = ends.dropna()
    sheet.ax.hlines(both.y, *(both[side] for side in VALUES), color=INK, linewidth=1.2, zorder=2)
    for side, dot in zip(VALUES, (BEFORE_DOT, DOT), strict=True):
        sheet.ax.plot(ends[side], ends.y, linestyle="none", zorder=3, **dot)
    for y, text in zip(rows.middles, beside, strict=True):
        at_end(sheet, top + 1, y, text)
    _value_axis(sheet, scale.limit, top)


def _step_text(sheet: Sheet, row: tuple) -> str:
    both = (row.risk_value_before, row.risk_value_after)
    ends = [sheet.word("say.none") if pd.isna(value) else str(value) for value in both]
    return {"new": ends[1], "gone": ends[0]}.get(row.change, f" {ARROW} ".join(ends))


def _value_axis(sheet: Sheet, limit: int, top: int) -> None:
    """Draw the axis of risk values above."""
    unit = sheet.room / (top + 1)
    apart = next((step for step in (2, 4, 5, 10) if step * unit > TICKS), top)
    ticks = range(apart, top + 1, apart)
    sheet.ax.xaxis.tick_top()
    sheet.ax.set_xticks(ticks, list(map(str, ticks)))
    sheet.ax.tick_params(axis="x", length=0)
    sheet.ax.grid(axis="x", color=RULE, linewidth=0.6, zorder=0)
    sheet.ax.set_axisbelow(True)
    sheet.ax.axvline(limit, **LIMIT_LINE)
    sheet.above = TEXT + GAP


def _dot_legend(sheet: Sheet, periods: dict[str, str], scale: Scale) -> list[Artist]:
    dots = zip(periods.values(), (BEFORE_DOT, DOT), strict=True)
    keys = [Line2D([], [], linestyle="none", label=period, **dot) for period, dot in dots]
    return [*keys, limit_key(sheet, scale.limit)]


def _draw_bridge(sheet: Sheet, n: dict[str, int], periods: dict[str, str]) -> None:
    """Draw the steps of a bridge, each from where it starts, in its pieces."""
    kept = sum(n[code] for code in KEPT)
    before, after = kept + n["gone"], kept + n["new"]
    steps = [
        (periods["before"], str(before), 0, {"before": before}),
        (
            sheet.word("headings.gone"),
            f"{MINUS}{n['gone']}" if n["gone"] else "0",
            kept,
            {"gone": n["gone"]},
        ),
        (sheet.word("headings.new"), f"+{n['new']}" if n["new"] else "0", kept, {"new": n["new"]}),
        (periods["after"], str(after), 0, {code: n[code] for code in (*KEPT, "new")}),
    ]
    names, texts, starts, pieces = zip(*steps, strict=True)
    rows = lay_rows(sheet, names, beside=texts)
    longest = max(before, after)
    base_line(sheet, rows, longest)
    sheet.ax.plot([kept, kept], [rows.middles[0], rows.middles[-1]], color=INK, linewidth=0.8,
                  linestyle=(0, (2, 2)), zorder=0)  # fmt: skip
    for y, start, of, text in zip(rows.middles, starts, pieces, texts, strict=True):
        filled = [(FILLS[code], count) for code, count in of.items() if count]
        bar(sheet, y, start, filled, longest, text, inside=len(of) > 1)
