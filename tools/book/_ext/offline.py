"""Keeps Thebe out of the site: Jupyter Book loads it everywhere, and it looks for another host."""

from typing import Any


def setup(app: Any) -> dict[str, bool]:
    """Join Sphinx."""
    app.connect("html-page-context", without_thebe)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def without_thebe(app: Any, page: str, template: str, context: dict[str, Any],
                  doctree: Any) -> None:
    """Leave its scripts away."""
    context["script_files"] = [one for one in context.get("script_files", [])
                               if "thebe" not in f"{one.filename} {one.attributes}".lower()]
