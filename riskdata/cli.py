"""The command: riskdata check | clean | report."""

import gc
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from riskdata.errors import RiskdataError

if TYPE_CHECKING:
    from riskdata.tables.data import Data

HELP = "Städar riskexporter till tabeller, och gör diagram och rapporter av dem."


class Parser(ArgumentParser):
    """A parser of a command's words that says in Swedish what is wrong, and how it is called."""

    def __init__(self, **how: object) -> None:
        super().__init__(add_help=False, allow_abbrev=False, **how)
        self._positionals.title, self._optionals.title = "Det som anges", "Val"
        self.add_argument("-h", "--help", action="help", help="Visa det här.")

    def format_help(self) -> str:
        """Return what there is to choose from."""
        return super().format_help().replace("usage:", "Så här:", 1)

    def error(self, message: str) -> NoReturn:
        """End the command: what was written is no such word."""
        self.refuse(f"Något är fel i det som skrevs efter {self.prog}.")

    def refuse(self, said: str) -> NoReturn:
        """End the command: wrong usage, said in words."""
        self.exit(2, f"{said}\n\n{self.format_help()}")


def main() -> None:
    """Run the command: exit 1 for what is wrong with data or choices, 2 for wrong usage, said in words."""
    gc.set_threshold(50_000)  # a command is short, and most of what it makes are modules
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # Windows' own can't print ✓ or ×
    parser = Parser(prog="riskdata", description=HELP)
    commands = _commands(parser)
    wanted = next((word for word in sys.argv[1:] if not word.startswith("-")), None)
    if wanted not in commands and (wanted or not sys.argv[1:]):
        parser.refuse(f"Kommandot finns inte. De som finns: {', '.join(commands)}.")
    given, unknown = parser.parse_known_args()
    command = commands.get(wanted, parser)
    if unknown:
        known = ", ".join(name for action in command._actions for name in action.option_strings)
        command.refuse(f"Valet {unknown[0]} finns inte. De som finns: {known}.")
    if given.files == []:
        command.refuse("Något saknas: ange FIL….")
    try:
        sys.exit(given.run(given))
    except RiskdataError as fault:
        _write(str(fault), sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _commands(parser: Parser) -> dict[str, Parser]:
    """Return the parser of each command, in a parser of them all."""
    made = parser.add_subparsers(metavar="KOMMANDO")
    for run in (check, clean, report):
        said = run.__doc__
        command = made.add_parser(run.__name__, help=said.split("\n")[0], description=said)
        command.set_defaults(run=run, files=None)
    commands = made.choices
    commands["check"].add_argument("files", metavar="FIL", nargs="*", type=Path)
    save = "Skriv det gissade i data/manual/layouts.toml."
    commands["check"].add_argument("--save", action="store_true", help=save)
    for name, metavar, default, said in (
        ("--period", "PERIOD", None, "Till exempel 2025-VB; annars den nyaste."),
        ("--board", "NÄMND", None, "Nämndens namn; annars alla nämnder."),
        ("--language", "SPRÅK", "sv", "sv (det vanliga) eller en."),
    ):
        commands["report"].add_argument(name, metavar=metavar, default=default, help=said)
    return commands


def check(given: Namespace) -> int:
    """Läs filer och visa vad som hittas i dem; inget skrivs utan --save."""
    from riskdata.clean import read_export
    from riskdata.exports.suggest import guess
    from riskdata.tables.data import describe_export
    from riskdata.words.language import word

    failed = 0
    for file in given.files:
        try:
            _write(describe_export(read_export(file)))
        except RiskdataError as fault:
            _write(str(fault), sys.stderr)
            failed = 1
        try:
            guessed = guess(file)
        except RiskdataError:
            continue  # the reason has been said
        if not guessed.certain:
            _write(f"\n{guessed.block()}")
            if given.save:
                guessed.save()
                _write(word("summary.saved", file=str(guessed.file)))
    return failed


def clean(given: Namespace) -> int:
    """Städa alla exporter i data/raw till tabellerna i data/clean."""
    from riskdata.clean import clean_folder

    return _tell(clean_folder())


def report(given: Namespace) -> int:
    """Städa, kör anteckningsböckerna och gör rapporterna; de läggs i reports/<period>/<nämnd>/."""
    from riskdata.reports.programs import Kernels

    with Kernels() as kernels:  # which import while this does
        from tqdm import tqdm

        from riskdata.clean import refresh
        from riskdata.reports.rerun import finish, list_runs, rerun

        data = refresh()
        failed = _tell(data)
        runs = list_runs(data, period=given.period, board=given.board, language=given.language)
        skipped: list[str] = []
        cells = sum(run.cells for run in runs)
        with tqdm(total=cells, desc="Kör anteckningsböcker", disable=None, leave=False) as bar:
            folders = rerun(
                runs, kernels=kernels, on_cell=lambda: bar.update(1), on_skip=skipped.append
            )
        start = kernels.run(kernels.aside(finish, data, runs))
    said = [f"Rapporten ligger i {folder}" for folder in folders]
    _write("\n".join([*skipped, *said, f"Börja här: {start}"]))
    return failed


def _tell(data: "Data") -> int:
    from riskdata.tables.data import describe_problems, summarise

    _write(summarise(data))
    problems = describe_problems(data)
    if problems:
        _write(problems, sys.stderr)
    return 1 if problems else 0


def _write(text: str, stream: object = None) -> None:
    (stream or sys.stdout).write(f"{text}\n")


if __name__ == "__main__":
    main()
