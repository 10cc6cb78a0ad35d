"""Text that fits: how wide it is in the house font, and where it may be broken into lines."""

from __future__ import annotations

import re
from functools import lru_cache

from riskdata.charts.style import FONT, LINE, TEXT

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


def text_width(text: str, size: float = TEXT, bold: bool = False) -> float:
    """Return the width of a line of text in points; kerning, which only narrows it, is left out."""
    return size * sum(_advance(letter, bold) for letter in text)


@lru_cache(maxsize=10_000)
def _advance(letter: str, bold: bool) -> float:
    """Return the width of a letter as a share of the size of its text."""
    from matplotlib.font_manager import FontProperties, findfont, get_font
    from matplotlib.ft2font import LoadFlags

    font = get_font(findfont(FontProperties(family=FONT, weight="bold" if bold else "normal")))
    glyph = font.load_char(ord(letter), LoadFlags.NO_SCALE)
    return glyph.horiAdvance / font.units_per_EM


def text_height(text: str, size: float = TEXT) -> float:
    """Return the height of wrapped text in points."""
    return (text.count("\n") + 1) * size * LINE


def block_width(text: str, size: float = TEXT, bold: bool = False) -> float:
    """Return the width of the widest line of wrapped text in points."""
    return max(text_width(line, size, bold) for line in text.split("\n"))


def wrap(text: str, width: float, *, size: float = TEXT, bold: bool = False) -> str:
    """Return text in lines that are no wider than ``width`` points; nothing is cut away.

    A word that is wider than a line is divided with a hyphen.

    >>> print(wrap("Samordning av dataskyddsfrågor", 60))
    Samordning
    av
    dataskydds-
    frågor
    """

    def fits(line: str) -> bool:
        return text_width(line.rstrip(), size, bold) <= width

    lines = [""]
    for piece in _PIECE.findall(text.strip()):
        if fits(lines[-1] + piece):
            lines[-1] += piece
            continue
        while not fits(piece) and len(piece) > 1:
            cuts = ([m.start() for m in rule.finditer(piece)] for rule in _DIVISIONS)
            cuts = ([cut for cut in some if fits(piece[:cut] + "-")] for some in cuts)
            cut = next(filter(None, cuts), [1])[-1]
            lines.append(piece[:cut] + "-" * (piece[cut - 1] != " "))
            piece = piece[cut:]
        lines.append(piece)
    return "\n".join(line.rstrip() for line in lines if line.strip())
