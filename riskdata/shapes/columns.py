"""Which printed column is which field: by the words of its heading, and by what stands in it."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from riskdata.errors import LayoutError
from riskdata.shapes.headings import FIELDS, SCORES, TOGETHER, Heading, Known, fold_heading, known
from riskdata.shapes.layouts import Layout, layouts, with_own_words
from riskdata.shapes.table import Columns, Table
from riskdata.words.language import heading as printed_heading
from riskdata.words.spelling import clean_space, fold
from riskdata.words.vocabulary import AXES, OWN_LAYOUTS, Vocabulary

SAMPLE = 300  # lines of a table that are looked at
MOST = 0.6  # of a column's printed cells: fewer of a kind don't make it one
CERTAIN = 0.5  # of the columns read: with fewer told by their headings the guess is refused
FEW = 8  # different texts: a column of words from a list has no more
RUNNING = 2.5  # words a cell: above it a column is running text
LEVELS = ("risk_value", "risk_value_after")  # a column of these whose cells are words is no value
_NAME = re.compile(r"[A-ZÅÄÖÉÆØ][\w'’-]+(?: (?:af|av|von|de)\b)?(?: [A-ZÅÄÖÉÆØ][\w'’-]+){1,2}")
_DATE = re.compile(
    r"(20\d\d-\d\d(-\d\d)?|\d{1,2}[./]\d{1,2}[./](20)?\d\d|(\d{1,2} )?(jan|feb|mar|apr|maj|jun|jul"
    r"|aug|sep|okt|nov|dec)\w*( 20\d\d)?|(v|vecka|q|t|kv)\.? ?\d{1,2}( 20\d\d)?|löpande|årligen|20\d\d)\b.*",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"\d(?:[.,]0)?(?:\s*[.:)=\-–]*\s*[^\d\s].*)?|\S.*[(\s]\d\)?|\d\s*(?:/|av)\s*\d", re.DOTALL
)
_VALUE = re.compile(
    r"\d{1,2}(?:[.,]0+)?(?:\s*[p(–:\-].*)?|[^\d]*\(?\d{1,2}\)?|\d\s*[x×*]\s*\d\s*=\s*\d{1,2}",
    re.DOTALL,
)
_ID = re.compile(r"[A-ZÅÄÖ]{0,4}[\s.:-]?\d{1,4}(\.\d{1,3})*[.)]?", re.IGNORECASE)
_SCORES = (
    re.compile(r"\D*?(\d)\s*[x×*]\s*(\d)\s*=\s*(\d{1,2})\D*", re.IGNORECASE),
    re.compile(r"S\w*\s*[:=]?\s*(\d)\D+?[KV]\w*\s*[:=]?\s*(\d)(?:\D+(\d{1,2}))?\D*", re.IGNORECASE),
    re.compile(r"(\d)\s*[x×*]\s*(\d)()", re.IGNORECASE),
)
_MEASURED = ("activity", "status", "due_date", "responsible", "outcome", "comment")


@dataclass(frozen=True, eq=False)
class Contents:
    """What stands in one column: its printed cells, and which share of them is of each kind."""

    cells: tuple[str, ...]
    words: "Words"

    def share(self, kind: str) -> float:
        """Return the share of the printed cells that are of a kind: step, value, status, name …"""
        return sum(map(getattr(self.words, f"is_{kind}"), self.cells)) / max(len(self.cells), 1)

    @cached_property
    def running(self) -> float:
        """The mean number of words in a printed cell."""
        return sum(cell.count(" ") + 1 for cell in self.cells) / max(len(self.cells), 1)

    @cached_property
    def different(self) -> int:
        """How many different texts are printed."""
        return len({fold(cell) for cell in self.cells})

    @property
    def listed(self) -> bool:
        """Whether the cells are words of a short list."""
        return self.different <= FEW and (self.different < len(self.cells) or len(self.cells) < 3)

    def allows(self, field: str) -> bool:
        """Return whether a column with these contents may be a field; an empty one may be any."""
        return not self.cells or getattr(self, f"_may_be_{_KINDS.get(field, 'free')}")

    @property
    def _may_be_step(self) -> bool:
        return (
            self.share("step") >= MOST
            or self.listed
            and self.running <= RUNNING
            and not self.share("status")
        )

    @property
    def _may_be_value(self) -> bool:
        return self.share("value") >= MOST or self.share("level") >= MOST

    @property
    def _may_be_level(self) -> bool:
        return self.listed and self.running <= RUNNING and self.share("value") < MOST

    @property
    def _may_be_word(self) -> bool:
        return self.different <= FEW and self.running <= 2 * RUNNING and not self._is_numbers

    @property
    def _may_be_outcome(self) -> bool:
        told = self.share("outcome") + self.share("yes")
        return self._may_be_word and (told >= MOST or self.running <= RUNNING and self.listed)

    @property
    def _may_be_date(self) -> bool:
        return self.share("date") >= MOST

    @property
    def _may_be_name(self) -> bool:
        return not self._is_numbers and self.running <= 2 * RUNNING and self.share("date") < MOST

    @property
    def _may_be_text(self) -> bool:
        """Running text: no ids, numbers, dates or names, and not one word from a list throughout."""
        plain = not self._is_numbers and self.share("date") < MOST and self.share("status") < MOST
        return plain and (self.running > 1.3 or self.different > FEW or len(self.cells) < 3)

    @property
    def _may_be_free(self) -> bool:
        return not self._is_numbers and self.share("date") < MOST

    @property
    def _is_numbers(self) -> bool:
        return self.share("id") >= MOST


_KINDS = {
    **dict.fromkeys((*AXES, *(f"{a}_after" for a in AXES)), "step"),
    **dict.fromkeys(LEVELS, "value"),
    "level": "level",
    **dict.fromkeys(("decision", "status"), "word"),
    "outcome": "outcome",
    "due_date": "date",
    **dict.fromkeys(("responsible", "risk_owner"), "name"),
    **dict.fromkeys(("event", "activity", "comment", "description"), "text"),
}  # fmt: skip


def read_scores(cell: str) -> tuple[str, str, str] | None:
    """Return likelihood, consequence and value of a cell that prints them together, the value or "".

    >>> read_scores("S: 3 K: 4 = 12"), read_scores("3x4=12"), read_scores("12")
    (('3', '4', '12'), ('3', '4', '12'), None)
    """
    found = next((m for pattern in _SCORES if (m := pattern.fullmatch(cell))), None)
    return (found[1], found[2], found[3] or "") if found else None


class Words:
    """Tells what a cell is by the vocabulary, where its column is not known."""

    def __init__(self, vocab: Vocabulary) -> None:
        hints = {k: {*map(fold, words)} for k, words in vocab.words["content_words"].items()}
        self.statuses = {*vocab.statuses} | hints["status"]
        self.decisions = {*vocab.decisions} | hints["decision"]
        self.outcomes, self.outcome_parts = {*vocab.outcomes}, hints["outcome"]
        self.levels, self.marks = hints["level"], {*vocab.marks}
        self.steps = {word for axis in AXES for word in vocab.steps[axis]}

    def is_step(self, cell: str) -> bool:
        return fold(cell) in self.steps or bool(_STEP.fullmatch(cell)) and len(cell) < 40

    def is_value(self, cell: str) -> bool:
        return bool(_VALUE.fullmatch(cell)) and len(cell) < 30

    def is_status(self, cell: str) -> bool:
        return fold(cell) in self.statuses or cell in self.marks

    def is_decision(self, cell: str) -> bool:
        return fold(cell) in self.decisions

    def is_outcome(self, cell: str) -> bool:
        folded = fold(cell)
        return (
            folded in self.outcomes
            or len(folded) < 40
            and any(p in folded for p in self.outcome_parts)
        )

    def is_level(self, cell: str) -> bool:
        return fold(cell) in self.levels

    def is_name(self, cell: str) -> bool:
        return bool(_NAME.fullmatch(cell))

    def is_date(self, cell: str) -> bool:
        return bool(_DATE.fullmatch(cell))

    def is_id(self, cell: str) -> bool:
        return bool(_ID.fullmatch(cell))

    def is_scores(self, cell: str) -> bool:
        return read_scores(cell) is not None

    def is_yes(self, cell: str) -> bool:
        return fold(cell) in ("ja", "nej", "x", "yes", "no")


def read_columns(table: Table, vocab: Vocabulary) -> Columns | None:
    """Return how a table's columns are read; None where it has neither risks nor activities.

    A layout of the user's decides for the columns that it names; the words of headings for the
    rest; contents choose between two columns of one field, and guess a column that no word tells.
    A guess is refused (None) where under half of the columns read (CERTAIN) are told by their
    headings or a part of them.
    """
    reading = _read(table, vocab)
    return reading.result() if reading.certainty >= CERTAIN else None


def describe(table: Table, vocab: Vocabulary) -> Columns:
    """Return how a table's columns are read, of a table that is no export as it stands."""
    return _read(table, vocab).columns(next(x for x in layouts(vocab) if x.name == "register"))


def _read(table: Table, vocab: Vocabulary) -> "_Reading":
    reading = _Reading(table, vocab)
    reading.by_words()
    reading.choose()
    if not reading.settled:
        reading.by_hints()
        reading.by_contents()
    return reading


class _Reading:
    """Reads the columns of one table, in steps that each fill in what the one before left open."""

    def __init__(self, table: Table, vocab: Vocabulary) -> None:
        self.table, self.vocab = table, vocab
        self.own = _declared(table, vocab)
        self.words = Known(vocab, self.own.headers) if self.own else known(vocab)
        self.headings = _headings(table, self.words)
        self.names = column_names(table)
        self.fields = [""] * len(self.headings)
        self.said: set[int] = set()  # columns that a person has declared
        self.guessed: dict[int, str] = {}
        self.doubts: list[tuple[int, str]] = []
        self.lost: dict[int, str] = {}  # column → the field that another column has
        self.expects_status = False
        self._contents: dict[int, Contents] = {}
        named = [n for n, text in enumerate(table.header) if self.words.is_report(text)]
        named = [n for n in named if self.contents(n).share("status") >= MOST]
        asked = [n for n, text in enumerate(table.header) if fold(text) in vocab.statuses]
        asked = [n for n in asked if self.contents(n).share("yes") >= MOST]
        for n in (*asked[:1], *(named if len(named) > 1 else ())):
            self.headings[n] = self.headings[n]._replace(field="status", sure=True)

    @property
    def settled(self) -> bool:
        """Whether a person has said how this table is read: nothing more is guessed."""
        return self.own is not None

    def contents(self, n: int) -> Contents:
        """Return what stands in a column."""
        if n not in self._contents:
            lines = [line for line in self.table.lines if n not in line.merged][:SAMPLE]
            cells = (clean_space(c) for line in lines for c in line.cells[n : n + 1])
            cells = tuple(c for c in cells if c and c not in ("-", "–", "—"))
            self._contents[n] = Contents(
                cells, Words(with_own_words(self.vocab, self.own) if self.own else self.vocab)
            )
        return self._contents[n]

    # -- by the words of the headings

    def by_words(self) -> None:
        for n, heading in enumerate(self.headings):
            declared = self._declared(n)
            if declared is not None:
                self.said.add(n)
                self._take(n, declared)
            elif heading.sure:
                self._take(n, "status" if self._answers(n, heading) else heading.full)

    def _answers(self, n: int, heading: Heading) -> bool:
        """Return whether a heading of a date ("Klart") stands over statuses, or yes and no."""
        contents = self.contents(n)
        told = contents.share("status") + contents.share("yes")
        return heading.full == "due_date" and told >= MOST

    def _declared(self, n: int) -> str | None:
        """Return the field that a person has said a column is, "" for none; None where nobody has."""
        spoken = self.own.columns if self.own else {}
        names = (fold_heading(self.names[n]), fold_heading(self.table.header[n]))
        return next((spoken[name] for name in names if name in spoken), None)

    def _take(self, n: int, field: str) -> None:
        self.expects_status |= field == TOGETHER
        field = "activity" if field == TOGETHER else field
        self.fields[n] = field if field in (*FIELDS, SCORES) else ""

    def choose(self) -> None:
        """Let one column of each field keep it: the one that is shown, filled, and fits."""
        for field, count in Counter(filter(None, self.fields)).items():
            if count > 1:
                self._choose(field, [n for n, f in enumerate(self.fields) if f == field])
        self._levels()

    def _choose(self, field: str, columns: list[int]) -> None:
        ranked = sorted(columns, key=lambda n: (self._fit(n, field), -n), reverse=True)
        best, *others = ranked
        for n in others:
            self.fields[n] = ""
            self.lost[n] = field
            if (
                self.contents(n).cells
                and self.contents(n).allows(field)
                and n not in self.table.hidden
            ):
                name, other = self.names[best], self.names[n]
                self.doubts.append(
                    (
                        n,
                        f"kolumnerna ”{name}” och ”{other}” är båda {_word(field)}: den första läses",
                    )
                )

    def _fit(self, n: int, field: str) -> tuple:
        """Return what a column is chosen by: shown, filled, fitting, with the fullest texts."""
        contents = self.contents(n)
        exact = fold_heading(self.table.header[n]) in self.words.words
        return (
            n not in self.table.hidden, bool(contents.cells), contents.allows(field),
            contents.share("step") >= MOST if field in AXES else True,
            self._proves(n) if field == "risk_value" else 0,
            contents.running > 1.5 if field in ("event", "activity") else True,
            field not in ("description", "comment") or self._is_beside_activity(n), exact,
        )  # fmt: skip

    def _levels(self) -> None:
        """Take a column of a value whose cells are words for a level: a level is no value."""
        for n, field in enumerate(self.fields):
            told = field in (*LEVELS, "level") and n not in self.said
            contents = self.contents(n) if told else None
            if not contents or not contents.cells:
                continue
            words = sum(not any(map(str.isdigit, cell)) for cell in contents.cells)
            if field in LEVELS and words >= MOST * len(contents.cells):
                self.fields[n] = (
                    "level" if field == "risk_value" and "level" not in self.fields else ""
                )
            elif (
                field == "level"
                and "risk_value" not in self.fields
                and contents.share("value") >= MOST
            ):
                self.fields[n] = "risk_value"

    # -- by parts of words, and by contents

    def by_hints(self) -> None:
        for n, heading in enumerate(self.headings):
            hinted = "" if heading.sure or n in self.lost else heading.full
            field = "activity" if hinted == TOGETHER else hinted
            if self.fields[n] or field not in FIELDS or field in self.fields:
                continue
            if self._may_be(n, field):
                self._guess(n, field, "rubriken liknar")
        self._levels()

    def _may_be(self, n: int, field: str) -> bool:
        if field == "risk_value" and self.contents(n).share("scores") >= MOST:
            return False
        if field in ("description", "comment") and not self._is_beside_activity(n):
            return False
        return n not in self.table.hidden and self.contents(n).allows(field)

    def _is_beside_activity(self, n: int) -> bool:
        """Return whether a column stands at or after the first that says anything of an activity."""
        first = next((m for m, f in enumerate(self.fields) if f in _MEASURED), None)
        return first is None or n > first or "event" not in self.fields

    def by_contents(self) -> None:
        """Guess what no heading tells: by words that only one field prints."""
        for n, field in [
            (n, f) for n, f in enumerate(map(self._told, range(len(self.fields)))) if f
        ]:
            if not self.fields[n] and field not in self.fields:
                self._guess(n, field, "innehållet är")
        if "event" not in self.fields and ({*AXES} <= {*self.fields} or SCORES in self.fields):
            self._free_text("event")
        if "activity" not in self.fields and {"status", "due_date", "outcome"} & {*self.fields}:
            self._free_text("activity")
        if {*AXES} & {*self.fields}:
            self._axes()

    def _told(self, n: int) -> str:
        """Return the field that a column's contents can only be, "" where there is none."""
        contents, heading = self.contents(n), self.headings[n]
        if self.fields[n] or not contents.cells or n in self.table.hidden:
            return ""
        if n in self.lost:  # the word of its heading is taken: only a status is told beside it
            return "status" if contents.share("status") >= MOST else ""
        if heading.sure:
            return ""
        if heading.full == "" and self._is_none(n):
            return ""
        if contents.share("scores") >= MOST and not {*AXES} & {*self.fields}:
            return SCORES
        if contents.share("outcome") >= MOST and contents.listed:
            return "outcome"
        if contents.share("status") >= MOST:
            return "status" if "activity" in self.fields or "event" in self.fields else ""
        if contents.share("decision") >= MOST and contents.listed:
            return "decision"
        if contents.share("level") >= MOST and {*AXES} <= {*self.fields}:
            return "level"
        if contents.share("name") >= MOST:
            return "responsible" if "responsible" not in self.fields else ""
        return ""

    def _is_none(self, n: int) -> bool:
        """Return whether a heading's words say that its column is none of the fields."""
        folded = fold_heading(self.table.header[n])
        return any(hint in folded for hint in self.vocab.words["header_hints"]["none"])

    def _free_text(self, field: str) -> None:
        """Take the one column of running text left for a field that is missing.

        Where there are several, the one before the judgements is the event, the one after them the
        activity.
        """
        texts = [n for n in range(len(self.fields)) if self._is_left(n)]
        judged = [n for n, f in enumerate(self.fields) if f in (*AXES, "risk_value")]
        if len(texts) > 1 and judged:
            texts = [n for n in texts if (n < min(judged)) == (field == "event")]
        if len(texts) == 1:
            self._guess(texts[0], field, "den enda kolumnen med löpande text som är kvar")

    def _is_left(self, n: int) -> bool:
        """Return whether a column of running text is read as nothing, and nothing says that it is none."""
        contents = self.contents(n)
        free = not self.fields[n] and n not in self.lost and n not in self.table.hidden
        free = free and not self.headings[n].sure and not self._is_none(n)
        return (
            free
            and bool(contents.cells)
            and contents.allows("activity")
            and contents.share("name") < MOST
        )

    def _axes(self) -> None:
        """Take the one column of steps left for the axis that is missing, where the product proves it."""
        missing = [axis for axis in AXES if axis not in self.fields]
        steps = [
            n for n, f in enumerate(self.fields)
            if not f and self.contents(n).cells and self.contents(n).share("step") == 1
            and self.contents(n).different <= FEW and n not in self.lost
        ]  # fmt: skip
        if len(missing) != 1 or "risk_value" not in self.fields:
            return
        proven = [n for n in steps if self._product(n, missing[0])]
        if len(proven) == 1:
            self._guess(proven[0], missing[0], "produkten med den andra axeln är riskvärdet")

    def _product(self, n: int, axis: str) -> bool:
        other = self.fields.index(next(a for a in AXES if a != axis))
        rows = self._numbers(n, other, self.fields.index("risk_value"))
        return len(rows) > 1 and all(a * b == c for a, b, c in rows)

    def _proves(self, n: int) -> int:
        """Return in how many rows a column of values is the product of the axes."""
        if not {*AXES} <= {*self.fields}:
            return 0
        return sum(a * b == c for a, b, c in self._numbers(*map(self.fields.index, AXES), n))

    def _numbers(self, *columns: int) -> list[list[int]]:
        """Return the numbers that rows begin with in three columns, where all three have one."""
        rows = [[clean_space(c) for c in line.cells] for line in self.table.lines[:SAMPLE]]
        found = [
            [int(m[0]) for c in columns if c < len(row) and (m := re.match(r"\d+", row[c]))]
            for row in rows
        ]
        return [three for three in found if len(three) == len(columns)]

    def _guess(self, n: int, field: str, why: str) -> None:
        self.fields[n] = field
        self.doubts = [doubt for doubt in self.doubts if doubt[0] != n]
        self.guessed[n] = f"{why} {_word(field)}" if not why.startswith(("den", "prod")) else why

    # -- the result

    @property
    def certainty(self) -> float:
        """The share of the columns read that a person or their headings tell."""
        read = [n for n, field in enumerate(self.fields) if field]
        told = [n for n in read if n in self.said or self.headings[n].field]
        return len(told) / max(len(read), 1)

    def result(self) -> Columns | None:
        if self.own is None:
            self._owners()
            self._second_activity()
        layout = self.own or _layout_of(self.fields, self.table, self.vocab)
        if layout and not self.own and "level" in self.fields and "risk_value" not in self.fields:
            layout = _not_multiplied(layout)
        return self.columns(layout) if layout else None

    def columns(self, layout: Layout) -> Columns:
        """Return the columns as they have been read, by a layout."""
        fields = tuple(f or f"column {n + 1}" for n, f in enumerate(self.fields))
        unused = {
            n: self.names[n] for n, f in enumerate(self.fields)
            if not f and (self.table.header[n].strip() or self.contents(n).cells)
        }  # fmt: skip
        vocab = with_own_words(self.vocab, layout)
        return Columns(
            layout, fields, tuple(self.names), self.expects_status,
            _answers(self, vocab), self.guessed, unused, tuple(self.doubts),
            reports={n: (h.full, h.report) for n, h in enumerate(self.headings) if h.report},
        )  # fmt: skip

    def _owners(self) -> None:
        """Let who is responsible in a table without activities be who owns the risk."""
        alone = not {"activity", "status"} & {*self.fields} and "event" in self.fields
        if alone and "responsible" in self.fields and "risk_owner" not in self.fields:
            self.fields[self.fields.index("responsible")] = "risk_owner"

    def _second_activity(self) -> None:
        """Let a second column of measures, beside controls, be what is described of them."""
        if "description" not in self.fields:
            for n in [n for n, f in self.lost.items() if f == "activity" and not self.fields[n]]:
                self._guess(n, "description", "en andra kolumn av åtgärder, läst som")
                return


def column_names(table: Table) -> list[str]:
    """Return what each column goes by: its heading, after the one above it; a number tells twins apart."""
    names: list[str] = []
    for n, text in enumerate(table.header):
        own = clean_space(text)
        upper = clean_space(table.upper[n]) if n < len(table.upper) else ""
        name = f"{upper}: {own}" if upper and own and fold(upper) != fold(own) else own
        name = name or f"kolumn {n + 1}"
        again = sum(other == name or other.startswith(f"{name} (") for other in names)
        names.append(f"{name} ({again + 1})" if again else name)
    return names


def _headings(table: Table, words: Known) -> list[Heading]:
    """Return what each heading says; the one above it says of which time and report it is."""
    read = words.row([*table.header])
    for n, upper in enumerate(table.upper[: len(read)]):
        if upper.strip() and read[n].field:
            time, report = (
                read[n].time or words.time(upper),
                read[n].report or words.report_in(upper),
            )
            read[n] = read[n]._replace(time=time, report=report)
    return read


def _declared(table: Table, vocab: Vocabulary) -> Layout | None:
    """Return the layout of the user's own that a table has: all that it requires is printed."""
    names = (*table.header, *column_names(table))
    printed = {fold_heading(text) for text in names if text.strip()}
    for layout in layouts(vocab):
        if layout.own:
            fields = {layout.headers.get(text) for text in printed}
            if all(x in fields or fold_heading(x) in printed for x in layout.required):
                return layout
    return None


def _layout_of(fields: list[str], table: Table, vocab: Vocabulary) -> Layout | None:
    """Return the layout whose required columns are there, else the one of the kind that the fields make."""
    have = {*fields} | ({*AXES} if SCORES in fields else set())
    have |= table.given & {"event", *AXES}  # of a card above the table
    printed = {fold_heading(text) for text in table.header}
    shipped = {layout.name: layout for layout in layouts(vocab) if not layout.own}
    for layout in shipped.values():
        if layout.kind == "plan" and "outcome" in have:
            continue
        if all(x in have or fold_heading(x) in printed for x in layout.required):
            return layout
    return shipped.get(_kind(have, table, fields))


@lru_cache(maxsize=100)
def _not_multiplied(layout: Layout) -> Layout:
    """Return a layout for a board that prints levels and no values: none is computed for it."""
    return replace(layout, value="matrix")


def _kind(have: set[str], table: Table, fields: list[str]) -> str:
    scores = {*AXES, "risk_value", "decision", "level"} & have
    if (
        "event" in have
        and scores
        and not ({*AXES} & have == set() and "activity" in have and "status" in have)
    ):
        return "register"
    if "activity" in have:
        heading = fold_heading(table.header[fields.index("activity")])
        control = "kontroll" in heading and not {"status", "outcome"} & have
        return "plan" if control else "follow_up"
    return "register" if "event" in have and "process" in have else ""


def _answers(reading: _Reading, vocab: Vocabulary) -> Vocabulary:
    """Return the vocabulary with Ja and Nej as codes, where a heading asks what is answered so.

    Till internkontrollplanen? Ja is a decision; Avvikelse? Nej is an outcome.
    """
    for field, table, words, (yes, no) in _ASKED:
        n = reading.fields.index(field) if field in reading.fields else None
        if n is None or reading.contents(n).share("yes") < MOST:
            continue
        if any(word in fold_heading(reading.table.header[n]) for word in words):
            codes = vocab.words[table]
            own = {yes: [*codes[yes], *_YES], no: [*codes[no], *_NO]}
            vocab = Vocabulary({**vocab.words, table: {**codes, **own}})
    return _percents(reading, vocab)


def _percents(reading: _Reading, vocab: Vocabulary) -> Vocabulary:
    """Return the vocabulary with the shares of a measure that a column of statuses prints: 60 %."""
    at = [n for n, field in enumerate(reading.fields) if field == "status"]
    cells = {cell for n in at for cell in reading.contents(n).cells if _PART.fullmatch(cell)}
    codes = vocab.words["statuses"]
    own = {"ongoing": [*codes["ongoing"], *sorted(cells - {*vocab.statuses})]}
    return Vocabulary({**vocab.words, "statuses": {**codes, **own}}) if cells else vocab


_PART = re.compile(r"[1-9]\d?(?:[.,]\d+)? ?%")
_YES, _NO = ("Ja", "X", "Yes"), ("Nej", "No")
_DONE = ("klar", "genomförd", "genomfört", "avslutad", "färdig", "utförd")
_PLAN = ("ikp", "internkontrollplan", "intern kontrollplan")
_ASKED = (
    ("decision", "decisions", _PLAN, ("control_plan", "risk_analysis")),
    ("outcome", "outcomes", ("avvik", "anmärkning"), ("deviation", "no_deviation")),
    ("status", "statuses", _DONE, ("finished", "not_finished")),
)


def _word(field: str) -> str:
    return printed_heading(field)


def refused(tables: list[Table], vocab: Vocabulary) -> LayoutError:
    """Return the error for tables in which neither risks nor activities are found: what was seen."""
    table = max(tables, key=lambda t: len(t.header))
    reading, lines = _read(table, vocab), []
    for n, text in enumerate(table.header[:15]):
        if text.strip():
            seen = ", ".join(
                f"”{cell[:30]}”" for cell in dict.fromkeys(reading.contents(n).cells[:3])
            )
            field = reading.headings[n].full
            told = _word(field) if field in FIELDS else "okänd"
            lines.append(f"  {clean_space(text)}: {told}{f' ({seen})' if seen else ''}")
    where = f"rad {table.header_rows[0]}" if table.header_rows else "tabellen"
    why = f"ingen kolumn i {where} känns igen som risk eller åtgärd"
    if reading.certainty < CERTAIN:
        why = f"färre än hälften av kolumnerna i {where} känns igen av sina rubriker: så osäkert läses inget"
    return LayoutError(
        f"{why}. Kolumnerna, vad rubriken säger och "
        "vad som står i dem:\n"
        + "\n".join(lines)
        + "\nSäg vad de är i anteckningsboken 01, eller i "
        f"{OWN_LAYOUTS} (riskdata check ger ett block att fylla i)."
    )
