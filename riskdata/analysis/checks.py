"""Tidy tables → findings: what a person should look at, and do. A finding never changes data."""

from collections.abc import Iterable, Iterator
from string import Formatter

import numpy as np
import pandas as pd

from riskdata.analysis.activities import (
    ERROR,
    FLOOR,
    by_status,
    denies,
    judge,
    last_days,
    overdue_days,
)
from riskdata.analysis.decisions import VERDICTS, read_decisions, verdict_faults, with_verdicts
from riskdata.analysis.links import decision_faults
from riskdata.analysis.matching import normal
from riskdata.comments import in_follow_up, read_comments
from riskdata.shapes.table import DOUBTS, PROVABLE
from riskdata.tables import schema
from riskdata.words.language import heading, label, words
from riskdata.words.spelling import fold
from riskdata.words.vocabulary import AXES, Vocabulary, vocabulary

# How grave each check is. Its name is [values.check] of sv.toml, its message [checks].
_CHECKS = {
    "error": "value_not_product step_out_of_range contradiction closed_but_continues dropped "
    "decision_without_match",
    "question": "label_contradicts_digit event_missing duplicate_risk same_period_twice "
    "risk_without_activity activity_without_responsible high_outside_control_plan "
    "uncertain_reading question open_but_done twin_marks no_follow_up overdue finished_later",
    "note": "decisions_differ doubtful_comment",
}
SEVERITY = {check: severity for severity, some in _CHECKS.items() for check in some.split()}
UNCERTAIN = (  # rules of the account that are doubts
    *DOUBTS,
    *("struck_through", "struck_cell", "struck_row", "word_joined", "merged_over_page"),
    *("process_told", "not_parted"),
    *("bad_byte", "quote_kept", "footnote", "hidden_column", "error_cell", "code_as_date"),
    *("cell_comment", "formula_without_value", "icon_set", "icon_unread", "not_looked_at"),
)
DENIALS = {  # check → what a comment says of a ticked activity
    "contradiction": ["comment_not_done", "comment_partly", "comment_missed"],
    "closed_but_continues": ["comment_continues", "comment_planned", "comment_moved"],
    "dropped": ["comment_cancelled"],
}
QUESTION = 0.5  # probability from which a comment that goes against a tick is asked about
SURE = 0.7  # probability below which a comment that decides alone is to be read by a person
ALIKE = 0.8  # share of words that two comments must have in common to be nearly the same
LONGEST_SCALE = 10  # steps
FEWEST_STEPS = 2  # right products with a step above the scale that show a longer one
ENDS = 4  # words at either end by which comments that may be alike are brought together
_ORDER = ["source_file", "source_row", "check", "activity_id", "message"]
Found = Iterator[tuple[str, pd.DataFrame, object]]  # check, its rows, and their evidence


def check_tables(
    risks: pd.DataFrame,
    activities: pd.DataFrame,
    account: pd.DataFrame,
    sources: pd.DataFrame,
) -> pd.DataFrame:
    """Return the findings of every check, by file and row.

    Nothing is asked of a column that an export doesn't print, nor of a control plan whether its
    risks are in the control plan.
    """
    return _findings([
        *_of_scores(risks, sources, vocabulary()),
        *_of_texts(risks, activities),
        *_of_decisions(risks, sources, vocabulary()),
        *_of_reading(risks, account, sources),
        *_of_comments(activities),
    ])  # fmt: skip


def check_decisions(risks: pd.DataFrame, activities: pd.DataFrame) -> pd.DataFrame:
    """Return a finding for each line of links.csv, activity_links.csv and verdicts.csv that fits nothing.

    Of all exports. source_file is the file of data/manual, source_row its line.
    """
    faults = decision_faults(risks, activities)
    rows = [(f"data/manual/{file}", line, fault) for file, line, fault in faults]
    table = pd.DataFrame(rows, columns=["source_file", "source_row", "fault"])
    return _findings([("decision_without_match", table, "")])


def _findings(found: Iterable[tuple[str, pd.DataFrame, object]]) -> pd.DataFrame:
    """Return a finding for each row that a check has picked out, its message filled from the row."""
    columns, parts = [*schema.TABLES["findings"]], []
    for check, rows, evidence in found:
        if not rows.empty:
            rows = rows.assign(evidence=evidence)
            message = words()["checks"][check]
            names = {name for _, name, _, _ in Formatter().parse(message) if name}
            texts = [message.format(**row) for row in rows[[*names]].to_dict("records")]
            rows = rows.assign(severity=SEVERITY[check], check=check, message=texts or message)
            parts.append(rows.reindex(columns=columns).astype({"period": "object"}))
    every = schema.frame("findings", pd.concat(parts) if parts else ())
    return every.sort_values(_ORDER, ignore_index=True)


def _labels(codes: pd.Series) -> pd.Series:
    names = {code: label(code) for code in codes.dropna().unique()}
    return codes.astype("object").map(names).astype("str")


def _printed(table: pd.DataFrame, has: pd.Series) -> pd.Series:
    """Return which rows are of exports in which some row has a thing."""
    return has.groupby(table.source_file, dropna=False).transform("any")


def _others(rows: pd.DataFrame, same: list[str], column: str) -> list[str]:
    """Return, for each row, what the others with the same texts have in a column."""
    group = rows.groupby(same, observed=True).ngroup()
    of_group = rows[column].groupby(group).agg(list)
    return [
        ", ".join(str(other) for other in of_group[n] if other != value)
        for n, value in zip(group, rows[column], strict=True)
    ]


def _of_scores(risks: pd.DataFrame, sources: pd.DataFrame, vocab: Vocabulary) -> Found:
    """Steps off the scale; values that are no product, where boards multiply: others look them up."""
    declared = {name: layout.get("value") for name, layout in vocab.words["layouts"].items()}
    others = sources.source_file[sources.layout.map(declared).isin(["printed", "matrix"])]
    risks = risks.assign(product=risks.likelihood * risks.consequence)
    right = (risks.risk_value == risks["product"]).astype("boolean")
    rows = risks[(~right).fillna(False) & ~risks.source_file.isin(others)]
    numbers = rows[[*AXES, "product", "risk_value"]].to_numpy()
    said = ["{}×{}={}, tryckt {}".format(*row) for row in numbers]
    yield "value_not_product", rows, said
    for axis in AXES:
        steps = vocab.of_boards(risks.board, lambda own, axis=axis: len(own.scale_labels(axis)))
        rows = risks.assign(step=risks[axis], steps=steps, axis=heading(axis).lower())
        rows = rows[((rows.step < 1) | (rows.step > rows.steps)).fillna(False)]
        if rows.empty:
            continue
        above = rows.step.between(rows.steps, LONGEST_SCALE, inclusive="right")
        files = rows.source_file[above & right.fillna(False)].value_counts()
        longer = rows.source_file.isin(files[files >= FEWEST_STEPS].index)  # a scale of its own
        every = rows[longer].sort_values("step").drop_duplicates("source_file", keep="last")
        yield "step_out_of_range", every.assign(source_row=None), every.step.astype("str")
        yield "step_out_of_range", rows[~longer | (rows.step < 1)], rows.step.astype("str")


def _of_texts(risks: pd.DataFrame, activities: pd.DataFrame) -> Found:
    """What is missing or stands twice; of what an export doesn't print nothing is missing."""
    rows = risks[risks.event.isna() & _printed(risks, risks.event.notna())]
    yield "event_missing", rows, ""
    rows = _duplicates(risks)
    yield "duplicate_risk", rows, rows.event
    has_one = risks.risk_id.astype("object").isin(activities.risk_id.astype("object"))
    rows = risks[~has_one & risks.source_file.isin(activities.source_file.unique())]
    yield "risk_without_activity", rows, rows.event
    somebody = activities.responsible.map(len) > 0
    rows = activities[~somebody & _printed(activities, somebody)]
    yield "activity_without_responsible", rows, rows.activity


def _duplicates(risks: pd.DataFrame) -> pd.DataFrame:
    """Return risks whose goal, indicator, process, way of working and event an export has twice."""
    folded = risks.reset_index(drop=True).dropna(subset=["source_file", "event"])
    same = ["source_file"]
    for text in ("event", "goal", "indicator", "process", "way_of_working"):  # few share the first
        same.append(text)
        folded = folded.assign(**{text: folded[text].fillna("").map(fold)})
        folded = folded[folded.duplicated(same, keep=False)]
        if folded.empty:
            return folded
    group = folded.groupby(same, sort=False).ngroup()  # two sheets of a file may share row numbers
    folded = folded.loc[group.sort_values(kind="stable").index]
    rows = risks.iloc[folded.index]
    return rows.assign(rows=_others(folded, same, "source_row"))


def _of_decisions(risks: pd.DataFrame, sources: pd.DataFrame, vocab: Vocabulary) -> Found:
    """High risks outside the control plan, in exports that decide and are none; unlike decisions."""
    plans = sources.source_file[sources.kind == "plan"]
    asked = _printed(risks, risks.decision.notna()) & ~risks.source_file.isin(plans)
    rows = risks.assign(limit=vocab.limits(risks.board))
    rows = rows[(rows.risk_value >= rows.limit).fillna(False) & asked]
    rows = rows[~rows.decision.isin(vocab.in_plan)]
    assumed = words()["checks"]["assumed"]
    said = vocab.of_boards(rows.board, lambda own: assumed * own.limit_is_assumed)
    decisions = _labels(rows.decision).fillna("")
    yield "high_outside_control_plan", rows.assign(assumed=said), decisions
    same = ["board", "period", "risk_value"]
    decided = risks.dropna(subset=[*same, "decision"])
    decided = decided[decided.duplicated(same, keep=False)]
    if decided.empty:
        return
    counts = decided.groupby([*same, "decision"], observed=True).size().unstack(fill_value=0)
    counts = counts[(counts > 0).sum(axis=1) > 1]
    names = {code: label(code) for code in counts}
    said = [
        ", ".join(f"{names[code]} {n}" for code, n in row.items() if n)
        for row in counts.to_dict("records")
    ]
    rows = decided.drop_duplicates(same).set_index(same).loc[counts.index].reset_index()
    rows = rows.drop(columns=["risk_id", "source_row"])
    yield "decisions_differ", rows.assign(counts=said), said


def _of_reading(risks: pd.DataFrame, account: pd.DataFrame, sources: pd.DataFrame) -> Found:
    """What a reader could not be sure of, and files that may be copies of one another."""
    if (kept := account[account.rule == "label_kept"]).size:
        kept = kept.merge(risks, on=["source_file", "source_row"])
        yield "label_contradicts_digit", kept, kept.before
    proven = account.rule.isin(PROVABLE) & account.proof.fillna("").ne("")
    if (rows := account[account.rule.isin(UNCERTAIN) & ~proven]).size:
        rows = rows.merge(sources[["source_file", "board", "period"]], on="source_file")
        remedies = words()["remedies"]
        what, remedy = rows.rule.map(words()["values"]["rule"]), rows.rule.map(remedies)
        rows = rows.assign(what=what, remedy=remedy.fillna(remedies["usual"]))
        doubts = rows.before.mask(rows.rule == "shape_doubt", rows.after)  # what the doubt is
        yield "uncertain_reading", rows, doubts
    same = ["board", "period", "kind"]
    rows = sources[sources.problem.isna()].dropna(subset=same)
    rows = rows.assign(file=rows.source_file.str.split("#").str[0])
    files = rows.groupby(same, observed=True).file.transform("nunique")
    if (rows := rows[files > 1]).size:  # sheets of one workbook are no copies
        files, kind = _others(rows, same, "source_file"), _labels(rows.kind).str.lower()
        yield "same_period_twice", rows.assign(files=files, kind=kind), files


def _of_comments(activities: pd.DataFrame) -> Found:
    """Marks, comments and due dates that don't go together, where no person has decided."""
    verdicts = read_decisions(VERDICTS)
    if activities.empty:
        return
    read = read_comments(activities)
    verdicts = verdicts.drop(index=[*verdict_faults(verdicts, activities)])
    judged = with_verdicts(judge(activities, read), verdicts)
    asked, mark = judged.reason != "person", by_status(judged.status)
    likely, sure = (read.probability >= least for least in (QUESTION, ERROR))
    against = asked & denies(mark, read)
    remains = asked & (mark == "finished") & ~(against & likely) & read.need.notna()
    done = asked & (mark == "unfinished") & (read.verdict == "finished") & sure
    alone = asked & mark.isna() & (read.verdict != "unknown")
    doubtful = alone & read.probability.between(FLOOR, SURE, inclusive="left")
    silent = (judged.status == "unknown") & (judged.reason == "no_comment")
    rows = judged.assign(
        status=_labels(judged.status),
        read=_labels(judged.verdict).str.lower(),
        days=overdue_days(judged),
    )
    for check, said in DENIALS.items():
        yield check, rows[against & sure & read.reason.isin(said)], read.evidence
    yield "question", rows[against & likely & ~sure], read.evidence
    yield "question", rows[remains], read.need
    yield "open_but_done", rows[done], read.evidence
    yield "doubtful_comment", rows[doubtful], rows.comment
    yield "no_follow_up", rows[in_follow_up(judged) & silent], rows.activity
    yield "overdue", rows[rows.days.notna()], rows.activity
    dated = judged["mark"].astype("str").str.extract(r"\b(20\d\d(?:-\d\d-\d\d)?)\b")[0]
    ended = pd.to_datetime(dated, format="ISO8601", errors="coerce") > last_days(judged.period)
    yield "finished_later", rows[ended & (mark == "finished")], rows["mark"]
    twins = _twins(judged)
    yield "twin_marks", twins, twins.comment


def _twins(judged: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose comment nearly is an earlier one's of the export, with another mark."""
    marked = judged.assign(words=normal(judged.comment).str.split())
    marked = marked[(marked.status != "unknown") & marked.words.notna()].reset_index(drop=True)
    if marked.empty:
        return marked
    here = twin = pd.Series(marked.index)
    for part in (slice(-ENDS, None), slice(ENDS)):
        words = marked.words.map(lambda words, part=part: " ".join(words[part]))
        first = here.groupby([marked.source_file.fillna(""), words]).transform("first")
        twin = first.where(first < here, twin)
    status = marked.status.to_numpy("object")
    pairs = (twin < here) & (status != status[twin])
    rows, others = marked[pairs], marked.iloc[twin[pairs]].set_axis(here[pairs])
    both = [({*one}, {*other}) for one, other in zip(rows.words, others.words, strict=True)]
    alike = [len(one & other) >= ALIKE * len(one | other) for one, other in both]
    rows, others = (table[np.array(alike, "bool")] for table in (rows, others))
    there, marks = _labels(others.status), _labels(rows.status)
    return rows.assign(other=others.source_row, there=there, here=marks)
