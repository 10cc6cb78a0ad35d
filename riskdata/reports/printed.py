"""Tables and lists for readers: codes and numbers as printed words, a title, and how to read it."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

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
TAGS = {"sv": "sv-SE", "en": "en-GB"}  # of languages, in office files
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
        return part("table", self)  # whoever adds to it escapes what is added


@dataclass(frozen=True, eq=False)
class Points:
    """Sentences for readers, one under the other."""

    title: str
    sentences: Sequence[str]
    language: str = "sv"

    def _repr_html_(self) -> str:
        return part("points", self)


@lru_cache
def template(name: str) -> Template:
    """Return one of this folder's templates, with what is put in it escaped; a macro is an attribute."""
    from jinja2 import Environment, FileSystemLoader

    folder = FileSystemLoader(Path(__file__).parent)
    made = Environment(autoescape=True, trim_blocks=True, keep_trailing_newline=True, loader=folder)
    made.globals["word"] = word
    made.filters["breakable"] = lambda text: escape(text).replace("_", Markup("_<wbr/>"))
    made.filters["quotations"] = _with_quotations
    return made.get_template(name)


def part(name: str, *contents: object) -> str:
    """Return a part of a page, by the name of its macro in parts.html."""
    return str(getattr(template("parts.html").module, name)(*contents))


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
    texts = {name: [_text(value, name, language) for value in rows[name]] for name in rows}
    heads = [heading(name, language, board) for name in rows]
    return pd.DataFrame(texts, rows.index, dtype="str").set_axis(heads, axis="columns")


def _text(value: object, column: str, language: str) -> str:
    if isinstance(value, list):
        return "; ".join(value)
    if pd.isna(value):
        return ""
    if isinstance(value, bool):
        return word("values.yes" if value else "values.no", language)
    if isinstance(value, str):
        return value
    return str(int(value)) if column in COLUMNS["numbered"] else number(value, language)


def coded(table: pd.DataFrame, language: str = "sv") -> pd.DataFrame:
    """Return a table with words for its codes; numbers and texts stay."""
    new, board = table.copy(), board_of(table)
    for column in table.columns.intersection(COLUMNS["written"] if language != "sv" else []):
        codes = table.get("check", table.get("rule", table[column]))
        texts = zip(table[column], codes, strict=True)
        new[column] = [_translated(text, code, column, language) for text, code in texts]
    for column in table.columns.intersection(COLUMNS["coded"]):
        codes = table[column].dropna().unique()
        new[column] = table[column].map({c: coded_value(column, c, language, board) for c in codes})
    if "kinds" in table:  # of each file: a rule of the account and a number, as "header 5"
        new["kinds"] = [
            [f"{coded_value('rule', rule, language)} {n}" for rule, n in map(str.split, kinds)]
            for kinds in table.kinds
        ]
    return new


def _translated(text: object, code: str, column: str, language: str) -> object:
    """Return what the project itself has written in a table of findings, or of the account."""
    if not isinstance(text, str):
        return text
    if [code, column] in COLUMNS["lists"]:
        return listed(text, language)
    return translated(text, f"checks.{code}" if column == "message" else "reading", language)


def coded_value(column: str, code: str, language: str = "sv", board: str = "") -> str:
    if column == "column":
        return heading(code, language, board)
    explained = words(language)["values"].get(column.removeprefix("risk_value_"), {})
    return explained.get(code) or translated(label(code, language, board), "reading", language)


def show(
    table: pd.DataFrame,
    columns: Sequence[str] | None = None,
    *,
    title: str = "",
    note: str = "",
    language: str = "sv",
) -> Table:
    """Return a table as it is shown to a reader: printed heads, and words for codes.

    columns: which, in order; all when none are named. note: how to read them.
    """
    columns, board = list(table if columns is None else columns), board_of(table)
    swedish = COLUMNS["quoted"] if language != "sv" else []
    quoted = frozenset(heading(name, language, board) for name in columns if name in swedish)
    return Table(title, printed(table, columns, language), note, language, quoted)


def target(path: Path, folder: Path) -> str:
    """Return where a link in a folder leads to get to a file."""
    try:
        return quote(Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix())
    except ValueError:  # on another drive
        return path.resolve().as_uri()
