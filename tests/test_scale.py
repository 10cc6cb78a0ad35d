"""Many files: read by whoever, and read again only when something has changed, the tables are the same."""

import hashlib
import shutil
import sys
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import Mock

import pandas as pd
import pytest

import riskdata as rd
from riskdata import clean as many
from tests.conftest import LONG, REGISTER
from tests.readers.test_readers import KILLERS

RAW = Path(__file__).parents[1] / "data" / "raw"
NAME = "2025-VB Socialnämnden - analys.txt"
# An .xlsx and a .csv of one scale, a .docx and a .csv of another.
YEAR = ("2022-VB", "Uppföljning av VOR")


@pytest.fixture
def sample(project, monkeypatch):
    """Return a project with exports of the sample (in the long run all), read two at a time."""
    monkeypatch.setattr(many, "CHUNK", 2)
    shutil.rmtree(project / "data")
    shutil.copytree(RAW.with_name("manual"), project / "data" / "manual")
    (project / "data" / "raw").mkdir()
    for file in RAW.iterdir():
        if LONG or file.name.startswith(YEAR):
            shutil.copy(file, project / "data" / "raw")
    (project / "data" / "raw" / "2020-VB Kulturnämnden.txt").write_bytes(b"")
    return project


def digests(clean: Path) -> dict[str, str]:
    tables = sorted(p for p in clean.iterdir() if p.suffix in (".csv", ".parquet"))
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in tables}


def clean(project: Path, name: str, **choices) -> dict[str, str]:
    """Return the digests of the tables of a run into a folder of its own."""
    rd.clean_folder(clean=project / name, **choices)
    return digests(project / name)


def write_corrections(project: Path, now: str) -> None:
    lines = f'file,row,column,was,now,reason\n"{NAME}",2,responsible,Maja Lind,{now},felstavat'
    (project / "data" / "manual" / "corrections.csv").write_text(lines, "utf-8")


def other_board(project: Path, board: str, event: str) -> None:
    """Write a register of another board with one risk."""
    line = f"1.1 Mål\tLek\tUte\t{event}\t3\t4\t12\tAcceptera\tAvslutad Plan\tPlan\tEva Ek"
    path = project / "data" / "raw" / f"2025-VB {board}.txt"
    path.write_text(f"{REGISTER}\n{line}\n", "utf-8")


@pytest.fixture
def read_again(monkeypatch) -> list[str]:
    """Return a list that takes the name of each file that is read."""
    names: list[str] = []
    read = many.read_many

    def spy(tasks, manual, **choices):
        names.extend(task.name for task in tasks)
        return read(tasks, manual, **choices)

    monkeypatch.setattr(many, "read_many", spy)
    return names


@pytest.mark.slow  # as below, where the processes are the run's own
def test_two_processes_give_the_bytes_of_one(sample):
    """Whoever reads the files, the tables are the same."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as two:
        assert clean(sample, "two", executor=two) == clean(sample, "one")


def test_many_files_are_read_by_processes_without_being_asked(sample, monkeypatch):
    """Above a number of files the reading is shared out, and gives the same."""
    one = clean(sample, "one")
    processes = Mock(wraps=ProcessPoolExecutor)
    monkeypatch.setattr(many, "ENOUGH", 2)
    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", processes)
    assert clean(sample, "several") == one
    processes.assert_called_once()


def test_processes_that_break_down_leave_the_rest_to_this_one(sample):
    """What was read by then counts, and nothing is read twice or left out."""

    class Breaking(Executor):
        def map(self, read, chunks):
            yield read(chunks[0])
            raise BrokenExecutor

    assert clean(sample, "broken", executor=Breaking()) == clean(sample, "one")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process's memory")
def test_a_file_that_kills_a_process_costs_only_itself(sample, capfd):
    """When a process that reads many files dies of one, it alone is refused; the rest is read."""
    (sample / "data" / "raw" / "2019-VB Kulturnämnden.xlsx").write_bytes(KILLERS["xlsx"]())
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as two:
        by_processes = clean(sample, "two", executor=two)
    assert by_processes == clean(sample, "one")
    problems = rd.load(sample / "two").sources.problem.dropna().tolist()
    assert [("minnet räckte inte" in problem) for problem in problems] == [True, False]
    assert capfd.readouterr().err == ""


@pytest.mark.slow
def test_dask_gives_the_bytes_of_one_process(sample):
    """A cluster that runs already reads the files with the same code."""
    import distributed  # late, as below: half of what collecting the tests would take

    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    )
    with cluster, distributed.Client(cluster) as client:
        by_dask = clean(sample, "dask", executor=client.get_executor(pure=False))
    assert by_dask == clean(sample, "one")


def test_unchanged_files_are_not_read_again(cleaned_project, read_again):
    """Of two exports, only the one whose bytes have changed is read."""
    other_board(cleaned_project, "Kulturnämnden", "Boken försvinner")
    rd.clean_folder()
    other_board(cleaned_project, "Kulturnämnden", "Boken kommer bort")
    read_again.clear()
    rd.clean_folder()
    assert read_again == ["2025-VB Kulturnämnden.txt"]


def test_tables_after_a_change_are_those_of_a_full_run(sample):
    """A changed, a new and a removed export, a correction: byte for byte as if all were read."""
    raw = sample / "data" / "raw"
    clean(sample, "kept")
    first, second, *_ = sorted(raw.glob("2022-VB*"))
    second.write_bytes(second.read_bytes().replace(b"Acceptera", b"Accepteras"))
    first.unlink()
    other_board(sample, "Kulturnämnden", "Boken försvinner")
    assert clean(sample, "kept") == clean(sample, "full")


def test_copy_that_sorts_first_takes_the_place_of_a_file_read_before(cleaned_project):
    """A file that was read becomes the copy when the same bytes arrive under an earlier name."""
    raw = cleaned_project / "data" / "raw"
    shutil.copy(raw / NAME, raw / "2025-VB Socialnämnden - a.txt")
    assert clean(cleaned_project, "data/clean") == clean(cleaned_project, "full")


@pytest.mark.parametrize("what", ["corrections", "sources", "vocabulary"])
def test_file_is_read_again_when_what_is_said_of_it_changes(cleaned_project, what, read_again):
    """A correction, a row of sources.csv or a word makes its file new."""
    manual = cleaned_project / "data" / "manual"
    if what == "corrections":
        write_corrections(cleaned_project, "Maja Lindh")
    elif what == "sources":
        (manual / "sources.csv").write_text(f"file,board,period\n{NAME},,2024-VB", "utf-8")
    else:
        (manual / "vocabulary.toml").write_text('[decisions]\naccept = ["Bevaka"]', "utf-8")
    rd.clean_folder()
    assert read_again == [NAME]


def test_table_changed_by_hand_is_made_anew(cleaned_project):
    """A table that somebody has touched is no ground to build on."""
    data = rd.load()
    path = cleaned_project / "data" / "clean" / "risks.parquet"
    pd.DataFrame(data.risks.assign(event="Ändrad för hand")).to_parquet(path)
    assert rd.clean_folder().risks.event.tolist() == ["Tillsyn uteblir"]


@pytest.fixture
def municipalities(its_tables, tmp_path):
    """Return a folder with the cleaned tables of two municipalities, each in a folder of its own."""
    for municipality in ("Ekvalla", "Björklunda"):
        shutil.copytree(its_tables, tmp_path / municipality / "clean")
    return tmp_path


@pytest.mark.slow
def test_dask_reads_the_folders_as_one_table(municipalities):
    """Tables too large for memory stay apart, one folder each; dask reads them as they are."""
    import dask.dataframe

    risks = dask.dataframe.read_parquet(str(municipalities / "*" / "clean" / "risks.parquet"))
    assert risks.npartitions > 1
    assert risks.groupby("year").risk_id.count().compute().to_dict() == {2025: 2}


def test_duckdb_reads_the_folders_as_one_table(municipalities):
    """And so does DuckDB, by the words of the README."""
    import duckdb

    files = municipalities / "*" / "clean" / "risks.parquet"
    high = (
        f"select year, count(*) from read_parquet('{files}') where risk_value >= 12 group by year"
    )
    assert duckdb.sql(high).fetchall() == [(2025, 2)]
