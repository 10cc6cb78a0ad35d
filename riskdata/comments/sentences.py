"""A comment's sentences, as they are printed; and phrases.toml, the words that all of comments/ shares."""

import re
import tomllib
from functools import cache
from pathlib import Path

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
def phrases() -> dict:
    """Return phrases.toml: how comments end sentences, name times and tell tenses."""
    return tomllib.loads(Path(__file__).with_name("phrases.toml").read_text("utf-8"))


@cache
def _sentence_end() -> re.Pattern:
    """Return where sentences end: before a capital or after a long word, but no abbreviation."""
    short = "".join(rf"(?<!\b{re.escape(a)}\.)" for a in phrases()["abbreviations"])
    return re.compile(
        rf"([.!?]){short}(?:\s+(?=[^a-zåäö])|(?<=\w{{5}}.)\s+|(?<=\w{{3}}.)(?=[A-ZÅÄÖ]))"
    )
