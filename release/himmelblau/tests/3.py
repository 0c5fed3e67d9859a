"""The public checks of task 3, for Otter: The loss curve."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "3"
points = None

checks = PublicChecks("3")


@test_case(name='One line of the plot holds the values of loss_history, in their order.', points=1, hidden=False)
def test_loss_curve_shows_the_history(env):
    checks.expect("test_loss_curve_shows_the_history", env)


@test_case(name='The axis has a label.', points=0.5, hidden=False)
def test_loss_curve_is_labeled(env):
    checks.expect("test_loss_curve_is_labeled", env)
