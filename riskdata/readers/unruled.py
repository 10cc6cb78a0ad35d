"""Tables without ruled lines in a PDF: columns told by gutters, rows by the gaps between lines."""

import re
from bisect import bisect_right
from collections import Counter
from itertools import pairwise
from statistics import median, quantiles

from riskdata.readers.lines import Line, Word, to_lines
from riskdata.readers.ruled import PageCell, PageTable

_WIDE = 1.5  # times the usual gap between words: a wider one parts two columns
_CROSSED = 0.05  # share of lines with a word across a gutter: with more it is none
_TIGHT = 0.3  # of a line's height: the gap between two lines of a cell is never larger
_LOOSE = 0.2  # of a line's height: so much more parts two rows
_TRIED = 20  # lines, those with the most parts
_COLUMNS = 3  # with fewer parts, a line is running text

Block = list[Line]  # the lines of one row


def find_tables(pages: list[list[Word]]) -> list[tuple[list[Word], list[PageTable]]]:
    """Return each page's words with the table on it, as ``ruled.find_tables`` tells tables.

    All pages share the columns of the line that tells the most. The table begins at the first
    line with three parts or more, and goes on over the pages that follow.
    """
    lined = [to_lines(words) for words in pages]
    gap = _usual_gap(lined) * _WIDE
    parted = [line for page in lined for line in page if len(_parts(line, gap)) > 1]
    anchors = sorted((_parts(line, gap) for line in parted), key=len, reverse=True)[:_TRIED]
    cuts = max((_cuts(parts, parted) for parts in anchors), key=len, default=[])
    if len(cuts) < _COLUMNS:
        return [(words, []) for words in pages]
    rows_apart = _rows_apart(lined)
    blocked = [_blocks(lines, rows_apart) for lines in lined]
    furniture = _furniture(blocked, gap)
    found, begun = [], False
    for words, blocks in zip(pages, blocked, strict=True):
        rows = [block for block in blocks if _key(block) not in furniture]
        table = _table(rows if begun else rows[_first(rows, gap) :], cuts, gap)
        begun = begun or bool(table)
        found.append((words, table))
    return found


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


def _furniture(blocked: list[list[Block]], gap: float) -> set[tuple[int, str]]:
    """Return what stands at the same height on several pages, the table's headers apart."""
    keys = Counter(_key(b) for blocks in blocked for b in blocks if not _is_wide(b, gap))
    return {key for key, count in keys.items() if count > 1}


def _key(block: Block) -> tuple[int, str]:
    text = " ".join(word.text for line in block for word in line)
    return round(block[0][0].top), re.sub(r"\d+", "0", text)


def _is_wide(block: Block, gap: float) -> bool:
    return any(len(_parts(line, gap)) >= _COLUMNS for line in block)


def _rows_apart(lined: list[list[Line]]) -> float:
    """Return the gap between two lines from which they belong to two rows."""
    heights = [w.bottom - w.top for page in lined for line in page for w in line]
    gaps = [max(_gap(a, b), 0) for page in lined for a, b in pairwise(page)]
    height = median(heights)
    tight = quantiles(gaps, n=10, method="inclusive")[0] if len(gaps) > 1 else 0
    return min(tight, _TIGHT * height) + _LOOSE * height


def _gap(line: Line, following: Line) -> float:
    return min(w.top for w in following) - max(w.bottom for w in line)


def _first(blocks: list[Block], gap: float) -> int:
    return next((n for n, block in enumerate(blocks) if _is_wide(block, gap)), len(blocks))


def _blocks(lines: list[Line], rows_apart: float) -> list[Block]:
    """Return the lines row by row."""
    blocks: list[Block] = []
    for line in lines:
        if blocks and _gap(blocks[-1][-1], line) < rows_apart:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def _table(blocks: list[Block], cuts: list[float], gap: float) -> list[PageTable]:
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
