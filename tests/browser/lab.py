"""What a person does in JupyterLab: open a notebook, run it, close it."""

from dataclasses import dataclass

from playwright.sync_api import Page

# Run All before the kernel is connected does nothing, so both are waited for.
_OPEN = """async name => {
  const app = window.jupyterapp;
  const panel = await app.commands.execute('docmanager:open', {path: name});
  await panel.context.ready;
  await panel.sessionContext.ready;
  await panel.sessionContext.session.kernel.info;
  window.opened = panel;
}"""
_RUN_ALL = "async () => { await window.jupyterapp.commands.execute('notebook:run-all-cells'); }"
_OUTPUTS = """() => window.opened.content.widgets
  .filter(cell => cell.model.type === 'code')
  .map(cell => cell.model.outputs.toJSON())"""
_CLOSE = """async () => {
  if (!window.opened) return;
  const panel = window.opened;
  await panel.sessionContext.shutdown();
  await panel.context.revert();
  panel.dispose();
}"""


@dataclass
class Lab:
    """JupyterLab in a page."""

    page: Page

    def open(self, name: str) -> None:
        """Open a notebook and wait for its kernel."""
        self.page.evaluate(_OPEN, f"notebooks/{name}")

    def outputs(self) -> list[list[dict]]:
        """Return the outputs of each code cell of the notebook that is open."""
        return self.page.evaluate(_OUTPUTS)

    def run_all(self) -> list[dict]:
        """Run every cell, wait until all are done, and return the errors shown."""
        self.page.evaluate(_RUN_ALL)
        found = [output for cell in self.outputs() for output in cell]
        return [output for output in found if output["output_type"] == "error"]

    def close(self) -> None:
        """Close the notebook and end its kernel; nothing is saved."""
        self.page.evaluate(_CLOSE)
