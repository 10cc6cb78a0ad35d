"""The sheet that a chart is drawn on: its scale, and title, legend, notes and source round the axes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypedDict

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox, Transform, offset_copy

from riskdata.analysis.links import of_registers
from riskdata.charts.chart import Chart, alt_text
from riskdata.charts.style import (
    DOTS,
    INK,
    LINE,
    PAPER,
    TEXT,
    TITLE,
    WIDTH,
    house_style,
    text_height,
    text_width,
    wrap,
)
from riskdata.errors import ChoiceError
from riskdata.tables.schema import TABLES
from riskdata.words.language import (
    board_of,
    check_language,
    heading,
    sentence,
    series,
    word,
    words,
)
from riskdata.words.periods import in_order
from riskdata.words.vocabulary import Vocabulary, vocabulary

INCH, GAP, EDGE = 72, 6, 4  # points
NAMED = 3  # boards named in a source line; more are counted
KEY = 36  # points: what a legend's key takes beside its text, and what parts two of them


class How(TypedDict, total=False):
    """What every chart can be asked for, as ``plot_risk_matrix`` explains."""

    ax: Axes | None
    title: str | None
    note: str
    language: str


@dataclass(frozen=True)
class Scale:
    """What a vocabulary says of values, and the limit that is used."""

    vocab: Vocabulary
    limit: int
    assumed: bool
    mixed: bool = False  # whether boards of several scales or limits are in one table

    @property
    def values(self) -> list[int]:
        """The risk values that are possible, from the lowest."""
        rows, columns = (range(1, n + 1) for n in self.vocab.size)
        return sorted({row * column for row in rows for column in columns})

    def colour(self, value: int) -> str:
        """The colour of a risk value's band."""
        return next((c for _, low, high, c in self.vocab.bands() if low <= value <= high), PAPER)

    def steps(self, axis: str, language: str) -> list[str]:
        """Return each step's digit and word; the digit alone where the word has no translation."""
        names = self.vocab.scale_labels(axis)
        known = {name: name for name in names} if language == "sv" else words(language)["scale"]
        return [f"{n} {known.get(name, '')}".strip() for n, name in enumerate(names, 1)]


def read_scale(table: pd.DataFrame, limit: int | None = None) -> Scale:
    """Return the scale of a table's boards; the common one where theirs differ, or there are none.

    ``limit``: one that was asked for, no assumption where it is another than the vocabulary's.
    """
    own = [vocabulary().for_board(board) for board in table.board.dropna().unique()]
    alike = len({(v.limit, v.size) for v in own}) == 1
    vocab, mixed = own[0] if alike else vocabulary(), len(own) > 1 and not alike
    assumed = limit in (None, vocab.limit) and vocab.limit_is_assumed
    return Scale(vocab, limit or vocab.limit, assumed, mixed)


@dataclass
class Sheet:
    """An axes with room round it; all sizes are in points.

    ``width`` is the room for everything and ``height`` that of the axes. ``left``, ``right``,
    ``above`` and ``below`` are what the labels round the axes take: who draws says so. ``owned`` is
    False when the axes is the user's: then its place and size are left to the figure's layout.
    """

    name: str
    ax: Axes
    language: str
    source: str
    width: float
    owned: bool
    title: str | None
    note: str
    board: str  # the one that is drawn, whose own words are used; "" for several
    scale: Scale | None
    height: float = 150
    left: float = 0
    right: float = 0
    above: float = 0
    below: float = 0

    @property
    def room(self) -> float:
        """The width that the labels leave for drawing."""
        return self.width - self.left - self.right

    def word(self, key: str, **values: object) -> str:
        """Return a word in the sheet's language; ".key" is one of the chart's own."""
        return word(f"{self.name}{key}" if key.startswith(".") else key, self.language, **values)

    def count(self, what: str, n: int) -> str:
        """Return a number of things in words: "37 risker"."""
        return self.word(f"count.{what}", n=n)

    def shares(self, counts: pd.Series, totals: pd.Series) -> list[str]:
        """Return how many of how many, as texts that stand beside bars."""
        both = zip(counts, totals, strict=True)
        return [self.word("say.of", n=n, of=str(of)) for n, of in both]

    def note_of(self, key: str, n: int) -> list[str]:
        """Return the note that something is so of ``n``; none where it is so of none."""
        return [self.word(f"say.{key}", n=n)] if n else []

    def heading(self, column: str) -> str:
        """Return the heading of a column, in the words of the board."""
        return heading(column, self.language, self.board)

    def chart(
        self,
        finding: str,
        data: pd.DataFrame,
        *details: str,
        alt: str = ".alt",
        subtitle: str = ".subtitle",
        legend: Sequence[Artist] = (),
        notes: Sequence[str] = (),
        **about: object,
    ) -> Chart:
        """Return the finished chart: texts placed, figure made as large as its contents.

        ``about`` fills the words of the chart's subtitle and of what its text alternative begins
        with; ``details`` are for the text alternative alone.
        """
        title, source = self.title or finding, f"{self.source} {self.note}".strip()
        up, down = self.above + GAP, self.below + GAP
        if legend:
            up += self._legend(legend, up) + GAP
        up += self._write(self.word(subtitle, **about), up) + GAP
        top = up + self._write(title, up, size=TITLE, weight="bold")
        for note in notes:
            down += self._write(note, -down) + GAP / 2
        bottom = down + self._write(source, -down)
        inner = self._fit(top, bottom, up, down) if self.owned else None
        first = map(sentence, (self.word(alt, **about), finding))
        self.ax.riskdata_alt = alt_text([*first, self.note, *details, *notes, self.source])
        data = data.rename_axis(columns=None).reset_index(drop=True)
        about = (self.name, self.language, self.board, inner)
        return Chart(self.ax, title, self.ax.riskdata_alt, data, source, *about)

    def empty(self, data: pd.DataFrame, notes: Sequence[str] = ()) -> Chart:
        """Return a chart that says that there is nothing to show, or why it can't be shown."""
        self.ax.set_axis_off()
        self.height, mixed = 0.1, self.scale is not None and self.scale.mixed
        title, why = ("say.mixed", "choose_a_board") if mixed else (".empty", "nothing_drawn")
        return self.chart(
            self.word(title),
            data.head(0),
            self.word("say.choose_a_board" if mixed else "say.no_fault"),
            alt="say.without_content",
            subtitle=f"say.{why}",
            notes=notes,
            kind=self.word(".kind"),
        )

    def _write(self, text: str, y: float, *, size: float = TEXT, weight: str = "normal") -> float:
        """Write a text from the left edge, over the axes or (y below 0) under it; return its height."""
        room = 0.98 * self.width  # hinted, a text may be a little wider than it was measured
        text = wrap(text, room, size=size, bold=weight == "bold")
        self.ax.text(
            0, y > 0, text, transform=self._offset(y), va="bottom" if y > 0 else "top",
            linespacing=LINE, size=size, weight=weight,
        )  # fmt: skip
        return text_height(text, size)

    def _offset(self, y: float) -> Transform:
        """Return axes coordinates from the sheet's left edge, moved up."""
        return offset_copy(self.ax.transAxes, self.ax.figure, -self.left, y, units="points")

    def _legend(self, handles: Sequence[Artist], y: float) -> float:
        """Put the legend above the axes in as few rows as fit; return its height."""
        labels = [handle.get_label() for handle in handles]
        fitting = int(self.width // (max(map(text_width, labels)) + KEY))
        columns = min(max(fitting, 1), len(labels))
        self.ax.legend(
            handles=handles, loc="lower left", ncols=columns, fontsize=TEXT, frameon=False,
            borderpad=0, borderaxespad=0, columnspacing=1.2, handletextpad=0.5, labelspacing=0.5,
            bbox_to_anchor=(0, 1), bbox_transform=self._offset(y),
        )  # fmt: skip
        rows = -(-len(labels) // columns)
        return rows * (max(map(text_height, labels)) + TEXT / 2)

    def _fit(self, top: float, bottom: float, up: float, down: float) -> Bbox:
        """Make the figure as high as all that stands in it; return its part without title and source."""
        page, floor = self.width + 2 * EDGE, EDGE + bottom
        total = floor + self.height + top + EDGE
        place = ((EDGE + self.left) / page, floor / total, self.room / page, self.height / total)
        self.ax.figure.set_size_inches(page / INCH, total / INCH)
        self.ax.set_position(place)
        low, high = floor - down, floor + self.height + up
        return Bbox([[0, low / INCH], [page / INCH, high / INCH]])


@contextmanager
def open_sheet(
    name: str,
    table: pd.DataFrame,
    scale: Scale | None = None,
    *,
    periods: Sequence[str] = (),
    ax: Axes | None = None,
    title: str | None = None,
    note: str = "",
    language: str = "sv",
) -> Iterator[Sheet]:
    """Open a sheet as wide as a page's text, or on the user's own axes, in the house style."""
    check_language(language)
    source, owned = source_line(table, language, scale, periods or periods_of(table)), ax is None
    with house_style():
        ax = HouseFigure(dpi=DOTS).add_axes((0.3, 0.3, 0.6, 0.6)) if owned else ax
        width = WIDTH - 2 * EDGE if owned else _width_of(ax)
        ax.spines[:].set_visible(False)
        ax.tick_params(length=0, labelsize=TEXT, labelcolor=INK, pad=4)
        ax.set(xticks=[], yticks=[])
        yield Sheet(name, ax, language, source, width, owned, title, note, board_of(table), scale)


class HouseFigure(Figure):
    """A figure unknown to pyplot, whose texts are as wide when it is saved as they were measured."""

    def savefig(self, file: object, **how: object) -> None:
        """Save the figure, in the house style whatever is set around it."""
        with house_style():
            super().savefig(file, **how)


def _width_of(ax: Axes) -> float:
    """Return the width of the part of a figure that is the axes'; the figure then lays itself out."""
    figure, spec = ax.figure, ax.get_subplotspec()
    if spec is None:
        return ax.get_window_extent().width * INCH / figure.dpi
    if figure.get_layout_engine() is None:
        figure.set_layout_engine("constrained")
    ratios = spec.get_gridspec().get_width_ratios()
    share = sum(ratios[n] for n in spec.colspan) / sum(ratios)
    return figure.get_figwidth() * INCH * share - 2 * GAP


def require(table: pd.DataFrame, *columns: str) -> None:
    absent = [column for column in columns if column not in table]
    if absent:
        there = ", ".join(map(str, table.columns))
        raise ChoiceError(word("errors.no_columns", columns=", ".join(absent), there=there))


def require_one_period(table: pd.DataFrame) -> None:
    """Raise ChoiceError for a table of several periods: a risk would count more than once."""
    periods = periods_of(table)
    if len(periods) > 1:
        said = {"n": len(periods), "periods": ", ".join(periods), "last": periods[-1]}
        raise ChoiceError(word("errors.several_periods", **said))


def one_register(risks: pd.DataFrame) -> pd.DataFrame:
    """Return the risks of one period, each once: a board's register, else those of its follow-up."""
    require(risks, *TABLES["risks"])
    require_one_period(risks)
    return of_registers(risks)


def source_line(
    table: pd.DataFrame, language: str, scale: Scale | None, periods: Sequence[str]
) -> str:
    """Return where the numbers come from, the limit, and what of it was assumed or guessed."""
    boards = sorted(table.board.dropna().unique())
    counted = len(boards) > NAMED
    who = word("count.boards", language, n=len(boards)) if counted else series(boards, language)
    where = [who, "–".join(dict.fromkeys([*periods[:1], *periods[-1:]]))]
    where = ", ".join(filter(None, where)) or word("say.no_source", language)
    sentences = [word("say.source", language, where=where)]
    if scale:
        key = "limit_assumed" if scale.assumed else "limit_set"
        sentences.append(word(f"say.{key}", language, limit=scale.limit))
    guessed = table.attrs.get("guessed", ())  # (board, period) of each, as Data has them
    if any(board in boards and period in periods for board, period in guessed):
        sentences.append(word("say.guessed", language))
    return " ".join(sentences)


def periods_of(table: pd.DataFrame) -> list[str]:
    return in_order(table.period.dropna().unique()) if "period" in table else []
