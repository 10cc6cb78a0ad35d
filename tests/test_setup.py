"""The files that set the project up agree with each other and name no registry."""

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
    """No outputs, functions, years or paths; short cells; one cell of parameters, the same in each."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    code = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    prose = [c for c in cells if c["cell_type"] == "markdown"]
    tagged = ["".join(c["source"]) for c in cells if "parameters" in c["metadata"].get("tags", ())]
    assert not any(c.get("outputs") or c.get("execution_count") for c in cells)
    assert not any(re.search(r"\bdef |\blambda\b", source) for source in code)
    assert all(len(source.splitlines()) <= 4 for source in code)
    assert not any(re.search(r"data/|reports/", source) for source in code)
    assert len(tagged) == 1
    assert re.findall(r"^(\w+) =", tagged[0], re.M)[:3] == ["period", "board", "language"]
    assert not any(re.search(r"\b(19|20)\d\d\b", source) for source in code if source not in tagged)
    assert all(c["metadata"].get("en") for c in prose)
    assert "".join(prose[0]["source"]).startswith("# ") and "?" in "".join(prose[0]["source"])
