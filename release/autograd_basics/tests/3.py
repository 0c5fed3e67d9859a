"""The public checks of task 3, for Otter: Two partial derivatives."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "3"
points = None

checks = PublicChecks("3")


@test_case(name='The partial derivatives of x²y + y³ and x² + y³ at (2, 3) are those of the table.', points=0.25, hidden=False)
def test_partial_derivatives_of_the_table(env):
    checks.expect("test_partial_derivatives_of_the_table", env)


@test_case(name='The derivative with respect to an argument that f does not use is 0.', points=0.25, hidden=False)
def test_partial_derivative_of_what_is_not_used(env):
    checks.expect("test_partial_derivative_of_what_is_not_used", env)


@test_case(name='partial_derivatives returns a tuple of two Python floats.', points=0.25, hidden=False)
def test_partial_derivatives_are_two_floats(env):
    checks.expect("test_partial_derivatives_are_two_floats", env)


@test_case(name="PyTorch's settings are left alone.", points=0.25, hidden=False)
def test_partial_derivatives_hygiene(env):
    checks.expect("test_partial_derivatives_hygiene", env)
