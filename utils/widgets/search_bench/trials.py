"""The trials of a grid and of the student's random search, with the same budget."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from utils.widgets.kit import student
from utils.widgets.kit.student import AnswerError, FloatArray
from utils.widgets.search_bench.landscape import Landscape

LOG, LINEAR = "log", "linear"


@dataclass(frozen=True, eq=False)
class Trials:
    """What one search has tried, and what it holds for the best.

    points: (trials, 2), log10 of the learning rate and of the weight decay.
    best: the point that it has chosen. valid, test: the accuracies there.
    """

    points: FloatArray
    best: FloatArray
    valid: float
    test: float


def ranges(scale: str, land: Landscape) -> FloatArray:
    """(2, 2): low and high of the learning rate and of the weight decay; their log10 if LOG."""
    logs = np.array([[land.rates[0], land.rates[-1]], [land.decays[0], land.decays[-1]]])
    return logs if scale == LOG else 10 ** logs


def grid(land: Landscape, trials: int, scale: str, rng: np.random.Generator) -> Trials:
    """All combinations of evenly spaced values; where the first one lies is random.

    trials: a square number.
    """
    side = round(trials ** 0.5)
    axes = [low + (high - low) * (np.arange(side) + rng.random()) / side
            for low, high in ranges(scale, land)]
    points = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    points = points if scale == LOG else np.log10(points)
    return _chosen(land, points, int(np.argmax([land.at(land.valid, *point) for point in points])))


def dice(land: Landscape, trials: int, scale: str, rng: np.random.Generator,
         random_search: Callable[..., Any]) -> Trials:
    """What the student's random_search does with settings {"lr": …, "decay": …}.

    Its objective is the share of validation digits that are wrong. Raises AnswerError.
    """
    (low, high), asked = ranges(scale, land).T, list[FloatArray]()

    def sample(rng: np.random.Generator) -> dict[str, float]:
        lr, decay = 10 ** rng.uniform(low, high) if scale == LOG else rng.uniform(low, high)
        return {"lr": float(lr), "decay": float(decay)}

    def objective(setting: dict[str, float]) -> float:
        asked.append(np.log10([setting["lr"], setting["decay"]]))
        return 1 - land.at(land.valid, *asked[-1])

    said = f"{student.name(random_search)} returned"
    result = student.call(random_search, objective, sample, trials, rng)
    if not isinstance(result, (tuple, list)) or len(result) != 3:
        raise AnswerError(f"{said} {student.kind(result)}, expected (best_config, best_value, "
                          "history).")
    setting, value, history = result
    if not isinstance(setting, dict) or not {"lr", "decay"} <= set(setting):
        kind = "None" if setting is None else student.kind(setting)
        raise AnswerError(f"{said} {kind} as best_config, expected one of the settings that "
                          "sample returned.")
    student.floats(random_search, history, (trials,), "a history with one value for each trial")
    student.floats(random_search, value, (), "best_value, one number")
    if len(asked) != trials:
        raise AnswerError(f"{student.name(random_search)} asked about {len(asked)} settings in "
                          f"{trials} trials.")
    best = np.log10([setting["lr"], setting["decay"]])
    return _chosen(land, np.array(asked), int(np.argmin(np.abs(asked - best).sum(axis=1))))


def _chosen(land: Landscape, points: FloatArray, best: int) -> Trials:
    point = points[best]
    return Trials(points, point, land.at(land.valid, *point), land.at(land.test, *point))
