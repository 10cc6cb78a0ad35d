"""Writes data/raw from the truth in tests/municipality: ``python -m tests.make_sample``."""

from collections.abc import Callable
from pathlib import Path
from random import Random

from tests import formats, third_board, truth
from tests import printed as exports
from tests.printed import Grid

RAW = Path(__file__).parent.parent / "data" / "raw"

HEADERS = {
    "usual": exports.REGISTER_HEADERS,
    "misspelt": exports.MISSPELT_HEADERS,
    "capitals": {name: text.upper() for name, text in exports.REGISTER_HEADERS.items()},
}


GROUPS = {
    "register": (("goal",), ("process",), ("way_of_working",)),
    "follow_up": (("indicator", "process"), ("event",)),
}
PDF_WIDTH = 34  # signs in a column


def write(folder: Path) -> None:
    """Write every export of the sample into a folder."""
    for file in truth.files():
        path = folder / file["name"]
        if "format" in file:
            path.write_bytes(content(file))
        else:
            style = {k: file[k] for k in ("delimiter", "encoding", "newline") if k in file}
            exports.dump(grid(file), path, **style)
    for name, written in third_board.contents().items():
        (folder / name).write_bytes(written)


def content(file: dict) -> bytes:
    """Return an export as a workbook, a Word document, a web page or a PDF, its groups merged."""
    columns = exports.REGISTER if file["kind"] == "register" else exports.FOLLOW_UP
    columns = tuple(file.get("columns", columns))
    laid = [row for row in grid(file) if any(cell.strip() for cell in row)]
    titles = [row[0] for row in laid if len(row) == 1]
    width = max(map(len, laid))
    rows = [row + [""] * (width - len(row)) for row in laid if len(row) > 1]
    merges = _merges(rows, columns, GROUPS[file["kind"]])
    if file["format"] == "pdf":
        pages = {"page_rows": file["page"], "header": rows[0], "footer": "Sida {}"}
        return formats.pdf(rows, titles, merges, width=PDF_WIDTH, **pages)
    made = {"xlsx": formats.xlsx, "docx": formats.plain_docx, "html": formats.html}[file["format"]](
        rows, titles, merges
    )
    return made if file["format"] == "html" else formats.undated(made)


def _merges(rows: Grid, columns: tuple[str, ...], levels: tuple) -> list[tuple[int, int, int, int]]:
    """Return the ranges of groups that are printed once: each to where its level or one above is new."""
    ranges = []
    for depth, names in enumerate(levels, 1):
        places = [columns.index(name) for level in levels[:depth] for name in level]
        starts = [n for n in range(1, len(rows)) if any(rows[n][c] for c in places)]
        for top, below in zip(starts, [*starts[1:], len(rows)], strict=True):
            ranges += [
                (top, c, below - 1, c)
                for c in map(columns.index, names)
                if below - 1 > top and rows[top][c]
            ]
    return ranges


def grid(file: dict) -> Grid:
    """Return the grid of one export, laid out and broken as files.toml says."""
    lay_out = _register if file["kind"] == "register" else _follow_up
    return lay_out(file, Random(file["name"]))


def _page(file: dict) -> int | None:
    """Return how many rows a printed page of text has; another format has pages of its own."""
    return None if "format" in file else file.get("page")


# Registers


def _register(file: dict, rng: Random) -> Grid:
    """Return a register: the faults inside its cells first, then those that move cells."""
    rows = truth.printed(file)
    columns = tuple(file.get("columns", exports.REGISTER))
    names = HEADERS[file.get("headers", "usual")]
    header = [names[column] for column in columns]
    laid = exports.register(
        [_with_repeat(row, file) for row in rows],
        columns=columns,
        headers=names,
        page=_page(file),
        **{k: file[k] for k in ("scale",) if k in file},
    )
    at = exports.data_rows(laid, header)
    laid = _double(laid, at, rng, file, columns)
    laid = _move_cells(laid, rows, at, rng, file, columns)
    laid = _shift(laid, at, rng, file)
    return _add_around(laid, header, rng, file)


def _with_repeat(row: dict, file: dict) -> dict:
    """Return the row with its measure as description too, where the two are to run together."""
    repeats = row["key"] in file.get("run_together", ())
    return row | {"description": row["activity"]} if repeats else row


def _double(laid: Grid, at: list[int], rng: Random, file: dict, columns: tuple[str, ...]) -> Grid:
    """Return the grid with some processes and ways of working printed twice."""
    process, way = columns.index("process"), columns.index("way_of_working")
    whole = _draw(rng, file, "doubled", at, lambda i: laid[i][process])
    last = _draw(rng, file, "doubled_last", at, lambda i: ". " in laid[i][way])
    return exports.double_last(exports.double(laid, whole, process), last, way)


def _move_cells(
    laid: Grid, rows: list[dict], at: list[int], rng: Random, file: dict, columns: tuple[str, ...]
) -> Grid:
    """Return the grid with people moved, measures run together, values and decisions fused."""
    value, measure, description = map(columns.index, ("risk_value", "activity", "description"))
    row_of = dict(zip(at, rows, strict=True))
    block = at[file.get("fused_from", len(at) + 1) - 1 :]
    together = [i for i in at if row_of[i]["key"] in file.get("run_together", ())]
    moved = _draw(
        rng,
        file,
        "names_moved",
        [i for i in block if i not in together],
        lambda i: row_of[i]["responsible"] and not row_of[i]["description"],
    )
    laid = exports.drop_cell(laid, moved, description)
    laid = exports.run_together(laid, together, measure)
    return exports.fuse(laid, block, value)


def _shift(laid: Grid, at: list[int], rng: Random, file: dict) -> Grid:
    """Return the grid with some rows one cell off, never over text."""
    left = _draw(rng, file, "shifted_left", at, lambda i: not laid[i][0] and not laid[i][1])
    right = _draw(rng, file, "shifted_right", at, lambda i: i not in left)
    return exports.shift_right(exports.shift_left(laid, left, 1), right, 1)


def _add_around(laid: Grid, header: list[str], rng: Random, file: dict) -> Grid:
    """Return the grid with its extra column, stray spaces and blank lines."""
    at = exports.data_rows(laid, header)
    if "extra_column" in file:
        year = file["period"][:4]
        dates = [f"{year}-{rng.randint(9, 12):02}-{rng.randint(1, 28):02}" for _ in at]
        laid = exports.add_column(laid, header, len(header), file["extra_column"], dates)
    if file.get("spaces"):
        laid = exports.strew_spaces(laid, at, rng)
    groups = _draw(rng, file, "blank_lines", at[1:], lambda i: laid[i][0])
    return exports.blank_lines(laid, groups, [file.get("blank", "")])


# Follow-ups


def _follow_up(file: dict, rng: Random) -> Grid:
    """Return a follow-up: its marks are lost in the truth, the rest is broken here."""
    rows = truth.printed(file)
    year, report = file["period"].split("-")
    title = exports.title_line(f"{report} {year}", file["board"])
    laid = exports.follow_up(rows, title=title, page=_page(file))
    header = [exports.FOLLOW_UP_HEADERS[column] for column in exports.FOLLOW_UP]
    at = exports.data_rows(laid, header)
    upper = [i for i, row in zip(at, rows, strict=True) if row["key"] in file.get("two_in_one", ())]
    activity, comment = map(exports.FOLLOW_UP.index, ("activity", "comment"))
    doubled = _draw(rng, file, "doubled", at, lambda i: laid[i][comment].endswith("."))
    laid = exports.double(laid, doubled, comment)
    left = _draw(rng, file, "shifted_left", at, lambda i: not laid[i][0] and not laid[i][1])
    laid = exports.shift_left(laid, left, 2)
    if file.get("spaces"):
        laid = exports.strew_spaces(laid, at, rng)
    return exports.two_in_one(laid, upper, activity, comment)


def _draw(
    rng: Random, file: dict, fault: str, at: list[int], fits: Callable[[int], object]
) -> list[int]:
    """Return as many of the rows that a fault fits as the file has of it."""
    return rng.sample([i for i in at if fits(i)], file.get(fault, 0))


if __name__ == "__main__":
    write(RAW)
