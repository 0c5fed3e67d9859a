"""What crosses the trust line arrives as it left, as plain data of base types; everything else is refused."""

from __future__ import annotations

import collections
import enum
import math
from typing import Any

import hypothesis.strategies as st
import numpy
import pytest
import torch
from hypothesis import given, settings

from autograder.bridge import messages, values
from autograder.bridge.messages import Reply, Request, pack, unpack
from autograder.bridge.values import Decoder, Encoder, HandleNode, ValueRefused

DTYPES = (torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.uint8, torch.bool)
ARRAY_DTYPES = ("float64", "float32", "int64", "int8", "uint8", "bool")


def no_handle(value: object) -> HandleNode:
    raise ValueRefused("not plain data")


def crossed(value: Any) -> Any:
    """The value after the way there: through bytes, as the judge reads them."""
    encoder = Encoder(no_handle)
    reply, buffers = unpack(pack(Reply(nonce=1, value=encoder.node(value)), encoder.buffers), Reply)
    decoder = Decoder(buffers, lambda node: node)
    decoded = decoder.value(reply.value)
    decoder.finish()
    return decoded


def same(one: Any, other: Any) -> bool:
    """Equal to the bit, with equal types all the way down."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        both_nan = math.isnan(one) and math.isnan(other)
        return both_nan or numpy.float64(one).tobytes() == numpy.float64(other).tobytes()
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, torch.Tensor):
        return one.dtype == other.dtype and one.shape == other.shape and torch.equal(one, other)
    if isinstance(one, numpy.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and bool((one == other).all())
    return bool(one == other)


@st.composite
def tensors(draw: st.DrawFn) -> torch.Tensor:
    shape = draw(st.lists(st.integers(0, 3), max_size=3))
    numbers = draw(st.lists(st.integers(0, 100), min_size=math.prod(shape), max_size=math.prod(shape)))
    return torch.tensor(numbers).reshape(shape).to(draw(st.sampled_from(DTYPES)))


@st.composite
def arrays(draw: st.DrawFn) -> numpy.ndarray:
    shape = draw(st.lists(st.integers(0, 3), max_size=3))
    numbers = draw(st.lists(st.integers(0, 100), min_size=math.prod(shape), max_size=math.prod(shape)))
    return numpy.array(numbers).reshape(shape).astype(draw(st.sampled_from(ARRAY_DTYPES)))


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
key_integers = st.integers(-(2**63), 2**64 - 1)  # larger ones are refused as keys, see below
keys = st.booleans() | st.floats(allow_nan=False) | st.text() | st.tuples(key_integers, st.text())
plain = st.recursive(
    scalars | tensors() | arrays() | st.lists(st.floats(), min_size=9, max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(plain)
def test_plain_values_cross_unchanged(value: Any) -> None:
    assert same(crossed(value), value)


class Text(str):
    def __str__(self) -> str:
        raise RuntimeError("never asked")


class Number(float):
    def __float__(self) -> float:
        return 1.0


class Items(list):
    def __iter__(self):
        raise RuntimeError("never asked")


class Color(enum.IntEnum):
    RED = 3


class Special(torch.Tensor):
    pass


Point = collections.namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("value", "arrives"),
    [
        (Text("a"), "a"),
        (Number(2.5), 2.5),
        (Items([1, 2]), [1, 2]),
        (Color.RED, 3),
        (Point(1, 2.0), (1, 2.0)),
        (collections.OrderedDict(a=1), {"a": 1}),
        (collections.Counter("aa"), {"a": 2}),
        (bytearray(b"ab"), b"ab"),
        (numpy.float64(2.5), 2.5),
        (numpy.float32(2.5), numpy.array(2.5, dtype="float32")),
        (numpy.int64(3), numpy.array(3)),
        (numpy.ones((1, 1)).view(numpy.recarray), numpy.ones((1, 1))),
        (numpy.asfortranarray([[1.0, 2.0], [3.0, 4.0]]), numpy.array([[1.0, 2.0], [3.0, 4.0]])),
        (torch.nn.Parameter(torch.ones(2)), torch.ones(2)),
        (torch.ones(2, requires_grad=True) * 2, torch.tensor([2.0, 2.0])),
        (torch.ones(2, 3).as_subclass(Special), torch.ones(2, 3)),
        (torch.arange(6.0).reshape(2, 3).T, torch.tensor([[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]])),
        (torch.ones(1).expand(3), torch.ones(3)),
        (torch.ones(()).expand(1, 1), torch.ones(1, 1)),
        (torch.arange(6.0)[4::3], torch.tensor([4.0])),
        (torch.tensor(1 + 2j).conj(), torch.tensor(1 - 2j)),
        (torch.empty(0, 3), torch.empty(0, 3)),
        ("\ud800", "?"),
        (2**80, 2**80),
        (-(2**63) - 1, -(2**63) - 1),
    ],
)
def test_subclasses_and_views_arrive_as_base_types(value: Any, arrives: Any) -> None:
    got = crossed(value)
    assert same(got, arrives)
    if isinstance(got, torch.Tensor):
        assert type(got) is torch.Tensor and not got.requires_grad and got.is_leaf


def test_the_gradient_of_a_sum_of_one_number_arrives() -> None:
    number = torch.ones(1, requires_grad=True)
    (gradient,) = torch.autograd.grad(number.sum(), number)
    assert gradient.stride() == (0,)
    assert same(crossed(gradient), torch.ones(1))


def test_an_array_of_foreign_byte_order_keeps_its_numbers() -> None:
    assert same(crossed(numpy.array([1.0, 2.0], dtype=">f8")), numpy.array([1.0, 2.0]))


def test_a_tensor_that_crossed_shares_no_memory() -> None:
    original = torch.zeros(3)
    got = crossed(original)
    got += 1
    assert original.tolist() == [0.0, 0.0, 0.0]


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (nested(values.MAX_DEPTH + 1), "the value is nested too deeply or has too many parts"),
        ([0] * (values.MAX_NODES + 1), "the value is nested too deeply or has too many parts"),
        ("a" * (values.MAX_TEXT + 1), "the text is too long"),
        (1 << 4000, "the integer is too large"),
        (numpy.array([object()]), "an array of dtype object cannot be graded"),
        (numpy.array(["a"]), "an array of dtype str32 cannot be graded"),
        (torch.ones(2).to_sparse(), "a tensor of layout torch.sparse_coo on cpu cannot be graded"),
        (torch.empty(2, device="meta"), "a tensor of layout torch.strided on meta cannot be graded"),
        (torch.ones(2).to(torch.float8_e4m3fn), "a tensor of dtype float8_e4m3fn cannot be graded"),
        (object(), "not plain data"),
    ],
)
def test_what_cannot_cross_is_refused(value: Any, said: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        Encoder(no_handle).node(value)
    assert str(refused.value) == said


def test_an_endless_list_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(ValueRefused):
        Encoder(no_handle).node(endless)


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(ValueRefused, match="the value is too large"):
        Encoder(no_handle, 100).node([torch.zeros(20), torch.zeros(20)])


def test_a_long_list_of_floats_does_not_cross_as_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "MAX_FLOATS", 20)
    with pytest.raises(ValueRefused):
        Decoder(memoryview(bytes(21 * 8)), no_handle).value(["f", 21 * 8])
    assert Decoder(memoryview(bytes(20 * 8)), no_handle).value(["f", 20 * 8]) == [0.0] * 20
    assert crossed([0.5] * 21) == [0.5] * 21


def test_keys_that_collide_are_refused() -> None:
    equal = [2.0 ** (61 * power) for power in range(17)]
    assert len({hash(number) for number in equal}) == 1
    keys = [(one, other) for one in equal for other in equal]
    assert crossed(dict.fromkeys(keys[: values.MAX_EQUAL_HASHES], 0)) == dict.fromkeys(
        keys[: values.MAX_EQUAL_HASHES], 0
    )
    with pytest.raises(ValueRefused, match="a dictionary whose keys collide"):
        crossed(dict.fromkeys(keys, 0))


def test_the_node_of_an_answer_is_smaller_than_a_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "MAX_VALUE_BYTES", 100)
    assert messages.unpack(pack(Reply(nonce=1, value=["l", [1] * 90])), Reply)[0].value == ["l", [1] * 90]
    with pytest.raises(ValueRefused, match="too many parts"):
        messages.unpack(pack(Reply(nonce=1, value=["l", [1] * 100])), Reply)
    with pytest.raises(ValueRefused, match="too many parts"):
        messages.encoded_value(["l", [1] * 100])


@pytest.mark.parametrize(
    "field",
    [
        {"names": {f"f{number}": messages.NameInfo("function") for number in range(messages.MAX_NAMES + 1)}},
        {"names": {"f" * (messages.MAX_NAME + 1): messages.NameInfo("function")}},
        {"names": {"f": messages.NameInfo("function", parameters=("x",) * (messages.MAX_PARAMETERS + 1))}},
        {"names": {"f": messages.NameInfo("function", parameters=("x" * (messages.MAX_NAME + 1),))}},
        {"notes": ("note",) * (messages.MAX_NOTES + 1)},
        {"notes": ("x" * 1001,)},
        {"remarks": (messages.NameRemark("f", "value", 1),) * (messages.MAX_REMARKS + 1)},
        {"remarks": (messages.NameRemark("f", "value", 1, "x" * (messages.MAX_NAME + 1)),)},
        {"remarks": (messages.NameRemark("f", "passed", 1),)},  # type: ignore[arg-type]
        {"fault": messages.Fault("Odd", "", advice="x" * 1001)},
        {"fault": messages.Fault("Odd", "", advice_line=-1)},
    ],
)
def test_a_worker_may_not_say_more_of_itself_than_the_honest_one(field: dict[str, Any]) -> None:
    with pytest.raises(ValueRefused, match="a message that is not one"):
        messages.unpack(pack(Reply(nonce=1, **field)), Reply)


MALFORMED = [
    (["x", 1], b"", "unknown kind of value 'x'"),
    (["l"], b"", "unknown kind of value 'l'"),
    ([], b"", "a node is neither a scalar nor tagged"),
    ({"a": 1}, b"", "a node is neither a scalar nor tagged"),
    ([1, 2], b"", "a node is neither a scalar nor tagged"),
    (b"bytes", b"", "a node is neither a scalar nor tagged"),
    (["l", 3], b"", "a sequence without items"),
    (["d", 3], b"", "a dictionary without items, or with too many"),
    (["d", [[1]]], b"", "a dictionary entry that is not a pair"),
    (["d", [[["l", []], 1]]], b"", "a dictionary key that is not a number or text"),
    (["d", [[["i", hex(2**64)], 1]]], b"", "a dictionary key that is not a number or text"),
    (["d", [[1, 1], [1, 2]]], b"", "the same dictionary key twice"),
    (["b", 4], b"ab", "a value whose bytes are missing"),
    (["b", -1], b"ab", "a value whose bytes are missing"),
    (["b", True], b"ab", "a value whose bytes are missing"),
    (["b", 1], b"ab", "there are bytes that belong to no value"),
    (["f", 4], b"abcd", "a list of floats with a broken length"),
    (["i", 5], b"", "an integer that is too large"),
    (["i", "f" * 1001], b"", "an integer that is too large"),
    (["i", "spam"], b"", "an integer that is not one"),
    (["T", "float32", [2], 4], b"abcd", "a shape that does not fit its bytes"),
    (["T", "float32", [-1], 4], b"abcd", "a shape with a negative or huge size"),
    (["T", "float32", [1.0], 4], b"abcd", "a shape with a negative or huge size"),
    (["T", "float32", [1] * 17, 4], b"abcd", "a shape that is not one"),
    (["T", "float32", 1, 4], b"abcd", "a shape that is not one"),
    (["T", "object", [1], 8], b"abcdabcd", "a tensor of unknown dtype"),
    (["T", ["float32"], [1], 4], b"abcd", "a tensor of unknown dtype"),
    (["T", "bool", [2], 2], b"\x01\x02", "a bool tensor with other bytes than 0 and 1"),
    (["A", "object", [1], 8], b"abcdabcd", "an array of unknown dtype"),
    (["A", "str", [1], 8], b"abcdabcd", "an array of unknown dtype"),
    (["h", "1", "Model"], b"", "a handle that is not one"),
    (["h", 1, "x" * 201], b"", "a handle that is not one"),
    ("a" * (values.MAX_TEXT + 1), b"", "the text is too long"),
]


@pytest.mark.parametrize(("node", "buffers", "said"), MALFORMED)
def test_a_malformed_value_is_refused(node: Any, buffers: bytes, said: str) -> None:
    decoder = Decoder(memoryview(buffers), lambda handle: handle)
    with pytest.raises(ValueRefused) as refused:
        decoder.value(node)
        decoder.finish()
    assert str(refused.value) == said


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\0\0",
        b"\xff\xff\xff\xff" + b"a" * 8,
        b"\0\0\0\x09short",
        b"\0\0\0\x03\x81\xa1",
        pack(Request(nonce=1, op="load")),
        b"\0\0\0\x04\x94\x94\x94\x94",
    ],
)
def test_a_malformed_message_is_refused(frame: bytes) -> None:
    with pytest.raises(ValueRefused):
        unpack(frame, Reply)


@settings(max_examples=60, deadline=None)
@given(plain, st.integers(0, 10_000), st.integers(0, 255), st.booleans())
def test_a_damaged_message_is_read_or_refused_never_anything_else(value: Any, at: int, byte: int, cut: bool) -> None:
    encoder = Encoder(no_handle)
    frame = bytearray(pack(Reply(nonce=1, value=encoder.node(value)), encoder.buffers))
    at %= len(frame)
    frame[at] = byte
    if cut:
        del frame[at:]
    try:
        reply, buffers = unpack(bytes(frame), Reply)
        decoder = Decoder(buffers, lambda node: node)
        decoder.value(reply.value)
        decoder.finish()
    except ValueRefused:
        pass


@pytest.mark.parametrize("kind", ["T", "A"])
def test_a_huge_empty_shape_is_refused(kind: str) -> None:
    decoder = Decoder(memoryview(b""), lambda handle: handle)
    with pytest.raises(ValueRefused):
        decoder.value([kind, "float32", [2**28] * 4 + [0], 0])
