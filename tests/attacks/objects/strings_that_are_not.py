# Attack: returns text with lone surrogates, zeros and bidirectional marks.
# score: 0
# ruff: noqa

class Text(str):
    def encode(self, *args):
        return b"something else"

    def __str__(self):
        return "4.0"


def double(x):
    return "\ud800\x00\u202e" * 10


def minimize(start, learning_rate=0.1, num_iterations=10):
    return (Text("4"), ["\udfff"])


def make_model():
    return "x" * 5_000_000
