"""What is asked once for many cells or texts says the same as if each were asked by itself."""

import csv
from pathlib import Path

import pandas as pd
import pyarrow.compute as pc
from hypothesis import example, given
from hypothesis import strategies as st

from riskdata.comments.tags import split, time_hint
from riskdata.readers.grid import Grid
from riskdata.tables import schema, store
from riskdata.words.spelling import clean_space, fold, fold_all

COMMENTS = Path(__file__).parents[1] / "evaluation" / "comments_dev.csv"
SIGNS = st.sampled_from([*"aÅö3 |.:*/\t\n", "  ", "\u00a0", "\u200b", "\u0308", "✓", "\ufe0f", "ß"])
CELLS = st.lists(SIGNS, max_size=6).map("".join)


@given(st.lists(st.lists(CELLS, max_size=4), max_size=4))
@example([["a", " b"], ["c ", "d"]])
@example([["a"], ["\u0308"]])
def test_the_texts_of_a_grid_are_those_of_its_cells(rows):
    """A grid whose cells all are clean is told from one with a single space to spare."""
    texts = Grid(rows, list(range(len(rows)))).texts
    assert texts == [[clean_space(cell) for cell in row] for row in rows]


@given(st.lists(CELLS.map(clean_space), min_size=1))
def test_a_column_is_folded_as_its_texts_are(texts):
    """Two events are the same to the check of a whole column as they are to the reader."""
    assert fold_all(pd.Series(texts, dtype="str")).tolist() == [fold(text) for text in texts]


def test_every_text_that_names_a_time_is_hinted_at():
    """Of the labelled comments, none is passed by that names a time."""
    with COMMENTS.open(encoding="utf-8") as file:
        comments = [row["comment"] for row in csv.DictReader(file)]
    hinted = pc.match_substring_regex(comments, time_hint(), ignore_case=True).to_pylist()
    pairs = zip(comments, hinted, strict=True)
    passed_by = [text for text, is_hinted in pairs if not is_hinted]
    assert len(passed_by) > len(comments) / 4
    assert not [text for text in passed_by if split(text, "2024-VB")[1]]


def test_rows_of_exports_become_the_table_that_a_frame_makes_of_them():
    """Missing texts and numbers, lists of people, what all rows share: the dtypes are the schema's."""
    own = set(schema.names("activities")) - {"source_file", "period"}
    rows = [
        dict.fromkeys(own) | {"responsible": people} for people in (["Eva Ek", "Omar Berg"], [])
    ]
    rows[0] |= {"activity": "Prov av larm", "source_row": 4}
    where = {"source_file": "a.txt", "period": "2025-VB"}
    made = store.to_frame("activities", store.from_exports("activities", [(where, rows), ({}, [])]))
    pd.testing.assert_frame_equal(made, schema.frame("activities", [where | row for row in rows]))
