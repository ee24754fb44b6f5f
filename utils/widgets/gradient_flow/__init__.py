"""How gradients flow through a deep network."""
