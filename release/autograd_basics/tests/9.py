"""The public checks of task 9, for Otter: A function of your own."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "9"
points = None

checks = PublicChecks("9")


@test_case(name='MySquare.apply gives 9 for 3, and the squares of a whole vector.', points=0.25, hidden=False)
def test_square_of_three(env):
    checks.expect("test_square_of_three", env)


@test_case(name='The gradient at 3 is 6 for the square itself, and 30 for five times the square.', points=0.5, hidden=False)
def test_gradient_of_the_square(env):
    checks.expect("test_gradient_of_the_square", env)
