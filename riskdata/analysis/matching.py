"""Which rows of two tables belong together: by their texts, and by the rows that stand around them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
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
    sides = [_by_board(rows) for rows in (old, new, decided)]
    links = [
        (board, *link)
        for board in sorted(sides[0].keys() & sides[1].keys())
        for link in _link_board(*(side[board] for side in sides), settings)
    ]
    ids = [f"{settings.kind}_{side}" for side in ("before", "after")]
    types = dict.fromkeys(["board", *ids], "str") | {"similarity": "float64", "certainty": "str"}
    return pd.DataFrame(links, columns=[*types], dtype="object").astype(types)


def _by_board(rows: pd.DataFrame) -> dict[str, dict[str, np.ndarray]]:
    """Return of each board its columns; no rows of a board that has none."""
    columns = {name: rows[name].to_numpy("object") for name in rows}
    of = defaultdict(lambda: {name: column[:0] for name, column in columns.items()})
    for board, places in rows.groupby("board").indices.items():
        of[board] = {name: column[places] for name, column in columns.items()}
    return of


def _link_board(old, new, decided, settings) -> Iterable[tuple]:
    """Return the links of one board: a person's, the exact, what is best for the rest; what may be."""
    names = [n for n in settings.texts if all(pd.notna(side[n]).any() for side in (old, new))]
    texts = [_joined(side, names) for side in (old, new)]
    text = similarity(*texts)
    before, after = old["id"], new["id"]
    person, forbidden = (_pairs(before, after, decided, word) for word in ("same", "different"))
    exact = _exact(old, new, texts, settings) & ~forbidden & ~_touched(person)
    fixed = person | exact
    free = ~_touched(fixed)
    allowed = free & ~forbidden
    if settings.own:
        own = [_filled(rows[settings.certain[0]]) for rows in (old, new)]
        allowed &= similarity(*own) >= settings.own
    similar = allowed & (text > settings.linked)
    score = _with_others(text, fixed, similar, old, new, settings)
    links = fixed | _assign(score - settings.linked, similar)
    possible = _possible(score, text, links, free, settings) & allowed
    likely = _likely(text, links, allowed, old, new, settings)
    i, j = np.nonzero(links | possible)
    kinds = {"person": person, "exact": exact, "possible": possible, "likely": likely}
    certainty = np.select([pairs[i, j] for pairs in kinds.values()], [*kinds], "ask")
    return zip(before[i], after[j], text[i, j].round(3), certainty.tolist(), strict=True)


def _joined(rows, names) -> list[str]:
    """Return the texts of each row as one; nothing for a row without any."""
    texts = zip(*(_filled(rows[name]) for name in names), strict=True)
    return [" ".join(row).strip() for row in texts] if names else [""] * len(rows["id"])


def _filled(texts: np.ndarray) -> np.ndarray:
    return np.where(pd.notna(texts), texts, "")


def _pairs(before, after, decided, word) -> np.ndarray:
    """Return True where a person has decided so of the pair."""
    mask = np.zeros((len(before), len(after)), dtype=bool)
    made = decided["decision"] == word
    for old, new in zip(decided["id_before"][made], decided["id_after"][made], strict=True):
        mask |= np.outer(before == old, after == new)
    return mask


def _touched(pairs) -> np.ndarray:
    """Return True for every pair of a row that is in one of the pairs."""
    return np.logical_or.outer(pairs.any(axis=1), pairs.any(axis=0))


def _exact(old, new, texts, settings) -> np.ndarray:
    """Return True for pairs whose texts are equal, stand once on each side and say enough."""
    needed = settings.texts[0], settings.certain[0]
    once = [
        np.array([n == 1 for n in map(Counter(side).get, side)])
        & np.logical_and(*(pd.notna(rows[name]) for name in needed))
        for side, rows in zip(texts, (old, new), strict=True)
    ]
    return np.equal.outer(*(np.array(side, object) for side in texts)) & np.logical_and.outer(*once)


def _with_others(text, fixed, similar, old, new, settings) -> np.ndarray:
    """Return the similarity, raised where the others of the two rows' groups are linked."""
    score, others = text, [[_others(old[g]), _others(new[g])] for g in settings.groups]
    for _ in range(ROUNDS if settings.groups else 0):
        links = np.where(fixed | _assign(score - settings.linked, similar), score, 0)
        score = text + AROUND * sum(_of_others(links, *group) for group in others)
    return score


def _others(group) -> np.ndarray:
    """Return, for each row, which are the others of its group."""
    same = np.equal.outer(group, group)
    return (same & ~np.eye(len(same), dtype=bool)).astype("float64")


def _of_others(links, here, there) -> np.ndarray:
    """Return, for each pair, how much links the others of its two groups to each other."""
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
    texts = [[_filled(rows[name]) for rows in (old, new)] for name in settings.certain]
    for i, j in np.argwhere(likely):
        likely[i, j] = all(same_words(before[i], after[j]) for before, after in texts)
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
    texts = [text.split() for text in (*old, *new)]
    words = [*dict.fromkeys(chain.from_iterable(texts))]
    if not words:
        return np.zeros((len(old), len(new)))
    from sklearn.feature_extraction.text import TfidfTransformer  # late: it takes a second

    # Each word's pieces are counted once, however often it stands there.
    weights = TfidfTransformer().fit_transform(_counts(texts) @ _counts([*map(_pieces, words)]))
    cosine = (weights[: len(old)] @ weights[len(old) :].T).toarray()
    return cosine.round(6)  # so that the order in which numbers are summed decides nothing


def _counts(rows: list[list[str]]):
    """Return a sparse table of how often each row has each of what rows have, in the order of the first."""
    from scipy.sparse import csr_array

    places = {}
    columns = [places.setdefault(each, len(places)) for row in rows for each in row]
    ends = np.cumsum([0, *map(len, rows)])
    return csr_array((np.ones(len(columns)), columns, ends), (len(rows), len(places)))


@lru_cache(maxsize=10_000)  # a board's words come back, in its other texts and in each period
def _pieces(word: str) -> list[str]:
    """Return a word's pieces, the ends of the word among their characters."""
    whole, lengths = f" {word} ", range(CHARACTERS[0], CHARACTERS[1] + 1)
    return [whole[n : n + length] for length in lengths for n in range(len(whole) - length + 1)]


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
