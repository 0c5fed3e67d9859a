"""What is in the wheel: the package and its templates; no solution, no assignment, no test."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names in a wheel built from a copy of the checkout: building in place leaves files behind."""
    folder = tmp_path_factory.mktemp("wheel")
    left_out = shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "__pycache__", "grades")
    shutil.copytree(ROOT, folder / "checkout", ignore=left_out)
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--no-index")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", folder, folder / "checkout"],
        check=True,
        capture_output=True,
        timeout=300,
    )
    (wheel,) = folder.glob("*.whl")
    assert wheel.name.startswith("torch_autograder-")
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_package_and_nothing_else(members: list[str]) -> None:
    assert {name.split("/")[0] for name in members if ".dist-info/" not in name} == {"autograder"}
    assert not [name for name in members if "solution" in name or "hidden" in name or name.endswith(".toml")]


def test_everything_of_the_package(members: list[str]) -> None:
    package = ROOT / "autograder"
    files = {
        path.relative_to(ROOT).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    assert files - set(members) == set()


def test_the_console_script(members: list[str]) -> None:
    assert any(name.endswith(".dist-info/entry_points.txt") for name in members)
