"""What you got wrong, back after 1, 3, 7 and 21 days: as a quiz question, or with fresh numbers.

    from utils.review import Review

    Review()                              # what is due today
    Review(feedback="~/Downloads")        # also reads feedback pages that you saved there

A misconception goes into your boxes when a card names it, a wrong choice when your feedback has
come. All of it is in your own progress file; nothing leaves your disk.
"""

from utils.review.room import Review

__all__ = ["Review"]
