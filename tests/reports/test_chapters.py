"""What a report tells: each question with its answer, each finding with the risk or activity it is about."""

import pandas as pd
import pytest

from riskdata.reports.chapters import pieces
from riskdata.reports.committee import committee_report
from riskdata.reports.printed import Table
from riskdata.tables.data import Data
from riskdata.tables.schema import TABLES, frame

BOARD = "Kulturnämnden"


def where(period, file="register", row=4):
    source = {"source_file": f"{period} {file}.txt", "source_row": row}
    return {"board": BOARD, "period": period, "year": int(period[:4]), **source}


def risk(period, event, value, **more):
    return {
        **where(period),
        "risk_id": f"{period} {event} {value}",
        "event": event,
        "risk_value": value,
        **more,
    }


def activity(period, text, status, **more):
    named = {"activity_id": f"{period} {text}", "activity": text, "status": status}
    return {**where(period, "follow-up"), **named, **more}


def tables(**rows):
    kinds = {"risks": "register", "activities": "follow_up"}
    files = {(r["source_file"], r["period"], kinds[t]) for t in kinds for r in rows.get(t, ())}
    rows["sources"] = [
        {"source_file": file, "period": period, "kind": kind, "board": BOARD}
        for file, period, kind in sorted(files)
    ]
    return Data(**{name: frame(name, rows.get(name, ())) for name in TABLES})


def told(data, period):
    """Return the chapters of a report by their titles."""
    made = committee_report(data, period=period, board=BOARD)
    return {chapter.title: chapter for chapter in made.chapters}


def table(chapter, title):
    return next(p.rows for p in chapter.parts if isinstance(p, Table) and p.title.startswith(title))


@pytest.fixture(scope="module")
def work():
    """A tertial's chapters: one activity overdue, one unfinished, one ticked but not done, one new."""
    before = [
        activity("2025-T2", "Nytt kassaskåp", "ongoing"),
        activity("2025-T2", "Ny hiss", "ongoing"),
    ]
    now = [
        activity("2026-T1", "Nytt kassaskåp", "ongoing", process="Kassa"),
        activity("2026-T1", "Ny hiss", "ongoing", due_date="2026-01-31"),
        activity(
            "2026-T1", "Brandövning på museet", "finished", comment="Övningen har inte hållits."
        ),
        activity("2026-T1", "Läskampanj i skolorna", "finished"),
    ]
    return told(tables(activities=before + now), "2026-T1")


def test_what_is_overdue_stands_first_with_its_date(work):
    """Then what is not finished; each with how long it has been so."""
    rows = table(work["Vad är inte klart?"], "Åtgärder som inte är avslutade")
    assert rows["Åtgärd"].tolist()[:2] == ["Ny hiss", "Kassa: Nytt kassaskåp"]
    assert rows["Klart senast"].tolist()[0] == "2026-01-31"
    assert rows["Oavslutad sedan"].tolist()[0] == "2025-T2"


def test_a_doubted_tick_is_named_with_what_its_comment_says(work):
    """The table has the ones that the sentence counts, and their quotation."""
    chapter = work["Vad är inte klart?"]
    rows = table(chapter, "Märkta som avslutade")
    assert rows[["Åtgärd", "Belägg"]].values.tolist() == [
        ["Brandövning på museet", "Övningen har inte hållits."]
    ]
    assert any(text.startswith("1 av 2 åtgärder som är märkta") for text in chapter.findings)


def test_what_is_new_in_a_tertial_is_told(work):
    """Those that the follow-up before did not have."""
    rows = table(work["Vad är inte klart?"], "Nya åtgärder sedan 2025-T2")
    assert set(rows["Åtgärd"]) == {"Brandövning på museet", "Läskampanj i skolorna"}


def test_the_committee_is_given_questions_that_name_the_activity(work):
    """Who asks knows what to ask for."""
    (asked,) = work["Frågor som nämnden kan ställa"].parts
    assert asked.sentences[0] == "Varför är ”Ny hiss” inte klar, fast sista dagen har passerat?"


@pytest.fixture(scope="module")
def risks():
    """A year's chapters, of registers that print no decision, with the same event in two processes."""
    old = [risk("2024-VB", "Biblioteket svämmar över", 6)]
    new = [
        risk("2025-VB", "Biblioteket svämmar över", 12),
        risk("2025-VB", "Lokalen är låst", 9, process="Uthyrning"),
        risk("2025-VB", "Lokalen är låst", 16, process="Simskola"),
    ]
    return told(tables(risks=old + new), "2025-VB")


def test_two_risks_with_the_same_text_say_their_process(risks):
    """Else nobody knows which of them is the high one."""
    rows = table(risks["Hur stora är riskerna?"], "Risker som når riskgränsen 12")
    assert rows["Oönskad händelse"].tolist() == ["Lokalen är låst", "Biblioteket svämmar över"]
    rows = table(risks["Vad har ändrats, och vad betyder det?"], "Höjda, nya")
    assert {"Lokalen är låst (Uthyrning)", "Lokalen är låst (Simskola)"} <= set(
        rows["Oönskad händelse"]
    )


def test_nothing_is_said_of_a_column_that_is_not_printed(risks):
    """Without decisions there is no word of the control plan, and no column of it."""
    chapter = risks["Hur stora är riskerna?"]
    said = " ".join(text for one in risks.values() for text in one.findings)
    assert "internkontrollplan" not in said and "decision_by_value" not in chapter.charts
    assert "Hantering" not in table(chapter, "Risker som når")


@pytest.mark.parametrize("value", [16, 2])
def test_a_risk_without_a_text_is_asked_about_by_nobody(value):
    """A high risk whose event is missing, or a register without high ones, stops no report."""
    rows = [risk("2025-VB", None, value, decision=code) for code in ("accept", "control_plan")]
    rows = [{**row, "risk_id": row["decision"]} for row in rows]
    work = [{**where("2025-VB"), "activity_id": "a", "comment": "Pågår."}]
    chapters = told(tables(risks=rows, activities=work), "2025-VB")
    assert "Frågor som nämnden kan ställa" not in chapters


def test_a_chart_of_some_of_the_risks_says_which(risks):
    """Raised and new ones are drawn; lowered and gone stand in the table."""
    chart = risks["Vad har ändrats, och vad betyder det?"].charts["changes"]
    assert chart.title == "Höjda och nya risker sedan 2024-VB: 1 höjd och 2 nya"
    assert "3 risker: 1 höjd och 2 nya." in chart.alt and "sänkt" not in chart.alt
    assert "Urval: höjda och nya risker." in chart.source


def test_a_long_chart_is_divided_evenly():
    """No part is longer than a third of a page has room for."""
    assert [len(part) for part in pieces(pd.DataFrame({"a": range(17)}), most=8)] == [6, 6, 5]


def test_what_stands_in_no_table_is_told_on_the_last_page():
    """A column that is not used and a row that is set aside are named."""
    data = tables(risks=[risk("2025-VB", "Elavbrott", 12)])
    file = {"source_file": "2025-VB register.txt"}
    rows = [
        {**file, "column": "Anmärkning", "rule": "column_not_used", "before": "4"},
        {**file, "column": "", "rule": "set_aside", "before": "Summa"},
    ]
    data = Data(**{**data.tables(), "account": frame("account", rows)})
    doubts = (
        told(data, "2025-VB")["Så är siffrorna gjorda, och vad som är osäkert"].parts[-1].sentences
    )
    assert "Kolumnen ”Anmärkning” i exporten används inte." in doubts
    assert any("”Summa”" in text for text in doubts)


def test_a_plan_without_marks_is_not_asked_what_is_finished():
    """Where neither mark nor comment is printed, "unknown" would be said of a column that isn't there."""
    one = {**where("2025-VB"), "activity_id": "a", "activity": "Ny hiss", "status": "unknown"}
    data = tables(risks=[risk("2025-VB", "Hissen stannar", 12)], activities=[one])
    data = Data(**{**data.tables(), "sources": data.sources.head(1)})
    made = committee_report(data, period="2025-VB", board=BOARD)
    assert not {"unknown", "unfinished"} & set(made.figures.key)
    assert "Vad är inte klart?" not in [chapter.title for chapter in made.chapters]
