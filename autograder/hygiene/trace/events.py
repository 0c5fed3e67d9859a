"""The plain data of a trace: typed events, small enough to cross the trust line and strict enough to check."""

from __future__ import annotations

from typing import Union

import msgspec

FORMAT = 1
FULL_VALUES = 64
"""Tensors with at most this many elements are recorded in full; larger ones as a norm and a checksum."""

NO_GRADIENT, ZERO_GRADIENT, SOME_GRADIENT = 0, 1, 2


class Value(msgspec.Struct, array_like=True, gc=False):
    """A tensor as numbers: all of them if there are few, else only its norm and a checksum (its sum)."""

    shape: list[int]
    numbers: list[float]
    norm: float = 0.0
    checksum: float = 0.0


class Leaf(msgspec.Struct, array_like=True, gc=False):
    """A leaf tensor that the run trains or differentiates; events refer to it by its place in the table."""

    name: str
    shape: list[int]
    module_parameter: bool = False
    requires_grad: bool = True
    """As it was set last."""
    successor_of: int = -1
    """The leaf that this one replaces (functional updates make a new leaf at every step)."""
    read: bool = False
    """The student's code read its ``.grad``."""
    missed: bool = False
    """The student's code read its ``.grad`` after a backward pass, and there was none."""


class Place(msgspec.Struct, array_like=True, gc=False):
    """Where in the student's file: an index into the trace's file table (-1: nowhere) and a line."""

    file: int = -1
    line: int = 0


class Cut(msgspec.Struct, array_like=True, gc=False):
    """An operation that took a value out of the graph, and the leaves that are behind it."""

    op: str
    place: Place
    leaves: list[int]
    kind: str = ""
    """``term``: it was added to a loss that has a graph; ``scale``: it scaled such a tensor; ``array``: it came back
    from numpy."""


class Reached(msgspec.Struct, array_like=True, gc=False):
    """What one backward pass did to one leaf."""

    leaf: int
    before: int
    """NO_GRADIENT, ZERO_GRADIENT or SOME_GRADIENT in ``.grad`` when the pass began."""
    kept: bool
    """``.grad`` is the same tensor, unmodified, as at the last update (or the last pass, without update)."""
    value: Value
    previous: Value | None
    gradient: Value | None
    after: int


class Backward(msgspec.Struct, array_like=True, tag=True, gc=False):
    """One backward pass, or one call of ``torch.autograd.grad`` (``functional``)."""

    step: int
    place: Place
    number: int
    functional: bool
    loss: Value | None
    roots: list[str]
    """The names of the first graph nodes from the loss downwards."""
    reached: list[Reached]
    cuts: list[Cut]
    retain: bool = False
    create: bool = False
    nodes: int = 0
    first_node: int = 0
    last_node: int = 0
    alive: int = 0
    """Of how many earlier steps some graph is still alive."""
    reused: list[int] = []
    """Numbers of earlier passes with a retained graph that this one walks into."""
    failed: bool = False


class Update(msgspec.Struct, array_like=True, tag=True, gc=False):
    """A change of a leaf's values that belongs to training."""

    step: int
    place: Place
    leaf: int
    how: str
    """``inplace``, ``data`` (through ``.data``), ``alias`` (detach or view), ``rebind`` or ``optimizer``."""
    tracked: bool
    """Grad mode was on."""
    gradient: int
    uses: list[list[int]]
    """The gradients that flowed into it: [leaf, number of the backward pass, number of the read]."""
    read: bool
    """The leaf's ``.grad`` was read since the previous update."""
    value: Value | None
    library: bool = False
    scaled: bool = False
    along: float | None = None
    """For large leaves: (change · gradient) / (gradient · gradient)."""
    cosine: float | None = None
    kept: bool = True
    """``.grad`` was not changed between the backward pass and this update."""


class OptimizerStep(msgspec.Struct, array_like=True, tag=True, gc=False):
    """One ``optimizer.step()`` of a torch optimizer: the leaves that it holds and their gradients."""

    step: int
    place: Place
    optimizer: int
    kind: str
    maximize: bool
    leaves: list[int]
    gradients: list[int]
    plain: bool = False
    """No momentum, weight decay or the like: the update is minus learning rate times gradient."""
    stateful: bool = True
    made: Place | None = None
    """Where the optimizer was made."""


class Clear(msgspec.Struct, array_like=True, tag=True, gc=False):
    """A leaf's ``.grad`` was set to None or to zeros."""

    step: int
    place: Place
    leaf: int
    how: str


class Leave(msgspec.Struct, array_like=True, tag=True, gc=False):
    """A value left the graph: ``item``, ``float``, ``numpy``, ``detach``, ``torch.tensor`` …"""

    step: int
    place: Place
    op: str
    leaves: list[int]
    graph: bool
    """The value was computed with a graph (not a bare leaf)."""
    used: bool = False
    """A backward pass walked through that graph, or through a part of it."""
    value: float | None = None


class LostLeaf(msgspec.Struct, array_like=True, tag=True, gc=False):
    """A name that held a leaf now holds the result of an update expression, which gets no gradient."""

    step: int
    place: Place
    leaf: int
    name: str
    tracked: bool
    retained: bool = False
    """It was asked to keep a gradient all the same (``retain_grad``)."""


class Forward(msgspec.Struct, array_like=True, tag=True, gc=False):
    """One call of an outermost ``nn.Module``."""

    step: int
    place: Place
    module: int
    name: str
    training: bool
    sensitive: list[str]
    """Kinds of layers in it for which train/eval mode matters and that are in this call's mode."""
    tracked: bool
    graph: bool
    used: bool = False
    feeds_loss: bool = False
    measured: bool = False
    """A number or a comparison was taken from the output."""
    shown: bool = False
    """An array of numbers was taken from the output: perhaps a picture, or samples."""
    learns: bool = False
    """Some parameter of the module had been updated before this call."""
    again: bool = False
    """The same tensor went into the module on the same line just before, and no backward pass came since."""
    copies: bool = False
    """Dropout was on, and the rows that went in are copies of each other: a few questions, each asked many times."""


class Broadcast(msgspec.Struct, array_like=True, tag=True, gc=False):
    """(N, 1) met (N,): the result has N² entries."""

    step: int
    place: Place
    op: str
    size: int
    in_loss: bool = False
    prediction_column: bool = True


class Rewrap(msgspec.Struct, array_like=True, tag=True, gc=False):
    """``torch.tensor(tensor)``."""

    step: int
    place: Place
    tracked: bool
    used: bool = False


class SavedChange(msgspec.Struct, array_like=True, tag=True, gc=False):
    """A tensor that a graph needs was changed where autograd could not see it."""

    step: int
    place: Place
    name: str
    how: str


class Seed(msgspec.Struct, array_like=True, tag=True, gc=False):
    """``torch.manual_seed``."""

    step: int
    place: Place
    seed: int


class Fault(msgspec.Struct, array_like=True, tag=True, gc=False):
    """An operation raised an error."""

    step: int
    place: Place
    kind: str
    """``tracked-inplace``, ``saved-modified``, ``freed-graph``, ``no-graph``, ``unused``, ``none-gradient``
    or ``other``."""
    op: str
    message: str
    leaf: int = -1
    cause: Place | None = None
    cuts: list[Cut] = []
    loss_is_leaf: bool = False


class Switch(msgspec.Struct, array_like=True, tag=True, gc=False):
    """One of torch's global switches was set."""

    step: int
    place: Place
    what: str
    """A field of GlobalState."""


class Kept(msgspec.Struct, array_like=True, tag=True, gc=False):
    """Graphs of earlier steps are kept alive by something in the student's code."""

    step: int
    place: Place
    name: str
    how: str
    """``container`` (a list or the like holds them), ``chain`` (a running sum does) or ``update`` (the parameter
    itself does, which an update has made out of the one before)."""


class Mismatch(msgspec.Struct, array_like=True, tag=True, gc=False):
    """The backward of a custom Function disagrees with finite differences of its forward."""

    step: int
    place: Place
    function: str
    position: int
    measured: float
    returned: float


class Assigned(msgspec.Struct, array_like=True, tag=True, gc=False):
    """``.grad`` was replaced by something that does not come from the gradient that autograd had put there."""

    step: int
    place: Place
    leaf: int
    computed: Value
    assigned: Value


class Added(msgspec.Struct, array_like=True, tag=True, gc=False):
    """A Python number was added to a scalar that has a graph."""

    step: int
    place: Place
    value: float


class Dropout(msgspec.Struct, array_like=True, tag=True, gc=False):
    """A functional dropout was active inside of a module in eval mode."""

    step: int
    place: Place


class Gap(msgspec.Struct, array_like=True, tag=True, gc=False):
    """Recording paused here: nothing is known about what happened until the next event."""

    step: int


Event = Union[  # noqa: UP007 - the union of types is needed at run time, also by Python 3.10
    Backward,
    Update,
    OptimizerStep,
    Clear,
    Leave,
    LostLeaf,
    Forward,
    Broadcast,
    Rewrap,
    SavedChange,
    Seed,
    Fault,
    Switch,
    Kept,
    Mismatch,
    Assigned,
    Added,
    Dropout,
    Gap,
]


class GlobalState(msgspec.Struct, array_like=True, gc=False):
    """Torch's switches that a run must leave as it found them."""

    grad_mode: bool
    anomaly: bool
    dtype: str
    threads: int
    deterministic: bool


class InputChange(msgspec.Struct, array_like=True, gc=False):
    """An argument that the run changed."""

    position: int
    what: str
    """``values``, ``requires_grad`` or ``grad``."""
    name: str = ""
    place: Place | None = None
    """The last line that changed it, where that was seen."""


class Outcome(msgspec.Struct, array_like=True, gc=False):
    """The exception that ended the run."""

    kind: str
    message: str
    place: Place


class TraceData(msgspec.Struct):
    """Everything that one recorded run tells, as plain data."""

    format: int
    files: list[str]
    leaves: list[Leaf]
    events: list[Event]
    losses: list[float]
    start: GlobalState
    end: GlobalState
    inputs: list[InputChange]
    outcome: Outcome | None
    tampered: list[str]
    truncated: bool
    whole_program: bool = False
    learning_rate: float | None = None
