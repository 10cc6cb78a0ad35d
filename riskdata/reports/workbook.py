"""The tables as a workbook: a sheet each, readable as it opens and in print, with ids to trace by."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from riskdata.analysis.links import in_register
from riskdata.charts.style import ink_on
from riskdata.reports.printed import coded
from riskdata.tables.data import Data
from riskdata.words.language import check_language, heading, series, word
from riskdata.words.vocabulary import Vocabulary, vocabulary

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

SOURCE = ["source_file", "source_row"]
SHEETS = {  # the columns of each; those after the first of SOURCE are not printed on paper
    "risks": [
        "board", "period", "goal_code", "goal", "process", "way_of_working", "event", "likelihood",
        "consequence", "risk_value", "level", "likelihood_after", "consequence_after",
        "risk_value_after", "decision", *SOURCE, "risk_id",
    ],
    "changes": [
        "board", "change", "event_before", "event_after", "process_after", "likelihood_before",
        "likelihood_after", "consequence_before", "consequence_after", "risk_value_before",
        "risk_value_after", "decision_before", "decision_after", "certainty", *SOURCE,
        "risk_before", "risk_after",
    ],
    "activities": [
        "board", "period", "process", "indicator", "event", "risk_value", "activity", "due_date",
        "overdue_days", "mark", "outcome", "verdict", "probability", "reason", "evidence",
        "unfinished_since", "comment", "responsible", *SOURCE, "activity_id", "risk_id",
    ],
    "findings": [
        "severity", "check", "event", "activity", "message", "evidence", "board", "period", *SOURCE,
        "risk_id", "activity_id",
    ],
    "account": ["column", "rule", "before", "after", "proof", *SOURCE],
}  # fmt: skip
_HEADS = {"account": {"before": "printed_before", "after": "printed_after"}}
OPTIONAL = {  # columns that few exports print: not shown where every row is blank
    "goal_code", "goal", "process", "way_of_working", "level", "likelihood_after", "responsible",
    "consequence_after", "risk_value_after", "decision", "indicator", "due_date", "overdue_days",
    "outcome", "probability", "unfinished_since", "risk_value",
}  # fmt: skip
WIDEST, NARROWEST = 40, 9  # of a column, in letters
LINE, HIGHEST = 15, 409  # of a row, in points; Excel's own limit
FONT = {"name": "Calibri", "size": 11}
LONGEST = 32767  # letters that a cell can hold
A3 = "8"


def make_workbook(
    data: Data,
    *,
    changes: pd.DataFrame | None = None,
    activities: pd.DataFrame | None = None,
    language: str = "sv",
    masked: bool = True,
) -> bytes:
    """Return risks, changes, activities, findings, account and a legend as one workbook.

    Every sheet has a header that stays, filters, and columns as wide as their contents; on paper
    (A3) the columns of sources and ids are left out. Risk values are coloured by band. Text is
    always text: what begins with = + - or @ never becomes a formula.

    Parameters
    ----------
    data : the tidy tables to be shown, with or without names
    changes : what ``compare`` returns; activities : what ``unfinished`` returns; a sheet whose
        table is not given says so
    language : "sv" or "en"
    masked : whether names are masked in the tables, as the legend says
    """
    check_language(language)
    tables = _tables(data, changes, activities)
    vocab = _vocabulary(data.boards)
    book = _new_book(language)
    account = word("workbook.account", language)
    for name in SHEETS:
        sheet = book.create_sheet(word(f"workbook.{name}", language))
        if name not in tables:
            sheet.append([word("workbook.not_made", language)])
            sheet.column_dimensions["A"].width = WIDEST
            continue
        columns, rows = _shown(name, tables[name], language)
        _write(sheet, [head(name, c, language) for c in columns], rows)
        _print_until(sheet, columns)
        _colour(sheet, columns, len(rows), vocab.bands(language))
        if name != "account":
            _link(sheet, columns, rows, _first_rows(tables["account"]), account)
    _fill_legend(book.create_sheet(word("workbook.legend", language)), vocab, language, masked)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def head(sheet: str, column: str, language: str = "sv") -> str:
    """Return the heading of a column of a sheet."""
    return heading(_HEADS.get(sheet, {}).get(column, column), language)


def _tables(
    data: Data, changes: pd.DataFrame | None, activities: pd.DataFrame | None
) -> dict[str, pd.DataFrame]:
    """Return the table of each sheet; none for what is not given."""
    unread = data.unread.rename(columns={"text": "before", "reason": "proof"})
    risks = data.risks[in_register(data.risks)]
    tables = {
        "risks": risks.sort_values("risk_value", ascending=False, kind="stable"),
        "findings": _named(data.findings, data),
        "account": pd.concat([data.account, unread.assign(rule="unread", column="", after="")]),
    }
    if changes is not None:
        tables["changes"] = _with_sources(changes, data.risks)
    if activities is not None:
        order = activities.verdict.astype("str").map(
            {"unfinished": 0, "unknown": 1, "cancelled": 2, "finished": 3}
        )
        tables["activities"] = activities.loc[order.sort_values(kind="stable").index]
    return {name: table.reset_index(drop=True) for name, table in tables.items()}


def _named(findings: pd.DataFrame, data: Data) -> pd.DataFrame:
    """Return findings with the texts of the risk and the activity that each is about."""
    of = {"event": data.risks, "activity": data.activities}
    ids = {"event": "risk_id", "activity": "activity_id"}
    texts = {
        name: table.dropna(subset=ids[name]).drop_duplicates(ids[name]).set_index(ids[name])[name]
        for name, table in of.items()
    }
    named = {name: findings[ids[name]].map(texts[name]) for name in of}
    event = data.activities.drop_duplicates("activity_id").set_index("activity_id").event
    named["event"] = named["event"].fillna(findings.activity_id.map(event))
    return findings.assign(**named)


def _with_sources(changes: pd.DataFrame, risks: pd.DataFrame) -> pd.DataFrame:
    """Return changes with where the risk stands in its export: the later, else the earlier."""
    ids = changes.risk_after.fillna(changes.risk_before)
    where = risks.drop_duplicates("risk_id").set_index("risk_id")[SOURCE]
    return changes.assign(**{name: ids.map(where[name]) for name in where})


def _new_book(language: str) -> Workbook:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

    book = Workbook()
    book.remove(book.active)
    book.properties.title = word("workbook.title", language)
    book.properties.language = {"sv": "sv-SE", "en": "en-GB"}[language]
    book.properties.creator = "riskdata"
    text = Alignment(wrap_text=True, vertical="top")
    number = Alignment(horizontal="center", vertical="top")
    plain, link = Font(**FONT), Font(**FONT, color="0B4F8A", underline="single")
    grey, line = PatternFill("solid", start_color="E8E8E8"), Border(bottom=Side("medium"))
    for style in (
        NamedStyle("riskdata text", font=plain, alignment=text),
        NamedStyle("riskdata number", font=plain, alignment=number),
        NamedStyle("riskdata link", font=link, alignment=number),
        NamedStyle(
            "riskdata head", font=Font(**FONT, bold=True), fill=grey, border=line, alignment=text
        ),
    ):
        book.add_named_style(style)
    return book


def _first_rows(account: pd.DataFrame) -> dict[tuple[str, int], int]:
    """Return, for each row of an export, the first row of the account sheet that speaks of it."""
    rows: dict[tuple[str, int], int] = {}
    for number, key in enumerate(zip(account.source_file, account.source_row, strict=True), 2):
        rows.setdefault(key, number)
    return rows


def _shown(name: str, table: pd.DataFrame, language: str) -> tuple[list[str], list[list]]:
    """Return the columns of a sheet and its rows: words for codes, numbers as numbers, None if missing."""
    blank = {
        c for c in OPTIONAL & {*table.columns} if table[c].map(_content, "ignore").isna().all()
    }
    columns = [c for c in SHEETS[name] if c in table and not (len(table) and c in blank)]
    shown = coded(table[columns], language)
    return columns, [
        [_content(value) for value in row] for row in shown.astype("object").to_numpy()
    ]


def _content(value: object) -> str | float | None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, list):
        return "; ".join(value) or None
    if pd.isna(value) or value == "":
        return None
    if not isinstance(value, str):
        return int(value) if value == int(value) else round(float(value), 2)
    return ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST]


def _write(sheet: Worksheet, heads: Sequence[str], rows: Sequence[Sequence]) -> None:
    for row in [heads, *rows]:
        sheet.append(row)
    for row in sheet.iter_rows():
        for cell in row:
            _style(cell)
    _lay_out(sheet, heads, rows)


def _style(cell: Cell) -> None:
    """Give a cell its style; a text stays a text, whatever it begins with, when it is edited too."""
    if not isinstance(cell.value, str):
        cell.style = "riskdata number"
        return
    cell.style = "riskdata head" if cell.row == 1 else "riskdata text"
    cell.data_type = "s"
    cell.quotePrefix = cell.value.startswith(("=", "+", "-", "@"))


def _lay_out(sheet: Worksheet, heads: Sequence[str], rows: Sequence[Sequence]) -> None:
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{len(rows) + 1}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A3
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    widths = [_width(text, [row[x] for row in rows]) for x, text in enumerate(heads)]
    for x, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(x)].width = width
    for y, row in enumerate([heads, *rows], 1):
        sheet.row_dimensions[y].height = min(LINE * max(map(_lines, row, widths)), HIGHEST)


def _print_until(sheet: Worksheet, columns: Sequence[str]) -> None:
    """Leave sources and ids out on paper, so that what is read there is large enough."""
    from openpyxl.utils import get_column_letter

    last = columns.index(SOURCE[0]) if SOURCE[0] in columns else len(columns)
    sheet.print_area = f"A1:{get_column_letter(last)}{sheet.max_row}"


def _width(text: str, cells: Sequence) -> int:
    """Return a width for a column: as its longest text, but never so wide as to hide others."""
    longest = max([len(w) for w in text.split()] + [len(str(c)) for c in cells if c is not None])
    return min(max(longest + 3, NARROWEST), WIDEST)


def _lines(value: str | int | None, width: int) -> int:
    """Return how many lines a text takes in a column; programs do not all count them."""
    return len(textwrap.wrap(str(value), width - 2)) if value else 1


def _link(
    sheet: Worksheet,
    columns: Sequence[str],
    rows: Sequence[Sequence],
    accounted: dict,
    account: str,
) -> None:
    """Link the source row of each row to the account of it, where something was done to it."""
    from openpyxl.worksheet.hyperlink import Hyperlink

    file, number = (columns.index(name) for name in SOURCE)
    for y, row in enumerate(rows, 2):
        target = accounted.get((row[file], row[number]))
        if target:
            cell = sheet.cell(y, number + 1)
            cell.style = "riskdata link"
            place = f"'{account}'!A{target}"
            shown = str(row[number])
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=place, display=shown)


def _colour(sheet: Worksheet, columns: Sequence[str], count: int, bands: list[tuple]) -> None:
    """Colour each risk value by its band, as a condition: with another value comes its colour."""
    from openpyxl.formatting.rule import CellIsRule
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    for number, column in enumerate(columns, 1):
        if column.startswith("risk_value") and count:
            letter = get_column_letter(number)
            for _, low, high, colour in bands:
                fill = PatternFill(bgColor=colour[1:].upper())
                font = Font(color=ink_on(colour)[1:].upper())
                rule = CellIsRule("between", [str(low), str(high)], fill=fill, font=font)
                sheet.conditional_formatting.add(f"{letter}2:{letter}{count + 1}", rule)


def _vocabulary(boards: Sequence[str]) -> Vocabulary:
    """Return the bands and the limit of a workbook's only board, else the municipality's."""
    return vocabulary().for_board(boards[0]) if len(boards) == 1 else vocabulary()


def _fill_legend(sheet: Worksheet, vocab: Vocabulary, language: str, masked: bool) -> None:
    from openpyxl.styles import Font, PatternFill

    heads = [heading("word", language), heading("meaning", language)]
    _write(sheet, heads, list(_explained(vocab, language, masked)))
    for y, (_, _, _, colour) in enumerate(vocab.bands(language), 2):
        sheet.cell(y, 1).fill = PatternFill("solid", start_color=colour[1:].upper())
        sheet.cell(y, 1).font = Font(**FONT, color=ink_on(colour)[1:].upper())


def _explained(vocab: Vocabulary, language: str, masked: bool) -> Iterator[tuple[str, str]]:
    """Yield each word of the sheets that is not plain, and what it means: first the bands."""

    def say(key: str, **values: object) -> str:
        return word(f"workbook.{key}", language, **values)

    def assumed(it_is: bool) -> str:
        return f" ({say('assumed')})" if it_is else ""

    for name, low, high, _ in vocab.bands(language):
        yield say("band", low=low, high=high), name + assumed(vocab.bands_are_assumed)
    limit = say("limit_note", limit=vocab.limit)
    yield say("limit"), limit + assumed(vocab.limit_is_assumed)
    for name in SHEETS:
        yield say("sheet", name=say(name)), say(f"about_{name}")
    yield say("links"), say("links_note")
    ids = [heading(name, language) for name in ("risk_id", "activity_id")]
    yield series(ids, language), say("ids_note")
    yield say("paper"), say("paper_note")
    yield say("empty"), say("empty_note")
    named = "names_masked" if masked else "names_left"
    yield say("names"), say(named, placeholder=word("values.name", language))
