"""A class: its roster, what it handed in, grading it, exporting its marks."""
