"""The public checks of task 2, for Otter: The step size."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "2"
points = None

checks = PublicChecks("2")


@test_case(name='The step size of the example is 0.45, that of make_table() is 1.6433.', points=0.75, hidden=False)
def test_step_size_of_the_page(env):
    checks.expect("test_step_size_of_the_page", env)


@test_case(name='The step size is a Python float.', points=0.5, hidden=False)
def test_step_size_is_a_float(env):
    checks.expect("test_step_size_is_a_float", env)


@test_case(name='X is what it was before.', points=0.25, hidden=False)
def test_step_size_leaves_its_argument(env):
    checks.expect("test_step_size_leaves_its_argument", env)
