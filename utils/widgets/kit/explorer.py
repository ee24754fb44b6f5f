"""What the explorers share: their JavaScript kit, their colors, and a picture for paper."""

import json
import re
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets
from matplotlib.colors import to_hex

from utils import plots
from utils._figures.picture import HEAT

HERE = Path(__file__).resolve().parent
COLORS = {"classes": plots.CLASS_COLORS[:2], "line": plots.LINE, "wrong": plots.WRONG,
          "hidden1": plots.CLASS_COLORS[2],
          "heat": [to_hex(HEAT(stop)) for stop in np.linspace(0, 1, 13)]}

_IMPORT = re.compile(r'^import \{[^}]*\} from "([^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default )", re.MULTILINE)


def module(script: Path) -> str:
    """The text of an ES module: a script, and before it whatever it imports, file after file.

    A widget's module can't import files, so all of them end up in one scope; each top-level name
    can be taken only once. COLORS stands in for colors.js.
    """
    parts: dict[Path, str] = {}
    _gather(script.resolve(), parts)
    return "\n".join(parts.values())


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
    which stands in for the explorer wherever nothing is live: GitHub, print, feedback.
    """

    _css = (HERE / "kit.css").read_text(encoding="utf-8")
    answer = traitlets.Dict().tag(sync=True)

    def static_html(self) -> str:
        """The explorer as a picture; no failure of the student's functions comes out of it."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        return {**data, "text/html": self.static_html(),
                "text/plain": f"[explorer: {type(self).__name__}]"}, metadata
