"""What a report tells, question by question: the finding in words, its charts, its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import islice
from typing import TYPE_CHECKING

import pandas as pd

from riskdata.charts.chart import Chart
from riskdata.errors import ChoiceError
from riskdata.reports.key_figures import (
    in_plan,
    is_doubted,
    is_high,
    is_overdue,
    left_plan,
    limits,
    tells_of_work,
)
from riskdata.reports.printed import Points, Table, coded_value, print_table, with_quotations
from riskdata.reports.summary import doubts, sources_table
from riskdata.words.language import series, word

if TYPE_CHECKING:
    from riskdata.reports.committee import Committee

SHOWN = 50  # rows of a table, about two pages; the workbook has them all
SPARED = 10  # rows: a table that is longer by no more than these is shown whole
PIECE = 8  # rows of the chart of changes that a third of a page has room for
NEWS = ("raised", "new")  # changes that are drawn; the table has the lowered and the gone as well
ASKED = 7  # questions: more are not asked at a meeting
QUIET = ("unknown", "cancelled", "contradicted", "left_plan", "ask")  # not told where they are none
NAMED = 3  # risks or activities in one question; the tables have them all
_CHANGED = ("raised", "new", "lowered", "gone")


@dataclass(frozen=True, eq=False)
class Chapter:
    """One question of a report.

    Attributes
    ----------
    title : the question
    findings : the answer, in sentences
    parts : charts, tables and lists, in the order in which they are read
    charts : those charts by the names that their files get
    """

    title: str
    findings: Sequence[str]
    parts: Sequence[Chart | Table | Points] = ()
    charts: dict[str, Chart] = field(default_factory=dict)
    language: str = "sv"

    def _repr_html_(self) -> str:
        text = with_quotations(" ".join(self.findings), self.language)
        said = f"<p>{text}</p>" if text else ""
        parts = "".join(part._repr_html_() for part in self.parts)
        return f"<h3>{escape(self.title)}</h3>{said}{parts}"


def tell(report: Committee) -> Iterator[Chapter]:
    """Yield the chapters of a report: of risks where there is a register, of work where it is told."""
    if len(report.register):
        yield _state(report)
        yield _changes(report)
    if len(report.activities) and tells_of_work(report.activities):
        yield _work(report)
        yield from _decided(report)
    questions = _ask(report)
    if questions:
        yield _chapter(report, "questions", [], [Points("", questions, report.language)])
    yield _made(report)


def _chapter(
    report: Committee,
    name: str,
    findings: Iterable[str],
    parts: Iterable,
    charts: dict | None = None,
) -> Chapter:
    """Return a chapter by the name of its question, without the parts that there is nothing for."""
    there = [part for part in parts if part is not None]
    title = word(f"chapters.{name}", report.language)
    return Chapter(title, list(findings), there, charts or {}, report.language)


def _state(report: Committee) -> Chapter:
    risks = report.register
    findings = [*_said(report, "high", "high_own", "control_plan", "high_outside")]
    off = not_product(risks).sum()
    if off and risks.risk_value.notna().any():
        findings.append(word("uncertain.not_product", report.language, n=off))
    charts = {"risk_matrix": report.chart("risk_matrix")}
    if risks.decision.notna().any():
        charts["decision_by_value"] = report.chart("decision_by_value")
    charts = {name: chart for name, chart in charts.items() if not chart.data.empty}
    first, *others = charts.values() or [None]
    return _chapter(report, "state", findings, [first, highest_risks(report), *others], charts)


def highest_risks(report: Committee) -> Table | None:
    """Return the risks that reach the limit, highest first; none where no value is printed."""
    risks = report.register
    if not risks.risk_value.notna().any():
        return None
    high = risks[is_high(risks)].sort_values("risk_value", ascending=False, kind="stable")
    high = _told_apart(high)
    columns = ["event", "risk_value", *(["decision"] if risks.decision.notna().any() else [])]
    several = limits(risks).nunique() > 1
    limit = word("report.own_limit", report.language) if several else int(limits(risks).iloc[0])
    return _table(report, "highest_risks", high, columns, limit=limit)


def _changes(report: Committee) -> Chapter:
    changes = report.changes
    if changes.empty:
        return _chapter(report, "changes", [word("chapters.nothing_before", report.language)], [])
    charts = {"change_bridge": report.chart("change_bridge")}
    charts |= _news(report)
    if report.risks.period.nunique() > 2:
        charts["values_by_year"] = report.chart("values_by_year")
    bridge, *others = charts.values()
    parts = [bridge, changed_risks(report), *others]
    return _chapter(report, "changes", _what_changed(report), parts, charts)


def _news(report: Committee) -> dict[str, Chart]:
    """Return the chart of raised and new risks, in parts if they are many; each says what it shows."""
    language = report.language
    news = report.changes[report.changes.change.astype("str").isin(NEWS)]
    parts = pieces(news)
    counts = _counted(news, language)
    before = str(report.changes.period_before.iloc[0])
    title = word("chapters.news", language, n=len(news), counts=counts, before=before)
    note, charts = word("chapters.news_only", language), {}
    for number, part in enumerate(parts, 1):
        of = word("chapters.part", language, n=number, of=len(parts)) if len(parts) > 1 else ""
        name = "changes" if number == 1 else f"changes-{number}"
        charts[name] = draw(report, "changes", part, title=f"{title} {of}".strip(), note=note)
    return charts


def _counted(changes: pd.DataFrame, language: str) -> str:
    """Return how many risks of each kind of change there are, as one says it."""
    kinds = changes.change.astype("str").value_counts()
    return series([word(f"changed.{kind}", language, n=n) for kind, n in kinds.items()], language)


def _what_changed(report: Committee) -> Iterator[str]:
    """Yield how many risks of each kind of change there are, and what it means."""
    changes, language = report.changes, report.language
    before = {"before": str(changes.period_before.iloc[0]), "counts": _counted(changes, language)}
    yield word("chapters.changed", language, n=len(changes), **before)
    news = changes[changes.change.astype("str").isin(NEWS)]
    now = report.register[report.register.risk_id.isin(news.risk_after)]
    high = is_high(now)
    if high.any():
        yield word("chapters.now_high", language, n=high.sum())
        outside = (high & ~in_plan(now)).sum()
        if outside and report.register.decision.notna().any():
            yield word("chapters.now_outside", language, n=outside, of=high.sum())
    yield from _said(report, "left_plan", "ask")


def changed_risks(report: Committee) -> Table:
    """Return the risks that are raised, new, lowered or gone; where a text is not alone, whose it is."""
    changes = report.changes[report.changes.change.astype("str").isin(_CHANGED)]
    changes = changes.assign(
        event=changes.event_after.fillna(changes.event_before),
        process=changes.process_after.fillna(changes.process_before),
        change=changes.change.astype("str"),
    )
    order = changes.change.map(_CHANGED.index)
    step = (changes.risk_value_after - changes.risk_value_before).abs().fillna(0)
    keys = pd.DataFrame({"order": order, "step": -step})
    changes = changes.loc[keys.sort_values(["order", "step"], kind="stable").index]
    columns = ["event", "change", "risk_value_before", "risk_value_after"]
    before = str(report.changes.period_before.iloc[0])
    return _table(report, "changed_risks", _told_apart(changes), columns, before=before)


def _told_apart(risks: pd.DataFrame) -> pd.DataFrame:
    """Return risks whose events say their process as well, where another has the same text."""
    same = risks.event.duplicated(keep=False) & risks.process.notna()
    return risks.assign(event=risks.event.mask(same, risks.event + " (" + risks.process + ")"))


def pieces(rows: pd.DataFrame, most: int = PIECE) -> list[pd.DataFrame]:
    """Return rows in parts of about the same length, none longer than what a chart has room for.

    >>> [len(part) for part in pieces(pd.DataFrame({"a": range(9)}), most=8)]
    [5, 4]
    """
    count = -(-len(rows) // most)
    size = -(-len(rows) // count) if count else 0
    return [rows.iloc[n * size : (n + 1) * size] for n in range(count)]


def _work(report: Committee) -> Chapter:
    findings = list(_said(report, "unfinished", "overdue", "cancelled", "unknown", "contradicted"))
    if not report.data.sources.kind.astype("str").eq("follow_up").any():
        findings.insert(0, word("uncertain.no_follow_up", report.language))
    name = "tertials" if report.followed.period.nunique() > 1 else "unfinished_by_process"
    charts = {name: report.chart(name)} if report.activities.verdict.ne("finished").any() else {}
    parts = [
        *charts.values(),
        unfinished_activities(report),
        doubted(report),
        new_activities(report),
    ]
    return _chapter(report, "work", findings, parts, charts)


def unfinished_activities(report: Committee) -> Table:
    """Return the activities that are not finished: overdue first, then by risk value and age."""
    left = report.activities[report.activities.verdict.astype("str").eq("unfinished")]
    left = _with_process(left)
    said = [_reason(row, report.language) for row in left.itertuples()]
    left = left.assign(reason=pd.Series(said, left.index, dtype="str"), late=is_overdue(left))
    by = ["late", "risk_value", "periods_unfinished"]
    left = left.sort_values(by, ascending=False, na_position="last", kind="stable")
    aged = left.periods_unfinished.gt(1).any()
    dated = "due_date" in left and left.due_date.notna().any()
    columns = [
        "activity", "risk_value", *(["due_date"] if dated else []),
        *(["unfinished_since"] if aged else []), "reason",
    ]  # fmt: skip
    return _table(report, "unfinished_activities", left, columns)


def doubted(report: Committee) -> Table | None:
    """Return the activities that are marked as finished while the comment says otherwise."""
    rows = report.activities[is_doubted(report.activities)]
    columns = ["activity", "status", "evidence"]
    return _table(report, "doubted", _with_process(rows), columns) if len(rows) else None


def new_activities(report: Committee) -> Table | None:
    """Return the activities that the follow-up before did not have; of a tertial, not of a year."""
    new = report.activities[report.activities.activity_id.isin(report.new_activities)]
    if new.empty or len(report.register):
        return None
    since = {"before": report.last}
    return _table(report, "new_activities", _with_process(new), ["activity", "verdict"], **since)


def _with_process(activities: pd.DataFrame) -> pd.DataFrame:
    """Return activities whose texts begin with the process, else the indicator, that they belong to."""
    belongs = activities.process.fillna(activities.indicator)
    told = (belongs + ": " + activities.activity).fillna(activities.activity)
    return activities.assign(activity=told)


def _reason(row: tuple, language: str) -> str:
    """Return why an activity counts as unfinished: its mark, or what its comment says."""
    if pd.isna(row.evidence):
        status = coded_value("status", row.status, language)
        return word("unfinished_activities.marked", language, status=status)
    said = {"reason": coded_value("reason", row.reason, language), "evidence": row.evidence}
    return word("unfinished_activities.quoted", language, **said)


def _decided(report: Committee) -> Iterator[Chapter]:
    """Yield what was promised or decided before and is not kept, where there is something to tell."""
    left = report.changes[left_plan(report.changes)] if len(report.changes) else report.changes
    told = report.promises[
        report.promises.outcome.astype("str").isin(["open", "kept", "unknown", "cancelled"])
    ]
    tables = []
    if len(told):
        columns = ["activity", "period", "promised", "evidence", "outcome"]
        heads = {"period": "promised_in"}
        tables.append(_table(report, "promises", told, columns, heads=heads))
    if len(left):
        left = left.assign(event=left.event_after)
        columns = ["event", "risk_value_before", "risk_value_after", "decision_after"]
        tables.append(_table(report, "left_plan", left, columns))
    if tables:
        yield _chapter(report, "decided", [*_said(report, "not_kept", "left_plan")], tables)


def _ask(report: Committee) -> list[str]:
    """Return the questions, those about the largest risks first, then about work not done."""
    return list(islice((*_of_risks(report), *_of_work(report)), ASKED))


def _of_risks(report: Committee) -> Iterator[str]:
    risks = report.register
    if risks.empty:
        return
    high, decided = is_high(risks), risks.decision.notna().any()
    outside = _largest(risks[high & ~in_plan(risks)])
    if decided and len(outside):
        yield _say(report, "outside", outside.event)
    if decided:
        yield from _differently(report)
    yield from _of_changes(report)


def _differently(report: Committee) -> Iterator[str]:
    """Yield the largest value that some risks have in the plan and others not, above the limit."""
    risks = report.register[is_high(report.register)]
    planned = in_plan(risks).groupby(risks.risk_value).agg(["sum", "size"])
    mixed = planned[planned["sum"].between(1, planned["size"] - 1)]
    if len(mixed):
        value, (n, of) = int(mixed.index[-1]), mixed.iloc[-1]
        yield word("questions.differently", report.language, value=value, n=n, of=of)


def _of_changes(report: Committee) -> Iterator[str]:
    changes = report.changes
    if changes.empty:
        return
    left = _largest(changes[left_plan(changes)], "risk_value_after")
    if len(left):
        yield _say(report, "left_plan", left.event_after)
    raised = changes[changes.change.astype("str").eq("raised")]
    now_high = report.register[is_high(report.register)].risk_id
    raised = _largest(raised[raised.risk_after.isin(now_high)], "risk_value_after")
    if len(raised):
        yield _say(report, "raised", raised.event_after)
    limit = report.register[is_high(report.register)].risk_value.min()
    gone = changes[changes.change.astype("str").eq("gone") & changes.risk_value_before.ge(limit)]
    if len(gone):
        gone = _largest(gone, "risk_value_before")
        yield _say(report, "gone", gone.event_before, before=str(changes.period_before.iloc[0]))


def _of_work(report: Committee) -> Iterator[str]:
    work = report.activities
    if work.empty:
        return
    late = work[is_overdue(work)]
    if len(late):
        yield _say(report, "overdue", _largest(late).activity)
    old = work[work.periods_unfinished.gt(1).fillna(False)]
    if len(old):
        oldest = old[old.periods_unfinished == old.periods_unfinished.max()]
        yield _say(
            report, "oldest", _largest(oldest).activity, since=str(oldest.unfinished_since.iloc[0])
        )
    doubted = _largest(work[is_doubted(work)])
    if len(doubted):
        row = doubted.iloc[0]
        status = coded_value("status", row.status, report.language).lower()
        yield word(
            "questions.doubted", report.language, n=len(doubted), activity=_bare(row.activity),
            status=status, evidence=row.evidence,
        )  # fmt: skip
    broken = report.promises[report.promises.outcome.astype("str").eq("open")]
    if len(broken):
        row = broken.iloc[0]
        yield word(
            "questions.not_kept", report.language, activity=_bare(row.activity),
            period=row.period, promised=row.promised,
        )  # fmt: skip
    lost = work[work.verdict.astype("str").eq("unknown")]
    if len(lost) and tells_of_work(work):
        yield _say(report, "unknown", _largest(lost).activity)


def _largest(rows: pd.DataFrame, column: str = "risk_value") -> pd.DataFrame:
    return rows.sort_values(column, ascending=False, na_position="last", kind="stable")


def _say(report: Committee, key: str, texts: pd.Series, **values: object) -> str:
    """Return a question about some texts, of which the first few are named."""
    texts = texts.dropna()
    named = [f"”{_bare(text)}”" for text in texts.drop_duplicates().head(NAMED)]
    names = series(named, report.language) if len(texts) <= NAMED else ", ".join(named)
    form = "questions" if len(texts) <= NAMED else "questions_many"
    return word(f"{form}.{key}", report.language, n=len(texts), names=names, **values)


def _bare(text: str) -> str:
    return text.strip().rstrip(".")


def _made(report: Committee) -> Chapter:
    findings = [word("chapters.counted", report.language)]
    parts = [
        sources_table(report),
        Points(word("uncertain.title", report.language), doubts(report), report.language),
    ]
    return _chapter(report, "made", findings, parts)


def not_product(risks: pd.DataFrame) -> pd.Series:
    """Return which risks have a printed value that is not the product of their steps."""
    return (risks.risk_value != risks.likelihood * risks.consequence).fillna(False).astype("bool")


def _said(report: Committee, *keys: str) -> Iterator[str]:
    """Yield the sentences of key figures that there are; not of a nought that is no news."""
    nought = report.figures.value.eq(0) & report.figures.before.fillna(0).eq(0)
    figures = report.figures[~(nought & report.figures.key.isin(QUIET))]
    texts = dict(zip(figures.key, figures.text, strict=True))
    yield from (texts[key] for key in keys if key in texts)


def _table(
    report: Committee, name: str, rows: pd.DataFrame, columns: Sequence[str], *,
    heads: dict | None = None, **values: object,
) -> Table:  # fmt: skip
    """Return rows as a table with its title and note; the first of them where they are too many."""
    title = word(f"{name}.title", report.language, **values)
    if rows.empty:
        return Table(
            title, pd.DataFrame(), word(f"{name}.none", report.language, **values), report.language
        )
    note = word(f"{name}.note", report.language, **values)
    shown = rows if len(rows) <= SHOWN + SPARED else rows.head(SHOWN)
    if len(shown) < len(rows):
        said = word("report.shown", report.language, n=len(shown), all=len(rows))
        note = f"{said} {note}".strip()
    columns = [*columns] if report.board else ["board", *columns]
    return print_table(title, shown, columns, note=note, language=report.language, heads=heads)


def _plot(module: str, function: str) -> Callable[..., Chart]:
    """Return a chart function, loaded when it is called: the command starts without matplotlib."""
    from importlib import import_module

    return getattr(import_module(f"riskdata.charts.{module}"), function)


# name → module, function, which table of the report it draws, and its choices
CHARTS: dict[str, tuple[str, str, Callable, dict]] = {
    "risk_matrix": ("risks", "plot_risk_matrix", lambda r: r.register, {}),
    "risk_values": ("risks", "plot_risk_values", lambda r: r.register, {}),
    "decision_by_value": ("risks", "plot_decision_by_value", lambda r: r.register, {}),
    "risks_by_goal": ("risks", "plot_by_group", lambda r: r.register, {"by": "goal"}),
    "risks_by_process": ("risks", "plot_by_group", lambda r: r.register, {"by": "process"}),
    "change_bridge": ("changes", "plot_change_bridge", lambda r: r.changes, {}),
    "changes": ("changes", "plot_changes", lambda r: r.changes, {}),
    "tertials": ("activities", "plot_tertials", lambda r: r.followed, {}),
    "values_by_year": ("years", "plot_values_by_year", lambda r: r.risks, {}),
    "unfinished_by_process": (
        "activities", "plot_unfinished_by_group", lambda r: r.activities, {"by": "process"},
    ),
}  # fmt: skip


def draw(report: Committee, name: str, rows: pd.DataFrame | None = None, **how: str) -> Chart:
    """Return a chart of a report by its name; of other rows than its own, if they are given."""
    if name not in CHARTS:
        raise ChoiceError(f"Diagrammet ”{name}” finns inte. Välj bland: {', '.join(CHARTS)}.")
    module, function, table, choices = CHARTS[name]
    rows = table(report) if rows is None else rows
    return _plot(module, function)(rows, language=report.language, **choices, **how)
