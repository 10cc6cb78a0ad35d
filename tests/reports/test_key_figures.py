"""Key figures are counts in sentences that read as Swedish."""

import re
import string

import pandas as pd
import pytest

from riskdata.analysis.activities import unfinished
from riskdata.analysis.changes import compare
from riskdata.analysis.links import in_register
from riskdata.reports.key_figures import (
    COLUMNS,
    Figure,
    is_doubted,
    key_figures,
    most_unusual,
)
from riskdata.tables.schema import frame
from riskdata.words.language import words
from tests.committee_data import FOLLOW_UP, make_data

NOTHING = pd.DataFrame()


def count(language="sv", **choices):
    data = make_data()
    followed = data.activities[data.activities.source_file == FOLLOW_UP]
    tables = {
        "risks": data.risks[in_register(data.risks) & (data.risks.period == "2025-VB")],
        "changes": compare(data.risks, "2024-VB", "2025-VB"),
        "activities": unfinished(followed),
        "promises": NOTHING,
    }
    return key_figures(**{**tables, **choices}, language=language)


@pytest.fixture(scope="module")
def figures():
    """The key figures of the later period, by key."""
    return count().set_index("key")


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
    """A sentence that forgot its number would say nothing; none is said as "ingen" or "alla"."""
    for value, text in zip(figures.value, figures.text, strict=True):
        assert str(value) in text or (value == 0 and re.match("ingen|alla|för alla", text.lower()))


def test_nothing_is_counted_of_a_column_that_is_not_printed():
    """Without decisions nobody asks about the plan; without due dates nothing is overdue."""
    risks = frame("risks", [{"risk_value": 12}, {"risk_value": 6}])
    work = unfinished(frame("activities", [{"status": "ongoing", "period": "2025-VB"}]))
    keys = set(count(risks=risks, changes=NOTHING, activities=work).key)
    assert keys == {"risks", "high", "activities", "finished", "unfinished", "unknown"}


def test_a_tick_is_doubted_where_the_comment_says_otherwise():
    """The number and the table of doubted ticks are the same set."""
    rows = [
        {"status": status, "period": "2025-VB", "comment": "Rutinen har inte införts."}
        for status in ("finished", "ongoing")
    ]
    assert is_doubted(unfinished(frame("activities", rows))).tolist() == [True, False]


def test_english_sentences_have_the_same_figures(figures):
    """The language changes no number."""
    english = count("en").set_index("key")
    assert english.value.equals(figures.value)
    assert english.text["risks"] == "The risk register has 6 risks."


def test_a_figure_says_what_it_was_the_period_before():
    """A number alone says little; held against the last one it is news."""
    before = {"high": ("2024-VB", Figure("high", 1, 7))}
    text = count(before=before).set_index("key").text["high"]
    assert text == "3 av 6 risker når riskgränsen 12; i 2024-VB var det 1 av 7."


def made(*rows):
    return pd.DataFrame(rows, columns=COLUMNS).convert_dtypes()


def test_the_most_unusual_figure_is_told_first():
    """What has moved most since the period before comes first, whatever it is about."""
    rows = made(
        ("high", 5, 10, 5, 10, "A"), ("overdue", 6, 10, 1, 10, "B"), ("unknown", 2, 10, 1, 10, "C")
    )
    assert most_unusual(rows) == ["B", "C", "A"]


def test_no_more_than_five_are_told_and_the_state_is_always_among_them():
    """The share of high risks and of unfinished work is told though nothing has moved."""
    moved = [(key, 5, 10, 0, 10, key) for key in ("overdue", "unknown", "contradicted", "not_kept")]
    rows = made(("high", 5, 10, 5, 10, "high"), ("unfinished", 1, 9, 1, 9, "unfinished"), *moved)
    told = most_unusual(rows)
    assert len(told) == 5 and {"high", "unfinished"} <= set(told)


def test_a_nought_that_was_nought_is_no_news():
    """Nothing overdue now and nothing then needs no sentence on the first page."""
    assert most_unusual(made(("overdue", 0, 10, 0, 10, "A"))) == []


SINGULAR = re.compile(
    r"\b1 (filer|risker|åtgärder|kolumner|lagningar|rader|celler|ord är|personnamn är maskerade)\b"
)
OF_ONE = re.compile(r"\b(av|of) 1 (risk|åtgärd|aktivitet|activit)|\bför 0\b|\b0 av\b|\bav 0\b")


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("n", [0, 1, 2, 1200])
def test_every_sentence_is_right_at_none_one_two_and_many(language, n):
    """No "1 filer", "för 0", "av 1 risk" in a sentence; none has an empty place."""
    for key, text in sentences(language, n):
        assert not SINGULAR.search(text) and not OF_ONE.search(text), (key, text)
        assert "{" not in text and "  " not in text and text == text.strip(), (key, text)


def sentences(language, n):
    """Yield every sentence of a figure, filled as a report fills it for a number of 0, 1, 2 or many."""
    from riskdata.words.language import word

    said = {"limit": 12, "before": "2024-VB"}
    for key, value in words(language)["key_figures"].items():
        if key in ("single", "was", "was_of", "error", "question", "note"):
            continue
        held = value if isinstance(value, str) else value["other"]
        wants = {name for _, name, *_ in string.Formatter().parse(held) if name}
        wholes = (max(n, 1), n + 2) if "of" in wants else (None,)
        for of in wholes:
            if n <= (of or n):
                yield key, Figure(key, n, of, said).sentence(language)
    filled = {"names": "”A”", "counts": "A", "proven": n, "file": "a", "folder": "b", "board": "C"}
    filled |= {
        "unfinished_since": "2024-T1",
        "period_before": "2024-VB",
        "first": "”A”",
        "status": "klar",
        "evidence": "B.",
        "all": n + 2,
    }
    filled |= {
        "period": "2025-VB",
        "promised": "2025",
        "of": n + 2,
        "risk_value": "12",
        "report": "r",
        "year": "1",
    }
    filled |= {"likelihood": 4, "consequence": 4}
    for part in ("chapters", "questions", "questions_many", "uncertain", "audit"):
        for key, value in words(language)[part].items():
            told_at_none = isinstance(value, dict) and "zero" in value
            if part == "questions_many" and n < 4 or (n == 0 and not told_at_none):
                continue  # never said of so few
            yield f"{part}.{key}", word(f"{part}.{key}", language, n=n, **{**filled, **said})
