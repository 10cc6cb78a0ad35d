"""What two spellings of a text have in common: no spaces to spare, nothing invisible, no capitals."""

import re
import unicodedata
from functools import lru_cache

_ENDINGS = ".:! *"
MOST_ENDINGS = 8  # of them after a word
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f\ufe0e]")


@lru_cache(maxsize=50_000)  # each step that a cell passes asks for it anew
def clean_space(text: str) -> str:
    """Return text with every run of white space as one space and nothing invisible in it.

    >>> clean_space(" Rutiner\\u00a0 följs\\u200b inte ")
    'Rutiner följs inte'
    """
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).split())


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Return what two spellings of a word have in common: no capitals, no spaces to spare.

    >>> fold(" RISKVÄRDE: ") == fold("Riskvärde")
    True
    """
    return clean_space(text).casefold().rstrip(_ENDINGS).replace(" / ", "/")


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
