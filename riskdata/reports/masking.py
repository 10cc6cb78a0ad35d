"""Masking people: whoever is responsible is not named in what leaves the project."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import pandas as pd

from riskdata.words.language import word
from riskdata.words.spelling import is_swedish_word
from riskdata.words.vocabulary import vocabulary

MASKED_COLUMNS = ["source_file", "source_row", "column", "text", "masked"]
LONGEST = 3  # words of a name that is told by its form alone
_WORD = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[^\W\d_]+(?:[-'’][^\W\d_]+)*")  # or an address
_NAME = re.compile(r"[^\W\d_a-zåäö][a-zåäöéüøæáíóèçñšćžł]+(?:[-'’][^\W\d_]+)*")
_NEAR = re.compile(r",?\s+|(?<=\b\w)\.\s*")  # between the words of one name, in either order
_START = re.compile(r"""(?:^|[.!?\n])[\s•–\-"”'(]*$""")  # of a sentence
_ENDINGS = ("titles", "units", "abbreviations")  # lists of masking.toml that words end with

Words = list[re.Match]
People = Mapping[str, frozenset[int]]  # each word of known names, folded → numbers of its people


def known_people(activities: pd.DataFrame, risks: pd.DataFrame | None = None) -> list[str]:
    """Return everybody who is to be masked: the responsible, and who looks like a person in a text.

    That is until somebody has looked ([people] not_names in data/manual/vocabulary.toml).
    """
    rows = pd.concat([activities, risks])
    texts = pd.concat([rows.event, rows.activity]).dropna().unique()
    people = {*rows.responsible.explode().dropna(), *(n for t in texts for n in _names_in(t))}
    looked = {name.casefold() for name in vocabulary().words["people"]["not_names"]}
    return sorted(name for name in people if name.casefold() not in looked)


def _names_in(text: str) -> Iterator[str]:
    """Yield what looks like a name: a given name, or strange words with capitals side by side."""
    words = list(_WORD.finditer(text))
    for at, first in enumerate(words):
        name = [part for part in _named(text, words, at) if not _is("particles", part[0])]
        known = (_is("things", part[0]) or is_swedish_word(part[0].casefold()) for part in name)
        strange = len(name) > 1 and not any(known)
        given = _is("given", first[0]) and not _is("ordinary", first[0]) and first[0][0].isupper()
        after_thing = at and _is("things", words[at - 1][0])  # Lex Maria
        if (strange or given) and not after_thing:
            yield text[first.start() : (name or [first])[-1].end()]


def mask_names(
    table: pd.DataFrame, people: Iterable[str], *, language: str = "sv"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a table without people's names, and the list of what was masked.

    table : any table; each of its text columns and ``responsible`` is masked.
    people : those known by name, as ``known_people`` returns them; take them from all boards and
    periods, for a follow-up names people only in its comments.
    language : of the placeholder: "sv" ([namn]) or "en" ([name]).

    Returns
    -------
    table, masked : the second has a row for each name found (``source_file``, ``source_row``,
        ``column``, ``text``, ``masked``). What may be a name and may be a word is left in the
        text, with ``masked`` False: somebody should look at it. Keep this list to yourself.

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
    pieces, names, shown = [], [], 0
    for start, end, hidden in _spans(text, tuple(people)):
        names.append((text[start:end], hidden))
        if hidden:
            pieces += [text[shown:start], word("values.name", language)]
            shown = end
    return "".join([*pieces, text[shown:]]), names


@lru_cache(maxsize=20_000)  # a text stands in several tables of a report
def _spans(text: str, people: tuple[str, ...]) -> list[tuple[int, int, bool]]:
    """Return where each name begins and ends, and whether it is masked; those that overlap are one."""
    words, known = list(_WORD.finditer(text)), _words_of(people)
    names: list[tuple[int, int, bool]] = []  # in numbers of words
    for at in range(len(words)):
        count, hidden = _name_at(text, words, at, known)
        if count and (not names or at >= names[-1][1]):
            names.append((at, at + count, hidden))
        elif count and at + count > names[-1][1]:
            names[-1] = (names[-1][0], at + count, True)
    return [(words[a].start(), _end(words[a:b], known), hidden) for a, b, hidden in names]


def _name_at(text: str, words: Words, at: int, known: People) -> tuple[int, bool]:
    """Return of how many words the name is that begins at a word, and whether it is to be masked."""
    first = words[at][0]
    if "@" in first:
        return 1, True
    capital = first[0].isupper()
    given, titled = capital and _is("given", first), _follows_title(text, words, at)
    by_form = len(_named(text, words, at)) if given or titled else 0
    longest = max(_known_run(text, words, at, known), by_form)
    if longest > 1 or titled:
        return longest, True
    if capital and _base(first, known) in known:
        return 1, not _is("ordinary", _base(first, known)) or _is_person(text, words, at)
    return int(given and not _is("ordinary", first)), False


def _known_run(text: str, words: Words, at: int, known: People) -> int:
    """Return how many words from one on are of one known person, not all of them initials."""
    meant, run = _who(words[at][0], known), 0
    while meant:
        run += 1
        if at + run == len(words):
            break
        near = _NEAR.fullmatch(text, words[at + run - 1].end(), words[at + run].start())
        meant = meant & _who(words[at + run][0], known) if near else frozenset()
    return run if any(len(match[0]) > 1 for match in words[at : at + run]) else 0


def _who(text: str, known: People) -> frozenset[int]:
    """Return who may be meant by a word; by an initial, anybody whose name begins so."""
    if len(text) == 1 and text.isupper():
        letter = text.casefold()
        return frozenset().union(*(who for name, who in known.items() if name[0] == letter))
    return known.get(_base(text, known), frozenset())


def _base(text: str, known: People) -> str:
    """Return a word folded, and without the -s of a genitive where it is then a known one."""
    folded = text.casefold()
    short = folded.removesuffix("s")
    return short if folded not in known and short in known else folded


def _end(name: Words, known: People) -> int:
    """Return where a name ends: before the -s of a genitive."""
    last = name[-1][0]
    unknown = len(name) > 1 and last.casefold() not in known and re.search(r"\w[^s]s$", last)
    return name[-1].end() - (bool(unknown) or len(_base(last, known)) < len(last))


@lru_cache
def _lists() -> dict[str, frozenset | tuple]:
    lists = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return {name: (tuple if name in _ENDINGS else frozenset)(of) for name, of in lists.items()}


def _is(kind: str, text: str) -> bool:
    """Return whether a word is in one of the lists, or ends as one of its endings."""
    folded, of = text.casefold(), _lists()[kind]
    return folded.endswith(of) if kind in _ENDINGS else folded in of


@lru_cache(maxsize=8)
def _words_of(people: tuple[str, ...]) -> People:
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
    capitals = [w for w in _WORD.findall(printed) if w[0].isupper() and not _is("titles", w)]
    words = [w for w in capitals if not _is("nobody", w)]
    initials = all(w.isupper() and len(w) < 5 for w in words)  # HR, MAS
    return [] if initials or any(map(_is_unit, words)) else [w.casefold() for w in words]


def _is_unit(text: str) -> bool:
    return _is("unit_words", text) or _is("units", text)


def _is_person(text: str, words: Words, at: int) -> bool:
    """Say whether a word with a capital is a name: in a sentence, doing something, with an address."""
    before = text[: words[at].start()]
    begins = _START.search(before) and not _is("abbreviations", before.rstrip())
    after = [match[0] for match in words[at + 1 : at + 2]]
    return not begins or any(_is("does", text) or "@" in text for text in after)


def _follows_title(text: str, words: Words, at: int) -> bool:
    """Say whether a word that looks like a name stands after a title; alone, without a comma."""
    if at == 0 or not _is("titles", words[at - 1][0]):
        return False
    name, between = _named(text, words, at), text[words[at - 1].end() : words[at].start()]
    return bool(name and re.fullmatch(r"[,:]?\s+" if len(name) > 1 else r"\s+", between))


def _named(text: str, words: Words, at: int) -> Words:
    """Return the words from one on that look like a name; none if they name a unit."""
    name: Words = []
    for match in words[at : at + LONGEST]:
        inside = name and match[0] in _lists()["particles"]
        apart = name and text[name[-1].end() : match.start()].strip()
        if apart or _is("titles", match[0]) or not (inside or _NAME.fullmatch(match[0])):
            break
        name.append(match)
    after = words[at + 1 : at + 2] if len(name) == 1 else []  # Ekbackens skola
    return [] if any(_is_unit(match[0]) for match in [*name, *after]) else name
