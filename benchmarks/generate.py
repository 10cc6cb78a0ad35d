"""Generates exports of boards that do not exist, in the layouts and with the faults of real ones."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests import formats
from tests import printed as exports

RISKS = 37  # of a register, and 43 activities of a follow-up: as many as the real ones have
ACTIVITIES = 43
REPORTS = ("T1", "T2", "VB")
THINGS = (
    "rutiner", "avtal", "handlingar", "beslut", "behörigheter", "larm", "lokaler", "journaler",
    "fakturor", "bidrag", "placeringar", "utredningar", "tillstånd", "register", "nycklar",
)  # fmt: skip
FAULTS = (
    "följs inte", "saknas", "kommer bort", "granskas för sent", "är inte kända", "blir fel",
    "når inte fram", "är för gamla", "ges till fel person", "upptäcks inte i tid",
)  # fmt: skip
PLACES = (
    "i hemtjänsten", "på enheterna", "vid upphandling", "inom skolan", "hos utföraren",
    "i förskolan", "vid avdelningen för stöd", "under sommaren", "vid byte av chef", "i projekten",
)  # fmt: skip
DEEDS = ("Se över", "Ta fram", "Följ upp", "Utbilda om", "Kontrollera", "Dokumentera", "Förbättra")
COMMENTS = (
    "{} är genomfört enligt plan.", "Arbetet med {} pågår och fortsätter nästa år.",
    "{} har inte påbörjats.", "En rutin för {} är framtagen och känd på enheterna.",
    "{} återstår till hösten.", "Planen för {} har följts under tertialet.",
)  # fmt: skip
FIRST = ("Maja", "Omar", "Elin", "Per", "Britt-Marie", "Leyla", "Johan", "Aino", "Sven", "Karin")
LAST = ("Lindqvist", "Haddad", "Åkerlund", "Öberg", "Ström", "Nyman", "Berg", "Ek", "Sjögren")


def registers(count: int, *, seed: str = "registers") -> Iterator[tuple[str, exports.Grid]]:
    """Yield name and grid of registers, each of another board, with the real one's faults."""
    for n in range(count):
        rng = Random(f"{seed} {n}")
        name = f"{2010 + n % 15}-VB Ekvalla{n // 15}nämnden"
        yield name, _break(exports.register(risks(rng), headers=exports.MISSPELT_HEADERS))


def follow_ups(
    count: int, *, seed: str = "follow-ups", reports: tuple[str, ...] = REPORTS
) -> Iterator[tuple[str, exports.Grid]]:
    """Yield name and grid of follow-ups, on pages, some with their marks lost."""
    for n in range(count):
        rng = Random(f"{seed} {n}")
        report, year = reports[n % len(reports)], 2010 + n // len(reports) % 15
        board = f"Ekvalla{n // len(reports) // 15}nämnden"
        title = exports.title_line(f"{report} {year}", board)
        grid = exports.follow_up(activities(rng), title=title, page=7)
        yield f"{year}-{report} {board} - uppföljning", grid


def municipality(number: int, *, boards: int = 10) -> Iterator[tuple[str, exports.Grid]]:
    """Yield fifteen years of a municipality: each board's two follow-ups and register a year."""
    yield from registers(15 * boards, seed=f"registers {number}")
    yield from follow_ups(30 * boards, seed=f"follow-ups {number}", reports=("T1", "T2"))


def risks(rng: Random) -> list[dict]:
    """Return the risks of one register: groups of processes, and texts that are mostly its own."""
    people = [f"{rng.choice(FIRST)} {rng.choice(LAST)}" for _ in range(6)]
    rows = []
    for n in range(RISKS):
        likelihood, consequence = rng.randint(1, 5), rng.randint(1, 5)
        what = f"{rng.choice(THINGS)} {rng.choice(PLACES)}"
        measured = n % 12 != 5
        rows.append({
            "goal_code": f"1.{n // 13 + 1}", "goal": f"Målet om {THINGS[n // 13]} nås i hela kommunen",
            "process": f"{THINGS[n // 4].capitalize()} och uppföljning",
            "way_of_working": f"Arbetet sker {PLACES[n // 2 % 10]} enligt rutin {n // 2}.",
            "event": f"{what.capitalize()} {rng.choice(FAULTS)} i ärende {rng.randint(100, 99999)}",
            "likelihood": likelihood, "consequence": consequence,
            "risk_value": likelihood * consequence, "decision": rng.choice(tuple(exports.DECISIONS)),
            "activity": f"{rng.choice(DEEDS)} {what} senast dag {rng.randint(1, 9999)}" if measured else None,
            "status": rng.choice(("finished", "ongoing", "not_started")) if measured else None,
            "description": f"Ansvarig chef går igenom {what} med alla berörda. Arbetet redovisas vid "
            f"möte nummer {rng.randint(1, 9999)}." if measured else None,
            "responsible": [rng.choice(people)] if measured else [],
        })  # fmt: skip
    return rows


def activities(rng: Random) -> list[dict]:
    """Return the activities of one follow-up, under processes and indicators by turns."""
    rows = []
    for n in range(ACTIVITIES):
        group = "process" if n // 9 % 2 else "indicator"
        what = f"{rng.choice(THINGS)} {rng.choice(PLACES)} {rng.randint(1, 99999)}"
        rows.append({
            group: f"{THINGS[n // 9].capitalize()} som fungerar",
            "event": f"{THINGS[n // 3].capitalize()} {FAULTS[n // 3 % 10]}",
            "activity": f"{rng.choice(DEEDS)} {what}",
            "status": rng.choice(("finished", "ongoing", "recurring", "unknown")),
            "comment": rng.choice(COMMENTS).format(what.capitalize()),
        })  # fmt: skip
    return rows


def workbook(grid: exports.Grid) -> bytes:
    """Return a register as a workbook with true merged ranges where its groups are printed once."""
    rows = [row for row in grid if len(row) > 2]
    return formats.xlsx(rows, merges=[m for column in range(3) for m in _ranges(rows, column)])


def write_texts(folder: Path, grids: Iterator[tuple[str, exports.Grid]]) -> int:
    """Write grids as text exports; return how many."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for count, (name, grid) in enumerate(grids, 1):  # noqa: B007
        exports.dump(grid, folder / f"{name}.txt")
    return count


def _break(grid: exports.Grid) -> exports.Grid:
    """Fuse the value and decision of the last 22 rows, and let people move on 7 of them."""
    at = exports.data_rows(grid, list(exports.MISSPELT_HEADERS.values()))
    value, description = map(exports.REGISTER.index, ("risk_value", "description"))
    moved = [i for i in at[-14:] if grid[i][description]][:7]
    return exports.fuse(exports.drop_cell(grid, moved, description), at[-22:], value)


def _ranges(rows: exports.Grid, column: int) -> list[tuple[int, int, int, int]]:
    starts = [n for n, row in enumerate(rows) if n and row[column]] + [len(rows)]
    return [
        (top, column, below - 1, column)
        for top, below in zip(starts, starts[1:], strict=False)
        if below - top > 1
    ]
