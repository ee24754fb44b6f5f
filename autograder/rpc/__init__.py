"""Calls between the grader and a student's code that behave like local ones."""
