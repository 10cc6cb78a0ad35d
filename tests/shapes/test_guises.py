"""One small register in the guises that people and programs give it: each reads as the same risks."""

import docx
import openpyxl
import pytest
from openpyxl.styles import PatternFill

import riskdata as rd

RISKS = [("Isen brister", 2, 4, 8), ("Larm saknas", 3, 4, 12), ("Kajen rasar", 1, 5, 5)]
MEASURES = [
    ("Skyltar sätts upp", "Vera Ek"),
    ("Larm köps in", "Olle Brandt"),
    ("Kajen besiktas", "Vera Ek"),
]


def read(tmp_path, *rows: str) -> rd.Data:
    path = tmp_path / "export.csv"
    path.write_text("\n".join(rows), encoding="utf-8-sig")
    return rd.read_export(path, "Hamnnämnden", "2025-VB", manual=tmp_path)


def judged(data: rd.Data) -> list[tuple]:
    """Return event, steps and value of each risk, nothing of which is asked about."""
    asked = data.findings[data.findings.source_row.isin(data.risks.source_row)]
    assert asked[asked.check == "uncertain_reading"].empty
    columns = ["event", "likelihood", "consequence", "risk_value"]
    return [*data.risks[columns].itertuples(index=False, name=None)]


# -- both steps in one cell ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    ["Riskvärde", "Riskvärde (S x K)", "Risk (sannolikhet x konsekvens)", "S*K=RV", "Bedömning"],
)
@pytest.mark.parametrize("cell", ["{}x{}={}", "{} × {} = {}", "S: {} K: {} = {}"])
def test_steps_beside_their_product_are_read_whatever_their_heading(tmp_path, heading, cell):
    """A column of products says both steps, where no other column does."""
    rows = [f"{event};{cell.format(*steps)};Rond" for event, *steps in RISKS]
    assert judged(read(tmp_path, f"Risk;{heading};Åtgärd", *rows)) == RISKS


@pytest.mark.parametrize("heading", ["Riskvärde (K x S)", "Risk (konsekvens × sannolikhet)", "KxS"])
def test_a_heading_that_begins_with_the_consequence_says_which_step_is_which(tmp_path, heading):
    """K x S: the first number is the consequence."""
    rows = [f"{event};{k}x{s}={value};Rond" for event, s, k, value in RISKS]
    assert judged(read(tmp_path, f"Risk;{heading};Åtgärd", *rows)) == RISKS


def test_values_that_are_no_products_stay_values(tmp_path):
    """8, 12, 5 say no steps."""
    data = read(tmp_path, "Risk;Riskvärde", *(f"{event};{value}" for event, *_, value in RISKS))
    assert data.risks.risk_value.tolist() == [8, 12, 5]
    assert data.risks.likelihood.isna().all()


# -- an axis' own letter, or word, before the step -------------------------------------------------


@pytest.mark.parametrize(
    ("s", "k"), [("S", "K"), ("S ", "K "), ("L", "C"), ("Sannolikhet ", "Konsekvens ")]
)
def test_the_letter_of_an_axis_before_its_digit_is_no_word_of_a_scale(tmp_path, s, k):
    """S3 and K4 are steps 3 and 4."""
    rows = [f"{event};{s}{a};{k}{b};{value}" for event, a, b, value in RISKS]
    assert judged(read(tmp_path, "Risk;Sannolikhet;Konsekvens;Riskvärde", *rows)) == RISKS


def test_the_letter_of_the_other_axis_is_asked_about(tmp_path):
    """K2 under likelihood: the columns may have changed places."""
    rows = [f"{event};K{a};S{b};{value}" for event, a, b, value in RISKS]
    with pytest.raises(rd.RiskdataError, match="K2"):
        read(tmp_path, "Risk;Sannolikhet;Konsekvens;Riskvärde", *rows)


# -- who is responsible, with more beside the name -----------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        "Ansv: {}", "Kontakt: {}", "@{}", "{}, controller", "{} – biträdande rektor", "{} tfn 0470-123 45",
        "{}, 0470-123 45", "Controller {}", "Ekonomichef {}", "{} (controller)", "{} <namn@kommun.example>",
    ],
)  # fmt: skip
def test_what_stands_beside_a_name_is_no_part_of_it(tmp_path, cell):
    """A label, a title, a telephone number: kept in the account, and the person is one and the same."""
    rows = [
        f"{r[0]};{r[1]};{r[2]};{m};{cell.format(who)}"
        for r, (m, who) in zip(RISKS, MEASURES, strict=True)
    ]
    data = read(tmp_path, "Risk;Sannolikhet;Konsekvens;Åtgärd;Ansvarig", *rows)
    told = dict(zip(data.activities.activity, map(list, data.activities.responsible), strict=True))
    assert told == {measure: [who] for measure, who in MEASURES}
    assert data.unread.empty


def test_a_title_that_is_responsible_elsewhere_is_no_title_beside_a_name(tmp_path):
    """Where "controller" alone stands as responsible, it is one more beside a name."""
    who = ["Vera Ek, controller", "controller", "Vera Ek"]
    rows = [f"{r[0]};2;3;{m};{w}" for r, (m, _), w in zip(RISKS, MEASURES, who, strict=True)]
    data = read(tmp_path, "Risk;Sannolikhet;Konsekvens;Åtgärd;Ansvarig", *rows)
    told = dict(zip(data.activities.activity, map(list, data.activities.responsible), strict=True))
    assert told["Skyltar sätts upp"] == ["Vera Ek", "controller"]


# -- measures in a table of their own -------------------------------------------------------------


def two_tables(tmp_path, numbers: list[str], named: list[str], heading: str) -> rd.Data:
    """Return what is read of the risks, and below them of their measures, by what numbers name them."""
    rows = [f"{n};{event};{s};{k}" for n, (event, s, k, _) in zip(numbers, RISKS, strict=True)]
    below = [f"{n};{measure};{who};" for n, (measure, who) in zip(named, MEASURES, strict=True)]
    return read(
        tmp_path,
        "Nr;Risk;Sannolikhet;Konsekvens",
        *rows,
        ";;;",
        f"{heading};Åtgärd;Ansvarig;",
        *below,
    )


@pytest.mark.parametrize("heading", ["Nr", "Koppling", "Gäller", "Risk nr"])
def test_codes_of_risks_put_measures_under_them_whatever_their_heading(tmp_path, heading):
    """R3 above and below is the same risk."""
    data = two_tables(tmp_path, ["R1", "R2", "R3"], ["R3", "R1", "R1"], heading)
    told = dict(zip(data.activities.activity, data.activities.event, strict=True))
    assert told == {"Skyltar sätts upp": "Kajen rasar", "Larm köps in": "Isen brister",
                    "Kajen besiktas": "Isen brister"}  # fmt: skip


def test_numbers_that_do_not_run_on_name_risks(tmp_path):
    """2, 2, 3 number no rows."""
    data = two_tables(tmp_path, ["1", "2", "3"], ["2", "2", "3"], "Gäller")
    assert data.activities.event.tolist() == ["Larm saknas", "Larm saknas", "Kajen rasar"]


def test_numbers_that_may_be_the_rows_own_are_asked_about(tmp_path):
    """1, 2, 3 may number the measures: no risk is put above them, and each row says so."""
    data = two_tables(tmp_path, ["1", "2", "3"], ["1", "2", "3"], "Gäller")
    assert data.activities.event.isna().all()
    asked = data.findings[data.findings.check == "uncertain_reading"]
    assert {*data.activities.source_row} <= {*asked.source_row}


@pytest.mark.parametrize("word", ["Nivå", "Steg", "Grad"])
def test_a_word_that_every_step_has_is_no_label_of_one(tmp_path, word):
    """Nivå 3 is step 3, and Nivå 4 is 4: the word is no scale of its own."""
    rows = [f"{event};{word} {a};{word} {b};{value}" for event, a, b, value in RISKS]
    assert judged(read(tmp_path, "Risk;Sannolikhet;Konsekvens;Riskvärde", *rows)) == RISKS


def test_two_columns_of_codes_that_name_the_same_risks_are_one_answer(tmp_path):
    """A register with both a running number and a code: R2 is the risk of the second row by either."""
    rows = [f"R{n};{n};{event};{s};{k}" for n, (event, s, k, _) in enumerate(RISKS, 1)]
    data = read(tmp_path, "ID;Löpnr;Risk;Sannolikhet;Konsekvens", *rows, ";;;;",
                "Avser risk;Åtgärd;;;", "R2;Larm köps in;;;", "R3;Kajen besiktas;;;")  # fmt: skip
    assert data.activities.event.tolist() == ["Larm saknas", "Kajen rasar"]


def test_a_list_of_measures_in_a_cell_stands_under_the_risk_of_its_row(tmp_path):
    """1. … 2. … beside R1: both are measures of R1."""
    path = tmp_path / "export.csv"
    path.write_text(
        "Nr;Risk;Sannolikhet;Konsekvens\nR1;Isen brister;2;4\nR2;Larm saknas;3;4\n;;;\n"
        'Avser risk;Åtgärder;Ansvarig;\nR1;"1. Skyltar sätts upp\n2. Isen mäts";Vera Ek;\n'
        'R2;"1. Larm köps in\n2. Larm provas";Vera Ek;\n',
        encoding="utf-8-sig",
    )
    data = rd.read_export(path, "Hamnnämnden", "2025-VB", manual=tmp_path)
    assert data.activities.event.tolist() == ["Isen brister"] * 2 + ["Larm saknas"] * 2


def test_a_row_with_words_only_in_columns_that_are_not_used_is_unread(tmp_path):
    """What it says may be a risk's; a running number alone says nothing."""
    rows = ["1;Is;Isen brister;2;4", "2;Larm saknas i hela hamnen;;;", "3;;;;"]
    data = read(tmp_path, "Nr;Noteringar;Risk;Sannolikhet;Konsekvens", *rows)
    assert data.unread.source_row.tolist() == [3]
    assert len(data.risks) == 1


# -- headings, statuses and scales in other words -------------------------------------------------------


@pytest.mark.parametrize(
    ("s", "k"), [("S (1-5)", "K (1-5)"), ("S [1–4]", "K [1–4]"), ("S 1–5", "K 1–5"), ("S", "K")]
)
def test_a_letter_with_its_range_behind_is_the_axis(tmp_path, s, k):
    """S (1-5) is the likelihood."""
    rows = [f"{event};{a};{b};{value}" for event, a, b, value in RISKS]
    assert judged(read(tmp_path, f"Risk;{s};{k};Riskvärde", *rows)) == RISKS


def test_a_scale_that_orders_known_words_anew_is_the_files_own(tmp_path):
    """2 Osannolik, where 1 is Mycket osannolik, contradicts nothing."""
    words = dict(enumerate(["Mycket osannolik", "Osannolik", "Möjlig", "Sannolik"], 1))
    rows = [f"{event};{s} - {words[s]};{k};{value}" for event, s, k, value in RISKS]
    data = read(tmp_path, "Risk;Sannolikhet;Konsekvens;Riskvärde", *rows)
    assert judged(data) == RISKS
    assert "label_contradicts_digit" not in {*data.findings.check}


def test_a_known_word_at_another_digit_is_asked_about_where_the_scale_has_no_other_word(tmp_path):
    """2 - Osannolikt beside 3 - Möjlig: the digit is read, and the row says that the word is another's."""
    rows = ["Isen brister;2 - Osannolikt;4;8", "Larm saknas;3 - Möjlig;4;12", "Kajen rasar;1;5;5"]
    data = read(tmp_path, "Risk;Sannolikhet;Konsekvens;Riskvärde", *rows)
    assert data.findings[data.findings.check == "label_contradicts_digit"].source_row.tolist() == [
        2
    ]


@pytest.mark.parametrize(
    ("status", "code", "asked"),
    [("Klar, se protokoll", "finished", False), ("Avslutad enligt plan", "finished", False),
     ("EJ PÅBÖRJAD – VÄNTAR PÅ BUDGET", "not_started", False), ("Pågår…", "ongoing", False),
     ("Klar, men utbildning återstår", "finished", True), ("Klar senast 2025-12-20", "finished", True)],
)  # fmt: skip
def test_what_is_added_to_a_status_is_asked_about_where_it_may_turn_it(
    tmp_path, status, code, asked
):
    """ "enligt plan" turns nothing; "men …" may."""
    data = read(
        tmp_path, "Risk;Åtgärd;Status", f"Isen brister;Skyltar;{status}", "Larm saknas;Larm;Pågår"
    )
    assert data.activities.status.iloc[0] == code
    assert (2 in {*data.findings.source_row}) == asked


def test_a_slash_alone_is_no_measure(tmp_path):
    """/ under every heading of a measure is nothing."""
    data = read(
        tmp_path,
        "Risk;S;K;Åtgärd;Ansvarig",
        "Isen brister;2;4;Skyltar;Vera Ek",
        "Larm saknas;1;3;/;/",
    )
    assert data.activities.activity.tolist() == ["Skyltar"]


# -- tables beside and below ---------------------------------------------------------------------------


def document(tmp_path, *tables: list[list[str]]) -> rd.Data:
    """Return what is read of a document with tables one below the other."""
    made = docx.Document()
    for rows in tables:
        table = made.add_table(len(rows), len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        made.add_paragraph("")
    made.save(tmp_path / "export.docx")
    return rd.read_export(tmp_path / "export.docx", "Hamnnämnden", "2025-VB", manual=tmp_path)


HEAD = ["Risk", "Åtgärd", "Status", "Ansvarig"]
FIRST = ["Isen brister", "Skyltar sätts upp", "Klar", "Vera Ek"]


def test_a_table_without_headings_goes_on_with_the_one_above_by_a_text_of_its_column(tmp_path):
    """The same person in the same column: the table was cut by a page."""
    data = document(tmp_path, [HEAD, FIRST], [["Larm saknas", "Larm köps in", "Pågår", "Vera Ek"]])
    assert data.activities.event.tolist() == ["Isen brister", "Larm saknas"]
    assert data.unread.empty


def test_a_table_without_headings_that_shows_nothing_of_the_one_above_is_unread(tmp_path):
    """As wide, but with no word in common: each row is told."""
    data = document(
        tmp_path, [HEAD, FIRST], [["Larm saknas", "Larm köps in", "Vilar", "Olle Brandt"]]
    )
    assert data.unread.text.str.contains("Larm köps in").any()


def test_a_sheet_of_what_may_be_chosen_is_no_rows(tmp_path):
    """Steps and statuses under their headings, each once: a list behind drop-downs."""
    book = openpyxl.Workbook()
    book.active.append(["Risk", "S", "K"])
    for event, s, k, _ in RISKS:
        book.active.append([event, s, k])
    for row in (["Sannolikhet", "Status"], [1, "Klar"], [2, "Pågår"], [3, "Ej påbörjad"]):
        (book["Listor"] if "Listor" in book.sheetnames else book.create_sheet("Listor")).append(row)
    book.save(tmp_path / "export.xlsx")
    data = rd.read_export(tmp_path / "export.xlsx", "Hamnnämnden", "2025-VB", manual=tmp_path)
    assert len(data.risks) == 3
    assert data.unread.empty


@pytest.mark.parametrize("words", [["Osannolik", "Möjlig", "Sannolik"], ["Liten", "Medel", "Stor"]])
def test_a_scale_in_use_elsewhere_is_read_by_its_digits_and_words(tmp_path, words):
    """2 Osannolik, 3 Möjlig, 4 Sannolik: none of them contradicts the scale that has them so."""
    rows = [f"Fara {n};{n} - {word};3;{3 * n}" for n, word in enumerate(words, 2)]
    data = read(tmp_path, "Risk;Sannolikhet;Konsekvens;Riskvärde", *rows)
    assert data.risks.likelihood.tolist() == [2, 3, 4]
    assert "label_contradicts_digit" not in {*data.findings.check}


def test_lines_of_measures_with_as_many_days_or_people_beside_them_are_measures(tmp_path):
    """Two lines, two days: two measures, each with its day; a text that was only wrapped is one."""
    path = tmp_path / "export.csv"
    path.write_text(
        'Risk;Åtgärd;Ansvarig;Slutdatum\nIsen brister;"Skyltar\nMätning";"Vera Ek\nOlle Brandt";'
        '"2025-03-01\n2025-05-01"\nLarm saknas;"Larm köps\nin till hamnen";"Vera\nEk";2025-06-01\n',
        encoding="utf-8",
    )
    data = rd.read_export(path, "Hamnnämnden", "2025-VB", manual=tmp_path)
    told = zip(
        data.activities.activity,
        map(list, data.activities.responsible),
        data.activities.due_date,
        strict=True,
    )
    assert [*told] == [
        ("Skyltar", ["Vera Ek"], "2025-03-01"), ("Mätning", ["Olle Brandt"], "2025-05-01"),
        ("Larm köps in till hamnen", ["Vera Ek"], "2025-06-01"),
    ]  # fmt: skip


def test_a_column_of_days_beside_a_box_of_its_own_is_a_due_date(tmp_path):
    """ "Klar" has the tick, and "Klart" the day."""
    data = read(tmp_path, "Risk;Åtgärd;Pågår;Klar;Klart", "Isen brister;Skyltar;;x;2025-03-01",
                "Larm saknas;Larm köps in;x;;2025-05-01")  # fmt: skip
    assert data.activities.status.tolist() == ["finished", "ongoing"]
    assert data.activities.due_date.tolist() == ["2025-03-01", "2025-05-01"]


def test_headings_of_a_data_model_are_their_columns(tmp_path):
    """Risker[Process] is the process, and Summa av Sannolikhet the likelihood of the row."""
    head = "Risker[Process];Risker[Riskbenämning];Summa av Sannolikhet;Summa av Konsekvens;Åtgärder[Åtgärd]"
    data = read(tmp_path, head, *(f"Hamn;{event};{s},00;{k},00;Rond" for event, s, k, _ in RISKS))
    assert judged(data) == RISKS
    assert {*data.risks.process} == {"Hamn"}


# -- risks told by chapters ------------------------------------------------------------------------------

CHAPTERS = """
Plan för intern kontroll
2. Risker
2.1 Isen brister
Isen mäts inte.
Bedömning: Sannolikhet 2, konsekvens 4, riskvärde 8.
Åtgärder:
• Skyltar sätts upp. Ansvarig: Vera Ek. Klart: 2025-03-01.
• Isen mäts. Ansvarig: Olle Brandt. Klart: 2025-01-31.
2.2 Larm saknas
Bedömning: Sannolikhet 3, konsekvens 4, riskvärde 12.
Åtgärder:
• Larm köps in. Ansvarig: Vera Ek. Klart: 2025-05-01.
3. Rapportering
"""


def test_a_chapter_with_its_assessment_is_a_risk(tmp_path):
    """The heading names the risk, the line of scores judges it, the list below holds its measures."""
    made = docx.Document()
    for line in CHAPTERS.strip().splitlines():
        made.add_paragraph(line)
    made.save(tmp_path / "export.docx")
    data = rd.read_export(tmp_path / "export.docx", "Hamnnämnden", "2025-VB", manual=tmp_path)
    assert judged(data) == RISKS[:2]
    told = data.activities[["event", "activity", "due_date"]].values.tolist()
    assert told == [
        ["Isen brister", "Skyltar sätts upp.", "2025-03-01"],
        ["Isen brister", "Isen mäts.", "2025-01-31"], ["Larm saknas", "Larm köps in.", "2025-05-01"],
    ]  # fmt: skip
    assert [*map(list, data.activities.responsible)] == [["Vera Ek"], ["Olle Brandt"], ["Vera Ek"]]


def test_a_page_of_a_wiki_with_a_heading_for_each_risk_is_cards(tmp_path):
    """Bold labels, boxes to tick, who and when in brackets."""
    text = "# Risker\n"
    for (event, s, k, value), (measure, who) in zip(RISKS, MEASURES, strict=True):
        text += f"\n## {event}\n\n- **Sannolikhet:** {s}\n- **Konsekvens:** {k}\n- **Riskvärde:** {value}\n"
        text += f"\nÅtgärder:\n\n- [x] {measure} ({who}, 2025-03-01)\n"
    path = tmp_path / "export.md"
    path.write_text(text, encoding="utf-8")
    data = rd.read_export(path, "Hamnnämnden", "2025-VB", manual=tmp_path)
    assert judged(data) == RISKS
    told = zip(data.activities.activity, map(list, data.activities.responsible), strict=True)
    assert [*told] == [(measure, [who]) for measure, who in MEASURES]
    assert {*data.activities.status} == {"finished"} and {*data.activities.due_date} == {
        "2025-03-01"
    }


def test_a_list_of_terms_below_each_heading_is_cards(tmp_path):
    """A page without tables: the summary names the risk, its terms are the columns."""
    cards = "".join(
        f"<details><summary>{event}</summary><dl><dt>Sannolikhet</dt><dd>{s}</dd><dt>Konsekvens</dt><dd>{k}</dd>"
        f"<dt>Riskvärde</dt><dd>{value}</dd><dt>Åtgärd</dt><dd>{measure}</dd></dl></details>"
        for (event, s, k, value), (measure, _) in zip(RISKS, MEASURES, strict=True)
    )
    path = tmp_path / "export.html"
    path.write_text(f"<html><body><h1>Risker</h1>{cards}</body></html>", encoding="utf-8")
    data = rd.read_export(path, "Hamnnämnden", "2025-VB", manual=tmp_path)
    assert judged(data) == RISKS
    assert data.activities.activity.tolist() == [measure for measure, _ in MEASURES]


def test_a_heading_that_goes_on_over_a_page_is_the_group_above(tmp_path):
    """Isar (forts.) over a page's rows is Isar."""
    data = read(tmp_path, "Risk;Sannolikhet;Konsekvens", "Process: Isar;;", "Isen brister;2;4",
                "Isen spricker;1;2", "Process: Isar (forts.);;", "Larm saknas;3;4")  # fmt: skip
    assert {*data.risks.process} == {"Isar"}


def test_a_calendar_of_months_beside_the_controls_moves_nothing(tmp_path):
    """X under the months says when; three known headings are enough among any number of others."""
    head = "Risk;Kontrollmoment;Kontrollansvarig;jan;feb;mar;apr;maj;jun;Utförd;Resultat"
    rows = ["Isen brister;Rond på isen;Vera Ek;X;;;X;;;Ja;Utan avvikelse",
            "Larm saknas;Prov av larm;Olle Brandt;;;X;;;X;Nej;"]  # fmt: skip
    data = read(tmp_path, head, *rows)
    told = data.activities[["event", "activity", "outcome"]].astype(str).values.tolist()
    assert told[0] == ["Isen brister", "Rond på isen", "no_deviation"]
    assert told[1][:2] == ["Larm saknas", "Prov av larm"]
    assert data.unread.empty


def test_a_table_pasted_as_one_cell_a_line_is_found_between_other_lines(tmp_path):
    """Headings below each other, then the cells: above them a greeting, below them a name."""
    cells = [f"{n}\n{event}\n{s}\n{k}\n{value}" for n, (event, s, k, value) in enumerate(RISKS, 1)]
    path = tmp_path / "export.txt"
    text = [
        "Hej,",
        "",
        "här är tabellen.",
        "",
        "Nr",
        "Risk",
        "Sannolikhet",
        "Konsekvens",
        "Riskvärde",
        *cells,
        "Vera",
    ]
    path.write_text("\n".join(text), encoding="utf-8")
    data = rd.read_export(path, "Hamnnämnden", "2025-VB", manual=tmp_path)
    told = ["event", "likelihood", "consequence", "risk_value"]
    assert [*data.risks[told].itertuples(index=False, name=None)] == RISKS


def test_steps_that_are_ticked_in_columns_are_read(tmp_path):
    """1 2 3 4 5 below Sannolikhet, and below Konsekvens, with a cross on each row."""
    head = "Risk;Sannolikhet;Sannolikhet;Sannolikhet;Sannolikhet;Sannolikhet;" + ";".join(
        ["Konsekvens"] * 5
    )
    ticks = [";".join("x" if n == step else "" for n in range(1, 6)) for step in range(6)]
    rows = [f"{event};{ticks[s]};{ticks[k]};{value};Rond" for event, s, k, value in RISKS]
    data = read(tmp_path, f"{head};Riskvärde;Åtgärd", ";1;2;3;4;5;1;2;3;4;5;;", *rows)
    assert judged(data) == RISKS


def test_two_ticks_for_one_step_are_asked_about(tmp_path):
    """A cross under 2 and under 3: no step is read, and the row says so."""
    head = ";".join(["Risk", *["Sannolikhet"] * 3, *["Konsekvens"] * 3, "Åtgärd"])
    data = read(
        tmp_path, head, ";1;2;3;1;2;3;", "Isen brister;;x;x;x;;;Rond", "Larm saknas;x;;;;x;;Prov"
    )
    assert data.risks.likelihood.isna().tolist() == [True, False]
    assert 3 in {*data.findings.source_row, *data.unread.source_row}


def test_signs_that_a_line_explains_are_a_status_though_their_column_has_no_heading(tmp_path):
    """🟢 klart 🟡 pågår above the table explains the column of balls."""
    rows = ["Isen brister;🟢;Skyltar sätts upp;Vera Ek", "Larm saknas;🟡;Larm köps in;Olle Brandt"]
    data = read(
        tmp_path, "🟢 klart 🟡 pågår 🔴 inte påbörjat;;;", "", "Risk;;Åtgärd;Ansvarig", *rows
    )
    assert data.activities.status.tolist() == ["finished", "ongoing"]


def test_a_choice_that_is_written_as_an_object_is_what_it_shows(tmp_path):
    """{"Value": "Pågår"} is Pågår, and of a person the name."""
    book = openpyxl.Workbook()
    book.active.append(["Risk", "Åtgärd", "Status", "Ansvarig"])
    person = '{"Claims": "i:0#.f|vera", "DisplayName": "Vera Ek", "Email": "vera@kommun.example"}'
    book.active.append(["Isen brister", "Skyltar", '{"Id": 2, "Value": "Pågår"}', person])
    book.save(tmp_path / "export.xlsx")
    data = rd.read_export(tmp_path / "export.xlsx", "Hamnnämnden", "2025-VB", manual=tmp_path)
    assert data.activities.status.tolist() == ["ongoing"]
    assert [*map(list, data.activities.responsible)] == [["Vera Ek"]]


# -- exports that were opened, printed or pasted wrongly -------------------------------------------------


def test_lines_of_text_in_the_first_column_of_a_sheet_are_their_cells(tmp_path):
    """A .csv opened without being split: each line stands whole in column A."""
    book = openpyxl.Workbook()
    book.active.append(["Risk;Sannolikhet;Konsekvens;Riskvärde;Åtgärd"])
    for event, s, k, value in RISKS:
        book.active.append([f'{event};{s};{k};{value};"Rond, och prov"'])
    book.save(tmp_path / "export.xlsx")
    data = rd.read_export(tmp_path / "export.xlsx", "Hamnnämnden", "2025-VB", manual=tmp_path)
    assert judged(data) == RISKS
    assert {*data.activities.activity} == {"Rond, och prov"}


def test_paragraphs_with_tabs_are_rows(tmp_path):
    """A table of Word that was converted to text."""
    made = docx.Document()
    made.add_paragraph("Hamnens risker")
    made.add_paragraph("Risk\tSannolikhet\tKonsekvens\tRiskvärde")
    for risk in RISKS:
        made.add_paragraph("\t".join(map(str, risk)))
    made.save(tmp_path / "export.docx")
    assert (
        judged(rd.read_export(tmp_path / "export.docx", "Hamnnämnden", "2025-VB", manual=tmp_path))
        == RISKS
    )


def test_a_sheet_printed_over_two_pages_is_joined_by_the_number_on_both(tmp_path):
    """The same numbers, row by row, and no title between: the columns of the second page go on."""
    risks = [["Nr", "Risk", "Sannolikhet", "Konsekvens"]] + [
        [str(n), r[0], str(r[1]), str(r[2])] for n, r in enumerate(RISKS, 1)
    ]
    plan = [["Nr", "Åtgärd", "Ansvarig"]] + [[str(n), *m] for n, m in enumerate(MEASURES, 1)]
    data = document(tmp_path, risks, plan)
    assert data.activities.event.tolist() == [event for event, *_ in RISKS]


def test_shares_without_their_sign_are_shares(tmp_path):
    """0.6 is 60 percent, and 1 beside it all of it."""
    head = "Risk;Åtgärd;Färdigt;Ansvarig"
    rows = [
        f"Fara {n};Åtgärd {n};{share};Vera Ek"
        for n, share in enumerate(["0.6", "0,25", "0.8", "1"])
    ]
    data = read(tmp_path, head, *rows)
    assert data.activities.status.tolist() == ["ongoing", "ongoing", "ongoing", "finished"]


def test_a_diary_with_days_is_a_comment(tmp_path):
    """2025-03-01 VE: … says something of that day; it is no due date."""
    rows = [
        f"Fara {n};Åtgärd {n};Klar;2025-0{n}-01 VE: provet är gjort på alla bryggor"
        for n in (1, 2, 3)
    ]
    data = read(tmp_path, "Risk;Åtgärd;Status;Dagbok / kommentar", *rows)
    assert data.activities.comment.str.contains("alla bryggor").all()


@pytest.mark.parametrize(
    ("buckets", "field"),
    [
        (["Isen brister under bryggan", "Larm saknas i hamnen"], "event"),
        (["Hamn", "Kaj", "Bro"], "process"),
    ],
)
def test_buckets_of_a_planner_are_risks_where_they_say_what_may_happen(tmp_path, buckets, field):
    """Whole sentences are risks, guessed; names are processes."""
    rows = [f"Åtgärd {n};{bucket};Pågår" for n, bucket in enumerate(buckets)]
    data = read(tmp_path, "Uppgiftsnamn;Bucketnamn;Förlopp", *rows)
    assert data.activities[field].tolist() == buckets


def test_a_table_of_measures_inside_the_cell_of_each_risk_is_rows_of_it(tmp_path):
    """Each risk's last cell holds a small table: its measures stand under the risk, with its headings."""
    inner = "<table><tr><th>Åtgärd</th><th>Ansvarig</th></tr>{}</table>"
    rows = [
        ("Isen brister", "2", "4", ["Skyltar", "Mätning"]),
        ("Larm saknas", "3", "4", ["Larm köps in"]),
    ]
    body = "".join(
        f"<tr><td>{event}</td><td>{s}</td><td>{k}</td><td>"
        + inner.format("".join(f"<tr><td>{m}</td><td>Vera Ek</td></tr>" for m in measures)) + "</td></tr>"
        for event, s, k, measures in rows
    )  # fmt: skip
    path = tmp_path / "export.html"
    head = "<tr><th>Risk</th><th>Sannolikhet</th><th>Konsekvens</th><th>Åtgärder</th></tr>"
    path.write_text(f"<html><body><table>{head}{body}</table></body></html>", encoding="utf-8")
    data = rd.read_export(path, "Hamnnämnden", "2025-VB", manual=tmp_path)
    told = data.activities[["event", "activity"]].values.tolist()
    assert told == [
        ["Isen brister", "Skyltar"],
        ["Isen brister", "Mätning"],
        ["Larm saknas", "Larm köps in"],
    ]
    assert data.risks.likelihood.tolist() == [2, 3]
    assert data.unread.empty


def test_a_table_of_measures_inside_a_cell_of_word_is_rows_too(tmp_path):
    """As a page's, in a document."""
    made = docx.Document()
    outer = made.add_table(3, 2)
    outer.cell(0, 0).text, outer.cell(0, 1).text = "Risk", "Åtgärder"
    for n, (event, _, _, _) in enumerate(RISKS[:2], 1):
        outer.cell(n, 0).text = event
        small = outer.cell(n, 1).add_table(2, 3)
        for row, texts in zip(
            small.rows, (["Åtgärd", "Status", "Ansvarig"], [*MEASURES[n]]), strict=True
        ):
            for cell, text in zip(row.cells, [*texts, "Vera Ek"], strict=False):
                cell.text = text
        small.cell(1, 1).text = "Klar"
    made.save(tmp_path / "export.docx")
    data = rd.read_export(tmp_path / "export.docx", "Hamnnämnden", "2025-VB", manual=tmp_path)
    assert data.activities[["event", "activity"]].values.tolist() == [
        [RISKS[0][0], MEASURES[1][0]], [RISKS[1][0], MEASURES[2][0]],
    ]  # fmt: skip


def test_colours_written_with_any_transparency_are_colours(tmp_path):
    """0092D050 fills as FF92D050 does: a status of colours, explained by the key above."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Grön = klar", "Röd = ej påbörjad"], [], ["Risk", "Åtgärd", "Status", "Ansvarig"]):
        sheet.append(row)
    for (event, *_), (measure, who), colour in zip(
        RISKS, MEASURES, ["0092D050", "00FF5050", "0092D050"], strict=True
    ):
        sheet.append([event, measure, None, who])
        sheet.cell(sheet.max_row, 3).fill = PatternFill("solid", fgColor=colour)
    book.save(tmp_path / "export.xlsx")
    data = rd.read_export(tmp_path / "export.xlsx", "Hamnnämnden", "2025-VB", manual=tmp_path)
    assert data.activities.status.tolist() == ["finished", "not_started", "finished"]


def test_headings_without_the_dots_of_their_letters_are_known(tmp_path):
    """A database names its columns atgard and oonskad handelse."""
    data = read(
        tmp_path,
        "process;oonskad handelse;s;k;atgard",
        *(f"Hamn;{e};{s};{k};Rond" for e, s, k, _ in RISKS),
    )
    assert [*data.risks.event] == [event for event, *_ in RISKS]
    assert {*data.activities.activity} == {"Rond"}


def test_a_card_of_a_risk_without_a_measure_is_a_card(tmp_path):
    """Its steps and value are enough, where they are numbers."""
    path = tmp_path / "export.html"
    terms = "<dt>Sannolikhet</dt><dd>{}</dd><dt>Konsekvens</dt><dd>{}</dd><dt>Riskvärde</dt><dd>{}</dd>{}"
    more = ["<dt>Åtgärd</dt><dd>Rond</dd>", "<dt>Åtgärd</dt><dd>Prov</dd>", ""]
    cards = [
        f"<h2>{event}</h2><dl>{terms.format(*steps, m)}</dl>"
        for (event, *steps), m in zip(RISKS, more, strict=True)
    ]
    path.write_text(f"<html><body><h1>Risker</h1>{''.join(cards)}</body></html>", encoding="utf-8")
    data = rd.read_export(path, "Hamnnämnden", "2025-VB", manual=tmp_path)
    assert judged(data) == RISKS


def test_signs_behind_every_line_part_nothing(tmp_path):
    """A comma file that a spreadsheet saved unsplit: ;;; behind each line, lines with quotes quoted whole."""
    path = tmp_path / "export.csv"
    path.write_text(
        "Risk,Sannolikhet,Konsekvens,Åtgärd;;;\nIsen brister,2,4,Skyltar;;;\n"
        '"Larm saknas,3,4,""Larm köps in, och provas""";;;\n',
        encoding="utf-8",
    )
    data = rd.read_export(path, "Hamnnämnden", "2025-VB", manual=tmp_path)
    assert data.activities.activity.tolist() == ["Skyltar", "Larm köps in, och provas"]
