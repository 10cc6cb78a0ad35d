"""What people who read messy tables report, each as a small export: what a person reads is read.

The ids are those of the faults that were once found: A1 a quoted cell, A2 a shaded PDF, and so on.
"""

from typing import NamedTuple

import openpyxl
import pytest

import riskdata as rd
from tests import formats
from tests.readers import test_pdf as pdf
from tests.readers import test_word as word

HEAD = (
    "Process;Oönskad händelse;Sannolikhet;Konsekvens;Riskvärde;Hantera risk;Åtgärd;Status;Ansvarig"
)
SNOW = "Snöröjning;Halka på gångvägar;3;4;12;Acceptera;Sandning;Avslutad;Ivar Lönn"
BATH = "Vattenprov;Prov tas för sällan;2;5;10;Acceptera;Ny provplan;Pågående;Tuva Rask"
PLAY = "Lekplatser;Gungor brister;2;3;6;Acceptera;Besiktning;Avslutad;Ivar Lönn"
SNOW_READ = "Halka på gångvägar 3 4 12"
BATH_READ = "Prov tas för sällan 2 5 10"
PLAY_READ = "Gungor brister 2 3 6"
SANDING = "Sandning finished Ivar Lönn"
PLAN = "Ny provplan ongoing Tuva Rask"
CHECK = "Besiktning finished Ivar Lönn"
OF_READING = ("uncertain_reading", "event_missing", "value_not_product")
ALL = [SNOW_READ, BATH_READ, PLAY_READ]


def lines(*rows: str, head: str = HEAD) -> bytes:
    """Return a CSV of these lines below a header."""
    return "\n".join([head, *rows]).encode()


def cells(*rows: str, head: str = HEAD) -> list[list[str]]:
    return [line.split(";") for line in (head, *rows)]


def tabs(*rows: str, head: str = HEAD) -> bytes:
    return lines(*rows, head=head).replace(b";", b"\t")


def book(sheets: dict[str, list[list]], *, change=lambda workbook: None) -> bytes:
    """Return a workbook of these sheets."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append([int(c) if str(c).isdigit() else c or None for c in row])
    change(workbook)
    return formats.saved(workbook)


def page(table: str, before: str = "") -> bytes:
    return f"<html><body>{before}<table>{table}</table></body></html>".encode()


def html_rows(*rows: str, head: str = HEAD) -> str:
    made = (line.split(";") for line in (head, *rows))
    return "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in made)


def document(body: str, **parts: str) -> bytes:
    """Return a Word document with this body and these other parts."""
    files = {
        f"word/{name}.xml": f"<w:{name} {word.SPACES}>{xml}</w:{name}>"
        for name, xml in (parts | {"document": f"<w:body>{body}</w:body>"}).items()
    }
    return formats.zip_file(files)


def paper(*drawn: str) -> bytes:
    title = pdf.words(40, 790, "Riskanalys VB 2025 (Parknämnden)")
    return formats._pdf_file(["\n".join([title, *drawn])], {})


def ticked(state: str, sign: str) -> str:
    box = f'<w14:checkbox><w14:checked w14:val="{state}"/></w14:checkbox>'
    return word.control(box, sign)


def merged(workbook: openpyxl.Workbook) -> None:
    workbook.active.merge_cells("A2:I2")
    workbook.active.merge_cells("A4:I4")


def hidden(workbook: openpyxl.Workbook) -> None:
    workbook.active.column_dimensions["C"].hidden = True


FORM = "<w:showingPlcHdr/>"
WORDS = HEAD.split(";")
SHORT = tuple(
    ["Risk", "Sannolikhet", "Konsekvens", "Riskvärde", "Åtgärd", "Status", "Kommentar", "Ansvarig"]
)
NOTE = f'<w:footnote w:id="3">{word.paragraph("Gäller inte norra parken.")}</w:footnote>'
NOTED = f'<w:p>{word.text("Sandning")}<w:r><w:footnoteReference w:id="3"/></w:r></w:p>'


class Situation(NamedTuple):
    """A file, what a person reads in it, and the rows that are asked about; None: any."""

    ending: str
    content: bytes
    risks: list[str]
    activities: list[str]
    asked: set[int] | None = frozenset()


def changed(old: str, new: str, *, reads: str = SNOW_READ, does: str = SANDING, asked=frozenset()):
    """Return a CSV in whose first row one text is written otherwise."""
    content = lines(SNOW.replace(old, new), BATH)
    return Situation("csv", content, [reads, BATH_READ], [does, PLAN], asked)


def headed(old: str, new: str, *, asked=frozenset()):
    """Return a workbook in whose header one heading is written otherwise."""
    content = book({"A": cells(SNOW, BATH, PLAY, head=HEAD.replace(old, new))})
    return Situation("xlsx", content, ALL, [SANDING, PLAN, CHECK], asked)


def ended(last: str, *, asked=frozenset({4})):
    """Return a CSV with a last row that is no risk."""
    return Situation("csv", lines(SNOW, BATH, last), [SNOW_READ, BATH_READ], [SANDING, PLAN], asked)


def middle(row: str, reads: str, does: list[str], *, asked=frozenset({3})):
    """Return a CSV whose middle row is another."""
    content, risks = lines(SNOW, row, PLAY), [SNOW_READ, reads, PLAY_READ]
    return Situation("csv", content, risks, [SANDING, *does, CHECK], asked)


QUOTED = '"Sandning; tidigt\noch ofta"'
COMMAS = lines(SNOW.replace("Sandning", '"Sandning, tidigt"'), BATH).replace(b";", b",")
BROKEN = ["Vattenprov;Prov tas", "för sällan;2;5;10;Acceptera;Ny provplan;Pågående;Tuva Rask"]
SHEETS = {
    "Norr": [["KF:s mål", *WORDS], ["1.1 Trygga gator", *SNOW.split(";")]],
    "Syd": [["KF:s mål", *WORDS], ["", *BATH.split(";")], ["1.2 Rena bad", *PLAY.split(";")]],
}
SECTIONS = [WORDS, ["1.1 Trygga gator"], SNOW.split(";"), ["1.2 Rena bad"], BATH.split(";")]
BOXES = [
    ("Risk", "Aktivitet", "Klar", "Ansvarig"),
    ("Halka", "Sandning", ticked("1", "☒"), "Ivar Lönn"),
    ("Is", "Salt", ticked("0", "☐"), "Tuva Rask"),
]
PROMPTS = [
    SHORT,
    (*("Halka", "3", "4", "12", "Sandning", "Avslutad"),
     word.control(FORM, "Klicka eller tryck här för att ange text."), word.control(FORM, "Ange namn")),
]  # fmt: skip
NUMBERS = [("KF:s mål", *SHORT[:4]), (word.listed("Trygga gator", 0), "Halka", "3", "4", "12")]
AFTER = "Risk;Sannolikhet;Konsekvens;Riskvärde;Sannolikhet efter;Konsekvens efter;Riskvärde efter"
TWICE = [
    ["Risk", "Sannolikhet", "Sannolikhet", "Konsekvens", "Riskvärde"],
    ["Halka på gångvägar", 3, 5, 4, 12],
    ["Prov tas för sällan", 2, 5, 5, 10],
]
SPANNED = (
    '<tr><td>Risk<td>Sannolikhet<td>Konsekvens<td colspan="2">Åtgärd<td>Ansvarig</tr>'
    "<tr><td>Halka<td>3<td>4<td>Avslutad<td>Sandning<td>Ivar Lönn</tr>"
    "<tr><td>Is<td>2<td>2<td>Pågående<td>Salt<td>Tuva Rask</tr>"
)
ICONS = html_rows(SNOW, BATH).replace("<td>Avslutad", '<td><img alt="Avslutad">')
NAMED = [
    f"{cut};R-0{n};{rest}"
    for n, (cut, rest) in enumerate((row.split(";", 1) for row in (SNOW, BATH)), 1)
]
PAPER = [SNOW_READ, PLAY_READ, BATH_READ]
TWO, MEASURES = [SNOW_READ, BATH_READ], [SANDING, PLAN]

SITUATIONS = {
    "A1 a quoted cell holds both ; and a line break": changed(
        "Sandning", QUOTED, does="Sandning; tidigt och ofta finished Ivar Lönn"
    ),
    "A1 commas part the columns and stand in quoted cells": Situation(
        "csv", COMMAS, TWO, ["Sandning, tidigt finished Ivar Lönn", PLAN]
    ),
    "A1 one stray quote": changed(
        "Sandning", '"Sandning', does='"Sandning finished Ivar Lönn', asked={2}
    ),
    "A1 numbers written as formulas": changed("12", '="12"'),
    "A2 only the header is shaded": Situation("pdf", paper(pdf.fill(0), pdf.table()), PAPER, []),
    "A2 every other row is shaded": Situation("pdf", paper(pdf.fill(2), pdf.table()), PAPER, []),
    "A3 Word's box is ticked by its state": Situation(
        "docx", document(word.table(*BOXES)), ["Halka - - -", "Is - - -"],
        [SANDING, "Salt not_started Tuva Rask"], None,
    ),
    "A3 a bullet before a measure is no status": changed("Sandning", "- Sandning"),
    "A3 a mark and a status that disagree": changed(
        "Sandning;Avslutad", "✓ Sandning;Ej påbörjad", does="Sandning not_started Ivar Lönn", asked={2}
    ),
    "A4 a total": ended("Totalt;;;;22;;;;"),
    "A4 a mean": ended("Medelvärde;;2,5;4,5;11;;;;"),
    "A4 a highest value": ended("Högsta riskvärde:;;;;12;;;;"),
    "A4 a signature": ended("Vera Almlöf, förvaltningschef"),
    "A4 a line broken in two": Situation(
        "txt", tabs(SNOW, *BROKEN, PLAY), ALL, [SANDING, PLAN, CHECK], set()
    ),
    "A5 a blank event moves nothing": middle(
        ";;2;5;10;Acceptera;Ny provplan;Pågående;Tuva Rask", "- 2 5 10", [PLAN]
    ),
    **{
        f"A5 a score that cannot be read: {text}": middle(
            BATH.replace(";2;5", f";{text};5"), "Prov tas för sällan - 5 10", [PLAN]
        )
        for text in ("2-3", "?", "2,5", "ofta", "#REF!")
    },
    "A5 a raised sign behind a score": changed(";12;", ";12¹;", asked=None),
    "A5 an unquoted separator in a text": changed(
        "Sandning", "Sandning; och salt", does="Sandning; och salt finished Ivar Lönn", asked={1, 2}
    ),
    **{
        f"A6 status and measure under {heading!r}": Situation(
            "xlsx", book({"A": cells(
                SNOW.replace("Sandning;Avslutad", "Avslutad Sandning"),
                BATH.replace("Ny provplan;Pågående", "Pågående Ny provplan"),
                head=HEAD.replace("Åtgärd;Status", heading),
            )}), TWO, MEASURES,
        )
        for heading in ("Status/\nÅtgärd", "Status/ Åtgärd", "Åtgärd och status")
    },
    **{
        f"A6 measures under {heading!r}": headed("Åtgärd", heading)
        for heading in ("Planerad åtgärd", "Åtgärder/aktiviteter", "Åtgärder / aktiviteter")
    },
    **{
        f"A7 hyphenated heading {heading!r}": headed("Sannolikhet", heading)
        for heading in ("Sanno-\nlikhet", "Sanno\u00adlikhet", "Sanno\u2010\nlikhet")
    },
    "A8 the second sheet's first goal is blank": Situation(
        "xlsx", book(SHEETS), ALL, [SANDING, PLAN, CHECK]
    ),
    "A9 section rows": Situation("xlsx", book({"A": SECTIONS}, change=merged), TWO, MEASURES),
    "A10 a short name beside the text": Situation(
        "csv", lines(*NAMED, head=HEAD.replace("Oönskad", "Risk;Oönskad")), TWO, MEASURES, None
    ),
    "A10 before and after": Situation(
        "csv", lines("Halka på gångvägar;3;4;12;1;4;4", "Prov tas för sällan;2;5;10;1;5;5", head=AFTER),
        TWO, [],
    ),
    "A10 a hidden column beside a shown one": Situation(
        "xlsx", book({"A": TWICE}, change=hidden), TWO, [], None
    ),
    "A11 a heading over two columns": Situation(
        "html", page(SPANNED), ["Halka 3 4 12", "Is 2 2 4"], [SANDING, "Salt ongoing Tuva Rask"], None
    ),
    "A12 prompts of empty fields": Situation(
        "docx", document(word.table(*PROMPTS)), ["Halka 3 4 12"], ["Sandning finished"], None
    ),
    "A13 one other word for a score": headed("Konsekvens", "Påverkan", asked=None),
    "A13 headings of one letter": headed("Sannolikhet;Konsekvens;Riskvärde", "S;K;RV", asked=None),
    **{
        f"A14 a step written {text}": changed(";3;4", f";{text};4")
        for text in ("Möjlig (3)", "3 av 5", "3,0", "3.Möjlig", "(3)", "3*", "3 (1-5)")
    },
    **{
        f"A14 a value written {text}": changed(";12;", f";{text};")
        for text in ("12 (hög)", "3x4=12", "12,0", "12.000000000000001", "12 ↑")
    },
    **{
        f"A14 nothing written {text}": middle(
            BATH.replace("Ny provplan;Pågående;Tuva Rask", f"{text};{text};{text}"), BATH_READ, [],
            asked=frozenset(),
        )
        for text in ("-", "–", "N/A")
    },
    "A14 not yet judged": middle(
        BATH.replace(";2;5;10", ";Ej bedömd;Ej bedömd;Ej bedömd"), "Prov tas för sällan - - -",
        [PLAN], asked=frozenset(),
    ),
    "A14 a date behind a status": changed("Avslutad", "Avslutad 2025-06-12"),
    "A16 numbers that Word sets": Situation(
        "docx", document(word.table(*NUMBERS), numbering=word.LEVELS), ["Halka 3 4 12"], []
    ),
    "A17 a footnote's text below": Situation(
        "txt", tabs(SNOW.replace("12", "12¹"), "¹ Värdet är oförändrat sedan 2024;;;;;;;;"),
        [SNOW_READ], [SANDING], {2, 3},
    ),
    "A17 a footnote": Situation(
        "docx",
        document(
            word.table(SHORT[:6], ("Halka", "3", "4", "12", NOTED, "Avslutad")), footnotes=NOTE
        ),
        ["Halka 3 4 12"], ["Sandning finished"], {2},
    ),
    "A19 icons with a text": Situation("html", page(ICONS), TWO, MEASURES, None),
    "people: family name first": changed(
        "Ivar Lönn", '"Lönn, Ivar; Rask, Tuva"', does="Sandning finished Ivar Lönn Tuva Rask", asked=set()
    ),
    "people: a date behind a name": changed("Ivar Lönn", "Ivar Lönn, klart i maj", asked={2}),
    "people: a text behind a name": changed(
        "Ivar Lönn", "Ivar Lönn, i samråd med polisen", asked={2}
    ),
    "people: a name on two lines": changed("Ivar Lönn", '"Ivar\nLönn"'),
    "a risk on a row of its own above its measures": Situation(
        "csv", lines("Risk: Halka på alla gångvägar som lutar mot norr;;", "Sandning;Avslutad;Ivar Lönn",
                     "Risk: Prov tas för sällan;;", "Ny provplan;Pågående;Tuva Rask",
                     head="Åtgärd;Status;Ansvarig"),
        ["Halka på alla gångvägar som lutar mot norr - - -", "Prov tas för sällan - - -"],
        [SANDING, PLAN],
    ),
    "people: a measure in their column": changed(
        "Sandning;Avslutad;Ivar Lönn", "Gatuchef;Avslutad;Sandning av backar innan skolan börjar",
        does="Gatuchef finished Sandning av backar innan skolan börjar", asked={2},
    ),
    "people: an initial with a stop": changed("Ivar Lönn", "Ivar L.", does="Sandning finished Ivar L."),
    "people: Inga is a name": changed("Ivar Lönn", "Inga Lönn", does="Sandning finished Inga Lönn"),
    "a measure in brackets is no prompt": changed(
        "Sandning;", "(Skriv avtal om sand);", does="(Skriv avtal om sand) finished Ivar Lönn"
    ),
    "a prompt in brackets": changed("Ivar Lönn", "<Skriv namn här>", does="Sandning finished"),
    "signs that a line above explains": Situation(
        "csv", lines("Läge: x = genomförd   o = pågår   – = ej påbörjad", HEAD.replace("Status", "Läge"),
                     SNOW.replace("Avslutad", "x"), BATH.replace("Pågående", "–"), head="Risker"),
        [SNOW_READ, BATH_READ], [SANDING, "Ny provplan not_started Tuva Rask"], None,
    ),
    "of which so many": ended(";Varav höga;;;2;;;;", asked={4}),
    "most lines torn in two": Situation(
        "txt", tabs(SNOW.replace("på gång", "på\ngång"), BATH.replace("för ", "för\n"), PLAY),
        ALL, [SANDING, PLAN, CHECK], None,
    ),
    "another status that differs": Situation(
        "csv", lines(f"{SNOW};Avslutad", f"{BATH};Avslutad",
                     head=f"{HEAD.replace('Status', 'Genomförandestatus')};Status T1"),
        [SNOW_READ, BATH_READ], [SANDING, "Ny provplan finished Tuva Rask"], {1, 3},
    ),
    **{
        f"people: nobody, {text}": changed("Ivar Lönn", text, does="Sandning finished")
        for text in ("Vakant", "Inte bestämt", "Ännu ej tillsatt", "Befattningen vakant")
    },
    **{
        f"scores in one cell, {text}": Situation(
            "csv", lines(f"Halka på gångvägar;{text}", "Is;2x2=4", "Snö;1x4=4", head="Risk;S x K = R"),
            [SNOW_READ, "Is 2 2 4", "Snö 1 4 4"], [], None,
        )
        for text in ("3·4 = 12", "12 (3x4)", "3 × 4 (12)", "S3, K4 = 12", "S: 3 K: 4 R: 12")
    },
    "a cut row goes on below": Situation(
        "csv", lines(SNOW, ";på cykelvägar;;;;;och salt;;", BATH),
        ["Halka på gångvägar på cykelvägar 3 4 12", BATH_READ],
        ["Sandning och salt finished Ivar Lönn", PLAN], {3},
    ),
    "boxes in a cell": changed("Avslutad", "☐ Ej påbörjad ☐ Pågående ☒ Avslutad"),
}  # fmt: skip


@pytest.mark.parametrize("name", SITUATIONS)
def test_an_export_is_read_as_a_person_reads_it(name, tmp_path):
    """What a person reads stands in the tables; what a person could not be sure of is asked about."""
    situation = SITUATIONS[name]
    path = tmp_path / f"a.{situation.ending}"
    path.write_bytes(situation.content)
    data = rd.read_export(path, "Parknämnden", "2025-VB", manual=tmp_path)
    scores = data.risks[["likelihood", "consequence", "risk_value"]].astype("object").fillna("-")
    events = data.risks.event.fillna("-")
    risks = [f"{e} {s} {c} {v}" for e, (s, c, v) in zip(events, scores.values, strict=True)]
    assert risks == situation.risks
    measures = data.activities[["activity", "status", "responsible"]].values.tolist()
    assert [
        " ".join([text, status, *who]) for text, status, who in measures
    ] == situation.activities
    asked = data.findings[data.findings.check.isin(OF_READING)].source_row.dropna()
    if situation.asked is not None:
        assert {*asked, *data.unread.source_row.dropna()} == situation.asked


def test_a_filled_in_example_is_asked_about(tmp_path):
    """A row that only shows how the form is filled in is read, and is a question on its row."""
    export = tmp_path / "export.csv"
    export.write_bytes(
        lines("Arkiv;Exempel: Dörren lämnas olåst;2;2;4;Acceptera;Lås;Avslutad;", SNOW)
    )
    data = rd.read_export(export, board="Provnämnden", period="2025-VB")
    asked = data.findings[data.findings.check == "uncertain_reading"]
    assert asked.source_row.tolist() == [2]
    assert len(data.risks) == 2
