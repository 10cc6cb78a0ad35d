"""What an OpenDocument sheet (.ods) says beside its values: sizes, merged ranges, hidden rows."""

import io
import zipfile

from lxml import etree

from riskdata.readers.workbook import Seen
from riskdata.readers.xml import attribute

_ROW, _CELL, _TABLE = "{*}table-row", "{*}table-cell", "{*}table"


def look(archive: zipfile.ZipFile) -> dict[str, Seen]:
    """Return what is seen of each sheet, by the sheet's name."""
    tables: dict[str, Seen] = {}
    rows, columns, hidden, merges = 0, 0, [], []
    last = 0
    xml = io.BytesIO(archive.read("content.xml"))
    events = etree.iterparse(
        xml, tag=(_ROW, _TABLE), resolve_entities=False, no_network=True, huge_tree=False
    )
    for _, element in events:
        if etree.QName(element).localname == "table":
            tables[attribute(element, "name")] = Seen(rows, columns, hidden, {}, merges)
            rows, columns, hidden, merges, last = 0, 0, [], [], 0
            continue
        reach, found = _row(element, last)
        if attribute(element, "visibility", "visible") != "visible":
            hidden.append(last + 1)
        last += int(attribute(element, "number-rows-repeated", "1"))
        if reach:
            rows, columns = last, max(columns, reach)
        merges += found
        element.clear()
    return tables


def _row(row: etree._Element, number: int) -> tuple[int, list[tuple[int, int, int, int]]]:
    """Return how far a row's text reaches, and the merged ranges that begin in it."""
    at, reach, merges = 0, 0, []
    for cell in row.iter(_CELL, "{*}covered-table-cell"):
        down = int(attribute(cell, "number-rows-spanned", "1"))
        across = int(attribute(cell, "number-columns-spanned", "1"))
        if down > 1 or across > 1:
            merges.append((number, at, number + down - 1, at + across - 1))
        at += int(attribute(cell, "number-columns-repeated", "1"))
        if len(cell) or cell.get("value"):
            reach = at
    return reach, merges
