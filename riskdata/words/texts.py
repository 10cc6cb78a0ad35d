"""Mends the text of one cell: what a generator escaped, marked up or printed twice."""

import html
import re
from collections.abc import Iterable

_ESCAPE = re.compile(r"%(09|0[aA]|0[dD]|20|25|22|26|3[cCeE]|[cC]3%[0-9a-fA-F]{2})")
_MARKUP = re.compile(
    r"</?(?:p|br|b|i|u|em|strong|span|div|ul|ol|li|a|font|h\d)\b[^<>]*>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s*(?=[A-ZÅÄÖ0-9])")
SHORTEST_DOUBLE = 4  # letters: shorter text repeated ("Ja Ja") may be meant


def may_be_coded(text: str) -> bool:
    """Return whether text has a sign that codes or markup begin with."""
    return "%" in text or "<" in text or "&" in text


def unescape(text: str) -> str:
    """Return text with codes such as %0A and markup such as <br> read as what they stand for.

    >>> unescape("Klart.%0AN&auml;sta <b>steg</b> 25 %")
    'Klart.\\nNästa steg 25 %'
    """
    if "%" in text:
        text = _ESCAPE.sub(_decode, text)
    if "<" in text:
        text = _MARKUP.sub(
            lambda m: " " if m[0][1:3].lower() in ("br", "p>", "/p", "li", "/l") else "", text
        )
    return html.unescape(text) if "&" in text and _ENTITY.search(text) else text


def undouble(text: str) -> str:
    """Return text without what was printed twice in a row: the whole of it, or a run of sentences.

    >>> undouble("Följ rutinen. Utbilda chefer. Utbilda chefer.")
    'Följ rutinen. Utbilda chefer.'
    """
    for _ in range(3):
        if not may_be_doubled(text):
            break
        text, before = _undouble_once(text), text
        if text == before:
            break
    return text


def may_be_doubled(text: str) -> bool:
    """Return whether its second half begins as its first, or it may have three sentences."""
    if text.startswith(text[:SHORTEST_DOUBLE], (len(text) + 1) // 2):
        return True
    return text.count(".", 0, -1) > 1 or "!" in text or "?" in text


def find_damaged(texts: Iterable[str]) -> set[str]:
    """Return those texts that may be coded or doubled: all that are to be looked at more closely.

    >>> sorted(find_damaged(["Larm provas.", "Rutin f&ouml;r larm", "Prov av larm Prov av larm"]))
    ['Prov av larm Prov av larm', 'Rutin f&ouml;r larm']
    """
    every = set(texts)
    coded = filter(may_be_coded, every) if may_be_coded("".join(every)) else ()
    return {*coded, *filter(may_be_doubled, every)}


def _undouble_once(text: str) -> str:
    half = _half(text)
    if half:
        return half
    if text.count(". ") + text.count("! ") + text.count("? ") == 0:
        return text
    sentences = _SENTENCE_END.split(text)
    if len(set(sentences)) == len(sentences):
        return text
    for length in range(len(sentences) // 2, 0, -1):
        for at in range(len(sentences) - 2 * length + 1):
            run, again = sentences[at : at + length], sentences[at + length : at + 2 * length]
            if run == again and len("".join(run)) >= SHORTEST_DOUBLE:
                return " ".join(sentences[: at + length] + sentences[at + 2 * length :])
    return text


def _half(text: str) -> str | None:
    """Return half of a text whose halves are the same, with or without a space between."""
    middle = len(text) // 2
    gap = len(text) % 2
    if middle < SHORTEST_DOUBLE or (gap and text[middle] != " "):
        return None
    return text[:middle] if text[:middle] == text[middle + gap :] else None


def _decode(code: re.Match) -> str:
    return bytes.fromhex(code[0].replace("%", "")).decode("utf-8", "replace")
