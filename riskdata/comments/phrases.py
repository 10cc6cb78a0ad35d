"""The words of phrases.toml: how Swedish comments end sentences, name times and tell tenses."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def phrases() -> dict:
    """Return phrases.toml."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
