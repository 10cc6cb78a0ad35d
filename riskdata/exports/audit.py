"""Whether cells, columns and scales are what was read of them: each printed cell found again, or told."""

import re
from collections import ChainMap, Counter, defaultdict
from functools import lru_cache

from riskdata.errors import VocabularyError
from riskdata.exports.cells import SCALED, Cells
from riskdata.exports.tidy import Tidy
from riskdata.readers.grid import Grid
from riskdata.shapes.table import Left
from riskdata.words.language import heading as word
from riskdata.words.spelling import any_of, clean_space, fold, join, read_date, unescape
from riskdata.words.vocabulary import AXES, OWN_FILE, Vocabulary

BETWEEN = ("och", "samt")  # words that part people
OTHER_SCALE = 0.5  # share of an axis' steps whose word belongs to another digit: more is no slip
UNPRINTED = ("risk", "source_row", "table")  # what a tidy row has that no cell says
_WORD = re.compile(r"[^\W_]+")


def find_lost(grids: list[Grid], exports: list[Tidy]) -> tuple[list[Left], tuple]:
    """Return the printed cells of which some word is nowhere, for the unread table, and the counts.

    The words are compared row by row with what stands in the tables, so this does not depend on how
    the row was read; a step, status or decision counts as found when its code is there. The counts:
    cells printed, in tables, set aside and unread; of those set aside, how many by each rule.
    """
    ledger, lost, places = _Ledger(exports), [], Counter()
    for grid in grids:
        for number, row in zip(grid.numbers, grid.rows, strict=True):
            texts = list(filter(None, map(clean_space, row)))
            for text in texts:
                place, missing = ledger.find(number, text, texts)
                places[place] += 1
                if missing:
                    words = ", ".join(sorted(missing)[:5])
                    lost.append(Left(number, text, f"orden {words} återfinns inte i tabellerna"))
    printed, placed, unread = places.total(), places.pop("placed", 0), places.pop("unread", 0)
    kinds = [f"{kind} {n}" for kind, n in places.most_common()]
    return lost, (printed, placed, places.total(), unread, kinds)


def check_columns(tables: Tidy) -> None:
    """Note columns that are not used, guessed or empty on every row, and headers without a row."""
    for table, columns in tables.part.tables:
        row = table.header_rows[0] if table.header_rows else None
        held = [sum(map(bool, table.column(n))) for n, _ in enumerate(columns.fields)]
        add, headings = tables.notes.add, tuple(map(clean_space, columns.headings))
        if not table.lines:
            add(row, "", "header_without_rows", join(headings))
        for n, (name, heading) in enumerate(zip(columns.fields, headings, strict=True)):
            if name.startswith("column "):
                continue
            if fold(heading) in columns.vocab.misspelt_headers:
                add(row, name, "header_spelling", heading, columns.vocab.words["headers"][name][0])
            if len(table.lines) > 1 and heading and not held[n]:
                add(row, name, "column_lost", heading)
        for n, heading in columns.unused.items():
            if n < len(held) and held[n]:
                told = f"{heading}: {held[n]} celler"
                add(row, clean_space(heading), "column_not_used", told)
        for n, why in columns.guessed.items():
            add(row, columns.fields[n], "guessed_column", headings[n], why)
        for n, message in columns.doubts:
            add(row, columns.fields[n] if n < len(held) else "", "columns_doubt", message)


def check_outside(tables: Tidy) -> None:
    """Ask about each text outside the tables that names a risk or a status: it may be one."""
    account = tables.notes.account
    outside = [n for n, entry in enumerate(account) if entry.rule == "outside_table"]
    if outside:
        events = [fold(risk["event"]) for risk in tables.risks if risk["event"]]
        known = any_of([*events, *tables.part.vocab.statuses])
        named = re.compile(rf"\brisk(?:en| att)\b|(?<!\w){known}(?!\w)")
        for n in outside:
            if named.search(fold(account[n].before)):
                account[n] = account[n]._replace(rule="outside_named")


def check_scales(tables: Tidy, names: tuple[str, ...]) -> None:
    """Stop when a file's steps have other words than the scale: their digits then mean other things.

    names: what the file goes by in [other_scales]: its name, "board period" and period. Where one
    of them is declared there, its scale is known to be another.
    Raises VocabularyError that says which words stand at which digit.
    """
    vocab = tables.part.vocab
    if any(name in vocab.other_scales for name in names):
        return
    for axis in AXES:
        printed = [(text, agrees) for a, text, agrees in tables.labels if a == axis]
        odd = sorted({text for text, agrees in printed if not agrees})
        if sum(not agrees for _, agrees in printed) > OTHER_SCALE * len(printed):
            known = ", ".join(f"{n} {w}" for n, w in enumerate(vocab.scale_labels(axis), 1))
            raise VocabularyError(
                f"skalan för {word(axis).lower()} är en annan än den kända: tryckt är "
                f"{', '.join(odd)}, känd är {known}. Är den nya skalan er, så skriv dess steg under "
                f"[scales] i {OWN_FILE}; gäller den bara då, så skriv vad stegen motsvarar:\n"
                f'  [other_scales."{names[-1]}"]\n  {axis} = {{ 1 = 1, 2 = 2, 3 = 4, 4 = 5 }}'
            )


class _Ledger:
    """Where each printed cell is found again, row by row."""

    def __init__(self, exports: list[Tidy]) -> None:
        self.tidy: dict[int, list[tuple[dict, Vocabulary]]] = defaultdict(list)
        self.placed: dict[int, set[str]] = defaultdict(set)  # words of its risks and activities
        self.rules: dict[int, dict[str, str]] = defaultdict(dict)  # text set aside → rule
        self.told: dict[int, set[str]] = defaultdict(set)  # words of account and unread
        self.left: dict[int, set[str]] = defaultdict(set)
        for tables in exports:
            for row in (*tables.risks, *tables.activities):
                self.tidy[row["source_row"]].append((row, tables.part.vocab))
                told = [(n, v) for n, v in row.items() if v is not None and n not in UNPRINTED]
                words = [_words_of(name, value, tables.part.vocab) for name, value in told]
                self.placed[row["source_row"]].update(*words)
            for entry in tables.notes.account:
                self.rules[entry.row].setdefault(entry.before, entry.rule)
                self.told[entry.row] |= _words(entry.before) | _words(entry.after)
            for left in tables.notes.unread:
                self.left[left.row] |= _words(left.text)

    def find(self, number: int, text: str, row: list[str]) -> tuple[str, set[str]]:
        """Return where a row's cell is (placed, unread or a rule), and which of its words are nowhere."""
        missing = _words(text) - self.placed[number]
        if not missing or any(_reads_as(text, *row) for row in self.tidy[number]):
            return "placed", set()
        if not (missing := missing - self.left[number]):
            return "unread", missing
        rules = ChainMap(self.rules[number], self.rules[None])  # a sheet of texts has no rows
        if rule := rules.get(text) or rules.get(join(row)):
            return rule, set()
        missing -= self.told[number]
        return ("unread" if missing else "cell_kept"), missing


def _reads_as(text: str, row: dict, vocab: Vocabulary) -> bool:
    """Return whether a cell is a step, a value or a date of a tidy row, otherwise written there."""
    if "risk" in row:  # an activity
        return row["due_date"] == read_date(text)
    cells = Cells(vocab)
    read = {name: cells.step(text, name)[0] for name in SCALED}
    read |= dict.fromkeys(("risk_value", "risk_value_after"), cells.value(text)[0])
    return any(number is not None and row[name] == number for name, number in read.items())


def _words_of(name: str, value: object, vocab: Vocabulary) -> frozenset[str]:
    """Return the words of a value of a tidy row; of a code those that it may be printed as."""
    if name in (*SCALED, "decision", "outcome"):
        return _words_of_code(name, value, vocab)
    return _words("; ".join([*value, *BETWEEN]) if isinstance(value, list) else str(value))


@lru_cache(maxsize=1_000)
def _words_of_code(name: str, value: int | str, vocab: Vocabulary) -> frozenset[str]:
    if name not in SCALED:
        return _words(" ".join(vocab.words[f"{name}s"][value]))
    steps = vocab.steps[name.removesuffix("_after")]
    return _words(" ".join([str(value), *(word for word, step in steps.items() if step == value)]))


@lru_cache(maxsize=50_000)
def _words(text: str) -> frozenset[str]:
    """Return the letters and digits of a text, word by word."""
    return frozenset(_WORD.findall(clean_space(unescape(text)).casefold()))
