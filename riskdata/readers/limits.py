"""What a file may be: how large, and that nothing in it is fetched or expanded; else a message."""

import io
import zipfile
from typing import TYPE_CHECKING

from riskdata.errors import ReadError
from riskdata.readers.grid import COLUMNS, Grid

if TYPE_CHECKING:
    from lxml import etree

FILE_BYTES = 50 * 2**20
UNPACKED_BYTES = 200 * 2**20  # the XML inside an Excel, Word or OpenDocument file
ZIP_MEMBERS = 5_000
ROWS = 1_048_576  # as many as Excel has
CELLS = 12_000_000  # of a whole sheet, empty ones counted
CELL_LETTERS = 100_000  # Excel holds 32 767
TEXT_LETTERS = 60_000_000  # of all cells together
PAGES = 500

DEFLATED = 1_032  # times that a zip file can make a part smaller, at most
_PIECE = 2**22  # bytes of a zip file's part that are unpacked at a time
_PLAN = "Exportera rapporten på nytt för en nämnd och en period i taget."
_LONG = "Öppna filen, korta cellen eller dela den, spara och kör igen."
_FAR = (
    "Något står långt utanför tabellen: radera raderna under och kolumnerna till höger om den, "
    "spara och kör igen."
)
_MADE = "Kom den från någon annan, så öppna den inte: den kan vara gjord för att fylla minnet."


def damaged(name: str, why: str = "") -> ReadError:
    """Return the error for a file that ends too soon or holds what its kind of file cannot.

    why: what a library says of it, for whoever is asked for help.
    """
    reason = f" ({why[:80]})" if why else ""
    return ReadError(
        f"{name}: filen är skadad eller inte hel{reason}. Hämta eller exportera den på nytt; går "
        "den att öppna i Excel eller Word, så spara den därifrån som ny fil."
    )


def protected(name: str) -> ReadError:
    """Return the error for a file that asks for a password."""
    return ReadError(
        f"{name}: filen är skyddad med lösenord. Öppna den med lösenordet, ta bort skyddet "
        "(Arkiv > Info > Skydda), spara och kör igen."
    )


def _too_large(name: str, what: str, most: str, remedy: str = _PLAN) -> ReadError:
    return ReadError(f"{name}: {what}; högst {most} läses. {remedy}")


def check_file(size: int, name: str) -> None:
    """Stop at a file too large to be an export."""
    if size > FILE_BYTES:
        raise _too_large(name, f"filen är {_mega(size)} MB", f"{_mega(FILE_BYTES)} MB")


def check_text(content: bytes, name: str) -> None:
    """Stop at a text with more lines or more delimiters than any table has."""
    lines = max(content.count(b"\n"), content.count(b"\r"))
    cells = max(content.count(sign) for sign in (b"\t", b";", b"|"))
    if lines > ROWS or cells > CELLS:
        what = f"texten har {lines} rader och {cells} skiljetecken"
        raise _too_large(name, what, f"{ROWS} rader och {CELLS} celler")


def open_zip(content: bytes, name: str) -> zipfile.ZipFile:
    """Return a zip file whose parts are of a size that can be unpacked.

    What a part says of its own size may be false. A file this small cannot hold more than the
    limit, whatever it says; of a larger one each part is read to its end, which zipfile checks.
    """
    archive = zipfile.ZipFile(io.BytesIO(content))
    read = _unpacked(archive)
    size = sum(member.file_size for member in read)
    if size > UNPACKED_BYTES or len(archive.filelist) > ZIP_MEMBERS:
        what = f"filen är {_mega(size)} MB uppackad, i {len(archive.filelist)} delar"
        most = f"{_mega(UNPACKED_BYTES)} MB i {ZIP_MEMBERS} delar"
        raise _too_large(name, what, most, f"{_MADE} {_PLAN}")
    for member in read if len(content) * DEFLATED > UNPACKED_BYTES else ():
        with archive.open(member) as part:
            while part.read(_PIECE):
                pass
    return archive


def check_extent(rows: int, columns: int, name: str, where: str) -> None:
    """Stop at a sheet whose outermost cells stand too far off to be part of a table."""
    if rows > ROWS or columns > COLUMNS or rows * columns > CELLS:
        what = f"{where} sträcker sig till rad {rows} och kolumn {columns}"
        raise _too_large(name, what, f"{CELLS} celler", _FAR)


def check_grids(grids: list[Grid], name: str) -> list[Grid]:
    """Return the grids; stop when they hold more than an export can."""
    for grid in grids:
        if len(grid.rows) > ROWS:
            raise _too_large(name, f"filen har {len(grid.rows)} rader", f"{ROWS}")
        for number, row in zip(grid.numbers, grid.rows, strict=True):
            if len(row) > COLUMNS:
                raise _too_large(name, f"rad {number} har {len(row)} celler", f"{COLUMNS}")
            if max(map(len, row), default=0) > CELL_LETTERS:
                what = f"en cell på rad {number} har {max(map(len, row))} tecken"
                raise _too_large(name, what, f"{CELL_LETTERS}", _LONG)
    letters = sum(len(cell) for grid in grids for row in grid.rows for cell in row)
    if letters > TEXT_LETTERS:
        raise _too_large(name, f"tabellerna har {letters} tecken", f"{TEXT_LETTERS}")
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
        raise ReadError(
            f"{name}: filen definierar egna entiteter (<!ENTITY …>), vilket ingen export gör: den "
            "kan vara gjord för att skada. Exportera rapporten på nytt ur källsystemet."
        )
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
        raise ReadError(
            f"{name}: webbsidan har en cell på flera miljoner tecken eller är nästlad i hundratals "
            "nivåer, så som ingen export är. Exportera rapporten på nytt."
        )
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
