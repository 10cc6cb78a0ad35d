"""Which column is which field: by the words of its heading, and by what stands in it."""

import pytest

from riskdata.errors import LayoutError
from riskdata.shapes.columns import read_columns
from riskdata.shapes.parts import read_parts
from riskdata.shapes.shape import find_tables
from riskdata.words.vocabulary import vocabulary
from tests.shapes.test_shape import grid, only


def read(text: str):
    (table,) = find_tables([grid(text)], vocabulary())
    return read_columns(table, vocabulary())


def fields(text: str) -> tuple[str, ...]:
    return only(grid(text))[1].fields


def test_known_headings_are_no_guess():
    """Where every heading is known nothing is guessed and nothing asked."""
    columns = read("Process|Risk|Sannolikhet|Konsekvens|Riskvärde\nInköp|Köp utan avtal|3|4|12")
    assert (columns.guessed, columns.unused, columns.doubts) == ({}, {}, ())


@pytest.mark.parametrize(
    "heading", ["Sanno-\\nlikhet", "SANNOLIKHET:", "Sannolikhet (1-5)", "Sannolikhet*"]
)
def test_spellings_of_a_heading_are_one(heading):
    """Hyphens at a line's end, brackets and capitals never matter."""
    assert fields(f"Risk|{heading}|Konsekvens\nKöp utan avtal|3|4")[1] == "likelihood"


def test_unknown_heading_is_told_by_what_stands_in_its_column():
    """A column of status words is a status whatever it is called, and is said to be a guess."""
    columns = read("Risk|Åtgärd|Så går det\nKöp utan avtal|Katalog|Klar\nFel lön|Stickprov|Pågår")
    assert columns.fields == ("event", "activity", "status")
    assert [*columns.guessed] == [2]


def test_contents_rule_out_what_a_heading_hints_at():
    """Frekvens is no likelihood, and a start date no status."""
    columns = read("Risk|Åtgärd|Frekvens|Startdatum\nKöp utan avtal|Katalog|Månadsvis|2025-01-01")
    assert columns.fields[2:] == ("column 3", "column 4")
    assert columns.unused == {2: "Frekvens", 3: "Startdatum"}


def test_of_two_columns_of_one_field_the_one_that_fits_is_read():
    """Konsekvens as a text beside Konsekvens (1-5): the steps are the consequence."""
    columns = read(
        "Risk|Konsekvens|Sannolikhet (1-5)|Konsekvens (1-5)\nKöp utan avtal|Fel pris betalas|3|4"
    )
    assert columns.fields == ("event", "column 2", "likelihood", "consequence")


def test_short_name_beside_the_text_of_a_risk_yields():
    """R-01 under Risk and a text under Oönskad händelse: the text is the event."""
    columns = read("Risk|Oönskad händelse|Sannolikhet|Konsekvens\nR-01|Köp utan avtal|3|4")
    assert columns.fields[:2] == ("column 1", "event")


def test_short_name_with_its_number_yields_too():
    """R1 Buller under Risk is a name, whatever its number: the text beside it is the event."""
    columns = read(
        "Risk|Oönskad händelse|Sannolikhet|Konsekvens\nR1 Buller|Klagomål glöms|3|4\nR2 Is|Isen brister|2|2"
    )
    assert columns.fields[:2] == ("column 1", "event")


def test_text_of_a_consequence_is_no_measure():
    """The only text left beside what is said of a control tells what a risk leads to: no measure."""
    columns = read(
        "Riskbeskrivning|Konsekvens om det inträffar|S|K|När|Resultat\n"
        "Lön betalas för länge|Återkrav måste göras|2|3|2025-05-01|Utan avvikelse\n"
        "Faktura betalas två gånger|Nämnden får en merkostnad|3|3|2025-06-01|Utan avvikelse"
    )
    assert "activity" not in columns.fields


def test_two_columns_that_both_fit_are_a_doubt():
    """The first is read, and the other told."""
    columns = read("Risk|Sannolikhet|Konsekvens|Åtgärd|Aktivitet\nKöp|3|4|Ny katalog|Ny utbildning")
    assert columns.fields.count("activity") == 1
    assert [*columns.guessed, *(n for n, _ in columns.doubts)]


def test_level_is_no_value():
    """A column of values whose cells are words is the level."""
    assert fields("Risk|Sannolikhet|Konsekvens|Riskpoäng\nKöp utan avtal|3|4|HÖG")[3] == "level"


def test_value_fused_with_a_decision_is_still_a_value():
    """Cells that begin with a number are values whatever stands after it."""
    text = "Risk|Sannolikhet|Konsekvens|Riskvärde|Hantera risk\nKöp utan avtal|3|4|12 Acceptera|"
    assert fields(text)[3] == "risk_value"


def test_missing_axis_is_told_by_the_product():
    """A nameless column of steps that makes the value with the other axis is the axis that is missing."""
    columns = read("Risk|Sannolikhet|Grad|Riskvärde\nKöp utan avtal|3|4|12\nFel lön|2|5|10")
    assert columns.fields == ("event", "likelihood", "consequence", "risk_value")
    assert 2 in columns.guessed


def test_yes_under_the_control_plan_is_a_decision():
    """Till IKP says with Ja and Nej whether a risk goes to the control plan."""
    columns = read("Risk|Sannolikhet|Konsekvens|Till IKP\nKöp utan avtal|3|4|Ja\nFel lön|2|4|Nej")
    assert columns.fields[3] == "decision"
    assert columns.vocab.decisions["ja"] == "control_plan"


def test_owner_of_a_risk_is_not_who_makes_the_measure():
    """Ansvarig in a table without measures is the owner of the risk."""
    assert (
        fields("Risk|Sannolikhet|Konsekvens|Ansvarig\nKöp utan avtal|3|4|Vera Ek")[3]
        == "risk_owner"
    )


def test_outcomes_of_controls_are_a_follow_up():
    """Controls with what they showed are no plan."""
    _, columns = only(grid(
        "Process|Risk|Kontrollmoment|Resultat\nInköp|Köp utan avtal|Kontroll av fakturor|Utan avvikelse"
    ))  # fmt: skip
    assert columns.fields[3] == "outcome" and columns.layout.kind == "follow_up"


def test_table_that_says_nothing_of_risks_is_refused_with_what_was_seen():
    """The message lists each column with its values, so that a person can say what it is."""
    with pytest.raises(LayoutError, match=r"Kund: okänd \(”Bagaren”"):
        read_parts([grid("Nr|Kund|Belopp|Ansvarig\n1|Bagaren|100|Vera Ek")], vocabulary())
