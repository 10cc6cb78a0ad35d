"""Print how well comments are read, on authors left out and on comments never learnt from.

The sets in tests/evaluation were written by authors of their own and never looked at: only their
totals are known. Once somebody reads them to mend something they belong to training/, and new ones
must be written. An open mark is unfinished by definition, so that "mark and comment" says what the
tables say. Precision is given at the share that is usual in a follow-up: a quarter unfinished.
In brackets: 95 % of 1,000 bootstrap samples.

Run from the project's folder: python -m benchmarks.evaluate_comments [sets only]
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import learn_comments
from riskdata.analysis.activities import ERROR, by_status, judge
from riskdata.comments import model
from riskdata.comments.model import VERDICTS
from riskdata.comments.reading import read_comments
from riskdata.tables.schema import frame

FOLDER = Path(__file__).parents[1] / "tests" / "evaluation"
SETS = ("heldout", "ordinary", "hard", "autumn")
USUAL = 0.25  # of a follow-up's activities are unfinished
SURE = 0.9
SAMPLES = 200


def judged(rows: pd.DataFrame) -> pd.DataFrame:
    """Return labelled rows with what is read in the comment alone, and with its mark."""
    columns = ["period", "status", "activity", "comment"]
    activities = frame("activities", rows[columns].replace("", pd.NA).to_dict("records"))
    activities["status"] = activities.status.astype("object").fillna("unknown")
    read = read_comments(activities)
    return with_mark(rows, activities, read)


def with_mark(rows: pd.DataFrame, activities: pd.DataFrame, read: pd.DataFrame) -> pd.DataFrame:
    """Return labelled rows with the verdict of the comment alone, of both, and the probability."""
    alone = judge(activities.assign(status="unknown"), read)
    both = judge(activities, read)
    return rows.assign(
        alone=alone.verdict.to_numpy(),
        both=both.verdict.to_numpy(),
        probability=read.probability.to_numpy(),
        read=read.verdict.to_numpy(),
        mark=by_status(activities.status).to_numpy(),
    )


def left_out(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the training rows as models of the other authors read them."""
    summaries = learn_comments.left_out(rows, learn_comments.sentences(rows))
    authors = {author: n % 2 for n, author in enumerate(sorted(set(rows.writer)))}
    half = rows.writer.map(authors).to_numpy()  # calibrated on the other half of the authors
    found = np.zeros((len(rows), len(VERDICTS)))
    for n in (0, 1):
        weights = learn_comments.calibrate(summaries[half != n], rows.label[half != n])
        found[half == n] = model.verdicts(summaries[half == n], weights)
    read = pd.DataFrame({"verdict": np.array(VERDICTS)[found.argmax(axis=1)]})
    read = read.assign(probability=found.max(axis=1), reason="comment_silent", evidence=None)
    activities = rows.assign(status=rows.status.replace("", "unknown"))
    return with_mark(rows, activities.reset_index(drop=True), read)


def precision(rows: pd.DataFrame, column: str) -> float:
    """Return the precision of "unfinished" where a quarter is."""
    called, labelled = rows[column] == "unfinished", rows.label == "unfinished"
    right = called[labelled].mean() * USUAL
    return right / (right + called[~labelled].mean() * (1 - USUAL))


def recall(rows: pd.DataFrame, column: str) -> float:
    """Return the recall of "unfinished"."""
    return (rows[column] == "unfinished")[rows.label == "unfinished"].mean()


def right_when_sure(rows: pd.DataFrame) -> float:
    """Return the share right of the verdicts, by comment alone, that are called sure."""
    sure = rows[rows.probability >= SURE]
    return (sure["read"] == sure.label).mean()


def right_errors(rows: pd.DataFrame) -> float:
    """Return the share of ticks overruled as errors that rightly are: the label is not finished."""
    errors = overruled(rows)
    return errors.label.isin(["unfinished", "cancelled"]).mean()


def overruled(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the ticked rows whose comment contradicts them surely enough for an error."""
    against = rows["read"].isin(["unfinished", "cancelled"]) & (rows.probability >= ERROR)
    return rows[(rows.mark == "finished") & against]


def interval(rows: pd.DataFrame, figure: Callable[..., float], *columns: str) -> str:
    """Return a figure with the interval of its bootstrap samples."""
    draw = np.random.default_rng(0)
    samples = [
        figure(rows.iloc[draw.integers(len(rows), size=len(rows))], *columns)
        for _ in range(SAMPLES)
    ]
    low, high = np.nanquantile(samples, [0.025, 0.975])
    return f"{figure(rows, *columns):.3f} [{low:.3f}, {high:.3f}]"


def report(name: str, rows: pd.DataFrame) -> str:
    """Return what is measured of one set, and who is taken for whom."""
    lines = [f"{name}: {len(rows)} comments, {(rows.label == 'unfinished').mean():.0%} unfinished"]
    for column, words in (("alone", "by comment alone"), ("both", "by mark and comment")):
        if (rows.label == "unfinished").any():
            lines.append(
                f"  {words}: unfinished, precision {interval(rows, precision, column)}, "
                f"recall {interval(rows, recall, column)}"
            )
        lines.append(
            f"  {words}: {(rows[column] == 'unfinished').sum()} called unfinished, of which "
            f"{((rows[column] == 'unfinished') & (rows.label != 'unfinished')).sum()} wrongly"
        )
    sure, errors = rows[rows.probability >= SURE], overruled(rows)
    lines.append(
        f"  called {SURE} sure or more: {len(sure)}, right {interval(rows, right_when_sure)}"
    )
    lines.append(
        f"  ticks overruled as errors: {len(errors)}"
        + (f", right {interval(rows, right_errors)}" if len(errors) else "")
    )
    table = pd.crosstab(rows.label, rows.both)
    return "\n".join([*lines, table.to_string(), ""])


def main() -> None:
    """Print the report of each set, and of the training comments as others taught to read them."""
    for name in SETS:
        file = FOLDER / f"comments_{name}.csv"
        rows = pd.read_csv(file, dtype="str", encoding="utf-8-sig").fillna("")
        print(report(name, judged(rows)))
    if "sets" not in sys.argv:
        rows = learn_comments.read_training()
        found = left_out(rows)
        print(report("authors left out", found))
        print(report("authors left out, the newer", found[found.writer.str.startswith("voice-")]))


if __name__ == "__main__":
    main()
