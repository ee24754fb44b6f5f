"""A solution notebook to the notebook that a student opens, by nbgrader's own preprocessors."""

import copy

from nbformat import NotebookNode
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)

# nbgrader's list for `generate_assignment`, without what needs its database or header files.
# The checksums are computed again after the hidden tests are gone.
PREPROCESSORS = (LockCells, ClearSolutions, ClearOutput, CheckCellMetadata, ClearHiddenTests,
                 ClearMarkScheme, ComputeChecksums, CheckCellMetadata)


def release_notebook(solution: NotebookNode) -> NotebookNode:
    """The student's notebook: stubs for solutions, no hidden tests, locked cells locked."""
    notebook = copy.deepcopy(solution)
    resources: dict[str, object] = {}
    for preprocessor in PREPROCESSORS:
        notebook, resources = preprocessor().preprocess(notebook, resources)
    return notebook
