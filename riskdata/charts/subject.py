"""What a chart is about: the columns it needs, its period and boards, its scale and its source."""

from collections.abc import Sequence

import pandas as pd

from riskdata.analysis.links import in_register
from riskdata.charts.matrices import Scale
from riskdata.errors import ChoiceError, VocabularyError
from riskdata.tables.schema import names
from riskdata.words.language import series, word, words
from riskdata.words.periods import period_key
from riskdata.words.vocabulary import AXES, OWN_FILE, vocabulary

NAMED = 3  # boards named in a source line; more are counted


def require(table: pd.DataFrame, columns: Sequence[str]) -> None:
    """Raise ChoiceError unless a table has the columns."""
    absent = [column for column in columns if column not in table]
    if absent:
        raise ChoiceError(
            f"Tabellen saknar {', '.join(absent)}; den har {', '.join(map(str, table.columns))}. "
            f"Välj den tabell som diagrammets beskrivning nämner: help(rd.plot_…)."
        )


def require_one_period(table: pd.DataFrame) -> None:
    """Raise ChoiceError for a table of several periods: a risk would count more than once."""
    periods = _periods(table)
    if len(periods) > 1:
        raise ChoiceError(
            f"Tabellen har {len(periods)} perioder ({', '.join(periods)}), så samma risk räknas "
            f'flera gånger. Välj en, till exempel tabell[tabell.period == "{periods[-1]}"].'
        )


def one_register(risks: pd.DataFrame) -> pd.DataFrame:
    """Return the risks of one period, each once: a board's register, else those of its follow-up.

    Raises ChoiceError for a table of another kind or of several periods.

    >>> from riskdata.tables.schema import frame
    >>> risks = [{"risk_value": 12, "source_file": "a.txt"}, {"source_file": "b.txt"}]
    >>> one_register(frame("risks", risks)).source_file.tolist()
    ['a.txt']
    """
    require(risks, names("risks"))
    require_one_period(risks)
    register = in_register(risks)
    return risks[register | ~register.groupby(risks.board, dropna=False).transform("any")]


def source_line(
    table: pd.DataFrame, language: str, *, limit: int | None = None, periods: Sequence[str] = ()
) -> str:
    """Return where the numbers come from, and the limit that was assumed.

    >>> from riskdata.tables.schema import frame
    >>> risks = frame("risks", [{"board": "Socialnämnden", "period": "2025-VB"}])
    >>> source_line(risks, "sv", limit=12)
    'Källa: Socialnämnden, 2025-VB. Riskgräns 12 (antagande).'
    """
    said = [_boards(table, language), _span(periods or _periods(table))]
    where = ", ".join(filter(None, said)) or word("say.no_source", language)
    assumed = " " + word("say.limit_assumed", language, limit=limit) if limit else ""
    return word("say.source", language, where=where) + assumed


def read_scale(language: str, *tables: pd.DataFrame) -> Scale:
    """Return the scale of the vocabulary; ``tables`` are (likelihood, consequence) to be placed.

    Raises VocabularyError for a step that the scale does not have.
    """
    vocab = vocabulary()
    for axis in AXES:
        _check_steps(axis, len(vocab.scale_labels(axis)), tables)
    steps = [
        [_step(n, label, language) for n, label in enumerate(vocab.scale_labels(axis), 1)]
        for axis in AXES
    ]
    return Scale(*steps, vocab.bands(language), vocab.limit)


def _check_steps(axis: str, top: int, tables: Sequence[pd.DataFrame]) -> None:
    found = {int(step) for table in tables for step in table[axis].dropna()}
    strange = sorted(step for step in found if not 1 <= step <= top)
    if strange:
        raise VocabularyError(
            f"Steg {', '.join(map(str, strange))} finns i tabellen men skalan för "
            f"{word(f'say.{axis}').lower()} har steg 1–{top}. Skriv in skalans alla steg under "
            f"[scales] {axis} i {OWN_FILE}, eller rätta raden i data/manual/corrections.csv."
        )


def _step(n: int, label: str, language: str) -> str:
    """Return a step's digit and word; the digit alone where the word has no translation."""
    known = words(language)["scale"]
    return f"{n} {label if language == 'sv' else known.get(label, '')}".strip()


def _boards(table: pd.DataFrame, language: str) -> str:
    boards = sorted(table.board.dropna().unique())
    if len(boards) > NAMED:
        return word("count.boards", language, n=len(boards))
    return series(boards, language)


def _periods(table: pd.DataFrame) -> list[str]:
    periods = table.period.dropna().unique() if "period" in table else []
    return sorted(periods, key=period_key)


def _span(periods: Sequence[str]) -> str:
    return "–".join(dict.fromkeys([*periods[:1], *periods[-1:]]))
