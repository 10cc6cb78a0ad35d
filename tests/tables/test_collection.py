"""A folder of exports becomes data/clean: whole, the same each time, whatever one bad file holds."""

import hashlib
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import riskdata as rd
from riskdata.errors import ManualError
from riskdata.exports import rows
from riskdata.tables import schema
from riskdata.tables.data import summarise

NAME = "2025-VB Socialnämnden - analys.txt"


def digests(folder):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def write(path, *lines):
    path.write_text("\n".join(lines), encoding="utf-8")


def types_of(table):
    return table.dtypes.astype(str).to_dict()


def declared(name):
    return {n: "category" if n in schema.ORDERED else t for n, t in schema.TABLES[name].items()}


@pytest.mark.parametrize("name", schema.TABLES)
def test_rows_become_a_table_of_the_declared_types(name):
    """Whatever rows say or leave out, and of a table already made, the columns have their types."""
    for some in ([], [{}], pd.DataFrame({"period": ["2025-VB"], "source_row": [2.0]})):
        made = schema.frame(name, some)
        assert types_of(made) == types_of(schema.frame(name, made)) == declared(name)


def test_tables_have_the_declared_columns_and_values(project):
    """Every table on disk has the columns, types and allowed values that the schema declares."""
    rd.clean_folder()
    tables = rd.load().tables()
    for name, columns in schema.TABLES.items():
        assert types_of(tables[name]) == declared(name)
        for column in columns:
            if allowed := schema.codes(column):
                assert set(tables[name][column].dropna()) <= set(allowed)


def test_same_input_gives_the_same_bytes(project):
    """Cleaning again changes not one byte."""
    rd.clean_folder()
    clean = project / "data" / "clean"
    first = digests(clean)
    (clean / ".keys.json").write_text("{}")  # so that all is made anew
    rd.clean_folder()
    assert digests(clean) == first


def test_csv_that_was_saved_anew_is_written_again(project):
    """Where nothing has changed nothing is written, but for a CSV that is no longer as it was."""
    rd.clean_folder()
    clean = project / "data" / "clean"
    first, made = digests(clean), (clean / "risks.parquet").stat().st_mtime_ns
    rd.clean_folder()
    assert (clean / "risks.parquet").stat().st_mtime_ns == made
    (clean / "risks.csv").write_text("sparad av ett kalkylprogram")
    rd.clean_folder()
    assert digests(clean) == first


def test_csv_is_for_looking_at(project):
    """Each table is also a CSV with a byte order mark; people are joined by a semicolon."""
    rd.clean_folder()
    path = project / "data" / "clean" / "activities.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert pd.read_csv(path).responsible.tolist() == ["Maja Lind"]


def test_one_bad_file_does_not_stop_the_others(project):
    """A file that cannot be read has its reason in sources; the others are cleaned."""
    (project / "data" / "raw" / "2025-VB Kulturnämnden.txt").write_bytes(b"")
    data = rd.clean_folder()
    assert data.risks.board.unique().tolist() == ["Socialnämnden"]
    assert "tom" in data.sources.set_index("source_file").problem["2025-VB Kulturnämnden.txt"]


def test_empty_folder_leaves_what_was_cleaned(cleaned_project):
    """With nothing to clean, the old tables stay, and the message says where to put exports."""
    (cleaned_project / "data" / "raw" / NAME).unlink()
    with pytest.raises(rd.RiskdataError, match="Lägg exporterna där"):
        rd.clean_folder()
    assert len(rd.load().risks) == 1


def test_copy_of_a_file_is_refused(project):
    """The same bytes under another name would count everything twice."""
    raw = project / "data" / "raw"
    (raw / "2025-VB Socialnämnden - kopia.txt").write_bytes((raw / NAME).read_bytes())
    data = rd.clean_folder()
    assert len(data.risks) == 1
    assert data.sources.problem.dropna().str.contains("kopia av").tolist() == [True]


def test_copy_of_a_file_with_several_exports_is_refused_whole(project):
    """Each sheet of a copied workbook would count twice, though it goes by a name of its own."""
    book, raw = openpyxl.Workbook(), project / "data" / "raw"
    lines = (raw / NAME).read_text("utf-8").splitlines()
    for sheet in (book.active, book.create_sheet()):
        for line in lines:
            sheet.append(line.split("\t"))
    book.worksheets[0].title, book.worksheets[1].title = "2023-VB", "2024-VB"
    book.save(raw / "Socialnämnden.xlsx")
    assert len(rd.clean_folder().risks) == 3
    (raw / "Socialnämnden - kopia.xlsx").write_bytes((raw / "Socialnämnden.xlsx").read_bytes())
    data = rd.clean_folder()
    assert len(data.risks) == 3
    assert data.sources.problem.dropna().str.contains("kopia av").tolist() == [True]


def test_sources_csv_counts_before_title_and_name(project):
    """What a person says of a file's board and period outranks what the file says."""
    write(
        project / "data" / "manual" / "sources.csv",
        "file;board;period",
        f"{NAME};Kulturnämnden;2024-VB",
    )
    data = rd.clean_folder()
    assert data.boards == ["Kulturnämnden"]
    assert data.periods == ["2024-VB"]


def test_correction_is_made_and_accounted_for(project):
    """A correction changes the value and stands in the account with its reason."""
    lines = (
        "file,row,column,was,now,reason",
        f'"{NAME}",2,responsible,Maja Lind,Maja Lindh,felstavat',
    )
    write(project / "data" / "manual" / "corrections.csv", *lines)
    data = rd.clean_folder()
    assert data.activities.responsible.tolist() == [["Maja Lindh"]]
    assert data.account.query("rule == 'correction'").proof.tolist() == ["felstavat"]


def test_correction_of_a_tidy_value_is_made(project):
    """A correction may also speak of a value that is only part of a printed cell."""
    lines = "file,row,column,was,now,reason", f'"{NAME}",2,likelihood,3,2,omprövad'
    write(project / "data" / "manual" / "corrections.csv", *lines)
    assert rd.clean_folder().risks.likelihood.tolist() == [2]


def test_correction_that_no_longer_fits_fails_loudly(project):
    """When what was to be corrected is no longer there, the file is refused with the line to change."""
    lines = "file,row,column,was,now,reason", f'"{NAME}",2,event,Något annat,Nytt,byte'
    write(project / "data" / "manual" / "corrections.csv", *lines)
    problem = rd.clean_folder().sources.problem[0]
    assert "Något annat" in problem
    assert "corrections.csv" in problem


def test_correction_without_reason_is_refused(project):
    """Nothing is corrected without a reason."""
    lines = "file,row,column,was,now,reason", f'"{NAME}",2,event,Tillsyn uteblir,Nytt,'
    write(project / "data" / "manual" / "corrections.csv", *lines)
    with pytest.raises(ManualError, match="rad 2: skriv varför"):
        rd.clean_folder()


def test_own_vocabulary_adds_a_word(project):
    """A word in data/manual/vocabulary.toml is read from then on."""
    raw = project / "data" / "raw" / NAME
    raw.write_text(raw.read_text("utf-8").replace("Acceptera", "Bevaka"), encoding="utf-8")
    write(project / "data" / "manual" / "vocabulary.toml", "[decisions]", 'accept = ["Bevaka"]')
    assert rd.clean_folder().risks.decision.tolist() == ["accept"]


def test_own_vocabulary_with_a_slip_says_which_line(project):
    """A vocabulary that is no TOML is named, with the parser's own words."""
    write(project / "data" / "manual" / "vocabulary.toml", "[decisions", 'accept = ["Bevaka"]')
    with pytest.raises(rd.RiskdataError, match=r"vocabulary.toml(?s:.)*TOML"):
        rd.clean_folder()


def test_tables_of_another_version_are_made_anew(cleaned_project):
    """Tables whose columns are not today's are not read, and hinder no new run."""
    path = cleaned_project / "data" / "clean" / "risks.parquet"
    pd.read_parquet(path).drop(columns="level").to_parquet(path)
    with pytest.raises(rd.RiskdataError, match="annan version.*riskdata clean"):
        rd.load()
    assert len(rd.clean_folder().risks) == 1


def test_killed_among_the_moves_is_finished_by_the_next_reader(cleaned_project, monkeypatch):
    """Tables complete but not moved when the run was killed are moved by whoever reads next."""
    old = rd.load()
    monkeypatch.setattr(schema, "finish_writing", lambda clean: None)
    tables = old.tables() | {"risks": old.risks.iloc[:0]}
    schema.write_tables(tables.items(), cleaned_project / "data" / "clean")
    monkeypatch.undo()
    monkeypatch.chdir(cleaned_project)
    assert len(rd.load().risks) == 0


def test_killed_while_writing_leaves_the_old_tables(cleaned_project, monkeypatch):
    """A run that dies before its tables are complete changes nothing."""

    def die(name, table, folder):
        raise KeyboardInterrupt

    write(cleaned_project / "data" / "raw" / "2024-VB Kulturnämnden.txt", "")
    monkeypatch.setattr(schema, "_write_table", die)
    with pytest.raises(KeyboardInterrupt):
        rd.clean_folder()
    monkeypatch.undo()
    monkeypatch.chdir(cleaned_project)
    assert len(rd.load().risks) == 1


def test_what_is_changed_in_loaded_tables_is_not_loaded(cleaned_project):
    """Tables are loaded as they were cleaned, whatever a notebook before has done with its own."""
    first = rd.load()
    first.risks["event"] = first.risks.loc[:, "risk_value"] = None
    first.activities.responsible[0].append("någon annan")
    again = rd.load()
    assert again.risks[["event", "risk_value"]].notna().all(axis=None)
    assert "någon annan" not in again.activities.responsible[0]


def test_unknown_choice_names_what_there_is(cleaned_project):
    """A period that does not exist is answered with those that do."""
    data = rd.load()
    with pytest.raises(rd.RiskdataError, match="2024-VB(?s:.)*2025-VB"):
        data.select(period="2024-VB")


def test_refresh_cleans_only_what_has_changed(cleaned_project):
    """Tables newer than every export are loaded as they are; a new export makes them stale."""
    made = (cleaned_project / "data" / "clean" / "risks.parquet").stat().st_mtime_ns
    rd.refresh()
    assert (cleaned_project / "data" / "clean" / "risks.parquet").stat().st_mtime_ns == made
    text = (
        (cleaned_project / "data" / "raw" / NAME)
        .read_text("utf-8")
        .replace("Tillsyn uteblir", "Brand")
    )
    write(cleaned_project / "data" / "raw" / "2024-VB Socialnämnden.txt", text)
    assert rd.refresh().periods == ["2024-VB", "2025-VB"]


def test_every_printed_cell_is_counted_where_it_went(project):
    """Each cell with text is in a table, in the account or unread: the run says how many, and 0 lost."""
    raw = project / "data" / "raw" / NAME
    raw.write_text(raw.read_text("utf-8") + "Beslutad av nämnden\n", "utf-8")
    data = rd.clean_folder()
    assert data.cells.values.tolist() == [[NAME, 23, 11, 11, 1, ["header 11"]]]
    assert (
        "23 tryckta celler: 11 i tabellerna, 11 åtsidosatta, 1 i unread, 0 förlorade.\n"
        "     11  Rubrikrad" in summarise(data)
    )


def test_cell_that_reading_drops_is_unread(project, monkeypatch):
    """A cell that no step accounts for ends among the unread: nothing is lost without a row."""
    row = rows._row

    def without_event(line, texts, *others):
        return row(line, [*texts[:3], "", *texts[4:]], *others)

    monkeypatch.setattr(rows, "_row", without_event)
    data = rd.clean_folder()
    assert data.unread.text.tolist() == ["Tillsyn uteblir"]
    assert data.cells.unread.tolist() == [1]


def test_manual_of_another_project_is_followed(tmp_path, monkeypatch):
    """From any folder, what people declared in the folder that was asked for counts: its reports too."""
    monkeypatch.chdir(tmp_path)
    raw, data = tmp_path / "raw", Path(__file__).parents[2] / "data"
    raw.mkdir()
    for file in data.glob("raw/*halvår*"):  # data/manual says what "H1" is
        shutil.copy(file, raw)
    for run in ("first", "again"):
        made = rd.clean_folder(raw, data / "manual", tmp_path / "clean")
        assert "2025-H1" in set(made.activities.period), run
