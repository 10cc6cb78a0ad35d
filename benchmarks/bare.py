"""Executes notebooks two at a time and does nothing else: python -m benchmarks.bare NOTEBOOK…"""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError


async def execute(waiting: Iterator[Path]) -> None:
    """Execute each notebook where it lies; one that has no data for its question stops there."""
    for path in waiting:
        here = {"metadata": {"path": str(path.parent)}}
        with suppress(CellExecutionError):
            notebook = nbformat.read(path, as_version=4)
            await NotebookClient(notebook, kernel_name="python3", resources=here).async_execute()


async def main(paths: list[Path]) -> None:
    waiting = iter(paths)
    await asyncio.gather(execute(waiting), execute(waiting))


if __name__ == "__main__":
    asyncio.run(main([Path(path) for path in sys.argv[1:]]))
