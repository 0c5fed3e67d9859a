"""When a call is over: by what it computed, by what it waited, or by the clock; and what a slow machine adds."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import pytest

from autograder.assignment import Limits
from autograder.bridge import speed
from autograder.bridge.allowance import Allowance, Expiry, Timekeeper


class Told:
    """A gauge that shows what it is told."""

    def __init__(self) -> None:
        self.used, self.idle = 0.0, 0.0

    def look(self) -> tuple[float, float]:
        return self.used, self.idle


def test_a_call_is_over_by_what_it_computed_or_waited() -> None:
    gauge = Told()
    expiry = Expiry(Allowance(seconds=10.0, idle_seconds=50.0), gauge)
    assert expiry.reason() == ""
    gauge.used, gauge.idle = 9.9, 49.9
    assert expiry.reason() == ""
    gauge.used = 10.0
    assert expiry.reason() == "computing"
    gauge.used, gauge.idle = 1.0, 50.0
    assert expiry.reason() == "waiting"


def test_a_call_that_the_clock_ends_is_nobodys_fault() -> None:
    gauge = Told()
    gauge.used = 1e9
    assert Expiry(Allowance(seconds=10.0, ends=time.monotonic() - 1.0), gauge).reason() == "unfinished"


def test_the_machine_is_looked_at_once_and_only_where_the_limit_is_reached() -> None:
    asked = []

    def slower() -> float:
        asked.append(1)
        return 3.0

    gauge = Told()
    expiry = Expiry(Timekeeper(Limits(call_seconds=10.0), slower=slower).call("f", "f", (), {}), gauge)
    gauge.used = 9.0
    assert expiry.reason() == "" and not asked
    gauge.used = 29.0
    assert expiry.reason() == "" and expiry.reason() == "" and len(asked) == 1
    gauge.used = 30.0
    assert expiry.reason() == "computing" and len(asked) == 1


@pytest.mark.parametrize(
    ("slower", "reference", "seconds"),
    [
        (1.0, None, 10.0),
        (1.0, 0.5, 10.0),
        (1.0, 4.0, 40.0),  # ten times what the reference uses
        (5.0, 4.0, 50.0),
        (1.0, 100.0, 80.0),  # eight times the limit is the end
        (8.0, None, 80.0),
    ],
)
def test_a_slow_machine_and_a_slow_reference_give_more(slower: float, reference: float | None, seconds: float) -> None:
    def cost(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> float | None:
        assert (name, args, kwargs) == ("f", (1,), {"x": 2})
        return reference

    keeper = Timekeeper(Limits(call_seconds=10.0), cost=cost, slower=lambda: slower)
    allowance = keeper.call("f", "f", (1,), {"x": 2})
    assert allowance.stretched is not None and allowance.stretched() == seconds


def test_the_reference_is_not_asked_about_calls_that_it_cannot_make() -> None:
    keeper = Timekeeper(Limits(call_seconds=10.0), cost=lambda *call: pytest.fail("asked"), slower=lambda: 2.0)
    for allowance, seconds in ((keeper.call("Model.forward", None, (), {}), 20.0), (keeper.load(), 40.0)):
        assert allowance.stretched is not None and allowance.stretched() == seconds


@pytest.mark.parametrize(
    ("given", "idle"), [(None, {"f": 30.0, "g": 300.0, "": 100.0}), (2.0, {"f": 2.0, "g": 2.0, "": 2.0})]
)
def test_waiting_has_a_later_end(given: float | None, idle: dict[str, float]) -> None:
    limits = Limits(call_seconds=1.0, seconds_for={"g": 60.0}, load_seconds=20.0, idle_seconds=given)
    keeper = Timekeeper(limits)
    assert {title: keeper.limits_of(title)[1] for title in idle} == idle
    assert keeper.call("g.method", "g.method", (), {}).seconds == 60.0


def test_the_factor_has_bounds() -> None:
    assert speed.factor(0.5 * speed.REFERENCE_SECONDS) == 1.0
    assert speed.factor(3.0 * speed.REFERENCE_SECONDS) == pytest.approx(3.0)
    assert speed.factor(100.0 * speed.REFERENCE_SECONDS) == speed.MOST == 8.0


def test_the_yardstick_measures_processor_time_of_its_own_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    speed.slowness.cache_clear()
    monkeypatch.setattr(speed, "_measured", iter([0.5, 0.2, 0.1, 0.2, 0.3, 0.4]).__next__)
    assert speed.slowness() == speed.factor(0.1)
    speed.slowness.cache_clear()


def test_the_yardstick_leaves_the_random_numbers_alone() -> None:
    import numpy
    import torch

    before = torch.get_rng_state(), numpy.random.get_state()[1].tolist()
    assert speed._measured() > 0
    assert torch.equal(before[0], torch.get_rng_state()) and before[1] == numpy.random.get_state()[1].tolist()
