"""A student's own copies: fetching, updating, handing in."""
