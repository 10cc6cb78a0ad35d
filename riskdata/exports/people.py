"""Who is responsible, as cells print it: each person by one name, apart from what is said beside."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from riskdata.words.spelling import clean_space, fold, is_swedish_word
from riskdata.words.vocabulary import Vocabulary

NAME = r"[A-ZÅÄÖÉÜØÆ][a-zåäöéüøæáíóèçñšćžł]+(?:[-'’][A-ZÅÄÖÉ][a-zåäöéü]+)*"
LONGEST_ROLE = 4  # words: a longer text in the column of people is no role
LONGEST_KEPT = 5  # words: more are kept as printed and asked about, they may be a measure
USUAL = 3  # different people turned round in a file: then it is its way
_TURNED = re.compile(rf"({NAME}(?:\s{NAME})?),\s*({NAME})")  # Efternamn, Förnamn
_ONE_WORD = re.compile(NAME)
_TWO_LINES = re.compile(rf"\s*({NAME}) *\n\s*({NAME})\s*")
_BETWEEN = re.compile(
    r"\s*(?:;#\d*(?:;#)?|[;\n/&])\s*|(?<!-)\s+(?:och|samt)\s+"
)  # no "Plan- och byggchef"
_NUMBERED = re.compile(r"([^;#]*);#(\d+)")  # Holm, Ulla;#23, as lists of SharePoint print somebody
_IN_BRACKETS = re.compile(r"\s*[(\[<]([^()\[\]<>]*)[)\]>]")
# Small letters: Jan and Maj are people.
_MONTH = "jan(?:uari)?|feb(?:ruari)?|mars|apr(?:il)?|maj|jun[i]?|jul[i]?|aug(?:usti)?|"
_MONTH += "sept?(?:ember)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?"
_DAY = r"\d{4}-\d\d-\d\d|20\d{6}|\d{1,2}[/.]\d{1,2}(?:[-/. ]\d{2,4})?|20\d\d(?!-)"
_DAY += rf"|(?:\d{{1,2}} )?(?:{_MONTH})\.?(?: 20\d\d)?"


@lru_cache(maxsize=10_000)
def read_people(text: str) -> tuple[str, ...]:
    """Return the people in a cell, as printed.

    >>> read_people("Maja Lind, Omar Berg och Eva Ek")
    ('Maja Lind', 'Omar Berg', 'Eva Ek')
    """
    parts = [clean_space(part) for group in _BETWEEN.split(text) for part in group.split(",")]
    return tuple(dict.fromkeys(filter(None, parts)))


@dataclass
class Responsible:
    """Those that one cell names, and what else it says.

    beside: (rule of the account, text): a date, a role or a text behind a name; how names are told.
    """

    names: list[str] = field(default_factory=list)
    beside: list[tuple[str, str]] = field(default_factory=list)

    @property
    def date(self) -> str:
        """The first date behind a name; "" where there is none."""
        return next((text for rule, text in self.beside if rule == "person_date"), "")


class People:
    """Tells the people of a cell by how the other cells of the export print them."""

    def __init__(self, cells: Iterable[str], vocab: Vocabulary) -> None:
        self.vocab, self.nobody = vocab, {*map(fold, vocab.words["cells"]["nobody"])}
        lead = "|".join(map(re.escape, vocab.words["cells"]["before_dates"]))
        self.dated = re.compile(rf"[\s,:;(–-]+((?:(?:{lead})\s+)*(?:{_DAY}))(?![\w-])\)?")
        cells = [cell for cell in cells if not _TWO_LINES.fullmatch(cell)]
        groups = [group for cell in {*cells} for group in self._groups(cell, [])]
        self.known: dict[str, Responsible] = {}
        self.whole = {fold(part) for group in groups for part in group.split(",")}
        self.alone = {fold(group) for group in groups if "," not in group}
        self.turned = {fold(group) for group in groups if _TURNED.fullmatch(group)}
        self.numbered = {fold(found[1]) for cell in cells for found in _NUMBERED.finditer(cell)}
        single = any(map(_ONE_WORD.fullmatch, groups))
        self.full = not single and len(self.alone | self.turned) > 1

    def read(self, cell: str) -> Responsible:
        """Return who is responsible by a cell."""
        if cell not in self.known:  # the same people stand on many rows
            self.known[cell] = self._read(cell)
        return self.known[cell]

    def _read(self, cell: str) -> Responsible:
        told, lines = Responsible(), _TWO_LINES.fullmatch(cell)
        if lines and self.alone.isdisjoint(map(fold, lines.groups())):
            cell = " ".join(lines.groups())  # a name that did not fit on one line
        groups = self._groups(cell, told.beside)
        for name in dict.fromkeys(name for group in groups for name in self._names(group, told)):
            if self.nobody.isdisjoint({fold(name), *fold(name).split()}):
                told.names.append(name)
            else:
                told.beside.append(("nothing_printed", name))
        return told

    def _groups(self, cell: str, beside: list[tuple[str, str]]) -> list[str]:
        """Return what stands between the signs that part people; what stands behind goes to ``beside``."""
        for pattern, rule in ((self.dated, "person_date"), (_IN_BRACKETS, "person_role")):
            beside += [(rule, found[1]) for found in pattern.finditer(cell)]
            cell = pattern.sub("", cell)
        beside += [("person_role", found[2]) for found in _NUMBERED.finditer(cell)]
        return [*map(clean_space, _BETWEEN.split(cell))]

    def _names(self, group: str, told: Responsible) -> list[str]:
        """Return the people of a group, in which a comma may part them, or their names."""
        parts = list(filter(None, map(clean_space, group.split(","))))
        pairs = list(zip(parts[::2], parts[1::2], strict=False)) if len(parts) % 2 == 0 else []
        known = [self._is_known(*pair, among=len(pairs)) for pair in pairs]
        parted = self.alone.isdisjoint(map(fold, parts))  # nobody goes by one of them alone
        if any(known) or parted and _TURNED.fullmatch(group):
            told.beside += [] if all(known) else [("name_turned", group)]
            return [f"{given} {family}" for family, given in pairs]
        if parted and len(parts) > 2 and all(map(_ONE_WORD.fullmatch, parts)):
            told.beside.append(("names_unsure", group))
        texts = [part for part in parts[1:] if self._is_text(part)]
        told.beside += [("person_text", text) for text in texts]
        if parts and len(parts[0].split()) > LONGEST_KEPT:
            told.beside.append(("cell_odd", parts[0]))
        return [part for part in parts if part not in texts]

    def _is_known(self, family: str, given: str, *, among: int) -> bool:
        """Return whether the export shows elsewhere that two words are one person's names, turned round."""
        printed = fold(f"{family}, {given}")
        if fold(f"{given} {family}") in self.whole or printed in self.numbered:
            return True
        usual = among > 1 or len(self.turned) >= USUAL
        # The word list comes last: it takes a second to load.
        return printed in self.turned and (
            usual or self.full and not is_swedish_word(given.lower())
        )

    def _is_text(self, part: str) -> bool:
        """Return whether what stands behind a name is no other person and no role."""
        words = part.split()
        status = fold(words[0]) in self.vocab.statuses
        return status or len(words) > LONGEST_ROLE or (part[0].islower() and len(words) > 2)
