"""What a notebook is told while something is done: how far it has come, and what to know of it."""

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


def tell(sentence: str) -> None:
    """Show a sentence in a notebook, beside what its cell shows."""
    from html import escape

    from IPython.display import HTML, display

    display(HTML(f"<p><strong>{escape(sentence)}</strong></p>"))


def in_notebook() -> bool:
    """Return whether the code runs in a notebook."""
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    return getattr(get_ipython(), "kernel", None) is not None


def _line():
    """Return a display that can be written over, or None where there is no notebook."""
    if not in_notebook():
        return None
    from IPython.display import display

    return display({"text/plain": ""}, raw=True, display_id=True)
