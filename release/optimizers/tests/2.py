"""The public checks of task 2, for Otter: RMSprop."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "2"
points = None

checks = PublicChecks("2")


@test_case(name='Three steps of RMSprop in the valley are those of the table.', points=0.5, hidden=False)
def test_rmsprop_walks_down_the_valley(env):
    checks.expect("test_rmsprop_walks_down_the_valley", env)


@test_case(name='The parameters stay leaves, the gradients are only read, and grad mode stays as it was.', points=0.5, hidden=False)
def test_rmsprop_leaves_all_else_alone(env):
    checks.expect("test_rmsprop_leaves_all_else_alone", env)
