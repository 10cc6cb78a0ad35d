"""A person's word on an activity: written, read, above mark and comment, loud when its text is gone."""

from datetime import date

import pytest

from riskdata import folders
from riskdata.analysis.activities import promises, unfinished
from riskdata.analysis.decisions import decide, read_decisions
from riskdata.analysis.links import decision_faults
from riskdata.errors import ChoiceError, ManualError
from riskdata.tables.schema import frame

ACTIVITY = {
    "activity_id": "a", "board": "Socialnämnden", "period": "2025-T1", "source_file": "a.txt",
    "activity": "Rutin för inköp", "comment": "Rutinen har inte införts.", "status": "finished",
}  # fmt: skip
SAID = {name: ACTIVITY[name] for name in ("board", "period", "activity", "comment")}


def activities(**own: object):
    return frame("activities", [ACTIVITY | own])


def write(folder, **own: str):
    row = SAID | {"verdict": "finished", "reason": "Protokoll 12 maj"} | own
    with folders.using(folder):
        return decide("verdicts.csv", by="Ida Ek", **row)


def judged(folder, **own: object):
    with folders.using(folder):
        return unfinished(activities(**own)).iloc[0]


def read(folder):
    with folders.using(folder):
        return read_decisions("verdicts.csv")


def test_a_persons_verdict_stands_over_mark_and_comment(tmp_path):
    """What a person has decided is the verdict; its reason is that a person did, and why."""
    assert judged(tmp_path).verdict == "unfinished"
    write(tmp_path)
    row = judged(tmp_path)
    assert (row.verdict, row.reason, row.evidence) == ("finished", "person", "Protokoll 12 maj")


def test_a_decision_has_its_date_and_name(tmp_path):
    """Who decided, and when, stands on the line."""
    write(tmp_path)
    row = read(tmp_path).iloc[0]
    assert (row.by, row.date) == ("Ida Ek", date.today().isoformat())


def test_a_decision_can_be_undone(tmp_path):
    """Undone, a decision leaves the file as it was before."""
    write(tmp_path, comment="En annan kommentar.")
    before = (tmp_path / "verdicts.csv").read_bytes()
    assert write(tmp_path)()
    assert (tmp_path / "verdicts.csv").read_bytes() == before


def test_swedish_words_are_verdicts(tmp_path):
    """“Ej avslutad” is read as unfinished."""
    write(tmp_path, verdict="Ej avslutad")
    assert read(tmp_path).verdict.tolist() == ["unfinished"]


def test_a_comment_that_has_changed_is_refused(tmp_path):
    """A verdict about another comment than the printed one stops, with line and remedy."""
    write(tmp_path)
    with pytest.raises(ManualError, match=r"verdicts.csv, rad 2: kommentaren .* Läs den på nytt"):
        judged(tmp_path, comment="Rutinen är införd.")


def test_an_activity_that_was_only_left_out_is_no_fault(tmp_path):
    """An analyst may look at some of the activities; a verdict about the others waits."""
    write(tmp_path)
    assert judged(tmp_path, activity="Kurs i upphandling").verdict == "unfinished"


def test_a_verdict_about_nothing_is_told_when_all_is_known(tmp_path):
    """Among all activities, a verdict whose activity is gone is told with its line."""
    write(tmp_path)
    with folders.using(tmp_path):
        faults = decision_faults(frame("risks"), activities(activity="Kurs"))
    assert [(file, line) for file, line, _ in faults] == [("verdicts.csv", 2)]


def test_two_verdicts_that_disagree_are_refused(tmp_path):
    """Of two that disagree neither is taken."""
    write(tmp_path)
    write(tmp_path, verdict="unfinished")
    with pytest.raises(ManualError, match="rad 3: säger emot"):
        judged(tmp_path)


def test_an_unknown_word_is_not_written(tmp_path):
    """What is no verdict never comes into the file."""
    with pytest.raises(ChoiceError, match="kanske.*Skriv finished"):
        write(tmp_path, verdict="kanske")
    assert not (tmp_path / "verdicts.csv").exists()


def test_unfinished_past_its_due_date_is_overdue():
    """Days are counted from the printed due date to the last day of the period."""
    table = activities(status="ongoing", due_date="2025-04-20")
    assert unfinished(table).overdue_days.tolist() == [10]


@pytest.mark.parametrize("own", [
    {"due_date": "2025-05-20"}, {"due_date": None}, {"due_date": "kvartal 1"},
    {"due_date": "2025-04-20", "status": "finished", "comment": "Rutinen är införd."},
    {"due_date": "2024-12-31", "period": "2025-VP"},
])  # fmt: skip
def test_what_is_done_not_due_or_undated_is_not_overdue(own):
    """No date, a date to come, a finished activity, a plan: nothing is overdue."""
    assert unfinished(activities(**{"status": "ongoing"} | own)).overdue_days.isna().all()


def test_a_persons_verdict_tells_whether_a_promise_was_kept(tmp_path):
    """A promise is kept where a person says that its activity is done, whatever its comment says."""
    made = {
        "activity_id": "b",
        "period": "2024-VB",
        "comment": "Införs våren 2025.",
        "status": "unknown",
    }
    table = frame("activities", [ACTIVITY | made, ACTIVITY])
    with folders.using(tmp_path):
        assert promises(table).outcome.tolist() == ["open"]
        write(tmp_path)
        assert promises(table).outcome.tolist() == ["kept"]
