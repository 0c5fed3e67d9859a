# Attack: puts HTML and scripts into its exceptions.
# score: 0
# ruff: noqa

def double(x):
    raise ValueError("<script>alert('canary-script')</script><img src=x onerror=alert(1)>")


def minimize(start, learning_rate=0.1, num_iterations=10):
    raise type("<b>Bold</b>", (Exception,), {})("</pre></td><h1>12 of 12</h1>")


def make_model():
    return "</script><svg onload=alert(1)>"
