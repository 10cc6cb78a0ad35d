"""The files of a committee report: Word, PDF, workbook, charts and key figures."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from riskdata import folders
from riskdata.charts.chart import Chart
from riskdata.errors import RiskdataError
from riskdata.reports.committee import Committee, committee_report
from riskdata.reports.document import save_document
from riskdata.reports.key_figures import print_key_figures
from riskdata.reports.page import report_page
from riskdata.reports.printed import printed
from riskdata.reports.workbook import save_workbook
from riskdata.tables.data import Data
from riskdata.words.language import word

PATIENCE = 120  # seconds for a program to write a PDF
OFFICE = ("soffice", "libreoffice")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
_TAGGED = (
    'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"},'
    '"PDFUACompliance":{"type":"boolean","value":"true"}}'
)


@dataclass(frozen=True)
class Saved:
    """The files that a report left, and what a reader of the list should know about them.

    Shows in a notebook as a list of links.
    """

    files: list[Path]
    notes: list[str] = field(default_factory=list)
    language: str = "sv"

    def _repr_html_(self) -> str:
        by_name = groupby(self.files, key=lambda path: path.with_suffix(""))
        items = (" · ".join(map(_link, paths)) for _, paths in by_name)
        links = "".join(f"<li>{item}</li>" for item in items)
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        return f'<div lang="{self.language}"><ul>{links}</ul>{notes}</div>'


def save_report(
    data: Data,
    *,
    period: str | None = None,
    board: str | None = None,
    folder: Path | str | None = None,
    language: str = "sv",
    names: str = "none",
    charts: Sequence[str] | None = None,
) -> Saved:
    """Save everything that a committee is to have about a period and a board.

    That is a Word report, a PDF of the same contents where LibreOffice or Chromium is there, a
    workbook, the charts as pictures, drawings, numbers and texts, and the key figures. Nobody is
    named in them unless asked for; what was masked is listed in a folder of its own, for review.

    Parameters
    ----------
    data : all the tidy tables, as ``load`` returns them
    period, board, folder, language, names : as for ``committee_report``
    charts : names of ``riskdata.reports.committee.CHARTS``; the usual ones, if not given

    Returns
    -------
    Saved
        The files, as links in a notebook, and in one sentence how to get a PDF if none was made.

    Raises
    ------
    ChoiceError
        For a period, board, language, chart or choice of names that there is not.
    ManualError
        For a data/manual/template.docx that is no Word file.
    RiskdataError
        For a file of an earlier run that is open in another program and cannot be replaced.
    """
    report = committee_report(
        data, period=period, board=board, folder=folder, language=language, names=names
    )
    try:
        return _save_all(report, report.charts(charts))
    except PermissionError as fault:
        raise RiskdataError(
            f"{fault.filename}: filen går inte att skriva över. Den är troligen öppen i ett annat "
            "program: stäng den och kör igen."
        ) from fault


def _save_all(report: Committee, charts: dict[str, Chart]) -> Saved:
    language = report.language
    contents = {
        "title": word("report.title", language),
        "period": _period_in_words(report.period, language),
        "board": report.board or word("files.all_boards", language),
        "key_figures": report.key_figures.sentences,
        "changed": report.changed.sentences,
        "charts": list(charts.values()),
        "tables": report.tables,
        "appendix": report.appendix,
        "language": language,
    }
    document = save_document(_path(report, "report", "docx"), template=_template(), **contents)
    pdf, note = _save_pdf(document, contents)
    book = save_workbook(
        report.data, _path(report, "workbook", "xlsx"), changes=report.changes,
        unfinished=report.activities, language=language, names=report.names,
    )  # fmt: skip
    figures = _path(report, "key_figures", "txt")
    figures.write_text(print_key_figures(report.figures), "utf-8", newline="\n")
    pictures = [
        path for chart in charts.values() for path in chart.save(_path(report, "charts")).values()
    ]
    files = [document, *pdf, book, figures, *pictures]
    return Saved(files, list(filter(None, [note, *_review(report)])), language)


def _period_in_words(period: str, language: str) -> str:
    year, name = period.split("-")
    said = word(f"report.{name}", language)
    return word("report.period", language, period=period, report=said, year=year)


def _path(report: Committee, name: str, ending: str = "") -> Path:
    file = word(f"files.{name}", report.language)
    return report.folder / (f"{file}.{ending}" if ending else file)


def _template() -> Path | None:
    own = folders.manual() / "template.docx"
    return own if own.is_file() else None


def _review(report: Committee) -> list[str]:
    """Save the list of what was masked, apart from what is handed out; return what to say of it."""
    if report.names == "full":
        return [word("report.named", report.language)]
    listed = printed(report.masked, list(report.masked.columns), report.language)
    folder = _path(report, "working")
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{word('files.masked', report.language)}.csv"
    listed.to_csv(file, index=False, sep=";", encoding="utf-8-sig", lineterminator="\r\n")
    hidden = report.masked.masked.astype(bool)
    counts = {"masked": hidden.sum(), "left": (~hidden).sum()}
    return [
        word(f"report.{k}", report.language, n=n, folder=folder.name) for k, n in counts.items()
    ]


def _save_pdf(document: Path, contents: dict) -> tuple[list[Path], str]:
    """Make a PDF with tags; return it and by what it was made, or none and how to get one."""
    pdf, language = document.with_suffix(".pdf"), contents["language"]
    pdf.unlink(missing_ok=True)  # one of an earlier run would not be of this document
    found = [(_by_office, path, "LibreOffice") for path in map(shutil.which, OFFICE) if path]
    found += [(_by_browser, path, "Chromium") for path in map(shutil.which, BROWSERS) if path]
    if not found:
        return [], word("report.no_pdf", language, file=document.name)
    make, program, name = found[0]
    with tempfile.TemporaryDirectory() as work:
        made = make(program, document, contents, Path(work))
        if made:
            shutil.copyfile(made, pdf)
            return [pdf], word("report.pdf_made_by", language, program=name)
    return [], word("report.pdf_failed", language, file=document.name, program=name)


def _by_office(program: str, document: Path, contents: dict, work: Path) -> Path | None:
    """Have LibreOffice print the Word file, in a profile of its own: two may run at a time."""
    profile = f"-env:UserInstallation={(work / 'profile').as_uri()}"
    _run([program, profile, "--headless", "--convert-to", _TAGGED, "--outdir", work, document])
    return _if_made(work / document.with_suffix(".pdf").name)


def _by_browser(program: str, document: Path, contents: dict, work: Path) -> Path | None:
    """Have Chromium print the same contents as a page; its PDFs have tags and language."""
    source, made = work / "page.html", work / "page.pdf"
    source.write_text(report_page(**contents), "utf-8")
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    own = f"--user-data-dir={work / 'profile'}"
    quiet = ["--headless", "--disable-gpu", "--no-pdf-header-footer"]
    _run([program, *root, *quiet, own, f"--print-to-pdf={made}", source.as_uri()])
    return _if_made(made)


def _run(command: list) -> None:
    """Run a program; whether it did what it should is seen by the file that it leaves."""
    try:
        subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return


def _if_made(path: Path) -> Path | None:
    return path if path.is_file() and path.stat().st_size else None


def _link(path: Path) -> str:
    """Return a link to a file, as seen from the folder of the notebook that shows it."""
    try:
        way = quote(Path(os.path.relpath(path, Path.cwd())).as_posix())
    except ValueError:  # on another drive
        way = path.as_uri()
    return f'<a href="{escape(way)}">{escape(path.name)}</a>'
