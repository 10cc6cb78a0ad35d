"""From a row of the tables back to the export, and how faults read in a notebook."""

import shutil
from pathlib import Path

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

import riskdata as rd
from riskdata.tables.data import Data
from tests.conftest import write_project

NAME = "2025-VB Socialnämnden - analys.txt"


@pytest.fixture(scope="module")
def original(tmp_path_factory) -> Path:
    """Return a cleaned project with a second row, whose value and decision share a cell."""
    data = write_project(tmp_path_factory.mktemp("traced")) / "data"
    file = data / "raw" / NAME
    line = "1.1 Trygga barn\tTillsyn\tBesök\tTillsyn försenas\t2.Mindre sannolikt\t3.Kännbar\t"
    file.write_text(f"{file.read_text('utf-8')}{line}6 Acceptera\tPågående Plan\tPlan\tMaja Lind\n")
    rd.clean_folder(data / "raw", data / "manual", data / "clean")
    return data.parent


@pytest.fixture
def project(original, tmp_path, monkeypatch) -> Path:
    """Return a copy of it, the current folder."""
    monkeypatch.chdir(tmp_path)
    return shutil.copytree(original, tmp_path, dirs_exist_ok=True)


@pytest.fixture
def data(project) -> Data:
    """Return its tables."""
    return rd.load()


def test_trace_shows_the_printed_cells_of_the_row(data):
    """The cells are read again from the export, just as printed."""
    traced = rd.trace(data.risks.risk_id[1])
    assert (traced.source_file, traced.source_row) == (NAME, 3)
    assert traced.cells.value.tolist()[3:7] == [
        "Tillsyn försenas", "2.Mindre sannolikt", "3.Kännbar", "6 Acceptera",
    ]  # fmt: skip


def test_trace_shows_what_was_done_to_the_row(data):
    """The account of the row is there, with its proof, and nothing of other rows."""
    account = rd.trace(data.risks.risk_id[1], data).account
    assert account[account.rule == "value_split"].proof.tolist() == ["2×3=6"]
    assert set(account.source_row) == {3}


def test_trace_reads_in_swedish(data):
    """A notebook shows where the row is, its cells and what was done, in words."""
    shown = rd.trace(data.activities.activity_id[1], data)._repr_html_()
    assert f"står i {NAME}, rad 3." in shown
    assert "Riskvärde skilt från grannen" in shown
    assert "value_split" not in shown


def test_row_without_repairs_says_so(data):
    """Where nothing was mended the account is empty, and that is said."""
    traced = rd.trace(data.risks.risk_id[0], data)
    assert traced.account.empty
    assert "Inget lagades på raden" in traced._repr_html_()


def test_unknown_id_is_answered_with_where_ids_are(data):
    """An id that no row has is a choice that cannot be made."""
    with pytest.raises(rd.RiskdataError, match="kolumnen risk_id i data.risks"):
        rd.trace("finns-inte", data)


def test_missing_export_is_answered_with_what_to_do(data, project):
    """The file may have been taken out of data/raw since."""
    (project / "data" / "raw" / NAME).unlink()
    with pytest.raises(rd.RiskdataError, match="Lägg tillbaka den, eller kör riskdata clean"):
        rd.trace(data.risks.risk_id[0], data)


def test_changed_export_is_told(data, project):
    """A file that is not the one that was cleaned may have other rows."""
    file = project / "data" / "raw" / NAME
    file.write_text(file.read_text("utf-8").replace("Tillsyn uteblir", "Besök uteblir"))
    traced = rd.trace(data.risks.risk_id[0], data)
    assert traced.changed
    assert "Filen har ändrats" in traced._repr_html_()


CELLS = f"""
import riskdata as rd
data = rd.load()
---
data.select(period="1999-VB")
---
with open("data/raw/{NAME}", "a") as file:
    file.write("Sida 1\\n")
---
data = rd.load()
"""


@pytest.fixture(scope="module")
def outputs(original, tmp_path_factory) -> list[list]:
    """Return what cells show that load, choose wrongly, change an export, and load again."""
    notebook = new_notebook(cells=list(map(new_code_cell, CELLS.split("---\n"))))
    quiet = ["--log-level=40"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(shutil.copytree(original, tmp_path_factory.mktemp("notebook") / "project"))
        NotebookClient(
            notebook, kernel_name="python3", allow_errors=True, extra_arguments=quiet
        ).execute()
    return [cell.outputs for cell in notebook.cells]


def test_notebook_with_new_tables_is_told_nothing(outputs):
    """Where all is well there is nothing to say."""
    assert outputs[0] == []


def test_fault_reads_as_one_sentence_in_a_notebook(outputs):
    """A wrong period shows its message and no lines of code; its name and message are kept."""
    [fault] = outputs[1]
    assert fault.ename == "ChoiceError"
    assert "1999-VB" in fault.evalue
    assert fault.traceback == [fault.evalue]


def test_notebook_is_told_that_its_tables_are_old(outputs):
    """Tables older than the exports are used, but not without a word."""
    assert "Kör anteckningsboken 01-clean" in str(outputs[3])
