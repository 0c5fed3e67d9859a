"""Shapes, dtypes, entries and counts that do not fit."""

from __future__ import annotations

from collections.abc import Callable

PROGRAMS = """
### Here `x` has the shape (3,) and `y` (4,).
import torch
def f(x=torch.ones(3), y=torch.ones(4)):
    return ((x - y) ** 2).mean()
### Here `X` has the shape (3, 2).
import torch
def f(X=torch.ones(3, 2)):
    return torch.nn.Linear(3, 1)(X)
### Here `x` has the shape (2,).
import torch
def f(x=torch.ones(2)):
    return x[0, 1]
### Here `x` has the shape (4,).
import torch
def f(x=torch.ones(4)):
    return torch.stack([torch.ones(3), x])
### (the shapes would have to be computed again)
import torch
def f():
    return torch.ones(3) - torch.ones(4)
### Here `X` is float32 and `w` float64: convert, so that all are of one dtype.
import torch
def f(X=torch.ones(3, 2), w=torch.ones(2).double()):
    return X @ w
### `x` is of dtype int64: `x.float()` makes floating point numbers of it.
import torch
def f(x=torch.tensor([1, 2])):
    return x.mean()
### (the integers are made on the line)
import torch
def f(x=torch.tensor([1.0, 2.0])):
    return (x > 1).long().sum().new_ones(2).mean()
### 3 is an integer, and a gradient needs floating point: write 3.0.
import torch
def f():
    return torch.tensor(3, requires_grad=True)
### `u` is the integer 3 here: write `float(u)`.
import torch
def f(u=3):
    return torch.tensor(u, requires_grad=True)
### `x` has the shape (3,), and one number is needed here.
import torch
def f(x=torch.ones(3)):
    return float(x)
### `x` has the shape (3,), and one number is needed here.
import torch
def f(x=torch.ones(3)):
    if x > 0:
        return 1
### (the index is what is wrong, and it is one number)
import torch
def f(x=torch.ones(3), i=torch.tensor(1.0)):
    return x.sum() + [x, x][i]
### `i` has the shape (2,), and one number is needed here.
import torch
def f(i=torch.tensor([1, 1])):
    return range(3)[i]
### `math.sqrt` takes single numbers: for tensors there is `torch.sqrt`.
import math, torch
def f(x=torch.ones(3)):
    return math.sqrt(x)
### `cos` takes single numbers: for tensors there is `torch.cos`.
import torch
from math import cos
def f(x=torch.ones(3)):
    return cos(x)
### `torch.sqrt` takes tensors, and `x` is a number: use `math.sqrt`, or make a tensor of it.
import torch
def f(x=2.0):
    return torch.sqrt(x)
### `torch.stack` joins tensors; a tensor of numbers is made by `torch.tensor(…)`.
import torch
def f():
    return torch.stack([1.0, 3.0])
### `x` has 2 entries, with the indices 0 to 1; this asks for 2.
def f(x=(1.0, 2.0)):
    return x[2]
### `x` has 1 entry, with the index 0.
def f(x=[1.0], i=0):
    return x[i + 1]
### `x` is empty here.
def f(x=()):
    return x[-1]
### `x` has 0 entries: a new one is added by `x.append(…)`.
def f(x=[]):
    x[0] = 1
### (an IndexError of its own)
def f(x=()):
    raise IndexError("list index out of range")
### '0.1' is a text, but the keys of `x` are numbers.
def f(x={0.1: 2, 0.2: 3}):
    return x["0.1"]
### 0.1 is a number, but the keys of `x` are texts.
def f(x={"0.1": 2}):
    return x[0.1]
### `x` has the keys 0.1, 0.2.
def f(x={0.1: 2, 0.2: 3}):
    return x[0.3]
### `x` is empty here.
def f(x={}):
    return x[0.3]
### `/` gives a float, also for integers: `//` gives an integer.
def f(x=[1, 2, 3]):
    return x[len(x) / 2]
### An entry of a list of lists is read as `x[0][1]`.
def f(x=[[1, 2, 3]]):
    return x[0, 1]
### (a column of a list of lists is not read in this way)
def f(x=[[1, 2, 3]]):
    return x[0, :]
### `n` is a number: loop over `range(n)`.
def f(n=4):
    for i in n:
        pass
### `rates` is the number 0.5 here.
def f(rates=0.5):
    for rate in rates:
        pass
### `/` gives a float, also for integers: `//` gives an integer.
def f(n=4):
    for i in range(n / 2):
        pass
### `n` is the float 4.0 here, and `range` needs an integer.
def f(n=4.0):
    return list(range(n))
### A loop over a dict gives its keys: for both write `fits.items()`.
def f(fits={0.1: (1, 2)}):
    for rate, fit in fits:
        pass
### A loop over a dict gives its keys: for both write `fits.items()`.
def f():
    fits = {0.1: (1, 2)}
    return {rate: fit for rate, fit in fits}
### `g` (line 1) returns 3 values.
def g():
    return 1, 2, 3
def f():
    a, b = g()
### (it returns this or that)
def g(long=True):
    if long:
        return 1, 2, 3
    return 1, 2
def f():
    a, b = g()
"""


def test_values(said: str, listed_program: str, advice_of: Callable[[str], str]) -> None:
    assert advice_of(listed_program) == said
