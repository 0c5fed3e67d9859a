"""The public checks of task 6, for Otter: Training with an optimizer."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "6"
points = None

checks = PublicChecks("6")


@test_case(name='The line of the page is at (0.7, 0.4) after one epoch and at (1.012, 0.529) after three.', points=0.5, hidden=False)
def test_training_on_two_points(env):
    checks.expect("test_training_on_two_points", env)


@test_case(name='The losses of the page, 5, 0.725 and 0.29525, come back as a list of floats.', points=0.5, hidden=False)
def test_training_returns_the_losses_of_two_points(env):
    checks.expect("test_training_returns_the_losses_of_two_points", env)


@test_case(name='Without learning_rate and num_epochs, 100 epochs at rate 0.01 lead the line to weight 1.9999 and bias -0.8513.', points=0.5, hidden=False)
def test_training_by_default(env):
    checks.expect("test_training_by_default", env)


@test_case(name='Every step uses its own fresh gradient.', points=1, hidden=False)
def test_training_hygiene(env):
    checks.expect("test_training_hygiene", env)
