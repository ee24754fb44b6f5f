"""Four optimizers in one valley."""
