"""A student's path through JupyterLab, in Chromium."""
