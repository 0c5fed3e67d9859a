# expect: GH105
# Fault: step() is called once more when it logs.
import torch


def run():
    w = torch.tensor([2.0, -1.0], requires_grad=True)
    opt = torch.optim.SGD([w], lr=0.05)
    out = []
    for k in range(8):
        opt.zero_grad()
        loss = (w**2).sum()
        loss.backward()
        opt.step()
        if k % 2 == 0:
            opt.step()  # <- fault
        out.append(loss.item())
    return out
