"""What a printed cell can be told to be on sight: a scale step, a decision, a marked activity, people."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from riskdata.vocabulary import AXES, Vocabulary, clean_space, fold

# What a cell can be. A fused cell is several of these in a row.
BLANK, TEXT, SENTENCE, GOAL = "blank", "text", "sentence", "goal"
DIGIT, NUMBER, STEP = "digit", "number", "step"
DECISION, STATUS, MARKED, SPACED = "decision", "status", "marked", "spaced"
PEOPLE, PERSON = "people", "person"

_STEP = re.compile(r"(\d{1,2})\s*([.:)\-–]*)\s*(.*)", re.DOTALL)
_NUMBER = re.compile(r"(\d{1,3})(?:[.,]0+)?")
_GOAL = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,3})\.?\s+(\S.*)", re.DOTALL)
_NAME = r"[A-ZÅÄÖÉÜØÆ][a-zåäöéüøæáíóèçñšćžł]+(?:[-'’][A-ZÅÄÖÉ][a-zåäöéü]+)*"
_PERSON = re.compile(rf"{_NAME}(?:\s(?:af|av|von|de|van|der|el|al))?(?:\s{_NAME}){{1,2}}")
_BETWEEN_PEOPLE = re.compile(r"\s*[,;\n/&]\s*|\s+och\s+")
_AFTER_MARK = re.compile(r"[\s:–-]+(?=[\W\d]*[A-ZÅÄÖ\d\"”(])")

Form = tuple[str, ...]


@dataclass(frozen=True)
class Sight:
    """Tells what a cell is, by the vocabulary and by the people whom the file itself names.

    people: each name seen in its own column, folded, and the row where it was first seen.
    traces: whether one leading space means a lost mark (not so where every cell is padded).
    """

    vocab: Vocabulary
    people: dict[str, int] = field(default_factory=dict, hash=False)
    traces: bool = True
    _kinds: dict[str, str] = field(default_factory=dict, hash=False, repr=False)

    def kind(self, cell: str) -> str:
        """Return what a cell is as one piece."""
        known = self._kinds.get(cell)
        if known is None:
            known = self._kinds[cell] = self._kind(cell)
        return known

    def forms(self, cell: str) -> tuple[Form, ...]:
        """Return what the cell may be: as one piece first, then as fused pieces if it can be split."""
        kind = self.kind(cell)
        pieces = self.split(cell) if kind in (TEXT, SENTENCE, MARKED, STATUS, STEP) else []
        fused = tuple(kind for kind, _ in pieces)
        return ((kind,), fused) if len(fused) > 1 else ((kind,),)

    def split(self, cell: str) -> list[tuple[str, str]]:
        """Return the pieces of a fused cell, each with its kind; one piece where it is not fused.

        >>> from riskdata.vocabulary import vocabulary
        >>> Sight(vocabulary()).split("9 Acceptera")
        [('digit', '9'), ('decision', 'Acceptera')]
        """
        text = clean_space(cell)
        pieces, at = [], 0
        for found in self._typed.finditer(text):
            pieces += self._untyped(text[at : found.start()])
            pieces.append((self._kind(found[0]), found[0]))
            at = found.end()
        tail = text[at:].strip()
        pieces += self._with_people(tail) if tail else []
        loose = any(kind in (TEXT, SENTENCE) for kind, _ in pieces[1:-1])
        return [(self._kind(cell), cell)] if loose else pieces

    def step(self, cell: str, axis: str) -> tuple[int | None, bool]:
        """Return the step that a cell prints on an axis, and whether its label agrees.

        The digit is read, not the word; a word alone counts where the vocabulary has it.
        """
        text = clean_space(cell)
        digit = _STEP.fullmatch(text)
        if not digit:
            return self.vocab.steps[axis].get(fold(text)), True
        label = fold(digit[3])
        labels = self.vocab.steps[axis]
        agrees = not label or any(
            s == int(digit[1]) and w.startswith(label) for w, s in labels.items()
        )
        return int(digit[1]), agrees

    def value(self, cell: str) -> int | None:
        """Return the risk value that a cell prints, or None."""
        number = _NUMBER.fullmatch(clean_space(cell))
        return int(number[1]) if number else None

    def mark(self, cell: str) -> tuple[str, str]:
        """Return a cell's mark (status word or glyph, "" if none) and the rest of its text.

        >>> from riskdata.vocabulary import vocabulary
        >>> Sight(vocabulary()).mark("Avslutad Kontroll av rutiner")
        ('Avslutad', 'Kontroll av rutiner')
        """
        text = clean_space(cell)
        if is_glyph(text[:1], self.vocab):
            return text[0], text[1:].strip()
        word = self._status.match(text)
        if word and (word.end() == len(text) or _AFTER_MARK.match(text, word.end())):
            return word[0], text[word.end() :].lstrip(" :–-")
        return "", text

    def status(self, mark: str) -> str | None:
        """Return the status of a mark: a code, "unknown" for none or a bullet, None if not known."""
        code = self.vocab.marks.get(mark) or self.vocab.statuses.get(fold(mark))
        return "unknown" if code == "none" or not mark else code

    def _kind(self, cell: str) -> str:
        text = clean_space(cell)
        if not text:
            return BLANK
        return (
            self._number_kind(text)
            or self._word_kind(text)
            or self._marked_kind(cell, text)
            or self._people_kind(text)
            or (SENTENCE if text[-1] in ".!?" else TEXT)
        )

    def _number_kind(self, text: str) -> str | None:
        if not text[0].isdigit():
            return None
        if number := _NUMBER.fullmatch(text):
            return DIGIT if int(number[1]) < 10 else NUMBER
        step = _STEP.fullmatch(text)
        if step and (axis := self._axis(step[3])):
            return axis
        if step and step[2] and len(step[3].split()) <= 3 and not step[3][:1].isdigit():
            return STEP
        return GOAL if _GOAL.fullmatch(text) else None

    def _axis(self, label: str) -> str | None:
        """Return the axis whose labels have this word, or STEP where it may be either (a cut label)."""
        word = fold(label)
        axes = [a for a in AXES if word in self.vocab.steps[a]]
        axes = axes or [a for a in AXES if any(w.startswith(word) for w in self.vocab.steps[a])]
        return axes[0] if len(axes) == 1 else STEP if axes else None

    def _word_kind(self, text: str) -> str | None:
        word = fold(text)
        if word in self.vocab.decisions:
            return DECISION
        if word in self.vocab.statuses or text in self.vocab.marks:
            return STATUS
        return next((axis for axis in AXES if word in self.vocab.steps[axis]), None)

    def _marked_kind(self, cell: str, text: str) -> str | None:
        mark = self.mark(text)[0]
        if mark and self.vocab.marks.get(mark) != "none":
            return MARKED
        return SPACED if self.traces and cell[0].isspace() else None

    def _people_kind(self, text: str) -> str | None:
        people = read_people(text)
        if people and all(fold(p) in self.people for p in people):
            return PEOPLE
        return PERSON if people and all(_PERSON.fullmatch(p) for p in people) else None

    def _untyped(self, text: str) -> list[tuple[str, str]]:
        text = text.strip()
        return [(self._kind(text), text)] if text else []

    def _with_people(self, text: str) -> list[tuple[str, str]]:
        """Return a text, and apart from it the people known in this file who stand at its end."""
        if self.people and fold(text).endswith(tuple(self.people)):
            for m in re.finditer(r"(?<=[.!?\w])\s+", text):
                if self._people_kind(text[m.end() :]) == PEOPLE:
                    return [*self._untyped(text[: m.start()]), (PEOPLE, text[m.end() :])]
        return self._untyped(text)

    @cached_property
    def _typed(self) -> re.Pattern:
        """Matches what is told on sight inside a cell: a step with its label, a decision."""
        labels = _any_of(word for axis in AXES for word in self.vocab.steps[axis])
        decisions = _any_of(self.vocab.known("decisions"))
        step = rf"\d\s*[.:)\-–]\s*{labels}"
        return re.compile(rf"(?<!\S)(?:{step}|{decisions})(?!\w)", re.IGNORECASE)

    @cached_property
    def starts(self) -> re.Pattern:
        """Matches where an activity begins inside a cell: at a mark, or a status word after a stop."""
        glyphs = _any_of(glyph for glyph, code in self.vocab.marks.items() if code != "none")
        word = rf"(?:(?<=[.!?]\s)|(?<=\n)){_any_of(self.vocab.known('statuses'))}\s+(?=[A-ZÅÄÖ])"
        return re.compile(rf"(?<!\S){glyphs}|{word}")

    @cached_property
    def _status(self) -> re.Pattern:
        return re.compile(rf"{_any_of(self.vocab.known('statuses'))}(?!\w)", re.IGNORECASE)


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, the longest that fits."""
    return f"(?:{'|'.join(sorted(map(re.escape, set(words)), key=lambda w: (-len(w), w)))})"


def is_glyph(char: str, vocab: Vocabulary) -> bool:
    """Return whether a character is a mark: one that is known, or a symbol that could be one."""
    return char in vocab.marks or (char != "" and unicodedata.category(char) in ("So", "Co", "Cn"))


def read_people(text: str) -> list[str]:
    """Return the people in a cell, as printed; a semicolon outranks a comma.

    >>> read_people("Maja Lind, Omar Berg och Eva Ek")
    ['Maja Lind', 'Omar Berg', 'Eva Ek']
    """
    parts = text.split(";") if ";" in text else _BETWEEN_PEOPLE.split(text)
    return list(dict.fromkeys(part for part in map(clean_space, parts) if part))


def read_goal(text: str) -> tuple[str | None, str]:
    """Return the number of a goal, if it has one, and its text.

    >>> read_goal("1.3 Alla är trygga")
    ('1.3', 'Alla är trygga')
    """
    numbered = _GOAL.fullmatch(text)
    return (numbered[1], numbered[2]) if numbered else (None, text)
