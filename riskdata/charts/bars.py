"""Rows with labels and the bars in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.transforms import blended_transform_factory

from riskdata.charts.fitting import block_width, text_height, text_width, wrap
from riskdata.charts.sheet import GAP, KEY, Sheet
from riskdata.charts.style import INK, LIMIT_LINE, PAPER, TEXT, Fill, fills, ink_on
from riskdata.words.language import label

BAR, PAD = 14, 4  # points: height of a bar; between label and bar
LABELS = 0.42  # the share of the width that row labels may take
OTHERS = "\N{HORIZONTAL ELLIPSIS}"  # the row of a table of counts that stands for the others


class Heading(str):
    """A row label that stands over the rows that follow it, and has no row of its own."""


@dataclass(frozen=True)
class Rows:
    """Where rows stand, in points from the top."""

    middles: list[float]
    heights: list[float]


def lay_rows(
    sheet: Sheet,
    labels: Sequence[str],
    *,
    high: float = BAR,
    gap: float = GAP,
    share: float = LABELS,
    beside: Sequence[str] = ("",),
) -> Rows:
    """Write row labels, wrapped, and make the sheet as high as they need.

    Each row is as high as its own label; ``high`` is the least, ``gap`` what is between. Labels
    are no wider than ``share`` of the width. ``beside`` are the texts that will stand to the right
    of the rows. The y axis counts points from the top.
    """
    shown = [wrap(text, share * sheet.width) for text in labels if not isinstance(text, Heading)]
    sheet.left = max(map(block_width, shown)) + PAD
    sheet.right = max(map(text_width, beside)) + 2 * PAD
    middles, heights, texts = [], [], iter(shown)
    y = 0.0
    for text in labels:
        if isinstance(text, Heading):
            y += _write_heading(sheet, text, y)
            continue
        heights.append(max(high, text_height(next(texts))) + gap)
        middles.append(y + heights[-1] / 2)
        y += heights[-1]
    sheet.height = y
    sheet.ax.set_ylim(y, 0)
    sheet.ax.set_yticks(middles, shown, va="center_baseline", linespacing=1.15)
    return Rows(middles, heights)


def _write_heading(sheet: Sheet, text: str, y: float) -> float:
    shown = wrap(text, sheet.width, bold=True)
    place = blended_transform_factory(sheet.offset(-sheet.left, 0), sheet.ax.transData)
    behind = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}  # no line across the words
    sheet.ax.text(
        0, y + 1.5 * GAP, shown, transform=place, va="top", weight="bold", size=TEXT, bbox=behind
    )  # fmt: skip
    return text_height(shown) + 1.5 * GAP


def stacked_bars(
    sheet: Sheet,
    labels: Sequence[str],
    table: pd.DataFrame,
    beside: Sequence[str],
    *,
    share: bool = False,
) -> Rows:
    """Draw a bar for each row of counts, in a piece for each column, with the counts that fit.

    ``table`` has a column for each code; ``beside`` is written at the bars' ends. With ``share``
    every bar is as long as the longest.
    """
    rows = lay_rows(sheet, labels, beside=beside)
    longest = max(table.sum(axis="columns").max(), 1)
    base_line(sheet, rows, longest)
    filled = fills(table.columns)
    for middle, (_, counts), text in zip(rows.middles, table.iterrows(), beside, strict=True):
        unit = longest / max(counts.sum(), 1) if share else 1
        pieces = [(filled[code], count) for code, count in counts.items() if count]
        bar(sheet, middle, 0, pieces, longest, text, unit=unit, inside=len(table.columns) > 1)
    return rows


def bar(
    sheet: Sheet,
    y: float,
    start: float,
    pieces: Sequence[tuple[Fill, int]],
    longest: float,
    text: str,
    *,
    unit: float = 1,
    inside: bool = True,
) -> None:
    """Draw a bar in pieces, each with its count where it has room, and a text at its end."""
    for fill, count in pieces:
        place = (start, y - BAR / 2)
        sheet.ax.add_patch(Rectangle(place, count * unit, BAR, clip_on=False, **fill.patch()))
        room = count * unit * sheet.room / longest
        if inside and room > text_width(str(count)) + 2 * PAD:
            behind = {"facecolor": fill.colour, "edgecolor": "none", "pad": 1}  # no hatch across it
            how = {"ha": "center", "va": "center_baseline", "color": ink_on(fill.colour)}
            sheet.ax.text(start + count * unit / 2, y, str(count), bbox=behind, **how)
        start += count * unit
    at_end(sheet, start, y, text)


def at_end(sheet: Sheet, x: float, y: float, text: str) -> None:
    """Write a text to the right of the end of a bar."""
    sheet.ax.annotate(
        text, (x, y), (PAD, 0), textcoords="offset points", va="center_baseline",
        annotation_clip=False,
    )  # fmt: skip


def base_line(sheet: Sheet, rows: Rows, longest: float) -> None:
    """Give the bars a common line to start from, and room for the longest."""
    sheet.ax.set_xlim(0, longest)
    ends = [
        (y - high / 2, y + high / 2) for y, high in zip(rows.middles, rows.heights, strict=True)
    ]
    sheet.ax.vlines(
        [0] * len(ends), *zip(*ends, strict=True), color=INK, linewidth=0.8, clip_on=False
    )


def limit_key(sheet: Sheet, limit: int) -> Artist:
    """Return the legend of the line of the limit."""
    return Line2D([], [], label=sheet.word("say.limit", limit=limit), **LIMIT_LINE)


def legend(sheet: Sheet, table: pd.DataFrame, **values: object) -> list[Artist]:
    """Return a legend of the codes that a table of counts has any of, in the fills of the bars."""
    filled = fills(table.columns)
    names = {
        code: label(code, sheet.language, sheet.board, **values)
        for code in table
        if table[code].any()
    }
    return [
        Patch(label=wrap(name, sheet.width - KEY), **filled[code].patch())
        for code, name in names.items()
    ]


def largest(table: pd.DataFrame, most: int) -> tuple[pd.DataFrame, int]:
    """Return the first rows of a table of counts with the others as one row, and how many these are.

    The row of those without a name ("") stays, last. No row is called others alone.

    >>> counts = pd.DataFrame({"n": [5, 2, 1, 3]}, index=["A", "B", "C", ""])
    >>> rows, others = largest(counts, 1)
    >>> rows.n.tolist(), others
    ([5, 3, 3], 2)
    """
    named = table[table.index != ""]
    others = len(named) - most
    if others < 2:
        return table, 0
    rest = named[most:].sum().to_frame(OTHERS).T
    return pd.concat([named[:most], rest, table[table.index == ""]]), others
