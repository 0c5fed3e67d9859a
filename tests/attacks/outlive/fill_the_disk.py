# Attack: writes until the disk is full.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# ruff: noqa

def double(x):
    number = 0
    while True:
        number += 1
        try:
            with open(f"file-{number}", "wb") as stream:
                for _ in range(64):
                    stream.write(bytes(1 << 20))
        except OSError:
            if number > 200:
                return None


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
