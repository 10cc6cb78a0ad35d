"""From a risk or an activity back to its source: file, row, printed cells and what was done."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from riskdata import folders
from riskdata.clean import load
from riskdata.errors import ChoiceError
from riskdata.readers import read_grids
from riskdata.reports.printed import Table, printed
from riskdata.shapes.sources import file_of, list_exports
from riskdata.words.language import check_language, heading, word

if TYPE_CHECKING:
    from riskdata.tables.data import Data

_SAID_ALREADY = ("risk_id", "activity_id", "year", "source_file", "source_row")
_DONE = ("column", "rule", "before", "after", "proof")


@dataclass(frozen=True, eq=False)
class Trace:
    """Where a row of the tables comes from; a notebook shows it in words.

    Attributes
    ----------
    id : of the risk or activity
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
        said = self._word("where", what=self._word(self.kind), id=self.id,
                          file=self.source_file, row=str(self.source_row))  # fmt: skip
        sentences = [said, self._word("changed") if self.changed else ""]
        notes = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences if sentence)
        tables = (self._cells(), self._done(), self._tidy())
        shown = "".join(table._repr_html_() for table in tables)
        return f'<div lang="{self.language}">{notes}{shown}</div>'

    def _cells(self) -> Table:
        columns = ["cell", "value"] if (self.cells.sheet == "").all() else list(self.cells)
        rows = self.cells[columns].astype("str").rename(columns=self._word)
        note = self._word("no_row") if rows.empty else ""
        return Table(self._word("printed"), rows, note, self.language)

    def _done(self) -> Table:
        done = printed(self.account, _DONE, self.language)
        note = self._word("nothing_done") if done.empty else ""
        return Table(self._word("done"), done, note, self.language)

    def _tidy(self) -> Table:
        columns = [name for name in self.row if name not in _SAID_ALREADY]
        values = printed(self.row, columns, self.language).iloc[0]
        values = values[values != ""].rename_axis(self._word("cell")).reset_index()
        rows = values.set_axis([heading("column", self.language), self._word("value")], axis=1)
        return Table(self._word("tidy"), rows, language=self.language)

    def _word(self, key: str, **values: object) -> str:
        return word(f"trace.{key}", self.language, **values)


def trace(id: str, data: Data | None = None, *, language: str = "sv") -> Trace:
    """Return where a risk or an activity comes from: file, row, printed cells and what was done.

    Parameters
    ----------
    id : a risk_id or an activity_id
    data : the tidy tables; None for those of data/clean
    language : "sv" or "en", of what a notebook shows

    Returns
    -------
    Trace
        With the tables ``row``, ``cells`` and ``account``; a notebook shows them in words.

    Raises
    ------
    ChoiceError
        When no row has the id, or its file is no longer in data/raw.
    ReadError
        When the file can no longer be read.

    Examples
    --------
    >>> from riskdata.tables.data import Data
    >>> from riskdata.tables.schema import TABLES, frame
    >>> trace("finns-inte", Data(**{namn: frame(namn) for namn in TABLES}))
    Traceback (most recent call last):
    riskdata.errors.ChoiceError: Ingen risk eller åtgärd har id ”finns-inte”. Kopiera ett ur ...
    """
    check_language(language)
    data = load() if data is None else data
    kind, row = _find(data, id)
    file, number = row.source_file.iloc[0], int(row.source_row.iloc[0])
    path = _path(file)
    digest = data.sources.sha256[data.sources.source_file == file]
    account = data.account[(data.account.source_file == file) & (data.account.source_row == number)]
    return Trace(
        id=id, kind=kind, source_file=file, source_row=number, row=row,
        cells=_printed_cells(path, number),
        account=account.reset_index(drop=True),
        changed=hashlib.sha256(path.read_bytes()).hexdigest() not in set(digest),
        language=language,
    )  # fmt: skip


def _find(data: Data, id: str) -> tuple[str, pd.DataFrame]:
    for kind, table in (("risk", data.risks), ("activity", data.activities)):
        found = table[table[f"{kind}_id"] == id]
        if not found.empty:
            return kind, found.head(1).reset_index(drop=True)
    raise ChoiceError(
        f"Ingen risk eller åtgärd har id ”{id}”. Kopiera ett ur kolumnen risk_id i data.risks "
        "eller activity_id i data.activities."
    )


def _path(file: str) -> Path:
    there = dict(list_exports(folders.raw()))
    path = there.get(file_of(file, there))
    if path is None:
        raise ChoiceError(
            f"{file}: filen finns inte längre i {folders.raw()}. Lägg tillbaka den, eller kör "
            "riskdata clean så att tabellerna stämmer med mappen."
        )
    return path


def _printed_cells(path: Path, number: int) -> pd.DataFrame:
    """Return the cells of every printed row with the number: several sheets may each have one."""
    rows = [
        (grid.name, n, cell)
        for grid in read_grids(path)
        for found, cells in zip(grid.numbers, grid.rows, strict=True)
        if found == number
        for n, cell in enumerate(cells, 1)
    ]
    return pd.DataFrame(rows, columns=["sheet", "cell", "value"])
