"""What the sample exports say when they are read right: the truth about Ekvalla kommun.

The truth is written by hand in tests/municipality. A row holds the tidy fields of its risk or
activity as the file prints them: a mark that the file has lost is missing and its status unknown.
Beside them it holds what no export prints: `key`, the same for the same risk or activity in every
period; `origin`, the key of the risk that it was split from; and for activities `risk_key`,
`true_status` (from before its mark was lost) and, in follow-ups, `verdict`: whether the work is
finished or unfinished to somebody who reads that mark and the comment together.
"""

import re
import tomllib
from pathlib import Path

FOLDER = Path(__file__).parent / "municipality"

DECISIONS = {"plan": "control_plan", "analysis": "risk_analysis", "accept": "accept"}
STATUSES = {
    "Avslutad": "finished",
    "Pågående": "ongoing",
    "Ej påbörjad": "not_started",
    "Försenad": "delayed",
    "Avbruten": "cancelled",
    "✓": "finished",
    "▶": "ongoing",
    "🔄": "recurring",
    "☐": "not_started",
}
VERDICTS = {"k": "finished", "o": "unfinished"}

RISK = (
    *("key", "origin", "goal_code", "goal", "indicator", "process", "way_of_working", "event"),
    *("likelihood", "consequence", "risk_value", "decision"),
)
ACTIVITY = (
    *("key", "risk_key", "goal_code", "indicator", "process", "event", "activity", "status"),
    *("true_status", "mark", "description", "comment", "verdict", "responsible"),
)


def files() -> list[dict]:
    """Return what files.toml says of each file of data/raw, with its `kind`."""
    return [
        {"kind": kind, **file} for kind, listed in _toml("files.toml").items() for file in listed
    ]


def printed(file: dict) -> list[dict]:
    """Return the rows that a file prints, one dict per printed risk or activity, in order."""
    return _register(file) if file["kind"] == "register" else _follow_up(file)


def expected(file: dict) -> dict[str, list[dict]]:
    """Return the tidy `risks` and `activities` that reading a file must give, in printed order."""
    where = {"board": file["board"], "period": file["period"], "year": int(file["period"][:4])}
    rows = printed(file)
    risks = rows if file["kind"] == "register" else _once_per_risk(rows)
    done = [row for row in rows if row["activity"]]
    return {
        "risks": [where | _pick(row, RISK) for row in risks],
        "activities": [where | _pick(row, ACTIVITY) for row in done],
    }


def _pick(row: dict, fields: tuple[str, ...]) -> dict:
    return {field: row.get(field) for field in fields}


def _toml(name: str) -> dict:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def _stem(board: str) -> str:
    """Return how the names of a board's files begin, as ``barn-och-utbildningsnamnden``."""
    return re.sub(r"[- ]+", "-", board.lower()).translate(str.maketrans("åäö", "aao"))


# Registers


def _register(file: dict) -> list[dict]:
    """Return the risks of a board's year, each goal's and process's together."""
    truth, year = _toml(f"{_stem(file['board'])}-risker.toml"), int(file["period"][:4])
    lives = [risk for risk in truth["risk"] if risk["years"][0] <= year <= risk["years"][1]]
    rows = [_risk(_in_year(risk, year), truth, year) for risk in lives]
    for row in rows:
        if row["key"] in file.get("run_together", ()):
            row["description"] = None
    groups = [(row["goal_code"], row["process"]) for row in rows]
    places = {group: groups.index(group) for group in groups}
    return sorted(rows, key=lambda r: (r["goal_code"], places[r["goal_code"], r["process"]]))


def _in_year(risk: dict, year: int) -> dict:
    """Return a risk with all its changes up to a year, a misprint in its own year only."""
    changes = {int(k): v for k, v in risk.items() if k.isdigit() and int(k) <= year}
    now = {k: v for k, v in risk.items() if not k.isdigit()}
    for then in sorted(changes):
        kept = {k: v for k, v in changes[then].items() if k != "printed" or then == year}
        # A new measure begins without the description of the one before.
        now |= {"description": None} | kept if "measure" in kept else kept
    return now


def _risk(risk: dict, truth: dict, year: int) -> dict:
    """Return the row of one risk with its measure, if it has one."""
    code, goal = _goal(truth["goals"][risk["goal"]], year).split(" ", 1)
    likelihood, consequence = map(int, risk["score"].split("x"))
    return {
        "key": risk["key"],
        "origin": risk.get("from"),
        "goal_code": code,
        "goal": goal,
        "process": risk["process"],
        "way_of_working": risk["way"],
        "event": risk["event"],
        "likelihood": likelihood,
        "consequence": consequence,
        "risk_value": risk.get("printed", likelihood * consequence),
        "decision": DECISIONS[risk["decision"]],
        **_measure(risk, truth["people"]),
    }


def _goal(by_year: dict[str, str], year: int) -> str:
    """Return the goal as it was numbered and worded in a year."""
    return by_year[max(known for known in by_year if int(known) <= year)]


def _measure(risk: dict, people: dict[str, str]) -> dict:
    """Return the activity of a risk; all of it missing where there is no measure."""
    if "measure" not in risk:
        return {"activity": None, "description": None, "responsible": []}
    mark, activity = risk["measure"].split(": ", 1)
    return {
        "risk_key": risk["key"],
        "activity": activity,
        "mark": mark,
        "status": STATUSES[mark],
        "true_status": STATUSES[mark],
        "description": risk.get("description") or None,
        "responsible": [people[initials] for initials in risk.get("who", [])],
    }


# Follow-ups


def _follow_up(file: dict) -> list[dict]:
    """Return the activities of a board's period, as they stand on the printed pages."""
    year, report = file["period"].split("-")
    listed = _inherit(_toml(f"{_stem(file['board'])}-{year}-aktiviteter.toml")["activity"])
    rows = [_activity(item, item[report], file) for item in listed if report in item]
    return [
        row | {"mark": None, "status": "unknown"} if _lost(i, file) else row
        for i, row in enumerate(rows)
    ]


def _inherit(items: list[dict]) -> list[dict]:
    """Return the activities with the indicator or process and the risk that they stand under."""
    above: dict = {}
    filled = []
    for item in items:
        if "event" in item:
            top = item if {"indicator", "process"} & item.keys() else above
            above = {k: top[k] for k in ("indicator", "process") if k in top}
            above |= {"event": item["event"], "risk": item.get("risk")}
        filled.append(above | item)
    return filled


def _activity(item: dict, said: str, file: dict) -> dict:
    """Return the row of one activity from what was said of it: mark, verdict, comment."""
    mark, verdict, comment = re.fullmatch(r"(\S+) ([ko]) ?(.*)", said).groups()
    return {
        **{k: item.get(k) for k in ("key", "indicator", "process", "event", "activity")},
        "risk_key": item["risk"],
        "mark": file.get("glyph", mark) if mark == "✓" else mark,
        "status": STATUSES[mark],
        "true_status": STATUSES[mark],
        "comment": comment or None,
        "verdict": VERDICTS[verdict],
        "responsible": [],
    }


def _lost(index: int, file: dict) -> bool:
    return "lost_pages" in file and index // file["page"] + 1 in file["lost_pages"]


def _once_per_risk(rows: list[dict]) -> list[dict]:
    """Return one row for each risk under its own indicator or process, keyed as the risk."""
    risks: dict[tuple, dict] = {}
    for row in rows:
        risks.setdefault((row["indicator"], row["process"], row["event"]), row)
    return [row | {"key": row["risk_key"]} for row in risks.values()]
