# Attack: opens sockets to this machine.
# score: 0
# ruff: noqa

import socket


def attack():
    found = []
    for family, kind, place in (
        (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 9)),
        (socket.AF_INET6, socket.SOCK_DGRAM, ("::1", 9)),
        (socket.AF_UNIX, socket.SOCK_STREAM, "\0autograder"),
    ):
        try:
            with socket.socket(family, kind) as line:
                line.settimeout(0.2)
                found.append("made a socket")
                line.connect(place)
        except PermissionError as error:
            found.append(repr(error))
        except OSError:
            pass
    return found


def double(x):
    return 2 * x if "made a socket" in attack() else None


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
