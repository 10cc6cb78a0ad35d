"""The explorer: filters, matrix, charts and tables that follow each other in a notebook."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING

import pandas as pd
from ipywidgets import HTML, Box, Button, Dropdown, Layout, Text, VBox
from tqdm.auto import tqdm

from riskdata import folders
from riskdata.browse import browse, show_rows
from riskdata.charts.changes import plot_change_bridge
from riskdata.charts.risks import plot_risk_matrix, plot_risk_values
from riskdata.charts.scale import read_scale
from riskdata.charts.sheet import NAMED
from riskdata.errors import RiskdataError
from riskdata.explorer_tables import (
    ANSWERED,
    ANSWERED_SEEN,
    RISK,
    RISK_SEEN,
    answer_rows,
    in_words,
    risk_rows,
    with_reasons,
)
from riskdata.filters import MISSING, Choice, Ground, look, prepare
from riskdata.matrix_buttons import MatrixButtons, cell_name
from riskdata.reports.masking import known_people, mask_names
from riskdata.tables.schema import DECISIONS, names
from riskdata.words.language import check_language, heading, label, series, word

if TYPE_CHECKING:
    from riskdata.charts.chart import Chart
    from riskdata.tables.data import Data

ALL = ""  # the value of a filter that leaves everything: None would show as nothing at all
ROWS, LISTED = 1000, 200  # risks shown in the table of a selection, and of a cell


def explore(
    data: Data, *, period: str | None = None, board: str | None = None, language: str = "sv"
) -> Explorer:
    """Return filters, matrix, charts and tables of the registers, which follow each other at once.

    A cell of the matrix lists its risks with their activities, comments, verdicts and sources. What
    is shown can be saved to reports/. The widget needs a notebook that is running.

    Parameters
    ----------
    data : the tidy tables, as ``load`` returns them
    period : to begin with; else the newest with a register
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
    >>> explore(data).view.counts
    {(3, 4): 1}
    """
    check_language(language)
    period = data.newest(board=board, kind="register", until=period)
    told = partial(tqdm, desc=word("explore.comparing", language), leave=False, disable=None)
    return Explorer(prepare(data, progress=told), Choice(period, board), language)


class Explorer(VBox):
    """The widget that ``explore`` returns; ``view`` is what the filters leave."""

    def __init__(self, ground: Ground, choice: Choice, language: str) -> None:
        self._ground, self._language, self._drawn = ground, language, {}
        self.filters = _filters(ground, choice, language)
        self.found, self.note, self.saved = HTML(), HTML(), HTML()
        self.matrix = MatrixButtons(
            read_scale(ground.risks, steps=[ground.risks]), language=language
        )
        self.cell = Dropdown(description=self._word("cell"), options=[("", ())], **_WIDE)
        self.pictures = {name: HTML() for name in ("risk_values", "change_bridge")}
        self.legend, self.in_cell, self.heading = HTML(), HTML(), HTML()
        self.answers = browse(pd.DataFrame({"": []}), language=language)
        self.table = browse(pd.DataFrame({"": []}), language=language)
        self.save = Button(description=self._word("save"), button_style="primary")
        super().__init__(self._laid_out())
        self._follow()
        self._refresh()

    @property
    def choice(self) -> Choice:
        """What the filters say now."""
        said = {name: widget.value for name, widget in self.filters.items()}
        chosen = {name: said[name] or None for name in ("board", "goal", "decision")}
        return Choice(said["period"], text=said["text"], **chosen)

    def _laid_out(self) -> list:
        row = Layout(display="flex", flex_flow="row wrap", grid_gap="0 2rem")
        values, changes = self.pictures.values()
        matrix = [self.legend, self.matrix, self.cell, changes, self.note]
        return [
            Box([*self.filters.values()], layout=row),
            Box([self.found, self.save, self.saved], layout=row),
            Box([VBox(matrix, layout=Layout(max_width="605px")), values], layout=row),
            self.in_cell,
            self.answers,
            self.heading,
            self.table,
        ]

    def _follow(self) -> None:
        for widget in self.filters.values():
            widget.observe(lambda _: self._refresh(), "value")
        self.matrix.observe(lambda change: setattr(self.cell, "value", change.new), "cell")
        self.cell.observe(lambda change: self._choose(change.new), "value")
        self.save.on_click(lambda _: self._save())

    def _refresh(self) -> None:
        """Show what the filters leave; a part that would look the same is left alone."""
        self.saved.value = ""
        try:
            self.view = look(self._ground, self.choice)
            self._show_matrix()
            self._show_table()
            self._draw("risk_values", self.view.risks)
            self._draw("change_bridge", self.view.changes)
            self.note.value = _status(self._changes_said())
        except RiskdataError as fault:  # a callback's fault is else shown nowhere
            self.note.value = _status(str(fault))

    def _show_matrix(self) -> None:
        counts, everything = self.view.counts, len(self._of_period())
        said = self._word("found", n=len(self.view.risks), all=self._risks(everything))
        self.found.value, self.legend.value = _status(said), self._legend()
        cells = sorted(counts, key=lambda cell: (-cell[0] * cell[1], cell))
        kept = self.matrix.cell if self.matrix.cell in counts else ()
        options = [(cell_name(cell, counts[cell], self._language), cell) for cell in cells]
        self.matrix.show(counts)
        with self.cell.hold_trait_notifications():
            self.cell.options = [(self._word("no_cell"), ()), *options]
            self.cell.value = kept
        self._choose(kept)

    def _choose(self, cell: tuple[int, int] | tuple[()]) -> None:
        """Show the risks of a cell with what answers them."""
        self.matrix.cell = cell
        chosen = self.view.cell(*cell) if cell else self.view.risks.iloc[:0]
        if cell and self._is_new("answers", chosen):
            answers = answer_rows(self._ground, chosen.head(LISTED), self._language)
            answers = with_reasons(answers, self._language)
            show_rows(self.answers, in_words(answers, ANSWERED_SEEN, self._language))
        self.answers.layout.display = None if cell else "none"
        said = self._word("in_cell") if cell else self._word("choose_cell")
        self.in_cell.value = _heading(said, self._cap(chosen, LISTED)) if cell else f"<p>{said}</p>"

    def _show_table(self) -> None:
        rows = risk_rows(self.view, self._language)
        if self._is_new("table", rows):
            show_rows(self.table, in_words(rows.head(ROWS), RISK_SEEN, self._language))
        self.heading.value = _heading(self._word("risks"), self._cap(rows, ROWS))

    def _draw(self, name: str, table: pd.DataFrame) -> None:
        if self._is_new(name, table):
            chart = _CHARTS[name](self._for_chart(table), language=self._language)
            self.pictures[name].value = chart._repr_html_()

    def _is_new(self, name: str, table: pd.DataFrame) -> bool:
        """Return whether a part has other rows to show than it has now, and remember them."""
        shown, self._drawn[name] = self._drawn.get(name), table
        return shown is None or not shown.equals(table)

    def _save(self) -> None:
        from riskdata.saved_view import save_view

        self.saved.value = _status(self._word("saving"))
        try:
            folder, files = save_view(
                self.choice, self._charts(), self._tables(), self._chosen(), language=self._language
            )
        except (OSError, RiskdataError) as fault:
            self.saved.value = _status(str(fault))
            return
        where = folder.relative_to(folders.root()).as_posix()
        self.saved.value = _status(self._word("saved", folder=where, files=files))

    def _charts(self) -> dict[str, Chart]:
        tables = {"risk_matrix": self.view.risks, "risk_values": self.view.risks}
        tables["change_bridge"] = self.view.changes
        return {
            name: _CHARTS[name](self._for_chart(table), language=self._language)
            for name, table in tables.items()
        }

    def _tables(self) -> dict[str, pd.DataFrame]:
        """Return all rows of the tables shown, without the names of people who are known."""
        rows = risk_rows(self.view, self._language)
        tables = {"risks_file": in_words(rows, RISK, self._language)}
        if self.cell.value:
            chosen = self.view.cell(*self.cell.value)
            answers = answer_rows(self._ground, chosen, self._language)
            tables["cell_file"] = in_words(answers, ANSWERED, self._language)
        people = known_people(self._ground.data.activities)
        return {k: mask_names(t, people, language=self._language)[0] for k, t in tables.items()}

    def _chosen(self) -> list[str]:
        widgets = [*self.filters.values(), self.cell]
        said = {w.description: w.value if isinstance(w, Text) else w.label for w in widgets}
        return [f"{name}: {value}" for name, value in said.items() if value]

    def _for_chart(self, table: pd.DataFrame) -> pd.DataFrame:
        return table[names("risks")] if "words" in table else table

    def _of_period(self) -> pd.DataFrame:
        risks = self._ground.risks
        return risks[risks.period == self.choice.period]

    def _changes_said(self) -> str:
        """Return why there is no comparison, or which boards it is of where it is not of all."""
        changes, problem = self.view.changes, self._ground.problems.get(self.choice.period)
        if problem or changes.empty:
            return problem or ("" if len(self.view.risks) == 0 else self._word("nothing_before"))
        boards = sorted(changes.board.unique())
        if set(self.view.risks.board) <= set(boards):
            return ""
        before = changes.period_before.iloc[0]
        named = series(boards, self._language)
        many = word("count.boards", self._language, n=len(boards))
        return self._word("left_out", before=before, boards=many if len(boards) > NAMED else named)

    def _legend(self) -> str:
        scale = read_scale(self.view.risks)
        patch = '<span style="display:inline-block;width:1.4em;height:.8em;border:1px solid #1a1a1a'
        bands = [f'{patch};background:{colour}"></span> {escape(name)} {low}–{high}'
                 for name, low, high, colour in scale.vocab.bands(self._language)]  # fmt: skip
        placed = self.view.risks.dropna(subset=["likelihood", "consequence"])
        high = int((placed.likelihood * placed.consequence >= scale.limit).sum())
        said = word("say.reaches_limit", self._language, n=high, limit=scale.limit,
                    all=self._risks(len(placed)))  # fmt: skip
        return f"<strong>{escape(said)}</strong><br>{' &nbsp; '.join(bands)}"

    def _cap(self, rows: pd.DataFrame, most: int) -> str:
        everything = self._risks(len(rows))
        return self._word("capped", n=most, all=everything) if len(rows) > most else ""

    def _risks(self, n: int) -> str:
        return word("count.risks", self._language, n=n)

    def _word(self, key: str, **values: object) -> str:
        return word(f"explore.{key}", self._language, **values)


_WIDE = {
    "style": {"description_width": "initial"},
    "layout": Layout(width="auto", min_width="14rem"),
}
_CHARTS = {
    "risk_matrix": plot_risk_matrix,
    "risk_values": plot_risk_values,
    "change_bridge": plot_change_bridge,
}


def _filters(ground: Ground, choice: Choice, language: str) -> dict[str, Dropdown | Text]:
    """Return the filters by the fields of Choice, each with its label."""
    missing = label(MISSING, language)
    goals = [(missing if goal == MISSING else goal, goal) for goal in ground.goals]
    decisions = [(label(code, language), code) for code in (*DECISIONS, MISSING)]
    options = {
        "period": ground.periods,
        "board": [(word("files.all_boards", language), ALL), *((b, b) for b in ground.boards)],
        "goal": [(word("explore.all_goals", language), ALL), *goals],
        "decision": [(word("explore.all_decisions", language), ALL), *decisions],
    }
    made = {
        name: Dropdown(description=heading(name, language), options=known,
                       value=getattr(choice, name) or ALL, **_WIDE)
        for name, known in options.items()
    }  # fmt: skip
    return {**made, "text": Text(description=word("explore.search", language), **_WIDE)}


def _heading(text: str, note: str = "") -> str:
    return f"<h3>{escape(text)}</h3>" + (f"<p>{escape(note)}</p>" if note else "")


def _status(text: str) -> str:
    return f'<div role="status">{escape(text)}</div>'
