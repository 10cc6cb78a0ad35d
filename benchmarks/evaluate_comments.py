"""Print how well comments are read: precision and recall for unfinished, and who is taken for whom.

The rules were written and mended on dev (284 comments, then 239 that were held out at first, then
150 more), so that its figures say what the rules have learnt. The 150 held out were never looked
at: of them only the totals are known, so they tell what to expect of other comments. Once somebody
reads them to mend a rule they belong to dev, and new ones must be written.

Run from the project's folder: python benchmarks/evaluate_comments.py
"""

from pathlib import Path

import pandas as pd

from riskdata.analysis import unfinished
from riskdata.comments import VERDICTS
from riskdata.schema import frame

FOLDER = Path(__file__).parents[1] / "tests" / "evaluation"
SETS = {"dev": "comments_dev.csv", "held out": "comments_heldout.csv"}


def judged(path: Path) -> pd.DataFrame:
    """Return a labelled set with what is found from the comment alone, and with its mark."""
    rows = pd.read_csv(path, dtype="str", encoding="utf-8-sig")
    activities = frame("activities", rows[["period", "status", "activity", "comment"]])
    activities["status"] = activities.status.fillna("unknown")
    alone = unfinished(activities.assign(status="unknown")).verdict
    return rows.assign(alone=alone, with_mark=unfinished(activities).verdict)


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
    """Print the reports of both sets."""
    for name, file in SETS.items():
        rows = judged(FOLDER / file)
        for column in ("alone", "with_mark"):
            print(f"{name}, {column}: {report(rows, column)}")


if __name__ == "__main__":
    main()
