"""Whole files read back: every export of the made-up municipality gives the truth it was written from."""

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import riskdata as rd
from riskdata.tables import schema
from riskdata.tables.data import Data
from tests import truth

RAW = Path(__file__).parents[2] / "data" / "raw"
FILES = truth.files()


def plain(row: dict) -> dict:
    """Return a row with every missing value as None."""
    return {
        k: None if not isinstance(v, list) and v != v or v is pd.NA else v for k, v in row.items()
    }


@cache
def read(name: str) -> Data:
    """Return what is read from a file of the sample, read once for all the tests."""
    return rd.read_export(RAW / name, manual=RAW / "no-such-folder")


@pytest.mark.parametrize("table", ["risks", "activities"])
@pytest.mark.parametrize("file", FILES, ids=[f["name"] for f in FILES])
def test_every_field_of_every_row_is_read(file, table):
    """Each field of the tidy table is what the truth says, row by row in printed order."""
    wanted = truth.expected(file)[table]
    found = [plain(row) for row in getattr(read(file["name"]), table).to_dict("records")]
    columns = [c for c in schema.TABLES[table] if wanted and c in wanted[0]]
    assert [{c: row[c] for c in columns} for row in found] == [
        {c: row[c] for c in columns} for row in wanted
    ]


@pytest.mark.parametrize("file", FILES, ids=[f["name"] for f in FILES])
def test_nothing_of_the_sample_is_left_unread(file):
    """Every printed cell is in a tidy table or in the account."""
    assert read(file["name"]).unread.empty


def test_account_shows_every_kind_of_repair_that_the_sample_needs():
    """The sample has every fault that a text export is known for, and each shows in the account."""
    rules = {rule for file in FILES for rule in read(file["name"]).account.rule}
    assert rules >= {
        "header_spelling", "page_header", "filled_down", "value_split", "row_shifted", "name_moved",
        "text_doubled", "activities_split", "extra_column",
    }  # fmt: skip
