"""The account in numbers: what a run of clean or check says in words."""

from collections.abc import Callable, Iterator

import pandas as pd

from riskdata.exports.rows import NO_MENDING
from riskdata.tables.data import Data
from riskdata.words.language import heading, label, word, words

LONGEST = 100  # letters of a printed text in a line


def summarise(data: Data) -> str:
    """Return what was read, mended, left unread and found, over all files, as lines of text."""
    read = data.sources[data.sources.problem.isna()]
    repairs = data.account[~data.account.rule.isin(NO_MENDING)]
    lines = [
        _word("files", n=len(data.sources), read=len(read), **_sizes(data)),
        _word("repairs", n=len(repairs), proven=(repairs.proof != "").sum()),
        *_counts(repairs.rule, _rule),
        _word("unread", n=len(data.unread)),
        _describe_cells(data.cells),
        _word("findings", n=len(data.findings)),
        *_counts(data.findings.severity, label),
    ]
    return "\n".join(lines)


def describe_problems(data: Data) -> str:
    """Return why files could not be read, one after the other; "" when all could."""
    problems = data.sources.problem.dropna()
    if problems.empty:
        return ""
    return "\n".join(["", _word("problems", n=len(problems)), *(f"• {text}" for text in problems)])


def describe_export(data: Data) -> str:
    """Return all that was seen in one file: layout, rows, each repair, each finding, what is unread."""
    source = data.sources.iloc[0]
    repairs = data.account[~data.account.rule.isin(NO_MENDING)]
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
        *_section("repairs", repairs, _repair),
        *_section("kept", kept, _kept),
        *_section("findings", data.findings, _finding),
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
    files = "".join(
        f"\n  {n:>5}  {file}" for n, file in zip(lost, cells.source_file, strict=True) if n
    )
    return _word("cells", lost=lost.sum(), **sums) + files


def _counts(codes: pd.Series, name: Callable[[str], str]) -> list[str]:
    return [f"  {count:>5}  {name(code)}" for code, count in codes.value_counts().items()]


def _rule(code: str) -> str:
    return words()["values"]["rule"].get(code, code)


def _section(name: str, rows: pd.DataFrame, line: Callable[[tuple], str]) -> Iterator[str]:
    if len(rows):
        yield from ("", f"{_word(f'section_{name}')} ({len(rows)})")
        yield from (f"  {line(row)}" for row in rows.itertuples())


def _row(row: tuple) -> str:
    return _word("row", row=str(row.source_row))


def _repair(row: tuple) -> str:
    proof = f"  [{row.proof}]" if row.proof else ""
    change = f"{_short(row.before)} → {_short(row.after)}{proof}"
    return f"{_row(row)}, {heading(row.column)}: {_rule(row.rule)}: {change}"


def _kept(row: tuple) -> str:
    return f"{_row(row)}, {row.column}: {_short(row.before)}"


def _finding(row: tuple) -> str:
    where = f"{_row(row)}: " if pd.notna(row.source_row) else ""
    return f"{label(row.severity)}: {where}{row.message} {_short(row.evidence)}"


def _unread(row: tuple) -> str:
    return f"{_row(row)}: {row.reason}: {_short(row.text)}"


def _short(text: str) -> str:
    if not isinstance(text, str) or not text:
        return _word("nothing")
    return f"”{text if len(text) <= LONGEST else text[: LONGEST - 1] + '…'}”"
