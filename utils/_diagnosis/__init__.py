"""Known wrong answers, and recognizing them."""
