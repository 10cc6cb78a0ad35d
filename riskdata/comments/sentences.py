"""A comment's sentences, as they are printed."""

import re
from functools import cache

from riskdata.comments.phrases import phrases

_SPACES = re.compile(r"[\s\u200b\ufeff]+")
_LINE_BREAK = re.compile(r"\n\s*(?![A-ZÅÄÖ•–-])")  # inside a sentence


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
    short = "".join(rf"(?<!\b{re.escape(a)}\.)" for a in phrases()["abbreviations"])
    return re.compile(
        rf"([.!?]){short}(?:\s+(?=[^a-zåäö])|(?<=\w{{5}}.)\s+|(?<=\w{{3}}.)(?=[A-ZÅÄÖ]))"
    )
