"""Which rows of two tables belong together, by their texts and by the rows that stand around them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskdata.analysis.decisions import LINKS, place, read_decisions
from riskdata.analysis.similarity import same_words, similarity

ROUNDS = 3  # of learning from the links of the other rows: more change nothing


@dataclass(frozen=True)
class Settings:
    """What a pair is judged by; ``linked``, ``likely``, ``own`` and ``margin`` are similarities, 0 to 1.

    texts: the texts that are compared, joined; one that a side prints nowhere does not count. All
        of them must be equal for an exact link.
    certain: the texts in which no word may have taken another's place, or else it is a question: a
        new risk often stands in a gone one's words.
    groups: what rows stand under; where the others of two groups are alike, so are these two rows.
    around: how much a group counts beside the texts.
    linked, likely: from where a pair is linked, and from where it may need no question.
    own: how similar the first of ``certain`` must be for a pair to be linked at all.
    margin: how far the next best pair must be behind, or else it is a question.
    added: letters that the words may have which only one side has in a text of ``certain``.
    best: how many pairs of a row that has no likely link are offered to a person.
    kind: what the rows are, risk or activity.
    file: the file of data/manual in which people decide about such pairs.
    """

    texts: tuple[str, ...]
    certain: tuple[str, ...]
    groups: tuple[str, ...] = ()
    around: float = 0.5
    linked: float = 0.12
    likely: float = 0.35
    own: float = 0.0
    margin: float = 0.05
    added: int = 10
    best: int = 0
    kind: str = "risk"
    file: str = LINKS


def match(
    old: pd.DataFrame, new: pd.DataFrame, settings: Settings, decisions: pd.DataFrame | None
) -> pd.DataFrame:
    """Return which row of one table is which of another, board by board, one to one.

    Parameters
    ----------
    old, new : id, board, period, printed, short (see ``decisions.place``) and, normalised, what
        ``settings.texts`` and ``settings.groups`` name.
    settings : what a pair is judged by.
    decisions : as from ``read_decisions``; those of data/manual, where not given.

    Returns
    -------
    DataFrame with board, risk_before and risk_after (ids; or activity_…), similarity and certainty.
    Beside the links stand pairs that are ``possible``: neither row has a link as similar as a
    likely one, and each is among the best for the other.
    """
    decisions = read_decisions(file=settings.file) if decisions is None else decisions
    decided = place(decisions, old, new)
    sides = [dict(list(rows.groupby("board"))) for rows in (old, new, decided)]
    links = [
        _link_board(*(side.get(board, decided[:0]) for side in sides), settings).assign(board=board)
        for board in sorted(sides[0].keys() & sides[1].keys())
    ]
    sides = [f"{settings.kind}_{side}" for side in ("before", "after")]
    types = dict.fromkeys(["board", *sides], "str") | {"similarity": "float64", "certainty": "str"}
    table = pd.concat([pd.DataFrame(columns=[*types], dtype="object"), *links], ignore_index=True)
    return table[[*types]].astype(types)


def _link_board(old, new, decided, settings) -> pd.DataFrame:
    """Return the links of one board: a person's, the exact, what is best for the rest; what may be."""
    before, after = old.id.to_numpy(object), new.id.to_numpy(object)
    names = [n for n in settings.texts if old[n].notna().any() and new[n].notna().any()]
    texts = [rows[names].fillna("").agg(" ".join, axis=1).str.strip() for rows in (old, new)]
    text = similarity(*map(list, texts)) if names else np.zeros((len(old), len(new)))
    person, forbidden = (_pairs(before, after, decided, word) for word in ("same", "different"))
    exact = _exact(old, new, names, settings) & ~forbidden & ~_touched(person)
    fixed = person | exact
    free = ~_touched(fixed)
    allowed = free & ~forbidden
    if settings.own:
        own = [rows[settings.certain[0]].fillna("").tolist() for rows in (old, new)]
        allowed &= similarity(*own) >= settings.own
    score = _with_others(text, fixed, allowed, old, new, settings)
    links = fixed | _assign(score, text, allowed, settings)
    possible = _possible(score, text, links, free, settings) & allowed
    i, j = np.nonzero(links | possible)
    likely = _is_certain(old, new, i, j, settings) & _is_ahead(text, links, allowed, settings)[i, j]
    conditions = [person[i, j], exact[i, j], possible[i, j], likely]
    return pd.DataFrame(
        {
            f"{settings.kind}_before": before[i],
            f"{settings.kind}_after": after[j],
            "similarity": text[i, j].round(3),
            "certainty": np.select(conditions, ["person", "exact", "possible", "likely"], "ask"),
        }
    )


def _pairs(before, after, decided, word) -> np.ndarray:
    """Return True where a person has decided so of the pair."""
    mask = np.zeros((len(before), len(after)), dtype=bool)
    for row in decided[decided.decision == word].itertuples():
        mask |= np.outer(before == row.id_before, after == row.id_after)
    return mask


def _touched(pairs) -> np.ndarray:
    """Return True for every pair of a row that is in one of the pairs."""
    return pairs.any(axis=1)[:, None] | pairs.any(axis=0)[None, :]


def _exact(old, new, names, settings) -> np.ndarray:
    """Return True for pairs whose texts are equal, stand once on each side and say enough."""
    needed, keys, once = [settings.texts[0], settings.certain[0]], [], []
    for rows in (old, new):
        key = rows[names].fillna("").agg("\n".join, axis=1).astype("object")
        alone = ~key.duplicated(keep=False) & rows[needed].notna().all(axis=1)
        keys.append(key.to_numpy())
        once.append(alone.to_numpy())
    return np.equal.outer(*keys) & np.logical_and.outer(*once)


def _with_others(text, fixed, allowed, old, new, settings) -> np.ndarray:
    """Return the similarity, raised where the others of the two rows' groups are alike."""
    score = text
    for _ in range(ROUNDS if settings.groups else 0):
        links = fixed | _assign(score, text, allowed, settings)
        of_others = [_of_others(np.where(links, score, 0), old[g], new[g]) for g in settings.groups]
        score = text + settings.around * sum(of_others)
    return score


def _of_others(links, before, after) -> np.ndarray:
    """Return, for each pair, how much links the others of its two groups to each other."""
    beside = [
        group.to_numpy(object)[:, None] == group.to_numpy(object) for group in (before, after)
    ]
    here, there = (same & ~np.eye(len(same), dtype=bool) for same in beside)
    size = np.sqrt(np.outer(here.sum(axis=1), there.sum(axis=1)).clip(1))
    return here @ links @ there / size


def _assign(score, text, allowed, settings) -> np.ndarray:
    """Return True for the pairs, one to one, whose sum is the highest; each similar enough."""
    from scipy.optimize import linear_sum_assignment

    gain = np.where(allowed & (text > settings.linked), score - settings.linked, 0)
    i, j = linear_sum_assignment(gain, maximize=True)
    mask = np.zeros(score.shape, dtype=bool)
    mask[i, j] = gain[i, j] > 0
    return mask


def _possible(score, text, links, free, settings) -> np.ndarray:
    """Return True for pairs of rows without a likely link that are among the best of both."""
    open_ = free & ~_touched(links & (text >= settings.likely)) & ~links
    rivals = np.where(free, score, 0)
    ranks = [(-side).argsort(kind="stable").argsort() for side in (rivals, rivals.T)]
    return (
        open_
        & (rivals > settings.linked)
        & (ranks[0] < settings.best)
        & (settings.best > ranks[1].T)
    )


def _is_certain(old, new, i, j, settings) -> np.ndarray:
    """Return True for the pairs in which no word has taken another's place."""
    sides = [rows[[*settings.certain]].fillna("").to_numpy()[n] for rows, n in ((old, i), (new, j))]
    return np.array([
        all(same_words(a, b, settings.added) for a, b in zip(*texts, strict=True))
        for texts in zip(*sides, strict=True)
    ], dtype=bool)  # fmt: skip


def _is_ahead(text, links, free, settings) -> np.ndarray:
    """Return True where a link is similar, and more so than either row to anything else."""
    rivals = np.where(free & ~links, text, 0)
    next_best = np.maximum.outer(rivals.max(axis=1), rivals.max(axis=0))
    return links & (text >= settings.likely) & (text - next_best >= settings.margin)
