"""Word files as PDFs, by LibreOffice where there is one."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from riskdata.words.language import word

PATIENCE, EACH = 60, 20  # seconds for LibreOffice to start, and for each PDF: it takes seven
OFFICE = ("soffice", "libreoffice")
_TAGGED = (
    'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"},'
    '"PDFUACompliance":{"type":"boolean","value":"true"}}'
)


def save_pdfs(documents: Sequence[Path], language: str = "sv") -> tuple[list[Path], str]:
    """Have one LibreOffice make a tagged PDF of each Word file; say how Word does it where none is."""
    documents = list(dict.fromkeys(documents))
    if not documents:  # LibreOffice, asked for nothing, waits for ever
        return [], ""
    program = next(filter(None, map(shutil.which, OFFICE)), None)
    names = ", ".join(dict.fromkeys(path.name for path in documents))
    if program is None:
        return [], word("report.no_pdf", language, file=names)
    with tempfile.TemporaryDirectory() as work:
        pdfs = _converted(program, documents, Path(work))
        for document, pdf in pdfs.items():
            shutil.copyfile(pdf, document.with_suffix(".pdf"))
    if len(pdfs) < len(documents):
        return [], word("report.pdf_failed", language, file=names)
    return [document.with_suffix(".pdf") for document in documents], ""


def _converted(program: str, documents: Sequence[Path], work: Path) -> dict[Path, Path]:
    """Return each document's PDF, made in a profile of its own: two LibreOffice may run at a time."""
    copies = {path: work / f"{number}.docx" for number, path in enumerate(documents)}
    for path, copied in copies.items():
        shutil.copyfile(path, copied)
    profile = f"-env:UserInstallation={(work / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", _TAGGED, "--outdir", work]
    with suppress(OSError):  # what it did is seen by the files it leaves
        _run([*command, *copies.values()], PATIENCE + EACH * len(copies))
    made = {path: copied.with_suffix(".pdf") for path, copied in copies.items()}
    return {path: pdf for path, pdf in made.items() if pdf.is_file() and pdf.stat().st_size}


def _run(command: Sequence[str | Path], seconds: float) -> None:
    """Run a program to its end, or end it and all that it has started: LibreOffice may hang."""
    nothing = subprocess.DEVNULL  # a pipe would be held open by what it has started
    process = subprocess.Popen(
        command, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
