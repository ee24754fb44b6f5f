"""What JupyterLab writes into a notebook about its kernel as soon as it opens it.

A notebook that has it already is not marked as unsaved before anybody has typed a letter.
"""

import platform

from nbformat import NotebookNode


def note_kernel(notebook: NotebookNode) -> None:
    """Put the metadata of ipykernel's kernel for this Python into the notebook."""
    notebook.metadata.kernelspec = NotebookNode(
        display_name="Python 3 (ipykernel)", language="python", name="python3")
    notebook.metadata.language_info = NotebookNode(
        name="python", version=platform.python_version(), mimetype="text/x-python",
        codemirror_mode=NotebookNode(name="ipython", version=3), pygments_lexer="ipython3",
        nbconvert_exporter="python", file_extension=".py")
