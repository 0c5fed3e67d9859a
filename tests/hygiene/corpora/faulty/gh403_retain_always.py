# expect: GH403
# Fault: retain_graph=True on every pass, and nothing uses the graph again.
import torch


def run():
    w = torch.tensor([2.0, -1.0], requires_grad=True)
    opt = torch.optim.Adam([w], lr=0.1)
    out = []
    for _ in range(7):
        opt.zero_grad()
        loss = (w**2).sum()
        loss.backward(retain_graph=True)  # <- fault
        opt.step()
        out.append(loss.item())
    return out
