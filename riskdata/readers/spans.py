"""Tables whose cells stretch over rows and columns, with the text above them → grids."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple

from riskdata.errors import ReadError
from riskdata.readers.grid import Grid, Merge
from riskdata.readers.limits import COLUMNS

TITLE_LETTERS = 200  # a longer text above a table is no title


class Cell(NamedTuple):
    """A cell, how many rows and columns it stretches over, and its column where that is told."""

    text: str
    down: int = 1
    across: int = 1
    column: int | None = None


class Spans:
    """Collects the rows of a table as HTML, Word and SpreadsheetML tell them."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.numbers: list[int] = []
        self.ranges: list[Merge] = []
        self.notes: list[tuple[int, str, str]] = []
        self._taken: dict[int, int] = {}  # column → first row that is free again

    def add_row(self, number: int, cells: Iterable[Cell]) -> None:
        """Add a row: a cell stands in its own column, else in the next one that is free."""
        row: list[str] = []
        at, top = 0, len(self.rows)
        for cell in cells:
            while cell.column is None and self._taken.get(at, 0) > top:
                at += 1
            at = at if cell.column is None else max(at, cell.column)
            if at + cell.across > COLUMNS:
                raise _too_wide(number)
            row += [""] * (at - len(row)) + [cell.text]
            self._stretch(top, at, cell)
            at += cell.across
        self.rows.append(row)
        self.numbers.append(number)

    def grid(self, name: str = "") -> Grid:
        """Return the grid, its ranges cut at the last row."""
        last = len(self.rows) - 1
        merges = tuple(Merge(m.top, m.left, min(m.bottom, last), m.right) for m in self.ranges)
        return Grid(self.rows, self.numbers, name, merges, tuple(self.notes))

    def _stretch(self, top: int, left: int, cell: Cell) -> None:
        if cell.down > 1:
            columns = range(left, left + cell.across)
            self._taken.update(dict.fromkeys(columns, top + cell.down))
        if (cell.down > 1 or cell.across > 1) and cell.text.strip():
            bottom, right = top + cell.down - 1, left + cell.across - 1
            self.ranges.append(Merge(top, left, bottom, right))


def with_titles(grid: Grid, above: list[str]) -> Grid:
    """Return a grid with the texts above it: titles as rows numbered 0, long texts as notes."""
    titles = [text for text in above if len(text) <= TITLE_LETTERS]
    notes = [(0, "outside_table", text) for text in above if len(text) > TITLE_LETTERS]
    down = len(titles)
    return replace(
        grid,
        rows=[[text] for text in titles] + grid.rows,
        numbers=[0] * down + grid.numbers,
        merges=tuple(replace(m, top=m.top + down, bottom=m.bottom + down) for m in grid.merges),
        notes=(*notes, *grid.notes),
    )


def without_blank_rows(grid: Grid) -> Grid:
    """Return a grid without its rows that hold nothing at all."""
    kept = [n for n, row in enumerate(grid.rows) if any(row)]
    if len(kept) == len(grid.rows):
        return grid
    position = {row: n for n, row in enumerate(kept)}
    merges = []
    for m in grid.merges:
        if m.top in position:
            last = next(row for row in range(m.bottom, m.top - 1, -1) if row in position)
            merges.append(Merge(position[m.top], m.left, position[last], m.right))
    rows, numbers = [grid.rows[n] for n in kept], [grid.numbers[n] for n in kept]
    return replace(grid, rows=rows, numbers=numbers, merges=tuple(merges))


def read_blocks(blocks: Iterable, add_table: Callable[[object, Spans, int], None]) -> list[Grid]:
    """Return a grid for each table among a document's blocks, in order; the other blocks are texts.

    add_table: adds a table's rows, given the number of the last row of the table before it.
    """
    grids, spans, above = [], Spans(), []
    for block in blocks:
        if isinstance(block, str):
            above.append(block)
            continue
        add_table(block, spans, max([0, *(n for grid in grids for n in grid.numbers)]))
        grids.append(with_titles(spans.grid(f"tabell {len(grids) + 1}"), above))
        spans, above = Spans(), []
    return _with_end(grids, above)


def _with_end(grids: list[Grid], below: list[str]) -> list[Grid]:
    """Note on the last grid what stands below it."""
    if not grids or not below:
        return grids
    notes = (*grids[-1].notes, *((0, "outside_table", text) for text in below))
    return [*grids[:-1], replace(grids[-1], notes=notes)]


def _too_wide(number: int) -> ReadError:
    return ReadError(
        f"rad {number} har fler än {COLUMNS} kolumner, och så många har ingen export. "
        "Exportera rapporten på nytt."
    )
