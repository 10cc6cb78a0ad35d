"""The words on a page of a PDF, and the text of a cell: its lines joined where its width broke them."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice, pairwise, takewhile
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
_ON = 0.8  # of a line's height: a line that begins above so much of another stands on it
_OVER = 0.03  # share of letters that another line stands on: with more a page cannot be read
_SEVERAL = 9  # line ends: with fewer they tell nothing
_SPACED = 0.3  # of the lines end in a space: then every one does that ends between two words
_BROKEN = 0.6  # of the full lines end within a letter of the edge: words are broken anywhere
_ABOUT = '.,;:!?()"”'  # signs about a word
_PIECES = 5  # of a broken word, below its first one
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
    return words + [word for field in page.annots if (word := _field(field)).text]


def is_overprinted(page) -> bool:
    """Return whether lines of a page stand on each other, as texts do that are longer than their cell."""
    lines: dict[int, list[dict]] = defaultdict(list)
    for char in page.chars:
        if char["upright"] and char["text"].strip():
            lines[round(char["top"])].append(char)
    over = 0
    for top, chars in lines.items():
        reach = range(top + 1, top + round(_ON * chars[0]["height"]))
        below = sorted((c["x0"] + c["x1"]) / 2 for at in reach for c in lines.get(at, ()))
        over += sum(bisect_left(below, c["x0"]) < bisect_left(below, c["x1"]) for c in chars)
    return over > max(_OVER * len(page.chars), _SEVERAL)


def _word(found: dict, spaces: set[tuple[int, int, str]], turned: int) -> Word:
    first, y = found["chars"][0], round(found["top"])

    def touches(side: str, end: str) -> bool:
        """Return whether a space ends or begins at a side; a sign's box may be a point off."""
        x = round(found[side])
        return any((x + dx, y + dy, end) in spaces for dx in (0, -1, 1) for dy in (0, -1, 1))

    return Word(
        *(found[key] for key in ("text", "x0", "x1", "top", "bottom")),
        letter=first["width"],
        spaced=touches("x0", "x1"),
        turned=0 if first["upright"] else turned,
        ended=touches("x1", "x0"),
        font=(first.get("fontname", ""), round(first["size"])),
    )


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


def _field(annotation: dict) -> Word:
    """Return what is filled in in a form's field: its text, or ☑ or ☐."""
    from pdfplumber.utils.pdfinternals import resolve_and_decode

    kind, value, state = (resolve_and_decode(annotation["data"].get(k)) for k in ("FT", "V", "AS"))
    text = " ".join(str(value or "").split()) if kind in ("Tx", "Ch") else ""
    if kind == "Btn":
        text = "☐" if (state or value or "Off") == "Off" else "☑"
    return Word(text, *(annotation[side] for side in ("x0", "x1", "top", "bottom")))


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
        for n, line in enumerate(lines):
            # A word that begins a line may be the rest of one above, one that ends it the begin.
            inner = line[n > 0 : len(line) - (n + 1 < len(lines))] if len(line) > 1 else []
            whole |= {_bare(word.text) for word in inner}
        for line, (first, *_) in pairwise(lines):
            if is_full(line, first, right):
                ends.append(_is_filled(line, first, right))
                spaces += [line[-1].ended] if line[-1].text[-1].isalpha() else []
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
    lines, joined, n = to_lines(words), [], 0
    if not lines:
        return "", []
    text = " " * lines[0][0].spaced + " ".join(word.text for word in lines[0])
    while n + 1 < len(lines):
        start = text.split()[-1]
        between, rule, count = _between(lines[n:], start, right, known)
        n += count
        ending = "".join(line[0].text for line in lines[n - count + 1 : n + 1])
        if rule:
            text = text.rstrip(_HYPHENS)
            whole = start.rstrip(_HYPHENS) + between + ending
            joined.append((rule, whole.strip(_ABOUT)))
        text += " ".join([between + ending, *(word.text for word in lines[n][1:])])
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


def _between(lines: list[Line], start: str, right: float, known: Known) -> tuple[str, str, int]:
    """Return what stands between a cell's first two lines, and how a word was put together.

    start: the word that the first line ends with. How: by which rule, "" where it was not, and of
    the beginnings of how many lines. Two words that are words themselves stay two.
    """
    line, first = lines[0], lines[1][0]
    last, rest = line[-1].text, first.text
    full = is_full(line, first, right)
    if last[-1] in _HYPHENS and last[-2:-1].isalpha() and rest[0].isalpha():
        between, rule = _after_hyphen(last.rstrip(_HYPHENS), last[-1], rest, known)
        if full or rule == "hyphen_joined":
            return between, rule, 1
    if not full:
        return "\n", "", 1
    if not _may_break(line, first, right, known):
        return " ", "", 1
    goes_on = takewhile(
        lambda two: len(two[0]) == 1 and _may_break(two[0], two[1][0], right, known),
        pairwise(lines[1:]),
    )
    for count in range(1 + len([*islice(goes_on, _PIECES - 1)]), 0, -1):
        ending = "".join(below[0].text for below in lines[1 : count + 1])
        if known.has(start + ending):
            is_start = known.has(start) if count == 1 else known.shows(start)
            told = known.spaces or known.shows(start + ending)  # a space would part two words
            if told or not (is_start and known.has(ending)):
                return "", "hyphen_joined", count
            if known.broken or ending in _ENDINGS:
                return "", "word_joined", count
    is_start = known.has(start)
    if (known.broken or not is_start) and not known.has(rest):
        return "", "word_joined", 1
    if known.broken and not is_start:
        return ("" if start.islower() else " "), "word_joined", 1
    return " ", "", 1


def _may_break(line: Line, first: Word, right: float, known: Known) -> bool:
    """Return whether a word may go on from a line to the next."""
    last = line[-1]
    may_be = not last.ended if known.spaces else len(line) == 1 or known.broken
    in_word = may_be and last.text[-1].isalpha() and first.text[0].islower()
    is_whole = any(map(_WHOLE.fullmatch, (last.text, first.text)))
    return in_word and not is_whole and _is_filled(line, first, right)


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
