"""The charts of one period's risks."""

from __future__ import annotations

from typing import Unpack

import pandas as pd
from matplotlib.axes import Axes

from riskdata.charts.bars import OTHERS, largest, legend, limit_key, stacked_bars
from riskdata.charts.chart import Chart
from riskdata.charts.fitting import text_height, wrap
from riskdata.charts.matrices import Panel, draw_matrices, scale_legend
from riskdata.charts.scale import Scale, read_scale
from riskdata.charts.sheet import GAP, How, Sheet, one_register, open_sheet
from riskdata.charts.style import LIMIT_LINE, LINE, STRONG, TEXT
from riskdata.errors import ChoiceError
from riskdata.words.language import series
from riskdata.words.vocabulary import vocabulary

GROUPS = ("process", "goal")
STEPS = ["likelihood", "consequence"]
MOST = 12  # groups that have a row of their own
NARROW = 300  # points: no room for a key in two columns
INDENT = 18  # points: between a number in a key and its text


def plot_risk_matrix(
    risks: pd.DataFrame,
    *,
    labels: str | None = None,
    after: bool = False,
    limit: int | None = None,
    ax: Axes | None = None,
    **how: Unpack[How],
) -> Chart:
    """Return the risk matrix: how many risks stand at each likelihood and consequence.

    The number of steps, the words on the axes, the bands and the limit are the board's own, where
    data/manual/vocabulary.toml has them. The limit is also a line, and each cell says its risk
    value, so nothing hangs on colour.

    Parameters
    ----------
    risks : rows of the table ``risks`` of one period; those without either step are counted in a
        note, and those of a follow-up are left out where the board has a register
    labels : "id" writes a number for each risk in its cell, and beneath which risk it is
    after : draws a second matrix, of the steps with measures (``likelihood_after``,
        ``consequence_after``)
    limit : the risk value from which a risk counts as high; without it the board's
    ax : axes to draw on, as from ``plt.subplots(1, 2)``; without it the chart has its own figure
    title : in the place of the finding
    note : a sentence for the source line and the text alternative, as what was chosen
    language : "sv" or "en"
    width : "full" (16 cm) or "half" (8 cm) of the text of an A4 page

    Raises
    ------
    ChoiceError
        For several periods in one table, or an unknown language, width or labels.
    VocabularyError
        For a step that the vocabulary's scale does not have.

    Examples
    --------
    >>> from riskdata.tables.schema import frame
    >>> risker = frame("risks", [{"likelihood": 3, "consequence": 4}] * 2)
    >>> plot_risk_matrix(risker).title
    '2 av 2 risker når riskgränsen 12'
    """
    if labels not in (None, "id"):
        raise ChoiceError(f"labels=”{labels}” finns inte. Välj ”id”, eller utelämna det.")
    risks = one_register(risks)
    left = risks[[f"{step}_after" for step in STEPS]].set_axis(STEPS, axis=1).dropna()
    scale = read_scale(risks, limit, steps=[risks, left])
    with open_sheet("risk_matrix", risks, ax, scale, **how) as sheet:
        placed = risks.dropna(subset=STEPS)
        counts = placed.groupby(STEPS).size()
        key = _numbered(placed)
        data = key if labels else counts.rename("count").reset_index()
        notes = sheet.note_of("unplaced", len(risks) - len(placed))
        if placed.empty or scale.mixed:
            return sheet.empty(data, notes, mixed=scale.mixed)
        texts = key.groupby(STEPS).label.agg(" ".join) if labels else counts.astype("str")
        panels = [Panel(texts.to_dict(), sheet.word("say.without_measures") if after else "")]
        if after:
            residual = left.groupby(STEPS).size().astype("str").to_dict()
            panels.append(Panel(residual, sheet.word("say.with_measures")))
            notes += sheet.note_of("no_residual", len(placed) - len(left))
        draw_matrices(sheet, panels, scale, TEXT if labels else STRONG)
        if labels:
            _write_key(sheet, key)
        product = placed.likelihood * placed.consequence
        notes += sheet.note_of("not_product", int((placed.risk_value != product).sum()))
        return sheet.chart(
            _reaching(sheet, risks, scale.limit),
            data,
            _fullest(sheet, counts),
            legend=scale_legend(sheet, scale),
            notes=notes,
            all=sheet.count("risks", len(placed)),
            shown=sheet.word(".shown_id" if labels else ".shown"),
        )


def plot_risk_values(
    risks: pd.DataFrame, *, limit: int | None = None, ax: Axes | None = None, **how: Unpack[How]
) -> Chart:
    """Return a bar for each possible risk value, in a piece for each decision.

    A value that no two steps of the scale can give has its bar too, and a note.

    Parameters
    ----------
    risks : as in :func:`plot_risk_matrix`; those without a risk value are counted in a note
    limit, ax, title, note, language, width : as in :func:`plot_risk_matrix`

    Examples
    --------
    >>> from riskdata.tables.schema import frame
    >>> risker = frame("risks", [{"risk_value": value} for value in (12, 12, 9)])
    >>> plot_risk_values(risker).title
    '2 av 3 risker når riskgränsen 12'
    """
    risks = one_register(risks)
    scale = read_scale(risks, limit)
    with open_sheet("risk_values", risks, ax, scale, **how) as sheet:
        table = _decisions_by_value(risks)
        notes = sheet.note_of("valueless", int(risks.risk_value.isna().sum()))
        if table.empty or scale.mixed:
            return sheet.empty(table.reset_index(), notes, mixed=scale.mixed)
        every = sorted({*scale.values, *table.index}, reverse=True)
        table = table.reindex(every, fill_value=0).rename_axis("risk_value")
        totals = table.sum(axis="columns")
        rows = stacked_bars(sheet, list(map(str, every)), table, list(map(str, totals)))
        high = sum(value >= scale.limit for value in every)
        if 0 < high < len(every):
            sheet.ax.axhline((rows.middles[high - 1] + rows.middles[high]) / 2, **LIMIT_LINE)
        decided = "count" not in table
        keys = legend(sheet, table) if decided else []
        return sheet.chart(
            _reaching(sheet, risks, scale.limit),
            table.reset_index(),
            _commonest(sheet, totals),
            legend=[*keys, limit_key(sheet, scale.limit)],
            notes=[*notes, *impossible(sheet, scale, risks.risk_value)],
            all=sheet.count("risks", totals.sum()),
            split=sheet.word(".split") if decided else "",
        )


def plot_decision_by_value(
    risks: pd.DataFrame, *, ax: Axes | None = None, **how: Unpack[How]
) -> Chart:
    """Return how risks of the same risk value are handled: the shares of each decision.

    The decision does not follow from the value; the title names the value at which risks are
    handled the most differently. What counts as in the control plan is the vocabulary's.

    Parameters
    ----------
    risks : as in :func:`plot_risk_matrix`; those without a risk value are counted in a note
    ax, title, note, language, width : as in :func:`plot_risk_matrix`

    Examples
    --------
    >>> from riskdata.tables.schema import frame
    >>> beslut = ["control_plan", "risk_analysis", "risk_analysis"]
    >>> risker = frame("risks", [{"risk_value": 12, "decision": ett} for ett in beslut])
    >>> plot_decision_by_value(risker).title
    'Vid riskvärde 12 går 1 av 3 risker till internkontrollplanen'
    """
    risks = one_register(risks)
    with open_sheet("decision_by_value", risks, ax, **how) as sheet:
        table = _decisions_by_value(risks).sort_index(ascending=False)
        notes = sheet.note_of("valueless", int(risks.risk_value.isna().sum()))
        mixed = read_scale(risks).mixed
        if table.empty or "count" in table or mixed:
            return sheet.empty(table.reset_index(), notes, mixed=mixed)
        planned, totals = _planned(table), table.sum(axis="columns")
        stacked_bars(
            sheet, list(map(str, table.index)), table, _of(sheet, planned, totals), share=True
        )
        everything = sheet.count("risks", totals.sum())
        return sheet.chart(
            _most_mixed(sheet, planned, totals),
            table.reset_index(),
            sheet.word(".detail", n=planned.sum(), all=everything),
            legend=legend(sheet, table),
            notes=notes,
            values=sheet.count("values", len(table)),
        )


def plot_by_group(
    risks: pd.DataFrame,
    by: str = "process",
    *,
    most: int = MOST,
    limit: int | None = None,
    ax: Axes | None = None,
    **how: Unpack[How],
) -> Chart:
    """Return the number of risks of each process or goal, split at the risk limit.

    Where no risk has one, nothing is drawn: the export doesn't print it.

    Parameters
    ----------
    risks : as in :func:`plot_risk_matrix`
    by : "process" or "goal"
    most : so many of the largest have a row each; the others are one row
    limit, ax, title, note, language, width : as in :func:`plot_risk_matrix`

    Examples
    --------
    >>> from riskdata.tables.schema import frame
    >>> risker = frame("risks", [{"process": p} for p in ("Inköp", "Inköp", "Brandskydd")])
    >>> plot_by_group(risker).title
    '2 av 3 risker finns i processen Inköp'
    """
    require_group(by)
    risks = one_register(risks)
    scale = read_scale(risks, limit)
    with open_sheet(f"risks_by_{by}", risks, ax, scale, **how) as sheet:
        table = _limit_by_group(risks, by, scale.limit)
        if not any(table.index) or scale.mixed:
            return sheet.empty(table.reset_index(), mixed=scale.mixed)
        totals = table.sum(axis="columns")
        shown, others = largest(table, most)
        names = group_labels(sheet, shown.index, others)
        stacked_bars(sheet, names, shown, list(map(str, shown.sum(axis="columns"))))
        groups = sheet.count(by, int((table.index != "").sum()))
        return sheet.chart(
            _largest_group(sheet, totals, groups),
            table.reset_index(),
            _reaching(sheet, risks, scale.limit) + ".",
            legend=legend(sheet, table, limit=scale.limit),
            all=sheet.count("risks", len(risks)),
            groups=groups,
        )


def plot_boards(
    risks: pd.DataFrame, by: str = "limit", *, ax: Axes | None = None, **how: Unpack[How]
) -> Chart:
    """Return the boards side by side: the share of each one's risks that is high, or each decision.

    Each board is held to its own limit, for boards may have scales of their own.

    Parameters
    ----------
    risks : rows of the table ``risks`` of one period and several boards
    by : "limit" or "decision"
    ax, title, note, language, width : as in :func:`plot_risk_matrix`

    Examples
    --------
    >>> from riskdata.tables.schema import frame
    >>> nämnder = [{"board": "Socialnämnden", "risk_value": 12}, {"board": "Kulturnämnden"}]
    >>> plot_boards(frame("risks", nämnder)).title
    'Socialnämnden har störst andel risker som når riskgränsen: 1 av 1'
    """
    if by not in ("limit", "decision"):
        raise ChoiceError(f"by=”{by}” finns inte. Välj en av: limit, decision.")
    risks = one_register(risks)
    with open_sheet(f"boards_by_{by}", risks, ax, **how) as sheet:
        limits = {
            board: vocabulary().for_board(board).limit for board in risks.board.dropna().unique()
        }
        table = _boards_by_limit(risks, limits) if by == "limit" else _boards_by_decision(risks)
        if table.empty:
            return sheet.empty(table.reset_index())
        counted = table.reaching if by == "limit" else _planned(table)
        order = (counted / table.sum(axis="columns")).sort_values(ascending=False, kind="stable")
        table, counted = table.loc[order.index], counted[order.index]
        totals, boards = table.sum(axis="columns"), list(table.index)
        own = by == "limit" and len(set(limits.values())) > 1
        names = [sheet.word("say.board", board=b, limit=limits[b]) if own else b for b in boards]
        stacked_bars(sheet, names, table, _of(sheet, counted, totals), share=True)
        everything = sheet.count("risks", totals.sum())
        return sheet.chart(
            sheet.word(".title", board=boards[0], n=counted.iloc[0], of=str(totals.iloc[0])),
            table.reset_index(),
            sheet.word(".detail", n=counted.sum(), all=everything),
            legend=legend(sheet, table),
            boards=sheet.count("boards", len(boards)),
        )


def require_group(by: str) -> None:
    """Raise ChoiceError unless ``by`` is something that risks are grouped by."""
    if by not in GROUPS:
        raise ChoiceError(f"Det går inte att gruppera efter ”{by}”. Välj {' eller '.join(GROUPS)}.")


def group_names(table: pd.DataFrame, by: str) -> pd.Series:
    """Return the name of each row's process, or its goal with its number; "" where not stated.

    >>> group_names(pd.DataFrame({"goal_code": ["1.3"], "goal": ["Trygg stad"]}), "goal").tolist()
    ['1.3 Trygg stad']
    """
    columns = {"goal": ["goal_code", "goal"]}.get(by, [by])
    parts = [table[column].astype("object").fillna("") for column in columns]
    return parts[0].str.cat(parts[1:], sep=" ").str.strip().rename("group")


def group_labels(sheet: Sheet, groups: pd.Index, others: int) -> list[str]:
    """Return the row labels of groups: their names, or that there is none, or that they are others."""
    known = {"": sheet.word(".no_group"), OTHERS: sheet.word("say.others", n=others)}
    return [known.get(name, name) for name in groups]


def impossible(sheet: Sheet, scale: Scale, values: pd.Series) -> list[str]:
    """Return the note on values that the steps of the scale can't give."""
    strange = series(list(map(str, scale.strange(values))), sheet.language)
    return [sheet.word("say.impossible", values=strange)] if strange else []


def with_twins_told_apart(event: pd.Series, process: pd.Series) -> pd.Series:
    """Return each risk's event; with its process where several risks have the same event."""
    event, process = event.fillna(""), process.fillna("")
    twin = event.duplicated(keep=False) & (process != "")
    return event.where(~twin, event + " (" + process + ")")


def _values(risks: pd.DataFrame) -> pd.Series:
    """Return the risk value of each risk: as printed, else the product of its steps."""
    return risks.risk_value.fillna(risks.likelihood * risks.consequence)


_USUAL = ("control_plan", "risk_analysis", "accept")  # are shown also where no risk has them


def _decisions_by_value(risks: pd.DataFrame) -> pd.DataFrame:
    """Count the risks of each value and decision; only the risks where no decision is printed."""
    valued = risks.dropna(subset=["risk_value"])
    values, decision = valued.risk_value.astype(int), valued.decision.astype("object")
    if decision.isna().all():
        return values.value_counts().sort_index().to_frame("count")
    return _in_order(pd.crosstab(values, decision.fillna("missing")))


def _boards_by_decision(risks: pd.DataFrame) -> pd.DataFrame:
    return _in_order(pd.crosstab(risks.board, risks.decision.astype("object").fillna("missing")))


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Return counts with a column for each decision: the usual ones, others that are there, none."""
    usual = [c for c in vocabulary().codes("decisions") if c in table or c in _USUAL]
    codes = dict.fromkeys([*usual, *sorted({*table} - {"missing"}), "missing"])
    return table.reindex(columns=list(codes), fill_value=0)


def _planned(table: pd.DataFrame) -> pd.Series:
    """Return how many risks of each row of counts are in the control plan."""
    counts_as = vocabulary().counts_as
    return table[[code for code in table if counts_as("decisions", code)]].sum(axis="columns")


def _of(sheet: Sheet, counted: pd.Series, totals: pd.Series) -> list[str]:
    both = zip(counted, totals, strict=True)
    return [sheet.word("say.of", n=n, of=str(of)) for n, of in both]


def _by_side(groups: pd.Series, high: pd.Series, codes: tuple[str, str]) -> pd.DataFrame:
    """Count the rows of each group that are high, those that aren't, and those without a value."""
    side = high.map({True: codes[0], False: codes[1]}).fillna("missing")
    return pd.crosstab(groups, side).reindex(columns=[*codes, "missing"], fill_value=0)


def _boards_by_limit(risks: pd.DataFrame, limits: dict[str, int]) -> pd.DataFrame:
    high = _values(risks) >= risks.board.map(limits)
    return _by_side(risks.board, high, ("reaching", "under"))


def _limit_by_group(risks: pd.DataFrame, by: str, limit: int) -> pd.DataFrame:
    """Count the risks of each group on either side of the limit; largest first, unnamed last."""
    table = _by_side(group_names(risks, by), _values(risks) >= limit, ("high", "low"))
    order = sorted(table.index, key=lambda g: (g == "", -table.loc[g].sum(), -table.high[g], g))
    return table.loc[order]


def _numbered(risks: pd.DataFrame) -> pd.DataFrame:
    """Return the risks with a number for each, from the highest."""
    rows = risks.assign(risk_value=_values(risks))
    rows = rows.sort_values(["risk_value", *STEPS], ascending=False, kind="stable")
    rows = rows.assign(label=[str(n) for n in range(1, len(rows) + 1)])
    return rows[["label", "risk_id", "event", *STEPS, "risk_value"]]


def _write_key(sheet: Sheet, key: pd.DataFrame) -> None:
    """Write under the matrix which risk each number is, in two columns where there is room."""
    columns = 2 if sheet.width > NARROW else 1
    apart, top = sheet.width / columns, sheet.below + GAP
    names = key.event.fillna(key.risk_id).fillna("")
    names = [wrap(name, apart - INDENT - 2 * GAP) for name in names]
    heights = [text_height(name) + GAP / 3 for name in names]
    y, column, lowest = 0.0, 0, 0.0
    for number, name, height in zip(key.label, names, heights, strict=True):
        x = column * apart - sheet.left
        for text, indent in ((number, 0), (name, INDENT)):
            place = sheet.offset(x + indent, -top - y)
            sheet.ax.text(0, 0, text, transform=place, va="top", linespacing=LINE)
        y += height
        lowest = max(lowest, y)
        if y * columns >= sum(heights):
            y, column = 0.0, column + 1
    sheet.below = top + lowest


def _reaching(sheet: Sheet, risks: pd.DataFrame, limit: int) -> str:
    """Say how many of all risks reach the limit: the same number in every chart and key figure."""
    n = int((_values(risks) >= limit).sum())
    return sheet.word("say.reaches_limit", n=n, all=sheet.count("risks", len(risks)), limit=limit)


def _fullest(sheet: Sheet, counts: pd.Series) -> str:
    """Say which cell has most risks; nothing where several have as many."""
    if (counts == counts.max()).sum() > 1:
        return ""
    return sheet.word(".fullest", n=counts.max(), **dict(zip(STEPS, counts.idxmax(), strict=True)))


def _commonest(sheet: Sheet, totals: pd.Series) -> str:
    """Say which value most risks have; nothing where several have as many."""
    most = totals[totals == totals.max()]
    return sheet.word(".commonest", n=most.iloc[0], value=most.index[0]) if len(most) == 1 else ""


def _most_mixed(sheet: Sheet, planned: pd.Series, totals: pd.Series) -> str:
    everything = sheet.count("risks", totals.sum())
    smaller = pd.concat([planned, totals - planned], axis=1).min(axis=1)
    if planned.any() and not smaller.any():
        return sheet.word(".title_alike", n=planned.sum(), all=everything)
    value = smaller.idxmax()
    of, n = sheet.count("risks", totals[value]), planned[value]
    return sheet.word(".title", n=n, of=of, value=value, all=everything)


def _largest_group(sheet: Sheet, totals: pd.Series, groups: str) -> str:
    most = totals[totals == totals.max()]
    values = {"n": most.iloc[0], "all": sheet.count("risks", totals.sum()), "groups": groups}
    if len(most) > 1:
        return sheet.word(".title_tied", **values)
    kind = ".title" if most.index[0] else ".title_missing"
    return sheet.word(kind, name=most.index[0], **values)
