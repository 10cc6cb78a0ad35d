"""What the filters of an explorer leave: risks, what has become of them, and their activities."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from riskdata.analysis.activities import unfinished
from riskdata.analysis.changes import compare
from riskdata.analysis.decisions import read_decisions
from riskdata.analysis.links import link_follow_ups
from riskdata.charts.risks import group_names
from riskdata.errors import ChoiceError, RiskdataError
from riskdata.words.periods import period_key

if TYPE_CHECKING:
    from riskdata.tables.data import Data

MISSING = "missing"  # chosen: the risks for which a goal or a decision is not stated
_SEARCHED = ("goal", "process", "way_of_working", "event")
_SEARCHED_ACTIVITY = ("activity", "description", "comment")
_OF_ACTIVITY = (
    "activity_id", "risk_id", "board", "period", "activity", "status", "description", "comment",
    "source_file", "source_row",
)  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """What is chosen in each filter; None, or no text, is everything.

    goal: as ``goals`` lists them. decision: its code. Either may be "missing", for not stated.
    text: words that must all stand somewhere in the risk or in the activities that answer it.
    """

    period: str
    board: str | None = None
    goal: str | None = None
    decision: str | None = None
    text: str = ""


@dataclass(frozen=True)
class Ground:
    """All that can be filtered.

    Attributes
    ----------
    data : the tidy tables
    risks : those of registers, with ``goal_name`` and ``words``, the folded text to search in
    changes : what ``compare`` returns, of each register and the board's one before
    problems : period → why its risks could not be compared
    """

    data: Data
    risks: pd.DataFrame
    changes: pd.DataFrame
    problems: dict[str, str]

    @property
    def periods(self) -> list[str]:
        """The periods that have registers, the newest first."""
        return sorted(self.risks.period.unique(), key=period_key, reverse=True)

    @property
    def boards(self) -> list[str]:
        """The boards that have registers."""
        return sorted(self.risks.board.unique())

    @property
    def goals(self) -> list[str]:
        """The goals by number and name, and "missing" where some risk has none."""
        return sorted(self.risks.goal_name.unique(), key=lambda name: (name == MISSING, name))


@dataclass(frozen=True)
class View:
    """What a choice leaves: risks of the period, and changes from the period before it."""

    risks: pd.DataFrame
    changes: pd.DataFrame

    def cell(self, likelihood: int, consequence: int) -> pd.DataFrame:
        """Return the risks in one cell of the matrix."""
        there = (self.risks.likelihood == likelihood) & (self.risks.consequence == consequence)
        return self.risks[there.fillna(False)]

    @property
    def counts(self) -> dict[tuple[int, int], int]:
        """The number of risks in each cell that has any."""
        placed = self.risks.dropna(subset=["likelihood", "consequence"])
        return placed.groupby(["likelihood", "consequence"]).size().to_dict()


def prepare(data: Data, *, progress: Callable[[Iterable], Iterable] = iter) -> Ground:
    """Return the registers with everything that filters ask for, so that each choice is quick.

    progress: wraps the comparisons, as a progress bar does. Raises ChoiceError when there is no
    register.
    """
    registers = data.select(kind="register")
    if registers.risks.empty:
        raise ChoiceError(
            "Det finns inget riskregister att utforska. Lägg ett i data/raw och kör riskdata clean."
        )
    goal = group_names(registers.risks, "goal").replace("", MISSING)
    risks = registers.risks.assign(goal_name=goal, words=_words(registers))
    changes, problems = _compare_all(registers.risks, progress)
    return Ground(data, risks, changes, problems)


def look(ground: Ground, choice: Choice) -> View:
    """Return what a choice leaves, the highest risk values first.

    Raises ChoiceError for a period or board without a register.
    """
    for known, wanted in ((ground.periods, choice.period), (ground.boards, choice.board)):
        if wanted is not None and wanted not in known:
            raise ChoiceError(f"”{wanted}” har inget riskregister. Välj bland {', '.join(known)}.")
    left = ground.risks[_fits(ground.risks, choice)]
    risks = left[left.period == choice.period]
    risks = risks.sort_values("risk_value", ascending=False, kind="stable", ignore_index=True)
    return View(risks, _changes_of(ground.changes, left, choice.period))


def with_activities(ground: Ground, risks: pd.DataFrame) -> pd.DataFrame:
    """Return risks with the activities that answer them, one row for each, or one for a risk alone.

    Besides the register's own activities there are those of the follow-ups that ``link_follow_ups``
    finds for the register.

    risks: rows of one period of ``ground.risks``. Returns its columns with activity_period,
    activity, status, description, comment, verdict, reason, evidence, certainty (of the link;
    missing for the register's own), activity_file and activity_row.
    """
    found = pd.concat([_own(ground, risks), _followed(ground, risks)])
    found = unfinished(found).rename(columns={
        "period": "activity_period", "source_file": "activity_file", "source_row": "activity_row",
    })  # fmt: skip
    found = found.drop(columns="activity_id").assign(
        order=found.activity_period.astype("object").map(_order)
    )
    found = found.sort_values("order", kind="stable").drop(columns="order")
    return risks.merge(found, on=["board", "risk_id"], how="left")


def _words(registers: Data) -> pd.Series:
    """Return for each risk its texts and those of its activities, without capitals."""
    own = registers.activities
    said = _joined(own, _SEARCHED_ACTIVITY).groupby([own.board, own.risk_id]).agg(" ".join)
    keys = pd.MultiIndex.from_frame(registers.risks[["board", "risk_id"]])
    said = said.reindex(keys).fillna("").set_axis(registers.risks.index)
    return (_joined(registers.risks, _SEARCHED) + " " + said).str.casefold()


def _joined(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series:
    first, *rest = (table[column].fillna("") for column in columns)
    return first.str.cat(rest, sep=" ")


def _fits(risks: pd.DataFrame, choice: Choice) -> pd.Series:
    fits = pd.Series(True, risks.index)
    if choice.board is not None:
        fits &= risks.board == choice.board
    if choice.goal is not None:
        fits &= risks.goal_name == choice.goal
    if choice.decision is not None:
        fits &= risks.decision.astype("object").fillna(MISSING) == choice.decision
    for word in choice.text.casefold().split():
        fits &= risks.words.str.contains(word, regex=False)
    return fits


def _changes_of(changes: pd.DataFrame, left: pd.DataFrame, period: str) -> pd.DataFrame:
    """Return the changes of what is left; a risk that is gone is judged by what it was.

    Boards whose registers before are not all of one period can't be shown together: the commonest
    is taken.
    """
    there = set(zip(left.board, left.period, left.risk_id, strict=True))
    now = changes[changes.period_after == period]
    now = now[now.period_before.isin(now.period_before.mode()[:1])]
    gone = now.change == "gone"
    keys = zip(
        now.board,
        now.period_after.mask(gone, now.period_before),
        now.risk_after.mask(gone, now.risk_before),
        strict=True,
    )
    kept = pd.Series([key in there for key in keys], now.index, dtype="bool")
    return now[kept].reset_index(drop=True)


def _compare_all(
    risks: pd.DataFrame, progress: Callable[[Iterable], Iterable]
) -> tuple[pd.DataFrame, dict[str, str]]:
    decisions, found, problems = read_decisions(), [], {}
    for (before, after), boards in progress(list(_steps(risks).items())):
        try:
            mine = risks[risks.board.isin(boards)]
            found.append(compare(mine, before, after, decisions=decisions))
        except RiskdataError as fault:
            problems[after] = str(fault)
    return pd.concat(found) if found else _no_changes(), problems


def _no_changes() -> pd.DataFrame:
    columns = ["board", "period_before", "period_after", "change", "risk_before", "risk_after"]
    return pd.DataFrame(columns=[*columns, "risk_value_before"], dtype="str")


def _steps(risks: pd.DataFrame) -> dict[tuple[str, str], list[str]]:
    """Return each pair of periods to compare, with the boards that have registers of both."""
    steps: dict[tuple[str, str], list[str]] = {}
    for board, periods in risks.groupby("board").period:
        there = sorted(periods.unique(), key=period_key)
        for n, after in enumerate(there[1:], 1):
            same = [p for p in there[:n] if p.endswith(after[-2:])]  # a report with its like
            steps.setdefault(((same or there[:n])[-1], after), []).append(board)
    return steps


def _own(ground: Ground, risks: pd.DataFrame) -> pd.DataFrame:
    own = ground.data.activities[list(_OF_ACTIVITY)]
    return own.merge(risks[["board", "period", "risk_id"]], on=["board", "period", "risk_id"])


def _followed(ground: Ground, risks: pd.DataFrame) -> pd.DataFrame:
    """Return the follow-ups' activities with the id of the register's risk that they answer."""
    every = ground.data.risks[ground.data.risks.board.isin(risks.board)]
    links = link_follow_ups(every[_about(ground, every, risks)], decisions=read_decisions())
    found = ground.data.activities[list(_OF_ACTIVITY)].merge(
        links[["board", "period", "risk_id", "register_risk", "certainty"]]
    )
    found = found.drop(columns="risk_id").rename(columns={"register_risk": "risk_id"})
    return found.merge(risks[["board", "risk_id"]])


def _about(ground: Ground, rows: pd.DataFrame, risks: pd.DataFrame) -> pd.Series:
    """Return which rows are of the registers that risks stand in, or follow these and no later."""
    register = rows.source_file.isin(ground.risks.source_file)
    order = rows.period.astype("object").map(_order)
    chosen = _order(risks.period.iloc[0])
    later = order[register & (order > chosen)].groupby(rows.board).min()
    ends = rows.board.map(later).fillna(float("inf"))
    return (register & (order == chosen)) | (~register & (order >= chosen) & (order < ends))


def _order(period: str) -> int:
    year, month, _ = period_key(period)
    return 100 * year + month
