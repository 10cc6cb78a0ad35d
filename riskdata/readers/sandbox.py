"""Reads a file in a process of its own, so that one that kills its reader costs only its message.

The process is kept for the next file and started anew when it dies. Its memory is limited where
the system can (Linux; macOS mostly takes no notice, Windows has no such limit), its time
everywhere. It imports no pandas, so it starts in a fraction of a second. No ``multiprocessing``:
that would run an analyst's script once more, and a worker process may have no children.
"""

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from importlib import import_module
from pathlib import Path

from riskdata.errors import ReadError
from riskdata.readers.grid import Grid, finished
from riskdata.readers.limits import check_grids, damaged, find_reader, refusal

try:
    import resource
except ImportError:  # Windows
    resource = None

MEMORY_BYTES = 768 * 2**20
SECONDS = 60

_LOCK = threading.Lock()
_workers: dict[int, subprocess.Popen] = {}  # by the process that started it


def read_content(content: bytes, name: str) -> list[Grid]:
    """Return every grid of a file's content, read in this process: only where it is trusted.

    Raises ReadError as ``read_grids`` does.
    """
    try:
        grids = import_module(f"riskdata.readers.{find_reader(content, name)}").read(content, name)
        check_grids(grids, name)
        return list(map(finished, grids))
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
        timer = threading.Timer(SECONDS, worker.kill)
        timer.start()
        try:
            pickle.dump((content, name), worker.stdin)
            worker.stdin.flush()
            answer = pickle.load(worker.stdout)
        except BaseException as fault:  # an interrupt too: the next answer would be this file's
            worker.kill()
            worker.communicate()
            if not isinstance(fault, (OSError, EOFError, pickle.UnpicklingError)):
                raise
            why = "late" if time.monotonic() - begun >= SECONDS else "dead"
            found = {"seconds": SECONDS, "mega": MEMORY_BYTES // 2**20}
            raise refusal(name, why, **found) from fault
        finally:
            timer.cancel()
    if isinstance(answer, ReadError):
        raise answer
    return answer


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


def serve(memory: int) -> None:
    """Read the files that come on standard input, one after the other, until it ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not come among the answers
    if resource:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with contextlib.suppress(EOFError):
        while asked := pickle.load(sys.stdin.buffer):
            if resource:  # ends it even when nobody is left to do so
                signal.alarm(SECONDS + 5)
            try:
                answer = read_content(*asked)
            except ReadError as fault:
                answer = ReadError(str(fault))
            except MemoryError:
                os._exit(1)
            answers.write(pickle.dumps(answer))
            answers.flush()
            if resource:
                signal.alarm(0)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
