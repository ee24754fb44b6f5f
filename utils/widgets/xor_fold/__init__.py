"""Two hidden lines, and the space they fold."""
