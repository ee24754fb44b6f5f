"""Explorers: pictures to drag, computed by the student's own functions.

    flowers = iris().only("setosa", "versicolor").take("petal length (cm)", "petal width (cm)")
    PerceptronExplorer(flowers, perceptron_predict, perceptron_update, margin)
    XorFold(two_layer_forward)
    ForwardSteps(mlp_forward, softmax)
    GradientGraph(numerical_gradient, gradient_check)
    ActivationExplorer(functions, X, weights, biases, alpha="leaky ReLU")
    AttentionExplorer(attention)
    GradientFlow(delta_norms, init_weights)
    RegularizationPlayground(l2_grad, dropout_forward, dropout_backward, early_stopping)
    LesionBench(block_forward, lesion, networks, X, y)
    SearchBench(random_search)
    TapeExplorer(topological_order, backprop)
    Lens(conv2d_forward)
    SaysWho(saliency, integrated_gradients, occlusion, (weights, biases), X, y)
    DigitPad(train_digits, X, y, X_new, y_new, saliency)
    Unrolled(rnn_step, rnn_backward)
    Valley(stable_lr, sgd_step, momentum_step, rmsprop_step, adam_step)
    WhoShares(layernorm_forward, rmsnorm_forward, groupnorm_forward)

What only views moves in the browser at once. What needs a function of the student's asks the
kernel. A function that isn't written yet, raises, or returns the wrong kind of thing costs a
sentence in the explorer, never the explorer.

Each is imported when a lesson asks for it: a lesson needs one of them, and a grader none.
"""

from importlib import import_module
from typing import Any

_FOLDERS = {
    "ActivationExplorer": "activations",
    "AttentionExplorer": "attention",
    "DigitPad": "digit_pad",
    "ForwardSteps": "forward_steps",
    "GradientFlow": "gradient_flow",
    "GradientGraph": "gradient_graph",
    "Lens": "lens",
    "LesionBench": "lesion_bench",
    "PerceptronExplorer": "perceptron",
    "RegularizationPlayground": "regularization",
    "SaysWho": "says_who",
    "SearchBench": "search_bench",
    "TapeExplorer": "tape",
    "Unrolled": "unrolled",
    "Valley": "valley",
    "WhoShares": "who_shares",
    "XorFold": "xor_fold",
}

__all__ = list(_FOLDERS)


def __getattr__(name: str) -> Any:
    if name not in _FOLDERS:
        raise AttributeError(f"module 'utils.widgets' has no attribute {name!r}")
    return getattr(import_module(f"utils.widgets.{_FOLDERS[name]}.explorer"), name)
