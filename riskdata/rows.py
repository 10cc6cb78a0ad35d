"""Printed rows → rows of fields: headers found, pages' furniture set aside, each row set straight."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from riskdata.align import NEVER, SPLIT, UNKNOWN, Alignment, Columns, Placed, align, straight_cost
from riskdata.cells import (
    BLANK,
    MARKED,
    PEOPLE,
    PERSON,
    SENTENCE,
    SPACED,
    STATUS,
    TEXT,
    Sight,
    read_people,
)
from riskdata.errors import LayoutError
from riskdata.grid import Grid
from riskdata.layouts import Header, Layout, find_header
from riskdata.merges import Filled, fill_merges, vertical_merges
from riskdata.titles import find_periods
from riskdata.vocabulary import Vocabulary, clean_space, fold

PADDED = 0.1  # share of rows with several cells led by a space: above it, a space means nothing
MARKED_SHARE = 0.5  # of a file's rows with a mark: above it, an activity without is unusual
_FUSED_VALUE = re.compile(r"^\d{1,2}\s+(?=\D)")  # before a decision whose word is not known
LONGEST_ROLE = 4  # words: a longer text in the column of people is no role

CONTINUED = frozenset({"comment", "description", "responsible"})  # fields whose cells run on
NO_MENDING = frozenset(
    {
        "title",
        "header",
        "page_header",
        "page_furniture",
        "outside_table",
        "extra_column",
        "cell_kept",
        "hidden_row",
        "hidden_sheet",
        "struck_through",
        "deleted_row",
    }  # fmt: skip
)


@dataclass
class Notes:
    """What was done to the printed cells of one file, and what could not be placed."""

    account: list[tuple] = field(default_factory=list)
    unread: list[tuple] = field(default_factory=list)
    unknown: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    def add(
        self, row: int, column: str, rule: str, before: str, after: str = "", proof: str = ""
    ) -> None:
        """Note one thing done to a printed cell."""
        self.account.append((row, column, rule, before, after, proof))

    def leave(self, row: int, cells: list[str], reason: str) -> None:
        """Note a printed row that could not be placed."""
        self.unread.append((row, join(cells), reason))

    def ask(self, table: str, word: str, row: int) -> None:
        """Note a word that a table of the vocabulary does not know."""
        self.unknown.setdefault(table, {}).setdefault(word, []).append(row)


@dataclass
class Row:
    """One row of data: its number in the file, and the printed text of each field that has any."""

    number: int
    cells: dict[str, str]
    indented: bool = False  # whether its first cell is blank
    expects_status: bool = False
    merged: bool = False


@dataclass
class _Line:
    number: int
    cells: list[str]
    columns: Columns
    header: Header
    merged: bool  # whether its grid has true merged ranges, which then say what a blank means


def read_rows(grids: list[Grid], layout: Layout, vocab: Vocabulary, notes: Notes) -> list[Row]:
    """Return the rows of data of a file's grids, each set straight; the rest goes to ``notes``."""
    lines = [line for grid in grids for line in _lines(grid, layout, vocab, notes)]
    sight = Sight(vocab, {}, _space_is_a_trace(lines))
    kinds = [sight.kinds(line.cells) for line in lines]
    marked = _are_marked(kinds)
    for line in lines:
        line.columns = _columns(line.columns.fields, layout, marked)
    sight = sight.with_people(_find_people(lines, kinds))
    return [row for line in lines if (row := _place(line, sight, notes))]


@lru_cache(maxsize=1_000)
def _columns(fields: tuple[str, ...], layout: Layout, marked: bool) -> Columns:
    """Return one object for all rows under the same headers: as such it is known to ``align``."""
    return Columns(fields, layout, marked)


def join(cells: list[str]) -> str:
    """Return printed cells as one text."""
    return " | ".join(text for text in map(clean_space, cells) if text)


def find_titles(grids: list[Grid], vocab: Vocabulary) -> list[str]:
    """Return the lines that hold one text and are a title.

    Above a grid's first header that is any such line; below it, one that names a period.
    """
    titles = []
    for grid in grids:
        first = _first_header(grid, vocab)
        for n, cells in enumerate(grid.rows if first is not None else ()):
            text = _only_text(cells)
            if text and (n < first or find_periods(text, vocab)):
                titles.append(text)
    return titles


def _only_text(cells: list[str]) -> str:
    """Return the one text that a row prints, once or in several cells; "" if it prints more."""
    texts = {*map(clean_space, cells)} - {""}
    return texts.pop() if len(texts) == 1 else ""


def _lines(grid: Grid, layout: Layout, vocab: Vocabulary, notes: Notes) -> list[_Line]:
    """Return the lines of a grid's table, with the header that each stands under."""
    for number, rule, text in grid.notes:
        notes.add(number, "", rule, text)
    grid, every = fill_merges(grid)
    first = _first_header(grid, vocab)
    if first is None:
        _set_aside(grid, notes)
        return []
    merged = bool(vertical_merges(grid, below=first))
    filled: dict[int, list[Filled]] = {}
    for cell in every:
        filled.setdefault(cell.number, []).append(cell)
    lines, header = [], None
    for number, cells in zip(grid.numbers, grid.rows, strict=True):
        if not any(map(clean_space, cells)):
            continue
        found = find_header(cells, vocab)
        if found:
            _note_header(number, found, header, vocab, notes)
            header = found
        elif header is None:
            _note_above(number, cells, vocab, notes)
        elif (text := _only_text(cells)) and _is_furniture(text, vocab):
            notes.add(number, "", "page_furniture", join(cells))
        elif text and find_periods(text, vocab):
            notes.add(number, "", "title", text)
        else:
            columns = _columns(header.fields, layout, False)
            line = _Line(number, cells, columns, header, merged)
            if merged:
                _keep_merges(line, filled.get(number, []), notes)
            if any(map(clean_space, line.cells)):  # else it only showed what is merged above it
                lines.append(line)
    return lines


def _first_header(grid: Grid, vocab: Vocabulary) -> int | None:
    """Return the position of a grid's first row of headers."""
    return next((n for n, cells in enumerate(grid.rows) if find_header(cells, vocab)), None)


def _set_aside(grid: Grid, notes: Notes) -> None:
    """Account for a grid without headers beside one that has them: a list, a heading, a signature."""
    for number, cells in zip(grid.numbers, grid.rows, strict=True):
        if _only_text(cells):
            notes.add(number, "", "outside_table", join(cells))
        elif join(cells):
            notes.leave(number, cells, "tabellen har ingen känd rubrikrad")


def _keep_merges(line: _Line, filled: list[Filled], notes: Notes) -> None:
    """Keep what true merges say of a line's groups, and of its risk if it prints anything of one.

    A line under a merged risk that only prints a measure goes on with that risk: were the merged
    cells filled, it would be a second one.
    """
    fields, layout = line.columns.fields, line.columns.layout
    at = {f.column for f in filled}
    own = {fields[n] for n, cell in enumerate(line.cells[: len(fields)]) if cell and n not in at}
    begins = not layout.starts_risk.isdisjoint(own)
    for cell in filled:
        name = fields[cell.column] if cell.column < len(fields) else ""
        if begins or name in layout.fill_down:
            proof = f"rad {cell.from_number}"
            notes.add(cell.number, name, "merged_range", "", clean_space(cell.text), proof)
        else:
            line.cells[cell.column] = ""


def _note_header(
    number: int, found: Header, last: Header | None, vocab: Vocabulary, notes: Notes
) -> None:
    notes.add(number, "", "header" if last is None else "page_header", join(list(found.printed)))
    if last is not None and last.printed == found.printed:
        return
    for code, printed in zip(found.fields, found.printed, strict=True):
        if fold(printed) in vocab.misspelt_headers and code in vocab.words["headers"]:
            right = vocab.words["headers"][code][0]
            notes.add(number, code, "header_spelling", clean_space(printed), right)


def _note_above(number: int, cells: list[str], vocab: Vocabulary, notes: Notes) -> None:
    if _only_text(cells):
        notes.add(number, "", "title", join(cells))
    elif any(fold(cell) in vocab.headers for cell in cells):  # the upper of two rows of headers
        notes.add(number, "", "header", join(cells))
    else:
        notes.leave(number, cells, "raden står ovanför den första rubrikraden")


@lru_cache
def _furniture(patterns: tuple[str, ...]) -> re.Pattern:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)


def _is_furniture(text: str, vocab: Vocabulary) -> bool:
    patterns = _furniture(tuple(vocab.words["page"]["furniture"]))
    return patterns.fullmatch(text) is not None


def _space_is_a_trace(lines: list[_Line]) -> bool:
    """Return whether a leading space tells a lost mark: not where several cells of a row have one."""
    uneven = [line.cells for line in lines if line.cells != list(map(clean_space, line.cells))]
    led = [sum(c[:1].isspace() and not c.isspace() for c in cells) for cells in uneven]
    return sum(spaces > 1 for spaces in led) <= PADDED * len(lines)


def _are_marked(rows: list[tuple[str, ...]]) -> bool:
    """Return whether most rows have a marked cell, wherever in the row it stands."""
    marked = {MARKED, SPACED, STATUS}
    return sum(not marked.isdisjoint(kinds) for kinds in rows) > MARKED_SHARE * len(rows)


def _find_people(lines: list[_Line], rows: list[tuple[str, ...]]) -> dict[str, int]:
    """Return who stands as responsible on the rows that stand straight, and where first."""
    people: dict[str, int] = {}
    for line, kinds in zip(lines, rows, strict=True):
        if "responsible" not in line.columns.fields or straight_cost(kinds, line.columns) > SPLIT:
            continue
        at = line.columns.fields.index("responsible")
        if at < len(kinds) and kinds[at] in (PERSON, TEXT):
            for person in read_people(line.cells[at]):
                if len(person.split()) <= LONGEST_ROLE:
                    people.setdefault(fold(person), line.number)
    return people


def _place(line: _Line, sight: Sight, notes: Notes) -> Row | None:
    kinds = sight.kinds(line.cells)
    as_it_stands = straight_cost(kinds, line.columns)
    if as_it_stands <= SPLIT or _is_tail(kinds, line.columns):
        return _row(line, dict(enumerate(line.cells)), notes)
    found = align(sight.forms(line.cells, kinds), line.columns)
    if found.cost >= as_it_stands and as_it_stands < UNKNOWN:
        return _row(line, dict(enumerate(line.cells)), notes)
    if found.cost >= UNKNOWN:
        return _ask_or_leave(line, found, notes)
    if found.ambiguous:
        notes.leave(line.number, line.cells, "cellerna kan höra till flera kolumner")
        return None
    return _set_straight(line, found, sight, notes)


def _is_tail(kinds: tuple[str, ...], columns: Columns) -> bool:
    """Return whether a row has nothing but the tail of long cells, which need no anchor."""
    printed = [n for n, kind in enumerate(kinds) if kind != BLANK]
    return printed[-1] < len(columns.fields) and all(
        columns.fields[n] in CONTINUED and kinds[n] in (TEXT, SENTENCE, PERSON, PEOPLE)
        for n in printed
    )


def _ask_or_leave(line: _Line, found: Alignment, notes: Notes) -> None:
    """Ask about cells that would fit but for an unknown word; leave a row that fits nowhere."""
    misfits = [
        (line.columns.fields[p.column], clean_space(line.cells[p.cell]))
        for p in found.placed
        if found.cost < NEVER
        and sum(line.columns.fit(k, p.column + n) for n, k in enumerate(p.form)) >= UNKNOWN
    ]
    if not misfits or len(misfits) > 3 or len(found.placed) <= 2 * len(misfits):
        notes.leave(line.number, line.cells, "cellerna passar inte i kolumnerna")
    else:
        for name, word in misfits:
            notes.ask(name, _FUSED_VALUE.sub("", word), line.number)


def _set_straight(line: _Line, found: Alignment, sight: Sight, notes: Notes) -> Row:
    cells = [""] * len(line.columns.fields)
    for placed in found.placed:
        cells[placed.column] = line.cells[placed.cell]
    for placed in found.fused:
        pieces = [text for _, text in sight.split(line.cells[placed.cell])]
        cells[placed.column : placed.column + len(pieces)] = pieces
    row = _row(line, dict(enumerate(cells)), notes)
    for placed in found.fused:
        _note_split(line, placed, cells, notes)
    _note_moves(line, found, sight, notes)
    return row


def _note_split(line: _Line, placed: Placed, texts: list[str], notes: Notes) -> None:
    columns = range(placed.column, placed.column + len(placed.form))
    names = [line.columns.fields[n] for n in columns]
    rule = "value_split" if "risk_value" in names else "cell_split"
    first = "risk_value" if rule == "value_split" else names[0]
    after = " | ".join(texts[n] for n in columns)
    notes.add(line.number, first, rule, clean_space(line.cells[placed.cell]), after)


def _note_moves(line: _Line, found: Alignment, sight: Sight, notes: Notes) -> None:
    """Note the run of cells that moved further than the splits before them explain."""
    names = [line.columns.fields[placed.column] for placed, _ in found.moved]
    if names == ["responsible"]:
        _note_name(line, *found.moved[0], sight, notes)
    elif names:
        labels = map(sight.vocab.label, names)
        before = join([line.cells[placed.cell] for placed, _ in found.moved])
        after = ", ".join(
            f"{label} {offset:+d}" for label, (_, offset) in zip(labels, found.moved, strict=True)
        )
        notes.add(line.number, names[0], "row_shifted", before, after)


def _note_name(line: _Line, placed: Placed, offset: int, sight: Sight, notes: Notes) -> None:
    name = clean_space(line.cells[placed.cell])
    rows = sorted({sight.people[fold(p)] for p in read_people(name) if fold(p) in sight.people})
    proof = f"ansvarig även på rad {', '.join(map(str, rows))}" if rows else ""
    at = placed.column - offset
    beside = at >= len(line.columns.fields)  # the name stood to the right of the table
    stood = f"kolumn {at + 1}" if beside else sight.vocab.label(line.columns.fields[at])
    notes.add(line.number, "responsible", "name_moved", f"{stood}: {name}", name, proof)


def _row(line: _Line, texts: dict[int, str], notes: Notes) -> Row:
    """Return the row, given the text in each column; what stands in unknown columns is noted."""
    fields = line.columns.fields
    cells = {fields[n]: text for n, text in texts.items() if text and clean_space(text)}
    for n, column in line.header.extra.items():
        if column in cells:
            name = clean_space(line.header.printed[n]) or f"kolumn {n + 1}"
            notes.add(line.number, name, "extra_column", clean_space(cells.pop(column)))
    indented = not clean_space(line.cells[0])
    return Row(line.number, cells, indented, line.header.expects_status, line.merged)


def check_some(rows: list[Row], notes: Notes) -> None:
    """Stop when not one row of a file could be placed: its columns are then not what they say."""
    if not rows and notes.unread and not notes.unknown:
        number, text, reason = notes.unread[-1]
        raise LayoutError(
            f"ingen av tabellens rader gick att placera under rubrikerna (rad {number}: {reason}: "
            f"”{text[:120]}”). Jämför raderna med rubrikraden i filen och exportera på nytt."
        )
