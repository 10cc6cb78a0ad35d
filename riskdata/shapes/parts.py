"""One file's grids → its exports: tables of a kind, with their columns, periods and measures."""

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

from riskdata.errors import LayoutError
from riskdata.readers.grid import Grid
from riskdata.shapes.columns import read_columns, refused
from riskdata.shapes.explained import explain, legend_of, with_scales
from riskdata.shapes.headings import TOGETHER, known
from riskdata.shapes.plain import by_kind
from riskdata.shapes.shape import find_tables, nearest_table
from riskdata.shapes.sources import find_periods
from riskdata.shapes.table import Columns, Given, Line, Part, Table
from riskdata.shapes.taken_apart import read_boxes, read_dates, take_apart, unnumbered
from riskdata.words.language import label
from riskdata.words.spelling import clean_space, fold, join
from riskdata.words.vocabulary import AXES, Vocabulary

SAME = 0.8  # share of a table's events that another table of the file has: it belongs to that

_CODE = re.compile(r"[^\W\d]{0,3}[\W\d]*\d[\W\d]*")  # R-01, ABC 12, 2025-03-01
_OF_PAGES = re.compile(r"tabell \d+")  # the name of a table of a document

Pair = tuple[Table, Columns]


def read_parts(grids: list[Grid], vocab: Vocabulary) -> list[Part]:
    """Return the exports of a file's grids: one, or several where it holds tables of several kinds.

    Raises LayoutError when no table of it has risks or activities.

    >>> from riskdata.words.vocabulary import vocabulary
    >>> part, = read_parts([Grid([["Risk", "Aktivitet"], ["Fel", "Rutin"]], [1, 2])], vocabulary())
    >>> part.layout.name, part.tables[0][1].fields
    ('follow_up', ('event', 'activity'))
    """
    pairs = [unfolded for pair in read_tables(grids, vocab) for unfolded in _by_period(*pair)]
    pairs = _belonging([take_apart(*_dated(*pair)) for pair in pairs])
    for pair in pairs:
        _ask_about_codes(*pair)
    kinds: dict[tuple[str, str], list[Pair]] = {}
    for table, columns in pairs:
        given = [line.given["period"] for line in table.lines if "period" in line.given]
        period = next((each.text for each in given if each.source == "column"), "")
        kinds.setdefault((columns.layout.name, period), []).append((table, columns))
    several = len({layout for layout, _ in kinds}) > 1
    names = [" ".join(filter(None, [several and label(kind), period])) for kind, period in kinds]
    return [
        Part(name if len(kinds) > 1 else "", tables[0][1].layout, tables[0][1].vocab, tables)
        for name, tables in zip(names, kinds.values(), strict=True)
    ]


def _ask_about_codes(table: Table, columns: Columns) -> None:
    """Ask about each risk, and measure, of a table that has nothing but numbers, codes and days for them."""
    for field in ("event", "activity"):
        n = columns.fields.index(field) if field in columns.fields else None
        texts = [] if n is None else table.column(n)
        if not any(texts) or not all(map(_CODE.fullmatch, filter(None, texts))):
            continue
        for line, text in zip(table.lines, texts, strict=True):
            doubt = f"”{text}” är ingen text: kolumnen {columns.headings[n]} har bara nummer eller koder"
            table.doubts.extend([(line.number, field, text, doubt)] if text else [])


def read_tables(grids: list[Grid], vocab: Vocabulary) -> list[Pair]:
    """Return the tables of a file's grids as they are printed, each with its columns.

    Raises LayoutError when no table of it has risks or activities.
    """
    tables = [read_dates(unnumbered(x, vocab), vocab) for x in find_tables(grids, vocab)]
    tables = [by_kind(read_boxes(table, vocab), vocab) for table in tables]
    if not tables:
        nearest = nearest_table(grids, vocab)
        raise refused([nearest], vocab) if nearest else _nothing(grids)
    tables, vocab = explain(tables, vocab)
    legends = [legend_of(table, vocab) if len(tables) > 1 else {} for table in tables]
    legend = {axis: words for scales in legends for axis, words in scales.items()}
    read = [
        (table, None if scales else read_columns(table, vocab))
        for table, scales in zip(tables, legends, strict=True)
    ]
    pairs = [(table, columns) for table, columns in read if columns]
    pairs = [pair for pair in pairs if _is_named(pair[0], vocab)] or pairs
    if not pairs:
        raise refused(tables, vocab)
    for (table, columns), scales in zip(read, legends, strict=True):
        if columns and (table, columns) not in pairs:
            _set_aside(table, pairs[0][0], "set_aside")
        elif not columns:
            listed = scales or any(_is_list(table, other, vocab) for other, _ in pairs)
            _set_aside(table, pairs[0][0], "legend" if listed else "outside_table")
    return [(table, with_scales(table, columns, legend)) for table, columns in pairs]


def _is_named(table: Table, vocab: Vocabulary) -> bool:
    """Return whether a table is known by a heading, or part of one, of risks or measures."""
    fields = {heading.field for heading in known(vocab).row([*table.header])}
    return not {"event", "activity", TOGETHER}.isdisjoint({*fields, *table.given})


def _is_list(table: Table, other: Table, vocab: Vocabulary) -> bool:
    """Return whether a table lists what may be chosen: known words, or under the headings of another."""
    cells = [[*filter(None, table.column(n))] for n in range(len(table.header))]
    same = {*map(fold, filter(None, table.header))} <= {*map(fold, other.header)}
    words = {*vocab.statuses, *vocab.decisions, *vocab.outcomes}.union(*vocab.steps.values())
    known = all(text.isdigit() or fold(text) in words for column in cells for text in column)
    return (same or known) and all(len({*column}) == len(column) for column in cells)


def _nothing(grids: list[Grid]) -> LayoutError:
    rows = [row for grid in grids for row in grid.texts if any(row)]
    if not rows:
        return LayoutError("filen har inga rader. Exportera rapporten på nytt.")
    return LayoutError(
        f"ingen känd rubrikrad hittades; filen börjar ”{join(rows[0])[:120]}”. Ingen rad i filen liknar "
        "rubriker (risk, sannolikhet, åtgärd …). Är det en export, så säg kolumnerna i anteckningsboken 01; "
        "annars är filen inte en export av det slag som läses: flytta den ur data/raw."
    )


def _set_aside(table: Table, beside: Table, kind: str) -> None:
    """Keep what a table says that is no export: contents, a legend, deviations."""
    beside.aside += table.aside
    beside.titles += table.titles
    beside.aside += [
        (line.number, kind, join(map(clean_space, line.cells))) for line in table.lines
    ]


# -- a status column per period ----------------------------------------------------------------------


def _by_period(table: Table, columns: Columns) -> list[Pair]:
    """Return a table whose status stands once per report as one table for each."""
    named = Counter(field for field, _ in columns.reports.values() if field)
    several = {field for field, count in named.items() if count > 1}
    if not several or several == {"risk_value"} and {*AXES} & {*columns.fields}:
        return [(table, columns)]  # values of two years beside one judgement: that one's counts
    told = dict.fromkeys(report for field, report in columns.reports.values() if field in several)
    return [_of_period(table, columns, report) for report in told]


def _of_period(table: Table, columns: Columns, report: str) -> Pair:
    """Return a table with the columns of one report, and those of none."""
    fields = [*columns.fields]
    for n, (field, of_report) in columns.reports.items():
        fields[n] = field if field and of_report == report else f"column {n + 1}"
    others = {n for n, (field, other) in columns.reports.items() if field and other != report}
    period = {"period": Given(report, None, "column")}
    lines = []
    for line in table.lines:
        cells = ["" if n in others else cell for n, cell in enumerate(line.cells)]
        lines.append(replace(line, cells=cells, given=line.given | period))
    read = {n for n, (field, _) in columns.reports.items() if field}  # here, or of another report
    unused = {n: text for n, text in columns.unused.items() if n not in read}
    doubts = tuple(doubt for doubt in columns.doubts if doubt[0] not in columns.reports)
    columns = replace(columns, fields=tuple(fields), doubts=doubts, unused=unused)
    return replace(table, lines=lines), columns


def _dated(table: Table, columns: Columns) -> Pair:
    """Return a table whose column of reports says the year too, where that has a column of its own."""
    labels = columns.vocab.words["boards"]["year_labels"]
    years = [n for n, text in columns.unused.items() if fold(text) in labels]
    if not years or "period" not in columns.fields:
        return table, columns
    at = columns.fields.index("period")
    lines = [replace(line, cells=[*line.cells]) for line in table.lines]
    for line, year, report in zip(lines, table.column(years[0]), table.column(at), strict=True):
        if re.fullmatch(r"20\d\d", year) and report and year not in report:
            line.cells[at] = f"{report} {year}"
    return replace(table, lines=lines), columns


# -- tables that belong to a table of risks ------------------------------------------------------------


def _with_events(pair: Pair, register: Pair) -> Pair | None:
    """Return a table of measures whose column of numbers holds the risks that a register has at these."""
    (table, columns), (risks, of_risks) = pair, register
    fields = [*enumerate(columns.fields), *columns.maybe.items()]
    at = next((n for n, field in fields if field == "event"), None)
    at = _numbered(pair, register) if at is None else at
    printed = [] if at is None or "activity" not in columns.fields else table.column(at)
    for n, (above, line) in enumerate(pairwise(table.lines if printed else ()), 1):
        if line.number == above.number:  # further measures of a list in a cell
            printed[n] = printed[n] or printed[n - 1]
    events, told = risks.column(of_risks.fields.index("event")), []
    for n in of_risks.unused:
        named = {
            (_number(text), event) for text, event in zip(risks.column(n), events, strict=True)
        }
        numbers = {number: event for number, event in named if number and event}
        if len(numbers) == len({e for _, e in named if e}) == len({x for x in named if all(x)}):
            told.append([numbers.get(_number(text), "") for text in printed])
    if (
        not told
        or any(events != told[0] for events in told)
        or sum(map(bool, told[0])) < max(SAME * len(printed), 1)
    ):
        return None
    lines, notes = [replace(line, cells=[*line.cells]) for line in table.lines], []
    for line, text, event in zip(lines, printed, told[0], strict=True):
        line.cells[at : at + 1] = [event]
        notes += [(line.number, "columns_told", text)] if text and event else []
        if text and not event:
            doubt = f"”{text}”: ingen risk i filen har det numret"
            table.doubts.append((line.number, "event", text, doubt))
    names = tuple("event" if n == at else field for n, field in enumerate(columns.fields))
    unused = {n: text for n, text in columns.unused.items() if n != at}
    table = replace(table, lines=lines, aside=[*table.aside, *notes])
    return table, replace(columns, fields=names, unused=unused)


def _numbered(pair: Pair, register: Pair) -> int | None:
    """Return the column of a table that holds only numbers of a register's risks, whatever its heading.

    Where they may as well number its own rows, 1, 2, 3, 1 …, each row is asked about, but for fewer
    or more under the heading of the register's own.
    """
    (table, columns), (risks, of_risks) = pair, register
    codes = [{*filter(_number, risks.column(n))} for n in of_risks.unused]
    told = {n: [*filter(None, table.column(n))] for n in columns.unused}
    named = [n for n, texts in told.items() if any({*texts} <= some for some in codes if texts)]
    if len(named) != 1 or "activity" not in columns.fields:
        return None
    numbers = [int(text) if text.isdecimal() else -1 for text in told[named[0]]]
    if any(n not in (1, before + 1) for before, n in pairwise([0, *numbers])):
        return named[0]
    same = fold(columns.headings[named[0]]) in map(fold, of_risks.unused.values())
    if same and len(numbers) != len(risks.lines):
        return None
    whole = same and named[0] == 0 and numbers == [*range(1, len(numbers) + 1)]
    if whole and table.name != risks.name and _OF_PAGES.match(table.name) and not table.titles:
        return 0  # of a sheet that was too wide for a page: the number is printed again
    for line, text in zip(table.lines, table.column(named[0]), strict=True):
        doubt = f"{columns.headings[named[0]]} {text} kan vara riskens nummer, eller radens eget"
        table.doubts.append((line.number, "event", text, doubt))
    return None


def _number(text: str) -> str:
    """Return the number that a text is, with letters before it: "R-3", "Risk 3"."""
    found = re.fullmatch(r"[^\d\s]{0,6}[\s.:-]?(\d[\d.]*?)[.)]?", text)
    return found[1] if found else ""


def _belonging(pairs: list[Pair]) -> list[Pair]:
    """Return the tables with those put under a register whose every row names a risk of it.

    By its text, or by its number: a table that names risks so cannot stand by itself.
    """
    registers = [pair for pair in pairs if pair[1].layout.kind == "register"]
    if len(registers) != 1 or "event" not in registers[0][1].fields:
        return pairs
    register, kept = registers[0], []
    for pair in (pair for pair in pairs if pair is not registers[0]):
        named = _with_events(pair, register)
        if named or _belongs(pair, register, pair[1].vocab):
            register = _put_under(register, named or pair)
        else:
            kept.append(pair)
    return [register, *kept]


def _events(table: Table, columns: Columns) -> list[str]:
    return [*map(fold, table.column(columns.fields.index("event")))]


def _belongs(pair: Pair, register: Pair, vocab: Vocabulary) -> bool:
    """Return whether a table holds the measures of a register: of no other report, unless it has its own."""
    fields, measured = {*pair[1].fields}, "activity" in register[1].fields
    if not {"event", "activity"} <= fields or {*AXES} & fields:
        return False
    told, of_register = (
        find_periods(" | ".join((t.name, *t.titles)), vocab) for t, _ in (pair, register)
    )
    if {"status", "outcome"} & fields and (measured or told - of_register):  # a follow-up
        return False
    events, risks = _events(*pair), {*_events(*register)}
    return sum(event in risks for event in events) >= SAME * len(events) > 0


def _put_under(register: Pair, measures: Pair) -> Pair:
    """Return a register with the rows of a table of measures, each under its risk."""
    (risks, of_risks), (table, columns) = register, measures
    names = [f if not f.startswith("column ") else "" for f in columns.fields]
    new = [n for n, f in enumerate(names) if f not in of_risks.fields]
    places = {n: len(of_risks.fields) + i for i, n in enumerate(new)}
    shared = [
        n for n, f in enumerate(names) if n not in new and f not in ("event", "process", "goal")
    ]
    places |= {n: of_risks.fields.index(names[n]) for n in shared}
    width, events = len(of_risks.fields) + len(new), _events(risks, of_risks)
    under: dict[str, list[Line]] = {event: [] for event in events if event}
    left = []
    for line, event in zip(table.lines, _events(table, columns), strict=True):
        if event not in under:
            left.append((line.number, "unread", join(line.cells)))
            continue
        cells = [""] * width
        for n, place in places.items():
            cells[place] = "".join(line.cells[n : n + 1])
        under[event].append(replace(line, cells=cells))
    lines, last = [], ""
    for line, event in zip(risks.lines, events, strict=True):
        lines += under.pop(last, []) if event else []
        last = event or last
        lines.append(replace(line, cells=_padded(line.cells, width)))
    header = _padded([*risks.header], len(of_risks.fields))
    merged = replace(
        risks, lines=lines + under.pop(last, []), aside=[*risks.aside, *table.aside, *left],
        titles=[*risks.titles, *table.titles], doubts=[*risks.doubts, *table.doubts],
        header=(*header, *(table.header[n] for n in new)),
        header_rows=(*risks.header_rows, *table.header_rows),
    )  # fmt: skip
    return merged, replace(
        of_risks, fields=(*of_risks.fields, *(names[n] or f"column {places[n] + 1}" for n in new)),
        guessed=of_risks.guessed | {places[n]: w for n, w in columns.guessed.items() if n in new},
        unused=of_risks.unused | {places[n]: t for n, t in columns.unused.items() if n in new},
        headings=(*of_risks.headings, *(columns.headings[n] for n in new)),
    )  # fmt: skip


def _padded(cells: list[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]
