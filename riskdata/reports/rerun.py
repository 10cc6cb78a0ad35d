"""Run the notebooks for a period and its boards; leave pages in reports/, and the pages that lead there."""

import asyncio
import copy
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from riskdata import folders
from riskdata.errors import ChoiceError, RiskdataError
from riskdata.reports.programs import Kernels, save_pdfs
from riskdata.words.language import check_language, word

if TYPE_CHECKING:
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError
    from nbformat import NotebookNode

    from riskdata.tables.data import Data

PROSE = "sv"  # what the notebooks are written in, whatever the report's language
PARAMETERS = "parameters"  # the tag of the cell that a run's own choices are put after
RESET = "get_ipython().reset(new_session=False)"  # nothing of one notebook is left to the next
LONGEST_NAME = 6  # words of a page's heading in the name of its file

Told = Callable[..., None]


@dataclass(frozen=True)
class Run:
    """One notebook for one board: the notebook, ready to run, and the page it becomes."""

    notebook: "NotebookNode"
    name: str
    page: Path
    period: str
    board: str
    language: str
    people: tuple[str, ...]  # who must not be named on the page

    @property
    def cells(self) -> int:
        """How many cells of code it runs."""
        return sum(cell.cell_type == "code" for cell in self.notebook.cells)


def list_runs(
    data: "Data",
    *,
    period: str | None = None,
    board: str | None = None,
    language: str = "sv",
    interactive: bool = False,
) -> list[Run]:
    """Return what a report takes: every notebook for one board, or for each that the period has.

    A notebook that says ``"interactive": true`` in its metadata is no part of it, unless asked for:
    what it shows needs a kernel.

    period: None for the newest. Raises ChoiceError for a period, board or language there isn't.
    """
    import nbformat

    from riskdata.reports.masking import known_people

    check_language(language)
    period = period or data.newest(board=board)
    boards = [board] if board else data.select(period=period).boards
    data.select(period=period, board=board)
    found = sorted((folders.root() / "notebooks").glob("[0-9]*.ipynb"))
    read = {path.stem: nbformat.read(path, as_version=4) for path in found}
    notebooks = {
        n: nb for n, nb in read.items() if interactive or not nb.metadata.get("interactive")
    }
    if not notebooks:
        raise ChoiceError(
            f"{folders.root() / 'notebooks'}: här finns inga anteckningsböcker att köra."
        )
    people = tuple(known_people(data.activities, data.risks))
    pages = {name: f"{_page_name(name, notebook)}.html" for name, notebook in notebooks.items()}
    return [
        Run(_prepare(notebook, period, of, language), name, folders.report(period, of) / pages[name],
            period, of, language, people)
        for of in boards
        for name, notebook in notebooks.items()
    ]  # fmt: skip


def _page_name(stem: str, notebook: "NotebookNode") -> str:
    """Return the number of a notebook and its heading, as a file is called everywhere."""
    heads = (re.match(r"# (.+)", cell.source) for cell in notebook.cells)
    head = next((found[1] for found in heads if found), stem)
    plain = unicodedata.normalize("NFKD", head.casefold()).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain)[:LONGEST_NAME]
    return "-".join([stem.split("-")[0], *words])


def rerun(
    runs: list[Run],
    *,
    kernels: Kernels | None = None,
    on_cell: Told = lambda: None,
    on_skip: Told = lambda message: None,
) -> list[Path]:
    """Run notebooks, some at once, and return the folders of their pages.

    The last of each board come first: they take longest, and LibreOffice makes PDFs of the reports
    that they leave while the others run. kernels: that have been started; else new ones. on_cell:
    called after each cell. on_skip: called with a message for a notebook that there is no data for,
    such as a comparison when there is only one year: it becomes no page. Raises RiskdataError with
    the notebook's and the cell's name when one fails; pages that are finished by then stay.
    """
    if kernels is None:
        with Kernels() as kernels:
            return rerun(runs, kernels=kernels, on_cell=on_cell, on_skip=on_skip)
    try:
        kernels.run(_run_all(kernels, runs, on_cell, on_skip))
    except ExceptionGroup as faults:  # not except*: what that raises is a group in some Python 3.11
        told, others = faults.split(RiskdataError)
        if others:
            raise
        raise told.exceptions[0] from None
    return list(dict.fromkeys(run.page.parent for run in runs))


def finish(data: "Data", runs: list[Run]) -> Path:
    """Make the pages that lead to each report; return the period's, with its boards side by side."""
    from riskdata.reports.page import save_board_page, save_overview

    language, period = runs[0].language, runs[0].period
    for board in dict.fromkeys(run.board for run in runs):
        save_board_page(period, board, language)
    return save_overview(data, period, language)


async def _run_all(kernels: Kernels, runs: list[Run], on_cell: Told, on_skip: Told) -> None:
    free: asyncio.Queue[NotebookClient] = asyncio.Queue()
    for client in await kernels.clients():
        free.put_nowait(client)

    async def run_next(run: Run) -> None:
        client = await free.get()
        ran = await _run(run, client, on_cell, on_skip)
        free.put_nowait(client)
        if ran:
            await kernels.aside(_save, run)

    last = max(run.name for run in runs)
    async with asyncio.TaskGroup() as group:
        ordered = sorted(runs, key=lambda run: run.name, reverse=True)
        tasks = {group.create_task(run_next(run)): run for run in ordered}
        await asyncio.wait([task for task, run in tasks.items() if run.name == last])
        await asyncio.to_thread(save_pdfs, _documents(runs), runs[0].language)


def _documents(runs: list[Run]) -> list[Path]:
    """Return the reports that notebooks have left beside their pages."""
    name = f"{word('files.report', runs[0].language)}.docx"
    paths = dict.fromkeys(run.page.parent / name for run in runs)
    return [path for path in paths if path.is_file()]


async def _run(run: Run, client: "NotebookClient", on_cell: Told, on_skip: Told) -> bool:
    """Run a notebook; return whether there was data for it."""
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    client.nb, client.on_cell_executed = run.notebook, lambda **_: on_cell()
    client.kc.execute(RESET, silent=True)
    try:
        await client.async_execute()
    except CellExecutionError as fault:
        if fault.ename != ChoiceError.__name__:
            raise RiskdataError(_failure(run, fault)) from None
        run.page.unlink(missing_ok=True)
        on_skip(f"{run.name} för {run.page.parent.name} blev ingen sida: {fault.evalue}")
        return False
    except (CellTimeoutError, DeadKernelError) as fault:
        raise RiskdataError(f"Anteckningsboken {run.name} stannade: {fault}") from None
    return True


def _save(run: Run) -> None:
    from riskdata.reports.page import save_page

    where = f"{run.board}, {run.period}"
    save_page(run.notebook, run.page, language=PROSE, where=where, people=run.people)


def _failure(run: Run, fault: "CellExecutionError") -> str:
    """Return which notebook and cell failed, under which heading, and why."""
    cells = run.notebook.cells
    failed = next(n for n, cell in enumerate(cells) if _has_error(cell))
    heads = [line for cell in cells[:failed] for line in re.findall(r"^#+ (.*)", cell.source, re.M)]
    first = cells[failed].source.splitlines()[0] if cells[failed].source else ""
    return (
        f"Anteckningsboken {run.name} stannade i cell {failed + 1} (”{heads[-1] if heads else first}”, "
        f"raden ”{first}”):\n{fault.ename}: {fault.evalue}\n"
        f"Öppna notebooks/{run.name}.ipynb i JupyterLab (make lab) och kör den för att se mer."
    )


def _has_error(cell: "NotebookNode") -> bool:
    return any(out.output_type == "error" for out in cell.get("outputs", ()))


def _prepare(found: "NotebookNode", period: str, board: str, language: str) -> "NotebookNode":
    """Return a copy of a notebook with a run's own choices in it."""
    import nbformat

    notebook = copy.deepcopy(found)
    source = f"period = {period!r}\nboard = {board!r}\nlanguage = {language!r}\npdf = False"
    at = next(
        (n for n, c in enumerate(notebook.cells) if PARAMETERS in c.metadata.get("tags", ())), -1
    )
    own = nbformat.v4.new_code_cell(
        source, metadata={"tags": ["injected-parameters"]}, id="choices"
    )
    notebook.cells.insert(at + 1, own)
    return notebook
