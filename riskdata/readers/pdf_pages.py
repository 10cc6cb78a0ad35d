"""Words on the pages of a PDF → the text of cells, and a table's parts on several pages → one grid."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from riskdata.readers.grid import (
    RAISED,
    Cell,
    Grid,
    Merge,
    Spans,
    Title,
    with_titles,
    without_blank_rows,
)
from riskdata.words.spelling import is_swedish_word
from riskdata.words.vocabulary import vocabulary

_AFTER_HYPHEN = ("och", "eller", "samt", "respektive")  # "barn- och": a space belongs there
# No part of a broken word: of these, the word list, which is slow to load, need not be asked.
_WHOLE = (
    "är",
    "och",
    "på",
    "för",
    "att",
    "som",
    "med",
    "till",
    "inte",
    "utan",
    "från",
    "vid",
    "eller",
)
_ENDINGS = ("en", "et", "er", "ar", "or", "an", "na", "de", "are")  # words, and more often endings
_ASK = "?"  # between two lines: only the words can tell
_SLACK = 0.7  # points between what a line has free and the letter that had no room
_PIECES = 5  # of a broken word
_HYPHENS = "-\u2010\u00ad"
_ALWAYS = 0.8  # of the rows, of which some are lower parts of others
_WIDOW = 1.6  # times a line's height: a line above the lowest
_PAGE = 100_000.0  # points: further down than any page reaches
_SMALL, _HIGH = 0.8, 0.15  # of the letter before: a digit so small and so much higher is raised
_SEVERAL = 9  # line ends: with fewer they tell nothing
_SPACED = 0.3  # of the lines end in a space: then every one does that ends between two words
_BROKEN = 0.6  # of the full lines end within a letter of the edge: words are broken anywhere


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


@dataclass(frozen=True)
class PageCell:
    """A cell on a page: its words, its column, and how many rows and columns it stretches over."""

    words: list[Word]
    column: int
    down: int = 1
    across: int = 1


@dataclass(frozen=True)
class PageTable:
    """A table on one page: where it stands, its columns' left edges, its rows of cells.

    rights: its columns' right edges, where lines tell them.
    open: the columns whose last cell has no line below although others have: it may go on on the
    next page.
    """

    top: float
    bottom: float
    lefts: tuple[float, ...]
    rows: list[list[PageCell]]
    rights: tuple[float, ...] = ()
    open: frozenset[int] = frozenset()


# -- words and lines -----------------------------------------------------------------------------


def words_on(page) -> list[Word]:
    """Return the words of a pdfplumber page, turned ones in one piece, and its fields' values."""
    _raise_digits(page.chars)
    blank = [c for c in page.chars if c["text"] in " \xa0"]
    spaces = {(round(c[side]), round(c["top"]), side) for c in blank for side in ("x0", "x1")}
    words = _extract(page.filter(lambda o: o.get("upright", True)), spaces, 0)
    if any(not char["upright"] for char in page.chars):
        up = page.filter(lambda o: not o.get("upright", True) and o["matrix"][1] > 0)
        down = page.filter(lambda o: not o.get("upright", True) and o["matrix"][1] < 0)
        words += _stacked(_extract(up, spaces, 1, char_dir_rotated="btt", line_dir_rotated="ltr"))
        words += _stacked(
            _extract(down, spaces, -1, char_dir_rotated="ttb", line_dir_rotated="rtl")
        )
    return words + [word for field in page.annots if (word := _field(field))]


def _extract(page, spaces: set[tuple[int, int, str]], turned: int, **directions: str) -> list[Word]:
    found = page.extract_words(x_tolerance_ratio=0.15, return_chars=True, **directions)
    return [
        Word(
            w["text"], w["x0"], w["x1"], w["top"], w["bottom"],
            w["chars"][0]["width"], _touches(spaces, w["x0"], w["top"], "x1"), turned,
            _touches(spaces, w["x1"], w["top"], "x0"),
            (w["chars"][0].get("fontname", ""), round(w["chars"][0]["size"])),
        )
        for w in found
        if w["text"].strip()
    ]  # fmt: skip


def _raise_digits(chars: list[dict]) -> None:
    """Make the raised digits of footnotes what they are: as plain ones they would change a number."""
    usual = median(char["size"] for char in chars) if chars else 0
    for sign in [c for c in chars if c["text"] in "0123456789" and c["size"] < _SMALL * usual]:
        if any(_is_raised(sign, char) for char in chars if char["text"].strip()):
            sign["text"] = sign["text"].translate(RAISED)


def _is_raised(sign: dict, before: dict) -> bool:
    near = abs(sign["x0"] - before["x1"]) < 0.4 * before["size"]
    higher = before["top"] - before["size"] < sign["top"] and (
        sign["bottom"] < before["bottom"] - _HIGH * before["size"]
    )
    return (
        near
        and higher
        and sign["bottom"] > before["top"]
        and sign["size"] < _SMALL * before["size"]
    )


def _stacked(words: list[Word]) -> list[Word]:
    """Return turned words, those that stand one after the other in one piece."""
    pieces: list[Word] = []
    for word in sorted(words, key=lambda w: (round(w.x0), w.upright().x0)):
        last = pieces[-1] if pieces else None
        size = word.x1 - word.x0
        if last and abs(last.x0 - word.x0) < 2 and word.upright().x0 - last.upright().x1 < size:
            top, bottom = min(last.top, word.top), max(last.bottom, word.bottom)
            pieces[-1] = last._replace(text=f"{last.text} {word.text}", top=top, bottom=bottom)
        else:
            pieces.append(word)
    return pieces


def _field(annotation: dict) -> Word | None:
    """Return what is filled in in a form's field: its text, or ☑ or ☐."""
    data = annotation["data"]
    kind, value = _name(data.get("FT")), data.get("V")
    if kind == "Btn":
        text = "☐" if _name(data.get("AS") or value or "Off") == "Off" else "☑"
    else:
        text = " ".join(_name(value).split()) if kind in ("Tx", "Ch") else ""
    x0, x1, top, bottom = (annotation[key] for key in ("x0", "x1", "top", "bottom"))
    return Word(text, x0, x1, top, bottom) if text else None


def _name(value: object) -> str:
    """Return a PDF's name or text as text."""
    value = getattr(value, "name", value)
    if isinstance(value, bytes):
        is_wide = value.startswith((b"\xfe\xff", b"\xff\xfe"))
        return value.decode("utf-16" if is_wide else "cp1252", "replace")
    return str(value or "")


def to_lines(words: Iterable[Word]) -> list[Line]:
    """Return the words line by line from the top, each line from the left."""
    lines: list[Line] = []
    for word in sorted(words, key=lambda w: (w.centre, w.x0)):
        if lines and word.centre < lines[-1][0].bottom and lines[-1][0].centre > word.top:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda w: w.x0) for line in lines]


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
        word = re.sub(r"^\d+\.", "", bare(word))
        return word in self.whole or word in _vocabulary_words()

    def has(self, word: str) -> bool:
        """Return whether a word is shown or stands in the Swedish word list."""
        return self.shows(word) or is_swedish_word(re.sub(r"^\d+\.", "", bare(word)))


def cell_text(
    words: Iterable[Word], right: float, known: Known
) -> tuple[str, list[tuple[str, str]]]:
    """Return the text of a cell, and the words in it that were put together, as (rule, word).

    right: how far the lines of its column reach. A line that the column's width broke is joined to
    the next; one that ends although the next word had room was ended on purpose and keeps its line
    break. A word broken in two is joined where something tells that it is one.

    >>> cell_text([Word("Lek-", 0, 20, 0, 9), Word("plats", 0, 35, 10, 19)], 40, Known({"lekplats"}))
    ('Lekplats', [('hyphen_joined', 'Lekplats')])
    """
    words = list(words)
    if any(word.turned for word in words):
        words = [word.upright() for word in words]
        right = max(word.x1 for word in words)
    lines, joined = to_lines(words), []
    if not lines:
        return "", joined
    text = (" " if lines[0][0].spaced else "") + _line_text(lines[0])
    breaks = [_between(a, b[0], right, known) for a, b in pairwise(lines)]
    at = 0
    while at < len(breaks):
        (between, rule), count = breaks[at], 1
        if between == _ASK:
            between, rule, count = _put_together(text.split()[-1], lines, breaks, at, known)
        following = lines[at + 1 : at + 1 + count]
        if rule:
            text = text.rstrip(_HYPHENS)
            pieces = between.join([text.split()[-1], *(line[0].text for line in following)])
            joined.append((rule, bare(pieces, fold=False)))
        text += "".join(between + _line_text(line) for line in following)
        at += count
    return text, joined


def is_full(line: Line, first: Word, right: float) -> bool:
    """Return whether a line ends because the next word had no room on it."""
    width = first.x1 - first.x0
    return line[-1].x1 + width * (1 + 1 / len(first.text)) >= right - 1


def bare(text: str, *, fold: bool = True) -> str:
    """Return a word without the signs about it, and without capitals."""
    stripped = text.strip('.,;:!?()"”')
    return stripped.casefold() if fold else stripped


def _line_text(line: Line) -> str:
    return " ".join(word.text for word in line)


def _between(line: Line, first: Word, right: float, known: Known) -> tuple[str, str]:
    """Return what stands between two lines of a cell, and the rule if a word was put together.

    ``hyphen_joined`` has something that tells; ``word_joined`` is a guess.
    """
    last, next_word = line[-1].text, first.text
    if not is_full(line, first, right):
        return "\n", ""
    if last[-1] in _HYPHENS and last[-2:-1].isalpha() and next_word[0].isalpha():
        stem = last.rstrip(_HYPHENS)
        if next_word in _AFTER_HYPHEN:
            return " ", ""
        is_whole = bare(f"{stem}-{next_word}") in known.whole or stem.isupper() or len(stem) == 1
        if last[-1] == "-" and (is_whole or not next_word[0].islower()):
            return "", ""  # the hyphen is the word's own
        return "", "hyphen_joined" if known.has(stem + next_word) else "word_joined"
    fills = right - line[-1].x1 < max(first.letter, 1) + _SLACK
    in_word = fills and last[-1].isalpha() and next_word[0].islower()
    if not in_word or last in _WHOLE or next_word in _WHOLE:
        return " ", ""
    may_be = not line[-1].ended if known.spaces else len(line) == 1 or known.broken
    return (_ASK if may_be else " "), ""


def _put_together(
    start: str, lines: list[Line], breaks: list[tuple[str, str]], at: int, known: Known
) -> tuple[str, str, int]:
    """Return what stands at a break that may be in a word, the rule, how many breaks that tells.

    The longest piece that is a word is one; two words that are words themselves stay two.
    """
    pieces = [lines[at + 1][0].text]
    for n in range(at + 1, len(breaks)):
        if breaks[n][0] != _ASK or len(lines[n]) > 1:
            break
        pieces.append(lines[n + 1][0].text)
    for count in range(min(len(pieces), _PIECES), 0, -1):
        rest = "".join(pieces[:count])
        if known.has(start + rest):
            is_one = known.shows(start) if count > 1 else known.has(start)
            if known.shows(start + rest) or not (is_one and known.has(rest)):
                return "", "hyphen_joined", count
            if known.broken or rest in _ENDINGS:
                return "", "word_joined", count
    is_start, is_next = known.has(start), known.has(pieces[0])
    if not is_next and (known.broken or not is_start):
        return "", "word_joined", 1
    if known.broken and not is_start:
        return ("" if start.islower() else " "), "word_joined", 1
    return " ", "", 1


@lru_cache(maxsize=1)
def _vocabulary_words() -> frozenset[str]:
    printed = " ".join(map(str, _strings(vocabulary().words)))
    return frozenset(re.findall(r"[^\W\d_]{2,}", printed.casefold()))


def _strings(words: object) -> Iterable[str]:
    if isinstance(words, dict):
        words = [*words, *words.values()]
    if isinstance(words, list):
        return [text for word in words for text in _strings(word)]
    return [words] if isinstance(words, str) else []


def _touches(spaces: set[tuple[int, int, str]], x: float, y: float, side: str) -> bool:
    """Return whether a space ends or begins at a place; a sign's box may be a point off."""
    return any(
        (round(x) + dx, round(y) + dy, side) in spaces for dx in (-1, 0, 1) for dy in (-1, 0, 1)
    )


# -- a table over pages --------------------------------------------------------------------------

Row = list[PageCell]


def join_pages(tables: list[PageTable], above: list[Title], between: list[str], last: int) -> Grid:
    """Return one grid of a table's pages; its rows are numbered from the last one on.

    above: texts above the table; between: texts between its pages and below it.
    Notes: ``row_joined``, ``word_joined``, ``hyphen_joined``, ``merged_over_page``,
    ``outside_table``.
    """
    pages = _Pages(tables)
    rows, joined = pages.join_split_rows()
    spans = Spans()
    for number, row in enumerate(rows, last + 1):
        texts = [pages.read(cell) for cell in row]
        cells = [Cell(t, c.down, c.across, c.column) for c, (t, _) in zip(row, texts, strict=True)]
        spans.add_row(number, cells)
        spans.notes += [(number, rule, word) for _, put in texts for rule, word in put]
    spans.notes += [(last + 1 + at, "row_joined", text) for at, text in joined]
    spans.notes += [(0, "outside_table", text) for text in between]
    return without_blank_rows(with_titles(pages.join_merges(spans.grid()), above))


class _Pages:
    """The rows of a table's pages, one after the other, and where each page begins."""

    def __init__(self, tables: list[PageTable]) -> None:
        self.tables = tables
        self.rows = [row for table in tables for row in table.rows]
        self.starts = [sum(len(t.rows) for t in tables[:n]) for n in range(len(tables))]
        self.cells = [cell for row in self.rows for cell in row]

    @cached_property
    def rights(self) -> dict[int, float]:
        """How far each column's lines reach: to its edge, less what is left free at the other."""
        table = self.tables[0]
        rights = {}
        for column, left in enumerate(table.lefts):
            cells = [c for c in self.cells if c.column == column and c.across == 1 and c.words]
            begin = min((w.x0 for c in cells for w in c.words), default=left)
            edge = table.rights[column] - (begin - left) if table.rights else 0.0
            rights[column] = max([edge, *(w.x1 for c in cells for w in c.words)])
        return rights

    @cached_property
    def known(self) -> Known:
        """What tells broken words: those that the table prints whole, and how its lines end."""
        whole, ends, spaces = set(), [], []
        for cell in self.cells:
            lines = to_lines(cell.words)
            # A long word is broken on a line of its own, and its rest begins the next.
            begun = lines[0][:1] if lines and len(lines[0]) > 1 else []
            whole |= {bare(w.text) for w in [*begun, *(w for line in lines for w in line[1:-1])]}
            whole |= {bare(line[-1].text) for line in lines[-1:] if len(line) > 1}
            right = self.rights.get(cell.column, 0.0)
            full = [(a[-1], b[0]) for a, b in pairwise(lines) if is_full(a, b[0], right)]
            ends += [right - a.x1 < max(b.letter, 1) + _SLACK for a, b in full]
            spaces += [a.ended for a, b in full if a.text[-1].isalpha()]
        broken = len(ends) > _SEVERAL and sum(ends) > _BROKEN * len(ends)
        spaced = len(spaces) > _SEVERAL and sum(spaces) > _SPACED * len(spaces)
        return Known(frozenset(whole), broken, spaced)

    @cached_property
    def always(self) -> set[int]:
        """Columns that nearly every row fills."""
        filled = Counter(cell.column for cell in self.cells if cell.words)
        return {column for column, count in filled.items() if count > _ALWAYS * len(self.rows)}

    @cached_property
    def data(self) -> list[int]:
        """Where each page's data begins: below the rows that repeat the table's first ones."""
        return [self._data_start(start) for start in self.starts]

    def text(self, cell: PageCell) -> str:
        """Return the text of a cell."""
        return self.read(cell)[0]

    def read(self, cell: PageCell) -> tuple[str, list[tuple[str, str]]]:
        """Return the text of a cell, and the words that were put together in it."""
        wide = cell.across > 1
        right = max((w.x1 for w in cell.words), default=0) if wide else self.rights[cell.column]
        return cell_text(cell.words, right, self.known)

    def join_split_rows(self) -> tuple[list[Row], list[tuple[int, str]]]:
        """Return the rows, a row that a page break splits in one; and which, with its lower part.

        Where the lower part stood, an empty row is left.
        """
        rows, joined = list(self.rows), []
        for start, data in zip(self.starts[1:], self.data[1:], strict=True):
            if data < len(rows) and self._goes_on(rows[start - 1], rows[data]):
                lower = [(cell.column, cell.words) for cell in rows[data]]
                joined.append((start - 1, " | ".join(filter(None, map(self.text, rows[data])))))
                rows[start - 1] = [_lengthen(cell, dict(lower)) for cell in rows[start - 1]]
                rows[data] = [replace(cell, words=[]) for cell in rows[data]]
        return rows, joined

    def join_merges(self, grid: Grid) -> Grid:
        """Return a grid with each range that goes on over a page break as one.

        A blank cell at the top of a page goes on with the one above the break when that one has no
        line below, when it is itself merged, or when its column has merged cells elsewhere. What
        only the last of these tells is a guess, so it is noted.
        """
        ranges = {(merge.top, merge.left): merge for merge in grid.merges}
        merged = {m.left for m in grid.merges if m.bottom > m.top}
        notes = []
        for column in range(len(self.tables[0].lefts)):
            began, is_open = None, False
            for n, table in enumerate(self.tables):
                end = self.starts[n] + len(table.rows)
                top, bottom = first = self._cell(n, min(self.data[n], end - 1), column)
                told = is_open or bottom > top
                goes_on = (
                    began is not None
                    and self.data[n] < end
                    and not _at(grid, top, column).strip()
                    and _at(grid, began, column).strip()
                    and (told or column in merged)
                )
                if goes_on:
                    old = ranges.get((began, column), Merge(began, column, began, column))
                    ranges[began, column] = replace(old, bottom=bottom)
                    text = _at(grid, began, column)
                    notes += [] if told else [(grid.numbers[top], "merged_over_page", text)]
                last = self._cell(n, end - 1, column)
                began = began if goes_on and last == first else last[0]
                is_open = column in table.open
        return replace(grid, merges=tuple(ranges.values()), notes=(*grid.notes, *notes))

    def _data_start(self, start: int) -> int:
        at = start
        while start and at < len(self.rows) and at - start < start:
            again, first = self.rows[at], self.rows[at - start]
            if [self.text(c) for c in again] != [self.text(c) for c in first]:
                break
            at += 1
        return at

    def _goes_on(self, upper: Row, lower: Row) -> bool:
        """Return whether a row at the top of a page goes on with the last one of the page before.

        It does when each of its texts goes on where a full line ended at the bottom of that row
        (or a line above, to keep two lines together), and either one of them begins with a small
        letter or a column is blank that no other row leaves blank. In doubt, they are two rows.
        """
        above = {cell.column: to_lines(cell.words) for cell in upper if cell.words}
        lowest = max((lines[-1][0].centre for lines in above.values()), default=0)
        begins = [(cell.column, to_lines(cell.words)[0][0]) for cell in lower if cell.words]
        for column, first in begins:
            line = above[column][-1] if column in above else None
            if line is None or first.spaced or line[0].centre < lowest - _WIDOW * _height(line):
                return False
            if not is_full(line, first, self.rights[column]):
                return False
        is_partial = not self.always <= {column for column, _ in begins}
        return is_partial or any(first.text[0].islower() for _, first in begins)

    def _cell(self, page: int, row: int, column: int) -> tuple[int, int]:
        """Return the first and the last row of the cell that stands in a row and column."""
        for top in range(min(row, len(self.rows) - 1), self.starts[page] - 1, -1):
            for cell in self.rows[top]:
                if cell.column <= column < cell.column + cell.across:
                    return top, top + cell.down - 1
        return row, row


def _lengthen(cell: PageCell, lower: dict[int, list[Word]]) -> PageCell:
    """Return a cell with the words that stand on the next page, further down."""
    words = lower.get(cell.column, [])
    moved = [w._replace(top=w.top + _PAGE, bottom=w.bottom + _PAGE) for w in words]
    return replace(cell, words=cell.words + moved)


def _height(line: Line) -> float:
    return line[0].bottom - line[0].top


def _at(grid: Grid, row: int, column: int) -> str:
    return "".join(grid.rows[row][column : column + 1])
