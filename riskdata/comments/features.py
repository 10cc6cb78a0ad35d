"""What of a comment is weighed: its words, their tags and the rules that fit, alone and side by side."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

LONGEST_RUN = 3  # words, or tags, side by side
PARTS = (4, 5)  # letters of a word's beginning and of its end


def features(words: Sequence[str], tags: Sequence[str], rules: Sequence[str]) -> set[str]:
    """Return what is weighed of a comment, given its words, its tags and the names of its rules.

    Words and tags have ``^`` before and ``$`` after each sentence.

    >>> sorted(features(["^", "klart", "$"], ["^", "ready", "$"], ["done"]))[:4]
    ['R ^ done', 'R done $', 'b klar', 'b klart']
    """
    around = ["^", *rules, "$"]
    return {
        *_runs("w ", words),
        *_runs("t ", tags),
        *(f"r {rule}" for rule in rules),
        *(f"R {a} {b}" for a, b in pairwise(around)),
        *_parts(words),
    }


def _runs(kind: str, of: Sequence[str]) -> Iterable[str]:
    """Yield what stands side by side."""
    for at in range(len(of)):
        run = kind + of[at]
        yield run
        for other in of[at + 1 : at + LONGEST_RUN]:
            run = f"{run} {other}"
            yield run


def _parts(words: Iterable[str]) -> Iterable[str]:
    """Yield the beginnings and ends of words, which their inflected forms and compounds share."""
    for word in set(words):
        if len(word) >= PARTS[0] and word.isalpha():
            for length in PARTS:
                yield f"b {word[:length]}"
                yield f"e {word[-length:]}"
