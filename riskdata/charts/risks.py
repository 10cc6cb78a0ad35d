"""The charts of one period's risks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from riskdata.charts.bars import Rows, lay_rows, legend, limit_between, stacked_bars
from riskdata.charts.chart import Chart
from riskdata.charts.matrices import Panel, draw_matrices, scale_legend
from riskdata.charts.sheet import Sheet, open_sheet
from riskdata.charts.subject import one_register, read_scale, source_line
from riskdata.errors import ChoiceError
from riskdata.tables.schema import DECISIONS
from riskdata.words.language import label, sentence, series

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GROUPS = ("process", "goal")
TIES = 3  # as many equals are named in a title; more are only counted


def plot_risk_matrix(
    risks: pd.DataFrame, *, ax: Axes | None = None, language: str = "sv", width: str = "full"
) -> Chart:
    """Return the risk matrix: how many risks stand at each likelihood and consequence.

    The number of steps, the words on the axes, the bands and the limit are the vocabulary's. The
    limit is also a line, and each cell says its risk value, so nothing hangs on colour.

    Parameters
    ----------
    risks : rows of the table ``risks`` of one period; those without either step are counted in a
        note, and those of a follow-up are left out where the board has a register
    ax : axes to draw on; without it the chart has a figure of its own
    language : "sv" or "en"
    width : "full" (16 cm) or "half" (8 cm) of the text of an A4 page

    Raises
    ------
    ChoiceError
        For several periods in one table, or an unknown language or width.
    VocabularyError
        For a step that the vocabulary's scale does not have.

    Examples
    --------
    >>> from riskdata.tables.schema import frame
    >>> risker = frame("risks", [{"likelihood": 3, "consequence": 4}] * 2)
    >>> plot_risk_matrix(risker).title
    '2 av 2 risker når riskgränsen 12'
    """
    risks = one_register(risks)
    placed = risks.dropna(subset=["likelihood", "consequence"])
    with open_sheet(ax, width=width, language=language) as sheet:
        scale = read_scale(language, placed)
        source = source_line(risks, language, limit=scale.limit)
        notes = _note(sheet, "unplaced", len(risks) - len(placed))
        counts = placed.groupby(["likelihood", "consequence"]).size()
        data = counts.rename("count").reset_index()
        if placed.empty:
            return sheet.empty("risk_matrix", data, source, notes)
        draw_matrices(sheet, [Panel(counts.to_dict())], scale)
        high = int((placed.likelihood * placed.consequence >= scale.limit).sum())
        title = _reaching(sheet, high, len(placed), scale.limit)
        return sheet.chart(
            title=title,
            subtitle=sheet.word("risk_matrix.subtitle"),
            alt=[
                sheet.word("risk_matrix.alt", all=sheet.word("count.risks", n=len(placed))),
                sentence(title),
                _fullest(sheet, counts),
                *notes,
                source,
            ],
            data=data,
            source=source,
            legend=scale_legend(sheet, scale),
            notes=notes,
        )


def plot_risk_values(
    risks: pd.DataFrame, *, ax: Axes | None = None, language: str = "sv", width: str = "full"
) -> Chart:
    """Return a bar for each possible risk value, in a piece for each decision.

    A value that no two steps of the scale can give has its bar too, and a note.

    Parameters
    ----------
    risks : as in :func:`plot_risk_matrix`; those without a risk value are counted in a note
    ax, language, width : as in :func:`plot_risk_matrix`

    Examples
    --------
    >>> from riskdata.tables.schema import frame
    >>> risker = frame("risks", [{"risk_value": value} for value in (12, 12, 9)])
    >>> plot_risk_values(risker).title
    '2 av 3 risker har riskvärde 12'
    """
    risks = one_register(risks)
    with open_sheet(ax, width=width, language=language) as sheet:
        scale = read_scale(language)
        table = _decisions_by_value(risks)
        source = source_line(risks, language, limit=scale.limit)
        notes = _note(sheet, "valueless", int(risks.risk_value.isna().sum()))
        if table.empty:
            return sheet.empty("risk_values", _flat(table), source, notes)
        strange = [str(value) for value in table.index if value not in scale.values]
        if strange:
            notes.append(sheet.word("say.impossible", values=series(strange, language)))
        every = sorted({*scale.values, *table.index}, reverse=True)
        table = table.reindex(every, fill_value=0)
        totals = table.sum(axis="columns")
        rows = _stack(sheet, [str(value) for value in every], table, [str(n) for n in totals])
        limit_line = limit_between(sheet, rows, every, scale.limit)
        title = _commonest(sheet, totals)
        high = int(totals[totals.index >= scale.limit].sum())
        return sheet.chart(
            title=title,
            subtitle=sheet.word("risk_values.subtitle"),
            alt=[
                sheet.word("risk_values.alt", all=sheet.word("count.risks", n=totals.sum())),
                sentence(title),
                sentence(_reaching(sheet, high, int(totals.sum()), scale.limit)),
                *notes,
                source,
            ],
            data=_flat(table),
            source=source,
            legend=[*_legend(sheet, table), *limit_line],
            notes=notes,
        )


def plot_decision_by_value(
    risks: pd.DataFrame, *, ax: Axes | None = None, language: str = "sv", width: str = "full"
) -> Chart:
    """Return how risks of the same risk value are handled: the shares of each decision.

    The decision does not follow from the value; the title names the value at which risks are
    handled the most differently.

    Parameters
    ----------
    risks : as in :func:`plot_risk_matrix`; those without a risk value are counted in a note
    ax, language, width : as in :func:`plot_risk_matrix`

    Examples
    --------
    >>> from riskdata.tables.schema import frame
    >>> beslut = ["control_plan", "risk_analysis", "risk_analysis"]
    >>> risker = frame("risks", [{"risk_value": 12, "decision": ett} for ett in beslut])
    >>> plot_decision_by_value(risker).title
    'Vid riskvärde 12 går 1 av 3 risker till internkontrollplanen'
    """
    risks = one_register(risks)
    with open_sheet(ax, width=width, language=language) as sheet:
        table = _decisions_by_value(risks).sort_index(ascending=False)
        source = source_line(risks, language)
        notes = _note(sheet, "valueless", int(risks.risk_value.isna().sum()))
        if table.empty:
            return sheet.empty("decision_by_value", _flat(table), source, notes)
        totals, planned = table.sum(axis="columns"), table.control_plan
        beside = [
            sheet.word("decision_by_value.beside", n=n, of=str(of))
            for n, of in zip(planned, totals, strict=True)
        ]
        _stack(sheet, [str(value) for value in table.index], table, beside, share=True)
        title = _most_mixed(sheet, table)
        everything = {"n": int(planned.sum()), "all": sheet.word("count.risks", n=totals.sum())}
        values = sheet.word("count.values", n=len(table))
        return sheet.chart(
            title=title,
            subtitle=sheet.word("decision_by_value.subtitle"),
            alt=[
                sheet.word("decision_by_value.alt", values=values),
                sentence(title),
                sheet.word("decision_by_value.detail", **everything),
                *notes,
                source,
            ],
            data=_flat(table),
            source=source,
            legend=_legend(sheet, table),
            notes=notes,
        )


def plot_by_group(
    risks: pd.DataFrame,
    by: str = "process",
    *,
    ax: Axes | None = None,
    language: str = "sv",
    width: str = "full",
) -> Chart:
    """Return the number of risks of each process or goal, split at the risk limit.

    Parameters
    ----------
    risks : as in :func:`plot_risk_matrix`
    by : "process" or "goal"
    ax, language, width : as in :func:`plot_risk_matrix`

    Examples
    --------
    >>> from riskdata.tables.schema import frame
    >>> risker = frame("risks", [{"process": p} for p in ("Inköp", "Inköp", "Brandskydd")])
    >>> plot_by_group(risker).title
    '2 av 3 risker finns i processen Inköp'
    """
    require_group(by)
    risks = one_register(risks)
    chart = f"by_{by}"
    with open_sheet(ax, width=width, language=language) as sheet:
        scale = read_scale(language)
        table = _limit_by_group(risks, by, scale.limit)
        source = source_line(risks, language, limit=scale.limit)
        if table.empty:
            return sheet.empty(chart, _flat(table), source)
        names = [name or sheet.word(f"{chart}.no_group") for name in table.index]
        totals = table.sum(axis="columns")
        _stack(sheet, names, table, [str(n) for n in totals])
        everything = sheet.word("count.risks", n=len(risks))
        groups = sheet.word(f"count.{by}", n=sum(name != "" for name in table.index))
        title = _largest_group(sheet, chart, totals, groups)
        return sheet.chart(
            title=title,
            subtitle=sheet.word(f"{chart}.subtitle"),
            alt=[
                sheet.word(f"{chart}.alt", all=everything, groups=groups),
                [sheet.word(f"{chart}.short", n=totals.max(), all=everything), sentence(title)],
                sentence(_reaching(sheet, int(table.high.sum()), len(risks), scale.limit)),
                source,
            ],
            data=_flat(table),
            source=source,
            legend=_legend(sheet, table, limit=scale.limit),
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
    parts = [table[column].fillna("") for column in {"goal": ["goal_code", "goal"]}.get(by, [by])]
    return parts[0].str.cat(parts[1:], sep=" ").str.strip()


def _decisions_by_value(risks: pd.DataFrame) -> pd.DataFrame:
    valued = risks.dropna(subset=["risk_value"])
    table = pd.crosstab(
        valued.risk_value.astype(int), valued.decision.astype("object").fillna("missing")
    )
    return table.reindex(columns=[*DECISIONS, "missing"], fill_value=0)


def _limit_by_group(risks: pd.DataFrame, by: str, limit: int) -> pd.DataFrame:
    """Count the risks of each group at, below and without a value; largest first, unnamed last."""
    side = (risks.risk_value >= limit).map({True: "high", False: "low"}).fillna("missing")
    table = pd.crosstab(group_names(risks, by).rename("group"), side)
    table = table.reindex(columns=["high", "low", "missing"], fill_value=0)
    order = sorted(table.index, key=lambda g: (g == "", -table.loc[g].sum(), -table.high[g], g))
    return table.loc[order]


def _stack(
    sheet: Sheet, names: list[str], table: pd.DataFrame, beside: list[str], share: bool = False
) -> Rows:
    rows = lay_rows(sheet, names, beside=beside)
    totals = table.sum(axis="columns")
    stacked_bars(sheet, rows, table, beside=beside, longest=totals.max(), share=share)
    return rows


def _legend(sheet: Sheet, table: pd.DataFrame, **values: object) -> list:
    present = [code for code in table.columns if table[code].any()]
    return legend({code: label(code, sheet.language, **values) for code in present}, sheet.width)


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    return table.rename_axis(columns=None).reset_index()


def _note(sheet: Sheet, key: str, n: int) -> list[str]:
    return [sheet.word(f"say.{key}", n=n)] if n else []


def _reaching(sheet: Sheet, high: int, total: int, limit: int) -> str:
    everything = sheet.word("count.risks", n=total)
    return sheet.word("say.reaches_limit", n=high, all=everything, limit=limit)


def _fullest(sheet: Sheet, counts: pd.Series) -> str:
    """Say which cell has most risks; nothing where several have as many."""
    if (counts == counts.max()).sum() > 1:
        return ""
    likelihood, consequence = counts.idxmax()
    steps = {"likelihood": likelihood, "consequence": consequence}
    return sheet.word("risk_matrix.fullest", n=counts.max(), **steps)


def _commonest(sheet: Sheet, totals: pd.Series) -> str:
    most, everything = int(totals.max()), sheet.word("count.risks", n=totals.sum())
    values = [str(value) for value in sorted(totals.index[totals == most])]
    if len(values) == 1:
        return sheet.word("risk_values.title", n=most, all=everything, value=values[0])
    if len(values) <= TIES:
        tied = series(values, sheet.language)
        return sheet.word("risk_values.title_tied", n=most, all=everything, values=tied)
    spread = sheet.word("count.values", n=int((totals > 0).sum()))
    return sheet.word("risk_values.title_spread", n=most, all=everything, values=spread)


def _most_mixed(sheet: Sheet, table: pd.DataFrame) -> str:
    totals = table.sum(axis="columns")
    everything = sheet.word("count.risks", n=totals.sum())
    smaller = pd.concat([table.control_plan, totals - table.control_plan], axis=1).min(axis=1)
    n = int(table.control_plan.sum())
    if n and not smaller.any():
        return sheet.word("decision_by_value.title_alike", n=n, all=everything)
    value = smaller.idxmax()
    of = sheet.word("count.risks", n=totals[value])
    n = int(table.control_plan[value])
    return sheet.word("decision_by_value.title", n=n, of=of, value=value, all=everything)


def _largest_group(sheet: Sheet, chart: str, totals: pd.Series, groups: str) -> str:
    most = int(totals.max())
    values = {"n": most, "all": sheet.word("count.risks", n=totals.sum()), "groups": groups}
    largest = list(totals.index[totals == most])
    if len(largest) > 1:
        return sheet.word(f"{chart}.title_tied", **values)
    kind = "title" if largest[0] else "title_missing"
    return sheet.word(f"{chart}.{kind}", name=largest[0], **values)
