"""The forward pass, layer by layer."""
