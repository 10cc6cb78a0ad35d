"""What the heading of a column says: which field, before or after measures, of which report."""

import difflib
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from riskdata.words.spelling import MOST_ENDINGS, clean_space, fold
from riskdata.words.vocabulary import Vocabulary

FIELDS = (
    "board", "period", "goal", "indicator", "process", "way_of_working", "event", "likelihood",
    "consequence", "risk_value", "level", "likelihood_after", "consequence_after",
    "risk_value_after", "decision", "risk_owner", "activity", "status", "outcome", "due_date",
    "description", "comment", "responsible",
)  # fmt: skip
AFTER = ("likelihood", "consequence", "risk_value")  # fields that are judged with measures too
TOGETHER = "status_and_activity"  # one column for both
SCORES = "scores"  # one column for likelihood, consequence and value
SIMILAR = 0.8  # as difflib measures: an unknown heading this like a known one is a spelling of it
LONGEST = 120  # letters: a longer cell is text
SHORTEST = 3  # letters of an abbreviated heading
SHORT = 4  # letters: a hint no longer than this is a word of its own, not a part of one
_HYPHEN = re.compile(r"(?<=\w)[-\u2010\u00ad][ \t]*\n\s*(?=[a-zåäöø])")
_SOFT = re.compile(r"(?<=[a-zåäö])- (?=[a-zåäö])(?!(?:och|eller|samt)\b)")
_BRACKET = re.compile(r"\s*[(\[][^)\]]*[)\]]$")
_NUMBER_LAST = re.compile(r"\s+(?:nr\.?\s*)?\d{1,3}(?:\.\d{1,3})*$")
_NUMBERED = re.compile(r"^\d{1,2}[.)]\s*")


MOST_WORDS, FEW_WORDS = 10, 5  # of a heading that is told by a part of it, of a misspelt one
_NO_HEADING = re.compile(r"\d{3}|[.!]$")  # what a text has, and no heading


class Heading(NamedTuple):
    """What a heading says: field "" where nothing is known; time "after", "before" or ""."""

    field: str
    sure: bool
    time: str = ""
    report: str = ""  # the code of a report that it names, with its year where that is printed
    others: tuple[str, ...] = ()  # fields that further words of it say: "status/kommentar"

    @property
    def full(self) -> str:
        """The field with the time that the heading gives it."""
        return f"{self.field}_after" if self.time == "after" and self.field in AFTER else self.field


LETTERED = 20  # characters of a single letter's heading: "K efter åtgärd 2025"
NOTHING = Heading("", False)


@lru_cache(maxsize=20_000)
def fold_heading(text: str) -> str:
    """Return what two spellings of a heading have in common.

    >>> fold_heading("Sanno-\\nlikhet"), fold_heading("Status /\\nÅtgärd")
    ('sannolikhet', 'status/åtgärd')
    """
    text = _SOFT.sub("", clean_space(_HYPHEN.sub("", text)).strip("*#_ "))
    return re.sub(r"\s*/\s*", "/", fold(text))


class Known:
    """The words of a vocabulary's headings, with those that a layout knows of its own."""

    def __init__(self, vocab: Vocabulary, own: dict[str, str]) -> None:
        self.vocab = vocab
        self.words = {fold_heading(w): code for w, code in {**vocab.headers, **own}.items()}
        times = _longest_first(vocab.words["header_times"])
        self.times = [(time, re.compile(rf"(?<!\w){re.escape(word)}\w*")) for word, time in times]
        reports = "|".join(sorted(map(re.escape, vocab.reports), key=len, reverse=True))
        self.report = re.compile(rf"(?<!\w)(?P<report>{reports})(?!\w)")
        self.hints = _longest_first(vocab.words["header_hints"])
        self.letters = {
            fold(word): field
            for field, words in vocab.words["header_letters"].items()
            for word in words
        }
        self.longest = max(map(len, self.words), default=0) + MOST_ENDINGS
        self._read: dict[str, Heading] = {}

    def read(self, text: str) -> Heading:
        """Return what a heading says."""
        if len(text) > LONGEST or not text.strip():
            return NOTHING
        if text not in self._read:
            read = self._look(fold_heading(text))
            short = not read.sure and text.rstrip().endswith(".")
            self._read[text] = (short and self._shortened(fold_heading(text))) or read
        return self._read[text]

    def _shortened(self, folded: str) -> Heading | None:
        """Return the one field whose headings begin with an abbreviation; None where there are several."""
        every = (*self.words.items(), *self.hints)
        fields = {field for word, field in every if word.startswith(folded)}
        return (
            Heading(fields.pop(), False) if len(fields) == 1 and len(folded) >= SHORTEST else None
        )

    def knows(self, text: str) -> bool:
        """Return whether a text is a heading as some layout spells it, quickly told."""
        return 0 < len(text) <= self.longest and fold_heading(text) in self.words

    def row(self, texts: list[str]) -> list[Heading]:
        """Return what the headings of a row say; single letters count where both axes are there."""
        read = [self.read(text) for text in texts]
        letters = [self._letter(text) for text in texts]
        if {"likelihood", "consequence"} <= {letter.field for letter in letters}:
            pairs = zip(letters, read, strict=True)
            read = [letter if letter.field else heading for letter, heading in pairs]
        return read

    def _letter(self, text: str) -> Heading:
        """Return what a single letter says, with the report or the time beside it: "S 2024"."""
        if len(text) > LETTERED:
            return NOTHING
        report, _, time, rest = self._parted(fold(text))
        return Heading(self.letters.get(rest, ""), True, time, report)

    def time(self, text: str) -> str:
        """Return "after" or "before" where a text says so."""
        return self._without_time(fold(text))[0]

    def report_in(self, text: str) -> str:
        """Return the report that a text names, with its year where it prints one."""
        found = self.report.search(fold(text))
        year = re.search(r"(?<!\d)(20\d\d)(?!\d)", text)
        code = self.vocab.reports[found["report"]] if found else ""
        return "-".join(filter(None, [year[0] if year else "", code]))

    def is_report(self, text: str) -> bool:
        """Return whether a text is the name of a report, or a year, and nothing else."""
        return bool(self.report_in(text)) and not self._without_report(fold(text))

    def label(self, text: str) -> Heading:
        """Return what the label of a card says: "Risk 3" is a risk."""
        return self.read(without_number(text))

    def _look(self, folded: str) -> Heading:
        bare = _BRACKET.sub("", folded)
        for form in (folded, bare, _NUMBERED.sub("", folded)):
            if form in self.words:
                time = self.time(folded[len(bare) :].strip(" ()[]"))
                return Heading(self.words[form], True, time)
        report, plain, time, rest = self._parted(folded)
        if report and plain in self.words:
            return Heading(self.words[plain], True, "", report)
        for form in (rest, _BRACKET.sub("", rest)):
            if time and form in self.words:
                return Heading(self.words[form], True, time, report)
        said = rest or plain
        said = said if said.count(" ") < MOST_WORDS else without_bracket(said)
        return self._hint(said)._replace(time=time, report=report)

    def _parted(self, folded: str) -> tuple[str, str, str, str]:
        """Return the report that a heading names, the rest of it; its time, and the rest of that."""
        report = self.report_in(folded)
        plain = self._without_report(folded) if report else folded
        return report, plain, *self._without_time(plain)

    def _without_report(self, folded: str) -> str:
        rest = re.sub(r"(?<!\d)20\d\d(?!\d)", " ", self.report.sub(" ", folded))
        return clean_space(rest.strip(" -–,:()/"))

    def _without_time(self, folded: str) -> tuple[str, str]:
        """Return the time that a text says ("" for none), and the text without the word for it."""
        for time, word in self.times:
            if found := word.search(folded):
                rest = f"{folded[: found.start()]} {folded[found.end() :]}"
                return time, clean_space(rest.strip(" -–,:()/"))
        return "", folded

    def _hint(self, folded: str) -> Heading:
        """Return what a heading may say, by a part of it, or as a misspelt one.

        The earliest word that says something decides ("åtgärd för att minska risken"), and of a
        compound its last part ("kontrollområde").
        """
        words = folded.count(" ") + 1
        if words > MOST_WORDS or _NO_HEADING.search(folded):
            return NOTHING
        if said := sorted((*_place(found), field) for found, field in self._hints_in(folded)):
            fields = [*dict.fromkeys("" if field == "none" else field for *_, field in said)]
            return Heading(fields[0], False, others=(*filter(None, fields[0] and fields[1:]),))
        near = words <= FEW_WORDS and difflib.get_close_matches(folded, self.words, 1, SIMILAR)
        return Heading(self.words[near[0]], False) if near else NOTHING

    def _hints_in(self, folded: str) -> Iterator[tuple[re.Match, str]]:
        """Yield where a heading has each hint, the shortest only as words of their own."""
        for hint, field in self.hints:
            if hint in folded:
                around = ("(?<!\\w)", "(?!\\w)") if len(hint) <= SHORT else ("", "")
                found = re.search(re.escape(hint).join(around), folded)
                if found:
                    yield found, field


def _place(found: re.Match) -> tuple[int, int, int]:
    """Return by what a hint goes before others: an earlier word, a later end, a greater length."""
    words_before = len(re.findall(r"\w+", found.string[: found.start()] + "x"))
    return words_before, -found.end(), found.start()


def _longest_first(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Return each word of a table with what it stands for, the longest first."""
    pairs = [(fold(word), code) for code, words in table.items() for word in words]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


def without_bracket(text: str) -> str:
    """Return a heading without the bracket that ends it and explains it."""
    return _BRACKET.sub("", text)


def without_number(label: str) -> str:
    """Return a card's label without the number that ends it.

    >>> without_number("Risk nr 3")
    'Risk'
    """
    return _NUMBER_LAST.sub("", label)


@lru_cache(maxsize=20)
def known(vocab: Vocabulary) -> Known:
    """Return the words of the headings that any layout knows."""
    from riskdata.shapes.layouts import layouts

    every = reversed(layouts(vocab))
    return Known(vocab, {word: code for layout in every for word, code in layout.headers.items()})
