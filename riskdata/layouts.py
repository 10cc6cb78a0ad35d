"""The layouts that exist, and which one a printed row of headers belongs to."""

import difflib
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from riskdata.errors import LayoutError
from riskdata.grid import Grid
from riskdata.vocabulary import OWN_FILE, Vocabulary, clean_space, fold

KNOWN_SHARE = 0.5  # of a row's printed cells: with fewer known headers it is no row of headers
TOGETHER = "status_and_activity"  # one column for both
ALIKE = 0.8  # as difflib measures: an unknown header this like a known one is a new spelling of it


@dataclass(frozen=True)
class Layout:
    """One declaration of layouts.toml."""

    name: str
    kind: str
    required: tuple[str, ...]
    anchors: frozenset[str]
    starts_risk: frozenset[str]
    either: frozenset[str]
    fill_down: dict[str, list[str]] = field(hash=False)


@dataclass(frozen=True)
class Header:
    """A row of headers: its layout, and for each column the tidy field, or the text if unknown."""

    layout: Layout
    fields: tuple[str, ...]
    printed: tuple[str, ...]
    expects_status: bool  # whether its activities begin with a status word

    @property
    def extra(self) -> dict[int, str]:
        """Position → printed text of the columns that the vocabulary does not know."""
        return {n: text for n, text in enumerate(self.fields) if text == f"column {n + 1}"}


@lru_cache
def layouts() -> tuple[Layout, ...]:
    """Return every layout, in the order in which they are tried."""
    declared = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return tuple(_layout(name, d) for name, d in declared.items())


def find_header(cells: list[str], vocab: Vocabulary) -> Header | None:
    """Return the header that a printed row is, or None.

    >>> from riskdata.vocabulary import vocabulary
    >>> find_header(["Risk", "Aktivitet", "SENASTE KOMMENTAREN"], vocabulary()).fields
    ('event', 'activity', 'comment')
    """
    known = vocab.headers
    codes = [known.get(fold(cell)) for cell in cells]
    expects_status = TOGETHER in codes
    codes = ["activity" if code == TOGETHER else code for code in codes]
    hits = len(set(codes) - {None})
    if hits < 2 or hits < KNOWN_SHARE * sum(not cell.isspace() and cell != "" for cell in cells):
        return None
    layout = next((x for x in layouts() if set(codes).issuperset(x.required)), None)
    if layout is None:
        return None
    fields = tuple(
        code if code and code not in codes[:n] else f"column {n + 1}"
        for n, code in enumerate(codes)
    )
    return Header(layout, fields, tuple(cells), expects_status)


def require_header(grids: list[Grid], vocab: Vocabulary) -> Layout:
    """Return the one layout of a file's grids.

    Raises LayoutError when no row of headers is known, or when the tables have different layouts.
    """
    headers = [h for grid in grids for row in grid.rows if (h := find_header(row, vocab))]
    found = {header.layout.name: header.layout for header in headers}
    if not found:
        raise LayoutError(_no_header(grids, vocab))
    if len(found) > 1:
        raise LayoutError(
            f"filen har tabeller av olika slag ({', '.join(found)}). "
            "Spara varje tabell som en egen fil i data/raw."
        )
    for header in headers:
        _check_near_misses(header, vocab)
    return next(iter(found.values()))


def _layout(name: str, declared: dict) -> Layout:
    sets = {key: frozenset(declared[key]) for key in ("anchors", "starts_risk", "either")}
    required = tuple(declared["required"])
    return Layout(name, declared["kind"], required, fill_down=declared["fill_down"], **sets)


def _check_near_misses(header: Header, vocab: Vocabulary) -> None:
    """Stop at an unknown header that is nearly a known one: its column would be lost to a typing error."""
    missing = {s: code for s, code in vocab.headers.items() if code not in header.fields}
    lines = []
    for n in header.extra:
        printed = header.printed[n]
        near = difflib.get_close_matches(fold(printed), missing, n=1, cutoff=ALIKE)
        if near:
            lines.append(f'  {missing[near[0]]} = ["{clean_space(printed)}"]')
    if lines:
        raise LayoutError(
            "kolumnrubriker som liknar kända men är stavade på annat sätt. Är det samma kolumn, "
            f"så lägg till stavningen i {OWN_FILE}:\n  [headers]\n" + "\n".join(lines)
        )


def _no_header(grids: list[Grid], vocab: Vocabulary) -> str:
    """Return the message for a file without a known header: the row that comes nearest, and why not."""
    rows = [(no, row) for g in grids for no, row in zip(g.numbers, g.rows, strict=True)]
    number, nearest = max(rows, key=lambda r: sum(fold(c) in vocab.headers for c in r[1]))
    printed = [clean_space(cell) for cell in nearest if clean_space(cell)]
    unknown = [cell for cell in printed if fold(cell) not in vocab.headers]
    wanted = "; ".join(
        f"{x.name}: {', '.join(vocab.label(f) for f in x.required)}" for x in layouts()
    )
    found = f"Närmast kommer rad {number}, med rubrikerna {', '.join(printed[:15])}"
    found += f"; okända är {', '.join(unknown[:15])}. " if unknown else ". "
    if len(printed) == len(unknown):
        found = f"Ingen cell är en känd rubrik; filen börjar ”{' | '.join(_first(rows))}”. "
    return (
        f"ingen känd rubrikrad hittades. {found}En tabell måste ha rubrikerna för ({wanted}). "
        f"Är det en ny stavning, så lägg den under [headers] i {OWN_FILE}; "
        "annars är filen inte en export av det slag som läses: flytta den ur data/raw."
    )


def _first(rows: list[tuple[int, list[str]]]) -> list[str]:
    first = next(([c for c in row if c.strip()] for _, row in rows if any(map(str.strip, row))), [])
    return [clean_space(cell)[:60] for cell in first[:8]]
