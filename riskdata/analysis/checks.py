"""Tidy tables → findings: what a person should look at, and do. A finding never changes data."""

from functools import cache
from pathlib import Path
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
from riskdata.analysis.similarity import normal
from riskdata.comments.reading import in_follow_up, read_comments
from riskdata.exports.account import DOUBTS
from riskdata.tables import schema
from riskdata.words.language import heading, label, words
from riskdata.words.spelling import fold_all
from riskdata.words.vocabulary import AXES, Vocabulary, vocabulary

# How grave each check is. Its name is [values.check] of sv.toml, its message [checks].
SEVERITY = {
    "value_not_product": "error",
    "step_out_of_range": "error",
    "contradiction": "error",
    "closed_but_continues": "error",
    "dropped": "error",
    "decision_without_match": "error",
    "label_contradicts_digit": "question",
    "event_missing": "question",
    "duplicate_risk": "question",
    "same_period_twice": "question",
    "risk_without_activity": "question",
    "activity_without_responsible": "question",
    "high_outside_control_plan": "question",
    "uncertain_reading": "question",
    "question": "question",
    "open_but_done": "question",
    "twin_marks": "question",
    "no_follow_up": "question",
    "overdue": "question",
    "finished_later": "question",
    "decisions_differ": "note",
    "doubtful_comment": "note",
}
UNCERTAIN = (  # rules of the account that are doubts
    *DOUBTS,
    *("struck_through", "word_joined", "merged_over_page", "process_told", "not_parted"),
    *("bad_byte", "quote_kept", "footnote", "hidden_column", "error_cell", "code_as_date"),
    *("formula_without_value", "icon_set", "icon_unread", "not_looked_at"),
)
DENIALS = {  # check → what a comment says of a ticked activity
    "contradiction": ["comment_not_done", "comment_partly", "comment_missed"],
    "closed_but_continues": ["comment_continues", "comment_planned", "comment_moved"],
    "dropped": ["comment_cancelled"],
}
QUESTION = 0.5  # probability from which a comment that goes against a tick is asked about
SURE = 0.7  # probability below which a comment that decides alone is to be read by a person
ALIKE = 0.8  # share of words that two comments must have in common to be nearly the same
ENDS = 4  # words at either end by which comments that may be alike are brought together
_ORDER = ["source_file", "source_row", "check", "activity_id", "message"]


def check_tables(
    risks: pd.DataFrame,
    activities: pd.DataFrame,
    account: pd.DataFrame,
    sources: pd.DataFrame,
    *,
    vocab: Vocabulary | None = None,
    manual_folder: Path | None = None,
) -> pd.DataFrame:
    """Return the findings of every check as a table with the columns of schema ``findings``.

    Each table has the columns that schema.py declares for it. Rows come by file and row. Nothing
    is asked of a column that an export doesn't print, nor of a control plan whether its risks are
    in the control plan. manual_folder: data/manual, for the verdicts that people have given.

    >>> risk = {"likelihood": 3, "consequence": 4, "risk_value": 10, "event": "Rutiner följs inte"}
    >>> risks = schema.frame("risks", [risk])
    >>> empty = [schema.frame(table) for table in ("activities", "account", "sources")]
    >>> check_tables(risks, *empty).evidence.tolist()[-1]
    '3×4=12, tryckt 10'
    """
    vocab = vocab or vocabulary()
    findings = [
        _values(risks, sources, vocab),
        *(_steps(risks, axis, vocab) for axis in AXES),
        _labels(risks, account),
        _uncertain(account, sources),
        _events(risks),
        _duplicates(risks),
        _twice(sources),
        _without_activity(risks, activities),
        _without_responsible(activities),
        _high(risks, sources, vocab),
        _decisions(risks, vocab),
        check_comments(activities, manual_folder=manual_folder),
    ]
    return _in_order(findings)


def check_decisions(
    risks: pd.DataFrame, activities: pd.DataFrame, manual_folder: Path
) -> pd.DataFrame:
    """Return a finding for each line of links.csv, activity_links.csv and verdicts.csv that fits nothing.

    risks, activities: of all exports. source_file is the file of data/manual, source_row its line.
    """
    faults = decision_faults(risks, activities, manual_folder)
    rows = [(f"data/manual/{file}", line, fault) for file, line, fault in faults]
    table = pd.DataFrame(rows, columns=["source_file", "source_row", "fault"])
    return _found("decision_without_match", table)


def check_comments(
    activities: pd.DataFrame,
    *,
    manual_folder: Path | None = None,
    error: float = ERROR,
    question: float = QUESTION,
) -> pd.DataFrame:
    """Return what a person should look at in the marks, comments and due dates of activities.

    Ticked, and the comment says otherwise with a probability of at least ``error``:

    - ``contradiction``: it says that it is not done, or only in part;
    - ``closed_but_continues``: it says that it goes on, is put off or handed over;
    - ``dropped``: it says that it will not be done, or is no longer needed.

    And questions:

    - ``question``: ticked, and the comment says otherwise less surely (from ``question`` on), or
      says that a need or another task remains, or a target was missed;
    - ``open_but_done``: an open mark, and the comment says that all is done;
    - ``twin_marks``: nearly the same comment as another row of the export, with another mark;
    - ``no_follow_up``: a follow-up's row with neither mark nor comment;
    - ``doubtful_comment``: the comment decides, for there is no mark, but speaks for it only a little;
    - ``overdue``: not finished, though its printed due date is before the end of the period;
    - ``finished_later``: finished by its status, with a date after the end of the period.

    An activity that a person has decided about is not asked about.

    Parameters
    ----------
    activities : DataFrame
        The tidy table, any number of exports.
    manual_folder : Path, optional
        The folder data/manual, where not the project's.
    error, question : float
        The probabilities, 0 to 1, from which a comment contradicts a tick, and is asked about.

    Returns
    -------
    DataFrame
        Shaped as ``findings`` of schema.py; the evidence is the sentence. By file and row.

    Examples
    --------
    >>> activities = schema.frame("activities", [
    ...     {"status": "finished", "period": "2024-VB", "comment": "Rutinen har inte införts."}])
    >>> check_comments(activities)[["check", "evidence"]].values.tolist()
    [['contradiction', 'Rutinen har inte införts.']]
    """
    read = read_comments(activities)
    verdicts = read_decisions(manual_folder, file=VERDICTS)
    verdicts = verdicts.drop(index=[*verdict_faults(verdicts, activities)])
    judged = with_verdicts(judge(activities, read), verdicts)
    asked = judged.reason != "person"
    return _in_order([
        *_disagreements(judged[asked], read[asked], error, question),
        _twins(judged),
        _silent(judged),
        _doubtful(judged[asked], read[asked]),
        _overdue(judged),
        _finished_later(judged),
    ])  # fmt: skip


def _in_order(findings: list[pd.DataFrame]) -> pd.DataFrame:
    every = pd.concat([f.astype({"severity": "str", "period": "object"}) for f in findings])
    every = every.sort_values(_ORDER, ignore_index=True, kind="stable")
    return schema.frame("findings", every)


def _found(
    check: str,
    rows: pd.DataFrame,
    evidence: pd.Series | list[str] | str = "",
    /,
    **values: object,
) -> pd.DataFrame:
    """Return a finding for each row that a check has picked out.

    rows: with those of the columns of ``findings`` that are known. The message of the check is
    filled with the row's own columns and with values; evidence and values: one for all rows, or
    one for each.
    """
    if rows.empty:
        return _none()
    message, filled = words()["checks"][check], rows.assign(**values)
    names = [name for _, name, _, _ in Formatter().parse(message) if name]
    texts = zip(*(filled[name].tolist() for name in names), strict=True)
    messages = [message.format(**dict(zip(names, row, strict=True))) for row in texts]
    found = rows.assign(severity=SEVERITY[check], check=check, evidence=evidence)
    return schema.frame("findings", found.assign(message=messages if names else message))


@cache
def _none() -> pd.DataFrame:
    return schema.frame("findings")


def _others(rows: pd.DataFrame, same: list[str], column: str) -> list[str]:
    """Return, for each row, what the others with the same texts have in a column."""
    groups, values = rows.groupby(same).ngroup().tolist(), rows[column].tolist()
    of_group: dict[int, list] = {}
    for group, value in zip(groups, values, strict=True):
        of_group.setdefault(group, []).append(value)
    return [
        ", ".join(str(other) for other in of_group[group] if other != value)
        for group, value in zip(groups, values, strict=True)
    ]


def _of_kind(table: pd.DataFrame, sources: pd.DataFrame, kind: str) -> pd.Series:
    return table.source_file.isin(sources.source_file[sources.kind == kind])


def _prints(table: pd.DataFrame, column: pd.Series) -> pd.Series:
    """Return which rows are of exports in which some row has something in a column."""
    return table.source_file.isin(table.source_file[column].unique()) | (
        table.source_file.isna() & column.any()
    )


def _of_board(risks: pd.DataFrame, of_vocabulary, vocab: Vocabulary) -> pd.Series:
    """Return for each risk what its board's vocabulary says."""
    said = {b: of_vocabulary(vocab.for_board(b)) for b in risks.board.dropna().unique()}
    return risks.board.map(said).fillna(of_vocabulary(vocab)).astype("Int64")


def _values(risks: pd.DataFrame, sources: pd.DataFrame, vocab: Vocabulary) -> pd.DataFrame:
    """Only of boards that multiply: others print a value of their own, or look it up."""
    declared = {name: layout.get("value") for name, layout in vocab.words["layouts"].items()}
    layouts = sources.set_index("source_file").layout.map(declared)
    others = layouts.index[layouts.isin(["printed", "matrix"])]
    product = risks.likelihood * risks.consequence
    wrong = (risks.risk_value != product).fillna(False) & ~risks.source_file.isin(others)
    rows = risks.assign(product=product)[wrong]
    numbers = rows[[*AXES, "product", "risk_value"]].to_numpy()
    return _found(
        "value_not_product", rows, ["{}×{}={}, tryckt {}".format(*row) for row in numbers]
    )


def _steps(risks: pd.DataFrame, axis: str, vocab: Vocabulary) -> pd.DataFrame:
    steps = _of_board(risks, lambda board: len(board.scale_labels(axis)), vocab)
    outside = (risks[axis] < 1) | (risks[axis] > steps)
    rows = risks.assign(step=risks[axis], steps=steps)[outside.fillna(False)]
    return _found("step_out_of_range", rows, rows[axis].astype("str"), axis=heading(axis).lower())


def _labels(risks: pd.DataFrame, account: pd.DataFrame) -> pd.DataFrame:
    kept = account[account.rule == "label_kept"]
    rows = kept.merge(risks, on=["source_file", "source_row"], how="inner")
    return _found("label_contradicts_digit", rows, rows.before)


def _uncertain(account: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """What a reader could not be sure of."""
    rows = account[account.rule.isin(UNCERTAIN)]
    rows = rows.merge(sources[["source_file", "board", "period"]], on="source_file")
    remedies = words()["remedies"]
    return _found(
        "uncertain_reading",
        rows,
        rows.before,
        what=[words()["values"]["rule"][rule] for rule in rows.rule],
        remedy=[remedies.get(rule, remedies["usual"]) for rule in rows.rule],
    )


def _events(risks: pd.DataFrame) -> pd.DataFrame:
    return _found("event_missing", risks[risks.event.isna() & _prints(risks, risks.event.notna())])


def _duplicates(risks: pd.DataFrame) -> pd.DataFrame:
    """The same goal, indicator, process, way of working and event more than once in one export."""
    folded = risks.reset_index(drop=True).dropna(subset=["source_file", "event"])
    same = ["source_file"]
    for text in ("event", "goal", "indicator", "process", "way_of_working"):  # few share the first
        same.append(text)
        folded = folded.assign(**{text: fold_all(folded[text].fillna(""))})
        folded = folded[folded.duplicated(same, keep=False)]
    group = folded.groupby(same, sort=False).ngroup()  # two sheets of a file may share row numbers
    folded = folded.loc[group.sort_values(kind="stable").index]
    rows = risks.iloc[folded.index]
    return _found("duplicate_risk", rows, rows.event, rows=_others(folded, same, "source_row"))


def _twice(sources: pd.DataFrame) -> pd.DataFrame:
    same = ["board", "period", "kind"]
    good = sources[sources.problem.isna()].dropna(subset=same)
    rows = good[good.duplicated(same, keep=False)]
    others, kinds = _others(rows, same, "source_file"), [label(kind).lower() for kind in rows.kind]
    return _found("same_period_twice", rows, others, files=others, kind=kinds)


def _without_activity(risks: pd.DataFrame, activities: pd.DataFrame) -> pd.DataFrame:
    """Only of exports that print measures at all."""
    has_one = risks.risk_id.astype(object).isin(activities.risk_id.astype(object))  # 20 × quicker
    rows = risks[~has_one & risks.source_file.isin(activities.source_file.unique())]
    return _found("risk_without_activity", rows, rows.event)


def _without_responsible(activities: pd.DataFrame) -> pd.DataFrame:
    somebody = activities.responsible.map(len) > 0
    rows = activities[~somebody & _prints(activities, somebody)]
    return _found("activity_without_responsible", rows, rows.activity)


def _high(risks: pd.DataFrame, sources: pd.DataFrame, vocab: Vocabulary) -> pd.DataFrame:
    """Only of exports that print decisions, and are no control plan themselves."""
    limit = _of_board(risks, lambda board: board.limit, vocab)
    inside = [code for code in vocab.codes("decisions") if vocab.counts_as("decisions", code)]
    asked = _prints(risks, risks.decision.notna()) & ~_of_kind(risks, sources, "plan")
    high = (risks.risk_value >= limit).fillna(False)
    rows = risks.assign(limit=limit)[high & asked & ~risks.decision.isin(inside)]
    printed = {code: label(code) for code in rows.decision.dropna().unique()}
    assumed = words()["checks"]["assumed"]
    of_board = {
        b: assumed if vocab.for_board(b).limit_is_assumed else "" for b in rows.board.unique()
    }
    return _found(
        "high_outside_control_plan",
        rows,
        rows.decision.astype("object").map(printed).astype("object").fillna(""),
        assumed=[of_board[board] for board in rows.board],
    )


def _decisions(risks: pd.DataFrame, vocab: Vocabulary) -> pd.DataFrame:
    """One per board, period and value: the decision is no function of the value."""
    decided = risks[risks.decision.notna() & risks.risk_value.notna()]
    group = decided.groupby(["board", "period", "risk_value"], dropna=False).ngroup()
    decisions = pd.get_dummies(decided.decision.astype("object")).groupby(group).sum()
    mixed = decisions[(decisions > 0).sum(axis=1) > 1]
    first = decided.set_index(group)
    first = first[~first.index.duplicated()].loc[mixed.index]
    known = [code for code in vocab.codes("decisions") if code in mixed]

    @cache  # thousands of boards have the same few counts
    def say(*counts: int) -> str:
        named = zip(known, counts, strict=True)
        return ", ".join(f"{label(decision)} {n}" for decision, n in named if n)

    counts = [say(*row) for row in mixed[known].to_numpy().tolist()]
    return _found(
        "decisions_differ", first.drop(columns=["risk_id", "source_row"]), counts, counts=counts
    )


def _disagreements(
    judged: pd.DataFrame, read: pd.DataFrame, error: float, question: float
) -> list[pd.DataFrame]:
    """Return findings for each mark that its comment does not bear out."""
    by_mark, rows = by_status(judged.status), judged.assign(evidence=read.evidence)
    against = denies(by_mark, read)
    denied = against & (read.probability >= error)
    asked = against & ~denied & (read.probability >= question)
    remains = (by_mark == "finished") & ~denied & ~asked & read.need.notna()
    done = (by_mark == "unfinished") & (read.verdict == "finished") & (read.probability >= error)
    found = [(check, rows[denied & read.reason.isin(said)]) for check, said in DENIALS.items()]
    found += [("question", rows[asked]), ("open_but_done", rows[done])]
    found += [("question", judged.assign(evidence=read.need)[remains])]
    return [_found(check, rows, rows.evidence, status=_statuses(rows)) for check, rows in found]


def _silent(judged: pd.DataFrame) -> pd.DataFrame:
    """Return a finding for each row of a follow-up that says nothing."""
    nothing = (judged.status == "unknown") & (judged.reason == "no_comment")
    rows = judged[in_follow_up(judged) & nothing]
    return _found("no_follow_up", rows, rows.activity)


def _doubtful(judged: pd.DataFrame, read: pd.DataFrame) -> pd.DataFrame:
    """Return a finding for each comment that decides alone and was not read surely."""
    decides = by_status(judged.status).isna() & (read.verdict != "unknown")
    rows = judged[decides & read.probability.between(FLOOR, SURE, inclusive="left")]
    return _found(
        "doubtful_comment", rows, rows.comment, read=[label(v).lower() for v in rows.verdict]
    )


def _overdue(judged: pd.DataFrame) -> pd.DataFrame:
    days = overdue_days(judged)
    rows = judged.assign(days=days)[days.notna()]
    return _found("overdue", rows, rows.activity)


def _finished_later(judged: pd.DataFrame) -> pd.DataFrame:
    dated = judged["mark"].astype("str").str.extract(r"\b(20\d\d(?:-\d\d-\d\d)?)\b")[0]
    days = pd.to_datetime(dated, format="ISO8601", errors="coerce")
    later = (days > last_days(judged.period)) & (by_status(judged.status) == "finished")
    return _found("finished_later", judged[later], judged["mark"][later])


def _twins(judged: pd.DataFrame) -> pd.DataFrame:
    """Return a finding for each row whose comment nearly is another's, while the marks differ."""
    marked = judged[(judged.status != "unknown") & judged.comment.notna()]
    marked = marked.assign(words=normal(marked.comment)).dropna(subset="words")
    texts = [text.split() for text in marked.words]
    begins, ends = (
        _first_with(marked, [" ".join(text[part]) for text in texts])
        for part in (slice(ENDS), slice(-ENDS, None))
    )
    here = np.arange(len(marked))
    twin = np.where(begins < here, begins, ends)
    status = marked.status.to_numpy()
    pairs = np.flatnonzero((twin < here) & (status != status[twin]))
    pairs = [n for n in pairs if _alike(texts[twin[n]], texts[n])]
    rows, others = marked.iloc[pairs], marked.iloc[twin[pairs]]
    values = {
        "other": others.source_row.tolist(),
        "there": _statuses(others),
        "here": _statuses(rows),
    }
    return _found("twin_marks", rows, rows.comment, **values)


def _first_with(rows: pd.DataFrame, texts: list[str]) -> np.ndarray:
    """Return, for each row, the place of the first in its export with the same text."""
    places = pd.Series(range(len(rows)), rows.index)
    same = [rows.source_file.fillna(""), pd.Series(texts, rows.index, dtype="str")]
    return places.groupby(same).transform("first").to_numpy("int64")


def _alike(words: list[str], others: list[str]) -> bool:
    shared = set(words) & set(others)
    return len(shared) >= ALIKE * len(set(words) | set(others))


def _statuses(rows: pd.DataFrame) -> list[str]:
    return [label(status) for status in rows.status]
