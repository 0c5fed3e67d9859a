"""The public checks of task 4, for Otter: A window that is too short."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "4"
points = None

checks = PublicChecks("4")


@test_case(name='The losses are those of copies of the model, trained with each window from the same start.', points=1, hidden=False)
def test_comparison_follows_from_the_training(env):
    checks.expect("test_comparison_follows_from_the_training", env)


@test_case(name='The model that is passed in does not change, though copies of it are trained.', points=1, hidden=False)
def test_comparison_leaves_the_model_as_it_was(env):
    checks.expect("test_comparison_leaves_the_model_as_it_was", env)
