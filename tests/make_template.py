"""Makes riskdata/reports/template.docx: run it when the report is to look otherwise.

The file is what a municipality starts from when it makes its own data/manual/template.docx: Word's
own styles, three for tables, a page number, A4, and the fields that a report fills in.
"""

import io
import sys
import zipfile
from pathlib import Path

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

INK = RGBColor(0x1A, 0x1A, 0x1A)
SIZES = {
    "Normal": 11, "List Bullet": 11, "Caption": 9, "Title": 22, "Subtitle": 13, "Heading 1": 16,
    "Heading 2": 12,
}  # fmt: skip
SPACE = {  # points before and after
    "Normal": (0, 6), "List Bullet": (0, 4), "Caption": (2, 10), "Title": (0, 4), "Subtitle": (0, 8),
    "Heading 1": (16, 4), "Heading 2": (10, 3),
}  # fmt: skip
TEXT = [
    ("Title", "{titel}"),
    ("Subtitle", "{nämnd}, {period}"),
    ("Normal", "{rubrik_datum}: {datum}    {rubrik_diarienummer}: {diarienummer}"),
    ("Heading 1", "{rubrik_sammanfattning}"),
    ("List Bullet", "{sammanfattning}"),
    ("Heading 1", "{rubrik_förslag}"),
    ("Normal", "{förslag}"),
    ("Normal", "{rapport}"),
]
TABLE = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="Riskdatatabell">
  <w:name w:val="Riskdata tabell"/><w:uiPriority w:val="99"/>
  <w:tblPr>
    <w:tblBorders>
      <w:top w:val="single" w:sz="4" w:space="0" w:color="8C8C8C"/>
      <w:bottom w:val="single" w:sz="4" w:space="0" w:color="8C8C8C"/>
      <w:insideH w:val="single" w:sz="4" w:space="0" w:color="8C8C8C"/>
    </w:tblBorders>
    <w:tblCellMar>
      <w:top w:w="40" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>
      <w:bottom w:w="40" w:type="dxa"/><w:right w:w="85" w:type="dxa"/>
    </w:tblCellMar>
  </w:tblPr>
  <w:tblStylePr w:type="firstRow">
    <w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="E8E8E8"/></w:tcPr>
  </w:tblStylePr>
</w:style>"""


def make() -> bytes:
    """Return the template's bytes, the same whenever it is made."""
    document = docx.Document()
    _drop_unused(document)
    _set_page(document)
    _set_styles(document)
    _add_page_number(document)
    for style, text in TEXT:
        document.add_paragraph(text, style)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = (
        "Mall för riskrapport",
        "riskdata",
        "",
    )
    made = io.BytesIO()
    document.save(made)
    return _undated(made.getvalue())


def _drop_unused(document) -> None:
    """Leave out what python-docx's own template brings: a hundred table styles, twice."""
    styles = document.styles.element
    for style in styles.findall(f"{qn('w:style')}[@{qn('w:type')}='table']"):
        if style.get(qn("w:default")) is None:
            styles.remove(style)
    for rels in (document.part.rels, document.part.package.rels):
        for key, rel in list(rels.items()):
            if rel.reltype.endswith(("stylesWithEffects", "thumbnail")):
                rels.pop(key)


def _set_page(document) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = Cm(2.5)
    page.bottom_margin = Cm(2.2)


def _set_styles(document) -> None:
    for name, size in SIZES.items():
        _set_font(document.styles[name], size, bold=name.startswith(("Heading", "Title")))
        form = document.styles[name].paragraph_format
        form.space_before, form.space_after = map(Pt, SPACE[name])
        form.keep_with_next = name.startswith(("Heading", "Title", "Subtitle"))
        form.widow_control = True
    border = document.styles["Title"].element.pPr.find(qn("w:pBdr"))
    border.getparent().remove(border)
    for name, bold in {"Riskdata cell": False, "Riskdata rubrikcell": True}.items():
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.font.size, style.font.bold = Pt(9), bold
        style.paragraph_format.space_after = Pt(1)
        style.paragraph_format.space_before = Pt(0)
    document.styles.element.append(parse_xml(TABLE))
    tabs = document.styles["Normal"].paragraph_format.tab_stops
    tabs.add_tab_stop(Cm(16), WD_TAB_ALIGNMENT.RIGHT)


def _set_font(style, size: int, *, bold: bool) -> None:
    font = style.font
    font.size, font.name, font.italic, font.bold = Pt(size), "Calibri", False, bold
    font.color.rgb = INK
    fonts = font.element.rPr.rFonts
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    spacing = font.element.rPr.find(qn("w:spacing"))
    if spacing is not None:
        spacing.getparent().remove(spacing)


def _add_page_number(document) -> None:
    foot = document.sections[0].footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run("{sida} ")
    for code, between in (("PAGE", " {av} "), ("NUMPAGES", "")):
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), code)
        run, text = OxmlElement("w:r"), OxmlElement("w:t")
        text.text = "1"
        run.append(text)
        field.append(run)
        foot._p.append(field)
        foot.add_run(between)


def _undated(made: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(held, "w") as new:
        for part in old.infolist():
            entry = zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0))
            new.writestr(entry, old.read(part), zipfile.ZIP_DEFLATED)
    return held.getvalue()


if __name__ == "__main__":
    Path(*sys.argv[1:2] or ["riskdata/reports/template.docx"]).write_bytes(make())
