"""The public checks of task 7, for Otter: Derivatives of derivatives."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "7"
points = None

checks = PublicChecks("7")


@test_case(name='The first four derivatives of x³ + x² at 2 and of sin x at 0 are those of the table.', points=0.5, hidden=False)
def test_derivatives_of_the_table(env):
    checks.expect("test_derivatives_of_the_table", env)


@test_case(name='nth_derivative returns a Python float.', points=0.25, hidden=False)
def test_nth_derivative_is_a_float(env):
    checks.expect("test_nth_derivative_is_a_float", env)


@test_case(name="PyTorch's settings are left alone.", points=0.25, hidden=False)
def test_nth_derivative_hygiene(env):
    checks.expect("test_nth_derivative_hygiene", env)
