"""The playground trains by the student's functions, a little at a time, and survives them."""

import base64
import re
import time

import numpy as np
import pytest

from utils.widgets import RegularizationPlayground
from utils.widgets.kit.student import AnswerError
from utils.widgets.regularization.explorer import NEVER
from utils.widgets.regularization.moons_run import LAST, LOOK, SIDE, Run, Tools, examples, grid


def l2_grad(weights, lam):
    return [lam * W for W in weights]


def dropout_forward(X, p, rng, training):
    mask = rng.random(X.shape) >= p if training else np.ones(X.shape)
    return (X * mask / (1 - p) if training else X), mask


def dropout_backward(dY, mask, p):
    return dY * mask / (1 - p)


def early_stopping(val_losses, patience, min_delta=0.0):
    best, best_epoch = float("inf"), 0
    for epoch, loss in enumerate(val_losses):
        if loss < best - min_delta:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch >= patience:
            return best_epoch, epoch
    return best_epoch, len(val_losses) - 1


def stub(*args):
    raise NotImplementedError


TOOLS = {"l2_grad": l2_grad, "dropout_forward": dropout_forward,
         "dropout_backward": dropout_backward, "early_stopping": early_stopping}


def playground(**others):
    return RegularizationPlayground(**{**TOOLS, **others})


def ask(widget, times=1):
    """The browser's part."""
    for _ in range(times):
        widget.asked += 1


def curve(widget, name):
    return np.frombuffer(widget.answer[name], dtype="<f4")


def trained(lam=0.0, p=0.0, epochs=LAST, **others):
    run = Run(Tools(**{**TOOLS, **others}))
    for _ in range(epochs):
        run.step(lam, p)
    return run


# ---- the run

def test_steps_are_gradient_descent_with_momentum_on_loss_and_penalty():
    """Against central differences of the whole objective, in every weight of both layers."""
    run, lam = Run(Tools(**TOOLS)), 0.3
    X, y = run.train
    before = [part.copy() for part in run.parameters]

    def objective(parts):
        W1, b1, W2, b2 = parts
        score = (np.maximum(X @ W1.T + b1, 0) @ W2.T + b2)[:, 0]
        return (np.mean(np.logaddexp(0, score) - y * score)
                + lam / 2 * (np.sum(W1 ** 2) + np.sum(W2 ** 2)))

    run.step(lam, 0.0)
    for k, (old, new) in enumerate(zip(before, run.parameters, strict=True)):
        slopes = np.zeros(old.shape)
        for at in np.ndindex(old.shape):
            parts = [part.copy() for part in before]
            parts[k][at] += 1e-6
            high = objective(parts)
            parts[k][at] -= 2e-6
            slopes[at] = (high - objective(parts)) / 2e-6
        np.testing.assert_allclose(old - new, 0.1 * slopes, atol=1e-6)


def test_without_help_it_over_fits_and_each_tool_helps():
    alone = trained()
    best = min(alone.valid_losses)
    assert alone.valid_losses[-1] > 2 * best
    assert alone.train_losses[-1] < 0.05
    assert trained(lam=0.003).valid_losses[-1] < 1.2 * best
    assert trained(p=0.3).train_losses[-1] > 2 * alone.train_losses[-1]
    assert trained(lam=0.1).train_losses[-1] > 0.4


def test_looks_are_what_the_parameters_kept_give():
    run = trained(epochs=3 * LOOK)
    assert len(run.kept) == len(run.valid_losses) == 4
    (X, y), (X_valid, y_valid) = examples()
    for k in range(4):
        for right, losses, A, b in ((run.train_right, run.train_losses, X, y),
                                    (run.valid_right, run.valid_losses, X_valid, y_valid)):
            score = run.scores(run.kept[k], A, 0.0)
            assert right[k] == np.mean((score >= 0) == b)
            assert losses[k] == pytest.approx(-np.mean(
                np.where(b == 1, -np.log1p(np.exp(-score)), -np.log1p(np.exp(score)))))


def test_a_step_that_fails_leaves_the_run_as_it_was():
    def moody(X, p, rng, training):
        if moody.ill:
            raise RuntimeError("no")
        return dropout_forward(X, p, rng, training)

    moody.ill = False
    run = trained(p=0.2, epochs=LOOK - 1, dropout_forward=moody)
    parameters, looks = run.parameters, len(run.kept)
    moody.ill = True
    with pytest.raises(AnswerError):
        run.step(0.0, 0.2)
    assert (run.parameters, run.epoch, len(run.kept)) == (parameters, LOOK - 1, looks)
    moody.ill = False
    run.step(0.0, 0.2)
    assert (run.epoch, len(run.kept)) == (LOOK, looks + 1)


def test_an_exploding_run_says_so():
    run = Run(Tools(**{**TOOLS, "l2_grad": lambda weights, lam: [-1e5 * W for W in weights]}))
    with pytest.raises(AnswerError, match="exploded"):
        run.advance(0.1, 0.0, 5.0)
    assert all(np.isfinite(part).all() for part in run.parameters)


# ---- the explorer

def test_each_request_is_one_look_and_nothing_runs_by_itself():
    widget = playground()
    assert widget.answer["epoch"] == 0
    ask(widget, 3)
    assert widget.answer["epoch"] == 3 * LOOK
    assert curve(widget, "valid").shape == (4,)
    assert curve(widget, "now").shape == (SIDE * SIDE,)
    assert widget.answer["asked"] == widget.asked == 3
    np.testing.assert_allclose(curve(widget, "valid"), trained(epochs=3 * LOOK).valid_losses,
                               rtol=1e-6)


def test_slow_functions_make_smaller_steps():
    widget = playground(l2_grad=slow)
    widget.lam = 0.01
    ask(widget)
    assert 0 < widget.answer["epoch"] < LOOK
    before = widget.answer["epoch"]
    ask(widget)
    assert widget.answer["epoch"] > before


def slow(weights, lam):
    time.sleep(0.03)
    return l2_grad(weights, lam)


def test_patience_stops_at_the_look_that_uses_it_up():
    widget = playground()
    widget.patience = 3
    ask(widget, LAST // LOOK)
    losses = curve(widget, "valid").tolist()
    best, stop = early_stopping(losses, 3)
    assert widget.answer["done"]
    assert (widget.answer["best"], widget.answer["stop"]) == (best * LOOK, stop * LOOK)
    assert widget.answer["epoch"] == stop * LOOK
    assert "go back to the best look" in widget.answer["message"]

    widget.patience = NEVER  # a longer patience goes on from there
    assert not widget.answer["done"]
    ask(widget)
    assert widget.answer["epoch"] == (stop + 1) * LOOK


def test_it_ends_at_the_last_epoch():
    widget = playground()
    ask(widget, LAST // LOOK + 3)
    assert widget.answer["epoch"] == LAST
    assert widget.answer["done"]
    assert widget.answer["stop"] is None
    best = int(np.argmin(curve(widget, "valid")))
    assert widget.answer["best"] == best * LOOK
    run = trained()
    np.testing.assert_allclose(curve(widget, "then"), run.scores(run.kept[best], grid(), 0.0),
                               rtol=1e-4, atol=1e-4)


def test_a_new_run_keeps_the_curve_of_the_one_before():
    widget = playground()
    widget.lam = 0.003
    ask(widget, 4)
    before = widget.answer["valid"]
    widget.restarts += 1
    assert widget.answer["epoch"] == 0
    assert widget.answer["previous"] == before
    assert widget.answer["before"] == "λ = 0.003, p = 0"
    widget.restarts += 1  # of a run that has not begun nothing is kept
    assert widget.answer["previous"] == before


def test_the_students_dropout_is_used_for_training_and_in_use():
    calls = []

    def listening(X, p, rng, training):
        calls.append((p, training))
        return dropout_forward(X, p, rng, training)

    widget = playground(dropout_forward=listening)
    calls.clear()
    ask(widget)
    assert not calls
    widget.p = 0.4
    ask(widget)
    assert calls.count((0.4, True)) == LOOK
    assert (0.4, False) in calls


def test_what_is_missing_is_said_at_once_and_the_rest_works():
    widget = playground(l2_grad=stub, early_stopping=stub)
    assert "waits for your stub" in widget.answer["note"]
    assert widget.answer["best"] is None
    ask(widget)
    assert widget.answer["epoch"] == LOOK  # λ = 0 needs no l2_grad
    widget.lam = 0.01
    ask(widget)
    assert widget.answer["epoch"] == LOOK
    assert "waits for your stub" in widget.answer["note"]


@pytest.mark.parametrize(("name", "broken", "words"), [
    ("l2_grad", lambda weights, lam: lam, "a float, expected a list of 2 arrays"),
    ("l2_grad", lambda weights, lam: [W.sum() for W in weights], "the shape of its layer"),
    ("l2_grad", lambda weights, lam: weights[:1], "a list of 1, expected a list of 2"),
    ("l2_grad", lambda weights, lam: 1 / 0, "stopped with ZeroDivisionError"),
    ("dropout_forward", lambda X, p, rng, training: X, "expected the pair (Y, mask)"),
    ("dropout_forward", lambda X, p, rng, training: (X, X[0]), "a mask of X's shape"),
    ("dropout_forward", lambda X, p, rng, training: (X * np.nan, X), "nan or inf"),
    ("dropout_forward", lambda X, p, rng, training: None, "None (is there a return?)"),
    ("dropout_backward", lambda dY, mask, p: dY[0], "dX, of dY's shape"),
    ("dropout_backward", lambda dY, mask, p: "dX", "a str"),
    ("early_stopping", lambda losses, patience: 3, "expected the pair (best_epoch, stop_epoch)"),
    ("early_stopping", lambda losses, patience: (1, 0), "The best epoch comes first"),
    ("early_stopping", lambda losses, patience: (0.5, 1), "The best epoch comes first"),
    ("early_stopping", lambda losses, patience: (0, len(losses)), "both are in the list"),
    ("early_stopping", lambda losses, patience: (None, 1), "two whole numbers"),
])
def test_a_function_that_fails_costs_a_sentence(name, broken, words):
    widget = playground(**{name: broken})
    assert words in widget.answer["note"]
    widget.lam, widget.p = 0.01, 0.3
    ask(widget, 2)
    assert words in widget.answer["note"]
    assert curve(widget, "now").shape == (SIDE * SIDE,)
    assert "two moons" in alt(widget)


def test_the_last_good_picture_stays_and_comes_back_to_life():
    def moody(weights, lam):
        if lam == 0.03:
            raise RuntimeError("unlucky")
        return l2_grad(weights, lam)

    widget = playground(l2_grad=moody)
    widget.lam = 0.01
    ask(widget, 2)
    before = widget.answer
    widget.lam = 0.03
    ask(widget)
    assert "moody stopped with RuntimeError: unlucky" in widget.answer["note"]
    assert widget.answer["valid"] == before["valid"]
    assert widget.answer["now"] == before["now"]
    widget.lam = 0.003
    ask(widget)
    assert widget.answer["note"] == ""
    assert widget.answer["epoch"] == 3 * LOOK


def test_a_function_that_changes_its_arguments_harms_nobody():
    def vandal(weights, lam):
        grads = l2_grad(weights, lam)
        for W in weights:
            W[:] = 0
        return grads

    widget = playground(l2_grad=vandal)
    widget.lam = 0.01
    ask(widget, 2)
    np.testing.assert_allclose(curve(widget, "valid"),
                               trained(lam=0.01, epochs=2 * LOOK).valid_losses, rtol=1e-6)


def alt(widget):
    data, _ = widget._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    image = re.search(r'<img alt="([^"]+)".* src="data:image/png;base64,([^"]+)">',
                      data["text/html"])
    assert base64.b64decode(image[2]).startswith(b"\x89PNG")
    return image[1]


def test_it_leaves_a_picture_with_alt_text_and_does_not_train_for_it():
    widget = playground()
    said = alt(widget)
    assert "50 noisy examples of two moons with λ = 0, p = 0" in said
    assert "lowest at epoch" in said
    assert widget.answer["epoch"] == 0
