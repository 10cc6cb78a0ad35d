"""Text with a table in it (.txt, .tsv, .csv): which letters, which delimiter, which cells."""

import csv
import io
import re

from riskdata.errors import ReadError
from riskdata.readers.grid import Grid

DELIMITERS = "\t;|,"  # where two do equally well, the earlier one
MANY = 3  # of it in a line: text may hold a comma or two, a row of a table holds more
BOMS = (  # the longer first: a UTF-32 mark begins as a UTF-16 one
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# What å ä ö become when other letters' codes are read as Windows-1252: whose codes they then are.
TWICE = ("UTF-8 som sparats en gång för mycket", re.compile("Ã[¥¤¶…„–©]"))
OTHERS = (
    ("MS-DOS (kodsida 850 eller 437)", re.compile("[a-zA-Z][†„”][a-z]|[a-z][†„”][a-zA-Z]")),
    ("Macintosh", re.compile("[a-zA-Z][ŒŠš][a-z].*[a-zA-Z][ŒŠš][a-z]", re.DOTALL)),
)
_CONTROLS = [chr(code) for code in (*range(9), *range(14, 28))]


def read(content: bytes, name: str) -> list[Grid]:
    """Return the one grid of a text file, as a list; ``numbers`` are its lines.

    Raises ReadError when it is no text or its letters are of no known encoding.
    """
    printed = decode(content, name)
    delimiter = find_delimiter(printed)
    rows, numbers = _split(printed, delimiter)
    return [Grid(rows, numbers)]


def decode(content: bytes, name: str) -> str:
    """Return the file's text: by its byte order mark, else UTF-16, UTF-8, Windows-1252.

    >>> decode("Åtgärd".encode("cp1252"), "a.txt")
    'Åtgärd'
    """
    encoding = next((e for bom, e in BOMS if content.startswith(bom)), None)
    for candidate in [encoding] if encoding else [*_unmarked(content), "utf-8", "cp1252"]:
        try:
            printed = content.decode(candidate)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise _not_text(name, "den är varken UTF-8, UTF-16 eller Windows-1252")
    _check_letters(printed, name, (TWICE, *OTHERS) if candidate == "cp1252" else (TWICE,))
    return printed


def find_delimiter(printed: str) -> str:
    """Return the delimiter that the most lines hold many of, else any of.

    >>> find_delimiter("Process;Risk\\nLek;Brand\\n")
    ';'
    """
    lines = [line for line in printed.splitlines() if line.strip()]

    def held(delimiter: str) -> tuple[int, int]:
        counts = [n for line in lines if (n := line.count(delimiter))]
        return len([n for n in counts if n >= MANY]), len(counts)

    best = max((d for d in DELIMITERS if d in printed), key=held, default=DELIMITERS[0])
    # Commas in running text part no columns: a table has them on most of its lines.
    return DELIMITERS[0] if best == "," and 2 * held(best)[1] <= len(lines) else best


def _unmarked(content: bytes) -> list[str]:
    """Return which UTF-16 it looks like: in Swedish text, every other byte is then zero."""
    even, odd = content[:4000:2].count(0), content[1:4000:2].count(0)
    if max(even, odd) * 4 < len(content[:4000]):
        return []
    return ["utf-16-be" if even > odd else "utf-16-le"]


def _check_letters(printed: str, name: str, wrong: tuple) -> None:
    if any(map(printed.__contains__, _CONTROLS)):
        raise _not_text(name, "den innehåller styrtecken, så som bilder och program gör")
    if "\ufffd" in printed:
        line = printed[: printed.index("\ufffd")].count("\n") + 1
        raise _not_text(name, f"bokstäver är redan förlorade (\ufffd på rad {line})")
    for whose, pattern in wrong:
        found = pattern.search(printed)
        if found:
            line = printed[: found.start()].count("\n") + 1
            around = printed.splitlines()[line - 1][:40].strip()
            raise _not_text(name, f"bokstäverna ser ut att vara {whose} (rad {line}: ”{around}”)")


def _not_text(name: str, why: str) -> ReadError:
    return ReadError(
        f"{name}: filens teckenkodning går inte att läsa: {why}. Kända är UTF-8, UTF-16 och "
        "Windows-1252. Exportera på nytt, eller öppna filen i Anteckningar och spara den som UTF-8."
    )


def _split(printed: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """Return cells and line numbers; a quoted cell may hold delimiters and line breaks."""
    lines = printed.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if '"' in printed:
        quoted = _split_quoted(lines, delimiter)
        if quoted:
            return quoted
    return [line.split(delimiter) for line in lines], list(range(1, len(lines) + 1))


def _split_quoted(lines: list[str], delimiter: str) -> tuple[list[list[str]], list[int]] | None:
    """Return the cells by the rules of quoting, or None where the quotes are only quotes."""
    reader = csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter, strict=True)
    rows, numbers, start = [], [], 1
    try:
        for row in reader:
            rows.append(row or [""])
            numbers.append(start)
            start = reader.line_num + 1
    except csv.Error:
        return None
    # A cell with both line breaks and delimiters began with a quotation mark that was only that.
    swallowed = any("\n" in cell and delimiter in cell for row in rows for cell in row)
    return None if swallowed else (rows, numbers)
