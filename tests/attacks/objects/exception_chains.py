# Attack: raises exceptions in circles, in groups of groups, and with megabytes of notes.
# score: 0
# ruff: noqa


def double(x):
    first, second = ValueError("1"), ValueError("2")
    first.__cause__, second.__cause__ = second, first
    first.__context__ = first
    raise first


def minimize(start, learning_rate=0.1, num_iterations=10):
    error = ValueError("x")
    for _ in range(20_000):
        error = BaseExceptionGroup("group", [error])
    error.add_note("<b>" * 1_000_000)
    raise error


def make_model():
    class Error(SyntaxError):
        filename = "tiny.py"
        msg = lineno = property(lambda self: (_ for _ in ()).throw(SystemExit))

    raise Error
