"""Explorers: pictures to drag, computed by the student's own functions.

    flowers = iris().only("setosa", "versicolor").take("petal length (cm)", "petal width (cm)")
    PerceptronExplorer(flowers, perceptron_predict, perceptron_update, margin)
    XorFold(two_layer_forward)
    ForwardSteps(mlp_forward, softmax)
    GradientGraph(numerical_gradient, gradient_check)
    ActivationExplorer(functions, X, weights, biases, alpha="leaky ReLU")
    GradientFlow(delta_norms, init_weights)
    RegularizationPlayground(l2_grad, dropout_forward, dropout_backward, early_stopping)
    TapeExplorer(topological_order, backprop)

What only views moves in the browser at once. What needs a function of the student's asks the
kernel. A function that isn't written yet, raises, or returns the wrong kind of thing costs a
sentence in the explorer, never the explorer.
"""

from utils.widgets.activations.explorer import ActivationExplorer
from utils.widgets.forward_steps.explorer import ForwardSteps
from utils.widgets.gradient_flow.explorer import GradientFlow
from utils.widgets.gradient_graph.explorer import GradientGraph
from utils.widgets.perceptron.explorer import PerceptronExplorer
from utils.widgets.regularization.explorer import RegularizationPlayground
from utils.widgets.tape.explorer import TapeExplorer
from utils.widgets.xor_fold.explorer import XorFold

__all__ = ["ActivationExplorer", "ForwardSteps", "GradientFlow", "GradientGraph",
           "PerceptronExplorer", "RegularizationPlayground", "TapeExplorer", "XorFold"]
