"""The sample data: data/raw is what the maker writes from the truth, and shows every fault."""

import pytest

from tests import make_sample, truth
from tests import printed as exports

FILES = truth.files()
REGISTERS = [file for file in FILES if file["kind"] == "register"]


def test_the_maker_gives_the_committed_files_byte_for_byte(tmp_path):
    """Running the maker again changes nothing in data/raw, and leaves no file out."""
    make_sample.write(tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {p.name: p.read_bytes() for p in make_sample.RAW.iterdir() if p.name != "README.md"}
    assert made == kept


def test_the_sample_has_registers_of_five_years_and_follow_ups_of_two():
    """Two boards: VB 2021–2025 as registers, T1, T2 and VB of 2024 and 2025 as follow-ups."""
    periods = {(file["kind"], file["board"], file["period"]) for file in FILES}
    boards = {file["board"] for file in FILES}
    years = {("register", b, f"{y}-VB") for b in boards for y in range(2021, 2026)}
    reports = ("T1", "T2", "VB")
    tertials = {("follow_up", b, f"{y}-{r}") for b in boards for y in (2024, 2025) for r in reports}
    assert len(boards) == 2
    assert periods == years | tertials


@pytest.mark.parametrize("file", FILES, ids=lambda file: file["name"])
def test_each_file_has_as_many_rows_as_a_real_one(file):
    """A register holds 25 to 40 risks, a follow-up 25 to 45 activities."""
    rows = truth.printed(file)
    assert 25 <= len(rows) <= (40 if file["kind"] == "register" else 45)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file["name"])
def test_a_key_stands_once_in_a_file(file):
    """Within a file a key is one risk or one activity, so links between periods are one to one."""
    keys = [row["key"] for row in truth.printed(file)]
    assert len(set(keys)) == len(keys)


def test_the_decision_is_no_function_of_the_value():
    """Among risks of one value some go to the control plan and some do not."""
    rows = [row for file in REGISTERS for row in truth.printed(file)]
    for value in (9, 12, 15, 16):
        assert len({row["decision"] for row in rows if row["risk_value"] == value}) > 1


def test_every_step_of_both_scales_occurs():
    """The five labels of each axis are all in use somewhere."""
    rows = [row for file in REGISTERS for row in truth.printed(file)]
    for axis in exports.SCALES:
        assert {row[axis] for row in rows} == {1, 2, 3, 4, 5}


def test_only_the_misprints_differ_from_the_product():
    """Three printed values are wrong on purpose, all others are likelihood × consequence."""
    wrong = [
        (file["period"], row["key"])
        for file in REGISTERS
        for row in truth.printed(file)
        if row["risk_value"] != row["likelihood"] * row["consequence"]
    ]
    assert sorted(wrong) == [
        ("2022-VB", "behorigheter"),
        ("2023-VB", "inkop"),
        ("2025-VB", "nationella-prov"),
    ]


def test_ticked_activities_whose_comment_says_otherwise_are_in_the_sample():
    """Some marks are contradicted by their comment, else there would be nothing to find."""
    rows = [row for file in FILES if file["kind"] == "follow_up" for row in truth.printed(file)]
    assert sum(row["status"] == "finished" and row["verdict"] == "unfinished" for row in rows) >= 8
    assert sum(row["status"] == "unknown" for row in rows) >= 30
