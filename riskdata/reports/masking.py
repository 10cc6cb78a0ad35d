"""Masking people: whoever is responsible is not named in what leaves the project."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import pandas as pd

from riskdata.words.language import word
from riskdata.words.spelling import is_swedish_word
from riskdata.words.vocabulary import vocabulary

MASKED_COLUMNS = ["source_file", "source_row", "column", "text", "masked"]
LONGEST = 3  # words of a name that is told by its form alone
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_NAME = re.compile(r"[^\W\d_a-zåäö][a-zåäöéüøæáíóèçñšćžł]+(?:[-'’][^\W\d_]+)*")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NEAR = re.compile(r",?\s+|(?<=\b\w)\.\s*")  # between the words of one name, in either order
_START = re.compile(r"""(?:^|[.!?\n])[\s•–\-"”'(]*$""")  # of a sentence
_ENDINGS = ("titles", "units", "abbreviations")  # lists of masking.toml that words end with

Words = list[re.Match]
Span = tuple[int, int, bool]  # of a name: its ends, and whether it is masked or left to be seen


def known_people(activities: pd.DataFrame, risks: pd.DataFrame | None = None) -> list[str]:
    """Return everybody who is to be masked: the responsible, and who looks like a person in a text.

    That is until somebody has looked ([people] not_names in data/manual/vocabulary.toml).
    """
    rows = pd.concat([activities, risks])
    people = {*rows.responsible.explode().dropna()}
    texts = pd.concat([rows.event, rows.activity]).dropna().unique()
    seen = {name for text in texts for name in _names_in(text)}
    looked = {name.casefold() for name in vocabulary().words["people"]["not_names"]}
    return sorted(name for name in people | seen if name.casefold() not in looked)


def _names_in(text: str) -> Iterator[str]:
    """Yield what looks like a name: a given name, or strange words with capitals side by side."""
    words, lists = list(_WORD.finditer(text)), _lists()
    for number, match in enumerate(words):
        folded = match[0].casefold()
        if number and words[number - 1][0].casefold() in lists["things"]:
            continue  # Lex Maria
        name = [part for part in _named(text, words, number) if part[0] not in lists["particles"]]
        given = folded in lists["given"] and folded not in lists["ordinary"]
        folds = [part[0].casefold() for part in name]
        known = (one in lists["things"] or is_swedish_word(one) for one in folds)
        strange = len(folds) > 1 and not any(known)
        if strange or (given and match[0][0].isupper()):
            yield text[match.start() : (name or [match])[-1].end()]


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
    people, found, new = tuple(people), [], table.copy()
    for column in table.select_dtypes(["str", "object"]):
        cells = [_mask_cell(column, cell, people, language) for cell in table[column]]
        new[column] = pd.Series([c for c, _ in cells], table.index, dtype=table[column].dtype)
        found += [(row, column, *name) for row, (_, names) in enumerate(cells) for name in names]
    listed = pd.DataFrame(found, columns=["row", *MASKED_COLUMNS[2:]])
    sources = table.reindex(columns=MASKED_COLUMNS[:2]).iloc[listed.pop("row")]
    return new, pd.concat([sources.reset_index(drop=True), listed], axis="columns")


def _mask_cell(
    column: str, cell: object, people: tuple[str, ...], language: str
) -> tuple[object, list]:
    """Mask a text; and all in a list of people, for what stands there need not look like one."""
    if isinstance(cell, list) and column == "responsible":
        return [word("values.name", language)] * len(cell), [(name, True) for name in cell]
    return mask_text(cell, people, language=language) if isinstance(cell, str) else (cell, [])


def mask_text(
    text: str, people: Iterable[str], *, language: str = "sv"
) -> tuple[str, list[tuple[str, bool]]]:
    """Return a text without people's names, and each name found with whether it was masked.

    Masked are: two or more words of a known person's name side by side, whatever the capitals and
    the order; one such word with a capital; words with capitals after a title ("enhetschef") or
    after a common given name; e-mail addresses. A known name that is also an ordinary word ("Ek")
    and begins a sentence is masked only before a word for what people do ("Ek har …"); else it is
    left and listed, as a lone given name of somebody unknown is. Not seen: initials alone,
    nicknames, and unknown people whose given name is not in masking.toml.

    >>> mask_text("Eken fälls. Enligt Ek görs det i maj.", ["Maja Ek"])
    ('Eken fälls. Enligt [namn] görs det i maj.', [('Ek', True)])
    """
    spans, masked = _spans(text, tuple(people)), text
    for start, end, hidden in reversed(spans):
        if hidden:
            masked = f"{masked[:start]}{word('values.name', language)}{masked[end:]}"
    return masked, [(text[start:end], hidden) for start, end, hidden in spans]


@lru_cache(maxsize=20_000)  # a text stands in several tables of a report
def _spans(text: str, people: tuple[str, ...]) -> list[Span]:
    words = list(_WORD.finditer(text))
    spans = [(*found.span(), True) for found in _EMAIL.finditer(text)]
    spans += _known(text, words, _words_of(people))
    spans += [span for number in range(len(words)) for span in _by_form(text, words, number)]
    return _without_overlaps(spans)


@lru_cache
def _lists() -> dict[str, frozenset | tuple]:
    lists = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return {name: (tuple if name in _ENDINGS else frozenset)(of) for name, of in lists.items()}


@lru_cache(maxsize=8)
def _words_of(people: tuple[str, ...]) -> dict[str, frozenset[int]]:
    """Return each word of known names, folded, with the numbers of the people who have it."""
    having: dict[str, set[int]] = {}
    for number, person in enumerate(people):
        for name in _name_words(person):
            for part in {name, *re.split(r"[-'’]", name)}:
                if len(part) > 1:
                    having.setdefault(part, set()).add(number)
    return {part: frozenset(numbers) for part, numbers in having.items()}


def _name_words(printed: str) -> list[str]:
    """Return the words of a name, folded; none where a unit or a title is printed for a person."""
    capitals = [w for w in _WORD.findall(printed) if w[0].isupper() and not _is_title(w)]
    words = [w for w in capitals if w.casefold() not in _lists()["nobody"]]
    initials = all(w.isupper() and len(w) < 5 for w in words)  # HR, MAS
    return [] if initials or any(map(_is_unit, words)) else [w.casefold() for w in words]


def _is_title(text: str) -> bool:
    return text.casefold().endswith(_lists()["titles"])


def _is_unit(text: str) -> bool:
    folded = text.casefold()
    return folded in _lists()["unit_words"] or folded.endswith(_lists()["units"])


def _known(text: str, words: Words, people: dict[str, frozenset[int]]) -> Iterator[Span]:
    """Yield names of known people: words of one person side by side, or one that has a capital."""
    number = 0
    while number < len(words):
        name, meant = [words[number]], _who(words[number][0], people)
        for match in words[number + 1 :]:
            meant = meant & _who(match[0], people)
            if not meant or not _NEAR.fullmatch(text, name[-1].end(), match.start()):
                break
            name.append(match)
        start, base = name[0].start(), _base(name[-1][0], people)
        end = name[-1].start() + len(base)
        if len(name) > 1 and any(len(match[0]) > 1 for match in name):  # more than initials
            yield start, end, True
        elif len(name) == 1 and base in people and name[0][0][0].isupper():
            yield start, end, base not in _lists()["ordinary"] or _is_person(text, words, number)
        number += len(name)


def _who(text: str, people: dict[str, frozenset[int]]) -> frozenset[int]:
    """Return who may be meant by a word; by an initial, anybody whose name begins so."""
    if len(text) == 1 and text.isupper():
        letter = text.casefold()
        return frozenset().union(*(who for name, who in people.items() if name[0] == letter))
    return people.get(_base(text, people), frozenset())


def _base(text: str, people: Iterable[str]) -> str:
    """Return a word folded, and without the -s of a genitive where it is then a known one."""
    folded = text.casefold()
    short = folded.removesuffix("s")
    return short if folded not in people and short in people else folded


def _is_person(text: str, words: Words, number: int) -> bool:
    """Say whether an ordinary word with a capital is a name: in a sentence, or doing something."""
    before = text[: words[number].start()]
    abbreviated = before.rstrip().casefold().endswith(_lists()["abbreviations"])
    after = [match[0].casefold() for match in words[number + 1 : number + 2]]
    return abbreviated or not _START.search(before) or bool({*after} & _lists()["does"])


def _by_form(text: str, words: Words, number: int) -> Iterator[Span]:
    """Yield a name that nobody in the data is known by: after a title, or by its given name."""
    first = words[number]
    if _is_title(first[0]):
        name = _named(text, words, number + 1)
        between = r"\s+" if len(name) == 1 else r"[,:]?\s+"
        if name and re.fullmatch(between, text[first.end() : name[0].start()]):
            yield _without_genitive(name)
    elif first[0][0].isupper() and first[0].casefold() in _lists()["given"]:
        name = _named(text, words, number)
        if len(name) > 1:
            yield _without_genitive(name)
        elif first[0].casefold() not in _lists()["ordinary"]:
            yield *first.span(), False


def _named(text: str, words: Words, number: int) -> Words:
    """Return the words from a number on that look like a name; none if they name a unit."""
    name: Words = []
    for match in words[number : number + LONGEST]:
        inside = name and match[0] in _lists()["particles"]
        apart = name and text[name[-1].end() : match.start()].strip()
        if apart or _is_title(match[0]) or not (inside or _NAME.fullmatch(match[0])):
            break
        name.append(match)
    after = words[number + 1 : number + 2] if len(name) == 1 else []  # Ekbackens skola
    return [] if any(_is_unit(match[0]) for match in [*name, *after]) else name


def _without_genitive(name: Words) -> Span:
    genitive = len(name) > 1 and re.search(r"\w[^s]s$", name[-1][0])
    return name[0].start(), name[-1].end() - bool(genitive), True


def _without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order, those that overlap as one; masked counts before left."""
    settled: list[Span] = []
    for start, end, masked in sorted(spans, key=lambda span: (not span[2], span[0])):
        if not any(start < until and since < end for since, until, _ in settled):
            settled.append((start, end, masked))
        elif masked:
            settled[-1] = (settled[-1][0], max(settled[-1][1], end), True)
    return sorted(settled)
