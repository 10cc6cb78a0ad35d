"""A comment's sentences, each with its words, their tags and the times that it names."""

import re
from dataclasses import dataclass
from functools import cache

from riskdata.comments.rules import grammar
from riskdata.comments.tags import Time, split, tags_of

_SPACES = re.compile(r"[\s\u200b\ufeff]+")
_LINE_BREAK = re.compile(r"\n\s*(?![A-ZÅÄÖ•–-])")  # inside a sentence


@dataclass(frozen=True)
class Sentence:
    """One sentence of a comment: its words, their tags and the times that it names."""

    text: str
    words: list[str]
    tags: list[str]
    times: list[Time]


def read_sentences(comment: str, period: str) -> list[Sentence]:
    """Return every sentence of a comment of some period."""
    return [read_sentence(text, period) for text in cut(comment)]


def read_sentence(text: str, period: str) -> Sentence:
    """Return what one sentence consists of."""
    words, times = split(text, period)
    return Sentence(text, words, tags_of(words), times)


def names_later(text: str, period: str) -> bool:
    """Return whether a sentence names a time that is later than its period."""
    return any(time.tag(period) == "later" for time in split(text, period)[1])


def cut(comment: str) -> list[str]:
    """Return a comment's sentences.

    >>> cut("Mallar m.m. är klara. Kursen hålls kl. 13.")
    ['Mallar m.m. är klara.', 'Kursen hålls kl. 13.']
    """
    text = _sentence_end().sub(r"\1\n", _LINE_BREAK.sub(" ", comment))
    lines = (_SPACES.sub(" ", line).strip(" •") for line in text.split("\n"))
    return [line for line in lines if line]


@cache
def _sentence_end() -> re.Pattern:
    """Return where sentences end: before a capital or after a long word, but no abbreviation."""
    short = "".join(rf"(?<!\b{re.escape(a)}\.)" for a in grammar()["abbreviations"])
    return re.compile(
        rf"([.!?]){short}(?:\s+(?=[^a-zåäö])|(?<=\w{{5}}.)\s+|(?<=\w{{3}}.)(?=[A-ZÅÄÖ]))"
    )
