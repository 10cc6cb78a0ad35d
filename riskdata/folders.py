"""Where the project's folders are, from wherever in it a command or a notebook is run."""

from pathlib import Path


def root() -> Path:
    """Return the nearest folder, from the current one upwards, that holds data/raw; else this one."""
    here = Path.cwd()
    return next((f for f in (here, *here.parents) if (f / "data" / "raw").is_dir()), here)


def raw() -> Path:
    """Return the folder of exports as received."""
    return root() / "data" / "raw"


def manual() -> Path:
    """Return the folder of what people decided."""
    return root() / "data" / "manual"


def clean() -> Path:
    """Return the folder of tidy tables."""
    return root() / "data" / "clean"


def reports() -> Path:
    """Return the folder of finished reports."""
    return root() / "reports"
