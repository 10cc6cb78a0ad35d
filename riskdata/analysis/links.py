"""The same risk, and the same activity, found again in another period."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from riskdata.analysis.decisions import (
    ACTIVITY_LINKS,
    FILES,
    LINKS,
    VERDICTS,
    find_places,
    read_decisions,
    verdict_faults,
)
from riskdata.analysis.matching import Settings, match
from riskdata.analysis.similarity import normal, only
from riskdata.errors import ChoiceError
from riskdata.words.periods import in_order, until

CERTAINTIES = ("exact", "likely", "ask", "person")
_VALUE = ["risk_value", "risk_value_from", "risk_value_certainty"]
_RISK = ["board", "period", "risk_id"]
_FOLLOWED = [*_RISK, "register_period", "register_risk", "certainty"]


# Chosen on tests/evaluation/links and its near/ (a new risk in a gone one's words), not on its
# heldout/; `make evaluate` prints what they give. Five weighted texts, helped by the other risks of
# a process, found fewer of the links than this one text, and called new risks likely.
RISKS = Settings(texts=("process", "way_of_working", "event"), certain=("event",))
# A follow-up is linked for the sake of a value: what is hardly similar gives none.
FOLLOW_UPS = replace(RISKS, linked=0.3)
# Activities of a new year stand in the words of the last one's: what remains is not paired off.
ACTIVITIES = Settings(
    texts=("process", "event", "activity"),
    certain=("activity", "event"),
    linked=0.4,
    own=0.1,
    file=ACTIVITY_LINKS,
)


def link_risks(
    risks: pd.DataFrame, before: str, after: str, *, decisions: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return which risk of one period is which of another, one row per link.

    Within a board each risk is linked to at most one, so that the sum over the board is as high
    as it can be. A risk that is like nothing in the other period has no row.

    Parameters
    ----------
    risks : the tidy table, any number of boards and periods. Where a board has a register of
        the period (rows with scores), the risks of its follow-ups are left out.
    before, after : periods, as "2024-VB".
    decisions : what people have decided; links.csv of data/manual, where not given.

    Returns
    -------
    DataFrame with board, risk_before, risk_after (ids), similarity (0–1: characters 2–5 of process,
    way of working and event, what many risks share weighing little) and certainty: ``exact``
    (the three are the same, and stand once in each period), ``likely`` (no word of the event has
    taken another's place), ``ask`` (a person should look) or ``person`` (a person has decided).

    Raises
    ------
    ChoiceError : no risks of one of the periods.
    ManualError : a decision whose text is no longer there, or stands there more than once.

    >>> from riskdata.tables.schema import frame
    >>> risks = frame("risks", [
    ...     {"risk_id": "a", "board": "Socialnämnden", "period": "2024-VB",
    ...      "process": "Fakturahantering", "event": "Bluffakturor betalas ut"},
    ...     {"risk_id": "b", "board": "Socialnämnden", "period": "2025-VB",
    ...      "process": "Fakturor", "event": "Att bluffakturor betalas"}])
    >>> link_risks(risks, "2024-VB", "2025-VB")[["risk_before", "risk_after", "certainty"]]
      risk_before risk_after certainty
    0           a          b    likely
    """
    return link_rows(of_period(risks, before), of_period(risks, after), decisions)


def link_rows(old: pd.DataFrame, new: pd.DataFrame, decisions: pd.DataFrame | None) -> pd.DataFrame:
    """Return what ``link_risks`` does, of the risks of two periods (see ``of_period``)."""
    links = match(_risk_rows(old), _risk_rows(new), RISKS, decisions)
    links = links.rename(columns={"id_before": "risk_before", "id_after": "risk_after"})
    return links[["board", "risk_before", "risk_after", "similarity", "certainty"]]


def link_activities(
    activities: pd.DataFrame, before: str, after: str, *, decisions: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return which activity of one period is which of another: tertials or years, as link_risks.

    Parameters
    ----------
    activities : the tidy table. before, after : periods.
    decisions : activity_links.csv of data/manual, where not given.

    Returns
    -------
    DataFrame with board, activity_before, activity_after, similarity (0–1), certainty.

    Raises
    ------
    ChoiceError, ManualError : as ``link_risks``.

    >>> from riskdata.tables.schema import frame
    >>> activities = frame("activities", [
    ...     {"activity_id": "a", "board": "Socialnämnden", "period": "2025-T1",
    ...      "process": "Inköp", "event": "Köp utan avtal", "activity": "Ta fram en checklista"},
    ...     {"activity_id": "b", "board": "Socialnämnden", "period": "2025-T2",
    ...      "process": "Inköp", "event": "Köp utan avtal", "activity": "Ta fram en checklista"}])
    >>> link_activities(activities, "2025-T1", "2025-T2").certainty.tolist()
    ['exact']
    """
    old, new = (_activity_rows(_require(activities, period)) for period in (before, after))
    names = {"id_before": "activity_before", "id_after": "activity_after"}
    links = match(old, new, ACTIVITIES, decisions).rename(columns=names)
    return links[["board", *names.values(), "similarity", "certainty"]]


def risk_text(risks: pd.DataFrame) -> pd.Series:
    """Return the text that a person knows a risk by: process · way of working · event.

    A risk that stands under an indicator has that in the place of a process; what is missing is
    left out. The event alone is no key: the same words stand under several processes.

    >>> from riskdata.tables.schema import frame
    >>> risk_text(frame("risks", [{"process": "Inköp", "event": "Köp utan avtal"}])).tolist()
    ['Inköp · Köp utan avtal']
    """
    return _joined([risks.process.fillna(risks.indicator), risks.way_of_working, risks.event])


def activity_text(activities: pd.DataFrame) -> pd.Series:
    """Return the text that a person knows an activity by: process · event · activity.

    >>> from riskdata.tables.schema import frame
    >>> activity_text(frame("activities", [{"process": "Inköp", "activity": "Kurs"}])).tolist()
    ['Inköp · Kurs']
    """
    process = activities.process.fillna(activities.indicator)
    return _joined([process, activities.event, activities.activity])


def _joined(parts: list[pd.Series]) -> pd.Series:
    text = parts[0].fillna("")
    for part in parts[1:]:
        both = (text != "") & part.notna()
        text = text + pd.Series(" · ", text.index).where(both, "") + part.fillna("")
    return text.where(text != "")


def links_to_review(
    risks: pd.DataFrame, before: str, after: str, *, decisions: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the links that a person should look at, side by side.

    The first eight columns are those of data/manual/links.csv: fill in ``decision`` (same or
    different), ``by`` and ``date``, and paste the rows there.

    Parameters and errors are those of ``link_risks``.

    Returns
    -------
    DataFrame with board, before, after, text_before, text_after (see ``risk_text``), decision,
    by, date (empty), similarity, only_before, only_after (the words that differ); the least
    alike first.

    >>> from riskdata.tables.schema import frame
    >>> risks = frame("risks", [
    ...     {"risk_id": "a", "board": "Socialnämnden", "period": "2024-VB",
    ...      "process": "Bokning", "event": "Dubbelbokning"},
    ...     {"risk_id": "b", "board": "Socialnämnden", "period": "2025-VB",
    ...      "process": "Bokning", "event": "Hyran uteblir"}])
    >>> links_to_review(risks, "2024-VB", "2025-VB")[["only_before", "only_after"]]
         only_before     only_after
    0  Dubbelbokning  Hyran uteblir
    """
    links = link_risks(risks, before, after, decisions=decisions)
    ask = links[links.certainty == "ask"].sort_values("similarity", kind="stable")
    for side, period in (("before", before), ("after", after)):
        rows = of_period(risks, period)
        rows = rows.assign(**{f"risk_{side}": rows.risk_id, f"text_{side}": risk_text(rows)})
        ask = ask.merge(rows[["board", f"risk_{side}", f"text_{side}"]], how="left")
    ask = ask.fillna({"text_before": "", "text_after": ""})
    pairs = list(zip(ask.text_before, ask.text_after, strict=True))
    ask = ask.assign(
        **{"before": before, "after": after, "decision": "", "by": "", "date": ""},
        only_before=[only(old, new) for old, new in pairs],
        only_after=[only(new, old) for old, new in pairs],
    )
    first = ["board", "before", "after", "text_before", "text_after", "decision", "by", "date"]
    return ask[[*first, "similarity", "only_before", "only_after"]]


def with_risk_values(
    activities: pd.DataFrame, risks: pd.DataFrame, *, decisions: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the activities with the value of the risk that each answers.

    A follow-up prints no values: its risks are linked, as by ``link_risks``, to the board's
    register of the same period or else the nearest earlier one.

    Parameters
    ----------
    activities, risks : the tidy tables, all boards and periods at once.
    decisions : what people have decided; ``before`` is the register's period.

    Returns
    -------
    activities with risk_value, risk_value_from (the register's period) and
    risk_value_certainty: ``printed`` beside the activity's own risk, or inferred by a link that
    is ``exact``, ``likely``, ``ask`` or ``person``. All three missing where there is no value, or
    where two exports of the same register print different ones (``same_period_twice``).

    >>> from riskdata.tables.schema import frame
    >>> where = {"board": "Socialnämnden", "process": "Inköp", "event": "Köp utan avtal"}
    >>> risks = frame("risks", [
    ...     {"risk_id": "a", "period": "2024-VB", "risk_value": 12, **where},
    ...     {"risk_id": "b", "period": "2025-T1", **where}])
    >>> activities = frame("activities", [
    ...     {"activity_id": "c", "risk_id": "b", "period": "2025-T1", **where}])
    >>> with_risk_values(activities, risks).iloc[:, -3:]
       risk_value risk_value_from risk_value_certainty
    0          12         2024-VB                exact
    """
    register = in_register(risks)
    own = risks[risks.risk_value.notna()]
    own = own.assign(risk_value_from=own.period, risk_value_certainty="printed")
    inferred = _inferred_values(risks[~register], risks[register], decisions)
    values = pd.concat([own, inferred])[[*_RISK, *_VALUE]]
    values = values.astype({"risk_value": "Int64"}).drop_duplicates([*_RISK, "risk_value"])
    values = values[~values.duplicated(_RISK, keep=False)]
    return activities.drop(columns=_VALUE, errors="ignore").merge(
        values, on=_RISK, how="left", validate="many_to_one"
    )


def link_follow_ups(risks: pd.DataFrame, *, decisions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return which risk of a register each risk of a follow-up is.

    Each follow-up is linked to the board's register of the same period or else the nearest earlier.

    Parameters
    ----------
    risks : the tidy table, registers and follow-ups together. decisions : as ``with_risk_values``.

    Returns
    -------
    DataFrame with board, period and risk_id (of the follow-up), register_period, register_risk
    (the id there) and certainty, one row per risk of a follow-up that is found in a register.

    >>> from riskdata.tables.schema import frame
    >>> where = {"board": "Socialnämnden", "process": "Inköp", "event": "Köp utan avtal"}
    >>> link_follow_ups(frame("risks", [
    ...     {"risk_id": "a", "period": "2024-VB", "risk_value": 12, **where},
    ...     {"risk_id": "b", "period": "2025-T1", **where}]))[["risk_id", "register_risk"]]
      risk_id register_risk
    0       b             a
    """
    risks = risks.drop_duplicates(_RISK)  # the same export may be there twice
    register = in_register(risks)
    follow_ups, registers = risks[~register], risks[register]
    nearest = _nearest(follow_ups, registers).rename("nearest")
    found = [pd.DataFrame(columns=_FOLLOWED, dtype="str")]
    for (source, _), rows in follow_ups.groupby([nearest, "period"]):
        old = registers[(registers.period == source) & registers.board.isin(rows.board)]
        links = match(_risk_rows(old), _risk_rows(rows), FOLLOW_UPS, decisions)
        links = links.rename(columns={"id_after": "risk_id", "id_before": "register_risk"})
        links = links.assign(register_period=source)
        rows = rows.sort_values("risk_id").merge(
            links[["board", "risk_id", *_FOLLOWED[3:]]], how="left"
        )
        found.append(_shared(rows)[_FOLLOWED].dropna(subset="register_risk"))
    return pd.concat(found, ignore_index=True)


def _inferred_values(follow_ups, registers, decisions) -> pd.DataFrame:
    """Return the risks of follow-ups with the values of the risks that they are linked to."""
    links = link_follow_ups(pd.concat([registers, follow_ups]), decisions=decisions)
    names = {"period": "register_period", "risk_id": "register_risk"}
    values = registers[["board", *names, "risk_value"]].rename(columns=names).dropna()
    found = links.merge(values, on=["board", *names.values()])
    names = {"register_period": "risk_value_from", "certainty": "risk_value_certainty"}
    return found.rename(columns=names)


def _shared(rows) -> pd.DataFrame:
    """Return risks of follow-ups, those with the same texts with the same link.

    A risk stands under several indicators of a follow-up but once in the register, so that only
    one of them is linked.
    """
    same = [rows.board, normal(rows.process), normal(rows.event)]
    linked = _FOLLOWED[3:]
    first = rows.groupby(same, dropna=False)[linked].transform("first")
    return rows.assign(**rows[linked].fillna(first[rows.event.notna()]))


def _nearest(rows, registers) -> pd.Series:
    """Return, for each row, the period of its board's register: the same or nearest earlier."""
    periods = registers.groupby("board").period.unique().to_dict()
    keys = list(zip(rows.board, rows.period, strict=True))
    wanted = {
        (board, period): next(reversed(until(period, periods.get(board, ()))), None)
        for board, period in set(keys)
    }
    return pd.Series([wanted[key] for key in keys], rows.index, dtype="str")


def decision_faults(
    risks: pd.DataFrame, activities: pd.DataFrame, manual_folder: str | Path | None = None
) -> list[tuple[str, int, str]]:
    """Return every line of what people have decided that fits the exports no longer.

    ``link_risks`` sees only the decisions of its two periods and its boards; this sees all.

    Parameters
    ----------
    risks, activities : the tidy tables, all boards and periods. manual_folder : data/manual.

    Returns
    -------
    list of (file, line, what is wrong and what to do)

    >>> from riskdata.tables.schema import frame
    >>> decision_faults(frame("risks"), frame("activities"), "finns-inte")
    []
    """
    made = {name: read_decisions(manual_folder, file=name) for name in FILES}
    follow_ups = risks[~in_register(risks)]
    faults = {
        LINKS: _link_faults(
            made[LINKS],
            lambda period: _risk_rows(of_period(risks, period)),
            risks,
            # A follow-up and its own register stand in the same period.
            lambda period: _risk_rows(of_period(follow_ups, period)),
        ),
        ACTIVITY_LINKS: _link_faults(
            made[ACTIVITY_LINKS],
            lambda period: _activity_rows(_require(activities, period)),
            activities,
        ),
        VERDICTS: verdict_faults(made[VERDICTS], activities, every=True),
    }
    return [(name, n + 2, said) for name, found in faults.items() for n, said in found.items()]


def _link_faults(decisions, rows_of, table, same_period=None) -> dict[int, str]:
    """Return the faults of a file of links: row → what is wrong; rows_of gives a period's rows."""
    made = decisions[decisions.decision.notna()]
    there = set(zip(table.board, table.period, strict=True))
    faults = {
        row.Index: f"det finns inget för {row.board} {period}. Rätta nämnd och period efter "
        "exporterna, eller ta bort raden."
        for row in made.itertuples()
        for period in (row.before, row.after)
        if (row.board, period) not in there
    }
    found = made[~made.index.isin(faults)]
    for (before, after), lines in found.groupby(["before", "after"]):
        new = same_period if before == after and same_period else rows_of
        faults |= find_places(lines, rows_of(before), new(after))[1]
    return dict(sorted(faults.items()))


def in_register(risks: pd.DataFrame) -> pd.Series:
    """Return True for the risks of a register: an export that prints a score on some row.

    >>> from riskdata.tables.schema import frame
    >>> in_register(frame("risks", [{"risk_value": 12}, {"period": "2025-T1"}])).tolist()
    [True, False]
    """
    scored = risks[["likelihood", "consequence", "risk_value"]].notna().any(axis=1)
    export = [risks.board, risks.period, risks.source_file]
    return scored.groupby(export, dropna=False).transform("any")


def of_period(risks: pd.DataFrame, period: str) -> pd.DataFrame:
    """Return each board's register of a period, or the risks of its follow-up if it has none.

    >>> from riskdata.tables.schema import frame
    >>> of_period(frame("risks", [{"risk_id": "a", "period": "2025-T1"}]), "2025-T1").risk_id[0]
    'a'
    """
    rows = _require(risks, period)
    register = in_register(rows)
    return rows[register | ~register.groupby(rows.board, dropna=False).transform("any")]


def _require(table, period) -> pd.DataFrame:
    rows = table[table.period == period]
    if rows.empty:
        known = ", ".join(in_order(table.period.unique())) or "inga"
        raise ChoiceError(
            f"Det finns inga rader för perioden {period}. Perioder som finns: {known}. "
            "Välj en av dem, eller lägg exporten i data/raw och kör riskdata clean."
        )
    return rows


def _risk_rows(risks) -> pd.DataFrame:
    texts = risks.assign(process=risks.process.fillna(risks.indicator))
    return _rows(risks.risk_id, texts, risk_text(risks), RISKS)


def _activity_rows(activities) -> pd.DataFrame:
    texts = activities.assign(process=activities.process.fillna(activities.indicator))
    return _rows(activities.activity_id, texts, activity_text(activities), ACTIVITIES)


def _rows(ids, table, printed, settings) -> pd.DataFrame:
    """Return what linking needs of a table, in an order that the table's own does not decide."""
    rows = pd.DataFrame({name: normal(table[name]) for name in settings.texts})
    rows = rows.assign(id=ids, board=table.board, period=table.period, printed=printed)
    rows = rows.assign(short=rows[settings.certain[0]], text=normal(printed))
    return rows.sort_values(["board", "text", *settings.texts, "id"]).reset_index(drop=True)
