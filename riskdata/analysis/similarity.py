"""How similar texts are: character tf-idf from 0 (nothing in common) to 1, and which words differ."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from os.path import commonprefix

import numpy as np
import pandas as pd

CHARACTERS = (2, 5)  # lengths of the pieces of words that are compared
SAME_WORD = 0.5  # share of the longer word that two forms of one word begin with
SHORT = 3  # letters of a word that may differ: most are prepositions
NOT = {"inte", "ej", "inga", "ingen", "inget", "utan", "aldrig"}
UNSEEN, NO_LETTERS = re.compile("[\u200b\u00ad\ufeff]"), re.compile(r"[\W_]+")


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


def similarity(old: list[str], new: list[str]) -> np.ndarray:
    """Return the similarity of each text of one list to each of another; texts are normalised.

    Cosine of tf-idf: what most texts of the two lists share (a process that many risks stand
    under, a board's turns of phrase) says little, what is rare says much.

    >>> similarity(["krisplanen är gammal"], ["gammal krisplan", "fel lön"]).round(1).tolist()
    [[0.7, 0.0]]
    """
    from sklearn.feature_extraction.text import TfidfVectorizer  # late: it takes a second

    if not any([*old, *new]):
        return np.zeros((len(old), len(new)))
    weights = TfidfVectorizer(analyzer="char_wb", ngram_range=CHARACTERS).fit_transform(
        [*old, *new]
    )
    cosine = (weights[: len(old)] @ weights[len(old) :].T).toarray()
    return cosine.round(6)  # so that the order in which numbers are summed decides nothing


def unmatched(text: str, other: str) -> list[str]:
    """Return the words of a text that the other has in no form; short ones don't count.

    >>> unmatched("fakturor betalas av enheten två gånger", "faktura betalas")
    ['enheten', 'gånger']
    """
    others = other.split()
    return [
        word
        for word in text.split()
        if (len(word) > SHORT or word.isdigit()) and not any(_is_form(word, o) for o in others)
    ]


def same_words(text: str, other: str, added: int) -> bool:
    """Return whether one text has every word of the other in some form, and little more.

    added: how many letters the words may have that only one of them has. A number or a "not"
    that only one has makes it another text.

    >>> same_words("köp utan avtal", "köpen görs utan avtal", 10), same_words("larm", "brandlarm", 10)
    (True, False)
    """
    sides = unmatched(text, other), unmatched(other, text)
    words = [word for side in sides for word in side]
    denied = [NOT & set(side.split()) for side in (text, other)]
    return (
        not all(sides)
        and sum(map(len, words)) <= added
        and not any(word.isdigit() for word in words)
        and denied[0] == denied[1]
    )


@lru_cache(maxsize=200_000)
def _is_form(word: str, other: str) -> bool:
    return len(commonprefix([word, other])) >= SAME_WORD * max(len(word), len(other))


def only(text: str, other: str) -> str:
    """Return the words of a text that the other does not have, as printed and in order.

    >>> only("Köp utan avtal", "köp görs utan avtal"), only("Ny risk", "risk")
    ('', 'Ny')
    """
    printed, others = text.split(), set(_normalised(other.split()))
    plain = _normalised(printed)
    return " ".join(w for w, p in zip(printed, plain, strict=True) if p and p not in others)


def _normalised(words: Iterable[str]) -> list[str]:
    return [_plain(word) or "" for word in words]
