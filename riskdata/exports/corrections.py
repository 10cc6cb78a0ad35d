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
    rows = read_table(manual / "corrections.csv", COLUMNS)
    faults = [fault for row in rows if (fault := _fault(row, vocab))]
    if faults:
        raise ManualError("data/manual/corrections.csv: " + "; ".join(faults))
    return [
        Correction(
            int(row["line"]), source_name(row["file"]), int(row["row"]),
            _column(row["column"], vocab), row["was"], row["now"], row["reason"],
        )
        for row in rows
    ]  # fmt: skip


def correct_cells(
    grids: list[Grid], corrections: list[Correction]
) -> tuple[list[Grid], list[Correction]]:
    """Return the grids with every correction made whose ``was`` is one whole printed cell of its row.

    And the corrections made. The others speak of tidy values: see ``correct_values``.
    """
    made = []
    for correction in corrections:
        places = [
            (g, r, c)
            for g, grid in enumerate(grids)
            for r, number in enumerate(grid.numbers) if number == correction.row
            for c, cell in enumerate(grid.rows[r]) if clean_space(cell) == correction.was != ""
        ]  # fmt: skip
        if len(places) == 1:
            grids = _with_cell(grids, *places[0], correction.now)
            made.append(correction)
    return grids, made


def correct_values(tables: list[Tidy], corrections: list[Correction]) -> None:
    """Make the corrections that speak of a value in the tidy rows; ManualError for any that fits none."""
    stale = [c for c in corrections if not any([_correct(each, c) for each in tables])]
    if stale:
        lines = "\n".join(
            f"  rad {c.line}: {c.file} rad {c.row}, {c.column}: ”{c.was}”" for c in stale
        )
        raise ManualError(
            "data/manual/corrections.csv: det som skulle rättas står inte längre så i exporten:\n"
            f"{lines}\nÄr källan rättad, så ta bort raden; annars skriv i kolumnen was vad som står nu."
        )


def note_corrections(tables: Tidy, corrections: list[Correction]) -> None:
    """Write each correction in the account, with its reason as proof."""
    for c in corrections:
        tables.notes.add(c.row, c.column, "correction", c.was, c.now, c.reason)


def _fault(row: dict[str, str], vocab: Vocabulary) -> str | None:
    if not row["row"].isdigit():
        return f"rad {row['line']}: row ska vara radens nummer i exporten, inte ”{row['row']}”"
    if not _column(row["column"], vocab):
        return f"rad {row['line']}: kolumnen ”{row['column']}” är inte känd ({', '.join(_CORRECTABLE)})"
    if not row["reason"]:
        return f"rad {row['line']}: skriv varför (reason); utan skäl görs ingen rättelse"
    return None


def _column(name: str, vocab: Vocabulary) -> str:
    return name if name in _CORRECTABLE else vocab.headers.get(fold(name), "")


def _with_cell(grids: list[Grid], grid: int, row: int, column: int, text: str) -> list[Grid]:
    rows = [list(cells) for cells in grids[grid].rows]
    rows[row][column] = text
    return [*grids[:grid], replace(grids[grid], rows=rows), *grids[grid + 1 :]]


def _correct(tables: Tidy, correction: Correction) -> bool:
    """Correct the value in every tidy row of that printed row that holds it."""
    rows = [r for r in (*tables.risks, *tables.activities) if r["source_row"] == correction.row]
    hits = [
        r for r in rows if correction.column in r and _text(r[correction.column]) == correction.was
    ]
    for row in hits:
        row[correction.column] = _value(correction.column, correction.now)
    return bool(hits)


def _text(value: object) -> str:
    return "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)


def _value(column: str, text: str) -> object:
    if column == "responsible":
        return list(read_people(text))
    if _CORRECTABLE[column] == NUMBER:
        return int(text) if text else None
    return text or None
