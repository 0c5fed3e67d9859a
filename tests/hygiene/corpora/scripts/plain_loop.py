"""Fit a cubic to noisy data with nothing but tensors and a loop."""

import argparse

import torch


def make_data(n):
    x = torch.linspace(-1.5, 1.2, n)
    clean = 0.5 * x**3 - x**2 + 0.3 * x + 1
    return x, clean + 0.05 * torch.randn(n)


def predict(params, x):
    a, b, c, d = params
    return a * x**3 + b * x**2 + c * x + d


def mean_squared_error(prediction, target):
    return ((prediction - target) ** 2).mean()


def fit(x, y, rate, steps):
    params = [torch.zeros((), requires_grad=True) for _ in range(4)]
    history = []
    for step in range(steps):
        loss = mean_squared_error(predict(params, x), y)
        loss.backward()
        with torch.no_grad():
            for p in params:
                p -= rate * p.grad
                p.grad = None
        history.append(loss.item())
        if step % 20 == 0:
            print(f"step {step:3d}  loss {loss.item():.5f}")
    return params, history


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=80)
    parser.add_argument("--rate", type=float, default=0.1)
    options = parser.parse_args()
    torch.manual_seed(0)
    x, y = make_data(60)
    params, history = fit(x, y, options.rate, options.steps)
    with torch.no_grad():
        worst = (predict(params, x) - y).abs().max().item()
    print("coefficients", [round(p.item(), 3) for p in params])
    print(f"first loss {history[0]:.4f}, last loss {history[-1]:.4f}, largest error {worst:.4f}")


if __name__ == "__main__":
    main()
