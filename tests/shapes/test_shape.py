"""Grids become plain tables: headers joined, headings and cards taken as what they give."""

import pytest

from riskdata.readers.grid import Grid, Merge
from riskdata.shapes.parts import read_parts
from riskdata.shapes.plain import plain
from riskdata.shapes.shape import find_tables
from riskdata.words.vocabulary import vocabulary


def grid(text: str, name: str = "", merges: tuple[Merge, ...] = ()) -> Grid:
    """Return a grid of lines whose cells are parted by |; a line break in a cell is written \\n."""
    lines = text.strip("\n").split("\n")
    rows = [[cell.strip().replace("\\n", "\n") for cell in line.split("|")] for line in lines]
    return Grid(rows, list(range(1, len(rows) + 1)), name, merges)


def tables(*grids: Grid) -> list:
    return find_tables([*grids], vocabulary())


def parts(*grids: Grid) -> list:
    return read_parts([*grids], vocabulary())


def only(*grids: Grid) -> tuple:
    """Return the one table, and its columns, of grids that are one export."""
    (part,) = parts(*grids)
    (pair,) = part.tables
    return pair


def given(table, field: str) -> list:
    return [line.given[field].text if field in line.given else None for line in table.lines]


# -- rows of headers -----------------------------------------------------------------------------


def test_a_description_below_a_heading_of_a_measure_is_the_measure():
    """A lower heading that only says "Beskrivning" or "Namn" means what stands above it."""
    rows = "Risk||Åtgärd|\nNr|Beskrivning|Beskrivning|Ansvarig\n1|Fel lön|Stickprov|Vera Ek"
    _, columns = only(grid(rows))
    assert columns.fields == ("column 1", "event", "activity", "responsible")


def test_two_rows_of_headers_are_one():
    """A row of headings over another is joined with it: the lower word, else the upper."""
    table, columns = only(
        grid("""
Rutin/process | Riskbeskrivning | Bedömning | | | Åtgärd |
 | | S | V | VOR-värde | Aktivitet | Läge
Närvaro | Frånvaro syns sent | 3 | 4 | 12 | Trappa | Pågår""")
    )
    assert columns.fields == (
        "process", "event", "likelihood", "consequence", "risk_value", "activity", "status",
    )  # fmt: skip
    assert [line.number for line in table.lines] == [3]
    assert columns.layout.kind == "register"


def test_upper_heading_says_which_judgement_is_with_measures():
    """Efter åtgärd over the scores makes them those with measures."""
    _, columns = only(
        grid("""
Risk | Före åtgärd | | | Efter åtgärd | |
 | Sannolikhet | Konsekvens | Riskvärde | Sannolikhet | Konsekvens | Riskvärde
Köp utan avtal | 3 | 4 | 12 | 2 | 4 | 8""")
    )
    assert columns.fields[1:] == (
        "likelihood", "consequence", "risk_value", "likelihood_after", "consequence_after",
        "risk_value_after",
    )  # fmt: skip


def test_data_above_a_repeated_header_is_no_upper_header():
    """On the next page the header stands alone, whatever row of data is above it."""
    head = "Kontrollmoment | Process | Ansvarig"
    (table,) = tables(grid(f"{head}\nKassa | Inköp | Ekonom\n{head}\nLön | Personal | HR"))
    assert [line.cells[0] for line in table.lines] == ["Kassa", "Lön"]
    assert [kind for _, kind, _ in table.aside] == ["header", "page_header"]


def test_header_over_two_columns_stands_over_both():
    """Åtgärd over a status and a text: the text is the activity, the word its status."""
    _, columns = only(
        grid(
            "Risk | Sannolikhet | Konsekvens | Åtgärd | \nKöp utan avtal | 3 | 4 | Klar | Ny katalog i år",
            merges=(Merge(0, 3, 0, 4),),
        )
    )
    assert columns.fields[3:] == ("status", "activity")


# -- headings --------------------------------------------------------------------------------------


def test_a_heading_over_several_columns_is_divided_by_those_below():
    """ "Inneboende risk", which may be a value, is three columns where S, K and Värde stand below."""
    text = """
        Risk|Inneboende risk|||Åtgärd|Kvarvarande risk||
        |S|K|Värde||S|K|Värde
        Brand|4|5|20|Larm|3|5|15
        Halka|2|4|8|Sand|1|4|4
    """
    merges = (Merge(0, 1, 0, 3), Merge(0, 5, 0, 7), Merge(0, 0, 1, 0), Merge(0, 4, 1, 4))
    _, columns = only(grid(text, merges=merges))
    assert columns.fields == (
        "event", "likelihood", "consequence", "risk_value", "activity",
        "likelihood_after", "consequence_after", "risk_value_after",
    )  # fmt: skip


def test_what_stands_left_of_everything_is_no_column():
    """A blank column to the left, as of a margin, leaves headings within the table at its edge."""
    text = """
        |Aktivitet|Status
        |Risk: Golvet blir halt|
        |Lägg halkskydd|Pågår
        |Risk: Fettet antänds|
        |Rengör fläkten|Klar
    """
    table, _ = only(grid(text))
    assert given(table, "event") == ["Golvet blir halt", "Fettet antänds"]


@pytest.mark.parametrize("heads", [("3. S", "4. K"), ("S:", "K:")])
def test_single_letters_may_be_numbered(heads):
    """Of a form whose headings are numbered, "3. S" is the likelihood."""
    text = f"Risk|{heads[0]}|{heads[1]}|Värde\nBrand|4|5|20\nHalka|2|4|8"
    _, columns = only(grid(text))
    assert columns.fields[1:3] == ("likelihood", "consequence")


def test_heading_merged_across_gives_the_process():
    """A row merged over the whole table is the process of the rows below it."""
    table, _ = only(
        grid(
            "Nr|Risk|Sannolikhet|Konsekvens\nEkonomi|||\n1|Köp utan avtal|3|4\nPersonal|||\n2|Fel lön|2|4",
            merges=(Merge(1, 0, 1, 3), Merge(3, 0, 3, 3)),
        )
    )
    assert given(table, "process") == ["Ekonomi", "Personal"]


def test_numbered_heading_gives_the_goal():
    """1.2 and a text above risks is the council's goal."""
    table, _ = only(grid("Risk|Sannolikhet|Konsekvens\n1.2 God ekonomi||\nKöp utan avtal|3|4"))
    assert given(table, "goal") == ["1.2 God ekonomi"]


def test_heading_that_names_a_board_gives_the_board():
    """A board's name above rows is theirs."""
    table, _ = only(
        grid(
            "Process|Risk|Sannolikhet|Konsekvens\nSocialnämnden|||\nInköp|Köp utan avtal|3|4",
            merges=(Merge(1, 0, 1, 3),),
        )
    )
    assert given(table, "board") == ["Socialnämnden"]


def test_lone_text_under_a_column_of_groups_is_no_heading():
    """Where the first column is the process, a process alone may be the start of a merged look."""
    table, _ = only(grid("Process|Risk|Sannolikhet|Konsekvens\nInköp|||\n|Köp utan avtal|3|4"))
    assert len(table.lines) == 2


def test_sheets_stay_apart():
    """Nothing runs from one sheet into the next: each is a table of its own."""
    sheet = "Process|Risk|Sannolikhet|Konsekvens\nInköp|Köp utan avtal|3|4"
    (part,) = parts(grid(sheet, "Socialnämnden"), grid(sheet, "Tekniska nämnden"))
    assert [table.name for table, _ in part.tables] == ["Socialnämnden", "Tekniska nämnden"]


# -- cards -----------------------------------------------------------------------------------------


def test_lines_of_label_and_text_are_one_row_a_card():
    """Each Risk: begins a row; a second Åtgärd: is a row that goes on with it."""
    table, columns = only(
        grid("""
Risk: Köp utan avtal
Sannolikhet: 3
Konsekvens: 4
Åtgärd: Katalog
Åtgärd: Utbildning
Risk: Fel lön
Sannolikhet: 2
Konsekvens: 4
Åtgärd: Stickprov""")
    )
    assert columns.fields == ("event", "likelihood", "consequence", "activity")
    assert [line.cells for line in table.lines] == [
        ["Köp utan avtal", "3", "4", "Katalog"],
        ["", "", "", "Utbildning"],
        ["Fel lön", "2", "4", "Stickprov"],
    ]


def test_lines_of_a_card_are_accounted_for():
    """Each printed line is kept beside the row that it was read into."""
    (table,) = tables(
        grid("Risk: Köp\nSannolikhet: 3\nKonsekvens: 4\nRisk: Lön\nSannolikhet: 2\nKonsekvens: 4")
    )
    lines = [(row, text) for row, kind, text in table.aside if kind == "card_line"]
    assert lines[:2] == [(1, "Risk: Köp"), (2, "Sannolikhet: 3")] and len(lines) == 6


@pytest.mark.parametrize(
    "card",
    [
        "Risk|{}\nProcess|Inköp\nSannolikhet|3\nKonsekvens|4",
        "Risk|{}|Process|Inköp\nSannolikhet|3|Konsekvens|4",
    ],
)
def test_tables_of_labels_are_cards(card):
    """A table of two columns, or four, with labels to the left is one risk."""
    table, columns = only(
        grid(card.format("Brand"), "tabell 1"), grid(card.format("Stöld"), "tabell 2")
    )
    assert [line.cells[columns.fields.index("event")] for line in table.lines] == ["Brand", "Stöld"]
    assert {columns.fields.index(f) for f in ("process", "likelihood", "consequence")} == {1, 2, 3}


def test_labels_that_every_card_has_are_columns_though_no_word_tells_them():
    """A table for each risk: "Koneskvens" and "Bilaga" stand in each, and are columns as any others."""
    card = """
        Risk|{}
        Sannolikhet|2
        Koneskvens|4
        Riskvärde|8
        Ansvarig|Siv Berg
        Bilaga|{}
    """
    table, columns = only(grid(card.format("Brand", 1)), grid(card.format("Halka", 2)))
    assert table.header == ("Risk", "Sannolikhet", "Koneskvens", "Riskvärde", "Ansvarig", "Bilaga")
    assert columns.fields[2] == "consequence"
    assert columns.unused == {5: "Bilaga"}


def test_the_first_item_beside_a_label_is_one_as_those_below_it():
    """ "Åtgärder: 1. Larm" and "2. Sand" on the next line are two measures without numbers."""
    text = "Risk: Brand\nSannolikhet: 2\nKonsekvens: 4\nÅtgärder: 1. Larm\n2. Övning"
    table, columns = only(grid(text))
    at = columns.fields.index("activity")
    assert [line.cells[at] for line in table.lines] == ["Larm", "Övning"]


@pytest.mark.parametrize(
    ("heading", "first", "second"),
    [
        ("Nr", "1", "2"),
        ("Nämnd", "Kulturnämnden", "Kulturnämnden"),
        ("Ny/kvarstår", "Ny 2025", "Kvarstår"),
    ],
)
def test_lone_texts_in_a_column_that_every_risk_fills_are_groups(heading, first, second):
    """They are none of the column's own, be it of numbers, boards or unknown words."""
    text = f"""
        {heading}|Risk|Sannolikhet|Konsekvens
        Arkiv||
        {first}|Brand|2|4
        Val||
        {second}|Valsedlar tar slut|3|3
    """
    table, _ = only(grid(text))
    assert given(table, "process") == ["Arkiv", "Val"]


def test_a_label_is_a_heading_in_a_column_of_groups_too():
    """ "Process: Arkiv" stands alone in the column of ways of working, and gives the process."""
    text = """
        Arbetssätt|Risk|Sannolikhet|Konsekvens
        Process: Arkiv||
        Gallring|Brand|2|4
        Utlån|Halka|3|3
    """
    table, _ = only(grid(text))
    assert given(table, "process") == ["Arkiv", "Arkiv"]


def test_controls_belong_to_the_risk_above_their_table():
    """A heading with the risk and its scores is given to the table of controls beneath it."""
    table, columns = only(
        Grid(
            [["Utreda"], ["Utredning dröjer Riskvärde: 8 (Sannolikhet: 2, Konsekvens: 4)"],
             ["Kontroll", "Kontrollansvarig"], ["Genomgång varje vecka", "Vera Ek"],
             ["Stickprov", "Vera Ek"]],
            [0, 0, 1, 2, 3], "tabell 1",
        )
    )  # fmt: skip
    read = [dict(zip(columns.fields, line.cells, strict=True)) for line in table.lines]
    assert read[0] | {field: given.text for field, given in table.lines[0].given.items()} == {
        "activity": "Genomgång varje vecka", "responsible": "Vera Ek", "process": "Utreda",
        "event": "Utredning dröjer", "likelihood": "2", "consequence": "4", "risk_value": "8",
    }  # fmt: skip
    assert "event" not in table.lines[1].given and read[1]["activity"] == "Stickprov"


def test_risks_without_a_table_stand_before_the_one_that_has_it():
    """Each line with scores above a table is a risk; the latest heading names their process."""
    head, none = ["Kontroll", "Kontrollansvarig"], ["Inga åtgärder är registrerade."]
    table, columns = only(
        Grid(
            [["Process: Utreda"], ["Akt saknas"], ["Riskvärde: 6 (Sannolikhet: 2, Konsekvens: 3)"],
             head, ["Stickprov", "Vera Ek"]],
            [0, 0, 0, 1, 2], "tabell 1",
        ),
        Grid(
            [["Beslut dröjer"], ["Riskvärde: 8 (Sannolikhet: 2, Konsekvens: 4)"], none,
             ["Process: Betala"], ["Fel belopp"], ["Riskvärde: 9 (Sannolikhet: 3, Konsekvens: 3)"],
             head, ["Avstämning", "Vera Ek"]],
            [0, 0, 0, 0, 0, 0, 3, 4], "tabell 2",
        ),
    )  # fmt: skip
    at = columns.fields.index("activity")
    given = [
        [line.given[f].text for f in ("process", "event", "risk_value")] for line in table.lines
    ]
    assert given == [
        ["Utreda", "Akt saknas", "6"], ["Utreda", "Beslut dröjer", "8"], ["Betala", "Fel belopp", "9"]
    ]  # fmt: skip
    assert [line.cells[at] for line in table.lines] == ["Stickprov", "", "Avstämning"]


# -- cells that hold several things ----------------------------------------------------------------


def test_numbered_list_is_a_row_for_each_with_its_own_status():
    """As many statuses as measures are matched in order."""
    table, columns = only(grid(
        "Risk|Sannolikhet|Konsekvens|Åtgärd|Status\nKöp|3|4|1. Katalog\\n2. Kurs|1. Klar\\n2. Pågår"
    ))  # fmt: skip
    assert [line.cells[3:] for line in table.lines] == [["Katalog", "Klar"], ["Kurs", "Pågår"]]
    assert table.lines[1].cells[:3] == ["", "", ""]


def test_one_status_beside_two_measures_is_nobodys():
    """Which of them it tells of can't be seen: it is taken for neither, and told."""
    table, _ = only(grid(
        "Risk|Sannolikhet|Konsekvens|Åtgärd|Status\nKöp|3|4|- Katalog\\n- Kurs|Klar"
    ))  # fmt: skip
    assert [line.cells[3:] for line in table.lines] == [["Katalog", ""], ["Kurs", ""]]
    assert [doubt[:3] for doubt in table.doubts] == [(2, "status", "Klar")]


def test_line_break_in_a_text_is_no_list():
    """A measure on two lines without bullets is one measure."""
    table, _ = only(grid("Risk|Sannolikhet|Konsekvens|Åtgärd\nKöp|3|4|Ta fram en\\nkatalog"))
    assert len(table.lines) == 1


@pytest.mark.parametrize(
    ("cell", "scores"), [("S: 3 K: 4 = 12", ["3", "4", "12"]), ("3x4=12", ["3", "4", "12"])]
)
def test_scores_in_one_cell_are_three_columns(cell, scores):
    """Likelihood, consequence and value printed together are read apart."""
    table, columns = only(
        grid(f"Process|Risk|Bedömning|Åtgärd\nInköp|Köp utan avtal|{cell}|Katalog")
    )
    assert columns.fields[2:5] == ("likelihood", "consequence", "risk_value")
    assert table.lines[0].cells[2:5] == scores
    assert columns.layout.kind == "register"


def test_value_with_its_level_is_two_columns():
    """12 – Hög is the value 12 and the level Hög."""
    table, columns = only(grid("Risk|Sannolikhet|Konsekvens|Riskvärde\nKöp|3|4|12 – Hög"))
    assert columns.fields[3:] == ("risk_value", "level")
    assert table.lines[0].cells[3:] == ["12", "Hög"]


def test_a_label_within_most_measures_is_a_column():
    """ "Lås byts Ansvarig: Eva Ek" names who is responsible; two such in a cell are asked about."""
    table, columns = only(
        grid(
            "Risk|S|K|Åtgärd\nFel lön|2|3|Stickprov\\nAnsvarig: Vera Ek\n"
            "Köp utan avtal|3|3|Katalog. Ansvarig: Bo Holm\n"
            "Halka|3|4|Sand. Ansvarig: Bo Holm. Räcke. Ansvarig: Kim Ås"
        )
    )
    assert columns.fields[3:] == ("activity", "responsible")
    assert [line.cells[3:] for line in table.lines[:2]] == [
        ["Stickprov", "Vera Ek"], ["Katalog.", "Bo Holm"],
    ]  # fmt: skip
    assert {row for row, *_ in table.doubts} == {4}


LISTS = (
    "1. Fel lön betalas ut (S=2, K=4, R=8). Åtgärd: Stickprov. Ansvarig: Vera Ek\n"
    "2. Köp utan avtal (S=3, K=4, R=12). Åtgärd: Katalog. Ansvarig: Bo Holm",
    "• Fel lön betalas ut – sannolikhet 2, konsekvens 4\n• Åtgärd: Stickprov. Ansvarig: Vera Ek\n"
    "• Köp utan avtal – sannolikhet 3, konsekvens 4\n• Åtgärd: Katalog. Ansvarig: Bo Holm",
    "Fel lön betalas ut (S2 K4 = 8)\n  Åtgärd: Stickprov\n  Ansvarig: Vera Ek\n"
    "Köp utan avtal (S3 K4 = 12)\n  Åtgärd: Katalog\n  Ansvarig: Bo Holm",
)


@pytest.mark.parametrize("text", LISTS)
def test_a_list_in_words_is_read_by_its_scores_and_labels(text):
    """A line with a risk and its scores begins one; labels behind them or below name the rest."""
    table, columns = only(grid(f"Våra risker\n{text}"))
    rows = [dict(zip(columns.fields, line.cells, strict=True)) for line in table.lines]
    told = [[row[f] for f in ("event", "likelihood", "consequence", "activity", "responsible")]
            for row in rows]  # fmt: skip
    assert told == [
        ["Fel lön betalas ut", "2", "4", "Stickprov", "Vera Ek"],
        ["Köp utan avtal", "3", "4", "Katalog", "Bo Holm"],
    ]


def test_other_text_in_a_list_is_set_aside_and_a_process_is_of_the_risks_below():
    """What nothing names is asked about; "Process: …" stands above its risks."""
    table, columns = only(
        grid(
            "Process: Lön\nFel lön (S 2, K 4). Se bilaga.\nProcess: Inköp\nKöp utan avtal (S 3, K 4)"
        )
    )
    rows = [dict(zip(columns.fields, line.cells, strict=True)) for line in table.lines]
    assert [row["process"] for row in rows] == ["Lön", "Inköp"]
    assert [text for _, kind, text in table.aside if kind == "set_aside"] == ["). Se bilaga."]


# -- several kinds of tables, several periods --------------------------------------------------------


def test_measures_in_a_table_of_their_own_stand_under_their_risk():
    """A table whose risks are those of the register belongs to it."""
    table, columns = only(
        grid("Risk|Sannolikhet|Konsekvens\nKöp utan avtal|3|4\nFel lön|2|4", "tabell 1"),
        grid(
            "Risk|Åtgärd|Ansvarig\nFel lön|Stickprov|Vera Ek\nKöp utan avtal|Katalog|Vera Ek",
            "tabell 2",
        ),
    )
    assert columns.fields == ("event", "likelihood", "consequence", "activity", "responsible")
    assert [line.cells[0] or line.cells[3] for line in table.lines] == [
        "Köp utan avtal", "Katalog", "Fel lön", "Stickprov",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("4 Åtgärder", [""]),
        ("Uppföljning T1 2025", ["Riskregister", "Uppföljning"]),
    ],
)
def test_measures_with_their_status_belong_to_the_register_unless_of_another_report(heading, names):
    """A follow-up is an export of its own; measures of a register that prints none are the register's."""
    read = parts(
        grid("Riskregister VB 2025||\nRisk|Sannolikhet|Konsekvens\nKöp utan avtal|3|4", "tabell 1"),
        grid(f"{heading}||\nRisk|Åtgärd|Status\nKöp utan avtal|Katalog|Klar", "tabell 2"),
    )
    assert [part.name for part in read] == names


REGISTER = (
    "Risk|Sannolikhet|Åtgärd|Status\nFel lön|2|Stickprov|Klar\nKöp utan avtal|3|Katalog|Pågår"
)


@pytest.mark.parametrize(
    ("beside", "kind"),
    [
        (
            "Godkänd av|Roll|Datum\nBo Holm|Kontorschef|2025-01-20\nKim Ås|It-chef|2025-01-21",
            "set_aside",
        ),
        ("Status|Sannolikhet\nKlar|1\nPågår|2\nEj påbörjad|3", "legend"),
    ],
)
def test_a_table_beside_the_register_without_risks_or_measures_is_no_export(beside, kind):
    """Approvals are set aside, and asked about; a list of what may be chosen is a legend."""
    table, _ = only(grid(REGISTER, "Risker"), grid(beside, "Blad2"))
    assert len(table.lines) == 2
    assert [k for _, k, _ in table.aside].count(kind) == beside.count("\n")


def test_legend_is_no_data_and_tells_the_scale():
    """A table whose steps run 1, 2, 3 once each explains the words of the other."""
    _, columns = only(
        grid(
            "Sannolikhet|Konsekvens\n1. Sällan|1. Liten\n2. Ibland|2. Stor\n3. Ofta|3. Enorm",
            "tabell 1",
        ),
        grid("Risk|Sannolikhet|Konsekvens\nKöp utan avtal|Ofta|Liten", "tabell 2"),
    )
    assert columns.vocab.steps["likelihood"]["ofta"] == 3
    assert columns.legend == {"likelihood", "consequence"}


def test_status_column_for_each_report_gives_each_its_own():
    """Status T1 beside Status T2 are two exports, each with its own status and comment."""
    read = parts(grid("Risk|Åtgärd|Status T1|Status T2\nKöp utan avtal|Katalog|Pågår|Klar"))
    assert [part.name for part in read] == ["T1", "T2"]
    statuses = [
        dict(zip(columns.fields, table.lines[0].cells, strict=True))["status"]
        for part in read for table, columns in part.tables
    ]  # fmt: skip
    assert statuses == ["Pågår", "Klar"]


def test_merged_cells_of_tables_side_by_side_stay_with_their_table():
    """Each of the two tables keeps its own merged range, counted from its first column."""
    header = ["Risk", "Sannolikhet", "Konsekvens", "Riskvärde"]
    rows = [
        [*header, "", *header],
        ["Isen trycker", "2", "3", "6", "", "Larm saknas", "1", "2", "2"],
        ["", "3", "3", "9", "", "", "2", "2", "4"],
    ]
    merges = Merge(1, 0, 2, 0), Merge(1, 5, 2, 5)
    one, other = plain(Grid(rows, [1, 2, 3], merges=merges), vocabulary())
    assert one.merges == other.merges == (Merge(1, 0, 2, 0),)
    assert other.rows[1] == ["Larm saknas", "1", "2", "2"]


def test_a_column_without_a_heading_goes_by_its_number_in_the_file():
    """A person looks for it there: a margin to the left of the table counts."""
    _, columns = only(grid("|Risk||Sannolikhet|Konsekvens\n|Brand|akut|2|4\n|Halka|nej|3|3"))
    assert columns.headings[1] == "kolumn 3"


@pytest.mark.parametrize(("text", "is_card"), [("Klart", True), ("Beslut", False)])
def test_a_word_that_may_be_a_heading_is_a_cards_text_beside_one_that_is_none(text, is_card):
    """ "Status | Klart" is label and text, beside "Risk | Brand"; "Risk | Beslut" alone are headings."""
    first = f"Risk|Brand|Status|{text}" if is_card else f"Risk|{text}|Process|Ansvarig"
    rows = f"{first}\nSannolikhet|2|Konsekvens|4\nRiskvärde|8|Åtgärd|Larm"
    (table,) = tables(grid(rows))
    assert ("Brand" in table.lines[0].cells) == is_card
