"""Charts: measured in the renderer, read by their artists and texts."""

import gc
import itertools
import re
import subprocess
import sys
import weakref
from functools import cache

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.patches import Patch, Rectangle
from matplotlib.text import Text

from riskdata.charts import activities as activity_charts
from riskdata.charts import changes as year_charts
from riskdata.charts import risks as charts
from riskdata.charts.chart import ALT_LONGEST, ALT_SHORTEST, alt_text
from riskdata.charts.fitting import block_width, wrap
from riskdata.charts.style import FILLS, PAPER, TEXT, WIDTHS, contrast
from riskdata.errors import ChoiceError, VocabularyError
from riskdata.tables.schema import DECISIONS, STATUSES, frame
from riskdata.words.language import number, series, word, words

BOARD, PERIOD = "Socialnämnden", "2025-VB"
LONG_WORDS = [
    "Informationssäkerhetsklassning",
    "av",
    "handläggning,",
    "uppföljning",
    "och",
    "samverkan",
]
PLOTS = {
    "risk_matrix": charts.plot_risk_matrix,
    "risk_values": charts.plot_risk_values,
    "decision_by_value": charts.plot_decision_by_value,
    "by_process": charts.plot_by_group,
    "by_goal": lambda table, **how: charts.plot_by_group(table, "goal", **how),
    "changes": year_charts.plot_changes,
    "change_counts": year_charts.plot_change_counts,
    "values_side_by_side": year_charts.plot_values_side_by_side,
    "matrix_movement": year_charts.plot_matrix_movement,
    "decision_changes": year_charts.plot_decision_changes,
    "status_by_period": activity_charts.plot_status_by_period,
    "unfinished_by_process": activity_charts.plot_unfinished_by_group,
    "unfinished_by_goal": lambda table, **how: activity_charts.plot_unfinished_by_group(
        table, "goal", **how
    ),
    "persistence": activity_charts.plot_persistence,
}
RISK_PLOTS, CHANGE_PLOTS = list(PLOTS)[:5], list(PLOTS)[5:10]


def long_name(n: int) -> str:
    """Return a name of 90 characters that is not like the others."""
    words_of_name = itertools.islice(itertools.cycle(LONG_WORDS), n % 7, n % 7 + 12)
    return f"{n} {' '.join(words_of_name)}"[:89].strip() + "."


def risk(n: int, process: str, goal: str, period: str = PERIOD) -> dict:
    likelihood, consequence = n % 5 + 1, n // 2 % 5 + 1
    return {
        "risk_id": f"{period}-{n}", "board": BOARD, "period": period, "year": 2025,
        "goal_code": f"{n % 3}.1", "goal": goal, "process": process, "event": f"Händelse {n}",
        "likelihood": likelihood, "consequence": consequence,
        "risk_value": likelihood * consequence, "decision": [*DECISIONS, None][n % 4],
    }  # fmt: skip


def risks_normal() -> pd.DataFrame:
    return frame("risks", [risk(n, f"Process {n % 6}", f"Mål {n % 3}") for n in range(37)])


def risks_stress() -> pd.DataFrame:
    return frame("risks", [risk(n, long_name(n % 60), long_name(n % 60)) for n in range(240)])


def risks_alike(n: int) -> pd.DataFrame:
    one = {**risk(3, "Inköp", "Trygghet"), "likelihood": 3, "consequence": 4, "risk_value": 12}
    return frame("risks", [one] * n)


def changes_of(risks: pd.DataFrame, name=lambda n: f"Händelse {n}") -> pd.DataFrame:
    """Return risks compared with the same risks a year later: two of five changed."""
    kinds = ["unchanged", "raised", "lowered", "new", "gone"]
    rows = []
    for n, before in enumerate(risks.to_dict("records")):
        kind, after = kinds[n % 5], dict(before)
        after["likelihood"] += {"raised": 1, "lowered": -1}.get(kind, 0)
        after["likelihood"] = min(max(after["likelihood"], 1), 5)
        after["risk_value"] = after["likelihood"] * after["consequence"]
        after["decision"] = "control_plan" if kind == "raised" else after["decision"]
        sides = {
            "before": before if kind != "new" else {},
            "after": after if kind != "gone" else {},
        }
        fields = ("event", "process", "risk_value", "likelihood", "consequence", "decision")
        row = {f"{f}_{when}": side.get(f) for f in fields for when, side in sides.items()}
        event = {f"event_{when}": name(n) for when, side in sides.items() if side}
        rows.append({"board": BOARD, "change": kind, "period_before": "2024-VB",
                     "period_after": PERIOD, **row, **event})  # fmt: skip
    table = pd.DataFrame(rows)
    numbers = table.columns[table.columns.str.match("risk_value|likelihood|consequence")]
    return table.astype(dict.fromkeys(numbers, "Int64"))


def activities_of(n: int, process=lambda n: f"Process {n % 6}", period: str = PERIOD):
    rows = [
        {"board": BOARD, "period": period, "goal_code": f"{i % 4}.2", "process": process(i),
         "activity": f"Åtgärd {i}", "status": STATUSES[i % len(STATUSES)]}
        for i in range(n)
    ]  # fmt: skip
    verdicts = ["unfinished", "unknown", "finished"]
    return frame("activities", rows).assign(
        verdict=[verdicts[i % 3] for i in range(n)],
        periods_unfinished=[i // 3 % 4 + 1 if i % 3 == 0 else 0 for i in range(n)],
    )


def tables(risks: pd.DataFrame, changes: pd.DataFrame, activities: pd.DataFrame) -> dict:
    of = {**dict.fromkeys(RISK_PLOTS, risks), **dict.fromkeys(CHANGE_PLOTS, changes)}
    return {name: of.get(name, activities) for name in PLOTS}


@pytest.fixture(scope="session")
def cases() -> dict[str, dict[str, pd.DataFrame]]:
    """Return table by chart for each case: what is common, and what is worst."""
    normal, stress, alike = risks_normal(), risks_stress(), risks_alike(37)
    forty = changes_of(risks_normal().head(40), name=lambda n: long_name(n))
    return {
        "normal": tables(normal, changes_of(normal), activities_of(43)),
        "stress": tables(stress, forty, activities_of(180, lambda n: long_name(n % 60))),
        "one": tables(alike.head(1), changes_of(alike.head(1)), activities_of(1)),
        "one_cell": tables(alike, changes_of(alike), activities_of(9, lambda n: "Inköp")),
        "none": tables(normal[:0], changes_of(normal)[:0], activities_of(3)[:0]),
    }


@pytest.fixture(scope="session")
def draw(cases):
    """Return a function that draws a chart of a case; the same one is drawn once."""
    return cache(lambda name, case="normal", **how: PLOTS[name](cases[case][name], **how))


CASES = ("normal", "stress", "one", "one_cell", "none")
every_chart = pytest.mark.parametrize("name", PLOTS)
every_case = pytest.mark.parametrize("case", CASES)
every_width = pytest.mark.parametrize("width", WIDTHS)
every_language = pytest.mark.parametrize("language", ["sv", "en"])


def texts(chart) -> list[Text]:
    return [t for t in chart.figure.findobj(Text) if t.get_visible() and t.get_text().strip()]


def said(chart) -> list[str]:
    return [" ".join(text.get_text().split()) for text in texts(chart)]


def boxes(chart) -> dict[Text, object]:
    chart.figure.draw_without_rendering()
    return {text: text.get_window_extent() for text in texts(chart)}


def shared(first, second) -> float:
    """Return how far two boxes reach into each other, in pixels; below 0 where they do not."""
    across = min(first.x1, second.x1) - max(first.x0, second.x0)
    return min(across, min(first.y1, second.y1) - max(first.y0, second.y0))


def drawn(chart) -> list[Patch]:
    background = {chart.figure.patch, chart.ax.patch}
    return [p for p in chart.figure.findobj(Patch)
            if p not in background and p.get_visible() and type(p) is Rectangle
            and p.get_width() and p.get_height() and p.get_linewidth()]  # fmt: skip


def hexed(colour) -> str:
    from matplotlib.colors import to_hex

    return to_hex(colour)


# What a reader sees


@every_width
@every_case
@every_chart
def test_texts_neither_overlap_nor_leave_the_figure(draw, name, case, width):
    """No text lies on another or outside the picture, whatever the data."""
    chart = draw(name, case, width=width)
    placed = boxes(chart)
    page = chart.figure.bbox
    for text, box in placed.items():
        assert box.x0 >= page.x0 and box.x1 <= page.x1, text.get_text()
        assert box.y0 >= page.y0 and box.y1 <= page.y1, text.get_text()
    for (one, box), (other, near) in itertools.combinations(placed.items(), 2):
        assert shared(box, near) <= 0.5, (one.get_text(), other.get_text())


@every_width
@every_chart
def test_text_is_at_least_nine_points_at_the_width_of_the_page(draw, name, width):
    """A picture is as wide as the page's text, or half, and its text is read at that size."""
    chart = draw(name, width=width)
    assert chart.figure.get_figwidth() * 2.54 == pytest.approx({"full": 16, "half": 8}[width])
    assert min(text.get_size() for text in texts(chart)) >= TEXT == 9


@pytest.mark.parametrize("case", ["normal", "one_cell"])
@every_chart
def test_areas_and_texts_have_contrast(draw, name, case):
    """Outlines reach 3:1 against page and filling, or the filling does; texts 4.5:1."""
    chart = draw(name, case)
    areas = {area: area.get_window_extent() for area in drawn(chart)}
    for area in areas:
        face, edge = hexed(area.get_facecolor()), hexed(area.get_edgecolor())
        assert contrast(edge, PAPER) >= 3 and contrast(edge, face) >= 3
    for text, box in boxes(chart).items():
        middle = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
        under = [area for area, place in areas.items() if place.contains(*middle)]
        behind = hexed(under[-1].get_facecolor()) if under else PAPER
        assert contrast(hexed(text.get_color()), behind) >= 4.5, text.get_text()


@every_chart
def test_lines_that_carry_meaning_have_contrast(draw, name):
    """Limits, base lines and outlines of dots reach 3:1 on the page; only the grid is fainter."""
    chart = draw(name)
    for line in [
        *chart.ax.lines,
        *(chart.ax.get_legend().get_lines() if chart.ax.get_legend() else []),
    ]:
        assert contrast(hexed(line.get_color()), PAPER) >= 3
        assert contrast(hexed(line.get_markeredgecolor()), PAPER) >= 3


def test_fills_differ_without_colour():
    """Two fills of one chart differ by hatch or outline, not by colour alone."""
    for group in (DECISIONS + ("missing",), ("high", "low", "missing"), ("before", "after"),
                  ("unfinished", "unknown", "finished"), ("changed", "same")):  # fmt: skip
        marks = [(FILLS[code].hatch, FILLS[code].outline) for code in group]
        assert len(set(marks)) == len(group)


@every_chart
def test_hatches_are_drawn_in_the_legend_too(draw, name):
    """The legend shows each fill as the chart does."""
    chart = draw(name)
    legend = chart.ax.get_legend()
    keys = {p.get_hatch() for p in legend.get_patches()} if legend else set()
    used = {bar.get_hatch() for group in chart.ax.containers for bar in group}
    assert not keys or used <= keys


# What is said


@every_language
@every_case
@every_chart
def test_text_alternative_is_of_a_length_to_be_listened_to(draw, name, case, language):
    """An alt text has 125–250 characters in whole sentences, and says the title's finding."""
    chart = draw(name, case, language=language)
    assert ALT_SHORTEST <= len(chart.alt) <= ALT_LONGEST, (len(chart.alt), chart.alt)
    assert re.fullmatch(r"([A-ZÅÄÖ0-9].*?\.( |$))+", chart.alt)
    assert set(re.findall(r"\d+", chart.title)) <= set(re.findall(r"\d+", chart.alt))


@every_chart
def test_the_finding_has_numbers_and_the_source_is_drawn(draw, name):
    """A title is a finding in numbers; title and source stand in the picture."""
    chart = draw(name)
    assert re.search(r"\d", chart.title)
    assert {chart.title, chart.source} <= set(said(chart))
    assert chart.source.startswith("Källa: Socialnämnden, ")


@every_chart
def test_an_empty_table_gives_a_chart_that_says_so(draw, name):
    """Nothing to show is said in words, not by an error or an empty frame."""
    chart = draw(name, "none")
    assert chart.title.startswith("Inga ")
    assert chart.title in said(chart)
    assert chart.data.empty


def test_both_languages_have_the_same_words():
    """Every word that there is in Swedish there is in English, and the other way round."""
    swedish, english = (
        {
            key.removesuffix(".zero").removesuffix(".one").removesuffix(".other")
            for key in flat(table)
        }
        for table in (words("sv"), words("en"))
    )
    assert swedish == english


def patterns(language: str, other: str) -> list[re.Pattern]:
    """Return what only one language says, as patterns of whole texts."""
    own, others = (flat(words(name)) for name in (language, other))
    only = {text for text in own.values() if text not in others.values()}
    return [re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(text))) for text in only]


def flat(value: dict, path: str = "") -> dict[str, str]:
    parts = {f"{path}.{key}": part for key, part in value.items()}
    deeper = [flat(part, key) for key, part in parts.items() if isinstance(part, dict)]
    here = {key: part for key, part in parts.items() if isinstance(part, str)}
    return here | {key: text for inner in deeper for key, text in inner.items()}


@pytest.mark.parametrize(("language", "other"), [("sv", "en"), ("en", "sv")])
@every_chart
def test_a_chart_never_mixes_languages(draw, name, language, other):
    """No text of a chart is one that only the other language has."""
    chart = draw(name, language=language)
    foreign = patterns(other, language)
    for text in [*said(chart), chart.title, chart.source]:
        assert not [p for p in foreign if p.fullmatch(text)], text


def test_english_axes_have_english_words():
    """The words of the scale are translated on the axes of an English chart."""
    found = said(charts.plot_risk_matrix(risks_normal(), language="en"))
    assert {"5 Very likely", "1 Negligible", "Likelihood", "Consequence"} <= set(found)


def test_numbers_are_written_as_the_language_does():
    """Swedish has a decimal comma and a space between thousands, English point and comma."""
    assert number(1234.5) == "1\xa0234,5"
    assert number(1234.5, "en") == "1,234.5"


def test_series_of_one_has_no_and():
    """A list of one is that one."""
    assert series(["12"]) == "12"


def test_word_without_a_form_for_zero_takes_the_many():
    """Zero is said like many unless it has a form of its own."""
    assert word("changed.raised", n=0) == "0 höjda"


def test_alt_takes_the_longest_way_that_fits():
    """Of several ways to say a thing, the longest that leaves the alt text within its limit."""
    assert alt_text(["A" * 200 + ".", ["Kort.", "B" * 60 + "."]]) == "A" * 200 + ". Kort."


# The charts one by one


def test_matrix_counts_each_cell_and_names_its_value():
    """A cell has its count in the middle and its risk value in the corner."""
    chart = charts.plot_risk_matrix(risks_alike(18))
    assert chart.title == "18 av 18 risker når riskgränsen 12"
    assert chart.data.to_dict("records") == [{"likelihood": 3, "consequence": 4, "count": 18}]
    count = next(text for text in texts(chart) if text.get_text() == "18")
    assert tuple(count.xy) == (3.5, 2.5)
    corners = [int(t) for t in said(chart) if t.isdigit() and t != "18"]
    assert sorted(corners) == sorted(r * c for r in range(1, 6) for c in range(1, 6))


def test_matrix_prints_bands_with_their_limits():
    """The legend says each band's values and the limit, which is also a line."""
    chart = charts.plot_risk_matrix(risks_normal())
    named = [text.get_text() for text in chart.ax.get_legend().get_texts()]
    assert named == ["Låg 1–4", "Medel 5–11", "Hög 12–19", "Mycket hög 20–25", "Riskgräns 12"]
    (line,) = chart.ax.collections
    sides = {tuple(map(tuple, segment)) for segment in line.get_segments()}
    assert ((3, 2), (4, 2)) in sides  # under 3 × 4 = 12
    assert ((2, 2), (3, 2)) not in sides  # 3 × 3 = 9 is below


def test_matrix_colours_cells_by_band():
    """Each cell has the colour of the band of its risk value."""
    chart = charts.plot_risk_matrix(risks_normal())
    cells = {cell.get_xy(): hexed(cell.get_facecolor()) for cell in chart.ax.patches}
    assert cells[0, 0] == "#f7f7f7" and cells[4, 4] == "#b35806"
    assert cells[2, 2] == "#fee0b6" and cells[3, 2] == "#f1a340"


@pytest.fixture
def own_scale(tmp_path, monkeypatch):
    """A project whose scale has six likelihoods and three consequences."""
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "manual").mkdir()
    steps = [[f"Ungefär en gång på {n} år eller mer"] for n in range(6, 0, -1)]
    others = [["Liten"], ["Stor"], ["Enorm"]]
    scale = f"limit = 10\n[scales]\nlikelihood = {steps}\nconsequence = {others}"
    (tmp_path / "data" / "manual" / "vocabulary.toml").write_text(scale, "utf-8")
    monkeypatch.chdir(tmp_path)


@every_width
def test_matrix_takes_other_scales(own_scale, width):
    """The axes have as many steps as the vocabulary says, each its own number."""
    chart = charts.plot_risk_matrix(frame("risks", [risk(2, "A", "B")]), width=width)
    assert len(chart.ax.patches) == 18
    assert "6 Ungefär en gång på 1 år eller mer" in said(chart)
    placed = boxes(chart).values()
    assert all(shared(a, b) <= 0.5 for a, b in itertools.combinations(placed, 2))


def test_matrix_stops_at_a_step_outside_the_scale(own_scale):
    """A step that the scale lacks is an error that names the file to mend."""
    with pytest.raises(VocabularyError, match=r"\[scales\] consequence i data/manual/vocabulary"):
        charts.plot_risk_matrix(frame("risks", [{"likelihood": 1, "consequence": 4}]))


def test_english_has_the_digit_alone_for_a_scale_of_ones_own(own_scale):
    """A step without a translation is its digit, never a Swedish word in an English chart."""
    found = said(charts.plot_risk_matrix(frame("risks", [risk(2, "A", "B")]), language="en"))
    assert not [text for text in found if "Liten" in text]


@pytest.mark.parametrize(
    ("plot", "column", "note"),
    [
        (charts.plot_risk_matrix, "likelihood", "2 risker saknar sannolikhet eller konsekvens"),
        (charts.plot_risk_values, "risk_value", "2 risker saknar riskvärde"),
        (charts.plot_decision_by_value, "risk_value", "2 risker saknar riskvärde"),
    ],
)
def test_what_cannot_be_placed_is_counted_in_a_note(plot, column, note):
    """A risk without a value is never left out in silence."""
    risks = risks_normal()
    risks.loc[:1, column] = pd.NA
    assert f"{note} och visas inte." in said(plot(risks))


def test_values_have_a_bar_for_each_possible_value():
    """The rows are the 14 products of the scale, highest first, also those that no risk has."""
    chart = charts.plot_risk_values(risks_alike(3))
    rows = [label.get_text() for label in chart.ax.get_yticklabels()]
    assert rows == [str(n) for n in (25, 20, 16, 15, 12, 10, 9, 8, 6, 5, 4, 3, 2, 1)]
    assert [bar.get_width() for group in chart.ax.containers for bar in group] == [3]


def test_values_stack_decisions():
    """A value's bar has a piece for each decision; what is not stated is a piece of its own."""
    decisions = ["control_plan"] * 8 + ["risk_analysis"] * 9 + [None]
    risks = risks_alike(18).assign(decision=decisions)
    chart = charts.plot_risk_values(risks)
    assert chart.title == "18 av 18 risker har riskvärde 12"
    row = chart.data.set_index("risk_value").loc[12].to_dict()
    assert row == {"control_plan": 8, "risk_analysis": 9, "accept": 0, "missing": 1}
    named = [text.get_text() for text in chart.ax.get_legend().get_texts()]
    assert named[:3] == ["Till internkontrollplanen", "Endast riskanalysen", "Ej angivet"]


def test_a_value_that_the_scale_cannot_give_is_shown_and_noted():
    """An impossible value keeps its bar and is pointed out."""
    chart = charts.plot_risk_values(frame("risks", [{"risk_value": 7}]))
    assert "Riskvärde 7 kan inte bildas av skalans steg." in said(chart)
    assert 7 in chart.data.risk_value.tolist()


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ([12, 12, 9], "2 av 3 risker har riskvärde 12"),
        ([12, 9], "Riskvärde 9 och 12 är vanligast, med 1 risk var av 2 risker"),
        ([1, 2, 3, 4], "4 risker fördelar sig på 4 riskvärden, med högst 1 risk på varje"),
    ],
)
def test_commonest_value_is_said_with_its_equals(values, title):
    """A tie is said as a tie."""
    chart = charts.plot_risk_values(frame("risks", [{"risk_value": v} for v in values]))
    assert chart.title == title


def test_decision_by_value_names_the_value_that_is_handled_most_differently():
    """At 12, 8 of 18 go to the control plan: that is the finding."""
    twelve = risks_alike(18).assign(decision=["control_plan"] * 8 + ["risk_analysis"] * 10)
    nine = risks_alike(2).assign(risk_value=9, decision="control_plan")
    chart = charts.plot_decision_by_value(pd.concat([twelve, nine]))
    assert chart.title == "Vid riskvärde 12 går 8 av 18 risker till internkontrollplanen"
    assert "8 av 18" in said(chart)


def test_decision_by_value_draws_shares():
    """Bars are equally long: shares of the risks with one value."""
    chart = charts.plot_decision_by_value(risks_normal())
    ends = {}
    for bar in (bar for group in chart.ax.containers for bar in group):
        ends[bar.get_y()] = max(ends.get(bar.get_y(), 0), bar.get_x() + bar.get_width())
    assert len({round(end, 6) for end in ends.values()}) == 1


def test_groups_are_sorted_by_count_with_the_unnamed_last():
    """Most risks first; risks without a process are a group of their own, last."""
    processes = ["Inköp"] + ["Brandskydd"] * 2 + [None] * 3
    chart = charts.plot_by_group(frame("risks", [{"process": p} for p in processes]))
    rows = [label.get_text() for label in chart.ax.get_yticklabels()]
    assert rows == ["Brandskydd", "Inköp", "Process ej angiven"]
    assert chart.title == "3 av 6 risker saknar process"


def test_groups_are_split_at_the_limit():
    """A risk at the limit counts as high, one below as low, one without a value as neither."""
    risks = frame("risks", [{"process": "Inköp", "risk_value": v} for v in (12, 11, None)])
    row = charts.plot_by_group(risks).data.iloc[0].to_dict()
    assert row == {"group": "Inköp", "high": 1, "low": 1, "missing": 1}


def test_goals_are_named_with_their_numbers():
    """A goal is known by number and text."""
    risks = frame("risks", [{"goal_code": "1.3", "goal": "Ett tryggt Ekvalla"}])
    assert charts.plot_by_group(risks, "goal").data.group.tolist() == ["1.3 Ett tryggt Ekvalla"]


def test_an_unknown_grouping_names_the_known():
    """Grouping by something else is an error that says by what one can."""
    with pytest.raises(ChoiceError, match="Välj process eller goal"):
        charts.plot_by_group(risks_normal(), "board")


def test_changes_have_a_row_each_under_their_kind():
    """Every risk is a row, its values printed, under a heading with the number of its kind."""
    table = changes_of(risks_normal())
    chart = year_charts.plot_changes(table)
    assert len(chart.ax.get_yticklabels()) == len(table) == len(chart.data)
    headings = {
        f"Höjda: {(table.change == 'raised').sum()}",
        f"Nya: {(table.change == 'new').sum()}",
    }
    assert headings <= set(said(chart))
    row = chart.data[chart.data.change == "raised"].iloc[0]
    assert f"{row.risk_value_before} → {row.risk_value_after}" in said(chart)


def test_changes_name_the_process_of_twin_events():
    """The same words under two processes are told apart."""
    table = changes_of(risks_normal().head(2), name=lambda n: "Krisplanen är okänd")
    names = year_charts.plot_changes(table).data.risk.tolist()
    assert sorted(names) == [f"Krisplanen är okänd (Process {n})" for n in range(2)]


def test_changes_without_a_value_say_that_it_is_missing():
    """A risk with no value on one side has one dot, and words in place of the number."""
    table = changes_of(risks_alike(1))
    table["risk_value_before"] = pd.array([pd.NA], dtype="Int64")
    assert "saknas → 12" in said(year_charts.plot_changes(table))


def test_change_counts_show_kinds_that_did_not_happen():
    """Nobody lowered is a row with 0."""
    chart = year_charts.plot_change_counts(pd.DataFrame({"board": [BOARD], "change": ["new"]}))
    counts = chart.data.set_index("change")["count"].to_dict()
    assert counts == {"raised": 0, "new": 1, "lowered": 0, "gone": 0, "unchanged": 0}


def test_side_by_side_counts_before_and_after():
    """New risks count after only, gone ones before only."""
    table = changes_of(risks_normal())
    data = year_charts.plot_values_side_by_side(table).data
    assert data.before.sum() == table.risk_value_before.notna().sum()
    assert data.after.sum() == table.risk_value_after.notna().sum()


def test_movement_reconciles():
    """In every cell, before less those that left is after less those that came."""
    data = year_charts.plot_matrix_movement(changes_of(risks_normal())).data
    assert (data.before - data.left == data.after - data.came).all()


def test_movement_is_two_matrices_in_one_axes():
    """Both periods' matrices have all cells, each with its period over it."""
    chart = year_charts.plot_matrix_movement(changes_of(risks_normal()))
    assert len(chart.ax.patches) == 50
    assert {"2024-VB", "2025-VB"} <= set(said(chart))


def test_decision_changes_leave_out_new_and_gone():
    """Only risks of both periods can have changed their handling."""
    table = changes_of(risks_normal())
    data = year_charts.plot_decision_changes(table).data
    assert data["count"].sum() == (~table.change.isin(["new", "gone"])).sum()


def test_status_shows_known_unknown_and_total():
    """Every period says its total and how many marks are known and unknown."""
    both = pd.concat([activities_of(10, period="2025-T1"), activities_of(43)])
    chart = activity_charts.plot_status_by_period(both)
    assert "2025-T1: 10 aktiviteter, 9 med känd och 1 med okänd status" in said(chart)
    assert chart.title == "37 av 43 aktiviteter har känd status 2025-VB och 6 okänd"
    assert (chart.data.known + chart.data.unknown == chart.data.total).all()


def test_status_that_is_missing_is_unknown():
    """An activity without a status is never counted as known."""
    data = activity_charts.plot_status_by_period(frame("activities", [{"period": PERIOD}])).data
    assert (data.known[0], data.unknown[0], data.total[0]) == (0, 1, 1)


def test_unfinished_are_counted_by_group():
    """Each group says how many of its activities are not finished; the unknown are apart."""
    chart = activity_charts.plot_unfinished_by_group(activities_of(9, lambda n: "Inköp"))
    assert chart.title == "3 av 9 aktiviteter är inte avslutade; för 3 är det okänt"
    assert "3 av 9" in said(chart)


@pytest.mark.parametrize(("processes", "said"), [("AAB", True), ("AB", False), ("AA--- ", False)])
def test_alt_names_the_group_with_most_unfinished_only_if_there_is_one(processes, said):
    """Equals are not called the most, and neither is a named group where the unnamed has more."""
    rows = [{"process": None if p in "- " else p} for p in processes]
    table = frame("activities", rows).assign(verdict="unfinished")
    chart = activity_charts.plot_unfinished_by_group(table)
    assert ("Flest finns i processen A: 2 av 2." in chart.alt) is said
    assert ("Flest" in chart.alt) is said


def test_persistence_leaves_out_what_is_finished():
    """Only activities that are unfinished have a number of periods."""
    chart = activity_charts.plot_persistence(activities_of(12))
    assert chart.data.to_dict("list") == {"periods": [4, 3, 2, 1], "count": [1, 1, 1, 1]}


# What is asked for


@pytest.mark.parametrize("name", RISK_PLOTS)
def test_several_periods_in_one_table_stop_the_chart(name):
    """The same risk of two years would be counted twice: an error says how to choose one."""
    both = frame("risks", [risk(1, "A", "B"), risk(1, "A", "B", "2024-VB")])
    with pytest.raises(ChoiceError, match=r"Välj en, till exempel tabell\[tabell.period == "):
        PLOTS[name](both)


@every_chart
def test_an_unknown_language_or_width_names_the_known(cases, name):
    """A wrong choice is an error that lists the right ones."""
    with pytest.raises(ChoiceError, match="Välj ett av: sv, en"):
        PLOTS[name](cases["normal"][name], language="de")
    with pytest.raises(ChoiceError, match="Välj en av: full, half"):
        PLOTS[name](cases["normal"][name], width="16 cm")


@every_chart
def test_a_table_of_another_kind_says_which_columns_are_missing(name):
    """A table without the columns is an error that names them."""
    with pytest.raises(ChoiceError, match="Tabellen saknar .*; den har text"):
        PLOTS[name](pd.DataFrame({"text": ["x"]}))


@every_chart
def test_the_table_is_not_changed(cases, name):
    """A chart leaves its table as it was."""
    table = cases["normal"][name].copy()
    PLOTS[name](table)
    pd.testing.assert_frame_equal(table, cases["normal"][name])


def test_boards_are_named_up_to_three_and_then_counted():
    """A source line names few boards and counts many."""
    risks = frame("risks", [{"board": f"Nämnd {n}", "period": PERIOD} for n in range(4)])
    assert charts.plot_by_group(risks[:2]).source.startswith("Källa: Nämnd 0 och Nämnd 1, 2025-VB.")
    assert charts.plot_by_group(risks).source.startswith("Källa: 4 nämnder, 2025-VB.")


def test_dollar_signs_are_printed_as_they_are():
    """No text of an export is taken for a formula."""
    risks = frame("risks", [{"process": "Inköp för $100 till $200"}])
    assert "Inköp för $100 till $200" in said(charts.plot_by_group(risks))


@every_chart
def test_charts_can_be_drawn_on_ones_own_axes(cases, name):
    """With ax the chart is drawn there, its neighbours untouched, nothing lying over anything."""
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(18, 24), layout="constrained")
    chart = PLOTS[name](cases["normal"][name], ax=left)
    assert chart.ax is left and chart.figure is figure
    assert not right.texts
    placed = boxes(chart).values()
    assert all(shared(a, b) <= 0.5 for a, b in itertools.combinations(placed, 2))
    plt.close(figure)


def test_risks_of_a_follow_up_are_not_counted_beside_the_register():
    """A board's follow-up repeats the register's risks: each is counted once."""
    register = [{**risk(n, "Inköp", "A"), "source_file": "register.txt"} for n in range(2)]
    follow_up = [{"board": BOARD, "period": PERIOD, "process": "Inköp", "source_file": "upp.txt"}]
    assert charts.plot_by_group(frame("risks", register + follow_up)).title.startswith("2 av 2 ")


def test_risks_of_a_follow_up_alone_are_shown():
    """A board without a register has the risks of its follow-up, without values."""
    follow_up = [{"board": BOARD, "period": PERIOD, "process": "Inköp", "source_file": "upp.txt"}]
    data = charts.plot_by_group(frame("risks", follow_up)).data
    assert data.to_dict("records") == [{"group": "Inköp", "high": 0, "low": 0, "missing": 1}]


def test_what_cannot_be_compared_is_a_kind_of_its_own():
    """A risk that lacks its value on one side is neither raised nor unchanged."""
    table = changes_of(risks_normal()).assign(change="unknown")
    assert "37 utan riskvärde att jämföra" in year_charts.plot_change_counts(table).title
    assert "Kan inte jämföras, riskvärde saknas: 37" in said(year_charts.plot_changes(table))


def test_converted_steps_are_noted():
    """Values that are not as printed are said to be so."""
    chart = year_charts.plot_changes(changes_of(risks_normal()).assign(converted=True))
    assert "37 risker är omräknade till den gemensamma skalan." in said(chart)


def test_importing_the_charts_imports_no_matplotlib():
    """Charts that nobody draws cost no time."""
    code = "import sys, riskdata.charts.activities, riskdata.charts.changes; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "riskdata.charts.sheet" in found.stdout.split()
    assert "matplotlib" not in found.stdout.split()


# What is left


@every_chart
def test_same_input_gives_the_same_bytes(cases, name, tmp_path):
    """Drawn and saved anew, every file is the same to the byte."""
    files = [PLOTS[name](cases["normal"][name]).save(tmp_path / str(n), name) for n in range(2)]
    assert list(files[0]) == ["png", "svg", "csv", "txt"]
    for ending, path in files[0].items():
        assert path.read_bytes() == files[1][ending].read_bytes()


def test_saved_twice_a_chart_has_the_same_bytes(tmp_path):
    """Saving does not change the chart, nor does showing it."""
    chart = charts.plot_risk_matrix(risks_normal())
    first = {e: p.read_bytes() for e, p in chart.save(tmp_path, "matris").items()}
    chart._repr_html_()
    assert first == {e: p.read_bytes() for e, p in chart.save(tmp_path, "matris").items()}


def test_other_settings_of_matplotlib_do_not_change_a_chart(tmp_path):
    """The house style holds whatever theme a notebook has set."""
    import matplotlib as mpl

    plain = charts.plot_risk_values(risks_normal()).save(tmp_path, "a")["svg"].read_bytes()
    with mpl.rc_context({"font.family": "serif", "axes.grid": True, "figure.facecolor": "black"}):
        themed = charts.plot_risk_values(risks_normal()).save(tmp_path, "b")["svg"].read_bytes()
    assert plain == themed


def test_png_has_200_dots_per_inch(tmp_path):
    """Sixteen centimetres at 200 dots per inch, and so it says."""
    from PIL import Image

    path = charts.plot_risk_matrix(risks_normal()).save(tmp_path, "matris")["png"]
    with Image.open(path) as picture:
        assert picture.width == int(16 / 2.54 * 200)
        assert picture.info["dpi"] == pytest.approx((200, 200), abs=0.1)


def test_svg_keeps_text_title_and_description(tmp_path):
    """A drawing's words can be read and searched, and it says what it is."""
    chart = charts.plot_by_group(frame("risks", [{"process": "Inköp & avtal <nya>"}]))
    drawing = chart.save(tmp_path, "processer")["svg"].read_text("utf-8")
    assert "Inköp &amp; avtal &lt;nya&gt;</text>" in drawing
    assert (
        f"<title>{chart.title}</title>".replace("& avtal <nya>", "&amp; avtal &lt;nya&gt;")
        in drawing
    )
    assert re.search(r"<desc>Stapeldiagram .*&amp; avtal &lt;nya&gt;.*</desc>", drawing)
    assert '<svg role="img" xml:lang="sv"' in drawing


def test_svg_is_well_formed(tmp_path):
    """A drawing can be read by any reader of XML."""
    from lxml import etree

    path = charts.plot_risk_matrix(risks_normal()).save(tmp_path, "matris")["svg"]
    assert etree.parse(path).getroot().tag.endswith("svg")


def test_csv_opens_in_a_swedish_excel(tmp_path):
    """BOM, semicolons, Swedish headings and words."""
    path = charts.plot_risk_values(risks_alike(2)).save(tmp_path, "värden")["csv"]
    text = path.read_bytes().decode("utf-8")
    head = "Riskvärde;Till internkontrollplanen;Endast riskanalysen;Accepteras;Ej angivet"
    assert text.startswith(f"\ufeff{head}\n")


def test_csv_writes_decimal_commas_and_no_formulas(tmp_path):
    """A share is written with a comma, and a text that looks like a formula stays a text."""
    chart = charts.plot_risk_values(risks_alike(2))
    data = pd.DataFrame({"group": ["=1+1", "Inköp"], "count": [0.5, 2]})
    path = type(chart)(chart.ax, "", "", data, "").save(tmp_path, "andelar")["csv"]
    assert path.read_text("utf-8-sig") == "Grupp;Antal\n'=1+1;0,5\nInköp;2,0\n"


@every_language
@every_chart
def test_every_column_of_the_numbers_has_a_heading(draw, name, language):
    """No saved table has a heading in code."""
    heads = draw(name, language=language)._printed_data().columns
    assert [head for head in heads if "_" in head or head == head.lower()] == []


def test_text_alternative_is_saved(tmp_path):
    """The alt text lies beside the picture, to be pasted with it."""
    chart = charts.plot_risk_matrix(risks_normal())
    assert chart.save(tmp_path, "matris")["txt"].read_text("utf-8") == chart.alt + "\n"


# In a notebook


def test_a_chart_shows_as_a_figure_with_alt_and_caption():
    """Alt text, title and source are text in the page, escaped, in the chart's language."""
    chart = charts.plot_by_group(frame("risks", [{"process": 'Inköp "<b>&'}]), language="en")
    shown = chart._repr_html_()
    assert shown.startswith('<figure lang="en"')
    assert re.search(r'<img alt="Bar chart [^"<>]*&quot;&lt;b&gt;&amp;[^"<>]*"', shown)
    assert 'src="data:image/png;base64,' in shown
    caption = re.search("<figcaption>(.*)</figcaption>", shown)[1]
    assert "Inköp &quot;&lt;b&gt;&amp;" in caption and "Source: " in caption


def test_what_the_caption_says_is_not_in_the_picture_too():
    """Shown in a page, the picture leaves title and source to the caption, and is as wide."""
    from io import BytesIO

    from PIL import Image

    chart = charts.plot_risk_matrix(risks_normal())
    bare = Image.open(BytesIO(chart.picture()))
    width, height = chart.figure.get_size_inches() * 200
    assert bare.width == pytest.approx(width, abs=2)
    assert bare.height < height - 30


def test_charts_are_unknown_to_pyplot():
    """A chart of its own is not shown a second time at the end of a cell."""
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    charts.plot_risk_matrix(risks_normal())
    assert plt.get_fignums() == before


def test_showing_a_chart_on_ones_own_axes_takes_the_figure_from_pyplot():
    """Shown once as the value of a cell, with the alt texts of all its charts."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2)
    first = charts.plot_risk_matrix(risks_normal(), ax=axes[0])
    second = charts.plot_risk_values(risks_normal(), ax=axes[1])
    shown = second._repr_html_()
    assert not plt.fignum_exists(figure.number)
    assert first.alt in shown and second.alt in shown


def test_figures_are_freed():
    """A chart that nobody holds leaves no figure behind."""
    chart = charts.plot_risk_matrix(risks_normal())
    chart._repr_html_()
    figure = weakref.ref(chart.figure)
    del chart
    gc.collect()
    assert figure() is None


# Text that fits


names = st.text("abcdefghijklmnopqrstuvwxyzåäö ÅÄÖ0123456789", min_size=1, max_size=120)


@given(names, st.floats(30, 300))
def test_wrapping_loses_no_letter_and_keeps_to_the_width(text, width):
    """Wrapped text has all its letters, in lines no wider than asked."""
    wrapped = wrap(text, width)
    assert re.sub(r"-\n|\s", "", wrapped) == re.sub(r"\s", "", text)
    assert not wrapped or block_width(wrapped) <= width


def test_long_words_are_divided_as_swedish_divides_them():
    """A long word is divided at the joint of a compound, else before a consonant and its vowel."""
    assert wrap("Informationssäkerhet", 80).split("\n") == ["Informations-", "säkerhet"]
    assert wrap("Upphandlingar", 60).split("\n") == ["Upphandlin-", "gar"]


def test_numbers_stay_with_what_they_count():
    """A line is not broken between a number and its word, nor inside a period's name."""
    assert wrap("År 2025-VB har 4 risker", 50).split("\n") == ["År", "2025-VB", "har", "4 risker"]
