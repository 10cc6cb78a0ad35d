"""What every reader must give back, in each format, and what no file may do."""

import datetime as dt
import io
import os
import sys
import time
import zipfile
import zlib
from itertools import pairwise
from pathlib import Path
from random import Random

import openpyxl
import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from riskdata import readers
from riskdata.errors import ReadError
from riskdata.readers import FILE_BYTES, read_apart, read_content, read_grids
from riskdata.readers.grid import Grid, Merge, fill_merges, vertical_merges
from tests import formats

TITLE = "Uppföljning av aktiviteter VoR - T1 2024 (Socialnämnden)"
HEADER = ["Väsentliga processer", "Risk", "Aktivitet", "Senaste kommentaren", "Riskvärde"]
ROWS = [
    HEADER,
    [
        "Inköp",
        "Att rutiner inte följs av alla enheter",
        "✓ Utbilda chefer",
        "Klart. Mer i höst.",
        "12",
    ],
    ["", "Att avtal saknas <här & där>", " Kontrollera avtal", "", "9"],
    ["", "", "▶ Följ upp varje månad", "Pågår", "9"],
    ["Lek- och utemiljö", "Att lekplatser brister", "🔄 Besiktning", "", "4"],
]
MERGED = [(1, 0, 3, 0)]
FILES = Path(__file__).parents[1] / "files"

UNRULED = {"unruled pdf": lambda rows, titles=(): formats.pdf(rows, titles, ruled=False)}


def body(grid: Grid) -> list[list[str]]:
    """Return a grid's rows below its title, all of the same width."""
    rows = [row for row in grid.rows if row and row[0] != TITLE and any(row)]
    width = max(map(len, rows))
    return [row + [""] * (width - len(row)) for row in rows]


def read_one(content: bytes) -> Grid:
    """Return the only grid of a file."""
    (grid,) = read_content(content, "export")
    return grid


# -- the same rows from every format -----------------------------------------------------------


@pytest.mark.parametrize("kind", [*formats.PLAIN, *formats.MERGING, *UNRULED])
def test_each_format_gives_the_rows_that_were_written(tmp_path, kind):
    """What is written in any format is read back cell by cell, whatever the file is called."""
    write = (formats.PLAIN | formats.MERGING | UNRULED)[kind]
    (tmp_path / "export.dat").write_bytes(write(ROWS, [TITLE]))
    (grid,) = read_grids(tmp_path / "export.dat")
    assert body(grid) == ROWS
    assert [cell for cell in grid.rows[0] if cell] == [TITLE]


@pytest.mark.parametrize("kind", formats.MERGING)
def test_true_merges_are_told_and_only_they_are_filled(kind):
    """A merged cell says its text on each of its rows; a cell that was just empty stays empty."""
    grid = read_one(formats.MERGING[kind](ROWS, [TITLE], MERGED))
    assert [(m.bottom - m.top, m.left, m.right) for m in grid.merges] == [(2, 0, 0)]
    filled, columns = fill_merges(grid)
    assert [row[0] for row in body(filled)] == [HEADER[0], *["Inköp"] * 3, "Lek- och utemiljö"]
    assert [row[1:] for row in body(filled)] == [row[1:] for row in ROWS]
    first = grid.numbers[grid.merges[0].top]
    assert columns == {first + 1: {0}, first + 2: {0}}


def test_an_old_workbook_is_read_as_a_new_one():
    """A .xls of Excel 97 gives the same rows and merged ranges."""
    grid = read_one((FILES / "follow_up.xls").read_bytes())
    assert body(grid) == ROWS
    assert [(m.bottom - m.top, m.left) for m in grid.merges] == [(2, 0)]


@pytest.mark.parametrize("kind", ["html", "docx", "pdf"])
def test_titles_are_rows_numbered_0_and_long_texts_are_notes(kind):
    """Text above a table comes as rows of one cell; running text is noted, so nothing is lost."""
    prose = "Nämnden har under året arbetat med sina väsentliga risker. " * 4
    titles = [TITLE] if kind == "pdf" else [TITLE, prose.strip()]
    grid = read_one(formats.MERGING[kind](ROWS, titles))
    assert grid.numbers == [0, 1, 2, 3, 4, 5]
    assert [text for _, rule, text in grid.notes if rule == "outside_table"] == titles[1:]


def test_rows_of_several_tables_have_numbers_of_their_own():
    """The row numbers go on from table to table, so that one number tells one row."""
    document = Document()
    formats.add_table(document, ROWS[:3])
    document.add_paragraph("Fortsättning")
    formats.add_table(document, [HEADER, *ROWS[3:]])
    first, second = read_content(formats.saved(document), "a.docx")
    assert (first.name, second.name) == ("tabell 1", "tabell 2")
    assert (first.numbers, second.numbers) == ([1, 2, 3], [0, 4, 5, 6])


# -- workbooks -----------------------------------------------------------------------------------


def workbook(**cells) -> openpyxl.Workbook:
    """Return a workbook with these cells."""
    book = openpyxl.Workbook()
    for place, value in cells.items():
        book.active[place] = value
    return book


def test_numbers_and_dates_are_printed_plainly():
    """12.0 is 12, 1.1 stays 1.1, and a date is year-month-day."""
    book = workbook(A1=12.0, B1=1.1, C1=dt.date(2024, 5, 1), D1=dt.datetime(2024, 5, 1, 8, 30))
    assert read_one(formats.saved(book)).rows == [
        ["12", "1.1", "2024-05-01", "2024-05-01 08:30:00"]
    ]


def test_rows_keep_their_sheet_numbers_when_blank_rows_are_left_out():
    """A row's number is the one that Excel shows."""
    book = workbook(B3="Inköp", B7="Lek")
    book.active.merge_cells("B3:B6")
    grid = read_one(formats.saved(book))
    assert (grid.rows, grid.numbers) == ([["", "Inköp"], ["", "Lek"]], [3, 7])
    assert grid.merges == (Merge(0, 1, 0, 1),)


def test_hidden_rows_and_sheets_are_read_and_noted():
    """What somebody has hidden counts, but it is said that it was hidden."""
    book = workbook(A1="Risk", A2="Brand")
    book.active.row_dimensions[2].hidden = True
    book.create_sheet("Gömt").sheet_state = "hidden"
    book["Gömt"]["A1"] = "Lista"
    shown, hidden = read_content(formats.saved(book), "a.xlsx")
    assert shown.notes == ((2, "hidden_row", "Brand"),)
    assert (hidden.rows, hidden.notes) == ([["Lista"]], ((0, "hidden_sheet", "Gömt"),))


def test_a_formatted_cell_far_down_is_no_data():
    """An empty cell that only has a format does not make the sheet large."""
    book = workbook(A1="Risk")
    book.active["K1048576"].font = Font(bold=True)
    assert read_one(formats.saved(book)).rows == [["Risk"]]


def test_a_second_row_of_headers_is_whole_once_merges_are_filled():
    """A header merged over two rows stands complete in the lower of them."""
    rows = [["Process", "Bedömning", ""], ["", "Sannolikhet", "Konsekvens"], ["Lek", "3", "4"]]
    grid, _ = fill_merges(read_one(formats.xlsx(rows, merges=[(0, 0, 1, 0), (0, 1, 0, 2)])))
    assert grid.rows[1] == ["Process", "Sannolikhet", "Konsekvens"]
    assert vertical_merges(grid, below=1) == []


# -- web pages -----------------------------------------------------------------------------------


def test_a_decimal_comma_stays_as_printed():
    """8,5 in a web page is text, not 85."""
    assert read_one(b"<table><tr><td>8,5</td></tr></table>").rows == [["8,5"]]


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-8", "utf-16"])
def test_the_charset_that_a_page_names_is_used(encoding):
    """Swedish letters are read by the page's charset or byte order mark."""
    page = formats.html([["Åtgärd", "Öppna förskolan"]], encoding=encoding)
    assert read_one(page).rows == [["Åtgärd", "Öppna förskolan"]]


def test_layout_in_a_page_is_no_text():
    """Line breaks of the file are layout, <br> is a line break, one leading space is kept."""
    page = "<table><tr><td>\n  Inköp\n av varor </td><td>A<br>B</td><td> Lek</td></tr></table>"
    assert read_one(page.encode()).rows == [["Inköp av varor ", "A\nB", " Lek"]]


def test_what_office_adds_to_a_page_does_no_harm():
    """Comments, and tags of Office's own, stand inside the cells that Office saves."""
    page = b"<table><tr><td><!--[if gte mso 9]>x<![endif]--><o:p>Lek</o:p></td></tr></table>"
    assert read_one(page).rows == [["Lek"]]


def test_a_table_inside_a_layout_table_is_the_table():
    """A table that only puts another in place gives its text as title."""
    inner = formats.html(ROWS).decode().partition("<table>")[2].partition("</table>")[0]
    page = f"<table><tr><td>{TITLE}</td></tr><tr><td><table>{inner}</table></td></tr></table>"
    assert read_one(page.encode()).rows == [[TITLE], *ROWS]


def test_a_page_without_table_says_what_it_may_be():
    """A log-in page saved as an export is told as such."""
    with pytest.raises(ReadError, match="exportera sedan på nytt"):
        read_content(b"<html><body>Logga in</body></html>", "export.xls")


# -- Word ----------------------------------------------------------------------------------------


def document_with(cell_xml: str) -> bytes:
    """Return a Word document whose only cell holds a paragraph of this XML."""
    document = Document()
    paragraph = document.add_table(1, 1).cell(0, 0).paragraphs[0]._p
    paragraph.getparent().replace(paragraph, parse_xml(f"<w:p {nsdecls('w')}>{cell_xml}</w:p>"))
    return formats.saved(document)


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<w:r><w:t>Ny</w:t></w:r><w:ins><w:r><w:t> rutin</w:t></w:r></w:ins>", "Ny rutin"),
        ("<w:r><w:t>Ny</w:t></w:r><w:del><w:r><w:delText>Gammal</w:delText></w:r></w:del>", "Ny"),
        ("<w:moveFrom><w:r><w:t>Flyttad</w:t></w:r></w:moveFrom><w:r><w:t>Ny</w:t></w:r>", "Ny"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:t> Klar</w:t></w:r>', "\uf0fc Klar"),
        ("<w:r><w:t>A</w:t><w:br/><w:t>B</w:t></w:r>", "A\nB"),
    ],
    ids=["inserted", "deleted", "moved away", "sign of a font", "line break"],
)
def test_word_text_is_what_would_be_printed(xml, text):
    """Tracked changes count as accepted; a font's sign is kept as its code."""
    assert read_one(document_with(xml)).rows == [[text]]


# -- PDF -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ruled", [True, False])
def test_a_table_over_pages_is_one_grid(ruled):
    """A table goes on over the pages, headers repeated; page numbers are no rows of it."""
    rows = [HEADER, *(ROWS[1:] * 6)]
    file = formats.pdf(
        rows, [TITLE], ruled=ruled, page_rows=9, header=HEADER, footer="Sida {} av 3"
    )
    grid = read_one(file)
    assert [row for row in body(grid) if row != HEADER] == ROWS[1:] * 6
    assert [row for row in body(grid)].count(HEADER) == 3
    assert grid.numbers == list(range(len(grid.rows)))
    assert [text for _, _, text in grid.notes] == [f"Sida {n} av 3" for n in (1, 2, 3)]


def test_a_merged_cell_goes_on_over_a_page_break():
    """A merged cell that a page's end leaves open is one with what goes on below the break."""
    file = formats.pdf(ROWS, merges=MERGED, page_rows=3, header=HEADER)
    filled, _ = fill_merges(read_one(file))
    groups = [row[0] for row in body(filled) if row != HEADER]
    assert groups == [*["Inköp"] * 3, "Lek- och utemiljö"]


def test_a_row_that_a_page_break_split_is_one_row():
    """Text that goes on at the top of the next page is put back, and that is noted."""
    rows = [
        ["Process", "Risk", "Kommentar"],
        ["Inköp", "Brand", "Rutinen är framtagen och den ska under året"],
        ["", "", "gälla för alla enheter."],
        ["Lek", "Fall", "Klart."],
    ]
    grid = read_one(formats.pdf(rows, page_rows=2))
    assert body(grid)[1:] == [["Inköp", "Brand", f"{rows[1][2]} {rows[2][2]}"], rows[3]]
    assert grid.notes == ((2, "row_joined", "gälla för alla enheter."),)


def test_a_new_row_at_the_top_of_a_page_stays_a_row():
    """A row whose groups are printed above the break is not taken for the end of a cell."""
    rows = [
        ["Process", "Risk", "Kommentar"],
        ["Inköp", "Brand", "Rutinen är framtagen och gäller."],
        ["", "", "Mer ska göras."],
    ]
    assert body(read_one(formats.pdf(rows, page_rows=2))) == rows


def test_a_long_word_broken_by_its_column_is_one_word():
    """A word broken over two lines is put together where a word list knows it, and that is noted."""
    rows = [["Process", "Risk"], ["Verksamhetsuppföljningarna sker", "Brand"]]
    grid = read_one(formats.pdf(rows, width=18))
    assert grid.rows[1][0] == "Verksamhetsuppföljningarna sker"
    assert grid.notes == ((2, "hyphen_joined", "Verksamhetsuppföljningarna"),)


def test_a_scan_says_so():
    """A PDF without text is told as a scan."""
    with pytest.raises(ReadError, match="textigenkänning"):
        read_content(formats.pdf_of(zlib.compress(b"0 0 m 9 9 l S")), "a.pdf")


# -- what is struck through ----------------------------------------------------------------------


def in_word(*parts: tuple[str, bool]) -> Grid:
    """Return a cell in Word of texts, those struck through that are said to be."""
    strike = {True: "<w:rPr><w:strike/></w:rPr>", False: ""}
    runs = (f'<w:r>{strike[s]}<w:t xml:space="preserve">{t}</w:t></w:r>' for t, s in parts)
    return read_one(document_with("".join(runs)))


def in_excel(*parts: tuple[str, bool]) -> Grid:
    """Return the same cell in Excel."""
    blocks = (TextBlock(InlineFont(strike=s), text) for text, s in parts)
    return read_one(formats.saved(workbook(A1=CellRichText(*blocks))))


def in_a_page(*parts: tuple[str, bool], tags: str = "<s>{}</s>") -> Grid:
    """Return the same cell of a web page."""
    texts = "".join(tags.format(text) if s else text for text, s in parts)
    style = "<style>.old {text-decoration: line-through}</style>"
    return read_one(f"{style}<table><tr><td>{texts}</td></tr></table>".encode())


@pytest.mark.parametrize("cell", [in_word, in_excel, in_a_page])
@pytest.mark.parametrize(
    ("parts", "text", "notes"),
    [
        ([("4", True), (" 3", False)], "3", [("struck_through", "4")]),
        ([("3 ", False), ("4", True)], "3", [("struck_through", "4")]),
        ([("Se ", False), ("gamla ", True), ("rutinen", True), (" planen", False)],
         "Se planen", [("struck_through", "gamla rutinen")]),
        ([("Brand", True)], "Brand", [("struck_cell", "Brand")]),
    ],
)  # fmt: skip
def test_what_is_struck_through_is_no_data_beside_what_is_not(cell, parts, text, notes):
    """The rest is the cell's text; a cell wholly struck is read; both are told on the row."""
    grid = cell(*parts)
    assert grid.rows == [[text]]
    assert [note[1:] for note in grid.notes] == notes


@pytest.mark.parametrize(
    "tags",
    ["<del>{}</del>", "<span style='text-decoration: line-through'>{}</span>",
     "<b class=old>{}</b>", "<s><del>{}</del></s>"],
)  # fmt: skip
def test_a_page_strikes_through_in_several_ways(tags):
    """By an element, a style or a class; one within the other is struck once."""
    grid = in_a_page(("4", True), (" 3", False), tags=tags)
    assert (grid.rows, grid.notes) == ([["3"]], ((1, "struck_through", "4"),))


def test_a_row_struck_through_is_asked_about_once():
    """Where every cell of a row is struck, the row is what is told; the rows about it are not."""
    book = workbook(A1="Risk", B1="S", A2="Brand", B2=4, A3="Halka", B3=3)
    for place in ("A2", "B2", "C2", "B3"):
        book.active[place].font = Font(strike=True)
    grid = read_one(formats.saved(book))
    assert grid.rows == [["Risk", "S"], ["Brand", "4"], ["Halka", "3"]]
    assert grid.notes == ((3, "struck_cell", "3"), (2, "struck_row", "Brand | 4"))


def test_a_run_of_a_struck_cell_may_be_plain():
    """In a cell that is struck as a whole, letters with a font of their own are as that font is."""
    book = workbook(A1=CellRichText("4", TextBlock(InlineFont(), " 3")))
    book.active["A1"].font = Font(strike=True)
    assert read_one(formats.saved(book)).rows == [["3"]]


def test_a_tracked_deletion_is_told():
    """What tracked changes have deleted is no text of the cell, and its row says so."""
    deleted = "<w:del><w:r><w:delText>4</w:delText></w:r></w:del>"
    grid = read_one(document_with(f"{deleted}<w:ins><w:r><w:t>3</w:t></w:r></w:ins>"))
    assert (grid.rows, grid.notes) == ([["3"]], ((1, "deleted_text", "4"),))


# -- what cannot be read -------------------------------------------------------------------------


XML = '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">&g;</Workbook>'


def ole(*streams: str) -> bytes:
    """Return what an OLE file with these streams is recognised by."""
    names = "".join(streams).encode("utf-16-le")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + names + bytes(1000)


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        (ole("EncryptedPackage"), "lösenord"),
        (formats.protected_pdf(), "lösenord"),
        (ole("WordDocument"), "spara den som .docx"),
        (formats.zip_file({"export.csv": "a;b"}), "Packa upp"),
        (b"{\\rtf1 Risk}", "spara den som .docx"),
        (b"\x89PNG\r\n", "Exportera rapporten som Excel"),
        (XML.encode(), "spara den som .xlsx"),
        (ole("__properties_version1.0", "WordDocument"), "spara bilagan"),
        (formats.zip_file({"Index/Document.iwa": b"a"}), "Exportera till > Excel"),
        (formats.zip_file({"ppt/presentation.xml": b"a"}), "Exportera rapporten som Excel"),
        (b'{"url": "https://exempel.se", "doc_id": "1"}', "Google Kalkylark"),
        (formats.saved(Document()), "exportera rapporten som Excel"),
    ],
    ids=[
        "workbook",
        "pdf",
        "doc",
        "zip",
        "rtf",
        "picture",
        *["2003", "msg", "numbers", "pptx", "json"],
        "no table",
    ],
)
def test_what_cannot_be_read_says_what_it_is_and_what_to_do(content, remedy):
    """A protected file or one of another kind is named for what it is."""
    with pytest.raises(ReadError, match=f"^a.xlsx: .*{remedy}"):
        read_content(content, "a.xlsx")


WHOLE = {
    "xlsx": formats.xlsx(ROWS),
    "ods": formats.ods(ROWS),
    "docx": formats.docx(ROWS),
    "pdf": formats.pdf(ROWS),
    "html": formats.html(ROWS),
    "mhtml": formats.mhtml(ROWS),
    "xls": (FILES / "follow_up.xls").read_bytes(),
}


@pytest.mark.parametrize("share", [0.2, 0.6, 0.9])
@pytest.mark.parametrize("kind", WHOLE)
def test_a_file_that_ends_too_soon_says_so(kind, share):
    """Half a file is refused: what is missing might be a risk."""
    content = WHOLE[kind]
    with pytest.raises(ReadError, match="xportera .*på nytt"):
        read_content(content[: int(len(content) * share)], "a")


# -- harm kept out -------------------------------------------------------------------------------

DOCUMENT = "word/document.xml"
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>'
    '<row r="{row}"><c {far} t="inlineStr"><is><t>a</t></is></c></row>'
    "</sheetData></worksheet>"
)


def with_part(file: bytes, part: str, content: str | bytes) -> bytes:
    """Return a zip file with one of its parts replaced."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return formats.zip_file(parts | {part: content})


def with_sheet(text: str = "a", row: int = 2, far: str = 'r="A2"') -> bytes:
    """Return a workbook with a cell of a text and a cell further off."""
    sheet = SHEET.format(text=text, row=row, far=far)
    return with_part(formats.xlsx([["a"]]), "xl/worksheets/sheet1.xml", sheet)


NOISE = Random(7).randbytes(20_000)
LEVELS = "".join(f'<!ENTITY {b} "{f"&{a};" * 50}">' for a, b in pairwise("abcdefg"))
BOMB = f'<!DOCTYPE x [<!ENTITY a "{"x" * 50}">{LEVELS}]>'
DISK = '<!DOCTYPE x [<!ENTITY g SYSTEM "file:///etc/hostname">]>'
FAR = {"row": 1_048_576, "far": 'r="XFD1048576"'}
LARGE = 210_000_000
MANY = formats.ods_content(ROWS).replace(
    "<table:table-cell ", '<table:table-cell table:number-columns-repeated="9999999" '
)

HOSTILE = {
    "far cell": (lambda: with_sheet(**FAR), "radera raderna under"),
    "zip bomb": (lambda: with_sheet(" " * LARGE), "öppna den inte"),
    "bomb in Word": (
        lambda: with_part(WHOLE["docx"], DOCUMENT, b"<a>" + b" " * LARGE),
        "öppna den inte",
    ),
    "entity bomb in Word": (lambda: with_part(WHOLE["docx"], DOCUMENT, BOMB + XML), "ENTITY"),
    "file of the disk": (lambda: with_part(WHOLE["docx"], DOCUMENT, DISK + XML), "ENTITY"),
    "long cell": (lambda: with_sheet("a" * 200_000), "korta cellen"),
    "long cell in text": (lambda: b"Risk\tb\n" + b"a" * 200_000, "korta cellen"),
    "long cell in a page": (
        lambda: b"<table><tr><td>" + b"a" * 20_000_000 + b"</table>",
        "cell på flera",
    ),
    "many lines": (lambda: b"Risk\n" * 1_100_000, "Exportera rapporten på nytt"),
    "repeated cells": (lambda: with_part(WHOLE["ods"], "content.xml", MANY), "radera raderna"),
    "deep page": (lambda: b"<html>" + b"<div>" * 100_000, "nästlad"),
    "wide page": (
        lambda: b"<table>" + b"<tr><td rowspan=60000 colspan=1000>a" * 100 + b"</table>",
        "kolumner",
    ),
    "random zip": (lambda: b"PK\x03\x04" + NOISE, "exportera den på nytt"),
    "random pdf": (lambda: b"%PDF-1.4" + NOISE, "exportera den på nytt"),
    "random page": (lambda: b"<html><table>" + NOISE, "Exportera på nytt"),
    "random bytes": (lambda: NOISE, "Exportera på nytt"),
}


def drawing(lines: int) -> bytes:
    """Return a PDF that draws so many million lines; 80 million are 1 GB unpacked."""
    packer = zlib.compressobj(1)
    packed = [packer.compress(b"0 0 m 1 1 l S" * 1_000_000) for _ in range(lines)]
    return formats.pdf_of(b"".join([*packed, packer.flush()]))


KILLERS = {
    "xlsx": lambda: with_sheet(row=1_048_576, far='r = "XFD1048576"'),  # spaces hide it from checks
    "pdf": lambda: drawing(80),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_made_to_harm_costs_only_its_message(tmp_path, kind):
    """Each is refused with what it is and what to do, soon."""
    make, remedy = HOSTILE[kind]
    (tmp_path / "export.xlsx").write_bytes(make())
    begun = time.monotonic()
    with pytest.raises(ReadError, match=f"^export.xlsx: (.|\n)*{remedy}"):
        read_grids(tmp_path / "export.xlsx")
    assert time.monotonic() - begun < 10


def with_flipped_bit(content: bytes, part: str) -> bytes:
    """Return a zip file with one bit changed in the middle of a part."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        member = archive.getinfo(part)
    changed = bytearray(content)
    changed[member.header_offset + 30 + len(part) + member.compress_size // 2] ^= 1
    return bytes(changed)


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_a_workbook_damaged_in_what_is_read_is_refused(part):
    """One bit is enough: no cell is taken from a part that is not whole."""
    with pytest.raises(ReadError, match="skadad .*exportera den på nytt"):
        read_content(with_flipped_bit(WHOLE["xlsx"], part), "a.xlsx")


def test_a_workbook_damaged_in_its_colours_is_read():
    """What holds no table need not be whole."""
    damaged = with_flipped_bit(WHOLE["xlsx"], "xl/theme/theme1.xml")
    assert read_content(damaged, "a.xlsx") == read_content(WHOLE["xlsx"], "a.xlsx")


def test_a_file_too_large_is_never_opened(tmp_path):
    """A file over the limit is refused by its size alone."""
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(FILE_BYTES + 1)
    with pytest.raises(ReadError, match="en nämnd och en period i taget"):
        read_grids(tmp_path / "a.txt")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process's memory")
@pytest.mark.parametrize("kind", ["xlsx", "pdf"])
def test_a_file_that_kills_its_reader_costs_only_itself(kind):
    """When the reading process dies of a file, that file gets a message and the next is read."""
    content = KILLERS[kind]()
    with pytest.raises(ReadError, match="minnet räckte inte .* spara tabellen ensam"):
        read_apart(content, "a.dat")
    assert read_apart(WHOLE["xlsx"], "b.xlsx") == read_content(WHOLE["xlsx"], "b.xlsx")


def test_a_file_that_takes_too_long_is_given_up(monkeypatch):
    """After the time allowed the reading is stopped, and the next file is read."""
    monkeypatch.setattr(readers, "SECONDS", 0.2)
    with pytest.raises(ReadError, match="mer än 0.2 sekunder.* spara tabellen ensam"):
        read_apart(drawing(1), "a.pdf")
    monkeypatch.undo()
    assert read_apart(WHOLE["docx"], "b.docx") == read_content(WHOLE["docx"], "b.docx")


def test_the_reading_process_is_kept_from_file_to_file():
    """Many files cost one start of the process."""
    read_apart(WHOLE["xlsx"], "a.xlsx")
    first = readers._workers[os.getpid()].pid
    read_apart(WHOLE["pdf"], "b.pdf")
    assert readers._workers[os.getpid()].pid == first


@pytest.mark.parametrize("kind", WHOLE)
def test_nothing_changes_on_the_way_from_the_reading_process(kind):
    """Rows, numbers, merged ranges and notes come back as the reader gave them."""
    assert read_apart(WHOLE[kind], "a") == read_content(WHOLE[kind], "a")
