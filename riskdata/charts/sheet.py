"""The sheet that a chart is drawn on: title, legend, notes and source fitted round the axes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from riskdata.charts.chart import Chart, alt_text
from riskdata.charts.fitting import text_height, wrap
from riskdata.charts.style import DOTS, INK, LINE, TEXT, TITLE, house_style, width_in_points
from riskdata.words.language import check_language, sentence, word

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.transforms import Bbox, Transform

INCH, GAP, EDGE = 72, 6, 4  # points


@dataclass
class Sheet:
    """An axes with room round it.

    ``width`` is the room for everything and ``height`` that of the axes, in points. ``owned`` is
    False when the axes is the user's: then its place and size are left alone.
    """

    ax: Axes
    language: str
    width: float
    owned: bool
    height: float = 150

    def word(self, key: str, **values: object) -> str:
        """Return a word in the sheet's language."""
        return word(key, self.language, **values)

    def chart(
        self,
        *,
        title: str,
        subtitle: str,
        alt: list[str | list[str]],
        data: pd.DataFrame,
        source: str,
        legend: Sequence[Artist] = (),
        notes: Sequence[str] = (),
    ) -> Chart:
        """Return the finished chart: texts placed, figure made as large as its contents."""
        above, below, left = self._room()
        frame, top = self._above(above, left, title, subtitle, legend)
        foot, bottom = self._below(below, left, notes, source)
        inner = self._fit(top, bottom, frame, foot) if self.owned else None
        text = self.ax.riskdata_alt = alt_text(alt)
        return Chart(
            self.ax, title, text, data.reset_index(drop=True), source, self.language, inner
        )

    def empty(
        self, chart: str, data: pd.DataFrame, source: str, notes: Sequence[str] = ()
    ) -> Chart:
        """Return a chart that says that there is nothing to show."""
        self.ax.set_axis_off()
        self.height = 0.1
        title = self.word(f"{chart}.empty")
        kind = self.word("say.without_content", kind=self.word(f"{chart}.kind"))
        alt = [sentence(kind), sentence(title), *notes, self.word("say.no_fault"), source]
        return self.chart(
            title=title, subtitle=self.word("say.nothing_drawn"), alt=alt, data=data.head(0),
            source=source, notes=notes,
        )  # fmt: skip

    def offset(self, x: float, y: float) -> Transform:
        """Return axes coordinates moved by points to the right and up."""
        from matplotlib.transforms import ScaledTranslation

        moved = ScaledTranslation(x / INCH, y / INCH, self.ax.figure.dpi_scale_trans)
        return self.ax.transAxes + moved

    def _room(self) -> tuple[float, float, float]:
        """Return the points that labels take above, below and left of the axes."""
        for _ in range(2 * self.owned):  # a narrower axes may move labels: measure again
            left, right, below, above = self._overhang()
            self._place(EDGE + left, self.width - left - right, below)
        left, _, below, above = self._overhang()
        return above, below, left

    def _overhang(self) -> tuple[float, float, float, float]:
        outer, inner = self.ax.get_tightbbox(), self.ax.get_window_extent()
        scale = INCH / self.ax.figure.dpi
        sides = (inner.x0 - outer.x0, outer.x1 - inner.x1, inner.y0 - outer.y0, outer.y1 - inner.y1)
        return tuple(max(side, 0) * scale for side in sides)

    def _place(self, left: float, width: float, bottom: float, total: float | None = None) -> None:
        page, total = self.width + 2 * EDGE, total or self.height + 2 * bottom
        self.ax.figure.set_size_inches(page / INCH, total / INCH)
        self.ax.set_position((left / page, bottom / total, width / page, self.height / total))

    def _above(
        self, room: float, left: float, title: str, subtitle: str, legend: Sequence[Artist]
    ) -> tuple[float, float]:
        """Stack legend, subtitle and title; return the points taken, without title and with it."""
        y = room + GAP
        if legend:
            y += self._legend(legend, left, y) + GAP
        y += self._text(wrap(subtitle, self.width), left, y, "bottom") + GAP
        bold = {"size": TITLE, "bold": True}
        return y, y + self._text(wrap(title, self.width, **bold), left, y, "bottom", **bold)

    def _below(
        self, room: float, left: float, notes: Sequence[str], source: str
    ) -> tuple[float, float]:
        """Stack notes and source; return the points taken, without source and with it."""
        y = room + GAP
        for note in notes:
            y += self._text(wrap(note, self.width), left, -y, "top") + GAP / 2
        return y, y + self._text(wrap(source, self.width), left, -y, "top")

    def _text(
        self, text: str, left: float, y: float, side: str, size: float = TEXT, bold: bool = False
    ) -> float:
        self.ax.text(
            0, side == "bottom", text, transform=self.offset(-left, y), ha="left", va=side,
            size=size, weight="bold" if bold else "normal", color=INK, linespacing=LINE,
        )  # fmt: skip
        return text_height(text, size)

    def _legend(self, handles: Sequence[Artist], left: float, y: float) -> float:
        """Put the legend above the axes in as few rows as fit; return its height in points."""
        scale = INCH / self.ax.figure.dpi
        for columns in range(len(handles), 0, -1):
            made = self.ax.legend(
                handles=handles, loc="lower left", ncols=columns, fontsize=TEXT, frameon=False,
                borderpad=0, borderaxespad=0, columnspacing=1.2, handletextpad=0.5,
                bbox_to_anchor=(0, 1), bbox_transform=self.offset(-left, y),
            )  # fmt: skip
            box = made.get_window_extent()
            if box.width * scale <= self.width:
                break
        return box.height * scale

    def _fit(self, top: float, bottom: float, frame: float, foot: float) -> Bbox:
        """Make the figure as high as all that stands in it; return its part without the frame."""
        from matplotlib.transforms import Bbox

        page, floor = self.width + 2 * EDGE, EDGE + bottom
        place = self.ax.get_position()
        total = floor + self.height + top + EDGE
        self._place(place.x0 * page, place.width * page, floor, total)
        low, high = floor - foot, floor + self.height + frame
        return Bbox([[0, low / INCH], [page / INCH, high / INCH]])


@contextmanager
def open_sheet(ax: Axes | None, *, width: str, language: str) -> Iterator[Sheet]:
    """Open a sheet of "full" or "half" width, or on the user's own axes, in the house style."""
    check_language(language)
    points = width_in_points(width)
    with house_style():
        if ax is None:
            yield Sheet(_own_axes(points), language, points - 2 * EDGE, owned=True)
        else:
            yield Sheet(_styled(ax), language, _width_of(ax), owned=False)


def _own_axes(points: float) -> Axes:
    """Return axes in a figure of their own, unknown to pyplot: shown once, freed at once."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(points / INCH, points / INCH), dpi=DOTS, facecolor="white")
    FigureCanvasAgg(figure)
    return _styled(figure.add_axes((0.3, 0.3, 0.6, 0.6)))


def _styled(ax: Axes) -> Axes:
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0, labelsize=TEXT, labelcolor=INK, pad=4)
    ax.xaxis.set_ticks([])
    ax.yaxis.set_ticks([])
    return ax


def _width_of(ax: Axes) -> float:
    return ax.get_window_extent().width * INCH / ax.figure.dpi
