"""One file → the grids in it. The reader is chosen by what the file holds, never by its name."""

from dataclasses import replace
from pathlib import Path

from riskdata.readers import sandbox
from riskdata.readers.grid import Grid
from riskdata.readers.limits import FILE_BYTES, find_reader, mega, refusal

LOOKED_UP, TYPES = ";#", ("float", "string", "datetime", "boolean")


def read_grids(path: Path) -> list[Grid]:
    """Return every grid of a file: cells as printed, with the rows' numbers.

    Raises ReadError when the file is missing, empty, damaged, too large, protected or of a kind
    that cannot be read.
    """
    return find_grids(read_bytes(path), path.name)


def find_grids(content: bytes, name: str) -> list[Grid]:
    """Return every grid of a file's content, as ``read_grids`` does.

    Text is read here; every other kind in a process of its own (see ``sandbox``).
    """
    is_text = find_reader(content, name) == "text"
    grids = sandbox.read_content(content, name) if is_text else sandbox.read(content, name)
    return [
        replace(grid, rows=[[*map(without_ids, row)] for row in grid.rows])
        if any(LOOKED_UP in cell for row in grid.rows for cell in row) else grid
        for grid in grids
    ]  # fmt: skip


def without_ids(cell: str) -> str:
    """Return a cell without the ids and types that a SharePoint list writes beside what it shows.

    >>> without_ids("11;#Tuva Rask;#12;#Ivar Lönn"), without_ids("float;#6.0")
    ('Tuva Rask; Ivar Lönn', '6.0')
    """
    if LOOKED_UP not in cell:
        return cell
    parts = [part for part in cell.split(LOOKED_UP) if part]
    shown = [part for part in parts if not part.isdigit() and part not in TYPES]
    return "; ".join(shown or parts[-1:])


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes; ReadError when it is missing, empty or too large."""
    try:
        if (size := path.stat().st_size) > FILE_BYTES:
            raise refusal(path.name, "large", size=mega(size), most=mega(FILE_BYTES))
        content = path.read_bytes()
    except OSError as fault:
        raise refusal(path.name, "closed", why=fault.strerror) from fault
    if path.name.startswith("~$"):
        raise refusal(path.name, "lock")
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise refusal(path.name, "empty")
    return content
