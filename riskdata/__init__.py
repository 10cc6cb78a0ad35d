"""Clean, follow, compare and chart the risk and follow-up exports of Swedish municipal boards.

Tables (DataFrames in and out; nothing changes its argument)
    refresh             the tidy tables, cleaned anew where data/raw or data/manual has changed
    load                the tidy tables as they were last cleaned: .risks .activities .findings …,
                        .select .newest .before .followed, .columns (what they mean), .repairs
    clean_folder        every export of a folder → the tidy tables, written to data/clean
    read_export         one file → its tidy tables; nothing is written
    vocabulary          what decisions and statuses count as, limits and scales: .in_plan .limits …
    Data                what load, refresh and clean_folder return: the tables, and choosing among them
    RiskdataError       what every error of the package is: says where, what and what to do

Activities
    unfinished          what is finished, unfinished, cancelled, unknown or overdue, and why
    persistence         for how many follow-ups in a row each has been unfinished
    promises            what comments put off to a later period, and whether it was kept
    with_risk_values    activities with the value of the risk that each answers

Risks over the years
    compare             what is new, gone, raised, lowered and unchanged between two periods
    compare_boards      how many risks boards have of each value and decision, side by side
    history             each risk through all its registers
    link_risks          which risk of one period is which of another, and how sure that is
    link_activities     the same of activities
    link_follow_ups     which risk of a register each risk of a follow-up is
    links_to_review     the links that a person should decide about

Charts (each returns a Chart : .ax .figure .title .alt .data .save; and takes ax=)
    plot_risk_matrix  plot_risk_values  plot_decision_by_value  plot_by_group  plot_boards
    plot_changes  plot_change_bridge  plot_values_by_year  plot_largest_risks
    plot_tertials  plot_unfinished_by_group
    style, labels       the house's look and words for plots of one's own
    show                a table with Swedish headings and words

Handing out and looking closer
    committee_report    what a committee is told about a period and a board; .save() writes it
    save_report         the same, written at once: Word, Excel, PDF and pictures in reports/
    mask_names          a table without the names of people
    confirm_guess       menus: what a file's columns are read as, to save in layouts.toml
    decide_links, decide_verdicts    buttons: links asked about, verdicts doubted
    explore             a widget: filters, matrix, list, one risk through the years
    trace               an id → the printed cells that it comes from
"""

import re
from importlib import import_module
from pathlib import Path

# Each public name and its module, as __init__.pyi says them to editors: loaded when first asked for,
# so that the command starts at once and a notebook loads only what it uses.
_STUB = Path(__file__).with_suffix(".pyi").read_text("utf-8")
_HOME = {name: module for module, name in re.findall(r"from (\S+) import \w+ as (\w+)", _STUB)}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'riskdata' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
