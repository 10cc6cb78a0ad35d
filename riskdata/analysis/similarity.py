"""How alike the texts of two lists are, from 0 (nothing in common) to 1 (the same letters)."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import pandas as pd

PIECES = (3, 4, 5)  # lengths of the pieces of words that are compared
SHARED = 0.1  # what a piece counts for that all its siblings have (0 would leave twins no text)
ROWS = 1_000  # texts that are compared in one go: enough for speed, few enough for memory
UNSEEN, NO_LETTERS = re.compile("[\u200b\u00ad\ufeff]"), re.compile(r"[\W_]+")

Pair = tuple[np.ndarray, np.ndarray]  # the places of two lists of texts to compare


def normal(texts: pd.Series) -> pd.Series:
    """Return texts without case, punctuation and odd spaces; missing where nothing is left.

    >>> normal(pd.Series(["Rutiner  följs\u00a0inte.", " "])).tolist()
    ['rutiner följs inte', nan]
    """
    plain = [_plain(text) if isinstance(text, str) else None for text in texts.tolist()]
    return pd.Series(plain, index=texts.index, dtype="str")


@lru_cache(maxsize=200_000)  # most texts come back, in the next period or in another column
def _plain(text: str) -> str | None:
    text = UNSEEN.sub("", unicodedata.normalize("NFKC", text).casefold())
    return NO_LETTERS.sub(" ", text).strip() or None


def alike(
    texts: pd.Series, pairs: list[Pair], groups: np.ndarray | None = None
) -> Iterator[np.ndarray]:
    """Yield the likeness of each text of one list to those of another; nan where either is empty.

    Cosine of tf-idf: what is common in the two lists together (a board's own turns of phrase)
    says little, what is rare says much.

    texts: normalised. pairs: the places in it of the lists, as many pairs as there are boards.
    groups: a number for each text; what a text has in common with the others of its group counts
    for little, and one with a number below 0 stands alone.

    >>> texts = normal(pd.Series(["Krisplanen är gammal", "Gammal krisplan", "Fel lön", None]))
    >>> [likeness.round(1).tolist() for likeness in alike(texts, [([0], [1, 2, 3])])]
    [[[0.7, 0.0, nan]]]
    """
    of_text, of_word = _count_words(texts)
    for some in _batches(pairs):
        rows = np.concatenate([places for pair in some for places in pair])
        counts = of_text[rows] @ of_word
        if groups is not None:
            counts = _set_apart(counts, groups[rows])
        yield from _likeness(counts, [len(old) for old, _ in some], [len(new) for _, new in some])


def _batches(pairs: list[Pair]) -> Iterator[list[Pair]]:
    """Yield pairs in lots of about ROWS texts."""
    # None counts as fewer than 40: each has columns of its own.
    lot = np.cumsum([max(len(old) + len(new), 40) for old, new in pairs]) // ROWS
    for number in np.unique(lot):
        yield [pairs[n] for n in np.flatnonzero(lot == number)]


def _count_words(texts: pd.Series):
    """Return two sparse matrices: text × word of normalised texts, and word × its pieces.

    Their product is text × piece. Each word is cut once however often it occurs, and the
    product is made for some boards at a time: that is what makes 20,000 texts quick and small.
    """
    from scipy.sparse import csr_array

    words = texts.fillna("").str.split().reset_index(drop=True).explode().dropna()
    codes, known = pd.factorize(words, sort=True)
    cut = pd.Series([_pieces(word) for word in known], dtype="object").explode().dropna()
    pieces, names = pd.factorize(cut, sort=True)
    of_text = csr_array((np.ones(len(words)), (words.index, codes)), (len(texts), len(known)))
    of_word = csr_array((np.ones(len(cut)), (cut.index, pieces)), (len(known), len(names)))
    return of_text, of_word


def _pieces(word: str) -> list[str]:
    """Return the pieces of a word; its ends count as letters."""
    word = f" {word} "
    return [word[i : i + n] for n in PIECES for i in range(len(word) - n + 1)]


def _set_apart(counts, groups: np.ndarray):
    """Return text × piece where what the texts of a group have in common counts for little.

    Of two risks about sickness absence under one process, the words "sickness absence" do not
    tell which is which.
    """
    from scipy.sparse import csr_array

    grouped = np.flatnonzero(groups >= 0)
    of_group = np.unique(groups[grouped], return_inverse=True)[1]
    member = csr_array((np.ones(len(grouped)), (grouped, of_group)), (len(groups), len(groups)))
    siblings = (member @ member.T).tocoo()
    i, j = siblings.coords
    others = np.bincount(i, minlength=len(groups)) - 1
    share = csr_array((1 / others[i[i != j]], (i[i != j], j[i != j])), siblings.shape)
    in_siblings = share @ (counts > 0)
    return counts - counts.multiply(in_siblings) * (1 - SHARED)


def _likeness(counts, heights: list[int], widths: list[int]) -> Iterator[np.ndarray]:
    """Yield the likeness of the texts of each pair of lists; they stand in ``counts`` in turn.

    The pieces of each pair get columns of their own, so that one product serves all pairs.
    """
    from scipy.sparse import csr_array

    sizes = np.ravel([heights, widths], order="F")
    number = np.repeat(np.arange(len(sizes)), sizes)
    pair, is_old, pieces = number // 2, number % 2 == 0, np.diff(counts.indptr)
    row = np.repeat(np.arange(len(pieces)), pieces)
    column = counts.indices + pair[row] * counts.shape[1]
    seen = np.bincount(column)
    texts = np.bincount(pair, pieces > 0)
    rarity = np.log((1 + texts[pair[row]]) / (1 + seen[column])) + 1  # by the texts that have it
    data = counts.data * rarity
    data = data / np.sqrt(np.bincount(row, data**2, minlength=len(pieces)))[row]
    weights = csr_array((data, column, counts.indptr), (len(pieces), len(seen)))
    found = (weights[is_old] @ weights[~is_old].T).tocoo()
    yield from _blocks(found, heights, widths, pieces[is_old] == 0, pieces[~is_old] == 0)


def _blocks(found, heights, widths, no_old, no_new) -> Iterator[np.ndarray]:
    """Yield the blocks along the diagonal of a sparse matrix, nan where a text is empty."""
    tops, lefts = np.cumsum([0, *heights]), np.cumsum([0, *widths])
    starts = np.cumsum([0, *np.multiply(heights, widths)])
    i, j = found.coords
    block = np.searchsorted(tops, i, side="right") - 1
    cells = np.zeros(starts[-1])
    cells[starts[block] + (i - tops[block]) * np.take(widths, block) + j - lefts[block]] = (
        found.data
    )
    for n, (height, width) in enumerate(zip(heights, widths, strict=True)):
        likeness = cells[starts[n] : starts[n + 1]].reshape(height, width)
        likeness[no_old[tops[n] : tops[n + 1]]] = np.nan
        likeness[:, no_new[lefts[n] : lefts[n + 1]]] = np.nan
        yield likeness
