"""The charts of one period's risks."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd

from riskdata.charts.chart import Chart
from riskdata.charts.marks import (
    PAD,
    band_legend,
    draw_cells,
    largest,
    leader,
    legend,
    limit_key,
    ranked,
    stacked_bars,
    value_notes,
)
from riskdata.charts.sheet import How, Scale, Sheet, one_register, open_sheet, read_scale
from riskdata.charts.style import (
    INK,
    LIMIT_LINE,
    STRONG,
    TEXT,
    ink_on,
    text_height,
    text_width,
    wrap,
)
from riskdata.errors import ChoiceError, VocabularyError
from riskdata.words.language import heading, word
from riskdata.words.vocabulary import AXES, OWN_FILE, vocabulary

GROUPS = ("process", "goal")
STEPS = [*AXES]
CELL = 40  # points: least height of a cell
LINE = {"color": INK, "linewidth": 2.5}  # round the cells that reach the limit
USUAL = ("control_plan", "risk_analysis", "accept")  # are shown also where no risk has them


def plot_risk_matrix(
    risks: pd.DataFrame, *, after: bool = False, limit: int | None = None, **how: Unpack[How]
) -> Chart:
    """Return the risk matrix: how many risks stand at each likelihood and consequence.

    The number of steps, the words on the axes, the bands and the limit are the board's own, where
    data/manual/vocabulary.toml has them. The limit is also a line, and each cell says its risk
    value, so nothing hangs on colour.

    Parameters
    ----------
    risks : rows of the table ``risks`` of one period; those without either step are counted in a
        note, and those of a follow-up are left out where the board has a register
    after : draws the steps and values with measures (``likelihood_after`` …), where they are
        printed; beside the matrix without them by ``ax``
    limit : the risk value from which a risk counts as high; without it the board's
    ax : axes to draw on, as from ``plt.subplots(1, 2)``; without it the chart has a figure of its
        own, 16 cm wide
    title : in the place of the finding
    note : a sentence for the source line and the text alternative, as what was chosen
    language : "sv" or "en"

    Raises
    ------
    ChoiceError : for several periods in one table, or an unknown language.
    VocabularyError : for a step that the vocabulary's scale does not have.

    >>> from riskdata.tables.schema import frame
    >>> risker = frame("risks", [{"likelihood": 3, "consequence": 4}] * 2)
    >>> plot_risk_matrix(risker).title
    '2 av 2 risker når riskgränsen 12'
    """
    risks = one_register(risks)
    if after:
        valued = [*STEPS, "risk_value"]
        risks = risks.assign(**{name: risks[f"{name}_after"] for name in valued})
    scale, placed = read_scale(risks, limit), risks.dropna(subset=STEPS)
    with open_sheet("risk_matrix", risks, scale, **how) as sheet:
        counts = placed.groupby(STEPS).size()
        data = counts.rename("count").reset_index()
        notes = sheet.note_of("no_residual" if after else "unplaced", len(risks) - len(placed))
        if placed.empty or scale.mixed:
            return sheet.empty(data, notes)
        _draw_matrix(sheet, counts)
        fullest = dict(zip(STEPS, leader(counts) or (), strict=False))
        product = placed.likelihood * placed.consequence
        notes += sheet.note_of("not_product", int((placed.risk_value != product).sum()))
        finding = _reaching(sheet, placed if after else risks)
        return sheet.chart(
            sheet.word("say.with_measures", finding=finding) if after else finding,
            data,
            sheet.word(".fullest", n=counts.max(), **fullest) if fullest else "",
            legend=[*band_legend(sheet), limit_key(sheet, **LINE)],
            notes=notes,
            all=sheet.count("risks", len(placed)),
        )


def plot_risk_values(risks: pd.DataFrame, *, limit: int | None = None, **how: Unpack[How]) -> Chart:
    """Return a bar for each possible risk value, in a piece for each decision.

    A value that no two steps of the scale can give has its bar too, and a note.

    Parameters
    ----------
    risks : as in :func:`plot_risk_matrix`; those without a risk value are counted in a note
    limit, ax, title, note, language : as in :func:`plot_risk_matrix`

    >>> from riskdata.tables.schema import frame
    >>> risker = frame("risks", [{"risk_value": value} for value in (12, 12, 9)])
    >>> plot_risk_values(risker).title
    '2 av 3 risker når riskgränsen 12'
    """
    risks = one_register(risks)
    scale = read_scale(risks, limit)
    with open_sheet("risk_values", risks, scale, **how) as sheet:
        table = _decisions_by_value(risks)
        notes = value_notes(sheet, risks.risk_value)
        if table.empty or scale.mixed:
            return sheet.empty(table.reset_index(), notes)
        every = sorted({*scale.values, *table.index}, reverse=True)
        table = table.reindex(every, fill_value=0).rename_axis("risk_value")
        totals = table.sum(axis="columns")
        edges = stacked_bars(sheet, table, totals)
        high = sum(value >= scale.limit for value in every)
        if 0 < high < len(every):
            sheet.ax.axhline(edges[high], **LIMIT_LINE)
        decided, value = "count" not in table, leader(totals)
        keys = legend(sheet, table) if decided else []
        return sheet.chart(
            _reaching(sheet, risks),
            table.reset_index(),
            sheet.word(".commonest", n=totals.max(), value=value) if value else "",
            legend=[*keys, limit_key(sheet)],
            notes=notes,
            all=sheet.count("risks", totals.sum()),
            split=sheet.word(".split") if decided else "",
        )


def plot_decision_by_value(risks: pd.DataFrame, **how: Unpack[How]) -> Chart:
    """Return how risks of the same risk value are handled: the shares of each decision.

    The decision does not follow from the value; the title names the value at which risks are
    handled the most differently. What counts as in the control plan is the vocabulary's.

    Parameters
    ----------
    risks : as in :func:`plot_risk_matrix`; those without a risk value are counted in a note
    ax, title, note, language : as in :func:`plot_risk_matrix`

    >>> from riskdata.tables.schema import frame
    >>> beslut = ["control_plan", "risk_analysis", "risk_analysis"]
    >>> risker = frame("risks", [{"risk_value": 12, "decision": ett} for ett in beslut])
    >>> plot_decision_by_value(risker).title
    'Vid riskvärde 12 går 1 av 3 risker till internkontrollplanen'
    """
    risks = one_register(risks)
    with open_sheet("decision_by_value", risks, **how) as sheet:
        sheet.scale = read_scale(risks)  # its limit is not drawn
        table = _decisions_by_value(risks).sort_index(ascending=False)
        notes = value_notes(sheet, risks.risk_value)
        if table.empty or "count" in table or sheet.scale.mixed:
            return sheet.empty(table.reset_index(), notes)
        planned, totals = table.filter(vocabulary().in_plan).sum(axis=1), table.sum(axis=1)
        stacked_bars(sheet, table, sheet.shares(planned, totals), share=True)
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
    risks: pd.DataFrame, by: str = "process", *, limit: int | None = None, **how: Unpack[How]
) -> Chart:
    """Return the number of risks of each process or goal, split at the risk limit.

    The twelve largest have a row each, the others are one row. Where no risk has a process (or a
    goal), nothing is drawn: the export doesn't print it.

    Parameters
    ----------
    risks : as in :func:`plot_risk_matrix`
    by : "process" or "goal"
    limit, ax, title, note, language : as in :func:`plot_risk_matrix`

    >>> from riskdata.tables.schema import frame
    >>> risker = frame("risks", [{"process": p} for p in ("Inköp", "Inköp", "Brandskydd")])
    >>> plot_by_group(risker).title
    '2 av 3 risker finns i processen Inköp'
    """
    risks = one_register(risks)
    groups, scale = group_names(risks, by), read_scale(risks, limit)
    with open_sheet(f"risks_by_{by}", risks, scale, **how) as sheet:
        table = _by_side(groups, _values(risks) >= scale.limit, ("high", "low"))
        table = ranked(table, table.sum(axis="columns"), table.high)
        totals, named = table.sum(axis="columns"), sum(table.index != "")
        if not named or scale.mixed:  # the export prints no such column
            return sheet.empty(table.reset_index())
        shown = largest(sheet, table)
        stacked_bars(sheet, shown, shown.sum(axis="columns"))
        everything, name = sheet.count("risks", len(risks)), leader(totals)
        groups = sheet.count(by, named)
        title = {None: ".title_tied", "": ".title_missing"}.get(name, ".title")
        return sheet.chart(
            sheet.word(title, n=totals.max(), name=name or "", groups=groups, all=everything),
            table.reset_index(),
            _reaching(sheet, risks) + ".",
            legend=legend(sheet, table, limit=scale.limit),
            all=everything,
            groups=groups,
        )


def plot_boards(risks: pd.DataFrame, **how: Unpack[How]) -> Chart:
    """Return the boards side by side: the share of each one's risks that is high.

    Each board is held to its own limit, for boards may have scales of their own.

    Parameters
    ----------
    risks : rows of the table ``risks`` of one period and several boards
    ax, title, note, language : as in :func:`plot_risk_matrix`

    >>> from riskdata.tables.schema import frame
    >>> nämnder = [{"board": "Socialnämnden", "risk_value": 12}, {"board": "Kulturnämnden"}]
    >>> plot_boards(frame("risks", nämnder)).title
    'Socialnämnden har störst andel risker som når riskgränsen: 1 av 1'
    """
    risks = one_register(risks)
    with open_sheet("boards_by_limit", risks, **how) as sheet:
        limits = vocabulary().limits(risks.board)
        table = _by_side(risks.board, _values(risks) >= limits, ("reaching", "under"))
        if table.empty:
            return sheet.empty(table.reset_index())
        share = table.reaching / table.sum(axis="columns")
        table = table.loc[share.sort_values(ascending=False, kind="stable").index]
        totals, boards = table.sum(axis="columns"), list(table.index)
        if limits.nunique() > 1:
            own = limits.groupby(risks.board).first()
            boards = [sheet.word("say.board", board=b, limit=own[b]) for b in boards]
        beside = sheet.shares(table.reaching, totals)
        stacked_bars(sheet, table.set_axis(boards), beside, share=True)
        first = {"board": table.index[0], "n": table.reaching.iloc[0], "of": str(totals.iloc[0])}
        everything = sheet.count("risks", totals.sum())
        return sheet.chart(
            sheet.word(".title", **first),
            table.reset_index(),
            sheet.word(".detail", n=table.reaching.sum(), all=everything),
            legend=legend(sheet, table),
            boards=sheet.count("boards", len(boards)),
        )


def group_names(table: pd.DataFrame, by: str) -> pd.Series:
    """Return the name of each row's process, or its goal with its number; "" where not stated."""
    if by not in GROUPS:
        raise ChoiceError(word("errors.no_group", by=str(by)))
    columns, no = {"goal": ["goal_code", "goal"]}.get(by, [by]), pd.Series("", table.index)
    first, *others = (table.get(name, no).astype("object").fillna("") for name in columns)
    return first.str.cat(others, sep=" ").str.strip().rename("group")


def _values(risks: pd.DataFrame) -> pd.Series:
    """Return the risk value of each risk: as printed, else the product of its steps."""
    return risks.risk_value.fillna(risks.likelihood * risks.consequence)


def _decisions_by_value(risks: pd.DataFrame) -> pd.DataFrame:
    """Count the risks of each value and decision; only the risks where no decision is printed.

    There is a column for each usual decision, for others that there are, and for none.
    """
    valued = risks.dropna(subset=["risk_value"])
    values, decision = valued.risk_value.astype(int), valued.decision.astype("object")
    if decision.isna().all():
        return values.value_counts().sort_index().to_frame("count")
    table = pd.crosstab(values, decision.fillna("missing"))
    known = [c for c in vocabulary().codes("decisions") if c in table or c in USUAL]
    codes = dict.fromkeys([*known, *sorted({*table} - {"missing"}), "missing"])
    return table.reindex(columns=list(codes), fill_value=0)


def _by_side(groups: pd.Series, high: pd.Series, codes: tuple[str, str]) -> pd.DataFrame:
    """Count the rows of each group that are high, those that aren't, and those without a value."""
    side = high.map({True: codes[0], False: codes[1]}).fillna("missing")
    return pd.crosstab(groups, side).reindex(columns=[*codes, "missing"], fill_value=0)


def _draw_matrix(sheet: Sheet, counts: pd.Series) -> None:
    """Draw a cell for each likelihood and consequence, with its count and its risk value."""
    scale, (rows, columns) = sheet.scale, sheet.scale.vocab.size
    _check_steps(scale, counts)
    likelihood, consequence = np.arange(rows, 0, -1), np.arange(1, columns + 1)
    steps = [wrap(s, 0.25 * sheet.width) for s in scale.steps("likelihood", sheet.language)][::-1]
    sheet.left = max(map(text_width, steps)) + 2 * PAD + 2 * TEXT
    names = scale.steps("consequence", sheet.language)
    names = [wrap(name, sheet.room / columns - PAD) for name in names]
    high = max(CELL, STRONG + 2 * TEXT, *(text_height(step) + PAD for step in steps))
    values, texts = np.outer(likelihood, consequence), counts.astype("str").unstack(fill_value="")
    texts = texts.reindex(likelihood, columns=consequence, fill_value="").to_numpy("str")
    colours = [scale.colour(value) for value in range(rows * columns + 1)]
    looks = {"lower": 5 / high, "size": STRONG, "weight": "bold"}
    draw_cells(sheet, values.astype("float"), texts, colours, names, steps, **looks)
    for (row, column), value in np.ndenumerate(values):
        sheet.ax.annotate(
            str(value), (column, row), (2.5, -2), textcoords="offset points", va="top",
            color=ink_on(colours[value]),
        )  # fmt: skip
    below = np.count_nonzero(values >= scale.limit, axis=0)  # so many cells down reach the limit
    sheet.ax.stairs(np.where(below, below, np.nan), baseline=0 * below, clip_on=False, **LINE)
    sheet.ax.set_ylabel(sheet.heading("likelihood"), size=TEXT)
    sheet.ax.set_xlabel(sheet.heading("consequence"), size=TEXT)
    sheet.height, sheet.below = high * rows, max(map(text_height, names)) + 2 * PAD + 1.5 * TEXT


def _check_steps(scale: Scale, counts: pd.Series) -> None:
    for axis, top in zip(AXES, scale.vocab.size, strict=True):
        printed = {int(step) for step in counts.index.get_level_values(axis)}
        if strange := sorted(step for step in printed if not 1 <= step <= top):
            about = {"axis": heading(axis).lower(), "code": axis, "top": top, "file": OWN_FILE}
            steps = ", ".join(map(str, strange))
            raise VocabularyError(word("errors.step_unknown", steps=steps, **about))


def _reaching(sheet: Sheet, risks: pd.DataFrame) -> str:
    """Say how many of all risks reach the limit: the same number in every chart and key figure."""
    limit, every = sheet.scale.limit, sheet.count("risks", len(risks))
    n = int((_values(risks) >= limit).sum())
    return sheet.word("say.reaches_limit", n=n, all=every, limit=limit)


def _most_mixed(sheet: Sheet, planned: pd.Series, totals: pd.Series) -> str:
    everything = sheet.count("risks", totals.sum())
    smaller = planned.clip(upper=totals - planned)
    if planned.any() and not smaller.any():
        return sheet.word(".title_alike", n=planned.sum(), all=everything)
    value = smaller.idxmax()
    of, n = sheet.count("risks", totals[value]), planned[value]
    return sheet.word(".title", n=n, of=of, value=value, all=everything)
