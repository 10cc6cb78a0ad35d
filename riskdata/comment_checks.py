"""Marks and comments → findings: where the two disagree, or where neither says anything."""

from collections.abc import Iterator

import pandas as pd

from riskdata import schema
from riskdata.analysis import TICKED, unfinished
from riskdata.comment_rules import grammar
from riskdata.comments import in_follow_up, read_comments
from riskdata.similarity import normal
from riskdata.vocabulary import vocabulary

SEVERITY = {
    "contradiction": "error",
    "closed_but_continues": "question",
    "question": "question",
    "twin_marks": "question",
    "no_follow_up": "question",
}
ALIKE = 0.8  # share of words that two comments must have in common to be nearly the same
ENDS = 4  # words at either end by which comments that may be alike are brought together


def check_comments(activities: pd.DataFrame) -> pd.DataFrame:
    """Return what a person should look at in the marks and comments of activities.

    - ``contradiction``: ticked, but the comment says that it is not done;
    - ``closed_but_continues``: ticked, but the comment says that it goes on or is put off;
    - ``question``: ticked, but done in part, or a need or a missed target remains;
    - ``twin_marks``: nearly the same comment as another row of the export, with another mark;
    - ``no_follow_up``: a follow-up's row with neither mark nor comment.

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
    >>> activities = schema.frame("activities", [
    ...     {"status": "finished", "period": "2024-VB", "comment": "Rutinen har inte införts."}])
    >>> check_comments(activities)[["check", "evidence"]].values.tolist()
    [['contradiction', 'Rutinen har inte införts.']]
    """
    judged = unfinished(activities)
    read = read_comments(activities)
    found = [*_disagreements(judged, read), *_twins(judged), *_silent(judged)]
    order = ["source_file", "source_row", "check", "activity_id"]
    return schema.frame("findings", found).sort_values(order, ignore_index=True, kind="stable")


def _disagreements(judged: pd.DataFrame, read: pd.DataFrame) -> Iterator[dict]:
    """Yield a finding for each ticked activity that its comment does not bear out."""
    ticked = judged.status.isin(TICKED)
    denied = ticked & (judged.verdict == "unfinished")
    for row in judged[denied].to_dict("records"):
        yield _finding(DISAGREEMENT[row["reason"]], row, row["evidence"])
    hinted = read.weak & (read.verdict == "unfinished")
    wish = read.need.fillna(read.evidence.where(hinted))
    for row in judged.assign(wish=wish)[ticked & ~denied & wish.notna()].to_dict("records"):
        yield _finding("question", row, row["wish"])


DISAGREEMENT = {
    "comment_not_done": "contradiction",
    "comment_continues": "closed_but_continues",
    "comment_planned": "closed_but_continues",
    "comment_partly": "question",
}


def _silent(judged: pd.DataFrame) -> Iterator[dict]:
    """Yield a finding for each row of a follow-up that says nothing."""
    nothing = (judged.status == "unknown") & (judged.reason == "no_comment")
    for row in judged[in_follow_up(judged) & nothing].to_dict("records"):
        yield _finding("no_follow_up", row, row["activity"])


def _twins(judged: pd.DataFrame) -> Iterator[dict]:
    """Yield a finding for each row whose comment nearly is another's, while the marks differ."""
    marked = judged[(judged.status != "unknown") & judged.comment.notna()]
    marked = marked.assign(words=normal(marked.comment).str.split())
    for _, export in marked[marked.words.notna()].groupby(marked.source_file.fillna("")):
        first_with: dict[tuple, dict] = {}
        for row in export.to_dict("records"):
            words = row["words"]
            keys = [("begins", *words[:ENDS]), ("ends", *words[-ENDS:])]
            twin = next((first_with[key] for key in keys if key in first_with), None)
            if twin and twin["status"] != row["status"] and _alike(twin["words"], words):
                said = {
                    "other": twin["source_row"],
                    "there": _label(twin["status"]),
                    "here": _label(row["status"]),
                }
                yield _finding("twin_marks", row, row["comment"], **said)
            for key in keys:
                first_with.setdefault(key, row)


def _alike(words: list[str], others: list[str]) -> bool:
    shared = set(words) & set(others)
    return len(shared) >= ALIKE * len(set(words) | set(others))


def _label(status: str) -> str:
    return vocabulary().words["labels"]["sv"][status]


def _finding(check: str, row: dict, evidence: str, **words: object) -> dict:
    keys = ("board", "period", "risk_id", "activity_id", "source_file", "source_row")
    message = grammar()["checks"][check].format(status=_label(row["status"]), **words)
    return {key: row[key] for key in keys} | {
        "severity": SEVERITY[check],
        "check": check,
        "message": message,
        "evidence": evidence,
    }
