"""What the judge gives a worker to load, and what the worker says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from autograder.bridge.messages import NameInfo, NameRemark
from autograder.errors import CheckFailure
from autograder.hygiene import Places


@dataclass(frozen=True)
class SubmissionCode:
    """What the worker is given to load."""

    source: str
    filename: str
    module_name: str
    notebook: bool = False
    """Run only what ``graded`` needs."""
    graded: tuple[str, ...] = ()
    """The functions and classes that checks ask for."""
    handed_on: bool = True
    """Whether its first worker hands what it made of the text to the later ones: what is secret does not come back."""
    locate: Callable[[int], str] = "line {}".format
    """Words for a line number; notebooks say the cell as well."""
    places: Places | None = None
    """The same for recorded runs, where the lines of a notebook are not those of the text."""


@dataclass(frozen=True)
class LoadReport:
    """What the submission defines, as the worker says; or why it could not be loaded."""

    names: Mapping[str, NameInfo] = field(default_factory=dict)
    remarks: tuple[NameRemark, ...] = ()
    notes: tuple[str, ...] = ()
    lost: Mapping[str, str] = field(default_factory=dict)
    """Names that a notebook would define if nothing in it had failed, with the reason."""
    failure: CheckFailure | None = None
    prepared: bytes = b""
    """What the next worker is handed, so that it does not start from the text; untrusted, and not read here."""
