"""What a committee is handed: whole, comparable with the last run, and without names."""

import re
import shutil
import time
import zipfile

import pytest

from riskdata.errors import RiskdataError
from riskdata.reports.committee import committee_report, save_report
from riskdata.reports.programs import save_pdfs
from tests.committee_data import BOARD, FOLLOW_UP, PEOPLE, make_data

WORKING = "arbetsmaterial/maskerade-namn.csv"
NAMES = [part for name in PEOPLE for part in name.split()]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """An empty project, on a computer without LibreOffice."""
    (tmp_path / "data" / "raw").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("riskdata.reports.programs.shutil.which", lambda name: None)
    return tmp_path


def save(**choices):
    usual = {"period": "2025-VB", "board": BOARD}
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


def test_everything_lies_in_the_folder_of_period_and_board(saved, report, home):
    """Word, workbook, key figures and each chart of the report in its four forms."""
    assert report.folder == home / "reports" / "2025-VB" / BOARD
    held = set(contents(report.folder))
    charts = {f"diagram/riskmatris.{ending}" for ending in ("png", "svg", "csv", "txt")}
    assert {"rapport.docx", "underlag.xlsx", "nyckeltal.txt", WORKING} | charts <= held


def test_nobody_is_named_in_what_is_handed_out(saved, report):
    """Names in lists, comments, repairs and findings are masked in every file but one."""
    handed_out = contents(report.folder)
    working = handed_out.pop(WORKING).decode("utf-8-sig")
    named = {file for file, held in handed_out.items() for name in NAMES if name.encode() in held}
    assert not named
    assert "Maja Ekström" in working and "Omar" in working


def test_names_are_left_when_they_are_asked_for(project):
    """mask=False is a choice that somebody answers for, and the note says so."""
    saved = save(mask=False)
    assert any("ställning till vart och ett" in note for note in saved.notes)
    assert b"Maja Ekstr" in contents(project / "reports")[f"2025-VB/{BOARD}/underlag.xlsx"]


def test_people_are_known_from_other_periods_too(report):
    """A follow-up lists nobody; whom its comments name is known from the registers."""
    followed = report.data.activities[report.data.activities.source_file == FOLLOW_UP]
    assert followed.comment.iloc[0] == "Rutinen har inte införts enligt [namn]."


def test_a_second_run_gives_the_same_bytes_and_no_moment(saved, report, home, monkeypatch):
    """What did not change looks as if nothing had been done; two runs compare by their files."""
    first = {p: p.read_bytes() for p in report.folder.rglob("*") if p.is_file()}
    monkeypatch.chdir(home)
    moment = time.time() + 5
    monkeypatch.setattr(time, "time", lambda: moment)  # office files keep the moment they are made
    report.save(pdf=False)
    assert {p: p.read_bytes() for p in first} == first
    with zipfile.ZipFile(saved.files[0]) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not re.search(rb"dcterms:(created|modified)", parts.read("docProps/core.xml"))


def test_the_same_question_has_one_number(report):
    """The table, the sentence and the key figure of high risks and of doubted ticks agree."""
    figures = report.figures.set_index("key")
    state = report.chapters[0]
    table = next(part for part in state.parts if hasattr(part, "rows"))
    assert len(table.rows) == figures.value["high"] == 3
    assert figures.text["high"] in state.findings


def test_a_risk_that_is_no_product_is_told_beside_the_number():
    """Where the matrix and the key figure differ, the sentence under the question says so."""
    data = make_data()
    data.risks.loc[data.risks.index[-1], "risk_value"] = 3
    report = committee_report(data, period="2025-VB", board=BOARD)
    assert any(
        "inte är sannolikhet gånger konsekvens" in text for text in report.chapters[0].findings
    )


def test_without_a_program_for_it_the_reader_is_told_how_word_makes_the_pdf(saved, monkeypatch):
    """One sentence, with the file and the choice that makes the tags."""
    monkeypatch.setattr("riskdata.reports.programs.shutil.which", lambda name: None)
    made, note = save_pdfs([saved.files[0]])
    assert made == []
    assert "Öppna rapport.docx i Word" in note and "Dokumentstrukturtaggar" in note


def test_an_old_pdf_does_not_stay_beside_a_new_report(saved, report):
    """A PDF of an earlier run would be of other numbers."""
    old = report.folder / "rapport.pdf"
    old.write_bytes(b"%PDF")
    report.save(pdf=False)
    assert not old.exists()


def test_a_program_that_fails_is_told_of(saved, monkeypatch):
    """A PDF that could not be made stops no report."""
    monkeypatch.setattr("riskdata.reports.programs.shutil.which", lambda name: "/bin/false")
    assert "LibreOffice kunde inte skriva den" in save_pdfs([saved.files[0]])[1]


def test_a_file_that_is_open_elsewhere_is_told_of(report, monkeypatch):
    """Word on Windows locks what it shows; the message says which file to close."""

    def locked(*_):
        raise PermissionError(13, "denied", "rapport.docx")

    monkeypatch.setattr("riskdata.reports.committee.write_undated", locked)
    with pytest.raises(RiskdataError, match="rapport.docx: .*stäng den och kör igen"):
        report.save(pdf=False)


def test_a_board_s_name_cannot_lead_out_of_the_folder(report, home):
    """A board is called what an export prints, and an export is not to be trusted."""
    assert home / "reports" in report.folder.resolve().parents


def of_tertial():
    """Return the data with its follow-up moved to a tertial of the year after."""
    data = make_data()
    moved = data.sources.source_file.eq(FOLLOW_UP)
    period = data.sources.period.astype("str").mask(moved, "2026-T1")
    own = data.activities.source_file.eq(FOLLOW_UP)
    activities = data.activities.assign(
        period=data.activities.period.astype("str").mask(own, "2026-T1")
    )
    tables = {
        **data.tables(),
        "sources": data.sources.assign(period=period),
        "activities": activities,
    }
    return type(data)(**tables)


def test_a_tertial_has_a_report_of_its_own():
    """Without a register it is a follow-up: work first, and nothing of risks that nobody valued."""
    report = committee_report(of_tertial(), period="2026-T1", board=BOARD)
    assert report.title == "Uppföljning av åtgärder"
    assert report.chapters[0].title == "Vad är inte klart?"
    assert not {"risks", "high"} & set(report.figures.key)


def test_all_boards_together_are_told_apart():
    """Without a board every table says whose a row is."""
    report = committee_report(make_data(), period="2025-VB")
    table = next(part for part in report.chapters[0].parts if hasattr(part, "rows"))
    assert table.rows.columns[0] == "Nämnd" and report.folder.name == "Alla nämnder"


def test_the_newest_period_is_taken_where_none_is_chosen():
    """The usual report is of what came last."""
    assert committee_report(make_data(), board=BOARD).period == "2025-VB"


def test_the_list_of_files_shows_as_links(saved, home, monkeypatch):
    """In a notebook one click opens the report."""
    monkeypatch.chdir(home)
    link = f'<a href="reports/2025-VB/{BOARD.replace("ä", "%C3%A4")}/rapport.docx">'
    assert link in saved._repr_html_()


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice finns inte på datorn")
def test_a_pdf_has_tags_language_and_text_alternatives(saved, tmp_path):
    """The PDF can be read by everybody; one LibreOffice makes those of a whole run."""
    copies = [tmp_path / board / "rapport.docx" for board in ("a", "b")]
    for path in copies:
        path.parent.mkdir()
        shutil.copyfile(saved.files[0], path)
    pdfs, note = save_pdfs(copies)
    held = pdfs[1].read_bytes()
    assert [pdf.parent.name for pdf in pdfs] == ["a", "b"] and not note
    assert b"/StructTreeRoot" in held and b"/Marked true" in held
    assert b"/Lang" in held and b"/Alt" in held
