"""Weighs what a comment says: the verdict that its words, tags and rules speak for, and how surely.

The weights in comment_weights.csv are learnt from labelled comments by benchmarks/learn_comments.py.
"""

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

VERDICTS = ("finished", "unfinished", "unknown")
BIAS = "(bias)"  # the row of the file that holds what each verdict has to begin with


def weigh(
    features: Iterable[str], weights: Mapping[str, Sequence[float]] | None = None
) -> dict[str, float]:
    """Return how likely each verdict is, the likeliest first; together they are 1.

    weights: feature → its weight for each verdict; by default those of the package.

    >>> weigh(["w genomfört", "t do-sup", "r done"])["finished"] > 0.5
    True
    """
    weights = weights or read_weights()
    known = [found for found in map(weights.get, features) if found]
    length = math.sqrt(len(known)) or 1.0
    sums = [sum(column) / length for column in zip(*known, strict=True)] or [0.0] * len(VERDICTS)
    odds = [_share(a + b) for a, b in zip(sums, weights[BIAS], strict=True)]
    shares = {verdict: one / sum(odds) for verdict, one in zip(VERDICTS, odds, strict=True)}
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


def _share(score: float) -> float:
    return 1 / (1 + math.exp(-score))


@cache
def read_weights() -> dict[str, tuple[float, ...]]:
    """Return feature → its weight for each verdict."""
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return {name: tuple(map(float, weights)) for name, *weights in csv.reader(file)}
