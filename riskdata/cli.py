"""The command: riskdata check | clean | report."""

import sys
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from riskdata.errors import RiskdataError

if TYPE_CHECKING:
    from riskdata.collection import Data

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Städar riskexporter till tabeller, och gör diagram och rapporter av dem.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
Folder = Annotated[Path | None, typer.Option(help="Mapp, om inte projektets egen.")]


def main() -> None:
    """Run the command; whatever is wrong with data or choices is said in words, with exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # Windows' own can't print ✓ or ×
    try:
        app()
    except RiskdataError as fault:
        typer.echo(str(fault), err=True)
        sys.exit(1)


@app.command()
def check(files: Annotated[list[Path], typer.Argument(metavar="FIL…")]) -> None:
    """Läs filer och visa vad som hittas i dem; inget skrivs."""
    from riskdata.collection import read_export
    from riskdata.summary import describe_export

    failed = False
    for file in files:
        try:
            typer.echo(describe_export(read_export(file)))
        except RiskdataError as fault:
            typer.echo(str(fault), err=True)
            _suggest(file)
            failed = True
    raise typer.Exit(1 if failed else 0)


@app.command()
def clean(
    raw: Folder = None,
    manual: Folder = None,
    clean: Folder = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, metavar="ANTAL", help="Processer som läser; annars efter behov."),
    ] = None,
) -> None:
    """Städa alla exporter i data/raw till tabellerna i data/clean."""
    raise typer.Exit(_say(_clean(raw, manual, clean, workers)))


@app.command()
def report(
    period: Annotated[
        str | None, typer.Option(help="Till exempel 2025-VB; annars den nyaste.")
    ] = None,
    board: Annotated[str | None, typer.Option(help="Nämndens namn; annars alla nämnder.")] = None,
    language: Annotated[str, typer.Option(help="sv eller en.")] = "sv",
) -> None:
    """Städa, kör anteckningsböckerna och lägg rapporterna i reports/<period>/<nämnd>/."""
    from riskdata.rerun import list_runs, rerun

    data = _clean(None, None, None)
    failed = _say(data)
    runs = list_runs(data, period=period, board=board, language=language)
    skipped: list[str] = []
    with _bar(sum(run.cells for run in runs), "Kör anteckningsböcker") as bar:
        folders = rerun(runs, on_cell=lambda: bar.update(1), on_skip=skipped.append)
    typer.echo("\n".join(skipped + [f"Rapporten ligger i {folder}" for folder in folders]))
    raise typer.Exit(failed)


def _suggest(file: Path) -> None:
    """Print a layout to start from, where no layout fits a file."""
    from riskdata.layout_template import suggest_layout
    from riskdata.vocabulary import vocabulary

    template = suggest_layout(file, vocabulary())
    if template:
        typer.echo(f"\n{template}")


def _clean(
    raw: Path | None, manual: Path | None, clean: Path | None, workers: int | None = None
) -> "Data":
    from riskdata.collection import clean_folder
    from riskdata.many import make_pool

    with make_pool(workers) if workers else nullcontext() as executor:
        return clean_folder(raw, manual, clean, progress=_progress("Städar"), executor=executor)


def _progress(label: str) -> Callable[[Iterable], Iterable]:
    def wrap(items: list) -> Iterable:
        with _bar(len(items), label) as bar:
            for item in items:
                yield item
                bar.update(1)

    return wrap


def _bar(length: int, label: str):
    """Return a progress bar on a terminal; elsewhere it prints nothing, so that a log stays short."""
    return typer.progressbar(
        length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    )


def _say(data: "Data") -> int:
    from riskdata.summary import describe_problems, summarise

    typer.echo(summarise(data))
    problems = describe_problems(data)
    if problems:
        typer.echo(problems, err=True)
    return 1 if problems else 0


if __name__ == "__main__":
    main()
