"""What a file may be: how large, and that nothing in it is fetched or expanded; else a message."""

import io
import tomllib
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from riskdata.errors import ReadError

if TYPE_CHECKING:
    from lxml import etree

    from riskdata.readers.grid import Grid

FILE_BYTES = 50 * 2**20
UNPACKED_BYTES = 200 * 2**20  # the XML inside an Excel, Word or OpenDocument file
ZIP_MEMBERS = 5_000
ROWS, COLUMNS = 1_048_576, 16_384  # as many as Excel has
CELLS = 12_000_000  # of a whole sheet, empty ones counted
CELL_LETTERS = 100_000  # Excel holds 32 767
TEXT_LETTERS = 60_000_000  # of all cells together
PAGES = 500

DEFLATED = 1_032  # times that a zip file can make a part smaller, at most
_PIECE = 2**22  # bytes of a zip file's part that are unpacked at a time


@cache
def refusals() -> dict:
    """Return what files are refused with, and the kinds that no reader reads."""
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


def check_file(size: int, name: str) -> None:
    """Stop at a file too large to be an export."""
    if size > FILE_BYTES:
        raise refusal(name, "large", size=_mega(size), most=_mega(FILE_BYTES))


def check_text(content: bytes, name: str) -> None:
    """Stop at a text with more lines or more delimiters than any table has."""
    lines = max(content.count(b"\n"), content.count(b"\r"))
    cells = max(content.count(sign) for sign in (b"\t", b";", b"|"))
    if lines > ROWS or cells > CELLS:
        raise refusal(name, "long_text", lines=lines, cells=cells, rows=ROWS, most=CELLS)


def open_zip(content: bytes, name: str) -> zipfile.ZipFile:
    """Return a zip file whose parts are of a size that can be unpacked.

    What a part says of its own size may be false. A file this small cannot hold more than the
    limit, whatever it says; of a larger one each part is read to its end, which zipfile checks.
    """
    archive = zipfile.ZipFile(io.BytesIO(content))
    read = _unpacked(archive)
    size = sum(member.file_size for member in read)
    if size > UNPACKED_BYTES or len(archive.filelist) > ZIP_MEMBERS:
        found = {"size": _mega(size), "parts": len(archive.filelist)}
        most = {"most": _mega(UNPACKED_BYTES), "members": ZIP_MEMBERS}
        raise refusal(name, "unpacked", **found, **most)
    for member in read if len(content) * DEFLATED > UNPACKED_BYTES else ():
        with archive.open(member) as part:
            while part.read(_PIECE):
                pass
    return archive


def check_extent(rows: int, columns: int, name: str, where: str) -> None:
    """Stop at a sheet whose outermost cells stand too far off to be part of a table."""
    if rows > ROWS or columns > COLUMNS or rows * columns > CELLS:
        raise refusal(name, "far", where=where, rows=rows, columns=columns, most=CELLS)


def check_grids(grids: list["Grid"], name: str) -> list["Grid"]:
    """Return the grids; stop when they hold more than an export can."""
    letters = 0
    for grid in grids:
        if len(grid.rows) > ROWS:
            raise refusal(name, "many_rows", found=len(grid.rows), most=ROWS)
        for number, row in zip(grid.numbers, grid.rows, strict=True):
            lengths = list(map(len, row))
            letters += sum(lengths)
            if len(row) > COLUMNS:
                raise refusal(name, "wide", number=number, found=len(row), most=COLUMNS)
            if max(lengths, default=0) > CELL_LETTERS:
                found = {"number": number, "found": max(lengths), "most": CELL_LETTERS}
                raise refusal(name, "long_cell", **found)
    if letters > TEXT_LETTERS:
        raise refusal(name, "letters", found=letters, most=TEXT_LETTERS)
    return grids


def _unpacked(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return every member but pictures and embedded files, which are never unpacked."""
    aside = ("/media/", "Pictures/", "/embeddings/", "Thumbnails/")
    return [m for m in archive.filelist if not any(folder in m.filename for folder in aside)]


def _mega(size: int) -> int:
    return -(-size // 2**20)


# -- XML and HTML that anybody may have made --------------------------------------------------

# libxml2 itself stops at texts over 10 MB and at elements nested too deep (huge_tree=False).
SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


def parse_xml(content: bytes, name: str) -> "etree._Element":
    """Return the root of an XML document.

    Raises ReadError when it declares entities, as no export does.
    """
    if b"<!ENTITY" in content.replace(b"\0", b""):  # in UTF-16 too
        raise refusal(name, "entities")
    from lxml import etree  # late: text, which most files are, needs none of it

    return etree.fromstring(content, etree.XMLParser(**SAFE))


def parse_html(printed: str, name: str) -> "etree._Element":
    """Return the root of an HTML document.

    Raises ReadError where the parser gave up before the end: what it left out would be lost.
    """
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
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
        if key == name or key.endswith("}" + name):
            return value
    return default


def is_layout(table: "etree._Element", tag: str, cells: tuple[str, ...]) -> bool:
    """Return whether a table only puts other tables in place: most of its cells are theirs."""
    inner = [t for t in table.iter(tag) if t is not table]
    theirs = sum(1 for t in inner for _ in t.iter(*cells))
    return 2 * theirs > sum(1 for _ in table.iter(*cells))
