"""For every test and example: the words of the sample's municipality are not those of the tests."""

from pathlib import Path

import pytest

from riskdata import folders

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def only_shipped_words(monkeypatch, tmp_path_factory):
    """Let data/manual be empty where a test works in the project itself, not in a folder of its own."""
    real, empty = folders.manual, tmp_path_factory.getbasetemp() / "no-manual"

    def manual() -> Path:
        asked = folders._MANUAL.get()
        return empty if asked is None and folders.root() == HERE else real()

    monkeypatch.setattr(folders, "manual", manual)
