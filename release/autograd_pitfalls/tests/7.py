"""The public checks of task 7, for Otter: The same name, another tensor."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "7"
points = None

checks = PublicChecks("7")


@test_case(name='Ten steps (the default) from 0 end at 2.6779, a float.', points=1, hidden=False)
def test_leaf_is_repaired(env):
    checks.expect("test_leaf_is_repaired", env)


@test_case(name='The parameter is a leaf in every step, and every step uses the gradient of that step only.', points=1, hidden=False)
def test_leaf_hygiene(env):
    checks.expect("test_leaf_hygiene", env)
