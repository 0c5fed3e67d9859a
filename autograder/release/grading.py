"""The zip for Gradescope and `otter grade`: one file that satisfies both contracts."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from autograder.assignment import Assignment
from autograder.release.artefact import Files, below, folder_files, text
from autograder.release.student import imported_extras, render
from autograder.release.wheel import package_files, requirements

PATTERNS = (
    "run_autograder",
    "setup.sh",
    "environment.yml",
    "requirements.txt",
    "otter_config.json",
    "run_otter.py",
    "tests/*.py",
    "files/autograder-src/autograder/*",
    "files/course/assignments/*",
    "files/course/solutions/*",
)
"""What the zip may list: Otter takes nothing else into its container."""

_OTTER_CONFIG = {
    "plugins": ["autograder.platforms.otter.plugin.JudgePlugin"],
    "show_hidden": True,
    "force_public_test_summary": False,
    "print_summary": False,
    "logo": False,
}
_NEEDED_NOT = ("filelock", "jupytext", "scikit-learn", "rich")
"""Requirements of the package that grading one submission does not need."""
_MODULES = {"scikit-learn": "sklearn"}


def autograder_files(assignment: Assignment) -> Files:
    """What lies in the zip of an assignment: the harness, this package's source, and the graded course."""
    files = set_up_files([assignment])
    files["environment.yml"] = text(render("environment.yml.j2", requirements=_needed([assignment])))
    files["run_autograder"] = text(render("run_autograder"))
    files["run_otter.py"] = text(render("run_otter.py"))
    files["otter_config.json"] = text(json.dumps(_OTTER_CONFIG, indent=2))
    for task in assignment.tasks:
        files[f"tests/{task.id}.py"] = text(render("judged_test.py.j2", task=task))
    course = below("assignments", below(assignment.slug, folder_files(assignment.folder, "*.py", "*.toml")))
    course |= below("solutions", below(assignment.slug, folder_files(_solutions(assignment), "*.py")))
    return files | below("files/autograder-src", package_files()) | below("files/course", course)


def set_up_files(assignments: Sequence[Assignment]) -> Files:
    """What installs everything that grading these assignments needs: for a zip, or for the course image."""
    needed = _needed(assignments)
    modules = [_MODULES.get(name, name) for name in map(_name, needed) if name != "tomli"]
    return {
        "setup.sh": text(render("setup.sh.j2", modules=modules)),
        "requirements.txt": text(render("requirements.grading.txt.j2", requirements=needed)),
    }


def _solutions(assignment: Assignment) -> Path:
    return assignment.solution.parent


def _needed(assignments: Sequence[Assignment]) -> list[str]:
    """The package's requirements that grading needs, and those of the assignments' own code; without torchvision,
    which is large and used only where MNIST itself is at hand."""
    files = [path for assignment in assignments for path in (assignment.stub, assignment.solution)]
    sources = "\n".join(path.read_text(encoding="utf-8") for path in files)
    extras = [name for name in imported_extras(sources) if name != "torchvision"]
    kept = [line for line in requirements() if _name(line) not in _NEEDED_NOT]
    return kept + [name for name in extras if name not in map(_name, kept)]


def _name(requirement: str) -> str:
    match = re.match(r"[\w.-]+", requirement)
    return match[0] if match else requirement
