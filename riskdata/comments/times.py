"""The times, counts and shares that a Swedish sentence names: tense before month, against its period.

A month without a year is the one before the report's end where the nearest word of tense is past
("Utbildningen hölls i november." in a T2 was last year), and the next one where it is ahead.
"""

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import takewhile
from pathlib import Path

from riskdata.words.periods import covering, due

TOKEN = re.compile(r"¤\w*|\w+(?:[.:]+\w+)*|[,;:()–—/%•-]")
STOPS = {",", ";", ":", "(", ")", "–", "—", "-", "men", "dock", "medan", "därefter", "sedan"}
LATER, PAST, NEAR, WHOLE, NAME, SINCE = "later", "past", "near", "whole", "name", "since"
PRESENT = "present"
FROM_TO = re.compile(r"\s*(?:till|t\.?o\.?m\.?|[-–—])\s*")


@cache
def phrases() -> dict:
    """Return phrases.toml: how comments end sentences, name times and tell tenses."""
    return tomllib.loads(Path(__file__).with_name("phrases.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Time:
    """A time that a sentence names: its year and last month, missing where it is only "next"."""

    year: int | None = None
    month: int | None = None
    ahead: str = ""  # "year" or "term" when it is the next one
    over: bool = False  # said to be past: "i höstas", "förra året"

    def kind(self, year: int, end: int, tense: str) -> str:
        """Return on which side of a period's last month it lies: later, past, near or whole (year)."""
        if self.over or tense == PAST:
            return PAST
        if self.ahead or (self.year or year, self.month or 0) > (year, end):
            return LATER
        if self.year is None and (tense == LATER or (end == 12 and self.month <= 4)):
            return LATER if tense == LATER else NEAR
        return WHOLE if self.month is None and self.year == year and end < 12 else PAST

    def report(self, year: int, end: int) -> str:
        """Return the period that covers it, counted onwards from a period's last month."""
        if self.ahead == "year":
            return replace(self, year=year + (end > 0), ahead="").report(year, end)
        if self.ahead:
            return covering(year, end + 1)
        if self.month is None:
            return str(self.year)
        return covering(self.year or year + (self.month <= end), self.month)


def told(sentence: str, ended: tuple[int, int], ticked: bool) -> tuple[list[str], str | None]:
    """Return a sentence's words in small letters, its times and shares as tokens, and its later period.

    Of "från mars till september" only the last counts. A later period is one that the words put
    something off to, the last of them; a year in a name ("planen för 2025") is none. ``ended``: the
    year and last month of the report. ``ticked``: the activity is marked as done, so that "klar i
    november" is past.

    >>> told("Kursen hålls i maj.", (2024, 4), False)
    (['kursen', 'hålls', 'i', '¤later'], '2024-T2')
    >>> told("Kursen hölls i november.", (2024, 8), False)
    (['kursen', 'hölls', 'i', '¤past'], None)
    """
    times: list[Time] = []
    text, last = "", 0
    lowered = sentence.lower().replace("¤", " ")
    for match in pattern("time").finditer(lowered):
        time, between = _time(match[0]), lowered[last : match.start()]
        if times and FROM_TO.fullmatch(between):
            times[-1] = replace(time, year=time.year or times[-1].year)
        else:
            text += f"{between} ¤ "
            times.append(time)
        last = match.end()
    words = TOKEN.findall(_shared(text + lowered[last:]))
    places = [place for place, word in enumerate(words) if word == "¤"]
    later = []
    for place, time in zip(places, times, strict=True):
        kind = _kind(words, place, time, ended, ticked)
        words[place] = f"¤{kind}"
        later += [time.report(*ended)] if kind == LATER else []
    return words, max(later, key=due) if len(later) > 1 else next(iter(later), None)


def _kind(words: list[str], at: int, time: Time, ended: tuple[int, int], ticked: bool) -> str:
    """Return what a time among words is: later, past, near, whole, since or a name's year."""
    before, after = words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else ""
    tense = _tense(words, at, ticked)
    if time.month is None and time.year is not None:
        noun = before.isalpha() and before not in phrases()["times"]["before_year"]
        names = after == "års" or (noun and not _tense_of(before))
        if before in ("för", "inför") or (names and any(map(_tense_of, words))):
            return NAME
    since = "sedan" in words[max(0, at - 3) : at] and tense != LATER and time.year is None
    return SINCE if since else time.kind(*ended, tense)


def _tense(words: list[str], at: int, ticked: bool) -> str:
    """Return the tense of a time: of the nearest verb before it in its clause, else after it."""
    ready = phrases()["ready"] if ticked else ()
    for around in (words[:at][::-1], words[at + 1 :]):
        clause = takewhile(lambda word: word not in STOPS, around)
        tenses = [*filter(None, (PAST if word in ready else _tense_of(word) for word in clause))]
        if tenses and tenses[0] != PRESENT:
            return tenses[0]
        if tenses:
            return LATER if LATER in tenses else ""  # "kommer att hållas", "som hölls upprepas"
    return ""


@lru_cache(maxsize=50_000)
def _tense_of(word: str) -> str:
    """Return later, past, present, or nothing for a word that is no verb."""
    if word.startswith("¤") or pattern("neither").fullmatch(word):
        return ""
    kinds = (("ahead", LATER), (PRESENT, PRESENT), ("past", PAST))
    return next((tense for kind, tense in kinds if pattern(kind).fullmatch(word)), "")


@lru_cache(maxsize=10_000)
def _time(text: str) -> Time:
    """Return what an expression of time says: "våren 2025", "i höstas", "vecka 41"."""
    named, known = pattern("time").fullmatch(text).groupdict(), phrases()["times"]
    found = {name: value for name, value in named.items() if value}
    of = {name.split("_")[0]: value for name, value in found.items()}
    if "over" in of or "last" in of:
        return Time(over=True)
    if "ahead" in of:
        return Time(ahead="year" if of["span"] in known["year"] else "term")
    year, ahead = int(of["year"]) if "year" in of else None, "year" if "next" in of else ""
    if "unit" in of or "ordinal" in of:
        number = int(of.get("number") or known["ordinal"][of["ordinal"]])
        months = known["unit"][of.get("unit") or of["ordered"]]
        return Time(year, max(1, round(number * months)), ahead)
    month = of.get("iso") or of.get("day") or known["month"].get(of.get("month"))
    return Time(year, int(month or known["season"].get(of.get("season"), 0)) or None, ahead)


@cache
def pattern(name: str) -> re.Pattern:
    """Return a pattern of phrases.toml with its %(lists) of words, of each the longest first."""
    known = phrases()["times"] | {"numbers": phrases()["numbers"]}
    lists = {"first": "".join({word[0] for words in known.values() for word in words})}
    for key, words in known.items():
        escaped = map(re.escape, sorted(words, key=len, reverse=True))
        lists[key] = "|".join(escaped).replace(r"\ ", r"\s+")
    return re.compile(phrases()["patterns"][name] % lists, re.VERBOSE)


def _shared(text: str) -> str:
    """Return a text with each count or share as a token: all, count (less), share, met or missed.

    >>> _shared("68 procent mot målet 75 procent"), _shared("8 av 12 kontroller")
    (' ¤missed ', ' ¤count   kontroller')
    """
    if not re.search("av |mot |%|procent|mål", text):
        return text
    return pattern("share").sub(_counted, pattern("target").sub(_compared, text))


def _compared(match: re.Match) -> str:
    reached, target = _number(match["reached"]), _number(match["target"])
    return f" ¤{'met' if reached >= target else 'missed'} "


def _counted(match: re.Match) -> str:
    part, whole = match["part"] or match["some"], match["whole"] or match["of"] or "100"
    kind = "all" if _number(part or match["percent"]) >= _number(whole) else ""
    return f" ¤{kind or ('share' if match['percent'] else 'count')} {match['between'] or ''} "


def _number(text: str) -> float:
    known = phrases()["numbers"].get(text)
    return known or float(re.sub(r"\s", "", text).replace(",", "."))
