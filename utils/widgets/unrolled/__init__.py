"""A recurrent network, unrolled over the letters of a text."""
