"""Reads a file in a process of its own, so that one that kills its reader costs only its message.

The process is kept for the next file and started anew when it dies. Its memory is limited where
the system can (Linux; macOS mostly takes no notice, Windows has no such limit), its time
everywhere. It imports no pandas, so it starts in a fraction of a second.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from importlib import import_module
from pathlib import Path

from riskdata.errors import ReadError
from riskdata.readers import kinds
from riskdata.readers.grid import Grid, Merge, Title, finished
from riskdata.readers.limits import check_grids, damaged, refusal

try:
    import resource as _resource
except ImportError:  # Windows
    _resource = None

MEMORY_BYTES = 768 * 2**20
SECONDS = 60

_LOCK = threading.Lock()
_workers: dict[int, subprocess.Popen] = {}  # by the process that started it


def read_content(content: bytes, name: str) -> list[Grid]:
    """Return every grid of a file's content, read in this process: only where it is trusted.

    Raises ReadError as ``read_grids`` does.
    """
    try:
        reader = import_module(f"riskdata.readers.{kinds.find_reader(content, name)}")
        return [finished(grid) for grid in check_grids(reader.read(content, name), name)]
    except ReadError as fault:
        raise fault if str(fault).startswith(name) else ReadError(f"{name}: {fault}") from fault
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as fault:  # the libraries', of any kind: calamine's panic is no Exception
        raise damaged(name, fault) from fault


def read(content: bytes, name: str) -> list[Grid]:
    """Return every grid of a file's content, as ``read_content`` does, in the other process.

    Safe to call from threads (one file at a time) and from worker processes (each has its own).
    Raises ReadError as the readers do, and when the time or the memory was not enough.
    """
    with _LOCK:
        worker, begun = _worker(), time.monotonic()
        try:
            line = _ask(worker, content, name)
        except BaseException:  # an interrupt too: the next answer would belong to this file
            _end(worker)
            raise
    if not line.endswith(b"\n"):
        _end(worker)
        why = "late" if time.monotonic() - begun >= SECONDS else "dead"
        raise refusal(name, why, seconds=SECONDS, mega=MEMORY_BYTES // 2**20)
    answer = json.loads(line)
    if "problem" in answer:
        raise ReadError(answer["problem"])
    return [_grid(**fields) for fields in answer["grids"]]


def _worker() -> subprocess.Popen:
    """Return the process that reads; a new one if it is dead or not this process's own."""
    worker = _workers.get(os.getpid())
    if worker is None or worker.poll() is not None:
        paths = [str(Path(__file__).parents[2]), *filter(None, sys.path)]
        worker = _workers[os.getpid()] = subprocess.Popen(
            [sys.executable, "-P", "-m", "riskdata.readers.sandbox", str(MEMORY_BYTES)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    return worker


def _ask(worker: subprocess.Popen, content: bytes, name: str) -> bytes:
    """Return a process's answer about a file: a line, unless it died or was stopped."""
    timer = threading.Timer(SECONDS, worker.kill)
    timer.start()
    try:
        asked = json.dumps({"name": name, "size": len(content), "seconds": SECONDS})
        worker.stdin.write(asked.encode() + b"\n" + content)
        worker.stdin.flush()
        return worker.stdout.readline()
    except OSError:  # it died before it had read everything
        return b""
    finally:
        timer.cancel()


def _end(worker: subprocess.Popen) -> None:
    worker.kill()
    worker.communicate()


def _grid(merges: list, notes: list, hidden: list, titles: list, **fields) -> Grid:
    return Grid(
        **fields,
        merges=tuple(Merge(*merge) for merge in merges),
        notes=tuple(map(tuple, notes)),
        hidden=frozenset(hidden),
        titles=tuple(Title(*title) for title in titles),
    )


# -- what runs in the process ----------------------------------------------------------------


def serve(memory: int) -> None:
    """Read the files that come on standard input, one after the other, until it ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not come among the answers
    if _resource:
        with contextlib.suppress(ValueError, OSError):
            _resource.setrlimit(_resource.RLIMIT_AS, (memory, memory))
    while line := sys.stdin.buffer.readline():
        asked = json.loads(line)
        content = sys.stdin.buffer.read(asked["size"])
        if _resource:  # ends it even when nobody is left to do so
            signal.alarm(int(asked["seconds"]) + 5)
        answers.write(_answer(content, asked["name"]).encode() + b"\n")
        answers.flush()
        if _resource:
            signal.alarm(0)


def _answer(content: bytes, name: str) -> str:
    try:
        grids = [vars(grid) for grid in read_content(content, name)]
        return json.dumps({"grids": grids}, default=sorted)  # what is hidden is a set
    except ReadError as fault:
        return json.dumps({"problem": str(fault)})
    except MemoryError:
        os._exit(1)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
