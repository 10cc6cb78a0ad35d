"""Shows how far something has come while it is done: in a notebook, a line that then goes away."""

from collections.abc import Iterable, Iterator, Sized


def progress(items: Iterable, *, label: str = "Städar") -> Iterator:
    """Yield the items one by one, saying how many are done; outside a notebook nothing is shown.

    >>> list(progress(["2024-VB", "2025-VB"]))
    ['2024-VB', '2025-VB']
    """
    total = len(items) if isinstance(items, Sized) else None
    line = _line()
    for done, item in enumerate(items, 1):
        yield item
        if line:
            line.update({"text/plain": f"{label}: {done} av {total or '?'}"}, raw=True)
    if line:
        line.update({"text/plain": ""}, raw=True)


def _line():
    """Return a display that can be written over, or None where there is no notebook."""
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        return None
    shell = get_ipython()
    if shell is None or not getattr(shell, "kernel", None):
        return None
    return display({"text/plain": ""}, raw=True, display_id=True)
