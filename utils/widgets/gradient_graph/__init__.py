"""A small graph, forward and back."""
