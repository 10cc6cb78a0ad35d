"""All tidy tables together, and choosing among them: a period, what comes before, what is followed."""

from dataclasses import dataclass
from html import escape

import pandas as pd

from riskdata.errors import ChoiceError
from riskdata.tables import schema
from riskdata.words import periods as order
from riskdata.words.language import heading, label, word, words


@dataclass(frozen=True, eq=False)
class Data:
    """The tidy tables, each a DataFrame with the columns that ``columns`` tells."""

    risks: pd.DataFrame
    activities: pd.DataFrame
    account: pd.DataFrame
    unread: pd.DataFrame
    cells: pd.DataFrame
    findings: pd.DataFrame
    sources: pd.DataFrame

    def __post_init__(self) -> None:
        """Let risks and activities tell whose columns are guessed, so that charts say it."""
        rows = self.sources[self.sources.guessed.gt(0).fillna(False)]
        guessed = tuple(zip(rows.board, rows.period.astype("str"), strict=True))
        for table in (self.risks, self.activities):
            table.attrs.update({"guessed": guessed} if guessed else {})

    @property
    def boards(self) -> list[str]:
        """Every board there is data for."""
        return sorted(self._read.board.unique())

    @property
    def periods(self) -> list[str]:
        """Every period there is data for, oldest first."""
        return order.in_order(self._read.period.unique())

    @property
    def _read(self) -> pd.DataFrame:
        return self.sources[self.sources.problem.isna()]

    @property
    def repairs(self) -> pd.DataFrame:
        """The rows of the account that changed what was printed, and ``proven``: whether there is a proof.

        What is only kept there (headers, titles, columns that are not used) is left out.
        """
        rows = self.account[self.account.rule.isin(schema.REPAIRS)]
        return rows.assign(proven=rows.proof.fillna("") != "")

    @staticmethod
    def columns(table: str) -> pd.DataFrame:
        """Return the columns of a tidy table: column, heading, meaning and codes (with their words).

        Raises ChoiceError when there is no such table.

        >>> Data.columns("risks").set_index("column").heading["event"]
        'Oönskad händelse'
        """
        _check_choice("tabellen", table, list(schema.TABLES))
        meanings, names = words()["meanings"], schema.names(table)
        codes = map(schema.codes, names)
        said = [", ".join(f"{code} ({label(code)})" for code in some) for some in codes]
        rows = zip(names, map(heading, names), map(meanings.get, names), said, strict=True)
        return pd.DataFrame(rows, columns=["column", "heading", "meaning", "codes"])

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return every table by its name."""
        return {name: getattr(self, name) for name in schema.TABLES}

    def select(
        self, *, period: str | None = None, board: str | None = None, kind: str | None = None
    ) -> "Data":
        """Return the rows of one period, one board, one kind ("register", "follow_up"), or any of these.

        Raises ChoiceError when there is no such period, board or kind; it names those there are.
        """
        _check_choice("perioden", period, self.periods)
        _check_choice("nämnden", board, self.boards)
        _check_choice("slaget", kind, list(schema.KINDS))
        kept = self._read
        for column, value in (("period", period), ("board", board), ("kind", kind)):
            kept = kept if value is None else kept[kept[column] == value]
        files = {*kept.source_file}
        return Data(**{name: t[t.source_file.isin(files)] for name, t in self.tables().items()})

    def newest(
        self, *, board: str | None = None, kind: str | None = None, until: str | None = None
    ) -> str:
        """Return the newest period that there is data for, no later than ``until``.

        Raises ChoiceError when there is none.
        """
        _check_choice("perioden", until, self.periods)
        there = self.select(board=board, kind=kind).periods
        there = order.until(until, there) if until else there
        if not there:
            what = label(kind) if kind else "alla slag"
            raise ChoiceError(
                f"Det finns ingen export ({what}) för {board or 'någon nämnd'}"
                f"{f' till och med {until}' if until else ''}. Lägg den i data/raw och städa om."
            )
        return there[-1]

    def before(self, period: str, *, board: str | None = None) -> str:
        """Return the period of the register to compare with: the one before, VB with VB if it can be.

        Raises ChoiceError when there is no earlier register.
        """
        _check_choice("perioden", period, self.periods)
        earlier = order.before(period, self.select(board=board, kind="register").periods)
        if earlier is None:
            raise ChoiceError(
                f"Det finns inget riskregister före {period} att jämföra med. Lägg det i data/raw."
            )
        return earlier

    def followed(self, period: str | None = None, *, board: str | None = None) -> pd.DataFrame:
        """Return the activities that are followed up, to a period if one is given.

        Of a board they are those of its follow-ups; where it has none so far, the measures of its
        registers. A later export never changes what was followed before.

        Raises ChoiceError when there is none as early as that.
        """
        _check_choice("perioden", period, self.periods)
        there = self.periods if period is None else order.until(period, self.periods)
        read = self.select(board=board).sources
        read = read[read.period.isin(there)]
        follow_up = read.kind == "follow_up"
        files = read.source_file[follow_up | ~read.board.isin(read.board[follow_up])]
        activities = self.activities[self.activities.source_file.isin(files)]
        if activities.empty:
            until = f" till och med {period}" if period else ""
            raise ChoiceError(f"Det finns inga åtgärder{until}. Lägg uppföljningen i data/raw.")
        return activities

    def _repr_html_(self) -> str:
        """Show the tables that there are: how many rows, what a row is, of which boards and periods."""
        said = words()["tables"]
        rows = [
            (name, len(t), said["rows"][name], _names(t, "board"), _names(t, "period"))
            for name, t in self.tables().items()
        ]
        lead = word("tables.lead", boards=len(self.boards), periods=len(self.periods))
        shown = pd.DataFrame(rows, columns=said["heads"]).to_html(index=False, border=0)
        shown = shown.replace("<th>", "<th scope='col'>")
        return shown.replace("<thead>", f"<caption>{escape(lead)}</caption><thead>", 1)


def _names(table: pd.DataFrame, column: str) -> str:
    if column not in table:
        return ""
    there = table[column].dropna().unique()
    names = order.in_order(there) if column == "period" else sorted(there)
    return ", ".join(names) if len(names) <= 3 else f"{names[0]} … {names[-1]} ({len(names)})"


def _check_choice(what: str, value: str | None, known: list[str]) -> None:
    if value is not None and value not in known:
        raise ChoiceError(
            f"{what[:1].upper()}{what[1:]} ”{value}” finns inte i data/clean. "
            f"Det som finns: {', '.join(known)}."
        )
