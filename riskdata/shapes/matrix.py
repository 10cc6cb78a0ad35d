"""A risk matrix: steps across and down, and in its fields values, counts or the numbers of risks."""

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

from riskdata.readers.grid import Grid
from riskdata.shapes.headings import Known
from riskdata.shapes.table import Given, Table
from riskdata.words.spelling import fold, join
from riskdata.words.vocabulary import AXES, Vocabulary

FEWEST = 3  # steps across, and down
MOST = 0.8  # of a table's risks: so many stand in a matrix of theirs
_STEP = re.compile(r"([1-7])(?:\s*[.:)=–-]?\s*([^\d\s].*))?")
_PARTS = re.compile(r"[\s,;/]+")

Place = tuple[str, dict[str, int], int]  # what stands in a field, its steps, its row
Step = tuple[int, str] | None  # of a label that is one: its number, and its word


def take_matrix(grid: Grid, words: Known) -> tuple[Grid, list[Place]]:
    """Return a grid without the rows of its matrix, and what stands in the fields of that.

    >>> from riskdata.shapes.headings import known
    >>> from riskdata.words.vocabulary import vocabulary
    >>> rows = [["S \\\\ K", "1", "2", "3"], ["3", "", "R2", ""], ["2", "R1", "", ""], ["1", "", "", ""]]
    >>> take_matrix(Grid(rows, [1, 2, 3, 4]), known(vocabulary()))[1]
    [('r2', {'likelihood': 3, 'consequence': 2}, 2), ('r1', {'likelihood': 2, 'consequence': 1}, 3)]
    """
    steps = [[_step(text, words.vocab) for text in texts] for texts in grid.texts]
    for n, row in enumerate(steps):
        first = next((c for c in range(1, len(row)) if _runs(row[c : c + FEWEST])), 0)
        printed = zip(row[first:], grid.texts[n][first:], strict=True)
        if not first or not _runs([step for step, text in printed if text]):
            continue
        for down in (range(n + 1, len(steps)), range(n - 1, -1, -1)):
            labels = [(steps[m][first - 1 : first] or [None])[0] for m in down]
            count = max((k for k in range(len(labels) + 1) if _runs(labels[:k])), default=0)
            if count:
                beside = dict(zip(down, labels[:count], strict=False))
                across = {c: step for c, step in enumerate(row) if step and c >= first}
                return _taken(grid, n, across, beside, words)
    return grid, []


def _step(text: str, vocab: Vocabulary) -> Step:
    """Return the number of a label that is a step, and its word; None for any other text."""
    if found := _STEP.fullmatch(text):
        return int(found[1]), fold(found[2] or "")
    word = fold(text)
    number = next((steps[word] for steps in vocab.steps.values() if word in steps), 0)
    return (number, word) if number else None


def _runs(steps: list[Step]) -> bool:
    """Return whether labels are steps that run up, or down, one by one."""
    numbers = [step[0] if step else 0 for step in steps]
    told = all(numbers) and len(numbers) >= FEWEST
    return told and {b - a for a, b in pairwise(numbers)} in ({1}, {-1})


def _taken(
    grid: Grid, top: int, across: dict[int, Step], down: dict[int, Step], words: Known
) -> tuple[Grid, list[Place]]:
    axes = _by_words(down, across, words.vocab) or _by_place(grid, top, min(across), down, words)
    places = [
        (fold(part), dict(zip(axes, (step[0], other[0]), strict=False)), grid.numbers[m])
        for m, step in sorted(down.items())
        for c, other in across.items()
        for part in _PARTS.split("".join(grid.texts[m][c : c + 1]))
        if part
    ]
    gone = {top, *down}
    for m, texts in enumerate(grid.texts):  # a name of an axis beside it
        beside = min(abs(m - n) for n in (top, *down)) == 1
        if beside and all(words.read(text).field in AXES for text in texts if text):
            gone.add(m)
    notes = [(None, "legend", join(grid.texts[m])) for m in sorted(gone) if any(grid.texts[m])]
    rows = [[""] * len(row) if m in gone else row for m, row in enumerate(grid.rows)]
    return replace(grid, rows=rows, notes=(*grid.notes, *notes)), places


def _by_words(down: dict[int, Step], across: dict[int, Step], vocab: Vocabulary) -> tuple[str, ...]:
    """Return the axes down and across by the words of their steps; () where these do not tell them."""
    fits = []
    for labels in (down, across):
        printed = {word for _, word in labels.values()} - {""}
        fits.append([bool(printed) and printed <= vocab.steps[axis].keys() for axis in AXES])
    (one, other), (other_across, one_across) = fits[0], fits[1][::-1]
    ways = [(one or other_across) and AXES, (other or one_across) and AXES[::-1]]
    told = [way for way in ways if way]
    return told[0] if len(told) == 1 else ()


def _by_place(
    grid: Grid, top: int, first: int, down: dict[int, Step], words: Known
) -> tuple[str, ...]:
    """Return the axes down and across by the names written at them; () where nothing tells them.

    In the corner the one with an arrow to the right is across, else the second.
    """
    corner = re.findall(r"([^\\/|→↓]*\w)[ )]*([→↓]?)", " ".join(grid.texts[top][:first]))
    names = [heading.field for heading in words.row([name for name, _ in corner])]
    if len(names) == 2 and {*names} == {*AXES}:
        return tuple(names[::-1] if corner[0][1] == "→" else names)
    for m, texts in enumerate(grid.texts):
        for c, text in enumerate(texts):
            if (axis := words.read(text).field) in AXES and abs(m - top) <= len(down) + 1:
                (other,) = {*AXES} - {axis}
                return (axis, other) if m in down and c < first else (other, axis)
    return ()


def place_risks(table: Table, places: list[Place]) -> None:
    """Give risks the steps of a matrix that holds their numbers: mere digits only if it holds each once."""
    told = {number: (steps, row) for number, steps, row in places}
    count = Counter(number for number, *_ in places)
    for n in range(len(table.header)):
        numbers = [*map(fold, table.column(n))]
        once = [number for number in numbers if count[number] == 1]
        if len(once) < max(MOST * len(numbers), 1):
            continue
        if any(map(str.isdigit, once)) and Counter(numbers) != count:
            continue
        for line, number, printed in zip(table.lines, numbers, table.column(n), strict=True):
            if count[number] == 1:
                steps, row = told[number]
                given = {axis: Given(str(step), row, "heading") for axis, step in steps.items()}
                line.given = given | line.given
            elif number:
                doubt = f"”{printed}” står {count[number]} gånger i riskmatrisen"
                table.doubts.append((line.number, "likelihood", printed, doubt))
