"""Which column each cell of a row belongs to: where it is printed, unless a typed cell proves otherwise.

A row in which nothing is odd never comes here. Cells that have moved equally far are a run; a run
moves only with a typed cell that cannot stand where it is printed, or where the run before would
put it, and is at home where it lands. The pieces of a fused cell explain that what follows stands
as much further left.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from riskdata.exports.cells import Form
from riskdata.words.vocabulary import AXES

FITS, ODD, CANNOT = 0, 1, 2
WIDEST = 150  # cells and columns together: what is wider is no row of such a table

_SCORES = frozenset((*AXES, *(f"{axis}_after" for axis in AXES)))
_VALUES = frozenset(("risk_value", "risk_value_after"))
_RUNNING = frozenset(("description", "comment"))
_WORDS = frozenset(("text", "sentence", "person", "goal", "date"))
# What stands rightly in a column; any other column holds free text.
_FIT: dict[str, frozenset[str]] = {
    **{field: frozenset(("digit", "step", field.removesuffix("_after"))) for field in _SCORES},
    **dict.fromkeys(_VALUES, frozenset(("digit", "number", "value"))),
    "decision": frozenset(("decision",)),
    "status": frozenset(("status",)),
    "outcome": _WORDS | {"status", "decision"},
    "level": _WORDS | {"status", "decision", "step", *AXES},
    "due_date": _WORDS | {"digit", "number", "step", "status"},
    "description": (_WORDS | {"status"}) - {"person"},
    "comment": (_WORDS | {"status", "marked"}) - {"person"},
    "activity": (_WORDS | {"marked", "spaced", "status"}) - {"person"},
    "event": _WORDS - {"person"},
    **dict.fromkeys(("goal", "indicator", "process"), _WORDS | {"step"}),  # "2. Trygga gator"
    "responsible": frozenset(("people", "person", "text", "goal")),
    "risk_owner": frozenset(("people", "person", "text", "goal")),
    "period": _WORDS | {"digit", "number", "step"},
}
# What may be kept where it stands, with a question; the rest cannot be read there.
_MAY_STAY: dict[str, frozenset[str]] = {
    **{field: frozenset(("number", *AXES)) for field in _SCORES},
    **dict.fromkeys(_VALUES, frozenset()),
    "decision": frozenset(("text", "sentence", "person", "status")),
    "status": frozenset(("text", "sentence", "person", "marked", "date")),
}
# Where each kind is at home: where no column of a table is, it is only text.
HOMES: dict[str, frozenset[str]] = {
    **dict.fromkeys(("digit", "number", "step"), _SCORES | _VALUES | {"period", "due_date"}),
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


@dataclass(frozen=True)
class Placing:
    """Where a row's cells belong, and how many printed cells are odd there."""

    placed: tuple[Placed, ...]
    odd: int

    @property
    def moved(self) -> list[tuple[Placed, int]]:
        """The cells that move further than the splits before them explain, and how far."""
        moved, explained = [], 0
        for placed in self.placed:
            offset = placed.column - placed.cell
            if offset not in (0, explained):
                moved.append((placed, offset - explained))
            explained += len(placed.form) - 1
        return moved

    @property
    def explained(self) -> int:
        """How many cells the fused ones stand for beside themselves."""
        return sum(len(placed.form) - 1 for placed in self.placed)


@dataclass(frozen=True)
class Ground:
    """The columns to place on, and what the file shows of them.

    fields: of each column; always: those printed on every row that stands straight; usual: kinds
    that often stand in a column that is not read; marked: whether activities carry marks;
    numbered: whether goals carry numbers; unnamed: columns without a heading; grades: those told.
    """

    fields: tuple[str, ...]
    always: frozenset[int] = frozenset()
    usual: frozenset[tuple[int, str]] = frozenset()
    marked: bool = False
    numbered: bool = False
    unnamed: frozenset[int] = frozenset()
    grades: dict[tuple[str, int], int] = field(default_factory=dict, init=False, compare=False)

    def grade(self, kind: str, column: int) -> int:
        """Return whether a cell of a kind fits a column, is odd there or cannot stand there."""
        if column >= len(self.fields):
            return FITS if kind == "blank" else CANNOT
        if (kind, column) not in self.grades:
            self.grades[kind, column] = self._grade(kind, column)
        return self.grades[kind, column]

    def _grade(self, kind: str, column: int) -> int:
        name = self.fields[column]
        if kind == "blank":
            return FITS
        if kind == "error":
            return CANNOT
        if HOMES.get(kind, {name}).isdisjoint(self.fields):
            kind = "person" if kind in ("people", "person") else "text"
        if name.startswith("column "):
            read = kind in _WORDS - {"person"} or kind in ("digit", "number", "step")
            free = column not in self.unnamed and (read or (column, kind) in self.usual)
            known = kind == "people" and (column, "person") in self.usual
            free = free or known or kind in ("text", "sentence")
            return FITS if free else ODD
        if kind in _FIT.get(name, _WORDS):
            plain = kind in _WORDS and kind != "goal"
            lacks = plain and (
                name == "goal" and self.numbered or name == "activity" and self.marked
            )
            return (
                ODD if lacks or (name == "comment" and kind == "marked" and self.marked) else FITS
            )
        may_stay = _MAY_STAY.get(name)
        return ODD if may_stay is None or kind in may_stay else CANNOT

    def odd(self, kinds: tuple[str, ...]) -> int:
        """Return how odd a row is as it is printed; 0 where every cell fits."""
        return sum(self.grade(kind, n) for n, kind in enumerate(kinds) if kind != "blank")


def place(row: tuple[tuple[Form, ...], ...], ground: Ground) -> list[Placing]:
    """Return the best placing of a row, and the others that are as good: more than one is a tie.

    row: of each printed cell the forms that it may have, none for a blank one. Empty where no
    placing holds: more printed cells than columns.
    """
    cells = tuple((n, forms) for n, forms in enumerate(row) if forms)
    if len(row) + len(ground.fields) > WIDEST:
        return []
    return list(_place(cells, len(row), ground))


@lru_cache(maxsize=20_000)
def _place(cells: tuple, length: int, ground: Ground) -> tuple[Placing, ...]:
    ways = _Search(cells, length, ground).best(0, 0, 0, 0, True, 0)
    return tuple([Placing(placed, score[0]) for score, placed in ways if score == ways[0][0]])


class _Search:
    """The two best placings of the cells from one on in the columns from one on, remembered.

    A score is compared as a tuple: odd cells, blanks in columns that every row has, changes (one
    before the first cell counts half), cells that do not stand as the row's length says.
    """

    def __init__(self, cells: tuple, length: int, ground: Ground) -> None:
        self.cells, self.ground = cells, ground
        self.short = length < len(ground.fields)
        self.known: dict[tuple, list] = {}

    def best(
        self, n: int, column: int, offset: int, before: int, proven: bool, explained: int
    ) -> list[tuple[tuple, tuple]]:
        """Return the best two ways to go on; offset: of this run, before: of the run before it."""
        key = (n, column, offset, before, proven, explained)
        if key not in self.known:
            ways = self._ways(*key)
            unique: dict[tuple, tuple] = {}
            for score, placed in ways:
                unique[placed] = min(score, unique.get(placed, score))
            ordered = sorted(unique.items(), key=lambda way: way[1])
            self.known[key] = [(score, placed) for placed, score in ordered[:2]]
        return self.known[key]

    def _ways(self, n: int, column: int, offset: int, before: int, proven: bool, explained: int):
        width = len(self.ground.fields)
        if n == len(self.cells):
            return [((0, self._blanks(column, width), 0, 0), ())] if proven else []
        ways, (cell, forms) = [], self.cells[n]
        for form in forms:
            for start in range(column, width - len(form) + 1):
                moved = start - cell - explained
                begins = moved != offset
                if begins and not proven:
                    continue
                last = offset if begins else before
                stands = start - cell in (0, explained)
                holds = (True if begins else proven) if stands else not begins and proven
                holds = holds or self._proves(form, cell, start, explained + last)
                score = (
                    sum(self.ground.grade(kind, start + at) for at, kind in enumerate(form)),
                    self._blanks(column, start),
                    (begins and not (stands and offset == 0)) * (2 if n else 1) + (len(form) > 1),
                    start - cell != (explained if self.short else 0),
                )
                rest = self.best(
                    n + 1, start + len(form), moved, last, holds, explained + len(form) - 1
                )
                here = Placed(cell, start, form)
                ways += [(_plus(score, more), (here, *placed)) for more, placed in rest]
        return ways

    def _blanks(self, column: int, to: int) -> int:
        return len(self.ground.always.intersection(range(column, to)))

    def _proves(self, form: Form, cell: int, column: int, drift: int) -> bool:
        """Return whether a typed piece cannot stand where it is printed, or where the run before leads."""
        return any(
            self._is_typed(kind, cell, drift)
            and self.ground.fields[column + n] in HOMES.get(kind, ())
            and self.ground.grade(kind, column + n) == FITS
            and (
                self.ground.grade(kind, cell + n) != FITS
                or self.ground.grade(kind, cell + n + drift) != FITS
            )
            for n, kind in enumerate(form)
        )

    def _is_typed(self, kind: str, cell: int, drift: int) -> bool:
        """A person known by the shape of the name only is typed under running text, or beside the table."""
        if kind == "person":
            fields, stood = self.ground.fields, (cell, cell + drift)
            beside = cell >= len(fields) or not self.ground.unnamed.isdisjoint(stood)
            return beside or any(n < len(fields) and fields[n] in _RUNNING for n in stood)
        return kind not in ("text", "sentence") and (kind != "goal" or self.ground.numbered)


def _plus(one: tuple, other: tuple) -> tuple:
    return tuple(a + b for a, b in zip(one, other, strict=True))
