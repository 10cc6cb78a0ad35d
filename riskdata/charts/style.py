"""The house style of the charts: colours, hatches, sizes and the settings of matplotlib."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import NamedTuple

from riskdata.errors import ChoiceError
from riskdata.words.vocabulary import COLOURS

FONT = "DejaVu Sans"
TEXT, STRONG, TITLE = 9, 11, 11  # points at the size at which the chart is printed
LINE = 1.2  # line spacing: height of a line as a share of the size of its text
WIDTHS = {"full": 16 / 2.54 * 72, "half": 8 / 2.54 * 72}  # points: text width of A4, and half
DOTS = 200  # per inch, in print

PAPER, INK, GREY, RULE = "#ffffff", "#1a1a1a", "#595959", "#d9d9d9"
DARK, _, LIGHT, PALE = reversed(COLOURS)


class Fill(NamedTuple):
    """How an area is told from its neighbours: colour, hatch and the kind of its outline."""

    colour: str
    hatch: str = ""
    outline: str = "-"

    def patch(self) -> dict:
        """Return the fill as matplotlib's properties of a patch."""
        return {
            "facecolor": self.colour,
            "hatch": self.hatch,
            "edgecolor": INK,
            "linestyle": self.outline,
            "linewidth": 0.8,
        }


SOLID, STRIPED, DOTTED = Fill(DARK), Fill(LIGHT, "////"), Fill(PALE, "....")
UNKNOWN = Fill(PAPER, "", (0, (2, 1.5)))

FILLS = {
    "control_plan": SOLID,
    "risk_analysis": STRIPED,
    "accept": DOTTED,
    "high": SOLID,
    "low": STRIPED,
    "after": SOLID,
    "before": STRIPED,
    "count": SOLID,
    "changed": SOLID,
    "same": STRIPED,
    "unfinished": SOLID,
    "finished": STRIPED,
    "unknown": UNKNOWN,
    "missing": UNKNOWN,
}

_ROUND = {
    "color": INK,
    "marker": "o",
    "markersize": 6,
    "markeredgecolor": INK,
    "markeredgewidth": 1.0,
}
DOT = {**_ROUND, "markerfacecolor": DARK}
BEFORE_DOT = {**_ROUND, "markerfacecolor": PAPER}

LIMIT_LINE = {"color": GREY, "linewidth": 1.2, "linestyle": (0, (3, 2)), "zorder": 1}

_SETTINGS = {
    "font.family": FONT,
    "font.size": TEXT,
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign in a risk's text is a dollar sign
    "text.hinting": "none",  # so that text is as wide as it was measured
    "axes.unicode_minus": True,
    "hatch.linewidth": 0.6,
    "hatch.color": INK,
    "svg.fonttype": "none",
    "svg.hashsalt": "riskdata",  # same input, same bytes
}


def house_style() -> AbstractContextManager:
    """Return a context in which matplotlib draws in the house style, whatever was set before."""
    import matplotlib.style

    return matplotlib.style.context(["default", _SETTINGS])


def width_in_points(width: str) -> float:
    """Return the width of a page's text, or half of it.

    >>> round(width_in_points("full"))
    454
    """
    if width not in WIDTHS:
        known = ", ".join(WIDTHS)
        raise ChoiceError(f"Bredden ”{width}” finns inte. Välj en av: {known}.")
    return WIDTHS[width]


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours as WCAG 2.1 counts it, 1 to 21.

    >>> round(contrast("#ffffff", "#000000"))
    21
    """
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ink_on(colour: str) -> str:
    """Return the colour of text that is read best on a colour.

    >>> ink_on("#b35806"), ink_on("#fee0b6")
    ('#ffffff', '#1a1a1a')
    """
    return max(PAPER, INK, key=lambda ink: contrast(ink, colour))


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
