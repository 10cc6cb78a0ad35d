"""The tables as a workbook: a sheet each, readable as it opens and in print, with ids to trace by."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from riskdata.analysis.links import in_register
from riskdata.charts.style import ink_on
from riskdata.reports.printed import COLUMNS, TAGS, coded
from riskdata.tables.data import Data
from riskdata.words.language import board_of, heading, word, words
from riskdata.words.vocabulary import Vocabulary, vocabulary

SOURCE = ["source_file", "source_row"]
SHEETS = COLUMNS["sheets"]
ACCOUNT = {"before": "printed_before", "after": "printed_after"}  # headings of its own
VERDICTS = ["unfinished", "unknown", "cancelled", "finished"]  # as they are sorted
WIDEST, NARROWEST = 40, 9  # of a column, in letters
LINE, HIGHEST = 15, 409  # of a row, in points; Excel's own limit
LONGEST = 32767  # letters that a cell can hold
A3 = "8"
FONT = {"name": "Calibri", "size": 11}
TEXT, NUMBER, LINK, HEAD = (f"riskdata {kind}" for kind in ("text", "number", "link", "head"))


def make_workbook(
    data: Data,
    *,
    changes: pd.DataFrame | None = None,
    activities: pd.DataFrame | None = None,
    language: str = "sv",
    masked: bool = True,
) -> bytes:
    """Return risks, changes, activities, findings, account and a legend as one workbook.

    On paper (A3) the columns of sources and ids are left out. Text is always text: what begins with
    = + - or @ never becomes a formula. changes, activities: what ``compare`` and ``unfinished``
    return; a sheet whose table is not given says so. masked: whether names are masked in the tables,
    as the legend says.
    """
    vocab = vocabulary().for_board(data.boards[0]) if len(data.boards) == 1 else vocabulary()
    book, tables = _new_book(language), _tables(data, changes, activities)
    accounted = tables["account"][SOURCE].reset_index().drop_duplicates(SOURCE).set_index(SOURCE)
    for name in SHEETS:
        sheet = book.create_sheet(word(f"workbook.{name}", language))
        if name not in tables:
            sheet.append([word("workbook.not_made", language)])
            sheet.column_dimensions["A"].width = WIDEST
            continue
        columns, rows = _shown(name, tables[name], language)
        own = ACCOUNT if name == "account" else {}
        heads = [heading(own.get(c, c), language, board_of(data.risks)) for c in columns]
        _write(sheet, heads, rows)
        last = get_column_letter(columns.index(SOURCE[0]))  # sources and ids are not for paper
        sheet.print_area = f"A1:{last}{sheet.max_row}"
        _colour(sheet, columns, vocab.bands(language))
        if name != "account":
            rows = [accounted["index"].get(tuple(key)) for key in tables[name][SOURCE].to_numpy()]
            _link(sheet, columns.index(SOURCE[1]) + 1, rows, word("workbook.account", language))
    _fill_legend(book.create_sheet(word("workbook.legend", language)), vocab, language, masked)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _tables(
    data: Data, changes: pd.DataFrame | None, activities: pd.DataFrame | None
) -> dict[str, pd.DataFrame]:
    """Return the table of each sheet; none for what is not given."""
    risks, work = (
        table.dropna(subset=name).drop_duplicates(name).set_index(name)
        for table, name in ((data.risks, "risk_id"), (data.activities, "activity_id"))
    )
    findings, register = data.findings, data.risks[in_register(data.risks)]
    about = findings.activity_id.map(work.event)
    unread = data.unread.rename(columns={"text": "before", "reason": "proof"})
    tables = {
        "risks": register.sort_values("risk_value", ascending=False, kind="stable"),
        "findings": findings.assign(
            event=findings.risk_id.map(risks.event).fillna(about),
            activity=findings.activity_id.map(work.activity),
        ),
        "account": pd.concat([data.account, unread.assign(rule="unread", column="", after="")]),
    }
    if changes is not None and len(changes):  # with the source of the later, else of the earlier
        where = risks[SOURCE].reindex(changes.risk_after.fillna(changes.risk_before))
        tables["changes"] = changes.assign(**{name: where[name].to_numpy() for name in SOURCE})
    if activities is not None:
        order = activities.verdict.astype("str").map(VERDICTS.index)
        tables["activities"] = activities.loc[order.sort_values(kind="stable").index]
    return {name: table.reset_index(drop=True) for name, table in tables.items()}


def _new_book(language: str) -> Workbook:
    book = Workbook()
    book.remove(book.active)
    properties = book.properties
    properties.title, properties.creator = word("workbook.title", language), "riskdata"
    properties.language = TAGS[language]
    text = Alignment(wrap_text=True, vertical="top")
    number = Alignment(horizontal="center", vertical="top")
    grey, line = PatternFill("solid", start_color="E8E8E8"), Border(bottom=Side("medium"))
    link, bold = Font(**FONT, color="0B4F8A", underline="single"), Font(**FONT, bold=True)
    for style in (
        NamedStyle(TEXT, Font(**FONT), alignment=text),
        NamedStyle(NUMBER, Font(**FONT), alignment=number),
        NamedStyle(LINK, link, alignment=number),
        NamedStyle(HEAD, bold, grey, line, text),
    ):
        book.add_named_style(style)
    return book


def _shown(name: str, table: pd.DataFrame, language: str) -> tuple[list[str], list[list]]:
    """Return the columns of a sheet that hold something, and its rows: numbers as numbers."""
    columns = [column for column in SHEETS[name] if column in table]
    shown = coded(table[columns], language).astype("object").map(_content).astype("object")
    blank = [c for c in shown if len(shown) and c not in SOURCE and shown[c].isna().all()]
    shown = shown.drop(columns=blank)
    return list(shown), shown.where(shown.notna(), None).to_numpy().tolist()


def _content(value: object) -> str | float | None:
    if isinstance(value, list):
        return "; ".join(value) or None
    if pd.isna(value) or value == "":
        return None
    if not isinstance(value, str):
        return int(value) if value == int(value) else round(float(value), 2)
    return ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST]


def _write(sheet: Worksheet, heads: Sequence[str], rows: Sequence[Sequence]) -> None:
    """Write a sheet, and lay it out for the screen and for paper."""
    for row in [heads, *rows]:
        sheet.append(row)
    widths = []  # of each column: as its longest text, but never so wide as to hide others
    for number, (head, *cells) in enumerate(zip(heads, *rows, strict=True), 1):
        texts = [*head.split(), *(str(cell) for cell in cells if cell is not None)]
        widths.append(min(max(NARROWEST, *(len(text) + 3 for text in texts)), WIDEST))
        sheet.column_dimensions[get_column_letter(number)].width = widths[-1]
    for number, row in enumerate(sheet.iter_rows(), 1):
        lines = max(_style(cell, width) for cell, width in zip(row, widths, strict=True))
        sheet.row_dimensions[number].height = min(LINE * lines, HIGHEST)
    sheet.freeze_panes, sheet.auto_filter.ref = "A2", sheet.dimensions
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A3
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True


def _style(cell: Cell, width: int) -> int:
    """Give a cell its style, and return how many lines it takes: programs do not all count them.

    A text stays a text, whatever it begins with, when it is edited too.
    """
    if not isinstance(cell.value, str):
        cell.style = NUMBER
        return 1
    cell.style = HEAD if cell.row == 1 else TEXT
    cell.data_type = "s"
    cell.quotePrefix = cell.value.startswith(("=", "+", "-", "@"))
    return len(textwrap.wrap(cell.value, width - 2))


def _link(sheet: Worksheet, column: int, targets: Sequence[float | None], account: str) -> None:
    """Link the source row of each row to the account of it, where something was done to it."""
    for number, target in enumerate(targets, 2):
        if target is not None:
            cell = sheet.cell(number, column)
            cell.style, place = LINK, f"'{account}'!A{target + 2}"
            cell.hyperlink = Hyperlink(cell.coordinate, location=place, display=str(cell.value))


def _colour(sheet: Worksheet, columns: Sequence[str], bands: list[tuple]) -> None:
    """Colour each risk value by its band, as a condition: with another value comes its colour."""
    for number, column in enumerate(columns, 1):
        if column.startswith("risk_value") and sheet.max_row > 1:
            letter = get_column_letter(number)
            for _, low, high, colour in bands:
                fill, font = PatternFill(bgColor=colour[1:]), Font(color=ink_on(colour)[1:])
                rule = CellIsRule("between", [str(low), str(high)], fill=fill, font=font)
                sheet.conditional_formatting.add(f"{letter}2:{letter}{sheet.max_row}", rule)


def _fill_legend(sheet: Worksheet, vocab: Vocabulary, language: str, masked: bool) -> None:
    """Write each word of the sheets that is not plain, and what it means: first the bands."""
    own, bands = words(language)["workbook"], vocab.bands(language)
    assumed, names = f" ({own['assumed']})", own["names_masked" if masked else "names_left"]
    said = {name: heading(name, language) for name in ("risk_id", "activity_id")}
    said |= {"limit": vocab.limit, "assumed": assumed * vocab.limit_is_assumed}
    said["names"] = names.format(word("values.name", language))
    rows = [
        (own["band"].format(low, high), name + assumed * vocab.bands_are_assumed)
        for name, low, high, _ in bands
    ]
    rows += [[text.format(**said) for text in line] for line in words(language)["legend"].values()]
    _write(sheet, [heading("word", language), heading("meaning", language)], rows)
    for number, (*_, colour) in enumerate(bands, 2):
        cell = sheet.cell(number, 1)
        cell.fill = PatternFill("solid", start_color=colour[1:])
        cell.font = Font(**FONT, color=ink_on(colour)[1:])
