"""Print how well comments are read: precision and recall for unfinished, and who is taken for whom.

The weights are learnt from dev (``make learn``), so that its figures say what has been learnt. The
third part learns anew from five sixths of their writers and reads the other sixth, in turn. The held
out comments, by two writers of their own, were never looked at: only their totals are
known, so they tell what to expect of other comments. Once somebody reads them to mend a rule they
belong to dev, and new ones must be written.

Run from the project's folder: python -m benchmarks.evaluate_comments
"""

from pathlib import Path

import pandas as pd

from benchmarks.learn_comments import learn
from riskdata.analysis.activities import unfinished
from riskdata.comments.reading import features_of
from riskdata.comments.weights import VERDICTS, weigh
from riskdata.tables.schema import frame

FOLDER = Path(__file__).parents[1] / "tests" / "evaluation"
PARTS = 6
SETS = {"dev": "comments_dev.csv", "held out": "comments_heldout.csv"}


def judged(path: Path) -> pd.DataFrame:
    """Return a labelled set with what is found from the comment alone, and with its mark."""
    rows = pd.read_csv(path, dtype="str", encoding="utf-8-sig")
    activities = frame("activities", rows[["period", "status", "activity", "comment"]])
    activities["status"] = activities.status.fillna("unknown")
    alone = unfinished(activities.assign(status="unknown")).verdict
    return rows.assign(alone=alone, with_mark=unfinished(activities).verdict)


def left_out(rows: pd.DataFrame) -> pd.DataFrame:
    """Return labelled rows with what is found in each by weights learnt from other writers."""
    rows = rows[rows.writer != "rules"].fillna({"comment": ""})  # on these the rules were mended
    part = rows.writer.map({w: n % PARTS for n, w in enumerate(sorted(rows.writer.unique()))})
    found = []
    for n in range(PARTS):
        weights, here = learn(rows[part != n]), rows[part == n]
        texts = zip(here.comment, here.period, strict=True)
        verdicts = [next(iter(weigh(features_of(c, p), weights))) for c, p in texts]
        found.append(here.assign(alone=verdicts))
    return pd.concat(found)


def report(rows: pd.DataFrame, column: str) -> str:
    """Return precision, recall and the confusion table of one column."""
    found, labelled = rows[column] == "unfinished", rows.label == "unfinished"
    right = (found & labelled).sum()
    table = pd.crosstab(rows.label, rows[column]).reindex(VERDICTS, columns=VERDICTS, fill_value=0)
    return (
        f"{len(rows)} comments, unfinished: precision {right / found.sum():.3f}, "
        f"recall {right / labelled.sum():.3f}\n{table.to_string()}\n"
    )


def main() -> None:
    """Print the reports of both sets, and of dev by what other writers taught."""
    for name, file in SETS.items():
        rows = judged(FOLDER / file)
        for column in ("alone", "with_mark"):
            print(f"{name}, {column}: {report(rows, column)}")
    learnt = left_out(judged(FOLDER / SETS["dev"]))
    print(f"dev, by weights of other writers: {report(learnt, 'alone')}")


if __name__ == "__main__":
    main()
