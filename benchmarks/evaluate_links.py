"""Print how many links are right on labelled pairs of registers: make evaluate.

    python benchmarks/evaluate_links.py [FOLDER…]

A folder holds pairs of <board>-before.csv and <board>-after.csv; an equal `key` is the same risk.
Without folders: tests/evaluation/links and near/ (the settings were chosen on them) and heldout/ (not).
"""

import sys
from pathlib import Path

import pandas as pd

import riskdata.analysis.links as rl
from riskdata.tables.schema import frame

HERE = Path(__file__).parents[1] / "tests/evaluation/links"
BEFORE, AFTER = "2024-VB", "2025-VB"


def read(path, period):
    rows = pd.read_csv(path, dtype="str")
    rows = rows.assign(risk_id=[f"{period}-{n}" for n in rows.index], period=period)
    rows = rows.assign(board=path.name.rsplit("-", 1)[0])
    return frame("risks", rows), rows.set_index("risk_id").key


def judge(before_file, after_file):
    """Return the links of a pair of files with `right`, and how many links there should be."""
    before, old_key = read(before_file, BEFORE)
    after, new_key = read(after_file, AFTER)
    after = after.assign(board=before.board.iloc[0])
    links = rl.link_risks(pd.concat([before, after]), BEFORE, AFTER)
    key = links.risk_before.map(old_key)
    right = key.notna() & (key == links.risk_after.map(new_key))
    return links.assign(right=right), len(set(old_key.dropna()) & set(new_key.dropna()))


def interval(right, made):
    """Return a share with its 95 % interval (Wilson's)."""
    if not made:
        return "–"
    p, z = right / made, 1.96
    middle, half = p + z * z / 2 / made, z * (p * (1 - p) / made + (z / 2 / made) ** 2) ** 0.5
    low, high = ((middle + side * half) / (1 + z * z / made) for side in (-1, 1))
    return f"{p:.3f} ({low:.2f}–{high:.2f})"


def row(links, wanted=None):
    right, made = int(links.right.sum()), len(links)
    recall = f"  recall {interval(right, wanted)}" if wanted else ""
    return f"{made:6} links {right:5} right  precision {interval(right, made)}{recall}"


def report(folder):
    print(f"\n{folder}")
    judged, wanted = [], 0
    for after in sorted(folder.glob("*-after*.csv")):
        name = after.name.split("-after")[0]
        before = folder / f"{name}-before.csv"
        links, there = judge(before, after)
        print(f"  {after.stem:40}", row(links, there))
        judged.append(links)
        wanted += there
    if not judged:
        print("  (empty)")
        return
    every = pd.concat(judged)
    print(f"  {'all':40}", row(every, wanted))
    for certainty in rl.CERTAINTIES:
        print(f"  {'  ' + certainty:40}", row(every[every.certainty == certainty]))
    wrong = every[~every.right]
    print(f"  {len(wrong)} wrong, of which ask: {(wrong.certainty == 'ask').sum()}")


if __name__ == "__main__":
    for folder in [Path(name) for name in sys.argv[1:]] or [HERE, HERE / "near", HERE / "heldout"]:
        report(folder)
