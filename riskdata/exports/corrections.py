"""What a person has corrected in an export (data/manual/corrections.csv), laid over it and noted."""

from dataclasses import dataclass, replace
from pathlib import Path

from riskdata.errors import ManualError
from riskdata.exports.people import read_people
from riskdata.exports.tidy import Tidy
from riskdata.readers.grid import Grid
from riskdata.shapes.sources import source_name
from riskdata.tables.manual import read_table
from riskdata.tables.schema import NUMBER, TABLES
from riskdata.words.spelling import clean_space, fold
from riskdata.words.vocabulary import Vocabulary

COLUMNS = ("file", "row", "column", "was", "now", "reason")
_FILE = "data/manual/corrections.csv"
_CORRECTABLE = TABLES["risks"] | TABLES["activities"]


@dataclass(frozen=True)
class Correction:
    """One line of corrections.csv; column is a tidy column."""

    line: int
    file: str
    row: int
    column: str
    was: str
    now: str
    reason: str


def read_corrections(manual: Path, vocab: Vocabulary) -> list[Correction]:
    """Return every correction; ManualError for lines without a row, a known column or a reason."""
    corrections, faults = [], []
    for row in read_table(manual / "corrections.csv", COLUMNS):
        column = row["column"]
        known = column if column in _CORRECTABLE else vocab.headers.get(fold(column))
        if not row["row"].isdigit():
            fault = f"row ska vara radens nummer i exporten, inte ”{row['row']}”"
        elif not known:
            fault = f"kolumnen ”{column}” är inte känd ({', '.join(_CORRECTABLE)})"
        elif not row["reason"]:
            fault = "skriv varför (reason); utan skäl görs ingen rättelse"
        else:
            file, said = source_name(row["file"]), (row["was"], row["now"], row["reason"])
            corrections.append(Correction(int(row["line"]), file, int(row["row"]), known, *said))
            continue
        faults.append(f"rad {row['line']}: {fault}")
    if faults:
        raise ManualError(f"{_FILE}: {'; '.join(faults)}")
    return corrections


def correct_cells(grids: list[Grid], corrections: list[Correction]) -> list[Correction]:
    """Make every correction whose ``was`` is one whole printed cell of its row; return the others.

    The grids change in place. The others speak of tidy values: see ``correct_values``.
    """
    others = []
    for correction in corrections:
        places = [
            (g, r, c)
            for g, grid in enumerate(grids)
            for r, number in enumerate(grid.numbers) if number == correction.row
            for c, cell in enumerate(grid.rows[r]) if clean_space(cell) == correction.was != ""
        ]  # fmt: skip
        if len(places) != 1:
            others.append(correction)
            continue
        ((grid, row, column),) = places
        rows = [[*cells] for cells in grids[grid].rows]
        rows[row][column] = correction.now
        grids[grid] = replace(grids[grid], rows=rows)
    return others


def correct_values(tables: list[Tidy], corrections: list[Correction]) -> None:
    """Make the corrections that speak of a value in the tidy rows; ManualError for any that fits none."""
    stale = []
    for c in corrections:
        rows = [row for each in tables for row in (*each.risks, *each.activities)]
        rows = [row for row in rows if row["source_row"] == c.row and c.column in row]
        hits = [row for row in rows if _text(row[c.column]) == c.was]
        for row in hits:
            row[c.column] = _value(c.column, c.now)
        if not hits:
            stale.append(f"  rad {c.line}: {c.file} rad {c.row}, {c.column}: ”{c.was}”")
    if stale:
        raise ManualError(
            f"{_FILE}: det som skulle rättas står inte längre så i exporten:\n"
            + "\n".join(stale)
            + "\nÄr källan rättad, så ta bort raden; annars skriv i kolumnen was vad som står nu."
        )


def _text(value: object) -> str:
    return "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)


def _value(column: str, text: str) -> object:
    if column == "responsible":
        return [*read_people(text)]
    if _CORRECTABLE[column] == NUMBER:
        return int(text) if text else None
    return text or None
