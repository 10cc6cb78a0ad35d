"""The house style of the charts: colours, hatches, sizes, and the settings and words of one's own."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from itertools import cycle
from typing import TYPE_CHECKING, NamedTuple

from riskdata.tables import schema
from riskdata.words.language import board_of, heading, label, words
from riskdata.words.vocabulary import COLOURS

if TYPE_CHECKING:
    import pandas as pd

FONT = "DejaVu Sans"
TEXT, STRONG, TITLE = 9, 11, 11  # points at the size at which the chart is printed
LINE = 1.2  # line spacing: height of a line as a share of the size of its text
WIDTH = 16 / 2.54 * 72  # points: the text of an A4 page
DOTS = 200  # per inch, in print

PAPER, INK, GREY, RULE = "#ffffff", "#1a1a1a", "#595959", "#d9d9d9"
DARK, MEDIUM, LIGHT, PALE = reversed(COLOURS)
DEEP, COLD, MILD = "#5c2c02", "#542788", "#998ec3"


class Fill(NamedTuple):
    """How an area is told from its neighbours: colour, hatch and the kind of its outline."""

    colour: str
    hatch: str = ""
    outline: str | tuple = "-"

    def patch(self) -> dict:
        """Return the fill as matplotlib's properties of a patch."""
        shape = {"facecolor": self.colour, "hatch": self.hatch, "linestyle": self.outline}
        return {**shape, "edgecolor": INK, "linewidth": 0.8}


_SOLID = ("control_plan", "high", "reaching", "count", "raised", "unfinished")
FILLS = {
    **dict.fromkeys(_SOLID, Fill(DARK)),
    **dict.fromkeys(("risk_analysis", "low", "under", "new", "finished"), Fill(LIGHT, "////")),
    **dict.fromkeys(("accept", "unchanged", "cancelled"), Fill(PALE, "....")),
    **dict.fromkeys(("unknown", "missing"), Fill(PAPER, "", (0, (2, 1.5)))),
    "before": Fill(LIGHT),
    "lowered": Fill(MEDIUM, "\\\\\\\\"),
    "gone": Fill(PAPER, "xxx"),
    "overdue": Fill(DEEP, "xxx"),
}
_SPARE = (Fill(PALE, "xxx"), Fill(MEDIUM, "\\\\\\\\"), Fill(LIGHT, "||||"), Fill(PALE, "----"))


def fills(codes: Iterable[str]) -> dict[str, Fill]:
    """Return a fill for each code; those of a municipality's own get one of the spare fills."""
    spare = cycle(_SPARE)
    return {code: FILLS.get(code) or next(spare) for code in codes}


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


def style() -> dict[str, object]:
    """Return the house's settings of matplotlib, for charts of one's own with seaborn or pyplot.

    Use it for all that follows, ``plt.rcParams.update(rd.style())`` or
    ``sns.set_theme(rc=rd.style())``, or for a few lines, ``with plt.rc_context(rd.style()):``.

    Returns
    -------
    dict
        Font and sizes at 16 cm, the house's colours as the cycle of colours, outlined bars, no
        frame, a quiet grid.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> with plt.rc_context(style()):
    ...     plt.rcParams["font.size"]
    9.0
    """
    from cycler import cycler

    return {
        **_SETTINGS,
        "figure.figsize": (WIDTH / 72, 3.5),
        "figure.constrained_layout.use": True,
        "figure.dpi": 110,
        "savefig.dpi": DOTS,
        "axes.prop_cycle": cycler(color=[DARK, COLD, MEDIUM, MILD, GREY, LIGHT]),
        "axes.edgecolor": GREY,
        "axes.labelcolor": INK,
        "axes.titlelocation": "left",
        "axes.titlesize": TITLE,
        "axes.titleweight": "bold",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "grid.color": RULE,
        "xtick.color": INK,
        "ytick.color": INK,
        "patch.edgecolor": INK,
        "patch.force_edgecolor": True,
        "patch.linewidth": 0.8,
        "legend.frameon": False,
        "image.cmap": "YlOrBr",
    }


def labels(table: pd.DataFrame, language: str = "sv") -> pd.DataFrame:
    """Return a table with printed column headings and words for its codes, for one's own charts.

    Parameters
    ----------
    table : any table of the tidy columns, or of what the functions here return
    language : "sv" or "en"

    Returns
    -------
    DataFrame
        A new table. Codes are ordered categoricals of words, periods ordered categoricals, so that
        seaborn draws them in their right order; those that do not occur are left out.

    Examples
    --------
    >>> import pandas as pd
    >>> risker = pd.DataFrame({"decision": ["accept", "control_plan"], "risk_value": [4, 12]})
    >>> labels(risker).Hantering.sort_values().tolist()
    ['Till internkontrollplanen', 'Accepteras']
    """
    return in_words(table, language, board_of(table))


def in_words(table: pd.DataFrame, language: str, board: str) -> pd.DataFrame:
    """Return a table with printed headings and words for its codes, a board's own where it has any."""
    printed = {column: _in_words(table[column], language, board) for column in table}
    heads = [heading(str(column), language, board) for column in table]
    return table.assign(**printed).set_axis(heads, axis="columns")


def _in_words(values: pd.Series, language: str, board: str) -> pd.Series:
    import pandas as pd

    column = str(values.name).removesuffix("_before").removesuffix("_after")
    if known := words(language)["values"].get(column):
        return values.astype("object").map(lambda code: known.get(code, code), "ignore")
    if order := _ORDERS.get(column) or schema.codes(column):
        values = schema.ordered(values.astype("object"), order)
    if not isinstance(values.dtype, pd.CategoricalDtype):
        return values
    present = values.cat.remove_unused_categories().cat.categories
    names = {code: label(code, language, board) for code in present}
    return schema.ordered(
        values.astype("object").map(names, "ignore"), dict.fromkeys(names.values())
    )


_ORDERS = {  # columns of codes of the project's own → their order
    "change": ("raised", "new", "lowered", "unchanged", "unknown", "gone"),
    "verdict": ("unfinished", "overdue", "unknown", "finished", "cancelled"),
}


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours as WCAG 2.1 counts it, 1 to 21."""
    light, dark = sorted(map(_luminance, (first, second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def ink_on(colour: str) -> str:
    """Return the colour of text that is read best on a colour."""
    return max(PAPER, INK, key=lambda ink: contrast(ink, colour))
