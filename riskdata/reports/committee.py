"""The report to a committee: what it is computed from, compared with the last one, masked; its files."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path

import pandas as pd

from riskdata import folders
from riskdata.analysis.activities import persistence, promises
from riskdata.analysis.changes import compare
from riskdata.analysis.links import in_register, with_risk_values
from riskdata.charts.chart import Chart
from riskdata.errors import ChoiceError, RiskdataError
from riskdata.reports.chapters import Chapter, tell
from riskdata.reports.document import make_document
from riskdata.reports.key_figures import Figure, count, key_figures, most_unusual, print_key_figures
from riskdata.reports.masking import MASKED_COLUMNS, known_people, mask_names
from riskdata.reports.printed import Points, part, printed, target
from riskdata.reports.programs import save_pdfs
from riskdata.reports.workbook import make_workbook
from riskdata.tables.data import Data
from riskdata.words import periods
from riskdata.words.language import check_language, word, words

COMPUTED = ("changes", "activities", "followed", "promises", "risks")  # and masked afterwards
FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file can tell
_STAMPS = re.compile(rb"<dcterms:(created|modified)\b[^>]*>[^<]*</dcterms:\1>")


@dataclass(frozen=True)
class Saved:
    """The files that a report left, shown as links, and what a reader should know about them."""

    files: list[Path]
    notes: list[str] = field(default_factory=list)
    language: str = "sv"

    def _repr_html_(self) -> str:
        by_name = groupby(self.files, key=lambda path: path.with_suffix(""))
        lines = [{path.name: target(path, Path.cwd()) for path in paths} for _, paths in by_name]
        return part("saved", self, lines)


@dataclass(frozen=True, eq=False)
class Committee:
    """The contents of a report, with people masked unless they were asked for."""

    period: str
    board: str | None  # None for all boards together
    data: Data  # the tidy tables of that period and board
    changes: pd.DataFrame  # what ``compare_with_last`` returns
    activities: pd.DataFrame  # of the period, judged, with risk values
    followed: pd.DataFrame  # the same of every period so far, without risk values
    promises: pd.DataFrame  # of earlier follow-ups, that this period tells of
    risks: pd.DataFrame  # of every register so far, for charts through the years
    figures: pd.DataFrame  # the key figures, as a table
    folder: Path  # where ``save_report`` puts its files
    date: str  # of the report, as 2026-02-03
    language: str
    mask: bool
    masked: pd.DataFrame  # what was masked, as ``mask_names`` lists it; for review only

    def say(self, key: str, **values: object) -> str:
        """Return the words under a key, in the report's language."""
        return word(key, self.language, **values)

    @property
    def register(self) -> pd.DataFrame:
        """The risks of the register: those that are valued."""
        return self.data.risks[in_register(self.data.risks)]

    @property
    def key_figures(self) -> Points:
        """Every key figure, a sentence each."""
        texts = self.figures.text.tolist()
        return Points(self.say("report.key_figures"), texts, self.language)

    @property
    def summary(self) -> Points:
        """The five sentences that a reader should know first."""
        said = most_unusual(self.figures) or [self.say("report.nothing")]
        return Points(self.say("report.summary"), said, self.language)

    @property
    def figures_file(self) -> Path:
        """Where the key figures are saved: before that it has those of the last run."""
        return self.folder / f"{self.say('files.key_figures')}.txt"

    @property
    def title(self) -> str:
        """Risks and activities; a follow-up where the period has no register."""
        return self.say(f"report.{'title' if len(self.register) else 'title_follow_up'}")

    @property
    def whose(self) -> str:
        """The board, or all boards."""
        return self.board or self.say("files.all_boards")

    @cached_property
    def chapters(self) -> list[Chapter]:
        """The report's questions, each with its finding, charts and tables."""
        return list(tell(self))

    def charts(self) -> dict[str, Chart]:
        """Return the charts of the chapters by name."""
        return {n: c for chapter in self.chapters for n, c in chapter.charts.items()}

    def save(self, *, pdf: bool = True) -> Saved:
        """Save the report's files, as ``save_report`` does; what was drawn is not drawn again."""
        try:
            return _save_files(self, pdf=pdf)
        except PermissionError as fault:
            raise RiskdataError(word("errors.file_open", file=str(fault.filename))) from fault

    def _repr_html_(self) -> str:
        return self.summary._repr_html_()


def committee_report(
    data: Data,
    *,
    period: str | None = None,
    board: str | None = None,
    language: str = "sv",
    mask: bool = True,
    date: str | None = None,
) -> Committee:
    """Return what a committee is told about a period and a board; nothing is written.

    Parameters
    ----------
    data : all the tidy tables, every period and board: the people are known from all of them
    period : the newest, where not given; board : all boards together, where not given
    language : "sv" or "en"
    mask : whether people are masked; if not, somebody must have considered each name
    date : of the report, as 2026-02-03; today, where not given

    Returns
    -------
    Committee : summary, key figures and chapters, each of which shows in a notebook. Raises
    ChoiceError for a period, board or language that there is not.

    >>> import riskdata as rd
    >>> rapport = committee_report(rd.load(), board="Socialnämnden")  # doctest: +SKIP
    >>> rapport.summary  # doctest: +SKIP
    """
    check_language(language)
    period = period or data.newest(board=board)
    changes, followed = compare_with_last(data, period, board), _followed(data, period, board)
    own, risks = data.select(period=period, board=board), data.select(board=board).risks
    valued, so_far = in_register(risks), periods.until(period, risks.period.unique())
    now, promised = followed[followed.period == period], promises(followed)
    promised = promised[promised.followed_in.eq(period) & promised.period.ne(period)]
    promised = promised.sort_values("outcome", key=lambda out: out.eq("kept"), kind="stable")
    work = with_risk_values(now, risks[valued | risks.period.eq(period)])
    counted = own.risks[in_register(own.risks)], changes, work, promised
    before = _before(data, changes, followed, period, board)
    report = Committee(
        period, board, own, changes, activities=work, followed=followed, promises=promised,
        risks=risks[valued & risks.period.isin(so_far)],
        figures=key_figures(*counted, before=before, language=language),
        folder=folders.report(period, board),
        date=date or pd.Timestamp.now().strftime("%Y-%m-%d"),
        language=language, mask=mask, masked=pd.DataFrame(columns=MASKED_COLUMNS),
    )  # fmt: skip
    return _masked(report, known_people(data.activities, data.risks)) if mask else report


def compare_with_last(data: Data, period: str, board: str | None) -> pd.DataFrame:
    """Return what has changed since the register before; no rows where either is missing.

    ``event``, ``process`` and ``risk_value`` are those now, of what is gone those before.
    """
    registers = data.select(board=board, kind="register")
    if period not in registers.periods[1:]:
        return pd.DataFrame()
    before = data.before(period, board=board)
    now, then = (set(registers.select(period=p).boards) for p in (period, before))
    changes = compare(data.risks[data.risks.board.isin(now & then)], before, period)
    newest = {
        name: changes[f"{name}_after"].fillna(changes[f"{name}_before"])
        for name in ("event", "process", "risk_value")
    }
    return changes.assign(**newest)


def _followed(data: Data, period: str, board: str | None) -> pd.DataFrame:
    """Return the activities of every follow-up so far, judged, with how long each is unfinished.

    A period that no follow-up tells of has the measures of its register.
    """
    try:
        followed = data.followed(period, board=board)
    except ChoiceError:
        followed = data.activities.head(0)
    if not followed.period.eq(period).any():
        own = data.select(period=period, board=board).activities
        followed = pd.concat([followed[~followed.activity_id.isin(own.activity_id)], own])
    return persistence(followed)


def _before(
    data: Data, changes: pd.DataFrame, followed: pd.DataFrame, period: str, board: str | None
) -> dict[str, tuple[str, Figure]]:
    """Return the figures of the register before and of the follow-up before, each with its period.

    None where they are of other boards: their numbers are not the same ones before. The follow-up
    before is the year's last before, else last year's.
    """
    risks, there = (data.select(board=board, kind=kind) for kind in ("register", "follow_up"))
    earlier = [p for p in periods.until(period, there.periods) if p != period]
    earlier = [p for p in earlier if periods.reports_on_work(p)]
    same_year = [p for p in earlier if p.partition("-")[0] == period.partition("-")[0]]
    last = same_year[-1] if same_year else periods.before(period, earlier)
    register = str(changes.period_before.iloc[0]) if len(changes) else None
    before: dict[str, tuple[str, Figure]] = {}
    for name, rows, of in (("risks", risks.risks, register), ("activities", followed, last)):
        now, then = (rows[rows.period == p] for p in (period, of))
        if set(now.board) == set(then.board):
            before |= {figure.key: (of, figure) for figure in count(**{name: then})}
    return before


def _masked(own: Committee, people: list[str]) -> Committee:
    """Return a report in whose tables nobody is named, with one list of what was masked in any."""
    tables = {f"own {name}": getattr(own, name) for name in COMPUTED} | own.data.tables()
    both = {name: mask_names(t, people, language=own.language) for name, t in tables.items()}
    masked = pd.concat([listed for _, listed in both.values()]).drop_duplicates(ignore_index=True)
    tables = {name: table for name, (table, _) in both.items()}
    new = {name: tables.pop(f"own {name}") for name in COMPUTED}
    return replace(own, data=Data(**tables), masked=masked, **new)


# -- its files -----------------------------------------------------------------------------------


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
    """Save everything that a committee is to have about a period and a board; return its files.

    That is a Word report, a PDF of it where LibreOffice is there, a workbook, the charts as
    pictures, drawings, numbers and texts, and the key figures. Nobody is named in them unless asked
    for; what was masked is listed in a folder of its own, for review.

    Parameters
    ----------
    data, period, board, language, mask, date : as for ``committee_report``
    pdf : whether to make the PDF now; ``riskdata report`` makes those of all boards at once

    Raises
    ------
    ChoiceError : for a period, board or language that there is not.
    ManualError : for a data/manual/template.docx that is no Word file.
    RiskdataError : for a file of an earlier run that is open in another program.

    >>> import riskdata as rd
    >>> rd.save_report(rd.load(), board="Socialnämnden")  # doctest: +SKIP
    """
    report = committee_report(
        data, period=period, board=board, language=language, mask=mask, date=date
    )
    return report.save(pdf=pdf)


def _save_files(report: Committee, *, pdf: bool) -> Saved:
    language = report.language
    document = write_undated(
        make_document(
            fields=_fields(report), summary=report.summary.sentences, chapters=report.chapters,
            language=language, template=folders.manual() / "template.docx",
        ),
        _path(report, "report", ".docx"),
    )  # fmt: skip
    document.with_suffix(".pdf").unlink(missing_ok=True)  # an earlier run's is of another text
    made, note = save_pdfs([document], language) if pdf else ([], "")
    book = make_workbook(
        report.data, changes=report.changes, activities=report.activities, language=language,
        masked=report.mask,
    )  # fmt: skip
    workbook = write_undated(book, _path(report, "workbook", ".xlsx"))
    figures = report.figures_file
    figures.write_text(print_key_figures(report.figures, language), "utf-8", newline="\n")
    folder = _path(report, "charts")
    drawn = report.charts()
    pictures = [path for n, c in drawn.items() for path in c.save(folder, _file(n, c)).values()]
    notes = list(filter(None, [note, *_review(report)]))
    return Saved([document, *made, workbook, figures, *pictures], notes, language)


def _fields(report: Committee) -> dict[str, str]:
    said, (year, _, code) = words(report.language), report.period.partition("-")
    named = said["report"]["in_words"].get(code, "")
    in_words = report.say("report.period", period=report.period, report=named, year=year)
    kind = "proposal" if len(report.register) else "proposal_follow_up"
    return {
        **{f"rubrik_{field}": text for field, text in said["fields"].items()},
        "sida": said["fields"]["sida"], "av": said["fields"]["av"], "titel": report.title,
        "nämnd": report.whose, "period": in_words if named else report.period,
        "datum": report.date, "diarienummer": report.say("report.reference"),
        "förslag": report.say(f"report.{kind}"),
    }  # fmt: skip


def _path(report: Committee, name: str, ending: str = "") -> Path:
    return report.folder / f"{report.say(f'files.{name}')}{ending}"


def _file(name: str, chart: Chart) -> str:
    """Return what a chart's files are called; the second part of one that is divided has a 2."""
    number = name.partition("-")[2]
    return "-".join(filter(None, [word(f"{chart.name}.file", chart.language), number]))


def _review(report: Committee) -> list[str]:
    """Save the list of what was masked, apart from what is handed out; return what to say of it."""
    if not report.mask:
        return [report.say("report.named")]
    listed = printed(report.masked, list(report.masked.columns), report.language)
    folder = _path(report, "working")
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{report.say('files.masked')}.csv"
    listed.to_csv(file, index=False, sep=";", encoding="utf-8-sig", lineterminator="\r\n")
    hidden = report.masked.masked.astype(bool)
    counts = {"masked": hidden.sum(), "left": (~hidden).sum()}
    return [report.say(f"report.{k}", n=n, folder=folder.name) for k, n in counts.items()]


def write_undated(made: bytes, path: Path) -> Path:
    """Write a Word or Excel file without the moments at which it and its parts were made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    undated = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(undated, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _STAMPS.sub(b"", content)
            new.writestr(zipfile.ZipInfo(name, FIRST_DATE), content, zipfile.ZIP_DEFLATED)
    path.write_bytes(undated.getvalue())
    return path
