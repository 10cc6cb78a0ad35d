"""PDF files with a text layer: every table, ruled or not, over the page breaks."""

import io
from collections.abc import Iterable
from dataclasses import replace

from riskdata.errors import ReadError
from riskdata.readers.grid import Grid, Title
from riskdata.readers.limits import PAGES, protected
from riskdata.readers.pdf_pages import PageTable, Word, join_pages, to_lines
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
    document = _Document()
    for page in pages:
        document.add_page(page.words, page.tables)
    return document.finish()


class _Document:
    """Puts the tables of the pages together: one goes on when the next has the same columns."""

    def __init__(self) -> None:
        self.grids: list[Grid] = []
        self.tables: list[PageTable] = []  # the pages of the table that may go on
        self.above: list[str] = []
        self.between: list[str] = []
        self.pending: list[str] = []  # texts since the last table: titles of the next, or notes
        self.number = 0

    def add_page(self, words: list[Word], tables: list[PageTable]) -> None:
        """Add the tables of a page and the texts between them."""
        above = 0.0
        for table in tables:
            self.pending += _paragraphs(w for w in words if above <= w.centre < table.top)
            self._add(table)
            self.between += _paragraphs(w for w in words if _is_beside(w, table))
            above = table.bottom
        self.pending += _paragraphs(w for w in words if w.centre >= above)

    def finish(self) -> list[Grid]:
        """Return every grid."""
        self.between += self.pending
        self._end_table()
        return self.grids

    def _add(self, table: PageTable) -> None:
        if self.tables and same_columns(self.tables[-1], table):
            self.between += self.pending
        else:
            self._end_table()
            self.above = self.pending
        self.tables.append(table)
        self.pending = []

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
    """Return the texts of lines that stand close together, a title of two lines as one."""
    texts: list[str] = []
    bottom = -1000.0
    for line in to_lines(words):
        text = " ".join(word.text for word in line)
        height = line[0].bottom - line[0].top
        if line[0].top - bottom < _PARAGRAPH * height:
            texts[-1] = f"{texts[-1]} {text}"
        else:
            texts.append(text)
        bottom = line[0].bottom
    return texts


def _scan(name: str) -> ReadError:
    return ReadError(
        f"{name}: PDF-filen är en bild utan text (inskannad). Beställ rapporten som Excel, Word "
        "eller PDF med text, eller kör textigenkänning (OCR) på den och kontrollera siffrorna."
    )
