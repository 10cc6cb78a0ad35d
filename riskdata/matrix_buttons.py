"""The risk matrix as buttons: each cell says how many risks it has, and can be chosen."""

from collections.abc import Mapping
from html import escape

import traitlets
from ipywidgets import HTML, Button, GridBox, Layout

from riskdata.charts.matrices import Scale
from riskdata.charts.style import INK, ink_on
from riskdata.words.language import heading, word

Cell = tuple[int, int]  # likelihood, consequence
EMPTY = "\N{NO-BREAK SPACE}"  # a button whose text is taken away altogether keeps the text it had


class MatrixButtons(GridBox):
    """A grid of buttons, the highest likelihood at the top; ``cell`` is the chosen one, or ().

    Only cells with risks can be chosen, by mouse or by Tab and Enter; the chosen one again lets go
    of it.
    """

    cell = traitlets.Tuple()

    def __init__(self, scale: Scale, *, language: str = "sv") -> None:
        self._language, self._buttons = language, {}
        steps, names = (scale.steps(axis, language) for axis in ("likelihood", "consequence"))
        columns = range(1, len(names) + 1)
        cells = []
        for likelihood in range(len(steps), 0, -1):
            cells.append(_name(steps[likelihood - 1], "right"))
            cells += [self._button(scale, (likelihood, column)) for column in columns]
        names = [_name(text, "center") for text in names]
        axes = " × ".join(heading(axis, language) for axis in ("likelihood", "consequence"))
        columns = f"minmax(6rem, max-content) repeat({len(names)}, minmax(3.2rem, 5rem))"
        layout = Layout(grid_template_columns=columns, grid_gap="2px", align_items="center")
        super().__init__([*cells, _name(axes, "right"), *names], layout=layout)
        self.observe(lambda _: self._mark(), "cell")

    def show(self, counts: Mapping[Cell, int]) -> None:
        """Show how many risks each cell has; a chosen cell that has none left is let go of."""
        for cell, button in self._buttons.items():
            n = counts.get(cell, 0)
            button.description = str(n) if n else EMPTY
            button.tooltip = cell_name(cell, n, self._language)
            button.disabled = not n
        if self.cell not in counts:
            self.cell = ()

    def _button(self, scale: Scale, cell: Cell) -> Button:
        colour = scale.colour(cell[0] * cell[1])
        style = {"button_color": colour, "text_color": ink_on(colour), "font_weight": "bold"}
        button = Button(style=style, layout=Layout(width="auto", height="2.4rem", margin="0"))
        button.on_click(lambda _: self._choose(cell))
        self._buttons[cell] = button
        return button

    def _choose(self, cell: Cell) -> None:
        self.cell = () if cell == self.cell else cell

    def _mark(self) -> None:
        for cell, button in self._buttons.items():
            button.layout.border = f"4px solid {INK}" if cell == self.cell else "1px solid #8c8c8c"


def cell_name(cell: Cell, n: int, language: str = "sv") -> str:
    """Return a cell in words.

    >>> cell_name((3, 4), 2)
    'Sannolikhet 3, konsekvens 4: 2 risker'
    """
    steps = {"likelihood": str(cell[0]), "consequence": str(cell[1])}
    return word("explore.cell_name", language, n=n, **steps)


def _name(text: str, align: str) -> HTML:
    return HTML(f'<div style="text-align:{align};line-height:1.2">{escape(text)}</div>')
