"""The boards of a municipality side by side, with the numbers of their own reports."""

import pandas as pd
import pytest

from riskdata.reports.page import boards_side_by_side, not_compared, save_overview
from riskdata.tables.data import Data
from tests.committee_data import BOARD, make_data

OTHER = "Kulturnämnden"


@pytest.fixture(scope="module")
def data():
    """Two boards, the second without a follow-up."""
    one = make_data()
    tables = {}
    for name, table in one.tables().items():
        own = table[~table.source_file.str.startswith("uppfoljning")].copy()
        own["source_file"] = OTHER + " " + own.source_file
        if "board" in own:
            own["board"] = OTHER
        tables[name] = pd.concat([table, own], ignore_index=True)
    return Data(**tables).select(period="2025-VB")


def test_each_board_has_a_row_with_its_numbers(data):
    """High risks, unfinished and unknown, as in the reports."""
    rows = boards_side_by_side(data).rows.set_index("Nämnd")
    assert rows.loc[[BOARD, OTHER], "Når riskgränsen"].tolist() == ["3 av 6", "3 av 6"]
    assert rows.loc[BOARD, "Inte avslutade"] == "4 av 4"


def test_what_cannot_be_compared_is_said(data):
    """A board without a follow-up, and another scale, are told by name."""
    assert list(not_compared(data)) == [
        f"{OTHER} har ingen uppföljning för 2025-VB; åtgärderna är riskregistrets."
    ]


def test_where_all_is_alike_that_is_said(data):
    """No list of doubts is not the same as no doubt."""
    assert list(not_compared(data.select(board=BOARD))) == [
        "Nämnderna har samma slags underlag och samma skala."
    ]


def test_a_board_leads_to_its_report(data, project):
    """One click from the overview."""
    folder = project / "reports" / "2025-VB" / OTHER
    folder.mkdir(parents=True)
    (folder / "index.html").write_text('<html lang="sv"><title>Risker</title>', "utf-8")
    page = save_overview(data, "2025-VB").read_text("utf-8")
    assert 'href="Kulturn%C3%A4mnden/index.html"' in page and "3 av 6" in page
