"""What has changed from one period to another, risk by risk, and each risk over all its periods."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from riskdata.analysis.links import in_register, link_risks, of_period
from riskdata.analysis.scales import on_one_scale
from riskdata.errors import ChoiceError, RiskdataError, VocabularyError
from riskdata.tables.schema import CHANGES, ordered
from riskdata.words.periods import in_order, period_key
from riskdata.words.vocabulary import vocabulary

_SHOWN = (
    *("process", "way_of_working", "event", "likelihood", "consequence", "risk_value", "decision"),
)


def compare(
    risks: pd.DataFrame, before: str, after: str, *, decisions: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return what has become of each risk between two periods.

    Parameters
    ----------
    risks : the tidy table; of each board, the register of the period is compared.
    before, after : periods, as "2024-VB".
    decisions : what people have decided about links; links.csv of data/manual, where not given.

    Returns
    -------
    DataFrame with one row per risk: board, period_before, period_after, change, certainty (of
    the link; missing for new and gone), risk_before and risk_after (ids), and before and after
    of process, way_of_working, event, likelihood, consequence, risk_value, decision.
    ``change`` compares the risk values: ``raised``, ``lowered`` or ``unchanged``, ``new`` or
    ``gone`` where there is no link, ``unknown`` where a linked risk lacks its value on either
    side (an ordered categorical, in the order of CHANGES). ``converted``: the steps shown are not
    those printed ([other_scales] of vocabulary.toml).

    Raises
    ------
    ChoiceError : a period without risks, or a board that has risks in only one of the two.
    VocabularyError : the scales of the two differ. ManualError : as ``link_risks``.
    RiskdataError : a risk stands twice in a period, as when an export is there twice.

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
    both = on_one_scale(_each_once(both))
    old, new = both[both.period == before], both[both.period == after]
    links = link_risks(both, before, after, decisions=decisions).drop(columns="similarity")
    table = _side(old, "before").merge(links, on=["board", "risk_before"], how="left")
    table = table.merge(_side(new, "after"), on=["board", "risk_after"], how="outer")
    table = _arranged(table.assign(period_before=before, period_after=after, change=_change(table)))
    table.attrs.update(risks.attrs)  # whose columns are guessed
    return table


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


def _each_once(risks) -> pd.DataFrame:
    """Return the risks; raise where one stands twice in a period: it would count twice, or be mislinked."""
    twice = risks[risks.duplicated(["board", "period", "risk_id"], keep=False)]
    if not twice.empty:
        row, files = twice.iloc[0], ", ".join(sorted(twice.source_file.dropna().unique()))
        raise RiskdataError(
            f"{row.board} {row.period}: {len(twice)} rader har samma risk_id som en annan rad ({files}). "
            "Har en export lästs två gånger, så ta bort den ena filen ur data/raw och kör riskdata clean."
        )
    return risks


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
    return ordered(pd.Series(np.select(chosen, list(kinds), "unknown"), table.index), CHANGES)


def _arranged(table) -> pd.DataFrame:
    """Return the comparison with its columns and rows in an order that is always the same."""
    columns = [f"{name}_{side}" for name in _SHOWN for side in ("before", "after")]
    first = ["board", "period_before", "period_after", "change", "certainty"]
    table = table.assign(
        converted=table[["converted_before", "converted_after"]].eq(True).any(axis=1),
        value=-table.risk_value_after.fillna(table.risk_value_before).fillna(0),
        text=table.event_after.fillna(table.event_before),
    )
    table = table.sort_values(["board", "change", "value", "text", "risk_before", "risk_after"])
    every = [*first, "risk_before", "risk_after", *columns, "converted"]
    return table[every].reset_index(drop=True)


def history(
    risks: pd.DataFrame, *, decisions: pd.DataFrame | None = None, limit: int | None = None
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

    Returns
    -------
    DataFrame with one row per risk and period: board, thread_id (the same for the same risk of
    a board; where it was first printed and its id there), period, first_seen, last_seen,
    in_a_row (how many periods up to this one the value, on the common scale, has been at or above
    the limit without a break; missing where the value is), certainty (of the link to the period
    before; missing in the first), risk_id, process, way_of_working, event, likelihood,
    consequence, risk_value, decision.

    Raises
    ------
    VocabularyError, ManualError, RiskdataError : as ``compare``.

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
    printed = _each_once(risks[in_register(risks)])
    table = printed.assign(
        high=on_one_scale(printed).risk_value >= limit,
        order=[period_key(period) for period in printed.period],
    ).merge(_threads(printed, decisions), on=["board", "period", "risk_id"], how="left")
    table = table.sort_values(["board", "thread_id", "order"], ignore_index=True)
    same = [table.board, table.thread_id]
    seen, high = table.groupby(same).period, table.high.fillna(False).astype("bool")
    breaks = (~high).groupby(same).cumsum()
    table = table.assign(
        first_seen=seen.transform("first"),
        last_seen=seen.transform("last"),
        in_a_row=high.groupby([*same, breaks]).cumsum().astype("Int64").where(table.high.notna()),
    )
    first = ["board", "thread_id", "period", "first_seen", "last_seen", "in_a_row", "certainty"]
    table = table[[*first, "risk_id", *_SHOWN]]
    table.attrs.update(risks.attrs)
    return table


def _threads(printed, decisions) -> pd.DataFrame:
    """Return each register's risks with their thread and the certainty of its latest link."""
    keys = zip(printed.board, printed.period, printed.risk_id, strict=True)
    rows = {key: [f"{key[1]}/{key[2]}", None] for key in keys}
    for (before, after), boards in _successive(printed).items():
        links = link_risks(printed[printed.board.isin(boards)], before, after, decisions=decisions)
        for link in links.itertuples():
            thread, _ = rows[link.board, before, link.risk_before]
            rows[link.board, after, link.risk_after] = [thread, link.certainty]
    names = ["board", "period", "risk_id", "thread_id", "certainty"]
    return pd.DataFrame([[*key, *row] for key, row in rows.items()], columns=names, dtype="str")


def _successive(printed) -> dict[tuple[str, str], list[str]]:
    """Return each pair of successive periods with the boards that have it, the earliest first."""
    found = {}
    for board, periods in printed.groupby("board").period:
        for pair in pairwise(in_order(periods.unique())):
            found.setdefault(pair, []).append(board)
    return dict(sorted(found.items(), key=lambda item: period_key(item[0][1])))


def compare_boards(risks: pd.DataFrame, period: str, boards: Sequence[str]) -> pd.DataFrame:
    """Return how many risks each board has of each value and decision in a period.

    Parameters
    ----------
    risks : the tidy table. period : as "2025-VB". boards : their names, in the order wanted.

    Returns
    -------
    DataFrame with risk_value, decision and a column for each board, the highest value first; a
    missing value or decision has a row of its own, last.

    Raises
    ------
    ChoiceError : a board without risks in the period. VocabularyError : their scales differ.

    >>> from riskdata.tables.schema import frame
    >>> risks = frame("risks", [
    ...     {"board": board, "period": "2025-VB", "risk_value": 12, "decision": "control_plan"}
    ...     for board in ("Socialnämnden", "Socialnämnden", "Barn- och utbildningsnämnden")])
    >>> compare_boards(risks, "2025-VB", ["Socialnämnden", "Barn- och utbildningsnämnden"])
       risk_value      decision  Socialnämnden  Barn- och utbildningsnämnden
    0          12  control_plan              2                             1
    """
    rows = of_period(risks, period)
    there = sorted(set(rows.board.dropna()))
    if missing := [board for board in boards if board not in there]:
        raise ChoiceError(
            f"{', '.join(missing)} har inga risker {period}. De som har det: {', '.join(there)}. "
            "Välj bland dem."
        )
    sizes = {board: vocabulary().for_board(board).size for board in boards}
    if len(set(sizes.values())) > 1:
        said = ", ".join(f"{board} {high}×{wide}" for board, (high, wide) in sizes.items())
        raise VocabularyError(
            f"Nämnderna bedömer på olika skalor ({said}), så "
            "samma riskvärde betyder olika. Jämför andelen höga med plot_boards, eller välj nämnder med "
            "samma skala."
        )
    chosen = rows[rows.board.isin(boards)]
    count = chosen.groupby(["risk_value", "decision", "board"], dropna=False, observed=True).size()
    count = count.unstack("board")[list(boards)].fillna(0).astype("int64")
    count = count.rename_axis(columns=None).reset_index()
    order = ["risk_value", "decision"]
    return count.sort_values(order, ascending=[False, True]).reset_index(drop=True)
