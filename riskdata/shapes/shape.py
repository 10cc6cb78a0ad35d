"""Grids → plain tables: header rows joined, headings taken as what they give to the rows below."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from riskdata.readers.grid import Grid, fill_merges, vertical_merges, without_margin
from riskdata.shapes.cards import (
    GROUPS,
    KINDS,
    SCORED,
    find_scores,
    labelled,
    names_a_group,
    read_cards,
    read_label,
    read_list,
    read_scored,
    repeated_labels,
    says,
    table_of_cards,
    tells_a_risk,
)
from riskdata.shapes.columns import BESIDE, MEASURED
from riskdata.shapes.explained import Place, place_risks, take_matrix
from riskdata.shapes.headings import FIELDS, Known, fold_heading, known, without_bracket
from riskdata.shapes.plain import plain
from riskdata.shapes.sources import find_boards, find_periods
from riskdata.shapes.table import Given, Line, Table
from riskdata.words.spelling import any_of, clean_space, fold, join
from riskdata.words.vocabulary import Vocabulary

KNOWN_SHARE = 0.5  # of a row's printed cells: with fewer known headings it is no row of headers
ENOUGH = 3  # fields that a row of headers names: then it may have any number of others
LOOKED_AT = 60  # printed rows in which a first row of headers is looked for by parts of words
LONGEST, SHORT = (
    60,
    20,
)  # letters of a heading, of one that ends with a stop as an abbreviation does
_WORD = re.compile(r"[^\W\d_]{4}")
_TYPED = re.compile(r"\d{1,3}([.,]\d+)?|\d{4}-\d\d-\d\d.*|\d{1,2}[./]\d{1,2}[./]\d{2,4}|[-–—]+")
_RULE = re.compile(r":?[-=_]{2,}:?")
_NUMBERED = re.compile(r"\d{1,2}(\.\d{1,2})*\.?\s+\S")
_GOAL = re.compile(r"\d{1,2}(\.\d{1,2}){1,3}\.?\s+\S")
_OF_RISKS = re.compile(r"risk(er|en)? (som|att|med|utan|under|till|över)\b", re.IGNORECASE)
_OF_WORD = re.compile(r"tabell \d+")  # the name of a table of Word


def find_tables(grids: list[Grid], vocab: Vocabulary) -> list[Table]:
    """Return the plain tables of a file, in printed order; an empty list where nothing is one.

    What belongs to no table stands in the ``aside`` of the nearest one, so that nothing is lost.

    >>> from riskdata.words.vocabulary import vocabulary
    >>> grid = Grid([["2024"], ["Risk", "Aktivitet"], ["Fel", "Rutin"]], [1, 2, 3])
    >>> table, = find_tables([grid], vocabulary())
    >>> table.header, table.lines[0].cells, table.titles
    (('Risk', 'Aktivitet'), ['Fel', 'Rutin'], ['2024'])
    """
    parts = [part for grid in grids for part in plain(grid, vocab)]
    file = _File(vocab, parts)
    for part in parts:
        file.add(part)
    return file.finish()


def nearest_table(grids: list[Grid], vocab: Vocabulary) -> Table | None:
    """Return what would be the table of a file without known headers: for a person to look at."""
    words, best = known(vocab), None
    for grid in grids:
        for n, texts in enumerate(grid.texts):
            printed = sum(bool(t) and not _TYPED.fullmatch(t) for t in texts)
            told = sum(bool(heading.field) for heading in words.row(texts))
            if printed > 2 and (best is None or told > best[0]):
                best = (told, grid, n)
    if best is None:
        return None
    _, grid, n = best
    table = _new_table(grid, _Header(n, n, tuple(grid.rows[n])))
    below = range(n + 1, len(grid.rows))
    table.lines = [Line(grid.numbers[m], grid.rows[m]) for m in below if any(grid.texts[m])]
    return table


class _File:
    """Takes the grids of one file, and keeps what one says of the next: headings, and a table's end."""

    def __init__(self, vocab: Vocabulary, grids: list[Grid]) -> None:
        self.vocab, self.known = vocab, known(vocab)
        self.labels = repeated_labels(grids, self.known)
        self.tables: list[Table] = []
        self.cards: list = []
        self.loose: list[tuple[int, str, str]] = []
        self.places: list[list[Place]] = []  # what each matrix holds
        self.process: Given | None = None  # the latest heading between cards
        self.title: Given | None = None  # the file's first text, where that is read as one
        self.headed: dict[
            tuple, list[tuple[Table, range, Given]]
        ] = {}  # header → lines under a heading

    def add(self, grid: Grid) -> None:
        """Take one grid: a table, several, cards, the rest of a table above, or nothing of these."""
        if not any(map(any, grid.texts)):
            return
        grid, places = take_matrix(without_margin(grid), self.known)
        grid, filled = fill_merges(grid)
        self.places += [places] if places else []
        among = bool(self.cards)
        cards = read_list(grid, self.known) or read_cards(
            grid, self.known, self.labels, among=among
        )
        if cards:
            self.cards += cards
        elif headers := _headers(grid, self.known):
            self._tables(grid, headers, filled)
        elif not self._continues(grid):
            self._texts(grid)

    def finish(self) -> list[Table]:
        """Return the tables; cards become one of their own."""
        for parts in self.headed.values():
            self._give_headings(parts)
        tables = [*self.tables, *([table_of_cards(self.cards, self.known)] if self.cards else [])]
        if tables:
            tables[0].aside[:0] = self.loose
        for table in tables:
            for places in self.places:
                place_risks(table, places)
            table.aside = [self._asked(*each) for each in table.aside]
        return tables

    def _give_headings(self, parts: list[tuple[Table, range, Given]]) -> None:
        """Give the rows of tables of one kind, each with a heading of its own, that as their process."""
        if len({heading.text for *_, heading in parts}) < 2:
            return
        for table, lines, heading in parts:
            what = "rubriken ovanför tabellen" if heading.row else "bladets namn"
            row, doubt = heading.row or table.header_rows[0], f"{what} är läst som process"
            table.doubts.append((row, "process", heading.text, f"”{heading.text}”: {doubt}"))
            fields = {each.field for each in self.known.row([*table.header])}
            for line in (table.lines[n] for n in lines):
                line.given.setdefault("process", heading)
                if "event" not in fields:  # it may be the risk
                    told = f"”{heading.text}”: {doubt}, men kan vara risken"
                    table.doubts.append((line.number, "event", heading.text, told))

    def _heading(self, grid: Grid, above: range) -> Given | None:
        """Return the heading right above a table, else its sheet's name, that may name a group."""
        texts = [(grid.numbers[m], _only_text(grid.texts[m])) for m in above if any(grid.texts[m])]
        row, text = texts[-1] if texts else (0, "")
        if names_a_group(text, self.vocab):
            return Given(text, row, "heading")
        of_kind = self.known.read(grid.name).field or self.known.report_in(grid.name)
        named = not of_kind and names_a_group(grid.name, self.vocab)  # no "Risker", no "Plan 2025"
        return Given(grid.name, None, "heading") if named else None

    def _asked(self, row: int, kind: str, text: str) -> tuple[int, str, str]:
        """Return what is set aside: a text that tells of a risk with its steps is asked about."""
        outside = kind in ("title", "outside_table")
        return (row, "set_aside" if outside and tells_a_risk(text, self.known) else kind, text)

    def _tables(self, grid: Grid, headers: list["_Header"], filled: dict[int, set[int]]) -> None:
        """Add the tables of a grid, each from its header to the next; repeated headers are none."""
        at, table, given = 0, None, {}
        for n, header in enumerate(headers):
            above, last = range(at, header.top), n + 1 == len(headers)
            at = len(grid.rows) if last else self._end(grid, header, headers[n + 1].top)
            cards = self._cards(grid, above, header)
            if cards and not table and self.tables and "event" in self.tables[-1].given:
                table = self.tables[-1]  # of the risk before, in a grid of its own
            again = table is not None and header.repeats(table.header)
            if not again or self._tells(grid, above, table):
                table = _new_table(grid, header)
                self.tables.append(table)
            else:
                _note_header(grid, header, table, "page_header")
            self._titles(grid, above, table, of_cards=bool(cards))
            goes_on = bool(table.lines) and not any(any(grid.texts[m]) for m in above)
            below = _Below(grid, table, self.known, filled, given if goes_on else {})
            below.labels(above)
            begin = len(table.lines)
            for card in cards[:-1]:  # of risks without a table
                blank = [""] * len(table.header)
                table.lines.append(Line(grid.numbers[header.bottom], blank, card))
            first = len(table.lines)
            below.add(range(header.bottom + 1, at))
            given = below.given  # below the header of the next page too
            heading = self._heading(grid, above)
            if heading and "process" not in below.fields and not cards:
                part = (table, range(first, len(table.lines)), heading)
                self.headed.setdefault((*map(fold_heading, header.texts),), []).append(part)
            if cards:
                if len(table.lines) == first:
                    table.lines.append(Line(grid.numbers[header.bottom], [""] * len(table.header)))
                for line in table.lines[first:]:
                    line.given |= {f: told for f, told in cards[-1].items() if f in GROUPS}
                table.lines[first].given |= cards[-1]
                self._ask_about_title(table, begin)

    def _ask_about_title(self, table: Table, begin: int) -> None:
        """Ask about the lines from one on whose process is the file's first text: it may be a title."""
        for line in table.lines[begin:]:
            if self.title and line.given.get("process") == self.title:
                told = f"”{self.title.text}”: filens första rad är läst som process"
                table.doubts.append((line.number, "process", self.title.text, told))

    def _end(self, grid: Grid, header: "_Header", end: int) -> int:
        """Return where a table ends: before the titles that stand above the next header."""
        at = end
        while at - 1 > header.bottom and (
            not any(grid.texts[at - 1]) or self._is_title(grid.texts[at - 1])
        ):
            at -= 1
        return next((n for n in range(at, end) if not any(grid.texts[n])), at)

    def _is_title(self, texts: list[str]) -> bool:
        """Return whether a row may stand above a table: it prints one text, or a label with its text."""
        label, text = labelled(_labelled_text(texts)), _only_text(texts)
        alone = text and not _is_page(text, self.vocab)
        return bool(alone or label and self.known.read(label[0]).sure)

    def _tells(self, grid: Grid, above: range, table: Table) -> bool:
        """Return whether a title above a repeated header tells another board or period."""

        def told(texts: Iterable[str]) -> set[str]:
            text = " | ".join(texts)
            return {*find_boards(text, self.vocab), *find_periods(text, self.vocab)}

        return bool(told(_labelled_text(grid.texts[m]) for m in above) - told(table.titles))

    def _titles(self, grid: Grid, above: range, table: Table, *, of_cards: bool) -> None:
        for texts in (grid.texts[m] for m in above):
            title = _labelled_text(texts)
            table.titles += [title] if title else []
        for m in above:
            texts = grid.texts[m]
            heading = any(self.known.read(text).sure for text in texts)
            kind = "title" if _labelled_text(texts) else "header" if heading else "outside_table"
            if of_cards and find_scores(_only_text(texts), self.known):
                kind = "card_line"
            if any(texts):
                table.aside.append((grid.numbers[m], kind, join(texts)))

    def _cards(self, grid: Grid, above: range, header: "_Header") -> list[dict[str, Given]]:
        """Return what the lines above a table without risks say of the risks that they tell.

        The table belongs to the last of these; the latest heading that names a process gives it.
        """
        texts = [(grid.numbers[m], text) for m in above if (text := _only_text(grid.texts[m]))]
        scored = [n for n, (_, text) in enumerate(texts) if find_scores(text, self.known)]
        printed = {heading.field for heading in self.known.row([*header.texts])}
        if not printed.isdisjoint(("event", *SCORED)):
            return []
        risks = {n: read_scored(*texts[n], self.known, texts[n - 1] if n else None) for n in scored}
        named = {} if scored else self._named_risks(texts)
        risks = risks | named
        if not risks:
            return []
        last, title = max(risks), 0 if named and not self.tables else None
        events, cards = {risk["event"].text for risk in risks.values()}, []
        for n, (number, text) in enumerate(texts):
            label, told = labelled(text) or ("", "")
            field = self.known.label(label).full
            if n in risks:
                cards.append(risks[n] | ({"process": self.process} if self.process else {}))
            elif read_label(text, self.known)[1] in events:
                continue
            elif n < last and (
                field == "process" or n != title and names_a_group(text, self.vocab)
            ):
                self.process = Given(told or text, number, "heading")
                self.title = self.title if n or label or self.tables else self.process
            elif field and cards:
                cards[-1].setdefault(field, Given(told, number, "heading"))
        return cards

    def _named_risks(self, texts: list[tuple[int, str]]) -> dict[int, dict[str, Given]]:
        """Return by their lines the risks that "Risk: …" names."""
        told = [(row, *read_label(text, self.known)) for row, text in texts]
        return {
            n: {"event": Given(text, row, "heading")}
            for n, (row, kind, text) in enumerate(told)
            if kind == "event"
        }

    # -- what is no table of its own ---------------------------------------------------------

    def _continues(self, grid: Grid) -> bool:
        """Let a grid without headers go on with the table above, where it is as wide and as typed.

        It also goes on where a cell says what the column says above; where nothing shows it, its
        rows are unread.
        """
        table = self.tables[-1] if self.tables else None
        rows = [n for n, texts in enumerate(grid.texts) if sum(map(bool, texts)) > 1]
        width = len(table.header) if table else 0
        if width < 3 or {len(grid.rows[n]) for n in rows} != {width}:
            return False
        if table.name != grid.name and not _OF_WORD.match(grid.name):
            return False
        above = {(n, clean_space(x)) for line in table.lines for n, x in enumerate(line.cells) if x}
        typed = {n for n, text in above if _TYPED.fullmatch(text)}
        cells = {(n, text) for m in rows for n, text in enumerate(grid.texts[m]) if text}
        shown = any(n in typed and _TYPED.fullmatch(text) for n, text in cells) or cells & above
        for n, (number, texts) in enumerate(zip(grid.numbers, grid.texts, strict=True)):
            if n in rows and shown:
                table.lines.append(Line(number, grid.rows[n]))
            elif any(texts):
                kind = "unread" if n in rows else "outside_table"
                table.aside.append((number, kind, join(texts)))
        return True

    def _texts(self, grid: Grid) -> None:
        """Take a grid that is no table: a list, a heading, a signature."""
        texts = [*zip(grid.numbers, map(join, grid.texts), strict=True)]
        kept = self.tables[-1].aside if self.tables else self.loose
        kept += grid.notes
        beside = grid.name and not _OF_WORD.match(
            grid.name
        )  # a sheet: its rows' numbers are its own
        kept += [(None if beside else number, "outside_table", x) for number, x in texts if x]
        if self.tables:
            self.tables[-1].titles += filter(None, map(_labelled_text, grid.texts))


# -- rows of headers -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Header:
    """A header: its rows' first and last position, what stands in each column, and what above it."""

    top: int
    bottom: int
    texts: tuple[str, ...]
    upper: tuple[str, ...] = ()

    def repeats(self, header: tuple[str, ...]) -> bool:
        return [*map(fold_heading, self.texts)] == [*map(fold_heading, header)]


def _headers(grid: Grid, words: Known) -> list[_Header]:
    """Return the headers of a grid in order: every one that words make sure, else the likeliest."""
    printed = [n for n, texts in enumerate(grid.texts) if any(texts)]
    likely = [n for n in printed if any(map(words.knows, grid.texts[n]))]
    counted = _counted(grid, likely, words)
    sure = [
        n
        for n, (told, guessed, share) in counted.items()
        if told >= 2
        and share >= KNOWN_SHARE
        or told >= ENOUGH
        or told
        and _begins(grid, n, told + guessed)
    ]
    if not sure:
        counted = _counted(grid, printed[:LOOKED_AT], words)
        wide = [n for n, count in counted.items() if _may_be_header(grid, n, count)]
        sure = [max(wide, key=lambda n: (*counted[n][:2], -n))] if wide else []
    headers: list[_Header] = []
    for n in sure:
        header = _joined_header(grid, n, words, first=not headers)
        if not headers or header.top > headers[-1].bottom:
            headers.append(header)
    return headers


def _begins(grid: Grid, n: int, told: int) -> bool:
    """Return whether a row stands below a blank one, and each of its cells names a field, or may."""
    return n > 0 and not any(grid.texts[n - 1]) and told == sum(map(bool, grid.texts[n]))


def _counted(grid: Grid, rows: list[int], words: Known) -> dict[int, tuple[int, int, float]]:
    """Return of rows without many typed cells: how many fields they name and may name, the share named."""
    counts = {}
    for n in rows:
        printed = [text for text in grid.texts[n] if text]
        typed = sum(bool(_TYPED.fullmatch(text)) for text in printed)
        cells = [c for c, text in zip(grid.rows[n], grid.texts[n], strict=True) if text]
        read = words.row(cells)
        sure = {(h.full, h.report) for h in read if h.sure}
        guessed = {(h.full, h.report) for h in read if h.field} - sure
        if len(printed) > 1 and typed <= len(printed) / 4 and (sure or guessed):
            counts[n] = len(sure), len(guessed), sum(h.sure for h in read) / len(printed)
    return counts


def _may_be_header(grid: Grid, n: int, counted: tuple[int, int, float]) -> bool:
    """Return whether a row may be a header by parts of words: short cells, most of them told."""
    texts, told = [text for text in grid.texts[n] if text], sum(counted[:2])
    if n + 1 == len(grid.texts) or any(
        len(without_bracket(t)) > (SHORT if t[-1] in ".!" else LONGEST) for t in texts
    ):
        return False
    return told >= max(2, len(texts) / 3) and (len(texts) > 2 or told == len(texts))


def _joined_header(grid: Grid, n: int, words: Known, *, first: bool) -> _Header:
    """Return the header that a row is, joined with the row below or above it where these say more."""
    best = _Header(n, n, tuple(_across(grid, n)))
    count = _fields(best.texts, words)
    if n + 1 < len(grid.rows) and _is_lower(grid, n, n + 1, words):
        joined = _join_headers(grid, n, words)
        statuses = {*grid.texts[n + 1]} - {*grid.texts[n]}
        more = _fields(joined.texts, words) - count
        if more + _is_divided(grid, n) > 0 or _are_choices(statuses, words):
            return joined
    if n and grid.numbers[n] == grid.numbers[n - 1] + 1 and _is_upper(grid, n - 1, n, words):
        joined = _join_headers(grid, n - 1, words)
        more = _fields(joined.texts, words) >= count or any(map(words.time, joined.upper))
        if more and (first or any(heading.sure for heading in words.row(grid.texts[n - 1]))):
            return joined
    return best


def _is_divided(grid: Grid, n: int) -> bool:
    """Return whether a heading that is merged over several columns has one below it in each."""
    below = grid.texts[n + 1]
    return any(
        merge.top <= n == merge.bottom
        and merge.left < merge.right < len(below)
        and all(below[merge.left : merge.right + 1])
        for merge in grid.merges
    )


def _fields(texts: Iterable[str], words: Known) -> int:
    return len({(h.full, h.report) for h in words.row([*texts]) if h.sure and h.field in FIELDS})


def _join_headers(grid: Grid, n: int, words: Known) -> _Header:
    """Return a row of headings and the one below as one: the lower text, else the upper; both of a report."""
    upper = _across(grid, n)
    lower = [*grid.rows[n + 1], *[""] * (len(upper) - len(grid.rows[n + 1]))]
    if not any(merge.top <= n <= merge.bottom for merge in grid.merges):
        for c in range(1, len(upper)):  # a text stands over all columns up to the next one
            upper[c] = upper[c] if upper[c].strip() or not lower[c].strip() else upper[c - 1]
    named, names = {words.read(low).field for low in lower}, words.vocab.words["cells"]["names"]
    texts: list[str] = []
    for up, low in zip(upper, lower, strict=True):
        above = words.read(up).field
        if fold(low) in names and above in KINDS and above not in named:
            named.add(above)  # "Beskrivning" under "Åtgärd" is the measure
            low = ""
        both = up.strip() and words.is_report(low)
        texts.append(f"{up} {low}" if both else low if low.strip() else up)
    return _Header(n, n + 1, tuple(texts), tuple(upper))


def _across(grid: Grid, n: int) -> list[str]:
    """Return a row's cells with the text of each range merged across in all of its columns."""
    cells = [*grid.rows[n], *[""] * (max(map(len, grid.rows)) - len(grid.rows[n]))]
    for merge in grid.merges:
        if merge.top <= n <= merge.bottom and merge.right > merge.left:
            width = merge.right + 1 - merge.left
            cells[merge.left : merge.right + 1] = [cells[merge.left]] * width
    return cells


def _is_lower(grid: Grid, n: int, m: int, words: Known) -> bool:
    """Return whether the row below a header goes on with it: no typed cell, words of headers."""
    texts = [text for text in grid.texts[m] if text]
    if len(texts) < 2 or any(map(_TYPED.fullmatch, texts)):
        return False
    new = [t for c, t in enumerate(grid.texts[m]) if t and t != "".join(grid.texts[n][c : c + 1])]
    below = zip(grid.texts[m], *grid.texts[m + 1 : m + 2], strict=False)
    if any(
        len(pair) > 1 and all(pair) and all(h.sure for h in words.row([*pair])) for pair in below
    ):
        return False  # a column that names a field on row after row: what each row is
    read = zip(words.row(new), new, strict=True)
    told = sum(bool(h.field) or words.is_report(text) for h, text in read)
    return told >= max(1, len(new) / 2) or _are_choices(new, words)


def _are_choices(texts: Collection[str], words: Known) -> bool:
    """Return whether a row is nothing but different statuses, or decisions, as headings to tick under."""
    printed, vocab = [fold(text) for text in texts if text], words.vocab
    known = any({*printed} <= known.keys() for known in (vocab.statuses, vocab.decisions))
    return len(printed) == len({*printed}) > 1 and known


def _is_upper(grid: Grid, above: int, n: int, words: Known) -> bool:
    """Return whether a row is the upper one of two: over columns, no title, no label with its text."""
    texts = grid.texts[above]
    places = [c for c, text in enumerate(texts) if text]
    if not places or any(_TYPED.fullmatch(t) or len(t) > LONGEST for t in texts if t):
        return False
    if places == [0, 1] and grid.texts[n][0] and words.read(texts[0]).sure:
        return False
    return len(places) > 1 or places[0] > 0


def _new_table(grid: Grid, header: _Header) -> Table:
    merged = bool(vertical_merges(grid, below=header.bottom))
    where = {"hidden": grid.hidden, "left": grid.left}
    table = Table(grid.name, header.texts, [], header.upper, has_merges=merged, **where)
    table.aside += grid.notes
    _note_header(grid, header, table, "header")
    return table


def _note_header(grid: Grid, header: _Header, table: Table, kind: str) -> None:
    for n in range(header.top, header.bottom + 1):
        if any(grid.texts[n]):
            table.aside.append((grid.numbers[n], kind, join(grid.texts[n])))
            table.header_rows += (grid.numbers[n],)


# -- the rows below a header -------------------------------------------------------------------


class _Below:
    """Adds the rows below a header to its table: lines, headings that give them something, the rest."""

    def __init__(
        self,
        grid: Grid,
        table: Table,
        words: Known,
        filled: dict[int, set[int]],
        given: dict[str, Given],
    ) -> None:
        self.grid, self.table, self.words, self.filled = grid, table, words, filled
        self.fields = {heading.field for heading in words.row([*table.header])}
        self.first = words.read("".join(table.header[:1])).field
        self.given = {**given}  # by headings

    def labels(self, above: range) -> None:
        """Take what lines as "Process: Lokaler" above the table give to its rows."""
        for n in above:
            field, text = self._label(_labelled_text(self.grid.texts[n]))
            if field:
                self.given[field] = Given(text, self.grid.numbers[n], "heading")

    def add(self, rows: range) -> None:
        """Add the rows: each is a heading, a line of a printed page, a title, or a line of the table."""
        headings, vocab = self._headings(rows), self.words.vocab
        header = [text for text in map(fold_heading, self.table.header) if text]
        for n in rows:
            texts, number = self.grid.texts[n], self.grid.numbers[n]
            text, printed = _only_text(texts), [t for t in texts if t]
            if n in headings:
                self._give(n, text)
            elif len(header) > 1 and [*map(fold_heading, printed)] == header:  # of a page
                self.table.aside.append((number, "page_header", join(texts)))
            elif printed and all(map(_RULE.fullmatch, printed)):
                self.table.aside.append((number, "header", join(texts)))
            elif text and _is_page(text, vocab):
                self.table.aside.append((number, "page_furniture", text))
            elif text and find_periods(text, vocab) and not self._is_in_column(texts, "period"):
                self.table.aside.append((number, "title", text))
                self.table.titles.append(text)
            else:
                at = frozenset(self.filled.get(number, ()))
                if self._says_more(number, [t for c, t in enumerate(texts) if t and c not in at]):
                    continue
                if any(text for c, text in enumerate(texts) if c not in at):
                    line = Line(number, self.grid.rows[n], dict(self.given), at)
                    self.table.lines.append(line)

    def _says_more(self, number: int, texts: list[str]) -> bool:
        """Give a row's one text to the line above where it is "Kommentar: …" and no column's."""
        label, text = (labelled(texts[0]) if len(texts) == 1 else None) or ("", "")
        heading, lines = self.words.label(label), self.table.lines
        field, above = heading.field, lines[-1] if lines else None
        if not (heading.sure and field in BESIDE and field not in self.fields and above):
            return False
        if field in above.given or above.number not in (number - 1, number):
            return False
        above.given[field] = Given(clean_space(text), number, "heading")
        self.table.aside.append((number, "card_line", texts[0]))
        return True

    def _is_in_column(self, texts: list[str], field: str) -> bool:
        """Return whether a row's one text stands under the heading of a field."""
        at = next(c for c, text in enumerate(texts) if text)
        return self.words.read("".join(self.table.header[at : at + 1])).field == field

    def _headings(self, rows: range) -> set[int]:
        """Return the rows that are only a heading of those below."""
        alone = [n for n in rows if self._is_alone(n, rows)]
        across = {n for n in alone if self._is_across(n)}
        notes = {n for n in across if self._is_sentence(n)}
        if len(notes) == len(across) > 1:  # all of them: goals, in words
            notes = set()
        alone = [n for n in alone if n not in notes]
        numbered = {n for n in alone if _NUMBERED.match(self.grid.texts[n][0])}
        labelled = {n for n in alone if self._label(self.grid.texts[n][0])[0]}
        others = [self.grid.texts[n] for n in rows if n not in alone and any(self.grid.texts[n])]
        filled = all(texts[0] for texts in others)
        parts = self.first in ("board", "period") and filled and "process" not in self.fields
        if self.first in (*GROUPS, "board", "period") and not parts:  # the column's own text
            return across - notes | labelled
        ids = not any(_WORD.search(texts[0]) for texts in others)  # or nothing
        names = self.first or filled or ids
        texts = {n: self.grid.texts[n][0] for n in alone if names and len(alone) > 1}
        short = {n for n, t in texts.items() if len(t) <= LONGEST and t[-1:] not in ".!?"}
        return across - notes | labelled | numbered | short

    def _is_alone(self, n: int, rows: range) -> bool:
        """Return whether a row has one text, at the left edge, and the next printed row several."""
        texts = self.grid.texts[n]
        if not (texts and texts[0] and _only_text(texts)):
            return False
        if _is_page(texts[0], self.words.vocab) or self.filled.get(self.grid.numbers[n]):
            return False
        label = labelled(texts[0])
        field = self.words.label(label[0]).full if label else ""
        if field == "activity" or field == "event" and self.first != "activity":
            return False  # a row of its own
        if field in BESIDE or field in MEASURED and field in self.fields:
            return False  # said of the row above
        below = next((m for m in rows if m > n and any(self.grid.texts[m])), None)
        several = below is not None and sum(map(bool, self.grid.texts[below])) > 1
        return several or below is not None and self._is_across(below)

    def _is_across(self, n: int) -> bool:
        wide = max(2, len(self.table.header) / 2)
        return any(m.top == n and m.left == 0 and m.right + 1 >= wide for m in self.grid.merges)

    def _is_sentence(self, n: int) -> bool:
        """Return whether a text says something, as a note does, where a heading only names."""
        text = self.grid.texts[n][0]
        return (
            says(text, self.words.vocab) and not _NUMBERED.match(text) and not self._decision(text)
        )

    # -- what a heading gives

    def _give(self, n: int, text: str) -> None:
        field, told = self._label(text)
        if not field:
            field, told = ("decision", word) if (word := self._decision(text)) else ("", text)
        number = self.grid.numbers[n]
        told = _continued(self.words.vocab).sub("", told) or told
        if not field and _OF_RISKS.match(text):
            doubt = f"”{text}”: gruppraden säger något om riskerna under sig som inte känns igen"
            self.table.doubts.append((number, "decision", text, doubt))
        self.table.aside.append((number, "heading", text))
        if field := field or self._field(text):
            self.given[field] = Given(told, number, "heading")

    def _label(self, text: str) -> tuple[str, str]:
        """Return the group, or risk, that a label names, and its text; nothing where the table prints it."""
        field, told = read_label(text, self.words)
        named = field in (*GROUPS, "event") and field not in self.fields
        return (field, told) if named else ("", "")

    def _decision(self, text: str) -> str:
        """Return the listed decision that a heading of risks gives: "Risker som accepteras"."""
        vocab, folded = self.words.vocab, fold(text)
        if "decision" in self.fields:
            return ""
        if folded in vocab.decisions:
            return text
        turned = not {*folded.split()}.isdisjoint(vocab.words["cells"]["negations"])
        if turned or not _OF_RISKS.match(text):
            return ""
        told = [word for word in vocab.decisions if re.search(rf"\b{re.escape(word)}\b", folded)]
        return max(told, key=len, default="")

    def _field(self, text: str) -> str:
        """Return what a heading gives: a board or a period that it names, a numbered goal, a process."""
        vocab = self.words.vocab
        if "board" not in self.fields and find_boards(text, vocab):
            return "board"
        if find_periods(text, vocab):
            return "period"
        free = [f for f in ("process", "goal") if f not in self.fields]
        return "goal" if _GOAL.match(text) and "goal" in free else "".join(free[:1])


@lru_cache
def _continued(vocab: Vocabulary) -> re.Pattern:
    """Return what a heading says behind its text where it goes on from the page above: "(forts.)"."""
    return re.compile(rf"[\s,–-]+{any_of(vocab.words['cells']['continued'])}$", re.IGNORECASE)


@lru_cache
def _page(patterns: tuple[str, ...]) -> re.Pattern:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)


def _is_page(text: str, vocab: Vocabulary) -> bool:
    """Return whether a text is a line of a printed page: its number, its date."""
    return _page(tuple(vocab.words["page"]["furniture"])).fullmatch(text) is not None


def _labelled_text(texts: list[str]) -> str:
    """Return the one text of a row, or a label with the text beside it, as "Nämnd: Socialnämnden"."""
    printed = [text for text in texts if text]
    if len(printed) == 2 and (printed[0].endswith(":") or len(printed[0]) <= 20):
        return f"{printed[0].rstrip(':')}: {printed[1]}"
    return _only_text(texts)


def _only_text(texts: list[str]) -> str:
    """Return the one text that a row prints, once or in several cells; "" if it prints more."""
    printed = {*texts} - {""}
    return printed.pop() if len(printed) == 1 else ""
