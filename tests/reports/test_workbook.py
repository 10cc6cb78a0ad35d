"""The workbook opens readable, never as formulas, and names what each row is about."""

import io

import pytest
from openpyxl import load_workbook

from riskdata.errors import ChoiceError
from riskdata.reports.workbook import make_workbook
from riskdata.tables.schema import frame
from riskdata.words.language import words
from tests.committee_data import HOSTILE, REGISTER, make_data

NAMES = ["Risker", "Förändringar", "Åtgärder", "Iakttagelser", "Redovisning", "Förklaring"]


def make(data, **choices):
    return load_workbook(io.BytesIO(make_workbook(data, **choices)))


def cells(sheet, name):
    """Return the cells under a heading."""
    column = next(cell.column for cell in sheet[1] if cell.value == name)
    return [row[column - 1] for row in sheet.iter_rows(min_row=2)]


def test_every_sheet_is_there_with_a_head_that_stays_and_filters(book):
    """A reader scrolls and filters without losing the heads."""
    assert book.sheetnames == NAMES
    assert all(sheet.freeze_panes == "A2" and sheet.auto_filter.ref for sheet in book)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_heading_has_a_word(language, report):
    """A heading in code, as event_before, is nothing to hand out."""
    tables = {"changes": report.changes, "activities": report.activities}
    book = make(report.data, language=language, **tables)
    heads = {cell.value for sheet in book for cell in sheet[1]}
    assert len(heads) > 25 and heads <= set(words(language)["columns"].values())


def test_text_is_never_a_formula(book):
    """What begins with = + - or @ is text when the file is opened, and when a cell is edited."""
    found = {cell.value: cell for cell in cells(book["Risker"], "Oönskad händelse")}
    assert {found[text].data_type for text in HOSTILE[:4]} == {"s"}
    assert all(found[text].quotePrefix for text in HOSTILE[:4])
    assert "f" not in {cell.data_type for sheet in book for row in sheet for cell in row}


def test_numbers_are_numbers(book):
    """A reader can sort by risk value; the highest is first."""
    assert [cell.value for cell in cells(book["Risker"], "Riskvärde")] == [20, 15, 12, 9, 8, 2]


def test_bands_are_conditions(book):
    """A value that somebody corrects changes colour by itself."""
    rules = [rule for found in book["Risker"].conditional_formatting for rule in found.rules]
    assert [rule.formula for rule in rules] == [["1", "4"], ["5", "11"], ["12", "19"], ["20", "25"]]


def test_a_row_leads_to_its_account_and_to_no_file(book):
    """What was done to a row is one click away; the export, with its names, is not."""
    rows = cells(book["Risker"], "Rad i källan")
    linked = {cell.value: cell.hyperlink and cell.hyperlink.location for cell in rows}
    assert (linked[4], linked[9]) == ("'Redovisning'!A2", None)
    targets = [c.hyperlink.target for s in book for row in s for c in row if c.hyperlink]
    assert set(targets) <= {None}


def test_every_activity_is_there_with_its_verdict_and_reason(book, report):
    """Finished ones too, with their ids; those that are not finished come first."""
    sheet = book["Åtgärder"]
    assert [c.value for c in cells(sheet, "Åtgärdens id")] and sheet.max_row == len(
        report.activities
    ) + 1
    verdicts = [cell.value for cell in cells(sheet, "Bedömning")]
    assert verdicts == sorted(verdicts, key=["Ej avslutad", "Okänd", "Avslutad"].index)
    assert all(cell.value for cell in cells(sheet, "Skäl"))


def test_a_finding_names_its_risk(project):
    """A finding about row 8 is of no use; one about "Elavbrott" is."""
    data = make_data()
    data.findings.loc[0, "risk_id"] = "2025-VB-4"
    sheet = make(data)["Iakttagelser"]
    assert [cell.value for cell in cells(sheet, "Oönskad händelse")] == ["Elavbrott"]


def test_what_is_printed_on_paper_can_be_read(book):
    """On A3 without sources and ids no sheet is wider than some 250 letters."""
    for sheet in book.worksheets[:-1]:
        last = sheet.print_area.split(":")[1].strip("$0123456789").replace("$", "")
        widths = [
            d.width
            for letter, d in sheet.column_dimensions.items()
            if (len(letter), letter) <= (len(last), last)
        ]
        assert sheet.page_setup.paperSize == 8 and sum(widths) <= 260, sheet.title


def test_a_change_says_where_its_risk_stands(book):
    """Also a comparison leads back to the export of the later period."""
    assert {c.value for c in cells(book["Förändringar"], "Källfil")} == {REGISTER["2025-VB"]}


def test_what_could_not_be_placed_is_in_the_account(book):
    """Nothing that was printed is missing from the workbook."""
    assert "=okänt" in [cell.value for cell in cells(book["Redovisning"], "Stod i exporten")]


def test_a_column_that_no_export_prints_is_not_there(book):
    """An empty column of due dates would look as if nobody had filled it in."""
    heads = [cell.value for cell in book["Åtgärder"][1]]
    assert "Klart senast" not in heads and "Kommentar" in heads


def test_a_sheet_without_a_table_says_so(project):
    """An empty sheet would look like an answer."""
    assert make(make_data())["Förändringar"]["A1"].value == "Inget underlag för det här bladet."


def test_title_and_language_are_said(project):
    """A program that reads the file aloud knows its language."""
    properties = make(make_data(), language="en").properties
    assert (properties.language, properties.title) == ("en-GB", "Workbook: risks and activities")


def test_letters_that_a_workbook_cannot_hold_are_left_out(project):
    """A control character from a broken export stops no report."""
    data = make_data()
    risk = {**data.risks.iloc[0].to_dict(), "event": "El\x0bavbrott"}
    broken = type(data)(**{**data.tables(), "risks": frame("risks", [risk])})
    assert cells(make(broken)["Risker"], "Oönskad händelse")[0].value == "Elavbrott"


def test_an_unknown_language_names_those_there_are():
    """A slip in the parameter cell is told in words."""
    with pytest.raises(ChoiceError, match="sv, en"):
        make_workbook(make_data(), language="de")
