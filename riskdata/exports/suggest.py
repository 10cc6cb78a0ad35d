"""A layout for a file that none fits, filled in as far as it can be guessed, for a person to mend."""

import difflib
import json
from collections.abc import Iterable
from pathlib import Path

from riskdata.errors import RiskdataError
from riskdata.exports.layouts import FIELDS, find_headers, nearest_header
from riskdata.readers import read_grids
from riskdata.readers.grid import Grid
from riskdata.words.language import heading
from riskdata.words.spelling import clean_space, fold
from riskdata.words.vocabulary import AXES, OWN_LAYOUTS, Vocabulary

WIDE = 3  # cells: a row of headers has at least as many
SAMPLE = 200  # rows below the headers that are looked at
MOST_STEPS = 7
ALIKE = 0.6  # as difflib measures
_RISK = ("event", "likelihood", "consequence")


def suggest_layout(path: Path, vocab: Vocabulary) -> str:
    """Return the text of a layouts.toml for a file that no layout fits.

    "" for a file that cannot be read, that a layout fits, or in which nothing looks like headers.
    """
    try:
        grids = [grid for grid in read_grids(path) if grid.rows]
    except RiskdataError:
        return ""
    if any(find_headers(grid, vocab) for grid in grids):
        return ""
    found = _header_row(grids, vocab)
    return _template(*found, vocab) if found else ""


def guess_fields(headers: list[str], vocab: Vocabulary) -> list[str]:
    """Return the tidy field that each header most resembles, "" where it resembles none.

    >>> from riskdata.words.vocabulary import vocabulary
    >>> guess_fields(["Ref", "Risk description", "Probability", "Impact"], vocabulary())
    ['', 'event', 'likelihood', 'consequence']
    """
    guessed: list[str] = []
    for header in headers:
        field = _guess(fold(header), vocab)
        guessed.append(field if field in FIELDS and field not in guessed else "")
    return guessed


def _guess(header: str, vocab: Vocabulary) -> str:
    if header in vocab.headers or not header:
        return vocab.headers.get(header, "")
    hints = vocab.words["header_hints"]
    held = [
        (len(hint), field) for field, words in hints.items() for hint in words if hint in header
    ]
    near = difflib.get_close_matches(header, vocab.headers, n=1, cutoff=ALIKE)
    return max(held)[1] if held else vocab.headers[near[0]] if near else ""


def _header_row(grids: list[Grid], vocab: Vocabulary) -> tuple[Grid, int] | None:
    """Return the row with the most known headers, else the first that is as wide as a table's."""
    if not grids:
        return None
    grid, n = nearest_header(grids, vocab)
    if sum(fold(cell) in vocab.headers for cell in grid.rows[n]) > 1:
        return grid, n
    wide = ((g, n) for g in grids for n, row in enumerate(g.rows) if _texts(row) >= WIDE)
    return next(wide, None)


def _texts(row: list[str]) -> int:
    return len({text for cell in row if (text := clean_space(cell)) and not text[0].isdigit()})


def _template(grid: Grid, n: int, vocab: Vocabulary) -> str:
    printed = [clean_space(cell) for cell in grid.rows[n]]
    fields = guess_fields(printed, vocab)
    of = dict(zip(fields, printed, strict=True))
    own = {f: h for f, h in of.items() if f and fold(h) not in vocab.headers}
    missing = [field for field in _RISK if field not in of]
    groups = [f for f in ("goal", "indicator", "process", "way_of_working") if f in of]
    lines = [
        f"# Förslag till {OWN_LAYOUTS}, gissat ur rad {grid.numbers[n]}. Läs igenom varje rad och rätta.",
        f"# Kolumner i tabellerna: {', '.join(sorted(FIELDS))}",
        "[egen]",
        'kind = "register"  # eller follow_up (uppföljning), plan (internkontrollplan)',
        f"required = {_listed([f for f in _RISK if f in of] or [h for h in printed if h][:3])}",
        *([f"# Ingen rubrik liknar {', '.join(map(heading, missing))}"] if missing else []),
        f"extra = {_listed(h for f, h in zip(fields, printed, strict=True) if h and not f)}",
        "",
        "[egen.headers]",
        *(f"{field} = {_listed([header])}" for field, header in own.items()),
        "",
        "[egen.fill_down]  # grupper som trycks en gång; varje tömmer dem som räknas upp",
        *(f"{field} = {_listed(groups[i + 1 :])}" for i, field in enumerate(groups)),
        *_scales(grid, n, fields, vocab),
    ]
    return "\n".join(lines)


def _scales(grid: Grid, n: int, fields: list[str], vocab: Vocabulary) -> list[str]:
    """Return the lines of the scales whose printed words are not known: the words in printed order."""
    lines = []
    for axis in (axis for axis in AXES if axis in fields):
        at = fields.index(axis)
        rows = [row for row in grid.rows[n + 1 : n + 1 + SAMPLE] if len(row) > at]
        words = list(dict.fromkeys(text for row in rows if (text := clean_space(row[at]))))
        unknown = [w for w in words if not w[0].isdigit() and fold(w) not in vocab.steps[axis]]
        if unknown and len(words) <= MOST_STEPS:
            lines.append(f"{axis} = [{', '.join(_listed([word]) for word in words)}]")
    heading = ["", "[egen.scales]  # ordna stegen från det lägsta till det högsta"]
    return heading + lines if lines else []


def _listed(texts: Iterable[str]) -> str:
    """Return texts as a list of TOML, whose strings are written as JSON's."""
    return json.dumps(list(texts), ensure_ascii=False)
