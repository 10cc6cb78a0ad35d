"""One file → the grids in it. The reader is chosen by what the file holds, never by its name."""

from pathlib import Path

from riskdata.errors import ReadError
from riskdata.grid import Grid
from riskdata.readers import kinds, sandbox, text
from riskdata.readers.limits import check_file, check_grids, check_text


def read_grids(path: Path) -> list[Grid]:
    """Return every grid of a file: cells as printed, with the rows' numbers.

    Text is read here; every other kind in a process of its own (see ``sandbox``).
    Raises ReadError when the file is missing, empty, damaged, too large, protected or of a kind
    that cannot be read.
    """
    content = _bytes(path)
    if kinds.is_text(content):
        check_text(content, path.name)
        return check_grids(text.read(content, path.name), path.name)
    return sandbox.read(content, path.name)


def _bytes(path: Path) -> bytes:
    try:
        check_file(path.stat().st_size, path.name)
        content = path.read_bytes()
    except OSError as fault:
        raise ReadError(
            f"{path.name}: filen går inte att öppna ({fault.strerror}). "
            "Stäng den i Excel eller Word, kontrollera sökvägen och kör igen."
        ) from fault
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise ReadError(f"{path.name}: filen är tom. Exportera rapporten på nytt.")
    return content
