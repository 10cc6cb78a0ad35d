"""A printed table as it stands in a file: cells as printed, where each was found, how it is built."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, compress
from typing import NamedTuple

from riskdata.readers.limits import COLUMNS, refusal
from riskdata.words.spelling import clean_space

LABEL, MOST_TITLES = (
    30,
    2,
)  # letters of a label; more lines with one, and no table: these are the data
TITLE_LETTERS = 200  # a longer text above a table is no title

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# Of a footnote: no m². The digit comes first, which makes the search quick.
_SIGN = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹](?<!\bm.)(?<!\b[ckd]m.)(?<!CO.)[⁰¹²³⁴⁵⁶⁷⁸⁹]*\)?")

Note = tuple[int, str, str]  # the row's number (0: the whole table), the rule, the text


class Merge(NamedTuple):
    """A true merged range of a grid, as 0-based inclusive positions in ``Grid.rows``."""

    top: int
    left: int
    bottom: int
    right: int


class Title(NamedTuple):
    """A text above a table: a heading (level 1 outermost), title, text, caption or page_header."""

    text: str
    level: int = 0
    kind: str = "text"


@dataclass(frozen=True)
class Grid:
    """One sheet, table or text: rows of cells, never stripped or changed.

    rows: each a list of cells as printed (str, "" for an empty one); lengths may differ.
    numbers: for each row, the 1-based number by which a person finds it in the file; 0 for the
        texts above a table, each a row of one cell.
    name: the sheet's or table's name; "" where a file holds one grid only.
    merges: the true merged ranges; only their top left cell holds text.
    notes: what the eye sees and the cells do not hold, or the other way round, as (row number,
        rule, text): hidden rows, struck-through text, footnotes … (the rules are in the words).
    hidden: 0-based columns that the file hides; their cells are read.
    titles: what each row numbered 0 is, in their order.
    """

    rows: list[list[str]]
    numbers: list[int]
    name: str = ""
    merges: tuple[Merge, ...] = ()
    notes: tuple[Note, ...] = ()
    hidden: frozenset[int] = frozenset()
    titles: tuple[Title, ...] = ()

    @cached_property
    def texts(self) -> list[list[str]]:
        """The rows with the text of each cell: no space to spare, nothing invisible.

        >>> Grid([[" Lek ", "A"]], [1]).texts
        [['Lek', 'A']]
        """
        return [list(map(clean_space, row)) for row in self.rows]


# -- what is seen beside a text ----------------------------------------------------------------

# How a reader puts into a text what is seen beside it, until ``take_notes`` takes it out again.
# The signs are no letters of any text: Unicode keeps them for a program's own use.
_NOTED = re.compile("\ufdd0(\\w+)\ufdd1([^\ufdd0-\ufdd2]*)\ufdd2")
_STRUCK = re.compile("\ufdd3([^\ufdd3\ufdd4]*)\ufdd4")
_STRUCK_ON = re.compile("\ufdd4(\\s*)\ufdd3")  # between two runs of letters


_FOOTNOTE = re.compile(r"\[?[\d*†‡a-z]{1,2}\]?\)?")


def noted(rule: str, text: str) -> str:
    """Return what stands in a cell for something that is seen and is no text of it."""
    return f"\ufdd0{rule}\ufdd1{text}\ufdd2" if text.strip() else ""


def struck(text: str) -> str:
    """Return what stands in a cell for letters that are struck through."""
    inner = re.sub("[\ufdd3\ufdd4]", "", text)
    return f"\ufdd3{inner}\ufdd4" if inner.strip() else text


def raised(text: str) -> str:
    """Return what stands in a cell for raised letters: the sign of a footnote is no letter of it.

    >>> raised("2"), take_notes("Klar" + raised("*"))
    ('²', ('Klar', [('footnote', '*')]))
    """
    sign = text.strip()
    if not _FOOTNOTE.fullmatch(sign):
        return text
    digits = sign.strip("[]()")
    return digits.translate(_RAISED) if digits.isdigit() else noted("footnote", sign)


def take_notes(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the text of a cell, and what was seen beside it as (rule, text).

    What is not struck through is the text; where everything is, that is asked about.

    >>> take_notes(struck("4 ") + "3")
    ('3', [('struck_through', '4')])
    >>> take_notes(struck("4") + noted("cell_comment", "Varför?"))
    ('4', [('cell_comment', 'Varför?'), ('struck_cell', '4')])
    """
    if "\ufdd0" not in text and "\ufdd3" not in text:
        return text, []
    notes = _NOTED.findall(text)
    text = _STRUCK_ON.sub(r"\1", _NOTED.sub("", text))
    rest = _STRUCK.sub("", text)
    if rest.strip():
        notes += [("struck_through", gone) for gone in _STRUCK.findall(text)]
        text = rest if rest == text else re.sub(r"(\s)\1+", r"\1", rest).strip()
    elif rest != text:
        text = _STRUCK.sub(r"\1", text)
        notes.append(("struck_cell", text))
    return text, [(rule, " ".join(seen.split())) for rule, seen in notes]


# -- merged ranges -----------------------------------------------------------------------------


class Filled(NamedTuple):
    """A cell that was filled: its row's number, its position, the text, the row it comes from."""

    number: int
    column: int
    text: str
    from_number: int


def fill_merges(grid: Grid) -> tuple[Grid, list[Filled]]:
    """Return a grid whose vertically merged cells say their text on every row, and what was filled.

    A range over several columns is filled in its first column: its text stands there once per row.
    A cell that was just empty stays so.

    >>> grid = Grid([["Lek", "A"], ["", "B"], ["", "C"]], [4, 5, 6], merges=(Merge(0, 0, 1, 0),))
    >>> filled, notes = fill_merges(grid)
    >>> filled.rows
    [['Lek', 'A'], ['Lek', 'B'], ['', 'C']]
    >>> notes
    [Filled(number=5, column=0, text='Lek', from_number=4)]
    """
    rows, filled = [row.copy() for row in grid.rows], []
    for merge in vertical_merges(grid):
        left, text = merge.left, rows[merge.top][merge.left]
        for n in range(merge.top + 1, merge.bottom + 1):
            if "".join(rows[n][left : left + 1]).strip():
                continue
            rows[n] += [""] * (left + 1 - len(rows[n]))
            rows[n][left] = text
            where = grid.numbers[n], left, clean_space(text), grid.numbers[merge.top]
            filled.append(Filled(*where))
    return replace(grid, rows=rows), filled


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


# -- how a grid is built -----------------------------------------------------------------------


class Cell(NamedTuple):
    """A cell, how many rows and columns it stretches over, and its column where that is told.

    merge: "restart" where cells below may go on with it, "continue" where it goes on with one.
    """

    text: str
    down: int = 1
    across: int = 1
    column: int | None = None
    merge: str = ""


class Spans:
    """Collects the rows of a table whose cells stretch over rows and columns."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.numbers: list[int] = []
        self.ranges: list[Merge] = []
        self.notes: list[Note] = []
        self._taken: dict[int, int] = {}  # column → first row that is free again
        self._begun: dict[int, int] = {}  # column → which range cells below may go on with

    def add_row(self, number: int, cells: Iterable[Cell]) -> None:
        """Add a row: a cell stands in its own column, else in the next one that is free."""
        row: list[str] = []
        at, top = 0, len(self.rows)
        for cell in cells:
            while cell.column is None and self._taken.get(at, 0) > top:
                at += 1
            at = at if cell.column is None else max(at, cell.column)
            if at + cell.across > COLUMNS:
                raise refusal("", "wide", number=number, found=at + cell.across, most=COLUMNS)
            row += [""] * (at - len(row)) + [cell.text]
            self._stretch(top, at, cell)
            at += cell.across
        self.rows.append(row)
        self.numbers.append(number)

    def grid(self, name: str = "") -> Grid:
        """Return the grid, its ranges cut at the last row."""
        last = len(self.rows) - 1
        ranges = (m._replace(bottom=min(m.bottom, last)) for m in self.ranges if m[:2] != m[2:])
        return Grid(self.rows, self.numbers, name, tuple(ranges), tuple(self.notes))

    def _stretch(self, top: int, left: int, cell: Cell) -> None:
        if cell.down > 1:
            columns = range(left, left + cell.across)
            self._taken.update(dict.fromkeys(columns, top + cell.down))
        begun = self._begun.pop(left, -1)
        if cell.merge == "continue" and begun >= 0 and self.ranges[begun].bottom == top - 1:
            self.ranges[begun] = self.ranges[begun]._replace(bottom=top)
            self._begun[left] = begun
        elif (cell.down > 1 or cell.across > 1 or cell.merge) and cell.text.strip():
            bottom, right = top + cell.down - 1, left + cell.across - 1
            self.ranges.append(Merge(top, left, bottom, right))
            if cell.merge == "restart":
                self._begun[left] = len(self.ranges) - 1


def with_titles(grid: Grid, above: Iterable[Title]) -> Grid:
    """Return a grid with the texts above it: titles as rows numbered 0, long texts as notes."""
    titles = tuple(t for t in above if len(t.text) <= TITLE_LETTERS)
    notes = [(0, "outside_table", t.text) for t in above if len(t.text) > TITLE_LETTERS]
    down = len(titles)
    return replace(
        grid,
        rows=[[title.text] for title in titles] + grid.rows,
        numbers=[0] * down + grid.numbers,
        merges=tuple(m._replace(top=m.top + down, bottom=m.bottom + down) for m in grid.merges),
        notes=(*notes, *grid.notes),
        titles=titles + grid.titles,
    )


def without_blank_rows(grid: Grid) -> Grid:
    """Return a grid without its rows that hold nothing at all."""
    kept = [any(row) for row in grid.rows]
    before = [0, *accumulate(kept)]  # how many rows are kept above each
    return replace(
        grid,
        rows=list(compress(grid.rows, kept)),
        numbers=list(compress(grid.numbers, kept)),
        merges=tuple(
            m._replace(top=before[m.top], bottom=before[m.bottom + 1] - 1)
            for m in grid.merges
            if kept[m.top]
        ),
    )


def finished(grid: Grid) -> Grid:
    """Return a grid whose notes are whole: of footnotes' signs, and of rows that are struck through.

    >>> finished(Grid([["12¹", "4 m²"]], [7])).rows
    [['12', '4 m²']]
    """
    pairs = list(zip(grid.numbers, grid.rows, strict=True))
    signs = [(n, "footnote", cell) for n, row in pairs for cell in row if _SIGN.search(cell)]
    struck = Counter(n for n, rule, _ in grid.notes if rule == "struck_cell")
    texts = {n: [cell.strip() for cell in row if cell.strip()] for n, row in pairs if n in struck}
    whole = {n: " | ".join(some) for n, some in texts.items() if struck[n] == len(some) > 1}
    if not signs and not whole:
        return grid
    rows = [[_SIGN.sub("", cell) for cell in row] for row in grid.rows]
    kept = [note for note in grid.notes if note[1] != "struck_cell" or note[0] not in whole]
    notes = (*kept, *((n, "struck_row", text) for n, text in whole.items()), *signs)
    return replace(grid, rows=rows, notes=notes)


def read_blocks(blocks: Iterable[Title | Note | Grid]) -> list[Grid]:
    """Return the tables among a document's blocks, in order, each below its titles.

    Their rows are numbered on from table to table. Notes are what stands in a text between tables.
    Where there is none, many labelled lines are one.
    """
    grids: list[Grid] = []
    above: list[Title] = []
    notes: list[Note] = []
    for block in blocks:
        if isinstance(block, Title):
            above.append(block)
        elif not isinstance(block, Grid):
            notes.append(block)
        else:
            last = max((n for grid in grids for n in grid.numbers), default=0)
            own = ((number and number + last, rule, text) for number, rule, text in block.notes)
            numbers = [number and number + last for number in block.numbers]
            name = f"tabell {len(grids) + 1}"
            grid = replace(block, name=name, numbers=numbers, notes=(*notes, *own))
            grids.append(with_titles(grid, above))
            above, notes = [], []
    if not grids and sum(": " in title.text[:LABEL] for title in above) > MOST_TITLES:
        return [
            Grid([[title.text] for title in above], [*range(1, len(above) + 1)], notes=(*notes,))
        ]
    if grids:
        end = [*notes, *((0, "outside_table", title.text) for title in above)]
        grids[-1] = replace(grids[-1], notes=(*grids[-1].notes, *end))
    return grids
