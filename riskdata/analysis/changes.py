"""What has changed from one period to another, risk by risk, and each risk over all its periods."""

from itertools import pairwise

import numpy as np
import pandas as pd

from riskdata.analysis.links import in_register, link_risks, link_rows, of_period
from riskdata.analysis.scales import Scales, on_one_scale
from riskdata.errors import ChoiceError, RiskdataError
from riskdata.tables.schema import CHANGES, ordered
from riskdata.words.periods import in_order, period_key
from riskdata.words.vocabulary import vocabulary

_SHOWN = (
    *("process", "way_of_working", "event", "likelihood", "consequence", "risk_value", "decision"),
)


def compare(
    risks: pd.DataFrame,
    before: str,
    after: str,
    *,
    decisions: pd.DataFrame | None = None,
    scales: Scales | None = None,
) -> pd.DataFrame:
    """Return what has become of each risk between two periods.

    Parameters
    ----------
    risks : the tidy table; of each board, the register of the period is compared.
    before, after : periods, as "2024-VB".
    decisions : what people have decided about links; links.csv of data/manual, where not given.
    scales : which scales the periods were judged on, where they are not the vocabulary's;
        see ``on_one_scale``.

    Returns
    -------
    DataFrame with one row per risk: board, period_before, period_after, change, certainty (of
    the link; missing for new and gone), risk_before and risk_after (ids), and before and after
    of process, way_of_working, event, likelihood, consequence, risk_value, decision.
    ``change`` compares the risk values: ``raised``, ``lowered`` or ``unchanged``, ``new`` or
    ``gone`` where there is no link, ``unknown`` where a linked risk lacks its value on either
    side (an ordered categorical, in the order of CHANGES). ``converted``: the steps shown are not
    those printed.

    Raises
    ------
    ChoiceError : a period without risks, or a board that has risks in only one of the two.
    VocabularyError : the scales of the two differ. ManualError : as ``link_risks``.
    RiskdataError : the sums do not agree (after = kept + new, before = kept + gone).

    >>> from riskdata.tables.schema import frame
    >>> where = {"board": "Socialnämnden", "process": "Inköp"}
    >>> risks = frame("risks", [
    ...     {"risk_id": "a", "period": "2024-VB", "event": "Köp utan avtal", "risk_value": 6},
    ...     {"risk_id": "b", "period": "2025-VB", "event": "Köp utan avtal", "risk_value": 9},
    ...     {"risk_id": "c", "period": "2025-VB", "event": "Elavbrott", "risk_value": 4},
    ... ]).assign(**where)
    >>> compare(risks, "2024-VB", "2025-VB")[["change", "event_after", "certainty"]]
       change     event_after certainty
    0     new       Elavbrott       NaN
    1  raised  Köp utan avtal     exact
    """
    both = pd.concat([of_period(risks, period) for period in (before, after)])
    _same_boards(both, before, after)
    both = on_one_scale(both, scales)
    old, new = both[both.period == before], both[both.period == after]
    links = link_rows(old, new, decisions).drop(columns="similarity")
    table = _side(old, "before").merge(links, on=["board", "risk_before"], how="left")
    table = table.merge(_side(new, "after"), on=["board", "risk_after"], how="outer")
    table = table.assign(period_before=before, period_after=after, change=_change(table))
    _check_sums(table, old, new)
    return _with_attrs(_arranged(table), risks)


def _side(risks, side) -> pd.DataFrame:
    """Return one side of the comparison, its columns named for it."""
    table = risks[["board", "risk_id", *_SHOWN, "converted"]].rename(columns={"risk_id": "risk"})
    return table.rename(columns={name: f"{name}_{side}" for name in table if name != "board"})


def _change(table) -> pd.Series:
    step = table.risk_value_after - table.risk_value_before
    kinds = {
        "new": table.risk_before.isna(),
        "gone": table.risk_after.isna(),
        "raised": step > 0,
        "lowered": step < 0,
        "unchanged": step == 0,
    }
    chosen = [kind.fillna(False).to_numpy(dtype=bool) for kind in kinds.values()]
    return pd.Series(np.select(chosen, list(kinds), "unknown"), table.index, dtype="str")


def _arranged(table) -> pd.DataFrame:
    """Return the comparison with its columns and rows in an order that is always the same."""
    columns = [f"{name}_{side}" for name in _SHOWN for side in ("before", "after")]
    first = ["board", "period_before", "period_after", "change", "certainty"]
    table = table.assign(
        converted=table[["converted_before", "converted_after"]].eq(True).any(axis=1),
        change=ordered(table.change, CHANGES),
        value=-table.risk_value_after.fillna(table.risk_value_before).fillna(0),
        text=table.event_after.fillna(table.event_before),
    )
    table = table.sort_values(["board", "change", "value", "text", "risk_before", "risk_after"])
    every = [*first, "risk_before", "risk_after", *columns, "converted"]
    return table[every].reset_index(drop=True)


def _same_boards(both, before, after) -> None:
    """Raise where a board is in one period only: all of its risks would seem new, or gone."""
    there = both.groupby("board").period.unique()
    alone = [
        f"{board} har bara {periods[0]}" for board, periods in there.items() if len(periods) < 2
    ]
    if alone:
        raise ChoiceError(
            f"{'; '.join(alone)}, men {before} jämförs med {after}. Lägg exporten som saknas i "
            "data/raw och kör riskdata clean, eller jämför bara de nämnder som har båda: "
            "risks[risks.board.isin([…])]."
        )


def _check_sums(table, old, new) -> None:
    """Raise unless before = kept + gone, after = kept + new, and each risk stands there once."""
    count = table.change.value_counts()
    added, gone = (int(count.get(change, 0)) for change in ("new", "gone"))
    kept = len(table) - added - gone
    once = not any(
        table[table[side].notna()].duplicated(["board", side]).any()
        for side in ("risk_before", "risk_after")
    )
    if not (once and len(old) == kept + gone and len(new) == kept + added):
        raise RiskdataError(
            f"Summorna går inte ihop: {len(old)} risker före mot {kept} kvar + {gone} borta, "
            f"{len(new)} efter mot {kept} kvar + {added} nya. Samma risk_id står på flera risker i "
            "en nämnd och period: sök upp dem i risks och se om en export har lästs två gånger."
        )


def history(
    risks: pd.DataFrame,
    *,
    decisions: pd.DataFrame | None = None,
    limit: int | None = None,
    scales: Scales | None = None,
) -> pd.DataFrame:
    """Return each risk over all its periods, as printed then.

    Each register of a board is linked to the board's one before, as by ``link_risks``. A risk
    that is gone and comes back is a new one. A later period never changes the earlier rows,
    except ``last_seen``.

    Parameters
    ----------
    risks : the tidy table; risks of follow-ups, which have no scores, are left out.
    decisions : what people have decided about links; links.csv of data/manual, where not given.
    limit : the risk value from which a risk counts as high; default the vocabulary's.
    scales : as ``compare``; a converted value is used for ``in_a_row`` and nothing else.

    Returns
    -------
    DataFrame with one row per risk and period: board, thread_id (the same for the same risk of
    a board; where it was first printed and its id there), period, first_seen, last_seen,
    in_a_row (how many periods up to this one the value has been at or above the limit without
    a break; missing where the value is), certainty (of the link to the period before; missing in
    the first), risk_id, process, way_of_working, event, likelihood, consequence, risk_value,
    decision.

    Raises
    ------
    VocabularyError : a board's scales differ. ManualError : as ``link_risks``.

    >>> from riskdata.tables.schema import frame
    >>> risks = frame("risks", [
    ...     {"risk_id": i, "period": p, "board": "Socialnämnden", "process": "Inköp",
    ...      "event": "Köp utan avtal", "risk_value": value}
    ...     for i, p, value in (("a", "2023-VB", 8), ("b", "2024-VB", 12), ("c", "2025-VB", 16))])
    >>> history(risks, limit=12)[["thread_id", "period", "risk_value", "in_a_row"]]
       thread_id   period  risk_value  in_a_row
    0  2023-VB/a  2023-VB           8         0
    1  2023-VB/a  2024-VB          12         1
    2  2023-VB/a  2025-VB          16         2
    """
    limit = vocabulary().limit if limit is None else limit
    printed = risks[in_register(risks)]
    values = on_one_scale(printed, scales).risk_value
    table = printed.assign(high=values >= limit).merge(
        _threads(printed, decisions), on=["board", "period", "risk_id"], how="left"
    )
    table = table.assign(order=[period_key(period) for period in table.period])
    table = table.sort_values(["board", "order", "thread_id"], ignore_index=True)
    thread = table.groupby(["board", "thread_id"])
    table = table.assign(
        first_seen=thread.period.transform("first"),
        last_seen=thread.period.transform("last"),
        in_a_row=_in_a_row(table),
    )
    first = ["board", "thread_id", "period", "first_seen", "last_seen", "in_a_row", "certainty"]
    table = table.sort_values(["board", "thread_id", "order"])
    return _with_attrs(table[[*first, "risk_id", *_SHOWN]].reset_index(drop=True), risks)


def _with_attrs(table: pd.DataFrame, risks: pd.DataFrame) -> pd.DataFrame:
    """Return a table that tells of its readings what the risks that it is made of tell."""
    table.attrs.update(risks.attrs)
    return table


def _threads(printed, decisions) -> pd.DataFrame:
    """Return each register's risks with their thread and the certainty of its latest link."""
    thread = {
        key: f"{key[1]}/{key[2]}"
        for key in zip(printed.board, printed.period, printed.risk_id, strict=True)
    }
    certainty = {}
    for (before, after), boards in _successive(printed).items():
        links = link_risks(printed[printed.board.isin(boards)], before, after, decisions=decisions)
        for row in links.itertuples():
            here = (row.board, after, row.risk_after)
            thread[here] = thread[row.board, before, row.risk_before]
            certainty[here] = row.certainty
    rows = [(*key, made, certainty.get(key)) for key, made in thread.items()]
    names = ["board", "period", "risk_id", "thread_id", "certainty"]
    return pd.DataFrame(rows, columns=names, dtype="str")


def _successive(printed) -> dict[tuple[str, str], list[str]]:
    """Return each pair of successive periods with the boards that have it, the earliest first."""
    found = {}
    for board, periods in printed.groupby("board").period:
        for pair in pairwise(in_order(periods.unique())):
            found.setdefault(pair, []).append(board)
    return dict(sorted(found.items(), key=lambda item: period_key(item[0][1])))


def _in_a_row(table) -> pd.Series:
    """Return how many rows of a thread up to each one are high; the rows stand in order of time."""
    run, runs = {}, []
    for key, high in zip(zip(table.board, table.thread_id, strict=True), table.high, strict=True):
        run[key] = run.get(key, 0) + 1 if high is True or high is np.True_ else 0
        runs.append(pd.NA if pd.isna(high) else run[key])
    return pd.Series(runs, table.index, dtype="Int64")
