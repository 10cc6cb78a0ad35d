"""What is asked once for many cells or texts says the same as if each were asked by itself."""

import pandas as pd
from hypothesis import example, given
from hypothesis import strategies as st

from riskdata.readers.grid import Grid
from riskdata.tables import schema
from riskdata.words.spelling import clean_space

SIGNS = st.sampled_from([*"aÅö3 |.:*/\t\n", "  ", "\u00a0", "\u200b", "\u0308", "✓", "\ufe0f", "ß"])
CELLS = st.lists(SIGNS, max_size=6).map("".join)


@given(st.lists(st.lists(CELLS, max_size=4), max_size=4))
@example([["a", " b"], ["c ", "d"]])
@example([["a"], ["\u0308"]])
def test_the_texts_of_a_grid_are_those_of_its_cells(rows):
    """A grid whose cells all are clean is told from one with a single space to spare."""
    texts = Grid(rows, list(range(len(rows)))).texts
    assert texts == [[clean_space(cell) for cell in row] for row in rows]


def test_rows_of_exports_become_the_table_that_a_frame_makes_of_them():
    """Missing texts and numbers, lists of people, what all rows share: the dtypes are the schema's."""
    own = {*schema.TABLES["activities"]} - {"source_file", "period"}
    rows = [
        dict.fromkeys(own) | {"responsible": people} for people in (["Eva Ek", "Omar Berg"], [])
    ]
    rows[0] |= {"activity": "Prov av larm", "source_row": 4}
    where = {"source_file": "a.txt", "period": "2025-VB"}
    made = schema.to_frame(
        "activities", schema.from_exports("activities", [(where, rows), ({}, [])])
    )
    pd.testing.assert_frame_equal(made, schema.frame("activities", [where | row for row in rows]))
