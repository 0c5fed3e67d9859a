# expect: GH202
# Fault: New tensors replace the parameters in a dictionary and are not leaves.
import torch


def run():
    params = {"a": torch.tensor(2.0, requires_grad=True), "b": torch.tensor(1.0, requires_grad=True)}
    out = []
    for _ in range(6):
        loss = (params["a"] * 2 + params["b"] - 1) ** 2
        loss.backward()
        for name in params:
            params[name] = params[name] - 0.05 * params[name].grad  # <- fault
        out.append(loss.item())
    return out
