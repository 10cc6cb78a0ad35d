"""The tables on the pages of a PDF: by ruled lines, or by gutters where no lines tell all of it."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby, pairwise, product
from statistics import median, quantiles

from riskdata.readers.pdf_words import Line, Word, to_lines, words_on

_NEAR = 3.0  # points: lines this close are one, and so thin a filled box is a line
_WIDE = 1.5  # times the usual gap between words: a wider one parts two columns
_CROSSED = 0.05  # share of lines with a word across a gutter: with more it is none
_TIGHT = 0.3  # of a line's height: the gap between two lines of a cell is never larger
_LOOSE = 0.2  # of a line's height: so much more parts two rows
_LONG = 0.4  # of the text's width: so long a line without parts is running text, or a heading
_COLUMNS = 3  # with fewer parts, a line is running text
_ALONG = 0.5  # of the text's width: edges that long at one height part rows
_SAME_COLUMN = 6.0  # points: columns this close on two pages are the same
_BESIDE = 3.0  # times a line's height: what stands closer to a table may belong to it


@dataclass
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

    def holds(self, word: Word) -> bool:
        """Return whether a word stands at the table's height."""
        return self.top <= word.centre < self.bottom

    def is_like(self, other: "PageTable") -> bool:
        """Return whether two tables have the same columns: it may be one table, on two pages."""
        pairs = zip(self.lefts, other.lefts, strict=False)
        near = all(abs(a - b) < _SAME_COLUMN for a, b in pairs)
        return near and len(self.lefts) == len(other.lefts)


@dataclass
class Page:
    """A page: its words, the heights at which rows are parted, its tables from the top."""

    words: list[Word]
    bounds: list[float]
    tables: list[PageTable]

    gap: float = 0.0  # a wider one parts two columns
    apart: float = 0.0  # a larger gap between two lines parts two rows

    @property
    def outside(self) -> list[Word]:
        """The words that stand at no table's height."""
        return [w for w in self.words if not any(table.holds(w) for table in self.tables)]

    def rows(self, words: Iterable[Word]) -> list["_Row"]:
        """Return the rows of words: parted by a gap, or by a line or the end of a fill."""
        rows = _split(to_lines(words), self._is_apart)
        return [_Row([_split(line, self._is_wide) for line in lines]) for lines in rows]

    def _is_wide(self, word: Word, following: Word) -> bool:
        return following.x0 - word.x1 > self.gap

    def _is_apart(self, line: Line, following: Line) -> bool:
        upper, lower = max(w.centre for w in line), min(w.centre for w in following)
        is_parted = any(upper < bound < lower for bound in self.bounds)
        return is_parted or _gap(line, following) >= self.apart


@dataclass
class _Row:
    """What stands close together outside of ruled lines: lines, each cut at its wide gaps."""

    lines: list[list[Line]]

    def __post_init__(self) -> None:
        self.parts = [part for line in self.lines for part in line]
        self.words = [word for part in self.parts for word in part]
        self.top = min(word.top for word in self.words)
        self.bottom = max(word.bottom for word in self.words)
        self.height = self.words[0].upright().bottom - self.words[0].upright().top
        self.most = max(map(len, self.lines))  # parts of a line
        self.key = line_key(self.words)

    def is_text(self, width: float) -> bool:
        """Return whether it is a long line without parts: running text, or a heading."""
        longest = max(part[-1].x1 - part[0].x0 for part in self.parts)
        return self.most == 1 and longest > _LONG * width

    def is_far_above(self, following: "_Row") -> bool:
        return following.top - self.bottom >= _BESIDE * following.height

    def columns(self, cuts: list[float]) -> set[int]:
        return {bisect_right(cuts, part[0].middle) - 1 for part in self.parts}

    def cells(self, cuts: list[float]) -> list[PageCell]:
        """Return the words of each column; a part with a word across a cut stays in one."""
        cells = [PageCell([], column) for column in range(len(cuts))]
        for part in self.parts:
            is_across = any(w.x0 < cut < w.x1 for w in part for cut in cuts)
            for word in part:
                at = part[0] if is_across else word
                cells[bisect_right(cuts, at.middle) - 1].words.append(word)
        return cells


def line_key(words: list[Word]) -> tuple[int, str]:
    """Return what is the same of a page header on each page: its height, its text but for numbers."""
    return round(words[0].top), re.sub(r"\d+", "0", " ".join(word.text for word in words))


def _split(items: Iterable, is_apart: Callable[..., bool]) -> list[list]:
    """Return items in groups, parted where two that follow on each other are apart."""
    groups: list[list] = []
    for item in items:
        if groups and not is_apart(groups[-1][-1], item):
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def _width(words: Iterable[Word]) -> float:
    words = list(words)
    return max((w.x1 for w in words), default=0) - min((w.x0 for w in words), default=0)


def read_page(page) -> Page:
    """Return a pdfplumber page with its ruled tables."""
    words = words_on(page)
    read = Page(words, _bounds(page, words), _find_ruled(page, words) if words else [])
    page.close()  # else every page's signs stay in memory
    return read


def add_unruled(pages: list[Page]) -> None:
    """Add to the pages the tables that no lines are drawn about, or not about all of it."""
    lined = [to_lines(page.words) for page in pages]
    gap, apart = _usual_gap(lined) * _WIDE, _rows_apart(lined)
    for page in pages:
        page.gap, page.apart = gap, apart
    lacking = [t for page in pages for t in page.tables if _is_lacking(t, page)]
    for page in pages:
        page.tables = [t for t in page.tables if not any(map(t.is_like, lacking))]
    runs = [_split(page.rows(page.outside), _Row.is_far_above) for page in pages]
    for group in _group(runs):
        for n, table in group.tables():
            pages[n].tables.append(table)
    for page in pages:
        page.tables.sort(key=lambda table: table.top)


# -- ruled tables --------------------------------------------------------------------------------


def _bounds(page, words: list[Word]) -> list[float]:
    """Return the heights at which lines or fills end over most of the text's width."""
    along: dict[int, float] = defaultdict(float)
    for edge in page.edges:
        if edge["orientation"] == "h":
            along[round(edge["top"])] += edge["x1"] - edge["x0"]
    return [float(y) for y, length in along.items() if length > _ALONG * _width(words)]


def _find_ruled(page, words: list[Word]) -> list[PageTable]:
    """Return the tables that the lines of a pdfplumber page rule, from the top."""
    upright = [e for e in page.edges if e["orientation"] == "v"]
    if len({round(e["x0"]) for e in upright}) < 3:
        return []
    # A table broken by the page's end often lacks the line there: its upright lines tell where.
    ends = [min(e["top"] for e in upright), max(e["bottom"] for e in upright)]
    found = page.find_tables({"explicit_horizontal_lines": ends})
    tables = [_table(table, page, words) for table in found]
    return sorted((t for t in tables if len(t.lefts) > 1), key=lambda t: t.top)


def _table(found, page, words: list[Word]) -> PageTable:
    left, top, right, bottom = found.bbox
    lefts = sorted({x0 for x0, *_ in found.cells})
    tops = sorted({y0 for _, y0, *_ in found.cells})
    rows: list[list[PageCell]] = [[] for _ in tops]
    owners: dict[tuple[int, int], PageCell] = {}
    boxes = {(tops.index(y0), lefts.index(x0)): (x1, y1) for x0, y0, x1, y1 in found.cells}
    for row, column in product(range(len(tops)), range(len(lefts))):
        if (row, column) in owners:
            continue
        x1, y1 = boxes.get((row, column), (0, 0))
        down = max(bisect_left(tops, y1 - 1) - row, 1)
        across = max(bisect_left(lefts, x1 - 1) - column, 1)
        cell = PageCell([], column, down, across)
        rows[row].append(cell)
        reach = product(range(row, row + down), range(column, column + across))
        owners |= dict.fromkeys(reach, cell)
    for word in words:
        if left <= word.middle <= right and top <= word.centre <= bottom:
            row, column = bisect_right(tops, word.centre), bisect_right(lefts, word.middle)
            owners[row - 1, column - 1].words.append(word)
    is_open = _open(page, bottom, [*lefts, right])
    return PageTable(top, bottom, tuple(lefts), rows, (*lefts[1:], right), is_open)


def _open(page, bottom: float, edges: list[float]) -> frozenset[int]:
    """Return the columns without a line along the table's bottom, where others have one."""
    lines = [e for e in page.edges if e["orientation"] == "h" and abs(e["top"] - bottom) < _NEAR]
    middles = [(a + b) / 2 for a, b in pairwise(edges)]
    closed = {n for n, x in enumerate(middles) if any(e["x0"] <= x <= e["x1"] for e in lines)}
    return frozenset(set(range(len(middles))) - closed) if closed else frozenset()


def _is_lacking(table: PageTable, page: Page) -> bool:
    """Return whether a table has columns that its lines do not part, or rows beside them."""
    words = [word for word in page.words if table.holds(word) and not word.turned]
    cuts = _cuts(page.rows(words))
    cells = [page.rows(cell.words) for row in table.rows for cell in row]
    most = max((len(row.columns(cuts)) for rows in cells for row in rows), default=0)
    if len(cuts) > len(table.lefts) or most >= _COLUMNS:
        return True
    outside = page.rows(page.outside)
    return any(_is_row_of(row, table) for row in outside)


def _is_row_of(row: _Row, table: PageTable) -> bool:
    """Return whether a row stands close to a table, each of its parts within one column."""
    edges = [
        (left - _NEAR, right + _NEAR) for left, right in zip(table.lefts, table.rights, strict=True)
    ]
    fits = all(any(a <= p[0].x0 and p[-1].x1 <= b for a, b in edges) for p in row.parts)
    enough = min(_COLUMNS, max(2, len(table.lefts) // 2))
    distance = max(table.top - row.bottom, row.top - table.bottom)
    return fits and distance < _BESIDE * row.height and len(row.columns(table.lefts)) >= enough


# -- rows without lines --------------------------------------------------------------------------


def _gap(line: Line, following: Line) -> float:
    return min(w.top for w in following) - max(w.bottom for w in line)


def _usual_gap(lined: list[list[Line]]) -> float:
    gaps = [b.x0 - a.x1 for page in lined for line in page for a, b in pairwise(line)]
    gaps = [gap for gap in gaps if gap > 0.1]
    return quantiles(gaps, n=4, method="inclusive")[0] if len(gaps) > 1 else 3.0


def _rows_apart(lined: list[list[Line]]) -> float:
    """Return the gap between two lines from which they belong to two rows."""
    heights = [w.bottom - w.top for page in lined for line in page for w in line if not w.turned]
    gaps = [max(_gap(a, b), 0) for page in lined for a, b in pairwise(page)]
    height = median(heights or [0])
    tight = quantiles(gaps, n=10, method="inclusive")[0] if len(gaps) > 1 else 0
    return min(tight, _TIGHT * height) + _LOOSE * height


# -- tables by gutters ---------------------------------------------------------------------------


class _Group:
    """The rows of one table without lines, page by page, and its columns."""

    def __init__(self) -> None:
        self.cuts: list[float] = []
        self.rows: dict[int, list[_Row]] = {}

    def add(self, page: int, rows: list[_Row]) -> None:
        """Add rows of a page; all rows share the columns of the line that tells the most."""
        self.rows.setdefault(page, []).extend(rows)
        self.cuts = _cuts([row for each in self.rows.values() for row in each])

    @property
    def least(self) -> int:
        """In how many columns a row must print something to begin the table, or a page of it."""
        return max(_COLUMNS, len(self.cuts) // 2 + 1)

    def keeps(self, rows: list[_Row], *, near: bool) -> bool:
        """Return whether rows stand in the table's columns, and have none of their own.

        near: whether they stand close to rows that do.
        """
        lines = [line for row in rows for line in row.lines if len(line) > 1]
        words = [word for line in lines for part in line for word in part]
        crossing = sum(w.x0 < cut < w.x1 for w in words for cut in self.cuts)
        most = max(len(row.columns(self.cuts)) for row in rows)
        is_even = crossing <= _CROSSED * len(lines) and len(_cuts(rows)) <= len(self.cuts)
        return is_even and most >= (2 if near else self.least)

    def tables(self) -> Iterator[tuple[int, PageTable]]:
        """Give each page's part of the table, from the first row with most of the columns."""
        begun = False
        for page, rows in self.rows.items():
            wide = [n for n, row in enumerate(rows) if len(row.columns(self.cuts)) >= self.least]
            kept = rows if begun else rows[wide[0] :] if wide else []
            while kept and _runs_on(kept[-1], self.cuts):
                kept = kept[:-1]  # text below the table
            if kept:
                begun = True
                cells = [row.cells(self.cuts) for row in kept]
                yield page, PageTable(kept[0].top, kept[-1].bottom, tuple(self.cuts), cells)


def _group(pages: list[list[list[_Row]]]) -> list[_Group]:
    """Return the tables that stand in the runs of rows of each page."""
    repeated = _repeated(pages)
    groups: list[_Group] = []
    for page, runs in enumerate(pages):
        pending: list[_Row] = []  # texts that stand between the table's rows, if more follow
        for run in runs:
            kept = [row for row in run if row.key not in repeated]
            is_text = partial(_Row.is_text, width=_width(w for row in kept for w in row.words))
            near = False  # whether rows of this very run belong to the table
            for outside, some in groupby(kept, is_text):
                rows = list(some)
                is_lone = len(run) == 1 and groups and page in groups[-1].rows
                if outside or is_lone:
                    pending += rows
                    continue
                if groups and groups[-1].keeps(rows, near=near):
                    groups[-1].add(page, [*(pending if page in groups[-1].rows else []), *rows])
                elif sum(row.most >= _COLUMNS for row in rows) > 1:
                    groups.append(_Group())
                    groups[-1].add(page, rows)
                else:
                    continue
                near, pending = True, []
    return groups


def _repeated(pages: list[list[list[_Row]]]) -> set[tuple[int, str]]:
    """Return what stands at the same height on several pages, the table's headers apart."""
    keys = Counter(
        row.key
        for runs in pages
        for run in runs
        for row in run
        if len(run) == 1
        or row.most < _COLUMNS
        or (row is run[-1] and 2 * row.most <= max(each.most for each in run))
    )
    return {key for key, count in keys.items() if count > 1}


def _runs_on(row: _Row, cuts: list[float]) -> bool:
    """Return whether a row is text that runs over the columns: one part, wider than its column."""
    ends = [*cuts[1:], float("inf")]
    is_one = len(row.columns(cuts)) == 1 and row.most == 1
    return is_one and any(p[-1].x1 > ends[bisect_right(cuts, p[0].middle) - 1] for p in row.parts)


def _cuts(rows: list[_Row]) -> list[float]:
    """Return the columns' left limits by the line that tells the most of them.

    They are before each of its parts, where hardly a word of the others stands across.
    """
    most = max((row.most for row in rows), default=0)
    parted = [line for row in rows for line in row.lines if len(line) > max(most // 2, 1)]
    words = [[word for part in line for word in part] for line in parted]
    pairs = pairwise(max(parted, key=len, default=[]))
    gutters = [_gutter(one[0].x0, other[-1].x1, words) for one, other in pairs]
    cuts = [x for crossed, x in gutters if crossed <= _CROSSED * len(parted)]
    return [0.0, *cuts] if parted else []


def _gutter(left: float, right: float, lines: list[Line]) -> tuple[int, float]:
    """Return the widest strip that the fewest words stand across: how many, and its middle."""
    words = [w for line in lines for w in line if w.x1 > left and w.x0 < right]
    begins, ends = sorted(w.x0 for w in words), sorted(w.x1 for w in words)
    edges = sorted({left, right, *(x for x in (*begins, *ends) if left < x < right)})
    strips = [(a - b, (a + b) / 2) for a, b in pairwise(edges)]
    crossed, _, middle = min(
        (bisect_right(begins, x) - bisect_right(ends, x), width, x) for width, x in strips
    )
    return crossed, middle
