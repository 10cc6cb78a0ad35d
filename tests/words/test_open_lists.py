"""Codes of one's own: a decision, a status, an outcome, a report, a scale, a limit, a band."""

import re
from pathlib import Path

import pytest

from riskdata.errors import VocabularyError
from riskdata.words.vocabulary import Vocabulary, read_vocabulary, vocabulary

README = Path(__file__).parents[2] / "data" / "manual" / "README.md"
FOUR = """
[scales]
likelihood = [["A"], ["B"], ["C"], ["D"]]
consequence = [["E"], ["F"], ["G"], ["H"]]
"""


@pytest.fixture
def own(tmp_path):
    """Return a function that reads a vocabulary.toml, and a layouts.toml, of one's own."""

    def read(text: str = "", layouts: str = "") -> Vocabulary:
        (tmp_path / "vocabulary.toml").write_text(text, encoding="utf-8")
        (tmp_path / "layouts.toml").write_text(layouts, encoding="utf-8")
        return read_vocabulary(tmp_path)

    return read


def test_decision_of_ones_own_counts_as_its_owner_says(own):
    """A code comes with its words, its label and whether it is in the control plan."""
    vocab = own(
        '[decisions]\npostpone = { words = ["Skjut upp"], label = "Skjuts upp", control_plan = true }'
    )
    assert vocab.decisions["skjut upp"] == "postpone"
    assert vocab.codes("decisions")[-1] == "postpone"
    assert vocab.counts("decisions").get("postpone") is True
    assert vocab.words["labels"]["sv"]["postpone"] == "Skjuts upp"


@pytest.mark.parametrize(
    "text",
    [
        '[decisions]\npostpone = ["Skjut upp"]',
        '[statuses]\nopen = { words = ["Öppen"] }',
        '[statuses]\nopen = { words = ["Öppen"], counts_as = "maybe" }',
        '[reports]\nhalvar = { words = ["Halvårsrapport"], last_month = 13 }',
    ],
)
def test_code_that_does_not_say_what_it_counts_as_is_refused(own, text):
    """The message gives the line to write."""
    with pytest.raises(VocabularyError, match=r"words = \["):
        own(text)


def test_word_for_a_known_code_is_a_list_as_before(own):
    """A list adds words to a code that is there."""
    assert own('[statuses]\nfinished = ["Stängd"]').statuses["stängd"] == "finished"


def test_report_of_ones_own_has_its_place_in_the_year(own):
    """A report says its last month; periods sort by it."""
    vocab = own('[reports]\nhalvar = { words = ["Halvårsrapport"], last_month = 6 }')
    assert vocab.counts("reports")["halvar"] == 6
    assert vocab.reports["halvårsrapport"] == "halvar"


def test_code_that_a_layout_brings_is_known_everywhere_and_its_words_only_there(own):
    """Another table's Kontroll is no decision."""
    declared = """
[egen]
kind = "register"
[egen.columns]
"Risk" = "event"
[egen.decisions]
control = { words = ["Kontroll"], control_plan = true }
"""
    vocab = own(layouts=declared)
    assert "control" in vocab.codes("decisions")
    assert "kontroll" not in vocab.decisions


def test_limit_and_bands_follow_the_scale_until_somebody_sets_them(own):
    """On 4 × 4 the limit of 12 of 25 is 8 of 16, and is said to be assumed."""
    vocab = own(FOUR)
    assert (vocab.limit, vocab.limit_is_assumed) == (8, True)
    assert [(low, high) for _, low, high, _ in vocab.bands()] == [(1, 3), (4, 7), (8, 15), (16, 16)]


def test_limit_and_bands_of_ones_own_are_no_assumptions(own):
    """What somebody has set is used as it stands, with its colour, in both languages."""
    vocab = own(f'{FOUR}[[bands]]\nfrom = 1\nsv = "Grön"\ncolour = "#d9ead3"\n')
    assert vocab.bands("en") == [("Grön", 1, 16, "#d9ead3")]
    assert not vocab.bands_are_assumed and vocab.limit_is_assumed


def test_shipped_limit_and_bands_are_those_of_five_steps():
    """On 5 × 5 nothing is fitted."""
    assert (vocabulary().limit, [low for _, low, *_ in vocabulary().bands()]) == (
        12,
        [1, 5, 12, 20],
    )


def test_board_has_its_own_scale_and_limit(own):
    """One board's scale is nobody else's; the limit that all have is fitted to it, and assumed."""
    steps = 'scales.likelihood = [["A"], ["B"]]\nscales.consequence = [["E"], ["F"]]\n'
    vocab = own(f'limit = 15\n[board."Fritidsnämnden"]\n{steps}')
    theirs = vocab.for_board("fritidsnämnden")
    assert theirs.scale_labels("likelihood") == ["A", "B"]
    assert (theirs.limit, theirs.limit_is_assumed) == (4, True)
    assert (vocab.limit, vocab.limit_is_assumed, vocab.top) == (15, False, 25)


def test_unknown_key_of_a_board_is_refused(own):
    """A board can have limit, bands, scales and labels of its own."""
    with pytest.raises(VocabularyError, match="gräns"):
        own('[board."Fritidsnämnden"]\n"gräns" = 3')


def test_scale_of_a_layout_is_that_of_its_boards(own):
    """A block that names its boards gives their charts its scale."""
    declared = (
        '[x]\nkind = "register"\nboards = ["Fritidsnämnden"]\ncolumns.Risk = "event"\n[x.scales]\n'
    )
    scales = FOUR.replace("[scales]", "")
    assert own(layouts=declared + scales).for_board("Fritidsnämnden").top == 16


EXAMPLES = re.findall(r"```toml\n(.*?)```", README.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_of_the_manual_is_read(own, example):
    """What the page tells somebody to paste works as it stands."""
    layout = "kind =" in example
    assert own("" if layout else example, example if layout else "")
