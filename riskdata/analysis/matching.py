"""Which rows of two tables belong together, by their texts."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskdata.analysis.decisions import LINKS, place, read_decisions
from riskdata.analysis.similarity import same_words, similarity

COLUMNS = {"board": "str", "id_before": "str", "id_after": "str", "similarity": "float64"}


@dataclass(frozen=True)
class Settings:
    """What a pair is judged by; every number but ``added`` is a similarity, 0 to 1.

    texts: the texts that are compared, joined; one that a side prints nowhere does not count. All
        of them must be equal for an exact link.
    certain: the texts in which no word may have taken another's place, or else it is a question: a
        new risk often stands in a gone one's words.
    linked, likely: from where a pair is linked, and from where it may need no question.
    own: how similar the first of ``certain`` must be for a pair to be linked at all.
    margin: how far the next best pair must be behind, or else it is a question.
    added: letters that the words may have which only one side has in a text of ``certain``.
    file: the file of data/manual in which people decide about such pairs.
    """

    texts: tuple[str, ...]
    certain: tuple[str, ...]
    linked: float = 0.12
    likely: float = 0.35
    own: float = 0.0
    margin: float = 0.05
    added: int = 10
    file: str = LINKS


def match(
    old: pd.DataFrame, new: pd.DataFrame, settings: Settings, decisions: pd.DataFrame | None
) -> pd.DataFrame:
    """Return which row of one table is which of another, board by board, one to one.

    Parameters
    ----------
    old, new : id, board, period, printed, short (see ``decisions.place``) and the normalised
        texts that ``settings.texts`` names.
    settings : what a pair is judged by.
    decisions : as from ``read_decisions``; those of data/manual, where not given.

    Returns
    -------
    DataFrame with board, id_before, id_after, similarity and certainty.
    """
    decided = place(
        read_decisions(file=settings.file) if decisions is None else decisions, old, new
    )
    boards = sorted(set(old.board.dropna()) & set(new.board.dropna()))
    links = [
        _link_board(old[old.board == board], new[new.board == board], settings,
                    decided[decided.board == board]).assign(board=board)
        for board in boards
    ]  # fmt: skip
    types = COLUMNS | {"certainty": "str"}
    if not links:
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in types.items()})
    return pd.concat(links, ignore_index=True)[[*types]].astype(types)


def _link_board(old, new, settings, decided) -> pd.DataFrame:
    """Return the links of one board: a person's, the exact, and what is best for the rest."""
    before, after = old.id.to_numpy(object), new.id.to_numpy(object)
    names = [n for n in settings.texts if old[n].notna().any() and new[n].notna().any()]
    texts = [rows[names].fillna("").agg(" ".join, axis=1).str.strip() for rows in (old, new)]
    score = (
        similarity(*(text.tolist() for text in texts)) if names else np.zeros((len(old), len(new)))
    )
    person, forbidden = (_mask(before, after, decided, word) for word in ("same", "different"))
    exact = _exact(old, new, names, settings) & ~forbidden & ~_touched(person)
    fixed = person | exact
    allowed = ~_touched(fixed) & ~forbidden
    near = allowed & _is_near(old, new, settings)
    i, j = np.nonzero(fixed | _assign(score, near, settings.linked))
    likely = _is_certain(old, new, i, j, settings) & _is_likely(score, allowed, settings)[i, j]
    kinds = np.select([person[i, j], exact[i, j], likely], ["person", "exact", "likely"], "ask")
    return pd.DataFrame({
        "id_before": before[i], "id_after": after[j],
        "similarity": score[i, j].round(3), "certainty": kinds,
    })  # fmt: skip


def _mask(old, new, decided, word) -> np.ndarray:
    """Return True where a person has decided so of the pair."""
    mask = np.zeros((len(old), len(new)), dtype=bool)
    for row in decided[decided.decision == word].itertuples():
        mask |= np.outer(old == row.id_before, new == row.id_after)
    return mask


def _touched(pairs) -> np.ndarray:
    """Return True for every pair of a risk that is in one of the pairs."""
    return pairs.any(axis=1)[:, None] | pairs.any(axis=0)[None, :]


def _exact(old, new, names, settings) -> np.ndarray:
    """Return True for pairs whose texts are equal and stand once on each side."""
    mask = np.zeros((len(old), len(new)), dtype=bool)
    needed = {*settings.texts[:1], *settings.certain[:1]}
    if not needed <= set(names):
        return mask
    here, there = (_once(rows, names, needed) for rows in (old, new))
    for text in here.keys() & there.keys():
        mask[here[text], there[text]] = True
    return mask


def _once(rows, names, needed) -> dict:
    """Return the texts of rows that have the needed ones, and stand there once, with their place."""
    keys = list(rows[names].fillna("").itertuples(index=False, name=None))
    counted, whole = Counter(keys), rows[list(needed)].notna().all(axis=1)
    return {
        key: n
        for n, (key, is_) in enumerate(zip(keys, whole, strict=True))
        if is_ and counted[key] == 1
    }


def _is_near(old, new, settings) -> np.ndarray:
    """Return True for pairs whose own text is similar enough for a link."""
    if not settings.own:
        return np.ones((len(old), len(new)), dtype=bool)
    name = settings.certain[0]
    return similarity(*(rows[name].fillna("").tolist() for rows in (old, new))) >= settings.own


def _assign(score, allowed, linked) -> np.ndarray:
    """Return True for the pairs, one to one, that together gain most over being unlinked."""
    from scipy.optimize import linear_sum_assignment

    gain = np.where(allowed, np.clip(score - linked, 0, None), 0)
    i, j = linear_sum_assignment(gain, maximize=True)
    mask = np.zeros(score.shape, dtype=bool)
    mask[i, j] = gain[i, j] > 0
    return mask


def _is_certain(old, new, i, j, settings) -> np.ndarray:
    """Return True for the pairs in which no word has taken another's place."""
    sides = (old[[*settings.certain]].iloc[i], new[[*settings.certain]].iloc[j])
    rows = zip(*(side.fillna("").itertuples(index=False, name=None) for side in sides), strict=True)
    return np.array([
        all(same_words(a, b, settings.added) for a, b in zip(*texts, strict=True)) for texts in rows
    ], dtype=bool)  # fmt: skip


def _is_likely(score, allowed, settings) -> np.ndarray:
    """Return True where a pair is similar, and more so than either side to anything else."""
    rivals = np.where(allowed, score, 0)
    behind = score - np.maximum(_next_best(rivals), _next_best(rivals.T).T)
    return (score >= settings.likely) & (behind >= settings.margin)


def _next_best(score) -> np.ndarray:
    """Return, for each cell, the highest of the other cells in its row."""
    if score.shape[1] < 2:
        return np.zeros_like(score)
    order = np.sort(score, axis=1)
    best, second = order[:, -1:], order[:, -2:-1]
    return np.where(score == best, second, best)
