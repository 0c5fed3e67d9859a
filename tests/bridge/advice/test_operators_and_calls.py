"""Operators and calls between things that do not go together."""

from __future__ import annotations

from collections.abc import Callable

PROGRAMS = """
### `^` is not the power in Python: write `**`.
def f(x=2.0):
    return x ^ 2
### `^` is not the power in Python: write `**`.
import torch
def f(x=torch.ones(3)):
    return ((x - 1)^2).mean()
### `^` is not the power in Python: write `**`.
import torch
def f(x=torch.ones(3)):
    x ^= 2
### `^` is not the power in Python: write `**`.
import torch
torch.set_default_device("cpu")
def f(x=torch.ones(3)):
    return ((x - 1)^2).mean()
### `^` is not the power in Python: write `**`.
import numpy
def f(x=numpy.ones(3)):
    return x ^ 2
### (a right use of `^`, and another fault on its line)
def f(a=True, b=False):
    return (a ^ b) + None
### (texts have no power)
def f():
    return "a" ^ 2
### (a library's own fault, called from a line with `^`)
import torch
def g(x):
    return torch.ones(3) & torch.ones(3)
def f():
    return (1 ^ 2) + g(3)
### `loss.item` is a function: to get its result, call it with parentheses, `loss.item()`.
import torch
def f(loss=torch.tensor(1.0)):
    return loss.item + 1
### `loss.item` is a function: to get its result, call it with parentheses, `loss.item()`.
import torch
def f(loss=torch.tensor(1.0)):
    return float(loss.item)
### `net.parameters` is a function: to get its result, call it with parentheses, `net.parameters()`.
import torch
def f(net=torch.nn.Linear(1, 1)):
    for parameter in net.parameters:
        pass
### `net.parameters` is a function: to get its result, call it with parentheses, `net.parameters()`.
import torch
def f(net=torch.nn.Linear(1, 1)):
    torch.optim.SGD(net.parameters, lr=0.1)
### `x.mean` is a function: to get its result, call it with parentheses, `x.mean(…)`.
import torch
def f(x=torch.ones(3)):
    return x.mean.item()
### `g` is a function: to get its result, call it with parentheses, `g(…)`.
def g():
    return 1
def f():
    return 2 * g
### (two functions, and either may be meant)
def g():
    return 1
def h():
    return 1
def f():
    return g * h
### The comma at the end of line 2 makes `a` a tuple: take it away.
def f():
    a = 1.0,
    return 2.0 * a
### (whoever writes the brackets wants a tuple)
def f():
    a = (1.0,)
    return 2.0 * a
### `rate` is the text '0.1', not a number: `float(rate)` makes one of it.
def f(rate="0.1"):
    return rate * 2.0
### `rate` is the text '0.1', not a number: `float(rate)` makes one of it.
def f(rate="0.1"):
    return rate < 2.0
### (a text that is no number)
def f(rate="fast"):
    return rate - 2.0
### A text and a number cannot be added: write `str(loss)`, or use an f-string.
def f(loss=0.5):
    print("loss: " + loss)
### `values` is None since line 3: `append` changes the list itself and returns None.
def f():
    values = []
    values = values.append(2)
    values.append(3)
### `values` is None since line 2: `sort` changes the list itself and returns None.
def f():
    values = [2, 1].sort()
    return values[0]
### `loss` is None, because `print` on line 2 shows a value and returns none.
def f():
    loss = print(2.0)
    return loss + 1
### `g` is None since line 4: `backward()` returns nothing, it puts the gradients into `.grad`.
import torch
def f():
    a = torch.tensor(1.0, requires_grad=True)
    g = (a * a).backward()
    return g * 2
### `values` is None here.
class Store:
    def append(self, value):
        return None
def f():
    values = Store().append(2)
    return values[0]
### `values` is None here.
def f():
    values = [1].pop()
    values = {}.get(1)
    return values[0]
### `tolerance` is None here.
def f(change=0.1, tolerance=None):
    return change < tolerance
### `values` is None since line 2: `append` changes the list itself and returns None.
def f():
    values: list = list().append(1)
    values.append(2)
### (both are None)
def f(change=None, tolerance=None):
    return change < tolerance
### `n` is 0 here.
def f(n=0):
    return 1 / n
### `len(x)` is 0 here.
def f(x=()):
    return sum(x) / len(x)
### (a divisor that would have to be computed again)
def f(x=0):
    return 1 / (x - 0)
### `a` is a number, no function: if you mean a product, write `a * (x - 1)`.
def f(a=2.0, x=3.0):
    return a(x - 1)
### `b` is a number, no function: if you mean a product, write `b * x`.
def f(b=2.0, x=3.0):
    return b(x)
### `losses` is a list: entries are read with square brackets, `losses[0]`.
def f(losses=[1.0, 2.0]):
    return losses(0)
### (a number with an argument that is no factor)
def f(a=2.0):
    return a([1, 2])
### `x.shape` is no method: write `x.shape[0]`.
import torch
def f(x=torch.ones(3)):
    return x.shape(0)
### `x.T` is no method: leave the parentheses out.
import torch
def f(x=torch.ones(3, 3)):
    return x.T()
### `g` was a function until line 4 gave the name to a number.
def g(x):
    return x
def f():
    g = 3
    return g(2)
### `sum` was a function until line 2 gave the name to a number.
def f():
    sum = 0
    for i in [1, 2]:
        sum += i
    return sum([1, 2])
### (a parameter of that name: the caller gave it)
def f(sum=0):
    return sum([1, 2])
### `textwrap` is a module, and a module cannot be called.
import textwrap
def f():
    return textwrap("a")
### `pprint` is a module; its function is `pprint.pprint`.
import pprint
def f():
    return pprint("a")
### `math.sin` is a function: call it with round brackets, `math.sin(…)`.
import math
def f():
    return math.sin[2]
### `step` (line 1) has no `return` with a value, so its result is None.
def step(a):
    b = a - 1
def f():
    a, b = step(2)
### `step` (line 1) has no `return` with a value, so its result is None.
def step(a):
    print(a)
def f():
    loss = step(2)
    return loss + 1
### `loss` is None here.
def step(a):
    if a > 5:
        return a
def f():
    loss = step(2)
    return loss + 1
### `rate` is None here.
def step(a):
    print(a)
def f():
    step(2)
    rate = None
    return rate + 1
### `rate` is None here.
def show(a):
    print(a)
def f(rate=None):
    return (show(1), rate * 2)
### `step` (line 1) has no `return` with a value, so its result is None.
def step(a):
    print(a)
def f():
    for part in step(2):
        pass
### It is defined on line 1 as `step(a, b=2)`.
def step(a: float, b: "int" = 2) -> float:
    return a
def f():
    return step()
### It is defined on line 1 as `step(a, b)`.
def step(a, b):
    return a
def f():
    return step(1, 2, 3)
### (defined twice: which one counts is not said)
def step(a, b):
    return a
def step(a):
    return a
def f():
    return step(1, 2)
### The first parameter of a method is `self`: add it on line 2.
class Model:
    def forward(x):
        return x
def f():
    return Model().forward(2)
### (a method with self, called wrongly)
class Model:
    def forward(self, x):
        return x
def f():
    return Model().forward(2, 3)
"""


def test_operators_and_calls(said: str, listed_program: str, advice_of: Callable[[str], str]) -> None:
    assert advice_of(listed_program) == said
