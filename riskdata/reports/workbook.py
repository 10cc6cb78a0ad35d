"""The tables as a workbook: a sheet each, readable as it opens, with links back to the exports."""

from __future__ import annotations

import io
import os
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pandas as pd

from riskdata import folders
from riskdata.charts.style import ink_on
from riskdata.reports.masking import check_names, known_people, mask_tables, placeholder
from riskdata.reports.printed import coded
from riskdata.reports.undated import save_same_bytes
from riskdata.tables.data import Data
from riskdata.words.language import check_language, heading, word
from riskdata.words.vocabulary import vocabulary

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

SHEETS = {
    "risks": [
        "board", "period", "goal_code", "goal", "process", "way_of_working", "event", "likelihood",
        "consequence", "risk_value", "decision", "source_file", "source_row",
    ],
    "changes": [
        "board", "change", "event_before", "event_after", "process_after",
        "likelihood_before", "likelihood_after", "consequence_before", "consequence_after",
        "risk_value_before", "risk_value_after", "decision_before", "decision_after", "certainty",
        "source_file", "source_row",
    ],
    "unfinished": [
        "board", "period", "process", "indicator", "event", "risk_value", "activity", "mark",
        "verdict", "reason", "evidence", "comment", "responsible", "source_file", "source_row",
    ],
    "findings": [
        "severity", "check", "board", "period", "message", "evidence", "source_file", "source_row",
    ],
    "account": ["source_file", "source_row", "column", "rule", "before", "after", "proof"],
}  # fmt: skip
_HEADS = {"account": {"before": "printed_before", "after": "printed_after"}}
WIDEST, NARROWEST = 40, 9  # of a column, in letters
LINE, HIGHEST = 15, 409  # of a row, in points; Excel's own limit
FONT = {"name": "Calibri", "size": 11}
LONGEST = 32767  # letters that a cell can hold


@dataclass(frozen=True)
class Places:
    """Where links lead: the folder that the workbook lies in, and account rows by source row."""

    folder: Path
    accounted: dict[tuple[str, int], int]
    account: str


def save_workbook(
    data: Data,
    path: Path | str,
    *,
    changes: pd.DataFrame | None = None,
    unfinished: pd.DataFrame | None = None,
    language: str = "sv",
    names: str = "none",
) -> Path:
    """Save risks, changes, unfinished activities, findings, account and a legend as one workbook.

    Every sheet has a header that stays, filters, and columns as wide as their contents. Risk values
    are coloured by band. Text is always text: what begins with = + - or @ never becomes a formula.
    The same tables give the same bytes.

    Parameters
    ----------
    data : the tidy tables to be shown
    path : of the workbook, ending in .xlsx
    changes : what ``compare`` returns; unfinished : what ``unfinished`` returns; a sheet whose
        table is not given says so
    language : "sv" or "en"
    names : "none" masks the people of ``data`` (see ``mask_names``); "full" leaves them

    Returns
    -------
    Path
        The file that was written.

    Examples
    --------
    >>> import tempfile
    >>> from riskdata.tables.schema import TABLES, frame
    >>> data = Data(**{name: frame(name) for name in TABLES})
    >>> save_workbook(data, Path(tempfile.mkdtemp()) / "underlag.xlsx").name
    'underlag.xlsx'
    """
    check_language(language)
    check_names(names)
    tables = _tables(data, changes, unfinished)
    if names == "none":
        tables, _ = mask_tables(tables, known_people(data.activities), language=language)
    book = _new_book(language)
    account = word("workbook.account", language)
    places = Places(Path(path).resolve().parent, _first_rows(tables["account"]), account)
    for name in SHEETS:
        sheet = book.create_sheet(word(f"workbook.{name}", language))
        _fill(sheet, name, tables.get(name), places, language)
    _fill_legend(book.create_sheet(word("workbook.legend", language)), language, names)
    made = io.BytesIO()
    book.save(made)
    save_same_bytes(made.getvalue(), Path(path))
    return Path(path)


def _tables(
    data: Data, changes: pd.DataFrame | None, unfinished: pd.DataFrame | None
) -> dict[str, pd.DataFrame]:
    """Return the table of each sheet; none for what is not given."""
    from riskdata.analysis.links import in_register

    unread = data.unread.rename(columns={"text": "before", "reason": "proof"})
    risks = data.risks[in_register(data.risks)]
    tables = {
        "risks": risks.sort_values("risk_value", ascending=False, kind="stable"),
        "findings": data.findings,
        "account": pd.concat([data.account, unread.assign(rule="unread", column="", after="")]),
    }
    if changes is not None:
        tables["changes"] = _with_sources(changes, data.risks)
    if unfinished is not None:
        verdicts = unfinished[unfinished.verdict != "finished"]
        order = verdicts.verdict.map(["unfinished", "unknown"].index)
        tables["unfinished"] = verdicts.loc[order.sort_values(kind="stable").index]
    return {name: table.reset_index(drop=True) for name, table in tables.items()}


def _with_sources(changes: pd.DataFrame, risks: pd.DataFrame) -> pd.DataFrame:
    """Return changes with where the risk stands in its export: the later, else the earlier."""
    ids = changes.risk_after.fillna(changes.risk_before)
    where = risks.drop_duplicates("risk_id").set_index("risk_id")[["source_file", "source_row"]]
    return changes.assign(**{name: ids.map(where[name]) for name in where})


def _new_book(language: str):
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    book.properties.title = word("workbook.title", language)
    book.properties.language = {"sv": "sv-SE", "en": "en-GB"}[language]
    book.properties.creator = "riskdata"
    return book


def _first_rows(account: pd.DataFrame) -> dict[tuple[str, int], int]:
    """Return, for each row of an export, the first row of the account sheet that speaks of it."""
    rows: dict[tuple[str, int], int] = {}
    for number, key in enumerate(zip(account.source_file, account.source_row, strict=True), 2):
        rows.setdefault(key, number)
    return rows


def _fill(
    sheet: Worksheet, name: str, table: pd.DataFrame | None, places: Places, language: str
) -> None:
    if table is None:
        _put(sheet["A1"], word("workbook.not_made", language))
        sheet.column_dimensions["A"].width = WIDEST
        return
    columns = [column for column in SHEETS[name] if column in table]
    heads = [heading(_HEADS.get(name, {}).get(c, c), language) for c in columns]
    rows = _shown(table[columns], language)
    _write(sheet, heads, rows)
    _link(sheet, columns, rows, places)
    _colour(sheet, columns, len(rows), language)


def _shown(table: pd.DataFrame, language: str) -> list[list]:
    """Return rows of what cells hold: words for codes, numbers as numbers, None where missing."""
    table = coded(table, language)
    return [[_content(value) for value in row] for row in table.astype("object").to_numpy()]


def _content(value: object) -> str | int | None:
    if isinstance(value, list):
        return "; ".join(value)
    if pd.isna(value) or value == "":
        return None
    return value if isinstance(value, str) else int(value)


def _write(sheet: Worksheet, heads: Sequence[str], rows: Sequence[Sequence]) -> None:
    for number, text in enumerate(heads, 1):
        _put_head(sheet.cell(1, number), text)
    for y, row in enumerate(rows, 2):
        for x, value in enumerate(row, 1):
            _put(sheet.cell(y, x), value)
    _lay_out(sheet, heads, rows)


def _put(cell: Cell, value: str | int | None) -> None:
    """Put a value in a cell; a text as text, whatever it begins with."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment

    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if not isinstance(value, str):
        cell.value, cell.alignment = value, Alignment(horizontal="center", vertical="top")
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST]
    cell.data_type = "s"
    cell.quotePrefix = value.startswith(("=", "+", "-", "@"))  # stays text when it is edited too


def _put_head(cell: Cell, text: str) -> None:
    from openpyxl.styles import Border, Font, PatternFill, Side

    _put(cell, text)
    cell.font = Font(**FONT, bold=True)
    cell.fill = PatternFill("solid", start_color="E8E8E8")
    cell.border = Border(bottom=Side("medium"))


def _lay_out(sheet: Worksheet, heads: Sequence[str], rows: Sequence[Sequence]) -> None:
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{len(rows) + 1}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    widths = [_width(text, [row[x] for row in rows]) for x, text in enumerate(heads)]
    for x, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(x)].width = width
    for y, row in enumerate([heads, *rows], 1):
        sheet.row_dimensions[y].height = min(LINE * max(map(_lines, row, widths)), HIGHEST)


def _width(text: str, cells: Sequence) -> int:
    """Return a width for a column: as its longest text, but never so wide as to hide others."""
    longest = max([len(w) for w in text.split()] + [len(str(c)) for c in cells if c is not None])
    return min(max(longest + 3, NARROWEST), WIDEST)


def _lines(value: str | int | None, width: int) -> int:
    """Return how many lines a text takes in a column; programs do not all count them."""
    return len(textwrap.wrap(str(value), width - 2)) if value else 1


def _link(
    sheet: Worksheet, columns: Sequence[str], rows: Sequence[Sequence], places: Places
) -> None:
    """Link the source of each row: its file to the export, its row to the account of that row."""
    from openpyxl.worksheet.hyperlink import Hyperlink

    at = {name: columns.index(name) for name in ("source_file", "source_row") if name in columns}
    for y, row in enumerate(rows, 2):
        file, number = (row[at[name]] for name in at)
        target = _relative(file, places.folder)
        if target:
            _as_link(sheet.cell(y, at["source_file"] + 1)).hyperlink = target
        accounted = places.accounted.get((file, number))
        if accounted and sheet.title != places.account:
            cell = _as_link(sheet.cell(y, at["source_row"] + 1))
            place = f"'{places.account}'!A{accounted}"
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=place, display=str(number))


def _relative(file: str | None, folder: Path) -> str | None:
    """Return the way from a folder to an export, if the export is there."""
    export = folders.raw() / file if file else None
    if export is None or not export.is_file():
        return None
    try:
        return quote(Path(os.path.relpath(export.resolve(), folder)).as_posix())
    except ValueError:  # another drive of Windows: there is no way
        return None


def _as_link(cell: Cell) -> Cell:
    from openpyxl.styles import Font

    cell.font = Font(**FONT, color="0B4F8A", underline="single")
    return cell


def _colour(sheet: Worksheet, columns: Sequence[str], count: int, language: str) -> None:
    """Colour each risk value by its band, as a condition: with another value comes its colour."""
    from openpyxl.formatting.rule import CellIsRule
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    for number, column in enumerate(columns, 1):
        if column.startswith("risk_value") and count:
            letter = get_column_letter(number)
            for _, low, high, colour in vocabulary().bands(language):
                fill = PatternFill(bgColor=colour[1:].upper())
                font = Font(color=ink_on(colour)[1:].upper())
                rule = CellIsRule("between", [str(low), str(high)], fill=fill, font=font)
                sheet.conditional_formatting.add(f"{letter}2:{letter}{count + 1}", rule)


def _fill_legend(sheet: Worksheet, language: str, names: str) -> None:
    from openpyxl.styles import Font, PatternFill

    heads = [heading("word", language), heading("meaning", language)]
    bands = vocabulary().bands(language)
    rows = [*_bands_explained(bands, language), *_explained(language, names)]
    _write(sheet, heads, rows)
    for y, (_, _, _, colour) in enumerate(bands, 2):
        sheet.cell(y, 1).fill = PatternFill("solid", start_color=colour[1:].upper())
        sheet.cell(y, 1).font = Font(**FONT, color=ink_on(colour)[1:].upper())


def _bands_explained(bands: list[tuple], language: str) -> Iterator[tuple[str, str]]:
    note = word("workbook.band_note", language)
    for name, low, high, _ in bands:
        yield word("workbook.band", language, low=low, high=high), f"{name}. {note}"


def _explained(language: str, names: str) -> Iterator[tuple[str, str]]:
    """Yield each word of the sheets that is not plain, and what it means."""

    def say(key: str, **values: object) -> str:
        return word(f"workbook.{key}", language, **values)

    yield say("limit"), say("limit_note", limit=vocabulary().limit)
    for name in SHEETS:
        yield say("sheet", name=say(name)), say(f"about_{name}")
    yield say("links"), say("links_note")
    yield say("empty"), say("empty_note")
    yield say("names"), say(f"names_{names}", placeholder=placeholder(language))
