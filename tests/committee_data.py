"""Made-up tables for the tests of what leaves the project."""

from riskdata.tables.data import Data
from riskdata.tables.schema import TABLES, frame

BOARD = "Socialnämnden"
HOSTILE = [
    "=1+1",
    "+46",
    "-3 tjänster",
    "@summa",
    "<script>alert(1)</script>",
    "<img src=x onerror=x()>",
]
PEOPLE = ["Maja Ekström", "Omar Lindkvist"]
REGISTER = {"2024-VB": "register-2024.txt", "2025-VB": "register-2025.txt"}
FOLLOW_UP = "uppfoljning-2025.txt"


def make_data() -> Data:
    """Return a board's registers of two years and a follow-up, with names and hostile texts."""
    rows = {
        "risks": [risk for period in REGISTER for risk in _risks(period)],
        "activities": [*_measures(), *_followed()],
        "account": [_repair(row) for row in (4, 5)],
        "unread": [{"source_file": REGISTER["2025-VB"], "source_row": 30, "text": "=okänt"}],
        "findings": [
            {**_where("2025-VB", 4), "severity": "question", "check": "risk_without_activity",
             "message": "Risken har ingen åtgärd.", "evidence": "Enligt Maja Ekström."}
        ],
        "sources": [
            *(_source(file, "register", period) for period, file in REGISTER.items()),
            _source(FOLLOW_UP, "follow_up", "2025-VB"),
        ],
    }  # fmt: skip
    return Data(**{name: frame(name, rows.get(name, ())) for name in TABLES})


def _where(period: str, row: int, file: str | None = None) -> dict:
    year = int(period[:4])
    source = {"source_file": file or REGISTER[period], "source_row": row}
    return {"board": BOARD, "period": period, "year": year, **source}


def _source(file: str, kind: str, period: str) -> dict:
    return {"source_file": file, "kind": kind, "board": BOARD, "period": period}


def _risks(period: str) -> list[dict]:
    """Return six risks, the first raised in the later year."""
    steps = [(3, 4 + (period == "2025-VB")), (3, 3), (2, 4), (5, 4), (1, 2), (4, 3)]
    events = ["Elavbrott", "Inköp sker utan avtal", *HOSTILE[:4]]
    return [
        {
            **_where(period, row), "risk_id": f"{period}-{row}", "goal_code": "1.1",
            "goal": "Alla är trygga", "process": f"Process {row}", "event": event,
            "likelihood": one, "consequence": other, "risk_value": one * other,
            "decision": "control_plan" if one * other > 11 else "accept",
        }
        for row, (event, (one, other)) in enumerate(zip(events, steps, strict=True), 4)
    ]  # fmt: skip


def _measures() -> list[dict]:
    return [
        {**_where("2025-VB", 4), "activity_id": "m4", "risk_id": "2025-VB-4", "status": "finished",
         "activity": "Reservkraft", "responsible": PEOPLE}
    ]  # fmt: skip


def _followed() -> list[dict]:
    comments = [
        "Rutinen har inte införts enligt Maja Ekström.",
        "Omar har genomfört utbildningen.",
        *HOSTILE[4:],
    ]
    return [
        {**_where("2025-VB", row, FOLLOW_UP), "activity_id": f"f{row}", "process": "Process 4",
         "event": "Elavbrott", "activity": f"Åtgärd {row} {comment[:4]}", "status": "ongoing",
         "comment": comment, "responsible": []}
        for row, comment in enumerate(comments, 10)
    ]  # fmt: skip


def _repair(row: int) -> dict:
    return {
        "source_file": REGISTER["2025-VB"], "source_row": row, "column": "responsible",
        "rule": "name_moved", "before": "Beskrivning: Maja Ekström", "after": "Maja Ekström",
        "proof": "",
    }  # fmt: skip
