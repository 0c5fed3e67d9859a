"""The public checks of task 5, for Otter: A fair race."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "5"
points = None

checks = PublicChecks("5")


@test_case(name='The worked example has the losses 10 and 1.06.', points=0.5, hidden=False)
def test_race_of_the_example(env):
    checks.expect("test_race_of_the_example", env)


@test_case(name='All optimizers begin with the same loss, though the model has random parameters.', points=0.5, hidden=False)
def test_race_is_fair(env):
    checks.expect("test_race_is_fair", env)


@test_case(name='The result is a dict with the names of the optimizers, in their order, and lists of floats.', points=0.5, hidden=False)
def test_race_returns_plain_numbers(env):
    checks.expect("test_race_returns_plain_numbers", env)


@test_case(name='Every step uses its own fresh gradient, and the histories keep no old graphs alive.', points=1.5, hidden=False)
def test_race_gradient_hygiene(env):
    checks.expect("test_race_gradient_hygiene", env)
