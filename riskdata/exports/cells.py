"""What one printed cell can be, and what it says: a step, a value, a mark, a decision, people."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from riskdata.exports.people import NAME, read_people
from riskdata.words.spelling import Words, clean_space, fold
from riskdata.words.vocabulary import AXES, Vocabulary

# What a cell can be: blank, text, sentence, goal, date, error · digit, number, step, value, and an axis
# · decision, status, marked, spaced (a lost mark) · person, people. A fused cell is several of these.
NOT_TOLD = ("text", "sentence", "person")
MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_MONTH = rf"(?:{'|'.join(MONTHS)})[a-z]*"
_DAY = r"\d{4}-\d\d-\d\d|\d{6}|\d{8}|\d{1,2}[/.]\d{1,2}(?:[-/. ]\d{2,4})?"
_DAY += rf"|(?:\d{{1,2}} )?{_MONTH}\.?(?: \d{{4}})?"
_DATE = re.compile(rf"(?:{_DAY})(?:\s*[-–]\s*(?:{_DAY}))?", re.IGNORECASE)
_NUMBER = re.compile(
    r"=?\s*\(?(\d{1,3})(?:[.,](?:0+|0{4,}\d+))?\s*(?:p|poäng)?\)?\.?\s*[*†↑↓→↗↘]*", re.IGNORECASE
)
_DATES = (
    re.compile(r"(?P<day>\d{1,2})[./-]\s?(?P<month>\d{1,2})[./ -]\s?(?P<year>20\d\d)"),
    re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})\s?[-–'’]\s?(?P<year>2\d)"),
    re.compile(
        r"(?P<year>20\d\d)[-./]?(?P<month>\d\d)[-./]?(?P<day>\d\d)(?:[ t]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?"
    ),
    re.compile(r"(?P<year>2\d)-(?P<month>\d\d)-(?P<day>\d\d)"),
    re.compile(
        rf"(?:(?P<day>\d{{1,2}})\.? )?(?P<month>{'|'.join(MONTHS)})[a-z]*\.? ?(?P<year>20\d\d|[-'’]?2\d)"
    ),
)
_PART_OF_YEAR = re.compile(
    r"\b(?:[TQK][1-4]|(?:kvartal|tertial) [1-4]|v(?:ecka|\.)? ?\d{1,2}|20\d\d)\b", re.IGNORECASE
)
_QUARTER = re.compile(
    r"(?:(?:q|kv\.?|kvartal) ?(?P<quarter>[1-4])|(?:t|tertial) ?(?P<tertial>[1-3])"
    r"|v(?:\.|ecka)? ?(?P<week>\d\d?))[ ,-]+(?P<year>20\d\d)"
)
_NEARLY = re.compile(r"(\d{1,3})[.,]9{6,}\d*")  # what a computer makes of 6
_PRODUCT = re.compile(r"(\d{1,2})\s*[x×*·]\s*(\d{1,2})\s*=\s*(\d{1,3})", re.IGNORECASE)
_LEVEL = re.compile(
    r"(\d{1,3})\s*[-–:,(/]*\s*([^\W\d][^()]*?)\)?|([^\W\d][^()]*?)\s*[-–:,(/]*\s*(\d{1,3})\)?"
)
_DOTS = re.compile(r"(?=.{3})([●★■⬤•]+)[○☆□◯◦]*")
_BESIDE = re.compile(r"(\d{1,3})\s*\([^()]{1,12}\)")  # the year before's value, or a change
_OF = re.compile(r"(\d{1,2})\s*(?:av|/|\(av|\(1\s*[-–])\s*(\d{1,2})\)?", re.IGNORECASE)
_OF_MANY = re.compile(f"{_OF.pattern}|{_DOTS.pattern}", re.IGNORECASE)
_STEP = re.compile(r"\(?(\d{1,2})\)?\s*([.:)\-–=]*)\s*\(?(.*?)\)?", re.DOTALL)
_ORDINAL = re.compile(r"\d{1,2}:[ae]\b", re.IGNORECASE)  # 1:e handläggare
_LAST = re.compile(r"([^\W\d][^()\d]*?)\s*([-–:,.(=/]*)\s*(\d{1,2})\)?", re.DOTALL)
_BOXES = re.compile(r"([☐☑☒✓✔]|\[[ xX]?\])\s*([^☐☑☒✓✔\[]+)")
_GOAL = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,3})\.?\s+(\S.*)", re.DOTALL)
_PERSON = re.compile(rf"{NAME}(?:\s(?:af|von|de|van|der|el|al))?(?:\s{NAME}){{1,2}}")
_AFTER_MARK = re.compile(r"[\s:–-]+(?=[\W\d]*[A-ZÅÄÖ\d\"”(])")
_ADDED = re.compile(
    r"[\s,.:;!/–-]*(?:[A-ZÅÄÖ]{2,3}|\([^()]*\)|\d[\w\s./%–-]*|[a-zåäö](?:[^.!?]|\.(?! ?[A-ZÅÄÖ]))*)\.?"
)
_WORD = re.compile(r"\w+")
LONGEST_ADDITION = 6  # words after a status or a decision: more is a text of its own
LONGEST_NAME = 60  # letters of people in a cell, without a sign between

Form = tuple[str, ...]


class Cells:
    """Tells what a cell is, by the vocabulary and by what the file itself has shown.

    Parameters
    ----------
    traces : whether one leading space means a lost mark (not so where cells are padded).
    """

    def __init__(self, vocab: Vocabulary, *, traces: bool = True) -> None:
        self.vocab, self.traces = vocab, traces
        self.people: dict[str, int] = {}  # folded name → the row where it was first seen
        self._known = _known(vocab)
        self._names: tuple[str, ...] = ()

    def kind(self, cell: str) -> str:
        """Return what a cell is as one piece."""
        text = clean_space(cell)
        kind = _look(text, self._known)
        if kind in NOT_TOLD:
            if self.traces and cell[0].isspace():
                return "spaced"
            if self.people and len(text) <= LONGEST_NAME * 4 and self._are_known(text):
                return "people"
        return kind

    def kinds(self, cells: Iterable[str]) -> tuple[str, ...]:
        """Return what each cell of a row is."""
        return tuple(map(self.kind, cells))

    def learn(self, people: dict[str, int]) -> None:
        """Get to know the file's people: each with the row where it was first seen."""
        self.people |= people
        self._names = tuple(self.people)

    def split(self, cell: str) -> list[tuple[str, str]]:
        """Return the pieces of a fused cell's text, each with its kind; one where it is not fused.

        >>> from riskdata.words.vocabulary import vocabulary
        >>> Cells(vocabulary()).split("9 Acceptera")
        [('digit', '9'), ('decision', 'Acceptera')]
        """
        kind = self.kind(cell)
        if kind not in ("text", "sentence", "step", "status", "marked"):
            return [(kind, cell)]
        *first, tail = _cut(clean_space(cell), self._known)
        pieces = [(self.kind(piece), piece) for piece in first]
        pieces += self._with_people(tail) if tail else []
        loose = any(kind in ("text", "sentence") for kind, _ in pieces[1:-1])
        return [(kind, cell)] if loose or len(pieces) < 2 else pieces

    def step(self, text: str, axis: str) -> tuple[int | None, bool]:
        """Return the step that a text says on an axis, and whether its label agrees.

        The digit is read, not the word; a word alone counts where the vocabulary has it.

        >>> from riskdata.words.vocabulary import vocabulary
        >>> Cells(vocabulary()).step("Möjlig (3)", "likelihood")
        (3, True)
        """
        return _read_step(text, axis, self.vocab)

    def value(self, text: str) -> tuple[int | None, str | None]:
        """Return the risk value that a text says, or None, and the level printed beside it.

        The level is None where what stands beside it is none: "12 (9)", "8 (-2)".

        >>> from riskdata.words.vocabulary import vocabulary
        >>> Cells(vocabulary()).value("12 (hög)")
        (12, 'hög')
        """
        return _read_value(text, self._known)

    def mark(self, text: str) -> tuple[str, str]:
        """Return a text's mark (status word or glyph, "" if none) and the rest of it.

        >>> from riskdata.words.vocabulary import vocabulary
        >>> Cells(vocabulary()).mark("Avslutad Kontroll av rutiner")
        ('Avslutad', 'Kontroll av rutiner')
        """
        return _mark(text, self._known)

    def status(self, mark: str) -> str | None:
        """Return the status of a mark: a code, "unknown" for none or a bullet, None if not known."""
        code = self.vocab.marks.get(mark) or self.vocab.statuses.get(fold(mark))
        return "unknown" if code == "none" or not mark else code

    def coded(self, text: str, table: str) -> tuple[str | None, str]:
        """Return the code of a decision or status that begins a text, and what is added to it.

        >>> from riskdata.words.vocabulary import vocabulary
        >>> Cells(vocabulary()).coded("Avslutad 2024-06-12", "statuses")
        ('finished', '2024-06-12')
        """
        codes = getattr(self.vocab, table)
        if fold(text) in codes or (table == "statuses" and text in self.vocab.marks):
            return codes.get(fold(text)) or self.vocab.marks[text], ""
        word = self._known.begins[table].match(text)
        added = text[word.end() :] if word else ""
        if word and _is_addition(added) and not self._negates(added):
            return codes[fold(word[0])], added.strip(" ,.:;–-()")
        return None, ""

    def is_settled(self, code: str, table: str, added: str) -> bool:
        """Return whether what is added to a word cannot turn it: "Pågår (ca 50 %)" is unfinished.

        Not so of what is finished or without deviation, nor where it holds another such word.
        """
        counts, words = self.vocab.counts_as(table, code), {*map(fold, _WORD.findall(added))}
        turning = {"100", *self.vocab.statuses, *self.vocab.outcomes, *self._known.negations}
        turning |= self._known.nobody if counts == "deviation" else set()  # "Avvikelse: ingen"
        return counts in ("unfinished", "deviation", "not_made") and words.isdisjoint(turning)

    def _negates(self, added: str) -> bool:
        """Return whether what is added to a word turns it round: "Avslutad ej" is not finished."""
        return not {*map(fold, _WORD.findall(added))}.isdisjoint(self._known.negations)

    def is_ditto(self, text: str) -> bool:
        """Return whether a cell says that it holds what stands above it."""
        return fold(text) in self._known.ditto

    def is_total(self, text: str) -> bool:
        """Return whether a text begins as a row does that sums up others."""
        return self._known.total.match(text) is not None

    def is_nothing(self, text: str) -> bool:
        """Return whether a cell prints a sign or words for nothing."""
        return fold(text) in self._known.nothing

    def ticked(self, text: str) -> str:
        """Return the one ticked word of a list of boxes, each a status or a decision; else "".

        >>> from riskdata.words.vocabulary import vocabulary
        >>> Cells(vocabulary()).ticked("☐ Ej påbörjad ☒ Pågående ☐ Klar")
        'Pågående'
        """
        boxes = _BOXES.findall(text)
        ticked = [word.strip() for sign, word in boxes if sign.strip("[] ☐")]
        words = {fold(word) for _, word in boxes}
        known = words <= self.vocab.statuses.keys() or words <= self.vocab.decisions.keys()
        return ticked[0] if len(boxes) > 1 and len(ticked) == 1 and known else ""

    def starts(self, cell: str) -> list[int]:
        """Return where activities begin in a cell: at a mark, or a status word after a stop."""
        return [m.start() for m in self._known.starts.finditer(cell)]

    def _with_people(self, text: str) -> list[tuple[str, str]]:
        """Return a text, and apart from it the people known in this file who stand at its end."""
        if self.people and fold(text).endswith(self._names):
            for m in re.finditer(r"(?<=[.!?\w])\s+", text):
                if self._are_known(text[m.end() :]):
                    before = text[: m.start()]
                    return [(self.kind(before), before), ("people", text[m.end() :])]
        return [(self.kind(text), text)]

    def _are_known(self, text: str) -> bool:
        named = read_people(text)
        return bool(named) and all(fold(person) in self.people for person in named)


class _Known:
    """What a vocabulary's words look like inside a cell, worked out once for all files."""

    def __init__(self, vocab: Vocabulary) -> None:
        self.vocab = vocab
        own = {name: {*map(fold, words)} for name, words in vocab.words["cells"].items()}
        self.nothing, self.ditto, self.levels = own["nothing"] | {""}, own["ditto"], own["levels"]
        self.errors, self.negations = own["errors"], own["negations"]
        self.nobody = own["nobody"]
        totals = _any_of(vocab.words["cells"]["totals"])
        self.total = re.compile(rf"{totals}\b", re.IGNORECASE)
        labels = [word for axis in AXES for word in vocab.steps[axis]]
        decisions, statuses = (vocab.known(table) for table in ("decisions", "statuses"))
        self.kinds = Words({
            **{word: axis for axis in AXES for word in vocab.steps[axis]},
            **dict.fromkeys(set.intersection(*(set(vocab.steps[a]) for a in AXES)), "step"),
            **dict.fromkeys(vocab.statuses, "status"),
            **dict.fromkeys(vocab.decisions, "decision"),
        })  # fmt: skip
        # Told on sight inside a cell: a step with its label, a decision.
        step = rf"\d\s*[.:)\-–]\s*{_any_of(labels)}"
        begins = r"(?:(?<![^\W\d_]\s)|(?-i:(?=[A-ZÅÄÖ])))"  # no word within a sentence is a cell
        goes_on = r"\s+(?-i:[a-zåäö])"  # "Begränsa tillgången" is a measure
        told = rf"(?<!\S)(?:{step}|{begins}{_any_of(decisions)}(?!{goes_on}))(?!\w)"
        self.typed = re.compile(told, re.IGNORECASE)
        self.begins = {
            table: re.compile(rf"{_any_of(vocab.known(table))}(?!\w)", re.IGNORECASE)
            for table in ("statuses", "decisions", "outcomes")
        }
        glyphs = [glyph for glyph, code in vocab.marks.items() if code != "none"]
        word = rf"(?:(?<=[.!?]\s)|(?<=\n)){_any_of(statuses)}\s+(?=[A-ZÅÄÖ])"
        self.starts = re.compile(rf"(?:^|(?<=[.!?\n])\s*|(?<=\s)){_any_of(glyphs)}|{word}")


@lru_cache
def _known(vocab: Vocabulary) -> _Known:
    return _Known(vocab)


@lru_cache(maxsize=20_000)
def _look(text: str, known: _Known) -> str:
    """Return what a cell is to one who knows no people."""
    if len(text) <= known.kinds.longest:
        if fold(text) in known.nothing:
            return "blank"
        if fold(text) in known.errors or set(text) == {"#"}:
            return "error"
        told = "status" if text in known.vocab.marks else known.kinds.find(text)
        told = told or _number_kind(text, known) or (_DATE.fullmatch(text) and "date")
        if told or (told := _begun_kind(text, known)):
            return told
    elif _GOAL.fullmatch(text):
        return "goal"
    mark, _ = _mark(text, known)
    if mark and known.vocab.marks.get(mark) != "none":
        return "marked"
    people = read_people(text) if len(text) <= LONGEST_NAME * 4 else ()
    if people and all(map(_PERSON.fullmatch, people)):
        return "person"
    return "sentence" if text[-1] in ".!?" else "text"


def _begun_kind(text: str, known: _Known) -> str:
    """Return what a cell is that begins with a status or decision and adds a date or a parenthesis.

    With words after it, it is a text ("Försenad leverans", "Kontroll av fakturor") but in its own column.
    """
    for table, kind in (("statuses", "status"), ("decisions", "decision")):
        word = known.begins[table].match(text)
        added = text[word.end() :] if word else ""
        if word and _is_addition(added) and not added.lstrip()[:1].isalpha():
            return kind
    return ""


def _is_addition(text: str) -> bool:
    """Return whether what follows a status is a date, a parenthesis or a few words, not a text."""
    return len(text.split()) <= LONGEST_ADDITION and _ADDED.fullmatch(text) is not None


def is_date(text: str) -> bool:
    """Return whether a text is a day, a month or a year, or the time between two.

    >>> is_date("2024-06-12"), is_date("ca")
    (True, False)
    """
    return _DATE.fullmatch(text) is not None or re.fullmatch(r"(19|20)\d\d", text) is not None


def _number_kind(text: str, known: _Known) -> str:
    if (number := _NUMBER.fullmatch(text) or _NEARLY.fullmatch(text)) or _OF_MANY.fullmatch(text):
        if number is None:
            return "step" if _read_value(text, known)[0] is None else "value"
        return "digit" if int(number[1]) < 10 else "number"
    if _GOAL.fullmatch(text):
        return "goal"
    if _read_value(text, known)[0] is not None:
        return "value"
    digit, sign, label = _step_of(text)
    if digit is None:
        return ""
    if axis := _axis(fold(label), known.vocab):
        return axis
    labelled = sign and (text[:1].isdigit() or sign[-1] == "(") and len(label.split()) <= 3
    return "step" if labelled and not label[:1].isdigit() else ""


def _step_of(text: str) -> tuple[int | None, str, str]:
    """Return the digit of a step, the sign between it and its label, and the label."""
    if _ORDINAL.match(text):
        return None, "", ""
    if dots := _DOTS.fullmatch(text):
        return len(dots[1]), "", ""
    if of := _OF.fullmatch(text):
        return (int(of[1]), "", "") if int(of[1]) <= int(of[2]) <= 10 else (None, "", "")
    if number := _NUMBER.fullmatch(text) or _NEARLY.fullmatch(text):
        return int(number[1]) + (number.re is _NEARLY), "", ""
    if step := _STEP.fullmatch(text):
        return int(step[1]), step[2], step[3].strip()
    if last := _LAST.fullmatch(text):
        return int(last[3]), last[2], last[1].strip()
    return None, "", ""


@lru_cache(maxsize=500)  # asked when a cell is seen, and when its activity is made
def _mark(text: str, known: _Known) -> tuple[str, str]:
    if text and is_glyph(text[0], known.vocab) and (not text[0].isalnum() or text[1:2] == " "):
        return text[0], text[1:].strip()
    word = known.begins["statuses"].match(text)
    if word and (word.end() == len(text) or _AFTER_MARK.match(text, word.end())):
        return word[0], text[word.end() :].lstrip(" :–-")
    return "", text


@lru_cache(maxsize=10_000)
def _read_step(text: str, axis: str, vocab: Vocabulary) -> tuple[int | None, bool]:
    labels = vocab.steps[axis.removesuffix("_after")]
    if fold(text) in labels:
        return labels[fold(text)], True
    digit, _, label = _step_of(text)
    if digit is None:
        return None, True
    label = fold(label)
    return digit, not label or any(s == digit and w.startswith(label) for w, s in labels.items())


@lru_cache(maxsize=1_000)
def _read_value(text: str, known: _Known) -> tuple[int | None, str | None]:
    if number := _NUMBER.fullmatch(text):
        return int(number[1]), ""
    if nearly := _NEARLY.fullmatch(text):
        return int(nearly[1]) + 1, ""
    if product := _PRODUCT.fullmatch(text):
        right = int(product[1]) * int(product[2]) == int(product[3])
        return (int(product[3]) if right else None), ""
    if (of := _OF.fullmatch(text)) and int(of[1]) <= int(of[2]) > len(MONTHS):
        return int(of[1]), ""
    level = _LEVEL.fullmatch(text)
    word = (level[2] or level[3]).strip() if level else ""
    if word and fold(word) in known.levels:
        return int(level[1] or level[4]), word
    beside = None if _OF.fullmatch(text) else _BESIDE.fullmatch(text)
    return (int(beside[1]), None) if beside else (None, "")


@lru_cache(maxsize=10_000)
def _cut(text: str, known: _Known) -> tuple[str, ...]:
    """Return a text cut before and after what is told on sight in it; last what follows, or ""."""
    pieces, at = [], 0
    for found in known.typed.finditer(text):
        pieces += [text[at : found.start()].strip(), found[0]]
        at = found.end()
    return *filter(None, pieces), text[at:].strip()


@lru_cache(maxsize=10_000)
def _axis(label: str, vocab: Vocabulary) -> str:
    """Return the axis whose labels have this word, or "step" where it may be either (a cut label)."""
    axes = [a for a in AXES if label and label in vocab.steps[a]]
    axes = axes or [a for a in AXES if label and any(w.startswith(label) for w in vocab.steps[a])]
    return axes[0] if len(axes) == 1 else "step" if axes else ""


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, the longest that fits."""
    return f"(?:{'|'.join(sorted(map(re.escape, set(words)), key=lambda w: (-len(w), w)))})"


def is_glyph(char: str, vocab: Vocabulary) -> bool:
    """Return whether a character is a mark: one that is known, or a symbol that could be one."""
    if char.isalnum() or not char:
        return char in vocab.marks
    return char in vocab.marks or unicodedata.category(char) in ("So", "Co", "Cn")


def read_date(text: str) -> str:
    """Return a date as 2025-12-31 where a text is one, of a month or quarter its last day; else as printed.

    >>> read_date("1.12.2024"), read_date("31 december 2025"), read_date("dec 2025"), read_date("Q3 2025")
    ('2024-12-01', '2025-12-31', '2025-12-31', '2025-09-30')
    """
    folded, day = text.casefold(), None
    found = next((m for pattern in _DATES if (m := pattern.fullmatch(folded))), None)
    part = None if found else _QUARTER.fullmatch(folded)
    if not found and not part:
        return text
    year = int(f"20{(found or part)['year'][-2:]}")
    try:
        if part and part["week"]:
            return date.fromisocalendar(year, int(part["week"]), 7).isoformat()
        if part:
            month = 3 * int(part["quarter"] or 0) + 4 * int(part["tertial"] or 0)
        else:
            month, day = found["month"], found["day"]
            month = int(month) if month.isdigit() else MONTHS.index(month) + 1
        return date(year, month, int(day or monthrange(year, month)[1])).isoformat()
    except ValueError:
        return text


def in_year(text: str, year: str) -> str:
    """Return the date of a day, a month or a quarter that is printed without its year; else the text.

    >>> in_year("30/6", "2025"), in_year("mars", "2025"), in_year("hösten", "2025")
    ('2025-06-30', '2025-03-31', 'hösten')
    """
    whole = f"{text} {year}"
    return text if (dated := read_date(whole)) == whole else dated


def is_time(text: str) -> bool:
    """Return whether a due date is one, a year, or says its part of a year.

    >>> is_time("2025-12-31"), is_time("hösten 2026"), is_time("T2"), is_time("hösten"), is_time("3112")
    (True, True, True, False, False)
    """
    rest = _PART_OF_YEAR.sub("", text)
    return rest != text and not re.search(r"\d", rest) or _DATES[2].fullmatch(text) is not None


def read_serial_date(text: str) -> str:
    """Return the date that a spreadsheet's number of a day stands for; "" for any other text.

    >>> read_serial_date("45992"), read_serial_date("2025")
    ('2025-12-01', '')
    """
    is_serial = re.fullmatch(r"[345]\d{4}", text)  # 1982 to 2064
    return (date(1899, 12, 30) + timedelta(int(text))).isoformat() if is_serial else ""


@lru_cache(maxsize=10_000)  # a goal is printed once and stands on many rows
def read_goal(text: str) -> tuple[str | None, str]:
    """Return the number of a goal, if it has one, and its text.

    >>> read_goal("1.3 Alla är trygga")
    ('1.3', 'Alla är trygga')
    """
    numbered = _GOAL.fullmatch(text)
    return (numbered[1], numbered[2]) if numbered else (None, text)
