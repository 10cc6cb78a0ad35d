"""A table whose columns are parted by spaces only: cells told by the headers and each row's end."""

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from riskdata.exports.account import Entry, Left
from riskdata.readers.grid import Grid
from riskdata.shapes.layouts import Layout, layouts
from riskdata.words.spelling import clean_space, fold
from riskdata.words.vocabulary import AXES, Vocabulary

FREE = ("process", "event")  # the columns of text that may stand first, in this order
_STEP = r"\d\s*[.:)\-–]\s*(?:{labels})?|\d"
_STOP = re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ])")
_CAPITAL = re.compile(r"(?<=[^\W\d_]|[,)])\s+(?=[A-ZÅÄÖ][a-zåäö])")  # not before SKR or IT


def part_columns(
    grids: list[Grid], vocab: Vocabulary
) -> tuple[list[Grid], list[Entry], list[Left]]:
    """Return the grids with the columns of flattened tables parted, and what to note of it.

    Such a table has one cell on each row. Its row of headers is known headers and nothing else;
    its rows end in cells that are told on sight (steps, yes or no), with the process and the event
    before them. A grid that is no such table is returned as it is. The notes are entries of the
    account and of unread.
    """
    parted = [_part(grid, vocab) for grid in grids]
    account = [entry for _, told, _ in parted for entry in told]
    return (
        [grid for grid, _, _ in parted],
        account,
        [entry for *_, left in parted for entry in left],
    )


def _part(grid: Grid, vocab: Vocabulary) -> tuple[Grid, list[Entry], list[Left]]:
    if any(len(row) > 1 for row in grid.rows):
        return grid, [], []
    headers = {n: h for n, row in enumerate(grid.rows) if row and (h := _header(row[0], vocab))}
    if not headers:
        return grid, [], []
    table = _Table(next(iter(headers.values())), vocab)
    rows = [[*headers[n].printed] if n in headers else row for n, row in enumerate(grid.rows)]
    account, left = [], []
    found = {n: m for n, row in enumerate(rows) if n > min(headers) and (m := table.match(row))}
    sure = {clean_space(m["lead"]) for m in found.values() if _continues(m["lead"])}
    for n, match in found.items():
        number, printed = grid.numbers[n], clean_space(rows[n][0])
        if not table.is_clear(match):
            rows[n] = []
            left.append(Left(number, printed, "ett svar för två kolumner: vilken går inte att se"))
            continue
        rows[n], told = table.cells(match, sure)
        account.append(Entry(number, "", "columns_told", printed, " | ".join(rows[n])))
        lead = clean_space(match["lead"])
        account += [Entry(number, "process", rule, lead, *x) for rule, *x in told]
    return replace(grid, rows=rows), account, left


class Header(NamedTuple):
    """A row of headers: its layout, and for each column the tidy field, and the text."""

    layout: Layout
    fields: tuple[str, ...]
    printed: tuple[str, ...]


def _header(text: str, vocab: Vocabulary) -> Header | None:
    """Return a line as the headers of a layout, if it is nothing but those of one layout.

    >>> from riskdata.words.vocabulary import vocabulary
    >>> _header("Process Risk Sannolikhet Konsekvens", vocabulary()).printed
    ('Process', 'Risk', 'Sannolikhet', 'Konsekvens')
    """
    words = clean_space(text).split()
    for layout in layouts(vocab) if 3 <= len(words) <= 60 else ():
        cells = _segment(words, layout) or []
        folded = [*map(fold, cells)]
        header = Header(layout, tuple(layout.headers[cell] for cell in folded), tuple(cells))
        if {*header.fields, *folded}.issuperset(layout.required) and _is_tellable(header):
            return header
    return None


def _segment(words: list[str], layout: Layout) -> list[str] | None:
    """Return the words as headers that the layout knows, as few as possible; None if they are not."""
    best: list[list[str] | None] = [[]]
    for end in range(1, len(words) + 1):
        ways = [
            [*best[start], " ".join(words[start:end])]
            for start in range(max(0, end - 8), end)
            if best[start] is not None and fold(" ".join(words[start:end])) in layout.headers
        ]
        best.append(min(ways, key=len, default=None))
    return best[-1]


def _is_tellable(header: Header) -> bool:
    free = [n for n, name in enumerate(header.fields) if name in FREE]
    rest = [n for n in range(len(header.fields)) if n not in free]
    return (
        header.fields[len(free) - 1] == "event"
        and free == list(range(len(free)))
        and all(header.fields[n] in (*AXES, "risk_value") or _says_yes(header, n) for n in rest)
    )


def _says_yes(header: Header, column: int) -> bool:
    return fold(header.printed[column]) in header.layout.yes_no


@dataclass(frozen=True)
class _Table:
    """A flattened table's columns, and how its rows are matched against them."""

    header: Header
    vocab: Vocabulary

    def match(self, row: list[str]) -> re.Match | None:
        """Return a row's text before its told cells ("lead"), and each of those."""
        return self._row.fullmatch(row[0]) if row else None

    def is_clear(self, found: re.Match) -> bool:
        """Return whether a row's answers can be placed: all of them or none are printed."""
        return len({found[f"c{n}"] is not None for n in self._yes_no}) < 2

    def cells(self, found: re.Match, sure: set[str]) -> tuple[list[str], list[tuple]]:
        """Return a row's cells, and what was concluded of its process and event."""
        rest = [
            clean_space(found[f"c{n}"] or "") for n in range(self.free, len(self.header.fields))
        ]
        if self.free == 1:
            return [clean_space(found["lead"]), *rest], []
        first, told = _part_lead(found["lead"], sure)
        return [*first, *rest], told

    @cached_property
    def free(self) -> int:
        """How many columns of text stand first."""
        return sum(name in FREE for name in self.header.fields)

    @cached_property
    def _yes_no(self) -> list[int]:
        return [n for n in range(len(self.header.fields)) if _says_yes(self.header, n)]

    @cached_property
    def _row(self) -> re.Pattern:
        parts = [
            rf"(?P<c{n}>{self._pattern(n)})" + ("?" if _says_yes(self.header, n) else "")
            for n in range(self.free, len(self.header.fields))
        ]
        return re.compile(r"(?P<lead>.*?\S)\s+" + r"\s*".join(parts) + r"\s*", re.IGNORECASE)

    def _pattern(self, column: int) -> str:
        name = self.header.fields[column]
        if name in AXES:
            labels = sorted(self.vocab.steps[name], key=len, reverse=True)
            return _STEP.format(labels="|".join(map(re.escape, labels)))
        if name == "risk_value":
            return r"\d{1,2}"
        words = "|".join(map(re.escape, self.vocab.words["yes_no"]["words"]))
        return rf"(?<=\s)(?:{words})(?=\s|$)"


def _part_lead(lead: str, sure: set[str]) -> tuple[list[str], list[tuple]]:
    """Return process and event, and what was concluded: (rule, after, why)."""
    text = clean_space(lead)
    if _continues(lead):
        return ["", text], []
    places = sorted(m.start() for pattern in (_STOP, _CAPITAL) for m in pattern.finditer(text))
    known = [n for n in places if text[n:].strip() in sure]
    if len(known or places) != 1:
        return [text, text], [("not_parted", text, "")]
    at = (known or places)[0]
    first = [text[:at].strip(), text[at:].strip()]
    why = "samma händelse står för sig själv" if known else "enda stället där en mening kan börja"
    return first, [("process_told", " | ".join(first), why)]


def _continues(lead: str) -> bool:
    """Return whether a row's process is blank: a space stands in its place."""
    return lead[:1].isspace()
