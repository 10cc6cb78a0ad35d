"""The programs beside this one that a report takes: Jupyter's kernels, and LibreOffice for its PDFs.

Kernels have imported what notebooks use: they are forks of one process, where the system can.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING, TypeVar

from riskdata import folders
from riskdata.errors import RiskdataError
from riskdata.words.language import word

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager
    from jupyter_client.provisioning import LocalProvisioner
    from nbclient import NotebookClient

T = TypeVar("T")
AT_ONCE = 2  # kernels, each running notebooks one after the other
CELL_TIMEOUT, STARTS = 600, 60  # seconds for a cell, and for a kernel to start
USED = "riskdata.reports.preloaded"
EXEC_LINES = [
    f"import {USED}, matplotlib.pyplot as plt",
    "%matplotlib inline",
    "plt.uninstall_repl_displayhook()",  # a figure is shown after its cell: not drawn before that
]
ARGUMENTS = [
    "--log-level=40",
    "--HistoryManager.enabled=False",
    f"--IPKernelApp.exec_lines={EXEC_LINES}",
    "--InteractiveShell.cache_size=0",  # nothing that was shown is kept
    "--InlineBackend.print_figure_kwargs={'bbox_inches': None}",  # our style lays out: not twice
]
FORKS = sys.platform == "linux"  # elsewhere the system's own libraries may not survive it


class Kernels:
    """Kernels that import what notebooks use while the exports are still being read."""

    def __enter__(self) -> "Kernels":
        # Jupyter's sockets need a selector loop, which is not what Windows starts with.
        self._runner = asyncio.Runner(loop_factory=asyncio.SelectorEventLoop)
        self._started: list[AsyncKernelManager] = []
        self._clients: list[NotebookClient] = []
        self._helper: Executor = ThreadPoolExecutor(1)
        if FORKS:
            _start_importing()
            self._helper = ProcessPoolExecutor(
                1, get_context("forkserver"), signal.signal, (signal.SIGINT, signal.SIG_IGN)
            )
        else:
            self._runner.run(self._start())
        return self

    def __exit__(self, *fault: object) -> None:
        self._runner.run(self._stop())
        self._runner.close()
        self._helper.shutdown()

    def run(self, work: Coroutine[None, None, T]) -> T:
        """Wait for work that uses the kernels; return what it returns."""
        return self._runner.run(work)

    async def aside(self, work: Callable[..., T], *given: object) -> T:
        """Have work done by a fork of the same process, one at a time; by this one where none can be."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._helper, work, *given)
        except (BrokenExecutor, OSError, EOFError):
            return work(*given)

    async def _start(self) -> None:
        from jupyter_client.manager import AsyncKernelManager

        at = folders.root() / "notebooks"
        for _ in range(AT_ONCE):
            kernel = AsyncKernelManager(kernel_name="python3")
            if FORKS:
                kernel.provisioner = _provisioner(kernel)
            self._started.append(kernel)
            await kernel.start_kernel(
                extra_arguments=ARGUMENTS, cwd=str(at if at.is_dir() else at.parent)
            )

    async def clients(self) -> "list[NotebookClient]":
        """Return what runs notebooks in each kernel, once all are ready.

        Raises RiskdataError when a kernel does not start.
        """
        from nbclient import NotebookClient
        from nbformat.v4 import new_notebook

        if not self._started:
            await self._start()
        if not self._clients:  # each is connected to once: Jupyter takes its time for that
            self._clients = [
                NotebookClient(new_notebook(), km=kernel, timeout=CELL_TIMEOUT)
                for kernel in self._started
            ]
            await asyncio.gather(*map(_connect, self._clients))
        return self._clients

    async def _stop(self) -> None:
        for client in self._clients:
            if client.kc:
                client.kc.stop_channels()
        for kernel in self._started:  # nothing is waited for: a kernel has nothing to save
            if await kernel.is_alive():
                await kernel.provisioner.kill()
            await kernel.cleanup_resources()


async def _connect(client: "NotebookClient") -> None:
    """Wait until a kernel answers on both its channels; Jupyter's own waits for silence after that."""
    client.kc = client.km.client()
    client.kc.start_channels()
    client.kc.allow_stdin = False
    for _ in range(STARTS):
        client.kc.kernel_info()
        with suppress(Empty):
            await client.kc.get_shell_msg(timeout=1)
            await client.kc.get_iopub_msg(timeout=1)
            return
        if not await client.km.is_alive():
            break
    raise RiskdataError("Jupyter startade inte, så inget kördes.")


def _start_importing() -> None:
    """Start the process that kernels are forked from, unless there is one."""
    from multiprocessing.forkserver import ensure_running

    get_context("forkserver").set_forkserver_preload([USED])
    with suppress(OSError):
        ensure_running()


def _provisioner(kernel: "AsyncKernelManager") -> "LocalProvisioner":
    """Return what starts a kernel of this Python as a fork, and any other one as Jupyter does."""
    from jupyter_client.provisioning import LocalProvisioner

    class Provisioner(LocalProvisioner):
        async def launch_kernel(self, cmd: list[str], **how: object) -> dict:
            if cmd[:3] == [sys.executable, "-m", "ipykernel_launcher"]:
                with suppress(OSError, EOFError):  # then it is started as any other
                    self.process = Fork(cmd[3:], how["cwd"], how["env"])
                    self.pid = self.pgid = self.process.pid  # it makes a group of its own
                    return self.connection_info
            return await super().launch_kernel(cmd, **how)

    return Provisioner(kernel_id="", kernel_spec=kernel.kernel_spec, parent=kernel)


class Fork:
    """A forked kernel, with what Jupyter asks of a process that subprocess has started."""

    stdin = stdout = stderr = None

    def __init__(self, arguments: list[str], cwd: str, env: dict[str, str]) -> None:
        self._process = get_context("forkserver").Process(target=_serve, args=(arguments, cwd, env))
        self._process.start()
        self.pid = self._process.pid

    def poll(self) -> int | None:
        """Return how it ended; None while it runs."""
        return self._process.exitcode

    def wait(self) -> int | None:
        """Wait for its end."""
        self._process.join()
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)


def _serve(arguments: list[str], cwd: str, env: dict[str, str]) -> None:
    """Be a kernel, as ``python -m ipykernel_launcher`` is, until the process that was forked ends."""
    from ipykernel.kernelapp import IPKernelApp

    sys.modules["debugpy"] = None  # nobody debugs here: a kernel would take its time to import it
    os.setsid()
    os.chdir(cwd)
    os.environ.update(env)
    IPKernelApp.launch_instance([*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])


# -- LibreOffice ---------------------------------------------------------------------------------

PATIENCE, EACH = 60, 20  # seconds for LibreOffice to start, and for each PDF: it takes seven
OFFICE = ("soffice", "libreoffice")
_TAGGED = (
    'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"},'
    '"PDFUACompliance":{"type":"boolean","value":"true"}}'
)


def save_pdfs(documents: Sequence[Path], language: str = "sv") -> tuple[list[Path], str]:
    """Have one LibreOffice make a tagged PDF of each Word file; say how Word does it where none is."""
    documents = list(dict.fromkeys(documents))
    if not documents:  # LibreOffice, asked for nothing, waits for ever
        return [], ""
    program = next(filter(None, map(shutil.which, OFFICE)), None)
    names = ", ".join(dict.fromkeys(path.name for path in documents))
    if program is None:
        return [], word("report.no_pdf", language, file=names)
    with tempfile.TemporaryDirectory() as work:
        pdfs = _converted(program, documents, Path(work))
        for document, pdf in pdfs.items():
            shutil.copyfile(pdf, document.with_suffix(".pdf"))
    if len(pdfs) < len(documents):
        return [], word("report.pdf_failed", language, file=names)
    return [document.with_suffix(".pdf") for document in documents], ""


def _converted(program: str, documents: Sequence[Path], work: Path) -> dict[Path, Path]:
    """Return each document's PDF, made in a profile of its own: two LibreOffice may run at a time."""
    copies = {path: work / f"{number}.docx" for number, path in enumerate(documents)}
    for path, copied in copies.items():
        shutil.copyfile(path, copied)
    profile = f"-env:UserInstallation={(work / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", _TAGGED, "--outdir", work]
    with suppress(OSError):  # what it did is seen by the files it leaves
        _run([*command, *copies.values()], PATIENCE + EACH * len(copies))
    made = {path: copied.with_suffix(".pdf") for path, copied in copies.items()}
    return {path: pdf for path, pdf in made.items() if pdf.is_file() and pdf.stat().st_size}


def _run(command: Sequence[str | Path], seconds: float) -> None:
    """Run a program to its end, or end it and all that it has started: LibreOffice may hang."""
    nothing = subprocess.DEVNULL  # a pipe would be held open by what it has started
    process = subprocess.Popen(
        command, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
