"""What a committee is told about a period and a board: key figures, charts, tables, an appendix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from riskdata import folders
from riskdata.analysis.activities import unfinished
from riskdata.analysis.changes import compare
from riskdata.analysis.decisions import read_decisions
from riskdata.analysis.links import in_register, with_risk_values
from riskdata.charts.chart import Chart
from riskdata.errors import ChoiceError
from riskdata.reports.key_figures import changed_since, key_figures
from riskdata.reports.masking import MASKED_COLUMNS, check_names, known_people, mask_tables
from riskdata.reports.printed import Points, Table, coded_value, printed
from riskdata.selections import choose_periods, count_findings, count_repairs, highest
from riskdata.tables.data import Data
from riskdata.words.language import check_language, word
from riskdata.words.vocabulary import vocabulary

CHARTS = (
    "risk_matrix", "risk_values", "decision_by_value", "change_bridge", "changes",
    "unfinished_by_process", "risks_by_goal", "risks_by_process",
)  # fmt: skip
USUAL = CHARTS[:-1]  # a chart by process too is long, and seldom says more
ABOUT_DATA = ("error", "question", "note", "repairs", "unread")  # figures told of elsewhere
SHOWN = 20  # rows of a table for a committee; the workbook has them all
_CHANGES = ("new", "raised", "lowered", "gone")
_BOTH = [
    f"{name}_{side}"
    for name in ("process", "event", "likelihood", "consequence", "risk_value", "decision")
    for side in ("before", "after")
]
_NUMBERS = {c: "Int64" for c in _BOTH if c.startswith(("likelihood", "consequence", "risk_value"))}
CHANGE_COLUMNS = [
    "board", "period_before", "period_after", "change", "certainty", "risk_before", "risk_after",
    *_BOTH,
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Committee:
    """The contents of a committee report, with people masked unless they were asked for.

    Attributes
    ----------
    period, board : what it is about; board is None for all boards together
    data : the tidy tables of that period and board
    changes : what ``compare`` returns, from the register before; empty where there is none
    activities : what ``unfinished`` returns, with risk values
    masked : what was masked, as ``mask_names`` lists it; for review only
    folder : where ``save_report`` puts its files
    language, names : as chosen
    """

    period: str
    board: str | None
    data: Data
    changes: pd.DataFrame
    activities: pd.DataFrame
    masked: pd.DataFrame
    folder: Path
    language: str = "sv"
    names: str = "none"

    @cached_property
    def figures(self) -> pd.DataFrame:
        """The key figures, as a table."""
        return key_figures(
            self.data, changes=self.changes, unfinished=self.activities, language=self.language
        )

    @property
    def key_figures(self) -> Points:
        """The key figures of risks and activities, a sentence each."""
        told = self.figures[~self.figures.key.isin(ABOUT_DATA)]
        return Points(word("report.key_figures", self.language), told.text.tolist(), self.language)

    @cached_property
    def changed(self) -> Points:
        """What has changed in the key figures since the files in the folder were written."""
        file = self.folder / f"{word('files.key_figures', self.language)}.txt"
        before = file.read_text("utf-8") if file.is_file() else None
        said = changed_since(before, self.figures, language=self.language)
        return Points(word("report.changed", self.language), said, self.language)

    @property
    def highest_risks(self) -> Table:
        """The risks that reach the limit, highest first."""
        if self.register.empty:
            return self._without_rows("no_register")
        columns = self._columns("event", "process", "risk_value", "decision")
        limit = {"limit": vocabulary().limit}
        return self._table("highest_risks", highest(self.register), columns, **limit)

    @property
    def changed_risks(self) -> Table:
        """The risks that are new, raised, lowered or gone."""
        changes = self.changes[self.changes.change.isin(_CHANGES)]
        if self.changes.empty:
            return self._without_rows("nothing_to_compare")
        changes = changes.assign(event=changes.event_after.fillna(changes.event_before))
        order = changes.change.map(_CHANGES.index)
        columns = self._columns("event", "change", "risk_value_before", "risk_value_after")
        before = {"before": self.changes.period_before.iloc[0]}
        changes = changes.loc[order.sort_values(kind="stable").index]
        return self._table("changed_risks", changes, columns, **before)

    @property
    def unfinished_activities(self) -> Table:
        """The activities that are not finished, each with the sentence that says so."""
        left = self.activities[self.activities.verdict == "unfinished"]
        left = left.assign(belongs=left.process.fillna(left.indicator))
        left = left.sort_values("risk_value", ascending=False, kind="stable")
        said = [self._reason(row) for row in left.itertuples()]
        left = left.assign(reason=pd.Series(said, left.index, dtype="str"))
        columns = self._columns("activity", "belongs", "risk_value", "reason")
        return self._table("unfinished_activities", left, columns)

    @property
    def counted_findings(self) -> Table:
        """How many findings each check gave."""
        counts = count_findings(self.data.findings)
        return self._table("counted_findings", counts, ["check", "severity", "findings"])

    @property
    def appendix(self) -> list[Table | Points]:
        """What was repaired and what is uncertain."""
        return [self.repairs, self.uncertain]

    @property
    def repairs(self) -> Table:
        """How many repairs of each kind were made, and how many of them are proven."""
        counts = count_repairs(self.data.account)
        return self._table("repairs", counts, ["rule", "repairs", "proven"])

    @property
    def uncertain(self) -> Points:
        """What a reader should know before relying on a number."""
        return Points(word("uncertain.title", self.language), list(self._doubts()), self.language)

    @property
    def tables(self) -> list[Table]:
        """The tables of the report, in order; of risks only where there is a register."""
        of_risks = [] if self.register.empty else [self.highest_risks, self.changed_risks]
        return [*of_risks, self.unfinished_activities, self.counted_findings]

    @property
    def register(self) -> pd.DataFrame:
        """The risks of the register: those that are valued."""
        return self.data.risks[in_register(self.data.risks)]

    def chart(self, name: str) -> Chart:
        """Return one of the charts, by a name of ``CHARTS``; an empty one says that it is empty."""
        from riskdata.charts.activities import plot_unfinished_by_group
        from riskdata.charts.changes import plot_change_bridge, plot_changes
        from riskdata.charts.risks import (
            plot_by_group,
            plot_decision_by_value,
            plot_risk_matrix,
            plot_risk_values,
        )

        _check_chart(name)
        moved = self.changes[self.changes.change.isin(_CHANGES)]
        plot, table, choice = {
            "risk_matrix": (plot_risk_matrix, self.register, {}),
            "risk_values": (plot_risk_values, self.register, {}),
            "decision_by_value": (plot_decision_by_value, self.register, {}),
            "risks_by_goal": (plot_by_group, self.register, {"by": "goal"}),
            "risks_by_process": (plot_by_group, self.register, {"by": "process"}),
            "change_bridge": (plot_change_bridge, self.changes, {}),
            "changes": (plot_changes, moved, {}),
            "unfinished_by_process": (plot_unfinished_by_group, self.activities, {"by": "process"}),
        }[name]
        return plot(table, language=self.language, **choice)

    def charts(self, names: Sequence[str] | None = None) -> dict[str, Chart]:
        """Return charts by name: those asked for, else the usual ones that are not empty."""
        drawn = {name: self.chart(name) for name in (USUAL if names is None else names)}
        return {n: c for n, c in drawn.items() if names is not None or not c.data.empty}

    def _repr_html_(self) -> str:
        return self.key_figures._repr_html_()

    def _reason(self, row: tuple) -> str:
        """Return why an activity counts as unfinished: its mark, or what its comment says."""
        if pd.isna(row.evidence):
            said = coded_value("status", row.status, self.language)
            return word("unfinished_activities.marked", self.language, status=said)
        said = coded_value("reason", row.reason, self.language)
        quoted = {"reason": said, "evidence": row.evidence}
        return word("unfinished_activities.quoted", self.language, **quoted)

    def _columns(self, *names: str) -> list[str]:
        return list(names) if self.board else ["board", *names]

    def _without_rows(self, name: str, **values: object) -> Table:
        title, none = (word(f"{name}.{key}", self.language, **values) for key in ("title", "none"))
        return Table(title, pd.DataFrame(), none, self.language)

    def _table(self, name: str, rows: pd.DataFrame, columns: list[str], **values: object) -> Table:
        if rows.empty:
            return self._without_rows(name, **values)
        title, note = (word(f"{name}.{key}", self.language, **values) for key in ("title", "note"))
        if len(rows) > SHOWN:
            kind = "shown" if "risk_value" in columns else "shown_first"
            shown = word(f"report.{kind}", self.language, n=SHOWN, all=len(rows))
            note = f"{shown} {note}"
        return Table(title, printed(rows.head(SHOWN), columns, self.language), note, self.language)

    def _doubts(self) -> Iterator[str]:
        counts = {
            "valueless": self.register.risk_value.isna().sum(),
            "not_product": self._not_product().sum(),
            "unknown": self.activities.verdict.eq("unknown").sum(),
            "ask": self.changes.certainty.eq("ask").sum(),
            "inferred": self._inferred().sum(),
            "unread": len(self.data.unread),
        }
        if self.register.empty:
            yield word("no_register.none", self.language)
        elif not self.data.sources.kind.eq("follow_up").any():
            yield word("uncertain.no_follow_up", self.language)
        yield word("uncertain.limit", self.language, limit=vocabulary().limit)
        for key, n in counts.items():
            if n:
                yield word(f"uncertain.{key}", self.language, n=n)

    def _not_product(self) -> pd.Series:
        product = self.register.likelihood * self.register.consequence
        return (self.register.risk_value != product).fillna(False)

    def _inferred(self) -> pd.Series:
        certainty = self.activities.risk_value_certainty
        return certainty.notna() & certainty.ne("printed")


def committee_report(
    data: Data,
    *,
    period: str | None = None,
    board: str | None = None,
    folder: Path | str | None = None,
    language: str = "sv",
    names: str = "none",
) -> Committee:
    """Return what a committee is told about a period and a board; nothing is written.

    Parameters
    ----------
    data : all the tidy tables, every period and board: the people are known from all of them
    period : the newest, where not given; board : all boards together, where not given
    folder : where ``save_report`` is to put its files, if not in reports/<period>/<board>
    language : "sv" or "en"
    names : "none" masks people, "full" leaves them: somebody must then have considered each

    Returns
    -------
    Committee
        Key figures, charts, tables and appendix, each of which shows in a notebook.

    Raises
    ------
    ChoiceError
        For a period, board, language or choice of names that there is not.
    """
    check_language(language)
    check_names(names)
    period = period or data.newest(board=board)
    own = Committee(
        period, board, data.select(period=period, board=board),
        compare_with_last(data, period, board), follow_up(data, period, board),
        pd.DataFrame(columns=MASKED_COLUMNS),
        Path(folder) if folder else folders.report(period, board),
        language, names,
    )  # fmt: skip
    return own if names == "full" else _masked(own, known_people(data.activities))


def compare_with_last(data: Data, period: str, board: str | None) -> pd.DataFrame:
    """Return what has changed since the register before; no rows where either is missing."""
    registers = data.select(board=board, kind="register")
    if period not in registers.periods[1:]:
        return pd.DataFrame(columns=CHANGE_COLUMNS, dtype="str").astype(_NUMBERS)
    _, before = choose_periods(data, period, None, board=board)
    now, then = (set(registers.select(period=p).boards) for p in (period, before))
    risks = data.risks[data.risks.board.isin(now & then)]
    return compare(risks, before, period, decisions=read_decisions(folders.manual()))


def follow_up(data: Data, period: str, board: str | None) -> pd.DataFrame:
    """Return the activities of the period's follow-up, else of its register, with verdicts."""
    activities = data.select(period=period, board=board, kind="follow_up").activities
    if activities.empty:
        activities = data.select(period=period, board=board).activities
    own = data.risks.board.isin(data.select(period=period, board=board).boards)
    risks = data.risks[own & (data.risks.period.eq(period) | in_register(data.risks))]
    decisions = read_decisions(folders.manual())
    return unfinished(with_risk_values(activities, risks, decisions=decisions))


def _masked(own: Committee, people: list[str]) -> Committee:
    tables = {**own.data.tables(), "changes": own.changes, "judged": own.activities}
    tables, masked = mask_tables(tables, people, language=own.language)
    changes, activities = tables.pop("changes"), tables.pop("judged")
    data = Data(**tables)
    return replace(own, data=data, changes=changes, activities=activities, masked=masked)


def _check_chart(name: str) -> None:
    if name not in CHARTS:
        known = ", ".join(CHARTS)
        raise ChoiceError(f"Diagrammet ”{name}” finns inte. Välj bland: {known}.")
