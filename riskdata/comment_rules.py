"""The rules of comments.toml: which of them fits each clause of a sentence, given as tags."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

CUT = re.compile(r" (?=(?:but|and|comma) )")  # before these a new clause may begin


@dataclass(frozen=True)
class Rule:
    """One rule, ready to try on a clause."""

    name: str
    verdict: str
    reason: str
    pattern: tuple[re.Pattern, ...]
    without: frozenset[str] = frozenset()
    weak: bool = False  # gives way to a clause, or a mark, that says that the thing is done
    lifts: str = ""  # takes back what was said before it in the "sentence" or the "comment"
    need: bool = False  # something remains to be wished, which is not the activity itself

    @property
    def weight(self) -> int:
        """How much it counts against what other clauses say."""
        if self.verdict == "unfinished":
            return 2 if self.weak else 4
        if self.verdict == "finished":
            return 1 if self.weak or self.reason == "comment_recurring" else 3
        return 0

    def fits(self, tags: str) -> bool:
        """Return whether it says something of a clause, given as tags with a blank around each."""
        if not self.without.isdisjoint(tags.split()):
            return False
        return any(pattern.search(tags) for pattern in self.pattern)


@dataclass(frozen=True)
class Skip:
    """What is taken out of a clause before the rules are tried."""

    name: str
    pattern: tuple[re.Pattern, ...]
    without: frozenset[str] = frozenset()
    left: str = ""  # the tag that stands in its place

    def taken_out(self, tags: str) -> str:
        """Return a clause's tags without what it matches."""
        if not self.without.isdisjoint(tags.split()):
            return tags
        for pattern in self.pattern:
            tags = pattern.sub(f"{self.left} ".lstrip(), tags)
        return tags


@cache
def grammar() -> dict:
    """Return comments.toml."""
    return tomllib.loads(Path(__file__).with_name("comments.toml").read_text("utf-8"))


@cache
def rules() -> dict[str, Rule]:
    """Return the rules by name, in the order in which they are tried."""
    return {entry["name"]: Rule(**_ready(entry)) for entry in grammar()["rule"]}


@cache
def skips() -> list[Skip]:
    """Return what is taken out of clauses, in order; a name may stand anywhere in between."""
    return [Skip(**_ready(entry, "(?:own |prep )*")) for entry in grammar()["skip"]]


@lru_cache(maxsize=200_000)
def fitting(tags: str) -> tuple[Rule, ...]:
    """Return the rule that each clause of a sentence fits, if any, in order.

    >>> [rule.name for rule in fitting("own have not make-sup but goon-pres")]
    ['not_done', 'goes_on']
    """
    found = (
        next((rule for rule in rules().values() if rule.fits(clause)), None)
        for clause in map(_bare, _clauses(tags.replace("comma but", "but")))
    )
    return tuple(rule for rule in found if rule)


def _clauses(tags: str) -> Iterator[list[str]]:
    """Yield a sentence's clauses: cut at conjunctions and commas where both sides have a verb."""
    clause: list[str] = []
    for piece in map(str.split, CUT.split(tags)):
        if _has_verb(clause) and _has_verb(piece):
            yield clause
            clause = []
        clause = clause + piece
    yield clause


def _has_verb(tags: list[str]) -> bool:
    return any("-" in tag or tag in grammar()["verblike"] for tag in tags)


def _bare(clause: list[str]) -> str:
    """Return a clause without what is skipped, and without names but for one before its verb."""
    text = f" {' '.join(clause)} "
    for skip in skips():
        text = skip.taken_out(text)
    tags = text.removeprefix(" comma").split()
    verb = next((at for at, tag in enumerate(tags) if _has_verb([tag])), len(tags))
    own = ["own"] if "own" in tags[:verb] else []
    return f" {' '.join([*own, *(tag for tag in tags if tag not in ('own', 'prep'))])} "


def _ready(entry: dict, between: str = "") -> dict:
    """Return an entry of comments.toml with its patterns compiled and its examples left out."""
    made = {key: value for key, value in entry.items() if key not in ("example", "not")}
    made["pattern"] = tuple(_compiled(pattern, between) for pattern in entry["pattern"])
    return made | {"without": frozenset(entry.get("without", ()))}


def _compiled(pattern: str, between: str = "") -> re.Pattern:
    """Return a pattern as a regex over tags with a blank around each.

    >>> bool(_compiled("not .. make-*").search(" have not yet make-sup "))
    True
    """
    made = between.join(_element(part) for part in pattern.split())
    return re.compile("(?<= )" * (pattern[0] != "^") + made)


def _element(part: str) -> str:
    """Return one part of a pattern as a regex: ^ $ < .. ~tag !tag tag|tag tag? tag* @group."""
    fixed = {"^": "^ ", "$": "$", "<": r"(?<=\S )", "..": r"(?:\S+ )*?"}
    if part in fixed:
        return fixed[part]
    if part[0] in "~!":
        return f"(?{'=' if part[0] == '~' else '!'}(?:own |prep )*{_element(part[1:])})"
    tags, often = re.fullmatch(r"(.*?)((?<!-)[?*])?", part).groups("")
    tags = re.sub(r"@(\w+)", lambda group: grammar()["groups"][group[1]], tags)
    return rf"(?:(?:{tags.replace('*', '[a-z]+')}) ){often}"
