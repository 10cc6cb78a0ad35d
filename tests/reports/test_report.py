"""What a committee is handed: whole, comparable with the last run, and without names."""

import shutil
import zipfile

import docx
import pytest

from riskdata.errors import ChoiceError, RiskdataError
from riskdata.reports.committee import committee_report
from riskdata.reports.save import save_report
from tests.committee_data import BOARD, FOLLOW_UP, PEOPLE, make_data

WORKING = "arbetsmaterial/maskerade-namn.csv"
WHICH = shutil.which  # as it is outside these tests
NAMES = [part for name in PEOPLE for part in name.split()]


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    """An empty project, on a computer without LibreOffice and Chromium."""
    (tmp_path / "data" / "raw").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("riskdata.reports.save.shutil.which", lambda name: None)
    return tmp_path


def save(**choices):
    usual = {"period": "2025-VB", "board": BOARD, "charts": ["risk_matrix"]}
    return save_report(make_data(), **{**usual, **choices})


def contents(folder):
    """Return what every file below a folder holds, office files unpacked, by its name."""
    found = {}
    for path in (p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        found[name] = path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as parts:
                found[name] = b"".join(parts.read(part) for part in parts.namelist())
    return found


def test_everything_lies_in_the_folder_of_period_and_board(project):
    """Word, workbook, key figures and each chart in its four forms."""
    save()
    folder = project / "reports" / "2025-VB" / BOARD
    charts = {f"diagram/riskmatris.{ending}" for ending in ("png", "svg", "csv", "txt")}
    assert (
        set(contents(folder))
        == {"rapport.docx", "underlag.xlsx", "nyckeltal.txt", WORKING} | charts
    )


def test_nobody_is_named_in_what_is_handed_out(project):
    """Names in lists, comments, repairs and findings are masked in every file but one."""
    save(charts=None)
    handed_out = contents(project / "reports")
    working = handed_out.pop(f"2025-VB/{BOARD}/{WORKING}").decode("utf-8-sig")
    named = {file for file, held in handed_out.items() for name in NAMES if name.encode() in held}
    assert not named
    assert "Maja Ekström" in working and "Omar" in working


def test_names_are_left_when_they_are_asked_for(project):
    """names="full" is a choice that somebody answers for, and the note says so."""
    saved = save(names="full")
    assert any("ställning till vart och ett" in note for note in saved.notes)
    assert b"Maja Ekstr" in contents(project / "reports")[f"2025-VB/{BOARD}/underlag.xlsx"]


def test_people_are_known_from_other_periods_too():
    """A follow-up lists nobody; whom its comments name is known from the registers."""
    report = committee_report(make_data(), period="2025-VB", board=BOARD)
    followed = report.data.activities[report.data.activities.source_file == FOLLOW_UP]
    assert followed.comment.iloc[0] == "Rutinen har inte införts enligt [namn]."


def test_a_second_run_on_the_same_exports_gives_the_same_bytes(project):
    """What did not change looks as if nothing had been done."""
    save()
    first = {p: p.read_bytes() for p in (project / "reports").rglob("*") if p.is_file()}
    save()
    assert {p: p.read_bytes() for p in first} == first


def test_what_has_changed_since_the_last_run_is_said(project):
    """A corrected export changes a number that somebody may have used."""
    save()
    figures = project / "reports" / "2025-VB" / BOARD / "nyckeltal.txt"
    figures.write_text(figures.read_text("utf-8").replace("risks\t6\t", "risks\t5\t"), "utf-8")
    save()
    document = docx.Document(str(figures.with_name("rapport.docx")))
    said = "Riskregistret har 6 risker. Vid förra körningen var det 5."
    assert said in [paragraph.text for paragraph in document.paragraphs]


def test_without_a_program_for_it_the_reader_is_told_how_to_get_a_pdf():
    """One sentence, with the programs and the other way."""
    assert "installera LibreOffice" in save().notes[0] and "Spara som, PDF" in save().notes[0]


def test_an_old_pdf_does_not_stay_beside_a_new_report(project):
    """A PDF of an earlier run would be of other numbers."""
    old = project / "reports" / "2025-VB" / BOARD / "rapport.pdf"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"%PDF")
    save()
    assert not old.exists()


def test_a_program_that_fails_is_told_of(monkeypatch):
    """A PDF that could not be made stops no report."""
    monkeypatch.setattr("riskdata.reports.save.shutil.which", lambda name: "/bin/false")
    assert "LibreOffice kunde inte skriva den" in save().notes[0]


@pytest.mark.parametrize("program", [("soffice",), ("chromium", "google-chrome")])
def test_a_pdf_has_tags_language_and_text_alternatives(monkeypatch, program):
    """The PDF can be read by everybody, whichever program makes it."""
    found = next(filter(None, map(WHICH, program)), None)
    if not found:
        pytest.skip(f"{program[0]} finns inte på datorn")
    monkeypatch.setattr(
        "riskdata.reports.save.shutil.which", lambda name: found if name in program else None
    )
    saved = save()
    held = next(path for path in saved.files if path.suffix == ".pdf").read_bytes()
    assert b"/StructTreeRoot" in held and b"/Marked true" in held
    assert b"/Lang" in held and b"/Alt" in held


def test_a_file_that_is_open_elsewhere_is_told_of(monkeypatch):
    """Word on Windows locks what it shows; the message says which file to close."""

    def locked(*_):
        raise PermissionError(13, "denied", "rapport.docx")

    monkeypatch.setattr("riskdata.reports.document.save_same_bytes", locked)
    with pytest.raises(RiskdataError, match="rapport.docx: .*stäng den och kör igen"):
        save()


def test_a_board_s_name_cannot_lead_out_of_the_folder(project):
    """A board is called what an export prints, and an export is not to be trusted."""
    report = committee_report(make_data(), period="2025-VB", board=BOARD)
    assert project / "reports" in report.folder.resolve().parents


def test_a_period_without_register_says_so():
    """No risk is not the same as no register."""
    data = make_data()
    sources = data.sources.assign(
        period=data.sources.period.astype("str").where(data.sources.kind == "register", "2026-T1")
    )
    moved = data.activities.source_file == FOLLOW_UP
    activities = data.activities.assign(
        period=data.activities.period.astype("str").mask(moved, "2026-T1")
    )
    data = type(data)(**{**data.tables(), "sources": sources, "activities": activities})
    report = committee_report(data, period="2026-T1", board=BOARD)
    assert report.uncertain.sentences[0].startswith("För perioden finns inget riskregister")
    assert "risks" not in set(report.figures.key)


def test_all_boards_together_are_told_apart():
    """Without a board every table says whose a row is."""
    report = committee_report(make_data(), period="2025-VB")
    assert report.highest_risks.rows.columns[0] == "Nämnd" and report.folder.name == "Alla nämnder"


def test_the_newest_period_is_taken_where_none_is_chosen():
    """The usual report is of what came last."""
    assert committee_report(make_data(), board=BOARD).period == "2025-VB"


def test_an_unknown_chart_names_those_there_are():
    """A slip in the choice of charts is told in words."""
    with pytest.raises(ChoiceError, match="risk_matrix, risk_values"):
        save(charts=["pie"])


def test_the_list_of_files_shows_as_links():
    """In a notebook one click opens the report."""
    assert (
        f'<a href="reports/2025-VB/{BOARD.replace("ä", "%C3%A4")}/rapport.docx">'
        in save()._repr_html_()
    )
