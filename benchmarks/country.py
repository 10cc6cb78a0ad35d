"""Cleans a folder and asks the questions of all of it: ``python -m benchmarks.country RAW CLEAN``."""

import sys
from itertools import pairwise
from pathlib import Path

import riskdata as rd


def main(raw: Path, clean: Path) -> None:
    data = rd.clean_folder(raw, raw / "no-such-folder", clean)
    rd.unfinished(data.activities)
    for before, after in pairwise(p for p in data.periods if p.endswith("VB")):
        rd.compare(data.risks, before, after)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
