"""Cards: risks told by labels with their texts, and by lines of text with their scores."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from riskdata.readers.grid import Grid
from riskdata.shapes.headings import FIELDS, Known, fold_heading, without_number
from riskdata.shapes.table import Given, Line, Table
from riskdata.words.spelling import clean_space

SCORED = ("likelihood", "consequence", "risk_value")
CARD_SHARE = 0.5  # of the printed rows of a grid of cards that are a label and its text
_LABELLED = re.compile(r"\s*([^:=]{1,60}?)\s*[:=]\s*(.*)", re.DOTALL)
_NUMBER = re.compile(
    r"[^\W\d]+\.?\s*(?:nr|nummer|#)?\.?\s*\d+[.:]?(?:\s*(?:av|/)\s*\d+)?", re.IGNORECASE
)
_HEADINGS = {
    "process": "Process", "event": "Risk", "likelihood": "Sannolikhet",
    "consequence": "Konsekvens", "risk_value": "Riskvärde",
}  # fmt: skip

Pair = tuple[int, str, str]  # row, label or field, text


@dataclass
class Card:
    """One card: its labels with their texts in printed order, each with its row."""

    pairs: list[Pair] = field(default_factory=list)
    aside: list[tuple[int, str, str]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)


def labelled(text: str) -> tuple[str, str] | None:
    """Return a label and the text behind it, of "Process: Lokaler"; None where there are not both.

    >>> labelled("Process: Lokaler")
    ('Process', 'Lokaler')
    """
    found = _LABELLED.fullmatch(text)
    return (clean_space(found[1]), found[2]) if found and found[2].strip() else None


def read_cards(grid: Grid, words: Known) -> list[Card]:
    """Return the cards of a grid: "Label: text" lines, or two (four) columns of label and text."""
    rows = [n for n, texts in enumerate(grid.texts) if any(texts)]
    read = {n: _pairs(grid, n, words) for n in rows}
    labels = [words.label(label) for pairs in read.values() for _, label, _ in pairs]
    sure = {heading.full for heading in labels if heading.sure}
    if not {"event", "activity"} & sure or len(sure & {*FIELDS}) < 3:
        return []
    if sum(map(bool, read.values())) < CARD_SHARE * len(rows):
        return []
    fields = [heading.full for heading in labels]
    has_event = "event" in fields
    start = fields[0] if fields.count(fields[0]) > 1 or not has_event else "event"
    cards, above, waiting, last = [], [], [], 0
    for n, pairs in read.items():
        number, text = grid.numbers[n], " | ".join(filter(None, grid.texts[n]))
        cell = "".join(grid.rows[n])
        if not pairs and not waiting and cards and number == last + 1 and _goes_on(cell):
            row, label, before = cards[-1].pairs[-1]
            cards[-1].pairs[-1] = (row, label, f"{before} {text}")
        elif not pairs:
            waiting.append((number, text))
            continue
        for pair in pairs:
            if words.label(pair[1]).full == start or not cards:
                cards.append(Card())
                given = _headings_above(cards, waiting, words, has_event)
                above.append(given or (above[-1] if above else None))
                waiting = []
            cards[-1].pairs.append(pair)
        cards[-1].aside += [(number, "card_line", text) for text in grid.texts[n] if text]
        cards[-1].aside += [(row, "set_aside", text) for row, text in waiting]
        waiting, last = [], number
    cards[-1].aside += [(row, "outside_table", text) for row, text in waiting]
    for card, given in zip(cards, above, strict=True):  # what the card says itself counts
        if given and given[1] not in {words.label(label).full for _, label, _ in card.pairs}:
            card.pairs.insert(0, given)
    return cards


def _goes_on(cell: str) -> bool:
    """Return whether a line goes on with the one above: it begins with a space or a small letter."""
    return cell[:1].isspace() or cell[:1].islower()


def _headings_above(
    cards: list[Card], waiting: list[tuple[int, str]], words: Known, has_event: bool
) -> Pair | None:
    """Return what the texts above a card give it: its event, else its process; the rest are titles."""
    if not waiting:
        return None
    card, first, (*rest, (number, text)) = cards[-1], len(cards) == 1, waiting
    card.titles += [t for _, t in waiting] if first else []
    if not has_event:
        card.pairs.append((number, "event", text))
        card.aside += [(row, "heading", t) for row, t in rest]
        return (rest[-1][0], "process", rest[-1][1]) if rest else None
    card.aside += [(row, "title" if first else "heading", t) for row, t in waiting]
    names = not text.endswith(":") and not _NUMBER.fullmatch(text)  # "Risk nr 2" is no process
    return (number, "process", text) if names and (rest or not first) else None


def _pairs(grid: Grid, n: int, words: Known) -> list[Pair]:
    """Return the labels of a row with their texts; an empty list where it has none."""
    texts, number = grid.texts[n], grid.numbers[n]
    printed = [c for c, text in enumerate(texts) if text]
    if len(printed) == 1:
        at = printed[0]
        scores = find_scores(texts[at], words)
        if scores and not scores[0][2]:
            return [(number, field, value) for field, value, _ in scores]
        found = _LABELLED.fullmatch(grid.rows[n][at])
        label = clean_space(found[1]) if found else ""
        told = found and words.label(label).field
        return [(number, without_number(label), found[2])] if told else []
    labels = [c for c in range(0, len(texts) - 1, 2) if texts[c]]
    if (
        len(texts) not in (2, 4)
        or not labels
        or not all(words.label(texts[c]).sure for c in labels)
    ):
        return []
    if all(words.read(texts[c + 1]).sure for c in labels if texts[c + 1]):
        return []
    return [(number, texts[c], grid.rows[n][c + 1]) for c in labels]


def table_of_cards(cards: list[Card]) -> Table:
    """Return cards as one table: a column for each label, a line for each card and repeated label."""
    labels = dict.fromkeys(label for card in cards for _, label, _ in card.pairs)
    columns = {label: n for n, label in enumerate(labels)}
    table = Table("", tuple(_HEADINGS.get(label, label) for label in labels), [])
    for card in cards:
        lines: list[Line] = []
        own = next((row for row, label, _ in card.pairs if label != "process"), card.pairs[0][0])
        for number, label, text in card.pairs:
            line = next((x for x in lines if not x.cells[columns[label]]), None)
            if line is None:
                line = Line(number if lines else own, [""] * len(columns))
                lines.append(line)
            line.cells[columns[label]] = text
        table.lines += lines
        table.aside += card.aside
        table.titles += card.titles
    return table


# -- lines of text with scores -----------------------------------------------------------------------


@lru_cache(maxsize=20)
def _score_pattern(words: Known) -> re.Pattern:
    every = sorted((w for w, f in words.words.items() if f in SCORED), key=len, reverse=True)
    label = "|".join(map(re.escape, every))
    return re.compile(rf"(?<!\w)(?P<label>{label})\s*[:=]?\s*(?P<value>\d{{1,2}})\b", re.I)


def find_scores(text: str, words: Known) -> list[tuple[str, str, int]]:
    """Return the scores that a line of text says, as (field, value, where); two at least, or none."""
    found = [
        (words.words[fold_heading(m["label"])], m["value"], m.start())
        for m in _score_pattern(words).finditer(text)
    ]
    return found if len({field for field, *_ in found}) > 1 else []


def tells_a_risk(text: str, words: Known) -> bool:
    """Return whether a text says both steps of a risk, and their product."""
    told = {field: int(value) for field, value, _ in find_scores(text, words)}
    return len(told) == 3 and told["likelihood"] * told["consequence"] == told["risk_value"]


def read_scored(
    number: int, text: str, words: Known, before: tuple[int, str] | None
) -> dict[str, Given]:
    """Return a risk and its scores, told by a line of text; the risk else by the line before it."""
    scores = find_scores(text, words)
    lead = text[: scores[0][2]].strip(" –-,:;(")
    row, event = (number, lead) if lead or not before else before
    told = {"event": event, **{field: value for field, value, _ in scores}}
    return {
        field: Given(x, row if field == "event" else number, "heading") for field, x in told.items()
    }


def table_of_scores(name: str, texts: list[tuple[int, str]], words: Known) -> Table | None:
    """Return lines of text with a risk and its scores each as a table; None where under two are such."""
    scored = [n for n, (_, text) in enumerate(texts) if find_scores(text, words)]
    if len(scored) < 2:
        return None
    fields = ("event", *SCORED)
    table = Table(name, tuple(_HEADINGS[field] for field in fields), [])
    for n, (number, text) in enumerate(texts):
        if n in scored:
            told = read_scored(number, text, words, texts[n - 1] if n else None)
            cells = [told[field].text if field in told else "" for field in fields]
            table.lines.append(Line(number, cells))
        kind = "card_line" if n in scored else "title" if n < scored[0] else "set_aside"
        table.aside += [(number, kind, text)] if text else []
        table.titles += [text] if kind == "title" and text else []
    return table
