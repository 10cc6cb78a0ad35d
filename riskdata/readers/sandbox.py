"""Reads a file in a process of its own, so that one that kills its reader costs only its message.

The process is kept for the next file and started anew when it dies. Its memory is limited where
the system can (Linux; macOS mostly takes no notice, Windows has no such limit), its time
everywhere. It imports no pandas, so it starts in a fraction of a second.

A process that was started to read many files, and that others can do without, may be one itself
(``become_one``): it then reads each file under the same limits, and dies of what kills its reader.
"""

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from riskdata.errors import ReadError
from riskdata.readers import kinds
from riskdata.readers.grid import Grid, Merge, Title, without_signs
from riskdata.readers.limits import check_grids, damaged

try:
    import resource as _resource
except ImportError:  # Windows
    _resource = None

MEMORY_BYTES = 768 * 2**20
SECONDS = 60


def read_content(content: bytes, name: str) -> list[Grid]:
    """Return every grid of a file's content, read in this process: only where it is trusted.

    Raises ReadError as ``read_grids`` does.
    """
    try:
        reader = import_module(f"riskdata.readers.{kinds.find_reader(content, name)}")
        return [without_signs(grid) for grid in check_grids(reader.read(content, name), name)]
    except ReadError as fault:
        raise fault if str(fault).startswith(name) else ReadError(f"{name}: {fault}") from fault
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as fault:  # the libraries', of any kind: calamine's panic is no Exception
        raise damaged(name, f"{type(fault).__name__}: {fault}") from fault


def read(content: bytes, name: str) -> list[Grid]:
    """Return every grid of a file's content, as ``read_content`` does, in the other process.

    Safe to call from threads (one file at a time) and from worker processes (each has its own).
    Raises ReadError as the readers do, and when the time or the memory was not enough.
    """
    if _is_one:
        return _read_here(content, name)
    with _LOCK:
        worker = _worker()
        try:
            answer = worker.ask(content, name)
        except BaseException:  # an interrupt too: the next answer would belong to this file
            worker.stop()
            raise
    if answer is None:
        raise worker.death(name)
    if "problem" in answer:
        raise ReadError(answer["problem"])
    return [_grid(parts) for parts in answer["grids"]]


def become_one() -> None:
    """Make this process one that reads files itself, if the system can stop it when it must."""
    global _is_one
    _is_one = _resource is not None
    if _is_one:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)  # whatever a library prints is nothing to the user
        os.dup2(nowhere, 2)


_is_one = False


def _read_here(content: bytes, name: str) -> list[Grid]:
    signal.alarm(SECONDS)  # ends the process
    try:
        with _limited():
            return read_content(content, name)
    except MemoryError:
        os._exit(1)
    finally:
        signal.alarm(0)


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    """Limit how much memory the process takes in the meantime, where the system tells what it has."""
    try:
        has = int(Path("/proc/self/statm").read_text().split()[0]) * _resource.getpagesize()
    except OSError:
        yield
        return
    before = _resource.getrlimit(_resource.RLIMIT_AS)
    _limit(has + MEMORY_BYTES, before[1])
    try:
        yield
    finally:
        _resource.setrlimit(_resource.RLIMIT_AS, before)


class _Worker:
    """The reading process, and how to ask it."""

    def __init__(self) -> None:
        paths = [str(Path(__file__).parents[2]), *filter(None, sys.path)]
        self.owner = os.getpid()
        self.late = False
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "riskdata.readers.sandbox", str(MEMORY_BYTES)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    def ask(self, content: bytes, name: str) -> dict | None:
        """Return the process's answer about a file; None when it died or was stopped."""
        timer = threading.Timer(SECONDS, self._give_up)
        timer.start()
        try:
            head = json.dumps({"name": name, "size": len(content), "seconds": SECONDS})
            self.process.stdin.write(head.encode() + b"\n" + content)
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except OSError:  # it died before it had read everything
            line = b""
        finally:
            timer.cancel()
        if not line.endswith(b"\n"):
            self.stop()
            return None
        return json.loads(line)

    def death(self, name: str) -> ReadError:
        """Return the error for a file during which the process died."""
        why = (
            f"läsningen tog mer än {SECONDS} sekunder"
            if self.late
            else f"minnet räckte inte ({MEMORY_BYTES // 2**20} MB får användas) eller läsaren brast"
        )
        return ReadError(
            f"{name}: filen gick inte att läsa: {why}. Den är skadad eller mycket större än en "
            "export. Öppna den i sitt program, spara tabellen ensam i en ny fil och kör igen."
        )

    def stop(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()

    def _give_up(self) -> None:
        self.late = True
        self.process.kill()


_LOCK = threading.Lock()
_workers: list[_Worker] = []


def _worker() -> _Worker:
    """Return the process that reads; a new one if it is dead or not this process's own."""
    if not _workers or _workers[0].owner != os.getpid() or _workers[0].process.poll() is not None:
        _workers[:] = [_Worker()]
    return _workers[0]


@atexit.register
def _stop() -> None:
    if _workers and _workers[0].owner == os.getpid():
        _workers[0].stop()


def _grid(parts: dict) -> Grid:
    return Grid(
        parts["rows"],
        parts["numbers"],
        parts["name"],
        tuple(Merge(**merge) for merge in parts["merges"]),
        tuple(map(tuple, parts["notes"])),
        frozenset(parts["hidden"]),
        tuple(Title(*title) for title in parts["titles"]),
    )


def _parts(grid: Grid) -> dict:
    kept = {name: getattr(grid, name) for name in ("rows", "numbers", "name", "notes", "titles")}
    return kept | {"merges": [vars(m) for m in grid.merges], "hidden": sorted(grid.hidden)}


# -- what runs in the process ----------------------------------------------------------------


def serve(memory: int) -> None:
    """Read the files that come on standard input, one after the other, until it ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not come among the answers
    if _resource:
        _limit(memory, memory)
    while head := sys.stdin.buffer.readline():
        asked = json.loads(head)
        content = sys.stdin.buffer.read(asked["size"])
        if hasattr(signal, "alarm"):  # ends it even when nobody is left to do so
            signal.alarm(int(asked["seconds"]) + 5)
        answers.write(json.dumps(_answer(content, asked["name"])).encode() + b"\n")
        answers.flush()
        if hasattr(signal, "alarm"):
            signal.alarm(0)


def _limit(memory: int, most: int) -> None:
    with contextlib.suppress(ValueError, OSError):
        _resource.setrlimit(_resource.RLIMIT_AS, (memory, most))


def _answer(content: bytes, name: str) -> dict:
    try:
        return {"grids": [_parts(grid) for grid in read_content(content, name)]}
    except ReadError as fault:
        return {"problem": str(fault)}
    except MemoryError:
        os._exit(1)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
