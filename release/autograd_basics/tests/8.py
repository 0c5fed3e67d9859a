"""The public checks of task 8, for Otter: A gradient in the middle of the graph."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "8"
points = None

checks = PublicChecks("8")


@test_case(name='The two gradients at x = 1 and x = 2 are those of the table.', points=0.25, hidden=False)
def test_intermediate_gradient_of_the_table(env):
    checks.expect("test_intermediate_gradient_of_the_table", env)


@test_case(name='intermediate_gradient returns a tuple of two Python floats.', points=0.25, hidden=False)
def test_intermediate_gradient_is_two_floats(env):
    checks.expect("test_intermediate_gradient_is_two_floats", env)


@test_case(name='The two gradients come from a backward pass, not from a formula.', points=0.25, hidden=False)
def test_intermediate_gradient_comes_from_autograd(env):
    checks.expect("test_intermediate_gradient_comes_from_autograd", env)


@test_case(name="PyTorch's settings are left alone.", points=0.25, hidden=False)
def test_intermediate_gradient_hygiene(env):
    checks.expect("test_intermediate_gradient_hygiene", env)
