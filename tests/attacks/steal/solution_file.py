# Attack: reads the reference solution and the hidden tests by their paths.
# score: 0
# ruff: noqa

def attack():
    found = []
    for path in ("solutions/tiny/tiny.py", "solutions/tiny/test_hidden.py"):
        for start in ("@@COURSE@@/", "", "../", "../../"):
            try:
                with open(start + path) as stream:
                    found.append(stream.read())
            except OSError as error:
                found.append(repr(error))
    return found


def double(x):
    raise RuntimeError(str(attack()))


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
