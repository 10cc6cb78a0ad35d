"""What a file may be: of which kind, how large, nothing in it fetched or expanded; else a message."""

import io
import re
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
PAGES = 500

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
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


# -- of which kind -------------------------------------------------------------------------------


def find_reader(content: bytes, name: str) -> str:
    """Return the name of the module that reads a file; the kinds are in refusals.toml.

    Raises ReadError, with what the file is and what to do, for a kind that none of them reads.
    """
    begin = content[:100].decode("latin-1")
    start = content[:100_000].replace(b"\0", b"").decode("latin-1")  # UTF-16 is as good as ASCII
    start = start.lstrip("\xef\xbb\xbf\xfe\xff \t\r\n")
    is_zip, is_ole = content.startswith(_ZIP), content.startswith(_OLE)
    parts, mimetype = _parts(content, name) if is_zip else ([], "")
    told_by = {
        "parts": parts.__contains__,
        "mimetypes": mimetype.startswith,
        "streams": lambda stream: is_ole and stream.encode("utf-16-le") in content,
        "early": lambda sign: sign.encode() in content[:1024],
        "starts": lambda sign: begin.startswith(sign) or start.startswith(sign),
        "pattern": lambda pattern: re.match(pattern, start, re.IGNORECASE | re.DOTALL),
    }
    for kind in refusals()["kinds"]:
        if any(is_told(sign) for key, is_told in told_by.items() for sign in kind.get(key, ())):
            if "reader" in kind:
                return kind["reader"]
            remedy = kind.get("remedy", "")
            remedy = refusals()["remedies"].get(remedy, remedy)
            key = kind.get("refusal", "not_read")
            raise refusal(name, key, what=kind.get("what"), remedy=remedy)
    if is_ole:
        raise damaged(name)
    return "text"


def _parts(content: bytes, name: str) -> tuple[list[str], str]:
    """Return the names of the parts of a zip file, and what kind of file it says that it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:  # the reader checks what it unpacks
            parts = archive.namelist()
            told = archive.open("mimetype").read(100) if "mimetype" in parts else b""
    except Exception as fault:  # whatever zipfile meets in a file that is none
        raise damaged(name, fault) from fault
    return parts, told.decode("ascii", "replace")


# -- how large -----------------------------------------------------------------------------------


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


def check_grids(grids: list["Grid"], name: str) -> None:
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


# -- XML and HTML that anybody may have made -----------------------------------------------------


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
    """Return whether a table only puts other tables in place: most of its cells are theirs."""
    inner = [t for t in table.iter(tag) if t is not table]
    theirs = sum(1 for t in inner for _ in t.iter(*cells))
    return 2 * theirs > sum(1 for _ in table.iter(*cells))
