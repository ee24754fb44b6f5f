"""Who looks at whom: the attention of a small transformer to the letters of a name."""
