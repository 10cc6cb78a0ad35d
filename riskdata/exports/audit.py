"""Whether every printed cell is found again: in a table or unread; else what it was set aside as."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from riskdata.exports.account import Left, Notes, join
from riskdata.exports.cells import Cells, read_date
from riskdata.exports.tidy import Tidy
from riskdata.readers.grid import Grid
from riskdata.words.spelling import clean_space, fold
from riskdata.words.texts import unescape
from riskdata.words.vocabulary import AXES, Vocabulary

_STEPS = (*AXES, *(f"{axis}_after" for axis in AXES))
_SIGNS = (".", " - ")  # between a step and its label
BETWEEN = ("och", "samt")  # words that part people
_WORD = re.compile(r"[^\W_]+")


@dataclass
class Counts:
    """How many cells with text a file prints, and where they went; what is in no place was lost.

    aside: of those that are no data, how many of each kind (a rule of the account).
    """

    printed: int = 0
    placed: int = 0  # in a tidy row
    unread: int = 0
    aside: Counter[str] = field(default_factory=Counter)


def find_lost(grids: list[Grid], exports: list[Tidy]) -> tuple[list[Left], Counts]:
    """Return the printed cells of which some word is nowhere, for the unread table, and the counts.

    The words are compared row by row with what stands in the tables, so this does not depend on how
    the row was read; a step, status or decision counts as found when its code is there.
    """
    ledger, lost, cells = _Ledger(exports), [], Counts()
    for grid in grids:
        for number, row in zip(grid.numbers, grid.rows, strict=True):
            texts = list(filter(None, map(clean_space, row)))
            cells.printed += len(texts)
            whole = ledger.whole.get(number, frozenset())
            if whole.issuperset(texts):
                cells.placed += len(texts)
                continue
            rest = [text for text in texts if text not in whole]
            cells.placed += len(texts) - len(rest)
            for text in rest:
                place, missing = ledger.find(number, text, join(texts))
                if place == "placed":
                    cells.placed += 1
                elif place == "unread":
                    cells.unread += 1
                else:
                    cells.aside[place] += 1
                if missing:
                    words = ", ".join(sorted(missing)[:5])
                    lost.append(Left(number, text, f"orden {words} återfinns inte i tabellerna"))
    return lost, cells


def check_columns(tables: Tidy) -> None:
    """Note columns that are not used, guessed or empty on every row, and headers without a row."""
    for table, columns in tables.part.tables:
        row = table.header_rows[0] if table.header_rows else None
        held = [Counter() for _ in columns.fields]
        for line in table.lines:
            for n, cell in enumerate(line.cells[: len(held)]):
                held[n][bool(clean_space(cell))] += 1
        add, headings = tables.notes.add, tuple(map(clean_space, columns.headings))
        if not table.lines:
            add(row, "", "header_without_rows", join(headings))
        for name, heading in zip(columns.fields, headings, strict=True):
            if fold(heading) in columns.vocab.misspelt_headers and not name.startswith("column "):
                add(row, name, "header_spelling", heading, columns.vocab.words["headers"][name][0])
        for n, heading in columns.unused.items():
            if n < len(held) and held[n][True]:
                add(
                    row,
                    clean_space(heading),
                    "column_not_used",
                    f"{heading}: {held[n][True]} celler",
                )
        for n, why in columns.guessed.items():
            add(row, columns.fields[n], "guessed_column", headings[n], why)
        for n, message in columns.doubts:
            add(row, columns.fields[n] if n < len(held) else "", "columns_doubt", message)
        if len(table.lines) > 1:
            for n, name in enumerate(columns.fields):
                if not held[n][True] and headings[n] and not name.startswith("column "):
                    add(row, name, "column_lost", headings[n])


def check_outside(tables: Tidy) -> None:
    """Ask about each text outside the tables that names a risk or a status: it may be one."""
    account = tables.notes.account
    outside = [n for n, entry in enumerate(account) if entry.rule == "outside_table"]
    if outside:
        events = [fold(risk["event"]) for risk in tables.risks if risk["event"]]
        known = "|".join(map(re.escape, [*events, *tables.vocab.statuses]))
        named = re.compile(rf"\brisk(?:en| att)\b|(?<!\w)(?:{known})(?!\w)")
        for n in outside:
            if named.search(fold(account[n].before)):
                account[n] = account[n]._replace(rule="outside_named")


class _Ledger:
    """Where each printed cell is found again; more than the whole texts is seldom asked for."""

    def __init__(self, exports: list[Tidy]) -> None:
        self.tidy: dict[int, list[tuple[dict, Vocabulary]]] = defaultdict(list)
        self.whole: dict[int, set] = defaultdict(set)
        self.rules: dict[int, dict[str, str]] = defaultdict(dict)  # row → text set aside → rule
        self.told: dict[int, list[str]] = defaultdict(list)  # row → texts of account and unread
        self.left: dict[int, list[str]] = defaultdict(list)
        for tables in exports:
            for row in chain(tables.risks, tables.activities):
                self.tidy[row["source_row"]].append((row, tables.vocab))
                self.whole[row["source_row"]] |= _texts_of(row, tables.vocab)
            self._read_notes(tables.notes)

    def _read_notes(self, notes: Notes) -> None:
        for entry in notes.account:
            if entry.row is not None:
                self.rules[entry.row].setdefault(entry.before, entry.rule)
                self.told[entry.row] += (entry.before, entry.after)
        for left in notes.unread:
            if left.row is not None:
                self.left[left.row].append(left.text)

    def find(self, number: int, text: str, row: str) -> tuple[str, frozenset[str]]:
        """Return where a row's cell is (placed, unread or a rule), and which of its words are nowhere."""
        words, placed = _words(text), self._placed(number)
        if words <= placed or any(_reads_as(text, *row) for row in self.tidy[number]):
            return "placed", frozenset()
        if words <= placed | self._words_of(self.left[number]):
            return "unread", frozenset()
        rules = self.rules[number]
        if rule := rules.get(text) or rules.get(row):
            return rule, frozenset()
        missing = words - placed - self._words_of(self.left[number] + self.told[number])
        return ("unread", missing) if missing else ("cell_kept", missing)

    def _placed(self, number: int) -> frozenset[str]:
        """Return the words of a row's risks and activities."""
        return frozenset().union(
            *(
                _words_of_value(name, value, vocab)
                for row, vocab in self.tidy[number]
                for name, value in row.items()
            )
        )

    @staticmethod
    def _words_of(texts: list[str]) -> frozenset[str]:
        return frozenset().union(*map(_words, texts))


def _texts_of(row: dict, vocab: Vocabulary) -> set:
    """Return the texts of a tidy row just as they are oftenest printed."""
    if "risk" in row:  # an activity
        people = ", ".join(row["responsible"])
        texts = {row[name] for name in ("activity", "mark", "description", "comment", "outcome")}
        return texts | {f"{row['mark']} {row['activity']}", people, row["due_date"]}
    codes = tuple(row[name] for name in (*_STEPS, "risk_value", "risk_value_after", "decision"))
    texts = {
        row[name] for name in ("goal", "indicator", "process", "way_of_working", "event", "level")
    }
    return texts | {f"{row['goal_code']} {row['goal']}"} | _texts_of_codes(codes, vocab)


@lru_cache(maxsize=10_000)
def _texts_of_codes(codes: tuple, vocab: Vocabulary) -> frozenset[str]:
    """Return how a risk's steps, values and decision are oftenest printed."""
    *steps, value, after, decision = codes
    words = vocab.words["decisions"].get(decision, ())
    texts = {str(value), str(after), *words, *(f"{value} {word}" for word in words)}
    for axis, step in zip(_STEPS, steps, strict=True):
        labels = vocab.scale_labels(axis.removesuffix("_after"))[step - 1 : step] if step else []
        texts.update((str(step), *(f"{step}{sign}{label}" for label in labels for sign in _SIGNS)))
    return frozenset(texts)


def _reads_as(text: str, row: dict, vocab: Vocabulary) -> bool:
    """Return whether a cell is a step, a value or a date of a tidy row, otherwise written there."""
    if "risk" in row:  # an activity
        return row["due_date"] == read_date(text)
    cells = Cells(vocab)
    read = [(name, cells.step(text, name)[0]) for name in _STEPS]
    read += [(name, cells.value(text)[0]) for name in ("risk_value", "risk_value_after")]
    return any(number is not None and row[name] == number for name, number in read)


def _words_of_value(name: str, value: object, vocab: Vocabulary) -> set[str] | frozenset[str]:
    if value is None or name in ("risk", "source_row", "table"):
        return frozenset()
    if name in _STEPS:
        steps = vocab.steps[name.removesuffix("_after")]
        return {str(value)}.union(*(_words(w) for w, step in steps.items() if step == value))
    if name == "decision":
        return frozenset().union(*map(_words, vocab.words["decisions"][value]))
    return _words("; ".join([*value, *BETWEEN]) if isinstance(value, list) else str(value))


@lru_cache(maxsize=50_000)
def _words(text: str) -> frozenset[str]:
    """Return the letters and digits of a text, word by word; "03" is 3."""
    words = _WORD.findall(clean_space(unescape(text)).casefold())
    return frozenset(word.lstrip("0") or word for word in words)
