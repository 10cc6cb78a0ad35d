"""What the heading of a column says: which field, of which time and report; the layouts that know it."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from riskdata.errors import LayoutError
from riskdata.tables.schema import KINDS, TABLES
from riskdata.words.spelling import MOST_ENDINGS, any_of, clean_space, fold
from riskdata.words.vocabulary import OWN_LAYOUTS, Vocabulary

FIELDS = (
    "board", "period", "goal", "indicator", "process", "way_of_working", "event", "likelihood",
    "consequence", "risk_value", "level", "likelihood_after", "consequence_after",
    "risk_value_after", "decision", "risk_owner", "activity", "status", "outcome", "due_date",
    "description", "comment", "responsible",
)  # fmt: skip
AFTER = ("likelihood", "consequence", "risk_value")  # fields that are judged with measures too
TOGETHER = "status_and_activity"  # one column for both
SCORES = "scores"  # one column for likelihood, consequence and value
MISSPELT = 0.95  # where a part of it says something else
SIMILAR = 0.8  # as difflib measures: an unknown heading this like a known one is a spelling of it
LONGEST = 120  # letters: a longer cell is text
SHORTEST = 3  # letters of an abbreviated heading
SHORT = 4  # letters: a hint no longer than this is a word of its own, not a part of one
_HYPHEN = re.compile(r"(?<=\w)[-\u2010\u00ad][ \t]*\n\s*(?=[a-zåäöø])")
_SOFT = re.compile(r"(?<=[a-zåäö])- (?=[a-zåäö])(?!(?:och|eller|samt)\b)")
_WITHOUT_DOTS = str.maketrans("åäö", "aao")  # as a database names its columns: atgard
_BRACKET = re.compile(r"\s*(?:[(\[][^)\]]*[)\]]|\b\d\s*[-–]\s*\d{1,2})$")  # (1-5), 1–5
_OF_TABLE = re.compile(
    r"^(?:[^\W\d][\w ]*\w\[([^\d\]]+)\]|summan? av (.+)|sum of (.+))$"
)  # Risker[Process]
_NUMBER_FIRST = re.compile(r"\d{1,2}[.)]\s+(?=[^\W\d])")
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
    folded = re.sub(r"\s*/\s*", "/", fold(text))
    found = _OF_TABLE.match(folded)
    return next(filter(None, found.groups())) if found else folded


class Known:
    """The words of a vocabulary's headings, with those that a layout knows of its own."""

    def __init__(self, vocab: Vocabulary, own: dict[str, str]) -> None:
        self.vocab = vocab
        self.words = {fold_heading(w): code for w, code in {**vocab.headers, **own}.items()}
        self.undotted = {w.translate(_WITHOUT_DOTS): code for w, code in self.words.items()}
        times = _longest_first(vocab.words["header_times"])
        self.times = [(time, re.compile(rf"(?<!\w){re.escape(word)}\w*")) for word, time in times]
        self.report = re.compile(rf"(?<!\w)(?P<report>{any_of(vocab.reports)})(?!\w)")
        self.hints = _longest_first(vocab.words["header_hints"])
        self.letters = dict(_longest_first(vocab.words["header_letters"]))
        self.longest = max(map(len, self.words), default=0) + MOST_ENDINGS
        self._read: dict[str, Heading] = {}
        self._lettered: dict[str, Heading] = {}

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
        """Return the field of the shortest heading that begins with an abbreviation, and those of others."""
        if not SHORTEST <= len(folded) <= self.longest:
            return None
        every = (pair for pair in (*self.words.items(), *self.hints) if pair[0].startswith(folded))
        fields = dict.fromkeys(field for _, field in sorted(every, key=lambda pair: len(pair[0])))
        first, *others = [field for field in fields if field != "none"] or [""]
        return Heading(first, False, others=(*others,)) if first else None

    def knows(self, text: str) -> bool:
        """Return whether a text is a heading as some layout spells it, quickly told."""
        folded = fold_heading(text) if 0 < len(text) <= self.longest else ""
        return folded in self.words or folded in self.undotted

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
        if text not in self._lettered:
            bare = without_bracket(_NUMBERED.sub("", fold(text)))  # S (1-5)
            report, _, time, rest = self._parted(bare)
            self._lettered[text] = Heading(self.letters.get(rest, ""), True, time, report)
        return self._lettered[text]

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
        if folded in self.undotted:
            return Heading(self.undotted[folded], True)
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
        said = sorted((*_place(found), field) for found, field in self._hints_in(folded))
        least = MISSPELT if said else SIMILAR
        near = words <= FEW_WORDS and difflib.get_close_matches(folded, self.words, 1, least)
        if near:
            return Heading(self.words[near[0]], False)
        fields = [*dict.fromkeys("" if field == "none" else field for *_, field in said)] or [""]
        return Heading(fields[0], False, others=(*filter(None, fields[0] and fields[1:]),))

    def _hints_in(self, folded: str) -> Iterator[tuple[re.Match, str]]:
        """Yield where a heading has each hint, the shortest only as words of their own."""
        for hint, name in self.hints:
            if hint in folded:
                around = ("(?<!\\w)", "(?!\\w)") if len(hint) <= SHORT else ("", "")
                found = re.search(re.escape(hint).join(around), folded)
                if found:
                    yield found, name


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
    """Return a card's label without the number that ends it, or begins it as an item of a list.

    >>> without_number("Risk nr 3"), without_number("2. Process")
    ('Risk', 'Process')
    """
    return _NUMBER_FIRST.sub("", _NUMBER_LAST.sub("", label))


@lru_cache(maxsize=20)
def known(vocab: Vocabulary) -> Known:
    """Return the words of the headings that any layout knows."""
    every = reversed(layouts(vocab))
    return Known(vocab, {word: code for layout in every for word, code in layout.headers.items()})


# -- the layouts that exist: those that are shipped, and those that a person has declared ----------

KNOWN_FIELDS = frozenset((*FIELDS, SCORES))
VALUES = ("product", "printed", "matrix")
_WORDS = ("scales", "decisions", "statuses", "outcomes", "reports")
_OF_FIELDS = ("anchors", "starts_risk", "either", "lists")  # keys whose texts are fields
_FORMS = {
    **dict.fromkeys(("kind", "value"), "text"),
    **dict.fromkeys(("required", "extra", "yes_no", "boards", *_OF_FIELDS), "list"),
    "columns": "texts",
    **dict.fromkeys(("headers", "fill_down", *_WORDS), "lists"),
    **dict.fromkeys(("limit", "bands", "matrix"), "any"),  # of a board: read with the vocabulary
}


@dataclass(frozen=True, eq=False)  # compared as an object, as its vocabulary is
class Layout:
    """One declaration of layouts.toml. ``headers`` has every spelling that it knows, folded."""

    name: str
    kind: str
    required: tuple[str, ...]
    starts_risk: frozenset[str]
    yes_no: frozenset[str] = frozenset()
    fill_down: dict[str, list[str]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict] = field(default_factory=dict)
    own: bool = False  # whether a person has said it, so that nothing is guessed over it
    value: str = "product"  # how the risk value comes about: product, printed, matrix
    columns: dict[str, str] = field(default_factory=dict)  # folded heading → field, "" for none
    lists: frozenset[str] = frozenset()  # fields whose cells hold one text a line, or by semicolon


@lru_cache
def layouts(vocab: Vocabulary) -> tuple[Layout, ...]:
    """Return every layout, in the order in which they are tried.

    Raises LayoutError when the user's own say something that no layout can.
    """
    return tuple(_layout(name, d, vocab) for name, d in vocab.words["layouts"].items())


@lru_cache
def with_own_words(vocab: Vocabulary, layout: Layout) -> Vocabulary:
    """Return the vocabulary with the scales, decisions and statuses that a layout has of its own."""
    laid = {table: {**vocab.words[table], **own} for table, own in layout.words.items()}
    return Vocabulary({**vocab.words, **laid}) if laid else vocab


def _layout(name: str, declared: dict, vocab: Vocabulary) -> Layout:
    if faults := _faults(name, declared):
        raise LayoutError(f"{OWN_LAYOUTS}: " + "; ".join(faults))
    if "columns" in declared:  # whatever else it leaves open is as its kind is read
        shipped = vocab.words["layouts"][declared["kind"]]
        open_ = {key: shipped[key] for key in ("starts_risk", "fill_down") if key in shipped}
        declared = {**open_, **declared}
    columns = {fold_heading(text): code for text, code in declared.get("columns", {}).items()}
    headers = declared.get("headers", {})
    spoken = {fold(word): code for code, words in headers.items() for word in words}
    spoken |= {heading: code or heading for heading, code in columns.items()}
    unused = {fold(word): fold(word) for word in declared.get("extra", ())}
    required = declared.get("required") or _required(spoken)
    of_risk = {*TABLES["risks"]}
    return Layout(
        name, declared["kind"], tuple(x if x in KNOWN_FIELDS else fold(x) for x in required),
        frozenset(declared.get("starts_risk", of_risk.intersection(required))),
        yes_no=frozenset(map(fold, declared.get("yes_no", ()))),
        fill_down=declared.get("fill_down", {}), headers=vocab.headers | spoken | unused,
        words={key: declared[key] for key in _WORDS if key in declared},
        own=name in vocab.words["own_layouts"], value=declared.get("value", "product"),
        columns=columns, lists=frozenset(declared.get("lists", ())),
    )  # fmt: skip


def _required(spoken: dict[str, str]) -> list[str]:
    """Return the headings by which a layout is known that doesn't say: those of its core fields."""
    core = ("event", "activity", "likelihood", "consequence", "risk_value", TOGETHER)
    return [heading for heading, code in spoken.items() if code in core] or [*spoken]


def _faults(name: str, declared: dict) -> list[str]:
    """Return what is wrong with a declaration, in words."""
    if not isinstance(declared, dict):
        return [f"{name} ska vara en avdelning, [{name}]"]
    wrong = [key for key, value in declared.items() if not _has_form(value, _FORMS.get(key, "any"))]
    if wrong:
        return [f"[{name}] {', '.join(wrong)} har fel form; se riskdata/words/layouts.toml"]
    named = {field for key in _OF_FIELDS for field in declared.get(key, ())}
    named |= {*declared.get("headers", {}), *filter(None, declared.get("columns", {}).values())}
    for field_, cleared in declared.get("fill_down", {}).items():
        named |= {field_, *cleared}
    unknown = sorted(named - KNOWN_FIELDS - {TOGETHER})
    faults = [
        f"[{name}] har ”{key}”, som inte är känt ({', '.join(_FORMS)})"
        for key in declared.keys() - _FORMS.keys()
    ]
    for key, allowed in (("kind", KINDS), ("value", VALUES)):
        if declared.get(key, "product") not in allowed:
            faults.append(f"[{name}] ska ha {key} = ett av {', '.join(allowed)}")
    if not declared.get("required") and not declared.get("columns"):
        faults.append(f"[{name}] ska ha required: de rubriker som måste finnas")
    if unknown:
        faults.append(
            f"[{name}] nämner {', '.join(unknown)}, som inte är kolumner i tabellerna "
            f"({', '.join(sorted(KNOWN_FIELDS))})"
        )
    return faults


def _has_form(value: object, form: str) -> bool:
    if form.startswith("text") and form != "text" or form == "lists":
        return isinstance(value, dict) and all(_has_form(v, form[:-1]) for v in value.values())
    if form == "list":
        return isinstance(value, list)
    return form == "any" or isinstance(value, str)
