"""A table that sorts, searches and pages in the browser, with nothing fetched from anywhere."""

import pandas as pd
from itables.widget import ITable

from riskdata.words.language import words

PAGE = 10  # rows
STYLE = """
.dt-container { font-size: 85% }
.dt-container .dt-layout-table { overflow-x: auto }
.dt-container td { vertical-align: top }
.dt-container td:last-child { overflow-wrap: anywhere; min-width: 9em }
"""
_OPTIONS = {
    "pageLength": PAGE,
    "lengthMenu": [PAGE, 25, 100],
    "maxBytes": 0,  # what is shown is chosen by who calls, and said
    "classes": "display compact",
    "style": "width:100%",
    "css": STYLE,
    "autoWidth": False,
    "text_in_header_can_be_selected": False,
}


def browse(rows: pd.DataFrame, *, language: str = "sv") -> ITable:
    """Return rows, as ``tables.printed`` returns them, as a table for the browser.

    ``show_rows`` puts others in their place.

    Raises ChoiceError for an unknown language.
    """
    return ITable(_plain(rows), language=words(language)["browse"], **_OPTIONS)


def show_rows(table: ITable, rows: pd.DataFrame) -> None:
    """Show other rows in a table made by ``browse``."""
    table.update(_plain(rows), **_OPTIONS)  # what is not said again becomes itables' own


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.reset_index(drop=True)
