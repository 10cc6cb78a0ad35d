"""The words on a page of a PDF, and the text of a cell: its lines joined where its width broke them."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate, islice, pairwise, takewhile
from statistics import median
from typing import NamedTuple

from riskdata.readers.grid import raised
from riskdata.words.spelling import is_swedish_word
from riskdata.words.vocabulary import vocabulary

_AFTER_HYPHEN = ("och", "eller", "samt", "respektive")  # "barn- och": a space belongs there
# No part of a broken word: of these, the word list, which is slow to load, need not be asked.
_WHOLE = re.compile("är|och|på|för|att|som|med|till|inte|utan|från|vid|eller")
_ENDINGS = ("en", "et", "er", "ar", "or", "an", "na", "de", "are")  # words, and more often endings
_SLACK = 0.7  # points between what a line has free and the letter that had no room
_SEVERAL = 9  # line ends: with fewer they tell nothing
_SPACED = 0.3  # of the lines end in a space: then every one does that ends between two words
_BROKEN = 0.6  # of the full lines end within a letter of the edge: words are broken anywhere
_ABOUT = '.,;:!?()"”'  # signs about a word
_PIECES = 5  # of a broken word
_HYPHENS = "-\u2010\u00ad"
_SMALL, _HIGH = 0.8, 0.15  # of the letter before: a digit so small and so much higher is raised


class Word(NamedTuple):
    """A printed word: where it stands, how wide its first letter is, if a space is before it.

    turned: 1 where it reads upwards, -1 downwards; ended: if a space is behind it;
    font: its name and size.
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    letter: float = 0.0
    spaced: bool = False
    turned: int = 0
    ended: bool = False
    font: tuple[str, int] = ("", 0)

    @property
    def middle(self) -> float:
        """Half way from left to right."""
        return (self.x0 + self.x1) / 2

    @property
    def centre(self) -> float:
        """Half way from top to bottom."""
        return (self.top + self.bottom) / 2

    def upright(self) -> "Word":
        """Return the word as it stands when the page is turned so that it can be read."""
        if self.turned > 0:
            return self._replace(x0=-self.bottom, x1=-self.top, top=self.x0, bottom=self.x1)
        if self.turned < 0:
            return self._replace(x0=self.top, x1=self.bottom, top=-self.x1, bottom=-self.x0)
        return self


Line = list[Word]


def to_lines(words: Iterable[Word]) -> list[Line]:
    """Return the words line by line from the top, each line from the left."""
    lines: list[Line] = []
    for word in sorted(words, key=lambda w: (w.centre, w.x0)):
        if lines and word.centre < lines[-1][0].bottom and lines[-1][0].centre > word.top:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda w: w.x0) for line in lines]


# -- the words on a page -------------------------------------------------------------------------


def words_on(page) -> list[Word]:
    """Return the words of a pdfplumber page, turned ones too, and the values of its form's fields."""
    _raise_digits(page.chars)
    blank = [c for c in page.chars if c["text"] in " \xa0"]
    spaces = {(round(c[side]), round(c["top"]), side) for c in blank for side in ("x0", "x1")}
    is_down = any(c["matrix"][1] < 0 for c in page.chars if not c["upright"])
    found = page.extract_words(
        x_tolerance_ratio=0.15,
        return_chars=True,
        char_dir_rotated="ttb" if is_down else "btt",
        line_dir_rotated="rtl" if is_down else "ltr",
    )
    words = [_word(each, spaces, -1 if is_down else 1) for each in found if each["text"].strip()]
    return words + [word for field in page.annots if (word := _field(field))]


def _word(found: dict, spaces: set[tuple[int, int, str]], turned: int) -> Word:
    first, y = found["chars"][0], found["top"]
    before, behind = (_touches(spaces, found[x], y, end) for x, end in (("x0", "x1"), ("x1", "x0")))
    place = (found[side] for side in ("x0", "x1", "top", "bottom"))
    turned = 0 if first["upright"] else turned
    font = first.get("fontname", ""), round(first["size"])
    return Word(found["text"], *place, first["width"], before, turned, behind, font)


def _touches(spaces: set[tuple[int, int, str]], x: float, y: float, side: str) -> bool:
    """Return whether a space ends or begins at a place; a sign's box may be a point off."""
    near = (-1, 0, 1)
    return any((round(x) + dx, round(y) + dy, side) in spaces for dx in near for dy in near)


def _raise_digits(chars: list[dict]) -> None:
    """Make the raised digits of footnotes what they are: as plain ones they would change a number."""
    usual = median(char["size"] for char in chars) if chars else 0
    for sign in [c for c in chars if c["text"] in "0123456789" and c["size"] < _SMALL * usual]:
        if any(_is_raised(sign, char) for char in chars if char["text"].strip()):
            sign["text"] = raised(sign["text"])


def _is_raised(sign: dict, before: dict) -> bool:
    size, top, bottom = before["size"], before["top"], before["bottom"]
    is_behind = abs(sign["x0"] - before["x1"]) < 0.4 * size and sign["size"] < _SMALL * size
    return is_behind and top - size < sign["top"] and top < sign["bottom"] < bottom - _HIGH * size


def _field(annotation: dict) -> Word | None:
    """Return what is filled in in a form's field: its text, or ☑ or ☐."""
    from pdfplumber.utils.pdfinternals import resolve_and_decode

    kind, value, state = (resolve_and_decode(annotation["data"].get(k)) for k in ("FT", "V", "AS"))
    if kind == "Btn":
        text = "☐" if (state or value or "Off") == "Off" else "☑"
    else:
        text = " ".join(str(value or "").split()) if kind in ("Tx", "Ch") else ""
    place = (annotation[side] for side in ("x0", "x1", "top", "bottom"))
    return Word(text, *place) if text else None


# -- the text of a cell --------------------------------------------------------------------------


class Known(NamedTuple):
    """What tells whether two lines' ends are one word.

    whole: words that the table prints whole; broken: whether words are broken anywhere, without a
    hyphen; spaces: whether a line that ends between two words has a space at its end.
    """

    whole: frozenset[str] = frozenset()
    broken: bool = False
    spaces: bool = False

    def shows(self, word: str) -> bool:
        """Return whether a word stands whole elsewhere in the table, or in the vocabulary."""
        return _bare(word) in self.whole or _bare(word) in _vocabulary_words()

    def has(self, word: str) -> bool:
        """Return whether a word is shown or stands in the Swedish word list."""
        return self.shows(word) or is_swedish_word(_bare(word))


def known_words(cells: Iterable[tuple[list[Line], float]]) -> Known:
    """Return what tells broken words in a table, of its cells' lines and how far those reach."""
    whole, ends, spaces = set(), [], []
    for lines, right in cells:
        # A long word is broken on a line of its own, and its rest begins the next.
        begun = lines[0][:1] if lines and len(lines[0]) > 1 else []
        ended = lines[-1][1:][-1:] if lines else []
        inner = [word for line in lines for word in line[1:-1]]
        whole |= {_bare(word.text) for word in [*begun, *inner, *ended]}
        full = [(a, b[0]) for a, b in pairwise(lines) if is_full(a, b[0], right)]
        ends += [_is_filled(line, first, right) for line, first in full]
        spaces += [line[-1].ended for line, _ in full if line[-1].text[-1].isalpha()]
    broken = len(ends) > _SEVERAL and sum(ends) > _BROKEN * len(ends)
    spaced = len(spaces) > _SEVERAL and sum(spaces) > _SPACED * len(spaces)
    return Known(frozenset(whole), broken, spaced)


def cell_text(
    words: Iterable[Word], right: float, known: Known
) -> tuple[str, list[tuple[str, str]]]:
    """Return the text of a cell, and the words in it that were put together, as (rule, word).

    right: how far the lines of its column reach. A line that the column's width broke is joined to
    the next; one that ends although the next word had room was ended on purpose and keeps its line
    break. A word broken in two is joined where something tells that it is one:
    ``hyphen_joined``; ``word_joined`` is a guess.

    >>> cell_text([Word("Lek-", 0, 20, 0, 9), Word("plats", 0, 35, 10, 19)], 40, Known({"lekplats"}))
    ('Lekplats', [('hyphen_joined', 'Lekplats')])
    """
    words = list(words)
    if any(word.turned for word in words):
        words = [word.upright() for word in words]
        right = max(word.x1 for word in words)
    lines, joined = to_lines(words), []
    text = " " if lines and lines[0][0].spaced else ""
    text += " ".join(word.text for line in lines[:1] for word in line)
    rule = pieces = ""  # of a word that goes on over more lines, those that are still to come
    for n, following in enumerate(lines[1:]):
        start, first = text.split()[-1], following[0]
        between = ""
        if pieces:
            joined.pop()
        else:
            between, rule, pieces = _between(lines[n:], start, right, known)
        if rule:
            text = text.rstrip(_HYPHENS)
            whole = start.rstrip(_HYPHENS) + between + first.text
            joined.append((rule, whole.strip(_ABOUT)))
        pieces = pieces.removeprefix(first.text)
        text += between + " ".join(word.text for word in following)
    return text, joined


def is_full(line: Line, first: Word, right: float) -> bool:
    """Return whether a line ends because the next word had no room on it."""
    width = first.x1 - first.x0
    return line[-1].x1 + width * (1 + 1 / len(first.text)) >= right - 1


def _is_filled(line: Line, first: Word, right: float) -> bool:
    """Return whether a line ends because the next letter had no room on it."""
    return right - line[-1].x1 < max(first.letter, 1) + _SLACK


def _bare(text: str) -> str:
    """Return a word without a number before it and signs about it, and without capitals."""
    return re.sub(r"^\d+\.", "", text.strip(_ABOUT).casefold())


def _between(lines: list[Line], start: str, right: float, known: Known) -> tuple[str, str, str]:
    """Return what stands between a cell's first two lines, the rule if a word was put together.

    start: the word that the first line ends with, whole if it was itself put together. Two words
    that are words themselves stay two. Returned is also what the word goes on with.
    """
    line, rest = lines[0], lines[1][0].text
    last = line[-1].text
    if not is_full(line, lines[1][0], right):
        return "\n", "", ""
    if last[-1] in _HYPHENS and last[-2:-1].isalpha() and rest[0].isalpha():
        return *_after_hyphen(last.rstrip(_HYPHENS), last[-1], rest, known), rest
    if not _may_break(line, lines[1][0], right, known):
        return " ", "", ""
    pieces = takewhile(
        lambda two: len(two[0]) == 1 and _may_break(two[0], two[1][0], right, known),
        pairwise(lines[1:]),
    )
    firsts = [rest, *(following[0].text for _, following in islice(pieces, _PIECES - 1))]
    for ending in reversed([*accumulate(firsts)]):
        if known.has(start + ending):
            is_start = known.has(start) if ending == rest else known.shows(start)
            if known.shows(start + ending) or not (is_start and known.has(ending)):
                return "", "hyphen_joined", ending
            if known.broken or ending in _ENDINGS:
                return "", "word_joined", ending
    is_start = known.has(start)
    if (known.broken or not is_start) and not known.has(rest):
        return "", "word_joined", rest
    if known.broken and not is_start:
        return ("" if start.islower() else " "), "word_joined", rest
    return " ", "", ""


def _may_break(line: Line, first: Word, right: float, known: Known) -> bool:
    """Return whether a word may go on from a line to the next."""
    last = line[-1]
    may_be = not last.ended if known.spaces else len(line) == 1 or known.broken
    in_word = may_be and last.text[-1].isalpha() and first.text[0].islower()
    is_whole = any(map(_WHOLE.fullmatch, (last.text, first.text)))
    is_filled = is_full(line, first, right) and _is_filled(line, first, right)
    return in_word and is_filled and not is_whole


def _after_hyphen(stem: str, hyphen: str, rest: str, known: Known) -> tuple[str, str]:
    if rest in _AFTER_HYPHEN:
        return " ", ""
    is_whole = _bare(f"{stem}-{rest}") in known.whole or stem.isupper() or len(stem) == 1
    if hyphen == "-" and (is_whole or not rest[0].islower()):
        return "", ""  # the hyphen is the word's own
    return "", "hyphen_joined" if known.has(stem + rest) else "word_joined"


@lru_cache(maxsize=1)
def _vocabulary_words() -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]{2,}", str(vocabulary().words).casefold()))
