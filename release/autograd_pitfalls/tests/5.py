"""The public checks of task 5, for Otter: A record that nobody reads."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "5"
points = None

checks = PublicChecks("5")


@test_case(name='The mean squared error of the example is 2, a float, and no graph is recorded for it.', points=1, hidden=False)
def test_evaluation_is_repaired(env):
    checks.expect("test_evaluation_is_repaired", env)


@test_case(name='The evaluation records no graph and leaves the model as it was.', points=1, hidden=False)
def test_evaluation_hygiene(env):
    checks.expect("test_evaluation_hygiene", env)
