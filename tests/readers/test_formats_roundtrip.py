"""By property: one and the same table, written in each format, reads back to the same tidy tables."""

import tempfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import riskdata as rd
from riskdata.tables.data import Data
from tests import formats
from tests import printed as ex
from tests.conftest import tries
from tests.exports.test_roundtrip import (
    FOLLOW_UP_ACTIVITY,
    REGISTER_ACTIVITY,
    activities_of,
    follow_up_rows,
    found,
    register_rows,
    risks_of,
)

BOARD, PERIOD = "Kulturnämnden", "2024-T1"
GROUPS = {"register": ("goal", "process"), "follow_up": ("indicator", "process", "event")}
EVERY = {**formats.PLAIN, **formats.MERGING}
CASES = [
    (kind, merged) for merged in (False, True) for kind in (formats.MERGING if merged else EVERY)
]

TRIES = tries(2, 12)


def read_file(content: bytes) -> Data:
    """Return what is read from a file whose name tells board and period, and no suffix its kind."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{PERIOD} {BOARD} - analys.dat"
        path.write_bytes(content)
        return rd.read_export(path, manual=Path(folder))


def group_merges(grid: ex.Grid, columns: tuple[str, ...], groups: tuple[str, ...]) -> list[tuple]:
    """Return the merged ranges of a grid whose group cells are printed once.

    A range ends where a group further out prints something new, or another of its own level:
    indicator and process are one.
    """
    ranges = []
    for name in groups:
        level = {*groups[: groups.index(name) + 1], *({"process"} if name == "indicator" else ())}
        places = [columns.index(group) for group in level]
        starts = [n for n in range(1, len(grid)) if any(grid[n][c] for c in places)]
        for top, below in zip(starts, [*starts[1:], len(grid)], strict=True):
            if below - 1 > top and grid[top][columns.index(name)]:
                ranges.append((top, columns.index(name), below - 1, columns.index(name)))
    return ranges


def write(kind: str, grid: ex.Grid, merges: list[tuple], titles: tuple[str, ...] = ()) -> bytes:
    """Return a grid as a file, with merged groups where the format and the draw have them."""
    width = max(map(len, grid))
    rows = [row + [""] * (width - len(row)) for row in grid]
    return EVERY[kind](rows, titles, merges) if merges else EVERY[kind](rows, titles)


def assert_register(data: Data, rows: list[dict]) -> None:
    assert found(data.risks, risks_of(rows)[0].keys()) == risks_of(rows)
    assert found(data.activities, REGISTER_ACTIVITY) == activities_of(rows, REGISTER_ACTIVITY)
    assert data.unread.empty


@pytest.mark.parametrize(("kind", "merged"), CASES)
@TRIES
@given(rows=register_rows())
def test_a_register_is_the_same_in_every_format(kind, merged, rows):
    """A register gives its risks and activities, with its groups merged or printed once."""
    grid = ex.register(rows, lead=())
    merges = group_merges(grid, ex.REGISTER, GROUPS["register"]) if merged else []
    assert_register(read_file(write(kind, grid, merges)), rows)


@pytest.mark.parametrize(("kind", "merged"), CASES)
@TRIES
@given(rows=follow_up_rows())
def test_a_follow_up_is_the_same_in_every_format(kind, merged, rows):
    """A follow-up gives each activity its group, risk, mark and comment, whatever the format."""
    grid = ex.follow_up(rows, lead=())
    merges = group_merges(grid, ex.FOLLOW_UP, GROUPS["follow_up"]) if merged else []
    title = ex.title_line("T1 2024", BOARD)
    data = read_file(write(kind, grid, merges, (title,)))
    wanted = activities_of(rows, FOLLOW_UP_ACTIVITY)
    assert found(data.activities, FOLLOW_UP_ACTIVITY) == wanted
    assert data.unread.empty


@pytest.mark.parametrize("kind", EVERY)
@TRIES
@given(rows=register_rows(), rng=st.randoms(use_true_random=False))
def test_faults_are_mended_in_every_format(kind, rows, rng):
    """Fused, shifted and doubled cells, escapes and stray spaces give the table, or say what is left."""
    grid = break_register(ex.register(rows, lead=()), rng)
    data = read_file(write(kind, grid, []))
    wanted = activities_of(rows, REGISTER_ACTIVITY)
    if data.unread.empty:
        assert found(data.risks, risks_of(rows)[0].keys()) == risks_of(rows)
        assert found(data.activities, REGISTER_ACTIVITY) == wanted
    else:
        assert len(data.risks) + len(data.unread) >= len(rows)


def break_register(grid: ex.Grid, rng: Random) -> ex.Grid:
    """Return a register with faults that each format can print."""
    header = [ex.REGISTER_HEADERS[c] for c in ex.REGISTER]
    at = ex.data_rows(grid, header)

    def some(share: float) -> list[int]:
        return [i for i in at if rng.random() < share]

    grid = ex.double(grid, some(0.3), ex.REGISTER.index("way_of_working"))
    grid = escape(grid, some(0.3), ex.REGISTER.index("event"))
    grid = ex.fuse(grid, some(0.4), ex.REGISTER.index("risk_value"))
    grid = ex.shift_right(grid, some(0.2), 1)
    return ex.break_page(grid, [i for i in at[1:] if rng.random() < 0.2], header, gap=0)


def escape(grid: ex.Grid, at: list[int], column: int) -> ex.Grid:
    """Return the grid with the spaces of a cell written as generators write line breaks."""
    return [
        [c.replace(" ", "%0A", 1) if i in at and n == column else c for n, c in enumerate(row)]
        for i, row in enumerate(grid)
    ]
