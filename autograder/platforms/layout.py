"""How a grading container is laid out, as Gradescope and Otter unpack the zip of a release."""

from __future__ import annotations

COURSE = "source/files/course"
"""Where the zip's course lies below the root."""
