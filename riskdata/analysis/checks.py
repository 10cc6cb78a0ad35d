"""Tidy tables → findings: what a person should look at. A finding never changes data."""

from functools import cache

import pandas as pd

from riskdata.analysis.comment_checks import check_comments
from riskdata.analysis.findings import tell
from riskdata.tables import schema
from riskdata.words.language import heading, label, words
from riskdata.words.spelling import fold_all
from riskdata.words.vocabulary import AXES, Vocabulary, vocabulary

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
    *("bad_byte", "quote_kept", "footnote", "hidden_column", "error_cell", "code_as_date"),
    *("formula_without_value", "icon_set", "icon_unread", "not_looked_at"),
)


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
        _values(risks, vocab),
        *(_steps(risks, axis, vocab) for axis in AXES),
        _labels(risks, account, vocab),
        _uncertain(account, sources, vocab),
        _events(risks, vocab),
        _duplicates(risks, vocab),
        _twice(sources, vocab),
        _without_activity(risks, activities, vocab),
        _without_responsible(activities, vocab),
        _high(_outside_plans(risks, sources), vocab),
        _decisions(risks, vocab),
        check_comments(activities),
    ]
    order = ["source_file", "source_row", "check", "activity_id", "message"]
    findings = pd.concat(found).sort_values(order, ignore_index=True, kind="stable")
    return schema.frame("findings", findings)


def _found(
    check: str,
    rows: pd.DataFrame,
    vocab: Vocabulary,
    evidence: pd.Series | list[str] | str = "",
    /,
    **values: object,
) -> pd.DataFrame:
    return tell(rows, check, SEVERITY[check], words()["checks"][check], evidence, **values)


def _others(rows: pd.DataFrame, same: list[str], column: str) -> list[str]:
    """Return, for each row, what the others with the same texts have in a column."""
    groups, values = rows.groupby(same).ngroup().tolist(), rows[column].tolist()
    of_group: dict[int, list] = {}
    for group, value in zip(groups, values, strict=True):
        of_group.setdefault(group, []).append(value)
    return [
        ", ".join(str(other) for other in of_group[group] if other != value)
        for group, value in zip(groups, values, strict=True)
    ]


def _values(risks: pd.DataFrame, vocab: Vocabulary) -> pd.DataFrame:
    product = risks.likelihood * risks.consequence
    wrong = (risks.risk_value != product).fillna(False)
    rows = risks.assign(product=product)[wrong]
    numbers = rows[[*AXES, "product", "risk_value"]].to_numpy()
    evidence = ["{}×{}={}, tryckt {}".format(*row) for row in numbers]
    return _found("value_not_product", rows, vocab, evidence)


def _steps(risks: pd.DataFrame, axis: str, vocab: Vocabulary) -> pd.DataFrame:
    steps = len(vocab.scale_labels(axis))
    rows = risks[~risks[axis].between(1, steps).fillna(True)]
    values = {"step": rows[axis], "axis": heading(axis).lower(), "steps": steps}
    return _found("step_out_of_range", rows, vocab, rows[axis].astype("str"), **values)


def _labels(risks: pd.DataFrame, account: pd.DataFrame, vocab: Vocabulary) -> pd.DataFrame:
    kept = account[account.rule == "label_kept"]
    rows = kept.merge(risks, on=["source_file", "source_row"], how="inner")
    return _found("label_contradicts_digit", rows, vocab, rows.before)


def _uncertain(account: pd.DataFrame, sources: pd.DataFrame, vocab: Vocabulary) -> pd.DataFrame:
    """What a reader could not be sure of."""
    rows = account[account.rule.isin(UNCERTAIN)]
    rows = rows.merge(sources[["source_file", "board", "period"]], on="source_file")
    what = [words()["values"]["rule"][rule] for rule in rows.rule]
    return _found("uncertain_reading", rows, vocab, rows.before, what=what)


def _events(risks: pd.DataFrame, vocab: Vocabulary) -> pd.DataFrame:
    named = risks.source_file.isin(risks.source_file[risks.event.notna()].unique())
    rows = risks[risks.event.isna() & named]  # a control plan has no such column
    return _found("event_missing", rows, vocab)


def _duplicates(risks: pd.DataFrame, vocab: Vocabulary) -> pd.DataFrame:
    """The same goal, indicator, process, way of working and event more than once in one export."""
    folded = risks.reset_index(drop=True).dropna(subset=["source_file", "event"])
    same = ["source_file"]
    for text in ("event", "goal", "indicator", "process", "way_of_working"):  # few share the first
        same.append(text)
        folded = folded.assign(**{text: fold_all(folded[text].fillna(""))})
        folded = folded[folded.duplicated(same, keep=False)]
    group = folded.groupby(same, sort=False).ngroup()  # two sheets of a file may share row numbers
    folded = folded.loc[group.sort_values(kind="stable").index]
    rows = risks.iloc[folded.index]
    others = _others(folded, same, "source_row")
    return _found("duplicate_risk", rows, vocab, rows.event, rows=others)


def _twice(sources: pd.DataFrame, vocab: Vocabulary) -> pd.DataFrame:
    same = ["board", "period", "kind"]
    good = sources[sources.problem.isna()].dropna(subset=same)
    rows = good[good.duplicated(same, keep=False)]
    kinds = [label(kind).lower() for kind in rows.kind]
    others = _others(rows, same, "source_file")
    return _found("same_period_twice", rows, vocab, others, files=others, kind=kinds)


def _without_activity(
    risks: pd.DataFrame, activities: pd.DataFrame, vocab: Vocabulary
) -> pd.DataFrame:
    has_one = risks.risk_id.astype(object).isin(activities.risk_id.astype(object))  # 20 × quicker
    rows = risks[~has_one]
    return _found("risk_without_activity", rows, vocab, rows.event)


def _without_responsible(activities: pd.DataFrame, vocab: Vocabulary) -> pd.DataFrame:
    """Only where the export names anybody at all: a follow-up has no such column."""
    nobody = activities.responsible.map(len) == 0
    named = activities.source_file.isin(activities.source_file[~nobody].unique())
    rows = activities[nobody & named]
    return _found("activity_without_responsible", rows, vocab, rows.activity)


def _outside_plans(risks: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Return the risks that do not stand in a control plan themselves."""
    return risks[~risks.source_file.isin(sources.source_file[sources.kind == "plan"])]


def _high(risks: pd.DataFrame, vocab: Vocabulary) -> pd.DataFrame:
    high = (risks.risk_value >= vocab.limit).fillna(False)
    rows = risks[high & (risks.decision != "control_plan")]
    printed = {code: label(code) for code in rows.decision.dropna().unique()}
    decisions = rows.decision.astype("object").map(printed).fillna("")
    return _found("high_outside_control_plan", rows, vocab, decisions, limit=vocab.limit)


def _decisions(risks: pd.DataFrame, vocab: Vocabulary) -> pd.DataFrame:
    """One per board, period and value: the decision is no function of the value."""
    decided = risks[risks.decision.notna() & risks.risk_value.notna()]
    group = decided.groupby(["board", "period", "risk_value"], dropna=False).ngroup()
    decisions = pd.get_dummies(decided.decision).groupby(group).sum()
    mixed = decisions[(decisions > 0).sum(axis=1) > 1]
    first = decided.set_index(group)
    first = first[~first.index.duplicated()].loc[mixed.index]
    known = [decision for decision in schema.DECISIONS if decision in mixed]

    @cache  # thousands of boards have the same few counts
    def say(*counts: int) -> str:
        named = zip(known, counts, strict=True)
        return ", ".join(f"{label(decision)} {n}" for decision, n in named if n)

    counts = [say(*row) for row in mixed[known].to_numpy().tolist()]
    rows = first.drop(columns=["risk_id", "source_row"])
    return _found("decisions_differ", rows, vocab, counts, counts=counts)
