"""Marks and comments → findings: where the two disagree, or where neither says anything."""

import numpy as np
import pandas as pd

from riskdata.analysis.activities import by_status, judge
from riskdata.analysis.findings import tell
from riskdata.analysis.similarity import normal
from riskdata.comments.reading import SURE, in_follow_up, read_comments
from riskdata.words.language import label, words

SEVERITY = {
    "contradiction": "error",
    "closed_but_continues": "question",
    "question": "question",
    "twin_marks": "question",
    "no_follow_up": "question",
    "doubtful_comment": "note",
}
ALIKE = 0.8  # share of words that two comments must have in common to be nearly the same
ENDS = 4  # words at either end by which comments that may be alike are brought together


def check_comments(activities: pd.DataFrame) -> pd.DataFrame:
    """Return what a person should look at in the marks and comments of activities.

    - ``contradiction``: ticked, but the comment says that it is not done;
    - ``closed_but_continues``: ticked, but the comment says that it goes on or is put off;
    - ``question``: ticked, but done in part, or a need or a missed target remains;
    - ``twin_marks``: nearly the same comment as another row of the export, with another mark;
    - ``no_follow_up``: a follow-up's row with neither mark nor comment;
    - ``doubtful_comment``: the comment decides, for there is no mark, but speaks for it only a little.

    Parameters
    ----------
    activities : DataFrame
        The tidy table, any number of exports.

    Returns
    -------
    DataFrame
        Shaped as ``findings`` of schema.py; the evidence is the sentence. By file and row.

    Examples
    --------
    >>> from riskdata.tables import schema
    >>> activities = schema.frame("activities", [
    ...     {"status": "finished", "period": "2024-VB", "comment": "Rutinen har inte införts."}])
    >>> check_comments(activities)[["check", "evidence"]].values.tolist()
    [['contradiction', 'Rutinen har inte införts.']]
    """
    read = read_comments(activities)
    judged = judge(activities, read)
    found = [
        *_disagreements(judged, read),
        _twins(judged),
        _silent(judged),
        _doubtful(judged, read),
    ]
    order = ["source_file", "source_row", "check", "activity_id"]
    return pd.concat(found).sort_values(order, ignore_index=True, kind="stable")


def _disagreements(judged: pd.DataFrame, read: pd.DataFrame) -> list[pd.DataFrame]:
    """Return findings for each ticked activity that its comment does not bear out."""
    ticked = by_status(judged.status) == "finished"
    denied = ticked & (judged.verdict == "unfinished")
    wish = read.need.fillna(read.evidence.where(read.weak & (read.verdict == "unfinished")))
    wished = judged.assign(evidence=wish)[ticked & ~denied & wish.notna()]
    rows = {
        check: judged[denied & judged.reason.isin(reasons)]
        for check, reasons in DISAGREEMENT.items()
    }
    found = [*rows.items(), ("question", wished)]
    return [_found(check, rows, rows.evidence) for check, rows in found]


DISAGREEMENT = {
    "contradiction": ["comment_not_done"],
    "closed_but_continues": ["comment_continues", "comment_planned"],
    "question": ["comment_partly"],
}


def _silent(judged: pd.DataFrame) -> pd.DataFrame:
    """Return a finding for each row of a follow-up that says nothing."""
    nothing = (judged.status == "unknown") & (judged.reason == "no_comment")
    rows = judged[in_follow_up(judged) & nothing]
    return _found("no_follow_up", rows, rows.activity)


def _doubtful(judged: pd.DataFrame, read: pd.DataFrame) -> pd.DataFrame:
    """Return a finding for each comment that decides alone and was not read surely."""
    rows = judged[(judged.status == "unknown") & (read.sure < SURE) & (read.verdict != "unknown")]
    return _found("doubtful_comment", rows, rows.comment, read=rows.verdict.map(label).str.lower())


def _twins(judged: pd.DataFrame) -> pd.DataFrame:
    """Return a finding for each row whose comment nearly is another's, while the marks differ."""
    marked = judged[(judged.status != "unknown") & judged.comment.notna()]
    marked = marked.assign(words=normal(marked.comment)).dropna(subset="words")
    words = [text.split() for text in marked.words]
    begins, ends = (
        _first_with(marked, [" ".join(w[part]) for w in words])
        for part in (slice(ENDS), slice(-ENDS, None))
    )
    here = np.arange(len(marked))
    twin = np.where(begins < here, begins, ends)
    status = marked.status.to_numpy()
    pairs = np.flatnonzero((twin < here) & (status != status[twin]))
    pairs = [n for n in pairs if _alike(words[twin[n]], words[n])]
    rows, others = marked.iloc[pairs], marked.iloc[twin[pairs]]
    said = {"other": others.source_row.tolist(), "there": _labels(others), "here": _labels(rows)}
    return _found("twin_marks", rows, rows.comment, **said)


def _first_with(rows: pd.DataFrame, texts: list[str]) -> np.ndarray:
    """Return, for each row, the place of the first in its export with the same text."""
    places = pd.Series(range(len(rows)), rows.index)
    export = rows.source_file.fillna("")
    same = [export, pd.Series(texts, rows.index, dtype="str")]
    return places.groupby(same).transform("first").to_numpy("int64")


def _alike(words: list[str], others: list[str]) -> bool:
    shared = set(words) & set(others)
    return len(shared) >= ALIKE * len(set(words) | set(others))


def _labels(rows: pd.DataFrame) -> list[str]:
    printed = words()["codes"]
    return [printed[status] for status in rows.status]


def _found(
    check: str, rows: pd.DataFrame, evidence: pd.Series, /, **values: object
) -> pd.DataFrame:
    message = words()["checks"][check]
    return tell(rows, check, SEVERITY[check], message, evidence, status=_labels(rows), **values)
