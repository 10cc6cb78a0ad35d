"""Rows with labels and the bars in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from riskdata.charts.fitting import block_width, text_height, text_width, wrap
from riskdata.charts.sheet import GAP, Sheet
from riskdata.charts.style import FILLS, INK, LIMIT_LINE, PAPER, TEXT, Fill, ink_on

if TYPE_CHECKING:
    from matplotlib.artist import Artist

BAR, PAD = 14, 4  # points: height of a bar; between label and bar
LABELS = 0.42  # the share of the width that row labels may take


class Heading(str):
    """A row label that stands over the rows that follow it."""


@dataclass(frozen=True)
class Rows:
    """Where rows stand, in points from the top, and the width that is left for drawing."""

    middles: list[float]
    heights: list[float]
    width: float


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
    of the rows. The y axis counts points from the top. A Heading has no row of its own.
    """
    shown = [wrap(label, share * sheet.width) for label in labels]
    named = [text for text, label in zip(shown, labels, strict=True) if not _heads(label)]
    left = max(map(block_width, named)) + PAD
    middles, heights, y = [], [], 0.0
    for label, text in zip(labels, shown, strict=True):
        if _heads(label):
            y += _heading(sheet, label, left, y)
            continue
        tall = max(high, text_height(text)) + gap
        middles.append(y + tall / 2)
        heights.append(tall)
        y += tall
    sheet.height = y
    sheet.ax.set_ylim(y, 0)
    sheet.ax.set_yticks(middles, named, va="center_baseline", linespacing=1.15)
    right = max(map(text_width, beside)) + 2 * PAD
    return Rows(middles, heights, sheet.width - (left + right) * sheet.owned)


def _heads(label: str) -> bool:
    return isinstance(label, Heading)


def _heading(sheet: Sheet, text: str, left: float, y: float) -> float:
    from matplotlib.transforms import blended_transform_factory

    shown = wrap(text, sheet.width, bold=True)
    place = blended_transform_factory(sheet.offset(-left, 0), sheet.ax.transData)
    behind = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}  # no line across the words
    sheet.ax.text(
        0, y + 1.5 * GAP, shown, transform=place, va="top", weight="bold", size=TEXT, bbox=behind
    )  # fmt: skip
    return text_height(shown) + 1.5 * GAP


def stacked_bars(
    sheet: Sheet,
    rows: Rows,
    table: pd.DataFrame,
    *,
    beside: Sequence[str],
    longest: float,
    share: bool = False,
    inside: bool = True,
) -> None:
    """Draw a bar for each row of counts, in a piece for each column, with the counts that fit.

    ``table`` has a column for each code of style.FILLS; ``beside`` is written at the bars' ends.
    With ``share`` every bar is as long as the longest; without ``inside`` no piece has its count.
    """
    base_line(sheet, rows, longest)
    point = longest / rows.width
    for middle, (_, counts), text in zip(rows.middles, table.iterrows(), beside, strict=True):
        start, unit = 0.0, longest / counts.sum() if share else 1
        for code, count in counts[counts > 0].items():
            bar(sheet, middle, start, count * unit, FILLS[code])
            if inside and count * unit > point * (text_width(str(count)) + 2 * PAD):
                _count_inside(sheet, start + count * unit / 2, middle, count, FILLS[code].colour)
            start += count * unit
        at_end(sheet, start, middle, text)


def _count_inside(sheet: Sheet, x: float, y: float, count: int, colour: str) -> None:
    behind = {"facecolor": colour, "edgecolor": "none", "pad": 1}  # no hatch across the number
    place = {"ha": "center", "va": "center_baseline"}
    sheet.ax.text(x, y, str(count), color=ink_on(colour), bbox=behind, **place)


def base_line(sheet: Sheet, rows: Rows, longest: float) -> None:
    """Give the bars a common line to start from, and room for the longest."""
    sheet.ax.set_xlim(0, longest)
    for middle, high in zip(rows.middles, rows.heights, strict=True):
        ends = (middle - high / 2, middle + high / 2)
        sheet.ax.plot([0, 0], ends, color=INK, linewidth=0.8, clip_on=False)


def limit_between(sheet: Sheet, rows: Rows, values: Sequence[int], limit: int) -> list[Artist]:
    """Draw a line between the rows at or above the limit and those below; return its legend.

    ``values`` are the rows' own, highest first.
    """
    from matplotlib.lines import Line2D

    high = sum(value >= limit for value in values)
    if 0 < high < len(values):
        sheet.ax.axhline((rows.middles[high - 1] + rows.middles[high]) / 2, **LIMIT_LINE)
    return [Line2D([], [], label=sheet.word("say.limit", limit=limit), **LIMIT_LINE)]


def bar(
    sheet: Sheet, middle: float, start: float, length: float, fill: Fill, high: float = BAR
) -> None:
    """Draw one bar; starts and lengths in the units of the x axis."""
    sheet.ax.barh(middle, length, high, left=start, clip_on=False, **fill.patch())


def at_end(sheet: Sheet, x: float, y: float, text: str) -> None:
    """Write a text to the right of the end of a bar."""
    sheet.ax.annotate(
        text,
        (x, y),
        (PAD, 0),
        textcoords="offset points",
        va="center_baseline",
        annotation_clip=False,
    )


def legend(labels: Mapping[str, str], width: float) -> list[Artist]:
    """Return a legend of code → label in the fills of the house, wrapped to a width in points."""
    from matplotlib.patches import Patch

    return [
        Patch(label=wrap(label, width - 40), **FILLS[code].patch())
        for code, label in labels.items()
    ]
