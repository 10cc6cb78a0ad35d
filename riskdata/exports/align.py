"""Which column each cell of a printed row belongs to, by what the cells can be told to be on sight.

A row stands straight when every cell fits the column it stands in. Otherwise the cheapest way to
set it straight is sought: cells move together past a gap, a fused cell is split over neighbouring
columns, a blank that is one too many is dropped. What fits a column and what a gap costs is below.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from riskdata.exports.cells import (
    BLANK,
    DECISION,
    DIGIT,
    GOAL,
    MARKED,
    NUMBER,
    PEOPLE,
    PERSON,
    SENTENCE,
    SPACED,
    STATUS,
    STEP,
    TEXT,
    Form,
)
from riskdata.exports.layouts import Layout
from riskdata.words.vocabulary import AXES

GAP, LONGER_GAP, SPLIT = 1.0, 0.1, 0.5
LEADING_GAP = 0.8  # a row is oftener shifted as a whole than torn apart
NO_ANCHOR = 2.0  # a blank where the layout prints something on every row of data
BOTH = 5.0  # a row that belongs to both of two groups that exclude each other
UNKNOWN = 10.0  # a cell that cannot be told, in a column that only holds what can
NEVER = 1000.0
WIDEST = 150  # cells and columns together: what is wider is no row of such a table

_FREE = {
    TEXT: 0, SENTENCE: 0, GOAL: 0.5, SPACED: 1, DIGIT: 1, NUMBER: 1, PERSON: 1.5, PEOPLE: 3,
    STATUS: 3, MARKED: 3, STEP: 3, DECISION: 4, **dict.fromkeys(AXES, 4),
}  # fmt: skip
_STEPS = {DIGIT: 0, STEP: 0}
FIT: dict[str, dict[str, float]] = {
    "goal": {**_FREE, GOAL: 0, TEXT: 0.1},
    "likelihood": {**_STEPS, "likelihood": 0, "consequence": 6},
    "consequence": {**_STEPS, "consequence": 0, "likelihood": 6},
    "risk_value": {DIGIT: 0, NUMBER: 0},
    "decision": {DECISION: 0},
    "status": {STATUS: 0},
    "description": {**_FREE, STATUS: 0, MARKED: 2},
    "comment": {**_FREE, STATUS: 0, MARKED: 1},  # "Klar." says how it went, and is no mark there
    "activity": {**_FREE, MARKED: 0, SPACED: 0, STATUS: 0},
    "responsible": {**_FREE, PEOPLE: 0, PERSON: 0, TEXT: 0.2, SENTENCE: 2, SPACED: 0.2, MARKED: 5},
}  # any other column holds free text
# Where each kind is at home: where no column is, it is only text.
HOMES = {
    **dict.fromkeys((DIGIT, NUMBER, STEP), {"likelihood", "consequence", "risk_value"}),
    **{axis: {axis} for axis in AXES},
    DECISION: {"decision"},
    **dict.fromkeys((MARKED, STATUS, SPACED), {"activity", "status"}),
    **dict.fromkeys((PEOPLE, PERSON), {"responsible"}),
    GOAL: {"goal"},
}
UNMARKED = 1.0  # an activity without mark where the file marks its activities


@dataclass(frozen=True)
class Placed:
    """One printed cell's columns: its position in the row, its first column, how many, its form."""

    cell: int
    column: int
    form: Form


@dataclass(frozen=True, eq=False)  # compared as an object, to be found quickly in the caches below
class Columns:
    """The columns to align on: their fields, in printed order, and the layout's rules for a row."""

    fields: tuple[str, ...]
    layout: Layout
    marked: bool  # whether the file's activities carry marks, or the space that a lost one leaves

    def fit(self, kind: str, column: int) -> float:
        """Return what it costs to let a cell of this kind stand in a column."""
        field = self.fields[column]
        if HOMES.get(kind, {field}).isdisjoint(self.fields):
            kind = TEXT
        if kind == BLANK:
            return NO_ANCHOR if field in self.layout.anchors else 0.0
        if field.startswith("column "):
            return 0.0 if kind in (TEXT, SENTENCE, DIGIT, NUMBER) else 0.5
        if field == "activity" and self.marked and kind in (TEXT, SENTENCE, GOAL):
            return UNMARKED
        return FIT.get(field, _FREE).get(kind, UNKNOWN)


@dataclass(frozen=True)
class Alignment:
    """The cheapest way to place a row's cells: its cost, and whether another way costs the same."""

    cost: float
    placed: tuple[Placed, ...]
    ambiguous: bool

    @cached_property
    def whole(self) -> list[tuple[int, int]]:
        """The cells that are not split: the column and the position of each."""
        return [(placed.column, placed.cell) for placed in self.placed if len(placed.form) == 1]

    @cached_property
    def fused(self) -> list[Placed]:
        """The cells that are split over several columns."""
        return [placed for placed in self.placed if len(placed.form) > 1]

    @cached_property
    def moved(self) -> list[tuple[Placed, int]]:
        """The cells that move further than the splits before them explain, and how far."""
        moved, explained = [], 0
        for placed in self.placed:
            offset = placed.column - placed.cell - explained
            if offset:
                moved.append((placed, offset))
            explained += len(placed.form) - 1
        return moved


@lru_cache(maxsize=50_000)
def straight_cost(kinds: tuple[str, ...], columns: Columns) -> float:
    """Return what it costs to leave a row as it stands; 0 when every cell fits."""
    if len(kinds) > len(columns.fields):
        return NEVER
    cost = sum(columns.fit(kind, n) for n, kind in enumerate(kinds))
    cost += sum(columns.fit(BLANK, n) for n in range(len(kinds), len(columns.fields)))
    either = [n for n, kind in enumerate(kinds) if kind != BLANK and _is_either(columns, n)]
    return cost + BOTH * max(len(either) - 1, 0)


@lru_cache(maxsize=50_000)
def align(row: tuple[tuple[Form, ...], ...], columns: Columns) -> Alignment:
    """Return the cheapest placing of a row, given the forms that each of its cells may have.

    Rows that look alike share one answer, so a folder of exports asks this only a few times.
    """
    printed = max((n for n, forms in enumerate(row, 1) if forms[0] != (BLANK,)), default=0)
    row = row[:printed]  # as wide as its sheet, a row may end in any number of blanks
    wide = len(row) + len(columns.fields) > WIDEST
    found = [] if wide else _Search(row, columns).best(0, 0, "", False)
    if not found:  # more printed cells than columns
        return Alignment(NEVER, (), False)
    cost, placed = found[0]
    ambiguous = len(found) > 1 and found[1][0] - cost < 1e-9
    return Alignment(cost, placed, ambiguous)


def _is_either(columns: Columns, column: int) -> bool:
    return columns.fields[column] in columns.layout.either


class _Search:
    """The two cheapest placings of the cells from one on in the columns from one on, remembered."""

    def __init__(self, row: tuple[tuple[Form, ...], ...], columns: Columns) -> None:
        self.row, self.columns = row, columns
        self.known: dict = {}

    def best(self, cell: int, column: int, gap: str, either: bool) -> list[tuple[float, tuple]]:
        key = (cell, column, gap, either)
        if key not in self.known:
            ways = self._ends(cell, column) + self._gaps(cell, column, gap, either)
            if cell < len(self.row):
                ways += self._cells(cell, column, either)
            self.known[key] = _two_cheapest(ways)
        return self.known[key]

    def _ends(self, cell: int, column: int) -> list[tuple[float, tuple]]:
        """Trailing blanks are free, whether printed or not."""
        if any(forms[0] != (BLANK,) for forms in self.row[cell:]):
            return []
        rest = range(column, len(self.columns.fields))
        return [(sum(self.columns.fit(BLANK, n) for n in rest), ())]

    def _gaps(self, cell: int, column: int, gap: str, either: bool) -> list[tuple[float, tuple]]:
        ways = []
        first = GAP if cell and column else LEADING_GAP
        if column < len(self.columns.fields):
            price = (LONGER_GAP if gap == "column" else first) + self.columns.fit(BLANK, column)
            ways += [(price + c, p) for c, p in self.best(cell, column + 1, "column", either)]
        if cell < len(self.row) and self.row[cell][0] == (BLANK,):
            price = LONGER_GAP if gap == "cell" else first
            ways += [(price + c, p) for c, p in self.best(cell + 1, column, "cell", either)]
        return ways

    def _cells(self, cell: int, column: int, either: bool) -> list[tuple[float, tuple]]:
        ways = []
        for form in self.row[cell]:
            if column + len(form) > len(self.columns.fields):
                continue
            price = SPLIT if len(form) > 1 else 0.0
            price += sum(self.columns.fit(kind, column + n) for n, kind in enumerate(form))
            printed = form != (BLANK,)
            belongs = printed and any(
                _is_either(self.columns, column + n) for n in range(len(form))
            )
            price += BOTH if belongs and either else 0.0
            here = (Placed(cell, column, form),) if printed else ()
            rest = self.best(cell + 1, column + len(form), "", either or belongs)
            ways += [(price + c, here + p) for c, p in rest]
        return ways


def _two_cheapest(ways: list[tuple[float, tuple]]) -> list[tuple[float, tuple]]:
    """Return the two cheapest ways that place the cells differently."""
    cheapest: dict[tuple, float] = {}
    for cost, placed in ways:
        cheapest[placed] = min(cost, cheapest.get(placed, NEVER * 10))
    return sorted(((c, p) for p, c in cheapest.items()), key=lambda way: way[0])[:2]
