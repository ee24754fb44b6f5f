"""A kernel of nine weights, laid on a digit or a photograph."""
