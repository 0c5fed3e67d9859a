"""Names and attributes that are not there: where they are, or what is nearly one."""

from __future__ import annotations

from collections.abc import Callable

PROGRAMS = """
### `import numpy as np` is missing at the top of your file.
def f(x=1.0):
    return np.sqrt(x)
### `import math` is missing at the top of your file.
def f(x=1.0):
    return math.sqrt(x)
### (a variable that has the name of a module)
def f(x=1.0):
    return random * x
### `math` is imported only below `if __name__ == "__main__":` (line 2), which is not run here: import it at the top.
if __name__ == "__main__":
    import math
def f(x=1.0):
    return math.sqrt(x)
### `math` is imported only inside `g`: import it at the top of your file.
def g():
    import math
def f(x=1.0):
    return math.sqrt(x)
### Did you mean `learning_rate`?
def f(learning_rate=1.0):
    return learning_rat * 2
### Did you mean `learning_rate`?
def f(learning_rate=1.0):
    return Learning_Rate * 2
### (nothing is like it)
def f(learning_rate=1.0):
    return momentum * 2
### (too short to be sure)
def f(x=1, y=2):
    return z
### In Python it is written `True`.
def f():
    return true
### `loss` belongs to `g` (line 2); another function gets it only as an argument.
def g():
    loss = 2
    return loss
def f():
    g()
    return loss
### (a variable of two functions)
def g():
    loss = 2
class Model:
    def h(self):
        loss = 2
def f():
    return loss
### `x` is made only below `if __name__ == "__main__":` (line 2), which is not run here: pass it in, or make it above.
if __name__ == "__main__":
    x = 2
def f():
    return x
### (made at the top level, and deleted: the line that makes it tells nothing)
rate = 2
del rate
def f():
    return rate
### `g` is made later, on line 2: move it above this line.
y = g(2)
def g(x):
    return x
### `loss` gets its value only in the loop on line 2, and that did not run once.
def f(n=0):
    for i in range(n):
        loss = i
    return loss
### `i` gets its value only in the loop on line 2, and that did not run once.
def f(n=0):
    for i in range(n):
        pass
    return i
### (the loop ran, and left its body early)
def f(n=3):
    for i in range(n):
        if i >= 0:
            continue
        loss = i
    return loss
### `loss` gets its value only below the `if` on line 2, which did not run.
def f(n=0):
    if n > 0:
        loss = 1
    return loss
### `total` needs a first value before this line changes it.
def f(n=3):
    for i in range(n):
        total += i
    return total
### A name that `f` changes is its own, also where there is a `total` outside: pass it in, and return the new value.
total = 0
def f(n=3):
    total += n
    return total
### Line 4 gives `count` a value, so in all of `f` the name is its own, and the one outside of it is not seen.
count = 1
def f(n=3):
    print(count)
    count = 2
### `loss` gets its first value later, on line 3.
def f():
    print(loss)
    loss = 3
### (in a loop, later may be earlier)
def f():
    for i in range(2):
        if i >= 0:
            print(loss)
        loss = 3
### Write `self.layer`: a method finds the object's parts only there.
class Model:
    def __init__(self):
        self.layer = 2
    def go(self):
        return layer
def f():
    return Model().go()
### `loss` is a plain number since line 3: call `backward()` on the tensor, and take the number afterwards.
import torch
def f():
    loss = torch.tensor(1.0).item()
    loss.backward()
### `loss` is a plain number, and only tensors have `backward()`.
def f(loss=1.0):
    loss.backward()
### `loss` is a Python number already: leave `.item()` out.
def f(loss=1.0):
    return loss.item()
### `loss` is a plain number; `mean` belongs to tensors.
def f(loss=1.0):
    return loss.mean()
### A list gets a new entry by `losses.append(…)`.
def f(losses=[]):
    losses.add(2)
### `subplots` returns a figure and its axes: write `fig, ax = …` on line 3.
import matplotlib.pyplot as plt
def f():
    ax = plt.subplots()
    ax.plot([1, 2])
### (another pair)
def f():
    ax = (1, 2)
    ax.plot([1, 2])
### Line 4 gives `g` a value, so in `f` the function of that name is not seen: use another name there.
def g(x):
    return x
def f():
    g = g(2)
    return g
### Did you mean `append`?
def f(losses=[]):
    losses.appendd(2)
### `losses` is a list; `mean` belongs to tensors.
def f(losses=[1.0]):
    return losses.mean()
### Did you mean `pow`?
import torch
def f(x=torch.ones(2)):
    return x.power(2)
### Did you mean `tensor`?
import torch
def f():
    return torch.tenser(1)
### Did you mean `layer`?
import torch
class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(2, 1)
    def forward(self, x):
        return self.layr(x)
def f(x=torch.ones(2)):
    return Net()(x)
### (nothing is like it)
import torch
def f():
    return torch.frobnicate(1)
### (an AttributeError that the line raises itself)
import torch
def f():
    raise AttributeError("module 'torch' has no attribute 'tenser'")
"""


def test_names(said: str, listed_program: str, advice_of: Callable[[str], str]) -> None:
    assert advice_of(listed_program) == said
