"""The words that exports print and what they mean: vocabulary.toml with the user's own laid over it."""

import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

from riskdata import folders
from riskdata.errors import VocabularyError
from riskdata.words.spelling import fold

if TYPE_CHECKING:
    import pandas as pd

OWN_FILE = "data/manual/vocabulary.toml"
OWN_LAYOUTS = "data/manual/layouts.toml"
AXES = ("likelihood", "consequence")
COLOURS = ("#f7f7f7", "#fee0b6", "#f1a340", "#b35806")  # light to dark also in grey print
_CODED = ("headers", "misspelt_headers", "decisions", "statuses", "outcomes", "marks", "reports")
LISTS = {"decision": "decisions", "status": "statuses", "outcome": "outcomes"}  # column → its list
# The open lists, to which one adds codes of one's own: what each code counts as, and under which key.
OPEN = {
    "decisions": ("control_plan", "decision_counts", (True, False)),
    "statuses": ("counts_as", "status_counts", ("finished", "unfinished", "cancelled", "unknown")),
    "outcomes": ("counts_as", "outcome_counts", ("no", "deviation", "not_made")),
    "reports": ("last_month", "report_months", range(13)),
}
_OF_BOARD = ("limit", "bands", "matrix", "scales", "labels")
_USUAL = 25  # the highest value of the scale that limit and bands are shipped for


def _codes(table: str) -> cached_property:
    """Return a property of Vocabulary: each word of a table, folded → its code."""
    return cached_property(
        lambda self: {fold(w): code for code, words in self.words[table].items() for w in words}
    )


@dataclass(frozen=True, eq=False)  # compared as an object: it is the key of several caches
class Vocabulary:
    """Every word known, by what it is. ``words`` is vocabulary.toml as a dict, overlaid.

    ``decisions``, ``statuses``, ``outcomes`` (of controls) and ``reports`` are folded word → code,
    ``misspelt_headers`` folded heading → tidy field.
    """

    words: dict
    decisions, statuses, outcomes = map(_codes, ("decisions", "statuses", "outcomes"))
    reports, misspelt_headers = map(_codes, ("reports", "misspelt_headers"))
    _right_headers = _codes("headers")

    @cached_property
    def headers(self) -> dict[str, str]:
        """Folded header spelling, right or misspelt → tidy field."""
        return self._right_headers | self.misspelt_headers

    @cached_property
    def marks(self) -> dict[str, str]:
        """Glyph → status code, or "none" for a bullet that says nothing."""
        return {glyph: code for code, glyphs in self.words["marks"].items() for glyph in glyphs}

    @cached_property
    def steps(self) -> dict[str, dict[str, int]]:
        """Axis → folded label → step, from 1."""
        scales = {axis: enumerate(self.words["scales"][axis], 1) for axis in AXES}
        return {
            axis: {fold(form): n for n, forms in steps for form in forms}
            for axis, steps in scales.items()
        }

    @cached_property
    def other_scales(self) -> dict[str, dict[str, int | dict[int, int]]]:
        """File, period or "board period" → axis → its number of steps, or {step: step of [scales]}."""

        def read(said: int | dict) -> int | dict[int, int]:
            return {int(n): new for n, new in said.items()} if isinstance(said, dict) else said

        every = self.words["other_scales"].items()
        return {key: {axis: read(said) for axis, said in axes.items()} for key, axes in every}

    @property
    def limit(self) -> int:
        """Risk value at or above which a risk counts as high; follows the scale where not set."""
        limit = self.words["limit"]
        return self._scaled(limit) if self.limit_is_assumed else limit

    @property
    def limit_is_assumed(self) -> bool:
        """Whether nobody has set the limit: the shipped one, fitted to the scale, is used."""
        return "limit" not in self.words.get("own", ())

    @property
    def bands_are_assumed(self) -> bool:
        """Whether nobody has set the colour bands."""
        return "bands" not in self.words.get("own", ())

    @property
    def top(self) -> int:
        """The highest value that the scales' steps can give."""
        return prod(self.size)

    def codes(self, table: str) -> tuple[str, ...]:
        """Return the codes of an open list ("decisions", "statuses", "outcomes", "reports"), in order.

        >>> vocabulary().codes("decisions")[:3]
        ('control_plan', 'risk_analysis', 'accept')
        """
        return tuple(self.words[table])

    def limits(self, boards: "pd.Series") -> "pd.Series":
        """Return, for each row's board, the risk value from which its risks count as high."""
        return self.of_boards(boards, lambda own: own.limit).astype("Int64")

    def of_boards(self, boards: "pd.Series", said: Callable[["Vocabulary"], object]) -> "pd.Series":
        """Return, for each row's board, what its vocabulary says; what this one says without a board."""
        own = {board: said(self.for_board(board)) for board in boards.dropna().unique()}
        return boards.astype("object").map(own).fillna(said(self))

    @property
    def in_plan(self) -> list[str]:
        """Codes of the decisions that put a risk in the internal control plan."""
        return [code for code in self.codes("decisions") if self.counts("decisions").get(code)]

    def counts(self, table: str) -> dict[str, bool | str | int]:
        """Return code → what it counts as; a code of which nobody has said it is not there.

        decisions: whether it is in the control plan; statuses: finished, unfinished, cancelled or
        unknown; outcomes: no, deviation or not_made; reports: the last month that they cover, from 0
        for a plan.

        >>> vocabulary().counts("statuses")["delayed"], vocabulary().counts("decisions")["accept"]
        ('unfinished', False)
        """
        return self.words[OPEN[table][1]]

    def for_board(self, board: str) -> "Vocabulary":
        """Return the vocabulary with what [board."…"] says of a board laid over it."""
        return _for_board(self, board)

    def scale_labels(self, axis: str) -> list[str]:
        """Return the printed label of each step of "likelihood" or "consequence", from 1."""
        return [forms[0] for forms in self.words["scales"][axis]]

    @property
    def size(self) -> tuple[int, ...]:
        """The number of steps of likelihood and of consequence."""
        return tuple(len(self.scale_labels(axis)) for axis in AXES)

    def bands(self, language: str = "sv") -> list[tuple[str, int, int, str]]:
        """Return each colour band as (name, lowest value, highest value, colour)."""
        every, scaled = self.words["bands"], self._scaled if self.bands_are_assumed else int
        starts = [scaled(band["from"]) for band in every]
        ends = [start - 1 for start in starts[1:]] + [self.top]
        last, most = max(len(starts) - 1, 1), len(COLOURS) - 1
        colours = [COLOURS[round(n * most / last)] for n in range(len(starts))]
        bands = zip(every, starts, ends, colours, strict=True)
        return [
            (band.get(language, band["sv"]), low, min(high, self.top), band.get("colour", colour))
            for band, low, high, colour in bands
            if low <= min(high, self.top)
        ]

    def _scaled(self, value: int) -> int:
        """Return the lowest possible value of the scales that lies as high as one of 5 × 5 does."""
        if self.top == _USUAL:
            return value
        high, wide = (range(1, steps + 1) for steps in self.size)
        return min(a * b for a in high for b in wide if a * b >= value * self.top / _USUAL)

    def known(self, table: str) -> list[str]:
        """Return the words of a table ("statuses", …) as they are listed, for a message."""
        return [word for words in self.words[table].values() for word in words]


def read_vocabulary(manual: Path | None = None) -> Vocabulary:
    """Return the shipped vocabulary and layouts, with those of ``manual`` laid over them.

    Raises VocabularyError when a file of the user's is no TOML or gives one word two meanings.

    >>> read_vocabulary().decisions["acceptera"]
    'accept'
    """
    manual = manual or folders.manual()
    files = [manual / name for name in ("vocabulary.toml", "layouts.toml")]
    return _read(*files, *(f.stat().st_mtime_ns if f.exists() else None for f in files))


@lru_cache
def _read(own: Path, layouts: Path, changed: int | None, changed_layouts: int | None) -> Vocabulary:
    here = Path(__file__)
    words = tomllib.loads(here.with_suffix(".toml").read_text("utf-8"))
    if changed is not None:
        words = _overlay(words, _read_own(own), own)
    shipped = tomllib.loads(here.with_name("layouts.toml").read_text("utf-8"))
    mine = {} if changed_layouts is None else _read_own(layouts)
    words, mine = _with_layouts(words, mine, layouts)
    own_layouts = [name for name in mine if name not in shipped]
    both = {n: {**said, **mine[n]} for n, said in shipped.items() if isinstance(mine.get(n), dict)}
    return Vocabulary({**words, "layouts": {**mine, **shipped, **both}, "own_layouts": own_layouts})


def _with_layouts(words: dict, mine: dict, file: Path) -> tuple[dict, dict]:
    """Return the words with the codes, and the boards' scales, that the user's layouts say; and those.

    The words of a layout are only its own; a code that it brings is known everywhere.
    """
    for name, layout in mine.items():
        if not isinstance(layout, dict):
            continue
        said = {table: layout[table] for table in OPEN if isinstance(layout.get(table), dict)}
        opened = _opened(words, said, file)
        mine = {**mine, name: {**layout, **{table: opened[table] for table in said}}}
        for table in said:
            words = {**words, table: {**dict.fromkeys(opened[table], []), **words[table]}}
        words = {**words, **{key: _merge(words[key], opened[key]) for key in opened.keys() - said}}
        own = {key: layout[key] for key in _OF_BOARD if key in layout}
        said = words["board"]
        boards = {board: _merge(own, said.get(board, {})) for board in layout.get("boards", ())}
        words = {**words, "board": {**said, **boards}} if own else words
    return words, mine


@lru_cache(maxsize=200)
def _for_board(vocab: Vocabulary, board: str) -> Vocabulary:
    own = next((o for name, o in vocab.words["board"].items() if fold(name) == fold(board)), None)
    if not own:
        return vocab
    words = {**vocab.words, **{key: _merge(vocab.words[key], value) for key, value in own.items()}}
    inherited = () if "scales" in own else vocab.words.get("own", ())
    return Vocabulary({**words, "own": sorted({*inherited, *own})})


def vocabulary(board: str | None = None) -> Vocabulary:
    """Return the words and limits of the project that is worked in, a board's own where one is given.

    >>> vocabulary("Socialnämnden").limit, vocabulary().in_plan
    (12, ['control_plan'])
    """
    every = read_vocabulary()
    return every if board is None else every.for_board(board)


def _read_own(own: Path) -> dict:
    try:
        return tomllib.loads(own.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise VocabularyError(
            f"{own}: filen går inte att läsa som TOML i UTF-8 ({fault}). "
            f"Rätta den raden, eller ta bort filen; den är frivillig."
        ) from fault


def _overlay(base: dict, own: dict, file: Path) -> dict:
    if unknown := [key for key in own if key not in base]:
        raise VocabularyError(
            f"{file}: avdelningen {', '.join(unknown)} finns inte i vokabulären. "
            f"Kända avdelningar är {', '.join(base)}. Rätta namnet i filen."
        )
    own = _opened(base, own, file)
    _check_codes(base, own, file)
    for board, said in own.get("board", {}).items():
        if unknown := [key for key in said if key not in _OF_BOARD]:
            raise VocabularyError(
                f'{file}: [board."{board}"] säger {", ".join(unknown)}. En nämnd kan ha egna '
                f"{', '.join(_OF_BOARD)}; resten gäller alla nämnder och står för sig."
            )
    laid = {
        key: (_overlay_table if key in _CODED else _merge)(base[key], value)
        for key, value in own.items()
    }
    return {**base, **laid, "own": sorted(own)}


def _opened(base: dict, own: dict, file: Path) -> dict:
    """Return the user's own with each code that is said in full taken apart: words, labels, counts.

    [decisions] reduce = { words = ["Reducera"], label = "Reduceras", control_plan = true }
    """
    own = {key: dict(value) if isinstance(value, dict) else value for key, value in own.items()}
    for table, (key, counts, allowed) in OPEN.items():
        for code, said in own.get(table, {}).items():
            said = said if isinstance(said, dict) else {"words": said}
            words = own[table][code] = said.get("words", [])
            new = code not in base[table]
            if new and not (words and key in said) or key in said and said[key] not in allowed:
                raise VocabularyError(_counts_wanted(code, words, table, file))
            labels = {"sv": said.get("label", words[0] if new else None), "en": said.get("en")}
            for language, label in labels.items():
                if label:
                    own.setdefault("labels", {}).setdefault(language, {}).setdefault(code, label)
            if key in said:
                own[counts] = {**own.get(counts, {}), code: said[key]}
    return own


def _counts_wanted(code: str, words: list[str], table: str, file: Path) -> str:
    """Return what is said of a code of one's own that doesn't say its words, or what it counts as."""
    key, _, allowed = OPEN[table]
    words = json.dumps(words or ["Ordet som trycks"], ensure_ascii=False)
    choices = " eller ".join(json.dumps(value) for value in (*allowed,)[:4])
    return (
        f"{file}: koden {code} i [{table}] är er egen och behöver sina ord och vad den räknas som:\n"
        f'  [{table}]\n  {code} = {{ words = {words}, label = "…", {key} = {choices} }}'
    )


def _overlay_table(base: dict, own: dict) -> dict:
    """Add the user's words to a table code → words; a word that they move leaves its old code."""
    moved = {fold(word) for words in own.values() for word in words}
    kept = {code: [w for w in words if fold(w) not in moved] for code, words in base.items()}
    return {code: kept.get(code, []) + own.get(code, []) for code in {**kept, **own}}


def _merge(base: object, own: object) -> object:
    if isinstance(base, dict) and isinstance(own, dict):
        return {**base, **{key: _merge(base.get(key), value) for key, value in own.items()}}
    return own


def _check_codes(base: dict, own: dict, file: Path) -> None:
    for table in _CODED:
        seen: dict[str, str] = {}
        for code, words in own.get(table, {}).items():
            known = base["headers" if table == "misspelt_headers" else table]
            if table not in OPEN and code not in known:
                raise VocabularyError(
                    f"{file}: koden {code} finns inte i [{table}]. Kända koder är "
                    f"{', '.join(base[table])}. Lägg ordet under en av dem."
                )
            for word in words:
                if seen.setdefault(fold(word), code) != code:
                    raise VocabularyError(
                        f"{file}: ”{word}” står under både {seen[fold(word)]} och {code} i "
                        f"[{table}]. Ett ord kan bara betyda en sak: ta bort det ena."
                    )
