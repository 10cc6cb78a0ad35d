"""Word documents (.docx): every table, tracked changes counted as accepted."""

from collections.abc import Iterator

from lxml import etree

from riskdata.errors import ReadError
from riskdata.readers.grid import Grid
from riskdata.readers.limits import open_zip
from riskdata.readers.spans import Cell, Spans, read_blocks
from riskdata.readers.xml import attribute, local, parse_xml

# Text that is not printed: deleted or moved away, and what older programs show instead of a shape.
_NOT_PRINTED = ("del", "moveFrom", "Fallback", "instrText", "delText")
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}


def read(content: bytes, name: str) -> list[Grid]:
    """Return every table as a grid "tabell 1", …; text above it as rows of one cell, numbered 0.

    ``numbers`` are table rows, counted on from table to table, so that each tells one row of the
    document. Notes: ``struck_through``, ``deleted_row``, ``outside_table`` (text that is no title).
    Raises ReadError when the document is damaged or has no table.
    """
    with open_zip(content, name) as archive:
        headers = sorted(p for p in archive.namelist() if p.startswith("word/header"))
        above = [text for part in headers for text in _blocks(parse_xml(archive.read(part), name))]
        document = parse_xml(archive.read("word/document.xml"), name)
    body = [block for part in document for block in _blocks(part)]
    titles = dict.fromkeys(block for block in above if isinstance(block, str))
    grids = read_blocks([*titles, *body], _add_table)
    if not grids:
        raise ReadError(
            f"{name}: Word-dokumentet har ingen tabell. Är tabellen en bild, så går den inte att "
            "läsa: exportera rapporten som Excel eller text i stället."
        )
    return grids


def _blocks(element: etree._Element) -> Iterator[str | etree._Element]:
    """Give the tables and the text of the paragraphs outside them, in order."""
    for child in element:
        tag = local(child)
        if tag == "tbl":
            yield child
        elif tag == "p":
            text = _text(child).strip()
            if text:
                yield text
        elif tag not in _NOT_PRINTED:  # content controls, custom XML, text boxes
            yield from _blocks(child)


def _add_table(table: etree._Element, spans: Spans, last: int) -> None:
    """Add the rows of a table, numbered from the last one on."""
    rows = [row for row in table.iter("{*}tr") if next(row.iterancestors("{*}tbl")) is table]
    printed = _stretch([_cells(row) for row in rows])
    for number, (row, cells) in enumerate(zip(rows, printed, strict=True), last + 1):
        if row.find("{*}trPr/{*}del") is not None:
            text = " | ".join(cell.text for cell in cells if cell.text.strip())
            spans.notes.append((number, "deleted_row", text))
            continue
        spans.add_row(number, cells)
        spans.notes += [(number, "struck_through", text) for text in _struck(row)]


def _cells(row: etree._Element) -> list[tuple[Cell, str]]:
    """Return a row's cells, and for each whether it begins, continues or has no vertical merge."""
    cells, at = [], _number(row, "{*}trPr/{*}gridBefore", 0)
    for cell in row.iter("{*}tc"):
        if next(cell.iterancestors("{*}tr")) is not row:
            continue
        merge = cell.find("{*}tcPr/{*}vMerge")
        across = _number(cell, "{*}tcPr/{*}gridSpan", 1)
        state = "" if merge is None else attribute(merge, "val", "continue")
        cells.append((Cell(_text(cell), 1, across, at), state))
        at += across
    return cells


def _stretch(rows: list[list[tuple[Cell, str]]]) -> list[list[Cell]]:
    """Return the rows, a cell that begins a vertical merge stretched over what continues it."""
    stretched, below = [], {}
    for row in reversed(rows):
        cells, continued = [], {}
        for cell, state in row:
            reach = below.get(cell.column, 0)
            if state == "continue":
                continued[cell.column] = reach + 1
            cells.append(cell._replace(down=reach + 1) if state == "restart" else cell)
        stretched.append(cells)
        below = continued
    return stretched[::-1]


def _number(element: etree._Element, path: str, default: int) -> int:
    found = element.find(path)
    return default if found is None else int(attribute(found, "val", str(default)))


def _text(element: etree._Element) -> str:
    return "".join(_texts(element)).strip("\n")


def _texts(element: etree._Element) -> Iterator[str]:
    """Give the printed text of a paragraph, run or cell, a line break between paragraphs."""
    for child in element:
        tag = local(child)
        if tag == "t":
            yield child.text or ""
        elif tag in _SIGNS:
            yield _SIGNS[tag]
        elif tag == "sym":  # a sign of a font such as Wingdings: how ticks are often made
            yield chr(int(attribute(child, "char", "F0B7"), 16))
        elif tag not in _NOT_PRINTED:
            yield from _texts(child)
        if tag == "p":
            yield "\n"


def _struck(row: etree._Element) -> Iterator[str]:
    for run in row.iter("{*}r"):
        strikes = [run.find(f"{{*}}rPr/{{*}}{kind}") for kind in ("strike", "dstrike")]
        if any(s is not None and attribute(s, "val", "1") not in ("0", "false") for s in strikes):
            yield _text(run)
