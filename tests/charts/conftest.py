"""Invented risks and activities, and every chart of them drawn once a session."""

import itertools
from functools import cache, partial

import pandas as pd
import pytest
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_hex
from matplotlib.text import Annotation, Text

from riskdata.charts import activities, changes, risks
from riskdata.tables.schema import frame
from riskdata.words.vocabulary import vocabulary

BOARD, PERIOD = "Socialnämnden", "2025-VB"
LONG = ["Informationssäkerhetsklassning", "av", "handläggning,", "uppföljning", "och", "samverkan"]
PLOTS = {
    "risk_matrix": risks.plot_risk_matrix,
    "risk_matrix_after": partial(risks.plot_risk_matrix, after=True),
    "risk_values": risks.plot_risk_values,
    "decision_by_value": risks.plot_decision_by_value,
    "risks_by_process": risks.plot_by_group,
    "risks_by_goal": partial(risks.plot_by_group, by="goal"),
    "boards_by_limit": risks.plot_boards,
    "changes": changes.plot_changes,
    "change_bridge": changes.plot_change_bridge,
    "values_by_year": changes.plot_values_by_year,
    "largest_risks": changes.plot_largest_risks,
    "tertials": activities.plot_tertials,
    "unfinished_by_process": activities.plot_unfinished_by_group,
    "unfinished_by_goal": partial(activities.plot_unfinished_by_group, by="goal"),
}
GRIDS = ["risk_matrix", "risk_matrix_after", "values_by_year", "largest_risks"]
OF_ONE_PERIOD = [name for name in PLOTS if name.startswith(("risk", "decision", "boards"))]
CASES = {
    "normal": {},
    "english": {"language": "en"},
    "long": {},
    "three": {},
    "none": {},
}


def long_name(n: int) -> str:
    """Return a name of 90 letters that is not like the others."""
    words = itertools.islice(itertools.cycle(LONG), n % 7, n % 7 + 12)
    return f"{n} {' '.join(words)}"[:89].strip() + "."


def risk(n: int, name=lambda n: f"Händelse {n}", period: str = PERIOD) -> dict:
    likelihood, consequence = n % 5 + 1, n // 2 % 5 + 1
    decisions = [*vocabulary().codes("decisions")[:3], None]
    group = name(n % 15)
    return {
        "risk_id": f"{period}-{n}", "board": BOARD, "period": period, "year": 2025,
        "goal_code": f"{n % 3}.1", "goal": group, "process": group, "event": name(n),
        "likelihood": likelihood, "consequence": consequence, "decision": decisions[n % 4],
        "risk_value": likelihood * consequence, "likelihood_after": max(likelihood - 1, 1),
        "consequence_after": consequence if n % 3 else None,
    }  # fmt: skip


def risks_of(count: int, name=lambda n: f"Händelse {n}") -> pd.DataFrame:
    return frame("risks", [risk(n, name) for n in range(count)])


def risks_alike(count: int) -> pd.DataFrame:
    """Return risks that all stand at 3 × 4."""
    one = {**risk(3), "likelihood": 3, "consequence": 4, "risk_value": 12}
    return frame("risks", [one] * count)


def changes_of(before: pd.DataFrame) -> pd.DataFrame:
    """Return risks compared with the same risks a year later: two of five changed."""
    kinds = ["unchanged", "raised", "lowered", "new", "gone"]
    rows = []
    for n, old in enumerate(before.to_dict("records")):
        kind, step = kinds[n % 5], {"raised": 1, "lowered": -1}.get(kinds[n % 5], 0)
        new = {**old, "risk_value": max(old["risk_value"] + step, 1)}
        sides = {"before": {} if kind == "new" else old, "after": {} if kind == "gone" else new}
        fields = ("event", "process", "risk_value")
        row = {f"{f}_{side}": values.get(f) for f in fields for side, values in sides.items()}
        rows.append({"board": BOARD, "change": kind, "period_before": "2024-VB",
                     "period_after": PERIOD, **row})  # fmt: skip
    columns = [*rows[0]] if rows else changes_of(risks_of(1)).columns
    numbers = dict.fromkeys(["risk_value_before", "risk_value_after"], "Int64")
    return pd.DataFrame(rows, columns=columns).astype(numbers)


def history_of(risks: pd.DataFrame) -> pd.DataFrame:
    """Return risks over three years: some come later, some have no value in the second."""
    parts = []
    for n, period in enumerate(["2023-VB", "2024-VB", PERIOD]):
        year = risks.assign(period=period, thread_id=risks.risk_id, order=range(len(risks)))
        year.loc[(year.order % 7 == 0) & (n == 1), "risk_value"] = pd.NA
        parts.append(year[(year.order % 5 > 0) | (n > 0)])
    columns = ["board", "thread_id", "period", "event", "process", "risk_value"]
    return pd.concat(parts, ignore_index=True)[columns]


def activities_of(count: int, name=lambda n: f"Process {n}", periods=(PERIOD,)) -> pd.DataFrame:
    statuses, verdicts = vocabulary().codes("statuses"), ["unfinished", "unknown", "finished"]
    rows = [
        {"board": BOARD, "period": period, "goal_code": f"{n % 4}.2", "process": name(n % 20),
         "activity": f"Åtgärd {n}", "status": statuses[n % len(statuses)]}
        for period in periods for n in range(count)
    ]  # fmt: skip
    verdicts = [verdicts[n % 3] for n in range(len(rows))]
    return frame("activities", rows).assign(verdict=verdicts)


def tables(count: int, name) -> dict[str, pd.DataFrame]:
    """Return a table for each chart."""
    risks, acts = risks_of(count, name), activities_of(count, name)
    several = pd.concat([risks, risks.assign(board="Barn- och utbildningsnämnden")[: count // 2]])
    periods = activities_of(count, name, ("2025-T1", "2025-T2", PERIOD))
    own = {
        "boards": several, "change": changes_of(risks), "values_by": history_of(risks),
        "largest": history_of(risks), "tertials": periods.assign(overdue_days=pd.NA),
        "unfinished": acts,
    }  # fmt: skip
    return {plot: next((t for start, t in own.items() if plot.startswith(start)), risks)
            for plot in PLOTS}  # fmt: skip


@pytest.fixture(scope="session")
def cases() -> dict[str, dict[str, pd.DataFrame]]:
    """Return table by chart for each case."""
    plain = {n: tables(n, lambda n: f"Händelse {n}") for n in (0, 3, 40)}
    long = tables(40, long_name)
    every = {"none": plain[0], "three": plain[3], "long": long}
    return {case: every.get(case, plain[40]) for case in CASES}


@pytest.fixture(scope="session")
def draw(cases):
    """Return a function that draws a chart of a case; the same one is drawn once."""
    return cache(lambda name, case="normal": PLOTS[name](cases[case][name], **CASES[case]))


def texts(chart) -> list[Text]:
    return [t for t in chart.figure.findobj(Text) if t.get_visible() and t.get_text().strip()]


def printed(chart) -> list[str]:
    """Return what stands in a chart, each text on one line."""
    return [" ".join(text.get_text().split()) for text in texts(chart)]


@cache
def boxes(chart) -> dict[Text, object]:
    """Return where each text of a chart stands, in pixels."""
    chart.figure.draw_without_rendering()
    return {text: text.get_window_extent() for text in texts(chart)}


def shared(first, second) -> float:
    """Return how far two boxes reach into each other, in pixels; below 0 where they do not."""
    across = min(first.x1, second.x1) - max(first.x0, second.x0)
    return min(across, min(first.y1, second.y1) - max(first.y0, second.y0))


def hexed(colour) -> str:
    return to_hex(colour)


def cells(chart) -> list[tuple[float, float, str, str, list[Text]]]:
    """Return each coloured cell of a chart: its left and upper end, colour, outline, and texts on it."""
    chart.figure.draw_without_rendering()
    found = []
    for mesh in (c for c in chart.ax.collections if isinstance(c, QuadMesh)):
        corners = mesh.get_coordinates()
        starts, ends = (part.reshape(-1, 2) for part in (corners[:-1, :-1], corners[1:, 1:]))
        looks = zip(starts, ends, mesh.get_facecolors(), mesh.get_edgecolors(), strict=True)
        for (x, y), end, face, edge in looks:
            on = [text for text in chart.ax.texts if _within(text, (x, y), end)]
            found += [(x, y, hexed(face), hexed(edge), on)] if face[3] else []
    return found


def _within(text: Text, start, end) -> bool:
    x, y = getattr(text, "xy", text.get_position())
    in_data = isinstance(text, Annotation) or text.get_transform() == text.axes.transData
    return in_data and start[0] <= x < end[0] and start[1] <= y < end[1]


@pytest.fixture
def manual(tmp_path, monkeypatch):
    """Return the folder data/manual of an empty project, where a test writes its own vocabulary."""
    (tmp_path / "data" / "manual").mkdir(parents=True)
    monkeypatch.setattr("riskdata.folders.manual", lambda: tmp_path / "data" / "manual")
    return tmp_path / "data" / "manual"
