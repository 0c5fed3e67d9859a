# Honest: uses Greek letters, long lines and names like those of the grader.
# ruff: noqa

judge = submission = reference = pytest = "mine"
λ = 0.1
import torch


def double(x):
    return 2 * x


def minimize(start, learning_rate=0.1, num_iterations=10):
    θ, η = torch.tensor(start, requires_grad=True), learning_rate
    Λ = []
    for _ in range(num_iterations):
        ℓ = (θ - 3) ** 2
        (ᵍ,) = torch.autograd.grad(ℓ, θ)
        Λ.append(ℓ.item())
        θ = (θ - η * ᵍ).detach().requires_grad_()
    return θ.item(), Λ


def make_model():
    model = torch.nn.Linear(2, 1)
    torch.nn.init.ones_(model.weight)
    torch.nn.init.zeros_(model.bias)
    return model
