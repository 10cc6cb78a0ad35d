"""The layouts that exist, and which one a printed row of headers belongs to."""

import difflib
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain

from riskdata.errors import LayoutError
from riskdata.exports.headings import FIELDS as EVERY_FIELD
from riskdata.exports.headings import SCORES, TOGETHER, fold_heading
from riskdata.readers.grid import Grid
from riskdata.tables.schema import KINDS, TABLES
from riskdata.words.language import heading, label
from riskdata.words.spelling import Words, clean_space, fold
from riskdata.words.vocabulary import OWN_FILE, OWN_LAYOUTS, Vocabulary

KNOWN_SHARE = 0.5  # of a row's printed cells: with fewer known headers it is no row of headers
ALIKE = 0.8  # as difflib measures: an unknown header this like a known one is a new spelling of it
LONGEST_HEADER = 120  # letters: a longer cell is text
FIELDS = frozenset(
    {
        "goal",
        "indicator",
        "process",
        "way_of_working",
        "event",
        "likelihood",
        "consequence",
        "risk_value",
        "decision",
        "activity",
        "status",
        "description",
        "comment",
        "responsible",
    }  # fmt: skip
)
KNOWN_FIELDS = FIELDS.union(EVERY_FIELD, {SCORES})
_SETS = ("anchors", "starts_risk", "either")
_WORDS = ("scales", "decisions", "statuses", "outcomes", "reports")
_OF_BOARD = ("boards", "limit", "bands")  # read with the vocabulary
VALUES = ("product", "printed", "matrix")
_KEYS = (
    "kind", "required", "headers", "columns", "extra", "yes_no", *_SETS, "fill_down", "value",
    "lists", *_WORDS, *_OF_BOARD,
)  # fmt: skip


@dataclass(frozen=True, eq=False)  # compared as an object, as its vocabulary is
class Layout:
    """One declaration of layouts.toml. ``headers`` has every spelling that it knows, folded."""

    name: str
    kind: str
    required: tuple[str, ...]
    anchors: frozenset[str]
    starts_risk: frozenset[str]
    either: frozenset[str]
    yes_no: frozenset[str] = frozenset()
    fill_down: dict[str, list[str]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict] = field(default_factory=dict)
    own: bool = False  # whether a person has said it, so that nothing is guessed over it
    value: str = "product"  # how the risk value comes about: product, printed, matrix
    columns: dict[str, str] = field(default_factory=dict)  # folded heading → field, "" for none
    lists: frozenset[str] = frozenset()  # fields whose cells hold one text a line, or by semicolon


@dataclass(frozen=True, eq=False)  # compared as an object: all rows below it have the very same
class Header:
    """A row of headers: its layout, and for each column the tidy field, or the text if unknown."""

    layout: Layout
    fields: tuple[str, ...]
    printed: tuple[str, ...]
    expects_status: bool  # whether its activities begin with a status word

    @cached_property
    def extra(self) -> dict[int, str]:
        """Position → printed text of the columns that the vocabulary does not know."""
        return {n: text for n, text in enumerate(self.fields) if text == f"column {n + 1}"}


@lru_cache
def layouts(vocab: Vocabulary) -> tuple[Layout, ...]:
    """Return every layout, in the order in which they are tried.

    Raises LayoutError when the user's own say something that no layout can.
    """
    return tuple(_layout(name, d, vocab) for name, d in vocab.words["layouts"].items())


@lru_cache
def with_own_words(vocab: Vocabulary, layout: Layout) -> Vocabulary:
    """Return the vocabulary with the scales, decisions and statuses that a layout has of its own."""
    laid = {table: {**vocab.words[table], **own} for table, own in layout.words.items()}
    return Vocabulary({**vocab.words, **laid}) if laid else vocab


def find_header(cells: list[str], vocab: Vocabulary) -> Header | None:
    """Return the header that a printed row is, or None.

    >>> from riskdata.words.vocabulary import vocabulary
    >>> find_header(["Risk", "Aktivitet", "SENASTE KOMMENTAREN"], vocabulary()).fields
    ('event', 'activity', 'comment')
    """
    return _find_header(tuple(cells), vocab)


def find_headers(grid: Grid, vocab: Vocabulary) -> dict[int, Header]:
    """Return the rows of headers in a grid: position → header.

    >>> from riskdata.words.vocabulary import vocabulary
    >>> list(find_headers(Grid([["2024"], ["Risk", "Aktivitet"]], [1, 2]), vocabulary()))
    [1]
    """
    known = _every_header(vocab)
    short = {text for text in set(chain.from_iterable(grid.texts)) if len(text) <= known.longest}
    likely = {text for text in short if fold(text) in known}
    rows = [n for n, texts in enumerate(grid.texts) if not likely.isdisjoint(texts)]
    return {n: header for n in rows if (header := find_header(grid.rows[n], vocab))}


def is_header(text: str, vocab: Vocabulary) -> bool:
    """Return whether a cell's text is a header that some layout knows."""
    return _every_header(vocab).find(text) is not None


@lru_cache(maxsize=1_000)  # many files have the same
def _find_header(cells: tuple[str, ...], vocab: Vocabulary) -> Header | None:
    found = (_header(cells, layout) for layout in layouts(vocab))
    return next((header for header in found if header), None)


def require_layout(
    grids: list[Grid], headers: list[dict[int, Header]], vocab: Vocabulary
) -> Layout:
    """Return the one layout of a file's grids, given the headers found in each.

    Raises LayoutError when no row of headers is known, or when the tables have different layouts.
    """
    every = [header for of_grid in headers for header in of_grid.values()]
    found = {header.layout.name: header.layout for header in every}
    if not found:
        raise LayoutError(_no_header(grids, vocab))
    if len(found) > 1:
        raise LayoutError(
            f"filen har tabeller av olika slag ({', '.join(map(label, found))}). "
            "Spara varje tabell som en egen fil i data/raw."
        )
    for header in dict.fromkeys(every):
        _check_near_misses(header, vocab)
    return next(iter(found.values()))


def nearest_header(grids: list[Grid], vocab: Vocabulary) -> tuple[Grid, int]:
    """Return the grid and the position in it of the row with the most headers that are known."""
    known = _every_header(vocab)
    rows = [(grid, n) for grid in grids for n in range(len(grid.rows))]
    return max(rows, key=lambda r: len({fold(c) for c in r[0].rows[r[1]]} & known.keys()))


@lru_cache
def _every_header(vocab: Vocabulary) -> Words:
    every = layouts(vocab)[::-1]
    return Words({spelling: code for x in every for spelling, code in x.headers.items()})


def _header(cells: tuple[str, ...], layout: Layout) -> Header | None:
    folded = [fold(cell) for cell in cells]
    codes = [layout.headers.get(text) for text in folded]
    expects_status = TOGETHER in codes
    codes = ["activity" if code == TOGETHER else code for code in codes]
    hits = len(set(codes) - {None})
    if hits < 2 or hits < KNOWN_SHARE * sum(text != "" for text in folded):
        return None
    if not {*codes, *folded}.issuperset(layout.required):
        return None
    fields = tuple(
        code if code in FIELDS and code not in codes[:n] else f"column {n + 1}"
        for n, code in enumerate(codes)
    )
    return Header(layout, fields, cells, expects_status)


def _layout(name: str, declared: dict, vocab: Vocabulary) -> Layout:
    faults = _faults(name, declared)
    if faults:
        raise LayoutError(f"{OWN_LAYOUTS}: " + "; ".join(faults))
    own = name in vocab.words["own_layouts"]
    if "columns" in declared:  # whatever else it leaves open is as its kind is read
        shipped = vocab.words["layouts"][declared["kind"]]
        declared = {
            **{key: shipped[key] for key in (*_SETS, "fill_down") if key in shipped},
            **declared,
        }
    headers, spoken = _headers(declared, vocab)
    required = declared.get("required") or _required(spoken)
    required = tuple(x if x in KNOWN_FIELDS else fold(x) for x in required)
    fields = [x for x in required if x in KNOWN_FIELDS]
    sets = {key: frozenset(declared.get(key, ())) for key in _SETS}
    of_risk = {c.name for c in TABLES["risks"]}
    defaults = {"anchors": frozenset(fields), "starts_risk": of_risk.intersection(fields)}
    sets |= {k: frozenset(v) for k, v in defaults.items() if k not in declared}
    return Layout(
        name, declared["kind"], required, **sets,
        yes_no=frozenset(map(fold, declared.get("yes_no", ()))),
        fill_down=declared.get("fill_down", {}), headers=headers,
        words={key: declared[key] for key in _WORDS if key in declared},
        own=own, value=declared.get("value", "product"),
        columns={fold_heading(text): code for text, code in declared.get("columns", {}).items()},
        lists=frozenset(declared.get("lists", ())),
    )  # fmt: skip


def _headers(declared: dict, vocab: Vocabulary) -> tuple[dict[str, str], dict[str, str]]:
    """Return every spelling of a heading that a layout knows, and those that it says itself."""
    spoken = {
        fold(word): code for code, words in declared.get("headers", {}).items() for word in words
    }
    spoken |= {
        fold_heading(text): code or text for text, code in declared.get("columns", {}).items()
    }
    unused = {fold(word): fold(word) for word in declared.get("extra", ())}
    return vocab.headers | spoken | unused, spoken


def _required(spoken: dict[str, str]) -> list[str]:
    """Return the headings by which a layout is known that doesn't say: those of its core fields."""
    core = ("event", "activity", "likelihood", "consequence", "risk_value", TOGETHER)
    told = [heading for heading, code in spoken.items() if code in core]
    return told or [*spoken]


def _faults(name: str, declared: dict) -> list[str]:
    """Return what is wrong with a declaration, in words."""
    if not isinstance(declared, dict):
        return [f"{name} ska vara en avdelning, [{name}]"]
    wrong = [key for key, value in declared.items() if not _is_well_formed(key, value)]
    if wrong:
        return [f"[{name}] {', '.join(wrong)} har fel form; se riskdata/layouts.toml"]
    fill = declared.get("fill_down", {})
    named = {field for key in _SETS for field in declared.get(key, ())} | {*fill}
    named |= {field for cleared in fill.values() for field in cleared}
    named |= {*filter(None, declared.get("columns", {}).values())} | {*declared.get("lists", ())}
    unknown = sorted((named | {*declared.get("headers", {})}) - KNOWN_FIELDS - {TOGETHER})
    faults = [
        f"[{name}] har ”{key}”, som inte är känt ({', '.join(_KEYS)})"
        for key in declared.keys() - _KEYS
    ]
    if declared.get("kind") not in KINDS:
        faults.append(f"[{name}] ska ha kind = ett av {', '.join(KINDS)}")
    if declared.get("value", "product") not in VALUES:
        faults.append(f"[{name}] ska ha value = ett av {', '.join(VALUES)}")
    if not declared.get("required") and not declared.get("columns"):
        faults.append(f"[{name}] ska ha required: de rubriker som måste finnas")
    if unknown:
        faults.append(
            f"[{name}] nämner {', '.join(unknown)}, som inte är kolumner i tabellerna "
            f"({', '.join(sorted(KNOWN_FIELDS))})"
        )
    return faults


def _is_well_formed(key: str, value: object) -> bool:
    if key in ("kind", "value"):
        return isinstance(value, str)
    if key in ("limit", "bands"):
        return True
    if key == "columns":
        return isinstance(value, dict) and all(isinstance(v, str) for v in value.values())
    if key in ("headers", "fill_down", *_WORDS):
        return isinstance(value, dict) and all(isinstance(v, list) for v in value.values())
    return key not in _KEYS or isinstance(value, list) and all(isinstance(v, str) for v in value)


def _check_near_misses(header: Header, vocab: Vocabulary) -> None:
    """Stop at an unknown header that is nearly a known one: its column would be lost to a typing error."""
    known = header.layout.headers
    missing = {s: c for s, c in known.items() if c in FIELDS and c not in header.fields}
    lines = []
    for n in header.extra:
        printed = header.printed[n]
        near = difflib.get_close_matches(fold(printed), missing, n=1, cutoff=ALIKE)
        if near and fold(printed) not in known:
            lines.append(f'  {missing[near[0]]} = ["{clean_space(printed)}"]')
    if lines:
        raise LayoutError(
            "kolumnrubriker som liknar kända men är stavade på annat sätt. Är det samma kolumn, "
            f"så lägg till stavningen i {OWN_FILE}:\n  [headers]\n" + "\n".join(lines)
        )


def _no_header(grids: list[Grid], vocab: Vocabulary) -> str:
    """Return the message for a file without a known header: the row that comes nearest, and why not."""
    if not any(grid.rows for grid in grids):
        return "filen har inga rader. Exportera rapporten på nytt."
    grid, n = nearest_header(grids, vocab)
    printed = [clean_space(cell) for cell in grid.rows[n] if clean_space(cell)]
    unknown = [cell for cell in printed if fold(cell) not in _every_header(vocab)]
    found = f"Närmast kommer rad {grid.numbers[n]}, med rubrikerna {', '.join(printed[:15])}"
    found += f"; okända är {', '.join(unknown[:15])}. " if unknown else ". "
    if len(printed) == len(unknown):
        found = f"Ingen cell är en känd rubrik; filen börjar ”{' | '.join(_first(grids))}”. "
    else:
        found += _closest(printed, vocab)
    return (
        f"ingen känd rubrikrad hittades. {found}"
        f"Är det en ny stavning, så lägg den under [headers] i {OWN_FILE}; är det en tabell av "
        f"annat slag, så beskriv den i {OWN_LAYOUTS} (riskdata check ger ett förslag); "
        "annars är filen inte en export av det slag som läses: flytta den ur data/raw."
    )


def _closest(printed: list[str], vocab: Vocabulary) -> str:
    """Return which layout a row of headers comes nearest to, and which headers it lacks for it."""
    folded = {fold(cell) for cell in printed}

    def lacks(layout: Layout) -> list[str]:
        there = folded | {layout.headers.get(text) for text in folded}
        return [x for x in layout.required if x not in there]

    layout = min(layouts(vocab), key=lambda x: len(lacks(x)) / len(x.required))
    wanted = ", ".join(map(heading, lacks(layout)))
    if not wanted:
        return f"Raden liknar {label(layout.name)}, men för få av dess rubriker är kända. "
    return f"Raden liknar mest {label(layout.name)}, men saknar rubriken för {wanted}. "


def _first(grids: list[Grid]) -> list[str]:
    rows = [row for grid in grids for row in grid.rows]
    first = next(([c for c in row if c.strip()] for row in rows if any(map(str.strip, row))), [])
    return [clean_space(cell)[:60] for cell in first[:8]]
