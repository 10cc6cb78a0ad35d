"""What kind of file some bytes are, which reader reads it, and what to do where none does."""

import io
import json
import re
import zipfile

from riskdata.errors import ReadError
from riskdata.readers.limits import damaged, protected

PDF, ZIP, OLE = b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_AS_TEXT = "Exportera rapporten som Excel, Word, PDF eller text i stället."
_UNPACK = "Packa upp den och lägg exporterna i data/raw."
_AS_XLSX = "Öppna den i Excel och spara den som .xlsx (Arkiv > Spara som)."
# How a file begins that no reader understands → what it is, and what to do.
NOT_READ = {
    b"\x89PNG": ("en bild", _AS_TEXT),
    b"\xff\xd8\xff": ("en bild", _AS_TEXT),
    b"GIF8": ("en bild", _AS_TEXT),
    b"II*\0": ("en bild (TIFF)", _AS_TEXT),
    b"MM\0*": ("en bild (TIFF)", _AS_TEXT),
    b"RIFF": ("en bild eller film", _AS_TEXT),
    b"{\\rtf": ("ett RTF-dokument", "Öppna den i Word och spara den som .docx."),
    b"\x1f\x8b": ("en packad fil (gzip)", _UNPACK),
    b"7z\xbc\xaf": ("en packad fil (7z)", _UNPACK),
    b"Rar!": ("en packad fil (rar)", _UNPACK),
    b"PAR1": ("en Parquet-fil", "Exportera rapporten ur källsystemet i stället."),
    b"\0\1\0\0Standard ": ("en Access-databas", "Exportera tabellen som Excel ur Access."),
    b"SQLite format 3": ("en databas (SQLite)", "Exportera tabellen som CSV ur den."),
    b"L\0\0\0\x01\x14\x02\0": ("en genväg", "Kopiera själva filen till data/raw."),
    b"[InternetShortcut]": ("en genväg till en webbsida", "Hämta själva filen till data/raw."),
    b"bplist00": ("en genväg eller ett arkiv från Apple", "Hämta själva filen till data/raw."),
}
# A name inside a zip file → the reader of such files.
_PARTS = {
    "word/document.xml": "word",
    "xl/workbook.xml": "spreadsheet",
    "xl/workbook.bin": "spreadsheet",
}
_OTHER_PARTS = {
    "ppt/presentation.xml": ("en PowerPoint-presentation", _AS_TEXT),
    "Index/Document.iwa": (
        "från Apple Numbers eller Pages",
        "Öppna den där och välj Arkiv > Exportera till > Excel (Pages: Word).",
    ),
    "visio/document.xml": ("en Visio-ritning", _AS_TEXT),
    "Report/Layout": ("en Power BI-rapport", "Exportera tabellen som Excel ur Power BI."),
}
# A stream's name inside an OLE file → what the file is; Outlook's before those that a letter holds.
_LETTER = (
    "ett brev från Outlook (.msg)",
    "Öppna brevet i Outlook, spara bilagan i data/raw och ta bort brevet där.",
)
_STREAMS = {
    "__substg1.0_": _LETTER,
    "__nameid_version1.0": _LETTER,
    "__properties_version1.0": _LETTER,
    "WordDocument": (
        "ett äldre Word-dokument (.doc)",
        "Öppna den i Word och spara den som .docx.",
    ),
    "PowerPoint Document": ("en PowerPoint-presentation", _AS_TEXT),
}
_OPEN_DOCUMENT = {
    "opendocument.text": ("ett OpenDocument-dokument (.odt)", "Spara det som .docx."),
    "opendocument": ("en OpenDocument-fil av annat slag än kalkylblad", _AS_TEXT),
}
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|\?xml|\w*:?Workbook)\b", re.I)
_MAIL = re.compile(rb"(?:MIME-Version|From|Date|Subject|Content-Type):", re.I)
_SPREADSHEETML = b"urn:schemas-microsoft-com:office:spreadsheet"
_WORKBOOK = re.compile(rb"PK\x01\x02.{24}\x0f\0.{16}xl/workbook\.xml", re.DOTALL)


def find_reader(content: bytes, name: str) -> str:
    """Return the name of the module that reads a file.

    Raises ReadError, with what the file is and what to do, for a kind that none of them reads.
    """
    start = next((magic for magic in (ZIP, OLE, *NOT_READ) if content.startswith(magic)), None)
    if start in NOT_READ:
        raise _not_read(name, *NOT_READ[start])
    if start == ZIP:
        return "spreadsheet" if _is_workbook(content) else _in_zip(content, name)
    if start == OLE:
        return _in_ole(content, name)
    if PDF in content[:1024]:
        return "pdf"
    return _in_text(content, name)


def _in_text(content: bytes, name: str) -> str:
    start = content[:100_000].replace(b"\0", b"")  # UTF-16 is then as good as ASCII
    start = start.lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n")
    if start.startswith(b"<") and _MARKUP.search(start):
        if _SPREADSHEETML in start and not re.search(rb"<html\b", start, re.I):
            raise _not_read(name, "i Excels XML-format från 2003", _AS_XLSX)
        return "html"
    if start.startswith((b"{", b"[{")) and _is_json(content):
        raise _not_read(name, "data i JSON-format eller en genväg till Google Kalkylark", _AS_TEXT)
    is_mail = _MAIL.match(start) and b"mime-version:" in start[:20_000].lower()
    return "html" if is_mail else "text"


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except ValueError:
        return False
    return True


def _is_workbook(content: bytes) -> bool:
    """Return whether a zip file's directory plainly is a workbook's: it need not be opened twice."""
    end = content[-22:]
    if not end.startswith(b"PK\5\6"):
        return False
    directory = content[int.from_bytes(end[16:20], "little") :]
    return bool(_WORKBOOK.search(directory)) and b"word/document.xml" not in directory


def _in_zip(content: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:  # the reader checks what it unpacks
            parts = archive.namelist()
            told = archive.open("mimetype").read(100) if "mimetype" in parts else b""
    except Exception as fault:  # whatever zipfile meets in a file that is none
        raise damaged(name, f"{type(fault).__name__}: {fault}") from fault
    kind = told.decode("ascii", "replace")
    reader = next((reader for part, reader in _PARTS.items() if part in parts), None)
    if reader or "opendocument.spreadsheet" in kind:
        return reader or "spreadsheet"
    known = [what for part, what in _OTHER_PARTS.items() if part in parts]
    known += [what for part, what in _OPEN_DOCUMENT.items() if part in kind]
    if known:
        raise _not_read(name, *known[0])
    inside = f"en zip-fil som varken är Excel eller Word ({', '.join(parts[:3])})"
    raise _not_read(name, inside, _UNPACK)


def _in_ole(content: bytes, name: str) -> str:
    """Tell the old formats apart by the names of the streams inside, which are UTF-16."""
    if _utf16("EncryptedPackage") in content:
        raise protected(name)
    for stream, what in _STREAMS.items():
        if _utf16(stream) in content:
            raise _not_read(name, *what)
    if _utf16("Workbook") in content or _utf16("Book") in content:
        return "spreadsheet"
    raise damaged(name)


def _not_read(name: str, what: str, remedy: str) -> ReadError:
    return ReadError(f"{name}: filen är {what} och läses inte. {remedy}")


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")
