"""The public checks of task 4, for Otter: The gradients of a linear layer."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "4"
points = None

checks = PublicChecks("4")


@test_case(name='The losses of the two examples are 9 and 2.5.', points=0.5, hidden=False)
def test_layer_loss_of_the_examples(env):
    checks.expect("test_layer_loss_of_the_examples", env)


@test_case(name='The gradients of the two examples are those of the table.', points=0.5, hidden=False)
def test_layer_gradients_of_the_examples(env):
    checks.expect("test_layer_gradients_of_the_examples", env)


@test_case(name='The loss is a Python float; the gradients are tensors of the shapes of w and b.', points=0.25, hidden=False)
def test_layer_returns_a_float_and_two_tensors(env):
    checks.expect("test_layer_returns_a_float_and_two_tensors", env)


@test_case(name='The gradients come from a backward pass, not from a formula.', points=0.25, hidden=False)
def test_layer_gradients_come_from_autograd(env):
    checks.expect("test_layer_gradients_come_from_autograd", env)


@test_case(name='The four arguments are left as they were, and nothing is broadcast.', points=1, hidden=False)
def test_layer_hygiene(env):
    checks.expect("test_layer_hygiene", env)
