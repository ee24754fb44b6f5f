"""What the explorers share: their JavaScript kit, their colors, and a picture for paper."""

import json
import re
import uuid
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets
from IPython.display import display
from matplotlib.colors import to_hex

from utils import plots
from utils._figures import markup
from utils._figures.picture import HEAT

VIEW = "application/vnd.jupyter.widget-view+json"
HERE = Path(__file__).resolve().parent
COLORS = {"classes": plots.CLASS_COLORS[:2], "line": plots.LINE, "wrong": plots.WRONG,
          "hidden1": plots.CLASS_COLORS[2],
          "heat": [to_hex(HEAT(stop)) for stop in np.linspace(0, 1, 13)],
          "heatDark": [markup.inverted(to_hex(HEAT(stop))) for stop in np.linspace(0, 1, 13)]}

_IMPORT = re.compile(r'^import \{[^}]*\} from "([^"]+)";\n', re.MULTILINE)
_OWN, _FRAMED = "export default { render };", "export default { render: framed(render) };"
_EXPORT = re.compile(r"^export (?!default )", re.MULTILINE)


def module(script: Path) -> str:
    """The text of a widget's ES module: a script, and before it whatever it imports, file after
    file; its `render` is framed by frame.js.

    A widget's module can't import files, so all of them end up in one scope; each top-level name
    can be taken only once. COLORS stands in for colors.js.
    """
    parts: dict[Path, str] = {}
    for one in (HERE / "frame.js", script.resolve()):
        _gather(one, parts)
    return "\n".join(parts.values()).replace(_OWN, _FRAMED)


def _gather(script: Path, parts: dict[Path, str]) -> None:
    text = script.read_text(encoding="utf-8")
    for name in _IMPORT.findall(text):
        imported = (script.parent / name).resolve()
        if imported not in parts:
            _gather(imported, parts)
    parts[script] = (f"const COLORS = {json.dumps(COLORS)};\n" if script == HERE / "colors.js"
                     else _EXPORT.sub("", _IMPORT.sub("", text)))


class Explorer(anywidget.AnyWidget):
    """An anywidget that tells the browser what it found in `answer`.

    A subclass sets `_esm` and writes `answer`; `static_html` returns an `<img>` with an alt text,
    which stands in for the explorer wherever nothing is live: GitHub, print, feedback, and a
    notebook that is opened again. It is an output of its own, which the live explorer hides: a
    front end that knows widgets shows nothing else of an output that has one, and where the widget
    is gone only says so.
    """

    _css = (HERE / "kit.css").read_text(encoding="utf-8")
    answer = traitlets.Dict().tag(sync=True)
    _still = traitlets.Unicode().tag(sync=True)  # the name of the output that stands in

    @traitlets.default("_still")
    def _new_name(self) -> str:
        return uuid.uuid4().hex

    def static_html(self) -> str:
        """The explorer as a picture; no failure of the student's functions comes out of it."""
        raise NotImplementedError

    def _ipython_display_(self) -> None:
        data, metadata = super()._repr_mimebundle_() or ({}, {})
        if VIEW in data:
            display({VIEW: data[VIEW]}, metadata=metadata, raw=True)
        display({"text/html": markup.still(self.static_html(), self._still),
                 "text/plain": f"[explorer: {type(self).__name__}]"}, raw=True)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        return {**data, "text/html": self.static_html(),
                "text/plain": f"[explorer: {type(self).__name__}]"}, metadata
