"""The trajectory is kept as numpy arrays, copied out of the graph."""

import torch


def run():
    w = torch.tensor([4.0, -3.0], requires_grad=True)
    path, out = [], []
    for _ in range(9):
        path.append(w.detach().numpy().copy())
        value = (w**2).sum()
        value.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
            w.grad.zero_()
        out.append(value.item())
    return [float((point**2).sum()) for point in path]
