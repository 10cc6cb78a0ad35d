"""The layouts beside the usual two: older registers, control plans, and those that a user declares."""

import pytest

import riskdata as rd
from riskdata.errors import RiskdataError
from riskdata.words.vocabulary import read_vocabulary

OLDER = "Nämndens väsentliga processer\tRisk\tFinns rutinbeskr.\tGenomförs löp. kontroller\t"
OLDER += "Sannolikhet\tVäsentlighet"
FLAT = OLDER.replace("\t", " ")
PLAN = "Process\tKontrollmoment\tRiskvärde\tKontrollmetod\tKontrollansvarig\tFrekvens"
FOREIGN = "Ref\tArea\tRisk description\tProbability\tImpact\tOwner\tMitigation"
THEIRS = "7\tWater\tA pipe bursts\tLow\tHigh\tMaja Lind\tInspect pipes"
OWN = """
[english]
kind = "register"
required = ["event", "likelihood", "consequence"]
extra = ["Ref"]
[english.headers]
process = ["Area"]
event = ["Risk description"]
likelihood = ["Probability"]
consequence = ["Impact"]
responsible = ["Owner"]
activity = ["Mitigation"]
[english.fill_down]
process = []
[english.scales]
likelihood = [["Low"], ["Medium"], ["High"]]
consequence = [["Low"], ["Medium"], ["High"]]
"""


def kept(data) -> list[tuple]:
    """Return what the account keeps of columns that the tables have no place for."""
    rows = data.account[data.account.rule == "extra_column"]
    return list(zip(rows.source_row, rows.column, rows.before, strict=True))


# -- the older register --------------------------------------------------------------------------


def test_older_register_computes_its_values_and_keeps_its_answers(read):
    """Without a value column the product stands in, and the account says so; yes and no are kept."""
    data = read(
        OLDER,
        "Tillsyn\tBesök uteblir\tJa\tNej\t3 - Möjlig\t5 - Mycket allvarlig",
        "\tBeslut dröjer\t\t\t2 - Mindre sannolikt\t4 - Allvarlig",
    )
    assert data.sources.layout.tolist() == ["older_register"]
    assert data.risks.process.tolist() == ["Tillsyn", "Tillsyn"]
    assert data.risks.risk_value.tolist() == [15, 8]
    assert data.account.query("rule == 'value_computed'").proof.tolist() == ["3×5=15", "2×4=8"]
    assert kept(data) == [
        (2, "Finns rutinbeskr.", "Ja"), (2, "Genomförs löp. kontroller", "Nej"),
    ]  # fmt: skip


def test_flattened_register_is_parted_by_the_end_of_each_row(read):
    """With single spaces for tabs, the columns are told from the steps and answers that end a row."""
    data = read(
        FLAT,
        "Tillsyn av mat, vatten, luft och ljud. Besök (5) uteblir Ja Nej 3 - Möjlig 5 - Mycket allvarlig",
        "           ",
        "  Beslut dröjer     2 - Mindre sannolikt 4 - Allvarlig",
        "Larm och jour Jouren nås inte Ja Ja 1 - Osannolikt 4",
    )
    assert data.unread.empty
    assert data.risks.process.tolist() == ["Tillsyn av mat, vatten, luft och ljud."] * 2 + [
        "Larm och jour"
    ]
    assert data.risks.event.tolist() == [
        "Besök (5) uteblir", "Beslut dröjer", "Jouren nås inte",
    ]  # fmt: skip
    assert data.risks.risk_value.tolist() == [15, 8, 4]
    assert [text for _, _, text in kept(data)] == ["Ja", "Nej", "Ja", "Ja"]


def test_where_a_process_ends_is_said_to_be_a_conclusion(read):
    """What nothing printed proves is in the account with its ground, and a question for a person."""
    data = read(FLAT, "Larm och jour Jouren nås inte Ja Ja 1 - Osannolikt 4 - Allvarlig")
    told = data.account.query("rule == 'process_told'")
    assert told.after.tolist() == ["Larm och jour | Jouren nås inte"]
    assert told.proof.tolist() == ["enda stället där en mening kan börja"]
    assert "uncertain_reading" in data.findings.check.tolist()


def test_event_that_stands_alone_tells_where_the_process_before_it_ends(read):
    """Of several places, the one before a text that is an event elsewhere is the right one."""
    data = read(
        FLAT,
        "Avtal med Ekvalla Energi Avtalet löper ut Ja Ja 2 - Mindre sannolikt 4 - Allvarlig",
        "  Avtalet löper ut Ja Ja 3 - Möjlig 4 - Allvarlig",
    )
    assert data.risks.process[0] == "Avtal med Ekvalla Energi"


def test_process_and_event_that_cannot_be_parted_are_left_whole(read):
    """With two places where the event may begin nothing is chosen: both columns have the whole text."""
    whole = "Avtal med Ekvalla energi Avtalet löper ut"
    data = read(FLAT, f"{whole} Ja Ja 2 - Mindre sannolikt 4 - Allvarlig")
    assert (data.risks.process[0], data.risks.event[0]) == (whole, whole)
    assert "not_parted" in data.account.rule.tolist()
    assert "uncertain_reading" in data.findings.check.tolist()


def test_one_answer_for_two_columns_is_not_placed(read):
    """A row whose only answer may belong to either column is left, with a reason."""
    row = "Larm Jouren nås inte Ja 1 - Osannolikt 4 - Allvarlig"
    data = read(FLAT, row, "Brand Larmet tystnar Ja Ja 1 - Osannolikt 4 - Allvarlig")
    assert data.unread.text.tolist() == [row]
    assert len(data.risks) == 1


def test_unknown_period_says_what_to_write_in_sources(read):
    """An older register without period is refused with the line to add."""
    with pytest.raises(RiskdataError, match=r"period framgår varken(?s:.)*sources\.csv"):
        read(
            FLAT,
            "Larm Jouren nås inte Ja Ja 1 - Osannolikt 4 - Allvarlig",
            name="Socialnämnden.txt",
        )


# -- the control plan ------------------------------------------------------------------------------


def test_control_plan_gives_controls_with_their_value_and_method(read):
    """A control is an activity, its method the description; the value is printed, never computed."""
    data = read(
        PLAN,
        "Inköp\tAttest av fakturor\t12\tStickprov på 20 fakturor\tMaja Lind\tKvartal",
        "\tAvtalstrohet\t9\tJämförelse med avtal\tOmar Berg\tÅr",
        "Larm\tProv av larm\t\tLarmet provas\tOmar Berg\tMånad",
    )
    assert data.sources[["kind", "layout"]].values.tolist() == [["plan", "plan"]]
    assert data.risks.process.tolist() == ["Inköp", "Inköp", "Larm"]
    assert data.risks.risk_value.tolist()[:2] == [12, 9]
    assert data.risks.risk_value.isna().tolist() == [False, False, True]
    assert data.activities.activity.tolist() == [
        "Attest av fakturor",
        "Avtalstrohet",
        "Prov av larm",
    ]
    assert data.activities.description[0] == "Stickprov på 20 fakturor"
    assert data.activities.responsible.tolist() == [["Maja Lind"], ["Omar Berg"], ["Omar Berg"]]
    assert data.activities.risk_id.tolist() == data.risks.risk_id.tolist()
    assert [text for _, _, text in kept(data)] == ["Kvartal", "År", "Månad"]
    assert {"event_missing", "high_outside_control_plan"}.isdisjoint(data.findings.check)


# -- layouts that a user declares --------------------------------------------------------------------


@pytest.fixture
def foreign(project):
    """Return a project whose only export is of a layout that nobody knows."""
    (file,) = (project / "data" / "raw").iterdir()
    file.write_text(f"{FOREIGN}\n{THEIRS}\n", encoding="utf-8")
    return file


def declare(text: str, file) -> None:
    (file.parents[1] / "manual" / "layouts.toml").write_text(text, encoding="utf-8")


def test_declared_layout_is_read_with_its_own_headers_and_scales(foreign):
    """Another municipality's register is read by a layout of its own, in words of its own."""
    declare(OWN, foreign)
    data = rd.clean_folder()
    (risk,) = data.risks.to_dict("records")
    assert (risk["process"], risk["event"]) == ("Water", "A pipe bursts")
    assert (risk["likelihood"], risk["consequence"], risk["risk_value"]) == (1, 3, 3)
    assert data.activities.responsible.tolist() == [["Maja Lind"]]
    assert kept(data) == [(2, "Ref", "7")]
    assert data.unread.empty


def test_declared_layout_of_a_known_name_replaces_what_it_says(foreign):
    """Only the keys that the user's layout names change; the rest stands as shipped."""
    declare('[register]\nkind = "plan"\n', foreign)
    layout = read_vocabulary(foreign.parents[1] / "manual").words["layouts"]["register"]
    assert layout["kind"] == "plan"
    assert "event" in layout["required"]


@pytest.mark.parametrize(
    ("declared", "remedy"),
    [
        ('[egen]\nrequired = ["event"]', "kind = ett av register"),
        ('[egen]\nkind = "register"', "required"),
        ('[egen]\nkind = "register"\nrequired = ["event"]\ncolour = 1', "colour.* inte är känt"),
        ('[egen]\nkind = "register"\nrequired = ["event"]\nanchors = ["evnt"]', "evnt"),
        ('[egen]\nkind = "register"\nrequired = ["event"]\nfill_down = "process"', "fel form"),
        ("egen = 3", "ska vara en avdelning"),
        ("[egen", "TOML"),
    ],
)
def test_wrong_declaration_is_said_and_leaves_the_tables(cleaned_project, declared, remedy):
    """A fault in layouts.toml stops the run before anything is written."""
    layouts = cleaned_project / "data" / "manual" / "layouts.toml"
    layouts.write_text(declared, encoding="utf-8")
    with pytest.raises(RiskdataError, match=rf"layouts\.toml(?s:.)*{remedy}"):
        rd.clean_folder()
    layouts.unlink()
    assert len(rd.load().risks) == 1


def test_heading_with_another_word_is_guessed_and_said_to_be(read):
    """A column that another word heads is read by what stands in it, and each guess is a finding."""
    data = read("Process\tRisk\tSannolikhet\tPåverkan", "Larm\tTystnar\t2\t4", "El\tBryts\t1\t3")
    assert data.risks.consequence.tolist() == [4, 3]
    assert data.account[data.account.rule == "guessed_column"].before.tolist() == ["Påverkan"]
    assert data.sources.guessed.tolist() == [1]
