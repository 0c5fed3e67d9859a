"""File names made from the names of submissions."""

from __future__ import annotations

from autograder.reports.names import safe_file_name, unique_file_names

__all__ = ["safe_file_name", "unique_file_names"]
