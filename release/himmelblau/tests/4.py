"""The public checks of task 4, for Otter: The path on the map."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "4"
points = None

checks = PublicChecks("4")


@test_case(name='A heatmap lies behind the path, on [-6, 6] x [-6, 6].', points=1, hidden=False)
def test_map_covers_the_square(env):
    checks.expect("test_map_covers_the_square", env)


@test_case(name='Every point of the trajectory is drawn, u to the right and v upward.', points=0.5, hidden=False)
def test_map_shows_the_path(env):
    checks.expect("test_map_shows_the_path", env)


@test_case(name='The start carries the marker o, the end the marker x.', points=1, hidden=False)
def test_map_marks_start_and_end(env):
    checks.expect("test_map_marks_start_and_end", env)
