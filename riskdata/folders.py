"""Where the project's folders are, from wherever in it a command or a notebook is run."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_MANUAL: ContextVar[Path | None] = ContextVar("manual", default=None)  # one that was asked for


def root() -> Path:
    """Return the nearest folder, from the current one upwards, that holds data/raw; else this one."""
    here = Path.cwd()
    return next((f for f in (here, *here.parents) if (f / "data/raw").is_dir()), here)


def raw() -> Path:
    """Return the folder of exports as received."""
    return root() / "data" / "raw"


def manual() -> Path:
    """Return the folder of what people decided."""
    return _MANUAL.get() or root() / "data/manual"


@contextmanager
def using(manual: Path) -> Iterator[None]:
    """Let another folder be that of what people decided, for as long as it lasts."""
    before = _MANUAL.set(manual)
    try:
        yield
    finally:
        _MANUAL.reset(before)


def clean() -> Path:
    """Return the folder of tidy tables."""
    return root() / "data" / "clean"


def reports() -> Path:
    """Return the folder of finished reports."""
    return root() / "reports"


def report(period: str, board: str | None) -> Path:
    """Return the folder of one period's and board's report; a board's name cannot lead out of it.

    >>> report("2025-VB", "../Socialnämnden/å").parts[-2:]
    ('2025-VB', 'Socialnämnden å')
    """
    safe = " ".join(re.sub(r'[<>:"/\\|?*\x00-\x1f]|\.\.', " ", board or "Alla nämnder").split())
    return reports() / re.sub(r"[^\w-]", "", period) / (safe.strip(" .") or "nämnd")
