"""Periods: their order, what comes before and after, and a calendar of one's own."""

import pytest

from riskdata.errors import VocabularyError
from riskdata.words import periods
from riskdata.words.vocabulary import vocabulary


def test_reports_stand_in_the_order_of_their_last_month(monkeypatch):
    """A half-year report (month 6) stands between T1 (month 4) and T2 (month 8) of its year."""
    monkeypatch.setitem(vocabulary().words["report_months"], "D1", 6)
    shuffled = ["2025-T2", "2025-D1", "2026-VP", "2025-VB", "2025-T1"]
    assert periods.in_order(shuffled) == ["2025-T1", "2025-D1", "2025-T2", "2025-VB", "2026-VP"]


def test_the_report_before_is_one_of_the_same_kind():
    """A VB is compared with the last VB, though a T2 lies nearer."""
    assert periods.before("2025-VB", ["2023-VB", "2024-VB", "2025-T2"]) == "2024-VB"


def test_the_report_before_is_the_nearest_where_none_is_of_its_kind():
    """Without an earlier T1 the VB before it is what a T1 is compared with."""
    assert periods.before("2025-T1", ["2023-VB", "2024-VB", "2025-T2"]) == "2024-VB"


def test_nothing_lies_before_the_first():
    """A first period has none before it."""
    assert periods.before("2024-VB", ["2024-VB", "2025-VB"]) is None


def test_a_report_that_is_unknown_says_where_it_is_declared():
    """A period whose report the vocabulary has not got is an error that names the file."""
    with pytest.raises(VocabularyError, match="data/manual/vocabulary.toml"):
        periods.period_key("2025-X9")
