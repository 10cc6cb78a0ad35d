"""Whether every printed cell is found again: in a tidy row, in the account or among the unread."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import itemgetter

from riskdata.exports.rows import join
from riskdata.exports.tidy import Tidy
from riskdata.readers.grid import Grid
from riskdata.words.spelling import clean_space
from riskdata.words.texts import unescape
from riskdata.words.vocabulary import AXES, Vocabulary

_CODED = (*AXES, "risk_value", "decision")
_codes_in = itemgetter(*_CODED)
_texts_in = itemgetter("activity", "mark", "description", "comment")  # of an activity
_SIGNS = (".", " - ")  # between a step and its label
_WORD = re.compile(r"[^\W_]+")


@dataclass
class Cells:
    """How many cells with text a file prints, and where they went; what is in no place was lost."""

    printed: int = 0
    placed: int = 0  # in a tidy row
    noted: int = 0  # in the account
    unread: int = 0


def find_lost(
    grids: list[Grid], found: Tidy, vocab: Vocabulary
) -> tuple[list[tuple[int, str, str]], Cells]:
    """Return the printed cells of which some word is nowhere, as rows for the unread table.

    And how many cells there are and where they are found. The words are compared row by row with
    what stands in the tables, so this does not depend on how the row was read; a step, status or
    decision counts as found when its code is there.
    """
    ledger, lost, cells = _Ledger(found, vocab), [], Cells()
    for grid in grids:
        for number, row, texts in zip(grid.numbers, grid.rows, grid.texts, strict=True):
            printed = list(filter(None, texts))
            cells.printed += len(printed)
            if ledger.whole[number].issuperset(printed):
                cells.placed += len(printed)
                continue
            if (number, join(printed)) in ledger.headers:
                cells.noted += len(printed)
                continue
            for cell, text in zip(row, texts, strict=True):
                if not text:
                    continue
                place, missing = ledger.find(number, text, cell)
                setattr(cells, place, getattr(cells, place) + 1)
                if missing:
                    reason = f"orden {', '.join(sorted(missing)[:5])} återfinns inte i tabellerna"
                    lost.append((number, text, reason))
    return lost, cells


class _Ledger:
    """Where each printed cell of one file is found again; more than the whole texts is seldom asked."""

    def __init__(self, found: Tidy, vocab: Vocabulary) -> None:
        self.found, self.vocab = found, vocab
        self.whole = _texts_of_rows(found, vocab)

    @cached_property
    def headers(self) -> set[tuple[int, str]]:
        """The rows of headers, as the account has them."""
        rules = ("header", "page_header")
        return {(entry[0], entry[3]) for entry in self.found.account if entry[2] in rules}

    @cached_property
    def codes(self) -> dict[int, frozenset[str]]:
        """Each row's steps, value and decision, word by word."""
        return _codes_of_rows(self.found, self.vocab)

    @cached_property
    def words(self) -> "_Words":
        """All words of each row."""
        return _Words(self.found, self.vocab)

    @cached_property
    def noted(self) -> dict[int, set[str]]:
        """What the account says was printed on each row."""
        noted: dict[int, set[str]] = defaultdict(set)
        for number, _, _, before, _, _ in self.found.account:
            noted[number].add(before)
        return noted

    @cached_property
    def left(self) -> set[int]:
        """The rows that are unread."""
        return {number for number, _, _ in self.found.unread}

    def find(self, number: int, text: str, cell: str) -> tuple[str, frozenset[str]]:
        """Return the place (a count of Cells) of a row's cell, and which of its words are nowhere."""
        if text in self.whole[number] or _words(text) <= self.codes[number]:
            return "placed", frozenset()
        words, placed = _words(cell), self.words.placed(number)
        if words <= placed or _is_cut_label(cell, words - placed, placed):
            return "placed", frozenset()
        if number in self.left:
            return "unread", words - self.words.of_row(number)
        if text in self.noted[number]:
            return "noted", frozenset()
        missing = words - self.words.of_row(number)
        return "unread" if missing else "noted", missing


def _texts_of_rows(found: Tidy, vocab: Vocabulary) -> dict[int, set[str]]:
    """Return the texts of each row that stand in a table just as printed, or as a code."""
    texts: dict[int, set] = defaultdict(set)
    for risk in found.risks:
        goal = f"{risk['goal_code']} {risk['goal']}"
        codes = _texts_of_codes(*_codes_in(risk), vocab)
        texts[risk["source_row"]].update(risk.values(), codes, (goal,))
    for activity in found.activities:
        whole = f"{activity['mark']} {activity['activity']}"
        people = ", ".join(activity["responsible"])
        texts[activity["source_row"]].update((whole, people, *_texts_in(activity)))
    return texts


def _codes_of_rows(found: Tidy, vocab: Vocabulary) -> dict[int, frozenset[str]]:
    """Return the words of each row's steps, value and decision, in every form that is read."""
    codes: dict[int, frozenset[str]] = defaultdict(frozenset)
    for risk in found.risks:
        codes[risk["source_row"]] |= _words_of_codes(*_codes_in(risk), vocab)
    return codes


@lru_cache(maxsize=10_000)
def _texts_of_codes(*codes_and_vocab) -> frozenset[str]:
    """Return how a risk's steps, value and decision are oftenest printed."""
    *steps, value, decision, vocab = codes_and_vocab
    words = vocab.words["decisions"].get(decision, ())
    texts = {str(value), *words, *(f"{value} {word}" for word in words)}
    for axis, step in zip(AXES, steps, strict=True):
        labels = vocab.scale_labels(axis)[step - 1 : step] if step else []
        texts.update((str(step), *(f"{step}{sign}{label}" for label in labels for sign in _SIGNS)))
    return frozenset(texts)


@lru_cache(maxsize=10_000)
def _words_of_codes(*codes_and_vocab) -> frozenset[str]:
    *codes, vocab = codes_and_vocab
    named = zip(_CODED, codes, strict=True)
    return frozenset().union(*(_words_of_value(name, code, vocab) for name, code in named))


def _is_cut_label(cell: str, missing: set[str], found: set[str]) -> bool:
    """Return whether a cell is a step whose label was cut ("4 - Mycket all"): its digit is there."""
    text = clean_space(cell)
    cut = all(any(word.startswith(part) for word in found) for part in missing)
    return text[:1].isdigit() and text[:1] in found and cut


class _Words:
    """All words of each printed row in the tables, gathered when a row is asked for."""

    def __init__(self, found: Tidy, vocab: Vocabulary) -> None:
        self.vocab, self.known, self.every = vocab, {}, {}
        self.tidy, self.texts = defaultdict(list), defaultdict(list)
        for row in (*found.risks, *found.activities):
            self.tidy[row["source_row"]].append(row)
        for number, _, _, before, after, _ in found.account:
            self.texts[number] += (before, after)
        for number, text, _ in found.unread:
            self.texts[number].append(text)

    def placed(self, number: int) -> frozenset[str]:
        """Return the words of a row's risks and activities."""
        if number not in self.known:
            values = [item for row in self.tidy[number] for item in row.items()]
            words = [_words_of_value(name, value, self.vocab) for name, value in values]
            self.known[number] = frozenset().union(*words)
        return self.known[number]

    def of_row(self, number: int) -> frozenset[str]:
        """Return those, and the words of what the account and unread say of the row."""
        if number not in self.every:
            self.every[number] = self.placed(number).union(*map(_words, self.texts[number]))
        return self.every[number]


def _words_of_value(name: str, value: object, vocab: Vocabulary) -> set[str]:
    if value is None or name == "risk":
        return set()
    if name in AXES:
        labels = [w for w, step in vocab.steps[name].items() if step == value]
        return {str(value)}.union(*(map(_words, labels)))
    if name == "decision":
        return set().union(*(map(_words, vocab.words["decisions"][value])))
    return _words("; ".join(value) if isinstance(value, list) else str(value))


@lru_cache(maxsize=50_000)
def _words(text: str) -> frozenset[str]:
    """Return the letters and digits of a text, word by word."""
    return frozenset(_WORD.findall(clean_space(unescape(text)).casefold()))
