"""Tables and lists for readers: codes and numbers as printed words, a title, and how to read it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup, escape

from riskdata.words.language import (
    board_of,
    heading,
    label,
    listed,
    number,
    translated,
    word,
    words,
)

if TYPE_CHECKING:
    from jinja2 import Template

COLUMNS = tomllib.loads(Path(__file__).with_name("columns.toml").read_text("utf-8"))
QUOTATION = re.compile(r"([”“][^”“]+”)")


@dataclass(frozen=True, eq=False)
class Table:
    """Rows for readers, as ``printed`` returns them, with a title and how to read them."""

    title: str
    rows: pd.DataFrame
    note: str = ""
    language: str = "sv"
    quoted: frozenset[str] = frozenset()  # heads of columns in Swedish, where the language is not

    def _repr_html_(self) -> str:
        return str(macros().table(self))  # whoever adds to it escapes what is added


@dataclass(frozen=True, eq=False)
class Points:
    """Sentences for readers, one under the other."""

    title: str
    sentences: Sequence[str]
    language: str = "sv"

    def _repr_html_(self) -> str:
        return str(macros().points(self))


@lru_cache
def macros() -> Template:
    """Return the macros of parts.html: each gives a part of a page, its texts escaped."""
    from jinja2 import Environment

    made = Environment(autoescape=True, trim_blocks=True)
    made.globals["word"] = word
    made.filters |= {"breakable": _breakable, "quotations": _with_quotations}
    return made.from_string(Path(__file__).with_name("parts.html").read_text("utf-8")).module


def _breakable(text: str) -> Markup:
    """Return a text as HTML in which long names of files may break."""
    return escape(text).replace("_", Markup("_<wbr>"))


def _with_quotations(text: str, language: str) -> Markup:
    """Return a sentence as HTML; in another language than Swedish what it quotes is marked as Swedish."""
    html = escape(text)
    marked = QUOTATION.sub(r'<span lang="sv">\1</span>', str(html))  # Markup would escape the span
    return html if language == "sv" else Markup(marked)


def printed(table: pd.DataFrame, columns: Sequence[str], language: str = "sv") -> pd.DataFrame:
    """Return columns of a table as texts under printed heads, in the words of its board if it has one.

    >>> from riskdata.tables.schema import frame
    >>> printed(frame("risks", [{"event": "Elavbrott", "decision": "accept"}]), ["decision"])
        Hantering
    0  Accepteras
    """
    rows, board = coded(table, language).reindex(columns=list(columns)), board_of(table)
    rows = rows.map(lambda value: _text(value, language)).astype("str")
    return rows.rename(columns=lambda name: heading(name, language, board))


def coded(table: pd.DataFrame, language: str = "sv") -> pd.DataFrame:
    """Return a table with words for its codes; numbers and texts stay."""
    new, board = table.copy(), board_of(table)
    for column in table.columns.intersection(COLUMNS["written"] if language != "sv" else []):
        codes = table.get("check", table.get("rule", table[column]))
        new[column] = [
            _said(*cell, column, language) for cell in zip(table[column], codes, strict=True)
        ]
    for column in table.columns.intersection([*COLUMNS["coded"], *COLUMNS["explained"]]):
        new[column] = new[column].map(
            lambda code, of=column: coded_value(of, code, language, board), "ignore"
        )
    if "kinds" in table:  # of each file: a rule of the account and a number, as "header 5"
        named = [[kind.rsplit(" ", 1) for kind in kinds] for kinds in table.kinds]
        new["kinds"] = [
            [f"{coded_value('rule', r, language)} {n}" for r, n in some] for some in named
        ]
    return new


def _said(text: object, code: str, column: str, language: str) -> object:
    """Return what the project itself has written in a table of findings, or of the account."""
    if not isinstance(text, str):
        return text
    if [code, column] in COLUMNS["lists"]:
        return listed(text, language)
    return translated(text, f"checks.{code}" if column == "message" else "reading", language)


def coded_value(column: str, code: str, language: str = "sv", board: str = "") -> str:
    """Return the word for a code of a column.

    >>> coded_value("certainty", "exact"), coded_value("rule", "name_moved")
    ('Samma text', 'Ansvarig flyttad till rätt kolumn')
    """
    if column == "column":
        return heading(code, language, board)
    if column in COLUMNS["coded"]:
        return label(code, language, board)
    values = words(language)["values"]
    known = values[column.removeprefix("risk_value_")].get(code) or values.get(code)
    return known or translated(label(code, language), "reading", language)


def _text(value: object, language: str) -> str:
    if isinstance(value, list):
        return "; ".join(value)
    if pd.isna(value):
        return ""
    if isinstance(value, bool):
        return word("values.yes" if value else "values.no", language)
    return value if isinstance(value, str) else number(value, language)


def show(
    table: pd.DataFrame, columns: Sequence[str] | None = None, *, language: str = "sv"
) -> Table:
    """Return a table as a notebook shows it to a reader: printed heads, and words for codes.

    columns: which, in order; all when none are named.
    """
    return print_table("", table, list(columns or table.columns), language=language)


def print_table(
    title: str, table: pd.DataFrame, columns: Sequence[str], *, note: str = "", language: str = "sv"
) -> Table:
    """Return columns of a table with a title; in another language its Swedish columns are marked."""
    quoted = [
        heading(name, language, board_of(table))
        for name in columns
        if name in COLUMNS["quoted"] and language != "sv"
    ]
    rows = printed(table, columns, language)
    return Table(title, rows, note, language, frozenset(quoted))
