"""What kind of file some bytes are, which reader reads it, and what to do where none does."""

import io
import re
import zipfile
from collections.abc import Callable

from riskdata.readers.limits import damaged, refusal, refusals

PDF, ZIP, OLE = b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# A name inside a zip file → the reader of such files.
_PARTS = {
    "word/document.xml": "word",
    "xl/workbook.xml": "spreadsheet",
    "xl/workbook.bin": "spreadsheet",
}
_MARKUP = re.compile(r"<(?:!doctype\s+html|html|head|body|table|meta|\?xml|\w*:?Workbook)\b", re.I)
_MAIL = re.compile(r"(?:MIME-Version|From|Date|Subject|Content-Type):", re.I)


def find_reader(content: bytes, name: str) -> str:
    """Return the name of the module that reads a file.

    Raises ReadError, with what the file is and what to do, for a kind that none of them reads.
    """
    if content.startswith(ZIP):
        return _in_zip(content, name)
    if content.startswith(OLE):
        return _in_ole(content, name)
    if PDF in content[:1024]:
        return "pdf"
    start = (
        content[:100_000].replace(b"\0", b"").decode("latin-1")
    )  # UTF-16 is then as good as ASCII
    start = start.lstrip("\xef\xbb\xbf\xfe\xff \t\r\n")
    begin = content[:100].decode("latin-1")
    _refuse(name, "starts", lambda sign: begin.startswith(sign) or start.startswith(sign))
    is_markup = start.startswith("<") and _MARKUP.search(start)
    if is_markup:
        _refuse(name, "holds", start.__contains__)
    is_mail = _MAIL.match(start) and "mime-version:" in start[:20_000].lower()
    return "html" if is_markup or is_mail else "text"


def _refuse(name: str, key: str, is_told: Callable[[str], bool]) -> None:
    """Raise the error of the first kind in refusals.toml that is told by one of its values of a key."""
    for kind in refusals()["kinds"]:
        if any(map(is_told, kind.get(key, ()))):
            remedy = refusals()["remedies"].get(kind["remedy"], kind["remedy"])
            raise refusal(name, "not_read", what=kind["what"], remedy=remedy)


def _in_zip(content: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:  # the reader checks what it unpacks
            parts = set(archive.namelist())
            told = archive.open("mimetype").read(100) if "mimetype" in parts else b""
    except Exception as fault:  # whatever zipfile meets in a file that is none
        raise damaged(name, fault) from fault
    kind = told.decode("ascii", "replace")
    reader = next((reader for part, reader in _PARTS.items() if part in parts), None)
    if reader or "opendocument.spreadsheet" in kind:
        return reader or "spreadsheet"
    _refuse(name, "parts", parts.__contains__)
    _refuse(name, "mimetypes", kind.startswith)
    _refuse(name, "starts", ZIP.decode().startswith)
    raise damaged(name)


def _in_ole(content: bytes, name: str) -> str:
    """Tell the old formats apart by the names of the streams inside, which are UTF-16."""

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if has("EncryptedPackage"):
        raise refusal(name, "protected")
    _refuse(name, "streams", has)
    if has("Workbook") or has("Book"):
        return "spreadsheet"
    raise damaged(name)
