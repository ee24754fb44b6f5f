"""Lambda, p and patience over a network that is being trained: its curves and its boundary."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from utils import plots
from utils._figures.number_format import fixed
from utils._figures.picture import Picture
from utils.widgets.kit import student
from utils.widgets.kit.explorer import Explorer, module
from utils.widgets.kit.student import AnswerError, FloatArray
from utils.widgets.regularization import moons_run
from utils.widgets.regularization.moons_run import EXAMPLES, LAST, LOOK, SIDE, WINDOW, Run, Tools

LAMBDAS = (0.0, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)
NEVER = 31  # the patience that is never used up
SECONDS = 0.05  # of training between two messages, and one look, at most
ON_PAPER = 60  # looks of the static picture


class RegularizationPlayground(Explorer):
    """A network learns noisy moons; turn lambda, p and patience while it does.

    l2_grad, dropout_forward, dropout_backward, early_stopping: the student's. The first three make
    the training steps (where lambda or p is above 0), the last one marks the best look and stops.

    The browser asks for the next few epochs by raising `asked`, and asks again when it has shown
    them: no loop runs in the kernel, so that it answers everything in between, and its Stop button
    works at once.
    """

    _esm = module(Path(__file__).with_suffix(".js"))
    facts = traitlets.Dict().tag(sync=True)
    lam = traitlets.CFloat(0.0).tag(sync=True)
    p = traitlets.CFloat(0.0).tag(sync=True)
    patience = traitlets.CInt(NEVER).tag(sync=True)
    asked = traitlets.CInt(0).tag(sync=True)
    restarts = traitlets.CInt(0).tag(sync=True)

    def __init__(self, l2_grad: Callable[..., Any], dropout_forward: Callable[..., Any],
                 dropout_backward: Callable[..., Any], early_stopping: Callable[..., Any]) -> None:
        self._tools = Tools(l2_grad, dropout_forward, dropout_backward, early_stopping)
        self._run, self._before = Run(self._tools), ""
        self._grid = moons_run.grid()
        (X, y), _ = moons_run.examples()
        super().__init__(facts={
            "points": X.astype("<f4").tobytes(), "labels": y.astype("u1").tobytes(),
            "window": list(WINDOW), "side": SIDE, "look": LOOK, "last": LAST,
            "lambdas": list(LAMBDAS), "never": NEVER})
        self._previous: list[float] = []
        self._tell(self._probe())
        self.observe(self._asked, "asked")
        self.observe(self._restarted, "restarts")
        self.observe(lambda _: self._tell(), ["lam", "p", "patience"])

    def _asked(self, _: object) -> None:
        note = ""
        if not self._finished():
            try:
                self._run.advance(self.lam, self.p, SECONDS)
            except AnswerError as trouble:
                note = str(trouble)
        self._tell(note)

    def _restarted(self, _: object) -> None:
        if self._run.epoch:
            self._previous = self._run.valid_losses
            self._before = self._setting
        self._run = Run(self._tools)
        self._tell()

    @property
    def _setting(self) -> str:
        return f"λ = {self.lam:g}, p = {self.p:g}"

    def _probe(self) -> str:
        """Call each function once, so that what is missing is said before it is needed."""
        tools, notes = self._tools, []
        H, rng = np.abs(self._run.train[0]), np.random.default_rng(0)

        def backward() -> None:
            student.array(tools.dropout_backward, H, np.ones(H.shape), 0.5, shape=H.shape,
                          meaning="dX, of dY's shape")

        for probe in (lambda: tools.penalty([H, H.T], 0.1), lambda: tools.drop(H, 0.5, rng, True),
                      lambda: tools.drop(H, 0.5, rng, False), backward):
            try:
                probe()
            except AnswerError as trouble:
                notes.append(str(trouble))
        return " ".join(dict.fromkeys(notes))

    def _stop(self) -> tuple[int, int | None]:
        """The best look, and the one at which patience ran out, if it did; raises AnswerError."""
        losses = self._run.valid_losses
        patience = len(losses) + 1 if self.patience >= NEVER else max(1, self.patience)
        best, stop = self._tools.stop(losses, patience)
        return best, stop if stop - best >= patience else None

    def _finished(self) -> bool:
        if self._run.epoch >= LAST:
            return True
        try:
            return self._stop()[1] is not None
        except AnswerError:
            return False

    def _tell(self, note: str = "") -> None:
        """Send curves, marks and boundaries to the browser; what fails costs a sentence."""
        run, notes = self._run, [note] if note else []
        best: int | None = None
        stop: int | None = None
        now = then = None
        try:
            best, stop = self._stop()
        except AnswerError as trouble:
            notes.append(str(trouble))
        try:
            now = self._boundary(run.parameters)
            then = None if best is None else self._boundary(run.kept[best])
        except AnswerError as trouble:
            notes.append(str(trouble))
        known = self.answer.get("now"), self.answer.get("then")
        self.answer = {
            "asked": self.asked, "epoch": run.epoch, "note": " ".join(dict.fromkeys(notes)),
            "done": run.epoch >= LAST or stop is not None,
            "train": _bytes(run.train_losses), "valid": _bytes(run.valid_losses),
            "previous": _bytes(self._previous), "before": self._before,
            "best": None if best is None else best * LOOK,
            "stop": None if stop is None else stop * LOOK,
            "now": known[0] if now is None else _bytes(now),
            "then": known[1] if then is None else _bytes(then),
            "readings": self._readings(best), "message": self._message(best, stop)}

    def _boundary(self, parameters: moons_run.Parameters) -> FloatArray:
        return self._run.scores(parameters, self._grid, self.p)

    def _readings(self, best: int | None) -> dict[str, list[str]]:
        run = self._run
        W1, _, W2, _ = run.parameters
        return {
            "train": [fixed(run.train_losses[-1], 3), f"training loss, {run.train_right[-1]:.0%} "
                      "right"],
            "valid": [fixed(run.valid_losses[-1], 3), f"validation loss, {run.valid_right[-1]:.0%} "
                      "right"],
            "best": ["?", "best look"] if best is None else [
                fixed(run.valid_losses[best], 3), f"lowest validation loss, epoch {best * LOOK}, "
                f"{run.valid_right[best]:.0%} right"],
            "size": [fixed(float(np.sqrt(np.sum(W1 ** 2) + np.sum(W2 ** 2))), 1),
                     "length of all weights, √Σw²"]}

    def _message(self, best: int | None, stop: int | None) -> str:
        run = self._run
        if not run.epoch:
            return "The network has its first random weights: press Train."
        if stop is not None:
            return (f"Patience was used up at epoch {stop * LOOK}: go back to the best look, epoch "
                    f"{(best or 0) * LOOK}.")
        if best is None:
            return f"Epoch {run.epoch}."
        worse = run.valid_losses[-1] - run.valid_losses[best]
        where = f"{fixed(worse, 3)} above its lowest" if worse > 0.005 else "at its lowest so far"
        return f"Epoch {run.epoch}: the validation loss is {where}."

    def static_html(self) -> str:
        """Curves and boundary of a run with the present settings, as far as the functions go."""
        run, best = Run(self._tools), None
        try:
            for _ in range(ON_PAPER * LOOK):
                run.step(self.lam, self.p)
            best, _ = self._tools.stop(run.valid_losses, len(run.valid_losses) + 1)
            scores: FloatArray | None = run.scores(run.parameters, self._grid, self.p)
        except AnswerError:
            scores = None
        lowest = "" if best is None else (f", lowest at epoch {best * LOOK} with "
                                          f"{run.valid_losses[best]:.2f}")
        picture = Picture(
            f"A network trained on {EXAMPLES} noisy examples of two moons with {self._setting}. "
            f"Left, the losses: training {run.train_losses[-1]:.2f} and validation "
            f"{run.valid_losses[-1]:.2f} after {run.epoch} epochs{lowest}. Right, the boundary. "
            "In JupyterLab this is an explorer with sliders for lambda, p and patience.",
            columns=2)
        with picture as (left, right):
            plots.curves(LOOK * np.arange(len(run.valid_losses)),
                         {"training": run.train_losses, "validation": run.valid_losses},
                         title=f"Losses with {self._setting}", xlabel="epoch", ylabel="mean loss",
                         ax=left)
            if best is not None:
                left.plot(best * LOOK, run.valid_losses[best], "o", markersize=9,
                          color=plots.CLASS_COLORS[2])
            (X, y), _ = moons_run.examples()
            plots.points(X, y, names=("x1", "x2"), labels=("upper", "lower"), ax=right)
            if scores is not None:
                x1, x2 = np.linspace(*WINDOW[:2], SIDE), np.linspace(*WINDOW[2:], SIDE)
                field = scores.reshape(SIDE, SIDE)
                right.contourf(x1, x2, field, levels=[0.0, abs(field).max() + 1], alpha=0.2,
                               colors=[plots.CLASS_COLORS[1]])
                right.contour(x1, x2, field, levels=[0.0], colors=[plots.LINE])
            right.set(title="The decision boundary", xlim=WINDOW[:2],
                      ylim=WINDOW[2:])
        return picture.html


def _bytes(values: Any) -> bytes:
    return np.asarray(values).astype("<f4").tobytes()
