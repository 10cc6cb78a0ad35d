"""Buttons by which a person decides in a notebook: links asked about, verdicts doubted, columns guessed.

Each writes its line in data/manual, says so, and can be undone. On a page without a kernel stand the
same questions as a table, with lines to paste.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from html import escape
from pathlib import Path
from textwrap import shorten

import anywidget
import pandas as pd
from ipywidgets import HTML, Button, DOMWidget, Dropdown, HBox, Layout, Text, VBox

from riskdata import folders
from riskdata.analysis.decisions import DECIDED, FILES, LINKS, VERDICTS, decide
from riskdata.errors import RiskdataError
from riskdata.exports.suggest import Guess, GuessedTable, fields, guess
from riskdata.reports.printed import Table, printed, show
from riskdata.tables.schema import KINDS
from riskdata.words.language import heading, label, word

MOST = 20  # questions at a time: more are not answered in one sitting
ROWS = 5  # first rows of a guessed file
SAMPLE, SAMPLES = 45, 3  # letters of a value that a column is told by, and such values
UNSHOWN = ("risk_id", "activity_id", "board", "period", "year", "source_file")
WIDE = {"layout": Layout(width="36em", flex="0 0 auto"), "style": {"description_width": "16em"}}


class KeepKeys(anywidget.AnyWidget):
    """An empty widget: in its box, keys belong to the field in focus, for JupyterLab's move and cut cells."""

    _esm = """
    function keep(el) {
      const box = el.closest(".widget-vbox");
      if (!box) return requestAnimationFrame(() => keep(el));
      box.addEventListener("keydown", event => {
        if (event.target.matches("select, input, textarea, button")) event.stopPropagation();
      });
    }
    export default { render({ el }) { keep(el); } };
    """


class Choices(VBox):
    """Questions with buttons; where no kernel runs, the page in their place."""

    def __init__(self, questions: list, page: str) -> None:
        self.questions, self._page = questions, page
        super().__init__([*(questions or [HTML(page)]), KeepKeys()])

    def _repr_mimebundle_(self, **how: object) -> dict[str, object]:
        return {**super()._repr_mimebundle_(**how), "text/html": self._page}


class Question(VBox):
    """A button for each answer, one that takes the last answer back, and what has been done.

    answers: a button's text → what saves the answer, and returns what to say and how to undo it.
    """

    def __init__(self, parts: list, answers: dict[str, Callable[[], tuple]]) -> None:
        self._undo, self.said = None, HTML()
        answers = answers | {word("decide.undo"): lambda: (word("decide.undone"), None)}
        self.buttons = {text: Button(description=text, tooltip=text) for text in answers}
        for text, answer in answers.items():
            self.buttons[text].on_click(lambda _, answer=answer: self._answer(answer))
        self.undo = self.buttons[word("decide.undo")]
        self.undo.disabled = True
        line = HBox([*self.buttons.values(), self.said])
        super().__init__([*parts, line], layout=Layout(margin="0 0 1em 0"))

    def _answer(self, answer: Callable[[], tuple]) -> None:
        try:
            if self._undo:
                self._undo()
            said, self._undo = answer()
        except (RiskdataError, OSError) as fault:  # a callback's fault is else shown nowhere
            said, self._undo = str(fault), None
        self.undo.disabled = self._undo is None
        self.said.value = f"<span role='status'>{escape(said)}</span>"


def decide_links(review: pd.DataFrame, *, by: str | None = None) -> Choices:
    """Return the links asked about, side by side, each with buttons that write to links.csv.

    review: what ``links_to_review`` returns. by: who decides; the one who is logged in, where not given.

    >>> from riskdata.analysis.decisions import COLUMNS
    >>> decide_links(pd.DataFrame(columns=[*COLUMNS, "only_before", "only_after"])).questions
    []
    """

    def told(row: dict) -> list:
        sides = ("before", "after")
        return [(row[s], row[f"text_{s}"], row[f"only_{s}"].split()) for s in sides]

    shown = ["text_before", "text_after", "only_before", "only_after", "certainty"]
    answers = {code: word(f"decide.{code}") for code in ("same", "different")}
    return _ask(LINKS, review, told, shown, answers, by)


def decide_verdicts(doubted: pd.DataFrame, *, by: str | None = None) -> Choices:
    """Return activities with their comments, each with buttons that write to verdicts.csv.

    doubted: rows of what ``unfinished`` returns. by: as in ``decide_links``.

    >>> columns = ["board", "period", "activity", "comment", "status", "evidence"]
    >>> decide_verdicts(pd.DataFrame(columns=columns)).questions
    []
    """

    def told(row: dict) -> list:
        lead = f"{row['activity']} ({label(row['status'] or 'unknown')})"
        return [(lead, row["comment"], [row["evidence"]])]

    shown = ["process", "activity", "status", "comment", "evidence", "probability"]
    answers = {code: label(code) for code in ("finished", "unfinished", "cancelled")}
    return _ask(VERDICTS, doubted, told, shown, answers, by)


def _ask(file, table, told, shown, answers, by) -> Choices:
    """Return a question for each row, and the page with lines to paste.

    told: a row → what is shown of it: a lead, a text, and the parts of that to be marked.
    """
    key = [name for name in FILES[file] if name not in (DECIDED[file], "reason", "by", "date")]

    def question(row: dict) -> Question:
        texts = (f"<p><b>{escape(lead)}</b> {_marked(*text)}</p>" for lead, *text in told(row))
        reason = Text(description=heading("reason"), **WIDE)

        def save(code: str) -> tuple:
            line = {name: row[name] for name in key} | {DECIDED[file]: code}
            undo = decide(file, by=by, reason=reason.value, **line)
            return word("decide.saved", what=answers[code], file=file), undo

        saves = {text: partial(save, code) for code, text in answers.items()}
        asked = [HTML("".join(texts)), *([reason] if "reason" in FILES[file] else [])]
        return Question(asked, saves)

    rows = table.astype("object").fillna("")
    asked = [question(row) for row in rows.head(MOST).to_dict("records")]
    page = show(table, [name for name in shown if name in table])._repr_html_()
    if asked:
        lines = rows[key].reindex(columns=FILES[file])
        lines = lines.to_csv(index=False, sep=";", lineterminator="\n")
        page += f"<p>{escape(word('decide.paste', file=file))}</p><pre>{escape(lines)}</pre>"
    if len(table) > MOST:
        asked.append(HTML(escape(word("decide.more", n=len(table) - MOST))))
    return Choices(asked, page)


def _marked(text: str, parts: Iterable[str]) -> str:
    """Return a text as HTML, with some of its words, or a sentence of it, marked."""
    some = "|".join(re.escape(escape(part)) for part in parts if part)
    html = escape(text)
    return re.sub(rf"(?<!\w)({some})(?!\w)", r"<mark>\1</mark>", html) if some else html


def confirm_guess(file: str | Path) -> Choices:
    """Return a form of what a file's columns are read as, to change and to save in layouts.toml.

    file: a file, or its name in data/raw.

    >>> len(confirm_guess("finns inte.xlsx").questions)
    0
    """
    path = Path(file) if Path(file).exists() else folders.raw() / str(file).partition("#")[0]
    try:
        form = GuessForm(guess(path))
    except (RiskdataError, OSError) as fault:
        return Choices([], f"<p>{escape(str(fault))}</p>")
    return Choices([form], f"<pre>{escape(form.guess.block())}</pre>")


class GuessForm(Question):
    """A guess as menus: what each column is read as, the scale, the words; the first rows below."""

    def __init__(self, guessed: Guess) -> None:
        self.guess, self.preview = guessed, HTML()
        self.columns = [self._columns(table) for table in guessed.tables]
        self.boxes = [VBox() for _ in guessed.tables]
        title, save = HTML(f"<h4>{escape(guessed.path.name)}</h4>"), word("decide.save")
        super().__init__([title, *self.boxes, self.preview], {save: self._save})
        self.buttons[save].button_style = "primary"
        self._show()

    def _columns(self, table: GuessedTable) -> list:
        rows = [self._menu(table, "kind", heading("kind"), [(label(kind), kind) for kind in KINDS])]
        read_as = [(name, field) for field, name in fields().items()]
        for column in table.columns:
            why = word("decide.guessed", why=column.why) if column.guessed else column.why
            values = " · ".join(
                shorten(v, SAMPLE, placeholder="…") for v in column.values[:SAMPLES]
            )
            told = HTML(f"<i>{escape(values)}</i> ({escape(why or word('decide.unused'))})")
            rows.append(HBox([self._menu(column, "field", column.heading, read_as), told]))
        return rows

    def _questions(self, table: GuessedTable) -> list:
        """Return what is asked of a table's scales, and of its words that no list knows."""
        rows, undecided = [], word("decide.undecided")
        for axis, steps in table.scales.items():
            name = word("decide.steps", axis=heading(axis))
            text = Text("; ".join(steps), description=name, continuous_update=False, **WIDE)
            rows.append(self._on_change(text, partial(_order, table, axis)))
        if table.scales:
            right = [(undecided, False), (word("decide.right"), True)]
            rows.append(self._menu(table, "ordered", word("decide.ordered"), right))
        for unknown in table.words:
            choices = [(undecided, ""), *unknown.choices.items()]
            text = f"{heading(unknown.field)}: ”{unknown.word}”"
            rows.append(self._menu(unknown, "counts_as", text, choices))
        return rows

    def _menu(self, owner: object, name: str, text: str, options: list) -> Dropdown:
        menu = Dropdown(options=options, value=getattr(owner, name), description=text, **WIDE)
        return self._on_change(menu, partial(setattr, owner, name))

    def _on_change(self, field: DOMWidget, keep: Callable[[object], None]) -> DOMWidget:
        field.observe(lambda change: (keep(change.new), self._show()), "value")
        return field

    def _show(self) -> None:
        """Show what is asked of the columns as they are read now, and the first rows."""
        for table, columns, box in zip(self.guess.tables, self.columns, self.boxes, strict=True):
            if table.ask() or not box.children:  # else what has the focus keeps it
                box.children = [*columns, *self._questions(table)]
        try:
            self.preview.value = "".join(_first(name, t) for name, t in self.guess.read().items())
        except RiskdataError as fault:
            self.preview.value = f"<p>{escape(str(fault))}</p>"

    def _save(self) -> tuple[str, Callable]:
        saved, old, file = self.guess.block(), self.guess.save(), self.guess.file

        def undo() -> None:
            text = file.read_text("utf-8")
            file.write_text(text.replace(saved.strip(), old.strip()), encoding="utf-8")

        return word("decide.saved_layout"), undo


def _order(table: GuessedTable, axis: str, text: str) -> None:
    table.scales[axis] = [step.strip() for step in text.split(";") if step.strip()]


def _first(name: str, rows: pd.DataFrame) -> str:
    shown = printed(rows.head(ROWS), [column for column in rows if column not in UNSHOWN])
    note = "" if len(rows) else word(f"decide.no_{name}")
    return Table(word(f"decide.first_{name}"), shown.loc[:, shown.ne("").any()], note)._repr_html_()
