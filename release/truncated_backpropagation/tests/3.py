"""The public checks of task 3, for Otter: Training, window by window."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "3"
points = None

checks = PublicChecks("3")


@test_case(name='The worked example returns one loss per window, those of the handout.', points=1, hidden=False)
def test_training_returns_the_losses_of_the_example(env):
    checks.expect("test_training_returns_the_losses_of_the_example", env)


@test_case(name='After one epoch of the worked example the parameters are those of the handout.', points=1.5, hidden=False)
def test_training_reaches_the_example(env):
    checks.expect("test_training_reaches_the_example", env)


@test_case(name='Every window uses its own fresh gradients, and no graph of an earlier window stays alive.', points=2, hidden=False)
def test_training_gradient_hygiene(env):
    checks.expect("test_training_gradient_hygiene", env)
