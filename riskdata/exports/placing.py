"""Which column each cell of a row belongs to: where it is printed, unless a typed cell proves otherwise.

A row in which nothing is odd never comes here. Cells that have moved equally far are a run; a run
moves only with a typed cell that cannot stand where it is printed, or where the run before would
put it, and is at home where it lands. The pieces of a fused cell explain that what follows stands
as much further left.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from heapq import heappop, heappush
from itertools import accumulate, count
from typing import NamedTuple

from riskdata.exports.cells import SCALED, Form
from riskdata.words.vocabulary import AXES

FITS, ODD, CANNOT = 0, 1, 2
WIDEST = 150  # cells and columns together: what is wider is no row of such a table

_VALUES = frozenset(("risk_value", "risk_value_after"))
_RUNNING = frozenset(("description", "comment"))
_TEXTS = frozenset(("text", "sentence", "goal", "date"))
_WORDS = _TEXTS | {"person"}
_NUMERALS = frozenset(("digit", "number", "step"))
_PEOPLE = frozenset(("people", "person", "text", "goal"))
# What stands rightly in a column; any other column holds free text.
_FIT: dict[str, frozenset[str]] = {
    **{field: frozenset(("digit", "step", field.removesuffix("_after"))) for field in SCALED},
    **dict.fromkeys(_VALUES, frozenset(("digit", "number", "value"))),
    "decision": frozenset(("decision",)),
    "status": frozenset(("status",)),
    "outcome": _WORDS | {"status", "decision"},
    "level": _WORDS | {"status", "decision", "step", *AXES},
    "due_date": _WORDS | _NUMERALS | {"status"},
    "description": _TEXTS | {"status"},
    "comment": _TEXTS | {"status", "marked"},
    "activity": _TEXTS | {"marked", "spaced", "status"},
    "event": _TEXTS,
    **dict.fromkeys(("goal", "indicator", "process"), _WORDS | {"step"}),  # "2. Trygga gator"
    **dict.fromkeys(("responsible", "risk_owner"), _PEOPLE),
    "period": _WORDS | _NUMERALS,
}
# What may be kept where it stands, with a question; the rest cannot be read there.
_MAY_STAY: dict[str, frozenset[str]] = {
    **dict.fromkeys(SCALED, frozenset(("number", *AXES))),
    **dict.fromkeys(_VALUES, frozenset()),
    "decision": frozenset(("text", "sentence", "person", "status")),
    "status": frozenset(("text", "sentence", "person", "marked", "date")),
}
# Where each kind is at home: where no column of a table is, it is only text.
HOMES: dict[str, frozenset[str]] = {
    **dict.fromkeys(_NUMERALS, _VALUES | {*SCALED, "period", "due_date"}),
    "value": _VALUES,
    **{axis: frozenset((axis, f"{axis}_after")) for axis in AXES},
    "decision": frozenset(("decision",)),
    **dict.fromkeys(("marked", "status", "spaced"), frozenset(("activity", "status"))),
    **dict.fromkeys(("people", "person"), frozenset(("responsible", "risk_owner"))),
    "goal": frozenset(("goal",)),
    "date": frozenset(("due_date",)),
}


class Placed(NamedTuple):
    """One printed cell's columns: its position in the row, its first column, its form."""

    cell: int
    column: int
    form: Form


Placing = tuple[Placed, ...]  # of all the cells that a row prints


@dataclass(frozen=True, eq=False)  # compared as an object: it is the key of caches
class Ground:
    """The columns to place on, and what the file shows of them.

    fields: of each column; always: those printed on every row that stands straight; usual: kinds
    that often stand in a column that is not read; marked: whether activities carry marks;
    numbered: whether goals carry numbers; unnamed: columns without a heading.
    """

    fields: tuple[str, ...]
    always: frozenset[int] = frozenset()
    usual: frozenset[tuple[int, str]] = frozenset()
    marked: bool = False
    numbered: bool = False
    unnamed: frozenset[int] = frozenset()

    def grade(self, kind: str, column: int) -> int:
        """Return whether a cell of a kind fits a column, is odd there or cannot stand there."""
        return _grade(self, kind, column)

    def odd(self, kinds: tuple[str, ...]) -> int:
        """Return how odd a row is as it is printed; 0 where every cell fits."""
        return sum(self.grade(kind, n) for n, kind in enumerate(kinds) if kind != "blank")

    def proves(self, placed: Placed, drift: int) -> bool:
        """Return whether a typed piece cannot stand where it is printed, or ``drift`` from there."""
        cell = placed.cell
        return any(
            self._is_typed(kind, cell, drift)
            and (self.grade(kind, cell + n), self.grade(kind, cell + n + drift)) != (FITS, FITS)
            for n, kind in _at_home(self, placed.form, placed.column)
        )

    def _is_typed(self, kind: str, cell: int, drift: int) -> bool:
        """A person known by the shape of the name only is typed under running text, or beside the table."""
        if kind == "person":
            stood = [self.fields[n] for n in (cell, cell + drift) if n < len(self.fields)]
            beside = cell >= len(self.fields) or not self.unnamed.isdisjoint((cell, cell + drift))
            return beside or not _RUNNING.isdisjoint(stood)
        return kind not in ("text", "sentence") and (kind != "goal" or self.numbered)


@lru_cache(maxsize=20_000)
def _grade(ground: Ground, kind: str, column: int) -> int:
    if kind == "blank" or kind == "error" or column >= len(ground.fields):
        return FITS if kind == "blank" else CANNOT
    name = ground.fields[column]
    if HOMES.get(kind, {name}).isdisjoint(ground.fields):
        kind = "person" if kind in ("people", "person") else "text"
    if name.startswith("column "):
        free = kind in _TEXTS | _NUMERALS or (column, kind) in ground.usual
        free = free and column not in ground.unnamed or kind in ("text", "sentence")
        known = kind == "people" and (column, "person") in ground.usual
        return FITS if free or known else ODD
    if kind in _FIT.get(name, _WORDS):
        odd = ground.marked and name == "comment" and kind == "marked"
        if kind in _WORDS and kind != "goal":
            odd = ground.numbered and name == "goal" or ground.marked and name == "activity"
        return ODD if odd else FITS
    return ODD if name not in _MAY_STAY or kind in _MAY_STAY[name] else CANNOT


@lru_cache(maxsize=20_000)
def _at_home(ground: Ground, form: Form, column: int) -> list[tuple[int, str]]:
    """Return the pieces that are at home where they land, each with its kind."""
    return [
        (n, kind)
        for n, kind in enumerate(form)
        if ground.fields[column + n] in HOMES.get(kind, ())
        and ground.grade(kind, column + n) == FITS
    ]


@lru_cache(maxsize=20_000)
def _odd(ground: Ground, form: Form, column: int) -> int:
    return sum(ground.grade(kind, column + n) for n, kind in enumerate(form))


# How far a row is placed: cells, columns; how far this run and the one before it have moved; whether
# this run may move; columns that the pieces of fused cells have taken. A tuple: thousands are made.
_State = tuple[int, int, int, int, bool, int]
# What a placing costs, in one number: see ``place``. None of its counts reaches the next.
_ODD, _BLANK, _CHANGE, _OFF = (1 << 10 * n for n in (3, 2, 1, 0))


@lru_cache(maxsize=20_000)
def place(row: tuple[tuple[Form, ...], ...], ground: Ground) -> list[Placing]:
    """Return the best placing of a row; two where others are as good; none where none holds.

    row: of each printed cell the forms that it may have, none for a blank one. The best has the
    fewest odd cells, then blanks in columns that every row has, then changes (one before the first
    cell counts half), then cells that do not stand as the row's length says.
    """
    if len(row) + len(ground.fields) > WIDEST:
        return []
    found, best, order = [], 0, count(1)
    heap, taken = [(0, 0, (0, 0, 0, 0, True, 0), ())], Counter()
    while heap and len(found) < 2 and not (found and heap[0][0] > best):
        cost, _, state, placing = heappop(heap)
        if state[0] > len(row):
            found, best = [*found, placing], cost
        elif taken[state] < 2:  # a third way to the same state is no better
            taken[state] += 1
            for more, on, placed in _steps(row, ground, state):
                heappush(heap, (cost + more, next(order), on, placing + placed))
    return found


def _steps(
    row: tuple[tuple[Form, ...], ...], ground: Ground, state: _State
) -> Iterator[tuple[int, _State, Placing]]:
    """Yield each way to place the next printed cell: what it costs, where it leads, the cell."""
    cell, column, offset, before, proven, explained = state
    width, first = len(ground.fields), not any(row[:cell])
    while cell < len(row) and not row[cell]:
        cell += 1
    blanks = [*accumulate((n in ground.always for n in range(column, width)), initial=0)]
    if cell == len(row):
        if proven:
            yield blanks[-1] * _BLANK, (cell + 1, *state[1:]), ()
        return
    stay = cell + explained + offset
    usual = explained if len(row) < width else 0
    room = width - sum(map(bool, row[cell + 1 :]))  # what follows needs a column each
    for form in row[cell]:
        starts = range(column, room - len(form) + 1)
        for start in starts if proven else {stay}.intersection(starts):
            begins, stands = start != stay, start - cell in (0, explained)
            here, last = Placed(cell, start, form), offset if begins else before
            holds = proven and (stands or not begins) or ground.proves(here, explained + last)
            changes = (begins and not (stands and offset == 0)) * (1 if first else 2)
            cost = (
                _odd(ground, form, start) * _ODD
                + blanks[start - column] * _BLANK
                + (changes + (len(form) > 1)) * _CHANGE
                + (start - cell != usual) * _OFF
            )
            on = start + len(form), start - cell - explained, last, holds
            yield cost, (cell + 1, *on, explained + len(form) - 1), (here,)


def moved(placing: Placing) -> list[tuple[Placed, int]]:
    """Return the cells that move further than the splits before them explain, and how far."""
    found, explained = [], 0
    for placed in placing:
        offset = placed.column - placed.cell
        if offset not in (0, explained):
            found.append((placed, offset - explained))
        explained += len(placed.form) - 1
    return found
