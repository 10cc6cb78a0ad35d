"""Which printed column is which field: by the words of its heading, and by what stands in it."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from riskdata.errors import LayoutError
from riskdata.shapes.headings import (
    AFTER,
    FIELDS,
    SCORES,
    TOGETHER,
    Heading,
    Known,
    Layout,
    fold_heading,
    known,
    layouts,
    with_own_words,
)
from riskdata.shapes.table import Columns, Table
from riskdata.words.language import heading as word
from riskdata.words.spelling import PERSON, any_of, clean_space, fold
from riskdata.words.vocabulary import AXES, OWN_LAYOUTS, Vocabulary

SAMPLE = 300  # lines of a table that are looked at
MOST = 0.6  # of a column's printed cells: fewer of a kind don't make it one
CERTAIN = 0.5  # of the columns read: with fewer told by their headings the guess is refused
LONG_DAY = 6  # words of a cell with a date: as many are a note of that day
FEW = 8  # different texts: a column of words from a list has no more
RUNNING = 2.5  # words a cell: above it a column is running text
LEVELS = ("risk_value", "risk_value_after")  # a column of these whose cells are words is no value
MEASURED = ("activity", "status", "due_date", "responsible", "outcome", "comment")
BESIDE = ("description", "comment")  # what is said of an activity, so that it stands behind it
_DATE = re.compile(
    r"(20\d\d-\d\d(-\d\d)?|\d{1,2}[./]\d{1,2}[./](20)?\d\d|\d{1,2}/(1[0-2]|[1-9])"
    r"|(\d{1,2} )?(jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)\w*( 20\d\d)?"
    r"|(v|vecka|q|t|kv)\.? ?\d{1,2}( 20\d\d)?|löpande|årligen|20\d\d)\b.*",
    re.IGNORECASE,
)
_HOUR = re.compile(r"[\d./-]{6,10}[ T]+\d{1,2}[:.]\d\d.*")  # 2025-02-11 09:01
_STEP = re.compile(
    r"\d(?:[.,]0)?(?:\s*[.:)=\-–]*\s*[^\d\s].*)?|\S.*[(\s]\d\)?|\d\s*(?:/|av)\s*\d", re.DOTALL
)
_VALUE = re.compile(
    r"\d{1,2}(?:[.,]0+)?(?:\s*[p(–:\-].*)?|[^\d]*\(?\d{1,2}\)?|\d\s*[x×*]\s*\d\s*=\s*\d{1,2}",
    re.DOTALL,
)
_ID = re.compile(r"[A-ZÅÄÖ]{0,4}[\s.:-]?\d{1,4}(\.\d{1,3})*[.)]?", re.IGNORECASE)
_WORD = re.compile(r" [^\d\s]+(?!\S)")
_PART = re.compile(r"(\d{1,3})(?:[.,]\d+)? ?%?")  # 60 %
_FRACTION = re.compile(r"0[.,](\d+)")
_PARTS = re.compile(
    r"(\d{1,3})\s*(?:av|/|of)\s*([1-9]\d{0,2})(?:\s+(?:klara?|delar|steg))?"
)  # 3 av 4
_QUESTION = re.compile(r"\s*(?:[(\[][^)\]]*[)\]]|\bja/nej|\bj/n)?\s*\??\s*$", re.IGNORECASE)
_SCORES = (  # likelihood, consequence, value
    re.compile(r"\D*?(\d)\s*[x×*·]\s*(\d)\s*(?:=|\(=?)\s*(\d{1,2})\D*", re.IGNORECASE),
    re.compile(r"(?=\d+\s*\((\d)\s*[x×*·]\s*(\d)\))(\d{1,2}).*", re.IGNORECASE),
    re.compile(
        r"S[^\W\d]*\s*[:=]?\s*(\d)\D+?[KV][^\W\d]*\s*[:=]?\s*(\d)(?:\D+(\d{1,2}))?\D*",
        re.IGNORECASE,
    ),
    re.compile(r"(\d)\s*[x×*·]\s*(\d)()", re.IGNORECASE),
)
_PER_REPORT = ("status", "outcome")  # of which each report may have a column
# Fields that are answered with yes and no: the list of their words, and what the answers mean.
_ASKED = {
    "decision": ("decisions", ("control_plan", "risk_analysis")),
    "outcome": ("outcomes", ("deviation", "no_deviation")),
    "status": ("statuses", ("finished", "not_finished")),
}
_DONE = {"not_started": range(1), "ongoing": range(1, 100), "finished": range(100, 101)}  # percent


@lru_cache(maxsize=50)
def _kinds(vocab: Vocabulary) -> dict:
    """Return for each kind of cell how it is told, where its column is not known."""
    hints = {name: {*map(fold, words)} for name, words in vocab.words["content_words"].items()}
    steps = {word for axis in AXES for word in vocab.steps[axis]}
    statuses, decisions = (
        {*vocab.statuses} | hints["status"],
        {*vocab.decisions} | hints["decision"],
    )
    outcome = re.compile(rf"{any_of(vocab.outcomes)}(?!\w)")
    yes = {fold(word) for answer in ("yes", "no") for word in vocab.words["asked"][answer]}
    return {
        "step": lambda c: fold(c) in steps or bool(_STEP.fullmatch(c)) and len(c) < 40,
        "value": lambda c: bool(_VALUE.fullmatch(c)) and len(c) < 30,
        "status": lambda c: fold(c) in statuses or c in vocab.marks,
        "decision": lambda c: fold(c) in decisions,
        "outcome": lambda c: (
            outcome.match(fold(c)) is not None
            or len(fold(c)) < 40
            and any(part in fold(c) for part in hints["outcome"])
        ),
        "level": lambda c: fold(c) in hints["level"],
        "leveled": lambda c: (
            bool(_VALUE.fullmatch(c)) and fold(re.sub(r"[\d()–:,/-]", "", c)) in hints["level"]
        ),
        "name": lambda c: bool(PERSON.fullmatch(c)),
        "hour": lambda c: bool(_HOUR.fullmatch(c)),
        "date": lambda c: bool(_DATE.fullmatch(c)) and c.count(" ") < LONG_DAY,
        "id": lambda c: bool(_ID.fullmatch(c)),
        "scores": lambda c: read_scores(c) is not None,
        "yes": lambda c: fold(c) in yes,
        "share": lambda c: _share(c) is not None,
    }


@dataclass(frozen=True, eq=False)
class Contents:
    """What stands in one column: its printed cells, and which share of them is of each kind."""

    cells: tuple[str, ...]
    kinds: dict

    def share(self, kind: str) -> float:
        """Return the share of the printed cells that are of a kind: step, value, status, name …"""
        return sum(map(self.kinds[kind], self.cells)) / max(len(self.cells), 1)

    def mostly(self, kind: str) -> bool:
        """Return whether most of the printed cells are of a kind."""
        return self.share(kind) >= MOST

    @cached_property
    def running(self) -> float:
        """The mean number of words in a printed cell; a number, or "R1", is none."""
        words = sum(len(_WORD.findall(f" {cell}")) for cell in self.cells)
        return words / max(len(self.cells), 1)

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
        if not self.cells:
            return True
        short = self.running <= RUNNING
        words = self.different <= FEW and self.running <= 2 * RUNNING and not self.mostly("id")
        free = not self.mostly("id") and not self.mostly("date")
        match field.removesuffix("_after"):
            case "likelihood" | "consequence":
                return self.mostly("step") or self.listed and short and not self.share("status")
            case "risk_value":
                return self.mostly("value") or self.mostly("level")
            case "level":
                return self.listed and short and not self.mostly("value")
            case "decision" | "status":
                return words
            case "outcome":
                told = self.share("outcome") + self.share("yes")
                return told >= MOST or words and short and self.listed
            case "due_date":
                return self.mostly("date")
            case "responsible" | "risk_owner":
                return free and self.running <= 2 * RUNNING
            case "event" | "activity" | "comment" | "description":  # no word from a list throughout
                several = self.running > 1.3 or self.different > FEW or len(self.cells) < 3
                return free and several and not any(map(self.mostly, ("status", "decision")))
        return free


def _share(cell: str) -> int | None:
    """Return how much of a measure is done, in percent, of a cell like "60 %" or "3 av 4"."""
    if parts := _PARTS.fullmatch(cell):
        done, every = map(int, parts.groups())
        return 100 * done // every if done <= every else None
    if fraction := _FRACTION.fullmatch(cell):  # what a spreadsheet shows as 60 %
        return round(100 * float(f"0.{fraction[1]}"))
    found = _PART.fullmatch(cell)
    step = re.fullmatch("[1-9]", cell)  # of a scale, as 1 to 3
    return int(found[1]) if found and not step else None


def read_scores(cell: str) -> tuple[str, str, str] | None:
    """Return likelihood, consequence and value of a cell that prints them together, the value or "".

    >>> read_scores("S: 3 K: 4 = 12"), read_scores("3x4=12"), read_scores("12")
    (('3', '4', '12'), ('3', '4', '12'), None)
    """
    found = next((m for pattern in _SCORES if (m := pattern.fullmatch(cell))), None)
    return (found[1], found[2], found[3] or "") if found else None


def read_columns(table: Table, vocab: Vocabulary) -> Columns | None:
    """Return how a table's columns are read; None where it has neither risks nor activities.

    A layout of the user's decides for the columns that it names; the words of headings for the
    rest; contents choose between two columns of one field, and guess a column that no word tells.
    A guess is refused (None) where under half of the columns read (CERTAIN) are told by their
    headings or a part of them.
    """
    reading = _Reading(table, vocab)
    return reading.result() if reading.certainty >= CERTAIN else None


def describe(table: Table, vocab: Vocabulary) -> Columns:
    """Return how a table's columns are read, of a table that is no export as it stands."""
    return _Reading(table, vocab).columns(next(x for x in layouts(vocab) if x.name == "register"))


class _Reading:
    """Reads the columns of one table, in steps that each fill in what the one before left open."""

    def __init__(self, table: Table, vocab: Vocabulary) -> None:
        self.table, self.vocab = table, vocab
        self.own = _declared(table, vocab)
        self.words = Known(vocab, self.own.headers) if self.own else known(vocab)
        self.kinds = _kinds(with_own_words(vocab, self.own) if self.own else vocab)
        self.names = column_names(table)
        self.fields = [""] * len(table.header)
        self.said: set[int] = set()  # columns that a person has declared
        self.guessed: dict[int, str] = {}
        self.doubts: list[tuple[int, str]] = []
        self.lost: dict[int, str] = {}  # column → the field that another column has
        self.expects_status = False
        self._contents: dict[int, Contents] = {}
        self.headings = self._headings()
        self._by_words()
        self._choose()
        if not self.own:  # where a person has said how the table is read, nothing is guessed
            self._by_hints()
            self._by_contents()

    def contents(self, n: int) -> Contents:
        """Return what stands in a column."""
        if n not in self._contents:
            lines = [line for line in self.table.lines if n not in line.merged][:SAMPLE]
            cells = (clean_space(c) for line in lines for c in line.cells[n : n + 1])
            cells = tuple(c for c in cells if c and c not in ("-", "–", "—"))
            self._contents[n] = Contents(cells, self.kinds)
        return self._contents[n]

    def _headings(self) -> list[Heading]:
        """Return what each heading says; the one above it says of which time and report it is."""
        header, upper = self.table.header, self.table.upper
        read = self.words.row([*header])
        for n, text in enumerate(upper[: len(read)]):
            if text.strip() and read[n].field:
                time = read[n].time or self.words.time(text)
                report = read[n].report or self.words.report_in(text)
                read[n] = read[n]._replace(time=time, report=report)
        reports = [n for n, text in enumerate(header) if self.words.is_report(text)]
        told = {kind: [n for n in reports if self.contents(n).mostly(kind)] for kind in _PER_REPORT}
        bare = [fold(_QUESTION.sub("", text)) for text in header]  # "Genomförd (ja/nej)", "Klar?"
        asked = [n for n, text in enumerate(bare) if text in self.vocab.statuses]
        asked = [n for n in asked if self.contents(n).mostly("yes")]
        for field, columns in (*told.items(), ("status", asked[:1])):
            for n in columns if len(columns) > 1 or columns == asked[:1] else ():
                read[n] = read[n]._replace(field=field, sure=True)
        return read

    # -- by the words of the headings

    def _by_words(self) -> None:
        spoken = self.own.columns if self.own else {}
        for n, heading in enumerate(self.headings):
            names = (fold_heading(self.names[n]), fold_heading(self.table.header[n]))
            declared = next((spoken[name] for name in names if name in spoken), None)
            if declared is not None:
                self.said.add(n)
            field = heading.full if heading.sure and declared is None else declared
            contents = self.contents(n)
            told = contents.share("status") + contents.share("yes")
            if declared is None and field == "due_date" and told >= MOST:  # "Klart", and Ja or Nej
                field = "status"
            self.expects_status |= field == TOGETHER
            field = "activity" if field == TOGETHER else field
            self.fields[n] = field if field in (*FIELDS, SCORES) else ""

    def _choose(self) -> None:
        """Let one column of each field keep it: the one that is shown, filled, and fits."""
        for field, count in Counter(filter(None, self.fields)).items():
            if count == 1:
                continue
            columns = [n for n, f in enumerate(self.fields) if f == field]
            best, *others = sorted(columns, key=lambda n: (self._fit(n, field), -n), reverse=True)  # noqa: B023
            for n in others:
                self.fields[n], self.lost[n] = "", field
                cells, shown = self.contents(n).cells, n not in self.table.hidden
                steps = [cell[:1] for cell in cells]  # 1, 2, 3 …: a list of what each step means
                listed = steps == [*map(str, range(1, len(cells) + 1))]
                if cells and self.contents(n).allows(field) and shown and not listed:
                    names = f"”{self.names[best]}” och ”{self.names[n]}”"
                    said = f"kolumnerna {names} är båda {word(field)}: den första läses"
                    self.doubts.append((n, said))
        self._leave_codes()
        self._second_judgement()
        self._levels()

    def _leave_codes(self) -> None:
        """Leave a column of numbers or codes for another that may hold its texts: "Risk", "Händelse"."""
        for n, field in enumerate(self.fields):
            codes = field in ("event", "activity") and self.contents(n).share("id") == 1
            others = [
                m for m, heading in enumerate(self.headings) if m != n and heading.full == field
            ]
            texts = [m for m in others if self.contents(m).cells and self.contents(m).allows(field)]
            if codes and texts and n not in self.said:
                self.fields[n] = ""

    def _second_judgement(self) -> None:
        """Take the same headings again for the judgement with measures, where no step there is higher."""
        again = {
            n: f for n, f in self.lost.items() if f in AFTER and f"{f}_after" not in self.fields
        }
        column = self.table.column
        pairs = [(column(self.fields.index(f)), column(n)) for n, f in again.items()]
        cells = [pair for one, other in pairs for pair in zip(one, other, strict=True) if all(pair)]
        steps = all(a.isdigit() and b.isdigit() and int(a) >= int(b) for a, b in cells)
        if len(again) == len({*again.values()}) > 1 and cells and steps:
            why = "samma rubriker igen, med lägre eller samma värden"
            for n, field in again.items():
                self._guess(n, f"{field}_after", why)

    def _fit(self, n: int, field: str) -> tuple:
        """Return what a column is chosen by: shown, filled, fitting, with the fullest texts."""
        contents = self.contents(n)
        return (
            n not in self.table.hidden, bool(contents.cells), contents.allows(field),
            contents.mostly("step") if field in AXES else True,
            self._proves(n) if field == "risk_value" else 0,
            contents.running > 1.5 if field in ("event", "activity") else True,
            field not in BESIDE or self._is_beside_activity(n),
            fold_heading(self.table.header[n]) in self.words.words,
        )  # fmt: skip

    def _levels(self) -> None:
        """Take a column by its cells: 3x4=12 are both steps and the value, words are levels and no values."""
        for n, field in enumerate(self.fields):
            contents = self.contents(n)
            if n in self.said or not contents.cells:
                continue
            if field in (*AXES, "risk_value", "event", "activity") and self._prints_scores(n):
                self._guess(n, SCORES, f"innehållet är {word(SCORES)}")
            elif field in LEVELS and self._says_levels(contents):
                level = field == "risk_value" and "level" not in self.fields
                self.fields[n] = "level" if level else ""
            elif field == "level" and "risk_value" not in self.fields and contents.mostly("value"):
                self.fields[n] = "risk_value"

    def _prints_scores(self, n: int) -> bool:
        """Return whether a column prints both steps of a risk, which no other column does."""
        others = (field for m, field in enumerate(self.fields) if m != n)
        return {*AXES}.isdisjoint(others) and self.contents(n).mostly("scores")

    @staticmethod
    def _says_levels(contents: Contents) -> bool:
        decided = contents.kinds["decision"]  # they may have slid there, and are no levels
        words = sum(not any(map(str.isdigit, c)) and not decided(c) for c in contents.cells)
        return words >= MOST * len(contents.cells)

    # -- by parts of words, and by contents

    def _by_hints(self) -> None:
        for n, heading in enumerate(self.headings):
            hinted = "" if heading.sure or n in self.lost else heading.full
            first = "activity" if hinted == TOGETHER else hinted
            if self.fields[n] or not hinted or n in self.table.hidden:
                continue
            field = next((f for f in (first, *heading.others) if self._may_hold(n, f)), "")
            if field:
                self._guess(n, field, f"rubriken liknar {word(field)}")
        self._levels()

    def _may_hold(self, n: int, field: str) -> bool:
        """Return whether a column may be a field that no column is yet: nothing in it says no."""
        scores = field == "risk_value" and self.contents(n).mostly("scores")
        beside = field not in BESIDE or self._is_beside_activity(n)
        free = field in FIELDS and field not in self.fields
        return free and beside and not scores and self.contents(n).allows(field)

    def _is_beside_activity(self, n: int) -> bool:
        """Return whether a column stands at or after the first that says anything of an activity."""
        first = next((m for m, f in enumerate(self.fields) if f in MEASURED), None)
        return first is None or n > first or "event" not in self.fields

    def _by_contents(self) -> None:
        """Guess what no heading tells: by words that only one field prints."""
        told = {n: field for n in range(len(self.fields)) if (field := self._told(n))}
        for n, field in told.items():
            if field not in self.fields:
                self._guess(n, field, f"innehållet är {word(field)}")
        judged = {*AXES} <= {*self.fields} or {SCORES, "risk_value"} & {*self.fields}
        if "event" not in self.fields and judged:
            self._free_text("event")
        if "activity" not in self.fields and {"status", "due_date", "outcome"} & {*self.fields}:
            self._free_text("activity")
        self._axes()

    def _told(self, n: int) -> str:
        """Return the field that a column's contents can only be, "" where there is none."""
        contents, heading, fields = self.contents(n), self.headings[n], {*self.fields}
        if self.fields[n] or not contents.cells or n in self.table.hidden:
            return ""
        if not self.table.header[n].strip() and self.table.says_nothing(n):
            return ""
        if self._prints_scores(n):
            return SCORES
        if n in self.lost:  # the word of its heading is taken: only a status is told beside it
            return "status" if contents.mostly("status") else ""
        if heading.sure or not heading.full and self._is_none(n):
            return ""
        kinds = (
            ("outcome", "outcome", contents.listed),
            ("status", "status", "activity" in fields or "event" in fields),
            ("status", "share", self._asks_whether_done(n)),
            ("decision", "decision", contents.listed),
            ("level", "level", {*AXES} <= fields),
            ("risk_value", "leveled", True),
            ("responsible", "name", "responsible" not in fields and not self._is_of_form(n)),
        )
        return next((field for field, kind, may in kinds if may and contents.mostly(kind)), "")

    def _is_of_form(self, n: int) -> bool:
        """Return whether a column says who answered a form: behind its two hours, before what is asked."""
        told = [m for m, field in enumerate(self.fields) if field in ("event", "activity")]
        hours = sum(self.contents(m).mostly("hour") for m in range(n))
        return hours > 1 and all(m > n for m in told)

    def _asks_whether_done(self, n: int) -> bool:
        """Return whether a heading has a word for what is done, and its cells say how much of it is."""
        heading, cells = fold(self.table.header[n]), self.contents(n).cells
        percent = "%" in heading or "procent" in heading or not all(map(str.isdigit, cells))
        no_dates = not any("/" in cell for cell in cells) and percent
        return no_dates and any(part in heading for part in self.vocab.words["asked"]["status"])

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
        if self.fields[n] or n in self.lost or n in self.table.hidden or self.headings[n].sure:
            return False
        if self.headings[n].full in AXES:  # "Konsekvens om det inträffar" is said of the risk
            return False
        text = bool(contents.cells) and contents.allows("activity")
        return text and not contents.mostly("name") and not self._is_none(n)

    def _axes(self) -> None:
        """Take the one column of steps left for the axis that is missing, where the product proves it."""
        missing = [axis for axis in AXES if axis not in self.fields]
        if len(missing) != 1 or "risk_value" not in self.fields:
            return
        other = self.fields.index(next(axis for axis in AXES if axis not in missing))
        value, proven = self.fields.index("risk_value"), []
        for n in [n for n, f in enumerate(self.fields) if not f and n not in self.lost]:
            contents, rows = self.contents(n), self._numbers(n, other, value)
            steps = contents.share("step") == 1 and contents.different <= FEW
            if steps and len(rows) > 1 and all(a * b == c for a, b, c in rows):
                proven.append(n)
        if len(proven) == 1:
            self._guess(proven[0], missing[0], "produkten med den andra axeln är riskvärdet")

    def _proves(self, n: int) -> int:
        """Return in how many rows a column of values is the product of the axes."""
        if not {*AXES} <= {*self.fields}:
            return 0
        return sum(a * b == c for a, b, c in self._numbers(*map(self.fields.index, AXES), n))

    def _numbers(self, *columns: int) -> list[list[int]]:
        """Return the numbers that rows begin with in three columns, where all three have one."""
        texts = zip(*(self.table.column(n)[:SAMPLE] for n in columns), strict=True)
        found = [[re.match(r"\d+", text) for text in row] for row in texts]
        return [[int(number[0]) for number in row] for row in found if all(row)]

    def _guess(self, n: int, field: str, why: str) -> None:
        self.fields[n], self.guessed[n] = field, why
        self.doubts = [doubt for doubt in self.doubts if doubt[0] != n]

    # -- the result

    @property
    def certainty(self) -> float:
        """The share of the columns read that a person or their headings tell."""
        read = [n for n, field in enumerate(self.fields) if field]
        told = [n for n in read if n in self.said or self.headings[n].field]
        return len(told) / max(len(read), 1)

    def result(self) -> Columns | None:
        if self.own:
            return self.columns(self.own)
        measured = {"activity", "status"} & {*self.fields}
        if "event" in self.fields and not measured and "risk_owner" not in self.fields:
            self.fields = ["risk_owner" if f == "responsible" else f for f in self.fields]
        second = [n for n, f in self.lost.items() if f == "activity" and not self.fields[n]]
        if second and "description" not in self.fields:  # measures beside controls
            why = f"en andra kolumn av åtgärder, läst som {word('description')}"
            self._guess(second[0], "description", why)
            self._ask_about_second(second[0])
        layout = _layout_of(self.fields, self.table, self.vocab)
        if layout and "level" in self.fields and "risk_value" not in self.fields:
            layout = _not_multiplied(layout)
        return self.columns(layout) if layout else None

    def _ask_about_second(self, n: int) -> None:
        """Ask about each measure of a second column whose heading names measures too: "Ny åtgärd"."""
        first = self.table.column(self.fields.index("activity"))
        texts = self.table.column(n) if self.headings[n].sure else []
        for line, own, text in zip(self.table.lines, first, texts, strict=False):
            doubt = (
                f"”{text}” under {self.names[n]}: läst som beskrivning, men kan vara en åtgärd till"
            )
            self.table.doubts.extend(
                [(line.number, "activity", text, doubt)] if own and text else []
            )

    def columns(self, layout: Layout) -> Columns:
        """Return the columns as they have been read, by a layout."""
        fields = tuple(f or f"column {n + 1}" for n, f in enumerate(self.fields))
        unused = {
            n: self.names[n] for n, f in enumerate(self.fields)
            if not f and (self.table.header[n].strip() or self.contents(n).cells)
        }  # fmt: skip
        return Columns(
            layout, fields, tuple(self.names), self.expects_status,
            self._answers(with_own_words(self.vocab, layout)), self.table.left, self.guessed, unused,
            {n: field for n in unused if (field := self._may_be(n))}, tuple(self.doubts),
            reports={n: (h.full, h.report) for n, h in enumerate(self.headings) if h.report},
        )  # fmt: skip

    def _may_be(self, n: int) -> str:
        """Return the field that a column may be though it is not read as it; "" for none.

        Its heading says so; or it is running text where no event, or no activity, is found.
        """
        if self.own or n in self.table.hidden or not self.contents(n).cells:
            return ""
        if "risk" in fold(self.table.header[n]) and self.contents(n).mostly("id"):
            return "event"  # by its number
        said = self.lost.get(n) or self.headings[n].full
        lacking = said not in (*BESIDE, *self.fields)
        fits = n in self.lost or lacking or self.contents(n).allows(said)
        may = said in FIELDS and fits
        missing = [field for field in ("event", "activity") if field not in self.fields]
        free = missing[0] if missing and self._is_left(n) else ""
        return said if may and not (free and said in self.fields) else free

    def _answers(self, vocab: Vocabulary) -> Vocabulary:
        """Return the vocabulary with what this table's answers mean: Ja and Nej, 60 %.

        Till internkontrollplanen? Ja is a decision; Avvikelse? Nej is an outcome.
        """
        for field, (table, (yes, no)) in _ASKED.items():
            if field not in self.fields:
                continue
            n, codes, asked = self.fields.index(field), vocab.words[table], vocab.words["asked"]
            heading, cells, own = fold_heading(self.table.header[n]), self.contents(n).cells, {}
            if self.contents(n).mostly("yes") and any(part in heading for part in asked[field]):
                own = {yes: [*codes[yes], *asked["yes"]], no: [*codes[no], *asked["no"]]}
            elif field == "status":  # "3 av 4" only among such; "60 %" among words too
                told = cells if self.contents(n).mostly("share") else [c for c in cells if "%" in c]
                shares = {cell: share for cell in told if (share := _share(cell)) is not None}
                shares |= {"1": 100, "0": 0} if any(map(_FRACTION.fullmatch, told)) else {}
                for code, percent in _DONE.items():
                    cells = [cell for cell, share in shares.items() if share in percent]
                    own[code] = [*codes[code], *(f"{c} %" if c.isdigit() else c for c in cells)]
            vocab = Vocabulary({**vocab.words, table: {**codes, **own}}) if own else vocab
        return vocab


def column_names(table: Table) -> list[str]:
    """Return what each column goes by: its heading, after the one above it; a number tells twins apart."""
    names: list[str] = []
    for n, text in enumerate(table.header):
        own = clean_space(text)
        upper = clean_space("".join(table.upper[n : n + 1]))
        name = f"{upper}: {own}" if upper and own and fold(upper) != fold(own) else own
        name = name or f"kolumn {table.left + n + 1}"
        again = sum(other == name or other.startswith(f"{name} (") for other in names)
        names.append(f"{name} ({again + 1})" if again else name)
    return names


# -- the layout ------------------------------------------------------------------------------------


def _declared(table: Table, vocab: Vocabulary) -> Layout | None:
    """Return the layout of the user's own that a table has: all that it requires is printed."""
    printed = {fold_heading(x) for x in (*table.header, *column_names(table)) if x.strip()}
    for layout in (x for x in layouts(vocab) if x.own):
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
        held = all(x in have or fold_heading(x) in printed for x in layout.required)
        if held and not (layout.kind == "plan" and "outcome" in have):
            return layout
    return shipped.get(_kind(have, table, fields))


@lru_cache(maxsize=100)
def _not_multiplied(layout: Layout) -> Layout:
    """Return a layout for a board that prints levels and no values: none is computed for it."""
    return replace(layout, value="matrix")


def _kind(have: set[str], table: Table, fields: list[str]) -> str:
    followed = {"activity", "status"} <= have and not {*AXES} & have
    scored = {*AXES, "risk_value", "decision", "level"} & have
    if "event" in have and scored and not followed:
        return "register"
    if "activity" in have:
        heading = fold_heading(table.header[fields.index("activity")])
        control = "kontroll" in heading and not {"status", "outcome"} & have
        return "plan" if control else "follow_up"
    return "register" if {"event", "process"} <= have else ""


def refused(tables: list[Table], vocab: Vocabulary) -> LayoutError:
    """Return the error for tables in which neither risks nor activities are found: what was seen."""
    table = max(tables, key=lambda t: len(t.header))
    reading, lines = _Reading(table, vocab), []
    for n, text in enumerate(table.header[:15]):
        cells = dict.fromkeys(reading.contents(n).cells[:3])
        seen = ", ".join(f"”{cell[:30]}”" for cell in cells)
        field = reading.headings[n].full
        told = word(field) if field in FIELDS else "okänd"
        lines += (
            [f"  {clean_space(text)}: {told}{f' ({seen})' if seen else ''}"] if text.strip() else []
        )
    where = f"rad {table.header_rows[0]}" if table.header_rows else "tabellen"
    why = f"ingen kolumn i {where} känns igen som risk eller åtgärd"
    if reading.certainty < CERTAIN:
        why = f"färre än hälften av kolumnerna i {where} känns igen av sina rubriker: så osäkert läses inget"
    return LayoutError(
        f"{why}. Kolumnerna, vad rubriken säger och vad som står i dem:\n"
        + "\n".join(lines)
        + "\nSäg vad de är i anteckningsboken 01, eller i "
        f"{OWN_LAYOUTS} (riskdata check ger ett block att fylla i)."
    )
