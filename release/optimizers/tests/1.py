"""The public checks of task 1, for Otter: SGD and momentum."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "1"
points = None

checks = PublicChecks("1")


@test_case(name='Three steps of SGD in the valley are those of the table.', points=0.5, hidden=False)
def test_sgd_walks_down_the_valley(env):
    checks.expect("test_sgd_walks_down_the_valley", env)


@test_case(name='Three steps with momentum in the valley are those of the table.', points=0.5, hidden=False)
def test_momentum_walks_down_the_valley(env):
    checks.expect("test_momentum_walks_down_the_valley", env)


@test_case(name='The parameters stay leaves, the gradients are only read, and grad mode stays as it was.', points=0.5, hidden=False)
def test_first_steps_leave_all_else_alone(env):
    checks.expect("test_first_steps_leave_all_else_alone", env)
