"""Which rows of two tables belong together, by their texts."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskdata.analysis.decisions import place
from riskdata.analysis.similarity import alike


@dataclass(frozen=True)
class Settings:
    """What a pair is judged by; every number is a similarity, 0 to 1.

    weights: how much each text counts; ``text`` is all of them together, which finds words that
        have moved between columns. A text that is missing on either side does not count.
    key: the texts that must be equal for an exact link; the first two must be printed.
    linked, likely: from where a pair is linked, and from where it needs no question.
    own: how alike the first text of the key must be, or else it is a question: a process and a
        way of working that are kept word for word say nothing of a new event under them.
    margin: how far the next best pair must be behind, or else it is a question.
    """

    weights: dict[str, float]
    key: tuple[str, ...]
    linked: float = 0.36
    likely: float = 0.5
    own: float = 0.2
    margin: float = 0.05


def match(
    old: pd.DataFrame, new: pd.DataFrame, settings: Settings, decisions: pd.DataFrame | None
) -> pd.DataFrame:
    """Return which row of one table is which of another, board by board, one to one.

    Parameters
    ----------
    old, new : id, board, period, printed, short (see ``decisions.place``) and the normalised
        texts that ``settings.weights`` names, ``process`` among them.
    settings : what a pair is judged by.
    decisions : as from ``read_decisions``, or None.

    Returns
    -------
    DataFrame with board, id_before, id_after, similarity, similarity_<text> and certainty.
    """
    decided = place(decisions, old, new)
    of_old, of_new = (rows.groupby("board").indices for rows in (old, new))
    boards = sorted(of_old.keys() & of_new.keys())
    pairs = [(of_old[board], len(old) + of_new[board]) for board in boards]
    both = pd.concat([old, new], ignore_index=True)
    groups = {settings.key[0]: _siblings(both, np.arange(len(both)) >= len(old))}
    parts = zip(*(alike(both[n], pairs, groups.get(n)) for n in settings.weights), strict=True)
    lists = {name: both[name].to_numpy(object) for name in ("id", "process")}
    lists["key"] = both[list(settings.key)].fillna("").to_numpy(object)
    found = []
    for board, pair, likeness in zip(boards, pairs, parts, strict=True):
        here, there = ({name: values[rows] for name, values in lists.items()} for rows in pair)
        mine = decided[decided.board == board]
        of_board = dict(zip(settings.weights, likeness, strict=True))
        found.append({"board": board, **_link_board(here, there, of_board, settings, mine)})
    return _table(found, settings)


def _link_board(old, new, parts, settings, decided) -> dict[str, np.ndarray]:
    """Return the links of one board: a person's, the exact, and what is best for the rest.

    old, new : id, process and key (the texts of ``settings.key``, "" where missing) of each row.
    """
    person, forbidden = (
        _mask(old["id"], new["id"], decided, word) for word in ("same", "different")
    )
    exact = _exact(old["key"], new["key"]) & ~forbidden & ~_touched(person)
    fixed = person | exact
    open_ = ~_touched(fixed) & ~forbidden
    score = _score(parts, settings.weights)
    linked = fixed | _assign(score, open_, settings.linked)
    # A process that has been renamed: the other risks under it tell what it is called now.
    process = np.fmax(parts["process"], _support(old["process"], new["process"], linked))
    process[np.isnan(parts["process"])] = np.nan
    score = _score({**parts, "process": process}, settings.weights)
    linked = fixed | _assign(score, open_, settings.linked)
    i, j = np.nonzero(linked)
    certain = _is_likely(score, parts[settings.key[0]], open_, settings)
    kind = np.select([person, exact, certain], ["person", "exact", "likely"], "ask")
    return {
        "id_before": old["id"][i],
        "id_after": new["id"][j],
        "similarity": score[i, j].round(3),
        **{f"similarity_{name}": part[i, j].round(3) for name, part in parts.items()},
        "certainty": kind[i, j],
    }


def _table(found: list[dict], settings) -> pd.DataFrame:
    """Return the links of all boards, each given by its columns."""
    numbers = ["similarity", *(f"similarity_{name}" for name in settings.weights)]
    types = {"board": "str", "id_before": "str", "id_after": "str"}
    types |= dict.fromkeys(numbers, "float64") | {"certainty": "str"}
    sizes = [len(links["id_before"]) for links in found]
    columns = {"board": np.repeat([links["board"] for links in found], sizes)}
    columns |= {n: np.concatenate([links[n] for links in found] or [[]]) for n in [*types][1:]}
    return pd.DataFrame({name: pd.Series(columns[name], dtype=types[name]) for name in types})


def _siblings(rows, is_new) -> np.ndarray:
    """Return a number for each row: the same under one process of one board on one side."""
    number = rows.groupby(["board", is_new, "process"]).ngroup()  # -1 where there is no process
    return number.to_numpy()


def _mask(old, new, decided, word) -> np.ndarray:
    """Return True where a person has decided so of the pair."""
    mask = np.zeros((len(old), len(new)), dtype=bool)
    if decided.empty:
        return mask
    for row in decided[decided.decision == word].itertuples():
        mask |= np.outer(old == row.id_before, new == row.id_after)
    return mask


def _touched(pairs) -> np.ndarray:
    """Return True for every pair of a risk that is in one of the pairs."""
    return pairs.any(axis=1)[:, None] | pairs.any(axis=0)[None, :]


def _exact(old, new) -> np.ndarray:
    """Return True for pairs whose key is equal and stands once on each side.

    A column that one of the sides prints nowhere on the board is no part of the key.
    """
    mask = np.zeros((len(old), len(new)), dtype=bool)
    printed = (old != "").any(axis=0) & (new != "").any(axis=0)
    if not printed[:2].all():
        return mask
    here, there = (_once(map(tuple, rows[:, printed])) for rows in (old, new))
    both = sorted(here.keys() & there.keys())
    mask[[here[text] for text in both], [there[text] for text in both]] = True
    return mask


def _once(keys) -> dict:
    """Return the keys that stand there once, with the row of each; the first two are printed."""
    keys = list(keys)
    counted = Counter(keys)
    return {key: n for n, key in enumerate(keys) if counted[key] == 1 and key[0] and key[1]}


def _score(parts, weights) -> np.ndarray:
    """Return the weighted similarity of each pair over the texts that both sides print.

    The square root is taken because little is already much: two events that share a fifth of
    their pieces are seldom different risks.
    """
    total = sum(np.nan_to_num(np.sqrt(parts[name])) * weight for name, weight in weights.items())
    counted = sum(~np.isnan(parts[name]) * weight for name, weight in weights.items())
    score = np.divide(total, counted, out=np.zeros_like(total), where=counted > 0)
    return score.round(6)  # so that the order in which numbers are summed decides nothing


def _assign(score, allowed, linked) -> np.ndarray:
    """Return True for the pairs, one to one, that together gain most over being unlinked."""
    from scipy.optimize import linear_sum_assignment

    gain = np.where(allowed, np.clip(score - linked, 0, None), 0)
    i, j = linear_sum_assignment(gain, maximize=True)
    mask = np.zeros(score.shape, dtype=bool)
    mask[i, j] = gain[i, j] > 0
    return mask


def _support(old, new, linked) -> np.ndarray:
    """Return how far the links of the other risks in two processes run between those two.

    The pair's own links are left out, so that no link speaks for itself; one is added to the
    number of links, so that one alone is not certainty.
    """
    a, b = (pd.factorize(processes)[0] for processes in (old, new))
    between = np.zeros((a.max() + 2, b.max() + 2))  # the last of each is: no process
    i, j = np.nonzero(linked)
    np.add.at(between, (a[i], b[j]), 1)
    shared = between[a][:, b]
    of_i, of_j = np.full(len(a), -2), np.full(len(b), -2)
    of_i[i], of_j[j] = b[j], a[i]
    agree = shared - (of_i[:, None] == b) - (of_j == a[:, None]) + linked
    every = between.sum(axis=1)[a][:, None] + between.sum(axis=0)[b] - shared
    every = every - (of_i > -2)[:, None] - (of_j > -2) + linked
    return agree / (every + 1)


def _is_likely(score, own, allowed, settings) -> np.ndarray:
    """Return True where a link would need no question."""
    rivals = np.where(allowed, score, 0)
    rows, columns = _next_best(rivals), _next_best(rivals.T).T
    behind = score - np.maximum(rows, columns) >= settings.margin
    return (score >= settings.likely) & (np.nan_to_num(own) >= settings.own) & behind


def _next_best(score) -> np.ndarray:
    """Return, for each cell, the highest of the other cells in its row."""
    if score.shape[1] < 2:
        return np.zeros_like(score)
    order = np.sort(score, axis=1)
    best, second = order[:, -1:], order[:, -2:-1]
    return np.where(score == best, second, best)
