# Attack: answers rightly only where an earlier check of the same worker has left something behind.
# score: 0
# ruff: noqa

import decimal
import logging
import os
import signal
import sys

import torch


def seen():
    """Whether any of the marks is there; leaves all of them."""
    context = decimal.getcontext()
    marks = [
        hasattr(sys, "mark"),
        hasattr(torch, "mark"),
        hasattr(torch.optim.lr_scheduler, "mark"),
        hasattr(torch.nn.Conv2d, "mark"),
        context.prec != 28,
        torch.is_autocast_enabled("cpu"),
        torch.get_float32_matmul_precision() != "highest",
        "MARK" in os.environ,
        signal.getsignal(signal.SIGUSR1) is not signal.SIG_DFL,
        bool(logging.root.handlers),
        torch.is_inference_mode_enabled(),
    ]
    sys.mark = torch.mark = torch.optim.lr_scheduler.mark = torch.nn.Conv2d.mark = True
    context.prec = 30
    torch.set_autocast_enabled("cpu", True)
    torch.set_float32_matmul_precision("medium")
    os.environ["MARK"] = "1"
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    logging.root.addHandler(logging.NullHandler())
    sys.mark = torch.inference_mode()
    sys.mark.__enter__()
    return any(marks)


def double(x):
    return 2 * x if seen() else None


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
