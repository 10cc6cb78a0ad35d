"""Tidy tables → findings: what a person should look at. A finding never changes data."""

from collections.abc import Iterable

import pandas as pd

from riskdata import schema
from riskdata.comment_checks import check_comments
from riskdata.vocabulary import AXES, Vocabulary, fold, vocabulary

SEVERITY = {
    "value_not_product": "error",
    "step_out_of_range": "error",
    "label_contradicts_digit": "question",
    "event_missing": "question",
    "duplicate_risk": "question",
    "same_period_twice": "question",
    "risk_without_activity": "question",
    "activity_without_responsible": "question",
    "high_outside_control_plan": "question",
    "uncertain_reading": "question",
    "decisions_differ": "note",
}
UNCERTAIN = (  # rules of the account
    *("struck_through", "word_joined", "merged_over_page", "process_told", "not_parted"),
)
_WHERE = ["board", "period", "source_file", "source_row"]


def check_tables(
    risks: pd.DataFrame,
    activities: pd.DataFrame,
    account: pd.DataFrame,
    sources: pd.DataFrame,
    *,
    vocab: Vocabulary | None = None,
) -> pd.DataFrame:
    """Return the findings of every check as a table with the columns of schema ``findings``.

    Each table has the columns that schema.py declares for it. Rows come by file and row.

    >>> risk = {"likelihood": 3, "consequence": 4, "risk_value": 10, "event": "Rutiner följs inte"}
    >>> risks = schema.frame("risks", [risk])
    >>> empty = [schema.frame(table) for table in ("activities", "account", "sources")]
    >>> check_tables(risks, *empty).message.tolist()[-1]
    'Riskvärdet 10 är inte 3×4=12.'
    """
    vocab = vocab or vocabulary()
    found = [
        *_values(risks, vocab),
        *_steps(risks, vocab),
        *_labels(risks, account, vocab),
        *_uncertain(account, sources, vocab),
        *_events(risks, vocab),
        *_duplicates(risks, vocab),
        *_twice(sources, vocab),
        *_without_activity(risks, activities, vocab),
        *_without_responsible(activities, vocab),
        *_high(_outside_plans(risks, sources), vocab),
        *_decisions(risks, vocab),
    ]
    told = pd.concat([schema.frame("findings", found), check_comments(activities)])
    order = ["source_file", "source_row", "check", "activity_id", "message"]
    return told.sort_values(order, ignore_index=True, kind="stable")


def _finding(check: str, row: dict, vocab: Vocabulary, evidence: str = "", **words: object) -> dict:
    message = vocab.words["checks"][check].format(**{**row, **words})
    keys = ("board", "period", "risk_id", "activity_id", "source_file", "source_row")
    found = {key: row.get(key) for key in keys}
    return found | {
        "severity": SEVERITY[check],
        "check": check,
        "message": message,
        "evidence": evidence,
    }


def _rows(table: pd.DataFrame, mask: pd.Series) -> Iterable[dict]:
    return table[mask.fillna(False)].to_dict("records")


def _values(risks: pd.DataFrame, vocab: Vocabulary) -> Iterable[dict]:
    product = risks.likelihood * risks.consequence
    for row in _rows(risks.assign(product=product), risks.risk_value != product):
        evidence = (
            f"{row['likelihood']}×{row['consequence']}={row['product']}, tryckt {row['risk_value']}"
        )
        yield _finding("value_not_product", row, vocab, evidence)


def _steps(risks: pd.DataFrame, vocab: Vocabulary) -> Iterable[dict]:
    for axis in AXES:
        steps = len(vocab.scale_labels(axis))
        for row in _rows(risks, ~risks[axis].between(1, steps) & risks[axis].notna()):
            words = {"step": row[axis], "axis": vocab.label(axis).lower(), "steps": steps}
            yield _finding("step_out_of_range", row, vocab, str(row[axis]), **words)


def _labels(risks: pd.DataFrame, account: pd.DataFrame, vocab: Vocabulary) -> Iterable[dict]:
    kept = account[account.rule == "label_kept"]
    joined = kept.merge(risks, on=["source_file", "source_row"], how="inner")
    for row in joined.to_dict("records"):
        yield _finding("label_contradicts_digit", row, vocab, row["before"])


def _uncertain(account: pd.DataFrame, sources: pd.DataFrame, vocab: Vocabulary) -> Iterable[dict]:
    """What a reader could not be sure of."""
    rows = account[account.rule.isin(UNCERTAIN)]
    rows = rows.merge(sources[["source_file", "board", "period"]], on="source_file")
    for row in rows.to_dict("records"):
        what = vocab.words["rules"][row["rule"]]
        yield _finding("uncertain_reading", row, vocab, row["before"], what=what)


def _events(risks: pd.DataFrame, vocab: Vocabulary) -> Iterable[dict]:
    named = risks.source_file.isin(risks.source_file[risks.event.notna()].unique())
    for row in _rows(risks, risks.event.isna() & named):  # a control plan has no such column
        yield _finding("event_missing", row, vocab)


def _duplicates(risks: pd.DataFrame, vocab: Vocabulary) -> Iterable[dict]:
    """The same goal, indicator, process, way of working and event more than once in one export."""
    texts = ["goal", "indicator", "process", "way_of_working", "event"]
    folded = risks[texts].map(lambda text: fold(text) if isinstance(text, str) else "")
    folded["source_file"] = risks.source_file
    again = folded.duplicated(keep=False) & risks.event.notna()
    for _, group in risks[again].groupby([folded[c][again] for c in folded], sort=False):
        for row in group.to_dict("records"):
            others = [str(n) for n in group.source_row if n != row["source_row"]]
            yield _finding("duplicate_risk", row, vocab, row["event"], rows=", ".join(others))


def _twice(sources: pd.DataFrame, vocab: Vocabulary) -> Iterable[dict]:
    good = sources[sources.problem.isna()]
    for _, group in good.groupby(["board", "period", "kind"]):
        for row in group.to_dict("records") if len(group) > 1 else ():
            others = ", ".join(f for f in group.source_file if f != row["source_file"])
            kind = vocab.label(row["kind"]).lower()
            yield _finding("same_period_twice", row, vocab, others, files=others, kind=kind)


def _without_activity(
    risks: pd.DataFrame, activities: pd.DataFrame, vocab: Vocabulary
) -> Iterable[dict]:
    has_one = risks.risk_id.astype(object).isin(activities.risk_id.astype(object))  # 4 × quicker
    for row in _rows(risks, ~has_one):
        yield _finding("risk_without_activity", row, vocab, row["event"] or "")


def _without_responsible(activities: pd.DataFrame, vocab: Vocabulary) -> Iterable[dict]:
    """Only where the export names anybody at all: a follow-up has no such column."""
    nobody = activities.responsible.map(len) == 0
    named = activities.source_file.isin(activities.source_file[~nobody].unique())
    for row in _rows(activities, nobody & named):
        yield _finding("activity_without_responsible", row, vocab, row["activity"])


def _outside_plans(risks: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Return the risks that do not stand in a control plan themselves."""
    return risks[~risks.source_file.isin(sources.source_file[sources.kind == "plan"])]


def _high(risks: pd.DataFrame, vocab: Vocabulary) -> Iterable[dict]:
    high = (risks.risk_value >= vocab.limit) & (risks.decision != "control_plan")
    for row in _rows(risks, high):
        decision = vocab.label(row["decision"]) if isinstance(row["decision"], str) else ""
        yield _finding("high_outside_control_plan", row, vocab, decision, limit=vocab.limit)


def _decisions(risks: pd.DataFrame, vocab: Vocabulary) -> Iterable[dict]:
    """One per board, period and value: the decision is no function of the value."""
    decided = risks[risks.decision.notna() & risks.risk_value.notna()]
    group = decided.groupby(["board", "period", "risk_value"], dropna=False).ngroup()
    counts = pd.crosstab(group, decided.decision)
    mixed = counts[(counts > 0).sum(axis=1) > 1]
    first = decided.assign(group=group).drop_duplicates("group").set_index("group").loc[mixed.index]
    for row, count in zip(first.to_dict("records"), mixed.to_dict("records"), strict=True):
        words = ", ".join(f"{vocab.label(d)} {count[d]}" for d in schema.DECISIONS if count.get(d))
        row |= {"risk_id": None, "source_row": None}
        yield _finding("decisions_differ", row, vocab, words, counts=words)
