"""Grid search against the student's random search, on a landscape of digits."""
