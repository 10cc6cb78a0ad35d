"""The learnt model: sentences of words → how likely each reason, and each verdict, is.

Tf-idf of words (one to three side by side) and of their beginnings and ends, then logistic
regression, one reason against the others. ``make learn`` fits it (benchmarks/learn_comments.py).
Beginnings and ends read other authors as well as all letters do, and are ten times faster.
"""

from bisect import bisect
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

BEGINNING, END = (3, 4, 5, 6), (2, 3, 4, 5)  # letters of a word
_SAID = {  # verdict → what a comment says that gives it
    "finished": "finished recurring other_remains",
    "unfinished": "not_done partly continues planned moved missed",
    "cancelled": "cancelled",
    "unknown": "silent as_planned",
}
VERDICTS = (*_SAID,)
REASONS = {reason: verdict for verdict, said in _SAID.items() for reason in said.split()}
FILE = Path(__file__).with_suffix(".npz")
_LEAST = 1e-6  # a probability is never taken for less


class Model(NamedTuple):
    """What was learnt: features with their idf and weights, and what makes verdicts calibrated."""

    features: list[str]  # words, then their beginnings and ends, which begin with a ~
    idf: np.ndarray  # one per feature
    weights: np.ndarray  # features × reasons
    intercept: np.ndarray  # one per reason
    calibration: np.ndarray  # (1 + what ``summary`` gives) × verdicts


def features(words: Sequence[str]) -> list[str]:
    """Return the words of a sentence, alone and two or three side by side, and their ends."""
    return [*_side_by_side(words), *chain.from_iterable(map(_ends, words))]


def _side_by_side(words: Sequence[str]) -> list[str]:
    around = ["^", *words, "$"]
    pairs = [f"{one} {two}" for one, two in pairwise(around)]
    return [
        *around,
        *pairs,
        *(f"{two} {three}" for two, three in zip(pairs, around[2:], strict=False)),
    ]


def _ends(word: str) -> list[str]:
    """Return the beginnings and ends of a word; a time, a number and a mark have none."""
    begins = [f"~^{word[:n]}" for n in BEGINNING if len(word) >= n]
    return begins + [f"~{word[-n:]}$" for n in END if len(word) >= n] if word.isalpha() else []


def find(sentences: Iterable[Sequence[str]], names: Sequence[str]) -> list[list[int]]:
    """Return the places among names of each sentence's features, each as often as it stands there."""
    place = {name: n for n, name in enumerate(names)}
    places = lambda some: [place[feature] for feature in some if feature in place]  # noqa: E731
    of_ends = cache(lambda word: places(_ends(word)))  # most words come back
    return [
        [*places(_side_by_side(words)), *chain.from_iterable(map(of_ends, words))]
        for words in sentences
    ]


def join(found: Iterable[list[int]], lengths: Iterable[int]) -> list[list[int]]:
    """Return what was found in the sentences of each comment together; lengths: how many it has."""
    left = iter(found)
    return [[*chain.from_iterable(islice(left, length))] for length in lengths]


def weigh(
    found: Sequence[list[int]], names: Sequence[str], idf: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return tf-idf: text, feature and weight of each pair.

    With a logarithm for what is repeated; words and their ends are normalised apart.
    """
    texts = np.repeat(np.arange(len(found)), [*map(len, found)])
    every = texts * len(names) + np.array([*chain.from_iterable(found)], "int64")
    pairs, counts = np.unique(every, return_counts=True)
    texts, features = np.divmod(pairs, len(names))
    weights = (1 + np.log(counts)) * idf[features]
    part = 2 * texts + (features >= bisect(names, False, key=lambda name: name[0] == "~"))
    return texts, features, weights / np.sqrt(np.bincount(part, weights**2))[part]


def likely(model: Model, comments: Sequence[Sequence[Sequence[str]]]) -> list[np.ndarray]:
    """Return how likely each reason (together 1) is, of each comment and of each of its sentences."""
    found, lengths = find(chain.from_iterable(comments), model.features), [*map(len, comments)]
    of_sentences, whole = _shares(model, found), join(found, lengths)
    of_comments = of_sentences[np.cumsum(lengths) - 1]  # of one sentence: what that says
    several = [n for n, length in enumerate(lengths) if length > 1]
    of_comments[several] = _shares(model, [whole[n] for n in several])
    return [of_comments, of_sentences]


def _shares(model: Model, found: Sequence[list[int]]) -> np.ndarray:
    texts, features, weights = weigh(found, model.features, model.idf)
    sums = [np.bincount(texts, weights * of[features], len(found)) for of in model.weights.T]
    shares = 1 / (1 + np.exp(-(np.array(sums).T + model.intercept)))
    return shares / shares.sum(axis=1, keepdims=True)


def summary(
    of_comments: np.ndarray, of_sentences: np.ndarray, lengths: Sequence[int]
) -> np.ndarray:
    """Return what calibration weighs: each verdict of the comment, its last and likeliest sentence."""
    reasons = np.array(list(REASONS.values()))
    belongs = np.array([reasons == verdict for verdict in VERDICTS], dtype="float64").T
    sentences, ended = of_sentences @ belongs, np.cumsum(lengths)
    likeliest = np.maximum.reduceat(sentences, ended - np.asarray(lengths))
    every = np.hstack([of_comments @ belongs, sentences[ended - 1], likeliest])
    return np.log(np.maximum(every, _LEAST))


def verdicts(summaries: np.ndarray, calibration: np.ndarray) -> np.ndarray:
    """Return how likely each verdict is, calibrated on authors left out: comments × VERDICTS."""
    scores = summaries @ calibration[1:] + calibration[0]
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))  # a softmax
    return shares / shares.sum(axis=1, keepdims=True)


@cache
def load(file: Path = FILE) -> Model:
    """Return the model as ``make learn`` wrote it: weights are whole 127ths of their reason's largest."""
    with np.load(file) as held:
        names = held["features"].tobytes().decode().split("\n")
        weights = np.asfortranarray(held["weights"] * held["scale"])  # read reason by reason
        idf = held["idf"].astype("float64")
        return Model(names, idf, weights, held["intercept"], held["calibration"])
