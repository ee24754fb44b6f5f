"""Builds the lessons and grades them. `python -m autograder --help` lists the commands."""
