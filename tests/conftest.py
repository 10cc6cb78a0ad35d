"""What several tests start from: small exports of a made-up board, written to a folder of their own."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

import riskdata as rd
from riskdata.tables.data import Data

REGISTER = "KF:s mål\tProcess\tArbetssätt\tOönskad händelse\tSannolikhet\tKonsekvens\tRiskvärde\t"
REGISTER += "Hantera risk\tStatus/Åtgärd\tBeskrivning\tAnsvarig"
ROOT = Path(__file__).parents[1]
LONG = bool(os.environ.get("RISKDATA_LONG_TESTS"))  # make test-long: many examples of each property
settings.register_profile("any machine", deadline=None)  # a busy one is no fault of a test's
settings.load_profile("any machine")
FOLLOW_UP = "Indikator\tVäsentliga processer\tRisk\tAktivitet\tSenaste kommentaren"


def tries(few: int, many: int) -> settings:
    """Return how often a property is tried: a few times in make test, often in make test-long."""
    return settings(
        max_examples=many if LONG else few,
        derandomize=True,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )


@pytest.fixture
def read(tmp_path):
    """Return a function that reads lines as an export of Socialnämnden, 2025-VB."""

    def read_lines(*lines: str, name: str = "2025-VB Socialnämnden - analys.txt") -> Data:
        path = tmp_path / name
        path.write_text("\n".join(lines), encoding="utf-8")
        return rd.read_export(path, manual=tmp_path)

    return read_lines


def write_project(folder: Path) -> Path:
    """Write a project with one good register in data/raw, and return its folder."""
    for name in ("raw", "manual"):
        (folder / "data" / name).mkdir(parents=True)
    line = "1.1 Trygga barn\tTillsyn\tBesök\tTillsyn uteblir\t3.Möjlig\t4.Allvarlig\t12\tAcceptera"
    text = f"{REGISTER}\n{line}\tAvslutad Plan för tillsyn\tPlan tas fram\tMaja Lind\n"
    raw = folder / "data" / "raw"
    (raw / "2025-VB Socialnämnden - analys.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """Return a project, the current folder, with one good register in data/raw."""
    monkeypatch.chdir(tmp_path)
    return write_project(tmp_path)


@pytest.fixture(scope="session")
def its_tables(tmp_path_factory) -> Path:
    """Return the folder of the project's tables, made once."""
    data = write_project(tmp_path_factory.mktemp("cleaned")) / "data"
    rd.clean_folder(data / "raw", data / "manual", data / "clean")
    return data / "clean"


@pytest.fixture
def cleaned_project(project, its_tables) -> Path:
    """Return the project as it is when it has been cleaned."""
    shutil.copytree(its_tables, project / "data" / "clean")
    return project


@pytest.fixture(scope="session")
def cleaned_sample(tmp_path_factory) -> Path:
    """Return a folder with the sample's exports and notebooks, cleaned once; whoever writes copies it."""
    folder = tmp_path_factory.mktemp("sample")
    for name in ("data/raw", "data/manual", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        rd.clean_folder()
    return folder
