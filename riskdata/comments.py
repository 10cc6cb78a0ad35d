"""What a Swedish comment says about its activity: finished, unfinished, or nothing."""

import re
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from functools import cache, lru_cache

import pandas as pd

from riskdata.comment_rules import Rule, fitting, grammar, rules
from riskdata.comment_words import tagged
from riskdata.schema import period_key

VERDICTS = ("finished", "unfinished", "unknown")
REASONS = (
    "status",
    "comment_continues",
    "comment_not_done",
    "comment_partly",
    "comment_planned",
    "comment_finished",
    "comment_recurring",
    "no_comment",
    "comment_silent",
)
SPACES = re.compile(r"[\s\u200b\ufeff]+")
LINE_BREAK = re.compile(r"\n\s*(?![A-ZÅÄÖ•–-])")  # inside a sentence


@dataclass(frozen=True)
class Reading:
    """What one comment says, by which rule and in which of its sentences.

    ``later`` is the period that it puts something off to, as 2025-T1 or 2025, and ``promise`` the
    sentence that says so; ``need`` is the sentence which says that a need remains or a target was
    missed. They are missing where nothing of the kind is said.
    """

    verdict: str
    reason: str
    rule: str | None = None
    evidence: str | None = None
    later: str | None = None
    promise: str | None = None
    need: str | None = None


READ_COLUMNS = [field.name for field in fields(Reading)]


@dataclass(frozen=True)
class Said:
    """What one clause says: the rule that it fits, its sentence and the later time named there."""

    rule: Rule
    sentence: str
    later: str | None


def read_comment(comment: str, period: str) -> Reading:
    """Return what a comment says about its activity.

    Each sentence is cut into clauses, and the first rule of comments.toml that fits a clause
    decides it. The clauses weigh together so: one that says that the same thing is done after all
    takes back what stands before it; of what is left, one that says unfinished is enough; else
    one that says finished; else a wish, or work that a verb in the present tells of; else a
    recurring task that is being done, which is finished; else nothing is known.

    Parameters
    ----------
    comment : str
        The comment as printed; empty or missing is ``no_comment``.
    period : str
        The export's own period, as 2024-VB: "in May" is later in a T1 and over in a VB.

    Returns
    -------
    Reading

    Examples
    --------
    >>> reading = read_comment("Rutinen är klar. Utbildning hålls i februari 2025.", "2024-VB")
    >>> reading.verdict, reading.reason, reading.later
    ('unfinished', 'comment_planned', '2025-T1')
    >>> reading.evidence
    'Utbildning hålls i februari 2025.'
    """
    if not isinstance(comment, str) or not re.search(r"\w", comment):
        return Reading("unknown", "no_comment")
    standing = _standing(comment, period)
    if not standing:
        return Reading("unknown", "comment_silent")
    heaviest = max(standing, key=_weight)
    rule = heaviest.rule
    put_off = [said for said in standing if said.later] if rule.verdict == "unfinished" else []
    promise = heaviest if heaviest.later else next(iter(put_off), None)
    return Reading(
        rule.verdict,
        rule.reason,
        rule.name,
        heaviest.sentence,
        promise and promise.later,
        promise and promise.sentence,
        next((said.sentence for said in standing if said.rule.need), None),
    )


def _weight(said: Said) -> tuple[int, bool, bool]:
    """Return what the clauses are weighed by; of equals the first counts."""
    return said.rule.weight, said.rule.reason == "comment_not_done", bool(said.later)


def _standing(comment: str, period: str) -> list[Said]:
    """Return what the clauses say, without what a later one takes back."""
    standing: list[Said] = []
    for said in _said(comment, period):
        standing = [*(before for before in standing if not _lifted(before, said)), said]
    return standing


def _lifted(before: Said, by: Said) -> bool:
    """Return whether a clause takes back an earlier one."""
    reaches = by.rule.lifts == "comment" or before.sentence == by.sentence
    return bool(by.rule.lifts) and reaches and before.rule.verdict == "unfinished"


def _said(comment: str, period: str) -> Iterator[Said]:
    for sentence in sentences(comment):
        tags, times = tagged(sentence, period)
        for rule in fitting(" ".join(tags)):
            yield Said(rule, sentence, _later(times, period, rule) if times else None)


def _later(times: list, period: str, rule: Rule) -> str | None:
    """Return the last period after this one that a sentence puts something off to."""
    if rule.verdict != "unfinished":
        return None
    planned = rule.reason == "comment_planned"  # only then may "in May" be next year's
    reports = [time.report(period) for time in times if planned or time.tag(period) == "later"]
    return max((r for r in reports if due(r) > period_key(period)), default=None)


def due(promised: str) -> tuple[int, int]:
    """Return what a promised period sorts by; a whole year ends with its VB.

    >>> due("2025") == due("2025-VB")
    True
    """
    return period_key(promised if "-" in promised else f"{promised}-VB")


def read_comments(activities: pd.DataFrame) -> pd.DataFrame:
    """Return what the comment of each activity says: the fields of Reading, and ``weak``.

    An export that has no comment at all is a register. There the description plays the comment's
    part, but only where it says that the activity goes on in a later period: the rest of it tells
    what the activity is, not how far it has come.

    Parameters
    ----------
    activities : DataFrame
        With comment, description, period and source_file.

    Returns
    -------
    DataFrame
        verdict, reason, rule, evidence, later, promise, need and weak (the sentence is a wish or a
        verb in the present, which a mark outweighs), on the index of ``activities``.

    Examples
    --------
    >>> from riskdata.schema import frame
    >>> activities = frame("activities", [{"comment": "Arbetet pågår.", "period": "2024-T1"}])
    >>> read_comments(activities).reason.tolist()
    ['comment_continues']
    """
    follow_up = in_follow_up(activities)
    texts = activities.comment.where(follow_up, activities.description).fillna("")
    keys = pd.MultiIndex.from_arrays([texts, activities.period, follow_up])
    codes, pairs = pd.factorize(keys)
    read = pd.DataFrame([_reading_row(*pair) for pair in pairs], columns=READ_COLUMNS, dtype="str")
    found = read.iloc[codes].set_axis(activities.index)
    return found.assign(weak=found.rule.isin([rule.name for rule in rules().values() if rule.weak]))


def in_follow_up(activities: pd.DataFrame) -> pd.Series:
    """Return which activities stand in a follow-up: an export in which some row has a comment."""
    files = activities.source_file.fillna("")
    return activities.comment.notna().groupby(files).transform("any")


@lru_cache(maxsize=200_000)
def _reading_row(text: str, period: str, follow_up: bool) -> tuple:
    reading = read_comment(text, period)
    goes_on = reading.reason == "comment_continues" and reading.later
    if not follow_up and not goes_on:
        reading = Reading("unknown", "no_comment")
    return astuple(reading)


def sentences(comment: str) -> list[str]:
    """Return a comment's sentences.

    >>> sentences("Mallar m.m. är klara. Kursen hålls kl. 13.")
    ['Mallar m.m. är klara.', 'Kursen hålls kl. 13.']
    """
    text = _sentence_end().sub(r"\1\n", LINE_BREAK.sub(" ", comment))
    lines = (SPACES.sub(" ", line).strip(" •") for line in text.split("\n"))
    return [line for line in lines if line]


@cache
def _sentence_end() -> re.Pattern:
    """Return where sentences end: before a capital or after a long word, but no abbreviation."""
    short = "".join(rf"(?<!\b{re.escape(a)}\.)" for a in grammar()["abbreviations"])
    return re.compile(
        rf"([.!?]){short}(?:\s+(?=[^a-zåäö])|(?<=\w{{5}}.)\s+|(?<=\w{{3}}.)(?=[A-ZÅÄÖ]))"
    )
