"""The public checks of task 1, for Otter: A chain with a missing link."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "1"
points = None

checks = PublicChecks("1")


@test_case(name='The derivative of z at x = 2 is 192, a float, and the chain is whole.', points=1, hidden=False)
def test_chain_is_repaired(env):
    checks.expect("test_chain_is_repaired", env)


@test_case(name='The graph leads from z back to x.', points=1, hidden=False)
def test_chain_hygiene(env):
    checks.expect("test_chain_hygiene", env)
