"""The public checks of task 3, for Otter: Gradient descent with the gradient by hand."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "3"
points = None

checks = PublicChecks("3")


@test_case(name='Three steps with alpha = 0.45 on the example give the numbers of the table.', points=1.5, hidden=False)
def test_manual_walk_of_the_example(env):
    checks.expect("test_manual_walk_of_the_example", env)


@test_case(name='w is a tensor of shape (d,), losses a list of floats, ws a list of tensors of shape (d,).', points=0.5, hidden=False)
def test_manual_walk_returns_the_asked_types(env):
    checks.expect("test_manual_walk_returns_the_asked_types", env)


@test_case(name='The walk goes along the gradient of the formula, without autograd.', points=0.5, hidden=False)
def test_manual_walk_uses_no_autograd(env):
    checks.expect("test_manual_walk_uses_no_autograd", env)


@test_case(name='The arguments are what they were before, and no graph is recorded for nothing.', points=0.5, hidden=False)
def test_manual_walk_hygiene(env):
    checks.expect("test_manual_walk_hygiene", env)
