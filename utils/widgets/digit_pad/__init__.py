"""A pad of 8 × 8 pixels to draw a digit on, which the student's own network reads."""
