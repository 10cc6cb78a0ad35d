"""The key figures of a period and board: counts, each in a sentence, kept so that runs compare."""

import csv
import io
from collections.abc import Iterator

import pandas as pd

from riskdata.analysis.activities import by_status
from riskdata.analysis.changes import CHANGES
from riskdata.analysis.links import in_register
from riskdata.exports.rows import NO_MENDING
from riskdata.tables.data import Data
from riskdata.tables.schema import SEVERITIES
from riskdata.words.language import check_language, word
from riskdata.words.vocabulary import vocabulary

COLUMNS = ["key", "value", "text"]
_SAID = {"unknown": "not_compared"}  # of changes; the other kinds are called by their own name


def key_figures(
    data: Data,
    *,
    period: str | None = None,
    board: str | None = None,
    changes: pd.DataFrame | None = None,
    unfinished: pd.DataFrame | None = None,
    language: str = "sv",
) -> pd.DataFrame:
    """Return the key figures of a period and board. They are counts, never averages.

    Parameters
    ----------
    data : the tidy tables
    period, board : which; all there is where not given
    changes : what ``compare`` returns for them; without it no changes are counted
    unfinished : what ``unfinished`` returns for them; without it no verdicts are counted
    language : of the sentences, "sv" or "en"

    Returns
    -------
    DataFrame
        ``key``, ``value`` (a whole number) and ``text`` (a sentence with the number in it).

    Raises
    ------
    ChoiceError
        For a period, board or language that there is not.

    Examples
    --------
    >>> from riskdata.tables import schema
    >>> risks = [{"source_file": "a.txt", "risk_value": value} for value in (12, 6)]
    >>> source = {"source_file": "a.txt", "board": "Socialnämnden", "period": "2025-VB"}
    >>> rows = {"risks": risks, "sources": [source]}
    >>> data = Data(**{name: schema.frame(name, rows.get(name, ())) for name in schema.TABLES})
    >>> key_figures(data).text[1]
    '1 av 2 risker har riskvärde 12 eller högre.'
    """
    check_language(language)
    chosen = data.select(period=period, board=board)
    figures = [
        *_risks(chosen.risks[in_register(chosen.risks)]),
        *_changes(changes),
        *_activities(unfinished),
        *_findings(chosen),
    ]
    rows = [
        (key, int(n), word(f"key_figures.{key}", language, n=n, **values))
        for key, n, values in figures
    ]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"value": "Int64"})


def print_key_figures(figures: pd.DataFrame) -> str:
    """Return key figures as the text of a file: a line each, with nothing of when it was made.

    >>> print_key_figures(pd.DataFrame([("risks", 2, "Registret har 2 risker.")], columns=COLUMNS))
    'key\\tvalue\\ttext\\nrisks\\t2\\tRegistret har 2 risker.\\n'
    """
    return figures.to_csv(sep="\t", index=False, lineterminator="\n")


def changed_since(old_text: str | None, new: pd.DataFrame, *, language: str = "sv") -> list[str]:
    """Return what has changed in the key figures since an earlier file of them, in sentences.

    Parameters
    ----------
    old_text : what ``print_key_figures`` gave; empty or None where there was no earlier run
    new : the key figures now
    language : "sv" or "en"

    Examples
    --------
    >>> now = pd.DataFrame([("risks", 3, "Registret har 3 risker.")], columns=COLUMNS)
    >>> changed_since("key\\tvalue\\ttext\\nrisks\\t2\\tRegistret har 2 risker.\\n", now)
    ['Registret har 3 risker. Vid förra körningen var det 2.']
    """
    if not old_text:
        return []
    old = {row["key"]: row for row in csv.DictReader(io.StringIO(old_text), delimiter="\t")}
    said = []
    for row in new.itertuples():
        before = old.pop(row.key, {"value": None})["value"]
        if before is None:
            said.append(word("changed_since.new", language, text=row.text))
        elif before != str(row.value):
            said.append(word("changed_since.other", language, text=row.text, before=int(before)))
    return said + [word("changed_since.gone", language, text=o["text"]) for o in old.values()]


def _risks(risks: pd.DataFrame) -> Iterator[tuple[str, int, dict]]:
    limit = {"limit": vocabulary().limit}
    in_plan = risks.decision.eq("control_plan")
    high = (risks.risk_value >= limit["limit"]).fillna(False)
    if len(risks):
        yield "risks", len(risks), {}
        yield "high", high.sum(), {"of": len(risks), **limit}
        yield "control_plan", in_plan.sum(), {"of": len(risks)}
        yield "high_outside", (high & ~in_plan).sum(), {"of": high.sum(), **limit}


def _changes(changes: pd.DataFrame | None) -> Iterator[tuple[str, int, dict]]:
    if changes is None or changes.empty:
        return
    before = {"before": changes.period_before.iloc[0]}
    counts = changes.change.value_counts()
    for kind in CHANGES:
        if kind in counts or kind not in _SAID:
            yield _SAID.get(kind, kind), counts.get(kind, 0), before


def _activities(unfinished: pd.DataFrame | None) -> Iterator[tuple[str, int, dict]]:
    if unfinished is None:
        return
    yield "activities", len(unfinished), {}
    if len(unfinished):
        counts, of = unfinished.verdict.value_counts(), {"of": len(unfinished)}
        for verdict in ("finished", "unfinished", "unknown"):
            yield verdict, counts.get(verdict, 0), of
        ticked = (by_status(unfinished.status) == "finished") & unfinished.verdict.eq("unfinished")
        yield "contradicted", ticked.sum(), {}


def _findings(data: Data) -> Iterator[tuple[str, int, dict]]:
    counts = data.findings.severity.value_counts()
    for severity in SEVERITIES:
        yield severity, counts.get(severity, 0), {}
    yield "repairs", (~data.account.rule.isin(NO_MENDING)).sum(), {}
    yield "unread", len(data.unread), {}
