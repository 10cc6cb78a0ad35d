"""Which exports a folder holds, and the board and period of each: sources.csv, else sheet, title, name."""

import re
import unicodedata
from collections.abc import Callable, Collection, Container
from functools import lru_cache
from pathlib import Path

from riskdata.errors import ManualError, SourceError
from riskdata.tables.manual import read_table
from riskdata.words.periods import is_period
from riskdata.words.spelling import any_of, clean_space, fold
from riskdata.words.vocabulary import Vocabulary, read_vocabulary

COLUMNS = ("file", "board", "period")
IGNORED = ("~$", ".", "readme", "läsmig", "thumbs.db", "desktop.ini")  # how their names begin
PLAN = "VP"  # the report of a control plan that prints a bare year
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_BARE_YEAR = re.compile(rf"(?<![\d.\-]){_YEAR}(?![\d\-.])")
_BETWEEN = r"[\s_\-–,.:]*(?:för|år)?[\s_\-–,.:]*"
_PARTS = re.compile(r"\s+[-–—|]\s+|[()\[\]/\\,;:_\n\t]|\s{2,}")
_STOP = re.compile(r"\b(?:av|för|hos|inom|från|till|vid)\b", re.IGNORECASE)
_FOR = re.compile(
    r"\b(\w*(?:nämnden|nämnd|utskottet|styrelsen))\s+(?:för|med ansvar för)\s+([^-–—|,;:()\d]+)",
    re.I,
)
_MONTH = re.compile(r"M\d\d")


def list_exports(raw: Path) -> list[tuple[str, Path]]:
    """Return every export below a folder, as (name relative to it, path), sorted by name."""
    files = {p.relative_to(raw): p for p in raw.rglob("*") if p.is_file()}
    return sorted(
        (source_name(name.as_posix()), path)
        for name, path in files.items()
        if not any(part.casefold().startswith(IGNORED) for part in name.parts)
    )


def source_name(name: str) -> str:
    """Return a file's name as it stands in the tables: forward slashes, composed letters."""
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def file_of(source: str, files: Container[str]) -> str:
    """Return the file that an export is of: several in one are called ``file#name``.

    >>> file_of("plan.docx#Kontroller", {"plan.docx"})
    'plan.docx'
    """
    while source not in files and "#" in source:
        source = source.rpartition("#")[0]
    return source


def of_file(sources: dict[str, tuple[str, str]], name: str) -> dict[str, tuple[str, str]]:
    """Return what sources.csv says of one file (under "") and of its sheets and kinds, by their names.

    >>> of_file({"a.xlsx": ("Socialnämnden", ""), "a.xlsx#2024": ("", "2024-VB")}, "a.xlsx")
    {'': ('Socialnämnden', ''), '2024': ('', '2024-VB')}
    """
    mine = {source: told for source, told in sources.items() if source.startswith(f"{name}#")}
    return {"": sources.get(name, ("", ""))} | {
        s[len(name) + 1 :]: told for s, told in mine.items()
    }


def read_sources(manual: Path) -> dict[str, tuple[str, str]]:
    """Return data/manual/sources.csv as file → (board, period); either may be "".

    Raises ManualError when a period is not written as 2025-VB.
    """
    rows = read_table(manual / "sources.csv", COLUMNS)
    vocab = read_vocabulary(manual)
    wrong = [row for row in rows if row["period"] and not is_period(row["period"], vocab)]
    if wrong:
        found = "; ".join(f"rad {row['line']}: ”{row['period']}”" for row in wrong)
        known = ", ".join(vocab.counts("reports"))
        raise ManualError(
            f"data/manual/sources.csv: perioden skrivs som 2025-VB ({known}). Rätta {found}."
        )
    return {source_name(row["file"]): (row["board"], row["period"]) for row in rows}


# -- what a text says ---------------------------------------------------------------------------


def find_periods(text: str, vocab: Vocabulary) -> set[str]:
    """Return every period that a title or a file's name speaks of.

    >>> from riskdata.words.vocabulary import vocabulary
    >>> find_periods("Uppföljning av aktiviteter RoV - VB 2012 (Socialnämnden)", vocabulary())
    {'2012-VB'}
    """
    return {period for _, _, period in _find_spans(_flat(text), vocab)}


def find_boards(text: str, vocab: Vocabulary) -> set[str]:
    """Return every board that a title or a file's name speaks of, as printed.

    >>> from riskdata.words.vocabulary import vocabulary
    >>> find_boards("2023-VB Socialnämnden - väsentlighets- och riskanalys", vocabulary())
    {'Socialnämnden'}
    >>> find_boards("Nämnd: Nämnden för arbete och välfärd", vocabulary())
    {'Nämnden för arbete och välfärd'}
    """
    text = _flat(text)
    labelled = _labelled(text, "labels", vocab)
    if labelled:
        return {labelled}
    for start, end, _ in reversed(_find_spans(text, vocab)):
        text = f"{text[:start]} - {text[end:]}"
    known = {name for name in vocab.words["boards"]["names"] if _bare(name) in _bare(text)}
    if known:
        return known
    boards = {clean_space(f"{m[1]} för {m[2]}") for m in _FOR.finditer(text)}
    rest = _FOR.sub(" - ", text)
    return boards | {b for part in _PARTS.split(rest) if (b := _board_in(part, vocab))}


def read_board(text: str, vocab: Vocabulary) -> str:
    """Return the board that a cell, a heading or a sheet names: as the municipality calls it."""
    text = clean_space(text)
    known = [name for name in vocab.words["boards"]["names"] if same_board(name, text)]
    return known[0] if known else text


def read_period(text: str, near: str, vocab: Vocabulary) -> str:
    """Return the period that a cell, a heading or a sheet names; its year where it prints none.

    near: the period of the table, or its year: what the text leaves out is taken from there.
    "" where it names none, or several.

    >>> from riskdata.words.vocabulary import vocabulary
    >>> read_period("Tertial 1", "2025", vocabulary()), read_period("2024", "2025-VB", vocabulary())
    ('2025-T1', '2024-VB')
    """
    text, (year, _, report) = text.strip(), near.partition("-")
    if is_period(text, vocab):
        return text
    found = find_periods(text, vocab)
    reports = _reports(text, vocab) or {text}
    if not found and year and len(reports) == 1:
        code = f"{year}-{reports.pop()}"
        found = {code} if is_period(code, vocab) else set()
    if not found and report and _BARE_YEAR.fullmatch(text):
        return f"{text}-{report}"
    return found.pop() if len(found) == 1 else ""


def same_board(one: str, other: str) -> bool:
    """Return whether two spellings name one board; capitals and what file names can't hold apart.

    >>> same_board("Barn- och utbildningsnämnden", "barn och utbildningsnamnden")
    True
    """
    return _bare(one) == _bare(other)


def _flat(text: str) -> str:
    # Underscores separate words in file names; two spaces or a dash separate parts.
    return clean_space(text.replace("_", " "))


def _find_spans(text: str, vocab: Vocabulary) -> list[tuple[int, int, str]]:
    """Return the periods of a text with where they stand; a month counts only where nothing else does."""
    found: list[tuple[int, int, str]] = []
    for pattern in _patterns(vocab)[:-1]:
        for m in pattern.finditer(text):
            if not any(m.start() < end and start < m.end() for start, end, _ in found):
                found.append((*m.span(), f"{m['year']}-{vocab.reports[fold(m['report'])]}"))
    other = [span for span in found if not _MONTH.fullmatch(span[2][5:])]
    return sorted(other or found)


@lru_cache
def _patterns(vocab: Vocabulary) -> list[re.Pattern]:
    """Return how a period is written: the report before the year, or after it; and a report alone."""
    report, begins, ends = f"(?P<report>{any_of(vocab.reports)})", r"(?<![^\W_])", r"(?![^\W_])"
    written = (
        rf"{begins}(?<!\d )(?<!\d\. ){report}{_BETWEEN}{_YEAR}(?!\d)",
        rf"(?<!\d){_YEAR}{_BETWEEN}{report}{ends}",
        begins + report + ends,
    )
    return [re.compile(pattern, re.IGNORECASE) for pattern in written]


def _reports(text: str, vocab: Vocabulary) -> set[str]:
    return {vocab.reports[fold(m["report"])] for m in _patterns(vocab)[-1].finditer(text)}


def _labelled(text: str, labels: str, vocab: Vocabulary) -> str:
    """Return what a line says after one of the labels: "Nämnd: Socialnämnden År: 2025"."""
    boards = vocab.words["boards"]
    words, every = any_of(boards[labels]), any_of((*boards["labels"], *boards["year_labels"]))
    found = re.search(rf"(?:^|[\s,;|]){words}\s*:\s*(.+?)(?=\s+{every}\s*:|[;|]|$)", text, re.I)
    return clean_space(found[1]) if found else ""


def _board_in(part: str, vocab: Vocabulary) -> str | None:
    """Return the board that a part of a title names: the words up to the one with a board's ending."""
    boards = vocab.words["boards"]
    words = _STOP.split(clean_space(part))[-1].split()
    while words and (fold(words[0]) in boards["not_names"] or words[0].isdigit()):
        words = words[1:]
    endings = (*boards["endings"], *(f"{e}s" for e in boards["endings"]))
    for n, word in enumerate(words):
        folded = word.casefold().strip(".")
        if folded in boards["whole"] or folded.endswith(endings) and folded not in endings:
            first = next((i for i, w in enumerate(words[:n]) if w[:1].isupper()), n)
            last = word[:-1] if folded.endswith("ns") else word
            after = words[n + 1 : n + 2] if folded in boards["several"] else []
            return " ".join([*words[first:n], last, *(w for w in after if w[:1].isupper())])
        if folded in boards["endings"] and n and words[n - 1][:1].isupper():
            return " ".join(words[: n + 1])
    return None


def _bare(board: str) -> str:
    swedish = str.maketrans("åäöé", "aaoe")
    return re.sub(r"[\W_]", "", fold(board).translate(swedish))


# -- what a file says ---------------------------------------------------------------------------


def find_board_and_period(
    name: str,
    titles: list[str],
    own: tuple[str, str],
    vocab: Vocabulary,
    *,
    sheet: str = "",
    given: tuple[bool, bool] = (False, False),
) -> tuple[str, str]:
    """Return the board and the period of a table of an export.

    name: its path relative to data/raw; titles: its title lines; own: its row in sources.csv;
    sheet: the name of its sheet, which counts before title and name; given: whether every row has
    a board, or a period, of its own: then "" is returned where nothing else tells it.
    Raises SourceError when none of them tells, or when two of them disagree.
    """
    stem, *folders = reversed(Path(name).with_suffix("").parts)
    places = {"titeln i filen": titles, "filens namn": [stem]}
    places |= {f"mappen {folder}": [folder] for folder in folders}
    board = own[0] or _only(find_boards(sheet, vocab))
    board = board or _agree("nämnd", places, find_boards, same_board, vocab)
    year = _of_sheet_year(sheet, [*titles, stem], own[1], vocab)
    period = year if own[1] and year and year[:4] != own[1][:4] else own[1]
    period = period or _only(find_periods(sheet, vocab)) or year
    period = period or _agree("period", places, find_periods, str.__eq__, vocab)
    period = period or _put_together([*titles, stem, *folders], vocab)
    told = (("nämnd", board or given[0]), ("period", period or given[1]))
    if missing := [what for what, known in told if not known]:
        title = "; ".join(f"”{title[:80]}”" for title in titles[:3]) or "som saknar titel"
        raise SourceError(
            f"{' och '.join(missing)} framgår varken av titeln i filen ({title}) eller av "
            f"filens eller mappens namn. Lägg till i data/manual/sources.csv:\n  {','.join(COLUMNS)}\n"
            f'  "{name}",{board or "Nämndens namn"},{period or f"{find_year(name, titles) or 2025}-VB"}'
        )
    return board and read_board(board, vocab), period


def find_year(name: str, titles: list[str]) -> str:
    """Return the one year that a file's titles, else its name, print; "" where there are several."""
    for texts in (titles, [Path(name).stem]):
        years = {m["year"] for text in texts for m in _BARE_YEAR.finditer(_flat(text))}
        if years:
            return _only(years)
    return ""


def find_differences(
    titles: list[str], board: str, period: str, vocab: Vocabulary
) -> list[tuple[str, str]]:
    """Return what titles tell that is not what was given ("" for nothing), as (which, what they tell)."""
    boards = {name for title in titles for name in find_boards(title, vocab)}
    boards -= {name for name in boards if fold(name) in vocab.words["boards"]["endings"]}
    periods = {code for title in titles for code in find_periods(title, vocab)}
    years = {m["year"] for title in titles for m in _BARE_YEAR.finditer(_flat(title))}
    told = []
    if board and boards and _bare(board) not in _bare(" ".join(titles)):
        told.append(("board", ", ".join(sorted(boards))))
    if period and (periods and period not in periods or years and period[:4] not in years):
        told.append(("period", ", ".join(sorted(periods or years))))
    return told


def _of_sheet_year(sheet: str, texts: list[str], own: str, vocab: Vocabulary) -> str:
    """Return the period of a sheet named by its year, where somebody, a title or a name tells the report."""
    year = _BARE_YEAR.fullmatch(sheet.strip())
    reports = {p[5:] for p in (own, *(p for t in texts for p in find_periods(t, vocab))) if p}
    return f"{year['year']}-{reports.pop()}" if year and len(reports) == 1 else ""


def _put_together(texts: list[str], vocab: Vocabulary) -> str:
    """Return a period whose year and report are printed apart; a control plan's report is the plan."""
    flat = [_flat(text) for text in texts]
    labelled = {
        y[0] for text in flat if (y := _BARE_YEAR.search(_labelled(text, "year_labels", vocab)))
    }
    years = labelled or {m["year"] for text in flat for m in _BARE_YEAR.finditer(text)}
    reports = {report for text in flat for report in _reports(text, vocab)}
    plans = vocab.words["boards"]["plans"]
    if not reports and any(plan in text.casefold() for plan in plans for text in flat):
        reports = {PLAN} & {*vocab.counts("reports")}
    return f"{years.pop()}-{reports.pop()}" if len(years) == len(reports) == 1 else ""


def _only(values: Collection[str]) -> str:
    return next(iter(values)) if len(values) == 1 else ""


def _agree(
    what: str, places: dict[str, list[str]], find: Callable, same: Callable, vocab: Vocabulary
) -> str:
    """Return what the first place says, provided that no place says anything else."""
    told = {
        place: {x for text in texts for x in find(text, vocab)} for place, texts in places.items()
    }
    said = [(place, value) for place, values in told.items() for value in sorted(values)]
    if any(not same(said[0][1], value) for _, value in said[1:]):
        listed = "; ".join(f"{place}: {value}" for place, value in said)
        raise SourceError(
            f"olika uppgifter om {what} ({listed}). Hör filen till en enda {what}, så skriv vilken i "
            f"data/manual/sources.csv ({','.join(COLUMNS)}); annars dela den i en fil per {what}."
        )
    return said[0][1] if said else ""
