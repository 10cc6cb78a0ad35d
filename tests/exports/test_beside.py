"""What stands beside a table or behind a word never passes for data, nor is lost."""

import pytest

LINES = (
    "Process;Oönskad händelse;Sannolikhet;Konsekvens;Riskvärde;Hantera risk;Status;Åtgärd",
    "Kök;Fettet i fläkten antänds;2;4;8;Acceptera;Klar;Fläkten rengörs",
    "Kök;Golvet blir halt;4;4;16;Acceptera;Pågår;Halkskydd läggs",
)


@pytest.mark.parametrize(
    "above",
    [
        "Exempel: sannolikhet 3 x konsekvens 4 = riskvärde 12",
        "Riskvärdet beräknas som sannolikhet 1-5 gånger konsekvens 1-5",
        "Bedömd sannolikhet 2 och konsekvens 5 ger riskvärde 10",
    ],
)
def test_a_line_about_scores_above_a_table_is_no_risk(read, above):
    """A table that prints its own risks takes none from the lines above it."""
    data = read(above, "", *LINES, name="2025-VB Socialnämnden.csv")
    assert data.risks.event.tolist() == ["Fettet i fläkten antänds", "Golvet blir halt"]
    assert data.risks.risk_value.tolist() == [8, 16]


def test_a_row_of_numbers_above_the_header_is_unread(read):
    """It may be a risk: it is asked about, not merely set aside."""
    row = "Kök;Kylen går sönder;3;2;6;Acceptera;Klar;Larm"
    data = read(row, *LINES, name="2025-VB Socialnämnden.csv")
    assert data.unread.source_row.tolist() == [1]
    assert "Kylen går sönder" in data.unread.text[0]


@pytest.mark.parametrize("status", ["Klar ej", "Avslutad inte", "Genomförd - ej klar"])
def test_a_status_that_is_turned_round_is_asked_about(read, status):
    """ "Klar ej" is not finished: the word is kept, its code is unknown, and its row has a finding."""
    data = read(LINES[0], LINES[1].replace(";Klar;", f";{status};"), LINES[2],
                name="2025-VB Socialnämnden.csv")  # fmt: skip
    assert data.activities.status.tolist()[0] == "unknown"
    assert 2 in data.findings.source_row[data.findings.check == "uncertain_reading"].tolist()


def test_what_is_no_date_behind_a_status_is_asked_about(read):
    """A date behind a status says nothing else; two letters may."""
    data = read(LINES[0], LINES[1].replace(";Klar;", ";Klar 2025-06-12;"),
                LINES[2].replace(";Pågår;", ";Pågår ok;"), name="2025-VB Socialnämnden.csv")  # fmt: skip
    asked = data.findings.source_row[data.findings.check == "uncertain_reading"].tolist()
    assert data.activities.status.tolist() == ["finished", "ongoing"]
    assert 3 in asked
    assert 2 not in asked


@pytest.mark.parametrize("nothing", ["Inga åtgärder", "Ingen åtgärd", "Åtgärder saknas."])
def test_words_for_no_measure_are_no_measure(read, nothing):
    """ "Inga åtgärder" is nothing to follow up: the risk has no measure, and that is a finding."""
    row = "Kök;Golvet blir halt;4;4;16;Acceptera;;" + nothing
    data = read(*LINES[:2], row, name="2025-VB Socialnämnden.csv")
    assert data.activities.activity.tolist() == ["Fläkten rengörs"]
    assert data.findings.source_row[data.findings.check == "risk_without_activity"].tolist() == [3]
