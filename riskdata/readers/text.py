"""Text with a table in it (.txt, .tsv, .csv, .md): which letters, which delimiter, which cells.

Each decision is as small as it can be: a byte that is wrong is told of its letter, a quotation
mark is weighed by the rows that it gives, a file is refused only where no letter of it can be told.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice, product

from riskdata.errors import ReadError
from riskdata.readers.grid import Grid, Note, check_size, refusal

DELIMITERS = "\t;|,"  # where two do equally well, the earlier one
BOMS = (  # the longer first: a UTF-32 mark begins as a UTF-16 one
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
OLDER = ("cp1252", "cp850", "mac_roman")  # of Windows, MS-DOS and old Macintoshes
_IN_WORD = re.compile("(?<=[A-Za-z])[åäö](?=[a-z])")
_LETTERS = "åäöÅÄÖéÉèüÜøØæÆ"
_CONTROL = re.compile("[\0-\x08\x0e-\x1b]")
LOST = 0.3  # of the lines: with more letters lost, a file is exported anew
_BAD = re.compile("[\udc80-\udcff]")  # how Python keeps a byte that is no UTF-8
_BAD_WORD = re.compile(r"[\w\udc80-\udcff]*[\udc80-\udcff][\w\udc80-\udcff]*")
_LOST_WORD = re.compile("[\\w\ufffd]*\ufffd[\\w\ufffd]*")

LONGEST = 200  # lines that a quoted cell may take
_EMPHASIS = re.compile(
    r"^#+ +|\*\*|^- (?=\*\*)"
)  # of Markdown: headings, bold, a bold label's bullet
_BOX = re.compile(r"^\s*[-*] \[([ xX])\] +")
_ENDS = re.compile(r";{2,}$|,{2,}$")
_WITHIN = re.compile('"[^"]*"')
_WHOLE = re.compile(r'"(?:[^"]|"")*"\s*$')  # a line that is one quoted cell
_QUOTED = re.compile("^(?:> )+|^>+$")  # before a line of a mail that is answered; a tab is a cell's
_FORMULA = re.compile(r'="(.*)"$', re.DOTALL)
_RULE = re.compile(r"\s*(?=.*(?:--|==))[|+]?\s*:?[-=]+:?\s*(?:[|+]\s*:?[-=]+:?\s*)*[|+]?\s*$")
_EMPHASISED = re.compile(r"\A([*_`]{1,3})(?=\S)(.+)\1\Z", re.DOTALL)  # of a cell: no 2*3*4
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")

FEWEST_CELLS, PARTED = 3, 0.7  # of a line that is a row, and the share of the lines that are rows
Record = tuple[int, list[str]]  # the line where it begins, or how many it takes; its cells


def read(content: bytes, name: str) -> list[Grid]:
    """Return the one grid of a text file, as a list; ``numbers`` are its lines.

    Notes: ``bad_byte``, ``other_encoding``, ``quote_kept``, ``mail_signs``.
    Raises ReadError when it is no text or too many of its letters are lost.
    """
    check_size(*(max(map(content.count, signs)) for signs in (b"\n\r", b"\t;|")), name)
    printed, notes = _decode(content, name)
    lines = printed.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines, first = _unquoted(lines, notes), 1
    if name.lower().endswith(".md"):
        lines = [_BOX.sub(_box, _EMPHASIS.sub("", line)) for line in lines]
    lines = _without_ends(lines)
    told = re.fullmatch("sep=(.)", lines[0].strip("\ufeff"))  # Excel's own first line
    if told:
        lines, first = lines[1:], 2
    if not told and "--" in printed and _is_markdown(lines):
        records = list(_split_markdown(lines))
    else:
        records = _split(lines, told[1] if told else find_delimiter("\n".join(lines)), notes)
    rows = [cells for _, cells in records]
    return [Grid(rows, [line + first for line, _ in records], notes=tuple(notes))]


def _without_ends(lines: list[str]) -> list[str]:
    """Return the lines without the signs that a spreadsheet put behind each that it had not split."""
    ends = {found[0] for line in lines if line and (found := _ENDS.search(line) or [""])}
    sign = ends.pop()[:1] if len(ends) == 1 else ""
    plain = [line.rstrip(sign) for line in lines] if sign else lines
    return plain if not any(sign in line for line in plain) else lines


def _box(found: re.Match) -> str:
    return f"- {'☐' if found[1].isspace() else '☑'} "


def _unquoted(lines: list[str], notes: list[Note]) -> list[str]:
    """Return the lines without the signs of a mail that is answered, where most have them."""
    plain = [_QUOTED.sub("", line) for line in lines]
    quoted = [n for n, line in enumerate(lines, 1) if line != plain[n - 1]]
    if 2 * len(quoted) <= sum(map(bool, lines)):
        return lines
    notes.append((quoted[0], "mail_signs", f"> ({len(quoted)})"))
    return plain


# -- letters -------------------------------------------------------------------------------------


def decode(content: bytes, name: str) -> str:
    """Return the file's text: by its byte order mark, else UTF-16, UTF-8, Windows-1252.

    >>> decode("Åtgärd".encode("cp1252"), "a.txt")
    'Åtgärd'
    """
    return _decode(content, name)[0]


def _decode(content: bytes, name: str) -> tuple[str, list[Note]]:
    notes: list[Note] = []
    marked = next((encoding for bom, encoding in BOMS if content.startswith(bom)), None)
    # Without a mark: in Swedish, every other byte of UTF-16 is zero.
    even, odd = content[:4000:2].count(0), content[1:4000:2].count(0)
    likely = "utf-16-be" if even > odd else "utf-16-le"
    likely = "utf-8" if max(even, odd) * 4 < len(content[:4000]) else likely
    try:
        printed = content.decode(marked or likely)
    except UnicodeDecodeError:
        if marked not in (None, "utf-8-sig"):
            raise _unread(name, f"den är märkt som {marked} men är det inte") from None
        printed = _decode_bytes(content, notes, name)
    if _CONTROL.search(printed):
        raise _unread(name, "den innehåller styrtecken, så som bilder och program gör")
    lines = printed.split("\n") if "\ufffd" in printed else []
    lost = [(n, line) for n, line in enumerate(lines, 1) if "\ufffd" in line]
    if len(lost) > max(1, LOST * sum(bool(line.strip()) for line in lines)):
        raise _unread(name, f"bokstäver är redan förlorade (\ufffd på rad {lost[0][0]})")
    for n, line in lost:
        notes.append((n, "bad_byte", f"oläslig bokstav: {', '.join(_LOST_WORD.findall(line))}"))
    return printed, notes


def _unread(name: str, why: str) -> ReadError:
    return refusal(name, "encoding", why=why)


def _decode_bytes(content: bytes, notes: list[Note], name: str) -> str:
    """Return UTF-8 with some bytes that are not, read one by one; else text of an older code."""
    printed = content.decode("utf-8", "surrogateescape")
    if len(re.findall("[^\0-\x7f\udc80-\udcff]", printed)) * 2 >= len(_BAD.findall(printed)):
        lines = printed.removeprefix("\ufeff").split("\n")
        for n, line in enumerate(lines):
            lines[n] = _BAD.sub(_letter, line)
            words = ", ".join(_BAD.sub(_letter, word) for word in _BAD_WORD.findall(line))
            if words and "\ufffd" not in lines[n]:  # what is lost is told with all that is lost
                notes.append((n + 1, "bad_byte", f"läst som {words}"))
        return "\n".join(lines)
    texts = {encoding: content.decode(encoding, "replace") for encoding in OLDER}
    counts = {encoding: len(_IN_WORD.findall(text)) for encoding, text in texts.items()}
    counts[OLDER[0]] += 1  # one letter is no proof of another code: it may be a name's
    likely = max(OLDER, key=counts.get)
    if likely != OLDER[0]:
        notes.append((1, "other_encoding", likely))
    elif texts[likely].count("\ufffd") > 20:
        raise _unread(name, "den är varken UTF-8, UTF-16 eller Windows-1252")
    return texts[likely]


def _letter(byte: re.Match) -> str:
    """Return the Swedish letter that a byte is in Windows-1252, or the sign of a lost one."""
    told = bytes([ord(byte[0]) - 0xDC00]).decode("cp1252", "replace")
    return told if told in _LETTERS else "\ufffd"


# -- delimiter -----------------------------------------------------------------------------------


def find_delimiter(printed: str) -> str:
    """Return the delimiter that gives the most even table; a tab where none gives any.

    Weighed as by CleverCSV: many rows of few lengths, the longer the better. What stands within
    quotation marks parts nothing, nor does a comma or semicolon of running text.

    >>> find_delimiter("Process;Risk\\nLek, bad;Brand\\n")
    ';'
    """
    lines = [line for line in printed.splitlines() if line.strip()]
    ways = [lines]
    if '"' in printed:  # line by line, and by the book, where a quoted cell goes on over lines
        ways = [[line if _WHOLE.match(line) else _WITHIN.sub("", line) for line in lines]]
        ways += [[line for line in _WITHIN.sub("", printed).splitlines() if line.strip()]]
    scores: dict[str, float] = {}
    for delimiter, told in product(DELIMITERS, ways):
        counts = Counter(n + 1 for line in told if (n := line.count(delimiter)))
        several = delimiter != "," and sum(n for width, n in counts.items() if width > 2) > 1
        if several or 2 * sum(counts.values()) > len(told):
            scores[delimiter] = max(scores.get(delimiter, 0), _evenness(counts))
    return max(scores, key=scores.get, default=DELIMITERS[0])


def part(grid: Grid) -> Grid:
    """Return a grid whose cells are the whole lines of a text export, each in its cells.

    A spreadsheet holds such lines where a .csv file was opened without being split.
    """
    lines = ["".join(row) for row in grid.rows]
    if any(any(row[1:]) for row in grid.rows) or not any(lines):
        return grid
    notes: list[Note] = []
    records = _split(lines, find_delimiter("\n".join(lines)), notes)
    wide = sum(len(cells) >= FEWEST_CELLS for _, cells in records)
    if wide < PARTED * sum(map(bool, lines)):
        return grid
    numbers, notes = (
        [grid.numbers[n] for n, _ in records],
        [(grid.numbers[n - 1], *x) for n, *x in notes],
    )
    return Grid([cells for _, cells in records], numbers, grid.name, notes=(*grid.notes, *notes))


def _evenness(counts: Counter[int]) -> float:
    """Return how even a table is: many rows of few lengths, the longer the better."""
    return sum(n * (k - 1) for k, n in counts.items()) / max(len(counts), 1)


# -- cells ---------------------------------------------------------------------------------------


def _split(lines: list[str], delimiter: str, notes: list[Note]) -> list[Record]:
    """Return the cells of each line; a quoted cell may hold delimiters and line breaks."""
    if not any('"' in line for line in lines):
        return [(n, line.split(delimiter)) for n, line in enumerate(lines)]
    widths = _widths(lines, delimiter)
    records, at = [], 0
    while at < len(lines):
        taken, cells = _record(lines, at, delimiter, widths)
        notes += [(at + 1, "quote_kept", cell) for cell in list(filter(_is_lone, cells))[:1]]
        records.append((at, [_FORMULA.sub(r"\1", cell) for cell in cells]))
        at += taken
    return records


def _widths(lines: list[str], delimiter: str) -> set[int]:
    """Return how many cells the rows of the table have: of two ways to read it, the more even one.

    By the book a quoted cell goes on over lines; line by line it does not.
    """
    ways = []
    for most in (LONGEST, 1):
        counts, at = Counter(), 0
        while at < len(lines):
            plain = 1, lines[at].split(delimiter)
            *_, (taken, cells) = plain, *_quoted(lines, at, delimiter, most)
            counts[len(cells)] += len(cells) > 1
            at += taken
        ways.append(+counts)
    counts = max(ways, key=_evenness)
    return {width for width, count in counts.items() if count * 2 > max(counts.values())}


def _record(lines: list[str], at: int, delimiter: str, widths: set[int]) -> Record:
    """Return how many lines a row takes, and its cells: those that fit the table best.

    Quotation marks are signs of their own where they give no row of the table and the lines, each
    taken for itself, do: so one that is only a mark does not swallow the lines below it.
    """
    plain = lines[at].split(delimiter)
    readings = list(_quoted(lines, at, delimiter, LONGEST))
    for taken, cells in readings:
        alone = sum(len(line.split(delimiter)) in widths for line in lines[at : at + taken])
        if len(cells) in widths and (taken == 1 or alone < taken):
            return taken, cells
    for taken, cells in readings if len(plain) not in widths else ():
        swallowed = any("\n" in cell and delimiter in cell for cell in cells)
        if taken < LONGEST and not swallowed:
            return taken, cells
    return 1, [_without_quotes(cell) for cell in plain]


def _quoted(lines: list[str], at: int, delimiter: str, most: int) -> Iterator[Record]:
    """Give each way to read the quoted row at a line: how many lines it takes, and its cells."""
    if '"' not in lines[at]:
        yield 1, lines[at].split(delimiter)
        return
    escaped = {"doublequote": False, "escapechar": "\\"}
    for dialect in ({}, escaped) if '\\"' in lines[at] else ({},):
        text = (line + "\n" for line in islice(lines, at, at + most))
        reader = csv.reader(text, delimiter=delimiter, strict=True, **dialect)
        try:
            cells = next(reader)
        except (csv.Error, StopIteration):
            continue
        yield reader.line_num, cells
        if len(cells) == 1 and delimiter in cells[0] and reader.line_num == 1:
            plain = 1, cells[0].split(delimiter)  # a line that is quoted whole
            yield from list(_quoted(cells, 0, delimiter, 1)) or [plain]


def _is_lone(cell: str) -> bool:
    """Return whether a cell begins or ends with a quotation mark without its other: no inches."""
    text = cell.strip()
    return text.count('"') % 2 == 1 and '"' in (text[0], text[-1]) and not _FORMULA.match(text)


def _without_quotes(cell: str) -> str:
    """Return a cell of a line that is not quoted by the book, itself without its quotes if it is."""
    text = cell.strip()
    is_quoted = len(text) > 1 and text[0] == text[-1] == '"' and text.count('"') % 2 == 0
    return text[1:-1].replace('""', '"') if is_quoted else cell


# -- Markdown ------------------------------------------------------------------------------------


def _is_markdown(lines: list[str]) -> bool:
    """Return whether a line of dashes parts a header from its rows, or rows are framed by dashes."""
    rules = [n for n, line in enumerate(lines) if _RULE.match(line) and re.search("[|+]", line)]
    return any("|" in line for n in rules for line in lines[n - 1 if n else 1 : n + 2])


def _split_markdown(lines: list[str]) -> Iterator[Record]:
    """Give the cells of a table in Markdown, and the lines outside it as rows of one cell."""
    for n, line in enumerate(lines):
        text = line.strip()
        if "|" in text and not _RULE.match(text):
            inner = re.sub(r"^\||(?<!\\)\|$", "", text)
            yield n, [_plain(cell) for cell in re.split(r"(?<!\\)\|", inner)]
        elif not text or not _RULE.match(text):
            yield n, [_BOLD.sub(r"\2", re.sub(r"^#+\s*", "", text))]


def _plain(cell: str) -> str:
    """Return a cell of Markdown without its signs.

    >>> _plain(" **Klar** [x] a\\\\|b<br>c ")
    'Klar ☑ a|b\\nc'
    """
    text = re.sub(r"\s*<br\s*/?>\s*", "\n", cell.strip().replace("\\|", "|"))
    text = _EMPHASISED.sub(r"\2", _BOLD.sub(r"\2", text))
    return re.sub(r"\[([xX ])\]", lambda box: "☐" if box[1] == " " else "☑", text)
