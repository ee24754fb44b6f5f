"""A button that hands a lesson in: saves it, checks it, asks once, and shows the receipt.

    from utils.hand_in import HandIn

    HandIn("01_perceptron")
"""

from utils.hand_in.button import HandIn

__all__ = ["HandIn"]
