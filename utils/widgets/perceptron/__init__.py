"""A line to drag over two kinds of iris."""
