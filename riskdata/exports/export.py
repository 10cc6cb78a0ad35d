"""One file → its exports, each with its tidy rows as a person has corrected them, or why it is not read."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from riskdata.errors import ManualError, RiskdataError, SourceError
from riskdata.exports.audit import check_columns, check_outside, check_scales, find_lost
from riskdata.exports.tidy import WHERE, Tidy, tidy
from riskdata.readers import find_grids, read_bytes
from riskdata.readers.grid import Grid
from riskdata.shapes.parts import read_parts
from riskdata.shapes.plain import part_columns, upright
from riskdata.shapes.sources import (
    find_board_and_period,
    find_differences,
    find_year,
    read_board,
    read_period,
    source_name,
)
from riskdata.shapes.table import SET_ASIDE, Notes, Table
from riskdata.tables.manual import read_table
from riskdata.tables.schema import NUMBER, REPAIRS, TABLES
from riskdata.words.spelling import clean_space, fold, in_year, is_time, read_people
from riskdata.words.vocabulary import Vocabulary

CORRECTED = ("file", "row", "column", "was", "now", "reason")
_CORRECTIONS = "data/manual/corrections.csv"
_CORRECTABLE = TABLES["risks"] | TABLES["activities"]
_texts_of_risk = itemgetter("goal_code", "goal", "indicator", "process", "way_of_working", "event")
_texts_of_activity = itemgetter("risk_id", "indicator", "process", "activity")


@dataclass(frozen=True)
class Correction:
    """One line of corrections.csv; column is a tidy column."""

    line: int
    file: str
    row: int
    column: str
    was: str
    now: str
    reason: str


@dataclass
class Export:
    """What one table, or several of one kind, gave: its row of ``sources``, and each table's rows.

    The rows have the columns of schema.py, less those of ``where``, which all of them share.
    """

    source: dict
    risks: list[dict] = field(default_factory=list)
    activities: list[dict] = field(default_factory=list)
    account: list[tuple] = field(default_factory=list)
    unread: list[tuple] = field(default_factory=list)
    cells: list[tuple] = field(default_factory=list)

    def where(self, table: str) -> dict:
        """Return what all its rows of a table have in common."""
        if table not in ("risks", "activities"):
            return {"source_file": self.source["source_file"]}
        where = {name: self.source[name] for name in ("source_file", "board", "period")}
        return where | {"year": int(where["period"][:4])}


def read_export_file(
    path: Path,
    name: str,
    vocab: Vocabulary,
    *,
    own: dict[str, tuple[str, str]] | None = None,
    corrections: tuple[Correction, ...] = (),
) -> list[Export]:
    """Return the exports that a file holds; what is wrong with one stands in ``source["problem"]``.

    name: the file as it is called in the tables; own: its board and period in sources.csv, under "",
    and those of its sheets and kinds, which stand there as ``file#name``, under their names.
    """
    source = {"source_file": name, "sha256": digest(path)}
    try:
        printed = upright(find_grids(read_bytes(path), path.name), vocab)
        return _read(printed, source, vocab, own or {}, corrections)
    except RiskdataError as fault:
        return [_refused(source, fault)]


def _refused(source: dict, fault: RiskdataError, *parts: str) -> Export:
    """Return what cannot be read of a file, or of the part of it that is named."""
    file, text = source["source_file"], str(fault)
    text = text if text.startswith(file) else f"{file}: {text}"
    return Export(source | {"source_file": _named(file, *parts), "problem": text})


def _named(file: str, *parts: str) -> str:
    return "#".join([file, *filter(None, parts)])


def _read(
    printed: list[Grid],
    source: dict,
    vocab: Vocabulary,
    own: dict[str, tuple[str, str]],
    corrections: Sequence[Correction],
) -> list[Export]:
    grids, told = [*printed], Notes()
    of_values = correct_cells(grids, corrections)
    grids = [part_columns(grid, vocab, told) for grid in grids]
    tables = [tidy(part) for part in read_parts(grids, vocab)]
    first = tables[0].notes
    first.account += told.account
    first.unread += told.unread
    tables[0].printed_rows += len(told.unread)
    correct_values(tables, of_values)
    for c in corrections:
        first.add(c.row, c.column, "correction", c.was, c.now, c.reason)
    for each in tables:
        check_columns(each)
        check_outside(each)
    lost, cells = find_lost(printed, tables)
    first.unread += lost
    exports = [export for each in tables for export in _exports(each, source, own)]
    exports[0].cells = [cells]
    return exports


# -- what a person has corrected (data/manual/corrections.csv) -----------------------------------


def read_corrections(manual: Path, vocab: Vocabulary) -> list[Correction]:
    """Return every correction; ManualError for lines without a row, a known column or a reason."""
    corrections, faults = [], []
    for row in read_table(manual / "corrections.csv", CORRECTED):
        column = row["column"]
        known = column if column in _CORRECTABLE else vocab.headers.get(fold(column))
        if not row["row"].isdigit():
            fault = f"row ska vara radens nummer i exporten, inte ”{row['row']}”"
        elif not known:
            fault = f"kolumnen ”{column}” är inte känd ({', '.join(_CORRECTABLE)})"
        elif not row["reason"]:
            fault = "skriv varför (reason); utan skäl görs ingen rättelse"
        else:
            file, said = source_name(row["file"]), (row["was"], row["now"], row["reason"])
            corrections.append(Correction(int(row["line"]), file, int(row["row"]), known, *said))
            continue
        faults.append(f"rad {row['line']}: {fault}")
    if faults:
        raise ManualError(f"{_CORRECTIONS}: {'; '.join(faults)}")
    return corrections


def correct_cells(grids: list[Grid], corrections: Sequence[Correction]) -> list[Correction]:
    """Make every correction whose ``was`` is one whole printed cell of its row; return the others.

    The grids change in place. The others speak of tidy values: see ``correct_values``.
    """
    others = []
    for correction in corrections:
        places = [
            (g, r, c)
            for g, grid in enumerate(grids)
            for r, number in enumerate(grid.numbers) if number == correction.row
            for c, cell in enumerate(grid.rows[r]) if clean_space(cell) == correction.was != ""
        ]  # fmt: skip
        if len(places) != 1:
            others.append(correction)
            continue
        ((grid, row, column),) = places
        rows = [[*cells] for cells in grids[grid].rows]
        rows[row][column] = correction.now
        grids[grid] = replace(grids[grid], rows=rows)
    return others


def correct_values(tables: list[Tidy], corrections: list[Correction]) -> None:
    """Make the corrections that speak of a value in the tidy rows; ManualError for any that fits none."""
    stale = []
    for c in corrections:
        rows = [row for each in tables for row in (*each.risks, *each.activities)]
        rows = [row for row in rows if row["source_row"] == c.row and c.column in row]
        hits = [row for row in rows if _text(row[c.column]) == c.was]
        for row in hits:
            row[c.column] = _value(c.column, c.now)
        if not hits:
            stale.append(f"  rad {c.line}: {c.file} rad {c.row}, {c.column}: ”{c.was}”")
    if stale:
        raise ManualError(
            f"{_CORRECTIONS}: det som skulle rättas står inte längre så i exporten:\n"
            + "\n".join(stale)
            + "\nÄr källan rättad, så ta bort raden; annars skriv i kolumnen was vad som står nu."
        )


def _text(value: object) -> str:
    return "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)


def _value(column: str, text: str) -> object:
    if column == "responsible":
        return [*read_people(text)]
    if _CORRECTABLE[column] == NUMBER:
        return int(text) if text else None
    return text or None


# -- which board and period a row belongs to --------------------------------------------------------


class Place(NamedTuple):
    """Where rows belong; sheet is "" where their row numbers tell them from all others."""

    board: str
    period: str
    sheet: str


def _exports(tables: Tidy, source: dict, own: dict[str, tuple[str, str]]) -> list[Export]:
    """Return the exports of one kind: one, or one for each board and period that its rows say.

    Sheets whose rows have the same numbers are exports of their own: a row must be found again.
    """
    file, of_table, refused = source["source_file"], [], {}
    for n, (table, _) in enumerate(tables.part.tables):
        try:
            of_table.append(_place_of_table(tables, n, file, own))
        except RiskdataError as fault:
            of_table.append(None)
            refused.setdefault(str(fault), (fault, table.name))
    if not any(of_table):
        return [_refused(source, next(iter(refused.values()))[0], tables.part.name)]
    rows: dict[Place | None, tuple[list[dict], list[dict]]] = {}  # None: of tables that are refused
    for n, some in enumerate((tables.risks, tables.activities)):
        for row in some:
            place = of_table[row["table"]]
            place = place and _place_of_row(row, place, tables, file)
            rows.setdefault(place, ([], []))[n].append(row)
    numbers = {p: {row["source_row"] for some in both for row in some} for p, both in rows.items()}
    places = [*filter(None, rows)] or [next(filter(None, of_table))]
    exports = []
    for n, place in enumerate(places):
        name = _named(file, tables.part.name, _told_apart(place, places))
        whole = rows.keys() <= {place}
        mine = tables if whole else _rows_of(tables, place, rows, numbers, first=n == 0)
        exports.append(_export(mine, source | {"source_file": name}, place))
    return exports + [_refused(source, *fault) for fault in refused.values()]


def _told_apart(place: Place, places: list[Place]) -> str:
    """Return what tells a place from the others of its file."""
    if len({(p.board, p.period) for p in places}) == len(places):
        place, places = place._replace(sheet=""), [p._replace(sheet="") for p in places]
    differ = [word for word, *rest in zip(place, *places, strict=True) if len(set(rest)) > 1]
    return " ".join(filter(None, differ))


def _check_year(table: Table, titles: list[str], period: str) -> None:
    """Raise SourceError for a sheet named by a year that is not the one that its file tells."""
    sheet, year = table.name.strip(), period[:4]
    differs = year != sheet or titles and year not in " ".join(titles)
    if differs and re.fullmatch(r"(19|20)\d\d", sheet) and not table.titles:
        title = f"filens titel gäller ett annat (”{titles[0]}”)" if titles else ""
        others = title or f"perioden är {period}"
        raise SourceError(
            f"bladet ”{sheet}” säger bara ett år, och {others}. Skriv perioden i bladets namn "
            f"({sheet}{period[4:]}) eller som titel på bladet."
        )


def _place_of_table(tables: Tidy, n: int, file: str, said: dict[str, tuple[str, str]]) -> Place:
    table, _ = tables.part.tables[n]
    own = said.get(table.name) or said.get(tables.part.name) or said.get("", ("", ""))
    rows = [row for row in (*tables.risks, *tables.activities) if row["table"] == n]
    given = tuple(bool(rows) and all(row[name] for row in rows) for name in WHERE)
    titles = table.titles or [t for other, _ in tables.part.tables for t in other.titles]
    board, period = find_board_and_period(
        file, titles, own, tables.part.vocab, sheet=table.name, given=given
    )
    if not own[1]:
        _check_year(table, titles, period)
    elif period != own[1]:
        tables.notes.add(None, "period", "title_differs", f"bladet {table.name}", period)
    for name, told in find_differences(table.titles, own[0], own[1] and period, tables.part.vocab):
        tables.notes.add(None, name, "title_differs", told)
    numbers = {line.number for line in table.lines}
    others = [t.lines for t, _ in tables.part.tables if t.name != table.name]
    shared = any(line.number in numbers for lines in others for line in lines)
    return Place(board, period, table.name if shared else "")


def _place_of_row(row: dict, place: Place, tables: Tidy, file: str) -> Place:
    """Return where a row belongs: what it says itself counts before what its table says."""
    board = read_board(row["board"], tables.part.vocab) if row["board"] else place.board
    period = place.period
    if row["period"]:
        titles = tables.part.tables[row["table"]][0].titles
        near = place.period or find_year(file, titles)
        period = read_period(row["period"], near, tables.part.vocab)
        if not period:
            period = place.period
            tables.notes.add(row["source_row"], "period", "unknown_word", row["period"])
    return Place(board, period, place.sheet)


def _rows_of(
    tables: Tidy, place: Place, rows: dict, numbers: dict[Place | None, set[int]], *, first: bool
) -> Tidy:
    """Return what belongs to the rows of one place; what belongs to no row stands with the first."""
    risks, activities = rows.get(place, ([], []))
    mine = numbers.get(place, set())
    others = {number for other, some in numbers.items() if other != place for number in some}
    account, unread = (
        [entry for entry in some if entry.row in mine or first and entry.row not in others]
        for some in (tables.notes.account, tables.notes.unread)
    )
    told = {"notes": Notes(account, unread), "printed_rows": len(mine)}
    return replace(tables, risks=risks, activities=activities, **told)


def _export(tables: Tidy, source: dict, place: Place) -> Export:
    """Return one export; what is wrong with it stands in its source."""
    file, notes, (board, period, _) = source["source_file"], tables.notes, place
    try:
        check_scales(tables, (file, f"{board} {period}", period))
        if not board or not period:
            raise SourceError(
                f"{'period' if board else 'nämnd'} framgår inte för alla rader. Lägg till i "
                f"data/manual/sources.csv:\n  file,board,period\n  "
                f'"{file}",{board or "Nämndens namn"},{period or "2025-VB"}'
            )
    except RiskdataError as fault:
        return _refused(source, fault)
    if tables.part.layout.value == "matrix":
        look_up(tables, board)
    date_rows(tables, period)
    notes.account.sort(key=lambda entry: (entry.row is not None, entry.row or 0))
    name_rows(tables, period, board)
    count = Counter(entry.rule for entry in notes.account)
    source |= {
        "kind": tables.part.layout.kind, "layout": tables.part.layout.name, "board": board, "period": period,
        "printed_rows": tables.printed_rows, "risks": len(tables.risks),
        "activities": len(tables.activities), "unread": len(notes.unread),
        "repairs": sum(count[rule] for rule in REPAIRS), "guessed": count["guessed_column"],
        "set_aside": sum(count[rule] for rule in SET_ASIDE),
        "unused_columns": count["column_not_used"],
    }  # fmt: skip
    return Export(source, tables.risks, tables.activities, notes.account, notes.unread)


def look_up(tables: Tidy, board: str) -> None:
    """Give each risk the level, or the value, of its steps in its board's own matrix, where it has one.

    A printed level stands; one that the matrix does not give is asked about.
    """
    matrix = {
        (one, other): cell
        for one, row in enumerate(tables.part.vocab.for_board(board).words["matrix"], 1)
        for other, cell in enumerate(row, 1)
    }
    for risk in tables.risks:
        one, other = risk["likelihood"], risk["consequence"]
        cell = matrix.get((one, other))
        name = "risk_value" if isinstance(cell, int) else "level"
        printed = risk[name]
        if cell is None or fold(str(printed)) == fold(str(cell)):
            continue
        rule = "value_computed" if printed is None else "matrix_differs"
        risk[name] = cell if printed is None else printed
        note = name, rule, str(printed or ""), str(cell), f"{one}, {other} i matrisen"
        tables.notes.add(risk["source_row"], *note)


def date_rows(tables: Tidy, period: str) -> None:
    """Give due dates without a year, as 30/6, that of the period; ask about what is no time."""
    told: dict[tuple[int, str], str] = {}
    for activity in tables.activities:
        due = activity["due_date"]
        dated = in_year(due, period[:4]) if due else due
        if due and not (dated == due and is_time(due)):
            activity["due_date"] = told[activity["source_row"], due] = dated
    for (row, due), dated in told.items():
        rule, after = ("year_filled", dated) if dated != due else ("date_kept", "")
        tables.notes.add(row, "due_date", rule, due, after, period if after else "")


def name_rows(tables: Tidy, period: str, board: str) -> None:
    """Give every risk and activity its id; the same texts again get a number of their own."""
    seen: Counter[str] = Counter()

    def name(*texts: str | None) -> str:
        made = make_id(period, board, tables.part.layout.kind, *texts)
        seen[made] += 1
        return made if seen[made] == 1 else f"{made}-{seen[made]}"

    for risk in tables.risks:
        risk["risk_id"] = name(*_texts_of_risk(risk))
    for activity in tables.activities:
        activity["risk_id"] = (activity.pop("risk") or {}).get("risk_id")
        activity["activity_id"] = name("activity", *_texts_of_activity(activity))


def make_id(period: str, *texts: str | None) -> str:
    """Return a short name for a risk or an activity that the same texts always give again."""
    digest = hashlib.sha256("\x1f".join([text or "" for text in texts]).encode()).hexdigest()
    return f"{period}-{digest[:12]}"


def digest(path: Path) -> str | None:
    """Return the SHA-256 of a file's bytes; None where it cannot be opened."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
