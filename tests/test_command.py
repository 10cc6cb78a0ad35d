"""The command: what it prints, what it exits with, and never a traceback."""

import re
import subprocess
import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from riskdata.cli import main

GOOD = "data/raw/2025-VB Socialnämnden - analys.txt"


class Done(NamedTuple):
    """What a command printed, and what it exited with."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(capfd, monkeypatch) -> Callable[..., Done]:
    """Return a function that runs the command in this process; what it doesn't catch fails the test."""

    def run_here(*words: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["riskdata", *words])
        with pytest.raises(SystemExit) as exit:
            main()
        return Done(exit.value.code or 0, *capfd.readouterr())

    return run_here


def test_clean_ends_with_the_account_in_numbers(project, run):
    """What was read, mended and found is said in numbers; all well is exit 0."""
    done = run("clean")
    assert done.returncode == 0
    assert "1 av 1 fil läst: 1 tryckt rad gav 1 risk och 1 åtgärd" in done.stdout


def test_clean_with_a_bad_file_exits_1_and_cleans_the_rest(project):
    """A file that cannot be read is named on stderr; the others are written (in a process of its own)."""
    (project / "data" / "raw" / "bild.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    command = [sys.executable, "-m", "riskdata.cli", "clean"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert "bild.txt" in done.stderr
    assert "Traceback" not in done.stderr
    assert (project / "data" / "clean" / "risks.parquet").exists()


def test_check_shows_repairs_and_writes_nothing(project, run):
    """Check tells layout, rows and findings of a file, and leaves no table behind."""
    done = run("check", GOOD)
    assert done.returncode == 0
    assert "riskregister, Socialnämnden, 2025-VB" in done.stdout
    assert not (project / "data" / "clean").exists()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("klean",), 2),
        (("clean", "--nonsense"), 2),
        (("check", "finns-inte.txt"), 1),
        (("check", "finns-inte"), 1),
        (("report", "--period", "1999-VB"), 1),
        (("report", "--language", "de"), 1),
    ],
)
def test_wrong_use_is_a_message_and_a_code(project, run, words, code):
    """Wrong words exit 2, wrong data or choices 1; neither shows a traceback."""
    done = run(*words)
    assert done.returncode == code
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_wrong_usage_is_told_in_swedish(project, run):
    """What is wrong, what there is and how the command is called stand in Swedish."""
    told = run("klean").stderr + run("clean", "--nonsense").stderr + run("check").stderr
    assert "Kommandot finns inte. De som finns: check, clean, report." in told
    assert "Valet --nonsense finns inte." in told
    assert "ange FIL" in told
    assert not re.search("Usage|Options|Error|No such", told)


def test_check_finds_the_row_of_a_file_in_a_folder(project, run):
    """A file in a folder of data/raw is known by its whole name in sources.csv."""
    folder = project / "data" / "raw" / "arkiv"
    folder.mkdir()
    (project / GOOD).rename(folder / "utan namn.txt")
    lines = 'file,board,period\n"arkiv/utan namn.txt",Kulturnämnden,2019-VB\n'
    (project / "data" / "manual" / "sources.csv").write_text(lines, "utf-8")
    assert "Kulturnämnden, 2019-VB" in run("check", "data/raw/arkiv/utan namn.txt").stdout


def test_a_decision_that_fits_nothing_is_told_and_exits_1(project, run):
    """A line of links.csv that matches no export is told last, with its file and line."""
    head = "board,before,after,text_before,text_after,decision,by,date"
    line = "Socialnämnden,2023-VB,2024-VB,Fel,Fel,samma,Ida,2025-01-01"
    (project / "data" / "manual" / "links.csv").write_text(f"{head}\n{line}\n", "utf-8")
    done = run("clean")
    assert done.returncode == 1
    assert "data/manual/links.csv, rad 2" in done.stderr


@pytest.mark.parametrize("words", ["--help", "check -h", "clean -h", "report -h"])
def test_help_is_there_for_every_command(run, words):
    """Each command says in a sentence, in Swedish, what it does and how it is called."""
    done = run(*words.split())
    assert done.returncode == 0
    assert "Så här: riskdata" in done.stdout and "Visa det här." in done.stdout
    assert not re.search("usage|options|arguments", done.stdout)
