"""Office files written so that the same contents give the same bytes."""

import io
import re
import zipfile
from pathlib import Path

FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file can tell
_STAMPS = re.compile(rb"<dcterms:(created|modified)\b[^>]*>[^<]*</dcterms:\1>")


def save_same_bytes(made: bytes, path: Path) -> None:
    """Write a Word or Excel file without the moments at which it and its parts were made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    undated = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(undated, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "docProps/core.xml":
                content = _STAMPS.sub(b"", content)
            entry = zipfile.ZipInfo(part.filename, FIRST_DATE)
            new.writestr(entry, content, zipfile.ZIP_DEFLATED)
    path.write_bytes(undated.getvalue())
