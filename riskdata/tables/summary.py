"""How files were read, in words: what clean and check say."""

from collections.abc import Callable, Iterable, Iterator

import pandas as pd

from riskdata.tables.data import Data
from riskdata.words.language import heading, label, series, word, words

LONGEST = 100  # letters of a printed text in a line
NAMED = 6  # headings or texts in one sentence; the workbook has them all
RULES = {  # of the account: what is printed and in no table, or stands there by a guess → its name
    "column_not_used": "column", "column_lost": "column", "header_without_rows": "column",
    "set_aside": "before", "guessed_column": "before", "unknown_word": "before",
    "outside_named": "before",
}  # fmt: skip


def summarise(data: Data) -> str:
    """Return what was read, mended and found over all files, and last what is in no table, as lines."""
    mended, read = data.repairs, data.sources.problem.isna().sum()
    return "\n".join([
        _say("files", n=len(data.sources), read=read, **_sizes(data)),
        _say("repairs", n=len(mended), proven=mended.proven.sum()),
        *_counts(mended.rule.value_counts(), _rule),
        _say("findings", n=len(data.findings)),
        *_counts(data.findings.severity.value_counts(), label),
        *_describe_cells(data.cells),
        *describe_audit(data),
        _say("unread", n=len(data.unread)),
    ])  # fmt: skip


def describe_problems(data: Data) -> str:
    """Return why files, or decisions in data/manual, could not be used; "" when all could."""
    problems = data.sources.problem.dropna()
    lost = data.findings[data.findings.check == "decision_without_match"].itertuples()
    return "\n".join([
        *(("", _say("problems", n=len(problems))) if len(problems) else ()),
        *(f"• {text}" for text in problems),
        *(f"• {row.source_file}, {_row(row.source_row)}{row.message}" for row in lost),
    ])  # fmt: skip


def describe_export(data: Data) -> str:
    """Return all that was seen in one file: layout, rows, each repair, each finding, what is unread."""
    source, account, unread = data.sources.iloc[0], data.account, data.unread.itertuples()
    kept = account[account.rule.isin(["extra_column", "cell_not_used", "cell_kept"])].itertuples()
    repairs, left = _say("of_repairs", n=source.repairs), _say("not_placed", n=source.unread)
    export = {"board": source.board, "period": source.period, "kind": label(source.kind).lower()}
    return "\n".join([
        _say("export", file=source.source_file, **export),
        _say("gave", repairs=repairs, unread=left, **_sizes(data)),
        *_describe_cells(data.cells),
        *describe_audit(data),
        *_section("repairs", map(_repair, data.repairs.itertuples())),
        *_section("kept", (f"{_row(r.source_row)}{r.column}: {_short(r.before)}" for r in kept)),
        *_section("findings", _findings(data.findings), len(data.findings)),
        *_section("unread", (f"{_row(r.source_row)}{r.reason}: {_short(r.text)}" for r in unread)),
    ])  # fmt: skip


def _say(key: str, **values: object) -> str:
    return word(f"summary.{key}", **values)


def _sizes(data: Data) -> dict[str, str]:
    sizes = {"risks": len(data.risks), "activities": len(data.activities)}
    sizes["rows"] = data.sources.printed_rows.sum()
    return {what: word(f"count.{what}", n=n) for what, n in sizes.items()}


def lost_cells(cells: pd.DataFrame) -> pd.Series:
    """Return how many printed cells of each file are found nowhere."""
    lost = cells.printed - cells[["placed", "noted", "unread"]].sum(axis="columns")
    return lost.set_axis(cells.source_file)


def _describe_cells(cells: pd.DataFrame) -> Iterator[str]:
    """Yield where every printed cell went, each file in which any was lost, the kinds set aside."""
    sums, lost = cells[["printed", "placed", "noted", "unread"]].sum(), lost_cells(cells)
    yield _say("cells", lost=lost.sum(), **sums)
    yield from _counts(lost, str)
    noted = cells.kinds.explode().dropna().str.rsplit(" ", n=1)
    kinds = noted.str[1].astype("Int64").groupby(noted.str[0]).sum()
    yield from _counts(kinds.sort_values(ascending=False), _rule)


def _counts(counts: pd.Series, name: Callable[[str], str]) -> Iterator[str]:
    yield from (f"  {count:>5}  {name(of)}" for of, count in counts.items() if count)


def _rule(code: str) -> str:
    return words()["values"]["rule"].get(code, code)


def _section(name: str, lines: Iterable[str], count: int | None = None) -> list[str]:
    lines = [f"  {line}" for line in lines]
    heading = f"{_say(f'section_{name}')} ({count or len(lines)})"
    return ["", heading, *lines] if lines else []


def _row(number: object) -> str:
    return f"{_say('row', row=str(number))}: "


def _repair(row: tuple) -> str:
    proof = f"  [{row.proof}]" if row.proof else ""
    change = f"{_short(row.before)} → {_short(row.after)}{proof}"
    return f"{_row(row.source_row)}{heading(row.column)}: {_rule(row.rule)}: {change}"


def _findings(findings: pd.DataFrame) -> Iterator[str]:
    """Yield a line for all rows that are asked about in the same words."""
    for (severity, message), same in findings.groupby(["severity", "message"], sort=False):
        rows = ", ".join(map(str, same.source_row.dropna().unique()))
        texts = [_short(text) for text in same.evidence.dropna().unique() if text]
        where = _row(rows) if rows else ""
        yield f"{label(severity)}: {where}{message} {', '.join(texts)}".rstrip()


def _short(text: str) -> str:
    if not isinstance(text, str) or not text:
        return _say("nothing")
    return f"”{text if len(text) <= LONGEST else text[: LONGEST - 1] + '…'}”"


def describe_audit(data: Data, language: str = "sv") -> Iterator[str]:
    """Yield what was printed and is in no table, or stands there by a guess: a sentence a kind."""
    for rule, column in RULES.items():
        rows = data.account[data.account.rule == rule]
        if column == "before":
            rows = rows.drop_duplicates(["source_file", "before"])  # a word is asked about once
        if len(rows):
            texts = rows[column].fillna(rows.column).drop_duplicates()
            named = [f"”{heading(text, language)}”" for text in texts.head(NAMED)]
            names = ", ".join([*named, "…"]) if len(texts) > NAMED else series(named, language)
            yield word(f"audit.{rule}", language, n=len(rows), names=names)
