"""The house style of the charts: colours, hatches, sizes, and the settings and words of one's own."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from itertools import cycle
from typing import TYPE_CHECKING, NamedTuple

from riskdata.errors import ChoiceError
from riskdata.tables.schema import ordered
from riskdata.words.language import board_of, heading, label, words
from riskdata.words.vocabulary import COLOURS, vocabulary

if TYPE_CHECKING:
    import pandas as pd

FONT = "DejaVu Sans"
TEXT, STRONG, TITLE = 9, 11, 11  # points at the size at which the chart is printed
LINE = 1.2  # line spacing: height of a line as a share of the size of its text
WIDTHS = {"full": 16 / 2.54 * 72, "half": 8 / 2.54 * 72}  # points: text width of A4, and half
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
    "reaching": SOLID,
    "under": STRIPED,
    "count": SOLID,
    "before": Fill(LIGHT),
    "raised": SOLID,
    "new": STRIPED,
    "lowered": Fill(MEDIUM, "\\\\\\\\"),
    "unchanged": DOTTED,
    "gone": Fill(PAPER, "xxx"),
    "unfinished": SOLID,
    "overdue": Fill(DEEP, "xxx"),
    "finished": STRIPED,
    "cancelled": DOTTED,
    "unknown": UNKNOWN,
    "missing": UNKNOWN,
}
_SPARE = (Fill(PALE, "xxx"), Fill(MEDIUM, "\\\\\\\\"), Fill(LIGHT, "||||"), Fill(PALE, "----"))


def fills(codes: Iterable[str]) -> dict[str, Fill]:
    """Return a fill for each code; those of a municipality's own get one of the spare fills.

    >>> fills(["accept", "transfer"])["transfer"].hatch
    'xxx'
    """
    spare = cycle(_SPARE)
    return {code: FILLS.get(code) or next(spare) for code in codes}


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
        "figure.figsize": (WIDTHS["full"] / 72, 3.5),
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
    board = board_of(table)
    printed = {column: _printed(table[column], language, board) for column in table}
    heads = [heading(str(column), language, board) for column in table]
    return table.assign(**printed).set_axis(heads, axis="columns")


def _printed(values: pd.Series, language: str, board: str) -> pd.Series:
    import pandas as pd

    column = str(values.name)
    if known := words(language)["values"].get(column):
        return values.astype("object").map(lambda code: known.get(code, code), "ignore")
    if column in _ORDERED:
        values = ordered(values.astype("object"), _ORDERED[column]())
    if not isinstance(values.dtype, pd.CategoricalDtype):
        return values
    known = values.cat.remove_unused_categories().cat.categories
    names = {code: label(code, language, board) for code in known}
    return ordered(values.astype("object").map(names, "ignore"), dict.fromkeys(names.values()))


def _decisions() -> Iterable[str]:
    return vocabulary().codes("decisions")


_ORDERED = {  # columns of codes that may come as texts → their order
    "decision": _decisions,
    "decision_before": _decisions,
    "decision_after": _decisions,
    "status": lambda: vocabulary().codes("statuses"),
    "change": lambda: ("raised", "new", "lowered", "unchanged", "unknown", "gone"),
    "verdict": lambda: ("unfinished", "overdue", "unknown", "finished", "cancelled"),
}


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
