"""One export file → its tidy rows, or the reason why it could not be read."""

import hashlib
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path

from riskdata.errors import RiskdataError
from riskdata.exports.audit import find_lost
from riskdata.exports.corrections import Correction, correct_cells, correct_values, note_corrections
from riskdata.exports.flat import part_columns
from riskdata.exports.labels import check_scales
from riskdata.exports.layouts import with_own_words
from riskdata.exports.rows import NO_MENDING
from riskdata.exports.sources import find_board_and_period
from riskdata.exports.tidy import Tidy, make_id, tidy
from riskdata.readers import find_grids, read_bytes
from riskdata.readers.grid import Grid
from riskdata.words.vocabulary import Vocabulary

_texts_of_risk = itemgetter("goal_code", "goal", "indicator", "process", "way_of_working", "event")
_texts_of_activity = itemgetter("risk_id", "indicator", "process", "activity")


@dataclass
class Export:
    """What one file gave: its row of ``sources``, and for each other table its rows.

    The rows have the columns of schema.py, less those of ``where``, which all of them share.
    """

    source: dict
    risks: list[dict] = field(default_factory=list)
    activities: list[dict] = field(default_factory=list)
    account: list[tuple] = field(default_factory=list)
    unread: list[tuple] = field(default_factory=list)
    cells: list[tuple] = field(default_factory=list)

    def where(self, table: str) -> dict:
        """Return what all its rows of a table have in common."""
        if table not in ("risks", "activities"):
            return {"source_file": self.source["source_file"]}
        where = {name: self.source[name] for name in ("source_file", "board", "period")}
        return where | {"year": int(where["period"][:4])}


def read_export_file(
    path: Path,
    name: str,
    vocab: Vocabulary,
    *,
    own: tuple[str, str] = ("", ""),
    corrections: tuple[Correction, ...] = (),
) -> Export:
    """Return what a file gives; whatever is wrong with it stands in ``source["problem"]``.

    name: the file as it is called in the tables; own: its board and period in sources.csv.
    """
    source = {"source_file": name}
    try:
        content = read_bytes(path)
        source["sha256"] = hashlib.sha256(content).hexdigest()
        printed = find_grids(content, path.name)
        return _read(printed, source, vocab, own, [c for c in corrections if c.file == name])
    except RiskdataError as fault:
        text = str(fault)
        known = {"sha256": digest(path)} | source
        return Export(known | {"problem": text if text.startswith(name) else f"{name}: {text}"})


def _read(
    printed: list[Grid],
    source: dict,
    vocab: Vocabulary,
    own: tuple[str, str],
    corrections: list[Correction],
) -> Export:
    grids, made = correct_cells(printed, corrections)
    grids, told, left = part_columns(grids, vocab)
    found = tidy(grids, vocab)
    found.account.extend(told)
    found.unread.extend(left)
    found.printed_rows += len(left)
    correct_values(found, [c for c in corrections if c not in made])
    note_corrections(found, corrections)
    board, period = find_board_and_period(source["source_file"], found.titles, own, vocab)
    check_scales(found, (source["source_file"], f"{board} {period}", period), vocab)
    lost, cells = find_lost(printed, found, with_own_words(vocab, found.layout))
    found.unread.extend(lost)
    found.account.sort(key=itemgetter(0))
    _name_rows(found, period, board)
    source |= {
        "kind": found.layout.kind, "layout": found.layout.name, "board": board, "period": period,
        "printed_rows": found.printed_rows, "risks": len(found.risks),
        "activities": len(found.activities), "unread": len(found.unread),
        "repairs": sum(entry[2] not in NO_MENDING for entry in found.account),
    }  # fmt: skip
    counts = (cells.printed, cells.placed, cells.noted, cells.unread)
    return Export(
        source, found.risks, found.activities, found.account, found.unread, cells=[counts]
    )


def _name_rows(found: Tidy, period: str, board: str) -> None:
    """Give every risk and activity its id; the same texts again get a number of their own."""
    seen: dict[str, int] = {}
    common = (board, found.layout.kind)

    def name(texts: tuple[str | None, ...]) -> str:
        made = make_id(period, *common, *texts)
        again = seen[made] = seen.get(made, 0) + 1
        return made if again == 1 else f"{made}-{again}"

    for risk in found.risks:
        risk["risk_id"] = name(_texts_of_risk(risk))
    for activity in found.activities:
        risk = activity.pop("risk") or {}
        activity["risk_id"] = risk.get("risk_id")
        activity["activity_id"] = name(("activity", *_texts_of_activity(activity)))


def digest(path: Path) -> str | None:
    """Return the SHA-256 of a file's bytes; None where it cannot be opened."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
