"""A Swedish sentence as a row of tags: what each word does, and when, measured against a period."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from riskdata.words.periods import covering, end_month, following, parts

TENSES = ("inf", "pres", "past", "sup", "part")
TOKEN = re.compile(r"¤[\w-]+\??|\w+(?:[.:]+\w+)*|[,;:()–—/%•-]")
BEFORE_INFINITIVE = {"will", "would", "intend", "need", "can", "could", "that"}
SINCE = re.compile(
    r"\b(?:sedan(?:\s+(?:i|den|\d\d?))*\s+¤near"
    r"|(?:sedan|från och med|fr\.o\.m\.)(?:\s+(?:i|den|\d\d?))*\s+¤(?:intime|thisyear))\b"
)
PREPOSITIONS = {"på", "till", "med"}  # too often no particle, when not beside the verb
BETWEEN = {"quiet", "not", "yet", "now", "all", "but", "formerly"}  # verb … particle
QUIET = "quiet"  # a word that is neither a tag nor a subject of its own


@dataclass(frozen=True)
class Time:
    """A time that a sentence names: its year and last month, missing where it is only "next"."""

    year: int | None
    month: int | None
    ahead: str = ""  # "year" or "term" when it is the next one

    def report(self, period: str) -> str | None:
        """Return the period that covers it, counted from the period of the comment."""
        year, end = parts(period)[0], end_month(period)
        if self.ahead == "year":
            return replace(self, year=year + (end > 0), ahead="").report(period)
        if self.ahead == "term":
            return following(period)
        if self.month is None:
            return str(self.year)
        over = self.year is None and self.month <= end
        return covering(self.year or year + over, self.month)

    def tag(self, period: str) -> str:
        """Return later, intime, thisyear (not over yet) or near (a month just ahead, or past)."""
        year, end = parts(period)[0], end_month(period)
        if self.ahead or (self.year or year, self.month or 0) > (year, end):
            return "later"
        whole = self.month is None and self.year == year and end < 12
        if self.year is None and end == 12 and self.month <= 4:
            return "near"
        return "thisyear" if whole else "intime"


@cache
def language() -> dict:
    """Return comment_words.toml."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def tagged(sentence: str, period: str) -> tuple[list[str], list[Time]]:
    """Return a sentence's tags, in order, and the times that it names.

    A word that is only a name of something is tagged ``own``: it may be a new subject. A
    preposition is ``prep``.

    >>> tagged("Rutinen har inte införts i maj.", "2024-T1")[0]
    ['own', 'have', 'not', 'make-sup', 'prep', 'later']
    """
    tokens, times = split(sentence, period)
    return tags_of(tokens), times


def split(sentence: str, period: str) -> tuple[list[str], list[Time]]:
    """Return a sentence's words and marks in small letters, each time and share as its tag, and the times.

    >>> split("Kursen hålls i maj.", "2024-T1")[0]
    ['kursen', 'hålls', 'i', '¤later']
    """
    times: list[Time] = []
    return TOKEN.findall(_measured(sentence.lower(), period, times)), times


def tags_of(tokens: list[str]) -> list[str]:
    """Return the tags of a sentence's words; those that say nothing have none."""
    tags: list[str] = []
    phrases, particles, passed, raw = _phrases(), _particles(), 0, ""
    for at, pair in enumerate(pairwise([*tokens, ""])):
        if at < passed:
            continue
        found = _tag(pair[0])
        for words, of_phrase in phrases.get(pair, ()):
            if tokens[at : at + len(words)] == words:
                found, passed = of_phrase, at + len(words)
                break
        else:
            if pair[0] in particles:
                found = _with_its_particle(tokens[at : at + 4]) or found
        found, raw = _in_context(found, pair[0], tags[-1] if tags else "", raw), found
        if found != QUIET:
            tags.append(found.removesuffix("?"))
    return tags


def _with_its_particle(tokens: list[str]) -> str | None:
    """Return the tag of a verb whose particle stands further on: "ställdes därför in"."""
    particles = _particles()[tokens[0]]
    for token in tokens[1:]:
        if token in particles:
            return particles[token]
        if _tag(token) not in BETWEEN:
            return None
    return None


def _in_context(tag: str, word: str, before: str, just_before: str) -> str:
    """Return what a tag becomes after the last one that says something, and the last at all."""
    of_name = before == "for" or (just_before == "own" and tag.endswith("?"))
    if of_name and tag.startswith(("later", "intime", "thisyear")):  # "planen (för) 2025"
        return "forlater" if tag.startswith("later") else QUIET
    if tag == "own" and before in BEFORE_INFINITIVE and word.endswith("a"):
        return "act-inf"
    return tag


@lru_cache(maxsize=50_000)
def _tag(word: str) -> str:
    """Return the tag of one word: from the lists, else from its ending."""
    if word.startswith("¤"):
        return word[1:]
    if word.isdecimal():
        return "own"
    known = _words().get(word) or _compound(word)
    return known or next((tag for ending, tag in _endings() if ending.fullmatch(word)), "own")


def _compound(word: str) -> str | None:
    """Return the tag of the longest last part that is a listed verb's past form, or a noun.

    >>> _compound("slutrapporterats"), _compound("fakturafel")
    ('act-sup', 'bad')
    """
    return next(
        (_last_parts()[word[at:]] for at in range(1, len(word)) if word[at:] in _last_parts()), None
    )


@cache
def _last_parts() -> dict[str, str]:
    """Return what may end a compound: forms of doing in the past, and the nouns of [compounds]."""
    told = language()["compounds"]
    past = (f"{family}-{tense}" for family in told["families"] for tense in ("sup", "past", "part"))
    wanted = {*past, *told["nouns"]}
    parts = {word: tag for word, tag in _words().items() if tag in wanted and len(word) > 2}
    return {word: tag for word, tag in parts.items() if word not in told["except"]}


@cache
def _endings() -> list[tuple[re.Pattern, str]]:
    return [(re.compile(ending), tag) for tag, ending in language()["endings"].items()]


@cache
def _words() -> dict[str, str]:
    """Return word → tag: the plain words, over the forms of the verbs."""
    words = {form: tag for forms, tag in _verb_forms() for form in forms if " " not in form}
    return words | {word: tag for tag, listed in language()["words"].items() for word in listed}


@cache
def _phrases() -> dict[tuple[str, str], list[tuple[list[str], str]]]:
    """Return first two words → the phrases that begin with them, the longest first."""
    listed = [(p, tag) for tag, phrases in language()["phrases"].items() for p in phrases]
    listed += [(form, tag) for forms, tag in _verb_forms() for form in forms if " " in form]
    found: dict[tuple[str, str], list[tuple[list[str], str]]] = {}
    for phrase, tag in listed:
        words = phrase.split()
        found.setdefault((words[0], words[1]), []).append((words, tag or QUIET))
    return {first: sorted(ps, key=lambda p: -len(p[0])) for first, ps in found.items()}


@cache
def _verb_forms() -> list[tuple[set[str], str]]:
    """Return (forms, tag) of every verb; a form that could be two tenses keeps the last listed."""
    return [
        (forms, f"{family}-{tense}")
        for tense in ("part", "inf", "pres", "past", "sup")
        for family, verbs in reversed(language()["verbs"].items())
        for verb in verbs
        for forms in [_with_particle(conjugate(verb)[tense], verb.partition(" + ")[2])]
    ]


@cache
def _particles() -> dict[str, dict[str, str]]:
    """Return form of a verb → particle → tag of the two."""
    found: dict[str, dict[str, str]] = {}
    for forms, tag in _verb_forms():
        for verb, _, particle in (form.partition(" ") for form in forms if form.count(" ") == 1):
            if particle not in PREPOSITIONS:
                found.setdefault(verb, {})[particle] = tag
    return found


def conjugate(verb: str) -> dict[str, set[str]]:
    """Return tense → forms of a verb, active and passive, without its particle.

    Parameters
    ----------
    verb : str
        A verb conjugated as *uppdatera*, or infinitive, present, preterite, supine, participle;
        a form that does not exist, or means something else, is a hyphen.

    >>> sorted(conjugate("införa inför införde infört införd")["past"])
    ['införde', 'infördes']
    """
    parts = verb.partition(" + ")[0].split()
    if len(parts) == 1:
        stem = parts[0]
        parts = [stem, f"{stem}r", f"{stem}de", f"{stem}t", f"{stem}d"]
    inf, pres, past, sup, part = parts
    passive = {inf + "s", pres.removesuffix("er") + "s", pres.removesuffix("r") + "s"}
    forms = {inf}, {pres} | passive, {past, past + "s"}, {sup, sup + "s"}, _participles(part)
    return {
        tense: {form for form in found if not form.startswith("-")}
        for tense, found in zip(TENSES, forms, strict=True)
    }


def _participles(part: str) -> set[str]:
    """Return a participle with its neuter and plural."""
    if part.endswith("en"):
        return {part, part[:-2] + "et", part[:-2] + "na"}
    return {part, part + ("e" if part.endswith("ad") else "a"), part.removesuffix("d") + "t"}


def _with_particle(forms: set[str], particle: str) -> set[str]:
    if not particle:
        return forms
    apart = {f"{form} {particle}" for form in forms}
    return apart if " " in particle else apart | {particle + form for form in forms}


def _measured(text: str, period: str, times: list[Time]) -> str:
    """Return a text with its times and shares replaced by tags; the times are added to the list."""

    def time(match: re.Match) -> str:
        found = _time(match[0])
        times.append(found)
        tag = found.tag(period)
        if match["of_plan"] or match["of_season"] or match["of_next"]:
            tag = "forlater" if tag == "later" else QUIET
        return f" ¤{tag}{'?' if match['bare'] else ''} "

    text = _time_pattern().sub(time, text)
    if "sedan" in text or "från och med" in text or "fr.o.m" in text:
        text = SINCE.sub("¤since", text)
    if "av " in text or "mot " in text or "%" in text or "procent" in text:
        return _share_pattern().sub(_share, text)
    return text


@cache
def time_hint() -> str:
    """Return a pattern in Arrow's language that is found in any text that names a time.

    And in some that do not: it is there to pass by most texts, which have nothing like a time.

    >>> import pyarrow.compute as pc
    >>> texts = ["Avtal tas fram.", "Klart i Maj."]
    >>> pc.match_substring_regex(texts, time_hint(), ignore_case=True).to_pylist()
    [False, True]
    """
    known = language()["times"]
    words = [word for key in ("month", "season", "ordinal", "ahead") for word in known[key]]
    spaced = _either(words).replace(r"\ ", r"\s+")
    begins = rf"20\d\d|(?:{_either(known['unit'])})\s?\d|{spaced}"
    return rf"\d/\d|(?:^|[^\pL\pN_])(?:{begins})"


@lru_cache(maxsize=10_000)
def _time(text: str) -> Time:
    """Return what an expression of time says.

    >>> _time("våren 2025")
    Time(year=2025, month=4, ahead='')
    """
    told, known = _time_pattern().fullmatch(text).groupdict(), language()["times"]
    if told["ahead"]:
        return Time(None, None, "year" if told["span"] in known["year"] else "term")
    years = [told[name] for name in told if name.startswith("of_year") and told[name]]
    year = int(years[0]) if years else None
    ahead = "year" if any(told[name] for name in told if name.startswith("next")) else ""
    if told["unit"] or told["ordinal"]:
        number = int(told["number"] or known["ordinal"][told["ordinal"]])
        month = max(1, round(number * known["unit"][told["unit"] or told["ordered"]]))
        return Time(year, month, ahead)
    month = told["iso"] or told["day"] or known["month"].get(told["month"])
    return Time(year, int(month or known["season"].get(told["season"], 0)) or None, ahead)


def _share(match: re.Match) -> str:
    """Return the tag of "8 av 12", "av 12 besök har 8" or "80 procent": all, a count or a share."""
    told = match.groupdict()
    part, whole = told["part"] or told["some"], told["whole"] or told["of"] or "100"
    less = "share" if told["percent"] else "count"
    done = _number(part) >= _number(whole)
    return f" ¤{'all' if done else less} {told['between'] or ''} "


def _number(text: str) -> int:
    return int(language()["numbers"].get(text, text.replace(" ", "")))


@cache
def _time_pattern() -> re.Pattern:
    known = language()["times"]
    names = {key: _either(known[key]) for key in known}
    first = "".join({word[0] for key in known for word in known[key]})  # to pass by most words
    year = r"(?:\s+(?:(?P<of_year_{0}>20\d\d)(?!\s*års)|(?P<next_{0}>nästa\s+år)))?"
    return re.compile(
        rf"\b(?=[\d{first}])(?:"
        r"(?P<of_year>20\d\d)-?(?P<iso>0[1-9]|1[0-2])(?:-?[0-3]\d)?"
        r"|[0-3]?\d/(?P<day>1[0-2]|0?[1-9])(?:[-/ ](?P<of_year_day>20\d\d))?"
        rf"|(?P<ahead>{names['ahead']})\s+(?P<span>{names['year']}|{names['term']})(?P<of_next>s)?"
        rf"|(?P<ordinal>{names['ordinal']})\s+(?P<ordered>kvartalet|tertialet|halvåret)"
        rf"|(?P<month>{names['month']}){year.format('month')}"
        rf"|(?P<season>{names['season']})(?:(?P<of_season>s)|{year.format('season')})"
        rf"|(?P<unit>{names['unit']})\s?(?P<number>\d\d?){year.format('unit')}"
        r"|(?P<bare>(?P<of_year_bare>20\d\d))(?:\s?[-–/]\s?(?:20)?\d\d)?(?P<of_plan>\s+års)?"
        r")(?!\w)"
    )


def _either(words: Iterable[str]) -> str:
    """Return a regex of words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


@cache
def _share_pattern() -> re.Pattern:
    number, words = (
        rf"(?:\d+(?: \d{{3}})*|{_either(language()['numbers'])})",
        r"(?:(?!av\b)[^\W\d]+\s+)",
    )
    return re.compile(
        rf"\b(?:(?P<part>{number})(?:(?:\s+[^\W\d]+)??\s+(?:av|mot\s+planerade)\s+{words}{{0,2}}?(?P<whole>{number})\b"
        r"|(?:[,.]\d+)?\s?(?P<percent>%|procent\b))"
        rf"|av\s+{words}?(?P<of>{number})\s+(?P<between>{words}{{1,4}}?)(?P<some>{number})\b)"
    )
