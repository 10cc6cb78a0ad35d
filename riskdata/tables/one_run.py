"""One cleaning at a time in a folder: a lock that the system lets go of, however the run ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from riskdata.errors import RiskdataError

_FAR = 2**20  # the byte that is locked on Windows, beyond the number that others are to read
_held: set[Path] = set()  # by this process: the system only keeps processes apart


@contextmanager
def one_run(folder: Path) -> Iterator[None]:
    """Keep a folder to this run; its file .lock holds the number of the process that runs.

    A run that was killed leaves nothing locked. Where a file system has no locks there are none.
    Raises RiskdataError when another run has the folder.
    """
    path = folder.resolve() / ".lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        if path in _held or not _lock(file):
            raise _taken(folder, path)
        _held.add(path)
        try:
            _write(file, str(os.getpid()))
            yield
        finally:
            _write(file, "")
            _held.discard(path)


def _lock(file: IO) -> bool:
    """Lock a file until it is closed or the process ends; return False when another one has it."""
    try:
        _lock_by_system(file)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # a file system without locks
        return True
    return True


def _lock_by_system(file: IO) -> None:
    try:
        import fcntl
    except ImportError:
        import msvcrt

        file.seek(_FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _write(file: IO, text: str) -> None:
    with suppress(OSError):  # a full disk: the lock holds all the same
        file.seek(0)
        file.truncate()
        file.write(text)
        file.flush()


def _taken(folder: Path, path: Path) -> RiskdataError:
    process = path.read_text("utf-8").strip()
    which = f" (process {process})" if process else ""
    return RiskdataError(
        f"{folder}: en annan körning{which} städar just nu dit. Vänta tills den är klar och kör igen."
    )
