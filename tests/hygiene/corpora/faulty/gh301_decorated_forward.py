# expect: GH301
# Fault: forward is decorated with no_grad, as only the prediction function should be.
import torch


class SoftmaxRegression:
    def __init__(self, n_in, n_classes):
        self.W = torch.zeros(n_in, n_classes, requires_grad=True)
        self.b = torch.zeros(n_classes, requires_grad=True)

    @torch.no_grad()  # <- fault
    def forward(self, X):
        return X @ self.W + self.b

    @torch.no_grad()
    def predict(self, X):
        return self.forward(X).argmax(dim=1)


def run():
    torch.manual_seed(32)
    X = torch.randn(21, 3)
    y = X.argmax(dim=1)
    model = SoftmaxRegression(3, 3)
    optimizer = torch.optim.SGD([model.W, model.b], lr=0.5)
    for epoch in range(10):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model.forward(X), y)
        loss.backward()
        optimizer.step()
    return (model.predict(X) == y).float().mean().item()
