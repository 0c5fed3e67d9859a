"""The public checks of task 3, for Otter: Adam."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "3"
points = None

checks = PublicChecks("3")


@test_case(name='Three steps of Adam in the valley are those of the table.', points=0.5, hidden=False)
def test_adam_walks_down_the_valley(env):
    checks.expect("test_adam_walks_down_the_valley", env)


@test_case(name='The parameters stay leaves, the gradients are only read, and grad mode stays as it was.', points=0.5, hidden=False)
def test_adam_leaves_all_else_alone(env):
    checks.expect("test_adam_leaves_all_else_alone", env)
