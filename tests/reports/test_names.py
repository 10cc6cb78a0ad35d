"""Nobody who is responsible is named in what leaves the project, and ordinary words stay."""

import pytest

from riskdata.reports.masking import known_people, mask_names, mask_text
from riskdata.tables.schema import frame

PEOPLE = ["Maja Ek", "Omar Lind", "Anna-Karin Björk", "Hans Berg", "Feride Yilmaz"]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Maja Ek har infört rutinen.", "[namn] har infört rutinen."),
        ("Ansvarig är Lind, Omar till dess.", "Ansvarig är [namn] till dess."),
        ("MAJA EK och omar lind möttes.", "[namn] och [namn] möttes."),
        ("Enligt O. Lind är det klart.", "Enligt [namn] är det klart."),
        ("Maja Eks plan gäller.", "[namn]s plan gäller."),
        ("Samtal med Anna-Karin om planen.", "Samtal med [namn] om planen."),
        ("Klart. /Feride", "Klart. /[namn]"),
        ("Yilmaz: genomfört.", "[namn]: genomfört."),
        ("Frågor till maja.ek@ekvalla.example besvaras.", "Frågor till [namn] besvaras."),
        ("Ek, maja.ek@ekvalla.example", "[namn], [namn]"),
        ("Maja Ek Holmqvist följer upp.", "[namn] följer upp."),
    ],
)
def test_a_known_person_is_masked_however_the_name_is_written(text, masked):
    """Order, capitals, initials, genitives, lone names and addresses hide nobody."""
    assert mask_text(text, PEOPLE)[0] == masked


@pytest.mark.parametrize(
    "text",
    [
        "Ekens skola och Lindgården är med.",
        "Björk och ek planteras på gården.",
        "Hans arbete fortsätter.",
        "Lindrig konsekvens, bergvärme och björkar.",
    ],
)
def test_ordinary_words_stay(text):
    """A surname that is part of a longer word, or an ordinary word in its place, is no name."""
    assert mask_text(text, PEOPLE)[0] == text


def test_an_ordinary_word_with_a_capital_inside_a_sentence_is_a_name():
    """Only where a sentence begins does a capital say nothing."""
    assert (
        mask_text("Det görs av Ek, bl.a. Berg.", PEOPLE)[0] == "Det görs av [namn], bl.a. [namn]."
    )


def test_an_ordinary_word_that_does_something_is_a_name():
    """Where a sentence begins, what follows tells a person from a tree."""
    assert (
        mask_text("Ek har slutat. Ek växer fort.", PEOPLE)[0] == "[namn] har slutat. Ek växer fort."
    )


def test_what_is_left_in_doubt_is_listed_to_be_looked_at():
    """A word that may be a name is left, but said."""
    assert mask_text("Ek växer fort.", PEOPLE)[1] == [("Ek", False)]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Nya rektorn Vera Stormvik har börjat.", "Nya rektorn [namn] har börjat."),
        ("Enhetschef, Kerstin Holmqvist, följer upp.", "Enhetschef, [namn], följer upp."),
        ("Möte med controller Stormvik i maj.", "Möte med controller [namn] i maj."),
        ("Rutinen är Kerstin Holmqvists.", "Rutinen är [namn]s."),
    ],
)
def test_somebody_unknown_is_told_by_title_or_given_name(text, masked):
    """A follow-up names people whom no register lists."""
    assert mask_text(text, PEOPLE)[0] == masked


@pytest.mark.parametrize(
    "text", ["Enhetschef Hemtjänsten tar över.", "Rektor Ekbackens skola.", "Ansvarig: Se bilagan."]
)
def test_a_unit_after_a_title_is_no_name(text):
    """What a chief is chief of may be said."""
    assert mask_text(text, PEOPLE)[0] == text


def test_what_is_printed_for_a_person_without_being_one_masks_nothing_else():
    """ "Alla" in the column of people makes no name of the word."""
    assert mask_text("Alla har gått utbildningen.", ["Alla", "HR", "Ledningsgruppen"])[0] == (
        "Alla har gått utbildningen."
    )


def test_every_entry_in_a_list_of_people_is_masked():
    """Whatever stands in the column of people is masked there, and how many they are is kept."""
    table = frame("activities", [{"responsible": ["Maja Ek", "Enhetschefen"]}])
    assert mask_names(table, PEOPLE)[0].responsible[0] == ["[namn]", "[namn]"]


def test_a_list_of_anything_else_names_nobody():
    """What is set aside of each kind is a list too."""
    cells = frame("cells", [{"source_file": "a.txt", "kinds": ["header 2"]}])
    masked, listed = mask_names(cells, PEOPLE)
    assert masked.kinds[0] == ["header 2"] and listed.empty


def test_the_list_says_where_each_name_stood():
    """Somebody who reviews the list finds the row in the source."""
    row = {"source_file": "a.txt", "source_row": 7, "comment": "Maja Ek ansvarar."}
    listed = mask_names(frame("activities", [row]), PEOPLE)[1]
    assert listed.values.tolist() == [["a.txt", 7, "comment", "Maja Ek", True]]


def test_a_table_that_is_masked_is_a_new_one_with_the_same_types():
    """Masking mutates nothing, and what was missing is still missing."""
    table = frame("activities", [{"comment": "Maja Ek"}, {"activity": "Rutin"}])
    masked = mask_names(table, PEOPLE)[0]
    assert table.comment[0] == "Maja Ek"
    assert (masked.dtypes == table.dtypes).all() and masked.comment.isna().tolist() == [False, True]


def test_masking_twice_changes_nothing_more():
    """The placeholder is no name."""
    once = mask_text("Enligt rektor Maja Ek.", PEOPLE)[0]
    assert mask_text(once, PEOPLE)[0] == once


def test_people_known_in_one_table_are_masked_in_all():
    """The names come from the activities; comments, repairs and findings may repeat them."""
    rows = {
        "activities": [{"responsible": ["Maja Ek"]}],
        "account": [{"before": "9 Maja Ek", "after": "Maja Ek"}],
        "findings": [{"evidence": "Eva Strid? Nej, Maja Ek."}],
    }
    tables = {name: frame(name, held) for name, held in rows.items()}
    people = known_people(tables["activities"])
    bare = [mask_names(table, people)[0] for table in tables.values()]
    assert "Ek" not in " ".join(str(table.values) for table in bare)


def test_known_people_are_listed_once():
    """Somebody responsible for two things is one person."""
    rows = [{"responsible": ["Omar Lind", "Maja Ek"]}, {"responsible": ["Maja Ek"]}]
    assert known_people(frame("activities", rows)) == ["Maja Ek", "Omar Lind"]


def test_what_looks_like_a_person_in_an_event_or_activity_is_masked():
    """Somebody whom no list of people has is masked until somebody has looked."""
    risks = frame("risks", [{"event": "Zoran Petric slutar"}])
    work = frame("activities", [{"activity": "Samtal med Anna varje månad"}])
    people = known_people(work, risks)
    assert people == ["Anna", "Zoran Petric"]
    assert mask_names(risks, people)[0].event[0] == "[namn] slutar"


@pytest.mark.parametrize(
    "text",
    [
        "Anmälan enligt Lex Maria",
        "Utbildning i Microsoft Teams",
        "Avtal med Region Sörland",
        "Bättre Samverkan med andra",
        "Byte av Treserva",
    ],
)
def test_what_has_a_name_without_being_a_person_is_left(text):
    """Laws, systems and regions have capitals too."""
    assert known_people(frame("activities", [{"activity": text}])) == []


def test_what_somebody_has_looked_at_is_left(project):
    """A text that is no name is said so once, in data/manual/vocabulary.toml."""
    own = project / "data" / "manual" / "vocabulary.toml"
    own.write_text('[people]\nnot_names = ["Kolmex Zedora"]\n', "utf-8")
    assert known_people(frame("activities", [{"activity": "Byte till Kolmex Zedora"}])) == []
