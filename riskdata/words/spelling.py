"""What two spellings of a text have in common: no spaces to spare, nothing invisible, no capitals."""

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_SELECTORS = ("\ufe0f", "\ufe0e")  # of a sign's style: printable, and nothing to see
_ENDINGS = ".: *"
MOST_ENDINGS = 8  # of them after a word
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f\ufe0e]")


@lru_cache(maxsize=50_000)  # each step that a cell passes asks for it anew
def clean_space(text: str) -> str:
    """Return text with every run of white space as one space and nothing invisible in it.

    >>> clean_space(" Rutiner\\u00a0 följs\\u200b inte ")
    'Rutiner följs inte'
    """
    if is_clean(text):
        return text
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).split())


def is_clean(text: str) -> bool:
    """Return whether a text is just as it should be, as most are.

    What is printable has no white space but spaces, and nothing invisible but selectors of a style.
    """
    return (
        text.isprintable()
        and "  " not in text
        and text.strip() == text
        and (text.isascii() or _is_composed(text))
    )


def _is_composed(text: str) -> bool:
    try:
        text.encode("latin-1")  # the quickest way to tell that no letter of it could be composed
    except UnicodeEncodeError:
        visible = _SELECTORS[0] not in text and _SELECTORS[1] not in text
        return visible and unicodedata.is_normalized("NFC", text)
    return True


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Return what two spellings of a word have in common: no capitals, no spaces to spare.

    >>> fold(" RISKVÄRDE: ") == fold("Riskvärde")
    True
    """
    return clean_space(text).casefold().rstrip(_ENDINGS).replace(" / ", "/")


def fold_all(texts: "pd.Series") -> "pd.Series":
    """Return what ``fold`` gives of each text, all of them without spaces to spare."""
    ended = texts.str.casefold().str.rstrip(_ENDINGS)
    return ended.str.replace(" / ", "/", regex=False)


class Words(dict[str, str]):
    """Folded word → what it is. A text longer than every word is none of them, and is not folded."""

    def __init__(self, words: dict[str, str]) -> None:
        super().__init__(words)
        longest = max((len(word) + 2 * word.count("/") for word in words), default=0)
        self.longest = longest + MOST_ENDINGS

    def find(self, text: str) -> str | None:
        """Return what a text is, given without spaces to spare; None when it is no such word."""
        return self.get(fold(text)) if len(text) <= self.longest else None


@lru_cache(maxsize=1)
def _word_list():
    """Return the Swedish word list, or None where it is not installed: it takes seconds to load."""
    from importlib.metadata import PackageNotFoundError, files

    try:
        from spylls.hunspell import Dictionary

        path = next(f for f in files("hunspell-sv") if f.name == "sv_SE.dic").locate()
    except (ImportError, PackageNotFoundError):
        return None
    return Dictionary.from_files(str(path).removesuffix(".dic"))


@lru_cache(maxsize=20_000)
def is_swedish_word(word: str) -> bool:
    """Return whether the Swedish word list has a word, as it is spelled."""
    words = _word_list()
    return bool(words and len(word) > 1 and word.isalpha() and words.lookup(word))
