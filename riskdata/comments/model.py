"""The learnt model: sentences of words → how likely each reason, and each verdict, is.

Tf-idf of words (one to three side by side) and of their beginnings and ends, then logistic
regression, one reason against the others. ``make learn`` fits it with scikit-learn
(benchmarks/learn_comments.py) and writes model.npz. Beginnings and ends read other authors as well
as all letters side by side, and are looked up once a word, which is ten times faster.
"""

from collections.abc import Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

LONGEST = 3  # words side by side
BEGINNING, END = (3, 4, 5, 6), (2, 3, 4, 5)  # letters of a word
VERDICTS = ("finished", "unfinished", "cancelled", "unknown")
REASONS = {  # what a comment says → the verdict that it gives
    "finished": "finished",
    "recurring": "finished",
    "other_remains": "finished",
    "not_done": "unfinished",
    "partly": "unfinished",
    "continues": "unfinished",
    "planned": "unfinished",
    "moved": "unfinished",
    "missed": "unfinished",
    "cancelled": "cancelled",
    "silent": "unknown",
    "as_planned": "unknown",
}
FILE = Path(__file__).with_suffix(".npz")
_LEAST = 1e-6  # a probability is never taken for less


class Model(NamedTuple):
    """What was learnt: features with their idf and weights, and what makes verdicts calibrated."""

    features: list[str]  # words; beginnings and ends with a ~
    idf: np.ndarray  # one per feature
    weights: np.ndarray  # features × reasons
    intercept: np.ndarray  # one per reason
    calibration: np.ndarray  # (1 + what ``summary`` gives) × verdicts


class Shares(NamedTuple):
    """How likely each reason (0 to 1, together 1) is: of each comment, and of each of its sentences."""

    comments: np.ndarray
    sentences: np.ndarray


def ends(word: str) -> list[str]:
    """Return the beginnings and ends of a word, which its inflected forms and compounds share.

    A time, a number and a mark have none.

    >>> ends("infört")
    ['~^inf', '~^infö', '~^inför', '~^infört', '~rt$', '~ört$', '~fört$', '~nfört$']
    """
    if not word.isalpha():
        return []
    begins = [f"~^{word[:n]}" for n in BEGINNING if len(word) >= n]
    return begins + [f"~{word[-n:]}$" for n in END if len(word) >= n]


def side_by_side(words: Sequence[str]) -> list[str]:
    """Return the words of a sentence, alone and two or three side by side, with ^ and $ around it.

    >>> side_by_side(["ej", "klart"])[:6]
    ['^', 'ej', 'klart', '$', '^ ej', 'ej klart']
    """
    around = ["^", *words, "$"]
    shifted = [around[n:] for n in range(LONGEST)]
    longer = (map(" ".join, zip(*shifted[:n], strict=False)) for n in range(2, LONGEST + 1))
    return [*around, *chain.from_iterable(longer)]


def count(sentences: Sequence[Sequence[str]], features: Sequence[str]) -> csr_array:
    """Return how often each feature stands in each sentence of words: sentences × features."""
    places = {feature: n for n, feature in enumerate(features)}
    of_word: dict[str, list[int]] = {}
    found: list[list[int]] = []
    for words in sentences:
        here = [places[feature] for feature in side_by_side(words) if feature in places]
        for word in words:
            if word not in of_word:
                of_word[word] = [places[f] for f in ends(word) if f in places]
            here += of_word[word]
        found.append(here)
    starts = np.cumsum([0, *map(len, found)], dtype="int32")
    every = np.fromiter(chain.from_iterable(found), "int32", starts[-1])
    table = csr_array((np.ones(starts[-1]), every, starts), (len(found), len(features)))
    table.sum_duplicates()
    return table


def weigh(counts: csr_array, features: Sequence[str], idf: np.ndarray) -> csr_array:
    """Return tf-idf, with a logarithm for what is repeated, words and their ends normalised apart."""
    table = counts.copy()
    table.data = (1 + np.log(table.data)) * idf[table.indices]
    of_ends = np.array([feature[0] == "~" for feature in features])[table.indices]
    rows = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    for block in (of_ends, ~of_ends):
        squares = np.bincount(rows[block], table.data[block] ** 2, minlength=table.shape[0])
        table.data[block] /= np.sqrt(squares)[rows[block]]
    return table


def likely(model: Model, counts: csr_array) -> np.ndarray:
    """Return how likely each reason is: rows × REASONS."""
    scores = weigh(counts, model.features, model.idf) @ model.weights + model.intercept
    shares = 1 / (1 + np.exp(-scores))
    return shares / shares.sum(axis=1, keepdims=True)


def count_comments(
    comments: Sequence[Sequence[Sequence[str]]], features: Sequence[str]
) -> csr_array:
    """Return how often each feature stands in each comment of sentences of words."""
    counts = count(list(chain.from_iterable(comments)), features)
    return _together([len(comment) for comment in comments]) @ counts


def _together(lengths: Sequence[int]) -> csr_array:
    """Return what sums the rows of sentences to rows of comments."""
    sentences = np.arange(sum(lengths), dtype="int32")
    of_comment = np.repeat(np.arange(len(lengths), dtype="int32"), lengths)
    return csr_array((np.ones(len(sentences)), (of_comment, sentences)))


def read(model: Model, comments: Sequence[Sequence[Sequence[str]]]) -> Shares:
    """Return how likely each reason is, of each comment and of each sentence."""
    counts = count(list(chain.from_iterable(comments)), model.features)
    whole = _together([len(comment) for comment in comments]) @ counts
    return Shares(likely(model, whole), likely(model, counts))


def by_verdict(shares: np.ndarray) -> np.ndarray:
    """Return how likely each verdict is, from how likely its reasons are: rows × VERDICTS."""
    verdicts = np.array(list(REASONS.values()))
    return np.column_stack([shares[:, verdicts == v].sum(axis=1) for v in VERDICTS])


def summary(shares: Shares, lengths: Sequence[int]) -> np.ndarray:
    """Return what calibration weighs: each verdict of the comment, its last and likeliest sentence."""
    of_sentences, ended = by_verdict(shares.sentences), np.cumsum(lengths)
    likeliest = np.maximum.reduceat(of_sentences, ended - np.asarray(lengths))
    every = np.hstack([by_verdict(shares.comments), of_sentences[ended - 1], likeliest])
    return np.log(np.maximum(every, _LEAST))


def verdicts(summaries: np.ndarray, calibration: np.ndarray) -> np.ndarray:
    """Return how likely each verdict is, calibrated on authors left out: comments × VERDICTS."""
    scores = summaries @ calibration[1:] + calibration[0]
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


@cache
def load(file: Path = FILE) -> Model:
    """Return the model as ``make learn`` wrote it: weights are whole 127ths of their reason's largest."""
    with np.load(file) as held:
        features = held["features"].tobytes().decode().split("\n")
        weights = held["weights"] * held["scale"]
        idf = held["idf"].astype("float64")
        return Model(features, idf, weights, held["intercept"], held["calibration"])
