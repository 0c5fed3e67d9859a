# Attack: lets the quoted line of its source carry the markup.
# score: 0
# ruff: noqa

def double(x):
    raise ValueError  # </pre><script>alert(1)</script> [31m


def minimize(start, learning_rate=0.1, num_iterations=10):
    return 1 / 0  # =HYPERLINK("http://127.0.0.1:9")


def make_model():
    return None
