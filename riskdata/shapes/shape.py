"""Grids → plain tables: header rows joined, headings and cards taken as what they give to the rows below."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from riskdata.readers.grid import Filled, Grid, fill_merges, vertical_merges
from riskdata.shapes.headings import FIELDS, Known, fold_heading, known, without_number
from riskdata.shapes.plain import plain
from riskdata.shapes.sources import find_boards, find_periods
from riskdata.shapes.table import Given, Line, Table
from riskdata.words.spelling import clean_space, fold
from riskdata.words.vocabulary import Vocabulary

KNOWN_SHARE = 0.5  # of a row's printed cells: with fewer known headings it is no row of headers
LOOKED_AT = 60  # printed rows in which a first row of headers is looked for by parts of words
OF_CARD = ("event", "likelihood", "consequence", "risk_value")
GROUPS = ("goal", "indicator", "process", "way_of_working", "board", "period")
CARD_SHARE = 0.5  # of the printed rows of a grid of cards that are a label and its text
_TYPED = re.compile(r"\d{1,3}([.,]\d+)?|\d{4}-\d\d-\d\d.*|\d{1,2}[./]\d{1,2}[./]\d{2,4}|[-–—]+")
_RULE = re.compile(r":?[-=_]{2,}:?")
_LABELLED = re.compile(r"\s*([^:=]{1,60}?)\s*[:=]\s*(.*)", re.DOTALL)
_NUMBERED = re.compile(r"\d{1,2}(\.\d{1,2})*\.?\s+\S")
_OF_RISKS = re.compile(r"risk(er|en)? (som|att|med|utan|under|till|över)\b", re.IGNORECASE)
_GOAL = re.compile(r"\d{1,2}(\.\d{1,2}){1,3}\.?\s+\S")


def find_tables(grids: list[Grid], vocab: Vocabulary) -> list[Table]:
    """Return the plain tables of a file, in printed order; an empty list where nothing is one.

    What belongs to no table stands in the ``aside`` of the nearest one, so that nothing is lost.

    >>> from riskdata.words.vocabulary import vocabulary
    >>> grid = Grid([["2024"], ["Risk", "Aktivitet"], ["Fel", "Rutin"]], [1, 2, 3])
    >>> table, = find_tables([grid], vocabulary())
    >>> table.header, table.lines[0].cells, table.titles
    (('Risk', 'Aktivitet'), ['Fel', 'Rutin'], ['2024'])
    """
    file = _File(vocab)
    for grid in grids:
        for part in plain(grid, vocab):
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
    table = _new_table(grid, _Header(n, n, tuple(grid.rows[n])), words)
    below = range(n + 1, len(grid.rows))
    table.lines = [Line(grid.numbers[m], grid.rows[m]) for m in below if any(grid.texts[m])]
    return table


class _File:
    """Takes the grids of one file, and keeps what one says of the next: headings, and a table's end."""

    def __init__(self, vocab: Vocabulary) -> None:
        self.vocab, self.known = vocab, known(vocab)
        self.tables: list[Table] = []
        self.cards: list[_Card] = []
        self.loose: list[tuple[int, str, str]] = []
        self.heading: Given | None = None  # the latest heading between cards
        self.carded: list[Table] = []  # tables under a risk of their own

    def add(self, grid: Grid) -> None:
        """Take one grid: a table, several, cards, the rest of a table above, or nothing of these."""
        if not any(map(any, grid.texts)):
            return
        filled: dict[int, list[Filled]] = {}
        if vertical_merges(grid):
            grid, every = fill_merges(grid)
            for cell in every:
                filled.setdefault(cell.number, []).append(cell)
        cards = _cards(grid, self.known, self.heading)
        if cards:
            self.cards += cards
            return
        headers = _headers(grid, self.known)
        if headers:
            self._tables(grid, headers, filled)
        elif not self._continues(grid):
            self._scored(grid)

    def finish(self) -> list[Table]:
        """Return the tables; cards become one of their own."""
        if self.cards:
            self.tables.append(_table_of_cards(self.cards))
        tables = self._joined()
        if tables:
            tables[0].aside[:0] = self.loose
        for table in tables:
            table.aside = [self._asked(*each) for each in table.aside]
        return tables

    def _asked(self, row: int, kind: str, text: str) -> tuple[int, str, str]:
        """Return what is set aside: a text that tells of a risk with its steps is asked about."""
        outside = kind in ("title", "outside_table")
        return (row, "set_aside" if outside and _tells_a_risk(text, self.known) else kind, text)

    def _joined(self) -> list[Table]:
        """Return the tables, those under risks of their own put together where their columns are the same."""
        joined: list[Table] = []
        for table in self.tables:
            last = joined[-1] if joined else None
            if (
                last
                and last.header == table.header
                and last in self.carded
                and table in self.carded
            ):
                last.lines += table.lines
                last.aside += table.aside
                last.titles += table.titles
                last.header_rows += table.header_rows
            else:
                joined.append(table)
        return joined

    def _tables(self, grid: Grid, headers: list["_Header"], filled: dict) -> None:
        """Add the tables of a grid, each from its header to the next; repeated headers are none."""
        at, table = 0, None
        for n, header in enumerate(headers):
            above = [(m, grid.numbers[m]) for m in range(at, header.top)]
            end = headers[n + 1].top if n + 1 < len(headers) else len(grid.rows)
            card = [] if self._prints_risks(header) else self._above(grid, above, table)
            if table is None or not header.repeats(table.header) or self._tells(grid, above, table):
                table = _new_table(grid, header, self.known)
                self.tables.append(table)
            else:
                _note_header(grid, header, table, "page_header")
            self._titles(grid, above, table)
            below = _Below(grid, header, table, self.known, filled)
            below.given |= below.labels(grid, above)
            first = len(table.lines)
            end = self._own_end(grid, header, end, n + 1 < len(headers))
            below.add(range(header.bottom + 1, end))
            at = end
            if card:
                _give_card(table, first, card)
                self.carded.append(table)
        for m in range(at, len(grid.rows)):
            if any(grid.texts[m]):
                table.aside.append((grid.numbers[m], "outside_table", _join(grid.texts[m])))

    def _own_end(self, grid: Grid, header: "_Header", end: int, more: bool) -> int:
        """Return where a table ends: before the lines of one text that stand above the next header."""
        while more and end - 1 > header.bottom and self._is_title(grid.texts[end - 1]):
            end -= 1
        while more and end - 1 > header.bottom and not any(grid.texts[end - 1]):
            end -= 1
        return end

    def _is_title(self, texts: list[str]) -> bool:
        """Return whether a row may stand above a table: it prints one text, or a label with its text."""
        found = _LABELLED.fullmatch(_labelled_text(texts))
        return bool(_only_text(texts) or found and self.known.read(found[1]).sure)

    def _tells(self, grid: Grid, above: list[tuple[int, int]], table: Table) -> bool:
        """Return whether a title above a repeated header tells another board or period."""
        vocab, texts = self.vocab, [_labelled_text(grid.texts[m]) for m, _ in above]
        told = {
            x for text in texts for x in (*find_boards(text, vocab), *find_periods(text, vocab))
        }
        before = " ".join(table.titles)
        return bool(told - {*find_boards(before, vocab), *find_periods(before, vocab)})

    def _titles(self, grid: Grid, above: list[tuple[int, int]], table: Table) -> None:
        table.titles += [text for m, _ in above if (text := _labelled_text(grid.texts[m]))]
        for m, number in above:
            texts = grid.texts[m]
            if any(texts):
                title = _labelled_text(texts)
                kind = "title" if title else "outside_table"
                if not title and any(self.known.read(text).sure for text in texts):
                    kind = "header"
                table.aside.append((number, kind, _join(texts)))

    # -- cards whose controls stand in a table of their own ----------------------------------

    def _prints_risks(self, header: "_Header") -> bool:
        """Return whether a table prints risks or scores itself: then the line above is no card's."""
        return not {h.field for h in self.known.row([*header.texts])}.isdisjoint(OF_CARD)

    def _above(
        self, grid: Grid, above: list[tuple[int, int]], table: Table | None
    ) -> list["_Pair"]:
        """Return what the lines above a table say of the one risk that it belongs to."""
        texts = [(number, _only_text(grid.texts[m])) for m, number in above]
        texts = [(number, text) for number, text in texts if text]
        scored = next((n for n, (_, text) in enumerate(texts) if _scores(text, self.known)), None)
        if scored is None:
            return []
        pairs = _scored_pairs(*texts[scored], self.known, texts[scored - 1] if scored else None)
        own = {number for number, *_ in pairs}
        before = [t for t in texts[:scored] if t[0] not in own or t[0] == 0]
        event = next(text for _, label, text in pairs if label == "event")
        before = [(number, text) for number, text in before if text != event]
        if before and not _LABELLED.fullmatch(before[-1][1]):
            self.heading = Given(before[-1][1], before[-1][0], "heading")
        if self.heading:
            pairs.insert(0, (self.heading.row or 0, "process", self.heading.text))
        for number, text in texts[scored + 1 :]:
            labelled = _LABELLED.fullmatch(text)
            if labelled and labelled[2]:
                pairs.append((number, labelled[1], labelled[2]))
        return pairs

    def _scored(self, grid: Grid) -> None:
        """Take lines of text with a risk and its scores each, where no table stands under them."""
        texts = [
            (number, _only_text(row)) for number, row in zip(grid.numbers, grid.texts, strict=True)
        ]
        scored = [n for n, (_, text) in enumerate(texts) if text and _scores(text, self.known)]
        if len(scored) < 2:
            self._aside(grid)
            return
        table = _card_table(grid.name, ("event", "likelihood", "consequence", "risk_value"))
        for n, (number, text) in enumerate(texts):
            if n in scored:
                before = texts[n - 1] if n else None
                pairs = _scored_pairs(number, text, self.known, before)
                table.lines.append(Line(number, _cells(table, pairs)))
                table.aside.append((number, "card_line", text))
            elif any(grid.texts[n]):
                kind = "title" if n < scored[0] else "set_aside"
                table.aside.append((number, kind, _join(grid.texts[n])))
                table.titles += [text] if kind == "title" and text else []
        self.tables.append(table)

    # -- what is no table of its own ---------------------------------------------------------

    def _continues(self, grid: Grid) -> bool:
        """Let a grid without headers go on with the table above, where it is as wide and as typed."""
        table = self.tables[-1] if self.tables else None
        rows = [
            r for r, texts in zip(grid.rows, grid.texts, strict=True) if sum(map(bool, texts)) > 1
        ]
        if (
            not table
            or not rows
            or len(table.header) < 3
            or table.name != grid.name
            and not _word(grid)
        ):
            return False
        widths = {len(row) for row in rows}
        typed = {
            n
            for line in table.lines
            for n, c in enumerate(line.cells)
            if _TYPED.fullmatch(clean_space(c))
        }
        if widths != {len(table.header)} or not any(
            _TYPED.fullmatch(clean_space(row[n])) for row in rows for n in typed if n < len(row)
        ):
            return False
        for number, row, texts in zip(grid.numbers, grid.rows, grid.texts, strict=True):
            if sum(map(bool, texts)) > 1:
                table.lines.append(Line(number, row))
            elif any(texts):
                table.aside.append((number, "outside_table", _join(texts)))
        return True

    def _aside(self, grid: Grid) -> None:
        """Account for a grid that is no table: a list, a heading, a signature."""
        for number, texts in zip(grid.numbers, grid.texts, strict=True):
            if any(texts):
                kept = self.tables[-1].aside if self.tables else self.loose
                kept.append((number, "outside_table", _join(texts)))
            if self.tables and (text := _labelled_text(texts)):
                self.tables[-1].titles.append(text)


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
    """Return the headers of a grid in order: the best one, and every other that words make sure."""
    printed = [n for n, texts in enumerate(grid.texts) if any(texts)]
    likely = [n for n in printed if any(map(words.knows, grid.texts[n]))]
    counted = _counted(grid, likely, words)
    sure = [n for n, (known_, _, share) in counted.items() if known_ >= 2 and share >= KNOWN_SHARE]
    if not sure:
        counted = _counted(grid, printed[:LOOKED_AT], words)
        wide = [n for n, c in counted.items() if _may_be_header(grid, n, c)]
        sure = [max(wide, key=lambda n: (counted[n][0], counted[n][1], -n))] if wide else []
    headers: list[_Header] = []
    for n in sure:
        if not headers or n > headers[-1].bottom:
            header = _joined_header(grid, n, words, first=not headers)
            if not headers or header.top > headers[-1].bottom:
                headers.append(header)
    return headers


def _counted(grid: Grid, rows: list[int], words: Known) -> dict[int, tuple[int, int, float]]:
    counts = {n: _count(grid.rows[n], grid.texts[n], words) for n in rows}
    return {n: count for n, count in counts.items() if count}


def _count(cells: list[str], texts: list[str], words: Known) -> tuple[int, int, float] | None:
    """Return how many different fields a row's cells are known and guessed to be, and their share."""
    printed = [cell for cell, text in zip(cells, texts, strict=True) if text]
    if len(printed) < 2 or sum(bool(_TYPED.fullmatch(text)) for text in texts) > len(printed) / 4:
        return None
    read = words.row(printed)
    sure = {(h.full, h.report) for h in read if h.sure}
    guessed = {(h.full, h.report) for h in read if h.field} - sure
    known_cells = sum(h.sure for h in read)
    if not sure and not guessed:
        return None
    return len(sure), len(guessed), known_cells / len(printed)


def _may_be_header(grid: Grid, n: int, counted: tuple[int, int, float]) -> bool:
    """Return whether a row may be a header by parts of words: short cells, most of them told."""
    texts = [text for text in grid.texts[n] if text]
    known_, guessed, _ = counted
    short = all(len(text) <= 60 and text[-1] not in ".!" for text in texts)
    below = n + 1 < len(grid.texts)
    told = known_ + guessed
    return (
        short
        and below
        and told >= max(2, len(texts) / 3)
        and (len(texts) > 2 or told == len(texts))
    )


def _joined_header(grid: Grid, n: int, words: Known, *, first: bool) -> _Header:
    """Return the header that a row is, joined with the row below or above it where these say more."""
    single = tuple(_merged_across(grid, n))
    best, count = _Header(n, n, single), _fields(single, words)
    m = n + 1
    if m < len(grid.rows) and _is_lower(grid, n, m, words):
        upper = _spanned(grid, n)
        joined = _lay_over(upper, grid.rows[m], words)
        if _fields(joined, words) > count:
            return _Header(n, m, joined, tuple(upper))
    above = n - 1
    if (
        above >= 0
        and _is_upper(grid, above, n, words)
        and (first or _knows_any(grid.texts[above], words))
    ):
        upper = _spanned(grid, above)
        joined = _lay_over(upper, grid.rows[n], words)
        if _fields(joined, words) >= count or any(map(words.time, upper)):
            return _Header(above, n, joined, tuple(upper))
    return best


def _knows_any(texts: list[str], words: Known) -> bool:
    return any(heading.sure for heading in words.row(texts))


def _fields(texts: Iterable[str], words: Known) -> int:
    return len({(h.full, h.report) for h in words.row([*texts]) if h.sure and h.field in FIELDS})


def _lay_over(upper: list[str], lower: list[str], words: Known) -> tuple[str, ...]:
    """Return one row of headings of two: the lower text, else the upper; both where it is a report's."""
    width = max(len(upper), len(lower))
    pairs = zip(_padded(upper, width), _padded(lower, width), strict=True)
    return tuple(
        f"{up} {low}" if up.strip() and words.is_report(low) else low if low.strip() else up
        for up, low in pairs
    )


def _padded(cells: list[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _is_lower(grid: Grid, n: int, m: int, words: Known) -> bool:
    """Return whether the row below a header goes on with it: no typed cell, words of headers."""
    texts = [text for text in grid.texts[m] if text]
    if len(texts) < 2 or any(_TYPED.fullmatch(text) for text in texts):
        return False
    new = [t for c, t in enumerate(grid.texts[m]) if t and t != "".join(grid.texts[n][c : c + 1])]
    told = sum(
        bool(h.field) or words.is_report(t) for h, t in zip(words.row(new), new, strict=True)
    )
    return told >= max(1, len(new) / 2)


def _is_upper(grid: Grid, above: int, n: int, words: Known) -> bool:
    """Return whether a row is the upper one of two: over columns, no title, no label with its text."""
    texts = grid.texts[above]
    places = [c for c, text in enumerate(texts) if text]
    if not places or any(_TYPED.fullmatch(t) or len(t) > 60 for t in texts if t):
        return False
    if places == [0, 1] and grid.texts[n][0] and words.read(texts[0]).sure:
        return False
    return len(places) > 1 or places[0] > 0


def _spanned(grid: Grid, n: int) -> list[str]:
    """Return a row of headings with each text in every column that it stands over."""
    cells = _padded(grid.rows[n], max(map(len, grid.rows)))
    for merge in grid.merges:
        if merge.top <= n <= merge.bottom and merge.right > merge.left:
            cells[merge.left : merge.right + 1] = [cells[merge.left]] * (
                merge.right + 1 - merge.left
            )
    if any(m.top <= n <= m.bottom for m in grid.merges):
        return cells
    below = _padded(grid.rows[n + 1], len(cells)) if n + 1 < len(grid.rows) else cells
    for c in range(1, len(cells)):
        if not cells[c].strip() and below[c].strip() and cells[c - 1].strip():
            cells[c] = cells[c - 1]
    return cells


def _merged_across(grid: Grid, n: int) -> list[str]:
    """Return a row's cells with the text of each range merged across in all of its columns."""
    cells = _padded(grid.rows[n], max(map(len, grid.rows)))
    for merge in grid.merges:
        if merge.top <= n <= merge.bottom and merge.right > merge.left:
            cells[merge.left : merge.right + 1] = [cells[merge.left]] * (
                merge.right + 1 - merge.left
            )
    return cells


def _new_table(grid: Grid, header: _Header, words: Known) -> Table:
    table = Table(
        grid.name,
        header.texts,
        [],
        upper=header.upper,
        has_merges=bool(vertical_merges(grid, below=header.bottom)),
        hidden=frozenset(getattr(grid, "hidden", ())),
    )
    table.aside += [(number, rule, text) for number, rule, text in grid.notes]
    _note_header(grid, header, table, "header")
    return table


def _note_header(grid: Grid, header: _Header, table: Table, kind: str) -> None:
    for n in range(header.top, header.bottom + 1):
        if any(grid.texts[n]):
            table.aside.append((grid.numbers[n], kind, _join(grid.texts[n])))
            table.header_rows += (grid.numbers[n],)


# -- the rows below a header -------------------------------------------------------------------


class _Below:
    """Adds the rows below a header to its table: lines, headings that give them something, the rest."""

    def __init__(
        self, grid: Grid, header: _Header, table: Table, words: Known, filled: dict
    ) -> None:
        self.grid, self.table, self.words, self.filled = grid, table, words, filled
        self.fields = {h.field for h in words.row([*header.texts])}
        self.first = words.read(header.texts[0]).field if header.texts else ""
        self.given: dict[str, Given] = {}

    def add(self, rows: range) -> None:
        headings = self._headings(rows)
        for n in rows:
            texts, number = self.grid.texts[n], self.grid.numbers[n]
            text = _only_text(texts)
            if not any(texts):
                continue
            if n in headings:
                self._give(n, text)
            elif all(_RULE.fullmatch(t) for t in texts if t):
                self.table.aside.append((number, "header", _join(texts)))
            elif text and _is_page(text, self.words.vocab):
                self.table.aside.append((number, "page_furniture", text))
            elif text and find_periods(text, self.words.vocab) and not self._in_a_column(n):
                self.table.aside.append((number, "title", text))
                self.table.titles.append(text)
            else:
                self._line(n)

    def _in_a_column(self, n: int) -> bool:
        """Return whether a row's one text stands under the heading of a period."""
        at = next(c for c, text in enumerate(self.grid.texts[n]) if text)
        return self.words.read("".join(self.table.header[at : at + 1])).field == "period"

    def _line(self, n: int) -> None:
        number, merged = self.grid.numbers[n], self.filled.get(self.grid.numbers[n], [])
        at = frozenset(cell.column for cell in merged)
        texts = self.grid.texts[n]
        if any(text for c, text in enumerate(texts) if c not in at):
            self.table.lines.append(Line(number, self.grid.rows[n], dict(self.given), at))

    def _headings(self, rows: range) -> set[int]:
        """Return the rows that are only a heading of those below."""
        alone = [n for n in rows if self._is_alone(n, rows)]
        sure = {n for n in alone if self._is_across(n)}
        notes = {n for n in sure if self._is_sentence(n)}
        sure = sure if len(notes) == len(sure) > 1 else sure - notes  # all of them: goals, in words
        alone = [n for n in alone if n not in notes]
        if self.first in (*GROUPS, ""):  # a lone text there is the column's own
            return sure if self.first else sure | {n for n in alone if self._is_numbered(n)}
        numbered = {n for n in alone if self._is_numbered(n)}
        several = (
            {n for n in alone if len(self.grid.texts[n][0]) <= 60} if len(alone) > 1 else set()
        )
        return sure | numbered | {n for n in several if self.grid.texts[n][0][-1:] not in ".!?"}

    def _is_alone(self, n: int, rows: range) -> bool:
        """Return whether a row has one text, at the left edge, and the next printed row several."""
        texts = self.grid.texts[n]
        if not (texts and texts[0] and _only_text(texts)):
            return False
        if _is_page(texts[0], self.words.vocab) or self.filled.get(self.grid.numbers[n]):
            return False
        below = next((m for m in rows if m > n and any(self.grid.texts[m])), None)
        return below is not None and (
            sum(map(bool, self.grid.texts[below])) > 1 or self._is_across(below)
        )

    def _is_across(self, n: int) -> bool:
        wide = max(2, len(self.table.header) / 2)
        return any(m.top == n and m.left == 0 and m.right + 1 >= wide for m in self.grid.merges)

    def _is_sentence(self, n: int) -> bool:
        """Return whether a text says something, as a note does, where a heading only names."""
        text, verbs = self.grid.texts[n][0], self.words.vocab.words["cells"]["verbs"]
        says = text[-1:] in ".!?" or not {*fold(text).split()}.isdisjoint(verbs)
        return says and not self._is_numbered(n) and not self._decision(text)

    def _is_numbered(self, n: int) -> bool:
        return bool(_NUMBERED.match(self.grid.texts[n][0]))

    def labels(self, grid: Grid, above: list[tuple[int, int]]) -> dict[str, Given]:
        """Return what lines as "Process: Lokaler" above the table give to its rows."""
        told = [(number, self._label(_labelled_text(grid.texts[n]))) for n, number in above]
        return {field: Given(text, row, "heading") for row, (field, text) in told if field}

    def _label(self, text: str) -> tuple[str, str]:
        """Return the group that a label names, with its text; nothing where the table prints it."""
        found = _LABELLED.fullmatch(text)
        read = self.words.label(found[1]) if found and found[2] else None
        told = read and read.sure and read.field in GROUPS[:4] and read.field not in self.fields
        return (read.field, found[2]) if told else ("", "")

    def _give(self, n: int, text: str) -> None:
        number = self.grid.numbers[n]
        field, told = self._label(text)
        if not field:
            field, told = ("decision", word) if (word := self._decision(text)) else ("", text)
        if not field and _OF_RISKS.match(text):
            doubt = "gruppraden säger något om riskerna under sig som inte känns igen"
            self.table.doubts.append((number, "decision", text, doubt))
        self.table.aside.append((number, "heading", text))
        if field := field or self._field(text):
            self.given[field] = Given(told, number, "heading")

    def _decision(self, text: str) -> str:
        """Return the listed decision that a heading of risks gives: "Risker som accepteras"."""
        vocab, folded = self.words.vocab, fold(text)
        if folded in vocab.decisions:
            return text if "decision" not in self.fields else ""
        words = {*re.findall(r"\w+", folded)}
        turned = not words.isdisjoint(vocab.words["cells"]["negations"])
        if "decision" in self.fields or turned or not _OF_RISKS.match(text):
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
        if _GOAL.match(text) and "goal" in free:
            return "goal"
        return next(iter(free), "")


@lru_cache
def _page(patterns: tuple[str, ...]) -> re.Pattern:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)


def _is_page(text: str, vocab: Vocabulary) -> bool:
    """Return whether a text is a line of a printed page: its number, its date."""
    return _page(tuple(vocab.words["page"]["furniture"])).fullmatch(text) is not None


# -- cards: labels and their texts ------------------------------------------------------------------

_Pair = tuple[int, str, str]  # row, label or field, text


@dataclass
class _Card:
    """One card: its labels with their texts in printed order, each with its row."""

    pairs: list[_Pair]
    lines: list[tuple[int, str, str]] = field(default_factory=list)  # its printed cells
    aside: list[tuple[int, str, str]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)


def _cards(grid: Grid, words: Known, heading: Given | None) -> list[_Card]:
    """Return the cards of a grid: "Label: text" lines, or two (four) columns of label and text."""
    rows = [n for n, texts in enumerate(grid.texts) if any(texts)]
    read = {n: _pairs(grid, n, words) for n in rows}
    labels = [label for pairs in read.values() for _, label, _ in pairs]
    fields = {words.label(label).full for label in labels if words.label(label).sure}
    labelled = [n for n in rows if read[n]]
    core = {"event", "activity"} & fields and len(fields & {*FIELDS}) >= 3
    if not core or len(labelled) < CARD_SHARE * len(rows):
        return []
    return _cards_of(grid, rows, read, words)


def _cards_of(
    grid: Grid, rows: list[int], read: dict[int, list[_Pair]], words: Known
) -> list[_Card]:
    first = words.read(next(label for n in rows for _, label, _ in read[n])).full
    fields = [words.label(label).full for n in rows for _, label, _ in read[n]]
    start = first if fields.count(first) > 1 or "event" not in fields else "event"
    cards, waiting, given, above = [], [], None, []
    for n in rows:
        text = _only_text(grid.texts[n])
        if not read[n] and cards and not waiting and _goes_on(grid, n, cards[-1]):
            row, label, before = cards[-1].pairs[-1]
            cards[-1].pairs[-1] = (row, label, f"{before} {text}")
            cards[-1].lines.append((grid.numbers[n], "card_line", text))
            continue
        if not read[n]:
            waiting.append((grid.numbers[n], text or _join(grid.texts[n])))
            continue
        for pair in read[n]:
            if words.label(pair[1]).full == start or not cards:
                cards.append(_Card([]))
                given = _headings_above(cards, waiting, words, "event" in fields) or given
                above.append(given)
                waiting = []
            cards[-1].pairs.append(pair)
        cards[-1].lines += [(grid.numbers[n], "card_line", text) for text in grid.texts[n] if text]
        cards[-1].aside += [(number, "set_aside", text) for number, text in waiting]
        waiting = []
    if cards:
        cards[-1].aside += [(number, "outside_table", text) for number, text in waiting]
    for card, given in zip(cards, above, strict=True):  # what the card says itself counts
        if given and given[1] not in {words.label(label).full for _, label, _ in card.pairs}:
            card.pairs.insert(0, given)
    return cards


def _goes_on(grid: Grid, n: int, card: _Card) -> bool:
    """Return whether a line goes on with the text of the label on the line before it."""
    cell = "".join(grid.rows[n])
    below = card.lines and grid.numbers[n] == card.lines[-1][0] + 1
    return bool(below) and (cell[:1].isspace() or cell[:1].islower())


def _headings_above(
    cards: list[_Card], waiting: list[tuple[int, str]], words: Known, has_event: bool
) -> _Pair | None:
    """Return what the texts above a card give it: its event, else its process; the rest are titles."""
    if not waiting:
        return None
    *rest, (number, text) = waiting
    if len(cards) == 1:
        cards[-1].titles += [t for _, t in waiting]
    if not has_event:
        cards[-1].pairs.append((number, "event", text))
        cards[-1].aside += [(row, "heading", t) for row, t in rest]
        return (rest[-1][0], "process", rest[-1][1]) if rest else None
    cards[-1].aside += [(row, "title" if len(cards) == 1 else "heading", t) for row, t in waiting]
    names = not text.endswith(":") and not words.label(text).sure  # "Risk nr 2" is no process
    return (number, "process", text) if names and (len(cards) > 1 or len(waiting) > 1) else None


def _pairs(grid: Grid, n: int, words: Known) -> list[_Pair]:
    """Return the labels of a row with their texts; an empty list where it has none."""
    texts, number = grid.texts[n], grid.numbers[n]
    printed = [text for text in texts if text]
    if len(printed) == 1 and (scores := _scores(printed[0], words)) and not scores[0][2]:
        return [(number, field, value) for field, value, _ in scores]
    if len(printed) == 1 and (found := _LABELLED.fullmatch(grid.rows[n][texts.index(printed[0])])):
        label = clean_space(found[1])
        return [(number, without_number(label), found[2])] if words.label(label).field else []
    pairs = [(c, c + 1) for c in range(0, len(texts) - 1, 2) if texts[c]]
    if len(texts) in (2, 4) and pairs and all(words.label(texts[c]).sure for c, _ in pairs):
        told = [(number, texts[c], grid.rows[n][t]) for c, t in pairs]
        return told if not all(words.read(texts[t]).sure for _, t in pairs if texts[t]) else []
    return []


def _table_of_cards(cards: list[_Card]) -> Table:
    labels = list(dict.fromkeys(label for card in cards for _, label, _ in card.pairs))
    table = _card_table("", labels)
    for card in cards:
        table.lines += _lines_of(table, card)
        table.aside += [*card.aside, *card.lines]
        table.titles += card.titles
    return table


def _card_table(name: str, labels: Iterable[str]) -> Table:
    return Table(name, tuple(_LABELS.get(label, label) for label in labels), [])


_LABELS = {
    "process": "Process", "event": "Risk", "likelihood": "Sannolikhet",
    "consequence": "Konsekvens", "risk_value": "Riskvärde",
}  # fmt: skip


def _lines_of(table: Table, card: _Card) -> list[Line]:
    """Return a card's lines: one, and one more each time that a label comes again."""
    lines: list[Line] = []
    own = next((row for row, label, _ in card.pairs if label != "process"), card.pairs[0][0])
    for number, label, text in card.pairs:
        at = table.header.index(_LABELS.get(label, label))
        line = next((x for x in lines if not x.cells[at]), None)
        if line is None:
            line = Line(number if lines else own, [""] * len(table.header))
            lines.append(line)
        line.cells[at] = text
    return lines


def _cells(table: Table, pairs: list[_Pair]) -> list[str]:
    cells = [""] * len(table.header)
    for _, label, text in pairs:
        cells[table.header.index(_LABELS.get(label, label))] = text
    return cells


def _give_card(table: Table, first: int, card: list[_Pair]) -> None:
    """Add what a card says of its risk as columns, filled on the first line of its table."""
    for _, label, _ in card:
        name = _LABELS.get(label, label)
        if name not in table.header:
            table.header = (*table.header, name)
            table.upper = (*table.upper, "") if table.upper else ()
            for line in table.lines:
                line.cells.append("")
    width = len(table.header)
    for line in table.lines:
        line.cells[:] = _padded(line.cells, width)
    if len(table.lines) == first:
        table.lines.append(Line(card[0][0], [""] * width))
    for _, label, text in card:
        table.lines[first].cells[table.header.index(_LABELS.get(label, label))] = text


@lru_cache(maxsize=20)
def _score_pattern(words: Known) -> re.Pattern:
    wanted = ("likelihood", "consequence", "risk_value")
    every = sorted((w for w, f in words.words.items() if f in wanted), key=len, reverse=True)
    return re.compile(
        rf"(?<!\w)(?P<label>{'|'.join(map(re.escape, every))})\s*[:=]?\s*(?P<value>\d{{1,2}})\b",
        re.I,
    )


def _scores(text: str, words: Known) -> list[tuple[str, str, int]]:
    """Return the scores that a line of text says, as (field, value, where); two at least, or none."""
    found = [
        (words.words[fold_heading(m["label"])], m["value"], m.start())
        for m in _score_pattern(words).finditer(text)
    ]
    return found if len({field for field, *_ in found}) > 1 else []


def _tells_a_risk(text: str, words: Known) -> bool:
    """Return whether a text outside the tables says both steps of a risk, and their product."""
    told = {field: int(value) for field, value, _ in _scores(text, words)}
    return len(told) == 3 and told["likelihood"] * told["consequence"] == told["risk_value"]


def _scored_pairs(
    number: int, text: str, words: Known, before: tuple[int, str] | None
) -> list[_Pair]:
    """Return a risk and its scores, told by a line of text, the risk else by the line before it."""
    scores = _scores(text, words)
    lead = text[: scores[0][2]].strip(" –-,:;(")
    event = (
        (number, "event", lead)
        if lead
        else (before[0], "event", before[1])
        if before
        else (number, "event", "")
    )
    return [event, *((number, field, value) for field, value, _ in scores)]


# -- small things --------------------------------------------------------------------------------


def _word(grid: Grid) -> bool:
    return bool(re.match(r"tabell \d+$", grid.name))


def _labelled_text(texts: list[str]) -> str:
    """Return the one text of a row, or a label with the text beside it, as "Nämnd: Socialnämnden"."""
    printed = [text for text in texts if text]
    if len(printed) == 2 and (printed[0].endswith(":") or len(printed[0]) <= 20):
        return f"{printed[0].rstrip(':')}: {printed[1]}"
    return _only_text(texts)


def _only_text(texts: list[str]) -> str:
    """Return the one text that a row prints, once or in several cells; "" if it prints more."""
    printed = {*texts}
    printed.discard("")
    return printed.pop() if len(printed) == 1 else ""


def _join(texts: Iterable[str]) -> str:
    return " | ".join(text for text in texts if text)
