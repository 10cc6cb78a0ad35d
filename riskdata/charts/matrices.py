"""Risk matrices: cells with their counts, bands, limit and the words of the scale."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from riskdata.charts.bars import PAD
from riskdata.charts.fitting import block_width, pieces, text_height, text_width, wrap
from riskdata.charts.sheet import GAP, Sheet
from riskdata.charts.style import INK, PAPER, STRONG, TEXT, ink_on

if TYPE_CHECKING:
    from matplotlib.artist import Artist


@dataclass(frozen=True)
class Panel:
    """One matrix of a chart: the count of each (likelihood, consequence), and its heading.

    ``below`` gives the text under the count of a cell.
    """

    counts: Mapping[tuple[int, int], int]
    heading: str = ""
    below: Callable[[int, int], str] = lambda row, column: ""


@dataclass(frozen=True)
class Scale:
    """What a matrix is drawn after: the words of each axis from step 1, the bands and the limit."""

    likelihood: list[str]
    consequence: list[str]
    bands: list[tuple[str, int, int, str]]
    limit: int

    @property
    def values(self) -> list[int]:
        """The risk values that are possible, from the lowest."""
        rows, columns = len(self.likelihood), len(self.consequence)
        return sorted({r * c for r in range(1, rows + 1) for c in range(1, columns + 1)})

    def colour(self, value: int) -> str:
        """The colour of a risk value's band."""
        return next((c for _, low, high, c in self.bands if low <= value <= high), PAPER)


CELL = 40  # points: least height of a cell
BETWEEN, HEADED = 0.5, 0.7  # cells between two matrices, and over one for its heading


def draw_matrices(sheet: Sheet, panels: Sequence[Panel], scale: Scale) -> None:
    """Draw one matrix, or two: side by side, or one above the other where the sheet is narrow."""
    rows, columns = len(scale.likelihood), len(scale.consequence)
    steps = _fit_row_names(scale.likelihood, sheet.width)
    left = max(map(block_width, steps)) + PAD + 2 * TEXT
    room = sheet.width - left * sheet.owned
    beside = len(panels) if room / (columns * len(panels)) > 30 else 1
    down = -(-len(panels) // beside)
    cell = room / (beside * columns + (beside - 1) * BETWEEN)
    high = max(CELL, *(text_height(step) + PAD for step in steps))
    apart = (columns + BETWEEN, rows + HEADED)
    for n, panel in enumerate(panels):
        _draw_matrix(
            sheet, panel, scale, (n % beside) * apart[0], (down - 1 - n // beside) * apart[1]
        )
    headed = any(panel.heading for panel in panels)
    sheet.ax.set_xlim(0, beside * columns + (beside - 1) * BETWEEN)
    tall = down * rows + (down - 1 + headed) * HEADED
    sheet.ax.set_ylim(0, tall)
    sheet.height = high * tall
    _name_steps(sheet, scale, steps, cell, [n * apart[0] for n in range(beside)],
                [n * apart[1] for n in range(down)])  # fmt: skip


def _draw_matrix(sheet: Sheet, panel: Panel, scale: Scale, x: float, y: float) -> None:
    rows, columns = len(scale.likelihood), len(scale.consequence)
    for r in range(1, rows + 1):
        for c in range(1, columns + 1):
            count = panel.counts.get((r, c), 0)
            _draw_cell(sheet, x + c - 1, y + r - 1, scale, r * c, count, panel.below(r, c))
    sheet.ax.add_collection(_limit_line(scale, x, y))
    sheet.ax.annotate(
        panel.heading, (x, y + rows), (0, GAP), textcoords="offset points", weight="bold", size=TEXT
    )


def _draw_cell(
    sheet: Sheet, x: float, y: float, scale: Scale, value: int, count: int, below: str
) -> None:
    from matplotlib.patches import Rectangle

    colour = scale.colour(value)
    ink = {"color": ink_on(colour), "textcoords": "offset points"}
    sheet.ax.add_patch(Rectangle((x, y), 1, 1, facecolor=colour, edgecolor=INK, linewidth=0.6))
    sheet.ax.annotate(str(value), (x, y + 1), (2.5, -2), va="top", size=TEXT, **ink)
    lift = 0 if below else -5
    if count:
        sheet.ax.annotate(
            str(count), (x + 0.5, y + 0.5), (0, lift), ha="center", va="center", size=STRONG,
            weight="bold", **ink,
        )  # fmt: skip
    if below:
        sheet.ax.annotate(below, (x + 0.5, y), (0, 2.5), ha="center", va="bottom", size=TEXT, **ink)


def _limit_line(scale: Scale, x: float, y: float) -> Artist:
    """Return the line round all cells at or above the limit."""
    from matplotlib.collections import LineCollection

    rows, columns = len(scale.likelihood), len(scale.consequence)
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
    names, turned = _fit_column_names(scale.consequence, cell)
    places = [x + n + 0.5 for x in across for n in range(len(names))]
    sheet.ax.set_xticks(places, names * len(across), rotation=90 * turned, linespacing=1.1)
    places = [y + n + 0.5 for y in up for n in range(len(steps))]
    sheet.ax.set_yticks(places, steps * len(up), linespacing=1.1)
    sheet.ax.set_ylabel(sheet.word("say.likelihood"), size=TEXT)
    sheet.ax.set_xlabel(sheet.word("say.consequence"), size=TEXT)


def _fit_row_names(names: list[str], width: float) -> list[str]:
    """Return names as they fit beside rows: in a fifth of the width, or more if a word needs it."""
    widest = max(text_width(part) for name in names for part in pieces(name))
    return [wrap(name, max(0.2 * width, min(widest, 0.35 * width))) for name in names]


def _fit_column_names(names: list[str], cell: float) -> tuple[list[str], bool]:
    """Return names as they fit over columns, and whether they must be turned to do so."""
    room = cell - PAD
    if max(text_width(part) for name in names for part in pieces(name)) <= room:
        return [wrap(name, room) for name in names], False
    for length in range(60, 400, 20):
        turned = [wrap(name, length) for name in names]
        if max(map(text_height, turned)) <= room:
            break
    return turned, True


def scale_legend(sheet: Sheet, scale: Scale) -> list[Artist]:
    """Return the legend of a matrix: each band with its values, and the line of the limit."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    bands = [
        Patch(label=f"{name} {low}–{high}", facecolor=colour, edgecolor=INK, linewidth=0.6)
        for name, low, high, colour in scale.bands
    ]
    text = sheet.word("say.limit", limit=scale.limit)
    return [*bands, Line2D([], [], color=INK, linewidth=2.5, label=text)]
