"""What the Docker tests need of an engine; anything that answers on DOCKER_HOST will do."""

from __future__ import annotations

import os
import shutil
import subprocess

ASKED = "AUTOGRADER_TEST_DOCKER"
BASE = "AUTOGRADER_DOCKER_BASE"
"""The image that the course image is built on; the Dockerfile's own default needs a registry."""
WHEELS = "AUTOGRADER_DOCKER_WHEELS"
"""A folder of wheels for that image's Python, for builds without a network."""


def why_not() -> str:
    """Why the tests cannot run here; empty where they can."""
    if os.environ.get(ASKED) != "1":
        return "run by `make test-docker`"
    if shutil.which("docker") is None:
        return "there is no docker command"
    if docker("version", check=False).returncode != 0:
        return "no Docker engine answers; set DOCKER_HOST"
    if docker("buildx", "version", check=False).returncode != 0:
        return "docker has no buildx plugin, which Otter needs"
    return ""


def docker(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """The docker command; what it says goes into the error when it fails."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    said = f"docker {' '.join(arguments)}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
    assert not check or done.returncode == 0, said
    return done
