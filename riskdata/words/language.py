"""The words that charts and reports say, in each language: TOML with values filled in."""

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from riskdata.errors import ChoiceError
from riskdata.words.vocabulary import vocabulary

LANGUAGES = ("sv", "en")
THIN = "\N{NO-BREAK SPACE}"  # between thousands, so that no line breaks inside a number


@lru_cache(maxsize=1)
def words() -> dict[str, dict]:
    """Return what the files of words hold: language → chart or part of a report → words."""
    here = Path(__file__)
    return {
        language: tomllib.loads(here.with_name(f"{language}.toml").read_text("utf-8"))
        for language in LANGUAGES
    }


def check_language(language: str) -> None:
    """Raise ChoiceError unless there are words in the language.

    >>> check_language("de")
    Traceback (most recent call last):
    riskdata.errors.ChoiceError: Språket ”de” finns inte. Välj ett av: sv, en.
    """
    if language not in words():
        known = ", ".join(words())
        raise ChoiceError(f"Språket ”{language}” finns inte. Välj ett av: {known}.")


def word(key: str, language: str = "sv", **values: object) -> str:
    """Return the words under a key, filled with values; ``n`` decides between one and many.

    A key is "chart.word". A word with the forms zero, one and other is chosen by ``n``. Numbers
    are written as the language writes them.

    >>> word("count.risks", n=1), word("count.risks", n=1200)
    ('1 risk', '1\\xa0200 risker')
    """
    forms = words()[language]
    for part in key.split("."):
        forms = forms[part]
    text = forms if isinstance(forms, str) else forms[_form(forms, values["n"])]
    return text.format(**{name: _printed(value, language) for name, value in values.items()})


def _form(forms: dict[str, str], n: int) -> str:
    wanted = {0: "zero", 1: "one"}.get(int(n), "other")
    return wanted if wanted in forms else "other"


def _printed(value: object, language: str) -> object:
    return value if isinstance(value, str) else number(value, language)


def number(value: float, language: str = "sv") -> str:
    """Return a number as the language writes it, with one decimal unless it is whole.

    >>> number(2.5), number(2.5, "en"), number(12500)
    ('2,5', '2.5', '12\\xa0500')
    """
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    mark, group = (",", THIN) if language == "sv" else (".", ",")
    return text.translate({ord(","): group, ord("."): mark})


def series(items: Sequence[str], language: str = "sv") -> str:
    """Return names as one would say them.

    >>> series(["9", "10", "12"])
    '9, 10 och 12'
    """
    joiner = f" {words()[language]['say']['and']} "
    return joiner.join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


def sentence(text: str) -> str:
    """Return words as a whole sentence.

    >>> sentence("flest risker har riskvärde 12")
    'Flest risker har riskvärde 12.'
    """
    return text[:1].upper() + text[1:].rstrip(".") + "."


def label(code: str, language: str = "sv", **values: object) -> str:
    """Return the word for a code: a chart's own, else the vocabulary's.

    >>> label("raised"), label("control_plan", "en")
    ('Höjd', 'To the control plan')
    """
    own = words()[language]["codes"].get(code)
    return own.format(**values) if own else vocabulary().label(code, language)
