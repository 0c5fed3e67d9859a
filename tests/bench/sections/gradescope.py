"""One submission in a container as small as Gradescope's smallest: half a processor, 768 MB."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.groups import NoGroups, container
from tests.bench.measuring import Measuring
from tests.bench.page import Table, seconds
from tests.bench.tree_meter import CommandFailed
from tests.bench.trees import Tree

NAME, ORDER = "gradescope", 6
_PROCESSORS, _MEGABYTES = 0.5, 768


def measure(run: Measuring) -> Iterator[Table]:
    """One row per tree; without figures where no control groups can be made."""
    table = Table("Gradescope's smallest container", ("assignment", "tree", "wall s", "processor s", "peak MB"))
    for tree in run.trees:
        try:
            with container(_PROCESSORS, _MEGABYTES) as groups:
                root = _laid_out(run, tree)
                command = ["/usr/bin/env", f"AUTOGRADER_ROOT={root}", f"AUTOGRADER_VENV={tree.python.parents[1]}"]
                usage = run.run(tree, "run_autograder", [*command, str(root / "run_autograder")], groups=groups)
        except NoGroups as reason:
            table.notes.append(f"Not measured: {reason}.")
            continue
        results = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
        if results["extra_data"]["status"] != "graded":
            raise CommandFailed(f"run_autograder: {results['output']}")
        table.add(run.slug, tree.title, seconds(usage.wall), seconds(usage.processor), f"{usage.peak_mb:.0f}")
    table.notes.append(
        f"The reference solution and the zip's own `run_autograder`, laid out as in the container, in a control group "
        f"with {_PROCESSORS:g} processors and {_MEGABYTES} MB, without swap. The libraries are those of the "
        "interpreter that everything else here was measured with."
    )
    yield table


def _laid_out(run: Measuring, tree: Tree) -> Path:
    """The folder that stands for /autograder, from the zip that the tree's release writes."""
    dist, root = tree.work / "dist-gradescope", tree.work / "container"
    command = [str(tree.python), "-m", "autograder", "release", run.slug, "--course", str(tree.course)]
    run.run(tree, "autograder release (not counted)", [*command, "--out", str(dist)])
    for name in ("source", "submission", "results"):
        (root / name).mkdir(parents=True)
    with zipfile.ZipFile(dist / f"{run.slug}-autograder.zip") as archive:
        archive.extractall(root / "source")
    shutil.copy(root / "source" / "run_autograder", root)
    (root / "run_autograder").chmod(0o755)
    shutil.copy(tree.course / "solutions" / run.slug / f"{run.slug}.py", root / "submission")
    (root / "submission_metadata.json").write_text(json.dumps({"id": 1, "created_at": "2026-03-01T00:00:00Z"}))
    return root
