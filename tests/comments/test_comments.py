"""Reading a Swedish comment: verdict, reason, sentence, times and how surely."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskdata.comments import NOTHING, REASONS, Reading, cut, model, read_all
from riskdata.comments.times import told
from riskdata.words.periods import period_key

PERIOD = "2024-VB"
ROOT = Path(__file__).parents[2]
TRAINING = ROOT / "training" / "comments.csv"
EVALUATION = sorted((ROOT / "tests" / "evaluation").glob("comments_*.csv"))


def read_comment(comment: str, period: str, *, ticked: bool = False) -> Reading:
    """Return what one comment says."""
    return read_all([(comment, period, ticked)])[0]


def verdict(comment: str, period: str = PERIOD) -> str:
    """Return the verdict alone."""
    return read_comment(comment, period).verdict


@pytest.mark.parametrize("comment", [None, float("nan"), "", " \u200b ", "-", "–"])
def test_an_empty_comment_says_nothing(comment):
    """Missing, blank and a dash alone are no comment."""
    assert read_comment(comment, PERIOD) == NOTHING


def test_a_reference_alone_is_silent():
    """A comment that only points elsewhere leaves the matter unknown."""
    assert read_comment("Se nämndens protokoll.", PERIOD).reason == "comment_silent"


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("Checklistan har inte införts.", "unfinished"),
        ("Checklistan infördes aldrig.", "unfinished"),
        ("Inga övningar har kunnat hållas.", "unfinished"),
        ("Samtliga chefer har ännu inte gått utbildningen.", "unfinished"),
        ("Inga extra kontroller behöver göras.", "finished"),
        ("Vi har inte behövt vidta några åtgärder.", "finished"),
        ("Inga brister noterades vid kontrollen.", "finished"),
        ("Inte bara chefer utan även skyddsombud har utbildats.", "finished"),
        ("Inga möten har ställts in.", "finished"),
        ("Kontrollen är gjord. Den visade att rutinen inte följs.", "finished"),
    ],
)
def test_negation_reaches_as_far_as_its_verb(comment, expected):
    """A denied doing is not done; a denied need, fault or failure is nothing left to do."""
    assert verdict(comment) == expected


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("Övningen planerades in och genomfördes.", "finished"),
        ("Övningen planeras.", "unfinished"),
        ("Upphandlingen har påbörjats.", "unfinished"),
        ("Upphandlingen påbörjades i mars och slutfördes i maj.", "finished"),
        ("Rutinen ska tas fram.", "unfinished"),
        ("Rutinen togs fram.", "finished"),
        ("Rutinen är under framtagande.", "unfinished"),
        ("Kursen skulle ha hållits i maj.", "unfinished"),
        ("Kursen kunde hållas som planerat.", "finished"),
        ("Arbetet vilar i avvaktan på beslut.", "unfinished"),
    ],
)
def test_tense_and_aspect_decide(comment, expected):
    """What is planned, begun, under way or resting is unfinished; what was carried out is not."""
    assert verdict(comment) == expected


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("Försenades under våren men är nu genomfört.", "finished"),
        ("Kursen ställdes in i mars. Den hölls i stället i maj.", "finished"),
        ("Tidigare förseningar är åtgärdade.", "finished"),
        ("Rutinen är framtagen men ännu inte införd.", "unfinished"),
        ("Rutinen är klar. Utbildning av vikarier återstår.", "unfinished"),
        ("Införandet pågår. Rutinen är klar.", "unfinished"),
    ],
)
def test_what_is_done_after_all_takes_back_what_stands_before(comment, expected):
    """The same thing done later lifts a delay; another thing done does not."""
    assert verdict(comment) == expected


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("Listan uppdateras löpande.", "comment_recurring"),
        ("Arbetet pågår kontinuerligt.", "comment_recurring"),
        ("Arbetet fortsätter under 2025.", "comment_continues"),
        ("Arbetet sker löpande och fortsätter under 2025.", "comment_continues"),
    ],
)
def test_a_recurring_task_is_not_one_that_goes_on_next_year(comment, expected):
    """Done again and again is done; going on into a later period is not."""
    assert read_comment(comment, PERIOD).reason == expected


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("8 av 12 enheter har genomfört kontrollen.", "unfinished"),
        ("Tolv av tolv enheter har genomfört kontrollen.", "finished"),
        ("70 procent av sidorna är uppdaterade.", "unfinished"),
        ("Hälften av cheferna har utbildats.", "unfinished"),
        ("Kontroll gjord. I tre av tjugo akter saknas underskrift.", "finished"),
    ],
)
def test_a_part_done_is_unfinished_but_a_share_found_is_not(comment, expected):
    """Shares count when they are of the doing, not when they are what a control found."""
    assert verdict(comment) == expected


@pytest.mark.parametrize(
    ("comment", "period", "later"),
    [
        ("Uppdateras 2025.", "2024-VB", "2025"),
        ("Kommer att hållas i februari 2025.", "2024-VB", "2025-T1"),
        ("Kommer att hållas i februari.", "2024-VB", "2025-T1"),
        ("Planeras till hösten.", "2024-T1", "2024-VB"),
        ("Skjuts upp till nästa år.", "2024-T1", "2025"),
        ("Tas upp i nämnden 2024-06-11.", "2024-T1", "2024-T2"),
        ("Leverans sker vecka 41.", "2024-T2", "2024-VB"),
        ("Flyttas från mars till september 2025.", "2024-VB", "2025-VB"),
        ("Ska vara klart efter årsskiftet.", "2024-T2", "2025-T1"),
        ("Arbetet pågår.", "2024-VB", None),
        ("Har inte genomförts. Flyttas till 2025.", "2024-VB", "2025"),
        ("Väntas till hösten 2025, senast under 2025.", "2024-VB", "2025-VB"),
        ("Väntas under 2025, senast till december 2025.", "2024-VB", "2025"),
    ],
)
def test_a_later_period_is_measured_against_the_exports_own(comment, period, later):
    """Years, seasons, months, weeks and dates become the report that will cover them."""
    assert read_comment(comment, period).later == later


@pytest.mark.parametrize(
    ("comment", "period", "expected"),
    [
        ("Kontrollen görs i november.", "2024-T2", "unfinished"),
        ("Kontrollen gjordes i november.", "2024-VB", "finished"),
        ("Klart 2024-10-15.", "2024-T2", "unfinished"),
        ("Klart 2024-10-15.", "2024-VB", "finished"),
        ("Planen för 2025 är antagen.", "2024-VB", "finished"),
        ("Planen 2025 är antagen.", "2024-VB", "finished"),
    ],
)
def test_a_time_counts_by_the_period_and_not_as_a_name(comment, period, expected):
    """The same words are ahead in one report and behind in the next; a plan's year is a name."""
    assert verdict(comment, period) == expected


@pytest.mark.parametrize(
    "comment",
    [
        "Kontrollen är gjord. Det finns fortsatt behov av utbildning.",
        "Kontrollen är gjord. Målet nåddes dock inte.",
    ],
)
def test_a_need_or_a_missed_target_is_told_but_does_not_undo(comment):
    """The activity is done; the sentence about what remains is kept for a person."""
    reading = read_comment(comment, PERIOD)
    assert (reading.verdict, reading.need) == ("finished", cut(comment)[1])


def test_the_evidence_is_the_sentence_quoted():
    """The sentence that decides is given as it is printed."""
    comment = "Möten har hållits. Arbetet fortsätter under 2025. Ansvarig är enhetschefen."
    assert read_comment(comment, PERIOD).evidence == "Arbetet fortsätter under 2025."


def test_abbreviations_do_not_end_sentences():
    """Bl.a., t.ex., m.m. and kl. are inside a sentence; a line that begins anew is not."""
    comment = "Bl.a. Ekbacka, t.ex. köket m.m. är klart kl. 13.\nNästa del\npågår."
    assert cut(comment) == [
        "Bl.a. Ekbacka, t.ex. köket m.m. är klart kl. 13.",
        "Nästa del pågår.",
    ]


@given(st.text(max_size=200), st.sampled_from(["2024-VP", "2024-T1", "2024-T2", "2024-VB"]))
def test_any_text_can_be_read(comment, period):
    """No text stops the reading, and what it says is from the closed lists."""
    reading = read_comment(comment, period)
    assert reading.verdict in model.VERDICTS
    assert reading.reason in REASONS


def test_no_comment_is_both_learnt_from_and_held_out():
    """What is held out says how other comments are read only if nothing was learnt from it."""
    learnt = {row["comment"].lower() for row in labelled(TRAINING) if len(row["comment"]) > 25}
    held_out = [row["comment"].lower() for file in EVALUATION for row in labelled(file)]
    assert held_out
    assert sum(comment in learnt for comment in held_out) == 0


def test_every_verdict_and_reason_is_learnt():
    """A labelled comment has a verdict and a reason that the model knows, and each is there."""
    rows = labelled(TRAINING)
    assert {row["reason"] for row in rows} == set(model.REASONS)
    assert all(model.REASONS[row["reason"]] == row["label"] for row in rows)


def test_verdicts_share_one():
    """How likely each verdict is, together 1; words that nobody has used say nothing."""
    read = model.likely(model.load(), [[["xyzzy"]], [["rutinen", "är", "införd"], ["klart"]]])
    found = model.verdicts(model.summary(*read, [1, 2]), model.load().calibration)
    assert found.sum(axis=1) == pytest.approx([1, 1])
    assert [model.VERDICTS[n] for n in found.argmax(axis=1)] == ["unknown", "finished"]


def test_many_are_read_as_each_by_itself():
    """A comment says the same alone and among others."""
    keys = [("Arbetet pågår.", PERIOD, False), (None, PERIOD, False), ("Klart.", PERIOD, True)]
    assert read_all(keys) == [read_comment(c, p, ticked=t) for c, p, t in keys]


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("Åtgärden utgår enligt nämndens beslut.", "cancelled"),
        ("Byggnaden ska rivas så renoveringen blir inte av.", "cancelled"),
        ("Uppdraget är överlämnat till kommunalförbundet.", "unfinished"),
        ("Tre av fem enheter har gjort kontrollen.", "unfinished"),
        ("68 procent av planerna är klara, målet är 75 procent.", "unfinished"),
        ("Enligt plan.", "unknown"),
        (
            "Mallen är beslutad. Nästa steg blir att se över arkivplanen, som är en egen åtgärd.",
            "finished",
        ),
    ],
)
def test_what_is_dropped_handed_over_counted_or_only_as_planned(comment, expected):
    """Dropped is counted apart; handed over or below a target is unfinished; another task does not undo."""
    assert verdict(comment) == expected


@pytest.mark.parametrize(
    ("comment", "period", "token"),
    [
        ("Utbildningen hölls i november.", "2024-T2", "¤past"),
        ("I november hölls utbildningen.", "2024-T2", "¤past"),
        ("Utbildningen hålls i november.", "2024-T2", "¤later"),
        ("Utbildningen kommer att hållas i februari.", "2024-VB", "¤later"),
        ("Infördes i höstas.", "2024-T1", "¤past"),
        ("Infördes i november förra året.", "2024-T1", "¤past"),
        ("Rutinen gäller sedan november.", "2024-T1", "¤since"),
        ("Mötet flyttades till november.", "2024-T2", "¤later"),
        ("Planen för 2025 är antagen.", "2024-VB", "¤name"),
        ("Gjordes under 2024.", "2024-VB", "¤past"),
        ("Görs vecka 46–49.", "2024-T2", "¤later"),
        ("Görs under kvartal 4.", "2024-T2", "¤later"),
    ],
)
def test_tense_goes_before_month(comment, period, token):
    """A month is on the side of the report's end that the nearest verb says."""
    assert [word for word in told(comment, period_key(period)[:2], False)[0] if word[0] == "¤"] == [
        token
    ]


def test_a_tick_makes_what_is_ready_past():
    """ "Klart i november" beside a tick was last year's; without one it may be ahead."""
    found = [told("Klart i november.", (2024, 8), ticked)[0][-1] for ticked in (True, False)]
    assert found == ["¤past", "¤later"]


def test_from_one_time_to_another_is_the_last():
    """Of "från mars till september" only September counts."""
    assert told("Flyttas från mars till september 2025.", (2024, 12), False)[1] == "2025-VB"


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("8 av 12 enheter", "¤count"),
        ("tolv av tolv enheter", "¤all"),
        ("70 procent av sidorna", "¤share"),
        ("68 procent mot 75 procent", "¤missed"),
        ("andelen är 81 %, målet är 75 %", "¤met"),
    ],
)
def test_counts_and_shares_are_held_against_their_whole_or_target(text, token):
    """Three of five is a count, five of five is all, and a share beside a target is met or missed."""
    assert token in told(text, (2024, 12), False)[0]


def labelled(path: Path) -> list[dict]:
    """Return the rows of a labelled set."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))
