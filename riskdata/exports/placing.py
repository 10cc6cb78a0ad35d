"""Which column each cell of a row belongs to: where it is printed, unless a typed cell proves otherwise.

A row in which nothing is odd never comes here. Cells that have moved equally far are a run; a run
moves only with a typed cell that cannot stand where it is printed, or where the run before would
put it, and is at home where it lands. The pieces of a fused cell explain that what follows stands
as much further left.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from operator import add, itemgetter
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
        cell, column, form = placed
        return any(
            self._is_typed(kind, cell, drift)
            and self.fields[column + n] in HOMES.get(kind, ())
            and self.grade(kind, column + n) == FITS
            and (self.grade(kind, cell + n), self.grade(kind, cell + n + drift)) != (FITS, FITS)
            for n, kind in enumerate(form)
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


def place(row: tuple[tuple[Form, ...], ...], ground: Ground) -> list[Placing]:
    """Return the best placing of a row, and the others that are as good: more than one is a tie.

    row: of each printed cell the forms that it may have, none for a blank one. Empty where no
    placing holds: more printed cells than columns.
    """
    if len(row) + len(ground.fields) > WIDEST:
        return []
    ways = _ways(row, ground)
    return [placing for score, placing in ways if score == ways[0][0]]


@lru_cache(maxsize=20_000)
def _ways(row: tuple[tuple[Form, ...], ...], ground: Ground) -> list[tuple[tuple, Placing]]:
    """Return the two best placings, each with its score, the lower the better.

    That is: odd cells, blanks in columns that every row has, changes (one before the first cell
    counts half), cells that do not stand as the row's length says.
    """
    cells = [(n, forms) for n, forms in enumerate(row) if forms]
    width, short = len(ground.fields), len(row) < len(ground.fields)

    def blanks(column: int, to: int) -> int:
        return len(ground.always.intersection(range(column, to)))

    @cache
    def best(n: int, column: int, offset: int, before: int, proven: bool, explained: int) -> list:
        """Return the best two ways to go on; offset: of this run, before: of the run before it."""
        if n == len(cells):
            return [((0, blanks(column, width), 0, 0), ())] if proven else []
        ways, (cell, forms) = {}, cells[n]
        for form in forms:
            for start in range(column, width - len(form) + 1):
                here, moved = Placed(cell, start, form), start - cell - explained
                begins, stands = moved != offset, start - cell in (0, explained)
                if begins and not proven:
                    continue
                last = offset if begins else before
                holds = proven and (stands or not begins) or ground.proves(here, explained + last)
                odd = sum(ground.grade(kind, start + at) for at, kind in enumerate(form))
                changed = begins and not (stands and offset == 0)
                score = (
                    odd,
                    blanks(column, start),
                    changed * (2 if n else 1) + (len(form) > 1),
                    start - cell != (explained if short else 0),
                )
                on = start + len(form), moved, last, holds, explained + len(form) - 1
                for more, placed in best(n + 1, *on):
                    total, placing = tuple(map(add, score, more)), (here, *placed)
                    ways[placing] = min(total, ways.get(placing, total))
        return sorted(((score, way) for way, score in ways.items()), key=itemgetter(0))[:2]

    return best(0, 0, 0, 0, True, 0)


def moved(placing: Placing) -> list[tuple[Placed, int]]:
    """Return the cells that move further than the splits before them explain, and how far."""
    found, explained = [], 0
    for placed in placing:
        offset = placed.column - placed.cell
        if offset not in (0, explained):
            found.append((placed, offset - explained))
        explained += len(placed.form) - 1
    return found
