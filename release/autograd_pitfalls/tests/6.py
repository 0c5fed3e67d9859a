"""The public checks of task 6, for Otter: Twice through the same graph."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "6"
points = None

checks = PublicChecks("6")


@test_case(name='The two derivatives at x = 2 are 12 and 32, both floats, and no graph is used that is gone.', points=1, hidden=False)
def test_double_is_repaired(env):
    checks.expect("test_double_is_repaired", env)


@test_case(name='No backward pass goes through a graph that is gone.', points=1, hidden=False)
def test_double_hygiene(env):
    checks.expect("test_double_hygiene", env)
