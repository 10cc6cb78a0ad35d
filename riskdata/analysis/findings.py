"""Rows that a check has picked out → findings; the messages are written for these rows only."""

from functools import cache
from string import Formatter

import pandas as pd

from riskdata.tables import schema


def tell(
    rows: pd.DataFrame,
    check: str,
    severity: str,
    message: str,
    evidence: pd.Series | list[str] | str = "",
    /,
    **words: object,
) -> pd.DataFrame:
    """Return a finding for each row, with the columns of schema ``findings``.

    rows: with those of its columns that are known. message: with the names of columns, or of
    words, in braces. evidence and words: one for all rows, or one for each.

    >>> rows = schema.frame("risks", [{"risk_value": 10, "period": "2025-VB"}])
    >>> tell(rows, "value_not_product", "error", "{risk_value} är inte {p}.", p=12).message.tolist()
    ['10 är inte 12.']
    """
    if rows.empty:
        return _none()
    told = rows.assign(**words)
    names = [name for _, name, _, _ in Formatter().parse(message) if name]
    values = zip(*(told[name].tolist() for name in names), strict=True)
    messages = [message.format(**dict(zip(names, row, strict=True))) for row in values]
    found = rows.assign(severity=severity, check=check, evidence=evidence)
    return schema.frame("findings", found.assign(message=messages if names else message))


@cache
def _none() -> pd.DataFrame:
    return schema.frame("findings")
