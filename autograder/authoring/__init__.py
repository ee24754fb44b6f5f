"""Lesson sources to notebooks, the start page, and the pages to read."""
