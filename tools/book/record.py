"""Runs last in a solved lesson: records what its explorers need to move without Python."""

import base64
import json
from itertools import chain, combinations, product

from IPython.display import display
from ipywidgets import DOMWidget
from ipywidgets.widgets.widget import _instances

from utils.widgets.attention import explorer as attention
from utils.widgets.gradient_flow import explorer as gradient_flow
from utils.widgets.gradient_graph.walkthrough import BUGS
from utils.widgets.kit.explorer import Explorer
from utils.widgets.lens import explorer as lens
from utils.widgets.lens import pictures
from utils.widgets.lesion_bench import explorer as lesion_bench
from utils.widgets.says_who import explorer as says_who
from utils.widgets.search_bench import explorer as search_bench
from utils.widgets.search_bench.trials import LINEAR, LOG
from utils.widgets.tape import explorer as tape
from utils.widgets.unrolled import explorer as unrolled
from utils.widgets.who_shares import explorer as who_shares
from utils.widgets.xor_fold import folding

# What a page can be asked, by explorer: each combination of these values is answered here, in this
# order. FREE only changes what is seen; a function gets the explorer and returns the values. An
# explorer that isn't named stays a picture.
FREE = None
ASKED = {
    "DigitPad": {"pixels": lambda pad: pad.scans},
    "PerceptronExplorer": {"presses": range(25)},
    "XorFold": {"activation": tuple(folding.ACTIVATIONS)},
    "ForwardSteps": {"layers": (1, 2, 3, 4), "digit": range(397)},
    "GradientGraph": {"bugs": chain.from_iterable(
        combinations(BUGS, n) for n in range(len(BUGS) + 1))},
    "ActivationExplorer": {"scale": (0.1, 0.3, 1.0, 3.0, 10.0), "picked": FREE},
    "GradientFlow": {"depth": (2, 5, 10, 20, 30, 40, 50, 60), "gain": (0.5, 1.0, 2.0),
                     "scheme": tuple(gradient_flow.SCHEMES),
                     "activation": tuple(gradient_flow.ACTIVATIONS)},
    "Valley": {"kappa": (20.0, 50.0), "turn": (0.0, 45.0),
               "rate": (0.036, 0.09, 0.099, 0.102, 0.188, 0.192),
               "scaled_rate": (0.03, 0.3, 3.0)},
    "SearchBench": {"trials": search_bench.BUDGETS, "scale": (LOG, LINEAR), "draw": range(12)},
    "AttentionExplorer": {"text": attention.NAMES, "scaled": (True, False),
                          "masked": (True, False), "temperature": (0.1, 0.3, 1.0, 3.0, 10.0)},
    "TapeExplorer": {"program": tuple(tape.PRESETS.values())},
    # Presets, any one block, any two.
    "LesionBench": {"removed": (*map(tuple, lesion_bench.PRESETS.values()), *chain.from_iterable(
        combinations(range(lesion_bench.BLOCKS), n) for n in (1, 2)))},
    "Lens": {"picture": pictures.NAMES, "weights": tuple(map(tuple, lens.PRESETS.values()))},
    "SaysWho": {"digit": range(10), "asked": range(10), "method": tuple(says_who.METHODS),
                "layers": range(4)},
    "Unrolled": {"text": tuple(unrolled.PRESETS.values()), "radius": (0.5, 0.8, 1.0, 1.2, 1.5),
                 "inputs": (0.0, 1.0)},
    "WhoShares": {"norm": tuple(who_shares.NORMS), "groups": who_shares.GROUPS,
                  "cell": tuple(product(range(4), range(6), range(4)))},
}


def plain(value):
    """Bytes as text, for JSON."""
    if isinstance(value, (bytes, memoryview)):
        return {"base64": base64.b64encode(value).decode()}
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def state(explorer):
    """What the browser is told of it."""
    every_widgets = DOMWidget.class_trait_names(sync=True)
    return {name: plain(value) for name, value in explorer.get_state().items()
            if name not in every_widgets and not name.startswith("_")}


def recorded(explorer):
    """Its script, its state at the start, and the states that follow what a page may ask.

    Each of these is a table from traits, and from the parts of the answer, to places in `values`.
    """
    asked = ASKED[type(explorer).__name__]
    begin, states, pool = state(explorer), [], {}
    lists = {name: values(explorer) if callable(values) else values
             for name, values in asked.items() if values is not FREE}
    before = {name: getattr(explorer, name) for name in lists}
    for values in product(*lists.values()):
        for name, value in zip(lists, values, strict=True):
            setattr(explorer, name, list(value) if isinstance(value, tuple) else value)
        states.append(state(explorer))
    for name, value in before.items():
        setattr(explorer, name, value)

    def place(value):
        return pool.setdefault(json.dumps(value), len(pool))

    def placed(part):
        """A place; of arrays by name one for each, since other states may share some of them."""
        arrays = isinstance(part, dict) and all(
            isinstance(one, dict) and "base64" in one for one in part.values())
        return {name: place(one) for name, one in part.items()} if arrays else place(part)

    moving = [name for name in begin
              if name != "answer" and any(one[name] != begin[name] for one in states)]
    return {"script": explorer._esm, "style": explorer._css, "state": begin,
            "free": [name for name, values in asked.items() if values is FREE],
            "states": [{**{name: place(one[name]) for name in moving},
                        "answer": {name: placed(part) for name, part in one["answer"].items()}}
                       for one in states],
            "values": [json.loads(value) for value in pool]}


display({"application/vnd.explorer-recordings+json": {
    one.model_id: recorded(one) for one in list(_instances.values())
    if isinstance(one, Explorer) and type(one).__name__ in ASKED}}, raw=True)
