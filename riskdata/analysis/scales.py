"""Whether two periods were judged on the same scales, and what is done if they were not."""

from collections.abc import Mapping

import pandas as pd

from riskdata.errors import VocabularyError
from riskdata.words.language import heading
from riskdata.words.vocabulary import AXES, vocabulary

# An export, a board's period or a period → axis → its number of steps, or {step: common step}.
Scales = Mapping[str | tuple[str, str], Mapping[str, int | Mapping[int, int]]]

_EXPORT = ("source_file", "board", "period")


def on_one_scale(
    risks: pd.DataFrame, scales: Scales | None = None, *, within: str = "board"
) -> pd.DataFrame:
    """Return risks that are to be compared on the same scales, with the column ``converted``.

    What the table itself can tell is little: a step above the vocabulary's scale shows a longer
    one. That a step is never used shows nothing, and the labels are not in the table. So a scale
    that is not in ``scales`` is taken to be the vocabulary's, or longer if a step is.

    Parameters
    ----------
    risks : the tidy table, with all that is to be compared.
    scales : laid over [other_scales] of the vocabulary. For a source_file, a (board, period) or a
        period, looked up in that order: the number of steps of ``likelihood`` and ``consequence``,
        or which common step each step is: ``{"2024-VB": {"likelihood": {1: 1, 2: 2, 3: 4}}}``. A
        converted risk gets the product as its value, and ``converted`` says so.
    within : ``board`` where its periods are compared, ``period`` where its boards are.

    Raises
    ------
    VocabularyError : the scales within a board (or period) differ, or a step is not on its scale.

    >>> from riskdata.tables.schema import frame
    >>> row = {"board": "Socialnämnden", "likelihood": 4, "consequence": 4, "risk_value": 16}
    >>> risks = frame("risks", [{**row, "period": "2024-VB"}, {**row, "period": "2025-VB"}])
    >>> scales = {"2024-VB": {"likelihood": {1: 1, 2: 2, 3: 4, 4: 5}}}
    >>> on_one_scale(risks, scales)[["likelihood", "risk_value", "converted"]]
       likelihood  risk_value  converted
    0           5          20       True
    1           4          16      False
    """
    given = _given(risks, {**vocabulary().other_scales, **(scales or {})})
    faults = _off_scale(risks, given) or _differences(_steps(risks, given), within)
    if faults:
        raise VocabularyError("\n".join(faults))
    return _converted(risks, given)


def _given(rows, scales) -> pd.DataFrame:
    """Return what is said of each row's axes: a number, a mapping or None."""
    exports = list(zip(*(rows[name].tolist() for name in _EXPORT), strict=True))
    said = {export: _of_export(*export, scales) for export in set(exports)}
    return pd.DataFrame(
        {axis: [said[export].get(axis) for export in exports] for axis in AXES},
        index=rows.index,
        dtype="object",
    )


def _of_export(file, board, period, scales) -> dict:
    """Return what is said of an export's axes; what is said of the file alone comes last."""
    keys = (period, f"{board} {period}", (board, period), file)
    return {axis: steps for key in keys for axis, steps in scales.get(key, {}).items()}


def _known(said) -> set[int]:
    """Return the steps that a scale has, as printed."""
    return set(said) if isinstance(said, Mapping) else set(range(1, said + 1))


def _off_scale(rows, given) -> list[str]:
    faults = []
    for axis in AXES:
        there = rows[axis].notna() & given[axis].notna()
        faults += [
            f"{row.board} {row.period}, rad {row.source_row} i {row.source_file}: steg {step} för "
            f"{_name(axis)} finns inte på den skala som angetts. "
            "Rätta [other_scales] i data/manual/vocabulary.toml."
            for row, step, said in zip(
                rows[there].itertuples(), rows[axis][there], given[axis][there], strict=True
            )
            if int(step) not in _known(said)
        ]
    return list(dict.fromkeys(faults))


def _steps(rows, given) -> pd.DataFrame:
    """Return the number of steps of each board's axes after any conversion."""
    table = rows[["board", "period"]]
    for axis in AXES:
        usual = len(vocabulary().scale_labels(axis))
        steps = rows[axis].fillna(usual).clip(lower=usual)
        told = given[axis].map(_length, na_action="ignore")
        table = table.assign(**{axis: told.fillna(steps).astype("int64")})
    return table.groupby(["board", "period"], as_index=False)[list(AXES)].max()


def _length(said) -> int:
    return max(said.values()) if isinstance(said, Mapping) else said


def _differences(steps, within) -> list[str]:
    """Return a fault for each board (or period) and axis that has more than one length."""
    return [
        f"{group}: skalan för {_name(axis)} har {_listed(rows, axis, within)}, så värdena kan inte "
        "jämföras. Ange vilket steg varje steg motsvarar, i data/manual/vocabulary.toml:\n"
        f'  [other_scales."{rows.period.iloc[0]}"]\n  {axis} = {{ 1 = 1, 2 = 2, 3 = 4, 4 = 5 }}'
        for group, rows in steps.groupby(within)
        for axis in AXES
        if rows[axis].nunique() > 1
    ]


def _listed(rows, axis, within) -> str:
    other = rows["period" if within == "board" else "board"]
    return ", ".join(f"{n} steg {where}" for where, n in zip(other, rows[axis], strict=True))


def _converted(rows, given) -> pd.DataFrame:
    mapped = given.map(lambda said: isinstance(said, Mapping))
    converted = mapped.any(axis=1)
    if not converted.any():
        return rows.assign(converted=False)
    changed = {
        axis: [
            said[int(step)] if isinstance(said, Mapping) and pd.notna(step) else step
            for step, said in zip(rows[axis], given[axis], strict=True)
        ]
        for axis in AXES
    }
    rows = rows.assign(**changed, converted=converted)
    rows = rows.astype(dict.fromkeys(AXES, "Int64"))
    product = rows.likelihood * rows.consequence
    return rows.assign(risk_value=rows.risk_value.mask(converted, product))


def _name(axis) -> str:
    return heading(axis).lower()
