"""The words that exports print and what they mean: vocabulary.toml with the user's own laid over it."""

import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from riskdata import folders
from riskdata.errors import VocabularyError
from riskdata.words.spelling import fold

OWN_FILE = "data/manual/vocabulary.toml"
OWN_LAYOUTS = "data/manual/layouts.toml"
AXES = ("likelihood", "consequence")
COLOURS = ("#f7f7f7", "#fee0b6", "#f1a340", "#b35806")  # light to dark also in grey print
_CODED = ("headers", "misspelt_headers", "decisions", "statuses", "marks", "reports")


@dataclass(frozen=True, eq=False)  # compared as an object: it is the key of several caches
class Vocabulary:
    """Every word known, by what it is. ``words`` is vocabulary.toml as a dict, overlaid."""

    words: dict

    @cached_property
    def headers(self) -> dict[str, str]:
        """Folded header spelling, right or misspelt → tidy field."""
        return self._codes("headers") | self.misspelt_headers

    @cached_property
    def misspelt_headers(self) -> dict[str, str]:
        """Folded header that an export misspells → tidy field."""
        return self._codes("misspelt_headers")

    @cached_property
    def decisions(self) -> dict[str, str]:
        """Folded decision → code."""
        return self._codes("decisions")

    @cached_property
    def statuses(self) -> dict[str, str]:
        """Folded status word → code."""
        return self._codes("statuses")

    @cached_property
    def marks(self) -> dict[str, str]:
        """Glyph → status code, or "none" for a bullet that says nothing."""
        return {glyph: code for code, glyphs in self.words["marks"].items() for glyph in glyphs}

    @cached_property
    def reports(self) -> dict[str, str]:
        """Folded name of a report → VP, T1, T2 or VB."""
        return self._codes("reports")

    @cached_property
    def report_months(self) -> dict[str, int]:
        """Report → the last month that it covers, from 0 for a plan: what periods sort by."""
        return self.words["report_months"]

    @cached_property
    def steps(self) -> dict[str, dict[str, int]]:
        """Axis → folded label → step, from 1."""
        return {
            axis: {
                fold(f): n for n, forms in enumerate(self.words["scales"][axis], 1) for f in forms
            }
            for axis in AXES
        }

    @cached_property
    def other_scales(self) -> dict[str, dict[str, int | dict[int, int]]]:
        """File, period or "board period" → axis → its number of steps, or {step: step of [scales]}."""
        return {
            key: {
                axis: {int(old): new for old, new in said.items()}
                if isinstance(said, dict)
                else said
                for axis, said in axes.items()
            }
            for key, axes in self.words["other_scales"].items()
        }

    @property
    def limit(self) -> int:
        """Risk value at or above which a risk counts as high."""
        return self.words["limit"]

    def scale_labels(self, axis: str) -> list[str]:
        """Return the printed label of each step of "likelihood" or "consequence", from 1."""
        return [forms[0] for forms in self.words["scales"][axis]]

    def bands(self, language: str = "sv") -> list[tuple[str, int, int, str]]:
        """Return each colour band as (name, lowest value, highest value, colour)."""
        starts = [band["from"] for band in self.words["bands"]]
        top = len(self.words["scales"]["likelihood"]) * len(self.words["scales"]["consequence"])
        ends = [start - 1 for start in starts[1:]] + [top]
        bands = zip(self.words["bands"], starts, ends, self._colours(len(starts)), strict=True)
        return [
            (band[language], low, high, colour) for band, low, high, colour in bands if low <= top
        ]

    def known(self, table: str) -> list[str]:
        """Return the words of a table ("statuses", …) as they are listed, for a message."""
        return [word for words in self.words[table].values() for word in words]

    def _codes(self, table: str) -> dict[str, str]:
        return {fold(word): code for code, words in self.words[table].items() for word in words}

    @staticmethod
    def _colours(count: int) -> list[str]:
        picks = [round(i * (len(COLOURS) - 1) / max(count - 1, 1)) for i in range(count)]
        return [COLOURS[i] for i in picks]


def read_vocabulary(manual: Path | None = None) -> Vocabulary:
    """Return the shipped vocabulary and layouts, with those of ``manual`` laid over them.

    Raises VocabularyError when a file of the user's is no TOML or gives one word two meanings.

    >>> read_vocabulary().decisions["acceptera"]
    'accept'
    """
    files = [(manual or folders.manual()) / name for name in ("vocabulary.toml", "layouts.toml")]
    return _read(*files, *(f.stat().st_mtime_ns if f.exists() else None for f in files))


@lru_cache
def _read(own: Path, layouts: Path, changed: int | None, changed_layouts: int | None) -> Vocabulary:
    here = Path(__file__)
    words = tomllib.loads(here.with_suffix(".toml").read_text("utf-8"))
    if changed is not None:
        words = _overlay(words, _read_own(own), own)
    shipped = tomllib.loads(here.with_name("layouts.toml").read_text("utf-8"))
    mine = {} if changed_layouts is None else _read_own(layouts)
    return Vocabulary({**words, "layouts": {**mine, **shipped, **_laid_over(shipped, mine)}})


def _laid_over(shipped: dict, mine: dict) -> dict:
    both = [name for name in mine if name in shipped and isinstance(mine[name], dict)]
    return mine | {name: {**shipped[name], **mine[name]} for name in both}


def vocabulary() -> Vocabulary:
    """Return the vocabulary of the project that is worked in."""
    return read_vocabulary()


def unknown_words(
    what: str, table: str, found: dict[str, Iterable[int]], vocab: Vocabulary
) -> VocabularyError:
    """Return the error for words of a file that a vocabulary table does not know.

    what: what the words are, in Swedish; found: the words and the rows where they stand.
    """
    lines = [f"  ”{word}” på rad {', '.join(map(str, rows))}" for word, rows in found.items()]
    remedy = _scale_remedy(vocab) if table == "scales" else _word_remedy(table, [*found][0], vocab)
    return VocabularyError(f"Okända ord ({what}):\n" + "\n".join(lines) + f"\n{remedy}")


def _word_remedy(table: str, word: str, vocab: Vocabulary) -> str:
    return (
        f"Kända är: {', '.join(map(_visible, vocab.known(table)))}.\n"
        f"Gör så här: lägg ordet under rätt kod i {OWN_FILE}, till exempel\n"
        f"  [{table}]\n  {next(iter(vocab.words[table]))} = [{json.dumps(word, ensure_ascii=False)}]\n"
        f"(koder: {', '.join(vocab.words[table])}), eller rätta cellen i data/manual/corrections.csv."
    )


def _scale_remedy(vocab: Vocabulary) -> str:
    known = "; ".join(", ".join(vocab.scale_labels(axis)) for axis in AXES)
    return (
        f"Steg och riskvärden läses som tal, stegen också som {known}.\n"
        "Gör så här: rätta cellen i data/manual/corrections.csv; har exporten en egen skala, så "
        f"skriv hela skalan, från steg 1 och uppåt, under [scales] i {OWN_FILE}."
    )


def _visible(word: str) -> str:
    """Return a word, or for a glyph that no ordinary font has, the number of its character."""
    return f"U+{ord(word):04X}" if len(word) == 1 and "\ue000" <= word <= "\uf8ff" else word


def _read_own(own: Path) -> dict:
    try:
        return tomllib.loads(own.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise VocabularyError(
            f"{own}: filen går inte att läsa som TOML i UTF-8 ({fault}). "
            f"Rätta den raden, eller ta bort filen; den är frivillig."
        ) from fault


def _overlay(base: dict, own: dict, file: Path) -> dict:
    unknown = [key for key in own if key not in base]
    if unknown:
        raise VocabularyError(
            f"{file}: avdelningen {', '.join(unknown)} finns inte i vokabulären. "
            f"Kända avdelningar är {', '.join(base)}. Rätta namnet i filen."
        )
    _check_codes(base, own, file)
    merged = dict(base)
    for key, value in own.items():
        merged[key] = (
            _overlay_table(base[key], value) if key in _CODED else _merge(base[key], value)
        )
    return merged


def _overlay_table(base: dict, own: dict) -> dict:
    """Add the user's words to a table code → words; a word that they move leaves its old code."""
    moved = {fold(word) for words in own.values() for word in words}
    kept = {code: [w for w in words if fold(w) not in moved] for code, words in base.items()}
    return {code: kept.get(code, []) + own.get(code, []) for code in {**kept, **own}}


def _merge(base: object, own: object) -> object:
    if isinstance(base, dict) and isinstance(own, dict):
        return {**base, **{key: _merge(base.get(key), value) for key, value in own.items()}}
    return own


def _check_codes(base: dict, own: dict, file: Path) -> None:
    for table in _CODED:
        seen: dict[str, str] = {}
        for code, words in own.get(table, {}).items():
            if code not in base["headers" if table == "misspelt_headers" else table]:
                raise VocabularyError(
                    f"{file}: koden {code} finns inte i [{table}]. Kända koder är "
                    f"{', '.join(base[table])}. Lägg ordet under en av dem."
                )
            for word in words:
                if seen.setdefault(fold(word), code) != code:
                    raise VocabularyError(
                        f"{file}: ”{word}” står under både {seen[fold(word)]} och {code} i "
                        f"[{table}]. Ett ord kan bara betyda en sak: ta bort det ena."
                    )
