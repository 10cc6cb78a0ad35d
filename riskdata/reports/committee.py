"""What a report is computed from: a period and a board's tables, what they are compared with, masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from riskdata import folders
from riskdata.analysis.activities import persistence, promises
from riskdata.analysis.changes import compare
from riskdata.analysis.decisions import read_decisions
from riskdata.analysis.links import in_register, link_activities, with_risk_values
from riskdata.charts.chart import Chart
from riskdata.errors import ChoiceError
from riskdata.reports import chapters
from riskdata.reports.key_figures import Figure, changed_since, count, key_figures, most_unusual
from riskdata.reports.masking import MASKED_COLUMNS, known_people, mask_tables
from riskdata.reports.printed import Points
from riskdata.tables.data import Data
from riskdata.words import periods
from riskdata.words.language import check_language, word, words

if TYPE_CHECKING:
    from riskdata.reports.save import Saved

ABOUT_RISKS = ("risks", "high", "high_own", "control_plan", "high_outside")
ABOUT_WORK = ("activities", "finished", "unfinished", "unknown", "overdue", "contradicted")
_SIDES = [
    f"{name}_{side}"
    for name in ("process", "event", "likelihood", "consequence", "risk_value", "decision")
    for side in ("before", "after")
]
_NUMBERS = {c: "Int64" for c in _SIDES if c.startswith(("likelihood", "consequence", "risk_value"))}
CHANGE_COLUMNS = [
    "board", "period_before", "period_after", "change", "certainty", "risk_before", "risk_after",
    *_SIDES,
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Committee:
    """The contents of a report, with people masked unless they were asked for.

    Attributes
    ----------
    period, board : what it is about; board is None for all boards together
    data : the tidy tables of that period and board
    changes : what ``compare`` returns, from the register before; empty where there is none
    activities : of the period, as ``unfinished`` and ``persistence`` return them, with risk values
    followed : the same of every period so far, without risk values
    promises : what the comments of earlier follow-ups promised that this period tells of
    last : the follow-up before, of whatever kind; None where there is none
    new_activities : ids of those that it did not have
    risks : of every register so far, for charts through the years
    before, since : the figures of the period before by key, and which period that was
    masked : what was masked, as ``mask_names`` lists it; for review only
    folder : where ``save_report`` puts its files
    date : of the report, as 2026-02-03
    language, mask : as chosen
    """

    period: str
    board: str | None
    data: Data
    changes: pd.DataFrame
    activities: pd.DataFrame
    followed: pd.DataFrame
    promises: pd.DataFrame
    last: str | None
    new_activities: frozenset[str]
    risks: pd.DataFrame
    before: dict[str, Figure]
    since: dict[str, str]
    masked: pd.DataFrame
    folder: Path
    date: str
    language: str = "sv"
    mask: bool = True

    @property
    def register(self) -> pd.DataFrame:
        """The risks of the register: those that are valued."""
        return self.data.risks[in_register(self.data.risks)]

    @cached_property
    def figures(self) -> pd.DataFrame:
        """The key figures, as a table."""
        return key_figures(
            self.register, self.changes, self.activities, self.promises,
            before=self.before, since=self.since, language=self.language,
        )  # fmt: skip

    @property
    def key_figures(self) -> Points:
        """Every key figure, a sentence each."""
        title = word("report.key_figures", self.language)
        return Points(title, self.figures.text.tolist(), self.language)

    @property
    def summary(self) -> Points:
        """The five sentences that a reader should know first."""
        said = most_unusual(self.figures) or [word("report.nothing", self.language)]
        return Points(word("report.summary", self.language), said, self.language)

    @cached_property
    def changed(self) -> Points:
        """What has changed in the key figures since the last run; for whoever makes the report."""
        file = self.folder / f"{word('files.key_figures', self.language)}.txt"
        before = file.read_text("utf-8") if file.is_file() else None
        said = changed_since(before, self.figures, language=self.language)
        return Points(word("report.changed", self.language), said, self.language)

    @property
    def title(self) -> str:
        """Risks and activities; a follow-up where the period has no register."""
        return word(f"report.{'title' if len(self.register) else 'title_follow_up'}", self.language)

    @property
    def whose(self) -> str:
        """The board, or all boards."""
        return self.board or word("files.all_boards", self.language)

    @property
    def period_in_words(self) -> str:
        """The period with the name of its report."""
        year, report = periods.parts(self.period)
        named = words(self.language)["report"]["in_words"].get(report)
        said = {"period": self.period, "report": named, "year": str(year)}
        return word("report.period", self.language, **said) if named else self.period

    @cached_property
    def chapters(self) -> list[chapters.Chapter]:
        """The report's questions, each with its finding, charts and tables."""
        return list(chapters.tell(self))

    def chart(self, name: str) -> Chart:
        """Return one of the charts, by a name of ``riskdata.reports.chapters.CHARTS``."""
        return chapters.draw(self, name)

    def charts(self, names: Sequence[str] | None = None) -> dict[str, Chart]:
        """Return charts by name: those asked for, else those of the chapters."""
        if names is not None:
            return {name: self.chart(name) for name in names}
        return {n: c for chapter in self.chapters for n, c in chapter.charts.items()}

    def save(self, *, charts: Sequence[str] | None = None, pdf: bool = True) -> Saved:
        """Save the report's files, as ``save_report`` does; what was drawn is not drawn again."""
        from riskdata.reports.save import save_all

        return save_all(self, charts, pdf=pdf)

    def _repr_html_(self) -> str:
        return self.summary._repr_html_()


def committee_report(
    data: Data,
    *,
    period: str | None = None,
    board: str | None = None,
    folder: Path | str | None = None,
    language: str = "sv",
    mask: bool = True,
    date: str | None = None,
) -> Committee:
    """Return what a committee is told about a period and a board; nothing is written.

    Parameters
    ----------
    data : all the tidy tables, every period and board: the people are known from all of them
    period : the newest, where not given; board : all boards together, where not given
    folder : where ``save_report`` is to put its files, if not in reports/<period>/<board>
    language : "sv" or "en"
    mask : whether people are masked; if not, somebody must have considered each name
    date : of the report, as 2026-02-03; today, where not given

    Returns
    -------
    Committee
        Summary, key figures and chapters, each of which shows in a notebook.

    Raises
    ------
    ChoiceError
        For a period, board or language that there is not.

    Examples
    --------
    >>> import riskdata as rd
    >>> rapport = committee_report(rd.load(), board="Socialnämnden")  # doctest: +SKIP
    >>> rapport.summary  # doctest: +SKIP
    """
    check_language(language)
    period = period or data.newest(board=board)
    chosen = data.select(period=period, board=board)
    changes = compare_with_last(data, period, board)
    followed = _followed(data, period, board)
    activities = _with_values(followed[followed.period == period], data)
    previous = previous_follow_up(data, period, board)
    last = _last_follow_up(data, period, board)
    own = Committee(
        period, board, chosen, changes, activities, followed,
        _promises(followed, period), last, _new(followed, last, period),
        _registers(data, period, board),
        *_before(data, changes, followed, previous, period, board),
        pd.DataFrame(columns=MASKED_COLUMNS),
        Path(folder) if folder else folders.report(period, board),
        date or pd.Timestamp.now().strftime("%Y-%m-%d"), language, mask,
    )  # fmt: skip
    return _masked(own, known_people(data.activities, data.risks)) if mask else own


def compare_with_last(data: Data, period: str, board: str | None) -> pd.DataFrame:
    """Return what has changed since the register before; no rows where either is missing."""
    registers = data.select(board=board, kind="register")
    if period not in registers.periods[1:]:
        return pd.DataFrame(columns=CHANGE_COLUMNS, dtype="str").astype(_NUMBERS)
    before = data.before(period, board=board)
    now, then = (set(registers.select(period=p).boards) for p in (period, before))
    risks = data.risks[data.risks.board.isin(now & then)]
    return compare(risks, before, period, decisions=read_decisions(folders.manual()))


def previous_follow_up(data: Data, period: str, board: str | None) -> str | None:
    """Return which follow-up to hold a period's against: the year's last before, else last year's."""
    there = [p for p in data.select(board=board, kind="follow_up").periods if p != period]
    earlier = [p for p in periods.until(period, there) if periods.reports_on_work(p)]
    same_year = [p for p in earlier if periods.parts(p)[0] == periods.parts(period)[0]]
    return same_year[-1] if same_year else periods.before(period, earlier)


def _last_follow_up(data: Data, period: str, board: str | None) -> str | None:
    earlier = periods.until(period, data.select(board=board, kind="follow_up").periods)
    return next((p for p in reversed(earlier) if p != period and periods.reports_on_work(p)), None)


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


def _with_values(activities: pd.DataFrame, data: Data) -> pd.DataFrame:
    """Return activities with the values of their risks, from the registers of their boards."""
    own = data.risks.board.isin(activities.board.unique())
    period = activities.period.iloc[0] if len(activities) else None
    risks = data.risks[own & (data.risks.period.eq(period) | in_register(data.risks))]
    risks = risks.drop_duplicates(["board", "period", "risk_id"])  # a finding tells of copies
    decisions = read_decisions(folders.manual())
    return with_risk_values(activities, risks, decisions=decisions)


def _promises(followed: pd.DataFrame, period: str) -> pd.DataFrame:
    """Return what earlier comments promised and this period tells of: not kept first, newest first."""
    made = promises(followed)
    made = made[made.followed_in.eq(period) & made.period.ne(period)]
    kept = made.outcome.astype("str").eq("kept")
    newest = made.period.map(periods.period_key)
    order = pd.DataFrame({"kept": kept, "newest": newest.rank(method="dense", ascending=False)})
    return made.loc[order.sort_values(["kept", "newest"], kind="stable").index]


def _new(followed: pd.DataFrame, last: str | None, period: str) -> frozenset[str]:
    now = followed.activity_id[followed.period == period]
    if last is None or last not in set(followed.period.astype("str")) or now.empty:
        return frozenset()
    links = link_activities(followed, last, period)
    return frozenset(set(now) - set(links.activity_after.dropna()))


def _registers(data: Data, period: str, board: str | None) -> pd.DataFrame:
    """Return the risks of every register up to a period."""
    risks = data.select(board=board).risks
    risks = risks[risks.period.isin(periods.until(period, risks.period.unique()))]
    return risks[in_register(risks)]


def _before(
    data: Data,
    changes: pd.DataFrame,
    followed: pd.DataFrame,
    previous: str | None,
    period: str,
    board: str | None,
) -> tuple[dict[str, Figure], dict[str, str]]:
    """Return the figures of the register before and of the follow-up before, and their periods."""
    nothing, register = pd.DataFrame(), data.risks.head(0)
    earlier = str(changes.period_before.iloc[0]) if len(changes) else None
    if earlier:
        register = data.select(period=earlier, board=board, kind="register").risks
    if set(register.board) != set(data.select(period=period, board=board, kind="register").boards):
        earlier = None
    work = followed[followed.period == previous] if previous else nothing
    if previous and set(work.board) != set(followed.board[followed.period == period]):
        previous = None  # other boards: their numbers are not the same ones before
    figures = {f.key: f for f in count(register, nothing, work, nothing)}
    figures = {k: f for k, f in figures.items() if (earlier if k in ABOUT_RISKS else previous)}
    since = {key: earlier for key in ABOUT_RISKS if earlier}
    return figures, since | {key: previous for key in ABOUT_WORK if previous}


def _masked(own: Committee, people: list[str]) -> Committee:
    computed = ("changes", "activities", "followed", "promises", "risks")
    tables = {f"own {name}": getattr(own, name) for name in computed} | own.data.tables()
    tables, masked = mask_tables(tables, people, language=own.language)
    new = {name: tables.pop(f"own {name}") for name in computed}
    return replace(own, data=Data(**tables), masked=masked, **new)
