"""The same risk and activity found again in another period."""

import pandas as pd
import pytest

from riskdata import folders
from riskdata.analysis.links import (
    decision_faults,
    link_activities,
    link_risks,
    links_to_review,
    with_risk_values,
)
from riskdata.errors import ChoiceError, ManualError
from riskdata.tables.schema import frame

BEFORE, AFTER = "2024-VB", "2025-VB"
BOARD = "Socialnämnden"


def make(period, *rows, board=BOARD, value=12):
    """Return risks of a period from (process, way of working, event), ids in order."""
    names = ("process", "way_of_working", "event")
    return frame(
        "risks",
        [
            {"risk_id": f"{period} {n}", "board": board, "period": period, "risk_value": value}
            | dict(zip(names, row, strict=True))
            for n, row in enumerate(rows)
        ],
    )


def pairs(links):
    """Return links as {number before: number after} of the rows that ``make`` was given."""
    numbers = [links[name].str.split(" ").str[-1].astype(int) for name in links.columns[1:3]]
    return dict(zip(*numbers, strict=True))


@pytest.fixture(autouse=True)
def manual(tmp_path):
    """Return the folder whose decisions count in a test."""
    with folders.using(tmp_path):
        yield tmp_path


def decide(*rows):
    """Write decisions about links, and return them."""
    names = ("text_before", "text_after", "decision")
    where = {"board": BOARD, "before": BEFORE, "after": AFTER, "by": "Ida", "date": "2025-02-01"}
    table = pd.DataFrame([where | dict(zip(names, row, strict=True)) for row in rows])
    table.to_csv(folders.manual() / "links.csv", index=False)
    return table


TWINS_BEFORE = make(
    BEFORE,
    ("Krisplaner", "Enheternas krisplaner övas", "Krisplanen fungerar inte"),
    ("Krisplaner", "Förvaltningens krisplan övas", "Krisplanen fungerar inte"),
)
TWINS_AFTER = make(
    AFTER,
    ("Krisplaner", "Övning av förvaltningens krisplan", "Krisplanen fungerar inte i en kris"),
    ("Krisplaner", "Övning av enheternas krisplaner", "Krisplanen fungerar inte i en kris"),
)


def test_twins_under_one_process_are_told_apart_by_the_way_of_working():
    """Twins under one process are told apart by the way of working."""
    assert pairs(link_risks(pd.concat([TWINS_BEFORE, TWINS_AFTER]), BEFORE, AFTER)) == {0: 1, 1: 0}


def test_twins_with_one_subject_are_told_apart_by_the_rest_of_their_words():
    """What both risks of a process are about does not tell which is which."""
    where = ("Handläggning", "Handlingsplan")
    before = make(
        BEFORE, (*where, "Bristande uppföljning av köbildning"), (*where, "Köbildning ökar")
    )
    after = make(AFTER, (*where, "Antalet stiger"), (*where, "Köbildning följs inte upp"))
    assert pairs(link_risks(pd.concat([before, after]), BEFORE, AFTER)) == {0: 1, 1: 0}


def test_the_same_event_under_different_processes_is_linked_by_process():
    """The same event under different processes is linked by its process."""
    rows = [
        (process, None, "Gränssnittet är inte känt")
        for process in ("Kundreskontra", "Kassa", "Lön")
    ]
    risks = pd.concat([make(BEFORE, *rows), make(AFTER, *reversed(rows))])
    links = link_risks(risks, BEFORE, AFTER)
    assert pairs(links) == {0: 2, 1: 1, 2: 0}
    assert set(links.certainty) == {"exact"}


def test_a_renamed_process_is_known_by_its_other_risks():
    """A process that is renamed is recognised by the other risks under it."""
    before = make(
        BEFORE,
        ("Gator", "Vinterväghållning", "Halkolyckor på gångvägar"),
        ("Gator", "Belysning", "Mörka gångvägar"),
        ("Gator", "Beläggningsplan", "Vägnätet förfaller"),
        ("Bibliotek", "Inköp av böcker", "Utbudet föråldras"),
    )
    after = make(
        AFTER,
        ("Infrastruktur", "Vinterväghållning", "Halkolyckor på gångvägar och cykelvägar"),
        ("Infrastruktur", "Belysning", "Mörka gångvägar och parker"),
        ("Infrastruktur", "Plan för asfalt", "Underhållet av vägar dröjer"),
        ("Bibliotek", "Inköp av böcker", "Utbudet föråldras"),
    )
    assert pairs(link_risks(pd.concat([before, after]), BEFORE, AFTER))[2] == 2


REWORDED_BEFORE = make(
    BEFORE,
    ("Trygg vård", None, "Läkemedel förväxlas"),
    ("Trygg vård", None, "Trycksår upptäcks sent"),
    ("Trygg vård", None, "Planer saknas"),
    ("Ekonomi", None, "Personalen räcker inte"),
    ("Ekonomi", None, "Fakturor betalas sent"),
)
REWORDED_AFTER = make(
    AFTER,
    ("Omsorg", None, "Läkemedel förväxlas ofta"),
    ("Omsorg", None, "Trycksår upptäcks för sent"),
    ("Omsorg", None, "Skriftlig överenskommelse uppdateras aldrig"),
    ("Budget", None, "Fakturor betalas för sent"),
    ("Budget", None, "Vikarier har för få timmar"),
)


def test_a_reworded_risk_that_is_found_nowhere_is_offered_where_the_others_went():
    """What has no words left in common is offered under the process that the others moved to."""
    risks = pd.concat([REWORDED_BEFORE, REWORDED_AFTER])
    review = links_to_review(risks, BEFORE, AFTER)
    pair = review[review.text_before == "Trygg vård · Planer saknas"].iloc[0]
    assert pair.text_after == "Omsorg · Skriftlig överenskommelse uppdateras aldrig"
    assert pair.certainty == "possible"
    assert 2 not in pairs(link_risks(risks, BEFORE, AFTER))


def test_at_most_five_are_offered_and_an_answer_brings_no_others():
    """A risk that may be another is offered five at most, and no others when those are answered."""
    known, gone = "Läkemedel förväxlas", ("Hot", "Fukt", "Brand", "Buller", "Stöld")
    new = ("Vikarier", "Kylanlägg", "Jäv", "Avgifter", "Spolning")
    before = make(BEFORE, *[("Trygg vård", None, event) for event in (known, *gone)])
    after = make(AFTER, *[("Omsorg", None, event) for event in (known + " ofta", *new)])
    risks = pd.concat([before, after])
    review = links_to_review(risks, BEFORE, AFTER)
    assert set(review.certainty) == {"possible"}
    assert review.text_before.value_counts().max() <= 5
    answered = review.assign(decision="different", by="Ida", date="2025-02-01")
    answered.iloc[:, :8].to_csv(folders.manual() / "links.csv", index=False)
    assert links_to_review(risks, BEFORE, AFTER).empty


def test_a_risk_like_nothing_before_is_not_linked():
    """A risk that is like nothing in the other period has no link."""
    before = make(BEFORE, ("Inköp", "Avtal", "Köp utan avtal"), ("Måltider", "Kök", "Mat kastas"))
    after = make(AFTER, ("Inköp", "Avtal", "Köp utan avtal"), ("Arkiv", "Gallring", "Fukt"))
    assert pairs(link_risks(pd.concat([before, after]), BEFORE, AFTER)) == {0: 0}


def test_exact_needs_one_alone():
    """Equal texts that stand twice are a question, never exact."""
    row = ("Inköp", "Avtal", "Köp utan avtal")
    links = link_risks(pd.concat([make(BEFORE, row, row), make(AFTER, row, row)]), BEFORE, AFTER)
    assert links.certainty.tolist() == ["ask", "ask"]


def test_case_and_spaces_do_not_hinder_an_exact_link():
    """Capitals, final stops and odd spaces do not hinder an exact link."""
    risks = pd.concat(
        [
            make(BEFORE, ("Inköp", None, "Köp utan avtal")),
            make(AFTER, ("INKÖP", None, "Köp\u00a0utan avtal.")),
        ]
    )
    assert link_risks(risks, BEFORE, AFTER).certainty.tolist() == ["exact"]


def test_a_missing_text_counts_neither_for_nor_against():
    """A text that one side lacks counts neither for nor against."""
    with_it = make(BEFORE, ("Inköp", "Avtal", "Köp utan avtal"), ("Kök", "Tvätt", "Smitta sprids"))
    without = make(
        AFTER, ("Inköp", None, "Köp görs utan avtal"), ("Kök", None, "Smitta sprids lätt")
    )
    links = link_risks(pd.concat([with_it, without]), BEFORE, AFTER)
    assert pairs(links) == {0: 0, 1: 1}
    assert (links.similarity > 0.7).all()


def test_a_new_event_under_kept_words_is_a_question():
    """The same process and way of working do not vouch for an event in other words."""
    before = make(BEFORE, ("Bokning", "Bokning av idrottshallar", "Dubbelbokningar"))
    after = make(AFTER, ("Bokning", "Bokning av idrottshallar", "Föreningar betalar inte hyran"))
    links = link_risks(pd.concat([before, after]), BEFORE, AFTER)
    assert links.certainty.tolist() == ["ask"]


def test_a_new_risk_in_a_gone_ones_words_is_a_question():
    """One word in another's place makes another risk, however similar the rest: a person decides."""
    before = make(BEFORE, ("Avfall", "Utbildning", "Chaufförer saknar utbildning i farligt gods"))
    after = make(AFTER, ("Avfall", "Utbildning", "Chaufförer saknar utbildning i livräddning"))
    assert link_risks(pd.concat([before, after]), BEFORE, AFTER).certainty.tolist() == ["ask"]


def test_a_not_that_only_one_side_has_is_a_question():
    """“Följs” and “följs inte” are not the same event."""
    before = make(BEFORE, ("Inköp", "Avtal", "Rutinen för inköp följs"))
    after = make(AFTER, ("Inköp", "Avtal", "Rutinen för inköp följs inte"))
    assert link_risks(pd.concat([before, after]), BEFORE, AFTER).certainty.tolist() == ["ask"]


def test_an_inflected_event_is_the_same_without_a_question():
    """Other endings and a word more do not make another risk."""
    before = make(BEFORE, ("Inköp", "Avtal", "Köp utan avtal"), ("Kök", "Tvätt", "Smitta sprids"))
    after = make(AFTER, ("Inköp", "Avtal", "Köpen görs utan avtal"), ("Kök", "Tvätt", "Smittan"))
    links = link_risks(pd.concat([before, after]), BEFORE, AFTER)
    assert links.certainty.tolist() == ["likely", "likely"]


def test_a_new_years_activities_are_not_paired_with_what_remains():
    """Activities that share only their process and a common word are not one and the same."""
    before = make_activities(BEFORE, ("Inköp", "Köp utan avtal", "Rutin för direktupphandling"))
    after = make_activities("2026-T1", ("Inköp", "Leverantör går i konkurs", "Kreditprövning"))
    assert link_activities(pd.concat([before, after]), BEFORE, "2026-T1").empty


def test_boards_are_linked_each_for_itself():
    """A risk is never linked to another board's."""
    row = ("Inköp", "Avtal", "Köp utan avtal")
    risks = pd.concat([make(BEFORE, row), make(AFTER, row, board="Kulturnämnden")])
    assert link_risks(risks, BEFORE, AFTER).empty


def test_links_do_not_depend_on_the_order_of_rows_or_on_other_boards():
    """Links are the same whatever the order of the rows, and whichever other boards are there."""
    risks = pd.concat([TWINS_BEFORE, TWINS_AFTER])
    others = [make(p, ("Kök", "Tvätt", "Smitta"), board="Kulturnämnden") for p in (BEFORE, AFTER)]
    mixed = pd.concat([*others, risks]).sample(frac=1, random_state=1)
    links = link_risks(mixed, BEFORE, AFTER)
    mine = links[links.board == BOARD].reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, link_risks(risks, BEFORE, AFTER))


def test_a_period_without_risks_is_refused_with_those_there_are():
    """A period without risks is refused, and the message names those there are."""
    with pytest.raises(ChoiceError, match="2019-VB.*finns: 2024-VB"):
        link_risks(TWINS_BEFORE, "2019-VB", BEFORE)


def test_same_pins_a_link_that_the_texts_would_not_make():
    """A person's `same` makes the link, marks it so and frees the others."""
    decide(
        (
            "Krisplaner · Enheternas krisplaner övas · Krisplanen fungerar inte",
            "Krisplaner · Övning av förvaltningens krisplan · Krisplanen fungerar inte i en kris",
            "same",
        )
    )
    risks = pd.concat([TWINS_BEFORE, TWINS_AFTER])
    links = link_risks(risks, BEFORE, AFTER)
    assert pairs(links) == {0: 0, 1: 1}
    assert links.set_index("risk_before").certainty[f"{BEFORE} 0"] == "person"


def test_different_forbids_even_an_exact_link():
    """A person's `different` forbids the pair, however alike."""
    row = ("Inköp", "Avtal", "Köp utan avtal")
    risks = pd.concat([make(BEFORE, row), make(AFTER, row)])
    decide(("Köp utan avtal", "Köp utan avtal", "different"))
    assert link_risks(risks, BEFORE, AFTER).empty


def test_decisions_that_fit_no_longer_are_all_named_with_row_and_remedy():
    """Decisions whose texts are gone or ambiguous stop the run, all in one message."""
    decide(
        ("Krisplaner · Övas · Krisplanen saknas", "Översvämning", "same"),
        ("Krisplanen fungerar inte", "Översvämning", "same"),
    )
    with pytest.raises(ManualError) as caught:
        link_risks(pd.concat([TWINS_BEFORE, TWINS_AFTER]), BEFORE, AFTER)
    first, second = str(caught.value).split("\n")
    assert first.startswith("data/manual/links.csv, rad 2: ”Krisplaner · Övas")
    assert "Närmast: ”Krisplaner" in first
    assert "”Översvämning” finns inte" in first and "Rätta texten" in first
    assert "rad 3" in second and "står på 2 ställen" in second and "Skriv hela texten" in second


def test_decisions_that_contradict_each_other_are_refused():
    """`same` and `different` about one pair cannot both hold."""
    risks = pd.concat([make(BEFORE, ("Kök", None, "Smitta")), make(AFTER, ("Kök", None, "Mögel"))])
    decide(("Smitta", "Mögel", "same"), ("Smitta", "Mögel", "different"))
    with pytest.raises(ManualError, match="rad 3: säger emot .* Ta bort"):
        link_risks(risks, BEFORE, AFTER)


def test_a_word_that_is_no_decision_is_refused():
    """A decision that is neither same nor different is refused."""
    decide(("Krisplaner", "Krisplaner", "kanske"))
    with pytest.raises(ManualError, match="kanske.*Skriv same, different eller samma, inte samma"):
        link_risks(pd.concat([TWINS_BEFORE, TWINS_AFTER]), BEFORE, AFTER)


def test_a_line_that_matches_nothing_is_told(tmp_path):
    """A link about a period, or a text, that no export has is told with its file, line and remedy."""
    rows = decide(("Krisplaner", "Krisplaner", "same")).assign(before="2019-VB")
    lost = decide(("Översvämning", "Översvämning", "samma"))
    pd.concat([rows, lost]).to_csv(tmp_path / "links.csv", index=False)
    risks = pd.concat([TWINS_BEFORE, TWINS_AFTER])
    faults = decision_faults(risks, frame("activities"))
    assert [(file, line) for file, line, _ in faults] == [("links.csv", 2), ("links.csv", 3)]
    assert "inget för Socialnämnden 2019-VB" in faults[0][2]
    assert "”Översvämning” finns inte" in faults[1][2]


def test_swedish_words_are_decisions():
    """“Inte samma” forbids a link as different does."""
    row = ("Inköp", "Avtal", "Köp utan avtal")
    decide(("Köp utan avtal", "Köp utan avtal", "Inte samma"))
    risks = pd.concat([make(BEFORE, row), make(AFTER, row)])
    assert link_risks(risks, BEFORE, AFTER).empty


def test_reviewed_links_are_not_asked_again(tmp_path):
    """A review that is filled in, saved as Excel does and read back, leaves nothing to ask."""
    before = make(
        BEFORE, ("Bokning", "Idrottshallar", "Dubbelbokningar"), ("Kök", "Tvätt", "Smitta")
    )
    after = make(AFTER, ("Bokning", "Idrottshallar", "Hyran uteblir"), ("Kök", "Tvätt", "Mögel"))
    risks = pd.concat([before, after])
    review = links_to_review(risks, BEFORE, AFTER)
    assert review.only_after.tolist() == ["Hyran uteblir", "Mögel"]
    filled = review.assign(decision=["different", "same"], by="Ida", date="2025-02-01")
    filled.iloc[:, :8].to_csv(tmp_path / "links.csv", sep=";", index=False, encoding="cp1252")
    assert links_to_review(risks, BEFORE, AFTER).empty
    links = link_risks(risks, BEFORE, AFTER)
    assert links.certainty.tolist() == ["person"]


def test_risks_with_nothing_but_a_goal_stop_nobody():
    """A risk without process, way of working and event has no text to compare: it is linked to nothing."""
    rows = [
        {"risk_id": p, "board": "Socialnämnden", "period": p, "goal": "Trygghet"}
        for p in (BEFORE, AFTER)
    ]
    assert links_to_review(frame("risks", rows), BEFORE, AFTER).empty


def test_a_message_names_the_line_of_the_file():
    """A fault names the line of the file, counted as an editor counts."""
    decide(("Krisplaner", "x", None), ("Fel", "Fel", "same"))
    with pytest.raises(ManualError, match="links.csv, rad 3: ”Fel” finns inte"):
        link_risks(pd.concat([TWINS_BEFORE, TWINS_AFTER]), BEFORE, AFTER)


def make_activities(period, *rows):
    names = ("process", "event", "activity")
    return frame(
        "activities",
        [
            {"activity_id": f"{period} {n}", "board": BOARD, "period": period}
            | dict(zip(names, row, strict=True))
            for n, row in enumerate(rows)
        ],
    )


def test_activities_with_one_text_are_linked_by_their_risk():
    """An activity's text is no key: the same words recur under different risks."""
    rows = [
        ("Bokslut", "Analysen brister", "Rutinbeskrivning"),
        ("Attest", "Fel attest", "Rutinbeskrivning"),
    ]
    activities = pd.concat(
        [make_activities("2025-T1", *rows), make_activities("2025-T2", *rows[::-1])]
    )
    assert pairs(link_activities(activities, "2025-T1", "2025-T2")) == {0: 1, 1: 0}


def follow_up(period, *rows):
    risks = make(period, *rows, value=None)
    columns = ["risk_id", "board", "period", "process", "event"]
    return risks, frame("activities", risks[columns].assign(activity_id=risks.risk_id))


def test_a_follow_up_takes_its_values_from_the_nearest_earlier_register():
    """A follow-up's risk has the value of the nearest register that is not later."""
    row = ("Inköp", None, "Köp utan avtal")
    register = [make(p, row, value=v) for p, v in (("2023-VB", 4), (BEFORE, 9), (AFTER, 16))]
    risks, activities = follow_up("2025-T1", row)
    found = with_risk_values(activities, pd.concat([*register, risks]))
    assert found.iloc[0, -3:].tolist() == [9, BEFORE, "exact"]


def test_a_register_tells_its_own_values():
    """An activity of a register has its own risk's value, as printed."""
    risks = make(BEFORE, ("Inköp", None, "Köp utan avtal"), value=6)
    activities = frame("activities", risks[["risk_id", "board", "period"]])
    found = with_risk_values(activities, risks)
    assert found.iloc[0, -3:].tolist() == [6, BEFORE, "printed"]


def test_no_register_leaves_the_value_missing():
    """Without a register, or a risk in it that fits, there is no value and no link."""
    risks, activities = follow_up("2025-T1", ("Inköp", None, "Köp utan avtal"))
    later = make(AFTER, ("Inköp", None, "Köp utan avtal"))
    other = make(BEFORE, ("Arkiv", None, "Fuktskador"))
    for registers in (later, other):
        found = with_risk_values(activities, pd.concat([registers, risks]))
        assert found.iloc[0, -3:].isna().all()


def test_a_risk_under_two_indicators_has_one_value():
    """A risk that a follow-up repeats under two indicators has the same value under both."""
    register = make(BEFORE, ("Valfrihet", None, "Inaktuell information"), value=8)
    risks = frame(
        "risks",
        [
            {
                "risk_id": n,
                "board": BOARD,
                "period": "2025-T1",
                "indicator": n,
                "event": "Inaktuell information",
            }
            for n in ("Hemtjänst", "Boende")
        ],
    )
    activities = frame("activities", risks[["risk_id", "board", "period", "indicator", "event"]])
    found = with_risk_values(activities, pd.concat([register, risks]))
    assert found.risk_value.tolist() == [8, 8]
    assert found.event.equals(activities.event)


@pytest.mark.parametrize(("values", "given"), [((9, 9), [9, 9]), ((9, 12), [None, None])])
def test_an_export_that_is_there_twice_gives_a_value_only_where_both_agree(values, given):
    """A copy changes no value; two versions with different values leave it unknown."""
    row = ("Inköp", None, "Köp utan avtal")
    registers = [make(BEFORE, row, value=value) for value in values]
    risks, activities = follow_up("2025-T1", row)
    risks, activities = (pd.concat([table, table]) for table in (risks, activities))
    found = with_risk_values(activities, pd.concat([*registers, risks]))
    assert found.risk_value.astype("object").where(found.risk_value.notna(), None).tolist() == given
