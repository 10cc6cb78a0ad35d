"""The command: riskdata check | clean | report."""

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from riskdata.errors import RiskdataError

if TYPE_CHECKING:
    from riskdata.tables.data import Data

PATH = click.Path(path_type=Path)
_HELP = {"help_option_names": []}  # one of our own, in Swedish
_SWEDISH = {"Options": "Val", "Commands": "Kommandon"}


class Formatter(click.HelpFormatter):
    """What click writes above and between the texts of a command, in Swedish."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is called."""
        args = args.replace("[OPTIONS]", "[VAL]").replace("COMMAND [ARGS]...", "KOMMANDO …")
        super().write_usage(prog, args, "Så här: ")

    def section(self, name: str):
        """Return the heading of a section as a context."""
        return super().section(_SWEDISH.get(name, name))


click.Context.formatter_class = Formatter
_help = click.help_option("-h", "--help", help="Visa det här.")


@click.group(
    help="Städar riskexporter till tabeller, och gör diagram och rapporter av dem.",
    context_settings=_HELP,
)
@_help
def app() -> None:
    """Read the command's name."""


def main() -> None:
    """Run the command: exit 1 for what is wrong with data or choices, 2 for wrong usage, said in words."""
    gc.set_threshold(50_000)  # a command is short, and most of what it makes are modules
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # Windows' own can't print ✓ or ×
    try:
        sys.exit(app(standalone_mode=False))
    except RiskdataError as fault:
        click.echo(str(fault), err=True)
        sys.exit(1)
    except click.UsageError as fault:
        click.echo(_usage(fault), err=True)
        sys.exit(2)
    except click.Abort:
        sys.exit(130)


def _usage(fault: click.UsageError) -> str:
    """Return what is wrong with how the command was called, and how it is called."""
    context = fault.ctx or click.Context(app)
    command, known = context.command, [name for p in context.command.params for name in p.opts]
    if isinstance(command, click.Group):
        said = f"Kommandot finns inte. De som finns: {', '.join(command.commands)}."
    elif isinstance(fault, click.NoSuchOption):
        said = f"Valet {fault.option_name} finns inte. De som finns: {', '.join(known)}."
    elif isinstance(fault, click.MissingParameter):
        said = f"Något saknas: ange {fault.param.make_metavar(context)}."
    else:
        said = f"Något är fel i det som skrevs efter {context.command_path}."
    return f"{said}\n\n{context.get_help()}"


@app.command(context_settings=_HELP)
@_help
@click.argument("files", metavar="FIL…", nargs=-1, required=True, type=PATH)
@click.option("--save", is_flag=True, help="Skriv det gissade i data/manual/layouts.toml.")
def check(files: tuple[Path, ...], save: bool) -> None:
    """Läs filer och visa vad som hittas i dem; inget skrivs utan --save."""
    from riskdata.clean import read_export
    from riskdata.tables.summary import describe_export

    failed = False
    for file in files:
        try:
            click.echo(describe_export(read_export(file)))
        except RiskdataError as fault:
            click.echo(str(fault), err=True)
            failed = True
        _suggest(file, save=save)
    sys.exit(1 if failed else 0)


@app.command(context_settings=_HELP)
@_help
def clean() -> None:
    """Städa alla exporter i data/raw till tabellerna i data/clean."""
    from riskdata.clean import clean_folder

    sys.exit(_say(clean_folder()))


@app.command(context_settings=_HELP)
@_help
@click.option("--period", metavar="PERIOD", help="Till exempel 2025-VB; annars den nyaste.")
@click.option("--board", metavar="NÄMND", help="Nämndens namn; annars alla nämnder.")
@click.option("--language", metavar="SPRÅK", default="sv", help="sv (det vanliga) eller en.")
def report(period: str | None, board: str | None, language: str) -> None:
    """Städa, kör anteckningsböckerna och gör rapporterna.

    De läggs i reports/<period>/<nämnd>/.
    """
    from tqdm import tqdm

    from riskdata.clean import refresh
    from riskdata.kernels import Kernels
    from riskdata.reports.rerun import finish, list_runs, rerun

    with Kernels() as kernels:
        data = refresh()
        failed = _say(data)
        runs = list_runs(data, period=period, board=board, language=language)
        skipped: list[str] = []
        cells = sum(run.cells for run in runs)
        with tqdm(total=cells, desc="Kör anteckningsböcker", disable=None, leave=False) as bar:
            folders = rerun(
                runs, kernels=kernels, on_cell=lambda: bar.update(1), on_skip=skipped.append
            )
        start = kernels.run(kernels.aside(finish, data, runs))
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
            guessed.save()
            click.echo(word("summary.saved", file=str(guessed.file)))


def _say(data: "Data") -> int:
    from riskdata.tables.summary import describe_problems, summarise

    click.echo(summarise(data))
    problems = describe_problems(data)
    if problems:
        click.echo(problems, err=True)
    return 1 if problems else 0


if __name__ == "__main__":
    main()
