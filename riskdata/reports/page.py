"""A notebook that has been run as one page that stands alone."""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Sequence
from functools import cache
from itertools import zip_longest
from pathlib import Path
from urllib.parse import quote, unquote

from jinja2 import Template
from lxml.html import HtmlElement, builder, fragment_fromstring, tostring
from nbconvert import HTMLExporter
from nbformat import NotebookNode

from riskdata import folders
from riskdata.reports.masking import mask_text
from riskdata.words.language import check_language, word

PAGE = Path(__file__).with_suffix(".html")  # its policy: nothing is ever fetched or run
SHOWN = ["text/html", "text/markdown", "image/png", "text/plain"]  # of an output, the first it has
UNSAFE = (
    "script", "style", "iframe", "object", "embed", "link", "meta", "base", "form", "input",
    "button", "svg", "video", "audio",
)  # fmt: skip
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
WIDE = 9  # columns: a table with more is set smaller in print


def save_page(
    notebook: NotebookNode,
    path: Path | str,
    *,
    language: str = "sv",
    where: str = "",
    people: Sequence[str] = (),
) -> Path:
    """Save a notebook that has been run as one page, without its code.

    The page loads nothing and runs nothing: it says its title and its language, its headings come
    in order, pictures keep their text alternatives, the heads of tables are marked, and none of the
    people is named. where: the board and period, said in the heading and the title.

    >>> import tempfile, nbformat.v4 as v4
    >>> bok = v4.new_notebook(cells=[v4.new_markdown_cell("# Hur många?", id="a")])
    >>> sida = save_page(bok, Path(tempfile.mkdtemp()) / "sida.html")
    >>> "<title>Hur många?</title>" in sida.read_text("utf-8")
    True
    """
    check_language(language)
    main, own = _body(notebook), Path(path)
    _clean(main)
    _mask(main, people, language)
    _lead_links(main, own)
    up = (word("index.board_page", language), f"{word('files.index', language)}.html")
    return write_page(main, own, own.stem, where=where, up=up if where else None, language=language)


def write_page(
    main: HtmlElement,
    path: Path,
    title: str,
    *,
    where: str = "",
    up: tuple[str, str] | None = None,
    language: str = "sv",
) -> Path:
    """Write a page's contents as a file that everybody can read.

    title: where no heading says it; where: the board and period; up: the text and the target of the
    link at its top.
    """
    title = _set_headings(main, title)
    for table in main.iter("table"):
        mark_table(table)
    _describe_pictures(main)
    _wrap_tables(main)
    if where:
        next(main.iter("h1")).append(builder.E.small(f" {where}"))
        title = f"{title} – {where}"
    if up:
        main.insert(0, builder.P(builder.A(up[0], href=up[1])))
    template = Template(PAGE.read_text("utf-8"), autoescape=True, keep_trailing_newline=True)
    html = template.render(title=title, language=language, main=tostring(main, encoding="unicode"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html, "utf-8", newline="\n")
    return path


def _body(notebook: NotebookNode) -> HtmlElement:
    """Return a notebook's prose and outputs as nbconvert renders them, without code and warnings."""
    shown = copy.deepcopy(notebook)
    for cell in shown.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if _is_shown(output)]
    return fragment_fromstring(_exporter().from_notebook_node(shown)[0], create_parent="main")


@cache
def _exporter() -> HTMLExporter:
    """Return nbconvert's, made once: its templates take longer than a page."""
    return HTMLExporter(
        template_name="basic", exclude_input=True, exclude_input_prompt=True,
        exclude_output_prompt=True, exclude_anchor_links=True,
        config={"NbConvertBase": {"display_data_priority": SHOWN}},
    )  # fmt: skip


def _is_shown(output: NotebookNode) -> bool:
    if output.output_type == "stream":
        return output.name == "stdout"
    kinds = output.get("data", {})
    widget = any(kind.startswith("application/vnd.jupyter.widget") for kind in kinds)
    return "text/html" in kinds or (not widget and any(kind in kinds for kind in SHOWN))


def _clean(main: HtmlElement) -> None:
    """Take away what could run or fetch something, whoever wrote it."""
    for element in list(main.iter(*UNSAFE)):
        element.drop_tree()
    for element in main.iter("*"):
        for name, value in list(element.attrib.items()):
            fetched = name in ("src", "srcset", "background") and not value.startswith("data:")
            runs = name.startswith("on") or re.match(r"\s*(javascript|vbscript):", value, re.I)
            if fetched or runs:
                del element.attrib[name]


def _mask(main: HtmlElement, people: Sequence[str], language: str) -> None:
    """Take people's names out of every text of a page."""
    for element in main.iter():
        for place in ("text", "tail"):
            text = getattr(element, place)
            if text and not text.isspace():
                setattr(element, place, mask_text(text, people, language=language)[0])


def _lead_links(main: HtmlElement, path: Path) -> None:
    """Let links to files, which a notebook gives from its own folder, lead there from the page."""
    for link in main.iter("a"):
        target = folders.root() / "notebooks" / unquote(link.get("href", "#"))
        if not re.match(r"#|\w+:", link.get("href", "#")) and target.exists():
            way = os.path.relpath(target.resolve(), path.resolve().parent)
            link.set("href", quote(Path(way).as_posix()))


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
    for element in table.iter("*"):
        for name in ("border", "style", "halign"):
            element.attrib.pop(name, None)
        if element.tag in ("th", "td"):
            _mark_cell(element)
        if element.tag in ROLES:
            element.set("role", ROLES[element.tag])


def _mark_cell(cell: HtmlElement) -> None:
    text = cell.text_content().strip()
    if cell.tag == "th" and text:
        kind = "col" if cell.xpath("ancestor::thead") else "row"
        cell.set("scope", kind)
        cell.set("role", {"col": "columnheader", "row": "rowheader"}[kind])
        return
    cell.tag = "td"  # the corner above an index heads nothing
    if re.fullmatch(r"\S{1,20}", text):
        cell.set("class", "short")  # a period or a single word is not to be broken


def _heads(table: HtmlElement) -> list[str]:
    """Return what heads each column: a table of pandas has a row of names over or under it too."""
    rows = [
        [cell.text_content().strip() for cell in row for _ in range(int(cell.get("colspan", 1)))]
        for row in table.xpath("./thead/tr")
    ]
    return [" ".join(dict.fromkeys(filter(None, texts))) for texts in zip_longest(*rows)]


def _describe_pictures(main: HtmlElement) -> None:
    """Say of a picture without words of its own what it answers, and the sentence that follows it."""
    question = ""
    for element in main.iter(*HEADINGS[:3], "img"):
        if element.tag != "img":
            question = element.text_content().strip()
        elif element.getparent().tag != "figure":
            after = element.xpath("following::p[normalize-space()][1]")
            answer = " ".join(after[0].text_content().split()) if after else ""
            element.set("alt", f"{question} {answer}".strip())


def _wrap_tables(main: HtmlElement) -> None:
    """Put each table in a part of the page that a keyboard can scroll, named as its caption."""
    heading = ""
    for element in list(main.iter(*HEADINGS, "table")):
        if element.tag != "table":
            heading = element.text_content().strip()
            continue
        name = element.findtext("caption") or heading
        part = builder.DIV({"class": "table", "role": "group", "tabindex": "0", "aria-label": name})
        element.addprevious(part)
        part.tail, element.tail = element.tail, None
        part.append(element)
