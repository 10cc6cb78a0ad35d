"""Risk matrices: cells with what stands in them, bands, limit and the words of the scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from riskdata.charts.bars import PAD
from riskdata.charts.fitting import block_width, pieces, text_height, text_width, wrap
from riskdata.charts.scale import Scale
from riskdata.charts.sheet import GAP, Sheet
from riskdata.charts.style import INK, STRONG, TEXT, ink_on
from riskdata.words.language import heading

CELL = 40  # points: least height of a cell
NARROWEST = 30  # points: width of a cell when two matrices stand side by side
BETWEEN, HEADED = 0.5, 0.7  # cells between two matrices, and over one for its heading


class Panel(NamedTuple):
    """One matrix of a chart: the text of each (likelihood, consequence), and its heading."""

    texts: Mapping[tuple[int, int], str]
    heading: str = ""


def draw_matrices(
    sheet: Sheet, panels: Sequence[Panel], scale: Scale, size: float = STRONG
) -> None:
    """Draw one matrix, or several: two in a row, or one below the other where the sheet is narrow.

    ``size`` is that of the texts in the cells, which are wrapped.
    """
    rows, columns = scale.vocab.size
    steps = _fit_row_names(scale.steps("likelihood", sheet.language), sheet.width)
    sheet.left = max(map(block_width, steps)) + 2 * PAD + 2 * TEXT
    abreast = min(len(panels), 2) if sheet.room / (2 * columns) > NARROWEST else 1
    down = -(-len(panels) // abreast)
    cell = sheet.room / (abreast * columns + (abreast - 1) * BETWEEN)
    panels = [Panel({k: wrap(t, cell - PAD, size=size, bold=True) for k, t in panel.texts.items()},
                    panel.heading) for panel in panels]  # fmt: skip
    tallest = [text_height(t, size) + 2 * TEXT for panel in panels for t in panel.texts.values()]
    high = max(CELL, *(text_height(step) + PAD for step in steps), *tallest)
    across = [n * (columns + BETWEEN) for n in range(abreast)]
    up = [(down - 1 - n) * (rows + HEADED) for n in range(down)]
    for panel, (y, x) in zip(panels, ((y, x) for y in up for x in across), strict=False):
        _draw_matrix(sheet, panel, scale, x, y, size)
    tall = down * rows + (down - 1 + any(panel.heading for panel in panels)) * HEADED
    sheet.ax.set(xlim=(0, across[-1] + columns), ylim=(0, tall))
    sheet.height = high * tall
    _name_steps(sheet, scale, steps, cell, across, up)


def _draw_matrix(sheet: Sheet, panel: Panel, scale: Scale, x: float, y: float, size: float) -> None:
    rows, columns = scale.vocab.size
    for r, c in ((r, c) for r in range(rows) for c in range(columns)):
        value = (r + 1) * (c + 1)
        colour = scale.colour(value)
        how = {"color": ink_on(colour), "textcoords": "offset points"}
        box = {"facecolor": colour, "edgecolor": INK, "linewidth": 0.6}
        sheet.ax.add_patch(Rectangle((x + c, y + r), 1, 1, **box))
        sheet.ax.annotate(str(value), (x + c, y + r + 1), (2.5, -2), va="top", size=TEXT, **how)
        sheet.ax.annotate(
            panel.texts.get((r + 1, c + 1), ""), (x + c + 0.5, y + r + 0.5), (0, -5), ha="center",
            va="center", size=size, weight="bold", linespacing=1.1, **how,
        )  # fmt: skip
    sheet.ax.add_collection(_limit_line(scale, x, y))
    name = {"textcoords": "offset points", "weight": "bold", "size": TEXT}
    sheet.ax.annotate(panel.heading, (x, y + rows), (0, GAP), **name)


def _limit_line(scale: Scale, x: float, y: float) -> Artist:
    """Return the line round all cells at or above the limit."""
    rows, columns = scale.vocab.size
    high = {(r, c) for r in range(rows) for c in range(columns) if (r + 1) * (c + 1) >= scale.limit}
    lines = []
    for r, c in sorted(high):
        sides = {
            (r - 1, c): [(c, r), (c + 1, r)], (r + 1, c): [(c, r + 1), (c + 1, r + 1)],
            (r, c - 1): [(c, r), (c, r + 1)], (r, c + 1): [(c + 1, r), (c + 1, r + 1)],
        }  # fmt: skip
        lines += [side for neighbour, side in sides.items() if neighbour not in high]
    moved = [[(x + px, y + py) for px, py in line] for line in lines]
    return LineCollection(moved, colors=INK, linewidths=2.5, capstyle="projecting", clip_on=False)


def _name_steps(
    sheet: Sheet, scale: Scale, steps: list[str], cell: float, across: list[float], up: list[float]
) -> None:
    names, turned = _fit_column_names(scale.steps("consequence", sheet.language), cell - PAD)
    places = [x + n + 0.5 for x in across for n in range(len(names))]
    sheet.ax.set_xticks(places, names * len(across), rotation=90 * turned, linespacing=1.1)
    places = [y + n + 0.5 for y in up for n in range(len(steps))]
    sheet.ax.set_yticks(places, steps * len(up), linespacing=1.1)
    sheet.ax.set_ylabel(heading("likelihood", sheet.language, sheet.board), size=TEXT)
    sheet.ax.set_xlabel(heading("consequence", sheet.language, sheet.board), size=TEXT)
    sheet.below = max(map(block_width if turned else text_height, names)) + 2 * PAD + 1.5 * TEXT


def _fit_row_names(names: list[str], width: float) -> list[str]:
    """Return names as they fit beside rows: in a fifth of the width, or more if a word needs it."""
    widest = max(text_width(part) for name in names for part in pieces(name))
    return [wrap(name, max(0.2 * width, min(widest, 0.35 * width))) for name in names]


def _fit_column_names(names: list[str], room: float) -> tuple[list[str], bool]:
    """Return names as they fit over columns, and whether they must be turned to do so."""
    if max(text_width(part) for name in names for part in pieces(name)) <= room:
        return [wrap(name, room) for name in names], False
    ways = ([wrap(name, length) for name in names] for length in range(60, 400, 20))
    return next((way for way in ways if max(map(text_height, way)) <= room), names), True


def band_legend(sheet: Sheet, scale: Scale) -> list[Artist]:
    """Return the legend of the bands: the colour of each, with its name and values."""
    outline = {"edgecolor": INK, "linewidth": 0.6}
    return [
        Patch(
            label=f"{name} {'–'.join(dict.fromkeys([str(low), str(high)]))}",
            facecolor=colour,
            **outline,
        )
        for name, low, high, colour in scale.vocab.bands(sheet.language)
    ]


def scale_legend(sheet: Sheet, scale: Scale) -> list[Artist]:
    """Return the legend of a matrix: its bands, and the line of the limit."""
    text = sheet.word("say.limit", limit=scale.limit)
    return [*band_legend(sheet, scale), Line2D([], [], color=INK, linewidth=2.5, label=text)]
