"""The files of a report: Word, PDF, workbook, charts and key figures."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from riskdata import folders
from riskdata.charts.chart import Chart
from riskdata.errors import RiskdataError
from riskdata.reports.committee import Committee, committee_report
from riskdata.reports.document import make_document
from riskdata.reports.key_figures import print_key_figures
from riskdata.reports.pdf import save_pdfs
from riskdata.reports.printed import part, printed, target
from riskdata.reports.workbook import make_workbook
from riskdata.tables.data import Data
from riskdata.words.language import word

FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file can tell
_STAMPS = re.compile(rb"<dcterms:(created|modified)\b[^>]*>[^<]*</dcterms:\1>")


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
        lines = [{path.name: target(path, Path.cwd()) for path in paths} for _, paths in by_name]
        return part("saved", self, lines)


def save_report(
    data: Data,
    *,
    period: str | None = None,
    board: str | None = None,
    language: str = "sv",
    mask: bool = True,
    pdf: bool = True,
    date: str | None = None,
) -> Saved:
    """Save everything that a committee is to have about a period and a board.

    That is a Word report, a PDF of it where LibreOffice is there, a workbook, the charts as
    pictures, drawings, numbers and texts, and the key figures. Nobody is named in them unless asked
    for; what was masked is listed in a folder of its own, for review.

    Parameters
    ----------
    data : all the tidy tables, as ``load`` returns them
    period, board, language, mask, date : as for ``committee_report``
    pdf : whether to make the PDF now; ``riskdata report`` makes those of all boards at once

    Returns
    -------
    Saved
        The files, as links in a notebook, and in one sentence how to get a PDF if none was made.

    Raises
    ------
    ChoiceError
        For a period, board or language that there is not.
    ManualError
        For a data/manual/template.docx that is no Word file.
    RiskdataError
        For a file of an earlier run that is open in another program and cannot be replaced.

    Examples
    --------
    >>> import riskdata as rd
    >>> rd.save_report(rd.load(), board="Socialnämnden")  # doctest: +SKIP
    """
    report = committee_report(
        data, period=period, board=board, language=language, mask=mask, date=date
    )
    return report.save(pdf=pdf)


def save_all(report: Committee, *, pdf: bool = True) -> Saved:
    """Save the files of a report; see ``save_report``."""
    try:
        return _save_files(report, pdf=pdf)
    except PermissionError as fault:
        raise RiskdataError(
            f"{fault.filename}: filen går inte att skriva över. Den är troligen öppen i ett annat "
            "program: stäng den och kör igen."
        ) from fault


def _save_files(report: Committee, *, pdf: bool) -> Saved:
    language = report.language
    document = write_undated(
        make_document(
            fields=_fields(report), summary=report.summary.sentences, chapters=report.chapters,
            language=language, template=folders.manual() / "template.docx",
        ),
        _path(report, "report", "docx"),
    )  # fmt: skip
    document.with_suffix(".pdf").unlink(missing_ok=True)  # an earlier run's is of another text
    made, note = save_pdfs([document], language) if pdf else ([], "")
    book = make_workbook(
        report.data, changes=report.changes, activities=report.activities, language=language,
        masked=report.mask,
    )  # fmt: skip
    workbook = write_undated(book, _path(report, "workbook", "xlsx"))
    figures = report.figures_file
    figures.write_text(print_key_figures(report.figures, language), "utf-8", newline="\n")
    folder = _path(report, "charts")
    drawn = report.charts()
    pictures = [path for n, c in drawn.items() for path in c.save(folder, _file(n, c)).values()]
    notes = list(filter(None, [note, *_review(report)]))
    return Saved([document, *made, workbook, figures, *pictures], notes, language)


def _fields(report: Committee) -> dict[str, str]:
    """Return what the fields of a template are filled with."""
    language = report.language
    said = {
        key: word(f"fields.{key}", language)
        for key in ("datum", "diarienummer", "sammanfattning", "förslag", "sida", "av")
    }
    kind = "proposal" if len(report.register) else "proposal_follow_up"
    return {
        **{f"rubrik_{key}": text for key, text in said.items()},
        "sida": said["sida"], "av": said["av"], "titel": report.title, "nämnd": report.whose,
        "period": report.period_in_words, "datum": report.date,
        "diarienummer": word("report.reference", language), "förslag": word(f"report.{kind}", language),
    }  # fmt: skip


def _path(report: Committee, name: str, ending: str = "") -> Path:
    file = word(f"files.{name}", report.language)
    return report.folder / (f"{file}.{ending}" if ending else file)


def _file(name: str, chart: Chart) -> str:
    """Return what a chart's files are called; the second part of one that is divided has a 2."""
    number = name.partition("-")[2]
    return "-".join(filter(None, [word(f"{chart.name}.file", chart.language), number]))


def _review(report: Committee) -> list[str]:
    """Save the list of what was masked, apart from what is handed out; return what to say of it."""
    if not report.mask:
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


def write_undated(made: bytes, path: Path) -> Path:
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
    return path
