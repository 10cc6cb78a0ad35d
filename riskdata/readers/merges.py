"""Fills the cells of true merged ranges: downwards only, and never a cell that was just empty."""

from typing import NamedTuple

from riskdata.readers.grid import Grid, Merge


class Filled(NamedTuple):
    """A cell that was filled: its row's number, its position, the text, the row it comes from."""

    number: int
    column: int
    text: str
    from_number: int


def fill_merges(grid: Grid) -> tuple[Grid, list[Filled]]:
    """Return a grid whose vertically merged cells say their text on every row, and what was filled.

    A range over several columns is filled in its first column: its text stands there once per row.

    >>> grid = Grid([["Lek", "A"], ["", "B"], ["", "C"]], [4, 5, 6], merges=(Merge(0, 0, 1, 0),))
    >>> filled, notes = fill_merges(grid)
    >>> filled.rows
    [['Lek', 'A'], ['Lek', 'B'], ['', 'C']]
    >>> notes
    [Filled(number=5, column=0, text='Lek', from_number=4)]
    """
    copied, filled = grid.copy(), []
    both = [copied.rows] if copied.texts is copied.rows else [copied.rows, copied.texts]
    for merge in vertical_merges(grid):
        left, text = merge.left, copied.texts[merge.top][merge.left]
        for n in range(merge.top + 1, merge.bottom + 1):
            if "".join(copied.rows[n][left : left + 1]).strip():
                continue
            for rows in both:
                rows[n] += [""] * (left + 1 - len(rows[n]))
                rows[n][left] = rows[merge.top][left]
            filled.append(Filled(grid.numbers[n], left, text, grid.numbers[merge.top]))
    return copied, filled


def vertical_merges(grid: Grid, *, below: int = -1) -> list[Merge]:
    """Return the ranges with text that reach over several rows, and further down than a position.

    below: the position of the row of headers, to leave out headers of two rows.
    """
    return [
        merge
        for merge in grid.merges
        if merge.bottom > max(merge.top, below)
        and "".join(grid.rows[merge.top][merge.left : merge.left + 1]).strip()
    ]
