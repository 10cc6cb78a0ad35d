"""What people have decided, of links and of verdicts: read, found again in the tables, written, undone."""

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from getpass import getuser
from pathlib import Path

import pandas as pd

from riskdata import folders
from riskdata.analysis.similarity import normal
from riskdata.errors import ChoiceError, ManualError
from riskdata.tables import schema
from riskdata.tables.manual import add_line, read_table, remove_line
from riskdata.words.spelling import fold
from riskdata.words.vocabulary import vocabulary

LINKS, ACTIVITY_LINKS, VERDICTS = "links.csv", "activity_links.csv", "verdicts.csv"
COLUMNS = ("board", "before", "after", "text_before", "text_after", "decision", "by", "date")
VERDICT_COLUMNS = ("board", "period", "activity", "comment", "verdict", "reason", "by", "date")
FILES = {LINKS: COLUMNS, ACTIVITY_LINKS: COLUMNS, VERDICTS: VERDICT_COLUMNS}
_DECIDED = {LINKS: "decision", ACTIVITY_LINKS: "decision", VERDICTS: "verdict"}


def read_decisions(manual_folder: str | Path | None = None, *, file: str = LINKS) -> pd.DataFrame:
    """Return what people decided, as a file of data/manual has it; empty if there is no such file.

    Parameters
    ----------
    manual_folder : the folder data/manual; None for the one of the project worked in.
    file : links.csv, activity_links.csv or verdicts.csv.

    Returns
    -------
    DataFrame with the columns of the file, all text. Of links board, before, after, text_before,
    text_after, decision (same, different, or missing: not decided yet), by, date; of verdicts
    board, period, activity, comment, verdict (finished, unfinished, cancelled, unknown, or
    missing), reason, by, date. Swedish words (samma, inte samma, avslutad, ej avslutad, avbruten,
    okänd) are read as these. The index is the line of the file less two, so that messages can
    name the line.

    Raises
    ------
    ManualError : a column is missing, or the file cannot be read.

    >>> read_decisions("finns-inte").columns.tolist()[:3]
    ['board', 'before', 'after']
    """
    columns, decided = FILES[file], _DECIDED[file]
    rows = read_table(Path(manual_folder or folders.manual()) / file, columns)
    table = pd.DataFrame(rows, columns=[*columns, "line"], dtype="str").replace("", pd.NA)
    table = table.set_index(table.line.astype("int64") - 2).rename_axis(None)[[*columns]]
    table[decided] = table[decided].map(_code, na_action="ignore").astype("str")
    table.attrs["file"] = f"data/manual/{file}"
    return table


def _code(word: str) -> str:
    """Return the code for what a person has written; the word where it is none."""
    known = vocabulary().words["answers"]
    return next(
        (code for code, words in known.items() if fold(word) in map(fold, [code, *words])), word
    )


@dataclass(frozen=True)
class Decision:
    """A line that has been written to a file of data/manual."""

    path: Path
    row: dict[str, str]

    def undo(self) -> bool:
        """Take the line away again, and return whether it was still there."""
        return remove_line(self.path, self.row, FILES[self.path.name])


def decide(
    file: str, *, by: str | None = None, manual_folder: str | Path | None = None, **row: str
) -> Decision:
    """Write a decision to data/manual, with today's date and who made it.

    Parameters
    ----------
    file : links.csv, activity_links.csv or verdicts.csv.
    by : the person; the one who is logged in, where not given.
    row : the file's other columns. Of a link board, before, after, text_before, text_after and
        decision (same or different); of a verdict board, period, activity, comment, verdict
        and reason.

    Returns
    -------
    Decision
        With ``undo()``.

    Raises
    ------
    ChoiceError : a file, column or decision that there is not. ManualError : the file can't be read.

    >>> import tempfile
    >>> made = decide("verdicts.csv", manual_folder=tempfile.mkdtemp(), by="Ida", board="Socialnämnden",
    ...     period="2025-VB", activity="Kurs", comment="Hölls i maj.", verdict="finished", reason="protokoll")
    >>> made.undo(), made.undo()
    (True, False)
    """
    if file not in FILES or not {*row} <= {*FILES[file]}:
        known = "; ".join(f"{name}: {', '.join(columns)}" for name, columns in FILES.items())
        raise ChoiceError(f"{file} ({', '.join(row)}) finns inte. Det som finns: {known}.")
    if fault := _wrong_word(row[_DECIDED[file]], file):
        raise ChoiceError(f"{file}: {fault}")
    path = Path(manual_folder or folders.manual()) / file
    whole = {**row, "by": by or getuser(), "date": date.today().isoformat()}
    whole = {name: "" if pd.isna(text) else str(text) for name, text in whole.items()}
    add_line(path, whole, FILES[file])
    return Decision(path, whole)


def _wrong_word(word: str, file: str) -> str | None:
    known = schema.VERDICTS if file == VERDICTS else ("same", "different")
    if _code(word) in known:
        return None
    swedish = [words[0] for code, words in vocabulary().words["answers"].items() if code in known]
    return f"beslutet är ”{word}”. Skriv {', '.join(known)} eller {', '.join(swedish)}."


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
    placed, faults = find_places(decisions, old, new)
    refuse(decisions, faults)
    return placed


def find_places(
    decisions: pd.DataFrame | None, old: pd.DataFrame, new: pd.DataFrame
) -> tuple[pd.DataFrame, dict[int, str]]:
    """Return what ``place`` does, and beside it the faults: row of decisions → what is wrong."""
    columns = ["board", "id_before", "id_after", "decision"]
    if decisions is None or decisions.empty or old.empty or new.empty:
        return pd.DataFrame(columns=columns, dtype="str"), {}
    made = decisions[decisions.decision.notna() & (decisions.decision != "")]
    wrong = made.decision.map(lambda word: _wrong_word(word, LINKS)).dropna().to_dict()
    mine = made[
        ~made.index.isin(wrong)
        & (made.before == old.period.iloc[0])
        & (made.after == new.period.iloc[0])
        & (made.board.isin(old.board) | made.board.isin(new.board))
    ]
    before, faults_before = _find(mine.board, mine.text_before, old)
    after, faults_after = _find(mine.board, mine.text_after, new)
    placed = mine[["board", "decision"]].assign(id_before=before, id_after=after)
    faults = _joined(wrong, faults_before, faults_after, _disagreements(placed.dropna()))
    return placed.drop_duplicates()[columns], faults


def _joined(*faults: dict[int, str]) -> dict[int, str]:
    """Return the faults of each row in one text."""
    of_row: dict[int, list[str]] = {}
    for some in faults:
        for number, fault in some.items():
            of_row.setdefault(number, []).append(fault)
    return {number: " ".join(dict.fromkeys(said)) for number, said in sorted(of_row.items())}


def refuse(decisions: pd.DataFrame, faults: dict[int, str]) -> None:
    """Raise ManualError with every fault: row of decisions → what is wrong."""
    if faults:
        file = decisions.attrs.get("file", f"data/manual/{LINKS}")
        raise ManualError("\n".join(f"{file}, rad {n + 2}: {said}" for n, said in faults.items()))


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


def with_verdicts(judged: pd.DataFrame, verdicts: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return activities with the verdicts that people have given in the place of those read.

    Parameters
    ----------
    judged : activities with verdict, reason and evidence.
    verdicts : as from ``read_decisions(file="verdicts.csv")``; those of data/manual, where not given.

    Returns
    -------
    The same rows; where a person has decided, ``reason`` is person and ``evidence`` what they wrote.

    Raises
    ------
    ManualError : a verdict about an activity that is there, but with another comment, or two that
        disagree. Each fault names its line.
    """
    verdicts = read_decisions(file=VERDICTS) if verdicts is None else verdicts
    made = verdicts[verdicts.verdict.notna()]
    if made.empty or judged.empty:
        return judged
    refuse(verdicts, verdict_faults(made, judged))
    given = {key: row for key, row in zip(_keys(made), made.itertuples(), strict=True)}
    found = [given.get(key) for key in _keys(judged)]
    decided = pd.Series([row is not None for row in found], judged.index)
    said = {
        "verdict": [row and row.verdict for row in found],
        "reason": ["person" if row else None for row in found],
        "evidence": [row and row.reason for row in found],
    }
    columns = {
        name: judged[name].astype("object").mask(decided, pd.Series(values, judged.index, "object"))
        for name, values in said.items()
    }
    return judged.assign(**{name: values.astype("str") for name, values in columns.items()})


def _keys(rows: pd.DataFrame) -> list[tuple]:
    """Return what an activity is known by: board, period, and the texts as printed."""
    texts = [normal(rows[name].astype("str")).fillna("") for name in ("activity", "comment")]
    return list(zip(rows.board, rows.period, *texts, strict=True))


def verdict_faults(
    verdicts: pd.DataFrame, activities: pd.DataFrame, *, every: bool = False
) -> dict[int, str]:
    """Return what is wrong with lines of verdicts.csv: row → fault.

    every: whether the activities are all there are, so that one that is not among them is gone.
    """
    made = verdicts[verdicts.verdict.notna()]
    there, keys = set(_keys(activities)), _keys(made)
    named = {key[:3] for key in there}
    faults, seen = {}, {}
    for (number, row), key in zip(made.iterrows(), keys, strict=True):
        fault = _wrong_word(row.verdict, VERDICTS)
        if key not in there and (every or key[:3] in named):
            what = "kommentaren" if key[:3] in named else "åtgärden"
            fault = (
                f"{what} till ”{row.activity}” finns inte i {row.board} {row.period} så som den står "
                "här. Läs den på nytt, och rätta raden efter exporten eller ta bort den."
            )
        elif seen.setdefault(key, row.verdict) != row.verdict:
            fault = "säger emot en tidigare rad om samma åtgärd. Ta bort den av dem som är fel."
        if fault:
            faults[number] = fault
    return faults
