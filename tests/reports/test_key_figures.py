"""Key figures are counts in sentences, and two runs of them can be compared."""

import pandas as pd
import pytest

from riskdata.analysis.activities import unfinished
from riskdata.analysis.changes import compare
from riskdata.errors import ChoiceError
from riskdata.reports.key_figures import COLUMNS, changed_since, key_figures, print_key_figures
from tests.committee_data import BOARD, FOLLOW_UP, make_data


@pytest.fixture(scope="module")
def figures():
    """The key figures of the later period, by key."""
    return count().set_index("key")


def count(**choices):
    data = make_data()
    followed = data.activities[data.activities.source_file == FOLLOW_UP]
    tables = {
        "changes": compare(data.risks, "2024-VB", "2025-VB"),
        "unfinished": unfinished(followed),
    }
    return key_figures(data, period="2025-VB", board=BOARD, **{**tables, **choices})


def test_the_risks_of_the_register_are_counted_once(figures):
    """A follow-up's risks have no values and are no risks of the register."""
    assert figures.value["risks"] == 6


def test_high_risks_are_those_that_reach_the_limit(figures):
    """20, 15 and 12 reach 12; 9 does not."""
    assert (figures.value["high"], figures.value["high_outside"]) == (3, 0)


def test_changes_are_counted_by_kind(figures):
    """A kind of which there is none is said too."""
    kinds = ["new", "raised", "lowered", "unchanged", "gone"]
    assert figures.value[kinds].tolist() == [0, 1, 0, 5, 0]


def test_verdicts_add_up_to_the_activities(figures):
    """Known and unknown together are always all."""
    assert figures.value[["finished", "unfinished", "unknown"]].sum() == figures.value["activities"]


def test_every_figure_is_in_its_own_sentence(figures):
    """A sentence that forgot its number would say nothing; none is said as "ingen"."""
    for value, text in zip(figures.value, figures.text, strict=True):
        assert str(value) in text or (value == 0 and text.lower().startswith("ingen"))


def test_without_a_comparison_no_change_is_counted():
    """Not compared is not unchanged."""
    assert "unchanged" not in set(count(changes=None).key)


def test_english_sentences_have_the_same_figures(figures):
    """The language changes no number."""
    english = count(language="en").set_index("key")
    assert english.value.equals(figures.value)
    assert english.text["risks"] == "The risk register has 6 risks."


def test_the_same_figures_give_the_same_text_and_no_date():
    """Two files differ only where a figure does."""
    assert print_key_figures(count()) == print_key_figures(count())


def test_nothing_has_changed_where_nothing_has():
    """A second run on the same exports has nothing to tell."""
    assert changed_since(print_key_figures(count()), count()) == []


def test_a_first_run_has_nothing_to_compare_with():
    """No file, no change."""
    assert changed_since(None, count()) == []


def test_a_changed_figure_is_told_with_what_it_was():
    """The reader sees both numbers."""
    old = table(("risks", 5, "Riskregistret har 5 risker."))
    new = table(("risks", 6, "Riskregistret har 6 risker."))
    said = changed_since(print_key_figures(old), new)
    assert said == ["Riskregistret har 6 risker. Vid förra körningen var det 5."]


def test_figures_that_came_and_went_are_told():
    """A figure that is new, and one that is no more, are changes too."""
    old = table(("new", 1, "1 risk är ny sedan 2024-VB."))
    new = table(("risks", 6, "Riskregistret har 6 risker."))
    assert changed_since(print_key_figures(old), new) == [
        "Riskregistret har 6 risker. Talet fanns inte med vid förra körningen.",
        "Med vid förra körningen, men inte nu: 1 risk är ny sedan 2024-VB.",
    ]


def test_a_file_from_a_run_in_another_language_compares_by_its_numbers():
    """Sentences differ between languages, figures do not."""
    assert changed_since(print_key_figures(count(language="en")), count()) == []


def test_an_unknown_period_names_those_there_are():
    """A slip in the parameter cell is told in words."""
    with pytest.raises(ChoiceError, match="2024-VB, 2025-VB"):
        key_figures(make_data(), period="2031-VB")


def table(*rows):
    return pd.DataFrame(rows, columns=COLUMNS)
