"""Print how many links are right on labelled pairs of registers: make evaluate.

    python -m benchmarks.evaluate_links [FOLDER…]

A folder holds pairs of <board>-before.csv and <board>-after.csv; an equal `key` is the same risk.
Without folders: those of tests/evaluation/links, each by other authors than the program's. The settings
were chosen on all but heavy/, a third of whose links have hardly a word in common. It was scored once:
43 of 43 sure links were right, 0.80 linked, 0.91 linked or offered among the three likest, 2.0
questions for each link among them. Since then five are offered in the place of three, so that what is
printed of heavy/ is no longer of a set held out.
"""

import sys
from pathlib import Path

import pandas as pd

from riskdata.analysis.links import RISKS, link
from riskdata.tables.schema import frame

HERE = Path(__file__).parents[1] / "tests/evaluation/links"
FOLDERS = [HERE, HERE / "near", HERE / "reworded", HERE / "heavy"]
LINKED, SURE, ASKED = ["exact", "likely", "ask"], ["exact", "likely"], ["ask", "possible"]


def read(path: Path, period: str) -> tuple[pd.DataFrame, pd.Series]:
    """Return the risks of a file, and their keys by id."""
    rows = pd.read_csv(path, dtype="str")
    rows = rows.assign(risk_id=rows.index.astype("str"), period=period, board="Nämnden")
    return frame("risks", rows), rows.set_index("risk_id").key


def judge(before: Path, after: Path) -> tuple[pd.DataFrame, int]:
    """Return the pairs of two files, each with whether it is right, and how many there should be."""
    (old, old_key), (new, new_key) = read(before, "2024-VB"), read(after, "2025-VB")
    pairs = link(old, new, RISKS)
    key = pairs.risk_before.map(old_key)
    right = key.notna() & (key == pairs.risk_after.map(new_key))
    return pairs.assign(right=right), len(set(old_key.dropna()) & set(new_key.dropna()))


def interval(right: int, made: int) -> str:
    """Return a share with its 95 % interval (Wilson's)."""
    if not made:
        return "–"
    p, z = right / made, 1.96
    middle, half = p + z * z / 2 / made, z * (p * (1 - p) / made + (z / 2 / made) ** 2) ** 0.5
    low, high = ((middle + side * half) / (1 + z * z / made) for side in (-1, 1))
    return f"{p:.3f} ({low:.2f}–{high:.2f})"


def row(pairs: pd.DataFrame, wanted: int) -> str:
    """Return what is measured of the pairs of some registers."""
    of = {name: pairs[pairs.certainty.isin(kinds)].right for name, kinds in (
        ("sure", SURE), ("linked", LINKED), ("asked", ASKED), ("all", [*LINKED, "possible"]))}  # fmt: skip
    asked = of["asked"]
    return (
        f"sure {len(of['sure']):3}, right {interval(of['sure'].sum(), len(of['sure']))}; "
        f"found: linked {interval(of['linked'].sum(), wanted)}, "
        f"linked or offered {interval(of['all'].sum(), wanted)}; "
        f"asked {len(asked)}, {len(asked) / max(asked.sum(), 1):.2f} for each link among them"
    )


def report(folder: Path) -> None:
    """Print what is measured of each pair of files in a folder, and of all."""
    print(f"\n{folder}")
    judged, wanted = [], 0
    for after in sorted(folder.glob("*-after.csv")):
        pairs, there = judge(after.with_name(after.name.replace("-after", "-before")), after)
        print(f"  {after.stem.removesuffix('-after')} ({there} links): {row(pairs, there)}")
        judged.append(pairs)
        wanted += there
    every = pd.concat(judged)
    print(f"  all ({wanted} links): {row(every, wanted)}")
    for certainty, of in every.groupby("certainty"):
        print(f"    {certainty:9} {len(of):4}, right {interval(of.right.sum(), len(of))}")


if __name__ == "__main__":
    for folder in [Path(name) for name in sys.argv[1:]] or FOLDERS:
        report(folder)
