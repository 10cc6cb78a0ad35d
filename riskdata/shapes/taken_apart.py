"""Cells that hold several things, as columns and lines: boxes, composite cells, lists in a cell."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from riskdata.shapes.cards import SHARED, read_labels
from riskdata.shapes.columns import read_scores
from riskdata.shapes.headings import SCORES, known
from riskdata.shapes.table import Columns, Line, Table
from riskdata.words.spelling import DATE, LONGEST_ROLE, PERSON, any_of, clean_space, fold, join
from riskdata.words.vocabulary import AXES, LISTS, Vocabulary

FEWEST_STEPS = 3  # columns to tick
MOST = 0.5  # of a column's printed cells: what so many are made of, the column is made of
BESIDE = ("status", "responsible", "due_date", "description", "comment", "outcome")
BEHIND = ("activity", "responsible", "due_date")  # what a measure's cell says besides it
_ITEM = re.compile(r"\s*(?:[-–•*·▪●○‣]|\(?\d{1,2}[.)]|\(?[a-h]\))\s+(?=\S)")
_ONLY = re.compile(r"\s*\(?1[.)]\s+(\S.*)", re.DOTALL)
_BY_SEMICOLON = re.compile(r";\s+(?=[A-ZÅÄÖ])")
_INLINE = re.compile(r"(?:^|\s)\(?(\d)[.)]\s+(?=\S)")
_VALUE_FIRST = re.compile(r"(?P<value>\d{1,2})\s*[-–:.(]\s*(?P<level>[^\d()]+?)\s*\)?")
_WORD_FIRST = re.compile(r"(?P<level>[^\d()]+?)\s*[-–:(]\s*(?P<value>\d{1,2})\s*\)?")
_EXPLAINED = re.compile(  # 3 (ca 1 gång/år) · 4 Sannolik, and on the next line why
    r"(?P<step>\d\s*[.:)=–-]*\s*(?P<label>[^\W\d][^\n(:;.,]*?)?)\s*"
    r"(?:\((?P<inside>[^()]+)\)|(?:\n|[:;.,–-]\s)\s*(?P<why>[^\d\s].*))",
    re.DOTALL,
)
_SAYS_WHY = re.compile(r"[^\W\d]{2}\S* \S|\S [^\W\d]{2}")  # two words, one at least of letters
_PRODUCT_OF = re.compile(r"([^\W\d_]+?)\s*[x×*·]\s*([^\W\d_]+)", re.IGNORECASE)
_BEHIND = re.compile(
    r"(?P<what>.*\S)(?:\s*\((?P<inside>[^()]+)\)|\s+[–—/-]\s+(?P<after>\S.*?))\.?", re.DOTALL
)
_PEOPLE = re.compile(r"\s*(?:[,;/&]|\boch\b)\s*")
_SET = re.compile(
    r"(?P<name>[^\W\d].*?)\s*(?:nr\.?\s*)?\(?(?P<number>[1-9])\)?", re.IGNORECASE
)  # Åtgärd 2
_NUMBERED_WORD = re.compile(r"(?P<number>\d)\s*[-–.:)]\s*(?P<word>[^\W\d].*)")
_DAY = re.compile(r"20\d\d-(?P<month>\d\d)-(?P<day>\d\d)(?: 00:00(?::00)?)?")
_BOX = re.compile(r"[☐☒☑✓✔]|\[[ xX]?\]")
_TICKED = re.compile(r"(?:[☒☑✓✔]|\[[xX]\])\s*([^☐☒☑✓✔\[]+)")


def take_apart(table: Table, columns: Columns) -> tuple[Table, Columns]:
    """Return a table whose composite cells are columns and whose lists in a cell are lines."""
    table, columns = _with_labels(*_composites(table, columns))
    _ask_about_labels(table, columns)
    if "activity" not in columns.fields:
        return table, columns
    return _named_behind(_lists(table, columns), columns)


def _with_labels(table: Table, columns: Columns) -> tuple[Table, Columns]:
    """Return a table with a column of its own for what a label says within most measures or risks."""
    words = known(columns.vocab)
    for at, name in enumerate(columns.fields):
        if name not in ("event", "activity"):
            continue
        cells = [read_labels("".join(x.cells[at : at + 1]), words) for x in table.lines]
        told = [{words.label(label).field: text for label, text in pairs} for _, pairs in cells]
        count = Counter(field for fields in told for field in fields)
        new = [f for f in BESIDE if count[f] > MOST * len(cells) and f not in columns.fields]
        if new:
            parts = [
                (lead, *(fields.get(f, "") for f in new))
                if {*fields} <= {*new} and len(fields) == len(pairs)
                else None
                for (lead, pairs), fields in zip(cells, told, strict=True)
            ]
            return _parted(table, columns, at, (name, *new), parts)
    return table, columns


def _ask_about_labels(table: Table, columns: Columns) -> None:
    """Ask about a line within a text that has a heading before it: "Ansvarig: Tuva Rask"."""
    words = known(columns.vocab)
    texts = [n for n, field in enumerate(columns.fields) if field in ("event", "activity")]
    for line in table.lines:
        for cell in (line.cells[n] for n in texts if n < len(line.cells)):
            for label, _ in read_labels(cell, words)[1]:
                doubt = f"”{clean_space(cell)}”: en rad i cellen har rubriken {label}"
                table.doubts.append((line.number, "activity", clean_space(cell), doubt))


# -- sets of columns: Åtgärd 1, Status 1, Åtgärd 2, Status 2 ----------------------------------------


def unnumbered(table: Table, vocab: Vocabulary) -> Table:
    """Return a table whose measures stand in numbered sets of columns as one with a line for each set."""
    sets: dict[int, dict[str, int]] = {}  # number → what a column is called → the column
    for n, text in enumerate(table.header):
        above = "".join(table.upper[n : n + 1])
        if own := _SET.fullmatch(clean_space(text)):
            sets.setdefault(int(own["number"]), {}).setdefault(fold(own["name"]), n)
        elif text.strip() and (own := _SET.fullmatch(clean_space(above))):
            sets.setdefault(int(own["number"]), {}).setdefault(fold(text), n)
    if 2 in sets and 1 not in sets:  # Åtgärd, Status, Åtgärd 2, Status 2
        headings = [*map(fold, table.header)]
        sets[1] = {name: headings.index(name) for name in sets[2] if name in headings}
    first, *others = [sets[number] for number in sorted(sets)] or [{}]
    fields = [heading.field for heading in known(vocab).row([*first])]
    running = sorted(sets) == [*range(1, len(sets) + 1)] and len(sets) > 1
    if not running or "activity" not in fields or any(not {*x} <= {*first} for x in others):
        return table
    moved = {n for names in others for n in names.values()}
    called = {n: name for name, n in first.items()}
    header = tuple(
        "" if n in moved else _SET.sub(r"\g<name>", clean_space(text)) if n in called else text
        for n, text in enumerate(table.header)
    )
    made = replace(table, header=header, lines=[], aside=[*table.aside])
    for line in table.lines:
        cells = [*line.cells, *[""] * (len(header) - len(line.cells))]
        kept = ["" if n in moved else cell for n, cell in enumerate(cells)]
        made.lines.append(replace(line, cells=kept))
        given = {f: x for f, x in line.given.items() if f not in ("event", *AXES, "risk_value")}
        for names in others:
            places = {first[name]: cells[n] for name, n in names.items()}
            if any(map(str.strip, places.values())):
                made.lines.append(
                    Line(line.number, [places.get(n, "") for n in range(len(header))], given)
                )
                told = " | ".join(filter(None, map(clean_space, places.values())))
                made.aside.append((line.number, "columns_told", told))
    return made


# -- boxes: the ticked one gives the word -----------------------------------------------------------


def read_boxes(table: Table, vocab: Vocabulary) -> Table:
    """Return a table whose boxes are the words that are ticked: a column of each word, or a cell of all."""
    lines, aside = [], []
    for line in table.lines:
        cells = [*line.cells]
        if _TICKED.search(" ".join(cells)):
            cells = [*map(_ticked_word, cells)]
            changed = [old for old, new in zip(line.cells, cells, strict=True) if old != new]
            aside += [(line.number, "cell_split", clean_space(cell)) for cell in changed]
        lines.append(replace(line, cells=cells))
    table = replace(table, lines=lines, aside=[*table.aside, *aside])
    table = _ticked_steps(table, vocab)
    for words, heading in ((vocab.statuses, "Status"), (vocab.decisions, "Hantera risk")):
        table = _ticked_column(table, words, heading, vocab)
    return table


def _ticked_column(
    table: Table, known: Mapping[str, str], heading: str, vocab: Vocabulary
) -> Table:
    """Return a table whose columns to tick, each headed by a known word, are one of these words."""
    ticked, empty = ({*map(fold, vocab.words["boxes"][kind])} for kind in ("ticked", "empty"))
    named = [n for n, text in enumerate(table.header) if fold(text) in known]
    cells = {n: [*map(fold, table.column(n))] for n in named}
    days = {cell for n in named for cell in cells[n] if DATE.fullmatch(cell)}
    boxes = [n for n in named if {*cells[n]} <= ticked | days | empty | {""}]
    codes = [known[fold(table.header[n])] for n in boxes if {*cells[n]} & ticked]
    boxes = [  # beside a box of its own, a column of days is a due date: "Klar", and "Klart"
        n for n in boxes if {*cells[n]} & ticked or known[fold(table.header[n])] not in codes
    ]  # fmt: skip
    if len(boxes) < 2 or not any({*cells[n]} & (ticked | days) for n in boxes):
        return table
    for m, line in enumerate(table.lines):
        words = [table.header[n] for n in boxes if cells[n][m] in ticked]
        words = (
            words or [table.header[n] for n in boxes if cells[n][m] in days][-1:]
        )  # the last done
        printed = " | ".join(c for n in boxes for c in line.cells[n : n + 1] if c)
        table.aside.append((line.number, "columns_told", printed))
        line.cells[:] = ["" if n in boxes else cell for n, cell in enumerate(line.cells)]
        line.cells[boxes[0] : boxes[0] + 1] = [", ".join(words)]
    header = ["" if n in boxes else text for n, text in enumerate(table.header)]
    header[boxes[0]] = heading
    return replace(table, header=tuple(header))


def _ticked_steps(table: Table, vocab: Vocabulary) -> Table:
    """Return a table whose columns to tick, 1, 2, 3 … below one heading of an axis, are its steps."""
    read = [heading.full for heading in known(vocab).row([*table.header])]
    columns = [[n for n, field in enumerate(read) if field == axis] for axis in AXES]
    columns = [some for some in columns if len(some) >= FEWEST_STEPS]
    if not columns or not table.lines:
        return table
    numbers, *lines = table.lines
    steps = {n: str(step) for some in columns for step, n in enumerate(some, 1)}
    printed = {n: text for n, cell in enumerate(numbers.cells) if (text := clean_space(cell))}
    ticked = {"", *map(fold, vocab.words["boxes"]["ticked"])}
    if printed != steps or not {fold(x.cells[n]) for x in lines for n in steps} <= ticked:
        return table
    for line in lines:
        table.aside.append((line.number, "columns_told", join(line.cells[n] for n in steps)))
        for first, *others in columns:
            told = [steps[n] for n in (first, *others) if line.cells[n].strip()]
            line.cells[first] = ", ".join(told)
            for n in others:
                line.cells[n] = ""
    header = [*table.header]
    for n in (n for _, *others in columns for n in others):
        header[n] = ""
    table.aside.append((numbers.number, "header", join(printed.values())))
    return replace(table, header=tuple(header), lines=lines)


def _ticked_word(cell: str) -> str:
    """Return the word behind the one ticked box of a cell with several, else the cell."""
    ticked = _TICKED.findall(cell)
    several = len(_BOX.findall(cell)) > 1
    return ticked[0].strip() if len(ticked) == 1 and several else cell


# -- composite cells -----------------------------------------------------------------------------


def _composites(table: Table, columns: Columns) -> tuple[Table, Columns]:
    vocab = columns.vocab
    labels = {word for axis in AXES for word in vocab.steps[axis]} | {*vocab.decisions}
    for n, field in enumerate(columns.fields):
        if field in LISTS:  # 2 - Pågår
            words = _without_numbers(table.column(n), getattr(vocab, LISTS[field]))
            if any(words):
                table, columns = _parted(table, columns, n, (field,), words)
        if field == "status":  # 40 under a heading with a % sign
            shares = [(f"{c} %",) if c.isdigit() else None for c in table.column(n)]
            if {share[0] for share in shares if share} <= vocab.statuses.keys():
                table, columns = _parted(table, columns, n, (field,), shares)
        if field.removesuffix("_after") in AXES:
            printed = ["".join(line.cells[n : n + 1]).strip() for line in table.lines]
            steps = [_explained(cell, labels) for cell in printed]
            like = sum(_EXPLAINED.fullmatch(cell) is not None for cell in printed)
            if any(steps) and like > MOST * sum(map(bool, printed)):
                table, columns = _parted(table, columns, n, (field,), steps)
        if field == SCORES:
            parts = [*map(read_scores, table.column(n))]
            if _consequence_first(columns.headings[n], vocab):
                parts = [part and (part[1], part[0], part[2]) for part in parts]
            if "risk_value" in columns.fields and not any(part and part[2] for part in parts):
                return _parted(table, columns, n, AXES, [part and part[:2] for part in parts])
            return _parted(table, columns, n, (*AXES, "risk_value"), parts)
        if field == "risk_value" and "level" not in columns.fields:
            levels = [_level_in(cell, labels) for cell in table.column(n)]
            if sum(map(bool, levels)) > MOST * sum(map(bool, table.column(n))):
                return _parted(table, columns, n, ("risk_value", "level"), levels)
    return table, columns


def _without_numbers(cells: list[str], words: Mapping[str, str]) -> list:
    """Return the known words of a column that numbers each of them, each number of one word."""
    found = [_NUMBERED_WORD.fullmatch(cell) for cell in cells]
    pairs = {(each["number"], fold(each["word"])) for each in found if each}
    told = len(pairs) == len(dict(pairs)) and {word for _, word in pairs} <= words.keys()
    return [(each["word"],) if each and told else None for each in found]


def read_dates(table: Table, vocab: Vocabulary) -> Table:
    """Return a table whose steps a spreadsheet took for days, 3-4 for 3 April, with these as products.

    Every printed value must be the product of day and month.
    """
    fields = [heading.field for heading in known(vocab).row([*table.header])]
    values = table.column(fields.index("risk_value")) if "risk_value" in fields else []
    for n in range(len(table.header) if any(values) else 0):
        days = [*map(_DAY.fullmatch, table.column(n))]
        printed = [(x, v) for x, v in zip(days, values, strict=True) if x and v]
        proven = all(v == str(int(x["day"]) * int(x["month"])) for x, v in printed)
        if fields[n] == "due_date" or not proven or len({v for _, v in printed}) < FEWEST_STEPS:
            continue
        for line, day in zip(table.lines, days, strict=True):
            if day:
                table.aside.append((line.number, "cell_split", clean_space(line.cells[n])))
                line.cells[n] = f"{int(day['day'])}x{int(day['month'])}"
    return table


def _consequence_first(heading: str, vocab: Vocabulary) -> bool:
    """Return whether a heading says that its products begin with the consequence: "Risk (K x S)"."""
    pair = _PRODUCT_OF.search(heading)
    said = [told.field for told in known(vocab).row([*pair.groups()])] if pair else []
    return said == ["consequence", "likelihood"]


def _explained(cell: str, labels: set[str]) -> tuple[str, ...] | None:
    """Return a step, with its label, whose reason or frequency stands behind it in the cell."""
    if not (found := _EXPLAINED.fullmatch(cell)):
        return None
    said = clean_space(found["inside"] or found["why"])
    known = not found["label"] or fold(found["label"]) in labels
    why = _SAYS_WHY.search(said) and fold(said) not in labels
    return (found["step"].strip(),) if known and why else None


def _level_in(cell: str, labels: set[str]) -> tuple[str, ...] | None:
    """Return a value and its level, of a cell like "12 – Hög" or "Hög (12)"; a step is none."""
    found = _VALUE_FIRST.fullmatch(cell) or _WORD_FIRST.fullmatch(cell)
    return found.group("value", "level") if found and fold(found["level"]) not in labels else None


def _parted(
    table: Table, columns: Columns, at: int, fields: tuple[str, ...], told: list
) -> tuple[Table, Columns]:
    """Return a table in which a composite column is several, next to each other."""
    more = len(fields) - 1

    def moved(n: int) -> int:
        return n + more * (n > at)

    def widened(items: tuple) -> tuple:
        return (*items[:at], *items[at : at + 1] * (more + 1), *items[at + 1 :])

    lines, aside = [], []
    for line, parts in zip(table.lines, told, strict=True):
        cells = [*line.cells]
        if len(cells) > at:
            aside += [(line.number, "cell_split", clean_space(cells[at]))] if parts else []
            cells[at : at + 1] = parts or (cells[at], *[""] * more)
        lines.append(replace(line, cells=cells, merged=frozenset(map(moved, line.merged))))
    every = (*columns.fields[:at], *fields, *columns.fields[at + 1 :])
    table = replace(
        table, lines=lines, aside=[*table.aside, *aside], header=widened(table.header),
        upper=widened(table.upper), hidden=frozenset(map(moved, table.hidden)),
    )  # fmt: skip
    return table, replace(
        columns, headings=widened(columns.headings),
        fields=tuple(f"column {n + 1}" if f.startswith("column ") else f for n, f in enumerate(every)),
        guessed={moved(n): why for n, why in columns.guessed.items()},
        unused={moved(n): text for n, text in columns.unused.items()},
        maybe={moved(n): name for n, name in columns.maybe.items()},
        doubts=tuple((moved(n), text) for n, text in columns.doubts),
    )  # fmt: skip


def _named_behind(table: Table, columns: Columns) -> tuple[Table, Columns]:
    """Return a table with the people behind most measures, in brackets or after a dash, as responsible.

    A day beside them is the due date. Where the heading says so, "Åtgärder (ansvarig)", whatever
    stands there is responsible; few names are asked about.
    """
    at, fields = columns.fields.index("activity"), columns.fields
    hints = columns.vocab.words["header_hints"]["responsible"]
    said = any(hint in fold(columns.headings[at]) for hint in hints)
    cells = table.column(at)
    lead = _leads(columns.vocab)
    parts = [_with_people(cell, lead, said=said) for cell in cells]
    own = (
        table.column(fields.index("responsible")) if "responsible" in fields else [""] * len(cells)
    )
    parts = [None if name else part for part, name in zip(parts, own, strict=True)]
    count = sum(map(bool, parts))
    if not said and (count < 2 or count <= MOST * sum(map(bool, cells))):
        for line, cell, part in zip(table.lines, cells, parts, strict=True):
            doubt = f"”{cell}”: sist kan den ansvariga stå"
            table.doubts.extend([(line.number, "responsible", cell, doubt)] if part else [])
        return table, columns
    if not count:
        return table, columns
    days = any(part and part[2] for part in parts)
    new = [f for f in BEHIND if f not in fields and (days or f != "due_date")]
    if new:
        table, columns = _parted(table, columns, at, ("activity", *new), [None] * len(cells))
    for line, cell, part in zip(table.lines, cells, parts, strict=True):
        line.cells += [""] * (len(columns.fields) - len(line.cells))
        for field, text in zip(BEHIND, part or (), strict=False):
            n = columns.fields.index(field) if text else 0
            if field == "activity" or text and not line.cells[n].strip():
                line.cells[n] = text
        table.aside += [(line.number, "cell_split", cell)] if part else []
    return table, columns


@lru_cache(maxsize=20)
def _leads(vocab: Vocabulary) -> re.Pattern:
    """Return what leads to a name or to a day: "ansvarig: ", "klart ", "senast den "."""
    names, days = (any_of(vocab.words["cells"][kind]) for kind in ("before_names", "deadlines"))
    return re.compile(rf"(?:{names}\s*(?::|(?=\s))|(?:{days}\s*:?\s+)+(?=\d))\s*", re.IGNORECASE)


def _with_people(cell: str, lead: re.Pattern, *, said: bool) -> tuple[str, str, str] | None:
    """Return a measure, who stands behind it and by when, "" for no day; None where nobody does.

    lead: what may stand before a name or a day, and is none of it.
    """
    if not (found := _BEHIND.fullmatch(cell)):
        return None
    who = found["inside"] or found["after"]
    told = [lead.sub("", x, count=1) if lead.match(x) else x for x in _PEOPLE.split(who)]
    people = [x for x in told if not DATE.fullmatch(x)]
    days = [x for x in told if DATE.fullmatch(x)]
    if people and len(days) < 2 and all(map(PERSON.fullmatch, people)):
        return found["what"], ", ".join(people), "".join(days)
    role = said and who[:1].isupper() and len(who.split()) <= LONGEST_ROLE
    return (found["what"], who, "") if role else None


# -- lists in a cell -----------------------------------------------------------------------------


def _lists(table: Table, columns: Columns) -> Table:
    """Return a table with a line for each item of a list under its measures."""
    at = columns.fields.index("activity")
    made = replace(table, lines=[], doubts=[*table.doubts], aside=[*table.aside])
    numbered = any(_items(cell) and cell.lstrip()[:1] == "1" for cell in table.column(at))
    for line in table.lines:
        cell = "".join(line.cells[at : at + 1])
        items = _items(cell, "activity" in columns.layout.lists) or _lines_alike(
            line, columns, cell
        )
        if not items and columns.layout.kind == "register" and not columns.expects_status:
            items = [item.strip() for item in _BY_SEMICOLON.split(cell)]
        if len(items) > 1:
            made.aside.append((line.number, "activities_split", clean_space(cell)))
            made.lines += _split(line, columns, at, items, made)
        elif numbered and (only := _ONLY.fullmatch(cell)):  # a list of one, among others of more
            made.aside.append((line.number, "cell_split", clean_space(cell)))
            cells = [*line.cells[:at], only[1], *line.cells[at + 1 :]]
            made.lines.append(replace(line, cells=cells))
        else:
            made.lines.append(line)
    return made


def _lines_of(cell: str) -> list[str]:
    return [line.strip() for line in cell.splitlines() if line.strip()]


def _items(cell: str, declared: bool = False) -> list[str]:
    """Return the items of a cell that is a list: numbered or bulleted, a line each, or in one line.

    >>> _items("1. Katalog\\n2. Utbildning"), _items("En rad")
    (['Katalog', 'Utbildning'], [])
    """
    lines = _lines_of(cell)
    if declared:
        parts = lines if len(lines) > 1 else cell.split(";")
        return [_ITEM.sub("", part).strip() for part in parts if part.strip()]
    begun = [n for n, line in enumerate(lines) if _ITEM.match(line)]
    if len(begun) > 1 and not begun[0]:
        ends = [*begun[1:], len(lines)]
        return [
            _ITEM.sub("", " ".join(lines[a:b]), count=1) for a, b in zip(begun, ends, strict=True)
        ]
    numbers = [*_INLINE.finditer(cell)] if len(lines) == 1 else []
    running = [m[1] for m in numbers] == [*map(str, range(1, len(numbers) + 1))]
    if len(numbers) > 1 and running and not cell[: numbers[0].start()].strip():
        ends = [*(m.start() for m in numbers[1:]), len(cell)]
        return [cell[m.end() : end].strip() for m, end in zip(numbers, ends, strict=True)]
    return []


def _lines_alike(line: Line, columns: Columns, cell: str) -> list[str]:
    """Return the lines of a cell as items, where the status, days or people beside it have as many."""
    lines = _lines_of(cell)
    if len(lines) < 2:
        return []
    beside: dict[str, list[str]] = {
        field: "".join(line.cells[n : n + 1]).split("\n") for n, field in enumerate(columns.fields)
    }
    told = [beside[field] for field in ("status", "outcome") if field in beside]
    if told:
        return lines if {*map(len, told)} == {len(lines)} else []
    begun = all(text[:1].isupper() for text in lines)  # else a text that did not fit on one line
    of = {"due_date": DATE, "responsible": PERSON}
    same = [
        len(beside[field]) == len(lines)
        and all(pattern.fullmatch(x.strip()) for x in beside[field])
        for field, pattern in of.items()
        if field in beside
    ]
    return lines if begun and any(same) else []


def _split(line: Line, columns: Columns, at: int, items: list[str], table: Table) -> list[Line]:
    """Return a line as one for each item; the second and on print nothing of the risk."""
    width = max(len(line.cells), at + 1)
    shared = {
        f: given for f, given in line.given.items() if f not in ("event", *AXES, "risk_value")
    }
    rest = Line(line.number, [""] * width, shared)
    lines = [replace(line, cells=[*line.cells, *[""] * (width - len(line.cells))])]
    lines += [replace(rest, cells=[*rest.cells]) for _ in items[1:]]
    for each, item in zip(lines, items, strict=True):
        each.cells[at] = item
    for c, field in enumerate(columns.fields[:width]):
        if field in BESIDE and lines[0].cells[c].strip():
            _match(lines, c, field, table)
    return lines


def _match(lines: list[Line], c: int, field: str, table: Table) -> None:
    """Give each item what stands beside it, one to one; a status said once is nobody's."""
    cell, number = lines[0].cells[c], lines[0].number
    beside = _items(cell) or _lines_of(cell)
    if len(beside) == len(lines):
        table.aside.append((number, "activities_split", clean_space(cell)))
    elif field in SHARED and len(beside) == 1:
        beside = [cell] * len(lines)
    elif field in ("status", "outcome"):
        beside = [""] * len(lines)
        told = f"”{clean_space(cell)}” står bredvid {len(lines)} åtgärder: vilken det gäller går inte att se"
        table.doubts.append((number, field, clean_space(cell), told))
    else:
        return
    for line, text in zip(lines, beside, strict=True):
        line.cells[c] = text
