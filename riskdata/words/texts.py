"""Mends the text of one cell: what a generator escaped, marked up or printed twice."""

import html
import re

_ESCAPE = re.compile(r"%(09|0[aA]|0[dD]|20|25|22|26|3[cCeE]|[cC]3%[0-9a-fA-F]{2})")
_BREAK = re.compile(r"</?(?:p|br|li)\b[^<>]*>", re.IGNORECASE)
_MARKUP = re.compile(r"</?(?:b|i|u|em|strong|span|div|ul|ol|a|font|h\d)\b[^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s*(?=[A-ZÅÄÖ0-9])")
SHORTEST_DOUBLE = 4  # letters: shorter text repeated ("Ja Ja") may be meant
_TWICE = re.compile(rf"(.{{{SHORTEST_DOUBLE},}}) ?\1", re.DOTALL)


def unescape(text: str) -> str:
    """Return text with codes such as %0A and markup such as <br> read as what they stand for.

    >>> unescape("Klart.%0AN&auml;sta <b>steg</b> 25 %")
    'Klart.\\nNästa steg 25 %'
    """
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
