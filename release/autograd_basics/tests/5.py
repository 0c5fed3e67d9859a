"""The public checks of task 5, for Otter: The gradient of a sum."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "5"
points = None

checks = PublicChecks("5")


@test_case(name='The gradient of the sum of a 3 x 3 matrix consists of ones, found by autograd.', points=0.5, hidden=False)
def test_gradient_of_the_sum(env):
    checks.expect("test_gradient_of_the_sum", env)


@test_case(name='The matrix is left as it was.', points=0.5, hidden=False)
def test_gradient_of_the_sum_hygiene(env):
    checks.expect("test_gradient_of_the_sum_hygiene", env)
