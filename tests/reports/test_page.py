"""A page stands alone, can be read by everybody, and runs nothing that stood in a cell."""

import json
import re

import nbformat.v4 as v4
import pandas as pd
import pytest
from lxml import html

from riskdata.charts.risks import plot_risk_matrix
from riskdata.reports.page import mark_table, save_page
from riskdata.reports.printed import Points, Table, show
from riskdata.tables.schema import frame
from tests.committee_data import HOSTILE

RISKS = frame("risks", [{"likelihood": 3, "consequence": 4, "event": text} for text in HOSTILE])


def shown(value):
    """Return an output as a notebook keeps it."""
    data = {"text/plain": repr(value)}
    if hasattr(value, "_repr_html_"):
        data["text/html"] = value._repr_html_()
    return v4.new_output("execute_result", data, execution_count=1)


def code(*outputs, source="hemlig_kod = 1"):
    return v4.new_code_cell(source, outputs=list(outputs))


def text(prose):
    return v4.new_markdown_cell(prose)


def save(tmp_path, *cells, **choices):
    notebook = v4.new_notebook(cells=list(cells))
    return save_page(notebook, tmp_path / "sida.html", **choices).read_text("utf-8")


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page with prose, a chart, tables and texts that would be tags."""
    return save(
        tmp_path_factory.mktemp("page"),
        text("# Hur stora är riskerna?\n\nLäser tabellerna."),
        text("## Var ligger de?"),
        code(shown(plot_risk_matrix(RISKS))),
        text("## Vilka är de?"),
        code(shown(RISKS[["event", "likelihood"]])),
        code(shown(Table("Risker", pd.DataFrame({"Risk": HOSTILE}), "Så läses den."))),
        code(shown(Points("", HOSTILE))),
        code(shown(HOSTILE), v4.new_output("stream", name="stdout", text="\n".join(HOSTILE))),
    )


def test_code_is_hidden(page):
    """A committee reads findings, not programs."""
    assert "hemlig_kod" not in page


def test_title_and_language_are_said(page):
    """The first heading is the title; the language is what is read aloud."""
    tree = html.document_fromstring(page)
    assert tree.get("lang") == "sv" and tree.findtext(".//title") == "Hur stora är riskerna?"


def test_a_chart_keeps_its_text_alternative(page):
    """Whoever does not see a chart is told what it shows."""
    alts = [image.get("alt") for image in html.document_fromstring(page).iter("img")]
    assert len(alts) == 1 and alts[0].startswith("Riskmatris") and len(alts[0]) > 60


def test_a_picture_of_ones_own_has_the_sentence_beneath_it_as_its_alternative(tmp_path):
    """A plot of seaborn has no words: those of its question and its answer are read in their place."""
    plot = v4.new_output("display_data", {"image/png": "iVBORw0KGgo="})
    said = v4.new_output("display_data", {"text/markdown": "2 av 3 risker."})
    page = save(tmp_path, text("# A\n\n## Hur många?"), code(plot), code(said))
    (image,) = html.document_fromstring(page).iter("img")
    assert image.get("alt") == "Hur många? 2 av 3 risker."


def test_nothing_is_loaded(page):
    """The page opens in a train tunnel: every address in it is a picture of its own."""
    tree = html.document_fromstring(page)
    addresses = tree.xpath("//@src | //@srcset | //link/@href")
    assert addresses and all(address.startswith("data:") for address in addresses)
    assert not tree.xpath("//script | //iframe | //link | //object | //embed")
    assert not re.search(r"url\(|@import", page)
    assert "default-src 'none'; img-src data:" in page


def test_no_text_of_a_cell_becomes_a_tag(page):
    """What somebody wrote in a comment is shown, never run."""
    tree = html.document_fromstring(page)
    assert len(list(tree.iter("img"))) == 1 and not tree.xpath("//@onerror")
    assert tree.text_content().count("<script>alert(1)</script>") == 5


def test_a_tag_that_an_output_forgot_to_escape_is_taken_away(tmp_path):
    """Also an output that is HTML by itself cannot run or fetch anything."""
    risky = '<p onclick="x()">text</p><script>x()</script><img src="http://a.example/b.png">'
    output = v4.new_output("display_data", {"text/html": f'{risky}<a href="javascript:x()">a</a>'})
    tree = html.document_fromstring(save(tmp_path, code(output)))
    assert not tree.xpath("//script | //@onclick | //@src | //@href")


def test_a_sentence_in_markdown_is_rendered_and_runs_nothing(tmp_path):
    """Notebooks say their numbers in Markdown; what could run or fetch something in it is taken away."""
    risky = '**fet** <script>x()</script><img src="http://a.example/b.png" onerror="x()">'
    data = {"text/markdown": risky, "application/javascript": "x()", "text/plain": "<Markdown>"}
    page = save(tmp_path, code(v4.new_output("display_data", data)))
    assert "<strong>fet</strong>" in page and "Markdown" not in page
    assert "x()" not in page and "a.example" not in page


def test_a_widget_is_shown_as_what_it_is_without_a_kernel(tmp_path):
    """Buttons become their table and lines to paste; a widget that has no such form is left out."""
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "a"}, "text/plain": "VBox()"}
    outputs = [
        v4.new_output("display_data", d) for d in (view, {**view, "text/html": "<p>Rad</p>"})
    ]
    page = save(tmp_path, code(*outputs))
    assert "<p>Rad</p>" in page and "VBox" not in page


def test_warnings_are_not_shown(tmp_path):
    """What a program tells its programmer is nothing for a committee."""
    page = save(tmp_path, code(v4.new_output("stream", name="stderr", text="FutureWarning")))
    assert "FutureWarning" not in page


def test_the_heads_of_tables_are_marked(page):
    """Each head says what it heads; the corner above the index heads nothing."""
    scopes = [head.get("scope") for head in html.document_fromstring(page).iter("th")]
    assert set(scopes) == {"col", "row"} and scopes.count("row") == len(HOSTILE)


def test_a_table_is_a_part_that_a_keyboard_reaches(page):
    """A wide table can be scrolled without a mouse, and says its name."""
    parts = html.document_fromstring(page).find_class("table")
    assert [part.get("aria-label") for part in parts] == ["Vilka är de?", "Risker"]
    assert {part.get("tabindex") for part in parts} == {"0"}


def test_headings_go_down_one_step_at_a_time(tmp_path):
    """One h1; a step that was jumped over is taken back."""
    page = save(tmp_path, text("# A\n\n#### B\n\n## C\n\n# D"))
    heads = html.document_fromstring(page).xpath("//h1|//h2|//h3|//h4")
    assert [(h.tag, h.text_content()) for h in heads] == [
        ("h1", "A"), ("h2", "B"), ("h2", "C"), ("h2", "D"),
    ]  # fmt: skip


def test_a_page_without_a_heading_gets_one(tmp_path):
    """No page is untitled."""
    assert "<h1>sida</h1>" in save(tmp_path, text("Text."))


def test_links_to_files_lead_there_from_the_page(tmp_path, monkeypatch):
    """A notebook gives links from its own folder, the page lies in another."""
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "reports" / "å b").mkdir(parents=True)
    (tmp_path / "reports" / "å b" / "rapport.docx").touch()
    monkeypatch.chdir(tmp_path)
    link = '<a href="../reports/%C3%A5%20b/rapport.docx">rapport</a>'
    page = save(
        tmp_path / "reports" / "å b", code(v4.new_output("display_data", {"text/html": link}))
    )
    assert 'href="rapport.docx"' in page


def test_an_english_page_says_that_it_is_english(tmp_path):
    """The language is what is read aloud."""
    assert '<html lang="en">' in save(tmp_path, text("# Risks"), language="en")


def test_the_same_notebook_gives_the_same_bytes(tmp_path):
    """Two runs can be compared by their files."""
    cells = [text("# A"), code(shown(RISKS))]
    assert save(tmp_path, *cells) == save(tmp_path, *cells)


def test_the_notebook_itself_is_left_as_it_was(tmp_path):
    """Saving a page hides outputs from the page only."""
    notebook = v4.new_notebook(cells=[code(shown(RISKS))])
    before = json.dumps(notebook)
    save_page(notebook, tmp_path / "sida.html")
    assert json.dumps(notebook) == before


def test_board_and_period_stand_in_the_heading_and_the_title(tmp_path):
    """Two boards' pages are told apart in tabs, lists and print; one click leads up."""
    page = html.document_fromstring(save(tmp_path, text("# A"), where="Socialnämnden, 2025-VB"))
    assert page.findtext(".//title") == "A – Socialnämnden, 2025-VB"
    assert page.xpath("//h1")[0].text_content() == "A Socialnämnden, 2025-VB"
    assert page.xpath("//a/@href") == ["index.html"]


def test_on_a_narrow_screen_each_cell_says_its_heading(page):
    """Where rows stand as lists nothing scrolls sideways, and a table is one to a screen reader."""
    tree = html.document_fromstring(page)
    assert "Risk" in tree.xpath("//td/@data-head")
    assert {table.get("role") for table in tree.iter("table")} == {"table"}
    assert "max-width: 40rem" in page


def test_in_print_no_column_is_cut(page):
    """What scrolls on a screen has to fit on paper: it wraps."""
    print_style = page.split("@media print")[1].split("@media screen")[0]
    assert "overflow: visible" in print_style and "overflow-wrap: break-word" in print_style


def test_a_cross_table_keeps_its_headings_where_rows_stand_as_lists():
    """Over each cell stands what heads its column, from every row of headings."""
    table = html.fromstring(
        pd.crosstab(
            pd.Series(["a"], name="Före"), pd.Series(["b"], name="Nu"), margins=True
        ).to_html()
    )
    mark_table(table)
    assert [cell.get("data-head") for cell in table.xpath("./tbody/tr[1]/td")] == ["b", "All"]


def test_a_quotation_in_an_english_sentence_is_marked_as_swedish():
    """A screen reader says what is quoted in Swedish; what is quoted is text, never markup."""
    shown = Points("", ["Why is ”Rutin <b>” not done?"], "en")._repr_html_()
    assert 'Why is <span lang="sv">”Rutin &lt;b&gt;”</span> not done?' in shown


@pytest.mark.parametrize(("language", "said"), [("sv", "Rubrikrad 5"), ("en", "Header row 5")])
def test_what_is_set_aside_is_told_in_words(language, said):
    """The kinds of what was set aside are words of the language, not rules of the account."""
    cells = frame("cells", [{"source_file": "a.txt", "kinds": ["header 5", "set_aside 1"]}])
    shown = show(cells, ["kinds"], language=language)._repr_html_()
    assert said in shown and "set_" not in shown
