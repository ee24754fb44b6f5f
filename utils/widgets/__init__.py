"""Explorers: pictures to drag, computed by the student's own functions.

    flowers = iris().only("setosa", "versicolor").take("petal length (cm)", "petal width (cm)")
    PerceptronExplorer(flowers, perceptron_predict, perceptron_update, margin)
    XorFold(two_layer_forward)
    ForwardSteps(mlp_forward, softmax)
    GradientGraph(numerical_gradient, gradient_check)
    ActivationExplorer(functions, X, weights, biases, alpha="leaky ReLU")
    GradientFlow(delta_norms, init_weights)
    RegularizationPlayground(l2_grad, dropout_forward, dropout_backward, early_stopping)

What only views moves in the browser at once. What needs a function of the student's asks the
kernel. A function that isn't written yet, raises, or returns the wrong kind of thing costs a
sentence in the explorer, never the explorer.
"""

from utils.widgets.activation_explorer import ActivationExplorer
from utils.widgets.forward_steps import ForwardSteps
from utils.widgets.gradient_flow import GradientFlow
from utils.widgets.gradient_graph import GradientGraph
from utils.widgets.perceptron import PerceptronExplorer
from utils.widgets.regularization_playground import RegularizationPlayground
from utils.widgets.xor_fold import XorFold

__all__ = ["ActivationExplorer", "ForwardSteps", "GradientFlow", "GradientGraph",
           "PerceptronExplorer", "RegularizationPlayground", "XorFold"]
