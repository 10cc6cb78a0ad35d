"""The parts of one table on several pages → one grid: what a page break parted is put together."""

from collections import Counter
from dataclasses import replace
from functools import cached_property

from riskdata.readers.grid import Cell, Grid, Merge, Spans, Title, with_titles, without_blank_rows
from riskdata.readers.lines import Line, Word, cell_text, is_full, to_lines, whole_words
from riskdata.readers.ruled import PageCell, PageTable

_ALWAYS = 0.8  # of the rows, of which some are lower parts of others
_WIDOW = 1.6  # times a line's height: a line above the lowest
_PAGE = 100_000.0  # points: further down than any page reaches

Row = list[PageCell]


def join_pages(tables: list[PageTable], above: list[Title], between: list[str], last: int) -> Grid:
    """Return one grid of a table's pages; its rows are numbered from the last one on.

    above: texts above the table; between: texts between its pages and below it.
    Notes: ``row_joined``, ``word_joined``, ``merged_over_page``, ``outside_table``.
    """
    pages = _Pages(tables)
    rows, joined = pages.join_split_rows()
    spans = Spans()
    for number, row in enumerate(rows, last + 1):
        cells = [Cell(pages.text(c), c.down, c.across, c.column) for c in row]
        spans.add_row(number, cells)
        spans.notes += [(number, "word_joined", word) for word in _new_words(row, cells)]
    spans.notes += [(last + 1 + at, "row_joined", text) for at, text in joined]
    spans.notes += [(0, "outside_table", text) for text in between]
    return without_blank_rows(with_titles(pages.join_merges(spans.grid()), above))


class _Pages:
    """The rows of a table's pages, one after the other, and where each page begins."""

    def __init__(self, tables: list[PageTable]) -> None:
        self.tables = tables
        self.rows = [row for table in tables for row in table.rows]
        self.starts = [sum(len(t.rows) for t in tables[:n]) for n in range(len(tables))]
        self.cells = [cell for row in self.rows for cell in row]

    @cached_property
    def rights(self) -> dict[int, float]:
        """How far each column's lines reach: to its edge, less what is left free at the other."""
        table = self.tables[0]
        rights = {}
        for column, left in enumerate(table.lefts):
            cells = [c for c in self.cells if c.column == column and c.across == 1 and c.words]
            begin = min((w.x0 for c in cells for w in c.words), default=left)
            edge = table.rights[column] - (begin - left) if table.rights else 0.0
            rights[column] = max([edge, *(w.x1 for c in cells for w in c.words)])
        return rights

    @cached_property
    def whole(self) -> set[str]:
        """Words that the table prints whole."""
        return set().union(*(whole_words(to_lines(cell.words)) for cell in self.cells))

    @cached_property
    def always(self) -> set[int]:
        """Columns that nearly every row fills."""
        filled = Counter(cell.column for cell in self.cells if cell.words)
        return {column for column, count in filled.items() if count > _ALWAYS * len(self.rows)}

    @cached_property
    def data(self) -> list[int]:
        """Where each page's data begins: below the rows that repeat the table's first ones."""
        return [self._data_start(start) for start in self.starts]

    def text(self, cell: PageCell) -> str:
        """Return the text of a cell."""
        wide = cell.across > 1
        right = max((w.x1 for w in cell.words), default=0) if wide else self.rights[cell.column]
        return cell_text(cell.words, right, self.whole)

    def join_split_rows(self) -> tuple[list[Row], list[tuple[int, str]]]:
        """Return the rows, a row that a page break splits in one; and which, with its lower part.

        Where the lower part stood, an empty row is left.
        """
        rows, joined = list(self.rows), []
        for start, data in zip(self.starts[1:], self.data[1:], strict=True):
            if data < len(rows) and self._goes_on(rows[start - 1], rows[data]):
                lower = [(cell.column, cell.words) for cell in rows[data]]
                joined.append((start - 1, " | ".join(filter(None, map(self.text, rows[data])))))
                rows[start - 1] = [_lengthen(cell, dict(lower)) for cell in rows[start - 1]]
                rows[data] = [replace(cell, words=[]) for cell in rows[data]]
        return rows, joined

    def join_merges(self, grid: Grid) -> Grid:
        """Return a grid with each range that goes on over a page break as one.

        A blank cell at the top of a page goes on with the one above the break when that one has no
        line below, when it is itself merged, or when its column has merged cells elsewhere. What
        only the last of these tells is a guess, so it is noted.
        """
        ranges = {(merge.top, merge.left): merge for merge in grid.merges}
        merged = {m.left for m in grid.merges if m.bottom > m.top}
        notes = []
        for column in range(len(self.tables[0].lefts)):
            began, is_open = None, False
            for n, table in enumerate(self.tables):
                end = self.starts[n] + len(table.rows)
                top, bottom = first = self._cell(n, min(self.data[n], end - 1), column)
                told = is_open or bottom > top
                goes_on = (
                    began is not None
                    and self.data[n] < end
                    and not _at(grid, top, column).strip()
                    and _at(grid, began, column).strip()
                    and (told or column in merged)
                )
                if goes_on:
                    old = ranges.get((began, column), Merge(began, column, began, column))
                    ranges[began, column] = replace(old, bottom=bottom)
                    text = _at(grid, began, column)
                    notes += [] if told else [(grid.numbers[top], "merged_over_page", text)]
                last = self._cell(n, end - 1, column)
                began = began if goes_on and last == first else last[0]
                is_open = column in table.open
        return replace(grid, merges=tuple(ranges.values()), notes=(*grid.notes, *notes))

    def _data_start(self, start: int) -> int:
        at = start
        while start and at < len(self.rows) and at - start < start:
            again, first = self.rows[at], self.rows[at - start]
            if [self.text(c) for c in again] != [self.text(c) for c in first]:
                break
            at += 1
        return at

    def _goes_on(self, upper: Row, lower: Row) -> bool:
        """Return whether a row at the top of a page goes on with the last one of the page before.

        It does when each of its texts goes on where a full line ended at the bottom of that row
        (or a line above, to keep two lines together), and either one of them begins with a small
        letter or a column is blank that no other row leaves blank. In doubt, they are two rows.
        """
        above = {cell.column: to_lines(cell.words) for cell in upper if cell.words}
        lowest = max((lines[-1][0].centre for lines in above.values()), default=0)
        begins = [(cell.column, to_lines(cell.words)[0][0]) for cell in lower if cell.words]
        for column, first in begins:
            line = above[column][-1] if column in above else None
            if line is None or first.spaced or line[0].centre < lowest - _WIDOW * _height(line):
                return False
            if not is_full(line, first, self.rights[column]):
                return False
        is_partial = not self.always <= {column for column, _ in begins}
        return is_partial or any(first.text[0].islower() for _, first in begins)

    def _cell(self, page: int, row: int, column: int) -> tuple[int, int]:
        """Return the first and the last row of the cell that stands in a row and column."""
        for top in range(min(row, len(self.rows) - 1), self.starts[page] - 1, -1):
            for cell in self.rows[top]:
                if cell.column <= column < cell.column + cell.across:
                    return top, top + cell.down - 1
        return row, row


def _lengthen(cell: PageCell, lower: dict[int, list[Word]]) -> PageCell:
    """Return a cell with the words that stand on the next page, further down."""
    words = lower.get(cell.column, [])
    moved = [w._replace(top=w.top + _PAGE, bottom=w.bottom + _PAGE) for w in words]
    return replace(cell, words=cell.words + moved)


def _new_words(row: Row, cells: list[Cell]) -> list[str]:
    """Return the words that were put together of two lines: a guess, so it is noted."""
    printed = {word.text for cell in row for word in cell.words}
    return [word for cell in cells for word in cell.text.split() if word not in printed]


def _height(line: Line) -> float:
    return line[0].bottom - line[0].top


def _at(grid: Grid, row: int, column: int) -> str:
    return "".join(grid.rows[row][column : column + 1])
