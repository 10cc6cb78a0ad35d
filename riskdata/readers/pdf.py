"""PDF files with a text layer: every table, ruled or not, over the page breaks."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from itertools import accumulate, product, takewhile

from riskdata.readers.grid import Cell, Grid, Note, lay_out, read_blocks, without_blank_rows
from riskdata.readers.limits import PAGES, refusal
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
    grids = read_blocks(_joined(_blocks(pages)))
    if not grids:
        raise refusal(name, "no_table_pdf")
    return grids


# -- texts and tables in order -------------------------------------------------------------------


def _blocks(pages: list[Page]) -> Iterator[str | Note | PageTable | None]:
    """Give the texts and tables of the pages in order, None at the end of each page.

    Page headers, but for those above the first table, and texts beside a table are notes.
    """
    lined = [to_lines(page.outside) for page in pages]
    keys = Counter(key for lines in lined for key in set(map(line_key, lines)))
    begun = False
    for page in pages:
        ends = [0.0, *(table.bottom for table in page.tables)]
        tops = [*(table.top for table in page.tables), float("inf")]
        for top, bottom, table in zip(ends, tops, [*page.tables, None], strict=True):
            lines = to_lines(w for w in page.outside if top <= w.centre < bottom)
            aside = [line for line in lines if begun and keys[line_key(line)] > 1]
            yield from (
                (0, "outside_table", text) for each in aside for text in _paragraphs([each])
            )
            yield from _paragraphs([line for line in lines if line not in aside])
            yield table
            if table is not None:
                begun = True
                inside = {word for row in table.rows for cell in row for word in cell.words}
                beside = to_lines(w for w in page.words if table.holds(w) and w not in inside)
                yield from ((0, "outside_table", text) for text in _paragraphs(beside))


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


def _joined(blocks: Iterable[str | Note | PageTable | None]) -> Iterator[str | Grid]:
    """Give the titles and tables, one that goes on over pages as one grid, with the notes of it.

    It goes on when the next has the same columns and no title stands above that on its page.
    """
    tables: list[PageTable] = []
    notes: list[Note] = []  # since the table began
    titles: list[str] = []  # since the last of its pages
    before = 0  # how many of them stand on the pages before
    for block in blocks:
        if block is None:
            before = len(titles)
        elif isinstance(block, str):
            titles.append(block)
        elif isinstance(block, tuple):
            notes.append(block)
        elif tables and tables[-1].is_like(block) and len(titles) == before:
            notes += [(0, "outside_table", title) for title in titles]
            tables, titles, before = [*tables, block], [], 0
        else:
            yield from [_join(tables, notes)] if tables else []
            yield from titles
            tables, notes, titles, before = [block], [], [], 0
    yield from [_join(tables, notes)] if tables else []
    yield from titles


# -- a table over pages --------------------------------------------------------------------------


def _join(tables: list[PageTable], notes: list[Note]) -> Grid:
    """Return one grid of a table's pages."""
    pages = _Pages(tables)
    joined = [*pages.join_split_rows(), *pages.join_merges()]
    rows, put = [], []
    for number, row in enumerate(pages.rows, 1):
        texts = [pages.read(cell) for cell in row]
        cells = zip(row, texts, strict=True)
        rows.append((number, [Cell(t, c.down, c.across, c.column) for c, (t, _) in cells]))
        put += [(number, rule, word) for _, words in texts for rule, word in words]
    return without_blank_rows(lay_out(rows, [*put, *joined, *notes]))


class _Pages:
    """The rows of a table's pages, one after the other, and where each page begins."""

    def __init__(self, tables: list[PageTable]) -> None:
        self.tables = tables
        self.rows = [row for table in tables for row in table.rows]
        self.cells = [cell for row in self.rows for cell in row]
        self.starts = [0, *accumulate(len(table.rows) for table in tables)][:-1]
        self.data = [self._data_start(start) for start in self.starts]

    def _data_start(self, start: int) -> int:
        """Return where a page's data begins: below the rows that repeat the table's first ones."""
        pairs = zip(self.rows[start:], self.rows[:start], strict=False)
        return start + sum(
            1 for _ in takewhile(lambda rows: _words(rows[0]) == _words(rows[1]), pairs)
        )

    @cached_property
    def rights(self) -> dict[int, float]:
        """How far each column's lines reach: to its edge, less what is left free at the other."""
        table = self.tables[0]
        rights = {}
        for column, left in enumerate(table.lefts):
            cells = [c for c in self.cells if c.column == column and c.across == 1]
            words = [word for cell in cells for word in cell.words]
            begin = min((word.x0 for word in words), default=left)
            edge = table.rights[column] - (begin - left) if table.rights else 0.0
            rights[column] = max([edge, *(word.x1 for word in words)])
        return rights

    @cached_property
    def known(self) -> Known:
        """What tells broken words."""
        return known_words((to_lines(c.words), self.rights.get(c.column, 0.0)) for c in self.cells)

    def read(self, cell: PageCell) -> tuple[str, list[tuple[str, str]]]:
        """Return the text of a cell, and the words that were put together in it."""
        wide = cell.across > 1
        right = max((w.x1 for w in cell.words), default=0) if wide else self.rights[cell.column]
        return cell_text(cell.words, right, self.known)

    def join_split_rows(self) -> Iterator[Note]:
        """Make a row that a page break splits one, and give its lower part, which is left empty."""
        filled = Counter(cell.column for cell in self.cells if cell.words)
        always = {column for column, n in filled.items() if n > _ALWAYS * len(self.rows)}
        for start, data in zip(self.starts[1:], self.data[1:], strict=True):
            if data < len(self.rows) and self._goes_on(
                self.rows[start - 1], self.rows[data], always
            ):
                texts = [self.read(cell)[0] for cell in self.rows[data]]
                yield start, "row_joined", " | ".join(filter(None, texts))
                lower = {cell.column: cell.words for cell in self.rows[data]}
                for cell in self.rows[start - 1]:
                    words = lower.get(cell.column, [])
                    cell.words += [
                        w._replace(top=w.top + _PAGE, bottom=w.bottom + _PAGE) for w in words
                    ]
                self.rows[data] = [replace(cell, words=[]) for cell in self.rows[data]]

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
        for start, data, table in zip(self.starts[1:], self.data[1:], self.tables, strict=False):
            for lower in self.rows[data] if data < len(self.rows) else ():
                top, upper = owners.get((start - 1, lower.column), (0, lower))
                told = lower.down > 1 or lower.column in table.open
                if not lower.words and upper.words and (told or lower.column in merged):
                    end = data + lower.down
                    upper.down = end - top
                    reach = product(range(start, end), [lower.column])
                    owners |= dict.fromkeys(reach, (top, upper))
                    if not told:
                        yield data + 1, "merged_over_page", self.read(upper)[0]


def _words(row: list[PageCell]) -> list[list[str]]:
    return [[word.text for word in cell.words] for cell in row]
