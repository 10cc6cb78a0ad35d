"""The tables on the pages of a PDF: by ruled lines, by the columns of one above, by gutters.

What is shaded is no line: fills tell where rows end, and no more than that.
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise, product
from statistics import median, quantiles

from riskdata.readers.pdf_pages import Line, PageCell, PageTable, Word, to_lines, words_on

_NEAR = 3.0  # points: lines this close are one, and so thin a filled box is a line
_WIDE = 1.5  # times the usual gap between words: a wider one parts two columns
_CROSSED = 0.05  # share of lines with a word across a gutter: with more it is none
_TIGHT = 0.3  # of a line's height: the gap between two lines of a cell is never larger
_LOOSE = 0.2  # of a line's height: so much more parts two rows
_TRIED = 20  # lines, those with the most parts
_LONG = 0.4  # of the text's width: so long a line without parts is running text, or a heading
_COLUMNS = 3  # with fewer parts, a line is running text
_ALONG = 0.5  # of the text's width: edges that long at one height part rows
_LINES = 4  # of a cell: with fewer, a strip without words may be chance
_BULLET = 20.0  # points: what is no wider is a bullet or a number before a text
_SAME_COLUMN = 6.0  # points: columns this close on two pages are the same
_BESIDE = 3.0  # times a line's height: what stands closer to a table may belong to it

Block = list[Line]  # the lines of one row


@dataclass
class Page:
    """A page: its words, the heights at which rows are parted, its tables from the top."""

    words: list[Word]
    bounds: list[float]
    tables: list[PageTable]


def read_page(page) -> Page:
    """Return a pdfplumber page with its ruled tables."""
    words = words_on(page)
    ruled = page.filter(_is_drawn)
    return Page(words, _bounds(page, words), _find_ruled(ruled, words) if words else [])


def add_unruled(pages: list[Page]) -> None:
    """Add to the pages the rows and the tables that no lines are drawn about."""
    gap = _usual_gap([to_lines(page.words) for page in pages]) * _WIDE
    apart = _rows_apart([to_lines(page.words) for page in pages])
    above = None
    lacking = [t for page in pages for t in page.tables if _lacks_columns(t, page.words, gap)]
    for page in pages:
        page.tables = [t for t in page.tables if not any(same_columns(t, one) for one in lacking)]
        page.tables, above = _with_neighbours(page, above, gap, apart)
    for group in _group([_runs(page, apart) for page in pages], gap):
        for page, table in group.tables():
            pages[page].tables.append(table)
    for page in pages:
        page.tables.sort(key=lambda table: table.top)


# -- ruled tables --------------------------------------------------------------------------------


def _is_drawn(thing: dict) -> bool:
    """Return whether a thing on a page may be a ruled line: no background, which only is filled."""
    if thing["object_type"] not in ("rect", "curve"):
        return True
    is_thin = min(thing["width"], thing["height"]) < _NEAR
    return is_thin or bool(thing["stroke"] and (thing["linewidth"] or not thing["fill"]))


def _bounds(page, words: list[Word]) -> list[float]:
    """Return the heights at which lines or fills end over most of the text's width."""
    if not words:
        return []
    width = max(w.x1 for w in words) - min(w.x0 for w in words)
    along: dict[int, float] = defaultdict(float)
    for edge in page.edges:
        if edge["orientation"] == "h":
            along[round(edge["top"])] += edge["x1"] - edge["x0"]
    return sorted(float(y) for y, length in along.items() if length > _ALONG * width)


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


def _lacks_columns(table: PageTable, words: list[Word], gap: float) -> bool:
    """Return whether a table prints more columns than its lines part: in its first row, or a cell."""
    header = [word for cell in table.rows[0] for word in cell.words if not word.turned]
    top = min((w.top for w in header), default=0.0)
    bottom = max((w.bottom for w in header), default=0.0)
    level = [w.middle for w in words if top < w.centre < bottom]
    if any(not table.lefts[0] <= x <= table.rights[-1] for x in level):
        return True
    cells = [to_lines(w for w in cell.words if not w.turned) for cell in table.rows[0]]
    if any(len(_parts(line, gap)) > 1 for lines in cells for line in lines):
        return True
    return any(_has_gutter(cell.words, gap) for row in table.rows[1:] for cell in row)


def _has_gutter(words: list[Word], gap: float) -> bool:
    """Return whether a strip without words goes through all of a cell's lines: no list's bullets."""
    if len(to_lines(words)) < _LINES:
        return False
    left, reach = min(w.x0 for w in words), float("-inf")
    for word in sorted(words, key=lambda w: w.x0):
        if word.x0 - reach > gap and reach - left > _BULLET:
            return True
        reach = max(reach, word.x1)
    return False


def same_columns(one: PageTable, other: PageTable) -> bool:
    """Return whether two tables have the same columns: it may be one table, on two pages."""
    pairs = zip(one.lefts, other.lefts, strict=False)
    near = all(abs(a - b) < _SAME_COLUMN for a, b in pairs)
    return near and len(one.lefts) == len(other.lefts)


# -- rows beside a table -------------------------------------------------------------------------


def _with_neighbours(
    page: Page, above: PageTable | None, gap: float, apart: float
) -> tuple[list[PageTable], PageTable | None]:
    """Return a page's tables with the rows just above and below that stand in their columns.

    above: the table of the page before, if unruled rows of it reached the end of that page. Also
    returned is the one of this page.
    """
    tables = list(page.tables)
    if not tables and above is not None:
        tables = _continued(page, above, gap, apart)
    for n, table in enumerate(tables):
        top = tables[n - 1].bottom if n else 0.0
        bottom = tables[n + 1].top if n + 1 < len(tables) else float("inf")
        lower = _adopted(page, table, table.bottom, bottom, gap, apart)
        upper = _adopted(page, table, top, table.top, gap, apart)
        if lower or upper:
            tables[n] = _extended(table, upper, lower)
            above = tables[n] if lower else None
        elif table.rights:
            above = None
    return tables, above


def _continued(page: Page, above: PageTable, gap: float, apart: float) -> list[PageTable]:
    """Return the rows of a table of the page before, below what stands at the top of each page."""
    lines = to_lines(page.words)
    first = next((n for n, line in enumerate(lines) if _fits(line, above, gap)), None)
    if first is None:
        return []
    top = min(w.top for w in lines[first]) - 1
    start = replace(above, top=top, bottom=top, rows=[], open=frozenset())
    rows = _adopted(page, start, top, float("inf"), gap, apart)
    return [_extended(start, [], rows)] if rows else []


def _adopted(
    page: Page, table: PageTable, top: float, bottom: float, gap: float, apart: float
) -> list[Block]:
    """Return the rows between two heights that belong to a table: next to it, in its columns."""
    lines = to_lines(w for w in page.words if top <= w.centre <= bottom)
    is_above = bottom <= table.top
    blocks = _blocks(lines, apart, page.bounds)
    taken: list[Block] = []
    edge = table.top if is_above else table.bottom
    for block in reversed(blocks) if is_above else blocks:
        near, far = (
            min(w.top for line in block for w in line),
            max(w.bottom for line in block for w in line),
        )
        near, far = (far, near) if is_above else (near, far)
        height = block[0][0].bottom - block[0][0].top if not block[0][0].turned else 9.0
        if abs(near - edge) > _BESIDE * height or not all(
            _fits(line, table, gap) for line in block
        ):
            break
        taken.append(block)
        edge = far
    enough = min(_COLUMNS, max(2, len(table.lefts) // 2))
    while taken and len(_filled(taken[-1], table)) < enough:
        taken.pop()
    return taken[::-1] if is_above else taken


def _fits(line: Line, table: PageTable, gap: float) -> bool:
    """Return whether each part of a line stands within one column."""
    edges = [*table.lefts, table.rights[-1]] if table.rights else [*table.lefts, float("inf")]
    for part in _parts(line, gap):
        column = bisect_right(table.lefts, part[0].middle) - 1
        if (
            column < 0
            or part[-1].x1 > edges[column + 1] + _NEAR
            or part[0].x0 < edges[column] - _NEAR
        ):
            return False
    return True


def _filled(block: Block, table: PageTable) -> set[int]:
    return {bisect_right(table.lefts, word.middle) - 1 for line in block for word in line}


def _extended(table: PageTable, upper: list[Block], lower: list[Block]) -> PageTable:
    def cells(block: Block) -> list[PageCell]:
        columns: list[list[Word]] = [[] for _ in table.lefts]
        for word in (word for line in block for word in line):
            columns[bisect_right(table.lefts, word.middle) - 1].append(word)
        return [PageCell(words, n) for n, words in enumerate(columns)]

    words = [word for block in (*upper, *lower) for line in block for word in line]
    return replace(
        table,
        top=min([table.top, *(w.top for w in words)]),
        bottom=max([table.bottom, *(w.bottom for w in words)]),
        rows=[*map(cells, upper), *table.rows, *map(cells, lower)],
        open=frozenset() if lower else table.open,
    )


# -- tables by gutters ---------------------------------------------------------------------------


class _Group:
    """The rows of one table without lines, page by page, and its columns."""

    def __init__(self, gap: float) -> None:
        self.gap = gap
        self.blocks: dict[int, list[Block]] = {}
        self.cuts: list[float] = []

    def add(self, page: int, blocks: list[Block]) -> None:
        """Add rows of a page; all rows share the columns of the line that tells the most."""
        self.blocks.setdefault(page, []).extend(blocks)
        self.cuts = _cuts_of([b for found in self.blocks.values() for b in found], self.gap)

    @property
    def least(self) -> int:
        """In how many columns a row must print something to begin the table, or a page of it."""
        return max(_COLUMNS, len(self.cuts) // 2 + 1)

    def keeps(self, blocks: list[Block], *, near: bool) -> bool:
        """Return whether rows stand in the table's columns, and have none of their own.

        near: whether they stand close to rows that do.
        """
        lines = [ln for block in blocks for ln in block if len(_parts(ln, self.gap)) > 1]
        crossing = sum(w.x0 < cut < w.x1 for line in lines for w in line for cut in self.cuts)
        most = max(_columns(block, self.cuts, self.gap) for block in blocks)
        own = len(_cuts_of(blocks, self.gap))
        enough = most >= (2 if near else self.least)
        return enough and crossing <= _CROSSED * len(lines) and own <= len(self.cuts)

    def tables(self) -> Iterator[tuple[int, PageTable]]:
        """Give each page's part of the table, from the first row with most of the columns."""
        begun = False
        for page, blocks in self.blocks.items():
            wide = [
                n for n, b in enumerate(blocks) if _columns(b, self.cuts, self.gap) >= self.least
            ]
            rows = blocks if begun else blocks[wide[0] :] if wide else []
            while rows and _runs_on(rows[-1], self.cuts, self.gap):
                rows = rows[:-1]  # text below the table
            begun = begun or bool(rows)
            for table in _table_by(rows, self.cuts, self.gap):
                yield page, table


def _group(pages: list[list[list[Block]]], gap: float) -> list[_Group]:
    """Return the tables that stand in the runs of blocks of each page."""
    repeated = _repeated(pages, gap)
    groups: list[_Group] = []
    for page, runs in enumerate(pages):
        for run in runs:
            pending: list[Block] = []
            near = False  # whether rows of this very run belong to the table
            for is_text, blocks in _segments([b for b in run if _key(b) not in repeated], gap):
                is_lone = len(run) == 1 and groups and page in groups[-1].blocks
                if is_text or is_lone:
                    pending += blocks
                    continue
                if groups and groups[-1].keeps(blocks, near=near):
                    groups[-1].add(page, [*(pending if near else []), *blocks])
                elif sum(_is_wide(block, gap) for block in blocks) > 1:
                    groups.append(_Group(gap))
                    groups[-1].add(page, blocks)
                else:
                    continue
                near, pending = True, []
    return groups


def _runs(page: Page, apart: float) -> list[list[Block]]:
    """Return a page's rows outside its tables, those that stand close together in one run."""
    words = [w for w in page.words if not any(t.top <= w.centre <= t.bottom for t in page.tables)]
    runs: list[list[Block]] = []
    for block in _blocks(to_lines(words), apart, page.bounds):
        height = block[0][0].bottom - block[0][0].top
        if runs and _gap(runs[-1][-1][-1], block[0]) < _BESIDE * height:
            runs[-1].append(block)
        else:
            runs.append([block])
    return runs


def _segments(run: list[Block], gap: float) -> Iterator[tuple[bool, list[Block]]]:
    """Give the blocks of a run, those of long lines without parts apart from the others."""
    ends = [(line[0].x0, line[-1].x1) for block in run for line in block]
    width = max((x1 for _, x1 in ends), default=0) - min((x0 for x0, _ in ends), default=0)

    def is_text(block: Block) -> bool:
        longest = max(line[-1].x1 - line[0].x0 for line in block)
        return longest > _LONG * width and all(len(_parts(line, gap)) == 1 for line in block)

    for kind, blocks in groupby(run, key=is_text):
        yield kind, list(blocks)


def _cuts_of(blocks: list[Block], gap: float) -> list[float]:
    """Return the columns of the line that tells the most of them."""
    counted = [(len(_parts(line, gap)), line) for block in blocks for line in block]
    most = max((count for count, _ in counted), default=0)
    parted = [line for count, line in counted if count > max(most // 2, 1)]
    anchors = sorted((_parts(line, gap) for line in parted), key=len, reverse=True)[:_TRIED]
    return max((_cuts(parts, parted) for parts in anchors), key=len, default=[])


def _runs_on(block: Block, cuts: list[float], gap: float) -> bool:
    """Return whether a block is text that runs over the columns: one part, wider than its column."""
    ends = [*cuts[1:], float("inf")]
    parts = [part for line in block for part in _parts(line, gap)]
    one = _columns(block, cuts, gap) == 1 and len(parts) == len(block)
    return one and any(p[-1].x1 > ends[bisect_right(cuts, p[0].middle) - 1] for p in parts)


def _columns(block: Block, cuts: list[float], gap: float) -> int:
    """Return in how many columns the parts of a block begin."""
    parts = [part for line in block for part in _parts(line, gap)]
    return len({bisect_right(cuts, part[0].middle) for part in parts})


def _parts(line: Line, gap: float) -> list[Line]:
    """Return a line cut at its wide gaps."""
    parts = [line[:1]]
    for word, following in pairwise(line):
        if following.x0 - word.x1 > gap:
            parts.append([])
        parts[-1].append(following)
    return parts if line else []


def _usual_gap(lined: list[list[Line]]) -> float:
    gaps = [b.x0 - a.x1 for page in lined for line in page for a, b in pairwise(line)]
    gaps = [gap for gap in gaps if gap > 0.1]
    return quantiles(gaps, n=4, method="inclusive")[0] if len(gaps) > 1 else 3.0


def _cuts(parts: list[Line], lines: list[Line]) -> list[float]:
    """Return the left limit of each column: before each part, where hardly a word stands across."""
    cuts = [0.0] if parts else []
    for before, part in pairwise(parts):
        crossed, middle = _gutter(before[0].x0, part[-1].x1, lines)
        if crossed <= _CROSSED * len(lines):
            cuts.append(middle)
    return cuts


def _gutter(left: float, right: float, lines: list[Line]) -> tuple[int, float]:
    """Return the widest strip that the fewest words stand across: how many, and its middle."""
    words = [w for line in lines for w in line if w.x1 > left and w.x0 < right]
    edges = sorted({left, right, *(x for w in words for x in (w.x0, w.x1) if left < x < right)})
    changes = Counter()
    for word in words:
        changes[max(word.x0, left)] += 1
        changes[word.x1] -= 1
    crossed, strips = 0, []
    for edge, following in pairwise(edges):
        crossed += changes[edge]
        strips.append((crossed, edge - following, (edge + following) / 2))
    fewest, _, middle = min(strips)
    return fewest, middle


def _repeated(pages: list[list[list[Block]]], gap: float) -> set[tuple[int, str]]:
    """Return what stands at the same height on several pages, the table's headers apart."""
    keys = Counter(
        _key(block)
        for runs in pages
        for run in runs
        for block in run
        if len(run) == 1 or not _is_wide(block, gap) or _is_lesser(block, run, gap)
    )
    return {key for key, count in keys.items() if count > 1}


def _is_lesser(block: Block, run: list[Block], gap: float) -> bool:
    """Return whether the last block of a run has at most half as many parts as another."""
    most = max(len(_parts(line, gap)) for each in run for line in each)
    return block is run[-1] and 2 * max(len(_parts(line, gap)) for line in block) <= most


def _key(block: Block) -> tuple[int, str]:
    text = " ".join(word.text for line in block for word in line)
    return round(block[0][0].top), re.sub(r"\d+", "0", text)


def _is_wide(block: Block, gap: float) -> bool:
    return any(len(_parts(line, gap)) >= _COLUMNS for line in block)


def _rows_apart(lined: list[list[Line]]) -> float:
    """Return the gap between two lines from which they belong to two rows."""
    heights = [w.bottom - w.top for page in lined for line in page for w in line if not w.turned]
    gaps = [max(_gap(a, b), 0) for page in lined for a, b in pairwise(page)]
    height = median(heights or [0])
    tight = quantiles(gaps, n=10, method="inclusive")[0] if len(gaps) > 1 else 0
    return min(tight, _TIGHT * height) + _LOOSE * height


def _gap(line: Line, following: Line) -> float:
    return min(w.top for w in following) - max(w.bottom for w in line)


def _blocks(lines: list[Line], rows_apart: float, bounds: list[float] = ()) -> list[Block]:
    """Return the lines row by row: parted by a gap, or by a line or the end of a fill."""
    blocks: list[Block] = []
    for line in lines:
        if blocks and not _is_apart(blocks[-1][-1], line, rows_apart, bounds):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def _is_apart(line: Line, following: Line, rows_apart: float, bounds: list[float]) -> bool:
    if _gap(line, following) >= rows_apart:
        return True
    upper, lower = max(w.centre for w in line), min(w.centre for w in following)
    return any(upper < bound < lower for bound in bounds)


def _table_by(blocks: list[Block], cuts: list[float], gap: float) -> list[PageTable]:
    if not blocks:
        return []
    rows = [
        [PageCell(words, n) for n, words in enumerate(_in_columns(block, cuts, gap))]
        for block in blocks
    ]
    top = min(w.top for w in blocks[0][0])
    bottom = max(w.bottom for w in blocks[-1][-1])
    return [PageTable(top, bottom, tuple(cuts), rows)]


def _in_columns(block: Block, cuts: list[float], gap: float) -> list[list[Word]]:
    """Return the words of each column; a part with a word across a cut stays in one."""
    columns: list[list[Word]] = [[] for _ in cuts]
    for line in block:
        for part in _parts(line, gap):
            across = any(w.x0 < cut < w.x1 for w in part for cut in cuts)
            for word in part:
                at = part[0] if across else word
                columns[bisect_right(cuts, at.middle) - 1].append(word)
    return columns
