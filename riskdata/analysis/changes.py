"""What has changed from one period to another, risk by risk, and each risk over all its periods."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from riskdata.analysis.links import in_register, link_registers, link_risks, of_period
from riskdata.errors import ChoiceError, RiskdataError, VocabularyError
from riskdata.tables.schema import CHANGES, ordered
from riskdata.words.language import heading, word
from riskdata.words.periods import in_order, period_key
from riskdata.words.vocabulary import AXES, Vocabulary, vocabulary

_SHOWN = ["process", "way_of_working", "event", *AXES, "risk_value", "decision"]
_SIDES = ("before", "after")


def compare(risks: pd.DataFrame, before: str, after: str) -> pd.DataFrame:
    """Return what has become of each risk between two periods.

    Parameters
    ----------
    risks : the tidy table; of each board, the register of the period is compared.
    before, after : periods, as "2024-VB".

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
    registers = [of_period(risks, period) for period in (before, after)]
    both = pd.concat(registers)
    _refuse_alone(both, before, after)
    both = on_one_scale(_each_once(both))
    links = link_registers(*registers).drop(columns="similarity")
    old, new = (
        both[both.period == period]
        .set_index("board")[["risk_id", *_SHOWN, "converted"]]
        .rename(columns={"risk_id": "risk"})
        .add_suffix(f"_{side}")
        .reset_index()
        for side, period in zip(_SIDES, (before, after), strict=True)
    )
    table = old.merge(links, on=["board", "risk_before"], how="left")
    table = table.merge(new, on=["board", "risk_after"], how="outer")
    table = table.assign(
        period_before=before,
        period_after=after,
        change=_change(table),
        converted=table[["converted_before", "converted_after"]].eq(True).any(axis=1),
        value=-table.risk_value_after.fillna(table.risk_value_before).fillna(0),
        text=table.event_after.fillna(table.event_before),
    )
    table = table.sort_values(["board", "change", "value", "text", "risk_before", "risk_after"])
    first = ["board", "period_before", "period_after", "change", "certainty"]
    shown = [f"{name}_{side}" for name in ("risk", *_SHOWN) for side in _SIDES]
    table = table[[*first, *shown, "converted"]].reset_index(drop=True)
    table.attrs.update(risks.attrs)  # whose columns are guessed
    return table


def _refuse_alone(both, before, after) -> None:
    """Raise where a board is in one period only: all of its risks would seem new, or gone."""
    periods = both.groupby("board").period.unique()
    lone = [(board, some[0]) for board, some in periods.items() if len(some) < 2]
    if lone:
        alone = "; ".join(word("errors.only_in", board=board, period=p) for board, p in lone)
        raise ChoiceError(word("errors.alone", alone=alone, before=before, after=after))


def _each_once(risks) -> pd.DataFrame:
    """Return the risks; raise where one stands twice in a period: it would count twice, or be mislinked."""
    twice = risks[risks.duplicated(["board", "period", "risk_id"], keep=False)]
    if not twice.empty:
        where, n = f"{twice.board.iloc[0]} {twice.period.iloc[0]}", len(twice)
        files = ", ".join(sorted(twice.source_file.dropna().unique()))
        raise RiskdataError(word("errors.same_id", where=where, n=n, files=files))
    return risks


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


def history(risks: pd.DataFrame, *, limit: int | None = None) -> pd.DataFrame:
    """Return each risk over all its periods, as printed then.

    Each register of a board is linked to the board's one before, as by ``link_risks``. A risk
    that is gone and comes back is a new one. A later period never changes the earlier rows,
    except ``last_seen``.

    Parameters
    ----------
    risks : the tidy table; risks of follow-ups, which have no scores, are left out.
    limit : the risk value from which a risk counts as high; default the vocabulary's.

    Returns
    -------
    DataFrame with one row per risk and period: board, thread_id (the same for the same risk of
    a board; where it was first printed and its id there), period, first_seen, last_seen,
    in_a_row (how many periods up to this one the value, on the common scale, has been at or above
    the limit without a break; missing where the value is), certainty (of the link to the period
    before; missing in the first), risk_id, process, way_of_working, event, likelihood,
    consequence, risk_value, decision. Errors are those of ``compare``.

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
        order=printed.period.astype("object").map(in_order(printed.period.unique()).index),
    ).merge(_threads(printed), on=["board", "period", "risk_id"], how="left")
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


def _threads(printed) -> pd.DataFrame:
    """Return each register's risks with their thread and the certainty of its latest link."""
    keys = zip(printed.board, printed.period, printed.risk_id, strict=True)
    rows = {key: [f"{key[1]}/{key[2]}", None] for key in keys}
    successive = defaultdict(list)  # two periods → the boards that have them one after the other
    for board, periods in printed.groupby("board").period:
        for pair in pairwise(in_order(periods.unique())):
            successive[pair].append(board)
    for before, after in sorted(successive, key=lambda pair: period_key(pair[1])):
        of_boards = printed[printed.board.isin(successive[before, after])]
        for link in link_risks(of_boards, before, after).itertuples():
            thread, _ = rows[link.board, before, link.risk_before]
            rows[link.board, after, link.risk_after] = [thread, link.certainty]
    names = ["board", "period", "risk_id", "thread_id", "certainty"]
    return pd.DataFrame([[*key, *row] for key, row in rows.items()], columns=names, dtype="str")


def on_one_scale(risks: pd.DataFrame) -> pd.DataFrame:
    """Return risks whose periods are to be compared on the same scales, with ``converted``.

    [other_scales] of vocabulary.toml says, for a file, a "board period" or a period, how many steps
    an axis has, or which step of the common scale each step is; a risk that is converted so gets
    the product as its value. A step above the vocabulary's scale shows a longer one; that a step is
    never used shows nothing. Raises VocabularyError where the scales within a board differ, or a
    step is not on its scale.
    """
    rows, faults = risks.reset_index(drop=True).assign(converted=False), []
    lengths: dict[tuple, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    exports, vocab = ["source_file", "board", "period"], vocabulary()
    printed = rows[[*exports, *AXES]].groupby(exports, dropna=False, observed=True)
    for (file, board, period), some in printed:
        told = _told_scales(vocab, period, f"{board} {period}", file)
        for axis in AXES:
            steps, top = some[axis].dropna(), len(vocab.scale_labels(axis))
            common = told.get(axis, {n: n for n in range(1, max([top, *steps]) + 1)})
            off = [n for n, step in steps.items() if step not in common]
            faults += [_off_scale(rows.loc[n], axis) for n in off]
            if axis in told:
                rows.loc[steps.index, axis] = steps.map(common).astype("Int64")
                rows.loc[some.index, "converted"] |= any(n != step for n, step in common.items())
            lengths[board, axis][period] = max(lengths[board, axis][period], *common.values())
    faults += [
        _differing(*key, steps) for key, steps in lengths.items() if len({*steps.values()}) > 1
    ]
    if faults:
        raise VocabularyError("\n".join(dict.fromkeys(faults)))
    values = rows.risk_value.mask(rows.converted, rows.likelihood * rows.consequence)
    return rows.assign(risk_value=values).set_axis(risks.index)


def _off_scale(risk: pd.Series, axis: str) -> str:
    where, file = f"{risk.board} {risk.period}", str(risk.source_file)
    about = {"where": where, "file": file, "axis": heading(axis).lower()}
    return word("errors.off_scale", row=str(risk.source_row), step=risk[axis], **about)


def _told_scales(vocab: Vocabulary, *names: str) -> dict[str, dict[int, int]]:
    """Return what is said of an export's axes, step → common step; what the last of its names says counts."""
    return {
        axis: said if isinstance(said, dict) else {n: n for n in range(1, said + 1)}
        for name in names
        for axis, said in vocab.other_scales.get(name, {}).items()
    }


def _differing(board: str, axis: str, steps: dict[str, int]) -> str:
    periods = in_order(steps)
    lengths = ", ".join(word("errors.scale_length", n=steps[p], period=p) for p in periods)
    about = {"board": board, "axis": heading(axis).lower(), "code": axis, "period": periods[0]}
    return word("errors.scales_differ", lengths=lengths, **about)


def compare_boards(risks: pd.DataFrame, period: str, boards: Sequence[str]) -> pd.DataFrame:
    """Return how many risks each board has of each value and decision in a period.

    risks : the tidy table. period : as "2025-VB". boards : their names, in the order wanted.

    Returns
    -------
    DataFrame with risk_value, decision and a column for each board, the highest value first; a
    missing value or decision has a row of its own, last. Raises ChoiceError for a board without
    risks in the period, VocabularyError where their scales differ.

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
        said = {"boards": ", ".join(missing), "known": ", ".join(there)}
        raise ChoiceError(word("errors.no_risks", period=period, **said))
    sizes = {board: vocabulary(board).size for board in boards}
    if len(set(sizes.values())) > 1:
        said = ", ".join(f"{board} {high}×{wide}" for board, (high, wide) in sizes.items())
        raise VocabularyError(word("errors.other_sizes", sizes=said))
    order = ["risk_value", "decision"]
    chosen = rows[rows.board.isin(boards)]
    count = chosen.groupby([*order, "board"], dropna=False, observed=True).size().unstack("board")
    count = count[list(boards)].fillna(0).astype("int64").rename_axis(columns=None).reset_index()
    return count.sort_values(order, ascending=[False, True]).reset_index(drop=True)
