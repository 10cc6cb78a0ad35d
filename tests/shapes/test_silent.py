"""Shapes that a reader sees through at once, and that say something else where one is not careful."""

import docx
import openpyxl
import pytest

import riskdata as rd

RISKS = [("Isen brister", 2, 4, 8), ("Larm saknas", 3, 4, 12), ("Kajen rasar", 1, 5, 5)]


def read(tmp_path, *rows: str, name: str = "export.csv") -> rd.Data:
    path = tmp_path / name
    path.write_text("\n".join(rows), encoding="utf-8-sig")
    return rd.read_export(path, "Hamnnämnden", "2025-VB", manual=tmp_path)


def word(tmp_path, rows: list[list[str]]) -> rd.Data:
    document = docx.Document()
    table = document.add_table(len(rows), len(rows[0]))
    for n, row in enumerate(rows):
        cells = table.rows[n].cells
        if len(row) == 1:  # over the whole row, beside what is merged downwards
            cells[0].merge(cells[-1])
        for cell, text in zip(cells, row, strict=False):
            cell.text = text
    document.save(tmp_path / "export.docx")
    return rd.read_export(tmp_path / "export.docx", "Hamnnämnden", "2025-VB", manual=tmp_path)


def asked(data: rd.Data) -> set:
    """Return the printed rows that something is asked about, columns apart."""
    doubts = data.findings[data.findings.check == "uncertain_reading"]
    return {*doubts.source_row.dropna()} | {*data.unread.source_row.dropna()}


# -- codes where texts are promised ----------------------------------------------------------------


@pytest.mark.parametrize("codes", [["R-01", "R-02", "R-03"], ["1", "2", "3"], ["R7", "R8", "R12"]])
@pytest.mark.parametrize("heading", ["Händelse", "Vad kan hända?", "Risktitel"])
def test_a_column_of_codes_leaves_the_risk_to_the_column_of_its_text(tmp_path, heading, codes):
    """R-01 under "Risk" is the risk's number; its text stands under the other heading of a risk."""
    rows = [
        f"{code};{event};{s};{k};{v}" for code, (event, s, k, v) in zip(codes, RISKS, strict=True)
    ]
    data = read(tmp_path, f"Risk;{heading};Sannolikhet;Konsekvens;Riskvärde", *rows)
    assert data.risks.event.tolist() == [event for event, *_ in RISKS]


def test_codes_alone_are_the_only_names_that_there_are_and_asked_about(tmp_path):
    """Where no column has texts the codes stay, and each row says so."""
    rows = [f"R-{n};{s};{k};{v}" for n, (_, s, k, v) in enumerate(RISKS, 1)]
    data = read(tmp_path, "Risk;Sannolikhet;Konsekvens;Riskvärde", *rows)
    assert data.risks.event.tolist() == ["R-1", "R-2", "R-3"]
    assert {2, 3, 4} <= asked(data)


# -- who answered a form ---------------------------------------------------------------------------


def test_who_answered_a_form_is_not_responsible(tmp_path):
    """A name behind the hours of the answers, under no heading of a person, is whoever answered."""
    rows = [
        f"{n};2025-03-0{n} 08:1{n};2025-03-0{n} 08:2{n};{who};{event};{s};{k}"
        for n, (who, (event, s, k, _)) in enumerate(
            zip(("Vera Ek", "Olle Brandt", "Siv Moll"), RISKS, strict=True), 1
        )
    ]
    header = "Id;Starttid;Slutförandetid;Namn;Beskriv risken;Hur sannolik är den?;Hur stor blir konsekvensen?"
    data = read(tmp_path, header, *rows)
    assert data.risks.responsible.map(len).eq(0).all()


def test_a_form_that_asks_who_is_responsible_is_answered(tmp_path):
    """The heading says it, so that the hours do not matter."""
    rows = [
        f"{n};2025-03-0{n} 08:1{n};{e};{s};{k};Vera Ek" for n, (e, s, k, _) in enumerate(RISKS, 1)
    ]
    header = (
        "Id;Starttid;Beskriv risken;Hur sannolik är den?;Hur stor blir konsekvensen?;Vem ansvarar?"
    )
    assert read(tmp_path, header, *rows).risks.responsible.map(list).tolist() == [["Vera Ek"]] * 3


# -- what stands behind a measure ------------------------------------------------------------------


@pytest.mark.parametrize(
    "behind",
    [
        "(ansvarig: Vera Ek, klart 2025-10-31)", "(ansv. Vera Ek, senast 2025-10-31)",
        "(klar senast 2025-10-31, ansvarig Vera Ek)", "(Vera Ek, 2025-10-31)",
        "– Vera Ek, klart den 2025-10-31",
    ],
)  # fmt: skip
def test_who_and_when_stand_behind_each_measure_with_what_leads_to_them(tmp_path, behind):
    """A label before the name and a word before the day are no part of either."""
    rows = [f"{e};{s};{k};{v};Rond {n} görs {behind}" for n, (e, s, k, v) in enumerate(RISKS)]
    data = read(tmp_path, "Risk;S;K;RV;Åtgärder", *rows)
    assert data.activities.activity.tolist() == [f"Rond {n} görs" for n in range(3)]
    assert data.activities.responsible.map(list).tolist() == [["Vera Ek"]] * 3
    assert data.activities.due_date.astype(str).tolist() == ["2025-10-31"] * 3


def test_a_list_of_one_among_longer_ones_has_no_number_left(tmp_path):
    """1. before a single measure is a list's number where other cells are lists."""
    rows = [
        'Isen brister;"1. Skyltar\n2. Rond"',
        "Larm saknas;1. Larm köps",
        "Kajen rasar;1:a hjälpen",
    ]
    data = read(tmp_path, "Risk;Åtgärd", *rows)
    assert data.activities.activity.tolist() == ["Skyltar", "Rond", "Larm köps", "1:a hjälpen"]


# -- a line that goes on with the row above ---------------------------------------------------------


@pytest.mark.parametrize("label", ["Kommentar", "Uppföljning", "Iakttagelser"])
@pytest.mark.parametrize("said", ["Avtal är tecknat.", "Två av tre klara"])
def test_a_comment_across_a_row_is_the_one_of_the_row_above(tmp_path, label, said):
    """ "Kommentar: …" over the whole width belongs to the measure above, where no column is for it."""
    header = ["Process", "Risk", "S", "K", "Riskvärde", "Åtgärd", "Status"]
    rows = [
        ["Hamn", e, f"{s}", f"{k}", f"{v}", f"Rond {n}", "Pågår"]
        for n, (e, s, k, v) in enumerate(RISKS)
    ]
    data = word(tmp_path, [header, rows[0], [f"{label}: {said}"], *rows[1:]])
    assert len(data.risks) == 3
    assert data.activities.comment.tolist()[0] == said
    assert data.activities.comment.isna().tolist() == [False, True, True]


def test_a_label_of_a_field_that_has_a_column_is_left_to_a_person(tmp_path):
    """A second status below a row with its own is not taken over it."""
    header = ["Risk", "S", "K", "Åtgärd", "Status"]
    rows = [[e, f"{s}", f"{k}", f"Rond {n}", "Pågår"] for n, (e, s, k, _) in enumerate(RISKS)]
    data = word(tmp_path, [header, rows[0], ["Status: Avslutad"], *rows[1:]])
    assert data.activities.status.tolist() == ["ongoing"] * 3
    assert asked(data)


# -- labels one after the other --------------------------------------------------------------------


def test_labels_that_run_on_in_one_line_are_cards(tmp_path):
    """A paragraph of "label: text" without line ends is a card as one with them is."""
    rows = [
        f"Process: Hamn Risk: {e} Sannolikhet: {s} Konsekvens: {k} Riskvärde: {v} Åtgärd: Rond görs "
        f"Beslut: Acceptera Ansvarig: Vera Ek"
        for e, s, k, v in RISKS
    ]
    blocks = [line for n, row in enumerate(rows, 1) for line in (f"Risk {n}", row, "")]
    data = read(tmp_path, *blocks, name="export.txt")
    columns = ["event", "likelihood", "consequence", "risk_value"]
    assert [*data.risks[columns].itertuples(index=False, name=None)] == RISKS
    assert data.risks.decision.tolist() == ["accept"] * 3
    assert data.activities.responsible.map(list).tolist() == [["Vera Ek"]] * 3


def test_a_colon_within_a_text_cuts_nothing(tmp_path):
    """Two labels are no paragraph of labels: a text may name them."""
    text = "Larm saknas Åtgärd: se bilaga"
    data = read(tmp_path, "Risk;S;K", f"{text};3;4", "Isen brister;2;4", "Kajen rasar;1;5")
    assert data.risks.event.tolist()[0] == text


@pytest.mark.parametrize("numbered", ["{n}. Process", "{n}) Process", "Process"])
def test_a_number_before_the_first_label_of_each_block_numbers_the_block(tmp_path, numbered):
    """1. Process, 2. Process: one column."""
    lines = [
        f"{numbered.format(n=n)}: Del {n}\n   Risk: {e}\n   Sannolikhet: {s}\n   Konsekvens: {k}\n"
        for n, (e, s, k, _) in enumerate(RISKS, 1)
    ]
    data = read(tmp_path, *lines, name="export.txt")
    assert data.risks.process.tolist() == ["Del 1", "Del 2", "Del 3"]


def test_a_numbered_goal_above_indented_risks_is_their_goal(tmp_path):
    """Mål 1 Trygg hamn stands over all risks down to Mål 2."""
    lines = []
    for n, (e, s, k, _) in enumerate(RISKS):
        lines += ["Mål 1 Trygg hamn"] * (n == 0) + ["Mål 2 Hel kaj"] * (n == 2)
        lines += [
            f"  Process: Del {n}",
            f"    Risk: {e}",
            f"      Sannolikhet: {s}  Konsekvens: {k}",
        ]
    data = read(tmp_path, *lines, name="export.txt")
    assert data.risks.goal.tolist() == ["1 Trygg hamn", "1 Trygg hamn", "2 Hel kaj"]


# -- a table on its side ---------------------------------------------------------------------------


@pytest.mark.parametrize("titles", [[], ["Riskkort"], ["Riskkort 2025", "Ett i varje kolumn"]])
def test_a_table_with_its_headings_below_each_other_is_turned_below_its_titles(tmp_path, titles):
    """Each column is a risk, whatever lines stand above; Avslutad beside Status is no heading."""
    events, s, k, v = zip(*RISKS, strict=True)
    rows = [["Risk", *events], ["Sannolikhet", *map(str, s)], ["Konsekvens", *map(str, k)]]
    rows += [["Riskvärde", *map(str, v)], ["Åtgärd", "Skylt", "Larm", "Rond"]]
    rows += [["Status", "Pågående", "Avslutad", "Ej påbörjad"]]
    width = ";" * len(events)
    lines = [f"{title}{width}" for title in titles]
    data = read(tmp_path, *lines, *(";".join(row) for row in rows))
    columns = ["event", "likelihood", "consequence", "risk_value"]
    assert [*data.risks[columns].itertuples(index=False, name=None)] == RISKS
    assert data.activities.status.tolist() == ["ongoing", "finished", "not_started"]


# -- the words of a list of tickets ----------------------------------------------------------------


def test_states_of_tickets_are_statuses_and_their_days_due_dates(tmp_path):
    """Löst, Väntar på leverantör, Tilldelat; Förfaller is the day, Öppnad is none."""
    rows = [
        f"{n};{e};Rond {n};{state};Vera Ek;2025-01-0{n} 08:15;2025-05-1{n}"
        for n, ((e, *_), state) in enumerate(
            zip(RISKS, ("Löst", "Väntar på leverantör", "Tilldelat"), strict=True), 1
        )
    ]
    data = read(tmp_path, "Ärendenr;Risk;Åtgärd;Tillstånd;Handläggare;Öppnad;Förfaller", *rows)
    assert data.activities.status.tolist() == ["finished", "ongoing", "ongoing"]
    assert data.activities.due_date.astype(str).tolist() == [
        "2025-05-11",
        "2025-05-12",
        "2025-05-13",
    ]


# -- sets of columns, keys beside a table, steps that became days ------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "Åtgärd 1;Ansvarig 1;Status 1;Åtgärd 2;Ansvarig 2;Status 2",
        "Åtgärd (1);Ansvarig (1);Status (1);Åtgärd (2);Ansvarig (2);Status (2)",
        "Åtgärd;Ansvarig;Status;Åtgärd 2;Ansvarig 2;Status 2",
    ],
)
def test_numbered_sets_of_columns_are_measures_of_one_risk(tmp_path, header):
    """Åtgärd 2 with its own status is a second measure of the row's risk, where it is filled."""
    rows = [
        "Isen brister;2;4;8;Skylt;Vera Ek;Klar;Rond;Olle Brandt;Pågår",
        "Larm saknas;3;4;12;Larm;Vera Ek;Klar;;;",
        "Kajen rasar;1;5;5;;;;;;",
    ]
    data = read(tmp_path, f"Risk;S;K;RV;{header}", *rows)
    columns = ["event", "activity", "status"]
    assert [*data.activities[columns].itertuples(index=False, name=None)] == [
        ("Isen brister", "Skylt", "finished"),
        ("Isen brister", "Rond", "ongoing"),
        ("Larm saknas", "Larm", "finished"),
    ]
    assert data.activities.responsible.map(list).tolist() == [
        ["Vera Ek"],
        ["Olle Brandt"],
        ["Vera Ek"],
    ]
    assert len(data.risks) == 3 and not asked(data) - {1}


def test_numbers_of_other_columns_are_no_sets_of_measures(tmp_path):
    """Enkät 1 and Enkät 2 say nothing of measures."""
    data = read(tmp_path, "Risk;S;K;Enkät 1;Enkät 2", *(f"{e};{s};{k};x;y" for e, s, k, _ in RISKS))
    assert len(data.risks) == 3 and data.activities.empty


@pytest.mark.parametrize("heading", ["Teckenförklaring", "Förkortningar", ""])
def test_a_key_beside_the_table_explains_its_words_and_is_none_of_its_cells(tmp_path, heading):
    """UA = utan avvikelse, far right, says what UA means under Resultat."""
    words = ["UA = utan avvikelse", "MA = mindre avvikelse", "EG = ej genomförd"]
    rows = [
        f"{e};Rond {n};{code};Vera Ek;;;{text}"
        for n, ((e, *_), code, text) in enumerate(
            zip(RISKS, ("UA", "EG", "MA"), words, strict=True)
        )
    ]
    data = read(tmp_path, f"Risk;Kontrollmoment;Resultat;Ansvarig;;;{heading}", *rows)
    assert data.activities.outcome.tolist() == ["no_deviation", "not_made", "minor_deviation"]


def test_steps_that_became_days_are_read_where_every_value_is_their_product(tmp_path):
    """3-4 beside 12 was saved as 3 April."""
    rows = [f"{e};2025-0{k}-0{s};{v};Rond" for e, s, k, v in RISKS]
    data = read(tmp_path, "Risk;Sannolikhet-Konsekvens;Riskvärde;Åtgärd", *rows)
    columns = ["event", "likelihood", "consequence", "risk_value"]
    assert [*data.risks[columns].itertuples(index=False, name=None)] == RISKS


def test_days_whose_product_is_another_stay_days(tmp_path):
    """One value that is no product: nothing is turned into steps."""
    rows = [f"{e};2025-0{k}-0{s};{v + 1};Rond" for e, s, k, v in RISKS]
    data = read(tmp_path, "Risk;Bedömd den;Riskvärde;Åtgärd", *rows)
    assert data.risks.likelihood.isna().all()


@pytest.mark.parametrize("form", ["{} - {}", "{}. {}", "{}: {}", "{}) {}"])
def test_a_number_before_each_status_orders_it_and_is_no_part_of_it(tmp_path, form):
    """2 - Pågår is Pågår."""
    words = [(1, "Ej startad"), (2, "Pågår"), (3, "Slutförd")]
    rows = [
        f"{e};Rond {n};{form.format(*word)}"
        for n, ((e, *_), word) in enumerate(zip(RISKS, words, strict=True))
    ]
    data = read(tmp_path, "Risk;Åtgärd;Åtgärdsstatus", *rows)
    assert data.activities.status.tolist() == ["not_started", "ongoing", "finished"]


# -- cards with blank labels, rows in one cell ------------------------------------------------------


def test_a_card_whose_last_labels_are_blank_ends_nothing(tmp_path):
    """ "Åtgärd:", "Ansvarig:", "Status:" with nothing behind are no headings of what comes below."""
    blocks = [
        f"Risk: {e}\nSannolikhet: {s}\nKonsekvens: {k}\nRiskvärde: {v}\n"
        f"Åtgärd: {what}\nAnsvarig: {who}\nStatus: {done}\n"
        for (e, s, k, v), (what, who, done) in zip(
            RISKS,
            (("Skylt", "Vera Ek", "Klar"), ("", "", ""), ("Rond", "Vera Ek", "Pågår")),
            strict=True,
        )
    ]
    data = read(tmp_path, "Risker i hamnen", "", *blocks, name="export.txt")
    assert data.risks.event.tolist() == [event for event, *_ in RISKS]
    assert data.activities.activity.tolist() == ["Skylt", "Rond"]


def test_a_code_in_each_card_numbers_it_where_another_label_says_the_risk(tmp_path):
    """Risk: B01 above "Beskrivning av risken: …" is the card's number."""
    blocks = [
        f"Risk: B0{n}\nBeskrivning av risken: {e}\nSannolikhet: {s}\nKonsekvens: {k}\n"
        for n, (e, s, k, _) in enumerate(RISKS, 1)
    ]
    data = read(tmp_path, *blocks, name="export.txt")
    assert data.risks.event.tolist() == [event for event, *_ in RISKS]
    assert len(data.risks) == 3 and data.unread.empty


@pytest.mark.parametrize("sign", [";", "|"])
def test_a_row_whose_cells_all_stand_in_its_first_is_parted(tmp_path, sign):
    """As many parts as the table has columns: the row was quoted whole, or pasted."""
    book = openpyxl.Workbook()
    header = ["Risk", "Sannolikhet", "Konsekvens", "Riskvärde", "Åtgärd"]
    rows = [[e, s, k, v, f"Rond {n}"] for n, (e, s, k, v) in enumerate(RISKS)]
    rows[1] = [sign.join(map(str, rows[1]))]
    for row in [header, *rows, header, [sign.join(("Tak läcker", "2", "2", "4", "Rond 3"))]]:
        book.active.append(row)
    book.save(tmp_path / "export.xlsx")
    data = rd.read_export(tmp_path / "export.xlsx", "Hamnnämnden", "2025-VB", manual=tmp_path)
    columns = ["event", "likelihood", "consequence", "risk_value"]
    told = [*data.risks[columns].itertuples(index=False, name=None)]
    assert told == [*RISKS, ("Tak läcker", 2, 2, 4)]


def test_a_second_column_of_measures_is_asked_about_row_by_row(tmp_path):
    """Åtgärd and Ny åtgärd both filled: which is the measure, and which a second one, a person says."""
    rows = ["Isen brister;2;4;Skylt;Rond", "Larm saknas;3;4;Larm;"]
    assert {2} <= asked(read(tmp_path, "Risk;S;K;Åtgärd;Ny åtgärd", *rows)) - {1}


@pytest.mark.parametrize("cell", ["{}* (↑ från 9)", "{} (oför.)", "{}† (9)", "{}*"])
def test_a_sign_of_a_footnote_before_a_change_hides_no_value(tmp_path, cell):
    """12* (↑ från 9) is 12."""
    rows = [f"{e};{s};{k};{cell.format(v)}" for e, s, k, v in RISKS]
    data = read(tmp_path, "Risk;Sannolikhet;Konsekvens;Riskvärde", *rows)
    assert data.risks.risk_value.tolist() == [value for *_, value in RISKS] and data.unread.empty


def test_a_name_below_the_one_of_who_is_responsible_is_a_second_one(tmp_path):
    """A line that ends a card below "Ansvarig: …", with a blank line after it, is no heading."""
    blocks = [
        f"Risk: {e}\nSannolikhet: {s}\nKonsekvens: {k}\nÅtgärd: Rond {k}\nAnsvarig: Vera Ek\nOlle Brandt\n"
        for e, s, k, _ in RISKS
    ]
    data = read(tmp_path, *blocks, name="export.txt")
    assert data.activities.responsible.map(list).tolist() == [["Vera Ek", "Olle Brandt"]] * 3
