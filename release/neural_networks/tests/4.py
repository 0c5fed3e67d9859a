"""The public checks of task 4, for Otter: Training for decisions."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "4"
points = None

checks = PublicChecks("4")


@test_case(name='The worked example of logistic regression ends where the table says.', points=1.5, hidden=False)
def test_training_example(env):
    checks.expect("test_training_example", env)


@test_case(name='The losses of the worked example, one float per step, before its update; none without steps.', points=1, hidden=False)
def test_training_losses(env):
    checks.expect("test_training_losses", env)


@test_case(name='Every step of the classification uses the gradient of its own loss and no other.', points=1.5, hidden=False)
def test_training_gradient_hygiene(env):
    checks.expect("test_training_gradient_hygiene", env)


@test_case(name='A network of 10 tanh units, trained with 3000 steps at rate 0.5, is right on 95 of 100 points of the spirals.', points=1, hidden=False)
def test_network_separates_the_spirals(env):
    checks.expect("test_network_separates_the_spirals", env)
