"""Words, days and names are read alike however they are spelled."""

import pytest

from riskdata.words.spelling import People, any_of, read_date
from riskdata.words.vocabulary import vocabulary


def test_surname_first_is_the_same_person():
    """ "Efternamn, Förnamn" is one person, and not two."""
    assert People(["Almgren, Vera"], vocabulary()).read("Almgren, Vera").names == ["Vera Almgren"]


@pytest.mark.parametrize("text", ["31/6 2025", "v 60 2025", "hösten 2025", "1.2"])
def test_what_is_no_day_stays_as_printed(text):
    """A day that no month has, a week that no year has, and words of a season are no dates."""
    assert read_date(text) == text


def test_the_longest_word_that_fits_is_found():
    """ "Ej klar" is not read as "Ej"; signs in a word are letters of it."""
    import re

    assert re.match(any_of(["Ej", "Ej klar", "(x)"]), "Ej klar")[0] == "Ej klar"
    assert re.fullmatch(any_of(["(x)"]), "(x)")
