"""The pages that lead to reports: of a board, of a period with its boards side by side, of all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from urllib.parse import quote

import pandas as pd

from riskdata import folders
from riskdata.analysis.activities import unfinished
from riskdata.analysis.links import in_register
from riskdata.reports.key_figures import count
from riskdata.reports.page import write_page
from riskdata.reports.printed import Points, Table
from riskdata.tables.data import Data
from riskdata.words.language import heading, number, word
from riskdata.words.vocabulary import AXES, vocabulary

ENDINGS = (".docx", ".pdf", ".xlsx")  # what a board's page leads to beside the pages
FIGURES = (  # what is told of each board, by the keys of its key figures
    "risks", "high", "high_outside", "activities", "unfinished", "overdue", "unknown", "contradicted",
)  # fmt: skip


def save_board_page(period: str, board: str, language: str = "sv") -> Path:
    """Save the page of a board and period, which leads to its report, its workbook and its pages."""
    from lxml import html

    folder = folders.report(period, board)
    names = {word(f"files.{name}", language) for name in ("report", "workbook")}
    files = {p.name: p for p in sorted(folder.iterdir()) if p.suffix in ENDINGS and p.stem in names}
    trees = {path: html.parse(path).getroot() for path in sorted(folder.glob("[0-9]*.html"))}
    pages = {
        tree.findtext(".//title").partition(" – ")[0]: path
        for path, tree in trees.items()
        if tree.get("lang") == language
    }
    parts = {
        word("index.reports", language): _links(files, folder),
        word("index.pages", language): _links(pages, folder),
    }
    up = word("index.period", language, period=period), f"../{_index(language)}"
    title, where = word("report.title", language), f"{board}, {period}"
    return _save(folder, title, parts, where=where, up=up, language=language)


def save_overview(data: Data, period: str, language: str = "sv") -> Path:
    """Save the page of a period, where its boards stand side by side, and the page of all periods.

    For the board or the auditors of a municipality: each board's high risks, what is unfinished,
    overdue, unknown and doubted, each with its report; then what cannot be compared, and why.
    """
    folder, chosen = folders.reports() / period, data.select(period=period)
    reports = _reports(period, chosen.boards, language)
    differences = Points("", list(not_compared(chosen, language)), language)
    parts = {
        word("index.boards", language): _figures_and_chart(chosen, reports, folder, language),
        word("index.not_compared", language): differences._repr_html_(),
        word("index.reports", language): _links(reports, folder),
    }
    up = word("index.all", language), f"../{_index(language)}"
    title = word("index.period", language, period=period)
    page = _save(folder, title, parts, up=up, language=language)
    _save_page_of_all(language)
    return page


def _save_page_of_all(language: str) -> None:
    root, parts = folders.reports(), {"": f"<p>{escape(word('index.lead_all', language))}</p>"}
    for page in sorted(root.glob(f"*/{_index(language)}"), reverse=True):
        period, boards = page.parent.name, [path.name for path in sorted(page.parent.iterdir())]
        reports = _reports(period, boards, language)
        own = {word("index.period", language, period=period): page}
        parts[period] = _links(own, root) + _links(reports, root)
    _save(root, word("index.all", language), parts, language=language)


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
    figures = {board: _figures(data.select(board=board), language) for board in data.boards}
    rows = pd.DataFrame.from_dict(figures, orient="index").reindex(columns=FIGURES)
    rows = rows.dropna(axis="columns", how="all").fillna("")
    rows = rows.rename(columns=lambda key: word(f"index.heads.{key}", language))
    rows.insert(0, heading("board", language), rows.index)
    note = word("index.boards_note", language)
    return Table("", rows, note, language, frozenset(rows.columns[:1]))


def _figures(data: Data, language: str) -> dict[str, str]:
    """Return the numbers of a board as texts, by the keys of its key figures."""
    nothing, work = pd.DataFrame(), data.activities
    if data.sources.kind.eq("follow_up").any():
        work = data.select(kind="follow_up").activities
    counted = count(data.risks[in_register(data.risks)], nothing, unfinished(work), nothing)
    return {
        f.key: number(f.value, language)
        if f.of is None
        else word("index.of", language, n=f.value, of=f.of)
        for f in counted
    }


def not_compared(data: Data, language: str = "sv") -> Iterator[str]:
    """Yield what differs between the boards, so that their numbers cannot be held side by side."""
    usual, alike = _steps(None), True
    for board in data.boards:
        sources = data.select(board=board).sources
        kinds, (likelihood, consequence) = set(sources.kind), _steps(board)
        said = {"board": board, "period": data.periods[0], "n": sources.guessed.sum()}
        said |= {"likelihood": likelihood, "consequence": consequence}
        reasons = {
            "no_register": "register" not in kinds,
            "no_follow_up": "follow_up" not in kinds,
            "other_scale": (likelihood, consequence) != usual,
            "guessed": sources.guessed.any(),
        }
        for key in [key for key, holds in reasons.items() if holds]:
            alike = False
            yield word(f"index.{key}", language, **said)
    if alike:
        yield word("index.comparable", language)


def _steps(board: str | None) -> tuple[int, ...]:
    own = vocabulary().for_board(board) if board else vocabulary()
    return tuple(len(own.scale_labels(axis)) for axis in AXES)


def _reports(period: str, boards: Iterable[str], language: str) -> dict[str, Path]:
    pages = {board: folders.report(period, board) / _index(language) for board in boards}
    return {board: page for board, page in pages.items() if page.is_file()}


def _save(folder: Path, title: str, parts: Mapping[str, str], **how: object) -> Path:
    """Save a page, heading → HTML, as the index of a folder."""
    from lxml.html import fragment_fromstring

    pieces = [f"<h1>{escape(title)}</h1>"]
    pieces += [f"<h2>{escape(head)}</h2>{html}" if head else html for head, html in parts.items()]
    main = fragment_fromstring("".join(pieces), create_parent="main")
    return write_page(main, folder / _index(how["language"]), title, **how)


def _links(paths: Mapping[str, Path], folder: Path) -> str:
    """Return a list of links, text → file, as seen from a folder."""
    items = (f"<li>{_link(text, path, folder)}</li>" for text, path in paths.items())
    return f"<ul>{''.join(items)}</ul>"


def _link(text: str, path: Path, folder: Path) -> str:
    way = quote(Path(os.path.relpath(path, folder)).as_posix())
    return f'<a href="{way}">{escape(text)}</a>'


def _index(language: str) -> str:
    return f"{word('files.index', language)}.html"
