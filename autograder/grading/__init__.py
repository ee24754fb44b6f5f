"""A submission to a result."""
