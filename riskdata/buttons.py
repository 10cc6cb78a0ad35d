"""Buttons by which a person decides in a notebook: links asked about, verdicts doubted, columns guessed.

Each writes its line in data/manual, says so, and can be undone. On a page without a kernel stand the
same questions as a table, with lines to paste.
"""

from __future__ import annotations

import dataclasses
import tempfile
from html import escape
from pathlib import Path
from shutil import copytree

import pandas as pd
from ipywidgets import HTML, Button, Checkbox, Dropdown, HBox, Layout, Text, VBox

from riskdata import folders
from riskdata.analysis.decisions import FILES, LINKS, VERDICTS, Decision, decide
from riskdata.clean import read_export
from riskdata.errors import RiskdataError
from riskdata.exports.suggest import CHOICES, Guess, GuessedTable, fields, guess
from riskdata.keyboard import KeepKeys
from riskdata.reports.printed import show
from riskdata.tables.schema import KINDS
from riskdata.words.language import heading, label, word

MOST = 20  # questions at a time: more are not answered in one sitting
ROWS = 5  # first rows of a guessed file
ANSWERS = ("finished", "unfinished", "cancelled")
WIDE = {"layout": Layout(width="36em"), "style": {"description_width": "16em"}}


class Choices(VBox):
    """Questions with buttons; where no kernel runs, the page in their place."""

    def __init__(self, questions: list, page: str) -> None:
        self.questions, self._page = questions, page
        super().__init__([*questions, KeepKeys()])

    def _repr_mimebundle_(self, **how: object) -> dict[str, object]:
        return {**super()._repr_mimebundle_(**how), "text/html": self._page}


class Question(VBox):
    """One question with a button for each answer: its line is written, said, and can be undone."""

    def __init__(self, file: str, row: dict, text: str, answers: dict[str, str], by: str | None):
        self._file, self._row, self._by = file, row, by
        self.decision: Decision | None = None
        self.reason = Text(description=heading("reason"), **WIDE)
        self.buttons = [Button(description=said, tooltip=said) for said in answers.values()]
        for button, code in zip(self.buttons, answers, strict=True):
            button.on_click(lambda _, code=code: self._answer(code))
        self.undo = Button(description=word("decide.undo"), disabled=True)
        self.undo.on_click(lambda _: self._take_back())
        self.said = HTML()
        reason = [self.reason] if "reason" in FILES[file] else []
        line = HBox([*self.buttons, self.undo, self.said])
        super().__init__([HTML(text), *reason, line], layout=Layout(margin="0 0 1em 0"))

    def _answer(self, code: str) -> None:
        self._take_back()
        decided = {"verdict": code, "reason": self.reason.value}
        answer = decided if self._file == VERDICTS else {"decision": code}
        try:
            self.decision = decide(self._file, by=self._by, **self._row, **answer)
            name = label(code) if self._file == VERDICTS else word(f"decide.{code}")
            self._say(word("decide.saved", what=name, file=self._file))
        except RiskdataError as fault:
            self._say(str(fault))

    def _take_back(self) -> None:
        if self.decision and self.decision.undo():
            self._say(word("decide.undone", file=self._file))
        self.decision = None
        self.undo.disabled = True

    def _say(self, text: str) -> None:
        self.undo.disabled = self.decision is None
        self.said.value = f"<span role='status'>{escape(text)}</span>"


def decide_links(review: pd.DataFrame, *, by: str | None = None) -> Choices:
    """Return the links asked about, side by side, each with buttons that write to links.csv.

    Parameters
    ----------
    review : what ``links_to_review`` returns
    by : who decides; the one who is logged in, where not given

    Examples
    --------
    >>> from riskdata.analysis.decisions import COLUMNS
    >>> decide_links(pd.DataFrame(columns=[*COLUMNS, "only_before", "only_after"])).questions
    []
    """
    answers = {code: word(f"decide.{code}") for code in ("same", "different")}
    names = ["board", "before", "after", "text_before", "text_after"]
    rows = review.head(MOST).to_dict("records")
    texts = [
        "".join(
            f"<p><b>{escape(row[side])}</b> {_marked(row[f'text_{side}'], row[f'only_{side}'])}</p>"
            for side in ("before", "after")
        )
        for row in rows
    ]
    shown = ["text_before", "text_after", "only_before", "only_after", "certainty"]
    return _ask(LINKS, review, rows, names, texts, answers, by, shown)


def decide_verdicts(doubted: pd.DataFrame, *, by: str | None = None) -> Choices:
    """Return activities with their comments, each with buttons that write to verdicts.csv.

    Parameters
    ----------
    doubted : rows of what ``unfinished`` returns
    by : as in ``decide_links``

    Examples
    --------
    >>> columns = ["board", "period", "activity", "comment", "status", "evidence"]
    >>> decide_verdicts(pd.DataFrame(columns=columns)).questions
    []
    """
    answers = {code: label(code) for code in ANSWERS}
    rows = doubted.astype("object").fillna("").head(MOST).to_dict("records")
    texts = [
        f"<p><b>{escape(row['activity'])}</b> ({escape(label(row['status'] or 'unknown'))}): "
        f"{_quoted(row['comment'], row['evidence'])}</p>"
        for row in rows
    ]
    names = ["board", "period", "activity", "comment"]
    shown = ["process", "activity", "status", "comment", "evidence", "probability"]
    return _ask(VERDICTS, doubted, rows, names, texts, answers, by, shown)


def _ask(file, table, rows, names, texts, answers, by, shown) -> Choices:
    pairs = zip(rows, texts, strict=True)
    asked = [Question(file, {n: row[n] for n in names}, text, answers, by) for row, text in pairs]
    blank = [n for n in ("decision", "verdict", "reason", "by", "date") if n in FILES[file]]
    lines = table.reindex(columns=FILES[file]).assign(**dict.fromkeys(blank, ""))
    lines = lines.astype("object").fillna("").to_csv(index=False, sep=";", lineterminator="\n")
    page = show(table, [name for name in shown if name in table])._repr_html_()
    if asked:
        page += f"<p>{escape(word('decide.paste', file=file))}</p><pre>{escape(lines)}</pre>"
    if len(table) > MOST:
        asked.append(HTML(escape(word("decide.more", n=len(table) - MOST))))
    return Choices(asked, page)


def _marked(text: str, only: str) -> str:
    words = {*only.split()}
    marked = ((escape(w), w.strip('.,:;()”"') in words) for w in text.split())
    return " ".join(f"<mark>{w}</mark>" if is_only else w for w, is_only in marked)


def _quoted(comment: str, evidence: str) -> str:
    quoted = escape(evidence)
    return escape(comment).replace(quoted, f"<mark>{quoted}</mark>") if quoted else escape(comment)


def confirm_guess(file: str | Path) -> Choices:
    """Return a form of what a file's columns are read as, to change and to save in layouts.toml.

    Parameters
    ----------
    file : a file, or its name in data/raw

    Examples
    --------
    >>> len(confirm_guess("finns inte.xlsx").questions)
    0
    """
    path = Path(file) if Path(file).exists() else folders.raw() / str(file).partition("#")[0]
    try:
        form = GuessForm(guess(path))
    except (RiskdataError, OSError) as fault:
        return Choices([], f"<p>{escape(str(fault))}</p>")
    return Choices([form], f"<pre>{escape(form.guess.block())}</pre>")


class GuessForm(VBox):
    """A guess as menus: what each column is read as, the scale, the words; the first rows below."""

    def __init__(self, guessed: Guess) -> None:
        self.guess, self._before, self.menus = guessed, None, []
        self.preview, self.said = HTML(), HTML()
        self.save = Button(description=word("decide.save"), button_style="primary")
        self.undo = Button(description=word("decide.undo"), disabled=True)
        self.save.on_click(lambda _: self._save())
        self.undo.on_click(lambda _: self._take_back())
        rows = [row for table in guessed.tables for row in self._rows(table)]
        title = HTML(f"<h4>{escape(guessed.path.name)}</h4>")
        super().__init__([title, *rows, HBox([self.save, self.undo, self.said]), self.preview])
        self._show()

    def _rows(self, table: GuessedTable) -> list:
        kinds = [(label(kind), kind) for kind in KINDS]
        rows = [self._menu(table, "kind", heading("kind"), kinds)]
        read_as = [(name, field) for field, name in fields().items()]
        for column in table.columns:
            samples = HTML(f"<i>{escape(' · '.join(column.samples))}</i> {escape(column.why)}")
            rows.append(HBox([self._menu(column, "field", column.heading, read_as), samples]))
        for axis, steps in table.scales.items():
            text = Text(
                "; ".join(steps), description=word("decide.steps", axis=heading(axis)), **WIDE
            )
            text.observe(lambda change, a=axis: self._order(table, a, change.new), "value")
            rows.append(text)
        if table.scales:
            ordered = Checkbox(table.ordered, description=word("decide.ordered"), **WIDE)
            ordered.observe(lambda change: self._set(table, "ordered", change.new), "value")
            rows.append(ordered)
        for unknown in table.words:
            choices = [("", None), *CHOICES[unknown.table][1].items()]
            rows.append(self._menu(unknown, "counts_as", unknown.word, choices))
        return rows

    def _menu(self, owner: object, name: str, text: str, options: list) -> Dropdown:
        menu = Dropdown(options=options, value=getattr(owner, name), description=text, **WIDE)
        self.menus.append(menu)
        menu.observe(lambda change: self._set(owner, name, change.new), "value")
        return menu

    def _order(self, table: GuessedTable, axis: str, text: str) -> None:
        table.scales[axis] = [step.strip() for step in text.split(";") if step.strip()]
        self._show()

    def _set(self, owner: object, name: str, value: object) -> None:
        setattr(owner, name, value)
        self._show()

    def _show(self) -> None:
        """Show the first rows as the block would read them."""
        with tempfile.TemporaryDirectory() as folder:
            if self.guess.manual.exists():
                copytree(self.guess.manual, folder, dirs_exist_ok=True)
            dataclasses.replace(self.guess, manual=Path(folder)).save()
            try:
                read = read_export(self.guess.path, manual=Path(folder))
                tables = [read.risks.head(ROWS), read.activities.head(ROWS)]
                self.preview.value = "".join(map(_first_rows, tables))
            except RiskdataError as fault:
                self.preview.value = f"<p>{escape(str(fault))}</p>"

    def _save(self) -> None:
        file = self.guess.manual / "layouts.toml"
        self._before = file.read_bytes() if file.exists() else b""
        self.guess.save()
        self.undo.disabled = False
        self.said.value = escape(word("decide.saved_layout"))

    def _take_back(self) -> None:
        (self.guess.manual / "layouts.toml").write_bytes(self._before or b"")
        self.undo.disabled = True
        self.said.value = escape(word("decide.undone", file="layouts.toml"))


def _first_rows(rows: pd.DataFrame) -> str:
    printed = rows.dropna(axis=1, how="all").drop(columns=["source_file"], errors="ignore")
    return show(printed, [c for c in printed if not c.endswith("_id")])._repr_html_()
