"""Steps, values and statuses in every usual way of writing."""

import pytest

from riskdata.exports.cells import Cells
from riskdata.words.vocabulary import vocabulary

CELLS = Cells(vocabulary())


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("3.Möjlig", 3), ("Möjlig (3)", 3), ("3 av 5", 3), ("3/5", 3), ("3,0", 3), ("3", 3),
        ("5 - Mycket", 5), ("Möjlig", 3), ("(3)", 3), ("3p", 3), ("3=Möjlig", 3), ("Möjlig 3", 3),
    ],
)  # fmt: skip
def test_step_is_read_in_every_usual_way(text, step):
    """A digit and its own label, in any order, are unmistakable."""
    assert CELLS.step(text, "likelihood") == (step, True)


@pytest.mark.parametrize(
    ("text", "value", "level"),
    [
        ("12", 12, ""), ("12,0", 12, ""), ("6.000000000000001", 6, ""), ("5.9999999999", 6, ""),
        ("12 (hög)", 12, "hög"), ("12 – Hög", 12, "Hög"), ("Hög (12)", 12, "Hög"), ("12p", 12, ""),
        ("3x4=12", 12, ""), ("3x4=13", None, ""), ("4.Allvarlig", None, ""), ("?", None, ""),
    ],
)  # fmt: skip
def test_value_is_read_in_every_usual_way(text, value, level):
    """A number, a product that holds, a number with its level; a step is no value."""
    assert CELLS.value(text) == (value, level)


@pytest.mark.parametrize(
    ("text", "code", "added"),
    [
        ("Avslutad", "finished", ""), ("Avslutad 2024-06-12", "finished", "2024-06-12"),
        ("Avslutad, juni 2024", "finished", "juni 2024"), ("Pågående 80 %", "ongoing", "80 %"),
        ("Ej riktigt klar", None, ""), ("Pågående/Avslutad", None, ""), ("Avslutad Plan för larm", None, ""),
    ],
)  # fmt: skip
def test_status_is_read_with_a_date_or_an_addition_behind(text, code, added):
    """What follows a known status is told apart from it; two statuses are none."""
    assert CELLS.coded(text, "statuses") == (code, added)


def test_fused_cell_is_told_in_pieces():
    """A value and a decision in one cell are two pieces, each with its kind."""
    assert CELLS.split("9 Acceptera") == [("digit", "9"), ("decision", "Acceptera")]


def test_status_word_before_a_capital_is_a_mark():
    """The rest of the cell is the activity."""
    assert CELLS.mark("Avslutad Kontroll av rutiner") == ("Avslutad", "Kontroll av rutiner")


@pytest.mark.parametrize("text", ["-", "–", "Ej bedömd", "N/A", ""])
def test_sign_for_nothing_is_blank(text):
    """A dash says that nothing is there."""
    assert CELLS.kind(text) == "blank"
