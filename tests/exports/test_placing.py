"""Which column a row's cells belong to: printed places hold unless a typed cell proves otherwise."""

import pytest

from riskdata.exports.placing import CANNOT, FITS, ODD, Ground, place

FIELDS = ("goal", "process", "event", "likelihood", "consequence", "risk_value", "decision")
FIELDS += ("activity", "description", "responsible")
GROUND = Ground(FIELDS, always=frozenset({2, 3, 4, 5}), marked=True)
LETTERS = {
    "t": "text", "L": "likelihood", "K": "consequence", "n": "number", "D": "decision",
    "M": "marked", "P": "people", "d": "digit", "?": "text", ".": "blank",
}  # fmt: skip


def columns(row: str, *fused: int) -> str | None:
    """Return which cell stands in each column, "." for none; None where it cannot be told."""
    forms = tuple(
        () if sign == "." else
        (("text",), ("number", "decision")) if n in fused else ((LETTERS[sign],),)
        for n, sign in enumerate(row)
    )  # fmt: skip
    ways = place(forms, GROUND)
    if len(ways) != 1:
        return None
    stands = ["."] * len(FIELDS)
    for placed in ways[0]:
        for n in range(len(placed.form)):
            stands[placed.column + n] = row[placed.cell]
    return "".join(stands)


@pytest.mark.parametrize(
    ("printed", "placed"),
    [
        ("tttLKnDMtP", "tttLKnDMtP"),  # all fits
        (".t.LKnDMtP", ".t.LKnDMtP"),  # a blank event moves nothing
        ("tttL?nDMtP", "tttL?nDMtP"),  # an unreadable score is asked about and moves nothing
        ("ttLKnDMtP.", ".ttLKnDMtP"),  # a row slid left: its typed cells prove it
        (".tttLKnDMtP", "tttLKnDMtP"),  # and right
        ("tttLKnDMP.", "tttLKnDM.P"),  # a name under Beskrivning
    ],
)
def test_text_moves_only_with_a_typed_cell(printed, placed):
    """A row stands as printed, whatever is blank; what moves has a typed cell in its run."""
    assert columns(printed) == placed


def test_pieces_of_a_fused_cell_explain_what_follows():
    """Value and decision in one cell: everything after it stands one cell left."""
    assert columns("tttLKnMtP", 5) == "tttLKnnMtP"


def test_row_that_fits_in_two_ways_is_not_placed():
    """A tie is unread: neither way is chosen."""
    assert columns("t" * 11) is None


@pytest.mark.parametrize(
    ("kind", "field", "grade"),
    [
        ("digit", "likelihood", FITS), ("consequence", "likelihood", ODD), ("text", "likelihood", CANNOT),
        ("text", "event", FITS), ("person", "event", ODD), ("error", "event", CANNOT),
        ("text", "activity", ODD), ("marked", "activity", FITS), ("text", "decision", ODD),
        ("step", "risk_value", CANNOT),
    ],
)  # fmt: skip
def test_kind_fits_is_odd_or_cannot_stand_in_a_column(kind, field, grade):
    """Three grades: what fits, what may stay with a question, what cannot be read there."""
    assert GROUND.grade(kind, FIELDS.index(field)) == grade
