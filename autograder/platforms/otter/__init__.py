"""Otter's process around our judge, and its results."""
