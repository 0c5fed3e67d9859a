"""The package itself, as a wheel and as a source folder: what students and grading containers install."""

from __future__ import annotations

import base64
import hashlib
from importlib import metadata
from pathlib import Path

from autograder.errors import GraderError
from autograder.release.artefact import Files, text, zip_bytes

DISTRIBUTION = "torch-autograder"
_PACKAGE = Path(__file__).parents[1]
PATTERNS = ("autograder/*", "torch_autograder-*.dist-info/*")
"""What a wheel of this package may list."""


def package_files() -> Files:
    """Every file of this package, as it is installed here."""
    found: Files = {}
    for path in sorted(_PACKAGE.rglob("*")):
        parts = path.relative_to(_PACKAGE.parent)
        if path.is_file() and "__pycache__" not in parts.parts and not path.name.startswith("."):
            found[parts.as_posix()] = path.read_bytes()
    return found


def version() -> str:
    """The version of the package that is installed here."""
    return _distribution().version


def requirements() -> list[str]:
    """What the package needs to grade, without its extras, as pip reads it."""
    return [line for line in _distribution().requires or [] if "extra ==" not in line]


def wheel_name() -> str:
    """The file name of the wheel."""
    return f"torch_autograder-{version()}-py3-none-any.whl"


def wheel_path() -> str:
    """Where the wheel lies in what students get."""
    return f"wheels/{wheel_name()}"


def wheel_bytes() -> bytes:
    """A wheel of the package that is installed here: the same bytes for the same sources."""
    info = f"torch_autograder-{version()}.dist-info"
    files = package_files()
    files[f"{info}/METADATA"] = text(
        "\n".join(
            [
                "Metadata-Version: 2.1",
                f"Name: {DISTRIBUTION}",
                f"Version: {version()}",
                "Requires-Python: >=3.10",
                *(f"Requires-Dist: {requirement}" for requirement in requirements()),
            ]
        )
    )
    files[f"{info}/WHEEL"] = text("Wheel-Version: 1.0\nGenerator: autograder\nRoot-Is-Purelib: true\nTag: py3-none-any")
    files[f"{info}/entry_points.txt"] = text(_entry_points())
    record = [f"{path},sha256={_digest(content)},{len(content)}" for path, content in sorted(files.items())]
    files[f"{info}/RECORD"] = text("\n".join([*record, f"{info}/RECORD,,"]))
    return zip_bytes(files)


def _entry_points() -> str:
    found = sorted(_distribution().entry_points, key=lambda point: (point.group, point.name))
    groups = dict.fromkeys(point.group for point in found)
    return "\n\n".join(
        "\n".join([f"[{group}]", *(f"{point.name} = {point.value}" for point in found if point.group == group)])
        for group in groups
    )


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def _distribution() -> metadata.Distribution:
    try:
        return metadata.distribution(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        raise GraderError(
            f"{DISTRIBUTION} is not installed here, so its version and requirements are not known. Install it with "
            "`pip install -e .` first."
        ) from None
