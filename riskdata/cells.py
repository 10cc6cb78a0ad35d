"""What a printed cell can be told to be on sight: a scale step, a decision, a marked activity, people."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from riskdata.vocabulary import AXES, Vocabulary, Words, clean_space, fold

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
_SIGN_BETWEEN = re.compile(r"[,;\n/&]")
MOST_SPACES = 5  # of a name of four words, with what stands between it and the next
_AFTER_MARK = re.compile(r"[\s:–-]+(?=[\W\d]*[A-ZÅÄÖ\d\"”(])")

Form = tuple[str, ...]
_WHOLE = {  # what is never fused has one form
    kind: ((kind,),)
    for kind in (BLANK, GOAL, DIGIT, NUMBER, DECISION, SPACED, PEOPLE, PERSON, *AXES)
}


@dataclass(frozen=True)
class Sight:
    """Tells what a cell is, by the vocabulary and by the people whom the file itself names.

    Most cells are told once per file: what a cell is does not change, unless it may be people.

    people: each name seen in its own column, folded, and the row where it was first seen.
    traces: whether one leading space means a lost mark (not so where every cell is padded).
    """

    vocab: Vocabulary
    people: dict[str, int] = field(default_factory=dict)
    traces: bool = True
    _seen: dict[str, str] = field(default_factory=dict, repr=False)
    _maybe_people: set[str] = field(default_factory=set, repr=False)
    _pieces: dict[str, list[tuple[str, str]]] = field(default_factory=dict, repr=False)

    def kind(self, cell: str) -> str:
        """Return what a cell is as one piece."""
        return self._seen.get(cell) or self._see(cell)

    def kinds(self, cells: list[str]) -> tuple[str, ...]:
        """Return what each cell of a row is."""
        kinds = tuple(map(self._seen.get, cells))
        return tuple(map(self.kind, cells)) if None in kinds else kinds

    def with_people(self, people: dict[str, int]) -> "Sight":
        """Return a sight that also knows the file's people, to whom some of its texts may turn out."""
        sight = Sight(self.vocab, people, self.traces, dict(self._seen))
        sight._seen.update((c, PEOPLE) for c in self._maybe_people if sight._are_known(c))
        return sight

    def forms(self, cells: list[str], kinds: tuple[str, ...]) -> tuple[tuple[Form, ...], ...]:
        """Return what each cell may be: as one piece first, then as fused pieces if it can be split."""
        pairs = zip(cells, kinds, strict=True)
        return tuple([_WHOLE.get(kind) or self._forms(cell, kind) for cell, kind in pairs])

    def split(self, cell: str) -> list[tuple[str, str]]:
        """Return the pieces of a fused cell, each with its kind; one piece where it is not fused.

        >>> from riskdata.vocabulary import vocabulary
        >>> Sight(vocabulary()).split("9 Acceptera")
        [('digit', '9'), ('decision', 'Acceptera')]
        """
        if cell not in self._pieces:
            self._pieces[cell] = self._split(cell)
        return self._pieces[cell]

    def step(self, cell: str, axis: str) -> tuple[int | None, bool]:
        """Return the step that a cell prints on an axis, and whether its label agrees.

        The digit is read, not the word; a word alone counts where the vocabulary has it.
        """
        text = clean_space(cell)
        return _read_step(text, axis, self.vocab)

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
        return _mark(clean_space(cell), self.vocab)

    def status(self, mark: str) -> str | None:
        """Return the status of a mark: a code, "unknown" for none or a bullet, None if not known."""
        code = self.vocab.marks.get(mark) or self.vocab.statuses.get(fold(mark))
        return "unknown" if code == "none" or not mark else code

    def _see(self, cell: str) -> str:
        kind, may_be_people = _look(cell, self.traces, self.vocab)
        if may_be_people:
            self._maybe_people.add(cell)
            kind = PEOPLE if self._are_known(cell) else kind
        self._seen[cell] = kind
        return kind

    def _are_known(self, text: str) -> bool:
        people = _people_in(text)
        return bool(people) and all(fold(person) in self.people for person in people)

    def _forms(self, cell: str, kind: str) -> tuple[Form, ...]:
        pieces = self.split(cell) if self._may_be_fused(clean_space(cell)) else ()
        return ((kind,), tuple([k for k, _ in pieces])) if len(pieces) > 1 else ((kind,),)

    def _split(self, cell: str) -> list[tuple[str, str]]:
        text = clean_space(cell)
        if not self._may_be_fused(text):
            return [(self.kind(cell), cell)]
        pieces, at = [], 0
        for found in _known(self.vocab).typed.finditer(text):
            pieces += self._untyped(text[at : found.start()])
            pieces.append((self.kind(found[0]), found[0]))
            at = found.end()
        tail = text[at:].strip()
        pieces += self._with_people(tail) if tail else []
        loose = any(kind in (TEXT, SENTENCE) for kind, _ in pieces[1:-1])
        return [(self.kind(cell), cell)] if loose else pieces

    def _untyped(self, text: str) -> list[tuple[str, str]]:
        text = text.strip()
        return [(self.kind(text), text)] if text else []

    def _with_people(self, text: str) -> list[tuple[str, str]]:
        """Return a text, and apart from it the people known in this file who stand at its end."""
        if self.people and fold(text).endswith(self._names):
            for m in re.finditer(r"(?<=[.!?\w])\s+", text):
                if self._are_known(text[m.end() :]):
                    return [*self._untyped(text[: m.start()]), (PEOPLE, text[m.end() :])]
        return self._untyped(text)

    def _may_be_fused(self, text: str) -> bool:
        """Return whether anything stands in the text that a split could begin or end at."""
        folded = text.casefold()
        if any(map(folded.__contains__, _known(self.vocab).typed_words)):
            return True
        return folded.rstrip(".: *").endswith(self._names)

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(self.people)

    def starts(self, cell: str) -> list[int]:
        """Return where activities begin in a cell: at a mark, or a status word after a stop."""
        known = _known(self.vocab)
        return [m.start() for m in known.starts.finditer(cell)] if known.stop.search(cell) else []


class _Known:
    """What a vocabulary's words look like inside a cell, worked out once for all files."""

    def __init__(self, vocab: Vocabulary) -> None:
        labels = [word for axis in AXES for word in vocab.steps[axis]]
        decisions, statuses = vocab.known("decisions"), _any_of(vocab.known("statuses"))
        self.kinds = Words({
            **{word: axis for axis in reversed(AXES) for word in vocab.steps[axis]},
            **dict.fromkeys(vocab.statuses, STATUS),
            **dict.fromkeys(vocab.decisions, DECISION),
        })  # fmt: skip
        # Told on sight inside a cell: a step with its label, a decision.
        step = rf"\d\s*[.:)\-–]\s*{_any_of(labels)}"
        told = rf"(?<!\S)(?:{step}|{_any_of(decisions)})(?!\w)"
        self.typed = re.compile(told, re.IGNORECASE)
        words = {word.casefold() for word in (*labels, *decisions)}
        self.typed_words = [w for w in words if not any(o in w for o in words - {w})]
        self.status = re.compile(rf"{statuses}(?!\w)", re.IGNORECASE)
        marks = _any_of([*vocab.marks, *vocab.known("statuses")])
        self.mark = re.compile(rf"\W|{marks}", re.IGNORECASE)  # what any mark begins with
        self.glyphs = frozenset(g for g, code in vocab.marks.items() if code != "none")
        glyphs = re.escape("".join(self.glyphs))
        self.stop = re.compile(rf"[.!?\n{glyphs}](?:(?<![.!?])|\s)")  # a stop before a space
        word = rf"(?:(?<=[.!?]\s)|(?<=\n)){statuses}\s+(?=[A-ZÅÄÖ])"
        self.starts = re.compile(rf"(?<!\S){_any_of(self.glyphs)}|{word}")


@lru_cache
def _known(vocab: Vocabulary) -> _Known:
    return _Known(vocab)


@lru_cache(maxsize=5_000)
def _look(cell: str, traces: bool, vocab: Vocabulary) -> tuple[str, bool]:
    """Return what a cell is to one who knows no people, and whether it may turn out to be people."""
    text = clean_space(cell)
    if not text:
        return BLANK, False
    kind = (
        _number_kind(text, vocab)
        or (STATUS if text in vocab.marks else _known(vocab).kinds.find(text))
        or _marked_kind(text, vocab)
        or (SPACED if traces and cell[0].isspace() else None)
    )
    if kind:
        return kind, False
    if not _may_be_people(text):
        return SENTENCE if text[-1] in ".!?" else TEXT, False
    people = _people_in(text)
    if people and all(map(_PERSON.fullmatch, people)):
        return PERSON, True
    return SENTENCE if text[-1] in ".!?" else TEXT, True


def _number_kind(text: str, vocab: Vocabulary) -> str | None:
    if not text[0].isdigit():
        return None
    if number := _NUMBER.fullmatch(text):
        return DIGIT if int(number[1]) < 10 else NUMBER
    step = _STEP.fullmatch(text)
    if step and (axis := _axis(fold(step[3]), vocab)):
        return axis
    if step and step[2] and len(step[3].split()) <= 3 and not step[3][:1].isdigit():
        return STEP
    return GOAL if _GOAL.fullmatch(text) else None


def _marked_kind(text: str, vocab: Vocabulary) -> str | None:
    mark, _ = _mark(text, vocab)
    return MARKED if mark and vocab.marks.get(mark) != "none" else None


def _mark(text: str, vocab: Vocabulary) -> tuple[str, str]:
    known = _known(vocab)
    if not known.mark.match(text):
        return "", text
    if is_glyph(text[0], vocab):
        return text[0], text[1:].strip()
    word = known.status.match(text)
    if word and (word.end() == len(text) or _AFTER_MARK.match(text, word.end())):
        return word[0], text[word.end() :].lstrip(" :–-")
    return "", text


@lru_cache(maxsize=10_000)
def _read_step(text: str, axis: str, vocab: Vocabulary) -> tuple[int | None, bool]:
    digit = _STEP.fullmatch(text)
    labels = vocab.steps[axis]
    if not digit:
        return labels.get(fold(text)), True
    label = fold(digit[3])
    agrees = not label or any(s == int(digit[1]) and w.startswith(label) for w, s in labels.items())
    return int(digit[1]), agrees


@lru_cache(maxsize=10_000)
def _axis(label: str, vocab: Vocabulary) -> str | None:
    """Return the axis whose labels have this word, or STEP where it may be either (a cut label)."""
    axes = [a for a in AXES if label in vocab.steps[a]]
    axes = axes or [a for a in AXES if any(w.startswith(label) for w in vocab.steps[a])]
    return axes[0] if len(axes) == 1 else STEP if axes else None


def _may_be_people(text: str) -> bool:
    """Return whether a text has so few words that it could be names: at most four in each."""
    spaces = text.count(" ")
    if spaces <= MOST_SPACES:
        return True
    return spaces <= MOST_SPACES * (1 + sum(map(text.count, (",", ";", "/", "&", " och "))))


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
    return list(_people_in(text))


@lru_cache(maxsize=10_000)
def _people_in(text: str) -> tuple[str, ...]:
    parts = [text]
    if "och" in text or _SIGN_BETWEEN.search(text):
        parts = text.split(";") if ";" in text else _BETWEEN_PEOPLE.split(text)
    return tuple(dict.fromkeys(part for part in map(clean_space, parts) if part))


@lru_cache(maxsize=10_000)  # a goal is printed once and stands on many rows
def read_goal(text: str) -> tuple[str | None, str]:
    """Return the number of a goal, if it has one, and its text.

    >>> read_goal("1.3 Alla är trygga")
    ('1.3', 'Alla är trygga')
    """
    numbered = _GOAL.fullmatch(text)
    return (numbered[1], numbered[2]) if numbered else (None, text)
