"""Printed rows → rows of fields: headers found, pages' furniture set aside, each row set straight."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest

from riskdata.errors import LayoutError
from riskdata.exports.align import (
    NEVER,
    SPLIT,
    UNKNOWN,
    Alignment,
    Columns,
    Placed,
    align,
    straight_cost,
)
from riskdata.exports.cells import (
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
from riskdata.exports.layouts import Header, Layout, find_headers, is_header
from riskdata.exports.sources import find_periods
from riskdata.readers.grid import Filled, Grid, fill_merges, vertical_merges
from riskdata.words.language import heading
from riskdata.words.spelling import clean_space, fold
from riskdata.words.vocabulary import Vocabulary

PADDED = 0.1  # share of rows with several cells led by a space: above it, a space means nothing
MARKED_SHARE = 0.5  # of a file's rows with a mark: above it, an activity without is unusual
_FUSED_VALUE = re.compile(r"^\d{1,2}\s+(?=\D)")  # before a decision whose word is not known
LONGEST_ROLE = 4  # words: a longer text in the column of people is no role

_TAILS = (TEXT, SENTENCE, PERSON, PEOPLE)
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
        "hidden_column",
        "hidden_text",
        "bad_byte",
        "quote_kept",
        "footnote",
        "cell_comment",
        "placeholder",
        "icon_read",
        "icon_unread",
        "icon_set",
        "error_cell",
        "formula_without_value",
        "code_as_date",
        "not_looked_at",
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

    def leave(self, row: int, texts: Iterable[str], reason: str) -> None:
        """Note a printed row that could not be placed."""
        self.unread.append((row, join(texts), reason))

    def ask(self, table: str, word: str, row: int) -> None:
        """Note a word that a table of the vocabulary does not know."""
        self.unknown.setdefault(table, {}).setdefault(word, []).append(row)


@dataclass(slots=True)
class Row:
    """One row of data: its number in the file, and each field that is printed: its text, its cell."""

    number: int
    texts: dict[str, str]  # without spaces to spare, and in time mended
    cells: dict[str, str]  # as printed
    indented: bool = False  # whether its first cell is blank
    expects_status: bool = False
    merged: bool = False

    def is_even(self) -> bool:
        """Return whether its cells print no space to spare, and no text of it was mended."""
        return self.texts is self.cells

    def printed(self) -> Iterable[str]:
        """Return what its cells print."""
        return map(clean_space, self.cells.values())


@dataclass(slots=True)
class _Line:
    number: int
    cells: list[str]  # as printed
    texts: list[str]  # and without spaces to spare
    header: Header
    merged: bool  # whether its grid has true merged ranges, which then say what a blank means


def read_rows(
    grids: list[Grid],
    headers: list[dict[int, Header]],
    layout: Layout,
    vocab: Vocabulary,
    notes: Notes,
) -> list[Row]:
    """Return the rows of data of a file's grids, each set straight; the rest goes to ``notes``.

    headers: of each grid, as ``find_headers`` returns them.
    """
    pairs = zip(grids, headers, strict=True)
    lines = [line for grid, found in pairs for line in _lines(grid, found, layout, vocab, notes)]
    even = all(line.cells is line.texts for line in lines)
    sight = Sight(vocab, even=even, traces=_space_is_a_trace(lines))
    kinds = [sight.kinds(line.cells) for line in lines]
    marked = _are_marked(kinds)
    columns = {h: _columns(h.fields, layout, marked) for h in {line.header for line in lines}}
    sight.learn(_find_people(lines, kinds, columns))
    placed = (_place(line, columns[line.header], sight, notes) for line in lines)
    return [row for row in placed if row]


@lru_cache(maxsize=1_000)
def _columns(fields: tuple[str, ...], layout: Layout, marked: bool) -> Columns:
    """Return one object for all rows under the same headers: as such it is known to ``align``."""
    return Columns(fields, layout, marked)


def join(texts: Iterable[str]) -> str:
    """Return the texts of printed cells as one."""
    return " | ".join(filter(None, texts))


def find_titles(grid: Grid, headers: dict[int, Header], vocab: Vocabulary) -> list[str]:
    """Return the lines of a grid that hold one text and are a title.

    Above the first of its headers that is any such line; below it, one that names a period.
    """
    first = min(headers, default=0)
    lines = enumerate(map(_only_text, grid.texts)) if headers else ()
    return [text for n, text in lines if text and (n < first or find_periods(text, vocab))]


def _only_text(texts: list[str]) -> str:
    """Return the one text that a row prints, once or in several cells; "" if it prints more."""
    printed = {*texts}
    printed.discard("")
    return printed.pop() if len(printed) == 1 else ""


def _lines(
    grid: Grid, headers: dict[int, Header], layout: Layout, vocab: Vocabulary, notes: Notes
) -> list[_Line]:
    """Return the lines of a grid's table, with the header that each stands under."""
    for number, rule, text in grid.notes:
        notes.add(number, "", rule, text)
    filled: dict[int, list[Filled]] = {}
    if vertical_merges(grid):
        grid, every = fill_merges(grid)
        for cell in every:
            filled.setdefault(cell.number, []).append(cell)
        if any(is_header(text, vocab) for text in {cell.text for cell in every}):
            headers = find_headers(grid, vocab)
    if not headers:
        _set_aside(grid, notes)
        return []
    merged = bool(vertical_merges(grid, below=min(headers)))
    lines, header = [], None
    for n, (number, cells, texts) in enumerate(
        zip(grid.numbers, grid.rows, grid.texts, strict=True)
    ):
        text = _only_text(texts)
        if not text and not any(texts):
            continue
        if n in headers:
            _note_header(number, headers[n], header, vocab, notes)
            header = headers[n]
        elif header is None:
            _note_above(number, texts, vocab, notes)
        elif text and _is_furniture(text, vocab):
            notes.add(number, "", "page_furniture", join(texts))
        elif text and find_periods(text, vocab):
            notes.add(number, "", "title", text)
        else:
            line = _Line(number, cells, texts, header, merged)
            if merged:
                _keep_merges(line, filled.get(number, []), layout, notes)
            if any(line.texts):  # else it only showed what is merged above it
                lines.append(line)
    return lines


def _set_aside(grid: Grid, notes: Notes) -> None:
    """Account for a grid without headers beside one that has them: a list, a heading, a signature."""
    for number, texts in zip(grid.numbers, grid.texts, strict=True):
        if _only_text(texts):
            notes.add(number, "", "outside_table", join(texts))
        elif any(texts):
            notes.leave(number, texts, "tabellen har ingen känd rubrikrad")


def _keep_merges(line: _Line, filled: list[Filled], layout: Layout, notes: Notes) -> None:
    """Keep what true merges say of a line's groups, and of its risk if it prints anything of one.

    A line under a merged risk that only prints a measure goes on with that risk: were the merged
    cells filled, it would be a second one.
    """
    fields = line.header.fields
    names = [fields[c.column] if c.column < len(fields) else "" for c in filled]
    begins = layout.fill_down.keys() >= set(names) or _begins_risk(line, filled, layout)
    for cell, name in zip(filled, names, strict=True):
        if begins or name in layout.fill_down:
            proof = f"rad {cell.from_number}"
            notes.add(cell.number, name, "merged_range", "", line.texts[cell.column], proof)
        else:
            line.cells[cell.column] = line.texts[cell.column] = ""


def _begins_risk(line: _Line, filled: list[Filled], layout: Layout) -> bool:
    """Return whether a line prints anything of a risk itself."""
    at = {cell.column for cell in filled}
    own = zip(line.header.fields, line.texts, strict=False)
    return any(t and n not in at and name in layout.starts_risk for n, (name, t) in enumerate(own))


def _note_header(
    number: int, found: Header, last: Header | None, vocab: Vocabulary, notes: Notes
) -> None:
    notes.add(
        number,
        "",
        "header" if last is None else "page_header",
        join(map(clean_space, found.printed)),
    )
    if last is not None and last.printed == found.printed:
        return
    for code, printed in zip(found.fields, found.printed, strict=True):
        if fold(printed) in vocab.misspelt_headers and code in vocab.words["headers"]:
            right = vocab.words["headers"][code][0]
            notes.add(number, code, "header_spelling", clean_space(printed), right)


def _note_above(number: int, texts: list[str], vocab: Vocabulary, notes: Notes) -> None:
    if _only_text(texts):
        notes.add(number, "", "title", join(texts))
    elif any(fold(text) in vocab.headers for text in texts):  # the upper of two rows of headers
        notes.add(number, "", "header", join(texts))
    else:
        notes.leave(number, texts, "raden står ovanför den första rubrikraden")


@lru_cache
def _furniture(patterns: tuple[str, ...]) -> re.Pattern:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)


def _is_furniture(text: str, vocab: Vocabulary) -> bool:
    patterns = _furniture(tuple(vocab.words["page"]["furniture"]))
    return patterns.fullmatch(text) is not None


def _space_is_a_trace(lines: list[_Line]) -> bool:
    """Return whether a leading space tells a lost mark: not where several cells of a row have one."""
    uneven = [line.cells for line in lines if line.cells != line.texts]
    led = [sum(c[:1].isspace() and not c.isspace() for c in cells) for cells in uneven]
    return sum(spaces > 1 for spaces in led) <= PADDED * len(lines)


def _are_marked(rows: list[tuple[str, ...]]) -> bool:
    """Return whether most rows have a marked cell, wherever in the row it stands."""
    marked = {MARKED, SPACED, STATUS}
    return sum(not marked.isdisjoint(kinds) for kinds in rows) > MARKED_SHARE * len(rows)


def _find_people(
    lines: list[_Line], rows: list[tuple[str, ...]], columns: dict[Header, Columns]
) -> dict[str, int]:
    """Return who stands as responsible on the rows that stand straight, and where first."""
    people: dict[str, int] = {}
    for line, kinds in zip(lines, rows, strict=True):
        fields = line.header.fields
        if "responsible" not in fields or straight_cost(kinds, columns[line.header]) > SPLIT:
            continue
        at = fields.index("responsible")
        if at < len(kinds) and kinds[at] in (PERSON, TEXT):
            for person in read_people(line.texts[at]):
                if len(person.split()) <= LONGEST_ROLE:
                    people.setdefault(fold(person), line.number)
    return people


def _place(line: _Line, columns: Columns, sight: Sight, notes: Notes) -> Row | None:
    kinds = sight.kinds(line.cells)
    as_it_stands = straight_cost(kinds, columns)
    if as_it_stands <= SPLIT or _is_tail(kinds, columns):
        return _row(line, line.texts, line.cells, notes)
    found = align(sight.forms(line.texts, kinds), columns)
    if found.cost >= as_it_stands and as_it_stands < UNKNOWN:
        return _row(line, line.texts, line.cells, notes)
    if found.cost >= UNKNOWN:
        return _ask_or_leave(line, found, columns, notes)
    if found.ambiguous:
        notes.leave(line.number, line.texts, "cellerna kan höra till flera kolumner")
        return None
    return _set_straight(line, found, sight, notes)


def _is_tail(kinds: tuple[str, ...], columns: Columns) -> bool:
    """Return whether a row has nothing but the tail of long cells, which need no anchor."""
    for name, kind in zip_longest(columns.fields, kinds, fillvalue=BLANK):
        if kind != BLANK and not (name in CONTINUED and kind in _TAILS):
            return False
    return True


def _ask_or_leave(line: _Line, found: Alignment, columns: Columns, notes: Notes) -> None:
    """Ask about cells that would fit but for an unknown word; leave a row that fits nowhere."""
    misfits = [
        (columns.fields[p.column], line.texts[p.cell])
        for p in found.placed
        if found.cost < NEVER
        and sum(columns.fit(k, p.column + n) for n, k in enumerate(p.form)) >= UNKNOWN
    ]
    if not misfits or len(misfits) > 3 or len(found.placed) <= 2 * len(misfits):
        notes.leave(line.number, line.texts, "cellerna passar inte i kolumnerna")
    else:
        for name, word in misfits:
            notes.ask(name, _FUSED_VALUE.sub("", word), line.number)


def _set_straight(line: _Line, found: Alignment, sight: Sight, notes: Notes) -> Row:
    texts = _laid_out(line.texts, line, found, sight)
    cells = texts if line.cells is line.texts else _laid_out(line.cells, line, found, sight)
    row = _row(line, texts, cells, notes)
    for placed in found.fused:
        _note_split(line, placed, texts, notes)
    if found.moved:
        _note_moves(line, found, sight, notes)
    return row


def _laid_out(cells: list[str], line: _Line, found: Alignment, sight: Sight) -> list[str]:
    """Return a line's cells, or its texts, each in its column, and the pieces of the fused in theirs."""
    laid_out = [""] * len(line.header.fields)
    for column, cell in found.whole:
        laid_out[column] = cells[cell]
    for placed in found.fused:
        pieces = [text for _, text in sight.split(line.texts[placed.cell])]
        laid_out[placed.column : placed.column + len(pieces)] = pieces
    return laid_out


def _note_split(line: _Line, placed: Placed, texts: list[str], notes: Notes) -> None:
    columns = slice(placed.column, placed.column + len(placed.form))
    names = line.header.fields[columns]
    rule = "value_split" if "risk_value" in names else "cell_split"
    first = "risk_value" if rule == "value_split" else names[0]
    notes.add(line.number, first, rule, line.texts[placed.cell], " | ".join(texts[columns]))


def _note_moves(line: _Line, found: Alignment, sight: Sight, notes: Notes) -> None:
    """Note the run of cells that moved further than the splits before them explain."""
    names = [line.header.fields[placed.column] for placed, _ in found.moved]
    if names == ["responsible"]:
        _note_name(line, *found.moved[0], sight, notes)
        return
    labels = map(heading, names)
    before = join(line.texts[placed.cell] for placed, _ in found.moved)
    after = ", ".join(
        f"{label} {offset:+d}" for label, (_, offset) in zip(labels, found.moved, strict=True)
    )
    notes.add(line.number, names[0], "row_shifted", before, after)


def _note_name(line: _Line, placed: Placed, offset: int, sight: Sight, notes: Notes) -> None:
    name = line.texts[placed.cell]
    rows = sorted({sight.people[fold(p)] for p in read_people(name) if fold(p) in sight.people})
    proof = f"ansvarig även på rad {', '.join(map(str, rows))}" if rows else ""
    at, fields = placed.column - offset, line.header.fields
    beside = at >= len(fields)  # the name stood to the right of the table
    stood = f"kolumn {at + 1}" if beside else heading(fields[at])
    notes.add(line.number, "responsible", "name_moved", f"{stood}: {name}", name, proof)


def _row(line: _Line, texts: list[str], cells: list[str], notes: Notes) -> Row:
    """Return the row, given what stands in each column; what stands in unknown columns is noted."""
    header = line.header
    printed = {name: text for name, text in zip(header.fields, texts, strict=False) if text}
    for n, column in header.extra.items():
        if column in printed:
            name = clean_space(header.printed[n]) or f"kolumn {n + 1}"
            notes.add(line.number, name, "extra_column", printed.pop(column))
    as_printed = printed
    if cells is not texts:
        as_printed = dict(zip(header.fields, cells, strict=False))
        as_printed = {name: as_printed[name] for name in printed}
    indented = not line.texts[0]
    return Row(line.number, printed, as_printed, indented, header.expects_status, line.merged)


def check_some(rows: list[Row], notes: Notes) -> None:
    """Stop when not one row of a file could be placed: its columns are then not what they say."""
    if not rows and notes.unread and not notes.unknown:
        number, text, reason = notes.unread[-1]
        raise LayoutError(
            f"ingen av tabellens rader gick att placera under rubrikerna (rad {number}: {reason}: "
            f"”{text[:120]}”). Jämför raderna med rubrikraden i filen och exportera på nytt."
        )
