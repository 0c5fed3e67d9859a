"""The form of results.json that Gradescope asks for, as a JSON schema."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

RESULTS = jsonschema.Draft202012Validator(
    json.loads((Path(__file__).parent / "results.schema.json").read_text(encoding="utf-8"))
)
"""Raises where something is no results.json."""
