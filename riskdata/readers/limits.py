"""How large a file and what it holds may be: far above any export, far below a full memory."""

import io
import struct
import zipfile
import zlib
from itertools import chain

from riskdata.errors import ReadError
from riskdata.grid import Grid

FILE_BYTES = 50 * 2**20
UNPACKED_BYTES = 200 * 2**20  # the XML inside an Excel, Word or OpenDocument file
ZIP_MEMBERS = 5_000
ROWS = 1_048_576  # as many as Excel has
COLUMNS = 16_384
CELLS = 12_000_000  # of a whole sheet, empty ones counted
CELL_LETTERS = 100_000  # Excel holds 32 767
TEXT_LETTERS = 60_000_000  # of all cells together
PAGES = 500

_PIECE = 2**22  # of a zip file's member: a larger one is unpacked piece by piece
_HEADER = struct.Struct("<4s22xHH")  # before a member: its sign, and how long name and extras are
_PLAIN_FLAGS = 0x80E  # how hard it was packed, sizes told after it, its name in UTF-8
_PLAN = "Exportera rapporten på nytt för en nämnd och en period i taget."


def check_file(size: int, name: str) -> None:
    """Stop at a file too large to be an export."""
    if size > FILE_BYTES:
        found, known = _mega(size), _mega(FILE_BYTES)
        raise ReadError(f"{name}: filen är {found} MB; högst {known} MB läses. {_PLAN}")


def check_text(content: bytes, name: str) -> None:
    """Stop at a text with more lines or more delimiters than any table has."""
    if len(content) <= ROWS:
        return
    lines = max(content.count(b"\n"), content.count(b"\r"))
    cells = max(content.count(sign) for sign in (b"\t", b";", b"|"))
    if lines > ROWS or cells > CELLS:
        raise ReadError(
            f"{name}: texten har {lines} rader och {cells} skiljetecken; högst {ROWS} rader och "
            f"{CELLS} celler läses. {_PLAN}"
        )


class Archive(zipfile.ZipFile):
    """A zip file that keeps what has been unpacked of it."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content))
        self.kept: dict[zipfile.ZipInfo, bytes] = {}

    def read(self, name: str, pwd: bytes | None = None) -> bytes:
        """Return a member's bytes."""
        kept = self.kept.get(self.getinfo(name))
        return super().read(name, pwd) if kept is None else kept


def open_zip(content: bytes, name: str) -> Archive:
    """Return a zip file whose XML is whole and of a size that can be unpacked."""
    archive = Archive(content)
    _check_members(archive, content, name)
    return archive


def check_extent(rows: int, columns: int, name: str, where: str) -> None:
    """Stop at a sheet whose outermost cells stand too far off to be part of a table."""
    if rows > ROWS or columns > COLUMNS or rows * columns > CELLS:
        raise ReadError(
            f"{name}: {where} sträcker sig till rad {rows} och kolumn {columns}, alltså "
            f"{rows * columns} celler; högst {CELLS} läses. Något står långt utanför tabellen: "
            "radera raderna under och kolumnerna till höger om den, spara och kör igen."
        )


def check_grids(grids: list[Grid], name: str) -> list[Grid]:
    """Return the grids; stop when they hold more than an export can."""
    if _is_small([row for grid in grids for row in grid.rows]):
        return grids
    letters = 0
    for grid in grids:
        if len(grid.rows) > ROWS:
            raise ReadError(
                f"{name}: filen har {len(grid.rows)} rader; högst {ROWS} läses. {_PLAN}"
            )
        letters += sum(_check_row(*row, name) for row in zip(grid.numbers, grid.rows, strict=True))
    if letters > TEXT_LETTERS:
        raise ReadError(
            f"{name}: tabellerna har {letters} tecken; högst {TEXT_LETTERS} läses. {_PLAN}"
        )
    return grids


def _is_small(rows: list[list[str]]) -> bool:
    """Return whether all cells together have no more letters than one of them may have."""
    letters = sum(map(len, chain.from_iterable(rows)))
    return (
        letters <= CELL_LETTERS and len(rows) <= ROWS and max(map(len, rows), default=0) <= COLUMNS
    )


def _check_row(number: int, cells: list[str], name: str) -> int:
    longest = max(map(len, cells), default=0)
    if longest > CELL_LETTERS:
        raise ReadError(
            f"{name}: en cell på rad {number} har {longest} tecken; högst {CELL_LETTERS} läses. "
            "Öppna filen, korta cellen eller dela den, spara och kör igen."
        )
    if len(cells) > COLUMNS:
        raise ReadError(
            f"{name}: rad {number} har {len(cells)} celler; högst {COLUMNS} läses. {_PLAN}"
        )
    return sum(map(len, cells)) if longest else 0


def _check_members(archive: Archive, content: bytes, name: str) -> None:
    read = _unpacked(archive)
    size = sum(member.file_size for member in read)
    if size > UNPACKED_BYTES or len(archive.filelist) > ZIP_MEMBERS:
        raise ReadError(
            f"{name}: filen är {_mega(size)} MB uppackad, i {len(archive.filelist)} delar; högst "
            f"{_mega(UNPACKED_BYTES)} MB i {ZIP_MEMBERS} delar läses. Kom den från någon annan, så "
            f"öppna den inte: den kan vara gjord för att fylla minnet. {_PLAN}"
        )
    for member in read:  # what a member declares may be false: reading it to its end tells
        xml = _unpack(content, member)
        if xml is not None:
            archive.kept[member] = xml
            continue
        with archive.open(member) as part:
            while part.read(_PIECE):
                pass


def _unpack(content: bytes, member: zipfile.ZipInfo) -> bytes | None:
    """Return the bytes of a plain member that is what it declares; zipfile tells of all others.

    Saves most of what zipfile takes for the small members that nearly every file consists of.
    """
    packed = _packed(content, member)
    if packed is None:
        return None
    try:
        xml = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, member.file_size + 1)
    except zlib.error:
        return None
    return xml if len(xml) == member.file_size and zlib.crc32(xml) == member.CRC else None


def _packed(content: bytes, member: zipfile.ZipInfo) -> bytes | None:
    """Return a plain member's bytes as they stand in the file, if its own header is before them."""
    named = member.header_offset + _HEADER.size
    inside = member.header_offset >= 0 and named <= len(content)
    plain = not member.flag_bits & ~_PLAIN_FLAGS and member.file_size <= _PIECE
    if not inside or not plain or member.compress_type != zipfile.ZIP_DEFLATED:
        return None
    sign, letters, extra = _HEADER.unpack_from(content, member.header_offset)
    start = named + letters + extra
    own = sign == b"PK\3\4" and content[named : named + letters] == member.orig_filename.encode()
    return content[start : start + member.compress_size] if own else None


def _unpacked(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return every member but pictures and embedded files, which are never unpacked."""
    aside = ("/media/", "Pictures/", "/embeddings/", "Thumbnails/")
    return [m for m in archive.filelist if not any(folder in m.filename for folder in aside)]


def _mega(size: int) -> int:
    return -(-size // 2**20)
