"""Cleans a folder and asks the questions of all of it: ``python -m benchmarks.country RAW CLEAN``."""

import sys
from itertools import pairwise
from pathlib import Path

import riskdata as rd


def main(raw: Path, clean: Path) -> None:
    data = rd.clean_folder(raw, raw / "no-such-folder", clean)
    rd.unfinished(data.activities)
    registers = data.select(kind="register")
    for before, after in pairwise(registers.periods):
        boards = [set(registers.select(period=period).risks.board) for period in (before, after)]
        rd.compare(
            registers.risks[registers.risks.board.isin(set.intersection(*boards))], before, after
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
