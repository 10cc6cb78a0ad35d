"""The charts one by one, by their artists and numbers, and what can be asked of each."""

import gc
import itertools
import re
import subprocess
import sys
import weakref

import pandas as pd
import pytest
from matplotlib.patches import StepPatch

from riskdata.analysis.changes import compare, history
from riskdata.charts.activities import plot_tertials, plot_unfinished_by_group
from riskdata.charts.changes import (
    plot_change_bridge,
    plot_changes,
    plot_largest_risks,
    plot_values_by_year,
)
from riskdata.charts.risks import (
    plot_boards,
    plot_by_group,
    plot_decision_by_value,
    plot_risk_matrix,
    plot_risk_values,
)
from riskdata.charts.style import labels, style
from riskdata.errors import ChoiceError, VocabularyError
from riskdata.tables.schema import frame
from tests.charts.conftest import (
    BOARD,
    OF_ONE_PERIOD,
    PERIOD,
    PLOTS,
    boxes,
    cells,
    changes_of,
    history_of,
    printed,
    risk,
    risks_alike,
    risks_of,
    shared,
)

every_chart = pytest.mark.parametrize("name", PLOTS)


def lengths(chart) -> list[float]:
    """Return the length of each piece of each bar, as drawn."""
    return [bar.get_width() for bar in chart.ax.patches]


# The risk matrix


def test_matrix_counts_each_cell_and_names_its_value():
    """A cell has its count in the middle and its risk value in the corner."""
    chart = plot_risk_matrix(risks_alike(18))
    assert chart.title == "18 av 18 risker når riskgränsen 12"
    assert chart.data.to_dict("records") == [{"likelihood": 3, "consequence": 4, "count": 18}]
    texts = {(x, y): {text.get_text() for text in on} for x, y, *_, on in cells(chart)}
    assert texts[3, 2] == {"12", "18"}
    corners = [int(t) for t in printed(chart) if t.isdigit() and t != "18"]
    assert sorted(corners) == sorted(r * c for r in range(1, 6) for c in range(1, 6))


def test_matrix_prints_bands_with_their_limits(draw):
    """The legend says each band's values and the limit, which is also a line."""
    chart = draw("risk_matrix")
    named = [text.get_text() for text in chart.ax.get_legend().get_texts()]
    assert named == ["Låg 1–4", "Medel 5–11", "Hög 12–19", "Mycket hög 20–25", "Riskgräns 12"]
    (line,) = (patch for patch in chart.ax.patches if isinstance(patch, StepPatch))
    assert line.get_data().values.tolist()[2:] == [2, 3, 3]  # 3 × 4 = 12 reaches it, 3 × 3 does not


def test_matrix_colours_cells_by_band(draw):
    """Each cell has the colour of the band of its risk value."""
    colours = {(x, y): colour for x, y, colour, *_ in cells(draw("risk_matrix"))}
    assert colours[0, 4] == "#f7f7f7" and colours[4, 0] == "#b35806"
    assert colours[2, 2] == "#fee0b6" and colours[3, 2] == "#f1a340"


def test_matrix_with_measures_is_of_the_steps_and_values_with_them(cases):
    """after= draws the residual risk, and says so; how many have no such assessment is said."""
    table = cases["normal"]["risk_matrix"]
    chart, left = plot_risk_matrix(table, after=True), table.dropna(subset="consequence_after")
    assert chart.data["count"].sum() == len(left) < len(table)
    assert chart.data.likelihood.max() == left.likelihood_after.max()
    reaching = (left.likelihood_after * left.consequence_after >= 12).sum()
    assert chart.title == f"Med åtgärder: {reaching} av {len(left)} risker når riskgränsen 12"
    assert "14 risker har ingen bedömning med åtgärder." in printed(chart)


def test_matrix_counts_a_risk_by_its_printed_value_and_says_so():
    """A printed value that is no product counts as in every other chart, and its cell is noted."""
    chart = plot_risk_matrix(risks_alike(3).assign(risk_value=pd.array([12, 12, 9], "Int64")))
    assert chart.title == "2 av 3 risker når riskgränsen 12"
    assert any("1 risk står i en ruta med ett annat riskvärde" in text for text in printed(chart))


def test_matrix_takes_other_scales(manual):
    """The axes have as many steps as the vocabulary says, each its own number."""
    steps = [[f"Ungefär en gång på {n} år eller mer"] for n in range(6, 0, -1)]
    scale = f"limit = 10\n[scales]\nlikelihood = {steps}\nconsequence = [['Liten'], ['Stor'], ['Enorm']]"
    (manual / "vocabulary.toml").write_text(scale, "utf-8")
    chart = plot_risk_matrix(frame("risks", [risk(2)]))
    assert len(cells(chart)) == 18
    assert "6 Ungefär en gång på 1 år eller mer" in printed(chart)
    assert all(shared(a, b) <= 1.5 for a, b in itertools.combinations(boxes(chart).values(), 2))
    english = printed(plot_risk_matrix(frame("risks", [risk(2)]), language="en"))
    assert not [text for text in english if "Liten" in text]
    with pytest.raises(VocabularyError, match=r"\[scales\] consequence i data/manual/vocabulary"):
        plot_risk_matrix(frame("risks", [{"likelihood": 1, "consequence": 4}]))


OWN = """
limit = 9
[[bands]]
from = 1
sv = "Grön"
colour = "#2e8540"
[[bands]]
from = 9
sv = "Röd"
colour = "#c81e1e"
[scales]
likelihood = [["Sällan"], ["Ibland"], ["Ofta"], ["Alltid"]]
consequence = [["Liten"], ["Märkbar"], ["Stor"], ["Mycket stor"]]
[decisions]
transfer = { words = ["Överförs"], label = "Överförs till annan", control_plan = true }
"""


def test_a_boards_own_words_stand_in_legends_axes_and_saved_numbers(manual):
    """[board."…".labels.sv] is what the board's charts say; charts of other boards have the common words."""
    own = '[board."Provnämnden".labels.sv]\naccept = "Tolereras"\nlikelihood = "Frekvens"\n'
    (manual / "vocabulary.toml").write_text(own, "utf-8")
    row = risk(2) | {"decision": "accept", "board": "Provnämnden"}
    texts = []
    for board in ("Provnämnden", "Annan"):
        risks = frame("risks", [row | {"board": board}])
        charts = plot_risk_values(risks), plot_risk_matrix(risks)
        texts.append({text for chart in charts for text in printed(chart)})
    assert {"Tolereras", "Frekvens"} <= texts[0]
    assert {"Accepteras", "Sannolikhet"} <= texts[1]
    assert "Tolereras" in labels(frame("risks", [row])).Hantering.tolist()


def test_a_boards_own_scale_limit_bands_and_decisions_are_followed(manual):
    """Nothing of the shipped 5 × 5 is left, and nothing that is set is called an assumption."""
    (manual / "vocabulary.toml").write_text(OWN, "utf-8")
    rows = [{**risk(n), "likelihood": n % 4 + 1, "consequence": 3, "risk_value": 3 * (n % 4 + 1),
             "decision": ["control_plan", "transfer"][n % 2]} for n in range(8)]  # fmt: skip
    risks = frame("risks", rows)
    chart = plot_risk_matrix(risks)
    assert chart.title == "4 av 8 risker når riskgränsen 9"
    assert chart.source.endswith("Riskgräns 9.")
    named = [text.get_text() for text in chart.ax.get_legend().get_texts()]
    assert named == ["Grön 1–8", "Röd 9–16", "Riskgräns 9"]
    assert {colour for _, _, colour, *_ in cells(chart)} == {"#2e8540", "#c81e1e"}
    decided = plot_decision_by_value(risks)
    assert "8 av 8" in decided.title
    assert "Överförs till annan" in [
        text.get_text() for text in decided.ax.get_legend().get_texts()
    ]


@pytest.mark.parametrize("plot", [plot_risk_matrix, plot_risk_values, plot_by_group])
def test_a_limit_that_is_asked_for_is_no_assumption(plot):
    """limit= moves the line, the count and the source, in place of the board's."""
    chart = plot(risks_alike(3), limit=15)
    assert "0 av" in chart.title or "Ingen" in chart.title or chart.data.iloc[0].get("low") == 3
    assert chart.source.endswith("Riskgräns 15.")


# The charts of values, decisions, groups and boards


@pytest.mark.parametrize(
    ("plot", "column", "note"),
    [
        (plot_risk_matrix, "likelihood", "2 risker saknar sannolikhet eller konsekvens"),
        (plot_risk_values, "risk_value", "2 risker saknar riskvärde"),
        (plot_decision_by_value, "risk_value", "2 risker saknar riskvärde"),
    ],
)
def test_what_cannot_be_placed_is_counted_in_a_note(plot, column, note):
    """A risk without a value is never left out in silence."""
    risks = risks_of(37)
    risks.loc[:1, column] = pd.NA
    assert f"{note} och visas inte." in printed(plot(risks))


def test_values_have_a_bar_for_each_possible_value():
    """The rows are the 14 products of the scale, highest first, also those that no risk has."""
    chart = plot_risk_values(risks_alike(3))
    rows = [label.get_text() for label in chart.ax.get_yticklabels()]
    assert rows == [str(n) for n in (25, 20, 16, 15, 12, 10, 9, 8, 6, 5, 4, 3, 2, 1)]
    assert lengths(chart) == [3]


def test_values_lead_with_how_many_reach_the_limit_and_stack_decisions():
    """A value's bar has a piece for each decision; what is not stated is a piece of its own."""
    decisions = ["control_plan"] * 8 + ["risk_analysis"] * 9 + [None]
    chart = plot_risk_values(risks_alike(18).assign(decision=decisions))
    assert chart.title == "18 av 18 risker når riskgränsen 12"
    row = chart.data.set_index("risk_value").loc[12].to_dict()
    assert row == {"control_plan": 8, "risk_analysis": 9, "accept": 0, "missing": 1}
    named = [text.get_text() for text in chart.ax.get_legend().get_texts()]
    assert named[:3] == ["Till internkontrollplanen", "Endast riskanalysen", "Ej angivet"]


def test_a_decision_that_nobody_knows_is_drawn_as_its_own_piece():
    """No risk falls out because of its decision's code."""
    risks = risks_alike(2).astype({"decision": "object"}).assign(decision=["Bevakas", "accept"])
    chart = plot_risk_values(risks)
    assert sum(lengths(chart)) == 2 and "Bevakas" in chart.data


def test_values_without_any_printed_decision_say_nothing_of_decisions():
    """A column that the export does not print is not drawn as missing."""
    chart = plot_risk_values(risks_alike(3).assign(decision=None))
    assert list(chart.data) == ["risk_value", "count"]
    assert "hantering" not in " ".join(printed(chart))
    assert plot_decision_by_value(risks_alike(3).assign(decision=None)).title.startswith("Inga ")


def test_a_value_that_the_scale_cannot_give_is_shown_and_noted():
    """An impossible value keeps its bar and is pointed out."""
    chart = plot_risk_values(frame("risks", [{"risk_value": 7}]))
    assert "Riskvärde 7 kan inte bildas av skalans steg." in printed(chart)
    assert 7 in chart.data.risk_value.tolist()


def test_decision_by_value_names_the_value_that_is_handled_most_differently():
    """At 12, 8 of 18 go to the control plan: that is the finding. Bars are shares."""
    twelve = risks_alike(18).assign(decision=["control_plan"] * 8 + ["risk_analysis"] * 10)
    nine = risks_alike(2).assign(risk_value=9, decision="control_plan")
    chart = plot_decision_by_value(pd.concat([twelve, nine]))
    assert chart.title == "Vid riskvärde 12 går 8 av 18 risker till internkontrollplanen"
    assert "8 av 18" in printed(chart)
    assert {bar.get_x() + bar.get_width() for bar in chart.ax.patches} == {8, 18}


def test_groups_are_sorted_by_count_with_the_unnamed_last():
    """Most risks first; risks without a process are a group of their own, last."""
    processes = ["Inköp"] + ["Brandskydd"] * 2 + [None] * 3
    chart = plot_by_group(frame("risks", [{"process": p} for p in processes]))
    rows = [label.get_text() for label in chart.ax.get_yticklabels()]
    assert rows == ["Brandskydd", "Inköp", "Process ej angiven"]
    assert chart.title == "3 av 6 risker saknar process"


def test_many_groups_are_the_largest_and_the_others():
    """Thirty processes are twelve rows and one; the numbers have them all."""
    rows = [{"process": f"Process {n}", "risk_value": 12} for n in range(30) for _ in range(n + 1)]
    chart = plot_by_group(frame("risks", rows))
    names = [label.get_text() for label in chart.ax.get_yticklabels()]
    assert len(names) == 13 and names[0] == "Process 29" and names[-1] == "Övriga (18)"
    assert len(chart.data) == 30 and sum(lengths(chart)) == len(rows)


def test_groups_are_split_at_the_limit():
    """A risk at the limit counts as high, one below as low, one without a value as neither."""
    risks = frame("risks", [{"process": "Inköp", "risk_value": v} for v in (12, 11, None)])
    row = plot_by_group(risks).data.iloc[0].to_dict()
    assert row == {"group": "Inköp", "high": 1, "low": 1, "missing": 1}


def test_goals_are_named_with_their_numbers():
    """A goal is known by number and text."""
    risks = frame("risks", [{"goal_code": "1.3", "goal": "Ett tryggt Ekvalla"}])
    assert plot_by_group(risks, "goal").data.group.tolist() == ["1.3 Ett tryggt Ekvalla"]


def test_boards_are_shares_the_largest_first(draw):
    """Bars are as long as each other, and each says how many of how many."""
    chart = draw("boards_by_limit")
    ends = {}
    for bar in chart.ax.patches:
        ends[bar.get_y()] = max(ends.get(bar.get_y(), 0), bar.get_x() + bar.get_width())
    assert len(set(ends.values())) == 1 and len(ends) == 2
    shares = chart.data.reaching / chart.data[["reaching", "under", "missing"]].sum(axis=1)
    assert shares.is_monotonic_decreasing
    assert f"{chart.data.reaching[0]} av 20" in printed(chart)


def test_boards_are_held_to_their_own_limits(manual):
    """Where limits differ each row says its board's."""
    (manual / "vocabulary.toml").write_text('[board."Kulturnämnden"]\nlimit = 6\n', "utf-8")
    rows = [{"board": b, "period": PERIOD, "risk_value": 8} for b in (BOARD, "Kulturnämnden")]
    chart = plot_boards(frame("risks", rows))
    names = [label.get_text() for label in chart.ax.get_yticklabels()]
    assert [" ".join(name.split()) for name in names][0] == "Kulturnämnden (gräns 6)"
    assert chart.data.set_index("board").reaching.to_dict() == {"Kulturnämnden": 1, BOARD: 0}


# The charts of changes


def test_changes_have_a_row_each_under_their_kind(draw, cases):
    """Every risk is a row, its values printed, under a heading with the number of its kind."""
    table, chart = cases["normal"]["changes"], draw("changes")
    assert len(chart.ax.get_yticklabels()) == len(table) == len(chart.data)
    assert {"Höjda: 8", "Nya: 8", "Sänkta: 8", "Borta: 8", "Oförändrade: 8"} <= set(printed(chart))
    row = chart.data[chart.data.change == "raised"].iloc[0]
    assert f"{row.risk_value_before} → {row.risk_value_after}" in printed(chart)


def test_changes_name_the_process_of_twin_events():
    """The same words under two processes are told apart."""
    table = changes_of(risks_of(2)).assign(event_before="Krisplanen är okänd", event_after=None)
    names = plot_changes(table).data.risk.tolist()
    assert sorted(names) == [f"Krisplanen är okänd (Händelse {n})" for n in range(2)]


def test_changes_without_a_value_say_that_it_is_missing():
    """A risk with no value on one side has one dot, and words in place of the number."""
    table = changes_of(risks_alike(1)).assign(risk_value_before=pd.array([pd.NA], "Int64"))
    chart = plot_changes(table)
    assert "saknas → 12" in printed(chart)
    assert len(chart.ax.collections[0].get_segments()) == 0


def test_a_change_to_a_value_off_the_scale_is_written_and_noted():
    """No line leads to nowhere: the values stand at the end of the row, and a note says why."""
    table = changes_of(risks_alike(1)).assign(
        change="raised", risk_value_after=pd.array([61], "Int64")
    )
    chart = plot_changes(table)
    assert {"12 → 61", "Riskvärde 61 kan inte bildas av skalans steg."} <= set(printed(chart))
    assert len(chart.ax.collections[0].get_segments()) == 0


def test_what_cannot_be_compared_is_a_kind_of_its_own():
    """A risk that lacks its value on one side is neither raised nor unchanged."""
    table = changes_of(risks_of(37)).assign(change="unknown")
    assert "Kan inte jämföras, riskvärde saknas: 37" in printed(plot_changes(table))
    assert any(
        "37 risker saknar riskvärde före" in text for text in printed(plot_change_bridge(table))
    )


def test_the_bridge_reconciles(draw):
    """Before less the gone plus the new is after, and the last bar's pieces are after."""
    counts = draw("change_bridge").data.set_index("change")["count"]
    assert counts.before - counts.gone + counts.new == counts.after
    kinds = ["raised", "lowered", "unchanged", "unknown", "new"]
    assert counts[kinds].sum() == counts.after
    assert {"−8", "+8"} <= set(printed(draw("change_bridge")))


def test_a_kind_of_change_that_did_not_happen_is_said():
    """Nobody lowered is 0 in the title and in the numbers."""
    one = changes_of(risks_of(1)).assign(change="new")
    chart = plot_change_bridge(one)
    assert chart.title == "Från 0 risker till 1: 0 borta, 1 ny, 0 höjda och 0 sänkta"


def test_converted_steps_are_noted():
    """Values that are not as printed are said to be so."""
    chart = plot_changes(changes_of(risks_of(37)).assign(converted=True))
    assert "37 risker är omräknade till den gemensamma skalan." in printed(chart)


# The charts of all years


def test_values_by_year_count_every_risk_with_a_value(draw, cases):
    """Each period's column sums to its risks with a value; the others are noted."""
    chart, history = draw("values_by_year"), cases["normal"]["values_by_year"]
    sums = chart.data.drop(columns="risk_value").sum().to_dict()
    assert sums == history.dropna(subset=["risk_value"]).groupby("period").size().to_dict()
    assert f"{history.risk_value.isna().sum()} risker saknar riskvärde och visas inte." in printed(
        chart
    )


def test_values_by_year_say_how_many_reach_the_limit(draw, cases):
    """Under each period, and in the title for the first and the last."""
    history = cases["normal"]["values_by_year"]
    now = history[history.period == PERIOD]
    text = f"{(now.risk_value >= 12).sum()} av {len(now)}"
    assert f"{PERIOD} {text}" in printed(draw("values_by_year"))
    assert f"{text} risker {PERIOD}" in draw("values_by_year").title


def test_a_change_of_scale_is_a_line_and_a_note(manual):
    """Years that were judged on other scales are not silently put side by side."""
    (manual / "vocabulary.toml").write_text('[other_scales."2023-VB"]\nlikelihood = 4\n', "utf-8")
    note = "Skalan är en annan 2024-VB än 2023-VB: värdena kan inte jämföras rakt av."
    for plot in (plot_values_by_year, plot_largest_risks):
        assert note in printed(plot(history_of(risks_of(3))))


def test_largest_risks_have_gaps_where_they_were_not_in_the_register():
    """A risk that came later has no cell before; one without a value has a dash."""
    rows = [("a", "2023-VB", 9), ("a", "2024-VB", None), ("a", PERIOD, 12), ("b", PERIOD, 16)]
    history = pd.DataFrame(rows, columns=["thread_id", "period", "risk_value"])
    history = history.assign(board=BOARD, process="Drift", event=history.thread_id)
    chart = plot_largest_risks(history.astype({"risk_value": "Int64"}))
    assert [on[0].get_text() for *_, on in cells(chart)] == ["16", "9", "–", "12"]
    assert chart.title == (
        "2 av 2 risker med högst värde 2025-VB når riskgränsen 12; "
        "sedan 2024-VB är 0 höjda, 0 sänkta och 1 ny"
    )


def test_largest_risks_show_a_value_off_the_scale_without_a_colour():
    """A number that no steps give, however large, stands in its cell as printed, in no band's colour."""
    one = history_of(risks_alike(1)).assign(risk_value=pd.array([20250101], "Int64").repeat(2))
    assert [
        (colour, on[0].get_text()) for _, _, colour, _, on in cells(plot_largest_risks(one))
    ] == [("#ffffff", "20250101")] * 2


def test_largest_risks_say_how_many_are_left_out(draw):
    """Fifteen of forty are shown, and it is said."""
    assert len(draw("largest_risks").data) == 15
    assert any(
        text.startswith("Diagrammet visar 15 av 40 risker")
        for text in printed(draw("largest_risks"))
    )


def test_largest_risks_of_an_earlier_period_know_nothing_later():
    """A period that is asked for is the last one shown."""
    chart = plot_largest_risks(history_of(risks_of(9)), period="2024-VB")
    assert list(chart.data) == ["risk", "2023-VB", "2024-VB"]
    with pytest.raises(ChoiceError, match="2031-VB.*Välj en av: 2023-VB, 2024-VB, 2025-VB"):
        plot_largest_risks(history_of(risks_of(9)), period="2031-VB")


# The charts of activities


def test_tertials_count_by_mark_and_comment():
    """A mark that the comment contradicts is counted as the comment says."""
    rows = [{"board": BOARD, "period": PERIOD, "status": s} for s in ("finished", "cancelled")]
    acts = frame("activities", rows).assign(verdict=["unfinished", "cancelled"])
    assert plot_tertials(acts).data.to_dict("records") == [
        {
            "period": PERIOD,
            "finished": 0,
            "unfinished": 1,
            "overdue": 0,
            "cancelled": 1,
            "unknown": 0,
        }
    ]


def test_tertials_show_the_overdue_apart():
    """Unfinished and past its due date is a piece of its own, where due dates are printed."""
    acts = frame("activities", [{"board": BOARD, "period": PERIOD}] * 3)
    acts = acts.assign(verdict=["unfinished", "unfinished", "finished"])
    late = acts.assign(overdue_days=pd.array([30, pd.NA, 12], "Int64"))
    assert plot_tertials(late).data.overdue.tolist() == [1]
    assert "1 av dem har passerat sitt slutdatum." in plot_tertials(late).alt
    assert "slutdatum" not in plot_tertials(acts).alt


def test_periods_stand_in_order():
    """T1 before T2 before the year's last."""
    periods = ["2025-VB", "2024-VB", "2025-T1"]
    acts = frame("activities", [{"board": BOARD, "period": p} for p in periods])
    data = plot_tertials(acts.assign(verdict="finished")).data
    assert data.period.tolist() == ["2024-VB", "2025-T1", "2025-VB"]


def test_unfinished_are_counted_by_group():
    """Each group says how many of its activities are not finished; the unknown are apart."""
    rows = frame("activities", [{"process": "Inköp"}] * 9)
    chart = plot_unfinished_by_group(rows.assign(verdict=["unfinished", "unknown", "finished"] * 3))
    assert chart.title == "3 av 9 åtgärder är inte avslutade; för 3 går det inte att säga"
    assert "3 av 9" in printed(chart)


@pytest.mark.parametrize(("processes", "said"), [("AAB", True), ("AB", False), ("AA--- ", False)])
def test_alt_names_the_group_with_most_unfinished_only_if_there_is_one(processes, said):
    """Equals are not called the most, and neither is a named group where the unnamed has more."""
    rows = [{"process": None if p in "- " else p} for p in processes]
    chart = plot_unfinished_by_group(frame("activities", rows).assign(verdict="unfinished"))
    assert ("Flest finns i processen A: 2 av 2." in chart.alt) is said
    assert ("Flest" in chart.alt) is said


# What is asked for


@pytest.mark.parametrize("name", OF_ONE_PERIOD)
def test_several_periods_in_one_table_stop_the_chart(name):
    """The same risk of two years would be counted twice: an error says how to choose one."""
    both = frame("risks", [risk(1), risk(1, period="2024-VB")])
    with pytest.raises(ChoiceError, match=r"Välj en, till exempel tabell\[tabell.period == "):
        PLOTS[name](both)


@every_chart
def test_a_wrong_choice_names_the_known(cases, name):
    """A wrong language or table is an error that says what is right."""
    table = cases["three"][name]
    with pytest.raises(ChoiceError, match="Språket ”swedish” finns inte. Välj ett av: sv, en"):
        PLOTS[name](table, language="swedish")
    with pytest.raises(ChoiceError, match="Tabellen saknar .*; den har text"):
        PLOTS[name](pd.DataFrame({"text": ["x"]}))


def test_an_unknown_grouping_names_the_known():
    """Grouping by something else is an error that says by what one can."""
    with pytest.raises(ChoiceError, match="Välj process eller goal"):
        plot_by_group(risks_of(3), "board")


def test_a_title_and_a_note_of_ones_own_are_drawn_and_said():
    """title= stands for the finding; note= is in the source line and the alt text."""
    chart = plot_risk_matrix(risks_of(9), title="Höga risker, vård", note="Urval: process Vård.")
    assert chart.title == "Höga risker, vård" and "Höga risker, vård" in printed(chart)
    assert chart.source.endswith("Urval: process Vård.") and chart.source in printed(chart)
    assert "Urval: process Vård." in chart.alt and "når riskgränsen 12" in chart.alt


def test_a_guessed_reading_is_said_in_the_source():
    """Numbers from a file whose columns are guessed are never shown unmarked."""
    risks = risks_of(3)
    for guessed in ([], [(BOARD, "2021-VB")], [("Kulturnämnden", PERIOD)]):
        risks.attrs["guessed"] = guessed
        assert "gissade" not in plot_risk_matrix(risks).source
    risks.attrs["guessed"] = [(BOARD, PERIOD)]
    assert plot_risk_matrix(risks).source.endswith(
        "Kolumnerna är delvis gissade och inte bekräftade."
    )


def test_boards_are_named_up_to_three_and_then_counted():
    """A source line names few boards and counts many."""
    risks = frame("risks", [{"board": f"Nämnd {n}", "period": PERIOD} for n in range(4)])
    assert plot_by_group(risks[:2]).source.startswith("Källa: Nämnd 0 och Nämnd 1, 2025-VB.")
    assert plot_by_group(risks).source.startswith("Källa: 4 nämnder, 2025-VB.")


def test_dollar_signs_are_printed_as_they_are():
    """No text of an export is taken for a formula."""
    risks = frame("risks", [{"process": "Inköp för $100 till $200"}])
    assert "Inköp för $100 till $200" in printed(plot_by_group(risks))


@pytest.mark.parametrize("name", ["risk_matrix", "risk_values", "change_bridge", "tertials"])
def test_two_charts_stand_in_an_ordinary_figure(cases, name):
    """In plt.subplots(1, 2), nothing is clipped or lies over anything, and both say their source."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(14, 7))
    charts = [PLOTS[name](cases["normal"][name], ax=ax) for ax in axes]
    assert [chart.ax for chart in charts] == list(axes) and charts[0].figure is figure
    boxes.cache_clear()
    placed, page = boxes(charts[0]), figure.bbox
    assert all(box.x0 >= page.x0 and box.x1 <= page.x1 for box in placed.values())
    assert all(box.y0 >= page.y0 and box.y1 <= page.y1 for box in placed.values())
    assert all(shared(a, b) <= 1.5 for a, b in itertools.combinations(placed.values(), 2))
    assert printed(charts[0]).count(charts[0].source) == 2
    plt.close(figure)


def test_risks_of_a_follow_up_are_not_counted_beside_the_register():
    """A board's follow-up repeats the register's risks; alone it has its risks shown."""
    register = [{**risk(n), "source_file": "register.txt"} for n in range(2)]
    follow_up = [{"board": BOARD, "period": PERIOD, "process": "Inköp", "source_file": "upp.txt"}]
    assert len(plot_by_group(frame("risks", register + follow_up)).data) == 2
    data = plot_by_group(frame("risks", follow_up)).data
    assert data.to_dict("records") == [{"group": "Inköp", "high": 0, "low": 0, "missing": 1}]


# The house's style and words for charts of one's own


def test_labels_gives_printed_headings_and_words_in_their_order():
    """seaborn draws categories in the order that readers know, under words, not codes."""
    risks = labels(risks_of(8)[["period", "decision", "risk_value"]])
    assert list(risks) == ["Period", "Hantering", "Riskvärde"]
    words = ["Till internkontrollplanen", "Endast riskanalysen", "Accepteras"]
    assert list(risks.Hantering.cat.categories) == words and risks.Hantering.cat.ordered
    changes = labels(changes_of(risks_of(9))[["change", "risk_value_after"]], "en")
    assert list(changes.Change.cat.categories) == ["Raised", "New", "Lowered", "Unchanged", "Gone"]
    with pytest.raises(ChoiceError, match="Välj ett av: sv, en"):
        labels(risks_of(1), "swedish")


def test_style_gives_seaborn_the_colours_and_letters_of_the_house():
    """A chart of one's own, in the house style, has its font, its first colour and outlined bars."""
    import matplotlib.pyplot as plt
    import seaborn as sns

    with plt.rc_context(style()):
        figure, ax = plt.subplots()
        sns.countplot(labels(risks_of(8)), y="Hantering", ax=ax)
    assert ax.get_ylabel() == "Hantering" and ax.yaxis.label.get_size() == 9
    red, green, blue, _ = ax.patches[0].get_facecolor()
    assert red > green > blue  # the house's brown, as seaborn softens it
    assert ax.patches[0].get_linewidth() > 0
    plt.close(figure)


# What is saved and shown


@every_chart
def test_same_input_gives_the_same_bytes(draw, cases, name, tmp_path):
    """Drawn and saved anew, every file is the same to the byte, named by what the chart shows."""
    first = draw(name, "three").save(tmp_path / "a")
    second = PLOTS[name](cases["three"][name]).save(tmp_path / "b")
    assert list(first) == ["png", "svg", "csv", "txt"]
    for ending, path in first.items():
        assert path.read_bytes() == second[ending].read_bytes()


def test_other_settings_of_matplotlib_do_not_change_a_chart(tmp_path):
    """The house style holds whatever theme a notebook has set, and saving changes nothing."""
    import matplotlib as mpl

    chart = plot_risk_values(risks_of(9))
    plain = chart.save(tmp_path, "a")["svg"].read_bytes()
    with mpl.rc_context({"font.family": "serif", "axes.grid": True, "figure.facecolor": "black"}):
        themed = plot_risk_values(risks_of(9)).save(tmp_path, "b")["svg"].read_bytes()
    chart._repr_html_()
    assert plain == themed == chart.save(tmp_path, "c")["svg"].read_bytes()


def test_png_has_200_dots_per_inch(draw, tmp_path):
    """Sixteen centimetres at 200 dots per inch, and so it says."""
    from PIL import Image

    with Image.open(draw("risk_matrix").save(tmp_path)["png"]) as picture:
        assert picture.filename.endswith("riskmatris.png")
        assert picture.width == int(16 / 2.54 * 200)
        assert picture.info["dpi"] == pytest.approx((200, 200), abs=0.1)


def test_svg_keeps_text_title_and_description(tmp_path):
    """A drawing's words can be read and searched, it says what it is, and any reader can read it."""
    from lxml import etree

    chart = plot_by_group(frame("risks", [{"process": "Inköp & avtal <nya>"}]))
    path = chart.save(tmp_path, "processer")["svg"]
    drawing = path.read_text("utf-8")
    escaped = chart.title.replace("& avtal <nya>", "&amp; avtal &lt;nya&gt;")
    assert "Inköp &amp; avtal &lt;nya&gt;</text>" in drawing
    assert f"<title>{escaped}</title>" in drawing
    assert re.search(r"<desc>Stapeldiagram .*&amp; avtal &lt;nya&gt;.*</desc>", drawing)
    assert '<svg role="img" xml:lang="sv"' in drawing
    assert etree.parse(path).getroot().tag.endswith("svg")


def test_csv_opens_in_a_swedish_excel(tmp_path):
    """BOM, semicolons, Swedish headings and words, decimal commas and no formulas."""
    chart = plot_risk_values(risks_alike(2).assign(decision="accept"))
    text = chart.save(tmp_path, "värden")["csv"].read_bytes().decode("utf-8")
    head = "Riskvärde;Till internkontrollplanen;Endast riskanalysen;Accepteras;Ej angivet"
    assert text.startswith(f"\ufeff{head}\n")
    data = pd.DataFrame({"group": ["=1+1", "Inköp"], "count": [0.5, 2]})
    path = type(chart)(chart.ax, "", "", data, "").save(tmp_path, "andelar")["csv"]
    assert path.read_text("utf-8-sig") == "Grupp;Antal\n'=1+1;0,5\nInköp;2,0\n"
    assert chart.save(tmp_path, "värden")["txt"].read_text("utf-8") == chart.alt + "\n"


def test_a_chart_shows_as_a_figure_with_alt_and_caption():
    """Alt text, title and source are text in the page, escaped, in the chart's language."""
    chart = plot_by_group(frame("risks", [{"process": 'Inköp "<b>&'}]), language="en")
    shown = chart._repr_html_()
    assert shown.startswith('<figure lang="en"')
    assert re.search(r'<img alt="Bar chart [^"<>]*&quot;&lt;b&gt;&amp;[^"<>]*"', shown)
    assert 'src="data:image/png;base64,' in shown
    caption = re.search("<figcaption>(.*)</figcaption>", shown)[1]
    assert "Inköp &quot;&lt;b&gt;&amp;" in caption and "Source: " in caption


def test_what_the_caption_says_is_not_in_the_picture_too(draw):
    """Shown in a page, the picture leaves title and source to the caption, and is as wide."""
    from io import BytesIO

    from PIL import Image

    chart = draw("risk_matrix")
    bare = Image.open(BytesIO(chart.picture()))
    width, height = chart.figure.get_size_inches() * 200
    assert bare.width == int(width)
    assert bare.height < height - 30
    edges = [bare.crop((x, 0, x + 1, bare.height)) for x in (0, bare.width - 1)]
    assert all(edge.getcolors() == [(bare.height, (255, 255, 255))] for edge in edges)


def test_a_changed_chart_is_drawn_anew():
    """What somebody changes in the axes after a chart was shown is in the next picture and file."""
    chart = plot_risk_matrix(risks_of(3))
    before = chart.picture()
    assert chart.picture() == before
    chart.ax.set_xlabel("Konsekvens för den enskilde")
    assert chart.picture() != before


def test_showing_a_chart_on_ones_own_axes_takes_the_figure_from_pyplot():
    """Shown once as the value of a cell, with the alt texts of all its charts."""
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    plot_risk_matrix(risks_of(3))
    assert plt.get_fignums() == before
    figure, axes = plt.subplots(1, 2)
    first = plot_risk_matrix(risks_of(3), ax=axes[0])
    second = plot_risk_values(risks_of(3), ax=axes[1])
    shown = second._repr_html_()
    assert not plt.fignum_exists(figure.number)
    assert first.alt in shown and second.alt in shown


def test_figures_are_freed():
    """A chart that nobody holds leaves no figure behind."""
    chart = plot_risk_matrix(risks_of(3))
    chart._repr_html_()
    figure = weakref.ref(chart.figure)
    del chart
    gc.collect()
    assert figure() is None


def test_what_reports_use_of_charts_imports_no_matplotlib():
    """The command and the tables of a report cost no time for charts that nobody draws."""
    code = "import sys, riskdata.charts.chart, riskdata.charts.style; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "matplotlib" not in found.stdout.split()


def test_a_comparison_and_a_history_of_guessed_readings_say_so_too():
    """What a table is made of follows it: the chart of two years says that one was guessed."""
    risks = pd.concat([risks_of(3), risks_of(3).assign(period="2024-VB")])
    risks.attrs["guessed"] = [(BOARD, "2024-VB")]
    assert "gissade" in plot_changes(compare(risks, "2024-VB", PERIOD)).source
    assert "gissade" in plot_values_by_year(history(risks)).source


def test_groups_that_the_export_does_not_print_are_not_drawn():
    """A follow-up without goals has no chart of goals with one bar of them all."""
    acts = frame("activities", [{"process": "Inköp"}] * 3).assign(verdict="unfinished")
    assert plot_unfinished_by_group(acts, "goal").title == "Inga åtgärder att visa per mål"
    risks = frame("risks", [{"process": "Inköp", "risk_value": 12}])
    assert plot_by_group(risks, "goal").title == "Inga risker att visa per mål"


@pytest.mark.parametrize(
    "name", ["risk_matrix", "risk_values", "decision_by_value", "risks_by_process"]
)
def test_boards_of_different_scales_are_not_drawn_as_one(manual, name):
    """Step 4 of 4 is not step 4 of 5: the chart says so and draws nothing; side by side still works."""
    own = '[board."Kulturnämnden".scales]\nlikelihood = [["a"], ["b"], ["c"], ["d"]]\n'
    (manual / "vocabulary.toml").write_text(own, "utf-8")
    risks = pd.concat([risks_of(9), risks_of(9).assign(board="Kulturnämnden", likelihood=4)])
    chart = PLOTS[name](risks)
    assert chart.title == "Nämndernas skalor eller riskgränser är olika" and chart.data.empty
    assert 125 <= len(chart.alt) <= 250 and "välj en nämnd i taget" in chart.alt
    assert len(plot_boards(risks).data) == 2
