"""The public face: what `import riskdata as rd` offers, in Python, in help and in an editor."""

import subprocess
import sys

import riskdata as rd


def test_every_public_name_is_there_with_a_docstring():
    """Each name loads, and says what it is."""
    assert all(getattr(rd, name).__doc__ for name in rd.__all__)


def test_help_tells_every_public_name_in_its_group():
    """What help(rd) says first names them all."""
    said = set(rd.__doc__.replace(",", " ").split())
    assert set(rd.__all__) <= said


def test_few_enough_to_learn():
    """About thirty names: each one more is one more to look through."""
    assert len(rd.__all__) <= 41


def test_importing_loads_nothing_heavy():
    """`import riskdata` starts at once: pandas comes when a table is asked for."""
    code = "import riskdata, sys; print('pandas' in sys.modules, 'matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
