"""Tables with ruled lines on a page of a PDF."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise, product

from riskdata.readers.lines import Word

_NEAR = 3.0  # points: lines this close are one


@dataclass(frozen=True)
class PageCell:
    """A cell on a page: its words, its column, and how many rows and columns it stretches over."""

    words: list[Word]
    column: int
    down: int = 1
    across: int = 1


@dataclass(frozen=True)
class PageTable:
    """A table on one page: where it stands, its columns' left edges, its rows of cells.

    rights: its columns' right edges, where lines tell them.
    open: the columns whose last cell has no line below although others have: it may go on on the
    next page.
    """

    top: float
    bottom: float
    lefts: tuple[float, ...]
    rows: list[list[PageCell]]
    rights: tuple[float, ...] = ()
    open: frozenset[int] = frozenset()


def find_tables(page, words: list[Word]) -> list[PageTable]:
    """Return the ruled tables of a pdfplumber page, from the top."""
    upright = [e for e in page.edges if e["orientation"] == "v"]
    if len({round(e["x0"]) for e in upright}) < 3:
        return []
    # A table broken by the page's end often lacks the line there: its upright lines tell where.
    ends = [min(e["top"] for e in upright), max(e["bottom"] for e in upright)]
    found = page.find_tables({"explicit_horizontal_lines": ends})
    tables = [_table(table, page, words) for table in found]
    return sorted((t for t in tables if len(t.lefts) > 1), key=lambda t: t.top)


def _table(found, page, words: list[Word]) -> PageTable:
    left, top_edge, right, bottom = found.bbox
    lefts = sorted({x0 for x0, *_ in found.cells})
    tops = sorted({y0 for _, y0, *_ in found.cells})
    cells = [_cell(box, lefts, tops) for box in found.cells]
    owners = {
        (row, column): (top, cell)
        for top, cell in cells
        for row in range(top, top + cell.down)
        for column in range(cell.column, cell.column + cell.across)
    }
    rows: list[list[PageCell]] = [[] for _ in tops]
    for at in product(range(len(tops)), range(len(lefts))):
        top, cell = owners.setdefault(at, (at[0], PageCell([], at[1])))
        if at == (top, cell.column):
            rows[top].append(cell)
    for word in words:
        if left <= word.middle <= right and top_edge <= word.centre <= bottom:
            row, column = bisect_right(tops, word.centre), bisect_right(lefts, word.middle)
            owners[row - 1, column - 1][1].words.append(word)
    rights = (*lefts[1:], right)
    still_open = _open(page, bottom, [*lefts, right])
    return PageTable(top_edge, bottom, tuple(lefts), rows, rights, still_open)


def _cell(box: tuple, lefts: list[float], tops: list[float]) -> tuple[int, PageCell]:
    """Return the row in which a cell begins, and the cell with its reach."""
    x0, y0, x1, y1 = box
    down = sum(y0 <= y < y1 - 1 for y in tops)
    across = sum(x0 <= x < x1 - 1 for x in lefts)
    return tops.index(y0), PageCell([], lefts.index(x0), max(down, 1), max(across, 1))


def _open(page, bottom: float, edges: list[float]) -> frozenset[int]:
    """Return the columns without a line along the table's bottom, where others have one."""
    lines = [e for e in page.edges if e["orientation"] == "h" and abs(e["top"] - bottom) < _NEAR]
    middles = [(a + b) / 2 for a, b in pairwise(edges)]
    closed = {n for n, x in enumerate(middles) if any(e["x0"] <= x <= e["x1"] for e in lines)}
    return frozenset(set(range(len(middles))) - closed) if closed else frozenset()
