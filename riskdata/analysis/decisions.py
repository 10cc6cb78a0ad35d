"""What people have decided, of links and of verdicts: read, found again in the tables, written, undone."""

from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from functools import partial
from getpass import getuser

import pandas as pd

from riskdata import folders
from riskdata.analysis.matching import normal
from riskdata.errors import ChoiceError, ManualError
from riskdata.tables import schema
from riskdata.tables.manual import add_line, read_table, remove_line
from riskdata.words.language import word
from riskdata.words.spelling import fold
from riskdata.words.vocabulary import vocabulary

LINKS, ACTIVITY_LINKS, VERDICTS = "links.csv", "activity_links.csv", "verdicts.csv"
COLUMNS = ("board", "before", "after", "text_before", "text_after", "decision", "by", "date")
VERDICT_COLUMNS = ("board", "period", "activity", "comment", "verdict", "reason", "by", "date")
FILES = {LINKS: COLUMNS, ACTIVITY_LINKS: COLUMNS, VERDICTS: VERDICT_COLUMNS}
DECIDED = {LINKS: "decision", ACTIVITY_LINKS: "decision", VERDICTS: "verdict"}
_PLACED = ["board", "id_before", "id_after", "decision"]


def read_decisions(file: str = LINKS) -> pd.DataFrame:
    """Return what people decided, as a file of data/manual has it; empty if there is no such file.

    Its columns, all text; ``decision`` (same, different) or ``verdict`` (finished, unfinished,
    cancelled, unknown) is missing where not decided yet, and Swedish words (samma, ej avslutad …)
    are read as these. The index is the line of the file less two, so that messages can name the
    line. Raises ManualError when a column is missing, or the file cannot be read.
    """
    columns, decided = [*FILES[file]], DECIDED[file]
    rows = read_table(folders.manual() / file, FILES[file])
    table = pd.DataFrame(rows, columns=[*columns, "line"], dtype="str").replace("", pd.NA)
    table = table.set_index(table.line.astype("int64") - 2).rename_axis(None)[columns]
    table[decided] = table[decided].map(_code, na_action="ignore").astype("str")
    table.attrs["file"] = f"data/manual/{file}"
    return table


def _code(said: str) -> str:
    """Return the code for what a person has written; the word where it is none."""
    known = vocabulary().words["answers"].items()
    return next((code for code, some in known if fold(said) in map(fold, [code, *some])), said)


def _wrong_word(said: str, file: str) -> str | None:
    """Return what is wrong with what a person has written, if it is no such code."""
    known, answers = ("same", "different"), vocabulary().words["answers"]
    known = schema.VERDICTS if file == VERDICTS else known
    if _code(said) in known:
        return None
    words = ", ".join(answers[code][0] for code in known)
    return word("decisions.word", said=said, codes=", ".join(known), words=words)


def decide(file: str, *, by: str | None = None, **row: str) -> Callable[[], bool]:
    """Write a decision to data/manual, with today's date and who made it, and return what undoes it.

    by: the person; the one who is logged in, where not given. row: the file's other columns.
    Raises ChoiceError for a decision that there is not, ManualError for a file that cannot be read.
    """
    if fault := _wrong_word(row[DECIDED[file]], file):
        raise ChoiceError(f"{file}: {fault}")
    path = folders.manual() / file
    whole = {**row, "by": by or getuser(), "date": date.today().isoformat()}
    line = add_line(path, {k: "" if pd.isna(v) else str(v) for k, v in whole.items()}, FILES[file])
    return partial(remove_line, path, line)


def place(decisions: pd.DataFrame, old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return what ``find_places`` does; raise ManualError with every fault and its line, if any."""
    placed, faults = find_places(decisions, old, new)
    _refuse(decisions, faults)
    return placed


def find_places(
    decisions: pd.DataFrame, old: pd.DataFrame, new: pd.DataFrame
) -> tuple[pd.DataFrame, dict[int, str]]:
    """Return decisions as ids (board, id_before, id_after, decision), and row → what is wrong with it.

    decisions: as from ``read_decisions``. Rows without a decision are skipped, and so are those of
    other periods and of boards that are in neither table. old, new: the rows of one period each,
    as from ``links.rows_of``.
    """
    made = decisions[decisions.decision.notna()]
    if made.empty:
        return pd.DataFrame(columns=_PLACED, dtype="str"), {}
    wrong = made.decision.map(lambda said: _wrong_word(said, LINKS)).dropna()
    mine = made.drop(index=wrong.index)
    mine = mine[mine.before.isin(old.period) & mine.after.isin(new.period)]
    mine = mine[mine.board.isin(old.board) | mine.board.isin(new.board)]
    for side, rows in (("before", old), ("after", new)):
        found = [
            _find(row[f"text_{side}"], rows[rows.board == row.board], f"{row.board} {row[side]}")
            for _, row in mine.iterrows()
        ]
        columns = [f"id_{side}", f"fault_{side}"]
        mine = mine.join(pd.DataFrame(found, mine.index, columns, dtype="object"))
    clash = _disagreeing(mine[_PLACED].dropna())
    faults = wrong.to_dict()
    for n, row in mine.iterrows():
        both = word("decisions.disagree") if n in clash else ""
        said = filter(None, [row.fault_before, row.fault_after, both])
        faults[n] = " ".join(dict.fromkeys(said))
    placed = mine[_PLACED].drop_duplicates()
    return placed, {n: fault for n, fault in sorted(faults.items()) if fault}


def _find(text: str, rows: pd.DataFrame, where: str) -> tuple[str | None, str]:
    """Return the id of the row with a text; else what is wrong."""
    plain = normal(pd.Series([text]))[0]
    hits = rows[rows.text == plain]
    hits = rows[rows.short == plain] if hits.empty else hits
    if len(hits) == 1:
        return hits.id.iloc[0], ""
    if len(hits):
        return None, word("decisions.several", text=str(text), hits=len(hits), where=where)
    near = get_close_matches(str(plain), rows.text.dropna().tolist(), n=1, cutoff=0.5)
    if not near:
        return None, word("decisions.no_text", text=str(text), where=where)
    nearest = rows.printed[rows.text == near[0]].iloc[0]
    return None, word("decisions.near", text=str(text), where=where, nearest=nearest)


def _disagreeing(placed: pd.DataFrame) -> set[int]:
    """Return the rows of decisions that cannot hold beside an earlier one."""
    placed = placed.drop_duplicates()
    same, clash = placed[placed.decision == "same"], placed[placed.duplicated(_PLACED[:3])]
    twice = same[same.duplicated(["board", "id_before"]) | same.duplicated(["board", "id_after"])]
    return {*clash.index, *twice.index}


def _refuse(decisions: pd.DataFrame, faults: dict[int, str]) -> None:
    if faults:
        file = decisions.attrs["file"]
        raise ManualError("\n".join(f"{file}, rad {n + 2}: {said}" for n, said in faults.items()))


def with_verdicts(judged: pd.DataFrame, verdicts: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return activities with the verdicts that people have given in the place of those read.

    Where a person has decided, ``reason`` is person and ``evidence`` what they wrote. Raises
    ManualError for a verdict about an activity that is there, but with another comment, or two that
    disagree; each fault names its line.
    """
    verdicts = read_decisions(VERDICTS) if verdicts is None else verdicts
    made = verdicts[verdicts.verdict.notna()]
    if made.empty or judged.empty:
        return judged
    _refuse(verdicts, verdict_faults(made, judged))
    given = made.set_axis(_keys(made))
    given = given[~given.index.duplicated(keep="last")].reindex(_keys(judged))
    decided = given.verdict.notna().to_numpy()
    said = {"verdict": given.verdict, "reason": "person", "evidence": given.reason}
    texts = judged[[*said]].astype("object")
    texts.loc[decided] = given.assign(**said)[[*said]][decided].to_numpy()
    return judged.assign(**texts.astype("str"))


def _keys(rows: pd.DataFrame) -> pd.MultiIndex:
    """Return what an activity is known by: board, period, and the texts as printed."""
    texts = [normal(rows[name].astype("str")).fillna("") for name in ("activity", "comment")]
    return pd.MultiIndex.from_arrays([rows.board, rows.period.astype("object"), *texts])


def verdict_faults(
    verdicts: pd.DataFrame, activities: pd.DataFrame, *, every: bool = False
) -> dict[int, str]:
    """Return what is wrong with lines of verdicts.csv: row → fault.

    every: whether the activities are all there are, so that one that is not among them is gone.
    """
    made = verdicts[verdicts.verdict.notna()]
    if made.empty:
        return {}
    there = {*_keys(activities)}
    named = {key[:3] for key in there}
    faults, seen = {}, {}
    for row, key in zip(made.itertuples(), _keys(made), strict=True):
        fault = _wrong_word(row.verdict, VERDICTS)
        if key not in there and (every or key[:3] in named):
            what = "comment" if key[:3] in named else "activity"
            where = f"{row.board} {row.period}"
            fault = word(f"decisions.no_{what}", activity=row.activity, where=where)
        elif seen.setdefault(key, row.verdict) != row.verdict:
            fault = word("decisions.disagree")
        faults |= {row.Index: fault} if fault else {}
    return faults
