"""Programs equivalent to the legal idioms: renamed, wrapped, cleared and updated in every legal way.

A verdict must not depend on any of these choices, so all of them have to be free of diagnostics.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

_KEYS = "x y w b c d model optimizer loss rate"
_CHOICES = (
    _KEYS,
    "inputs targets weight bias scale shift net opt objective step_size",
    "xs ys slope intercept curvature offset network solver error lr",
    "features labels theta_0 theta_1 theta_2 theta_3 f sgd cost alpha",
)
NAMES = tuple(dict(zip(_KEYS.split(), names.split(), strict=True)) for names in _CHOICES)


@dataclass(frozen=True)
class Task:
    """What is learned: the data, the parameters and the prediction, with names in braces."""

    data: tuple[str, ...]
    state: tuple[str, ...]
    prediction: str
    params: tuple[str, ...] = ()
    module: bool = False

    def listing(self) -> str:
        if self.module:
            return "list({model}.parameters())"
        return "[" + ", ".join(f"{{{p}}}" for p in self.params) + "]"


FLAT = ("{x} = torch.linspace(-0.5, 1, 20)", "{y} = 2 * {x} - 1 + 0.1 * torch.sin(7 * {x})")
WIDE = ("{x} = torch.randn(20, 3)", "{y} = {x}[:, 0] - 2 * {x}[:, 1] + 0.5 + 0.1 * torch.sin({x}[:, 2])")
COLUMN = (WIDE[0], WIDE[1] + "\n{y} = {y}.unsqueeze(1)")


def _scalars(*names: str) -> tuple[str, ...]:
    return tuple(f"{{{name}}} = torch.tensor({0.1 * (k + 1):.1f}, requires_grad=True)" for k, name in enumerate(names))


PLANE = ("{w} = torch.zeros(3, requires_grad=True)", "{b} = torch.zeros(1, requires_grad=True)")
LAYERS = (
    "{w} = (0.5 * torch.randn(3, 6)).requires_grad_()",
    "{b} = torch.zeros(6, requires_grad=True)",
    "{c} = (0.5 * torch.randn(6, 1)).requires_grad_()",
)
CUBIC = "{d} * {x} ** 3 + {c} * {x} ** 2 + {w} * {x} + {b}"
HAND_TASKS = (
    Task(FLAT, _scalars("w", "b"), "{w} * {x} + {b}", ("w", "b")),
    Task(FLAT, _scalars("w"), "{w} * {x}", ("w",)),
    Task(FLAT, _scalars("w", "b", "c"), "{c} * {x} ** 2 + {w} * {x} + {b}", ("w", "b", "c")),
    Task(WIDE, PLANE, "{x} @ {w} + {b}", ("w", "b")),
    Task(FLAT, _scalars("w", "b", "c", "d"), CUBIC, ("w", "b", "c", "d")),
    Task(COLUMN, LAYERS, "torch.tanh({x} @ {w} + {b}) @ {c}", ("w", "b", "c")),
    Task(FLAT, PLANE[:1], "{w}[0] * {x} ** 2 + {w}[1] * {x} + {w}[2]", ("w",)),
)

SEQUENTIAL = "{model} = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))"
MODULE_TASKS = (
    Task(COLUMN, ("{model} = nn.Linear(3, 1)",), "{model}({x})", module=True),
    Task(COLUMN, (SEQUENTIAL,), "{model}({x})", module=True),
    Task(WIDE, ("{model} = nn.Linear(3, 1)",), "{model}({x}).squeeze(1)", module=True),
)

LOSSES = (
    "(({prediction} - {y}) ** 2).mean()",
    "({prediction} - {y}).square().mean()",
    "torch.mean(({prediction} - {y}) ** 2)",
    "nn.functional.mse_loss({prediction}, {y})",
    "({prediction} - {y}).pow(2).sum() / {y}.numel()",
    "nn.MSELoss()({prediction}, {y})",
    "({prediction} - {y}).abs().mean()",
    "nn.functional.huber_loss({prediction}, {y})",
)

VALUES = ("{loss}.item()", "float({loss}.detach())", "{loss}.detach().item()")

# {p} is one parameter; a style without {p} takes all of them at once.
UPDATES = {
    "minus": "{p} -= {rate} * {p}.grad",
    "sub": "{p}.sub_({rate} * {p}.grad)",
    "sub-alpha": "{p}.sub_({p}.grad, alpha={rate})",
    "add-alpha": "{p}.add_({p}.grad, alpha=-{rate})",
    "plus-negative": "{p} += -{rate} * {p}.grad",
    "copy": "{p}.copy_({p} - {rate} * {p}.grad)",
    "foreach": "torch._foreach_add_({all}, [p.grad for p in {all}], alpha=-{rate})",
}

CLEARS = {
    "none": "{p}.grad = None",
    "zero": "{p}.grad.zero_()",
    "fill": "{p}.grad.fill_(0)",
    "zeros-like": "{p}.grad = torch.zeros_like({p})",
    "times-zero": "{p}.grad.mul_(0)",
    "foreach-zero": "torch._foreach_zero_([p.grad for p in {all}])",
}
NEEDS_A_GRADIENT = {"zero", "fill", "times-zero", "foreach-zero"}

POSITIONS = ("start", "between", "inside", "end")
SWITCHES = ("no_grad", "set_grad_enabled", "decorator", "inference_mode", "off_and_on")
WRAPS = ("inline", "function", "closure", "class")
STEPS = 8


@dataclass
class Program:
    """Parts of one program; lines hold names in braces."""

    data: list[str]
    state: list[str]
    step: list[str]
    value: str
    top: list[str] = field(default_factory=list)
    rebound: tuple[str, ...] = ()


def _indent(lines: list[str], by: int = 1) -> list[str]:
    pieces = [piece for line in lines for piece in line.split("\n")]
    return ["    " * by + piece for piece in pieces]


def _source(program: Program, wrap: str, names: dict[str, str]) -> str:
    kept = {"x", "y", "w", "b", "c", "d", "model", "optimizer", "rate", "params"}
    local = {**names, "params": "params"}
    held = {key: ("self." + name if key in kept else name) for key, name in local.items()}

    def put(lines: list[str], names: dict[str, str]) -> list[str]:
        return [line.format(**names) for line in lines]

    head = ["import torch", "from torch import nn", "", *put(program.top, local), ""]
    data = ["torch.manual_seed(0)", *put(program.data, local)]
    if wrap == "class":
        x, y = local["x"], local["y"]
        body = ["class Fit:", f"    def __init__(self, {x}, {y}):", f"        self.{x}, self.{y} = {x}, {y}"]
        body += _indent(put(program.state, held), 2)
        body += [
            "",
            "    def advance(self):",
            *_indent(put([*program.step, "return " + program.value], held), 2),
            "",
        ]
        body += ["", "def run():", *_indent(data)]
        body += [f"    fit = Fit({x}, {y})", f"    return [fit.advance() for _ in range({STEPS})]"]
        return "\n".join([*head, *body, ""])
    state, step, value = put(program.state, local), put(program.step, local), program.value.format(**local)
    loop = ["history = []", f"for step in range({STEPS}):", *_indent(step), f"    history.append({value})"]
    if wrap == "function":
        train = [
            f"def train({local['x']}, {local['y']}):",
            *_indent([*state, *loop, "return history"]),
            "",
            "",
        ]
        body = [*train, "def run():", *_indent(data), f"    return train({local['x']}, {local['y']})"]
    elif wrap == "closure":
        rebound = [f"nonlocal {', '.join(local[name] for name in program.rebound)}"] if program.rebound else []
        advance = ["", "def advance():", *_indent([*rebound, *step, f"return {value}"]), ""]
        body = [
            "def run():",
            *_indent([*data, *state, *advance, f"return [advance() for _ in range({STEPS})]"]),
        ]
    else:
        body = ["def run():", *_indent([*data, *state, *loop, "return history"])]
    return "\n".join([*head, *body, ""])


def _loss_line(task: Task, style: str) -> str:
    return "{loss} = " + style.replace("{prediction}", task.prediction)


def _each(task: Task, template: str, *, looped: bool, guard: bool = False) -> list[str]:
    """Lines that apply the template to every parameter, one by one or in a loop."""
    if "{p}" not in template:
        line = template.replace("{all}", task.listing())
        if not guard:
            return [line]
        first = "next({model}.parameters())" if task.module else f"{{{task.params[0]}}}"
        return [f"if {first}.grad is not None:", "    " + line]
    if looped or task.module:
        line = template.replace("{p}", "p")
        over = "{model}.parameters()" if task.module else "(" + ", ".join(f"{{{p}}}" for p in task.params) + ",)"
        inner = ["if p.grad is not None:", "    " + line] if guard else [line]
        return [f"for p in {over}:", *_indent(inner)]
    lines = []
    for name in task.params:
        line = template.replace("{p}", f"{{{name}}}")
        lines += [f"if {{{name}}}.grad is not None:", "    " + line] if guard else [line]
    return lines


def _clear_lines(task: Task, style: str, position: str, looped: bool) -> list[str]:
    guard = style in NEEDS_A_GRADIENT and position in ("start", "between")
    if style == "none" and not looped and len(task.params) > 1:
        return [" = ".join(f"{{{p}}}.grad" for p in task.params) + " = None"]
    return _each(task, CLEARS[style], looped=looped, guard=guard)


def _order(loss: list[str], clear: list[str], update: list[str], position: str) -> list[str]:
    backward = ["{loss}.backward()"]
    if position == "start":
        return [*clear, *loss, *backward, *update]
    if position == "between":
        return [*loss, *clear, *backward, *update]
    return [*loss, *backward, *update, *clear]


def _hand_written() -> Iterator[tuple[str, str]]:
    tasks = (*HAND_TASKS, *MODULE_TASKS[:2])
    for n, (update, clear, position) in enumerate(itertools.product(UPDATES, CLEARS, POSITIONS)):
        task = tasks[n % len(tasks)]
        switch, wrap, names = SWITCHES[n % 5], WRAPS[(n // 3) % 4], NAMES[(n // 2) % 4]
        if (switch, position, clear) == ("inference_mode", "inside", "zeros-like"):
            switch = "no_grad"  # a gradient made in inference mode could not be added to by backward
        looped = n % 2 == 0
        clearing = _clear_lines(task, clear, position, looped)
        top: list[str] = []
        rebound: tuple[str, ...] = ()
        if switch == "decorator":
            line = UPDATES[update].replace("{p}", "p").replace("{all}", "params").replace("{rate}", "rate")
            body = [line] if "{all}" in UPDATES[update] else ["for p in params:", "    " + line]
            if position == "inside":
                zero = CLEARS[clear].replace("{p}", "p").replace("{all}", "params")
                body += [zero] if "{all}" in CLEARS[clear] else ["for p in params:", "    " + zero]
            top = ["", "@torch.no_grad()", "def descend(params, rate):", *_indent(body), ""]
            block = [f"descend({task.listing()}, {{rate}})"]
        else:
            lines = _each(task, UPDATES[update], looped=looped)
            if update in ("minus", "plus-negative") and not (looped or task.module):
                rebound = task.params
            if position == "inside":
                lines = [*lines, *clearing]
            if switch == "off_and_on":
                block = ["torch.set_grad_enabled(False)", *lines, "torch.set_grad_enabled(True)"]
            else:
                call = {"set_grad_enabled": "set_grad_enabled(False)"}.get(switch, switch + "()")
                block = [f"with torch.{call}:", *_indent(lines)]
        step = _order([_loss_line(task, LOSSES[n % len(LOSSES)])], clearing, block, position)
        if position == "inside":
            step = step[: len(step) - len(clearing)]
        program = Program(list(task.data), ["{rate} = 0.1", *task.state], step, VALUES[n % 3], top=top, rebound=rebound)
        yield f"hand-{update}-{clear}-{position}-{switch}-{wrap}", _source(program, wrap, names)


OPTIMIZERS = (
    "SGD({all}, lr={rate})",
    "SGD({all}, lr={rate}, momentum=0.5)",
    "Adam({all}, lr={rate})",
    "AdamW({all}, lr={rate})",
    "RMSprop({all}, lr=0.02)",
    "Adagrad({all}, lr={rate})",
)
OPTIMIZER_CLEARS = {
    "default": ["{optimizer}.zero_grad()"],
    "to-none": ["{optimizer}.zero_grad(set_to_none=True)"],
    "keep": ["{optimizer}.zero_grad(set_to_none=False)"],
    "module": ["{model}.zero_grad()"],
    "by-hand": [],
}


def _optimizers() -> Iterator[tuple[str, str]]:
    cases = itertools.product(OPTIMIZERS, OPTIMIZER_CLEARS, ("start", "between", "end"))
    for n, (optimizer, clear, position) in enumerate(cases):
        tasks = MODULE_TASKS if clear == "module" or n % 2 else HAND_TASKS
        task = tasks[(n // 2) % len(tasks)]
        wrap, names = WRAPS[n % 4], NAMES[(n // 4) % 4]
        clearing = OPTIMIZER_CLEARS[clear] or _each(task, CLEARS["none"], looped=n % 3 == 0)
        make = "{optimizer} = torch.optim." + optimizer.replace("{all}", task.listing())
        loss = [_loss_line(task, LOSSES[(n // 3) % len(LOSSES)])]
        step = _order(loss, clearing, ["{optimizer}.step()"], position)
        program = Program(list(task.data), ["{rate} = 0.1", *task.state, make], step, VALUES[n % 3])
        kind = optimizer.split("(")[0].lower()
        yield f"optimizer-{n}-{kind}-{clear}-{position}-{wrap}", _source(program, wrap, names)


def _gradients_returned() -> Iterator[tuple[str, str]]:
    """torch.autograd.grad: nothing is stored, so nothing needs a clear."""
    styles = ("in-place", "copy", "rewrapped", "rewrapped-no-grad", "parameter")
    for n, (style, task, wrap) in enumerate(itertools.product(styles, HAND_TASKS[:6], WRAPS)):
        if (n + n // 4) % 2:  # every other one is enough: each task meets each style and each wrap
            continue
        names = NAMES[n % 4]
        gradients = [f"g{k}" for k in range(len(task.params))]
        call = f"{', '.join(gradients)}, = torch.autograd.grad({{loss}}, {task.listing()})"
        pairs = [(f"{{{p}}}", g) for p, g in zip(task.params, gradients, strict=True)]
        rebound = task.params
        if style == "in-place":
            block = ["with torch.no_grad():", *(f"    {p} -= {{rate}} * {g}" for p, g in pairs)]
        elif style == "copy":
            block = ["with torch.no_grad():", *(f"    {p}.copy_({p} - {{rate}} * {g})" for p, g in pairs)]
            rebound = ()
        elif style == "rewrapped":
            block = [f"{p} = ({p} - {{rate}} * {g}).detach().requires_grad_()" for p, g in pairs]
        elif style == "rewrapped-no-grad":
            block = ["with torch.no_grad():", *(f"    {p} = {p} - {{rate}} * {g}" for p, g in pairs)]
            block += [f"{p}.requires_grad_()" for p, _ in pairs]
        else:
            block = [f"{p} = nn.Parameter({p}.detach() - {{rate}} * {g})" for p, g in pairs]
        step = [_loss_line(task, LOSSES[n % len(LOSSES)]), call, *block]
        program = Program(list(task.data), ["{rate} = 0.1", *task.state], step, VALUES[n % 3], rebound=rebound)
        yield f"grad-{n}-{style}-{wrap}", _source(program, wrap, names)


def _functional() -> Iterator[tuple[str, str]]:
    """torch.func.grad over tuples and dictionaries of plain tensors."""
    containers = ("tuple", "dict", "single")
    transforms = ("grad", "grad_and_value", "vjp")
    for n, (container, transform, wrap) in enumerate(itertools.product(containers, transforms, WRAPS)):
        names = NAMES[n % 4]
        data = WIDE
        style = LOSSES[n % len(LOSSES)]
        if container == "tuple":
            unpack, start = "w, b = params", "{params} = (torch.zeros(3), torch.zeros(()))"
            move = "{params} = tuple(p - {rate} * g for p, g in zip({params}, gradients))"
        elif container == "dict":
            unpack, start = (
                'w, b = params["w"], params["b"]',
                "{params} = dict(w=torch.zeros(3), b=torch.zeros(()))",
            )
            move = "{params} = dict((name, p - {rate} * gradients[name]) for name, p in {params}.items())"
        else:
            unpack, start = "w, b = params[:3], params[3]", "{params} = torch.zeros(4)"
            move = "{params} = {params} - {rate} * gradients"
        loss = style.replace("{prediction}", "x @ w + b").replace("{y}", "y")
        top = ["", "def risk(params, x, y):", f"    {unpack}", f"    return {loss}", ""]
        if transform == "grad":
            step = [
                "{loss} = risk({params}, {x}, {y})",
                "gradients = torch.func.grad(risk)({params}, {x}, {y})",
            ]
        elif transform == "grad_and_value":
            step = ["gradients, {loss} = torch.func.grad_and_value(risk)({params}, {x}, {y})"]
        else:
            step = [
                "{loss}, pull = torch.func.vjp(lambda p: risk(p, {x}, {y}), {params})",
                "(gradients,) = pull(torch.ones(()))",
            ]
        program = Program(
            list(data), ["{rate} = 0.1", start], [*step, move], "{loss}.item()", top=top, rebound=("params",)
        )
        yield f"func-{container}-{transform}-{wrap}", _source(program, wrap, names)


def _accumulated() -> Iterator[tuple[str, str]]:
    """Micro-batches: several backward passes, one update, one clear."""
    scalings = ("loss", "gradient", "update", "sum")
    for n, (k, scaling, wrap) in enumerate(itertools.product((2, 4, 5), scalings, WRAPS)):
        module = n % 2 == 1
        task = MODULE_TASKS[(n // 2) % 2] if module else HAND_TASKS[3]
        names, position = NAMES[(n // 4) % 4], ("start", "end")[(n // 2) % 2]
        prediction = task.prediction.replace("{x}", "xb")
        if scaling == "sum":
            loss = f"({prediction} - yb).square().sum() / 20"
        else:
            loss = f"({prediction} - yb).square().mean()" + (f" / {k}" if scaling == "loss" else "")
        size = 20 // k
        split = f"zip({{x}}.split({size}), {{y}}.split({size}))"
        inner = [f"for xb, yb in {split}:", f"    {{loss}} = {loss}", "    {loss}.backward()"]
        total = "{loss}.item()" if scaling in ("loss", "sum") else f"{{loss}}.item() / {k}"
        inner = ["total = 0.0", *inner, f"    total += {total}"]
        if scaling == "gradient":
            inner += _each(task, f"{{p}}.grad.div_({k})", looped=True)
        state = ["{rate} = 0.1", *task.state]
        if scaling == "update" or n % 3 == 0:
            rate = f"{{rate}} / {k}" if scaling == "update" else "{rate}"
            moved = _each(task, f"{{p}}.sub_({{p}}.grad, alpha={rate})", looped=True)
            block = ["with torch.no_grad():", *_indent(moved)]
            clear = _clear_lines(task, ("none", "zero")[n % 2], position, True)
        else:
            state.append("{optimizer} = torch.optim.SGD(" + task.listing() + ", lr={rate})")
            block, clear = ["{optimizer}.step()"], ["{optimizer}.zero_grad()"]
        step = [*clear, *inner, *block] if position == "start" else [*inner, *block, *clear]
        program = Program(list(task.data), state, step, "total")
        yield f"accumulated-{k}-{scaling}-{position}-{wrap}", _source(program, wrap, names)


def equivalents() -> Iterator[tuple[str, str]]:
    """Name and source of every equivalent program, always in the same order."""
    for family in (_hand_written, _optimizers, _gradients_returned, _functional, _accumulated):
        yield from family()
