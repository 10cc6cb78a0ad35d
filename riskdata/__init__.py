"""Clean, follow, compare and chart the risk and follow-up exports of Swedish municipal boards."""

from importlib import import_module

# Each public name and the module that it lives in: loaded when first asked for, so that the
# command starts at once and a notebook loads only what it uses.
_HOMES = {
    "clean": ("clean_folder", "load", "read_export", "refresh"),
    "tables.data": ("Data", "columns"),
    "errors": ("RiskdataError",),
    "analysis.activities": ("persistence", "promises", "unfinished"),
    "analysis.links": ("link_activities", "link_risks", "links_to_review", "with_risk_values"),
    "analysis.decisions": ("decide", "read_decisions"),
    "analysis.changes": ("compare", "compare_boards", "history"),
    "selections": (
        "about_comments",
        "choose_followed",
        "choose_periods",
        "count_changes",
        "count_findings",
        "count_repairs",
        "highest",
        "longest_high",
        "unproven",
        "up_to",
        "work_list",
    ),
    "charts.chart": ("Chart",),
    "charts.risks": (
        "plot_boards",
        "plot_by_group",
        "plot_decision_by_value",
        "plot_risk_matrix",
        "plot_risk_values",
    ),
    "charts.changes": ("plot_change_bridge", "plot_changes"),
    "charts.years": ("plot_largest_risks", "plot_values_by_year"),
    "charts.activities": ("plot_tertials", "plot_unfinished_by_group"),
    "charts.style": ("labels", "style"),
    "reports.printed": ("show", "to_paste"),
    "reports.masking": ("mask_names",),
    "reports.committee": ("committee_report",),
    "reports.page": ("save_page",),
    "reports.save": ("save_report",),
    "explorer": ("explore",),
    "tracing": ("trace",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'riskdata' has no attribute {name!r}")
    return getattr(import_module(f"riskdata.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
