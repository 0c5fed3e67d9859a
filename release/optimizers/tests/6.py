"""The public checks of task 6, for Otter: Where the gradient vanishes."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "6"
points = None

checks = PublicChecks("6")


@test_case(name='The worked example has the norms 36 and 26.8328.', points=0.5, hidden=False)
def test_flow_of_the_example(env):
    checks.expect("test_flow_of_the_example", env)


@test_case(name='gradient_flow changes no .grad and no parameter.', points=0.5, hidden=False)
def test_flow_only_looks(env):
    checks.expect("test_flow_only_looks", env)


@test_case(name='There is one bar for each layer, in order, as high as the norm that was returned.', points=0.5, hidden=False)
def test_flow_draws_its_norms(env):
    checks.expect("test_flow_draws_its_norms", env)
