"""How words, days and names are spelled: what two spellings have in common, what was done to a text."""

import gc
import html
import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from riskdata.words.vocabulary import Vocabulary

_ENDINGS = ".:! *…"
MOST_ENDINGS = 8  # of them after a word
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f\ufe0e]")
_ESCAPE = re.compile(r"%(09|0[aA]|0[dD]|20|25|22|26|3[cCeE]|[cC]3%[0-9a-fA-F]{2})")
_BREAK = re.compile(r"</?(?:p|br|li)\b[^<>]*>", re.IGNORECASE)
_MARKUP = re.compile(r"</?(?:b|i|u|em|strong|span|div|ul|ol|a|font|h\d)\b[^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s*(?=[A-ZÅÄÖ0-9])")
SHORTEST_DOUBLE = 4  # letters: shorter text repeated ("Ja Ja") may be meant
_TWICE = re.compile(rf"(.{{{SHORTEST_DOUBLE},}}) ?\1", re.DOTALL)


@lru_cache(maxsize=50_000)  # each step that a cell passes asks for it anew
def clean_space(text: str) -> str:
    """Return text with every run of white space as one space and nothing invisible in it.

    >>> clean_space(" Rutiner\\u00a0 följs\\u200b inte ")
    'Rutiner följs inte'
    """
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).split())


def join(texts: Iterable[str]) -> str:
    """Return the texts of printed cells as one.

    >>> join(["Larm", "", "Prov"])
    'Larm | Prov'
    """
    return " | ".join(filter(None, texts))


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Return what two spellings of a word have in common: no capitals, no spaces to spare.

    >>> fold(" RISKVÄRDE: ") == fold("Riskvärde")
    True
    """
    folded = clean_space(text).casefold()
    return (folded.rstrip(_ENDINGS) or folded).replace(" / ", "/")


def any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, the longest that fits."""
    return f"(?:{'|'.join(sorted(map(re.escape, set(words)), key=lambda w: (-len(w), w)))})"


def unescape(text: str) -> str:
    """Return text with codes such as %0A and markup such as <br> read as what they stand for."""
    if "%" in text:
        text = _ESCAPE.sub(
            lambda m: bytes.fromhex(m[0].replace("%", "")).decode("utf-8", "replace"), text
        )
    if "<" in text:
        text = _MARKUP.sub("", _BREAK.sub(" ", text))
    return html.unescape(text) if "&" in text and _ENTITY.search(text) else text


def undouble(text: str) -> str:
    """Return text without what was printed twice in a row: the whole of it, or a run of sentences.

    >>> undouble("Följ rutinen. Utbilda chefer. Utbilda chefer.")
    'Följ rutinen. Utbilda chefer.'
    """
    once = _undouble_once(text)
    return text if once == text else undouble(once)


def _undouble_once(text: str) -> str:
    if whole := _TWICE.fullmatch(text):
        return whole[1]
    sentences = _SENTENCE_END.split(text) if re.search(r"[.!?] ", text) else []
    for length in range(len(sentences) // 2, 0, -1):
        for at in range(len(sentences) - 2 * length + 1):
            run, again = sentences[at : at + length], sentences[at + length : at + 2 * length]
            if run == again and len("".join(run)) >= SHORTEST_DOUBLE:
                return " ".join(sentences[: at + length] + sentences[at + 2 * length :])
    return text


@lru_cache(maxsize=1)
def _word_list():
    """Return the Swedish word list, or None where it is not installed: it takes seconds to load."""
    from importlib.metadata import PackageNotFoundError, files

    try:
        from spylls.hunspell import Dictionary

        path = next(f for f in files("hunspell-sv") if f.name == "sv_SE.dic").locate()
    except (ImportError, PackageNotFoundError):
        return None
    gc.disable()  # a million objects, none of them waste: looking for it takes half of the time
    try:
        return Dictionary.from_files(str(path).removesuffix(".dic"))
    finally:
        gc.enable()
        gc.freeze()


@lru_cache(maxsize=20_000)
def is_swedish_word(word: str) -> bool:
    """Return whether the Swedish word list has a word, as it is spelled."""
    words = _word_list()
    return bool(words and len(word) > 1 and word.isalpha() and words.lookup(word))


# -- days and dates ------------------------------------------------------------------------------

MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
MONTH = "|".join(MONTHS)
_DIGITS = r"\d{4}-\d\d-\d\d|\d{1,2}[/.]\d{1,2}(?:[-/. ]\d{2,4})?"
_DAY = rf"{_DIGITS}|\d{{6}}|\d{{8}}|(?:\d{{1,2}} )?(?:{MONTH})[a-z]*\.?(?: \d{{4}})?"
DATE = re.compile(rf"(?:{_DAY})(?:\s*[-–]\s*(?:{_DAY}))?", re.IGNORECASE)
_ISO = r"(?P<year>20\d\d)[-./]?(?P<month>\d\d)[-./]?(?P<day>\d\d)(?:[ t]\d\d:\d\d(?::\d\d(?:\.\d+)?)?z?)?"
_DATES = [
    re.compile(pattern)
    for pattern in (
        r"(?P<day>\d{1,2})[./-]\s?(?P<month>\d{1,2})[./ -]\s?(?P<year>20\d\d)",
        r"(?P<day>\d{1,2})/(?P<month>\d{1,2})\s?[-–'’]\s?(?P<year>2\d)",
        _ISO,
        r"(?P<year>20\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
        r"(?P<year>2\d)-?(?P<month>\d\d)-?(?P<day>\d\d)",
        rf"(?:(?P<day>\d{{1,2}})\.? )?(?P<month>{MONTH})[a-z]*\.? ?(?P<year>20\d\d|[-'’]?2\d)",
        r"(?:(?:q|kv\.?|kvartal) ?(?P<quarter>[1-4])|(?:t|tertial) ?(?P<tertial>[1-3])"
        r"|v(?:\.|ecka)? ?(?P<week>\d\d?))[ ,-]+(?P<year>20\d\d)",
    )
]
_PART_OF_YEAR = re.compile(
    r"\b(?:[TQK][1-4]|(?:kvartal|tertial) [1-4]|v(?:ecka|\.)? ?\d{1,2}|20\d\d)\b", re.IGNORECASE
)
AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(20\d\d)")  # month, day, year


def read_date(text: str) -> str:
    """Return a date as 2025-12-31 where a text is one, of a month or quarter its last day; else as printed.

    >>> read_date("1.12.2024"), read_date("31 december 2025"), read_date("dec 2025"), read_date("Q3 2025")
    ('2024-12-01', '2025-12-31', '2025-12-31', '2025-09-30')
    """
    folded = text.casefold()
    found = next((m.groupdict() for pattern in _DATES if (m := pattern.fullmatch(folded))), None)
    if found is None:
        return text
    year, month = int(f"20{found['year'][-2:]}"), found.get("month")
    try:
        if found.get("week"):
            return date.fromisocalendar(year, int(found["week"]), 7).isoformat()
        if month is None:
            month = 3 * int(found["quarter"] or 0) + 4 * int(found["tertial"] or 0)
        elif month in MONTHS:
            month = MONTHS.index(month) + 1
        day = found.get("day") or monthrange(year, int(month))[1]
        return date(year, int(month), int(day)).isoformat()
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
    return rest != text and not re.search(r"\d", rest) or re.fullmatch(_ISO, text) is not None


def months_are_first(dates: Iterable[str]) -> bool:
    """Return whether dates are American: no month has more than twelve, some day does."""
    days = [tuple(map(int, day.groups()[:2])) for d in dates if (day := AMERICAN.fullmatch(d))]
    return bool(days) and max(days)[0] < 13 and any(day > 12 for _, day in days)


# -- who is responsible, as cells print it: each person by one name, apart from what is said beside

NAME = r"[A-ZÅÄÖÉÜØÆ][a-zåäöéüøæáíóèçñšćžł]+(?:[-'’][A-ZÅÄÖÉ][a-zåäöéü]+)*"
LONGEST_ROLE = 4  # words: a longer text in the column of people is no role
LONGEST_KEPT = 5  # words: more are kept as printed and asked about, they may be a measure
USUAL = 3  # different people turned round in a file: then it is its way
_TURNED = re.compile(rf"({NAME}(?:\s{NAME})?),\s*({NAME})")  # Efternamn, Förnamn
PERSON = re.compile(rf"{NAME}(?:\s(?:af|von|de|van|der|el|al))?(?:\s{NAME}){{1,2}}")
_ONE_WORD = re.compile(NAME)
_TWO_LINES = re.compile(rf"\s*({NAME}) *\n\s*({NAME})\s*")
_BETWEEN = re.compile(r"\s*[;\n/&]\s*|(?<!-)\s+(?:och|samt)\s+")  # no "Plan- och byggchef"
_BEFORE_TITLE = re.compile(r",|\s[–-]\s(?=[a-zåäö])")
_IN_BRACKETS = r"\s*[(\[<]([^()\[\]<>]*)[)\]>]"
# Small letters: Jan and Maj are people.
_MONTHS = "jan(?:uari)?|feb(?:ruari)?|mars|apr(?:il)?|maj|jun[i]?|jul[i]?|aug(?:usti)?|"
_MONTHS += "sept?(?:ember)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?"
_SAID_DAY = rf"{_DIGITS}|20\d{{6}}|20\d\d(?!-)|(?:\d{{1,2}} )?(?:{_MONTHS})\.?(?: 20\d\d)?"


@lru_cache(maxsize=10_000)
def read_people(text: str) -> tuple[str, ...]:
    """Return the people in a cell, as printed.

    >>> read_people("Maja Lind, Omar Berg och Eva Ek")
    ('Maja Lind', 'Omar Berg', 'Eva Ek')
    """
    parts = [clean_space(part) for group in _BETWEEN.split(text) for part in group.split(",")]
    return tuple(dict.fromkeys(filter(None, parts)))


@dataclass
class Responsible:
    """Those that one cell names, and what else it says.

    beside: (rule of the account, text): a date, a role or a text behind a name; how names are told.
    """

    names: list[str] = field(default_factory=list)
    beside: list[tuple[str, str]] = field(default_factory=list)

    @property
    def date(self) -> str:
        """The first date behind a name; "" where there is none."""
        return next((text for rule, text in self.beside if rule == "person_date"), "")


@lru_cache(maxsize=100)
def _beside_names(vocab: "Vocabulary") -> list[tuple[re.Pattern, str]]:
    """Return what may stand beside a name and is none, each with its rule of the account."""
    words = {name: any_of(listed) for name, listed in vocab.words["cells"].items()}
    title = rf"\b([A-ZÅÄÖ][\w-]*{words['titles']}|(?i:{words['titles']}))(?=\s{PERSON.pattern})"
    phone = rf"[\s,:]+((?i:{words['phones']})[\s.:]*\+?\d[\d\s–-]*\d|0\d[\d\s–-]{{4,}}\d)"
    patterns = {
        rf"(?:^|(?<=[\n;]))\s*(@|(?i:{words['before_names']})\s*:)": "person_contact",
        phone: "person_contact",
        rf"[\s,:;(–-]+((?:{words['before_dates']}\s+)*(?:{_SAID_DAY}))(?![\w-])\)?": "person_date",
        _IN_BRACKETS: "person_role",
        title: "person_role",
    }
    return [(re.compile(pattern), rule) for pattern, rule in patterns.items()]


class People:
    """Tells the people of a cell by how the other cells of the export print them."""

    def __init__(self, cells: Iterable[str], vocab: "Vocabulary") -> None:
        self.vocab, self.nobody = vocab, {*map(fold, vocab.words["cells"]["nobody"])}
        cells = [cell for cell in cells if not _TWO_LINES.fullmatch(cell)]
        groups = [group for cell in {*cells} for group in self._groups(cell, [])]
        self.known: dict[str, Responsible] = {}
        self.whole = {fold(part) for group in groups for part in group.split(",")}
        self.alone = {fold(group) for group in groups if "," not in group}
        self.turned = {fold(group) for group in groups if _TURNED.fullmatch(group)}
        single = any(map(_ONE_WORD.fullmatch, groups))
        self.full = not single and len(self.alone | self.turned) > 1

    def read(self, cell: str) -> Responsible:
        """Return who is responsible by a cell."""
        if cell not in self.known:  # the same people stand on many rows
            self.known[cell] = self._read(cell)
        return self.known[cell]

    def _read(self, cell: str) -> Responsible:
        told, lines = Responsible(), _TWO_LINES.fullmatch(cell)
        if lines and self.alone.isdisjoint(map(fold, lines.groups())):
            cell = " ".join(lines.groups())  # a name that did not fit on one line
        groups = self._groups(cell, told.beside)
        for name in dict.fromkeys(name for group in groups for name in self._names(group, told)):
            if self.nobody.isdisjoint({fold(name), *fold(name).split()}):
                told.names.append(name)
            else:
                told.beside.append(("nothing_printed", name))
        return told

    def _groups(self, cell: str, beside: list[tuple[str, str]]) -> list[str]:
        """Return what stands between the signs that part people; what stands behind goes to ``beside``."""
        for pattern, rule in _beside_names(self.vocab):
            beside += [(rule, found[1]) for found in pattern.finditer(cell)]
            cell = pattern.sub("", cell)
        return [*map(clean_space, _BETWEEN.split(cell))]

    def _names(self, group: str, told: Responsible) -> list[str]:
        """Return the people of a group, in which a comma may part them, or their names."""
        parts = list(filter(None, map(clean_space, _BEFORE_TITLE.split(group))))
        pairs = list(zip(parts[::2], parts[1::2], strict=False)) if len(parts) % 2 == 0 else []
        known = [self._is_known(*pair, among=len(pairs)) for pair in pairs]
        parted = self.alone.isdisjoint(map(fold, parts))  # nobody goes by one of them alone
        if any(known) or parted and _TURNED.fullmatch(group):
            told.beside += [] if all(known) else [("name_turned", group)]
            return [f"{given} {family}" for family, given in pairs]
        if parted and len(parts) > 2 and all(map(_ONE_WORD.fullmatch, parts)):
            told.beside.append(("names_unsure", group))
        titles = [part for part in parts[1:] if self._is_title(part, parts[0])]
        texts = [part for part in parts[1:] if part not in titles and self._is_text(part)]
        told.beside += [("person_text", text) for text in texts]
        told.beside += [("person_role", title) for title in titles]
        if parts and len(parts[0].split()) > LONGEST_KEPT:
            told.beside.append(("cell_odd", parts[0]))
        return [part for part in parts if part not in (*texts, *titles)]

    def _is_known(self, family: str, given: str, *, among: int) -> bool:
        """Return whether the export shows elsewhere that two words are one person's names, turned round."""
        printed = fold(f"{family}, {given}")
        if fold(f"{given} {family}") in self.whole:
            return True
        usual = among > 1 or len(self.turned) >= USUAL
        # The word list comes last: it takes a second to load.
        return printed in self.turned and (
            usual or self.full and not is_swedish_word(given.lower())
        )

    def _is_title(self, part: str, name: str) -> bool:
        """Return whether what stands behind a full name is its title: small letters, nobody elsewhere."""
        short = part[0].islower() and len(part.split()) <= 2
        return short and PERSON.fullmatch(name) is not None and fold(part) not in self.alone

    def _is_text(self, part: str) -> bool:
        """Return whether what stands behind a name is no other person and no role."""
        words = part.split()
        status = fold(words[0]) in self.vocab.statuses
        return status or len(words) > LONGEST_ROLE or (part[0].islower() and len(words) > 2)
