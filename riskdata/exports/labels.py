"""Whether the words beside an export's scale steps are those of the scale that it is read by."""

from riskdata.errors import VocabularyError
from riskdata.exports.tidy import Tidy
from riskdata.words.language import heading
from riskdata.words.vocabulary import AXES, OWN_FILE, Vocabulary

OTHER_SCALE = 0.5  # share of an axis' steps whose word belongs to another digit: more is no slip


def check_scales(found: Tidy, names: tuple[str, ...], vocab: Vocabulary) -> None:
    """Stop when a file's steps have other words than the scale: their digits then mean other things.

    names: what the file goes by in [other_scales]: its name, "board period" and period. Where one
    of them is declared there, its scale is known to be another.
    Raises VocabularyError that says which words stand at which digit.
    """
    if all(agrees for *_, agrees in found.labels) or any(
        name in vocab.other_scales for name in names
    ):
        return
    for axis in AXES:
        printed = [(text, agrees) for a, text, agrees in found.labels if a == axis]
        odd = sorted({text for text, agrees in printed if not agrees})
        if sum(not agrees for _, agrees in printed) > OTHER_SCALE * len(printed):
            known = ", ".join(f"{n} {w}" for n, w in enumerate(vocab.scale_labels(axis), 1))
            raise VocabularyError(
                f"skalan för {heading(axis).lower()} är en annan än den kända: tryckt är "
                f"{', '.join(odd)}, känd är {known}. Är den nya skalan er, så skriv dess steg under "
                f"[scales] i {OWN_FILE}; gäller den bara då, så skriv vad stegen motsvarar:\n"
                f'  [other_scales."{names[-1]}"]\n  {axis} = {{ 1 = 1, 2 = 2, 3 = 4, 4 = 5 }}'
            )
