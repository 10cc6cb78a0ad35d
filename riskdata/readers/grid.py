"""A printed table as it stands in a file: its cells, how it is built, how large and of what it may be."""

import io
import re
import tomllib
import zipfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import accumulate, compress, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from riskdata.errors import ReadError
from riskdata.words.spelling import clean_space

if TYPE_CHECKING:
    from lxml import etree

HEADINGS = 3  # texts of a table before the first that stands in it
LABEL, MOST_TITLES = 30, 2  # letters of a label; with more lines that have one, these are the data
TITLE_LETTERS = 200  # a longer text above a table is no title

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# Of a footnote: no m². The digit comes first, which makes the search quick.
_SIGN = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹](?<!\bm.)(?<!\b[ckd]m.)(?<!CO.)[⁰¹²³⁴⁵⁶⁷⁸⁹]*\)?")
# UTF-8 read as Windows-1252: what shows it, and the signs that a letter became.
_TWICE = re.compile("Ã[¥¤¶…„–©ƒ]")
_UPPER = {bytes([b]).decode("cp1252", "ignore") or chr(b): b for b in range(0x80, 0x100)}
_NEXT = f"[{''.join(list(_UPPER)[:64])}]"
_SIGNS = re.compile(f"[ÂÃ]{_NEXT}|Å[“’¡¾½¸]|Æ’|Ë[†œ]|â{_NEXT}{{2}}|ï¸{_NEXT}|ð{_NEXT}{{3}}")

Note = tuple[int, str, str]  # the row's number (0: the whole table), the rule, the text


class Merge(NamedTuple):
    """A true merged range of a grid, as 0-based inclusive positions in ``Grid.rows``."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Grid:
    """One sheet, table or text: rows of cells, never stripped or changed.

    rows: each a list of cells as printed (str, "" for an empty one); lengths may differ.
    numbers: for each row, the 1-based number by which a person finds it in the file; 0 for the
        texts above a table (headings, captions, page headers …), each a row of one cell.
    name: the sheet's or table's name; "" where a file holds one grid only.
    merges: the true merged ranges; only their top left cell holds text.
    notes: what the eye sees and the cells do not hold, or the other way round, as (row number,
        rule, text): hidden rows, struck-through text, footnotes … (the rules are in the words).
    hidden: 0-based columns that the file hides; their cells are read.
    left: how many blank columns stand left of the rows in the file.
    """

    rows: list[list[str]]
    numbers: list[int]
    name: str = ""
    merges: tuple[Merge, ...] = ()
    notes: tuple[Note, ...] = ()
    hidden: frozenset[int] = frozenset()
    left: int = 0

    @cached_property
    def texts(self) -> list[list[str]]:
        """The rows with the text of each cell: no space to spare, nothing invisible.

        >>> Grid([[" Lek ", "A"]], [1]).texts
        [['Lek', 'A']]
        """
        return [list(map(clean_space, row)) for row in self.rows]


# -- what is seen beside a text ----------------------------------------------------------------

# How a reader puts into a text what is seen beside it, until ``take_notes`` takes it out again.
# The signs are no letters of any text: Unicode keeps them for a program's own use.
_NOTED = re.compile("\ufdd0(\\w+)\ufdd1([^\ufdd0-\ufdd2]*)\ufdd2")
_STRUCK = re.compile("\ufdd3([^\ufdd3\ufdd4]*)\ufdd4")
_STRUCK_ON = re.compile("\ufdd4(\\s*)\ufdd3")  # between two runs of letters
_FOOTNOTE = re.compile(r"\[?[\d*†‡a-z]{1,2}\]?\)?")


def noted(rule: str, text: str) -> str:
    """Return what stands in a cell for something that is seen and is no text of it."""
    return f"\ufdd0{rule}\ufdd1{text}\ufdd2" if text.strip() else ""


def struck(text: str) -> str:
    """Return what stands in a cell for letters that are struck through."""
    inner = re.sub("[\ufdd3\ufdd4]", "", text)
    return f"\ufdd3{inner}\ufdd4" if inner.strip() else text


def raised(text: str) -> str:
    """Return what stands in a cell for raised letters: the sign of a footnote is no letter of it.

    >>> raised("2"), take_notes("Klar" + raised("*"))
    ('²', ('Klar', [('footnote', '*')]))
    """
    sign = text.strip()
    if not _FOOTNOTE.fullmatch(sign):
        return text
    digits = sign.strip("[]()")
    return digits.translate(_RAISED) if digits.isdigit() else noted("footnote", sign)


def take_notes(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the text of a cell, and what was seen beside it as (rule, text).

    What is not struck through is the text; where everything is, that is asked about.

    >>> take_notes(struck("4 ") + "3")
    ('3', [('struck_through', '4')])
    >>> take_notes(struck("4") + noted("cell_comment", "Varför?"))
    ('4', [('cell_comment', 'Varför?'), ('struck_cell', '4')])
    """
    if "\ufdd0" not in text and "\ufdd3" not in text:
        return text, []
    notes = _NOTED.findall(text)
    text = _STRUCK_ON.sub(r"\1", _NOTED.sub("", text))
    rest = _STRUCK.sub("", text)
    if rest.strip():
        notes += [("struck_through", gone) for gone in _STRUCK.findall(text)]
        text = rest if rest == text else re.sub(r"(\s)\1+", r"\1", rest).strip()
    elif rest != text:
        text = _STRUCK.sub(r"\1", text)
        notes.append(("struck_cell", text))
    return text, [(rule, " ".join(seen.split())) for rule, seen in notes]


# -- merged ranges -----------------------------------------------------------------------------


def fill_merges(grid: Grid) -> tuple[Grid, dict[int, set[int]]]:
    """Return a grid whose vertically merged cells say their text on every row, and what was filled.

    What was filled: the number of each row → its columns. A range over several columns is filled
    in its first one. A cell that was just empty stays so.

    >>> grid = Grid([["Lek", "A"], ["", "B"], ["", "C"]], [4, 5, 6], merges=(Merge(0, 0, 1, 0),))
    >>> filled, columns = fill_merges(grid)
    >>> filled.rows, columns
    ([['Lek', 'A'], ['Lek', 'B'], ['', 'C']], {5: {0}})
    """
    merges, filled = vertical_merges(grid), {}
    rows = [row.copy() for row in grid.rows] if merges else grid.rows
    for top, left, bottom, _ in merges:
        for n in range(top + 1, bottom + 1):
            rows[n] += [""] * (left + 1 - len(rows[n]))
            if not rows[n][left].strip():
                rows[n][left] = rows[top][left]
                filled.setdefault(grid.numbers[n], set()).add(left)
    return replace(grid, rows=rows) if filled else grid, filled


def vertical_merges(grid: Grid, *, below: int = -1) -> list[Merge]:
    """Return the ranges with text that reach over several rows, and further down than a position.

    below: the position of the row of headers, to leave out headers of two rows.
    """
    return [
        merge
        for merge in grid.merges
        if merge.bottom > max(merge.top, below)
        and "".join(grid.rows[merge.top][merge.left : merge.left + 1]).strip()
    ]


# -- how a grid is built -----------------------------------------------------------------------


@dataclass
class Cell:
    """A cell, how many rows and columns it stretches over, and its column where that is told."""

    text: str
    down: int = 1
    across: int = 1
    column: int | None = None
    inner: Grid | None = None  # the one table inside it


def lay_out(numbered: Iterable[tuple[int, list[Cell]]], notes: Iterable[Note] = ()) -> Grid:
    """Return the grid of rows with their numbers, whose cells stretch over rows and columns.

    A cell stands in its own column, else in the next one that is free.
    """
    rows, numbers, merges = [], [], []
    taken: dict[int, int] = {}  # column → the first row that is free again
    for top, (number, cells) in enumerate(_unnested([*numbered])):
        row, at = [], 0
        for cell in cells:
            while cell.column is None and taken.get(at, 0) > top:
                at += 1
            at, end = max(at, cell.column or 0), max(at, cell.column or 0) + cell.across
            if end > COLUMNS:
                raise refusal("", "wide", number=number, found=end, most=COLUMNS)
            row += [""] * (at - len(row)) + [cell.text]
            if cell.down > 1:
                taken |= dict.fromkeys(range(at, end), top + cell.down)
            if cell.down * cell.across > 1 and cell.text.strip():
                merges.append(Merge(top, at, top + cell.down - 1, end - 1))
            at = end
        rows.append(row)
        numbers.append(number)
    last = len(rows) - 1
    merges = (merge._replace(bottom=min(merge.bottom, last)) for merge in merges)
    return Grid(rows, numbers, merges=(*merges,), notes=(*notes,))


def _unnested(numbered: list[tuple[int, list[Cell]]]) -> list[tuple[int, list[Cell]]]:
    """Return rows whose last cells hold a table each, all with the same headings, as rows of that too.

    What stands beside such a table stands on the first of its rows; its headings stand in the place
    of the one above.
    """
    inner = [
        (n, cells[-1].inner) for n, (_, cells) in enumerate(numbered) if cells and cells[-1].inner
    ]
    heads = {tuple(map(str.strip, grid.rows[0])) for _, grid in inner if grid.rows}
    if len(heads) != 1 or len(inner) < 2 or not inner[0][0]:
        return numbered
    head, nested, made = heads.pop(), dict(inner), []
    for n, (number, cells) in enumerate(numbered):
        if n in nested:
            for m, row in enumerate(nested[n].rows[1:]):
                beside = [replace(cell, text="" if m else cell.text) for cell in cells[:-1]]
                made.append((number, [*beside, *_from(cells[-1].column, row)]))
        elif n == inner[0][0] - 1:
            made.append((number, [*cells[:-1], *_from(cells[-1].column, head)]))
        else:
            made.append((number, cells))
    return made


def _from(column: int | None, texts: Iterable[str]) -> list[Cell]:
    """Return texts as cells side by side, from a column on where that is told."""
    return [Cell(x, column=None if column is None else column + n) for n, x in enumerate(texts)]


def with_titles(grid: Grid, above: Iterable[str]) -> Grid:
    """Return a grid with the texts above it: titles as rows numbered 0, long texts as notes."""
    titles = [[text] for text in above if len(text) <= TITLE_LETTERS]
    notes = [(0, "outside_table", text) for text in above if len(text) > TITLE_LETTERS]
    down = len(titles)
    return replace(
        grid,
        rows=titles + grid.rows,
        numbers=[0] * down + grid.numbers,
        merges=tuple(m._replace(top=m.top + down, bottom=m.bottom + down) for m in grid.merges),
        notes=(*notes, *grid.notes),
    )


def without_blank_rows(grid: Grid) -> Grid:
    """Return a grid without its rows that hold nothing at all."""
    kept = [any(row) for row in grid.rows]
    before = [0, *accumulate(kept)]  # how many rows are kept above each
    merges = (
        m._replace(top=before[m.top], bottom=before[m.bottom + 1] - 1)
        for m in grid.merges
        if kept[m.top]
    )
    rows, numbers = compress(grid.rows, kept), compress(grid.numbers, kept)
    return replace(grid, rows=[*rows], numbers=[*numbers], merges=(*merges,))


def without_margin(grid: Grid) -> Grid:
    """Return a grid without the columns to the left of everything that it prints.

    >>> without_margin(Grid([["", "Risk", "S"], ["", "Brand", "2"]], [1, 2])).rows
    [['Risk', 'S'], ['Brand', '2']]
    """
    firsts = (next((c for c, text in enumerate(row) if text), None) for row in grid.texts)
    left = min((first for first in firsts if first is not None), default=0)
    if not left:
        return grid
    return replace(
        grid,
        rows=[row[left:] for row in grid.rows],
        merges=tuple(
            merge._replace(left=merge.left - left, right=merge.right - left)
            for merge in grid.merges
            if merge.left >= left
        ),
        hidden=frozenset(column - left for column in grid.hidden if column >= left),
        left=left,
    )


def finished(grid: Grid) -> Grid:
    """Return a grid whose notes are whole: of footnotes' signs, rows struck through, lost letters.

    >>> finished(Grid([["12¹", "4 m²"]], [7])).rows
    [['12', '4 m²']]
    """
    rows, notes, signs = grid.rows, [*grid.notes], []
    if twice := [n for n, row in enumerate(rows) if any(map(_TWICE.search, row))]:
        rows = [[*map(_decoded, row)] for row in rows]
        notes.append((grid.numbers[twice[0]], "double_encoding", f"{len(twice)} rader"))
    struck = Counter(number for number, rule, _ in notes if rule == "struck_cell")
    for number, row in zip(grid.numbers, rows, strict=True):
        signs += [(number, "footnote", cell) for cell in row if _SIGN.search(cell)]
        texts = [cell.strip() for cell in row if number in struck and cell.strip()]
        if 1 < len(texts) == struck[number]:
            notes = [note for note in notes if note[:2] != (number, "struck_cell")]
            notes.append((number, "struck_row", " | ".join(texts)))
    if signs:
        rows = [[] if _is_footnote(row) else [_SIGN.sub("", cell) for cell in row] for row in rows]
    return replace(grid, rows=rows, notes=(*notes, *signs))


def _decoded(cell: str) -> str:
    """Return a cell's text, however often its UTF-8 has been read as Windows-1252."""
    while _TWICE.search(cell):
        cell = _SIGNS.sub(_letters, cell)
    return cell


def _letters(signs: re.Match) -> str:
    """Return what signs of Windows-1252 are when they are read as UTF-8, if they are any."""
    try:
        return bytes(_UPPER[sign] for sign in signs[0]).decode("utf-8")
    except UnicodeDecodeError:
        return signs[0]


def _is_footnote(row: list[str]) -> bool:
    """Return whether a row prints nothing but the text of a footnote: "¹ Oförändrat sedan 2024"."""
    texts = [text for cell in row if (text := cell.strip())]
    return len(texts) == 1 and " " in texts[0] and _SIGN.match(texts[0]) is not None


def read_blocks(blocks: Iterable[str | Note | Grid]) -> list[Grid]:
    """Return the tables among a document's texts, notes on them and tables, each below its titles.

    Their rows are numbered on from table to table. Where there is none, many labelled lines are one, or lines
    with tabs.
    """
    grids: list[Grid] = []
    above: list[str] = []
    notes: list[Note] = []
    last = 0  # number of a row
    for block in blocks:
        if isinstance(block, str):
            above.append(block)
        elif isinstance(block, Grid):
            own = ((number and number + last, rule, text) for number, rule, text in block.notes)
            numbers = [number and number + last for number in block.numbers]
            name = f"tabell {len(grids) + 1}"
            grid = replace(block, name=name, numbers=numbers, notes=(*notes, *own))
            grids.append(with_titles(grid, above))
            above, notes, last = [], [], max([last, *numbers])
        else:
            notes.append(block)
    if grids:
        below = ((0, "outside_table", text) for text in above)
        grids[-1] = replace(grids[-1], notes=(*grids[-1].notes, *notes, *below))
    elif sum(": " in text[:LABEL] or "\t" in text for text in above) > MOST_TITLES:
        rows = [text.split("\t") for text in above]
        grids.append(Grid(rows, [*range(1, len(rows) + 1)], notes=(*notes,)))
    return grids


# -- what a file may be: how large, nothing in it fetched or expanded; else a message -------------

FILE_BYTES = 50 * 2**20
UNPACKED_BYTES = 200 * 2**20  # the XML inside an Excel, Word or OpenDocument file
ZIP_MEMBERS = 5_000
ROWS, COLUMNS = 1_048_576, 16_384  # as many as Excel has
CELLS = 12_000_000  # of a whole sheet, empty ones counted
CELL_LETTERS = 100_000  # Excel holds 32 767
PAGES = 500

_ASIDE = ("/media/", "Pictures/", "/embeddings/", "Thumbnails/")  # parts that are not unpacked


@cache
def refusals() -> dict:
    """Return what files are refused with, and the kinds of files."""
    return tomllib.loads(Path(__file__).with_name("refusals.toml").read_text("utf-8"))


def refusal(name: str, key: str, /, **found) -> ReadError:
    """Return the error of a file by its key in refusals.toml, with what was found in it."""
    words = refusals()
    told = words[key].format_map({part: words[part] for part in ("again", "alone")} | found)
    return ReadError(f"{name}: {told}" if name else told)


def damaged(name: str, fault: BaseException | None = None) -> ReadError:
    """Return the error for a file that ends too soon or holds what its kind of file cannot.

    fault: what a library says of it, for whoever is asked for help.
    """
    why = f" ({type(fault).__name__}: {fault}"[:82] + ")" if fault else ""
    return refusal(name, "damaged", why=why)


def open_zip(content: bytes, name: str) -> zipfile.ZipFile:
    """Return a zip file whose parts, pictures and embedded files apart, can be unpacked."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    parts = [p for p in archive.filelist if not any(folder in p.filename for folder in _ASIDE)]
    size = sum(part.file_size for part in parts)
    if size > UNPACKED_BYTES or len(archive.filelist) > ZIP_MEMBERS:
        found = {"size": mega(size), "parts": len(archive.filelist)}
        raise refusal(name, "unpacked", **found, most=mega(UNPACKED_BYTES), members=ZIP_MEMBERS)
    return archive


def check_extent(rows: int, columns: int, name: str, where: str) -> None:
    """Stop at a sheet whose outermost cells stand too far off to be part of a table."""
    if rows > ROWS or columns > COLUMNS or rows * columns > CELLS:
        raise refusal(name, "far", where=where, rows=rows, columns=columns, most=CELLS)


def check_size(rows: int, cells: int, name: str) -> None:
    """Stop at more rows or cells than an export has."""
    if rows > ROWS or cells > CELLS:
        raise refusal(name, "long", rows=rows, cells=cells, most_rows=ROWS, most=CELLS)


def check_grids(grids: list[Grid], name: str) -> None:
    """Stop at grids that hold more than an export can."""
    rows = [row for grid in grids for row in zip(grid.numbers, grid.rows, strict=True)]
    check_size(len(rows), sum(len(row) for _, row in rows), name)
    for number, row in rows:
        if len(row) > COLUMNS:
            raise refusal(name, "wide", number=number, found=len(row), most=COLUMNS)
        if (longest := max(map(len, row), default=0)) > CELL_LETTERS:
            raise refusal(name, "long_cell", number=number, found=longest, most=CELL_LETTERS)


def mega(size: int) -> int:
    """Return how many megabytes a number of bytes fills."""
    return -(-size // 2**20)


def parse_xml(content: bytes, name: str) -> "etree._Element":
    """Return the root of an XML document; ReadError where it declares entities, as no export does.

    libxml2 itself stops at texts over 10 MB and at elements nested too deep.
    """
    if b"<!ENTITY" in content.replace(b"\0", b""):  # in UTF-16 too
        raise refusal(name, "entities")
    from lxml import etree  # late: text, which most files are, needs none of it

    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def parse_html(printed: str, name: str) -> "etree._Element":
    """Return the root of an HTML document; ReadError where the parser gave up before its end."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", no_network=True)
    root = html.document_fromstring(printed.encode("utf-8"), parser=parser)
    if any(entry.level == etree.ErrorLevels.FATAL for entry in parser.error_log):
        raise refusal(name, "nested")
    return root


def local(element: "etree._Element") -> str:
    """Return an element's name without its namespace; "" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: "etree._Element", name: str, default: str = "") -> str:
    """Return an attribute by its name without namespace."""
    for key, value in element.attrib.items():
        if key == name or key.endswith(f"}}{name}"):
            return value
    return default


def is_layout(table: "etree._Element", tag: str, cells: tuple[str, ...]) -> bool:
    """Return whether a table only puts other tables in place: most of its cells are theirs.

    One with three texts before several that begin alike has headings: they are of its cells.
    """
    inner = [t for t in table.iter(tag) if t is not table]
    theirs = sum(1 for t in inner for _ in t.iter(*cells))
    if 2 * theirs <= sum(1 for _ in table.iter(*cells)):
        return False
    begin = {"".join(cell.itertext()).strip() for t in inner for cell in [next(t.iter(*cells), t)]}
    before = takewhile(lambda element: element is not inner[0], table.iter(*cells, tag))
    own = [e for e in before if e is not table and e.find(f".//{tag}") is None]
    headed = sum(bool("".join(e.itertext()).strip()) for e in own) >= HEADINGS
    return len(inner) < 2 or len(begin) > 1 or not headed
