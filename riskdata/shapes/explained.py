"""Words and signs whose meaning a file explains outside its rows: "Grön = klart", a table of colours."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from riskdata.shapes.headings import known
from riskdata.shapes.table import Table
from riskdata.words.spelling import clean_space, fold, join
from riskdata.words.vocabulary import Vocabulary

MOST = (
    0.6  # of a column's printed cells: so many are explained, or known, in a column of such words
)
LONGEST = 30  # letters of a word that is explained
OUTSIDE = ("title", "outside_table", "set_aside", "heading")
LISTS = {"statuses": "status", "decisions": "decision", "outcomes": "outcome"}
TICKS = ("☑", "✓", "✔", "✅")
_PAIR = re.compile(r"\s*([^=:]{1,30}?)\s*(?:=|:|→|\s[-–—]\s|\|)\s*(.+?)\s*\.?\s*", re.DOTALL)
_PARTED = re.compile(r"\s*[,;|\n]\s*(?=[^,;|\n]{1,30}?\s*(?:=|:|→|\s[-–—]\s))|\s+(?=\S{1,2}\s*=)")
_LEAD = re.compile(r"^[^=:]{1,30}:\s*(?=\S{1,3}\s*=)")  # Läge: x = genomförd


def explain(tables: list[Table], vocab: Vocabulary) -> tuple[list[Table], Vocabulary]:
    """Return the tables without the lines that explain words, and the vocabulary with these words.

    Only words of a column that is made of such words count; a meaning is one known status, decision
    or outcome. ☒ beside ☐, or under "Klar", is a ticked box, beside another tick a cancelled one;
    what it says alone, nobody knows.
    """
    lines = {
        id(line): pairs
        for table in tables
        for line in table.lines
        if (pairs := _of_line(line.cells))
    }
    texts = [text for table in tables for _, kind, text in table.aside if kind in OUTSIDE]
    told = [*chain.from_iterable(lines.values()), *chain.from_iterable(map(_pairs, texts))]
    if not told and not any("☒" in "".join(x.cells) for table in tables for x in table.lines):
        return tables, vocab
    columns = [
        (fields[n], [clean_space(c) for x in rows for c in x.cells[n : n + 1] if c.strip()])
        for table in tables
        for rows in [[x for x in table.lines if id(x) not in lines]]
        for fields in [[h.field for h in known(vocab).row([*table.header])]]
        for n in range(len(fields))
    ]
    own: dict[str, dict[str, str]] = {}
    for name in LISTS:
        meant = {word: code for word, text in told if (code := _code(text, name, vocab))}
        own[name] = _printed(meant, name, columns, vocab)
    first = {cell[:1] for _, cells in columns for cell in cells}
    asked = vocab.words["asked"]["status"]
    empty = "☐" in first or any(
        "☒" in table.column(n) and any(part in fold(text) for part in asked)
        for table in tables
        for n, text in enumerate(table.header)
    )
    ticked = not first.isdisjoint(TICKS)  # with another tick beside it, ☒ says no
    if "☒" in first and (empty or ticked):
        own["statuses"] = {"☒": "cancelled" if ticked else "finished"} | own["statuses"]
    if not any(own.values()):
        return tables, vocab
    every = {word for words in own.values() for word in words}
    tables = [_without(table, lines, every) for table in tables]
    return tables, _with_words(vocab, own)


def _of_line(cells: list[str]) -> list[tuple[str, str]]:
    """Return the pairs of a line that prints a word and its meaning, in one cell or two."""
    texts = [cell for cell in cells if cell.strip()]
    told = len(texts) == 1 or all("=" in text for text in texts)
    if told or len(texts) != 2 or len(cells) == 2:
        pairs = [[*_pairs(clean_space(text))] for text in texts] if told else [[]]
        return [pair for some in pairs for pair in some] if all(pairs) else []
    word, meaning = map(clean_space, texts)
    return [(word, meaning)] if len(word) <= LONGEST else []


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Give each word of a text with its meaning: "G = Genomförd, P = Pågår"."""
    for part in _PARTED.split(_LEAD.sub("", text)):
        if (found := _PAIR.fullmatch(part)) and not found[1].isdigit():  # a step of a scale
            yield found[1], found[2]


def _code(meaning: str, name: str, vocab: Vocabulary) -> str:
    """Return the one code of a list that a meaning names; "" where there is none, or they count apart."""
    listed = sorted(map(re.escape, getattr(vocab, name)), key=len, reverse=True)
    found = re.findall(rf"(?<!\w)(?:{'|'.join(listed)})(?!\w)", text := fold(meaning))
    codes = [getattr(vocab, name)[word] for word in found]
    for word in found:
        text = text.replace(word, " ")
    turned = not {*text.split()}.isdisjoint(vocab.words["cells"]["negations"])
    same = len({vocab.counts(name).get(code) for code in codes}) == 1
    return codes[0] if same and not turned else ""


def _printed(
    meant: dict[str, str], name: str, columns: list[tuple[str, list[str]]], vocab: Vocabulary
) -> dict[str, str]:
    """Return the explained words, unknown until now, of columns that are made of such words."""
    listed, printed = getattr(vocab, name), set()
    folded = {fold(word): word for word in meant}
    for field, cells in columns:
        words = [fold(c) if fold(c) in folded or c[:1].isalnum() else fold(c[:1]) for c in cells]
        told = [word for word in words if word in folded or word in listed]
        if len(told) >= MOST * len(cells):
            mine = field in ("", "level", LISTS[name])
            printed |= {folded[w] for w in told if w in folded and (mine or not w.isalnum())}
    return {word: meant[word] for word in printed if fold(word) not in listed}


def _without(table: Table, lines: dict[int, list], words: set[str]) -> Table:
    """Return a table whose lines, and texts set aside, that explain words are a legend."""
    legend = {
        id(line) for line in table.lines if {word for word, _ in lines.get(id(line), ())} & words
    }
    gone = [line for line in table.lines if id(line) in legend]
    aside = [
        (row, "legend" if kind in OUTSIDE and {w for w, _ in _pairs(text)} & words else kind, text)
        for row, kind, text in table.aside
    ]
    aside += [(x.number, "legend", join(map(clean_space, x.cells))) for x in gone]
    return replace(table, lines=[x for x in table.lines if id(x) not in legend], aside=aside)


def _with_words(vocab: Vocabulary, own: dict[str, dict[str, str]]) -> Vocabulary:
    """Return the vocabulary with words in their lists; a single sign of a status is a mark."""
    signs = {word for word in own["statuses"] if len(word) == 1 and not word.isalnum()}
    own = {**own, "marks": {word: own["statuses"][word] for word in signs}}
    own["statuses"] = {word: code for word, code in own["statuses"].items() if word not in signs}
    words = dict(vocab.words)
    for name, told in own.items():
        codes = {code: [w for w in listed if w not in told] for code, listed in words[name].items()}
        for word, code in told.items():
            codes[code] = [*codes.get(code, ()), word]
        words[name] = codes
    return Vocabulary(words)
