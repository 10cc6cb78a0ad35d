"""Chart: a picture with its title, its text alternative, its source and the numbers behind it."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from riskdata.charts.style import DOTS, house_style
from riskdata.tables.store import no_formula
from riskdata.words.language import heading, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

ALT_SHORTEST, ALT_LONGEST = 125, 250
_CODED = ("decision", "decision_before", "decision_after", "change", "status", "verdict")


@dataclass(frozen=True, eq=False)
class Chart:
    """What every ``plot_`` function returns.

    Attributes
    ----------
    ax : the matplotlib axes that it is drawn on
    title : the finding in words and numbers
    alt : what the chart is, what it shows and its main finding, for those who cannot see it
    data : the numbers behind it, with columns and codes as in the tidy tables
    source : board, period and what was assumed
    language : "sv" or "en"
    inner : the part of the figure between title and source, in inches; None for all of it
    """

    ax: Axes
    title: str
    alt: str
    data: pd.DataFrame
    source: str
    language: str = "sv"
    inner: Bbox | None = None

    @property
    def figure(self) -> Figure:
        """The matplotlib figure that it is drawn in."""
        return self.ax.figure

    def picture(self) -> bytes:
        """Return a PNG without title and source, for pages that print them as text."""
        return self._drawn("png", self.inner)

    def _repr_html_(self) -> str:
        """Show the chart with its text alternative, once: pyplot need not show it again."""
        data = base64.b64encode(self.picture()).decode("ascii")
        _leave_pyplot(self.figure)
        alts = [getattr(ax, "riskdata_alt", "") for ax in self.figure.axes]
        return (
            f'<figure lang="{self.language}" style="margin:1em 0">'
            f'<img alt="{escape(" ".join(filter(None, alts)))}" style="max-width:100%"'
            f' width="{self._width_on_screen()}" src="data:image/png;base64,{data}">'
            f"<figcaption><strong>{escape(self.title)}</strong><br>"
            f"<small>{escape(self.source)}</small></figcaption></figure>"
        )

    def save(self, folder: str | Path, name: str) -> dict[str, Path]:
        """Save the chart as picture, drawing, numbers and text; same chart, same bytes.

        Parameters
        ----------
        folder : where; made if it is not there
        name : of the files, without ending

        Returns
        -------
        dict
            Ending → path: ``png`` (200 dots per inch), ``svg`` (text kept as text), ``csv`` (the
            numbers, for a Swedish Excel) and ``txt`` (the text alternative).
        """
        contents = {
            "png": self._drawn("png"),
            "svg": self._described(self._drawn("svg")),
            "csv": self._printed_data()
            .to_csv(index=False, sep=";", decimal=",")
            .encode("utf-8-sig"),
            "txt": f"{self.alt}\n".encode(),
        }
        Path(folder).mkdir(parents=True, exist_ok=True)
        paths = {ending: Path(folder) / f"{name}.{ending}" for ending in contents}
        for ending, path in paths.items():
            path.write_bytes(contents[ending])
        return paths

    def _drawn(self, kind: str, part: Bbox | None = None) -> bytes:
        made = io.BytesIO()
        notes = {"Title": self.title, "Description": self.alt}
        undated = {"Date": None} if kind == "svg" else {}
        with house_style():
            self.figure.savefig(
                made, format=kind, dpi=DOTS, bbox_inches=part, metadata={**notes, **undated}
            )
        return made.getvalue()

    def _described(self, svg: bytes) -> bytes:
        """Give a drawing what screen readers look for: its language, its role and a description."""
        text = svg.decode("utf-8").replace(
            "<svg ", f'<svg role="img" xml:lang="{self.language}" ', 1
        )
        described = f"</title>\n <desc>{escape(self.alt)}</desc>"
        return text.replace("</title>", described, 1).encode("utf-8")

    def _printed_data(self) -> pd.DataFrame:
        printed = self.data.copy()
        for column in printed.columns.intersection(_CODED):
            printed[column] = printed[column].map(lambda code: label(code, self.language))
        texts = printed.select_dtypes(["object", "str"]).columns
        printed[texts] = printed[texts].map(no_formula)
        return printed.rename(columns=lambda name: heading(name, self.language))

    def _width_on_screen(self) -> int:
        return round(self.figure.get_figwidth() * 96)


def alt_text(sentences: list[str | list[str]]) -> str:
    """Return as many of the sentences, in order, as a text alternative has room for.

    A list among them holds the same thing said in more and more words; the longest that leaves
    room is taken.

    >>> alt_text(["Stapeldiagram över 3 risker.", ["Kort.", "Lite längre."]])
    'Stapeldiagram över 3 risker. Lite längre.'
    """
    said = ""
    for choice in sentences:
        ways = reversed(choice) if isinstance(choice, list) else [choice]
        longer = (f"{said} {way}".strip() for way in ways if way)
        said = next((text for text in longer if len(text) <= ALT_LONGEST), said)
    return said


def _leave_pyplot(figure: Figure) -> None:
    import sys

    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close(figure)
