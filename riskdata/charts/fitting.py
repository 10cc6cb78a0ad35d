"""Text that fits: how wide it is in the house font, and where it may be broken into lines."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from riskdata.charts.style import FONT, LINE, TEXT

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

EM = 100  # points: size at which letters are measured

# A line may be broken after each of these: a word, with the number in front of it ("4 risker"), or
# the part of it before a hyphen or stroke; "2025-VB" is one piece, as is "riskgränsen 12" at the end.
_PIECE = re.compile(
    r"(?:\d+ (?:(?:av|of) \d+ )?)?(?:\S*?[^\W\d_]{3}[-/](?=\w{3})|\S+(?: \d+\.?$)?\s*)|\s+"
)
# Where a long word may be divided, the better first: after the s that joins a compound
# (Informations-säkerhets-klassning), else before the last consonant in front of a vowel.
_DIVISIONS = (
    re.compile(r"(?<=\w(?:ng|et|on|an|ed|nd|dd|rd)s)(?=[a-zåäö]{3})", re.IGNORECASE),
    re.compile(r"(?<=\w{3})(?=[bcdfghjklmnpqrstvwxz][aeiouyåäö]\w)", re.IGNORECASE),
)


def text_width(text: str, size: float = TEXT, bold: bool = False) -> float:
    """Return the width of a line of text in points; kerning, which only narrows it, is left out.

    >>> text_width("Mycket sannolikt") > text_width("Sannolikt")
    True
    """
    return size * sum(_advance(letter, bold) for letter in text)


@lru_cache(maxsize=10_000)
def _advance(letter: str, bold: bool) -> float:
    """Return the width of a letter as a share of the size of its text."""
    from matplotlib.ft2font import LoadFlags

    font = _font(bold)
    return font.load_char(ord(letter), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / EM


@lru_cache
def _font(bold: bool) -> FT2Font:
    from matplotlib.font_manager import FontProperties, findfont
    from matplotlib.ft2font import FT2Font

    font = FT2Font(findfont(FontProperties(family=FONT, weight="bold" if bold else "normal")))
    font.set_size(EM, 72)
    return font


def text_height(text: str, size: float = TEXT) -> float:
    """Return the height of wrapped text in points.

    >>> text_height("två\\nrader") == 2 * text_height("en rad")
    True
    """
    return (text.count("\n") + 1) * size * LINE


def block_width(text: str, size: float = TEXT, bold: bool = False) -> float:
    """Return the width of the widest line of wrapped text in points."""
    return max(text_width(line, size, bold) for line in text.split("\n"))


def pieces(text: str) -> list[str]:
    """Return the pieces between which a line may be broken.

    >>> pieces("4 risker i e-tjänster 2025-VB")
    ['4 risker', 'i', 'e-tjänster', '2025-VB']
    """
    return [piece.strip() for piece in _PIECE.findall(text)]


def wrap(text: str, width: float, *, size: float = TEXT, bold: bool = False) -> str:
    """Return text in lines that are no wider than ``width`` points; nothing is cut away.

    A word that is wider than a line is divided with a hyphen.

    >>> print(wrap("Samordning av dataskyddsfrågor", 60))
    Samordning
    av
    dataskydds-
    frågor
    """
    lines = [""]
    for piece in _PIECE.findall(text.strip()):
        if text_width((lines[-1] + piece).rstrip(), size, bold) <= width:
            lines[-1] += piece
        else:
            lines += _divided(piece, width, size, bold)
    return "\n".join(line.rstrip() for line in lines if line.strip())


def _divided(word: str, width: float, size: float, bold: bool) -> list[str]:
    parts = []
    while text_width(word.rstrip(), size, bold) > width and len(word) > 1:
        cut = _last_division(word, width, size, bold)
        parts.append(word[:cut] + "-")
        word = word[cut:]
    return [*parts, word]


def _last_division(word: str, width: float, size: float, bold: bool) -> int:
    def fits(cut: int) -> bool:
        return text_width(word[:cut] + "-", size, bold) <= width

    for rule in _DIVISIONS:
        if cuts := [m.start() for m in rule.finditer(word) if fits(m.start())]:
            return cuts[-1]
    return max((cut for cut in range(1, len(word)) if fits(cut)), default=1)
