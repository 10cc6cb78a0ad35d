"""The pages that lead to reports: of a board, of a period with its boards side by side, of all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pandas as pd
from lxml import html

from riskdata import folders
from riskdata.analysis.activities import unfinished
from riskdata.analysis.links import in_register
from riskdata.charts.chart import Chart
from riskdata.charts.risks import plot_boards
from riskdata.reports.key_figures import count
from riskdata.reports.page import write_page
from riskdata.reports.printed import Points, Table, macros
from riskdata.tables.data import Data
from riskdata.words.language import heading, number, word
from riskdata.words.vocabulary import vocabulary

ENDINGS = (".docx", ".pdf", ".xlsx")  # what a board's page leads to beside the pages
FIGURES = (  # what is told of each board, by the keys of its key figures
    "risks", "high", "high_outside", "activities", "unfinished", "overdue", "unknown", "contradicted",
)  # fmt: skip


def save_board_page(period: str, board: str, language: str = "sv") -> Path:
    """Save the page of a board and period, which leads to its report, its workbook and its pages."""
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
        word("index.reports", language): [_links(files, folder)],
        word("index.pages", language): [_links(pages, folder)],
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
    reports = _links(_reports(period, chosen.boards, language), folder)
    differences = Points("", list(not_compared(chosen, language)), language)
    parts = {
        word("index.boards", language): _figures_and_chart(chosen, reports, language),
        word("index.not_compared", language): [differences],
    }
    up = word("index.all", language), f"../{_index(language)}"
    title = word("index.period", language, period=period)
    page = _save(folder, title, parts, up=up, language=language)
    _save_page_of_all(language)
    return page


def _save_page_of_all(language: str) -> None:
    root, parts = folders.reports(), {}
    for page in sorted(root.glob(f"*/{_index(language)}"), reverse=True):
        period, boards = page.parent.name, [path.name for path in sorted(page.parent.iterdir())]
        own = {word("index.period", language, period=period): page}
        parts[period] = [_links(own | _reports(period, boards, language), root)]
    lead = word("index.lead_all", language)
    _save(root, word("index.all", language), parts, lead=lead, language=language)


def _figures_and_chart(data: Data, links: Mapping[str, str], language: str) -> list[Table | Chart]:
    """Return the table of boards, each a link to its report, and the chart of those with registers."""
    table, register = boards_side_by_side(data, language), data.risks[in_register(data.risks)]
    boards = table.rows.iloc[:, 0]
    linked = [macros().link(board, links[board]) if board in links else board for board in boards]
    table.rows[boards.name] = pd.Series(linked, boards.index, dtype="object")
    several = register.board.nunique() > 1 and register.risk_value.notna().any()
    return [table, plot_boards(register, language=language)] if several else [table]


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
    work = data.activities
    if data.sources.kind.eq("follow_up").any():
        work = data.select(kind="follow_up").activities
    counted = count(data.risks[in_register(data.risks)], activities=unfinished(work))
    return {
        f.key: number(f.value, language)
        if f.of is None
        else word("index.of", language, n=f.value, of=f.of)
        for f in counted
    }


def not_compared(data: Data, language: str = "sv") -> Iterator[str]:
    """Yield what differs between the boards, so that their numbers cannot be held side by side."""
    usual, alike = vocabulary().size, True
    for board in data.boards:
        sources = data.select(board=board).sources
        kinds, (likelihood, consequence) = set(sources.kind), vocabulary().for_board(board).size
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


def _reports(period: str, boards: Iterable[str], language: str) -> dict[str, Path]:
    pages = {board: folders.report(period, board) / _index(language) for board in boards}
    return {board: page for board, page in pages.items() if page.is_file()}


def _save(
    folder: Path, title: str, parts: Mapping[str, list], *, lead: str = "", **how: object
) -> Path:
    """Save a page, heading → tables, charts and links, as the index of a folder."""
    main = html.fragment_fromstring(macros().index(title, lead, parts).strip())
    return write_page(main, folder / _index(how["language"]), title, **how)


def _links(paths: Mapping[str, Path], folder: Path) -> dict[str, str]:
    """Return links, text → target, as seen from a folder."""
    ways = {text: Path(os.path.relpath(path, folder)).as_posix() for text, path in paths.items()}
    return {text: quote(way) for text, way in ways.items()}


def _index(language: str) -> str:
    return f"{word('files.index', language)}.html"
