"""A notebook that has been run as one page that stands alone."""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Sequence
from html import escape
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from riskdata import folders
from riskdata.reports.masking import mask_text
from riskdata.words.language import check_language, word

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from nbformat import NotebookNode

SHOWN = (
    "text/html",
    "text/markdown",
    "image/png",
    "text/plain",
)  # of an output, the first that it has
UNSAFE = (
    "script", "style", "iframe", "object", "embed", "link", "meta", "base", "form", "input",
    "button", "svg", "video", "audio",
)  # fmt: skip
WIDE = 9  # columns: a table with more is set smaller in print
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"  # nothing is ever fetched
STYLE = """
@page { size: A4; margin: 1.5cm }
body { color: #1a1a1a; background: #fff; font: 1rem/1.5 Calibri, Carlito, Arial, sans-serif;
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: break-word }
h1, h2, h3 { line-height: 1.25; margin: 2rem 0 .5rem; break-after: avoid }
h1 { font-size: 1.9rem } h2 { font-size: 1.4rem } h3 { font-size: 1.15rem }
h1 small { display: block; font-size: 1.1rem; font-weight: normal }
a { color: #0b4f8a }
figure { margin: 1.5rem 0; break-inside: avoid }
figure img, .output_png img { max-width: 100%; height: auto }
.table { margin: 1rem 0; overflow-x: auto }
table { border-collapse: collapse; font-size: .9rem }
caption { text-align: left; font-weight: bold; padding: .3rem 0 }
th, td { text-align: left; vertical-align: top; padding: .3rem .7rem .3rem 0;
  border-bottom: 1px solid #8c8c8c }
thead th, thead td { border-bottom: 2px solid #1a1a1a; vertical-align: bottom }
tr { break-inside: avoid }
td { font-variant-numeric: tabular-nums }
.short { white-space: nowrap }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .9rem }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 10pt }
  h1 { margin-top: 0 }
  .table { overflow: visible }
  table { font-size: 8pt; width: 100% }
  th, td { overflow-wrap: break-word; hyphens: auto; padding: .15rem .4rem .15rem 0 }
  table.wide { font-size: 6.5pt }
  table.wide td, table.wide .short { overflow-wrap: anywhere; white-space: normal }
}
@media screen and (max-width: 40rem) {
  table, tbody, tr, td, tbody th, caption { display: block }
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden }
  tr { border-bottom: 2px solid #1a1a1a; padding: .4rem 0 }
  td, tbody th { border: 0; padding: .1rem 0; overflow-wrap: anywhere }
  td[data-head]::before { content: attr(data-head) ": "; font-weight: bold }
  td:empty { display: none }
}
"""


def save_page(
    notebook: NotebookNode,
    path: Path | str,
    *,
    language: str = "sv",
    title: str | None = None,
    where: str = "",
    people: Sequence[str] = (),
) -> Path:
    """Save a notebook that has been run as one page, without its code.

    The page loads nothing and runs nothing: it says its title and its language, its headings come
    in order, pictures keep their text alternatives, and the heads of tables are marked.

    Parameters
    ----------
    notebook : as nbformat reads it, with outputs
    path : of the page, ending in .html
    language : "sv" or "en"
    title : of the page; else its first heading
    where : the board and period, said in the heading and the title
    people : known by name, as ``known_people`` returns them; none of them is named on the page

    Returns
    -------
    Path
        The file that was written.

    Examples
    --------
    >>> import tempfile, nbformat.v4 as v4
    >>> bok = v4.new_notebook(cells=[v4.new_markdown_cell("# Hur många?", id="a")])
    >>> sida = save_page(bok, Path(tempfile.mkdtemp()) / "sida.html")
    >>> "<title>Hur många?</title>" in sida.read_text("utf-8")
    True
    """
    check_language(language)
    main = _body(notebook)
    _clean(main)
    title = _set_headings(main, title or Path(path).stem)
    say_where(main, where)
    for table in main.iter("table"):
        mark_table(table)
    _describe_pictures(main)
    wrap_tables(main)
    _lead_links(main, Path(path))
    if where:
        lead_up(main, word("index.board_page", language), f"{word('files.index', language)}.html")
        title = f"{title} – {where}"
    _mask(main, people, language)
    return write_page(make_page(title, main, language), Path(path))


def _body(notebook: NotebookNode) -> HtmlElement:
    """Return a notebook's prose and outputs as nbconvert renders them, without its code."""
    from lxml.html import fragment_fromstring
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(
        template_name="basic",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    html, _ = exporter.from_notebook_node(_readable(notebook))
    return fragment_fromstring(html, create_parent="main")


def _readable(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook with each output in the one form that a page shows, and no warnings."""
    shown = copy.deepcopy(notebook)
    for cell in shown.cells:
        if cell.cell_type == "code":
            cell.outputs = [_one_form(out) for out in cell.outputs if _is_shown(out)]
    return shown


def _is_shown(output: NotebookNode) -> bool:
    if output.output_type == "stream":
        return output.name == "stdout"
    kinds = output.get("data", {})
    widget = any(kind.startswith("application/vnd.jupyter.widget") for kind in kinds)
    shown = ["text/html"] if widget else SHOWN  # in a widget's place what it is without a kernel
    return output.output_type != "error" and any(kind in kinds for kind in shown)


def _one_form(output: NotebookNode) -> NotebookNode:
    if output.output_type != "stream":
        kind = next(kind for kind in SHOWN if kind in output.data)
        output.data = {kind: output.data[kind]}
    return output


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


def _set_headings(main: HtmlElement, title: str) -> str:
    """Let headings go down one level at a time from a single h1; return the text of that one."""
    from lxml.html import builder

    heads = list(main.iter("h1", "h2", "h3", "h4", "h5", "h6"))
    if not any(head.tag == "h1" for head in heads):
        main.insert(0, builder.H1(title))
        heads.insert(0, main[0])
    first = next(head for head in heads if head.tag == "h1")
    level, seen = 1, set()
    for head in heads:
        wanted = max(int(head.tag[1]), 2)
        level = 1 if head is first else min(wanted, level + 1)
        head.tag = f"h{level}"
        if head.get("id") in seen:
            head.attrib.pop("id", None)
        seen.add(head.get("id"))
    return first.text_content().strip()


def say_where(main: HtmlElement, where: str) -> None:
    from lxml.html import builder

    head = next(main.iter("h1"))
    if where:
        head.append(builder.E.small(f" {where}"))


def lead_up(main: HtmlElement, text: str, target: str) -> None:
    """Put a link to the page above at the top of a page."""
    from lxml.html import builder

    main.insert(0, builder.P(builder.A(text, href=target)))


def _heads(table: HtmlElement) -> list[str]:
    """Return what heads each column: a table of pandas has a row of names over or under it too."""
    rows = [
        [cell.text_content().strip() for cell in row for _ in range(int(cell.get("colspan", 1)))]
        for row in table.xpath("./thead/tr")
    ]
    return [" ".join(dict.fromkeys(filter(None, texts))) for texts in zip_longest(*rows)]


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
    roles = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
    for element in table.iter(*roles):
        element.set("role", roles[element.tag])
    for element in table.iter("*"):
        for name in ("border", "style", "halign"):
            element.attrib.pop(name, None)
    for cell in table.iter("th"):
        in_head = any(parent.tag == "thead" for parent in cell.iterancestors())
        if cell.text_content().strip():
            cell.set("scope", "col" if in_head else "row")
            cell.set("role", "columnheader" if in_head else "rowheader")
        else:
            cell.tag = "td"  # the corner above an index heads nothing
    for cell in table.iter("td"):
        if re.fullmatch(r"\S{1,20}", cell.text_content().strip()):
            cell.set("class", "short")  # a period or a single word is not to be broken


def wrap_tables(main: HtmlElement) -> None:
    """Put each table in a part of the page that a keyboard can scroll, named as its caption."""
    from lxml.html import builder

    heading, seen = "", {}
    for element in list(main.iter("h1", "h2", "h3", "h4", "table")):
        if element.tag != "table":
            heading = element.text_content().strip()
            continue
        caption = element.find("caption")
        name = heading if caption is None else caption.text_content()
        seen[name] = seen.get(name, 0) + 1
        name = name if seen[name] == 1 else f"{name} ({seen[name]})"
        part = builder.DIV(
            {"class": "table", "role": "region", "tabindex": "0", "aria-label": name}
        )
        part.tail, element.tail = element.tail, None
        element.getparent().replace(element, part)
        part.append(element)


def _describe_pictures(main: HtmlElement) -> None:
    """Say of a picture without words of its own what it answers, and the sentence that follows it."""
    question = ""
    for element in main.iter("h1", "h2", "h3", "img"):
        if element.tag != "img":
            question = element.text_content().strip()
        elif element.getparent().tag != "figure":
            after = element.xpath("following::p[normalize-space()][1]")
            answer = " ".join(after[0].text_content().split()) if after else ""
            element.set("alt", f"{question} {answer}".strip())


def _lead_links(main: HtmlElement, path: Path) -> None:
    """Let links to files, which a notebook gives from its own folder, lead there from the page."""
    for link in main.iter("a"):
        target = folders.root() / "notebooks" / unquote(link.get("href", "#"))
        if not re.match(r"#|\w+:", link.get("href", "#")) and target.exists():
            way = os.path.relpath(target.resolve(), path.resolve().parent)
            link.set("href", quote(Path(way).as_posix()))


def _mask(main: HtmlElement, people: Sequence[str], language: str) -> None:
    """Take people's names out of every text of a page."""
    for part in main.iter():
        if part.text and not part.text.isspace():
            part.text = mask_text(part.text, people, language=language)[0]
        if part.tail and not part.tail.isspace():
            part.tail = mask_text(part.tail, people, language=language)[0]


def make_page(title: str, main: HtmlElement, language: str) -> str:
    from lxml.html import tostring

    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n{tostring(main, encoding='unicode')}\n</body>\n</html>\n"
    )


def write_page(page: str, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, "utf-8", newline="\n")
    return path
