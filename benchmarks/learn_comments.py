"""Learns riskdata/comments/model.npz from the labelled comments in training/: make learn.

Logistic regression, one reason against the others. The verdicts are then
calibrated (multinomial logistic regression over their logarithms) on what models of the other
authors say of each author, weighted to the ordinary share of verdicts: a quarter unfinished.
"""

from collections import Counter
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression

from riskdata.comments import model, sentences
from riskdata.comments.model import REASONS, VERDICTS, Model, features
from riskdata.words.periods import period_key

TRAINING = Path(__file__).parents[1] / "training" / "comments.csv"
ORDINARY = {"finished": 0.55, "unfinished": 0.25, "cancelled": 0.04, "unknown": 0.16}
SETTINGS = {  # of the regression; the dual problem is four times faster here
    "C": 5.0,
    "solver": "liblinear",
    "dual": True,
    "tol": 0.01,
    "max_iter": 300,
    "random_state": 0,
}
LEAST = 3  # authors that have a feature
PARTS = 5  # of the authors, each left out in turn
NEWER = 3.0  # weight of authors whose comments have every reason and every report


def read_training(file: Path = TRAINING) -> pd.DataFrame:
    """Return the labelled comments that say something: period, status, comment, label, reason, writer."""
    rows = pd.read_csv(file, dtype="str", encoding="utf-8-sig").fillna("")
    return rows[rows.comment.str.contains(r"\w")].reset_index(drop=True)


def words_of(rows: pd.DataFrame) -> list[list[list[str]]]:
    """Return each comment's sentences as words, as they are read beside its mark."""
    ticked = rows.status.isin(["finished", "recurring"])
    ended = [period_key(period)[:2] for period in rows.period]
    read = map(sentences, rows.comment, ended, ticked)
    return [[sentence.words for sentence in comment] for comment in read]


def learn(comments: list[list[list[str]]], rows: pd.DataFrame) -> Model:
    """Return a model of comments (of sentences of words), without calibration.

    A feature counts where several authors have it: the others are what one of them writes about.
    """
    pairs = zip(comments, rows.writer, strict=True)
    by_author = {(f, author) for comment, author in pairs for s in comment for f in features(s)}
    authors = Counter(feature for feature, _ in by_author)
    names = sorted(name for name, number in authors.items() if number >= LEAST)
    names.sort(key=lambda name: name[0] == "~")
    found = model.join(model.find(chain.from_iterable(comments), names), map(len, comments))
    known = np.bincount([*chain.from_iterable(map(set, found))], minlength=len(names))
    idf = np.log((1 + len(comments)) / (1 + known)) + 1
    *pairs, weights = model.weigh(found, names, idf)
    places = np.array(pairs, "int32")  # liblinear takes no longer ones
    table = csr_array((weights, tuple(places)), (len(found), len(names)))
    weight = np.where(rows.writer.str.startswith("voice-"), NEWER, 1.0)
    fits = [
        LogisticRegression(**SETTINGS).fit(table, rows.reason == reason, weight)
        for reason in REASONS
    ]
    weights = np.vstack([fit.coef_[0] for fit in fits]).T
    intercept = np.array([fit.intercept_[0] for fit in fits])
    return Model(names, idf, weights, intercept, np.empty(0))


def left_out(rows: pd.DataFrame, comments: list[list[list[str]]], parts: int = PARTS) -> np.ndarray:
    """Return the ``summary`` of each comment by models that have not seen its author."""
    authors = {author: n % parts for n, author in enumerate(sorted(set(rows.writer)))}
    part = rows.writer.map(authors).to_numpy()
    found = np.zeros((len(rows), 3 * len(VERDICTS)))
    for n in range(parts):
        others, here = np.flatnonzero(part != n), np.flatnonzero(part == n)
        learnt = learn([comments[i] for i in others], rows.iloc[others])
        read = [comments[i] for i in here]
        lengths = [len(comment) for comment in read]
        found[here] = model.summary(*model.likely(learnt, read), lengths)
    return found


def calibrate(summaries: np.ndarray, labels: pd.Series) -> np.ndarray:
    """Return the weights (first the intercepts) that make summaries into calibrated verdicts."""
    share = labels.map(labels.value_counts(normalize=True))
    fit = LogisticRegression(C=1.0, max_iter=1000).fit(
        summaries, labels, labels.map(ORDINARY) / share
    )
    order = [list(fit.classes_).index(verdict) for verdict in VERDICTS]
    return np.vstack([fit.intercept_, fit.coef_.T])[:, order]


def save(made: Model, file: Path = model.FILE) -> None:
    """Write a model: weights as whole numbers of a 127th of the largest of their reason."""
    scale = np.abs(made.weights).max(axis=0) / 127
    np.savez_compressed(
        file,
        features=np.frombuffer("\n".join(made.features).encode(), "uint8"),
        idf=made.idf.astype("float16"),
        weights=np.round(made.weights / scale).astype("int8"),
        scale=scale,
        intercept=made.intercept,
        calibration=made.calibration,
    )


def main() -> None:
    """Write the model."""
    rows = read_training()
    comments = words_of(rows)
    calibration = calibrate(left_out(rows, comments), rows.label)
    save(learn(comments, rows)._replace(calibration=calibration))


if __name__ == "__main__":
    main()
