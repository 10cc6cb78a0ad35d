"""What a person is pointed at: each check by itself, and nothing asked of what is not printed."""

import pandas as pd
import pytest

import riskdata as rd
from riskdata import folders
from riskdata.analysis.checks import SEVERITY, check_tables
from riskdata.analysis.decisions import decide
from riskdata.tables.schema import TABLES, frame
from riskdata.words.language import words
from riskdata.words.vocabulary import vocabulary
from tests.analysis.test_unfinished import check_comments

WHERE = {"board": "Socialnämnden", "period": "2025-VB", "source_file": "a.txt"}
SOURCE = {**WHERE, "kind": "register"}


def check(risks=(), activities=(), account=(), sources=(SOURCE,)):
    """Return the findings of rows, each numbered from 1 and of one export unless it says otherwise."""
    rows = {"risks": risks, "activities": activities, "account": account}
    tables = {
        name: frame(name, [
            WHERE | {"source_row": n, "risk_id": f"r{n}", "activity_id": f"a{n}"} | row
            for n, row in enumerate(some, 1)
        ])
        for name, some in rows.items()
    }  # fmt: skip
    return check_tables(**tables, sources=frame("sources", list(sources)))


def checks(**rows) -> list[str]:
    return check(**rows).check.tolist()


def test_every_check_has_a_name_and_a_message_that_says_what_to_do():
    """A check without words would print its code; a message ends in what to do."""
    for language in ("sv", "en"):
        said = words(language)
        assert set(SEVERITY) <= set(said["checks"]) & set(said["values"]["check"])
        one = {"uncertain_reading", "decision_without_match"}  # filled with a sentence of their own
        assert all(said["checks"][name].count(". ") or "?" in said["checks"][name]
                   or ":" in said["checks"][name] for name in set(SEVERITY) - one)  # fmt: skip


def test_a_value_that_is_not_the_product_is_an_error():
    """3×4 is not 10."""
    found = check(risks=[{"event": "x", "likelihood": 3, "consequence": 4, "risk_value": 10}])
    assert found[["check", "evidence"]].values.tolist() == [
        ["value_not_product", "3×4=12, tryckt 10"]
    ]


def test_a_board_that_does_not_multiply_is_not_asked_for_the_product(monkeypatch):
    """A layout with value = "printed" or "matrix" has values of its own."""
    monkeypatch.setitem(vocabulary().words["layouts"], "egen", {"value": "matrix"})
    row = {"event": "x", "likelihood": 3, "consequence": 4, "risk_value": 10}
    assert checks(risks=[row], sources=[SOURCE | {"layout": "egen"}]) == []


def test_the_same_risk_twice_is_told_on_both_rows():
    """The same goal, process, way of working and event twice in an export is a question."""
    row = {"process": "Inköp", "event": "Köp utan avtal"}
    found = check(risks=[row, row | {"event": "KÖP UTAN AVTAL."}, row | {"process": "Kök"}])
    assert found.check.tolist() == ["duplicate_risk"] * 2
    assert "rad 2" in found.message[0] and "rad 1" in found.message[1]


def test_two_files_of_one_board_period_and_kind_are_told():
    """What stands in two files counts twice."""
    found = check(sources=[SOURCE, SOURCE | {"source_file": "b.txt"}, SOURCE | {"kind": "plan"}])
    assert found.source_file.tolist() == ["a.txt", "b.txt"]
    assert set(found.check) == {"same_period_twice"}


def test_one_value_with_two_decisions_is_noted():
    """The same value handled in two ways is counted, once for each value."""
    rows = [{"event": f"e{n}", "risk_value": 6, "decision": d}
            for n, d in enumerate(("accept", "accept", "risk_analysis"))]  # fmt: skip
    found = check(risks=rows)
    assert found.check.tolist() == ["decisions_differ"]
    assert "Endast riskanalysen 1, Accepteras 2" in found.message[0]


def test_a_high_risk_outside_the_plan_is_a_question():
    """At the limit and not in the control plan: somebody has to decide."""
    rows = [{"event": "a", "risk_value": 12, "decision": "accept"},
            {"event": "b", "risk_value": 12, "decision": "control_plan"},
            {"event": "c", "risk_value": 11, "decision": "accept"},
            {"event": "d", "risk_value": 20}]  # fmt: skip
    found = check(risks=rows)
    assert found.source_row[found.check == "high_outside_control_plan"].tolist() == [1, 4]


@pytest.mark.parametrize("own", [{"decision": None}, {"kind": "plan"}])
def test_what_is_not_printed_is_not_missed(own):
    """Without a column of decisions, or in a control plan itself, no risk stands outside the plan."""
    rows = [{"event": "a", "risk_value": 16, "decision": own.get("decision", "accept")}]
    assert checks(risks=rows, sources=[SOURCE | {"kind": own.get("kind", "register")}]) == []


def test_a_decision_of_ones_own_counts_as_its_owner_says(monkeypatch):
    """A code that counts as in the control plan is not outside it."""
    monkeypatch.setitem(vocabulary().words["decisions"], "egenkontroll", ["Egenkontroll"])
    monkeypatch.setitem(vocabulary().words["decision_counts"], "egenkontroll", True)
    assert checks(risks=[{"event": "a", "risk_value": 16, "decision": "egenkontroll"}]) == []


def test_a_risk_without_measure_is_asked_about_only_where_measures_are_printed():
    """An export without measures says nothing of them."""
    risks = [{"event": "a"}, {"event": "b"}]
    assert checks(risks=risks) == []
    found = check(risks=risks, activities=[{"risk_id": "r1", "activity": "Kurs"}])
    assert found[["check", "risk_id"]].values.tolist() == [["risk_without_activity", "r2"]]


def test_nobody_responsible_is_asked_about_only_where_people_are_printed():
    """A follow-up without a column of people is not asked for them."""
    nobody, somebody = {"activity": "Kurs", "responsible": []}, {"responsible": ["Maja Lind"]}
    assert checks(activities=[nobody]) == []
    assert checks(activities=[nobody, somebody | {"activity": "Mall"}]) == [
        "activity_without_responsible"
    ]


def test_an_unfinished_activity_past_its_date_is_overdue():
    """The days are counted to the end of the period."""
    row = {"activity": "Kurs", "status": "ongoing", "due_date": "2025-12-01", "comment": "Pågår."}
    found = check(
        activities=[row, row | {"activity": "Mall", "status": "finished", "comment": "Klar."}]
    )
    assert found[["check", "source_row"]].values.tolist() == [["overdue", 1]]
    assert "2025-12-01, 30 dagar" in found.message[0]


@pytest.mark.parametrize("rule", ["struck_through", "struck_cell", "cell_comment"])
def test_a_doubt_of_the_reading_is_told_on_its_row_with_a_remedy(rule):
    """What a reader could not be sure of, or a note on a cell, is a question on the printed row."""
    found = check(account=[{"rule": rule, "before": "Gammal text", "column": "event"}])
    assert found[["check", "source_row", "evidence"]].values.tolist() == [
        ["uncertain_reading", 1, "Gammal text"]]  # fmt: skip
    assert found.message[0].endswith("Kontrollera mot exporten.")


def test_what_a_person_has_decided_is_not_asked_again(tmp_path):
    """A contradiction that somebody has settled is no longer one."""
    row = WHERE | {"activity_id": "a", "activity": "Rutin", "status": "finished",
                   "comment": "Rutinen har inte införts."}  # fmt: skip
    table = frame("activities", [row])
    assert check_comments(table).check.tolist() == ["contradiction"]
    with folders.using(tmp_path):
        decide("verdicts.csv", by="Ida", verdict="finished", reason="protokoll",
               **{n: row[n] for n in ("board", "period", "activity", "comment")})  # fmt: skip
        assert check_comments(table).empty


def test_a_decision_about_nothing_is_a_finding_of_the_run(project):
    """A line of links.csv that matches no export is told with its file and line, not ignored."""
    line = "Socialnämnden,2023-VB,2024-VB,Fel,Fel,samma,Ida,2025-01-01"
    head = "board,before,after,text_before,text_after,decision,by,date"
    (project / "data" / "manual" / "links.csv").write_text(f"{head}\n{line}\n", "utf-8")
    found = rd.clean_folder().findings
    told = found[found.check == "decision_without_match"]
    assert told[["severity", "source_file", "source_row"]].values.tolist() == [
        ["error", "data/manual/links.csv", 2]]  # fmt: skip


def test_findings_have_the_declared_columns():
    """However few or many there are, the table is the schema's."""
    assert check().columns.tolist() == [*TABLES["findings"]]
    assert isinstance(check().severity.dtype, pd.CategoricalDtype)


def test_where_every_file_was_refused_nothing_is_asked():
    """Tables without a row are no fault of the checks."""
    refused = [{"source_file": "a.pdf", "problem": "a.pdf: filen är en bild och läses inte."}]
    assert check(sources=refused).check.tolist() == []
