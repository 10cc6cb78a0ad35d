"""The explorer without a browser: what filters leave, what follows them, and what is saved."""

import openpyxl
import pytest

import riskdata as rd
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


def make_data() -> Data:
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
def data() -> Data:
    """Return tables that a test may change."""
    return make_data()


@pytest.fixture(scope="module")
def explorer():
    """Return a widget that the tests of this file share."""
    return rd.explore(make_data(), period="2025-VB")


@pytest.fixture
def shown(explorer):
    """Return the widget on the newest register, as it is before anything is chosen."""
    explorer.cell, explorer.kind.value = (), "risks"
    for name, widget in explorer.filters.items():
        widget.value = {"period": "2025-VB"}.get(name, "")
    explorer._refresh()
    return explorer


@pytest.mark.parametrize(
    ("chosen", "left"),
    [
        ({}, ["b", "a", "c"]),
        ({"board": OTHER}, ["c"]),
        ({"goal": "Ordning"}, ["a"]),
        ({"process": "Inköp"}, ["a"]),
        ({"decision": "accept"}, ["c"]),
        ({"responsible": "Maja Lind"}, ["a"]),
        ({"text": "KÖP avtal"}, ["a"]),
        ({"text": "upphandling"}, ["a"]),
        ({"text": "köp tillsyn"}, []),
        ({"text": "("}, []),
    ],
)
def test_filter_leaves_the_risks_that_fit_it(shown, chosen, left):
    """Every filter narrows the list; words may stand in an activity, are no pattern, and all must fit."""
    for name, value in chosen.items():
        shown.filters[name].value = value
    assert shown.view.risks.risk_id.tolist() == left


def test_an_activity_without_a_risk_is_found_by_what_it_prints_itself(data):
    """Board, process and person are looked for in the activity's own columns: no link is needed."""
    alone = activity("4", "z", "Lås på kassaskåp", process="Kassa", responsible=["Bo Ek"])
    data = tables(data.risks.to_dict("records"), [*data.activities.to_dict("records"), alone])
    shown = rd.explore(data, period="2025-VB", board=BOARD)
    for name, value in (("process", "Kassa"), ("responsible", "Bo Ek")):
        shown.filters[name].value = value
    assert shown.view.activities.activity.tolist() == ["Lås på kassaskåp"]
    assert shown.view.risks.empty


def test_a_period_before_the_first_register_names_what_there_is(data):
    """Without a register in force there is nothing to place in a matrix."""
    early = tables([*data.risks.to_dict("records"), followed("f", "Köp utan avtal", "2023-T1")])
    with pytest.raises(rd.RiskdataError, match="till och med 2023-T1"):
        rd.explore(early, period="2023-T1")


def test_a_tertial_shows_its_activities_over_the_register_in_force(data):
    """A period without a register has the risks of the one before, and activities of its own."""
    shown = rd.explore(data, period="2026-T1")
    assert set(shown.view.risks.risk_id) == {"a", "b", "c"}
    assert shown.view.activities.activity.tolist() == ["Kurs i upphandling"]


def test_cell_filters_the_list_and_lets_go(shown):
    """A press on a cell leaves its risks and what is done about them; a second press leaves all."""
    assert _buttons(shown) == {(3, 4): "2", (5, 5): "1"}
    shown._buttons[5, 5].click()
    assert shown.view.risks.risk_id.tolist() == ["b"]
    assert shown.view.activities.empty
    shown._buttons[5, 5].click()
    assert len(shown.view.risks) == 3


def test_cell_that_empties_is_let_go_of(shown):
    """A filter that leaves nothing in the chosen cell chooses no cell, and the button is no stop."""
    shown._buttons[5, 5].click()
    shown.filters["board"].value = OTHER
    assert shown.cell == ()
    assert shown._buttons[5, 5].disabled


def test_row_shows_the_risk_through_the_years_and_its_activities(shown):
    """Without an id: the values of each year, the follow-up of the next, its comment and verdict."""
    shown.opener.value = shown.view.risks.risk_id.tolist().index("a")
    text = shown.detail.value
    assert text.index("2024-VB") < text.index("2025-VB") < text.index("2026-T1")
    assert all(
        part in text for part in ("Kurs i upphandling", "Kursen har inte hållits", "Ej avslutad")
    )


def test_row_of_an_activity_shows_its_risk(shown):
    """The list of activities opens the same view."""
    shown.kind.value = "activities"
    shown.list.selected_rows = [0]
    assert "<h3>Rutin för upphandling</h3>" in shown.detail.value
    assert "Köp utan avtal" in shown.detail.value


def test_missing_file_is_said_and_the_rest_is_shown(shown):
    """The printed row cannot be shown where its file is gone; years and activities can."""
    shown.opener.value = 0
    assert "finns inte längre" in shown.detail.value


def test_exploring_without_a_register_says_what_to_do():
    """Follow-ups alone have no scores to place in a matrix."""
    alone = tables([followed("u", "Köp utan avtal", "2026-T1")])
    with pytest.raises(rd.RiskdataError, match="data/raw"):
        rd.explore(alone)


def test_every_filter_has_a_swedish_label(shown):
    """The label of each filter is its description, which the browser ties to the field."""
    labels = [widget.description for widget in shown.filters.values()]
    assert labels == [
        "Period",
        "Nämnd",
        "Mål",
        "Process",
        "Hantering",
        "Status",
        "Ansvarig",
        "Sök ord",
    ]


def test_english_explorer_has_no_swedish(data):
    """The words follow the language."""
    shown = rd.explore(data, language="en")
    assert [w.description for w in shown.filters.values()][:3] == ["Period", "Board", "Goal"]
    assert "risks" in shown.said.value


def test_saved_view_says_what_was_chosen(data, project):
    """Chart, text alternative and workbook say the filter; the next view never takes its place."""
    shown = rd.explore(data, period="2025-VB", board=BOARD)
    shown.filters["text"].value = "köp"
    shown._buttons[3, 4].click()
    shown.save.click()
    folder = project / "reports" / "2025-VB" / BOARD / "vy-1"
    selection = "Urval: sök ord köp; sannolikhet 3, konsekvens 4 (1 risk)."
    assert shown.selection == selection
    assert "reports/2025-VB/Socialnämnden/vy-1" in shown.said.value
    book = openpyxl.load_workbook(folder / "urval.xlsx")
    assert all(selection in sheet["A1"].value for sheet in book)
    said = "".join(path.read_text("utf-8") for path in folder.glob("*.svg")).replace("\n", " ")
    assert "Urval: sök ord köp" in said
    shown.save.click()
    assert (folder.parent / "vy-2").is_dir()


def test_saved_view_names_nobody_and_runs_nothing(data, project):
    """People who are responsible are masked, and a text that begins as a formula is text."""
    data.activities.loc[0, "description"] = "Maja Lind har infört rutinen."
    data.risks.loc[data.risks.risk_id == "a", "event"] = "=1+1"
    shown = rd.explore(data, period="2025-VB", board=BOARD)
    shown.save.click()
    book = openpyxl.load_workbook(project / "reports" / "2025-VB" / BOARD / "vy-1" / "urval.xlsx")
    cells = [cell.value for sheet in book for row in sheet for cell in row if cell.value]
    assert not any("Maja Lind" in str(cell) for cell in cells)
    assert "[namn] har infört rutinen." in cells
    assert "'=1+1" in cells


def _buttons(shown) -> dict[tuple[int, int], str]:
    return {cell: b.description for cell, b in shown._buttons.items() if not b.disabled}
