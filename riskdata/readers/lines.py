"""Words placed on a page → lines, and the text of a cell whose lines a narrow column has broken."""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

_AFTER_HYPHEN = ("och", "eller", "samt", "respektive")  # "barn- och": a space belongs there


class Word(NamedTuple):
    """A printed word: where it stands, how wide its first letter is, if a space is before it."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    letter: float = 0.0
    spaced: bool = False

    @property
    def middle(self) -> float:
        """Half way from left to right."""
        return (self.x0 + self.x1) / 2

    @property
    def centre(self) -> float:
        """Half way from top to bottom."""
        return (self.top + self.bottom) / 2


Line = list[Word]


def words_on(page) -> list[Word]:
    """Return the words of a pdfplumber page."""
    spaces = {(round(c["x1"]), round(c["top"])) for c in page.chars if c["text"] in " \xa0"}
    return [
        Word(
            w["text"],
            w["x0"],
            w["x1"],
            w["top"],
            w["bottom"],
            w["chars"][0]["width"],
            _follows(spaces, w),
        )
        for w in page.extract_words(x_tolerance_ratio=0.15, return_chars=True)
        if w["text"].strip()
    ]


def to_lines(words: Iterable[Word]) -> list[Line]:
    """Return the words line by line from the top, each line from the left."""
    lines: list[Line] = []
    for word in sorted(words, key=lambda w: (w.centre, w.x0)):
        if lines and word.centre < lines[-1][0].bottom and lines[-1][0].centre > word.top:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda w: w.x0) for line in lines]


def cell_text(words: Iterable[Word], right: float, whole: set[str] = frozenset()) -> str:
    """Return the text of a cell; ``right`` is how far the lines of its column reach.

    A line that the column's width broke is joined to the next; one that ends although the next
    word had room was ended on purpose and keeps its line break. A word that fills the column
    alone is joined to what follows it, as a long word broken in two, unless either is known whole.

    >>> cell_text([Word("Lek-", 0, 20, 0, 9), Word("platser", 0, 35, 10, 19)], right=40)
    'Lek-platser'
    """
    lines = to_lines(words)
    if not lines:
        return ""
    text = " " if lines[0][0].spaced else ""
    text += _line_text(lines[0])
    for line, following in pairwise(lines):
        text += _between(line, following[0], right, whole) + _line_text(following)
    return text


def is_full(line: Line, first: Word, right: float) -> bool:
    """Return whether a line ends because the next word had no room on it."""
    width = first.x1 - first.x0
    return line[-1].x1 + width * (1 + 1 / len(first.text)) >= right - 1


def whole_words(lines: list[Line]) -> set[str]:
    """Return the words of a cell that cannot be parts of a word broken in two."""
    # A long word is broken on a line of its own, and its rest begins the next.
    begun = lines[0][:1] if lines and len(lines[0]) > 1 else []
    return {bare(word.text) for word in [*begun, *(w for line in lines for w in line[1:])]}


def bare(text: str) -> str:
    """Return a word without the signs about it and without capitals."""
    return text.strip('.,;:!?()"”').casefold()


def _line_text(line: Line) -> str:
    return " ".join(word.text for word in line)


def _between(line: Line, first: Word, right: float, whole: set[str]) -> str:
    """Return what stands between two lines of a cell: a space, a line break or nothing."""
    last = line[-1]
    if not is_full(line, first, right):
        return "\n"
    if last.text.endswith("-") and last.text[-2:-1].isalpha() and first.text[0].isalpha():
        return " " if first.text in _AFTER_HYPHEN else ""
    fills = len(line) == 1 and right - last.x1 < first.letter
    letters = last.text[-1].isalpha() and first.text[0].islower()
    alone = whole.isdisjoint((bare(last.text), bare(first.text)))
    broken = fills and letters and (alone or bare(last.text + first.text) in whole)
    return "" if broken else " "


def _follows(spaces: set[tuple[int, int]], word: dict) -> bool:
    """Return whether a space ends where the word begins; a sign's box may be a point off."""
    x, y = round(word["x0"]), round(word["top"])
    return any((x + dx, y + dy) in spaces for dx in (-1, 0, 1) for dy in (-1, 0, 1))
