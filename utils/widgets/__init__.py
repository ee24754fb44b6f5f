"""Explorers: pictures to drag, computed by the student's own functions.

    flowers = iris().only("setosa", "versicolor").take("petal length (cm)", "petal width (cm)")
    PerceptronExplorer(flowers, perceptron_predict, perceptron_update, margin)
    XorFold(two_layer_forward)

What only views moves in the browser at once. What needs a function of the student's asks the
kernel. A function that isn't written yet, raises, or returns the wrong kind of thing costs a
sentence in the explorer, never the explorer.
"""

from utils.widgets.perceptron import PerceptronExplorer
from utils.widgets.xor_fold import XorFold

__all__ = ["PerceptronExplorer", "XorFold"]
