"""The public checks of task 3, for Otter: Large batches in small pieces."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "3"
points = None

checks = PublicChecks("3")


@test_case(name='The worked example ends at w = 3.08 and b = 1.18.', points=1, hidden=False)
def test_training_reaches_the_example(env):
    checks.expect("test_training_reaches_the_example", env)


@test_case(name='The worked example returns the unscaled losses 4, 16, 5.76 and 11.56.', points=0.5, hidden=False)
def test_training_returns_the_losses_of_the_example(env):
    checks.expect("test_training_returns_the_losses_of_the_example", env)


@test_case(name='Three micro-batches of two rows with accumulation_steps=2 make one update, not two.', points=1, hidden=False)
def test_training_skips_an_incomplete_window(env):
    checks.expect("test_training_skips_an_incomplete_window", env)


@test_case(name='The gradients add up within a window, scaled, and never from one window into the next.', points=2, hidden=False)
def test_training_gradient_hygiene(env):
    checks.expect("test_training_gradient_hygiene", env)
