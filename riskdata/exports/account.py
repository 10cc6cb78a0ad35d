"""What was done to the printed cells of an export, and what could not be placed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from riskdata.words.spelling import join

# Rules of rows that are no data.
SET_ASIDE = frozenset((
    "title", "header", "page_header", "page_footer", "page_furniture", "outside_table", "heading",
    "set_aside", "legend", "outside_named",
))  # fmt: skip
# Rules of entries that a person must look at: each is a finding on its row.
DOUBTS = frozenset((
    "row_shifted", "cell_odd", "row_width", "line_rejoined", "text_joined", "beside_scrap",
    "ditto_filled", "continued_mark", "same_risk", "lone_activity", "looks_like_person",
    "word_added", "unknown_word", "statuses_differ", "cell_kept", "set_aside", "column_not_used",
    "cell_not_used", "column_lost", "header_without_rows", "guessed_column", "columns_doubt",
    "shape_doubt", "group_unsure", "hidden_row", "date_kept", "outside_named", "person_date",
    "person_text", "name_turned", "names_unsure", "decision_split", "year_filled", "title_differs",
    "matrix_differs", "transposed", "example_row",
))  # fmt: skip
# Of these a proof leaves no doubt.
PROVABLE = ("ditto_filled", "continued_mark", "line_rejoined", "same_risk")

CELL = "går inte att läsa som"  # how the reason of one unread cell begins


class Entry(NamedTuple):
    """One line of the account; row is None for what concerns a column or the whole export."""

    row: int | None
    column: str
    rule: str
    before: str
    after: str = ""
    proof: str = ""


class Left(NamedTuple):
    """One line of unread: a printed row or cell that could not be placed."""

    row: int | None
    text: str
    reason: str


@dataclass
class Notes:
    """The account and the unread of one export, as they are written."""

    account: list[Entry] = field(default_factory=list)
    unread: list[Left] = field(default_factory=list)

    def add(self, *entry: int | str | None) -> None:
        """Note one thing done to a printed cell: what an ``Entry`` holds."""
        self.account.append(Entry(*entry))

    def leave(self, row: int | None, texts: Iterable[str], reason: str) -> None:
        """Note a printed row, or a cell of it, that could not be placed."""
        self.unread.append(Left(row, join(texts), reason))
