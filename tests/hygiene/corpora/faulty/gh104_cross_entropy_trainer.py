# expect: GH104
# Fault: gradient accumulation over two batches of cross entropy (a mean) forgets to divide by accumulation_steps.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class AccumulatingTrainer:
    def __init__(self, model, accumulation_steps):
        self.model = model
        self.accumulation_steps = accumulation_steps
        self.opt = torch.optim.SGD(model.parameters(), lr=0.1)

    def train_epoch(self, loader):
        self.model.train()
        self.opt.zero_grad()
        total = 0.0
        for i, (xb, yb) in enumerate(loader, start=1):
            loss = nn.functional.cross_entropy(self.model(xb), yb)  # <- fault
            loss.backward()  # <- fault
            total += loss.item()
            if i % self.accumulation_steps == 0:
                self.opt.step()
                self.opt.zero_grad()
        return total / len(loader)


def run():
    torch.manual_seed(21)
    x = torch.randn(32, 4)
    y = x[:, :3].argmax(dim=1)
    loader = DataLoader(TensorDataset(x, y), batch_size=4, shuffle=True)
    trainer = AccumulatingTrainer(nn.Linear(4, 3), accumulation_steps=2)
    return [trainer.train_epoch(loader) for _ in range(3)]
