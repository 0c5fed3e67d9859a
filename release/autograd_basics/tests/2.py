"""The public checks of task 2, for Otter: A derivative without leaving a trace."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "2"
points = None

checks = PublicChecks("2")


@test_case(name='The slopes of x³ - 3x at -1, 0, 1 and 2 are those of the table.', points=0.5, hidden=False)
def test_functional_derivative_of_the_table(env):
    checks.expect("test_functional_derivative_of_the_table", env)


@test_case(name='derivative_functional returns a Python float, not a tensor or a tuple.', points=0.25, hidden=False)
def test_functional_derivative_is_a_float(env):
    checks.expect("test_functional_derivative_is_a_float", env)


@test_case(name='A weight inside of f has no .grad before the call, and none after it.', points=0.5, hidden=False)
def test_functional_derivative_leaves_no_gradient(env):
    checks.expect("test_functional_derivative_leaves_no_gradient", env)


@test_case(name="PyTorch's settings are left alone.", points=0.5, hidden=False)
def test_functional_derivative_hygiene(env):
    checks.expect("test_functional_derivative_hygiene", env)
