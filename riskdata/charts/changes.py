"""The charts of two periods compared: what is new, gone, raised, lowered and unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from riskdata.charts.bars import (
    Heading,
    at_end,
    bar,
    base_line,
    lay_rows,
    legend,
    limit_between,
    stacked_bars,
)
from riskdata.charts.chart import Chart
from riskdata.charts.matrices import Panel, Scale, draw_matrices, scale_legend
from riskdata.charts.sheet import Sheet, open_sheet
from riskdata.charts.style import BEFORE_DOT, DOT, FILLS, INK, LIMIT_LINE, RULE
from riskdata.charts.subject import read_scale, require, source_line
from riskdata.words.language import label, sentence, series

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

CHANGES = ("raised", "new", "lowered", "gone", "unchanged")
HALF_BAR = 11.5  # points: height of each of two bars in a row
TICKS = 18  # points: least distance between numbers on the axis
ARROW = "\N{RIGHTWARDS ARROW}"


class Periods(NamedTuple):
    """The names of the two periods."""

    before: str
    after: str


def plot_changes(
    changes: pd.DataFrame, *, ax: Axes | None = None, language: str = "sv", width: str = "full"
) -> Chart:
    """Return the risk value of each risk before and after, one row per risk, grouped by change.

    For fewer rows, hand it some: ``changes[changes.change != "unchanged"]``.

    Parameters
    ----------
    changes : what ``compare`` returns (``board``, ``change``, ``event_before``, ``event_after``,
        ``process_before``, ``process_after``, ``risk_value_before``, ``risk_value_after``; the
        names of the periods from ``period_before`` and ``period_after`` where they are there)
    ax, language, width : as in :func:`riskdata.plot_risk_matrix`

    Examples
    --------
    >>> plot_changes(changes_example()).title
    '1 risk har fått högre riskvärde och 0 lägre'
    """
    values = ["risk_value_before", "risk_value_after"]
    require(changes, ["board", "change", *_both("event"), *_both("process"), *values])
    with open_sheet(ax, width=width, language=language) as sheet:
        scale, periods = read_scale(language), _periods(sheet, changes)
        source = source_line(changes, language, limit=scale.limit, periods=_named(changes))
        data = _ordered(changes).assign(risk=lambda table: _risk_names(table))
        data = data[["risk", "change", *values]]
        if data.empty:
            return sheet.empty("changes", data, source)
        _draw_changes(sheet, data, scale)
        counts = data.change.value_counts()
        title = _moved(sheet, "changes.title", counts)
        return sheet.chart(
            title=title,
            subtitle=sheet.word("changes.subtitle", **periods._asdict()),
            alt=[
                sheet.word("changes.alt", all=sheet.word("count.risks", n=len(data))),
                sentence(title),
                _moved(sheet, "changes.detail", counts),
                source,
            ],
            data=data,
            source=source,
            legend=_dot_legend(sheet, periods, scale),
            notes=_converted(sheet, changes),
        )


def plot_change_counts(
    changes: pd.DataFrame, *, ax: Axes | None = None, language: str = "sv", width: str = "full"
) -> Chart:
    """Return the number of risks that are raised, new, lowered, gone and unchanged.

    Parameters
    ----------
    changes : what ``compare`` returns (``board``, ``change``)
    ax, language, width : as in :func:`riskdata.plot_risk_matrix`

    Examples
    --------
    >>> plot_change_counts(changes_example()).title
    'Av 3 risker är 1 höjd, 1 ny, 0 sänkta, 0 borta och 1 oförändrad'
    """
    require(changes, ["board", "change"])
    with open_sheet(ax, width=width, language=language) as sheet:
        counts = changes.change.value_counts()
        table = pd.DataFrame({"count": counts.reindex(_present(counts), fill_value=0)})
        data = table.rename_axis("change").reset_index()
        source = source_line(changes, language, periods=_named(changes))
        if changes.empty:
            return sheet.empty("change_counts", data, source)
        numbers = [str(n) for n in table["count"]]
        rows = lay_rows(sheet, [label(code, language) for code in table.index], beside=numbers)
        stacked_bars(sheet, rows, table, beside=numbers, longest=counts.max(), inside=False)
        said = [sheet.word(f"changed.{kind}", n=n) for kind, n in table["count"].items()]
        everything = sheet.word("count.risks", n=len(changes))
        title = sheet.word("change_counts.title", all=everything, said=series(said, language))
        periods = _periods(sheet, changes)
        return sheet.chart(
            title=title,
            subtitle=sheet.word("change_counts.subtitle", **periods._asdict()),
            alt=[
                sheet.word("change_counts.alt", **periods._asdict()),
                sentence(title),
                source,
            ],
            data=data,
            source=source,
        )


def plot_values_side_by_side(
    changes: pd.DataFrame, *, ax: Axes | None = None, language: str = "sv", width: str = "full"
) -> Chart:
    """Return the number of risks at each possible risk value, before and after, side by side.

    Parameters
    ----------
    changes : what ``compare`` returns (``board``, ``risk_value_before``, ``risk_value_after``)
    ax, language, width : as in :func:`riskdata.plot_risk_matrix`

    Examples
    --------
    >>> plot_values_side_by_side(changes_example()).title
    'Antalet risker med riskvärde 12 har gått från 1 till 2'
    """
    require(changes, ["board", *_both("risk_value")])
    with open_sheet(ax, width=width, language=language) as sheet:
        scale, periods = read_scale(language), _periods(sheet, changes)
        source = source_line(changes, language, limit=scale.limit, periods=_named(changes))
        table = _values_before_and_after(changes, scale)
        data = table.rename_axis("risk_value").reset_index()
        if not table.to_numpy().any():
            return sheet.empty("values_side_by_side", data, source)
        limit_line = _draw_pairs(sheet, table, scale.limit)
        title = _largest_shift(sheet, table)
        high = table[table.index >= scale.limit].sum()
        return sheet.chart(
            title=title,
            subtitle=sheet.word("values_side_by_side.subtitle", **periods._asdict()),
            alt=[
                sheet.word("values_side_by_side.alt", **periods._asdict()),
                sentence(title),
                sheet.word("values_side_by_side.detail", limit=scale.limit, **high),
                source,
            ],
            data=data,
            source=source,
            legend=[*legend(periods._asdict(), sheet.width), *limit_line],
            notes=_converted(sheet, changes),
        )


def plot_matrix_movement(
    changes: pd.DataFrame, *, ax: Axes | None = None, language: str = "sv", width: str = "full"
) -> Chart:
    """Return the risk matrices before and after, with how many left and came to each cell.

    Parameters
    ----------
    changes : what ``compare`` returns (``board``, ``change``, ``likelihood_before``,
        ``likelihood_after``, ``consequence_before``, ``consequence_after``)
    ax, language, width : as in :func:`riskdata.plot_risk_matrix`

    Examples
    --------
    >>> plot_matrix_movement(changes_example()).title
    '1 av 2 risker som finns i båda perioderna har bytt ruta'
    """
    require(changes, ["board", "change", *_both("likelihood"), *_both("consequence")])
    with open_sheet(ax, width=width, language=language) as sheet:
        before, after = (_cells(changes, when) for when in ("before", "after"))
        scale, periods = read_scale(language, before, after), _periods(sheet, changes)
        source = source_line(changes, language, limit=scale.limit, periods=_named(changes))
        moved = _moved_between(before, after)
        data = _movement(before, after, moved)
        if data.empty:
            return sheet.empty("matrix_movement", data, source)
        cells = data.set_index(["likelihood", "consequence"])
        draw_matrices(sheet, [
            Panel(cells.before.to_dict(), periods.before, _signed(cells.left, "\N{MINUS SIGN}")),
            Panel(cells.after.to_dict(), periods.after, _signed(cells.came, "+")),
        ], scale)  # fmt: skip
        both = before.notna().all(axis=1) & after.notna().all(axis=1)
        everything = sheet.word("count.risks", n=both.sum())
        title = sheet.word("matrix_movement.title", n=(moved & both).sum(), all=everything)
        counts = changes.change.value_counts()
        return sheet.chart(
            title=title,
            subtitle=sheet.word("matrix_movement.subtitle", **periods._asdict()),
            alt=[
                sheet.word("matrix_movement.alt", **periods._asdict()),
                sentence(title),
                sheet.word("matrix_movement.detail", **_said(sheet, counts)),
                source,
            ],
            data=data,
            source=source,
            legend=scale_legend(sheet, scale),
            notes=_converted(sheet, changes),
        )


def plot_decision_changes(
    changes: pd.DataFrame, *, ax: Axes | None = None, language: str = "sv", width: str = "full"
) -> Chart:
    """Return how the risks that are in both periods were and are handled.

    Parameters
    ----------
    changes : what ``compare`` returns (``board``, ``change``, ``decision_before``,
        ``decision_after``)
    ax, language, width : as in :func:`riskdata.plot_risk_matrix`

    Examples
    --------
    >>> plot_decision_changes(changes_example()).title
    '1 av 2 risker som finns i båda perioderna har fått ändrad hantering'
    """
    require(changes, ["board", "change", *_both("decision")])
    with open_sheet(ax, width=width, language=language) as sheet:
        data = _decision_pairs(changes)
        source = source_line(changes, language, periods=_named(changes))
        if data.empty:
            return sheet.empty("decision_changes", data, source)
        names = [_pair_name(sheet, pair) for pair in data.itertuples()]
        changed = data.decision_before != data.decision_after
        table = pd.DataFrame({"changed": data["count"].where(changed, 0),
                              "same": data["count"].where(~changed, 0)})  # fmt: skip
        numbers = [str(n) for n in data["count"]]
        rows = lay_rows(sheet, names, beside=numbers)
        stacked_bars(sheet, rows, table, beside=numbers, longest=data["count"].max(), inside=False)
        n, everything = table.changed.sum(), sheet.word("count.risks", n=data["count"].sum())
        title = sheet.word("decision_changes.title", n=n, all=everything)
        return sheet.chart(
            title=title,
            subtitle=sheet.word("decision_changes.subtitle", **_periods(sheet, changes)._asdict()),
            alt=[
                sheet.word("decision_changes.alt", all=everything),
                sentence(title),
                _commonest_change(sheet, data) if n else "",
                source,
            ],
            data=data,
            source=source,
        )


def changes_example() -> pd.DataFrame:
    """Return three risks compared, as ``compare`` returns them, for the examples here."""
    columns = [
        "board", "change", *_both("event"), *_both("process"), *_both("risk_value"),
        *_both("likelihood"), *_both("consequence"), *_both("decision"),
    ]  # fmt: skip
    plan, analysis, board, process = "control_plan", "risk_analysis", "Socialnämnden", "Inköp"
    rows = [
        (board, "raised", "A", "A", process, process, 9, 12, 3, 3, 3, 4, analysis, plan),
        (board, "unchanged", "B", "B", process, process, 12, 12, 3, 3, 4, 4, plan, plan),
        (board, "new", None, "C", None, process, None, 6, None, 2, None, 3, None, analysis),
    ]
    numbers = dict.fromkeys([c for c in columns if c.startswith(("risk", "like", "cons"))], "Int64")
    return pd.DataFrame(rows, columns=columns).astype(numbers)


def _both(name: str) -> list[str]:
    return [f"{name}_before", f"{name}_after"]


def _named(changes: pd.DataFrame) -> list[str]:
    """Return the names of the periods, earlier first, where the table has them."""
    columns = [name for name in _both("period") if name in changes]
    return [name for column in columns for name in changes[column].dropna().unique()[:1]]


def _periods(sheet: Sheet, changes: pd.DataFrame) -> Periods:
    named = _named(changes)
    if len(named) == 2:
        return Periods(*named)
    return Periods(sheet.word("say.before"), sheet.word("say.after"))


def _converted(sheet: Sheet, changes: pd.DataFrame) -> list[str]:
    """Return the note that some values are not as printed, where ``compare`` says so."""
    n = int(changes.converted.sum()) if "converted" in changes else 0
    return [sheet.word("say.converted", n=n)] if n else []


def _present(counts: pd.Series) -> list[str]:
    return [*CHANGES, *sorted(set(counts.index) - set(CHANGES))]


def _ordered(changes: pd.DataFrame) -> pd.DataFrame:
    """Sort by kind of change, then by the value that counts, highest first."""
    order = _present(changes.change.value_counts())
    value = changes.risk_value_after.fillna(changes.risk_value_before).fillna(0)
    keys = changes.assign(_kind=changes.change.map(order.index), _value=-value)
    keys = keys.assign(_step=keys.risk_value_before.fillna(0), _name=_risk_names(keys))
    return changes.loc[keys.sort_values(["_kind", "_value", "_step", "_name"]).index]


def _risk_names(changes: pd.DataFrame) -> pd.Series:
    """Return each risk's event; with its process where several risks have the same event."""
    event = changes.event_after.fillna(changes.event_before).fillna("")
    process = changes.process_after.fillna(changes.process_before).fillna("")
    twin = event.duplicated(keep=False) & (process != "")
    return event.where(~twin, event + " (" + process + ")")


def _moved(sheet: Sheet, key: str, counts: pd.Series) -> str:
    n = counts.get("raised", 0)
    return sheet.word(key, n=n, raised=sheet.word("count.risks", n=n), **_said(sheet, counts))


def _said(sheet: Sheet, counts: pd.Series) -> dict[str, str]:
    """Return the number of each kind of change in words: "1 ny", "3 sänkta"."""
    said = {f"{c}_said": sheet.word(f"changed.{c}", n=counts.get(c, 0)) for c in CHANGES}
    return {**said, "lowered": str(counts.get("lowered", 0))}


def _draw_changes(sheet: Sheet, data: pd.DataFrame, scale: Scale) -> None:
    beside = [_step_text(sheet, row) for row in data.itertuples()]
    headings = [
        Heading(f"{sheet.word(f'headings.{kind}')}: {n}")
        for kind, n in data.change.value_counts(sort=False).items()
    ]
    starts = ~data.change.duplicated()
    heads = iter(headings)
    labels = [text for start, risk in zip(starts, data.risk, strict=True)
              for text in ([next(heads), risk] if start else [risk])]  # fmt: skip
    rows = lay_rows(sheet, labels, high=10, gap=4, share=0.6, beside=beside)
    top = max(scale.values)
    sheet.ax.set_xlim(0, top + 1)
    for y, row, text in zip(rows.middles, data.itertuples(), beside, strict=True):
        _draw_step(sheet, y, row)
        at_end(sheet, top + 1, y, text)
    _value_axis(sheet, scale, rows.width / (top + 1))


def _draw_step(sheet: Sheet, y: float, row: tuple) -> None:
    ends = [row.risk_value_before, row.risk_value_after]
    if not pd.isna(ends).any():
        sheet.ax.plot(ends, [y, y], color=INK, linewidth=1.2, zorder=2)
    for value, dot in zip(ends, (BEFORE_DOT, DOT), strict=True):
        if not pd.isna(value):
            sheet.ax.plot([value], [y], zorder=3, **dot)


def _step_text(sheet: Sheet, row: tuple) -> str:
    ends = [
        sheet.word("say.none") if pd.isna(v) else str(v)
        for v in (row.risk_value_before, row.risk_value_after)
    ]
    return {"new": ends[1], "gone": ends[0]}.get(row.change, f" {ARROW} ".join(ends))


def _value_axis(sheet: Sheet, scale: Scale, unit: float) -> None:
    """Draw the axis of risk values above; ``unit`` is the width of one in points."""
    apart = next((step for step in (5, 10) if step * unit > TICKS), max(scale.values))
    ticks = range(apart, max(scale.values) + 1, apart)
    sheet.ax.xaxis.tick_top()
    sheet.ax.set_xticks(ticks, [str(tick) for tick in ticks])
    sheet.ax.tick_params(axis="x", length=0)
    sheet.ax.grid(axis="x", color=RULE, linewidth=0.6, zorder=0)
    sheet.ax.set_axisbelow(True)
    sheet.ax.axvline(scale.limit, **LIMIT_LINE)


def _dot_legend(sheet: Sheet, periods: Periods, scale: Scale) -> list[Artist]:
    from matplotlib.lines import Line2D

    limit = sheet.word("say.limit", limit=scale.limit)
    return [
        Line2D([], [], linestyle="none", label=periods.before, **BEFORE_DOT),
        Line2D([], [], linestyle="none", label=periods.after, **DOT),
        Line2D([], [], label=limit, **LIMIT_LINE),
    ]


def _values_before_and_after(changes: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    counts = {when: changes[f"risk_value_{when}"].dropna().astype(int).value_counts()
              for when in ("before", "after")}  # fmt: skip
    table = pd.DataFrame(counts)
    every = sorted({*scale.values, *table.index}, reverse=True)
    return table.reindex(every).fillna(0).astype(int)


def _draw_pairs(sheet: Sheet, table: pd.DataFrame, limit: int) -> list[Artist]:
    """Draw two bars for each value; return the legend of the limit's line."""
    names = [str(value) for value in table.index]
    rows = lay_rows(sheet, names, high=2 * HALF_BAR, beside=[str(table.to_numpy().max())])
    base_line(sheet, rows, table.to_numpy().max())
    for middle, counts in zip(rows.middles, table.itertuples(), strict=True):
        for code, y in (("before", middle - HALF_BAR / 2), ("after", middle + HALF_BAR / 2)):
            n = getattr(counts, code)
            bar(sheet, y, 0, n, FILLS[code], HALF_BAR)
            at_end(sheet, n, y, str(n))
    return limit_between(sheet, rows, list(table.index), limit)


def _largest_shift(sheet: Sheet, table: pd.DataFrame) -> str:
    """Say which value has won or lost the most risks; of equals the highest value."""
    shift = (table.after - table.before).abs()
    if not shift.any():
        everything = sheet.word("count.risks", n=table.after.sum())
        return sheet.word("values_side_by_side.title_same", all=everything)
    return sheet.word(
        "values_side_by_side.title", value=shift.idxmax(), **table.loc[shift.idxmax()]
    )


def _cells(changes: pd.DataFrame, when: str) -> pd.DataFrame:
    return changes[[f"likelihood_{when}", f"consequence_{when}"]].set_axis(
        ["likelihood", "consequence"], axis=1
    )


def _moved_between(before: pd.DataFrame, after: pd.DataFrame) -> pd.Series:
    """Return which risks stand in another cell, or in none, on the other side."""
    return (before != after).fillna(True).any(axis=1)


def _movement(before: pd.DataFrame, after: pd.DataFrame, moved: pd.Series) -> pd.DataFrame:
    sides = {"before": before, "after": after, "left": before[moved], "came": after[moved]}
    counts = {name: side.dropna().value_counts() for name, side in sides.items()}
    table = pd.DataFrame(counts).fillna(0).astype(int)
    return table.rename_axis(["likelihood", "consequence"]).sort_index().reset_index()


def _signed(counts: pd.Series, sign: str) -> callable:
    return lambda row, column: f"{sign}{n}" if (n := counts.get((row, column), 0)) else ""


def _decision_pairs(changes: pd.DataFrame) -> pd.DataFrame:
    """Count each pair of decisions, the changed ones first."""
    both = changes[~changes.change.isin(["new", "gone"])]
    pairs = both[_both("decision")].astype("object").fillna("missing").value_counts().reset_index()
    same = pairs.decision_before == pairs.decision_after
    keys = pairs.assign(_same=same, _n=-pairs["count"])
    return pairs.loc[keys.sort_values(["_same", "_n", *_both("decision")]).index]


def _commonest_change(sheet: Sheet, pairs: pd.DataFrame) -> str:
    first = pairs.iloc[0]
    ends = {when: label(first[f"decision_{when}"], sheet.language) for when in ("before", "after")}
    return sheet.word("decision_changes.detail", n=first["count"], **ends)


def _pair_name(sheet: Sheet, pair: tuple) -> str:
    before, after = (label(c, sheet.language) for c in (pair.decision_before, pair.decision_after))
    if before == after:
        return sheet.word("decision_changes.same", decision=after)
    return f"{before} {ARROW} {after}"
