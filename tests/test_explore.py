"""The explorer without a browser: what filters leave, what follows them, and what is saved."""

import pandas as pd
import pytest

import riskdata as rd
from riskdata.explorer import LISTED, ROWS
from riskdata.filters import MISSING, Choice, look, prepare, with_activities
from riskdata.tables.data import Data
from riskdata.tables.schema import TABLES, frame

BOARD, OTHER = "Socialnämnden", "Barn- och utbildningsnämnden"


def risk(id: str, event: str, period: str = "2025-VB", board: str = BOARD, **own) -> dict:
    """Return a risk of a register, 3 × 4 unless said otherwise."""
    scores = {"likelihood": 3, "consequence": 4, "risk_value": 12}
    where = {"board": board, "period": period, "source_file": f"{period} {board}.txt"}
    return {**scores, **where, "risk_id": id, "event": event, "source_row": 2, **own}


def followed(id: str, event: str, period: str) -> dict:
    """Return a risk of a follow-up: it has no scores."""
    bare = dict.fromkeys(("likelihood", "consequence", "risk_value"))
    return risk(id, event, period, **bare, source_file=f"uppföljning {period}.txt", process="Inköp")


def activity(id: str, risk_id: str, text: str, period: str = "2025-VB", **own) -> dict:
    """Return an activity, finished unless said otherwise."""
    where = {"board": BOARD, "period": period, "source_file": f"{period} {BOARD}.txt"}
    known = {"activity_id": id, "risk_id": risk_id, "activity": text, "status": "finished"}
    return {**where, **known, "source_row": 2, "responsible": ["Maja Lind"], **own}


def tables(risks: list[dict], activities: list[dict] = ()) -> Data:
    """Return tidy tables with the sources that the rows name."""
    scored = {row["source_file"]: row.get("risk_value") is not None for row in risks}
    where = {row["source_file"]: (row["board"], row["period"]) for row in [*risks, *activities]}
    sources = [
        {"source_file": file, "board": board, "period": period,
         "kind": "register" if scored.get(file) else "follow_up"}
        for file, (board, period) in where.items()
    ]  # fmt: skip
    rows = {"risks": risks, "activities": list(activities), "sources": sources}
    return Data(**{name: frame(name, rows.get(name, [])) for name in TABLES})


@pytest.fixture
def data() -> Data:
    """Return two boards and two years, with a follow-up of one of them."""
    risks = [
        risk("a24", "Köp utan avtal", "2024-VB", process="Inköp", risk_value=8, consequence=2),
        risk("g24", "Elavbrott stoppar köket", "2024-VB", process="Drift"),
        risk("a", "Köp utan avtal", process="Inköp", decision="control_plan", goal="Ordning"),
        risk("b", "Tillsyn uteblir", likelihood=5, consequence=5, risk_value=25),
        risk("c", "Elever får inte stöd", board=OTHER, decision="accept"),
        followed("u", "Köp utan avtal", "2026-T1"),
    ]
    activities = [
        activity("1", "a", "Rutin för upphandling", description="Klart i maj"),
        activity("2", "u", "Kurs i upphandling", "2026-T1", comment="Kursen har inte hållits."),
        activity("3", "a24", "Gammal rutin", "2024-VB"),
    ]
    return tables(risks, activities)


@pytest.fixture
def ground(data):
    """Return the tables, ready to filter."""
    return prepare(data)


@pytest.mark.parametrize(
    ("chosen", "left"),
    [
        ({}, ["b", "a", "c"]),
        ({"board": OTHER}, ["c"]),
        ({"goal": "Ordning"}, ["a"]),
        ({"goal": MISSING, "board": BOARD}, ["b"]),
        ({"decision": "accept"}, ["c"]),
        ({"decision": MISSING}, ["b"]),
        ({"text": "KÖP avtal"}, ["a"]),
        ({"text": "upphandling"}, ["a"]),
        ({"text": "köp tillsyn"}, []),
    ],
)
def test_filter_leaves_the_risks_that_fit_it(ground, chosen, left):
    """Every filter narrows the period's risks; words may stand in an activity, and all must."""
    assert look(ground, Choice("2025-VB", **chosen)).risks.risk_id.tolist() == left


def test_words_are_taken_as_they_stand(ground):
    """A search for a bracket is no pattern."""
    assert look(ground, Choice("2025-VB", text="(")).risks.empty


def test_changes_follow_the_filter(ground):
    """What is gone is found by what it was, and what remains by what it is."""
    every = look(ground, Choice("2025-VB", board=BOARD)).changes
    assert dict(zip(every.change, every.event_before.fillna(every.event_after), strict=True)) == {
        "raised": "Köp utan avtal", "gone": "Elavbrott stoppar köket", "new": "Tillsyn uteblir",
    }  # fmt: skip
    assert look(ground, Choice("2025-VB", text="elavbrott")).changes.change.tolist() == ["gone"]


def test_board_without_an_earlier_register_is_not_compared(ground):
    """A board's first register has no changes: not everything in it is new."""
    assert look(ground, Choice("2025-VB", board=OTHER)).changes.empty


def test_verdicts_of_follow_ups_stand_beside_the_registers_risk(ground):
    """A risk has its own activities and those of the follow-ups after it, with the link's certainty."""
    view = look(ground, Choice("2025-VB", text="köp"))
    rows = with_activities(ground, view.cell(3, 4))
    assert rows.activity.tolist() == ["Rutin för upphandling", "Kurs i upphandling"]
    assert rows.verdict.tolist() == ["finished", "unfinished"]
    assert rows.certainty.isna().tolist() == [True, False]
    assert rows.activity_file.tolist()[1] == "2026-T1 Socialnämnden.txt"


def test_follow_up_answers_the_register_before_it_and_no_older(ground):
    """What is followed up in 2026 is not an activity of the register of 2024."""
    rows = with_activities(ground, look(ground, Choice("2024-VB", text="köp")).risks)
    assert rows.activity.tolist() == ["Gammal rutin"]


def test_risk_without_activity_is_listed_all_the_same(ground):
    """A cell lists every risk in it."""
    rows = with_activities(ground, look(ground, Choice("2025-VB")).cell(5, 5))
    assert rows[["event", "activity"]].values.tolist()[0][0] == "Tillsyn uteblir"
    assert rows.activity.isna().all()


def test_period_without_register_is_answered_with_those_there_are(ground):
    """A choice without a register names the periods that have one."""
    with pytest.raises(rd.RiskdataError, match="2025-VB, 2024-VB"):
        look(ground, Choice("2026-T1"))


def test_exploring_without_a_register_says_what_to_do():
    """Follow-ups alone have no scores to place in a matrix."""
    alone = tables([followed("u", "Köp utan avtal", "2026-T1")])
    with pytest.raises(rd.RiskdataError, match="data/raw"):
        rd.explore(alone)


def test_matrix_and_charts_follow_a_filter(data):
    """A filter changes the buttons of the matrix, both pictures and what is said."""
    shown = rd.explore(data)
    before = [picture.value for picture in shown.pictures.values()]
    assert _buttons(shown) == {(3, 4): "2", (5, 5): "1"}
    shown.filters["board"].value = OTHER
    assert _buttons(shown) == {(3, 4): "1"}
    assert all(p.value != b for p, b in zip(shown.pictures.values(), before, strict=True))
    assert "1 av 3 risker" in shown.found.value


def test_what_looks_the_same_is_not_drawn_again(data, monkeypatch):
    """Choosing a cell, or a filter that leaves the same risks, draws no chart."""
    shown = rd.explore(data)
    monkeypatch.setattr("riskdata.explorer._CHARTS", {})
    shown.matrix.cell = (3, 4)
    shown.filters["text"].value = " "
    assert shown.cell.value == (3, 4)


def test_cell_is_chosen_in_the_matrix_or_by_its_name(data):
    """Buttons and list are two ways to the same choice; a second press lets go of it."""
    shown = rd.explore(data)
    button = shown.matrix._buttons[3, 4]
    button.click()
    assert shown.cell.label == "Sannolikhet 3, konsekvens 4: 2 risker"
    assert "Risker i rutan" in shown.in_cell.value
    shown.cell.value = (5, 5)
    assert shown.matrix.cell == (5, 5)
    shown.matrix._buttons[5, 5].click()
    assert shown.cell.value == ()


def test_cell_without_risks_cannot_be_chosen(data):
    """An empty cell is no stop for the keyboard, and a chosen cell that empties is let go of."""
    shown = rd.explore(data)
    assert shown.matrix._buttons[1, 1].disabled
    shown.matrix.cell = (5, 5)
    shown.filters["board"].value = OTHER
    assert shown.matrix.cell == ()


def test_every_filter_has_a_swedish_label(data):
    """The label of each filter is its description, which the browser ties to the field."""
    shown = rd.explore(data)
    labels = [widget.description for widget in shown.filters.values()]
    assert labels == ["Period", "Nämnd", "Mål", "Hantering", "Sök ord"]
    assert all(w.label for name, w in shown.filters.items() if name != "text")


def test_table_says_when_it_does_not_show_all():
    """Past its limit a table says how many it leaves out, and of what."""
    many = [risk(f"r{n}", f"Händelse {n}", source_row=n) for n in range(ROWS + 1)]
    shown = rd.explore(tables(many))
    assert f"de 1\xa0000 första av {ROWS + 1:,}".replace(",", "\xa0") in shown.heading.value
    shown.matrix.cell = (3, 4)
    assert f"de {LISTED} första" in shown.in_cell.value


def test_saved_view_holds_charts_tables_and_the_choice(data, project):
    """A view is a folder with what is shown; the next one never takes its place."""
    shown = rd.explore(data, board=BOARD)
    shown.matrix.cell = (3, 4)
    shown.save.click()
    folder = project / "reports" / "2025-VB" / BOARD / "vy-1"
    assert "reports/2025-VB/Socialnämnden/vy-1" in shown.saved.value
    names = {path.name for path in folder.iterdir()}
    assert {"riskmatris.png", "forandringar.svg", "risker.csv", "risker-i-rutan.csv"} <= names
    assert "Nämnd: Socialnämnden" in (folder / "urval.txt").read_text("utf-8").splitlines()
    shown.save.click()
    assert (folder.parent / "vy-2").is_dir()


def test_saved_table_names_nobody(data, project):
    """People who are responsible for something are masked in what is saved."""
    data.activities.loc[0, "description"] = "Maja Lind har infört rutinen."
    shown = rd.explore(data, board=BOARD)
    shown.matrix.cell = (3, 4)
    shown.save.click()
    saved = project / "reports" / "2025-VB" / BOARD / "vy-1" / "risker-i-rutan.csv"
    assert "Maja Lind" not in saved.read_text("utf-8-sig")
    assert "[namn] har infört" in saved.read_text("utf-8-sig")


def test_saved_table_runs_nothing_in_a_spreadsheet(project):
    """A text that begins as a formula is saved as text."""
    shown = rd.explore(tables([risk("a", "=1+1")]))
    shown.save.click()
    saved = project / "reports" / "2025-VB" / "Alla nämnder" / "vy-1" / "risker.csv"
    assert "'=1+1" in pd.read_csv(saved, sep=";").to_numpy()


def test_english_explorer_has_no_swedish(data):
    """The words follow the language."""
    shown = rd.explore(data, language="en")
    assert [w.description for w in shown.filters.values()] == [
        "Period", "Board", "Goal", "Decision", "Search words",
    ]  # fmt: skip
    assert "The selection has 3 of 3 risks" in shown.found.value


def _buttons(shown) -> dict[tuple[int, int], str]:
    return {cell: b.description for cell, b in shown.matrix._buttons.items() if not b.disabled}
