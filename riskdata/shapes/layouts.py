"""The layouts that exist, and which one a printed row of headers belongs to."""

from dataclasses import dataclass, field
from functools import lru_cache

from riskdata.errors import LayoutError
from riskdata.shapes.headings import FIELDS, SCORES, TOGETHER, fold_heading
from riskdata.tables.schema import KINDS, TABLES
from riskdata.words.spelling import fold
from riskdata.words.vocabulary import OWN_LAYOUTS, Vocabulary

KNOWN_SHARE = 0.5  # of a row's printed cells: with fewer known headers it is no row of headers
KNOWN_FIELDS = frozenset((*FIELDS, SCORES))
_SETS = ("anchors", "starts_risk", "either")
_WORDS = ("scales", "decisions", "statuses", "outcomes", "reports")
_OF_BOARD = ("boards", "limit", "bands", "matrix")  # read with the vocabulary
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
    found = (_header(tuple(cells), layout) for layout in layouts(vocab))
    return next((header for header in found if header), None)


def _header(cells: tuple[str, ...], layout: Layout) -> Header | None:
    folded = [fold(cell) for cell in cells]
    codes = [layout.headers.get(text) for text in folded]
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
    return Header(layout, fields, cells)


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
    of_risk = {*TABLES["risks"]}
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
    if key in ("limit", "bands", "matrix"):
        return True
    if key == "columns":
        return isinstance(value, dict) and all(isinstance(v, str) for v in value.values())
    if key in ("headers", "fill_down", *_WORDS):
        return isinstance(value, dict) and all(isinstance(v, list) for v in value.values())
    return key not in _KEYS or isinstance(value, list) and all(isinstance(v, str) for v in value)
