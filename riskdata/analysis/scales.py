"""Whether a board's periods were judged on the same scales, and what is done if they were not."""

from collections import defaultdict

import pandas as pd

from riskdata.errors import VocabularyError
from riskdata.words.language import heading
from riskdata.words.periods import in_order
from riskdata.words.vocabulary import AXES, vocabulary


def on_one_scale(risks: pd.DataFrame) -> pd.DataFrame:
    """Return risks whose periods are to be compared on the same scales, with ``converted``.

    [other_scales] of vocabulary.toml says, for a file, a "board period" or a period, how many steps
    an axis has, or which step of the common scale each step is; a risk that is converted so gets
    the product as its value. What the table itself can tell is little: a step above the
    vocabulary's scale shows a longer one; that a step is never used shows nothing.

    Raises
    ------
    VocabularyError : the scales within a board differ, or a step is not on its scale.

    >>> from riskdata.tables.schema import frame
    >>> row = {"board": "Socialnämnden", "likelihood": 4, "consequence": 4, "risk_value": 16}
    >>> on_one_scale(frame("risks", [{**row, "period": "2024-VB"}])).converted.tolist()
    [False]
    """
    rows, faults = risks.reset_index(drop=True).assign(converted=False), []
    lengths: dict[tuple, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    exports = ["source_file", "board", "period"]
    for (file, board, period), some in rows.groupby(exports, dropna=False, observed=True):
        told = _told(file, board, period)
        for axis in AXES:
            steps, top = some[axis].dropna().astype("int64"), len(vocabulary().scale_labels(axis))
            common = told.get(axis, {n: n for n in range(1, max([top, *steps]) + 1)})
            off = some.loc[steps.index[~steps.isin(common)]]
            faults += [_off(row, axis, getattr(row, axis)) for row in off.itertuples()]
            if axis in told:
                rows.loc[steps.index, axis] = steps.map(common).astype("Int64")
                rows.loc[some.index, "converted"] |= any(n != step for n, step in common.items())
            of_board = lengths[board, axis]
            of_board[period] = max(of_board[period], *common.values())
    faults += [
        _different(*key, steps) for key, steps in lengths.items() if len({*steps.values()}) > 1
    ]
    if faults:
        raise VocabularyError("\n".join(dict.fromkeys(faults)))
    product = rows.likelihood * rows.consequence
    return rows.assign(risk_value=rows.risk_value.mask(rows.converted, product)).set_axis(
        risks.index
    )


def _told(file: str, board: str, period: str) -> dict[str, dict[int, int]]:
    """Return what is said of an export's axes: step → common step; of the file alone comes last."""
    scales = [vocabulary().other_scales.get(key, {}) for key in (period, f"{board} {period}", file)]
    return {
        axis: said if isinstance(said, dict) else {n: n for n in range(1, said + 1)}
        for scale in scales
        for axis, said in scale.items()
    }


def _off(row: tuple, axis: str, step: int) -> str:
    return (
        f"{row.board} {row.period}, rad {row.source_row} i {row.source_file}: steg {step} för "
        f"{heading(axis).lower()} finns inte på den skala som angetts. "
        "Rätta [other_scales] i data/manual/vocabulary.toml."
    )


def _different(board: str, axis: str, steps: dict[str, int]) -> str:
    periods = in_order(steps)
    listed = ", ".join(f"{steps[period]} steg {period}" for period in periods)
    return (
        f"{board}: skalan för {heading(axis).lower()} har {listed}, så värdena kan inte "
        "jämföras. Ange vilket steg varje steg motsvarar, i data/manual/vocabulary.toml:\n"
        f'  [other_scales."{periods[0]}"]\n  {axis} = {{ 1 = 1, 2 = 2, 3 = 4, 4 = 5 }}'
    )
