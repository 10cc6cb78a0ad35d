"""Print how well comments are read, on authors left out and on comments never learnt from.

The sets in tests/evaluation were written by authors of their own and never looked at: only their
totals are known. Once somebody reads them to mend something they belong to training/, and new ones
must be written. Their labels say what the comment says; "by mark and comment" an open mark is
unfinished and a cancelled one cancelled by definition, and a tick beside a comment that says nothing
is finished. Precision is given at the share that is usual in a follow-up: a quarter unfinished.
In brackets: 95 % of 1,000 bootstrap samples.

Run from the project's folder: python -m benchmarks.evaluate_comments [sets only]
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import learn_comments
from riskdata.analysis.activities import ERROR, OVERRULE, by_status, judge
from riskdata.comments import model, read_comments
from riskdata.comments.model import VERDICTS
from riskdata.tables.schema import frame

FOLDER = Path(__file__).parents[1] / "tests" / "evaluation"
SETS = ("heldout", "ordinary", "hard", "autumn")
USUAL = 0.25  # of a follow-up's activities are unfinished
SURE = 0.9
WAYS = {"alone": "by comment alone", "both": "by mark and comment"}
SAMPLES = 1000


def judged(rows: pd.DataFrame) -> pd.DataFrame:
    """Return labelled rows with what is read in the comment alone, and with its mark."""
    columns = ["period", "status", "activity", "comment"]
    activities = frame("activities", rows[columns].replace("", pd.NA).to_dict("records"))
    activities["status"] = activities.status.astype("object").fillna("unknown")
    return with_mark(rows, activities, read_comments(activities))


def with_mark(rows: pd.DataFrame, activities: pd.DataFrame, read: pd.DataFrame) -> pd.DataFrame:
    """Return labelled rows with the verdicts, probability and labels by comment alone and by both."""
    mark = by_status(activities.status).set_axis(rows.index)
    by_mark = mark.where(mark.isin(["unfinished", "cancelled"]))
    silent = (mark == "finished") & (rows.label == "unknown")
    return rows.assign(
        alone=read.verdict.to_numpy(),
        both=judge(activities, read).verdict.to_numpy(),
        probability=read.probability.to_numpy(),
        mark=mark,
        truth_alone=rows.label,
        truth_both=by_mark.fillna(rows.label.mask(silent, "finished")),
    )


def left_out(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the training rows as models of the other authors read them."""
    summaries = learn_comments.left_out(rows, learn_comments.words_of(rows))
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


def precision(rows: pd.DataFrame, way: str) -> float:
    """Return the precision of "unfinished" where a quarter is."""
    called, labelled = rows[way] == "unfinished", rows[f"truth_{way}"] == "unfinished"
    right = called[labelled].mean() * USUAL
    return right / (right + called[~labelled].mean() * (1 - USUAL))


def recall(rows: pd.DataFrame, way: str) -> float:
    """Return the recall of "unfinished"."""
    return (rows[way] == "unfinished")[rows[f"truth_{way}"] == "unfinished"].mean()


def right_when_sure(rows: pd.DataFrame) -> float:
    """Return the share right of the verdicts, by comment alone, that are called sure."""
    sure = rows[rows.probability >= SURE]
    return (sure.alone == sure.label).mean()


def right_overruled(rows: pd.DataFrame, least: float) -> float:
    """Return the share of overruled ticks whose comment says that the thing is not done."""
    return overruled(rows, least).label.isin(["unfinished", "cancelled"]).mean()


def overruled(rows: pd.DataFrame, least: float) -> pd.DataFrame:
    """Return the ticked rows whose comment denies the tick with a probability of at least ``least``."""
    against = rows.alone.isin(["unfinished", "cancelled"]) & (rows.probability >= least)
    return rows[(rows.mark == "finished") & against]


def interval(rows: pd.DataFrame, figure: Callable[..., float], *given: object) -> str:
    """Return a figure with the interval of its bootstrap samples."""
    draw = np.random.default_rng(0)
    samples = [
        figure(rows.iloc[draw.integers(len(rows), size=len(rows))], *given) for _ in range(SAMPLES)
    ]
    low, high = np.nanquantile(samples, [0.025, 0.975])
    return f"{figure(rows, *given):.3f} [{low:.3f}, {high:.3f}]"


def report(name: str, rows: pd.DataFrame) -> str:
    """Return what is measured of one set, and who is taken for whom."""
    lines = [f"{name}: {len(rows)} comments, {(rows.mark == 'finished').sum()} ticked"]
    for way, words in WAYS.items():
        share = (rows[f"truth_{way}"] == "unfinished").mean()
        lines.append(
            f"  {words}: unfinished ({share:.0%}), precision {interval(rows, precision, way)}, "
            f"recall {interval(rows, recall, way)}"
        )
    sure = (rows.probability >= SURE).sum()
    lines.append(f"  called {SURE} sure or more: {sure}, right {interval(rows, right_when_sure)}")
    for least in (OVERRULE, ERROR):
        number = len(overruled(rows, least))
        right = f", right {interval(rows, right_overruled, least)}" if number else ""
        lines.append(f"  ticks overruled from {least} on: {number}{right}")
    table = pd.crosstab(rows.truth_both, rows.both)
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
