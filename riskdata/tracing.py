"""From a risk or an activity back to its source: file, row, printed cells and what was done."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pandas as pd

from riskdata import folders
from riskdata.clean import load
from riskdata.errors import ChoiceError
from riskdata.exports.export import digest
from riskdata.readers import read_grids
from riskdata.reports.printed import Table, printed, show
from riskdata.shapes.sources import file_of, list_exports
from riskdata.tables.data import Data
from riskdata.words.language import check_language, heading, word, words

_SAID_ALREADY = ("risk_id", "activity_id", "year", "source_file", "source_row")
_DONE = ("column", "rule", "before", "after", "proof")


@dataclass(frozen=True, eq=False)
class Trace:
    """Where a row of the tables comes from; a notebook shows it in words.

    Attributes
    ----------
    id, kind : of the risk or activity ("risk", "activity")
    source_file, source_row : where it is printed
    row : the tidy row, a table of one
    cells : what is printed on that row, read again now: sheet, cell (from 1) and value
    account : what was done to the row
    changed : whether the file is another than the one that was cleaned
    """

    id: str
    kind: str
    source_file: str
    source_row: int
    row: pd.DataFrame
    cells: pd.DataFrame
    account: pd.DataFrame
    changed: bool
    language: str = "sv"

    def _repr_html_(self) -> str:
        said, language = words(self.language)["trace"], self.language
        where = {"id": self.id, "file": self.source_file, "row": self.source_row}
        notes = [said["where"].format(what=said[self.kind], **where)]
        notes += [said["changed"]] if self.changed else []
        columns = ["cell", "value"] if (self.cells.sheet == "").all() else [*self.cells]
        cells = self.cells[columns].astype("str").rename(columns=said)
        done = said["nothing_done"] if self.account.empty else ""
        shown = [name for name in self.row if name not in _SAID_ALREADY]
        tidy = printed(self.row, shown, language).iloc[0]
        tidy = tidy[tidy != ""].rename_axis(heading("column", language)).rename(said["value"])
        tables = (
            Table(said["printed"], cells, said["no_row"] if cells.empty else "", language),
            show(self.account, _DONE, title=said["done"], note=done, language=language),
            Table(said["tidy"], tidy.reset_index(), language=language),
        )
        told = "".join(f"<p>{escape(note)}</p>" for note in notes)
        return f'<div lang="{language}">{told}{"".join(t._repr_html_() for t in tables)}</div>'


def trace(id: str, data: Data | None = None, *, language: str = "sv") -> Trace:
    """Return where a risk or an activity comes from: file, row, printed cells and what was done.

    id : a risk_id or an activity_id. data : the tidy tables; those of data/clean, where not given.
    language : "sv" or "en", of what a notebook shows.

    Raises ChoiceError where no row has the id, or its file is no longer in data/raw, and ReadError
    where the file can no longer be read.

    >>> from riskdata.tables.schema import TABLES, frame
    >>> trace("finns-inte", Data(**{namn: frame(namn) for namn in TABLES}))
    Traceback (most recent call last):
    riskdata.errors.ChoiceError: Ingen risk eller åtgärd har id ”finns-inte”. Kopiera ett ur ...
    """
    check_language(language)
    data = load() if data is None else data
    kind, row = _find(data, id)
    file, number = row.source_file.iloc[0], int(row.source_row.iloc[0])
    there = dict(list_exports(folders.raw()))
    path = there.get(file_of(file, there))
    if path is None:
        raise ChoiceError(word("errors.file_gone", file=file, folder=str(folders.raw())))
    account = data.account[(data.account.source_file == file) & (data.account.source_row == number)]
    changed = digest(path) not in set(data.sources.sha256[data.sources.source_file == file])
    cells = [  # of every printed row with the number: several sheets may each have one
        (grid.name, n, cell)
        for grid in read_grids(path)
        for found, row_cells in zip(grid.numbers, grid.rows, strict=True)
        if found == number
        for n, cell in enumerate(row_cells, 1)
    ]
    cells = pd.DataFrame(cells, columns=["sheet", "cell", "value"])
    account = account.reset_index(drop=True)
    return Trace(id, kind, file, number, row, cells, account, changed, language)


def _find(data: Data, id: str) -> tuple[str, pd.DataFrame]:
    for kind, table in (("risk", data.risks), ("activity", data.activities)):
        found = table[table[f"{kind}_id"] == id]
        if not found.empty:
            return kind, found.head(1).reset_index(drop=True)
    raise ChoiceError(word("errors.no_id", id=id))
