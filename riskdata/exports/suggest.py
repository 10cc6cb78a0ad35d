"""What a file's columns are guessed to be, for a person to change, and to save in layouts.toml."""

import json
import re
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from riskdata import folders
from riskdata.errors import RiskdataError
from riskdata.exports.export import read_export_file
from riskdata.readers import find_grids, read_bytes
from riskdata.shapes.columns import column_names, describe
from riskdata.shapes.headings import FIELDS, SCORES, TOGETHER
from riskdata.shapes.parts import read_tables
from riskdata.shapes.plain import upright
from riskdata.shapes.shape import find_tables, nearest_table
from riskdata.shapes.sources import find_board_and_period, source_name
from riskdata.shapes.table import Columns, Table
from riskdata.tables.schema import KINDS, frame
from riskdata.words.language import heading, word
from riskdata.words.spelling import fold
from riskdata.words.vocabulary import AXES, LISTS, OPEN, Vocabulary, read_vocabulary

if TYPE_CHECKING:
    import pandas as pd

MOST_STEPS = 7
LONGEST_WORD = 40  # letters of a status or decision; what is longer is a text
PLACE = ("Nämnden", "2025-VB")  # for a look at the rows of a file that tells neither


@dataclass
class GuessedColumn:
    """One printed column: what it is read as ("" for nothing), and why, with each of its values."""

    heading: str
    values: list[str]
    field: str
    why: str
    guessed: bool
    cells: int  # how many are printed


@dataclass
class GuessedWord:
    """A word that no list knows: of which column, and what it counts as ("" until a person says)."""

    word: str
    field: str  # decision, status, outcome
    counts_as: bool | str = ""

    @property
    def table(self) -> str:
        """The list of the vocabulary that it belongs in."""
        return LISTS[self.field]

    @property
    def choices(self) -> dict[str, bool | str]:
        """What it may count as: the words of each, and its value."""
        return {word(f"decide.counts_{value}"): value for value in OPEN[self.table][2]}


@dataclass
class GuessedTable:
    """One table of a file as it is read: change what is wrong, ``ask`` anew, then take the block.

    scales: axis → the words of its steps, from the lowest; only for words that no scale knows.
    ordered: whether somebody, or the file itself, has said that order; without it they are no steps.
    """

    name: str
    kind: str
    columns: list[GuessedColumn]
    vocab: Vocabulary
    explained: tuple[str, ...] = ()  # axes whose steps the file explains
    asked: dict[str, list[str]] = field(default_factory=dict)  # the scales, before any answer
    scales: dict[str, list[str]] = field(default_factory=dict)
    ordered: bool = False
    words: list[GuessedWord] = field(default_factory=list)
    value: str = "product"

    def ask(self) -> bool:
        """Ask for the steps and words of the columns as they are read now; what is answered stays.

        Return whether other things are asked for than before.
        """
        printed = {column.field: column.values for column in reversed(self.columns)}
        unsaid = {axis: self._steps(axis, printed.get(axis, [])) for axis in AXES}
        said = {axis: self.vocab.scale_labels(axis) for axis in self.explained if axis in printed}
        asked = {axis: steps for axis, steps in unsaid.items() if steps} or said
        old = {(word.word, word.field): word for word in self.words}
        new = [(w, name) for name in LISTS for w in self._unknown(name, printed.get(name, []))]
        changed = (asked, new) != (self.asked, [*old])
        if asked != self.asked:
            self.asked, self.ordered = asked, asked is said and bool(said)
            self.scales = {axis: [*steps] for axis, steps in asked.items()}
        self.words = [old.get(key) or GuessedWord(*key) for key in new]
        return changed

    def _steps(self, axis: str, values: list[str]) -> list[str]:
        """Return the words of an axis as they are often ordered, where nobody has said their scale."""
        known, order = self.vocab.steps[axis], self.vocab.words["content_words"]["order"]
        bare = [w for w in values if not any(map(str.isdigit, w)) and fold(w) not in known]

        def often(word: str) -> int:
            begun = (n for n, first in enumerate(order) if fold(word).startswith(first))
            return next(begun, len(order) // 2)

        return sorted(values, key=often) if bare and len(values) <= MOST_STEPS else []

    def _unknown(self, name: str, values: list[str]) -> list[str]:
        known = {*getattr(self.vocab, LISTS[name])}
        return [word for word in values if fold(word) not in known and word not in self.vocab.marks
                and len(word) <= LONGEST_WORD]  # fmt: skip


@dataclass
class Guess:
    """What one file is guessed to be."""

    path: Path
    board: str
    tables: list[GuessedTable]
    manual: Path

    @property
    def certain(self) -> bool:
        """Whether every column is known by its heading and every word by its list."""
        guessed = any(column.guessed for table in self.tables for column in table.columns)
        return not guessed and not any(table.words or table.scales for table in self.tables)

    def block(self) -> str:
        """Return the block for layouts.toml: saved as it stands it reads the file as the guess does."""
        return "\n".join(_block(table, self) for table in self.tables)

    def read(self) -> dict[str, "pd.DataFrame"]:
        """Return the risks and activities that the file gives by the block as it stands now.

        A file that can't be read so is two empty tables.
        """
        with TemporaryDirectory() as folder:
            for file in self.manual.glob("*.toml"):
                shutil.copy(file, folder)
            replace(self, manual=Path(folder)).save()
            vocab = read_vocabulary(Path(folder))
            exports = read_export_file(self.path, self.path.name, vocab, own={"": PLACE})
        return {
            table: frame(table, [row for export in exports for row in getattr(export, table)])
            for table in ("risks", "activities")
        }

    @property
    def file(self) -> Path:
        """Where the block is saved."""
        return self.manual / "layouts.toml"

    def save(self) -> str:
        """Write the block into layouts.toml, and return the one by its name that it takes the place of."""
        text, old = self.file.read_text("utf-8-sig") if self.file.exists() else "", []
        for table in self.tables:
            text, own = _parted(text, _name(table, self))
            old.append(own)
        self.manual.mkdir(parents=True, exist_ok=True)
        new = self.file.with_suffix(".new")
        new.write_text(f"{text.rstrip()}\n\n{self.block()}".lstrip(), encoding="utf-8")
        new.replace(self.file)
        return "\n".join(old)


def guess(path: Path | str, *, manual: Path | None = None) -> Guess:
    """Return how a file would be read: its columns with samples, its scales, the words not known.

    Raises a RiskdataError where the file can't be read at all, or holds no table.
    """
    path, manual = Path(path), manual or folders.manual()
    vocab = read_vocabulary(manual)
    grids = upright(find_grids(read_bytes(path), path.name), vocab)
    try:
        pairs = read_tables(grids, vocab)
    except RiskdataError:
        tables = find_tables(grids, vocab) or [nearest_table(grids, vocab)]
        if tables == [None]:
            raise
        widest = max(tables, key=lambda table: len(table.header))
        pairs = [(widest, describe(widest, vocab))]
    kinds: dict[tuple, tuple[Table, Columns]] = {}  # sheets and pages of one kind are one choice
    for table, columns in pairs:
        kinds.setdefault(tuple(map(fold, column_names(table))), (table, columns))
    titles, board = [title for table, _ in pairs for title in table.titles], ""
    try:
        name = source_name(path.name)
        board, _ = find_board_and_period(name, titles, ("", ""), vocab, given=(True, True))
    except RiskdataError:
        pass  # then a person has to say it
    return Guess(path, board, [_table(*pair) for pair in kinds.values()], manual)


def fields() -> dict[str, str]:
    """Return what a column may be read as: field → its Swedish heading; "" for a column not used."""
    together = {name: word(f"decide.reads_{name}") for name in (TOGETHER, SCORES)}
    return {"": word("decide.not_used")} | {name: heading(name) for name in FIELDS} | together


def _table(table: Table, columns: Columns) -> GuessedTable:
    read = []
    for n, (printed, name) in enumerate(zip(columns.headings, columns.fields, strict=True)):
        name = TOGETHER if name == "activity" and columns.expects_status else name
        name = "" if name.startswith("column ") else name
        why = columns.guessed.get(n, "" if n in columns.unused else "rubriken är känd")
        cells = [cell for cell in table.column(n) if cell]
        values, guessed = list(dict.fromkeys(cells)), n in columns.guessed
        if printed:
            read.append(GuessedColumn(printed, values, name, why, guessed, len(cells)))
    explained = tuple(axis for axis in AXES if axis in columns.legend)
    guessed = GuessedTable(table.name, columns.layout.kind, read, columns.vocab, explained)
    guessed.value = columns.layout.value
    guessed.ask()
    return guessed


# -- the block ------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    """Return a text as a key of TOML may be written: small letters of English, digits, underscores."""
    english = fold(text).translate(str.maketrans("åäöéøæü", "aaoeoau"))
    return re.sub(r"[^a-z0-9]+", "_", english).strip("_")[:60] or "egen"


def _name(table: GuessedTable, guessed: Guess) -> str:
    """Return what the block goes by: the file's name without years and signs, and the kind."""
    stem = re.sub(r"(?:19|20)\d\d", "", guessed.path.stem)
    several = sum(t.kind == table.kind for t in guessed.tables) > 1
    kind = table.kind if len(guessed.tables) > 1 else ""
    return _plain(f"{stem} {kind} {table.name if several else ''}")


def _block(table: GuessedTable, guessed: Guess) -> str:
    name = _name(table, guessed)
    lines = [
        f"# {guessed.path.name}: gissat av riskdata. Rubriken till vänster, vad den läses som till höger",
        '# ("" används inte). Ändra det som är fel.',
        f"[{name}]",
        f"kind = {_toml(table.kind)}  # {', '.join(KINDS)}",
    ]
    if table.value != "product":
        lines.append(f"value = {_toml(table.value)}")
    if table.scales and table.ordered and guessed.board:
        lines.append(f"boards = {_toml([guessed.board])}  # skalan gäller också deras diagram")
    lines += ["", f"[{name}.columns]"]
    lines += [f"{_toml(c.heading)} = {_toml(c.field)}" for c in table.columns]
    if table.scales:
        mark, note = "# ", "  # från lägst till högst; ta bort # när ordningen är rätt"
        mark, note = ("", "") if table.ordered else (mark, note)
        lines += ["", f"{mark}[{name}.scales]{note}"]
        for axis, words in table.scales.items():
            lines.append(f"{mark}{axis} = {_toml([[word] for word in words])}")
    for listed in LISTS.values():
        words, key = [each for each in table.words if each.table == listed], OPEN[listed][0]
        said = [_word(each, key, _toml(each.counts_as)) for each in words if each.counts_as != ""]
        open_ = [f"# {_word(each, key, '…')}" for each in words if each.counts_as == ""]
        if words:
            lines += ["", f"{'' if said else '# '}[{name}.{listed}]", *said]
        if open_:
            values = (f"{_toml(value)} ({told})" for told, value in words[0].choices.items())
            lines += [f"# {key} = {' eller '.join(values)}", *open_]
    return "\n".join(lines) + "\n"


def _word(word: GuessedWord, key: str, counts: str) -> str:
    return f"{_plain(word.word)} = {{ words = {_toml([word.word])}, {key} = {counts} }}"


def _toml(value: object) -> str:
    """Return a value as TOML writes it, whose strings are written as JSON's."""
    return json.dumps(value, ensure_ascii=False)


def _parted(text: str, name: str) -> tuple[str, str]:
    """Return layouts.toml without the block of a name, and that block, each with the comments above."""
    parts, pending, own = {True: [], False: []}, [], False
    for line in text.splitlines():
        pending.append(line)
        if header := re.match(r"\[+([^\].]+)", line):
            own = header[1].strip(' "') == name
        if not line.startswith("#"):
            parts[own] += pending
            pending = []
    parts[own] += pending
    return "\n".join(parts[False]), "\n".join(parts[True])
