"""A printed table as it stands in a file: cells exactly as printed, and where each was found."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

from riskdata.words.spelling import clean_space, is_clean

BETWEEN = "|"  # what no cell is changed by: it joins with nothing, and is no white space


@dataclass(frozen=True)
class Merge:
    """A true merged range of a grid, as 0-based inclusive positions in ``Grid.rows``."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Grid:
    """One sheet, table or text: rows of cells, never stripped or changed.

    rows: each a list of cells as printed (str, "" for an empty one); lengths may differ.
    numbers: for each row, the 1-based number by which a person finds it in the file.
    name: the sheet's or table's name; "" where a file holds one grid only.
    merges: the true merged ranges; only their top left cell holds text.
    notes: what the reader saw beside the cells, as (row number, rule, text): hidden rows,
        struck-through text and so on.
    """

    rows: list[list[str]]
    numbers: list[int]
    name: str = ""
    merges: tuple[Merge, ...] = ()
    notes: tuple[tuple[int, str, str], ...] = field(default=())

    @cached_property
    def texts(self) -> list[list[str]]:
        """The rows with the text of each cell: no space to spare, nothing invisible.

        >>> Grid([[" Lek ", "A"]], [1]).texts
        [['Lek', 'A']]
        """
        whole = BETWEEN.join(chain.from_iterable(self.rows))
        if is_clean(whole) and f" {BETWEEN}" not in whole and f"{BETWEEN} " not in whole:
            return self.rows  # as in most files: to ask once for all cells is much quicker
        return [list(map(clean_space, row)) for row in self.rows]

    def copy(self) -> "Grid":
        """Return a grid whose rows may be filled in; who fills in a cell does so in both."""
        rows = [row.copy() for row in self.rows]
        texts = rows if self.texts is self.rows else [row.copy() for row in self.texts]
        copied = replace(self, rows=rows)
        vars(copied)["texts"] = texts  # so that they need not be worked out once more
        return copied
