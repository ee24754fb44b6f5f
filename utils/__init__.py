"""What the lessons import. These modules are public; the others are the machinery behind them.

    checks      what a test cell is made of: named checks, partial credit, a card that teaches
    data        the data sets: scikit-learn's bundled tables and small point clouds
    plain       types of a course's own: how their values are written as plain data
    plots       the figures: one palette, one look, an alt text for each
    gradcheck   an analytic gradient against central differences of the function itself
    trained     small networks that already read handwritten digits
    earlier     a student's own functions from a lesson they did before
    progress    how far a student has come, lesson by lesson
    milestones  steps of the field's history that a student's own functions have taken
    interview   questions to practice on, one at a time, as in an interview
    review      what was wrong comes back after some days, until it was right four times
    hand_in     a button that checks a lesson and hands it in
    widgets     explorers: pictures to drag, computed by the student's own functions

Importing `utils` alone imports none of them, and so neither NumPy nor matplotlib.
"""

__all__ = ["checks", "data", "earlier", "gradcheck", "hand_in", "interview", "milestones", "plain",
           "plots", "progress", "review", "trained", "widgets"]
