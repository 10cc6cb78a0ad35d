"""The rules of comments.toml: which of them fits each clause of a sentence, given as tags."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

CUT = re.compile(r" (?=(?:but|and|comma) )")  # before these a new clause may begin


@dataclass(frozen=True)
class Pattern:
    """A pattern over tags, with a blank around each.

    needs: the tags of which a clause has one if it can match.
    between: a regex of what may stand between any two of its parts.

    >>> bool(_pattern("not .. make-*").regex.search(" have not yet make-sup "))
    True
    """

    written: str
    needs: frozenset[str]
    between: str = ""

    @cached_property
    def regex(self) -> re.Pattern:
        """It as a regex, made when it is first needed: few texts need them all."""
        made = self.between.join(map(_element, self.written.split()))
        return re.compile("(?<= )" * (self.written[0] != "^") + made)


@dataclass(frozen=True)
class Rule:
    """One rule, ready to try on a clause."""

    name: str
    verdict: str
    reason: str
    pattern: tuple[Pattern, ...]
    without: frozenset[str] = frozenset()
    weak: bool = False  # gives way to a clause, or a mark, that says that the thing is done
    decides: bool = False  # by definition: its verdict stands, whatever the words weigh
    need: bool = False  # something remains to be wished, which is not the activity itself

    @property
    def weight(self) -> int:
        """How much it counts against what other clauses say."""
        if self.verdict == "unfinished":
            return 2 if self.weak else 4
        if self.verdict == "finished":
            return 1 if self.weak or self.reason == "comment_recurring" else 3
        return 0


@dataclass(frozen=True)
class Skip:
    """What is taken out of a clause before the rules are tried."""

    name: str
    pattern: tuple[Pattern, ...]
    without: frozenset[str] = frozenset()
    left: str = ""  # the tag that stands in its place

    @cached_property
    def needs(self) -> frozenset[str]:
        """Return the tags of which a clause has one if any of its patterns can match."""
        return frozenset().union(*(pattern.needs for pattern in self.pattern))

    def taken_out(self, tags: str, kinds: set[str]) -> str:
        """Return a clause's tags (``kinds``: as ``kinds_of`` them) without what it matches."""
        if self.needs.isdisjoint(kinds) or not self.without.isdisjoint(kinds):
            return tags
        for pattern in self.pattern:
            if not pattern.needs.isdisjoint(kinds):
                tags = pattern.regex.sub(f"{self.left} ".lstrip(), tags)
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
    found = map(_first_fitting, map(_bare, _clauses(tags.replace("comma but", "but"))))
    return tuple(rule for rule in found if rule)


def _first_fitting(clause: str) -> Rule | None:
    kinds = kinds_of(clause)
    for place in sorted({place for kind in kinds for place in _by_need().get(kind, ())}):
        rule, pattern = _patterns()[place]
        if rule.without.isdisjoint(kinds) and pattern.regex.search(clause):
            return rule
    return None


@cache
def _patterns() -> list[tuple[Rule, Pattern]]:
    """Return the patterns of all rules, in the order in which they are tried."""
    return [(rule, pattern) for rule in rules().values() for pattern in rule.pattern]


@cache
def _by_need() -> dict[str, list[int]]:
    """Return tag → places of the patterns that may match where it stands."""
    found: dict[str, list[int]] = {}
    for place, (_, pattern) in enumerate(_patterns()):
        for need in pattern.needs:
            found.setdefault(need, []).append(place)
    return found


def kinds_of(tags: str) -> set[str]:
    """Return the tags of a text, and for each that has a tense the patterns that take any.

    >>> sorted(kinds_of(" have make-sup "))
    ['*-sup', 'have', 'make-*', 'make-sup']
    """
    found: set[str] = set()
    for tag in set(tags.split()):
        found |= _kinds(tag)
    return found


@cache
def _kinds(tag: str) -> frozenset[str]:
    family, hyphen, tense = tag.partition("-")
    return frozenset({tag, f"{family}-*", f"*-{tense}"} if hyphen else {tag})


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
    kinds = kinds_of(text)
    for skip in skips():
        left = skip.taken_out(text, kinds)
        if left != text:
            text, kinds = left, kinds_of(left)
    tags = text.removeprefix(" comma").split()
    verb = next((at for at, tag in enumerate(tags) if _has_verb([tag])), len(tags))
    own = ["own"] if "own" in tags[:verb] else []
    return f" {' '.join([*own, *(tag for tag in tags if tag not in ('own', 'prep'))])} "


def _ready(entry: dict, between: str = "") -> dict:
    """Return an entry of comments.toml with its patterns ready and its examples left out."""
    made = {key: value for key, value in entry.items() if key not in ("example", "not")}
    made["pattern"] = tuple(_pattern(written, between) for written in entry["pattern"])
    return made | {"without": frozenset(entry.get("without", ()))}


def _pattern(written: str, between: str = "") -> Pattern:
    """Return a pattern of comments.toml with the tags that it needs.

    >>> sorted(_pattern("not .. make-*").needs)
    ['not']
    """
    told = [_tags(part) for part in written.split() if part[0] not in "^$<.!"]
    needs = [tags.split("|") for tags, often in told if not often]
    return Pattern(written, frozenset(min(needs, key=len)), between)


def _element(part: str) -> str:
    """Return one part of a pattern as a regex: ^ $ < .. ~tag !tag tag|tag tag? tag* @group."""
    fixed = {"^": "^ ", "$": "$", "<": r"(?<=\S )", "..": r"(?:\S+ )*?"}
    if part in fixed:
        return fixed[part]
    if part[0] in "~!":
        return f"(?{'=' if part[0] == '~' else '!'}(?:own |prep )*{_element(part[1:])})"
    tags, often = _tags(part)
    return rf"(?:(?:{tags.replace('*', '[a-z]+')}) ){often}"


def _tags(part: str) -> tuple[str, str]:
    """Return the tags of which a part is any, with its groups spelt out, and how often: "", ? or *."""
    tags, often = re.fullmatch(r"~?(.*?)((?<!-)[?*])?", part).groups("")
    return re.sub(r"@(\w+)", lambda group: grammar()["groups"][group[1]], tags), often
