"""The explorer of notebook 06: filters, a matrix, a list and what is behind each of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
from ipywidgets import HTML, Box, Button, Dropdown, GridBox, Layout, Text, ToggleButtons, VBox
from itables.widget import ITable

from riskdata import folders
from riskdata.analysis.activities import unfinished
from riskdata.analysis.changes import history
from riskdata.analysis.decisions import read_decisions
from riskdata.analysis.links import link_follow_ups
from riskdata.charts.risks import plot_risk_matrix
from riskdata.charts.scale import Scale, read_scale
from riskdata.charts.style import INK, ink_on
from riskdata.errors import RiskdataError
from riskdata.keyboard import KeepKeys
from riskdata.reports.masking import known_people, mask_names
from riskdata.reports.printed import Table, printed
from riskdata.tables.schema import names
from riskdata.tables.store import no_formula
from riskdata.tracing import trace
from riskdata.words.language import heading, label, word, words
from riskdata.words.periods import in_order, until
from riskdata.words.vocabulary import AXES

if TYPE_CHECKING:
    from riskdata.tables.data import Data

ALL = ""  # the value of a filter that leaves everything
OF_RISK = ("board", "goal", "process", "decision")  # filters, by the column that they look in
OF_ACTIVITY = ("status", "responsible")
SEARCHED = ("goal", "process", "way_of_working", "event", "indicator", "activity", "description",
            "comment")  # fmt: skip
RISKS_SHOWN = ("event", "process", "risk_value", "decision")
ACTIVITIES_SHOWN = ("activity", "process", "status", "verdict", "due_date", "period")
YEARS = ("period", "event", "likelihood", "consequence", "risk_value", "decision", "certainty")
TERTIALS = ("period", "activity", "status", "verdict", "reason", "evidence", "due_date", "comment")
OPENED = 200  # rows of the list that can also be opened from a menu
EMPTY = "\N{NO-BREAK SPACE}"  # a button whose text is taken away altogether keeps the text it had
TABLE = {
    "select": "single", "pageLength": 6, "lengthMenu": [6, 12, 50], "maxBytes": 0,
    "classes": "display compact", "style": "width:100%", "autoWidth": False,
    "text_in_header_can_be_selected": False,
    "css": ".dt-container {font-size: 85%} .dt-container td {vertical-align: top}",
}  # fmt: skip


def explore(
    data: Data, *, period: str | None = None, board: str | None = None, language: str = "sv"
) -> Explorer:
    """Return filters, matrix and list of risks and activities, with what is behind each row.

    A cell of the matrix filters the list; a row of the list shows the risk through the years, its
    activities over the tertials with comments and verdicts, and the printed cells that it comes
    from. What is shown can be saved to reports/. The widget needs a notebook that is running.

    Parameters
    ----------
    data : the tidy tables, as ``load`` returns them
    period : to begin with; else the newest
    board : to begin with; else all
    language : "sv" or "en"

    Raises
    ------
    ChoiceError
        For a period, board or language there isn't, or when there is no register.

    Examples
    --------
    >>> from riskdata.tables.data import Data
    >>> from riskdata.tables.schema import TABLES, frame
    >>> var = {"board": "Socialnämnden", "period": "2025-VB", "source_file": "analys.txt"}
    >>> rader = {"risks": [{**var, "risk_id": "a", "likelihood": 3, "consequence": 4,
    ...                     "risk_value": 12}], "sources": [{**var, "kind": "register"}]}
    >>> data = Data(**{namn: frame(namn, rader.get(namn, [])) for namn in TABLES})
    >>> explore(data).view.cells
    {(3, 4): 1}
    """
    words(language)
    data.newest(board=board, kind="register")
    chosen = {"period": period or data.newest(board=board), "board": board or ALL}
    data.select(period=period)
    return Explorer(Everything(data), chosen, language)


class View(NamedTuple):
    """What a choice leaves: risks of the registers in force, and activities of the period."""

    risks: pd.DataFrame
    activities: pd.DataFrame

    @property
    def cells(self) -> dict[tuple[int, int], int]:
        """How many risks each cell of the matrix has, of those that have any."""
        return self.risks.groupby(["likelihood", "consequence"]).size().to_dict()


class Everything:
    """Risks of the registers and all activities, each with the risk that it belongs to over the years."""

    def __init__(self, data: Data) -> None:
        self.data, decisions = data, read_decisions()
        registers = data.select(kind="register").risks
        self.years = history(registers, decisions=decisions)
        threads = self.years[["board", "risk_id", "thread_id"]]
        self.risks = registers.merge(threads, how="left")
        links = link_follow_ups(data.risks, decisions=decisions)[
            ["board", "risk_id", "register_risk"]
        ]
        found = unfinished(data.activities).merge(
            links.drop_duplicates(["board", "risk_id"]), how="left"
        )
        found["register_risk"] = found.register_risk.fillna(found.risk_id)
        threads = threads.rename(columns={"risk_id": "register_risk"})
        self.activities = found.merge(threads, on=["board", "register_risk"], how="left")

    @cached_property
    def options(self) -> dict[str, list[str]]:
        """What each filter may be set to."""
        statuses = self.activities.status.cat.remove_unused_categories().cat.categories
        return {
            "period": in_order(self.data.periods)[::-1],
            **{name: sorted(self.risks[name].dropna().unique()) for name in OF_RISK},
            "status": list(statuses),
            "responsible": sorted(
                {name for names in self.activities.responsible for name in names}
            ),
        }

    def look(self, chosen: Mapping[str, str]) -> View:
        """Return what the filters leave: words may stand in a risk or in what is done about it."""
        periods = until(chosen["period"], self.risks.period.unique())
        there = self.risks[self.risks.period.isin(periods)]
        risks = there[there.period == there.groupby("board").period.transform("max")]
        activities = self.activities[self.activities.period == chosen["period"]]
        if activities.empty:
            activities = self.activities[self.activities.period.isin(risks.period)]
        risks, activities = _fit(risks, chosen, OF_RISK), _fit(activities, chosen, OF_ACTIVITY)
        if any(chosen.get(name) for name in OF_ACTIVITY):
            risks = risks[risks.thread_id.isin(activities.thread_id)]
        if any(chosen.get(name) for name in OF_RISK):
            activities = activities[activities.thread_id.isin(risks.thread_id)]
        own, done = _says(risks, chosen.get("text", "")), _says(activities, chosen.get("text", ""))
        said = {*risks.thread_id[own], *activities.thread_id[done].dropna()}
        risks = risks[risks.thread_id.isin(said)]
        activities = activities[done | activities.thread_id.isin(said)]
        return View(risks.sort_values("risk_value", ascending=False, kind="stable"), activities)


def _fit(table: pd.DataFrame, chosen: Mapping[str, str], names: tuple[str, ...]) -> pd.DataFrame:
    for name in names:
        if wanted := chosen.get(name):
            in_list = name == "responsible"
            fits = table[name].map(lambda v, w=wanted: w in v) if in_list else table[name] == wanted
            table = table[fits.fillna(False).astype("bool")]
    return table


def _says(table: pd.DataFrame, text: str) -> pd.Series:
    """Return which rows have every word of a text somewhere in theirs."""
    columns = [table[name].astype("object").fillna("") for name in SEARCHED if name in table]
    joined = columns[0].str.cat(columns[1:], sep=" ").str.casefold()
    says = pd.Series(True, table.index)
    for part in text.casefold().split():
        says &= joined.str.contains(part, regex=False)
    return says


class Explorer(VBox):
    """The widget that ``explore`` returns; ``view`` is what the filters and the cell leave."""

    def __init__(self, everything: Everything, chosen: Mapping[str, str], language: str) -> None:
        self._all, self._language = everything, language
        self.filters = self._filters(chosen)
        self.cell: tuple[int, int] | tuple[()] = ()
        self._scale, self._buttons = None, {}
        self.matrix = GridBox(layout=Layout(grid_gap="2px", align_items="center"))
        kinds = [(self._word(name), name) for name in ("risks", "activities")]
        self.kind = ToggleButtons(options=kinds, tooltips=[name for name, _ in kinds])
        self.list = ITable(pd.DataFrame({"": []}), language=words(language)["browse"], **TABLE)
        self.opener = Dropdown(description=self._word("open"), **_wide("100%"))
        self.detail, self.said = HTML(), HTML()
        self.save = Button(description=self._word("save"), button_style="primary")
        row = Layout(display="flex", flex_flow="row wrap", grid_gap="0 .6rem", align_items="center")
        tools = Box([self.kind, self.save], layout=row)
        wide = Layout(flex="1 1 34rem", min_width="20rem")
        listed = VBox([tools, self.list, self.opener], layout=wide)
        matrix = VBox([self.matrix, self.said], layout=Layout(flex="0 0 auto", max_width="100%"))
        beside = Box([matrix, listed], layout=Layout(flex_flow="row wrap", grid_gap="0 1rem"))
        filters = Box([*self.filters.values()], layout=row)
        super().__init__([filters, beside, self.detail, KeepKeys()])
        for widget in (*self.filters.values(), self.kind):
            widget.observe(lambda _: self._refresh(), "value")
        self.list.observe(lambda change: self._open(next(iter(change.new), None)), "selected_rows")
        self.opener.observe(lambda change: self._open(change.new), "value")
        self.save.on_click(lambda _: self._save())
        self._refresh()

    @property
    def chosen(self) -> dict[str, str]:
        """What the filters say now, by their names."""
        return {name: widget.value for name, widget in self.filters.items()}

    @property
    def selection(self) -> str:
        """What is chosen, in words, as a saved chart and its text alternative say it."""
        parts = [
            f"{widget.description.lower()} {getattr(widget, 'label', None) or widget.value}"
            for name, widget in self.filters.items()
            if widget.value and name not in ("period", "board")
        ]
        parts += [_cell_name(self.cell, None, self._language)] if self.cell else []
        return self._word("selection", what="; ".join(parts)) if parts else ""

    def _filters(self, chosen: Mapping[str, str]) -> dict[str, Dropdown | Text]:
        made = {}
        for name, options in self._all.options.items():
            shown = [(label(code, self._language), code) for code in options]
            first = [] if name == "period" else [(self._word("all"), ALL)]
            made[name] = Dropdown(description=heading(name, self._language), value=chosen.get(name, ALL),
                                  options=[*first, *shown], **_wide("15.5rem"))  # fmt: skip
        return {**made, "text": Text(description=self._word("search"), **_wide("15.5rem"))}

    def _draw_matrix(self, scale: Scale) -> None:
        """Make the matrix as buttons, the highest likelihood at the top, by the board's own scale."""
        rows, columns = scale.shape
        steps = {axis: scale.steps(axis, self._language) for axis in AXES}
        self._buttons, cells = {}, []
        for row in range(rows, 0, -1):
            cells.append(_name(steps["likelihood"][row - 1], "right"))
            for column in range(1, columns + 1):
                button = Button(layout=Layout(width="auto", height="2.1rem", margin="0"))
                colour = scale.colour(row * column)
                button.style.button_color, button.style.text_color = colour, ink_on(colour)
                button.on_click(lambda _, cell=(row, column): self._choose(cell))
                self._buttons[row, column] = button
                cells.append(button)
        corner = " × ".join(heading(axis, self._language) for axis in AXES)
        cells += [_name(corner, "right"), *(_name(name, "center") for name in steps["consequence"])]
        self.matrix.children = cells
        self.matrix.layout.grid_template_columns = f"7rem repeat({columns}, 4rem)"

    # -- what follows a choice ----------------------------------------------------------------

    def _refresh(self) -> None:
        """Show what the filters leave."""
        try:
            self._filtered = self._all.look(self.chosen)
        except RiskdataError as fault:  # a callback's fault is else shown nowhere
            self.said.value = _status(str(fault))
            return
        scale = read_scale(self._filtered.risks)
        if scale != self._scale:
            self._scale = scale
            self._draw_matrix(scale)
        cells = self._filtered.cells
        self.cell = self.cell if self.cell in cells else ()
        for cell, button in self._buttons.items():
            n = cells.get(cell, 0)
            button.description, button.disabled = str(n) if n else EMPTY, not n
            button.tooltip = _cell_name(cell, n, self._language)
            button.layout.border = f"4px solid {INK}" if cell == self.cell else "1px solid #8c8c8c"
        self._show_list()

    def _choose(self, cell: tuple[int, int]) -> None:
        self.cell = () if cell == self.cell else cell
        self._refresh()

    @property
    def view(self) -> View:
        """What the filters leave, of the cell that is chosen if one is."""
        risks, activities = self._filtered.risks, self._filtered.activities
        if self.cell:
            there = risks.likelihood.eq(self.cell[0]) & risks.consequence.eq(self.cell[1])
            risks = risks[there.fillna(False)]
            activities = activities[activities.thread_id.isin(risks.thread_id)]
        return View(risks, activities)

    def _show_list(self) -> None:
        view = self.view
        listed = {"risks": view.risks, "activities": view.activities}[self.kind.value]
        columns = {"risks": RISKS_SHOWN, "activities": ACTIVITIES_SHOWN}[self.kind.value]
        self._listed = listed.reset_index(drop=True)
        rows = printed(self._listed, columns, self._language)
        self.list.update(rows, selected_rows=[], **TABLE)
        first = enumerate(rows.iloc[:OPENED, 0].str.slice(0, 90))
        self.opener.options = [(self._word("choose_row"), -1), *((text, n) for n, text in first)]
        self.opener.index = 0
        found = [word(f"count.{name}", self._language, n=len(getattr(view, name)))
                 for name in ("risks", "activities")]  # fmt: skip
        self.said.value = _status(", ".join(found))
        self.detail.value = f"<p>{escape(self._word('choose_row'))}</p>"

    def _open(self, row: int | None) -> None:
        """Show what is behind one row of the list."""
        if row is None or not 0 <= row < len(self._listed):
            return
        chosen = self._listed.iloc[row]
        own = chosen.get("activity_id", chosen.risk_id)
        years = self._all.years[self._all.years.thread_id == chosen.thread_id]
        every = self._all.activities
        tertials = every[(every.thread_id == chosen.thread_id) | (every.activity_id == own)]
        tertials = tertials.sort_values("period", kind="stable")
        title = chosen.get("event") if pd.notna(chosen.get("event")) else chosen.get("activity")
        parts = [f"<h3>{escape(str(title))}</h3>", self._part("years", years, YEARS)]
        parts.append(self._part("tertials", tertials, TERTIALS))
        try:
            parts.append(trace(own, self._all.data, language=self._language)._repr_html_())
        except RiskdataError as fault:  # the file may have been moved since it was cleaned
            parts.append(f"<p>{escape(str(fault))}</p>")
        self.detail.value = "".join(parts)

    def _part(self, name: str, rows: pd.DataFrame, columns: tuple[str, ...]) -> str:
        shown = printed(rows, columns, self._language)
        shown = shown.loc[:, shown.ne("").any()] if len(shown) else shown
        note = "" if len(shown) else self._word("none")
        return Table(self._word(name), shown, note, self._language)._repr_html_()

    # -- what is shown, on disk ---------------------------------------------------------------

    def _save(self) -> None:
        try:
            folder = self._saved_in()
        except (OSError, RiskdataError) as fault:
            self.said.value = _status(str(fault))
            return
        where = folder.relative_to(folders.root()).as_posix()
        self.said.value = _status(self._word("saved", folder=where))

    def _saved_in(self) -> Path:
        """Save chart and workbook, both saying what was chosen, in a folder of their own."""
        chosen, view = self.chosen, self.view
        base = folders.report(chosen["period"], chosen["board"] or None)
        taken = sum(1 for _ in base.glob(f"{self._word('folder')}-*"))
        folder = base / f"{self._word('folder')}-{taken + 1}"
        folder.mkdir(parents=True)
        plot_risk_matrix(view.risks, note=self.selection, language=self._language).save(folder)
        where = ", ".join(filter(None, [chosen["board"], chosen["period"], self.selection]))
        people, own = known_people(self._all.data.activities), ["verdict", "reason", "evidence"]
        with pd.ExcelWriter(folder / f"{self._word('selected')}.xlsx", engine="openpyxl") as book:
            for name in View._fields:
                columns = [*names(name), *(own if name == "activities" else [])]
                rows, sheet = (
                    printed(getattr(view, name), columns, self._language),
                    self._word(name),
                )
                masked = mask_names(rows, people, language=self._language)[0].map(no_formula)
                masked.to_excel(book, sheet_name=sheet, index=False, startrow=2)
                book.sheets[sheet]["A1"] = no_formula(where)
                book.sheets[sheet].freeze_panes = "A4"
        return folder

    def _word(self, key: str, **values: object) -> str:
        return word(f"explore.{key}", self._language, **values)


def _wide(width: str) -> dict:
    return {"style": {"description_width": "6.2rem"}, "layout": Layout(width=width)}


def _cell_name(cell: tuple[int, int], n: int | None, language: str) -> str:
    steps = {"likelihood": str(cell[0]), "consequence": str(cell[1])}
    key = "explore.cell" if n is None else "explore.cell_name"
    return word(key, language, **steps, **({} if n is None else {"n": n}))


def _name(text: str, align: str) -> HTML:
    return HTML(
        f'<div style="text-align:{align};line-height:1.2;font-size:85%">{escape(text)}</div>'
    )


def _status(text: str) -> str:
    return f'<div role="status">{escape(text)}</div>'
