"""A guess is shown, changed, saved, and then reads the file as it did."""

import tomllib

import pytest

from riskdata.exports.suggest import guess

TEXT = """Nr;Vad kan gå snett;Hur troligt;Hur illa;Beslut;Vi gör så här;Läget just nu
1;Köp utan avtal görs;3;4;Skjuts upp;Ta fram en katalog;Klar
2;Fel lön betalas ut;2;4;Acceptera;Stickprov varje månad;Hos ledningen
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "Riskanalys 2025 Socialnämnden.csv"
    path.write_text(TEXT, encoding="utf-8")
    return path


def read_as(guessed) -> dict[str, str]:
    """Return what each column of a guess is read as."""
    return {column.heading: column.field for column in guessed.tables[0].columns}


def test_columns_are_shown_with_values_and_reasons(file, tmp_path):
    """Each column has three of its values, what it is read as and why."""
    columns = {c.heading: c for c in guess(file, manual=tmp_path).tables[0].columns}
    event = columns["Vad kan gå snett"]
    assert (event.field, event.guessed) == ("event", True)
    assert event.values == ["Köp utan avtal görs", "Fel lön betalas ut"] and event.why
    assert (columns["Nr"].field, columns["Nr"].cells) == ("", 2)


def test_words_that_no_list_knows_are_asked_about(file, tmp_path):
    """An unknown decision or status says nothing until a person does."""
    words = guess(file, manual=tmp_path).tables[0].words
    assert [(w.word, w.table, w.counts_as) for w in words] == [
        ("Skjuts upp", "decisions", ""), ("Hos ledningen", "statuses", ""),
    ]  # fmt: skip


def test_saved_as_it_stands_the_file_is_read_as_guessed(file, tmp_path):
    """The block names every column, and then nothing is a guess."""
    before = guess(file, manual=tmp_path)
    before.save()
    after = guess(file, manual=tmp_path)
    assert read_as(after) == read_as(before)
    assert not any(column.guessed for column in after.tables[0].columns)


def test_what_a_person_changes_is_saved(file, tmp_path):
    """A column, a word's meaning and the kind are as the person says."""
    changed = guess(file, manual=tmp_path)
    table = changed.tables[0]
    next(c for c in table.columns if c.heading == "Läget just nu").field = ""
    table.words[0].counts_as = True
    changed.save()
    said = tomllib.loads((tmp_path / "layouts.toml").read_text("utf-8"))["riskanalys_socialnamnden"]
    assert said["columns"]["Läget just nu"] == ""
    assert said["decisions"] == {"skjuts_upp": {"words": ["Skjuts upp"], "control_plan": True}}
    assert read_as(guess(file, manual=tmp_path))["Läget just nu"] == ""


def test_saving_twice_leaves_one_block_and_what_others_wrote(file, tmp_path):
    """A block takes the place of its older self; the rest of the file stays."""
    other = '[annan]\nkind = "register"\n[annan.columns]\n"Fara" = "event"\n'
    (tmp_path / "layouts.toml").write_text(other, encoding="utf-8")
    guess(file, manual=tmp_path).save()
    guess(file, manual=tmp_path).save()
    text = (tmp_path / "layouts.toml").read_text("utf-8")
    assert text.count("[riskanalys_socialnamnden]") == 1
    assert [*tomllib.loads(text)] == ["annan", "riskanalys_socialnamnden"]


def test_next_years_file_is_read_by_the_same_block(file, tmp_path):
    """Every later file of the kind is known."""
    guess(file, manual=tmp_path).save()
    later = file.with_name("Riskanalys 2026 Socialnämnden.csv")
    later.write_text(TEXT, encoding="utf-8")
    assert not any(c.guessed for c in guess(later, manual=tmp_path).tables[0].columns)


def test_order_words_are_no_steps_until_a_person_has_ordered_them(tmp_path):
    """Låg, Medel, Hög are proposed in a comment; saved as ordered they are the scale."""
    file = tmp_path / "Riskanalys 2025 Socialnämnden.csv"
    file.write_text("Risk;Sannolikhet;Konsekvens\nKöp;Hög;Liten\nLön;Låg;Stor\n", encoding="utf-8")
    guessed = guess(file, manual=tmp_path)
    table = guessed.tables[0]
    assert "\n# likelihood = " in guessed.block()
    table.scales["likelihood"].insert(1, "Medel")
    table.ordered = True
    guessed.save()
    said = tomllib.loads((tmp_path / "layouts.toml").read_text("utf-8"))
    (block,) = said.values()
    assert block["scales"]["likelihood"] == [["Låg"], ["Medel"], ["Hög"]]


def test_file_that_nobody_can_guess_can_be_told(tmp_path):
    """Its columns are shown with nothing chosen; told what they are, it is read."""
    file = tmp_path / "Lista VB 2025 Socialnämnden.csv"
    file.write_text("Nr;Text;A;B\n1;Köp görs;3;4\n2;Fel lön;2;4\n", encoding="utf-8")
    guessed = guess(file, manual=tmp_path)
    wanted = {"Text": "event", "A": "likelihood", "B": "consequence"}
    for column in guessed.tables[0].columns:
        column.field = wanted.get(column.heading, "")
    guessed.save()
    assert read_as(guess(file, manual=tmp_path)) == {"Nr": "", **wanted}


def test_rows_are_shown_as_the_block_would_read_them(file, tmp_path):
    """Before anything is saved the first rows follow what is chosen."""
    guessed = guess(file, manual=tmp_path)
    assert guessed.read()["risks"].event.tolist() == ["Köp utan avtal görs", "Fel lön betalas ut"]
    columns = {column.heading: column for column in guessed.tables[0].columns}
    columns["Vi gör så här"].field = ""
    assert guessed.read()["activities"].empty
    assert not (tmp_path / "layouts.toml").exists()


def test_levels_without_values_stay_levels_when_saved(tmp_path):
    """A board that prints levels and no values gets none computed, before and after saving."""
    file = tmp_path / "Riskanalys 2025-VB Socialnämnden.csv"
    file.write_text(
        "Vad kan gå snett;Sannolikhet;Konsekvens;Nivå\nKöp utan avtal;3;4;Röd\n", encoding="utf-8"
    )
    guessed = guess(file, manual=tmp_path)
    before = guessed.read()["risks"]
    guessed.save()
    after = guess(file, manual=tmp_path).read()["risks"]
    assert before.risk_value.isna().all() and after.risk_value.isna().all()
    assert before.level.tolist() == after.level.tolist() == ["Röd"]
