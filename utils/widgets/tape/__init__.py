"""A short program as a tape: values forward, gradients back."""
