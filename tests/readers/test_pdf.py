"""PDF: what is shaded is no line, what stands in a table's columns is its own, words are whole."""

import pytest

from riskdata.errors import ReadError
from riskdata.readers import read_content
from riskdata.readers.grid import Grid
from tests import formats

HEADER = ["Mål", "Process", "Risk", "S", "K", "Riskvärde", "Ansvarig"]
ROWS = [
    HEADER,
    ["1.2 Trygga parker", "Snöröjning", "Halka på gångvägar", "3", "4", "12", "Ivar Lönn"],
    ["", "Lekplatser", "Gungor brister", "2", "3", "6", "Tuva Rask"],
    ["1.3 Rena bad", "Vattenprov", "Prov tas för sällan", "2", "5", "10", "Ivar Lönn"],
]
LEFTS = [40, 160, 250, 400, 440, 480, 560, 680]
TOP, ROW = 740, 26
SIZE = 8


def words(x: float, y: float, text: str, *, turned: bool = False) -> str:
    """Return the drawing of a text, upright or reading upwards."""
    matrix = f"0 {SIZE} -{SIZE} 0" if turned else f"{SIZE} 0 0 {SIZE}"
    return f"BT /F1 1 Tf {matrix} {x} {y} Tm <{text.encode('cp1252').hex()}> Tj ET" if text else ""


def fill(row: int, grey: float = 0.8) -> str:
    """Return the drawing of a row's background."""
    return f"{grey} g {LEFTS[0]} {TOP - (row + 1) * ROW} {LEFTS[-1] - LEFTS[0]} {ROW} re f 0 g"


def rules(row: int, *, upright: bool = True) -> str:
    """Return the lines above and below a row, and between its cells."""
    top, bottom = TOP - row * ROW, TOP - (row + 1) * ROW
    lines = [f"{LEFTS[0]} {y} m {LEFTS[-1]} {y} l S" for y in (top, bottom)]
    return "\n".join([*lines, *(f"{x} {top} m {x} {bottom} l S" for x in LEFTS if upright)])


def table(rows=ROWS, **kwargs) -> str:
    """Return the drawing of a table's texts."""
    return "\n".join(
        words(x + 3, TOP - (n + 1) * ROW + 9, text, **(kwargs if n == 0 else {}))
        for n, row in enumerate(rows)
        for x, text in zip(LEFTS, row, strict=False)
    )


def read(*drawn: str) -> list[Grid]:
    """Return the grids of a page with these drawings below a title."""
    page = "\n".join([words(40, 790, "Riskanalys VB 2024 (Parknämnden)"), *drawn])
    return read_content(formats._pdf_file([page], {}), "export.pdf")


LOOKS = {
    "grey header": [fill(0)],
    "every other row grey": [fill(1), fill(3)],
    "grey rows and hairlines": [fill(1), fill(3), *(rules(n, upright=False) for n in range(4))],
    "header in a box": [fill(0), rules(0)],
    "grey header over lined rows": [fill(0), *(rules(n) for n in (1, 2, 3))],
    "lines below rows": [rules(n, upright=False) for n in range(4)],
    "grey and lined": [fill(0), *(rules(n) for n in range(4))],
    "first row lined": [rules(0), rules(1)],
}


@pytest.mark.parametrize("look", LOOKS)
def test_a_table_is_whole_however_it_is_shaded(look):
    """Backgrounds, hairlines and boxes about some of the rows leave no row out."""
    (grid,) = read(*LOOKS[look], table())
    assert grid.rows == [["Riskanalys VB 2024 (Parknämnden)"], *ROWS]
    assert grid.notes == ()


def test_tables_with_text_between_are_tables_of_their_own():
    """The same columns below a heading are another table, which has the heading as its title."""
    lower = [words(x + 3, TOP - 7 * ROW + 9, text) for x, text in zip(LEFTS, HEADER, strict=False)]
    row = [words(x + 3, TOP - 8 * ROW + 9, text) for x, text in zip(LEFTS, ROWS[1], strict=False)]
    lines = [rules(n) for n in (0, 1, 2, 3, 6, 7)]
    first, second = read(*lines, table(), words(43, TOP - 5 * ROW, "Öppna förskolan"), *lower, *row)
    assert first.rows[1:] == ROWS
    assert second.rows == [["Öppna förskolan"], HEADER, ROWS[1]]


@pytest.mark.parametrize("pages", [2, 3])
def test_page_headers_of_three_parts_are_no_rows(pages):
    """What stands at the same height on each page, apart from the table, is noted and no row."""
    head = [
        words(x, 800, text) for x, text in ((40, "Parknämnden"), (300, "Riskanalys"), (600, "2024"))
    ]
    content = formats._pdf_file(["\n".join([*head, fill(0), table()])] * pages, {})
    (grid,) = read_content(content, "export.pdf")
    assert [row for row in grid.rows if len(row) > 1] == ROWS * pages
    assert grid.rows[0] == ["Parknämnden Riskanalys 2024"]


def test_text_below_a_table_is_no_row():
    """A line that does not keep to the columns ends the table, and is noted."""
    line = "Parknämnden har beslutat om registret den 4 december och följer upp det i tertialrapporten."
    (grid,) = read(rules(0), table(), words(43, TOP - 5 * ROW + 9, line))
    assert grid.rows[1:] == ROWS
    assert grid.notes == ((0, "outside_table", line),)


@pytest.mark.parametrize("text", ["Öppna förskolan", "Nämnden har beslutat om detta " * 3])
def test_text_far_from_the_rows_about_it_is_a_row_between_them(text):
    """What stands between the rows of a table without lines is lost nowhere."""
    lower = [[""] * 7] * 9 + ROWS[1:]
    (grid,) = read(table(), words(43, TOP - 6.2 * ROW, text), table(lower))
    assert [row for row in grid.rows if len(row) > 1] == [
        *ROWS,
        [text.strip(), *[""] * 6],
        *ROWS[1:],
    ]


def test_rows_far_apart_are_rows_of_one_table():
    """Where rows stand far from each other, each is one that keeps to the columns of those above."""
    below = [[[""] * 7] * (5 * n + 6) + [row] for n, row in enumerate(ROWS[2:])]
    (grid,) = read(table(ROWS[:2]), *map(table, below))
    assert grid.rows[1:] == ROWS


def test_numbers_against_the_next_column_stay_in_theirs():
    """What is set to the right ends where the next column begins, and belongs to the one before."""
    longer = "Gungor brister och skadar någon som leker"
    rows = [["Risk", "Sannolikhet", "Konsekvens"], ["Halka", "3", "4"], [longer, "2", "5"]]
    lefts, spaced = (40, 240, 320), [row[:1] for row in rows]
    numbers = [
        words(x - 6, TOP - (n + 1) * ROW + 9, text)
        for n, row in enumerate(rows[1:], 1)
        for x, text in zip((320, 400), row[1:], strict=True)
    ]
    headings = [words(x + 1, TOP - ROW + 9, t) for x, t in zip(lefts, rows[0], strict=True)][1:]
    last = [words(401, TOP - (n + 1) * ROW + 9, t) for n, t in enumerate(("Åtgärd", "Sand", "Lås"))]
    (grid,) = read(table(spaced), *headings, *numbers, *last)
    assert grid.rows[1:] == [
        [*row, text] for row, text in zip(rows, ("Åtgärd", "Sand", "Lås"), strict=True)
    ]


def test_rows_close_together_are_rows_where_each_prints_a_number():
    """A sheet printed without lines has no more room between two rows than within one."""
    close = [
        words(x + 3, TOP - (n + 1) * SIZE, text)
        for n, row in enumerate(ROWS)
        for x, text in zip(LEFTS, row, strict=False)
    ]
    (grid,) = read(*close)
    assert grid.rows[1:] == ROWS


def test_columns_whose_texts_run_into_each_other_are_refused():
    """A text cut at the edge of its cell leaves no room to tell the next column by."""
    rows = [*ROWS[:2], ["", "Lekplatser", "", "", "3", "6", "Tuva Rask"], ROWS[3]]
    cut = words(253, TOP - 3 * ROW + 9, "Gungor brister och skadar någongungarochslår2")
    with pytest.raises(ReadError, match="ingen tabell"):
        read(table(rows), cut)


def test_the_words_of_a_large_title_are_one_text():
    """The gap between two words is as much wider as the letters are larger: it parts no columns."""
    title = words(40, TOP + 4, "Parknämnden i Sundby och dess risker 2024").replace(
        f"{SIZE} 0 0 {SIZE}", "16 0 0 16"
    )
    (grid,) = read(title, table())
    assert grid.rows[-len(ROWS) :] == ROWS


def test_lines_on_each_other_are_refused():
    """Texts that run over the rows below can't be told apart: what to do instead is said."""
    drawn = [words(43, 700 - 5 * n, f"{word} upptäcks för sent") for n, word in enumerate("abcd")]
    with pytest.raises(ReadError, match="ovanpå varandra"):
        read(table(), *drawn)


def test_a_drawing_with_letters_on_each_other_is_no_matter():
    """On a page without a table they are a figure's: the tables of the other pages are read."""
    drawn = [words(43, 700 - 5 * n, f"{word} upptäcks för sent") for n, word in enumerate("abcd")]
    pages = [words(40, 790, "Riskanalys VB 2024 (Parknämnden)") + "\n" + table(), "\n".join(drawn)]
    (grid,) = read_content(formats._pdf_file(pages, {}), "export.pdf")
    assert grid.rows[1:] == ROWS


def test_words_beside_a_ruled_table_are_noted():
    """What stands in the margin is no cell, and is not lost."""
    (grid,) = read(*(rules(n) for n in range(4)), table(), words(720, TOP - 60, "Se bilaga"))
    assert grid.rows[1:] == ROWS
    assert grid.notes == ((0, "outside_table", "Se bilaga"),)


@pytest.mark.parametrize("lined", [True, False])
def test_upright_headers_are_turned(lined):
    """A header that reads upwards is read as the words that it says."""
    lines = [rules(n) for n in range(1, 4)] if lined else []
    header = [
        words(x + 12, TOP - ROW + 4, text, turned=True)
        for x, text in zip(LEFTS, HEADER, strict=False)
    ]
    (grid,) = read(*lines, *header, table([[], *ROWS[1:]]))
    assert [row for row in grid.rows if len(row) > 1] == ROWS


def test_the_sign_of_a_footnote_is_no_digit_of_a_value():
    """A small raised digit behind a value is a footnote's."""
    sign = (
        f"BT /F1 1 Tf 5 0 0 5 {LEFTS[5] + 3 + 2 * 0.6 * SIZE} {TOP - 2 * ROW + 12.5} Tm <31> Tj ET"
    )
    (grid,) = read(*(rules(n) for n in range(4)), table(), sign)
    assert grid.rows[1:] == ROWS
    assert grid.notes == ((2, "footnote", "12¹"),)


@pytest.mark.parametrize(
    ("text", "width", "printed", "rule"),
    [
        ("Upphandlings- underlaget saknas", 14, "Upphandlingsunderlaget saknas", "hyphen_joined"),
        ("Internkontrollplanen saknas", 15, "Internkontrollplanen saknas", "hyphen_joined"),
        ("Alla barn- och elever", 10, "Alla barn- och elever", None),
        ("Folkbokföringen saknas", 13, "Folkbokföringen saknas", "word_joined"),
        ("Bibliotekarien är ensam", 14, "Bibliotekarien är ensam", None),
        ("Väsentliga processer saknas", 10, "Väsentliga processer saknas", None),
        ("IT- driften står still", 10, "IT-driften står still", None),
        ("Qvorpels- trinden saknas", 10, "Qvorpelstrinden saknas", "word_joined"),
    ],
)
def test_a_word_at_a_lines_end_is_joined_by_what_tells_that_it_is_one(text, width, printed, rule):
    """A hyphen goes where a word list knows the word; two words are never glued together."""
    rows = [["Process", "S"], [text, "3"]]
    (grid,) = read_content(formats.pdf(rows, width=width), "a.pdf")
    assert grid.rows[1][0] == printed
    assert [note[1] for note in grid.notes] == ([rule] if rule else [])


def test_a_word_printed_whole_elsewhere_is_one():
    """What the same table prints whole tells that two lines' ends are one word."""
    rows = [
        ["Process", "S"],
        ["Se qvorpelstrinden nu", "3"],
        ["Alla qvorpels- trinden saknas", "4"],
    ]
    (grid,) = read_content(formats.pdf(rows, width=21), "a.pdf")
    assert grid.rows[2][0] == "Alla qvorpelstrinden saknas"
    assert grid.notes == ((3, "hyphen_joined", "qvorpelstrinden"),)


FORM = (
    "<< /Type /Annot /Subtype /Widget /FT /{kind} /V {value} /T (a) "
    "/Rect [{x} {y} {right} {top}]{more} >>"
)


@pytest.mark.parametrize(
    ("kind", "value", "more", "shown"),
    [
        ("Tx", "(Tuva Rask)", "", "Tuva Rask"),
        ("Btn", "/Yes", " /AS /Yes", "☑"),
        ("Btn", "/Off", " /AS /Off", "☐"),
    ],
)
def test_fields_of_a_form_have_their_values(kind, value, more, shown):
    """What is filled in in a form stands in its cell, though the page has no letters of it."""
    x, y = LEFTS[6] + 3, TOP - 2 * ROW + 5
    field = FORM.format(kind=kind, value=value, more=more, x=x, y=y, right=x + 60, top=y + 12)
    rows = [row if n != 1 else [*row[:-1], ""] for n, row in enumerate(ROWS)]
    page = "\n".join([*(rules(n) for n in range(4)), table(rows)])
    content = formats._pdf_file([page], {}, annotations=field)
    (grid,) = read_content(content, "export.pdf")
    assert grid.rows[1] == [*ROWS[1][:-1], shown]
