"""Printed lines → rows of fields: what each row is, and which column each of its cells belongs to."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from riskdata.exports.cells import NOT_TOLD, Cells, read_goal
from riskdata.exports.placing import CANNOT, FITS, ODD, Ground, Placing, moved, place
from riskdata.shapes.headings import Layout
from riskdata.shapes.table import CELL, Columns, Given, Line, Notes, Part
from riskdata.words.language import heading
from riskdata.words.spelling import LONGEST_ROLE, clean_space, fold, join, read_people
from riskdata.words.vocabulary import AXES

PADDED = 0.1  # share of lines with several cells led by a space: above it, a space means nothing
OFTEN = 0.5  # share of the lines with one kind in a column: above it, that kind is not odd there
FEW = 2  # cells of a column: if more are all of one kind, that is not odd there
MOSTLY, NEARLY_ALL = 0.3, 0.8  # shares of lines as wide as the header; a torn row is two lines
RUNS_ON = frozenset({"comment", "description", "responsible"})  # fields whose cells run on
OF_MEASURE = frozenset({"activity", "status"})
SCORES = frozenset((*AXES, "risk_value"))
JUDGED = SCORES | {"decision", "level"}
SAID = JUDGED | OF_MEASURE
GROUPED = frozenset(("activity", "process", "goal", "indicator", "board", "period"))
TYPED = (*AXES, "risk_value", "decision", "status")  # fields that only known words fit
WORDS = frozenset({"decision", "status"})  # of these any other column that may be one counts
GIVEN_TO_ALL = frozenset({"goal", "indicator", "process", "board", "period"})
_SAYS = re.compile(r"[^\W\d_]{3}")  # more than a code
_NUMBERS = re.compile(r"[\d\s.,%/:=()-]+")


@dataclass(slots=True)
class Row:
    """One printed row: what it is (see ``what_it_is``), and each field that it prints.

    texts: field → text without spaces to spare, in time repaired; cells: as printed.
    given: what headings, sheets and merged ranges give it. table: which of the export's tables.
    """

    number: int
    texts: dict[str, str]
    cells: dict[str, str]
    table: int
    given: dict[str, Given]
    indented: bool  # whether its first cell is blank
    kind: str = ""
    moved: bool = False  # whether some cell of it stood in another column

    @property
    def printed(self) -> list[str]:
        """Its cells as they were printed, without spaces to spare."""
        return [*map(clean_space, self.cells.values())]


@dataclass(kw_only=True)
class _Line(Line):
    """A line of a table on its way to a row; kinds: what each of its cells is."""

    table: int
    columns: Columns
    ground: Ground
    kinds: tuple[str, ...] = ()

    @property
    def texts(self) -> list[str]:
        return list(map(clean_space, self.cells))

    def name(self, n: int) -> str:
        """Return the field of a column, "" beside the table."""
        return self.ground.fields[n] if n < len(self.ground.fields) else ""

    def fields(self) -> dict[str, str]:
        """Return field → text of what stands in its columns as printed."""
        return {f: t for f, t in zip(self.ground.fields, self.texts, strict=False) if t}

    def fitting(self) -> set[str]:
        """Return the fields of columns in which something stands rightly."""
        kinds = [(n, kind) for n, kind in enumerate(self.kinds) if kind != "blank"]
        return {self.name(n) for n, kind in kinds if self.ground.grade(kind, n) == FITS}

    def excess(self, explained: int = 0) -> int:
        """Return how many cells it prints beside the table, where fused ones stand for some."""
        printed = max((n for n, cell in enumerate(self.cells, 1) if cell.strip()), default=0)
        named = set(range(len(self.ground.fields))) - self.ground.unnamed
        return printed + explained - max(named, default=-1) - 1


@dataclass(frozen=True)
class File:
    """What the rows of an export have in common, counted before any is placed."""

    layout: Layout
    scored: bool  # whether most rows print a score or a decision
    headed: bool  # whether groups stand on several rows of their own, and on no other
    unknown: frozenset[str]  # fields in which most words are unknown
    groups: frozenset[str]  # fields that are printed once for several rows
    below: frozenset[tuple[int, int]]  # table and number of rows below the last that says anything


def read_rows(part: Part, notes: Notes) -> list[Row]:
    """Return the rows of data of an export's tables, each cell in its column; the rest in ``notes``."""
    of_table = [_lines(part, n, notes) for n, _ in enumerate(part.tables)]
    lines = [line for some in of_table for line in some]
    cells = Cells(part.vocab, traces=_space_is_a_trace(lines))
    for line in lines:
        line.kinds = cells.kinds(line.cells)
    _learn(of_table, part, cells)
    file, widths = _file(lines, part), [_usual_width(some, NEARLY_ALL) for some in of_table]
    rows: list[Row] = []
    last, torn = None, -2  # the row above that is no rest; the last that a line break may have torn
    scrap = False  # whether a row that is no data stands since the risk
    alone: list[tuple[Row, Row]] = []  # measures that may go on with the one above, and these
    for line in lines:
        if not (row := _read(line, cells, file, notes)):
            continue
        above = last if last and last.table == row.table else None
        row.kind = line.kind or what_it_is(row, above, file)
        _ask_about(row, above, file, cells, notes)
        if above and _is_alone(row, above, within=bool(alone) and alone[-1][0] is above):
            alone.append((row, above))
        scrap = row.kind == "scrap" or scrap and row.kind == "goes_on"
        if scrap and row.kind == "goes_on" and "event" not in file.groups:  # of which it may be
            notes.add(row.number, "event", "group_unsure", "")
        beside = [row.number] if row.number == torn + 1 else []
        if row.kind == "nothing" and _says_more(line, cells):
            notes.leave(row.number, line.texts, "raden har bara text i kolumner som inte används")
        elif row.kind == "scrap":
            if len(line.cells) < widths[line.table]:
                torn, beside = row.number, [*beside, row.number - 1]
            notes.leave(row.number, row.printed, "raden har varken bedömd risk eller aktivitet")
        else:
            rows.append(row)
        for number in beside:
            notes.add(number, "", "beside_scrap", "")
        last = last if row.kind == "rest" else row
    _join_measures(alone, rows, notes)
    return rows


def _says_more(line: _Line, cells: Cells) -> bool:
    """Return whether a line has words, more than a code, in columns that are read as nothing."""
    unused = [t for f, t in zip(line.ground.fields, line.texts, strict=False) if f[:7] == "column "]
    return any(_SAYS.search(text) and not cells.is_nothing(text) for text in unused)


def _is_alone(row: Row, above: Row, *, within: bool) -> bool:
    """Return whether a further measure may be the rest of the one above: only it begins small."""
    text, before = row.texts.get("activity", ""), above.texts.get("activity", "")
    further = row.kind == "goes_on" and row.texts.keys() <= RUNS_ON | {"activity"}
    return further and _runs_on(text) and bool(before) and (within or not _runs_on(before))


def _join_measures(alone: list[tuple[Row, Row]], rows: list[Row], notes: Notes) -> None:
    """Let these go on with the measures above in a file that breaks other texts so, else ask about both."""
    broken = any(row.kind == "rest" and not row.texts.keys() <= RUNS_ON for row in rows)
    for row, above in alone:
        if broken and row.texts.keys() == {"activity"}:
            row.kind = "rest"
            continue
        for each in (row, above):
            notes.add(each.number, "activity", "lone_activity", each.texts["activity"])


# -- what a row is -------------------------------------------------------------------------


def what_it_is(row: Row, above: Row | None, file: File) -> str:
    """Return what a row is, by what it prints and what stands above it.

    ``nothing``: only columns that no table has a place for. ``rest``: goes on with the texts of the
    row above, broken over a page. ``goes_on``: a further measure of the risk above. ``same_risk``:
    the same, with the risk printed again. ``group``: only a group, for the rows below. ``risk``: a
    risk, or in a follow-up an activity with its risk. ``scrap``: no row of data.
    """
    fields = row.texts.keys()
    if not fields:
        return "nothing"
    if (row.table, row.number) in file.below:
        return "scrap"
    measured = not OF_MEASURE.isdisjoint(fields)
    if above and not row.moved and _goes_on_with(row, above):
        return "rest"
    if not measured and JUDGED.isdisjoint(fields):
        if row.moved:
            return "scrap"
        if above and fields <= RUNS_ON:
            return "rest"
        numbered = any(read_goal(text)[0] for text in row.texts.values())
        if fields <= file.groups and (len(fields) > 1 or row.indented or numbered or file.headed):
            return "group"
        return "scrap" if file.scored or fields <= file.groups or len(fields) == 1 else "risk"
    if measured and file.layout.starts_risk.isdisjoint(fields):
        return "goes_on"
    return "same_risk" if above and measured and _repeats(row, above, file) else "risk"


def _goes_on_with(row: Row, above: Row) -> bool:
    """Return whether a row is the rest of the texts above it: small letters, and nothing judged again."""
    fields, typed = row.texts.keys(), JUDGED | {"status"}
    goes_on = fields <= above.texts.keys() - typed and all(map(_runs_on, row.texts.values()))
    if "activity" in fields:  # alone it may be a further measure
        return goes_on and not fields <= OF_MEASURE | RUNS_ON and not typed.isdisjoint(above.texts)
    return goes_on


def _repeats(row: Row, above: Row, file: File) -> bool:
    """Return whether a row says of its risk only what the row above it says, and adds a measure."""
    if "event" in file.groups or row.texts.get("activity") == above.texts.get("activity"):
        return False
    of_risk = [f for f in row.texts if f in file.groups | file.layout.starts_risk | JUDGED]
    same = all(fold(row.texts[f]) == fold(above.texts.get(f, "")) for f in of_risk)
    return same and "event" in of_risk


def _ask_about(row: Row, above: Row | None, file: File, cells: Cells, notes: Notes) -> None:
    """Ask about a text that may go on with the one above, and a risk that may only be an example."""
    if row.kind == "risk":
        first = tuple(map(str.casefold, cells.vocab.words["cells"]["examples"]))
        texts = filter(None, (row.texts.get(name) for name in ("process", "event")))
        example = next((text for text in texts if text.casefold().startswith(first)), None)
        if example:
            notes.add(row.number, "event", "example_row", example)
    if above is None or not JUDGED.isdisjoint(row.texts):
        return
    judged = row.kind == "risk" and file.scored and not JUDGED.isdisjoint(above.texts)
    text, before = row.texts.get("event", ""), above.texts.get("event", "")
    if judged and _runs_on(text) and before and not _runs_on(before):
        for each in (row, above):
            notes.add(each.number, "event", "cell_odd", each.texts["event"])


def _runs_on(text: str) -> bool:
    """Return whether a text is no beginning: its first letter is small."""
    return text[:1].islower() or text.startswith((",", ".", ";", ")"))


# -- lines -----------------------------------------------------------------------------------


def _lines(part: Part, n: int, notes: Notes) -> list[_Line]:
    """Return the lines of one table that may be rows: torn ones joined, dittos read."""
    table, columns = part.tables[n]
    for number, rule, text in table.aside:
        numbers = sum(len(c) < 3 and c.isdigit() for c in text.split(" | "))
        if rule == "unread" or (rule == "outside_table" and numbers > 1):  # may be a risk
            notes.leave(number, [text], "raden hör inte till tabellen")
        else:
            notes.add(number, "", rule, text)
    for number, name, text, message in table.doubts:
        notes.add(number, name, "shape_doubt", text, message)
    ground, cells, kept = Ground(columns.fields), Cells(columns.vocab), []
    lines = [
        _Line(**vars(line) | {"cells": [*line.cells]}, table=n, columns=columns, ground=ground)
        for line in table.lines
    ]
    for line in _rejoined(lines, notes):
        if line.merged:
            _keep_merges(line, part, notes)
        if not any(map(str.strip, line.cells)) and not line.given.keys() - GIVEN_TO_ALL:
            continue
        if _sums_up(line, cells):
            notes.add(line.number, "", "set_aside", join(line.texts), "", "summarad")
            continue
        _fill_in(line, kept, cells, notes)
        kept.append(line)
    return kept


def _rejoined(lines: list[_Line], notes: Notes) -> Iterator[_Line]:
    """Yield the lines, those that a line break has torn apart as one."""
    width = len(lines[0].ground.fields) if lines else 0
    runs = [*_runs(lines, width)]
    if not _usual_width(lines, MOSTLY) and not all(_is_whole(run, width) for run in runs):
        runs = [[line] for line in lines]
    for (first, *torn), below in zip(runs, [*runs[1:], []], strict=False):
        may_go_on = len(below) == 1 and len(below[0].cells) < width  # below, with this row too
        sure = not may_go_on and all(line.cells[0].strip()[:1].islower() for line in torn)
        proof = f"rad {first.number} går vidare med liten bokstav" if sure else ""
        cells = first.cells
        for line in torn:
            cells = [*cells[:-1], f"{cells[-1]} {line.cells[0]}", *line.cells[1:]]
            notes.add(line.number, "", "line_rejoined", join(line.texts), "", proof)
        if torn:
            notes.add(first.number, "", "line_rejoined", join(first.texts), join(cells), proof)
        yield replace(first, cells=cells)


def _runs(lines: list[_Line], width: int) -> Iterator[list[_Line]]:
    """Yield the lines in runs that may each be one row.

    Together they have as many cells as the header, and none alone; each ends and begins with text.
    """
    n = 0
    while n < len(lines):
        count, cells = 1, len(lines[n].cells)
        for both, (above, line) in enumerate(pairwise(lines[n : n + width + 1]), 2):
            ends, begins = above.cells[-1:], line.cells[:1]
            told = ends and begins and ends[0].strip() and begins[0].strip()
            if not told or max(cells, len(line.cells)) >= width or line.number != above.number + 1:
                break
            cells += len(line.cells) - 1
            if cells == width:
                count = both
                break
        yield lines[n : n + count]
        n += count


def _is_whole(run: list[_Line], width: int) -> bool:
    """Return whether a run is one line of the header's width, or goes on with small letters."""
    first, *torn = run
    return all(_runs_on(x.cells[0].strip()) for x in torn) if torn else len(first.cells) == width


def _usual_width(lines: list[_Line], share: float) -> int:
    """Return the header's width if so many of the lines have as many cells, as in text and CSV; else 0."""
    width = len(lines[0].ground.fields) if lines else 0
    alike = sum(len(line.cells) == width for line in lines)
    return width if alike >= share * len(lines) else 0


def _keep_merges(line: _Line, part: Part, notes: Notes) -> None:
    """Keep what true merges say of a line's groups, and of its risk if it prints anything of one.

    A line under a merged risk that only prints a measure goes on with that risk: were the merged
    cells kept, it would be a second one. One that prints nothing of its own is no row.
    """
    merged = sorted(line.merged)
    own = {line.name(n) for n, text in enumerate(line.texts) if text and n not in merged} - {""}
    begins = not own.isdisjoint(part.layout.starts_risk)
    for n in merged:
        if own and (begins or line.name(n) in part.layout.fill_down):
            args = "merged_range", "", line.texts[n], "sammanfogad cell"
            notes.add(line.number, line.name(n), *args)
        else:
            line.cells[n] = ""


def _sums_up(line: _Line, cells: Cells) -> bool:
    """Return whether a line is a total, mean or count: such a word, and numbers, and no risk."""
    texts = [text for text in line.texts if text]
    words = [text for text in texts if not _NUMBERS.fullmatch(text)]
    if not words or len(words) > 2 or not cells.known.total.match(words[0]):
        return False
    if len(words[0].split()) > 3 and "event" in line.fields():
        return line.fields().keys().isdisjoint(JUDGED)
    return len(texts) > len(words) or len(texts) == 1


def _fill_in(line: _Line, above: list[_Line], cells: Cells, notes: Notes) -> None:
    """Put the nearest text above in the place of a ditto."""
    for n, text in enumerate(line.texts):
        if text and cells.says(text, "ditto"):
            told = next((a for a in reversed(above) if n < len(a.cells) and a.texts[n]), None)
            if told:
                line.cells[n] = told.cells[n]
                proof = f"rad {told.number}" if told is above[-1] else ""
                notes.add(line.number, line.name(n), "ditto_filled", text, told.texts[n], proof)


# -- what the file shows -----------------------------------------------------------------------


def _space_is_a_trace(lines: list[_Line]) -> bool:
    """Return whether a leading space tells a lost mark: not where several cells of a row have one."""
    led = [sum(c[:1].isspace() and not c.isspace() for c in line.cells) for line in lines]
    return sum(spaces > 1 for spaces in led) <= PADDED * len(lines)


def _learn(of_table: list[list[_Line]], part: Part, cells: Cells) -> None:
    """Tell what the columns hold by the rows that stand straight, and who is responsible."""
    lines = [line for some in of_table for line in some]
    marked = sum(not {"marked", "spaced", "status"}.isdisjoint(line.kinds) for line in lines)
    goals = [kind for x in lines for n, kind in enumerate(x.kinds) if x.name(n) == "goal"]
    goals = [kind for kind in goals if kind != "blank"]
    for mine, (table, columns) in zip(of_table, part.tables, strict=True):
        fields = columns.fields
        held = Counter(told for line in mine for told in enumerate(line.kinds))
        nameless = {n for n, head in enumerate(table.header) if not head.strip()}
        count = Counter(n for (n, kind), c in held.items() if kind != "blank" for _ in range(c))
        signs = {n for n in range(len(fields)) if _is_a_sign({*table.column(n)} - {""})} - nameless
        ground = Ground(
            fields,
            marked={"status", "outcome"}.isdisjoint(fields) and marked > len(lines) / 2,
            numbered=goals.count("goal") > len(goals) / 2,
            usual=frozenset(
                (n, kind)
                for (n, kind), told in held.items()
                if told > OFTEN * len(mine)
                or told == count[n] > FEW
                and n not in nameless
                or n in signs
            ),
            unnamed=frozenset(n for n in nameless if not table.says_nothing(n)),
        )
        straight = [line for line in mine if not ground.odd(line.kinds)] or mine
        filled = Counter(n for x in straight for n, kind in enumerate(x.kinds) if kind != "blank")
        always = frozenset(
            n
            for n, name in enumerate(fields)
            if name not in part.layout.fill_down and filled[n] >= NEARLY_ALL * len(straight)
        )
        ground = replace(ground, always=always)
        for line in mine:
            line.ground = ground
    cells.learn(_find_people(lines))
    for line in lines:  # what else a cell is does not hang on who is known
        pairs = zip(line.kinds, line.cells, strict=True)
        line.kinds = tuple([cells.kind(c) if k in NOT_TOLD else k for k, c in pairs])


def _is_a_sign(texts: set[str]) -> bool:
    """Return whether a column prints nothing but one sign, as X under the months of a calendar."""
    return len(texts) == 1 and len(min(texts)) == 1


def _find_people(lines: list[_Line]) -> dict[str, int]:
    """Return who stands as responsible on the rows that stand straight, and where first."""
    people: dict[str, int] = {}
    for line in lines:
        told = dict(zip(line.ground.fields, line.kinds, strict=False)).get("responsible")
        if told in ("person", "text") and not line.ground.odd(line.kinds):
            for person in read_people(line.fields()["responsible"]):
                if len(person.split()) <= LONGEST_ROLE:
                    people.setdefault(fold(person), line.number)
    return people


def _file(lines: list[_Line], part: Part) -> File:
    told, fits, judged, grouped = Counter(), Counter(), 0, []
    groups = frozenset(("board", "period", *part.layout.fill_down))
    for line in lines:
        fields = line.fields().keys()
        judged += not JUDGED.isdisjoint(fields)
        grouped += [] if groups.isdisjoint(fields) else [len(fields)]
        for n, (name, kind) in enumerate(zip(line.ground.fields, line.kinds, strict=False)):
            if name in TYPED and kind != "blank":
                told[name] += 1
                fits[name] += line.ground.grade(kind, n) == FITS
    return File(
        part.layout,
        scored=judged > len(lines) / 2,
        headed=len(grouped) > 1 and {*grouped} == {1},
        unknown=frozenset(name for name in told if fits[name] < told[name] / 2),
        groups=groups,
        below=_below(lines, part),
    )


def _below(lines: list[_Line], part: Part) -> frozenset[tuple[int, int]]:
    """Return the lines under a blank row below the last that judges or measures: a legend, names."""
    told: dict[int, int] = {}
    for n, line in enumerate(lines):
        fields = {*line.fitting()}
        if not (fields <= GROUPED or SAID.isdisjoint(fields)):  # a measure alone may be a note
            told[line.table] = n
    below: list[tuple[int, int]] = []
    for n, (above, line) in enumerate(pairwise(lines), 1):
        if above.table == line.table and told.get(line.table, n) < n:
            table, _ = part.tables[line.table]
            printed, between = (
                {row for row, *_ in table.aside},
                range(above.number + 1, line.number),
            )
            parted = not printed.issuperset(between) and {*table.header_rows}.isdisjoint(between)
            if parted or (above.table, above.number) in below:
                below.append((line.table, line.number))
    return frozenset(below)


# -- where the cells of a row go -----------------------------------------------------------------


def _read(line: _Line, cells: Cells, file: File, notes: Notes) -> Row | None:
    """Return a line as a row, each cell in its column; None for one that is unread."""
    if not line.ground.odd(line.kinds):
        _ask_about_width(line, 0, notes)
        return _row(line, line.cells, cells, notes)
    if joined := _joined_cells(line, cells):
        notes.add(line.number, "", "text_joined", join(line.texts), join(joined))
        line.cells = joined
        return _row(line, joined, cells, notes)
    pieces = [
        [] if kind == "blank" else cells.split(cell)
        for kind, cell in zip(line.kinds, line.cells, strict=True)
    ]
    forms = tuple(  # whole, and in pieces
        tuple(dict.fromkeys([(kind,), tuple([k for k, _ in some])])) if some else ()
        for kind, some in zip(line.kinds, pieces, strict=True)
    )
    ways = place(forms, line.ground)
    if len(ways) != 1:
        reason = "cellerna kan höra till flera kolumner" if ways else "fler celler än kolumner"
        notes.leave(line.number, line.texts, reason)
        return None
    laid_out = [""] * len(line.ground.fields)
    for cell, column, form in ways[0]:
        texts = [text for _, text in pieces[cell]] if len(form) > 1 else [line.cells[cell]]
        laid_out[column : column + len(form)] = texts
    _note_placing(line, ways[0], laid_out, cells, notes)
    row = _row(line, laid_out, cells, notes) if _ask(line, laid_out, cells, file, notes) else None
    if row:
        row.moved = bool(moved(ways[0]))
    return row


def _joined_cells(line: _Line, cells: Cells) -> list[str] | None:
    """Return the cells of a row that is one too wide, its torn text joined; None if it is not sure.

    A sign that parts the columns stood in a text: what follows it begins with a space or a small
    letter, and joined to what stands before it every cell fits.
    """
    if line.excess() != 1:
        return None
    texts = line.cells
    torn = [n for n in range(1, len(texts)) if texts[n - 1].strip() and _runs_on(texts[n].strip())]
    made = [[*texts[: n - 1], f"{texts[n - 1]}; {texts[n].strip()}", *texts[n + 1 :]] for n in torn]
    fitting = [row for row in made if not line.ground.odd(cells.kinds(row))]
    return fitting[0] if len(fitting) == 1 else None


def _ask(line: _Line, laid_out: list[str], cells: Cells, file: File, notes: Notes) -> bool:
    """Ask about what is odd in a placed row; return whether more of it can be read than not."""
    told = [
        (n, name, kind, line.ground.grade(kind, n))
        for n, (name, kind) in enumerate(zip(line.ground.fields, cells.kinds(laid_out), strict=True))
        if kind != "blank"
    ]  # fmt: skip
    failed = sum(grade == CANNOT and name not in file.unknown for _, name, _, grade in told)
    if failed > max(sum(grade == FITS and name in TYPED for _, name, _, grade in told), 1):
        notes.leave(line.number, line.texts, "cellerna passar inte i kolumnerna")
        return False
    for n, name, kind, grade in told:
        text = clean_space(laid_out[n])
        if grade == CANNOT:
            laid_out[n] = ""
            if name in file.unknown:
                notes.add(line.number, name, "unknown_word", text)
            else:
                notes.leave(line.number, [text], f"{CELL} {heading(name)}")
        elif grade == ODD and not (name in TYPED and kind in ("text", "person")):
            person = kind in ("person", "people") and name in ("event", "activity")
            notes.add(line.number, name, "looks_like_person" if person else "cell_odd", text)
    return True


def _ask_about_width(line: _Line, explained: int, notes: Notes) -> None:
    """Ask about a row with a cell beside the table, which no placing has moved into it."""
    if line.excess(explained) > 0:
        notes.add(line.number, "", "row_width", join(line.texts))


def _note_placing(
    line: _Line, placing: Placing, laid_out: list[str], cells: Cells, notes: Notes
) -> None:
    """Note the fused cells that were split, and those that moved further than these explain."""
    for cell, column, form in placing:
        if len(form) > 1:
            columns = slice(column, column + len(form))
            names = line.ground.fields[columns]
            first, rule = _first(names), "cell_split"
            if "risk_value" in names:
                first, rule = "risk_value", "value_split"
            elif "decision" in names:  # nothing proves that the word is one
                rule = "decision_split"
            notes.add(line.number, first, rule, line.texts[cell], " | ".join(laid_out[columns]))
    shifted = moved(placing)
    names = [line.name(placed.column) for placed, _ in shifted]
    before = join(line.texts[placed.cell] for placed, _ in shifted)
    if not names:
        _ask_about_width(line, sum(len(placed.form) - 1 for placed in placing), notes)
    elif names == ["responsible"]:
        placed, offset = shifted[0]
        people = [cells.people.get(fold(person)) for person in read_people(before)]
        rows = ", ".join(map(str, sorted({*people} - {None})))
        at, columns = placed.column - offset, line.columns
        stood = "".join(columns.headings[at : at + 1]) or f"kolumn {columns.left + at + 1}"
        proof = f"ansvarig även på rad {rows}" if rows else ""
        notes.add(line.number, "responsible", "name_moved", f"{stood}: {before}", before, proof)
    else:
        after = ", ".join(f"{heading(line.name(p.column))} {n:+d}" for p, n in shifted)
        notes.add(line.number, _first(names), "row_shifted", before, after)


def _first(names: list[str] | tuple[str, ...]) -> str:
    """Return the first field of texts, else of scores: no product proves where a text stands."""
    return next((name for name in names if name not in SCORES), names[0])


def _row(line: _Line, laid_out: list[str], cells: Cells, notes: Notes) -> Row:
    """Return the row, given what stands in each column; what stands in unknown columns is noted."""
    texts, printed, headings = {}, {}, line.columns.headings
    told = [*zip(line.ground.fields, map(clean_space, laid_out), laid_out, strict=False)]
    said = {name: text for name, text, _ in told if not cells.is_nothing(text)}
    twins = {n for n, _ in line.columns.doubts}  # two columns of one heading
    for n, (name, text, cell) in enumerate(told):
        nothing = cells.is_nothing(text)
        if text and name.startswith("column "):
            may = line.columns.maybe.get(n)  # of activities a row may have several
            missed = may == "activity" or may not in (None, *said)
            twin = (n in twins or may in WORDS) and n not in line.columns.reports
            twin &= may in TYPED and not nothing and (n in twins or cells.kind(text) == may)
            missed |= twin and fold(text) != fold(said.get(may, ""))
            rule = "cell_not_used" if missed else "extra_column"
            notes.add(line.number, headings[n], rule, text)
        elif text and (nothing or fold(text) == f"välj {fold(headings[n])}"):  # of a template
            notes.add(line.number, name, "nothing_printed", text)
        elif text:
            texts[name], printed[name] = text, cell
    if texts.keys() <= {"risk_value", "risk_value_after"} and {*texts.values()} == {"0"}:
        notes.add(line.number, "risk_value", "nothing_printed", "0")  # of a formula
        texts, printed = {}, {}
    for name, given in line.given.items():
        of_row = name not in GIVEN_TO_ALL and (name != "decision" or "event" in texts)
        if name not in texts and of_row:
            texts[name] = printed[name] = given.text
            notes.add(line.number, name, "from_heading", "", given.text, given.proof)
    indented = not line.cells[:1] or not line.texts[0]
    return Row(line.number, texts, printed, line.table, line.given, indented)
