"""What the project says, in each language: sv.toml and en.toml, filled with values."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache, reduce
from operator import getitem
from pathlib import Path
from typing import TYPE_CHECKING

from riskdata.errors import ChoiceError
from riskdata.words.vocabulary import vocabulary

if TYPE_CHECKING:
    import pandas as pd
    from babel import Locale

LANGUAGES = {"sv": "sv", "en": "en_GB"}  # language → the locale whose numbers and lists it has


@lru_cache
def words(language: str = "sv") -> dict:
    """Return what the file of words of a language holds, part → key → words; ChoiceError without one."""
    check_language(language)
    return tomllib.loads(Path(__file__).with_name(f"{language}.toml").read_text("utf-8"))


def check_language(language: str) -> None:
    """Raise ChoiceError unless there are words in the language."""
    if language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise ChoiceError(f"Språket ”{language}” finns inte. Välj ett av: {known}.")


def word(key: str, language: str = "sv", **values: object) -> str:
    """Return the words under a key, filled with values; ``n`` decides between one and many.

    A key is "part.word". Numbers are written as the language writes them. Of the forms zero, one
    and other, ``n`` chooses by the language's rule of plurals; zero where there is such a form.

    >>> word("count.risks", n=1), word("count.risks", n=1200)
    ('1 risk', '1\\xa0200 risker')
    """
    text = reduce(getitem, key.split("."), words(language))
    if isinstance(text, dict):
        n = int(values["n"])
        form = "zero" if n == 0 and "zero" in text else _locale(language).plural_form(n)
        text = text.get(form, text["other"])
    printed = {k: v if isinstance(v, str) else number(v, language) for k, v in values.items()}
    return text.format(**printed)


def number(value: float, language: str = "sv") -> str:
    """Return a number as the language writes it, with at most one decimal."""
    from babel.numbers import format_decimal  # late: most commands print no number

    return format_decimal(float(value), "#,##0.#", locale=_locale(language))


def series(items: Sequence[str], language: str = "sv") -> str:
    """Return names as one would say them."""
    from babel.lists import format_list

    return format_list(list(items), locale=_locale(language))


@lru_cache
def _locale(language: str) -> Locale:
    from babel import Locale

    check_language(language)
    return Locale.parse(LANGUAGES[language])


def sentence(text: str) -> str:
    """Return words as a whole sentence: with a capital and a full stop."""
    return text[:1].upper() + text[1:].rstrip(".") + "."


def label(code: str, language: str = "sv", board: str = "", **values: object) -> str:
    """Return the word for a code, a board's own where it has one; the code itself where there is none."""
    text = _own(language, board).get(code) or words(language)["codes"].get(code, code)
    return text.format(**values) if values else text


def heading(column: str, language: str = "sv", board: str = "") -> str:
    """Return the heading of a column of any table, a board's own where it has one."""
    known = words(language)["columns"].get(column)
    return _own(language, board).get(column) or known or label(column, language, board)


def board_of(table: pd.DataFrame) -> str:
    """Return the one board that a table is about; "" where it is about none or several."""
    boards = table["board"].dropna().unique() if "board" in table else ()
    return boards[0] if len(boards) == 1 else ""


def _own(language: str, board: str) -> dict[str, str]:
    """Return the labels that data/manual/vocabulary.toml lays over the project's, for all or for a board."""
    return vocabulary().for_board(board).words["labels"].get(language, {})


def translated(text: str, key: str, language: str) -> str:
    """Return a Swedish sentence, which was filled from the words under a key, in another language.

    The key is of one sentence, or of a part with several. What a sentence was filled with is
    translated too (see ``listed``); a text that none of them fits stays as it is.

    >>> translated("Steg 6 finns.", "checks.step_out_of_range", "en")
    'Steg 6 finns.'
    >>> translated("rad 3", "reading", "en")
    'row 3'
    >>> translated("Riskvärde 12 hanteras olika: Accepteras 1. Se efter att skillnaden är avsedd.",
    ...            "checks.decisions_differ", "en")
    'Risk value 12 is handled in different ways: Accepted 1. See that the difference is meant.'
    """
    swedish, other = (_sentences(key, name) for name in ("sv", language))
    for name in swedish if language != "sv" else ():
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[0-9]+|.*?)", re.escape(swedish[name]))
        if found := re.fullmatch(pattern, text, re.DOTALL):
            values = {field: listed(value, language) for field, value in found.groupdict().items()}
            return other[name].format(**values)
    return text


def _sentences(key: str, language: str) -> dict[str, str]:
    found = reduce(lambda part, name: part.get(name, {}), key.split("."), words(language))
    return found if isinstance(found, dict) else {"": found}


def listed(text: str, language: str) -> str:
    """Return words of ours, alone or in a list with counts, in another language; others stay."""
    known = _swedish_to(language)
    whole = known.get(text) or known.get(text[:1].upper() + text[1:], "").lower()
    said = translated(translated(text, "reading", language), "decisions", language)
    if whole or said != text:
        return whole or said
    pieces = re.split(r"((?: [+-]?\d+)?(?:, |: |$))", text)
    return "".join(known.get(piece, piece) for piece in pieces)


@lru_cache
def _swedish_to(language: str) -> dict[str, str]:
    """Return each Swedish word of a code, column, rule or remedy → that of another language."""
    keys = ("codes", "columns", "remedies", "values.rule", "checks.assumed")
    both = [(_sentences(key, "sv"), _sentences(key, language)) for key in keys]
    return {one[code]: other[code] for one, other in both for code in one}
