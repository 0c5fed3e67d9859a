# Attack: sends a recording of its own making.
# score: 0
# ruff: noqa

from autograder.hygiene.recording import recorder


def nothing(self):
    return {"format": 1, "events": [], "leaves": [], "losses": [], "files": [], "steps": 5, "clean": True}


for value in list(vars(recorder).values()):
    if isinstance(value, type) and hasattr(value, "plain"):
        value.plain = nothing


def minimize(start, learning_rate=0.1, num_iterations=10):
    return 3.0, [0.0] * num_iterations


def double(x):
    return None


def make_model():
    return None
