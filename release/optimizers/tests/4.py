"""The public checks of task 4, for Otter: Clipping gradients."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "4"
points = None

checks = PublicChecks("4")


@test_case(name='The norm of (3, 0) and (0, 4) together is 5, whether they are clipped or not.', points=0.5, hidden=False)
def test_clipping_returns_the_norm(env):
    checks.expect("test_clipping_returns_the_norm", env)


@test_case(name='With max_norm 1 the gradients (3, 0) and (0, 4) become (0.6, 0) and (0, 0.8), with 10 they stay.', points=0.5, hidden=False)
def test_clipping_shrinks_all_alike(env):
    checks.expect("test_clipping_shrinks_all_alike", env)


@test_case(name='The norm comes back as a Python float.', points=0.25, hidden=False)
def test_clipping_returns_a_float(env):
    checks.expect("test_clipping_returns_a_float", env)


@test_case(name='The tensors in .grad stay the same ones, with other numbers in them; the parameters are not changed.', points=0.5, hidden=False)
def test_clipping_leaves_all_else_alone(env):
    checks.expect("test_clipping_leaves_all_else_alone", env)
