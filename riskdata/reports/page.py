"""Pages that stand alone: of a notebook that has been run, and those that lead to reports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from urllib.parse import unquote

import mistune
import pandas as pd
from lxml.etree import strip_elements
from lxml.html import HtmlElement, builder, fragment_fromstring, parse, tostring
from markupsafe import Markup
from nbformat import NotebookNode

from riskdata import folders
from riskdata.analysis.activities import unfinished
from riskdata.analysis.links import in_register
from riskdata.charts.risks import plot_boards
from riskdata.reports.key_figures import count
from riskdata.reports.masking import mask_text
from riskdata.reports.printed import Points, Table, part, target, template
from riskdata.tables.data import Data
from riskdata.words.language import heading, number, word
from riskdata.words.vocabulary import AXES, vocabulary

PAGE = "page.html"  # its policy: nothing is ever fetched or run
SHOWN = {  # of an output, the first that it has: kind → what makes it HTML
    "text/html": str,
    "text/markdown": mistune.create_markdown(escape=False, plugins=["table", "strikethrough"]),
    "image/png": '<img src="data:image/png;base64,{}">'.format,
    "text/plain": Markup("<pre>{}</pre>").format,
}
UNSAFE = (
    "script", "style", "iframe", "object", "embed", "link", "meta", "base", "form", "input",
    "button", "svg", "video", "audio",
)  # fmt: skip
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
ROLES = {"thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}  # else as its tag
WIDE = 9  # columns: a table with more is set smaller in print
FIGURES = (  # what is told of each board, by the keys of its key figures
    "risks", "high", "high_outside", "activities", "unfinished", "overdue", "unknown", "contradicted",
)  # fmt: skip


def save_page(
    notebook: NotebookNode,
    path: Path | str,
    *,
    language: str = "sv",
    where: str = "",
    people: Sequence[str] = (),
) -> Path:
    """Save a notebook that has been run as one page, without its code, which loads and runs nothing.

    people: who is not named on it; where: the board and period, said in its heading and its title.
    """
    main, own = _body(notebook), Path(path)
    _clean(main)
    for element in main.iter():
        for place in ("text", "tail"):
            text = getattr(element, place)
            if text and not text.isspace():
                setattr(element, place, mask_text(text, people, language=language)[0])
    _lead_links(main, own)
    up = (word("index.board_page", language), _index(language)) if where else ()
    return _write(main, own, language, where, up)


def save_board_page(period: str, board: str, language: str = "sv") -> Path:
    """Save the page of a board and period, which leads to its report, its workbook and its pages."""
    folder, pages = folders.report(period, board), {}
    report, workbook = (word(f"files.{name}", language) for name in ("report", "workbook"))
    files = [folder / name for name in (f"{report}.docx", f"{report}.pdf", f"{workbook}.xlsx")]
    for path in sorted(folder.glob("[0-9]*.html")):
        tree = parse(path).getroot()
        if tree.get("lang") == language:
            pages[tree.findtext(".//title").partition(" – ")[0]] = path
    parts = {
        word("index.reports", language): _links({f.name: f for f in files if f.is_file()}, folder),
        word("index.pages", language): _links(pages, folder),
    }
    up = word("index.period", language, period=period), f"../{_index(language)}"
    main = _main(word("report.title", language), parts)
    return _write(main, folder / _index(language), language, f"{board}, {period}", up)


def save_overview(data: Data, period: str, language: str = "sv") -> Path:
    """Save the page of a period, where its boards stand side by side, and the page of all periods."""
    root, index, chosen = folders.reports(), _index(language), data.select(period=period)
    pages = _reports(period, chosen.boards, language)
    leads = {b: Markup(part("link", b, target(p, root / period))) for b, p in pages.items()}
    boards = boards_side_by_side(chosen, language, leads)._repr_html_()
    register = chosen.risks[in_register(chosen.risks)]
    if register.board.nunique() > 1 and register.risk_value.notna().any():
        boards += plot_boards(register, language=language)._repr_html_()
    differences = Points("", not_compared(chosen, language), language)._repr_html_()
    parts = {
        word("index.boards", language): boards,
        word("index.not_compared", language): differences,
    }
    every, title = word("index.all", language), word("index.period", language, period=period)
    up = every, f"../{index}"
    page = _write(_main(title, parts), root / period / index, language, up=up)
    periods = {own.parent.name: own for own in sorted(root.glob(f"*/{index}"), reverse=True)}
    for name, own in periods.items():
        boards = sorted(path.name for path in own.parent.iterdir())
        first = {word("index.period", language, period=name): own}
        periods[name] = _links(first | _reports(name, boards, language), root)
    _write(_main(every, periods, word("index.lead_all", language)), root / index, language)
    return page


def boards_side_by_side(
    data: Data, language: str = "sv", links: Mapping[str, Markup] | None = None
) -> Table:
    """Return a row a board with the numbers of its own report; a blank where nothing is printed.

    links: what stands for a board's name, where something does.
    """
    rows, register, judged = {}, data.risks[in_register(data.risks)], unfinished(data.activities)
    for board in data.boards:
        files = data.sources[data.sources.board == board].set_index("source_file").kind
        followed = files[files == "follow_up"] if "follow_up" in set(files) else files
        work = judged[judged.source_file.isin(followed.index)]
        counted = count(register[register.source_file.isin(files.index)], activities=work)
        rows[board] = {
            f.key: word("index.of", language, n=f.value, of=f.of)
            if f.of is not None
            else number(f.value, language)
            for f in counted
        }
    table = pd.DataFrame.from_dict(rows, orient="index").reindex(columns=FIGURES)
    table = table.dropna(axis="columns", how="all").fillna("")
    table = table.rename(columns=lambda key: word(f"index.heads.{key}", language))
    names = [(links or {}).get(board, board) for board in rows]
    table.insert(0, heading("board", language), pd.Series(names, table.index, dtype="object"))
    note = word("index.boards_note", language)
    return Table("", table, note, language, frozenset(table.columns[:1]))


def not_compared(data: Data, language: str = "sv") -> list[str]:
    """Return what differs between the boards, so that their numbers cannot be held side by side."""
    differences = []
    for board in data.boards:
        sources, size = data.sources[data.sources.board == board], vocabulary(board).size
        said = {"board": board, "period": data.periods[0], "n": sources.guessed.sum()}
        said |= dict(zip(AXES, size, strict=True))
        reasons = {
            "no_register": "register" not in set(sources.kind),
            "no_follow_up": "follow_up" not in set(sources.kind),
            "other_scale": size != vocabulary().size,
            "guessed": sources.guessed.any(),
        }
        held = [key for key, holds in reasons.items() if holds]
        differences += [word(f"index.{key}", language, **said) for key in held]
    return differences or [word("index.comparable", language)]


def _reports(period: str, boards: Iterable[str], language: str) -> dict[str, Path]:
    pages = {board: folders.report(period, board) / _index(language) for board in boards}
    return {board: page for board, page in pages.items() if page.is_file()}


def _links(paths: Mapping[str, Path], folder: Path) -> str:
    return part("links", [{text: target(path, folder)} for text, path in paths.items()])


def _index(language: str) -> str:
    return f"{word('files.index', language)}.html"


def _main(title: str, parts: Mapping[str, str], lead: str = "") -> HtmlElement:
    """Return the contents of a page that leads to others; parts: heading → HTML."""
    return fragment_fromstring(part("index", title, lead, parts).strip())


def _write(
    main: HtmlElement, path: Path, language: str, where: str = "", up: tuple[str, str] = ()
) -> Path:
    """Write a page's contents as a file that everybody can read.

    where: the board and period; up: the text and the target of the link at its top.
    """
    title = _set_headings(main, path.stem)
    for table in main.iter("table"):
        mark_table(table)
    _name_parts(main)
    if where:
        next(main.iter("h1")).append(builder.E.small(f" {where}"))
        title = f"{title} – {where}"
    if up:
        main.insert(0, builder.P(builder.A(up[0], href=up[1])))
    contents = tostring(main, encoding="unicode")
    html = template(PAGE).render(title=title, language=language, main=contents)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html, "utf-8", newline="\n")
    return path


def _body(notebook: NotebookNode) -> HtmlElement:
    """Return a notebook's prose and outputs, without code and warnings."""
    outputs = (_output(o) for cell in notebook.cells for o in cell.get("outputs", [cell]))
    return fragment_fromstring("\n".join(outputs), create_parent="main")


def _output(shown: NotebookNode) -> str:
    """Return an output as HTML, in the first of the kinds that it has; or a cell of prose."""
    kinds = shown.get("data", {})
    if any(kind.startswith("application/vnd.jupyter.widget") for kind in kinds):
        kinds = {kind: kinds[kind] for kind in kinds if kind == "text/html"}
    if shown.get("name") == "stdout":
        kinds = {"text/plain": shown.text}
    if shown.get("cell_type") == "markdown":
        kinds = {"text/markdown": shown.source}
    kind = next((kind for kind in SHOWN if kind in kinds), None)
    return SHOWN[kind](kinds[kind]) if kind else ""


def _clean(main: HtmlElement) -> None:
    """Take away what could run or fetch something, whoever wrote it."""
    strip_elements(main, *UNSAFE, with_tail=False)
    for element in main.iter("*"):
        for name, value in element.items():
            fetched = name in ("src", "srcset", "background") and not value.startswith("data:")
            runs = name.startswith("on") or re.match(r"\s*(javascript|vbscript):", value, re.I)
            if fetched or runs:
                del element.attrib[name]


def _lead_links(main: HtmlElement, path: Path) -> None:
    """Let links to files, which a notebook gives from its own folder, lead there from the page."""
    for link in main.iter("a"):
        file = folders.root() / "notebooks" / unquote(link.get("href", "#"))
        if not re.match(r"#|\w+:", link.get("href", "#")) and file.exists():
            link.set("href", target(file, path.parent))


def _set_headings(main: HtmlElement, title: str) -> str:
    """Let headings go down one level at a time from a single h1; return the text of that one."""
    if main.find(".//h1") is None:
        main.insert(0, builder.H1(title))
    first, level = next(main.iter("h1")), 1
    for head in list(main.iter(*HEADINGS)):
        level = 1 if head is first else min(max(int(head.tag[1]), 2), level + 1)
        head.tag = f"h{level}"
        head.attrib.pop("id", None)  # two headings may have the same words
    return first.text_content().strip()


def mark_table(table: HtmlElement) -> None:
    """Say of each cell what heads it, also where rows stand as lists, and leave the looks to the page.

    A cell that is shown as a block is no cell to a screen reader unless its role says so.
    """
    heads = _heads(table)
    if len(heads) > WIDE:
        table.set("class", "wide")
    for row in table.xpath("./tbody/tr"):
        for cell, head in zip(row, heads, strict=False):
            if head and cell.tag == "td":
                cell.set("data-head", head)
    for element in table.iter("table", "th", *ROLES):
        for name in ("border", "style", "halign"):
            element.attrib.pop(name, None)
        text = element.text_content().strip()
        if element.tag == "th" and text:
            column = bool(element.xpath("ancestor::thead"))
            element.set("scope", "col" if column else "row")
            element.set("role", "columnheader" if column else "rowheader")
            continue
        if element.tag in ("th", "td"):
            element.tag = "td"  # the corner above an index heads nothing
            if re.fullmatch(r"\S{1,20}", text):
                element.set("class", "short")  # a period or a single word is not to be broken
        element.set("role", ROLES.get(element.tag, element.tag))


def _heads(table: HtmlElement) -> list[str]:
    """Return what heads each column: a table of pandas has a row of names over or under it too."""
    rows = [
        [cell.text_content().strip() for cell in row for _ in range(int(cell.get("colspan", 1)))]
        for row in table.xpath("./thead/tr")
    ]
    return [" ".join(dict.fromkeys(filter(None, texts))) for texts in zip_longest(*rows)]


def _name_parts(main: HtmlElement) -> None:
    """Name what may not be seen: a picture by its question and answer, a table by its caption.

    A table is put in a part of the page that a keyboard can scroll.
    """
    question = ""
    for element in list(main.iter(*HEADINGS, "img", "table")):
        if element.tag == "table":
            name = {"aria-label": element.findtext("caption") or question}
            scrolled = builder.DIV({"class": "table", "role": "group", "tabindex": "0", **name})
            element.addprevious(scrolled)
            scrolled.tail, element.tail = element.tail, None
            scrolled.append(element)
        elif element.tag != "img":
            question = element.text_content().strip()
        elif element.getparent().tag != "figure":
            after = element.xpath("following::p[normalize-space()][1]")
            answer = " ".join(after[0].text_content().split()) if after else ""
            element.set("alt", f"{question} {answer}".strip())
