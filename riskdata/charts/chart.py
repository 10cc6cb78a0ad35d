"""Chart: a picture with its title, its text alternative, its source and the numbers behind it."""

from __future__ import annotations

import base64
import io
import sys
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from riskdata.charts.style import DOTS, house_style, in_words
from riskdata.tables.schema import no_formula
from riskdata.words.language import word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

COMPRESSION = 3  # of PNG, 0 to 9: more takes longer and makes no smaller file of a chart
ALT_SHORTEST, ALT_LONGEST = 125, 250


@dataclass(frozen=True, eq=False)
class Chart:
    """What every ``plot_`` function returns; a notebook shows it with its text alternative.

    Attributes
    ----------
    ax : the matplotlib axes that it is drawn on
    title : the finding in words and numbers, or the title that was asked for
    alt : what the chart is, what it shows and its main finding, for those who cannot see it
    data : the numbers behind it, with columns and codes as in the tidy tables
    source : board, period, what was chosen and what was assumed
    name : what it shows, as ``risk_matrix``
    language : "sv" or "en"; board : the one that it is about, "" for several
    inner : the part of the figure between title and source, in inches; None for all of it
    """

    ax: Axes
    title: str
    alt: str
    data: pd.DataFrame
    source: str
    name: str = ""
    language: str = "sv"
    board: str = ""
    inner: Bbox | None = None
    _drawn: dict = field(default_factory=dict, init=False, repr=False)  # pixels, and picture

    @property
    def figure(self) -> Figure:
        """The matplotlib figure that it is drawn in."""
        return self.ax.figure

    def picture(self) -> bytes:
        """Return a PNG without title and source, for pages that print them as text."""
        part = self._image()
        if "picture" not in self._drawn:
            if self.inner is not None:
                low, high = (round(edge * DOTS) for edge in self.inner.intervaly)
                part = part.crop((0, part.height - high, part.width, part.height - low))
            self._drawn["picture"] = self._png(part)
        return self._drawn["picture"]

    def _repr_html_(self) -> str:
        """Show the chart with its text alternative, once: pyplot need not show it again."""
        data = base64.b64encode(self.picture()).decode("ascii")
        if pyplot := sys.modules.get("matplotlib.pyplot"):
            pyplot.close(self.figure)
        alts = [getattr(ax, "riskdata_alt", "") for ax in self.figure.axes]
        return (
            f'<figure lang="{self.language}" style="margin:1em 0">'
            f'<img alt="{escape(" ".join(filter(None, alts)))}" style="max-width:100%"'
            f' width="{self.figure.get_figwidth() * 96:.0f}" src="data:image/png;base64,{data}">'
            f"<figcaption><strong>{escape(self.title)}</strong><br>"
            f"<small>{escape(self.source)}</small></figcaption></figure>"
        )

    def save(self, folder: str | Path, name: str | None = None) -> dict[str, Path]:
        """Save the chart as picture, drawing, numbers and text; same chart, same bytes.

        folder : where; made if it is not there. name : of the files, without ending; else what the
        chart shows, as ``riskmatris``. Returns ending → path: ``png`` (200 dots per inch), ``svg``
        (text kept as text), ``csv`` (the numbers, for a Swedish Excel), ``txt`` (the text alternative).
        """
        name, table = name or word(f"{self.name}.file", self.language), self._printed_data()
        contents = {
            "png": self._png(self._image()),
            "svg": self._described(self._saved("svg", metadata={**self._notes(), "Date": None})),
            "csv": table.to_csv(index=False, sep=";", decimal=",").encode("utf-8-sig"),
            "txt": f"{self.alt}\n".encode(),
        }
        Path(folder).mkdir(parents=True, exist_ok=True)
        paths = {ending: Path(folder) / f"{name}.{ending}" for ending in contents}
        for ending, path in paths.items():
            path.write_bytes(contents[ending])
        return paths

    def _image(self) -> Image.Image:
        """Return the whole as pixels, drawn anew only where something in it has changed since.

        A figure that others draw in too (``ax=``) is drawn each time.
        """
        if self.figure.stale or self.inner is None or not self._drawn:
            pixels = self._saved("rgba")
            width = int(self.figure.get_figwidth() * DOTS)
            size = width, len(pixels) // width // 4
            self._drawn.clear()  # a picture of what has changed is none
            self._drawn["pixels"] = Image.frombytes("RGBA", size, pixels).convert("RGB")
            self.figure.stale = False
        return self._drawn["pixels"]

    def _png(self, image: Image.Image) -> bytes:
        notes, file = PngInfo(), io.BytesIO()
        for name, text in self._notes().items():
            notes.add_itxt(name, text)
        image.save(file, "png", pnginfo=notes, dpi=(DOTS, DOTS), compress_level=COMPRESSION)
        return file.getvalue()

    def _notes(self) -> dict[str, str]:
        return {"Title": self.title, "Description": self.alt}

    def _saved(self, kind: str, **how: dict) -> bytes:
        from matplotlib.figure import Figure

        file, stale = io.BytesIO(), self.figure.stale
        with house_style():  # which a HouseFigure's own savefig would set again
            Figure.savefig(self.figure, file, format=kind, dpi=DOTS, **how)
        self.figure.stale = stale  # saving sets its colour and sets it back
        return file.getvalue()

    def _described(self, svg: bytes) -> bytes:
        """Give a drawing what screen readers look for: its language, its role and a description."""
        described = f"</title>\n <desc>{escape(self.alt)}</desc>"
        text = svg.decode("utf-8").replace("</title>", described, 1)
        return text.replace("<svg ", f'<svg role="img" xml:lang="{self.language}" ', 1).encode()

    def _printed_data(self) -> pd.DataFrame:
        texts = self.data.select_dtypes(["object", "str"])
        table = self.data.assign(**texts.map(no_formula))
        return in_words(table, self.language, self.board)


def alt_text(sentences: list[str]) -> str:
    """Return as many of the sentences, in order, as a text alternative has room for."""
    text = ""
    for sentence in filter(None, sentences):
        longer = f"{text} {sentence}".strip()
        text = longer if len(longer) <= ALT_LONGEST else text
    return text
