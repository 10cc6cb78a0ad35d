"""PDF files with a text layer: every table, ruled or not, over the page breaks."""

import io
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from riskdata.errors import ReadError
from riskdata.readers.grid import Grid, Title
from riskdata.readers.limits import PAGES, protected
from riskdata.readers.pdf_pages import Line, PageTable, Word, join_pages, to_lines
from riskdata.readers.pdf_tables import Page, add_unruled, read_page, same_columns

_PARAGRAPH = 0.6  # of a line's height: a larger gap ends a paragraph


def read(content: bytes, name: str) -> list[Grid]:
    """Return every table as a grid, one for each table however many pages it takes.

    Titles above a table come as rows of one cell, numbered 0. ``numbers`` are table rows, counted
    through the document, the headers repeated on each page too. Lines broken by a column's
    width are joined. Upright headers are turned, fields of a form have their values.
    Notes: ``row_joined`` (a row that a page break had split), ``word_joined`` and
    ``hyphen_joined`` (a word that a line break had split, by a guess or by what tells so),
    ``merged_over_page`` (a merged cell guessed to go on over a page break),
    ``outside_table`` (page headers, page numbers, running text).
    Raises ReadError when it is damaged, asks for a password, is a scan or has no table.
    """
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            pages = [_page(page) for page in _limited(document.pages, name)]
    except PdfminerException as fault:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in fault.args):
            raise protected(name) from fault
        if any(isinstance(cause, MemoryError) for cause in fault.args):
            raise MemoryError from fault
        raise
    if not any(page.words for page in pages):
        raise _scan(name)
    add_unruled(pages)
    grids = _assemble(pages)
    if not grids:
        raise ReadError(
            f"{name}: PDF-filen har ingen tabell som går att urskilja. Exportera rapporten som "
            "Excel, Word eller text i stället."
        )
    return grids


def _limited(pages: list, name: str) -> list:
    if len(pages) > PAGES:
        raise ReadError(
            f"{name}: PDF-filen har {len(pages)} sidor; högst {PAGES} läses. Spara sidorna med "
            "tabellen som en egen fil."
        )
    return pages


def _page(page) -> Page:
    read = read_page(page)
    page.close()  # else every page's signs stay in memory
    return read


def _assemble(pages: list[Page]) -> list[Grid]:
    document = _Document(_repeated_lines(pages))
    for page in pages:
        document.add_page(page.words, page.tables)
    return document.finish()


def _repeated_lines(pages: list[Page]) -> set[tuple[int, str]]:
    """Return the lines outside the tables that stand at the same height on several pages."""
    outside = [[w for w in page.words if not _is_within(w, page.tables)] for page in pages]
    keys = Counter(key for words in outside for key in set(map(_line_key, to_lines(words))))
    return {key for key, count in keys.items() if count > 1}


def _line_key(line: Line) -> tuple[int, str]:
    return round(line[0].top), re.sub(r"\d+", "0", " ".join(word.text for word in line))


def _is_within(word: Word, tables: list[PageTable]) -> bool:
    return any(table.top <= word.centre < table.bottom for table in tables)


class _Document:
    """Puts the tables of the pages together.

    A table goes on when the next has the same columns and only page headers stand between them.
    """

    def __init__(self, repeated: set[tuple[int, str]]) -> None:
        self.repeated = repeated
        self.grids: list[Grid] = []
        self.tables: list[PageTable] = []  # the pages of the table that may go on
        self.above: list[str] = []
        self.between: list[str] = []
        self.left: list[str] = []  # texts below the last table, on the pages before
        self.pending: list[str] = []  # texts since then on this page: titles of the next table
        self.number = 0

    def add_page(self, words: list[Word], tables: list[PageTable]) -> None:
        """Add the tables of a page and the texts between them."""
        self.left, self.pending = self.left + self.pending, []
        above = 0.0
        for table in tables:
            self._add_text(w for w in words if above <= w.centre < table.top)
            self._add(table)
            self.between += _paragraphs(w for w in words if _is_beside(w, table))
            above = table.bottom
        self._add_text(w for w in words if w.centre >= above)

    def _add_text(self, words: Iterable[Word]) -> None:
        """Add text outside the tables; above the first one, page headers tell what it is."""
        lines = to_lines(words)
        if self.grids or self.tables:
            aside = [line for line in lines if _line_key(line) in self.repeated]
            self.between += [text for line in aside for text in _paragraphs(line)]
            lines = [line for line in lines if _line_key(line) not in self.repeated]
        self.pending += _paragraphs(word for line in lines for word in line)

    def finish(self) -> list[Grid]:
        """Return every grid."""
        self.between += self.left + self.pending
        self._end_table()
        return self.grids

    def _add(self, table: PageTable) -> None:
        if self.tables and same_columns(self.tables[-1], table) and not self.pending:
            self.between += self.left
        else:
            self._end_table()
            self.above = self.left + self.pending
        self.tables.append(table)
        self.left, self.pending = [], []

    def _end_table(self) -> None:
        if self.tables:
            name = f"tabell {len(self.grids) + 1}"
            grid = join_pages(
                self.tables, [Title(t) for t in self.above], self.between, self.number
            )
            self.number = grid.numbers[-1]
            self.grids.append(replace(grid, name=name))
        self.tables, self.between = [], []


def _is_beside(word: Word, table: PageTable) -> bool:
    """Return whether a word stands to the left or right of a ruled table."""
    within = table.top <= word.centre < table.bottom and table.rights
    return bool(within) and not table.lefts[0] <= word.middle <= table.rights[-1]


def _paragraphs(words: Iterable[Word]) -> list[str]:
    """Return the texts of lines that stand close together in one font, a title of two lines as one."""
    texts: list[str] = []
    last: Word | None = None
    for line in to_lines(words):
        text, first = " ".join(word.text for word in line), line[0]
        height = first.bottom - first.top
        if last and last.font == first.font and first.top - last.bottom < _PARAGRAPH * height:
            texts[-1] = f"{texts[-1]} {text}"
        else:
            texts.append(text)
        last = first
    return texts


def _scan(name: str) -> ReadError:
    return ReadError(
        f"{name}: PDF-filen är en bild utan text (inskannad). Beställ rapporten som Excel, Word "
        "eller PDF med text, eller kör textigenkänning (OCR) på den och kontrollera siffrorna."
    )
