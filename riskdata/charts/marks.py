"""What charts are made of: labelled rows, the bars in them, coloured cells, and their legends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.colors import ListedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from riskdata.charts.sheet import GAP, KEY, Sheet
from riskdata.charts.style import (
    INK,
    LIMIT_LINE,
    PAPER,
    fills,
    ink_on,
    text_height,
    text_width,
    wrap,
)
from riskdata.words.language import label, series

BAR, PAD = 14, 4  # points: height of a bar; between label and bar
LABELS = 0.42  # the share of the width that row labels may take
MOST = 12  # groups that have a row of their own
SIGNS = "+\N{MINUS SIGN}"


def lay_rows(
    sheet: Sheet,
    labels: Sequence[str],
    beside: Sequence[str] = ("",),
    *,
    high: float = BAR,
    gap: float = GAP,
    share: float = LABELS,
    headings: Mapping[int, str] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Write row labels and make the sheet as high as they need; return the rows' middles and edges.

    Labels are wrapped to ``share`` of the width, and each row is as high as its own; ``high`` is the
    least, ``gap`` what is between. ``beside`` are the texts that will stand to the right of the
    rows, ``headings`` are written over the row of that number. The y axis counts points from the top.
    """
    shown = [wrap(text, share * sheet.width) for text in labels]
    over = {n: wrap(text, sheet.width, bold=True) for n, text in (headings or {}).items()}
    sheet.left = max(map(text_width, shown)) + PAD
    sheet.right = max(map(text_width, beside)) + 2 * PAD
    heights = np.array([max(high, text_height(text)) + gap for text in shown])
    spaces = [text_height(over[n]) + 1.5 * GAP if n in over else 0 for n in range(len(shown))]
    ends = np.cumsum(heights + spaces)
    middles, edges = ends - heights / 2, np.array([0, *ends])
    sheet.height = ends[-1]
    sheet.ax.set_ylim(sheet.height, 0)
    sheet.ax.set_yticks(middles, shown, va="center_baseline", linespacing=1.15)
    behind = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}  # no line across the words
    for n, text in over.items():
        y = edges[n] + 1.5 * GAP
        sheet.ax.annotate(
            text, (0, y), (-sheet.left, 0), ("axes fraction", "data"), "offset points", va="top",
            weight="bold", bbox=behind, annotation_clip=False,
        )  # fmt: skip
    return middles, edges


def write_beside(
    sheet: Sheet, texts: Sequence[str], xs: Sequence[float], ys: Sequence[float]
) -> None:
    how = {"textcoords": "offset points", "va": "center_baseline", "annotation_clip": False}
    for text, x, y in zip(texts, xs, ys, strict=True):
        sheet.ax.annotate(text, (x, y), (PAD, 0), **how)


def stacked_bars(
    sheet: Sheet,
    table: pd.DataFrame,
    beside: Sequence[object],
    *,
    start: Sequence[int] = (0,),
    share: bool = False,
) -> np.ndarray:
    """Draw a bar for each row of counts, in pieces, with the counts that fit; return the rows' edges.

    The index of ``table`` labels the rows, its columns are codes; ``beside`` is written at the bars'
    ends, which need not say the same count again, and ``start`` is where they begin. With ``share``
    every bar is as long as the longest.
    """
    beside = list(map(str, beside))
    middles, edges = lay_rows(sheet, list(map(str, table.index)), beside)
    counts = table.to_numpy("int")
    totals = counts.sum(axis=1)
    longest = max((totals + start).max(), 1)
    lengths = counts * (longest / totals.clip(1)[:, None] if share else 1)
    ends = lengths.cumsum(axis=1) + np.reshape(start, (-1, 1))
    sheet.ax.set_xlim(0, longest)
    sheet.ax.spines.left.set(visible=True, color=INK, linewidth=0.8)
    for n, fill in enumerate(fills(table).values()):
        (some,) = counts[:, n].nonzero()
        left, width, colour = (ends - lengths)[some, n], lengths[some, n], fill["facecolor"]
        sheet.ax.barh(middles[some], width, BAR, left, clip_on=False, **fill)
        behind = {"facecolor": colour, "edgecolor": "none", "pad": 1}  # no hatch across it
        how = {"ha": "center", "va": "center_baseline", "color": ink_on(colour), "bbox": behind}
        for row, x, room in zip(some, left + width / 2, width * sheet.room / longest, strict=True):
            count = str(counts[row, n])
            if room > text_width(count) + 2 * PAD and beside[row].strip(SIGNS) != count:
                sheet.ax.text(x, middles[row], count, **how)
    write_beside(sheet, beside, ends[:, -1], middles)
    return edges


def draw_cells(
    sheet: Sheet,
    values: np.ndarray,
    texts: np.ndarray,
    colours: Sequence[str],
    columns: Sequence[str],
    rows: Sequence[str] | None = None,
    *,
    edges: Sequence[float] = (),
    outline: str = INK,
    lower: float = 0,
    **how: object,
) -> None:
    """Draw a cell for each number, in the colour of that number, with its text; none where it is NaN.

    ``columns`` and ``rows`` are their labels; rows that are laid out and labelled have ``edges``
    instead. The texts stand in the middle, or that much ``lower``.
    """
    if rows is not None:
        edges = np.arange(len(rows) + 1)
        sheet.ax.set_ylim(len(rows), 0)
        sheet.ax.set_yticks(edges[:-1] + 0.5, rows, linespacing=1.1)
    starts, known = np.arange(len(columns) + 1), ~np.isnan(values)
    sheet.ax.set_xlim(0, len(columns))
    sheet.ax.set_xticks(starts[:-1] + 0.5, columns, linespacing=1.1)
    sheet.ax.pcolormesh(
        starts, edges, np.ma.masked_array(values, ~known), cmap=ListedColormap(colours),
        vmin=-0.5, vmax=len(colours) - 0.5, linewidth=0.6,
        edgecolors=np.where(known, outline, "none").ravel(),
    )  # fmt: skip
    how |= {"ha": "center", "va": "center_baseline"}
    for row, column in np.argwhere(known & (texts != "")):
        middle = (edges[row] + edges[row + 1]) / 2 + lower
        ink = ink_on(colours[int(values[row, column])])
        sheet.ax.text(column + 0.5, middle, texts[row, column], color=ink, **how)


def limit_key(sheet: Sheet, **line: object) -> Artist:
    text = sheet.word("say.limit", limit=sheet.scale.limit)
    return Line2D([], [], label=text, **(line or LIMIT_LINE))


def legend(sheet: Sheet, table: pd.DataFrame, **values: object) -> list[Artist]:
    """Return a legend of the codes that a table of counts has any of, in the fills of the bars."""
    names = {code: label(code, sheet.language, sheet.board, **values) for code in table}
    return [
        Patch(label=wrap(names[code], sheet.width - KEY), **fill)
        for code, fill in fills(table).items()
        if table[code].any()
    ]


def band_legend(sheet: Sheet) -> list[Artist]:
    """Return the legend of the bands: the colour of each, with its name and values."""
    return [
        Patch(
            label=f"{name} {'–'.join(dict.fromkeys([str(low), str(high)]))}",
            facecolor=colour, edgecolor=INK, linewidth=0.6,
        )
        for name, low, high, colour in sheet.scale.vocab.bands(sheet.language)
    ]  # fmt: skip


def value_notes(sheet: Sheet, values: pd.Series) -> list[str]:
    """Return the notes on values that are missing, and on those that the scale's steps can't give."""
    strange = sorted({int(value) for value in values.dropna()} - {*sheet.scale.values})
    said = series(list(map(str, strange)), sheet.language)
    off = [sheet.word("say.impossible", values=said)] if strange else []
    return sheet.note_of("valueless", int(values.isna().sum())) + off


def leader(counts: pd.Series) -> object:
    """Return what has the largest count; None where several have."""
    most = counts.index[counts == counts.max()]
    return most[0] if len(most) == 1 else None


def ranked(table: pd.DataFrame, *counts: pd.Series) -> pd.DataFrame:
    """Return counts of groups by what counts most, then by name; those without a name ("") last."""
    keys = {g: (g == "", *(-count[g] for count in counts), g) for g in table.index}
    return table.loc[sorted(keys, key=keys.get)]


def largest(sheet: Sheet, table: pd.DataFrame) -> pd.DataFrame:
    """Return counts of groups under printed names, those after the first twelve as one row.

    The row of those without a name ("") stays, last. No row is called others alone.
    """
    named = table[table.index != ""]
    others = len(named) - MOST
    if others > 1:
        rest = named[MOST:].sum().to_frame(sheet.word("say.others", n=others)).T
        table = pd.concat([named[:MOST], rest, table[table.index == ""]])
    return table.rename(index={"": sheet.word(".no_group")})
