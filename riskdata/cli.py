"""The command: riskdata check | clean | report."""

import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from riskdata.errors import RiskdataError

if TYPE_CHECKING:
    from riskdata.tables.data import Data

PATH = click.Path(path_type=Path)


@click.group(
    help="Städar riskexporter till tabeller, och gör diagram och rapporter av dem.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
def app() -> None:
    """Read the command's name."""


def _folder(name: str) -> Callable:
    return click.option(f"--{name}", type=PATH, help="Mapp, om inte projektets egen.")


def main() -> None:
    """Run the command; whatever is wrong with data or choices is said in words, with exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # Windows' own can't print ✓ or ×
    try:
        app()
    except RiskdataError as fault:
        click.echo(str(fault), err=True)
        sys.exit(1)


@app.command()
@click.argument("files", metavar="FIL…", nargs=-1, required=True, type=PATH)
@click.option("--save", is_flag=True, help="Skriv det gissade i data/manual/layouts.toml.")
def check(files: tuple[Path, ...], save: bool) -> None:
    """Läs filer och visa vad som hittas i dem; inget skrivs utan --save."""
    from riskdata.clean import read_export
    from riskdata.reports.summary import describe_export

    failed = False
    for file in files:
        try:
            click.echo(describe_export(read_export(file)))
        except RiskdataError as fault:
            click.echo(str(fault), err=True)
            failed = True
        _suggest(file, save=save)
    sys.exit(1 if failed else 0)


@app.command()
@_folder("raw")
@_folder("manual")
@_folder("clean")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="ANTAL",
    help="Processer som läser; annars efter behov.",
)
def clean(raw: Path | None, manual: Path | None, clean: Path | None, workers: int | None) -> None:
    """Städa alla exporter i data/raw till tabellerna i data/clean."""
    sys.exit(_say(_clean(raw, manual, clean, workers)))


@app.command()
@click.option("--period", metavar="PERIOD", help="Till exempel 2025-VB; annars den nyaste.")
@click.option("--board", metavar="NÄMND", help="Nämndens namn; annars alla nämnder.")
@click.option("--language", metavar="SPRÅK", default="sv", show_default=True, help="sv eller en.")
def report(period: str | None, board: str | None, language: str) -> None:
    """Städa, kör anteckningsböckerna och gör rapporterna.

    De läggs i reports/<period>/<nämnd>/.
    """
    from riskdata.reports.rerun import finish, list_runs, rerun

    data = _clean(None, None, None)
    failed = _say(data)
    runs = list_runs(data, period=period, board=board, language=language)
    skipped: list[str] = []
    with _bar(sum(run.cells for run in runs), "Kör anteckningsböcker") as bar:
        folders = rerun(runs, on_cell=lambda: bar.update(1), on_skip=skipped.append)
    start = finish(data, runs)
    said = [f"Rapporten ligger i {folder}" for folder in folders]
    click.echo("\n".join([*skipped, *said, f"Börja här: {start}"]))
    sys.exit(failed)


def _suggest(file: Path, *, save: bool) -> None:
    """Print the block for what is guessed of a file, and save it if that is asked for."""
    from riskdata.exports.suggest import guess
    from riskdata.words.language import word

    try:
        guessed = guess(file)
    except RiskdataError:
        return  # the reason has been said
    if not guessed.certain:
        click.echo(f"\n{guessed.block()}")
        if save:
            click.echo(word("summary.saved", file=str(guessed.save())))


def _clean(
    raw: Path | None, manual: Path | None, clean: Path | None, workers: int | None = None
) -> "Data":
    from riskdata.clean import clean_folder
    from riskdata.pool import make_pool

    with make_pool(workers) if workers else nullcontext() as executor:
        return clean_folder(raw, manual, clean, executor=executor)


def _bar(length: int, label: str):
    """Return a progress bar on a terminal; elsewhere it prints nothing, so that a log stays short."""
    return click.progressbar(
        length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    )


def _say(data: "Data") -> int:
    from riskdata.reports.summary import describe_problems, summarise

    click.echo(summarise(data))
    problems = describe_problems(data)
    if problems:
        click.echo(problems, err=True)
    return 1 if problems else 0


if __name__ == "__main__":
    main()
