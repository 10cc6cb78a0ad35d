"""A board with four steps, words of its own and a calendar of halves: read whole, by data/manual."""

from pathlib import Path

import pandas as pd
import pytest

import riskdata as rd
from riskdata.words.vocabulary import read_vocabulary
from tests import third_board

ROOT = Path(__file__).parents[2]
MANUAL = ROOT / "data" / "manual"


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch):
    """The words are those of data/manual, as for who works in the project."""
    from riskdata import folders

    monkeypatch.setattr(folders, "manual", lambda: MANUAL)


def plain(value: object) -> object:
    """Return a value, None for a missing one, a list of its texts."""
    if isinstance(value, list):
        return [*value]
    return None if pd.isna(value) else value


@pytest.mark.parametrize("table", ["risks", "activities"])
@pytest.mark.parametrize(("name", "period"), third_board.FILES.items())
def test_every_field_of_the_third_board_is_read(name, period, table):
    """Each field is what the truth says, in printed order, and nothing is guessed or unread."""
    data = rd.read_export(ROOT / "data" / "raw" / name, manual=MANUAL)
    wanted = third_board.expected(period)[table]
    found = getattr(data, table).to_dict("records")
    assert [{k: plain(row[k]) for k in wanted[0]} for row in found] == wanted
    source = data.sources.iloc[0]
    assert (source.board, source.period, source.guessed) == (third_board.BOARD, period, 0)
    assert data.unread.empty


def test_its_limit_bands_and_scale_are_its_own():
    """No limit, band or word of 5 × 5 is the third board's, and none of its is the others'."""
    every = read_vocabulary(MANUAL)
    own = every.for_board(third_board.BOARD)
    assert (own.top, own.limit, own.limit_is_assumed) == (16, 8, False)
    assert [name for name, *_ in own.bands()] == ["Grön", "Gul", "Röd"]
    assert (every.top, every.limit, every.limit_is_assumed) == (25, 12, True)
