"""Ids: what people have written in data/manual names risks by them, so they never change."""

from riskdata.exports.export import make_id


def test_an_id_is_the_period_and_the_beginning_of_a_digest():
    """The digest is SHA-256 of the texts, a missing one as an empty one."""
    assert make_id("2025-VB", "A") == "2025-VB-559aead08264"
    assert make_id("2025-VB", "A", None) == make_id("2025-VB", "A", "")
    assert make_id("2025-VB", "A", None) != make_id("2025-VB", "A")
