"""What one printed cell can be, and what it says: a step, a value, a mark, a decision, people, a date."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from riskdata.words.spelling import (
    AMERICAN,
    DATE,
    MONTH,
    MOST_ENDINGS,
    PERSON,
    any_of,
    clean_space,
    fold,
    read_date,
    read_people,
)
from riskdata.words.vocabulary import AXES, LISTS, Vocabulary

# What a cell can be: blank, text, sentence, goal, date, error · digit, number, step, value, and an axis
# · decision, status, marked, spaced (a lost mark) · person, people. A fused cell is several of these.
Form = tuple[str, ...]
NOT_TOLD = ("text", "sentence", "person")
SCALED = (*AXES, *(f"{axis}_after" for axis in AXES))  # the fields that hold steps
LONGEST_ADDITION = 6  # words after a status or a decision: more is a text of its own
LONGEST_PEOPLE = 240  # letters
_NUMBER = re.compile(
    r"=?\s*\(?(\d{1,3})(?:[.,](?:0+|0{4,}\d+))?\s*(?:p|poäng)?\)?\.?\s*[*†↑↓→↗↘]*", re.IGNORECASE
)
_NEARLY = re.compile(r"(\d{1,3})[.,]9{6,}\d*")  # what a computer makes of 6
_PRODUCT = re.compile(r"(\d{1,2})\s*[x×*·]\s*(\d{1,2})\s*=\s*(\d{1,3})", re.IGNORECASE)
_LEVEL = re.compile(
    r"(\d{1,3})\s*[-–:,(/]*\s*([^\W\d][^()]*?)\)?|([^\W\d][^()]*?)\s*[-–:,(/]*\s*(\d{1,3})\)?"
)
_DOTS = re.compile(r"(?=.{3})([●★■⬤•]+)[○☆□◯◦]*")
_BESIDE = re.compile(r"(\d{1,3})\s*[*†]*\s*\([^()]{1,12}\)")  # the year before's value, or a change
_OF = re.compile(r"(\d{1,2})\s*(?:av|/|\(av|\(1\s*[-–])\s*(\d{1,2})\)?", re.IGNORECASE)
_STEP = re.compile(
    r"\(?(?P<step>\d{1,2})\)?\s*(?P<sign>[.:)\-–=]*)\s*\(?(?P<label>.*?)\)?", re.DOTALL
)
_LAST = re.compile(
    r"(?P<label>[^\W\d][^()\d]*?)\s*(?P<sign>[-–:,.(=/]*)\s*(?P<step>\d{1,2})\)?", re.DOTALL
)
_ORDINAL = re.compile(r"\d{1,2}:[ae]\b", re.IGNORECASE)  # 1:e handläggare
_GOAL = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,3})\.?\s+(\S.*)", re.DOTALL)
_AFTER_MARK = re.compile(r"[\s:–-]+(?=[\W\d]*[A-ZÅÄÖ\d\"”(])")
_ADDED = re.compile(
    r"[\s,.:;!/–-]*(?:[A-ZÅÄÖ]{2,3}|\([^()]*\)|\d[\w\s./%–-]*|[a-zåäö](?:[^.!?]|\.(?! ?[A-ZÅÄÖ]))*)\.?"
)
_WORD = re.compile(r"\w+")
_INITIAL = re.compile(r"\b[A-ZÅÄÖ]\.$")  # Ann W.


class Numeral(NamedTuple):
    """What a cell with a number is, and says: a step with its label, a value with its level.

    level: None where what stands beside the value is no level: "12 (9)", "8 (-2)".
    """

    kind: str = ""
    step: int | None = None
    label: str = ""
    value: int | None = None
    level: str | None = ""


class Cells:
    """Tells what a cell is, by the vocabulary and by what the file itself has shown.

    traces: whether one leading space means a lost mark (not so where cells are padded).
    """

    def __init__(self, vocab: Vocabulary, *, traces: bool = True) -> None:
        self.vocab, self.traces = vocab, traces
        self.people: dict[str, int] = {}  # folded name → the row where it was first seen
        self.known = _known(vocab)
        self._names: tuple[str, ...] = ()
        self._kinds: dict[str, str] = {}  # of the cells seen since people were learnt

    def kind(self, cell: str) -> str:
        """Return what a cell is as one piece."""
        if cell not in self._kinds:
            self._kinds[cell] = self._kind(cell)
        return self._kinds[cell]

    def _kind(self, cell: str) -> str:
        text = clean_space(cell)
        kind = _look(text, self.known)
        if kind in NOT_TOLD:
            if self.traces and cell[0].isspace():
                return "spaced"
            if self.people and len(text) <= LONGEST_PEOPLE and self._are_known(text):
                return "people"
        return kind

    def kinds(self, cells: Iterable[str]) -> tuple[str, ...]:
        """Return what each cell of a row is."""
        return tuple(map(self.kind, cells))

    def learn(self, people: dict[str, int]) -> None:
        """Get to know the file's people: each with the row where it was first seen."""
        self.people |= people
        self._names, self._kinds = tuple(self.people), {}

    def split(self, cell: str) -> list[tuple[str, str]]:
        """Return the pieces of a fused cell's text, each with its kind; one where it is not fused."""
        kind = self.kind(cell)
        if kind not in ("text", "sentence", "step", "status", "marked"):
            return [(kind, cell)]
        *first, tail = _cut(clean_space(cell), self.known)
        first += self._without_people(tail) if tail else ()
        pieces = [(self.kind(piece), piece) for piece in first]
        loose = any(kind in ("text", "sentence") for kind, _ in pieces[1:-1])
        return [(kind, cell)] if loose or len(pieces) < 2 else pieces

    def step(self, text: str, axis: str) -> tuple[int | None, bool]:
        """Return the step that a text says on an axis, and whether its label agrees.

        The digit is read, not the word; a word alone counts where the vocabulary has it.
        """
        return _step(text, axis.removesuffix("_after"), self.known)

    def value(self, text: str) -> tuple[int | None, str | None]:
        """Return the risk value that a text says, or None, and the level printed beside it."""
        numeral = _numeral(text, self.known)
        return numeral.value, numeral.level

    def mark(self, text: str) -> tuple[str, str]:
        """Return a text's mark (status word or glyph, "" if none) and the rest of it."""
        return _mark(text, self.known)

    def status(self, mark: str) -> str | None:
        """Return the status of a mark: a code, "unknown" for none or a bullet, None if not known."""
        code = self.vocab.marks.get(mark) or self.vocab.statuses.get(fold(mark))
        return "unknown" if code == "none" or not mark else code

    def coded(self, text: str, table: str) -> tuple[str | None, str]:
        """Return the code of a decision or status that begins a text, and what is added to it."""
        codes = getattr(self.vocab, table)
        if fold(text) in codes or (table == "statuses" and text in self.vocab.marks):
            return codes.get(fold(text)) or self.vocab.marks[text], ""
        word, added = _added(text, table, self.known)
        if word and self.known.negations.isdisjoint(_words(added)):
            return codes[fold(word)], added.strip(" ,.:;–-()")
        return None, ""

    def is_settled(self, code: str, table: str, added: str) -> bool:
        """Return whether what is added to a word is a date, or cannot turn it: "Pågår (ca 50 %)".

        That can turn what is finished or without deviation, and so can another such word.
        """
        if (
            DATE.fullmatch(added)
            or re.fullmatch(r"(19|20)\d\d", added)
            or self.says(added, "harmless")
        ):
            return True
        counts, known = self.vocab.counts(table).get(code), self.known
        turning = {"100", *self.vocab.statuses, *self.vocab.outcomes, *known.negations}
        turning |= known.own["nobody"] if counts == "deviation" else set()  # "Avvikelse: ingen"
        certain = counts in ("unfinished", "deviation", "not_made")
        return certain and turning.isdisjoint(_words(added))

    def says(self, text: str, table: str) -> bool:
        """Return whether a text is a word of a list of [cells]: "ditto", "nothing" …"""
        return fold(text) in self.known.own[table]

    def is_nothing(self, text: str) -> bool:
        """Return whether a cell prints a sign or words for nothing, or only asks to be filled in."""
        return self.says(text, "nothing") or bool(self.known.prompt.fullmatch(text))

    def due_date(self, text: str, *, american: bool = False) -> tuple[str | None, str]:
        """Return when a cell says that something shall be done, and the rule by which it was read.

        None where it always goes on. american: whether months stand before days in the file.
        """
        if self.says(text, "no_date"):
            return None, "nothing_printed"
        if re.fullmatch(r"[345]\d{4}", text):  # a spreadsheet's number of a day, 1982 to 2064
            return (date(1899, 12, 30) + timedelta(int(text))).isoformat(), "serial_date"
        bare = self.known.deadline.sub("", text)
        bare = AMERICAN.sub(r"\2/\1/\3", bare) if american else bare
        return read_date(bare), "date_added" if bare != text else ""

    def _without_people(self, text: str) -> list[str]:
        """Return a text, and apart from it the people known in this file who stand at its end."""
        if self.people and fold(text).endswith(self._names):
            for m in re.finditer(r"(?<=[.!?\w])\s+", text):
                if self._are_known(text[m.end() :]):
                    return [text[: m.start()], text[m.end() :]]
        return [text]

    def _are_known(self, text: str) -> bool:
        named = read_people(text)
        return bool(named) and all(fold(person) in self.people for person in named)


class _Known:
    """What a vocabulary's words look like inside a cell, worked out once for all files."""

    def __init__(self, vocab: Vocabulary) -> None:
        words, self.vocab = vocab.words["cells"], vocab
        self.own = {name: {*map(fold, listed)} for name, listed in words.items()}
        explained = {mark for mark, code in vocab.marks.items() if code != "none"}
        self.own["nothing"] = (self.own["nothing"] | {""}) - explained
        asks = any_of(words["prompts"])
        self.prompt = re.compile(rf"<\s*{asks}\b[^<>]*>|\[\s*{asks}\b[^\[\]]*\]", re.IGNORECASE)
        self.negations = self.own["negations"]
        self.total = re.compile(rf"{any_of(words['totals'])}\b", re.IGNORECASE)
        on = any_of(words["continued"])
        self.continued = re.compile(rf"^{on}(?!\w)[\s:,–-]*|[\s,–-]+{on}$", re.IGNORECASE)
        month = rf"(?<!före )(?<!innan )(?=(?:{MONTH}))"
        lead = rf"^(?:{any_of(words['deadlines'])}[\s:]+)+(?:(?=\d)|{month})"
        self.deadline = re.compile(lead, re.IGNORECASE)
        letters = vocab.words["header_letters"]
        # Word before the number of a step → the axis that it names, or "step": S3, Nivå 3.
        self.axes = {word: axis for word, axis in vocab.headers.items() if axis in AXES}
        self.axes |= {fold(letter): axis for axis in AXES for letter in letters[axis]}
        self.axes |= dict.fromkeys(self.own["steps"], "step")
        labels = [word for axis in AXES for word in vocab.steps[axis]]
        self.kinds = {
            **{word: a for a in AXES for word in vocab.steps[a] if not word.isdigit()},
            **dict.fromkeys(set.intersection(*(set(vocab.steps[a]) for a in AXES)), "step"),
            **dict.fromkeys(vocab.statuses, "status"),
            **dict.fromkeys(vocab.decisions, "decision"),
        }
        longest = max(len(word) + 2 * word.count("/") for word in self.kinds)
        self.longest = longest + MOST_ENDINGS
        # Told on sight inside a cell: a step with its label, a decision.
        step = rf"\d\s*[.:)\-–]\s*{any_of(labels)}"
        begins = r"(?:(?<![^\W\d_]\s)|(?-i:(?=[A-ZÅÄÖ])))"  # no word within a sentence is a cell
        goes_on = r"\s+(?-i:[a-zåäö])"  # "Begränsa tillgången" is a measure
        decision = rf"{begins}{any_of(vocab.known('decisions'))}(?!{goes_on})"
        self.typed = re.compile(rf"(?<!\S)(?:{step}|{decision})(?!\w)", re.IGNORECASE)
        self.begins = {
            table: re.compile(rf"{any_of(vocab.known(table))}(?!\w)", re.IGNORECASE)
            for table in LISTS.values()
        }
        glyphs = [glyph for glyph, code in vocab.marks.items() if code != "none"]
        word = rf"(?:(?<=[.!?]\s)|(?<=\n)){any_of(vocab.known('statuses'))}\s+(?=[A-ZÅÄÖ])"
        self.starts = re.compile(rf"(?:^|(?<=[.!?\n])\s*|(?<=\s)){any_of(glyphs)}|{word}")


_known = lru_cache(_Known)


def _words(text: str) -> set[str]:
    return {*map(fold, _WORD.findall(text))}


@lru_cache(maxsize=20_000)
def _step(text: str, axis: str, known: _Known) -> tuple[int | None, bool]:
    labels = known.vocab.steps[axis]
    if fold(text) in labels:
        return labels[fold(text)], True
    numeral = _numeral(text, known)
    label, step = fold(numeral.label), numeral.step
    agrees = any(s == step and word.startswith(label) for word, s in labels.items())
    agrees |= known.axes.get(label) in (axis, "step")  # S3, Nivå 3
    return step, not label or agrees


@lru_cache(maxsize=20_000)
def _look(text: str, known: _Known) -> str:
    """Return what a cell is to one who knows no people."""
    if len(text) <= known.longest:  # else it is none of the words, and need not be folded
        if fold(text) in known.own["nothing"]:
            return "blank"
        if fold(text) in known.own["errors"] or set(text) == {"#"}:
            return "error"
        told = "status" if text in known.vocab.marks else known.kinds.get(fold(text))
        told = told or _numeral(text, known).kind or (DATE.fullmatch(text) and "date")
        for kind in () if told else ("status", "decision"):
            word, added = _added(text, LISTS[kind], known)
            if word and not added.lstrip()[:1].isalpha():  # else a text, as "Försenad leverans"
                told = told or kind
        if told:
            return told
    elif _GOAL.fullmatch(text):
        return "goal"
    mark, _ = _mark(text, known)
    if mark and known.vocab.marks.get(mark) != "none":
        return "marked"
    people = read_people(text) if len(text) <= LONGEST_PEOPLE else ()
    if people and all(map(PERSON.fullmatch, people)):
        return "person"
    return "sentence" if text[-1] in ".!?" and not _INITIAL.search(text) else "text"


def _begun(text: str, table: str, known: _Known) -> tuple[str, str]:
    """Return the word of a list that begins a text, "" for none, and what follows it."""
    word = known.begins[table].match(text)
    return (word[0], text[word.end() :]) if word else ("", text)


def _added(text: str, table: str, known: _Known) -> tuple[str, str]:
    """Return the word that begins a text and what is added: a date, a parenthesis, a few words."""
    word, added = _begun(text.lower() if text.isupper() else text, table, known)
    few = len(added.split()) <= LONGEST_ADDITION and _ADDED.fullmatch(added)
    return (word, added) if word and few else ("", "")


@lru_cache(maxsize=20_000)
def _numeral(text: str, known: _Known) -> Numeral:
    """Return what a text with a number says, in whatever of the usual ways it is written."""
    if number := _NUMBER.fullmatch(text) or _NEARLY.fullmatch(text):
        exact = int(number[1]) + (number.re is _NEARLY)
        return Numeral("digit" if exact < 10 else "number", exact, value=exact)
    if dots := _DOTS.fullmatch(text):
        return Numeral("step", len(dots[1]))
    if of := _OF.fullmatch(text):
        told, top = int(of[1]), int(of[2])
        if told <= top > 12:
            return Numeral("value", value=told)
        return Numeral("step", told if told <= top <= 10 else None)
    kind, value, level = "", None, ""
    if product := _PRODUCT.fullmatch(text):
        one, other, printed = map(int, product.groups())
        value = printed if one * other == printed else None
    elif (said := _LEVEL.fullmatch(text)) and fold(said[2] or said[3]) in known.own["levels"]:
        value, level = int(said[1] or said[4]), (said[2] or said[3]).strip()
    elif beside := _BESIDE.fullmatch(text):
        value, level = int(beside[1]), None
    step = None if _ORDINAL.match(text) else _STEP.fullmatch(text) or _LAST.fullmatch(text)
    label = step["label"].strip() if step else ""
    axis = known.axes.get(fold(label)) or _axis(fold(label), known.vocab) if step else ""
    if _GOAL.fullmatch(text):
        kind = "goal"
    elif value is not None and not (axis and value < 10):  # 3 (möjlig) is a step
        kind = "value"
    elif step and not (kind := axis):
        signed = step["sign"] and (text[:1].isdigit() or step["sign"][-1] == "(")
        kind = "step" if signed and len(label.split()) <= 3 and not label[:1].isdigit() else ""
    return Numeral(kind, int(step["step"]) if step else None, label, value, level)


@lru_cache(maxsize=10_000)
def _axis(label: str, vocab: Vocabulary) -> str:
    """Return the axis whose labels have this word, or "step" where it may be either (a cut label)."""
    axes = [a for a in AXES if label and label in vocab.steps[a]]
    axes = axes or [a for a in AXES if label and any(w.startswith(label) for w in vocab.steps[a])]
    return axes[0] if len(axes) == 1 else "step" if axes else ""


@lru_cache(maxsize=500)  # asked when a cell is seen, and when its activity is made
def _mark(text: str, known: _Known) -> tuple[str, str]:
    if text and is_glyph(text[0], known.vocab) and (not text[0].isalnum() or text[1:2] == " "):
        return text[0], text[1:].strip()
    word, rest = _begun(text, "statuses", known)
    if word and (not rest or _AFTER_MARK.match(rest)):
        return word, rest.lstrip(" :–-")
    return "", text


@lru_cache(maxsize=10_000)
def _cut(text: str, known: _Known) -> tuple[str, ...]:
    """Return a text cut before and after what is told on sight in it; last what follows, or ""."""
    pieces, at = [], 0
    for found in known.typed.finditer(text):
        pieces += [text[at : found.start()].strip(), found[0]]
        at = found.end()
    return *filter(None, pieces), text[at:].strip()


def is_glyph(char: str, vocab: Vocabulary) -> bool:
    """Return whether a character is a mark: one that is known, or a symbol that could be one."""
    return char in vocab.marks or char != "" and unicodedata.category(char) in ("So", "Co", "Cn")


@lru_cache(maxsize=10_000)  # a goal is printed once and stands on many rows
def read_goal(text: str) -> tuple[str | None, str]:
    """Return the number of a goal, if it has one, and its text.

    >>> read_goal("1.3 Alla är trygga")
    ('1.3', 'Alla är trygga')
    """
    numbered = _GOAL.fullmatch(text)
    return (numbered[1], numbered[2]) if numbered else (None, text)
