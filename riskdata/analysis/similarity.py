"""How similar texts are: character tf-idf from 0 (nothing in common) to 1, and which words differ."""

import re
from collections import Counter
from collections.abc import Callable
from functools import cache, lru_cache
from os.path import commonprefix

import numpy as np
import pandas as pd

from riskdata.words.spelling import clean_space

CHARACTERS = (2, 5)  # lengths of the pieces of words that are compared
SAME_WORD = 0.5  # share of the longer word that two forms of one word begin with
SHORT = 3  # letters of a word that may differ: most are prepositions
ADDED = 10  # letters that the words may have which only one of two texts has
NOT = {"inte", "ej", "inga", "ingen", "inget", "utan", "aldrig"}
NO_LETTERS = re.compile(r"[\W_]+")


def normal(texts: pd.Series) -> pd.Series:
    """Return texts without case, punctuation and odd spaces; missing where nothing is left.

    >>> normal(pd.Series(["Rutiner  följs\u00a0inte.", " "])).tolist()
    ['rutiner följs inte', nan]
    """
    return texts.map(_plain, na_action="ignore").astype("str")


@lru_cache(maxsize=200_000)  # most texts come back, in the next period or in another column
def _plain(text: str) -> str | None:
    return NO_LETTERS.sub(" ", clean_space(text).casefold()).strip() or None


def similarity(old: list[str], new: list[str]) -> np.ndarray:
    """Return the similarity of each text of one list to each of another; texts are normalised.

    Cosine of tf-idf: what most texts of the two lists share (a process that many risks stand
    under, a board's turns of phrase) says little, what is rare says much.

    >>> similarity(["krisplanen är gammal"], ["gammal krisplan", "fel lön"]).round(1).tolist()
    [[0.7, 0.0]]
    """
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import TfidfTransformer  # late: it takes a second

    if not any([*old, *new]):
        return np.zeros((len(old), len(new)))
    pieces, counts = zip(*map(_pieces, [*old, *new]), strict=True)
    known, columns = np.unique(np.concatenate(pieces), return_inverse=True)
    ends = np.cumsum([0, *map(len, pieces)])
    counts = csr_array((np.concatenate(counts), columns, ends), (len(ends) - 1, len(known)))
    weights = TfidfTransformer().fit_transform(counts)
    cosine = (weights[: len(old)] @ weights[len(old) :].T).toarray()
    return cosine.round(6)  # so that the order in which numbers are summed decides nothing


@lru_cache(maxsize=5_000)  # a text is compared with the periods before and after, again and again
def _pieces(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the hashes of a text's pieces, and how often each stands in it."""
    counts = Counter(_analyzer()(text))
    return np.array([*map(hash, counts)], "int64"), np.array([*counts.values()], "float64")


@cache
def _analyzer() -> Callable[[str], list[str]]:
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer(analyzer="char_wb", ngram_range=CHARACTERS).build_analyzer()


def same_words(text: str, other: str) -> bool:
    """Return whether one text has every word of the other in some form, and little more.

    A number or a "not" that only one has makes it another text; short words don't count.

    >>> same_words("köp utan avtal", "köpen görs utan avtal"), same_words("larm", "brandlarm")
    (True, False)
    """
    sides = text.split(), other.split()
    missing = [_missing(*sides), _missing(*sides[::-1])]
    words = "".join(sum(missing, []))
    same_not = NOT & {*sides[0]} == NOT & {*sides[1]}
    return same_not and not all(missing) and len(words) <= ADDED and not re.search(r"\d", words)


def _missing(words: list[str], others: list[str]) -> list[str]:
    """Return the words, but for short ones, that the others have in no form."""
    long = [word for word in words if len(word) > SHORT or word.isdigit()]
    return [word for word in long if not any(_is_form(word, other) for other in others)]


@lru_cache(maxsize=200_000)
def _is_form(word: str, other: str) -> bool:
    return len(commonprefix([word, other])) >= SAME_WORD * max(len(word), len(other))


def only(text: str, other: str) -> str:
    """Return the words of a text that the other does not have, as printed and in order.

    >>> only("Köp utan avtal", "köp görs utan avtal"), only("Ny risk", "risk")
    ('', 'Ny')
    """
    others = {None, *map(_plain, other.split())}
    return " ".join(word for word in text.split() if _plain(word) not in others)
