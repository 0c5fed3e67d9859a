"""The public checks of task 2, for Otter: Gradient descent with a record."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "2"
points = None

checks = PublicChecks("2")


@test_case(name='The walk passes through the points of the table and ends where it says.', points=2, hidden=False)
def test_walk_has_the_published_numbers(env):
    checks.expect("test_walk_has_the_published_numbers", env)


@test_case(name='A walk of one step records the start, and returns the point after the update.', points=1, hidden=False)
def test_first_step_is_recorded_before_its_update(env):
    checks.expect("test_first_step_is_recorded_before_its_update", env)


@test_case(name='Called without any argument, the walk begins at the random point of seed 0.', points=1, hidden=False)
def test_default_start_is_drawn_with_seed_0(env):
    checks.expect("test_default_start_is_drawn_with_seed_0", env)


@test_case(name='With loss_tol=1e-4 the walk from (-1, 1) stops at step 233.', points=1, hidden=False)
def test_walk_stops_when_the_loss_settles(env):
    checks.expect("test_walk_stops_when_the_loss_settles", env)


@test_case(name='The results are Python floats in lists, not tensors.', points=1, hidden=False)
def test_walk_returns_plain_numbers(env):
    checks.expect("test_walk_returns_plain_numbers", env)


@test_case(name='A walk of 350 steps prints at steps 100, 200 and 300, unless it is asked to be quiet.', points=0.5, hidden=False)
def test_verbose_prints_every_100_steps(env):
    checks.expect("test_verbose_prints_every_100_steps", env)


@test_case(name='With verbose=False nothing is printed.', points=0.5, hidden=False)
def test_quiet_walk_prints_nothing(env):
    checks.expect("test_quiet_walk_prints_nothing", env)


@test_case(name='Every step of the walk uses its own, fresh gradient, and the history keeps numbers only.', points=3, hidden=False)
def test_walk_gradient_hygiene(env):
    checks.expect("test_walk_gradient_hygiene", env)
