"""Which rows of two tables belong together: by their texts, and by the rows that stand around them."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from os.path import commonprefix

import numpy as np
import pandas as pd

from riskdata.words.spelling import clean_space

LIKELY = 0.35  # similarity from which a link may need no question
MARGIN = 0.05  # similarity by which the next best pair must be behind, or else it is a question
AROUND = 0.5  # what a group counts beside the texts
ROUNDS = 3  # of learning from the links of the other rows; more change nothing
CHARACTERS = (2, 5)  # lengths of the pieces of words that are compared
SAME_WORD = 0.5  # share of the longer word that two forms of one word begin with
SHORT = 3  # letters of a word that may differ: most are prepositions
ADDED = 10  # letters that the words may have which only one of two texts has
NOT = {"inte", "ej", "inga", "ingen", "inget", "utan", "aldrig"}
NO_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Settings:
    """What a pair is judged by."""

    texts: tuple[str, ...]  # compared, joined, but for what a side prints nowhere
    certain: tuple[str, ...]  # in a likely link no word of these has taken another's place
    kind: str
    file: str  # of data/manual, which decides of such pairs
    groups: tuple[str, ...] = ()  # what rows stand under: where the others are alike, so are these
    linked: float = 0.12  # how similar a pair must be to be linked
    own: float = 0.0  # and how similar the first text of ``certain`` alone
    best: int = 0  # how many pairs of a row without a likely link are offered to a person


def match(
    old: pd.DataFrame, new: pd.DataFrame, settings: Settings, decided: pd.DataFrame
) -> pd.DataFrame:
    """Return which row of one table is which of another, board by board, one to one.

    Parameters
    ----------
    old, new : as ``links.rows_of`` gives them. decided : as ``decisions.place`` gives them.

    Returns
    -------
    DataFrame with board, risk_before and risk_after (ids; or activity_…), similarity and certainty.
    Beside the links stand pairs that are ``possible``: neither row has a link as similar as a
    likely one, and each is among the best for the other.
    """
    sides = [dict(list(rows.groupby("board"))) for rows in (old, new, decided)]
    links = [
        _link_board(*(side.get(board, decided[:0]) for side in sides), settings).assign(board=board)
        for board in sorted(sides[0].keys() & sides[1].keys())
    ]
    ids = [f"{settings.kind}_{side}" for side in ("before", "after")]
    types = dict.fromkeys(["board", *ids], "str") | {"similarity": "float64", "certainty": "str"}
    table = pd.concat([pd.DataFrame(columns=[*types], dtype="object"), *links], ignore_index=True)
    return table[[*types]].astype(types)


def _link_board(old, new, decided, settings) -> pd.DataFrame:
    """Return the links of one board: a person's, the exact, what is best for the rest; what may be."""
    before, after = old.id.to_numpy(object), new.id.to_numpy(object)
    names = [n for n in settings.texts if old[n].notna().any() and new[n].notna().any()]
    texts = [
        [" ".join(row).strip() for row in side[names].fillna("").to_numpy()] for side in (old, new)
    ]
    text = similarity(*texts)
    person, forbidden = (_pairs(before, after, decided, word) for word in ("same", "different"))
    exact = _exact(old, new, texts, settings) & ~forbidden & ~_touched(person)
    fixed = person | exact
    free = ~_touched(fixed)
    allowed = free & ~forbidden
    if settings.own:
        own = [rows[settings.certain[0]].fillna("").tolist() for rows in (old, new)]
        allowed &= similarity(*own) >= settings.own
    similar = allowed & (text > settings.linked)
    score = _with_others(text, fixed, similar, old, new, settings)
    links = fixed | _assign(score - settings.linked, similar)
    possible = _possible(score, text, links, free, settings) & allowed
    likely = _likely(text, links, allowed, old, new, settings)
    i, j = np.nonzero(links | possible)
    kinds = {"person": person, "exact": exact, "possible": possible, "likely": likely}
    certainty = np.select([pairs[i, j] for pairs in kinds.values()], [*kinds], "ask")
    ids = {f"{settings.kind}_before": before[i], f"{settings.kind}_after": after[j]}
    return pd.DataFrame({**ids, "similarity": text[i, j].round(3), "certainty": certainty})


def _pairs(before, after, decided, word) -> np.ndarray:
    """Return True where a person has decided so of the pair."""
    mask = np.zeros((len(before), len(after)), dtype=bool)
    said = decided[decided.decision == word]
    for old, new in zip(said.id_before, said.id_after, strict=True):
        mask |= np.outer(before == old, after == new)
    return mask


def _touched(pairs) -> np.ndarray:
    """Return True for every pair of a row that is in one of the pairs."""
    return np.logical_or.outer(pairs.any(axis=1), pairs.any(axis=0))


def _exact(old, new, texts, settings) -> np.ndarray:
    """Return True for pairs whose texts are equal, stand once on each side and say enough."""
    needed = [settings.texts[0], settings.certain[0]]
    once = [
        ~pd.Series(side).duplicated(keep=False).to_numpy()
        & rows[needed].notna().all(axis=1).to_numpy()
        for side, rows in zip(texts, (old, new), strict=True)
    ]
    return np.equal.outer(*(np.array(side, object) for side in texts)) & np.logical_and.outer(*once)


def _with_others(text, fixed, similar, old, new, settings) -> np.ndarray:
    """Return the similarity, raised where the others of the two rows' groups are linked."""
    score = text
    for _ in range(ROUNDS if settings.groups else 0):
        links = np.where(fixed | _assign(score - settings.linked, similar), score, 0)
        score = text + AROUND * sum(_of_others(links, old[g], new[g]) for g in settings.groups)
    return score


def _of_others(links, before, after) -> np.ndarray:
    """Return, for each pair, how much links the others of its two groups to each other."""
    same = [np.equal.outer(*[group.to_numpy(object)] * 2) for group in (before, after)]
    here, there = (rows & ~np.eye(len(rows), dtype=bool) for rows in same)
    size = np.sqrt(np.outer(here.sum(axis=1), there.sum(axis=1)).clip(1))
    return here @ links @ there / size


def _assign(gain, similar) -> np.ndarray:
    """Return True for the pairs of similar rows, one to one, that gain most together."""
    from scipy.optimize import linear_sum_assignment

    mask = np.zeros(similar.shape, dtype=bool)
    mask[linear_sum_assignment(np.where(similar, gain, 0), maximize=True)] = True
    return mask & similar


def _possible(score, text, links, free, settings) -> np.ndarray:
    """Return True for pairs of rows without a likely link that are among the best of both."""
    rivals = np.where(free, score, 0)
    ranks = [(-side).argsort(kind="stable").argsort() for side in (rivals, rivals.T)]
    among_best = (ranks[0] < settings.best) & (settings.best > ranks[1].T)
    return among_best & (rivals > settings.linked) & ~links & ~_touched(links & (text >= LIKELY))


def _likely(text, links, allowed, old, new, settings) -> np.ndarray:
    """Return True for similar links, far ahead of others, in which no word has taken another's place."""
    rivals = np.where(allowed & ~links, text, 0)
    ahead = text - np.maximum.outer(rivals.max(axis=1), rivals.max(axis=0))
    likely = links & (text >= LIKELY) & (ahead >= MARGIN)
    before, after = (rows[[*settings.certain]].fillna("").to_numpy() for rows in (old, new))
    for i, j in np.argwhere(likely):
        likely[i, j] = all(map(same_words, before[i], after[j]))
    return likely


# -- texts -----------------------------------------------------------------------------------------


def normal(texts: pd.Series) -> pd.Series:
    """Return texts without case, punctuation and odd spaces; missing where nothing is left."""
    return texts.map(_plain, na_action="ignore").astype("str")


@lru_cache(maxsize=200_000)  # most texts come back, in the next period or in another column
def _plain(text: str) -> str | None:
    return NO_LETTERS.sub(" ", clean_space(text).casefold()).strip() or None


def similarity(old: list[str], new: list[str]) -> np.ndarray:
    """Return how similar each normalised text of one list is to each of another, from 0 to 1.

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
    counts = csr_array((np.concatenate(counts), columns, ends), (len(pieces), len(known)))
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
    """Return the words of a text that the other does not have, as printed and in order."""
    others = {None, *map(_plain, other.split())}
    return " ".join(word for word in text.split() if _plain(word) not in others)
