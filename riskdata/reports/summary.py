"""How files were read, in words: what clean and check say, and the last page of a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskdata.reports.key_figures import tells_of_work
from riskdata.reports.printed import Table, print_table
from riskdata.tables.data import Data
from riskdata.words.language import heading, label, series, word, words
from riskdata.words.vocabulary import vocabulary

if TYPE_CHECKING:
    from riskdata.reports.committee import Committee

LONGEST = 100  # letters of a printed text in a line
RULES = (  # of the account: what was printed and is in no table, or stands there by a guess
    "column_not_used", "column_lost", "header_without_rows", "set_aside", "guessed_column",
    "unknown_word", "outside_named",
)  # fmt: skip
OF_TEXT = ("set_aside", "unknown_word", "guessed_column", "outside_named")
NAMED = 6  # headings or texts in one sentence; the workbook has them all


def summarise(data: Data) -> str:
    """Return what was read, mended and found over all files, and last what is in no table, as lines."""
    read = data.sources[data.sources.problem.isna()]
    mended = data.repairs
    lines = [
        _word("files", n=len(data.sources), read=len(read), **_sizes(data)),
        _word("repairs", n=len(mended), proven=mended.proven.sum()),
        *_counts(mended.rule, _rule),
        _word("findings", n=len(data.findings)),
        *_counts(data.findings.severity, label),
        _describe_cells(data.cells),
        *_beside(data),
        _word("unread", n=len(data.unread)),
    ]
    return "\n".join(lines)


def _beside(data: Data, language: str = "sv") -> Iterator[str]:
    """Yield what was printed and is in no table, or stands there by a guess: a sentence a kind."""
    for rule in RULES:
        rows = data.account[data.account.rule == rule]
        if rule in OF_TEXT:
            rows = rows.drop_duplicates(["source_file", "before"])  # a word is asked about once
        if len(rows):
            yield word(f"audit.{rule}", language, n=len(rows), names=_names(rows, rule, language))


def describe_problems(data: Data) -> str:
    """Return why files, or decisions in data/manual, could not be used; "" when all could."""
    problems = data.sources.problem.dropna()
    lines = ["", _word("problems", n=len(problems))] if len(problems) else []
    lines += [f"• {text}" for text in problems]
    lost = data.findings[data.findings.check == "decision_without_match"]
    rows = zip(lost.source_file, lost.source_row, lost.message, strict=True)
    lines += [f"• {file}, {_word('row', row=str(n))}: {text}" for file, n, text in rows]
    return "\n".join(lines)


def describe_export(data: Data) -> str:
    """Return all that was seen in one file: layout, rows, each repair, each finding, what is unread."""
    source = data.sources.iloc[0]
    kept = data.account[data.account.rule.isin({"extra_column", "cell_kept"})]
    gave = {
        "repairs": _word("of_repairs", n=source.repairs),
        "unread": _word("not_placed", n=source.unread),
        **_sizes(data),
    }
    export = {"board": source.board, "period": source.period, "kind": label(source.kind).lower()}
    return "\n".join([
        _word("export", file=source.source_file, **export),
        _word("gave", **gave),
        _describe_cells(data.cells),
        *_beside(data),
        *_section("repairs", data.repairs, _repair),
        *_section("kept", kept, _kept),
        *_lines("findings", len(data.findings), _findings(data.findings)),
        *_section("unread", data.unread, _unread),
    ])  # fmt: skip


def _word(key: str, **values: object) -> str:
    return word(f"summary.{key}", **values)


def _sizes(data: Data) -> dict[str, str]:
    sizes = {"risks": len(data.risks), "activities": len(data.activities)}
    sizes["rows"] = data.sources.printed_rows.sum()
    return {what: word(f"count.{what}", n=n) for what, n in sizes.items()}


def _describe_cells(cells: pd.DataFrame) -> str:
    """Return where every printed cell went; each file in which any was lost is named."""
    sums = cells[["printed", "placed", "noted", "unread"]].sum()
    lost = cells.printed - cells[["placed", "noted", "unread"]].sum(axis=1)
    files = [f"  {n:>5}  {file}" for n, file in zip(lost, cells.source_file, strict=True) if n]
    noted = cells.kinds.explode().dropna().str.rsplit(" ", n=1)
    kinds = noted.str[1].astype("Int64").groupby(noted.str[0]).sum().sort_values(ascending=False)
    told = [f"  {n:>5}  {_rule(kind)}" for kind, n in kinds.items()]
    return "\n".join([_word("cells", lost=lost.sum(), **sums), *files, *told])


def _counts(codes: pd.Series, name: Callable[[str], str]) -> list[str]:
    return [f"  {count:>5}  {name(code)}" for code, count in codes.value_counts().items() if count]


def _rule(code: str) -> str:
    return words()["values"]["rule"].get(code, code)


def _section(name: str, rows: pd.DataFrame, line: Callable[[tuple], str]) -> Iterator[str]:
    return _lines(name, len(rows), map(line, rows.itertuples()))


def _lines(name: str, count: int, lines: Iterable[str]) -> Iterator[str]:
    if count:
        yield from ("", f"{_word(f'section_{name}')} ({count})")
        yield from (f"  {line}" for line in lines)


def _row(row: tuple) -> str:
    return _word("row", row=str(row.source_row))


def _repair(row: tuple) -> str:
    proof = f"  [{row.proof}]" if row.proof else ""
    change = f"{_short(row.before)} → {_short(row.after)}{proof}"
    return f"{_row(row)}, {heading(row.column)}: {_rule(row.rule)}: {change}"


def _kept(row: tuple) -> str:
    return f"{_row(row)}, {row.column}: {_short(row.before)}"


def _findings(findings: pd.DataFrame) -> Iterator[str]:
    """Yield a line for all rows that are asked about in the same words."""
    for (severity, message), same in findings.groupby(["severity", "message"], sort=False):
        rows = ", ".join(map(str, same.source_row.dropna().unique()))
        where = f"{_word('row', row=rows)}: " if rows else ""
        texts = [_short(text) for text in same.evidence.dropna().unique() if text]
        yield f"{label(severity)}: {where}{message} {', '.join(texts)}".rstrip()


def _unread(row: tuple) -> str:
    return f"{_row(row)}: {row.reason}: {_short(row.text)}"


def _short(text: str) -> str:
    if not isinstance(text, str) or not text:
        return _word("nothing")
    return f"”{text if len(text) <= LONGEST else text[: LONGEST - 1] + '…'}”"


def sources_table(report: Committee) -> Table:
    """Return the exports that the report rests on, with what became of their rows."""
    counts = ["printed_rows", "risks", "activities", "repairs"]
    told = [
        c
        for c in ("set_aside", "unused_columns", "guessed", "unread")
        if report.data.sources[c].sum()
    ]
    title = word("audit.sources", report.language)
    columns = ["source_file", "kind", *counts, *told]
    note = word("audit.note", report.language)
    return print_table(title, report.data.sources, columns, note=note, language=report.language)


def doubts(report: Committee) -> list[str]:
    """Return what a reader should know before relying on a number."""
    return [*_of_scale(report), *_of_figures(report), *_of_reading(report)]


def _of_scale(report: Committee) -> Iterator[str]:
    """Yield that the limit or the bands are assumed, only where nobody has set them."""
    boards = report.register.board.dropna().unique()
    own = [vocabulary().for_board(board) for board in boards]
    if any(one.limit_is_assumed for one in own):
        limit = series(sorted({str(one.limit) for one in own}, key=int), report.language)
        yield word("uncertain.limit", report.language, limit=limit)
    elif any(one.bands_are_assumed for one in own):
        yield word("uncertain.bands", report.language)


def _of_figures(report: Committee) -> Iterator[str]:
    counts = {
        "valueless": report.register.risk_value.isna().sum(),
        "unknown": _unknown(report.activities),
        "ask": report.changes.certainty.astype("str").eq("ask").sum(),
        "inferred": _inferred(report.activities).sum(),
    }
    if report.register.empty:
        yield word("uncertain.no_register", report.language)
    for key, n in counts.items():
        if n:
            yield word(f"uncertain.{key}", report.language, n=n)


def _unknown(activities: pd.DataFrame) -> int:
    lost = activities.verdict.astype("str").eq("unknown").sum()
    return lost if tells_of_work(activities) else 0


def _inferred(activities: pd.DataFrame) -> pd.Series:
    if "risk_value_certainty" not in activities:
        return pd.Series(False, activities.index)
    certainty = activities.risk_value_certainty.astype("str").where(
        activities.risk_value_certainty.notna()
    )
    return certainty.notna() & certainty.ne("printed")


def _of_reading(report: Committee) -> Iterator[str]:
    data, language = report.data, report.language
    yield word("uncertain.repairs", language, n=len(data.repairs), proven=data.repairs.proven.sum())
    yield from _beside(data, language)
    lost = data.cells.printed - data.cells[["placed", "noted", "unread"]].sum(axis=1)
    for key, n in {"unread": len(data.unread), "lost": lost.sum()}.items():
        if n:
            yield word(f"uncertain.{key}", language, n=n)
    counts = data.findings.severity.astype("str").value_counts()
    said = [word(f"key_figures.{s}", language, n=n) for s, n in counts.items()]
    if said:
        yield word("uncertain.findings", language, counts=series(said, language))


def _names(rows: pd.DataFrame, rule: str, language: str) -> str:
    """Return the headings, or the texts, that a rule of the account is about."""
    texts = rows.before if rule in OF_TEXT else rows.column
    texts = texts.fillna(rows.column).drop_duplicates()
    named = [f"”{heading(text, language)}”" for text in texts.head(NAMED)]
    return ", ".join([*named, "…"]) if len(texts) > NAMED else series(named, language)
