"""The public checks of task 1, for Otter: The function."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "1"
points = None

checks = PublicChecks("1")


@test_case(name='The function has the right value at a known point.', points=1, hidden=False)
def test_himmelblau_at_known_points(env):
    checks.expect("test_himmelblau_at_known_points", env)
