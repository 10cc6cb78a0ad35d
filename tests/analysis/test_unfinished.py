"""Marks and comments together: verdicts, promises, persistence and findings."""

import pytest

from riskdata.analysis.activities import persistence, promises, unfinished
from riskdata.analysis.checks import check_tables
from riskdata.tables.schema import TABLES, codes, frame

DONE, NOT_DONE = "Rutinen har införts.", "Rutinen har inte införts."
ADDED = ["verdict", "reason", "evidence", "probability", "overdue_days"]
GOES_ON, RECURS = "Arbetet fortsätter under 2025.", "Listan uppdateras löpande."


def check_comments(table):
    """Return the findings of activities alone."""
    risks, account, sources = map(frame, ("risks", "account", "sources"))
    return check_tables(risks, table, account, sources)


def activities(*rows: dict, **same: object):
    """Return activities of one made-up follow-up, numbered from row 1."""
    base = {
        "board": "Socialnämnden",
        "period": "2024-VB",
        "source_file": "uppföljning.txt",
        "status": "unknown",
        "process": "Inköp",
        "event": "Köp utan avtal",
    }
    return frame(
        "activities",
        [
            base
            | {"activity_id": f"a{at}", "source_row": at, "activity": f"Åtgärd {at}"}
            | same
            | row
            for at, row in enumerate(rows, 1)
        ],
    )


@pytest.mark.parametrize(
    ("status", "comment", "expected"),
    [
        ("finished", DONE, ("finished", "comment_finished")),
        ("finished", NOT_DONE, ("unfinished", "comment_not_done")),
        ("finished", GOES_ON, ("unfinished", "comment_continues")),
        ("finished", "Se bilagan.", ("finished", "status")),
        ("recurring", GOES_ON, ("unfinished", "comment_continues")),
        ("recurring", RECURS, ("finished", "comment_recurring")),
        ("ongoing", None, ("unfinished", "status")),
        ("ongoing", DONE, ("unfinished", "status")),
        ("ongoing", RECURS, ("unfinished", "status")),
        ("not_started", "Se bilagan.", ("unfinished", "status")),
        ("delayed", GOES_ON, ("unfinished", "comment_continues")),
        ("cancelled", None, ("cancelled", "status")),
        ("cancelled", NOT_DONE, ("cancelled", "status")),
        ("unknown", DONE, ("finished", "comment_finished")),
        ("unknown", NOT_DONE, ("unfinished", "comment_not_done")),
        ("unknown", None, ("unknown", "no_comment")),
    ],
)
def test_mark_and_comment_weigh_together(status, comment, expected):
    """A tick stands unless the comment surely says otherwise; without a mark the comment decides."""
    table = activities({"status": status, "comment": comment}, {"comment": DONE})
    judged = unfinished(table).iloc[0]
    assert (judged.verdict, judged.reason) == expected


def test_the_printed_table_is_kept():
    """Columns are added; status, order and index stay, and the argument is not changed."""
    table = activities({"status": "finished", "comment": NOT_DONE}, {"comment": DONE}).iloc[::-1]
    before = table.copy()
    judged = unfinished(table)
    assert judged[table.columns].equals(before)
    assert table.equals(before)
    assert judged.columns.tolist() == [*TABLES["activities"], *ADDED]


def test_no_activities_give_no_verdicts():
    """An empty table comes back empty with its columns."""
    empty = frame("activities")
    assert unfinished(empty).columns[-5:].tolist() == ADDED
    assert len(promises(empty)) == len(persistence(empty)) == len(check_comments(empty)) == 0


def test_in_a_register_the_description_only_tells_what_goes_on_later():
    """Without any comment the description is read, but what it plans to do is no verdict."""
    table = activities(
        {"status": "finished", "description": "Information till chefer. Fortsätter 2025."},
        {"status": "finished", "description": "Rutin ska tas fram."},
        source_file="register.txt",
    )
    judged = unfinished(table)
    assert judged.verdict.tolist() == ["unfinished", "finished"]
    assert judged.evidence[0] == "Fortsätter 2025."


def test_a_description_beside_comments_is_not_read():
    """In a follow-up only the comment speaks of how far the work has come."""
    table = activities({"description": "Fortsätter 2025."}, {"comment": DONE})
    assert unfinished(table).verdict[0] == "unknown"


def promise(*later: dict):
    """Return the promise of one comment, with what later follow-ups print of the same activity."""
    first = {"comment": "Utbildning hålls våren 2025.", "activity": "Utbilda beställare i inköp"}
    rows = [first, *({"activity": first["activity"]} | row for row in later)]
    return promises(activities(*rows)).iloc[0]


def test_a_promise_names_its_period_and_sentence():
    """What is put off is told with the period and the words; not due without a follow-up of it."""
    found = promise()
    assert (found.promised, found.outcome) == ("2025-T1", "not_due")
    assert found.evidence == "Utbildning hålls våren 2025."


@pytest.mark.parametrize(
    ("status", "outcome"),
    [("finished", "kept"), ("ongoing", "open"), ("unknown", "unknown")],
)
def test_a_promise_is_followed_into_its_period(status, outcome):
    """When the promised period's follow-up is there, the activity's verdict tells how it went."""
    found = promise({"period": "2025-T1", "status": status})
    assert (found.followed_in, found.activity_later, found.outcome) == ("2025-T1", "a2", outcome)


def test_a_promise_that_does_not_come_back_is_not_found():
    """A follow-up of the promised period without the activity leaves the promise not found."""
    other = {"activity": "Byta lås", "event": "Inbrott", "process": "Lokaler", "period": "2025-T1"}
    assert promise(other).outcome == "not_found"


def test_a_promise_is_not_followed_into_another_board():
    """Only the board that promised can keep the promise."""
    other = {"period": "2025-T1", "board": "Barn- och utbildningsnämnden", "status": "finished"}
    assert promise(other).outcome == "not_due"


def test_a_promised_year_is_due_with_its_last_report():
    """Some time in 2025 is not due in the year's first report."""
    table = activities(
        {"comment": "Uppdateras 2025."}, {"period": "2025-T1", "activity": "Åtgärd 1"}
    )
    assert promises(table).outcome.tolist() == ["not_due"]


def test_persistence_counts_periods_in_a_row():
    """An activity is followed by its text from report to report; a finish ends the row."""
    statuses = {
        "2024-T1": "finished",
        "2024-T2": "ongoing",
        "2024-VB": "ongoing",
        "2025-T1": "delayed",
    }
    rows = [{"period": period, "status": status} for period, status in statuses.items()]
    followed = persistence(activities(*rows, activity="Ta fram en rutin för inköp"))
    assert followed.periods_unfinished.tolist() == [0, 1, 2, 3]
    assert followed.unfinished_since.tolist()[1:] == ["2024-T2"] * 3


def test_an_unknown_period_breaks_the_row():
    """What nobody knows is not counted as unfinished."""
    rows = [
        {"period": p, "status": s}
        for p, s in [("2024-T1", "ongoing"), ("2024-T2", "unknown"), ("2024-VB", "ongoing")]
    ]
    followed = persistence(activities(*rows, activity="Ta fram en rutin för inköp"))
    assert followed.periods_unfinished.tolist() == [1, 0, 1]


def checks(*rows: dict) -> list[str]:
    """Return the names of the findings of one follow-up."""
    return check_comments(activities(*rows)).check.tolist()


@pytest.mark.parametrize(
    ("comment", "check"),
    [
        (NOT_DONE, "contradiction"),
        (GOES_ON, "closed_but_continues"),
        ("Uppdateras 2025.", "closed_but_continues"),
        ("Rutinen är delvis införd.", "question"),
        ("Kontrollen är gjord. Målet nåddes inte.", "question"),
        ("Rutinen behöver revideras.", "question"),
    ],
)
def test_a_tick_that_its_comment_does_not_bear_out_is_a_finding(comment, check):
    """Each way of disagreeing has its own check."""
    assert checks({"status": "finished", "comment": comment}) == [check]


@pytest.mark.parametrize(
    "status", [s for s in codes("status") if s not in ("finished", "recurring")]
)
def test_only_a_tick_can_be_contradicted(status):
    """An open, cancelled or lost mark does not disagree with a comment that says not done."""
    assert checks({"status": status, "comment": NOT_DONE}) == []


def test_a_contradiction_quotes_the_sentence_and_the_row():
    """The finding says where, how grave and in which words."""
    table = activities({"status": "finished", "comment": f"Det saknas resurser. {NOT_DONE}"})
    found = check_comments(table).iloc[0]
    assert (found.severity, found.source_row, found.evidence) == ("error", 1, NOT_DONE)
    assert "Avslutad" in found.message
    assert check_comments(table).columns.tolist() == [*TABLES["findings"]]


def test_nearly_the_same_comment_with_another_mark_is_a_finding():
    """Twins are found by their words within one export; the same mark is no finding."""
    text = "Information om rutiner för {} finns på intranätet och gås igenom varje år på mötet."
    rows = [
        {"status": "finished", "comment": text.format("lösenord")},
        {"status": "ongoing", "comment": text.format("passerkort")},
        {"status": "finished", "comment": text.format("nycklar")},
    ]
    found = check_comments(activities(*rows))
    assert found.check.tolist() == ["twin_marks"]
    assert "rad 1" in found.message[0]


def test_twins_of_different_exports_are_no_finding():
    """Two boards may mark the same sentence differently."""
    rows = [{"status": "finished", "comment": RECURS}, {"status": "recurring", "comment": RECURS}]
    assert checks(rows[0], rows[1] | {"source_file": "annan.txt"}) == []


def test_a_follow_up_row_that_says_nothing_is_a_finding():
    """Neither mark nor comment, in an export that has comments."""
    assert checks({}, {"comment": DONE}) == ["no_follow_up"]


def test_a_register_needs_no_comments():
    """An export without any comment is no follow-up, so that nothing is missing there."""
    assert checks({}, {}) == []


def test_a_comment_that_decides_but_is_hard_to_read_is_a_finding(monkeypatch):
    """Without a mark the comment decides; where it was not read surely, a person is told to read it."""
    table = activities(
        {"status": "unknown", "comment": DONE}, {"status": "finished", "comment": DONE}
    )
    assert check_comments(table).empty
    monkeypatch.setattr("riskdata.analysis.checks.SURE", 1.1)
    found = check_comments(table)
    assert found[["check", "severity", "source_row"]].values.tolist() == [
        ["doubtful_comment", "note", 1]
    ]
    assert "läst som avslutad" in found.message[0]
    undone = activities({"status": "unknown", "comment": NOT_DONE})
    assert "läst som ej avslutad" in check_comments(undone).message[0]
