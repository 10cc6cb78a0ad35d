"""Word: what the page shows beside the text is in the cell, or in a note."""

import pytest

from riskdata.readers import read_content
from riskdata.readers.grid import Grid
from tests import formats

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{W}" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def text(words: str, settings: str = "") -> str:
    """Return a run of text."""
    return f'<w:r><w:rPr>{settings}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def paragraph(content: str, settings: str = "") -> str:
    """Return a paragraph; plain words become a run."""
    run = content if content.startswith("<") else text(content)
    return f"<w:p><w:pPr>{settings}</w:pPr>{run}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    """Return a table whose cells hold XML of their own, or plain words."""
    cells = [
        [
            cell if cell.startswith(("<w:p>", "<w:tbl>", "<w:sdt>")) else paragraph(cell)
            for cell in row
        ]
        for row in rows
    ]
    lines = "".join(f"<w:tr>{''.join(f'<w:tc>{c}</w:tc>' for c in row)}</w:tr>" for row in cells)
    return f"<w:tbl>{lines}</w:tbl>"


def document(body: str, **parts: str) -> list[Grid]:
    """Return the grids of a Word document with this body and these other parts."""
    files = {
        f"word/{name}.xml": f"<w:{name} {SPACES}>{xml}</w:{name}>" for name, xml in parts.items()
    }
    files["word/document.xml"] = f"<w:document {SPACES}><w:body>{body}</w:body></w:document>"
    return read_content(formats.zip_file(files), "export.docx")


def only_cell(content: str, **parts: str) -> tuple[str, tuple]:
    """Return the text and the notes of a cell with this content."""
    (grid,) = document(table(("Åtgärd",), (content,)), **parts)
    return grid.rows[1][0], grid.notes


def control(settings: str, content: str, *, block: bool = False) -> str:
    """Return a content control, within a paragraph or about one."""
    inner = paragraph(content) if block else text(content)
    xml = f"<w:sdt><w:sdtPr>{settings}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"
    return xml if block else f"<w:p>{xml}</w:p>"


@pytest.mark.parametrize("block", [True, False])
@pytest.mark.parametrize(
    ("state", "sign", "mark"), [("1", "☒", "☑"), ("0", "☐", "☐"), ("1", "☐", "☑")]
)
def test_a_check_box_is_what_it_is_set_to(state, sign, mark, block):
    """A box is ticked by its state, whatever sign the file draws for it."""
    box = f'<w14:checkbox><w14:checked w14:val="{state}"/></w14:checkbox>'
    assert only_cell(control(box, sign, block=block))[0] == mark


@pytest.mark.parametrize("block", [True, False])
def test_the_prompt_of_an_empty_field_is_no_data(block):
    """A placeholder, also in words of one's own, leaves its cell empty and is noted."""
    cell = control("<w:showingPlcHdr/><w:text/>", "Skriv vem som svarar", block=block)
    assert only_cell(cell) == ("", ((2, "placeholder", "Skriv vem som svarar"),))


def test_a_chosen_value_is_data():
    """What has been chosen in a drop-down, or filled in, is read."""
    assert only_cell(control("<w:dropDownList/>", "Pågår"))[0] == "Pågår"


CHOICES = "<w:listEntry w:val='Klar'/><w:listEntry w:val='Pågår'/>"


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ("<w:checkBox><w:default w:val='0'/><w:checked/></w:checkBox>", "☑"),
        ("<w:checkBox><w:default w:val='1'/></w:checkBox>", "☑"),
        ("<w:checkBox><w:default w:val='1'/><w:checked w:val='0'/></w:checkBox>", "☐"),
        (f"<w:ddList><w:result w:val='1'/>{CHOICES}</w:ddList>", "Pågår"),
    ],
)  # fmt: skip
def test_old_form_fields_say_their_state(field, shown):
    """Check boxes and drop-downs of old forms have no text: their state is the text."""
    begin = f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{field}</w:ffData></w:fldChar></w:r>'
    code = '<w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    assert only_cell(f"<w:p>{begin}{code}{text(' Sandning')}</w:p>")[0] == f"{shown} Sandning"


LEVELS = (
    '<w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="2"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl>'
    '</w:abstractNum><w:abstractNum w:abstractNumId="1">'
    '<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="·"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="6"><w:abstractNumId w:val="1"/></w:num>'
)


def listed(words: str, level: int, number: int = 5) -> str:
    """Return a paragraph of a list."""
    place = f'<w:ilvl w:val="{level}"/><w:numId w:val="{number}"/>'
    return paragraph(words, f"<w:numPr>{place}</w:numPr>")


def test_numbers_that_word_sets_are_printed():
    """Automatic numbers stand before their texts, counted on from row to row, level by level."""
    rows = [
        (listed("Trygga parker", 0),),
        (listed("Lek", 1),),
        (listed("Bad", 1),),
        (listed("Gator", 0),),
    ]
    (grid,) = document(table(*rows), numbering=LEVELS)
    assert grid.rows == [["2. Trygga parker"], ["2.a) Lek"], ["2.b) Bad"], ["3. Gator"]]


def test_a_list_in_a_cell_has_its_bullets_and_one_bullet_is_no_list():
    """Bullets part the items of a list; before a lone text they are decoration."""
    items = listed("Sandning", 0, 6) + listed("Skottning", 0, 6)
    assert only_cell(items, numbering=LEVELS)[0] == "• Sandning\n• Skottning"
    assert only_cell(listed("Sandning", 0, 6), numbering=LEVELS)[0] == "Sandning"


def test_numbers_go_on_through_tables_and_the_texts_between():
    """They are counted in the order of the document, whatever the paragraphs stand in."""
    body = table((listed("Lek", 0),)) + listed("Bad", 0) + table(("Risk",), (listed("Gator", 0),))
    first, second = document(body, numbering=LEVELS)
    assert (first.rows, second.rows) == ([["2. Lek"]], [["3. Bad"], ["Risk"], ["4. Gator"]])


def test_a_list_may_begin_anew():
    """A list that is told to begin anew does, and the one before goes on as it was."""
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    lists = f'{LEVELS}<w:num w:numId="7"><w:abstractNumId w:val="0"/>{anew}</w:num>'
    rows = [(listed(text, 0, n),) for text, n in (("Lek", 5), ("Bad", 7), ("Gator", 5))]
    (grid,) = document(table(*rows), numbering=lists)
    assert grid.rows == [["2. Lek"], ["1. Bad"], ["3. Gator"]]


def test_a_style_numbers_too():
    """A paragraph whose style is in a list is numbered, through the style that it is based on."""
    number = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="5"/></w:numPr></w:pPr>'
    styles = (
        f'<w:style w:styleId="A"><w:name w:val="Mål"/>{number}</w:style>'
        '<w:style w:styleId="B"><w:name w:val="Delmål"/><w:basedOn w:val="A"/></w:style>'
    )
    cell = paragraph("Trygga parker", '<w:pStyle w:val="B"/>')
    assert only_cell(cell, numbering=LEVELS, styles=styles)[0] == "2. Trygga parker"


@pytest.mark.parametrize(
    ("part", "reference", "rule"),
    [
        ("footnotes", "footnoteReference", "footnote"),
        ("endnotes", "endnoteReference", "footnote"),
        ("comments", "commentReference", "cell_comment"),
    ],
)
def test_what_a_sign_refers_to_is_told_on_its_row(part, reference, rule):
    """A footnote's or a comment's text is kept with the row that it speaks of."""
    kind = part.removesuffix("s")
    notes = f'<w:{kind} w:id="3">{paragraph("Gäller inte norra parken.")}</w:{kind}>'
    cell = f'<w:p>{text("Klart.")}<w:r><w:{reference} w:id="3"/></w:r></w:p>'
    assert only_cell(cell, **{part: notes}) == ("Klart.", ((2, rule, "Gäller inte norra parken."),))


@pytest.mark.parametrize(
    ("settings", "rule"),
    [("<w:vanish/>", "hidden_text"), ('<w:rStyle w:val="PlaceholderText"/>', "placeholder")],
)
def test_text_that_is_not_printed_is_noted(settings, rule):
    """Hidden text and prompts left behind are no part of the cell."""
    cell = f"<w:p>{text('Klart.')}{text(' Gammalt', settings)}</w:p>"
    assert only_cell(cell) == ("Klart.", ((2, rule, "Gammalt"),))


def test_an_icon_is_its_text():
    """A picture in a cell is read by its alternative text; one without is told as not read."""
    picture = '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Bild 1"{}/></wp:inline></w:drawing></w:r>'
    named = picture.format(' descr="Försenad"')
    assert only_cell(f"<w:p>{named}</w:p>") == ("Försenad", ((2, "icon_read", "Försenad"),))
    assert only_cell(f"<w:p>{picture.format('')}</w:p>") == ("", ((2, "icon_unread", "bild"),))


def test_raised_digits_are_footnotes():
    """A raised digit behind a value is no digit of it."""
    sign = text("1", '<w:vertAlign w:val="superscript"/>')
    cell = f"<w:p>{text('12')}{sign}</w:p>"
    assert only_cell(cell) == ("12", ((2, "footnote", "12¹"),))


def test_headings_stay_with_the_table_below_them():
    """Each text above a table is a row of its own; page headers, tables too, come first."""
    body = (
        paragraph("Parker")
        + paragraph("1.2 Alla leker")
        + table(("Risk",), ("Halka",))
        + paragraph("Löpande text")
        + table(("Risk",), ("Brand",))
    )
    header = table(("Parknämnden", "T2 2024"))
    files = {
        "word/document.xml": f"<w:document {SPACES}><w:body>{body}</w:body></w:document>",
        "word/header1.xml": f"<w:hdr {SPACES}>{header}</w:hdr>",
    }
    first, second = read_content(formats.zip_file(files), "export.docx")
    above = ["Parknämnden", "T2 2024", "Parker", "1.2 Alla leker"]
    assert first.rows == [*([text] for text in above), ["Risk"], ["Halka"]]
    assert second.rows[0] == ["Löpande text"]


@pytest.mark.parametrize("kind", ["page", "text box"])
def test_a_table_in_a_layout_is_the_table(kind):
    """A table in a cell that only puts it in place, or in a text box, is read as a table."""
    inner = table(("Risk", "Aktivitet"), ("Halka", "Sandning"))
    box = f"<w:p><w:r><w:pict><w:txbxContent>{inner}</w:txbxContent></w:pict></w:r></w:p>"
    outer = table((inner + paragraph(""),)) if kind == "page" else box
    (grid,) = document(paragraph("Uppföljning T2 2024") + outer)
    assert grid.rows == [["Uppföljning T2 2024"], ["Risk", "Aktivitet"], ["Halka", "Sandning"]]


def test_a_document_inside_the_document_is_read():
    """A web page that is kept whole inside a document gives its tables, numbered on."""
    page = "<html><body><p>T2 2024</p><table><tr><td>Risk</td></tr></table></body></html>"
    link = '<Relationship Id="c1" Target="chunk.html"/>'
    files = {
        "word/document.xml": f'<w:document {SPACES}><w:body>{table(("A",))}<w:altChunk r:id="c1"/>'
        "</w:body></w:document>",
        "word/chunk.html": page,
        "word/_rels/document.xml.rels": f"<Relationships>{link}</Relationships>",
    }
    first, second = read_content(formats.zip_file(files), "export.docx")
    assert (first.rows, second.rows, second.numbers) == ([["A"]], [["T2 2024"], ["Risk"]], [0, 2])
