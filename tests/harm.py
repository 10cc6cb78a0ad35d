"""Harms right exports in everyday ways, and tells whether each difference from the truth is pointed at.

A `Sheet` is an export as lines of cells, each line with the risk or activity that it prints. A harm
changes a sheet (and, where the harm itself destroys a fact, its truth); `judge` reads the sheet back.
"""

import copy
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from riskdata.analysis.checks import UNCERTAIN
from riskdata.exports.export import Export, read_export_file
from riskdata.words.vocabulary import Vocabulary

RISK = ("goal", "process", "way_of_working", "event", "likelihood", "consequence", "risk_value")
RISK += ("decision",)
ACTIVITY = ("event", "activity", "status", "description", "comment", "responsible")
GROUPS = ("goal", "indicator", "process", "way_of_working")
BOARD, PERIOD = "Provnämnden", "2025-VB"
LIKELIHOOD = ("Osannolikt", "Mindre sannolikt", "Möjlig", "Sannolikt", "Mycket sannolikt")
CONSEQUENCE = ("Försumbar", "Lindrig", "Kännbar", "Allvarlig", "Mycket allvarlig")
DECISION = {
    "control_plan": "Hantera, med till internkontrollplan",
    "risk_analysis": "Med till väsentlighets- och riskanalysen",
    "accept": "Acceptera",
}
STATUS = {"finished": "Avslutad", "ongoing": "Pågående", "not_started": "Ej påbörjad"}
GLYPH = {"finished": "✓", "ongoing": "▶", "recurring": "🔄"}
HEADING = {
    "goal": "KF:s mål", "indicator": "Indikator", "process": "Process", "way_of_working": "Arbetssätt",
    "event": "Oönskad händelse", "likelihood": "Sannolikhet", "consequence": "Konsekvens",
    "risk_value": "Riskvärde", "decision": "Hantera risk", "activity": "Åtgärd", "status": "Status",
    "both": "Status/Åtgärd", "description": "Beskrivning", "comment": "Senaste kommentaren",
    "responsible": "Ansvarig",
}  # fmt: skip
LAYOUTS = {
    "register": ("goal", "process", "way_of_working", "event", "likelihood", "consequence",
                 "risk_value", "decision", "both", "description", "responsible"),
    "plain register": ("process", "event", "likelihood", "consequence", "risk_value", "decision",
                       "activity", "status", "responsible"),
    "scores last": ("goal", "process", "event", "both", "responsible", "decision", "likelihood",
                    "consequence", "risk_value"),
    "follow-up": ("process", "event", "both", "comment", "responsible"),
    "follow-up with status": ("process", "event", "activity", "status", "comment", "responsible"),
    "control plan": ("process", "event", "risk_value", "activity", "description", "responsible"),
    "own words": ("process", "event", "likelihood", "consequence", "risk_value", "activity",
                  "responsible", "status", "comment"),
}  # fmt: skip
OWN_WORDS = {  # of a board that no layout knows: what its columns are is partly guessed
    "process": "Verksamhetsområde", "event": "Vad kan hända?", "likelihood": "Trolighet",
    "consequence": "Allvarlighetsgrad", "risk_value": "Riskpoäng", "activity": "Planerad åtgärd",
    "responsible": "Vem ansvarar?", "status": "Läge", "comment": "Notering",
}  # fmt: skip
THINGS = ("Rutinen för larm", "Avtalet om tolk", "Registret över nycklar", "Schemat för jour")
THINGS += (
    "Planen för brand",
    "Listan över behörigheter",
    "Underlaget för fakturor",
    "Mallen för beslut",
)
FAULTS = ("är inte känd", "följs inte av alla", "kommer bort vid byte av chef", "granskas för sent")
DEEDS = ("Se över", "Ta fram anvisning om", "Följ upp", "Gå igenom")
COMMENTS = ("Arbetet är klart på alla enheter.", "Det återstår att utbilda två grupper.")
ROLES = ("Ekonomichef", "Enhetschef", "Kansliet", "HR-chef", "Upphandlare", "Rektor")
NAMES = ("Maja Lindqvist", "Omar Haddad", "Elin Åkerlund", "Per Öberg", "Leyla Nyman", "Aino Ström")


@dataclass
class Line:
    """One printed line; owner: the truth's row that it prints, None for what is no data."""

    owner: int | None
    cells: list[str]
    header: bool = False


@dataclass
class Sheet:
    """An export and its truth: of each row its risk and activities, as dicts of tidy fields."""

    layout: str
    columns: list[str]
    lines: list[Line]
    truth: list[dict]
    harmed: set[str] = field(default_factory=set)  # fields of a harmed column
    delimiter: str = "\t"
    name: str = f"{PERIOD} {BOARD} - export.txt"

    def at(self, column: str) -> int:
        """Return where a column stands; -1 where there is none."""
        return self.columns.index(column) if column in self.columns else -1

    def data(self) -> list[int]:
        """Return the positions of the lines of data."""
        return [n for n, line in enumerate(self.lines) if line.owner is not None]

    def text(self) -> str:
        """Return the file's text."""
        return "\n".join(self.delimiter.join(line.cells) for line in self.lines)


def make(layout: str, rng: Random, *, rows: int = 12) -> Sheet:
    """Return a right export of a layout, with a truth of its own."""
    columns, steps = list(LAYOUTS[layout]), rng.choice((0, 1, 2))
    words, people = (OWN_WORDS, ROLES) if layout == "own words" else (HEADING, NAMES)
    header = [
        "Kontrollmoment" if layout == "control plan" and c == "activity" else
        "Kontrollmetod" if layout == "control plan" and c == "description" else words[c]
        for c in columns
    ]  # fmt: skip
    lines, truth = [Line(None, header, header=True)], []
    marks = GLYPH if layout == "follow-up" else STATUS
    numbered = rng.random() < 0.7
    last: dict[str, str] = {}
    for n in range(rows):
        s, k = rng.randint(1, 5), rng.randint(1, 5)
        thing = f"{rng.choice(THINGS)} {rng.randint(10, 999)}"
        told = {
            "goal": f"Alla i kommunen har det bra {n // 6}", "process": f"Process nummer {n // 3} i drift",
            "way_of_working": f"Arbetet sker enligt rutin {n // 2}.",
            "event": f"{thing} {rng.choice(FAULTS)}", "likelihood": s, "consequence": k,
            "risk_value": s * k, "decision": rng.choice(list(DECISION)),
        }  # fmt: skip
        done = {
            "activity": f"{rng.choice(DEEDS)} {thing.lower()}", "status": rng.choice(list(marks)),
            "description": rng.choice((None, f"Chefen går igenom {thing.lower()}. Det redovisas.")),
            "comment": rng.choice(COMMENTS), "responsible": [rng.choice(people)],
        }  # fmt: skip
        printed = {
            **told, **done,
            "goal": f"1.{n // 6 + 1} {told['goal']}" if numbered else told["goal"],
            "likelihood": (f"{s}.{LIKELIHOOD[s - 1]}", f"{s} - {LIKELIHOOD[s - 1]}", str(s))[steps],
            "consequence": (f"{k}.{CONSEQUENCE[k - 1]}", f"{k} - {CONSEQUENCE[k - 1]}", str(k))[steps],
            "risk_value": str(s * k), "decision": DECISION[told["decision"]],
            "status": marks[done["status"]], "both": f"{marks[done['status']]} {done['activity']}",
            "description": done["description"] or "", "responsible": ", ".join(done["responsible"]),
        }  # fmt: skip
        once = {g: printed[g] for g in GROUPS if g in columns and last.get(g) == printed[g]}
        for group in ("goal", "process", "way_of_working"):
            if group not in once:
                break
            printed[group] = ""
        last.update({g: once.get(g) or printed.get(g, "") for g in GROUPS if g in columns})
        has = set(columns) | ({"activity", "status"} if "both" in columns else set())
        if layout == "control plan":
            has.discard("status")
        risk = {f: (told[f] if f in has else None) for f in RISK}
        activity = {f: ({**told, **done}[f] if f in has else None) for f in ACTIVITY}
        activity["status"] = activity["status"] or "unknown"
        activity["responsible"] = activity["responsible"] or []
        truth.append({"risk": risk, "activities": [activity]})
        lines.append(Line(n, [printed[c] for c in columns]))
    return Sheet(layout, columns, lines, truth)


# -- reading back -----------------------------------------------------------------------------------


@dataclass
class Verdict:
    """What came of reading: right, pointed (all differences pointed at), refused or silent; and why."""

    outcome: str
    faults: list[str] = field(default_factory=list)
    noise: int = 0  # rows pointed at without cause


def judge(sheet: Sheet, vocab: Vocabulary) -> Verdict:
    """Read a sheet and compare it with its truth."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / sheet.name
        path.write_text(sheet.text(), encoding="utf-8")
        exports = read_export_file(path, sheet.name, vocab)
    if problems := [e.source["problem"] for e in exports if e.source.get("problem")]:
        return Verdict("refused", problems)
    return compare(sheet, exports)


def told_rows(exports: list[Export]) -> tuple[set[int], bool]:
    """Return the rows that are unread or have a finding of how they were read, and if the file has one.

    The findings are those of ``analysis.checks``, told here without its tables, which take longer.
    """
    told: set[int | None] = set()
    for e in exports:
        told |= {left.row for left in e.unread}
        told |= {x.row for x in e.account if x.rule in UNCERTAIN or x.rule == "label_kept"}
        has_one = {activity["risk_id"] for activity in e.activities}
        named = any(activity["responsible"] for activity in e.activities)
        events = any(risk["event"] for risk in e.risks)
        for risk in e.risks:
            steps = risk["likelihood"], risk["consequence"]
            wrong = (
                None not in (*steps, risk["risk_value"])
                and steps[0] * steps[1] != risk["risk_value"]
            )
            odd = any(step and step > 5 for step in steps)
            bare = e.activities and risk["risk_id"] not in has_one
            if wrong or odd or bare or events and not risk["event"]:
                told.add(risk["source_row"])
        told |= {a["source_row"] for a in e.activities if named and not a["responsible"]}
        texts = Counter((r["event"], r["process"], r["goal"]) for r in e.risks)
        told |= {r["source_row"] for r in e.risks if texts[r["event"], r["process"], r["goal"]] > 1}
    return told - {None}, None in told


def compare(sheet: Sheet, exports: list[Export]) -> Verdict:
    """Compare what was read with a sheet's truth."""
    told, of_file = told_rows(exports)
    risks = [risk for e in exports for risk in e.risks]
    activities = [activity for e in exports for activity in e.activities]
    header = {n for n, line in enumerate(sheet.lines, 1) if line.header}
    of_file = of_file or bool(told & header)
    lines: dict[int, set[int]] = {}
    for number, line in enumerate(sheet.lines, 1):
        if line.owner is not None:
            lines.setdefault(line.owner, set()).add(number)
    faults, silent, seen = [], [], set()
    for owner, truth in enumerate(sheet.truth):
        rows = lines.get(owner, set())
        seen |= rows
        of_row = [[x for x in table if x["source_row"] in rows] for table in (risks, activities)]
        for fault, names in _differences(truth, *of_row, sheet):
            faults.append(f"rad {sorted(rows)}: {fault}")
            if not rows & told and not (of_file and names <= sheet.harmed):
                silent.append(faults[-1])
    for row in (*risks, *activities):
        if row["source_row"] not in seen:
            faults.append(f"rad {row['source_row']}: {row['event']} är ingen rad")
            if row["source_row"] not in told:
                silent.append(faults[-1])
    outcome = "silent" if silent else "pointed" if faults else "right"
    return Verdict(outcome, silent or faults, 0 if faults else len(told & seen))


def _differences(
    truth: dict, risks: list[dict], made: list[dict], sheet: Sheet
) -> list[tuple[str, set]]:
    out, wanted = [], truth["activities"]
    if sheet.layout != "follow-up" and "with status" not in sheet.layout and truth["risk"]:
        if len(risks) != 1:
            out.append((f"{len(risks)} risker", {"event"}))
        else:
            out += _fields(truth["risk"], risks[0], RISK)
    if len(made) != len(wanted):
        out.append((f"{len(made)} åtgärder, inte {len(wanted)}", {"activity", "both"}))
    else:
        for want, got in zip(wanted, made, strict=True):
            out += _fields(want, got, ACTIVITY)
    return out


def _fields(want: dict, got: dict, names: tuple[str, ...]) -> list[tuple[str, set]]:
    out = []
    for name in names:
        value = got[name]
        if value != want[name]:
            both = {name, "both"} if name in ("activity", "status") else {name}
            out.append((f"{name} {value!r}, inte {want[name]!r}", both))
    return out


# -- harms --------------------------------------------------------------------------------------------

Harm = Callable[
    [Sheet, int, Random], bool | None
]  # changes the line at a position; False where it cannot


def harmed(sheet: Sheet, name: str, at: int, rng: Random) -> Sheet | None:
    """Return a sheet with one harm done to the line at a position; None where it does not apply."""
    changed = copy.deepcopy(sheet)
    return changed if HARMS[name](changed, at, rng) is not False else None


def _set(sheet: Sheet, at: int, column: str, text: str) -> bool:
    n = sheet.at(column)
    if n < 0:
        return False
    sheet.lines[at].cells[n] = text
    return True


def _get(sheet: Sheet, at: int, column: str) -> str:
    n = sheet.at(column)
    return sheet.lines[at].cells[n] if n >= 0 else ""


def _truth(sheet: Sheet, at: int, name: str, value: object) -> None:
    truth = sheet.truth[sheet.lines[at].owner]
    if name in truth["risk"]:
        truth["risk"][name] = value
    for activity in truth["activities"]:
        if name in activity:
            activity[name] = value


def _insert(sheet: Sheet, at: int, cells: list[str], owner: int | None = None) -> None:
    width = len(sheet.columns)
    sheet.lines.insert(
        at, Line(owner, [*cells, *[""] * (width - len(cells))][: max(width, len(cells))])
    )


def _row_of(word: str, numbers: bool = True) -> Harm:
    def harm(sheet: Sheet, at: int, rng: Random) -> bool | None:
        cells = [""] * len(sheet.columns)
        cells[0] = word
        if numbers and sheet.at("risk_value") >= 0:
            cells[sheet.at("risk_value")] = str(rng.randint(20, 90))
        sheet.lines.insert(at + 1, Line(None, cells))

    return harm


def _single(text: str, *, last: bool = False, bare: bool = False) -> Harm:
    def harm(sheet: Sheet, at: int, rng: Random) -> bool | None:
        place = len(sheet.lines) if last else at + 1
        cells = [text] if bare else [text, *[""] * (len(sheet.columns) - 1)]
        sheet.lines.insert(place, Line(None, cells))

    return harm


def _header(change: Callable[[str, Random], str], *columns: str) -> Harm:
    def harm(sheet: Sheet, at: int, rng: Random) -> bool | None:
        there = [c for c in sheet.columns if not columns or c in columns]
        if not there:
            return False
        column = rng.choice(there)
        n = sheet.at(column)
        sheet.lines[0].cells[n] = change(sheet.lines[0].cells[n], rng)
        sheet.harmed |= {column, *(("activity", "status") if column == "both" else ())}
        if column in ("both", "activity", "event"):
            sheet.harmed |= {
                "event",
                "activity",
                "both",
                "status",
                "description",
                "comment",
                "responsible",
            }
        return None

    return harm


def _score(text: str, *columns: str, value: object = None) -> Harm:
    def harm(sheet: Sheet, at: int, rng: Random) -> bool | None:
        there = [c for c in columns if sheet.at(c) >= 0]
        if not there:
            return False
        column = rng.choice(there)
        _set(sheet, at, column, text)
        risk = sheet.truth[sheet.lines[at].owner]["risk"]
        if column in risk:
            if column == "risk_value" and risk["likelihood"] and risk["consequence"]:
                value_ = risk["likelihood"] * risk["consequence"]
                risk["risk_value"] = value_ if value is None else value
            else:
                risk[column] = value
                if not (risk["likelihood"] and risk["consequence"]) and sheet.at("risk_value") < 0:
                    risk["risk_value"] = None
        return None

    return harm


def _form(column: str, write: Callable[[int, str], str]) -> Harm:
    def harm(sheet: Sheet, at: int, rng: Random) -> bool | None:
        if sheet.at(column) < 0:
            return False
        value = sheet.truth[sheet.lines[at].owner]["risk"][column]
        labels = {"likelihood": LIKELIHOOD, "consequence": CONSEQUENCE}.get(column)
        _set(sheet, at, column, write(value, labels[value - 1] if labels else ""))
        return None

    return harm


def _status(behind: str) -> Harm:
    def harm(sheet: Sheet, at: int, rng: Random) -> bool | None:
        if sheet.at("status") < 0:
            return False
        _set(sheet, at, "status", _get(sheet, at, "status") + behind)
        return None

    return harm


def _word(column: str, text: str) -> Harm:
    def harm(sheet: Sheet, at: int, rng: Random) -> bool | None:
        if sheet.at(column) < 0:
            return False
        _set(sheet, at, column, text)
        _truth(sheet, at, column, "unknown" if column == "status" else None)
        return None

    return harm


def _drop_blank(sheet: Sheet, at: int, rng: Random) -> bool | None:
    cells = sheet.lines[at].cells
    blanks = [n for n, cell in enumerate(cells) if not cell]
    if not blanks:
        return False
    n = rng.choice(blanks)
    sheet.lines[at].cells = [*cells[:n], *cells[n + 1 :]]
    return None


def _drop_blank_padded(sheet: Sheet, at: int, rng: Random) -> bool | None:
    done = _drop_blank(sheet, at, rng)
    sheet.lines[at].cells.append("")
    return done


def _slide_right(sheet: Sheet, at: int, rng: Random) -> None:
    n = rng.randrange(len(sheet.columns))
    sheet.lines[at].cells.insert(n, "")


def _blank(column: str) -> Harm:
    def harm(sheet: Sheet, at: int, rng: Random) -> bool | None:
        if sheet.at(column) < 0 or not _get(sheet, at, column):
            return False
        _set(sheet, at, column, "")
        if column == "responsible":
            _truth(sheet, at, column, [])
        elif column == "both":
            sheet.truth[sheet.lines[at].owner]["activities"] = []
        elif column == "risk_value":
            pass
        else:
            _truth(sheet, at, column, None)
        if column in ("likelihood", "consequence") and sheet.at("risk_value") < 0:
            _truth(sheet, at, "risk_value", None)
        return None

    return harm


def _second_measure(form: str) -> Harm:
    def harm(sheet: Sheet, at: int, rng: Random) -> bool | None:
        owner = sheet.lines[at].owner
        truth = sheet.truth[owner]
        if not truth["activities"]:
            return False
        first = truth["activities"][0]
        new = {**first, "activity": f"Nytt moment {rng.randint(1, 99)} i arbetet",
               "status": "unknown" if sheet.layout == "control plan" else "ongoing",
               "responsible": [rng.choice(NAMES)] if sheet.at("responsible") >= 0 else [],
               "description": None, "comment": None}  # fmt: skip
        mark = (GLYPH if sheet.layout == "follow-up" else STATUS)["ongoing"]
        written = {"activity": new["activity"], "status": mark, "both": f"{mark} {new['activity']}",
                   "responsible": ", ".join(new["responsible"])}  # fmt: skip
        cells = [written.get(c, "") for c in sheet.columns]
        if form == "repeated":
            cells = [
                written.get(c) if c in written else "" if c in ("description", "comment")
                else sheet.lines[at].cells[n] for n, c in enumerate(sheet.columns)
            ]  # fmt: skip
        if form == "alone":
            cells = [written[c] if c in ("activity", "both") else "" for c in sheet.columns]
            new["responsible"] = []
            if sheet.at("both") < 0:
                new["status"] = "unknown"
        if form == "first":
            cells = [c for c in cells if c]
        if form == "scores" and sheet.at("likelihood") >= 0:
            for c in ("likelihood", "consequence", "risk_value"):
                cells[sheet.at(c)] = _get(sheet, at, c)
        sheet.lines.insert(at + 1, Line(len(sheet.truth), cells))
        risk = {} if form != "scores" or sheet.at("likelihood") < 0 else {}
        sheet.truth.append({"risk": risk, "activities": [new]})
        return None

    return harm


def _broken(sheet: Sheet, at: int, rng: Random) -> bool | None:
    line = sheet.lines[at]
    texts = [n for n, cell in enumerate(line.cells) if cell.count(" ") > 1]
    if not texts:
        return False
    n = rng.choice(texts)
    words = line.cells[n].split(" ")
    cut = rng.randrange(1, len(words))
    rest = [" ".join(words[cut:]), *line.cells[n + 1 :]]
    line.cells = [*line.cells[:n], " ".join(words[:cut])]
    sheet.lines.insert(at + 1, Line(line.owner, rest))
    return None


def _dashes(sheet: Sheet, at: int, rng: Random) -> bool | None:
    groups = [n for n, c in enumerate(sheet.columns) if c in GROUPS]
    blanks = [n for n, cell in enumerate(sheet.lines[at].cells) if not cell and n not in groups]
    for n in blanks:
        sheet.lines[at].cells[n] = rng.choice(("-", "–", "—"))
    return bool(blanks)


def _ditto(word: str) -> Harm:
    def harm(sheet: Sheet, at: int, rng: Random) -> bool | None:
        groups = [
            n for n, c in enumerate(sheet.columns) if c in GROUPS and not sheet.lines[at].cells[n]
        ]
        if not groups or at < 2:
            return False
        for n in groups:
            sheet.lines[at].cells[n] = word
        return None

    return harm


def _ditto_event(sheet: Sheet, at: int, rng: Random) -> bool | None:
    above = sheet.lines[at - 1].owner
    if above is None or at < 2:
        return False
    _set(sheet, at, "event", rng.choice(("dito", "”", "Dito")))
    _truth(sheet, at, "event", sheet.truth[above]["risk"]["event"])
    return None


def _continued(sheet: Sheet, at: int, rng: Random) -> bool | None:
    n = sheet.at("process")
    if n < 0 or sheet.lines[at].cells[n] or at < 2:
        return False
    text = next(
        x.cells[n] for x in reversed(sheet.lines[:at]) if x.owner is not None and x.cells[n]
    )
    sheet.lines[at].cells[n] = f"{text} (forts.)"
    return None


def _table_below(sheet: Sheet, at: int, rng: Random) -> None:
    kind = rng.randrange(3)
    sheet.lines.append(Line(None, [""]))
    steps = [[str(n), word, f"Sker sällan {n}"] for n, word in enumerate(LIKELIHOOD, 1)]
    rows = (
        [["Nivå", "Sannolikhet", "Förklaring"], *steps],
        [["Deltagare", "Roll"], ["Maja Lindqvist", "Ordförande"], ["Omar Haddad", "Sekreterare"]],
        [["Version", "Datum", "Ändring"], ["1", "2025-01-10", "Första versionen"]],
    )[kind]
    for row in rows:
        sheet.lines.append(Line(None, row))


def _extra_column(heading: str, text: Callable[[int, Random], str]) -> Harm:
    def harm(sheet: Sheet, at: int, rng: Random) -> None:
        n = rng.randrange(len(sheet.columns) + 1)
        for m, line in enumerate(sheet.lines):
            line.cells.insert(n, heading if line.header else text(m, rng))
        sheet.columns.insert(n, "extra")

    return harm


def _two_columns(column: str, heading: str, text: Callable[[str], str]) -> Harm:
    def harm(sheet: Sheet, at: int, rng: Random) -> bool | None:
        n = sheet.at(column)
        if n < 0:
            return False
        place = n if rng.random() < 0.4 else n + 1
        for line in sheet.lines:
            line.cells.insert(place, heading if line.header else text(line.cells[n]))
        sheet.columns.insert(place, "extra")
        sheet.harmed |= {column, *(("activity", "status") if column == "both" else ())}
        sheet.harmed |= {"description"} if column in ("activity", "both") else set()
        return None

    return harm


def _swap(one: str, other: str) -> Harm:
    def harm(sheet: Sheet, at: int, rng: Random) -> bool | None:
        a, b, cells = sheet.at(one), sheet.at(other), sheet.lines[at].cells
        if a < 0 or b < 0 or not cells[a] or not cells[b]:
            return False
        cells[a], cells[b] = cells[b], cells[a]
        return None

    return harm


def _unquoted(sheet: Sheet, at: int, rng: Random) -> bool | None:
    texts = [n for n, cell in enumerate(sheet.lines[at].cells) if cell.count(" ") > 2]
    if not texts:
        return False
    n = rng.choice(texts)
    cells, words = sheet.lines[at].cells, sheet.lines[at].cells[n].split(" ")
    cut = rng.randrange(1, len(words))
    joined = f"{' '.join(words[:cut])}; {' '.join(words[cut:])}"
    for name in (*RISK, *ACTIVITY):
        truth = sheet.truth[sheet.lines[at].owner]
        for row in (truth["risk"], *truth["activities"]):
            text = row.get(name)
            if isinstance(text, str) and cells[n].endswith(text) and text:
                row[name] = joined[len(joined) - len(text) - 1 :]
    sheet.delimiter = ";"
    for line in sheet.lines:
        line.cells = [f'"{cell}"' if ";" in cell else cell for cell in line.cells]
    parts = [" ".join(words[:cut]), " " + " ".join(words[cut:])]
    sheet.lines[at].cells = [*cells[:n], *parts, *cells[n + 1 :]]
    return None


def _merged(one: str, other: str) -> Harm:
    def harm(sheet: Sheet, at: int, rng: Random) -> bool | None:
        a, b, cells = sheet.at(one), sheet.at(other), sheet.lines[at].cells
        if a < 0 or b != a + 1 or not cells[a] or not cells[b]:
            return False
        cells[a], cells[b] = f"{cells[a]} {cells[b]}", ""
        return None

    return harm


def _fused(one: str, other: str) -> Harm:
    def harm(sheet: Sheet, at: int, rng: Random) -> bool | None:
        a, b, cells = sheet.at(one), sheet.at(other), sheet.lines[at].cells
        if a < 0 or b != a + 1 or not cells[a] or not cells[b]:
            return False
        cells[a : a + 2] = [f"{cells[a]} {cells[b]}"]
        return None

    return harm


def _name_for(column: str) -> Harm:
    def harm(sheet: Sheet, at: int, rng: Random) -> bool | None:
        if sheet.at(column) < 0:
            return False
        name = "Vera Almgren"
        mark = _get(sheet, at, "both").split(" ")[0] if column == "both" else ""
        _set(sheet, at, column, f"{mark} {name}".strip())
        return None

    return harm


def _repeat_header(sheet: Sheet, at: int, rng: Random) -> None:
    sheet.lines.insert(at, Line(None, list(sheet.lines[0].cells), header=True))


def _upper_header(sheet: Sheet, at: int, rng: Random) -> None:
    cells = ["Risk", *[""] * (len(sheet.columns) - 1)]
    cells[len(sheet.columns) // 2] = "Åtgärd"
    sheet.lines.insert(0, Line(None, cells))


def _duplicate_row(sheet: Sheet, at: int, rng: Random) -> None:
    sheet.lines.insert(at + 1, Line(len(sheet.truth), list(sheet.lines[at].cells)))
    sheet.truth.append(copy.deepcopy(sheet.truth[sheet.lines[at].owner]))


def _turned(sheet: Sheet, at: int, rng: Random) -> bool | None:
    names = _get(sheet, at, "responsible").split(" ")
    return len(names) == 2 and _set(sheet, at, "responsible", f"{names[1]}, {names[0]}")


def _padded(sheet: Sheet, at: int, rng: Random) -> None:
    sheet.lines[at].cells = [f"  {cell} \u00a0" if cell else cell for cell in sheet.lines[at].cells]


def _doubled(sheet: Sheet, at: int, rng: Random) -> bool | None:
    return _set(sheet, at, "event", f"{_get(sheet, at, 'event')} {_get(sheet, at, 'event')}")


def _two_pages(sheet: Sheet, at: int, rng: Random) -> None:
    sheet.lines[at:at] = [
        Line(None, [""]),
        Line(None, [f"Sida {rng.randint(1, 9)} av 9"]),
        Line(None, [""]),
    ]


def _tail(column: str) -> Harm:
    """The rest of a long text stands on a row of its own, as when a page breaks."""

    def harm(sheet: Sheet, at: int, rng: Random) -> bool | None:
        n, words = sheet.at(column), _get(sheet, at, column).split(" ")
        if n < 0 or len(words) < 4:
            return False
        cut = next((m for m in range(2, len(words)) if words[m][:1].islower()), 0)
        if not cut:
            return False
        sheet.lines[at].cells[n] = " ".join(words[:cut])
        cells = [""] * len(sheet.columns)
        cells[n] = " ".join(words[cut:])
        sheet.lines.insert(at + 1, Line(sheet.lines[at].owner, cells))
        return None

    return harm


SCORES = ("likelihood", "consequence", "risk_value")
HARMS: dict[str, Harm] = {
    "total": _row_of("Totalt"),
    "sum in words": _row_of("Summa riskvärde"),
    "mean": _row_of("Medelvärde"),
    "count": _single("Antal risker: 12", last=True),
    "total without number": _row_of("Totalt", numbers=False),
    "signature": _single("Beslutad av nämnden 2025-03-12, § 14", last=True),
    "signed by": _single("Underskrift: Vera Almgren, kontroller", last=True),
    "note in the middle": _single("Se även bilaga 2 om upphandling"),
    "bare note in the middle": _single("Se även bilaga 2 om upphandling", bare=True),
    "source line": _single("Källa: Stratsys 2025-02-01", last=True, bare=True),
    "star note": _single("* avser endast egen regi", last=True),
    "blank header": _header(lambda h, r: ""),
    "renamed header": _header(lambda h, r: r.choice(("Uppgift", "Fält", "Text A"))),
    "header of another field": _header(lambda h, r: "Övrigt"),
    "header in capitals": _header(lambda h, r: h.upper()),
    "header with a number": _header(lambda h, r: f"{r.randint(1, 9)}. {h}"),
    "header with brackets": _header(lambda h, r: f"{h} (obligatorisk)"),
    "misspelt header": _header(lambda h, r: h[: len(h) // 2] + h[len(h) // 2 + 1 :]),
    "English header": _header(lambda h, r: "Probability", "likelihood"),
    "second measure": _second_measure(""),
    "second measure alone": _second_measure("alone"),
    "second measure, risk repeated": _second_measure("repeated"),
    "second measure to the left": _second_measure("first"),
    "broken line": _broken,
    "dash for nothing": _dashes,
    "dito": _ditto("dito"),
    "ditto sign": _ditto("”"),
    "ditto dashes": _ditto("-”-"),
    "dito for event": _ditto_event,
    "(forts.)": _continued,
    "table below": _table_below,
    "extra column of ids": _extra_column("Dnr", lambda n, r: f"SN {n}/25"),
    "extra column of dates": _extra_column("Uppdaterad", lambda n, r: "2025-02-01"),
    "extra column of text": _extra_column("Bakgrund", lambda n, r: f"Framgår av ärende nummer {n}"),
    "number column": _extra_column("Nr", lambda n, r: str(n)),
    "empty column": _extra_column("", lambda n, r: ""),
    "duplicated column": lambda s, at, r: _two_columns(
        c := r.choice(s.columns), HEADING.get(c, c), str
    )(s, at, r),
    "short name of risk": _two_columns("event", "Risk", lambda t: "R-07"),
    "scores afterwards": _two_columns("likelihood", "Sannolikhet efter", lambda t: t and "1"),
    "status of last report": _two_columns("status", "Status T1", lambda t: t and "Pågående"),
    "date behind status": _status(" 2025-01-31"),
    "date in brackets": _status(" (2025-01-31)"),
    "month behind status": _status(", mars 2025"),
    "words behind status": _status(" med undantag för filialen"),
    "per cent behind status": _status(" 80 %"),
    "blank removed": _drop_blank,
    "blank removed, row filled up": _drop_blank_padded,
    "blank put in": _slide_right,
    "score ?": _score("?", *SCORES),
    "score word": _score("Måttlig", "likelihood", "consequence"),
    "score 33": _score("33", "likelihood", "consequence"),
    "score 2-3": _score("2-3", *SCORES),
    "score with half": _score("2,5", *SCORES),
    "score #REF!": _score("#REF!", *SCORES),
    "score #VÄRDEFEL!": _score("#VÄRDEFEL!", *SCORES),
    "score x": _score("x", *SCORES),
    "score ej bedömd": _score("Ej bedömd", *SCORES),
    "score blank": _score("", *SCORES),
    "formula text": _score("=E5*F5", "risk_value"),
    "word (3)": _form("likelihood", lambda v, w: f"{w} ({v})"),
    "3 av 5": _form("consequence", lambda v, w: f"{v} av 5"),
    "3/5": _form("likelihood", lambda v, w: f"{v}/5"),
    "3,0": _form("consequence", lambda v, w: f"{v},0"),
    "12.0": _form("risk_value", lambda v, w: f"{v}.0"),
    "12 (hög)": _form("risk_value", lambda v, w: f"{v} (hög)"),
    "12 – Hög": _form("risk_value", lambda v, w: f"{v} – Hög"),
    "12p": _form("risk_value", lambda v, w: f"{v}p"),
    "6.000000000000001": _form("risk_value", lambda v, w: f"{v}.000000000000001"),
    "3 Möjlig": _form("likelihood", lambda v, w: f"{v} {w}"),
    "3=Möjlig": _form("likelihood", lambda v, w: f"{v}={w}"),
    "wrong label": _form("likelihood", lambda v, w: f"{v}.{LIKELIHOOD[v % 5]}"),
    "unknown status": _word("status", "Parkerad"),
    "two statuses": _word("status", "Pågående/Avslutad"),
    "negated status": _word("status", "Ej riktigt klar"),
    "unknown decision": _word("decision", "Vilar till vidare"),
    "#REF! as event": lambda s, at, r: (
        _set(s, at, "event", "#REF!"),
        _truth(s, at, "event", None),
    )[0],
    "event blank": _blank("event"),
    "activity blank": _blank("both"),
    "responsible blank": _blank("responsible"),
    "decision blank": _blank("decision"),
    "value and decision swapped": _swap("risk_value", "decision"),
    "event and value swapped": _swap("event", "risk_value"),
    "activity and person swapped": _swap("activity", "responsible"),
    "mark and person swapped": _swap("both", "responsible"),
    "event and step swapped": _swap("event", "likelihood"),
    "status and activity swapped": _swap("activity", "status"),
    "unquoted delimiter": _unquoted,
    "value and decision in one": _fused("risk_value", "decision"),
    "steps in one": _fused("likelihood", "consequence"),
    "value and decision in one, blank left": _merged("risk_value", "decision"),
    "description and person in one": _merged("description", "responsible"),
    "status and person in one": _merged("status", "responsible"),
    "person as event": _name_for("event"),
    "person as activity": _name_for("activity"),
    "header again": _repeat_header,
    "header above header": _upper_header,
    "row twice": _duplicate_row,
    "surname first": _turned,
    "spaces": _padded,
    "event twice in its cell": _doubled,
    "page break": _two_pages,
    "rest of event below": _tail("event"),
    "rest of description below": _tail("description"),
    "rest of comment below": _tail("comment"),
    "rest of activity below": _tail("activity"),
}
