"""How a text is spelled: what two spellings have in common, and what a generator did to a cell's text."""

import gc
import html
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_ENDINGS = ".:! *"
MOST_ENDINGS = 8  # of them after a word
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f\ufe0e]")
_ESCAPE = re.compile(r"%(09|0[aA]|0[dD]|20|25|22|26|3[cCeE]|[cC]3%[0-9a-fA-F]{2})")
_BREAK = re.compile(r"</?(?:p|br|li)\b[^<>]*>", re.IGNORECASE)
_MARKUP = re.compile(r"</?(?:b|i|u|em|strong|span|div|ul|ol|a|font|h\d)\b[^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s*(?=[A-ZÅÄÖ0-9])")
SHORTEST_DOUBLE = 4  # letters: shorter text repeated ("Ja Ja") may be meant
_TWICE = re.compile(rf"(.{{{SHORTEST_DOUBLE},}}) ?\1", re.DOTALL)


@lru_cache(maxsize=50_000)  # each step that a cell passes asks for it anew
def clean_space(text: str) -> str:
    """Return text with every run of white space as one space and nothing invisible in it.

    >>> clean_space(" Rutiner\\u00a0 följs\\u200b inte ")
    'Rutiner följs inte'
    """
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).split())


def join(texts: Iterable[str]) -> str:
    """Return the texts of printed cells as one.

    >>> join(["Larm", "", "Prov"])
    'Larm | Prov'
    """
    return " | ".join(filter(None, texts))


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


def any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, the longest that fits."""
    return f"(?:{'|'.join(sorted(map(re.escape, set(words)), key=lambda w: (-len(w), w)))})"


def unescape(text: str) -> str:
    """Return text with codes such as %0A and markup such as <br> read as what they stand for."""
    if "%" in text:
        text = _ESCAPE.sub(
            lambda m: bytes.fromhex(m[0].replace("%", "")).decode("utf-8", "replace"), text
        )
    if "<" in text:
        text = _MARKUP.sub("", _BREAK.sub(" ", text))
    return html.unescape(text) if "&" in text and _ENTITY.search(text) else text


def undouble(text: str) -> str:
    """Return text without what was printed twice in a row: the whole of it, or a run of sentences.

    >>> undouble("Följ rutinen. Utbilda chefer. Utbilda chefer.")
    'Följ rutinen. Utbilda chefer.'
    """
    once = _undouble_once(text)
    return text if once == text else undouble(once)


def _undouble_once(text: str) -> str:
    if whole := _TWICE.fullmatch(text):
        return whole[1]
    sentences = _SENTENCE_END.split(text) if re.search(r"[.!?] ", text) else []
    for length in range(len(sentences) // 2, 0, -1):
        for at in range(len(sentences) - 2 * length + 1):
            run, again = sentences[at : at + length], sentences[at + length : at + 2 * length]
            if run == again and len("".join(run)) >= SHORTEST_DOUBLE:
                return " ".join(sentences[: at + length] + sentences[at + 2 * length :])
    return text


@lru_cache(maxsize=1)
def _word_list():
    """Return the Swedish word list, or None where it is not installed: it takes seconds to load."""
    from importlib.metadata import PackageNotFoundError, files

    try:
        from spylls.hunspell import Dictionary

        path = next(f for f in files("hunspell-sv") if f.name == "sv_SE.dic").locate()
    except (ImportError, PackageNotFoundError):
        return None
    gc.disable()  # a million objects, none of them waste: looking for it takes half of the time
    try:
        return Dictionary.from_files(str(path).removesuffix(".dic"))
    finally:
        gc.enable()
        gc.freeze()


@lru_cache(maxsize=20_000)
def is_swedish_word(word: str) -> bool:
    """Return whether the Swedish word list has a word, as it is spelled."""
    words = _word_list()
    return bool(words and len(word) > 1 and word.isalpha() and words.lookup(word))
