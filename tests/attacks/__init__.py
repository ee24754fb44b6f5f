"""What a hostile submission may try, and what must come of it."""
