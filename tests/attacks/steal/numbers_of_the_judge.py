# Attack: asks the kernel for groups, sessions, priorities and schedules of the judge.
# score: 0
# ruff: noqa

import os
import signal


def attack():
    judge = int("@@JUDGE@@")
    done = []
    for step in (
        lambda: os.kill(judge, 0),
        lambda: os.kill(-judge, 0),
        lambda: os.kill(-1, 0),
        lambda: os.killpg(os.getpgid(judge), 0),
        lambda: os.setpgid(0, os.getpgid(os.getppid())),
        lambda: signal.pidfd_send_signal(os.pidfd_open(judge), 0),
        lambda: os.readlink(f"/proc/{judge}/exe"),
        lambda: os.listdir(f"/proc/{judge}/task"),
        lambda: open(f"/proc/{judge}/cmdline", "rb").read(1),
        lambda: open("/proc/sys/kernel/core_pattern").read(),
        lambda: open("/proc/self/environ", "rb").read(1),
        lambda: open(f"/proc/{os.getppid()}/stat").read(),
    ):
        try:
            step()
            done.append("done")
        except OSError:
            pass
    return done


def double(x):
    return 2 * x if attack() else None


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
