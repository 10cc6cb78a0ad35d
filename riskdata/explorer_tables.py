"""The explorer's tables: risks with what has become of them, and with what answers them."""

from __future__ import annotations

import pandas as pd

from riskdata.filters import Ground, View, with_activities
from riskdata.reports.printed import coded, printed
from riskdata.words.language import heading, label, word

# The columns of the two tables: in what is saved, and, where the screen has no room for all, there.
RISK = (
    "board", "process", "event", "likelihood", "consequence", "risk_value", "decision",
    "now_changed", "source",
)  # fmt: skip
RISK_SEEN = ("board", "process", "event", "risk_value", "decision", "now_changed", "source")
ANSWERED = (
    "event", "activity_period", "activity", "status", "comment", "verdict", "reason", "evidence",
    "certainty", "source",
)  # fmt: skip
ANSWERED_SEEN = (
    "event", "activity_period", "activity", "status", "comment", "verdict", "source",
)  # fmt: skip


def risk_rows(view: View, language: str = "sv") -> pd.DataFrame:
    """Return a view's risks with what has become of each, and where each is printed."""
    changes = view.changes[["board", "risk_after", "change"]]
    changes = changes.rename(columns={"risk_after": "risk_id", "change": "now_changed"})
    rows = view.risks.merge(changes, on=["board", "risk_id"], how="left")
    rows["now_changed"] = rows.now_changed.map(lambda code: label(code, language), "ignore")
    return rows.assign(source=_sources(rows.source_file, rows.source_row, language))


def answer_rows(ground: Ground, risks: pd.DataFrame, language: str = "sv") -> pd.DataFrame:
    """Return risks with the activities that answer them, and where each is printed."""
    rows = with_activities(ground, risks)
    file = rows.activity_file.fillna(rows.source_file)
    source = _sources(file, rows.activity_row.fillna(rows.source_row), language)
    comment = rows.comment.fillna(rows.description)  # a register has no other
    return rows.assign(comment=comment, source=source)


def with_reasons(rows: pd.DataFrame, language: str = "sv") -> pd.DataFrame:
    """Return rows with the reason after the verdict, and how certain a link is after the period."""
    said = coded(rows[["verdict", "reason", "certainty"]], language).astype("str")
    sure = (" (" + said.certainty.str.lower() + ")").where(said.certainty.notna(), "")
    reason = said.verdict + ": " + said.reason.str[:1].str.lower() + said.reason.str[1:]
    return rows.assign(verdict=reason, activity_period=rows.activity_period.astype("str") + sure)


def in_words(rows: pd.DataFrame, columns: tuple[str, ...], language: str = "sv") -> pd.DataFrame:
    """Return columns of such rows as texts, under printed heads."""
    own = {n: word(f"explore.{n}", language) for n in ("source", "activity_period", "now_changed")}
    heads = [own.get(name) or heading(name, language) for name in columns]
    return printed(rows, columns, language).set_axis(heads, axis=1)


def _sources(files: pd.Series, rows: pd.Series, language: str) -> list[str]:
    found = zip(files, rows, strict=True)
    return [word("explore.row", language, file=file, row=str(row)) for file, row in found]
