"""Web pages: what a browser shows is in the cell, what it hides is in a note."""

import pytest

from riskdata.readers import read_content
from riskdata.readers.grid import Grid, Merge


def read(body: str, head: str = "") -> Grid:
    """Return the only grid of a page."""
    page = f"<html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"
    (grid,) = read_content(page.encode(), "export.html")
    return grid


def cell(content: str, head: str = "") -> tuple[str, tuple]:
    """Return the text and the notes of a cell with this content."""
    grid = read(f"<table><tr><td>Status</td></tr><tr><td>{content}</td></tr></table>", head)
    return grid.rows[1][0], grid.notes


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("<input type=checkbox checked> Sandning", "☑  Sandning"),
        ("<input type=checkbox> Sandning", "☐  Sandning"),
        ("<input type=radio checked>Ja <input type=radio>Nej", "☑ Ja ☐ Nej"),
        ('<input value="Tuva Rask"><input type=hidden value=17>', "Tuva Rask"),
        ("<textarea>Pågår</textarea>", "Pågår"),
        ("<select><option>Klar<option selected>Pågår</select>", "Pågår"),
        ("<select><option>Klar<option>Pågår</select>", "Klar"),
        ("<ol><li>Sandning<li>Skottning</ol>", "1. Sandning\n2. Skottning"),
        ("<ul><li>Sandning<li>Skottning</ul>", "• Sandning\n• Skottning"),
        ("<ul><li>Sandning</ul>", "Sandning"),
        ("40 m<sup>2</sup>", "40 m²"),
    ],
)
def test_a_cell_says_what_a_browser_shows(content, shown):
    """Controls say what is chosen in them, lists have their signs."""
    text, notes = cell(content)
    assert " ".join(text.split(" ")) == shown.replace("  ", " ")
    assert notes == ()


@pytest.mark.parametrize(
    ("content", "shown", "rule"),
    [
        ('<img src=a.png alt="Klar">', "Klar", "icon_read"),
        ('<i class="fa fa-check" title="Klar"></i>', "Klar", "icon_read"),
        ("<b><img src=a.png alt=Klar></b>Sandning", "Klar Sandning", "icon_read"),
        ("<i title=Klar></i> Sandning", "Klar Sandning", "icon_read"),
        ("<svg><title>Klar</title><path/></svg>", "Klar", "icon_read"),
        ("<img src=a.png>", "", "icon_unread"),
        ('<span style="display:none">0007</span>Klar', "Klar", "hidden_text"),
        ("<span hidden>0007</span>Klar", "Klar", "hidden_text"),
        ("<span class=sort>0007</span>Klar", "Klar", "hidden_text"),
        ("<select><option value=''>Välj…<option>Klar</select>", "", "placeholder"),
        ("Klar<sup>1)</sup>", "Klar", "footnote"),
        ("Klar<sup>*</sup>", "Klar", "footnote"),
    ],
)
def test_what_is_seen_and_not_text_is_noted(content, shown, rule):
    """Icons are their text; what is hidden, prompts and footnotes' signs are no part of a cell."""
    text, notes = cell(content, "<style>.sort {color: red; display: none}</style>")
    assert text == shown
    assert [(n, r) for n, r, _ in notes] == [(2, rule)]


def test_words_for_screen_readers_say_what_an_icon_shows():
    """Where a cell has no other words than those that are read out, they are its text."""
    hidden = '<span class="sr-only">Klar</span>'
    assert cell(f"<i></i>{hidden}")[0] == "Klar"
    assert cell(f"Pågår{hidden}")[0] == "Pågår"


def test_a_hidden_cell_is_no_column():
    """A cell that a browser leaves out moves none of the others."""
    grid = read("<table><tr><td>A<td style='display:none'>7<td>B</table>")
    assert grid.rows == [["A", "B"]]
    assert grid.notes == ((1, "hidden_text", "7"),)


def test_captions_and_headings_are_titles():
    """Each text above a table is a row of its own above it, numbered 0."""
    grid = read("<h2>Parker</h2><p>Text<table><caption>T2 2024</caption><tr><td>Risk</table>")
    assert (grid.rows, grid.numbers) == (
        [["Parker"], ["Text"], ["T2 2024"], ["Risk"]],
        [0, 0, 0, 1],
    )


def test_a_header_over_several_columns_is_told():
    """Its text stands in the first of them, and a merged range says how far it reaches."""
    grid = read("<table><tr><th>Risk<th colspan=2>Åtgärd<tr><td>a<td>b<td>c</table>")
    assert grid.rows == [["Risk", "Åtgärd"], ["a", "b", "c"]]
    assert grid.merges == (Merge(0, 1, 0, 2),)


def test_a_table_of_blocks_is_a_table():
    """What a page calls a table, a row and a cell is one, whatever its elements are called."""
    row = "<div role=row><div role=cell>{}</div><div role=cell>{}</div></div>"
    grid = read(
        f"<div role=table>{row.format('Risk', 'Status')}{row.format('Halka', 'Klar')}</div>"
    )
    assert grid.rows == [["Risk", "Status"], ["Halka", "Klar"]]


def test_a_foot_stands_last():
    """A table's foot is shown below its rows, wherever it is written."""
    grid = read("<table><tfoot><tr><td>Summa</tfoot><tbody><tr><td>Halka</tbody></table>")
    assert grid.rows == [["Halka"], ["Summa"]]


@pytest.mark.parametrize(
    "aside",
    ["<script>let a = '<table>'</script>", "<!-- <table><tr> -->", "<style>/*<table>*/</style>"],
)
def test_what_is_no_markup_begins_no_table(aside):
    """A table that a script or a comment writes of is none, and the page is whole."""
    assert cell("Klar", aside)[0] == "Klar"
