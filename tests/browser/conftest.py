"""JupyterLab on a copy of the project, and a browser that may talk to nobody else."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from tests.browser.lab import Lab

PROJECT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WHOLE = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}  # every cell is drawn
PATIENCE = 60  # seconds


@pytest.fixture(scope="session")
def project(tmp_path_factory) -> Path:
    """Return a copy of the notebooks and the exports, with nothing cleaned yet."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("data/raw", "data/manual", "notebooks"):
        copied = shutil.ignore_patterns(".ipynb_checkpoints")
        shutil.copytree(PROJECT / name, folder / name, ignore=copied)
    return folder


@pytest.fixture(scope="session")
def server(project, tmp_path_factory) -> Iterator[str]:
    """Start JupyterLab on a loopback port, with settings of its own; return its address."""
    own, token = tmp_path_factory.mktemp("jupyter"), secrets.token_hex(16)
    port = _free_port()
    for name, settings in WHOLE.items():
        path = own / "settings" / f"{name.replace(':', '/')}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings))
    folders = {
        "JUPYTER_CONFIG_DIR": "config", "JUPYTER_RUNTIME_DIR": "runtime", "IPYTHONDIR": "ipython",
        "JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    }  # fmt: skip
    environment = os.environ | {name: str(own / folder) for name, folder in folders.items()}
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
        f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={project}", "--LabApp.expose_app_in_browser=True",
        f"--LabApp.app_settings_dir={PROJECT / '.lab'}",
    ]  # fmt: skip
    with (own / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=project, env=environment, stdout=log, stderr=log)
        try:
            _wait_for(f"http://127.0.0.1:{port}/api", process, own / "log")
            yield f"http://127.0.0.1:{port}/lab?token={token}"
        finally:
            process.terminate()
            process.wait(PATIENCE)


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    """Start the Chromium that is installed, without a window."""
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.fail("Chromium is not installed: apt-get install chromium.")
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    quiet = ["--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=[*root, *quiet])
        yield browser
        browser.close()


@pytest.fixture
def lab(server, chromium) -> Iterator[Lab]:
    """Return JupyterLab in a page of its own; any request that would leave the machine fails it."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="sv-SE")
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("page", lambda page: page.on("websocket", lambda s: asked.append(s.url)))
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(f"{server}&reset")  # without the notebooks that the page before left open
    page.wait_for_function("() => window.jupyterapp?.restored.then(() => true)")
    opened = Lab(page)
    yield opened
    opened.close()
    context.close()
    assert [url for url in asked if _leaves(url)] == []
    assert asked


def _leaves(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in ("data", "blob", "about") and parts.hostname != "127.0.0.1"


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _wait_for(address: str, process: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")
