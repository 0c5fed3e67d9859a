"""The public checks of task 5, for Otter: A model with two parameters."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "5"
points = None

checks = PublicChecks("5")


@test_case(name='With weight 2 and bias -1 the input (0, 1, 3) gives (-1, 1, 5).', points=0.5, hidden=False)
def test_line_of_the_example(env):
    checks.expect("test_line_of_the_example", env)


@test_case(name='weight and bias are the only parameters, hold a single number, shape (), and start at 0.', points=0.5, hidden=False)
def test_line_has_its_parameters(env):
    checks.expect("test_line_has_its_parameters", env)
