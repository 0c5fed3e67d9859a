"""Watching a training run: what runs beside the student's code."""
