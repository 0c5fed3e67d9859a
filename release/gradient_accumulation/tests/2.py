"""The public checks of task 2, for Otter: What backward() adds up."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "2"
points = None

checks = PublicChecks("2")


@test_case(name='Three backward passes of 2x give 2, 4, 6 without clearing and 2, 2, 2 with it.', points=1.5, hidden=False)
def test_gradients_of_three_passes(env):
    checks.expect("test_gradients_of_three_passes", env)
