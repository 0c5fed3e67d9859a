"""What a diagnostic says of training and evaluation mode is true."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn

from tests.hygiene.rules.sentences import found, only

pytestmark = pytest.mark.filterwarnings("ignore")


def gan(look: Callable[[nn.Module], object]) -> Callable[[], None]:
    def run() -> None:
        maker = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 1))
        judge, bce = nn.Linear(1, 1), nn.BCEWithLogitsLoss()
        one, two = torch.optim.Adam(maker.parameters(), lr=0.01), torch.optim.Adam(judge.parameters(), lr=0.01)
        for _ in range(6):
            fake = maker(torch.randn(16, 2))
            two.zero_grad()
            (
                bce(judge(torch.ones(16, 1)), torch.ones(16, 1)) + bce(judge(fake.detach()), torch.zeros(16, 1))
            ).backward()
            two.step()
            one.zero_grad()
            bce(judge(fake), torch.ones(16, 1)).backward()
            one.step()
            with torch.no_grad():
                look(maker)

    return run


def test_the_picture_of_a_generator_is_a_warning_at_most() -> None:
    assert only(gan(lambda maker: maker(torch.ones(4, 2)).numpy())).severity == "W"
    assert only(gan(lambda maker: print(maker(torch.ones(4, 2)).mean().item()))).severity == "W"
    assert found(gan(lambda maker: maker.eval()(torch.ones(4, 2)).numpy() is maker.train())) == ()


def test_a_model_that_is_not_put_back_is_told_with_the_step_from_which_on() -> None:
    def run() -> None:
        model = nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.2), nn.Linear(8, 1))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for step in range(9):
            optimizer.zero_grad()
            model(torch.ones(4, 3)).square().mean().backward()
            optimizer.step()
            if step == 4:
                model.eval()
                with torch.no_grad():
                    print(model(torch.ones(4, 3)).mean())

    item = only(run)
    assert (item.code, item.severity, item.step) == ("GH502", "E", 6)
    assert item.message.startswith("From step 6 on `Sequential` is trained in evaluation mode")
