"""Buttons in notebooks write what a person decides, say so, and can be undone."""

import pandas as pd
import pytest

import riskdata as rd
from riskdata.analysis.decisions import LINKS, VERDICTS, read_decisions

PAIR = {
    "board": "Socialnämnden", "before": "2024-VB", "after": "2025-VB",
    "text_before": "Inköp · Köp utan avtal", "text_after": "Inköp · Varor utan avtal",
    "only_before": "Köp", "only_after": "Varor",
}  # fmt: skip
ROW = {
    "board": "Socialnämnden", "period": "2025-VB", "process": "Inköp", "activity": "Kurs i inköp",
    "comment": "Hölls i maj. Nya behövs.", "status": "finished", "evidence": "Nya behövs.",
}  # fmt: skip


@pytest.fixture
def link(project):
    """Return the question of one link, in an empty project."""
    return rd.decide_links(pd.DataFrame([PAIR]), by="Ida").questions[0]


@pytest.fixture
def verdict(project):
    """Return the question of one doubted tick, in an empty project."""
    return rd.decide_verdicts(pd.DataFrame([ROW]), by="Ida").questions[0]


def press(question, text: str) -> None:
    next(b for b in [*question.buttons, question.undo] if b.description == text).click()


def test_a_link_is_decided_by_a_press(link):
    """Samma risk is a line of links.csv with who and when, and the question says where it is."""
    press(link, "Samma risk")
    made = read_decisions(file=LINKS)
    assert made[["text_before", "decision", "by"]].values.tolist() == [
        ["Inköp · Köp utan avtal", "same", "Ida"]
    ]
    assert made.date.notna().all() and "links.csv" in link.said.value


def test_a_decision_is_undone(link):
    """Ångra takes the line away; without a line there is nothing to undo."""
    assert link.undo.disabled
    press(link, "Inte samma")
    assert not link.undo.disabled
    press(link, "Ångra")
    assert read_decisions(file=LINKS).empty and link.undo.disabled


def test_who_changes_their_mind_leaves_one_line(link):
    """The second answer takes the first one's place."""
    press(link, "Samma risk")
    press(link, "Inte samma")
    assert read_decisions(file=LINKS).decision.tolist() == ["different"]


def test_a_verdict_is_decided_with_its_reason(verdict):
    """What a person writes as the reason stands beside the verdict."""
    verdict.reason.value = "protokoll"
    press(verdict, "Avslutad")
    made = read_decisions(file=VERDICTS)
    assert made[["activity", "verdict", "reason"]].values.tolist() == [
        ["Kurs i inköp", "finished", "protokoll"]
    ]


def test_the_words_that_differ_are_marked(link):
    """Beside each other, only what is not in both is marked."""
    text = link.children[0].value
    assert "<mark>Köp</mark>" in text and "<mark>Varor</mark>" in text
    assert "<mark>avtal</mark>" not in text


def test_without_a_kernel_there_are_lines_to_paste(project):
    """A page shows the question as a table, and the line with the answer left blank."""
    page = rd.decide_links(pd.DataFrame([PAIR]))._repr_mimebundle_()["text/html"]
    assert (
        "Socialnämnden;2024-VB;2025-VB;Inköp · Köp utan avtal;Inköp · Varor utan avtal;;;" in page
    )


def test_a_text_of_an_export_is_never_run(project):
    """What stands in a cell is shown as it stands."""
    hostile = {**PAIR, "text_before": "<script>x()</script>"}
    asked = rd.decide_links(pd.DataFrame([hostile]))
    assert "<script>" not in asked.questions[0].children[0].value
    assert "<script>" not in asked._repr_mimebundle_()["text/html"]


@pytest.fixture
def guessed(project):
    """Return the form of a file whose headings nobody has seen."""
    path = project / "data" / "raw" / "2025-VB Socialnämnden - egen.txt"
    lines = [
        "Verksamhet\tVad kan gå fel\tS\tK\tRisktal\tGör vi",
        "Inköp\tKöp görs utan avtal\t3\t4\t12\tAcceptera",
        "Inköp\tFakturor betalas två gånger\t2\t3\t6\tAcceptera",
        "Bemanning\tPersonal saknas under sommaren\t4\t4\t16\tAcceptera",
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return rd.confirm_guess(path.name).questions[0]


def test_a_guess_is_saved_by_a_press_and_undone(guessed, project):
    """Spara writes the block that is shown; Ångra leaves the file as it was."""
    file = project / "data" / "manual" / "layouts.toml"
    guessed.save.click()
    assert guessed.guess.block() in file.read_text("utf-8")
    guessed.undo.click()
    assert not file.exists() or file.read_text("utf-8") == ""


def test_a_changed_column_changes_the_block_and_the_first_rows(guessed):
    """What is chosen in a menu is what is saved, and the rows follow at once."""
    before = guessed.preview.value
    menu = next(m for m in guessed.menus if m.description == "Verksamhet")
    menu.value = "goal" if menu.value != "goal" else "process"
    assert f'"Verksamhet" = "{menu.value}"' in guessed.guess.block()
    assert guessed.preview.value != before
