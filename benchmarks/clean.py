"""Cleans a folder and prints how many seconds it took: python -m benchmarks.clean RAW CLEAN [WORKERS]

In a program of its own, as with a user: processes that it starts import what this file does, and
nothing else.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path


def main(raw: str, clean: str, workers: str = "") -> None:
    import riskdata as rd

    clean_folder = rd.clean_folder  # imported before the clock starts
    started = time.perf_counter()
    with ThreadPoolExecutor(int(workers)) if workers else nullcontext() as executor:
        clean_folder(Path(raw), Path("no-such-folder"), Path(clean), executor=executor)
    print(time.perf_counter() - started)


if __name__ == "__main__":
    main(*sys.argv[1:])
