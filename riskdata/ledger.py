"""Whether every printed cell is found again: in a tidy row, in the account or among the unread."""

import re
from collections import defaultdict

from riskdata.grid import Grid
from riskdata.texts import unescape
from riskdata.tidy import Tidy
from riskdata.vocabulary import AXES, Vocabulary, clean_space

_WORD = re.compile(r"[^\W_]+")


def find_lost(grids: list[Grid], found: Tidy, vocab: Vocabulary) -> list[tuple[int, str, str]]:
    """Return the printed cells of which some word is nowhere, as rows for the unread table.

    The words are compared row by row with what stands in the tables, so this does not depend on
    how the row was read; a step, status or decision counts as found when its code is there.
    """
    whole = _texts_of_rows(found)
    words = None
    lost = []
    for grid in grids:
        for number, cells in zip(grid.numbers, grid.rows, strict=True):
            for cell in cells:
                if not cell or cell.isspace() or clean_space(cell) in whole[number]:
                    continue
                words = words or _words_of_rows(found, vocab)
                missing = _words(cell) - words[number]
                if missing and not _is_cut_label(cell, missing, words[number]):
                    reason = f"orden {', '.join(sorted(missing)[:5])} återfinns inte i tabellerna"
                    lost.append((number, clean_space(cell), reason))
    return lost


def _texts_of_rows(found: Tidy) -> dict[int, set[object]]:
    """Return the texts of each row that stand in a table just as printed: most cells need no more."""
    texts: dict[int, set[object]] = defaultdict(set)
    for row in (*found.risks, *found.activities):
        texts[row["source_row"]].update(v for v in row.values() if isinstance(v, str))
    return texts


def _is_cut_label(cell: str, missing: set[str], found: set[str]) -> bool:
    """Return whether a cell is a step whose label was cut ("4 - Mycket all"): its digit is there."""
    text = clean_space(cell)
    cut = all(any(word.startswith(part) for word in found) for part in missing)
    return text[:1].isdigit() and text[:1] in found and cut


def _words_of_rows(found: Tidy, vocab: Vocabulary) -> dict[int, set[str]]:
    words: dict[int, set[str]] = defaultdict(set)
    for row in (*found.risks, *found.activities):
        for name, value in row.items():
            words[row["source_row"]] |= _words_of_value(name, value, vocab)
    for number, _, _, before, after, _ in found.account:
        words[number] |= _words(before) | _words(after)
    for number, text, _ in found.unread:
        words[number] |= _words(text)
    return words


def _words_of_value(name: str, value: object, vocab: Vocabulary) -> set[str]:
    if value is None or name == "risk":
        return set()
    if name in AXES:
        labels = [w for w, step in vocab.steps[name].items() if step == value]
        return {str(value)}.union(*(map(_words, labels)))
    if name == "decision":
        return set().union(*(map(_words, vocab.words["decisions"][value])))
    return _words("; ".join(value) if isinstance(value, list) else str(value))


def _words(text: str) -> set[str]:
    """Return the letters and digits of a text, word by word."""
    return set(_WORD.findall(clean_space(unescape(text)).casefold())) if text else set()
