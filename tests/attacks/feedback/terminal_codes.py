# Attack: puts terminal codes, bells and carriage returns into its exceptions.
# score: 0
# ruff: noqa

def double(x):
    raise ValueError("\x1b[2J\x1b]0;owned\x07\r12 of 12\x08\x9b31m\x00")


def minimize(start, learning_rate=0.1, num_iterations=10):
    raise ValueError("\u202e\u2066 21 fo 21 \ufeff\u200b")


def make_model():
    return None
