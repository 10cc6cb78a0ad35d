"""The account in numbers: what a run of clean or check says in words."""

import pandas as pd

from riskdata.clean import Data
from riskdata.exports.rows import NO_MENDING
from riskdata.words.vocabulary import vocabulary

LONGEST = 100  # letters of a printed text in a line


def summarise(data: Data) -> str:
    """Return what was read, mended, left unread and found, over all files, as lines of text."""
    read = data.sources[data.sources.problem.isna()]
    words = vocabulary().words
    repairs = data.account[~data.account.rule.isin(NO_MENDING)]
    lines = [
        f"{len(read)} av {len(data.sources)} filer lästa: {read.printed_rows.sum()} tryckta rader gav "
        f"{len(data.risks)} risker och {len(data.activities)} aktiviteter.",
        f"{len(repairs)} lagningar, varav {(repairs.proof != '').sum()} med bevis:",
        *_counts(repairs.rule, words["rules"]),
        f"{len(data.unread)} tryckta rader eller celler kunde inte placeras (unread).",
        _describe_cells(data.cells),
        f"{len(data.findings)} iakttagelser:",
        *_counts(data.findings.severity, words["labels"]["sv"]),
    ]
    return "\n".join(lines)


def describe_problems(data: Data) -> str:
    """Return why files could not be read, one after the other; "" when all could."""
    problems = data.sources.problem.dropna()
    if problems.empty:
        return ""
    return f"\n{len(problems)} filer kunde inte läsas:\n" + "\n".join(
        f"• {text}" for text in problems
    )


def describe_export(data: Data) -> str:
    """Return all that was seen in one file: layout, rows, each repair, each finding, what is unread."""
    source = data.sources.iloc[0]
    label = vocabulary().label
    repairs = data.account[~data.account.rule.isin(NO_MENDING)]
    return "\n".join([
        f"{source.source_file}: {label(source.kind).lower()}, {source.board}, {source.period}",
        f"{source.printed_rows} tryckta rader, {source.risks} risker, {source.activities} aktiviteter, "
        f"{source.repairs} lagningar, {source.unread} oplacerade",
        _describe_cells(data.cells),
        *_section("Lagningar", [_repair(row) for row in repairs.itertuples()]),
        *_section("Sparat i account", [_kept(row) for row in _kept_rows(data)]),
        *_section("Iakttagelser", [_finding(row) for row in data.findings.itertuples()]),
        *_section("Oplacerat", [_unread(row) for row in data.unread.itertuples()]),
    ])  # fmt: skip


def _describe_cells(cells: pd.DataFrame) -> str:
    """Return where every printed cell went; each file in which any was lost is named."""
    printed, *found = cells[["printed", "placed", "noted", "unread"]].sum()
    lost = cells.printed - cells[["placed", "noted", "unread"]].sum(axis=1)
    where = ", ".join(
        f"{n} i {what}" for n, what in zip(found, ("tabellerna", "account", "unread"), strict=True)
    )
    files = "".join(
        f"\n  {n:>5}  {file}" for n, file in zip(lost, cells.source_file, strict=True) if n
    )
    return f"{printed} tryckta celler: {where}, {lost.sum()} förlorade.{files}"


def _counts(codes: pd.Series, words: dict[str, str]) -> list[str]:
    return [
        f"  {count:>5}  {words.get(code, code)}" for code, count in codes.value_counts().items()
    ]


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", f"{title} ({len(lines)})", *(f"  {line}" for line in lines)] if lines else []


def _repair(row) -> str:
    rule = vocabulary().words["rules"].get(row.rule, row.rule)
    proof = f"  [{row.proof}]" if row.proof else ""
    column = vocabulary().label(row.column)
    return (
        f"rad {row.source_row}, {column}: {rule}: {_short(row.before)} → {_short(row.after)}{proof}"
    )


def _kept_rows(data: Data):
    return data.account[data.account.rule.isin({"extra_column", "cell_kept"})].itertuples()


def _kept(row) -> str:
    return f"rad {row.source_row}, {row.column}: {_short(row.before)}"


def _finding(row) -> str:
    where = f"rad {row.source_row}: " if pd.notna(row.source_row) else ""
    return f"{vocabulary().label(row.severity)}: {where}{row.message} {_short(row.evidence)}"


def _unread(row) -> str:
    return f"rad {row.source_row}: {row.reason}: {_short(row.text)}"


def _short(text: str) -> str:
    if not isinstance(text, str) or not text:
        return "(tomt)"
    return f"”{text if len(text) <= LONGEST else text[: LONGEST - 1] + '…'}”"
