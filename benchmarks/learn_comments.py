"""Learns the weights of riskdata/comment_weights.csv from the labelled comments: make learn.

Logistic regression, one verdict against the others, over the features of riskdata.comments.features;
those that stand in few comments, or weigh little in all of them, are left out. The rules were
mended on the rows whose writer is ``rules`` and would seem better there than they are, so that only
the words and tags of those count.
"""

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import normalize

from riskdata.comments.reading import features_of
from riskdata.comments.weights import BIAS, VERDICTS

ROOT = Path(__file__).parents[1]
DEV = ROOT / "tests" / "evaluation" / "comments_dev.csv"
WEIGHTS = ROOT / "riskdata" / "comment_weights.csv"
STRICTNESS = 40.0  # C of the regression, chosen by leaving out one writer at a time
LEAST = 3  # comments that a feature stands in
MOST = 30_000  # features; with all of them the verdicts are no better


def learn(rows: pd.DataFrame) -> dict[str, list[float]]:
    """Return feature → weights, learnt from rows of comment, period, writer and label."""
    found = [_features(*row) for row in rows[["comment", "period", "writer"]].to_numpy()]
    counts = Counter(feature for features in found for feature in features)
    names = sorted(feature for feature, count in counts.items() if count >= LEAST)
    weights, _ = _fit(found, names, rows.label)
    matter = np.abs(weights).max(axis=1) * np.sqrt([counts[name] for name in names])
    kept = sorted(names[n] for n in np.argsort(-matter)[:MOST])
    weights, bias = _fit(found, kept, rows.label)
    return {BIAS: bias} | dict(zip(kept, weights.tolist(), strict=True))


def _features(comment: str, period: str, writer: str) -> set[str]:
    found = features_of(comment, period)
    return {name for name in found if name[0] not in "rR"} if writer == "rules" else found


def _fit(found: list[set[str]], names: list[str], labels: pd.Series) -> tuple[np.ndarray, list]:
    """Return the weights (one row per name, one column per verdict) and what a verdict begins with."""
    place = {name: n for n, name in enumerate(names)}
    columns = [sorted(place[f] for f in features if f in place) for features in found]
    ends = np.cumsum([0, *map(len, columns)])
    table = csr_matrix((np.ones(ends[-1]), np.concatenate(columns), ends), (len(found), len(names)))
    model = LogisticRegression(C=STRICTNESS, solver="liblinear", tol=1e-3, random_state=0)
    made = OneVsRestClassifier(model).fit(normalize(table), labels)
    of = dict(zip(made.classes_, made.estimators_, strict=True))
    bias = [float(of[verdict].intercept_[0]) for verdict in VERDICTS]
    return np.vstack([of[verdict].coef_[0] for verdict in VERDICTS]).T, bias


def main() -> None:
    """Write the weights."""
    rows = pd.read_csv(DEV, dtype="str", encoding="utf-8-sig").fillna({"comment": ""})
    weights = learn(rows)
    with WEIGHTS.open("w", encoding="utf-8", newline="") as file:
        made = csv.writer(file, lineterminator="\n")
        made.writerows([name, *(f"{w:.2f}" for w in of)] for name, of in weights.items())


if __name__ == "__main__":
    main()
