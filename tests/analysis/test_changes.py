"""What has changed between periods, and each risk over all of them."""

import pandas as pd
import pytest

from riskdata.analysis.changes import compare, compare_boards, history
from riskdata.errors import ChoiceError, RiskdataError, VocabularyError
from riskdata.tables.schema import CHANGES, frame
from riskdata.words.vocabulary import vocabulary

BOARD, OTHER = "Socialnämnden", "Barn- och utbildningsnämnden"
BEFORE, AFTER = "2024-VB", "2025-VB"
EVENTS = ("Köp utan avtal", "Smitta sprids i köket", "Arkivet tar skada av fukt")


def make(period, *rows, board=BOARD):
    """Return risks of a period from (event, likelihood, consequence); the id is the event."""
    return frame(
        "risks",
        [
            {"risk_id": event, "board": board, "period": period, "process": event.split()[0]}
            | {"event": event, "likelihood": likelihood, "consequence": consequence}
            | {"risk_value": likelihood and likelihood * consequence}
            for event, likelihood, consequence in rows
        ],
    )


def told(monkeypatch, where, scales):
    """Let the vocabulary say which scales a period, or a board's period, was judged on."""
    monkeypatch.setitem(vocabulary().other_scales, where, scales)


def changes(table):
    return dict(zip(table.event_after.fillna(table.event_before), table.change, strict=True))


@pytest.mark.parametrize(
    ("after", "change"),
    [(4, "raised"), (2, "lowered"), (3, "unchanged"), (None, "unknown")],
)
def test_a_change_is_told_by_the_values(after, change):
    """A linked risk is raised, lowered or unchanged by its value; unknown where one is missing."""
    rest = ("Elavbrott", 1, 1)
    risks = pd.concat([make(BEFORE, (EVENTS[0], 3, 4)), make(AFTER, (EVENTS[0], after, 4), rest)])
    assert changes(compare(risks, BEFORE, AFTER)) == {EVENTS[0]: change, "Elavbrott": "new"}


def test_changes_sort_and_count_in_their_order():
    """New, raised, lowered, unchanged, unknown, gone: the order stands in the column."""
    before = make(BEFORE, *[(event, 3, 3) for event in EVENTS])
    table = compare(pd.concat([before, make(AFTER, ("Elavbrott", 2, 2))]), BEFORE, AFTER)
    assert table.change.min() == "new" and table.change.max() == "gone"
    assert table.change.cat.categories.tolist() == list(CHANGES)


def test_every_risk_stands_there_once():
    """After is kept and new; before is kept and gone."""
    before = make(BEFORE, *[(event, 3, 3) for event in EVENTS])
    after = make(AFTER, (EVENTS[0], 3, 3), ("Elavbrott", 2, 2), ("Lön betalas fel", 4, 4))
    table = compare(pd.concat([before, after]), BEFORE, AFTER)
    count = table.change.astype("str").value_counts().to_dict()
    assert count == {"new": 2, "gone": 2, "unchanged": 1}
    assert table.risk_before.notna().sum() == 3 and table.risk_after.notna().sum() == 3
    assert table.certainty.notna().sum() == 1


def test_an_export_that_is_there_twice_stops():
    """Risks that stand twice would count twice; the message names the files."""
    twice = [make(BEFORE, (EVENTS[0], 3, 3)).assign(source_file=f"{n}.txt") for n in "ab"]
    risks = pd.concat([*twice, make(AFTER, (EVENTS[0], 3, 3))])
    for asked in (lambda: compare(risks, BEFORE, AFTER), lambda: history(risks)):
        with pytest.raises(RiskdataError, match="samma risk_id.*a.txt, b.txt"):
            asked()


def test_a_board_with_one_period_only_is_refused():
    """A board without the other period would seem all new; it is named instead."""
    risks = pd.concat(
        [make(BEFORE, (EVENTS[0], 3, 3)), make(AFTER, (EVENTS[0], 3, 3))]
        + [make(AFTER, (EVENTS[1], 3, 3), board=OTHER)]
    )
    with pytest.raises(ChoiceError, match=f"{OTHER} har bara {AFTER}.*isin"):
        compare(risks, BEFORE, AFTER)


def test_a_follow_up_of_the_same_period_is_not_compared():
    """The risks of a follow-up, which have no scores, do not count as new ones."""
    register = [make(p, (EVENTS[0], 3, 3)).assign(source_file=p) for p in (BEFORE, AFTER)]
    follow_up = make(AFTER, (EVENTS[1], None, None)).assign(source_file="uppföljning")
    assert len(compare(pd.concat([*register, follow_up]), BEFORE, AFTER)) == 1


def test_scales_of_different_length_stop(monkeypatch):
    """Periods judged on scales of different length are not compared."""
    risks = pd.concat([make(p, (EVENTS[0], 3, 4)) for p in (BEFORE, AFTER)])
    told(monkeypatch, BEFORE, {"likelihood": 4, "consequence": 4})
    with pytest.raises(
        VocabularyError, match="sannolikhet har 4 steg 2024-VB, 5 steg 2025-VB.*Ange"
    ):
        compare(risks, BEFORE, AFTER)


def test_a_step_above_the_vocabularys_scale_shows_a_longer_one():
    """A sixth step in one period only is seen in the table itself."""
    risks = pd.concat([make(BEFORE, (EVENTS[0], 6, 4)), make(AFTER, (EVENTS[0], 5, 4))])
    with pytest.raises(VocabularyError, match="6 steg 2024-VB, 5 steg 2025-VB"):
        compare(risks, BEFORE, AFTER)


def test_a_step_off_the_stated_scale_stops(monkeypatch):
    """A step that the stated scale does not have is an error, not a guess."""
    risks = pd.concat([make(p, (EVENTS[0], 5, 4)) for p in (BEFORE, AFTER)])
    told(monkeypatch, f"{BOARD} {BEFORE}", {"likelihood": 4})
    with pytest.raises(VocabularyError, match="steg 5 för sannolikhet finns inte"):
        compare(risks, BEFORE, AFTER)


def test_a_mapping_makes_scales_comparable_and_is_marked(monkeypatch):
    """With a mapping the values are compared on the common scale, and the row says so."""
    risks = pd.concat([make(BEFORE, (EVENTS[0], 3, 4)), make(AFTER, (EVENTS[0], 4, 5))])
    four = {1: 1, 2: 2, 3: 4, 4: 5}
    told(monkeypatch, BEFORE, {"likelihood": four, "consequence": four})
    row = compare(risks, BEFORE, AFTER).iloc[0]
    assert (row.risk_value_before, row.change, row.converted) == (20, "unchanged", True)


def test_the_order_of_the_rows_decides_nothing():
    """The same risks in another order give the same table."""
    before = make(BEFORE, *[(event, 3, 3) for event in EVENTS])
    after = make(AFTER, *[(event + " ofta", 3, 4) for event in EVENTS])
    risks = pd.concat([before, after])
    shuffled = risks.sample(frac=1, random_state=2)
    pd.testing.assert_frame_equal(compare(shuffled, BEFORE, AFTER), compare(risks, BEFORE, AFTER))
    pd.testing.assert_frame_equal(history(shuffled), history(risks))


YEARS = pd.concat(
    [
        make("2022-VB", (EVENTS[0], 3, 4), (EVENTS[1], 2, 2)),
        make("2023-VB", (EVENTS[0], 4, 4), (EVENTS[1], 2, 2)),
        make("2024-VB", (EVENTS[0], 5, 4), (EVENTS[2], 3, 5)),
    ]
)


def test_history_counts_the_periods_in_a_row_at_the_limit():
    """A risk's run counts the periods without a break at or above the limit."""
    table = history(YEARS, limit=12).set_index(["event", "period"])
    assert table.in_a_row[EVENTS[0]].tolist() == [1, 2, 3]
    assert table.in_a_row[EVENTS[1]].tolist() == [0, 0]
    assert table.last_seen[EVENTS[1]].tolist() == ["2023-VB", "2023-VB"]


def test_a_missing_value_breaks_the_run():
    """A period without a value has no run, and the next one starts again."""
    values = [(3, 4), (None, 4), (3, 4)]
    years = [
        make(f"{2022 + n}-VB", (EVENTS[0], *pair), ("El", 1, 1)) for n, pair in enumerate(values)
    ]
    table = history(pd.concat(years), limit=12)
    run = table[table.event == EVENTS[0]].in_a_row
    assert run.iloc[0] == 1 and pd.isna(run.iloc[1]) and run.iloc[2] == 1


def test_a_later_period_changes_nothing_earlier():
    """Threads and runs stay as they were when a later period is added."""
    later = make("2025-VB", (EVENTS[0], 1, 1), (EVENTS[1], 5, 5), (EVENTS[2] + " igen", 3, 3))
    columns = ["board", "thread_id", "period", "first_seen", "in_a_row", "certainty", "risk_value"]
    now = history(pd.concat([YEARS, later]), limit=12)
    earlier = now[now.period != "2025-VB"][columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(earlier, history(YEARS, limit=12)[columns])


def test_boards_stand_side_by_side():
    """Boards of one period are counted by value and decision; a missing decision has its row."""
    risks = pd.concat(
        [
            make(AFTER, (EVENTS[0], 3, 4), (EVENTS[1], 3, 4)).assign(decision=["accept", None]),
            make(AFTER, (EVENTS[0], 3, 4), board=OTHER).assign(decision="accept"),
        ]
    )
    table = compare_boards(risks, AFTER, [OTHER, BOARD])
    assert table.columns.tolist() == ["risk_value", "decision", OTHER, BOARD]
    assert table[[OTHER, BOARD]].to_numpy().tolist() == [[1, 1], [0, 1]]
    assert table.decision.isna().tolist() == [False, True]


def test_a_board_without_the_period_is_refused():
    """A board that has no risks in the period is named with those that have."""
    with pytest.raises(ChoiceError, match=f"{OTHER} har inga.*{BOARD}"):
        compare_boards(YEARS, "2024-VB", [BOARD, OTHER])


def test_boards_of_different_scales_are_not_counted_together(tmp_path, monkeypatch):
    """Value 12 of 16 is not value 12 of 25: the boards and their scales are named."""
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "manual").mkdir()
    steps = '["ett", "två", "tre", "fyra"]'
    own = f'[board."{OTHER}".scales]\nlikelihood = {steps}\nconsequence = {steps}\n'
    (tmp_path / "data" / "manual" / "vocabulary.toml").write_text(own, "utf-8")
    monkeypatch.chdir(tmp_path)
    risks = pd.concat([make(AFTER, (EVENTS[0], 3, 4), board=b) for b in (BOARD, OTHER)])
    with pytest.raises(VocabularyError, match=f"{BOARD} 5×5, {OTHER} 4×4"):
        compare_boards(risks, AFTER, [BOARD, OTHER])
