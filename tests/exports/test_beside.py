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


NUMBERED = ("Nr;Risk;Åtgärd", "B1;Färjan ställs in;Reservbåt", "B2;Bryggan är hal;Sand")
MATRIX = (
    ("Sannolikhet \\ Konsekvens;1;2;3", "3;;B2;", "2;;;B1", "1;;;"),
    (";Konsekvens;;", "Sannolikhet;1 Liten;2 Stor;3 Enorm", "1;;;", "2;;;B1", "3;;B2;"),
    ("Konsekvens;3;;B1;", ";2;;;B2", ";1;;;", ";;1;2;3", ";;Sannolikhet;;"),
)


@pytest.mark.parametrize("matrix", MATRIX)
def test_a_matrix_of_numbers_gives_the_risks_their_steps(read, matrix):
    """Where the list prints no steps, the field in which a risk's number stands says them."""
    data = read(*matrix, "", *NUMBERED, name="2025-VB Socialnämnden.csv")
    steps = data.risks[["likelihood", "consequence"]].to_numpy().tolist()
    assert steps == [[2, 3], [3, 2]]
    assert data.unread.empty


def test_a_matrix_of_counts_gives_no_steps(read):
    """How many risks a field holds is no number of a risk."""
    counts = ("Sannolikhet \\ Konsekvens;1;2;3", "3;;1;", "2;;;1", "1;;;")
    numbered = (NUMBERED[0], *(line[1:] for line in NUMBERED[1:]))
    data = read(*counts, "", *numbered, name="2025-VB Socialnämnden.csv")
    assert data.risks.likelihood.isna().all()


def test_a_number_that_the_matrix_does_not_hold_is_asked_about(read):
    """Its risk has no steps, and its row has a finding."""
    lines = [f"B{n};Risk {n} inträffar;Rutin" for n in range(3, 7)]
    matrix = ("Sannolikhet \\ Konsekvens;1;2;3", "3;B3;B2;B4", "2;;;B1", "1;;B5;")
    data = read(*matrix, "", *NUMBERED, *lines, name="2025-VB Socialnämnden.csv")
    assert data.risks.likelihood.isna().tolist() == [False] * 5 + [True]
    assert 12 in data.findings.source_row.tolist()


@pytest.mark.parametrize(
    "below",
    [
        ("Förklaring:", "1-4 grön;låg risk", "5-9 gul;medel", "10-25 röd;hög risk"),
        ("Godkänd av;Roll", "Ann Sterner;Kontorschef", "Bo Holm;Controller"),
        ("Version;Datum;Ändring", "1.0;2025-01-10;Första utkast", "1.1;2025-02-01;Justerad"),
    ],
)
def test_what_stands_below_a_blank_row_and_judges_nothing_is_no_risk(read, below):
    """A legend or names under a short table are unread, though most of the rows are these."""
    data = read(*LINES, "", *below, name="2025-VB Socialnämnden.csv")
    assert len(data.risks) == 2
    assert data.unread.source_row.min() == 5


FOLLOWED = (
    "Aktivitet;Ansvarig;Status",
    "Halkskydd läggs;Siv Berg;Pågår",
    "Fläkten rengörs;Per Ek;Klar",
)


@pytest.mark.parametrize("note", ["Källa: verksamhetssystemet", "Justeras: ______"])
def test_a_lone_text_below_a_blank_row_is_no_measure(read, note):
    """It stands in the first column, under "Aktivitet": it is unread, and asked about."""
    data = read(*FOLLOWED, ";;", f"{note};;", name="2025-VB Socialnämnden.csv")
    assert data.activities.activity.tolist() == ["Halkskydd läggs", "Fläkten rengörs"]
    assert data.unread.source_row.tolist() == [5]


def test_a_group_goes_on_below_the_header_of_the_next_page(read):
    """A header that is printed again, as on each page, does not end the process above it."""
    head, *rows = (
        "Benämning;Sannolikhet;Konsekvens;Riskvärde",
        "Process: Kök;;;",
        "Risk: Fettet i fläkten antänds;2;4;8",
        "Risk: Golvet blir halt;4;4;16",
        "Benämning;Sannolikhet;Konsekvens;Riskvärde",
        "Risk: Kylen går sönder;3;2;6",
    )
    data = read(head, *rows, name="2025-VB Socialnämnden.csv")
    assert data.risks.process.tolist() == ["Kök"] * 3


def test_a_blank_cell_hinders_no_label_before_the_texts_of_a_column(read):
    """ "Risk: …" before each of a column's texts is its heading, though a row has none."""
    lines = ("Uppgift;Bucket;Förlopp", "Lägg halkskydd;Risk: Golvet blir halt;Pågår",
             "Rengör fläkten;Risk: Fettet antänds;Klar", ";;", "Källa: planen;;")  # fmt: skip
    data = read(*lines, name="2025-VB Socialnämnden.csv")
    assert data.activities.event.tolist() == ["Golvet blir halt", "Fettet antänds"]


STEPS = "Risk;Sannolikhet;Konsekvens;Riskvärde;Åtgärd;Status"


@pytest.mark.parametrize(
    "steps",
    [
        ("2 (vart femte år);4 (stor kostnad)", "3 (1-2 gånger per år);3 (stör driften tydligt)"),
        ("2 (<1 gång/10 år);4 (>1 mnkr)", "3 (1 gång/år);3 (100-500 tkr)"),
        ("2 - Mindre sannolik: ny pump;4 - Allvarlig: dyrt", "3 - Möjlig: läckor;3 - Kännbar: i mars"),
        ("2;4 Allvarlig (en lång vecka)", "3;3 Kännbar (färre bokningar)"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_step_behind_it_hides_no_step(read, steps):
    """A frequency or a reason behind a step, or its label, leaves the step as printed: nothing to ask."""
    one, other = steps
    first, second = f"Isen smälter;{one};8;Ny pump;Klar", f"Badet stängs;{other};9;Tätning;Klar"
    data = read(STEPS, first, second, name="2025-VB Fritidsnämnden.csv")
    assert data.risks[["likelihood", "consequence"]].values.tolist() == [[2, 4], [3, 3]]
    assert data.unread.empty and "uncertain_reading" not in [*data.findings.check]


@pytest.mark.parametrize(
    ("key", "signs"),
    [
        ("Tecken: ● = genomförd. ! = försenad. ○ = pågår.", "●!○"),
        ("Färgerna i tabellen: Grön = klar, Röd = försenad, Gul = pågår", ("Grön", "Röd", "Gul")),
        ("A betyder avslutad. B betyder försenad. C betyder pågår.", "ABC"),
    ],
)
def test_a_key_in_a_sentence_explains_the_statuses(read, key, signs):
    """Each sentence of a key tells one sign, and a lone exclamation mark is a sign like any other."""
    rows = [f"Fel {n} i driften;2;3;6;Åtgärd {n};{sign}" for n, sign in enumerate(signs)]
    data = read(STEPS, *rows, ";;;;;", f"{key};;;;;", name="2025-VB Fritidsnämnden.csv")
    assert [*data.activities.status] == ["finished", "delayed", "ongoing"]


def test_signs_of_outcomes_are_explained_below(read):
    """A sign may stand for what a control showed, and for that it was not made."""
    rows = ["Isen smälter;Loggar läses;!", "Bultar lossnar;Besiktning;✓", "Pumpen stannar;Prov;–"]
    key = [
        "✓ = gjord, ingen avvikelse;;",
        "! = gjord, avvikelse;;",
        "– = kontrollen ej genomförd;;",
    ]
    head = "Risk;Kontroll;Resultat av kontroll"
    data = read(head, *rows, ";;", *key, name="2025-VB Fritidsnämnden.csv")
    assert [*data.activities.outcome] == ["deviation", "no_deviation", "not_made"]


@pytest.mark.parametrize(
    ("word", "status"),
    [("I hamn", "finished"), ("Rullar på", "ongoing"), ("Ännu ej startad", "not_started"),
     ("Lades ner", "cancelled"), ("Släpar efter", "delayed"), ("Inte klart än", "not_finished")],
)  # fmt: skip
def test_everyday_words_for_a_status_are_known(read, word, status):
    """Boards say in their own words how it goes; the unmistakable ones are read."""
    row = f"Isen smälter;2;4;8;Ny pump;{word}"
    data = read(STEPS, row, name="2025-VB Fritidsnämnden.csv")
    assert [*data.activities.status] == [status]


def test_bare_numbers_under_a_percent_sign_are_how_much_is_done(read):
    """12 under "Färdigt (%)" is a share and leaves a risk value of 12 alone."""
    head = STEPS.replace("Status", "Färdigt (%)")
    rows = [
        "Isen smälter;4;3;12;Ny pump;100",
        "Badet stängs;1;5;5;Tätning;12",
        "Halka;3;3;9;Sand;0",
    ]
    data = read(head, *rows, name="2025-VB Fritidsnämnden.csv")
    assert [*data.activities.status] == ["finished", "ongoing", "not_started"]
    assert [*data.risks.risk_value] == [12, 5, 9]
    assert not (data.account.rule == "value_computed").any()


def test_rows_below_a_group_that_may_be_cut_in_two_are_asked_about(read):
    """ "Process nummer; 0 i drift", unquoted: its row is too wide, and those below have the rest."""
    lines = ("Process;Oönskad händelse;Åtgärd;Sannolikhet;Konsekvens",
             "Process nummer; 0 i drift;Rutinen är inte känd;Ej påbörjad Ta fram en rutin;3;4",
             ";Schemat följs inte;Avslutad Se över schemat;2;4",
             "Lokaler;Golvet blir halt;Avslutad Lägg halkskydd;2;4")  # fmt: skip
    data = read(*lines, name="2025-VB Socialnämnden.csv")
    asked = data.findings[data.findings.check == "uncertain_reading"].source_row
    assert {2, 3} <= {*asked}
    assert 4 not in {*asked}


def test_a_first_name_is_no_word_of_a_status(read):
    """Klara Ekdal is somebody: her row is not asked about."""
    rows = ("Golvet blir halt;Halkskydd läggs;Klara Ekdal;Pågår",
            "Fettet antänds;Fläkten rengörs;Per Ek;Klar")  # fmt: skip
    data = read("Risk;Åtgärd;Ansvarig;Status", *rows, name="2025-VB Socialnämnden.csv")
    assert data.activities.responsible.tolist() == [["Klara Ekdal"], ["Per Ek"]]
    assert "uncertain_reading" not in data.findings.check.tolist()
