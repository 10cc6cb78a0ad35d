"""Rows of fields → tidy risks and activities, in small steps that each mend one fault and note it."""

import hashlib
import re
from dataclasses import dataclass, field

from riskdata.errors import VocabularyError
from riskdata.exports.cells import Sight, is_glyph, read_goal, read_people
from riskdata.exports.layouts import Layout, find_headers, require_layout, with_own_words
from riskdata.exports.mending import mend_rows, undouble_noted
from riskdata.exports.rows import CONTINUED, Notes, Row, check_some, find_titles, join, read_rows
from riskdata.readers.grid import Grid
from riskdata.words.spelling import clean_space, fold
from riskdata.words.vocabulary import Vocabulary, unknown_words

OF_RISK = ("goal", "indicator", "process", "way_of_working", "event")
NO_RISK = dict.fromkeys(("goal_code", "indicator", "process", "event"))  # columns of both tables
OF_ACTIVITY = {"description", "comment", "responsible", "status"}
UNKNOWN = {
    "likelihood": ("Sannolikhet", "scales"),
    "consequence": ("Konsekvens", "scales"),
    "risk_value": ("Riskvärde", "scales"),
    "decision": ("Hantering av risk", "decisions"),
    "status": ("Status", "statuses"),
    "mark": ("Märke", "marks"),
}
PROVED = ("value_split", "cell_split", "row_shifted")  # mends that the row's product can prove
SURE_SHARE, SURE_COUNT = 0.5, 3  # see _ask_about_suspects


@dataclass
class Tidy:
    """What one file gave: rows as dicts with the columns of schema.py, less those of the source."""

    layout: Layout
    risks: list[dict] = field(default_factory=list)
    activities: list[dict] = field(default_factory=list)
    account: list[tuple] = field(default_factory=list)
    unread: list[tuple] = field(default_factory=list)
    labels: list[tuple[str, str, bool]] = field(default_factory=list)  # axis, as printed, agrees
    printed_rows: int = 0
    titles: list[str] = field(default_factory=list)


def tidy(grids: list[Grid], vocab: Vocabulary) -> Tidy:
    """Return the tidy rows of one file's grids, with the account of what was done.

    Raises LayoutError when no table is recognised, VocabularyError when a word is not known.
    """
    headers = [find_headers(grid, vocab) for grid in grids]
    layout = require_layout(grids, headers, vocab)
    own, notes = with_own_words(vocab, layout), Notes()
    rows = read_rows(grids, headers, layout, own, notes)
    check_some(rows, notes)
    made = _Maker(layout, own, notes)
    for row in mend_rows(rows, notes):
        made.add(row)
    made.finish()
    return Tidy(
        layout, made.risks, made.activities, notes.account, notes.unread, made.labels,
        printed_rows=len(rows) + len(notes.unread),
        titles=[t for g, h in zip(grids, headers, strict=True) for t in find_titles(g, h, vocab)],
    )  # fmt: skip


class _Maker:
    """Makes risks and activities row by row, since a row may go on with what stands above it."""

    def __init__(self, layout: Layout, vocab: Vocabulary, notes: Notes) -> None:
        self.layout, self.vocab, self.notes = layout, vocab, notes
        self.sight = Sight(vocab)
        self.own = layout.starts_risk | layout.anchors | {"activity"}  # what begins a row of data
        self.risks: list[dict] = []
        self.activities: list[dict] = []
        self.groups: dict[str, tuple[str, int, str]] = {}  # the text, its row, that row as proof
        self.waiting: dict[int, Row] = {}  # rows with groups only, until a row below is filled
        self.known: dict[tuple, dict] = {}
        self.proofs: dict[int, str] = {}
        self.suspects: dict[str, list[int]] = {}
        self.labels: list[tuple[str, str, bool]] = []

    def add(self, row: Row) -> None:
        """Make what one printed row gives."""
        texts = row.texts
        if self.own.isdisjoint(texts) or (len(texts) == 1 and "activity" not in texts):
            self._add_partial(row)
        else:
            self._add_activities(row, self._find_risk(row))

    def finish(self) -> None:
        """Say what is still open once the last row is read."""
        for row in self.waiting.values():
            self.notes.leave(row.number, row.printed(), "gruppraden har inga rader under sig")
        self._ask_about_suspects()
        _stop_at_unknown(self.notes, self.vocab)
        self.notes.account[:] = [
            self._prove(entry) if entry[2] in PROVED else entry for entry in self.notes.account
        ]

    # -- rows that are no whole row of data ------------------------------------------------

    def _add_partial(self, row: Row) -> None:
        """Join the tail of a long cell to the row above, keep a heading of a group, leave the rest."""
        if not row.texts:  # only columns that no table has a place for, which the account has kept
            return
        if CONTINUED.issuperset(row.texts) and self.activities:
            self._join(row)
        elif self.layout.fill_down.keys() >= row.texts.keys() and self._is_heading(row):
            self._set_groups(row)
            self.waiting[row.number] = row
        else:
            reason = "raden har varken bedömd risk eller aktivitet"
            self.notes.leave(row.number, row.printed(), reason)

    def _is_heading(self, row: Row) -> bool:
        """One text at the left edge may be anything; a group's heading is numbered or indented."""
        texts = row.texts.values()
        return len(texts) > 1 or row.indented or read_goal(*texts)[0] is not None

    def _join(self, row: Row) -> None:
        last = self.activities[-1]
        for name, text in row.texts.items():
            if name == "responsible":
                last[name] = last[name] + read_people(text)
            else:
                last[name] = f"{last[name]} {text}" if last[name] else text
            self.notes.add(row.number, name, "row_joined", text, "", f"rad {last['source_row']}")

    # -- groups printed once -----------------------------------------------------------------

    def _fill_down(self, row: Row) -> dict[str, str]:
        """Return a row's texts with its blank groups filled from above."""
        if row.merged:
            return row.texts
        self._set_groups(row)
        texts = row.texts.copy()
        for name, (text, above, proof) in self.groups.items():
            if name not in texts:
                texts[name] = text
                self.notes.add(row.number, name, "filled_down", "", text, proof)
                self.waiting.pop(above, None)
        return texts

    def _set_groups(self, row: Row) -> None:
        printed = [name for name in self.layout.fill_down if name in row.texts]
        for name in printed:
            for cleared in self.layout.fill_down[name]:
                self.groups.pop(cleared, None)
        for name in printed:
            self.groups[name] = (row.texts[name], row.number, f"rad {row.number}")

    # -- risks ---------------------------------------------------------------------------

    def _find_risk(self, row: Row) -> dict | None:
        """Return the risk that a row is or belongs to, made if it is new.

        Where the event is printed once per group, the same texts are the same risk; elsewhere each
        row that prints anything of a risk is a risk of its own, and a row that doesn't goes on.
        """
        grouped = "event" in self.layout.fill_down
        if not grouped and self.layout.starts_risk.isdisjoint(row.texts):
            return self.risks[-1] if self.risks else None
        texts = self._fill_down(row)
        if not grouped:
            return self._make_risk(row, texts)
        key = tuple(texts.get(name) for name in OF_RISK)
        if key not in self.known:
            self.known[key] = self._make_risk(row, texts)
        return self.known[key]

    def _make_risk(self, row: Row, texts: dict[str, str]) -> dict:
        code, goal = read_goal(texts["goal"]) if "goal" in texts else (None, None)
        risk = {
            "goal_code": code,
            "goal": goal,
            "indicator": texts.get("indicator"),
            "process": texts.get("process"),
            "way_of_working": texts.get("way_of_working"),
            "event": texts.get("event"),
            "likelihood": self._step(row, "likelihood", texts),
            "consequence": self._step(row, "consequence", texts),
            "risk_value": self._value(row, texts),
            "decision": self._decision(row, texts),
            **dict.fromkeys(("level", "likelihood_after", "consequence_after", "risk_value_after")),
            "responsible": None,
            "source_row": row.number,
        }
        self._check_product(row, risk)
        if not ("event" in self.layout.fill_down and risk["event"] is None):
            self.risks.append(risk)
        return risk

    def _step(self, row: Row, axis: str, texts: dict[str, str]) -> int | None:
        if axis not in texts:
            return None
        step, agrees = self.sight.step(texts[axis], axis)
        self.labels.append((axis, texts[axis], agrees))
        if step is None:
            self.notes.ask(axis, texts[axis], row.number)
        elif not agrees:
            self.notes.add(row.number, axis, "label_kept", texts[axis], str(step))
        return step

    def _value(self, row: Row, texts: dict[str, str]) -> int | None:
        if "risk_value" not in texts:
            return None
        value = self.sight.value(texts["risk_value"])
        if value is None:
            self.notes.ask("risk_value", texts["risk_value"], row.number)
        return value

    def _decision(self, row: Row, texts: dict[str, str]) -> str | None:
        if "decision" not in texts:
            return None
        code = self.vocab.decisions.get(fold(texts["decision"]))
        if code is None:
            self.notes.ask("decision", texts["decision"], row.number)
        return code

    def _check_product(self, row: Row, risk: dict) -> None:
        """Compute a value that is not printed; keep the product as the row's proof where it holds."""
        if risk["likelihood"] is None or risk["consequence"] is None:
            return
        product = risk["likelihood"] * risk["consequence"]
        proof = f"{risk['likelihood']}×{risk['consequence']}={product}"
        if risk["risk_value"] is None:
            risk["risk_value"] = product
            self.notes.add(row.number, "risk_value", "value_computed", "", str(product), proof)
        elif risk["risk_value"] == product:
            self.proofs[row.number] = proof

    def _prove(self, entry: tuple) -> tuple:
        return entry if entry[-1] else (*entry[:-1], self.proofs.get(entry[0], ""))

    # -- activities ----------------------------------------------------------------------

    def _add_activities(self, row: Row, risk: dict | None) -> None:
        texts = row.texts
        if "activity" not in texts:
            for name in [name for name in texts if name in OF_ACTIVITY]:
                self.notes.add(row.number, name, "cell_kept", clean_space(texts[name]))
            return
        above = risk or NO_RISK
        for part in self._split_activities(row, texts["activity"]):
            mark, text = self.sight.mark(part if row.is_even() else clean_space(part))
            if row.expects_status and not mark and not part[:1].isspace():
                self._suspect(row, text)
            mark = mark or texts.get("status", "")
            self.activities.append({
                "goal_code": above["goal_code"],
                "indicator": above["indicator"],
                "process": above["process"],
                "event": above["event"],
                "description": texts.get("description"),
                "comment": texts.get("comment"),
                "activity": undouble_noted(text, row.number, "activity", self.notes) or None,
                "status": self._status(row, mark),
                "mark": mark or None,
                "outcome": None,
                "due_date": None,
                "responsible": read_people(texts.get("responsible", "")),
                "risk": risk,
                "source_row": row.number,
            })  # fmt: skip

    def _split_activities(self, row: Row, cell: str) -> list[str]:
        """Return the activities in a cell: a new one begins at each mark inside it."""
        starts = self.sight.starts(cell)
        if not starts:
            return [cell.rstrip()]
        cuts = [0, *[s for s in starts if cell[:s].strip()], len(cell)]
        parts = [cell[a:b].rstrip() for a, b in zip(cuts, cuts[1:], strict=False)]
        if len(parts) > 1:
            self.notes.add(
                row.number,
                "activity",
                "activities_split",
                clean_space(cell),
                join(map(clean_space, parts)),
            )
        return parts

    def _status(self, row: Row, mark: str) -> str:
        status = self.sight.status(mark)
        if status is None:
            self.notes.ask("mark" if is_glyph(mark[:1], self.vocab) else "status", mark, row.number)
        return status or "unknown"

    def _suspect(self, row: Row, text: str) -> None:
        """Keep in mind a first word before a capital: it stands where a status should stand."""
        word = _FIRST_WORD.match(text)
        if word:
            self.suspects.setdefault(word[1], []).append(row.number)

    def _ask_about_suspects(self) -> None:
        """Ask about words that stand as statuses do, unless marks seem to have been lost.

        They have where few activities have a known mark, some have nothing that could be a status,
        and the word itself does not recur.
        """
        told = sum(activity["mark"] is not None for activity in self.activities)
        suspected = sum(map(len, self.suspects.values()))
        sure = told >= SURE_SHARE * len(self.activities) or told + suspected == len(self.activities)
        for word, rows in self.suspects.items():
            if sure or len(rows) >= SURE_COUNT:
                for number in rows:
                    self.notes.ask("status", word, number)


_FIRST_WORD = re.compile(r"((?:(?:Ej|Inte|Delvis|Ännu|Helt) )?[^\W\d_]{3,})[ :–-]+(?=[A-ZÅÄÖ])")


def _stop_at_unknown(notes: Notes, vocab: Vocabulary) -> None:
    if notes.unknown:
        messages = [
            str(unknown_words(*UNKNOWN[name], found, vocab))
            for name, found in notes.unknown.items()
        ]
        raise VocabularyError("\n".join(messages))


def make_id(period: str, *texts: str | None) -> str:
    """Return a short name for a risk or an activity that the same texts always give again.

    >>> make_id("2025-VB", "Socialnämnden", "Brandskydd") == make_id("2025-VB", "Socialnämnden", "Brandskydd")
    True
    """
    digest = hashlib.sha256("\x1f".join([text or "" for text in texts]).encode()).hexdigest()
    return f"{period}-{digest[:12]}"
