"""Grading: one submission by a judge, a class by several judges."""
