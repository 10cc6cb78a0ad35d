"""What a period is: a year and a report, ordered by the last month that the report covers."""

import re
from collections.abc import Iterable

from riskdata.errors import VocabularyError
from riskdata.words.vocabulary import OWN_FILE, Vocabulary, vocabulary

TERTIALS = ("T1", "T2", "VB")  # of four months each: how a time that a comment names is said
_WRITTEN = re.compile(r"(\d{4})-(\w+)")


def is_period(text: str, vocab: Vocabulary | None = None) -> bool:
    """Return whether a text is a year and the code of a report, as 2025-VB."""
    written = _WRITTEN.fullmatch(text)
    return bool(written) and written[2] in (vocab or vocabulary()).counts("reports")


def period_key(period: str) -> tuple[int, int, str]:
    """Return what periods sort by: the year, then the report's last month.

    Raises VocabularyError when the vocabulary has no such report.

    >>> sorted(["2025-VB", "2025-T1", "2024-VB", "2025-VP"], key=period_key)
    ['2024-VB', '2025-VP', '2025-T1', '2025-VB']
    """
    year, _, report = period.partition("-")
    months = vocabulary().counts("reports")
    if report not in months:
        raise VocabularyError(
            f"Perioden {period}: rapporten {report} finns inte i [reports]. Kända är "
            f"{', '.join(months)}. Lägg den i {OWN_FILE}, med sin sista månad i [report_months]."
        )
    return int(year), months[report], report


def reports_on_work(period: str) -> bool:
    """Return whether a period reports on work done: a plan, which stands before its year, does not."""
    return period_key(period)[1] > 0


def in_order(periods: Iterable[str]) -> list[str]:
    """Return the periods, each once, the oldest first; what is missing is left out."""
    return sorted({period for period in periods if isinstance(period, str)}, key=period_key)


def until(period: str, periods: Iterable[str]) -> list[str]:
    """Return the periods that end no later than one, the oldest first."""
    last = period_key(period)
    return [p for p in in_order(periods) if period_key(p) <= last]


def before(period: str, periods: Iterable[str]) -> str | None:
    """Return the nearest earlier one of the periods: of the same report (VB with VB), else of any."""
    earlier = [p for p in in_order(periods) if period_key(p) < period_key(period)]
    same = [p for p in earlier if period_key(p)[2] == period_key(period)[2]]
    return next(reversed(same or earlier), None)


def covering(year: int, month: int) -> str:
    """Return the tertial that covers a month; month 13 is the first of the next year."""
    years, rest = divmod(month - 1, 12)
    return f"{year + years}-{TERTIALS[rest // 4]}"


def due(promised: str) -> tuple[int, int, str]:
    """Return what a promised period sorts by; a whole year ends with its last month."""
    return period_key(promised if "-" in promised else f"{promised}-VB")
