"""Who shares a mean: the student's normalizations, found out by nudging one cell."""
