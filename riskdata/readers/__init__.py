"""One file → the grids in it. The reader is chosen by what the file holds, never by its name.

Text is read here; every other kind in a process of its own, so that a file that kills its reader
costs only its message. The process is kept for the next file and started anew when it dies. Its
memory is limited where the system can (Linux; macOS mostly takes no notice, Windows has no such
limit), its time everywhere. It imports no pandas, so it starts in a fraction of a second. No
``multiprocessing``: that would run an analyst's script once more, and a worker process may have no
children.
"""

import contextlib
import io
import json
import os
import pickle
import re
import signal
import subprocess
import sys
import threading
import time
import zipfile
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from riskdata.errors import ReadError
from riskdata.readers.grid import (
    FILE_BYTES,
    Grid,
    check_grids,
    damaged,
    finished,
    mega,
    refusal,
    refusals,
)
from riskdata.readers.text import part

try:
    import resource
except ImportError:  # Windows
    resource = None

MEMORY_BYTES = 768 * 2**20
SECONDS = 60
OBJECTS = ('{"', "[{", '["')  # how a cell begins that is written as JSON
LOOKED_UP, TYPES = ";#", ("float", "string", "datetime", "boolean")

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCK = threading.Lock()
_SERVE = "from riskdata.readers import serve; serve()"
_workers: dict[int, subprocess.Popen] = {}  # by the process that started it


def read_grids(path: Path) -> list[Grid]:
    """Return every grid of a file: cells as printed, with the rows' numbers.

    Raises ReadError when the file is missing, empty, damaged, too large, protected or of a kind
    that cannot be read.
    """
    return find_grids(read_bytes(path), path.name)


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes; ReadError when it is missing, empty or too large."""
    try:
        if (size := path.stat().st_size) > FILE_BYTES:
            raise refusal(path.name, "large", size=mega(size), most=mega(FILE_BYTES))
        content = path.read_bytes()
    except OSError as fault:
        raise refusal(path.name, "closed", why=fault.strerror) from fault
    if path.name.startswith("~$"):
        raise refusal(path.name, "lock")
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise refusal(path.name, "empty")
    return content


def find_grids(content: bytes, name: str) -> list[Grid]:
    """Return every grid of a file's content, as ``read_grids`` does."""
    is_text = find_reader(content, name) == "text"
    grids = read_content(content, name) if is_text else map(part, read_apart(content, name))
    return [
        replace(grid, rows=[[*map(without_ids, row)] for row in grid.rows])
        if any(LOOKED_UP in cell or cell[:2] in OBJECTS for row in grid.rows for cell in row) else grid
        for grid in grids
    ]  # fmt: skip


def without_ids(cell: str) -> str:
    """Return a cell without the ids and types that a SharePoint list writes beside what it shows.

    >>> without_ids("11;#Tuva Rask;#12;#Ivar Lönn"), without_ids("float;#6.0")
    ('Tuva Rask; Ivar Lönn', '6.0')
    >>> without_ids('{"Id": 2, "Value": "Pågår"}')
    'Pågår'
    """
    if cell[:2] in OBJECTS:
        with contextlib.suppress(ValueError):
            told = json.loads(cell)
            shown = [_shown(each) for each in (told if isinstance(told, list) else [told])]
            return "; ".join(shown) if all(shown) else cell
    if LOOKED_UP not in cell:
        return cell
    parts = [part for part in cell.split(LOOKED_UP) if part]
    shown = [part for part in parts if not part.isdigit() and part not in TYPES]
    return "; ".join(shown or parts[-1:])


def _shown(told: object) -> str:
    """Return what a person or a choice is shown as, of one written as an object; "" for any other."""
    names = (
        [told.get(key) for key in ("DisplayName", "Title", "Value")]
        if isinstance(told, dict)
        else [told]
    )
    return next((name for name in names if isinstance(name, str)), "")


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


# -- of which kind -------------------------------------------------------------------------------


def find_reader(content: bytes, name: str) -> str:
    """Return the name of the module that reads a file; the kinds are in refusals.toml.

    Raises ReadError, with what the file is and what to do, for a kind that none of them reads.
    """
    begin = content[:100].decode("latin-1")
    start = content[:100_000].replace(b"\0", b"").decode("latin-1")  # UTF-16 is as good as ASCII
    start = start.lstrip("\xef\xbb\xbf\xfe\xff \t\r\n")
    is_zip, is_ole = content.startswith(_ZIP), content.startswith(_OLE)
    parts, mimetype = _parts(content, name) if is_zip else ([], "")
    told_by = {
        "parts": parts.__contains__,
        "mimetypes": mimetype.startswith,
        "streams": lambda stream: is_ole and stream.encode("utf-16-le") in content,
        "early": lambda sign: sign.encode() in content[:1024],
        "starts": lambda sign: begin.startswith(sign) or start.startswith(sign),
        "pattern": lambda pattern: re.match(pattern, start, re.IGNORECASE | re.DOTALL),
    }
    for kind in refusals()["kinds"]:
        if any(is_told(sign) for key, is_told in told_by.items() for sign in kind.get(key, ())):
            if "reader" in kind:
                return kind["reader"]
            remedy = kind.get("remedy", "")
            remedy = refusals()["remedies"].get(remedy, remedy)
            key = kind.get("refusal", "not_read")
            raise refusal(name, key, what=kind.get("what"), remedy=remedy)
    if is_ole:
        raise damaged(name)
    return "text"


def _parts(content: bytes, name: str) -> tuple[list[str], str]:
    """Return the names of the parts of a zip file, and what kind of file it says that it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:  # the reader checks what it unpacks
            parts = archive.namelist()
            told = archive.open("mimetype").read(100) if "mimetype" in parts else b""
    except Exception as fault:  # whatever zipfile meets in a file that is none
        raise damaged(name, fault) from fault
    return parts, told.decode("ascii", "replace")


# -- the other process ---------------------------------------------------------------------------


def read_apart(content: bytes, name: str) -> list[Grid]:
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
            found = {"seconds": SECONDS, "mega": mega(MEMORY_BYTES)}
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
            [sys.executable, "-P", "-c", _SERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    return worker


def serve() -> None:
    """Read the files that come on standard input, one after the other, until it ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not come among the answers
    if resource:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    with contextlib.suppress(EOFError):
        while asked := pickle.load(sys.stdin.buffer):
            if resource:  # ends it even when nobody is left to do so
                signal.alarm(SECONDS + 5)
            try:
                answer = read_content(*asked)
            except ReadError as fault:
                answer = fault
            except MemoryError:
                os._exit(1)
            answers.write(pickle.dumps(answer))
            answers.flush()
            if resource:
                signal.alarm(0)
