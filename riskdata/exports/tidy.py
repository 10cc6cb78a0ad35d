"""Rows of fields → tidy risks and activities: groups filled, risks gone on with, texts repaired."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from riskdata.exports.cells import SCALED, Cells, is_glyph, read_goal
from riskdata.exports.rows import RUNS_ON, SCORES, Row, read_rows
from riskdata.shapes.table import CELL, Notes, Part
from riskdata.words.language import heading
from riskdata.words.spelling import (
    People,
    clean_space,
    fold,
    join,
    months_are_first,
    read_date,
    undouble,
    unescape,
)
from riskdata.words.vocabulary import AXES, LISTS

WHERE = ("board", "period")  # what a row may say of where it belongs
OF_RISK = ("goal", "indicator", "process", "way_of_working", "event")
TO_ACTIVITY = ("goal_code", "indicator", "process", "event", *WHERE)  # from its risk
OF_ACTIVITY = RUNS_ON | {"status", "outcome", "due_date"}
OF_PEOPLE = ("responsible", "risk_owner")
AS_PRINTED = ("activity", "responsible")  # whose leading space and line breaks say something
PROVED = ("value_split", "cell_split", "row_shifted")  # of numbers only: the product proves them
SURE_SHARE, SURE_COUNT = 0.5, 3  # see _ask_about_suspects
WIDE = ("row_width", "cell_odd")  # both of a row: its cells may stand one too far to the right
MOVED = ("row_shifted", "text_joined", "line_rejoined", "beside_scrap")
_FIRST_WORD = re.compile(r"((?:(?:Ej|Inte|Delvis|Ännu|Helt) )?[^\W\d_]{3,})[ :–-]+(?=[A-ZÅÄÖ])")


@dataclass
class Tidy:
    """What one export gave: rows as dicts with the columns of schema.py, less those of the source."""

    part: Part
    notes: Notes
    risks: list[dict] = field(default_factory=list)
    activities: list[dict] = field(default_factory=list)
    labels: list[tuple[str, str, bool]] = field(default_factory=list)  # axis, as printed, agrees
    printed_rows: int = 0


def tidy(part: Part) -> Tidy:
    """Return the tidy rows of one export's tables, with the account of what was done."""
    notes = Notes()
    rows = read_rows(part, notes)
    tables = Tidy(part, notes, printed_rows=len(rows) + len(notes.unread))
    maker = _Maker(tables, rows)
    for row in rows:
        maker.add(row)
    maker.finish(rows)
    return tables


class _Maker:
    """Makes risks and activities row by row, since a row may go on with what stands above it."""

    def __init__(self, tables: Tidy, rows: list[Row]) -> None:
        self.tables, self.notes = tables, tables.notes
        self.layout, self.vocab = tables.part.layout, tables.part.vocab
        self.cells = Cells(self.vocab)
        texts = [row.texts[name] for row in rows for name in OF_PEOPLE if name in row.texts]
        self.people = People(texts, self.vocab)
        self.american = months_are_first([row.texts.get("due_date", "") for row in rows])
        self.clears = {"board": [*self.layout.fill_down], "period": [], **self.layout.fill_down}
        self.grouped = "event" in self.layout.fill_down
        odd = {("cell_odd", name) for name in self.clears}
        account, unread = self.notes.account, self.notes.unread
        self.moved = {x.row for x in account if x.rule in MOVED or (x.rule, x.column) in odd}
        self.moved |= {left.row for left in unread if left.row and CELL not in left.reason}
        wide, odd_cells = ({x.row for x in account if x.rule == rule} for rule in WIDE)
        self.moved |= wide & odd_cells  # a text may have been cut in two
        self.proofs: dict[int, str] = {}
        self.suspects: dict[str, list[dict]] = defaultdict(list)
        self.groups: dict[str, tuple[str, Row]] = {}  # field → its text, and the row of it
        self._begin(0)

    def add(self, row: Row) -> None:
        """Make what one printed row gives."""
        if row.table != self.table:
            self._begin(row.table)
        self._repair(row)
        if row.kind == "rest":
            self._join(row)
        elif row.kind == "group":
            self._set_groups(row)
        elif row.kind != "nothing":
            self._add_activities(row, self._risk_of(row))

    def finish(self, rows: list[Row]) -> None:
        """Say what is still open once the last row is read."""
        for row in rows:
            if row.kind == "group":
                self.notes.leave(row.number, row.printed, "gruppraden har inga rader under sig")
        self._ask_about_suspects()
        self.notes.account[:] = [
            entry._replace(proof=self.proofs.get(entry.row, ""))
            if entry.rule in PROVED and entry.column in SCORES
            else entry
            for entry in self.notes.account
        ]

    def _begin(self, table: int) -> None:
        """Begin a table: nothing runs into it from the one above."""
        self.groups_before, self.table, self.groups, self.known = self.groups, table, {}, {}
        self.changed: dict[str, int] = {}  # group → the row where it was last printed or cleared
        self.source, self.columns = self.tables.part.tables[table]
        self.fields = frozenset(self.columns.fields)
        first = min((line.number for line in self.source.lines), default=0)
        self.unsure = {number for number in self.moved if number >= first}
        self.risk: dict | None = None
        self.above: dict[str, dict] = {}  # field → the tidy row above that has it

    # -- texts -----------------------------------------------------------------------------

    def _repair(self, row: Row) -> None:
        """Read codes in a row's texts, and take away what is printed twice or says that it goes on."""
        for name, cell in row.cells.items():
            read = unescape(cell)
            if read != cell:
                self.notes.add(row.number, name, "escape_read", *map(clean_space, (cell, read)))
            if name in AS_PRINTED:
                row.texts[name] = read
                continue
            text = row.texts[name] if read == cell else clean_space(read)
            text = text if name in AXES else self._once(text, row.number, name)
            row.texts[name] = self._begun(text, row.number, name)

    def _once(self, text: str, number: int, name: str) -> str:
        once = undouble(text)
        if once != text:
            self.notes.add(number, name, "text_doubled", text, once)
        return once

    def _begun(self, text: str, number: int, name: str) -> str:
        """Return a text without the words that say that it goes on from the page above."""
        begun = self.cells.known.continued.sub("", text) or text
        if begun == text:
            return text
        above, row = self.groups.get(name) or self.groups_before.get(name, ("", None))
        proof = f"rad {row.number}" if fold(above) == fold(begun) else ""
        self.notes.add(number, name, "continued_mark", text, begun, proof)
        return begun

    def _join(self, row: Row) -> None:
        """Join the rest of long cells to the row above."""
        for name, printed in row.texts.items():
            text, last = clean_space(printed), self.above.get("activity")
            target = last if name in RUNS_ON else self.above.get(name) or last
            if target is None:
                self.notes.leave(row.number, [text], "det finns ingen rad att fortsätta")
                continue
            if name == "responsible":
                target[name] += self._people(row, printed)[0]
            else:
                target[name] = f"{target[name]} {text}" if target[name] else printed
            for activity in self.tables.activities if name in TO_ACTIVITY else ():
                if activity["risk"] is target:  # it carries the risk's text with it
                    activity[name] = target[name]
            rule = "row_joined" if name in RUNS_ON else "text_joined"
            self.notes.add(row.number, name, rule, text, "", f"rad {target['source_row']}")

    # -- groups printed once -----------------------------------------------------------------

    def _fill_down(self, row: Row) -> dict[str, str]:
        """Return a row's texts with its blank groups filled from headings, sheets and rows above."""
        self._set_groups(row)
        texts = {**{name: given.text for name, given in row.given.items()}, **row.texts}
        for name, given in row.given.items():
            if name not in row.texts:
                self.notes.add(row.number, name, "from_heading", "", given.text, given.proof)
        if self.source.has_merges:
            return texts
        for name, (text, above) in self.groups.items():
            if name not in texts:
                texts[name] = text
                self.notes.add(row.number, name, "filled_down", "", text, f"rad {above.number}")
                if above.kind == "group":
                    above.kind = "heading"  # of some row below
                    self.notes.add(above.number, "", "heading", join(above.printed))
        self._ask_about_groups(row, texts)
        return texts

    def _ask_about_groups(self, row: Row, texts: dict[str, str]) -> None:
        """Ask about a blank group below a row that may have begun another, or beside its outer one."""
        for name in self.clears:
            if name in row.texts or name in row.given or name not in self.fields:
                continue
            again = name in texts and any(name in self.clears.get(g, ()) for g in row.texts)
            since = self.changed.get(name, 0)
            if again or any(since <= number < row.number for number in self.unsure):
                self.notes.add(row.number, name, "group_unsure", texts.get(name, ""))

    def _set_groups(self, row: Row) -> None:
        """Keep the groups that a row or its headings print; a new one clears those within it."""
        said = {name: given.text for name, given in row.given.items()}
        for name in self.clears:
            text = row.texts.get(name) or said.get(name)
            if text and self.groups.get(name, ("",))[0] != text:
                for cleared in self.clears[name]:
                    self.groups.pop(cleared, None)
                    self.changed[cleared] = row.number
        for name in self.clears:
            if name in row.texts:
                self.groups[name] = (row.texts[name], row)
                self.changed[name] = row.number

    # -- risks -----------------------------------------------------------------------------

    def _risk_of(self, row: Row) -> dict | None:
        """Return the risk that a row is or belongs to, made if it is new.

        Where the event is printed once per group, the same texts are the same risk; elsewhere each
        row that prints anything of a risk is a risk of its own, and a row that doesn't goes on.
        """
        if row.kind == "same_risk" and self.risk is not None:
            texts = [text for name, text in row.texts.items() if name not in OF_ACTIVITY]
            proof = join(row.texts[name] for name in AXES if name in row.texts)
            self.notes.add(row.number, "event", "same_risk", join(texts), "", proof)
            return self.risk
        if row.kind == "goes_on" and not self.grouped and self.risk is not None:
            return self.risk
        texts = self._fill_down(row)
        key = tuple(texts.get(name) for name in (*OF_RISK, *WHERE))
        if not self.grouped or key not in self.known:
            self.known[key] = self._make_risk(row, texts)
        self.risk = self.known[key]
        return self.risk

    def _make_risk(self, row: Row, texts: dict[str, str]) -> dict:
        code, goal = read_goal(texts["goal"]) if "goal" in texts else (None, None)
        value, level = self._value(row, "risk_value", texts)
        after, _ = self._value(row, "risk_value_after", texts)
        risk = {
            **{name: texts.get(name) for name in (*WHERE, *OF_RISK[1:])},
            "goal_code": code, "goal": goal,
            **{axis: self._step(row, axis, texts) for axis in SCALED},
            "risk_value": value, "risk_value_after": after,
            "level": texts.get("level") or level or None,
            "decision": self._code(row, "decision", texts.get("decision")),
            "responsible": self._people(row, texts["risk_owner"])[0] if "risk_owner" in texts else None,
            "source_row": row.number, "table": row.table,
        }  # fmt: skip
        self._check_product(row, risk)
        if not (self.grouped and risk["event"] is None):
            self.tables.risks.append(risk)
        self.above.update(dict.fromkeys(OF_RISK, risk))
        return risk

    def _step(self, row: Row, name: str, texts: dict[str, str]) -> int | None:
        if name not in texts:
            return None
        step, agrees = self.cells.step(texts[name], name)
        self.tables.labels.append((name.removesuffix("_after"), texts[name], agrees))
        if step is None:
            self.notes.leave(row.number, [texts[name]], f"{CELL} {heading(name)}")
        elif not agrees:
            self.notes.add(row.number, name, "label_kept", texts[name], str(step))
        return step

    def _value(self, row: Row, name: str, texts: dict[str, str]) -> tuple[int | None, str | None]:
        if name not in texts:
            return None, None
        value, level = self.cells.value(texts[name])
        if value is None:
            self.notes.leave(row.number, [texts[name]], f"{CELL} {heading(name)}")
        if level is None:
            axes = (name.replace("risk_value", axis) for axis in AXES)
            one, other = (self.cells.step(texts.get(axis, ""), axis)[0] or 0 for axis in axes)
            if one * other != value:
                self.notes.add(row.number, name, "word_added", texts[name], str(value))
        return value, level

    def _code(self, row: Row, name: str, text: str | None) -> str | None:
        """Return the code of a decision or status; what nobody knows, or what is added, is asked about."""
        if not text:
            return None
        code, added = self.cells.coded(text, LISTS[name])
        if code is None:
            self.notes.add(row.number, name, "unknown_word", text)
        elif added:
            settled = self.cells.is_settled(code, LISTS[name], added)
            self.notes.add(row.number, name, "date_added" if settled else "word_added", text, added)
        return code

    def _check_product(self, row: Row, risk: dict) -> None:
        """Compute a value that is not printed; keep the product as the row's proof where it holds."""
        if risk["likelihood"] is None or risk["consequence"] is None:
            return
        product = risk["likelihood"] * risk["consequence"]
        proof = f"{risk['likelihood']}×{risk['consequence']}={product}"
        if risk["risk_value"] is None and self.layout.value == "product":
            risk["risk_value"] = product
            self.notes.add(row.number, "risk_value", "value_computed", "", str(product), proof)
        elif risk["risk_value"] == product:
            self.proofs[row.number] = proof

    # -- activities ----------------------------------------------------------------------

    def _add_activities(self, row: Row, risk: dict | None) -> None:
        texts = row.texts
        if "activity" not in texts:
            for name in [name for name in texts if name in OF_ACTIVITY]:
                self.notes.add(row.number, name, "cell_kept", clean_space(texts[name]))
            return
        outcome = self._code(row, "outcome", texts.get("outcome"))
        people, due = self._people(row, texts.get("responsible", ""))
        if "due_date" in texts:
            due, rule = self.cells.due_date(texts["due_date"], american=self.american)
            if rule:
                self.notes.add(row.number, "due_date", rule, texts["due_date"], due or "")
        for part in self._split_activities(row, texts["activity"]):
            mark, text = self._mark(row, part)
            activity = {
                **{name: (risk or {}).get(name) for name in TO_ACTIVITY},
                **{name: texts.get(name) for name in ("description", "comment")},
                "activity": self._once(text, row.number, "activity") or None,
                "status": self._status(row, mark, outcome),
                "mark": mark or texts.get("outcome") or None,
                "outcome": outcome, "due_date": due, "responsible": [*people],
                "risk": risk, "source_row": row.number, "table": row.table,
            }  # fmt: skip
            suspect = _FIRST_WORD.match(activity["activity"] or "")  # where a status should stand
            if suspect and self.columns.expects_status and not mark and not part[:1].isspace():
                self.suspects[suspect[1]].append(activity)
            self.tables.activities.append(activity)
            self.above.update(dict.fromkeys(("activity", *RUNS_ON), activity))

    def _split_activities(self, row: Row, cell: str) -> list[str]:
        """Return the activities in a cell: a new one begins at each mark inside it."""
        begin = (found.start() for found in self.cells.known.starts.finditer(cell))
        cuts = [0, *[at for at in begin if cell[:at].strip()], len(cell)]
        parts = [cell[a:b].rstrip() for a, b in pairwise(cuts)]
        if len(parts) > 1:
            after = join(map(clean_space, parts))
            self.notes.add(row.number, "activity", "activities_split", clean_space(cell), after)
        return parts

    def _mark(self, row: Row, part: str) -> tuple[str, str]:
        """Return an activity's mark and its text; a Status column counts before a mark in the text."""
        mark, text = self.cells.mark(clean_space(part))
        if "status" not in self.fields:
            return mark, text
        printed, bullet = row.texts.get("status", ""), self.cells.status(mark) == "unknown"
        if not printed or bullet:
            return printed or ("" if bullet else mark), text
        if self.cells.status(mark) != self.cells.coded(printed, "statuses")[0]:
            self.notes.add(row.number, "status", "statuses_differ", mark, printed)
        return printed, text

    def _status(self, row: Row, mark: str, outcome: str | None) -> str:
        if outcome and not mark:  # what a control showed says that it was made, or not
            counts = self.vocab.counts("outcomes").get(outcome)
            return {"not_made": "not_started", None: "unknown"}.get(counts, "finished")
        status = self.cells.status(mark)
        if status is None and is_glyph(mark[:1], self.vocab):
            self.notes.add(row.number, "mark", "unknown_word", mark)
        elif status is None:
            status = self._code(row, "status", mark)
        return "unknown" if status in (None, "none") else status

    def _people(self, row: Row, text: str) -> tuple[list[str], str | None]:
        """Return the people that a cell names, and a date that stands behind them."""
        told = self.people.read(text)
        for rule, beside in told.beside:
            self.notes.add(row.number, "responsible", rule, clean_space(text), beside)
        return told.names, read_date(told.date) or None

    def _ask_about_suspects(self) -> None:
        """Ask about words that stand as statuses do, unless marks seem to have been lost.

        They have where few activities have a known mark, some have nothing that could be a status,
        and the word itself does not recur.
        """
        activities = self.tables.activities
        told = sum(activity["mark"] is not None for activity in activities)
        suspected = sum(map(len, self.suspects.values()))
        sure = told >= SURE_SHARE * len(activities) or told + suspected == len(activities)
        for word, marked in self.suspects.items():
            for activity in marked if sure or len(marked) >= SURE_COUNT else ():
                activity["mark"] = word
                activity["activity"] = activity["activity"][len(word) :].lstrip(" :–-")
                self.notes.add(activity["source_row"], "status", "unknown_word", word)
