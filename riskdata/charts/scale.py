"""The scale that a chart is drawn after: its steps, bands and limit, as its board has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from riskdata.charts.style import PAPER
from riskdata.errors import VocabularyError
from riskdata.words.language import heading, words
from riskdata.words.vocabulary import AXES, OWN_FILE, Vocabulary, vocabulary


@dataclass(frozen=True)
class Scale:
    """What a vocabulary says of values, and the limit that is used."""

    vocab: Vocabulary
    limit: int
    assumed: bool
    mixed: bool = False  # whether boards of several scales or limits are in one table

    @cached_property
    def values(self) -> list[int]:
        """The risk values that are possible, from the lowest."""
        rows, columns = (range(1, n + 1) for n in self.vocab.size)
        return sorted({row * column for row in rows for column in columns})

    def colour(self, value: int) -> str:
        """The colour of a risk value's band."""
        return next((c for _, low, high, c in self.vocab.bands() if low <= value <= high), PAPER)

    def steps(self, axis: str, language: str) -> list[str]:
        """Return each step's digit and word; the digit alone where the word has no translation."""
        names = self.vocab.scale_labels(axis)
        known = {name: name for name in names} if language == "sv" else words(language)["scale"]
        return [f"{n} {known.get(name, '')}".strip() for n, name in enumerate(names, 1)]


def read_scale(
    table: pd.DataFrame, limit: int | None = None, *, steps: Sequence[pd.DataFrame] = ()
) -> Scale:
    """Return the scale of a table's boards; the common one where theirs differ, or there are none.

    ``limit``: one that was asked for, no assumption where it is another than the vocabulary's;
    ``steps``: what is to be placed on the axes.

    Raises VocabularyError for a step that the scale does not have.
    """
    own = [vocabulary().for_board(board) for board in table.board.dropna().unique()]
    alike = len({(v.limit, v.size) for v in own}) == 1
    vocab, mixed = own[0] if alike else vocabulary(), len(own) > 1 and not alike
    for axis, top in zip(AXES, vocab.size, strict=True) if not mixed else ():
        printed = {int(step) for some in steps for step in some[axis].dropna()}
        if strange := sorted(step for step in printed if not 1 <= step <= top):
            raise VocabularyError(
                f"Steg {', '.join(map(str, strange))} finns i tabellen men skalan för "
                f"{heading(axis).lower()} har steg 1–{top}. Skriv in skalans alla steg under "
                f"[scales] {axis} i {OWN_FILE}, eller rätta raden i data/manual/corrections.csv."
            )
    assumed = limit in (None, vocab.limit) and vocab.limit_is_assumed
    return Scale(vocab, limit or vocab.limit, assumed, mixed)
