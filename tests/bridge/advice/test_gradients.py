"""Gradients that are not there: the reason where the tensor and the lines show it, silence where they do not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

START = "import torch\ndef f():\n"
LEAVES = START + "    a = torch.tensor(1.0, requires_grad=True)\n    b = torch.tensor(2.0, requires_grad=True)\n"

SAYS = {
    "backward is not called": (
        LEAVES + "    loss = (a - 3) ** 2\n    loss.backward\n    with torch.no_grad():\n        a -= 0.1 * a.grad\n",
        "`loss.backward` on line 6 is not called: write `loss.backward()`.",
    ),
    "backward does not occur": (
        LEAVES + "    loss = (a - 3) ** 2\n    with torch.no_grad():\n        a -= 0.1 * a.grad\n",
        "Nothing in your file calls `backward()`, so `a.grad` is still None.",
    ),
    "autograd.grad fills nothing": (
        LEAVES + "    torch.autograd.grad((a - 3) ** 2, a)\n    with torch.no_grad():\n        a -= 0.1 * a.grad\n",
        "`torch.autograd.grad` returns the gradients; only `backward()` puts them into `a.grad`.",
    ),
    "made without requires_grad": (
        LEAVES + "    c = torch.tensor(1.0)\n    (a * c).backward()\n    c -= 0.1 * c.grad\n",
        "`c` does not require a gradient, so `backward()` gives it none: make it with `requires_grad=True`.",
    ),
    "one of a loop's tensors": (
        LEAVES + "    c = torch.tensor(1.0)\n    (a * c).backward()\n    for p in (a, c):\n"
        "        p.data -= 0.1 * p.grad\n",
        "`c` does not require a gradient, so `backward()` gives it none: make it with `requires_grad=True`.",
    ),
    "detached by name": (
        LEAVES + "    (a * b).backward()\n    a = a.detach()\n    a -= 0.1 * a.grad\n",
        "`a` does not require a gradient, so `backward()` gives it none.",
    ),
    "a new tensor with a graph": (
        LEAVES + "    for _ in range(2):\n        (a * b).backward()\n        a = a - 0.1 * a.grad\n",
        "Since line 7 `a` is the result of a computation, and `backward()` fills `.grad` only of tensors that you made "
        "yourself: change it in place (`a -= …`) inside `torch.no_grad()`.",
    ),
    "a product of the start": (
        START + "    a = torch.randn((), requires_grad=True) * 0.1\n    (a * a).backward()\n    a.grad.zero_()\n",
        "`a` is the result of a computation, and `backward()` fills `.grad` only of tensors that you made yourself.",
    ),
    "a new tensor without a graph": (
        START + "    a = torch.tensor(1.0, requires_grad=True)\n    for _ in range(2):\n        loss = (a - 3) ** 2\n"
        "        loss.backward()\n        with torch.no_grad():\n            a = a - 0.1 * a.grad\n",
        "Since line 8 `a` is a new tensor, which does not require a gradient: change it in place (`a -= …`) inside "
        "`torch.no_grad()`.",
    ),
    "a new tensor that is detached": (
        LEAVES + "    for _ in range(2):\n        (a * b).backward()\n        a = (a - 0.1 * a.grad).detach()\n",
        "Since line 7 `a` is a new tensor, which does not require a gradient: change it in place (`a -= …`) inside "
        "`torch.no_grad()`.",
    ),
    "cleared before the update": (
        LEAVES + "    for _ in range(2):\n        (a * b).backward()\n        a.grad = None\n"
        "        with torch.no_grad():\n            a -= 0.1 * a.grad\n",
        "Line 7 clears the gradients before they are used: clear them after the update.",
    ),
    "cleared by an optimizer": (
        LEAVES + "    optimizer = torch.optim.SGD([a, b], lr=0.1)\n    (a * b).backward()\n    optimizer.zero_grad()\n"
        "    a.data -= 0.1 * a.grad\n",
        "Line 7 clears the gradients before they are used: clear them after the update.",
    ),
    "cleared before there is one": (
        LEAVES + "    for _ in range(2):\n        a.grad.zero_()\n        (a * b).backward()\n",
        "At the first step there is no gradient yet: clear `a.grad` after the update.",
    ),
    "nothing requires a gradient": (
        START + "    a = torch.tensor(1.0)\n    loss = (a - 3) ** 2\n    loss.backward()\n",
        "No tensor here requires a gradient: make your parameters with `requires_grad=True`.",
    ),
    "a loss of a number": (
        LEAVES + "    loss = torch.tensor(a.item() ** 2)\n    loss.backward()\n",
        "`a.item()` on line 5 leaves the computation: use the tensor itself.",
    ),
    "another None": (
        LEAVES + "    (a * b).backward()\n    rate = None\n    a.data -= rate * a.grad\n",
        "`rate` is None here.",
    ),
    "a loss of a number, in a loop": (
        LEAVES
        + "    loss = torch.zeros(())\n    for _ in range(2):\n        loss = (a.item() - torch.ones(3)).mean()\n"
        "        loss.backward()\n",
        "`a.item()` on line 7 leaves the computation: use the tensor itself.",
    ),
    "a loss that was not recorded": (
        LEAVES + "    with torch.no_grad():\n        loss = a * b\n    loss.backward()\n",
        "Compute the loss outside of `torch.no_grad()` (line 5).",
    ),
    "one loss for all steps": (
        LEAVES + "    loss = a * b\n    for _ in range(2):\n        loss.backward()\n",
        "`loss` is computed only once, on line 5, before the loop: compute it anew at every step.",
    ),
    "one prediction for all steps": (
        LEAVES + "    p = a * b\n    for _ in range(2):\n        loss = p ** 2\n        loss.backward()\n",
        "`p` is computed only once, on line 5, before the loop: compute it anew at every step.",
    ),
    "two passes of one loss": (
        LEAVES + "    loss = a * b\n    loss.backward()\n    a.grad = None\n    loss.backward()\n",
        "`loss.backward()` on line 6 has used this graph up: call it once per loss.",
    ),
    "an update that is recorded": (
        LEAVES + "    (a * b).backward()\n    a -= 0.1 * a.grad\n",
        "An update is not part of the computation: put it into a `with torch.no_grad():` block.",
    ),
    "a loss with many entries": (
        LEAVES + "    loss = (a - torch.ones(5)) ** 2\n    loss.backward()\n",
        "`loss` has the shape (5,), and `backward()` starts from a single number: is a mean or a sum missing?",
    ),
    "no_grad is not called": (
        START + "    with torch.no_grad:\n        pass\n",
        "Write `torch.no_grad()`, with parentheses.",
    ),
    "one tensor for a list": (
        LEAVES + "    torch.optim.SGD(a, lr=0.1)\n",
        "Put the tensor into a list: `[a]`.",
    ),
}

SILENT = {
    "the loss does not depend on it": LEAVES + "    (a * a).backward()\n    b.data -= 0.1 * b.grad\n",
    "backward is only a word": LEAVES + '    print("loss.backward")\n    a.data -= 0.1 * a.grad\n',
    "cleared and computed again": LEAVES
    + "    (a * b).backward()\n    a.grad = None\n    (b * b).backward()\n    a.data -= 0.1 * a.grad\n",
    "cleared in some steps": LEAVES
    + "    (b * b).backward()\n    if b > 5:\n        a.grad = None\n    a.data -= 0.1 * a.grad\n",
    "cleared before the pass": LEAVES
    + "    for _ in range(2):\n        a.grad = None\n        (b * b).backward()\n        a.data -= 0.1 * a.grad\n",
    "zeroed where it may be the second step": LEAVES
    + "    for step in range(2):\n        if step > 0:\n            a.grad.zero_()\n        (b * b).backward()\n",
    "backward somewhere else": "import torch\ndef step(loss):\n    loss.backward()\n"
    "def f():\n    a = torch.tensor(1.0, requires_grad=True)\n    a.data -= 0.1 * a.grad\n",
    "a loss of numbers, of which none is the parameter": LEAVES
    + "    y = torch.tensor(2.0)\n    loss = torch.ones(()) * y.item()\n    loss.backward()\n",
    "a requires_grad that was lost unseen": LEAVES
    + "    a, b = a.detach(), b.detach()\n    loss = a * b\n    loss.backward()\n",
    "a loss of one branch or the other": LEAVES
    + "    if a > 0:\n        loss = torch.tensor(b.item())\n    else:\n        loss = torch.tensor(a.item())\n"
    "    loss.backward()\n",
    "graphs that share a part in one step": LEAVES
    + "    p = a * b\n    one = p ** 2\n    other = p ** 3\n    one.backward()\n    other.backward()\n",
}


@pytest.mark.parametrize("title", SAYS)
def test_the_reason_is_told(title: str, advice_of: Callable[[str], str]) -> None:
    source, said = SAYS[title]
    assert advice_of(source) == said


@pytest.mark.parametrize("title", SILENT)
def test_nothing_is_guessed(title: str, advice_of: Callable[[str], str]) -> None:
    assert advice_of(SILENT[title]) == ""
