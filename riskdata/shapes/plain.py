"""Tables made plain: turned upright, parted by spaces or side by side, each kind of row in its column."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, zip_longest

from riskdata.readers.grid import Grid
from riskdata.shapes.cards import GROUPS, KINDS, LABEL_ENDS, SCORED, labelled, read_label
from riskdata.shapes.headings import Heading, Known, Layout, known, layouts, without_number
from riskdata.shapes.table import Given, Line, Notes, Table
from riskdata.words.language import heading as word
from riskdata.words.spelling import any_of, clean_space, fold, join
from riskdata.words.vocabulary import AXES, Vocabulary

FEWEST = 3  # known headings that prove how a grid is to be read
FEWEST_ROWS = 2  # below headings that stand below each other
KNOWN_SHARE = 0.5  # of the texts of a row, or column, of headings
_MEANS = re.compile(r"[^=:]{1,12}?\s*[=:]\s*[^\W\d].*")  # UA = utan avvikelse
_RUNNING = re.compile(r"(?:^\s*|(?<=[\w)]) )(?P<label>[A-ZÅÄÖ][^\W\d]+(?: [a-zåäö]+){0,2}):(?=\s)")


def upright(grids: list[Grid], vocab: Vocabulary) -> list[Grid]:
    """Return the grids with those turned whose headings stand below each other.

    Then each column is a risk, and a row is numbered as the column is printed, from 1; or each cell
    is a line, and a row is numbered as its first line.
    """
    return [_upright(grid, known(vocab)) for grid in grids]


def _upright(grid: Grid, words: Known) -> Grid:
    rows = [texts for texts in grid.texts if any(texts)]
    if grid.merges or any(len(_told(row, words)) > 1 for row in rows):
        return grid
    if all(len(row) == 1 for row in rows):
        return _unlisted(grid, words)
    above = next((n for n, texts in enumerate(grid.texts) if sum(map(bool, texts)) > 1), 0)
    rows = [texts for texts in grid.texts[above:] if any(texts)]
    first = [texts[0] for texts in rows]
    if len({*map(len, rows)}) > 1 or len(rows[0]) < 3 or not _are_headings(first, words):
        return grid
    fields = [heading.field for heading in words.row(first)]
    scores = [row[1:] for row, field in zip(rows, fields, strict=True) if field in SCORED]
    if "event" not in fields or not all(
        any(map(str.isdigit, c)) for row in scores for c in row if c
    ):
        return grid  # a list of words that are explained
    turned = [[*column] for column in zip_longest(*grid.rows[above:], fillvalue="")]
    note = (0, "transposed", " | ".join(first))
    numbers = [*grid.numbers[:above], *range(1, len(turned) + 1)]
    return Grid([*grid.rows[:above], *turned], numbers, grid.name, notes=(*grid.notes, note))


def _unlisted(grid: Grid, words: Known) -> Grid:
    """Return a grid of one cell a line, its headings below each other first, as rows of so many cells.

    Every score stands in its column; lines above the headings and below the last row stay lines. A
    heading that no word tells, as "Nr", may stand first.
    """
    lines = [*zip(grid.numbers, grid.rows, map(join, grid.texts), strict=True)]
    filled = [line for line in lines if line[2]]
    told = (labelled(text) or ("", "") for *_, text in filled)
    if sum(words.label(label).sure for label, _ in told if label) >= FEWEST:  # cards
        return grid
    for some, first in (
        (filled, 0),
        (filled, 1),
        (lines, 0),
        (lines, 1),
    ):  # a blank line is a cell, or none
        headings = [words.read(text) for *_, text in some]
        top = next((n for n, _ in enumerate(some) if _run(headings, n) >= FEWEST), None)
        if top is None or top < first:
            continue
        end, top = top + _run(headings, top), top - first
        width, scores = end - top, [n for n, h in enumerate(headings[top:end]) if h.full in SCORED]
        rows = [some[n : n + width] for n in range(end, len(some) - width + 1, width)]
        typed = [all(row[n][2][:1].isdigit() or not row[n][2] for n in scores) for row in rows]
        count = (*typed, False).index(False)
        if count < FEWEST_ROWS or not scores and len(some) - end != count * width:
            continue
        table = [some[top:end], *rows[:count]]
        above, below = some[:top], some[end + count * width :]
        note = (0, "transposed", join(text for *_, text in table[0]))
        return Grid(
            [*(r for _, r, _ in above), *([t for *_, t in row] for row in table), *(r for _, r, _ in below)],
            [n for n, *_ in (*above, *(row[0] for row in table), *below)],
            grid.name, notes=(*grid.notes, note),
        )  # fmt: skip
    return grid


def _run(headings: list[Heading], n: int) -> int:
    """Return how many headings stand one after the other from a line on, all of different fields."""
    fields: list[str] = []
    for heading in headings[n:]:
        if not heading.sure or heading.full in fields:
            break
        fields.append(heading.full)
    return len(fields)


def plain(grid: Grid, vocab: Vocabulary) -> list[Grid]:
    """Return a grid as plain tables: one, or several that stand side by side."""
    words, grid = known(vocab), _with_cells(grid)
    return _beside(_aligned(_parted(grid, words), words), words)


def _with_cells(grid: Grid) -> Grid:
    """Return a grid with rows parted that hold all of their cells in the first: "Brand;3;4;12"."""
    width = max(map(len, grid.rows), default=0)
    rows = {}
    for n, texts in enumerate(grid.texts if width > FEWEST else ()):
        if texts and texts[0] and not any(texts[1:]):
            delimiter = next((d for d in ";\t|" if texts[0].count(d) == width - 1), "")
            rows |= {n: grid.rows[n][0].split(delimiter)} if delimiter else {}
    if not rows:
        return grid
    notes = tuple((grid.numbers[n], "columns_told", grid.texts[n][0]) for n in rows)
    cells = [rows.get(n, row) for n, row in enumerate(grid.rows)]
    return replace(grid, rows=cells, notes=(*grid.notes, *notes))


def _parted(grid: Grid, words: Known) -> Grid:
    """Return a grid of lines with those parted in which labels run on: "Process: Lås Risk: Brand"."""
    if any(len(row) > 1 for row in grid.rows):
        return grid
    lines = [
        (number, part)
        for number, row in zip(grid.numbers, grid.rows, strict=True)
        for part in _running_labels("".join(row), words)
    ]
    if len(lines) == len(grid.rows):
        return grid
    return replace(grid, rows=[[text] for _, text in lines], numbers=[n for n, _ in lines])


def _running_labels(line: str, words: Known) -> list[str]:
    """Return a line cut before each of its labels, where it is nothing but those of a risk or measure."""
    found = [m for m in _RUNNING.finditer(line) if words.label(m["label"]).field]
    labels = [words.label(m["label"]) for m in found]
    sure, fields = {each.full for each in labels if each.sure}, {each.full for each in labels}
    whole = found and not line[: found[0].start()].strip() and {"event", "activity"} & fields
    if not whole or len(sure) < FEWEST or len(fields) < len(labels):
        return [line]
    starts = [m.start("label") for m in found]
    return [line[a:b] for a, b in zip([0, *starts[1:]], [*starts[1:], None], strict=True)]


def _aligned(grid: Grid, words: Known) -> Grid:
    """Return a grid of lines whose columns are parted by spaces alone, cut where its headings begin."""
    if any(len(row) > 1 for row in grid.rows):
        return grid
    lines = ["".join(row).expandtabs() for row in grid.rows]
    for n, line in enumerate(lines):
        starts = [0, *(m.start() for m in re.finditer(r"(?<=\s\s)\S", line))]
        if len(starts) > 2 and _are_headings(_cut(line, starts), words):
            crossed = [any(x[s - 1 : s].strip() for s in starts[1:]) for x in lines]
            cut = [[x] if c else _cut(x, starts) for x, c in zip(lines, crossed, strict=True)]
            return replace(grid, rows=[*grid.rows[:n], *cut[n:]])
    return grid


def _cut(line: str, starts: list[int]) -> list[str]:
    return [line[a:b].strip() for a, b in zip(starts, [*starts[1:], None], strict=True)]


def _beside(grid: Grid, words: Known) -> list[Grid]:
    """Return the tables of a grid that stand side by side: the same headings, a blank column between.

    A list beside a table, with a column of 1, 2, 3 … as a scale or a drop-down has it, is none of its rows.
    """
    filled = {n for texts in grid.texts for n, text in enumerate(texts) if text}
    starts = sorted(n for n in filled if n - 1 not in filled)
    ends = sorted(n + 1 for n in filled if n + 1 not in filled)
    blocks = [*zip(starts, ends, strict=True)] if len(starts) > 1 else []
    told = [{x for texts in grid.texts for x in _told(texts[a:b], words)} for a, b in blocks]
    if not blocks or len(told[0]) < FEWEST:
        return [grid]
    if any(fields != told[0] for fields in told):
        lesser = [block for block, x in zip(blocks, told, strict=True) if x < told[0]]
        end = next((a for a, b in lesser if _counts(grid, a, b) or _explains(grid, a, b)), None)
        if end is None:
            return [grid]
        beside = zip(grid.numbers, (texts[end:] for texts in grid.texts), strict=True)
        notes = [(n, "legend", join(texts)) for n, texts in beside if any(texts)]
        return [replace(grid, rows=[row[:end] for row in grid.rows], notes=(*grid.notes, *notes))]
    return [
        replace(
            grid,
            rows=[row[a:b] for row in grid.rows],
            merges=tuple(
                m._replace(left=m.left - a, right=m.right - a)
                for m in grid.merges
                if a <= m.left < b
            ),
            notes=grid.notes if not a else (),
            hidden=frozenset(n - a for n in grid.hidden if a <= n < b),
        )
        for a, b in blocks
    ]


def _counts(grid: Grid, first: int, end: int) -> bool:
    """Return whether columns print 1, 2, 3 … one below the other, once or again and again, and no others."""
    numbers = [int(x) for texts in grid.texts for x in texts[first:end] if x.isdigit()]
    runs = all(n in (1, before + 1) for before, n in pairwise([0, *numbers]))
    return runs and len(numbers) >= FEWEST * max(numbers.count(1), 1)


def _explains(grid: Grid, first: int, end: int) -> bool:
    """Return whether columns print nothing but what short words mean, below a heading or none."""
    texts = [text for texts in grid.texts for text in texts[first:end] if text]
    told = [bool(_MEANS.fullmatch(text)) for text in texts]
    return sum(told) > 1 and all(told[not told[0] :])


def _told(texts: list[str], words: Known) -> set[str]:
    """Return the fields that the known headings among texts are."""
    return {heading.full for heading in words.row(texts) if heading.sure}


def _are_headings(texts: list[str], words: Known) -> bool:
    """Return whether texts are headings: three known ones at least, and most of what is printed."""
    told = len(_told(texts, words))
    return told >= FEWEST and told >= KNOWN_SHARE * sum(map(bool, texts))


# -- a table whose columns are parted by spaces only ---------------------------------------------

LEADS = (("event",), ("process", "event"))  # the columns of text that may stand first
YES = "yes or no"
TOLD = {*AXES, "risk_value", YES}  # on sight
LONGEST_HEADING = 8  # words
_STOP = re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ])")
_CAPITAL = re.compile(r"(?<=[^\W\d_]|[,)])\s+(?=[A-ZÅÄÖ][a-zåäö])")  # not before SKR or IT


def part_columns(grid: Grid, vocab: Vocabulary, notes: Notes) -> Grid:
    """Return a grid with the columns of its flattened table parted; one without such as it is."""
    if any(len(row) > 1 for row in grid.rows):
        return grid
    lines = ["".join(row) for row in grid.rows]
    headers = {n: told for n, line in enumerate(lines) if (told := _header(line, vocab))}
    if not headers:
        return grid
    rows = [[*headers[n]] if n in headers else row for n, row in enumerate(grid.rows)]
    fields = [*headers[min(headers)].values()]
    pattern, answers = _pattern(fields, vocab), [n for n, name in enumerate(fields) if name == YES]
    found = {n: m for n in range(min(headers), len(rows)) if (m := pattern.fullmatch(lines[n]))}
    sure = {clean_space(match["event"]) for match in found.values() if _continues(match["event"])}
    for n, match in found.items():
        number, printed = grid.numbers[n], clean_space(lines[n])
        lead, *told = [clean_space(text or "") for text in match.groups()]
        if len({bool([lead, *told][n - len(fields)]) for n in answers}) > 1:
            rows[n] = []
            notes.leave(number, [printed], "ett svar för två kolumner: vilken går inte att se")
            continue
        first, *concluded = _part_lead(match["event"], sure) if "process" in fields else [[lead]]
        rows[n] = [*first, *told]
        notes.add(number, "", "columns_told", printed, " | ".join(rows[n]))
        if concluded:
            rule, after, why = concluded
            notes.add(number, "process", rule, lead, after, why)
    return replace(grid, rows=rows)


def _header(line: str, vocab: Vocabulary) -> dict[str, str]:
    """Return the headings of a line, if it is nothing but those of one layout: heading → field or YES."""
    words = clean_space(line).split()
    for layout in layouts(vocab) if 3 <= len(words) <= 60 else ():
        cells = _segment(words, layout) or []
        folded = [*map(fold, cells)]
        fields = [YES if cell in layout.yes_no else layout.headers[cell] for cell in folded]
        lead, rest = [name for name in fields if name in LEADS[-1]], {*fields} - {*LEADS[-1]}
        known = {*fields, *folded}.issuperset(layout.required)
        if known and tuple(lead) in LEADS and lead == fields[: len(lead)] and rest <= TOLD:
            return dict(zip(cells, fields, strict=True))
    return {}


def _segment(words: list[str], layout: Layout) -> list[str] | None:
    """Return the words as headers that the layout knows, as few as possible; None if they are not."""
    best: list[list[str] | None] = [[]]
    for end in range(1, len(words) + 1):
        ways = [
            [*best[start], " ".join(words[start:end])]
            for start in range(max(0, end - LONGEST_HEADING), end)
            if best[start] is not None and fold(" ".join(words[start:end])) in layout.headers
        ]
        best.append(min(ways, key=len, default=None))
    return best[-1]


def _pattern(fields: list[str], vocab: Vocabulary) -> re.Pattern:
    """Return a pattern of a row: its text before the cells that are told, and each of those."""
    step = r"(\d\s*[.:)\-–]\s*{}?|\d)"
    told = {axis: step.format(any_of(vocab.steps[axis])) for axis in AXES}
    told["risk_value"] = r"(\d{1,2})"
    told[YES] = rf"((?<=\s){any_of(vocab.words['yes_no']['words'])}(?=\s|$))?"
    cells = r"\s*".join(told[name] for name in fields if name in told)
    return re.compile(rf"(?P<event>.*?\S)\s+{cells}\s*", re.IGNORECASE)


def _part_lead(lead: str, sure: set[str]) -> list:
    """Return process and event, and what was concluded of them: a rule, what it made, why."""
    text = clean_space(lead)
    if _continues(lead):
        return [["", text]]
    places = sorted(m.start() for pattern in (_STOP, _CAPITAL) for m in pattern.finditer(text))
    known = [n for n in places if text[n:].strip() in sure]
    if len(known or places) != 1:
        return [[text, text], "not_parted", text, ""]
    at = (known or places)[0]
    first = [text[:at].strip(), text[at:].strip()]
    why = "samma händelse står för sig själv" if known else "enda stället där en mening kan börja"
    return [first, "process_told", " | ".join(first), why]


def _continues(lead: str) -> bool:
    """Return whether a row's process is blank: a space stands in its place."""
    return lead[:1].isspace()


# -- rows of several kinds under one heading -----------------------------------------------------

NEARLY_ALL = 0.9  # of a table's lines: so many have a kind where they are of several
FEW = 8  # different words for kinds of rows
FEWEST_OF_A_KIND = 2  # lines of a kind that only what they fill tells
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
        printed = list(filter(None, cells))
        field = read_label(printed[0], words)[0] if len(printed) >= FEWEST_OF_A_KIND else ""
        parts = [read_label(cell, words) for cell in cells] if field else []
        if not field or any(other != field for other, text in parts if text):
            continue
        fields = [heading.full for heading in words.row([*table.header])]
        if field in fields and fields.index(field) != n:
            continue
        label = without_number(LABEL_ENDS.split(printed[0])[0])
        lines = [
            replace(line, cells=[*line.cells[:n], text, *line.cells[n + 1 :]]) if text else line
            for line, (_, text) in zip(table.lines, parts, strict=True)
        ]
        both = zip(lines, cells, strict=True)
        aside = [(line.number, "cell_split", cell) for line, cell in both if cell]
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
    enough = min(told.count("event"), told.count("activity")) >= FEWEST_OF_A_KIND
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
