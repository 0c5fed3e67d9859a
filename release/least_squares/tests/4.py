"""The public checks of task 4, for Otter: Gradient descent with autograd."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "4"
points = None

checks = PublicChecks("4")


@test_case(name='Three steps with alpha = 0.45 on the example give the numbers of the table of Task 3.', points=1, hidden=False)
def test_autograd_walk_of_the_example(env):
    checks.expect("test_autograd_walk_of_the_example", env)


@test_case(name='Thirty steps on make_table() pass through the numbers of the page, with the same weights as by the formula.', points=0.5, hidden=False)
def test_autograd_walk_of_make_table(env):
    checks.expect("test_autograd_walk_of_make_table", env)


@test_case(name='w is a tensor of shape (d,), losses a list of floats, ws a list of tensors of shape (d,).', points=0.5, hidden=False)
def test_autograd_walk_returns_the_asked_types(env):
    checks.expect("test_autograd_walk_returns_the_asked_types", env)


@test_case(name='Autograd finds the gradient in every step.', points=0.5, hidden=False)
def test_autograd_walk_uses_autograd(env):
    checks.expect("test_autograd_walk_uses_autograd", env)


@test_case(name='Every step uses its own fresh gradient, and nothing that is kept holds a graph.', points=1.5, hidden=False)
def test_autograd_walk_hygiene(env):
    checks.expect("test_autograd_walk_hygiene", env)
