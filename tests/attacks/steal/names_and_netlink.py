# Attack: asks for names and for the kernel's network, packet and netlink sockets.
# score: 0
# ruff: noqa

import socket


def attack():
    found = []
    for family, kind, protocol in ((16, 3, 0), (17, 3, 0), (socket.AF_INET, 3, 1), (40, 1, 0), (38, 5, 0), (29, 3, 1)):
        try:
            socket.socket(family, kind, protocol).close()
            found.append((family, kind))
        except OSError:
            pass
    try:
        found.append(socket.getaddrinfo("localhost", 80))
    except OSError:
        pass
    return found


def double(x):
    return 2 * x if attack() else None


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
