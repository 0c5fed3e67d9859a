"""The public checks of task 2, for Otter: Changing what is still needed."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "2"
points = None

checks = PublicChecks("2")


@test_case(name='The derivative of f at x = 0 is 5, a float, and nothing is changed that backward() needs.', points=1, hidden=False)
def test_inplace_is_repaired(env):
    checks.expect("test_inplace_is_repaired", env)


@test_case(name='No value that backward() needs is changed in place.', points=1, hidden=False)
def test_inplace_hygiene(env):
    checks.expect("test_inplace_hygiene", env)
