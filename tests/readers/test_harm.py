"""What must not happen to data/clean: two runs at once, a full disk, a formula, a name that leads out."""

import errno
import subprocess
import sys

import pandas as pd
import pytest

import riskdata as rd
from riskdata import folders
from riskdata.errors import RiskdataError
from riskdata.tables import schema
from riskdata.tables.schema import one_run

NAME = "2025-VB Socialnämnden - analys.txt"
HOLD = """
import sys, time
from pathlib import Path
from riskdata.tables.schema import one_run
with one_run(Path("data/clean")):
    print("held", flush=True)
    time.sleep(60)
"""
SMALL = """
import resource, signal, sys
import riskdata
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
from riskdata.cli import main
sys.argv = ["riskdata", "clean"]
main()
"""


@pytest.fixture
def other_run(project):
    """Return another process that is cleaning the project."""
    with subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        yield other
        other.kill()


def test_second_run_at_the_same_time_says_so(project, other_run):
    """While one run cleans, another is refused, and changes nothing."""
    with pytest.raises(RiskdataError, match="en annan körning.*Vänta"):
        rd.clean_folder()
    assert not (project / "data" / "clean" / "risks.parquet").exists()


def test_run_that_was_killed_locks_nobody_out(project, other_run):
    """The lock of a run that died goes with it, though its file is left."""
    other_run.kill()
    other_run.wait()
    assert (project / "data" / "clean" / ".lock").exists()
    assert len(rd.clean_folder().risks) == 1


def test_two_runs_in_one_process_are_kept_apart(project):
    """A second run in the same notebook is refused as one in another process is."""
    with one_run(folders.clean()), pytest.raises(RiskdataError, match="en annan körning"):
        rd.clean_folder()
    assert len(rd.clean_folder().risks) == 1


def test_full_disk_leaves_the_old_tables_whole(cleaned_project, monkeypatch):
    """When a table cannot be written, the old ones stay, nothing half is left, and it is said."""
    write = schema._write_table

    def fill_up(name, table, folder):
        if name == "account":
            (folder / "account.parquet").write_bytes(b"PAR1")
            raise OSError(errno.ENOSPC, "No space left on device")
        write(name, table, folder)

    monkeypatch.setattr(schema, "_write_table", fill_up)
    raw = cleaned_project / "data" / "raw"
    (raw / NAME).rename(raw / "2024-VB Socialnämnden.txt")
    with pytest.raises(RiskdataError, match="No space left.*frigör plats"):
        rd.clean_folder()
    assert rd.load().periods == ["2025-VB"]
    assert not (cleaned_project / "data" / "clean" / ".new").exists()


@pytest.mark.skipif(
    sys.platform != "linux", reason="a limit on a file's size stands in for the disk"
)
def test_disk_that_fills_in_a_real_write_is_a_message(cleaned_project):
    """The command says that the disk is full, exits 1, and the tables are as before."""
    raw = cleaned_project / "data" / "raw"
    lines = (raw / NAME).read_text("utf-8").splitlines()
    more = [lines[1].replace("Tillsyn uteblir", f"Fara {n:05}") for n in range(40)]
    (raw / NAME).write_text("\n".join([lines[0], *more]), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", SMALL], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 1
    assert "frigör plats" in done.stderr
    assert "Traceback" not in done.stderr
    assert rd.load().risks.event.tolist() == ["Tillsyn uteblir"]


@pytest.mark.parametrize("sign", "=+-@")
def test_no_cell_of_a_csv_is_a_formula(project, sign):
    """What begins as a formula has an apostrophe before it in the CSV, and is as printed in Parquet."""
    text = f'{sign}HYPERLINK("http://ond.example";"Tillsyn")'
    path = project / "data" / "raw" / NAME
    path.write_text(path.read_text("utf-8").replace("Tillsyn uteblir", text), encoding="utf-8")
    rd.clean_folder()
    clean = project / "data" / "clean"
    assert pd.read_parquet(clean / "risks.parquet").event.tolist() == [text]
    for table in clean.glob("*.csv"):
        cells = pd.read_csv(table, dtype="str", keep_default_na=False).to_numpy().ravel()
        assert not [c for c in cells if c.startswith(("=", "+", "-", "@", "\t"))]


@pytest.mark.parametrize("board", ["../../../ond", "/etc/nämnd", "C:\\ond", "..", "a\0b", "."])
def test_board_from_a_file_never_leads_out_of_the_reports(project, board):
    """A board's name is one folder below its period, whatever a file calls it."""
    folder = folders.report("2025-VB", board)
    assert folder.parent.parent == folders.reports()
    assert folder.resolve().parent.parent == folders.reports().resolve()
