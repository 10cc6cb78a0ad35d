"""By property: a tidy table written as an export in its layout, broken as exports are, reads back."""

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import riskdata as rd
from riskdata.tables.data import Data
from tests import printed as ex
from tests.conftest import tries
from tests.exports.test_backtest import plain

NOUNS = ("Rutiner", "Avtal", "Handlingar", "Beslut", "Behörigheter", "Larm", "Lokaler", "Journaler")
VERBS = ("följs inte", "saknas", "kommer bort", "granskas för sent", "är inte kända", "blir fel")
PLACES = ("i hemtjänsten", "på enheterna", "vid upphandling", "inom skolan", "hos utföraren")
PEOPLE = ("Maja Lindqvist", "Omar Haddad", "Britt-Marie Öberg", "Elin Åkerlund", "Per af Ström")
BOARDS = (
    "Kulturnämnden",
    "Bygg- och miljönämnden",
    "Östra Ekvalla stadsdelsnämnd",
    "Kommunstyrelsen",
)
FILE = {
    "tabs": {},
    "crlf": {"newline": "\r\n"},
    "semicolons": {"delimiter": ";", "encoding": "cp1252", "newline": "\r\n"},
    "excel": {"delimiter": ";", "encoding": "utf-8-sig"},
    "unicode": {"encoding": "utf-16"},
}  # fmt: skip

# The same draws on every run; not shrunk, since a failing draw is small and shrinking takes minutes.
TRIES = tries(10, 150)

sentences = st.builds(
    lambda *words: " ".join(words) + ".",
    st.sampled_from(NOUNS),
    st.sampled_from(VERBS),
    st.sampled_from(PLACES),
    st.integers(2, 999).map("punkt {}".format),
)
texts = st.lists(sentences, min_size=1, max_size=3, unique=True).map(" ".join)
people = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True)
boards = st.sampled_from(BOARDS)
periods = st.tuples(st.integers(2009, 2031), st.sampled_from(("VP", "T1", "T2", "VB")))


@st.composite
def register_rows(draw):
    """Draw risks of a register, group by group, each group printed with all its levels."""
    rows = []
    for goal in range(draw(st.integers(1, 3))):
        code, goal_text = f"{goal + 1}.{draw(st.integers(1, 9))}", draw(texts)
        for process in range(draw(st.integers(1, 3))):
            process_text = f"Process {goal}{process} {draw(sentences)}"
            for _ in range(draw(st.integers(1, 3))):
                likelihood, consequence = draw(st.integers(1, 5)), draw(st.integers(1, 5))
                measured = draw(st.integers(0, 9)) > 0
                rows.append({
                    "goal_code": code, "goal": goal_text, "process": process_text,
                    "way_of_working": f"Sätt {len(rows)} {draw(texts)}", "event": draw(texts),
                    "likelihood": likelihood, "consequence": consequence,
                    "risk_value": likelihood * consequence,
                    "decision": draw(st.sampled_from(list(ex.DECISIONS))),
                    "activity": draw(texts) if measured else None,
                    "status": draw(st.sampled_from(list(ex.WORDS))) if measured else None,
                    "description": draw(st.none() | texts) if measured else None,
                    "responsible": draw(people) if measured else [],
                })  # fmt: skip
    return rows


@st.composite
def follow_up_rows(draw):
    """Draw activities of a follow-up, under indicators and processes, with and without comment."""
    rows = []
    for group in range(draw(st.integers(1, 4))):
        name = draw(st.sampled_from(("indicator", "process")))
        head = {"indicator": None, "process": None, name: f"Grupp {group} {draw(sentences)}"}
        for risk in range(draw(st.integers(1, 2))):
            event = f"Risk {risk} {draw(texts)}"
            for _ in range(draw(st.integers(1, 3))):
                status = draw(st.sampled_from(("finished", "ongoing", "recurring", "unknown")))
                activity = {"activity": f"Gör {len(rows)} {draw(texts)}", "status": status}
                rows.append(
                    head | {"event": event} | activity | {"comment": draw(st.none() | texts)}
                )
    return rows


def read_back(grid, draw_file, board, period) -> Data:
    """Return what is read from a grid written to a file whose name tells board and period."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{period[0]}-{period[1]} {board} - analys.txt"
        if draw_file.get("encoding") == "cp1252":  # which has neither ✓ nor zero-width spaces
            grid = [
                [cell.encode("cp1252", "ignore").decode("cp1252") for cell in row] for row in grid
            ]
        ex.dump(grid, path, **draw_file)
        return rd.read_export(path, manual=Path(folder))


def risks_of(rows):
    keys = ("goal_code", "goal", "process", "way_of_working", "event")
    keys += ("likelihood", "consequence", "risk_value", "decision")
    return [{k: row.get(k) for k in keys} for row in rows]


def activities_of(rows, keys):
    return [{k: row.get(k) for k in keys} for row in rows if row.get("activity")]


def found(table, keys):
    return [{k: row[k] for k in keys} for row in map(plain, table.to_dict("records"))]


REGISTER_ACTIVITY = ("process", "event", "activity", "status", "description", "responsible")
FOLLOW_UP_ACTIVITY = ("indicator", "process", "event", "activity", "status", "comment")


def break_register(grid, header, columns, rng, rows):
    """Return the grid with faults strewn over its rows, none that hides what nobody could restore."""
    at = ex.data_rows(grid, header)
    some = lambda share: [i for i in at if rng.random() < share]  # noqa: E731
    place = columns.index
    if rng.random() < 0.5:
        grid = ex.double(grid, some(0.3), place("way_of_working"))
    if rng.random() < 0.5:
        grid = ex.strew_spaces(grid, some(0.5), rng)
    fused = some(0.6) if place("decision") == place("risk_value") + 1 else []
    if place("responsible") == place("description") + 1 and rng.random() < 0.7:
        known = {p for row in rows if row["description"] for p in row["responsible"]}
        bare = [i for i in some(0.6) if movable(grid[i], place, known)]
        grid = ex.drop_cell(grid, bare, place("description"))
    grid = ex.fuse(grid, fused, place("risk_value"))
    if columns[0] == "goal":
        shifted = [i for i in at if rng.random() < 0.2]
        grid = rng.choice((ex.shift_left, ex.shift_right))(grid, shifted, 1)
    return grid


def movable(row, place, known) -> bool:
    """Whether the people of a row can be told from a description that was there: it is blank."""
    return not row[place("description")].strip() and bool(row[place("responsible")].strip())


@TRIES
@given(
    register_rows(),
    st.randoms(use_true_random=False),
    boards,
    periods,
    st.sampled_from(list(FILE)),
    st.data(),
)
def test_register_reads_back(rows, rng, board, period, file, data):
    """A register in any column order, encoding, page length and with known faults gives its table."""
    columns = list(ex.REGISTER)
    if data.draw(st.booleans(), "other order"):
        columns = ["goal", *data.draw(st.permutations(columns[1:4]), "groups"), *columns[4:]]
        columns = (
            columns
            if data.draw(st.booleans(), "scores last")
            else columns[:4] + columns[8:] + columns[4:8]
        )
    headers = data.draw(st.sampled_from((ex.REGISTER_HEADERS, ex.MISSPELT_HEADERS)), "headers")
    if data.draw(st.booleans(), "capitals"):
        headers = {k: v.upper() for k, v in headers.items()}
    scale = data.draw(st.sampled_from(ex.SCALE_FORMS), "scale")
    page = data.draw(st.none() | st.integers(1, 9), "page")
    grid = ex.register(rows, columns=columns, headers=headers, scale=scale, page=page)
    grid = break_register(grid, [headers[c] for c in columns], columns, rng, rows)
    read = read_back(grid, FILE[file], board, period)
    assert found(read.risks, risks_of(rows)[0].keys()) == risks_of(rows)
    assert found(read.activities, REGISTER_ACTIVITY) == activities_of(rows, REGISTER_ACTIVITY)
    assert read.unread.empty
    assert (read.risks.board.unique().tolist(), read.risks.period.unique().tolist()) == (
        [board], [f"{period[0]}-{period[1]}"],
    )  # fmt: skip


@TRIES
@given(
    follow_up_rows(),
    st.randoms(use_true_random=False),
    boards,
    periods,
    st.sampled_from(sorted(FILE.keys() - {"semicolons"})),
    st.data(),
)
def test_follow_up_reads_back(rows, rng, board, period, file, data):
    """A follow-up with any page breaks, lost marks and shifted rows gives each activity its place."""
    page = data.draw(st.none() | st.integers(1, 6), "page")
    title = ex.title_line(f"{period[1]} {period[0]}", board)
    grid = ex.follow_up(rows, page=page, title=title)
    header = [ex.FOLLOW_UP_HEADERS[c] for c in ex.FOLLOW_UP]
    at = ex.data_rows(grid, header)
    lost = [i for i in at if rng.random() < 0.3]
    grid = ex.lose_marks(grid, lost, ex.FOLLOW_UP.index("activity"))
    grid = ex.double(grid, [i for i in at if rng.random() < 0.2], ex.FOLLOW_UP.index("comment"))
    shifted = [i for i in at if rng.random() < 0.2]
    grid = rng.choice((ex.shift_left, ex.shift_right))(grid, shifted, rng.choice((1, 2, 3)))
    read = read_back(grid, FILE[file], board, period)
    wanted = activities_of(rows, FOLLOW_UP_ACTIVITY)
    for n, row in enumerate(wanted):
        row["status"] = "unknown" if at[n] in lost else row["status"]
    assert found(read.activities, FOLLOW_UP_ACTIVITY) == wanted
    assert read.unread.empty
