"""What people have decided about links between periods: read, and found again in the tables."""

from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from riskdata import folders
from riskdata.analysis.similarity import normal
from riskdata.errors import ManualError
from riskdata.tables.manual import read_table

COLUMNS = ("board", "before", "after", "text_before", "text_after", "decision", "by", "date")
WORDS = ("same", "different")
FILE = "data/manual/links.csv"  # named where a table was not read from a file


def read_decisions(
    manual_folder: str | Path | None = None, *, file: str = "links.csv"
) -> pd.DataFrame:
    """Return what people decided about links; empty if there is no such file.

    Parameters
    ----------
    manual_folder : the folder data/manual; None for the one of the project worked in.
    file : its file; decisions about activities stand in a file of their own.

    Returns
    -------
    DataFrame with the columns board, before, after, text_before, text_after, decision
    (same, different, or missing: not decided yet), by, date; all text. The index is the line of
    the file less two, so that messages can name the line.

    Raises
    ------
    ManualError : a column is missing, or the file cannot be read.

    >>> read_decisions("finns-inte").columns.tolist()[:3]
    ['board', 'before', 'after']
    """
    path = Path(manual_folder or folders.manual()) / file
    rows = read_table(path, COLUMNS)
    table = pd.DataFrame(rows, columns=[*COLUMNS, "line"], dtype="str").replace("", pd.NA)
    table = table.set_index(table.line.astype("int64") - 2).rename_axis(None)[[*COLUMNS]]
    table.attrs["file"] = f"data/manual/{file}"
    return table


def place(decisions: pd.DataFrame | None, old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return the decisions as ids: board, id_before, id_after, decision.

    Parameters
    ----------
    decisions : as from ``read_decisions``; None is none. Rows without a decision are skipped,
        and so are those of other periods and of boards that are in neither table.
    old, new : the rows of one period each: id, board, period, printed (the whole text), text
        (the same, normalised) and short (the event or activity alone, normalised).

    Raises
    ------
    ManualError : a text is not found, or is found more than once, or two decisions disagree.
        All faults in one message, each with its row of the file (the first below the header
        is row 2).
    """
    columns = ["board", "id_before", "id_after", "decision"]
    if decisions is None or decisions.empty or old.empty or new.empty:
        return pd.DataFrame(columns=columns, dtype="str")
    made = decisions[decisions.decision.notna() & (decisions.decision != "")]
    known = made.decision.isin(WORDS)
    mine = made[
        known
        & (made.before == old.period.iloc[0])
        & (made.after == new.period.iloc[0])
        & (made.board.isin(old.board) | made.board.isin(new.board))
    ]
    before, faults_before = _find(mine.board, mine.text_before, old)
    after, faults_after = _find(mine.board, mine.text_after, new)
    placed = mine[["board", "decision"]].assign(id_before=before, id_after=after)
    words = made.decision[~known]
    faults = {n: f"beslutet är ”{word}”. Skriv same eller different." for n, word in words.items()}
    refuse(decisions, [faults, faults_before, faults_after, _disagreements(placed.dropna())])
    return placed.drop_duplicates()[columns]


def refuse(decisions: pd.DataFrame, faults: list[dict]) -> None:
    """Raise ManualError with every fault: dicts of the row in decisions → what is wrong."""
    every = sorted((number + 2, said) for found in faults for number, said in found.items())
    if every:
        file = decisions.attrs.get("file", FILE)
        lines = [f"{file}, rad {number}: {said}" for number, said in every]
        raise ManualError("\n".join(dict.fromkeys(lines)))


def _find(boards, texts, rows) -> tuple[pd.Series, dict]:
    """Return the id of each text, and the faults of those that are not found once."""
    period, there = rows.period.iloc[0], dict(list(rows[rows.board.isin(boards)].groupby("board")))
    ids, faults = pd.Series(index=texts.index, dtype="str"), {}
    for number, text in normal(texts).items():
        board = boards[number]
        mine = there.get(board, rows.iloc[:0])
        hits = mine[mine.text == text]
        hits = mine[mine.short == text] if hits.empty else hits
        if len(hits) == 1:
            ids[number] = hits.id.iloc[0]
        elif hits.empty:
            near = _nearest(text, mine)
            faults[number] = (
                f"”{texts[number]}” finns inte i {board} {period}.{near} "
                "Rätta texten efter exporten, eller ta bort raden och ta ställning på nytt."
            )
        else:
            faults[number] = (
                f"”{texts[number]}” står på {len(hits)} ställen i {board} {period}. Skriv hela "
                "texten (process · arbetssätt · händelse), eller ta bort raden."
            )
    return ids, faults


def _nearest(text, rows) -> str:
    near = get_close_matches(str(text), rows.text.dropna().tolist(), n=1, cutoff=0.5)
    return f" Närmast: ”{rows.printed[rows.text == near[0]].iloc[0]}”." if near else ""


def _disagreements(placed) -> dict:
    """Return what is wrong where two decisions cannot both hold."""
    told = placed.drop_duplicates(["board", "id_before", "id_after", "decision"])
    same = told[told.decision == "same"]
    clash = told[told.duplicated(["board", "id_before", "id_after"])]
    twice = same[same.duplicated(["board", "id_before"]) | same.duplicated(["board", "id_after"])]
    said = "säger emot en tidigare rad om samma text. Ta bort den av dem som är fel."
    return dict.fromkeys([*clash.index, *twice.index], said)
