"""One file → the grids in it. The reader is chosen by what the file holds, never by its name."""

from pathlib import Path

from riskdata.errors import ReadError
from riskdata.grid import Grid
from riskdata.readers import text

# How a file begins that no reader here understands → what it is.
NOT_READ = {
    b"\x89PNG": "en bild",
    b"\xff\xd8\xff": "en bild",
    b"GIF8": "en bild",
    b"%PDF": "en PDF",
    b"PK\x03\x04": "en Excel-, Word- eller zip-fil",
    b"\xd0\xcf\x11\xe0": "en äldre Excel- eller Word-fil, eller en lösenordsskyddad",
}


def read_grids(path: Path) -> list[Grid]:
    """Return every grid of a file: cells as printed, with the rows' numbers.

    Raises ReadError when the file is missing, empty, or of a kind that cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise ReadError(
            f"{path.name}: filen går inte att öppna ({fault.strerror}). "
            "Stäng den i Excel eller Word, kontrollera sökvägen och kör igen."
        ) from fault
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise ReadError(f"{path.name}: filen är tom. Exportera rapporten på nytt.")
    for magic, what in NOT_READ.items():
        if content.startswith(magic):
            raise ReadError(
                f"{path.name}: filen är {what}, inte text. Filer som kan läsas är text (.txt, .tsv) "
                "och CSV. Öppna den, markera tabellen, klistra in den i en textfil och spara."
            )
    return [text.read(content, path.name)]
