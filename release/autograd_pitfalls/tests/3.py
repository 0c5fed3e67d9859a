"""The public checks of task 3, for Otter: Six instead of two."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "3"
points = None

checks = PublicChecks("3")


@test_case(name='Three steps (the default) from 1 end at 0.4, the last gradient is 2, and both are floats.', points=1, hidden=False)
def test_accumulated_is_repaired(env):
    checks.expect("test_accumulated_is_repaired", env)


@test_case(name='Every step uses the gradient of that step and no other.', points=1, hidden=False)
def test_accumulated_hygiene(env):
    checks.expect("test_accumulated_hygiene", env)
