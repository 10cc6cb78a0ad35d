"""Tables and lists for readers: codes and numbers as printed words, a title, and how to read it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

from riskdata.words.language import heading, label, listed, number, translated, word, words

CODED = (
    "decision", "status", "verdict", "change", "severity", "kind", "column",
    "decision_before", "decision_after",
)  # fmt: skip
QUOTED = (  # columns whose texts are the exports' own: Swedish, in a report of any language
    "event", "event_before", "event_after", "activity", "process", "process_after", "belongs",
    "indicator", "goal", "way_of_working", "evidence", "comment", "mark", "before",
    "after", "text", "board",
)  # fmt: skip
QUOTATION = re.compile(r"([”“][^”“]+”)")
LEFT = "text-align:left"  # a notebook's own is to the right, for texts as well
_EXPLAINED = {
    "reason": "reason", "certainty": "certainty", "risk_value_certainty": "certainty",
    "check": "check", "rule": "rule", "outcome": "outcome",
}  # fmt: skip
# Columns in which the project writes Swedish sentences of its own, and those that hold lists of words.
_WRITTEN = ("message", "evidence", "column", "before", "after", "proof")
_LISTS = {
    ("row_shifted", "after"), ("name_moved", "before"),
    ("decisions_differ", "evidence"), ("high_outside_control_plan", "evidence"),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Table:
    """Rows for readers, as ``printed`` returns them, with a title and how to read them."""

    title: str
    rows: pd.DataFrame
    note: str = ""
    language: str = "sv"
    quoted: frozenset[str] = frozenset()  # heads of columns in Swedish, where the language is not

    def _repr_html_(self) -> str:
        heads = "".join(
            f'<th scope="col" style="{LEFT}">{escape(str(head))}</th>' for head in self.rows
        )
        langs = [' lang="sv"' if head in self.quoted else "" for head in self.rows]
        body = "".join(f"<tr>{_cells(row, langs)}</tr>" for row in self.rows.to_numpy())
        rows = f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody>"
        caption = f"<caption>{escape(self.title)}</caption>" if self.title else ""
        table = "" if self.rows.empty else f"<table>{caption}{rows}</table>"
        note = self.note or ("" if table else word("report.nothing", self.language))
        return (
            f'<div lang="{self.language}">{table}{f"<p>{escape(note)}</p>" if note else ""}</div>'
        )


@dataclass(frozen=True, eq=False)
class Points:
    """Sentences for readers, one under the other."""

    title: str
    sentences: Sequence[str]
    language: str = "sv"

    def _repr_html_(self) -> str:
        said = (with_quotations(sentence, self.language) for sentence in self.sentences)
        items = "".join(f"<li>{sentence}</li>" for sentence in said)
        nothing = f"<p>{escape(word('report.nothing', self.language))}</p>"
        return f'<div lang="{self.language}">{f"<ul>{items}</ul>" if items else nothing}</div>'


def with_quotations(text: str, language: str) -> str:
    """Return a sentence as HTML; in another language than Swedish what it quotes is marked as Swedish."""
    html = escape(text)
    return html if language == "sv" else QUOTATION.sub(r'<span lang="sv">\1</span>', html)


def printed(
    table: pd.DataFrame, columns: Sequence[str], language: str = "sv", **heads: str
) -> pd.DataFrame:
    """Return columns of a table as texts under printed heads.

    heads: the key of a column's head in the words, where it is another than its name.

    >>> from riskdata.tables.schema import frame
    >>> printed(frame("risks", [{"event": "Elavbrott", "decision": "accept"}]), ["decision"])
        Hantering
    0  Accepteras
    """
    rows = coded(table.reindex(columns=list(columns)), language)
    rows = rows.map(lambda value: _text(value, language)).astype("str")
    return rows.rename(columns=lambda name: heading(heads.get(name, name), language))


def coded(table: pd.DataFrame, language: str = "sv") -> pd.DataFrame:
    """Return a table with words for its codes; numbers and texts stay."""
    new = table.copy()
    for column in table.columns.intersection([*_WRITTEN] if language != "sv" else []):
        codes = table.get("check", table.get("rule", table[column]))
        new[column] = [
            _said(*cell, column, language) for cell in zip(table[column], codes, strict=True)
        ]
    for column in table.columns.intersection([*CODED, *_EXPLAINED]):
        new[column] = table[column].map(lambda c, of=column: coded_value(of, c, language), "ignore")
    return new


def _said(text: object, code: str, column: str, language: str) -> object:
    """Return what the project itself has written in a table of findings, or of the account."""
    if not isinstance(text, str):
        return text
    if (code, column) in _LISTS:
        return listed(text, language)
    return translated(text, f"checks.{code}" if column == "message" else "reading", language)


def coded_value(column: str, code: str, language: str = "sv") -> str:
    """Return the word for a code of a column.

    >>> coded_value("certainty", "exact"), coded_value("rule", "name_moved")
    ('Samma text', 'Ansvarig flyttad till rätt kolumn')
    """
    if column == "column":
        return heading(code, language)
    if column in CODED:
        return label(code, language)
    values = words(language)["values"]
    known = values[_EXPLAINED[column]].get(code) or values.get(code)
    return known or translated(label(code, language), "reading", language)


def _text(value: object, language: str) -> str:
    if isinstance(value, list):
        return "; ".join(value)
    if pd.isna(value):
        return ""
    if isinstance(value, bool):
        return word("values.yes" if value else "values.no", language)
    return value if isinstance(value, str) else number(value, language)


def _cells(row: Sequence[str], langs: Sequence[str]) -> str:
    cells = (escape(text).replace("_", "_<wbr>") for text in row)  # where file names may break
    pairs = zip(cells, langs, strict=True)
    return "".join(f'<td{lang} style="{LEFT}">{cell}</td>' for cell, lang in pairs)


def show(
    table: pd.DataFrame, columns: Sequence[str] | None = None, *, language: str = "sv"
) -> Table:
    """Return a table as a notebook shows it to a reader: printed heads, and words for codes.

    columns: which, in order; all when none are named.
    """
    return print_table("", table, list(columns or table.columns), language=language)


def print_table(
    title: str, table: pd.DataFrame, columns: Sequence[str], *, note: str = "", language: str = "sv",
    heads: dict[str, str] | None = None,
) -> Table:  # fmt: skip
    """Return columns of a table with a title; in another language its Swedish columns are marked."""
    heads, foreign = heads or {}, language != "sv"
    quoted = [heading(heads.get(c, c), language) for c in columns if c in QUOTED and foreign]
    rows = printed(table, columns, language, **heads)
    return Table(title, rows, note, language, frozenset(quoted))
