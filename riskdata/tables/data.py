"""All tidy tables together: choosing among them, and how their files were read, in words."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape

import pandas as pd

from riskdata.errors import ChoiceError
from riskdata.tables import schema
from riskdata.words import periods as order
from riskdata.words.language import heading, label, series, word, words

LONGEST = 100  # letters of a printed text in a line
NAMED = 6  # headings or texts in one sentence; the workbook has them all
RULES = {  # of the account: what is printed and in no table, or stands there by a guess → its name
    "column_not_used": "column", "column_lost": "column", "header_without_rows": "column",
    "set_aside": "before", "guessed_column": "before", "unknown_word": "before",
    "outside_named": "before",
}  # fmt: skip


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
        meanings, names = words()["meanings"], [*schema.TABLES[table]]
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


# -- how files were read, in words: what clean and check say -------------------------------------


def summarise(data: Data) -> str:
    """Return what was read, mended and found over all files, and last what is in no table, as lines."""
    mended, read = data.repairs, data.sources.problem.isna().sum()
    return "\n".join([
        _say("files", n=len(data.sources), read=read, **_sizes(data)),
        _say("repairs", n=len(mended), proven=mended.proven.sum()),
        *_counts(mended.rule.value_counts(), _rule),
        _say("findings", n=len(data.findings)),
        *_counts(data.findings.severity.value_counts(), label),
        *_describe_cells(data.cells),
        *describe_audit(data),
        _say("unread", n=len(data.unread)),
    ])  # fmt: skip


def describe_problems(data: Data) -> str:
    """Return why files, or decisions in data/manual, could not be used; "" when all could."""
    problems = data.sources.problem.dropna()
    lost = data.findings[data.findings.check == "decision_without_match"].itertuples()
    return "\n".join([
        *(("", _say("problems", n=len(problems))) if len(problems) else ()),
        *(f"• {text}" for text in problems),
        *(f"• {row.source_file}, {_row(row.source_row)}{row.message}" for row in lost),
    ])  # fmt: skip


def describe_export(data: Data) -> str:
    """Return all that was seen in one file: layout, rows, each repair, each finding, what is unread."""
    source, account, unread = data.sources.iloc[0], data.account, data.unread.itertuples()
    kept = account[account.rule.isin(["extra_column", "cell_not_used", "cell_kept"])].itertuples()
    repairs, left = _say("of_repairs", n=source.repairs), _say("not_placed", n=source.unread)
    export = {"board": source.board, "period": source.period, "kind": label(source.kind).lower()}
    return "\n".join([
        _say("export", file=source.source_file, **export),
        _say("gave", repairs=repairs, unread=left, **_sizes(data)),
        *_describe_cells(data.cells),
        *describe_audit(data),
        *_section("repairs", map(_repair, data.repairs.itertuples())),
        *_section("kept", (f"{_row(r.source_row)}{r.column}: {_short(r.before)}" for r in kept)),
        *_section("findings", _findings(data.findings), len(data.findings)),
        *_section("unread", (f"{_row(r.source_row)}{r.reason}: {_short(r.text)}" for r in unread)),
    ])  # fmt: skip


def _say(key: str, **values: object) -> str:
    return word(f"summary.{key}", **values)


def _sizes(data: Data) -> dict[str, str]:
    sizes = {"risks": len(data.risks), "activities": len(data.activities)}
    sizes["rows"] = data.sources.printed_rows.sum()
    return {what: word(f"count.{what}", n=n) for what, n in sizes.items()}


def lost_cells(cells: pd.DataFrame) -> pd.Series:
    """Return how many printed cells of each file are found nowhere."""
    lost = cells.printed - cells[["placed", "noted", "unread"]].sum(axis="columns")
    return lost.set_axis(cells.source_file)


def _describe_cells(cells: pd.DataFrame) -> Iterator[str]:
    """Yield where every printed cell went, each file in which any was lost, the kinds set aside."""
    sums, lost = cells[["printed", "placed", "noted", "unread"]].sum(), lost_cells(cells)
    yield _say("cells", lost=lost.sum(), **sums)
    yield from _counts(lost, str)
    noted = cells.kinds.explode().dropna().str.rsplit(" ", n=1)
    kinds = noted.str[1].astype("Int64").groupby(noted.str[0]).sum()
    yield from _counts(kinds.sort_values(ascending=False), _rule)


def _counts(counts: pd.Series, name: Callable[[str], str]) -> Iterator[str]:
    yield from (f"  {count:>5}  {name(of)}" for of, count in counts.items() if count)


def _rule(code: str) -> str:
    return words()["values"]["rule"].get(code, code)


def _section(name: str, lines: Iterable[str], count: int | None = None) -> list[str]:
    lines = [f"  {line}" for line in lines]
    heading = f"{_say(f'section_{name}')} ({count or len(lines)})"
    return ["", heading, *lines] if lines else []


def _row(number: object) -> str:
    return f"{_say('row', row=str(number))}: "


def _repair(row: tuple) -> str:
    proof = f"  [{row.proof}]" if row.proof else ""
    change = f"{_short(row.before)} → {_short(row.after)}{proof}"
    return f"{_row(row.source_row)}{heading(row.column)}: {_rule(row.rule)}: {change}"


def _findings(findings: pd.DataFrame) -> Iterator[str]:
    """Yield a line for all rows that are asked about in the same words."""
    for (severity, message), same in findings.groupby(["severity", "message"], sort=False):
        rows = ", ".join(map(str, same.source_row.dropna().unique()))
        texts = [_short(text) for text in same.evidence.dropna().unique() if text]
        where = _row(rows) if rows else ""
        yield f"{label(severity)}: {where}{message} {', '.join(texts)}".rstrip()


def _short(text: str) -> str:
    if not isinstance(text, str) or not text:
        return _say("nothing")
    return f"”{text if len(text) <= LONGEST else text[: LONGEST - 1] + '…'}”"


def describe_audit(data: Data, language: str = "sv") -> Iterator[str]:
    """Yield what was printed and is in no table, or stands there by a guess: a sentence a kind."""
    for rule, column in RULES.items():
        rows = data.account[data.account.rule == rule]
        if column == "before":
            rows = rows.drop_duplicates(["source_file", "before"])  # a word is asked about once
        if len(rows):
            texts = rows[column].fillna(rows.column).drop_duplicates()
            named = [f"”{heading(text, language)}”" for text in texts.head(NAMED)]
            names = ", ".join([*named, "…"]) if len(texts) > NAMED else series(named, language)
            yield word(f"audit.{rule}", language, n=len(rows), names=names)
