"""What can be wrong with data, files or choices, said so that an analyst can act on it.

Every message says where, what was found against what is known, what to do and in which file.
"""


class RiskdataError(ValueError):
    """Anything wrong with data, files or choices. The message is in Swedish, for the analyst."""

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows: the message, for the lines of code help nobody."""
        return str(self).splitlines()


class ReadError(RiskdataError):
    """A file that cannot be read: empty, binary, of an unknown encoding, protected or a scan."""


class LayoutError(RiskdataError):
    """A file in which no known header was found, or in which several disagree."""


class VocabularyError(RiskdataError):
    """A printed word that the vocabulary does not know, or a vocabulary file that is wrong."""


class SourceError(RiskdataError):
    """A file whose board or period is missing or said in two ways that disagree."""


class ManualError(RiskdataError):
    """A file in data/manual that no longer fits the exports it speaks of."""


class ChoiceError(RiskdataError):
    """A period, board or other choice for which there is no data."""
