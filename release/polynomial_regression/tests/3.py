"""The public checks of task 3, for Otter: Gradient descent with autograd."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "3"
points = None

checks = PublicChecks("3")


@test_case(name='a, b and c after 1, 2 and 7 iterations are the published ones.', points=0.75, hidden=False)
def test_autograd_first_steps(env):
    checks.expect("test_autograd_first_steps", env)


@test_case(name='The result of a run is a tuple of four Python floats.', points=0.25, hidden=False)
def test_autograd_returns_four_floats(env):
    checks.expect("test_autograd_returns_four_floats", env)


@test_case(name='100 iterations at rates 1e-1 and 1e-2 arrive at the published points.', points=0.5, hidden=False)
def test_autograd_after_100_iterations(env):
    checks.expect("test_autograd_after_100_iterations", env)


@test_case(name='Without learning_rate and num_iterations it makes 4000 iterations at rate 0.01, to the published point.', points=0.5, hidden=False)
def test_autograd_by_default(env):
    checks.expect("test_autograd_by_default", env)


@test_case(name='The default 4000 iterations at rate 1e-1 end at the closed-form solution.', points=0.5, hidden=False)
def test_autograd_reaches_the_closed_form(env):
    checks.expect("test_autograd_reaches_the_closed_form", env)


@test_case(name='A learning rate of 1 comes back as huge, inf or nan numbers, not as an exception.', points=0.25, hidden=False)
def test_autograd_diverges_at_rate_one(env):
    checks.expect("test_autograd_diverges_at_rate_one", env)


@test_case(name='Every step of the autograd loop uses its own, fresh gradient.', points=2, hidden=False)
def test_autograd_gradient_hygiene(env):
    checks.expect("test_autograd_gradient_hygiene", env)
