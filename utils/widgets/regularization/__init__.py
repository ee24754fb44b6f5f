"""Regularization, live."""
