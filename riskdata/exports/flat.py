"""A table whose columns are parted by spaces only: cells told by the headers and each row's end.

Such a table has one cell on each row. Its row of headers is known headers and nothing else; its rows
end in cells that are told on sight (steps, yes or no), with the process and the event before them.
"""

import re
from dataclasses import replace

from riskdata.exports.account import Notes
from riskdata.exports.cells import any_of
from riskdata.readers.grid import Grid
from riskdata.shapes.headings import Layout, layouts
from riskdata.words.spelling import clean_space, fold
from riskdata.words.vocabulary import AXES, Vocabulary

LEADS = (("event",), ("process", "event"))  # the columns of text that may stand first
YES = "yes or no"
TOLD = {*AXES, "risk_value", YES}  # on sight
LONGEST_HEADING = 8  # words
_STOP = re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ])")
_CAPITAL = re.compile(r"(?<=[^\W\d_]|[,)])\s+(?=[A-ZÅÄÖ][a-zåäö])")  # not before SKR or IT


def part_columns(grid: Grid, vocab: Vocabulary, notes: Notes) -> Grid:
    """Return a grid with the columns of its flattened table parted; one without such as it is."""
    if any(len(row) > 1 for row in grid.rows):
        return grid
    lines = ["".join(row) for row in grid.rows]
    headers = {n: told for n, line in enumerate(lines) if (told := _header(line, vocab))}
    if not headers:
        return grid
    rows = [[*headers[n]] if n in headers else row for n, row in enumerate(grid.rows)]
    fields = [*headers[min(headers)].values()]
    pattern, answers = _pattern(fields, vocab), [n for n, name in enumerate(fields) if name == YES]
    found = {n: m for n in range(min(headers), len(rows)) if (m := pattern.fullmatch(lines[n]))}
    sure = {clean_space(match["event"]) for match in found.values() if _continues(match["event"])}
    for n, match in found.items():
        number, printed = grid.numbers[n], clean_space(lines[n])
        lead, *told = [clean_space(text or "") for text in match.groups()]
        if len({bool([lead, *told][n - len(fields)]) for n in answers}) > 1:
            rows[n] = []
            notes.leave(number, [printed], "ett svar för två kolumner: vilken går inte att se")
            continue
        first, *concluded = _part_lead(match["event"], sure) if "process" in fields else [[lead]]
        rows[n] = [*first, *told]
        notes.add(number, "", "columns_told", printed, " | ".join(rows[n]))
        if concluded:
            rule, after, why = concluded
            notes.add(number, "process", rule, lead, after, why)
    return replace(grid, rows=rows)


def _header(line: str, vocab: Vocabulary) -> dict[str, str]:
    """Return the headings of a line, if it is nothing but those of one layout: heading → field or YES."""
    words = clean_space(line).split()
    for layout in layouts(vocab) if 3 <= len(words) <= 60 else ():
        cells = _segment(words, layout) or []
        folded = [*map(fold, cells)]
        fields = [YES if cell in layout.yes_no else layout.headers[cell] for cell in folded]
        lead, rest = [name for name in fields if name in LEADS[-1]], {*fields} - {*LEADS[-1]}
        known = {*fields, *folded}.issuperset(layout.required)
        if known and tuple(lead) in LEADS and lead == fields[: len(lead)] and rest <= TOLD:
            return dict(zip(cells, fields, strict=True))
    return {}


def _segment(words: list[str], layout: Layout) -> list[str] | None:
    """Return the words as headers that the layout knows, as few as possible; None if they are not."""
    best: list[list[str] | None] = [[]]
    for end in range(1, len(words) + 1):
        ways = [
            [*best[start], " ".join(words[start:end])]
            for start in range(max(0, end - LONGEST_HEADING), end)
            if best[start] is not None and fold(" ".join(words[start:end])) in layout.headers
        ]
        best.append(min(ways, key=len, default=None))
    return best[-1]


def _pattern(fields: list[str], vocab: Vocabulary) -> re.Pattern:
    """Return a pattern of a row: its text before the cells that are told, and each of those."""
    step = r"(\d\s*[.:)\-–]\s*{}?|\d)"
    told = {axis: step.format(any_of(vocab.steps[axis])) for axis in AXES}
    told["risk_value"] = r"(\d{1,2})"
    told[YES] = rf"((?<=\s){any_of(vocab.words['yes_no']['words'])}(?=\s|$))?"
    cells = r"\s*".join(told[name] for name in fields if name in told)
    return re.compile(rf"(?P<event>.*?\S)\s+{cells}\s*", re.IGNORECASE)


def _part_lead(lead: str, sure: set[str]) -> list:
    """Return process and event, and what was concluded of them: a rule, what it made, why."""
    text = clean_space(lead)
    if _continues(lead):
        return [["", text]]
    places = sorted(m.start() for pattern in (_STOP, _CAPITAL) for m in pattern.finditer(text))
    known = [n for n in places if text[n:].strip() in sure]
    if len(known or places) != 1:
        return [[text, text], "not_parted", text, ""]
    at = (known or places)[0]
    first = [text[:at].strip(), text[at:].strip()]
    why = "samma händelse står för sig själv" if known else "enda stället där en mening kan börja"
    return [first, "process_told", " | ".join(first), why]


def _continues(lead: str) -> bool:
    """Return whether a row's process is blank: a space stands in its place."""
    return lead[:1].isspace()
