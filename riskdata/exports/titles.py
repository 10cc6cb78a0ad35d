"""Which board and period a title or a file's name speaks of."""

import re
from functools import lru_cache

from riskdata.words.spelling import clean_space, fold
from riskdata.words.vocabulary import Vocabulary

_BETWEEN = r"[\s_\-–,.:]*(?:för|år)?[\s_\-–,.:]*"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_PARTS = re.compile(r"\s+[-–—|]\s+|[()\[\]/\\,;:_\n\t]|\s{2,}")
_STOP = re.compile(r"\b(?:av|för|hos|inom|från|till|vid)\b", re.IGNORECASE)


def find_periods(text: str, vocab: Vocabulary) -> set[str]:
    """Return every period that a title or a file's name speaks of.

    >>> from riskdata.words.vocabulary import vocabulary
    >>> find_periods("Uppföljning av aktiviteter RoV - VB 2012 (Socialnämnden)", vocabulary())
    {'2012-VB'}
    """
    return {period for _, _, period in _find_spans(_flat(text), vocab)}


def find_boards(text: str, vocab: Vocabulary) -> set[str]:
    """Return every board that a title or a file's name speaks of, as printed.

    >>> from riskdata.words.vocabulary import vocabulary
    >>> find_boards("2023-VB Socialnämnden - väsentlighets- och riskanalys", vocabulary())
    {'Socialnämnden'}
    """
    text = _flat(text)
    for start, end, _ in reversed(_find_spans(text, vocab)):
        text = f"{text[:start]} - {text[end:]}"
    parts = (_board_in(part, vocab) for part in _PARTS.split(text))
    return {board for board in parts if board}


def same_board(one: str, other: str) -> bool:
    """Return whether two spellings name one board; capitals and what file names can't hold apart.

    >>> same_board("Barn- och utbildningsnämnden", "barn och utbildningsnamnden")
    True
    """
    return _bare(one) == _bare(other)


def _flat(text: str) -> str:
    # Underscores separate words in file names; two spaces or a dash separate parts.
    return clean_space(text.replace("_", " "))


def _find_spans(text: str, vocab: Vocabulary) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for pattern in _patterns(vocab):
        for m in pattern.finditer(text):
            if not any(m.start() < end and start < m.end() for start, end, _ in found):
                found.append((*m.span(), f"{m['year']}-{vocab.reports[fold(m['report'])]}"))
    return sorted(found)


@lru_cache
def _patterns(vocab: Vocabulary) -> list[re.Pattern]:
    """Return how a period is written: the report before the year, or after it."""
    words = "|".join(sorted(map(re.escape, vocab.reports), key=len, reverse=True))
    report = f"(?P<report>{words})"
    written = (
        rf"(?<![^\W_]){report}{_BETWEEN}{_YEAR}(?!\d)",
        rf"(?<!\d){_YEAR}{_BETWEEN}{report}(?![^\W_])",
    )
    return [re.compile(pattern, re.IGNORECASE) for pattern in written]


def _board_in(part: str, vocab: Vocabulary) -> str | None:
    """Return the board that a part of a title names: the words up to the one with a board's ending."""
    words = _STOP.split(clean_space(part))[-1].split()
    endings = tuple(vocab.words["boards"]["endings"])
    for n, word in enumerate(words):
        if word.casefold().endswith(endings):
            first = next((i for i, w in enumerate(words[:n]) if w[:1].isupper()), n)
            return " ".join(words[first : n + 1])
    return None


def _bare(board: str) -> str:
    swedish = str.maketrans("åäöé", "aaoe")
    return re.sub(r"[\W_]", "", fold(board).translate(swedish))
