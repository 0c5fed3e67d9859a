"""Gradescope, Otter and nbgrader: their containers and formats."""
