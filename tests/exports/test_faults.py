"""Each known fault of a text export, in five lines or fewer, and what must come of it."""

import pandas as pd
import pytest

from riskdata.errors import RiskdataError
from riskdata.exports.tidy import tidy
from riskdata.readers.grid import Grid, Merge
from riskdata.shapes.parts import read_parts
from riskdata.words.vocabulary import vocabulary
from tests.conftest import FOLLOW_UP, REGISTER

GOOD = "1.1 Mål\tTillsyn\tBesök\tTillsyn uteblir\t3.Möjlig\t4.Allvarlig\t12\tAcceptera\t"
GOOD += "Avslutad Plan för tillsyn\tPlanen tas fram\tMaja Lind"
SECOND = "\tLarm\tProv\tLarm fungerar inte\t2.Mindre sannolikt\t4.Allvarlig\t8\tAcceptera\t"
SECOND += "Pågående Prov av larm\tLarm provas\tOmar Berg"


def rules(data) -> list[str]:
    return data.account.rule.tolist()


def entry(data, rule: str) -> pd.Series:
    return data.account[data.account.rule == rule].iloc[0]


def asked(data, rule: str) -> list[tuple]:
    """Return what is asked about by a rule of the account, each with its row; each is a finding."""
    rows = data.account[data.account.rule == rule]
    told = list(zip(rows.source_row, rows.before, strict=True))
    found = data.findings[data.findings.check == "uncertain_reading"]
    assert set(told) <= set(zip(found.source_row, found.evidence, strict=True))
    return told


def test_value_and_decision_in_one_cell_are_split_and_proven(read):
    """A value that shares its decision's cell is split off, and the product proves it."""
    data = read(REGISTER, GOOD, SECOND.replace("8\tAcceptera", "8 Acceptera"))
    assert data.risks.risk_value.tolist() == [12, 8]
    assert data.activities.responsible.tolist() == [["Maja Lind"], ["Omar Berg"]]
    assert entry(data, "value_split").proof == "2×4=8"


def test_name_in_the_place_of_a_description_is_moved(read):
    """People who stand under Beskrivning move to Ansvarig; a row that names them is the proof."""
    data = read(REGISTER, GOOD, SECOND.replace("Larm provas\tOmar Berg", "Maja Lind\t"))
    assert data.activities.responsible[1] == ["Maja Lind"]
    assert pd.isna(data.activities.description[1])
    assert entry(data, "name_moved").proof == "ansvarig även på rad 2"


def test_name_nobody_has_seen_is_moved_without_proof(read):
    """A person told only by the shape of the name is moved, but nothing is claimed as proof."""
    data = read(REGISTER, GOOD, SECOND.replace("Larm provas\tOmar Berg", "Pia Dahl\t"))
    assert data.activities.responsible[1] == ["Pia Dahl"]
    assert entry(data, "name_moved").proof == ""


def test_description_stays_when_nobody_is_responsible(read):
    """A sentence under Beskrivning with a blank Ansvarig is a description."""
    data = read(REGISTER, GOOD, SECOND.replace("Larm provas\tOmar Berg", "Chefer provar larm.\t"))
    assert data.activities.description[1] == "Chefer provar larm."
    assert data.findings.check.tolist().count("activity_without_responsible") == 1


def test_group_cells_are_filled_down_within_their_group(read):
    """A new goal clears the process above it; a blank one is filled."""
    third = "1.2 Annat mål\t\t\tEl bryts\t1\t1\t1\tAcceptera\t\t\t"
    data = read(REGISTER, GOOD, SECOND, third)
    assert data.risks.goal.tolist() == ["Mål", "Mål", "Annat mål"]
    assert data.risks.process.isna().tolist() == [False, False, True]


def test_indicator_is_not_dragged_into_a_process(read):
    """A new process clears the indicator and the risk above it."""
    data = read(
        FOLLOW_UP,
        "Andel nöjda\t\tSvar uteblir\t✓ Enkät\tGjord.",
        "\tTillsyn\t\t✓ Besök\tGjorda.",
    )
    assert data.activities.indicator.isna().tolist() == [False, True]
    assert data.activities.event.isna().tolist() == [False, True]


def test_shifted_row_is_put_back_by_its_marked_cell(read):
    """A row that stands two cells left is told by the space that a lost mark leaves."""
    data = read(
        FOLLOW_UP,
        "\tEkonomi\tAttest saknas\t Utbildning\tHållen i mars.",
        "Inköp\t Rutin\tBeslutad.\t\t",
    )
    row = data.activities.iloc[1]
    assert (row.process, row.event, row.activity) == ("Ekonomi", "Inköp", "Rutin")
    assert "row_shifted" in rules(data)


def test_lost_mark_is_unknown(read):
    """A leading space is no status: neither finished nor unfinished."""
    data = read(FOLLOW_UP, "\tEkonomi\tFel\t Utbildning\tHållen.")
    assert data.activities.status.tolist() == ["unknown"]
    assert data.activities["mark"].isna().all()


def test_two_activities_in_a_cell_are_split(read):
    """Two marks in a cell are two activities, each with the comment that is printed twice."""
    data = read(FOLLOW_UP, "\tUtskrift\tSprids\t✓ Informera. ▶ Se över.\tPå APT. På APT.")
    assert data.activities.activity.tolist() == ["Informera.", "Se över."]
    assert data.activities.status.tolist() == ["finished", "ongoing"]
    assert data.activities.comment.tolist() == ["På APT.", "På APT."]


@pytest.mark.parametrize(
    ("printed", "once"),
    [
        ("Följ upp. Utbilda.  Följ upp. Utbilda.", "Följ upp. Utbilda."),
        ("Följ upp. Utbilda. Utbilda.", "Följ upp. Utbilda."),
        ("Plan för larm Plan för larm", "Plan för larm"),
        ("Kontroll av kassa. Kontroll av bank.", "Kontroll av kassa. Kontroll av bank."),
    ],
)
def test_doubled_text_stands_once(read, printed, once):
    """Text printed twice in a row stands once; text that only resembles itself is left."""
    data = read(REGISTER, GOOD.replace("Tillsyn uteblir", printed))
    assert data.risks.event.tolist() == [once]


def test_header_on_every_page_is_no_data(read):
    """Repeated headers, blank lines and page numbers are noted, never read as rows."""
    data = read("", REGISTER, GOOD, "", "Sida 1 av 2", " ", REGISTER.upper(), SECOND)
    assert len(data.risks) == 2
    assert rules(data).count("page_header") == 1
    assert rules(data).count("page_furniture") == 1


def test_unknown_column_is_kept_in_the_account(read):
    """A column that nobody knows is not lost."""
    data = read(f"{REGISTER}\tDiarienummer", f"{GOOD}\tSN 2025/14")
    assert entry(data, "extra_column")[["column", "before"]].tolist() == [
        "Diarienummer",
        "SN 2025/14",
    ]


def test_columns_may_stand_in_any_order(read):
    """Fields are found by their headers, not by their place."""
    order = [10, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3]
    lines = ["\t".join(line.split("\t")[i] for i in order) for line in (REGISTER, GOOD)]
    data = read(*lines)
    assert data.risks.event.tolist() == ["Tillsyn uteblir"]
    assert data.activities.responsible.tolist() == [["Maja Lind"]]


def test_missing_scores_stay_missing(read):
    """What is not printed is missing: no default, no product of one."""
    data = read(REGISTER, GOOD, "\tLarm\tProv\tLarm tystnar\t\t3.Kännbar\t\tAcceptera\t\t\t")
    assert data.risks[["likelihood", "risk_value"]].iloc[1].isna().all()
    assert data.risks.consequence[1] == 3


def test_value_that_is_not_printed_is_computed_and_said(read):
    """The product stands in for a missing value, and the account says so."""
    data = read(REGISTER, GOOD.replace("\t12\t", "\t\t"))
    assert data.risks.risk_value.tolist() == [12]
    assert entry(data, "value_computed").proof == "3×4=12"


def test_digit_counts_and_a_label_that_contradicts_it_is_a_question(read):
    """The digit is read; a word of another step is a finding."""
    data = read(REGISTER, GOOD.replace("3.Möjlig", "3.Sannolikt"), SECOND)
    assert data.risks.likelihood.tolist() == [3, 2]
    assert "label_contradicts_digit" in data.findings.check.tolist()


def test_cut_label_is_read_by_its_digit(read):
    """``5 - Mycket`` is step five on either axis, and no question."""
    data = read(REGISTER, GOOD.replace("3.Möjlig", "5 - Mycket").replace("\t12\t", "\t20\t"))
    assert data.risks.likelihood.tolist() == [5]
    assert "label_contradicts_digit" not in data.findings.check.tolist()


def test_step_beyond_the_scale_is_an_error_finding(read):
    """A step that the scale does not have is kept as printed and found."""
    data = read(REGISTER, GOOD.replace("3.Möjlig", "7").replace("\t12\t", "\t28\t"))
    assert data.risks.likelihood.tolist() == [7]
    assert "step_out_of_range" in data.findings.check.tolist()


def test_risk_without_measure_gives_no_activity(read):
    """A risk without a measure has no row among activities, and is found."""
    data = read(REGISTER, "\t".join(GOOD.split("\t")[:8]) + "\t\t\t", SECOND)
    assert len(data.activities) == 1
    assert "risk_without_activity" in data.findings.check.tolist()


def test_further_activity_of_a_risk_belongs_to_it(read):
    """A row with only a measure goes on with the risk above it."""
    data = read(REGISTER, GOOD, "\t\t\t\t\t\t\t\tPågående Ny plan\tFler besök\tOmar Berg")
    assert len(data.risks) == 1
    assert data.activities.risk_id.tolist() == [data.risks.risk_id[0]] * 2


def test_tail_of_a_long_comment_is_joined(read):
    """A row with nothing but the rest of a comment goes on with the comment above it."""
    data = read(
        FOLLOW_UP, "\tTillsyn\tUteblir\t✓ Besök\tBesöken är", "", FOLLOW_UP, "\t\t\t\tgjorda."
    )
    assert data.activities.comment.tolist() == ["Besöken är gjorda."]
    assert "row_joined" in rules(data)


def test_row_that_cannot_be_placed_is_unread(read):
    """A note under the table is nobody's risk: it is left, with a reason."""
    data = read(REGISTER, GOOD, "Beslutad av nämnden utan ändringar")
    assert data.unread.text.tolist() == ["Beslutad av nämnden utan ändringar"]
    assert len(data.risks) == 1


def test_escapes_and_markup_are_read(read):
    """%0A, %25 and HTML tags are read as what they stand for, and noted."""
    line = "\tTillsyn\tUteblir\t✓ Besök\t<p>Gjort%0Atill 90%25</p>"
    data = read(FOLLOW_UP, line)
    assert data.activities.comment.tolist() == ["Gjort till 90%"]
    assert "escape_read" in rules(data)


@pytest.mark.parametrize(
    ("lines", "remedy"),
    [
        (("Namn\tTelefon", "Maja\t123"), r"ingen känd rubrikrad(?s:.)*Namn \| Telefon"),
        (("VoR VB 2024 (Socialnämnden)", REGISTER, GOOD), r"2024-VB(?s:.)*2025-VB(?s:.)*sources.csv"),
    ],
)  # fmt: skip
def test_message_names_what_was_found_and_what_to_do(read, lines, remedy):
    """An unknown header or period stops the file with its words, rows and remedy."""
    with pytest.raises(RiskdataError, match=remedy):
        read(*lines)


@pytest.mark.parametrize(
    ("lines", "row", "word"),
    [
        ((REGISTER, GOOD.replace("Avslutad", "Parkerad"), SECOND), 2, "Parkerad"),
        ((REGISTER, GOOD.replace("Acceptera", "Vilar"), SECOND), 2, "Vilar"),
        ((FOLLOW_UP, "\tTillsyn\tUteblir\t⚑ Besök\tGjort."), 2, "⚑"),
    ],
)
def test_unknown_word_is_asked_about_and_the_file_is_read(read, lines, row, word):
    """A decision, status or mark that nobody knows has no code, and a finding on its row."""
    data = read(*lines)
    assert asked(data, "unknown_word") == [(row, word)]
    assert data.activities.activity.tolist()[0] in ("Plan för tillsyn", "Besök")
    assert data.unread.empty


def test_another_scale_stops_the_file(read):
    """When the words stand at other digits, the digits mean other things: that is no slip of one cell."""
    with pytest.raises(RiskdataError, match="3.Sannolikt(?s:.)*other_scales"):
        read(
            REGISTER,
            GOOD.replace("3.Möjlig", "3.Sannolikt"),
            SECOND.replace("2.Mindre", "2.Mycket"),
        )


def test_two_reports_in_one_file_are_two_exports(read):
    """A file with the tables of two periods is an export for each, called file#period."""
    lines = [FOLLOW_UP, "\tTillsyn\tUteblir\t✓ Besök\tGjort."]
    first, second = (
        "Uppföljning VoR - T1 2025 (Socialnämnden)",
        "Uppföljning VoR - T2 2025 (Socialnämnden)",
    )
    data = read(first, *lines, second, *lines, name="uppfoljning.txt")
    assert data.sources.period.tolist() == ["2025-T1", "2025-T2"]


def test_score_that_cannot_be_read_is_unread_and_moves_nothing(read):
    """A word in the place of a step is left by itself; the rest of its row stands as printed."""
    data = read(REGISTER, GOOD.replace("3.Möjlig", "ofta"), SECOND, SECOND)
    assert data.unread[["source_row", "text"]].values.tolist() == [[2, "ofta"]]
    assert data.risks.event[0] == "Tillsyn uteblir"
    assert data.risks.likelihood.isna().tolist() == [True, False, False]


def test_row_with_more_cells_than_columns_is_unread(read):
    """A row that has more texts than the table has columns is left with a reason."""
    data = read(REGISTER, GOOD, "\t".join(f"text {n}" for n in range(14)))
    assert len(data.unread) == 1
    assert len(data.risks) == 1


def test_name_to_the_right_of_the_table_is_moved_in(read):
    """People printed one column outside the table are responsible, and the account says where they stood."""
    data = read(REGISTER, GOOD, SECOND.replace("\tOmar Berg", "\t\tOmar Berg"))
    assert data.activities.responsible.tolist() == [["Maja Lind"], ["Omar Berg"]]
    assert entry(data, "name_moved").before == "kolumn 12: Omar Berg"


def test_row_of_very_many_cells_is_unread(read):
    """A row far wider than any table is left with a reason, not searched for a way to set it straight."""
    data = read(REGISTER, GOOD, "\t".join(["", *(f"text {n}" for n in range(600))]))
    assert len(data.unread) == 1


def test_row_with_nothing_but_an_unknown_column_is_in_the_account(read, tmp_path):
    """A row that prints only what no table has a place for is kept, even above the first risk."""
    (tmp_path / "layouts.toml").write_text("[register]\nanchors = []\n", encoding="utf-8")
    data = read(f"{REGISTER}\tDnr", "\t" * 11 + "SN 2025/14", f"{GOOD}\t")
    assert entry(data, "extra_column").before == "SN 2025/14"
    assert data.unread.empty


def test_a_row_that_only_shows_what_is_merged_from_above_is_no_row():
    """A workbook whose event is merged down over a row that prints nothing is read all the same."""
    headers = ["Process", "Oönskad händelse", "Sannolikhet", "Konsekvens", "Riskvärde"]
    headers += ["Hantera risk", "Status/Åtgärd"]
    rows = [
        headers,
        ["Lek", "Brand", "3.Möjlig", "4.Allvarlig", "12", "Acceptera", "Avslutad Släck"],
        [""] * 7,
        ["Mat", "Kyla", "2", "2", "4", "Acceptera", ""],
    ]
    found = tidy(
        read_parts([Grid(rows, [1, 2, 3, 4], merges=(Merge(1, 1, 2, 1),))], vocabulary())[0]
    )
    assert [risk["event"] for risk in found.risks] == ["Brand", "Kyla"]
    assert found.notes.unread == []
