"""What a file explains outside its rows: words and signs ("Grön = klart"), scales, a risk matrix."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import chain, compress, pairwise, permutations
from operator import not_

from riskdata.readers.grid import Grid
from riskdata.shapes.headings import Known, known
from riskdata.shapes.table import Columns, Given, Table
from riskdata.words.spelling import any_of, clean_space, fold, join
from riskdata.words.vocabulary import AXES, LISTS, Vocabulary

MOST = (
    0.6  # of a column's printed cells: where so many are explained, or known, it is made of words
)
LONGEST = 30  # letters of a word that is explained
OUTSIDE = ("title", "outside_table", "set_aside", "heading", "legend")
TICKS = ("☑", "✓", "✔", "✅")
_IS = r"\s*(?:=|:|→|\s[-–—]\s|\s(?:betyder|innebär)\s)"
_PAIR = re.compile(rf"\s*([^=:]{{1,30}}?)(?:{_IS}|\s*\|)\s*(.+?)\s*\.?\s*", re.DOTALL)
_PARTED = re.compile(rf"\s*(?:[,;|\n]|\.\s)\s*(?=[^,;|\n]{{1,30}}?{_IS})|\s+(?=\S{{1,2}}\s*=)")
_SIGN = "[\u2190-\u21ff\u25a0-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]"  # arrows, shapes, balls
_SIGNED = re.compile(rf"({_SIGN})\ufe0f?\s*(\w(?:(?!{_SIGN}).)*\w)", re.DOTALL)
_LEAD = re.compile(r"^[^=:]{1,60}:\s*(?=\S{1,12}\s*(?:=|betyder|innebär))")  # Läge: x = genomförd


def explain(tables: list[Table], vocab: Vocabulary) -> tuple[list[Table], Vocabulary]:
    """Return the tables without the lines that explain words, and the vocabulary with these words.

    Only words of a column that is made of such words count; a meaning is one known status, decision
    or outcome. ☒ beside ☐, or under "Klar", is a ticked box, beside another tick a cancelled one;
    what it says alone, nobody knows.
    """
    lines = [[_of_line(line.cells) for line in table.lines] for table in tables]
    texts = [text for table in tables for _, kind, text in table.aside if kind in OUTSIDE]
    told = [*chain(*chain(*lines)), *chain(*map(_pairs, texts))]
    if not told and not any("☒" in "".join(x.cells) for table in tables for x in table.lines):
        return tables, vocab
    columns = [
        (fields[n], [clean_space(c) for x in rows for c in x.cells[n : n + 1] if c.strip()])
        for table, pairs in zip(tables, lines, strict=True)
        for rows in [[x for x, some in zip(table.lines, pairs, strict=True) if not some]]
        for fields in [[h.field for h in known(vocab).row([*table.header])]]
        for n in range(len(fields))
    ]
    own: dict[str, dict[str, str]] = {}
    for name in LISTS.values():
        meant = {word: code for word, text in told if (code := _code(text, name, vocab))}
        own[name] = _printed(meant, name, columns, vocab)
    first = {cell[:1] for _, cells in columns for cell in cells}
    asked = vocab.words["asked"]["status"]
    empty = "☐" in first or any(
        "☒" in table.column(n) and any(part in fold(text) for part in asked)
        for table in tables
        for n, text in enumerate(table.header)
    )
    ticked = not first.isdisjoint(TICKS)  # with another tick beside it, ☒ says no
    if "☒" in first and (empty or ticked):
        own["statuses"] = {"☒": "cancelled" if ticked else "finished"} | own["statuses"]
    if not any(own.values()):
        return tables, vocab
    every = {word for words in own.values() for word in words}
    tables = [_without(*both, every) for both in zip(tables, lines, strict=True)]
    return tables, _with_words(vocab, own)


def _of_line(cells: list[str]) -> list[tuple[str, str]]:
    """Return the pairs of a line that prints a word and its meaning, in one cell or two."""
    texts = [cell for cell in cells if cell.strip()]
    told = len(texts) == 1 or all("=" in text for text in texts)
    if told or len(texts) != 2 or len(cells) == 2:
        pairs = [[*_pairs(clean_space(text))] for text in texts] if told else [[]]
        return [pair for some in pairs for pair in some] if all(pairs) else []
    word, meaning = map(clean_space, texts)
    return [(word, meaning)] if len(word) <= LONGEST else []


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Give each word of a text with its meaning: "G = Genomförd, P = Pågår", "🟢 klart 🔴 pågår"."""
    if len(signs := _SIGNED.findall(text)) > 1 and "=" not in text:
        yield from signs
        return
    for part in _PARTED.split(_LEAD.sub("", text)):
        if (found := _PAIR.fullmatch(part)) and not found[1].isdigit():  # a step of a scale
            yield found[1], found[2]


def _code(meaning: str, name: str, vocab: Vocabulary) -> str:
    """Return the one code of a list that a meaning names; "" where there is none, or they count apart."""
    listed = getattr(vocab, name)
    found = re.findall(rf"(?<!\w){any_of(listed)}(?!\w)", text := fold(meaning))
    codes = [listed[word] for word in found]
    for word in found:
        text = text.replace(word, " ")
    turned = not {*text.split()}.isdisjoint(vocab.words["cells"]["negations"])
    same = len({vocab.counts(name).get(code) for code in codes}) == 1
    return codes[0] if same and not turned else ""


def _printed(
    meant: dict[str, str], name: str, columns: list[tuple[str, list[str]]], vocab: Vocabulary
) -> dict[str, str]:
    """Return the explained words, unknown until now, of columns that are made of such words."""
    listed, printed = getattr(vocab, name), set()
    folded = {fold(word): word for word in meant}
    for field, cells in columns:
        words = [fold(c) if fold(c) in folded or c[:1].isalnum() else fold(c[:1]) for c in cells]
        told = [word for word in words if word in folded or word in listed]
        if len(told) >= MOST * len(cells):
            mine = field in ("", "level") or LISTS.get(field) == name
            printed |= {folded[w] for w in told if w in folded and (mine or not w.isalnum())}
    return {word: meant[word] for word in printed if fold(word) not in listed}


def _without(table: Table, pairs: list[list[tuple[str, str]]], words: set[str]) -> Table:
    """Return a table whose lines, and texts set aside, that explain words are a legend."""
    kept = [words.isdisjoint(word for word, _ in some) for some in pairs]
    aside = [
        (row, "legend" if kind in OUTSIDE and {w for w, _ in _pairs(text)} & words else kind, text)
        for row, kind, text in table.aside
    ]
    for line in compress(table.lines, map(not_, kept)):
        aside.append((line.number, "legend", join(map(clean_space, line.cells))))
    return replace(table, lines=[*compress(table.lines, kept)], aside=aside)


def _with_words(vocab: Vocabulary, own: dict[str, dict[str, str]]) -> Vocabulary:
    """Return the vocabulary with words in their lists; a single sign of a status is a mark."""
    signs = {word for word in own["statuses"] if len(word) == 1 and not word.isalnum()}
    own = {**own, "marks": {word: own["statuses"][word] for word in signs}}
    own["statuses"] = {word: code for word, code in own["statuses"].items() if word not in signs}
    words = dict(vocab.words)
    for name, told in own.items():
        codes = {code: [w for w in listed if w not in told] for code, listed in words[name].items()}
        for word, code in told.items():
            codes[code] = [*codes.get(code, ()), word]
        words[name] = codes
    return Vocabulary(words)


# -- scales that a file explains, or prints --------------------------------------------------------

STEPS = range(3, 8)  # how many steps a scale has that a table explains
ORDER = range(1, 7)  # the steps that a word may be, where the printed values tell which
_DIGIT_FIRST = re.compile(r"(?P<step>\d)\s*[.:)=\-–(]*\s*(?P<word>[^\d()]{2,}?)\)?")
_WORD_FIRST = re.compile(r"(?P<word>[^\d()]{2,}?)\s*[-–(]?\s*(?P<step>\d)\)?")
_EXPLAINED = re.compile(r"(?<!\d)(\d)\s*[=–-]\s*([^\d=,;|/()]*[^\d=,;|/()\s.])")


def legend_of(table: Table, vocab: Vocabulary) -> dict[str, list[str]]:
    """Return axis → the words of its steps, of a table whose columns run 1, 2, 3 … once each."""
    fields = [heading.field for heading in known(vocab).row([*table.header])]
    if len(table.lines) not in STEPS or {"event", "activity"} & {*fields}:
        return {}
    columns = [table.column(n) for n in range(len(fields))]
    up = [*map(str, range(1, len(table.lines) + 1))]
    running = next((c for c in columns if [x[:1] for x in c] in (up, up[::-1])), None)
    scales = {}
    for field, words in zip(fields, columns, strict=True) if running else ():
        if field in AXES and field not in scales and all(words):
            steps = [word for _, word in sorted(zip(running, words, strict=True))]
            scales[field] = [re.sub(r"^\d\s*[.:)=\-–]*\s*", "", word) for word in steps]
    return scales if all(all(words) for words in scales.values()) else {}


def with_scales(table: Table, columns: Columns, legend: dict[str, list[str]]) -> Columns:
    """Return the columns with the scale that the file explains, or prints with a digit at each word."""
    told = {axis: [[word] for word in words] for axis, words in legend.items()}
    told = _explained_scales(table, columns) | told
    own = {axis: steps for axis in AXES if (steps := _printed_scale(table, columns, axis))}
    own = own | told
    if not own and (own := _proven_scales(table, columns)):
        row = table.header_rows[0] if table.header_rows else None
        orders = "; ".join(", ".join(forms[0] for forms in steps) for steps in own.values())
        said = f"skalans ord är ordnade så att riskvärdena blir produkten: {orders}"
        table.doubts.append((row, "risk_value", orders, said))
    if not own or "scales" in columns.layout.words:
        return columns
    words = columns.vocab.words
    vocab = Vocabulary({**words, "scales": {**words["scales"], **own}})
    return replace(columns, vocab=vocab, legend=frozenset(told))


def _printed_scale(table: Table, columns: Columns, axis: str) -> list[list[str]]:
    """Return an axis' steps that are printed with words which are none of the known scale's."""
    cells = table.column(columns.fields.index(axis)) if axis in columns.fields else []
    found = [_DIGIT_FIRST.fullmatch(cell) or _WORD_FIRST.fullmatch(cell) for cell in cells]
    pairs = {(int(step["step"]), step["word"].strip()) for step in found if step}
    words, steps = dict(pairs), columns.vocab.steps  # of a shifted row's, some are the other axis'
    other = {word for every in steps.values() for word in every} | {*columns.vocab.decisions}
    if not words or len(words) < len(pairs):
        return []
    for usual in columns.vocab.words["usual_scales"][axis] if len(words) >= min(STEPS) else ():
        said = {n: fold(word) for n, word in enumerate(usual, 1)}
        if all(said.get(n) == fold(word) for n, word in words.items()):
            return [[word] for word in usual] if not _agrees(words, steps[axis]) else []
    printed = [*map(fold, words.values())]
    no_labels = {*map(fold, columns.vocab.words["cells"]["steps"])}
    if len({*printed}) < len(printed) or not no_labels.isdisjoint(printed):  # "Nivå 3"
        return []
    own = {*steps[axis]}
    if _orders_anew({fold(word): n for n, word in words.items()}, axis, columns.vocab):
        other, own = other - own, set()
    if any(w in other or any(x.startswith(w) for x in own) for w in printed):
        return []
    top = max(*words, len(columns.vocab.words["scales"][axis]))
    return [[words.get(n, str(n))] for n in range(1, top + 1)]


def _agrees(words: dict[int, str], known: dict[str, int]) -> bool:
    """Return whether the known scale has each word, or one that it begins, at the same step."""
    return all(
        any(s == n and x.startswith(fold(w)) for x, s in known.items()) for n, w in words.items()
    )


def _orders_anew(printed: dict[str, int], axis: str, vocab: Vocabulary) -> bool:
    """Return whether a scale has words of the known one at other digits, beside words of its own."""
    known = vocab.steps[axis]
    moved = [word for word, n in printed.items() if known.get(word, n) != n]
    new = [word for word in printed if not any(x.startswith(word) for x in known)]
    return bool(moved and new) and len(printed) >= min(STEPS)


def _explained_scales(table: Table, columns: Columns) -> dict[str, list[list[str]]]:
    """Return the scales of unknown words that texts beside the table explain: "1 = Låg", each step once.

    Such a text among its lines is none of them.
    """
    lone = [line for line in table.lines if sum(map(bool, map(str.strip, line.cells))) == 1]
    pairs = [pair for _, _, text in table.aside for pair in _EXPLAINED.findall(text)]
    explained = []
    for line in lone:
        text = "".join(line.cells).strip()
        if _EXPLAINED.match(text) or len(_EXPLAINED.findall(text)) > 1:
            explained.append(line)
            pairs += _EXPLAINED.findall(text)
    runs: list[list[str]] = []
    for step, word in pairs:
        if step == "1":
            runs.append([])
        if runs and int(step) == len(runs[-1]) + 1:
            runs[-1].append(word.strip())
    told = {}
    for axis in (axis for axis in AXES if axis in columns.fields):
        printed = {*map(fold, table.column(columns.fields.index(axis)))} - {""}
        fitting = [run for run in runs if len(run) in STEPS and printed <= {*map(fold, run)}]
        if fitting and not printed <= columns.vocab.steps[axis].keys():
            told[axis] = [[word] for word in fitting[0]]
    if told:
        table.lines[:] = [line for line in table.lines if line not in explained]
        table.aside += [(each.number, "legend", "".join(each.cells).strip()) for each in explained]
    return told


def _proven_scales(table: Table, columns: Columns) -> dict[str, list[list[str]]]:
    """Return the scales of unknown words whose one order makes every printed value the product."""
    if not {*AXES, "risk_value"} <= {*columns.fields}:
        return {}
    texts = (table.column(columns.fields.index(field)) for field in (*AXES, "risk_value"))
    rows = {row for row in zip(*texts, strict=True) if all(row) and row[2].isdigit()}
    words = [{fold(row[n]): row[n] for row in rows} for n, _ in enumerate(AXES)]
    usual = [columns.vocab.steps[axis] for axis in AXES]
    if any(steps.keys() >= own.keys() for steps, own in zip(usual, words, strict=True)):
        return {}
    if any(re.search(r"\d", word) for own in words for word in own):
        return {}
    ways = []
    for order in permutations(ORDER, len(words[0])):
        one = dict(zip(words[0], order, strict=True))
        pairs = {(fold(b), int(value) / one[fold(a)]) for a, b, value in rows}
        other = dict(pairs)
        if len(pairs) == len(other) == len({*other.values()}) and {*other.values()} <= {*ORDER}:
            ways.append((one, other))
    if len(ways) != 1:
        return {}
    named = [
        {step: own[word] for word, step in way.items()}
        for way, own in zip(ways[0], words, strict=True)
    ]
    return {
        axis: [[steps.get(n, str(n))] for n in range(1, int(max(steps)) + 1)]
        for axis, steps in zip(AXES, named, strict=True)
    }


# -- a risk matrix: steps across and down, in its fields values, counts or the numbers of risks --

FEWEST_STEPS = 3  # steps across, and down
MOST_OF_RISKS = 0.8  # of a table's risks: so many stand in a matrix of theirs
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
        if sum(map(bool, row)) < FEWEST_STEPS:
            continue
        first = next((c for c in range(1, len(row)) if _runs(row[c : c + FEWEST_STEPS])), 0)
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


@lru_cache(maxsize=10_000)  # most texts are printed on several rows
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
    told = all(numbers) and len(numbers) >= FEWEST_STEPS
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
        if len(once) < max(MOST_OF_RISKS * len(numbers), 1):
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
