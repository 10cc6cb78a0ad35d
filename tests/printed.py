"""Writes tidy tables as exports, and breaks them as report generators do.

A grid is a list of rows, a row a list of printed cells. A layout function turns tidy rows into a
grid; each fault takes a grid and the indexes of the rows to break (see `data_rows`) and gives a
new grid. Nothing here mutates its argument, and whatever is drawn is drawn from the `Random`
that the caller passes in.
"""

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from random import Random

Grid = list[list[str]]

REGISTER = (
    *("goal", "process", "way_of_working", "event", "likelihood", "consequence"),
    *("risk_value", "decision", "activity", "description", "responsible"),
)
FOLLOW_UP = ("indicator", "process", "event", "activity", "comment")

REGISTER_HEADERS = {
    "goal": "KF:s mål för verksamhetsområdet",
    "process": "Process",
    "way_of_working": "Arbetssätt",
    "event": "Oönskad händelse",
    "likelihood": "Sannolikhet",
    "consequence": "Konsekvens",
    "risk_value": "Riskvärde",
    "decision": "Hantera risk",
    "activity": "Status/Åtgärd",
    "description": "Beskrivning",
    "responsible": "Ansvarig",
}
MISSPELT_HEADERS = REGISTER_HEADERS | {"way_of_working": "Arbetsätt", "risk_value": "Risikvärde"}
FOLLOW_UP_HEADERS = {
    "indicator": "Indikator",
    "process": "Väsentliga processer",
    "event": "Risk",
    "activity": "Aktivitet",
    "comment": "Senaste kommentaren",
}

SCALES = {
    "likelihood": ("Osannolikt", "Mindre sannolikt", "Möjlig", "Sannolikt", "Mycket sannolikt"),
    "consequence": ("Försumbar", "Lindrig", "Kännbar", "Allvarlig", "Mycket allvarlig"),
}
SCALE_FORMS = ("{step}.{label}", "{step} - {label}", "{step}")
DECISIONS = {
    "control_plan": "Hantera, med till internkontrollplan",
    "risk_analysis": "Med till väsentlighets- och riskanalysen",
    "accept": "Acceptera",
}
WORDS = {
    "finished": "Avslutad",
    "ongoing": "Pågående",
    "not_started": "Ej påbörjad",
    "delayed": "Försenad",
    "cancelled": "Avbruten",
}
MARKS = WORDS | {"finished": "✓", "ongoing": "▶", "recurring": "🔄", "not_started": "☐"}

NBSP, ZERO_WIDTH = "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH SPACE}"
BLANK, SPACE = [""], [" "]
REGISTER_LEAD = (BLANK, BLANK)
FOLLOW_UP_LEAD = (*[SPACE] * 23, BLANK, BLANK)


# Layouts


def register(
    rows: Sequence[Mapping],
    *,
    columns: Sequence[str] = REGISTER,
    headers: Mapping[str, str] = REGISTER_HEADERS,
    scale: str = SCALE_FORMS[0],
    scales: Mapping[str, Sequence[str]] = SCALES,
    title: str | None = None,
    page: int | None = None,
    gap: int = 1,
    lead: Sequence[list[str]] = REGISTER_LEAD,
) -> Grid:
    """Return risks as the register prints them: one row per risk, with its measure.

    A row is a dict with the fields of `REGISTER`, and `goal_code`, `status` and, if it is not to
    be the usual word of that status, `mark`. Goal, process and way of working are printed once
    per group, so a row that lacks one of them must not follow a row of its group that has it.
    """
    cells = [_register_cells(row, scale, scales) for row in rows]
    once = _print_once(cells, (("goal",), ("process",), ("way_of_working",)))
    body = [[row[column] for column in columns] for row in once]
    return _lay_out(body, [headers[c] for c in columns], title, page, gap, lead)


def follow_up(
    rows: Sequence[Mapping],
    *,
    columns: Sequence[str] = FOLLOW_UP,
    headers: Mapping[str, str] = FOLLOW_UP_HEADERS,
    title: str | None = None,
    page: int | None = None,
    gap: int = 1,
    lead: Sequence[list[str]] = FOLLOW_UP_LEAD,
) -> Grid:
    """Return activities as the follow-up prints them: one row per activity.

    A row is a dict with the fields of `FOLLOW_UP`, and `status` or `mark`; one of indicator and
    process is missing. Indicator or process, and the risk, are printed once per group. An unknown
    status leaves one space where the mark was.
    """
    cells = [_follow_up_cells(row) for row in rows]
    once = _print_once(cells, (("indicator", "process"), ("event",)))
    body = [[row[column] for column in columns] for row in once]
    return _lay_out(body, [headers[c] for c in columns], title, page, gap, lead)


def title_line(report: str, board: str, *, analysis: str = "VoR") -> str:
    """Return the title of a follow-up; `report` as ``T1 2024``."""
    return f"Uppföljning av aktiviteter {analysis} - {report} ({board})"


def _register_cells(row: Mapping, scale: str, scales: Mapping) -> dict[str, str]:
    """Return the printed form of each cell of one risk."""
    texts = {name: _text(row.get(name)) for name in REGISTER}
    steps = {axis: _step(row.get(axis), scales[axis], scale) for axis in scales}
    mark = row.get("mark") or WORDS.get(row.get("status"), "")
    measure = f"{mark} {texts['activity']}" if mark and texts["activity"] else texts["activity"]
    return {
        **texts,
        **steps,
        "goal": f"{_text(row.get('goal_code'))} {texts['goal']}".strip(),
        "decision": DECISIONS.get(row.get("decision"), ""),
        "activity": measure,
        "responsible": ", ".join(row.get("responsible") or ()),
    }


def _follow_up_cells(row: Mapping) -> dict[str, str]:
    """Return the printed form of each cell of one activity."""
    mark = row.get("mark") or MARKS.get(row.get("status"), "")
    texts = {name: _text(row.get(name)) for name in FOLLOW_UP}
    return {**texts, "activity": f"{mark} {texts['activity']}"}


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _step(step: int | None, labels: Sequence[str], scale: str) -> str:
    return "" if step is None else scale.format(step=step, label=labels[step - 1])


def _print_once(cells: list[dict], levels: tuple[tuple[str, ...], ...]) -> list[dict]:
    """Return the rows with each group cell blank where it repeats the row above."""
    return [
        row | {name: "" for name in _repeated(row, above, levels)}
        for row, above in zip(cells, [{}, *cells], strict=False)
    ]


def _repeated(row: dict, above: dict, levels: tuple[tuple[str, ...], ...]) -> list[str]:
    """Return the group columns, outermost first, up to the first that differs from above."""
    names: list[str] = []
    for level in levels:
        if any(row[name] != above.get(name) for name in level):
            break
        names.extend(level)
    return names


def _lay_out(
    body: Grid, header: list[str], title: str | None, page: int | None, gap: int, lead: Sequence
) -> Grid:
    """Return the body under its lead, title and header, the header again on every page."""
    top = [list(row) for row in lead] + ([[title], [""]] if title else []) + [header]
    size = page or max(len(body), 1)
    first, *rest = [body[i : i + size] for i in range(0, len(body), size)] or [[]]
    between = [[""]] * gap + [header]
    return top + first + [list(row) for sheet in rest for row in between + sheet]


# Where to break


def data_rows(grid: Grid, header: Sequence[str]) -> list[int]:
    """Return the indexes of the rows that hold data: below the first header, not blank."""
    top = grid.index(list(header))
    return [
        i
        for i, row in enumerate(grid)
        if i > top and row != list(header) and any(cell.strip() for cell in row)
    ]


def _each(grid: Grid, at: Collection[int], change) -> Grid:
    """Return the grid with `change` done to the rows `at`, the others copied."""
    return [change(list(row)) if i in at else list(row) for i, row in enumerate(grid)]


# Faults


def fuse(grid: Grid, at: Collection[int], column: int) -> Grid:
    """Let a cell share its neighbour's, with a space: the row is one cell shorter.

    `column` is the value's, the decision to its right: ``9``, ``Acceptera`` → ``9 Acceptera``.
    """
    return _each(
        grid,
        at,
        lambda row: [*row[:column], " ".join(row[column : column + 2]).strip(), *row[column + 2 :]],
    )


def run_together(grid: Grid, at: Collection[int], column: int) -> Grid:
    """Let a cell share its neighbour's as `fuse` does, but keep the length: a blank one ends it.

    `column` is the measure's, whose description repeats it: ``Avslutad A.`` | ``A.`` → one cell.
    """
    return _each(fuse(grid, at, column), at, lambda row: [*row, ""])


def drop_cell(grid: Grid, at: Collection[int], column: int) -> Grid:
    """Drop a cell: what stands after it moves one left, and the row ends with a blank one.

    `column` is the description's: the people responsible then stand in its place.
    """
    return _each(grid, at, lambda row: [*row[:column], *row[column + 1 :], ""])


def shift_left(grid: Grid, at: Collection[int], cells: int) -> Grid:
    """Shift rows left over their leading blank cells, never over text; the length is kept."""

    def shift(row: list[str]) -> list[str]:
        blanks = next((i for i, cell in enumerate(row) if cell.strip()), 0)
        step = min(cells, blanks)
        return row[step:] + [""] * step

    return _each(grid, at, shift)


def shift_right(grid: Grid, at: Collection[int], cells: int) -> Grid:
    """Shift rows right; blank cells at the end make room, else the row grows longer."""

    def shift(row: list[str]) -> list[str]:
        blanks = next((i for i, cell in enumerate(reversed(row)) if cell.strip()), 0)
        return [""] * cells + row[: len(row) - min(cells, blanks)]

    return _each(grid, at, shift)


def double(grid: Grid, at: Collection[int], column: int) -> Grid:
    """Print the text of a cell twice: ``A. B.`` → ``A. B. A. B.``"""

    def twice(row: list[str]) -> list[str]:
        text = row[column]
        return [*row[:column], f"{text} {text}" if text.strip() else text, *row[column + 1 :]]

    return _each(grid, at, twice)


def double_last(grid: Grid, at: Collection[int], column: int) -> Grid:
    """Print the last sentence of a cell twice: ``A. B.`` → ``A. B. B.``"""

    def twice(row: list[str]) -> list[str]:
        text = row[column]
        last = text.rstrip(".").rpartition(". ")[2]
        again = f"{text} {last}." if text.endswith(".") else text
        return [*row[:column], again, *row[column + 1 :]]

    return _each(grid, at, twice)


def lose_marks(grid: Grid, at: Collection[int], column: int) -> Grid:
    """Lose the mark before an activity: the space that followed it is what is left."""

    def lose(row: list[str]) -> list[str]:
        mark = next((m for m in MARKS.values() if row[column].startswith(f"{m} ")), "")
        return [*row[:column], row[column].removeprefix(mark), *row[column + 1 :]]

    return _each(grid, at, lose)


def swap_glyph(grid: Grid, at: Collection[int], column: int, was: str, now: str) -> Grid:
    """Print a mark as another glyph, as a font does that lacks it: ``✓`` → ``√``."""

    def swap(row: list[str]) -> list[str]:
        cell = row[column]
        marked = now + cell.removeprefix(was) if cell.startswith(was) else cell
        return [*row[:column], marked, *row[column + 1 :]]

    return _each(grid, at, swap)


def two_in_one(grid: Grid, at: Collection[int], activity: int, comment: int) -> Grid:
    """Print the activities of a row and of the one below in one cell, and the comment twice.

    The row below is gone; both activities had the comment of the upper one.
    """

    def merge(i: int) -> list[str]:
        row = list(grid[i])
        row[activity] = f"{row[activity]} {grid[i + 1][activity]}"
        row[comment] = f"{row[comment]} {row[comment]}".strip()
        return row

    return [
        merge(i) if i in at else list(row) for i, row in enumerate(grid) if i - 1 not in set(at)
    ]


def strew_spaces(grid: Grid, at: Collection[int], rng: Random) -> Grid:
    """Turn some spaces inside cells into no-break ones and put zero-width ones at their ends."""

    def strew(cell: str) -> str:
        head, body = cell[: len(cell) - len(cell.lstrip())], cell.lstrip()
        spaced = "".join(NBSP if c == " " and rng.random() < 0.3 else c for c in body)
        return head + spaced + (ZERO_WIDTH if body and rng.random() < 0.3 else "")

    return _each(grid, at, lambda row: [strew(cell) for cell in row])


def add_column(
    grid: Grid, header: Sequence[str], position: int, name: str, texts: Sequence[str]
) -> Grid:
    """Put in a column that no layout knows: its name in every header, `texts` down the rows."""
    cells = dict(zip(data_rows(grid, header), texts, strict=False))

    def widen(i: int, row: list[str]) -> list[str]:
        if row == list(header):
            return [*row[:position], name, *row[position:]]
        return [*row[:position], cells[i], *row[position:]] if i in cells else list(row)

    return [widen(i, row) for i, row in enumerate(grid)]


def break_page(grid: Grid, at: Collection[int], header: Sequence[str], gap: int = 1) -> Grid:
    """Break the page before rows, inside a group too: blank lines and the header again."""
    between = [[""]] * gap + [list(header)]
    return [list(r) for i, row in enumerate(grid) for r in [*(between if i in at else []), row]]


def blank_lines(grid: Grid, at: Collection[int], line: Sequence[str] = ("",)) -> Grid:
    """Put a blank line before rows; `line` may be ``[" "]`` or blank cells with their tabs."""
    return [list(r) for i, row in enumerate(grid) for r in [*([line] if i in at else []), row]]


# Files


def dump(
    grid: Grid,
    path: Path | str,
    delimiter: str = "\t",
    encoding: str = "utf-8",
    newline: str = "\n",
) -> None:
    """Write a grid as a text export, without a newline at the end, as the real ones are.

    Tabs stand plainly between the cells; with another delimiter the cells are quoted where they
    must be, as Excel does. ``utf-8-sig`` and ``utf-16`` write their byte order mark.
    """
    write = _plain if delimiter == "\t" else _quoted
    lines = [write(row, delimiter) for row in grid]
    Path(path).write_bytes(newline.join(lines).encode(encoding))


def _plain(row: Sequence[str], delimiter: str) -> str:
    if any(sign in cell for cell in row for sign in "\t\r\n"):
        raise ValueError(f"a cell holds a tab or a line break, which plain text cannot: {row}")
    return delimiter.join(row)


def _quoted(row: Sequence[str], delimiter: str) -> str:
    line = io.StringIO()
    # A row of one empty cell would be written as "" by the csv module; Excel leaves it blank.
    if any(row):
        csv.writer(line, delimiter=delimiter, lineterminator="").writerow(row)
    return line.getvalue() or delimiter * (len(row) - 1)
