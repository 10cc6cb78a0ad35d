"""One file's grids → its exports: tables with their columns, lists and composite cells taken apart."""

import re
from collections import Counter
from dataclasses import replace

from riskdata.errors import LayoutError
from riskdata.readers.grid import Grid
from riskdata.shapes.columns import read_columns, read_scores, refused
from riskdata.shapes.headings import SCORES
from riskdata.shapes.shape import find_tables, nearest_table
from riskdata.shapes.table import Columns, Given, Line, Part, Table
from riskdata.words.language import label
from riskdata.words.spelling import clean_space, fold
from riskdata.words.vocabulary import AXES, Vocabulary

MOST = 0.5  # of a column's printed cells: what so many are made of, the column is made of
SAME = 0.8  # share of a table's events that another table of the file has: it belongs to that
BESIDE = ("status", "responsible", "due_date", "description", "comment", "outcome")
REPEATED = ("responsible", "due_date")  # said once for a whole list
_ITEM = re.compile(r"\s*(?:[-–•*·▪●○‣]|\(?\d{1,2}[.)]|\(?[a-h]\))\s+(?=\S)")
_BY_SEMICOLON = re.compile(r";\s+(?=[A-ZÅÄÖ])")
_INLINE = re.compile(r"(?:^|\s)\(?(\d)[.)]\s+(?=\S)")
_VALUE_FIRST = re.compile(r"(\d{1,2})\s*[-–:.(]\s*([^\d()]+?)\s*\)?")
_WORD_FIRST = re.compile(r"([^\d()]+?)\s*[-–:(]\s*(\d{1,2})\s*\)?")


def read_parts(grids: list[Grid], vocab: Vocabulary) -> list[Part]:
    """Return the exports of a file's grids: one, or several where it holds tables of several kinds.

    Raises LayoutError when no table of it has risks or activities.

    >>> from riskdata.words.vocabulary import vocabulary
    >>> part, = read_parts([Grid([["Risk", "Aktivitet"], ["Fel", "Rutin"]], [1, 2])], vocabulary())
    >>> part.layout.name, part.tables[0][1].fields
    ('follow_up', ('event', 'activity'))
    """
    pairs = [unfolded for pair in read_tables(grids, vocab) for unfolded in _by_period(*pair)]
    return _parts(_belonging([_taken_apart(*_dated(*pair)) for pair in pairs]))


def read_tables(grids: list[Grid], vocab: Vocabulary) -> list[tuple[Table, Columns]]:
    """Return the tables of a file's grids as they are printed, each with its columns.

    Raises LayoutError when no table of it has risks or activities.
    """
    tables = find_tables(grids, vocab)
    if not tables:
        nearest = nearest_table(grids, vocab)
        raise refused([nearest], vocab) if nearest else _nothing(grids)
    legend, tables = _legends([_ticked(table, vocab) for table in tables], vocab)
    read = [(table, read_columns(table, vocab)) for table in tables]
    pairs = [(table, columns) for table, columns in read if columns]
    if not pairs:
        raise refused(tables, vocab)
    _set_aside([table for table, columns in read if not columns], pairs[0][0])
    return _scales(pairs, legend)


# -- boxes: the ticked one gives the word -----------------------------------------------------------


def _ticked(table: Table, vocab: Vocabulary) -> Table:
    """Return a table whose boxes are the words that are ticked: a column of each status, or a cell of all."""
    boxes = {kind: {*map(fold, words)} for kind, words in vocab.words["boxes"].items()}
    cells = [
        [fold("".join(line.cells[n : n + 1])) for line in table.lines]
        for n in range(len(table.header))
    ]
    columns = [
        n for n, text in enumerate(table.header)
        if fold(text) in vocab.statuses and {*cells[n]} <= boxes["ticked"] | boxes["empty"] | {""}
    ]  # fmt: skip
    if len(columns) < 2 or not any({*cells[n]} & boxes["ticked"] for n in columns):
        columns = []
    lines = [replace(line, cells=[*map(_ticked_word, line.cells)]) for line in table.lines]
    for old, new in zip(table.lines, lines, strict=True):
        changed = [a for a, b in zip(old.cells, new.cells, strict=True) if a != b]
        table.aside += [(old.number, "cell_split", clean_space(cell)) for cell in changed]
    at, *rest = columns or [0]
    for m, line in enumerate(lines if columns else ()):
        told = [table.header[n] for n in columns if cells[n][m] in boxes["ticked"]]
        printed = " | ".join(c for n in columns for c in line.cells[n : n + 1] if c)
        table.aside.append((line.number, "columns_told", printed))
        line.cells[:] = ["" if n in columns else cell for n, cell in enumerate(line.cells)]
        line.cells[at : at + 1] = [", ".join(told)]
    header = [
        "" if n in rest else "Status" if n in columns else h for n, h in enumerate(table.header)
    ]
    return replace(table, lines=lines, header=tuple(header))


def _ticked_word(cell: str) -> str:
    """Return the word behind the one ticked box of a cell with several, else the cell."""
    ticked = re.findall(r"[☒☑✓✔]\s*([^☐☒☑✓✔]+)", cell)
    return ticked[0].strip() if len(ticked) == 1 and len(re.findall("[☐☒☑✓✔]", cell)) > 1 else cell


def _nothing(grids: list[Grid]) -> LayoutError:
    rows = [row for grid in grids for row in grid.texts if any(row)]
    if not rows:
        return LayoutError("filen har inga rader. Exportera rapporten på nytt.")
    first = " | ".join(filter(None, rows[0]))[:120]
    return LayoutError(
        f"ingen känd rubrikrad hittades; filen börjar ”{first}”. Ingen rad i filen liknar rubriker "
        "(risk, sannolikhet, åtgärd …). Är det en export, så säg kolumnerna i anteckningsboken 01; "
        "annars är filen inte en export av det slag som läses: flytta den ur data/raw."
    )


def _set_aside(tables: list[Table], beside: Table, kind: str = "outside_table") -> None:
    """Keep what tables say that are no exports: contents, legends, deviations."""
    for table in tables:
        beside.aside += table.aside
        beside.titles += table.titles
        beside.aside += [
            (line.number, kind, " | ".join(filter(None, map(clean_space, line.cells))))
            for line in table.lines
        ]


def _parts(pairs: list[tuple[Table, Columns]]) -> list[Part]:
    """Return the tables by their kind: a file of one kind is one export."""
    kinds: dict[tuple, list[tuple[Table, Columns]]] = {}
    for table, columns in pairs:
        period = next(
            (line.given["period"].text for line in table.lines if _is_of_period(line)), ""
        )
        kinds.setdefault((columns.layout.name, period), []).append((table, columns))
    names = {key: _part_name(key, kinds) for key in kinds}
    return [
        Part(names[key], tables[0][1].layout, tables[0][1].vocab, tables)
        for key, tables in kinds.items()
    ]


def _is_of_period(line: Line) -> bool:
    return "period" in line.given and line.given["period"].source == "column"


def _part_name(key: tuple[str, str], kinds: dict) -> str:
    if len(kinds) == 1:
        return ""
    layout, period = key
    layouts = {name for name, _ in kinds}
    return " ".join(filter(None, [label(layout) if len(layouts) > 1 else "", period]))


# -- legends: the scale that a file explains itself -------------------------------------------------


def _legends(tables: list[Table], vocab: Vocabulary) -> tuple[dict[str, list[str]], list[Table]]:
    """Return the scales that tables of the file explain, and the other tables."""
    legend: dict[str, list[str]] = {}
    rest = []
    for table in tables:
        scales = _legend(table, vocab) if len(tables) > 1 else {}
        legend |= scales
        if not scales:
            rest.append(table)
    for table in tables:
        if table not in rest and rest:
            _set_aside([table], rest[0], "legend")
    return (legend, rest) if rest else ({}, tables)


def _legend(table: Table, vocab: Vocabulary) -> dict[str, list[str]]:
    """Return axis → the words of its steps, of a table whose columns run 1, 2, 3 … once each."""
    from riskdata.shapes.headings import known

    fields = [h.field for h in known(vocab).row([*table.header])]
    if not 2 < len(table.lines) < 8 or {"event", "activity"} & {*fields}:
        return {}
    columns = [
        [clean_space("".join(line.cells[n : n + 1])) for line in table.lines]
        for n in range(len(fields))
    ]
    running = next((c for c in columns if _runs([cell[:1] for cell in c])), None)
    scales = {}
    for axis in AXES:
        words = [c for f, c in zip(fields, columns, strict=True) if f == axis and all(c)]
        if words and running:
            pairs = sorted(zip(running, words[0], strict=True))
            scales[axis] = [re.sub(r"^\d\s*[.:)=\-–]*\s*", "", word) for _, word in pairs]
    return scales if all(all(words) for words in scales.values()) else {}


def _runs(digits: list[str]) -> bool:
    """Return whether digits are 1, 2, 3 … once each, upwards or downwards."""
    numbers = [*map(str, range(1, len(digits) + 1))]
    return digits in (numbers, numbers[::-1])


def _scales(
    pairs: list[tuple[Table, Columns]], legend: dict[str, list[str]]
) -> list[tuple[Table, Columns]]:
    """Return the columns with the scale that the file explains, or prints with a digit at each word."""
    read = []
    for table, columns in pairs:
        said = columns.layout.words.get("scales", {})
        told = {axis: [[word] for word in words] for axis, words in legend.items()}
        own = {} if said else _printed_scales(table, columns) | told
        if own:
            words = columns.vocab.words
            vocab = Vocabulary({**words, "scales": {**words["scales"], **own}})
            columns = replace(columns, vocab=vocab, legend=frozenset(told))
        read.append((table, columns))
    return read


def _printed_scales(table: Table, columns: Columns) -> dict[str, list[list[str]]]:
    """Return the scales whose steps are printed with words that are none of the known scale's."""
    scales = {}
    for axis in AXES:
        if axis not in columns.fields:
            continue
        at = columns.fields.index(axis)
        words: dict[int, str] = {}
        for line in table.lines:
            step = _step_with_word(clean_space("".join(line.cells[at : at + 1])))
            if step and words.setdefault(step[0], step[1]) != step[1]:
                words = {}
                break
        steps = columns.vocab.steps  # of both axes: in a shifted row a word may be the other's
        known = {word for every in steps.values() for word in every} | {*columns.vocab.decisions}
        if words and not any(fold(w) in known or _begins(w, steps[axis]) for w in words.values()):
            top = max(*words, len(columns.vocab.words["scales"][axis]))
            scales[axis] = [[words.get(n, str(n))] for n in range(1, top + 1)]
    return scales


def _begins(word: str, known: dict[str, int]) -> bool:
    return any(label.startswith(fold(word)) for label in known)


def _step_with_word(cell: str) -> tuple[int, str] | None:
    found = re.fullmatch(r"(\d)\s*[.:)=\-–(]*\s*([^\d()]{2,}?)\)?", cell)
    if found:
        return int(found[1]), found[2].strip()
    found = re.fullmatch(r"([^\d()]{2,}?)\s*[-–(]?\s*(\d)\)?", cell)
    return (int(found[2]), found[1].strip()) if found else None


# -- a status column per period ----------------------------------------------------------------------


def _by_period(table: Table, columns: Columns) -> list[tuple[Table, Columns]]:
    """Return a table whose status stands once per report as one table for each."""
    named = Counter(field for field, _ in columns.reports.values() if field)
    several = {field for field, count in named.items() if count > 1}
    if not several or several == {"risk_value"} and {*AXES} & {*columns.fields}:
        return [(table, columns)]  # values of two years beside one judgement: that one's counts
    told = dict.fromkeys(report for field, report in columns.reports.values() if field in several)
    return [_of_period(table, columns, report) for report in told]


def _of_period(table: Table, columns: Columns, report: str) -> tuple[Table, Columns]:
    """Return a table with the columns of one report, and those of none."""
    fields = [*columns.fields]
    for n, (field, of_report) in columns.reports.items():
        fields[n] = field if field and of_report == report else f"column {n + 1}"
    others = {n for n, (field, r) in columns.reports.items() if field and r != report}
    lines = [
        replace(
            line,
            cells=["" if n in others else cell for n, cell in enumerate(line.cells)],
            given={**line.given, "period": Given(report, None, "column")},
        )
        for line in table.lines
    ]
    doubts = tuple(d for d in columns.doubts if d[0] not in columns.reports)
    unused = {n: text for n, text in columns.unused.items() if n not in columns.reports}
    return replace(table, lines=lines), replace(
        columns, fields=tuple(fields), doubts=doubts, unused=unused
    )


def _dated(table: Table, columns: Columns) -> tuple[Table, Columns]:
    """Return a table whose column of reports says the year too, where that has a column of its own."""
    years = [
        n
        for n, text in columns.unused.items()
        if fold(text) in columns.vocab.words["boards"]["year_labels"]
    ]
    if not years or "period" not in columns.fields:
        return table, columns
    at, (year, *_) = columns.fields.index("period"), years
    lines = [replace(line, cells=[*line.cells]) for line in table.lines]
    for line in lines:
        cells = (
            "".join(line.cells[year : year + 1]).strip(),
            "".join(line.cells[at : at + 1]).strip(),
        )
        if re.fullmatch(r"20\d\d", cells[0]) and cells[1] and cells[0] not in cells[1]:
            line.cells[at] = f"{cells[1]} {cells[0]}"
    return replace(table, lines=lines), columns


# -- composite cells, and lists in a cell ------------------------------------------------------------


def _taken_apart(table: Table, columns: Columns) -> tuple[Table, Columns]:
    """Return a table whose composite cells are columns and whose lists in a cell are lines."""
    table, columns = _composites(table, columns)
    return (_lists(table, columns), columns) if "activity" in columns.fields else (table, columns)


def _composites(table: Table, columns: Columns) -> tuple[Table, Columns]:
    for n, field in enumerate(columns.fields):
        cells = [clean_space("".join(line.cells[n : n + 1])) for line in table.lines]
        if field == SCORES:
            return _parted(table, columns, n, (*AXES, "risk_value"), [*map(read_scores, cells)])
        vocab = columns.vocab
        labels = {word for axis in AXES for word in vocab.steps[axis]} | {*vocab.decisions}
        levels = [_level_in(cell, labels) for cell in cells] if field == "risk_value" else []
        many = sum(map(bool, levels)) > MOST * sum(map(bool, cells))
        if many and "level" not in columns.fields:
            return _parted(table, columns, n, ("risk_value", "level"), levels)
    return table, columns


def _level_in(cell: str, labels: set[str]) -> tuple[str, ...] | None:
    """Return a value and its level, of a cell like "12 – Hög" or "Hög (12)"; a step is none."""
    if found := _VALUE_FIRST.fullmatch(cell):
        parts = found[1], found[2]
    elif found := _WORD_FIRST.fullmatch(cell):
        parts = found[2], found[1]
    return parts if found and fold(parts[1]) not in labels else None


def _parted(
    table: Table, columns: Columns, at: int, fields: tuple[str, ...], told: list
) -> tuple[Table, Columns]:
    """Return a table in which a composite column is several, next to each other."""
    more = len(fields) - 1
    lines = [replace(line, cells=[*line.cells]) for line in table.lines]
    for line, parts in zip(lines, told, strict=True):
        if len(line.cells) > at:
            split = [(line.number, "cell_split", clean_space(line.cells[at]))] if parts else []
            table.aside.extend(split)
            line.cells[at : at + 1] = parts or (line.cells[at], *[""] * more)
        line.merged = frozenset(n + more * (n > at) for n in line.merged)

    def widened(items: tuple) -> tuple:
        return (*items[:at], *items[at : at + 1] * (more + 1), *items[at + 1 :])

    def moved(by_column: dict) -> dict:
        return {n + more * (n > at): said for n, said in by_column.items()}

    names = tuple(
        name if not name.startswith("column ") else f"column {n + 1}"
        for n, name in enumerate((*columns.fields[:at], *fields, *columns.fields[at + 1 :]))
    )
    table = replace(
        table, lines=lines, header=widened(table.header), upper=widened(table.upper),
        hidden=frozenset(n + more * (n > at) for n in table.hidden),
    )  # fmt: skip
    return table, replace(
        columns, fields=names, headings=widened(columns.headings),
        guessed=moved(columns.guessed), unused=moved(columns.unused),
        doubts=tuple((n + more * (n > at), text) for n, text in columns.doubts),
    )  # fmt: skip


def _lists(table: Table, columns: Columns) -> Table:
    """Return a table with a line for each item of a list under its measures."""
    at = columns.fields.index("activity")
    made = replace(table, lines=[], doubts=[*table.doubts], aside=[*table.aside])
    for line in table.lines:
        cell = "".join(line.cells[at : at + 1])
        items = _items(cell, "activity" in columns.layout.lists) or _lines_alike(line, columns, at)
        if not items and columns.layout.kind == "register" and not columns.expects_status:
            items = [item.strip() for item in _BY_SEMICOLON.split(cell)]
        if len(items) > 1:
            made.aside.append((line.number, "activities_split", clean_space(cell)))
            made.lines += _split(line, columns, at, items, made)
        else:
            made.lines.append(line)
    return made


def _items(cell: str, declared: bool = False) -> list[str]:
    """Return the items of a cell that is a list: numbered or bulleted, a line each, or in one line.

    >>> _items("1. Katalog\\n2. Utbildning"), _items("En rad")
    (['Katalog', 'Utbildning'], [])
    """
    lines = [line for line in cell.splitlines() if line.strip()]
    if declared:
        parts = lines if len(lines) > 1 else cell.split(";")
        return [_ITEM.sub("", part).strip() for part in parts if part.strip()]
    if len(lines) > 1 and _ITEM.match(lines[0]) and sum(bool(_ITEM.match(x)) for x in lines) > 1:
        items: list[str] = []
        for line in lines:
            if _ITEM.match(line):
                items.append(_ITEM.sub("", line, count=1).strip())
            else:
                items[-1] += f" {line.strip()}"
        return items
    numbers = [*_INLINE.finditer(cell)] if len(lines) == 1 else []
    running = [m[1] for m in numbers] == [*map(str, range(1, len(numbers) + 1))]
    if len(numbers) > 1 and running and not cell[: numbers[0].start()].strip():
        ends = [*(m.start() for m in numbers[1:]), len(cell)]
        return [cell[m.end() : end].strip() for m, end in zip(numbers, ends, strict=True)]
    return []


def _lines_alike(line: Line, columns: Columns, at: int) -> list[str]:
    """Return the lines of a cell as items, where the status beside it has as many lines."""
    lines = [text.strip() for text in "".join(line.cells[at : at + 1]).splitlines() if text.strip()]
    beside = [n for n, field in enumerate(columns.fields) if field in ("status", "outcome")]
    counts = {len("".join(line.cells[n : n + 1]).split("\n")) for n in beside}
    return lines if len(lines) > 1 and counts == {len(lines)} else []


def _split(line: Line, columns: Columns, at: int, items: list[str], table: Table) -> list[Line]:
    """Return a line as one for each item; the second and on are blank in the columns of the risk."""
    width = max(len(line.cells), at + 1)
    cells = [*line.cells, *[""] * (width - len(line.cells))]
    lines = [replace(line, cells=[*cells] if not n else [""] * width) for n in range(len(items))]
    for n, item in enumerate(items):
        lines[n].cells[at] = item
        lines[n].merged = line.merged if not n else frozenset()
    for c, field in enumerate(columns.fields[:width]):
        if field in BESIDE and cells[c].strip():
            _match(lines, c, field, cells[c], table)
    return lines


def _match(lines: list[Line], c: int, field: str, cell: str, table: Table) -> None:
    """Give each item what stands beside it, one to one; a status said once is nobody's."""
    beside = _items(cell) or [x.strip() for x in cell.splitlines() if x.strip()]
    if len(beside) == len(lines):
        table.aside.append((lines[0].number, "activities_split", clean_space(cell)))
        for line, text in zip(lines, beside, strict=True):
            line.cells[c] = text
    elif field in REPEATED and len(beside) == 1:
        for line in lines:
            line.cells[c] = cell
    elif field in ("status", "outcome"):
        lines[0].cells[c] = ""
        told = f"”{clean_space(cell)}” står bredvid {len(lines)} åtgärder: vilken det gäller går inte att se"
        table.doubts.append((lines[0].number, field, clean_space(cell), told))


# -- tables that belong to a table of risks ------------------------------------------------------------


def _belonging(pairs: list[tuple[Table, Columns]]) -> list[tuple[Table, Columns]]:
    """Return the tables with those put under a register whose every row names a risk of it."""
    registers = [pair for pair in pairs if pair[1].layout.kind == "register"]
    if len(registers) != 1 or len(pairs) == 1:
        return pairs
    register, rest = registers[0], [pair for pair in pairs if pair is not registers[0]]
    kept = []
    for table, columns in rest:
        if _belongs(table, columns, *register):
            register = _put_under(register, table, columns)
        else:
            kept.append((table, columns))
    return [register, *kept]


def _events(table: Table, columns: Columns) -> list[str]:
    at = columns.fields.index("event")
    return [fold("".join(line.cells[at : at + 1])) for line in table.lines]


def _belongs(table: Table, columns: Columns, risks: Table, of_risks: Columns) -> bool:
    if not {"event", "activity"} <= {*columns.fields} or "event" not in of_risks.fields:
        return False
    if {"status", "outcome", *AXES} & {*columns.fields}:  # a follow-up, or a register of its own
        return False
    events, known = _events(table, columns), {*_events(risks, of_risks)}
    return sum(event in known for event in events) >= SAME * len(events) > 0


def _put_under(
    register: tuple[Table, Columns], table: Table, columns: Columns
) -> tuple[Table, Columns]:
    """Return a register with the rows of a table of measures, each under its risk."""
    risks, of_risks = register
    new = [
        n for n, f in enumerate(columns.fields) if f not in of_risks.fields or f == "responsible"
    ]
    new = [n for n in new if f"{columns.fields[n]}" not in of_risks.fields]
    places = {n: len(of_risks.fields) + i for i, n in enumerate(new)}
    places |= {
        n: of_risks.fields.index(f) for n, f in enumerate(columns.fields) if f in of_risks.fields
    }
    event, width = columns.fields.index("event"), len(of_risks.fields) + len(new)
    under: dict[str, list[Line]] = {}
    left = []
    known = {*_events(risks, of_risks)}
    for line, name in zip(table.lines, _events(table, columns), strict=True):
        if name not in known:
            left.append((line.number, "outside_table", " | ".join(filter(None, line.cells))))
            continue
        cells = [""] * width
        for n, text in enumerate(line.cells[: len(columns.fields)]):
            if n != event and columns.fields[n] not in ("process", "goal"):
                cells[places[n]] = text
        under.setdefault(name, []).append(replace(line, cells=cells))
    lines, last = [], ""
    for line, name in zip(risks.lines, _events(risks, of_risks), strict=True):
        if name:
            lines += under.pop(last, [])
            last = name
        lines.append(replace(line, cells=_padded(line.cells, width)))
    lines += under.pop(last, [])
    fields = tuple(
        columns.fields[n]
        if not columns.fields[n].startswith("column ")
        else f"column {places[n] + 1}"
        for n in new
    )
    merged = replace(
        risks, lines=lines, aside=[*risks.aside, *table.aside, *left],
        titles=[*risks.titles, *table.titles], doubts=[*risks.doubts, *table.doubts],
        header=(*_padded(risks.header, len(of_risks.fields)), *(table.header[n] for n in new)),
    )  # fmt: skip
    guessed = of_risks.guessed | {places[n]: why for n, why in columns.guessed.items() if n in new}
    unused = of_risks.unused | {places[n]: text for n, text in columns.unused.items() if n in new}
    return merged, replace(
        of_risks, fields=(*of_risks.fields, *fields), guessed=guessed, unused=unused,
        headings=(*of_risks.headings, *(columns.headings[n] for n in new)),
    )  # fmt: skip


def _padded(cells: list[str] | tuple[str, ...], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]
