"""What kind of file some bytes are, and which reader reads it."""

import io
import re
import zipfile

from riskdata.errors import ReadError
from riskdata.readers.faults import damaged, protected

PDF, ZIP, OLE = b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SPREADSHEETML = b"urn:schemas-microsoft-com:office:spreadsheet"

# How a file begins that no reader understands → what it is, and what to do.
_AS_TEXT = "Exportera rapporten som Excel, Word, PDF eller text i stället."
NOT_READ = {
    b"\x89PNG": ("en bild", _AS_TEXT),
    b"\xff\xd8\xff": ("en bild", _AS_TEXT),
    b"GIF8": ("en bild", _AS_TEXT),
    b"{\\rtf": ("ett RTF-dokument", "Öppna den i Word och spara den som .docx."),
    b"\x1f\x8b": ("en packad fil (gzip)", "Packa upp den och lägg innehållet i data/raw."),
    b"7z\xbc\xaf": ("en packad fil (7z)", "Packa upp den och lägg innehållet i data/raw."),
    b"Rar!": ("en packad fil (rar)", "Packa upp den och lägg innehållet i data/raw."),
}
# A name inside a zip file → the reader of such files.
_PARTS = {
    "word/document.xml": "word",
    "xl/workbook.xml": "spreadsheet",
    "xl/workbook.bin": "spreadsheet",
}
# The entry of a workbook's main part in the directory that ends a zip file: 15 letters of a name.
_WORKBOOK = re.compile(rb"PK\x01\x02.{24}\x0f\0.{16}xl/workbook\.xml", re.DOTALL)
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|\?xml|\w*:?Workbook)\b", re.I)
_MAIL = re.compile(rb"(?:MIME-Version|From|Date|Subject|Content-Type):", re.I)


def is_text(content: bytes) -> bool:
    """Return whether a file is read as text: it begins as no other known kind of file does."""
    return _by_beginning(content) is None


def find_reader(content: bytes, name: str) -> str:
    """Return the name of the module that reads a file.

    Raises ReadError for a kind of file that none of them reads.
    """
    kind = _by_beginning(content)
    if kind in NOT_READ:
        what, remedy = NOT_READ[kind]
        raise ReadError(f"{name}: filen är {what} och läses inte. {remedy}")
    if kind == ZIP:
        return "spreadsheet" if _is_workbook(content) else _in_zip(content, name)
    if kind == OLE:
        return _in_ole(content, name)
    return kind or "text"


def _by_beginning(content: bytes) -> bytes | str | None:
    """Return the magic bytes or the reader's name; None for what can only be text."""
    known = next((m for m in (ZIP, OLE, *NOT_READ) if content.startswith(m)), None)
    if known:
        return known
    if PDF in content[:1024]:
        return "pdf"
    start = content[:100_000].replace(b"\0", b"")  # UTF-16 is then as good as ASCII
    start = start.lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n")
    if start.startswith(b"<") and _MARKUP.search(start):
        return "spreadsheetml" if SPREADSHEETML in start else "html"
    is_mail = _MAIL.match(start) and b"mime-version:" in start[:2000].lower()
    return "html" if is_mail else None


def _is_workbook(content: bytes) -> bool:
    """Return whether a zip file's directory plainly is a workbook's: it need not be opened twice."""
    end = content[-22:]
    if not end.startswith(b"PK\5\6"):
        return False
    directory = content[int.from_bytes(end[16:20], "little") :]
    return bool(_WORKBOOK.search(directory)) and b"word/document.xml" not in directory


def _in_zip(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:  # the reader checks what it unpacks
        parts = archive.namelist()
        found = next((reader for part, reader in _PARTS.items() if part in parts), None)
        if found:
            return found
        kind = (
            archive.open("mimetype").read(100).decode("ascii", "replace")
            if "mimetype" in parts
            else ""
        )
    if "opendocument.spreadsheet" in kind:
        return "spreadsheet"
    if "opendocument.text" in kind:
        raise ReadError(f"{name}: filen är ett OpenDocument-dokument (.odt). Spara det som .docx.")
    raise ReadError(
        f"{name}: filen är en zip-fil som varken är Excel eller Word ({', '.join(parts[:3])}). "
        "Packa upp den och lägg exporterna i data/raw."
    )


def _in_ole(content: bytes, name: str) -> str:
    """Tell the old formats apart by the names of the streams inside, which are UTF-16."""
    inside = {part for part in ("EncryptedPackage", "WordDocument") if _utf16(part) in content}
    if "EncryptedPackage" in inside:
        raise protected(name)
    if "WordDocument" in inside:
        raise ReadError(
            f"{name}: filen är ett äldre Word-dokument (.doc) och läses inte. "
            "Öppna den i Word och spara den som .docx."
        )
    if _utf16("Workbook") in content or _utf16("Book") in content:
        return "spreadsheet"
    raise damaged(name)


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")
