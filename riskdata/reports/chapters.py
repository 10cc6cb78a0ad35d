"""What a report tells, question by question: the finding in words, its charts, its tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from riskdata.analysis.links import link_activities
from riskdata.charts.activities import plot_tertials, plot_unfinished_by_group
from riskdata.charts.changes import (
    CHANGES,
    plot_change_bridge,
    plot_changes,
    plot_values_by_year,
    with_twins_told_apart,
)
from riskdata.charts.chart import Chart
from riskdata.charts.risks import plot_decision_by_value, plot_risk_matrix
from riskdata.reports.key_figures import (
    is_doubted,
    is_high,
    is_overdue,
    is_planned,
    left_plan,
    tells_of_work,
)
from riskdata.reports.printed import COLUMNS, Points, Table, coded_value, part, show
from riskdata.tables.data import describe_audit, lost_cells
from riskdata.words import periods
from riskdata.words.language import series, word, words
from riskdata.words.vocabulary import vocabulary

if TYPE_CHECKING:
    from riskdata.reports.committee import Committee

SHOWN = 50  # rows of a table, about two pages; the workbook has them all
SPARED = 10  # rows: a table that is longer by no more than these is shown whole
PIECE = 8  # rows of the chart of changes that a third of a page has room for
CHANGED = CHANGES[:4]
NEWS = CHANGES[:2]  # changes that are drawn; the table has the lowered and the gone as well
ASKED = 7  # questions: more are not asked at a meeting
NAMED = 3  # risks or activities in one question; the tables have them all
QUIET = ("unknown", "cancelled", "contradicted", "left_plan", "ask")  # not told where they are none


@dataclass(frozen=True, eq=False)
class Chapter:
    """One question of a report, the sentences that answer it, and what is shown of it in order."""

    title: str
    findings: Sequence[str]
    parts: Sequence[Chart | Table | Points] = ()
    language: str = "sv"

    @property
    def charts(self) -> dict[str, Chart]:
        """The charts by the names that their files get: the second of a kind has a 2."""
        named: dict[str, Chart] = {}
        for chart in (shown for shown in self.parts if isinstance(shown, Chart)):
            number = sum(other.name == chart.name for other in named.values()) + 1
            named[chart.name if number == 1 else f"{chart.name}-{number}"] = chart
        return named

    def _repr_html_(self) -> str:
        return part("chapter", self)


def tell(report: Committee) -> Iterator[Chapter]:
    """Yield the chapters of a report: of risks where there is a register, of work where it is told.

    Charts come before tables: a table fills the page that a chart leaves, but no chart a table's.
    """
    if len(report.register):
        yield _state(report)
        yield _changes(report)
    if len(report.activities) and tells_of_work(report.activities):
        yield _work(report)
        yield from _decided(report)
    asked = list(islice(questions(report), ASKED))
    if asked:
        yield _chapter(report, "questions", [], Points("", asked, report.language))
    yield _made(report)


def _chapter(report: Committee, name: str, findings: Iterable[str], *parts: object) -> Chapter:
    """Return a chapter by the name of its question, without the parts that there is nothing for."""
    there = [part for part in parts if part is not None]
    return Chapter(report.say(f"chapters.{name}"), list(findings), there, report.language)


def _state(report: Committee) -> Chapter:
    told = _said(report, "high", "high_own", "control_plan", "high_outside", "not_product")
    plots = (plot_risk_matrix, plot_decision_by_value)
    charts = [plot(report.register, language=report.language) for plot in plots]
    drawn = [chart for chart in charts if not chart.data.empty]
    return _chapter(report, "state", told, *drawn, highest_risks(report))


def highest_risks(report: Committee) -> Table | None:
    """Return the risks that reach the limit, highest first; none where no value is printed."""
    risks = report.register
    limits = vocabulary().limits(risks.board).unique()
    if risks.risk_value.isna().all():
        return None
    high = _told_apart(_largest(risks[is_high(risks)]))
    limit = report.say("report.own_limit") if len(limits) > 1 else int(limits[0])
    return _table(report, "highest_risks", high, limit=limit)


def _changes(report: Committee) -> Chapter:
    if report.changes.empty:
        return _chapter(report, "changes", [report.say("chapters.nothing_before")])
    several, how = report.risks.period.nunique() > 2, {"language": report.language}
    years = plot_values_by_year(report.risks, **how) if several else None
    charts = [plot_change_bridge(report.changes, **how), years, *_news(report)]
    return _chapter(report, "changes", _what_changed(report), *charts, changed_risks(report))


def _news(report: Committee) -> Iterator[Chart]:
    """Yield the chart of raised and new risks, in parts if they are many; each says what it shows."""
    news = report.changes[report.changes.change.isin(NEWS)]
    how = {"note": report.say("chapters.news_only"), "language": report.language}
    title, some = report.say("chapters.news", **_counted(report, news)), pieces(news)
    for n, rows in enumerate(some, 1):
        of = f" {report.say('chapters.part', n=n, of=len(some))}" if len(some) > 1 else ""
        yield plot_changes(rows, title=title + of, **how)


def _counted(report: Committee, changes: pd.DataFrame) -> dict[str, str]:
    """Return the period before, and how many risks of each kind of change there are since then."""
    kinds = changes.change.value_counts()
    said = [report.say(f"changed.{kind}", n=kinds[kind]) for kind in CHANGES if kinds.get(kind)]
    before = str(report.changes.period_before.iloc[0])
    return {"before": before, "counts": series(said, report.language)}


def _what_changed(report: Committee) -> Iterator[str]:
    """Yield how many risks of each kind of change there are, and what it means."""
    changes, risks = report.changes, report.register
    yield report.say("chapters.changed", n=len(changes), **_counted(report, changes))
    news = changes.risk_after[changes.change.isin(NEWS)]
    high = risks[risks.risk_id.isin(news) & is_high(risks)]
    outside = (~is_planned(high.decision)).sum() if risks.decision.notna().any() else 0
    if len(high):
        yield report.say("chapters.now_high", n=len(high))
    if outside:
        yield report.say("chapters.now_outside", n=outside, of=len(high))
    yield from _said(report, "left_plan", "ask")


def changed_risks(report: Committee) -> Table:
    """Return the risks that are raised, new, lowered or gone; where a text is not alone, whose it is."""
    changes = report.changes[report.changes.change.isin(CHANGED)]
    order = changes.change.astype("str").map(CHANGED.index)
    step = -(changes.risk_value_after - changes.risk_value_before).abs().fillna(0)
    changes = changes.assign(order=order, step=step).sort_values(["order", "step"], kind="stable")
    return _table(report, "changed_risks", _told_apart(changes), **_counted(report, changes))


def _told_apart(risks: pd.DataFrame) -> pd.DataFrame:
    return risks.assign(event=with_twins_told_apart(risks.event, risks.process))


def pieces(rows: pd.DataFrame, most: int = PIECE) -> list[pd.DataFrame]:
    """Return rows in parts of about the same length, none longer than what a chart has room for."""
    parts = np.array_split(range(len(rows)), max(-(-len(rows) // most), 1))
    return [rows.iloc[part] for part in parts if len(part)]


def _work(report: Committee) -> Chapter:
    work, followed = report.activities, report.followed
    findings = list(_said(report, "unfinished", "overdue", "cancelled", "unknown", "contradicted"))
    if not report.data.sources.kind.eq("follow_up").any():
        findings.insert(0, report.say("uncertain.no_follow_up"))
    several, chart = followed.period.nunique() > 1, None
    if work.verdict.ne("finished").any():
        plot = plot_tertials if several else plot_unfinished_by_group
        chart = plot(followed if several else work, language=report.language)
    contradicted = _table(report, "doubted", _with_process(work[is_doubted(work)]))
    tables = unfinished_activities(report), contradicted, new_activities(report)
    return _chapter(report, "work", findings, chart, *tables)


def unfinished_activities(report: Committee) -> Table:
    """Return the activities that are not finished: overdue first, then by risk value and age."""
    left = report.activities[report.activities.verdict.eq("unfinished")]
    reasons = [_reason(row, report.language) for row in left.itertuples()]
    left = left.assign(reason=pd.Series(reasons, left.index, dtype="str"), late=is_overdue(left))
    by = ["late", "risk_value", "periods_unfinished"]
    left = left.sort_values(by, ascending=False, na_position="last", kind="stable")
    if not left.periods_unfinished.gt(1).any():
        left = left.drop(columns="unfinished_since")  # it would say this period in each row
    return _table(report, "unfinished_activities", _with_process(left))


def _reason(row: tuple, language: str) -> str:
    """Return why an activity counts as unfinished: its mark, or what its comment says."""
    if pd.isna(row.evidence):
        status = coded_value("status", row.status, language)
        return word("unfinished_activities.marked", language, status=status)
    reason = coded_value("reason", row.reason, language)
    return word("unfinished_activities.quoted", language, reason=reason, evidence=row.evidence)


def new_activities(report: Committee) -> Table | None:
    """Return the activities that the follow-up before did not have; of a tertial, not of a year."""
    earlier = periods.until(report.period, report.followed.period.unique())[:-1]
    last = next(filter(periods.reports_on_work, reversed(earlier)), None)
    if last is None or len(report.register):
        return None
    links = link_activities(report.followed, last, report.period)
    new = report.activities[~report.activities.activity_id.isin(links.activity_after)]
    return _table(report, "new_activities", _with_process(new), before=last)


def _with_process(activities: pd.DataFrame) -> pd.DataFrame:
    """Return activities whose texts begin with the process, else the indicator, that they belong to."""
    belongs = activities.process.fillna(activities.indicator)
    told = (belongs + ": " + activities.activity).fillna(activities.activity)
    return activities.assign(activity=told)


def _decided(report: Committee) -> Iterator[Chapter]:
    """Yield what was promised or decided before and is not kept, where there is something to tell."""
    promised, changes = report.promises, report.changes
    promised = promised[~promised.outcome.isin(["not_found", "not_due"])]
    kept = _table(report, "promises", promised.rename(columns={"period": "promised_in"}))
    gone = _table(report, "left_plan", changes[left_plan(changes)] if len(changes) else changes)
    if kept or gone:
        yield _chapter(report, "decided", _said(report, "not_kept", "left_plan"), kept, gone)


def questions(report: Committee) -> Iterator[str]:
    """Yield the questions, those about the largest risks first, then about work not done."""
    risks, changes, work = report.register, report.changes, report.activities
    high, asked = risks[is_high(risks)], {}
    if risks.decision.notna().any():
        planned = is_planned(high.decision)
        asked["outside"] = high[~planned]
        mixed = high[planned.groupby(high.risk_value).transform("nunique").gt(1)]
        asked["differently"] = mixed[mixed.risk_value.eq(mixed.risk_value.max())]
    if len(changes):
        asked["left_plan"] = changes[left_plan(changes)]
        raised = changes.change.eq("raised") & changes.risk_after.isin(high.risk_id)
        asked["raised"] = changes[raised]
        gone = changes.change.eq("gone") & changes.risk_value.ge(high.risk_value.min())
        asked["gone"] = changes[gone.fillna(False)]
    if len(work):
        age = work.periods_unfinished.fillna(0)
        asked["overdue"] = work[is_overdue(work)]
        asked["oldest"] = work[age.eq(age.max()) & age.gt(1)]
        asked["doubted"] = work[is_doubted(work)]
        asked["not_kept"] = report.promises[report.promises.outcome.eq("open")]
        asked["unknown"] = work[work.verdict.eq("unknown") & tells_of_work(work)]
    for key, rows in asked.items():
        rows = rows.dropna(subset="activity" if "activity" in rows else "event")
        if len(rows):
            yield _ask(report, key, rows)


def _ask(report: Committee, key: str, rows: pd.DataFrame) -> str:
    """Return a question about some rows; the first few are named, and may be told more of."""
    language = report.language
    rows = _largest(rows) if "risk_value" in rows else rows
    texts = rows["activity" if "activity" in rows else "event"].drop_duplicates()
    texts = [f"”{text.strip().rstrip('.')}”" for text in texts]
    many = len(rows) > NAMED and key in words(language)["questions_many"]
    names = ", ".join(texts[:NAMED]) if many else series(texts[:NAMED], language)
    said = {name: str(value) for name, value in rows.iloc[0].items()}
    said["status"] = coded_value("status", said.get("status", "unknown"), language).lower()
    said |= {"names": names, "first": texts[0]}
    return report.say(f"questions{'_many' * many}.{key}", n=len(rows), **said)


def _made(report: Committee) -> Chapter:
    """Return what the report rests on: its exports, what became of their rows, and each doubt."""
    sources, say = report.data.sources, report.say
    told = [c for c in ("set_aside", "unused_columns", "guessed", "unread") if sources[c].any()]
    columns = ["source_file", "kind", "printed_rows", "risks", "activities", "repairs", *told]
    how = {"title": say("audit.sources"), "note": say("audit.note"), "language": report.language}
    about = Points(say("uncertain.title"), list(doubts(report)), report.language)
    return _chapter(report, "made", [say("chapters.counted")], show(sources, columns, **how), about)


def doubts(report: Committee) -> Iterator[str]:
    """Yield what a reader should know before relying on a number."""
    data, language, risks, work = report.data, report.language, report.register, report.activities
    own = [vocabulary().for_board(board) for board in risks.board.dropna().unique()]
    limits = sorted({one.limit for one in own if one.limit_is_assumed})
    if limits:
        said = series(list(map(str, limits)), language)
        yield report.say("uncertain.limit", n=1, limit=said)
    elif any(one.bands_are_assumed for one in own):
        yield report.say("uncertain.bands")
    if risks.empty:
        yield report.say("uncertain.no_register")
    counts = {
        "valueless": risks.risk_value.isna().sum(),
        "unknown": work.verdict.eq("unknown").sum() if tells_of_work(work) else 0,
        "ask": report.changes.certainty.eq("ask").sum() if len(report.changes) else 0,
        "inferred": work.risk_value_certainty.dropna().ne("printed").sum(),
        "unread": len(data.unread),
        "lost": lost_cells(data.cells).sum(),
    }
    yield from (report.say(f"uncertain.{key}", n=n) for key, n in counts.items() if n)
    proven = data.repairs.proven.sum()
    yield report.say("uncertain.repairs", n=len(data.repairs), proven=proven)
    yield from describe_audit(data, language)
    severities = data.findings.severity.astype("str").value_counts()
    kinds = [report.say(f"key_figures.{kind}", n=n) for kind, n in severities.items() if n]
    if kinds:
        yield report.say("uncertain.findings", n=1, counts=series(kinds, language))


def _largest(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values("risk_value", ascending=False, na_position="last", kind="stable")


def _said(report: Committee, *keys: str) -> Iterator[str]:
    """Yield the sentences of key figures that there are; not of a nought that is no news."""
    figures = report.figures.set_index("key")
    nought = figures.value.eq(0) & figures.before.fillna(0).eq(0)
    told = figures.text[~(nought & figures.index.isin(QUIET))]
    yield from (told[key] for key in keys if key in told)


def _table(report: Committee, name: str, rows: pd.DataFrame, **values: object) -> Table | None:
    """Return the first rows as a table with its title and note; without rows, what is said of none."""
    said, language = words(report.language)[name], report.language
    title, note = said["title"].format(**values), said["note"]
    if rows.empty:
        none = said.get("none")
        return Table(title, rows, none.format(**values), language) if none else None
    shown = rows if len(rows) <= SHOWN + SPARED else rows.head(SHOWN)
    if len(shown) < len(rows):
        note = f"{report.say('report.shown', n=len(shown), all=len(rows))} {note}".strip()
    columns = [*([] if report.board else ["board"]), *COLUMNS["tables"][name]]
    columns = [column for column in columns if column in rows and rows[column].notna().any()]
    return show(shown, columns, title=title, note=note, language=language)
