"""The score-function estimator with a detached baseline."""

import torch


def run():
    torch.manual_seed(0)
    logits = torch.zeros(3, requires_grad=True)
    opt = torch.optim.Adam([logits], lr=0.2)
    reward = torch.tensor([0.0, 0.5, 1.0])
    regret = []
    for _ in range(10):
        policy = torch.distributions.Categorical(logits=logits)
        actions = policy.sample((64,))
        gain = reward[actions]
        loss = -(policy.log_prob(actions) * (gain - gain.mean())).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        with torch.no_grad():
            regret.append(1 - float((logits.softmax(0) * reward).sum()))
    return regret
