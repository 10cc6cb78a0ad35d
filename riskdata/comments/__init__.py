"""What a Swedish comment says of its activity, with the sentence that says it and how surely."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from riskdata.comments import model
from riskdata.comments.model import VERDICTS
from riskdata.comments.times import pattern, phrases, told
from riskdata.words.periods import period_key
from riskdata.words.vocabulary import vocabulary

DIGITS = re.compile(r"\d+")
_SAYS = re.compile(r"\w")
_SPACES = re.compile(r"[\s\u200b\ufeff]+")
_LINE_BREAK = re.compile(r"\n\s*(?![A-ZÅÄÖ•–-])")  # inside a sentence


class Reading(NamedTuple):
    """What one comment says, in which of its sentences, and how surely.

    The verdict follows what the comment says of the activity itself:

    - ``finished``: done, or done this time round of something that recurs; a count or share that
      reaches its target; done, though a *different* task remains (``comment_other_remains``); done,
      though the effect is awaited or the control found faults;
    - ``unfinished``: not done, done in part, under way, planned or put off; a count or share below
      its target (``comment_missed``: "3 av 5", "68 procent mot 75"); handed over to somebody else
      who has not said that it is done (``comment_moved``);
    - ``cancelled``: it will not be done: decided against, dropped, or no longer needed. An occasion
      that was called off and has no decision against it is not done;
    - ``unknown``: nothing is said of done or not, "enligt plan" alone included
      (``comment_as_planned``).

    ``probability`` (0 to 1) is calibrated: of verdicts at 0.9 nine in ten are right. ``later`` is the
    period that an unfinished activity is put off to, as 2025-T1 or 2025, and ``promise`` the
    sentence that says so; ``need`` is a sentence which says that a need remains or a target was
    missed, or that another task remains. They are missing where nothing of the kind is said.
    """

    verdict: str
    reason: str
    evidence: str | None = None
    probability: float | None = None
    later: str | None = None
    promise: str | None = None
    need: str | None = None


REASONS = ("status", "no_comment", *(f"comment_{reason}" for reason in model.REASONS))
NOTHING = Reading("unknown", "no_comment")


class Sentence(NamedTuple):
    """A sentence as printed, its words, and the period that it puts something off to."""

    text: str
    words: list[str]
    later: str | None


def read_all(comments: Sequence[tuple[str, str, bool]]) -> list[Reading]:
    """Return what each comment says about its activity.

    Each sentence's words, with its times measured against the period (``riskdata.comments.times``),
    are weighed by a model learnt from labelled comments (``riskdata.comments.model``): together for
    the verdict, each by itself for the sentence that is quoted. comments: of each the text as
    printed, the export's own period ("in May" is later in a T1 and over in a VB), and whether the
    activity is marked as done ("klart i november" is then past).

    >>> reading, = read_all([("Rutinen är införd. Utbildning återstår till mars 2025.", "2024-VB", False)])
    >>> reading.verdict, reading.later, reading.evidence
    ('unfinished', '2025-T1', 'Utbildning återstår till mars 2025.')
    """
    says = dict.fromkeys(c for c in comments if isinstance(c[0], str) and _SAYS.search(c[0]))
    ended = {period: period_key(period)[:2] for period in {period for _, period, _ in says}}
    read = _read(tuple((text, ended[period], ticked) for text, period, ticked in says))
    readings = dict(zip(says, read, strict=True))
    return [readings.get(key, NOTHING) for key in comments]


@lru_cache(maxsize=4)  # the same activities are asked about in several questions
def _read(comments: tuple[tuple[str, tuple[int, int], bool], ...]) -> list[Reading]:
    return _weighed([sentences(*comment) for comment in comments]) if comments else []


def sentences(comment: str, ended: tuple[int, int], ticked: bool) -> list[Sentence]:
    """Return the sentences of a comment in a report that ends with a month of a year."""
    read = ((text, *told(text, ended, ticked)) for text in cut(comment))
    return [
        Sentence(text, DIGITS.sub("0", " ".join(words)).split(), later)
        for text, words, later in read
    ]


def cut(comment: str) -> list[str]:
    text = _sentence_end().sub(r"\1\n", _LINE_BREAK.sub(" ", comment))
    lines = (_SPACES.sub(" ", line).strip(" •") for line in text.split("\n"))
    return [line for line in lines if line]


@cache
def _sentence_end() -> re.Pattern:
    """Return where sentences end: before a capital or after a long word, but no abbreviation."""
    short = "".join(rf"(?<!\b{re.escape(a)}\.)" for a in phrases()["abbreviations"])
    return re.compile(
        rf"([.!?]){short}(?:\s+(?=[^a-zåäö])|(?<=\w{{5}}.)\s+|(?<=\w{{3}}.)(?=[A-ZÅÄÖ]))"
    )


def _weighed(read: list[list[Sentence]]) -> list[Reading]:
    learnt, lengths = model.load(), [len(comment) for comment in read]
    reasons, of_sentences = model.likely(learnt, [[s.words for s in comment] for comment in read])
    summary = model.summary(reasons, of_sentences, lengths)
    verdicts = model.verdicts(summary, learnt.calibration)
    of = np.array([VERDICTS.index(verdict) for verdict in model.REASONS.values()])
    alike = of == verdicts.argmax(axis=1, keepdims=True)
    likeliest = np.where(alike, reasons, -1).argmax(axis=1)
    each = np.split(of_sentences, np.cumsum(lengths)[:-1])
    told = zip(read, likeliest.tolist(), verdicts.max(axis=1).tolist(), each, strict=True)
    return [
        _reading(sentences, [*model.REASONS][n], probability, sentences[some[:, n].argmax()])
        for sentences, n, probability, some in told
    ]


def _reading(
    sentences: list[Sentence], reason: str, probability: float, evidence: Sentence
) -> Reading:
    """Return what a comment says, by the model or, where that is less sure, by a sentence's form."""
    probability, formed = round(probability, 3), _by_form(sentences)
    if formed and formed[1] > probability:
        reason, probability, evidence = formed
    verdict = model.REASONS[reason]
    need = next((s.text for s in sentences if pattern("need").search(s.text.lower())), None)
    need = evidence.text if reason == "other_remains" else need
    put_off = next((s for s in (evidence, *sentences) if s.later), None)
    later, promise = put_off[2::-2] if put_off and verdict == "unfinished" else (None, None)
    quoted = None if verdict == "unknown" else evidence.text
    return Reading(verdict, f"comment_{reason}", quoted, probability, later, promise, need)


def _by_form(sentences: list[Sentence]) -> tuple[str, float, Sentence] | None:
    """Return the reason, how surely, and the sentence whose form says so; the surest form counts."""
    later = any(sentence.later for sentence in sentences)
    said = [(sentence, " ".join(sentence.words)) for sentence in sentences]
    places = {
        "any": said,
        "no_later": [] if later else said,
        "only": said if len(said) == 1 and not later else [],
        "last": said[-1:],
    }
    found = (
        (reason, probability, sentence)
        for pattern, where, reason, probability in _forms()
        for sentence, text in places[where]
        if pattern.search(text)
    )
    return next(found, None)


@cache
def _forms() -> list[tuple[re.Pattern, str, str, float]]:
    forms = phrases()["form"]
    return [(re.compile(f["pattern"]), f["where"], f["reason"], f["probability"]) for f in forms]


def read_comments(activities: pd.DataFrame) -> pd.DataFrame:
    """Return what the comment of each activity says: the fields of Reading, on the activities' index.

    An export that has no comment at all is a register. There the description plays the comment's
    part, but only where it says that the activity goes on in a later period: the rest of it tells
    what the activity is, not how far it has come.
    """
    follow_up = in_follow_up(activities)
    texts = activities.comment.where(follow_up, activities.description)
    ticked = activities.status.map(vocabulary().counts("statuses")).eq("finished")
    read = read_all(list(zip(texts, activities.period, ticked, strict=True)))
    said = [reading.later and reading.reason == "comment_continues" for reading in read]
    rows = [r if any(says) else NOTHING for r, *says in zip(read, follow_up, said, strict=True)]
    types = dict.fromkeys(Reading._fields, "str") | {"probability": "float64"}
    return pd.DataFrame(rows, activities.index, list(types), dtype="object").astype(types)


def in_follow_up(activities: pd.DataFrame) -> pd.Series:
    """Return which activities stand in a follow-up: an export in which some row has a comment."""
    files = activities.source_file.fillna("")
    return activities.comment.notna().groupby(files).transform("any")
