"""The public checks of task 2, for Otter: Gradient descent with gradients derived by hand."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "2"
points = None

checks = PublicChecks("2")


@test_case(name='The first update moves each parameter by -learning_rate times its gradient.', points=0.75, hidden=False)
def test_manual_first_update(env):
    checks.expect("test_manual_first_update", env)


@test_case(name='a, b and c after 2 and after 7 iterations are the published ones.', points=0.5, hidden=False)
def test_manual_first_steps(env):
    checks.expect("test_manual_first_steps", env)


@test_case(name='The returned loss is the one that the last iteration computed before its update.', points=0.5, hidden=False)
def test_manual_returns_the_loss_before_the_update(env):
    checks.expect("test_manual_returns_the_loss_before_the_update", env)


@test_case(name='100 iterations at the default learning rate arrive at the published point, and it comes as four Python floats.', points=0.25, hidden=False)
def test_manual_after_100_iterations(env):
    checks.expect("test_manual_after_100_iterations", env)


@test_case(name='Without learning_rate and num_iterations it makes 4000 iterations at rate 0.01, to the published point.', points=0.5, hidden=False)
def test_manual_by_default(env):
    checks.expect("test_manual_by_default", env)


@test_case(name='The gradients are derived by hand, and the arguments are left as they are.', points=1, hidden=False)
def test_manual_uses_no_autograd(env):
    checks.expect("test_manual_uses_no_autograd", env)
