"""A mock interview: questions of the lessons, a clock, and your own judgment of what you said.

    from utils.interview import Interview

    Interview(1)                            # another number draws other questions
    Interview(1, lessons=range(1, 8))       # of the lessons 1 to 7 only
"""

from utils.interview.room import Interview

__all__ = ["Interview"]
