"""A plain table as the shape step hands it on: one header, lines of cells, what stands above each."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Given(NamedTuple):
    """A text that a heading, a sheet's name, a merged range or a row above gives to a line."""

    text: str
    row: int | None  # of the file, where it is printed; None for a sheet's name
    source: str  # heading, sheet, merged


@dataclass
class Line:
    """One line of a table.

    number: the row by which a person finds it; a line made of a list in a cell has its row's.
    cells: each column's cell exactly as printed; a merged cell's text stands in all its rows.
    given: field → what gives it from outside the row (goal, process, indicator, board, period).
    merged: columns whose text was printed in a row above, in a true merged range.
    """

    number: int
    cells: list[str]
    given: dict[str, Given] = field(default_factory=dict)
    merged: frozenset[int] = frozenset()


@dataclass
class Table:
    """One table of a file: nothing runs from one into the next.

    name: the sheet's or table's name, "" where the file holds one table only.
    header: each column's heading; rows of headings over each other are joined into one.
    upper: what stands over each column in a row of headings above its own; "" where nothing does.
    header_rows: the rows where the header is printed, repeats among them.
    hidden: columns that the file hides.
    has_merges: whether the grid has true merged ranges, so that a blank cell is truly blank.
    titles: texts above and in it that may tell board and period.
    aside: what is no line of it, as (row, kind, text): title, header, page_header, page_footer,
        heading, outside_table …; the kinds are the rules of sv.toml.
    """

    name: str
    header: tuple[str, ...]
    lines: list[Line]
    upper: tuple[str, ...] = ()
    header_rows: tuple[int, ...] = ()
    hidden: frozenset[int] = frozenset()
    has_merges: bool = False
    titles: list[str] = field(default_factory=list)
    aside: list[tuple[int, str, str]] = field(default_factory=list)
