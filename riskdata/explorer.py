"""The explorer of notebook 06: filters, a matrix, a list and what is behind each of its rows."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from ipywidgets import HTML, Box, Button, Dropdown, GridBox, Layout, Text, ToggleButtons, VBox
from itables.widget import ITable

from riskdata import folders
from riskdata.analysis.activities import unfinished
from riskdata.analysis.changes import history
from riskdata.analysis.links import link_follow_ups
from riskdata.buttons import KeepKeys
from riskdata.charts.risks import plot_risk_matrix
from riskdata.charts.sheet import Scale, read_scale
from riskdata.charts.style import INK, ink_on
from riskdata.errors import RiskdataError
from riskdata.reports.masking import known_people, mask_names
from riskdata.reports.printed import printed, show
from riskdata.tables.data import Data
from riskdata.tables.schema import TABLES, no_formula
from riskdata.tracing import trace
from riskdata.words.language import heading, label, word, words
from riskdata.words.periods import until
from riskdata.words.vocabulary import AXES

ALL = ""  # the value of a filter that leaves everything: for None a menu shows nothing
FILTERS = ("board", "goal", "process", "decision", "status", "responsible")
SEARCHED = ["goal", "process", "way_of_working", "event", "indicator", "activity", "description",
            "comment"]  # fmt: skip
SHOWN = {
    "risks": ("event", "process", "risk_value", "decision"),
    "activities": ("activity", "process", "status", "verdict", "due_date", "period"),
}
BEHIND = {
    "years": ["period", "event", *AXES, "risk_value", "decision", "certainty"],
    "tertials": ["period", "activity", "status", "verdict", "reason", "due_date", "comment"],
}
OPENED = 200  # rows of the list that can also be opened from a menu
EMPTY = "\N{NO-BREAK SPACE}"  # a button whose text is taken away altogether keeps the text it had
TABLE = {
    "select": "single", "pageLength": 6, "lengthMenu": [6, 12, 50], "maxBytes": 0,
    "classes": "display compact", "style": "width:100%", "autoWidth": False,
    "text_in_header_can_be_selected": False,
    "css": ".dt-container {font-size: 85%} .dt-container td {vertical-align: top}",
}  # fmt: skip
FIELD = {"layout": Layout(width="15.5rem"), "style": {"description_width": "6.2rem"}}
ROW = Layout(display="flex", flex_flow="row wrap", grid_gap="0 .6rem", align_items="center")
BESIDE = Layout(flex_flow="row wrap", grid_gap="0 1rem")


def explore(
    data: Data, *, period: str | None = None, board: str | None = None, language: str = "sv"
) -> Explorer:
    """Return filters, matrix and list of risks and activities, with what is behind each row.

    A cell of the matrix filters the list; a row of the list shows the risk through the years, its
    activities over the tertials with comments and verdicts, and the printed cells that it comes
    from. What is shown can be saved to reports/. The widget needs a notebook that is running.

    data : the tidy tables, as ``load`` returns them. period, board : to begin with; else the newest,
    and all. language : "sv" or "en". Raises ChoiceError where there is no such period, board or
    language, or no register.

    >>> from riskdata.tables.schema import TABLES, frame
    >>> var = {"board": "Socialnämnden", "period": "2025-VB", "source_file": "analys.txt"}
    >>> rader = {"risks": [{**var, "risk_id": "a", "likelihood": 3, "consequence": 4,
    ...                     "risk_value": 12}], "sources": [{**var, "kind": "register"}]}
    >>> data = Data(**{namn: frame(namn, rader.get(namn, [])) for namn in TABLES})
    >>> explore(data).view.risks.risk_id.tolist()
    ['a']
    """
    data.newest(board=board, kind="register", until=period)
    return Explorer(data, period or data.newest(board=board), board or ALL, language)


class View(NamedTuple):
    """Risks, with their ``cell`` of the matrix, and activities; with the risk's thread over the years."""

    risks: pd.DataFrame
    activities: pd.DataFrame

    def at(self, period: str) -> View:
        """Return the risks of the registers in force, and what is reported then; else what they print."""
        risks, activities = self
        risks = risks[risks.period.isin(until(period, risks.period.unique()))]
        risks = risks[risks.period == risks.groupby("board").period.transform("max")]
        reported = activities.period == period
        reported = reported if reported.any() else activities.period.isin(risks.period)
        risks = risks.sort_values("risk_value", ascending=False, kind="stable")
        return View(risks, activities[reported])

    def narrowed(self, name: str, wanted: object) -> View:
        """Return what a filter leaves: of risks also those whose activities fit it.

        Activities fit by themselves, or by their risk where the filter is no column of theirs.
        """
        risks, activities = self
        own, done = (_fits(table, name, wanted) for table in self)
        if name not in activities:
            done |= activities.thread_id.isin(risks.thread_id[own].dropna())
        own |= risks.thread_id.isin(activities.thread_id[done].dropna())
        return View(risks[own], activities[done])


def _fits(table: pd.DataFrame, name: str, wanted: object) -> pd.Series:
    """Return which rows have a value, or every word of a text somewhere in theirs."""
    if name == "text":
        parts = str(wanted).casefold().split()
        texts = map(" ".join, table.filter(SEARCHED).fillna("").to_numpy())
        fits = [all(part in text for part in parts) for text in map(str.casefold, texts)]
    else:
        values = table[name] if name in table else [None] * len(table)
        fits = [wanted in (value if isinstance(value, list) else [value]) for value in values]
    return pd.Series(fits, table.index, dtype="bool")


def _through_the_years(data: Data) -> tuple[View, pd.DataFrame]:
    """Return every risk of a register and every activity, and the history that they belong to."""
    key = ["board", "risk_id", "thread_id"]
    registers = data.select(kind="register").risks
    years = history(registers)
    links = link_follow_ups(data.risks)[["board", "risk_id", "register_risk"]]
    followed = links.merge(years[key].rename(columns={"risk_id": "register_risk"}))
    threads = pd.concat([years[key], followed[key]]).drop_duplicates(key[:2])
    cells = registers[list(AXES)].fillna(0).itertuples(index=False, name=None)
    risks = registers.assign(cell=list(cells)).merge(threads, how="left")
    return View(risks, unfinished(data.activities).merge(threads, how="left")), years


class Explorer(VBox):
    """The widget that ``explore`` returns; ``view`` is what the filters and the cell leave."""

    def __init__(self, data: Data, period: str, board: str, language: str) -> None:
        self._data, self._language = data, language
        self._every, self._years = _through_the_years(data)
        self.filters = self._filters(period, board)
        self.cell: tuple[int, int] | tuple[()] = ()
        self._scale, self._buttons = None, {}
        self.matrix = GridBox(layout=Layout(grid_gap="2px", align_items="center"))
        self.kind = ToggleButtons(options=[(self._word(name), name) for name in SHOWN])
        self.list = ITable(pd.DataFrame({"": []}), language=words(language)["browse"], **TABLE)
        self.opener = Dropdown(description=self._word("open"), layout=Layout(width="auto"))
        self.detail, self.said = HTML(), HTML()
        self.save = Button(description=self._word("save"), button_style="primary")
        tools = Box([self.kind, self.save], layout=ROW)
        wide = Layout(flex="1 1 34rem", min_width="20rem")
        listed = VBox([tools, self.list, self.opener], layout=wide)
        matrix = VBox([self.matrix, self.said], layout=Layout(flex="0 0 auto", max_width="100%"))
        filters = Box([*self.filters.values()], layout=ROW)
        super().__init__([filters, Box([matrix, listed], layout=BESIDE), self.detail, KeepKeys()])
        for widget in (*self.filters.values(), self.kind):
            widget.observe(lambda _: self._refresh(), "value")
        self.list.observe(lambda change: self._open(next(iter(change.new), None)), "selected_rows")
        self.opener.observe(lambda change: self._open(change.new), "value")
        self.save.on_click(lambda _: self._save())
        self._refresh()

    @property
    def selection(self) -> str:
        """What is chosen, in words, as a saved chart and its text alternative say it."""
        parts = [
            f"{widget.description.lower()} {label(widget.value, self._language)}"
            for name, widget in self.filters.items()
            if widget.value and name not in ("period", "board")
        ]
        parts += [self._buttons[self.cell].tooltip] if self.cell else []
        return self._word("selection", what="; ".join(parts)) if parts else ""

    def _filters(self, period: str, board: str) -> dict[str, Dropdown | Text]:
        first = self._every.risks.period.min()
        periods = self._data.periods[self._data.periods.index(first) :]
        options = {"period": [(name, name) for name in reversed(periods)]}
        for name in FILTERS:
            columns = [table[name] for table in self._every if name in table]
            there = pd.concat(columns).explode().dropna().drop_duplicates().sort_values()
            shown = [(label(value, self._language), value) for value in there]
            options[name] = [(self._word("all"), ALL), *shown]
        made = {
            name: Dropdown(description=heading(name, self._language), options=several, **FIELD)
            for name, several in options.items()
        }
        made["period"].value, made["board"].value = period, board
        return {**made, "text": Text(description=self._word("search"), **FIELD)}

    def _draw_matrix(self, scale: Scale) -> None:
        """Make the matrix as buttons, the highest likelihood at the top, by the board's own scale."""
        rows, columns = scale.vocab.size
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

    def _choose(self, cell: tuple[int, int]) -> None:
        self.cell = () if cell == self.cell else cell
        self._refresh()

    def _refresh(self) -> None:
        view = self._every.at(self.filters["period"].value)
        for name, widget in self.filters.items():
            if widget.value and name != "period":
                view = view.narrowed(name, widget.value)
        self._count(view)
        self.view = view.narrowed("cell", self.cell) if self.cell else view
        self._show_list()

    def _count(self, view: View) -> None:
        """Write on each button of the matrix how many risks it has."""
        scale = read_scale(view.risks)
        if scale != self._scale:
            self._scale = scale
            self._draw_matrix(scale)
        cells = view.risks.cell.value_counts().to_dict()
        self.cell = self.cell if self.cell in cells else ()
        for cell, button in self._buttons.items():
            n = cells.get(cell, 0)
            button.description, button.disabled = str(n) if n else EMPTY, not n
            button.tooltip = self._word("cell", likelihood=cell[0], consequence=cell[1], n=n)
            button.layout.border = f"4px solid {INK}" if cell == self.cell else "1px solid #8c8c8c"

    def _show_list(self) -> None:
        self._listed = getattr(self.view, self.kind.value).reset_index(drop=True)
        rows = printed(self._listed, SHOWN[self.kind.value], self._language)
        self.list.update(rows, selected_rows=[], **TABLE)
        self._titles = rows.iloc[:, 0]
        first = ((title[:90], n) for n, title in enumerate(self._titles[:OPENED]))
        self.opener.options = [(self._word("choose_row"), -1), *first]
        self.opener.index = 0
        counts = ((f"count.{name}", len(table)) for name, table in self.view._asdict().items())
        self._say(", ".join(word(key, self._language, n=n) for key, n in counts))
        self.detail.value = f"<p>{escape(self._word('choose_row'))}</p>"

    def _open(self, row: int | None) -> None:
        if row in (None, -1):
            return
        chosen = self._listed.iloc[row]
        own = chosen.get("activity_id", chosen.risk_id)
        every = self._every.activities
        tertials = every[(every.thread_id == chosen.thread_id) | (every.activity_id == own)]
        parts = {
            "years": self._years[self._years.thread_id == chosen.thread_id],
            "tertials": tertials.sort_values("period", kind="stable"),
        }
        shown = [f"<h3>{escape(self._titles[row])}</h3>"]
        for name, rows in parts.items():
            note, table = self._word(f"no_{name}"), rows[BEHIND[name]].dropna(axis=1, how="all")
            said = {"title": self._word(name), "note": "" if len(rows) else note}
            shown.append(show(table, **said, language=self._language)._repr_html_())
        try:
            shown.append(trace(own, self._data, language=self._language)._repr_html_())
        except RiskdataError as fault:  # the file may have been moved since it was cleaned
            shown.append(f"<p>{escape(str(fault))}</p>")
        self.detail.value = "".join(shown)

    def _save(self) -> None:
        """Save chart and workbook, both saying what was chosen, in a folder of their own."""
        base = folders.report(self.filters["period"].value, self.filters["board"].value or None)
        taken = sum(1 for _ in base.glob(f"{self._word('folder')}-*"))
        folder = base / f"{self._word('folder')}-{taken + 1}"
        try:
            folder.mkdir(parents=True)
            how = {"note": self.selection, "language": self._language}
            plot_risk_matrix(self.view.risks, **how).save(folder)
            self._save_tables(folder / f"{self._word('selected')}.xlsx")
        except (OSError, RiskdataError) as fault:
            self._say(str(fault))
        else:
            self._say(self._word("saved", folder=folder.relative_to(folders.root()).as_posix()))

    def _save_tables(self, file: Path) -> None:
        people = known_people(self._data.activities, self._data.risks)
        where = [self.filters[name].value for name in ("board", "period")]
        chosen = ", ".join(filter(None, [*where, self.selection]))
        with pd.ExcelWriter(file, engine="openpyxl") as book:
            for name, table in self.view._asdict().items():
                columns = table.filter([*TABLES[name], "verdict", "reason", "evidence"])
                rows, sheet = printed(table, [*columns], self._language), self._word(name)
                masked = mask_names(rows, people, language=self._language)[0].map(no_formula)
                masked.to_excel(book, sheet_name=sheet, index=False, startrow=2)
                book.sheets[sheet]["A1"] = no_formula(chosen)
                book.sheets[sheet].freeze_panes = "A4"

    def _say(self, text: str) -> None:
        self.said.value = f'<div role="status">{escape(text)}</div>'

    def _word(self, key: str, **values: object) -> str:
        return word(f"explore.{key}", self._language, **values)


def _name(text: str, align: str) -> HTML:
    """Return the name of a step beside or under the matrix."""
    style = f"text-align:{align};line-height:1.2;font-size:85%"
    return HTML(f'<div style="{style}">{escape(text)}</div>')
