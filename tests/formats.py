"""Writes rows of printed cells as the files that exports arrive in.

Each writer takes the rows of a table and gives the bytes of a file. `titles` stand above the
table; `merges` are true merged ranges as (top, left, bottom, right), 0-based and inclusive among
the rows. A cell of digits only becomes a number where the format has numbers.
"""

import csv
import io
import re
import textwrap
import zipfile
from collections.abc import Sequence
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from html import escape

import openpyxl
from docx import Document

Rows = Sequence[Sequence[str]]
Merges = Sequence[tuple[int, int, int, int]]


def csv_file(rows: Rows, titles: Sequence[str] = (), *, encoding: str = "utf-8-sig") -> bytes:
    """Return a CSV file as Swedish Excel saves it."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([*([t] for t in titles), *rows])
    return text.getvalue().encode(encoding)


def text_file(rows: Rows, titles: Sequence[str] = ()) -> bytes:
    """Return text with tabs, as pasted from a table."""
    return "\n".join([*titles, *("\t".join(row) for row in rows)]).encode()


def xlsx(rows: Rows, titles: Sequence[str] = (), merges: Merges = ()) -> bytes:
    """Return an Excel workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [*([t] for t in titles), *rows]:
        sheet.append([int(cell) if cell.isdigit() else cell or None for cell in row])
    for top, left, bottom, right in _moved(merges, len(titles)):
        sheet.merge_cells(
            start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
        )
    return saved(book)


def saved(document) -> bytes:
    """Return the bytes of a workbook or a Word document."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def undated(content: bytes) -> bytes:
    """Return a workbook or a Word document with the same bytes each day, on each machine."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    file = io.BytesIO()
    with zipfile.ZipFile(
        file, "w"
    ) as archive:  # packed, the bytes would be those of a zlib version
        for name, part in parts.items():
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2026-01-01T00:00:00Z", part)
            archive.writestr(zipfile.ZipInfo(name), part)
    return file.getvalue()


def ods(rows: Rows, titles: Sequence[str] = (), merges: Merges = ()) -> bytes:
    """Return an OpenDocument spreadsheet of one sheet."""
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    return zip_file({
        "mimetype": kind,
        "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:'
        f'opendocument:xmlns:manifest:1.0">{manifest}</manifest:manifest>',
        "content.xml": ods_content([*([t] for t in titles), *rows], _moved(merges, len(titles))),
    })  # fmt: skip


def ods_content(rows: Rows, merges: Merges = ()) -> str:
    """Return the part of an OpenDocument spreadsheet that holds the cells."""
    reach = {(m[0], m[1]): m for m in merges}
    lines = "".join(
        f"<table:table-row>{''.join(_ods_cell(c, reach.get((r, n))) for n, c in enumerate(row))}"
        "</table:table-row>"
        for r, row in enumerate(rows)
    )
    return _ODS.format(rows=lines)


def zip_file(parts: dict[str, str | bytes]) -> bytes:
    """Return a zip file of parts, by name."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def html(
    rows: Rows, titles: Sequence[str] = (), merges: Merges = (), *, encoding: str = "utf-8"
) -> bytes:
    """Return a web page with a table, as many systems save under the name .xls."""
    covered, reach = _covered(merges), {(m[0], m[1]): m for m in merges}
    lines = "\n".join(
        "<tr>"
        + "".join(
            f"<td{_span(reach.get((r, c)))}>{escape(cell).replace(chr(10), '<br>')}</td>"
            for c, cell in enumerate(row)
            if (r, c) not in covered
        )
        + "</tr>"
        for r, row in enumerate(rows)
    )
    above = "".join(f"<p>{escape(title)}</p>\n" for title in titles)
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}">'
    page = f"<html><head>{head}</head><body>\n{above}<table>\n{lines}\n</table></body></html>"
    return page.encode(encoding)


def mhtml(rows: Rows, titles: Sequence[str] = (), merges: Merges = ()) -> bytes:
    """Return a web page in one file, as Excel saves it."""
    message = MIMEMultipart("related")
    message.attach(MIMEText(html(rows, titles, merges).decode(), "html", "utf-8"))
    return message.as_bytes()


def docx(rows: Rows, titles: Sequence[str] = (), merges: Merges = ()) -> bytes:
    """Return a Word document with the titles as paragraphs and one table."""
    document = Document()
    for title in titles:
        document.add_paragraph(title)
    add_table(document, rows, merges)
    return saved(document)


def add_table(document, rows: Rows, merges: Merges = ()):
    """Add a table to a Word document and return it."""
    table = document.add_table(len(rows), max(map(len, rows)))
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            table.rows[r].cells[c].text = cell
    for top, left, bottom, right in merges:
        text = table.cell(top, left).text
        table.cell(top, left).merge(table.cell(bottom, right)).text = text
    return table


def plain_docx(rows: Rows, titles: Sequence[str] = (), merges: Merges = ()) -> bytes:
    """Return a Word document with the titles and one table, without styles: small, and no date in it."""
    covered, reach = _covered(merges), {(m[0], m[1]): m for m in merges}
    lines = "".join(
        "<w:tr>"
        + "".join(
            _word_cell("" if (r, c) in covered else text, (r, c) in covered, (r, c) in reach)
            for c, text in enumerate(row)
        )
        + "</w:tr>"
        for r, row in enumerate(rows)
    )
    grid = "<w:gridCol/>" * max(map(len, rows))
    above = "".join(_word_paragraph(title) for title in titles)
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    schemas = "http://schemas.openxmlformats.org"
    return zip_file({
        "[Content_Types].xml": f'<Types xmlns="{schemas}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        f'relationships+xml"/><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{schemas}/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{schemas}/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{schemas}/wordprocessingml/2006/main"><w:body>'
        f"{above}<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl><w:p/></w:body>"
        "</w:document>",
    })  # fmt: skip


def _word_cell(text: str, continued: bool, begins: bool) -> str:
    merge = "<w:vMerge/>" if continued else '<w:vMerge w:val="restart"/>' if begins else ""
    return f"<w:tc><w:tcPr>{merge}</w:tcPr>{_word_paragraph(text)}</w:tc>"


def _word_paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def _moved(merges: Merges, down: int) -> list[tuple[int, int, int, int]]:
    return [(top + down, left, bottom + down, right) for top, left, bottom, right in merges]


def _covered(merges: Merges) -> set[tuple[int, int]]:
    """Return the cells that a range covers, its first apart."""
    return {
        (r, c)
        for top, left, bottom, right in merges
        for r in range(top, bottom + 1)
        for c in range(left, right + 1)
        if (r, c) != (top, left)
    }


def _span(merge: tuple | None) -> str:
    if merge is None:
        return ""
    top, left, bottom, right = merge
    return f' rowspan="{bottom - top + 1}" colspan="{right - left + 1}"'


def _ods_cell(text: str, merge: tuple | None) -> str:
    span = ""
    if merge:
        down, across = merge[2] - merge[0] + 1, merge[3] - merge[1] + 1
        span = f' table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
    if not text:
        return f"<table:table-cell{span}/>"
    value = f'"float" office:value="{text}"' if text.isdigit() else '"string"'
    return (
        f"<table:table-cell office:value-type={value}{span}>"
        f"<text:p>{escape(text)}</text:p></table:table-cell>"
    )


_ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content office:version="1.2"
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="Blad1">{rows}</table:table>
</office:spreadsheet></office:body></office:document-content>"""


# PDF: Courier, of which every sign is as wide, so that lines break where they should. Signs that
# are not in Windows-1252 get codes of their own, and a table that says what they are.

_FONT, _LEADING, _PAD, _PAGE = 7.0, 8.5, 3.0, (1190.0, 842.0)
_SIGN = 0.6 * _FONT
_MARGIN = 36.0


def pdf(
    rows: Rows,
    titles: Sequence[str] = (),
    merges: Merges = (),
    *,
    ruled: bool = True,
    width: int = 22,
    page_rows: int = 1000,
    header: Sequence[str] = (),
    footer: str = "",
) -> bytes:
    """Return a PDF whose columns are at most `width` signs wide.

    page_rows: rows of the table on each page; header: a row that each later page begins with. A
    merged range has no line below it where a page ends inside it.
    """
    widths = [
        min(width, max((len(row[c]) for row in rows if c < len(row)), default=1)) or 1
        for c in range(max(map(len, rows)))
    ]
    glyphs: dict[str, int] = {}
    pages = [
        _pdf_page(
            [(n, rows[n]) for n in range(start, min(start + page_rows, len(rows)))],
            widths, merges, glyphs, ruled=ruled,
            titles=titles if start == 0 else (), header=header if start else (),
            footer=footer.format(start // page_rows + 1),
        )
        for start in range(0, len(rows), page_rows)
    ]  # fmt: skip
    return _pdf_file(pages, glyphs)


def _pdf_page(
    rows: list[tuple[int, Sequence[str]]],
    widths: list[int],
    merges: Merges,
    glyphs: dict[str, int],
    *,
    ruled: bool,
    titles: Sequence[str],
    header: Sequence[str],
    footer: str,
) -> str:
    """Return what a page draws: its texts and its lines."""
    lefts = [_MARGIN]
    for signs in widths:
        lefts.append(lefts[-1] + signs * _SIGN + (2 if ruled else 4) * _PAD)
    drawn, y = [], _PAGE[1] - _MARGIN
    for title in titles:
        drawn.append(_pdf_text(lefts[0], y, title, glyphs))
        y -= 3 * _LEADING
    y += _LEADING
    table = [(-1, header)] if header else []
    for n, (number, row) in enumerate([*table, *rows]):
        lines = [textwrap.wrap(c, w) or [""] for c, w in zip(row, widths, strict=False)]
        bottom = y - max(map(len, lines)) * _LEADING - _PAD
        for column, cell in enumerate(lines):
            text = row[column]
            lead = " " if text.startswith(" ") else ""
            for i, line in enumerate(cell):
                at = y - (i + 1) * _LEADING
                drawn.append(_pdf_text(lefts[column] + _PAD, at, lead * (i == 0) + line, glyphs))
        if ruled:
            drawn += _pdf_lines(number, n == 0, lefts, y, bottom, merges)
        y = bottom - (0 if ruled else 2 * _PAD)
    if footer:
        drawn.append(_pdf_text(lefts[0], _MARGIN / 2, footer, glyphs))
    return "\n".join(drawn)


def _pdf_lines(
    row: int, first: bool, lefts: list[float], top: float, bottom: float, merges: Merges
) -> list[str]:
    """Return the lines about a row's cells: none inside a merged range."""
    lines = [f"{x} {top} m {x} {bottom} l S" for x in lefts]
    for column, (left, right) in enumerate(zip(lefts, lefts[1:], strict=False)):
        inside = any(m[0] <= row < m[2] and m[1] <= column <= m[3] for m in merges if row >= 0)
        if first:
            lines.append(f"{left} {top} m {right} {top} l S")
        if not inside:
            lines.append(f"{left} {bottom} m {right} {bottom} l S")
    return lines


def _pdf_text(x: float, y: float, text: str, glyphs: dict[str, int]) -> str:
    codes = b"".join(_pdf_code(sign, glyphs) for sign in text)
    return f"BT /F1 {_FONT} Tf {x:.2f} {y:.2f} Td <{codes.hex()}> Tj ET" if text else ""


def _pdf_code(sign: str, glyphs: dict[str, int]) -> bytes:
    try:
        return sign.encode("cp1252")
    except UnicodeEncodeError:
        return bytes([glyphs.setdefault(sign, len(glyphs) + 1)])


def _pdf_file(pages: list[str], glyphs: dict[str, int], annotations: str = "") -> bytes:
    signs = [(code, sign) for sign, code in glyphs.items()]
    signs += [(c, bytes([c]).decode("cp1252", "replace")) for c in range(32, 256)]
    table = "\n".join(f"<{c:02x}> <{s.encode('utf-16-be').hex()}>" for c, s in signs)
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(signs)} beginbfchar\n{table}\nendbfchar\nendcmap end end"
    )
    kids = " ".join(f"{5 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding"
        f" /FirstChar 0 /LastChar 255 /Widths [{' '.join(['600'] * 256)}] /ToUnicode 4 0 R >>",
        _pdf_stream(table),
    ]
    for n, page in enumerate(pages):
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_PAGE[0]} {_PAGE[1]}] /Contents"
            f" {6 + 2 * n} 0 R /Resources << /Font << /F1 3 0 R >> >> /Annots [{annotations}] >>",
            _pdf_stream(page),
        ]
    return _pdf_objects(objects)


def _pdf_stream(text: str) -> str:
    return f"<< /Length {len(text)} >>\nstream\n{text}\nendstream"


def pdf_of(stream: bytes) -> bytes:
    """Return a PDF of one page that draws a compressed stream."""
    page = "/Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << >>"
    drawn = f"<< /Filter /FlateDecode /Length {len(stream)} >>\nstream\n"
    return _pdf_objects([
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< {page} >>",
        drawn + stream.decode("latin-1") + "\nendstream",
    ])  # fmt: skip


def protected_pdf() -> bytes:
    """Return a PDF that asks for a password."""
    lock = f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{'41' * 32}> /U <{'42' * 32}> >>"
    return _pdf_objects(
        ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>", lock],
        more="/Encrypt 3 0 R /ID [<41> <41>]",
    )


def _pdf_objects(objects: list[str], more: str = "") -> bytes:
    file, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    trailer = f"trailer << /Size {size} /Root 1 0 R {more} >>"
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}"
    return file + f"{end}\nstartxref\n{len(file)}\n%%EOF\n".encode()


PLAIN = {"csv": csv_file, "text": text_file}
MERGING = {  # those that can hold merged cells
    "xlsx": xlsx,
    "ods": ods,
    "html": html,
    "mhtml": mhtml,
    "docx": docx,
    "pdf": pdf,
}
