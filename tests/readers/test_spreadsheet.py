"""Workbooks: what a sheet shows beside its values, or hides, is in the cell or in a note."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import IconSetRule
from openpyxl.styles import PatternFill

from riskdata.readers import read_content, spreadsheet
from riskdata.readers.grid import Grid
from tests import formats


def sheet(*rows: tuple):
    """Return the only sheet of a workbook with these rows."""
    page = openpyxl.Workbook().active
    for row in rows:
        page.append(row)
    return page


def read(page) -> Grid:
    """Return the grid of a workbook's first sheet."""
    return read_content(formats.saved(page.parent), "export.xlsx")[0]


def test_an_error_value_is_read_and_told():
    """#REF! stays what it is in its cell, so that it is asked about."""
    page = sheet(("Risk", "S"), ("Halka", "#REF!"))
    page["B2"].data_type = "e"
    grid = read(page)
    assert grid.rows[1] == ["Halka", "#REF!"]
    assert grid.notes == ((2, "error_cell", "B2: #REF!"),)


def test_a_formula_without_a_value_is_told():
    """A formula that no program has worked out leaves its cell blank, and that is said."""
    grid = read(sheet(("S", "K", "Värde"), (3, 4, "=A2*B2")))
    assert grid.rows[1][:2] == ["3", "4"]
    assert grid.notes == ((2, "formula_without_value", "C2: =A2*B2"),)


def test_hidden_columns_are_read_and_told():
    """A hidden column keeps its place; which ones are hidden is known to who reads the grid."""
    page = sheet(("Risk", "S", "K"), ("Halka", 3, 4))
    page.column_dimensions["B"].hidden = True
    grid = read(page)
    assert (grid.rows[1], grid.hidden) == (["Halka", "3", "4"], frozenset({1}))
    assert grid.notes == ((1, "hidden_column", "kolumn B: S"),)


def test_a_hidden_column_of_an_open_document_is_told():
    """The same of a sheet that is an OpenDocument."""
    content = formats.ods_content([["Risk", "S"], ["Halka", "3"]]).replace(
        '<table:table table:name="Blad1">',
        '<table:table table:name="Blad1"><table:table-column/>'
        '<table:table-column table:visibility="collapse"/>',
    )
    parts = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}
    (grid,) = read_content(formats.zip_file(parts | {"META-INF/manifest.xml": MANIFEST}), "a.ods")
    assert (grid.hidden, grid.notes) == (frozenset({1}), ((1, "hidden_column", "kolumn B: S"),))


MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" '
    'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)


def test_a_date_among_codes_is_asked_about():
    """Where a column has codes such as 1.2, a date may be one that the sheet has changed."""
    grid = read(sheet(("Mål",), ("1.2 Park",), (dt.datetime(2024, 3, 1),), ("1.4 Bad",)))
    assert grid.notes == ((3, "code_as_date", "2024-03-01 (kan ha varit 1.3)"),)


def test_dates_among_dates_are_dates():
    """A column of dates, with a word or two among them, is not asked about."""
    rows = [(dt.datetime(2024, month, 1),) for month in range(1, 6)]
    assert read(sheet(("Klart senast",), *rows, ("Löpande",))).notes == ()


def test_raised_digits_in_a_cell_are_footnotes():
    """A raised digit behind a value is no digit of it."""
    page = sheet(("Värde",), (None,))
    page["A2"] = CellRichText("12", TextBlock(InlineFont(vertAlign="superscript"), "1"))
    grid = read(page)
    assert (grid.rows[1], grid.notes) == (["12"], ((2, "footnote", "12¹"),))


def test_notes_on_cells_are_kept_with_their_rows():
    """What somebody has written beside a cell is told."""
    page = sheet(("Risk",), ("Halka",))
    page["A2"].comment = Comment("Gäller norra parken", "Tuva Rask")
    assert read(page).notes == ((2, "cell_comment", "Gäller norra parken"),)


def test_icons_are_told_as_not_read():
    """Icons that a sheet sets by its values are seen by the eye alone: that is said."""
    page = sheet(("Värde",), (12,))
    page.conditional_formatting.add("A2:A9", IconSetRule("3Arrows", "num", [0, 5, 10]))
    assert [rule for _, rule, _ in read(page).notes] == ["icon_set"]


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (3.0, "General", "3"),
        (6.000000000000001, "General", "6"),
        (0.75, "0%", "75 %"),
        (1.1, "0.0", "1.1"),
    ],
)
def test_numbers_are_as_shown(value, form, shown):
    """No decimals that a sheet does not show, and a share in per cent."""
    page = sheet((value,))
    page["A1"].number_format = form
    assert read(page).rows == [[shown]]


def test_the_printed_header_of_a_sheet_is_a_title():
    """What is printed at the top of each page stands above the sheet's rows; page numbers don't."""
    page = sheet(("Risk",), ("Halka",))
    page.oddHeader.center.text = "Uppföljning T2 2024 (Parknämnden)"
    page.oddHeader.right.text = "Sida &P"
    grid = read(page)
    assert grid.rows[0] == ["Uppföljning T2 2024 (Parknämnden)"]
    assert grid.numbers == [0, 1, 2]


def test_boxes_in_cells_are_ticks():
    """Where a sheet shows truth values as check boxes, they are read as such."""
    content = formats.saved(sheet((True,), (False,)).parent)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    bag = {"xl/featurePropertyBag/featurePropertyBag.xml": '<bag type="Checkbox"/>'}
    (grid,) = read_content(formats.zip_file(parts | bag), "export.xlsx")
    assert grid.rows == [["☑"], ["☐"]]


def test_a_sheet_too_large_to_look_into_says_so(monkeypatch):
    """Where hidden rows are not looked for, that is said."""
    page = sheet(*[("Halka", n) for n in range(20)])
    page.row_dimensions[3].hidden = True
    monkeypatch.setattr(spreadsheet, "LOOKED_AT", 10)
    assert [rule for _, rule, _ in read(page).notes] == ["not_looked_at"]


def coloured(*colours: str, beside: str = "Fel i driften"):
    """Return a sheet whose last column has fills and no words."""
    page = sheet(("Risk", "Åtgärd", "Ansvarig", "Läge"))
    for n, colour in enumerate(colours, 2):
        page.append([f"{beside} {n}", "Ny pump", "Ivar Lönn"] if beside else [n])
        page.cell(n, 4).fill = PatternFill("solid", fgColor=colour)
    return page


def test_colours_without_words_are_read_as_their_names():
    """A column that only its fills say is what the eye sees: Grön, Gul, Röd."""
    rows = read(coloured("FF92D050", "FFFFC000", "FFFF0000")).rows
    assert [row[3] for row in rows[1:]] == ["Grön", "Gul", "Röd"]


@pytest.mark.parametrize(
    "page", [coloured("FF92D050", "FF92D050"), coloured("FFEEEEEE", "FFD9D9D9"),
             coloured("FF92D050", "FFFF0000", beside="")],
)  # fmt: skip
def test_decoration_says_nothing(page):
    """One colour throughout, greys, and the fields of a matrix are no words."""
    assert not any("".join(row[3:]) for row in read(page).rows[1:])
