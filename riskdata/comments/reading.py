"""What a Swedish comment says about its activity: finished, unfinished, or nothing."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from riskdata.comments.features import features
from riskdata.comments.rules import Rule, fitting, grammar, rules
from riskdata.comments.sentences import Sentence, cut, names_later, read_sentence, read_sentences
from riskdata.comments.tags import Time, time_hint
from riskdata.comments.weights import weigh
from riskdata.words.periods import due, period_key

SURE = 0.7  # of a verdict that may outweigh a mark
WEIGHED = "weighed"  # in the place of a rule's name: none says so, but the words do
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
DIGITS = re.compile(r"\d+")


class Reading(NamedTuple):
    """What one comment says, how surely, by which rule and in which of its sentences.

    ``sure`` is the share, 0 to 1, that the words speak for the verdict; ``rule`` names the rule of
    comments.toml that says the same in the sentence quoted, or is ``weighed`` where only its words
    do. ``later`` is the period that it puts something off to, as 2025-T1 or 2025, and ``promise``
    the sentence that says so; ``need`` is the sentence which says that a need remains or a target
    was missed. They are missing where nothing of the kind is said.
    """

    verdict: str
    reason: str
    rule: str | None = None
    evidence: str | None = None
    sure: float | None = None
    later: str | None = None
    promise: str | None = None
    need: str | None = None


@dataclass(frozen=True)
class Said:
    """What one clause says: the rule that it fits, its sentence and the later time named there."""

    rule: Rule
    sentence: str
    later: str | None


def read_comment(comment: str, period: str) -> Reading:
    """Return what a comment says about its activity.

    Each sentence is cut into clauses, and the first rule of comments.toml that fits a clause says
    what it means. The rules, the words and their tags are then weighed together, by weights that
    were learnt from labelled comments (``riskdata.comments.weights``): that gives the verdict, but
    for a rule that decides by definition ("fortsätter under 2025" is unfinished). Its reason and
    sentence are those of the heaviest rule that says the same.

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
    >>> reading = read_comment("Rutinen är införd. Utbildning återstår till mars 2025.", "2024-VB")
    >>> reading.verdict, reading.reason, reading.later
    ('unfinished', 'comment_partly', '2025-T1')
    >>> reading.evidence
    'Utbildning återstår till mars 2025.'
    """
    if not isinstance(comment, str) or not re.search(r"\w", comment):
        return Reading("unknown", "no_comment")
    read = read_sentences(comment, period)
    said = _said(read, period)
    verdict, sure = _verdict(read, said)
    need = next((s.sentence for s in said if s.rule.need), None)
    if verdict == "unknown":
        return Reading(verdict, "comment_silent", sure=sure, need=need)
    told = [s for s in said if s.rule.verdict == verdict]
    put_off = [s for s in said if s.later] if verdict == "unfinished" else []
    if not told:
        sentence = _heaviest(read, verdict)
        reason = _reason(sentence, verdict)
        return Reading(verdict, reason, WEIGHED, sentence.text, sure, need=need)
    heaviest = max(told, key=_weight)
    promise = heaviest if heaviest.later else next(iter(put_off), None)
    return Reading(
        verdict,
        heaviest.rule.reason,
        heaviest.rule.name,
        heaviest.sentence,
        sure,
        promise and promise.later,
        promise and promise.sentence,
        need,
    )


def _verdict(read: list[Sentence], said: list[Said]) -> tuple[str, float]:
    """Return the verdict and how surely it is said."""
    decided = next((s.rule.verdict for s in said if s.rule.decides), None)
    if decided:
        return decided, 1.0
    verdict, share = next(iter(weigh(_features(read, said)).items()))
    return verdict, round(share, 2)


def features_of(comment: str, period: str) -> set[str]:
    """Return what is weighed of a comment, as its weights are learnt from."""
    read = read_sentences(comment, period)
    return _features(read, _said(read, period))


def _features(read: list[Sentence], said: list[Said]) -> set[str]:
    words = [word for s in read for word in ("^", *map(_figureless, s.words), "$")]
    tags = [tag for s in read for tag in ("^", *s.tags, "$")]
    return features(words, tags, [s.rule.name for s in said])


def _figureless(word: str) -> str:
    """Return a word with any number in it as 0, since its size says nothing."""
    return word if word.isalpha() else DIGITS.sub("0", word)


def _heaviest(read: list[Sentence], verdict: str) -> Sentence:
    """Return the sentence whose words and tags speak most for a verdict."""
    return max(read, key=lambda sentence: weigh(_features([sentence], []))[verdict])


def _reason(sentence: Sentence, verdict: str) -> str:
    """Return the reason that a sentence's tags give, where no rule gives one."""
    reasons = grammar()["reasons"][verdict]
    given = (reason for reason, tags in reasons.items() if not set(tags).isdisjoint(sentence.tags))
    return next(given, next(reversed(reasons)))


def _weight(said: Said) -> tuple[int, bool, bool]:
    """Return what the clauses are weighed by; of equals the first counts."""
    return said.rule.weight, said.rule.reason == "comment_not_done", bool(said.later)


def _said(read: list[Sentence], period: str) -> list[Said]:
    return [
        Said(rule, sentence.text, _later(sentence.times, period, rule) if sentence.times else None)
        for sentence in read
        for rule in fitting(" ".join(sentence.tags))
    ]


def _later(times: list[Time], period: str, rule: Rule) -> str | None:
    """Return the last period after this one that a sentence puts something off to."""
    if rule.verdict != "unfinished":
        return None
    planned = rule.reason == "comment_planned"  # only then may "in May" be next year's
    reports = [time.report(period) for time in times if planned or time.tag(period) == "later"]
    return max((r for r in reports if due(r) > period_key(period)), default=None)


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
        verdict, reason, rule, evidence, sure, later, promise, need and weak (a mark outweighs it:
        the words speak for it only a little, or the sentence is a wish or a verb in the present),
        on the index of ``activities``.

    Examples
    --------
    >>> from riskdata.tables.schema import frame
    >>> activities = frame("activities", [{"comment": "Arbetet pågår.", "period": "2024-T1"}])
    >>> read_comments(activities).reason.tolist()
    ['comment_continues']
    """
    follow_up = in_follow_up(activities)
    texts = activities.comment.where(follow_up, activities.description).fillna("")
    texts = texts.where(follow_up | _may_name_time(texts), "")  # else a description says nothing
    keys = list(zip(texts.tolist(), activities.period.tolist(), follow_up.tolist(), strict=True))
    readings = {key: _reading_row(*key) for key in dict.fromkeys(keys)}
    places = {reading: n for n, reading in enumerate(dict.fromkeys(readings.values()))}
    read = pd.DataFrame(list(places), columns=list(Reading._fields), dtype="str")
    read["sure"] = read.sure.astype("float64")
    weak = [rule.name for rule in rules().values() if rule.weak]
    read["weak"] = read.rule.isin(weak) | (read.sure < SURE)
    return read.iloc[[places[readings[key]] for key in keys]].set_axis(activities.index)


def _may_name_time(texts: pd.Series) -> np.ndarray:
    hinted = pc.match_substring_regex(pa.array(texts, pa.string()), time_hint(), ignore_case=True)
    return hinted.to_numpy(zero_copy_only=False)  # pandas would search each text by itself


def in_follow_up(activities: pd.DataFrame) -> pd.Series:
    """Return which activities stand in a follow-up: an export in which some row has a comment."""
    files = activities.source_file.fillna("")
    return activities.comment.notna().groupby(files).transform("any")


@lru_cache(maxsize=200_000)
def _reading_row(text: str, period: str, follow_up: bool) -> Reading:
    return read_comment(text, period) if follow_up else read_description(text, period)


def read_description(description: str, period: str) -> Reading:
    """Return what an activity's description says of its going on in a later period.

    >>> read_description("Mallen tas fram. Arbetet fortsätter under 2025.", "2024-VB").later
    '2025'
    """
    later = [text for text in cut(description) if names_later(text, period)]
    for said in _said([read_sentence(text, period) for text in later], period):
        if said.rule.reason == "comment_continues" and said.later:
            told = (said.rule.reason, said.rule.name, said.sentence)
            return Reading("unfinished", *told, later=said.later, promise=said.sentence)
    return Reading("unknown", "no_comment")
