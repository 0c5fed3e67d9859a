# Attack: writes one file beyond every size.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# ruff: noqa

def double(x):
    with open("huge", "wb") as stream:
        while True:
            stream.write(b"x" * (1 << 20))


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
