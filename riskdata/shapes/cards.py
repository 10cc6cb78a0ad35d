"""Cards: risks told by labels with their texts, and by lines of text with their scores."""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise, zip_longest

from riskdata.readers.grid import Grid
from riskdata.shapes.headings import FIELDS, Known, fold_heading, without_number
from riskdata.shapes.sources import find_boards, find_periods
from riskdata.shapes.table import Given, Line, Table
from riskdata.words.spelling import PERSON, any_of, clean_space, fold, join
from riskdata.words.vocabulary import Vocabulary

SCORED = ("likelihood", "consequence", "risk_value")
GROUPS = ("goal", "indicator", "process", "way_of_working")
KINDS = (*GROUPS, "event", "activity")
MEASURED = ("status", "outcome", "due_date", "description", "comment", "responsible")
SHARED = ("due_date", "responsible")  # of several measures, where they are said once
LONGEST = 60  # letters of a heading that names
FEWEST_CARDS, SHARE_OF_CARDS = 2, 0.9  # that have a label no word tells
FEWEST_FIELDS = 3  # that the labels of a card name
FEWEST = 2  # risks with their scores in a list
CARD_SHARE = 0.5  # of the printed rows of a grid of cards that are a label and its text
_LABELLED = re.compile(r"\s*([^:=]{1,60}?)\s*[:=]\s*(.*)", re.DOTALL)
LABEL_ENDS = re.compile(r"\s*[:=]\s*|\s+[-–—]\s+")  # Process: Inköp, Risk 1 – Brand
_ITEM = re.compile(r"\s*(?:[-–•*·▪●○‣]|\d{1,2}[.)])\s+(?=\S)")
_NUMBERED = re.compile(r"^\d{1,2}(?:\.\d{1,2})*[.)]?\s+(?=\S)")
_JUDGED = re.compile(r"\W*[^\W\d]+(?: [^\W\d]+)?\s*:\s*")  # "Bedömning: " before scores
_TITLE = re.compile(
    r"(tabell|figur|bild|bilaga|sida|del|blad|ark|sheet)(\d|\b)|.*\b20\d\d\b|.*\bkommun(en)?\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"[^\W\d]{0,3}[\s.:-]?\d{1,4}(?:\.\d{1,3})*")
_NUMBER = re.compile(
    r"[^\W\d]+\.?\s*(?:nr|nummer|#)?\.?\s*\d+[.:]?(?:\s*(?:av|/)\s*\d+)?", re.IGNORECASE
)
# Mål 1 Trygga barn
_GROUP = re.compile(r"(?P<label>[^\W\d]+)\s+(?P<text>\d{1,2}(?:\.\d+)*[.:]?\s+[^\W\d].*)")
_HEADINGS = {
    "process": "Process", "event": "Risk", "likelihood": "Sannolikhet",
    "consequence": "Konsekvens", "risk_value": "Riskvärde",
}  # fmt: skip

_INLINE = re.compile(
    r"(?:^|(?<=[.;)–-]\s))\W*(?P<label>[A-ZÅÄÖ][^\W\d]+(?: [a-zåäö]+){0,2}):\s+", re.MULTILINE
)
_RESULT = re.compile(r"\s*=\s*(\d{1,2})\b")  # S 3 K 4 = 12

Pair = tuple[int, str, str]  # row, label or field, text
Score = tuple[str, str, int, int]  # field, value, where its label begins and the value ends


@dataclass
class Card:
    """One card: its labels with their texts in printed order, each with its row."""

    pairs: list[Pair] = field(default_factory=list)
    aside: list[tuple[int, str, str]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)

    def pair(self, name: str, words: Known) -> Pair | None:
        """Return the label of a field with its text, the first where there are several."""
        return next((pair for pair in self.pairs if words.label(pair[1]).full == name), None)


def labelled(text: str) -> tuple[str, str] | None:
    """Return a label and the text behind it, of "Process: Lokaler"; None where there are not both.

    >>> labelled("Process: Lokaler")
    ('Process', 'Lokaler')
    """
    found = _LABELLED.fullmatch(text)
    return (clean_space(found[1]), found[2]) if found and found[2].strip() else None


def read_label(text: str, words: Known) -> tuple[str, str]:
    """Return the kind that a label before a text names, and the text; ("", text) without one."""
    label, *rest = LABEL_ENDS.split(text, maxsplit=1)
    read = words.label(label) if rest and rest[0] else None
    return (read.full, rest[0]) if read and read.sure and read.full in KINDS else ("", text)


def read_cards(
    grid: Grid, words: Known, repeated: Collection[str] = (), *, among: bool = False
) -> list[Card]:
    """Return the cards of a grid: "Label: text" lines, or two (four) columns of label and text.

    repeated: labels that no word need tell, as ``repeated_labels`` gives them. among: whether the
    file has other cards, so that steps alone make one.
    """
    read = _labels_and_texts(grid, words, repeated, among=among)
    labels = [words.label(label) for pairs in read.values() for _, label, _ in pairs]
    if not labels:
        return []
    fields = [heading.full for heading in labels]
    has_event = "event" in fields
    start = "event" if has_event else fields[0]
    leading = _leading(fields, start)
    cards, above, waiting, last, item = [], [], [], 0, ""
    numbers = {grid.numbers[n] for n in read}
    for n, pairs in read.items():
        number, text = grid.numbers[n], join(grid.texts[n])
        cell = "".join(grid.rows[n])
        if not pairs and not waiting and cards and number == last + 1 and _goes_on(cell):
            row, label, before = cards[-1].pairs[-1]
            cards[-1].pairs[-1] = (row, label, f"{before} {text}")
        elif not pairs and not waiting and cards and _is_item(cell, item) and (
            number == last + 1 or not cards[-1].pairs[-1][2].strip()
        ):  # fmt: skip
            row, label, before = cards[-1].pairs.pop()  # a list under its label, or beside it
            first = [(row, label, _ITEM.sub("", before))] if before.strip() else []
            cards[-1].pairs += [*first, (number, label, _ITEM.sub("", text))]
            item = cell
        elif not pairs and not waiting and number == last + 1 and number + 1 not in numbers and (
            _is_second_name(cards, text, words)
        ):  # fmt: skip
            row, label, before = cards[-1].pairs[-1]
            cards[-1].pairs[-1] = (row, label, f"{before}, {text}")
        elif not pairs:
            waiting.append((number, text))
            continue
        for pair in pairs:
            begins = words.label(pair[1]).full in {start, *leading}
            if not cards or begins and cards[-1].pair(start, words):
                cards.append(Card())
                given = _headings_above(cards, waiting, words, has_event)
                above.append(given or (above[-1] if above else None))
                waiting = []
            cards[-1].pairs.append(pair)
            item = pair[2]
        cards[-1].aside += [(number, "card_line", text) for text in grid.texts[n] if text]
        cards[-1].aside += [(row, "set_aside", text) for row, text in waiting]
        waiting, last = [], number
    cards[-1].aside += [(row, "outside_table", text) for row, text in waiting]
    if not has_event and len({*above}) == 1:  # over all cards: the title
        above = [None] * len(cards)
    for card, given in zip(cards, above, strict=True):  # what the card says itself counts
        if given and not card.pair(given[1], words):
            card.pairs.insert(0, given)
    _lead(cards, leading & {*GROUPS, "board", "period"}, words)
    return cards


def _labels_and_texts(
    grid: Grid, words: Known, repeated: Collection[str], *, among: bool
) -> dict[int, list[Pair]]:
    """Return each printed row with its labels and their texts; {} of a grid that is none of cards."""
    rows = [n for n, texts in enumerate(grid.texts) if any(texts)]
    read = {n: _pairs(grid, n, words) for n in rows}
    others = {n: _labelled_row(grid, n) for n, pairs in read.items() if not pairs}
    read |= {n: [pair] for n, pair in others.items() if pair and pair[1] in repeated}
    read = _without_codes(_described(grid, read, words), words)
    labels = [(label, words.label(label)) for pairs in read.values() for _, label, _ in pairs]
    sure = {heading.full for _, heading in labels if heading.sure}
    told = sure | {heading.full for label, heading in labels if label in repeated}
    scores = [
        text
        for pairs in read.values()
        for _, label, text in pairs
        if words.label(label).full in SCORED
    ]
    scored = {*SCORED[:2]} <= sure and all(text.strip()[:1].isdigit() for text in scores)
    of_risks = {"event", "activity"} & sure or among and scored  # a risk without a measure
    of_risks = of_risks and len(told & {*FIELDS}) >= FEWEST_FIELDS
    counted = [bool(read[n] or _ITEM.match("".join(grid.rows[n]))) for n in rows]
    counted = counted[(*counted, True).index(True) :]  # below what stands above the first
    return read if of_risks and sum(counted) >= CARD_SHARE * len(counted) else {}


def repeated_labels(grids: list[Grid], words: Known) -> set[str]:
    """Return what stands before a text in a file as often as the labels of cards that words tell."""
    found = (_labelled_row(grid, n) for grid in grids for n in range(len(grid.rows)))
    often = Counter(pair[1] for pair in found if pair)
    known = [count for label, count in often.items() if words.label(label).sure]
    most = max(SHARE_OF_CARDS * max(known, default=0), FEWEST_CARDS)
    return {label for label, count in often.items() if count >= most}


def _labelled_row(grid: Grid, n: int) -> Pair | None:
    """Return a row's label and text, whatever they say, where it is nothing else."""
    cells, texts, number = grid.rows[n], grid.texts[n], grid.numbers[n]
    if len(texts) == 2 and texts[0]:
        return number, without_number(texts[0].rstrip(": ")), cells[1]
    found = sum(map(bool, texts)) == 1 and _LABELLED.fullmatch("".join(cells))
    return (number, without_number(clean_space(found[1])), found[2]) if found else None


def _without_codes(read: dict[int, list[Pair]], words: Known) -> dict[int, list[Pair]]:
    """Return the pairs with "Risk: R-01" as a number, where another label says what the risk is."""
    texts: dict[str, list[str]] = {}
    for _, label, text in (pair for pairs in read.values() for pair in pairs):
        if words.label(label).full == "event":
            texts.setdefault(label, []).append(text.strip())
    codes = {label for label, told in texts.items() if all(map(_CODE.fullmatch, told))}
    if not codes or len(codes) == len(texts):
        return read
    return {
        n: [(row, "Nummer" if label in codes else label, text) for row, label, text in pairs]
        for n, pairs in read.items()
    }


def _described(grid: Grid, read: dict[int, list[Pair]], words: Known) -> dict[int, list[Pair]]:
    """Return the pairs of cards in which only "Beskrivning", first of all, says what the risk is.

    No label is then the risk's, and above each card stands no heading, or a number: "Risk 2".
    """
    fields = [words.label(label).full for pairs in read.values() for _, label, _ in pairs]
    if "event" in fields or {*SCORED}.isdisjoint(fields) or fields[0] != "description":
        return read
    begins = [
        n for n, pairs in read.items() if pairs and words.label(pairs[0][1]).full == fields[0]
    ]
    above = {n: before for before, n in pairwise(read)}
    named = [
        n in above and not read[above[n]] and not _NUMBER.fullmatch(join(grid.texts[above[n]]))
        for n in begins
    ]
    if any(named[1:] or named):
        return read
    return read | {
        n: [(read[n][0][0], _HEADINGS["event"], read[n][0][2]), *read[n][1:]] for n in begins
    }


def says(text: str, vocab: Vocabulary) -> bool:
    """Return whether a text says something: it ends as a sentence does, or has a verb."""
    verbs = vocab.words["cells"]["verbs"]
    return text[-1:] in ".!?" or not {*fold(text).split()}.isdisjoint(verbs)


def names_a_group(text: str, vocab: Vocabulary) -> bool:
    """Return whether a text only names: no title, no caption, nothing of a board, a period or a day."""
    first = fold(text).split()[:1]
    told = find_boards(text, vocab) or find_periods(text, vocab) or labelled(text)
    titled = first and (first[0] in vocab.words["boards"]["not_names"] or _TITLE.match(text))
    return 0 < len(text) <= LONGEST and not (told or titled or says(text, vocab))


def _leading(fields: list[str], start: str) -> set[str]:
    """Return the labels that always stand before the event of their card, among others such."""
    first = {*fields[: fields.index(start)]}
    ends = [n for n, name in enumerate(fields) if name == start]
    for n, name in enumerate(fields):
        end = next((end for end in ends if end >= n), None)
        if name in first and (end is None or not {*fields[n:end]} <= first):
            first = first - {name}
    return first


def _lead(cards: list[Card], leading: set[str], words: Known) -> None:
    """Give the cards below a label of a group that label, unless each card has one of its own."""
    for name in leading:
        told = [card.pair(name, words) for card in cards]
        texts = [fold(pair[2]) for pair in told if pair]
        if any(one == other for one, other in pairwise(texts)):
            continue
        for n, card in enumerate(cards[1:], 1):
            told[n] = told[n] or told[n - 1]
            if told[n] and not card.pair(name, words):
                card.pairs.append(told[n])


def _is_second_name(cards: list[Card], text: str, words: Known) -> bool:
    """Return whether a line is a name below the one of who is responsible, the last label of a card."""
    _, label, before = cards[-1].pairs[-1] if cards else (0, "", "")
    named = PERSON.fullmatch(text) and PERSON.fullmatch(clean_space(before))
    return bool(named) and words.label(label).full == "responsible"


def _is_item(cell: str, above: str) -> bool:
    """Return whether a line is an item below a label, or below an item; "2. …" begins no list."""
    number, before = (re.match(r"\s*(\d*)", text)[1] for text in (cell, above))
    return bool(_ITEM.match(cell)) and (not number or int(number) == int(before or 0) + 1)


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
        numbered = [line for line in waiting if _NUMBERED.match(line[1])]
        names = [x for x in waiting if x[1][-1] not in ".!?" and not _NUMBER.fullmatch(x[1])]
        names = numbered or names or waiting
        number, text = names[-1]
        if _NUMBER.fullmatch(waiting[-1][1]) and not numbered:  # nothing says what the risk is
            card.pairs.append((waiting[-1][0], "event", ""))
            card.aside += [(row, "title" if first else "heading", t) for row, t in waiting]
            return None
        card.pairs.append((number, "event", _NUMBERED.sub("", text)))
        card.aside.append((number, "card_line", text))
        below = waiting[waiting.index(names[-1]) + 1 :]  # it says something of the risk
        card.aside += [(row, "outside_table", t) for row, t in below]
        rest = waiting[: waiting.index(names[-1])]
        card.aside += [(row, "heading", t) for row, t in rest]
        named = [(row, "process", t) for row, t in rest if names_a_group(t, words.vocab)]
        named = [pair for pair in named if not _NUMBER.fullmatch(pair[2])]
        return named[-1] if named else None
    card.aside += [(row, "title" if first else "heading", t) for row, t in waiting]
    names = not text.endswith(":") and not _NUMBER.fullmatch(text)  # "Risk nr 2" is no process
    names = names and names_a_group(text, words.vocab)  # nor a greeting, "Nr: 2"
    return (number, "process", text) if names and (rest or not first) else None


def _pairs(grid: Grid, n: int, words: Known) -> list[Pair]:
    """Return the labels of a row with their texts; an empty list where it has none."""
    texts, number = grid.texts[n], grid.numbers[n]
    printed = [c for c, text in enumerate(texts) if text]
    if len(printed) == 1:
        at = printed[0]
        scores = find_scores(texts[at], words)
        if scores and (not scores[0][2] or _JUDGED.fullmatch(texts[at][: scores[0][2]])):
            return [(number, _HEADINGS[field], value) for field, value, *_ in scores]
        if score := _score_pattern(words).fullmatch(texts[at]):  # Sannolikhet 3
            return [(number, score["label"], score["value"])]
        group = _GROUP.fullmatch(texts[at])
        if group and words.label(group["label"]).field in GROUPS:
            return [(number, group["label"], group["text"])]
        found = _LABELLED.fullmatch(grid.rows[n][at])
        label = clean_space(found[1]) if found else ""
        sentence = re.search(
            r"[.!?]\s|\([^)]*$", _ITEM.sub("", label)
        )  # "Lås byts. Ansvarig: Eva Ek"
        told = found and not sentence and words.label(label).field
        return [(number, without_number(label), found[2])] if told else []
    labels = [c for c in range(0, len(texts) - 1, 2) if texts[c]]
    if (
        len(texts) not in (2, 4)
        or not labels
        or not all(words.label(texts[c]).sure for c in labels)
    ):
        return []
    beside = [words.read(texts[c + 1]) for c in labels if texts[c + 1]]
    if beside and all(x.field for x in beside) and any(x.sure for x in beside):  # headings too
        return []
    return [(number, texts[c], grid.rows[n][c + 1]) for c in labels]


def table_of_cards(cards: list[Card], words: Known) -> Table:
    """Return cards as one table: a column for each label, a line for each card and repeated label."""
    labels = dict.fromkeys(label for card in cards for _, label, _ in card.pairs)
    columns = {label: n for n, label in enumerate(labels)}
    table = Table("", tuple(_HEADINGS.get(label, label) for label in labels), [], has_merges=True)
    for card in cards:
        table.lines += _lines_of_card(card, table, columns, words)
        table.aside += card.aside
        table.titles += card.titles
    return table


def _lines_of_card(card: Card, table: Table, columns: dict[str, int], words: Known) -> list[Line]:
    """Return a card as lines, one for each measure; what follows a measure belongs to it.

    Whoever is said once below several measures, and when, is said of them all.
    """
    event = card.pair("event", words) or card.pairs[0]
    lines, at = [Line(event[0], [""] * len(columns))], 0
    count = Counter(words.label(label).full for _, label, _ in card.pairs)
    several = count["activity"] > 1
    for number, label, text in card.pairs:
        column, name = columns[label], words.label(label).full
        first = at if several and name in MEASURED and count[name] != count["activity"] else 0
        n = next((n for n in range(first, len(lines)) if not lines[n].cells[column]), len(lines))
        lines += [Line(number, [""] * len(columns))] * (n == len(lines))
        lines[n].cells[column] = text
        if several and name in MEASURED and count[name] == 1 and at == count["activity"] - 1:
            if name in SHARED:
                for line in lines:
                    line.cells[column] = text
            else:
                told = (
                    f"”{clean_space(text)}” står efter {at + 1} åtgärder: det syns inte för vilken"
                )
                table.doubts += [(line.number, name, clean_space(text), told) for line in lines]
                lines[n].cells[column] = ""
        at = n if name == "activity" else at
    return lines


# -- lines of text with scores -----------------------------------------------------------------------


@lru_cache(maxsize=20)
def _score_pattern(words: Known) -> re.Pattern:
    every = any_of(w for w, f in words.words.items() if f in SCORED)
    letters = any_of(w for some in words.vocab.words["header_letters"].values() for w in some)
    return re.compile(rf"(?<!\w)(?P<label>(?i:{every})|{letters})\s*[:=]?\s*(?P<value>\d{{1,2}})\b")


def find_scores(text: str, words: Known) -> list[Score]:
    """Return the scores that a line of text says; of two fields at least, or none.

    Single letters count where both axes are told: "S 3, K 4".
    """
    found = [
        (words.words.get(fold_heading(m["label"])) or words.letters[fold(m["label"])], m)
        for m in _score_pattern(words).finditer(text)
    ]
    fields = {field for field, _ in found}
    lettered = any(len(m["label"]) == 1 for _, m in found)
    if len(fields) < 2 or lettered and {*SCORED[:2]} - fields:
        return []
    told = [(field, m["value"], m.start(), m.end()) for field, m in found]
    if "risk_value" not in fields and (result := _RESULT.match(text, told[-1][3])):
        told.append(("risk_value", result[1], *result.span()))
    return told


def tells_a_risk(text: str, words: Known) -> bool:
    """Return whether a text says both steps of a risk, and their product."""
    told = {field: int(value) for field, value, *_ in find_scores(text, words)}
    return len(told) == 3 and told["likelihood"] * told["consequence"] == told["risk_value"]


def read_scored(
    number: int, text: str, words: Known, before: tuple[int, str] | None
) -> dict[str, Given]:
    """Return a risk and its scores, told by a line of text; the risk else by the line before it."""
    scores = find_scores(text, words)
    lead = _ITEM.sub("", text[: scores[0][2]]).strip(" –-,:;.(*_")
    row, event = (number, lead) if lead or not before else before
    kind, told = read_label(event, words)
    event = told if kind == "event" else event
    told = {"event": event, **{field: value for field, value, *_ in scores}}
    return {
        field: Given(x, row if field == "event" else number, "heading") for field, x in told.items()
    }


def read_list(grid: Grid, words: Known) -> list[Card]:
    """Return the cards of a list in words: a line with a risk and its scores for each, two at least.

    Behind the scores, or in the lines below, labels stand before what they name: "Åtgärd: Lås.
    Ansvarig: Eva Ek"; a process or a goal is that of all risks below. Any other text there is set
    aside, and asked about.
    """
    lines = [*zip(grid.numbers, map(_prose, grid.rows), strict=True)]
    if any(text is None for _, text in lines):
        return []
    scores = [find_scores(text, words) for _, text in lines]
    starts = [text[: told[0][2]] for told, (_, text) in zip(scores, lines, strict=True) if told]
    named = len({*starts}) > 1 and all(re.search(r"\w", text) for text in starts)
    if len(starts) < FEWEST or not named:  # "Bedömning: " before all scores names no risk
        return []
    cards, groups, above = [], {}, Card()
    for told, (number, text) in zip(scores, lines, strict=True):
        rest, printed = text[told[-1][3] if told else 0 :], clean_space(text)
        left, labels = read_labels(rest, words)
        pairs = [(number, *pair) for pair in labels]
        if told:
            risk = read_scored(number, text, words, None).items()
            cards.append(Card([(number, _HEADINGS[field], x.text) for field, x in risk]))
            cards[-1].pairs += groups.values()
        else:
            fields = {words.label(label).field: (row, label, text) for row, label, text in pairs}
            groups |= {field: pair for field, pair in fields.items() if field in GROUPS}
            pairs = [pair for pair in pairs if pair not in groups.values()]
        card = cards[-1] if cards else above
        card.pairs += pairs
        card.aside += [(number, "card_line", printed)] if told or labels else []
        if re.search(r"\w", left):
            card.aside.append((number, "set_aside" if cards else "title", left))
            card.titles += [] if cards else [left]
    cards[0] = replace(cards[0], aside=[*above.aside, *cards[0].aside], titles=above.titles)
    return cards


def read_labels(text: str, words: Known) -> tuple[str, list[tuple[str, str]]]:
    """Return what stands before the labels within a text, and each of these with what it names.

    >>> from riskdata.words.vocabulary import vocabulary
    >>> from riskdata.shapes.headings import known
    >>> read_labels("Lås byts. Ansvarig: Eva Ek", known(vocabulary()))
    ('Lås byts.', [('Ansvarig', 'Eva Ek')])
    """
    found = [m for m in _INLINE.finditer(text) if words.label(m["label"]).sure]
    ends = (m.start() for m in found[1:])
    told = [
        (m["label"], text[m.end() : end].strip(" .;,\n")) for m, end in zip_longest(found, ends)
    ]
    return clean_space(text[: found[0].start()] if found else text), told


def _prose(cells: list[str]) -> str | None:
    """Return a line of running text, though a comma in it was taken to part cells; None for cells."""
    return ",".join(cells) if all(not x or x[0].isspace() for x in cells[1:]) else None
