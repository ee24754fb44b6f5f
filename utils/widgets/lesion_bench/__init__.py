"""Trained networks on a bench: take out blocks, and see what they still get right."""
