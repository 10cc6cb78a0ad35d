"""Every chart as a reader sees it: measured in the renderer."""

import itertools
import re
from functools import cache

import matplotlib as mpl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.patches import Rectangle
from seaborn.utils import relative_luminance

from riskdata.charts.chart import ALT_LONGEST, ALT_SHORTEST, alt_text
from riskdata.charts.style import FILLS, PAPER, TEXT, fills, text_width, wrap
from riskdata.words.language import words
from tests.charts.conftest import CASES, GRIDS, PLOTS, boxes, cells, hexed, printed, shared, texts

every_chart = pytest.mark.parametrize("name", PLOTS)
every_case = pytest.mark.parametrize("case", CASES)


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours as WCAG 2.1 counts it, 1 to 21."""
    light, dark = sorted(map(relative_luminance, (first, second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@every_case
@every_chart
def test_texts_neither_overlap_nor_leave_the_figure(draw, name, case):
    """No text lies on another or outside the picture, whatever the data."""
    chart = draw(name, case)
    placed, page = boxes(chart), chart.figure.bbox
    for text, box in placed.items():
        assert box.x0 >= page.x0 and box.x1 <= page.x1, text.get_text()
        assert box.y0 >= page.y0 and box.y1 <= page.y1, text.get_text()
    for (one, box), (other, near) in itertools.combinations(placed.items(), 2):
        assert shared(box, near) <= 1.5, (one.get_text(), other.get_text())


@every_chart
def test_text_is_at_least_nine_points_at_the_width_of_the_page(draw, name):
    """A picture is as wide as the page's text, and its text is read at that size."""
    for case in ("normal", "long"):
        chart = draw(name, case)
        assert chart.figure.get_figwidth() * 2.54 == pytest.approx(16)
        assert min(text.get_size() for text in texts(chart)) >= TEXT == 9


@every_chart
def test_areas_lines_and_texts_have_contrast(draw, name):
    """Outlines and lines reach 3:1 against page and filling; texts 4.5:1."""
    chart = draw(name)
    areas = {area: area.get_window_extent() for area in chart.ax.patches
             if type(area) is Rectangle and area.get_width() and area.get_linewidth()}  # fmt: skip
    for area in areas:
        face, edge = hexed(area.get_facecolor()), hexed(area.get_edgecolor())
        assert contrast(edge, PAPER) >= 3 and contrast(edge, face) >= 3
    for line in chart.ax.lines:
        assert contrast(hexed(line.get_color()), PAPER) >= 3
    on_cells = {text for *_, on in cells(chart) for text in on}
    for text, box in boxes(chart).items():
        if text in on_cells:
            continue  # tried for itself
        middle = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
        under = [area for area, place in areas.items() if place.contains(*middle)]
        behind = hexed(under[-1].get_facecolor()) if under else PAPER
        assert contrast(hexed(text.get_color()), behind) >= 4.5, text.get_text()


@pytest.mark.parametrize("name", GRIDS)
def test_texts_and_outlines_of_cells_have_contrast(draw, name):
    """What stands on a cell, number, dash or corner, is read on its colour; a cell is seen on the page."""
    texts = 0
    for _, _, colour, outline, on in cells(draw(name)):
        assert name == "values_by_year" or contrast(outline, colour) >= 3
        assert all(contrast(hexed(text.get_color()), colour) >= 4.5 for text in on)
        texts += len(on)
    assert texts > 15


def test_fills_differ_without_colour():
    """Two fills of one chart differ by hatch or outline, not by colour alone."""
    for group in (("control_plan", "risk_analysis", "accept", "missing"), ("high", "low", "missing"),
                  ("reaching", "under", "missing"), 
                  ("raised", "lowered", "unchanged", "unknown", "new", "gone"),
                  ("finished", "unfinished", "overdue", "cancelled", "unknown")):  # fmt: skip
        marks = [(FILLS[code]["hatch"], FILLS[code]["linestyle"]) for code in group]
        assert len(set(marks)) == len(group), group


def test_codes_of_ones_own_have_fills_that_differ():
    """A municipality's own decisions are told from each other and from the project's."""
    codes = ("control_plan", "risk_analysis", "accept", "transfer", "watch", "share")
    assert len({(fill["hatch"], fill["facecolor"]) for fill in fills(codes).values()}) == len(codes)


@every_chart
def test_hatches_of_the_legend_are_those_of_the_bars(draw, name):
    """The legend shows each fill as the chart does."""
    chart = draw(name)
    legend = chart.ax.get_legend()
    keys = (
        {(p.get_hatch(), hexed(p.get_facecolor())) for p in legend.get_patches()}
        if legend
        else set()
    )
    used = {(p.get_hatch(), hexed(p.get_facecolor())) for p in chart.ax.patches if p.get_hatch()}
    assert not keys or used <= keys


@pytest.mark.parametrize("name", ["risk_matrix", "changes", "tertials", "largest_risks"])
def test_saved_by_ones_own_call_a_figure_clips_nothing(draw, name, tmp_path):
    """savefig at another resolution, with other settings, keeps all texts within the figure."""
    chart = draw(name, "long")
    with mpl.rc_context({"font.family": "serif", "text.hinting": "default"}):
        chart.figure.savefig(tmp_path / "egen.png", dpi=72)
    from PIL import Image, ImageChops

    picture = Image.open(tmp_path / "egen.png").convert("RGB")
    edges = ImageChops.difference(picture, Image.new("RGB", picture.size, "white")).getbbox()
    assert edges[0] > 0 and edges[1] > 0
    assert edges[2] < picture.width and edges[3] < picture.height


@every_case
@every_chart
def test_text_alternative_is_of_a_length_to_be_listened_to(draw, name, case):
    """An alt text has 125–250 characters in whole sentences, and says the title's finding."""
    chart = draw(name, case)
    assert ALT_SHORTEST <= len(chart.alt) <= ALT_LONGEST, (len(chart.alt), chart.alt)
    assert re.fullmatch(r"([A-ZÅÄÖ0-9].*?\.( |$))+", chart.alt)
    assert set(re.findall(r"\d+", chart.title)) <= set(re.findall(r"\d+", chart.alt))


@every_chart
def test_the_finding_has_numbers_and_the_source_is_drawn(draw, name):
    """A title is a finding in numbers; title and source stand in the picture."""
    chart = draw(name)
    assert re.search(r"\d", chart.title)
    assert {chart.title, chart.source} <= set(printed(chart))
    assert chart.source.startswith("Källa: ")


@every_chart
def test_an_empty_table_gives_a_chart_that_says_so(draw, name):
    """Nothing to show is said in words, not by an error or an empty frame."""
    chart = draw(name, "none")
    assert chart.title.startswith("Inga ")
    assert chart.title in printed(chart)
    assert chart.data.empty


def flat(value: dict, path: str = "") -> dict[str, str]:
    parts = {f"{path}.{key}": part for key, part in value.items()}
    deeper = [flat(part, key) for key, part in parts.items() if isinstance(part, dict)]
    here = {key: part for key, part in parts.items() if isinstance(part, str)}
    return here | {key: text for inner in deeper for key, text in inner.items()}


@cache
def foreign_words() -> list[re.Pattern]:
    """Return what only Swedish says, as patterns of whole texts."""
    swedish, english = (set(flat(words(language)).values()) for language in ("sv", "en"))
    return [re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(text))) for text in swedish - english
            if re.sub(r"{\w+}", "", text).strip(" ,.:;()")]  # fmt: skip


@every_chart
def test_an_english_chart_is_english_throughout(draw, name):
    """No text of it, nor its alt text or the headings of its numbers, is one that only Swedish has."""
    chart, swedish = draw(name, "english"), foreign_words()
    heads = [str(column) for column in chart._printed_data().columns]
    for text in [*printed(chart), chart.title, chart.source, *heads]:
        assert not [p.pattern for p in swedish if p.fullmatch(text)], text


@pytest.mark.parametrize("case", ["normal", "english"])
@every_chart
def test_every_column_of_the_numbers_has_a_heading(draw, name, case):
    """No saved table has a heading in code."""
    heads = draw(name, case)._printed_data().columns
    assert [head for head in heads if "_" in head or head == head.lower()] == []


def test_alt_takes_the_sentences_that_fit():
    """What is too long for an alt text is left out, and what comes after it may still be said."""
    assert alt_text(["A" * 200 + ".", "B" * 60 + ".", "Kort."]) == "A" * 200 + ". Kort."


names = st.text("abcdefghijklmnopqrstuvwxyzåäö ÅÄÖ0123456789", min_size=1, max_size=120)


@given(names, st.floats(30, 300))
def test_wrapping_loses_no_letter_and_keeps_to_the_width(text, width):
    """Wrapped text has all its letters, in lines no wider than asked."""
    wrapped = wrap(text, width)
    assert re.sub(r"-\n|\s", "", wrapped) == re.sub(r"\s", "", text)
    assert not wrapped or text_width(wrapped) <= width


def test_text_is_measured_as_it_is_drawn(draw):
    """A measured width is that of the renderer, or a little more where letters are kerned."""
    for text, box in boxes(draw("largest_risks")).items():
        if "\n" not in text.get_text() and text.get_weight() != "bold":
            drawn = box.width / draw("largest_risks").figure.dpi * 72
            assert -0.6 <= text_width(text.get_text(), text.get_size()) - drawn <= 6, text


def test_long_words_are_divided_as_swedish_divides_them():
    """A long word is divided at the joint of a compound, else before a consonant and its vowel."""
    assert wrap("Informationssäkerhet", 80).split("\n") == ["Informations-", "säkerhet"]
    assert wrap("Upphandlingar", 60).split("\n") == ["Upphandlin-", "gar"]


def test_numbers_stay_with_what_they_count():
    """A line is not broken between a number and its word, nor inside a period's name."""
    assert wrap("År 2025-VB har 4 risker", 50).split("\n") == ["År", "2025-VB", "har", "4 risker"]


def test_the_table_is_not_changed(cases):
    """A chart leaves its table as it was."""
    for name, plot in PLOTS.items():
        before = cases["three"][name].copy()
        plot(cases["three"][name])
        pd.testing.assert_frame_equal(cases["three"][name], before)
