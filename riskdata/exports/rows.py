"""Printed lines → rows of fields: what each row is, and which column each of its cells belongs to."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from riskdata.exports.account import CELL, Notes, join
from riskdata.exports.cells import (
    BLANK,
    GOAL,
    MARKED,
    NOT_TOLD,
    PEOPLE,
    PERSON,
    SPACED,
    STATUS,
    TEXT,
    Cells,
    Form,
    read_goal,
)
from riskdata.exports.people import LONGEST_ROLE, read_people
from riskdata.exports.placing import CANNOT, FITS, ODD, Ground, Placed, Placing, place
from riskdata.shapes.table import Columns, Given, Line, Part
from riskdata.words.language import heading
from riskdata.words.spelling import clean_space, fold
from riskdata.words.vocabulary import AXES

PADDED = 0.1  # share of lines with several cells led by a space: above it, a space means nothing
OFTEN = 0.5  # share of the lines with one kind in a column: above it, that kind is not odd there
MOSTLY, NEARLY_ALL = 0.3, 0.8  # shares of lines as wide as the header; a torn row is two lines
RUNS_ON = frozenset({"comment", "description", "responsible"})  # fields whose cells run on
OF_MEASURE = frozenset({"activity", "status"})
SCORES = frozenset((*AXES, "risk_value"))
JUDGED = SCORES | {"decision", "level"}
TYPED = (*AXES, "risk_value", "decision", "status")  # fields that only known words fit


@dataclass(slots=True)
class Row:
    """One printed row: what it is (see ``what_it_is``), and each field that it prints.

    texts: field → text without spaces to spare, in time repaired; cells: as printed.
    given: what headings, sheets and merged ranges give it. table: which of the export's tables.
    """

    number: int
    kind: str
    texts: dict[str, str]
    cells: dict[str, str]
    table: int = 0
    given: dict[str, Given] = field(default_factory=dict)
    indented: bool = False  # whether its first cell is blank
    expects_status: bool = False  # whether its activity begins with a status word
    has_merges: bool = False  # whether a blank cell of it is truly blank
    moved: bool = False  # whether some cell of it stood in another column
    torn: bool = False  # whether it has fewer cells than nearly every other line


@dataclass
class _Line:
    """A line of a table on its way to a row."""

    line: Line
    table: int
    columns: Columns
    ground: Ground
    has_merges: bool
    cells: list[str]
    kinds: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        return self.line.number

    @property
    def printed(self) -> int:
        """How many cells it prints, up to the last that is not blank."""
        return max((n for n, cell in enumerate(self.cells, 1) if cell.strip()), default=0)

    @property
    def width(self) -> int:
        """How many columns its table has, up to the last with a heading."""
        fields, unnamed = len(self.ground.fields), self.ground.unnamed
        return max((n + 1 for n in range(fields) if n not in unnamed), default=0)

    @property
    def texts(self) -> list[str]:
        return list(map(clean_space, self.cells))

    def fields(self) -> dict[str, str]:
        """Return field → text of what stands in its columns as printed."""
        return {f: t for f, t in zip(self.ground.fields, self.texts, strict=False) if t}


@dataclass(frozen=True)
class File:
    """What the rows of an export have in common, counted before any is placed."""

    scored: bool  # whether most rows print a score or a decision
    grouped: bool  # whether the event is printed once per group
    starts_risk: frozenset[str]
    groups: frozenset[str]
    unknown: frozenset[str] = frozenset()  # fields in which most words are unknown


def read_rows(part: Part, notes: Notes) -> list[Row]:
    """Return the rows of data of an export's tables, each cell in its column; the rest in ``notes``."""
    every = [line for n, _ in enumerate(part.tables) for line in _lines(part, n, notes)]
    cells = Cells(part.tables[0][1].vocab, traces=_space_is_a_trace(every))
    for line in every:
        line.kinds = cells.kinds(line.cells)
    _learn(every, part, cells)
    file = _file(every, part)
    widths = [
        _usual_width([line for line in every if line.table == n], NEARLY_ALL)
        for n, _ in enumerate(part.tables)
    ]
    rows: list[Row] = []
    for line in every:
        if row := _read(line, cells, file, notes):
            above = next((r for r in reversed(rows) if r.kind != "rest"), None)
            above = above if above and above.table == row.table else None
            row.kind = what_it_is(row, above, file)
            _ask_about_rest(row, above, file, notes)
            row.torn = widths[line.table] is not None and len(line.cells) < widths[line.table]
            rows.append(row)
    return rows


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
    measured = not OF_MEASURE.isdisjoint(fields)
    if above and not row.moved and _goes_on_with(row, above):
        return "rest"
    if not measured and JUDGED.isdisjoint(fields):
        if row.moved:
            return "scrap"
        if above and fields <= RUNS_ON:
            return "rest"
        if fields <= file.groups and (len(fields) > 1 or row.indented or _is_goal(row)):
            return "group"
        if file.scored or fields <= file.groups or len(fields) == 1:
            return "scrap"
        return "risk"
    if measured and file.starts_risk.isdisjoint(fields):
        return "goes_on"
    if above and measured and not file.grouped and _repeats(row, above, file):
        return "same_risk"
    return "risk"


def _is_goal(row: Row) -> bool:
    return any(read_goal(text)[0] for text in row.texts.values())


def _goes_on_with(row: Row, above: Row) -> bool:
    """Return whether a row is the rest of the texts above it: small letters, and nothing judged again."""
    fields, typed = row.texts.keys(), JUDGED | {"status"}
    goes_on = fields <= above.texts.keys() - typed and all(map(_runs_on, row.texts.values()))
    if "activity" in fields:  # alone it may be a further measure
        return goes_on and not fields <= OF_MEASURE | RUNS_ON and not typed.isdisjoint(above.texts)
    return goes_on


def _ask_about_rest(row: Row, above: Row | None, file: File, notes: Notes) -> None:
    """Ask about a text with a small letter first that may go on with the one above, but need not."""
    judged = file.scored and not JUDGED.isdisjoint(above.texts if above else ())
    if row.kind == "risk" and judged and JUDGED.isdisjoint(row.texts):
        name, rule = "event", "cell_odd"
    elif row.kind == "goes_on" and row.texts.keys() == {"activity"}:
        name, rule = "activity", "lone_activity"
    else:
        return
    text, before = row.texts.get(name, ""), above.texts.get(name, "") if above else ""
    if _runs_on(text) and before and not _runs_on(before):
        notes.add(row.number, name, rule, text)


def _runs_on(text: str) -> bool:
    """Return whether a text is no beginning: its first letter is small."""
    return text[:1].islower() or text.startswith((",", ".", ";", ")"))


def _repeats(row: Row, above: Row, file: File) -> bool:
    """Return whether a row says of its risk only what the row above it says, and adds a measure."""
    of_risk = [f for f in row.texts if f in file.groups | file.starts_risk | JUDGED]
    same = all(fold(row.texts[f]) == fold(above.texts.get(f, "")) for f in of_risk)
    again = "event" in of_risk and row.texts.get("activity") != above.texts.get("activity")
    return same and again


# -- lines -----------------------------------------------------------------------------------


def _lines(part: Part, n: int, notes: Notes) -> list[_Line]:
    """Return the lines of one table that may be rows: broken ones rejoined, dittos filled in."""
    table, columns = part.tables[n]
    for number, rule, text in table.aside:
        scored = (
            rule == "outside_table"
            and sum(len(c) < 3 and c.isdigit() for c in text.split(" | ")) > 1
        )
        if scored or rule == "unread":  # a row of numbers outside the table may be a risk
            notes.leave(number, [text], "raden hör inte till tabellen")
        else:
            notes.add(number, "", rule, text)
    for number, name, text, message in table.doubts:
        notes.add(number, name, "shape_doubt", text, message)
    ground = Ground(columns.fields)
    lines = [
        _Line(line, n, columns, ground, table.has_merges, list(line.cells)) for line in table.lines
    ]
    kept = []
    for line in _rejoined(lines, notes):
        if line.line.merged:
            _keep_merges(line, part, notes)
        if not any(map(str.strip, line.cells)) and not line.line.given.keys() - GIVEN_TO_ALL:
            continue
        if _sums_up(line, part):
            notes.add(line.number, "", "set_aside", join(line.texts), "", "summarad")
            continue
        cells = Cells(columns.vocab)
        _fill_dittos(line, kept, cells, notes)
        _read_boxes(line, cells, notes)
        kept.append(line)
    return kept


GIVEN_TO_ALL = frozenset({"goal", "indicator", "process", "board", "period"})


def _rejoined(lines: list[_Line], notes: Notes) -> Iterator[_Line]:
    """Yield the lines, those that a line break has torn in two as one.

    They are: together they have as many cells as the header, the first ends and the second begins
    with text, and neither is as wide as it.
    """
    width = _usual_width(lines, MOSTLY)
    waiting: list[_Line] = []
    for n, line in enumerate(lines):
        if waiting and line.number != waiting[-1].number + 1:
            yield from waiting
            waiting = []
        torn = width is not None and len(line.cells) < width
        if not torn:
            yield from waiting
            waiting = []
            yield line
            continue
        waiting.append(line)
        cells = sum(len(w.cells) for w in waiting) - len(waiting) + 1
        if len(waiting) > 1 and cells == width and _are_torn(waiting):
            yield _joined(waiting, notes)
            waiting = []
        elif cells > width or n + 1 == len(lines):
            yield from waiting
            waiting = []
    yield from waiting


def _are_torn(lines: list[_Line]) -> bool:
    pairs = zip(lines, lines[1:], strict=False)
    return all(a.cells[-1].strip() and b.cells[0].strip() for a, b in pairs)


def _joined(lines: list[_Line], notes: Notes) -> _Line:
    cells = list(lines[0].cells)
    for line in lines[1:]:
        cells = [*cells[:-1], f"{cells[-1]} {line.cells[0]}", *line.cells[1:]]
        notes.add(line.number, "", "line_rejoined", join(line.texts), "", f"rad {lines[0].number}")
    notes.add(lines[0].number, "", "line_rejoined", join(lines[0].texts), join(cells))
    return replace(lines[0], cells=cells)


def _usual_width(lines: list[_Line], share: float) -> int | None:
    """Return the header's width if so many of the lines have as many cells, as in text and CSV."""
    width = len(lines[0].ground.fields) if lines else 0
    alike = sum(len(line.cells) == width for line in lines)
    return width if alike >= share * len(lines) else None


def _keep_merges(line: _Line, part: Part, notes: Notes) -> None:
    """Keep what true merges say of a line's groups, and of its risk if it prints anything of one.

    A line under a merged risk that only prints a measure goes on with that risk: were the merged
    cells kept, it would be a second one. One that prints nothing of its own is no row.
    """
    fields, layout = line.ground.fields, part.layout
    printed = enumerate(line.texts[: len(fields)])
    own = {fields[n] for n, text in printed if text and n not in line.line.merged}
    begins = not own.isdisjoint(layout.starts_risk)
    for n in sorted(line.line.merged):
        name = fields[n] if n < len(fields) else ""
        if own and (begins or name in layout.fill_down):
            notes.add(line.number, name, "merged_range", "", line.texts[n], "sammanfogad cell")
        else:
            line.cells[n] = ""


def _sums_up(line: _Line, part: Part) -> bool:
    """Return whether a line is a total, mean or count: such a word, and numbers, and no risk."""
    texts = [text for text in line.texts if text]
    words = [text for text in texts if not re.fullmatch(r"[\d\s.,%/:=()-]+", text)]
    if not words or len(words) > 2 or not _totals(part).match(words[0]):
        return False
    if len(words[0].split()) > 3 and "event" in line.fields():
        return line.fields().keys().isdisjoint(JUDGED)
    return len(texts) > len(words) or len(texts) == 1


def _totals(part: Part) -> re.Pattern:
    return _pattern(tuple(part.vocab.words["cells"]["totals"]))


@lru_cache
def _pattern(words: tuple[str, ...]) -> re.Pattern:
    return re.compile(rf"(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE)


def _fill_dittos(line: _Line, above: list[_Line], cells: Cells, notes: Notes) -> None:
    """Put the text of the nearest row above in the place of a sign that says the same again."""
    for n, text in enumerate(line.texts):
        if text and cells.is_ditto(text):
            told = next((a for a in reversed(above) if n < len(a.cells) and a.texts[n]), None)
            name = line.ground.fields[n] if n < len(line.ground.fields) else ""
            if told:
                line.cells[n] = told.cells[n]
                proof = f"rad {told.number}" if told is above[-1] else ""
                notes.add(line.number, name, "ditto_filled", text, told.texts[n], proof)


def _read_boxes(line: _Line, cells: Cells, notes: Notes) -> None:
    """Put the ticked word in the place of a list of boxes, one for each status or decision."""
    for n, text in enumerate(line.texts):
        if ticked := cells.ticked(text):
            name = line.ground.fields[n] if n < len(line.ground.fields) else ""
            line.cells[n] = ticked
            notes.add(line.number, name, "box_read", text, ticked)


# -- what the file shows -----------------------------------------------------------------------


def _space_is_a_trace(lines: list[_Line]) -> bool:
    """Return whether a leading space tells a lost mark: not where several cells of a row have one."""
    led = [sum(c[:1].isspace() and not c.isspace() for c in line.cells) for line in lines]
    return sum(spaces > 1 for spaces in led) <= PADDED * len(lines)


def _learn(lines: list[_Line], part: Part, cells: Cells) -> None:
    """Tell what the columns hold by the rows that stand straight, and who is responsible."""
    for n, (table, columns) in enumerate(part.tables):
        of_table = [line for line in lines if line.table == n]
        ground = replace(
            Ground(columns.fields),
            marked="status" not in columns.fields and _are_marked(lines),
            numbered=_are_numbered(lines),
            usual=_usual_kinds(of_table, columns.fields),
            unnamed=frozenset(n for n, h in enumerate(table.header) if not h.strip()),
        )
        straight = [line for line in of_table if not ground.odd(line.kinds)] or of_table
        held = part.layout.fill_down.keys()
        ground = replace(ground, always=_always(straight, columns.fields, held))
        for line in of_table:
            line.ground = ground
    cells.learn(_find_people(lines))
    for line in lines:  # what else a cell is does not hang on who is known
        pairs = zip(line.kinds, line.cells, strict=True)
        line.kinds = tuple([cells.kind(c) if k in NOT_TOLD else k for k, c in pairs])


def _are_marked(lines: list[_Line]) -> bool:
    """Return whether most rows have a marked cell, wherever in the row it stands."""
    marked = {MARKED, SPACED, STATUS}
    return sum(not marked.isdisjoint(line.kinds) for line in lines) > len(lines) / 2


def _are_numbered(lines: list[_Line]) -> bool:
    goals = [
        kind
        for line in lines
        for name, kind in zip(line.ground.fields, line.kinds, strict=False)
        if name == "goal" and kind != BLANK
    ]
    return goals.count(GOAL) > len(goals) / 2


def _usual_kinds(lines: list[_Line], fields: tuple[str, ...]) -> frozenset[tuple[int, str]]:
    usual = set()
    for n, name in enumerate(fields):
        if name.startswith("column "):
            held = Counter(line.kinds[n] for line in lines if n < len(line.kinds))
            usual |= {(n, kind) for kind, count in held.items() if count > OFTEN * len(lines)}
    return frozenset(usual)


def _always(lines: list[_Line], fields: tuple[str, ...], groups: Iterable[str]) -> frozenset[int]:
    return frozenset(
        n
        for n, name in enumerate(fields)
        if name not in groups
        and sum(n < len(line.kinds) and line.kinds[n] != BLANK for line in lines)
        >= NEARLY_ALL * len(lines)
    )


def _find_people(lines: list[_Line]) -> dict[str, int]:
    """Return who stands as responsible on the rows that stand straight, and where first."""
    people: dict[str, int] = {}
    for line in lines:
        fields = line.ground.fields
        if "responsible" not in fields or line.ground.odd(line.kinds):
            continue
        at = fields.index("responsible")
        if at < len(line.kinds) and line.kinds[at] in (PERSON, TEXT):
            for person in read_people(line.texts[at]):
                if len(person.split()) <= LONGEST_ROLE:
                    people.setdefault(fold(person), line.number)
    return people


def _file(lines: list[_Line], part: Part) -> File:
    judged = sum(not JUDGED.isdisjoint(line.fields()) for line in lines)
    return File(
        scored=judged > len(lines) / 2,
        grouped="event" in part.layout.fill_down,
        starts_risk=part.layout.starts_risk,
        groups=frozenset(part.layout.fill_down) | {"board", "period"},
        unknown=frozenset(name for name in TYPED if _is_unknown(lines, name)),
    )


def _is_unknown(lines: list[_Line], name: str) -> bool:
    """Return whether over half of a column's cells are words that nobody knows."""
    grades = [
        line.ground.grade(kind, n)
        for line in lines
        for n, (f, kind) in enumerate(zip(line.ground.fields, line.kinds, strict=False))
        if f == name and kind != BLANK
    ]
    return sum(grade != FITS for grade in grades) > len(grades) / 2


# -- where the cells of a row go -----------------------------------------------------------------


def _read(line: _Line, cells: Cells, file: File, notes: Notes) -> Row | None:
    """Return a line as a row, each cell in its column; None for one that is unread."""
    kinds, ground = line.kinds, line.ground
    if not ground.odd(kinds):
        _note_width(line, 0, notes)
        return _row(line, line.cells, kinds, cells, notes)
    if joined := _joined_cells(line, cells):
        notes.add(line.number, "", "text_joined", join(line.texts), join(joined))
        line.cells = joined
        return _row(line, joined, cells.kinds(joined), cells, notes)
    forms = tuple(_forms(cell, kind, cells) for cell, kind in zip(line.cells, kinds, strict=True))
    ways = place(forms, ground)
    if len(ways) != 1:
        reason = "cellerna kan höra till flera kolumner" if ways else "fler celler än kolumner"
        notes.leave(line.number, line.texts, reason)
        return None
    placing, laid_out = ways[0], [""] * len(ground.fields)
    for placed in placing.placed:
        pieces = [text for _, text in cells.split(line.cells[placed.cell])]
        whole = [line.cells[placed.cell]] if len(placed.form) == 1 else pieces
        laid_out[placed.column : placed.column + len(whole)] = whole
    if not placing.moved:
        _note_width(line, placing.explained, notes)
    _note_placing(line, placing, laid_out, cells, notes)
    row = _check_odd(line, laid_out, cells, file, notes)
    if row:
        row.moved = bool(placing.moved)
    return row


def _forms(cell: str, kind: str, cells: Cells) -> tuple[Form, ...]:
    if kind == BLANK:
        return ()
    pieces = cells.form(cell)
    return ((kind,), pieces) if len(pieces) > 1 else ((kind,),)


def _joined_cells(line: _Line, cells: Cells) -> list[str] | None:
    """Return the cells of a row that is one too wide, its torn text joined; None if it is not sure.

    A sign that parts the columns stood in a text: what follows it begins with a space or a small
    letter, and joined to what stands before it every cell fits.
    """
    texts, width = line.cells[: line.printed], line.width
    if len(texts) != width + 1:
        return None
    torn = [n for n in range(1, len(texts)) if texts[n - 1].strip() and _runs_on(texts[n].strip())]
    made = [[*texts[: n - 1], f"{texts[n - 1]}; {texts[n].strip()}", *texts[n + 1 :]] for n in torn]
    fitting = [row for row in made if not line.ground.odd(cells.kinds(row))]
    return fitting[0] if len(fitting) == 1 else None


def _check_odd(
    line: _Line, laid_out: list[str], cells: Cells, file: File, notes: Notes
) -> Row | None:
    """Ask about what is odd in a placed row; leave a row with more that is unreadable than read."""
    kinds, fields = cells.kinds(laid_out), line.ground.fields
    grades = [line.ground.grade(kind, n) for n, kind in enumerate(kinds)]
    beside = {n for n, name in enumerate(fields) if name in file.unknown}
    failed = [n for n, grade in enumerate(grades) if grade == CANNOT and n not in beside]
    read = [n for n, name in enumerate(fields) if name in TYPED and kinds[n] != BLANK]
    if len(failed) > len([n for n in read if grades[n] == FITS]) and len(failed) > 1:
        notes.leave(line.number, line.texts, "cellerna passar inte i kolumnerna")
        return None
    for n, grade in enumerate(grades):
        name, text = fields[n], clean_space(laid_out[n])
        if grade == CANNOT:
            laid_out[n] = ""
            if n in beside:
                notes.add(line.number, name, "unknown_word", text)
            else:
                notes.leave(line.number, [text], f"{CELL} {heading(name)}")
        elif grade == ODD and not (name in TYPED and kinds[n] in (TEXT, PERSON)):
            person = kinds[n] in (PERSON, PEOPLE) and name in ("event", "activity")
            notes.add(line.number, name, "looks_like_person" if person else "cell_odd", text)
    return _row(line, laid_out, kinds, cells, notes)


def _note_width(line: _Line, explained: int, notes: Notes) -> None:
    """Ask about a row with a cell beside the table, which no placing has moved into it."""
    if line.printed + explained > line.width:
        notes.add(line.number, "", "row_width", join(line.texts))


def _note_placing(
    line: _Line, placing: Placing, laid_out: list[str], cells: Cells, notes: Notes
) -> None:
    for placed in placing.placed:
        if len(placed.form) > 1:
            _note_split(line, placed, laid_out, notes)
    if placing.moved:
        _note_moves(line, placing.moved, cells, notes)


def _note_split(line: _Line, placed: Placed, laid_out: list[str], notes: Notes) -> None:
    columns = slice(placed.column, placed.column + len(placed.form))
    names = line.ground.fields[columns]
    rule = "value_split" if "risk_value" in names else "cell_split"
    texts = [name for name in names if name not in SCORES]
    first = "risk_value" if rule == "value_split" else (texts or names)[0]
    notes.add(line.number, first, rule, line.texts[placed.cell], " | ".join(laid_out[columns]))


def _note_moves(line: _Line, moved: list[tuple[Placed, int]], cells: Cells, notes: Notes) -> None:
    """Note the cells that moved further than the splits before them explain."""
    names = [line.ground.fields[placed.column] for placed, _ in moved]
    if names == ["responsible"]:
        _note_name(line, *moved[0], cells, notes)
        return
    before = join(line.texts[placed.cell] for placed, _ in moved)
    labels = [heading(name) for name in names]
    after = ", ".join(f"{label} {n:+d}" for label, (_, n) in zip(labels, moved, strict=True))
    texts = [name for name in names if name not in SCORES]  # no product proves where a text stands
    notes.add(line.number, (texts or names)[0], "row_shifted", before, after)


def _note_name(line: _Line, placed: Placed, offset: int, cells: Cells, notes: Notes) -> None:
    name = line.texts[placed.cell]
    rows = sorted({cells.people[fold(p)] for p in read_people(name) if fold(p) in cells.people})
    proof = f"ansvarig även på rad {', '.join(map(str, rows))}" if rows else ""
    at, headings = placed.column - offset, line.columns.headings
    stood = clean_space(headings[at] if at < len(headings) else "") or f"kolumn {at + 1}"
    notes.add(line.number, "responsible", "name_moved", f"{stood}: {name}", name, proof)


def _row(
    line: _Line, laid_out: list[str], kinds: tuple[str, ...], cells: Cells, notes: Notes
) -> Row:
    """Return the row, given what stands in each column; what stands in unknown columns is noted."""
    texts, printed = {}, {}
    for n, (name, cell) in enumerate(zip(line.ground.fields, laid_out, strict=False)):
        text = clean_space(cell)
        if not text:
            continue
        if name.startswith("column "):
            printed_as = clean_space(line.columns.headings[n]) or f"kolumn {n + 1}"
            notes.add(line.number, printed_as, "extra_column", text)
        elif cells.is_nothing(text):
            notes.add(line.number, name, "nothing_printed", text)
        else:
            texts[name], printed[name] = text, cell
    for name, given in line.line.given.items():
        if name not in texts and name not in GIVEN_TO_ALL:
            texts[name] = printed[name] = given.text
            notes.add(line.number, name, "from_heading", "", given.text, f"rad {given.row}")
    return Row(
        line.number, "", texts, printed, line.table, line.line.given,
        indented=not line.texts[:1] or not line.texts[0],
        expects_status=line.columns.expects_status, has_merges=line.has_merges,
    )  # fmt: skip
