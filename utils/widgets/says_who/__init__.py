"""A digit, a network, a method, and its map; what is left of it when layers are shuffled."""
