"""The layouts that exist: those that are shipped, and those that a person has declared."""

from dataclasses import dataclass, field
from functools import lru_cache

from riskdata.errors import LayoutError
from riskdata.shapes.headings import FIELDS, SCORES, TOGETHER, fold_heading
from riskdata.tables.schema import KINDS, TABLES
from riskdata.words.spelling import fold
from riskdata.words.vocabulary import OWN_LAYOUTS, Vocabulary

KNOWN_FIELDS = frozenset((*FIELDS, SCORES))
VALUES = ("product", "printed", "matrix")
_WORDS = ("scales", "decisions", "statuses", "outcomes", "reports")
_OF_FIELDS = ("anchors", "starts_risk", "either", "lists")  # keys whose texts are fields
_FORMS = {
    **dict.fromkeys(("kind", "value"), "text"),
    **dict.fromkeys(("required", "extra", "yes_no", "boards", *_OF_FIELDS), "list"),
    "columns": "texts",
    **dict.fromkeys(("headers", "fill_down", *_WORDS), "lists"),
    **dict.fromkeys(("limit", "bands", "matrix"), "any"),  # of a board: read with the vocabulary
}


@dataclass(frozen=True, eq=False)  # compared as an object, as its vocabulary is
class Layout:
    """One declaration of layouts.toml. ``headers`` has every spelling that it knows, folded."""

    name: str
    kind: str
    required: tuple[str, ...]
    starts_risk: frozenset[str]
    yes_no: frozenset[str] = frozenset()
    fill_down: dict[str, list[str]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict] = field(default_factory=dict)
    own: bool = False  # whether a person has said it, so that nothing is guessed over it
    value: str = "product"  # how the risk value comes about: product, printed, matrix
    columns: dict[str, str] = field(default_factory=dict)  # folded heading → field, "" for none
    lists: frozenset[str] = frozenset()  # fields whose cells hold one text a line, or by semicolon


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


def _layout(name: str, declared: dict, vocab: Vocabulary) -> Layout:
    if faults := _faults(name, declared):
        raise LayoutError(f"{OWN_LAYOUTS}: " + "; ".join(faults))
    if "columns" in declared:  # whatever else it leaves open is as its kind is read
        shipped = vocab.words["layouts"][declared["kind"]]
        open_ = {key: shipped[key] for key in ("starts_risk", "fill_down") if key in shipped}
        declared = {**open_, **declared}
    columns = {fold_heading(text): code for text, code in declared.get("columns", {}).items()}
    headers = declared.get("headers", {})
    spoken = {fold(word): code for code, words in headers.items() for word in words}
    spoken |= {heading: code or heading for heading, code in columns.items()}
    unused = {fold(word): fold(word) for word in declared.get("extra", ())}
    required = declared.get("required") or _required(spoken)
    of_risk = {*TABLES["risks"]}
    return Layout(
        name, declared["kind"], tuple(x if x in KNOWN_FIELDS else fold(x) for x in required),
        frozenset(declared.get("starts_risk", of_risk.intersection(required))),
        yes_no=frozenset(map(fold, declared.get("yes_no", ()))),
        fill_down=declared.get("fill_down", {}), headers=vocab.headers | spoken | unused,
        words={key: declared[key] for key in _WORDS if key in declared},
        own=name in vocab.words["own_layouts"], value=declared.get("value", "product"),
        columns=columns, lists=frozenset(declared.get("lists", ())),
    )  # fmt: skip


def _required(spoken: dict[str, str]) -> list[str]:
    """Return the headings by which a layout is known that doesn't say: those of its core fields."""
    core = ("event", "activity", "likelihood", "consequence", "risk_value", TOGETHER)
    return [heading for heading, code in spoken.items() if code in core] or [*spoken]


def _faults(name: str, declared: dict) -> list[str]:
    """Return what is wrong with a declaration, in words."""
    if not isinstance(declared, dict):
        return [f"{name} ska vara en avdelning, [{name}]"]
    wrong = [key for key, value in declared.items() if not _has_form(value, _FORMS.get(key, "any"))]
    if wrong:
        return [f"[{name}] {', '.join(wrong)} har fel form; se riskdata/layouts.toml"]
    named = {field for key in _OF_FIELDS for field in declared.get(key, ())}
    named |= {*declared.get("headers", {}), *filter(None, declared.get("columns", {}).values())}
    for field_, cleared in declared.get("fill_down", {}).items():
        named |= {field_, *cleared}
    unknown = sorted(named - KNOWN_FIELDS - {TOGETHER})
    faults = [
        f"[{name}] har ”{key}”, som inte är känt ({', '.join(_FORMS)})"
        for key in declared.keys() - _FORMS.keys()
    ]
    for key, allowed in (("kind", KINDS), ("value", VALUES)):
        if declared.get(key, "product") not in allowed:
            faults.append(f"[{name}] ska ha {key} = ett av {', '.join(allowed)}")
    if not declared.get("required") and not declared.get("columns"):
        faults.append(f"[{name}] ska ha required: de rubriker som måste finnas")
    if unknown:
        faults.append(
            f"[{name}] nämner {', '.join(unknown)}, som inte är kolumner i tabellerna "
            f"({', '.join(sorted(KNOWN_FIELDS))})"
        )
    return faults


def _has_form(value: object, form: str) -> bool:
    if form.startswith("text") and form != "text" or form == "lists":
        return isinstance(value, dict) and all(_has_form(v, form[:-1]) for v in value.values())
    if form == "list":
        return isinstance(value, list)
    return form == "any" or isinstance(value, str)
