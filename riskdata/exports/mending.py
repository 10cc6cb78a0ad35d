"""Rows whose texts a generator coded or printed twice: mended, and each mend noted."""

from collections.abc import Iterator

from riskdata.exports.rows import Notes, Row
from riskdata.words.spelling import clean_space
from riskdata.words.texts import find_damaged, undouble, unescape
from riskdata.words.vocabulary import AXES

AS_PRINTED = ("activity", "responsible")  # whose leading space and line breaks say something


def mend_rows(rows: list[Row], notes: Notes) -> Iterator[Row]:
    """Yield the rows with their texts mended; those in ``AS_PRINTED`` keep their spaces."""
    damaged = find_damaged(text for row in rows for text in row.texts.values())
    for row in rows:
        if not damaged.isdisjoint(row.texts.values()):
            row.texts = {name: _mend(row, name, cell, notes) for name, cell in row.cells.items()}
        elif not row.is_even():
            row.texts |= {name: row.cells[name] for name in AS_PRINTED if name in row.texts}
        yield row


def undouble_noted(text: str, number: int, name: str, notes: Notes) -> str:
    """Return a text without what is printed twice in it; the row and field are for the note."""
    once = undouble(text)
    if once != text:
        notes.add(number, name, "text_doubled", text, once)
    return once


def _mend(row: Row, name: str, cell: str, notes: Notes) -> str:
    read = unescape(cell)
    if read != cell:
        notes.add(row.number, name, "escape_read", clean_space(cell), clean_space(read))
    if name in AS_PRINTED:
        return read
    text = clean_space(read)
    return text if name in AXES else undouble_noted(text, row.number, name, notes)
