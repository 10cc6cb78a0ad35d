"""The tables on the pages of a PDF: by ruled lines, or by gutters where no lines tell all of it."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise, product
from statistics import median, quantiles

from riskdata.readers.pdf_words import Line, Word, is_overprinted, to_lines, words_on

_NEAR = 3.0  # points: lines this close are one, and so thin a filled box is a line
_WIDE = 1.5  # times the usual gap between words: a wider one parts two columns
_CROSSED = 0.05  # share of lines with a word across a gutter: with more it is none
_TIGHT = 0.3  # of a line's height: the gap between two lines of a cell is never larger
_LOOSE = 0.2  # of a line's height: so much more parts two rows
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

    rights: its columns' right edges, 0 where no lines tell them.
    open: the columns whose last cell has no line below although others have: it may go on on the
    next page.
    """

    top: float
    bottom: float
    lefts: list[float]
    rights: list[float]
    rows: list[list[PageCell]]
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
    """A page: its words, the heights at which rows are parted, its tables from the top.

    height: of most lines; gap: a wider one parts two columns, in a larger line as much wider;
    apart: a larger gap between two lines parts two rows.
    overprinted: whether lines stand on each other.
    """

    words: list[Word]
    bounds: list[float]
    tables: list[PageTable]
    height: float = 0.0
    gap: float = 0.0
    apart: float = 0.0
    overprinted: bool = False

    @property
    def outside(self) -> list[Word]:
        """The words that stand at no table's height."""
        return [w for w in self.words if not any(table.holds(w) for table in self.tables)]

    def rows(self, words: Iterable[Word]) -> list["_Row"]:
        """Return the rows of words: parted by a gap, or by a line or the end of a fill."""

        def is_apart(line: Line, below: Line) -> bool:
            upper, lower = max(w.centre for w in line), min(w.centre for w in below)
            is_parted = any(upper < bound < lower for bound in self.bounds)
            return is_parted or _gap(line, below) >= self.apart

        def is_wide(word: Word, following: Word) -> bool:
            larger = max(word.bottom - word.top, self.height) / (self.height or 1)
            return following.x0 - word.x1 > self.gap * larger

        rows = _split(to_lines(words), is_apart)
        rows = [[_split(line, is_wide) for line in lines] for lines in rows]
        return [_Row(lines) for row in rows for lines in _one_by_one(row)]


class _Row:
    """What stands close together outside of ruled lines: lines, each cut at its wide gaps."""

    def __init__(self, lines: list[list[Line]]) -> None:
        self.lines = lines
        self.parts = [part for line in lines for part in line]
        words = [word for part in self.parts for word in part]
        self.top, self.bottom = min(w.top for w in words), max(w.bottom for w in words)
        self.height = words[0].upright().bottom - words[0].upright().top
        self.most = max(map(len, lines))  # parts of a line
        self.key = line_key(words)

    def columns(self, cuts: list[float]) -> set[int]:
        """Return in which of the columns its parts stand."""
        return {bisect_right(cuts, part[0].middle) - 1 for part in self.parts}

    def runs_over(self, cuts: list[float]) -> bool:
        """Return whether it is text that runs over the columns: one part, wider than its column."""
        end = [*cuts[1:], float("inf")][min(self.columns(cuts))]
        return len(self.columns(cuts)) == self.most == 1 and any(p[-1].x1 > end for p in self.parts)

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


def _one_by_one(lines: list[list[Line]]) -> list[list[list[Line]]]:
    """Return lines that stand close as rows: one, or where each but the first has a number, each of them."""
    rows = [any(p[0].text.isdigit() for p in x) and len(x) >= _COLUMNS for x in lines[1:]]
    return [[line] for line in lines] if len(rows) > 1 and all(rows) else [lines]


def _gap(line: Line, below: Line) -> float:
    return min(w.top for w in below) - max(w.bottom for w in line)


def read_page(page) -> Page:
    """Return a pdfplumber page with its ruled tables."""
    words = words_on(page)
    width = max((w.x1 for w in words), default=0) - min((w.x0 for w in words), default=0)
    along: Counter[int] = Counter()  # height → how long the lines or ends of fills at it are
    for edge in page.edges:
        if edge["orientation"] == "h":
            along[round(edge["top"])] += edge["x1"] - edge["x0"]
    bounds = [float(y) for y, length in along.items() if length > _ALONG * width]
    tables = _ruled(page, words) if words else []
    read = Page(words, bounds, tables, overprinted=is_overprinted(page))
    page.close()  # else every page's signs stay in memory
    return read


def add_unruled(pages: list[Page]) -> None:
    """Add to the pages the tables that no lines are drawn about, or not about all of it."""
    lines = [pair for page in pages for pair in pairwise([*to_lines(page.words), []])]
    gaps = [b.x0 - a.x1 for line, _ in lines for a, b in pairwise(line)]
    heights = [w.bottom - w.top for line, _ in lines for w in line if not w.turned]
    height = median(heights or [0])
    tight = _lowest([max(_gap(a, b), 0) for a, b in lines if b], 10, 0)
    for page in pages:
        page.height = height
        page.gap = _lowest([gap for gap in gaps if gap > 0.1], 4, 3) * _WIDE
        page.apart = min(tight, _TIGHT * height) + _LOOSE * height
    lacking = [table for page in pages for table in page.tables if _is_lacking(table, page)]
    for page in pages:
        page.tables = [t for t in page.tables if not any(map(t.is_like, lacking))]
    for group in _grouped([_runs(page) for page in pages]):
        for n, table in _tables(group):
            pages[n].tables.append(table)
    for page in pages:
        page.tables.sort(key=lambda table: table.top)


def _lowest(values: list[float], parts: int, usual: float) -> float:
    """Return the value that one part in so many of the values is below."""
    return quantiles(values, n=parts, method="inclusive")[0] if len(values) > 1 else usual


# -- ruled tables --------------------------------------------------------------------------------


def _ruled(page, words: list[Word]) -> list[PageTable]:
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
    ends = {(y0, x0): (y1, x1) for x0, y0, x1, y1 in found.cells}
    owners: dict[tuple[int, int], PageCell] = {}
    rows: list[list[PageCell]] = [[] for _ in tops]
    for row, column in product(range(len(tops)), range(len(lefts))):
        if (row, column) not in owners:
            y1, x1 = ends.get((tops[row], lefts[column]), (0, 0))
            below = max(bisect_left(tops, y1 - 1), row + 1)
            beside = max(bisect_left(lefts, x1 - 1), column + 1)
            rows[row].append(PageCell([], column, below - row, beside - column))
            reach = product(range(row, below), range(column, beside))
            owners |= dict.fromkeys(reach, rows[row][-1])
    for word in words:
        if left <= word.middle <= right and top <= word.centre <= bottom:
            row, column = bisect_right(tops, word.centre), bisect_right(lefts, word.middle)
            owners[row - 1, column - 1].words.append(word)
    lines = [e for e in page.edges if e["orientation"] == "h" and abs(e["top"] - bottom) < _NEAR]
    middles = [(a + b) / 2 for a, b in pairwise([*lefts, right])]
    is_open = {n for n, x in enumerate(middles) if not any(e["x0"] <= x <= e["x1"] for e in lines)}
    is_open = frozenset(is_open if len(is_open) < len(lefts) else ())
    return PageTable(top, bottom, lefts, [*lefts[1:], right], rows, is_open)


def _is_lacking(table: PageTable, page: Page) -> bool:
    """Return whether a table has columns that its lines do not part, or rows beside them.

    Such a row stands close to the table, each of its parts within one column.
    """
    words = [word for word in page.words if table.holds(word) and not word.turned]
    cuts = _cuts(page.rows(words))
    inner = [row for cells in table.rows for cell in cells for row in page.rows(cell.words)]
    if len(cuts) > len(table.lefts) or any(len(row.columns(cuts)) >= _COLUMNS for row in inner):
        return True
    columns = [(a - _NEAR, b + _NEAR) for a, b in zip(table.lefts, table.rights, strict=True)]
    enough = min(_COLUMNS, max(2, len(columns) // 2))
    return any(
        max(table.top - row.bottom, row.top - table.bottom) < _BESIDE * row.height
        and all(any(a <= p[0].x0 and p[-1].x1 <= b for a, b in columns) for p in row.parts)
        and len(row.columns(table.lefts)) >= enough
        for row in page.rows(page.outside)
    )


# -- tables by gutters ---------------------------------------------------------------------------

_Group = dict[int, list[_Row]]  # page → the rows of one table on it


def _runs(page: Page) -> list[list[_Row]]:
    """Return the rows outside of ruled tables, in runs of such as stand close together."""
    rows = page.rows(page.outside)
    return _split(rows, lambda row, below: below.top - row.bottom >= _BESIDE * below.height)


def _grouped(pages: list[list[list[_Row]]]) -> list[_Group]:
    """Return the tables that stand in the runs of rows of each page."""
    repeated = _repeated(pages)
    groups: list[_Group] = []
    for page, runs in enumerate(pages):
        pending: list[_Row] = []  # texts that stand between the table's rows, if more follow
        for run in runs:
            rows = [row for row in run if row.key not in repeated]
            table = groups[-1] if groups else {}
            if page in table and len(run) == 1 and run[0].most < _COLUMNS:
                pending += rows
            elif rows and _has_columns_of(table, rows):
                table.setdefault(page, []).extend([*(pending if page in table else ()), *rows])
                pending = []
            elif sum(row.most >= _COLUMNS for row in rows) > 1:
                groups.append({page: rows})
                pending = []
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


def _has_columns_of(group: _Group, rows: list[_Row]) -> bool:
    """Return whether rows stand in a table's columns, and have none of their own."""
    own = [*chain(*group.values())]
    cuts = _cuts([*own, *rows])  # a longer text moves a limit, and does not cross it
    if not own or len(cuts) < len(_cuts(own)):
        return False
    lines = [line for row in rows for line in row.lines if len(line) > 1]
    crossing = sum(w.x0 < cut < w.x1 for x in lines for part in x for w in part for cut in cuts)
    is_even = crossing <= _CROSSED * len(lines) and len(_cuts(rows)) <= len(cuts)
    return is_even and any(len(row.columns(cuts)) >= _least(cuts) for row in rows)


def _least(cuts: list[float]) -> int:
    """Return in how many columns a row must print something to begin a table, or a page of it."""
    return max(_COLUMNS, len(cuts) // 2 + 1)


def _tables(group: _Group) -> Iterator[tuple[int, PageTable]]:
    """Give each page's part of a table, from the first row with most of the columns."""
    cuts, begun = _cuts([*chain(*group.values())]), False
    if len(cuts) < max(row.most for row in chain(*group.values())):  # texts run into each other
        return
    for page, rows in group.items():
        wide = [n for n, row in enumerate(rows) if len(row.columns(cuts)) >= _least(cuts)]
        kept = rows if begun else rows[wide[0] :] if wide else []
        while kept and kept[-1].runs_over(cuts):  # text below the table
            kept = kept[:-1]
        if kept:
            begun, cells = True, [row.cells(cuts) for row in kept]
            yield page, PageTable(kept[0].top, kept[-1].bottom, cuts, [0.0] * len(cuts), cells)


def _cuts(rows: list[_Row]) -> list[float]:
    """Return the columns' left limits by the line that tells the most of them.

    They are before each of its parts, where hardly a word of the others stands across.
    """
    most = max((row.most for row in rows), default=0)
    parted = [line for row in rows for line in row.lines if len(line) > max(most // 2, 1)]
    words = [[word for part in line for word in part] for line in parted]
    pairs = pairwise(max(parted, key=len, default=[]))
    gutters = [_gutter(one, other, words) for one, other in pairs]
    cuts = [x for crossed, x in gutters if crossed <= _CROSSED * len(parted)]
    return [0.0, *cuts] if parted else []


def _gutter(one: Line, other: Line, lines: list[Line]) -> tuple[int, float]:
    """Return the strip between two parts that the fewest words stand across: how many, and its middle.

    The widest of these; the last where a word ends against the second part, as numbers do that
    are set to the right in the column before.
    """
    left, right, edge = one[0].x0, other[-1].x1, other[0].x0
    words = [w for line in lines for w in line if w.x1 > left and w.x0 < right]
    against = any(w.x0 > one[-1].x1 and edge - _NEAR < w.x1 <= edge for w in words)
    begins, ends = sorted(w.x0 for w in words), sorted(w.x1 for w in words)
    edges = sorted({left, right, *(x for x in (*begins, *ends) if left < x < right)})
    strips = [(against and b != edge, a - b, (a + b) / 2) for a, b in pairwise(edges)]
    crossed, *_, middle = min(
        (bisect_right(begins, strip[-1]) - bisect_right(ends, strip[-1]), *strip)
        for strip in strips
    )
    return crossed, middle
