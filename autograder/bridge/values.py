"""Plain values as bytes and back: the only form in which anything crosses the trust line.

A value becomes a *node* (msgpack scalars and tagged arrays, counted and capped) plus *buffers* (the raw bytes
of tensors, arrays and long lists of floats). Decoding builds base types of exact class from what the node says
and never looks anything up by a name that came over the line, other than a dtype on the list below.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec
import numpy
import torch

MAX_DEPTH = 24
MAX_NODES = 200_000
MAX_BUFFER_BYTES = 256 * 1024 * 1024
"""Of a question; an answer has :data:`MAX_ANSWER_BYTES`, since the judge keeps several for equal calls."""
MAX_ANSWER_BYTES = 64 * 1024 * 1024
MAX_FLOATS = 2_000_000
"""Of one list of floats: as Python's objects they take four times the bytes that they crossed in."""
MAX_TEXT = 2_500_000
"""More than any source text that intake lets through: it crosses as one value."""
MAX_DIMENSIONS = 16
MAX_ENTRIES = 20_000
"""Of one dictionary."""
MAX_EQUAL_HASHES = 50
"""Keys of one dictionary with the same hash: whoever chooses the keys can make them collide."""
_MAX_INTEGER_DIGITS = 1000

_TENSOR_DTYPES = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in (
        torch.float32,
        torch.float64,
        torch.float16,
        torch.bfloat16,
        torch.int64,
        torch.int32,
        torch.int16,
        torch.int8,
        torch.uint8,
        torch.bool,
        torch.complex64,
        torch.complex128,
    )
}
_ARRAY_DTYPES = ("float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8", "bool", "complex128")


class ValueRefused(ValueError):
    """A value that cannot cross, or bytes that do not describe one; says what was found."""


class HandleNode(msgspec.Struct, frozen=True):
    """An object that stays in the worker: its number there and what the worker calls its type."""

    number: int
    type_name: str


def refuse_objects(value: object) -> HandleNode:
    """Stands in for nothing: only plain data crosses."""
    raise ValueRefused("not plain data")


class Encoder:
    """Turns values into nodes and gathers their buffers.

    ``stand_in`` is asked for objects that are not plain data; it returns a handle's node or raises.
    """

    def __init__(self, stand_in: Callable[[object], HandleNode], most_bytes: int = MAX_BUFFER_BYTES) -> None:
        self._stand_in = stand_in
        self._most_bytes = most_bytes
        self._nodes = 0
        self.buffers: list[bytes] = []
        self.size = 0

    def node(self, value: Any, depth: int = 0) -> Any:
        """The node of ``value``; raises ValueRefused where it is too deep, too large or of a strange dtype."""
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise ValueRefused("the value is nested too deeply or has too many parts")
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value
        if isinstance(value, str):
            text = str.__str__(value).encode("utf-8", "replace").decode("utf-8")
            if len(text) > MAX_TEXT:
                raise ValueRefused("the text is too long")
            return text
        if isinstance(value, (bytes, bytearray)):
            return ["b", self._buffer(bytes(value))]
        if isinstance(value, numpy.generic | numpy.ndarray):
            return float(value) if kind is numpy.float64 else self._array(numpy.asarray(value))
        if isinstance(value, float):
            return float.__float__(value)
        if isinstance(value, int) and kind is not bool:
            return self._integer(int.__int__(value))
        if isinstance(value, torch.Tensor):
            return self._tensor(value)
        if isinstance(value, (list, tuple)):
            return self._sequence(value, depth)
        if isinstance(value, dict):
            if dict.__len__(value) > MAX_ENTRIES:
                raise ValueRefused("the dictionary has too many entries")
            pairs = [[self.node(k, depth + 1), self.node(v, depth + 1)] for k, v in dict.items(value)]
            return ["d", pairs]
        handle = self._stand_in(value)
        return ["h", handle.number, handle.type_name[:200]]

    def _integer(self, value: int) -> Any:
        if -(2**63) <= value < 2**63:
            return value
        if value.bit_length() > 3 * _MAX_INTEGER_DIGITS:
            raise ValueRefused("the integer is too large")
        return ["i", hex(value)]

    def _sequence(self, value: list[Any] | tuple[Any, ...], depth: int) -> Any:
        tag = "l" if isinstance(value, list) else "t"
        # The base classes' own iteration: a subclass cannot show other items than it holds.
        items = list(list.__iter__(value)) if isinstance(value, list) else list(tuple.__iter__(value))
        if tag == "l" and 8 < len(items) <= MAX_FLOATS and all(type(item) is float for item in items):
            return ["f", self._buffer(numpy.array(items, dtype="<f8").tobytes())]
        return [tag, [self.node(item, depth + 1) for item in items]]

    def _tensor(self, value: torch.Tensor) -> Any:
        with torch._C.DisableTorchFunctionSubclass():  # a subclass has no say in what it is
            plain = torch.Tensor.detach(value)
            if plain.layout is not torch.strided or plain.device.type != "cpu" or plain.is_quantized:
                raise ValueRefused(f"a tensor of layout {plain.layout} on {plain.device.type} cannot be graded")
            plain = plain.as_subclass(torch.Tensor)
        name = str(plain.dtype).removeprefix("torch.")
        if name not in _TENSOR_DTYPES:
            raise ValueRefused(f"a tensor of dtype {name} cannot be graded")
        plain = plain.resolve_conj().resolve_neg().contiguous()
        # One element counts as contiguous with any stride (0 for the gradient of sum()); view() wants the stride 1.
        flat = plain.as_strided((plain.numel(),), (1,))
        raw = flat.view(torch.uint8).numpy().tobytes() if plain.numel() else b""
        return ["T", name, list(plain.shape), self._buffer(raw)]

    def _array(self, value: numpy.ndarray[Any, Any]) -> Any:
        name = value.dtype.name
        if name not in _ARRAY_DTYPES:
            raise ValueRefused(f"an array of dtype {name} cannot be graded")
        native = numpy.ascontiguousarray(value, dtype=value.dtype.newbyteorder("="))
        return ["A", name, list(value.shape), self._buffer(native.tobytes())]

    def _buffer(self, raw: bytes) -> int:
        self.size += len(raw)
        if self.size > self._most_bytes:
            raise ValueRefused("the value is too large")
        self.buffers.append(raw)
        return len(raw)


class Decoder:
    """Rebuilds values of exact base types from a node and the bytes that follow it.

    ``handle`` makes what stands for an object of the other side. Everything else is refused.
    """

    def __init__(self, buffers: memoryview, handle: Callable[[HandleNode], Any]) -> None:
        self._buffers = buffers
        self._offset = 0
        self._nodes = 0
        self._handle = handle

    def value(self, node: Any, depth: int = 0) -> Any:
        """The value that ``node`` describes; raises ValueRefused on anything that it should not hold."""
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise ValueRefused("the value is nested too deeply or has too many parts")
        if node is None or type(node) in (bool, int, float):
            return node
        if type(node) is str:
            if len(node) > MAX_TEXT:
                raise ValueRefused("the text is too long")
            return node
        if type(node) is not list or not node or type(node[0]) is not str:
            raise ValueRefused("a node is neither a scalar nor tagged")
        build = _BUILDERS.get((node[0], len(node)))
        if build is None:
            raise ValueRefused(f"unknown kind of value {node[0][:20]!r}")
        return build(self, node, depth)

    def finish(self) -> None:
        """Raises ValueRefused unless every byte that came was used."""
        if self._offset != len(self._buffers):
            raise ValueRefused("there are bytes that belong to no value")

    def _items(self, node: list[Any], depth: int) -> list[Any]:
        if type(node[1]) is not list:
            raise ValueRefused("a sequence without items")
        return [self.value(item, depth + 1) for item in node[1]]

    def _list(self, node: list[Any], depth: int) -> list[Any]:
        return self._items(node, depth)

    def _tuple(self, node: list[Any], depth: int) -> tuple[Any, ...]:
        return tuple(self._items(node, depth))

    def _dict(self, node: list[Any], depth: int) -> dict[Any, Any]:
        if type(node[1]) is not list or len(node[1]) > MAX_ENTRIES:
            raise ValueRefused("a dictionary without items, or with too many")
        built: dict[Any, Any] = {}
        hashes: Counter[int] = Counter()
        for pair in node[1]:
            if type(pair) is not list or len(pair) != 2:
                raise ValueRefused("a dictionary entry that is not a pair")
            key, entry = self.value(pair[0], depth + 1), self.value(pair[1], depth + 1)
            if not _is_plain_key(key):
                raise ValueRefused("a dictionary key that is not a number or text")
            hashes[hash(key)] += 1
            if hashes[hash(key)] > MAX_EQUAL_HASHES:
                raise ValueRefused("a dictionary whose keys collide")
            if key in built:
                raise ValueRefused("the same dictionary key twice")
            built[key] = entry
        return built

    def _bytes(self, node: list[Any], depth: int) -> bytes:
        return bytes(self._take(node[1]))

    def _floats(self, node: list[Any], depth: int) -> list[float]:
        raw = self._take(node[1])
        if len(raw) % 8 or len(raw) > 8 * MAX_FLOATS:
            raise ValueRefused("a list of floats with a broken length")
        floats: list[float] = numpy.frombuffer(raw, dtype="<f8").tolist()
        return floats

    def _big_integer(self, node: list[Any], depth: int) -> int:
        text = node[1]
        if type(text) is not str or len(text) > _MAX_INTEGER_DIGITS:
            raise ValueRefused("an integer that is too large")
        try:
            return int(text, 16)
        except ValueError:
            raise ValueRefused("an integer that is not one") from None

    def _tensor(self, node: list[Any], depth: int) -> torch.Tensor:
        _, name, shape, length = node
        dtype = _TENSOR_DTYPES.get(name) if type(name) is str else None
        if dtype is None:
            raise ValueRefused("a tensor of unknown dtype")
        raw = self._shaped(shape, length, dtype.itemsize)
        if not len(raw):
            return torch.empty(shape, dtype=dtype)
        if dtype is torch.bool:
            _expect_bools(raw)
        return torch.frombuffer(bytearray(raw), dtype=dtype).reshape(shape)

    def _array(self, node: list[Any], depth: int) -> numpy.ndarray[Any, Any]:
        _, name, shape, length = node
        if name not in _ARRAY_DTYPES:
            raise ValueRefused("an array of unknown dtype")
        dtype = numpy.dtype(name)
        raw = bytearray(self._shaped(shape, length, dtype.itemsize))
        built: numpy.ndarray[Any, Any] = numpy.frombuffer(raw, dtype=dtype).reshape(shape)
        return built

    def _handle_of(self, node: list[Any], depth: int) -> Any:
        _, number, type_name = node
        if type(number) is not int or type(type_name) is not str or len(type_name) > 200:
            raise ValueRefused("a handle that is not one")
        return self._handle(HandleNode(number, type_name))

    def _shaped(self, shape: Any, length: Any, itemsize: int) -> memoryview:
        if type(shape) is not list or len(shape) > MAX_DIMENSIONS:
            raise ValueRefused("a shape that is not one")
        if any(type(size) is not int or not 0 <= size <= MAX_BUFFER_BYTES for size in shape):
            raise ValueRefused("a shape with a negative or huge size")
        # Sizes beside a zero take no bytes, but the strides that follow from them can overflow.
        if math.prod(max(size, 1) for size in shape) * itemsize > MAX_BUFFER_BYTES:
            raise ValueRefused("a shape with huge sizes")
        if type(length) is not int or math.prod(shape) * itemsize != length:
            raise ValueRefused("a shape that does not fit its bytes")
        return self._take(length)

    def _take(self, length: Any) -> memoryview:
        if type(length) is not int or not 0 <= length <= len(self._buffers) - self._offset:
            raise ValueRefused("a value whose bytes are missing")
        raw = self._buffers[self._offset : self._offset + length]
        self._offset += length
        return raw


_BUILDERS: dict[tuple[str, int], Callable[[Decoder, list[Any], int], Any]] = {
    ("l", 2): Decoder._list,
    ("t", 2): Decoder._tuple,
    ("d", 2): Decoder._dict,
    ("b", 2): Decoder._bytes,
    ("f", 2): Decoder._floats,
    ("i", 2): Decoder._big_integer,
    ("T", 4): Decoder._tensor,
    ("A", 4): Decoder._array,
    ("h", 3): Decoder._handle_of,
}


def _expect_bools(raw: memoryview) -> None:
    if len(raw) and numpy.frombuffer(raw, dtype=numpy.uint8).max() > 1:
        raise ValueRefused("a bool tensor with other bytes than 0 and 1")


def _is_plain_key(key: object) -> bool:
    if type(key) is int:
        return -(2**63) <= key < 2**64  # larger ones collide at will
    if type(key) is tuple:
        return all(_is_plain_key(part) for part in key)
    return key is None or type(key) in (bool, float, str)
