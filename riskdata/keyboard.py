"""Keeps the keys that are pressed in a widget from JupyterLab, whose shortcuts move and cut cells."""

import anywidget


class KeepKeys(anywidget.AnyWidget):
    """An empty widget: in the box that it is put in, arrows and letters belong to the field in focus."""

    _esm = """
    function keep(el) {
      const box = el.closest(".widget-vbox");
      if (!box) return requestAnimationFrame(() => keep(el));
      box.addEventListener("keydown", event => {
        if (event.target.matches("select, input, textarea, button")) event.stopPropagation();
      });
    }
    export default { render({ el }) { keep(el); } };
    """
