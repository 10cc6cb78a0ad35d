"""A view of the explorer on disk: charts, tables and what was chosen, in a folder of its own."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from riskdata import folders
from riskdata.charts.chart import Chart
from riskdata.filters import Choice
from riskdata.tables.store import no_formula
from riskdata.words.language import word


def save_view(
    choice: Choice,
    charts: Mapping[str, Chart],
    tables: Mapping[str, pd.DataFrame],
    chosen: list[str],
    *,
    language: str = "sv",
) -> tuple[Path, int]:
    """Save a view below the report of its period and board; an earlier view is never written over.

    charts: by what they show, as ``risk_matrix``. tables: by the word for their file, with printed
    heads. chosen: a line for each filter.

    Returns
    -------
    folder, files : where, and how many were written.
    """
    folder = _new_folder(folders.report(choice.period, choice.board), language)
    for chart in charts.values():
        chart.save(folder)
    for name, table in tables.items():
        path = folder / f"{word(f'explore.{name}', language)}.csv"
        safe = table.map(no_formula)
        safe.to_csv(path, index=False, sep=";", encoding="utf-8-sig", lineterminator="\r\n")
    text = folder / f"{word('explore.chosen_file', language)}.txt"
    text.write_text("\n".join([*chosen, ""]), "utf-8")
    return folder, sum(1 for _ in folder.iterdir())


def _new_folder(where: Path, language: str) -> Path:
    """Make the first folder of vy-1, vy-2 … that is not there."""
    n, name = 1, word("explore.folder", language)
    while (where / f"{name}-{n}").exists():
        n += 1
    folder = where / f"{name}-{n}"
    folder.mkdir(parents=True)
    return folder
