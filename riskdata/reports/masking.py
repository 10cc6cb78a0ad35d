"""Masking people: whoever is responsible is not named in what leaves the project."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from riskdata.words.spelling import is_swedish_word
from riskdata.words.vocabulary import vocabulary

MASKED_COLUMNS = ["source_file", "source_row", "column", "text", "masked"]
LONGEST = 3  # words of a name that is told by its form alone
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_NAME = re.compile(r"[^\W\d_a-zåäö][a-zåäöéüøæáíóèçñšćžł]+(?:[-'’][^\W\d_]+)*")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NEAR = re.compile(r",?\s+|(?<=\b\w)\.\s*")  # between the words of one name, in either order
_START = re.compile(r"""(?:^|[.!?\n])[\s•–\-"”'(]*$""")  # of a sentence


class NameSpan(NamedTuple):
    """A name in a text: from where to where, and whether it is masked or left to be looked at."""

    start: int
    end: int
    masked: bool = True


def known_people(activities: pd.DataFrame, risks: pd.DataFrame | None = None) -> list[str]:
    """Return everybody who is to be masked: the responsible, and who looks like a person in a text.

    What looks like a person's name in an event or an activity stands here until somebody has looked
    and says otherwise ([people] not_names in data/manual/vocabulary.toml).

    >>> from riskdata.tables.schema import frame
    >>> known_people(frame("activities", [{"responsible": ["Maja Ek", "Omar Lind"]}]))
    ['Maja Ek', 'Omar Lind']
    >>> known_people(frame("activities", [{"activity": "Samtal med Zoran Petric om rutinen"}]))
    ['Zoran Petric']
    """
    tables = [activities] if risks is None else [activities, risks]
    people = {
        n for t in tables for names in t.responsible if isinstance(names, list) for n in names
    }
    texts = {
        x for t in tables for c in ("event", "activity") if c in t for x in t[c].dropna().unique()
    }
    looked = {name.casefold() for name in vocabulary().words["people"]["not_names"]}
    seen = {name for text in texts for name in _names_in(text)}
    return sorted({name for name in people | seen if name.casefold() not in looked})


def _names_in(text: str) -> Iterator[str]:
    """Yield what looks like a name in an event or activity: a given name, words with capitals.

    Of names that nobody is known by these are seen: a given name of the list (masking.toml), alone
    or followed by others; two or three words with a capital side by side, unless they are ordinary
    Swedish words or the list says that they name something else.
    """
    words, known = list(_WORD.finditer(text)), _knowledge()
    for number, word in enumerate(words):
        folded = word[0].casefold()
        if number and words[number - 1][0].casefold() in known["things"]:
            continue  # Lex Maria
        name = [part for part in _named(text, words, number) if part[0] not in known["particles"]]
        if folded in known["given"] and word[0][0].isupper() and folded not in known["ordinary"]:
            yield text[word.start() : (name or [word])[-1].end()]
        elif len(name) > 1 and _looks_foreign([part[0].casefold() for part in name]):
            yield text[name[0].start() : name[-1].end()]


def _looks_foreign(words: list[str]) -> bool:
    """Return whether words name nothing that is known and are no ordinary words of Swedish."""
    return not any(word in _knowledge()["things"] or is_swedish_word(word) for word in words)


def mask_names(
    table: pd.DataFrame, people: Iterable[str], *, language: str = "sv"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a table without people's names, and the list of what was masked.

    Parameters
    ----------
    table : any table; each of its text columns and ``responsible`` is masked
    people : those known by name, as ``known_people`` returns them; take them from all boards
        and periods, for a follow-up names people only in its comments
    language : of the placeholder: "sv" ([namn]) or "en" ([name])

    Returns
    -------
    table, masked : the second has a row for each name found (``source_file``, ``source_row``,
        ``column``, ``text``, ``masked``). What may be a name and may be a word is left in the
        text, with ``masked`` False: somebody should look at it. Keep this list to yourself.

    Examples
    --------
    >>> from riskdata.tables.schema import frame
    >>> rader = frame("activities", [{"comment": "Maja Ek har infört rutinen."}])
    >>> mask_names(rader, ["Maja Ek"])[0].comment[0]
    '[namn] har infört rutinen.'
    """
    people, found, masked = tuple(people), [], table.copy()
    for column in table.select_dtypes(["str", "object"]):
        cells = [_mask_cell(cell, people, language) for cell in table[column]]
        masked[column] = pd.Series([c for c, _ in cells], table.index, dtype=table[column].dtype)
        found += [(row, column, text, hidden) for row, (_, spans) in enumerate(cells)
                  for text, hidden in spans]  # fmt: skip
    return masked, _listed(table, found)


def mask_tables(
    tables: Mapping[str, pd.DataFrame], people: Iterable[str], *, language: str = "sv"
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Return tables by their names as ``mask_names`` returns one, with one list for them all."""
    people = tuple(people)
    masked = {name: mask_names(table, people, language=language) for name, table in tables.items()}
    listed = pd.concat([found for _, found in masked.values()], ignore_index=True)
    listed = listed.drop_duplicates(ignore_index=True)
    return {name: table for name, (table, _) in masked.items()}, listed


def mask_text(
    text: str, people: Iterable[str], *, language: str = "sv"
) -> tuple[str, list[tuple[str, bool]]]:
    """Return a text without people's names, and each name found with whether it was masked.

    Masked are: two or more words of a known person's name side by side, whatever the capitals and
    the order; one such word with a capital; words with capitals after a title ("enhetschef") or
    after a common given name; e-mail addresses. A genitive -s stays. A known name that is also an
    ordinary word ("Ek") and begins a sentence is masked only before a word for what people do
    ("Ek har …"); else it is left and listed, as a lone given name of somebody unknown is. Not
    seen: initials alone, nicknames, and unknown people whose given name is not in masking.toml.

    >>> mask_text("Eken fälls. Enligt Ek görs det i maj.", ["Maja Ek"])
    ('Eken fälls. Enligt [namn] görs det i maj.', [('Ek', True)])
    >>> mask_text("Ek har planterats. Samtal med rektor Omar Bergs stab.", ["Maja Ek"])[0]
    '[namn] har planterats. Samtal med rektor [namn]s stab.'
    """
    spans = _without_overlaps(_find(text, _words_of(tuple(people))))
    pieces, at = [], 0
    for span in spans:
        if span.masked:
            pieces += [text[at : span.start], placeholder(language)]
            at = span.end
    return "".join([*pieces, text[at:]]), [(text[s.start : s.end], s.masked) for s in spans]


def placeholder(language: str = "sv") -> str:
    """Return what stands for a name.

    >>> placeholder()
    '[namn]'
    """
    return _knowledge()["placeholder"][language]


def _mask_cell(cell: object, people: tuple[str, ...], language: str) -> tuple[object, list]:
    """Mask a text; and all in a list of people, for what stands there need not look like one."""
    if isinstance(cell, list):
        return [placeholder(language)] * len(cell), [(name, True) for name in cell]
    return mask_text(cell, people, language=language) if isinstance(cell, str) else (cell, [])


def _listed(table: pd.DataFrame, found: list[tuple]) -> pd.DataFrame:
    rows = [row for row, *_ in found]
    where = table.reindex(columns=MASKED_COLUMNS[:2]).iloc[rows].reset_index(drop=True)
    said = pd.DataFrame([span for _, *span in found], columns=MASKED_COLUMNS[2:])
    return pd.concat([where, said], axis="columns")


@lru_cache
def _knowledge() -> dict:
    read = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    lists = {name: frozenset(words) for name, words in read["words"].items()}
    endings = {name: tuple(read["words"][name]) for name in ("titles", "units", "abbreviations")}
    return {**lists, **endings, "placeholder": read["placeholder"]}


@lru_cache(maxsize=8)
def _words_of(people: tuple[str, ...]) -> dict[str, frozenset[int]]:
    """Return each word of known names, folded, with the numbers of the people who have it."""
    found: dict[str, set[int]] = {}
    for number, person in enumerate(people):
        for word in _name_words(person):
            for part in {word, *re.split(r"[-'’]", word)}:
                if len(part) > 1:
                    found.setdefault(part, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


def _name_words(printed: str) -> list[str]:
    """Return the words of a name, folded; none where a unit or a title is printed for a person."""
    capitals = [w for w in _WORD.findall(printed) if w[0].isupper() and not _is_title(w)]
    words = [w for w in capitals if w.casefold() not in _knowledge()["nobody"]]
    initials = all(w.isupper() and len(w) < 5 for w in words)  # HR, MAS
    return [] if initials or any(map(_is_unit, words)) else [w.casefold() for w in words]


def _is_title(word: str) -> bool:
    return word.casefold().endswith(_knowledge()["titles"])


def _is_unit(word: str) -> bool:
    folded = word.casefold()
    return folded in _knowledge()["unit_words"] or folded.endswith(_knowledge()["units"])


def _find(text: str, known: dict[str, frozenset[int]]) -> Iterator[NameSpan]:
    yield from (NameSpan(*m.span()) for m in _EMAIL.finditer(text))
    words = list(_WORD.finditer(text))
    for number, word in enumerate(words):
        base = _base(word[0], known)
        if base and _starts_run(text, words, number, known):
            yield from _run(text, words, number, known)
        elif base and word[0][0].isupper():
            masked = base not in _knowledge()["ordinary"] or _is_person(text, words, number)
            yield NameSpan(word.start(), word.start() + len(base), masked)
        yield from _by_form(text, words, number)


def _base(word: str, known: Iterable[str]) -> str:
    """Return the known form of a word, without a genitive -s; "" where there is none."""
    folded = word.casefold()
    return next((form for form in (folded, folded.removesuffix("s")) if form in known), "")


def _people_of(word: str, known: dict[str, frozenset[int]]) -> frozenset[int]:
    """Return who may be meant by a word; by an initial, anybody whose name begins so."""
    if len(word) == 1 and word.isupper():
        letter = word.casefold()
        return frozenset().union(*(who for name, who in known.items() if name[0] == letter))
    return known.get(_base(word, known), frozenset())


def _is_near(text: str, first: re.Match, second: re.Match) -> bool:
    return bool(_NEAR.fullmatch(text, first.end(), second.start()))


def _starts_run(text: str, words: list, number: int, known: dict) -> bool:
    """Say whether a neighbour of a word is of the same person's name."""
    around = words[max(number - 1, 0) : number + 2]
    pairs = (p for p in pairwise(around) if _is_near(text, *p))
    return any(_people_of(a[0], known) & _people_of(b[0], known) for a, b in pairs)


def _run(text: str, words: list, number: int, known: dict) -> Iterator[NameSpan]:
    """Yield the words of one person's name from the one before this to the last that is near."""
    first = last = number
    people = _people_of(words[number][0], known)
    while first and _is_same_name(text, words[first - 1], words[first], people, known):
        first -= 1
    while last + 1 < len(words) and _is_same_name(
        text, words[last], words[last + 1], people, known
    ):
        last += 1
    base = _base(words[last][0], known) or words[last][0]
    yield NameSpan(words[first].start(), words[last].start() + len(base))


def _is_same_name(
    text: str, one: re.Match, other: re.Match, people: frozenset, known: dict
) -> bool:
    shared = people & _people_of(one[0], known) & _people_of(other[0], known)
    return bool(shared) and _is_near(text, one, other)


def _is_person(text: str, words: list, number: int) -> bool:
    """Say whether an ordinary word with a capital is a name: in a sentence, or doing something."""
    before = text[: words[number].start()]
    abbreviated = before.rstrip().casefold().endswith(_knowledge()["abbreviations"])
    if abbreviated or not _START.search(before):
        return True
    after = words[number + 1 : number + 2]
    return bool(after) and after[0][0].casefold() in _knowledge()["does"]


def _by_form(text: str, words: list, number: int) -> Iterator[NameSpan]:
    """Yield a name that nobody in the data is known by: after a title, or by its given name."""
    word = words[number]
    if _is_title(word[0]):
        name = _named(text, words, number + 1)
        between = r"\s+" if len(name) == 1 else r"[,:]?\s+"
        if name and re.fullmatch(between, text[word.end() : name[0].start()]):
            yield _without_genitive(name)
    elif word[0][0].isupper() and word[0].casefold() in _knowledge()["given"]:
        name = _named(text, words, number)
        if len(name) > 1:
            yield _without_genitive(name)
        elif word[0].casefold() not in _knowledge()["ordinary"]:
            yield NameSpan(*word.span(), masked=False)


def _named(text: str, words: list, number: int) -> list[re.Match]:
    """Return the words from a number on that look like a name; none if they name a unit."""
    name = []
    for word in words[number : number + LONGEST]:
        small = name and word[0] in _knowledge()["particles"]
        if not (small or _NAME.fullmatch(word[0])) or _is_title(word[0]):
            break
        if name and text[name[-1].end() : word.start()].strip():
            break
        name.append(word)
    after = words[number + 1 : number + 2] if len(name) == 1 else []  # Ekbackens skola
    return [] if any(_is_unit(word[0]) for word in [*name, *after]) else name


def _without_genitive(name: list[re.Match]) -> NameSpan:
    last = name[-1]
    genitive = len(name) > 1 and re.search(r"\w[^s]s$", last[0])
    return NameSpan(name[0].start(), last.end() - bool(genitive))


def _without_overlaps(spans: Iterable[NameSpan]) -> list[NameSpan]:
    """Return the spans in order, those that overlap as one; masked counts before left."""
    settled: list[NameSpan] = []
    for span in sorted(spans, key=lambda s: (not s.masked, s.start, -s.end)):
        clash = [s for s in settled if s.start < span.end and span.start < s.end]
        if clash and span.masked:
            ends = [span, *clash]
            span = NameSpan(min(s.start for s in ends), max(s.end for s in ends))
            settled = [s for s in settled if s not in clash]
        if span.masked or not clash:
            settled.append(span)
    return sorted(settled)
