"""Imports point down, in the package and in its rooms; packages are entered by their doors; what is quick stays so."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.import_graph import DECLARED, FILES, MODULES, PACKAGE, circles, edges, imports, parsed, within

PREPARED = PACKAGE / "bridge" / "prepared.py"

LAYERS = (
    ("__main__",),
    ("cli", "nbgrader"),
    ("platforms", "release", "verify"),
    ("grade", "student"),
    ("checking",),
    ("sandbox",),
    ("blame",),
    ("checks", "pairs", "reports", "submission"),
    ("bridge",),
    ("assignment", "hygiene", "notebook", "scoring"),
    ("errors", "results"),
)
"""From the top down; a module imports only from lines below its own."""

SIDEWAYS = {
    ("scoring", "assignment"),  # a policy is part of assignment.toml
    ("errors", "results"),  # for the type of a failure's diagnostics
}
"""The imports between neighbors that are meant."""

JUDGES = ("comparison", "verdict", "rules", "facts", "trace")
RECORDS = (
    "recording",
    "recording.taps",
    "recording.repeat",
    "recording.effects",
    "recording.notes",
    "recording.sources",
    "recording.student",
    "trace",
)
"""The rooms of hygiene from the top down, in its two wings: what judges a run, and what runs beside student code."""

BRIDGES = {
    ("recording", "verdict"),  # ``recording.trace`` is what an author asks for diagnostics
}
"""The imports from one wing into the other."""

PAST_THE_DOOR = {
    # The words for values, not for an assignment's checks: no author is offered them.
    ("autograder.blame.structure", "autograder.checks.wording"),
    # How a syntax tree is read; advice on exceptions is what the package offers.
    ("autograder.bridge.answer", "autograder.bridge.advice.scene"),
    ("autograder.bridge.outline", "autograder.bridge.advice.scene"),
    ("autograder.bridge.slips", "autograder.bridge.advice.scene"),
}
"""Who imports a module of a package that declares ``__all__`` and not the package, or the package from within.

``notebook`` declares nothing, and is entered by its modules: the judge reads notebooks and the worker runs them, each
without importing the other half.
"""

TORCH_FREE = (
    "assignment",
    "cli",
    "errors",
    "notebook",
    "pairs",
    "reports",
    "results",
    "scoring",
    "submission",
)
"""What must be quick to import: ``autograder --help``, and reading a class's files."""

PACKAGES = [name for name, path in MODULES.items() if path.name == "__init__.py"]


def unit(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def level(name: str) -> int:
    return next(number for number, layer in enumerate(LAYERS) if name in layer)


def room(module: str) -> str:
    """The room of a module of hygiene; empty for the package itself."""
    parts = module.split(".")[2:]
    if parts[:1] != ["recording"]:
        return parts[0] if parts else ""
    is_room = f"recording.{parts[1]}" in RECORDS if parts[1:] else False
    return ".".join(parts[:2]) if is_room else "recording"


def is_below(here: str, there: str) -> bool:
    return any({here, there} <= set(wing) and wing.index(here) < wing.index(there) for wing in (JUDGES, RECORDS))


def test_every_module_has_a_layer() -> None:
    known = {name for layer in LAYERS for name in layer} | {"__init__"}
    assert {unit(path) for path in FILES} - known == set()


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(PACKAGE)) for path in FILES])
def test_imports_point_down(path: Path) -> None:
    here = unit(path)
    if here == "__init__":
        return  # its names are imported on first use
    wrong = []
    for one in imports(parsed(path)):
        if one.module.split(".")[0] != PACKAGE.name:
            continue
        there = f"{one.module}.{one.name}".split(".")[1]
        if there in ("", here, "__version__"):
            continue
        if level(there) <= level(here) and (here, there) not in SIDEWAYS:
            wrong.append(f"line {one.line}: {here} imports {there}")
    assert not wrong


def test_every_module_of_hygiene_has_a_room() -> None:
    rooms = {room(name) for name in MODULES if name.startswith("autograder.hygiene")}
    assert rooms == {"", *JUDGES, *RECORDS}


def test_rooms_of_hygiene_import_from_below_in_their_wing() -> None:
    wrong = []
    for importer, imported, line in edges():
        if not (importer.startswith("autograder.hygiene.") and imported.startswith("autograder.hygiene")):
            continue
        here, there = room(importer), room(imported)
        if here != there and not is_below(here, there) and (here, there) not in BRIDGES:
            wrong.append(f"{importer}, line {line}: {here} imports {imported}")
    assert not wrong


@pytest.mark.parametrize("package", PACKAGES)
def test_files_and_folders_of_a_package_import_each_other_in_no_circle(package: str) -> None:
    """A folder counts as one with all that is in it, so no module is part of a circle either."""
    assert circles(within(package)) == set()


def test_a_circle_is_found() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": {"d"}, "e": {"a"}}
    assert circles(graph) == {frozenset("bc"), frozenset("d")}


def test_packages_are_entered_by_their_doors() -> None:
    """Outside, from the package what ``__all__`` declares; inside, from the modules themselves."""
    wrong = set()
    for importer, imported, _ in edges():
        above = [name for name in PACKAGES[1:] if imported == name or imported.startswith(f"{name}.")]
        for package in above:
            is_inside = importer == package or importer.startswith(f"{package}.")
            if DECLARED[package] and (imported == package) == is_inside:
                wrong.add((importer, imported))
    assert wrong == PAST_THE_DOOR


@pytest.mark.parametrize("path", [path for path in FILES if unit(path) in TORCH_FREE], ids=str)
def test_what_is_quick_does_not_import_torch(path: Path) -> None:
    top_level = [node for node in parsed(path).body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {one.module.split(".")[0] for node in top_level for one in imports(node)}
    assert not names & {"torch", "torchvision"}


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(PACKAGE)) for path in FILES])
def test_files_are_short_and_pickle_free(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= 400
    names = {one.module.split(".")[0] for one in imports(parsed(path))}
    if unit(path) in ("bridge", "sandbox", "hygiene", "checking", "checks"):
        allowed = {"marshal"} if path == PREPARED else set()
        assert not names & {"pickle", "dill", "marshal", "shelve", "cloudpickle"} - allowed


def test_only_the_worker_s_own_loading_reads_what_a_worker_prepared() -> None:
    """Compiled code goes from worker to worker through the judge, which must never unpack it."""
    users = {importer for importer, imported, _ in edges() if imported == "autograder.bridge.prepared"}
    assert users == {"autograder.bridge.load"}
    loaders = {path for path in FILES if "load_again" in path.read_text(encoding="utf-8")}
    assert loaders == {PACKAGE / "bridge" / "load.py", PACKAGE / "bridge" / "answer.py"}
