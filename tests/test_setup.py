"""The files that set the project up agree with each other and name no registry."""

import ast
import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PINS = [
    Requirement(line)
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    if line and not line.startswith(("#", " "))
]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SENTENCE = re.compile(r"^Markdown\(.*", re.S | re.M)  # what a cell says last


def wanted() -> set[str]:
    extras = [r for rows in PROJECT["optional-dependencies"].values() for r in rows]
    every = {canonicalize_name(Requirement(r).name) for r in PROJECT["dependencies"] + extras}
    return every - {PROJECT["name"]}  # an extra may take in another one


def test_every_dependency_is_pinned():
    """constraints.txt has one exact version for each dependency of pyproject.toml."""
    pinned = {canonicalize_name(pin.name) for pin in PINS}
    assert wanted() <= pinned
    assert all(str(pin.specifier).startswith("==") for pin in PINS)


def test_constraints_name_no_registry():
    """No address stands in the pins, so that they hold wherever packages are taken from."""
    assert not re.search(r"://|--index|--hash", (ROOT / "constraints.txt").read_text("utf-8"))


CONDA_ALONE = {"python", "pip", "anywidget"}  # anywidget: pip takes it with itables[widget]


def test_conda_takes_the_same_packages():
    """environment.yml has each dependency by its own name; pip adds the word list."""
    rows = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]
    pip = next(row["pip"] for row in rows if isinstance(row, dict))
    conda = {row.split()[0]: row for row in rows if isinstance(row, str)}
    assert pip[:2] == ["--no-deps", "--editable ."]
    packages = {*(conda.keys() - CONDA_ALONE), *pip[2:]}
    assert packages == {Requirement(r).name for r in PROJECT["dependencies"]}
    assert conda["python"].split()[1] == PROJECT["requires-python"]


def test_the_five_packages_asked_for_come_first():
    """pandas, matplotlib, seaborn, jupyterlab and openpyxl are what the project is built on."""
    first = [Requirement(r).name for r in PROJECT["dependencies"][:5]]
    assert first == ["pandas", "matplotlib", "seaborn", "jupyterlab", "openpyxl"]


def test_analysts_install_no_test_tools():
    """What only tests use is an extra of its own."""
    tools = {Requirement(r).name for r in PROJECT["optional-dependencies"]["test"]}
    assert tools.isdisjoint(Requirement(r).name for r in PROJECT["dependencies"])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebooks_are_in_the_house_style(path):
    """No outputs, years or paths; cells of twelve lines at most; no function of more than five."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    code = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    tagged = ["".join(c["source"]) for c in cells if "parameters" in c["metadata"].get("tags", ())]
    assert not any(c.get("outputs") or c.get("execution_count") for c in cells)
    assert all(len(SENTENCE.sub("", source).splitlines()) <= 12 for source in code)
    assert all(
        len(block.splitlines()) <= 5
        for s in code
        for block in re.findall(r"^def .*(?:\n .*)+", s, re.M)
    )
    assert not any(re.search(r"data/|reports/", source) for source in code)
    assert not any(re.search(r"\b(19|20)\d\d\b", source) for source in code if source not in tagged)
    assert len(tagged) == 1
    report = ["language", "pdf"] if path.stem.startswith("05") else []
    assert re.findall(r"^(\w+) =", tagged[0], re.M) == ["period", "board", *report]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_is_a_question_and_has_no_hidden_text(path):
    """The title asks; what a person edits in Jupyter is all there is, in one language."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    title = "".join(cells[0]["source"]).splitlines()[0]
    assert title.startswith("# ") and title.endswith("?")
    assert not any(set(c["metadata"]) - {"tags"} for c in cells)


def test_the_analysis_stands_in_the_notebooks():
    """150 to 280 lines choose, count, cross and draw: more than there are calls of our own."""
    cells = [c for p in NOTEBOOKS for c in json.loads(p.read_text("utf-8"))["cells"]]
    code = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    lines = [line for source in code for line in SENTENCE.sub("", source).splitlines() if line]
    lines = [
        line for line in lines if not re.match(r"import |from |period = None|board = None", line)
    ]
    ours = [line for line in lines if re.search(r"\brd\.(?!labels|style)", line)]
    assert 150 <= len(lines) <= 280
    assert len(ours) < len(lines) / 3


ROOMS = [
    "words",
    "readers",
    "tables",
    "shapes",
    "exports",
    "comments",
    "analysis",
    "charts",
    "reports",
]
MODULES = sorted((ROOT / "riskdata").rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Return the rooms, and modules on top, that a module takes anything from."""
    nodes = [
        n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.ImportFrom)
    ]
    names = [[f"{n.module}.{a.name}" for a in n.names] for n in nodes if n.module]
    return {name.split(".")[1] for some in names for name in some if name.startswith("riskdata.")}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_takes_only_from_those_above_it(room):
    """Imports go one way, from reports to words; the floor of all are folders and errors."""
    above = {"folders", "errors", *ROOMS[: ROOMS.index(room) + 1]}
    taken = [(p.stem, *imported(p)) for p in MODULES if p.parent.name == room]
    assert taken and not [some for some in taken if not {*some[1:]} <= above]


def test_the_house_can_be_surveyed():
    """At most twelve modules a room, eight on top of the rooms."""
    count = {room: sum(p.parent.name == room for p in MODULES) for room in (*ROOMS, "riskdata")}
    assert count.pop("riskdata") <= 8
    assert max(count.values()) <= 12
