"""The public checks of task 1, for Otter: A derivative through backward()."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "1"
points = None

checks = PublicChecks("1")


@test_case(name='The slopes of x³ - 3x at -1, 0, 1 and 2 are those of the table.', points=0.5, hidden=False)
def test_derivative_of_the_table(env):
    checks.expect("test_derivative_of_the_table", env)


@test_case(name='derivative returns a Python float.', points=0.25, hidden=False)
def test_derivative_is_a_float(env):
    checks.expect("test_derivative_is_a_float", env)


@test_case(name='The slope comes from a call of backward().', points=0.25, hidden=False)
def test_derivative_comes_from_backward(env):
    checks.expect("test_derivative_comes_from_backward", env)


@test_case(name="The graph is freed after its only use, and PyTorch's settings are left alone.", points=0.5, hidden=False)
def test_derivative_hygiene(env):
    checks.expect("test_derivative_hygiene", env)
