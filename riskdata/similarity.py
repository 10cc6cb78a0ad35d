"""How alike the texts of two lists are, from 0 (nothing in common) to 1 (the same letters)."""

import numpy as np
import pandas as pd

PIECES = (3, 4, 5)  # lengths of the pieces of words that are compared
SHARED = 0.1  # what a piece counts for that all its siblings have (0 would leave twins no text)


def normal(texts: pd.Series) -> pd.Series:
    """Return texts without case, punctuation and odd spaces; missing where nothing is left.

    >>> normal(pd.Series(["Rutiner  följs\u00a0inte.", " "])).tolist()
    ['rutiner följs inte', nan]
    """
    codes, known = pd.factorize(texts)
    plain = pd.Series(known, dtype="str").str.normalize("NFKC").str.casefold()
    plain = plain.str.replace("[\u200b\u00ad\ufeff]", "", regex=True)
    plain = plain.str.replace(r"[\W_]+", " ", regex=True).str.strip()
    plain = plain.where(plain != "")
    return pd.Series(plain.reindex(codes).to_numpy(), index=texts.index, dtype="str")


def count_words(texts: pd.Series):
    """Return two sparse matrices: text × word of normalised texts, and word × its pieces.

    Their product is text × piece. Each word is cut once however often it occurs, and the
    product is made for a board at a time: that is what makes 20,000 texts quick and small.
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


def set_apart(counts, groups: np.ndarray):
    """Return text × piece where what the texts of a group have in common counts for little.

    Of two risks about sickness absence under one process, the words "sickness absence" do not
    tell which is which. groups: a number for each text, below 0 for one that stands alone.
    """
    from scipy.sparse import csr_array

    siblings = (groups[:, None] == groups) & (groups >= 0)
    np.fill_diagonal(siblings, False)
    share = siblings / np.maximum(siblings.sum(axis=1), 1)[:, None]
    in_siblings = csr_array(share) @ (counts > 0)
    return counts - counts.multiply(in_siblings) * (1 - SHARED)


def alike(counts, old: int) -> np.ndarray:
    """Return the likeness of the first ``old`` texts to the rest; nan where either is empty.

    Cosine of tf-idf: what is common in the two lists together (a board's own turns of phrase)
    says little, what is rare says much.

    >>> texts = normal(pd.Series(["Krisplanen är gammal", "Gammal krisplan", "Fel lön", None]))
    >>> of_text, of_word = count_words(texts)
    >>> alike(of_text @ of_word, 1).round(1).tolist()
    [[0.7, 0.0, nan]]
    """
    pieces = np.diff(counts.indptr)
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    texts = np.count_nonzero(pieces)
    rarity = np.log((1 + texts) / (1 + np.arange(texts + 1))) + 1  # by the texts that have it
    weights = counts.copy()
    weights.data = counts.data * rarity[seen[counts.indices]]
    row = np.repeat(np.arange(len(pieces)), pieces)
    length = np.sqrt(np.bincount(row, weights.data**2, minlength=len(pieces)))
    weights.data = weights.data / length[row]
    likeness = (weights[:old] @ weights[old:].T).toarray()
    likeness[pieces[:old] == 0] = np.nan
    likeness[:, pieces[old:] == 0] = np.nan
    return likeness
