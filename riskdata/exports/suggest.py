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
from riskdata.words.language import heading
from riskdata.words.spelling import clean_space, fold
from riskdata.words.vocabulary import AXES, Vocabulary, read_vocabulary

if TYPE_CHECKING:
    import pandas as pd

SAMPLES = 3  # values of a column that are shown
MOST_STEPS = 7
LISTS = {"decision": "decisions", "status": "statuses", "outcome": "outcomes"}
CHOICES = {
    "decisions": ("control_plan", {"Med i internkontrollplanen": True, "Inte med": False}),
    "statuses": (
        "counts_as",
        {
            "Avslutad": "finished",
            "Inte avslutad": "unfinished",
            "Avbruten": "cancelled",
            "Vet inte": "unknown",
        },  # fmt: skip
    ),
    "outcomes": (
        "counts_as",
        {"Ingen avvikelse": "no", "Avvikelse": "deviation", "Kontrollen inte gjord": "not_made"},
    ),
}


@dataclass
class GuessedColumn:
    """One printed column: what it is read as ("" for nothing), and why, with a few of its values."""

    heading: str
    samples: list[str]
    field: str
    why: str
    guessed: bool
    cells: int  # how many are printed


@dataclass
class GuessedWord:
    """A word that no list knows: of which list, and what it counts as (None until a person says)."""

    word: str
    table: str  # decisions, statuses, outcomes
    counts_as: bool | str | None = None


@dataclass
class GuessedTable:
    """One table of a file as it is read: change what is wrong, then ask for the block.

    scales: axis → the words of its steps, from the lowest; only for words that no scale knows.
    ordered: whether somebody, or the file itself, has said that order; without it they are no steps.
    """

    name: str
    kind: str
    columns: list[GuessedColumn]
    scales: dict[str, list[str]] = field(default_factory=dict)
    ordered: bool = False
    words: list[GuessedWord] = field(default_factory=list)
    value: str = "product"


@dataclass
class Guess:
    """What one file is guessed to be.

    Examples
    --------
    >>> guess("data/raw/2025-VB Nämnden.xlsx").tables[0].columns[0].field  # doctest: +SKIP
    'process'
    """

    path: Path
    board: str
    tables: list[GuessedTable]
    manual: Path
    own: tuple[str, str] = ("Nämnden", "2025-VB")  # for a look at its rows, where it tells neither

    @property
    def certain(self) -> bool:
        """Whether every column is known by its heading and every word by its list."""
        return not any(c.guessed for t in self.tables for c in t.columns) and not any(
            table.words or table.scales for table in self.tables
        )

    def block(self) -> str:
        """Return the block for layouts.toml: saved as it stands it reads the file as the guess does."""
        return "\n".join(_block(table, self) for table in self.tables)

    def read(self) -> dict[str, "pd.DataFrame"]:
        """Return the risks and activities that the file gives by the block as it stands now.

        A file that can't be read so is two empty tables.
        """
        with TemporaryDirectory() as folder:
            manual = Path(folder)
            for file in self.manual.glob("*.toml"):
                shutil.copy(file, manual)
            replace(self, manual=manual).save()
            vocab = read_vocabulary(manual)
            exports = read_export_file(self.path, self.path.name, vocab, own={"": self.own})
        rows = {
            table: [row for e in exports for row in getattr(e, table)]
            for table in ("risks", "activities")
        }
        return {table: frame(table, listed) for table, listed in rows.items()}

    def save(self) -> Path:
        """Write the block into data/manual/layouts.toml, in the place of an older one by its name."""
        file = self.manual / "layouts.toml"
        text = file.read_text("utf-8-sig") if file.exists() else ""
        for table in self.tables:
            text = _without(text, _name(table, self))
        self.manual.mkdir(parents=True, exist_ok=True)
        new = file.with_suffix(".new")
        new.write_text(f"{text.rstrip()}\n\n{self.block()}".lstrip(), encoding="utf-8")
        new.replace(file)
        return file


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
    tables = [_table(table, columns, vocab) for table, columns in _first_of_each(pairs)]
    return Guess(path, _board(path, pairs, vocab), tables, manual)


def fields() -> dict[str, str]:
    """Return what a column may be read as: field → its Swedish heading; "" for a column not used."""
    told = {name: heading(name) for name in FIELDS}
    return {"": "Används inte", **told, TOGETHER: "Status och åtgärd", SCORES: "Flera bedömningar"}


def _board(path: Path, pairs: list[tuple[Table, Columns]], vocab: Vocabulary) -> str:
    titles = [title for table, _ in pairs for title in table.titles]
    try:
        name = source_name(path.name)
        return find_board_and_period(name, titles, ("", ""), vocab, given=(True, True))[0]
    except RiskdataError:
        return ""


def _first_of_each(pairs: list[tuple[Table, Columns]]) -> list[tuple[Table, Columns]]:
    """Return one table of each set of headings: sheets and pages of one kind are one choice."""
    kinds: dict[tuple, tuple[Table, Columns]] = {}
    for table, columns in pairs:
        kinds.setdefault(tuple(map(fold, column_names(table))), (table, columns))
    return list(kinds.values())


def _table(table: Table, columns: Columns, vocab: Vocabulary) -> GuessedTable:
    printed = [_cells(table, n) for n in range(len(columns.fields))]
    read = [
        GuessedColumn(
            columns.headings[n],
            list(dict.fromkeys(cells))[:SAMPLES],
            "" if columns.fields[n].startswith("column ") else columns.fields[n],
            columns.guessed.get(n, "" if n in columns.unused else "rubriken är känd"),
            n in columns.guessed,
            len(cells),
        )
        for n, cells in enumerate(printed)
        if columns.headings[n]
    ]
    for column in read:
        if column.field == "activity" and columns.expects_status:
            column.field = TOGETHER
    scales, ordered = _scales(columns, printed)
    return GuessedTable(
        table.name, columns.layout.kind, read, scales, ordered, _unknown(columns, printed),
        columns.layout.value,
    )  # fmt: skip


def _cells(table: Table, n: int) -> list[str]:
    cells = (clean_space(cell) for line in table.lines for cell in line.cells[n : n + 1])
    return [cell for cell in cells if cell]


def _scales(columns: Columns, printed: list[list[str]]) -> tuple[dict[str, list[str]], bool]:
    """Return the words of the scales that nobody has said, and whether the file itself orders them."""
    scales: dict[str, list[str]] = {}
    for axis in AXES:
        if axis in columns.fields:
            words = list(dict.fromkeys(printed[columns.fields.index(axis)]))
            known = columns.vocab.steps[axis]
            bare = [w for w in words if not any(map(str.isdigit, w)) and fold(w) not in known]
            if bare and len(words) <= MOST_STEPS:
                scales[axis] = sorted(words, key=lambda word: _order(word, columns.vocab))
    if scales:
        return scales, False
    explained = [axis for axis in AXES if axis in columns.legend and axis in columns.fields]
    return {axis: columns.vocab.scale_labels(axis) for axis in explained}, bool(explained)


def _order(word: str, vocab: Vocabulary) -> int:
    """Return where a word stands among those that are often steps: only what is shown first."""
    order = vocab.words["content_words"]["order"]
    return next(
        (n for n, known in enumerate(order) if fold(word).startswith(known)), len(order) // 2
    )


def _unknown(columns: Columns, printed: list[list[str]]) -> list[GuessedWord]:
    words = []
    for name, table in LISTS.items():
        if name not in columns.fields:
            continue
        known = getattr(columns.vocab, table)
        cells = printed[columns.fields.index(name)]
        for word in dict.fromkeys(cells):
            if fold(word) not in known and word not in columns.vocab.marks and len(word) <= 40:
                words.append(GuessedWord(word, table))
    return words


# -- the block ------------------------------------------------------------------------------------


def _name(table: GuessedTable, guessed: Guess) -> str:
    """Return what the block goes by: the file's name without years and signs, and the kind."""
    stem = re.sub(r"(?:19|20)\d\d", "", guessed.path.stem).casefold()
    several = sum(t.kind == table.kind for t in guessed.tables) > 1
    parts = [stem, table.kind if len(guessed.tables) > 1 else "", table.name if several else ""]
    name = " ".join(parts).translate(str.maketrans("åäöéøæü", "aaoeoau"))
    return re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")[:60] or "egen"


def _block(table: GuessedTable, guessed: Guess) -> str:
    name = _name(table, guessed)
    kinds = ", ".join(KINDS)
    lines = [
        f"# {guessed.path.name}: gissat av riskdata. Rubriken till vänster, vad den läses som till höger",
        '# ("" används inte). Ändra det som är fel.',
        f"[{name}]",
        f"kind = {_toml(table.kind)}  # {kinds}",
    ]
    if table.value != "product":
        lines.append(f"value = {_toml(table.value)}")
    if table.scales and table.ordered and guessed.board:
        lines.append(f"boards = {_toml([guessed.board])}  # skalan gäller också deras diagram")
    lines += ["", f"[{name}.columns]"]
    lines += [f"{_toml(c.heading)} = {_toml(c.field)}" for c in table.columns if c.heading]
    lines += _scale_lines(name, table)
    for listed in LISTS.values():
        lines += _word_lines(name, listed, [word for word in table.words if word.table == listed])
    return "\n".join(lines) + "\n"


def _scale_lines(name: str, table: GuessedTable) -> list[str]:
    if not table.scales:
        return []
    mark = "" if table.ordered else "# "
    note = "" if table.ordered else "  # från lägst till högst; ta bort # när ordningen är rätt"
    lines = ["", f"{mark}[{name}.scales]{note}"]
    for axis, words in table.scales.items():
        lines.append(f"{mark}{axis} = {_toml([[word] for word in words])}")
    return lines


def _word_lines(name: str, listed: str, words: list[GuessedWord]) -> list[str]:
    """Return the lines of words that no list knows: those not answered as comments."""
    if not words:
        return []
    key, choices = CHOICES[listed]
    answered = [word for word in words if word.counts_as is not None]
    open_ = [word for word in words if word.counts_as is None]
    lines = ["", f"[{name}.{listed}]" if answered else f"# [{name}.{listed}]"]
    lines += [_word_line(word, key, _toml(word.counts_as)) for word in answered]
    if open_:
        values = " eller ".join(f"{_toml(value)} ({said})" for said, value in choices.items())
        lines.append(f"# {key} = {values}")
    return lines + [f"# {_word_line(word, key, '…')}" for word in open_]


def _word_line(word: GuessedWord, key: str, counts: str) -> str:
    return f"{_code(word.word)} = {{ words = {_toml([word.word])}, {key} = {counts} }}"


def _code(word: str) -> str:
    plain = fold(word).translate(str.maketrans("åäöéøæü", "aaoeoau"))
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or "egen"


def _toml(value: object) -> str:
    """Return a value as TOML writes it, whose strings are written as JSON's."""
    return json.dumps(value, ensure_ascii=False)


def _without(text: str, name: str) -> str:
    """Return the text of layouts.toml without the block of a name, and the comment above it."""
    lines, kept, inside = text.splitlines(), [], False
    for line in lines:
        table = re.match(r"\[+([^\].]+)", line)
        if table:
            inside = table[1].strip(' "') == name
            while inside and kept and kept[-1].startswith("#"):
                kept.pop()
        if not inside:
            kept.append(line)
    return "\n".join(kept)
