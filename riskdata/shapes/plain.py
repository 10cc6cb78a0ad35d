"""Grids made plain: upright, cut where headings begin, parted where tables stand side by side."""

import re
from dataclasses import replace
from itertools import pairwise, zip_longest

from riskdata.readers.grid import Grid
from riskdata.shapes.headings import Known, known
from riskdata.words.spelling import join
from riskdata.words.vocabulary import Vocabulary

FEWEST = 3  # known headings that prove how a grid is to be read
SCORED = ("likelihood", "consequence", "risk_value")
KNOWN_SHARE = 0.5  # of the texts of a row, or column, of headings


def upright(grids: list[Grid], vocab: Vocabulary) -> list[Grid]:
    """Return the grids with those turned whose headings stand below each other.

    Then each column is a risk, and a row is numbered as the column is printed, from 1; or each cell
    is a line, and a row is numbered as its first line.
    """
    return [_upright(grid, known(vocab)) for grid in grids]


def _upright(grid: Grid, words: Known) -> Grid:
    rows = [texts for texts in grid.texts if any(texts)]
    first = [texts[0] for texts in rows]
    if grid.merges or any(sum(h.sure for h in words.row(row)) > 1 for row in rows):
        return grid
    if all(len(row) == 1 for row in rows):
        return _unlisted(grid, first, words)
    if len({*map(len, rows)}) > 1 or len(rows[0]) < 3 or not _are_headings(first, words):
        return grid
    fields = [heading.field for heading in words.row(first)]
    scores = [row[1:] for row, field in zip(rows, fields, strict=True) if field in SCORED]
    if "event" not in fields or not all(
        any(map(str.isdigit, c)) for row in scores for c in row if c
    ):
        return grid  # a list of words that are explained
    turned = [[*column] for column in zip_longest(*grid.rows, fillvalue="")]
    note = (0, "transposed", " | ".join(first))
    return Grid(turned, [*range(1, len(turned) + 1)], grid.name, notes=(*grid.notes, note))


def _unlisted(grid: Grid, lines: list[str], words: Known) -> Grid:
    """Return a grid of one cell a line, its headings first, as rows of so many cells."""
    sure = [words.read(line).sure for line in lines]
    width = sure.index(False) if False in sure else 0
    if width < FEWEST or len(lines) % width:
        return grid
    numbers = [n for n, texts in zip(grid.numbers, grid.texts, strict=True) if any(texts)]
    rows = [lines[n : n + width] for n in range(0, len(lines), width)]
    note = (0, "transposed", " | ".join(rows[0]))
    return Grid(rows, numbers[::width], grid.name, notes=(*grid.notes, note))


def plain(grid: Grid, vocab: Vocabulary) -> list[Grid]:
    """Return a grid as plain tables: one, or several that stand side by side."""
    return _beside(_aligned(grid, known(vocab)), known(vocab))


def _aligned(grid: Grid, words: Known) -> Grid:
    """Return a grid of lines whose columns are parted by spaces alone, cut where its headings begin."""
    if any(len(row) > 1 for row in grid.rows):
        return grid
    lines = ["".join(row).expandtabs() for row in grid.rows]
    for n, line in enumerate(lines):
        starts = [0, *(m.start() for m in re.finditer(r"(?<=\s\s)\S", line))]
        if len(starts) > 2 and _are_headings(_cut(line, starts), words):
            fits = (all(not x[s - 1 : s].strip() for s in starts[1:]) for x in lines[n:])
            below = [
                _cut(x, starts) if fit else [x] for x, fit in zip(lines[n:], fits, strict=True)
            ]
            return replace(grid, rows=[*grid.rows[:n], *below])
    return grid


def _cut(line: str, starts: list[int]) -> list[str]:
    return [line[a:b].strip() for a, b in zip(starts, [*starts[1:], None], strict=True)]


def _beside(grid: Grid, words: Known) -> list[Grid]:
    """Return the tables of a grid that stand side by side: the same headings, a blank column between.

    A list beside a table, with a column of 1, 2, 3 … as a scale or a drop-down has it, is none of its rows.
    """
    filled = {n for texts in grid.texts for n, text in enumerate(texts) if text}
    starts = sorted(n for n in filled if n - 1 not in filled)
    ends = sorted(n + 1 for n in filled if n + 1 not in filled)
    blocks = [*zip(starts, ends, strict=True)] if len(starts) > 1 else []
    told = [{x for texts in grid.texts for x in _told(texts[a:b], words)} for a, b in blocks]
    if not blocks or len(told[0]) < FEWEST:
        return [grid]
    if any(fields != told[0] for fields in told):
        lists = [
            a for (a, b), x in zip(blocks, told, strict=True) if x < told[0] and _counts(grid, a, b)
        ]
        rows = [row[: lists[0]] for row in grid.rows] if lists else grid.rows
        beside = zip(
            grid.numbers,
            (row[len(x) :] for row, x in zip(grid.texts, rows, strict=True)),
            strict=True,
        )
        notes = [(n, "legend", join(texts)) for n, texts in beside if any(texts)]
        return [replace(grid, rows=rows, notes=(*grid.notes, *notes))]
    return [
        replace(
            grid,
            rows=[row[a:b] for row in grid.rows],
            merges=tuple(
                replace(m, left=m.left - a, right=m.right - a)
                for m in grid.merges
                if a <= m.left < b
            ),
            notes=grid.notes if not a else (),
            hidden=frozenset(n - a for n in grid.hidden if a <= n < b),
        )
        for a, b in blocks
    ]


def _counts(grid: Grid, first: int, end: int) -> bool:
    """Return whether columns print 1, 2, 3 … one below the other, once or again and again, and no others."""
    numbers = [int(x) for texts in grid.texts for x in texts[first:end] if x.isdigit()]
    runs = all(n in (1, before + 1) for before, n in pairwise([0, *numbers]))
    return runs and len(numbers) >= FEWEST * max(numbers.count(1), 1)


def _told(texts: list[str], words: Known) -> set[str]:
    """Return the fields that the known headings among texts are."""
    return {heading.full for heading in words.row(texts) if heading.sure}


def _are_headings(texts: list[str], words: Known) -> bool:
    """Return whether texts are headings: three known ones at least, and most of what is printed."""
    told = len(_told(texts, words))
    return told >= FEWEST and told >= KNOWN_SHARE * sum(map(bool, texts))
