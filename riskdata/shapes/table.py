"""What one step of reading hands to the next: a plain table, its columns, an export, its account."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from riskdata.words.spelling import clean_space, join

if TYPE_CHECKING:
    from riskdata.shapes.headings import Layout
    from riskdata.words.vocabulary import Vocabulary


class Given(NamedTuple):
    """A text that a heading, or a column of a report, gives to a line."""

    text: str
    row: int | None  # of the file, where it is printed; None for a sheet's name
    source: str  # heading, column

    @property
    def proof(self) -> str:
        """Where it is printed, as the account says it."""
        return f"rad {self.row}" if self.row else f"rubriken {self.text}"


@dataclass
class Line:
    """One line of a table.

    number: the row by which a person finds it; a line made of a list in a cell has its row's.
    cells: each column's cell exactly as printed; a merged cell's text stands in all its rows.
    given: field → what gives it from outside the row (goal, process, indicator, board, period).
    merged: columns whose text was printed in a row above, in a true merged range.
    kind: what its row is (rows.what_it_is), where something in the file says it.
    """

    number: int
    cells: list[str]
    given: dict[str, Given] = field(default_factory=dict)
    merged: frozenset[int] = frozenset()
    kind: str = ""


@dataclass
class Table:
    """One table of a file: nothing runs from one into the next.

    name: the sheet's or table's name, "" where the file holds one table only.
    header: each column's heading; rows of headings over each other are joined into one.
    upper: what stands over each column in a row of headings above its own; "" where nothing does.
    header_rows: the rows where the header is printed, repeats among them.
    hidden: columns that the file hides. left: blank ones that the file has left of the table.
    has_merges: whether the grid has true merged ranges, so that a blank cell is truly blank.
    titles: texts above and in it that may tell board and period.
    aside: what is no line of it, as (row, kind, text): title, header, page_header, page_footer,
        heading, outside_table …; the kinds are the rules of sv.toml.
    doubts: what a person must look at in a row: (row, field, printed text, message in Swedish).
    """

    name: str
    header: tuple[str, ...]
    lines: list[Line]
    upper: tuple[str, ...] = ()
    header_rows: tuple[int, ...] = ()
    hidden: frozenset[int] = frozenset()
    left: int = 0
    has_merges: bool = False
    titles: list[str] = field(default_factory=list)
    aside: list[tuple[int, str, str]] = field(default_factory=list)
    doubts: list[tuple[int, str, str, str]] = field(default_factory=list)

    def column(self, n: int) -> list[str]:
        """Return the texts of one column, line by line."""
        return [clean_space("".join(line.cells[n : n + 1])) for line in self.lines]

    def says_nothing(self, n: int) -> bool:
        """Return whether a column prints one sign on every row, as an empty box to tick."""
        texts = self.column(n)
        return len({*texts}) == 1 < len(texts) and len(texts[0]) == 1 and not texts[0].isalnum()

    @property
    def given(self) -> set[str]:
        """The fields that something outside the rows gives to any of them."""
        return {field for line in self.lines for field in line.given}


@dataclass(frozen=True, eq=False)  # compared as an object: it is the key of caches
class Columns:
    """How a table's columns are read.

    fields: of each column the field of the tidy tables, "column 3" for one that is read as nothing.
    headings: of each column what is printed above it, in one line; else its number in the file.
    left: columns of the file that stand left of the first.
    guessed: column → why it is taken for its field, in Swedish; empty where every header is known.
    unused: column → its heading, of those that are printed and read as nothing.
    maybe: unused column → the field that it may be: where a row has that nowhere else, it is asked.
    doubts: (column, what a person must look at, in Swedish): two columns of one field, and such.
    legend: the axes whose scale a table of the file explains.
    reports: column → the field and the report that its heading names, where it names one.
    """

    layout: "Layout"
    fields: tuple[str, ...]
    headings: tuple[str, ...]
    expects_status: bool
    vocab: "Vocabulary"
    left: int = 0
    guessed: dict[int, str] = field(default_factory=dict)
    unused: dict[int, str] = field(default_factory=dict)
    maybe: dict[int, str] = field(default_factory=dict)
    doubts: tuple[tuple[int, str], ...] = ()
    legend: frozenset[str] = frozenset()
    reports: dict[int, tuple[str, str]] = field(default_factory=dict)


@dataclass
class Part:
    """One export of one kind: a file is one, or several.

    name: "" where the file is one export, else what tells this one from the others.
    vocab: the vocabulary with the scales, decisions and statuses of its layout laid over it.
    """

    name: str
    layout: "Layout"
    vocab: "Vocabulary"
    tables: list[tuple[Table, Columns]]


# -- what is done to printed cells, and what could not be placed ---------------------------------

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
