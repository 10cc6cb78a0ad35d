"""What a printed cell can be told to be on sight: a scale step, a decision, a marked activity, people."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from riskdata.words.spelling import Words, clean_space, fold
from riskdata.words.vocabulary import AXES, Vocabulary

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
_SIGNS_BETWEEN = (",", ";", "/", "&", "\n", "och")  # one of them wherever the pattern fits
ENOUGH = 6  # letters of a word, to see whether it may stand in a text
OFTEN_SEEN = 40  # letters: a longer cell mostly stands in one file only
MOST_SPACES = 5  # of a name of four words, with what stands between it and the next
_AFTER_MARK = re.compile(r"[\s:–-]+(?=[\W\d]*[A-ZÅÄÖ\d\"”(])")

_UNTOLD = (TEXT, SENTENCE, PERSON)

Form = tuple[str, ...]
_NEVER_FUSED = (BLANK, GOAL, DIGIT, NUMBER, DECISION, SPACED, PEOPLE, PERSON, *AXES)
_MAYBE_FUSED = (TEXT, SENTENCE, STEP, STATUS, MARKED)
_AS_ONE = {kind: (kind,) for kind in (*_NEVER_FUSED, *_MAYBE_FUSED)}
_ONLY = {kind: (form,) for kind, form in _AS_ONE.items()}
_WHOLE = {kind: _ONLY[kind] for kind in _NEVER_FUSED}


class Sight:
    """Tells what a cell is, by the vocabulary and by the people whom the file itself names.

    Parameters
    ----------
    even : whether no cell of the file has a space to spare.
    traces : whether one leading space means a lost mark (not so where every cell is padded).
    """

    def __init__(
        self,
        vocab: Vocabulary,
        *,
        even: bool = False,
        traces: bool = True,
    ) -> None:
        self.vocab = vocab
        self.people: dict[str, int] = {}  # folded name → the row where it was first seen
        self._known = _known(vocab)
        self._names: tuple[str, ...] = ()
        self._kinds = _Kinds(self._known, self.people, even=even, traces=traces)
        self._pieces: dict[str, list[tuple[str, str]]] = {}

    def kind(self, cell: str) -> str:
        """Return what a cell is as one piece."""
        return self._kinds[cell]

    def kinds(self, cells: list[str]) -> tuple[str, ...]:
        """Return what each cell of a row is."""
        return tuple(map(self._kinds.__getitem__, cells))

    def learn(self, people: dict[str, int]) -> None:
        """Get to know the file's people, whom some of the texts seen so far may turn out to be."""
        self.people.update(people)
        self._names = tuple(people)
        maybe = self._kinds.maybe_people
        self._kinds.update((cell, PEOPLE) for cell in maybe if _are_known(cell, people))

    def forms(self, texts: list[str], kinds: tuple[str, ...]) -> tuple[tuple[Form, ...], ...]:
        """Return what each cell may be: as one piece first, then as fused pieces if it can be split."""
        pairs = zip(texts, kinds, strict=True)
        return tuple([_WHOLE.get(kind) or self._forms(text, kind) for text, kind in pairs])

    def split(self, cell: str) -> list[tuple[str, str]]:
        """Return the pieces of a fused cell's text, each with its kind; one piece where it is not fused.

        >>> from riskdata.words.vocabulary import vocabulary
        >>> Sight(vocabulary()).split("9 Acceptera")
        [('digit', '9'), ('decision', 'Acceptera')]
        """
        pieces = self._pieces.get(cell)
        if pieces is None:
            pieces = self._pieces[cell] = self._split(cell)
        return pieces

    def step(self, text: str, axis: str) -> tuple[int | None, bool]:
        """Return the step that a text says on an axis, and whether its label agrees.

        The digit is read, not the word; a word alone counts where the vocabulary has it.
        """
        return _read_step(text, axis, self.vocab)

    def value(self, text: str) -> int | None:
        """Return the risk value that a text says, or None."""
        return _read_value(text)

    def mark(self, text: str) -> tuple[str, str]:
        """Return a text's mark (status word or glyph, "" if none) and the rest of it.

        >>> from riskdata.words.vocabulary import vocabulary
        >>> Sight(vocabulary()).mark("Avslutad Kontroll av rutiner")
        ('Avslutad', 'Kontroll av rutiner')
        """
        return _mark(text, self._known)

    def status(self, mark: str) -> str | None:
        """Return the status of a mark: a code, "unknown" for none or a bullet, None if not known."""
        code = self.vocab.marks.get(mark) or self.vocab.statuses.get(fold(mark))
        return "unknown" if code == "none" or not mark else code

    def _forms(self, text: str, kind: str) -> tuple[Form, ...]:
        pieces = self.split(text) if self._may_be_fused(text) else ()
        return (_AS_ONE[kind], tuple([k for k, _ in pieces])) if len(pieces) > 1 else _ONLY[kind]

    def _split(self, cell: str) -> list[tuple[str, str]]:
        text = clean_space(cell)
        if not self._may_be_fused(text):
            return [(self.kind(cell), cell)]
        *first, tail = _cut(text, self._known)
        pieces = [(self.kind(piece), piece) for piece in first]
        pieces += self._with_people(tail) if tail else []
        loose = any(kind in (TEXT, SENTENCE) for kind, _ in pieces[1:-1])
        return [(self.kind(cell), cell)] if loose else pieces

    def _with_people(self, text: str) -> list[tuple[str, str]]:
        """Return a text, and apart from it the people known in this file who stand at its end."""
        if self.people and fold(text).endswith(self._names):
            for m in re.finditer(r"(?<=[.!?\w])\s+", text):
                if _are_known(text[m.end() :], self.people):
                    before = text[: m.start()]
                    return [(self.kind(before), before), (PEOPLE, text[m.end() :])]
        return [(self.kind(text), text)]

    def _may_be_fused(self, text: str) -> bool:
        """Return whether anything stands in the text that a split could begin or end at."""
        folded = text.casefold()
        if any(map(folded.__contains__, self._known.typed_words)):
            return True
        return folded.rstrip(".: *").endswith(self._names)

    def starts(self, cell: str) -> list[int]:
        """Return where activities begin in a cell: at a mark, or a status word after a stop."""
        known = self._known
        return [m.start() for m in known.starts.finditer(cell)] if known.stop.search(cell) else []


class _Kinds(dict[str, str]):
    """Cell → what it is, told when a cell is first asked for."""

    def __init__(
        self, known: "_Known", people: dict[str, int], *, even: bool, traces: bool
    ) -> None:
        self.known, self.people, self.even, self.traces = known, people, even, traces
        self.maybe_people: set[str] = set()

    def __missing__(self, cell: str) -> str:
        text = cell if self.even else clean_space(cell)
        look = _look_again if len(text) <= OFTEN_SEEN else _look
        kind, may_be_people = look(text, self.known)
        if text is not cell and self.traces and kind in _UNTOLD and cell[0].isspace():
            kind = SPACED
        elif may_be_people:
            self.maybe_people.add(cell)
            kind = PEOPLE if _are_known(cell, self.people) else kind
        self[cell] = kind
        return kind


class _Known:
    """What a vocabulary's words look like inside a cell, worked out once for all files."""

    def __init__(self, vocab: Vocabulary) -> None:
        self.vocab = vocab
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
        shortest = [w for w in words if not any(other in w for other in words - {w})]
        self.typed_words = sorted({word[:ENOUGH] for word in shortest})
        self.status = re.compile(rf"{statuses}(?!\w)", re.IGNORECASE)
        self.words = {word[:2] for word in vocab.statuses}  # how status words begin
        self.letters = {mark for mark in vocab.marks if mark.isalnum()}
        self.glyphs = frozenset(g for g, code in vocab.marks.items() if code != "none")
        glyphs = re.escape("".join(self.glyphs))
        self.stop = re.compile(rf"[.!?\n{glyphs}](?:(?<![.!?])|\s)")  # a stop before a space
        word = rf"(?:(?<=[.!?]\s)|(?<=\n)){statuses}\s+(?=[A-ZÅÄÖ])"
        self.starts = re.compile(rf"(?<!\S){_any_of(self.glyphs)}|{word}")

    def may_be_marked(self, text: str) -> bool:
        """Return whether a text begins as some mark does, or with a sign."""
        first = text[:1]
        return not first.isalnum() or text[:2].casefold() in self.words or first in self.letters


@lru_cache
def _known(vocab: Vocabulary) -> _Known:
    return _Known(vocab)


def _look(text: str, known: _Known) -> tuple[str, bool]:
    """Return what a cell is to one who knows no people, and whether it may turn out to be people."""
    if not text:
        return BLANK, False
    told = text[0].isdigit() and _number_kind(text, known.vocab)
    if not told and len(text) <= known.kinds.longest:
        told = STATUS if text in known.vocab.marks else known.kinds.find(text)
    if not told and known.may_be_marked(text) and _is_marked(text, known):
        told = MARKED
    if told:
        return told, False
    untold = SENTENCE if text[-1] in ".!?" else TEXT
    if text.count(" ") > MOST_SPACES and not _may_be_people(text):
        return untold, False
    people = _people_in(text)
    return (PERSON if people and all(map(_PERSON.fullmatch, people)) else untold), True


_look_again = lru_cache(maxsize=10_000)(_look)


@lru_cache(maxsize=10_000)
def _cut(text: str, known: _Known) -> tuple[str, ...]:
    """Return a text cut before and after what is told on sight in it; last what follows, or ""."""
    pieces, at = [], 0
    for found in known.typed.finditer(text):
        pieces += [text[at : found.start()].strip(), found[0]]
        at = found.end()
    return *filter(None, pieces), text[at:].strip()


def _are_known(text: str, people: dict[str, int]) -> bool:
    """Return whether a text is people, every one of them known."""
    named = _people_in(text) if people else ()
    return bool(named) and all(fold(person) in people for person in named)


def _number_kind(text: str, vocab: Vocabulary) -> str | None:
    if number := _NUMBER.fullmatch(text):
        return DIGIT if int(number[1]) < 10 else NUMBER
    step = _STEP.fullmatch(text)
    if step and (axis := _axis(fold(step[3]), vocab)):
        return axis
    if step and step[2] and len(step[3].split()) <= 3 and not step[3][:1].isdigit():
        return STEP
    return GOAL if _GOAL.fullmatch(text) else None


def _is_marked(text: str, known: _Known) -> bool:
    mark, _ = _mark(text, known)
    return mark != "" and known.vocab.marks.get(mark) != "none"


@lru_cache(maxsize=500)  # asked when a cell is seen, and when its activity is made
def _mark(text: str, known: _Known) -> tuple[str, str]:
    if not known.may_be_marked(text):
        return "", text
    if is_glyph(text[0], known.vocab):
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


@lru_cache(maxsize=1_000)
def _read_value(text: str) -> int | None:
    number = _NUMBER.fullmatch(text)
    return int(number[1]) if number else None


@lru_cache(maxsize=10_000)
def _axis(label: str, vocab: Vocabulary) -> str | None:
    """Return the axis whose labels have this word, or STEP where it may be either (a cut label)."""
    axes = [a for a in AXES if label in vocab.steps[a]]
    axes = axes or [a for a in AXES if any(w.startswith(label) for w in vocab.steps[a])]
    return axes[0] if len(axes) == 1 else STEP if axes else None


def _may_be_people(text: str) -> bool:
    """Return whether a text has so few words that it could be names: at most four in each."""
    between = sum([text.count(sign) for sign in _SIGNS_BETWEEN if sign in text])
    return text.count(" ") <= MOST_SPACES * (1 + between)


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, the longest that fits."""
    return f"(?:{'|'.join(sorted(map(re.escape, set(words)), key=lambda w: (-len(w), w)))})"


def is_glyph(char: str, vocab: Vocabulary) -> bool:
    """Return whether a character is a mark: one that is known, or a symbol that could be one."""
    if char.isalnum() or not char:
        return char in vocab.marks
    return char in vocab.marks or unicodedata.category(char) in ("So", "Co", "Cn")


def read_people(text: str) -> list[str]:
    """Return the people in a cell, as printed; a semicolon outranks a comma.

    >>> read_people("Maja Lind, Omar Berg och Eva Ek")
    ['Maja Lind', 'Omar Berg', 'Eva Ek']
    """
    return list(_people_in(text))


@lru_cache(maxsize=10_000)
def _people_in(text: str) -> tuple[str, ...]:
    parts = [text]
    if any(sign in text for sign in _SIGNS_BETWEEN):
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
