"""Whole small exports of an invented municipality: what a person reads there is read, or pointed at."""

import docx
import openpyxl
import pandas as pd
import pytest

import riskdata as rd
from riskdata.shapes.headings import known
from riskdata.tables.data import Data
from riskdata.words.vocabulary import vocabulary

BOARD, PERIOD = "Hamnnämnden", "2025-VB"
HEADER = "Risk;Sannolikhet;Konsekvens;Riskvärde;Åtgärd"


@pytest.fixture
def read(tmp_path):
    """Return a function that reads a text, or sheets, as an export of the board."""

    def read(text: str | dict, name: str = "", manual: dict | None = None, **where: str) -> Data:
        if isinstance(text, dict):
            path, book = tmp_path / (name or "export.xlsx"), openpyxl.Workbook()
            book.remove(book.active)
            for sheet, rows in text.items():
                page = book.create_sheet(sheet)
                for row in rows:
                    page.append(row if isinstance(row, list) else [row])
                    if isinstance(row, str):
                        page.merge_cells(start_row=page.max_row, end_row=page.max_row,
                                         start_column=1, end_column=5)  # fmt: skip
            book.save(path)
        else:
            path = tmp_path / (name or "export.csv")
            path.write_text(text.strip("\n") + "\n", encoding="utf-8-sig")
        for file, words in (manual or {}).items():
            (tmp_path / file).write_text(words, encoding="utf-8")
        return rd.read_export(path, **{"board": BOARD, "period": PERIOD, **where}, manual=tmp_path)

    return read


def asked(data: Data) -> list[str]:
    """Return what the findings of uncertain readings point at."""
    return data.findings[data.findings.check == "uncertain_reading"].evidence.tolist()


def pointed_at(data: Data) -> set[int]:
    """Return the rows with a finding or something unread."""
    return {*data.findings.source_row.dropna(), *data.unread.source_row.dropna()}


def unsure(data: Data) -> set[int]:
    """Return the rows whose reading is asked about, or unread."""
    asked = data.findings[data.findings.check == "uncertain_reading"]
    return {*asked.source_row.dropna(), *data.unread.source_row.dropna()}


# -- lines above and within a table ------------------------------------------------------------


def test_labelled_line_above_a_table_is_a_group_of_its_rows(read):
    """Process: X above a table, in one cell or two, is the process of the rows below it, of no others."""
    data = read(f"""
Process: Kajer
{HEADER}
Isen trycker sönder kajen;2;4;8;Bubbelanläggning

Process;Lotsning
{HEADER}
Lotsen kommer för sent;3;3;9;Jourlista
""")
    assert data.risks.process.tolist() == ["Kajer", "Lotsning"]


def test_label_of_a_column_that_the_table_has_is_no_group(read):
    """Where the table prints its own process, a line above says nothing of its rows."""
    data = read("""
Process: Hela hamnen
Process;Risk;Sannolikhet;Konsekvens;Riskvärde
Kajer;Isen trycker;2;4;8
;Tampen brister;3;2;6
""")
    assert data.risks.process.tolist() == ["Kajer", "Kajer"]


def test_heading_with_a_decision_gives_its_rows_the_decision(read):
    """Risker som accepteras is a decision of the rows below, and no process."""
    data = read(f"""
{HEADER}
Risker som ingår i internkontrollplanen;;;;
Oljan rinner ut i hamnen;3;5;15;Länsor
Risker som accepteras;;;;
Måsar skräpar ner;2;2;4;Lock
""")
    assert data.risks.decision.tolist() == ["control_plan", "accept"]
    assert data.risks.process.isna().all()


def test_heading_of_risks_that_is_not_understood_is_asked_about(read):
    """Risker som inte accepteras turns a listed word round: a question, and no decision."""
    data = read(f"""
{HEADER}
Risker som inte accepteras;;;;
Oljan rinner ut i hamnen;3;5;15;Länsor
Risker som läggs åt sidan;;;;
Måsar skräpar ner;2;2;4;Lock
""")
    assert data.risks.decision.isna().all()
    assert {2, 4} <= pointed_at(data)


def test_merged_note_within_a_table_is_no_heading(read):
    """A sentence over the whole width is a note: pointed at, and nobody's process."""
    data = read({"Risker": [
        HEADER.split(";"),
        ["Isen trycker sönder kajen", 2, 4, 8, "Bubbelanläggning"],
        "Risken för grundstötning har strukits efter beslut i nämnden",
        ["Lotsen kommer för sent", 3, 3, 9, "Jourlista"],
    ]})  # fmt: skip
    assert data.risks.process.isna().all()
    assert 3 in pointed_at(data)


def test_merged_short_title_is_a_heading(read):
    """What only names is the process of the rows below it."""
    data = read({"Risker": [
        HEADER.split(";"), "Kajer", ["Isen trycker sönder kajen", 2, 4, 8, "Bubbelanläggning"],
    ]})  # fmt: skip
    assert data.risks.process.tolist() == ["Kajer"]


def test_text_that_tells_of_a_risk_outside_the_table_is_asked_about(read):
    """Both steps and their product in running text may be a risk: a finding."""
    text = "Nämnden ser även risken att fyren slocknar (sannolikhet 2, konsekvens 5, riskvärde 10)"
    data = read(f"{text}\n\n{HEADER}\nIsen trycker sönder kajen;2;4;8;Bubbelanläggning")
    assert asked(data) == [text]


def test_explained_scale_is_not_asked_about(read):
    """Sannolikhet 1-4, konsekvens 1-4 tells of no risk, and is nobody's steps."""
    data = read(f"Sannolikhet 1-4, konsekvens 1-4\n{HEADER}\nIsen trycker;2;4;8;Bubblor")
    assert data.risks[["likelihood", "consequence", "risk_value"]].values.tolist() == [[2, 4, 8]]
    assert asked(data) == []


# -- cards, turned tables, tables parted by spaces -------------------------------------------------


def test_second_line_of_a_card_goes_on_with_its_text(read):
    """A line that begins with a space or a small letter belongs to the label above it."""
    data = read(
        """
Risk: Isen trycker sönder kajen
Sannolikhet: 2
Konsekvens: 4
Åtgärd: Bubbelanläggning vid
  norra kajen
Ansvarig: Ida Våg

Risk: Lotsen kommer för sent
Sannolikhet: 3
Konsekvens: 3
Åtgärd: Jourlista
""",
        "kort.txt",
    )
    assert data.activities.activity.tolist() == ["Bubbelanläggning vid norra kajen", "Jourlista"]


def test_other_line_within_a_card_is_asked_about(read):
    """What stands under no label, and goes on with none, is a finding."""
    data = read(
        """
Risk: Isen trycker sönder kajen
Sannolikhet: 2
Konsekvens: 4
Beslutades i februari
Åtgärd: Bubbelanläggning
Risk: Lotsen kommer för sent
Sannolikhet: 3
Konsekvens: 3
Åtgärd: Jourlista
""",
        "kort.txt",
    )
    assert asked(data) == ["Beslutades i februari"]


def test_table_with_a_risk_a_column_is_turned(read):
    """Headings below each other make each column a row, numbered as the column, and a question."""
    data = read({"Risker": [
        ["Risk", "Isen trycker", "Lotsen sen", "Måsar"], ["Sannolikhet", 2, 3, 2],
        ["Konsekvens", 4, 3, 2], ["Riskvärde", 8, 9, 4], ["Åtgärd", "Bubblor", "Jour", "Lock"],
    ]})  # fmt: skip
    assert data.risks[["event", "risk_value", "source_row"]].values.tolist() == [
        ["Isen trycker", 8, 2], ["Lotsen sen", 9, 3], ["Måsar", 4, 4],
    ]  # fmt: skip
    assert len(asked(data)) == 1


def test_columns_parted_by_spaces_are_cut_where_their_headings_begin(read):
    """A blank cell stays blank."""
    data = read(
        """
Risk                  Sannolikhet  Konsekvens  Åtgärd          Ansvarig
Isen trycker kajen    2            4           Bubblor         Ida Våg
Måsar skräpar ner     2            2
Lotsen kommer sent    3            3                           Per Skär
""",
        "utskrift.txt",
    )
    assert data.risks[["event", "likelihood", "consequence"]].values.tolist() == [
        ["Isen trycker kajen", 2, 4], ["Måsar skräpar ner", 2, 2], ["Lotsen kommer sent", 3, 3],
    ]  # fmt: skip
    assert data.activities.activity.tolist() == ["Bubblor"]


# -- headings and columns ---------------------------------------------------------------------------


def test_ordinary_abbreviations_are_known(read):
    """Sanno., Kons. and Ansv. are headings."""
    data = read("Risk;Sanno.;Kons.;Åtgärd;Ansv.\nIsen trycker;2;4;Bubblor;Ida Våg")
    assert data.risks[["likelihood", "consequence"]].values.tolist() == [[2, 4]]
    assert data.activities.responsible.tolist() == [["Ida Våg"]]
    assert asked(data) == []


def test_headings_that_are_questions_are_guessed(read):
    """Vad kan hända? is a heading, and each of these a guess."""
    data = read(
        "Vad kan hända?;Hur troligt?;Hur allvarligt?;Vad gör vi?;Vem?\nIsen trycker;2;4;Bubblor;Ida Våg"
    )
    assert data.risks[["event", "likelihood", "consequence"]].values.tolist() == [
        ["Isen trycker", 2, 4]
    ]
    assert data.sources.guessed.tolist() == [5]


def test_guess_with_most_columns_told_by_contents_is_refused(read):
    """Under half of the columns known by their headings: what was seen is shown instead."""
    text = "Risk;A;B;C;D\n" + "".join(
        f"Lotsen kommer för sent till {n};2;4;Klar;Per Skär\n" for n in range(4)
    )
    with pytest.raises(rd.RiskdataError, match=r"(?s)Risk: .*A: okänd"):
        read(text)


def test_column_of_statuses_for_each_quarter_is_a_period_of_its_own(read):
    """Q1, Q2 … give the status at each quarter."""
    data = read(
        "Risk;Åtgärd;Q1;Q2;Q3\nIsen trycker;Bubblor;Pågår;Pågår;Klart\nMåsar;Lock;;Pågår;Klar"
    )
    told = data.activities.astype({"status": str}).groupby("period", observed=True).status.agg(list)
    assert told.to_dict() == {
        "2025-K1": ["ongoing", "unknown"], "2025-K2": ["ongoing", "ongoing"],
        "2025-K3": ["finished", "finished"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("word", "code"),
    [("Klart", "finished"), ("Ej klar", "not_finished"), ("Delvis genomförd", "ongoing"),
     ("Färdigt", "finished"), ("Ej avslutad", "not_finished"), ("Utgår", "cancelled")],
)  # fmt: skip
def test_ordinary_statuses_are_known(read, word, code):
    """Words that municipalities write, without a question."""
    data = read(f"Risk;Åtgärd;Status\nIsen trycker;Bubblor;{word}")
    assert data.activities.status.tolist() == [code]
    assert asked(data) == []


def test_ordinary_decisions_are_known_and_not_in_the_plan(read):
    """Åtgärdas, Bevakas, Reduceras are decisions of their own."""
    rows = "".join(f"Risk {w};2;2;4;{w}\n" for w in ("åtgärdas", "Bevakas", "Reduceras", "Godtas"))
    data = read(f"Risk;Sannolikhet;Konsekvens;Riskvärde;Hantera risk\n{rows}")
    assert data.risks.decision.tolist() == ["treat", "monitor", "reduce", "accept"]
    assert not any(vocabulary().counts("decisions").get(code) for code in data.risks.decision)


def test_english_decisions_are_known(read):
    """As tools with English words print them."""
    words = ("Mitigate", "Accept", "Transfer", "Avoid", "Monitor")
    rows = "".join(f"Risk {word};2;2;4;{word}\n" for word in words)
    data = read(f"Risk;Sannolikhet;Konsekvens;Riskvärde;Treatment\n{rows}")
    assert data.risks.decision.tolist() == ["reduce", "accept", "transfer", "avoid", "monitor"]


def test_null_of_a_database_is_nothing(read):
    """NULL under any heading is a blank cell."""
    data = read(
        "Risk;Sannolikhet;Konsekvens;Åtgärd;Ansvarig;Slutdatum\n"
        "Isen trycker;2;4;Bubblor;NULL;NULL\nTampen brister;3;3;NULL;NULL;NULL"
    )
    assert data.activities.activity.tolist() == ["Bubblor"]
    assert data.activities.responsible.map(list).tolist() == [[]]
    assert data.activities.due_date.isna().all() and asked(data) == []


@pytest.mark.parametrize(
    ("cells", "names", "asks"),
    [
        (("Åhl, Per-Ivar", "Tuva Rask"), [["Per-Ivar Åhl"], ["Tuva Rask"]], 0),
        (("Åhl, Ida;#23", "Lönn, Ivar;#7;#Åhl, Ida;#23"),
         [["Ida Åhl"], ["Ivar Lönn", "Ida Åhl"]], 0),
        (("Rektor, Kurator", "Tuva Rask"), [["Kurator Rektor"], ["Tuva Rask"]], 1),
        (("Åhl, Ida", "Ida"), [["Åhl", "Ida"], ["Ida"]], 0),
        (("Åhl, Ida [idah02]", "Ivar Lönn <il@ort.example>"), [["Ida Åhl"], ["Ivar Lönn"]], 0),
        (("Ida Åhl, Tuva Rask", "Ivar Lönn"), [["Ida Åhl", "Tuva Rask"], ["Ivar Lönn"]], 0),
    ],
)  # fmt: skip
def test_family_name_first_is_no_question_where_nobody_goes_by_one_word(read, cells, names, asks):
    """A list's number behind somebody is no person; two roles with a comma are asked about."""
    rows = "".join(f'Risk {n};Åtgärd {n};Klar;"{cell}"\n' for n, cell in enumerate(cells))
    data = read(f"Risk;Åtgärd;Status;Ansvarig\n{rows}")
    assert data.activities.responsible.map(list).tolist() == names
    assert len(asked(data)) == asks and data.unread.empty


def test_risk_printed_again_with_its_scores_for_another_measure_is_no_question(read):
    """Event and steps as above, another measure: one risk. Without steps it is asked about."""
    rows = "Isen trycker;2;4;8;Bubblor\nIsen trycker;2;4;8;Isbrytare\n"
    data = read(f"{HEADER}\n{rows}Tampen brister;;;9;Ny tamp\nTampen brister;;;9;Tillsyn")
    assert data.risks.event.tolist() == ["Isen trycker", "Tampen brister"]
    assert len(data.activities) == 4 and pointed_at(data) == {5}


def test_role_that_begins_with_an_ordinal_is_no_step(read):
    """1:e styrman is somebody; 1: Osannolik in the column of people is asked about."""
    data = read("""
Risk;Sannolikhet;Konsekvens;Riskvärde;Åtgärd;Ansvarig
Isen trycker;2;4;8;Bubblor;1:e styrman
Tampen brister;3;3;9;Ny tamp;2:a maskinist
Måsar skräpar;3;2;6;Nät;1: Osannolik
""")
    assert data.activities.responsible.map(list).tolist()[:2] == [
        ["1:e styrman"],
        ["2:a maskinist"],
    ]
    assert pointed_at(data) == {4}


@pytest.mark.parametrize("cell", ["3 av 4", "2 of 4", "75 %"])
def test_parts_that_are_done_are_a_status(read, cell):
    """Under a heading that asks for what is done; one cell that is no share is asked about alone."""
    data = read(f"""
Risk;Sannolikhet;Konsekvens;Riskvärde;Åtgärd;Delmoment klara
Isen trycker;2;4;8;Bubblor;{cell}
Tampen brister;3;3;9;Ny tamp;{cell.replace("75", "100").replace("3 av", "4 av").replace("2 of", "4 of")}
Måsar skräpar;3;2;6;Nät;{cell.replace("75 ", "0 ").replace("3 av", "0 av").replace("2 of", "0 of")}
Larmet är tyst;3;1;3;Prov;5 av 4
""")
    assert data.activities.status.tolist() == ["ongoing", "finished", "not_started", "unknown"]
    assert pointed_at(data) == {1, 5}


def test_days_without_a_year_are_no_parts(read):
    """3/4 under Planeras klart is the third of April in the period's year, and no three of four."""
    data = read("""
Risk;Sannolikhet;Konsekvens;Åtgärd;Planeras klart
Isen trycker;2;4;Bubblor;3/4
Tampen brister;3;3;Ny tamp;1/12
Måsar skräpar;3;2;Nät;30 september
Larmet är tyst;3;1;Prov;2025-05-02
""")
    dates = ["2025-04-03", "2025-12-01", "2025-09-30", "2025-05-02"]
    assert data.activities.due_date.tolist() == dates
    assert {*data.activities.status} == {"unknown"}
    assert pointed_at(data) == {1, 2, 3, 4}  # which year is a guess, and asked about
    filled = data.account[data.account.rule == "year_filled"]
    assert filled.before.tolist() == ["3/4", "1/12", "30 september"]


@pytest.mark.parametrize(("due", "asks"), [("hösten", True), ("31/6", True), ("före juni", True),
                                           ("hösten 2026", False)])  # fmt: skip
def test_due_date_that_is_no_date_is_asked_about(read, due, asks):
    """It stands as printed; what says its year is no question."""
    data = read(
        f"Risk;Åtgärd;Status;Slutdatum\nIsen trycker;Bubblor;Klar;{due}\nTampen;Ny tamp;Klar;2025-05-02"
    )
    assert data.activities.due_date.tolist() == [due, "2025-05-02"]
    assert asked(data) == [due] * asks


@pytest.mark.parametrize(
    ("due", "date"),
    [("30/6-26", "2026-06-30"), ("före 1/6", "2025-06-01?"), ("i juni", "2025-06-30?"),
     ("senast 1/6", "2025-06-01?"), ("2025-06-01 00:00:00.000", "2025-06-01"),
     ("2025-06-01 16:30", "2025-06-01"),
     ("Löpande", None), ("Tills vidare", None)],
)  # fmt: skip
def test_due_date_is_read_in_more_usual_ways(read, due, date):
    """What always goes on has none, and is no question; a year that is not printed is one."""
    data = read(
        f"Risk;Åtgärd;Status;Slutdatum\nIsen;Bubblor;Klar;{due}\nTampen;Tamp;Klar;2025-05-02"
    )
    told = date and date.rstrip("?")
    assert [None if pd.isna(d) else d for d in data.activities.due_date] == [told, "2025-05-02"]
    assert bool(asked(data)) == str(date).endswith("?") and data.unread.empty


def test_event_that_begins_with_a_status_word_is_a_text(read):
    """Försenad leverans is no status."""
    data = read(f"{HEADER}\nFörsenad leverans av bränsle;2;4;8;Planerad översyn av avtalet")
    assert data.risks.event.tolist() == ["Försenad leverans av bränsle"]
    assert asked(data) == []


# -- board and period ------------------------------------------------------------------------------


def test_title_that_tells_another_board_or_year_is_asked_about(read):
    """What was given counts, and the file's own word is a finding."""
    data = read(f"Riskanalys 2024, Kulturnämnden\n\n{HEADER}\nIsen trycker;2;4;8;Bubblor")
    assert data.risks[["board", "period"]].astype(str).values.tolist() == [[BOARD, PERIOD]]
    assert asked(data) == ["Kulturnämnden", "2024"]


def test_title_that_tells_the_same_is_not_asked_about(read):
    """Another spelling of the same board is no difference."""
    data = read(
        f"Riskanalys 2025, Hamnnämnd\n\n{HEADER}\nIsen trycker;2;4;8;Bubblor", board="Hamnnämnd"
    )
    assert asked(data) == []


def test_sheets_named_by_years_are_the_periods_of_their_rows(read):
    """With 2025-VB given, the sheet 2024 is 2024-VB, and a finding says so."""
    rows = [HEADER.split(";"), ["Isen trycker", 2, 4, 8, "Bubblor"]]
    data = read({"2024": rows, "2025": rows})
    assert data.risks.period.astype(str).tolist() == ["2024-VB", "2025-VB"]
    assert asked(data) == ["bladet 2024"]


def test_sources_csv_says_board_and_period_of_a_sheet(read, tmp_path):
    """A row for file#sheet counts for that sheet before the file's own row."""
    rows = [HEADER.split(";"), ["Isen trycker", 2, 4, 8, "Bubblor"]]
    said = "file,board,period\nexport.xlsx,Hamnnämnden,2025-VB\nexport.xlsx#Norr,Kulturnämnden,2025-T1\n"
    data = read(
        {"Norr": rows, "Söder": rows}, manual={"sources.csv": said}, board=None, period=None
    )
    assert data.risks[["board", "period"]].astype(str).values.tolist() == [
        ["Kulturnämnden", "2025-T1"], ["Hamnnämnden", "2025-VB"],
    ]  # fmt: skip


# -- a board's own matrix ----------------------------------------------------------------------------

MATRIX = """[board."Hamnnämnden"]
matrix = [["Låg", "Låg", "Medel"], ["Låg", "Medel", "Hög"], ["Medel", "Hög", "Hög"]]
"""


def test_level_is_looked_up_in_the_boards_own_matrix(read):
    """A blank level is that of the steps; a printed one that differs stands, and is asked about."""
    text = (
        "Risk;Sannolikhet;Konsekvens;Risknivå\nIsen trycker;2;3;\nMåsar;1;1;Hög\nLotsen;3;1;Medel"
    )
    data = read(text, manual={"vocabulary.toml": MATRIX})
    assert data.risks.level.tolist() == ["Hög", "Hög", "Medel"]
    assert data.risks.risk_value.isna().all()
    assert asked(data) == ["Hög"]


def test_without_a_matrix_no_level_is_made_up(read):
    """What the board has not said stays missing."""
    data = read(
        "Risk;Sannolikhet;Konsekvens;Risknivå\nIsen trycker;2;3;\nMåsar;1;1;Låg\nLots;3;3;Hög"
    )
    assert pd.isna(data.risks.level[0])


# -- what is read is not said to be unread -----------------------------------------------------------


def test_what_is_read_is_not_unread(read):
    """A risk printed again, people with och between, steps with a nought before them."""
    data = read(f"""
{HEADER};Ansvarig
Isen trycker;02;04;08;Bubblor;Ida Våg och Per Skär
Isen trycker;02;04;08;Båt;Ida Våg
""")
    assert data.unread.empty
    assert data.activities.responsible.tolist() == [["Ida Våg", "Per Skär"], ["Ida Våg"]]


# -- boxes, yes and no, shares ------------------------------------------------------------------------


@pytest.mark.parametrize(("ticked", "empty"), [("x", ""), ("☒", "☐"), ("Ja", "Nej")])
def test_ticked_column_of_statuses_gives_the_status(read, ticked, empty):
    """A column for each status is one column: the word of the one that is ticked."""
    data = read(f"""
Risk;Åtgärd;Ej påbörjad;Pågår;Klar
Isen trycker;Bubblor;{empty};{empty};{ticked}
Måsar skräpar ner;Lock;{ticked};{empty};{empty}
Lotsen kommer sent;Jourlista;{empty};{empty};{empty}
""")
    assert data.activities.status.tolist() == ["finished", "not_started", "unknown"]
    assert data.unread.empty


def test_ticked_word_in_a_cell_is_its_status(read):
    """Of several boxes in a cell the ticked one counts."""
    data = read("Risk;Åtgärd;Status\nIsen;Bubblor;☐ Pågår ☒ Klar\nMåsar;Lock;☒ Pågår ☐ Klar")
    assert data.activities.status.tolist() == ["finished", "ongoing"]
    assert data.unread.empty


@pytest.mark.parametrize("heading", ["Klar?", "Klart", "Genomförd"])
def test_yes_and_no_under_a_heading_that_asks_whether_it_is_done(read, heading):
    """Ja is finished, Nej is not."""
    data = read(f"Risk;Åtgärd;{heading}\nIsen;Bubblor;Ja\nMåsar;Lock;Nej\nLots;Jour;Ja")
    assert data.activities.status.tolist() == ["finished", "not_finished", "finished"]


def test_shares_of_a_measure_are_statuses(read):
    """100 % is finished, 0 % not started, and all between is ongoing."""
    data = read("Risk;Åtgärd;Färdiggrad\nIsen;Bubblor;100 %\nMåsar;Lock;60 %\nLots;Jour;0 %")
    assert data.activities.status.tolist() == ["finished", "ongoing", "not_started"]


# -- tables beside each other, cards ---------------------------------------------------------------


STATED = (
    "Risk;Sannolikhet;Konsekvens;Åtgärd;Läge\nIsen trycker;2;4;Bubblor;{}\nTampen;3;3;Ny tamp;{}\n"
)


@pytest.mark.parametrize(
    ("words", "legend"),
    [
        (("Blå", "Lila"), "\nBlå = Åtgärden är klar\nLila = påbörjad men ej klar"),
        (("B", "L"), "\nB: Klar, L: Pågår"),
        (("🟢", "🟡"), "\n🟢 = klar;🟡 = pågår"),
        (("Blå", "Lila"), ";;;;\nBlå;Klar;;;\nLila;Pågår;;;"),
    ],
)
def test_words_that_the_file_explains_mean_what_it_says(read, words, legend):
    """A legend below the table, on lines or in cells, is no row, and its words are known."""
    data = read(STATED.format(*words) + legend)
    assert data.activities.status.tolist() == ["finished", "ongoing"]
    assert len(data.risks) == 2 and asked(data) == [] and data.unread.empty


@pytest.mark.parametrize("meaning", ["inte avbruten", "klar eller pågår", "allt väl"])
def test_meaning_that_is_no_one_status_is_asked_about(read, meaning):
    """What is turned round, may be either or is no status leaves its word unknown."""
    data = read(STATED.format("Blå", "Blå") + f"\nBlå = {meaning}")
    assert data.activities.status.tolist() == ["unknown", "unknown"]
    assert {2, 3} <= pointed_at(data)


def test_digits_that_a_legend_explains_are_steps_still(read):
    """1 = Klar below the table makes no step a status; the status is asked about."""
    data = read(STATED.format(1, 2) + "\n1 = Klar\n2 = Pågår")
    assert data.risks[["likelihood", "consequence"]].dropna().values.tolist() == [[2, 4], [3, 3]]
    assert data.activities.status.tolist() == ["unknown", "unknown"]
    assert {2, 3} <= pointed_at(data)


@pytest.mark.parametrize(("heading", "code"), [("Klar", "finished"), ("Status", "unknown")])
def test_crossed_box_alone_is_ticked_where_the_heading_asks(read, heading, code):
    """Under Klar it says yes; under Status it may be a tick or a cross, and a person is asked."""
    data = read(f"Risk;Sannolikhet;Konsekvens;Åtgärd;{heading}\nIsen;2;4;Bubblor;☒\nTamp;3;3;Nät;")
    assert data.activities.status.tolist() == [code, "unknown"]
    assert (2 in pointed_at(data)) == (code == "unknown")


def test_text_with_a_colon_explains_no_word_of_another_column(read):
    """A note on a process makes the process no status."""
    data = read("""
Kajer: åtgärdad

Process;Risk;Sannolikhet;Konsekvens;Åtgärd;Status
Kajer;Isen trycker;2;4;Bubblor;Klar
Kajer;Tampen brister;3;3;Ny tamp;Pågår
""")
    assert data.risks.process.tolist() == ["Kajer", "Kajer"] and asked(data) == []


@pytest.mark.parametrize(
    ("column", "signs", "codes"),
    [
        (True, "☒☐☒", ["finished", "not_started", "finished"]),
        (False, "☒☐☒", ["finished", "not_started", "finished"]),
        (True, "☒☐☑", ["cancelled", "not_started", "finished"]),
    ],
)
def test_crossed_box_beside_empty_ones_is_ticked(read, column, signs, codes):
    """In a column or before the measure; where the file has another tick too, it is cancelled."""
    cells = [f"Nät;{sign}" if column else f"{sign} Nät" for sign in signs]
    rows = "".join(f"Risk {n};2;4;{cell}\n" for n, cell in enumerate(cells))
    data = read(f"Risk;Sannolikhet;Konsekvens;Åtgärd{';Status' * column}\n{rows}")
    assert data.activities.status.tolist() == codes


@pytest.mark.parametrize("signs", ["☐☒☐", ("[ ]", "[x]", "[ ]"), ("[]", "[X]", "[]")])
def test_one_ticked_box_of_a_cell_is_the_word_beside_it(read, signs):
    """Of a list of boxes in a cell the ticked one is its status, also where letters draw them."""
    boxes = zip(signs, ("Ej påbörjad", "Pågående", "Klar"), strict=True)
    cell = " ".join(f"{sign} {word}" for sign, word in boxes)
    data = read(f"Risk;Sannolikhet;Konsekvens;Åtgärd;Status\nIsen trycker;2;4;Nät;{cell}")
    assert data.activities.status.tolist() == ["ongoing"] and asked(data) == []


BEHIND = (
    "Risk;Sannolikhet;Konsekvens;{}\nIsen trycker;2;4;{}\nTampen brister;3;3;{}\nLarmet;1;2;Prov"
)


@pytest.mark.parametrize(
    ("heading", "cells", "measures", "people"),
    [
        ("Åtgärd", ('"1. Bubblor (Ida Våg)\n2. Nät (Ivar Lönn)"', "Ny tamp (Tuva Rask, Ida Våg)"),
         ["Bubblor", "Nät", "Ny tamp", "Prov"], ["Ida Våg", "Ivar Lönn", "Tuva Rask, Ida Våg", ""]),
        ("Åtgärd/ansvarig", ("Bubblor / Ida Våg", "Ny tamp"),
         ["Bubblor", "Ny tamp", "Prov"], ["Ida Våg", "", ""]),
        ("Åtgärd", ("Bubblor – Ida Våg", "Ny tamp – Tuva Rask"),
         ["Bubblor", "Ny tamp", "Prov"], ["Ida Våg", "Tuva Rask", ""]),
        ("Åtgärd (ansvarig)", ("Bubblor (Hamnchef)", "Ny tamp"),
         ["Bubblor", "Ny tamp", "Prov"], ["Hamnchef", "", ""]),
        ("Åtgärd", ("Bubblor (varje vecka)", "Ny tamp (kvartalsvis)"),
         ["Bubblor (varje vecka)", "Ny tamp (kvartalsvis)", "Prov"], ["", "", ""]),
        ("Åtgärd;Ansvarig", ("Bubblor (Norra Kajen);Ida Våg", "Ny tamp (Södra Kajen);Ida Våg"),
         ["Bubblor (Norra Kajen)", "Ny tamp (Södra Kajen)", "Prov"], ["Ida Våg", "Ida Våg", ""]),
    ],
)  # fmt: skip
def test_people_behind_most_measures_are_responsible(read, heading, cells, measures, people):
    """In brackets or after a dash; what is no name is text, as is a place where somebody is named."""
    data = read(BEHIND.format(heading, *cells))
    assert data.activities.activity.tolist() == measures
    assert data.activities.responsible.map(", ".join).tolist() == people
    assert {*asked(data)} <= {heading}  # a guess


def test_name_behind_one_measure_is_asked_about(read):
    """Where the others have none it may be anybody."""
    data = read(BEHIND.format("Åtgärd", "Bubblor (Ida Våg)", "Ny tamp"))
    assert data.activities.responsible.map(list).tolist() == [[], [], []]
    assert pointed_at(data) == {2}


@pytest.mark.parametrize(("steps", "rows"), [("66", {None}), ("61", {2})])
def test_step_above_the_scale_in_several_rows_is_one_question_of_the_file(read, steps, rows):
    """With right products it shows a longer scale; in one row it is that row's."""
    table = "".join(f"Risk {n};2;{s};{2 * int(s)};Åtgärd {n}\n" for n, s in enumerate(steps))
    found = read(f"{HEADER}\n{table}").findings
    found = found[found.check == "step_out_of_range"].source_row
    assert {None if pd.isna(row) else row for row in found} == rows


def test_tables_side_by_side_are_each_read(read):
    """The same headings again behind a blank column are a table of their own."""
    data = read("""
Norra hamnen;;;;Södra hamnen;;
Risk;Sannolikhet;Konsekvens;;Risk;Sannolikhet;Konsekvens
Isen trycker;2;4;;Måsar skräpar ner;2;2
;;;;Lotsen kommer sent;3;3
""")
    assert sorted(data.risks.event) == ["Isen trycker", "Lotsen kommer sent", "Måsar skräpar ner"]
    assert data.unread.empty


def test_cells_below_each_other_are_rows(read):
    """Headings a line each, then as many lines for each risk."""
    texts = "Risk|Sannolikhet|Konsekvens|Isen|2|4|Måsar|2|2|Lotsen|3|3"
    data = read(texts.replace("|", "\n"), "kopierat.txt")
    assert data.risks[["event", "likelihood", "source_row"]].values.tolist() == [
        ["Isen", 2, 4], ["Måsar", 2, 7], ["Lotsen", 3, 10],
    ]  # fmt: skip


def test_number_of_a_card_is_no_process_and_a_printed_process_counts(read):
    """Risk nr 2 above a card names it; what the card prints is its process."""
    cards = [
        f"Risk nr {n}\n\nRisk: {event}\nProcess: Kajer\nSannolikhet: 2\nKonsekvens: 4\n"
        for n, event in enumerate(("Isen trycker", "Måsar skräpar ner"), 1)
    ]
    data = read("Riskerna från mötet:\n\n" + "\n".join(cards), "kort.txt")
    assert data.risks.process.tolist() == ["Kajer", "Kajer"]


def test_label_before_the_event_belongs_to_the_card_below(read):
    """Process above Risk is of that card, and of the cards below that have none of their own."""
    data = read(
        """
Process: Kajer
Risk: Isen trycker sönder kajen
Sannolikhet: 2
Konsekvens: 4

Risk: Tampen brister
Sannolikhet: 3
Konsekvens: 3
Beslut: Acceptera

Process: Lotsning
Risk: Lotsen kommer för sent
Sannolikhet: 3
Konsekvens: 2
""",
        "kort.txt",
    )
    assert data.risks.process.tolist() == ["Kajer", "Kajer", "Lotsning"]
    assert data.risks.decision.notna().tolist() == [False, True, False]
    assert data.risks.source_row.tolist() == [2, 6, 12]


def test_card_without_a_label_that_the_others_repeat_has_none(read):
    """Where each card prints its process, also when it is the same, one that doesn't has no process."""
    cards = "".join(
        f"{process}Risk: {event}\nSannolikhet: 2\nKonsekvens: 4\n\n"
        for process, event in (("Process: Kajer\n", "Isen trycker"),
                               ("Process: Kajer\n", "Tampen brister"), ("", "Måsar skräpar ner"))
    )  # fmt: skip
    data = read(cards, "kort.txt")
    assert data.risks.process.fillna("").tolist() == ["Kajer", "Kajer", ""]


def test_what_follows_a_measure_of_a_card_belongs_to_it(read):
    """So does who is said once below two, to both of them; a status said once is asked about."""
    data = read(
        """
Risk: Isen trycker sönder kajen
Sannolikhet: 2
Konsekvens: 4
Åtgärd: Bubbelanläggning
Åtgärd: Isbrytare i beredskap
Ansvarig: Ida Våg
Status: Klar

Risk: Tampen brister
Sannolikhet: 3
Konsekvens: 3
Åtgärd: Ny tamp
Åtgärd: Tillsyn varje vecka
Status: Pågår
Åtgärd: Tamparna märks
Status: Klar
""",
        "kort.txt",
    )
    assert data.activities.responsible.map(list).tolist() == [["Ida Våg"]] * 2 + [[]] * 3
    assert data.activities.status.tolist() == ["unknown"] * 3 + ["ongoing", "finished"]
    assert {1, 5} <= pointed_at(data)


@pytest.mark.parametrize(
    ("line", "process"),
    [("Vi går igenom riskerna på nästa möte.", ""), ("Löpnr: 7", ""), ("Kajer", "Kajer")],
)
def test_sentence_above_cards_is_no_process(read, line, process):
    """A letter's greeting says something; a heading only names."""
    data = read(
        f"""
Hej alla,
{line}

Risk 1: Isen trycker sönder kajen
Sannolikhet 2
Konsekvens: 4

Risk 2: Tampen brister
Sannolikhet: 3
Konsekvens: 3
""",
        "brev.txt",
    )
    assert data.risks.process.fillna("").tolist() == [process, process]
    assert data.risks.risk_value.tolist() == [8, 9]


def test_headings_above_tables_of_one_kind_are_their_processes(read):
    """Each of several tables with the same columns has the heading right above it; a question says so."""
    data = read(f"""
Riskanalys 2025
Kajer
{HEADER}
Isen trycker;2;4;8;Bubblor

Lotsning
{HEADER}
Lotsen kommer sent;3;3;9;Jourlista
""")
    assert data.risks.process.tolist() == ["Kajer", "Lotsning"]
    said = "rubriken ovanför tabellen är läst som process"
    assert asked(data) == [f"”Kajer”: {said}", f"”Lotsning”: {said}"]


def test_one_heading_above_a_table_is_its_title(read):
    """What stands above the only table names it, and no process."""
    data = read(f"Riskanalys\n{HEADER}\nIsen trycker;2;4;8;Bubblor")
    assert data.risks.process.isna().all()


@pytest.mark.parametrize("title", ["Viks kommun Hamnnämnden", "Tabell 1. Nämndens risker"])
def test_title_with_the_boards_name_in_it_is_no_other_board(read, title):
    """A name within a title is that board, and Nämnden alone is none."""
    assert asked(read(f"{title}\n{HEADER}\nIsen trycker;2;4;8;Bubblor")) == []


def test_deviation_answered_with_yes_and_no_is_the_outcome_of_a_control(read):
    """Avvikelse? Ja is a deviation; what is done about it is described."""
    data = read("""
Process;Kontrollmoment;Avvikelse;Åtgärd vid avvikelse
Kajer;Är kajerna besiktade?;Ja;Ny besiktning i maj
Lotsning;Är listan aktuell?;Nej;
Kajer;Är djupet mätt?;Ja;Mätning beställs
""")
    assert data.activities.outcome.tolist() == ["deviation", "no_deviation", "deviation"]
    assert data.activities.description[0] == "Ny besiktning i maj"


@pytest.mark.parametrize(
    "heading", ["Verkställd (ja/nej)", "Avklarat?", "Slutfört (J/N)", "Utförd ja/nej"]
)
def test_heading_that_is_a_status_word_with_an_answer_behind(read, heading):
    """What stands in brackets, and the sign of a question, are no part of the word; capitals don't matter."""
    data = read(f"Risk;Åtgärd;{heading}\nIsen;Bubblor;JA\nMåsar;Lock;NEJ\nLots;Jour;Ja")
    assert data.activities.status.tolist() == ["finished", "not_finished", "finished"]


def test_a_heading_with_one_letter_wrong_is_guessed_before_a_part_of_it(read):
    """ "Kontrollannsvarig" is who is responsible, though "kontroll" would be none's: a guess."""
    lines = ["Risk;Kontrollmoment;Resultat;Kontrollannsvarig", "Jäv;Stickprov;Ingen avvikelse;Hamnchef",
             "Mutor;Enkät till alla;Mindre avvikelse;Controller"]  # fmt: skip
    data = read("\n".join(lines))
    assert [*map(list, data.activities.responsible)] == [["Hamnchef"], ["Controller"]]
    assert "guessed_column" in data.account.rule.tolist()


def test_abbreviation_of_a_heading_is_guessed(read):
    """A heading that ends with a stop, and begins the headings of one field, is that field."""
    data = read(
        "Processomr.;Oönsk.;Sannolikh.;Konsekv.\nKajer;Isen trycker;2;4\nLots;Båten går sönder;3;3"
    )
    assert data.risks[["process", "event", "likelihood"]].values.tolist() == [
        ["Kajer", "Isen trycker", 2], ["Lots", "Båten går sönder", 3],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "field"),
    [("Åtgärd för att få ner risken", "activity"), ("Åtgärd vid avvikelse", "description"),
     ("Kommentar från enheten", "comment"), ("Ansvarig för processen", "responsible")],
)  # fmt: skip
def test_heading_that_goes_on_behind_a_known_one_is_that(read, heading, field):
    """Whatever the addition names; a longer known beginning counts before a shorter one."""
    columns = {"activity": "Åtgärd"} | {field: heading}
    data = read(
        f"Risk;Sannolikhet;Konsekvens;{';'.join(columns.values())}\n"
        f"Isen trycker;2;4;{';'.join('Bubblor' if f == 'activity' else 'Ida Våg' for f in columns)}\n"
        f"Tampen brister;3;3;{';'.join('Ny tamp' if f == 'activity' else 'Ivar Lönn' for f in columns)}"
    )
    assert data.activities.activity.tolist() == ["Bubblor", "Ny tamp"]
    told = data.activities[field].map(lambda x: x[0] if isinstance(x, list) else x)
    assert told.iloc[0] == ("Bubblor" if field == "activity" else "Ida Våg")


def test_period_of_something_else_is_no_period_of_the_row(read):
    """Period för kontroll says when a control is made, not of which report its row is."""
    data = read("""
Risk;Sannolikhet;Konsekvens;Åtgärd;Period för kontroll
Isen trycker;2;4;Bubblor;Mars
Tampen brister;3;3;Ny tamp;Oktober
""")
    assert data.risks.period.tolist() == [PERIOD, PERIOD]


@pytest.mark.parametrize("caption", ["Kort {} av 2", "Riskblad nr {}", "Blad {}"])
def test_running_number_above_a_card_is_no_process(read, caption):
    """Whatever the number is called."""
    cards = [
        f"{caption.format(n)}\n\nRisk: {event}\nSannolikhet: 2\nKonsekvens: 4\n"
        for n, event in enumerate(("Isen trycker", "Måsar skräpar ner"), 1)
    ]
    data = read("Riskanalys\n\n" + "\n".join(cards), "kort.txt")
    assert data.risks.process.isna().all()


def test_shares_without_a_sign_are_statuses(read):
    """100 under "% klart" is finished."""
    data = read("Risk;Åtgärd;% klart\nIsen;Bubblor;100\nMåsar;Lock;40\nLots;Jour;0")
    assert data.activities.status.tolist() == ["finished", "ongoing", "not_started"]


def test_yes_to_what_is_in_the_plan_is_the_decision(read):
    """Ingår i plan för intern kontroll (ja/nej)."""
    head = "Risk;Sannolikhet;Konsekvens;Tas upp i plan för intern kontroll (ja/nej)"
    data = read(f"{head}\nIsen trycker;2;4;Ja\nMåsar;1;1;NEJ\nLots;3;3;ja")
    assert data.risks.decision.tolist() == ["control_plan", "risk_analysis", "control_plan"]


@pytest.mark.parametrize("sign", [": ", " - ", " – "])
def test_label_of_a_band_is_no_part_of_its_process(read, sign):
    """Process – Kajer within a table is the process Kajer."""
    bands = (f"Process{sign}{name};;;;" for name in ("Kajer", "Lots"))
    rows = "{}\nIsen trycker;2;4;8;Bubblor\n{}\nBåten dröjer;3;3;9;Jour".format(*bands)
    assert read(f"{HEADER}\n{rows}").risks.process.tolist() == ["Kajer", "Lots"]


def test_list_of_explained_words_is_not_turned(read):
    """A sheet that says what Risk, Sannolikhet and Konsekvens mean holds no risks."""
    data = read({
        "Risker": [HEADER.split(";"), ["Isen trycker", 2, 4, 8, "Bubblor"]],
        "Begrepp": [
            ["Begrepp", "Förklaring", "Skala"], ["Risk", "En händelse som kan hindra hamnen", ""],
            ["Sannolikhet", "Hur troligt det är", "1-5"], ["Konsekvens", "Hur illa det blir", "1-5"],
        ],
    })  # fmt: skip
    assert data.risks.event.tolist() == ["Isen trycker"]


@pytest.mark.parametrize("mark", ["*", "**", "***", "_", "__", "`"])
def test_signs_of_markdown_around_a_cell_are_no_part_of_it(read, mark):
    """Emphasis and code; a star between two numbers stays."""
    rows = (
        f"| Risk | Sannolikhet | Konsekvens |\n|---|---|---|\n| {mark}Isen trycker{mark} | 2 | 4 |"
    )
    data = read(f"{rows}\n| Måsar, 2*3*4 | 2 | 2 |\n", "chatt.md")
    assert data.risks.event.tolist() == ["Isen trycker", "Måsar, 2*3*4"]


def test_common_heading_over_a_column_of_each_status(read):
    """Läge over Pågår and Klar is one column of statuses."""
    data = read(
        "Risk;Åtgärd;Läge;;Ansvarig\n;;Pågår;Klar;\nIsen;Bubblor;;x;Ida Våg\nMåsar;Lock;x;;Per Skär"
    )
    assert data.activities.status.tolist() == ["finished", "ongoing"]
    assert data.unread.empty


def test_sheets_of_one_kind_are_groups_by_their_names(tmp_path):
    """Sheets with the same columns give their names as the process, and are asked about; Blad1 names none."""
    head = ["Risk", "Sannolikhet", "Konsekvens", "Riskvärde"]
    for names, processes in (
        (("Avgifter", "Tillsyn"), {"Avgifter", "Tillsyn"}),
        (("Blad1", "Blad2"), set()),
    ):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, risk in zip(names, ("Fel avgift tas ut", "Tillsyn uteblir"), strict=True):
            sheet = book.create_sheet(name)
            sheet.append(head)
            sheet.append([risk, 2, 3, 6])
        book.save(tmp_path / "export.xlsx")
        data = rd.read_export(tmp_path / "export.xlsx", board="Provnämnden", period="2025-VB")
        assert set(data.risks.process.dropna()) == processes
        asked = data.findings[data.findings.check == "uncertain_reading"]
        assert len(asked) == len(processes)


def test_letters_beside_a_year_are_steps_of_it(tmp_path):
    """S 2024 and K 2024 are that year's; a column of a year that nothing reads is told as not used."""
    book = openpyxl.Workbook()
    book.active.append(
        ["Risk", "S 2024", "K 2024", "Värde 2024", "S 2025", "K 2025", "Värde 2025", "Rutkod 2025"]
    )
    book.active.append(["Fel avgift tas ut", 2, 3, 6, 3, 4, 12, "?!"])
    book.active.append(["Tillsyn uteblir", 1, 5, 5, 2, 5, 10, "!!"])
    book.save(tmp_path / "export.xlsx")
    data = rd.read_export(tmp_path / "export.xlsx", board="Provnämnden", period="2025-VB")
    assert data.findings.evidence.str.contains("Rutkod 2025").any()
    steps = data.risks[["period", "likelihood", "consequence"]].astype("str").agg(" ".join, axis=1)
    assert steps.tolist() == ["2024-VB 2 3", "2024-VB 1 5", "2025-VB 3 4", "2025-VB 2 5"]


def test_a_heading_within_a_measure_is_asked_about(tmp_path):
    """A line "Ansvarig: …" in a measure's cell is text, and a question on its row; a time of day is none."""
    book = openpyxl.Workbook()
    book.active.append(["Risk", "Sannolikhet", "Konsekvens", "Åtgärd"])
    book.active.append(["Isen brister", 2, 3, "Skyltar sätts upp\nAnsvarig: Tuva Rask"])
    book.active.append(["Larmet är tyst", 1, 3, "Prov görs varje vecka\nkl. 13: larmet hörs"])
    book.save(tmp_path / "export.xlsx")
    data = rd.read_export(tmp_path / "export.xlsx", board="Provnämnden", period="2025-VB")
    assert data.activities.activity.str.split().str[0].tolist() == ["Skyltar", "Prov"]
    assert pointed_at(data) == {2}


def test_decisions_that_have_slid_under_a_value_are_no_levels(read):
    """Where most rows have lost a cell, the value's column holds decisions: it is still the value's."""
    data = read("""
Process;Risk;Beskrivning;Ansvarig;Sannolikhet;Konsekvens;Riskvärde;Hantera risk
Hamn;Isen brister;Tuva Rask;2;3;6;Acceptera;
Kaj;Lampan slocknar;Ivar Lönn;3;4;12;Acceptera;
Bro;Räcket rostar;Målas om;Tuva Rask;2;5;10;Acceptera
""")
    assert data.risks.level.isna().all()
    assert data.risks.risk_value.fillna(0).tolist()[2] == 10
    assert {2, 3} <= pointed_at(data) | set(data.unread.source_row)


def test_the_one_running_text_before_a_value_is_the_event(read):
    """A value without its axes judges something: the one text that no heading tells is what it judges."""
    data = read("""
Nr;Vad vi oroar oss för;Riskvärde;Åtgärd;Status
1;Isen på dammen är tunn;6;Skyltar sätts upp;Pågår
2;Lampan vid kajen går sönder;12;Lampan byts ut;Klart
""")
    assert data.risks.event.tolist() == ["Isen på dammen är tunn", "Lampan vid kajen går sönder"]
    assert data.account.rule.eq("guessed_column").any()


def test_columns_that_may_be_the_event_are_asked_about_on_each_row(read):
    """Of two running texts none is chosen: where no event is found, each row says so, and keeps them."""
    data = read("""
Nr;Bekymmer;Förlopp;Riskvärde;Åtgärd;Status
1;Isen på dammen är tunn;Barn går ut för tidigt;6;Skyltar sätts upp;Pågår
2;Lampan vid kajen går sönder;Stolpen rostar i saltet;12;Lampan byts ut;Klart
""")
    assert {2, 3} <= pointed_at(data)
    assert data.account.before.str.contains("Barn går ut för tidigt").any()


def test_a_column_of_a_known_field_beside_asks_nothing_where_the_row_has_it(read):
    """A second heading of a risk, and what no field is, are kept and told once, not row by row."""
    data = read("""
Process;Risk;Riskbeskrivning;Sannolikhet;Konsekvens;Orsak
Hamn;Isen brister;Isen på dammen är tunn;2;3;Milda vintrar
Kaj;Lampan slocknar;Lampan vid kajen går sönder;3;4;Gamla lampor
""")
    assert data.risks.event.tolist() == ["Isen brister", "Lampan slocknar"]
    assert pointed_at(data) <= {1}


# -- words of headings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Åtgärd för att minska risken", "activity"),
        ("Hur hanteras risken?", "decision"),
        ("Ansvarig för åtgärden 2025", "responsible"),
        ("Kontrollområde/rutin", "process"),
        ("Strategiskt mål", "goal"),
        ("Bedömning (sannolikhet x konsekvens)", "risk_value"),
        ("Målvärde", ""),
        ("Beskrivning av konsekvens", ""),
    ],
)
def test_the_earliest_word_of_a_heading_decides_and_of_a_compound_its_last_part(heading, field):
    """A Swedish phrase begins with what it is about, and a compound ends with it."""
    assert known(vocabulary()).read(heading).field == field


def test_what_the_contents_deny_goes_to_a_headings_next_word(read):
    """Under "Status/kommentar" may stand either: running text is the comment."""
    data = read("""
Process;Risk;Sannolikhet;Konsekvens;Åtgärd;Status/kommentar
Hamn;Isen brister;2;3;Skyltar sätts upp;Skyltarna är beställda och kommer i mars
Kaj;Lampan slocknar;3;4;Lampan byts ut;Bytet är gjort i september
""")
    assert data.activities.comment.tolist() == [
        "Skyltarna är beställda och kommer i mars", "Bytet är gjort i september",
    ]  # fmt: skip
    assert data.activities.mark.isna().all()


# -- measures that name their risk by its number -------------------------------------------------------

RISKS = [["Nr", "Risk", "Sannolikhet", "Konsekvens"], [1, "Isen brister", 2, 3], [2, "Larm saknas", 1, 4],
         [3, "Räcket rostar", 2, 2]]  # fmt: skip


@pytest.mark.parametrize("heading", ["Risk nr", "Riskid", "Risk", "Avser risk"])
def test_number_of_a_risk_in_a_table_of_measures_is_that_risk(read, heading):
    """A column of numbers that names risks is joined with the register's own numbers, in any order."""
    plan = [[heading, "Åtgärd", "Status"], ["R3", "Målas om", "Klar"], ["R1", "Skyltar", "Pågår"],
            ["R1", "Mätning", "Klar"], ["R2", "Larm köps", "Ej påbörjad"]]  # fmt: skip
    data = read({"Risker": RISKS, "Plan": plan})
    risks = dict(zip(data.risks.risk_id, data.risks.event, strict=True))
    told = zip(data.activities.activity, data.activities.risk_id.map(risks), strict=True)
    assert dict(told) == {
        "Målas om": "Räcket rostar", "Skyltar": "Isen brister", "Mätning": "Isen brister",
        "Larm köps": "Larm saknas",
    }  # fmt: skip
    assert len(data.risks) == 3
    assert not {2, 3, 4, 5} & pointed_at(data)


def test_number_that_no_risk_has_is_asked_about(read):
    """A measure of a risk that the file doesn't have is pointed at; the others are joined."""
    plan = [["Risk nr", "Åtgärd"], [1, "Skyltar"], [1, "Mätning"], [2, "Larm köps"], [3, "Målas om"],
            [9, "Rutin skrivs"]]  # fmt: skip
    data = read({"Risker": RISKS, "Plan": plan})
    assert "Rutin skrivs" not in set(data.activities.dropna(subset="event").activity)
    assert 6 in pointed_at(data)


def test_a_measures_own_number_is_no_risks(read):
    """Rows that are numbered by themselves are joined with nothing, and not asked about."""
    plan = [["Nr", "Åtgärd", "Status"], [1, "Målas om", "Klar"], [2, "Skyltar", "Pågår"]]
    data = read({"Risker": RISKS, "Plan": plan})
    assert data.activities.event.isna().all()
    assert not {2, 3} & pointed_at(data)


def test_number_of_a_risk_without_a_register_is_asked_about_on_its_row(read):
    """Where no table has the risks, what the measures name them by is asked about row by row."""
    data = read("Risk nr;Åtgärd;Status\n1;Målas om;Klar\n2;Skyltar sätts upp;Pågår\n")
    assert {2, 3} <= pointed_at(data)


# -- what the heading promises and the row doesn't get -------------------------------------------------


def test_cell_under_a_heading_of_a_field_that_is_lost_is_asked_about(read):
    """A column not used, whose heading names a field, is asked about on the rows without that."""
    data = read("""
Risk;Åtgärd;Status;Läge;Frekvens
Isen brister;Skyltar sätts upp;Klar;Klar;Månad
Larm saknas;Larm köps in;;Pågår;Månad
Räcket rostar;Målas om igen;Pågår;-;Månad
""")
    assert data.activities.status.tolist() == ["finished", "unknown", "ongoing"]
    assert 3 in pointed_at(data)
    assert not {2, 4} & pointed_at(data)


def test_ticks_below_a_heading_merged_over_statuses(tmp_path):
    """Each status a column under one merged heading, the others merged downwards: the tick says which."""
    book = openpyxl.Workbook()
    for row in (
        ["Risk", "Åtgärd", "Status", "", ""], ["", "", "Ej påbörjad", "Pågår", "Klar"],
        ["Isen brister", "Skyltar", "", "x", ""], ["Larm saknas", "Larm köps", "", "", "x"],
    ):  # fmt: skip
        book.active.append([cell or None for cell in row])
    for merged in ("A1:A2", "B1:B2", "C1:E1"):
        book.active.merge_cells(merged)
    book.save(tmp_path / "export.xlsx")
    data = rd.read_export(tmp_path / "export.xlsx", board=BOARD, period=PERIOD)
    assert data.activities.status.tolist() == ["ongoing", "finished"]
    assert not {3, 4} & pointed_at(data)


# -- words with an addition ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "status", "asked"),
    [
        ("Pågår (ca 50 %)", "ongoing", False), ("Pågår enl. plan", "ongoing", False),
        ("Ej påbörjad - flyttas till våren", "not_started", False), ("KLART!", "finished", False),
        ("Pågår, klar i maj", "ongoing", True), ("Pågår 100 %", "ongoing", True),
        ("Klar till sommaren", "finished", True), ("Ej påbörjad, utgår", "not_started", True),
    ],
)  # fmt: skip
def test_addition_that_cannot_turn_a_status_is_not_asked_about(read, printed, status, asked):
    """What stands behind an unfinished status is noted; behind Klar it is asked about."""
    data = read(f"Risk;Åtgärd;Status\nIsen brister;Skyltar;{printed}\nLarm saknas;Larm köps;Klar\n")
    assert data.activities.status.tolist() == [status, "finished"]
    assert (2 in pointed_at(data)) == asked


def test_outcome_with_a_sentence_behind_is_that_outcome(read):
    """Under Utfall a known outcome with a sentence behind counts; what may turn it is asked about."""
    data = read("""
Process;Risk;Kontroll;Utfall
Hamn;Isen brister;Mätning av is;Utan anmärkning, sju av åtta rätt.
Kaj;Larm saknas;Prov av larm;Mindre avvikelse: två av tolv teg.
Bro;Räcket rostar;Rond varje vecka;Kontrollen har inte genomförts på grund av sjukdom.
Väg;Skylten syns inte;Rundtur med bil;Inga avvikelser
Torg;Brunn utan lock;Besiktning av lock;Avvikelse: ingen
""")
    assert data.activities.outcome.tolist() == [
        "no_deviation", "minor_deviation", "not_made", "no_deviation", "deviation",
    ]  # fmt: skip
    assert {2, 3, 4, 5, 6} & pointed_at(data) == {2, 6}


def test_month_is_no_outcome_that_its_first_letters_are(read):
    """Oktober begins with OK and is no outcome."""
    data = read(
        "Process;Kontrollmoment;Tidpunkt\nHamn;Ismätning av is;Oktober\nKaj;Larmprov görs;Oktober\n"
    )
    assert data.activities.outcome.isna().all()


# -- numbers with something beside them, words that the values prove -------------------------------------


def test_value_with_another_number_in_brackets_is_the_first(read):
    """12 (9), 8 (-2), 4 (ny): the first is the value where the product says so; else it is asked about."""
    data = read("""
Risk;Sannolikhet;Konsekvens;Riskvärde
Isen brister;3;4;12 (9)
Larm saknas;2;4;8 (-2)
Räcket rostar;1;4;4 (ny)
Skylten syns inte;2;3;9 (6)
""")
    assert data.risks.risk_value.tolist() == [12, 8, 4, 9]
    assert {2, 3, 4, 5} & pointed_at(data) == {5}


@pytest.mark.parametrize(
    ("value", "step"), [("12 av 25", "3 av 5"), ("12/25", "3/5"), ("12", "●●●○○"), ("12", "★★★☆☆")]
)
def test_numbers_of_how_many_and_signs_that_are_counted(read, value, step):
    """16 av 25 is a value; filled signs before empty ones are counted as a step."""
    data = read(f"Risk;Sannolikhet;Konsekvens;Riskvärde\nIsen brister;{step};4;{value}\n")
    assert data.risks[["likelihood", "consequence", "risk_value"]].to_numpy().tolist() == [
        [3, 4, 12]
    ]
    assert not pointed_at(data)


WORDED = """
Risk;Sannolikhet;Konsekvens;Riskvärde
Isen brister;Sällan;Liten;1
Larm saknas;Ibland;Stor;6
Räcket rostar;Alltid;Stor;12
Skylten syns inte;Ofta;Mellan;6
Brunn utan lock;Ibland;Mellan;4
"""


def test_words_of_a_scale_are_steps_where_the_values_prove_their_order(read):
    """Unknown words are the steps of the only order in which every printed value is the product."""
    data = read(WORDED)
    assert data.risks.likelihood.tolist() == [1, 2, 4, 3, 2]
    assert data.risks.consequence.tolist() == [1, 3, 3, 2, 2]
    assert not {2, 3, 4, 5, 6} & pointed_at(data)
    asked = data.findings[data.findings.evidence.str.contains("skalans ord")]  # a guess, told once
    assert asked.evidence.str.contains(
        "Sällan, Ibland, Ofta, Alltid; Liten, Mellan, Stor"
    ).tolist() == [True]


@pytest.mark.parametrize("change", [("Mellan;4", "Mellan;"), ("Stor;6", "Stor;5")])
def test_words_whose_order_is_not_proved_are_asked_about(read, change):
    """Where the values leave two orders, or none, no step is made up."""
    data = read(WORDED.replace(*change))
    assert data.risks.likelihood.isna().all()
    assert {2, 3, 4, 5} <= pointed_at(data)


# -- forms of other programs -----------------------------------------------------------------------------


def test_box_to_tick_in_front_of_each_row_says_nothing(read):
    """A column without a heading that prints one sign on every row is no question; an odd cell in it is."""
    table = ";Risk;Sannolikhet;Konsekvens\n☐;Isen brister;2;3\n☐;Larm saknas;1;4\n"
    assert not {2, 3} & pointed_at(read(table))
    assert 3 in pointed_at(read(table.replace("☐;Larm", "Klar;Larm")))


def test_rows_broken_within_a_cell_are_whole_again(read):
    """A line with a small letter first that fills the row up is proved; with a capital it is asked about."""
    head, rows = (
        "Process\tRisk\tSannolikhet\tKonsekvens",
        "Hamn\tIsen brister\t2\t3\nKaj\tLarm\t1\t4\n",
    )
    for word, asked in (("saknas", False), ("Saknas", True)):
        data = read(f"{head}\n{rows}Bro\tRäcket\n{word}\t2\t2\n{rows}", "export.txt")
        assert data.risks.event.tolist()[2] == f"Räcket {word}"
        assert bool({4, 5} & pointed_at(data)) == asked


def test_day_with_the_word_that_leads_to_it(read):
    """Senast 2025-06-01 is that day, a day from which something holds is asked about."""
    data = read("""
Risk;Åtgärd;Status;Klart senast
Isen brister;Skyltar sätts upp;Pågår;Senast 2025-06-01
Larm saknas;Larm köps in;Pågår;t.o.m. 31/12 2025
Räcket rostar;Målas om igen;Pågår;från 2025-01-01
""")
    assert data.activities.due_date.tolist()[:2] == ["2025-06-01", "2025-12-31"]
    assert {2, 3, 4} & unsure(data) == {4}


@pytest.mark.parametrize(("first", "days"), [("11/30/2025", ["2025-11-30", "2025-12-01"]),
                                             ("30/11/2025", ["2025-11-30", "2025-01-12"])])  # fmt: skip
def test_tasks_of_a_planner_are_activities(read, first, days):
    """Tasks with bucket and progress are activities; days are American where one can only be that."""
    data = read(f"""
Aktivitetsnamn;Namn på bucket;Förlopp;Tilldelad till;Förfallodatum;Sen
Skyltar sätts upp;Hamn;Inte startad;Tuva Rask;{first};false
Larm köps in;Kaj;Slutförd;Ivar Lönn;12/01/2025;false
Målas om igen;Bro;Pågår;Ivar Lönn;;true
""")
    assert data.activities.status.tolist() == ["not_started", "finished", "ongoing"]
    assert data.activities.process.tolist() == ["Hamn", "Kaj", "Bro"]
    assert data.activities.responsible.str[0].tolist() == ["Tuva Rask", "Ivar Lönn", "Ivar Lönn"]
    assert data.activities.due_date.tolist()[:2] == days
    assert not {2, 3, 4} & unsure(data)


def test_ids_of_a_sharepoint_list_are_no_part_of_its_cells(read):
    """11;#Tuva Rask is Tuva Rask, float;#6.000 is 6."""
    data = read("""
Risk,Sannolikhet,Konsekvens,Riskvärde,Åtgärd,Ansvarig
Isen brister,2,3,float;#6.00000000000000,Skyltar sätts upp,11;#Tuva Rask;#12;#Ivar Lönn
Larm saknas,1,4,float;#4.00000000000000,Larm köps in,12;#Ivar Lönn
""")
    assert data.activities.responsible.map(list).tolist() == [
        ["Tuva Rask", "Ivar Lönn"],
        ["Ivar Lönn"],
    ]
    assert data.risks.risk_value.tolist() == [6, 4]
    assert not {2, 3} & pointed_at(data)


# -- what stands beside and between ------------------------------------------------------------------------


def test_ticks_below_a_heading_over_decisions(tmp_path):
    """Each decision a column to tick under one heading: the ticked one is the risk's decision."""
    book = openpyxl.Workbook()
    for row in (
        ["Risk", "Sannolikhet", "Konsekvens", "Beslut", "", ""],
        ["", "", "", "Acceptera", "Bevaka", "Till internkontrollplan"],
        ["Isen brister", 2, 3, "", "", "X"], ["Larm saknas", 1, 4, "X", "", ""],
        ["Räcket rostar", 1, 1, "", "", ""],
    ):  # fmt: skip
        book.active.append([cell or None for cell in row])
    book.active.merge_cells("D1:F1")
    book.save(tmp_path / "export.xlsx")
    data = rd.read_export(tmp_path / "export.xlsx", board=BOARD, period=PERIOD)
    assert data.risks.decision.astype("object").fillna("").tolist() == [
        "control_plan",
        "accept",
        "",
    ]
    assert not {3, 4, 5} & unsure(data)


def test_list_beside_a_table_is_no_part_of_its_rows(read):
    """A scale or the words of a drop-down to the right of a table, a blank column between, is set aside."""
    rows = [["Risk", "Sannolikhet", "Konsekvens", "Riskvärde", "", "Sannolikhet", "Betyder"],
            ["Isen brister", 2, 3, 6, "", 1, "Osannolik"], ["Larm saknas", 1, 4, 4, "", 2, "Möjlig"],
            ["Räcket rostar", 3, 3, 9, "", 3, "Sannolik"]]  # fmt: skip
    data = read({"Risker": rows})
    assert data.risks[["likelihood", "consequence", "risk_value"]].to_numpy().tolist() == [
        [2, 3, 6], [1, 4, 4], [3, 3, 9],
    ]  # fmt: skip
    assert not {2, 3, 4} & pointed_at(data)


def test_judgement_behind_a_blank_column_is_read(read):
    """A blank column between the judgements before and after measures parts no table in two."""
    rows = [["Risk", "Sannolikhet", "Konsekvens", "", "Sannolikhet efter", "Konsekvens efter"],
            ["Isen brister", 2, 3, "", 1, 3], ["Larm saknas", 1, 4, "", 2, 4],
            ["Räcket rostar", 4, 3, "", 3, 2]]  # fmt: skip
    data = read({"Risker": rows})
    assert data.risks.likelihood_after.tolist() == [1, 2, 3]


def test_empty_rows_of_a_form_are_no_risks(read):
    """A numbered row with "Välj process" and a formula's 0 is empty; a measure that begins so is a text."""
    data = read("""
Nr;Process;Risk;Sannolikhet;Konsekvens;Riskvärde;Åtgärd
1;Hamn;Isen brister;2;3;6;Välj process för ismätning
2;Välj process;;;;0;
3;Välj process;;;;0;
""")
    assert data.risks.event.tolist() == ["Isen brister"]
    assert data.activities.activity.tolist() == ["Välj process för ismätning"]
    assert not {2, 3, 4} & pointed_at(data)


def test_instructions_on_a_sheet_of_their_own_stand_on_no_row_of_a_table(read):
    """A sheet of texts is asked about without a row: its numbers are other sheets' rows too."""
    data = read({"Instruktion": ["Så gör du", "1. Beskriv risken kort."], "Risker": RISKS})
    assert "1. Beskriv risken kort." in asked(data)
    assert not {2, 3, 4} & unsure(data)


def test_a_title_of_two_words_is_one_persons(read):
    """Plan- och byggchef is one; Tuva Rask och Ivar Lönn are two."""
    rows = "Isen brister;Skyltar;Plan- och byggchef\nLarm saknas;Larm;Tuva Rask och Ivar Lönn"
    data = read(f"Risk;Åtgärd;Ansvarig\n{rows}\n")
    assert data.activities.responsible.map(list).tolist() == [
        ["Plan- och byggchef"],
        ["Tuva Rask", "Ivar Lönn"],
    ]


def test_labelled_paragraphs_of_a_document_without_a_table_are_cards(tmp_path):
    """Headings with "Sannolikhet: 3" in paragraphs below are risks; running text is refused as before."""
    risks = {"Isen brister": (2, 3), "Larm saknas": (1, 4)}
    document = docx.Document()
    for risk, (one, other) in risks.items():
        document.add_heading(risk, 2)
        for line in (
            f"Sannolikhet: {one}",
            f"Konsekvens: {other}",
            f"Åtgärd: Skyltar mot {risk.lower()}",
            "Status: Klar",
        ):
            document.add_paragraph(line)
    document.save(tmp_path / "export.docx")
    data = rd.read_export(tmp_path / "export.docx", board=BOARD, period=PERIOD)
    assert data.risks[["event", "likelihood", "consequence"]].to_numpy().tolist() == [
        [risk, *steps] for risk, steps in risks.items()
    ]
    assert data.activities.status.tolist() == ["finished", "finished"]
    text = docx.Document()
    text.add_paragraph("Nämnden bedömer att risken är låg.")
    text.save(tmp_path / "text.docx")
    with pytest.raises(rd.RiskdataError, match="ingen tabell"):
        rd.read_export(tmp_path / "text.docx", board=BOARD, period=PERIOD)


SCALED = """
Risk;Sannolikhet;Konsekvens;Risknivå
Isen brister;Ibland;Stor;Medel
Larm saknas;Sällan;Liten;Låg
"""


@pytest.mark.parametrize(
    "text",
    [
        f"{SCALED}\nSannolikhet: 1 = Sällan, 2 = Ibland, 3 = Ofta\nKons: 1 = Liten, 2 = Mellan, 3 = Stor\n",
        "1 - Sällan\n2 - Ibland\n3 - Ofta\n1 - Liten\n2 - Mellan\n3 - Stor\n" + SCALED,
    ],
)
def test_lines_that_explain_a_scale_tell_its_steps(read, text):
    """ "1 = Sällan" above or below a table, in lines or one line, says which step a word is."""
    data = read(text)
    assert data.risks[["likelihood", "consequence"]].to_numpy().tolist() == [[2, 3], [1, 1]]
    assert not {*data.risks.source_row} & unsure(data)


def test_lines_that_explain_other_words_tell_no_step(read):
    """A list that lacks a printed word, or skips a step, explains no scale: the words are asked about."""
    for list_ in ("1 = Sällan, 2 = Aldrig, 3 = Ofta", "1 = Sällan, 3 = Ibland, 4 = Ofta"):
        data = read(f"{SCALED}\n{list_}\n")
        assert data.risks.likelihood.isna().all()
        assert {*data.risks.source_row} <= unsure(data)


# -- the same again: judgements, reports, measures, groups ---------------------------------------------------


def test_judgement_printed_twice_is_before_and_after(read):
    """S, K, R and once more with nothing higher: the second is with measures, as a guess."""
    table = "Risk;S;K;R;Åtgärd;S;K;R\nIsen brister;4;4;16;Skyltar;2;4;8\nLarm saknas;3;5;15;Larm;{};5;{}\n"
    data = read(table.format(2, 10))
    after = ["likelihood_after", "consequence_after", "risk_value_after"]
    assert data.risks[after].to_numpy().tolist() == [[2, 4, 8], [2, 5, 10]]
    assert data.account.rule.eq("guessed_column").sum() == 3
    assert read(table.format(5, 25)).risks[after].isna().all(axis=None)


def test_outcome_of_each_report_is_that_reports(read):
    """A column of outcomes for each tertial gives each tertial's outcome of a control."""
    data = read(
        "Risk;Kontroll;T1;T2\nIsen brister;Mätning av is;OK;Avvikelse\nLarm saknas;Prov av larm;OK;OK\n"
    )
    told = data.activities.groupby("period", observed=True).outcome.agg(list)
    assert told["2025-T1"] == ["no_deviation", "no_deviation"]
    assert told["2025-T2"] == ["deviation", "no_deviation"]


def test_day_under_a_status_says_that_it_was_reached(read):
    """Of columns headed by statuses with days below, the last that is filled is the status."""
    data = read("""
Risk;Åtgärd;Påbörjad;Avslutad
Isen brister;Skyltar sätts upp;2025-01-10;2025-03-01
Larm saknas;Larm köps in;2025-02-01;
Räcket rostar;Målas om igen;;
""")
    assert data.activities.status.tolist() == ["finished", "ongoing", "unknown"]


def test_second_column_of_measures_is_asked_about_where_it_is_filled(read):
    """A second kind of measure that no row has elsewhere: each row with one is asked about."""
    data = read(
        "Risk;Sannolikhet;Åtgärd i land;Åtgärd till sjöss\nIsen brister;2;Skyltar;Lod\nLarm saknas;1;Larm;\n"
    )
    assert unsure(data) >= {2}
    assert 3 not in unsure(data)


def test_group_on_a_row_of_its_own_is_that_of_the_rows_below(read):
    """Where a group stands only on rows of its own, these are headings; a scrap among filled rows is none."""
    text = "Process;Risk;Sannolikhet;Konsekvens\n{}\n{};Larm saknas;1;4\nBro;;;\n{};Räcket rostar;3;3\n"
    data = read(text.format("Kaj;;;\n;Isen brister;2;3", "", ""))
    assert data.risks.process.tolist() == ["Kaj", "Kaj", "Bro"]
    assert not unsure(data)
    data = read(text.format("Kaj;Isen brister;2;3", "Kaj", "Torg"))
    assert data.risks.process.tolist()[2] == "Torg"
    assert 4 in unsure(data)


def test_value_printed_with_its_level_under_an_unknown_heading(read):
    """Röd (16) under a heading that nobody knows is a value with its level; "Kvartal 2" is none."""
    data = read(
        "Risk;Bedömd färg idag;Kontrolleras\nIsen brister;Röd (16);Kvartal 2\nLarm saknas;Gul (9);Kvartal 3\n"
    )
    assert data.risks[["risk_value", "level"]].to_numpy().tolist() == [[16, "Röd"], [9, "Gul"]]


def test_list_under_a_label_of_a_card_is_its_measures(read):
    """Lines with bullets under "Åtgärder:" are a measure each; the number of a risk is no process."""
    data = read("""
Risk 1
Isen brister på dammen
Sannolikhet: 2
Konsekvens: 3
Riskvärde: 6
Åtgärder:
- Skyltar sätts upp
- Mätning varje dag

Risk 2
Larm saknas i huset
Sannolikhet: 1
Konsekvens: 4
Riskvärde: 4
Åtgärder:
- Larm köps in
""", "export.txt")  # fmt: skip
    assert data.risks.process.isna().all()
    told = data.activities[["event", "activity"]].to_numpy().tolist()
    assert told == [
        ["Isen brister på dammen", "Skyltar sätts upp"], ["Isen brister på dammen", "Mätning varje dag"],
        ["Larm saknas i huset", "Larm köps in"],
    ]  # fmt: skip


def test_a_share_among_words_of_status_says_how_far_it_has_come(read):
    """Somebody writes "50 %" where the others write Pågående: it is ongoing, and 100 % is done."""
    data = read("""
Process;Risk;Sannolikhet;Konsekvens;Åtgärd;Status
Hamn;Isen brister;2;3;Skyltar sätts upp;Pågående
Kaj;Lampan slocknar;3;4;Lampan byts ut;50 %
Bro;Räcket rostar;2;5;Räcket målas;100 %
Bro;Skylten lossnar;1;5;Skylten skruvas;Ej start
""")
    assert data.activities.status.tolist() == ["ongoing", "ongoing", "finished", "not_started"]


# -- two columns of one field, and texts that go on ----------------------------------------------------------


def test_two_judgements_of_one_risk_are_asked_about_where_they_differ(read):
    """Of a unit's own steps and the joint ones one is read; a row where they differ says so."""
    rows = [["Risk", "Hemtjänst", None, "Sammanvägt", None],
            [None, "Sannolikhet", "Konsekvens", "Sannolikhet", "Konsekvens"],
            ["Isen brister", 2, 4, 3, 4], ["Larm saknas", 1, 3, 1, 3]]  # fmt: skip
    data = read({"Risker": rows})
    assert 3 in pointed_at(data) and 4 not in pointed_at(data)


def test_list_of_steps_beside_a_table_is_no_second_judgement(read):
    """Under the same heading to the right stands what each step means: no row of the table is asked about."""
    rows = [["Risk", "Sannolikhet", "Konsekvens", None, "Sannolikhet"],
            ["Isen brister", 2, 3, None, "1 = Osannolik"], ["Larm saknas", 1, 4, None, "2 = Möjlig"],
            ["Räcket rostar", 3, 2, None, "3 = Sannolik"]]  # fmt: skip
    data = read({"Risker": rows})
    assert data.risks.likelihood.tolist() == [2, 1, 3]
    assert not {2, 3, 4} & pointed_at(data)


def test_an_activity_has_the_whole_of_its_risk_where_the_text_goes_on_below(read):
    """A cell split over two rows is joined in the risk and in what its activity says of it."""
    data = read("""
Risk;Sannolikhet;Konsekvens;Riskvärde;Åtgärd;Ansvarig
Isen brister under dem som;2;3;6;Skyltar sätts upp;Tuva Rask
går ut på dammen;;;;;
Larm saknas;1;4;4;Larm köps;Ivar Lönn
""")
    assert data.risks.event.tolist()[0] == "Isen brister under dem som går ut på dammen"
    assert data.activities.event.tolist() == data.risks.event.tolist()


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("Q3 2025", "2025-09-30"),
        ("kvartal 1", "2025-03-31"),
        ("T2 2025", "2025-08-31"),
        ("v. 42", "2025-10-19"),
    ],
)
def test_a_quarter_a_tertial_and_a_week_end_on_a_day(read, printed, day):
    """As a month's last day, so theirs; without a year it is the period's, and the account says so."""
    data = read(
        f"Risk;Sannolikhet;Konsekvens;Åtgärd;Klart senast\nIsen brister;2;3;Skyltar;{printed}\n"
    )
    assert data.activities.due_date.astype("str").tolist() == [day]


# -- rows of several kinds under one heading -------------------------------------------------------

NESTED = [
    ("1", "", "Process", "Kajer", "", "", "", ""),
    ("2", "1", "Risk", "Isen trycker sönder kajen", "2", "4", "", ""),
    ("3", "2", "Åtgärd", "Bubbelanläggning köps in", "", "", "Ida Våg", "Klar"),
    ("4", "2", "Åtgärd", "Kajen mäts varje vår", "", "", "Ida Våg", "Pågår"),
    ("5", "", "Process", "Lotsning", "", "", "", ""),
    ("6", "5", "Risk", "Lotsen kommer för sent", "3", "3", "", ""),
    ("7", "6", "Åtgärd", "Jourlista upprättas", "", "", "Nils Sund", "Klar"),
]
ROWS = [
    ["Bubbelanläggning köps in", "Isen trycker sönder kajen", "Kajer", "finished"],
    ["Kajen mäts varje vår", "Isen trycker sönder kajen", "Kajer", "ongoing"],
    ["Jourlista upprättas", "Lotsen kommer för sent", "Lotsning", "finished"],
]


def nested(rows: list, *columns: int) -> str:
    """Return rows with some of the columns, below their headings."""
    names = ("Id", "Tillhör", "Typ", "Benämning", "Sannolikhet", "Konsekvens", "Ansvarig", "Status")
    return "\n".join(";".join(row[n] for n in columns) for row in (names, *rows))


def told(data: Data) -> list[list]:
    """Return each activity with its risk, its process and its status."""
    return data.activities[["activity", "event", "process", "status"]].to_numpy().tolist()


def test_column_of_kinds_tells_what_each_row_is(read):
    """Process, Risk and Åtgärd in a column: risks, each with the measures below it, none asked about."""
    data = read(nested(NESTED, 2, 3, 4, 5, 6, 7))
    assert told(data) == ROWS
    assert data.risks.risk_value.tolist() == [8, 9]
    assert not unsure(data) - {1}


def test_parents_number_puts_a_row_under_its_parent(read):
    """However the rows are sorted, each measure belongs to the risk whose number it names."""
    by_kind = sorted(NESTED, key=lambda row: ("Process", "Risk", "Åtgärd").index(row[2]))
    data = read(nested(by_kind, *range(8)))
    assert told(data) == ROWS


def test_measure_under_no_risk_is_asked_about(read):
    """A measure right below a process may be of any risk: a finding on its row."""
    moved = [NESTED[0], NESTED[2], *NESTED[1:2], *NESTED[3:]]
    assert 3 in unsure(read(nested(moved, 2, 3, 4, 5, 6, 7)))


def test_label_before_the_text_tells_what_a_row_is(read):
    """Risk: … and Åtgärd: … in one column are the kinds; the labels are no part of the texts."""
    rows = [(*row[:3], f"{row[2]} {row[0]}: {row[3]}", *row[4:]) for row in NESTED]
    data = read(nested(rows, 3, 4, 5, 6, 7))
    assert told(data) == ROWS
    assert data.risks.event.tolist() == ["Isen trycker sönder kajen", "Lotsen kommer för sent"]


def test_risk_without_a_judgement_is_no_process(read):
    """A row that prints only "Risk: …" heads nothing: it is a risk."""
    rows = [(*row[:3], f"{row[2]}: {row[3]}", *row[4:]) for row in NESTED]
    rows[5] = (*rows[5][:4], "", "", *rows[5][6:])
    data = read(nested(rows, 3, 4, 5, 6, 7))
    assert told(data) == ROWS
    assert data.risks.risk_value.tolist()[0] == 8 and pd.isna(data.risks.risk_value[1])


def test_rows_that_fill_judgements_or_status_are_risks_or_measures_and_asked_about(read):
    """Without any word for the kind, what a row fills tells it; every measure is a question."""
    data = read(nested(NESTED, 3, 4, 5, 6, 7))
    assert told(data) == ROWS
    assert {4, 5, 8} <= unsure(data)


def test_label_before_every_text_of_a_column_is_its_heading(read):
    """Risk 1 – … throughout says that the column holds the risks, whatever stands above it."""
    data = read("""
Uppgiftsnamn;Namn på bucket;Status
Bubbelanläggning köps in;Risk 1 – Isen trycker sönder kajen;Klar
Kajen mäts varje vår;Risk 1 – Isen trycker sönder kajen;Pågår
Jourlista upprättas;Risk 2 – Lotsen kommer för sent;Klar
""")
    assert data.activities.event.tolist() == [
        *["Isen trycker sönder kajen"] * 2, "Lotsen kommer för sent",
    ]  # fmt: skip


def test_row_of_another_kind_than_risk_is_asked_about(read):
    """Möjlighet beside Risk in a column of kinds: such a row may be no risk."""
    data = read("""
Typ;Benämning av risk;Sannolikhet;Konsekvens
Risk;Isen trycker sönder kajen;2;4
Möjlighet;Fler båtar lägger till;3;3
Risk;Lotsen kommer för sent;3;3
""")
    assert unsure(data) - {1} == {3}


def test_label_within_an_event_is_asked_about(read):
    """One event that begins with the word of another field is a question on its row."""
    data = read(f"""
{HEADER}
Isen trycker sönder kajen;2;4;8;Bubbelanläggning
Åtgärd: Lotsen får jour;3;3;9;Jourlista
""")
    assert unsure(data) == {3}


def test_measure_below_a_row_that_is_no_data_is_asked_about(read):
    """A lone text above a further measure may be the risk that it belongs to."""
    data = read(f"""
{HEADER}
Isen trycker sönder kajen;2;4;8;Bubbelanläggning
Lotsen kommer för sent;;;;
;;;;Jourlista
Måsar skräpar ner;2;2;4;Lock
;;;;Nät
""")
    assert unsure(data) == {3, 4}


# -- cards without a label for the risk --------------------------------------------------------------


def test_numbered_heading_of_a_card_is_its_risk(tmp_path):
    """1. … is the risk, what is written below it is pointed at, and the next number no list."""
    path = tmp_path / "kort.txt"
    path.write_text("\n".join([
        "Risker i hamnen", "Gruppen enades om två risker.",
        "1. Isen trycker sönder kajen", "Vintern blev hård.", "Sannolikhet: 2 (mindre sannolik)",
        "Konsekvens: 4 (allvarlig)", "Åtgärd: Bubbelanläggning", "Ansvarig: Hamnchef",
        "2. Lotsen kommer för sent", "Tre lotsar är sjuka.", "Sannolikhet: 3 (möjlig)",
        "Konsekvens: 3 (kännbar)", "Åtgärd: Jourlista", "Ansvarig: Lotschef",
    ]), encoding="utf-8")  # fmt: skip
    data = rd.read_export(path, board=BOARD, period=PERIOD, manual=tmp_path)
    assert data.risks[["event", "likelihood", "consequence"]].to_numpy().tolist() == [
        ["Isen trycker sönder kajen", 2, 4], ["Lotsen kommer för sent", 3, 3],
    ]  # fmt: skip
    assert data.risks.process.isna().all()
    assert data.activities.responsible.tolist() == [["Hamnchef"], ["Lotschef"]]


@pytest.mark.parametrize("label", ["Risk: ", "Risk 1 – "])
def test_labelled_risk_above_each_table_is_that_of_its_measures(read, label):
    """Risk: … above a table without a column of risks belongs to all its measures."""
    data = read(f"""
Uppföljning av hamnens plan
{label}Isen trycker sönder kajen
Åtgärd;Status;Kommentar
Bubbelanläggning;Klar;Levererad
Isbrytare hyrs in;Pågående;Avtal skrivs
{label}Måsar skräpar ner
Åtgärd;Status;Kommentar
Lock på kärlen;Klar;Alla kajer
""")
    ice, gulls = "Isen trycker sönder kajen", "Måsar skräpar ner"
    assert data.activities.event.tolist() == [ice, ice, gulls]
    assert data.activities.process.isna().all()


def test_heading_above_measures_without_risks_is_asked_about_on_each_row(read):
    """Read as their process, it may be their risk."""
    data = read("""
Isen trycker sönder kajen
Åtgärd;Status;Kommentar
Bubbelanläggning;Klar;Levererad
Isbrytare hyrs in;Pågående;Avtal skrivs

Måsar skräpar ner
Åtgärd;Status;Kommentar
Lock på kärlen;Klar;Alla kajer
""")
    assert {3, 4, 8} <= unsure(data)


def test_description_first_in_cards_without_a_label_for_the_risk_is_the_risk(read):
    """Beskrivning below "Risk 1" says what the risk is; below a heading it describes that."""
    card = "Beskrivning: {}\nSannolikhet: 2\nKonsekvens: 3\nÅtgärd: Tillsyn\n"
    texts = "Isen trycker sönder kajen", "Lotsen kommer för sent"
    numbered = [f"Risk {n}\n{card.format(text)}" for n, text in enumerate(texts, 1)]
    assert read("\n".join(numbered), "a.txt").risks.event.tolist() == [*texts]
    headed = [f"{text}\n{card.format('Det har hänt förr')}" for text in texts]
    assert read("\n".join(headed), "b.txt").risks.event.tolist() == [*texts]


def test_number_alone_above_a_card_names_no_risk(read):
    """Risk 1 above scores says nothing of what the risk is, nor does the title above it."""
    card = "Risk {}\nSannolikhet: 2\nKonsekvens: 3\nÅtgärd: Tillsyn\n"
    data = read("Hamnens risker\n\n" + "\n".join(map(card.format, (1, 2))), "kort.txt")
    assert data.risks.event.isna().all()
    assert len(data.risks) == 2


def test_title_of_two_lines_over_cards_is_no_process(read):
    """A line with a board, a municipality or a year is a title."""
    card = "Risk 1: Isen trycker sönder kajen\nSannolikhet: 2\nKonsekvens: 3\nÅtgärd: Tillsyn\n"
    for line in ("Hamnnämnden, Vikens kommun", "Reviderad i mars 2025"):
        assert read(f"RISKER\n{line}\n\n{card}", "kort.txt").risks.process.isna().all()


BROKEN = f"""
{HEADER}
Isen trycker;2;4;8;Bubbelanläggning
sönder kajen;;;;
Lotsen kommer för sent;3;3;9;Jourlista med
;;;;tre lotsar
"""


def test_measure_goes_on_where_other_texts_do(read):
    """A lone text with a small letter is the rest of the measure in a file that breaks its texts."""
    data = read(BROKEN)
    assert data.activities.activity.tolist() == ["Bubbelanläggning", "Jourlista med tre lotsar"]


def test_measure_that_may_go_on_is_asked_about_on_both_rows(read):
    """Nothing shows whether the lone text is the rest of the measure above or another."""
    data = read(BROKEN.replace("sönder kajen;;;;\n", ""))
    assert unsure(data) == {3, 4}


def test_lists_of_steps_beside_a_table_are_no_rows_of_it(read):
    """What 1 to 4 mean on both axes, one list below the other beside the table, is a legend."""
    steps = [["Sannolikhet", None], [1, "Sällan"], [2, "Ibland"], [3, "Ofta"]]
    steps += [["Konsekvens", None], [1, "Liten"], [2, "Märkbar"], [3, "Stor"]]
    table = [HEADER.split(";"), ["Isen trycker sönder kajen", 2, 3, 6, "Bubbelanläggning"],
             ["Lotsen kommer för sent", 3, 3, 9, "Jourlista"]]  # fmt: skip
    table += [[None] * 5] * (len(steps) - len(table))
    data = read({"Risker": [[*row, None, *step] for row, step in zip(table, steps, strict=True)]})
    assert data.risks.risk_value.tolist() == [6, 9]
    assert not unsure(data)


def test_question_with_what_its_answers_mean_in_brackets_is_a_heading(read):
    """Headings of a web form are long: what stands in brackets says nothing of the field."""
    data = read("""
ID;Vilken risk vill du lyfta?;Hur sannolikt är det att risken inträffar i år? (1 = osannolikt, 4 = troligt);\
Hur stor blir konsekvensen om den gör det? (1 = försumbar, 4 = allvarlig);Vilken åtgärd föreslår du?
1;Isen trycker sönder kajen;2;4;Bubbelanläggning
2;Lotsen kommer för sent;3;3;Jourlista
""")
    assert data.risks[["likelihood", "consequence"]].to_numpy().tolist() == [[2, 4], [3, 3]]
    assert data.activities.activity.tolist() == ["Bubbelanläggning", "Jourlista"]


def test_every_measure_under_no_risk_is_asked_about(read):
    """Not only the first of several is: whose they are is not printed."""
    data = read("""
Typ;Benämning;Sannolikhet;Konsekvens;Status
Process;Hamnen;;;
Åtgärd;Skyltar sätts upp;;;Pågår
Åtgärd;Vakten går en rond till;;;Klar
Risk;Isen brister på dammen;2;3;
Åtgärd;Mätning varje dag;;;Klar
""")
    assert {3, 4} <= unsure(data) and not {5, 6} & unsure(data)


def test_a_long_chain_of_parents_is_read(read):
    """Each row under the one before, more than a thousand deep, is no more than a list."""
    rows = [f"{n};{n - 1};Åtgärd;Text nummer {n};;;Klar" for n in range(2, 1500)]
    rows = ["Id;Överordnad;Typ;Benämning;Sannolikhet;Konsekvens;Status", "1;;Risk;Is;2;3;", *rows]
    data = read("\n".join(rows))
    assert (len(data.risks), len(data.activities)) == (1, 1498)


def test_a_label_between_explained_words_is_no_lead(read):
    """Only before the first sign does a label stand aside: a sign before it keeps its own meaning."""
    data = read("""
G = klar, Läge: P = pågår
Risk;Sannolikhet;Konsekvens;Åtgärd;Status
Isen brister;2;3;Skyltar sätts upp;G
Larm saknas;1;4;Larm köps in;G
""")
    assert data.activities.status.tolist() == ["finished", "finished"]


def test_the_first_line_of_a_file_as_a_process_is_asked_about(tmp_path):
    """It may be the document's title: each row that has it says so."""
    made = docx.Document()
    for text in ("Hamnens dammar", "Isen brister", "Riskvärde: 6 (Sannolikhet: 2, Konsekvens: 3)"):
        made.add_paragraph(text)
    table = made.add_table(2, 2)
    for cell, text in zip(
        table._cells, ("Kontroll", "Kontrollansvarig", "Rond", "Vera Ek"), strict=True
    ):
        cell.text = text
    made.save(tmp_path / "export.docx")
    data = rd.read_export(tmp_path / "export.docx", BOARD, PERIOD, manual=tmp_path)
    assert data.risks[["process", "event"]].values.tolist() == [["Hamnens dammar", "Isen brister"]]
    assert {*data.risks.source_row} <= unsure(data)
