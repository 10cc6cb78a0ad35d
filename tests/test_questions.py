"""An analyst's ten questions, each answered in at most five lines of what the README and help tell."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
import seaborn as sns

import riskdata as rd

SETUP = """
data = rd.load()
board, period = "Socialnämnden", "2025-VB"
registers = data.select(board=board, kind="register").risks
risks = registers[registers.period == period]
followed = rd.unfinished(data.followed(board=board))
"""
QUESTIONS = {
    "the ten largest risks": """
answer = risks.sort_values("risk_value", ascending=False).head(10)[["process", "event", "risk_value"]]
""",
    "at the limit and outside the control plan, five years": """
high = registers[registers.risk_value >= rd.vocabulary(board).limit]
outside = high[~high.decision.isin(rd.vocabulary().in_plan)]
answer = outside.groupby("period", observed=True).size()
""",
    "the process with most unfinished, by tertial": """
undone = followed[followed.verdict == "unfinished"]
counts = undone.groupby(["period", "process"], observed=True).size()
answer = counts.groupby("period", observed=True).idxmax()
""",
    "a seaborn plot of one's own in the house's style": """
plt.rcParams.update(rd.style())
answer = sns.countplot(rd.labels(risks), y="Riskvärde", hue="Hantering")
""",
    "two charts in one figure": """
figure, axes = plt.subplots(1, 2, figsize=(12, 5))
rd.plot_risk_matrix(risks, ax=axes[0])
answer = rd.plot_risk_values(risks, ax=axes[1]).figure
""",
    "one chart as PNG and SVG with a text alternative": """
answer = rd.plot_risk_matrix(risks, title="Riskerna i år").save(folder)
""",
    "who has most unfinished": """
people = data.activities.explode("responsible").groupby(["board", "risk_id"]).responsible.unique()
links = rd.link_follow_ups(data.risks).join(people, on=["board", "register_risk"])
undone = followed[(followed.verdict == "unfinished") & (followed.period == period)]
undone = undone.drop(columns="responsible").merge(links, on=["board", "period", "risk_id"])
answer = undone.explode("responsible").responsible.value_counts()
""",
    "two boards side by side": """
both = data.select(period=period, kind="register").risks
answer = rd.plot_boards(both)
""",
    "goal by year": """
answer = pd.crosstab(registers.goal, registers.period)
""",
    "repairs without a proof": """
repairs = data.repairs
answer = repairs[~repairs.proven]
""",
}


@pytest.fixture(scope="module")
def tables(cleaned_sample):
    """Return what each question starts from."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cleaned_sample)
        names = {"rd": rd, "pd": pd, "sns": sns, "plt": plt}
        exec(SETUP, names)
        yield names


@pytest.fixture
def ask(tables, cleaned_sample, monkeypatch, tmp_path):
    """Return a function that runs the lines of a question and returns the answer."""
    monkeypatch.chdir(cleaned_sample)

    def run(question: str) -> object:
        names = {**tables, "folder": tmp_path}
        with plt.rc_context():
            exec(QUESTIONS[question], names)
        plt.close("all")
        return names["answer"]

    return run


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_answered_in_five_lines(ask, question):
    """Nobody has to read the package to answer it, and something is answered."""
    assert len(QUESTIONS[question].strip().splitlines()) <= 5
    answer = ask(question)
    assert not hasattr(answer, "__len__") or len(answer)


def test_the_largest_come_first(ask, tables):
    """Ten rows, none smaller than the largest of the others."""
    ten = ask("the ten largest risks")
    others = tables["risks"].drop(ten.index)
    assert len(ten) == 10 and ten.risk_value.min() >= others.risk_value.max()


def test_every_year_is_answered(ask, tables):
    """What is outside the control plan is counted for each of the five registers."""
    counts = ask("at the limit and outside the control plan, five years")
    assert list(counts.index) == sorted(tables["registers"].period.unique())


def test_a_plot_of_ones_own_speaks_swedish(ask):
    """Axis and legend have the house's words."""
    ax = ask("a seaborn plot of one's own in the house's style")
    assert ax.get_ylabel() == "Riskvärde"
    assert "Till internkontrollplanen" in [text.get_text() for text in ax.get_legend().get_texts()]


def test_a_person_is_named(ask, tables):
    """Who is responsible is found through the register, for a follow-up prints nobody."""
    known = {name for names in tables["data"].activities.responsible for name in names}
    assert set(ask("who has most unfinished").index) <= known


def test_a_saved_chart_has_its_text_alternative(ask):
    """Picture, drawing, numbers and text lie beside each other."""
    saved = ask("one chart as PNG and SVG with a text alternative")
    assert {path.suffix for path in saved.values()} >= {".png", ".svg", ".txt"}
    assert all(path.stat().st_size for path in saved.values())
