"""The workbook opens readable, never as formulas, and leads back to the exports."""

import time

import pytest
from openpyxl import load_workbook

from riskdata.analysis.activities import unfinished
from riskdata.analysis.changes import compare
from riskdata.errors import ChoiceError
from riskdata.reports.workbook import save_workbook
from riskdata.tables.schema import frame
from tests.committee_data import HOSTILE, REGISTER, make_data

SHEETS = ["Risker", "Förändringar", "Ej avslutade", "Iakttagelser", "Redovisning", "Förklaring"]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project folder with one of the exports in data/raw, worked in."""
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "raw" / REGISTER["2025-VB"]).write_text("export", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def save(path, **choices):
    data = make_data()
    tables = {
        "changes": compare(data.risks, "2024-VB", "2025-VB"),
        "unfinished": unfinished(data.activities),
    }
    return save_workbook(data.select(period="2025-VB"), path, **{**tables, **choices})


def cells(sheet, head):
    """Return the cells under a head."""
    column = next(cell.column for cell in sheet[1] if cell.value == head)
    return [row[column - 1] for row in sheet.iter_rows(min_row=2)]


def test_every_sheet_is_there_with_a_head_that_stays_and_filters(project):
    """A reader scrolls and filters without losing the heads."""
    book = load_workbook(save(project / "u.xlsx"))
    assert book.sheetnames == SHEETS
    assert all(sheet.freeze_panes == "A2" and sheet.auto_filter.ref for sheet in book)


def test_text_is_never_a_formula(project):
    """What begins with = + - or @ is text when the file is opened, and when a cell is edited."""
    sheet = load_workbook(save(project / "u.xlsx"))["Risker"]
    found = {cell.value: cell for cell in cells(sheet, "Oönskad händelse")}
    assert {found[text].data_type for text in HOSTILE[:4]} == {"s"}
    assert all(found[text].quotePrefix for text in HOSTILE[:4])


def test_no_cell_anywhere_is_a_formula(project):
    """Unread cells and comments are printed by others too."""
    book = load_workbook(save(project / "u.xlsx"))
    assert "f" not in {cell.data_type for sheet in book for row in sheet for cell in row}


def test_numbers_are_numbers(project):
    """A reader can sort by risk value; the highest is first."""
    sheet = load_workbook(save(project / "u.xlsx"))["Risker"]
    assert [cell.value for cell in cells(sheet, "Riskvärde")] == [20, 15, 12, 9, 8, 2]


def test_bands_are_conditions(project):
    """A value that somebody corrects changes colour by itself."""
    sheet = load_workbook(save(project / "u.xlsx"))["Risker"]
    rules = [rule for found in sheet.conditional_formatting for rule in found.rules]
    assert [rule.formula for rule in rules] == [["1", "4"], ["5", "11"], ["12", "19"], ["20", "25"]]


def test_a_row_leads_to_its_account_and_to_its_export(project):
    """The source of a risk is one click away."""
    sheet = load_workbook(save(project / "reports" / "u.xlsx"))["Risker"]
    files, rows = cells(sheet, "Källfil"), cells(sheet, "Rad i källan")
    assert files[0].hyperlink.target == "../data/raw/register-2025.txt"
    linked = {cell.value: cell.hyperlink and cell.hyperlink.location for cell in rows}
    assert (linked[4], linked[9]) == ("'Redovisning'!A2", None)


def test_an_export_that_is_not_there_has_no_link(project):
    """A dead link is worse than none."""
    (project / "data" / "raw" / REGISTER["2025-VB"]).unlink()
    sheet = load_workbook(save(project / "u.xlsx"))["Risker"]
    assert cells(sheet, "Källfil")[0].hyperlink is None


def test_a_change_says_where_its_risk_stands(project):
    """Also a comparison leads back to the export of the later period."""
    sheet = load_workbook(save(project / "u.xlsx"))["Förändringar"]
    assert {cell.value for cell in cells(sheet, "Källfil")} == {REGISTER["2025-VB"]}


def test_what_could_not_be_placed_is_in_the_account(project):
    """Nothing that was printed is missing from the workbook."""
    sheet = load_workbook(save(project / "u.xlsx"))["Redovisning"]
    assert "=okänt" in [cell.value for cell in cells(sheet, "Stod i exporten")]


def test_only_what_is_not_finished_is_listed_as_unfinished(project):
    """The sheet keeps what its name says; the unknown ones come last."""
    sheet = load_workbook(save(project / "u.xlsx"))["Ej avslutade"]
    verdicts = [cell.value for cell in cells(sheet, "Bedömning")]
    assert verdicts and "Avslutad" not in verdicts


def test_a_sheet_without_a_table_says_so(project):
    """An empty sheet would look like an answer."""
    sheet = load_workbook(save(project / "u.xlsx", changes=None))["Förändringar"]
    assert sheet["A1"].value == "Inget underlag för det här bladet."


def test_nobody_is_named_unless_asked_for(project):
    """People are masked in every sheet; names="full" leaves them."""
    book = load_workbook(save(project / "u.xlsx"))
    text = " ".join(str(cell.value) for sheet in book for row in sheet for cell in row)
    assert "Ekström" not in text and "Omar" not in text and "[namn]" in text
    full = load_workbook(save(project / "v.xlsx", names="full"))["Redovisning"]
    assert "Maja Ekström" in [cell.value for cell in cells(full, "Står i tabellen")]


def test_the_same_tables_give_the_same_bytes(project):
    """Two runs can be compared by their files: no moment is kept in them."""
    first = save(project / "a.xlsx").read_bytes()
    time.sleep(2.1)  # a zip file tells the time in steps of two seconds
    assert save(project / "b.xlsx").read_bytes() == first


def test_title_and_language_are_said(project):
    """A program that reads the file aloud knows its language."""
    properties = load_workbook(save(project / "u.xlsx", language="en")).properties
    assert (properties.language, properties.title) == ("en-GB", "Workbook: risks and activities")


def test_letters_that_a_workbook_cannot_hold_are_left_out(project):
    """A control character from a broken export stops no report."""
    data = make_data()
    risk = {**data.risks.iloc[0].to_dict(), "event": "El\x0bavbrott"}
    path = save_workbook(type(data)(**{**data.tables(), "risks": frame("risks", [risk])}), "u.xlsx")
    assert cells(load_workbook(path)["Risker"], "Oönskad händelse")[0].value == "Elavbrott"


def test_an_unknown_language_names_those_there_are(project):
    """A slip in the parameter cell is told in words."""
    with pytest.raises(ChoiceError, match="sv, en"):
        save(project / "u.xlsx", language="de")
