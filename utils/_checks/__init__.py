"""What checks are made of: comparing values, time limits, the answer's cell."""
