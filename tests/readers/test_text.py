"""Text: each quotation mark, byte and sign is judged by itself, and what is doubted is told."""

import pytest

from riskdata.errors import ReadError
from riskdata.readers import find_grids
from riskdata.readers.grid import Grid
from riskdata.readers.text import find_delimiter

HEADER = "Process;Risk;S;K;Riskvärde;Beskrivning;Ansvarig"
FIRST = ["Snöröjning", "Halka på gångvägar", "3", "4", "12", "Sandning", "Ivar Lönn"]
LAST = "Lekplatser;Gungor brister;2;3;6;Besiktning;Tuva Rask"


def read(*lines: str, encoding: str = "utf-8") -> Grid:
    """Return the grid of a text of these lines."""
    (grid,) = find_grids("\r\n".join(lines).encode(encoding), "export.csv")
    return grid


def rows(*lines: str, **kwargs) -> list[list[str]]:
    """Return the rows of a register that has these lines in its middle."""
    return read(HEADER, *lines, LAST, **kwargs).rows[1:-1]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        (
            'Snöröjning;"Halka; och is";3;4;12;"Två\nrader; båda";Ivar Lönn',
            {1: "Halka; och is", 5: "Två\nrader; båda"},
        ),
        ('Snöröjning;Halka på gångvägar;="3";"=""4""";12;Sandning;Ivar Lönn', {}),
        ('"Snöröjning;Halka på gångvägar;3;4;12;Sandning;Ivar Lönn"', {}),
        (r'Snöröjning;"Kallas \"halka; is\" ute";3;4;12;Sandning;Ivar Lönn', {1: 'Kallas "halka; is" ute'}),
        ('Snöröjning;"Halka på gångvägar" ; "3";4;12;Sandning;Ivar Lönn', {}),
        ('Snöröjning;Halka på "blankis";3;4;12;Sandning;Ivar Lönn', {1: 'Halka på "blankis"'}),
        ('Snöröjning;"Halka på ""blankis""";3;4;12;Sandning;Ivar Lönn', {1: 'Halka på "blankis"'}),
    ],
    ids=["delimiter and break", "formulas", "whole line", "backslashes", "spaces", "inner quotes", "doubled"],
)  # fmt: skip
def test_what_is_quoted_is_one_cell(line, cells):
    """However a program quotes a cell, it is one cell, and its row as wide as the others."""
    assert rows(line) == [[cells.get(n, text) for n, text in enumerate(FIRST)]]


def test_a_lone_quotation_mark_swallows_no_lines():
    """A mark without its other is a sign like any: the lines below stay rows, and both are told."""
    lines = ['A;"Risk att halka;3;4;12;Sandning;Ivar', 'B;Brand;2;2;4;slut";Tuva']
    grid = read(HEADER, *lines, LAST)
    assert [len(row) for row in grid.rows] == [7] * 4
    assert grid.rows[1][1] == '"Risk att halka'
    assert [(n, rule) for n, rule, _ in grid.notes] == [(2, "quote_kept"), (3, "quote_kept")]


def test_a_mark_within_a_cell_is_only_a_mark():
    """Inches are inches: nothing is told."""
    grid = read(HEADER, 'A;Skärm på 12" saknas;3;4;12;"x; y";Ivar', LAST)
    assert (grid.rows[1][1], grid.rows[1][5], grid.notes) == ('Skärm på 12" saknas', "x; y", ())


def test_every_line_may_be_quoted_whole():
    """A file saved twice has each line in quotation marks: they are taken off, the title's too."""
    lines = ["Riskanalys; VB 2024", HEADER, 'A;"B; C";3;4;12;x;Ivar', LAST]
    doubled = ['"' + line.replace('"', '""') + '"' for line in lines]
    grid = read(*doubled)
    assert [len(row) for row in grid.rows] == [1, 7, 7, 7]
    assert grid.rows[2][1] == "B; C"


def test_rows_of_several_lines_are_rows_though_no_line_is_one():
    """Where every row breaks in its cells, the table is still told by the book."""
    lines = [f'P{n};"Halka;\nis";3;4;12;"Sand\noch salt";Ivar' for n in range(5)]
    grid = read(HEADER, *lines)
    assert [len(row) for row in grid.rows] == [7] * 6
    assert grid.numbers == [1, 2, 5, 8, 11, 14]


def test_commas_part_columns_where_sheets_are_saved_so():
    """A comma CSV with commas, semicolons and breaks in quoted cells has its own columns."""
    line = 'Snöröjning,"Halka; is, frost",3,4,12,"Sand;\nsalt;\ngrus","Lönn, Ivar"'
    grid = read("Riskanalys VB 2024 (Parknämnden)", HEADER.replace(";", ","), line)
    assert grid.rows[2] == [
        "Snöröjning", "Halka; is, frost", "3", "4", "12", "Sand;\nsalt;\ngrus", "Lönn, Ivar",
    ]  # fmt: skip


def test_excels_own_first_line_tells_the_delimiter():
    """ "sep=," is no row, and the lines keep their numbers."""
    grid = read("sep=,", "Risk,Aktivitet", "Halka,Sandning")
    assert (grid.rows, grid.numbers) == ([["Risk", "Aktivitet"], ["Halka", "Sandning"]], [2, 3])


@pytest.mark.parametrize(
    "text", ["Ett, två, tre\nFyra\nFem, sex\nsju", "Risk\nEtt; två\ntre\nfyra"]
)
def test_signs_of_running_text_part_nothing(text):
    """A comma or semicolon on a line or two makes no columns."""
    assert find_delimiter(text) == "\t"


def test_a_byte_that_is_wrong_is_read_and_told():
    """One letter in an older code is read as what it is; its row is told."""
    content = f"{HEADER}\nPark;Halka p\x00;3;4;12;;\n{LAST}".encode().replace(b"\0", b"\xe5")
    (grid,) = find_grids(content, "a.txt")
    assert grid.rows[1][1] == "Halka på"
    assert grid.notes == ((2, "bad_byte", "läst som på"),)


def test_a_letter_that_is_lost_is_told_on_its_row():
    """The sign of a lost letter stays, and its row is told; where most are lost the file is refused."""
    grid = read(HEADER, "Park;Halka p\ufffd;3;4;12;;", LAST)
    assert grid.notes == ((2, "bad_byte", "oläslig bokstav: p\ufffd"),)
    with pytest.raises(ReadError, match="rad 1"):
        read("V\ufffdsentlig process;Risk", "P\ufffd;B", "G\ufffd;C")


@pytest.mark.parametrize("times", [1, 2])
def test_text_saved_too_often_has_its_letters_again(times):
    """UTF-8 read as another code and saved as UTF-8 proves itself, dashes and ticks with it."""
    text = "Väsentlig process;Åtgärd\nÖppen förskola – ”lek”;✓ Klart på måndag\n"
    damaged = text
    for _ in range(times):
        damaged = "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in damaged.encode())
    grid = read(*damaged.split("\n"))
    assert grid.rows[:2] == [line.split(";") for line in text.split("\n")[:2]]
    assert {rule for _, rule, _ in grid.notes} == {"double_encoding"}


@pytest.mark.parametrize("encoding", ["cp850", "mac_roman", "cp1252", "utf-16"])
def test_older_codes_are_told_by_their_letters(encoding):
    """Text of MS-DOS, an old Macintosh or Windows is read with its own letters."""
    line = "Väsentlig process är påverkad;Åtgärder för höst och vår"
    assert read(line, encoding=encoding).rows == [line.split(";")]


@pytest.mark.parametrize("line", ["Risk;Resa till Košice", "Risk;Om ”lek” och ”bad” och ”mat”"])
def test_a_sign_of_windows_is_no_letter_of_an_older_code(line):
    """Quotation marks and a name's letter, in text without å, ä and ö, are what they are."""
    assert read(line, encoding="cp1252").rows == [line.split(";")]


def test_a_pasted_markdown_table_has_no_signs_of_its_own():
    """Rules, stars, escapes and boxes of Markdown are read for what they show."""
    grid = read(
        "## Uppföljning T2 2024 (**Parknämnden**)",
        "",
        "| Risk | Aktivitet | Status |",
        "|:---|---|:-:|",
        "| **Halka** | - [x] Sandning<br>varje dag | a\\|b |",
    )
    assert grid.rows == [
        ["Uppföljning T2 2024 (Parknämnden)"],
        [""],
        ["Risk", "Aktivitet", "Status"],
        ["Halka", "- ☑ Sandning\nvarje dag", "a|b"],
    ]
    assert grid.numbers == [1, 2, 3, 5]


def test_the_signs_of_an_answered_mail_are_not_in_the_cells():
    """A table in a mail that was answered has a sign before each line; one cell with it keeps it."""
    mail = read("Hej, se nedan.", *(f"> {line}" for line in (HEADER, LAST)))
    assert mail.rows[1:] == read(HEADER, LAST).rows
    kept = read(HEADER, *[LAST] * 3, f"> {LAST}")
    assert kept.rows[-1][0].startswith(">")


def test_the_sign_of_a_footnote_is_no_digit_of_a_value():
    """12¹ is 12 and a footnote; m² is a unit."""
    grid = read("Risk;Riskvärde", "Yta på 40 m²;12¹")
    assert grid.rows[1] == ["Yta på 40 m²", "12"]
    assert grid.notes == ((2, "footnote", "12¹"),)
