# Attack: a daemon thread writes forged answers onto the line while the judge waits.
# score: 0
# ruff: noqa

import os
import struct
import threading
import time


def forge():
    for _ in range(50):
        head = b"\x85\xa5nonce\x01\xa5value\xc3\xa5fault\xc0\xa6output\xa0\xa7dropped\x00"
        frame = struct.pack("!I", len(head)) + head
        try:
            os.write(3, struct.pack("!Q", len(frame)) + frame)
        except OSError:
            return
        time.sleep(0.01)


threading.Thread(target=forge, daemon=True).start()
time.sleep(0.05)


def double(x):
    return None


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
