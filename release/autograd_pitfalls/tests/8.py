"""The public checks of task 8, for Otter: Copied numbers."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "8"
points = None

checks = PublicChecks("8")


@test_case(name='The two derivatives at (2, 3) are 46 and 34, both floats, and the graph leads back to u and v.', points=1, hidden=False)
def test_rewrapped_is_repaired(env):
    checks.expect("test_rewrapped_is_repaired", env)


@test_case(name='The graph leads from L back to u and v.', points=1, hidden=False)
def test_rewrapped_hygiene(env):
    checks.expect("test_rewrapped_hygiene", env)
