# Attack: raises KeyboardInterrupt, GeneratorExit and BaseException.
# score: 0
# ruff: noqa

def double(x):
    raise KeyboardInterrupt


def minimize(start, learning_rate=0.1, num_iterations=10):
    raise GeneratorExit


def make_model():
    raise BaseException("all the way up")
