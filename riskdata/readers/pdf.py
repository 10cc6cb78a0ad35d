"""PDF files with a text layer: every table, ruled or not, over the page breaks."""

import io
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate, product, takewhile

from riskdata.readers.grid import (
    PAGES,
    Cell,
    Grid,
    Note,
    lay_out,
    read_blocks,
    refusal,
    without_blank_rows,
)
from riskdata.readers.pdf_tables import Page, PageCell, PageTable, add_unruled, line_key, read_page
from riskdata.readers.pdf_words import Known, Line, Word, cell_text, is_full, known_words, to_lines

_PARAGRAPH = 0.6  # of a line's height: a larger gap ends a paragraph
_ALWAYS = 0.8  # of the rows, of which some are lower parts of others
_WIDOW = 1.6  # times a line's height: a line above the lowest
_PAGE = 100_000.0  # points: further down than any page reaches


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
            if len(document.pages) > PAGES:
                raise refusal(name, "many_pages", found=len(document.pages), most=PAGES)
            pages = list(map(read_page, document.pages))
    except PdfminerException as fault:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in fault.args):
            raise refusal(name, "protected") from fault
        if any(isinstance(cause, MemoryError) for cause in fault.args):
            raise MemoryError from fault
        raise
    if not any(page.words for page in pages):
        raise refusal(name, "scan")
    add_unruled(pages)
    if any(page.overprinted and page.tables for page in pages):  # elsewhere it is a drawing
        raise refusal(name, "overprinted")
    grids = read_blocks(_blocks(pages))
    if not grids:
        raise refusal(name, "no_table_pdf")
    return grids


# -- texts and tables in order -------------------------------------------------------------------


def _blocks(pages: list[Page]) -> Iterator[str | Grid]:
    """Give the titles and tables in order, one that goes on over pages as one grid.

    It goes on when the next has the same columns and no title stands above that on its page. Page
    headers, but for those above the first table, and texts beside a table are notes of it.
    """
    lined = [to_lines(page.outside) for page in pages]
    keys = Counter(key for lines in lined for key in set(map(line_key, lines)))
    tables: list[PageTable] = []
    titles: list[str] = []
    notes: list[str] = []
    for page, outside in zip(pages, lined, strict=True):
        before, end = len(titles), 0.0
        for table in [*page.tables, None]:
            top = table.top if table else float("inf")
            lines = [line for line in outside if end <= line[0].centre < top]
            aside = [line for line in lines if tables and keys[line_key(line)] > 1]
            notes += [" ".join(word.text for word in line) for line in aside]
            titles += _paragraphs([line for line in lines if line not in aside])
            if table is None:
                continue
            if tables and tables[-1].is_like(table) and len(titles) == before:
                notes += titles
            else:
                yield from [_join(tables, notes)] if tables else []
                yield from titles
                tables, notes = [], []
            tables.append(table)
            titles, before, end = [], 0, table.bottom
            inside = {word for row in table.rows for cell in row for word in cell.words}
            beside = (w for w in page.words if table.holds(w) and w not in inside)
            notes += _paragraphs(to_lines(beside))
    yield from [_join(tables, notes)] if tables else []
    yield from titles


def _paragraphs(lines: list[Line]) -> list[str]:
    """Return the texts of lines that stand close together in one font, a title of two lines as one."""
    texts: list[str] = []
    last: Word | None = None
    for line in lines:
        text, first = " ".join(word.text for word in line), line[0]
        height = first.bottom - first.top
        if last and last.font == first.font and first.top - last.bottom < _PARAGRAPH * height:
            texts[-1] = f"{texts[-1]} {text}"
        else:
            texts.append(text)
        last = first
    return texts


# -- a table over pages --------------------------------------------------------------------------


def _join(tables: list[PageTable], about: list[str]) -> Grid:
    """Return one grid of a table's pages, with the notes of it and what is told about it."""
    pages = _Pages(tables)
    joined = [*pages.join_split_rows(), *pages.join_merges()]
    rows, notes = [], []
    for number, row in enumerate(pages.rows, 1):
        read = [(cell, *pages.read(cell)) for cell in row]
        rows.append((number, [Cell(text, c.down, c.across, c.column) for c, text, _ in read]))
        notes += [(number, *word) for _, _, words in read for word in words]
    notes += [*joined, *((0, "outside_table", text) for text in about)]
    return without_blank_rows(lay_out(rows, notes))


class _Pages:
    """The rows of a table's pages, one after the other, and the breaks between the pages.

    Data begin below the rows that repeat the table's first ones.
    """

    def __init__(self, tables: list[PageTable]) -> None:
        self.first = tables[0]
        self.rows = [row for table in tables for row in table.rows]
        self.cells = [cell for row in self.rows for cell in row]
        self.breaks: list[tuple[PageTable, int, int]] = []  # table above, first row, first of data
        printed = [[[word.text for word in cell.words] for cell in row] for row in self.rows]
        for table, start in zip(tables, accumulate(len(t.rows) for t in tables), strict=True):
            pairs = zip(printed[start:], printed[:start], strict=False)
            data = start + sum(1 for _ in takewhile(lambda rows: rows[0] == rows[1], pairs))
            self.breaks += [(table, start, data)] if data < len(self.rows) else []

    @cached_property
    def rights(self) -> list[float]:
        """How far each column's lines reach: to its edge, less what is left free at the other."""
        rights = []
        for column, left in enumerate(self.first.lefts):
            cells = (c for c in self.cells if c.column == column and c.across == 1)
            words = [word for cell in cells for word in cell.words]
            edge = self.first.rights[column] + left - min((w.x0 for w in words), default=left)
            rights.append(max([edge, *(word.x1 for word in words)]))
        return rights

    @cached_property
    def known(self) -> Known:
        """What tells broken words."""
        return known_words((to_lines(c.words), self.rights[c.column]) for c in self.cells)

    def read(self, cell: PageCell) -> tuple[str, list[tuple[str, str]]]:
        """Return the text of a cell, and the words that were put together in it."""
        wide = cell.across > 1
        right = max((w.x1 for w in cell.words), default=0) if wide else self.rights[cell.column]
        return cell_text(cell.words, right, self.known)

    def join_split_rows(self) -> Iterator[Note]:
        """Make a row that a page break splits one, and give its lower part, which is left empty."""
        filled = Counter(cell.column for cell in self.cells if cell.words)
        always = {column for column, n in filled.items() if n > _ALWAYS * len(self.rows)}
        for _, start, data in self.breaks:
            upper, lower = self.rows[start - 1], self.rows[data]
            if self._goes_on(upper, lower, always):
                texts = (self.read(cell)[0] for cell in lower)
                yield start, "row_joined", " | ".join(filter(None, texts))
                below = {cell.column: cell.words for cell in lower}
                for cell in upper:
                    for w in below.get(cell.column, ()):
                        cell.words.append(w._replace(top=w.top + _PAGE, bottom=w.bottom + _PAGE))
                for cell in lower:
                    cell.words = []

    def _goes_on(self, upper: list[PageCell], lower: list[PageCell], always: set[int]) -> bool:
        """Return whether a row at the top of a page goes on with the last one of the page before.

        It does when each of its texts goes on where a full line ended at the bottom of that row
        (or a line above, to keep two lines together), and either one of them begins with a small
        letter or a column is blank that no other row leaves blank. In doubt, they are two rows.
        """
        above = {cell.column: to_lines(cell.words)[-1] for cell in upper if cell.words}
        lowest = max((line[0].centre for line in above.values()), default=0)
        begins = {cell.column: to_lines(cell.words)[0][0] for cell in lower if cell.words}
        for column, first in begins.items():
            line = above.get(column)
            if line is None or first.spaced or not is_full(line, first, self.rights[column]):
                return False
            if line[0].centre < lowest - _WIDOW * (line[0].bottom - line[0].top):
                return False
        return not always <= begins.keys() or any(w.text[0].islower() for w in begins.values())

    def join_merges(self) -> Iterator[Note]:
        """Let each cell that goes on over a page break stretch over it; give those by a guess.

        A blank cell at the top of a page goes on with the one above the break when that one has no
        line below, when it is itself merged, or when its column has merged cells elsewhere. What
        only the last of these tells is a guess.
        """
        merged = {cell.column for cell in self.cells if cell.down > 1}
        owners = {
            (top + n, cell.column): (top, cell)
            for top, row in enumerate(self.rows)
            for cell in row
            for n in range(cell.down)
        }
        for table, start, data in self.breaks:
            for lower in self.rows[data]:
                top, upper = owners.get((start - 1, lower.column), (0, lower))
                told = lower.down > 1 or lower.column in table.open
                if not lower.words and upper.words and (told or lower.column in merged):
                    end = data + lower.down
                    upper.down = end - top
                    reach = product(range(start, end), [lower.column])
                    owners |= dict.fromkeys(reach, (top, upper))
                    if not told:
                        yield data + 1, "merged_over_page", self.read(upper)[0]
