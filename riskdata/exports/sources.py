"""Which exports a folder holds, and the board and period of each: sources.csv, else title, else name."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from riskdata.errors import ManualError, SourceError
from riskdata.exports.titles import find_boards, find_periods, same_board
from riskdata.tables.manual import read_table
from riskdata.words.periods import is_period
from riskdata.words.vocabulary import Vocabulary, read_vocabulary

COLUMNS = ("file", "board", "period")
IGNORED = ("~$", ".", "README", "LÄSMIG", "Thumbs.db", "desktop.ini")  # how their names begin


@dataclass(frozen=True)
class Where:
    """The board and period of an export, as far as one place tells them, and which place that is."""

    place: str
    boards: frozenset[str] = frozenset()
    periods: frozenset[str] = frozenset()


def list_exports(raw: Path) -> list[tuple[str, Path]]:
    """Return every export below a folder, as (name relative to it, path), sorted by name."""
    files = [p for p in raw.rglob("*") if p.is_file()]
    kept = [
        p for p in files if not any(part.startswith(IGNORED) for part in p.relative_to(raw).parts)
    ]
    return sorted((source_name(p.relative_to(raw).as_posix()), p) for p in kept)


def source_name(name: str) -> str:
    """Return a file's name as it stands in the tables: forward slashes, composed letters."""
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def read_sources(manual: Path) -> dict[str, tuple[str, str]]:
    """Return data/manual/sources.csv as file → (board, period); either may be "".

    Raises ManualError when a period is not written as 2025-VB.
    """
    rows = read_table(manual / "sources.csv", COLUMNS)
    vocab = read_vocabulary(manual)
    wrong = [row for row in rows if row["period"] and not is_period(row["period"], vocab)]
    if wrong:
        found = "; ".join(f"rad {row['line']}: ”{row['period']}”" for row in wrong)
        known = ", ".join(vocab.report_months)
        raise ManualError(
            f"data/manual/sources.csv: perioden skrivs som 2025-VB ({known}). Rätta {found}."
        )
    return {source_name(row["file"]): (row["board"], row["period"]) for row in rows}


def find_board_and_period(
    name: str, titles: list[str], own: tuple[str, str], vocab: Vocabulary
) -> tuple[str, str]:
    """Return the board and the period of an export.

    name: its path relative to data/raw; titles: its title lines; own: its row in sources.csv.
    Raises SourceError when none of them tells, or when two of them disagree.
    """
    stem, *folders = reversed(Path(name).with_suffix("").parts)
    told = (
        _where("titeln i filen", titles, vocab),
        _where("filens namn", [stem], vocab),
        *(_where(f"mappen {folder}", [folder], vocab) for folder in folders),
    )
    board = own[0] or _agree("nämnd", [(w.place, w.boards) for w in told], same_board)
    period = own[1] or _agree("period", [(w.place, w.periods) for w in told], str.__eq__)
    missing = [word for word, value in (("nämnd", board), ("period", period)) if not value]
    if missing:
        raise SourceError(
            f"{' och '.join(missing)} framgår varken av titeln i filen ({_quote(titles)}) eller av "
            f"filens eller mappens namn. {_remedy(name, board, period)}"
        )
    return board, period


def _where(place: str, texts: list[str], vocab: Vocabulary) -> Where:
    boards = frozenset().union(*(find_boards(text, vocab) for text in texts))
    periods = frozenset().union(*(find_periods(text, vocab) for text in texts))
    return Where(place, boards, periods)


def _agree(what: str, told: list[tuple[str, frozenset[str]]], same) -> str:
    """Return what the first place says, provided that no place says anything else."""
    said = [(place, value) for place, values in told for value in sorted(values)]
    if any(not same(said[0][1], value) for _, value in said[1:]):
        places = "; ".join(f"{place}: {value}" for place, value in said)
        raise SourceError(
            f"olika uppgifter om {what} ({places}). Hör filen till en enda {what}, så skriv vilken i "
            f"data/manual/sources.csv ({','.join(COLUMNS)}); annars dela den i en fil per {what}."
        )
    return said[0][1] if said else ""


def _quote(titles: list[str]) -> str:
    return "; ".join(f"”{title[:80]}”" for title in titles[:3]) or "som saknar titel"


def _remedy(name: str, board: str, period: str) -> str:
    row = f'"{name}",{board or "Nämndens namn"},{period or "2025-VB"}'
    return f"Lägg till i data/manual/sources.csv:\n  {','.join(COLUMNS)}\n  {row}"
