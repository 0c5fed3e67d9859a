"""Whatever comes over the line is refused, or becomes a value of exact base types. Nothing else ever happens.

``AUTOGRADER_FUZZ=10000`` runs as many examples per property.
"""

from __future__ import annotations

import math
import os
import struct

import msgspec
import numpy
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from autograder.bridge.messages import Reply, Request, pack, unpack
from autograder.bridge.values import Decoder, Encoder, HandleNode, ValueRefused

EXAMPLES = int(os.environ.get("AUTOGRADER_FUZZ", "100"))
fuzzed = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES <= 100,
    suppress_health_check=list(HealthCheck),
    database=None,
)

PLAIN = (bool, int, float, str, bytes, list, tuple, dict, torch.Tensor, numpy.ndarray, HandleNode)
NAMES = ("float32", "float64", "int64", "bool", "bfloat16", "complex64", "object", "O", "<U8", "V8", "float8", "")

scalars = some.one_of(
    some.none(),
    some.booleans(),
    some.integers(-(2**63), 2**64 - 1),
    some.floats(),
    some.text(max_size=20),
    some.binary(max_size=20),
)
sizes = some.one_of(some.integers(-3, 9), some.sampled_from([2**31, 2**62, -(2**63)]), scalars)


def nodes(inner):
    """Nodes that are almost right: known tags with strange parts."""
    return some.one_of(
        some.lists(inner, max_size=4),
        some.tuples(some.sampled_from("ltdbfiTAh?"), inner).map(list),
        some.tuples(some.sampled_from("lt"), some.lists(inner, max_size=4)).map(list),
        some.tuples(some.just("d"), some.lists(some.lists(inner, min_size=2, max_size=2), max_size=3)).map(list),
        some.tuples(some.sampled_from("bfi"), sizes).map(list),
        some.tuples(some.sampled_from("TA"), some.sampled_from(NAMES), some.lists(sizes, max_size=4), sizes).map(list),
        some.tuples(some.just("h"), sizes, some.text(max_size=5)).map(list),
        some.dictionaries(some.text(max_size=3), inner, max_size=2),
    )


any_node = some.recursive(scalars, nodes, max_leaves=20)


def holds_base_types_only(value):
    pending = [value]
    while pending:
        found = pending.pop()
        if found is None:
            continue
        assert type(found) in PLAIN, type(found)
        if type(found) in (list, tuple):
            pending += found
        elif type(found) is dict:
            pending += [*found.keys(), *found.values()]
        elif type(found) is torch.Tensor:
            assert found.device.type == "cpu" and found.layout is torch.strided and not found.requires_grad
        elif type(found) is numpy.ndarray:
            assert found.dtype.kind in "fiubc"
    return True


def decoded(node, buffers=b""):
    """The value, or None where it is refused."""
    decoder = Decoder(memoryview(buffers), lambda handle: handle)
    try:
        value = decoder.value(node)
        decoder.finish()
    except ValueRefused:
        return None
    assert holds_base_types_only(value)
    return value


@fuzzed
@given(some.binary(max_size=400))
@example(b"")
@example(b"\x00\x00\x00\x00")
@example(b"\xff\xff\xff\xff")
@example(b"\x00\x00\x00\x01\x80")
@example(struct.pack("!I", 2000) + b"\x91" * 2000)
def test_bytes_are_refused_or_become_a_reply(frame):
    try:
        reply, buffers = unpack(frame, Reply)
    except ValueRefused:
        return
    decoded(reply.value, bytes(buffers))


@fuzzed
@given(any_node, some.binary(max_size=64))
@example(["T", "float32", [0, 2**28], 0], b"")
@example(["T", "float32", [2**28, 0], 0], b"")
@example(["T", "float32", [0] + [2**28] * 15, 0], b"")  # the strides overflowed
@example(["A", "float32", [0] + [2**28] * 15, 0], b"")
@example(["T", "float32", [2**28] * 15 + [0], 0], b"")
@example(["d", [[["i", hex(n * (2**61 - 1))], n] for n in range(50)]], b"")  # all keys of one hash
@example(["A", "bool", [8], 8], b"\x02" * 8)
@example(["T", "bool", [8], 8], b"\x02" * 8)
@example(["A", ["float32"], [1], 4], b"\x00" * 4)
@example(["A", {}, [1], 4], b"\x00" * 4)
@example(["T", "float32", [True], 4], b"\x00" * 4)
@example(["i", "0x" + "f" * 998], b"")
@example(["i", " 0x1_0 "], b"")
@example(["d", [[["t", [float("nan")]], 1], [["t", [float("nan")]], 2]]], b"")
@example(["h", True, "Linear"], b"")
@example(["f", 16], b"\x7f" * 16)
def test_a_node_is_refused_or_becomes_a_plain_value(node, buffers):
    decoded(node, buffers)


@fuzzed
@given(any_node, some.binary(max_size=64))
def test_a_reply_with_any_node_survives_the_trip(node, buffers):
    head = msgspec.msgpack.encode({"nonce": 1, "value": node})
    try:
        reply, rest = unpack(struct.pack("!I", len(head)) + head + buffers, Reply)
    except ValueRefused:
        return
    decoded(reply.value, bytes(rest))


@fuzzed
@given(some.dictionaries(some.sampled_from([*Reply.__struct_fields__, "score", "outcome"]), any_node, max_size=9))
def test_fields_of_a_reply_are_of_their_types_or_refused(fields):
    head = msgspec.msgpack.encode(fields)
    try:
        reply, _ = unpack(struct.pack("!I", len(head)) + head, Reply)
    except ValueRefused:
        return
    assert type(reply.nonce) is int and type(reply.output) is str and type(reply.dropped) is int
    assert "score" not in fields and "outcome" not in fields


@fuzzed
@given(some.integers(0, 300), some.integers(0, 255), some.integers(1, 299))
def test_a_damaged_frame_is_refused_or_plain(at, byte, cut):
    encoder = Encoder(lambda value: HandleNode(1, "Linear"))
    value = {"a": [1.5] * 12, "b": (torch.ones(2, 2), numpy.zeros(3), None, "text", b"raw", object(), 1 << 70)}
    frame = bytearray(pack(Reply(nonce=7, value=encoder.node(value)), encoder.buffers))
    frame[at % len(frame)] = byte
    for damaged in (bytes(frame), bytes(frame[: -cut % len(frame)])):
        try:
            reply, rest = unpack(damaged, Reply)
        except ValueRefused:
            continue
        decoded(reply.value, bytes(rest))


plain_values = some.recursive(
    some.one_of(
        some.none(), some.booleans(), some.integers(-(10**30), 10**30), some.floats(),
        some.text(some.characters(exclude_categories=["Cs"]), max_size=20), some.binary(max_size=20),
    ),
    lambda inner: some.one_of(
        some.lists(inner, max_size=4),
        some.lists(inner, max_size=4).map(tuple),
        some.dictionaries(some.one_of(some.text(max_size=4), some.integers(-(2**63), 2**63)), inner, max_size=4),
        some.lists(some.floats(), min_size=9, max_size=12),
    ),
    max_leaves=12,
)  # fmt: skip


@fuzzed
@given(plain_values)
def test_plain_values_arrive_as_they_left(value):
    encoder = Encoder(lambda value: HandleNode(1, "never"))
    frame = pack(Request(nonce=1, op="call", args=encoder.node(value)), encoder.buffers)
    request, buffers = unpack(frame, Request)
    decoder = Decoder(buffers, lambda handle: handle)
    arrived = decoder.value(request.args)
    decoder.finish()
    assert same(arrived, value)


def same(first, second):
    if type(first) is not type(second):
        return False
    if type(first) is float:
        return first == second or (math.isnan(first) and math.isnan(second))
    if type(first) in (list, tuple):
        return len(first) == len(second) and all(map(same, first, second))
    if type(first) is dict:
        return list(first) == list(second) and all(same(first[key], second[key]) for key in first)
    return first == second


@fuzzed
@given(
    some.sampled_from(
        [torch.float32, torch.float64, torch.int64, torch.bool, torch.bfloat16, torch.complex64, torch.uint8]
    ),
    some.lists(some.integers(0, 4), max_size=4),
    some.booleans(),
)
def test_tensors_arrive_as_they_left(dtype, shape, transposed):
    torch.manual_seed(0)
    tensor = (torch.randn(shape) * 3).to(dtype)
    if transposed and tensor.dim() > 1:
        tensor = tensor.transpose(0, -1)
    encoder = Encoder(lambda value: HandleNode(1, "never"))
    node = encoder.node(tensor)
    arrived = Decoder(memoryview(b"".join(encoder.buffers)), lambda handle: handle).value(node)
    assert arrived.dtype == tensor.dtype and arrived.shape == tensor.shape
    assert torch.equal(arrived, tensor)
