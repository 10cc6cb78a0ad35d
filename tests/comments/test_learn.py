"""What ``make learn`` makes of labelled comments."""

import pandas as pd

from benchmarks.learn_comments import learn
from riskdata.comments.model import REASONS, likely


def test_what_several_authors_say_of_a_reason_is_learnt():
    """A word that three authors use of one reason alone gives that reason; one author's own gives none."""
    labels = [*REASONS] * 3
    words = [f"ord{'abcdefghijkl'[n % len(REASONS)]}" for n in range(len(labels))]
    own = [f"eget{n}" for n in range(len(labels))]
    comments = [[[word, alone]] for word, alone in zip(words, own, strict=True)]
    writers = [f"voice-{n // len(REASONS)}" for n in range(len(labels))]
    model = learn(comments, pd.DataFrame({"reason": labels, "writer": writers}))
    of_comments, _ = likely(model, comments)
    assert [[*REASONS][n] for n in of_comments.argmax(axis=1)] == labels
    assert {*words} <= {*model.features}
    assert not {*own} & {*model.features}
