"""What the project says: the same in both languages, all of it used, and nothing without a word."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

import riskdata
from riskdata.errors import ChoiceError
from riskdata.shapes.table import CELL
from riskdata.tables.schema import TABLES, codes
from riskdata.words.language import heading, label, number, series, translated, word, words
from riskdata.words.vocabulary import vocabulary

PACKAGE = Path(riskdata.__file__).parent
CODE = "\n".join(path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py")))
CODE += (PACKAGE / "reports" / "columns.toml").read_text("utf-8")
HANDED_OVER = (
    "remedies",
    "browse",
    "scale",
    "reading",
    "legend",
)  # to a library, or looked up by their words


def keys(table: dict, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """Return the path of each word; the forms of a plural are one word."""
    inner = {(*path, key): part for key, part in table.items()}
    tables = {
        at: part for at, part in inner.items() if isinstance(part, dict) and "other" not in part
    }
    return (inner.keys() - tables.keys()).union(*(keys(part, at) for at, part in tables.items()))


def fields(text: object) -> set[str]:
    return set(re.findall(r"{(\w+)}", str(text)))


def at(table: dict, path: tuple[str, ...]) -> object:
    for key in path:
        table = table[key]
    return table


def test_both_languages_have_the_same_keys():
    """Every word that there is in Swedish there is in English, and the other way round."""
    assert keys(words("sv")) == keys(words("en"))


def test_a_word_is_filled_with_the_same_values_in_both_languages():
    """No translation asks for a value that the other doesn't get."""
    for path in keys(words("sv")):
        swedish, english = (fields(at(words(language), path)) for language in ("sv", "en"))
        assert swedish - {"n"} == english - {"n"} or path[-1] in ("title",), path


def is_named(key: str, known: set[str]) -> bool:
    """Return whether code names a word: whole, by its first part, or as one side of a comparison."""
    first, stem = f"{key.partition('_')[0]}_{{", re.sub("_(before|after)$", "", key)
    return key in known or first in CODE or stem in known


def test_every_word_is_used():
    """A word that no code asks for is a line that somebody keeps up in vain."""
    shipped = (PACKAGE / "words" / "vocabulary.toml", PACKAGE / "words" / "layouts.toml")
    known = set(re.findall(r"\w+", CODE + "".join(path.read_text("utf-8") for path in shipped)))
    asked = [path for path in sorted(keys(words("sv"))) if path[0] not in HANDED_OVER]
    assert [".".join(path) for path in asked if not is_named(path[-1], known)] == []


@pytest.mark.parametrize("name", ["vocabulary", "layouts"])
def test_every_part_of_the_vocabulary_is_read(name):
    """A table of vocabulary.toml that no code names is never read."""
    shipped = tomllib.loads((PACKAGE / "words" / f"{name}.toml").read_text("utf-8"))
    parts = (
        shipped if name == "vocabulary" else {key for table in shipped.values() for key in table}
    )
    assert [part for part in parts if f'"{part}"' not in CODE and part not in CODE] == []


def test_steps_of_the_shipped_scale_have_words_in_both_languages():
    """The words on a matrix are those of the scale, in the language of the chart."""
    steps = {label for axis in vocabulary().words["scales"].values() for label, *_ in axis}
    assert steps == set(words("sv")["scale"]) == set(words("en")["scale"])


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("table", TABLES)
def test_every_column_of_the_tables_has_a_heading(table, language):
    """No reader meets the name of a column where its heading should stand."""
    heads = {name: heading(name, language) for name in TABLES[table]}
    assert [name for name, head in heads.items() if head == name or "_" in head] == []


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_allowed_code_has_a_word(language):
    """No reader meets a code where its word should stand."""
    every = {code for table in TABLES.values() for name in table for code in codes(name)}
    assert [code for code in every if label(code, language) == code] == []


def test_an_unknown_language_names_the_known():
    """A language that there is no file for is an error that lists those there are."""
    for ask in (
        words,
        lambda lang: word("say.limit", lang),
        lambda lang: label("new", lang),
        lambda lang: number(1, lang),
    ):
        with pytest.raises(ChoiceError, match="Språket ”swedish” finns inte. Välj ett av: sv, en"):
            ask("swedish")


def test_own_labels_are_laid_over_the_projects(tmp_path, monkeypatch):
    """A municipality's word for a column or a code stands in the place of the project's."""
    (tmp_path / "vocabulary.toml").write_text(
        '[labels.sv]\nevent = "Risk"\naccept = "Godtas"\n', "utf-8"
    )
    monkeypatch.setattr("riskdata.folders.manual", lambda: tmp_path)
    assert (heading("event"), label("accept")) == ("Risk", "Godtas")
    assert heading("event", "en") == "Unwanted event"


def test_a_boards_own_labels_hold_for_that_board_alone(tmp_path, monkeypatch):
    """[board."…".labels.sv] stands over [labels.sv] for the board, and says nothing of others."""
    (tmp_path / "vocabulary.toml").write_text(
        '[labels.sv]\naccept = "Godtas"\n'
        '[board."Provnämnden".labels.sv]\naccept = "Tolereras"\nevent = "Händelse"\n',
        "utf-8",
    )
    monkeypatch.setattr("riskdata.folders.manual", lambda: tmp_path)
    assert [label("accept", "sv", board) for board in ("Provnämnden", "Annan", "")] == [
        "Tolereras", "Godtas", "Godtas"]  # fmt: skip
    assert heading("event", "sv", "Provnämnden") == "Händelse"


def test_numbers_are_written_as_the_language_does():
    """Swedish has a decimal comma and a space between thousands, English point and comma."""
    assert number(1234.5) == "1\xa0234,5"
    assert number(1234.5, "en") == "1,234.5"


def test_series_are_joined_as_the_language_does():
    """A list of one is that one; the last of several has "and" before it, and no comma."""
    assert series(["12"]) == "12"
    assert series(["a", "b", "c"], "en") == "a, b and c"


def test_zero_has_a_form_of_its_own_or_that_of_the_many():
    """Zero is said as the word says it, else like many."""
    assert word("count.risks", n=0) == "0 risker"
    assert word("changed.raised", n=0) == "0 höjda"


def test_messages_of_findings_are_english_in_english():
    """A finding's sentence, made in Swedish, is said again in English with the same numbers."""
    swedish = word(
        "checks.high_outside_control_plan",
        risk_value="16",
        limit="12",
        assumed=word("checks.assumed"),
    )
    english = translated(swedish, "checks.high_outside_control_plan", "en")
    assert english.startswith("The risk value 16 reaches the limit 12 (an assumption")
    twins = word("checks.twin_marks", other="7", there="Avslutad", here="Okänd")
    assert "Finished there, Unknown here" in translated(twins, "checks.twin_marks", "en")


def test_every_message_of_a_check_can_be_translated():
    """No check's sentence stays Swedish in an English report."""
    for check, template in words("sv")["checks"].items():
        filled = re.sub(r"{\w+}", "3", template)
        own = re.search(r"[a-zåäö]{2}", filled)  # of one, all its words are filled in
        assert translated(filled, f"checks.{check}", "en") != filled or not own
        assert translated(filled, f"checks.{check}", "sv") == filled


def written_by_the_reading() -> list[str]:
    """Return the sentences that exports/ and readers/ write as proofs and reasons, their fields as 3."""
    calls = [
        (node.func, node.args)
        for path in [*PACKAGE.glob("exports/*.py")]
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
    ]
    last = {"add": 6, "leave": 3, "Left": 3}
    texts = [
        args[-1]
        for func, args in calls
        if len(args) == last.get(getattr(func, "attr", getattr(func, "id", "")))
    ]
    parts = [text.values if isinstance(text, ast.JoinedStr) else [text] for text in texts]
    return [
        "".join(
            getattr(part, "value", "") if isinstance(part, ast.Constant) else "3" for part in some
        )
        for some in parts
        if any(isinstance(part, ast.Constant) and part.value for part in some)
    ]


def test_what_the_reading_writes_can_be_said_in_english():
    """No proof and no reason stays Swedish in an English workbook."""
    written = [text.replace("3 3", f"{CELL} 3") for text in written_by_the_reading()]
    assert len(written) > 10
    assert [text for text in written if translated(text, "reading", "en") == text] == []
