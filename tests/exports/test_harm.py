"""Right exports harmed in everyday ways: read right, or every difference is pointed at on its row."""

from pathlib import Path
from random import Random

import pytest

import riskdata as rd
from riskdata.words.vocabulary import read_vocabulary
from tests import harm
from tests.conftest import LONG

VOCABULARY = read_vocabulary(Path("no-such-folder"))
PLACES = (1, 4, 12) if LONG else (1, 12)  # rows: the first and the last, always


@pytest.mark.parametrize("layout", harm.LAYOUTS)
@pytest.mark.parametrize("name", harm.HARMS)
def test_nothing_is_wrong_in_silence(name, layout):
    """Whatever the harm and the row: a wrong or missing value has a finding or an unread row there."""
    for place in PLACES:
        rng = Random(f"{name} {layout} {place}")
        sheet = harm.harmed(harm.make(layout, rng), name, place, rng)
        verdict = sheet and harm.judge(sheet, VOCABULARY)
        assert not verdict or verdict.outcome in ("right", "pointed"), verdict.faults


@pytest.mark.parametrize("layout", harm.LAYOUTS)
def test_right_export_is_read_right_and_nothing_is_pointed_at(layout):
    """Who flags everything points at nothing: of right exports no row is asked about."""
    for seed in range(10):
        verdict = harm.judge(harm.make(layout, Random(seed)), VOCABULARY)
        assert (verdict.outcome, verdict.noise) == ("right", 0), verdict.faults


def test_rows_told_here_are_those_of_the_findings(tmp_path):
    """The harm's own quick list of rows pointed at is no longer than that of the checks."""
    rng = Random(3)
    sheet = harm.harmed(harm.make("register", rng), "score ?", 5, rng)
    path = tmp_path / sheet.name
    path.write_text(sheet.text(), encoding="utf-8")
    data = rd.read_export(path, manual=tmp_path)
    told, _ = harm.told_rows(harm.read_export_file(path, sheet.name, VOCABULARY))
    assert told <= {*data.findings.source_row.dropna(), *data.unread.source_row.dropna()}
