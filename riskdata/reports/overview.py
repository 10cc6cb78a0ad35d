"""The pages that lead to reports: of a board, of a period with its boards side by side, of all."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from html import escape, unescape
from pathlib import Path
from urllib.parse import quote

import pandas as pd

from riskdata import folders
from riskdata.analysis.activities import unfinished
from riskdata.analysis.links import in_register
from riskdata.reports.key_figures import Figure, count
from riskdata.reports.page import (
    lead_up,
    make_page,
    mark_table,
    say_where,
    wrap_tables,
    write_page,
)  # fmt: skip
from riskdata.reports.printed import Table
from riskdata.tables.data import Data
from riskdata.words.language import heading, number, word
from riskdata.words.vocabulary import AXES, vocabulary

ENDINGS = (".docx", ".pdf", ".xlsx")  # what a board's page leads to beside the pages
FIGURES = (  # what is told of each board, by the keys of its key figures
    "risks", "high", "high_outside", "activities", "unfinished", "overdue", "unknown", "contradicted",
)  # fmt: skip


def save_board_page(period: str, board: str, language: str = "sv") -> Path:
    """Save the page of a board and period, which leads to its report, its workbook and its pages."""
    folder, own = folders.report(period, board), _index(language)
    names = {word(f"files.{name}", language) for name in ("report", "workbook")}
    files = {p.name: p for p in sorted(folder.iterdir()) if p.suffix in ENDINGS and p.stem in names}
    pages = {_title(p): p for p in sorted(folder.glob("[0-9]*.html")) if _language(p) == language}
    parts = {
        word("index.reports", language): _links(files, folder),
        word("index.pages", language): _links(pages, folder),
    }
    up = word("index.period", language, period=period), f"../{own}"
    title, where = word("report.title", language), f"{board}, {period}"
    return _save(folder / own, title, parts, where=where, up=up, language=language)


def save_overview(data: Data, period: str, language: str = "sv") -> Path:
    """Save the page of a period, where its boards stand side by side, and the page of all periods.

    For the board or the auditors of a municipality: each board's high risks, what is unfinished,
    overdue, unknown and doubted, each with its report; then what cannot be compared, and why.
    """
    own, root = _index(language), folders.reports()
    chosen = data.select(period=period)
    reports = _reports(period, chosen.boards, own)
    parts = {
        word("index.boards", language): _figures_and_chart(
            chosen, reports, root / period, language
        ),
        word("index.not_compared", language): _list(list(not_compared(chosen, language))),
        word("index.reports", language): _links(reports, root / period),
    }
    up = word("index.all", language), f"../{own}"
    title = word("index.period", language, period=period)
    page = _save(root / period / own, title, parts, up=up, language=language)
    lead = f"<p>{escape(word('index.lead_all', language))}</p>"
    periods = {p.parent.name: p for p in sorted(root.glob(f"*/{own}"), reverse=True)}
    every = {
        p: _links({word("index.period", language, period=p): page}, root)
        + _links(_reports(p, [f.name for f in sorted(page.parent.iterdir())], own), root)
        for p, page in periods.items()
    }
    _save(root / own, word("index.all", language), {"": lead, **every}, language=language)
    return page


def _figures_and_chart(data: Data, reports: dict[str, Path], folder: Path, language: str) -> str:
    """Return the table of boards, each a link to its report, and the chart of those with registers."""
    from riskdata.charts.risks import plot_boards

    html = boards_side_by_side(data, language)._repr_html_()
    for board, page in reports.items():
        html = html.replace(f">{escape(board)}<", f">{_link(board, page, folder)}<", 1)
    register = data.risks[in_register(data.risks)]
    several = register.board.nunique() > 1 and register.risk_value.notna().any()
    return html + (plot_boards(register, language=language)._repr_html_() if several else "")


def boards_side_by_side(data: Data, language: str = "sv") -> Table:
    """Return a row a board with the numbers of its own report; a blank where nothing is printed."""
    figures = {board: _figures(data.select(board=board)) for board in data.boards}
    told = [key for key in FIGURES if any(key in counted for counted in figures.values())]
    rows = [
        [board, *(_cell(counted.get(key), language) for key in told)]
        for board, counted in figures.items()
    ]
    heads = [heading("board", language), *(word(f"index.heads.{key}", language) for key in told)]
    note = word("index.boards_note", language)
    return Table("", pd.DataFrame(rows, columns=heads), note, language, frozenset(heads[:1]))


def not_compared(data: Data, language: str = "sv") -> Iterator[str]:
    """Yield what differs between the boards, so that their numbers cannot be held side by side."""
    usual = _steps(None)
    period = data.periods[0]
    said = 0
    for board in data.boards:
        sources = data.select(board=board).sources
        kinds = set(sources.kind.astype("str"))
        likelihood, consequence = _steps(board)
        steps = {"likelihood": likelihood, "consequence": consequence}
        reasons = {
            "no_register": "register" not in kinds, "no_follow_up": "follow_up" not in kinds,
            "other_scale": (likelihood, consequence) != usual,
        }  # fmt: skip
        for key in [key for key, holds in reasons.items() if holds]:
            said += 1
            yield word(f"index.{key}", language, board=board, period=period, **steps)
        if sources.guessed.sum():
            said += 1
            yield word("index.guessed", language, n=sources.guessed.sum(), board=board)
    if not said:
        yield word("index.comparable", language)


def _figures(data: Data) -> dict[str, Figure]:
    nothing = pd.DataFrame()
    work = data.activities
    if data.sources.kind.astype("str").eq("follow_up").any():
        work = data.select(kind="follow_up").activities
    register = data.risks[in_register(data.risks)]
    return {f.key: f for f in count(register, nothing, unfinished(work), nothing)}


def _cell(figure: Figure | None, language: str) -> str:
    if figure is None:
        return ""
    if figure.of is None:
        return number(figure.value, language)
    return word("index.of", language, n=int(figure.value), of=int(figure.of))


def _steps(board: str | None) -> tuple[int, ...]:
    own = vocabulary().for_board(board) if board else vocabulary()
    return tuple(len(own.scale_labels(axis)) for axis in AXES)


def _reports(period: str, boards: list[str], own: str) -> dict[str, Path]:
    pages = {board: folders.report(period, board) / own for board in boards}
    return {board: page for board, page in pages.items() if page.is_file()}


def _save(
    path: Path,
    title: str,
    parts: Mapping[str, str],
    *,
    where: str = "",
    up: tuple[str, str] | None = None,
    language: str = "sv",
) -> Path:
    """Save a page: heading → HTML, and the text and target of the link at its top."""
    from lxml.html import fragment_fromstring

    pieces = [f"<h1>{escape(title)}</h1>"]
    pieces += [f"<h2>{escape(head)}</h2>{html}" if head else html for head, html in parts.items()]
    main = fragment_fromstring("".join(pieces), create_parent="main")
    say_where(main, where)
    for table in main.iter("table"):
        mark_table(table)
    wrap_tables(main)
    if up:
        lead_up(main, *up)
    full = f"{title} – {where}" if where else title
    return write_page(make_page(full, main, language), Path(path))


def _links(paths: Mapping[str, Path], folder: Path) -> str:
    """Return a list of links, text → file, as seen from a folder."""
    items = (f"<li>{_link(text, path, folder)}</li>" for text, path in paths.items())
    return f"<ul>{''.join(items)}</ul>"


def _link(text: str, path: Path, folder: Path) -> str:
    way = quote(Path(os.path.relpath(path, folder)).as_posix())
    return f'<a href="{way}">{escape(text)}</a>'


def _title(path: Path) -> str:
    """Return the title of a saved page, without board and period."""
    found = re.search(r"<title>(.*?)(?: – [^<]*)?</title>", path.read_text("utf-8"))
    return unescape(found[1]) if found else path.stem


def _language(path: Path) -> str:
    return re.search(r'<html lang="(\w+)"', path.read_text("utf-8"))[1]


def _list(texts: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in texts)}</ul>"


def _index(language: str) -> str:
    return f"{word('files.index', language)}.html"
