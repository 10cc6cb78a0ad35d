"""The same risk, and the same activity, found again in another period."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from riskdata.analysis.decisions import (
    ACTIVITY_LINKS,
    COLUMNS,
    FILES,
    LINKS,
    VERDICTS,
    find_places,
    place,
    read_decisions,
    verdict_faults,
)
from riskdata.analysis.matching import Settings, match, normal, only
from riskdata.errors import ChoiceError
from riskdata.words.language import word
from riskdata.words.periods import in_order, until

_VALUE = ["risk_value", "risk_value_from", "risk_value_certainty"]
_KEY = ["board", "period", "risk_id"]
_REGISTER = ["register_period", "register_risk", "certainty"]

# Chosen on tests/evaluation/links: `make evaluate` prints what they give.
RISKS = Settings(
    texts=("process", "way_of_working", "event"),
    certain=("event",),
    kind="risk",
    file=LINKS,
    groups=("goal", "process"),
    best=5,
)
# A follow-up is linked for the sake of a value: what is hardly similar gives none.
FOLLOW_UPS = replace(RISKS, groups=(), linked=0.3, best=0)
# Activities of a new year stand in the words of the last one's: what remains is not paired off.
ACTIVITIES = Settings(
    texts=("process", "event", "activity"),
    certain=("activity", "event"),
    kind="activity",
    file=ACTIVITY_LINKS,
    linked=0.4,
    own=0.1,
)


def link(old: pd.DataFrame, new: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return what ``match`` does of two tidy tables."""
    rows = [rows_of(table, settings) for table in (old, new)]
    return match(*rows, settings, place(read_decisions(settings.file), *rows))


def link_risks(risks: pd.DataFrame, before: str, after: str) -> pd.DataFrame:
    """Return which risk of one period is which of another, one row per link.

    Within a board each risk is linked to at most one, so that the sum over the board is as high
    as it can be; where the other risks of two goals or processes are alike, so are these, in doubt.
    What people have decided stands in data/manual/links.csv.

    Parameters
    ----------
    risks : the tidy table, any number of boards and periods. Where a board has a register of
        the period (rows with scores), the risks of its follow-ups are left out.
    before, after : periods, as "2024-VB".

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
    return link_registers(of_period(risks, before), of_period(risks, after))


def link_registers(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return what ``link_risks`` does of the risks of two periods."""
    links = link(old, new, RISKS)
    return links[links.certainty != "possible"].reset_index(drop=True)


def link_activities(activities: pd.DataFrame, before: str, after: str) -> pd.DataFrame:
    """Return which activity of one period is which of another: tertials or years, as link_risks.

    Returns
    -------
    DataFrame with board, activity_before, activity_after (ids), similarity (0–1: of process, event
    and activity), certainty. Parameters and errors are those of ``link_risks``; decisions are of
    activity_links.csv.

    >>> from riskdata.tables.schema import frame
    >>> where = {"board": "Socialnämnden", "event": "Köp utan avtal", "activity": "Ta fram en checklista"}
    >>> link_activities(frame("activities", [
    ...     {"activity_id": "a", "period": "2025-T1", "process": "Inköp", **where},
    ...     {"activity_id": "b", "period": "2025-T2", "process": "Inköp", **where}]),
    ...     "2025-T1", "2025-T2").certainty.tolist()
    ['exact']
    """
    return link(*(_require(activities, period) for period in (before, after)), ACTIVITIES)


def link_steps(activities: pd.DataFrame, steps: Sequence[tuple[str, str]]) -> list[pd.DataFrame]:
    """Return what ``link_activities`` does of each of several pairs of periods."""
    decisions = read_decisions(ACTIVITY_LINKS)
    wanted = activities[activities.period.isin({period for step in steps for period in step})]
    rows = dict(list(rows_of(wanted, ACTIVITIES).groupby("period")))
    sides = [(rows[before], rows[after]) for before, after in steps]
    return [match(*rows, ACTIVITIES, place(decisions, *rows)) for rows in sides]


def links_to_review(risks: pd.DataFrame, before: str, after: str) -> pd.DataFrame:
    """Return the pairs that a person should look at, side by side.

    The first eight columns are those of data/manual/links.csv: fill in ``decision`` (same or
    different), ``by`` and ``date``, and paste the rows there.

    Parameters and errors are those of ``link_risks``.

    Returns
    -------
    DataFrame with board, before, after, text_before, text_after (process · way of working · event),
    decision, by, date (empty), similarity, certainty (``ask``: counts as the same risk until somebody
    decides; ``possible``: counts as one gone and one new, though each is among the five likest for
    the other), only_before, only_after (the words that differ); the possible ones last.

    >>> from riskdata.tables.schema import frame
    >>> where = {"board": "Socialnämnden", "process": "Bokning"}
    >>> risks = frame("risks", [
    ...     {"risk_id": "a", "period": "2024-VB", "event": "Dubbelbokning", **where},
    ...     {"risk_id": "b", "period": "2025-VB", "event": "Hyran uteblir", **where}])
    >>> links_to_review(risks, "2024-VB", "2025-VB")[["only_before", "only_after"]]
         only_before     only_after
    0  Dubbelbokning  Hyran uteblir
    """
    sides = {"before": of_period(risks, before), "after": of_period(risks, after)}
    pairs = link(*sides.values(), RISKS)
    asked = pairs[pairs.certainty.isin(["ask", "possible"])].sort_values("certainty", kind="stable")
    for side, rows in sides.items():
        texts = rows_of(rows, RISKS).set_index(["board", "id"]).printed
        asked = asked.join(texts.rename(f"text_{side}"), on=["board", f"risk_{side}"])
    texts = list(zip(asked.text_before, asked.text_after, strict=True))
    asked = asked.assign(
        before=before,
        after=after,
        only_before=[only(old, new) for old, new in texts],
        only_after=[only(new, old) for old, new in texts],
        **dict.fromkeys(["decision", "by", "date"], ""),
    )
    shown = [*COLUMNS, "similarity", "certainty", "only_before", "only_after"]
    return asked[shown].reset_index(drop=True)


def with_risk_values(activities: pd.DataFrame, risks: pd.DataFrame) -> pd.DataFrame:
    """Return the activities with the value of the risk that each answers.

    A follow-up prints no values: its risks have those that ``link_follow_ups`` finds.

    activities, risks : the tidy tables, all boards and periods at once.

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
    values = risks[risks.risk_value.notna()][[*_KEY, "risk_value"]]
    own = values.assign(risk_value_from=values.period, risk_value_certainty="printed")
    names = {"period": "register_period", "risk_id": "register_risk"}
    exports = pd.MultiIndex.from_frame(activities[_KEY[:2]])
    asked = in_register(risks) | pd.MultiIndex.from_frame(risks[_KEY[:2]]).isin(exports)
    linked = link_follow_ups(risks[asked]).merge(values.rename(columns=names))
    linked = linked.rename(columns={"register_period": _VALUE[1], "certainty": _VALUE[2]})
    known = pd.concat([own, linked])[[*_KEY, *_VALUE]].astype({"risk_value": "Int64"})
    known = known.drop_duplicates([*_KEY, "risk_value"])
    known = known[~known.duplicated(_KEY, keep=False)]
    return activities.drop(columns=_VALUE, errors="ignore").merge(
        known, on=_KEY, how="left", validate="many_to_one"
    )


def link_follow_ups(risks: pd.DataFrame) -> pd.DataFrame:
    """Return which risk of a register each risk of a follow-up is.

    Each follow-up is linked to the board's register of the same period or else the nearest earlier,
    which is ``before`` in links.csv.

    risks : the tidy table, registers and follow-ups together.

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
    risks = risks.drop_duplicates(_KEY)  # the same export may be there twice
    register = in_register(risks)
    follow_ups, registers = risks[~register].sort_values("risk_id"), risks[register]
    nearest = _nearest(follow_ups, registers)
    follow_ups = follow_ups.merge(nearest)
    registers = registers[registers.period.isin(nearest.register_period)]
    old, new = (rows_of(rows, FOLLOW_UPS) for rows in (registers, follow_ups))
    decisions = read_decisions()
    pairs = [pd.DataFrame(columns=[*_KEY, *_REGISTER[1:]], dtype="str")]
    for (source, period), boards in nearest.groupby(["register_period", "period"]).board:
        sides = ((old, source), (new, period))
        sides = [rows[rows.period.eq(when) & rows.board.isin(boards)] for rows, when in sides]
        links = match(*sides, FOLLOW_UPS, place(decisions, *sides)).assign(period=period)
        names = {"risk_before": "register_risk", "risk_after": "risk_id"}
        pairs.append(links.rename(columns=names)[[*pairs[0]]])
    rows = follow_ups.merge(pd.concat(pairs), on=_KEY, how="left")
    # A risk stands under several indicators of a follow-up but once in the register, so that only
    # one of them is linked: those with the same texts have the same link.
    same = [rows.board, rows.period, normal(rows.process), normal(rows.event)]
    first = rows.groupby(same, dropna=False)[_REGISTER].transform("first")
    rows = rows.assign(**rows[_REGISTER].fillna(first[rows.event.notna()]))
    return rows[[*_KEY, *_REGISTER]].dropna(subset="register_risk").reset_index(drop=True)


def _nearest(follow_ups: pd.DataFrame, registers: pd.DataFrame) -> pd.DataFrame:
    """Return board, period and register_period: the board's register of it or the nearest earlier."""
    periods = registers.groupby("board").period.unique()
    wanted = follow_ups[["board", "period"]].drop_duplicates()
    nearest = [until(period, periods.get(board, ()))[-1:] for board, period in wanted.to_numpy()]
    wanted = wanted.assign(register_period=pd.Series(nearest, wanted.index, dtype="object"))
    return wanted.explode("register_period").dropna().astype("str")


def decision_faults(risks: pd.DataFrame, activities: pd.DataFrame) -> list[tuple[str, int, str]]:
    """Return every line of data/manual's decisions that fits the exports no longer: file, line, what to do.

    ``link_risks`` sees only the decisions of its two periods and its boards; this sees all.
    """
    follow_ups = risks[~in_register(risks)]  # stand in the period of their own register too
    faults = {
        LINKS: _link_faults(RISKS, of_period, risks, follow_ups),
        ACTIVITY_LINKS: _link_faults(ACTIVITIES, _require, activities, activities),
        VERDICTS: verdict_faults(read_decisions(VERDICTS), activities, every=True),
    }
    return [(file, n + 2, said) for file in FILES for n, said in faults[file].items()]


def _link_faults(settings, choose, table, own) -> dict[int, str]:
    """Return the faults of a file of links: row → what is wrong; ``own``: linked within a period."""
    made = read_decisions(settings.file).dropna(subset="decision")
    there = set(zip(table.board, table.period, strict=True))
    faults = {
        row.Index: word("decisions.no_period", where=f"{row.board} {period}")
        for row in made.itertuples()
        for period in (row.before, row.after)
        if (row.board, period) not in there
    }
    for (before, after), lines in made.drop(index=[*faults]).groupby(["before", "after"]):
        later = own if before == after else table
        sides = [rows_of(choose(*side), settings) for side in ((table, before), (later, after))]
        faults |= find_places(lines, *sides)[1]
    return dict(sorted(faults.items()))


def in_register(risks: pd.DataFrame) -> pd.Series:
    """Return True for the risks of a register: an export that prints a score on some row."""
    scored = risks[["likelihood", "consequence", "risk_value"]].notna().any(axis=1)
    export = [risks.board, risks.period, risks.source_file]
    return scored.groupby(export, dropna=False).transform("any")


def of_period(risks: pd.DataFrame, period: str) -> pd.DataFrame:
    """Return each board's register of a period, or the risks of its follow-up if it has none."""
    return of_registers(_require(risks, period))


def of_registers(risks: pd.DataFrame) -> pd.DataFrame:
    """Return each board's register of one period's risks, or those of its follow-up if it has none."""
    register = in_register(risks)
    return risks[register | ~register.groupby(risks.board, dropna=False).transform("any")]


def _require(table, period) -> pd.DataFrame:
    rows = table[table.period == period]
    if rows.empty:
        known = ", ".join(in_order(table.period.unique())) or "inga"
        raise ChoiceError(word("errors.no_rows", period=str(period), known=known))
    return rows


def rows_of(table, settings) -> pd.DataFrame:
    """Return what linking needs of a table, in an order that the table's own does not decide.

    Its columns: the settings' texts and groups, normalised, an indicator in the place of a process
    that is missing; board, period and id; printed (the whole text), text (the same, normalised) and
    short (the event or activity alone). The event alone is no key: several processes have the same.
    """
    table = table.assign(process=table.process.fillna(table.indicator))
    texts = table[[*settings.texts]].astype("object").fillna("").itertuples(index=False, name=None)
    printed = pd.Series([" · ".join(filter(None, row)) for row in texts], table.index, dtype="str")
    names = dict.fromkeys([*settings.texts, *settings.groups])
    rows = pd.DataFrame({name: normal(table[name]) for name in names})
    rows = rows.assign(board=table.board, period=table.period, id=table[f"{settings.kind}_id"])
    rows = rows.assign(printed=printed, text=normal(printed), short=rows[settings.certain[0]])
    rows = rows.astype("object")  # a board's few rows are handled quicker by numpy than by Arrow
    return rows.sort_values(["board", "text", *names, "id"]).reset_index(drop=True)
