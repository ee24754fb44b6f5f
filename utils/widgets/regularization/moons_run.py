"""A small network trained on two noisy moons, an epoch at a time, with the student's tools."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.data import moons
from utils.widgets.kit import student
from utils.widgets.kit.student import AnswerError, FloatArray

EXAMPLES, NOISE, SEED = 50, 0.3, 2
HIDDEN, RATE, MOMENTUM = 40, 0.1, 0.9
LOOK = 20  # epochs from one look at the validation examples to the next
LAST = 2000  # epochs
SIDE = 41  # points on each side of the grid on which the boundary is shown
WINDOW = (-1.9, 2.9, -1.6, 2.1)

Parameters = tuple[FloatArray, FloatArray, FloatArray, FloatArray]


@dataclass(frozen=True)
class Tools:
    """The student's functions."""

    l2_grad: Callable[..., Any]
    dropout_forward: Callable[..., Any]
    dropout_backward: Callable[..., Any]
    early_stopping: Callable[..., Any]

    def penalty(self, weights: list[FloatArray], lam: float) -> list[FloatArray]:
        """What the L2 penalty adds to the gradient of each layer; raises AnswerError."""
        result = student.call(self.l2_grad, [W.copy() for W in weights], lam)
        if not isinstance(result, (list, tuple, np.ndarray)) or len(result) != len(weights):
            raise AnswerError(f"{student.name(self.l2_grad)} returned {student.kind(result)}, "
                              f"expected a list of {len(weights)} arrays, one for each layer.")
        return [student.floats(self.l2_grad, dW, W.shape, "the shape of its layer")
                for dW, W in zip(result, weights, strict=True)]

    def drop(self, H: FloatArray, p: float, rng: np.random.Generator,
             training: bool) -> tuple[FloatArray, FloatArray]:
        """(Y, mask) of the student's dropout; raises AnswerError."""
        result = student.call(self.dropout_forward, H, p, rng, training)
        if not isinstance(result, (list, tuple)) or len(result) != 2:
            raise AnswerError(f"{student.name(self.dropout_forward)} returned "
                              f"{student.kind(result)}, expected the pair (Y, mask).")
        Y = student.floats(self.dropout_forward, result[0], H.shape, "Y, of X's shape")
        return Y, student.floats(self.dropout_forward, result[1], H.shape, "a mask of X's shape")

    def stop(self, losses: list[float], patience: int) -> tuple[int, int]:
        """(best, stop), both counted in losses; raises AnswerError."""
        result = student.call(self.early_stopping, list(losses), patience)
        said = student.name(self.early_stopping)
        if not isinstance(result, (list, tuple)) or len(result) != 2:
            raise AnswerError(f"{said} returned {student.kind(result)}, expected the pair "
                              "(best_epoch, stop_epoch).")
        best, stop = (student.floats(self.early_stopping, part, (), "two whole numbers")
                      for part in result)
        if best % 1 or stop % 1 or not 0 <= best <= stop < len(losses):
            raise AnswerError(f"{said} returned ({best:g}, {stop:g}) for {len(losses)} losses. The "
                              "best epoch comes first, the stop is not before it, and both are "
                              "in the list.")
        return int(best), int(stop)


@dataclass
class Run:
    """One training run. `step` is an epoch; what raises leaves the run as it was."""

    tools: Tools
    epoch: int = 0
    train_losses: list[float] = field(default_factory=list)
    valid_losses: list[float] = field(default_factory=list)
    valid_right: list[float] = field(default_factory=list)
    train_right: list[float] = field(default_factory=list)
    kept: list[Parameters] = field(default_factory=list)  # the parameters at each look

    def __post_init__(self) -> None:
        self.train, self.valid = examples()
        self._rng = np.random.default_rng(SEED + 1)
        rng = np.random.default_rng(SEED)
        self.parameters: Parameters = (
            1.5 * rng.normal(size=(HIDDEN, 2)), 1.5 * rng.normal(size=HIDDEN),
            rng.normal(size=(1, HIDDEN)) / HIDDEN ** 0.5, np.zeros(1))
        self._velocity: list[FloatArray] = [np.zeros_like(part) for part in self.parameters]
        self._look(self.parameters, 0.0)

    def step(self, lam: float, p: float) -> None:
        """One epoch of full-batch gradient descent with momentum; raises AnswerError."""
        X, y = self.train
        W1, b1, W2, b2 = self.parameters
        Z = X @ W1.T + b1
        H, mask = np.maximum(Z, 0.0), np.ones_like(Z)
        if p:
            H, mask = self.tools.drop(H, p, self._rng, True)
        score = (H @ W2.T + b2)[:, 0]
        dscore = ((sigmoid(score) - y) / len(y))[:, None]
        dH = dscore @ W2
        if p:
            dH = student.array(self.tools.dropout_backward, dH, mask, p, shape=dH.shape,
                               meaning="dX, of dY's shape")
        dZ = dH * (Z > 0)
        gradient = [dZ.T @ X, dZ.sum(axis=0), dscore.T @ H, dscore.sum(axis=0)]
        if lam:
            more = self.tools.penalty([W1, W2], lam)
            gradient[0], gradient[2] = gradient[0] + more[0], gradient[2] + more[1]
        velocity = [MOMENTUM * v - RATE * g for v, g in zip(self._velocity, gradient, strict=True)]
        W1, b1, W2, b2 = (part + v for part, v in zip(self.parameters, velocity, strict=True))
        if not all(np.abs(part).max() < 1e6 for part in (W1, b1, W2, b2)):
            raise AnswerError("The weights have exploded: is a sign or a scale wrong in one of "
                              "your gradients? Start again.")
        if (self.epoch + 1) % LOOK == 0:
            self._look((W1, b1, W2, b2), p)
        self.parameters, self._velocity = (W1, b1, W2, b2), velocity
        self.epoch += 1

    def advance(self, lam: float, p: float, seconds: float) -> None:
        """Epochs up to the next look, or until the time is up, but one at least."""
        end = time.perf_counter() + seconds
        goal = min(LAST, (self.epoch // LOOK + 1) * LOOK)
        while self.epoch < goal:
            self.step(lam, p)
            if time.perf_counter() > end:
                break

    def scores(self, parameters: Parameters, X: FloatArray, p: float) -> FloatArray:
        """The network in use: (n,) scores, 0 or above for class 1; raises AnswerError."""
        W1, b1, W2, b2 = parameters
        H = np.maximum(X @ W1.T + b1, 0.0)
        if p:
            H, _ = self.tools.drop(H, p, self._rng, False)
        return (H @ W2.T + b2)[:, 0]

    def _look(self, parameters: Parameters, p: float) -> None:
        (X, y), (X_valid, y_valid) = self.train, self.valid
        score, score_valid = (self.scores(parameters, each, p) for each in (X, X_valid))
        self.train_losses.append(loss(score, y))
        self.valid_losses.append(loss(score_valid, y_valid))
        self.train_right.append(float(np.mean((score >= 0) == y)))
        self.valid_right.append(float(np.mean((score_valid >= 0) == y_valid)))
        self.kept.append(parameters)


Examples = tuple[FloatArray, NDArray[Any]]


def examples() -> tuple[Examples, Examples]:
    """Training and validation examples."""
    rng = np.random.default_rng(SEED)
    train, valid = moons(EXAMPLES, NOISE, rng), moons(6 * EXAMPLES, NOISE, rng)
    return (train.X, train.y), (valid.X, valid.y)


def grid() -> FloatArray:
    """(SIDE², 2) points over the window, row by row from below."""
    x1, x2 = np.linspace(*WINDOW[:2], SIDE), np.linspace(*WINDOW[2:], SIDE)
    return np.stack(np.meshgrid(x1, x2), axis=-1).reshape(-1, 2)


def sigmoid(z: FloatArray) -> FloatArray:
    """1 / (1 + exp(-z)) without overflow."""
    return (1 + np.tanh(z / 2)) / 2


def loss(score: FloatArray, y: NDArray[Any]) -> float:
    """Mean cross-entropy of labels 0 and 1 from scores."""
    return float(np.mean(np.logaddexp(0.0, score) - y * score))
