"""Rows of several kinds under one heading, as "Risk: …" and "Åtgärd: …": a column for each kind."""

from collections.abc import Iterator
from dataclasses import replace

from riskdata.shapes.cards import GROUPS, KINDS, LABEL_ENDS, SCORED, read_label
from riskdata.shapes.headings import Known, known, without_number
from riskdata.shapes.table import Given, Line, Table
from riskdata.words.language import heading as word
from riskdata.words.spelling import clean_space, join
from riskdata.words.vocabulary import Vocabulary

NEARLY_ALL = 0.9  # of a table's lines: so many have a kind where they are of several
FEW = 8  # different words for kinds of rows
FEWEST = 2  # lines of a kind that only what they fill tells
LONGEST = 3  # words of the name of a kind
JUDGED, MEASURED = (*SCORED, "decision"), ("status", "due_date")

Told = list[tuple[str, str]]  # of each line its kind, a field or "", and its text


def by_kind(table: Table, vocab: Vocabulary) -> Table:
    """Return a table whose rows are of several kinds with a column for each; any other as it is.

    What a row is says a column of kinds, a label before its text, or (a question on every such
    row) that risks fill the judgements and measures status and due date. A column of parents'
    numbers puts each row under its parent.
    """
    words = known(vocab)
    table = _without_labels(table, words)
    fields = [heading.field if heading.sure else "" for heading in words.row([*table.header])]
    if not table.lines or {"event", "activity"} <= {*fields}:
        return table
    ordered = _under_parents(table)
    for at, told, column in _readings(ordered, fields, words):
        return _unfolded(ordered, at, told, column)
    return table


def _without_labels(table: Table, words: Known) -> Table:
    """Return a table without the label before every text of a column, "Risk 1 – …": it is a heading."""
    for n in range(len(table.header)):
        cells = table.column(n)
        field = read_label(cells[0], words)[0] if len(cells) >= FEWEST else ""
        parts = [read_label(cell, words) for cell in cells] if field else []
        if not field or any(other != field for other, _ in parts):
            continue
        fields = [heading.full for heading in words.row([*table.header])]
        if field in fields and fields.index(field) != n:
            continue
        label = without_number(LABEL_ENDS.split(cells[0])[0])
        lines = [
            replace(line, cells=[*line.cells[:n], text, *line.cells[n + 1 :]])
            for line, (_, text) in zip(table.lines, parts, strict=True)
        ]
        aside = [(line.number, "cell_split", cell) for line, cell in zip(lines, cells, strict=True)]
        header = (*table.header[:n], label, *table.header[n + 1 :])
        table = replace(table, header=header, lines=lines, aside=[*table.aside, *aside])
    return table


def _readings(table: Table, fields: list[str], words: Known) -> Iterator[tuple[int, Told, int]]:
    """Yield how the lines' kinds are told: the column of their texts, the kinds, the column of these."""
    columns = [table.column(n) for n in range(len(fields))]
    filled = [n for n, cells in enumerate(columns) if sum(map(bool, cells)) >= _most(table)]
    for n in filled:
        kinds = _kinds(columns[n], words)
        texts = [m for m in filled if m != n and fields[m] not in (*JUDGED, *MEASURED)]
        if not texts or "event" not in kinds:
            continue
        at = max(texts, key=lambda m: sum(map(len, columns[m])))
        if {*kinds} & {*KINDS} > {"event"} and sum(map(bool, kinds)) >= _most(table):
            yield at, [*zip(kinds, columns[at], strict=True)], n
        elif not fields[n]:
            _ask_about_kinds(table, columns[n], kinds)
    for n in filled:
        told = [read_label(cell, words) for cell in columns[n]]
        kinds = [kind for kind, _ in told]
        if {*kinds} > {"event"} and sum(map(bool, kinds)) >= _most(table):
            yield n, told, n
    texts = [n for n in filled if fields[n] in ("", "event")]
    if texts and (told := _by_filling(columns, fields)):
        at = max(texts, key=lambda m: sum(map(len, columns[m])))
        for line, kind, text in zip(table.lines, told, columns[at], strict=True):
            if kind != "event":
                said = f"”{text}”: raden är läst som {word(kind)} av det som är ifyllt"
                table.doubts.append((line.number, kind, text, said))
        yield at, [*zip(told, columns[at], strict=True)], at


def _most(table: Table) -> float:
    return NEARLY_ALL * len(table.lines)


def _kinds(cells: list[str], words: Known) -> list[str]:
    """Return the kind that each cell of a column names, all "" where these are no such words."""
    named = {cell: words.label(cell) for cell in {*cells} if len(cell.split()) <= LONGEST}
    if len({*cells}) > FEW or not any(h.sure and h.field == "event" for h in named.values()):
        return [""] * len(cells)
    return [named[c].full if c in named and named[c].full in KINDS else "" for c in cells]


def _ask_about_kinds(table: Table, cells: list[str], kinds: list[str]) -> None:
    """Ask about the rows that a column says are something else than a risk."""
    for line, cell, kind in zip(table.lines, cells, kinds, strict=True):
        if cell and kind != "event":
            said = f"”{cell}”: raden är kanske ingen risk"
            table.doubts.append((line.number, "event", cell, said))


def _by_filling(columns: list[list[str]], fields: list[str]) -> list[str]:
    """Return the kinds of lines of which some fill only judgements, others only status and due date."""
    told = []
    for row in zip(*columns, strict=True):
        filled = {field for field, text in zip(fields, row, strict=True) if field and text}
        judged, measured = not filled.isdisjoint(JUDGED), not filled.isdisjoint(MEASURED)
        if judged and measured:
            return []
        told.append("event" if judged else "activity" if measured else "process")
    first = next((kind for kind in told if kind != "process"), "")
    enough = min(told.count("event"), told.count("activity")) >= FEWEST
    return told if enough and first == "event" else []


def _under_parents(table: Table) -> Table:
    """Return a table with each line under the one whose number its column of parents names."""
    columns = [table.column(n) for n in range(len(table.header))]
    numbers = [cells for cells in columns if all(cells) and len({*cells}) == len(cells)]
    for own in numbers:
        for parents in columns:
            named = {*parents} - {""}
            if parents is own or not named or not named < {*own} or len(named) == len(own):
                continue
            if sum(map(bool, parents)) * 2 < len(own) or all(parents):
                continue
            below: dict[str, list[int]] = {}
            for n, parent in enumerate(parents):
                below.setdefault(parent, []).append(n)
            order, waiting = [], below.get("", [])[::-1]
            while waiting:
                order.append(n := waiting.pop())
                waiting += below.get(own[n], [])[::-1]
            if len(order) == len(own):
                return replace(table, lines=[table.lines[n] for n in order])
    return table


def _unfolded(table: Table, at: int, told: Told, column: int) -> Table:
    """Return a table with the texts of its lines in a column of their kind; groups go to those below."""
    order = [*dict.fromkeys(kind for kind, _ in told if kind in GROUPS)]
    made = replace(table, lines=[], aside=[*table.aside], doubts=[*table.doubts])
    made.header = (*table.header[:at], "Risk", *table.header[at + 1 :], "Åtgärd")
    given: dict[str, Given] = {}
    below_risk = False
    for line, (kind, text) in zip(table.lines, told, strict=True):
        cells = [*line.cells, *[""] * (len(made.header) - len(line.cells))]
        printed = join(map(clean_space, line.cells))
        if kind in GROUPS:
            outer = order[: order.index(kind)]
            given = {name: given[name] for name in outer if name in given}
            given[kind] = Given(text, line.number, "heading")
        if kind not in ("event", "activity"):
            made.aside.append((line.number, "heading" if kind else "set_aside", printed))
            below_risk = False
            continue
        if kind == "activity" and not below_risk:
            said = f"”{text}”: åtgärden står inte under någon risk"
            made.doubts.append((line.number, "activity", text, said))
        below_risk |= kind == "event"
        if column != at or text != clean_space(cells[at]):
            made.aside.append((line.number, "columns_told", clean_space(cells[column])))
        cells[column] = cells[at] = ""
        cells[at if kind == "event" else -1] = text
        is_risk = "risk" if kind == "event" else ""
        made.lines.append(Line(line.number, cells, line.given | given, kind=is_risk))
    if column != at:
        made.header = (*made.header[:column], "", *made.header[column + 1 :])
    return made
