"""The house style of the charts: colours, hatches, text that fits, and settings and words for one's own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import AbstractContextManager
from functools import lru_cache
from itertools import cycle
from typing import TYPE_CHECKING

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
EVEN = 0.2016  # the luminance of a colour on which PAPER and INK are read equally well


def _fill(colour: str, hatch: str = "", outline: str | tuple = "-") -> dict:
    """Return how an area is told from its neighbours, as matplotlib's properties of a patch."""
    shape = {"facecolor": colour, "hatch": hatch, "linestyle": outline}
    return {**shape, "edgecolor": INK, "linewidth": 0.8}


_SOLID = ("control_plan", "high", "reaching", "count", "raised", "unfinished")
FILLS = {
    **dict.fromkeys(_SOLID, _fill(DARK)),
    **dict.fromkeys(("risk_analysis", "low", "under", "new", "finished"), _fill(LIGHT, "////")),
    **dict.fromkeys(("accept", "unchanged", "cancelled"), _fill(PALE, "....")),
    **dict.fromkeys(("unknown", "missing"), _fill(PAPER, "", (0, (2, 1.5)))),
    "before": _fill(LIGHT),
    "lowered": _fill(MEDIUM, "\\\\\\\\"),
    "gone": _fill(PAPER, "xxx"),
    "overdue": _fill(DEEP, "xxx"),
}
_SPARE = (_fill(PALE, "xxx"), _fill(MEDIUM, "\\\\\\\\"), _fill(LIGHT, "||||"), _fill(PALE, "----"))


def fills(codes: Iterable[str]) -> dict[str, dict]:
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

    They are: font and sizes at 16 cm, the house's colours as the cycle of colours, outlined bars,
    no frame, a quiet grid.

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

    Codes are ordered categoricals of words, periods ordered categoricals, so that seaborn draws
    them in their right order; those that do not occur are left out.

    table : any table of the tidy columns, or of what the functions here return.
    language : "sv" or "en".

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
    codes, column = values.astype("object"), re.sub("_(before|after)$", "", str(values.name))
    if known := words(language)["values"].get(column):
        return codes.map(lambda code: known.get(code, code), "ignore")
    if order := _ORDERS.get(column) or schema.codes(column):
        values = schema.ordered(codes, order)
    if values.dtype != "category":
        return values
    present = values.cat.remove_unused_categories().cat.categories
    names = {code: label(code, language, board) for code in present}
    return schema.ordered(codes.map(names, "ignore"), dict.fromkeys(names.values()))


_ORDERS = {  # columns of codes of the project's own → their order
    "change": ("raised", "new", "lowered", "unchanged", "unknown", "gone"),
    "verdict": ("unfinished", "overdue", "unknown", "finished", "cancelled"),
}


def ink_on(colour: str) -> str:
    """Return the colour of text that is read best on a colour, by its luminance as WCAG counts it."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    light = sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return INK if light > EVEN else PAPER


# A line may be broken after each of these: a word, with the number in front of it ("4 risker"), or
# the part of it before a hyphen or stroke; "2025-VB" is one piece, as is "riskgränsen 12" at the end.
_PIECE = re.compile(
    r"(?:\d+ (?:(?:av|of) \d+ )?)?(?:\S*?[^\W\d_]{3}[-/](?=\w{3})|\S+(?: \d+\.?$)?\s*)|\s+"
)
# Where a piece too wide for a line may be divided, the better first: at a space, after the s that
# joins a compound (Informations-säkerhets-), before the consonant in front of a vowel, anywhere.
_DIVISIONS = (
    re.compile(r"(?<= )(?=\S)"),
    re.compile(r"(?<=\w(?:ng|et|on|an|ed|nd|dd|rd)s)(?=[a-zåäö]{3})", re.IGNORECASE),
    re.compile(r"(?<=\w{3})(?=[bcdfghjklmnpqrstvwxz][aeiouyåäö]\w)", re.IGNORECASE),
    re.compile(r"(?<=.)(?=.)"),
)


@lru_cache(maxsize=10_000)
def _advance(letter: str, bold: bool) -> float:
    """Return the width of a letter as a share of the size of its text."""
    from matplotlib.font_manager import FontProperties, findfont, get_font
    from matplotlib.ft2font import LoadFlags

    font = get_font(findfont(FontProperties(family=FONT, weight="bold" if bold else "normal")))
    return font.load_char(ord(letter), LoadFlags.NO_SCALE).horiAdvance / font.units_per_EM


def text_width(text: str, size: float = TEXT, bold: bool = False) -> float:
    """Return the width of the widest line of a text in points; kerning, which narrows it, is left out."""
    lines = text.split("\n")
    return size * max(sum(_advance(letter, bold) for letter in line) for line in lines)


def text_height(text: str, size: float = TEXT) -> float:
    """Return the height of wrapped text in points."""
    return (text.count("\n") + 1) * size * LINE


def wrap(text: str, width: float, *, size: float = TEXT, bold: bool = False) -> str:
    """Return text in lines that are no wider than ``width`` points; nothing is cut away.

    A word that is wider than a line is divided with a hyphen.

    >>> wrap("Samordning av dataskyddsfrågor", 60).split("\\n")
    ['Samordning', 'av', 'dataskydds-', 'frågor']
    """

    def fits(line: str) -> bool:
        return text_width(line.rstrip(), size, bold) <= width

    lines = [""]
    for piece in _PIECE.findall(text.strip()):
        if fits(lines[-1] + piece):
            lines[-1] += piece
            continue
        while not fits(piece) and len(piece) > 1:
            ways = ([m.start() for m in rule.finditer(piece)] for rule in _DIVISIONS)
            cuts = ([cut for cut in way if fits(piece[:cut] + "-")] for way in ways)
            cut = next(filter(None, cuts), [1])[-1]
            lines.append(piece[:cut] + "-" * (piece[cut - 1] != " "))
            piece = piece[cut:]
        lines.append(piece)
    return "\n".join(line.rstrip() for line in lines if line.strip())
