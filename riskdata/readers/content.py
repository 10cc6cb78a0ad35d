"""A file's content → the grids in it, by whichever reader it is for, in this very process."""

from importlib import import_module

from riskdata.errors import ReadError
from riskdata.readers import kinds
from riskdata.readers.faults import damaged
from riskdata.readers.grid import Grid
from riskdata.readers.limits import check_grids


def read_content(content: bytes, name: str) -> list[Grid]:
    """Return every grid of a file's content, read in this process: only where it is trusted.

    Raises ReadError as ``read_grids`` does.
    """
    try:
        reader = import_module(f"riskdata.readers.{kinds.find_reader(content, name)}")
        return check_grids(reader.read(content, name), name)
    except ReadError as fault:
        raise fault if str(fault).startswith(name) else ReadError(f"{name}: {fault}") from fault
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as fault:  # the libraries', of any kind: calamine's panic is no Exception
        raise damaged(name, f"{type(fault).__name__}: {fault}") from fault
