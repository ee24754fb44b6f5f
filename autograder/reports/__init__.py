"""A report on a class."""
