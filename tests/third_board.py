"""The sample's third board, with four steps an axis and words of its own: its files, and their truth."""

import tomllib
from pathlib import Path

from tests import formats
from tests.printed import Grid

TRUTH = tomllib.loads(
    (Path(__file__).parent / "municipality" / "fritidsnamnden.toml").read_text("utf-8")
)
BOARD = TRUTH["board"]
FILES = {
    f"VOR-analys 2024 {BOARD}.xlsx": "2024-VP",
    f"VOR-analys 2025 {BOARD}.xlsx": "2025-VP",
    f"Uppföljning av VOR, halvår 2025, {BOARD}.docx": "2025-H1",
    f"Uppföljning av VOR, helår 2025, {BOARD}.csv": "2025-VB",
}
UPPER = ["Rutin/process", "Riskbeskrivning", "Bedömning", "", "", "Beslut", "Åtgärd", "", "", ""]
LOWER = ["", "", "S", "V", "VOR-värde", "", "Aktivitet", "Ansvarig", "Klart senast", "Läge"]
OF_RISK, DEPTH = 6, 2  # columns of the risk, rows of headers
FOLLOWED = [
    "Rutin/process",
    "Riskbeskrivning",
    "Aktivitet",
    "Klart senast",
    "Läge",
    "Senaste kommentar",
]


def contents() -> dict[str, bytes]:
    """Return each file's name and bytes."""
    return {name: _written(name, period) for name, period in FILES.items()}


def expected(period: str) -> dict[str, list[dict]]:
    """Return the tidy risks and activities of a period, in printed order."""
    risks, activities = [], []
    for risk in _printed(period):
        register = period.endswith("VP")
        judged = _judged(risk, period) if register else {}
        s, v = map(int, judged["score"].split("x")) if register else (None, None)
        risks.append({
            "process": risk["process"], "event": risk["event"], "likelihood": s, "consequence": v,
            "risk_value": s * v if register else None,
            "decision": TRUTH["decisions"][judged["decision"]] if register else None,
        })  # fmt: skip
        for measure in _measures(risk, period):
            mark, _, comment = measure[period].partition(" | ")
            activities.append({
                "event": risk["event"], "activity": measure["text"], "mark": mark,
                "status": TRUTH["statuses"][mark], "due_date": measure["due"],
                "comment": comment or None,
                "responsible": [TRUTH["people"][measure["who"]]] if register else [],
            })  # fmt: skip
    return {"risks": risks, "activities": activities}


def _printed(period: str) -> list[dict]:
    """Return the risks that a period prints, each process's together."""
    there = [
        risk
        for risk in TRUTH["risk"]
        if (period[:4] in risk if period.endswith("VP") else _measures(risk, period))
    ]
    order = list(dict.fromkeys(risk["process"] for risk in there))
    return sorted(there, key=lambda risk: order.index(risk["process"]))


def _judged(risk: dict, period: str) -> dict:
    return risk[period[:4]]


def _measures(risk: dict, period: str) -> list[dict]:
    return [measure for measure in risk.get("measure", ()) if period in measure]


def _written(name: str, period: str) -> bytes:
    if name.endswith("xlsx"):
        rows, merges = _register(period)
        titles = [f"Väsentlighets- och riskanalys {period[:4]}", BOARD]
        return formats.undated(formats.xlsx(rows, titles, merges))
    rows = _follow_up(period)
    if name.endswith("docx"):
        return formats.undated(
            formats.plain_docx(rows, [f"Uppföljning halvår {period[:4]}, {BOARD}"], [])
        )
    lines = [";".join(f'"{c}"' if ";" in c else c for c in row) for row in rows]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")


def _register(period: str) -> tuple[Grid, list[tuple[int, int, int, int]]]:
    """Return a register's rows under two rows of headers, and its merged ranges."""
    rows: Grid = [UPPER, LOWER]
    merges = [(0, 2, 0, 4), (0, 6, 0, 9), *((0, c, 1, c) for c in (0, 1, 5))]
    for risk in _printed(period):
        judged, measures = _judged(risk, period), _measures(risk, period)
        s, v = judged["score"].split("x")
        own = [risk["process"], risk["event"], s, v, str(int(s) * int(v)), judged["decision"]]
        top = len(rows)
        for measure in measures or [None]:
            rows.append((own if len(rows) == top else [""] * OF_RISK) + _measure(measure, period))
        if len(measures) > 1:
            merges += [(top, c, len(rows) - 1, c) for c in range(OF_RISK)]
    return rows, merges


def _measure(measure: dict | None, period: str) -> list[str]:
    if measure is None:
        return [""] * 4
    return [measure["text"], TRUTH["people"][measure["who"]], measure["due"], measure[period]]


def _follow_up(period: str) -> Grid:
    rows: Grid = [FOLLOWED]
    for risk in _printed(period):
        for measure in _measures(risk, period):
            mark, _, comment = measure[period].partition(" | ")
            rows.append(
                [risk["process"], risk["event"], measure["text"], measure["due"], mark, comment]
            )
    return rows
