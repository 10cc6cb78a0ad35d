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
    question.buttons[text].click()


def menu(widget, text: str):
    """Return the menu or field of a form that has a text beside it."""
    if getattr(widget, "description", None) == text:
        return widget
    below = (menu(child, text) for child in getattr(widget, "children", ()))
    return next((found for found in below if found), None)


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
    menu(verdict, "Skäl").value = "protokoll"
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


HEADER = "Verksamhet\tVad kan gå fel\tS\tK\tRisktal\tGör vi"
ROWS = (
    "Inköp\tKöp görs utan avtal\t3\t4\t12\tAcceptera",
    "Inköp\tFakturor betalas två gånger\t2\t3\t6\tLöpande koll",
    "Bemanning\tPersonal saknas under sommaren\t4\t4\t16\tLöpande koll",
)


def form(project, name: str, *lines: str):
    """Return the form of a file that is put in data/raw."""
    (project / "data" / "raw" / name).write_text("\n".join(lines) + "\n", "utf-8")
    return rd.confirm_guess(name).questions[0]


@pytest.fixture
def guessed(project):
    """Return the form of a file whose headings nobody has seen."""
    return form(project, "2025-VB Socialnämnden - egen.txt", HEADER, *ROWS)


def test_a_guess_is_saved_by_a_press_and_undone(guessed, project):
    """Spara writes the block that is shown; Ångra leaves the file as it was."""
    file = project / "data" / "manual" / "layouts.toml"
    press(guessed, "Spara")
    assert guessed.guess.block() in file.read_text("utf-8")
    press(guessed, "Ångra")
    assert file.read_text("utf-8").strip() == ""


def test_undoing_one_block_leaves_those_that_were_saved_since(guessed, project):
    """Two forms write in one file: each takes back its own, and puts back what stood in its place."""
    press(guessed, "Spara")
    changed = rd.confirm_guess(guessed.guess.path.name).questions[0]
    menu(changed, "Verksamhet").value = "goal"
    other = form(project, "2025-VB Kulturnämnden - lista.txt", HEADER, *ROWS)
    press(changed, "Spara")
    press(other, "Spara")
    press(changed, "Ångra")
    text = (project / "data" / "manual" / "layouts.toml").read_text("utf-8")
    assert [shown.guess.block() in text for shown in (guessed, changed, other)] == [
        True,
        False,
        True,
    ]


def test_a_file_that_cannot_be_guessed_says_why(project):
    """Where there is no form, what stands in its place is the reason."""
    shown = rd.confirm_guess("finns inte.xlsx")
    assert shown.questions == [] and "finns inte.xlsx" in shown.children[0].value


def test_a_changed_column_changes_the_block_and_the_first_rows(guessed):
    """What is chosen in a menu is what is saved, and the rows follow at once."""
    assert "<th" in guessed.preview.value and "Process" in guessed.preview.value
    menu(guessed, "Verksamhet").value = "goal"
    assert '"Verksamhet" = "goal"' in guessed.guess.block()
    assert "Mål" in guessed.preview.value and "Process" not in guessed.preview.value


def test_words_are_asked_about_where_a_person_says_they_are_decisions(guessed):
    """A column that is told to hold decisions brings its unknown words, each with what it counts as."""
    assert menu(guessed, "Hantering: ”Löpande koll”") is None
    menu(guessed, "Gör vi").value = "decision"
    assert menu(guessed, "Hantering: ”Acceptera”") is None
    menu(guessed, "Hantering: ”Löpande koll”").value = False
    assert '{ words = ["Löpande koll"], control_plan = false }' in guessed.guess.block()
    menu(guessed, "Gör vi").value = ""
    assert menu(guessed, "Hantering: ”Löpande koll”") is None


def test_steps_are_asked_about_where_a_person_says_they_are_steps(project):
    """A column of words that is told to be a scale is put in order, and then gives steps."""
    rows = ("Mat förstörs\tSällan\t3", "Kylen stannar\tOfta\t4", "Barn glöms\tAldrig\t4")
    shown = form(project, "2025-VB Kulturnämnden - kök.txt", "Risk\tTänkbart\tKonsekvens", *rows)
    menu(shown, "Tänkbart").value = "likelihood"
    menu(shown, "Sannolikhet: steg, skilda med ;").value = "Aldrig; Sällan; Ofta"
    menu(shown, "Stegens ordning").value = True
    assert shown.guess.read()["risks"].likelihood.tolist() == [2, 3, 1]
