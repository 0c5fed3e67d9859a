"""The public checks of task 4, for Otter: Line against network."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "4"
points = None

checks = PublicChecks("4")


@test_case(name='After 1000 steps, Logistic is right on most of the validation pictures.', points=1, hidden=False)
def test_logistic_reaches_its_accuracy(env):
    checks.expect("test_logistic_reaches_its_accuracy", env)


@test_case(name='After 1000 steps, SimpleNN is right on nine of ten validation pictures.', points=1, hidden=False)
def test_network_reaches_its_accuracy(env):
    checks.expect("test_network_reaches_its_accuracy", env)


@test_case(name='On the same pictures the network is right more often than the logistic model, by one in a hundred at least.', points=1, hidden=False)
def test_network_is_ahead_of_logistic(env):
    checks.expect("test_network_is_ahead_of_logistic", env)


@test_case(name='The recorded training loss falls from record to record.', points=1, hidden=False)
def test_training_loss_falls(env):
    checks.expect("test_training_loss_falls", env)
